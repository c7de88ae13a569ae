"""A real bot for tests: its own process, its own database, and a stand-in for Telegram at the other end of real HTTP.

    with Bot(api, tmp_path) as bot:
        bot.start()
        ...
        bot.kill()
        bot.start()

Every process logs at DEBUG, and whenever one is gone its whole log is read: neither the token, nor anything that
anybody wrote, nor anything that the bot told them may be in it. So each of these tests is also one about the log. The
words that tests put into people's mouths hold "canary", which nothing else does.

All waiting is on a condition, with a generous limit, and gives up with what was seen instead.
"""

import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

import psycopg

from bot.store import POSTGRES, SHARDS
from tests import databases
from tests.botapi import BotApi, Message, Person, Unmet
from tests.databases import Database

T = TypeVar("T")

TOKEN = "7042042042:AAcanary-Tok3n_NeverToBeSeenInAnyLo"
"""What every bot here runs with: shaped like a token, and it sings."""

ROOT = Path(__file__).parents[1]
SECRET = "canary-Secret_0"
"""What Telegram shows with each update that it brings."""

WAIT = 30.0
"""Seconds after which a wait gives up: far more than anything takes on a busy machine."""

_REMEMBERED = """
    SELECT name FROM acquaintance UNION SELECT name FROM spelling UNION SELECT text FROM theme UNION
    SELECT text FROM place UNION SELECT name FROM media UNION SELECT file FROM media UNION SELECT words FROM search
    UNION SELECT moment FROM card WHERE moment IS NOT NULL
"""

_PRIVATE = {
    *("text", "caption", "data"),
    *("first_name", "last_name", "username", "title", "sender_user_name"),
    *("file_id", "file_unique_id", "file_name", "media_group_id"),
}
"""What of an update is nobody else's business, by Telegram's names for it."""

LINE = 16
"""Characters from which on a line of the bot's own is told from a log's by chance alone."""

_OWN = (
    *("TELEGRAM_", "DATABASE_URL", "ALLOWED_USERS", "OWNER_ID", "MESSAGES_", "LOG_", "SENDS_", "BACKUP_"),
    *("WEBHOOK_", "PORT", "BIND", "REPLICA_"),
)


