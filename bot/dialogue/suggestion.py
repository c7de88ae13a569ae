"""A card: one act, the theme it serves, and a moment to do it."""

from bot import understand
from bot.dialogue.talk import Talk, choice, number
from bot.domain import Card, Pressed, Said
from bot.suggest import catalogue
from bot.text import emphasised, preview
from bot.words import _

CARDS = 52

MOMENT = 100
"""UTF-16 units of somebody's own moment that are said back; all of it is kept."""


def offer(talk: Talk, *lines: str, quick: bool = False, close: bool = False) -> None:
    """Say *lines* and, below them, one act with moments to choose from; the lines alone if no act fits."""
    cards = talk.journal.cards(CARDS)
    theme = catalogue.served_least(talk.journal.themes(), cards)
    act = catalogue.chosen(
        talk.words.acts, cards, person=talk.person.id, themed=theme is not None, quick=quick, close=close
    )
    if act is None:
        talk.say(*lines, _("Until next time, then."))
        return
    card = talk.journal.add_card(act=act.id, text=act.text, minutes=act.minutes, theme=theme)
    talk.journal.ask("card", card=card.id)
    minutes = _("{act} {minutes} minutes.").format(act=act.text, minutes=act.minutes)
    moments = [choice(label, "card", card.id, moment) for moment, label in _moments(talk)]
    talk.say(
        *lines,
        emphasised(f"“{theme}”") if theme else "",
        minutes,
        choices=[
            tuple(moments),
            (choice(_("My own time"), "card", card.id, "own"), choice(_("Not for me"), "card", card.id, "no")),
        ],
    )


def _moments(talk: Talk) -> list[tuple[str, str]]:
    """Two moments that fit the hour it is for them."""
    now = talk.local(talk.now).hour
    words = _words()
    if now < 11:
        keys = ("lunch", "evening")
    elif now < 19:
        keys = ("evening", "coffee")
    else:
        keys = ("coffee", "tomorrow")
    return [(key, words[key]) for key in keys]


def _words() -> dict[str, str]:
    return {
        "lunch": _("Today at lunch"),
        "evening": _("This evening"),
        "coffee": _("Tomorrow with coffee"),
        "tomorrow": _("Tomorrow evening"),
    }


def pressed(event: Pressed, talk: Talk, parts: list[str]) -> bool:
    """A moment, their own time, or no. A card is spent by one press."""
    if len(parts) != 2 or (id := number(parts[0])) is None or not (card := talk.journal.card(id)):
        return False
    moments = _words()
    if parts[1] not in (*moments, "own", "no"):
        return False
    if card.state != "open" or (parts[1] == "own" and talk.person.pending == {"ask": "moment", "card": card.id}):
        return True
    talk.chosen = moments.get(parts[1], event.label)
    if parts[1] == "own":
        _ask_moment(talk, card)
    elif parts[1] == "no":
        _decline(talk, card)
    else:
        _take(talk, card, parts[1])
    return True


def said(event: Said, talk: Talk) -> bool:
    """Words after a card: a moment off its buttons, or no. Whether they were about it at all."""
    card = talk.journal.card(int((talk.person.pending or {}).get("card", 0)))
    if card is None or card.state != "open":
        return False
    words = event.text.strip(" .!").casefold()
    wish = understand.wish(event.text)
    taken = next((key for key, label in _words().items() if label.casefold() == words), None)
    if taken:
        _take(talk, card, taken)
    elif words == _("Not for me").casefold() or wish in ("no", "skip"):
        _decline(talk, card)
    elif words == _("My own time").casefold() or wish == "yes":
        _ask_moment(talk, card)
    elif wish == "later":
        moment(event, talk)
    else:
        return False
    return True


def _take(talk: Talk, card: Card, key: str) -> None:
    talk.journal.set_card(card, "taken", key)
    _answered(talk, card)
    talk.say(
        talk.one_of(
            "taken", _("Good. It's yours."), _("Lovely."), _("Good, that's settled."), _("Then it has its moment.")
        )
    )


def _decline(talk: Talk, card: Card) -> None:
    talk.journal.set_card(card, "declined")
    _answered(talk, card)
    talk.say(
        talk.one_of(
            "declined", _("That's fine."), _("Not that one, then."), _("Fair enough."), _("All right, I'll remember.")
        )
    )


def _answered(talk: Talk, card: Card) -> None:
    """Whatever is open besides this card stays open."""
    if (talk.person.pending or {}).get("card") == card.id:
        talk.journal.settle()


def _ask_moment(talk: Talk, card: Card) -> None:
    talk.journal.ask("moment", card=card.id)
    talk.say(_("When, in your own words? Something like “thursday lunch, after stand-up”."))


def moment(event: Said, talk: Talk) -> None:
    """Their own if-then words, kept as they are."""
    card = talk.journal.card(int((talk.person.pending or {}).get("card", 0)))
    talk.journal.settle()
    if card is None or card.state != "open":
        talk.say(_("That one has been settled already."))
    elif understand.wish(event.text) in ("skip", "no", "nothing", "never", "unsure", "enough"):
        talk.say(_("No matter. It's there if a moment turns up."))
    else:
        talk.journal.set_card(card, "taken", event.text)
        talk.say(_("“{moment}”. Kept.").format(moment=preview(" ".join(event.text.split()), MOMENT)))


def resume(talk: Talk) -> None:
    """Ask again for the moment."""
    talk.say(_("When would you do it, in your own words?"))
