"""A conversation in a terminal: the same engine and dialogues as in Telegram, with nothing but a keyboard.

Three screens show it. In a real terminal it is wrapped and coloured, with a prompt above which check-ins appear while
somebody sits there. In a pipe it is a plain transcript, one line in for one turn out, so a script can hold the
conversation. As JSON lines it is for a program. Buttons are numbered, and a number picks one.

Time can be moved here. `/later 7d` does not jump: it goes to each planned moment on the way, as the days would have
gone, so that whatever is due happens in order and at its own time.
"""

import asyncio
import json
import logging
import os
import re
import sys
import threading
import time
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from hashlib import blake2b
from io import TextIOWrapper
from itertools import count
from typing import TYPE_CHECKING, Any, Protocol, TextIO

from bot.domain import Choice, Event, Incoming, Pressed, Reply, Said, Sender
from bot.engine import Engine, Raw
from bot.errors import NotSent
from bot.text import OFF, ON, clean, plain
from bot.words import _

if TYPE_CHECKING:
    from rich.text import Text

__all__ = ["Clock", "JsonLines", "Plain", "Pretty", "Screen", "TerminalChannel", "converse", "open_screen"]

_log = logging.getLogger(__name__)

_PAUSE = timedelta(hours=1)
"""After this long a message says when it came."""


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


class Screen(Protocol):
    """Where a conversation is shown. Moments are aware, in the person's zone. Anything may raise OSError once nobody
    looks any more."""

    def reply(self, reply: Reply, at: datetime) -> None:
        """Show what the bot says. Choices are counted from 1, row by row."""

    def heard(self, line: str, choice: Choice | None, at: datetime) -> None:
        """Show what the person put in, and what that chose."""

    def note(self, line: str, at: datetime) -> None:
        """Show a word of the terminal's own."""

    def arrived(self, at: datetime) -> None:
        """Time was moved to *at*."""

    def waiting(self, waiting: bool) -> None:
        """An answer is being written, or no longer."""


# ---- the channel ----


@dataclass(slots=True)
class _Open:
    """The choices that a number picks from: those of the latest message that has any."""

    message: int
    choices: tuple[Choice, ...]


