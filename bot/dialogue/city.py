"""Where they are, for its clock: a city, a location, or the time it is there; and where they will be from some day on.

The first meeting asks it and so do the settings. The question is one; what follows upon the answer is theirs.
"""

from collections.abc import Callable, Sequence
from datetime import date, time, timedelta
from typing import Any, NamedTuple

from bot import understand
from bot.cities import City, by_offset, cities, clear
from bot.dialogue.talk import Talk, asks_back, choice
from bot.domain import Said
from bot.schedule import Rhythm, next_slot, zone
from bot.text import units
from bot.understand import Move, move
from bot.words import _

STORY = 60
"""UTF-16 units from which an answer to a small question is a story: what it says besides is kept as a note."""

_HOUR = timedelta(hours=1)
_CARRIED = ("since", "here", "until")
"""What is kept of a move while the question goes on: from which day on, where they are now ([city, zone]), or that the
move is planned and only the time until then is open."""


class There(NamedTuple):
    """Where somebody is: by the clock of *zone* (an IANA name), and in *city* if they named one."""

    city: str | None
    zone: str


def keep_story(event: Said, talk: Talk) -> bool:
    """Keep as a note what says more than was asked. Whether it did."""
    long = units(event.text) > STORY or understand.tells(event.text)
    if long:
        talk.keep(event)
    return long


def is_number(text: str) -> bool:
    """Whether *text* is a bare number, which alone tells neither an hour nor an offset nor a city."""
    return any(sign.isdigit() for sign in text) and all(sign.isdigit() or sign in " .-\t\n" for sign in text)


def wonders_why(text: str) -> bool:
    """Whether *text* asks what a question is for."""
    return "?" in text and "why" in text.casefold()


# The question


def ask(talk: Talk, **details: Any) -> None:
    """Open the question where they are; whoever calls says it. A move that was told stays in mind."""
    carried = {key: talk.pending[key] for key in _CARRIED if talk.asked == "city" and key in talk.pending}
    talk.journal.ask("city", **{**carried, **details})


def resume(talk: Talk) -> bool:
    """Ask again what a move or several cities of a name left open. False if it's only where they are."""
    if talk.asked == "city" and talk.pending.get("found"):
        _offer(talk, _("Which one?"))
    elif talk.asked == "city" and "until" in talk.pending:
        talk.say(_until(talk))
    else:
        return False
    return True


def ask_which(talk: Talk, found: Sequence[City], question: str = "", **details: Any) -> None:
    """Ask which of *found*, likeliest first."""
    ask(talk, found=[[each.name, each.zone, each.label] for each in found], tried=True, **details)
    _offer(talk, question or _("Which one?"))


def _offer(talk: Talk, question: str) -> None:
    rows = [(choice(label, "meet", "city", at),) for at, (_name, _zone, label) in enumerate(talk.pending["found"])]
    talk.say(question, choices=[*rows, (choice(_("Somewhere else"), "meet", "elsewhere"),)])


# Answers


def said(
    event: Said, talk: Talk, again: Callable[[str], None], another_hour: Callable[[str], bool] = lambda _text: False
) -> There | None:
    """Where they say they are; None if that isn't clear yet, and then something was asked. *again* asks the question
    anew below a line; *another_hour* takes an hour to come by out of words that name no city, if there is one."""
    words = event.text.strip(" .!?").casefold()
    offered = [at for at, each in enumerate(talk.pending.get("found", [])) if words in each[2].casefold()]
    found, coming = cities(understand.place(event.text)), move(event.text, talk.local(talk.now))
    match understand.wish(event.text):
        case _ if len(offered) == 1:
            return picked(talk, offered[0])
        case "hello" | "thanks" | "yes" | "back":
            again("")
        case _ if coming and (_told(coming.there) or _here(talk, coming)):
            return _moving(talk, coming)
        case _ if asks_back(event.text) and not clear(found):
            if wonders_why(event.text):
                talk.say(_("Only for its clock, so that I come by at your time. A bigger city near you will do."))
            else:
                again(introduction())
        case wish:
            return _located(event, talk, found, again, another_hour, wished=wish is not None)
    return None


def introduction() -> str:
    """Who is asking all this."""
    return _("I'm a small program that comes by once a week. “Stop” ends that, and /help says more.")


def _located(
    event: Said,
    talk: Talk,
    found: tuple[City, ...],
    again: Callable[[str], None],
    another_hour: Callable[[str], bool],
    *,
    wished: bool,
) -> There | None:
    """Go by what is *found*, or by the time it is there. If there is neither, ask once more; then go by the clock that
    is known already, or by UTC."""
    kept, tried = keep_story(event, talk), "tried" in talk.pending
    offset = None if is_number(event.text) else understand.offset(event.text, talk.now)
    if meant := clear(found):
        return _settled(talk, meant.name, meant.zone)
    if offset is not None and (near := by_offset(offset, talk.now)):
        ask_which(talk, near, _("Then your clock shows the same as one of these. Which is nearest?"))
    elif found:
        ask_which(talk, found)
    elif not kept and not is_number(event.text) and another_hour(event.text):
        again("")
    elif tried:
        if not kept and not wished:
            talk.keep(event)
        if talk.person.zone is None:
            return There(None, "UTC")
        talk.journal.settle()
        talk.say(_("I can't place that one either, so I stay with the clock I have."))
    elif wished:  # they'd rather not
        ask(talk, tried=True)
        talk.say(_("You needn't name one. What time is it there? “It's 3pm” is enough, and I'll go by that."))
    else:
        if not kept and len(event.text.split()) > 3:
            talk.keep(event)
        ask(talk, tried=True)
        talk.say(_("I can't place that one. A bigger city near you? Or tell me the time there, like “it's 3pm here”."))
    return None


