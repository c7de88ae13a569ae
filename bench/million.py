"""`python -m bench.million ADDRESS [PID]`: what a tick costs when very many people are in the database at ADDRESS,
whose server is PID and its children.

Run as a process of its own so that its memory is its own. It drives Tenfold's engine itself, on a clock that stands
where it is put: an idle tick (nobody is due), a claim (the query that finds who is due, and that alone), a tick that
claims a minute's people (their dialogue says nothing, so what is left is finding them, one durable transaction each,
and forgetting what was due), and a tick that really asks as many, through the outbox, into a channel that swallows
everything. On PostgreSQL it is a replica, the only one. Prints one JSON object.
"""

import asyncio
import contextlib
import json
import random
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from statistics import median

import uvloop

from bench.bulk import fill, size
from bench.process import Family, Measured
from bench.session import PATIENCE, TENFOLD, Plan, idle_memory, session
from bench.table import Line, table
from bench.year import bytes_of_a_year
from bot.app import joined, open_engine, sharing
from bot.domain import Event, File, Incoming, Reply, Sender, Turn, View
from bot.engine import CLAIM, Engine
from bot.errors import Refused
from bot.files import Files
from bot.journal import Journal
from bot.pace import Pace
from bot.replica import ALL, Alone, Replica
from bot.settings import Settings
from bot.store import Store, Transaction, open_store, stamp
from bot.story import Picture
from bot.understand import terms
from tests import postgres

BATCH = 1_500
"""People who fall due in one minute: as many as Telegram takes in one."""

BATCHES = 5
_IDLE_TICKS = 500
_CLAIMS = 100
_BEGIN = datetime(2040, 11, 16, 16, tzinfo=UTC)
"""The first batch's minute, a Friday. Every minute another one, then everybody else over the week after. It is far
ahead, so that the whole bot has nothing to do on this database by its own clock."""

_EARLY = 2 * BATCH * BATCHES
"""People who are in a batch: one to be claimed, or one to be asked."""


