"""The store: what every driver promises (the first half), and how SQLite keeps it (the second).

The contract is written against the protocol and runs once for each kind of database. What is stored is looked at from
outside, on a connection of its own. How PostgreSQL keeps it is in test_postgres.py.
"""

import ast
import asyncio
import os
import re
import shutil
import sqlite3
import stat
import sys
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from bot.domain import Sender
from bot.errors import TenfoldError
from bot.journal import Journal
from bot.store import Store, Transaction, Unwritten, insist, instant, migrations, open_store, postgres, queries, stamp
from bot.store import sqlite as driver
from bot.text import clean
from tests import databases
from tests.databases import Database, SQLiteFile
from tests.schemas import Reference, schema
from tests.stores import Around

ROOT = Path(__file__).parent.parent
NOW = datetime(2026, 11, 9, 18, 0, tzinfo=UTC)


pytestmark = pytest.mark.both_stores


@pytest.fixture
def database(database_kind: str, tmp_path: Path) -> Database:
    """A database that was never opened."""
    return databases.at(tmp_path / "tenfold.db", new=True)


def facts(database: Database) -> dict[str, str]:
    """What the bot remembers in *database*."""
    return dict(database.rows("SELECT name, value FROM fact ORDER BY name"))


@pytest.fixture
async def store(database: Database) -> AsyncIterator[Store]:
    """The store of `database`."""
    opened = open_store(database.url)
    yield opened
    await opened.close()


def keep(name: str, value: str = "kept") -> Callable[[Transaction], int]:
    """A change: remember a fact."""
    return lambda tx: tx.run("fact_set", name=name, value=value)


def count(name: str) -> Callable[[Transaction], int]:
    """A change that shows how often it was made: count a fact up."""

    def up(tx: Transaction) -> int:
        row = tx.one("fact", name=name)
        times = int(row["value"]) + 1 if row else 1
        tx.run("fact_set", name=name, value=str(times))
        return times

    return up


def fact(name: str) -> Callable[[Transaction], str | None]:
    """A look at a fact."""

    def value(tx: Transaction) -> str | None:
        row = tx.one("fact", name=name)
        return row["value"] if row else None

    return value


class Gate:
    """A function that holds up whoever runs it, so that a test decides what happens meanwhile."""

    def __init__(self) -> None:
        self._reached = threading.Event()
        self._opened = threading.Event()

    def __call__(self, _tx: Transaction) -> None:
        self._reached.set()
        assert self._opened.wait(20), "nobody opened the gate"

    async def reached(self) -> None:
        assert await asyncio.to_thread(self._reached.wait, 20), "nobody came to the gate"

    def open(self) -> None:
        self._opened.set()


async def together(store: Store, *works: Callable[[Transaction], Any]) -> list[Any]:
    """What comes of *works* that were all handed in while another transaction was under way."""
    gate = Gate()
    first = asyncio.create_task(store.transact(gate))
    await gate.reached()
    tasks = [asyncio.create_task(store.transact(work)) for work in works]
    await asyncio.sleep(0)  # each task has run once, so its function is handed in
    gate.open()
    await first
    return await asyncio.gather(*tasks, return_exceptions=True)


# What every driver promises


async def test_a_result_means_that_it_is_stored(store: Store, database: Database) -> None:
    """Whoever holds a result finds the change on any other connection, however many are under way."""

    async def change(number: int) -> None:
        await store.transact(keep(f"fact {number}"))
        assert f"fact {number}" in facts(database)

    await asyncio.gather(*(change(number) for number in range(40)))


async def test_who_raises_takes_nobody_along(store: Store, database: Database) -> None:
    """A function that raises is undone as a whole and its error goes to its caller; those beside it are stored."""

    def slips(tx: Transaction) -> None:
        keep("undone")(tx)
        raise ZeroDivisionError("my slip")

    def breaks_a_rule(tx: Transaction) -> None:
        keep("undone too")(tx)
        tx.run("due_set", person=404, kind="check-in", subject="2026-11-13", at=stamp(NOW))

    came = await together(store, keep("a"), slips, keep("b"), breaks_a_rule, keep("c"))
    assert [came[at] for at in (0, 2, 4)] == [1, 1, 1]
    assert isinstance(came[1], ZeroDivisionError)
    assert "IntegrityError" in {each.__name__ for each in type(came[3]).__mro__}
    assert facts(database) == {"a": "kept", "b": "kept", "c": "kept"}


