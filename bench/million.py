"""`python -m bench.million FILE`: what a tick costs when FILE holds very many people.

Run as a process of its own so that its memory is its own. It drives Tenfold's engine itself, on a clock that stands
where it is put: an idle tick (nobody is due), a tick that claims a thousand people (their dialogue says nothing, so
what is left is finding them, one durable transaction each, and forgetting what was due), and a tick that really asks
a thousand people, through the outbox, into a channel that swallows everything. Prints one JSON object.
"""

import json
import random
import sqlite3
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from statistics import median

import uvloop

from bot.app import open_engine
from bot.domain import Event, File, Incoming, Reply, Sender, Turn, View
from bot.engine import Engine
from bot.errors import Refused
from bot.files import Files
from bot.journal import Journal
from bot.pace import Pace
from bot.schedule import zone_data
from bot.store import Store, Transaction, open_store, stamp
from bot.story import Picture
from bot.understand import terms

BATCH = 1_000
"""People who fall due in one minute."""

BATCHES = 5
_IDLE_TICKS = 500
_BEGIN = datetime(2040, 11, 16, 16, tzinfo=UTC)
"""The first batch's minute, a Friday. Every minute another one, then everybody else over the week after. It is far
ahead, so that the whole bot has nothing to do on this database by its own clock."""


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
        database.executemany(
            "INSERT INTO answer (person, id, question, text, folded, said_at)"
            " VALUES (?1, 1, 'note', 'the bees are back', ' the bee be back ', ?2)",
            ((person, joined) for person in range(1, people + 1)),
        )
        # Or everybody's next check-in would be computed again at the first start, as after every change of the zones.
        database.execute("INSERT INTO fact (name, value) VALUES ('zone data', ?)", (zone_data(),))
        database.execute("COMMIT")
        database.execute("PRAGMA journal_mode = WAL")
    database.close()


def ten_years(tx: Transaction, person: int) -> None:
    """Ten years of weeks in the journal of *person*: four good turns with somebody's name each, and a note."""
    told, names = random.Random(10), ("Joana", "Rui", "Ana", "Tom")
    words = ("bread", "bees", "garden", "lift", "soup", "nurse", "drove", "listened", "bike", "letter", "river")
    for week in range(520):
        now = _BEGIN - timedelta(weeks=521 - week)
        journal = Journal(tx, Sender(person=person, chat=person), now)
        if not week:
            journal.set_themes(["bread", "bees"])
        check_in = journal.start_check_in("planned", ["good_turn", "people"], now.date().isoformat())
        for _turn in range(4):
            answer = journal.add("good_turn", text=" ".join(told.choices(words, k=18)), check_in=check_in)
            journal.mention(answer, [told.choice(names)])
        journal.add("note", text=" ".join(told.choices(words, k=12)))
        journal.save()


def page(tx: Transaction, person: int, view: View | None, before: int | None) -> float:
    """Milliseconds until a page of the history is read: its entry, and whether there are older and newer ones."""
    journal = Journal(tx, Sender(person=person, chat=person), _BEGIN)
    began = time.perf_counter()
    if entry := journal.entry_before(before, view):
        journal.entry_before(entry.id, view)
        journal.entry_after(entry.id, view)
    return (time.perf_counter() - began) * 1e3


async def slowest_page(store: Store, person: int) -> float:
    """Milliseconds of the slowest page of that journal: of any place in it, word, theme, person or month the median of
    several readings, and of these the most."""
    await store.transact(partial(ten_years, person=person))
    known, themes = await store.read(
        lambda tx: (
            (journal := Journal(tx, Sender(person=person, chat=person), _BEGIN)).known()["Rui"].id,
            [theme.id for theme in journal.themes()],
        )
    )
    month = View(since=_BEGIN - timedelta(days=1000), until=_BEGIN - timedelta(days=970))
    views: list[tuple[View | None, int | None]] = [
        *((None, before) for before in (None, 2000, 10)),
        *((View(terms=terms(words)), None) for words in ("soup", "soup bees river", "zebra")),
        (View(theme=themes[0]), 2000),
        (View(acquaintance=known), 2000),
        (month, None),
    ]
    return max(
        [
            median([await store.read(partial(page, person=person, view=view, before=before)) for _again in range(11)])
            for view, before in views
        ]
    )


class Swallow:
    """A channel into which everything goes and from which nothing comes."""

    def __init__(self) -> None:
        self.sent = 0

    def read(self, payload: str) -> Incoming | None:
        return None

    async def send(
        self, chat: int, reply: Reply, *, bare: bool = False, attached: File | Picture | None = None
    ) -> int | None:
        self.sent += 1
        return self.sent

    async def acknowledge(self, incoming: Incoming) -> None:
        return None

    async def mark(self, incoming: Incoming, chosen: str) -> None:
        return None

    async def react(self, chat: int, message: int) -> None:
        return None

    async def typing(self, chat: int) -> None:
        return None

    async def fetch(self, file: File, to: Path) -> None:
        raise Refused


def resident() -> float:
    """MB of this process."""
    (line,) = (line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmRSS:"))
    return int(line.split()[1]) / 1024


async def measure(file: Path) -> dict[str, float]:
    """CPU ms of an idle tick, MB before and after many, CPU us to claim a due person and to ask one, and ms of a page
    of a ten-year journal."""
    now = _BEGIN - timedelta(hours=1)
    channel = Swallow()

    def silent(_event: Event, _journal: Journal, _now: datetime) -> Turn:
        return Turn()

    async def cost(engine: Engine) -> float:
        """CPU seconds until a tick and all that it caused are over."""
        before = time.process_time()
        await engine.tick()
        await engine.settle()
        return time.process_time() - before

    async def batches(engine: Engine, minute: int) -> float:
        """CPU us for one person of a batch: the median of several, one a minute from *minute* on."""
        nonlocal now
        costs = []
        for number in range(minute, minute + BATCHES):
            now = _BEGIN + timedelta(minutes=number, seconds=1)
            costs.append(await cost(engine))
        return median(costs) / BATCH * 1e6

    def clock() -> datetime:
        return now

    figures: dict[str, float] = {}
    store = open_store(f"sqlite:///{file}")
    files = Files(file.with_suffix(".media"))
    engine = Engine(
        store=store, channel=channel, converse=silent, clock=clock, pace=Pace(overall=0, chat=0), files=files
    )
    await engine.start()
    await engine.tick()  # the first one of an hour also sweeps
    await engine.settle()  # and a start looks through the whole file for what was deleted
    figures["before"] = resident()
    figures["idle"] = sum([await cost(engine) for _ in range(_IDLE_TICKS)]) / _IDLE_TICKS * 1e3
    figures["after"] = resident()
    figures["claim"] = await batches(engine, 0)
    figures["page"] = await slowest_page(store, 2 * BATCH * BATCHES + 1)
    await engine.stop()
    await store.close()
    async with open_engine(f"sqlite:///{file}", channel, clock=clock, pace=Pace(overall=0, chat=0)) as real:
        figures["ask"] = await batches(real, BATCHES)
    assert channel.sent == BATCH * BATCHES, f"{channel.sent} were asked"
    return figures


if __name__ == "__main__":
    print(json.dumps(uvloop.run(measure(Path(sys.argv[1])))))
