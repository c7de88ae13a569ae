"""The first meeting: hello, themes, city, and a card in hand. Three messages, and nobody has to answer well."""

import re
from collections.abc import Callable
from datetime import timedelta

from bot import understand
from bot.cities import cities
from bot.dialogue import city, settings, suggestion
from bot.dialogue.city import There
from bot.dialogue.planning import hour, plan, rhythm, when
from bot.dialogue.talk import RATHER_NOT, Part, Row, Talk, asks_back, choice
from bot.dialogue.themes import MOST
from bot.domain import Pressed, Said, Shared
from bot.text import emphasised
from bot.words import _
from bot.words.dates import weekday


def hello(talk: Talk) -> None:
    """The first words ever."""
    talk.journal.change(quiet_until=None)
    talk.journal.ask("themes")
    _ask_themes(
        talk,
        _(
            "Hello. Once a week I ask what you did for someone, keep it, and hand you one small thing to do."
            " Whoever runs this bot could read it (/privacy)."
        ),
    )


def first_words(event: Said, talk: Talk) -> None:
    """They began by telling something, before they were asked anything."""
    if understand.wish(event.text) is None:
        talk.keep(event)
        talk.greeting = _("I've kept that.")
    hello(talk)


def hello_again(talk: Talk) -> None:
    """They stopped in the middle of the meeting and are back."""
    talk.greeting = _("I'm here again.")
    if talk.journal.themes():
        _go_on(talk)
    else:
        talk.journal.ask("themes")
        resume(talk)


def resume(talk: Talk) -> None:
    """Ask again what is still open."""
    match talk.asked:
        case "themes":
            _ask_themes(talk)
        case "when":
            settings.ask_when(talk)
        case "city" if talk.person.zone:
            settings.resume_city(talk)
        case "city" if city.resume(talk):
            pass
        case _:
            _go_on(talk)


# Themes


def _ask_themes(talk: Talk, line: str = "") -> None:
    talk.say(
        line, _("What would you like people to come to you for? A few words, commas between."), choices=[_unsure()]
    )


def _unsure() -> Row:
    return (choice(_("Don't know yet"), "meet", "unsure"),)


def _themes(event: Said, talk: Talk) -> None:
    """What they would like people to come to them for, in their own words."""
    found = understand.themes(event.text)
    match understand.wish(event.text):
        case _ if city.wonders_why(event.text):
            _go_on(talk, _("So that what I suggest sounds like you. We can find out as we go."))
        case wish if wish in (*RATHER_NOT, "later"):
            _no_themes(talk)
        case _ if asks_back(event.text):
            _ask_themes(talk, city.introduction())
        case str():
            talk.say(
                _("A few words will do, like “fixing bikes, listening”. Not knowing is fine."), choices=[_unsure()]
            )
        case _ if found:
            talk.journal.set_themes(found[:MOST])
            shown = " · ".join(emphasised(theme) for theme in found[:MOST])
            if len(found) > MOST:
                talk.keep(event)
                shown += "\n" + _("I'll start with these; the rest is kept.")
            elif talk.person.zone:
                shown = _("{themes}. Kept.").format(themes=shown)
            _go_on(talk, shown, change=True)
        case _ if talk.pending.get("again"):
            talk.keep(event)
            _go_on(talk, _("Kept. We can find out the few words as we go."))
        case _:
            talk.keep(event)
            talk.journal.ask("themes", again=True)
            talk.say(_("Kept. Which few words would you underline?"), choices=[_unsure()])


def _no_themes(talk: Talk) -> None:
    """Not knowing is an answer."""
    had = talk.journal.themes()
    _go_on(talk, _("Then they stay as they are.") if had else _("We can find out as we go."))


# The city, for its clock


def _go_on(talk: Talk, line: str = "", *, change: bool = False) -> None:
    """Say *line* and ask where they are, unless that is known: then the meeting is over. *change* offers to change
    what was said."""
    other: Row = (choice(_("Change"), "meet", "change"),) if change else ()
    if talk.person.zone and talk.person.state == "new":
        _arrive(talk, There(talk.person.city, talk.person.zone), line)
        return
    if talk.person.zone:
        talk.journal.settle()
        talk.say(line, choices=[other])
        return
    city.ask(talk)
    day = weekday(rhythm(talk).weekday)
    if talk.person.minute is None:
        coming = _("I'll come by on {weekday}s at four. In which city?").format(weekday=day)
    else:
        coming = _("I'll come by on {weekday}s at {clock}. In which city?").format(weekday=day, clock=hour(talk))
    talk.say(line, coming, choices=[(*other, choice(_("Other time"), "meet", "when"))])


