"""Where they already are, online or off, in their own words: listed, added to, put in a circle, dropped."""

import re

from bot import understand
from bot.dialogue import circles
from bot.dialogue.talk import RATHER_NOT, Part, Row, Talk, choice
from bot.domain import Place, Pressed, Said
from bot.text import emphasised, preview
from bot.words import _

MOST = 20

LABEL = 40
"""UTF-16 units of a place on its button."""

_DROP = re.compile(r"\s*(?:please )?(?:drop|remove|delete|forget|take out|no more)\s+(?P<place>\S.*)", re.IGNORECASE)


def shown(talk: Talk) -> str:
    """All of them in a line; empty if there are none."""
    return " · ".join(emphasised(place.text) for place in talk.journal.places())


def show(talk: Talk, *, replaces: int | None = None) -> None:
    """All of them, a button each, written over the message *replaces* if there is one."""
    places = talk.journal.places()
    line = _("Where you already are:") if places else _("Where you already are, online or off: none so far.")
    buttons = [choice(preview(each.text, LABEL), "place", each.id) for each in places]
    if len(places) < MOST:
        buttons.append(choice(_("Add"), "place", "add"))
    rows: list[Row] = [tuple(buttons[at : at + 2]) for at in range(0, len(buttons), 2)]
    talk.say(line, choices=[*rows, (choice(_("‹ Settings"), "settings", "show"),)], replaces=replaces)


def _card(talk: Talk, place: Place, replaces: int | None) -> None:
    """One place, and what can be done with it."""
    rows: list[Row] = [
        (choice(_("Circle"), "place", place.id, "circle"), choice(_("Drop"), "place", place.id, "drop")),
        (choice(_("‹ Places"), "place", "list"),),
    ]
    talk.say(emphasised(f"“{place.text}”"), circles.shown(place.circle), choices=rows, replaces=replaces)


def pressed(event: Pressed, talk: Talk, parts: list[Part]) -> bool:
    """A button of the list or of a card. Whether it still meant something."""
    places = {place.id: place for place in talk.journal.places()}
    match parts:
        case ["list"]:
            show(talk, replaces=event.message)
        case ["add"]:
            talk.put_in("places")
            resume(talk)
        case ["leave"]:
            if talk.asked == "places":
                talk.chosen = event.label
                talk.restore()
        case [int(id)] if id in places:
            _card(talk, places[id], event.message)
        case [int(id), "circle"] if id in places:
            circles.ask(talk, f"“{places[id].text}”", "place", id, "circle", replaces=event.message)
        case [int(id), "circle", "work" | "private" | circles.NONE as circle] if id in places:
            belongs = None if circle == circles.NONE else circle
            _card(talk, talk.journal.set_place(places[id], circle=belongs), event.message)
        case [int(id), "drop"] if id in places:
            talk.journal.drop_place(id)
            show(talk, replaces=event.message)
        case [int(), *_rest]:
            show(talk, replaces=event.message)
        case _:
            return False
    return True


def resume(talk: Talk) -> None:
    """Ask for places, or ask again."""
    never = choice(_("Never mind"), "place", "leave")
    talk.say(_("Where are you anyway, online or off? A few words, commas between."), choices=[(never,)])


def told(event: Said, talk: Talk) -> None:
    """The places that were asked for."""
    wish = understand.wish(event.text)
    if wish in (*RATHER_NOT, "later", "thanks"):
        talk.restore()
        talk.say(_("Left it."))
    elif wish is not None:
        resume(talk)
    else:
        take(event, talk)


def take(event: Said, talk: Talk) -> None:
    """Add the places that *event* names, or drop the one that it wants gone. A story is kept, as a note, and asked for
    its few words once."""
    named, is_asked = understand.themes(event.text), talk.asked == "places" and not talk.pending.get("again")
    if wanted := _DROP.fullmatch(event.text):
        _drop(talk, wanted["place"].strip(" .!").casefold())
    elif named and not (is_asked and understand.tells(event.text)):
        _add(event, talk, named)
    elif is_asked:
        talk.keep(event)
        talk.journal.change(pending={**talk.pending, "again": True})
        talk.say(_("Kept as a note. A few words will do, like “the library, the Rust forum”."))
    else:
        talk.keep(event)
        _leave(talk)
        talk.say(_("I've kept that as a note."))


def _add(event: Said, talk: Talk, named: tuple[str, ...]) -> None:
    room = MOST - len(talk.journal.places())
    for text in named[:room]:
        talk.journal.add_place(text)
    full = ""
    if len(named) > room:
        talk.keep(event)
        full = _("That's as many as I can think of; the rest is kept as a note.")
    _leave(talk)
    talk.say(_("{places}. Kept.").format(places=shown(talk)), full, choices=[_way_back()])


def _drop(talk: Talk, words: str) -> None:
    found: list[Place] = [each for each in talk.journal.places() if words in each.text.casefold()]
    _leave(talk)
    if len(found) == 1:
        talk.journal.drop_place(found[0].id)
        talk.say(_("“{place}” is gone.").format(place=found[0].text), choices=[_way_back()])
    else:
        talk.say(_("Which one?"), choices=[_way_back()])


def _leave(talk: Talk) -> None:
    if talk.asked == "places":  # whatever else is open stays open
        talk.restore()


def _way_back() -> Row:
    return (choice(_("Places"), "place", "list"),)