async def test_many_at_once(store: Store, database: Database) -> None:
    """A thousand changes of ten people handed in together are all made, once, nobody's while another of theirs is under
    way, and each caller gets its own result."""
    works = (store.transact(count(f"fact {number % 10}"), person=number % 10) for number in range(1000))
    results = await asyncio.gather(*works)
    assert sorted(results) == sorted(list(range(1, 101)) * 10)
    assert facts(database) == {f"fact {number}": "100" for number in range(10)}


async def test_a_transaction_sees_its_own_changes(store: Store) -> None:
    """What a function has written it can read again in the same transaction."""

    def work(tx: Transaction) -> str | None:
        keep("a", "new")(tx)
        return fact("a")(tx)

    assert await store.transact(work) == "new"


async def test_reads_see_what_is_committed(store: Store) -> None:
    """A read waits for no writer, and does not see what is still under way."""
    await store.transact(keep("a", "before"))
    gate = Gate()

    def change(tx: Transaction) -> None:
        keep("a", "after")(tx)
        gate(tx)

    writing = asyncio.create_task(store.transact(change))
    await gate.reached()
    assert await store.read(fact("a")) == "before"
    gate.open()
    await writing
    assert await store.read(fact("a")) == "after"


async def test_a_slow_read_holds_up_nobody_who_writes(store: Store, database: Database) -> None:
    """While a read is under way, changes are stored."""
    gate = Gate()
    reading = asyncio.create_task(store.read(gate))
    await gate.reached()
    await store.transact(keep("a"))
    assert "a" in facts(database)
    gate.open()
    await reading


async def test_reading_changes_nothing(store: Store, database: Database) -> None:
    """A read that tries to write fails at once, and one that fails leaves the next in peace."""
    with pytest.raises(Exception, match=r"read-?only"):
        await asyncio.wait_for(store.read(keep("a")), 20)
    with pytest.raises(KeyError):
        await store.read(lambda tx: tx.one("no such query"))
    assert await store.read(fact("a")) is None
    assert facts(database) == {}


async def test_who_no_longer_waits_is_stored_all_the_same(store: Store, database: Database) -> None:
    """Whoever is cancelled while waiting has handed the change in: it is stored, and nobody else notices."""
    gate = Gate()
    first = asyncio.create_task(store.transact(gate))
    await gate.reached()
    cancelled = asyncio.create_task(store.transact(keep("a")))
    patient = asyncio.create_task(store.transact(keep("b")))
    await asyncio.sleep(0)
    cancelled.cancel()
    await asyncio.gather(cancelled, return_exceptions=True)
    gate.open()
    await asyncio.gather(first, patient)
    await store.close()
    assert cancelled.cancelled()
    assert facts(database) == {"a": "kept", "b": "kept"}


async def test_closing_finishes_what_was_handed_in(database: Database) -> None:
    """Closing waits for everything handed in before; whoever comes later is told so and doesn't wait for ever."""
    store = open_store(database.url)
    gate = Gate()
    first = asyncio.create_task(store.transact(gate))
    tasks = [asyncio.create_task(store.transact(count("a"), person=1)) for _number in range(600)]
    await gate.reached()
    closing = asyncio.create_task(store.close())
    await asyncio.sleep(0)
    with pytest.raises(RuntimeError, match="closed"):
        await store.transact(keep("late"))
    gate.open()
    await asyncio.gather(first, closing)
    assert sorted(await asyncio.gather(*tasks)) == list(range(1, 601))
    await store.close()  # once more does no harm
    assert facts(database) == {"a": "600"}


async def test_opening_again_changes_nothing(database: Database) -> None:
    """The schema is made once; what was stored is there at the next start."""
    schemas = []
    for _start in range(3):
        store = open_store(database.url)
        await store.transact(count("starts"))
        await store.close()
        schemas.append(schema(database))
    assert facts(database) == {"starts": "3"}
    assert schemas[0] == schemas[1] == schemas[2]


CRUEL = (
    "\x00nul\x00",
    "half a pair \ud83d and \udc00 the other",
    "marks \ufdd0 of our own \ufdd1",
    "👩‍👩‍👧‍👦" * 300,
    "שלום \u202e dlrow olleh",
    "<b>&amp;'\"; DROP TABLE answer; --",
    "\r\n\t line \u2028 ends \x85",
    "",
)


@pytest.mark.parametrize("cruel", CRUEL)
async def test_clean_text_comes_back_to_the_letter(store: Store, cruel: str) -> None:
    """Whatever somebody writes can be stored once it is clean, and comes back as it was."""
    await store.transact(keep("said", clean(cruel)))
    assert await store.read(fact("said")) == clean(cruel)


