"""Databases of both kinds, seen from outside: a file of SQLite's, or one on a real PostgreSQL (see postgres.py).

    database = databases.at(tmp_path / "tenfold.db")
    store = open_store(database.url)
    database.rows("SELECT name FROM person WHERE id = ?", 7)

Of what kind it is decides the fixture `database_kind` in conftest.py, or the option that all tests are run with. What
tests look at with SQL they look at through here, in words that both kinds understand.
"""

import shutil
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any, Protocol

import psycopg

from tests import postgres

KINDS = ("sqlite", "postgres")

Rows = list[tuple[Any, ...]]


class Database(Protocol):
    """One database, seen from outside on a connection of its own."""

    @property
    def file(self) -> Path:
        """Where it is, or by what it goes in its test."""

    @property
    def media(self) -> Path:
        """Where files that people sent lie beside it."""

    @property
    def url(self) -> str:
        """Its address, as DATABASE_URL has it."""

    def rows(self, sql: str, *parameters: object) -> Rows:
        """Every row that *sql* finds among what is committed; a parameter is a question mark."""

    def change(self, sql: str, *parameters: object) -> None:
        """Change something behind the bot's back."""

    def files(self) -> dict[tuple[int, int], bytes]:
        """What is kept of what people sent, by person and number."""

    def tables(self) -> list[str]:
        """The tables that Tenfold made, in order of their names."""

    def columns(self, table: str) -> list[str]:
        """The columns of *table*, in order."""


class SQLiteFile:
    """A database of SQLite's."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.media = Path(f"{file}.media")
        self.url = f"sqlite:///{file}"

    def rows(self, sql: str, *parameters: object) -> Rows:
        # A log that a crash left stays for the next start to find; where there is none, none is left behind.
        mode = "ro" if Path(f"{self.file}-wal").exists() else "rw"
        with closing(sqlite3.connect(f"{self.file.as_uri()}?mode={mode}", uri=True, timeout=10)) as connection:
            connection.execute("PRAGMA query_only = ON")
            return connection.execute(sql, parameters).fetchall()

    def change(self, sql: str, *parameters: object) -> None:
        with closing(sqlite3.connect(self.file, timeout=10)) as connection, connection:
            connection.execute(sql, parameters)

    def files(self) -> dict[tuple[int, int], bytes]:
        return _lying(self.media)

    def tables(self) -> list[str]:
        named = self.rows("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
        return [name for (name,) in named if not name.startswith(("_sqlite", "sqlite_"))]

    def columns(self, table: str) -> list[str]:
        return [name for (name,) in self.rows("SELECT name FROM pragma_table_info(?)", table)]


class PostgresDatabase:
    """A database on a PostgreSQL server, at *url*; the *file* is only what it goes by."""

    def __init__(self, url: str, file: Path) -> None:
        self.file = file
        self.media = file.parent / "media"
        self.url = url
        self._connection: psycopg.Connection[tuple[Any, ...]] | None = None
        self._looking = threading.Lock()

    def rows(self, sql: str, *parameters: object) -> Rows:
        with self._looking:
            return self._connected().execute(_asked(sql), parameters).fetchall()

    def change(self, sql: str, *parameters: object) -> None:
        with self._looking:
            self._connected().execute(_asked(sql), parameters)

    def files(self) -> dict[tuple[int, int], bytes]:
        found: dict[tuple[int, int], bytes] = {}
        for person, id, part in self.rows("SELECT person, id, content FROM file ORDER BY person, id, part"):
            found[person, id] = found.get((person, id), b"") + part
        return found

    def tables(self) -> list[str]:
        named = self.rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
        return [name for (name,) in named if name != "migration"]

    def columns(self, table: str) -> list[str]:
        named = "SELECT column_name FROM information_schema.columns WHERE table_name = ? ORDER BY ordinal_position"
        return [name for (name,) in self.rows(named, table)]

    def _connected(self) -> "psycopg.Connection[tuple[Any, ...]]":
        if self._connection is None or self._connection.broken:
            self._connection = psycopg.connect(self.url, autocommit=True)
        return self._connection

    def close(self) -> None:
        """Look no more."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _lying(folder: Path) -> dict[tuple[int, int], bytes]:
    """The files that lie in *folder*, whole or not, by person and number."""
    found = ((path, path.name.removeprefix("-")) for path in folder.glob("*/*") if path.is_file())
    return {(int(path.parent.name), int(path.name)): path.read_bytes() for path, name in found if name.isdecimal()}


def _asked(sql: str) -> bytes:
    """*sql* as psycopg wants its parameters."""
    return sql.replace("%", "%%").replace("?", "%s").encode()


class _Test:
    """What kind of database a test asks for, and those that were made for it."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.made: dict[Path, PostgresDatabase] = {}
        self.ending = ExitStack()


_tests = [_Test("sqlite")]
"""The one that is running last; first what is made for more than one of them, which is there until the process ends."""


def usual() -> str:
    """The kind of a test that asks for none."""
    return _tests[0].kind


def be(kind: str) -> None:
    """From now on a test that asks for none gets *kind*."""
    _tests[0].kind = kind


@contextmanager
def of(kind: str) -> Iterator[None]:
    """Inside this, databases are of *kind*; those that were made are gone at the end."""
    test = _Test(kind)
    _tests.append(test)
    try:
        with test.ending:
            yield
    finally:
        _tests.remove(test)


def at(file: Path, *, new: bool = False) -> Database:
    """The database that goes by *file* in this test: the same for the same file. On PostgreSQL it has its schema
    already, which a start then finds done, unless it has to be *new*."""
    test = _tests[-1]
    if test.kind == "sqlite":
        return SQLiteFile(file)
    if file in test.made:
        return test.made[file]
    return _made(file, postgres.database(migrated=not new))


@contextmanager
def lasting(kind: str, file: Path) -> Iterator[Database]:
    """A database of *kind* that goes by *file*, for more than one test; it is gone at the end."""
    if kind == "sqlite":
        yield SQLiteFile(file)
    else:
        with postgres.database(migrated=True) as url, closing(PostgresDatabase(url, file)) as database:
            yield database


def copied(database: Database, file: Path) -> Database:
    """A database that goes by *file* in this test, with all that is in *database*, which nobody may be using, and with
    what people sent."""
    if isinstance(database, PostgresDatabase):
        database.close()
        copy: Database = _made(file, postgres.database(like=database.url))
    else:
        copy = SQLiteFile(file)
        for end in ("", "-wal", "-shm", ".lock"):
            if (part := Path(f"{database.file}{end}")).exists():
                shutil.copy2(part, f"{file}{end}")
    if database.media.exists():
        shutil.copytree(database.media, copy.media)
    return copy


def _made(file: Path, making: AbstractContextManager[str]) -> PostgresDatabase:
    test = _tests[-1]
    database = PostgresDatabase(test.ending.enter_context(making), file)
    test.ending.callback(database.close)
    test.made[file] = database
    return database
