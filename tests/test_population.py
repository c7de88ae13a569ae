"""Several replicas on one database, behind a balancer, while processes die: what a whole population notices of it.

A thousand people are due in the same minute and three hundred answer meanwhile, under Telegram's limits, which the
stand-in enforces. One replica is killed and started again, one is stopped past its lease and goes on, and PostgreSQL is
restarted as if its machine had lost power.
"""

import signal
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, LiteralString

import psycopg
import pytest

from bot.store import stamp
from tests import postgres
from tests.balancer import balancer
from tests.botapi import BotApi
from tests.running import TOKEN, Bot, until

DUE, ANSWERING, LINES = 1000, 300, 2
LEASE = 4
"""Seconds. A restart of PostgreSQL takes less."""


class Population:
    """Replicas, by webhook behind a balancer, and everybody who talks with them."""

    def __init__(self, api: BotApi, server: postgres.Server, url: str, replicas: list[Bot]) -> None:
        self.api, self.server, self.replicas = api, server, replicas
        self._url = url

    def rows(self, sql: LiteralString, *parameters: object) -> list[tuple[Any, ...]]:
        """What *sql* finds in the database."""
        with psycopg.connect(self._url, autocommit=True) as connection:
            return connection.execute(sql, parameters).fetchall()

    def does(self, sql: LiteralString, *parameters: object) -> None:
        """Change the database."""
        with psycopg.connect(self._url, autocommit=True) as connection:
            connection.execute(sql, parameters)

    def start(self) -> None:
        """Start all that don't run; return once each has its part of the people."""
        for replica in self.replicas:
            if not replica.alive:
                replica.start()
        self.shares_evenly()

    def shares_evenly(self) -> None:
        """Wait until each replica has its part of the people."""
        parts = {60 // len(self.replicas)}
        until(lambda: self._parts() == parts, lambda: f"even parts, not {self._parts()}")

    def _parts(self) -> set[int]:
        held = self.rows("SELECT COUNT(*) FROM lease WHERE name <> 'poll' GROUP BY holder")
        return {count for (count,) in held} if len(held) == len(self.replicas) else set()

    def wait_sent(self, messages: int) -> None:
        """Wait until so many *messages* have arrived in all."""
        self.api.wait_calls("sendMessage", messages, code=200, timeout=180)


@pytest.fixture(params=[2, 4])
def population(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Population]:
    """A population with so many replicas, which aren't started yet."""
    with ExitStack() as stack:
        server = stack.enter_context(postgres.Server())
        url = stack.enter_context(postgres.database(server.url))
        api = stack.enter_context(BotApi(token=TOKEN))
        replicas = []
        for number in range(request.param):
            (folder := tmp_path / str(number)).mkdir()
            replicas.append(Bot(api, folder, DATABASE_URL=url, REPLICA_LEASE=LEASE))
        ports = [replica.has_port() for replica in replicas]
        origin = stack.enter_context(balancer(*ports))
        for replica in replicas:
            replica.set(WEBHOOK_URL=f"{origin}/canary-hook")
            stack.enter_context(replica)
        yield Population(api, server, url, replicas)


def test_a_minute_of_a_thousand(population: Population) -> None:
    """Nothing is lost, nothing is stored twice, nobody's order is broken, and Telegram never has to say 429."""
    api, replicas = population.api, population.replicas
    population.start()
    asked = [api.person(10_000 + number) for number in range(DUE)]
    writers = [api.person(50_000 + number) for number in range(ANSWERING)]
    api.play((person, ("/start", "canary bread", "porto")) for person in asked)
    api.play((person, ("/start", "canary bread", "porto", "/checkin full")) for person in writers)
    api.wait_played(180)
    for replica in replicas:
        replica.stop()
        replica.set(SENDS_PER_SECOND="", SENDS_PER_SECOND_PER_CHAT="", SENDS_BURST_PER_CHAT="")
    population.start()
    api.limits()
    before = api.calls("sendMessage")[-1].number
    planned = datetime.now(UTC) + timedelta(seconds=2)
    long_ago = stamp(planned - timedelta(days=3))  # nobody is asked in the middle of a conversation
    population.does("UPDATE person SET seen_at = %s WHERE id < 50000", long_ago)
    population.does("UPDATE due SET at = %s WHERE kind = 'check-in' AND person < 50000", stamp(planned))
    said = {person: [f"canary {person.id}-{number}." for number in range(LINES)] for person in writers}
    api.play(said.items())

    total = DUE + ANSWERING * LINES
    under_way: list[int] = []
    population.wait_sent(1)
    for share, trouble in ((0.1, killed), (0.3, stopped), (0.6, restarted)):
        api.wait_calls("sendMessage", int(share * total), after=before, code=200, timeout=180)
        under_way.append(trouble(population))
    api.wait_calls("sendMessage", total, after=before, code=200, timeout=180)
    api.wait_played(60)
    until(
        lambda: not population.rows("SELECT 1 FROM outbox WHERE state = 'waiting' UNION ALL "
                                    "SELECT 1 FROM inbox WHERE state = 'new'"),
        "all to be handled and sent",
    )  # fmt: skip
    sent = [call for call in api.calls("sendMessage", after=before) if call.code == 200]
    took = max(call.at for call in sent) - planned.timestamp()

    assert api.violations(429) == 0
    assert population.rows("SELECT state, COUNT(*) FROM outbox WHERE state <> 'sent' GROUP BY state") == []
    assert population.rows("SELECT state, COUNT(*) FROM inbox WHERE state <> 'done' GROUP BY state") == []
    check_ins = population.rows("SELECT person, COUNT(*) FROM check_in WHERE kind = 'planned' GROUP BY person")
    assert sorted(check_ins) == [(person.id, 1) for person in asked]
    assert population.rows("SELECT 1 FROM due WHERE kind = 'check-in' AND at <= %s", stamp(planned)) == []
    answers: dict[int, list[str]] = {}
    for person, text in population.rows("SELECT person, text FROM answer WHERE person >= 50000 ORDER BY person, id"):
        answers.setdefault(person, []).append(text)
    assert answers == {person.id: lines for person, lines in said.items()}
    arrived = Counter(int(call.params["chat_id"]) for call in sent)
    expected = {person.id: 1 for person in asked} | {person.id: LINES for person in writers}
    extra = {chat: arrived[chat] - expected[chat] for chat in expected if arrived[chat] != expected[chat]}
    print(  # noqa: T201 - shown if it fails, and with -s
        f"{len(replicas)} replicas: {total} messages in {took:.1f} s, {sum(extra.values())} of them twice "
        f"({under_way} were on their way)"
    )
    assert all(more == 1 for more in extra.values()), f"more than one message too many in a chat: {extra}"
    assert len(extra) <= sum(under_way)


def killed(population: Population) -> int:
    """One replica is killed and started again; how many of its messages were on their way."""
    victim = population.replicas[0]
    victim.kill()
    on_the_way = waiting(population)
    victim.start()
    return on_the_way


def stopped(population: Population) -> int:
    """One replica stands still until others have taken its leases, and then goes on."""
    victim = population.replicas[1]
    population.shares_evenly()
    victim.signals(signal.SIGSTOP)
    on_the_way = waiting(population)
    holders = "SELECT DISTINCT holder FROM lease WHERE name <> 'poll'"
    others = len(population.replicas) - 1
    until(lambda: len(population.rows(holders)) == others, "its leases to be taken over", 60)
    victim.signals(signal.SIGCONT)
    return on_the_way


def restarted(population: Population) -> int:
    """PostgreSQL is restarted as if its machine had lost power; messages flow again within five seconds."""
    population.server.restart("immediate")
    back = time.monotonic()
    number = population.api.calls("sendMessage")[-1].number
    population.api.wait_calls("sendMessage", 1, after=number, code=200, timeout=30)
    assert time.monotonic() - back < 5, "PostgreSQL was back, and nobody was written to"
    return waiting(population)


def waiting(population: Population) -> int:
    """In how many chats a message isn't marked as sent."""
    ((count,),) = population.rows("SELECT COUNT(DISTINCT person) FROM outbox WHERE state = 'waiting'")
    return int(count)