async def test_text_that_cannot_be_stored_hurts_only_itself(store: Store, database: Database) -> None:
    """Half a surrogate pair that slipped in anyway is its caller's error, never a transaction's beside it."""
    came = await together(store, keep("a"), keep("b", "\ud83d"), keep("c"))
    assert isinstance(came[1], UnicodeEncodeError)
    assert facts(database) == {"a": "kept", "c": "kept"}


def test_instants_sort_as_text() -> None:
    """Instants are kept in UTC and fixed width, so text sorts as time does, and come back the same."""
    moments = [NOW, NOW + timedelta(microseconds=1), NOW + timedelta(seconds=1), NOW + timedelta(days=9999)]
    elsewhere = [at.astimezone(timezone(timedelta(hours=-9.5))) for at in moments]
    assert [stamp(at) for at in moments] == sorted(map(stamp, moments)) == [stamp(at) for at in elsewhere]
    assert [instant(stamp(at)) for at in elsewhere] == moments
    assert {len(stamp(at)) for at in moments} == {27}


# The disk is full, and then it isn't


class Scarce(Around):
    """A store whose disk has no room the first *times*."""

    def __init__(self, store: Store, times: int) -> None:
        super().__init__(store)
        self.times = times

    async def transact(self, work: Callable[[Transaction], Any], *, person: int | None = None) -> Any:
        if self.times:
            self.times -= 1
            raise Unwritten("SQLITE_FULL")
        return await self._store.transact(work, person=person)


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses that were made, in seconds: none takes any time."""
    made: list[float] = []
    sleep = asyncio.sleep

    async def at_once(seconds: float) -> None:
        made.append(seconds)
        await sleep(0)

    monkeypatch.setattr(asyncio, "sleep", at_once)
    return made


async def test_what_must_not_be_lost_is_tried_until_it_is_stored(
    store: Store, database: Database, pauses: list[float]
) -> None:
    """`insist` tries with growing pauses up to three seconds, and stores once."""
    assert await insist(Scarce(store, times=9), count("a")) == 1
    assert facts(database) == {"a": "1"}
    assert pauses == sorted(pauses)
    assert (pauses[0], pauses[-1], len(pauses)) == (0.2, 3.0, 9)


async def test_insisting_doesn_t_hide_a_slip(store: Store, pauses: list[float]) -> None:
    """What isn't the disk's fault is raised at once."""
    with pytest.raises(KeyError):
        await insist(store, lambda tx: tx.run("no such query"))
    assert pauses == []


# The queries


def said_names(file: Path) -> tuple[set[str], set[str]]:
    """The names of queries that *file* asks for, and all its texts that could be one."""
    asked, texts = set(), set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            texts.add(node.value)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            place = {"run": 0, "one": 0, "all": 0, "_entry": 0, "_mark": 1}.get(node.func.attr)
            if place is not None and len(node.args) > place:
                name = node.args[place]
                if isinstance(name, ast.Constant) and isinstance(name.value, str):
                    asked.add(name.value)
    return asked, texts


def test_queries_and_their_users_agree() -> None:
    """No query is asked for that isn't there, and none is there that nobody asks for."""
    names = (
        "engine.py",
        "inbox.py",
        "handling.py",
        "delivery.py",
        "errands.py",
        "census.py",
        "replica.py",
        "files.py",
        "journal/*.py",
        "export/*.py",
    )
    askers = [file for name in names for file in sorted((ROOT / "bot").glob(name))]
    asked, texts = (set[str]().union(*sets) for sets in zip(*map(said_names, askers), strict=True))
    assert asked <= queries("postgres").keys()
    assert queries("postgres").keys() <= texts


def test_no_query_takes_another_s_name() -> None:
    """Of two of the same name one would never be run."""
    files = (file.read_text("utf-8") for file in (ROOT / "bot/store/sql").glob("*.sql"))
    names = [name for file in files for name in re.findall(r"^-- (\w+)$", file, flags=re.MULTILINE)]
    assert sorted(names) == sorted(queries("postgres"))


def test_queries_name_the_person() -> None:
    """No query of the journal's leaves out whose it is."""
    sql = (ROOT / "bot/store/sql/journal.sql").read_text("utf-8")
    for part in re.split(r"^-- \w+$", sql, flags=re.MULTILINE)[1:]:
        assert re.search(r":person\b", part) or re.search(r"INTO person |UPDATE person\b", part), part


# The schema

