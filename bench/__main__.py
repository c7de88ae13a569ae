"""`python -m bench`: Tenfold beside its peers, in one run, each on one core; prints a plain table.

The load (server and people) has another core to itself, so a bot never waits for it and never shares its core with it.
The bots take turns, round by round, and medians are quoted: on a machine that is now faster, now slower, ratios mean
more than numbers.
"""

import argparse
import asyncio
import contextlib
import json
import os
import platform
import sqlite3
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from statistics import median

import uvloop

from bench.million import fill
from bench.people import Crowd
from bench.process import DidNotRun, Measured, split_cores
from bench.server import TOKEN, Telegram

_HELLO = 101
"""The first person's id."""
_PATIENCE = timedelta(seconds=90)
"""The longest that anything but the talking itself may take."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Bot:
    """A bot to measure. *opening* is what a new person says until check-ins can begin."""

    name: str
    command: tuple[str, ...]
    opening: tuple[str, ...] = ("/start",)


TENFOLD, *PEERS = BOTS = (
    Bot(name="Tenfold", command=("-m", "bot", "run"), opening=("/start", "sourdough, being patient", "porto")),
    Bot(name="PTB", command=("-m", "bench.peers.ptb_bot")),
    Bot(name="aiogram", command=("-m", "bench.peers.aiogram_bot")),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """How much is measured."""

    rounds: int
    people: int
    active: int
    stored: int
    warm_up: timedelta
    window: timedelta
    gather: timedelta


@dataclass(frozen=True, kw_only=True, slots=True)
class Round:
    """What one round with one bot gave. Seconds of CPU and of waiting, MB of memory."""

    start_cpu: float
    idle: float
    steps: int
    cpu: float
    wall: float
    p50: float
    p99: float
    wrong: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Session:
    """A bot that is polling, and the people who can talk to it."""

    bot: Measured
    crowd: Crowd
    start_cpu: float
    database: Path


@contextlib.asynccontextmanager
async def session(
    bot: Bot, people: int, plan: Plan, core: int, *, database: Path | None = None
) -> AsyncIterator[Session]:
    """*bot* from its start to its end, on an empty database or on *database*. Raises DidNotRun."""
    crowd = Crowd(range(_HELLO, _HELLO + people))
    first_poll = asyncio.Event()
    start_cpu = 0.0

    def polled() -> None:
        nonlocal start_cpu
        start_cpu = running.cpu()
        first_poll.set()

    server = Telegram(sent=crowd.heard, polled=polled, gather=plan.gather)
    crowd.say = server.say
    await server.open()
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        file = database or folder / "bench.db"
        running = await Measured.start(
            bot.command,
            core=core,
            folder=folder,
            environment={
                "TELEGRAM_BOT_TOKEN": TOKEN,
                "TELEGRAM_API_BASE_URL": f"http://127.0.0.1:{server.port}",
                "DATABASE_URL": f"sqlite:///{file}",
                "SENDS_PER_SECOND": "0",
                "SENDS_PER_SECOND_PER_CHAT": "0",
                "MESSAGES_PER_MINUTE": "0",
            },
        )
        try:
            async with watched(running):
                await first_poll.wait()
            yield Session(bot=running, crowd=crowd, start_cpu=start_cpu, database=file)
        finally:
            await running.stop()
            await server.close()


@contextlib.asynccontextmanager
async def watched(bot: Measured) -> AsyncIterator[None]:
    """What is done here must be over in time, and the bot must live. Raises DidNotRun."""
    here = asyncio.current_task()
    assert here is not None
    died = False

    async def watch() -> None:
        nonlocal died
        await bot.ended()
        died = True
        here.cancel()

    watcher = asyncio.create_task(watch())
    try:
        async with asyncio.timeout(_PATIENCE.total_seconds()):
            yield
    except TimeoutError:
        raise bot.failure() from None
    except asyncio.CancelledError:
        if not died:
            raise
        here.uncancel()
        raise bot.failure() from None
    finally:
        watcher.cancel()


async def idle_memory(here: Session) -> float:
    """Resident MB while nobody says anything."""
    # Time for what a bot still does after its first poll; Tenfold's tick comes once a second.
    await asyncio.sleep(1.5)
    return here.bot.memory()


async def measured_round(bot: Bot, plan: Plan, core: int) -> Round:
    """One round of the check-in with *bot*. Raises DidNotRun."""
    async with session(bot, plan.people, plan, core) as here:
        idle = await idle_memory(here)
        crowd = here.crowd
        async with watched(here.bot):
            await crowd.visit(bot.opening, at_once=plan.people, pause=timedelta(milliseconds=50))
            crowd.begin()
            await asyncio.sleep(plan.warm_up.total_seconds())
            before, cpu, began = len(crowd.latencies), here.bot.cpu(), time.monotonic()
            await asyncio.sleep(plan.window.total_seconds())
            cpu, wall = here.bot.cpu() - cpu, time.monotonic() - began
            waits = sorted(crowd.latencies[before:])
            await crowd.end()
            await crowd.burst()
        wrong = crowd.disorder + crowd.extra + crowd.missing
        await here.bot.stop()
        with contextlib.closing(sqlite3.connect(here.database)) as database:
            rows = database.execute("SELECT person, text FROM answer WHERE text IS NOT NULL ORDER BY person, id")
            wrong += crowd.misplaced(rows)
    return Round(
        start_cpu=here.start_cpu,
        idle=idle,
        steps=len(waits),
        cpu=cpu,
        wall=wall,
        p50=waits[len(waits) // 2],
        p99=waits[len(waits) * 99 // 100],
        wrong=wrong,
    )


async def memory_when_active(bot: Bot, plan: Plan, core: int) -> float:
    """Resident MB after *plan.active* people said hello, 64 at a time. Raises DidNotRun."""
    async with session(bot, plan.active, plan, core) as here:
        async with watched(here.bot):
            await here.crowd.visit(bot.opening[:1], at_once=plan.people, pause=timedelta())
        return here.bot.memory()


async def million(plan: Plan, core: int) -> dict[str, float]:
    """What Tenfold costs with *plan.stored* people in its database, by the names that `bench.million` gives, and
    "idle MB" of the whole bot. Raises DidNotRun."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        file = folder / "crowd.db"
        await fill(file, plan.stored)
        async with session(TENFOLD, 0, plan, core, database=file) as here:
            memory = await idle_memory(here)
        running = await Measured.start(("-m", "bench.million", str(file)), core=core, folder=folder, environment={})
        try:
            async with asyncio.timeout(_PATIENCE.total_seconds()):
                await running.ended()
            figures: dict[str, float] = json.loads(running.said())
        except (TimeoutError, ValueError):
            raise running.failure() from None
        finally:
            await running.stop()
        return figures | {"idle MB": memory}


