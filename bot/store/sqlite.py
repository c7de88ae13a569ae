"""SQLite: one writer thread that commits many transactions with one fsync, and a reading connection beside it.

FULL synchronous commits survive a power cut but cost an fsync each; a group of 64 shares it (4,600 rows a second one by
one, 65,000 in groups, measured). Each function of a group runs in a savepoint of its own, so one that raises takes
nobody along. A full disk rolls back the whole group, savepoints too: then every function is run again, alone.

A lock file says that this process holds the database. It is not the database itself, because closing any handle on
that file would drop SQLite's own locks.
"""

import asyncio
import logging
import os
import queue
import sqlite3
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

from filelock import FileLock, Timeout
from sqlite_utils import Database, Migrations

from bot.errors import TenfoldError
from bot.store import Row, Transaction, Unwritten, migrations, queries

T = TypeVar("T")

GROUP = 256
"""Transactions that share one commit at most: beyond this a bigger group gains nothing (81,000 rows a second)."""

_COMPLAIN_EVERY = 60.0
"""Seconds. A log line for each of ten thousand people who wait would go to the very disk that is full."""

# What the disk or another process did, not what our SQL did.
_PASSING = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_INTERRUPT,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
}

_log = logging.getLogger(__name__)


class _Connection:
    """A connection that runs queries by name. It belongs to the thread that uses it."""

    def __init__(self, connection: sqlite3.Connection, sql: dict[str, str]) -> None:
        connection.row_factory = sqlite3.Row
        self.raw = connection
        self._sql = sql

    def run(self, query: str, /, **parameters: str | int | None) -> int:
        return self.raw.execute(self._sql[query], parameters).rowcount

    def one(self, query: str, /, **parameters: str | int | None) -> Row | None:
        row: Row | None = self.raw.execute(self._sql[query], parameters).fetchone()
        return row

    def all(self, query: str, /, **parameters: str | int | None) -> list[Row]:
        return self.raw.execute(self._sql[query], parameters).fetchall()


class _Job:
    """One function on its way through the writer, and what came of it."""

    __slots__ = ("error", "future", "result", "work")

    def __init__(self, work: Callable[[Transaction], Any], future: asyncio.Future[Any]) -> None:
        self.work = work
        self.future = future
        self.result: Any = None
        self.error: BaseException | None = None


