"""PostgreSQL, 14 or newer: psycopg in threads, each with a connection of its own, and a transaction for each function.

Several processes may share such a database. So a transaction about a person locks that person, and where leases are
used it also looks whether this process still holds the lease on the person's shard. It does so under a lock that
whoever takes a lease away needs alone: a process that was stopped in the middle of a transaction and goes on much
later either ends it before the lease is somebody else's, or not at all.

A stopped process would keep its locks for ever, so the server ends a session that has a transaction open and does
nothing in it; and a connection over which nothing arrives any more is given up on both sides.

There is no pool that is shared: a thread that finds its connection broken makes a new one for its next transaction, at
once, so after a restart of the server nobody waits for anybody's back-off but the caller's own.
"""

import asyncio
import logging
import re
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import Any, NamedTuple, TypeVar

import psycopg
from psycopg import errors
from psycopg.pq import TransactionStatus
from psycopg.rows import DictRow, dict_row

from bot.errors import TenfoldError
from bot.store import LEASES, SHARDS, Elsewhere, Row, Transaction, Unwritten, migrations, queries, shard

__all__ = ["Look", "PostgresStore", "alone", "cure", "look"]

T = TypeVar("T")

WRITERS = 8
"""Transactions under way at once, at most. Each has a thread and a connection."""

READERS = 2

OLDEST = 140000
"""The server's version that is needed at least, as it numbers them."""

_PAUSE = 0.1
"""Seconds between two attempts of a reader while the database is away, doubled up to `_LONGEST`."""
_LONGEST = 2.0

_COMPLAIN_EVERY = 60.0
"""Seconds. A log line for each of ten thousand people who wait would help nobody."""

_PARAMETER = re.compile(r"(?<![:\w]):([a-z_]\w*)")

# What the server, the network or another process did, not what our SQL did.
_PASSING = (
    psycopg.OperationalError,  # away, shutting down, out of room, a deadlock, a lock or statement that took too long
    psycopg.InterfaceError,  # the connection is closed
    errors.IdleInTransactionSessionTimeout,
    errors.ReadOnlySqlTransaction,  # a server that is being replaced
)

# How libpq says why there is no connection; it gives no code, and the text may hold parts of the address.
_REFUSALS = {
    r"password|authentication|pg_hba|role .* does not exist": "user or password are not what it expects: see "
    "DATABASE_URL",
    r"database .* does not exist": "there is no database of that name: make one (createdb), or see DATABASE_URL",
    r"is bad|URI|percent-encoded": "DATABASE_URL is no address: write postgresql://USER:PASSWORD@HOST:5432/NAME, and "
    "what is neither a letter nor a digit in user or password as %XX (an @ is %40)",
}

_log = logging.getLogger(__name__)


class _Connection:
    """A connection that runs queries by name. It belongs to the thread that uses it."""

    def __init__(self, raw: "psycopg.Connection[DictRow]", sql: dict[str, bytes]) -> None:
        self.raw = raw
        self._sql = sql

    def run(self, query: str, /, **parameters: str | int | bytes | None) -> int:
        return self.raw.execute(self._sql[query], parameters).rowcount

    def one(self, query: str, /, **parameters: str | int | bytes | None) -> Row | None:
        return self.raw.execute(self._sql[query], parameters).fetchone()

    def all(self, query: str, /, **parameters: str | int | bytes | None) -> list[Row]:
        return list(self.raw.execute(self._sql[query], parameters).fetchall())


