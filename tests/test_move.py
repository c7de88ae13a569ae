"""`tenfold move`: from SQLite to PostgreSQL, all of it or nothing, as often as one likes.

Run as a program it moves SOURCE to TARGET and kills itself at the N-th passing of POINT:

    python -m tests.test_move SOURCE TARGET POINT N
"""

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.cli import commands
from bot.domain import Incoming, Said, Sender
from bot.errors import TenfoldError
from bot.files import Files
from bot.journal import Journal
from bot.store import PIECE, migrations, open_store
from bot.store import move as moving
from bot.store.move import Moved, move
from bot.store.soundness import connect
from bot.text import clean
from tests import postgres
from tests.conversation import Scene, scene, text_of
from tests.journals import Step, lived, steps
from tests.test_export import MIRA, arrives, full, writes
from tests.test_files import SharedScene

NOW = datetime(2026, 11, 9, 18, 0, tzinfo=UTC)
IDRIS = Sender(person=8, chat=8, name="Idris")
PHOTO = b"\0\xff" * PIECE + b"end"
ROOT = Path(__file__).parent.parent

# The values that stand for what belongs to nobody, was said by nobody, or waits.
_SPARE = """
INSERT INTO inbox (id, place, received_at, payload, state) VALUES
    (-5, 2, '2026-11-09T18:00:00.000000Z', '{"id": 1, "text": "caf\\u00e9 \\ud83d \\u0000"}', 'new'),
    (9, 1, '2026-11-09T18:00:00.000000Z', NULL, 'done');
INSERT INTO inbox (id, place, received_at, payload, person, state) VALUES
    (7, 3, '2026-11-09T18:00:01.000000Z', 'what is this', 7, 'aside'),
    (6, 4, '2026-11-09T18:00:01.000000Z', 'and this', 99, 'aside');
INSERT INTO outbox (person, id, chat, written_at, payload, unsure, bare, farewell, state) VALUES
    (7, 900, 7, '2026-11-09T18:00:02.000000Z', '{"text": "later"}', 1, 0, 0, 'waiting'),
    (55, 0, 55, '2026-11-09T18:00:02.000000Z', '{"text": "farewell"}', 0, 0, 1, 'waiting');
INSERT INTO spent (whose, day, calls) VALUES (0, '2026-11-09', 3), (7, '2026-11-09', 3);
INSERT INTO fact (name, value) VALUES ('zone data', '2026b'), ('clock', '2026-11-09T18:00:00+00:00');
INSERT INTO media (person, id, answer, kind, file, name, size, state) VALUES
    (7, -12, 0, 'import', 'telegram', 'old.zip', 3, 'asked');
"""


