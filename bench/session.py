"""A bot that runs, and the people who can talk to it: started, watched and stopped, one process or several replicas.

Several replicas share a PostgreSQL database and a core. One of them polls, and each looks after its part of the people.
(By webhook they would need a balancer in front: `session` is where that goes, between the server and what is started.)
"""

import asyncio
import contextlib
import tempfile
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import psycopg

from bench.people import Crowd
from bench.process import Measured
from bench.server import TOKEN, Telegram
from bot.store import SHARDS

HELLO = 101
"""The first person's id."""

PATIENCE = timedelta(minutes=4)
"""The longest that anything but the talking itself may take; a quiet machine needs a minute."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Bot:
    """A bot to measure. *opening* is what a new person says until check-ins can begin."""

    name: str
    command: tuple[str, ...]
    opening: tuple[str, ...] = ("/start",)


TENFOLD = Bot(name="Tenfold", command=("-m", "bot", "run"), opening=("/start", "sourdough, being patient", "porto"))


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """How much is measured."""

    rounds: int
    people: int
    active: int
    stored: int
    living: int
    warm_up: timedelta
    window: timedelta
    gather: timedelta


@dataclass(frozen=True, kw_only=True, slots=True)
class Session:
    """A bot that is polling, of one process or several, and the people who can talk to it."""

    bots: Sequence[Measured]
    crowd: Crowd
    start_cpu: float
    database: str

    def cpu(self) -> float:
        """Seconds of CPU of all its processes. Raises DidNotRun."""
        return sum(bot.cpu() for bot in self.bots)

    def memory(self) -> float:
        """Resident MB of one process. Raises DidNotRun."""
        return sum(bot.memory() for bot in self.bots) / len(self.bots)

    async def stop(self) -> None:
        """Stop all its processes."""
        await asyncio.gather(*(bot.stop() for bot in self.bots))


@contextlib.asynccontextmanager
async def session(
    bot: Bot, people: int, plan: Plan, core: int, *, database: str = "", replicas: int = 1
) -> AsyncIterator[Session]:
    """*bot* from its start to its end, on an empty SQLite database or on that at the address *database*. Raises
    DidNotRun."""
    crowd = Crowd(range(HELLO, HELLO + people))
    first_poll = asyncio.Event()
    start_cpu = 0.0

    def polled() -> None:
        nonlocal start_cpu
        if not first_poll.is_set():
            start_cpu = sum(each.cpu() for each in running)
            first_poll.set()

    server = Telegram(sent=crowd.heard, polled=polled, gather=plan.gather)
    crowd.say = server.say
    await server.open()
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        address = database or f"sqlite:///{name}/bench.db"
        settings = {
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "TELEGRAM_API_BASE_URL": f"http://127.0.0.1:{server.port}",
            "DATABASE_URL": address,
            "MESSAGES_PER_MINUTE": "0",
            "SENDS_PER_SECOND": "0",
            "SENDS_PER_SECOND_PER_CHAT": "0",
        }
        running: list[Measured] = []
        try:
            async with started(bot, settings, Path(name), core, replicas=replicas, running=running):
                async with watched(running):
                    await first_poll.wait()
                yield Session(bots=running, crowd=crowd, start_cpu=start_cpu, database=address)
        finally:
            await server.close()


@contextlib.asynccontextmanager
async def started(
    bot: Bot, settings: dict[str, str], folder: Path, core: int, *, replicas: int, running: list[Measured]
) -> AsyncIterator[None]:
    """So many *replicas* of *bot* in *folder* on *core*, kept in *running*; each has its part of the people when this
    begins, and is stopped when it ends. Raises DidNotRun."""
    try:
        for number in range(replicas):
            place = folder / str(number)
            place.mkdir()
            running.append(await Measured.start(bot.command, core=core, folder=place, environment=settings))
        if shared(settings["DATABASE_URL"]):
            async with watched(running):
                even = [SHARDS // replicas] * replicas
                while await asyncio.to_thread(parts, settings["DATABASE_URL"]) != even:  # noqa: ASYNC110 - by others
                    await asyncio.sleep(0.1)
        yield
    finally:
        await asyncio.gather(*(each.stop() for each in running))


def shared(database: str) -> bool:
    """Whether several processes can share *database*."""
    return database.startswith("postgresql:")


def parts(database: str) -> list[int]:
    """How many shards each replica holds."""
    try:
        with psycopg.connect(database) as connection:
            sql = "SELECT COUNT(*) FROM lease WHERE name <> 'poll' AND holder IS NOT NULL GROUP BY holder"
            return [count for (count,) in connection.execute(sql)]
    except psycopg.errors.UndefinedTable:  # nobody has begun yet
        return []


@contextlib.asynccontextmanager
async def watched(bots: Sequence[Measured]) -> AsyncIterator[None]:
    """What is done here must be over in time, and the bots must live. Raises DidNotRun."""
    here = asyncio.current_task()
    assert here is not None
    dead: list[Measured] = []

    async def watch(bot: Measured) -> None:
        await bot.ended()
        dead.append(bot)
        here.cancel()

    watchers = [asyncio.create_task(watch(bot)) for bot in bots]
    try:
        async with asyncio.timeout(PATIENCE.total_seconds()):
            yield
    except TimeoutError:
        raise bots[0].failure(f"not done within {PATIENCE}") from None
    except asyncio.CancelledError:
        if not dead:
            raise
        here.uncancel()
        raise dead[0].failure() from None
    finally:
        for watcher in watchers:
            watcher.cancel()


async def idle_memory(here: Session) -> float:
    """Resident MB of a process while nobody says anything."""
    # Time for what a bot still does after its first poll; Tenfold's tick comes once a second.
    await asyncio.sleep(1.5)
    return here.memory()
