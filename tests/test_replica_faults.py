"""Several bots on one database, of which some die, hang, are cut off or are told to stop: nothing is lost, nothing is
stored twice, everybody's order is kept, and at most one message too many comes to a chat each time.

The processes are real, and so is PostgreSQL; each polls, or would. How long it takes until others step in follows the
lease, which is short here.
"""

import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

from bot.replica import BEATS
from bot.store import SHARDS
from tests import postgres
from tests.botapi import BotApi, Person
from tests.crash import POINTS
from tests.running import WAIT, Bot, until
from tests.test_faults import extra, nothing_is_lost

LEASE = 2.0
"""Seconds. The default is five times that, and all waits with it."""

POLLS, RESTS = "this replica polls", "this one rests"
"""What is logged when it begins to, and when it no longer does."""

LINES = 20
"""What each of the crowd says in a burst."""


class Twin(Bot):
    """One of the bots on a PostgreSQL database."""

    def __init__(self, api: BotApi, folder: Path, database: str, **settings: object) -> None:
        folder.mkdir()
        super().__init__(api, folder, **{"DATABASE_URL": database, "REPLICA_LEASE": LEASE, **settings})
        self._url = database

    def rows(self, sql: str, *parameters: object) -> list[tuple[Any, ...]]:
        with psycopg.connect(self._url, autocommit=True) as connection:
            return connection.execute(sql.replace("?", "%s").encode(), parameters).fetchall()

    def signals(self, number: int) -> None:
        """Send it that signal."""
        assert self._process is not None, "it isn't running"
        self._process.send_signal(number)