def due(person: int) -> datetime:
    """When the check-in of *person* is planned."""
    if person <= _EARLY:
        return _BEGIN + timedelta(minutes=(person - 1) // BATCH)
    return _BEGIN + timedelta(days=1, seconds=person * 7919 % (6 * 86_400))


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


@contextlib.asynccontextmanager
async def replica(database: str) -> AsyncIterator[Replica | None]:
    """On PostgreSQL a replica; on SQLite there is none."""
    async with joined(Settings(telegram_bot_token="", database_url=database), polls=False) as one:
        yield one


async def alone(duty: Replica | None) -> None:
    """Return once everybody is looked after here."""
    while duty and duty.held != ALL:  # noqa: ASYNC110 - it tells nobody
        await asyncio.sleep(0.05)


async def claim(store: Store, now: datetime) -> float:
    """Milliseconds until it is known who is due at *now*: a claim as the engine makes it, the median of many."""
    waits = []
    for _again in range(_CLAIMS):
        began = time.perf_counter()
        await store.read(lambda tx: tx.all("due_claim", now=stamp(now), shards=ALL, limit=CLAIM))
        waits.append(time.perf_counter() - began)
    return median(waits) * 1e3


async def measure(database: str, family: Family | None) -> dict[str, float]:
    """CPU ms of an idle tick, MB that many leave behind, ms to find who is due, CPU us to claim a due person and to ask
    one, and ms of a page of a ten-year journal. What the database's server takes beside it has "server" before it."""
    now = _BEGIN - timedelta(hours=1)
    channel = Swallow()

    def silent(_event: Event, _journal: Journal, _now: datetime) -> Turn:
        return Turn()

    def clock() -> datetime:
        return now

    async def costs(engine: Engine, ticks: Sequence[datetime]) -> tuple[float, float]:
        """CPU seconds of a tick and all that it caused at each of *ticks*: the median; and of the server the mean."""
        nonlocal now
        here = []
        server = family.cpu() if family else 0.0
        for tick in ticks:
            now = tick
            before = time.process_time()
            await engine.tick()
            await engine.settle()
            here.append(time.process_time() - before)
        return median(here), ((family.cpu() - server) if family else 0.0) / len(ticks)

    def minutes(first: int) -> list[datetime]:
        return [_BEGIN + timedelta(minutes=number, seconds=1) for number in range(first, first + BATCHES)]

    figures: dict[str, float] = {}

    def note(name: str, cost: tuple[float, float], unit: float) -> None:
        figures[name] = cost[0] * unit
        if family:
            figures[f"server {name}"] = cost[1] * unit

    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        async with replica(database) as duty:
            store = open_store(database, holder=duty.id if duty else None)
            engine = Engine(
                store=store,
                channel=channel,
                converse=silent,
                clock=clock,
                pace=Pace(overall=0, chat=0),
                files=Files(Path(folder) / "media"),
                duty=duty or Alone(),
            )
            await engine.start()
            async with sharing(duty, engine, store):
                await alone(duty)
                await engine.tick()  # the first one of an hour also sweeps
                await engine.settle()  # and a start looks through the whole file for what was deleted
                before = resident()
                note("idle", await costs(engine, [now] * _IDLE_TICKS), 1e3)
                figures["left"] = resident() - before
                figures["found nobody"] = await claim(store, now)
                figures["found"] = await claim(store, _BEGIN)
                note("claim", await costs(engine, minutes(0)), 1e6 / BATCH)
                figures["page"] = await slowest_page(store, _EARLY + 1)
                await engine.stop()
            await store.close()
        async with (
            replica(database) as duty,
            open_engine(database, channel, clock=clock, pace=Pace(overall=0, chat=0), replica=duty) as real,
        ):
            await alone(duty)
            note("ask", await costs(real, minutes(BATCHES)), 1e6 / BATCH)
    assert channel.sent == BATCH * BATCHES, f"{channel.sent} were asked"
    return figures


async def million(database: str, server: postgres.Server | None, plan: Plan, core: int) -> dict[str, float]:
    """What `measure` finds with *plan.stored* people in the empty *database*; "idle MB" of the whole bot, "person" and
    "year": bytes of somebody new, and of a year's journal. Raises DidNotRun."""
    empty = size(database) if server else 0
    began = time.monotonic()
    await fill(database, range(1, plan.stored + 1), due)
    figures = {"fill": time.monotonic() - began, "person": (size(database) - empty) / plan.stored}
    living = range(_EARLY + 10, _EARLY + 10 + plan.living)
    figures["year"] = await bytes_of_a_year(database, living, _BEGIN - timedelta(days=1))
    async with session(TENFOLD, 0, plan, core, database=database) as here:
        figures["idle MB"] = await idle_memory(here)
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        command = ("-m", "bench.million", database, *([str(server.pid)] if server else []))
        running = await Measured.start(command, core=core, folder=Path(name), environment={})
        try:
            async with asyncio.timeout(PATIENCE.total_seconds()):
                await running.ended()
            found: dict[str, float] = json.loads(running.said())
            return figures | found
        except TimeoutError:
            raise running.failure(f"not done within {PATIENCE}") from None
        except ValueError:
            raise running.failure() from None
        finally:
            await running.stop()


def shown(columns: dict[str, dict[str, float]], plan: Plan) -> str:
    """The table of a *columns* for each database."""

    def line(name: str, figure: str, form: str, most: float | None = None, unit: float = 1) -> Line:
        values = [figures[figure] * unit if figure in figures else None for figures in columns.values()]
        return Line(name=name, values=values, form=form, most=most)

    return table(
        (f"with {plan.stored:,} people in the database", *columns, "wanted on SQLite"),
        [
            line("CPU of an idle tick, ms", "idle", ".3f", most=1),
            line("  the server's", "server idle", ".3f"),
            line("  memory it leaves behind, 500 times, MB", "left", ".1f", most=1),
            line("memory of the whole bot idle, MB", "idle MB", ".0f", most=70),
            line("finding who is due, ms: nobody", "found nobody", ".2f"),
            line(f"  {CLAIM} of the {BATCH:,} of a minute", "found", ".2f"),
            line("CPU to claim a due person, us", "claim", ".0f", most=100),
            line("  the server's", "server claim", ".0f"),
            line("  to claim, ask and send, us", "ask", ".0f"),
            line("  the server's", "server ask", ".0f"),
            line("slowest page of a ten-year journal, ms", "page", ".1f", most=5),
            line("room for somebody new, kB", "person", ".1f", unit=1e-3),
            line("  for a year of check-ins, kB", "year", ".0f", unit=1e-3),
            line("filling it, s", "fill", ".0f"),
        ],
    )


if __name__ == "__main__":
    _program, address, *pid = sys.argv
    print(json.dumps(uvloop.run(measure(address, Family(int(pid[0])) if pid else None))))
