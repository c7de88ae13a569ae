"""Replicas: each shard of people is one process's at a time, whoever comes, goes, hangs or can't be heard.

The database is a real PostgreSQL. Its clock can't be moved, so whoever is to count as gone has their row made old by
hand; a replica's own clock is an argument.
"""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from datetime import timedelta
from math import ceil
from typing import Any, TypeVar

import psycopg
import pytest

from bot.replica import ALL, FREE, IN_FORCE, Replica, shards
from bot.store import ANNOUNCED, LEASES, SHARDS, TURN, Elsewhere, Row, Store, Transaction, Unwritten, open_store
from tests import postgres
from tests.stores import Around

T = TypeVar("T")

LEASE = timedelta(seconds=60)
"""So long that none runs out by itself."""

LATER = 30.0
"""Seconds after which nobody is new any more."""


class Clock:
    """Monotonic seconds, moved by a test."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody sends anything here, so nothing has to settle."""
    monkeypatch.setattr("bot.replica.SETTLES_IN", 0)


class Diary:
    """Work that only writes down what it is told. With a `gate` it has something in hand until that opens."""

    def __init__(self) -> None:
        self.taken: list[int] = []
        self.lost: list[int] = []
        self.shared: list[int] = []
        self.gate: asyncio.Event | None = None
        self.over = 0
        self.trouble: list[Exception] = []

    def takes(self, mask: int) -> None:
        self.taken.append(mask)
        if self.trouble:
            raise self.trouble.pop()

    async def leaves(self, mask: int) -> None:
        self.lost.append(mask)
        if self.gate:
            await self.gate.wait()
        self.over += 1
        if self.trouble:
            raise self.trouble.pop()

    def shares(self, replicas: int, rank: int) -> None:
        self.shared.append(replicas)


class Line(Around):
    """A store whose line is cut before (`away`) or after (`deaf`) each commit, for as long as that is set."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self.away = self.deaf = False
        self.committed = 0

    async def transact(self, work: Callable[[Transaction], T], *, person: int | None = None) -> T:
        if self.away:
            raise Unwritten
        result = await self._store.transact(work, person=person)
        self.committed += 1
        if self.deaf:
            raise Unwritten
        return result


class Member:
    """A replica, what it has been told to do, and its line to the database."""

    def __init__(self, url: str, clock: Clock, *, polls: bool, lease: timedelta) -> None:
        self.line = Line(open_store(url, stuck=lease / 2))
        self.diary = Diary()
        self.clock = clock
        self.replica = Replica(self.line, polls=polls, monotonic=clock, lease=lease)

    async def beats(self) -> None:
        """One beat."""
        async with asyncio.timeout(20):
            await self.replica.beat(self.diary)

    async def finishes(self, times: int = 1) -> None:
        """Wait until it was told *times* to leave something and has nothing of that in hand, and beat."""
        await until(lambda: self.diary.over == times)
        await asyncio.sleep(0)  # what waits for that goes on
        await self.beats()

    @property
    def held(self) -> int:
        return self.replica.held


class House:
    """A database, and those who share it."""

    def __init__(self, url: str, stack: AsyncExitStack) -> None:
        self.url = url
        self._stack = stack

    async def joins(self, *, polls: bool = False, lease: timedelta = LEASE) -> Member:
        """Somebody new, who hasn't said anything yet."""
        member = Member(self.url, Clock(), polls=polls, lease=lease)
        self._stack.push_async_callback(member.line.close)
        return member

    async def two(self) -> tuple[Member, Member]:
        """Two who share everything evenly."""
        first, second = await self.joins(), await self.joins()
        await first.beats()
        await second.beats()
        await first.beats()
        await first.finishes()
        second.clock.now += LATER
        await second.beats()
        assert (first.held, second.held) == (ALL >> 30, ALL & ~(ALL >> 30))
        return first, second

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.url, autocommit=True) as connection:
            return connection.execute(sql.encode()).fetchall()

    def holders(self) -> dict[str, str | None]:
        return dict(self.rows("SELECT name, holder FROM lease"))

    def silences(self, member: Member) -> None:
        """Let it be long ago that *member* was heard of."""
        self.changes(f"UPDATE replica SET until = 1 WHERE id = '{member.replica.id}'")

    def changes(self, sql: str) -> None:
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(sql.encode())

    @contextmanager
    def locked(self, number: int, *more: str) -> Iterator[None]:
        """Meanwhile somebody else has a transaction open, with the lock of that *number*, that runs *more*."""
        with psycopg.connect(self.url) as connection:
            connection.execute(f"SELECT pg_advisory_xact_lock({LEASES}, {number})".encode())
            for sql in more:
                connection.execute(sql.encode())
            yield
            connection.commit()


