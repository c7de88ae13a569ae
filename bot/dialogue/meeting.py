"""The first meeting: hello, themes, city, and a card in hand. Three messages, and nobody has to answer well."""

from datetime import datetime, timedelta

from bot import understand
from bot.cities import City, by_offset, cities, clear
from bot.dialogue import suggestion
from bot.dialogue.planning import hour, plan, rhythm, when
from bot.dialogue.talk import Row, Talk, choice, clock, weekday
from bot.domain import Pressed, Said, Shared
from bot.text import emphasised
from bot.words import _


def hello(talk: Talk) -> None:
    """The first words ever."""
    talk.journal.ask("themes")
    talk.say(
        _(
            "Hello. Once a week I ask what you did for someone, keep it, and hand you one small thing to do."
            " Whoever runs this bot could read it (/privacy)."
        ),
        "",
        _which_themes(),
        choices=[(choice(_("Don't know yet"), "meet", "unsure"),)],
    )


def _which_themes() -> str:
    return _("What would you like people to come to you for? A few words, commas between.")


def resume(talk: Talk) -> None:
    """Ask again what is still open."""
    match _open(talk):
        case "themes":
            talk.say(_which_themes(), choices=[(choice(_("Don't know yet"), "meet", "unsure"),)])
        case "when":
            _ask_when(talk)
        case _:
            ask_city(talk)


def _open(talk: Talk) -> str:
    return str((talk.person.pending or {}).get("ask", ""))


# Themes


def themes(event: Said, talk: Talk) -> None:
    """What they would like people to come to them for, in their own words."""
    found = understand.themes(event.text)
    wish = understand.wish(event.text)
    if wish in ("unsure", "skip", "later", "no", "never", "nothing") or _wonders(event.text):
        no_themes(talk, why=_wonders(event.text))
    elif found:
        talk.journal.set_themes(found)
        ask_city(talk, " · ".join(emphasised(theme) for theme in found), change=True)
    else:
        talk.journal.add("note", text=event.text, message=event.message)
        if (talk.person.pending or {}).get("again"):
            ask_city(talk, _("Kept. We can find out the few words as we go."))
        else:
            talk.journal.ask("themes", again=True)
            talk.say(_("Kept. Which few words would you underline?"))


def _wonders(text: str) -> bool:
    return "?" in text and "why" in text.casefold()


def no_themes(talk: Talk, *, why: bool = False) -> None:
    """Not knowing is an answer."""
    line = (
        _("So that what I suggest sounds like you. We can find out as we go.")
        if why
        else _("We can find out as we go.")
    )
    ask_city(talk, line)


# The city, for its clock


def ask_city(talk: Talk, line: str = "", *, change: bool = False) -> None:
    """Ask where they are, unless that is known; then the meeting is over."""
    if talk.person.zone:
        talk.journal.settle()
        talk.say(line, _("Kept."), choices=[_change()] if change else [])
        return
    talk.journal.ask("city")
    day = weekday(rhythm(talk).weekday)
    at = hour(talk)
    if talk.person.minute is None:
        coming = _("I'll come by on {weekday}s at four. In which city?").format(weekday=day)
    else:
        coming = _("I'll come by on {weekday}s at {clock}. In which city?").format(weekday=day, clock=at)
    talk.say(line, coming, choices=[(*(_change() if change else ()), choice(_("Other time"), "meet", "when"))])


def _change() -> Row:
    return (choice(_("Change"), "meet", "change"),)


def city(event: Said, talk: Talk) -> None:
    """A city, or what time it is there, or another hour to come by."""
    tried = int((talk.person.pending or {}).get("tried", 0))
    offset = understand.offset(event.text, talk.now)
    found = cities(understand.place(event.text))
    meant = clear(found)
    if meant:
        arrive(talk, meant.name, meant.zone)
    elif offset is not None and (near := by_offset(offset, talk.now)):
        _which(talk, near, _("Then your clock shows the same as one of these. Which is nearest?"))
    elif found:
        _which(talk, found, _("Which one?"))
    elif _set_hour(talk, event.text):
        ask_city(talk)
    elif tried:
        talk.journal.add("note", text=event.text, message=event.message)
        arrive(talk, None, "UTC")
    else:
        talk.journal.ask("city", tried=tried + 1)
        talk.say(_("I can't place that one. A bigger city near you? Or tell me the time there, like “it's 3pm here”."))


