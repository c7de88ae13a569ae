"""How a conversation looks in a terminal, and where its lines come from.

Three screens show it. In a real terminal it is wrapped and coloured, with a prompt above which check-ins appear while
somebody sits there. In a pipe it is a plain transcript, one line in for one turn out, so a script can hold the
conversation. As JSON lines it is for a program. Buttons are numbered, and a number picks one.
"""

import asyncio
import json
import os
import re
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from io import TextIOWrapper
from itertools import count
from typing import TYPE_CHECKING, Protocol, TextIO

from bot.channels.drawing import drawn
from bot.domain import Choice, File, Reply
from bot.story import Story
from bot.text import OFF, ON, plain
from bot.words import _

if TYPE_CHECKING:
    from rich.text import Text

__all__ = ["JsonLines", "Plain", "Pretty", "Screen", "open_screen", "spelled"]

_PAUSE = timedelta(hours=1)
"""After this long a message says when it came."""


class Screen(Protocol):
    """Where a conversation is shown. Moments are aware, in the person's zone. Anything may raise OSError once nobody
    looks any more."""

    def reply(self, reply: Reply, at: datetime, beside: File | Story | None = None) -> None:
        """Show what the bot says, and what came *beside* it: where a file is, or a story. Choices are counted from 1,
        row by row."""

    def heard(self, line: str, choice: Choice | None, at: datetime) -> None:
        """Show what the person put in, and what that chose."""

    def note(self, line: str, at: datetime) -> None:
        """Show a word of the terminal's own."""

    def arrived(self, at: datetime) -> None:
        """Time was moved to *at*."""

    def waiting(self, waiting: bool) -> None:
        """An answer is being written, or no longer."""


def spelled(at: datetime) -> str:
    """*at* in words, with the name of its zone."""
    return f"{at:%A} {at.day} {at:%B %Y, %H:%M} ({at.tzname()})"


class _Paper:
    """What plain screens share: text with line feeds in UTF-8, out at once."""

    def __init__(self, out: TextIO) -> None:
        self._out = out

    def _print(self, line: str) -> None:
        self._out.write(line + "\n")
        self._out.flush()

    def waiting(self, waiting: bool) -> None:
        """A script can wait."""


class JsonLines(_Paper):
    """Each thing the bot says is one JSON object. A word of the terminal's own has ``"note": true``."""

    def reply(self, reply: Reply, at: datetime, beside: File | Story | None = None) -> None:
        labels = [choice.label for row in reply.choices for choice in row]
        more: dict[str, object] = {} if reply.replaces is None else {"edited": True}
        if isinstance(beside, File):
            more["picture" if beside.kind == "photo" else "document"] = beside.path or beside.name
        elif beside:
            more["drawing"] = [line.plain for line in drawn(beside)]
        self._object(at, plain(reply.text), labels, more)

    def heard(self, line: str, choice: Choice | None, at: datetime) -> None:
        """A program knows what it said."""

    def note(self, line: str, at: datetime) -> None:
        self._object(at, line, [], {"note": True})

    def arrived(self, at: datetime) -> None:
        """A program knows where it went, and /now tells the rest."""

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
        self._answered = False

    def _print(self, line: str) -> None:
        super()._print(_harmless(line))

    def reply(self, reply: Reply, at: datetime, beside: File | Story | None = None) -> None:
        self._head(at)
        self._answered = True
        numbers = count(1)
        above = [*(line.plain for line in drawn(beside)), ""] if isinstance(beside, Story) else []
        below = [f"({beside.path or beside.name})"] if isinstance(beside, File) else []
        rows = ["  ".join(f"[{next(numbers)}] {choice.label}" for choice in row) for row in reply.choices]
        self._print("\n".join([*above, plain(reply.text), *below, *rows]) + "\n")

    def heard(self, line: str, choice: Choice | None, at: datetime) -> None:
        self._head(at)
        self._answered = False
        if self._echo:
            self._print((f"> [{line}] {choice.label}" if choice else f"> {line}") + "\n")

    def _head(self, at: datetime) -> None:
        if self._at and at - self._at >= _PAUSE:
            self._print(f"-- {spelled(at)} --\n")
        self._at = at

    def note(self, line: str, at: datetime) -> None:
        self._print(f"{line}\n")

    def arrived(self, at: datetime) -> None:
        """Said only if nothing came on the way: what did come has said when."""
        if not self._answered:
            self._at = at
            self.note(_("It's {moment}.").format(moment=spelled(at)), at)


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

    def reply(self, reply: Reply, at: datetime, beside: File | Story | None = None) -> None:
        if self._at and at - self._at >= _PAUSE:
            self._aside(spelled(at))
        self._at = at
        body = self._text()
        for part in re.split(f"({ON}[^{OFF}]*{OFF})", _harmless(reply.text)):
            body.append(plain(part), style="italic" if part.startswith(ON) else "")
        if isinstance(beside, Story):
            for line in (*drawn(beside), self._text()):
                line.truncate(max(20, self._console.width - 2))
                self._print(self._text.assemble(("▏ ", "cyan"), line))
        self._block(("▏ ", "cyan"), body)
        if isinstance(beside, File):
            self._print(self._text.assemble(("▏ ", "cyan"), (_harmless(beside.path or beside.name), "dim")))
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
        screen.note(
            _("A number picks a choice, /later 7d moves time on, /send FILE sends a file, Ctrl-D leaves."),
            datetime.now(UTC),
        )
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
            with suppress(OSError):  # what can't be read (a folder, for one) has no lines
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
