"""Spans of the calendar that somebody looks back at: a month or a year, by number or by name."""

import re
from datetime import date

from bot.understand.phrases import lowered

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAMED = re.compile(
    r"(?:in |from )?(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?(?:[ ,]+(?P<year>(?:19|20)\d\d))?"
)
_NUMBERED = re.compile(
    r"(?:in )?(?:(?P<year>(?:19|20)\d\d)(?:[-/.](?P<month>\d{1,2}))?"
    r"|(?P<month_first>\d{1,2})[-/.](?P<year_last>(?:19|20)\d\d))"
)
_THIS = {"this month": 0, "last month": -1}


def span(text: str, today: date) -> tuple[date, date] | None:
    """The first day of the month or year that *text* as a whole names, and the first day after it; None if it names
    none. A month without a year is the latest that has begun by *today*."""
    said = lowered(text).strip(" .!?")
    if said in _THIS:
        return _month(*divmod(today.year * 12 + today.month - 1 + _THIS[said], 12))
    if found := _NAMED.fullmatch(said):
        month = _MONTHS.index(found["month"][:3])
        year = int(found["year"] or today.year - (month >= today.month))
        return _month(year, month)
    if found := _NUMBERED.fullmatch(said):
        numbered = found["month"] or found["month_first"]
        year = int(found["year"] or found["year_last"])
        if numbered is None:
            return date(year, 1, 1), date(year + 1, 1, 1)
        return _month(year, int(numbered) - 1) if 1 <= int(numbered) <= 12 else None
    return None


def _month(year: int, month: int) -> tuple[date, date]:
    """That *month* (January is 0) of *year*."""
    after, first = divmod(year * 12 + month + 1, 12)
    return date(year, month + 1, 1), date(after, first + 1, 1)
