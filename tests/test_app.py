"""The composition: what keeps the clock's job going."""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.app import steadied


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
