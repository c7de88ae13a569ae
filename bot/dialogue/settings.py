"""`/settings`: how things are, in words, on one card, and every one of them changed by at most two taps or a sentence.

A card is changed in place. Whatever moves the next check-in is answered with its full local date.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import time
from typing import Any

from bot import understand
from bot.cities import cities, clear
from bot.dialogue import city, places
from bot.dialogue.city import There
from bot.dialogue.planning import plan_anew, rhythm, when
from bot.dialogue.talk import RATHER_NOT, Part, Row, Talk, choice, clock
from bot.domain import Due, Person, Pressed, Said, Shared
from bot.text import emphasised
from bot.understand import Change, bare_setting, setting
from bot.words import _
from bot.words.dates import weekday

HOURS = (8 * 60, 12 * 60 + 30, None, 18 * 60, 20 * 60)
"""Hours that are offered, as minutes of the day; the usual one is about four."""

_FOR_GOOD = re.compile(
    r"\b(?:\w+days|(?:morning|noon|afternoon|evening|night|weekend)s|every|each|always|weekly|instead|from now on)\b",
    re.IGNORECASE,
)
"""What tells a habit from a moment: after a suggestion "tuesday 9am" may be when they'll do it."""

_CLOCK_THERE = re.compile(r"\bhere\b|\b(?:utc|gmt)\b", re.IGNORECASE)
"""What tells the time it is from an hour to be asked at."""

_MOVING = re.compile(
    r"\W*(?:(?:by the way|btw|oh|and|so|hey|hi|news|well|just so you know)\b[\s,:]*)*"
    r"(?:i|we)(?:'|’| )(?:m|re|ll|am|are|will) (?:(?:soon|be|now|actually|going to|to)\s+)*"
    r"(?:mov\w+|relocat\w+|liv\w+|in|back in)\b",
    re.IGNORECASE,
)
"""How somebody begins who tells where they will be."""


# The card


def show(talk: Talk, line: str = "", *, before: Sequence[str] | None = None, replaces: int | None = None) -> None:
    """How things are, below *line*: written over the message *replaces* if there is one. What isn't as it was *before*
    stands out."""
    talk.lay_out("settings")
    now = _state(talk)
    shown = now if before is None else [each if each in before else emphasised(each) for each in now if each]
    talk.say(line, *shown, choices=_menu(talk), replaces=replaces)


def _state(talk: Talk) -> list[str]:
    person = talk.person
    by_clock = _("by the clock of {city}").format(city=person.city) if person.city else _("by your clock")
    shown = places.shown(talk)
    model = _("A language model may help me choose.") if person.model else _("No language model reads along.")
    return [
        _("{rhythm}, {clock}.").format(rhythm=weekly(talk), clock=by_clock),
        _length(person.length),
        _discretion(discreet=person.discreet),
        _("Places: {places}.").format(places=shown) if shown else _("No places yet."),
        model if talk.house.model else "",
        city.moving(talk),
        _next(talk),
    ]


def _next(talk: Talk) -> str:
    """When the next check-in is, in words."""
    planned, usual = talk.journal.planned("check-in"), rhythm(talk)
    if talk.quiet or planned is None:
        return _("Quiet for now, as you asked.") if talk.quiet else ""
    at, local = planned[1], talk.local(planned[1])
    if at > talk.now and (local.weekday(), local.time()) != (usual.weekday, usual.time):
        return _("Next time still as planned: {when}.").format(when=when(talk, at))
    return _("Next time: {when}.").format(when=when(talk, at))


def weekly(talk: Talk) -> str:
    """When they are asked, in words: "Sundays at 09:00", "Every second Friday, about four"."""
    day, person = weekday(rhythm(talk).weekday), talk.person
    match person.weeks:
        case 2:
            days = _("Every second {weekday}").format(weekday=day)
        case 4:
            days = _("Every fourth {weekday}").format(weekday=day)
        case _:
            days = _("{weekday}s").format(weekday=day)
    if person.minute is None:
        return _("{days}, about four").format(days=days)
    return _("{days} at {clock}").format(days=days, clock=clock(person.minute))


