"""Works the numbers of docs/numbers.md through, from what `make bench` measured.

    make bench && .venv/bin/python tools/make_numbers.py

It reads bench/last.json and the cities of bot/cities.db, and writes its tables into docs/numbers.md, each between two
markers. What is assumed and not measured stands at the top of this file, and on the page.
"""

# ruff: noqa: INP001 - a script, not a package

import json
import re
import sqlite3
import sys
from collections import Counter, deque
from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from bot.schedule import usual_time, zone

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "numbers.md"
FIGURES = ROOT / "bench" / "last.json"

PEOPLE = (100, 10_000, 1_000_000, 50_000_000)
RATES = (30, 1_000)
"""Messages a second that Telegram takes of a bot: free of charge, and paid for."""

FRIDAY = datetime(2026, 11, 27, tzinfo=UTC)
"""In November, when the north has winter time."""

ANSWERING = 0.5
"""The part of those asked who answer, evenly over the `HOURS` after they were asked."""

HOURS = 3
REPLIES = 5
"""Messages of the bot's in an answered check-in behind its first, as in README: two that keep and ask on, the second
question, the card, and a word when a moment was chosen."""

LATER = 2
"""And those of the follow-up: its question, and what is said to the answer, within two days."""

CALLS = 1
"""Of a language model in an answered check-in: the card. Stories and drafts come on top, by wish."""

AGREEING = 0.5
"""The part of people who let a model help."""

_WEEK = 7 * 24 * 60
"""Minutes."""


class Measured(NamedTuple):
    """What `make bench` found, in seconds of CPU, bytes and MB."""

    passed: float
    """The part of Telegram's limit that goes through."""
    sqlite_step: float
    sqlite_ask: float
    postgres_step: float
    postgres_ask: float
    server_step: float
    server_ask: float
    claim: float
    sqlite_person: float
    sqlite_year: float
    postgres_person: float
    postgres_year: float
    sqlite_memory: float
    memory: float
    server_memory: float


def measured(figures: Mapping[str, Any]) -> Measured:
    """What of *figures*, which are bench/last.json's, the page is made of."""
    talk, stored, limits = figures["postgres"], figures["million"], figures["limits"]

    def step(kind: str, cpu: str) -> float:
        return float(median(one[cpu] / one["steps"] for one in talk[kind]))

    many, wait = limits["SQLite"]["many"], limits["SQLite"]["wait"]
    lite, post = stored["SQLite"], stored["PostgreSQL"]
    return Measured(
        passed=(len(many) + len(wait)) / max(many) / RATES[0],
        sqlite_step=step("SQLite", "cpu"),
        sqlite_ask=lite["ask"] / 1e6,
        postgres_step=step("PostgreSQL x1", "cpu"),
        postgres_ask=post["ask"] / 1e6,
        server_step=step("PostgreSQL x1", "server_cpu"),
        server_ask=post["server ask"] / 1e6,
        claim=post["found"] / 1e3,
        sqlite_person=lite["person"],
        sqlite_year=lite["year"],
        postgres_person=post["person"],
        postgres_year=post["year"],
        sqlite_memory=median(one["memory"] for one in talk["SQLite"]),
        memory=median(one["memory"] for one in talk["PostgreSQL x1"]),
        server_memory=median(one["server_memory"] for one in talk["PostgreSQL x1"]),
    )


# ---- when people are due ----


def shares() -> dict[int, float]:
    """The part of all people who are due in a minute of the week (UTC, Monday is 0): people live where the world's
    city people do, and keep the usual time."""
    with closing(sqlite3.connect(f"{(ROOT / 'bot' / 'cities.db').as_uri()}?mode=ro", uri=True)) as cities:
        zones = cities.execute("SELECT zone, SUM(population) FROM place GROUP BY zone").fetchall()
    usual = Counter(usual_time(person) for person in range(21_000))
    everybody = sum(people for _name, people in zones)
    due: Counter[int] = Counter()
    for name, people in zones:
        offset = (FRIDAY + timedelta(hours=12)).astimezone(zone(name)).utcoffset()
        assert offset is not None
        for at, times in usual.items():
            minute = 4 * 24 * 60 + at.hour * 60 + at.minute - offset // timedelta(minutes=1)
            due[minute % _WEEK] += people / everybody * times / usual.total()
    return dict(due)