SCHEMA = """
acquaintance: person* id* name let_be circle?
answer: person* id* check_in? question text? reading? message? said_at folded? theme? about?; index person, check_in; index person, id where folded IS NULL AND text IS NOT NULL
asking: person* question* used asked_at? never
card: person* id* act text minutes theme? state moment? shown_at felt? acquaintance? place? received? source; index person, shown_at
check_in: person* id* kind subject questions opened_at closed_at? finished; unique person, kind, subject; index closed_at, finished; index person, opened_at
due: person* kind* subject* at; index at
fact: name* value
file: person* id* part* content kept_at; index kept_at where id < 0
inbox: id* place received_at payload? person? state; index id where state = 'aside'; index place where state = 'new'; index person, place where state = 'new'; index person where person IS NOT NULL; index received_at
lease: name* holder?
media: person* id* answer kind file name size state; index person, id where state = 'wanted'
mention: person* acquaintance* answer*; index person, answer
outbox: person* id* chat written_at payload? about? unsure bare farewell state message?; index person, id where state = 'aside'; index person, id where state = 'waiting'; index written_at
person: id* chat name language state city? zone? weekday? minute? length unanswered quiet_until? pending? joined_at seen_at counter weeks discreet model? dark; index state
place: person* id* text circle?
replica: id* until
revision: person* id* answer text? changed_at
search: person* id* words
spelling: person* name* acquaintance
spent: whose* day* calls; index day
theme: person* id* text added_at paused circle?
"""  # noqa: E501 - a table a line
"""A table a line, as `Table` tells it. It changes only with a migration."""

LINES = sorted(SCHEMA.strip().splitlines())


def test_the_schema_is_as_written_down(store: Store, database: Database) -> None:
    """Whoever changes a table changes SCHEMA too, with a migration; and all that is a person's goes with them."""
    tables = schema(database)
    assert list(map(str, tables)) == LINES
    # The outbox alone is cleared by hand: it may hold their farewell. What was received may be of somebody unknown.
    for table in (each for each in tables if "person" in {column.name for column in each.columns}):
        theirs = [Reference(("person",), "person", ("id",), "CASCADE")]
        assert list(table.references) == ([] if table.name in {"outbox", "inbox"} else theirs)


def test_both_kinds_have_the_same_schema(tmp_path: Path) -> None:
    """Columns in order with their kinds and defaults, keys, indexes and references are the same on both."""
    made = []
    for kind in databases.KINDS:
        with databases.of(kind):
            database = databases.at(tmp_path / f"{kind}.db", new=True)
            asyncio.run(open_store(database.url).close())
            made.append(schema(database))
    assert made[0] == made[1]


def test_migrations_are_numbered() -> None:
    """The steps are taken in the order of their numbers, and no number is missing or there twice."""
    numbers = [int(name.partition("_")[0]) for name, _sql in migrations()]
    assert numbers == list(range(1, len(numbers) + 1))


RELEASED = {
    "0001_journal": "05e1983a97247bbad245c8589eee4a14a97310c5e5c64d75c3ac30b9cf1bfd36",
    "0002_everything_theirs": "91723830c85eaf9d2b3f2c7a09c5ead0062657a3de9be0475dc228955ee95a1a",
    "0003_names_in_order": "ed6f5e877652920f058703de6289c2c265847d5afeea10b6810d97887d749518",
    "0004_taken_on": "658a0f3e4649a3221795eaad6996dff1bebb39bc1e1298adaedaa8ded41dc588",
    "0005_pictures": "7c8e39b45ff357a3773c8e3ab5c39633d4b29f38484379c210b5e8a5f12333a8",
    "0006_import": "f6c440ed75617d2aab1c46712b2ba4866a409032bc4eb2848660aa0170cf946f",
    "0007_replicas": "6fb41b7ab5bba05c12d32527982cd1edd50cdb305cf9879a91a0e737542bf1e5",
}
"""The SHA-256 of every migration there is."""


def test_no_migration_is_edited() -> None:
    """A step that a database may have been through is what it was: to change something more, add another."""
    assert {name: sha256(sql.encode()).hexdigest() for name, sql in migrations()} == RELEASED


DRIVERS: dict[str, ModuleType] = {"sqlite": driver, "postgres": postgres}


