"""An engine among others on one database: it handles and sends what is its own, in order, and nobody's twice.

The store is a real PostgreSQL with its leases. Whom the engine looks after is said by a stand-in for its replica, so
that everything can change at the worst moment.
"""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import psycopg
import pytest

from bot import engine as engines
from bot.domain import Due, Event, Incoming, Outgoing, Proposed, Reply, Said, Sender, Turn
from bot.engine import Engine
from bot.files import Files
from bot.handling import Handler, Step
from bot.inbox import Raw
from bot.journal import Journal
from bot.pace import Pace
from bot.replica import shards
from bot.schedule import zone_data
from bot.store import SHARDS, Elsewhere, Store, Transaction, Unwritten, open_store, shard
from tests import postgres
from tests.stores import Around
from tests.test_engine import NOW, Converse, House, Wire, echo, said, until

T = TypeVar("T")

SOME = (1 << 10) - 1
"""Ten shards, in which everybody lives here."""


class Charge:
    """Whom an engine looks after, as a test says. It may be wrong."""

    shared = True

    def __init__(self) -> None:
        self.held = 0

    def holds(self, person: int) -> bool:
        return bool(self.held >> shard(person) & 1)


class Line(Around):
    """A store on which a test may have the answer to a commit lost, or a read wait after it has looked."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self.lost: Callable[[], bool] = lambda: False
        self.looked = asyncio.Event()
        self.gate: asyncio.Event | None = None

    async def transact(self, work: Callable[[Transaction], T], *, person: int | None = None) -> T:
        result = await self._store.transact(work, person=person)
        if self.lost():
            raise Unwritten
        return result

    async def read(self, work: Callable[[Transaction], T]) -> T:
        result = await self._store.read(work)
        if gate := self.gate:
            self.looked.set()
            await gate.wait()
        return result


class Post(House):
    """One of the engines on a database, and what can be seen of it."""

    def __init__(self, name: str, url: str, folder: Path, converse: Converse = echo) -> None:
        self.name, self.url = name, url
        self.wire = Wire()
        self.now = NOW
        self.converse = converse
        self.charge = Charge()
        self.store = self.line = Line(open_store(url, holder=name, stuck=timedelta(minutes=1)))
        self.engine = Engine(
            store=self.line,
            channel=self.wire,
            converse=self._converse,
            clock=lambda: self.now,
            pace=Pace(0, 0, 1),
            files=Files(folder / f"{name}.media"),
            duty=self.charge,
        )

    def look(self, sql: str) -> list[Any]:
        with psycopg.connect(self.url, autocommit=True) as connection:
            cursor = connection.execute(sql.encode())
            return [row[0] if len(row) == 1 else row for row in cursor.fetchall()] if cursor.description else []

    def gets(self, mask: int = SOME) -> None:
        """The shards in *mask* become its own."""
        self._leases(mask, self.name)
        self.charge.held |= mask
        self.engine.takes(mask)

    def loses(self, mask: int = SOME) -> None:
        """Others take the shards in *mask*, and it knows nothing of that."""
        self._leases(mask, "somebody else")

    async def leaves(self, mask: int = SOME) -> None:
        """It leaves the shards in *mask*."""
        self.charge.held &= ~mask
        async with asyncio.timeout(20):
            await self.engine.leaves(mask)
        self._leases(mask, "nobody")

    def _leases(self, mask: int, holder: str) -> None:
        names = ", ".join(f"('{number}', '{holder}')" for number in shards(mask))
        self.look(
            f"INSERT INTO lease (name, holder) VALUES {names} ON CONFLICT (name) DO UPDATE SET holder = excluded.holder"
        )

    async def stores(self, *updates: Raw) -> None:
        """Have *updates* written down as another process would, without a word of it."""

        def keep(tx: Transaction) -> None:
            for raw in updates:
                person = self.wire.read(raw.payload)
                assert person
                tx.run(
                    "inbox_add",
                    id=raw.id,
                    received_at="2026-11-09T18:00:00.000000Z",
                    payload=raw.payload,
                    person=person.sender.person,
                    state="new",
                )

        await self.store.transact(keep)

    def outbox(self) -> list[Any]:
        return self.look("SELECT state FROM outbox ORDER BY person, id")


@pytest.fixture
def url() -> Iterator[str]:
    """An empty database."""
    with postgres.database() as url:
        yield url


@pytest.fixture
async def stack() -> AsyncIterator[AsyncExitStack]:
    """What ends with the test."""
    async with AsyncExitStack() as stack:
        yield stack


@pytest.fixture
async def here(url: str, tmp_path: Path, stack: AsyncExitStack) -> Post:
    """An engine that looks after everybody."""
    post = Post("here", url, tmp_path)
    stack.push_async_callback(post.close)
    await post.engine.start()
    post.gets()
    await post.settle()
    return post


@pytest.fixture
async def there(url: str, tmp_path: Path, stack: AsyncExitStack, here: Post) -> Post:
    """Another one, that looks after nobody."""
    post = Post("there", url, tmp_path)
    stack.push_async_callback(post.close)
    await post.engine.start()
    return post


class Door:
    """A dialogue that waits at *text*, in its transaction, until it is let through."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.reached, self.open = threading.Event(), threading.Event()

    def __call__(self, event: Event, journal: Journal, now: datetime) -> Turn:
        if event == Said(text=self._text):
            self.reached.set()
            assert self.open.wait(20)
        return echo(event, journal, now)

    async def is_reached(self) -> None:
        assert await asyncio.to_thread(self.reached.wait, 20)