class TerminalChannel:
    """One person's terminal. What is sent to anybody else in the same database is taken and not shown here."""

    def __init__(self, name: str, screen: Screen, clock: Clock, first: int | None = None) -> None:
        """*name* says who sits here. Messages are counted from *first*, by default from the microsecond it is: ids must
        not come again after a restart, or what is said would be taken for a repetition."""
        self._name = name
        self.person = _number(name)
        self._screen = screen
        self._clock = clock
        self._ids = count(time.time_ns() // 1000 if first is None else first)
        self._open: _Open | None = None
        self._lost: OSError | None = None
        self.unwatched = asyncio.Event()

    def said(self, line: str) -> Raw:
        """*line*, as an update."""
        return self._raw({"said": line})

    def heard(self, line: str) -> Raw:
        """What the person put in, as an update: a press if it is the number of a choice, else words."""
        choice = None
        if self._open and re.fullmatch("[0-9]{1,3}", line) and 1 <= int(line) <= len(self._open.choices):
            choice = self._open.choices[int(line) - 1]
        self._screen.heard(line, choice, self._clock.wall())
        if self._open is None or choice is None:
            return self.said(line)
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
        else:
            event = Said(text=clean(update["said"]), message=update["message"])
        return Incoming(sender=Sender(person=chat, chat=chat, name=update["as"]), event=event)

    async def send(self, chat: int, reply: Reply, *, bare: bool = False) -> int | None:
        """Show *reply*; its message's id. Raises NotSent once nobody looks, so that it is said next time."""
        id = next(self._ids) if reply.replaces is None else reply.replaces
        if chat != self.person:
            return id
        if self._lost:
            raise NotSent
        try:
            self._screen.reply(reply, self._clock.wall())
        except OSError as error:
            self._lost = error
            self.unwatched.set()
            raise NotSent from error
        if reply.choices:
            self._open = _Open(id, tuple(choice for row in reply.choices for choice in row))
        elif self._open and self._open.message == reply.replaces:
            self._open = None
        return id

    async def acknowledge(self, incoming: Incoming) -> None:
        """The screen has shown the press already."""

    async def mark(self, incoming: Incoming, chosen: str) -> None:
        """A message that shows what was chosen has no choices any more."""
        pressed = incoming.event
        if isinstance(pressed, Pressed) and self._open and self._open.message == pressed.message:
            self._open = None

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
            await talk.take(line.strip())
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
        command, _blank, rest = line.partition(" ")
        if command == "/now":
            self.screen.heard(line, None, self.clock.wall())
            self.screen.note(_("It's {moment}.").format(moment=spelled(self.clock.wall())), self.clock.wall())
        elif command == "/later":
            self.screen.heard(line, None, self.clock.wall())
            await self.later(rest.strip())
        elif line:
            await self.put(self.channel.heard(line))

    async def put(self, update: Raw) -> None:
        # Before the engine has it: if we are killed now, the answer must not be older than the clock.
        await self.keep_time()
        await self.engine.receive([update])
        await self.settle()

    async def later(self, words: str) -> None:
        """Go to the moment that *words* name, by way of every planned one."""
        now = self.clock.wall()
        target = moment(words, now)
        if target is None or target < now:
            example = f"{now + timedelta(days=7):%Y-%m-%dT%H:%M}"
            self.screen.note(
                _("How far? /later 7d, 3h, 2w, 30m, or a time to come: {example}").format(example=example), now
            )
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
    Aware; None if they mean nothing."""
    compact = words.replace(" ", "").lower()
    try:
        if re.fullmatch(r"([0-9]{1,4}[mhdw])+", compact):
            steps = re.findall(r"([0-9]+)([mhdw])", compact)
            # A day is 24 hours here, on whatever day of the year: steps are through time, not through the calendar.
            gone = sum((int(number) * _STEPS[unit] for number, unit in steps), timedelta(0))
            return (now.astimezone(UTC) + gone).astimezone(now.tzinfo)
        at = datetime.fromisoformat(words)
        return at if at.tzinfo else at.replace(tzinfo=now.tzinfo)
    except (ValueError, OverflowError):
        return None


def spelled(at: datetime) -> str:
    """*at* in words, with the name of its zone."""
    return f"{at:%A} {at.day} {at:%B %Y, %H:%M} ({at.tzname()})"


# ---- screens ----


class _Paper:
    """What plain screens share: text with line feeds in UTF-8, out at once."""

    def __init__(self, out: TextIO) -> None:
        self._out = out

    def _print(self, line: str) -> None:
        self._out.write(line + "\n")
        self._out.flush()

    def arrived(self, at: datetime) -> None:
        """The next message says when it came."""

    def waiting(self, waiting: bool) -> None:
        """A script can wait."""


class JsonLines(_Paper):
    """Each thing the bot says is one JSON object. A word of the terminal's own has ``"note": true``."""

    def reply(self, reply: Reply, at: datetime) -> None:
        labels = [choice.label for row in reply.choices for choice in row]
        self._object(at, plain(reply.text), labels, {} if reply.replaces is None else {"edited": True})

    def heard(self, line: str, choice: Choice | None, at: datetime) -> None:
        """A program knows what it said."""

    def note(self, line: str, at: datetime) -> None:
        self._object(at, line, [], {"note": True})

    def _object(self, at: datetime, text: str, labels: list[str], more: dict[str, object]) -> None:
        shown = {"at": at.astimezone(UTC).isoformat(timespec="seconds"), "text": text, "choices": labels}
        files = {"picture": None, "document": None}
        self._print(json.dumps(shown | files | more, ensure_ascii=False))


class Plain(_Paper):
    """A transcript. What the person put in stands behind ``>``, choices stand in square brackets."""

    def __init__(self, out: TextIO, *, echo: bool) -> None:
        """With *echo* the person's lines are shown too: nobody saw them being typed."""
        super().__init__(out)
        self._echo = echo
        self._at: datetime | None = None

    def reply(self, reply: Reply, at: datetime) -> None:
        self._head(at)
        numbers = count(1)
        rows = ["  ".join(f"[{next(numbers)}] {choice.label}" for choice in row) for row in reply.choices]
        self._print("\n".join([plain(reply.text), *rows]) + "\n")

    def heard(self, line: str, choice: Choice | None, at: datetime) -> None:
        self._head(at)
        if self._echo:
            self._print((f"> [{line}] {choice.label}" if choice else f"> {line}") + "\n")

    def _head(self, at: datetime) -> None:
        if self._at and at - self._at >= _PAUSE:
            self._print(f"-- {spelled(at)} --\n")
        self._at = at

    def note(self, line: str, at: datetime) -> None:
        self._print(f"{line}\n")


class Pretty:
    """A real terminal: what the bot says stands behind a coloured bar, wrapped to a width that reads well."""

    def __init__(self) -> None:
        # Imported here because a pipe needs none of it.
        from rich.console import Console
        from rich.control import Control
        from rich.segment import ControlType
        from rich.text import Text

        self._console = Console(highlight=False)
        self._text = Text
        self._erase = Control(ControlType.CARRIAGE_RETURN, (ControlType.ERASE_IN_LINE, 2))
        self._at: datetime | None = None
        self._waiting = False

    def reply(self, reply: Reply, at: datetime) -> None:
        if self._at and at - self._at >= _PAUSE:
            self._aside(spelled(at))
        self._at = at
        body = self._text()
        for part in re.split(f"({ON}[^{OFF}]*{OFF})", _harmless(reply.text)):
            body.append(plain(part), style="italic" if part.startswith(ON) else "")
        self._block(("▏ ", "cyan"), body)
        numbers = count(1)
        for row in reply.choices:
            parts = [part for choice in row for part in ((f"{next(numbers)} ", "cyan"), (f"{choice.label}   ", "dim"))]
            self._block(("  ", ""), self._text.assemble(*parts))
        self._print()

    def heard(self, line: str, choice: Choice | None, at: datetime) -> None:
        self._at = at
        self._print(f"  › {choice.label}" if choice else "", style="dim")
        if choice:
            self._print()

    def note(self, line: str, at: datetime) -> None:
        self._aside(line)

    def arrived(self, at: datetime) -> None:
        self._at = at
        self._aside(_("It's {moment}.").format(moment=spelled(at)))

    def waiting(self, waiting: bool) -> None:
        if waiting and not self._waiting:
            self._print("  …", style="dim", end="")
            self._waiting = True
        elif not waiting:
            self._clear()

    def _aside(self, line: str) -> None:
        self._block(("  ", ""), self._text(line, style="dim"))
        self._print()

    def _block(self, edge: tuple[str, str], text: "Text") -> None:
        for line in text.wrap(self._console, max(20, min(76, self._console.width) - 2)):
            line.rstrip()
            self._print(self._text.assemble(edge, line))

    def _print(self, text: "str | Text" = "", style: str = "", end: str = "\n") -> None:
        self._clear()
        self._console.print(self._text(text) if isinstance(text, str) else text, style=style, end=end, soft_wrap=True)

    def _clear(self) -> None:
        if self._waiting:
            self._console.control(self._erase)
            self._waiting = False


def _harmless(text: str) -> str:
    """*text* without the second set of control characters, which some terminals obey."""
    return re.sub("[\x80-\x9f]", "", text)


def open_screen(*, jsonl: bool) -> tuple[Screen, AsyncIterator[str]]:
    """What fits this process's standard input and output: where to show, and the lines that the person puts in."""
    typing = sys.stdin.isatty()
    if typing and sys.stdout.isatty() and not jsonl:
        screen: Screen = Pretty()
        screen.note(_("A number picks a choice, /later 7d moves time on, Ctrl-D leaves."), datetime.now(UTC))
        return screen, _prompted()
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="replace", newline="\n")
    screen = JsonLines(sys.stdout) if jsonl else Plain(sys.stdout, echo=not typing)
    return screen, _piped(sys.stdin.fileno())