async def test_new_migrations_join_an_old_database(
    database_kind: str, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A newer version takes only the steps that are new, in order; one that fails leaves the rest as it was."""
    store = open_store(database.url)
    await store.transact(keep("a"))
    await store.close()
    steps = [
        *migrations(),
        ("1002_more", "CREATE TABLE more (id BIGINT NOT NULL PRIMARY KEY); -- why; because\n"),
        ("1003_yet", "ALTER TABLE more ADD COLUMN text TEXT;\nINSERT INTO more (id, text) VALUES (1, 'a;b');\n"),
    ]
    broken = [*steps, ("1004_broken", "CREATE TABLE half (id BIGINT NOT NULL PRIMARY KEY);\nINSERT INTO nowhere;\n")]
    monkeypatch.setattr(DRIVERS[database_kind], "migrations", lambda: broken)
    with pytest.raises(TenfoldError):
        open_store(database.url)
    assert database.rows("SELECT * FROM more") == [(1, "a;b")]
    assert "half" not in database.tables()
    monkeypatch.setattr(DRIVERS[database_kind], "migrations", lambda: steps)
    await open_store(database.url).close()
    assert database.rows("SELECT * FROM more") == [(1, "a;b")]
    assert facts(database) == {"a": "kept"}


# How SQLite keeps it


@pytest.fixture
def file(tmp_path: Path) -> SQLiteFile:
    """A file of SQLite's that is not there yet."""
    return SQLiteFile(tmp_path / "tenfold.db")


@pytest.fixture
async def sqlite(file: SQLiteFile) -> AsyncIterator[driver.SQLiteStore]:
    """The store of `file`."""
    opened = driver.SQLiteStore(str(file.file))
    yield opened
    await opened.close()


@pytest.fixture(scope="module")
def plans(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    """A database for looking at how queries are run."""
    file = tmp_path_factory.mktemp("plans") / "tenfold.db"
    asyncio.run(open_store(f"sqlite:///{file}").close())
    with closing(sqlite3.connect(file)) as connection:
        yield connection


FOR_ALL = ("file_strays", "file_uploads")
"""What looks through a whole table: there is nothing in it on SQLite, where files lie in a folder."""


@pytest.mark.parametrize("name", sorted(queries()))
def test_every_query_fits_the_schema(plans: sqlite3.Connection, name: str) -> None:
    """Each named query compiles, and finds its rows by an index unless it is meant for everybody."""
    sql = queries()[name]
    parameters = dict.fromkeys(re.findall(r"(?<![:\w]):([a-z_]\w*)", sql))
    plan = [row[3] for row in plans.execute(f"EXPLAIN QUERY PLAN {sql}", parameters)]
    whole = [step for step in plan if step.startswith("SCAN") and "INDEX" not in step]
    assert not [step for step in whole if step not in ("SCAN entries", "SCAN found")] or name in FOR_ALL


def test_every_table_is_clustered_by_its_key(plans: sqlite3.Connection) -> None:
    """What is one person's lies together."""
    tables = plans.execute("PRAGMA table_list").fetchall()
    assert all(row[4] for row in tables if not row[1].startswith(("sqlite_", "_sqlite"))), "WITHOUT ROWID"


def test_keys_stand_first() -> None:
    """The columns of a key stand before all others: SQLite 3.40's own check calls any other table that is clustered by
    its key damaged, and then the bot refuses to start and no backup is made."""
    for line in LINES:
        columns = line.partition(": ")[2].partition(";")[0].split()
        keys = [column.endswith("*") for column in columns]
        assert keys == sorted(keys, reverse=True), line


async def test_the_promises_are_switched_on(sqlite: driver.SQLiteStore) -> None:
    """Foreign keys, the write-ahead log, full syncing and overwriting of what is deleted are really on."""

    def pragmas(_tx: Transaction) -> list[object]:
        names = ("foreign_keys", "journal_mode", "synchronous", "secure_delete")
        return [sqlite._writer.raw.execute(f"PRAGMA {name}").fetchone()[0] for name in names]

    full, on = 2, 1
    assert await sqlite.transact(pragmas) == [on, "wal", full, on]


async def test_what_is_forgotten_is_gone_from_the_file(file: SQLiteFile) -> None:
    """Once the payload of an update is taken out and the store is closed, no byte of it is left."""
    store = open_store(file.url)
    canary = "canary" * 2000

    def receive(tx: Transaction) -> None:
        tx.run("inbox_add", id=1, received_at=stamp(NOW), payload=canary, person=7, state="new")

    await store.transact(receive)
    await store.transact(lambda tx: tx.run("inbox_done", id=1))
    await store.close()
    assert b"canarycanary" not in file.file.read_bytes()
    assert [each.name for each in file.file.parent.iterdir() if each.name.endswith(("-wal", "-shm"))] == []


async def test_nobody_else_may_read_the_files(file: SQLiteFile) -> None:
    """The database and all that lies beside it belong to their owner alone, whatever is usual here."""
    usual = os.umask(0)
    try:
        store = open_store(file.url)
        await store.transact(keep("a"))
        await store.read(fact("a"))
        modes = {each.name: stat.S_IMODE(each.stat().st_mode) for each in file.file.parent.iterdir()}
        await store.close()
    finally:
        os.umask(usual)
    assert modes == {f"tenfold.db{end}": 0o600 for end in ("", "-wal", "-shm", ".lock")}


async def test_many_share_one_commit(sqlite: driver.SQLiteStore) -> None:
    """What is handed in while the writer is busy costs one commit together, in groups of GROUP at most."""
    commits: list[str] = []
    sqlite._writer.raw.set_trace_callback(lambda sql: commits.append(sql) if sql == "COMMIT" else None)
    await together(sqlite, *(keep(f"fact {number}") for number in range(driver.GROUP)))
    assert len(commits) == 2  # one for what kept the writer busy
    await together(sqlite, *(keep(f"fact {number}") for number in range(driver.GROUP + 1)))
    assert len(commits) == 5
    sqlite._writer.raw.set_trace_callback(None)


async def test_nobody_is_told_before_the_group_is_stored(sqlite: driver.SQLiteStore, file: SQLiteFile) -> None:
    """A function that is through waits for the others of its group: before the commit nothing is promised."""
    before, within = Gate(), Gate()
    first = asyncio.create_task(sqlite.transact(before))
    await before.reached()
    quick, slow = asyncio.create_task(sqlite.transact(keep("a"))), asyncio.create_task(sqlite.transact(within))
    await asyncio.sleep(0)
    before.open()
    await within.reached()
    assert not quick.done()
    assert facts(file) == {}
    within.open()
    await asyncio.gather(first, quick, slow)
    assert facts(file) == {"a": "kept"}


def leave_room(store: driver.SQLiteStore, pages: int) -> Callable[[Transaction], None]:
    """A full disk: the file of *store* may grow by so many pages and no more."""

    def limit(_tx: Transaction) -> None:
        raw = store._writer.raw
        (now,) = raw.execute("PRAGMA page_count").fetchone()
        raw.execute(f"PRAGMA max_page_count = {now + pages}")

    return limit


async def test_a_group_lost_to_a_full_disk_runs_again_one_by_one(
    sqlite: driver.SQLiteStore, file: SQLiteFile, caplog: pytest.LogCaptureFixture
) -> None:
    """What has room is stored once, what hasn't raises Unwritten, and a slip in between stays its caller's."""
    await sqlite.transact(leave_room(sqlite, pages=20))

    def slips(_tx: Transaction) -> None:
        raise ZeroDivisionError

    def big(tx: Transaction) -> None:
        count("big")(tx)
        keep("story", "long " * 100_000)(tx)

    smalls = [count(f"small {number}") for number in range(30)]
    came = await together(sqlite, *smalls[:10], big, *smalls[10:20], slips, big, *smalls[20:])
    assert [type(each) for each in came if isinstance(each, Exception)] == [Unwritten, ZeroDivisionError, Unwritten]
    assert [each for each in came if not isinstance(each, Exception)] == [1] * 30
    assert facts(file) == {f"small {number}": "1" for number in range(30)}
    assert "SQLITE_FULL" in caplog.text
    await sqlite.transact(leave_room(sqlite, pages=1000))
    await sqlite.transact(big)
    assert facts(file)["big"] == "1"


async def test_a_lone_function_on_a_full_disk_is_unwritten(sqlite: driver.SQLiteStore, file: SQLiteFile) -> None:
    """One that was alone in its group is told so, and nothing of it is stored."""
    await sqlite.transact(leave_room(sqlite, pages=5))
    with pytest.raises(Unwritten, match="SQLITE_FULL"):
        await sqlite.transact(keep("story", "long " * 100_000))
    await sqlite.transact(keep("a"))
    assert facts(file) == {"a": "kept"}


async def test_space_is_waited_for(sqlite: driver.SQLiteStore, file: SQLiteFile, pauses: list[float]) -> None:
    """`insist` on a full disk succeeds as soon as somebody makes room, and stores once."""
    await sqlite.transact(leave_room(sqlite, pages=5))

    def story(tx: Transaction) -> int:
        keep("story", "long " * 100_000)(tx)
        return count("told")(tx)

    async def somebody() -> None:
        while len(pauses) < 3:
            await asyncio.get_running_loop().run_in_executor(None, lambda: None)
        await sqlite.transact(leave_room(sqlite, pages=1000))

    told, _room = await asyncio.gather(insist(sqlite, story), somebody())
    assert told == 1
    assert len(facts(file)["story"]) == 500_000


async def test_an_interrupt_costs_nothing(
    sqlite: driver.SQLiteStore, file: SQLiteFile, caplog: pytest.LogCaptureFixture
) -> None:
    """A group whose connection was interrupted in the middle of a statement runs again, one by one, none twice."""
    raw = sqlite._writer.raw
    rows = 0

    def written(number: int) -> str:
        nonlocal rows
        rows += 1
        if rows == 50:
            raw.interrupt()
        return str(number)

    raw.create_function("written", 1, written)

    def stumbles(tx: Transaction) -> int:
        raw.execute(
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100) "
            "INSERT INTO fact (name, value) SELECT 'row ' || i, written(i) FROM n"
        )
        return count("stumbles")(tx)

    assert await together(sqlite, count("a"), stumbles, count("b")) == [1, 1, 1]
    assert rows == 150
    assert "SQLITE_INTERRUPT" in caplog.text
    assert facts(file) == {"a": "1", "b": "1", "stumbles": "1"} | {f"row {i}": str(i) for i in range(1, 101)}


async def test_an_interrupted_look_costs_nothing(sqlite: driver.SQLiteStore, file: SQLiteFile) -> None:
    """Where SQLite leaves the transaction open, as when only a SELECT was interrupted, the group is undone all the same
    and runs again."""
    raw = sqlite._writer.raw
    times = 0

    def seen(number: int) -> int:
        nonlocal times
        times += 1
        if times == 1:
            raw.interrupt()
        return number

    raw.create_function("seen", 1, seen)

    def looks(tx: Transaction) -> int:
        count("looks")(tx)
        total: int = raw.execute(
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100) SELECT SUM(seen(i)) FROM n"
        ).fetchone()[0]
        return total

    assert await together(sqlite, count("a"), looks, count("b")) == [1, 5050, 1]
    assert times == 101
    assert facts(file) == {"a": "1", "b": "1", "looks": "1"}


