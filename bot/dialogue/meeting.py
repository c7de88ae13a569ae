"""The first meeting: hello, themes, city, and a card in hand. Three messages, and nobody has to answer well."""

import re
from collections.abc import Callable
from datetime import date, timedelta

from bot import understand
from bot.cities import City, by_offset, cities, clear
from bot.dialogue import suggestion
from bot.dialogue.planning import hour, plan, rhythm, when
from bot.dialogue.talk import RATHER_NOT, Part, Row, Talk, asks_back, choice, weekday
from bot.domain import Pressed, Said, Shared
from bot.text import emphasised, units
from bot.words import _

STORY = 60
"""UTF-16 units from which an answer to a small question is a story: what it says besides is kept as a note."""

MOST = 8
"""Themes somebody begins with; more are kept as a note."""

_NUMBER = re.compile(r"\s*-?\s*\d+[\s.]*")  # alone it tells neither an hour nor an offset nor a city

APART = timedelta(days=4)
"""Between the last visit and the next, when their day or hour is changed in between."""


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
            _ask_when(talk)
        case _:
            _go_on(talk)


def _introduction() -> str:
    return _("I'm a small program that comes by once a week. “Stop” ends that, and /help says more.")


def _keep_story(event: Said, talk: Talk) -> bool:
    """Keep as a note what says more than was asked. Whether it did."""
    long = units(event.text) > STORY
    if long:
        talk.keep(event)
    return long


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
        case _ if _wonders_why(event.text):
            _go_on(talk, _("So that what I suggest sounds like you. We can find out as we go."))
        case wish if wish in (*RATHER_NOT, "later"):
            _no_themes(talk)
        case _ if asks_back(event.text):
            _ask_themes(talk, _introduction())
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


def _wonders_why(text: str) -> bool:
    return "?" in text and "why" in text.casefold()


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
        _arrive(talk, talk.person.city, talk.person.zone, line)
        return
    if talk.person.zone:
        talk.journal.settle()
        talk.say(line, choices=[other])
        return
    talk.journal.ask("city")
    day = weekday(rhythm(talk).weekday)
    if talk.person.minute is None:
        coming = _("I'll come by on {weekday}s at four. In which city?").format(weekday=day)
    else:
        coming = _("I'll come by on {weekday}s at {clock}. In which city?").format(weekday=day, clock=hour(talk))
    talk.say(line, coming, choices=[(*other, choice(_("Other time"), "meet", "when"))])


def _city(event: Said, talk: Talk) -> None:
    """A city, or what time it is there, or another hour to come by."""
    words = event.text.strip(" .!?").casefold()
    offered = [place for place in talk.pending.get("found", []) if words in place[2].casefold()]
    found = cities(understand.place(event.text))
    match understand.wish(event.text):
        case _ if len(offered) == 1:
            name, zone, _label = offered[0]
            _arrive(talk, name, zone)
        case "hello" | "thanks" | "yes" | "back":
            _go_on(talk)
        case _ if asks_back(event.text) and not clear(found):
            if _wonders_why(event.text):
                talk.say(_("Only for its clock, so that I come by at your time. A bigger city near you will do."))
            else:
                _go_on(talk, _introduction())
        case wish:
            _locate(event, talk, found, wished=wish is not None)


def _locate(event: Said, talk: Talk, found: tuple[City, ...], *, wished: bool) -> None:
    """Go by what is *found*, or by the time it is there. If there is neither, ask once more, and then go by UTC."""
    kept, tried = _keep_story(event, talk), "tried" in talk.pending
    is_number = _NUMBER.fullmatch(event.text) is not None
    offset = None if is_number else understand.offset(event.text, talk.now)
    if meant := clear(found):
        _arrive(talk, meant.name, meant.zone)
    elif offset is not None and (near := by_offset(offset, talk.now)):
        _which(talk, near, _("Then your clock shows the same as one of these. Which is nearest?"))
    elif found:
        _which(talk, found, _("Which one?"))
    elif not kept and not is_number and _set_hour(talk, event.text):
        _go_on(talk)
    elif tried:
        if not kept and not wished:
            talk.keep(event)
        _arrive(talk, None, "UTC")
    elif wished:  # they'd rather not
        talk.journal.ask("city", tried=True)
        talk.say(_("You needn't name one. What time is it there? “It's 3pm” is enough, and I'll go by that."))
    else:
        if not kept and len(event.text.split()) > 3:
            talk.keep(event)
        talk.journal.ask("city", tried=True)
        talk.say(_("I can't place that one. A bigger city near you? Or tell me the time there, like “it's 3pm here”."))