@pytest.fixture
async def house() -> AsyncIterator[House]:
    """An empty database."""
    with postgres.database() as url:
        async with AsyncExitStack() as stack:
            yield House(url, stack)


async def until(true: Callable[[], object]) -> None:
    """Wait for a condition."""
    async with asyncio.timeout(20):
        while not true():  # noqa: ASYNC110 - what is waited for has no event of its own
            await asyncio.sleep(0.002)


def number(mask: int) -> int:
    return len(shards(mask))


# Sharing


async def test_the_first_takes_everything(house: House) -> None:
    """Whoever is alone has everybody from its first beat on, and all that Telegram lets through."""
    first = await house.joins()
    assert not first.held
    assert not first.replica.holds(7)
    await first.beats()
    assert first.held == ALL
    assert all(first.replica.holds(person) for person in (-61, -1, 0, 7, 59, 60, 1 << 40))
    assert (first.diary.taken, first.diary.lost, first.diary.shared) == ([ALL], [], [1])
    await first.beats()
    assert (first.diary.taken, first.diary.shared) == ([ALL], [1])


async def test_a_second_gets_half_once_the_first_has_finished(house: House) -> None:
    """Somebody new takes nothing before all others know of it; the first leaves half, which it begins nothing for from
    that moment on, and gives it away once nothing of it is in hand."""
    first, second = await house.joins(), await house.joins()
    await first.beats()
    first.diary.gate = asyncio.Event()
    await second.beats()
    assert (second.held, second.diary.shared) == (0, [2])
    await first.beats()
    half = first.held
    assert (number(half), first.diary.shared) == (30, [1, 2])
    await until(lambda: first.diary.lost == [ALL & ~half])
    second.clock.now += LATER
    await first.beats()
    await second.beats()
    assert second.held == 0, "taken while the first had it in hand"
    first.diary.gate.set()
    await first.finishes()
    await second.beats()
    assert (second.held, second.diary.taken) == (ALL & ~half, [ALL & ~half])
    for _beat in range(3):
        await first.beats()
        await second.beats()
    assert (first.held, second.held) == (half, ALL & ~half)
    assert (first.diary.taken, first.diary.lost, second.diary.lost) == ([ALL], [ALL & ~half], [])


async def test_somebody_new_takes_nothing_that_others_could_be_sending_to(house: House) -> None:
    """For a beat and a half somebody new only lets itself be counted, whatever is free: else three would each send
    half of what Telegram takes."""
    first = await house.joins()
    await first.beats()
    second = await house.joins()
    await second.beats()
    await first.replica.leave()
    third = await house.joins()
    await third.beats()
    assert third.held == 0
    second.clock.now += LATER
    await second.beats()
    assert number(second.held) == 30
    await third.beats()
    assert third.held == 0
    third.clock.now += LATER
    await third.beats()
    assert (number(third.held), third.held & second.held) == (30, 0)