# ---- the table ----


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A line of the table. *most* or *least* is what is wanted of Tenfold."""

    name: str
    values: Sequence[float]
    form: str
    least: float | None = None
    most: float | None = None

    def row(self) -> tuple[str, ...]:
        """Its cells: the name, a value for each bot, what is wanted and whether it is so."""
        wanted = ""
        if self.least is not None:
            wanted = f"at least {self.least:g}: {'yes' if self.values[0] >= self.least else 'NO'}"
        if self.most is not None:
            wanted = f"under {self.most:g}: {'yes' if self.values[0] < self.most else 'NO'}"
        return self.name, *(format(value, self.form) for value in self.values), wanted


def table(*lines: tuple[str, ...]) -> str:
    """*lines* in columns: the first and the last to the left, numbers to the right."""
    last = max(map(len, lines)) - 1
    rows = [(*line[:-1], *[""] * (last + 1 - len(line)), line[-1]) for line in lines]
    widths = [max(len(row[column]) for row in rows) for column in range(last + 1)]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if 0 < column < last else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    )


def side_by_side(rounds: Sequence[Sequence[Round]], active: Sequence[float], plan: Plan) -> list[Line]:
    """The lines that compare the bots: medians over *rounds*, which are those of each bot in the order of BOTS."""

    def each(figure: Callable[[Round], float], form: str, name: str, most: float | None = None) -> Line:
        return Line(name=name, values=[median(map(figure, of_one)) for of_one in rounds], form=form, most=most)

    steps = each(lambda one: one.steps / one.cpu, ",.0f", "steps per CPU second")
    ratios = [
        Line(name=f"  Tenfold does, times {peer.name}'s", values=[steps.values[0] / value], form=".2f", least=least)
        for peer, value, least in zip(PEERS, steps.values[1:], (3.0, 1.5), strict=True)
    ]
    return [
        steps,
        *ratios,
        each(lambda one: one.cpu / one.steps * 1e3, ".2f", "CPU of a step, ms"),
        each(lambda one: one.steps / one.wall, ",.0f", "steps per second"),
        each(lambda one: one.p50 * 1e3, ".0f", "wait for the reply, ms: median"),
        each(lambda one: one.p99 * 1e3, ".0f", "  99 of 100 at most"),
        Line(
            name="replies or answers lost, doubled or out of order",
            values=[sum(one.wrong for one in of_one) for of_one in rounds],
            form=",.0f",
            most=1,
        ),
        each(lambda one: one.start_cpu, ".2f", "CPU from start to first getUpdates, s", 0.6),
        each(lambda one: one.idle, ".0f", "memory idle, MB", 70),
        Line(name=f"  {plan.active:,} people active, MB", values=active, form=".0f", most=120),
    ]


def alone(figures: dict[str, float]) -> list[Line]:
    """The lines about Tenfold with very many people in its database."""
    return [
        Line(name="CPU of an idle tick, ms", values=[figures["idle"]], form=".3f", most=1),
        Line(
            name="  memory it leaves behind, 500 times, MB",
            values=[figures["after"] - figures["before"]],
            form=".1f",
            most=1,
        ),
        Line(name="memory of the whole bot idle, MB", values=[figures["idle MB"]], form=".0f", most=70),
        Line(name="CPU to claim a due person, us", values=[figures["claim"]], form=".0f", most=100),
        Line(name="  to claim, ask and send, us", values=[figures["ask"]], form=".0f"),
        Line(name="slowest page of a ten-year journal, ms", values=[figures["page"]], form=".1f", most=5),
    ]


def circumstances(plan: Plan) -> str:
    """When, where and what was measured."""
    model = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.machine(),
    )
    return (
        f"{datetime.now(UTC):%Y-%m-%d}: {model}, {os.cpu_count()} cores; {platform.system()} {platform.release()}, "
        f"{platform.python_implementation()} {platform.python_version()}, SQLite {sqlite3.sqlite_version}, "
        f"python-telegram-bot {version('python-telegram-bot')}, aiogram {version('aiogram')}\n"
        f"{plan.people} people, each writes as soon as the reply came; every bot on one core, its database on disk; "
        f"median of {plan.rounds} x {plan.window.total_seconds():g} s"
    )


async def run(plan: Plan, core: int) -> bool:
    """Measure everything and print it. Whether nobody's order was broken by Tenfold. Raises DidNotRun."""
    print(circumstances(plan), flush=True)
    rounds: list[list[Round]] = [[] for _ in BOTS]
    for number in range(plan.rounds):
        for bot, kept in zip(BOTS, rounds, strict=True):
            note(f"round {number + 1} of {plan.rounds}: {bot.name}")
            kept.append(await measured_round(bot, plan, core))
    active = []
    for bot in BOTS:
        note(f"{plan.active:,} people say hello to {bot.name}")
        active.append(await memory_when_active(bot, plan, core))
    note(f"{plan.stored:,} people in the database")
    figures = await million(plan, core)
    note("")
    header = ("", *(bot.name for bot in BOTS), "wanted of Tenfold")
    compared = side_by_side(rounds, active, plan)
    print(f"\n{table(header, *(line.row() for line in compared))}")
    header = (f"with {plan.stored:,} people in the database", TENFOLD.name, "wanted")
    print(f"\n{table(header, *(line.row() for line in alone(figures)))}")
    return not any(one.wrong for one in rounds[0])


def note(text: str) -> None:
    """What is being done, on a terminal only."""
    if sys.stderr.isatty():
        print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)


def main() -> None:
    """Measure as the command line says; exit 1 if a bot did not run or Tenfold broke somebody's order."""
    parser = argparse.ArgumentParser(prog="python -m bench", description="Tenfold beside its peers.")
    parser.add_argument("--quick", action="store_true", help="under a minute: one round, fewer people")
    parser.add_argument(
        "--gather", type=float, default=2, metavar="MS", help="how long a poll gathers updates (%(default)s)"
    )
    given = parser.parse_args()
    quick = given.quick
    plan = Plan(
        rounds=1 if quick else 3,
        people=64,
        active=1_000 if quick else 10_000,
        stored=100_000 if quick else 1_000_000,
        warm_up=timedelta(seconds=1 if quick else 2),
        window=timedelta(seconds=3 if quick else 5),
        gather=timedelta(milliseconds=given.gather),
    )
    core, load = split_cores()
    os.sched_setaffinity(0, {load})
    try:
        in_order = uvloop.run(run(plan, core))
    except DidNotRun as error:
        sys.exit(f"a bot did not run; the last it said:\n{error}")
    sys.exit(0 if in_order else 1)


if __name__ == "__main__":
    main()
