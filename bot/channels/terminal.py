"""A conversation in a terminal: the same engine and dialogues as in Telegram, with nothing but a keyboard.

Time can be moved here. `/later 7d` does not jump: it goes to each planned moment on the way, as the days would have
gone, so that whatever is due happens in order and at its own time.
"""

import asyncio
import json
import logging
import re
import time
from collections.abc import AsyncIterable, Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from hashlib import blake2b
from itertools import count
from pathlib import Path
from typing import Any

from bot.channels import folder
from bot.channels.screens import Screen, spelled
from bot.domain import Choice, Event, File, Incoming, Pressed, Reply, Said, Sender, Sent
from bot.engine import Engine
from bot.errors import NotSent
from bot.files import LARGEST
from bot.inbox import Raw
from bot.story import Picture, Story
from bot.text import clean
from bot.words import _

__all__ = ["LAST_YEAR", "Clock", "TerminalChannel", "converse"]

LAST_YEAR = 9000
"""Nobody gets further than this: a datetime ends with the year 9999, and whatever is planned must fit before that."""

_log = logging.getLogger(__name__)


class Clock:
    """Time that can be moved, aware and UTC. It runs on with real time, and never backwards.

    *zone* is where the person lives, once that is known; until then times are told as the computer has them.
    """

    def __init__(self, start: datetime | None = None, real: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        """It is *start* now; without one it is what *real* says."""
        self.start = start
        self.zone: tzinfo | None = None
        self._real = real
        self._ahead = timedelta(0) if start is None else start.astimezone(UTC) - real()
        self._latest = datetime.min.replace(tzinfo=UTC)

    def __call__(self) -> datetime:
        # The computer's own clock may be set back while we run.
        self._latest = max(self._latest, self._real() + self._ahead)
        return self._latest

    def advance_to(self, moment: datetime) -> None:
        """It is *moment* now, unless that has passed."""
        if moment > self():
            self._ahead = moment - self._real()

    def wall(self) -> datetime:
        """What it is now where the person lives (aware)."""
        return self().astimezone(self.zone)


@dataclass(slots=True)
class _Open:
    """The choices that a number picks from: those of the latest message that has any."""

    message: int
    choices: tuple[Choice, ...]


_NUMBER = re.compile(r"(?:\[([0-9]{1,3})\]|([0-9]{1,3})(?:[.)]|(?=\s|$)))\s*(.*)", re.DOTALL)
"""A choice by its number, `2`, `[2]`, `2.` or `2)`, and what stands behind that."""


def _bare(label: str) -> str:
    """*label* as it is compared: capitals and outer punctuation don't matter."""
    return re.sub(r"^[\W_]+|[\W_]+$", "", label).casefold().replace("’", "'")


def _chosen(line: str, choices: tuple[Choice, ...]) -> int | None:
    """Which of *choices* (counted from 1) *line* picks by its number, its label or both; None if it is just words."""
    numbered = _NUMBER.fullmatch(line)
    if numbered and 1 <= (number := int(numbered[1] or numbered[2])) <= len(choices):
        behind = numbered[3]
        if not behind or _bare(behind) == _bare(choices[number - 1].label):
            return number
    said = _bare(line)
    named = [number for number, choice in enumerate(choices, 1) if said and _bare(choice.label) == said]
    return named[0] if len(named) == 1 else None


class TerminalChannel:
    """One person's terminal. What is sent to anybody else in the same database is taken and not shown here."""

    def __init__(
        self, name: str, screen: Screen, clock: Clock, first: int | None = None, *, desk: Path | None = None
    ) -> None:
        """*name* says who sits here. Messages are counted from *first*, by default from the microsecond it is: ids must
        not come again after a restart, or what is said would be taken for a repetition. Files that the bot sends are
        laid down in *desk*, by default the current one."""
        self._name = clean(name)
        self.person = _number(self._name)
        self._screen = screen
        self._clock = clock
        self._ids = count(time.time_ns() // 1000 if first is None else first)
        self._desk = desk or Path()
        self._open: _Open | None = None
        self._lost: OSError | None = None
        self.unwatched = asyncio.Event()

    def said(self, line: str) -> Raw:
        """*line*, as an update."""
        return self._raw({"said": clean(line)})

    def passed_on(self, name: str, words: str) -> Raw:
        """*words* that somebody called *name* wrote, forwarded."""
        return self._raw({"said": clean(words), "forwarded": clean(name)})

    def sent(self, file: File, caption: str) -> Raw:
        """A *file* with its *caption*, as an update."""
        about = {"kind": file.kind, "file": file.id, "name": file.name, "size": file.size}
        return self._raw({"sent": about, "caption": clean(caption)})

    def heard(self, line: str) -> Raw:
        """What the person put in, as an update: a press if it picks a choice, else words."""
        number = _chosen(line, self._open.choices) if self._open else None
        if self._open is None or number is None:
            self._screen.heard(line, None, self._clock.wall())
            return self.said(line)
        choice = self._open.choices[number - 1]
        self._screen.heard(str(number), choice, self._clock.wall())
        return self._raw({"pressed": choice.action, "label": choice.label, "message": self._open.message})

    def _raw(self, payload: dict[str, Any]) -> Raw:
        id = next(self._ids)
        return Raw(id, json.dumps({"message": id} | payload | {"as": self._name}, ensure_ascii=False))

    def read(self, payload: str) -> Incoming | None:
        """The event in *payload*. It says who it is from: another name may have opened this database since."""
        update = json.loads(payload)
        chat = _number(update["as"])
        event: Event
        if "pressed" in update:
            event = Pressed(action=update["pressed"], label=update["label"], message=update["message"])
        elif "sent" in update:
            sent = update["sent"]
            file = File(kind=sent["kind"], id=sent["file"], name=sent["name"], size=sent["size"])
            event = Sent(kind=file.kind, caption=update["caption"], message=update["message"], file=file)
        else:
            event = Said(text=clean(update["said"]), message=update["message"], forwarded=update.get("forwarded"))
        return Incoming(sender=Sender(person=chat, chat=chat, name=update["as"]), event=event)

    async def send(
        self, chat: int, reply: Reply, *, bare: bool = False, attached: File | Picture | None = None
    ) -> int | None:
        """Show *reply*, with a file that is *attached* laid down and a picture drawn; its message's id. Raises NotSent
        once nobody looks, so that it is said next time."""
        id = next(self._ids) if reply.replaces is None else reply.replaces
        if chat != self.person:
            return id
        if self._lost:
            raise NotSent
        file = attached if isinstance(attached, File) else None
        story = attached if isinstance(attached, Story) else None  # a letter is in the words already
        shown = await asyncio.to_thread(folder.laid_down, file, self._desk) if file else None
        try:
            self._screen.reply(reply, self._clock.wall(), shown or story)
            if file and shown is None:
                cure = _("I can't write {file} here: go to a folder that is yours, or make room.")
                self._screen.note(cure.format(file=folder.called(file)), self._clock.wall())
        except OSError as error:
            self._lost = error
            self.unwatched.set()
            raise NotSent from error
        if reply.choices:
            self._open = _Open(id, tuple(choice for row in reply.choices for choice in row))
        elif self._open and self._open.message == reply.replaces:
            self._open = None
        return id

    async def fetch(self, file: File, to: Path) -> None:
        """Copy the bytes of *file* to *to*. Raises Refused if they can't be had, OSError if *to* can't be written."""
        await asyncio.to_thread(folder.copied, file, to)

    async def acknowledge(self, incoming: Incoming) -> None:
        """The screen has shown the press already."""

    async def mark(self, incoming: Incoming, chosen: str) -> None:
        """A message that shows what was chosen has no choices any more."""
        pressed = incoming.event
        if isinstance(pressed, Pressed) and self._open and self._open.message == pressed.message:
            self._open = None

    async def react(self, chat: int, message: int) -> None:
        """A heart, on a line of its own."""
        if chat == self.person:
            with suppress(OSError):
                self._screen.note("♥", self._clock())

    async def typing(self, chat: int) -> None:
        """An answer is on its way."""
        if chat == self.person:
            with suppress(OSError):
                self._screen.waiting(True)

    def check_watched(self) -> None:
        """Raises the OSError that writing to the screen ended with, if it did."""
        if self._lost:
            raise self._lost


def _number(name: str) -> int:
    """The person called *name*: the same number on every machine, between 1 and 2^48."""
    return int.from_bytes(blake2b(name.strip().casefold().encode(), digest_size=6).digest()) + 1


# ---- the conversation ----


async def converse(
    engine: Engine,
    channel: TerminalChannel,
    clock: Clock,
    screen: Screen,
    lines: AsyncIterable[str],
    home: Callable[[], Awaitable[tzinfo | None]] | None = None,
) -> None:
    """Hold the conversation until *lines* end. Raises OSError (BrokenPipeError, for one) when the screen is gone.

    A clock that wasn't set by hand takes up the time at which it was left. *home* finds out where the person lives.
    """
    if clock.start is None and (left := await engine.recall("clock")):
        clock.advance_to(datetime.fromisoformat(left))
    talk = _Talk(engine=engine, channel=channel, clock=clock, screen=screen, home=home)
    beat = asyncio.create_task(talk.keep_ticking())
    try:
        await talk.put(channel.said("/start"))
        async for line in lines:
            # What is pasted from a transcript has its mark before it.
            await talk.take(clean(line).strip().removeprefix("> "))
    finally:
        beat.cancel()
        with suppress(asyncio.CancelledError):
            await beat
        await talk.keep_time()


@dataclass(frozen=True, kw_only=True, slots=True)
class _Talk:
    """A conversation under way."""

    engine: Engine
    channel: TerminalChannel
    clock: Clock
    screen: Screen
    home: Callable[[], Awaitable[tzinfo | None]] | None
    moving: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def take(self, line: str) -> None:
        """Do what *line* says, until all of it is answered."""
        command, rest = (*line.split(None, 1), "", "")[:2]
        command = command.lower()
        if command == "/now":
            self.screen.heard(line, None, self.clock.wall())
            self.screen.note(_("It's {moment}.").format(moment=spelled(self.clock.wall())), self.clock.wall())
        elif command == "/later":
            self.screen.heard(line, None, self.clock.wall())
            await self.later(rest.strip())
        elif command == "/send":
            self.screen.heard(line, None, self.clock.wall())
            await self.send(rest)
        elif command == "/forward":
            self.screen.heard(line, None, self.clock.wall())
            await self.forward(rest)
        elif line:
            await self.put(self.channel.heard(line))

    async def send(self, words: str) -> None:
        """Send the file that *words* begin with; if it can't be read, say why."""
        try:
            chosen = folder.chosen(words)
        except (OSError, ValueError, RuntimeError) as error:  # a name may hold what no system can look for
            match error:
                case FileNotFoundError():
                    reason = _("There is no such file. A name with spaces goes in quotes.")
                case IsADirectoryError():
                    reason = _("That is a folder. One file at a time, please.")
                case _:
                    reason = _("I can't read that one.")
            self.screen.note(reason, self.clock.wall())
            return
        if chosen is None:
            self.screen.note(_("Which file? /send bread.jpg the first loaf"), self.clock.wall())
            return
        file, caption = chosen
        if file.size > LARGEST:
            self.screen.note(_("It's larger than 20 MB, so only its name is kept."), self.clock.wall())
        await self.put(self.channel.sent(file, caption))

    async def forward(self, words: str) -> None:
        """Pass on what somebody else wrote; if it isn't clear what, say how."""
        name, colon, said = words.partition(":")
        if colon and said.strip():
            await self.put(self.channel.passed_on(name.strip(), said.strip()))
        else:
            self.screen.note(_("Whose words? /forward Rui: thank you for the starter"), self.clock.wall())

    async def put(self, update: Raw) -> None:
        # Before the engine has it: if we are killed now, the answer must not be older than the clock.
        await self.keep_time()
        await self.engine.receive([update])
        await self.settle()

    async def later(self, words: str) -> None:
        """Go to the moment that *words* name, by way of every planned one; if there is no way there, say why."""
        now = self.clock.wall()
        try:
            target = moment(words, now)
        except OverflowError:
            self.screen.note(_("That's too far. I can count up to the year {year}.").format(year=LAST_YEAR), now)
            return
        if target is None:
            example = f"{now + timedelta(days=7):%Y-%m-%dT%H:%M}"
            self.screen.note(
                _("How far? /later 7d, 3h, 2w, 30m, or a time to come: {example}").format(example=example), now
            )
            return
        if target < now:
            self.screen.note(_("That has passed. It's {moment}.").format(moment=spelled(now)), now)
            return
        async with self.moving:
            done = None
            while (due := await self.engine.next_due()) is not None and due <= target and due != done:
                await self.step(due)
                done = due
            await self.step(target)
        self.screen.arrived(self.clock.wall())

    async def step(self, target: datetime) -> None:
        self.clock.advance_to(target)
        await self.keep_time()
        await self.engine.tick()
        await self.settle()

    async def keep_time(self) -> None:
        await self.engine.remember("clock", self.clock().isoformat())

    async def keep_ticking(self) -> None:
        while True:
            await asyncio.sleep(1)
            async with self.moving:
                try:
                    await self.engine.tick()
                except Exception as error:  # noqa: BLE001  # the next second may be better, and the person can go on
                    _log.warning("a tick went wrong (%s)", type(error).__name__)

    async def settle(self) -> None:
        """Wait until everything is answered, or nobody looks any more."""
        settled = asyncio.ensure_future(self.engine.settle())
        unwatched = asyncio.ensure_future(self.channel.unwatched.wait())
        try:
            await asyncio.wait({settled, unwatched}, return_when=asyncio.FIRST_COMPLETED)
            self.channel.check_watched()
            await settled
            self.screen.waiting(False)
            if self.home:
                self.clock.zone = await self.home()
        finally:
            settled.cancel()
            unwatched.cancel()


_STEPS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}


def moment(words: str, now: datetime) -> datetime | None:
    """What *words* mean at *now*: an ISO time, in the zone of *now* unless it says, or steps like ``7d`` or ``1w 2d``.
    Aware; None if they mean nothing. Raises OverflowError beyond LAST_YEAR."""
    compact = words.replace(" ", "").lower()
    if re.fullmatch(r"([0-9]{1,99}[mhdw])+", compact):
        steps = re.findall(r"([0-9]+)([mhdw])", compact)
        # A day is 24 hours here, on whatever day of the year: steps are through time, not through the calendar.
        gone = sum((int(number) * _STEPS[unit] for number, unit in steps), timedelta(0))
        at = (now.astimezone(UTC) + gone).astimezone(now.tzinfo)
    else:
        try:
            at = datetime.fromisoformat(words)
        except ValueError:
            return None
        at = at if at.tzinfo else at.replace(tzinfo=now.tzinfo)
    if at.year > LAST_YEAR:
        raise OverflowError
    return at
