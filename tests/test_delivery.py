"""The way out: in order within a chat, side by side between chats, and whatever a channel answers loses nothing."""

import asyncio
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot import delivery as delivering
from bot.delivery import Delivery
from bot.domain import File, Outgoing, Reply, Sender
from bot.engine import unwatched
from bot.errors import Gone, Moved, NotSent, Refused, TooFast, Unsure
from bot.journal import Journal
from bot.pace import Pace
from bot.replica import Alone
from bot.store import Store, Transaction, open_store
from bot.story import Picture
from tests import databases

NOW = datetime(2026, 11, 9, 18, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """A second try follows soon."""
    monkeypatch.setattr(delivering, "HEALTHY_AFTER", 0.01)


class Post:
    """A channel that only sends. What comes of the next sends to a chat is laid down in `trouble`: an error, or an
    event to wait for, or both; after that all goes well."""

    def __init__(self) -> None:
        self.trouble: defaultdict[int, deque[Exception | asyncio.Event | tuple[asyncio.Event, Exception]]] = (
            defaultdict(deque)
        )
        self.tried: list[tuple[int, str]] = []
        self.arrived: list[tuple[int, str]] = []
        self.bare: list[str] = []
        self.files: list[File] = []

    async def send(
        self, chat: int, reply: Reply, *, bare: bool = False, attached: File | Picture | None = None
    ) -> int | None:
        self.tried.append((chat, reply.text))
        if bare:
            self.bare.append(reply.text)
        if isinstance(attached, File):
            self.files.append(attached)
        match self.trouble[chat].popleft() if self.trouble[chat] else None:
            case asyncio.Event() as event:
                await event.wait()
            case (asyncio.Event() as event, Exception() as error):
                await event.wait()
                raise error
            case Exception() as error:
                raise error
        self.arrived.append((chat, reply.text))
        return len(self.arrived)


class Unhurried(Pace):
    """No limits, and no rest is long; how long each was to be is written down."""

    def __init__(self) -> None:
        super().__init__(0, 0, 1)
        self.rests: list[tuple[int, float]] = []

    def rest(self, chat: int, until: float) -> None:
        self.rests.append((chat, round(until - asyncio.get_running_loop().time(), 2)))


class Office:
    """A delivery with a real store behind it."""

    def __init__(self, file: Path, pace: Pace) -> None:
        self.file = file
        self.post = Post()
        self.gone: list[int] = []
        self._still = asyncio.Event()
        self.database = databases.at(file)
        self.store: Store = open_store(self.database.url)
        self.left = 0
        self.delivery = Delivery(
            self.store,
            self.post,
            pace,
            duty=Alone(),
            attach=self._attached,
            gone=self._lose,
            left=self._leave,
            still=self._still.set,
            probe=unwatched,
        )

    @asynccontextmanager
    async def _attached(self, _row: Outgoing) -> AsyncIterator[File | None]:
        yield File(kind="document", name="journal.zip", path="journal.zip")

    def _leave(self) -> None:
        self.left += 1

    async def _lose(self, row: Outgoing) -> None:
        self.gone.append(row.person)

    async def written(self, person: int, *texts: str, **details: Any) -> list[Outgoing]:
        """Rows for *person*, stored and not yet handed to the delivery."""

        def write(tx: Transaction) -> list[Outgoing]:
            journal = Journal(tx, Sender(person=person, chat=person), NOW)
            replies = [Reply(text=text, **details) for text in texts]
            rows = [Outgoing(person=person, id=journal.send(each), chat=person, reply=each) for each in replies]
            journal.save()
            return rows

        return await self.store.transact(write)

    async def write(self, person: int, *texts: str, **details: Any) -> None:
        """Rows for *person*, on their way."""
        self.delivery.add(await self.written(person, *texts, **details))

    async def settle(self) -> None:
        """Until nothing is waiting any more."""
        async with asyncio.timeout(20):
            while self.delivery.busy:
                self._still.clear()
                await self._still.wait()

    def rows(self, columns: str = "state") -> list[Any]:
        """What the outbox holds, seen from outside; one column plain."""
        rows = self.database.rows(f"SELECT {columns} FROM outbox ORDER BY person, id")
        return [row[0] if len(row) == 1 else row for row in rows]

    async def close(self) -> None:
        await self.delivery.stop(1)
        await self.store.close()


async def until(true: Callable[[], object]) -> None:
    """Wait for a condition."""
    async with asyncio.timeout(20):
        while not true():  # noqa: ASYNC110 - what is waited for has no event of its own
            await asyncio.sleep(0.002)


@pytest.fixture
def pace() -> Unhurried:
    return Unhurried()


@pytest.fixture
async def office(database_kind: str, tmp_path: Path, pace: Unhurried) -> AsyncIterator[Office]:
    opened = Office(tmp_path / "tenfold.db", pace)
    yield opened
    await opened.close()


# Order


async def test_a_chat_gets_its_messages_in_order(office: Office) -> None:
    """Each message goes out after the one before it was marked, whatever happens to one on the way."""
    office.post.trouble[1] = deque([NotSent(), Unsure(), TooFast(3), Refused()])
    await office.write(1, "a", "b")
    await office.write(1, "c")
    await office.settle()
    assert office.post.arrived == [(1, "a"), (1, "b"), (1, "c")]
    assert office.rows("state, message, payload") == [("sent", message, None) for message in (1, 2, 3)]


async def test_a_row_is_marked_before_the_next_is_sent(office: Office) -> None:
    """A process that is killed repeats at most one message a chat: the one that was on its way."""
    hold = asyncio.Event()
    at_once = asyncio.Event()
    at_once.set()
    office.post.trouble[1] = deque([at_once, hold])
    await office.write(1, "a", "b", "c")
    await until(lambda: len(office.post.tried) == 2)
    assert office.rows() == ["sent", "waiting", "waiting"]
    hold.set()
    await office.settle()


async def test_one_slow_chat_holds_up_no_other(office: Office) -> None:
    """A hundred people get theirs while one person's message hangs."""
    hold = asyncio.Event()
    office.post.trouble[1].append(hold)
    await office.write(1, "slow", "then")
    for person in range(2, 102):
        await office.write(person, "quick")
    await until(lambda: len(office.post.arrived) == 100)
    hold.set()
    await office.settle()
    assert office.post.arrived[-2:] == [(1, "slow"), (1, "then")]


async def test_replies_before_check_ins(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who waits for an answer is served before those who are asked unasked; a reply takes the check-in before it in its
    own chat along, and then waits its turn."""
    monkeypatch.setattr(delivering, "IN_FLIGHT", 1)
    hold = asyncio.Event()
    office.post.trouble[9].append(hold)
    await office.write(9, "first")
    for person in (1, 2, 3):
        await office.write(person, "check-in", unasked=True)
    await office.write(3, "reply")
    await office.write(4, "reply")
    hold.set()
    await office.settle()
    assert office.post.arrived == [
        (9, "first"),
        (3, "check-in"),
        (4, "reply"),
        (3, "reply"),
        (1, "check-in"),
        (2, "check-in"),
    ]


async def test_no_more_under_way_than_is_good(office: Office) -> None:
    """However many wait, IN_FLIGHT sends are under way at once and the others follow."""
    hold = asyncio.Event()
    people = range(1, delivering.IN_FLIGHT + 51)
    rows = [row for person in people for row in await office.written(person, "hello")]
    for person in people:
        office.post.trouble[person].append(hold)
    office.delivery.add(rows)
    await until(lambda: len(office.post.tried) >= delivering.IN_FLIGHT)
    assert len(office.post.tried) == delivering.IN_FLIGHT
    hold.set()
    await office.settle()
    assert len(office.post.arrived) == len(people)


# What a channel answers


async def test_too_fast_delays_its_own_chat_alone(tmp_path: Path) -> None:
    """A chat that is told to wait waits so long, and nobody else does."""
    office = Office(tmp_path / "tenfold.db", Pace(0, 0))
    loop = asyncio.get_running_loop()
    office.post.trouble[1].append(TooFast(0.2))
    began = loop.time()
    await office.write(1, "a", "b")
    for person in range(2, 20):
        await office.write(person, "x")
    await until(lambda: len(office.post.arrived) == 18)
    assert (1, "a") not in office.post.arrived
    await office.settle()
    assert loop.time() - began >= 0.2
    assert office.post.arrived[18:] == [(1, "a"), (1, "b")]
    assert office.post.tried.count((1, "a")) == 2
    await office.close()


async def test_not_sent_is_tried_until_it_is(office: Office, pace: Unhurried) -> None:
    """While nothing gets out, it is tried again with growing pauses up to half a minute, through any outage: here as
    many times as fit into half a day. After that the pauses are short again."""
    office.post.trouble[1] = deque(NotSent() for _time in range(1500))
    await office.write(1, "a")
    await office.settle()
    pauses = [pause for _chat, pause in pace.rests]
    assert pauses == sorted(pauses)
    assert (pauses[0], pauses[-1], len(pauses)) == (0.5, 30.0, 1500)
    office.post.trouble[1].append(NotSent())
    await office.write(1, "b")
    await office.settle()
    assert pace.rests[-1] == (1, 0.5)
    assert office.post.arrived == [(1, "a"), (1, "b")]
    assert office.rows() == ["sent", "sent"]


async def test_unsure_is_tried_twice_at_most(office: Office, pace: Unhurried) -> None:
    """After two sends that may have arrived a message counts as sent, its id unknown, and the next one goes out."""
    office.post.trouble[1] = deque([Unsure(), Unsure()])
    await office.write(1, "a", "b")
    await office.settle()
    assert office.post.tried == [(1, "a"), (1, "a"), (1, "b")]
    assert office.rows("state, message, payload") == [("sent", None, None), ("sent", 1, None)]
    assert pace.rests == []


async def test_a_second_try_waits_until_the_channel_is_well(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """In an outage of some seconds nobody's message is tried twice and given up: the second try comes when another
    message got through."""
    monkeypatch.setattr(delivering, "HEALTHY_AFTER", 3600)
    for person in (1, 2):
        office.post.trouble[person].append(Unsure())
        await office.write(person, "a")
    await until(lambda: len(office.delivery._doubtful) == 2)
    assert office.post.tried == [(1, "a"), (2, "a")]
    await office.write(3, "x")
    await office.settle()
    assert sorted(office.post.arrived) == [(1, "a"), (2, "a"), (3, "x")]


async def test_what_was_written_meanwhile_waits_too(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Behind a message that may have arrived nothing overtakes."""
    monkeypatch.setattr(delivering, "HEALTHY_AFTER", 3600)
    office.post.trouble[1].append(Unsure())
    await office.write(1, "a")
    await until(lambda: 1 in office.delivery._doubtful)
    await office.write(1, "b")
    await office.write(2, "x")
    await office.settle()
    assert [text for chat, text in office.post.arrived if chat == 1] == ["a", "b"]


async def test_a_check_in_does_not_wait_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However much is being talked, a check-in that waited long enough is treated like a reply."""
    monkeypatch.setattr(delivering, "AGED", 0.0)
    office = Office(tmp_path / "tenfold.db", Pace(20, 0, 1))
    office.delivery.add([replace(row, reply=Reply(text="ask", unasked=True)) for row in await office.written(1, "ask")])
    for person in range(2, 30):
        await office.write(person, "reply")
    await office.settle()
    assert office.post.arrived.index((1, "ask")) < 25
    await office.close()


async def test_unsure_is_remembered(office: Office) -> None:
    """The count survives a restart: who was unsure once before is tried once more."""
    [row] = await office.written(1, "a")
    office.post.trouble[1] = deque([Unsure(), Unsure()])
    office.delivery.add([replace(row, unsure=1)])
    await office.settle()
    assert office.post.tried == [(1, "a")]
    assert office.rows() == ["sent"]


async def test_the_count_of_unsure_sends_is_on_disk(office: Office) -> None:
    """Before the second try the first one is written down."""
    hold = asyncio.Event()
    office.post.trouble[1] = deque([Unsure(), hold])
    await office.write(1, "a")
    await until(lambda: len(office.post.tried) == 2)
    assert office.rows("state, unsure, bare") == [("waiting", 1, 0)]
    hold.set()
    await office.settle()


async def test_refused_is_tried_bare_and_then_set_aside(office: Office) -> None:
    """What the channel will never take is tried once without emphasis and styles, then kept aside; the next goes on."""
    office.post.trouble[1] = deque([Refused(), Refused()])
    await office.write(1, "a", "b")
    await office.settle()
    assert office.post.tried == [(1, "a"), (1, "a"), (1, "b")]
    assert office.post.bare == ["a"]
    assert office.rows() == ["aside", "sent"]
    [kept, _sent] = office.rows("payload")
    assert '"a"' in kept


async def test_bare_is_remembered(office: Office) -> None:
    """Between refusal and second try it is on disk that it goes bare, and how unsure it was."""
    hold = asyncio.Event()
    office.post.trouble[1] = deque([Unsure(), Refused(), hold])
    await office.write(1, "a")
    await until(lambda: len(office.post.tried) == 3)
    assert office.rows("state, unsure, bare") == [("waiting", 1, 1)]
    hold.set()
    await office.settle()


async def test_gone_drops_all_and_says_so(office: Office) -> None:
    """Nothing more is tried for somebody who is gone: their rows are dropped, emptied, and it is reported once."""
    office.post.trouble[1].append(Gone())
    await office.write(1, "a", "b", "c")
    await office.write(2, "x")
    await office.settle()
    assert office.post.tried.count((1, "a")) == 1
    assert office.gone == [1]
    assert office.rows("state, payload") == [("dropped", None)] * 3 + [("sent", None)]
    await office.write(1, "back again")
    await office.settle()
    assert office.post.arrived[-1] == (1, "back again")


@pytest.mark.parametrize("error", [Unsure(), NotSent(), TooFast(1), Refused(), Gone(), None])
async def test_what_was_forgotten_is_not_tried_again(office: Office, error: Exception | None) -> None:
    """Somebody had everything erased while a message to them was under way: whatever came of it, all they hear after
    that is the farewell, and nothing of it is kept."""

    def part(tx: Transaction) -> Outgoing:
        journal = Journal(tx, Sender(person=1, chat=1), NOW)
        journal.erase()
        reply = Reply(text="farewell")
        return Outgoing(person=1, id=journal.send(reply), chat=1, reply=reply, farewell=True)

    answered = asyncio.Event()
    office.post.trouble[1].append((answered, error) if error else answered)
    await office.write(1, "a", "b")
    await until(lambda: office.post.tried)
    office.delivery.forget(1)
    office.delivery.add([await office.store.transact(part)])
    answered.set()
    await office.settle()
    assert office.post.tried == [(1, "a"), (1, "farewell")]
    assert office.post.arrived[-1] == (1, "farewell")
    assert (office.gone, office.rows(), office.left) == ([], [], 1)


async def test_moved_goes_to_the_new_chat(office: Office) -> None:
    """The message that found the chat moved, and all behind it, go to the new number, in order."""
    hold = asyncio.Event()
    office.post.trouble[1].append(Moved(-1001))
    office.post.trouble[-1001].append(hold)
    await office.write(1, "a", "b", "c")
    await until(lambda: (-1001, "a") in office.post.tried)
    assert office.rows("state, chat") == [("waiting", -1001)] * 3
    hold.set()
    await office.settle()
    assert office.post.arrived == [(-1001, "a"), (-1001, "b"), (-1001, "c")]


async def test_a_channel_s_own_slip_stops_nobody(office: Office, caplog: pytest.LogCaptureFixture) -> None:
    """A row on which the channel stumbles is set aside; the chat's other rows go on."""
    office.post.trouble[1].append(ZeroDivisionError())
    await office.write(1, "a", "b")
    await office.settle()
    assert office.post.arrived == [(1, "b")]
    assert office.rows() == ["aside", "sent"]
    assert "set aside" in caplog.text


# Limits, spare calls, and stopping


async def test_the_pace_is_kept(tmp_path: Path) -> None:
    """Beyond its burst a chat gets its messages one by one, and a timer sees to it."""
    office = Office(tmp_path / "tenfold.db", Pace(0, 20, 2))
    loop = asyncio.get_running_loop()
    began = loop.time()
    await office.write(1, "a", "b", "c", "d")
    await office.settle()
    assert loop.time() - began >= 0.1  # two of them, each a twentieth of a second after the one before
    assert [text for _chat, text in office.post.arrived] == list("abcd")
    await office.close()


async def test_best_effort_calls_use_what_is_spare(tmp_path: Path) -> None:
    """Typing and marking go out only if no message has to wait for that."""
    office = Office(tmp_path / "tenfold.db", Pace(0, 1, 3))
    assert office.delivery.spare(1)
    await office.write(1, "a")
    await office.settle()
    assert not office.delivery.spare(1)
    assert office.delivery.spare(2)
    await office.close()


async def test_stopping_leaves_alone_what_must_wait_for_its_turn(tmp_path: Path) -> None:
    """A row whose chat may not be sent to yet is no reason to wait: it is on disk."""
    office = Office(tmp_path / "tenfold.db", Pace(0, 1, 1))
    await office.write(1, "a", "b")
    await until(lambda: office.rows() == ["sent", "waiting"])
    await until(lambda: office.delivery._timer)
    loop = asyncio.get_running_loop()
    began = loop.time()
    await office.close()
    assert loop.time() - began < 0.9
    assert office.rows() == ["sent", "waiting"]


async def test_stopping_waits_a_moment_for_what_is_under_way(office: Office) -> None:
    """Sends that end in time are marked, those that hang are left waiting on disk, and nothing new begins."""
    ends, hangs = asyncio.Event(), asyncio.Event()
    office.post.trouble[1].append(ends)
    office.post.trouble[2].append(hangs)
    await office.write(1, "a", "b")
    await office.write(2, "c")
    await until(lambda: len(office.post.tried) == 2)
    loop = asyncio.get_running_loop()
    loop.call_later(0.02, ends.set)
    began = loop.time()
    await office.delivery.stop(0.2)
    assert loop.time() - began < 2
    await office.write(3, "d")
    assert office.rows() == ["sent", "waiting", "waiting", "waiting"]
    assert [text for _chat, text in office.post.tried] == ["a", "c"]
