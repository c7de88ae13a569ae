"""Whether this process is well, for whatever watches over it: a platform, a balancer, a person with curl.

It is alive as long as it answers at all. It is ready, and may be given work, as long as the database answers, updates
come in, and none of them waits for long.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

from bot.metrics import Backlog

__all__ = ["Health", "Readiness"]

ANSWERS_WITHIN = timedelta(seconds=2)
"""Within this time the database has to tell what waits."""

POLLED_WITHIN = timedelta(minutes=2)
"""Within this time a poll has to go well: one lasts for 50 seconds, if nobody writes."""

HANDLED_WITHIN = timedelta(seconds=60)
"""Within this time an update has to be handled."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Readiness:
    """Whether there is anything to be done about this process, and what that was told by. Seconds since the last update
    or good poll are None if there was none; those of the oldest update that waits, if the database doesn't answer."""

    ready: bool
    stopping: bool
    database: bool
    polls: bool
    seconds_since_update_or_poll: float | None
    oldest_update_seconds: float | None

    def told(self) -> dict[str, Any]:
        """All of it, as it goes out as JSON."""
        return asdict(self)


class Health:
    """Tells how things are when it is asked, and never takes longer over it than ANSWERS_WITHIN."""

    def __init__(
        self,
        backlog: Callable[[], Awaitable[Backlog]],
        *,
        polled: Callable[[], timedelta | None],
        clock: Callable[[], datetime],
        within: timedelta = ANSWERS_WITHIN,
    ) -> None:
        """*backlog* asks the database what waits; *polled* tells how long ago a poll went well, None if this process
        doesn't poll."""
        self.stopping = False
        self._backlog = backlog
        self._polled = polled
        self._clock = clock
        self._within = within
        self._looking: asyncio.Future[Backlog] | None = None
        self._brought: float | None = None

    def brought(self) -> None:
        """Telegram has brought an update."""
        self._brought = monotonic()

    async def backlog(self) -> Backlog | None:
        """What waits; None if the database doesn't tell in time. However many ask, it is asked once at a time: one that
        hangs isn't asked again and again."""
        if self._looking is None or self._looking.done():
            self._looking = asyncio.ensure_future(self._backlog())
        looking = self._looking
        await asyncio.wait([looking], timeout=self._within.total_seconds())
        if not looking.done() or looking.cancelled() or looking.exception():
            return None
        return looking.result()

    async def readiness(self) -> Readiness:
        """How things are."""
        backlog = await self.backlog()
        polled = self._polled()
        brought = None if self._brought is None else timedelta(seconds=monotonic() - self._brought)
        oldest = backlog.updates.age(self._clock()) if backlog else None
        since = min((each for each in (polled, brought) if each is not None), default=None)
        return Readiness(
            ready=not self.stopping
            and oldest is not None
            and oldest <= HANDLED_WITHIN
            and (polled is None or polled <= POLLED_WITHIN),
            stopping=self.stopping,
            database=backlog is not None,
            polls=polled is not None,
            seconds_since_update_or_poll=None if since is None else round(since.total_seconds(), 3),
            oldest_update_seconds=None if oldest is None else round(oldest.total_seconds(), 3),
        )

    async def close(self) -> None:
        """Ask no more."""
        if self._looking is not None:
            self._looking.cancel()
            with suppress(asyncio.CancelledError, Exception):
                await self._looking
