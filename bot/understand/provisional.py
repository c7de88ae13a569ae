"""Stands in for readings that are being written on another branch, in their shape, until that is merged."""

import datetime as dt
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from bot.understand.clocks import offset, rhythm
from bot.understand.pauses import pause
from bot.understand.places import place
from bot.understand.wishes import wish


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """What somebody would like to be different; None where they didn't say, and at least one thing is said."""

    weekday: int | None = None
    time: dt.time | None = None
    weeks: Literal[1, 2, 4] | None = None
    length: Literal["short", "full", "one"] | None = None
    discreet: bool | None = None
    city: str | None = None
    model: bool | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Move:
    """A change of place that is still to come: from the day *since* on, there, they are *there*. Until then they are
    *here* or at *offset* from UTC; "" and None where they didn't say."""

    here: str
    offset: timedelta | None
    there: str
    since: date


_WEEKS: tuple[tuple[str, Literal[1, 2, 4]], ...] = (
    (r"\b(?:once a month|monthly|every month)\b", 4),
    (r"\b(?:every (?:other|second|two) weeks?|every other|fortnightly)\b", 2),
    (r"\b(?:every week|weekly)\b", 1),
)
_LENGTHS: tuple[tuple[str, Literal["short", "full", "one"]], ...] = (
    (r"\b(?:only|just) one(?: question)?\b|\bthe good turn only\b", "one"),
    (r"\b(?:ask everything|all five|full check-?ins?)\b", "full"),
    (r"\b(?:keep it short|short check-?ins?)\b", "short"),
)
_SWITCHES = (
    (r"\bnot discreet\b|\bdiscreet off\b", "discreet", False),
    (r"\b(?:be |keep it )?discreet(?: on)?\b", "discreet", True),
    (r"\bno (?:language )?model\b", "model", False),
    (r"\buse (?:the|a) (?:language )?model\b", "model", True),
)
_DAY = r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)days?\b"
_HOUR = r"\b\d{1,2}(?::\d{2})? ?(?:am|pm)?\b|\bmornings?\b|\bevenings?\b|\bnoon\b"
_POLITE = r"\b(?:please|thanks|at|on|and|make it|instead|in the|from now on|rather)\b"
_BARE: dict[str, tuple[str, str | bool | int]] = {
    "short": ("length", "short"),
    "full": ("length", "full"),
    "one": ("length", "one"),
    "on": ("discreet", True),
    "off": ("discreet", False),
}


def setting(text: str) -> Change | None:
    """What *text* as a whole asks to be different from now on, or None if it says anything else."""
    return _read(text, opened=False)


def bare_setting(text: str) -> Change | None:
    """What *text* asks to be different where settings have just been opened, and a word may do."""
    said = text.casefold().strip(" .!")
    if said in _BARE:
        return Change(**dict([_BARE[said]]))  # type: ignore[arg-type]
    if change := _read(text, opened=True):
        return change
    city = place(text)
    plain = 0 < len(city.split()) <= 4 and not re.search(r"[?\d]", text)
    return Change(city=city) if plain and wish(text) is None else None


def _read(text: str, *, opened: bool) -> Change | None:
    if "?" in text or len(text) > 120:
        return None
    said = text.casefold()
    told: dict[str, object] = {}
    for books in (_WEEKS, _LENGTHS):
        for pattern, value in books:
            if re.search(pattern, said):
                said, told["weeks" if books is _WEEKS else "length"] = re.sub(pattern, " ", said), value
    for pattern, name, on in _SWITCHES:
        if name not in told and re.search(pattern, said):
            said, told[name] = re.sub(pattern, " ", said), on
    day, at = rhythm(said)
    rest = re.sub(rf"{_DAY}|{_HOUR}|{_POLITE}|[,.!]", " ", said)
    if rest.strip():
        return None
    lasting = opened or "weeks" in told or (day is not None and at is not None) or re.search(r"days\b", said)
    if (day is not None or at is not None) and lasting:
        told |= {name: value for name, value in (("weekday", day), ("time", at)) if value is not None}
    return Change(**told) if told else None  # type: ignore[arg-type]


def move(text: str, now: datetime) -> Move | None:
    """The move that *text* tells of ("utc+2, lisbon from the 14th"), or None."""
    parts = [part.strip() for part in text.split(",")]
    later = next((part for part in parts if re.search(r"\b(?:from|on|starting|since)\b", part, re.IGNORECASE)), None)
    if later is None or len(parts) > 2:
        return None
    city, _from, when = re.split(r"\b(from|on|starting|since)\b", later, maxsplit=1, flags=re.IGNORECASE)
    until = pause(f"till {when}", now, UTC)
    if until is None or not place(city):
        return None
    first = next((part for part in parts if part is not later), "")
    away = offset(first, now) if first else None
    here = "" if away is not None else place(first)
    return Move(here=here, offset=away, there=place(city), since=until.date())
