"""How PostgreSQL keeps it: other processes are there as well, and the server may go away. What every driver promises is
in test_store.py."""

import asyncio
import logging
import re
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from bot.errors import TenfoldError
from bot.store import LEASES, SHARDS, Elsewhere, Transaction, Unwritten, insist, open_store, queries, shard
from bot.store import postgres as driver
from bot.store.postgres import WRITERS, PostgresStore
from tests import postgres
from tests.databases import PostgresDatabase
from tests.postgres import Server
from tests.running import until
from tests.test_store import Gate, count, fact, facts, keep

NOW = datetime(2026, 11, 9, 18, 0, tzinfo=UTC)
ADA, BEA = 7, 8


@pytest.fixture
def database(tmp_path: Path) -> Iterator[PostgresDatabase]:
    """A database that has its schema."""
    with postgres.database(migrated=True) as url:
        found = PostgresDatabase(url, tmp_path / "tenfold.db")
        yield found
        found.close()


@pytest.fixture
async def store(database: PostgresDatabase) -> AsyncIterator[PostgresStore]:
    """The store of `database`."""
    opened = PostgresStore(database.url)
    yield opened
    await opened.close()


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """A server that tests may stop."""
    with Server() as running:
        yield running


def raw(tx: Transaction) -> "psycopg.Connection[Any]":
    """The connection of a transaction."""
    assert isinstance(tx, driver._Connection)
    return tx.raw


# Who may change what


async def test_one_person_s_transactions_come_one_after_the_other(store: PostgresStore) -> None:
    """While something of somebody's is under way, what else is of theirs waits, and nobody else does."""
    gate, order = Gate(), []
    first = asyncio.create_task(store.transact(gate, person=ADA))
    await gate.reached()
    second = asyncio.create_task(store.transact(lambda _tx: order.append("second"), person=ADA))
    await store.transact(lambda _tx: order.append("another's"), person=BEA)
    await store.transact(lambda _tx: order.append("nobody's"))
    gate.open()
    await asyncio.gather(first, second)
    assert order == ["another's", "nobody's", "second"]


async def test_one_person_s_transactions_in_two_processes(store: PostgresStore, database: PostgresDatabase) -> None:
    """It is the same whichever process they come from, and none of them misses what the other did."""
    other = PostgresStore(database.url)
    works = [each.transact(count("a"), person=ADA) for each in (store, other) * 100]
    assert sorted(await asyncio.gather(*works)) == list(range(1, 201))
    await other.close()


def lease(database: PostgresDatabase, person: int, holder: str | None) -> None:
    """Let *holder* have the lease on the shard of *person*."""
    database.change(
        "INSERT INTO lease (name, holder) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET holder = excluded.holder",
        str(shard(person)),
        holder,
    )


@pytest.fixture
async def holder(database: PostgresDatabase) -> AsyncIterator[PostgresStore]:
    """A store of `database` that asks for leases as "this"."""
    opened = PostgresStore(database.url, holder="this")
    yield opened
    await opened.close()


async def test_only_the_holder_of_a_lease_changes_anything(
    store: PostgresStore, holder: PostgresStore, database: PostgresDatabase
) -> None:
    """Whoever is looked after by another process is left alone, as is somebody whom nobody looks after."""
    for elsewhere in ("another", None):
        lease(database, ADA, elsewhere)
        with pytest.raises(Elsewhere):
            await holder.transact(keep("a"), person=ADA)
    with pytest.raises(Elsewhere):
        await insist(holder, keep("a"), person=BEA)  # there is no lease on them at all
    assert facts(database) == {}
    lease(database, ADA, "this")
    await holder.transact(keep("a"), person=ADA)
    await holder.transact(keep("b"))  # of nobody's
    await store.transact(keep("c"), person=BEA)
    assert facts(database) == {"a": "kept", "b": "kept", "c": "kept"}