class SQLiteStore:
    """One SQLite file, held by this process alone. A result is released only after its commit."""

    def __init__(self, path: str) -> None:
        self._path = Path(path).absolute()  # the reader opens it later, and wherever this process stands by then
        if not self._path.parent.is_dir():
            raise TenfoldError(f"{self._path.parent} is not a folder: make it, or choose another place")
        self._lock = FileLock(f"{self._path}.lock", mode=0o600, is_singleton=False)
        self._sql = queries()
        try:
            self._lock.acquire(timeout=0)
            self._writer = _Connection(self._open(), self._sql)
        except Timeout:
            raise TenfoldError(
                f"{self._path} is in use: another Tenfold is running on it; stop that one first"
            ) from None
        except (OSError, sqlite3.Error) as error:
            self._lock.release()
            raise TenfoldError(f"{self._path} can't be opened: {_cure(error)}") from error
        except TenfoldError:
            self._lock.release()
            raise
        self._closed = False
        self._complained_at: float | None = None
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._write, name="writer", daemon=True)
        self._thread.start()
        self._reader: _Connection | None = None
        self._reading = ThreadPoolExecutor(max_workers=1, thread_name_prefix="reader")

    def _open(self) -> sqlite3.Connection:
        os.close(os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600))
        if not self._path.stat().st_size:
            self._path.chmod(0o600)  # somebody else made it; the log files beside it take over its mode
        connection = sqlite3.connect(
            self._path, isolation_level=None, check_same_thread=False, cached_statements=256, timeout=5
        )
        try:
            if not _ours(connection):
                raise TenfoldError(f"{self._path} holds something else: choose a file of its own")
            for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
                connection.execute(f"PRAGMA {pragma}")
            _migrate(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    async def transact(self, work: Callable[[Transaction], T]) -> T:
        if self._closed:
            raise RuntimeError("the store is closed")
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._jobs.put(_Job(work, future))
        return await future

    async def read(self, work: Callable[[Transaction], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._reading, self._read, work)

    def _read(self, work: Callable[[Transaction], T]) -> T:
        if self._reader is None:
            raw = sqlite3.connect(self._path, isolation_level=None, check_same_thread=False, timeout=5)
            raw.execute("PRAGMA query_only=ON")
            self._reader = _Connection(raw, self._sql)
        self._reader.raw.execute("BEGIN")
        try:
            return work(self._reader)
        finally:
            self._reader.raw.execute("ROLLBACK")

    async def close(self) -> None:
        if self._closed:
            return
        self._closed = True
        self._jobs.put(None)
        await asyncio.to_thread(self._thread.join)
        self._reading.shutdown()
        if self._reader:
            self._reader.raw.close()
        self._writer.raw.close()
        self._lock.release()

    # The writer thread

    def _write(self) -> None:
        while True:
            job = self._jobs.get()
            if job is None:
                return
            group = [job]
            last = False
            while len(group) < GROUP:
                try:
                    job = self._jobs.get_nowait()
                except queue.Empty:
                    break
                if job is None:
                    last = True
                    break
                group.append(job)
            if not self._commit(group):
                for job in group:
                    self._commit([job])
            self._release(group)
            if last:
                return

    def _commit(self, group: list[_Job]) -> bool:
        """Run *group* in one transaction. False if it was lost and its functions are to be run again, alone; a group
        of one is never lost but ends with its error."""
        raw = self._writer.raw
        try:
            raw.execute("BEGIN IMMEDIATE")
            for job in group:
                job.result, job.error = None, None
                raw.execute("SAVEPOINT job")
                try:
                    job.result = job.work(self._writer)
                except BaseException as error:
                    job.error = error
                    if not raw.in_transaction or _passing(error):
                        raise
                    raw.execute("ROLLBACK TO job")
                raw.execute("RELEASE job")
            raw.execute("COMMIT")
        except BaseException as error:  # noqa: BLE001 - it goes to whoever handed it in; the writer lives on
            with suppress(sqlite3.Error):  # an I/O error may have rolled back already
                raw.execute("ROLLBACK")
            if len(group) > 1:
                if self._complained_at is None:
                    _log.warning("a group of %d was lost (%s): each runs again alone", len(group), _name(error))
                return False
            group[0].error = Unwritten(_name(error)) if _passing(error) else error
        self._complain(group[0].error)
        return True

    def _complain(self, error: BaseException | None) -> None:
        """Say that the database can't be written when that begins, once a minute, and when it is over."""
        now = time.monotonic()
        if isinstance(error, Unwritten):
            if self._complained_at is None or now - self._complained_at >= _COMPLAIN_EVERY:
                _log.error("the database can't be written (%s): is the disk full? Trying again", error)
                self._complained_at = now
        elif self._complained_at is not None:
            _log.warning("the database can be written again")
            self._complained_at = None

    def _release(self, group: list[_Job]) -> None:
        loop = group[0].future.get_loop()
        try:
            loop.call_soon_threadsafe(_settle, group)
        except RuntimeError:  # the loop is closed: nobody waits any more
            _log.debug("%d results had nobody waiting", len(group))


def _settle(group: list[_Job]) -> None:
    for job in group:
        if job.future.done():  # whoever waited was cancelled; what they asked for is stored all the same
            continue
        if job.error is not None:
            job.future.set_exception(job.error)
        else:
            job.future.set_result(job.result)


def _passing(error: BaseException) -> bool:
    """Whether *error* is the disk's or another process's doing, so that trying again may help."""
    return isinstance(error, sqlite3.Error) and getattr(error, "sqlite_errorcode", 0) & 0xFF in _PASSING


def _name(error: BaseException) -> str:
    return getattr(error, "sqlite_errorname", type(error).__name__)


def _cure(error: Exception) -> str:
    if getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_CORRUPT:
        return "it is damaged. Nothing was changed in it; put it aside and bring back a backup"
    return f"see that it is a file, that you may write it and its folder, and that the disk has room ({_name(error)})"


def _ours(connection: sqlite3.Connection) -> bool:
    """Whether Tenfold may write here: into an empty database or its own. Looking changes nothing."""
    database = Database(connection)
    try:
        tables = set(database.table_names()) - {Migrations.migrations_table}
    except sqlite3.DatabaseError as error:
        if getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_NOTADB:
            return False
        raise
    return not tables or bool(Migrations("tenfold").applied(database))


def _migrate(connection: sqlite3.Connection) -> None:
    steps = Migrations("tenfold")
    known = migrations()
    newer = {step.name for step in steps.applied(Database(connection))} - {name for name, _sql in known}
    if newer:
        raise TenfoldError(f"this database was made by a newer Tenfold ({max(newer)}): update Tenfold first")
    for name, sql in known:

        def step(database: Database, sql: str = sql) -> None:
            for statement in _statements(sql):
                database.execute(statement)

        steps(name=name)(step)
    steps.apply(Database(connection))


def _statements(sql: str) -> list[str]:
    """The statements of a migration, every table clustered by its key."""
    statements, lines = [], []
    for line in sql.splitlines():
        lines.append(line.partition("--")[0])
        statement = "\n".join(lines).strip()
        if statement and sqlite3.complete_statement(statement):
            clustered = statement.startswith("CREATE TABLE")
            statements.append(statement.rstrip(";") + (" WITHOUT ROWID" if clustered else ""))
            lines = []
    return statements