class Proxy:
    """Connections to PostgreSQL at *url* by way of here. While it is `cut` they stay open and nothing gets through;
    what was on its way arrives once that is over, however late."""

    def __init__(self, url: str) -> None:
        self._to = urlsplit(url)
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._flows = threading.Event()
        self._flows.set()
        self._sockets = [self._listening]

    @property
    def url(self) -> str:
        port = self._listening.getsockname()[1]
        return urlunsplit(self._to._replace(netloc=f"{self._to.username}@127.0.0.1:{port}"))

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._flows.set()
        for each in self._sockets:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def cut(self) -> None:
        self._flows.clear()

    def mend(self) -> None:
        self._flows.set()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                here, _address = self._listening.accept()
                there = socket.create_connection((self._to.hostname or "", self._to.port or 0))
                self._sockets += [here, there]
                for pair in ((here, there), (there, here)):
                    threading.Thread(target=self._pass_on, args=pair, daemon=True).start()

    def _pass_on(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(1 << 16):
                self._flows.wait()
                target.sendall(data)
        self._flows.wait()
        with suppress(OSError):
            target.shutdown(socket.SHUT_RDWR)


class Fleet:
    """The bots that share a database."""

    def __init__(self, api: BotApi, folder: Path, url: str, stack: ExitStack) -> None:
        self.api, self.url = api, url
        self._folder = folder
        self._stack = stack
        self.bots: list[Twin] = []

    def twin(self, database: str = "", **settings: object) -> Twin:
        """One more, that isn't started yet."""
        twin = Twin(self.api, self._folder / f"{len(self.bots)}", database or self.url, **settings)
        self._stack.enter_context(twin)
        self.bots.append(twin)
        return twin

    def parts(self) -> list[int]:
        """How many shards each replica has that has any, the fewest first."""
        sql = "SELECT COUNT(*) FROM lease WHERE holder IS NOT NULL AND name <> 'poll' GROUP BY holder"
        found: list[tuple[int]] = []
        with psycopg.connect(self.url, autocommit=True) as connection, suppress(psycopg.errors.UndefinedTable):
            found = connection.execute(sql.encode()).fetchall()
        return sorted(int(count) for (count,) in found)

    def shares(self, replicas: int, within: float = WAIT) -> float:
        """Wait until so many have equal parts; the seconds it took."""
        began = time.monotonic()
        even = [SHARDS // replicas] * replicas
        until(lambda: self.parts() == even, lambda: f"{even}, not {self.parts()}", within)
        return time.monotonic() - began

    def starts(self) -> tuple[Twin, Twin]:
        """Two of them: one that polls, and has the lower half of the shards, and another."""
        twins = [self.twin(), self.twin()]
        for twin in twins:
            twin.start(wait=False)
        self.shares(2)
        twins.sort(key=lambda twin: POLLS not in twin.log)
        return twins[0], twins[1]

    def crowd(self, lines: int = LINES) -> dict[Person, list[str]]:
        """People who are being asked for a good turn, half of them in either half of the shards, and what each is about
        to say."""
        people = [self.api.person(100 + 5 * number) for number in range(12)]
        self.api.play((person, ("/start", "canary bread", "porto", "/checkin full")) for person in people)
        self.api.wait_played(WAIT)
        return {person: [f"canary {person.id}-{number:02}." for number in range(lines)] for person in people}

    def burst(self) -> dict[Person, list[str]]:
        """People who answer, line after line, and what each of them says."""
        said = self.crowd()
        self.api.latency(0.05)
        self.api.play(said.items())
        return said

    def waits_for_sends(self, more: int) -> None:
        """Wait until so many *more* messages were sent."""
        before = self.api.counts()["methods"]["sendMessage"]
        self.api.wait_calls("sendMessage", before + more, timeout=WAIT)

    def ends_well(self, said: dict[Person, list[str]], *, extras: int) -> int:
        """All that was *said* is stored, once and in order; answers arrived in order, none is missing, and at most
        *extras* in a chat came twice. How many did in all."""
        self.api.latency(0)
        alive = next(bot for bot in self.bots if bot.alive)
        nothing_is_lost(alive, said)
        more = [extra(alive, person) for person in said]
        assert all(0 <= each <= extras for each in more), more
        assert alive.rows("SELECT person FROM due WHERE kind = 'check-in' GROUP BY person HAVING COUNT(*) <> 1") == []
        for person in said:
            ids = [id for (id,) in alive.rows("SELECT message FROM outbox WHERE person = ? ORDER BY id", person.id)]
            assert ids == sorted(ids), f"the answers to {person.id} are out of order"
        return sum(more)


@pytest.fixture
def fleet(telegram: BotApi, tmp_path: Path) -> Iterator[Fleet]:
    """Bots that aren't started yet, on an empty database."""
    with postgres.database() as url:
        with ExitStack() as stack:
            yield Fleet(telegram, tmp_path, url, stack)
        telegram.empty()


def timed(true: Callable[[], object], what: str) -> float:
    """Wait until *true*; the seconds it took."""
    began = time.monotonic()
    until(true, what)
    return time.monotonic() - began


def test_the_one_that_polls_is_killed(fleet: Fleet) -> None:
    """When the one that polls is killed in a burst another polls and answers, in no more than a lease and a half."""
    first, second = fleet.starts()
    said = fleet.burst()
    fleet.waits_for_sends(60)
    first.kill()
    took = timed(lambda: POLLS in second.log, "another that polls")
    whole = took + fleet.shares(1)
    print(f"another polled after {took:.1f} s and had everybody after {whole:.1f} s")  # noqa: T201 - shown if it fails
    assert whole < 1.5 * LEASE
    fleet.ends_well(said, extras=1)


def test_killed_at_every_named_point_beside_another(fleet: Fleet) -> None:
    """Killed at any point of an update's way, with another process alive: that one goes on with everybody."""
    first, second = fleet.twin(), fleet.twin()
    second.start()
    said = fleet.crowd(5 * len(POINTS))
    for number, point in enumerate(POINTS):
        if point in ("received", "committed"):  # only who polls passes these
            second.stop()
            first.start(point, 5)
            first.waits_to_log(POLLS)
            second.start()
        else:
            first.start(point, 5)
        fleet.shares(2)
        fleet.api.play((person, lines[5 * number :][:5]) for person, lines in said.items())
        first.dies()
        fleet.api.wait_played(WAIT)
    twice = fleet.ends_well(said, extras=len(POINTS))
    print(f"{twice} messages came twice")  # noqa: T201 - shown if it fails
    assert twice <= len(said)


def test_stopped_past_its_lease(fleet: Fleet) -> None:
    """A process that is frozen with sends and transactions under way, and goes on when others have long taken over,
    writes nothing stale; and then does its part again."""
    twins = fleet.starts()
    said = fleet.crowd(2 * LINES)
    fleet.api.latency(0.05)
    for number, (frozen, other) in enumerate((twins, reversed(twins))):
        fleet.api.play((person, lines[LINES * number :][:LINES]) for person, lines in said.items())
        fleet.waits_for_sends(60)
        frozen.signals(signal.SIGSTOP)
        took = fleet.shares(1)
        fleet.api.wait_played(WAIT)
        assert POLLS in other.log.rpartition(RESTS)[2]
        frozen.signals(signal.SIGCONT)
        print(f"the other had everybody after {took:.1f} s; shared again after {fleet.shares(2):.1f} s")  # noqa: T201
        assert took < 2 * LEASE
    fleet.ends_well(said, extras=2)


def test_cut_from_the_database(fleet: Fleet) -> None:
    """Who can't reach the database leaves everybody to the others, and loses nothing when what was on its way arrives
    at last."""
    with Proxy(fleet.url) as proxy:
        first, second = fleet.twin(proxy.url), fleet.twin()
        first.start()
        first.waits_to_log(POLLS)
        second.start()
        fleet.shares(2)
        said = fleet.burst()
        fleet.waits_for_sends(60)
        proxy.cut()
        took = fleet.shares(1)
        until(lambda: POLLS in second.log, "another that polls")
        until(lambda: RESTS in first.log, "one that rests")
        fleet.api.wait_played(WAIT)
        proxy.mend()
        print(f"the other had everybody after {took:.1f} s; shared again after {fleet.shares(2):.1f} s")  # noqa: T201
        assert took < 2 * LEASE
        fleet.ends_well(said, extras=1)
        first.stop()  # while there is a way to the database


@pytest.fixture
def server() -> Iterator[postgres.Server]:
    """A PostgreSQL that may be restarted."""
    with postgres.Server() as server:
        yield server


def test_the_database_is_restarted(server: postgres.Server, telegram: BotApi, tmp_path: Path) -> None:
    """PostgreSQL dies in a burst and comes back: nothing is lost, and people are answered within five seconds."""
    with ExitStack() as stack:
        stack.callback(telegram.empty)
        fleet = Fleet(telegram, tmp_path, server.url, stack)
        fleet.starts()
        said = fleet.burst()
        for mode in ("immediate", "fast"):
            fleet.waits_for_sends(60)
            server.restart(mode)
            began = time.monotonic()
            fleet.waits_for_sends(1)
            took = time.monotonic() - began
            print(f"the first answer came {took:.1f} s after the restart")  # noqa: T201 - shown if it fails
            assert took < 5
        fleet.ends_well(said, extras=2)


def test_one_is_told_to_stop(fleet: Fleet) -> None:
    """When one of them is told to stop in a burst the other has its people a moment later, and nothing comes twice."""
    first, _second = fleet.starts()
    said = fleet.burst()
    fleet.waits_for_sends(60)
    assert first.stop() < 10
    took = fleet.shares(1)
    print(f"the other had everybody {took:.2f} s after it was gone")  # noqa: T201 - shown if it fails
    assert took < 2 * LEASE / BEATS
    assert fleet.ends_well(said, extras=0) == 0


def test_three_come_and_go(fleet: Fleet) -> None:
    """People are handed over in a burst as others join and leave, and notice nothing of it."""
    first = fleet.twin()
    first.start()
    said = fleet.burst()
    second, third = fleet.twin(), fleet.twin()
    second.start()
    third.start()
    fleet.shares(3)
    first.stop()
    fleet.shares(2)
    first.start()
    fleet.shares(3)
    assert fleet.ends_well(said, extras=0) == 0