# In order


async def test_what_another_received_comes_first_if_it_was_first(here: Post) -> None:
    """Whatever is heard of last, a person's updates are handled as they were written down."""
    await here.stores(said(5, 1, "a"), said(9, 1, "b"), said(6, 2, "x"))
    await here.engine.receive([said(1, 1, "c")])
    await here.settle()
    assert here.notes(1) == here.wire.heard[1] == ["a", "b", "c"]
    assert here.wire.heard[2] == []
    here.engine.heard("2")
    await here.settle()
    assert here.wire.heard[2] == ["x"]
    here.engine.heard("1")
    await here.settle()
    assert here.wire.heard[1] == ["a", "b", "c"]


async def test_an_announcement_that_is_missed(here: Post) -> None:
    """What was received elsewhere is found once a second, and at once when something may have been missed."""
    await here.stores(said(1, 1, "a"))
    await here.tick()
    await here.stores(said(2, 1, "b"))
    here.engine.heard("")
    await here.settle()
    assert here.notes(1) == here.wire.heard[1] == ["a", "b"]


async def test_what_is_received_for_others_is_left_to_them(here: Post, there: Post) -> None:
    """Whoever receives only writes down what is others' to handle, and tells them."""
    said_there: list[str] = []

    def heard(text: str) -> None:
        said_there.append(text)
        here.engine.heard(text)

    listening = asyncio.create_task(here.store.listen("tenfold", heard))
    await until(lambda: said_there == [""])
    await there.engine.receive([said(1, 61, "a"), said(2, 1, "b"), said(3, 61, "c")])
    await until(lambda: here.wire.heard[61] == ["a", "c"] and here.wire.heard[1] == ["b"])
    assert said_there == ["", "1"]
    assert not there.wire.heard
    listening.cancel()


async def test_two_receive_for_one_person(here: Post, there: Post) -> None:
    """However a person's updates are spread over those who receive, they are answered in one order, once each."""
    listening = asyncio.create_task(here.store.listen("tenfold", here.engine.heard))
    for turn in range(20):
        await (here, there)[turn % 2].engine.receive(
            [said(9000 - 100 * turn + person, person, f"{turn}") for person in (1, 2, 61)]
        )
    in_order = [str(turn) for turn in range(20)]
    await until(lambda: all(here.wire.heard[person] == in_order for person in (1, 2, 61)))
    assert here.notes(61) == in_order
    listening.cancel()