class PostgresStore:
    """One database, that other processes may share. A result is released only after its commit."""

    def __init__(
        self,
        url: str,
        *,
        holder: str | None = None,
        stuck: timedelta = timedelta(seconds=5),
        writers: int = WRITERS,
        readers: int = READERS,
    ) -> None:
        """A transaction about a person is refused unless *holder* has the lease on their shard; without one nobody
        needs it. *stuck* is for how long one may do nothing before the server ends it. Raises TenfoldError."""
        self._url = url
        self._stuck = stuck
        self._sql = {name: _statement(sql) for name, sql in queries("postgres").items()}
        self._holder = holder
        self._complaining = threading.Lock()
        self._complained_at: float | None = None
        self._closed = False
        self._unclean = False
        self._cleaning: asyncio.Task[None] | None = None
        self._cleaner: psycopg.Connection[DictRow] | None = None
        self._threads = threading.local()
        self._connections: set[psycopg.Connection[DictRow]] = set()
        try:
            with psycopg.connect(url, autocommit=True, connect_timeout=10) as connection:
                _migrate(connection)
        except psycopg.Error as error:
            raise TenfoldError(f"the database can't be opened: {cure(error)}") from None
        self._writing = ThreadPoolExecutor(writers, thread_name_prefix="writer")
        self._reading = ThreadPoolExecutor(readers, thread_name_prefix="reader")

    async def transact(self, work: Callable[[Transaction], T], *, person: int | None = None) -> T:
        if self._closed:
            raise RuntimeError("the store is closed")
        loop = asyncio.get_running_loop()
        job = loop.run_in_executor(self._writing, self._transact, work, person)
        return await asyncio.shield(job)  # who no longer waits has handed it in all the same

    async def read(self, work: Callable[[Transaction], T]) -> T:
        loop, pause = asyncio.get_running_loop(), _PAUSE
        while True:
            try:
                return await loop.run_in_executor(self._reading, self._read, work)
            except _PASSING as error:
                if self._closed or isinstance(error, errors.ReadOnlySqlTransaction):  # *work* tried to write
                    raise
                self._complain(error)
                await asyncio.sleep(pause)
                pause = min(_LONGEST, 2 * pause)

    async def scrub(self) -> bool:
        """The tables have forgotten already. Beside all else the server is told to clear up after that at once, though
        it overwrites only what it needs again: of 51 texts that were deleted 41 could still be read in the table's file
        after VACUUM, none after VACUUM FULL, and all in the server's log (PostgreSQL 18)."""
        self._unclean = True
        if self._cleaning is None or self._cleaning.done():
            self._cleaning = asyncio.create_task(asyncio.to_thread(self._clean))
        return True

    def _clean(self) -> None:
        with suppress(*_PASSING), self._connected() as connection:
            self._cleaner = connection
            connection.execute(b"SET statement_timeout = 0")
            while self._unclean and not self._closed:
                self._unclean = False
                connection.execute(b"VACUUM (SKIP_LOCKED, PARALLEL 0)")

    async def listen(self, channel: str, heard: Callable[[str], None]) -> None:
        loop = asyncio.get_running_loop()
        stopping = threading.Event()

        def tell(said: str) -> None:
            with suppress(RuntimeError):  # the loop is closed: nobody listens any more
                loop.call_soon_threadsafe(heard, said)

        def listen() -> None:
            pause = _PAUSE
            while not stopping.is_set():
                with suppress(*_PASSING), self._connected() as connection:
                    connection.execute(f"LISTEN {channel}".encode())
                    pause = _PAUSE
                    tell("")
                    while not stopping.is_set():
                        for each in connection.notifies(timeout=0.5):
                            tell(each.payload)
                        connection.execute(b"SELECT 1")  # or a connection that was cut would never be noticed
                stopping.wait(pause)
                pause = min(_LONGEST, 2 * pause)

        thread = threading.Thread(target=listen, name="listener", daemon=True)
        thread.start()
        try:
            await asyncio.Event().wait()
        finally:
            stopping.set()

    async def close(self) -> None:
        self._closed = True
        if self._cleaning and not self._cleaning.done() and self._cleaner:
            self._cleaner.cancel_safe(timeout=1)
            await self._cleaning
        for executor in (self._writing, self._reading):
            await asyncio.to_thread(executor.shutdown)
        for connection in self._connections:
            connection.close()

    # In a thread

    def _transact(self, work: Callable[[Transaction], T], person: int | None) -> T:
        try:
            try:
                connection = self._begun(person)
                result = work(connection)
                if connection.raw.info.transaction_status is TransactionStatus.INERROR:
                    # COMMIT would undo everything and raise nothing.
                    raise RuntimeError("an error of the database's was swallowed: nothing is stored after one")
                connection.raw.execute(b"COMMIT")
            except BaseException:
                self._roll_back()
                raise
        except _PASSING as error:
            self._complain(error)
            raise Unwritten(_named(error)) from None
        self._complain(None)
        return result

    def _begun(self, person: int | None) -> _Connection:
        """This thread's connection, with a transaction begun. One that broke while nobody used it is replaced: nothing
        was done yet."""
        connection = self._mine()
        try:
            self._begin(connection.raw, person)
        except _PASSING:
            if not connection.raw.closed:
                raise
            connection = self._mine()
            self._begin(connection.raw, person)
        return connection

    def _begin(self, raw: "psycopg.Connection[DictRow]", person: int | None) -> None:
        """Begin a transaction, in one go with all the locks it needs. Raises Elsewhere."""
        statements, holder = ["BEGIN"], self._holder
        if person is not None and holder is not None:
            statements.append(f"SELECT pg_advisory_xact_lock_shared({LEASES}, {shard(person)})")
        if person is not None:
            statements.append(f"SELECT pg_advisory_xact_lock({person})")
        if person is not None and holder is not None:
            # A statement of its own: it has to see what was committed while the lock was waited for.
            statements.append(f"SELECT holder FROM lease WHERE name = '{shard(person)}'")  # noqa: S608 - a number
        cursor = raw.execute("; ".join(statements).encode(), prepare=False)
        if person is not None and holder is not None:
            while cursor.nextset():
                pass
            row = cursor.fetchone()
            if row is None or row["holder"] != holder:
                raise Elsewhere

    def _read(self, work: Callable[[Transaction], T]) -> T:
        connection = self._mine()
        try:
            connection.raw.execute(b"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            return work(connection)
        finally:
            self._roll_back()

    def _mine(self) -> _Connection:
        """This thread's connection."""
        connection: _Connection | None = getattr(self._threads, "connection", None)
        if connection is None or connection.raw.closed:
            if connection is not None:
                self._connections.discard(connection.raw)
            connection = self._threads.connection = _Connection(self._connect(), self._sql)
            self._connections.add(connection.raw)
        return connection

    def _roll_back(self) -> None:
        """End this thread's transaction, or its connection if that can't be done."""
        connection: _Connection | None = getattr(self._threads, "connection", None)
        if connection is None:
            return
        try:
            connection.raw.execute(b"ROLLBACK")
        except psycopg.Error:
            connection.raw.close()

    def _connect(self) -> "psycopg.Connection[DictRow]":
        lost = self._stuck / timedelta(milliseconds=1)
        connection = psycopg.connect(
            self._url,
            autocommit=True,  # transactions are begun by hand, in one go with their locks
            row_factory=dict_row,
            connect_timeout=5,
            keepalives_idle=5,
            keepalives_interval=2,
            keepalives_count=3,
            tcp_user_timeout=int(2 * lost),
        )
        settings = {
            "idle_in_transaction_session_timeout": int(lost),
            "lock_timeout": int(2 * lost),
            "statement_timeout": 60_000,
            "tcp_keepalives_idle": 5,
            "tcp_keepalives_interval": 2,
            "tcp_keepalives_count": 3,
            "tcp_user_timeout": int(2 * lost),
        }
        connection.execute("; ".join(f"SET {name} = {value}" for name, value in settings.items()).encode())
        return connection

    @contextmanager
    def _connected(self) -> "Iterator[psycopg.Connection[DictRow]]":
        """A connection of its own, closed at the end."""
        connection = self._connect()
        try:
            yield connection
        finally:
            connection.close()

    def _complain(self, error: BaseException | None) -> None:
        """Say that the database can't be used when that begins, once a minute, and when it is over."""
        with self._complaining:
            now = time.monotonic()
            if error is not None:
                if self._complained_at is None or now - self._complained_at >= _COMPLAIN_EVERY:
                    _log.error("the database can't be used (%s): is it running? Trying again", _named(error))
                    self._complained_at = now
            elif self._complained_at is not None:
                _log.warning("the database can be used again")
                self._complained_at = None


def _statement(sql: str) -> bytes:
    """*sql* as psycopg wants its parameters."""
    return _PARAMETER.sub(r"%(\1)s", sql.replace("%", "%%")).encode()


def _named(error: BaseException) -> str:
    """What PostgreSQL or Python calls *error*."""
    return type(error).__name__


def cure(error: psycopg.Error) -> str:
    """What to do about *error*. Its text may quote the address and is not repeated."""
    if isinstance(error, errors.InsufficientPrivilege):
        return "this user may not make tables in it: make the database theirs"
    for pattern, cure in _REFUSALS.items():
        if re.search(pattern, str(error)):
            return cure
    return f"see that PostgreSQL is running and that DATABASE_URL leads to it ({_named(error)})"


def _migrate(connection: "psycopg.Connection[Any]") -> None:
    """Bring the schema up to the newest. Whoever comes second waits, and finds it done."""
    if connection.info.server_version < OLDEST:
        raise TenfoldError(f"PostgreSQL {OLDEST // 10000} or newer is needed: update the server first")
    connection.execute(f"SELECT pg_advisory_lock({LEASES}, {SHARDS})".encode())
    try:
        applied = _applied(connection)
        known = migrations()
        if newer := applied - {name for name, _sql in known}:
            raise TenfoldError(f"this database was made by a newer Tenfold ({max(newer)}): update Tenfold first")
        for name, sql in known:
            if name not in applied:
                with connection.transaction():
                    # Text sorts by its bytes, as it does on SQLite, whatever language the database was made for.
                    connection.execute(re.sub(r"\bTEXT\b", 'TEXT COLLATE "C"', sql).encode(), prepare=False)
                    connection.execute("INSERT INTO migration (name) VALUES (%s)", (name,))
    finally:
        connection.execute(f"SELECT pg_advisory_unlock({LEASES}, {SHARDS})".encode())


def _applied(connection: "psycopg.Connection[Any]") -> set[str]:
    """The migrations that the database has been through. Raises TenfoldError if it is somebody else's."""
    tables = _tables(connection)
    if "migration" not in tables:
        if tables:
            raise TenfoldError("this database holds something else: give Tenfold one of its own")
        connection.execute('CREATE TABLE migration (name TEXT COLLATE "C" NOT NULL PRIMARY KEY)')
    return {name for (name,) in connection.execute("SELECT name FROM migration")}


def _tables(connection: "psycopg.Connection[Any]") -> set[str]:
    query = b"SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
    return {name for (name,) in connection.execute(query)}


# Whoever moves journals here, or looks how things are

_ON_THE_SCHEMA = (LEASES, SHARDS)
"""The lock that every start waits for."""


@contextmanager
def alone(url: str) -> "Iterator[psycopg.Connection[Any]]":
    """A transaction on the database at *url*, brought up to the newest schema, in which nobody else sees or writes
    anything there. A bot that starts meanwhile waits for its end. Raises TenfoldError and psycopg.Error."""
    with psycopg.connect(url, autocommit=True, connect_timeout=10) as connection:
        try:
            connection.execute(b"SET lock_timeout = 10000")
            # Until the connection is closed.
            connection.execute(b"SELECT pg_advisory_lock(%s, %s)", _ON_THE_SCHEMA)
            _migrate(connection)
            _refuse_if_used(connection)
            with connection.transaction():
                tables = ", ".join(sorted(_tables(connection)))
                connection.execute(f"LOCK TABLE {tables} IN ACCESS EXCLUSIVE MODE".encode())
                _refuse_if_used(connection)  # now that no other can join
                connection.execute(
                    b"SELECT set_config(name, '0', true) FROM pg_settings WHERE name IN ('lock_timeout', "
                    b"'statement_timeout', 'transaction_timeout', 'idle_in_transaction_session_timeout')"
                )
                yield connection
        except errors.LockNotAvailable:
            raise TenfoldError(
                "somebody is using that PostgreSQL database: stop them, or wait until they are done"
            ) from None


def _refuse_if_used(connection: "psycopg.Connection[Any]") -> None:
    if alive := _alive(connection):
        raise TenfoldError(
            f"Tenfold is running on that PostgreSQL database (processes: {alive}). Stop it first; if it was killed, "
            "wait half a minute"
        )


def _alive(connection: "psycopg.Connection[Any]") -> int:
    """How many processes share the database just now."""
    return len(connection.execute(_statement(queries("postgres")["replicas_alive"])).fetchall())


class Look(NamedTuple):
    """How a database is. *applied* are the migrations it has been through, *alive* the processes that use it, *size*
    its bytes. If it is *busy*, being moved into or migrated just now, no more than that is known."""

    version: str
    busy: bool
    applied: frozenset[str] = frozenset()
    alive: int = 0
    size: int = 0


def look(url: str) -> Look:
    """How the database at *url* is; nothing is changed in it. Raises TenfoldError."""
    try:
        with psycopg.connect(url, autocommit=True, connect_timeout=5) as connection:
            connection.execute(b"SET statement_timeout = 10000")
            if connection.info.server_version < OLDEST:
                raise TenfoldError(f"PostgreSQL {OLDEST // 10000} or newer is needed: update the server first")
            version = connection.info.parameter_status("server_version") or ""
            lock = "locktype = 'advisory' AND classid = %s AND objid = %s AND database = pg_database.oid"
            busy = f"SELECT 1 FROM pg_locks, pg_database WHERE {lock} AND datname = current_database()"  # noqa: S608
            if connection.execute(busy.encode(), _ON_THE_SCHEMA).fetchone():
                return Look(version, busy=True)
            applied = frozenset(_applied(connection)) if _tables(connection) else frozenset[str]()
            alive = _alive(connection) if "replica" in _tables(connection) else 0
            (size,) = connection.execute(b"SELECT pg_database_size(current_database())").fetchone() or (0,)
            return Look(version, busy=False, applied=applied, alive=alive, size=size)
    except psycopg.Error as error:
        raise TenfoldError(cure(error)) from None
