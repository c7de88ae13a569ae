"""The composition: what keeps the clock's job going."""

import asyncio
import importlib
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot import understand
from bot.app import steadied
from bot.dialogue import hard, warm
from bot.understand import hard as hardships
from bot.words import load

named = importlib.import_module("bot.understand.names")


async def test_a_clock_that_is_set_back_stops_no_tick() -> None:
    """The scheduler would wait for the wall clock to come back to where it was; its job is brought forward instead."""
    ticked = asyncio.Event()
    scheduler = AsyncIOScheduler(timezone=UTC)
    job = scheduler.add_job(ticked.set, "interval", seconds=1, next_run_time=datetime.now(UTC) + timedelta(minutes=10))
    scheduler.start()
    steadying = asyncio.create_task(steadied(job, every=0.01))
    async with asyncio.timeout(5):
        await ticked.wait()
    steadying.cancel()
    with suppress(asyncio.CancelledError):
        await steadying
    scheduler.shutdown(wait=False)


async def test_a_job_that_is_not_late_is_left_alone() -> None:
    """One that runs every ten minutes may well be due in nine."""
    at = datetime.now(UTC)
    looks = 0
    moved: list[datetime] = []
    done = asyncio.Event()

    class Patient:
        next_run_time = at + timedelta(minutes=9)

        def modify(self, *, next_run_time: datetime) -> None:
            moved.append(next_run_time)
            done.set()

    def clock() -> datetime:
        nonlocal looks
        looks += 1
        return at - (timedelta(hours=1) if looks > 3 else timedelta())

    steadying = asyncio.create_task(steadied(Patient(), clock=clock, every=0.001, interval=600))
    async with asyncio.timeout(5):
        await done.wait()
    steadying.cancel()
    with suppress(asyncio.CancelledError):
        await steadying
    assert looks >= 4
    assert moved[0] == at - timedelta(hours=1)


def test_the_first_words_wait_for_nothing() -> None:
    """What is made ready at the start is what the first messages need."""
    words = load()
    warm(words)

    def made() -> list[int]:
        return [each.cache_info().misses for each in (hardships._pattern, hardships.hard_book, named._hints)]

    before = made()
    for text in ("my friend's dog died on Friday", "I want to die", "dad's in hospital", "killing time with Ana"):
        hardships.hardship(text, hard.book(words))
        understand.names(text)
    assert made() == before
