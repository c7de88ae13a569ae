"""A card: one act, the theme it serves, and a moment to do it."""

import re
from collections.abc import Iterable, Sequence

from bot import understand
from bot.dialogue import follow_up
from bot.dialogue.talk import RATHER_NOT, Part, Row, Talk, choice
from bot.domain import Acquaintance, Card, Pressed, Said
from bot.schedule import zone
from bot.suggest import catalogue
from bot.text import emphasised
from bot.words import Act, _

CARDS = 52
"""Cards that are looked at when the next act is chosen: a year of weeks."""

_WHY = re.compile(
    r"\W*(?:(?:hm+|and|but|so|ok|oh)\b[\s,]*)*(?:why|how come)(?: (?:this|that|me|her|him|them|that one|this one"
    r"|is (?:that|it)|do you (?:say|ask|suggest) (?:this|that)))?\W*",
    re.IGNORECASE,
)
_OTHER = re.compile(
    r"\W*(?:(?:no|nah|hm+|sorry|please|maybe)\b[\s,]*)*(?:not (?:that|this)(?: one)?|(?:something|anything) else"
    r"|another(?: one)?|a different one|i'd rather not do (?:that|this))(?: please)?\W*",
    re.IGNORECASE,
)
_WELCOME = re.compile(
    r"\W*(?:(?:oh|ok|okay|yes|yeah|ah|hm+|i|that'?s|what|a|really|do)\b[\s,]*)*"
    r"(?:(?:good|nice|lovely|great) (?:one|idea)|lovely|like (?:it|(?:that|this)(?: one)?)|will(?: do)?"
    r"|i'?ll (?:do|try) (?:it|that|this)|can do that)\b(?! (?:never|not)\b)",
    re.IGNORECASE,
)


def offer(
    talk: Talk, *lines: str, quick: bool = False, close: bool = False, last: str = "", rows: Iterable[Row] = ()
) -> None:
    """Say *lines* and, below them, one act with moments to choose from; the lines alone if no act fits. The *last*
    line and *rows* of buttons stand below it all."""
    cards = talk.journal.cards(CARDS)
    theme = catalogue.served_least(talk.journal.themes(), cards)
    whom = catalogue.whom(talk.journal.acquaintances(), cards, close=close)
    act = _act(talk, cards, named=whom is not None, themed=theme is not None, quick=quick, close=close)
    if act is None and quick and close:  # whoever could call nobody isn't left with nothing
        act = _act(talk, cards, named=whom is not None, themed=theme is not None, quick=False, close=True)
    if act is None:
        talk.say(*lines, _("Until next time, then."), last, choices=rows)
        return
    named = whom if act.needs else None
    text = (
        catalogue.filled(act.text, understand.addressed(named.name), understand.pronoun_of(named.name))
        if named
        else act.text
    )
    card = talk.journal.add_card(
        act=act.id, text=text, minutes=act.minutes, theme=theme, acquaintance=named.id if named else None
    )
    talk.journal.ask("card", card=card.id)
    moments, labels = _moments(talk), _labels()
    taken = _("{themes}. Kept.").format(themes=emphasised(theme)) if theme else ""
    talk.say(
        *(_("Kept, in your words.") if line and line == taken else line for line in lines),
        emphasised(f"“{theme}”") if theme else "",
        _("{act} {minutes} minutes.").format(act=text, minutes=act.minutes),
        last,
        choices=[
            *(tuple(choice(labels[each], "card", card.id, each) for each in row) for row in (moments, ("own", "no"))),
            *rows,
        ],
    )


def _act(talk: Talk, cards: Sequence[Card], *, named: bool, themed: bool, quick: bool, close: bool) -> Act | None:
    return catalogue.chosen(
        talk.words.acts, cards, person=talk.person.id, named=named, themed=themed, quick=quick, close=close
    )