def picked(talk: Talk, number: int) -> There | None:
    """Where they are now that they chose the city *number* of those offered; None if that is still to be asked."""
    name, its_zone, _label = talk.pending["found"][number]
    if "since" in talk.pending:
        here = talk.pending["here"]
        return _moves(talk, There(name, its_zone), date.fromisoformat(talk.pending["since"]), here and There(*here))
    return _settled(talk, name, its_zone)


def elsewhere(talk: Talk) -> None:
    """None of those offered."""
    ask(talk, tried=True)
    talk.say(_("Where, then? A city near you is enough, or the time there: “it's 3pm here”."))


def _settled(talk: Talk, name: str, its_zone: str) -> There | None:
    """A city they named: the last word on where they are, or on where they will be if that was asked."""
    if "since" in talk.pending:
        here, since = talk.pending["here"], date.fromisoformat(talk.pending["since"])
        return _moves(talk, There(name, its_zone), since, here and There(*here))
    if "until" not in talk.pending:
        talk.journal.unplan("move")
    return There(name, its_zone)


# A move to come


def read_move(text: str, talk: Talk) -> Move | None:
    """The move that *text* tells of, if there is a place or a clock in it that is known."""
    coming = move(text, talk.local(talk.now))
    return coming if coming and (_told(coming.there) or coming.offset is not None) else None


def take_move(talk: Talk, coming: Move) -> There | None:
    """Take a move that was told outside the question; where they are now, or None if that has to be asked."""
    talk.journal.settle()
    return _moving(talk, coming)


def moving(talk: Talk) -> str:
    """In words, the move that is planned; empty if none is."""
    coming = _coming(talk)
    if coming and talk.person.city:
        return _("{here} for now, and {coming}.").format(here=talk.person.city, coming=coming)
    return f"{coming}." if coming else ""


def _coming(talk: Talk) -> str:
    planned = talk.journal.planned("move")
    if planned is None:
        return ""
    there = moved(planned[0])
    day = planned[1].astimezone(zone(there.zone)).date()
    return _("{city} from {date}").format(city=there.city, date=talk.date(day))


def moved(subject: str) -> There:
    """Where the move leads that was planned as *subject*."""
    its_zone, _space, name = subject.partition(" ")
    return There(name, its_zone)


def _told(place: str) -> tuple[City, ...]:
    return cities(place) if place else ()


def _moving(talk: Talk, coming: Move) -> There | None:
    """Both halves of a move, as far as they are clear; what isn't is asked."""
    found, here = _told(coming.there), _here(talk, coming)
    if meant := clear(found):
        return _moves(talk, There(meant.name, meant.zone), coming.since, here)
    if found:
        date_there = talk.date(coming.since)
        ask_which(
            talk, found, _("Which one, from {date}?").format(date=date_there), since=coming.since.isoformat(), here=here
        )
        return None
    talk.journal.unplan("move")
    talk.greeting = _("I can't place where you'll be from {date}. Tell me once you're there.").format(
        date=talk.date(coming.since)
    )
    return here


def _here(talk: Talk, coming: Move) -> There | None:
    """Where they are until then: by what they said, else by what is known."""
    if coming.offset is not None:
        return _at(talk, coming.offset)
    if coming.here and (meant := clear(cities(coming.here))):
        return There(meant.name, meant.zone)
    return There(talk.person.city, talk.person.zone) if talk.person.zone and not coming.here else None


def _at(talk: Talk, offset: timedelta) -> There | None:
    """A clock *offset* from UTC: the zone that is just that, or the largest city with it."""
    hours, rest = divmod(abs(offset), _HOUR)
    minutes = f":{rest // timedelta(minutes=1):02}" if rest else ""
    sign = "-" if offset < timedelta(0) else "+"
    if not rest:
        # IANA counts these westward: what everybody calls UTC+2 is Etc/GMT-2.
        its_zone = f"Etc/GMT{'-' if sign == '+' else '+'}{hours}" if hours else "UTC"
        return There(f"UTC{sign}{hours}" if hours else "UTC", its_zone)
    near = by_offset(offset, talk.now, 1)
    return There(f"UTC{sign}{hours}{minutes}", near[0].zone) if near else None


def _moves(talk: Talk, there: There, since: date, here: There | None) -> There | None:
    """Plan to go by the clock of *there* from the first minute of *since* there; until then by that of *here*."""
    slot = next_slot(Rhythm(weekday=since.weekday(), time=time(0), zone=there.zone), talk.now, earliest=since)
    if slot.day != since:  # it has begun there
        return there
    talk.journal.plan("move", f"{there.zone} {there.city}", slot.at)
    if here is None:
        talk.journal.ask("city", until=True)
        talk.say(_until(talk))
    return here


def _until(talk: Talk) -> str:
    return _("{coming}, then. And until then, in which city?").format(coming=_coming(talk))
