"""A table of dated notes: a date and a text on each line, however the table was written.

The comma, the semicolon or the tab separates; a first line with names is optional. Dates are taken when they can be
read in one way only: of 3/4/2026 it must show somewhere in the file which number is the day.
"""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time
from typing import NamedTuple
from zoneinfo import ZoneInfo

from bot import schedule
from bot.domain import Bundle
from bot.export.sheets import plain
from bot.importing.unfit import Unfit
from bot.store import stamp
from bot.text import clean
from bot.understand import folded

MOST = 50_000
"""Lines of the longest table."""

LONGEST = 40_000
"""Characters of the longest text: ten messages."""

_NOON = time(12)
_SAMPLE = 100
"""Rows that are looked at to see what separates them."""

_DATE_NAMES = ("date", "day", "when", "datum", "fecha", "data")
_TEXT_NAMES = ("text", "note", "notes", "entry", "what", "nota", "texto", "notiz")
_KIND_NAMES = ("question", "kind", "type")
_GOOD_TURN = ("good_turn", "good turn", "given")
_RECEIVED = ("received", "got")

_YEAR_FIRST = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:[T ][\d:.Z+-]*)?", re.ASCII)
_YEAR_LAST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})(?:[T ,]+[\d:.]*(?: ?[AaPp][Mm])?)?", re.ASCII)
_IN_WORDS = ("%d %B %Y", "%d %b %Y", "%B %d, %Y", "%b %d, %Y", "%B %d %Y", "%b %d %Y")


class _Row(NamedTuple):
    line: int
    cells: Sequence[str]


class _Columns(NamedTuple):
    """Which cell is what; without names the text is all that stands behind the date."""

    day: int
    text: int | None
    kind: int | None


def read(data: bytes, zone: str | None) -> Bundle:
    """The notes in *data*, oldest first, each at noon of its day in *zone* (an IANA name; None is UTC). Raises
    Unfit."""
    rows = _rows(clean(_decoded(data)))
    columns = _columns(rows[0].cells)
    if columns is None:
        columns = _Columns(next(at for at, cell in enumerate(rows[0].cells) if _looks_like_a_date(cell)), None, None)
    else:
        rows = rows[1:]
    told = [(row, *_told(row.cells, columns)) for row in rows]
    days = _days([(row.line, day) for row, day, _text, _question in told])
    place = schedule.zone(zone) if zone else ZoneInfo("UTC")
    found = {
        (stamp(datetime.combine(day, _NOON, place).astimezone(UTC)), question, text)
        for day, (_row, _day, text, question) in zip(days, told, strict=True)
        if text
    }
    answers = [
        {
            "id": id, "check_in": None, "question": question, "text": text, "folded": folded(text),
            "reading": None if question != "note" else "sorted", "theme": None, "about": None, "message": None,
            "said_at": said_at,
        }
        for id, (said_at, question, text) in enumerate(sorted(found), 1)
    ]  # fmt: skip
    if not answers:
        raise Unfit("empty")
    return Bundle(rows={"answer": answers})


def _decoded(data: bytes) -> str:
    """The text of *data*, whatever program wrote it. Raises Unfit for what is no text."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    if b"\0" in data:
        raise Unfit("unreadable")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _rows(text: str) -> list[_Row]:
    """The rows of the table, by the separator with which most of them hold a date and a text. Raises Unfit."""
    found = {each: list(_split("\n".join(text.split("\n")[:_SAMPLE]), each, strict=False)) for each in ",;\t"}
    separator = max(found, key=lambda each: sum(map(_is_dated, found[each])))
    if not any(map(_is_dated, found[separator])):
        raise Unfit("unreadable")
    rows = list(_split(text, separator))
    if len(rows) > MOST:
        raise Unfit("much")
    return rows


def _split(text: str, separator: str, *, strict: bool = True) -> Iterator[_Row]:
    lines = csv.reader(io.StringIO(text), delimiter=separator)
    try:
        for cells in lines:
            if any(cell.strip() for cell in cells):
                yield _Row(lines.line_num, cells)
    except csv.Error:
        if strict:
            raise Unfit("line", str(lines.line_num)) from None


def _is_dated(row: _Row) -> bool:
    return len(row.cells) > 1 and any(map(_looks_like_a_date, row.cells))


def _columns(first: Sequence[str]) -> _Columns | None:
    """What the names in the *first* row say; None if there are no names in it. Raises Unfit."""
    names = [name.strip().casefold() for name in first]
    if any(map(_looks_like_a_date, first)):
        return None
    day, text, kind = (
        next((names.index(name) for name in known if name in names), None)
        for known in (_DATE_NAMES, _TEXT_NAMES, _KIND_NAMES)
    )
    if day is None or text is None:
        raise Unfit("line", "1")
    return _Columns(day, text, kind)


def _told(cells: Sequence[str], columns: _Columns) -> tuple[str, str, str]:
    """The date, the text and the question of a row."""

    def cell(at: int | None) -> str:
        return cells[at].strip() if at is not None and at < len(cells) else ""

    day, text, kind = cell(columns.day), cell(columns.text), cell(columns.kind).casefold()
    if columns.text is None:
        text = ", ".join(each.strip() for each in cells[columns.day + 1 :] if each.strip())
    question = "good_turn" if kind in _GOOD_TURN else "received" if kind in _RECEIVED else "note"
    return day, plain(text)[:LONGEST], question


# Dates


def _looks_like_a_date(cell: str) -> bool:
    text = cell.strip()
    return bool(_YEAR_FIRST.fullmatch(text) or _YEAR_LAST.fullmatch(text) or _in_words(text))


def _in_words(text: str) -> date | None:
    if len(text) < 30 and text[-4:].isdecimal():
        for form in _IN_WORDS:
            try:
                return datetime.strptime(text, form).date()  # noqa: DTZ007 - a day has no zone
            except ValueError:
                continue
    return None


def _days(cells: Sequence[tuple[int, str]]) -> list[date]:
    """The day in each of *cells*, which stand on those lines. Raises Unfit."""
    numbers = [(line, found) for line, cell in cells if (found := _YEAR_LAST.fullmatch(cell)) and found[2] != "."]
    day_first = {line: True for line, found in numbers if int(found[1]) > 12}
    month_first = {line: False for line, found in numbers if int(found[3]) > 12}
    if day_first and month_first:
        raise Unfit("line", str(max(min(day_first), min(month_first))))
    if not day_first and not month_first and any(found[1] != found[3] for _line, found in numbers):
        raise Unfit("dates")
    return [_day(line, cell, day_first=not month_first) for line, cell in cells]


def _day(line: int, cell: str, *, day_first: bool) -> date:
    try:
        if found := _YEAR_FIRST.fullmatch(cell):
            day = date(int(found[1]), int(found[3]), int(found[4]))
        elif found := _YEAR_LAST.fullmatch(cell):
            first, second = int(found[1]), int(found[3])
            by_day = day_first or found[2] == "."
            day = date(int(found[4]), second if by_day else first, first if by_day else second)
        else:
            day = _in_words(cell) or date.min
    except ValueError:
        day = date.min
    if not 1900 <= day.year <= 2100:
        raise Unfit("line", str(line))
    return day
