"""Telegram's time. Tests move it on instead of sitting it out, and are told when something happens instead of asking
again and again: a wait is over the moment its condition holds."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable


def finish(future: "asyncio.Future[None]") -> None:
    if not future.done():
        future.set_result(None)


class Clock:
    """The time of day, *shift* seconds ahead of the real one, and whoever waits for a topic."""

    def __init__(self) -> None:
        self.shift = 0.0
        self._waiting: dict[object, set[asyncio.Future[None]]] = defaultdict(set)

    def now(self) -> float:
        """Seconds since 1970."""
        return time.time() + self.shift

    def tell(self, topic: object) -> None:
        """Wakes whoever waits for something about *topic*."""
        if topic in self._waiting:
            for future in self._waiting.pop(topic):
                finish(future)

    async def wait_for(self, topic: object, ready: Callable[[], bool], within: float) -> bool:
        """Whether *ready* came true in *within* seconds. It is asked again whenever *topic* is told."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + within
        while not ready():
            left = deadline - loop.time()
            if left <= 0:
                return False
            future: asyncio.Future[None] = loop.create_future()
            self._waiting[topic].add(future)
            handle = loop.call_later(left, finish, future)
            try:
                await future
            finally:
                handle.cancel()
                self._waiting[topic].discard(future)
                if not self._waiting[topic]:
                    del self._waiting[topic]
        return True
