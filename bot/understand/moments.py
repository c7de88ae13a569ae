"""Moments: when somebody says they will do a thing."""

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import cache

from bot.understand.clocks import PART_OF_DAY, clock, rhythm, weekday
from bot.understand.numbers import counted, measured
from bot.understand.pauses import day
from bot.understand.phrases import LOOSE, lowered, phrases

_FARTHEST = timedelta(days=30)
_NOON = time(12)
_SOON = timedelta(hours=1)

_IN = re.compile(
    r"\b(?:in|within) (?:about |like |around |maybe )?(?:a )?(\d{1,3}(?:\.\d+)?|few) (?:more )?(min\w*|hours?|hrs?|h)\b"
)
_IN_DAYS = re.compile(
    r"\b(?:in|within) (?:about |like |around |maybe )?(?:a )?(\d{1,3}|few) (?:more )?(days?|nights?|weeks?)\b"
)
_NOW = re.compile(
    r"(?:(?:right|just|straight|doing it|do it|i'?ll do it|on it|yes|ok|already)[ ,]+)*(?:now|away|at once|immediately)"
)
# What is over or not meant; "not before friday" is from Friday on.
_NOT = re.compile(
    r"\b(?:not|never|can'?t|cannot|won'?t|no)\b(?! before| until| till| later)|\b(?:last|ago|yesterday)\b"
)
# Parts of a day that only somebody who plans an act names, before those that `rhythm` knows.
_PARTS: tuple[tuple[str, time], ...] = (
    (
        r"early(?! morning| in the)|(?:before|on (?:my|the) way to) (?:work|school|breakfast)|when i (?:wake|get) up",
        time(8),
    ),
    (r"before noon|brunch", time(11)),
    (r"siesta", time(14)),
    (
        r"(?:on|during) (?:my|the) way (?:back|home)|after (?:school|work|uni|class)|commute|rush hour",
        time(17, 30),
    ),
    (r"once the kids are in bed|end of (?:the )?day", time(20, 30)),
    (r"before (?:sleep|i sleep)\w*|at bed\w*|in bed", time(22)),
)
# Only where nothing else tells the time: "lunch, after stand-up" is at lunch, "tonight, over coffee" tonight.
_HABITS: tuple[tuple[str, time], ...] = ((r"coffee|stand-?up|espresso|latte", time(9)), (r"tea", time(16)))


# Whole days only: "sundays" is a habit.
_BARE = """
    this | next | coming | on | in | at | the | by | around | about | maybe | probably | perhaps | say | then | early
    late | after | before | over | during | ok | okay | yes | sure | well | and | or | o'clock | please | my | with | a
    i'll do it | i will do it | i can do it | will do | let's say | how about | make it
    mon | monday | tue | tues | tuesday | wed | wednesday | thu | thur | thurs | thursday | fri | friday
    sat | saturday | sun | sunday | weekend | week | today | tomorrow | tonight | now
    morning | noon | midday | afternoon | evening | night | lunch\\w* | breakfast | dinner | coffee | tea
    work | school | stand-?up | break | \\d\\S* | am | pm
"""


@cache
def _bare() -> re.Pattern[str]:
    return re.compile(f"{phrases(_BARE, LOOSE)}+")


def is_moment(text: str) -> bool:
    """Whether *text* names a moment and nothing else: "thursday lunch", and not "thursday I drove Ana home"."""
    said = lowered(text).strip(" .!")
    return bool(said) and len(said) < 60 and _bare().fullmatch(said) is not None