def _which(talk: Talk, found: tuple[City, ...], question: str) -> None:
    talk.journal.ask("city", found=[[each.name, each.zone, each.label] for each in found], tried=True)
    rows = [(choice(each.label, "meet", "city", number),) for number, each in enumerate(found)]
    talk.say(question, choices=[*rows, (choice(_("Somewhere else"), "meet", "elsewhere"),)])


def shared(event: Shared, talk: Talk) -> None:
    """A location: only its clock is taken."""
    talk.journal.change(zone=event.zone, city=None)
    if talk.person.state != "new":
        planned = talk.journal.planned("check-in")
        at = plan(talk, earliest=date.fromisoformat(planned[0]) if planned else None)
        talk.say(_("Then I go by the clock there. Next time: {when}.").format(when=when(talk, at)))
    elif not talk.asked:
        hello(talk)
    elif talk.asked == "city":
        _arrive(talk, None, event.zone)
    else:
        talk.greeting = _("Then I go by the clock there.")
        resume(talk)


def _arrive(talk: Talk, city: str | None, zone: str, line: str = "") -> None:
    """The clock is known, so the meeting ends: the next visit, and a card in hand."""
    talk.journal.change(zone=zone, city=city, state="here")
    talk.journal.settle()
    # Not today or tomorrow: something has to have happened that can be asked about.
    at = plan(talk, earliest=talk.local(talk.now).date() + timedelta(days=2))
    unplaced = _("For now I go by UTC, then. Share a location any time, and I'll go by its clock.")
    suggestion.offer(
        talk,
        line,
        unplaced if zone == "UTC" and city is None else "",
        _("{when}. No need to wait, though:").format(when=when(talk, at)),
    )


# Another hour


def _ask_when(talk: Talk) -> None:
    talk.journal.ask("when")
    talk.say(_("Which day and hour suit you? Something like “sundays 9am”."))


def _when(event: Said, talk: Talk) -> None:
    """Another day or hour for coming by."""
    _keep_story(event, talk)
    if not _set_hour(talk, event.text):
        if talk.pending.get("again") or understand.wish(event.text):
            usual_time(talk)
        else:
            talk.journal.ask("when", again=True)
            talk.say(_("I didn't catch a day or an hour in that. Something like “sundays 9am” or “tuesday 18:30”?"))
        return
    weekly = _("{weekday}s at {clock}").format(weekday=weekday(rhythm(talk).weekday), clock=hour(talk))
    if talk.person.state == "new":
        _go_on(talk, _("{rhythm}, then.").format(rhythm=weekly))
    else:
        talk.journal.settle()
        at = plan(talk, earliest=_not_before(talk))
        talk.say(_("{rhythm}, then. Next time: {when}.").format(rhythm=weekly, when=when(talk, at)))


def usual_time(talk: Talk) -> None:
    """No other day or hour after all."""
    _go_on(talk, _("We'll leave it as it is, then."))


def _not_before(talk: Talk) -> date:
    """The first day for the next visit: not close to the last one, and not today."""
    last = next((each.opened_at for each in talk.journal.check_ins(8) if each.kind == "planned"), None)
    tomorrow = talk.local(talk.now).date() + timedelta(days=1)
    return max(tomorrow, talk.local(last).date() + APART) if last else tomorrow


def _set_hour(talk: Talk, text: str) -> bool:
    """Take the day, the hour or both from *text*. Whether there was either."""
    day, at = understand.rhythm(text)
    if day is not None:
        talk.journal.change(weekday=day)
    if at is not None:
        talk.journal.change(minute=at.hour * 60 + at.minute)
    return day is not None or at is not None


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
            _ask_when(talk)
        case ["city", int(number)] if number < len(found):
            name, zone, _label = found[number]
            _arrive(talk, name, zone)
        case ["elsewhere"] if found:
            talk.journal.ask("city", tried=True)
            talk.say(_("Where, then? A city near you is enough, or the time there: “it's 3pm here”."))
        case ["unsure" | "change" | "when" | "elsewhere"] | ["city", 0 | 1 | 2 | 3]:
            return True  # pressed once before
        case _:
            return False
    talk.chosen = event.label
    return True