class Bot:
    """One bot, started, stopped and killed as often as a test likes; at the end it is stopped and its log read."""

    def __init__(self, api: BotApi, folder: Path, database: Database | None = None, /, **settings: object) -> None:
        """On *database*, else on an empty one of the kind that the test asks for; *settings* as in .env.example. No
        limits on sending or writing, unless they are set."""
        self.api = api
        self.database = database or databases.at(folder / "tenfold.db")
        self._folder = folder
        self._ahead = folder / "ahead"
        self._ahead.write_text("0")
        self._settings = {
            "TELEGRAM_BOT_TOKEN": api.token,
            "TELEGRAM_API_BASE_URL": api.url,
            "DATABASE_URL": self.database.url,
            "REPLICA_LEASE": "2",  # for so long nobody looks after the people of one that was killed
            "LOG_LEVEL": "DEBUG",
            "SENDS_PER_SECOND": "0",
            "SENDS_PER_SECOND_PER_CHAT": "0",
            "MESSAGES_PER_MINUTE": "0",
        }
        self.set(**settings)
        self._process: subprocess.Popen[bytes] | None = None
        self._logs: list[Path] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process is None:
            return
        if kind is None:
            self.stop()
        else:
            self._process.kill()
            self._process.wait()
            sys.stderr.write(f"The last of the bot's log:\n{self._logs[-1].read_text()[-4000:]}\n")

    # The process

    def set(self, **settings: object) -> None:
        """Settings for the next start."""
        self._settings |= {name: str(value) for name, value in settings.items()}

    def has_port(self) -> int:
        """From the next start on it serves on a port, this one; until then nobody does."""
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = int(free.getsockname()[1])
        self.set(PORT=port, BIND="127.0.0.1")
        return port

    def has_webhook(self) -> str:
        """From the next start on updates are brought to it, to this address."""
        url = f"http://127.0.0.1:{self.has_port()}/canary-hook"
        self.set(WEBHOOK_URL=url, WEBHOOK_SECRET=SECRET)
        return url

    def start(self, *arranged: object, wait: bool = True) -> None:
        """Start `tenfold run`; with what is *arranged* (see tests/crash.py) the same by way of that module. With *wait*
        return once it waits for updates."""
        assert self._process is None, "it runs already"
        command = ["tests.crash", *map(str, arranged)] if arranged else ["bot", "run"]
        theirs = {name: value for name, value in os.environ.items() if not name.startswith(_OWN)}
        self._logs.append(self._folder / f"bot-{len(self._logs) + 1}.log")
        with self._logs[-1].open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", *command],
                cwd=self._folder,  # no .env of anybody's
                env={**theirs, **self._settings, "PYTHONPATH": str(ROOT)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        if wait:
            self.waits_to_log("Tenfold is running")
        if wait and arranged and self.database.url.startswith(POSTGRES):
            # With new zone data everybody is handled once, which a probe would count.
            counts = "SELECT COUNT(*) FROM fact WHERE name LIKE 'zone data%' AND name NOT LIKE '% walk'"
            self.waits_for_rows([(SHARDS,)], counts)

    def start_with_clock(self) -> None:
        """Start it with a clock that `comes_to` moves."""
        self.start("--ahead", self._ahead)

    def comes_to(self, at: datetime) -> None:
        """Time goes by until *at* (aware), here and at Telegram, which forgets what nobody fetches within a day."""
        self.api.wait_confirmed(WAIT)
        ahead = (at - datetime.now(UTC)).total_seconds()
        self.api.let_pass(ahead - float(self._ahead.read_text()))
        draft = self._ahead.with_suffix(".new")
        draft.write_text(str(ahead))
        draft.replace(self._ahead)  # at once, since the bot may look at any time

    def planned(self, person: Person) -> datetime:
        """When the next check-in of *person* is due."""
        ((at,),) = self.rows("SELECT at FROM due WHERE person = ? AND kind = 'check-in'", person.id)
        return datetime.fromisoformat(at)

    def stop(self) -> float:
        """SIGTERM; the seconds it took to leave. It must leave in peace."""
        assert self._process is not None, "it isn't running"
        began = time.monotonic()
        self._process.send_signal(signal.SIGTERM)
        code = self._process.wait(WAIT)
        took = time.monotonic() - began
        self._gone()
        assert code == 0, f"it left with {code}"
        return took

    def kill(self) -> None:
        """SIGKILL: no farewell."""
        assert self._process is not None, "it isn't running"
        self._process.kill()
        self.dies()

    def signals(self, number: int) -> None:
        """Send it that signal."""
        assert self._process is not None, "it isn't running"
        self._process.send_signal(number)

    def dies(self) -> None:
        """Wait until it was killed, by itself or by somebody."""
        assert self._process is not None, "it isn't running"
        code = self._process.wait(WAIT)
        self._gone()
        assert code == -signal.SIGKILL, f"it left with {code}"

    @property
    def alive(self) -> bool:
        """Whether it is running."""
        return self._process is not None and self._process.poll() is None

    @property
    def peak(self) -> float:
        """The most memory that it ever had, in MB."""
        assert self._process is not None, "it isn't running"
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        return int(re.findall(r"VmHWM:\s+(\d+) kB", status)[0]) / 1024

    def shows(self, path: str) -> tuple[int, str]:
        """The status and the text of *path* on its port."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self._settings['PORT']}{path}", timeout=WAIT) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refusal:
            with refusal:
                return refusal.code, refusal.read().decode()

    # Its log

    @property
    def log(self) -> str:
        """What the newest process has logged so far."""
        return self._logs[-1].read_text("utf-8", "replace")

    def waits_to_log(self, text: str) -> None:
        """Wait until the newest process has logged *text*."""
        until(lambda: text in self.log or not self.alive, f"{text!r} in the log")
        if text not in self.log:
            raise Unmet(f"it left without logging {text!r}:\n{self.log[-4000:]}")

    def _gone(self) -> None:
        """The process is no more: read what it logged."""
        self._process = None
        log = read_aloud(self.log)
        secret = self._settings["TELEGRAM_BOT_TOKEN"].partition(":")[2]
        assert not any(secret[at : at + 12] in log for at in range(len(secret) - 11)), (
            "a part of the token is in the log"
        )
        assert "canary" not in log.casefold(), "somebody's words are in the log"
        leaked = [text for text in _private(self.api) | _remembered(self.database) if text in log]
        assert not leaked, f"in the log: {leaked}"

    # Its database

    def rows(self, sql: str, *parameters: object) -> list[tuple[Any, ...]]:
        """What *sql* finds in the database."""
        return self.database.rows(sql, *parameters)

    def waits_for_rows(self, rows: Sequence[tuple[Any, ...]], sql: str, *parameters: object) -> None:
        """Wait until *sql* finds exactly *rows*."""
        until(lambda: self.rows(sql, *parameters) == list(rows), lambda: f"{rows}, not {self.rows(sql, *parameters)}")

    def answers(self, person: Person) -> list[str]:
        """All that is stored of what *person* wrote, in order."""
        found = self.rows("SELECT text FROM answer WHERE person = ? AND text IS NOT NULL ORDER BY id", person.id)
        return [text for (text,) in found]

    def settles(self) -> None:
        """Wait until everything received is handled, and everything written is marked as sent."""
        self.api.wait_confirmed(WAIT)
        waiting = (
            "SELECT 'in' FROM inbox WHERE state = 'new' UNION ALL SELECT 'out' FROM outbox WHERE state = 'waiting'"
        )
        self.waits_for_rows([], waiting)

    def waits_until_sent(self, messages: int, person: Person) -> None:
        """Wait until *messages* to *person* were written in all, and all of them are marked as sent."""
        counts = "SELECT COUNT(*), COUNT(CASE state WHEN 'sent' THEN 1 END) FROM outbox WHERE person = ?"
        self.waits_for_rows([(messages, messages)], counts, person.id)


def read_aloud(log: str) -> str:
    """*log* as it stands, and below it every text in its JSON lines as a reader would have it: nothing hides behind
    the escapes."""
    found = [log]

    def walk(value: Any) -> None:
        if isinstance(value, dict):
            for name, each in value.items():
                found.append(name)
                walk(each)
        else:
            found.append(str(value))

    for line in log.splitlines():
        with suppress(ValueError):
            walk(json.loads(line))
    return "\n".join(found)


def heard(person: Person, text: str) -> Message:
    """The message with *text* in it that *person* was sent since they last listened, or that was changed to hold it."""
    return next(each for each in person.waits_for(text=text, timeout=WAIT) if text in each.text)


def met(person: Person) -> None:
    """*person* goes through the first meeting."""
    person.says("/start")
    heard(person, "come to you for")
    person.says("canary bread")
    heard(person, "In which city?")
    person.says("porto")
    heard(person, "No need to wait")


def until(ready: Callable[[], T], what: str | Callable[[], str], within: float = WAIT) -> T:
    """Look again and again until *ready* gives something true, and return that. Raises Unmet after *within* seconds."""
    deadline = time.monotonic() + within
    while not (found := ready()):
        if time.monotonic() > deadline:
            raise Unmet(f"waited {within} s for {what() if callable(what) else what}")
        time.sleep(0.01)  # what is looked at is another process's, which can't tell when it is ready
    return found


_CLOCK = re.compile(r"\d\d:\d\d")
"""An hour on a button; a log is full of such, and it tells nothing of anybody."""


def _private(api: BotApi) -> set[str]:
    """What is nobody else's business: everything written to the bot, names, and what the bot said. Without what holds
    the canary word, which is looked for as such, and without what is too short to be told from chance."""
    found: set[str] = set()

    def walk(value: Any, key: str = "") -> None:
        if isinstance(value, dict):
            for name, each in value.items():
                walk(each, name)
        elif isinstance(value, list):
            for each in value:
                walk(each, key)
        elif isinstance(value, str) and key in _PRIVATE and len(value) > 3 and not _CLOCK.fullmatch(value):
            found.add(value)

    for update in api.updates():
        try:
            walk(json.loads(update["payload"]))
        except ValueError:
            found.add(update["payload"])
    for method in ("sendMessage", "editMessageText"):
        for call in api.calls(method):
            found |= {line for line in call.text.splitlines() if len(line) >= LINE}
    return {text for text in found if "canary" not in text.casefold()}


def _remembered(database: Database) -> set[str]:
    """What *database* holds of names, themes, places, files, searches and moments, each by itself."""
    with suppress(sqlite3.Error, psycopg.Error):  # there is none yet, or a test has harmed it
        found = {text for (text,) in database.rows(_REMEMBERED) if len(text) > 3}
        return {text for text in found if "canary" not in text.casefold()}
    return set()
