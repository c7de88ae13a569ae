"""`python -m bench.million FILE`: what a tick costs when FILE holds very many people.

Run as a process of its own so that its memory is its own. It drives Tenfold's engine itself, on a clock that stands
where it is put: an idle tick (nobody is due), a tick that claims a thousand people (their dialogue says nothing, so
what is left is finding them, one durable transaction each, and forgetting what was due), and a tick that really asks
a thousand people, through the outbox, into a channel that swallows everything. Prints one JSON object.
"""

import asyncio
import json
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from statistics import median

from bot.app import open_engine
from bot.domain import Event, Incoming, Reply, Turn
from bot.engine import Engine
from bot.journal import Journal
from bot.pace import Pace
from bot.schedule import zone_data
from bot.store import open_store, stamp

BATCH = 1_000
"""People who fall due in one minute."""

BATCHES = 5
_IDLE_TICKS = 500
_BEGIN = datetime(2026, 11, 13, 16, tzinfo=UTC)
"""The first batch's minute, a Friday. Every minute another one, then everybody else over the week after."""


async def fill(file: Path, people: int) -> None:
    """Make *file* a database of Tenfold's own making with *people* in it who all have a check-in planned."""
    await open_store(f"sqlite:///{file}").close()
    joined = stamp(_BEGIN - timedelta(days=3))
    early = 2 * BATCH * BATCHES

    def due() -> Iterator[tuple[int, str, str]]:
        for person in range(1, people + 1):
            if person <= early:
                at = _BEGIN + timedelta(minutes=(person - 1) // BATCH)
            else:
                at = _BEGIN + timedelta(days=1, seconds=person * 7919 % (6 * 86_400))
            yield person, at.date().isoformat(), stamp(at)

    with sqlite3.connect(file, isolation_level=None) as database:
        # Only while it is made: nothing of it would be missed.
        database.execute("PRAGMA journal_mode = OFF")
        database.execute("PRAGMA synchronous = OFF")
        database.execute("BEGIN")
        database.executemany(
            "INSERT INTO person (id, chat, name, language, state, city, zone, length, unanswered, joined_at, seen_at,"
            " counter) VALUES (?1, ?1, 'P' || ?1, 'en', 'here', 'Porto', 'Europe/Lisbon', 'short', 0, ?2, ?2, 9)",
            ((person, joined) for person in range(1, people + 1)),
        )
        database.executemany("INSERT INTO due (person, kind, subject, at) VALUES (?, 'check-in', ?, ?)", due())
        # Or everybody's next check-in would be computed again at the first start, as after every change of the zones.
        database.execute("INSERT INTO fact (name, value) VALUES ('zone data', ?)", (zone_data(),))
        database.execute("COMMIT")
        database.execute("PRAGMA journal_mode = WAL")
    database.close()


class Swallow:
    """A channel into which everything goes and from which nothing comes."""

    def __init__(self) -> None:
        self.ids = count(1)
        self.sent = 0

    def read(self, payload: str) -> Incoming | None:
        return None

    async def send(self, chat: int, reply: Reply, *, bare: bool = False) -> int | None:
        self.sent += 1
        return next(self.ids)

    async def acknowledge(self, incoming: Incoming, chosen: str | None) -> None:
        return None

    async def typing(self, chat: int) -> None:
        return None


def resident() -> float:
    """MB of this process."""
    (line,) = (line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmRSS:"))
    return int(line.split()[1]) / 1024