@pytest.mark.parametrize("many", [3, 4, 7])
async def test_many_share_evenly(house: House, many: int) -> None:
    """Each of several has its fair part and no more, everybody is somebody's, and there it ends."""
    members = [await house.joins() for _each in range(many)]
    for _round in range(12):
        for member in members:
            await member.beats()
            member.clock.now += LATER
        await until(lambda: all(len(each.diary.lost) == each.diary.over for each in members))
        await asyncio.sleep(0)
    parts = [number(member.held) for member in members]
    assert sum(parts) == SHARDS
    assert max(parts) <= ceil(SHARDS / many)
    assert sum(member.held for member in members) == ALL, "none is two replicas'"
    before = [member.held for member in members]
    for member in members:
        await member.beats()
    assert [member.held for member in members] == before


async def test_one_that_leaves_is_replaced_at_the_next_beat(house: House) -> None:
    """Who leaves says so, and the others needn't wait for a lease to run out."""
    first, second = await house.two()
    said: list[str] = []
    listening = asyncio.create_task(first.line.listen(ANNOUNCED, said.append))
    await until(lambda: "" in said)  # it listens
    await second.replica.leave()
    assert second.held == 0
    await until(lambda: FREE in said)
    listening.cancel()
    await first.beats()
    assert (first.held, first.diary.shared[-1]) == (ALL, 1)


async def test_one_that_is_not_heard_of_is_replaced(house: House) -> None:
    """Whoever says nothing for as long as a lease lasts counts as gone, and somebody else takes over."""
    first, second = await house.two()
    await second.beats()
    assert number(second.held) == 30, "while it is heard of nobody takes anything of its"
    house.silences(first)
    await second.beats()
    assert (second.held, second.diary.shared) == (ALL, [2, 1])
    assert set(house.holders().values()) - {None} == {second.replica.id}


# Away


async def test_one_that_was_away_and_lost_nothing_goes_on(house: House) -> None:
    """Who was too slow holds nothing until its next beat; if nobody took anything, all is its own again, and it looks
    what waits there."""
    first = await house.joins()
    await first.beats()
    first.clock.now += LEASE.total_seconds() * 2
    house.silences(first)
    assert (first.held, first.replica.holds(7)) == (0, False)
    await first.beats()
    assert (first.held, first.replica.holds(7)) == (ALL, True)
    assert (first.diary.taken, first.diary.lost) == ([ALL, ALL], [])


async def test_one_that_was_away_drops_what_it_lost(house: House) -> None:
    """Who was taken for gone is told once what it lost, and exactly that."""
    first, second = await house.two()
    theirs = first.held
    house.silences(first)
    await second.beats()
    first.clock.now += LEASE.total_seconds() * 2
    await first.beats()
    assert first.held == 0
    await first.finishes(2)
    await first.beats()
    assert first.diary.lost[1:] == [theirs]
    await second.beats()  # it leaves half again
    await second.finishes()
    await first.beats()
    assert number(first.held) == number(second.held) == 30
    assert first.diary.taken[1:] == [first.held]


async def test_what_was_lost_is_not_taken_again_before_it_is_dropped(house: House) -> None:
    """Who was away while another took over and went, too, doesn't go on with what it knew: it drops that first."""
    first, second = await house.two()
    house.silences(first)
    await second.beats()
    house.silences(second)
    first.diary.gate = asyncio.Event()
    before = first.held
    await first.beats()
    assert first.held == 0
    await first.beats()
    assert (first.held, first.diary.lost[1:]) == (0, [before])
    first.diary.gate.set()
    await first.finishes(2)
    assert (first.held, first.diary.taken) == (ALL, [ALL, ALL])


async def test_one_that_can_not_reach_the_database_relies_on_its_lease_for_a_while(house: House) -> None:
    """Without a word from the database a replica counts itself out a good while before others do."""
    first = await house.joins(polls=True)
    await first.beats()
    began = first.clock.now
    first.line.away = True
    with pytest.raises(Unwritten):
        await first.beats()
    first.clock.now = began + IN_FORCE * LEASE.total_seconds() - 0.001
    assert first.held == ALL
    first.clock.now += 0.001
    assert (first.held, first.replica.holds(7)) == (0, False)


