"""Pauses: until when somebody asks for quiet."""

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import cache

from bot.understand.clocks import weekday
from bot.understand.numbers import measured
from bot.understand.phrases import lowered

_LONGEST = timedelta(days=3 * 366)
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]

_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b"
)
_MONTH = rf"(?P<month>{MONTH})\.?"
_YEAR = r"(?P<year>20\d\d)"


def pause(text: str, now: datetime, zone: tzinfo) -> datetime | None:
    """Until when *text* asks for quiet, aware UTC: the first moment of that day in *zone*; None if it doesn't say.

    A month without a day is its first; what has passed this year is next year's. A span counts from the day it is in
    *zone* at *now*, so "for two weeks" ends as that day begins.
    """
    today = now.astimezone(zone).date()
    until = day(text, today)
    in_reach = until is not None and today < until <= today + _LONGEST
    return datetime.combine(until, time(0), zone).astimezone(UTC) if until and in_reach else None


def day(text: str, today: date) -> date | None:
    """The day that *text* names or counts up to from *today*: the next of its kind, of a month the first; None if it
    names none, or one that there isn't. A weekday needs a word like "till" or "on" before it."""
    said = measured(lowered(text).replace("a fortnight", "2 weeks"))
    for pattern, reading in _readings():
        if found := pattern.search(said):
            try:
                named = reading(found, today)
            except (ValueError, OverflowError):
                return None  # no such day, as in "till 31 november"
            if named is not None:
                return named
    return None


def _span(found: re.Match[str], today: date) -> date:
    number = 3.0 if found["number"] == "few" else float(found["number"])
    unit = found["unit"][0]
    if unit in "my":
        return _months_on(today, round(number * (1 if unit == "m" else 12)))
    return today + timedelta(days=round(number * {"d": 1, "w": 7, "f": 14}[unit]))


def _written(found: re.Match[str], today: date) -> date:
    """A day with its month, and perhaps its year."""
    month = found["month"]
    return _next(today, int(month) if month.isdecimal() else _month(month), int(found["day"]), found["year"])


def _slashed(found: re.Match[str], today: date) -> date | None:
    """Of 3/12 nobody knows whether it is in March or in December; of 14/12 everybody."""
    one, two = int(found["one"]), int(found["two"])
    if one <= 12 and two <= 12 and one != two:
        return None
    day, month = (one, two) if two <= 12 else (two, one)
    return _next(today, month, day, found["year"])


def _christmas(found: re.Match[str], today: date) -> date:
    return _next(today, 12, 27 if found["after"] else 25, None)


def _holidays(found: re.Match[str], today: date) -> date:
    after = found["after"] and "year" not in found[0]
    year = re.search(r"20\d\d", found[0])
    first = "next" in found[0] or "end" in found[0] or "rest" in found[0] or year
    return date(int(year[0]) if year else today.year + 1, 1, 7 if after else 1 if first else 2)


def _next_month(_found: re.Match[str], today: date) -> date:
    return _months_on(today.replace(day=1), 1)


def _monday(_found: re.Match[str], today: date) -> date:
    return today + timedelta(days=7 - today.weekday())


def _nth(found: re.Match[str], today: date) -> date:
    day = int(found["day"])
    month = today.replace(day=1) if day > today.day else _months_on(today.replace(day=1), 1)
    return month.replace(day=day)


def _tomorrow(_found: re.Match[str], today: date) -> date:
    return today + timedelta(days=1)


def _saturday(_found: re.Match[str], today: date) -> date:
    return today + timedelta(days=(5 - today.weekday()) % 7 or 7)


def _weekday(found: re.Match[str], today: date) -> date | None:
    named = weekday(found.string)
    return None if named is None else today + timedelta(days=(named - today.weekday()) % 7 or 7)


def _named_month(found: re.Match[str], today: date) -> date | None:
    month, part = found["month"], found["part"]
    if month == "may" and not re.search(
        r"\b(?:till?|until|to|in|before|after|of|mid|late)[ -](?:\w+ )?may\b", found.string
    ):
        return None
    first = _next(today.replace(day=1) if part else today, _month(month), 1, found["year"])
    if part in ("mid", "middle of"):
        return first.replace(day=15)
    return _months_on(first, 1) if part else first


@cache
def _readings() -> list[tuple[re.Pattern[str], Callable[[re.Match[str], date], date | None]]]:
    """Ways to say until when, in the order in which they are tried; the first that says so decides."""
    about = "(?:(?:a|the|next|about|at least|another|around|maybe|like|roughly) )"
    unit = r"(?P<unit>days?|d|weeks?|w|wks?|months?|years?|fortnights?)\b"
    after = r"(?P<after>after |the end of |over |through |during )?"
    year = r"(?:end|rest) of (?:the|this) year|(?:till?|until) 20\d\d"
    readings: tuple[tuple[str, Callable[[re.Match[str], date], date | None]], ...] = (
        # "for about two weeks", "/pause 10 days"
        (rf"(?:\bfor |\bin |^(?:/?pause )?){about}*(?P<number>\d{{1,3}}(?:\.5)?|few) ?(?:more )?{unit}", _span),
        # "2027-02-05", "5.2.", "14/12", "3rd of december", "december 3"
        (rf"\b{_YEAR}-(?P<month>\d{{1,2}})-(?P<day>\d{{1,2}})\b", _written),
        (rf"\b(?P<day>\d{{1,2}})\.(?P<month>\d{{1,2}})\.{_YEAR}?(?!\d)", _written),
        (rf"\b(?P<one>\d{{1,2}})/(?P<two>\d{{1,2}})(?:/{_YEAR})?\b", _slashed),
        (rf"\b{_DAY}(?: of)? {_MONTH}(?:,? {_YEAR})?", _written),
        (rf"\b{_MONTH} (?:the )?{_DAY}(?!\d)(?:,? {_YEAR})?", _written),
        # "after christmas", "the new year"
        (rf"\b{after}(?:christmas|xmas)\b", _christmas),
        (
            rf"\b{after}(?:the holidays|(?:the )?new year(?:'?s)?|next year|{year})\b",
            _holidays,
        ),
        # "the end of the month", "next week", "the 14th", "tomorrow"
        (r"\b(?:end|rest) of (?:the|this) month\b|\bnext month\b", _next_month),
        (r"\bnext week\b|\b(?:end|rest) of (?:the|this) week\b|\bthis week\b", _monday),
        (r"\bthe (?P<day>\d{1,2})(?:st|nd|rd|th)\b", _nth),
        (r"\btomorrow\b", _tomorrow),
        (r"\bafter the weekend\b", _monday),
        (r"\bweekend\b", _saturday),
        # "till monday", "mid january", "until may"
        (
            r"\b(?:till?|until|to|on|next|before|after)\b.*\b(?:mon|tue|wed|wen|tus|teu|thu|thr|thi|fri|fir|frd|sat|sun)",
            _weekday,
        ),
        (
            rf"\b(?:(?P<part>mid|middle of|end of|late|after|through|over|during)[ -](?:the )?)?{_MONTH}(?: {_YEAR})?",
            _named_month,
        ),
    )
    return [(re.compile(pattern), reading) for pattern, reading in readings]


def _month(name: str) -> int:
    return _MONTHS.index(name[:3]) + 1


def _next(today: date, month: int, day: int, year: str | None) -> date:
    """That day of *year*, or the next there is after *today*."""
    if year:
        return date(int(year), month, day)
    this = date(today.year, month, day)
    return this if this > today else date(today.year + 1, month, day)


def _months_on(start: date, months: int) -> date:
    """The same day *months* later, or that month's last."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))