async def test_what_can_not_even_be_set_aside_is_in_nobodys_way(
    here: Post, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """An update that fails, and fails to be set aside, is tried no more by this process; what comes after it is
    handled."""

    def converse(event: Event, journal: Journal, now: datetime) -> Turn:
        if event == Said(text="a"):
            raise ZeroDivisionError
        return echo(event, journal, now)

    async def hopeless(_engine: Engine, _step: object) -> None:
        raise ZeroDivisionError

    here.converse = converse
    monkeypatch.setattr(Handler, "_set_aside", hopeless)
    await here.receive(said(1, 1, "a"), said(2, 1, "b"))
    await here.tick()
    await here.tick()
    assert here.wire.heard[1] == ["b"]
    assert here.inbox() == [(1, "new"), (2, "done")]
    assert caplog.text.count("for good") == 1


# Whose they are


async def test_a_lane_stops_when_its_person_is_anothers(here: Post, there: Post) -> None:
    """What is in hand is finished and sent by whoever comes next; what waits behind it is theirs as well."""
    door = Door("b")
    here.converse = door
    await here.engine.receive([said(1, 1, "a"), said(2, 1, "b"), said(3, 1, "c")])
    await door.is_reached()
    leaving = asyncio.create_task(here.leaves())
    await asyncio.sleep(0)
    assert not leaving.done()
    door.open.set()
    await leaving
    assert (here.notes(1), here.inbox()[2]) == (["a", "b"], (3, "new"))
    there.gets()
    await there.settle()
    assert there.notes(1) == here.wire.heard[1] + there.wire.heard[1] == ["a", "b", "c"]


async def test_what_the_database_refuses_is_dropped(here: Post, there: Post) -> None:
    """Who was taken for gone and doesn't know it yet handles nothing, and sends no more than what was on its way."""
    here.wire.holds[1] = asyncio.Event()
    await here.engine.receive([said(1, 1, "a"), said(2, 1, "b")])
    await until(lambda: here.inbox() == [(1, "done"), (2, "done")])
    here.loses()
    there.gets()
    await there.settle()
    assert there.wire.heard[1] == ["a", "b"]
    await here.engine.receive([said(3, 1, "c"), said(4, 2, "x")])
    here.wire.holds[1].set()
    await here.settle()
    assert (here.wire.heard[1], here.wire.heard[2]) == (["a"], [])
    await there.tick()
    assert (there.notes(1), there.wire.heard[1], there.wire.heard[2]) == (["a", "b", "c"], ["a", "b", "c"], ["x"])
    assert set(there.outbox()) == {"sent"}


async def test_nothing_stale_is_sent_to_those_who_come_back(here: Post, there: Post) -> None:
    """Who loses a person and gets them back knows nothing any more of what waited for them before."""
    door = Door("b")
    here.converse = door
    here.wire.holds[2] = asyncio.Event()
    await here.engine.receive([said(1, 1, "b"), said(2, 2, "x"), said(3, 2, "y")])
    await door.is_reached()
    leaving = asyncio.create_task(here.leaves())
    await asyncio.sleep(0)
    here.wire.holds[2].set()
    door.open.set()
    await leaving
    await here.settle()
    there.gets()
    await there.settle()
    await there.leaves()
    here.gets()
    await here.settle()
    await here.tick()
    assert here.wire.heard[1] + there.wire.heard[1] == ["b"]
    assert here.wire.heard[2] + there.wire.heard[2] == ["x", "y"]


async def test_leaving_marks_what_is_under_way(here: Post, there: Post) -> None:
    """A send that is under way is waited for and marked before somebody else sends what comes after it."""
    here.wire.holds[1] = asyncio.Event()
    await here.engine.receive([said(1, 1, "a"), said(2, 1, "b")])
    await until(lambda: here.inbox() == [(1, "done"), (2, "done")])
    leaving = asyncio.create_task(here.leaves())
    await asyncio.sleep(0)
    assert not leaving.done()
    here.wire.holds[1].set()
    await leaving
    assert here.outbox() == ["sent", "waiting"]
    there.gets()
    await there.settle()
    assert (here.wire.heard[1], there.wire.heard[1]) == (["a"], ["b"])


async def test_leaving_does_not_wait_for_ever(here: Post, there: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    """A send that hangs is left behind; that message may come twice, but nothing after it does."""
    monkeypatch.setattr(engines, "LEAVE_WITHIN", 0.05)
    here.wire.holds[1] = asyncio.Event()
    await here.engine.receive([said(1, 1, "a"), said(2, 1, "b")])
    await until(lambda: here.inbox() == [(1, "done"), (2, "done")])
    await here.leaves()
    there.gets()
    await there.settle()
    here.wire.holds[1].set()
    await here.settle()
    assert (here.wire.heard[1], there.wire.heard[1]) == (["a"], ["a", "b"])


async def test_what_waits_while_nothing_is_known_is_sent_when_it_is(here: Post) -> None:
    """Who can't be sure of anybody for a while sends nothing meanwhile, and everything once afterwards."""
    here.wire.holds[1] = asyncio.Event()
    await here.engine.receive([said(number, 1, f"{number}") for number in range(4)])
    await here.engine.receive([said(9, 2, "x")])
    await until(lambda: here.outbox() == ["waiting"] * 4 + ["sent"])
    here.charge.held = 0
    await here.engine.receive([said(10, 2, "y")])
    here.wire.holds[1].set()
    await here.settle()
    assert (here.wire.heard[1], here.wire.heard[2]) == (["0"], ["x"])
    here.charge.held = SOME
    await here.tick()
    assert (here.wire.heard[1], here.wire.heard[2]) == (["0", "1", "2", "3"], ["x", "y"])


async def test_a_held_card_is_never_stuck(here: Post) -> None:
    """A card that was to be bettered while this process wasn't sure of anybody goes out as it is."""
    row = await here.store.transact(_card, person=1)
    here.engine._delivery.hold(row, 60)
    here.engine._delivery.add([row])
    assert here.engine._delivery.take(row)
    here.charge.held = 0
    event = Proposed(wish=None, proposal=None, reply=row.reply)  # type: ignore[arg-type]  # nobody looks into them
    here.engine._queue(Step(Incoming(sender=Sender(person=1, chat=1), event=event), None, held=row))
    await here.settle()
    assert here.wire.heard[1] == []
    here.charge.held = SOME
    await here.tick()
    assert here.wire.heard[1] == ["a card"]


def _card(tx: Transaction) -> Outgoing:
    journal = Journal(tx, Sender(person=1, chat=1), NOW)
    reply = Reply(text="a card", held=True)
    row = Outgoing(person=1, id=journal.send(reply), chat=1, reply=reply)
    journal.save()
    return row


async def test_what_others_left_is_sent_first(here: Post, there: Post) -> None:
    """Who takes somebody over handles nothing of theirs before it knows what they were still to be sent."""
    here.wire.holds[1] = asyncio.Event()
    await here.engine.receive([said(1, 1, "a")])
    await until(lambda: here.outbox() == ["waiting"])
    await there.plan([1], NOW - timedelta(minutes=1))
    here.loses()
    there.line.gate = gate = asyncio.Event()
    there.gets()
    await there.line.looked.wait()
    there.line.gate = None
    await there.engine.receive([said(2, 1, "b")])
    there.engine.heard("1")
    await until(lambda: not there.engine._noticing)
    assert there.inbox()[1] == (2, "new")
    gate.set()
    await until(lambda: there.wire.heard[1] == ["a", "b"])
    await there.tick()
    assert there.wire.heard[1] == ["a", "b", "check-in s"]


# A look at what waits


async def test_a_look_finds_nothing_that_is_in_hand(here: Post) -> None:
    """However often it is looked while a send hangs, a dialogue runs and others wait, all is sent once."""
    door = Door("c")
    here.converse = door
    here.wire.holds[1] = asyncio.Event()
    await here.engine.receive([said(1, 1, "a"), said(2, 1, "b"), said(3, 2, "c"), said(4, 2, "d")])
    await door.is_reached()
    await until(lambda: here.outbox() == ["waiting"] * 2)
    for _look in range(3):
        await here.engine.look()
    here.wire.holds[1].set()
    door.open.set()
    await here.settle()
    assert (here.wire.heard[1], here.wire.heard[2]) == (["a", "b"], ["c", "d"])


async def test_somebody_begins_to_be_handled_while_it_is_looked(here: Post) -> None:
    """What was written after a look began may be on its way by the time that its answer is here."""
    here.line.gate = asyncio.Event()
    looking = asyncio.create_task(here.engine.look())
    await here.line.looked.wait()
    gate, here.line.gate = here.line.gate, None
    await here.engine.receive([said(1, 1, "a")])
    await until(lambda: here.wire.heard[1] == ["a"])
    gate.set()
    await looking
    await here.settle()
    assert here.wire.heard[1] == ["a"]


async def test_a_look_that_saw_what_was_sent_meanwhile(here: Post) -> None:
    """A row that waited when it was looked, and was sent before the answer came, isn't sent again."""
    here.wire.holds[1] = asyncio.Event()
    await here.engine.receive([said(1, 1, "a")])
    await until(lambda: here.outbox() == ["waiting"])
    here.line.gate = asyncio.Event()
    looking = asyncio.create_task(here.engine.look())
    await here.line.looked.wait()
    gate, here.line.gate = here.line.gate, None
    here.wire.holds[1].set()
    await until(lambda: here.outbox() == ["sent"])
    gate.set()
    await looking
    await here.settle()
    assert here.wire.heard[1] == ["a"]


# Answers that are lost


@pytest.mark.parametrize("every", [1, 2, 3])
async def test_a_commit_whose_answer_is_lost(here: Post, every: int) -> None:
    """When a connection breaks at the very end of a transaction nothing is lost and nothing is done twice: not what was
    received, not what was said in return, not what was due."""
    await here.plan(range(1, 5), NOW - timedelta(minutes=1))
    commits = 0
    again: set[int] = set()

    def lost() -> bool:
        nonlocal commits
        commits += 1
        if commits % every or commits - 1 in again:  # the same isn't lost twice in a row, or there'd be no end
            return False
        again.add(commits)
        return True

    here.line.lost = lost
    for turn in range(3):
        await here.engine.receive([said(turn * 10 + person, person, f"{turn}") for person in range(1, 5)])
        await here.tick()
    await here.tick()
    in_order = [str(turn) for turn in range(3)]
    for person in range(1, 5):
        assert here.notes(person) == in_order
        assert [text for text in here.wire.heard[person] if text != "check-in s"] == in_order
        assert here.wire.heard[person].count("check-in s") == 1
    assert set(here.outbox()) == {"sent"}
    assert len(again) > 5


# Zone data


async def test_zone_data_is_walked_a_shard_at_a_time(here: Post, there: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    """With new zone data everybody is looked at; a page that was left half done is walked again by whoever comes, and
    no shard that is done."""
    monkeypatch.setattr(engines, "CLAIM", 2)
    await here.leaves()
    people = [shard + SHARDS * number for shard in (3, 5) for number in range(5)]
    await here.store.transact(lambda tx: _live_somewhere(tx, people))
    here.look("DELETE FROM fact")
    walked: list[int] = []
    stop: int | None = 5 + SHARDS * 3

    def walk(event: Event, journal: Journal, _now: datetime) -> Turn:
        if isinstance(event, Due):
            walked.append(journal.person.id)
            if journal.person.id == stop:
                here.charge.held = 0
                raise Elsewhere
        return Turn()

    here.converse = there.converse = walk
    here.gets(1 << 3 | 1 << 5)
    await here.settle()
    first = [person for person in walked if shard(person) == 5]
    assert sorted(person for person in walked if shard(person) == 3) == people[:5]
    assert set(first) <= set(people[5:9])
    assert here.look("SELECT value FROM fact WHERE name = 'zone data 3'") == [zone_data()]
    assert here.look("SELECT value FROM fact WHERE name = 'zone data 5'") == []
    stop = None
    del walked[:]
    there.gets()
    await there.settle()
    assert sorted(walked) == people[7:], "from the last page that was done"
    assert there.look("SELECT value FROM fact WHERE name = 'zone data 5'") == [zone_data()]
    assert there.look("SELECT value FROM fact WHERE name LIKE '%walk' AND value <> ''") == []


def _live_somewhere(tx: Transaction, people: list[int]) -> None:
    for person in people:
        journal = Journal(tx, Sender(person=person, chat=person), NOW)
        journal.change(zone="Europe/Lisbon")
        journal.save()
