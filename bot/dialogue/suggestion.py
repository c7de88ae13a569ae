"""A card: one act, the theme it serves, and a moment to do it."""

from bot.dialogue.talk import Talk, choice
from bot.domain import Pressed, Said
from bot.suggest import catalogue
from bot.text import emphasised
from bot.words import _

CARDS = 52


def offer(talk: Talk, *lines: str, quick: bool = False, close: bool = False) -> None:
    """Say *lines* and, below them, one act with moments to choose from; the lines alone if no act fits."""
    cards = talk.journal.cards(CARDS)
    act = catalogue.chosen(talk.words.acts, cards, person=talk.person.id, quick=quick, close=close)
    if act is None:
        if any(lines):
            talk.say(*lines)
        return
    theme = catalogue.served_least(talk.journal.themes(), cards)
    card = talk.journal.add_card(act=act.id, text=act.text, minutes=act.minutes, theme=theme)
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
    if len(parts) != 2 or not parts[0].isdecimal() or not (card := talk.journal.card(int(parts[0]))):
        return False
    moments = _words()
    if card.state != "open":
        return True
    if parts[1] in moments:
        talk.journal.set_card(card, "taken", parts[1])
        talk.chosen = moments[parts[1]]
        talk.say(
            talk.one_of(
                "taken", _("Good. It's yours."), _("Lovely."), _("Good, that's settled."), _("Then it has its moment.")
            )
        )
    elif parts[1] == "own":
        talk.chosen = event.label
        talk.journal.ask("moment", card=card.id)
        talk.say(_("When, in your own words? Something like “thursday lunch, after stand-up”."))
    elif parts[1] == "no":
        talk.journal.set_card(card, "declined")
        talk.chosen = event.label
        talk.say(
            talk.one_of(
                "declined",
                _("That's fine."),
                _("Not that one, then."),
                _("Fair enough."),
                _("All right, I'll remember."),
            )
        )
    else:
        return False
    return True


def moment(event: Said, talk: Talk) -> None:
    """Their own if-then words, kept as they are."""
    card = talk.journal.card(int((talk.person.pending or {}).get("card", 0)))
    talk.journal.settle()
    if card and card.state == "open":
        talk.journal.set_card(card, "taken", event.text)
        talk.say(_("“{moment}”. Kept.").format(moment=event.text))


def resume(talk: Talk) -> None:
    """Ask again for the moment."""
    talk.say(_("When would you do it, in your own words?"))