def busiest(due: Mapping[int, float], minutes: int) -> float:
    """The most of *due* in so many *minutes* on end."""
    return max(sum(due.get((start + each) % _WEEK, 0.0) for each in range(minutes)) for start in range(_WEEK))


class Week(NamedTuple):
    """What a week is like at some rate: the longest *wait* until somebody who is due is asked, and the part of the
    rate that is *used*. The wait is None where a week is too short
    for all of it."""

    wait: timedelta | None
    used: float


def week(due: Mapping[int, float], people: int, rate: float) -> Week:
    """A week with so many *people* and so many messages a second, from a quiet Monday on: a minute at a time, replies
    first, and who is due in order."""
    used = people * (1 + ANSWERING * (REPLIES + LATER)) / (rate * _WEEK * 60)
    if used > 1:
        return Week(None, used)
    waiting: deque[tuple[int, float]] = deque()
    replies: Counter[int] = Counter()  # in thousandths, as counters count
    owed, longest, now = 0.0, 0, 0
    while now < _WEEK or waiting:
        owed += replies.pop(now, 0) / 1e3
        room = rate * 60
        said = min(room, owed)
        owed -= said
        room -= said
        if now < _WEEK and now in due:
            waiting.append((now, due[now] * people))
        asked = 0.0
        while waiting and room > 1e-9:
            since, left = waiting.popleft()
            part = min(room, left)
            asked += part
            room -= part
            longest = max(longest, now - since)
            if left > part:
                waiting.appendleft((since, left - part))
        for later, messages in (
            *((10 * each, REPLIES / (6 * HOURS)) for each in range(1, 6 * HOURS + 1)),
            *((24 * 60 + 30 * each, LATER / 48) for each in range(48)),
        ):
            if asked:
                replies[now + later] += round(asked * ANSWERING * messages * 1e3)
        now += 1
    return Week(timedelta(minutes=longest), used)


# ---- the page ----


def count(number: float) -> str:
    """*number* to two digits that matter, as people write it."""
    if number >= 1e6:
        return f"{float(f'{number / 1e6:.2g}'):,g} million"
    if number >= 10:
        return f"{float(f'{number:.2g}'):,.0f}"
    return f"{number:.1f}" if number >= 0.1 else "under 0.1"


def space(size: float) -> str:
    """So many bytes."""
    for unit, name in ((1e12, "TB"), (1e9, "GB"), (1e6, "MB")):
        if size >= unit:
            return f"{float(f'{size / unit:.2g}'):g} {name}"
    return f"{float(f'{size / 1e3:.2g}'):g} kB"


def lasts(wait: timedelta | None) -> str:
    """So long."""
    if wait is None:
        return "never done"
    minutes = wait // timedelta(minutes=1)
    if minutes < 2:
        return "none"
    return f"{minutes} min" if minutes < 120 else f"{minutes / 60:.0f} h"


def part(of_one: float) -> str:
    """A part of one, in hundredths."""
    if of_one < 0.001:
        return "under 0.1 %"
    return f"{float(f'{100 * of_one:.2g}'):,g} %"


def row(*cells: str) -> str:
    """A row of a table."""
    return f"| {' | '.join(cells)} |"


def inputs(found: Measured, figures: Mapping[str, Any]) -> str:
    """The table of what was measured, and where."""

    def milliseconds(seconds: float) -> str:
        return f"{seconds * 1e3:.2g} ms"

    where = str(figures["million"]["circumstances"]).partition("\n")[0]
    lines = [
        ("", "SQLite", "PostgreSQL", "its server beside it"),
        ("---", "---:", "---:", "---:"),
        (
            "CPU of a message in and its reply out",
            milliseconds(found.sqlite_step),
            milliseconds(found.postgres_step),
            milliseconds(found.server_step),
        ),
        (
            "CPU to ask somebody who is due",
            milliseconds(found.sqlite_ask),
            milliseconds(found.postgres_ask),
            milliseconds(found.server_ask),
        ),
        ("room for somebody new", space(found.sqlite_person), space(found.postgres_person), ""),
        ("room for a year of check-ins", space(found.sqlite_year), space(found.postgres_year), ""),
        (
            "memory",
            f"{found.sqlite_memory:.0f} MB",
            f"{found.memory:.0f} MB a process",
            f"{found.server_memory:.0f} MB",
        ),
    ]
    beside = (
        f"Of Telegram's {RATES[0]} messages a second {found.passed * RATES[0]:.1f} got through. Finding 256 people who"
        f" are due among {figures['million']['people']:,} took PostgreSQL {milliseconds(found.claim)}. {where}."
    )
    return "\n".join(
        [
            *(row(*line) for line in lines),
            "",
            beside,
        ]
    )