async def test_a_slow_beat_renews_from_when_it_began(house: House) -> None:
    """The lease counts from before the beat, not from when its answer came."""
    first = await house.joins()
    with house.locked(TURN):
        beat = asyncio.create_task(first.beats())
        await waits_for_a_lock(house)
        first.clock.now += 40
    await beat
    assert first.held == ALL
    first.clock.now += IN_FORCE * LEASE.total_seconds() - 40
    assert first.held == 0


async def test_a_beat_whose_answer_was_lost(house: House) -> None:
    """What a beat took or left without this replica's hearing of it is known after the next one."""
    first, second = await house.joins(), await house.joins()
    first.line.deaf = True
    with pytest.raises(Unwritten):
        await first.beats()
    assert first.held == 0
    first.line.deaf = False
    await first.beats()
    assert (first.held, first.diary.taken) == (ALL, [ALL])
    await second.beats()
    await first.beats()
    first.line.deaf = True
    with pytest.raises(Unwritten):
        await first.finishes()
    second.clock.now += LATER
    await second.beats()
    assert number(second.held) == 30
    first.line.deaf = False
    await first.beats()
    assert (first.held & second.held, first.held | second.held) == (0, ALL)
    assert len(first.diary.lost) == 1


# One after the other


async def waits_for_a_lock(house: House) -> None:
    """Wait until somebody waits for a lock in the database."""
    blocked = "SELECT 1 FROM pg_locks WHERE NOT granted AND locktype = 'advisory'"
    async with asyncio.timeout(20):
        while not await asyncio.to_thread(house.rows, blocked):  # noqa: ASYNC110 - the server tells nobody
            await asyncio.sleep(0.01)


async def test_nobody_counts_as_gone_who_is_just_saying_that_they_are_alive(house: House) -> None:
    """Who looks for leases of the gone waits for a beat that is under way: it may be of one that was late."""
    first, second = await house.two()
    house.silences(first)
    alive = f"UPDATE replica SET until = 9999999999999 WHERE id = '{first.replica.id}'"
    with house.locked(TURN, alive):
        beat = asyncio.create_task(second.beats())
        await waits_for_a_lock(house)
    await beat
    assert number(second.held) == 30


async def test_two_that_come_at_the_same_moment(house: House) -> None:
    """However many start at once on an empty database, none has what another has."""
    members = [await house.joins(polls=True) for _each in range(4)]
    await asyncio.gather(*(member.beats() for member in members))
    assert sorted(number(member.held) for member in members) == [0, 0, 0, SHARDS]
    assert sum(member.replica.polling.is_set() for member in members) == 1


async def test_leaving_in_the_middle_of_a_beat(house: House) -> None:
    """Who leaves while a beat is under way has nothing afterwards, and doesn't count."""
    first = await house.joins(polls=True)
    with house.locked(TURN):
        keeping = asyncio.create_task(first.replica.keep(first.diary))
        await waits_for_a_lock(house)
        keeping.cancel()
        leaving = asyncio.create_task(first.replica.leave())
        await asyncio.gather(keeping, return_exceptions=True)
    await leaving
    assert set(house.holders().values()) == {None}
    assert house.rows("SELECT 1 FROM replica") == []


async def test_a_lease_is_not_taken_under_an_open_transaction(house: House) -> None:
    """What its old holder still has half done is ended before somebody else takes over, and nothing begins after."""
    first, second = await house.joins(), await house.joins()
    await first.beats()
    await second.beats()
    working, gate = threading.Event(), threading.Event()
    store = open_store(house.url, holder=first.replica.id, stuck=LEASE)

    def work(tx: Transaction) -> Row | None:
        working.set()
        assert gate.wait(20)
        return tx.one("person", person=67)

    transaction = asyncio.create_task(store.transact(work, person=67))
    await asyncio.to_thread(working.wait, 20)
    house.silences(first)
    await second.beats()
    assert second.held == ALL & ~(1 << 7)
    gate.set()
    await transaction
    await second.beats()
    assert second.held == ALL
    with pytest.raises(Elsewhere):
        await store.transact(work, person=67)
    await store.close()