async def test_an_interrupted_function_that_was_alone_is_unwritten(
    sqlite: driver.SQLiteStore, file: SQLiteFile
) -> None:
    """Alone, it raises Unwritten, so whoever insists tries again."""
    raw = sqlite._writer.raw
    raw.set_progress_handler(lambda: 1, 1)
    try:
        with pytest.raises(Unwritten, match="SQLITE_INTERRUPT"):
            await sqlite.transact(keep("a"))
    finally:
        raw.set_progress_handler(None, 1)
    await sqlite.transact(keep("b"))
    assert facts(file) == {"b": "kept"}


async def test_results_nobody_can_take_do_no_harm(file: SQLiteFile) -> None:
    """If the loop of whoever asked is gone before the commit, the change is stored and the writer goes on."""
    store, gate = driver.SQLiteStore(str(file.file)), Gate()

    def elsewhere() -> None:
        loop = asyncio.new_event_loop()

        async def hand_in() -> None:
            task = asyncio.create_task(store.transact(gate))
            await gate.reached()
            task.cancel()

        loop.run_until_complete(hand_in())
        loop.close()

    await asyncio.to_thread(elsewhere)
    gate.open()
    await store.transact(keep("a"))
    await store.close()
    assert facts(file) == {"a": "kept"}


# Who may open it


