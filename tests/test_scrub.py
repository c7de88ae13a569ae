"""Promise 5 on the disk: what was deleted is gone from the database, from its log and from what lies beside them.

Every test reads the bytes of the files. What is looked for is found there before, or the test would show nothing.
"""

import asyncio
import re
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from bot.store import Transaction, open_store
from bot.store.leftovers import Leftovers
from bot.store.sqlite import SQLiteStore

ROOT = Path(__file__).parent.parent
CANARY = "canary " * 4000  # 28 kB: six pages of its own behind the row


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A database that is not there yet."""
    return tmp_path / "tenfold.db"


@pytest.fixture
async def store(file: Path) -> AsyncIterator[SQLiteStore]:
    """The store of `file`, with a table of people's texts that an index holds as well."""
    opened = SQLiteStore(str(file))

    def prepare(_tx: Transaction) -> None:
        raw = opened._writer.raw
        raw.execute(
            "CREATE TABLE scrap (person BIGINT, id BIGINT, text TEXT, folded TEXT, PRIMARY KEY (person, id)) "
            "WITHOUT ROWID"
        )
        raw.execute("CREATE INDEX scrap_folded ON scrap (person, folded)")

    await opened.transact(prepare)
    yield opened
    await opened.close()


async def run(store: SQLiteStore, sql: str, *parameters: object) -> None:
    """One change that isn't among the named ones."""
    await store.transact(lambda _tx: store._writer.raw.execute(sql, parameters).rowcount)


def found(store: SQLiteStore, sql: str) -> list[tuple[object, ...]]:
    """Every row that *sql* finds, on the writer's own connection while it rests."""
    return [tuple(row) for row in store._writer.raw.execute(sql)]


def everywhere(file: Path) -> bytes:
    """All bytes of the database and of everything beside it."""
    return b"\n".join(each.read_bytes() for each in sorted(file.parent.glob(f"{file.name}*")) if each.is_file())


async def test_long_texts_are_gone(store: SQLiteStore, file: Path) -> None:
    """A text that fills pages of its own, and its copy in an index, are in no file once they were deleted and scrubbed;
    what stays is as it was."""
    await run(store, "INSERT INTO scrap VALUES (7, 1, ?, ?)", CANARY, CANARY[:900])
    await run(store, "INSERT INTO scrap VALUES (7, 2, 'sparrow', 'sparrow')")
    await run(store, "DELETE FROM scrap WHERE id = 1")
    assert b"canary canary" in everywhere(file)
    assert await store.scrub()
    assert b"canary" not in everywhere(file)
    assert file.with_name("tenfold.db-wal").stat().st_size == 0
    assert b"sparrow" in everywhere(file)


async def test_an_overwritten_text_is_gone(store: SQLiteStore, file: Path) -> None:
    """A text in whose place a shorter one was written leaves nothing."""
    await run(store, "INSERT INTO scrap VALUES (7, 1, ?, ?)", CANARY, CANARY[:900])
    await run(store, "UPDATE scrap SET text = 'sparrow', folded = 'sparrow'")
    assert await store.scrub()
    assert b"canary" not in everywhere(file)


PEOPLE = 40
GONE = range(0, PEOPLE, 3)


def live(luck: Random, raw: sqlite3.Connection) -> None:
    """People write, change and delete for years."""
    alive: dict[int, int] = {}
    for id in range(4000):
        person = luck.randrange(PEOPLE)
        text = f"<p{person}x{id}>" * luck.choice([3, 8, 25, 60, 120, 600])
        alive[id] = person
        raw.execute("INSERT INTO scrap VALUES (?, ?, ?, ?)", (person, id, text, text[:100]))
        if luck.random() < 0.3:
            other = luck.choice(list(alive))
            raw.execute("DELETE FROM scrap WHERE person = ? AND id = ?", (alive.pop(other), other))


