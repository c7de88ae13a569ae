"""Conversations as tests read them: who said what, and what was heard.

The engine, the dialogues and the database are real; only the channel and the clock stand in. `Scene.talks` takes a
transcript of (said, heard) pairs: what is said in brackets presses the button of that label, and each thing heard must
stand somewhere in the replies. A scene can be closed and opened again on the same database, as a restart would.
"""

import itertools
import json
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from bot.app import open_engine
from bot.dialogue.talk import House
from bot.domain import Edited, Event, File, Incoming, Pressed, Reply, Said, Sender, Sent, Shared, Unreadable
from bot.engine import Engine, Raw
from bot.errors import Refused
from bot.journal import Journal
from bot.pace import Pace
from bot.store import Transaction
from bot.story import Picture
from bot.suggest.language_model import LanguageModel
from bot.text import plain
from bot.words import load
from tests import databases

START = datetime(2026, 11, 9, 18, 0, tzinfo=UTC)
"""A Monday evening."""

WORDS = load()
T = TypeVar("T")


class Clock:
    """Time that stands still until it is moved."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at


@dataclass(frozen=True, slots=True)
class Heard:
    """One message as a person sees it."""

    message: int
    at: datetime
    reply: Reply

    @property
    def text(self) -> str:
        return plain(self.reply.text)

    @property
    def labels(self) -> list[str]:
        return [choice.label for row in self.reply.choices for choice in row]


def questions_in(heard: Iterable[Heard]) -> list[str]:
    """The ids of the check-in's questions that were *heard*, in order."""
    return [
        id
        for each in heard
        for line in each.text.splitlines()
        for id, question in WORDS.questions.items()
        if any(_is_wording(line, wording) for wording in question.wordings)
    ]


def _is_wording(line: str, wording: str) -> bool:
    before, _slot, after = wording.partition("{told}")
    return line.startswith(before) and line.endswith(after) and (bool(_slot) or line == wording)


def text_of(heard: Iterable[Heard]) -> str:
    """Everything that was *heard*, in one."""
    return "\n".join(each.text for each in heard)