def _length(length: str) -> str:
    return {
        "short": _("Short: two questions."),
        "full": _("Full: all of the questions."),
        "one": _("One question only."),
    }[length]


def _discretion(*, discreet: bool) -> str:
    if discreet:
        return _("Discreet: I only say that I'm here, and ask once you tap.")
    return _("My questions come in full.")


def _menu(talk: Talk) -> list[Row]:
    discreet, model = talk.person.discreet, bool(talk.person.model)
    switches = [
        choice(_("Not discreet") if discreet else _("Discreet"), "settings", "discreet", int(not discreet)),
    ]
    if talk.house.model:
        label = _("No language model") if model else _("Language model")
        switches.append(choice(label, "settings", "model", int(not model)))
    return [
        (
            choice(_("Day"), "settings", "day"),
            choice(_("Hour"), "settings", "hour"),
            choice(_("City"), "settings", "city"),
        ),
        (
            choice(_("Places"), "place", "list"),
            choice(_("How often"), "settings", "weeks"),
            choice(_("Length"), "settings", "length"),
        ),
        tuple(switches),
        (choice(_("Come by again"), "quiet", "end") if talk.quiet else choice(_("Pause"), "quiet", "now"),),
    ]


def _back() -> Row:
    return (choice(_("‹ Settings"), "settings", "show"),)


# Taps


def pressed(event: Pressed, talk: Talk, parts: list[Part]) -> bool:
    """A button of the card, or of what it opened. Whether it still meant something."""
    if talk.person.zone is None:
        return False
    card = event.message
    match parts:
        case ["show"]:
            show(talk, replaces=card)
        case ["day" | "hour" | "weeks" | "length" as menu]:
            _open_menu(talk, menu, card)
        case ["city"]:
            _ask_city(talk)
        case ["day", int(day)] if day < 7:
            _tapped(talk, Change(weekday=day), card)
        case ["hour", int(minute)] if minute < 24 * 60:
            _tapped(talk, Change(time=time(*divmod(minute, 60))), card)
        case ["hour", "usual"]:
            _tapped(talk, None, card)
        case ["hour", "other"]:
            ask_when(talk)
        case ["weeks", 1 | 2 | 4 as weeks]:
            _tapped(talk, Change(weeks=weeks), card)
        case ["length", "short" | "full" | "one" as length]:
            _tapped(talk, Change(length=length), card)
        case ["discreet", 0 | 1 as on]:
            _tapped(talk, Change(discreet=bool(on)), card)
        case ["model", 0 | 1 as on] if talk.house.model:
            _tapped(talk, Change(model=bool(on)), card)
        case ["leave"]:
            if talk.asked in ("city", "when"):
                talk.chosen = event.label
                talk.journal.settle()
        case _:
            return False
    return True


def _tapped(talk: Talk, change: Change | None, card: int | None) -> None:
    """Do what was tapped, the usual hour for None, and show on the card what changed."""
    before = _state(talk)
    if change is None:
        talk.journal.change(minute=None)
        plan_anew(talk)
    else:
        _taken(talk, change)
    show(talk, before=before, replaces=card)