# The poll


async def test_the_poll_is_ones_alone(house: House) -> None:
    """One polls; another only once that one isn't heard of, and then the first doesn't any more."""
    first, second, third = await house.joins(polls=True), await house.joins(polls=True), await house.joins()
    for member in (first, second, third):
        await member.beats()
    assert [each.replica.polling.is_set() for each in (first, second, third)] == [True, False, False]
    assert [each.replica.resting.is_set() for each in (first, second, third)] == [False, True, True]
    house.silences(first)
    for member in (third, second, first):
        await member.beats()
    assert [each.replica.polling.is_set() for each in (first, second, third)] == [False, True, False]
    await second.replica.leave()
    assert not second.replica.polling.is_set()
    await first.beats()
    assert first.replica.polling.is_set()


async def test_who_can_not_reach_the_database_rests(house: House) -> None:
    """Two that poll get in each other's way, so who no longer knows whether the poll is its own rests."""
    first = await house.joins(polls=True, lease=timedelta(seconds=1))
    await first.beats()
    assert first.replica.polling.is_set()
    first.line.away = True
    async with asyncio.timeout(20):
        await first.replica.resting.wait()
    assert not first.replica.polling.is_set()
    first.line.away = False
    await first.beats()
    assert first.replica.polling.is_set()


# By itself


@asynccontextmanager
async def keeping(*members: Member) -> AsyncIterator[None]:
    """Meanwhile *members* beat by themselves."""
    tasks = [asyncio.create_task(member.replica.keep(member.diary)) for member in members]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def test_beats_come_by_themselves(house: House) -> None:
    """Left alone, two of them share; and one whose line is cut is replaced in time."""
    short = timedelta(seconds=1)
    first, second = await house.joins(polls=True, lease=short), await house.joins(polls=True, lease=short)
    loop = asyncio.get_running_loop()
    first.replica._monotonic = second.replica._monotonic = loop.time
    async with keeping(first, second):
        await until(lambda: number(first.held) == number(second.held) == 30)
        first.line.away = True
        cut = loop.time()
        await until(lambda: number(first.held) == 0)
        assert second.held & first.held == 0
        await until(lambda: second.held == ALL and second.replica.polling.is_set())
        assert loop.time() - cut < 4
        first.line.away = False
        await until(lambda: number(first.held) == number(second.held) == 30)


async def test_what_others_leave_is_taken_at_once(house: House) -> None:
    """Whoever hears that something is free doesn't wait for its next beat, not even if it is in the middle of one."""
    first, second = await house.two()
    with house.locked(TURN):
        beaten = first.line.committed
        keep = keeping(first)
        await keep.__aenter__()
        await waits_for_a_lock(house)
        first.replica.hurry()
    async with AsyncExitStack() as stack:
        stack.push_async_exit(keep)
        await until(lambda: first.line.committed == beaten + 2)
        await second.replica.leave()
        first.replica.hurry()
        await until(lambda: first.held == ALL)


async def test_an_error_is_not_the_end(house: House, caplog: pytest.LogCaptureFixture) -> None:
    """Whatever goes wrong in what it tells others to do, a replica goes on beating, and leaves what it has to leave."""
    first, second = await house.joins(lease=timedelta(seconds=5)), await house.joins(lease=timedelta(seconds=5))
    first.diary.trouble = [ZeroDivisionError(), ZeroDivisionError()]
    async with keeping(first):
        await until(lambda: "a beat failed" in caplog.text)
        await second.beats()
        await until(lambda: "something is still in hand" in caplog.text)
        await until(lambda: list(house.holders().values()).count(None) == 31)
    assert number(first.held) == 30