class Room:
    """A channel in memory: what is said goes to the engine, what is answered is kept for each chat."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.heard: dict[int, list[Heard]] = {}
        self.chosen: list[str] = []
        self.hearts: list[int] = []
        self.attached: list[tuple[File, bytes]] = []
        self.pictures: list[Picture] = []
        self.kept_by_channel: dict[str, bytes] = {}
        self._messages = itertools.count(100)
        self._events: dict[int, Incoming] = {}
        self._updates = itertools.count(1)

    def write(self, incoming: Incoming, update: int | None = None) -> Raw:
        """*incoming* as an update of this channel."""
        id = next(self._updates) if update is None else update
        self._events[id] = incoming
        return Raw(id, json.dumps({"id": id}))

    def read(self, payload: str) -> Incoming | None:
        return self._events[json.loads(payload)["id"]]

    def next_message(self) -> int:
        return next(self._messages)

    async def send(
        self, chat: int, reply: Reply, *, bare: bool = False, attached: File | Picture | None = None
    ) -> int | None:
        if isinstance(attached, Picture):
            self.pictures.append(attached)
        elif attached and attached.path:
            self.attached.append((attached, Path(attached.path).read_bytes()))
        message = reply.replaces or self.next_message()
        self.heard.setdefault(chat, []).append(Heard(message, self.clock(), reply))
        return message

    async def acknowledge(self, incoming: Incoming) -> None:
        pass

    async def mark(self, incoming: Incoming, chosen: str) -> None:
        self.chosen.append(chosen)

    async def react(self, chat: int, message: int) -> None:
        self.hearts.append(message)

    async def typing(self, chat: int) -> None:
        pass

    async def fetch(self, file: File, to: Path) -> None:
        if file.id not in self.kept_by_channel:
            raise Refused
        to.write_bytes(self.kept_by_channel[file.id])


class Scene:
    """One bot, its clock, and the people in it."""

    engine: Engine

    def __init__(
        self,
        database: Path,
        clock: Clock,
        allowed: frozenset[int],
        *,
        model: bool = False,
        language_model: LanguageModel | None = None,
        messages_per_minute: int = 0,
        owner: int = 0,
    ) -> None:
        self.database = databases.at(database)
        self.clock = clock
        self.room = Room(clock)
        self.allowed = allowed
        self.model = model or language_model is not None
        self.language_model = language_model
        self.messages_per_minute = messages_per_minute
        self.owner = owner
        self._running = AsyncExitStack()

    async def open(self) -> None:
        """Start the bot."""
        pace = Pace(0, 0, 1)
        opening = open_engine(
            self.database.url,
            self.room,
            clock=self.clock,
            pace=pace,
            allowed=self.allowed,
            messages_per_minute=self.messages_per_minute,
            model=self.language_model,
            house=House(model=self.model, owner=self.owner, version="1.2", database="SQLite"),
        )
        self.engine = await self._running.enter_async_context(opening)

    async def close(self) -> None:
        """Stop the bot; time may go by without it."""
        await self._running.aclose()

    async def restart(self, **down: float) -> None:
        """Stop the bot and start it on the same database, after it was *down* for a while (as for timedelta)."""
        await self.close()
        self.clock.at += timedelta(**down)
        await self.open()
        await self.until(self.clock.at)

    def person(self, id: int, name: str = "Mira") -> "Somebody":
        """Somebody who writes to the bot."""
        return Somebody(self, Sender(person=id, chat=id, name=name))

    async def until(self, at: datetime) -> None:
        """Let time go by until *at*; everything that falls due on the way happens in order."""
        while (due := await self.engine.next_due()) is not None and due <= at:
            self.clock.at = max(self.clock.at, due)
            await self.engine.tick()
            await self.engine.settle()
        self.clock.at = max(self.clock.at, at)
        await self.engine.tick()
        await self.engine.settle()

    async def later(self, **span: float) -> None:
        """Let a span of time go by (the arguments of timedelta)."""
        await self.until(self.clock.at + timedelta(**span))


class Somebody:
    """A person in the scene."""

    def __init__(self, scene: Scene, sender: Sender) -> None:
        self.scene = scene
        self.sender = sender
        self._seen = 0

    @property
    def all_heard(self) -> list[Heard]:
        return self.scene.room.heard.get(self.sender.chat, [])

    def hears(self) -> list[Heard]:
        """What came since the last look."""
        new = self.all_heard[self._seen :]
        self._seen = len(self.all_heard)
        return new

    async def does(self, event: Event, update: int | None = None) -> list[Heard]:
        """Let *event* happen; what is heard then."""
        raw = self.scene.room.write(Incoming(sender=self.sender, event=event), update)
        await self.scene.engine.receive([raw])
        await self.scene.engine.settle()
        return self.hears()

    async def says(self, text: str, *, message: int | None = None, reply_to: int | None = None) -> list[Heard]:
        message = message or self.scene.room.next_message()
        return await self.does(Said(text=text, message=message, reply_to=reply_to))

    async def presses(self, label: str, *, update: int | None = None) -> list[Heard]:
        """Press the newest button called *label*."""
        for heard in reversed(self.all_heard):
            for choice in itertools.chain.from_iterable(heard.reply.choices):
                if choice.label == label:
                    event = Pressed(action=choice.action, message=heard.message, label=label)
                    return await self.does(event, update)
        raise AssertionError(
            f"nobody offered {label!r}; the last was {[heard.labels for heard in self.all_heard[-2:]]}"
        )

    async def presses_action(self, action: str, *, update: int | None = None) -> list[Heard]:
        """Press a button with *action*, which need never have been offered."""
        return await self.does(Pressed(action=action, message=1, label="?"), update)

    async def journal(self, look: Callable[[Journal], T]) -> T:
        """What *look* sees in this person's journal."""
        return await self.scene.engine._store.read(lambda tx: look(Journal(tx, self.sender, self.scene.clock())))

    async def knows(self, *names: str) -> None:
        """Have a good turn for each of *names* in the journal."""

        def write(tx: Transaction) -> None:
            journal = Journal(tx, self.sender, self.scene.clock())
            for name in names:
                journal.mention(journal.add("good_turn", text=f"helped {name}"), [name])
            journal.save()

        await self.scene.engine._store.transact(write)

    async def edits(self, message: int, text: str) -> list[Heard]:
        return await self.does(Edited(text=text, message=message))

    async def shares(self, zone: str) -> list[Heard]:
        return await self.does(Shared(zone=zone))

    async def sends(
        self,
        kind: str,
        caption: str = "",
        *,
        data: bytes = b"\0",
        message: int | None = None,
        reply_to: int | None = None,
        album: str = "",
        name: str = "",
    ) -> list[Heard]:
        """Send something that isn't words. The channel keeps its *data*, if it is a kind that has any."""
        message, file = message or self.scene.room.next_message(), None
        if kind in ("voice", "photo", "video", "audio", "document"):
            file = File(kind=kind, id=f"{kind}-{message}", name=name, size=len(data))
            self.scene.room.kept_by_channel[file.id] = data
        event = Sent(kind=kind, caption=caption, message=message, reply_to=reply_to, file=file, album=album)
        return await self.does(event)

    async def forwards(self, text: str, name: str) -> list[Heard]:
        """Pass on what somebody called *name* wrote."""
        return await self.does(Said(text=text, message=self.scene.room.next_message(), forwarded=name))

    async def writes_in_group(self, group: int, kind: str = "group") -> list[Heard]:
        """Write something in *group*; it is the group's from then on."""
        self.sender = replace(self.sender, person=group, chat=group)
        return await self.does(Unreadable(kind=kind))

    async def talks(self, *transcript: tuple[str, *tuple[str, ...]]) -> None:
        """Hold a whole conversation: each line is what is said, then what must be heard; nothing for silence."""
        for said, *expected in transcript:
            if said.startswith("[") and said.endswith("]"):
                heard = await self.presses(said[1:-1])
            else:
                heard = await self.says(said)
            everything = "\n".join(
                [each.text for each in heard] + [f"[{label}]" for each in heard for label in each.labels]
            )
            if expected:
                assert heard, f"after {said!r} there was silence"
            else:
                assert not heard, f"after {said!r} silence was due, but: {everything}"
            for part in expected:
                assert part in everything, f"after {said!r} {part!r} was due, but: {everything}"


@asynccontextmanager
async def scene(
    database: Path,
    at: datetime = START,
    allowed: frozenset[int] = frozenset(),
    *,
    model: bool = False,
    language_model: LanguageModel | None = None,
    messages_per_minute: int = 0,
    owner: int = 0,
) -> AsyncIterator[Scene]:
    """A bot on the *database* of that name at the time *at*, with a language model to be asked or without; people hear
    of one that isn't there if there is only said to be a *model*. Nobody writes too much, unless so many
    *messages_per_minute* are."""
    opened = Scene(
        database,
        Clock(at),
        allowed,
        model=model,
        language_model=language_model,
        messages_per_minute=messages_per_minute,
        owner=owner,
    )
    await opened.open()
    try:
        yield opened
    finally:
        await opened.close()