def _which(talk: Talk, found: tuple[City, ...], question: str) -> None:
    talk.journal.ask("city", found=[[each.name, each.zone] for each in found], tried=1)
    rows = [(choice(each.label, "meet", "city", number),) for number, each in enumerate(found)]
    talk.say(question, choices=[*rows, (choice(_("Somewhere else"), "meet", "elsewhere"),)])


def shared(event: Shared, talk: Talk) -> None:
    """A location: only its clock is taken."""
    if talk.person.zone is None:
        arrive(talk, None, event.zone)
        return
    talk.journal.change(zone=event.zone, city=None)
    talk.say(_("Then I go by the clock there. Next time: {when}.").format(when=when(talk, _moved(talk))))


def _moved(talk: Talk) -> datetime:
    planned = talk.journal.planned("check-in")
    return plan(talk, earliest=max(talk.local(planned[1] if planned else talk.now).date(), talk.local(talk.now).date()))


def arrive(talk: Talk, city: str | None, zone: str) -> None:
    """The clock is known, so the meeting ends: the next visit, and a card in hand."""
    first = talk.person.zone is None
    talk.journal.change(zone=zone, city=city, state="here")
    talk.journal.settle()
    # Not today or tomorrow: something has to have happened that can be asked about.
    at = plan(talk, earliest=talk.local(talk.now).date() + timedelta(days=2))
    unplaced = _("I couldn't place it, so for now I go by UTC. Share a location any time and I'll go by its clock.")
    lines = (unplaced if zone == "UTC" and city is None else "", f"{when(talk, at)}.")
    if first:
        suggestion.offer(talk, *lines[:-1], _("{when} No need to wait, though:").format(when=lines[-1]))
    else:
        talk.say(*lines)


# Another hour


def _ask_when(talk: Talk) -> None:
    talk.journal.ask("when")
    talk.say(_("Which day and hour suit you? Something like “sundays 9am”."))


def when_instead(event: Said, talk: Talk) -> None:
    """Another day or hour for coming by."""
    if _set_hour(talk, event.text):
        ask_city(talk, _("{weekday}s at {clock}, then.").format(weekday=weekday(rhythm(talk).weekday), clock=_at(talk)))
    elif (talk.person.pending or {}).get("again") or understand.wish(event.text):
        ask_city(talk, _("We'll leave it at the usual time, then."))
    else:
        talk.journal.ask("when", again=True)
        talk.say(_("I didn't catch a day or an hour in that. Something like “sundays 9am” or “tuesday 18:30”?"))


def _at(talk: Talk) -> str:
    at = rhythm(talk).time
    return clock(at.hour * 60 + at.minute)


def _set_hour(talk: Talk, text: str) -> bool:
    day, at = understand.rhythm(text)
    if day is not None:
        talk.journal.change(weekday=day)
    if at is not None:
        talk.journal.change(minute=at.hour * 60 + at.minute)
    return day is not None or at is not None


# Buttons


def pressed(event: Pressed, talk: Talk, parts: list[str]) -> bool:
    """Whether the button still meant something."""
    pending = talk.person.pending or {}
    match parts:
        case ["unsure"] if pending.get("ask") == "themes":
            talk.chosen = event.label
            no_themes(talk)
        case ["change"] if talk.person.state == "new" or pending.get("ask") in ("city", None):
            talk.chosen = event.label
            talk.journal.ask("themes")
            talk.say(_("Say them again, the way you'd like them."))
        case ["when"] if talk.person.state == "new":
            talk.chosen = event.label
            _ask_when(talk)
        case ["city", number] if pending.get("ask") == "city" and number.isdecimal():
            found = pending.get("found", [])
            if int(number) >= len(found):
                return False
            talk.chosen = event.label
            name, zone = found[int(number)]
            arrive(talk, name, zone)
        case ["elsewhere"] if pending.get("ask") == "city":
            talk.chosen = event.label
            talk.journal.ask("city", tried=1)
            talk.say(_("Where, then? A city near you is enough, or the time there: “it's 3pm here”."))
        case _:
            return False
    return True


PENDING = {"themes": themes, "city": city, "when": when_instead}
"""What answers the meeting's open questions."""
