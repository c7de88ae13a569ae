"""The one imperative shell: receive, handle, deliver, tick.

An update is written down before its channel may forget it, handled in one transaction that also writes what is said
in return, and answered from the outbox. Each person has a lane: their updates and due moments are handled one after
the other, and people side by side. Nothing that matters is in memory alone, so the process may die at any point: what
the inbox and the outbox still hold is taken up at the next start.

Several processes may share a database. Then each looks after a part of all people, its `Duty`: what the others received
for these is announced to it, and looked for once a second, for an announcement can be missed.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Coroutine, Sequence
from datetime import datetime, timedelta
from functools import reduce
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from bot.census import Census
from bot.courtesy import Courtesy, Obliges
from bot.delivery import Delivery, Sends
from bot.domain import (
    Better,
    Blocked,
    Bring,
    Brought,
    Count,
    Counted,
    Discard,
    Due,
    Erase,
    Event,
    Fetch,
    Incoming,
    Media,
    Outgoing,
    Pressed,
    Proposed,
    React,
    Reply,
    Said,
    Scrub,
    Sender,
    Turn,
)
from bot.errands import Errands, Fetches, Model
from bot.files import Files
from bot.flood import Flood
from bot.handling import ZONES, Converse, Earlier, Handler, Planned, Step
from bot.inbox import Inbox, Raw, Received
from bot.metrics import SILENT, Backlog, Metrics, Waiting
from bot.pace import Pace
from bot.replica import ALL, Alone, Duty, shards
from bot.schedule import zone, zone_data
from bot.store import Elsewhere, Row, Store, Transaction, insist, instant, shard, stamp

CLAIM = 32
"""Due moments taken on at once: enough to keep every writer busy, few enough to keep replies quick in between. On
PostgreSQL with 256 of them whoever wrote meanwhile waited up to 6 s; on SQLite 32 cost a sixth more CPU each."""

BACKLOG = 1000
"""Chats waiting to be sent to, beyond which nothing more is claimed: a check-in opens when it can be asked, and memory
stays bounded however many are due."""

LEAVE_WITHIN = 5.0
"""Seconds for which what is in hand of somebody may take when another process is to look after them."""

FIRST = 0
"""Whoever looks after this number's shard does what is done for everybody together."""

_log = logging.getLogger(__name__)


class Channel(Sends, Fetches, Obliges, Protocol):
    """Where people are. It translates and decides nothing."""

    def read(self, payload: str) -> Incoming | None:
        """What *payload* means, or None if it concerns nobody. May raise anything, and Unread to say whose it is."""


def unwatched(_point: str) -> None:
    """Nobody watches the named points that an update passes. Fault tests do, and kill the process there."""


