"""The composition root: the only file that builds things."""

import asyncio
import contextlib
import gc
import logging
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from bot.dialogue import Dialogue, about, warm
from bot.dialogue.talk import House
from bot.engine import Channel, Engine, unwatched
from bot.files import Files
from bot.pace import Pace
from bot.replica import FREE, Alone, Replica
from bot.settings import Settings, sqlite_file
from bot.store import ANNOUNCED, POSTGRES, Store, open_store
from bot.store.daily import DailyBackup
from bot.suggest import prompt
from bot.suggest.language_model import LanguageModel
from bot.words import load

if TYPE_CHECKING:
    from bot.channels.telegram import TelegramChannel

TICK = 1.0
"""Seconds between two looks at what is due."""

BACKUP_LOOK = 600.0
"""Seconds between two looks whether the backup of the day is there."""

_log = logging.getLogger(__name__)


def now() -> datetime:
    """The time (aware, UTC)."""
    return datetime.now(UTC)


@contextlib.asynccontextmanager
async def open_engine(
    database_url: str,
    channel: Channel,
    *,
    clock: Callable[[], datetime] = now,
    pace: Pace,
    allowed: frozenset[int] = frozenset(),
    backups: Path | None = None,
    model: LanguageModel | None = None,
    house: House = House(),  # noqa: B008 - it is frozen
    replica: Replica | None = None,
    probe: Callable[[str], None] = unwatched,
) -> AsyncIterator[Engine]:
    """An engine on the database at *database_url*, started, and stopped at the end. *backups* is the folder of its
    daily ones. With a *replica* it looks after what that one holds, for as long as it is open. Raises TenfoldError."""
    words = load()
    store = (
        open_store(database_url, backups, holder=replica.id, stuck=replica.lease / 2)
        if replica
        else open_store(database_url, backups)
    )
    try:
        shared = database_url.startswith(POSTGRES)
        files = Files(Path("media" if shared else f"{sqlite_file(database_url)}.media"))
        engine = Engine(
            store=store,
            channel=channel,
            converse=Dialogue(words, allowed, house),
            clock=clock,
            pace=pace,
            files=files,
            model=model,
            duty=replica or Alone(),
            probe=probe,
        )
        await engine.start()
        async with sharing(replica, engine, store):
            try:
                yield engine
            finally:
                await engine.stop()
                if model:
                    await model.close()
    finally:
        await store.close()


@contextlib.asynccontextmanager
async def joined(settings: Settings, *, polls: bool) -> AsyncIterator[Replica | None]:
    """This process as one of those that share a database; nothing on SQLite, which no others can share. With *polls* it
    is among those of whom one polls. Raises TenfoldError."""
    if not settings.database_url.startswith(POSTGRES):
        yield None
        return
    store = open_store(settings.database_url, stuck=settings.replica_lease / 2)
    replica = Replica(store, polls=polls, monotonic=time.monotonic, lease=settings.replica_lease)
    try:
        yield replica
    finally:
        await replica.leave()
        await store.close()


@contextlib.asynccontextmanager
async def sharing(replica: Replica | None, engine: Engine, store: Store) -> AsyncIterator[None]:
    """Meanwhile *replica* is alive, and *engine* looks after what it holds."""
    if replica is None:
        yield
        return

    def heard(said: str) -> None:
        if said in (FREE, ""):
            replica.hurry()
        if said != FREE:
            engine.heard(said)

    tasks = [asyncio.create_task(replica.keep(engine)), asyncio.create_task(store.listen(ANNOUNCED, heard))]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def chat(*, database_url: str, name: str, start: datetime | None, jsonl: bool) -> None:
    """`tenfold chat`: the terminal, until the input ends. Raises TenfoldError, and OSError when nobody looks."""
    from bot.channels import screens, terminal

    clock = terminal.Clock(start)
    screen, lines = screens.open_screen(jsonl=jsonl)
    channel = terminal.TerminalChannel(name, screen, clock)
    async with open_engine(database_url, channel, clock=clock, pace=Pace(0, 0)) as engine:
        await terminal.converse(engine, channel, clock, screen, lines, lambda: engine.zone_of(channel.person))


