"""This process among those that share a database: who is alive, whose people are its own, and who polls.

All people are divided into 60 shards, and each shard is leased by one replica at a time. It alone handles what people
of the shard write and what is due for them, and sends to them; so one lane a person and one queue a chat keep their
order as they do where there is only one process. Whichever replica receives an update only writes it down.

Every replica says again and again that it is alive, by the database's clock, and looks for leases whose holder isn't.
Those it takes, until it has its fair part; and what it has beyond that, since somebody joined, it leaves once nothing
of it is in hand. They do so one after the other: whoever looks whether another is alive must not do it while that one
is just about to say so. A replica that can't say that it is alive counts itself out before the others do: from then on
it sends nothing and doesn't poll. If it was only slow and nobody took its leases, it takes up again what is waiting.
What it still has half done when somebody took them, the database refuses (see `store.postgres`), and it takes none
again before that is over, or it would go on with what it knew of them before.

Telegram's limit on sending is shared evenly by those alive. Somebody new takes nothing for some beats, so that all
others know by then that their parts are smaller.
"""

import asyncio
import logging
import secrets
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import timedelta
from functools import partial
from math import ceil
from typing import NamedTuple, Protocol

from bot.store import LEASES, SHARDS, TURN, Row, Store, Transaction, Unwritten, shard

__all__ = ["ALL", "LEASE", "Alone", "Duty", "Replica", "Works", "shards"]

LEASE = timedelta(seconds=10)
"""After so long without a word from a replica the others take its leases. Longer than a restart of the database."""

BEATS = 5
"""How often in that time a replica says that it is alive."""

IN_FORCE = 0.8
"""The part of a lease's time for which its holder relies on it: whoever is late must notice before the others do."""

NEW_FOR = 1.5
"""Beats for which a new replica takes nothing that others could be sending to."""

POLL = "poll"

FREE = "free"
"""What is announced when there may be leases to take."""

ALL = (1 << SHARDS) - 1
"""Every shard. Sets of shards are numbers with a bit for each, so that SQL can take them as a parameter."""

_log = logging.getLogger(__name__)


def shards(mask: int) -> list[int]:
    """The numbers of the shards in the set *mask*."""
    return [number for number in range(SHARDS) if mask >> number & 1]


class Duty(Protocol):
    """Whom this process looks after."""

    @property
    def shared(self) -> bool:
        """Whether other processes may write to the same database."""

    @property
    def held(self) -> int:
        """The set of shards that are this process's own now."""

    def holds(self, person: int) -> bool:
        """Whether *person* is this process's own now."""


class Alone:
    """The duty of the only process on its database: everybody."""

    shared = False
    held = ALL

    def holds(self, person: int) -> bool:
        """It does."""
        return True


class Works(Protocol):
    """Whoever does the work for the people that a replica looks after."""

    def takes(self, mask: int) -> None:
        """The shards in *mask* are ours from now on: take up what is waiting there."""

    async def leaves(self, mask: int) -> None:
        """The shards in *mask* are ours no longer: return once nothing of them is in hand."""

    def shares(self, replicas: int) -> None:
        """So many *replicas* are alive, this one included."""


class _Beat(NamedTuple):
    """What a beat found: how many are alive, the shards held, and whether the poll is ours."""

    alive: int
    held: int
    polls: bool