def _open_menu(talk: Talk, menu: str, card: int | None) -> None:
    """What a button of the card opens, in its place."""
    match menu:
        case "day":
            line = _("Which day?")
            buttons = [choice(weekday(day), "settings", "day", day) for day in range(7)]
        case "hour":
            line = _("At what time?")
            buttons = [
                choice(_("About four"), "settings", "hour", "usual")
                if minute is None
                else choice(clock(minute), "settings", "hour", minute)
                for minute in HOURS
            ]
            buttons.append(choice(_("Another"), "settings", "hour", "other"))
        case "weeks":
            line = _("How often?")
            labels = {1: _("Every week"), 2: _("Every second week"), 4: _("Once a month")}
            buttons = [choice(label, "settings", "weeks", weeks) for weeks, label in labels.items()]
        case _:
            line = _("How much at a time?")
            labels_of = {"short": _("Short"), "full": _("Full"), "one": _("One question")}
            buttons = [choice(label, "settings", "length", length) for length, label in labels_of.items()]
    rows = [tuple(buttons[at : at + 2]) for at in range(0, len(buttons), 2)]
    talk.say(line, choices=[*rows, _back()], replaces=card)


# A sentence


def command(event: Said, talk: Talk) -> None:
    """`/settings`, with a wish behind it or without. What isn't understood is said to be, above the card."""
    words = event.text.strip()
    first, _space, rest = words.partition(" ")
    if not words:
        show(talk)
    elif first.casefold().rstrip(":") in ("place", "places"):
        if rest:
            places.take(Said(text=rest, message=event.message), talk)
        else:
            places.show(talk)
    elif _CLOCK_THERE.search(words) and city.read_move(words, talk) is None and understand.offset(words, talk.now):
        city.ask(talk)
        told_city(event, talk)
    elif not _heard(talk, words, bare_setting(words)):
        show(talk, _("I didn't catch a setting in that. Something like “sundays 9am, every other week” is one."))


def said(event: Said, talk: Talk) -> bool:
    """Words right after the card was shown. Whether they were about it; if not, whatever was open before is again."""
    talk.restore()
    read = setting if talk.journal.open_check_in() else bare_setting
    return _heard(talk, event.text, read(event.text))


def wished(event: Said, talk: Talk) -> bool:
    """A plain message that as a whole is a wish for a setting. Whether it was."""
    change = setting(event.text)
    if talk.person.zone is None:
        return False
    if change is None:  # a move that they tell of themselves
        return bool(_MOVING.match(event.text)) and _heard(talk, event.text, None)
    is_rhythm = change == Change(weekday=change.weekday, time=change.time)
    if talk.asked == "card" and is_rhythm and not _FOR_GOOD.search(event.text):
        return False
    return _heard(talk, event.text, change)


def _heard(talk: Talk, text: str, change: Change | None) -> bool:
    """Do what *text* says: a move to come, or else the *change* that was read in it. Whether there was either."""
    if coming := city.read_move(text, talk):
        if there := city.take_move(talk, coming):
            arrive(talk, there)
        return True
    if change is None:
        return False
    found = cities(understand.place(change.city) or change.city) if change.city else ()
    if change.city and not (found and found[0].match != "close"):
        return False  # a word that is no city is something else
    lines = [] if change == Change(city=change.city) else _taken(talk, replace(change, city=None))
    if not change.city:
        talk.say(*lines, choices=[_back()])
    elif meant := clear(found):
        talk.journal.unplan("move")
        arrive(talk, There(meant.name, meant.zone), *lines)
    else:
        talk.greeting = "\n".join(line for line in (talk.greeting, *lines) if line)
        city.ask_which(talk, found)
    return True


def _taken(talk: Talk, change: Change) -> list[str]:
    """Change what *change* says, but for the city; in words, what is so now."""
    fields: dict[str, Any] = {
        name: value
        for name in ("weekday", "weeks", "length", "discreet")
        if (value := getattr(change, name)) is not None
    }
    if change.time is not None:
        fields["minute"] = change.time.hour * 60 + change.time.minute
    if change.model is not None and talk.house.model:
        fields["model"] = change.model
    talk.journal.change(**fields)
    lines = []
    if not fields.keys().isdisjoint(("weekday", "minute", "weeks")):
        lines.append(arranged(talk))
    if change.length is not None:
        lines.append(_length(change.length))
    if change.discreet is not None:
        lines.append(_discretion(discreet=change.discreet))
    if change.model is not None:
        lines.append(_model(talk.person, configured=talk.house.model))
    return lines


