"""What somebody received: to thank for it, or to pass it on. Passing on keeps the chain: Lena, you, Idris."""

from bot import understand
from bot.dialogue import cards
from bot.dialogue.talk import RATHER_NOT, Part, Row, Talk, asks_back, choice
from bot.domain import Acquaintance, Answer, Card, Pressed, Said
from bot.suggest.catalogue import QUICK, filled
from bot.text import preview
from bot.words import _

NAME = 60
"""Characters of whoever it is passed on to."""

LABEL = 24
"""UTF-16 units of a name on a button."""

CARDS = 500
"""Cards that are looked through for a chain: some years have them."""

PASSED_ON, THANKED = "pass-on-received", "thank-received"
"""What stands on such a card for the act."""

_MINUTES = 15


def row(talk: Talk, answer: Answer) -> Row:
    """The buttons below what was received; none if there are no words to go by."""
    if answer.question != "received" or not answer.text or answer.reading is not None:
        return ()
    people = talk.journal.mentioned(answer.id)
    if any(each.let_be for each in people):
        return ()
    name = preview(understand.addressed(people[0].name), LABEL) if len(people) == 1 else ""
    thank = _("Thank {name}").format(name=name) if name else _("Say thanks")
    return choice(thank, "received", answer.id, "thank"), choice(_("Pass it on"), "received", answer.id, "on")


def pressed(event: Pressed, talk: Talk, parts: list[Part]) -> bool:
    """Thank for it, or pass it on."""
    match parts:
        case ["leave"]:
            if talk.asked == "pass_on":
                talk.chosen = event.label
                talk.restore()
        case [int(id), "thank"] if answer := _received(talk, id):
            talk.chosen = event.label
            _thank(talk, answer)
        case [int(id), "on"] if answer := _received(talk, id):
            if not (talk.asked == "pass_on" and talk.pending.get("answer") == id):
                talk.chosen = event.label
                talk.put_in("pass_on", answer=id)
                resume(talk)
        case _:
            return False
    return True


def _received(talk: Talk, id: int) -> Answer | None:
    answer = talk.journal.answer(id)
    return answer if answer and answer.question == "received" and answer.text else None


def resume(talk: Talk) -> None:
    """Ask to whom it could go on."""
    line = talk.one_of(
        "pass on",
        _("Who could do with the same? A name, or a few words."),
        _("To whom could it go on? A name will do."),
        _("Who comes to mind that it would help next? A name, or a few words."),
    )
    talk.say(line, choices=[(choice(_("Nobody just now"), "received", "leave"),)])


def told(event: Said, talk: Talk) -> bool:
    """To whom it is passed on. Whether the words were about that."""
    answer = _received(talk, int(talk.pending["answer"]))
    wish = understand.wish(event.text)
    words = " ".join(event.text.split()).strip(" .!?")
    if answer is None or event.forwarded is not None or understand.tells(event.text):
        talk.restore()
        return False
    if wish in (*RATHER_NOT, "later"):
        talk.restore()
        talk.say(_("That's fine. It keeps."))
    elif wish is not None or asks_back(event.text) or not words or len(words) > NAME:
        resume(talk)
    else:
        named = understand.listed(words) or understand.names(words, list(talk.journal.known())) or (words,)
        whom = talk.journal.meet(named[0])
        if whom.let_be:
            resume(talk)
        else:
            _pass_on(talk, answer, whom)
    return True


def _giver(talk: Talk, answer: Answer) -> Acquaintance | None:
    return next((each for each in talk.journal.mentioned(answer.id) if not each.let_be), None)


def _thank(talk: Talk, answer: Answer) -> None:
    line = talk.one_of(
        "thank received",
        _("Tell {person} what it spared you, or what it made possible. That one thing, in your own words."),
        _("Let {person} know that it mattered, and name the moment when you noticed."),
        _("Thank {person} for just this when you next see or write to them. Say what was different afterwards."),
    )
    _lay(talk, answer, THANKED, line, _giver(talk, answer), QUICK)


def _pass_on(talk: Talk, answer: Answer, whom: Acquaintance) -> None:
    giver = _giver(talk, answer)
    line = talk.one_of(
        "passed on",
        _("Do for {person} what was done for you here, or as near to it as fits."),
        _("Give {person} the same kind of hand, the way it was given to you."),
        _("Offer {person} what you were given here. Make it as easy to take as it was for you."),
    )
    if giver and giver.id != whom.id:
        from_whom = understand.addressed(giver.name)
        line += " " + _("If they ask why, tell them about {giver}.").format(giver=from_whom)
    talk.restore()
    _lay(talk, answer, PASSED_ON, line, whom, _MINUTES)


def _lay(talk: Talk, answer: Answer, act: str, line: str, whom: Acquaintance | None, minutes: int) -> None:
    """Lay it out as a card, in the place of one that is still open."""
    open_one = talk.journal.card(int(talk.pending.get("card", 0))) if talk.asked == "card" else None
    if open_one and open_one.state == "open":
        talk.journal.set_card(open_one, state="passed")
    person = understand.addressed(whom.name) if whom else _("whoever it was")
    text = filled(line, person, understand.pronoun_of(whom.name) if whom else None)
    card = talk.journal.add_card(
        act=act,
        text=text,
        minutes=minutes,
        theme=None,
        acquaintance=whom.id if whom else None,
        received=answer.id,
    )
    cards.show(talk, card)


def chain(talk: Talk, card: Card | None) -> str:
    """Through whose hands something went, "Lena, you, Idris", if *card* passed it on; else empty."""
    if card is None or card.received is None or card.act != PASSED_ON:
        return ""
    received = talk.journal.answer(card.received)
    givers = talk.journal.mentioned(card.received) if received else []
    taker = talk.journal.acquaintance(card.acquaintance) if card.acquaintance else None
    first = ", ".join(understand.addressed(each.name) for each in givers[:2])
    names = (first or _("somebody"), _("you"), understand.addressed(taker.name) if taker else _("somebody else"))
    return ", ".join(names)


def chains(talk: Talk, somebody: Acquaintance) -> list[str]:
    """The chains that *somebody* belongs to, at either end, newest first."""
    cards = (each for each in talk.journal.cards(CARDS) if each.act == PASSED_ON and each.state == "done")
    return [chain(talk, each) for each in cards if somebody.id in (each.acquaintance, *_givers(talk, each))]


def _givers(talk: Talk, card: Card) -> list[int]:
    return [each.id for each in talk.journal.mentioned(card.received)] if card.received else []
