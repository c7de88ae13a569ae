"""The composition root: the only file that builds things."""

import asyncio
import contextlib
import gc
import logging
import os
import secrets
import signal
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

from bot import logs
from bot.census import Census, Stumbles
from bot.dialogue import Dialogue, about, is_urgent, warm
from bot.dialogue.talk import House
from bot.engine import Channel, Engine, unwatched
from bot.files import open_files
from bot.flood import Flood
from bot.health import Health
from bot.metrics import SILENT, Metrics, Prometheus
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

TICK = 0.5
"""Seconds between two looks at what is due."""

PORT = 8080
"""Where a webhook is served if nothing else is set."""

BACKUP_LOOK = 600.0
"""Seconds between two looks whether the backup of the day is there."""

GONE_WITHIN = 9.0
"""Seconds after SIGTERM in which the process is gone, whatever hangs: platforms kill after 10."""

IDLING = 1.0
"""Seconds for which it waits, once all is written and closed, for threads in which somebody's picture is drawn, a zip
is made or read. Nobody can stop a thread, and nobody waits for what it makes any more."""

_log = logging.getLogger(__name__)


def now() -> datetime:
    """The time (aware, UTC)."""
    return datetime.now(UTC)


def version() -> str:
    """Which Tenfold this is; empty if it was never installed."""
    try:
        return metadata.version("tenfold")
    except metadata.PackageNotFoundError:
        return ""


def awake_or_not() -> float:
    """Seconds that never go back, and go on while a machine is suspended, where it can tell."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()


@contextlib.asynccontextmanager
async def open_engine(
    database_url: str,
    channel: Channel,
    *,
    clock: Callable[[], datetime] = now,
    pace: Pace,
    allowed: frozenset[int] = frozenset(),
    messages_per_minute: int = 0,
    brought: bool = False,
    backups: Path | None = None,
    model: LanguageModel | None = None,
    house: House = House(),  # noqa: B008 - it is frozen
    replica: Replica | None = None,
    metrics: Metrics = SILENT,
    probe: Callable[[str], None] = unwatched,
) -> AsyncIterator[Engine]:
    """An engine on the database at *database_url*, started, and stopped at the end. *backups* is the folder of its
    daily ones. With a *replica* it looks after what that one holds, for as long as it is open; updates that
    are *brought* come to any of them. Raises TenfoldError."""
    words = load()
    store = (
        open_store(database_url, backups, holder=replica.id, stuck=replica.lease / 2)
        if replica
        else open_store(database_url, backups)
    )
    stumbles = Stumbles()
    logging.getLogger().addHandler(stumbles)
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
            census=Census(store, stumbles, clock=clock, budget=model.calls if model else 0),
            flood=Flood(messages_per_minute, is_urgent, spread=brought),
            model=model,
            duty=replica or Alone(),
            metrics=metrics,
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
        logging.getLogger().removeHandler(stumbles)
        own.close()
        await store.close()


@contextlib.asynccontextmanager
async def joined(settings: Settings, *, polls: bool) -> AsyncIterator[Replica | None]:
    """This process as one of those that share a database; nothing on SQLite, which no others can share. With *polls* it
    is among those of whom one polls. Raises TenfoldError."""
    if not settings.database_url.startswith(POSTGRES):
        yield None
        return
    store = open_store(settings.database_url, stuck=settings.replica_lease / 2)
    replica = Replica(store, polls=polls, monotonic=awake_or_not, lease=settings.replica_lease)
    logs.named(replica.id)
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
    counted = Prometheus() if settings.webhook_url or settings.port else None
    metrics = counted or SILENT
    channel = TelegramChannel(settings.telegram_bot_token, settings.telegram_api_base_url, metrics=metrics)
    pace = Pace(settings.sends_per_second, settings.sends_per_second_per_chat, settings.sends_burst_per_chat)
    async with (
        joined(settings, polls=not settings.webhook_url) as replica,
        channel,
        open_engine(
            settings.database_url,
            channel,
            clock=clock,
            pace=pace,
            allowed=settings.allowed_users,
            messages_per_minute=settings.messages_per_minute,
            brought=bool(settings.webhook_url),
            backups=settings.backup_dir,
            model=language_model(settings, metrics),
            house=House(
                model=bool(settings.openai_model),
                backup_days=settings.backup_keep if settings.backup_dir else None,
                owner=settings.owner_id,
                version=version(),
                database="SQLite" if settings.database_url.startswith("sqlite") else "PostgreSQL",
            ),
            replica=replica,
            metrics=metrics,
            probe=probe,
        ) as engine,
        served(settings, engine, channel, replica, counted, clock) as receiving,
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
        receiving.add_done_callback(lambda _receiving: stop.set())  # it never ends by itself; if it did, end loudly
        introducing = asyncio.create_task(settled_in(channel))
        # What is loaded by now lives as long as the process: looking through it for garbage, again and again, took a
        # tenth of all processor time in a burst. Thirty times fewer looks leave about a megabyte more lying about.
        gc.freeze()
        gc.set_threshold(20_000, 20, 50)
        _log.info("Tenfold is running")
        await stop.wait()
        gone_within(GONE_WITHIN)
        if receiving.done():
            receiving.result()
        _log.info("stopping")
        scheduler.shutdown(wait=False)
        if backup:
            backup.stop()
        tasks = (receiving, introducing, *steadying)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    _log.info("stopped")
    gone_within(IDLING)


def gone_within(seconds: float) -> None:
    """After so many *seconds* this process ends as it stands, unless it is gone by then. Nothing is lost by that:
    what matters is on disk, and what was under way is taken up at the next start."""

    def leave() -> None:
        _log.warning("left before everything had ended; it is taken up at the next start")
        os._exit(0)

    timer = threading.Timer(seconds, leave)
    timer.daemon = True
    timer.start()


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


@contextlib.asynccontextmanager
async def served(
    settings: Settings,
    engine: Engine,
    channel: "TelegramChannel",
    replica: Replica | None,
    counted: Prometheus | None,
    clock: Callable[[], datetime],
) -> AsyncIterator[asyncio.Task[None]]:
    """What has updates come in, by polling or by webhook; meanwhile, if anything is *counted*, that and how things are
    is served as well. Raises TenfoldError."""
    if counted is None:
        yield asyncio.create_task(poll(channel, engine, replica))
        return
    from bot.channels.webhook import Webhook, Webserver

    health = Health(engine.backlog, polled=channel.polled_since, clock=clock)
    secret = settings.webhook_secret
    if settings.webhook_url and not secret:
        secret = await engine.agree_on("webhook secret", secrets.token_urlsafe(32))
    async with Webserver(
        settings.bind,
        settings.port or PORT,
        health=health,
        metrics=counted,
        clock=clock,
        webhook=Webhook(secret, engine.receive, health, counted) if settings.webhook_url else None,
        path=urlsplit(settings.webhook_url).path,
    ):
        if settings.webhook_url:
            yield asyncio.create_task(channel.have_brought(settings.webhook_url, secret))
        else:
            yield asyncio.create_task(poll(channel, engine, replica))


def language_model(settings: Settings, metrics: Metrics = SILENT) -> LanguageModel | None:
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
        metrics=metrics,
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