async def _prompted() -> AsyncIterator[str]:
    """What a person types at a prompt; what the bot says meanwhile appears above it. Ctrl-C or Ctrl-D ends it."""
    from prompt_toolkit import PromptSession
    from prompt_toolkit.patch_stdout import patch_stdout

    session: PromptSession[str] = PromptSession()
    while True:
        try:
            with patch_stdout(raw=True):
                line = await session.prompt_async([("fg:ansigreen bold", "› ")])
        except (EOFError, KeyboardInterrupt):
            return
        yield line


async def _piped(file: int) -> AsyncIterator[str]:
    """The lines of *file*, a descriptor: UTF-8, with what isn't replaced."""
    loop = asyncio.get_running_loop()
    lines: asyncio.Queue[bytes | None] = asyncio.Queue()

    def read() -> None:
        # A thread, because an event loop can wait for a pipe but not for a file; and bytes straight from the system,
        # because a buffer that is being read when Python ends brings it down.
        rest = b""
        with suppress(RuntimeError):  # the loop is closed: nobody waits for more
            while chunk := os.read(file, 65536):
                *whole, rest = (rest + chunk).split(b"\n")
                for line in whole:
                    loop.call_soon_threadsafe(lines.put_nowait, line)
            if rest:
                loop.call_soon_threadsafe(lines.put_nowait, rest)
            loop.call_soon_threadsafe(lines.put_nowait, None)

    threading.Thread(target=read, name="stdin", daemon=True).start()
    while (line := await lines.get()) is not None:
        yield line.decode("utf-8", "replace")