async def test_groups_have_shards_too(holder: PostgresStore, database: PostgresDatabase) -> None:
    """A chat's number may be below zero or beyond 32 bits: its shard is the same here and in the database."""
    for person in (-1, -1001234567890, 2**52 + 7):
        lease(database, person, "this")
        await holder.transact(keep(f"{person}"), person=person)
        assert 0 <= shard(person) < SHARDS
        [(there,)] = database.rows(f"SELECT (CAST(? AS BIGINT) % {SHARDS} + {SHARDS}) % {SHARDS}", person)
        assert shard(person) == there


async def test_a_lease_isn_t_taken_from_under_a_transaction(holder: PostgresStore, database: PostgresDatabase) -> None:
    """While a transaction is under way the lock on its shard can't be had alone, so the lease stays; afterwards one
    that waited for the lock and finds the lease gone changes nothing."""
    lease(database, ADA, "this")
    gate = Gate()
    first = asyncio.create_task(holder.transact(gate, person=ADA))
    await gate.reached()
    locked = f"SELECT pg_try_advisory_lock({LEASES}, {shard(ADA)})"
    assert database.rows(locked) == [(False,)]
    gate.open()
    await first
    assert database.rows(locked) == [(True,)]
    late = asyncio.create_task(holder.transact(keep("late"), person=ADA))
    waiting = "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
    await asyncio.to_thread(until, lambda: database.rows(waiting), "the lock to be waited for")
    lease(database, ADA, "another")
    database.rows(f"SELECT pg_advisory_unlock({LEASES}, {shard(ADA)})")
    with pytest.raises(Elsewhere):
        await late
    assert facts(database) == {}


# What goes wrong


async def test_who_no_longer_waits_and_whose_turn_had_not_come(database: PostgresDatabase) -> None:
    """What was handed in while every connection was busy is stored, also for somebody who stopped waiting."""
    store, gate = PostgresStore(database.url, writers=1), Gate()
    first = asyncio.create_task(store.transact(gate))
    await gate.reached()
    cancelled = asyncio.create_task(store.transact(keep("a")))
    slips = asyncio.create_task(store.transact(lambda _tx: 1 / 0))
    await asyncio.sleep(0)
    cancelled.cancel()
    slips.cancel()
    gate.open()
    await first
    await store.close()
    assert cancelled.cancelled()
    assert facts(database) == {"a": "kept"}


async def test_an_error_that_is_swallowed_is_told(store: PostgresStore, database: PostgresDatabase) -> None:
    """PostgreSQL undoes a transaction in which something failed: work that goes on all the same gets no result."""

    def goes_on(tx: Transaction) -> str:
        keep("a")(tx)
        with pytest.raises(psycopg.errors.UndefinedTable):
            raw(tx).execute("SELECT * FROM nowhere")
        return "done"

    with pytest.raises(RuntimeError, match="swallowed"):
        await store.transact(goes_on)
    await store.transact(keep("b"))
    assert facts(database) == {"b": "kept"}


async def test_a_transaction_that_stands_still_is_ended(
    database: PostgresDatabase, caplog: pytest.LogCaptureFixture
) -> None:
    """A process that was stopped in the middle of a transaction is rid of its locks in a while; when it goes on, it
    stores nothing of that and is told to try again."""
    store, gate = PostgresStore(database.url, stuck=timedelta(milliseconds=200)), Gate()

    def stops(tx: Transaction) -> None:
        keep("a")(tx)
        gate(tx)

    stopped = asyncio.create_task(store.transact(stops, person=ADA))
    await gate.reached()
    assert await insist(store, count("b"), person=ADA) == 1  # which waits for the lock
    gate.open()
    with pytest.raises(Unwritten):
        await stopped
    await store.transact(keep("c"), person=ADA)
    assert facts(database) == {"b": "1", "c": "kept"}
    assert "the database can be used again" in caplog.text
    await store.close()


