"""When the next check-in is: pure, in the person's own time, through daylight saving.

One rule serves every case. A check-in is planned for a wall time on a local day, and happens at *the first instant at
which clocks there show that wall time or later*. Where clocks run on evenly this is the wall time itself; in the fold
of autumn it is the first of the two; in the gap of spring, or on a day that a country left out (Apia, 30 December
2011), it is the first instant after the gap. So a planned day has one instant, and no day is ever asked twice.
"""

import zoneinfo
from bisect import bisect_left
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zlib import crc32
from zoneinfo import ZoneInfo

import tzdata  # type: ignore[import-untyped]  # it is data with a version and has no types

from bot.domain import Slot
from bot.errors import TenfoldError

__all__ = [
    "Rhythm",
    "UnknownZone",
    "following",
    "interval",
    "next_slot",
    "usual_time",
    "waking",
    "weeks_between",
    "zone",
    "zone_data",
]

# A system's own zone data can be years older than PyPI's, and two machines then disagree about when somebody's four
# o'clock is. With an empty path zoneinfo reads the tzdata package alone; what was read before is forgotten.
zoneinfo.reset_tzpath(to=())
ZoneInfo.clear_cache()

_SECOND: Final = timedelta(seconds=1)
_WEEK: Final = timedelta(days=7)
_SLOWEST: Final = 4
_SLACK: Final = timedelta(days=3)
_DATE_LINE: Final = timedelta(days=1)
_MORNING: Final = time(9)
_EVENING: Final = time(21)
_EARLIEST_USUAL: Final = 15 * 60 + 50
_USUAL_MINUTES: Final = 21


class UnknownZone(TenfoldError):
    """A time zone that isn't in the zone data. Its name is not repeated: it may be what somebody wrote."""

    def __init__(self) -> None:
        super().__init__("no such time zone: use an IANA name like Europe/Lisbon, or update the package tzdata")


@dataclass(frozen=True, kw_only=True, slots=True)
class Rhythm:
    """When somebody is asked: *weekday* (Monday is 0), wall *time* there (naive), *zone* (an IANA name)."""

    weekday: int
    time: time
    zone: str


def zone(name: str) -> ZoneInfo:
    """The zone that IANA calls *name*. Raises UnknownZone."""
    try:
        return ZoneInfo(name)
    # Which error comes depends on what the name hits in the package: nothing, a folder, a file that is no zone.
    except (KeyError, ValueError, OSError) as error:
        raise UnknownZone from error


def zone_data() -> str:
    """The version of the zone data in use, such as "2026a". Slots are to be computed again when it changes."""
    return str(tzdata.IANA_VERSION)


def _wall(at: datetime, place: ZoneInfo) -> datetime:
    """What clocks in *place* show at *at* (aware), naive."""
    return at.astimezone(place).replace(tzinfo=None)


def _first_instant(wall: datetime, place: ZoneInfo) -> datetime:
    """The first instant (UTC) at which clocks in *place* show *wall* (naive) or later."""
    wall = wall.replace(fold=0)  # of an hour that comes twice the first is meant, whatever the time says of itself
    at = wall.replace(tzinfo=place).astimezone(UTC)
    if _wall(at, place) == wall:
        return at
    # In a gap fold=0 counts from before it and lands behind the gap, fold=1 the other way round (PEP 495), so the
    # first valid instant lies between the two. Clocks are only ever changed at a whole second.
    before = wall.replace(tzinfo=place, fold=1).astimezone(UTC).replace(microsecond=0)
    instants = range(int((at - before) / _SECOND) + 1)
    return before + _SECOND * bisect_left(
        instants, True, key=lambda seconds: _wall(before + _SECOND * seconds, place) >= wall
    )


def next_slot(rhythm: Rhythm, after: datetime, *, earliest: date | None = None) -> Slot:
    """The first slot strictly after *after* (aware) whose local day is not before *earliest*. Its day is the planned
    one, even where clocks skipped it. Raises UnknownZone."""
    place = zone(rhythm.zone)
    # Until a slot's instant clocks there have not shown its wall time, so its day is never before today's.
    day = max(_wall(after, place).date(), earliest or date.min)
    day += timedelta(days=(rhythm.weekday - day.weekday()) % 7)
    slot = Slot(day=day, at=_first_instant(datetime.combine(day, rhythm.time), place))
    if slot.at > after:
        return slot
    day += _WEEK
    return Slot(day=day, at=_first_instant(datetime.combine(day, rhythm.time), place))


def following(rhythm: Rhythm, last: date, weeks: int, after: datetime, kept: Slot | None = None) -> Slot:
    """The slot after the visit of *last*, so many *weeks* from it give or take three days, and after *after* (aware).

    Whatever was changed about a rhythm in between, and however often, this depends on nothing but the last visit and
    the rhythm as it is now: so no change asks twice, and none leaves a visit out. Where the new rhythm has no slot left
    in those days, the one that was planned is *kept*, if it lies in them: it comes once more as it was, and the new
    rhythm follows. Raises UnknownZone.
    """
    slot = next_slot(rhythm, after, earliest=last + weeks * _WEEK - _SLACK)
    latest = last + weeks * _WEEK + _SLACK
    # What was within reach by the calendar of one place is so by that of another, where *last* may be a day earlier.
    return kept if kept and kept.day <= latest + _DATE_LINE and latest < slot.day else slot


def usual_time(person: int) -> time:
    """The hour of whoever chose none: a minute from 15:50 to 16:10, always the same one for *person*. Spread, because
    not everybody can be written to in one minute."""
    minute = _EARLIEST_USUAL + crc32(str(person).encode()) % _USUAL_MINUTES
    return time(*divmod(minute, 60))


def interval(unanswered: int) -> int | None:
    """Weeks from one check-in to the next after so many *unanswered* in a row: weekly, every second week after two,
    every fourth after four. Nothing after six: then comes the goodbye."""
    if unanswered >= 6:
        return None
    return (1, 2, 4)[max(unanswered, 0) // 2]


def weeks_between(wish: int, unanswered: int) -> int:
    """Weeks from a check-in to the one after it: as many as they *wish*, or more once so many are *unanswered*. Before
    the goodbye it is as long as before the last one."""
    return max(wish, interval(unanswered) or _SLOWEST)


def waking(at: datetime, zone_name: str) -> datetime:
    """*at* (aware) if it lies between 9:00 and 21:00 in the zone, else the next 9:00 there, in UTC: for a check-in
    that is late because nothing ran. Raises UnknownZone."""
    place = zone(zone_name)
    wall = _wall(at, place)
    if _MORNING <= wall.time() < _EVENING:
        return at
    day = wall.date() + timedelta(days=wall.time() >= _EVENING)
    return _first_instant(datetime.combine(day, _MORNING), place)
