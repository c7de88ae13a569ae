"""`python -m bench`: Tenfold beside its peers, in one run, each on one core; prints a plain table.

The load (server and people) has the other core to itself, so a bot never waits for it and never shares its core with
it. The bots take turns, round by round, and medians are quoted: on a machine that is now faster, now slower, ratios
mean more than numbers.
"""

import argparse
import asyncio
import contextlib
import gc
import os
import platform
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib import metadata
from pathlib import Path

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


BOTS = (
    Bot(name="Tenfold", command=("-m", "bot", "run"), opening=("/start", "sourdough, being patient", "porto")),
    Bot(name="PTB ext", command=("-m", "bench.peers.ptb_bot")),
    Bot(name="aiogram 3", command=("-m", "bench.peers.aiogram_bot")),
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
async def session(bot: Bot, people: int, plan: Plan, core: int) -> AsyncIterator[Session]:
    """*bot* from its start to its end, on an empty database. Raises DidNotRun."""
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
        running = await Measured.start(
            bot.command,
            core=core,
            folder=folder,
            environment={
                "TELEGRAM_BOT_TOKEN": TOKEN,
                "TELEGRAM_API_BASE_URL": f"http://127.0.0.1:{server.port}",
                "DATABASE_URL": f"sqlite:///{folder}/bench.db",
                "SENDS_PER_SECOND": "0",
                "SENDS_PER_SECOND_PER_CHAT": "0",
            },
        )
        try:
            async with watched(running):
                await first_poll.wait()
            yield Session(bot=running, crowd=crowd, start_cpu=start_cpu, database=folder / "bench.db")
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


async def measured_round(bot: Bot, plan: Plan, core: int) -> Round:
    """One round of the check-in with *bot*. Raises DidNotRun."""
    async with session(bot, plan.people, plan, core) as here:
        # Whatever a bot still does after its first poll is over before its idle memory is read.
        await asyncio.sleep(1)
        idle = here.bot.memory()
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