def worked(found: Measured, due: Mapping[int, float]) -> str:
    """The table of everything for each number of people."""
    minute, hour = busiest(due, 1), busiest(due, 60)
    free, paid = (rate * found.passed for rate in RATES)
    messages = 1 + ANSWERING * (REPLIES + LATER)

    def cpu(people: int, step: float) -> str:
        rate = free if people < PEOPLE[2] else paid
        return part(min(rate, people * minute / 60) * step)

    weeks = {(people, rate): week(due, people, rate) for people in PEOPLE for rate in (free, paid)}
    lines: list[tuple[str, Sequence[str]]] = [
        ("due in the busiest minute", [count(people * minute) for people in PEOPLE]),
        ("  messages a second, to ask them all in it", [count(people * minute / 60) for people in PEOPLE]),
        ("due in the busiest hour", [count(people * hour) for people in PEOPLE]),
        ("messages a week", [count(people * messages) for people in PEOPLE]),
        (f"longest wait to be asked, {RATES[0]} a second", [lasts(weeks[people, free].wait) for people in PEOPLE]),
        ("  of what may be sent in a week", [part(weeks[people, free].used) for people in PEOPLE]),
        (f"longest wait to be asked, {RATES[1]:,} a second", [lasts(weeks[people, paid].wait) for people in PEOPLE]),
        ("  of what may be sent in a week", [part(weeks[people, paid].used) for people in PEOPLE]),
        ("CPU in the busiest second, SQLite", [cpu(people, found.sqlite_step) for people in PEOPLE]),
        ("  PostgreSQL: the bots", [cpu(people, found.postgres_step) for people in PEOPLE]),
        ("  its server", [cpu(people, found.server_step) for people in PEOPLE]),
        (
            "database after a year, SQLite",
            [space(people * (found.sqlite_person + found.sqlite_year)) for people in PEOPLE],
        ),
        (
            "database after a year, PostgreSQL",
            [space(people * (found.postgres_person + found.postgres_year)) for people in PEOPLE],
        ),
        ("model calls a week", [count(people * AGREEING * ANSWERING * CALLS) for people in PEOPLE]),
    ]
    beside = (
        f"The busiest minute has {100 * minute:.2g} % of everybody, the busiest hour {100 * hour:.2g} %. So "
        f"a bot with {count(free * 60 / minute)} people asks each in their own minute at {RATES[0]} a second, and one "
        f"with {count(paid * 60 / minute)} at {RATES[1]:,}."
    )
    return "\n".join(
        [
            row("", *(f"{people:,}" for people in PEOPLE)),
            row("---", *("---:" for _ in PEOPLE)),
            *(row(name, *cells) for name, cells in lines),
            "",
            beside,
        ]
    )


def filled(page: str, name: str, text: str) -> str:
    """*page* with *text* between the markers called *name*. Raises ValueError if they aren't there."""
    marked, times = re.subn(
        rf"(<!-- {name} -->\n).*?(\n<!-- end -->)", lambda match: match[1] + text + match[2], page, flags=re.DOTALL
    )
    if times != 1:
        raise ValueError(f"docs/numbers.md has no <!-- {name} --> with <!-- end --> behind it")
    return marked


def main() -> None:
    """Write the tables into the page."""
    try:
        figures = json.loads(FIGURES.read_text("utf-8"))
        found = measured(figures)
    except (FileNotFoundError, KeyError):
        sys.exit("bench/last.json isn't there, or not whole: run make bench first")
    page = PAGE.read_text("utf-8")
    page = filled(page, "measured", inputs(found, figures))
    PAGE.write_text(filled(page, "worked through", worked(found, shares())), "utf-8")


if __name__ == "__main__":
    main()