def on(database: Path, sql: str) -> None:
    """Run *sql* on the SQLite file *database*."""
    with closing(sqlite3.connect(database)) as connection:
        connection.executescript(sql)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A SQLite file with something in every place there is, and the files beside it."""
    database = tmp_path / "tenfold.db"

    async def fill() -> None:
        store, files = open_store(f"sqlite:///{database}"), Files(Path(f"{database}.media"))
        await full(store, files)
        await full(store, files, IDRIS, " ‹ŁÓDŹ 🐝›")
        await writes(store, replace(MIRA, person=-3), lambda journal: journal.add("note", text="a group"))
        row = await store.read(lambda tx: tx.all("media_all", person=8))
        await arrives(store, files, 8, row[-1]["id"], PHOTO)
        await store.close()

    asyncio.run(fill())
    on(database, _SPARE)
    media = Path(f"{database}.media")
    (media / "7" / "-12").write_bytes(b"PK")
    os.utime(media / "7" / "-12", (1_790_000_000.25, 1_790_000_000.25))
    (media / "7" / "4000").write_bytes(b"its row is gone")
    (media / "7" / "17.new").write_bytes(b"half")
    (media / "not a person").mkdir()
    return database


@pytest.fixture
def target() -> Iterator[str]:
    """The address of an empty PostgreSQL database."""
    with postgres.database() as url:
        yield url


Rows = dict[str, list[tuple[Any, ...]]]


def in_sqlite(database: Path) -> Rows:
    """Everything in it that is to be carried."""
    with closing(connect(database, "mode=ro")) as connection:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        tables -= {"_sqlite_migrations", "sqlite_sequence", "sqlite_stat1", "lease", "replica", "file"}
        return {
            table: sorted(connection.execute(f"SELECT * FROM {table}").fetchall(), key=repr) for table in sorted(tables)
        }


def in_postgres(url: str) -> Rows:
    """The same of a PostgreSQL database, but what a move leaves there for the next one."""
    with psycopg.connect(url) as connection:
        found = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        tables = sorted({name for (name,) in found} - {"migration", "lease", "replica", "file"})
        rows = {
            table: sorted(connection.execute(f"SELECT * FROM {table}".encode()).fetchall(), key=repr)
            for table in tables
        }
    rows["fact"] = [row for row in rows.get("fact", []) if row[0] != "moved"]
    return rows


def files_in(url: str) -> dict[tuple[int, int], bytes]:
    """The bytes of every file there."""
    found: dict[tuple[int, int], bytes] = {}
    with psycopg.connect(url) as connection:
        for person, id, content in connection.execute("SELECT person, id, content FROM file ORDER BY person, id, part"):
            found[person, id] = found.get((person, id), b"") + content
    return found


def run(url: str, sql: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute(sql.encode())


def prints(folder: Path) -> dict[str, str]:
    """What tells the contents of every file in *folder*."""
    return {str(each): sha256(each.read_bytes()).hexdigest() for each in folder.rglob("*") if each.is_file()}


# ---- what arrives ----


def test_everything_arrives(source: Path, target: str) -> None:
    """Every row of every table to the letter, every file that belongs to something, and nothing else."""
    moved = move(source, target)
    rows = in_sqlite(source)
    assert all(rows.values()), "every table has something in it"
    assert in_postgres(target) == rows
    found = files_in(target)
    assert sorted(map(len, found.values())) == [2, *sorted(len(found[each]) for each in found if each != (7, -12))]
    assert {data for (person, _id), data in found.items() if person == 8} >= {PHOTO}
    assert len(found) == 6
    assert found[7, -12] == b"PK"
    assert moved == Moved(people=3, rows=sum(map(len, rows.values())) - len(rows["fact"]), files=len(found), mended=0)
    with psycopg.connect(target) as connection:
        parts = connection.execute("SELECT part, LENGTH(content) FROM file WHERE LENGTH(content) > 99 OR part > 0")
        assert sorted(parts.fetchall()) == [(0, PIECE), (1, PIECE), (2, 3)]
        ((kept_at,),) = connection.execute("SELECT kept_at FROM file WHERE id = -12").fetchall()
        assert kept_at == "2026-09-21T14:13:20.250000Z"
        assert (
            connection.execute("SELECT holder FROM lease WHERE holder <> '' UNION SELECT id FROM replica").fetchall()
            == []
        )


@given(st.lists(steps(1), min_size=1, max_size=4))
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_lives_of_all_kinds(tmp_path_factory: pytest.TempPathFactory, lives: list[list[Step]]) -> None:
    """Whatever people wrote and did, it is there as it was."""
    database = tmp_path_factory.mktemp("lives") / "tenfold.db"

    async def fill() -> None:
        store = open_store(f"sqlite:///{database}")
        for person, life in enumerate(lives, 1):
            sender = Sender(person=person, chat=person, name="x")
            await store.transact(lambda tx, life=life, sender=sender: lived(partial(Journal, tx, sender), life))  # type: ignore[misc]
        await store.close()

    asyncio.run(fill())
    with postgres.database() as url:
        assert move(database, url).people == len(lives)
        assert in_postgres(url) == in_sqlite(database)


def test_the_source_stays_as_it_is(source: Path, target: str, tmp_path: Path) -> None:
    """Not a byte of it changes, and nothing is left beside it; afterwards a bot may start on it."""
    asyncio.run(open_store(f"sqlite:///{source}").close())
    before = prints(tmp_path)
    move(source, target)
    assert prints(tmp_path) == before
    asyncio.run(open_store(f"sqlite:///{source}").close())


def test_more_than_one_page(tmp_path: Path, target: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages end anywhere, and how far it is is told: never backwards, to the end."""
    monkeypatch.setattr(moving, "PAGE", 3)
    database = tmp_path / "tenfold.db"
    asyncio.run(open_store(f"sqlite:///{database}").close())
    people = ", ".join(f"({id}, {id}, 'x', 'en', 'here', 'short', 0, '2026', '2026', 0)" for id in range(-5, 5))
    on(
        database,
        "INSERT INTO person (id, chat, name, language, state, length, unanswered, joined_at, seen_at, counter) "
        f"VALUES {people}",
    )
    told: list[tuple[int, int]] = []
    assert move(database, target, tell=lambda done, steps: told.append((done, steps))).people == 10
    assert told == sorted(told)
    assert told[-1] == (20, 20)
    assert in_postgres(target) == in_sqlite(database)


