"""The inbox: every update is written down in it before its channel may forget it, once, and what was read of it comes
with it. One that can't be read is set aside and blocks nobody; of a flood only that it was one is written down.

Places count up among what is new, so they tell the order of one person's updates, whichever process received them: the
next of somebody's is handed over when the one before is stored.
"""

import logging
from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from time import monotonic
from typing import NamedTuple

from bot.domain import Incoming, Sender, TooMuch, Unreadable
from bot.errors import Unread
from bot.flood import Flood
from bot.metrics import Metrics
from bot.replica import Duty
from bot.store import Store, Transaction, insist, shard, stamp

__all__ = ["Inbox", "Raw", "Received"]

TOO_MUCH = "too much of "
"""With this begins what the inbox keeps, before the person's id, instead of the first update that was too much. No
channel writes such a thing, whose updates are JSON."""

_log = logging.getLogger(__name__)


class Raw(NamedTuple):
    """One update as it came: the channel's *id* of it and its JSON."""

    id: int
    payload: str


class Received(NamedTuple):
    """A *raw* update and what it means: an *incoming* event of a *person*'s, or nothing that is left to handle. It is
    here *since* then (monotonic seconds)."""

    raw: Raw
    incoming: Incoming | None
    person: int | None
    state: str
    since: float

    @property
    def payload(self) -> str | None:
        """What the inbox keeps of it."""
        return None if self.state == "done" else self.raw.payload


class Inbox:
    """What came. Whatever it gives back is on disk."""

    def __init__(
        self,
        store: Store,
        translate: Callable[[str], Incoming | None],
        *,
        duty: Duty,
        flood: Flood,
        clock: Callable[[], datetime],
        metrics: Metrics,
        probe: Callable[[str], None],
    ) -> None:
        """*translate* is the channel's: it tells what an update's JSON means, and may raise anything."""
        self._store = store
        self._translate = translate
        self._duty = duty
        self._flood = flood
        self._clock = clock
        self._metrics = metrics
        self._probe = probe

    async def keep(self, updates: Sequence[Raw]) -> list[Received]:
        """Write *updates* down; those that are neither seen before nor too much. What is another process's to handle is
        announced to it."""
        self._probe("received")
        received_at = stamp(self._clock())
        read = [each for raw in updates if (each := self._weighed(self.read(raw)))]
        people = [each.person for each in read if each.incoming and each.person is not None]
        others = {shard(person) for person in people if not self._duty.holds(person)}

        def keep(tx: Transaction) -> list[Received]:
            for number in others:
                tx.one("announce", said=str(number))
            return [
                each
                for each in read
                if tx.run(
                    "inbox_add",
                    id=each.raw.id,
                    received_at=received_at,
                    payload=each.payload,
                    person=each.person,
                    state=each.state,
                )
            ]

        fresh = await insist(self._store, keep)
        self._probe("committed")
        aside = len([each for each in fresh if each.state == "aside"])
        self._metrics.received("stored", len(fresh) - aside)
        self._metrics.received("set aside", aside)
        self._metrics.received("seen before", len(read) - len(fresh))
        return fresh

    async def new(self, mask: int, known: Collection[int]) -> list[Received]:
        """What is to be handled for people in the shards of *mask*, in order, without the updates that are *known*."""

        def new(tx: Transaction) -> list[Raw]:
            ids = [row["id"] for row in tx.all("inbox_new", shards=mask) if row["id"] not in known]
            found = [(id, tx.one("inbox_payload", id=id)) for id in ids]
            return [Raw(id, row["payload"]) for id, row in found if row]

        return await self._readable(await self._store.read(new))

    async def catch_up(self) -> None:
        """Note whose each update is that was written down before that was noted."""
        for row in await self._store.read(lambda tx: tx.all("inbox_unread")):
            await self._rewrite(self.read(Raw(row["id"], row["payload"])))

    async def reread(self, raw: Raw) -> Received | None:
        """What *raw*, which is in the inbox, means; None if it is set aside now, since that can't be told."""
        return next(iter(await self._readable([raw])), None)

    async def _readable(self, updates: Sequence[Raw]) -> list[Received]:
        """*updates* as read, without those that another version wrote and this one can't read: they are set aside."""
        readable = []
        for read in map(self.read, updates):
            if read.incoming:
                readable.append(read)
            else:
                await self._rewrite(read)
        return readable

    async def _rewrite(self, read: Received) -> None:
        fields = {"id": read.raw.id, "person": read.person, "state": read.state, "payload": read.payload}
        await insist(self._store, lambda tx: tx.run("inbox_read", **fields))

    def read(self, raw: Raw) -> Received:
        """What *raw* means. Whatever it is, it must not block the updates behind it."""
        since = monotonic()
        if raw.payload.startswith(TOO_MUCH):
            person = int(raw.payload.removeprefix(TOO_MUCH))
            incoming: Incoming | None = Incoming(sender=Sender(person=person, chat=person), event=TooMuch())
            return Received(raw, incoming, person, "new", since)
        try:
            incoming = self._translate(raw.payload)
        except Exception as error:  # noqa: BLE001 - as said
            _log.error("update %d can't be read (%s); it is set aside", raw.id, type(error.__cause__ or error).__name__)
            return Received(raw, None, error.person if isinstance(error, Unread) else None, "aside", since)
        if incoming is None:
            return Received(raw, None, None, "done", since)
        return Received(raw, incoming, incoming.sender.person, "new", since)

    def _weighed(self, read: Received) -> Received | None:
        """*read* as it is written down: as it came; or only that it was too much, so that its person is told whatever
        dies; or not at all."""
        incoming = read.incoming
        if incoming is None and read.person is not None:  # what can't be read counts like anything else
            incoming = Incoming(sender=Sender(person=read.person, chat=read.person), event=Unreadable(kind="update"))
        if incoming is None:
            return read
        match self._flood.weigh(read.raw.id, incoming, self._clock()):
            case "keep":
                return read
            case "tell":
                _log.warning("update %d and more of person %d are too much", read.raw.id, incoming.sender.person)
                return self.read(Raw(read.raw.id, f"{TOO_MUCH}{incoming.sender.person}"))
            case "drop":
                self._metrics.received("too much")
                return None