async def test_a_second_store_is_refused(file: SQLiteFile) -> None:
    """A database has one process: a second one is told kindly, from outside or inside, and the first goes on."""
    store = open_store(file.url)
    with pytest.raises(TenfoldError, match="stop that one first"):
        open_store(file.url)
    program = f"from bot.store import open_store; open_store({file.url!r})"
    second = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, cwd=ROOT, stderr=asyncio.subprocess.PIPE
    )
    _out, said = await second.communicate()
    assert second.returncode == 1
    assert f"{file.file} is in use: another Tenfold is running on it" in said.decode()
    await store.transact(keep("a"))
    assert await store.read(fact("a")) == "kept"
    await store.close()
    await open_store(file.url).close()


@pytest.mark.parametrize("url", ["mysql://me:secret@example.org/db", "sqlite://tenfold.db", "sqlite:///", "", "x"])
def test_an_address_that_is_none_names_the_cure(url: str) -> None:
    """What can't be opened says how to write an address, and never repeats one, since it may hold a password."""
    with pytest.raises(TenfoldError, match=r"DATABASE_URL .* write sqlite:///") as caught:
        open_store(url)
    assert "secret" not in str(caught.value)


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    """A file's folder isn't made: a slip in its name would hide the journal."""
    with pytest.raises(TenfoldError, match="is not a folder: make it"):
        open_store(f"sqlite:///{tmp_path}/nowhere/tenfold.db")
    assert list(tmp_path.iterdir()) == []