def moment(text: str, now: datetime, zone: tzinfo) -> datetime | None:
    """When *text* says something will be done, aware UTC, not before *now* and at most thirty days on; None if it only
    names an occasion ("when the baby sleeps", "when I see her", "at some point").

    Days and hours are those on the clock in *zone*. A day alone is its noon, a part of the day its middle, a weekend
    its Saturday and "next week" its Wednesday.
    """
    said = measured(lowered(text))
    if _NOT.search(said):
        return None
    here = now.astimezone(zone)
    if _NOW.fullmatch(said.strip(" .!,")):
        return now.astimezone(UTC)
    if found := _IN.search(said):
        number = 3.0 if found[1] == "few" else float(found[1])
        then = here.astimezone(UTC) + timedelta(**{"minutes" if found[2][0] == "m" else "hours": number})
    else:
        named, at = _day(said, here.date()), _time(said)
        if named is None and at is None:
            return None
        then = _at(named or here.date(), at or _NOON, zone)
        if then <= now:
            then = _later(said, now, named=named, at=at, zone=zone)
    return then if now <= then <= now + _FARTHEST else None


def _at(day_: date, at: time, zone: tzinfo) -> datetime:
    return datetime.combine(day_, at, zone).astimezone(UTC)


def _later(said: str, now: datetime, *, named: date | None, at: time | None, zone: tzinfo) -> datetime:
    """The moment that is meant if *at* on the day *named*, as it would be read, is over."""
    today = now.astimezone(zone).date()
    at = at or _NOON
    if named is None:
        return _at(today + timedelta(days=1), at, zone)
    if named == today and re.search(
        r"\b(?:today|tonight|this (?:morning|noon|afternoon|evening|arvo|weekend)|later)\b", said
    ):
        # Evening still, if it is before that; else an hour from now.
        evening = _at(today, time(19), zone)
        return evening if at == _NOON and evening > now else now.astimezone(UTC) + _SOON
    if "weekend" in said:
        days = 1 if named.weekday() == 5 else 6  # on Saturday its Sunday, and on Sunday the next
        return _at(named + timedelta(days=days), at, zone)
    return _at(named + timedelta(days=7), at, zone)


def _day(said: str, today: date) -> date | None:
    """The day that *said* names, today if it is today, or None."""
    if found := _IN_DAYS.search(said):
        number = 3 if found[1] == "few" else int(found[1])
        return today + timedelta(days=min(number, 99) * (7 if found[2][0] == "w" else 1))
    if re.search(r"\b(?:today|tonight|this (?:morning|noon|afternoon|evening|arvo)|later (?:on|today)?)\b", said):
        return today
    if re.search(r"\bday after tomorrow\b", said):
        return today + timedelta(days=2)
    if re.search(r"\b(?:tomorrow|tmrw|tmr|tomorow|tommorow|tommorrow|tomorrw|2moro)\b", said):
        return today + timedelta(days=1)
    monday = today - timedelta(days=today.weekday())
    if "weekend" in said:
        saturday = monday + timedelta(days=12 if "next weekend" in said else 5)
        return max(saturday, today)
    named = weekday(said)
    if named is not None and not re.search(
        r"\b(?:january|february|march|april|may|june|july|august|(?:sept|octo|nov|dec)\w*)\b|\d(?:st|nd|rd|th)", said
    ):
        ahead = today + timedelta(days=(named - today.weekday()) % 7)
        # "next friday", said on a Monday, is hardly the one in four days.
        next_week = re.search(r"\bnext (?:\w+day|mon|tue|wed|thu|fri|sat|sun)|\bnext week\b", said)
        return monday + timedelta(days=7 + named) if next_week else ahead
    if re.search(r"\bnext week\b", said):
        return monday + timedelta(days=9)
    if re.search(r"\b(?:this week|during the week|in the week)\b", said):
        return None if today.weekday() > 3 else today + timedelta(days=1)
    return day(said, today) if re.search(r"\d", said) else None


def _time(said: str) -> time | None:
    """The time of day that *said* tells, or None."""
    if clock(counted(said)):
        return rhythm(said)[1]
    parts = (*_PARTS, *PART_OF_DAY, *_HABITS)
    return next((middle for words, middle in parts if re.search(rf"\b(?:{words})\b", said)), None)