def test_nobody_yet(tmp_path: Path, target: str) -> None:
    """An empty journal is moved as well as any."""
    database = tmp_path / "tenfold.db"
    asyncio.run(open_store(f"sqlite:///{database}").close())
    assert move(database, target) == Moved(people=0, rows=0, files=0, mended=0)


def test_what_postgres_can_t_hold(source: Path, target: str) -> None:
    """NUL and halves of characters are left out, and that is told: journals hold none, but a file of old may."""
    with closing(sqlite3.connect(source)) as connection:
        for number, text in enumerate((b"a\0b", b"half \xed\xa0\xbd of it", b"\0", b"whole \xf0\x9f\x90\x9d")):
            connection.execute(
                "INSERT INTO inbox (id, place, received_at, payload, state) VALUES (?, 50, '', CAST(? AS TEXT), 'new')",
                (100 + number, text),
            )
        connection.commit()
    assert move(source, target).mended == 3
    rows = in_postgres(target)["inbox"]
    texts = {row[0]: row[3] for row in rows}
    assert [texts[100 + number] for number in range(4)] == ["ab", "half  of it", "", "whole 🐝"]
    assert move(source, target).mended == 3
    for odd in ("a\0b", "half \ud83d of it"):
        assert clean(odd) in texts.values()


def test_an_older_source_is_brought_up_to_date(tmp_path: Path, target: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """As it would be by a start."""
    database = tmp_path / "tenfold.db"
    old = migrations()[:3]
    with monkeypatch.context() as patched:
        patched.setattr("bot.store.sqlite.migrations", lambda: old)
        asyncio.run(open_store(f"sqlite:///{database}").close())
    on(
        database,
        "INSERT INTO person (id, chat, name, language, state, length, unanswered, joined_at, seen_at, counter) "
        "VALUES (1, 1, 'x', 'en', 'here', 'short', 0, '2026', '2026', 5);"
        "INSERT INTO spelling (person, name, acquaintance) VALUES (1, 'Jo', 2)",
    )
    assert move(database, target).people == 1
    assert in_postgres(target)["spelling"] == [(1, "Jo", 2)]


# ---- what is refused ----


def refused(source: Path, target: str, why: str, *, replace: bool = False) -> None:
    """It isn't moved, with the reason *why*, and the target stays as it is."""
    before = in_postgres(target), files_in(target) if in_postgres(target).get("person") else {}
    with pytest.raises(TenfoldError, match=why):
        move(source, target, replace=replace)
    assert (in_postgres(target), files_in(target) if in_postgres(target).get("person") else {}) == before


def test_a_running_bot_is_not_moved_from(source: Path, target: str) -> None:
    """Whoever runs on it would go on writing there."""
    store = open_store(f"sqlite:///{source}")
    refused(source, target, "is in use: another Tenfold is running on it; stop that one first")
    asyncio.run(store.close())
    move(source, target)


def test_a_running_bot_is_not_moved_to(source: Path, target: str) -> None:
    """Not even to replace what it has; once it is gone for long enough, it may be."""
    move(source, target)
    run(target, "INSERT INTO replica (id, until) VALUES ('x', (EXTRACT(EPOCH FROM now()) * 1000)::BIGINT + 3600000)")
    refused(source, target, r"Tenfold is running on that PostgreSQL database \(processes: 1\)", replace=True)
    run(target, "UPDATE replica SET until = until - 7200000")
    run(target, "INSERT INTO lease (name, holder) VALUES ('7', 'x') ON CONFLICT (name) DO UPDATE SET holder = 'x'")
    move(source, target)
    with psycopg.connect(target) as connection:  # one that was only stopped writes nothing to it when it goes on
        assert connection.execute("SELECT holder FROM lease WHERE name = '7'").fetchall() == [(None,)]


def test_where_people_have_talked(source: Path, target: str) -> None:
    """What was said after a move is never overwritten, unless it is said that it may be."""
    move(source, target)
    moved = in_postgres(target)
    run(target, "UPDATE person SET seen_at = '2026-11-10T00:00:00.000000Z' WHERE id = 7")
    refused(source, target, "people may have talked since. Choose an empty database, or add --replace")
    move(source, target, replace=True)
    assert in_postgres(target) == moved


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO inbox (id, place, received_at, payload, state) VALUES (1000, 1, '2026', 'hello', 'new')",
        "DELETE FROM person WHERE id = 8",
        "UPDATE outbox SET state = 'sent', payload = NULL WHERE person = 7",
        "UPDATE file SET content = 'other' WHERE id = -12",
        "DELETE FROM file WHERE part = 2",
        "INSERT INTO spent (whose, day, calls) VALUES (9, '2026-11-12', 1)",
        "DELETE FROM fact WHERE name = 'moved'",
    ],
)
def test_anything_that_happened_there(source: Path, target: str, sql: str) -> None:
    """It need not be words: a message that was sent would be sent again."""
    move(source, target)
    run(target, sql)
    refused(source, target, "it is not what a move left there")


