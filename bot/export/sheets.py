"""The journal as tables, for whoever would rather open a spreadsheet: comma-separated, UTF-8 with a mark that says so.

A spreadsheet takes a cell that begins like a formula for one, and runs it; and words in a journal may be somebody
else's, passed on. So whatever could be a formula has an apostrophe before it (OWASP, "CSV Injection"): at the beginning
of a cell, and also where a spreadsheet that goes by another separator than the comma would begin one, which is after a
semicolon, a tab or a line break. `plain` takes exactly those apostrophes away again.
"""

import csv
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, tzinfo
from functools import cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from bot.export.told import Told
from bot.schedule import zone
from bot.store import instant

_SAYS_NOTHING = ("skip", "never", "enough")

Row = Sequence[object]


class _Risks(NamedTuple):
    """Where an apostrophe belongs, and where there is one."""

    missing: re.Pattern[str]
    there: re.Pattern[str]


@cache  # looking through all signs takes a moment that no start of the bot should
def _risks() -> _Risks:
    """What a formula begins with, in every form of it (wide, small, raised), and what may stand before and be
    overlooked."""
    signs = [chr(number) for number in range(0x10000)]
    begins = [sign for sign in signs if unicodedata.normalize("NFKC", sign)[:1] in tuple("=+-@")]
    unseen = [sign for sign in signs if unicodedata.category(sign) in ("Zs", "Zl", "Zp", "Cc", "Cf")]
    before = "".join(sign for sign in unseen if sign not in "\t\n\r") + "\"'"
    formula = rf"[{re.escape(before)}]*[{re.escape(''.join(begins))}]"
    cell, inside = rf"(?='*[\t\r\n]|{formula})", rf"(?={formula})"
    return _Risks(
        missing=re.compile(rf"\A{cell}|(?<=[;\t\r\n]){inside}"),
        there=re.compile(rf"\A'{cell}|(?<=[;\t\r\n])'{inside}"),
    )


def harmless(text: str) -> str:
    """*text* that no spreadsheet takes for a formula."""
    return _risks().missing.sub("'", text)


def plain(cell: str) -> str:
    """The text that `harmless` made *cell* of; a cell that it didn't make stays as it is."""
    return _risks().there.sub("", cell)


def sheets(told: Told) -> dict[str, Callable[[], Iterator[str]]]:
    """Every table of *told* by its name in the zip, each to be had in pieces as often as it is asked for."""
    tables = {"entries": _entries, "people": _people, "themes": _themes, "actions": _actions}

    def pieces(rows: Callable[[_Journal], Iterator[Row]]) -> Iterator[str]:
        return _written(rows(_Journal(told)))

    return {f"csv/{name}.csv": lambda rows=rows: pieces(rows) for name, rows in tables.items()}  # type: ignore[misc]


class _Journal:
    """What tables need to name things."""

    def __init__(self, told: Told) -> None:
        self.told = told
        place: str | None = told.short["person"]["zone"]
        self._zone: tzinfo = zone(place) if place else ZoneInfo("UTC")
        self.names = {each["id"]: each["name"] for each in told.short["acquaintances"]}
        self.themes = {each["id"]: each["text"] for each in told.short["themes"]}
        self.places = {each["id"]: each["text"] for each in told.short["places"]}

    def at(self, stamp: str) -> datetime:
        """An instant on their own clock."""
        return instant(stamp).astimezone(self._zone)

    def day(self, stamp: str | None) -> str:
        """Its date there."""
        return self.at(stamp).date().isoformat() if stamp else ""

    def answers(self) -> Iterator[dict[str, Any]]:
        """Everything that was said."""
        for place, _check_in in self.told.every_answer():
            yield self.told.answer(place)


def _entries(journal: _Journal) -> Iterator[Row]:
    yield "id", "date", "time", "question", "text", "choice", "people", "theme", "about"
    for answer in journal.answers():
        if answer["text"] is not None or answer["reading"] not in _SAYS_NOTHING:
            at = journal.at(answer["said_at"])
            names = ", ".join(journal.names[id] for id in answer["acquaintances"] if id in journal.names)
            yield (
                answer["id"], at.date(), f"{at:%H:%M}", answer["question"], answer["text"], answer["reading"], names,
                journal.themes.get(answer["theme"]), answer["about"],
            )  # fmt: skip


def _people(journal: _Journal) -> Iterator[Row]:
    yield "name", "other names", "circle", "let be", "first", "last"
    seen: dict[int, tuple[str, str]] = {}
    for answer in journal.answers():
        for id in answer["acquaintances"]:
            first, last = seen.get(id, (answer["said_at"], answer["said_at"]))
            seen[id] = min(first, answer["said_at"]), max(last, answer["said_at"])
    for each in journal.told.short["acquaintances"]:
        first, last = seen.get(each["id"], ("", ""))
        names = ", ".join(each["other_names"])
        yield each["name"], names, each["circle"], _yes(each["let_be"]), journal.day(first), journal.day(last)


def _themes(journal: _Journal) -> Iterator[Row]:
    yield "theme", "since", "paused", "circle"
    for each in journal.told.short["themes"]:
        yield each["text"], journal.day(each["added_at"]), _yes(each["paused"]), each["circle"]


def _actions(journal: _Journal) -> Iterator[Row]:
    yield "id", "date", "text", "minutes", "theme", "person", "place", "state", "moment", "felt"
    for card in journal.told.cards():
        yield (
            card["id"], journal.day(card["shown_at"]), card["text"], card["minutes"], card["theme"],
            journal.names.get(card["acquaintance"]), journal.places.get(card["place"]), card["state"], card["moment"],
            card["felt"],
        )  # fmt: skip


def _yes(value: bool) -> str:
    return "yes" if value else ""


class _Pieces:
    """What the csv module writes, a row at a time."""

    last = ""

    def write(self, text: str) -> None:
        self.last = text


def _written(rows: Iterable[Row]) -> Iterator[str]:
    """*rows* as they stand in the file, the byte order mark first, by which spreadsheets know UTF-8."""
    yield "\ufeff"
    piece = _Pieces()
    writer = csv.writer(piece, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    for row in rows:
        writer.writerow(["" if cell is None else harmless(str(cell)) for cell in row])
        yield piece.last