def _moments(talk: Talk) -> tuple[str, str]:
    """Two moments that fit the hour it is for them."""
    hour = talk.local(talk.now).hour
    if hour < 11:
        return ("lunch", "evening")
    if hour < 19:
        return ("evening", "coffee")
    return ("coffee", "tomorrow")


def _labels() -> dict[str, str]:
    """What can be answered to a card, and what its button says."""
    return {
        "lunch": _("Today at lunch"),
        "evening": _("This evening"),
        "coffee": _("Tomorrow with coffee"),
        "tomorrow": _("Tomorrow evening"),
        "own": _("My own time"),
        "no": _("Not for me"),
    }


def pressed(_event: Pressed, talk: Talk, parts: list[Part]) -> bool:
    """A moment, their own time, or no. A card is spent by one press."""
    labels = _labels()
    match parts:
        case [int(id), str(answer)] if answer in labels and (card := talk.journal.card(id)):
            asked_before = answer == "own" and talk.asked == "moment" and _pending(talk) == card
            if card.state == "open" and not asked_before:
                talk.chosen = labels[answer]
                _settle(talk, card, answer)
            return True
    return False


def said(event: Said, talk: Talk) -> bool:
    """Words after a card: what its buttons say, or a yes or no. Whether they were about it at all."""
    card = _pending(talk)
    if card is None or card.state != "open":
        return False
    match _labelled(event, talk), understand.wish(event.text):
        case None, _ if _WELCOME.fullmatch(event.text.strip(" .!")):
            _settle(talk, card, "own")
        case str(answer), _:
            _settle(talk, card, answer)
        case None, "no" | "skip" | "never":
            _settle(talk, card, "no")
        case None, "yes":
            _settle(talk, card, "own")
        case None, "later":
            moment(event, talk)
        case None, None if _OTHER.fullmatch(event.text):
            _settle(talk, card, "no")
        case None, None if _is_welcome(event):
            _settle(talk, card, "own")
        case None, None if _WHY.fullmatch(event.text):
            talk.say(_reason(card))
        case None, None if _is_moment(event, talk):
            moment(event, talk)
        case _:
            return False
    return True


def _labelled(event: Said, talk: Talk) -> str | None:
    """The answer whose button *event* means, by its label, or by its number among those that are shown."""
    text, labels = follow_up.moment_said(event.text), _labels()
    every, shown = tuple(labels), (*_moments(talk), "own", "no")
    at = understand.label(text, list(labels.values()))
    if at is None or _WELCOME.fullmatch(event.text.strip(" .!")):  # "oh I like that one" is no number
        return None
    here = understand.label(text, [labels[each] for each in shown])
    if here is not None:
        return shown[here]
    return None if any(map(str.isdigit, text)) else every[at]


def _is_welcome(event: Said) -> bool:
    """Whether words are a yes of more than one: "oh I like that one"."""
    return event.forwarded is None and len(event.text) <= 60 and _WELCOME.match(event.text) is not None


def _reason(card: Card) -> str:
    """Why it is this one: there is no more to it than that."""
    if card.theme:
        line = _("It goes with “{theme}”: it was that one's turn. “Not for me” is a good answer too.")
        return line.format(theme=card.theme)
    return _("It's small, and somebody may be glad of it. That's all I know. “Not for me” is a good answer too.")


def _is_moment(event: Said, talk: Talk) -> bool:
    """Whether words are when they'll do it, though nobody has asked yet: "sunday morning, before the others are up"."""
    if event.forwarded is not None:
        return False
    if understand.is_occasion(event.text):
        return True
    return understand.is_moment(event.text) and (
        understand.moment(event.text, talk.now, zone(talk.person.zone or "UTC")) is not None
    )


def _pending(talk: Talk) -> Card | None:
    return talk.journal.card(int(talk.pending.get("card", 0)))