def _city(event: Said, talk: Talk) -> None:
    """A city, or what time it is there, or another hour to come by."""
    if talk.person.zone:
        settings.told_city(event, talk)
    elif late := _late_themes(event, talk):
        talk.journal.set_themes(late)
        shown = " · ".join(emphasised(theme) for theme in late)
        talk.say(
            _("{themes}. Kept.").format(themes=shown),
            _("And in which city are you?"),
            choices=[(choice(_("Change"), "meet", "change"), choice(_("Other time"), "meet", "when"))],
        )
    elif there := city.said(event, talk, lambda line: _go_on(talk, line), lambda text: settings.take_hour(talk, text)):
        _arrive(talk, there)


_WHEREABOUTS = re.compile(
    r"\b(?:near|close to|outside|by|around|between|village|town|city|region|county|state|live|from|moved|here|utc"
    r"|gmt)\b",
    re.IGNORECASE,
)


def _late_themes(event: Said, talk: Talk) -> list[str]:
    """The themes of somebody who wondered why first, and names several of them where the city is asked; else none."""
    found = understand.themes(event.text)
    if talk.journal.themes() or not 1 < len(found) <= MOST or understand.wish(event.text):
        return []
    if _WHEREABOUTS.search(event.text) or understand.offset(event.text, talk.now) is not None:
        return []
    return [] if any(each.match != "close" for part in found for each in cities(part)[:1]) else list(found)


def shared(event: Shared, talk: Talk) -> None:
    """A location: only its clock is taken."""
    if talk.person.state != "new":
        settings.shared(event, talk)
        return
    talk.journal.change(zone=event.zone, city=None)
    if not talk.asked:
        hello(talk)
    elif talk.asked == "city":
        _arrive(talk, There(None, event.zone))
    else:
        talk.greeting = _("Then I go by the clock there.")
        resume(talk)


def _arrive(talk: Talk, there: There, line: str = "") -> None:
    """The clock is known, so the meeting ends: the next visit, and a card in hand."""
    talk.journal.change(zone=there.zone, city=there.city, state="here")
    talk.journal.settle()
    # Not today or tomorrow: something has to have happened that can be asked about.
    at = plan(talk, earliest=talk.local(talk.now).date() + timedelta(days=2))
    unplaced = _("For now I go by UTC, then. Share a location any time, and I'll go by its clock.")
    suggestion.offer(
        talk,
        line,
        unplaced if there == There(None, "UTC") else "",
        city.moving(talk),
        _("{when}. No need to wait, though:").format(when=when(talk, at)),
    )


# Another hour


def _when(event: Said, talk: Talk) -> None:
    """Another day or hour for coming by."""
    if talk.person.state != "new":
        if not settings.told_when(event, talk):
            usual_time(talk)
        return
    city.keep_story(event, talk)
    if settings.take_hour(talk, event.text):
        _go_on(talk)
    elif talk.pending.get("again") or understand.wish(event.text):
        usual_time(talk)
    else:
        settings.ask_when_again(talk)


def usual_time(talk: Talk) -> None:
    """No other day or hour after all."""
    _go_on(talk, _("We'll leave it as it is, then."))


# Answers


ANSWERED: dict[str, Callable[[Said, Talk], None]] = {"themes": _themes, "city": _city, "when": _when}
"""The meeting's questions, and what takes an answer in words to each."""


def pressed(event: Pressed, talk: Talk, parts: list[Part]) -> bool:
    """Whether the button still meant something."""
    found = talk.pending.get("found", [])
    match parts:
        case ["unsure"] if talk.asked == "themes":
            _no_themes(talk)
        case ["change"] if talk.asked != "themes":
            talk.journal.ask("themes")
            talk.say(_("Say them again, the way you'd like them."))
        case ["when"] if talk.asked != "when":
            settings.ask_when(talk)
        case ["city", int(number)] if number < len(found):
            if there := city.picked(talk, number):
                (settings.arrive if talk.person.zone else _arrive)(talk, there)
        case ["elsewhere"] if found:
            city.elsewhere(talk)
        case ["unsure" | "change" | "when" | "elsewhere"] | ["city", 0 | 1 | 2 | 3]:
            return True  # pressed once before
        case _:
            return False
    talk.chosen = event.label
    return True
