"""The outbox on its way out: leased in memory, sent outside any transaction, marked.

A row is sent only after the one before it in its chat was marked, so a killed process repeats at most one message a
chat. Which chat may send next is `Pace`'s to say. The rows can live in memory, since one process alone looks after a
person at a time (its `Duty`): what is not marked when it dies is waiting again at the next start, or for whoever takes
over. Before each send it is asked once more whether this is still that process; if not, or if it can't be sure, it
drops what it has of the chat, for that may be old by the time it is sure again.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from contextlib import AbstractAsyncContextManager, suppress
from dataclasses import replace
from typing import NamedTuple, Protocol

from bot.domain import File, Outgoing, Reply
from bot.errors import Gone, Moved, NotSent, Refused, TooFast, Unsure
from bot.metrics import SILENT, Metrics
from bot.pace import Pace
from bot.replica import Duty
from bot.store import Elsewhere, Store, Transaction, insist, shard
from bot.story import Picture

IN_FLIGHT = 256
"""Sends under way at once, at most: at 30 a second this lets every send take 8 seconds."""

UNSURE = 2
"""After so many sends that may have arrived a row counts as sent: one message too many is worse than none too few."""

HEALTHY_AFTER = 15.0
"""Seconds after which a message that may have arrived is sent again, or as soon as another one got through: a second
try in the middle of the same outage would be as unsure as the first, and the last."""

AGED = 60.0
"""Seconds after which a check-in waits no longer behind replies: however much is being talked, everybody is asked. As
many as Telegram takes in a minute are asked without anybody's waiting for them."""

_log = logging.getLogger(__name__)


class Sends(Protocol):
    """What delivery needs of a channel."""

    async def send(
        self, chat: int, reply: Reply, *, bare: bool = False, attached: File | Picture | None = None
    ) -> int | None:
        """Send *reply*, with what is *attached*, a picture drawn as the channel can; the channel's id of the message.
        Raises only what bot.errors names."""


class _Hold(NamedTuple):
    """A *row* that waits to be bettered: until *timer*, unless it was *taken* for that; *over* is done then."""

    row: Outgoing
    over: "asyncio.Future[None]"
    timer: asyncio.TimerHandle
    taken: bool = False


