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
from bot.files import open_files
from bot.pace import Pace
from bot.settings import Settings, sqlite_file
from bot.store import open_store
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
    probe: Callable[[str], None] = unwatched,
) -> AsyncIterator[Engine]:
    """An engine on the database at *database_url*, started, and stopped at the end. *backups* is the folder of its
    daily ones. Raises TenfoldError."""
    words = load()
    store = open_store(database_url, backups)
    own = contextlib.ExitStack()
    try:
        files = own.enter_context(open_files(database_url, store, clock))
        engine = Engine(
            store=store,
            channel=channel,
            converse=Dialogue(words, allowed, house),
            clock=clock,
            pace=pace,
            files=files,
            model=model,
            probe=probe,
        )
        await engine.start()
        try:
            yield engine
        finally:
            await engine.stop()
            if model:
                await model.close()
    finally:
        own.close()
        await store.close()


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
        polling = asyncio.create_task(channel.poll(engine.receive))
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