def _settle(talk: Talk, card: Card, answer: str) -> None:
    if answer == "own":
        talk.journal.ask("moment", card=card.id)
        talk.say(_("When, in your own words? Something like “thursday lunch, after stand-up”."))
        return
    if talk.pending.get("card") == card.id:  # whatever else is open stays open
        talk.journal.settle()
    if answer == "no":
        talk.journal.set_card(card, state="declined")
        line = talk.one_of(
            "declined", _("That's fine."), _("Not that one, then."), _("Fair enough."), _("All right, I'll remember.")
        )
    else:
        _take(talk, card, answer)
        line = talk.one_of(
            "taken", _("Good. It's yours."), _("Lovely."), _("Good, that's settled."), _("Then it has its moment.")
        )
    talk.say(line)


def _take(talk: Talk, card: Card, moment: str) -> None:
    follow_up.plan(talk, talk.journal.set_card(card, state="taken", moment=moment))


def moment(event: Said, talk: Talk) -> None:
    """Their own if-then words, kept as they are."""
    card = _pending(talk)
    talk.journal.settle()
    if card is None or card.state != "open":
        talk.say(_("That one has been settled already."))
    elif understand.wish(event.text) in RATHER_NOT:
        talk.say(_("No matter. It's there if a moment turns up."))
    else:
        _take(talk, card, event.text)
        talk.say(_("“{moment}”. Kept.").format(moment=follow_up.moment_said(event.text)))


def moment_after_all(event: Said, talk: Talk) -> bool:
    """Words that say when, though a note came in between: "on the weekend, then". Whether they did."""
    card = next(iter(talk.journal.cards(1)), None) if talk.asked in ("", "kind") else None
    if card is None or card.state != "open" or not _is_moment(event, talk):
        return False
    talk.journal.ask("moment", card=card.id)
    moment(event, talk)
    return True


def resume(talk: Talk) -> None:
    """Ask again for the moment."""
    talk.say(_("When would you do it, in your own words?"))


# Whoever is named on it


def let_be(event: Said, talk: Talk) -> bool:
    """Words below a card that names somebody: that they are dead, gone, estranged, or not to be named again. Whether
    they were. They are never suggested again then, and nothing is offered instead."""
    card, open_here = _naming(talk)
    named = talk.journal.acquaintance(card.acquaintance) if card and card.acquaintance else None
    if card is None or named is None or named.let_be or event.forwarded is not None:
        return False
    names = [name for name, each in talk.journal.known().items() if each.id == named.id]
    parting = understand.parting(event.text, names, by_name=not open_here)
    if parting is None:
        return False
    if parting != "no":  # more was told than an answer to the card
        talk.journal.mention(talk.keep(event, reading="hard"), [named.name])
    talk.journal.set_acquaintance(named, let_be=True)
    _withdraw(talk, card, named)
    them = {"her": _("her"), "him": _("him"), "them": _("them")}.get(understand.pronoun(event.text) or "")
    line = (
        _("All right, I won't suggest {them} again.")
        if parting == "no"
        else _("I'm sorry. I won't suggest {them} again.")
    )
    talk.say(line.format(them=them or understand.addressed(named.name)))
    return True


def _naming(talk: Talk) -> tuple[Card | None, bool]:
    """The card that is spoken about, and whether anything about it is open; else the newest that may still be done."""
    if talk.asked in ("card", "moment", "happened", "came"):
        return _pending(talk), True
    newest = next(iter(talk.journal.cards(1)), None) if not talk.asked else None
    return (newest, False) if newest and newest.state in ("open", "taken") else (None, False)


def _withdraw(talk: Talk, card: Card, named: Acquaintance) -> None:
    """*card* is off, and so is the question after any act for *named*."""
    if card.state in ("open", "taken"):
        talk.journal.set_card(card, state="declined")
    if talk.pending.get("card") == card.id:
        talk.journal.settle()
    planned = talk.journal.planned(follow_up.KIND)
    later = talk.journal.card(int(planned[0])) if planned else None
    if later and later.acquaintance == named.id:
        talk.journal.unplan(follow_up.KIND)