async def test_a_lock_that_isn_t_given_back_is_not_waited_for_in_vain(database: PostgresDatabase) -> None:
    """If somebody stays locked for long, whoever waits is told to try again."""
    store = PostgresStore(database.url, stuck=timedelta(milliseconds=100))
    database.rows(f"SELECT pg_advisory_lock({ADA})")
    with pytest.raises(Unwritten):
        await store.transact(keep("a"), person=ADA)
    database.rows(f"SELECT pg_advisory_unlock({ADA})")
    await store.transact(keep("a"), person=ADA)
    await store.close()


CUT = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


async def test_a_connection_that_is_cut(store: PostgresStore, database: PostgresDatabase) -> None:
    """Cut while nobody uses it it costs nothing, and in the middle of a transaction nothing of that is stored."""
    for _time in range(2):
        await asyncio.gather(*(store.transact(count(f"{person}"), person=person) for person in range(40)))
        assert len(await store.read(lambda tx: raw(tx).execute("SELECT * FROM fact").fetchall())) == 40
        database.rows(CUT)
    assert set(facts(database).values()) == {"2"}
    gate = Gate()

    def is_cut(tx: Transaction) -> None:
        keep("b")(tx)
        gate(tx)

    under_way = asyncio.create_task(store.transact(is_cut))
    await gate.reached()
    database.rows(CUT)
    gate.open()
    with pytest.raises(Unwritten):
        await under_way
    assert await store.read(fact("b")) is None


async def test_a_server_that_restarts_costs_nothing(server: Server, caplog: pytest.LogCaptureFixture) -> None:
    """Two hundred callers who insist get each of their changes made once, through three restarts as after a power cut,
    within five seconds of the server's return: what was committed without their knowing they find done."""
    caplog.set_level(logging.ERROR, "bot.store.postgres")
    with postgres.database(server.url, migrated=True) as url:
        database, store = PostgresDatabase(url, Path("x")), PostgresStore(url)
        made = 0

        def once(name: str) -> Callable[[Transaction], int]:
            def work(tx: Transaction) -> int:
                mine = fact(name)(tx)
                if mine is None:
                    mine = str(count("all")(tx))
                    tx.run("fact_set", name=name, value=mine)
                return int(mine)

            return work

        async def caller(number: int) -> list[int]:
            nonlocal made
            numbers = []
            for time_ in range(10):
                numbers.append(await insist(store, once(f"{number}: {time_}"), person=ADA))
                made += 1
            return numbers

        callers = asyncio.gather(*(caller(number) for number in range(200)))
        for share in (300, 800, 1400):
            await asyncio.to_thread(until, lambda share=share: made >= share, f"{share} changes")
            await asyncio.to_thread(server.restart)
            before = made
            await asyncio.to_thread(until, lambda before=before: made > before, "another change", within=5)
        numbers = [number for each in await callers for number in each]
        assert sorted(numbers) == list(range(1, 2001))
        assert facts(database)["all"] == "2000"
        assert caplog.text.count("can't be used") <= 3 * WRITERS  # all of them may find out, and one before another
        await store.close()
        database.close()


async def test_reads_wait_for_a_server_that_is_away(server: Server) -> None:
    """Whoever only looks sees what is there once the server is back, and not an error."""
    with postgres.database(server.url, migrated=True) as url:
        store = PostgresStore(url)
        await store.transact(keep("a"))
        assert await store.read(fact("a")) == "kept"
        server.stop()
        with pytest.raises(Unwritten):
            await store.transact(keep("b"))
        looking = asyncio.create_task(store.read(fact("a")))
        await asyncio.sleep(0.3)
        assert not looking.done()
        server.start()
        assert await looking == "kept"
        await store.close()


async def test_closing_ends_a_read_that_waits(server: Server) -> None:
    """A bot that is to stop while its server is away doesn't wait for that."""
    with postgres.database(server.url, migrated=True) as url:
        store = PostgresStore(url)
        await store.read(fact("a"))
        server.stop()
        try:
            looking = asyncio.create_task(store.read(fact("a")))
            await asyncio.sleep(0.2)
            await asyncio.wait_for(store.close(), 10)
            with pytest.raises((psycopg.OperationalError, RuntimeError)):
                await asyncio.wait_for(looking, 10)
        finally:
            server.start()