def test_a_database_with_a_bot_of_its_own(source: Path, target: str) -> None:
    """Somebody talked there before anything was moved."""
    store = open_store(target)
    asyncio.run(writes(store, MIRA, lambda journal: journal.add("note", text="bread")))
    asyncio.run(store.close())
    refused(source, target, "it is not what a move left there")


def test_somebody_else_s_database(source: Path, target: str) -> None:
    """It isn't touched, not even to be emptied."""
    run(target, "CREATE TABLE customer (id BIGINT)")
    with pytest.raises(TenfoldError, match="this database holds something else"):
        move(source, target, replace=True)
    run(target, "SELECT id FROM customer")


def test_a_newer_database(source: Path, target: str) -> None:
    """Update first."""
    move(source, target)
    run(target, "INSERT INTO migration (name) VALUES ('9999_later')")
    refused(source, target, "made by a newer Tenfold")


def test_what_is_no_source(tmp_path: Path, target: str) -> None:
    """A slip in its name makes no new file, and what holds something else is left alone."""
    with pytest.raises(TenfoldError, match="is not there"):
        move(tmp_path / "tenfold.db", target)
    assert list(tmp_path.iterdir()) == []
    on(tmp_path / "other.db", "CREATE TABLE customer (id BIGINT)")
    with pytest.raises(TenfoldError, match="holds something else"):
        move(tmp_path / "other.db", target)


def test_what_can_t_be_reached(source: Path) -> None:
    """It is said what to look at, and never how it was addressed."""
    with pytest.raises(TenfoldError, match="nothing was moved: see that PostgreSQL is running") as told:
        move(source, "postgresql://me:hunter2@127.0.0.1:9/tenfold")
    assert "hunter2" not in str(told.value)
    asyncio.run(open_store(f"sqlite:///{source}").close())