def remembered(file: Path) -> set[int]:
    """Whose texts the files still hold, of those who are gone."""
    return {int(person) for person in re.findall(rb"<p(\d+)x\d+>", everywhere(file))} & set(GONE)


async def test_copies_that_sqlite_left_behind_are_gone(store: SQLiteStore, file: Path) -> None:
    """Rows that moved to another page leave a copy where they were, which secure_delete and a checkpoint don't reach.
    Scrubbing does, the database stays sound, and later writing brings nothing back."""
    raw = store._writer.raw

    def years(_tx: Transaction) -> None:
        live(Random(20261125), raw)
        for person in GONE:
            raw.execute("DELETE FROM scrap WHERE person = ?", (person,))

    await store.transact(years)
    assert await store._alone(store._empty), "the log is empty"
    assert remembered(file), "SQLite left nothing behind: is wiping still needed?"
    before = found(store, "SELECT * FROM scrap")
    assert await store.scrub()
    assert remembered(file) == set()
    for id in range(10_000, 10_600):
        await run(store, "INSERT INTO scrap VALUES (?, ?, 'sparrow', 'sparrow')", id % PEOPLE, id)
    await run(store, "DELETE FROM scrap WHERE id >= 10000")
    assert await store._alone(store._empty)
    assert remembered(file) == set()
    assert found(store, "SELECT * FROM scrap") == before
    assert found(store, "PRAGMA integrity_check") == [("ok",)]


async def test_scrubbing_while_others_write(store: SQLiteStore, file: Path) -> None:
    """People go on writing while the disk is scrubbed: nothing of theirs is lost, and the database stays sound."""
    raw = store._writer.raw
    await store.transact(lambda _tx: live(Random(7), raw))
    scrubbing = asyncio.create_task(store.scrub())
    for id in range(20_000, 21_000):
        await run(store, "INSERT INTO scrap VALUES (?, ?, ?, 'sparrow')", id % PEOPLE, id, "sparrow " * (id % 90))
    await scrubbing
    assert found(store, "SELECT COUNT(*) FROM scrap WHERE id >= 20000") == [(1000,)]
    assert found(store, "PRAGMA integrity_check") == [("ok",)]