class Engine:
    """Every update it confirms is on disk; every event is handled in one transaction, once."""

    def __init__(
        self,
        *,
        store: Store,
        channel: Channel,
        converse: Converse,
        clock: Callable[[], datetime],
        pace: Pace,
        files: Files,
        flood: Flood | None = None,
        census: Census | None = None,
        model: Model | None = None,
        duty: Duty = Alone(),  # noqa: B008 - it holds nothing
        metrics: Metrics = SILENT,
        probe: Callable[[str], None] = unwatched,
    ) -> None:
        self._store = store
        self._duty = duty
        self._pace = pace
        self._census = census
        self._model = model
        self._clock = clock
        self._probe = probe
        self._errands = Errands(
            store, channel, files, model=model, bring=self._bring_again, duty=duty, clock=clock, probe=probe
        )
        self._flood = flood or Flood()
        self._inbox = Inbox(
            store, channel.read, duty=duty, flood=self._flood, clock=clock, metrics=metrics, probe=probe
        )
        self._handler = Handler(store, converse, duty=duty, clock=clock, metrics=metrics, probe=probe)
        self._bringing: set[tuple[int, int, str]] = set()
        self._delivery = Delivery(
            store,
            channel,
            pace,
            duty=duty,
            attach=self._errands.attached,
            gone=self._lose,
            left=self._left,
            still=self._check_still,
            metrics=metrics,
            probe=probe,
        )
        self._courtesy = Courtesy(
            channel, self._delivery, spawn=self._spawn, handled=lambda person: person in self._lanes
        )
        self._lanes: dict[int, deque[Step]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._still = asyncio.Event()
        self._still.set()
        self._queued: set[int] = set()  # updates that are in a lane
        self._driving: dict[int, asyncio.Task[None]] = {}
        self._moved: set[int] | None = None  # who came to have a lane while the outbox is looked at
        self._looking = asyncio.Lock()
        self._fresh: list[int] = []  # sets of shards that were just taken, and whose outbox wasn't looked at yet
        self._unseen = 0  # the shards for which something was announced
        self._noticing = False
        self._dropped = 0  # steps that were left to another process, or to the next start
        self._swept: datetime | None = None
        self._claimed: set[Planned] = set()
        self._handled = asyncio.Event()
        self._open = True

    # Start and stop

    async def start(self) -> None:
        """Take up whatever an earlier process left in the inbox and the outbox. Where there are other processes, each
        takes up what it looks after as that is given to it."""
        await self._inbox.catch_up()
        if not self._duty.shared:
            await self._look(ALL)
            self._begin(ALL)

    def _begin(self, mask: int) -> None:
        """Do what is to be done once for the people in the shards of *mask*."""
        self._spawn(self._follow_zone_data(mask))
        self._spawn(self._errands.tidy(mask))
        if self._duty.holds(FIRST):
            self._spawn(self._errands.fold())
        if not self._duty.shared:
            self._spawn(self._errands.scrub())

    # Replicas

    def takes(self, mask: int) -> None:
        """The people in the shards of *mask* are this process's own from now on. Nothing is handled for them before it
        is known what others left for them to be sent, or they would hear that last."""
        if self._open:
            self._fresh.append(mask)
            self._spawn(self._get_to_know(mask))

    async def _get_to_know(self, mask: int) -> None:
        try:
            messages = await self._look_out(mask)
        finally:
            self._fresh.remove(mask)
        self._tell(messages, await self._look_in(mask))
        self._begin(mask)

    @property
    def _ours(self) -> int:
        """The shards for whose people anything may be handled here now."""
        return reduce(lambda ours, mask: ours & ~mask, self._fresh, self._duty.held)

    def _looks_after(self, person: int) -> bool:
        """Whether anything of *person*'s may be handled here now."""
        return bool(self._ours >> shard(person) & 1)

    async def leaves(self, mask: int) -> None:
        """The people in the shards of *mask* are another's from now on: return once nothing of theirs is in hand, or
        when that takes too long. What waits for them waits on disk."""
        self._delivery.leave(mask)
        in_hand = [task for person, task in self._driving.items() if mask >> shard(person) & 1]
        if ending := [*in_hand, *self._delivery.under_way(mask)]:
            await asyncio.wait(ending, timeout=LEAVE_WITHIN)
            self._delivery.leave(mask)  # what was said in them

    def shares(self, replicas: int, rank: int) -> None:
        """Limits are shared with so many *replicas*, of which this is that of *rank*."""
        self._pace.share(replicas, rank)
        self._flood.share(replicas)

    def heard(self, said: str) -> None:
        """Another process received something for the shard *said*; for any if that is empty, since it was missed."""
        self._unseen |= 1 << int(said) if said else ALL
        if self._open and not self._noticing and self._unseen & self._duty.held:
            self._noticing = True
            self._spawn(self._notice())

    async def _notice(self) -> None:
        try:
            while mask := self._unseen & self._duty.held:
                self._unseen = 0
                await self._look_in(mask)
        finally:
            self._noticing = False

    async def look(self) -> None:
        """Take up what waits for this process without its knowing: received by another, or written by itself in a
        commit whose answer it never saw."""
        if mask := self._duty.held:
            await self._look(mask)

    async def _look(self, mask: int) -> None:
        self._tell(await self._look_out(mask), await self._look_in(mask))

    def _tell(self, messages: int, updates: int) -> None:
        if messages or updates:
            _log.info("taking up %d updates and %d messages from before", updates, messages)

    async def _look_in(self, mask: int) -> int:
        """Handle what is new in the inbox and in no lane yet; how many updates that is."""
        found = await self._inbox.new(mask, frozenset(self._queued | self._handler.hopeless))
        fresh = [read for read in found if read.raw.id not in self._queued]
        for read in fresh:
            self._take(read)
        return len(fresh)

    async def _look_out(self, mask: int) -> int:
        """Send what waits in the outbox to people of whom nothing is in hand, nor was at any time while that was found
        out: what is under way is found in the outbox as well. How many messages that is."""
        async with self._looking:
            busy = frozenset((*self._lanes, *self._delivery.people))
            moved = self._moved = set()

            def waiting(tx: Transaction) -> list[Row]:
                rows = [row for row in tx.all("outbox_waiting", shards=mask) if row["person"] not in busy]
                found = [tx.one("outbox_row", person=row["person"], id=row["id"]) for row in rows]
                return [row for row in found if row]

            try:
                found = await self._store.read(waiting)
                readable = [row for row in [await self._readable(row) for row in found] if row]
            finally:
                self._moved = None
            rows = [row for row in readable if row.person not in moved and self._duty.holds(row.person)]
            self._take_up(rows)
            return len(rows)

    def _take_up(self, rows: Sequence[Outgoing]) -> None:
        """Send *rows*, which were waiting in the outbox."""
        leaving = {row.person for row in rows if row.farewell}
        self._delivery.add(row for row in rows if row.person not in leaving)
        for person in leaving:  # whatever they wrote since is answered after the farewell
            self._open_lane(person, farewell=[row for row in rows if row.person == person])

    async def _readable(self, row: Row) -> Outgoing | None:
        """A row of the outbox; None for one that can't be read, which is set aside."""
        try:
            return _outgoing(row)
        except Exception as error:  # noqa: BLE001 - another version may have written it; the others must go out
            person, id = row["person"], row["id"]
            _log.error("row %d of person %d can't be read (%s); it is set aside", id, person, type(error).__name__)
            await insist(self._store, lambda tx: tx.run("outbox_aside", person=person, id=id))
            return None

    async def stop(self, within: float = 8.0) -> None:
        """Finish what is in hand, at most *within* seconds; the rest waits on disk. The store stays open."""
        self._open = False
        self._handled.set()
        self._courtesy.stop()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=within / 2)
        self._errands.stop()
        await self._delivery.stop(within / 2)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def settle(self) -> None:
        """Wait until everything received is handled and everything written is sent."""
        while self._lanes or self._delivery.busy or self._tasks:
            self._still.clear()
            await self._still.wait()

    def _check_still(self) -> None:
        if not (self._lanes or self._delivery.busy or self._tasks):
            self._still.set()

    def _spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._spent)
        return task

    def _spent(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        error = None if task.cancelled() else task.exception()
        if error and not isinstance(error, Elsewhere):
            _log.error("a task ended with an error", exc_info=error)
        self._check_still()

    # Receive

    async def receive(self, updates: Sequence[Raw]) -> None:
        """Write *updates* down, without those seen before and those that are too much. When this returns their channel
        may forget them."""
        for read in await self._inbox.keep(updates):
            self._take(read)

    def _take(self, read: Received) -> None:
        """Have what was *read*, which is stored, handled, if its person is this process's own."""
        if read.incoming and self._looks_after(read.incoming.sender.person):
            self._queue(Step(read.incoming, read.raw.id, since=read.since))

    # Handle

    def _queue(self, step: Step) -> None:
        person = step.incoming.sender.person
        lane = self._lanes.get(person)
        if step.update is not None:
            self._queued.add(step.update)
        if lane is None:
            self._open_lane(person, step)
        else:
            lane.append(step)
        if isinstance(step.incoming.event, Said | Pressed):
            self._courtesy.answers(person, step.incoming.sender.chat)

    def _open_lane(self, person: int, *steps: Step, farewell: Sequence[Outgoing] = ()) -> None:
        self._lanes[person] = deque(steps)
        self._driving[person] = self._spawn(self._drive(person, farewell))
        if self._moved is not None:
            self._moved.add(person)

    async def _drive(self, person: int, farewell: Sequence[Outgoing]) -> None:
        """Handle what is in the lane of *person*, in order, until it is empty; a *farewell* from before comes first."""
        lane = self._lanes[person]
        try:
            if farewell:
                await self._part(person, farewell)
            while lane and self._open and self._looks_after(person):
                step = lane[0]
                try:
                    await self._handle(step)
                except Earlier as earlier:
                    read = await self._inbox.reread(earlier.raw)
                    if read and read.incoming:
                        self._queued.add(read.raw.id)
                        lane.appendleft(Step(read.incoming, read.raw.id, since=read.since))
                    continue
                except Elsewhere:
                    self._delivery.forget(step.incoming.sender.chat)
                    break
                except Exception:  # noqa: BLE001 - not even set aside: it stays on disk, and the lane moves on
                    _log.exception("%s for good; it waits for the next start", step)
                    if step.update is not None:
                        self._handler.hopeless.add(step.update)
                lane.popleft()
                self._finished(step)
        finally:
            for step in lane:  # what is left waits on disk, and nobody waits for it here
                self._dropped += 1
                self._finished(step)
            del self._lanes[person], self._driving[person]

    def _finished(self, step: Step) -> None:
        step.done.set()
        if step.held:  # unless it was bettered it goes out as it is
            self._delivery.release(step.held)
        if step.update is not None:
            self._queued.discard(step.update)
        if step.planned:
            self._claimed.discard(step.planned)
            self._handled.set()

    async def _handle(self, step: Step) -> None:
        """Handle *step*, and have done what comes of it. Raises Earlier and Elsewhere."""
        handled = await self._handler.handle(step)
        if handled is None:
            return
        turn, rows = handled
        if step.held:
            self._delivery.release(step.held, rows[0] if rows else None)
            return
        if isinstance(step.incoming.event, Pressed):
            self._spawn(self._courtesy.acknowledge(step.incoming, turn.chosen))
        if turn.wishes:
            await self._fulfil(step.incoming.sender, turn, rows)
        else:
            self._delivery.add(rows)

    def _left(self) -> None:
        """Somebody's farewell is over."""
        self._spawn(self._errands.scrub())

    async def _lose(self, row: Outgoing) -> None:
        """Nothing can be sent to the person of *row* any more."""
        self._queue(Step(Incoming(sender=Sender(person=row.person, chat=row.chat), event=Blocked()), None))

    # Wishes

    async def _fulfil(self, sender: Sender, turn: Turn, rows: list[Outgoing]) -> None:
        """Do what *turn* wishes, and let *rows* go out."""
        for wish in turn.wishes:
            match wish:
                case Fetch(media=wanted):
                    self._spawn(self._errands.fetch(sender.person, wanted.id, wanted.file))
                case Bring(upload=upload):
                    self._spawn(self._bring(sender, upload))
                case Discard(id=id):
                    await self._errands.discard(sender.person, id)
                case Scrub():
                    self._spawn(self._errands.scrub())
                case Count():
                    self._spawn(self._count(sender))
                case React(message=message):
                    self._spawn(self._courtesy.react(sender.chat, message))
                case Better():
                    self._ask_model(sender, wish, rows)
                case Erase():
                    self._delivery.forget(sender.chat)
                    await self._part(sender.person, rows)
                    return
        self._delivery.add(rows)

    async def _count(self, sender: Sender) -> None:
        """Let *sender*, who is the owner, hear how the bot is doing."""
        if self._census is not None:
            event = Counted(figures=await self._census.figures())
            self._queue(Step(Incoming(sender=sender, event=event), None))

    def _bring_again(self, person: int, upload: Media) -> None:
        self._spawn(self._bring(Sender(person=person, chat=person), upload))

    async def _bring(self, sender: Sender, upload: Media) -> None:
        """Have *upload* read, and let what it was happen; or have files taken out of it. What can't be done now is done
        when things are tidied, or at the next start."""
        key = (sender.person, upload.id, upload.file.kind)
        if key in self._bringing or not self._open:
            return
        self._bringing.add(key)
        try:
            if upload.file.kind == "zip":
                await self._errands.unpack(sender.person, upload)
            elif (bundle := await self._errands.read(sender.person, upload)) is not None and self._open:
                self._probe("brought")
                event = Brought(upload=upload, bundle=bundle)
                step = Step(Incoming(sender=sender, event=event), None)
                self._queue(step)
                await step.done.wait()
        finally:
            self._bringing.discard(key)

    def _ask_model(self, sender: Sender, wish: Better, rows: list[Outgoing]) -> None:
        """Hold the row that *wish* is about, for as long as a language model may take to better it."""
        row = next((row for row in rows if row.reply.held), None)
        if row is not None and self._model is not None:
            released = self._delivery.hold(row, self._model.deadline.total_seconds())
            self._spawn(self._better(sender, wish, row, released))

    async def _better(self, sender: Sender, wish: Better, row: Outgoing, released: asyncio.Future[None]) -> None:
        """Ask the model for something better than what is on *row*, until that is *released*: it is sent as it is when
        its time is over, or when there is more to be said in the same chat."""
        asking = asyncio.ensure_future(self._errands.propose(sender.person, wish.brief))
        try:
            await asyncio.wait((asking, released), return_when=asyncio.FIRST_COMPLETED)
            proposal = asking.result() if asking.done() and not asking.cancelled() else None
            self._probe("proposed")
            if proposal is None or not self._open:
                self._delivery.release(row)
            elif self._delivery.take(row):
                event = Proposed(wish=wish, proposal=proposal, reply=row.reply)
                self._queue(Step(Incoming(sender=sender, event=event), None, held=row))
        finally:
            asking.cancel()

    async def _part(self, person: int, farewell: Sequence[Outgoing]) -> None:
        """The journal of *person* is gone already: now their files go. The *farewell* says that all is gone, so it
        waits until the disk has forgotten too; and the lane waits with it, so that nothing is said before it."""
        await self._errands.discard_all(person)
        self._probe("erased")
        await self._errands.scrub()
        self._probe("scrubbed")
        self._delivery.add(farewell)

    # Tick

    async def tick(self) -> None:
        """Claim what is due and have it handled; sweep once an hour. One tick at a time.

        A claim is the delete inside the dialogue's own transaction, so what is claimed here is only kept from being
        claimed again. Nobody's long lane holds up the others, and what can't be sent yet is not claimed yet.
        """
        if self._duty.shared:
            await self.look()
        now = self._clock()
        seen: set[Planned] = set()
        while self._open and self._delivery.backlog < BACKLOG:
            limit = CLAIM + len(self._claimed)
            ours = self._ours
            rows = await self._rows("due_claim", now=stamp(now), shards=ours, limit=limit) if ours else []
            planned = [Planned(**dict(row)) for row in rows]
            fresh = [each for each in planned if each not in self._claimed and each not in seen]
            if not fresh:
                break
            for each in fresh:
                seen.add(each)
                self._claimed.add(each)
                event = Due(kind=each.kind, subject=each.subject, at=instant(each.at))
                self._queue(Step(_to(each.person, event), None, each))
            while len(self._claimed) >= CLAIM:
                self._handled.clear()
                await self._handled.wait()
        if self._open and (self._swept is None or now - self._swept >= timedelta(hours=1)):
            self._swept = now
            await self._errands.tidy(self._duty.held)
            if self._duty.holds(FIRST):
                await self._errands.sweep(now)

    async def _rows(self, query: str, **parameters: str | int) -> list[Row]:
        return await self._store.read(lambda tx: tx.all(query, **parameters))

    async def next_due(self) -> datetime | None:
        """The earliest moment planned for anybody (UTC)."""
        row = await self._store.read(lambda tx: tx.one("due_first"))
        return instant(row["at"]) if row and row["at"] else None

    async def zone_of(self, person: int) -> ZoneInfo | None:
        """Where *person* lives, once that is known."""
        row = await self._store.read(lambda tx: tx.one("person", person=person))
        return zone(row["zone"]) if row and row["zone"] else None

    async def _follow_zone_data(self, mask: int) -> None:
        """Countries change their clocks: with new zone data everybody's next slot is computed again, a few at a time,
        and from where it was left if that takes more than one start. Where there are others, a shard at a time."""
        if not self._duty.shared:
            await self._walk(mask, "zone data")
            return
        for number in shards(mask):
            await self._walk(1 << number, f"zone data {number}")

    async def _walk(self, mask: int, name: str) -> None:
        version = zone_data()
        if await self.recall(name) == version:
            return
        walked, _space, last = (await self.recall(f"{name} walk") or "").partition(" ")
        after = int(last) if walked == version else -(1 << 62)
        while self._open and self._duty.held & mask:
            page = await self._rows("people_after", after=after, shards=mask, limit=CLAIM)
            if not page:
                await self.remember(name, version)
                await self.remember(f"{name} walk", "")  # it names the last one, who may have themselves erased
                return
            dropped = self._dropped
            event = Due(kind=ZONES, subject=version, at=self._clock())
            steps = [Step(_to(row["id"], event), None) for row in page]
            for step in steps:
                self._queue(step)
            for step in steps:
                await step.done.wait()
            if dropped == self._dropped:  # else some of them were left to another, or to the next start
                after = page[-1]["id"]
                await self.remember(f"{name} walk", f"{version} {after}")

    # What the bot itself has to remember

    async def recall(self, name: str) -> str | None:
        """The fact called *name*."""
        row = await self._store.read(lambda tx: tx.one("fact", name=name))
        return row["value"] if row else None

    async def remember(self, name: str, value: str) -> None:
        """Keep *value* as the fact called *name*."""
        await insist(self._store, lambda tx: tx.run("fact_set", name=name, value=value))

    async def agree_on(self, name: str, value: str) -> str:
        """The fact called *name*: *value* from now on, unless another process was first."""

        def settle(tx: Transaction) -> str:
            tx.run("fact_add", name=name, value=value)
            row = tx.one("fact", name=name)
            return str(row["value"]) if row else value

        return await insist(self._store, settle)

    # What waits

    async def backlog(self) -> Backlog:
        """What waits at this moment for this process, of all whom it looks after."""
        now, held = stamp(self._clock()), self._duty.held

        def look(tx: Transaction) -> Backlog:
            return Backlog(
                updates=_waiting(tx.one("inbox_backlog", shards=held)),
                messages=_waiting(tx.one("outbox_backlog", shards=held)),
                due=_waiting(tx.one("due_backlog", shards=held, now=now)),
            )

        return await self._store.read(look)


def _waiting(row: Row | None) -> Waiting:
    count, oldest = (row["waiting"], row["oldest"]) if row else (0, None)
    return Waiting(count, instant(oldest) if oldest else None)


def _to(person: int, event: Event) -> Incoming:
    return Incoming(sender=Sender(person=person, chat=person), event=event)


def _outgoing(row: Row) -> Outgoing:
    return Outgoing(
        person=row["person"],
        id=row["id"],
        chat=row["chat"],
        reply=Reply.from_json(row["payload"]),
        unsure=row["unsure"],
        bare=bool(row["bare"]),
        farewell=bool(row["farewell"]),
    )
