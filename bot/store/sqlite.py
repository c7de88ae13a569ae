"""SQLite: one writer thread that commits many transactions with one fsync, and a reading connection beside it.

FULL synchronous commits survive a power cut but cost an fsync each; a group of 64 shares it (4,600 rows a second one by
one, 65,000 in groups, measured). Each function of a group runs in a savepoint of its own, so one that raises takes
nobody along. A full disk rolls back the whole group, savepoints too: then every function is run again, alone.

What is deleted is overwritten at once, but older copies stay in the log until a checkpoint empties it, and in the gaps
of pages (see `leftovers`). `scrub` has the disk forget both.

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
from bot.store.backup import cure
from bot.store.leftovers import Leftovers
from bot.store.soundness import BIG, Damaged, beside, damaged, examine, forget_looks, named, ours, weight

T = TypeVar("T")

GROUP = 256
"""Transactions that share one commit at most: beyond this a bigger group gains nothing (81,000 rows a second)."""

_COMPLAIN_EVERY = 60.0
"""Seconds. A log line for each of ten thousand people who wait would go to the very disk that is full."""

_SCRUB_WAITS = 50
"""Milliseconds for which a checkpoint waits for who still reads in the log: nobody who writes is held up for longer."""

_WIPED_AT_ONCE = 256
"""Pages that are wiped in one go (1 MB)."""

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

    def run(self, query: str, /, **parameters: str | int | bytes | None) -> int:
        return self.raw.execute(self._sql[query], parameters).rowcount

    def one(self, query: str, /, **parameters: str | int | bytes | None) -> Row | None:
        row: Row | None = self.raw.execute(self._sql[query], parameters).fetchone()
        return row

    def all(self, query: str, /, **parameters: str | int | bytes | None) -> list[Row]:
        return self.raw.execute(self._sql[query], parameters).fetchall()


class _Job:
    """One function on its way through the writer, and what came of it. One that is *alone* runs in no transaction."""

    __slots__ = ("alone", "error", "future", "result", "work")

    def __init__(self, work: Callable[[Transaction], Any], future: asyncio.Future[Any], *, alone: bool = False) -> None:
        self.work = work
        self.future = future
        self.alone = alone
        self.result: Any = None
        self.error: BaseException | None = None


class SQLiteStore:
    """One SQLite file, held by this process alone. A result is released only after its commit."""

    def __init__(self, path: str, backups: Path | None = None) -> None:
        """*backups* is where daily backups are: if the database is damaged, the newest good one is named."""
        self._path = Path(path).absolute()  # the reader opens it later, and wherever this process stands by then
        self._backups = backups
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
        except (OSError, sqlite3.Error, Damaged) as error:
            self._lock.release()
            if isinstance(error, Damaged) or damaged(error):
                what = str(error) if isinstance(error, Damaged) else named(error)
                raise TenfoldError(
                    f"{self._path} can't be opened: it is damaged ({what}). Nothing was changed in it. "
                    f"{cure(self._path, backups)}"
                ) from error
            raise TenfoldError(f"{self._path} can't be opened: {_cure(error)}") from error
        except TenfoldError:
            self._lock.release()
            raise
        self._closed = False
        self._told_damage = threading.Lock()  # held for good once it was told
        self._scrub_failed = False
        self._scrubbing = asyncio.Lock()
        self._scrubs_wanted = self._scrubbed = 0
        self._complained_at: float | None = None
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._write, name="writer", daemon=True)
        self._thread.start()
        self._reader: _Connection | None = None
        self._reading = ThreadPoolExecutor(max_workers=1, thread_name_prefix="reader")

    def _open(self) -> sqlite3.Connection:
        os.close(os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600))
        forget_looks(self._path)
        examine(self._path)
        if not self._path.stat().st_size:
            self._path.chmod(0o600)  # somebody else made it; the log files beside it take over its mode
        crashed = weight(beside(self._path, "-wal")) > 0
        self._leftovers = Leftovers(self._path)
        try:
            connection = sqlite3.connect(
                self._path, isolation_level=None, check_same_thread=False, cached_statements=256, timeout=5
            )
            try:
                if not ours(connection):
                    raise TenfoldError(f"{self._path} holds something else: choose a file of its own")
                for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
                    connection.execute(f"PRAGMA {pragma}")
                _migrate(connection)
                # What a process that was killed had deleted and not scrubbed yet.
                if _emptied(connection) and (crashed or self._path.stat().st_size <= BIG):
                    self._leftovers.wipe(self._leftovers.pages())
                    connection.execute("PRAGMA shrink_memory")
            except BaseException:
                connection.close()
                raise
        except BaseException:
            self._leftovers.close()
            raise
        return connection

    async def transact(self, work: Callable[[Transaction], T], *, person: int | None = None) -> T:
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
        try:
            self._reader.raw.execute("BEGIN")
            try:
                return work(self._reader)
            finally:
                self._reader.raw.execute("ROLLBACK")
        except sqlite3.DatabaseError as error:
            self._tell_damage(error)
            raise

    async def listen(self, channel: str, heard: Callable[[str], None]) -> None:
        await asyncio.Event().wait()  # there are no other processes

    async def scrub(self) -> bool:
        self._scrubs_wanted += 1
        mine = self._scrubs_wanted
        async with self._scrubbing:
            if self._scrubbed >= mine:  # by one that began after this was asked for
                return True
            wanted = self._scrubs_wanted
            if done := await self._scrub():
                self._scrubbed = wanted
            return done

    async def _scrub(self) -> bool:
        if not await self._alone(self._empty):
            return False
        # The writer goes on while the file is looked through: 0.4 s for 100 MB that are in memory.
        pages = await asyncio.to_thread(self._leftovers.pages)
        for at in range(0, len(pages), _WIPED_AT_ONCE):
            some = pages[at : at + _WIPED_AT_ONCE]
            if not await self._alone(lambda some=some: self._empty() and self._wipe(some)):  # type: ignore[misc]
                return False
        return True

    async def _alone(self, work: Callable[[], bool]) -> bool:
        """Run *work* on the writer's thread, in order, outside any transaction."""
        if self._closed:
            raise RuntimeError("the store is closed")
        future: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._jobs.put(_Job(lambda _tx: work(), future, alone=True))
        return await future

    def _empty(self) -> bool:
        """Whether the log is empty now."""
        raw = self._writer.raw
        try:
            raw.execute(f"PRAGMA busy_timeout = {_SCRUB_WAITS}")
            try:
                emptied = _emptied(raw)
            finally:
                raw.execute("PRAGMA busy_timeout = 5000")
        except sqlite3.Error as error:
            self._tell_damage(error)
            if not self._scrub_failed:
                _log.error("what was deleted can't be scrubbed (%s): is the disk full? Trying again", named(error))
            self._scrub_failed = True
            return False
        self._scrub_failed = False
        return emptied

    def _wipe(self, pages: list[int]) -> bool:
        """Wipe the gaps of *pages*. The log must be empty, or a newer version of a page would bring them back."""
        try:
            self._leftovers.wipe(pages)
        except OSError as error:
            _log.error("what was deleted can't be scrubbed (%s). Trying again", type(error).__name__)
            return False
        self._writer.raw.execute("PRAGMA shrink_memory")  # or a page would be written again with what was in it
        return True

    async def close(self) -> None:
        if self._closed:
            return
        self._closed = True
        self._jobs.put(None)
        await asyncio.to_thread(self._thread.join)
        self._reading.shutdown()
        if self._reader:
            self._reader.raw.close()
        with suppress(sqlite3.Error):  # the next start tries again
            _emptied(self._writer.raw)
        self._writer.raw.close()
        self._leftovers.close()
        self._lock.release()

    # The writer thread

    def _write(self) -> None:
        ahead: list[_Job | None] = []  # what was taken out of the queue and belongs to no group
        while True:
            job = ahead.pop() if ahead else self._jobs.get()
            if job is None:
                return
            group = [job]
            while not job.alone and len(group) < GROUP:
                try:
                    job = self._jobs.get_nowait()
                except queue.Empty:
                    break
                if job is None or job.alone:
                    ahead.append(job)
                    break
                group.append(job)
            if group[0].alone:
                self._do(group[0])
            elif not self._commit(group):
                for job in group:
                    self._commit([job])
            self._release(group)

    def _do(self, job: _Job) -> None:
        try:
            job.result = job.work(self._writer)
        except BaseException as error:  # noqa: BLE001 - as in a group: the writer lives on
            job.error = error

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
                    self._tell_damage(error)
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
                    _log.warning("a group of %d was lost (%s): each runs again alone", len(group), named(error))
                return False
            self._tell_damage(error)
            group[0].error = Unwritten(named(error)) if _passing(error) else error
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

    def _tell_damage(self, error: BaseException) -> None:
        """Say once that the database is damaged, if that is what *error* says."""
        if damaged(error) and self._told_damage.acquire(blocking=False):
            _log.critical(
                "the database is damaged (%s): stop Tenfold. %s", named(error), cure(self._path, self._backups)
            )

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


def _cure(error: Exception) -> str:
    return f"see that it is a file, that you may write it and its folder, and that the disk has room ({named(error)})"


def _emptied(connection: sqlite3.Connection) -> bool:
    """Whether all of the log is in the database now and the log is empty. False if somebody still reads in it."""
    (busy, _frames, _moved) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not busy


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