async def serve(
    settings: Settings, *, clock: Callable[[], datetime] = now, probe: Callable[[str], None] = unwatched
) -> None:
    """Telegram, until SIGTERM or SIGINT. Raises TenfoldError."""
    from apscheduler.schedulers.asyncio import AsyncIOScheduler

    from bot.channels.telegram import TelegramChannel

    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    with contextlib.suppress(NotImplementedError):  # Windows has no such handlers: there Ctrl-C just ends it
        for name in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(name, stop.set)
    channel = TelegramChannel(settings.telegram_bot_token, settings.telegram_api_base_url)
    pace = Pace(settings.sends_per_second, settings.sends_per_second_per_chat, settings.sends_burst_per_chat)
    async with (
        joined(settings, polls=True) as replica,
        channel,
        open_engine(
            settings.database_url,
            channel,
            clock=clock,
            pace=pace,
            allowed=settings.allowed_users,
            backups=settings.backup_dir,
            model=language_model(settings),
            house=House(
                model=bool(settings.openai_model),
                backup_days=settings.backup_keep if settings.backup_dir else None,
            ),
            replica=replica,
            probe=probe,
        ) as engine,
    ):
        scheduler = AsyncIOScheduler(timezone=UTC)
        job = scheduler.add_job(
            engine.tick, "interval", seconds=TICK, misfire_grace_time=None, coalesce=True, max_instances=1
        )
        steadying = [asyncio.create_task(steadied(job))]
        backup = None
        if settings.backup_dir:
            backup = DailyBackup(
                sqlite_file(settings.database_url), settings.backup_dir, keep=settings.backup_keep, clock=clock
            )
            job = scheduler.add_job(
                backup.look,
                "interval",
                seconds=BACKUP_LOOK,
                next_run_time=now(),
                misfire_grace_time=None,
                coalesce=True,
            )
            steadying.append(asyncio.create_task(steadied(job, interval=BACKUP_LOOK)))
        scheduler.start()
        polling = asyncio.create_task(poll(channel, engine, replica))
        polling.add_done_callback(lambda _polling: stop.set())  # it never ends by itself; if it did, end loudly
        introducing = asyncio.create_task(settled_in(channel))
        # What is loaded by now lives as long as the process: looking through it for garbage, again and again, took a
        # tenth of all processor time in a burst. Thirty times fewer looks leave about a megabyte more lying about.
        gc.freeze()
        gc.set_threshold(20_000, 20, 50)
        _log.info("Tenfold is running")
        await stop.wait()
        if polling.done():
            polling.result()
        _log.info("stopping")
        scheduler.shutdown(wait=False)
        if backup:
            backup.stop()
        tasks = (polling, introducing, *steadying)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    _log.info("stopped")


async def poll(channel: "TelegramChannel", engine: Engine, replica: Replica | None) -> None:
    """Poll, where there are others as long as that is up to *replica*. Ends only by cancellation."""
    if replica is None:
        await channel.poll(engine.receive)
        return
    while True:
        await replica.polling.wait()
        _log.info("this replica polls")
        polling = asyncio.create_task(channel.poll(engine.receive))
        resting = asyncio.create_task(replica.resting.wait())
        try:
            await asyncio.wait([polling, resting], return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (polling, resting):
                task.cancel()
            await asyncio.gather(polling, resting, return_exceptions=True)
        if not polling.cancelled():
            polling.result()  # it never ends by itself; if it did, end loudly
        _log.info("another replica polls, and this one rests")


def language_model(settings: Settings) -> LanguageModel | None:
    """The language model that was set, if one was. Raises UnfitPrompts."""
    if not settings.openai_model:
        return None
    return LanguageModel(
        model=settings.openai_model,
        api_key=settings.openai_api_key,
        base_url=settings.openai_base_url,
        deadline=settings.model_deadline,
        prompts=prompt.load(),
        monotonic=time.monotonic,
        calls=settings.model_calls_per_day,
        calls_each=settings.model_calls_per_day_each,
    )


async def settled_in(channel: "TelegramChannel") -> None:
    """Tell Telegram what the bot can do, and then, off the writer's thread, make the patterns ready by which words are
    read: the first messages of all would wait a fifth of a second for them."""
    await channel.introduce(list(about.descriptions().items()))
    await asyncio.to_thread(warm, load())


class Job(Protocol):
    """What `steadied` needs of APScheduler's job."""

    next_run_time: datetime

    def modify(self, *, next_run_time: datetime) -> object:
        """Change when it runs next."""


async def steadied(
    job: Job, *, clock: Callable[[], datetime] = now, every: float = 5.0, interval: float = TICK
) -> None:
    """Keep *job* going through a clock that is set back: its *interval* (seconds) follows the wall clock, and would
    stand still for as long as that went back. Ends only by cancellation."""
    while True:
        await asyncio.sleep(every)
        if job.next_run_time - clock() > timedelta(seconds=2 * interval):
            job.modify(next_run_time=clock())


def run(settings: Settings, *, clock: Callable[[], datetime] = now, probe: Callable[[str], None] = unwatched) -> None:
    """`tenfold run`: Telegram in this process. Raises TenfoldError."""
    serving = serve(settings, clock=clock, probe=probe)
    if sys.platform == "win32":  # uvloop isn't made for it
        asyncio.run(serving)
    else:
        import uvloop

        uvloop.run(serving)