def _model(person: Person, *, configured: bool) -> str:
    if not configured:
        return _("There is no language model here, so nothing of yours is sent to one.")
    if person.model:
        return _("Then I may ask the language model.")
    return _("Then no language model reads anything of yours.")


def arranged(talk: Talk) -> str:
    """Plan by the rhythm as it is now, and say it with the next check-in's date."""
    plan_anew(talk)
    return _("{rhythm}, then. {next}").format(rhythm=weekly(talk), next=_next(talk))


# The hour, in words


def ask_when(talk: Talk) -> None:
    """Ask for another day or hour."""
    talk.journal.ask("when")
    talk.say(_("Which day and hour suit you? Something like “sundays 9am”."), choices=[_never_mind(talk)])


def take_hour(talk: Talk, text: str) -> bool:
    """Take the day, the hour or both from *text*. Whether there was either."""
    day, at = understand.rhythm(text)
    if day is not None:
        talk.journal.change(weekday=day)
    if at is not None:
        talk.journal.change(minute=at.hour * 60 + at.minute)
    return day is not None or at is not None


def told_when(event: Said, talk: Talk) -> bool:
    """Another day or hour. False if it stays as it is; what isn't understood is asked for once more."""
    city.keep_story(event, talk)
    if take_hour(talk, event.text):
        talk.journal.settle()
        talk.say(arranged(talk))
    elif talk.pending.get("again") or understand.wish(event.text):
        return False
    else:
        ask_when_again(talk)
    return True


def ask_when_again(talk: Talk) -> None:
    """No day and no hour was understood."""
    talk.journal.ask("when", again=True)
    talk.say(_("I didn't catch a day or an hour in that. Something like “sundays 9am” or “tuesday 18:30”?"))


def _never_mind(talk: Talk) -> Row:
    """The way out of a question, for those who needn't answer it."""
    return (choice(_("Never mind"), "settings", "leave"),) if talk.person.zone else ()


# The city


def _ask_city(talk: Talk, line: str = "") -> None:
    city.ask(talk)
    talk.say(
        line, _("In which city are you? A shared location will do, or “it's 3pm here”."), choices=[_never_mind(talk)]
    )


def resume_city(talk: Talk) -> None:
    """Ask for the city again."""
    if not city.resume(talk):
        _ask_city(talk)


def told_city(event: Said, talk: Talk) -> None:
    """The city that was asked for, or a wish for something else."""
    if understand.wish(event.text) in (*RATHER_NOT, "later"):
        talk.journal.settle()
        talk.say(_("Then I stay with the clock I have."))
    elif (change := setting(event.text)) and change.city is None:
        talk.journal.settle()
        _heard(talk, event.text, change)
    elif there := city.said(event, talk, lambda line: _ask_city(talk, line)):
        arrive(talk, there)


def arrive(talk: Talk, there: There, *lines: str) -> None:
    """They live by the clock of *there* from now on."""
    talk.journal.change(zone=there.zone, city=there.city)
    talk.journal.settle()
    plan_anew(talk)
    line = city.moving(talk) or _("By the clock of {city}, then.").format(city=there.city)
    talk.say(line, *lines, _next(talk), choices=[_back()])


def shared(event: Shared, talk: Talk) -> None:
    """A location: only its clock is taken."""
    talk.journal.change(zone=event.zone, city=None)
    if talk.asked == "city":
        talk.journal.settle()
    plan_anew(talk)
    talk.say(_("Then I go by the clock there. {next}").format(next=_next(talk)), city.moving(talk))


def moved(event: Due, talk: Talk) -> None:
    """The day of a move has begun: its clock counts from now on. Nobody is told in the night what they said."""
    there = city.moved(event.subject)
    talk.journal.change(zone=there.zone, city=there.city)
    if talk.person.state == "here":
        plan_anew(talk)