def test_what_arrives_wrong_doesn_t_count(source: Path, target: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Were a single sign of a single row another one, or a row missing, nothing would have been moved."""
    add = moving._Target.add
    asyncio.run(open_store(target).close())

    def careless(self: Any, table: str, columns: Any, types: Any, rows: Any) -> None:
        rows = list(rows)
        if table == "answer":
            rows = [tuple("bread" if value == "handovers" else value for value in row) for row in rows]
        add(self, table, columns, types, rows)

    def forgetful(self: Any, table: str, columns: Any, types: Any, rows: Any) -> None:
        add(self, table, columns, types, list(rows)[:-1] if table == "card" else rows)

    def clumsy(self: Any, table: str, columns: Any, types: Any, rows: Any) -> None:
        rows = [(*row[:3], b"", *row[4:]) if table == "file" and row[1] == -12 else row for row in rows]
        add(self, table, columns, types, rows)

    for wrong, why in (
        (careless, "not all is the same there. Please tell us .people: 1"),
        (forgetful, "of 2 rows in card 1 arrived"),
        (clumsy, "not all is the same there. Please tell us .people: 1"),
    ):
        monkeypatch.setattr(moving._Target, "add", wrong)
        refused(source, target, f"nothing was moved: {why}")
    monkeypatch.setattr(moving._Target, "add", add)
    move(source, target)


# ---- again ----


async def a_week_goes_by(source: Path) -> None:
    """Somebody writes, somebody goes, somebody new comes, files come and go."""
    store, files = open_store(f"sqlite:///{source}"), Files(Path(f"{source}.media"))
    later = NOW + timedelta(days=7)
    await writes(store, MIRA, lambda journal: journal.add("good_turn", text="drove Sam"), later)
    await store.transact(lambda tx: tx.run("person_erase", person=8))
    await files.discard_all(8)
    await writes(store, Sender(person=4, chat=4, name="Sam"), lambda journal: journal.add("note", text="new"), later)
    photo = (await store.read(lambda tx: tx.all("media_all", person=7)))[1]["id"]
    await store.transact(lambda tx: tx.run("media_drop", person=7, id=photo))
    await files.discard(7, photo)
    await store.close()
    on(source, "UPDATE fact SET value = '2026c' WHERE name = 'zone data'; DELETE FROM inbox WHERE id = 9")


def test_again_after_a_week(source: Path, target: str) -> None:
    """The same as if it had been moved only now; what the target alone remembers for its bots stays."""
    move(source, target)
    asyncio.run(open_store(target).close())
    run(target, "INSERT INTO fact (name, value) VALUES ('webhook secret', 'x')")
    asyncio.run(a_week_goes_by(source))
    moved = move(source, target)
    with postgres.database() as fresh:
        assert move(source, fresh) == moved
        rows, files = in_postgres(fresh), files_in(fresh)
    again = in_postgres(target)
    assert ("webhook secret", "x") in again["fact"]
    again["fact"].remove(("webhook secret", "x"))
    assert again == rows
    assert files_in(target) == files
    assert (7, -12) in files
    assert not any(person == 8 for person, _id in files)


POINTS = ("begun", "emptied", "copying", "copying files", "copied", "checked", "committed")


@pytest.mark.parametrize(
    ("filled", "point"),
    # The first time there is nothing to be emptied.
    [*((False, point) for point in POINTS if point != "emptied"), *((True, point) for point in POINTS)],
)
def test_killed(source: Path, target: str, filled: bool, point: str) -> None:
    """Whenever it is killed, the target is as it was, or all of it is there; and it can be run again."""
    before: Rows = {}
    if filled:
        move(source, target)
        before = in_postgres(target)
        asyncio.run(a_week_goes_by(source))
    times = {"copying": 3, "copying files": 2}.get(point, 1)
    command = [sys.executable, "-m", "tests.test_move", str(source), target, point, str(times)]
    killed = subprocess.run(command, cwd=ROOT, check=False, timeout=60)
    assert killed.returncode == -signal.SIGKILL
    now = in_sqlite(source)
    there = in_postgres(target)
    if point == "committed":
        assert there == now
    elif filled:
        assert there == before
    else:
        assert not any(there.values())
    move(source, target)
    assert in_postgres(target) == now
    assert len(files_in(target)) == (2 if filled else 6)


def test_a_bot_that_starts_meanwhile_waits(source: Path, target: str) -> None:
    """It would find nobody, and tell them all hello."""
    opened: list[int] = []

    async def start() -> None:
        store = open_store(target)
        rows = await store.read(lambda tx: tx.all("people_after", after=-100, limit=100, shards=(1 << 60) - 1))
        opened.append(len(rows))
        await store.close()

    bot = threading.Thread(target=lambda: asyncio.run(start()))

    def watch(point: str) -> None:
        if point == "begun":
            bot.start()
        if point == "copied":
            with psycopg.connect(target) as connection:
                until = time.monotonic() + 20
                waits = "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
                while not connection.execute(waits).fetchone():
                    assert time.monotonic() < until
            assert opened == []

    move(source, target, watch=watch)
    bot.join(20)
    assert opened == [2]


# ---- a bot on what was moved ----


async def test_a_bot_goes_on_there(tmp_path: Path) -> None:
    """Its history says the same, what was open is open, what nobody read yet is read, and files are handed out."""
    async with scene(tmp_path / "tenfold.db") as old:
        mira = old.person(7)
        await mira.talks(("/start", "Hello"), ("bees, bread", "city"), ("porto", "No need"))
        await mira.says("/goodturn drove Joana home")
        await mira.sends("photo", data=PHOTO)
        await mira.presses("It's fine as it is")
        await mira.says("/checkin")
        before = text_of(await mira.says("/history Joana"))
        assert "drove Joana home" in before
        planned = await mira.journal(lambda journal: journal.planned("check-in"))
        said = old.room.write(Incoming(sender=mira.sender, event=Said(text="lent Rui a drill", message=500)))
        await old.close()
        with closing(sqlite3.connect(old.database.file)) as connection:
            row = (said.id, 1, "2026-11-09T18:00:00.000000Z", said.payload, "new")
            connection.execute("INSERT INTO inbox (id, place, received_at, payload, state) VALUES (?, ?, ?, ?, ?)", row)
            connection.commit()
        with postgres.database() as url:
            await asyncio.to_thread(move, old.database.file, url)
            new = SharedScene(url, old.clock)
            new.room = old.room
            await goes_on(new, before, planned)


async def goes_on(new: Scene, before: str, planned: object) -> None:
    await new.open()
    try:
        await new.engine.settle()
        mira = new.person(7)
        assert "Rui" in text_of(mira.all_heard[-1:])
        assert await mira.journal(lambda journal: journal.planned("check-in")) == planned
        await mira.talks(("[That's all]", "?"))
        assert "lent Rui a drill" in text_of(await mira.says("/history"))
        assert text_of(await mira.says("/history Joana")) == before
        await mira.says("/export")
        _file, data = new.room.attached[-1]
        assert PHOTO in data
    finally:
        await new.close()


# ---- as a command ----


def tenfold(*arguments: str, **variables: str) -> Any:
    """What `tenfold` says; a TenfoldError is raised."""
    return CliRunner(env={"DATABASE_URL": "", **variables}).invoke(commands, [*arguments])


def test_as_a_command(source: Path, target: str) -> None:
    """It says how much there is, that it is the same, and what to do now; never the address."""
    for command, variables in (
        (["move", f"sqlite:///{source}", target], {}),
        (["move", f"sqlite:///{source}"], {"DATABASE_URL": target}),
    ):
        done = tenfold(*command, **variables)
        assert done.exit_code == 0
        assert "people 3" in done.output
        assert "files 6" in done.output
        assert "the same there, to the letter" in done.output
        assert f"{source} is as it was" in done.output
        assert "postgresql://" not in done.output


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["sqlite:///a.db"], "DATABASE_URL, which is used as none was given, must be like postgresql://"),
        (["sqlite:///a.db", "sqlite:///b.db"], "POSTGRES_URL must be like postgresql://"),
        (["a.db", "postgresql://me:hunter2@h/n"], "SQLITE_URL must begin with sqlite:///"),
        (["postgresql://me:hunter2@h/n", "postgresql://me:hunter2@h/n"], "SQLITE_URL must begin with sqlite:///"),
    ],
)
def test_the_wrong_way_round(arguments: list[str], why: str) -> None:
    """It is said which of the two is not as it should be, without repeating it."""
    done = tenfold("move", *arguments)
    assert isinstance(done.exception, TenfoldError)
    assert str(done.exception).startswith(why)
    assert "hunter2" not in str(done.exception)


@pytest.mark.parametrize("command", ["backup", "restore"])
def test_backups_are_the_server_s(tmp_path: Path, command: str) -> None:
    """Where journals are in PostgreSQL it is said what to use instead; a file can still be named."""
    done = tenfold(command, str(tmp_path / "x"), DATABASE_URL="postgresql://me:hunter2@h/n")
    assert isinstance(done.exception, TenfoldError)
    assert "pg_dump" in str(done.exception)
    assert "hunter2" not in str(done.exception)


def killing(point: str, times: int) -> Any:
    passing = count(1)

    def watch(passed: str) -> None:
        if passed == point and next(passing) == times:
            os.kill(os.getpid(), signal.SIGKILL)

    return watch


if __name__ == "__main__":
    move(Path(sys.argv[1]), sys.argv[2], watch=killing(sys.argv[3], int(sys.argv[4])))