async def test_what_is_announced_is_heard(server: Server) -> None:
    """What another process announces is heard once it is committed, and after a restart of the server again; that
    something may have been missed meanwhile is told by an empty word, as at the start."""
    with postgres.database(server.url, migrated=True) as url:
        store, other = PostgresStore(url), PostgresStore(url)
        heard: asyncio.Queue[str] = asyncio.Queue()
        listening = asyncio.create_task(store.listen("tenfold", heard.put_nowait))

        async def next_is(word: str) -> None:
            assert await asyncio.wait_for(heard.get(), 20) == word

        def says(word: str) -> Callable[[Transaction], int]:
            return lambda tx: tx.run("announce", said=word)

        await next_is("")
        await other.transact(says("7"))
        await next_is("7")
        with pytest.raises(ZeroDivisionError):
            await other.transact(lambda tx: says("undone")(tx) / 0)
        await other.transact(says("8"))
        await next_is("8")
        await asyncio.to_thread(server.restart)
        await next_is("")
        await insist(other, says("9"))
        await next_is("9")
        listening.cancel()
        with pytest.raises(asyncio.CancelledError):
            await listening
        await store.close()
        await other.close()


# Who may open it


@pytest.fixture(scope="module")
def guarded(server: Server) -> str:
    """The address of a server with passwords; WHO stands for user and password."""
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute("CREATE ROLE locked LOGIN PASSWORD 'right'")
    rules = Path(server._data) / "pg_hba.conf"
    rules.write_text(f"host all locked,ghost all scram-sha-256\nhost all nobody all reject\n{rules.read_text()}")
    server.restart("fast")
    return server.url.replace("//tenfold@", "//WHO@")


@pytest.mark.parametrize(
    ("who", "name", "cure"),
    [
        ("locked:canary", "postgres", "user or password are not what it expects"),
        ("locked", "postgres", "user or password are not what it expects"),
        ("ghost:canary", "postgres", "user or password are not what it expects"),
        ("nobody:canary", "postgres", "user or password are not what it expects"),
        ("tenfold:canary", "canary", "there is no database of that name: make one"),
        ("locked:right", "postgres", "this user may not make tables in it: make the database theirs"),
        ("tenfold:can ary", "postgres", "DATABASE_URL is no address: write postgresql://"),
    ],
)
def test_an_address_that_leads_nowhere(guarded: str, who: str, name: str, cure: str) -> None:
    """Why it can't be opened is told with a cure, and no part of the address."""
    url = guarded.replace("WHO", who).replace("/postgres", f"/{name}")
    with pytest.raises(TenfoldError, match=re.escape(cure)) as caught:
        open_store(url)
    said = str(caught.value)
    assert not [each for each in ("canary", "can ary", "right", "locked", "ghost", "127.0.0.1") if each in said]


def test_a_server_that_is_not_running() -> None:
    """A server that is away is told, and what can be done."""
    with pytest.raises(TenfoldError, match="see that PostgreSQL is running") as caught:
        open_store("postgres://canary:canary@127.0.0.1:1/canary")
    assert "canary" not in str(caught.value)
    assert "127" not in str(caught.value)


def test_a_database_of_something_else_is_left_alone(database: PostgresDatabase) -> None:
    """Another program's tables stay alone, and no table of ours is made beside them."""
    with postgres.database() as url:
        other = PostgresDatabase(url, Path("x"))
        other.change("CREATE TABLE photos (id BIGINT PRIMARY KEY)")
        with pytest.raises(TenfoldError, match="holds something else: give Tenfold one of its own"):
            open_store(url)
        assert other.tables() == ["photos"]
        other.close()


