"""How the bot is doing, in counts: what its owner may know. Nobody's words are looked at, and nobody's id is given."""

import logging
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.domain import Figures
from bot.store import Store, stamp

__all__ = ["Census", "Stumbles"]

WEEK = timedelta(days=7)


class Stumbles(logging.Handler):
    """Counts the errors that are logged, by the type of the exception, or else by the module that tells of them: the
    line itself is never looked at."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.kinds: Counter[str] = Counter()

    def emit(self, record: logging.LogRecord) -> None:
        """One more of its kind."""
        kind = record.exc_info[0] if record.exc_info else None
        self.kinds[kind.__name__ if kind else record.module] += 1


class Census:
    """Counts when it is asked to. Each query is a transaction by itself, so that nobody waits long for a reader."""

    def __init__(self, store: Store, stumbles: Stumbles, *, clock: Callable[[], datetime], budget: int) -> None:
        """*budget* is how many calls of a language model may be made in a day."""
        self._store = store
        self._stumbles = stumbles
        self._clock = clock
        self._budget = budget
        self._since = clock()

    async def figures(self) -> Figures:
        """How things stand now."""
        now = self._clock()
        people = await self._store.read(lambda tx: tx.all("count_people"))
        spent = await self._store.read(lambda tx: tx.one("spent", day=f"{now:%Y-%m-%d}"))
        return Figures(
            people={row["state"]: row["number"] for row in people},
            due=await self._number("count_due", after="", until=stamp(now)),
            planned=await self._number("count_due", after=stamp(now), until=stamp(now + WEEK)),
            done=await self._number("count_done", since=stamp(now - WEEK)),
            unread=await self._number("count_unread"),
            unsent=await self._number("count_unsent"),
            aside=(await self._number("count_inbox_aside"), await self._number("count_outbox_aside")),
            stumbled=dict(self._stumbles.kinds),
            since=self._since,
            calls=spent["calls"] if spent else 0,
            budget=self._budget,
        )

    async def _number(self, query: str, **parameters: str) -> int:
        row = await self._store.read(lambda tx: tx.one(query, **parameters))
        return int(row["number"]) if row else 0