class Replica:
    """One of those that share a database. It holds a lease only as long as the database can be reached."""

    shared = True

    def __init__(
        self,
        store: Store,
        *,
        polls: bool,
        monotonic: Callable[[], float],
        lease: timedelta = LEASE,
    ) -> None:
        """*store* is one of its own, so that no burst keeps a beat waiting. With *polls* it also competes for the poll.
        *monotonic* gives seconds."""
        self.id = secrets.token_hex(8)
        self.polling, self.resting = asyncio.Event(), asyncio.Event()  # one of them is set, once that is known
        self._store = store
        self._polls = polls
        self._monotonic = monotonic
        self.lease = lease
        self._every = lease.total_seconds() / BEATS
        self._held = 0
        self._until = 0.0
        self._joined: float | None = None
        self._alive = 0
        self._leaving = self._left = 0  # what is being finished; what of that is finished
        self._tasks: set[asyncio.Task[None]] = set()
        self._beating: asyncio.Task[_Beat] | None = None
        self._lapse: asyncio.TimerHandle | None = None
        self._sooner = asyncio.Event()

    @property
    def held(self) -> int:
        return self._held if self._monotonic() < self._until else 0

    def holds(self, person: int) -> bool:
        return bool(self._held >> shard(person) & 1) and self._monotonic() < self._until

    def hurry(self) -> None:
        """Somebody left: look at once what there is to take."""
        self._sooner.set()

    async def keep(self, works: Works) -> None:
        """Be alive, and tell *works* what that means. Ends only by cancellation."""
        while True:
            self._sooner.clear()
            began = self._monotonic()
            pause = min(0.5, self._every)
            try:
                await self.beat(works)
                pause = max(0.0, self._every - (self._monotonic() - began))
            except Unwritten:
                pass
            except Exception:  # noqa: BLE001 - without a beat this replica would do nothing ever after
                _log.exception("a beat failed")
            try:
                async with asyncio.timeout(pause):
                    await self._sooner.wait()
            except TimeoutError:
                continue

    async def beat(self, works: Works) -> None:
        """Say once that this replica is alive, and tell *works* what that means. Raises Unwritten."""
        began, left = self._monotonic(), self._left
        work = partial(self._renewed, began=began, before=self._held, left=left)
        self._beating = asyncio.create_task(self._store.transact(work))
        beat = await asyncio.shield(self._beating)
        self._left &= ~left
        self._leaving &= ~left
        if beat.alive != self._alive:
            self._alive = beat.alive
            works.shares(beat.alive)
            _log.info("%d replicas are alive", beat.alive)
        self._settle(beat, began, works)

    async def leave(self) -> None:
        """Leave everything to the others, at once."""
        self._held, self._until = 0, 0.0
        self._rest()
        if self._beating:  # or it could take once more what was just left
            with suppress(TimeoutError):
                async with asyncio.timeout(self._every):
                    await asyncio.gather(self._beating, return_exceptions=True)
        try:
            await self._store.transact(self._gone)
        except Unwritten:
            _log.warning("the others will take over once the lease has run out")

    # In the database

    def _renewed(self, tx: Transaction, *, began: float, before: int, left: int) -> _Beat:
        """Say that this replica is alive, leave what is *left*, and take what is free. It thought until now that it
        held *before*."""
        tx.one("replicas_in_turn", key=LEASES, turn=TURN)
        if self._joined is None:
            for name in (POLL, *map(str, range(SHARDS))):
                tx.run("lease_add", name=name)
        tx.run("replica_beat", id=self.id, milliseconds=int(self.lease / timedelta(milliseconds=1)))
        tx.run("replicas_forget")
        for number in shards(left):
            tx.run("lease_leave", name=str(number), holder=self.id)
        if left:
            tx.one("announce", said=FREE)
        alive = len(tx.all("replicas_alive"))
        held = _mask(tx.all("leases_held", holder=self.id))
        free = ceil(SHARDS / alive) - held.bit_count()
        settled = self._joined is not None and began - self._joined >= NEW_FOR * self._every
        in_hand = self._leaving & ~left or before & ~held
        if free > 0 and (alive == 1 or settled) and not in_hand:
            held |= _mask(tx.all("lease_take", holder=self.id, key=LEASES, limit=free))
        polls = self._polls and bool(tx.run("lease_take_poll", holder=self.id))
        return _Beat(alive, held, polls)

    def _gone(self, tx: Transaction) -> None:
        tx.run("leases_leave", holder=self.id)
        tx.run("replica_leave", id=self.id)
        tx.one("announce", said=FREE)

    # In memory

    def _settle(self, beat: _Beat, began: float, works: Works) -> None:
        """Make what a *beat* found known here."""
        if self._joined is None:
            self._joined = began
        before, away = self._held, self._monotonic() >= self._until
        self._held = beat.held & ~self._leaving
        self._until = began + IN_FORCE * self.lease.total_seconds()
        if lost := before & ~beat.held:
            _log.warning("%d shards were taken over by others", len(shards(lost)))
            self._finish(lost, works)
        if taken := self._held if away else self._held & ~before:
            _log.info("%d shards are this replica's now, %d in all", len(shards(taken)), len(shards(self._held)))
            works.takes(taken)
        excess = len(shards(self._held)) - ceil(SHARDS / beat.alive)
        if excess > 0 and not self._leaving:
            leaving = sum(1 << number for number in shards(self._held)[-excess:])
            self._held &= ~leaving
            self._finish(leaving, works)
        if beat.polls:
            self.resting.clear()
            self.polling.set()
        else:
            self._rest()
        if self._lapse:
            self._lapse.cancel()
        self._lapse = asyncio.get_running_loop().call_later(max(0.0, self._until - self._monotonic()), self._rest)

    def _rest(self) -> None:
        """Don't poll: that isn't ours, or nobody can tell any more."""
        self.polling.clear()
        self.resting.set()

    def _finish(self, mask: int, works: Works) -> None:
        """Finish what is in hand of the shards in *mask*, and have the next beat leave them to others."""
        self._leaving |= mask
        task = asyncio.get_running_loop().create_task(self._finished(mask, works))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _finished(self, mask: int, works: Works) -> None:
        try:
            await works.leaves(mask)
        except Exception:  # noqa: BLE001 - they would be nobody's ever after
            _log.exception("something is still in hand of what is left to others")
        _log.info("%d shards are left to others", len(shards(mask)))
        self._left |= mask
        self._sooner.set()


def _mask(rows: Iterable[Row]) -> int:
    """The set of the shards whose leases are among *rows*."""
    return sum(1 << int(row["name"]) for row in rows if row["name"] != POLL)