def test_a_newer_schema_is_left_alone(database: PostgresDatabase) -> None:
    """A database that a newer Tenfold has brought up to date is not for this one."""
    database.change("INSERT INTO migration (name) VALUES ('9999_yet_to_come')")
    with pytest.raises(TenfoldError, match=r"made by a newer Tenfold \(9999_yet_to_come\): update Tenfold first"):
        open_store(database.url)


def test_a_server_that_is_too_old(database: PostgresDatabase, monkeypatch: pytest.MonkeyPatch) -> None:
    """Which version is needed is said."""
    monkeypatch.setattr(driver, "OLDEST", 990000)
    with pytest.raises(TenfoldError, match="PostgreSQL 99 or newer is needed: update the server first"):
        open_store(database.url)


async def test_two_that_start_at_once() -> None:
    """Of several processes that find an empty database one makes the schema, and the others wait for it."""
    with postgres.database() as url:
        together = threading.Barrier(4)

        def start() -> PostgresStore:
            together.wait()
            return PostgresStore(url)

        stores = await asyncio.gather(*(asyncio.to_thread(start) for _process in range(4)))
        assert sorted(await asyncio.gather(*(each.transact(count("a"), person=1) for each in stores))) == [1, 2, 3, 4]
        await asyncio.gather(*(each.close() for each in stores))


async def test_a_start_that_died_can_be_made_again() -> None:
    """Whatever step the very first start died at, the next one goes on from there."""
    with postgres.database() as url:
        with psycopg.connect(url, autocommit=True) as connection:
            driver._applied(connection)  # makes the table of the steps that were taken, and dies
        store = PostgresStore(url)
        await store.transact(keep("a"))
        await store.close()


# Text and queries


async def test_text_sorts_by_its_bytes(store: PostgresStore, database: PostgresDatabase) -> None:
    """Whatever language a server speaks, text sorts as it does on SQLite: every column says so itself, since a database
    may have been made for another order."""
    words = ["a", "B", "é", "Z", "_", "ä", "10", "9", "Ж", "😀"]
    for word in words:
        await store.transact(keep(word))
    assert [name for (name,) in database.rows("SELECT name FROM fact ORDER BY name")] == sorted(words)
    collations = database.rows(
        "SELECT DISTINCT collation_name FROM information_schema.columns "
        "WHERE table_schema = 'public' AND data_type = 'text'"
    )
    assert collations == [("C",)]


@pytest.fixture(scope="module")
def plans() -> "Iterator[psycopg.Connection[Any]]":
    """A database for looking at how queries are run, whatever their parameters, with no table read from end to end
    where an index will do."""
    with postgres.database(migrated=True) as url, psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off")
        yield connection


def steps(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A *plan* and all that it is made of."""
    yield plan
    for part in plan.get("Plans", ()):
        yield from steps(part)


FEW = {"lease", "replica"}
"""Tables of a few dozen rows at most."""


@pytest.mark.parametrize("name", sorted(queries("postgres")))
def test_every_query_fits_the_schema(plans: "psycopg.Connection[Any]", name: str) -> None:
    """Each named query can be prepared whatever its parameters are, and finds its rows by an index unless it is meant
    for everybody."""
    names: list[str] = []

    def numbered(found: re.Match[str]) -> str:
        if found[1] not in names:
            names.append(found[1])
        return f"${names.index(found[1]) + 1}"

    sql = re.sub(r"(?<![:\w]):([a-z_]\w*)", numbered, queries("postgres")[name])
    plans.execute(f"PREPARE {name} AS {sql}".encode(), prepare=False)
    given = f"({', '.join('NULL' for _name in names)})" if names else ""
    row = plans.execute(f"EXPLAIN (FORMAT JSON) EXECUTE {name} {given}".encode()).fetchone()
    assert row is not None
    taken = list(steps(row[0][0]["Plan"]))
    read = [step["Relation Name"] for step in taken if step["Node Type"] == "Seq Scan"]
    assert not read or set(read) <= FEW