class Delivery:
    """Rows of the outbox leave it here, strictly in order within a chat."""

    def __init__(
        self,
        store: Store,
        channel: Sends,
        pace: Pace,
        *,
        duty: Duty,
        attach: Callable[[Outgoing], AbstractAsyncContextManager[File | Picture | None]],
        gone: Callable[[Outgoing], Awaitable[None]],
        left: Callable[[], None],
        still: Callable[[], None],
        metrics: Metrics = SILENT,
        probe: Callable[[str], None],
    ) -> None:
        self._store = store
        self._channel = channel
        self._pace = pace
        self._duty = duty
        self._attach = attach
        self._gone = gone
        self._left = left
        self._still = still
        self._metrics = metrics
        self._probe = probe
        self._rows: dict[int, deque[Outgoing]] = {}
        self._sending: dict[int, asyncio.Task[None]] = {}
        self._forgotten: set[int] = set()
        self._failures: dict[int, int] = {}
        self._doubtful: dict[int, asyncio.TimerHandle] = {}
        self._held: dict[tuple[int, int], _Hold] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._open = True

    @property
    def busy(self) -> bool:
        """Whether any row is still waiting."""
        return bool(self._rows)

    @property
    def backlog(self) -> int:
        """In how many chats a row is still waiting."""
        return len(self._rows)

    @property
    def people(self) -> set[int]:
        """For whom a row is still waiting."""
        return {rows[0].person for rows in self._rows.values() if rows}

    def leave(self, mask: int) -> None:
        """Drop what waits for people in the shards of *mask*: others send it. What is under way is marked yet."""
        for chat in [chat for chat, rows in self._rows.items() if rows and mask >> shard(rows[0].person) & 1]:
            self.forget(chat)

    def under_way(self, mask: int) -> list[asyncio.Task[None]]:
        """The sends under way to people in the shards of *mask*."""
        return [task for chat, task in self._sending.items() if mask >> shard(self._rows[chat][0].person) & 1]

    def waits(self, chat: int) -> bool:
        """Whether a row for *chat* is still waiting."""
        return chat in self._rows

    def spare(self, chat: int) -> bool:
        """Whether a best-effort call for *chat* may go out now without holding up any row."""
        return self._pace.spare(asyncio.get_running_loop().time(), chat)

    def add(self, rows: Iterable[Outgoing]) -> None:
        """Take over *rows*, which are stored, and begin to send them. What was held in their chats waits no longer, or
        it would hold up what is said after it."""
        chats = set()
        for row in rows:
            self._let_go(row)
            self._rows.setdefault(row.chat, deque()).append(row)
            chats.add(row.chat)
            if row.reply.unasked:
                asyncio.get_running_loop().call_later(AGED, self._promote, row.chat)
        for chat in chats:
            self._wait(chat, self._priority(chat))
        self._pump()

    # Held

    def hold(self, row: Outgoing, seconds: float) -> "asyncio.Future[None]":
        """Keep *row*, which is about to be added, from being sent for so many *seconds*. What is given back is done
        when it is held no longer."""
        loop = asyncio.get_running_loop()
        hold = _Hold(row, loop.create_future(), loop.call_later(seconds, self.release, row))
        self._held[row.person, row.id] = hold
        return hold.over

    def take(self, row: Outgoing) -> bool:
        """Whether *row* is still held; if so, it is kept until it is released, however long that takes."""
        hold = self._held.get((row.person, row.id))
        if hold is None:
            return False
        hold.timer.cancel()
        self._held[row.person, row.id] = hold._replace(taken=True)
        return True

    def release(self, row: Outgoing, instead: Outgoing | None = None) -> None:
        """*row* waits no longer, or *instead* of it the same row with another reply."""
        hold = self._held.pop((row.person, row.id), None)
        if hold is None:
            return
        hold.timer.cancel()
        if not instead:
            self._metrics.fell_back()
        if not hold.over.done():
            hold.over.set_result(None)
        rows = self._rows.get(row.chat, deque())
        for at, each in enumerate(rows):
            if instead and (each.person, each.id) == (row.person, row.id):
                rows[at] = instead
        if rows:
            self._wait(row.chat, self._priority(row.chat))
            self._pump()

    def _let_go(self, newer: Outgoing) -> None:
        """What is held in the chat of *newer* goes before it, unless it is being changed at this moment."""
        for hold in list(self._held.values()):
            if hold.row.chat == newer.chat and hold.row.id < newer.id and not hold.taken:
                self.release(hold.row)

    def _is_held(self, row: Outgoing) -> bool:
        return (row.person, row.id) in self._held

    def forget(self, chat: int) -> None:
        """Drop every row for *chat*. One that is under way may still arrive, and isn't tried again if it doesn't."""
        if chat in self._sending:
            self._forgotten.add(chat)
            while len(self._rows[chat]) > 1:
                self._rows[chat].pop()
        else:
            self._rows.pop(chat, None)
            if timer := self._doubtful.pop(chat, None):
                timer.cancel()
        for hold in [hold for hold in self._held.values() if hold.row.chat == chat]:
            self.release(hold.row)  # of whom nothing is left to send

    def _wait(self, chat: int, priority: int) -> None:
        """The first row of *chat* may go, as soon as `Pace` allows, unless it is under way, in doubt or held."""
        if chat not in self._rows or chat in self._sending or chat in self._doubtful:
            return
        if not self._held or not self._is_held(self._rows[chat][0]):
            self._pace.add(chat, priority)

    def _promote(self, chat: int) -> None:
        self._wait(chat, 0)
        self._pump()

    def _trust(self, *chats: int) -> None:
        """What may have arrived in *chats* is sent once more."""
        for chat in chats:
            self._doubtful.pop(chat).cancel()
            if chat in self._rows:
                self._wait(chat, self._priority(chat))
        self._pump()

    async def stop(self, within: float) -> None:
        """Start no more sends, and wait at most *within* seconds for those under way."""
        self._open = False
        for timer in (self._timer, *self._doubtful.values(), *(hold.timer for hold in self._held.values())):
            if timer:
                timer.cancel()
        if self._sending:
            _, late = await asyncio.wait(self._sending.values(), timeout=within)
            for task in late:
                task.cancel()

    def _priority(self, chat: int) -> int:
        return min(row.reply.unasked for row in self._rows[chat])

    def _pump(self) -> None:
        if not self._open:
            return
        loop = asyncio.get_running_loop()
        now = loop.time()
        while len(self._sending) < IN_FLIGHT and (chat := self._pace.pick(now)) is not None:
            if chat in self._rows and not self._is_held(self._rows[chat][0]):  # else everything for it was dropped
                self._sending[chat] = loop.create_task(self._send(chat))
            else:
                self._pace.arrived(now, chat)
        if self._timer:
            self._timer.cancel()
            self._timer = None
        if len(self._sending) < IN_FLIGHT and (wait := self._pace.wake(now)) is not None:
            self._timer = loop.call_later(wait, self._pump)

    async def _send(self, chat: int) -> None:
        """Send the first row of *chat* and mark what came of it."""
        rows = self._rows[chat]
        row = rows[0]
        try:
            later, again = await self._attempt(row)
        except Elsewhere:  # it is found on disk, by whoever looks after them next
            self.forget(chat)
            later, again = 0.0, None
        except Exception:  # noqa: BLE001 - a channel's slip must not stop the chat's other rows
            _log.exception("row %d of person %d can't be sent; it is set aside", row.id, row.person)
            with suppress(Elsewhere):
                await self._mark(row, "outbox_aside")
            later, again = 0.0, None
        self._pace.arrived(asyncio.get_running_loop().time(), chat)
        if chat in self._forgotten:
            self._forgotten.discard(chat)
            later, again = 0.0, None
            if timer := self._doubtful.pop(chat, None):
                timer.cancel()
        if again is None:
            rows.popleft()
            self._failures.pop(chat, None)
        else:
            rows[0] = again
        del self._sending[chat]
        if rows and rows[0].chat != chat:  # the chat has a new number
            moved = [replace(each, chat=rows[0].chat) for each in self._rows.pop(chat)]
            self.add(moved)
        elif rows:
            if later:
                self._pace.rest(chat, asyncio.get_running_loop().time() + later)
            self._wait(chat, self._priority(chat))
        else:
            del self._rows[chat]
            self._still()
        self._pump()

    async def _attempt(self, row: Outgoing) -> tuple[float, Outgoing | None]:
        """Send *row* once. Seconds for which the chat rests, and the row as it is to be sent again, if it is. Raises
        Elsewhere, if its person isn't this process's own now."""
        if not self._duty.holds(row.person):
            raise Elsewhere
        self._probe("sending")
        try:
            if row.reply.attached:
                async with self._attach(row) as attached:
                    message = await self._channel.send(row.chat, row.reply, bare=row.bare, attached=attached)
            else:
                message = await self._channel.send(row.chat, row.reply, bare=row.bare)
        except TooFast as error:
            return error.seconds, row
        except NotSent:
            failures = self._failures[row.chat] = self._failures.get(row.chat, 0) + 1
            return min(30.0, 2.0 ** (min(failures, 7) - 2)), row
        except Unsure:
            again = replace(row, unsure=row.unsure + 1)
            if again.unsure >= UNSURE:
                _log.warning("row %d of person %d counts as sent after %d unsure sends", row.id, row.person, UNSURE)
                await self._mark(row, "outbox_sent", message=None)
                return 0.0, None
            await self._mark(row, "outbox_again", unsure=again.unsure, bare=int(again.bare))
            self._doubtful[row.chat] = asyncio.get_running_loop().call_later(HEALTHY_AFTER, self._trust, row.chat)
            return 0.0, again
        except Moved as error:
            chat = error.chat
            again = replace(row, chat=chat)

            def move(tx: Transaction) -> None:
                tx.run("outbox_move", person=row.person, chat=chat)
                tx.run("person_moved", person=row.person, chat=chat)

            await insist(self._store, move, person=row.person)
            return 0.0, again
        except Gone:
            if row.farewell or row.chat in self._forgotten:  # there is nobody any more whose journal could say so
                await self._mark(row, "outbox_sent", message=None)
                return 0.0, None
            await insist(self._store, lambda tx: tx.run("outbox_drop", person=row.person), person=row.person)
            rows = self._rows[row.chat]
            rows.clear()
            rows.append(row)
            await self._gone(row)
            return 0.0, None
        except Refused:
            if not row.bare:
                again = replace(row, bare=True)
                await self._mark(row, "outbox_again", unsure=row.unsure, bare=1)
                return 0.0, again
            _log.error("row %d of person %d is refused by the channel; it is set aside", row.id, row.person)
            await self._mark(row, "outbox_aside")
            return 0.0, None
        self._probe("sent")
        if self._doubtful:
            self._trust(*self._doubtful)
        await self._mark(row, "outbox_sent", message=message)
        self._probe("marked")
        return 0.0, None

    async def _mark(self, row: Outgoing, query: str, **fields: int | None) -> None:
        """Write down what came of *row*. Of a farewell nothing is kept, once there is nothing left to try."""
        over = row.farewell and query != "outbox_again"

        def mark(tx: Transaction) -> int:
            if over:
                return tx.run("outbox_farewell", person=row.person, id=row.id)
            return tx.run(query, person=row.person, id=row.id, **fields)

        await insist(self._store, mark, person=row.person)
        if over:
            self._left()
