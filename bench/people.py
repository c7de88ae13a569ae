"""The people: each says the next thing as soon as the reply to the last one arrives, and remembers what was said.

Two things show whether anybody's order was broken, whichever bot it is. A reply is known by its buttons: two under a
question that begins a check-in, one after an answer, none after /cancel; so a reply that overtakes another is seen.
And every answer has a number ("... number 12") that goes to disk with it; so one that was lost, doubled or stored in
another order is seen too.
"""

import asyncio
import re
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

CHECK_IN = ("/checkin one", "", "", "", "", "/cancel")
"""What a person says in one check-in; what is empty here is an answer in their own words."""

SHORT = ("/checkin one", "", "/cancel")
"""The same in short, so that each message is replied to in another way than its neighbours."""

_BUTTONS = {"/checkin one": 2, "": 1, "/cancel": 0}
_ANY = -1
_NUMBER = re.compile(r"number (\d+)$")


@dataclass(kw_only=True, slots=True)
class Person:
    """One person. *waiting* is what was said and not replied to yet: (moment, buttons that the reply must have)."""

    id: int
    waiting: deque[tuple[float, int]] = field(default_factory=deque)
    turn: int = 0
    answers: int = 0
    replied: asyncio.Event = field(default_factory=asyncio.Event)


class Crowd:
    """People who talk through *say*; the server tells `heard` what the bot sends. *latencies* are seconds from a
    message to its reply, in the order of the replies; *disorder* counts replies that answer another message than the
    one they should, *extra* those that nobody asked for."""

    def __init__(self, ids: Iterable[int]) -> None:
        self.people = {id: Person(id=id) for id in ids}
        self.say: Callable[[int, str], None] = _to_nobody
        self.latencies: list[float] = []
        self.disorder = 0
        self.extra = 0
        self._talking = False
        self._open = 0
        self._quiet = asyncio.Event()

    def heard(self, chat: int, buttons: int) -> None:
        """The bot sent a message with so many *buttons* to *chat*."""
        person = self.people[chat]
        if not person.waiting:
            self.extra += 1
            return
        said_at, expected = person.waiting.popleft()
        self.latencies.append(time.monotonic() - said_at)
        self.disorder += expected not in (buttons, _ANY)
        self._open -= 1
        if self._talking:
            self._go_on(person)
        elif not self._open:
            self._quiet.set()
        person.replied.set()

    def _say(self, person: Person, text: str, buttons: int = _ANY) -> None:
        person.waiting.append((time.monotonic(), buttons))
        person.replied.clear()
        self._open += 1
        self._quiet.clear()
        self.say(person.id, text)

    def _go_on(self, person: Person, script: Sequence[str] = CHECK_IN) -> None:
        """*person* says the next thing in *script*, which goes round and round."""
        line = script[person.turn % len(script)]
        person.turn += 1
        person.answers += not line
        text = line or f"covered twenty minutes for a friend so that she could eat, number {person.answers}"
        self._say(person, text, _BUTTONS[line])

    async def visit(self, lines: Sequence[str], *, at_once: int, pause: timedelta) -> None:
        """Everybody says *lines*, each after the reply to the one before and a *pause* in which more may come."""
        people = iter(self.people.values())

        async def guide() -> None:
            for person in people:
                for line in lines:
                    self._say(person, line)
                    await person.replied.wait()
                    await asyncio.sleep(pause.total_seconds())

        async with asyncio.TaskGroup() as group:
            for _ in range(at_once):
                group.create_task(guide())
        self.extra = 0

    def begin(self) -> None:
        """Everybody starts talking and goes on until `end`."""
        self._talking = True
        for person in self.people.values():
            self._go_on(person)

    async def end(self) -> None:
        """Everybody leaves the check-in they are in, and says nothing more; return when the last reply came."""
        self._talking = False
        await self._settled()
        for person in self.people.values():
            self._say(person, "/cancel")
        await self._settled()

    async def burst(self) -> None:
        """Everybody writes two short check-ins without waiting for a word; return when the last reply came."""
        for person in self.people.values():
            person.turn = 0
            for _ in 2 * SHORT:
                self._go_on(person, SHORT)
        await self._settled()

    async def _settled(self) -> None:
        if self._open:
            await self._quiet.wait()

    @property
    def missing(self) -> int:
        """Messages that nobody replied to."""
        return self._open

    def misplaced(self, stored: Iterable[tuple[int, str]]) -> int:
        """How many answers are not where they belong in *stored*: (person, text) in the order of each journal."""
        kept: dict[int, list[int]] = {id: [] for id in self.people}
        for id, text in stored:
            if found := _NUMBER.search(text):
                kept[id].append(int(found[1]))
        wrong = 0
        for person in self.people.values():
            numbers = kept[person.id]
            right = sum(number == place for place, number in enumerate(numbers, start=1))
            wrong += max(len(numbers), person.answers) - right
        return wrong


def _to_nobody(_person: int, _text: str) -> None:
    """Where people talk to before there is a server."""
