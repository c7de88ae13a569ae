"""A story drawn with characters: a stem with the weeks along it, what was given above it and what was received below.

Each theme has a sign and a colour of its own, so nothing depends on colour alone.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.story import Mark, Story
from bot.words import _
from bot.words.dates import month

if TYPE_CHECKING:
    from rich.text import Text

__all__ = ["drawn"]

_SIGNS = "●■▲◆▼★♣♠"
_COLOURS = ("yellow", "cyan", "green", "magenta", "blue", "bright_yellow", "bright_green", "bright_cyan")
"""One of each for each of eight themes, in their order; what serves none has the plain ones."""

_PLAIN, _RECEIVED, _MORE = "•", "○", "⋮"

_WIDTHS = {12: 5, 26: 2, 52: 1}
"""Columns of one week, so that every story fits into 64."""

_TALLEST = 12
"""Rows above or below the stem at most."""


def drawn(story: Story) -> list["Text"]:
    """*story*, a line each."""
    width = _WIDTHS[story.weeks]
    weeks = range(story.weeks)
    given = [[mark for mark in story.marks if mark.week == week and mark.given] for week in weeks]
    received = [[mark for mark in story.marks if mark.week == week and not mark.given] for week in weeks]
    above, below = _rows(given, width), _rows(received, width)
    return [
        *reversed(above),
        _stem(given, received, width),
        *below,
        _months(story, width),
        _text(""),
        *_legend(story),
        *_chains(story),
    ]


def _text(line: str, style: str = "") -> "Text":
    from rich.text import Text

    return Text(line, style=style)


def _rows(weeks: list[list[Mark]], width: int) -> list["Text"]:
    """The marks of *weeks*, nearest to the stem first, one a row."""
    tallest = min(_TALLEST, max(map(len, weeks), default=0))
    rows = []
    for height in range(tallest):
        row = _text("")
        for marks in weeks:
            sign, style = " ", ""
            if height < len(marks):
                is_cut = height == _TALLEST - 1 and len(marks) > _TALLEST
                sign, style = (_MORE, "dim") if is_cut else _sign(marks[height])
            row.append(" " * (width // 2)).append(sign, style=style).append(" " * (width - 1 - width // 2))
        row.rstrip()
        rows.append(row)
    return rows


def _sign(mark: Mark) -> tuple[str, str]:
    """How *mark* looks: its sign, and its colour."""
    if mark.theme is None:
        return (_PLAIN if mark.given else _RECEIVED), ""
    place = mark.theme % len(_SIGNS)
    return (_SIGNS[place] if mark.given else _RECEIVED), _COLOURS[place]


def _stem(given: list[list[Mark]], received: list[list[Mark]], width: int) -> "Text":
    joints = {(False, False): "─", (True, False): "┴", (False, True): "┬", (True, True): "┼"}
    line = "".join(
        "─" * (width // 2) + joints[bool(above), bool(below)] + "─" * (width - 1 - width // 2)
        for above, below in zip(given, received, strict=True)
    )
    return _text(line, "dim")


def _months(story: Story, width: int) -> "Text":
    """The month in which each week begins, where there is room for its name."""
    line, last = "", 0
    for week in range(story.weeks):
        number = (story.first + timedelta(weeks=week)).month
        name = month(number) if width > 1 else month(number)[:3]
        if number != last and len(line) <= week * width:
            line = line.ljust(week * width) + name + " "
        last = number
    return _text(line.rstrip()[: story.weeks * width], "dim")


def _legend(story: Story) -> Iterator["Text"]:
    """What the signs stand for: those that are there."""
    used = {mark.theme for mark in story.marks if mark.given}
    for place, theme in enumerate(story.themes):
        if any(mark.theme == place for mark in story.marks):
            sign = _SIGNS[place % len(_SIGNS)] if place in used else _RECEIVED
            yield _text("").append(sign, style=_COLOURS[place % len(_COLOURS)]).append(f" {theme}")
    if None in used:
        yield _text(f"{_PLAIN} ").append(_("something else"))
    if any(not mark.given for mark in story.marks):
        yield _text(f"{_RECEIVED} ").append(_("given to you"))


def _chains(story: Story) -> Iterator["Text"]:
    for chain in story.chains:
        hands = (chain.giver or _("somebody"), _("you"), chain.taker or _("somebody else"))
        yield _text(" ── ".join(hands))