async def test_a_reader_is_waited_for_by_nobody(store: SQLiteStore, file: Path) -> None:
    """While somebody is in the middle of reading, scrubbing says no at once, and yes when they are through."""
    await run(store, "INSERT INTO scrap VALUES (7, 1, ?, ?)", CANARY, CANARY[:900])
    with closing(sqlite3.connect(file, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT COUNT(*) FROM scrap").fetchone()
        await run(store, "DELETE FROM scrap")
        assert not await store.scrub()
        await run(store, "INSERT INTO scrap VALUES (7, 3, 'sparrow', 'sparrow')")  # nobody is held up
        assert not await store.scrub()
        assert b"canary" in everywhere(file)
        reader.execute("ROLLBACK")
        assert await store.scrub()
    assert b"canary" not in everywhere(file)


async def test_many_who_leave_at_once(store: SQLiteStore, file: Path) -> None:
    """However many want the disk scrubbed at once, it is looked through once for those who came while it was done, and
    all are right to say that they are gone."""
    looks = 0
    pages = store._leftovers.pages

    def counted() -> list[int]:
        nonlocal looks
        looks += 1
        return pages()

    store._leftovers.pages = counted  # type: ignore[method-assign]
    await store.transact(lambda _tx: live(Random(20261125), store._writer.raw))

    async def leave(person: int) -> None:
        await run(store, "DELETE FROM scrap WHERE person = ?", person)
        assert await store.scrub()
        assert f"<p{person}x".encode() not in everywhere(file)

    await asyncio.gather(*(leave(person) for person in GONE))
    assert remembered(file) == set()
    assert looks <= 3


async def test_scrubbing_keeps_its_place_in_the_row(store: SQLiteStore, file: Path) -> None:
    """What was handed in before a scrub is stored before it, and what came after it is stored as well."""
    reached, opened = threading.Event(), threading.Event()

    def waits(_tx: Transaction) -> None:
        reached.set()
        assert opened.wait(20)

    first = asyncio.create_task(store.transact(waits))
    await asyncio.to_thread(reached.wait, 20)
    writing = asyncio.create_task(run(store, "INSERT INTO scrap VALUES (7, 1, ?, 'x')", CANARY))
    deleting = asyncio.create_task(run(store, "DELETE FROM scrap WHERE id = 1"))
    await asyncio.sleep(0)
    scrubbing = asyncio.create_task(store.scrub())
    await asyncio.sleep(0)
    after = asyncio.create_task(run(store, "INSERT INTO scrap VALUES (7, 2, 'sparrow', 'sparrow')"))
    await asyncio.sleep(0)
    opened.set()
    await asyncio.gather(first, writing, deleting, after)
    assert await scrubbing
    assert b"canary" not in everywhere(file)
    assert found(store, "SELECT id FROM scrap") == [(2,)]


async def test_a_closed_store_scrubs_no_more(file: Path) -> None:
    """Whoever comes too late is told so and doesn't wait for ever."""
    store = open_store(f"sqlite:///{file}")
    await store.close()
    with pytest.raises(RuntimeError, match="closed"):
        await store.scrub()


KILLED = """
import asyncio, os, signal, sys
from random import Random
from bot.store.sqlite import SQLiteStore
from tests.test_scrub import CANARY, GONE, live

async def main():
    store = SQLiteStore(sys.argv[1])
    raw = store._writer.raw
    def work(_tx):
        raw.execute(
            "CREATE TABLE scrap (person BIGINT, id BIGINT, text TEXT, folded TEXT, PRIMARY KEY (person, id)) "
            "WITHOUT ROWID"
        )
        live(Random(20261125), raw)
        raw.execute("INSERT INTO scrap VALUES (0, 9999, ?, '')", (CANARY,))
    await store.transact(work)
    def delete(_tx):
        for person in GONE:
            raw.execute("DELETE FROM scrap WHERE person = ?", (person,))
    await store.transact(delete)
    os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(main())
"""


def test_the_next_start_scrubs_after_a_kill(file: Path) -> None:
    """Killed between deleting and scrubbing: the files still hold it, until the next start."""
    done = subprocess.run([sys.executable, "-c", KILLED, str(file)], check=False, cwd=ROOT, timeout=60)
    assert done.returncode == -signal.SIGKILL
    assert b"canary canary" in everywhere(file)
    assert remembered(file)
    store = open_store(f"sqlite:///{file}")
    try:
        assert b"canary" not in everywhere(file)
        assert remembered(file) == set()
    finally:
        asyncio.run(store.close())


@pytest.mark.parametrize("size", [512, 1024, 4096, 65536])
def test_pages_of_any_size(file: Path, size: int) -> None:
    """Gaps are found and wiped whatever the size of a page is, the first one with its longer head included."""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute(f"PRAGMA page_size = {size}")
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute("CREATE TABLE scrap (person, id, text, folded, PRIMARY KEY (person, id)) WITHOUT ROWID")
        connection.execute("BEGIN")
        live(Random(3), connection)
        connection.execute("COMMIT")
        before = connection.execute("SELECT * FROM scrap").fetchall()
    leftovers = Leftovers(file)
    pages = leftovers.pages()
    assert pages
    leftovers.wipe(pages)
    assert leftovers.pages() == []
    leftovers.close()
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("SELECT * FROM scrap").fetchall() == before


def test_what_is_no_database_is_not_touched(file: Path) -> None:
    """Bytes that only happen to lie there have no gaps."""
    file.write_bytes(bytes(range(256)) * 300)
    leftovers = Leftovers(file)
    assert leftovers.pages() == []
    leftovers.wipe([1, 2])
    leftovers.close()
    assert file.read_bytes() == bytes(range(256)) * 300
