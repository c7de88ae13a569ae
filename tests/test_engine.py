"""The engine: everything received is handled once, in each person's order, whatever goes wrong around it.

The store is real. The channel and the dialogue are stand-ins that do what a test lays down for them, since what is
said has its own tests.
"""

import asyncio
import json
import shutil
import threading
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot import courtesy, handling
from bot import engine as engines
from bot.domain import Blocked, Choice, Due, Event, File, Incoming, Pressed, Reply, Said, Sender, Sent, Turn
from bot.engine import Engine, unwatched
from bot.errors import Gone
from bot.files import Files
from bot.inbox import Raw
from bot.journal import Journal
from bot.pace import Pace
from bot.store import Store, Transaction, open_store
from bot.story import Picture
from bot.words import _, speaking
from tests import databases

pytestmark = pytest.mark.both_stores

NOW = datetime(2026, 11, 9, 18, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
Converse = Callable[[Event, Journal, datetime], Turn]


class Wire:
    """A channel on which updates are small JSON objects. Sends to a chat fail with its `error`, or wait for its
    `hold`."""

    def __init__(self) -> None:
        self.heard: defaultdict[int, list[str]] = defaultdict(list)
        self.replies: list[Reply] = []
        self.holds: dict[int, asyncio.Event] = {}
        self.errors: dict[int, Exception] = {}
        self.acknowledged: list[int] = []
        self.marked: list[tuple[int, str]] = []
        self.typed: list[int] = []
        self.hearts: list[int] = []
        self.unfetchable: dict[str, Exception] = {}

    def read(self, payload: str) -> Incoming | None:
        update = json.loads(payload)
        if "person" not in update:
            return None
        person = update["person"]
        if "pressed" in update:
            event: Event = Pressed(action=update["pressed"], message=update["message"])
        elif "voice" in update:
            event = Sent(kind="voice", message=update["voice"])
        else:
            event = Said(text=update["said"], message=update.get("message"))
        return Incoming(sender=Sender(person=person, chat=person, name="Mira"), event=event)

    async def send(
        self, chat: int, reply: Reply, *, bare: bool = False, attached: File | Picture | None = None
    ) -> int | None:
        if hold := self.holds.get(chat):
            await hold.wait()
        if error := self.errors.get(chat):
            raise error
        self.heard[chat].append(reply.text)
        self.replies.append(reply)
        return len(self.replies)

    async def acknowledge(self, incoming: Incoming) -> None:
        self.acknowledged.append(incoming.sender.person)

    async def mark(self, incoming: Incoming, chosen: str) -> None:
        self.marked.append((incoming.sender.person, chosen))

    async def react(self, chat: int, message: int) -> None:
        self.hearts.append(message)

    async def typing(self, chat: int) -> None:
        self.typed.append(chat)

    async def fetch(self, file: File, to: Path) -> None:
        if trouble := self.unfetchable.get(file.id):
            raise trouble
        to.write_bytes(file.id.encode())


def echo(event: Event, journal: Journal, _now: datetime) -> Turn:
    """A dialogue that keeps what is said and says it back."""
    match event:
        case Said(text=text):
            journal.add("note", text=text)
            return Turn(replies=(Reply(text=text),))
        case Due(kind=kind, subject=subject):
            return Turn(replies=(Reply(text=f"{kind} {subject}", unasked=True),))
        case Pressed(action=action):
            return Turn(replies=(Reply(text=action),), chosen=action)
        case Blocked():
            journal.change(state="blocked")
    return Turn()


class House:
    """An engine on a database, and what can be seen of it from outside."""

    def __init__(self, file: Path, converse: Converse = echo, **options: Any) -> None:
        self.file = file
        self.wire = Wire()
        self.now = NOW
        self.converse = converse
        self.database = databases.at(file)
        self.store: Store = open_store(self.database.url)
        self.engine = Engine(
            store=self.store,
            channel=self.wire,
            converse=self._converse,
            clock=lambda: self.now,
            pace=Pace(0, 0, 1),
            files=Files(Path(f"{file}.media")),
            **options,
        )

    def _converse(self, event: Event, journal: Journal, now: datetime) -> Turn:
        return self.converse(event, journal, now)

    async def settle(self) -> None:
        async with asyncio.timeout(20):
            await self.engine.settle()

    async def receive(self, *updates: Raw) -> None:
        """Let *updates* come, and wait until all of them are through."""
        await self.engine.receive(updates)
        await self.settle()

    async def tick(self) -> None:
        async with asyncio.timeout(20):
            await self.engine.tick()
        await self.settle()

    async def plan(self, people: Iterable[int], at: datetime, kind: str = "check-in") -> None:
        """Let each of *people* be known, and plan something for them."""
        for person in people:
            await self.store.transact(
                lambda tx, person=person: Journal(tx, Sender(person=person, chat=person), NOW).plan(kind, "s", at)  # type: ignore[misc]  # mypy doesn't infer a lambda's defaults
            )

    def look(self, sql: str) -> list[Any]:
        """The committed rows that *sql* finds, seen from outside; one column plain."""
        return [row[0] if len(row) == 1 else row for row in self.database.rows(sql)]

    def notes(self, person: int) -> list[str]:
        return self.look(f"SELECT text FROM answer WHERE person = {person} ORDER BY id")

    def inbox(self) -> list[tuple[int, str]]:
        return self.look("SELECT id, state FROM inbox ORDER BY id")

    async def close(self) -> None:
        for hold in self.wire.holds.values():
            hold.set()
        await self.engine.stop(within=1)
        await self.store.close()


@asynccontextmanager
async def opened(file: Path, converse: Converse = echo, **options: Any) -> AsyncIterator[House]:
    """A house whose engine has started."""
    house = House(file, converse, **options)
    try:
        await house.engine.start()
        yield house
    finally:
        await house.close()


@pytest.fixture
async def house(database_kind: str, tmp_path: Path) -> AsyncIterator[House]:
    """An engine that says back what it is told."""
    async with opened(tmp_path / "tenfold.db") as house:
        yield house


def said(id: int, person: int, text: str) -> Raw:
    return Raw(id, json.dumps({"person": person, "said": text}))


def pressed(id: int, person: int, action: str) -> Raw:
    return Raw(id, json.dumps({"person": person, "pressed": action, "message": 5}))


async def until(true: Callable[[], object]) -> None:
    """Wait for a condition."""
    async with asyncio.timeout(20):
        while not true():  # noqa: ASYNC110 - what is waited for has no event of its own
            await asyncio.sleep(0.002)


def crashed(house: House) -> Path:
    """The database as it would be found had the process died this moment."""
    after = house.file.parent / "after.db"
    for end in ("", "-wal"):
        shutil.copy(f"{house.file}{end}", f"{after}{end}")
    return after


# In order, once


async def test_each_person_is_heard_in_order(house: House) -> None:
    """However updates of many people come mixed, each person's are handled and answered in their order."""
    updates = [said(turn * 10 + person, person, f"{turn}") for turn in range(20) for person in range(1, 8)]
    for start in range(0, len(updates), 9):
        await house.engine.receive(updates[start : start + 9])
    await house.settle()
    in_order = [str(turn) for turn in range(20)]
    assert all(house.notes(person) == house.wire.heard[person] == in_order for person in range(1, 8))


async def test_ids_say_nothing_about_order(house: House) -> None:
    """An id lower than all before, as after an idle week, is as good as any: what came first is first."""
    await house.receive(said(900, 1, "a"), said(3, 1, "b"), said(901, 1, "c"))
    await house.receive(said(1, 1, "d"))
    assert house.notes(1) == house.wire.heard[1] == ["a", "b", "c", "d"]


async def test_nobody_waits_for_another(house: House) -> None:
    """While one person's dialogue fails and fails and another's message hangs, a third is served."""

    def converse(event: Event, journal: Journal, now: datetime) -> Turn:
        if journal.person.id == 1:
            raise ZeroDivisionError
        return echo(event, journal, now)

    house.converse = converse
    house.wire.holds[2] = asyncio.Event()
    await house.engine.receive([said(1, 1, "x"), said(2, 2, "y"), said(3, 3, "z")])
    await until(lambda: house.wire.heard[3] == ["z"])
    assert house.wire.heard[2] == []
    house.wire.holds[2].set()
    await house.settle()
    assert house.wire.heard[2] == ["y"]


async def test_a_reply_in_pieces_is_not_held(house: House) -> None:
    """What is too long for one message goes out at once: nothing better could take the place of all its pieces."""

    def written(tx: Transaction) -> list[bool]:
        journal = Journal(tx, Sender(person=7, chat=7), house.now)
        rows = handling._written(journal, [Reply(text="word " * 1000, held=True), Reply(text="word", held=True)])
        return [row.reply.held for row in rows]

    assert await house.store.transact(written) == [False, False, True]


async def test_an_update_that_comes_again_is_left_out(tmp_path: Path) -> None:
    """The same update id counts once: thrice in a batch, later again, and after a restart."""
    for _start in range(2):
        async with opened(tmp_path / "tenfold.db") as house:
            for _time in range(2):
                await house.receive(said(1, 1, "once"), said(1, 1, "once"), said(1, 1, "once"))
            assert house.notes(1) == ["once"]
            assert house.look("SELECT COUNT(*) FROM outbox") == [1]


async def test_an_update_in_a_lane_twice_is_handled_once(house: House) -> None:
    """Being done is decided in the transaction that handles it, so an update that was queued again does nothing."""
    await house.receive(pressed(1, 1, "yes"))
    house.engine._take(house.engine._inbox.read(pressed(1, 1, "yes")))
    await house.settle()
    assert house.wire.heard[1] == ["yes"]


async def test_received_means_stored(house: House) -> None:
    """When `receive` returns, the updates are on disk as they came, handled or not."""
    gate = threading.Event()

    def converse(event: Event, journal: Journal, now: datetime) -> Turn:
        assert gate.wait(20)
        return echo(event, journal, now)

    house.converse = converse
    await house.engine.receive([said(1, 1, "a"), said(2, 1, "b")])
    assert house.look("SELECT id, payload, state FROM inbox ORDER BY id") == [
        (*said(1, 1, "a"), "new"),
        (*said(2, 1, "b"), "new"),
    ]
    gate.set()
    await house.settle()
    assert house.look("SELECT id, payload, state FROM inbox ORDER BY id") == [(1, None, "done"), (2, None, "done")]


async def test_all_named_points_are_passed(tmp_path: Path) -> None:
    """The points at which fault tests kill the process come in the order of an update's way."""
    points: list[str] = []
    async with opened(tmp_path / "tenfold.db", probe=points.append) as house:
        await house.receive(said(1, 1, "a"))
    assert points == ["received", "committed", "handling", "handled", "sending", "sent", "marked"]
    unwatched("anything")


# What is left over


@pytest.mark.sqlite_alone
async def test_a_crash_before_handling_loses_nothing(house: House) -> None:
    """What was received and not handled is handled by the next process, in order, before anything new."""
    reached, gate = threading.Event(), threading.Event()

    def converse(event: Event, journal: Journal, now: datetime) -> Turn:
        if event == Said(text="b"):
            reached.set()
            assert gate.wait(20)
        return echo(event, journal, now)

    house.converse = converse
    await house.receive(said(1, 1, "a"))
    await house.engine.receive([said(2, 1, "b"), said(3, 2, "x"), said(4, 1, "c")])
    await asyncio.to_thread(reached.wait, 20)
    after = crashed(house)
    gate.set()
    async with opened(after) as again:
        await again.engine.receive([said(5, 1, "d"), said(3, 2, "x")])
        await again.settle()
        assert again.notes(1) == ["a", "b", "c", "d"]
        assert again.notes(2) == ["x"]
        assert again.wire.heard == {1: ["b", "c", "d"], 2: ["x"]}


@pytest.mark.sqlite_alone
async def test_a_crash_before_sending_loses_nothing(house: House) -> None:
    """What was written and not sent is sent by the next process, in order, before what is said then."""
    house.wire.holds[1] = asyncio.Event()
    await house.engine.receive([said(1, 1, "a"), said(2, 1, "b"), said(3, 2, "x")])
    await until(lambda: len(house.notes(1)) == 2 and house.wire.heard[2] and not house.engine._lanes)
    await until(lambda: house.look("SELECT COUNT(*) FROM outbox WHERE state = 'sent'") == [1])
    after = crashed(house)
    async with opened(after) as again:
        await again.engine.receive([said(4, 1, "c")])
        await again.settle()
        assert again.wire.heard == {1: ["a", "b", "c"]}
        assert again.look("SELECT DISTINCT state FROM outbox") == ["sent"]


async def test_places_go_on_where_they_were(tmp_path: Path) -> None:
    """After a long time down, what is received then still comes after what was left over from before."""
    async with opened(tmp_path / "tenfold.db") as house:
        await house.receive(said(1, 1, "a"))
        house.database.change("UPDATE inbox SET place = 500, state = 'new', payload = '{}', person = 1")
    house = House(tmp_path / "tenfold.db")
    house.now = NOW + timedelta(days=5)
    await house.receive(said(2, 1, "b"))  # before the start took up what was there
    assert house.look("SELECT place FROM inbox ORDER BY id") == [500, 501]
    await house.close()


async def test_stopping_is_quick_while_sends_hang(house: House) -> None:
    """With messages under way that never end, stopping takes no longer than it may; the next start sends them."""
    for person in range(1, 30):
        house.wire.holds[person] = asyncio.Event()
    await house.engine.receive([said(person, person, "a") for person in range(1, 30)])
    await until(lambda: house.look("SELECT COUNT(*) FROM outbox") == [29])
    loop = asyncio.get_running_loop()
    began = loop.time()
    await house.engine.stop(within=0.2)
    assert loop.time() - began < 2
    await house.store.close()
    async with opened(house.file) as again:
        await again.settle()
        assert again.wire.heard == {person: ["a"] for person in range(1, 30)}


async def test_stopping_finishes_what_is_in_hand(house: House) -> None:
    """The update that is being handled is finished and answered; what comes behind it waits for the next start."""
    reached, gate = threading.Event(), threading.Event()

    def converse(event: Event, journal: Journal, now: datetime) -> Turn:
        reached.set()
        assert gate.wait(20)
        return echo(event, journal, now)

    house.converse = converse
    await house.engine.receive([said(1, 1, "a"), said(2, 1, "b")])
    await asyncio.to_thread(reached.wait, 20)
    stopping = asyncio.create_task(house.engine.stop())
    await asyncio.sleep(0)  # it has run once, so the engine knows that it is to stop
    gate.set()
    await stopping
    await house.engine.receive([said(3, 3, "late")])
    await house.settle()
    assert house.wire.heard == {1: ["a"]}
    assert house.inbox() == [(1, "done"), (2, "new"), (3, "new")]


async def test_stopping_ends_a_tick(house: House) -> None:
    """A tick that waits for people whose turn will not come any more ends too."""
    gate = threading.Event()

    def converse(event: Event, journal: Journal, now: datetime) -> Turn:
        assert gate.wait(20)
        return echo(event, journal, now)

    await house.plan(range(1, engines.CLAIM + 40), NOW)
    house.converse = converse
    ticking = asyncio.create_task(house.engine.tick())
    await until(lambda: len(house.engine._lanes) == engines.CLAIM)
    stopping = asyncio.create_task(house.engine.stop(within=0.1))
    async with asyncio.timeout(20):
        await asyncio.gather(ticking, stopping)
    gate.set()


# What goes wrong


async def test_an_update_that_cannot_be_read_is_set_aside(house: House) -> None:
    """Good ones around it go on, it is kept as it came, and whatever concerns nobody is done."""
    await house.receive(said(1, 1, "a"), Raw(2, "{not json"), Raw(3, "{}"), said(4, 1, "b"), Raw(5, '{"person": 1}'))
    assert house.notes(1) == ["a", "b"]
    assert house.inbox() == [(1, "done"), (2, "aside"), (3, "done"), (4, "done"), (5, "aside")]
    assert house.look("SELECT payload FROM inbox WHERE state = 'aside'") == ["{not json", '{"person": 1}']


async def test_an_unreadable_update_is_not_tried_again(tmp_path: Path) -> None:
    """What was set aside stays there over a restart."""
    async with opened(tmp_path / "tenfold.db") as house:
        await house.receive(Raw(2, "{not json"))
    async with opened(tmp_path / "tenfold.db") as house:
        await house.settle()
        assert house.inbox() == [(2, "aside")]


def stumbles_over(word: str, times: int = 99) -> Converse:
    """A dialogue that writes and then raises, so many times, when *word* is said."""

    def converse(event: Event, journal: Journal, now: datetime) -> Turn:
        nonlocal times
        turn = echo(event, journal, now)
        if word in repr(event) and times:
            times -= 1
            raise ZeroDivisionError
        return turn

    return converse


async def test_what_a_dialogue_stumbles_over_is_kept(house: House, caplog: pytest.LogCaptureFixture) -> None:
    """After three failures an update is set aside, its words are kept as a note, its person is told, and the lane moves
    on; nothing of the failed attempts is left, and no word of it is logged."""
    house.converse = stumbles_over("bees")
    await house.receive(said(1, 1, "a"), said(2, 1, "bees!"), said(3, 1, "c"), said(4, 2, "x"))
    assert house.notes(1) == ["a", "bees!", "c"]
    assert house.inbox() == [(1, "done"), (2, "aside"), (3, "done"), (4, "done")]
    first, apology, last = house.wire.heard[1]
    assert (first, last) == ("a", "c")
    assert "Your words are safe" in apology
    assert house.wire.heard[2] == ["x"]
    messages = [record.getMessage() for record in caplog.records]
    assert [message for message in messages if "attempt" in message] == [
        f"handling Said of update 2 for person 1 failed, attempt {attempt} of 3" for attempt in (1, 2, 3)
    ]
    assert not any("bees" in message for message in messages)


async def test_a_press_that_is_stumbled_over(house: House) -> None:
    """Where there are no words to keep, the person is asked to try once more; the button stops waiting all the same."""
    house.converse = stumbles_over("card")
    await house.receive(pressed(1, 1, "card:1"))
    assert "once more" in house.wire.heard[1][0]
    assert house.wire.acknowledged == [1]
    assert house.wire.marked == []
    assert house.inbox() == [(1, "aside")]


async def test_a_passing_failure_leaves_no_trace(house: House) -> None:
    """A dialogue that succeeds at the third try has run once, as far as anybody can see."""
    house.converse = stumbles_over("a", times=2)
    await house.receive(said(1, 1, "a"))
    assert house.notes(1) == house.wire.heard[1] == ["a"]
    assert house.inbox() == [(1, "done")]


async def test_a_journal_that_cannot_be_opened_stops_nobody(house: House) -> None:
    """If not even setting aside is possible, the update waits on disk for a cure, and all others go on."""
    await house.receive(said(1, 1, "a"), said(2, 2, "x"))
    house.database.change("UPDATE person SET pending = '{torn' WHERE id = 1")
    await house.receive(said(3, 1, "b"), said(4, 2, "y"))
    assert house.wire.heard == {1: ["a"], 2: ["x", "y"]}
    assert house.inbox()[2:] == [(3, "new"), (4, "done")]
    house.database.change("UPDATE person SET pending = NULL WHERE id = 1")
    await house.engine.stop()
    await house.store.close()
    async with opened(house.file) as again:
        await again.settle()
        assert again.wire.heard == {1: ["b"]}


async def test_somebody_who_is_gone(house: House) -> None:
    """Whoever blocked the bot is noted as blocked and gets nothing more, at the next start neither."""
    house.wire.errors[1] = Gone()
    await house.receive(said(1, 1, "a"), said(2, 1, "b"), said(3, 2, "x"))
    assert house.look("SELECT id, state FROM person ORDER BY id") == [(1, "blocked"), (2, "new")]
    assert set(house.look("SELECT state FROM outbox WHERE person = 1")) == {"dropped"}
    assert house.notes(1) == ["a", "b"]


async def test_stumbling_over_somebody_gone_ends(house: House) -> None:
    """A dialogue that fails at a block doesn't apologise to whoever can't be reached, over and over."""

    def converse(event: Event, journal: Journal, now: datetime) -> Turn:
        if isinstance(event, Blocked):
            raise ZeroDivisionError
        return echo(event, journal, now)

    house.converse = converse
    house.wire.errors[1] = Gone()
    await house.receive(said(1, 1, "a"))
    assert house.look("SELECT state FROM outbox") == ["dropped"]


# Presses, typing, long replies, language


async def test_a_press_is_acknowledged_and_shows_what_was_chosen(house: House) -> None:
    """The button stops waiting, and its message shows the choice; if nothing was chosen it stays as it is."""
    await house.receive(pressed(1, 1, "yes"))
    assert (house.wire.acknowledged, house.wire.marked) == ([1], [(1, "yes")])
    house.converse = lambda *_turn: Turn()
    await house.receive(pressed(2, 1, "stale"))
    assert (house.wire.acknowledged, house.wire.marked) == ([1, 1], [(1, "yes")])


async def test_a_press_that_came_before_is_acknowledged_only(house: House) -> None:
    """The same press under the same id does nothing twice."""
    await house.receive(pressed(1, 1, "yes"))
    await house.receive(pressed(1, 1, "yes"))
    assert house.wire.marked == [(1, "yes")]
    assert house.wire.heard[1] == ["yes"]


async def test_marking_yields_to_messages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was chosen is shown as soon as no message has to wait for that, or else not at all."""
    pauses: list[float] = []
    sleep = asyncio.sleep

    async def at_once(seconds: float) -> None:
        pauses.append(seconds)
        await sleep(0)

    async with opened(tmp_path / "tenfold.db") as house:
        monkeypatch.setattr(asyncio, "sleep", at_once)
        spare = iter([False, False, True])
        monkeypatch.setattr(house.engine._delivery, "spare", lambda _chat: next(spare))
        await house.receive(pressed(1, 1, "yes"))
        assert (pauses, house.wire.marked) == ([1, 1], [(1, "yes")])
        monkeypatch.setattr(house.engine._delivery, "spare", lambda _chat: False)
        await house.receive(pressed(2, 1, "no"))
        assert len(pauses) == 2 + courtesy.MARK_WITHIN - 1
        assert house.wire.marked == [(1, "yes")]
        monkeypatch.undo()


@pytest.mark.sqlite_alone  # 20 ms are less than a connection to a server takes
async def test_typing_is_shown_to_whoever_waits(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only when an answer takes long, and again while it does; not after it came."""
    monkeypatch.setattr(courtesy, "PATIENCE", 0.02)
    monkeypatch.setattr(courtesy, "TYPING_LASTS", 0.02)
    house.wire.holds[1] = asyncio.Event()
    await house.engine.receive([said(1, 1, "a"), said(2, 2, "x")])
    await until(lambda: house.wire.typed.count(1) >= 3)
    house.wire.holds[1].set()
    await house.settle()
    await until(lambda: not house.engine._courtesy._patience)
    assert 2 not in house.wire.typed


async def test_a_quick_answer_needs_no_typing(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who is answered at once sees the answer and nothing else."""
    monkeypatch.setattr(courtesy, "PATIENCE", 0.3)
    await house.receive(said(1, 1, "a"))
    await until(lambda: not house.engine._courtesy._patience)
    assert house.wire.typed == []


async def test_a_long_reply_comes_in_pieces(house: House) -> None:
    """Pieces that the channel can carry, in order, with the buttons under the last."""
    story = "I grew up above a bakery. " * 400
    button = ((Choice(label="Fine", action="fine"),),)
    house.converse = lambda *_turn: Turn(replies=(Reply(text=story, choices=button), Reply(text="And you?")))
    await house.receive(said(1, 1, "tell me"))
    *pieces, last = house.wire.replies
    assert len(pieces) == 3
    assert "".join(piece.text for piece in pieces) == story
    assert [piece.choices for piece in pieces] == [(), (), button]
    assert last.text == "And you?"


async def test_a_dialogue_speaks_its_person_s_language(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """The language is set where the dialogue runs, which is another thread than the engine's."""
    spoken: list[str] = []

    def listening(language: str) -> Any:
        spoken.append(f"{language} {threading.current_thread().name}")
        return speaking(language)

    monkeypatch.setattr(handling, "speaking", listening)
    house.converse = lambda *_turn: Turn(replies=(Reply(text=_("Monday")),))
    await house.receive(said(1, 1, "a"))
    [where] = spoken
    assert where.startswith("en writer")
    assert house.wire.heard[1] == ["Monday"]


# What is due


async def test_due_moments_come_once(house: House) -> None:
    """What is due is handled once, in its person's lane; what isn't yet stays planned."""
    await house.plan([1, 2], NOW)
    await house.plan([3], NOW + HOUR)
    assert await house.engine.next_due() == NOW
    await house.tick()
    await house.tick()
    assert house.wire.heard == {1: ["check-in s"], 2: ["check-in s"]}
    assert await house.engine.next_due() == NOW + HOUR
    house.now += HOUR
    await house.tick()
    assert house.wire.heard[3] == ["check-in s"]
    assert await house.engine.next_due() is None


async def test_two_ticks_at_once_ask_nobody_twice(house: House) -> None:
    """However many look at once, each due moment belongs to one of them."""
    await house.plan(range(1, 60), NOW)
    async with asyncio.timeout(20):
        await asyncio.gather(*(house.engine.tick() for _tick in range(4)))
    await house.settle()
    assert house.wire.heard == {person: ["check-in s"] for person in range(1, 60)}


async def test_more_due_than_are_claimed_at_once(house: House) -> None:
    """One tick goes through everybody who is due, CLAIM at a time, earliest first."""
    everybody = range(1, engines.CLAIM + 101)
    await house.plan(everybody, NOW - HOUR)
    await house.plan([1000], NOW - 2 * HOUR)
    asked: list[int] = []

    def converse(_event: Event, journal: Journal, _now: datetime) -> Turn:
        asked.append(journal.person.id)
        return Turn()

    house.converse = converse
    await house.tick()
    assert sorted(asked) == [*everybody, 1000]
    assert 1000 in asked[: engines.CLAIM]


async def test_a_due_moment_that_is_stumbled_over_comes_back(house: House) -> None:
    """It is planned again for an hour later, nothing is said to its person, and everybody else is asked."""

    def converse(event: Event, journal: Journal, now: datetime) -> Turn:
        if journal.person.id == 1 and now == NOW:
            raise ZeroDivisionError
        return echo(event, journal, now)

    await house.plan([1, 2], NOW)
    house.converse = converse
    await house.tick()
    assert house.wire.heard == {2: ["check-in s"]}
    assert await house.engine.next_due() == NOW + HOUR
    house.now += HOUR
    await house.tick()
    assert house.wire.heard == {1: ["check-in s"], 2: ["check-in s"]}


async def test_what_is_planned_anew_meanwhile_is_not_claimed(house: House) -> None:
    """Somebody who moves their check-in in the moment in which it falls due is asked at the new time."""
    await house.plan([1], NOW)

    def converse(event: Event, journal: Journal, now: datetime) -> Turn:
        if isinstance(event, Said):
            journal.plan("check-in", "s", NOW + HOUR)
        return echo(event, journal, now)

    house.converse = converse
    await house.engine.receive([said(1, 1, "later, please")])  # it is in the lane, and the tick's step comes behind it
    await house.tick()
    assert house.wire.heard[1] == ["later, please"]
    assert await house.engine.next_due() == NOW + HOUR


async def test_a_clock_that_is_set_back_during_a_tick(house: House) -> None:
    """A tick ends, and whoever was due when it began is asked once, even if the clock then shows less."""
    await house.plan([1], NOW)
    times = iter([NOW])
    house.engine._clock = lambda: next(times, NOW - timedelta(seconds=5))
    await house.tick()
    assert house.wire.heard[1] == ["check-in s"]


# Sweeping, and what the bot remembers


async def test_sweeping_keeps_what_may_still_be_needed(house: House) -> None:
    """Update ids are kept 48 hours, what asked for a check-in or was set aside 60 days, and what is still to be sent
    however old it is."""
    house.wire.holds[2] = asyncio.Event()
    await house.receive(said(1, 1, "a"), Raw(2, "{torn"))
    await house.engine.receive([said(3, 2, "x")])
    await until(lambda: house.look("SELECT COUNT(*) FROM outbox") == [2])

    async def at(span: timedelta) -> tuple[list[int], list[str]]:
        house.now = NOW + span
        await house.engine.tick()
        return house.look("SELECT id FROM inbox ORDER BY id"), house.look("SELECT state FROM outbox ORDER BY person")

    assert await at(timedelta(hours=48)) == ([1, 2, 3], ["sent", "waiting"])
    assert await at(timedelta(hours=49, minutes=1)) == ([2], ["sent", "waiting"])
    assert await at(timedelta(days=60)) == ([2], ["sent", "waiting"])
    assert await at(timedelta(days=60, hours=2)) == ([], ["waiting"])
    house.wire.holds[2].set()
    await house.settle()
    assert house.wire.heard[2] == ["x"]


async def test_sweeping_is_done_once_an_hour(house: House) -> None:
    """Between sweeps a tick only looks at what is due."""
    await house.receive(said(1, 1, "a"))
    await house.tick()
    house.database.change("UPDATE inbox SET received_at = '2020'")
    house.now += timedelta(minutes=59)
    await house.tick()
    assert house.inbox() == [(1, "done")]
    house.now += timedelta(minutes=1)
    await house.tick()
    assert house.inbox() == []


async def test_new_zone_data_plans_everybody_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When a country changed its clocks, each person with a zone gets a moment to compute the next slot again, once."""
    file = tmp_path / "tenfold.db"

    def converse(event: Event, journal: Journal, now: datetime) -> Turn:
        if event == Said(text="lisbon"):
            journal.change(zone="Europe/Lisbon")
        return echo(event, journal, now)

    async with opened(file, converse) as house:
        await house.receive(said(1, 1, "lisbon"), said(2, 2, "nowhere"))
        assert str(await house.engine.zone_of(1)) == "Europe/Lisbon"
        assert await house.engine.zone_of(2) is None
        assert await house.engine.zone_of(404) is None
    async with opened(file) as house:
        assert await house.engine.next_due() is None
    monkeypatch.setattr(engines, "zone_data", lambda: "2099z")
    for _start in range(2):
        async with opened(file) as house:
            await house.tick()
            await until(lambda: house.look("SELECT value FROM fact WHERE name = 'zone data'") == ["2099z"])
            assert house.wire.heard in ({1: ["zones 2099z"]}, {})
            assert house.look("SELECT COUNT(*) FROM outbox WHERE person = 1") == [2]


async def test_the_bot_remembers_small_things(tmp_path: Path) -> None:
    """Facts survive a restart, the last value of each."""
    async with opened(tmp_path / "tenfold.db") as house:
        assert await house.engine.recall("greeted") is None
        await house.engine.remember("greeted", "yes")
        await house.engine.remember("greeted", "twice")
    async with opened(tmp_path / "tenfold.db") as house:
        assert await house.engine.recall("greeted") == "twice"


async def test_a_slip_in_a_task_is_logged_and_nobody_waits_for_it(
    house: House, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A channel that breaks its word and raises where it mustn't leaves a line in the log, and all goes on."""

    async def raises(_incoming: Incoming) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(house.wire, "acknowledge", raises)
    await house.receive(pressed(1, 1, "yes"))
    assert house.wire.heard[1] == ["yes"]
    assert "a task ended with an error" in caplog.text