def write_database(file: Path) -> None:
    connection = sqlite3.connect(file)
    connection.execute("CREATE TABLE photos (id INTEGER PRIMARY KEY, place TEXT)")
    connection.execute("CREATE TABLE person (id INTEGER PRIMARY KEY)")
    connection.commit()
    connection.close()


FOREIGN: dict[str, Callable[[Path], object]] = {
    "a note": lambda file: file.write_text("Dear diary"),
    "a picture": lambda file: file.write_bytes(bytes(range(256)) * 64),
    "another's database": write_database,
}


@pytest.mark.parametrize("kind", FOREIGN)
async def test_a_file_of_something_else_is_left_alone(file: SQLiteFile, kind: str) -> None:
    """Neither a file that is no database nor another program's database is changed by a byte."""
    FOREIGN[kind](file.file)
    before = file.file.read_bytes()
    with pytest.raises(TenfoldError, match="holds something else: choose a file of its own"):
        open_store(file.url)
    assert file.file.read_bytes() == before
    file.file.unlink()
    await open_store(file.url).close()


@pytest.mark.parametrize("where", ["tenfold.db", "tenfold.db.lock"])
async def test_a_folder_in_the_way(file: SQLiteFile, where: str) -> None:
    """A folder of that name is said to be in the way, and once it is gone all is well."""
    (file.file.parent / where).mkdir()
    with pytest.raises(TenfoldError, match=r"can't be opened: see that it is a file"):
        open_store(file.url)
    (file.file.parent / where).rmdir()
    await open_store(file.url).close()


async def test_a_damaged_database_is_an_error_with_a_cure(file: SQLiteFile) -> None:
    """A database of ours with its middle torn out is refused and left as it is, so a backup can replace it."""
    await open_store(file.url).close()
    torn = file.file.read_bytes()
    file.file.write_bytes(torn[:100] + b"\xff" * 4000 + torn[4100:])
    before = file.file.read_bytes()
    with pytest.raises(TenfoldError, match="can't be opened"):
        open_store(file.url)
    assert file.file.read_bytes() == before


async def test_an_empty_file_becomes_the_database(file: SQLiteFile) -> None:
    """A file that is there and empty, as some hosts prepare it, is taken."""
    file.file.touch()
    store = open_store(file.url)
    await store.transact(keep("a"))
    await store.close()
    assert facts(file) == {"a": "kept"}


async def test_a_start_that_was_killed_at_once_can_be_made_again(file: SQLiteFile) -> None:
    """If the very first start died before the first table was made, the next one makes it."""
    store = open_store(file.url)
    await store.close()
    connection = sqlite3.connect(file.file)
    for name, kind in connection.execute(
        "SELECT name, type FROM sqlite_master WHERE name NOT GLOB '_sqlite*' AND name NOT GLOB 'sqlite_*'"
    ).fetchall():
        if kind == "table":
            connection.execute(f"DROP TABLE {name}")
    connection.execute("DELETE FROM _sqlite_migrations")
    connection.commit()
    connection.close()
    store = open_store(file.url)
    await store.transact(keep("a"))
    await store.close()


async def test_a_folder_left_behind_changes_nothing(
    file: SQLiteFile, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A file named from where the process stands is still found when it stands elsewhere."""
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path)
    store = open_store("sqlite:///tenfold.db")
    monkeypatch.chdir(tmp_path / "elsewhere")
    await store.transact(keep("a"))
    assert await store.read(fact("a")) == "kept"
    await store.close()
    assert facts(file) == {"a": "kept"}


async def test_a_copy_taken_while_it_runs_is_whole(sqlite: driver.SQLiteStore, file: SQLiteFile) -> None:
    """What was promised before a power cut is there after it: the file and its log hold every commit."""

    def meet(tx: Transaction) -> None:
        Journal(tx, Sender(person=7, chat=7, name="Mira"), NOW).save()

    await sqlite.transact(meet)
    await sqlite.transact(keep("a"))
    after = SQLiteFile(file.file.parent / "after.db")
    for end in ("", "-wal"):
        shutil.copy(f"{file.file}{end}", f"{after.file}{end}")
    store = open_store(after.url)
    assert await store.read(fact("a")) == "kept"
    await store.close()
    assert after.rows("SELECT id, name FROM person") == [(7, "Mira")]
