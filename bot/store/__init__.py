"""Where everything is kept: `transact` runs one function inside one durable transaction, `read` beside the writer.

A function given to `transact` is synchronous and touches nothing but its transaction, since the driver may run it
again: many of them share one fsync, and when such a group is lost each is run alone. SQL lives in `sql/`, by name, in
the dialect that SQLite and PostgreSQL share; `migrations/` holds the schema's steps, which are only ever added.
"""

import asyncio
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from importlib import resources
from pathlib import Path
from typing import Any, Protocol, TypeVar

from bot.errors import TenfoldError

T = TypeVar("T")
Row = Mapping[str, Any]


class Transaction(Protocol):
    """Named queries inside one transaction. Parameters and rows hold only text, numbers, bytes and None. What a query
    raises ends the transaction: whoever catches it lets it go on its way."""

    def run(self, query: str, /, **parameters: str | int | bytes | None) -> int:
        """Run a change; the number of rows it touched."""

    def one(self, query: str, /, **parameters: str | int | bytes | None) -> Row | None:
        """The first row, or None."""

    def all(self, query: str, /, **parameters: str | int | bytes | None) -> list[Row]:
        """Every row."""


class Store(Protocol):
    """One database, held open by this process, and on PostgreSQL by others as well."""

    async def transact(self, work: Callable[[Transaction], T], *, person: int | None = None) -> T:
        """Run *work* in a transaction; its result once that is on disk. Nobody else changes anything of *person*'s
        meanwhile. Raises Unwritten; Elsewhere, if another process looks after *person* now; or what *work* raised."""

    async def read(self, work: Callable[[Transaction], T]) -> T:
        """Run *work* on a reading connection: it sees what is committed, and holds up nobody who writes."""

    async def listen(self, channel: str, heard: Callable[[str], None]) -> None:
        """Call *heard* with what other processes announce on *channel*, and with "" whenever something may have been
        missed. Ends only by cancellation."""

    async def scrub(self) -> bool:
        """Have the disk forget what was deleted, after all that was handed in before. False if that can't be done just
        now, since somebody still reads what was there before: try again later."""

    async def close(self) -> None:
        """Finish what was handed in and close."""


class Unwritten(Exception):
    """The database could not take a change just now (full, busy, away): try again. Nothing of it was stored, or, if a
    connection broke at the very end, all of it: so work must find out by itself that it was done."""


class Elsewhere(Exception):
    """Another process looks after this person now. Nothing was changed."""


SHARDS = 60
"""Parts of all people that can be looked after by different processes: two to six of them have equally many."""


ANNOUNCED = "tenfold"
"""Where replicas announce to each other what they wrote down."""

LEASES = 0x7E4F01D
"""Under this number are Tenfold's advisory locks in PostgreSQL: with a shard's number one on the shard's lease, with
`SHARDS` the one on the schema, with `TURN` that of whose turn it is to take leases. A lock on a person is under the
person's number alone."""

TURN = SHARDS + 1


def shard(person: int) -> int:
    """The part of all people that *person* belongs to, from 0 on."""
    return person % SHARDS


PIECE = 1 << 20
"""Bytes of each piece of a file in the database but its last: a statement, and what is in memory, are no longer."""


async def insist(store: Store, work: Callable[[Transaction], T], *, person: int | None = None) -> T:
    """`transact`, again and again with growing pauses while the database can't take it (the store says so in the log).
    For what must not be lost. Raises Elsewhere, and what *work* raises."""
    pause = 0.2
    while True:
        try:
            return await store.transact(work, person=person)
        except Unwritten:
            await asyncio.sleep(pause)
            pause = min(3.0, pause * 2)


POSTGRES = ("postgresql://", "postgres://")
"""How the address of a PostgreSQL database begins; some platforms write it the second way."""


def open_store(
    url: str, backups: Path | None = None, *, holder: str | None = None, stuck: timedelta = timedelta(seconds=5)
) -> Store:
    """The store at *url* (``sqlite:///FILE`` or ``postgresql://…``), brought up to the newest schema. Raises
    TenfoldError; about a damaged file it names the newest good one in *backups*, the folder of the daily backups.

    On PostgreSQL a transaction that does nothing for as long as *stuck* is ended; and with a *holder*, one about a
    person is refused unless the lease on their shard is the holder's."""
    if url.startswith(POSTGRES):
        from bot.store.postgres import PostgresStore

        return PostgresStore(url, holder=holder, stuck=stuck)
    scheme, _, path = url.partition(":///")
    if scheme != "sqlite" or not path:
        # What was given is not repeated: the address of a database may hold its password.
        raise TenfoldError(
            "DATABASE_URL names no database Tenfold knows: write sqlite:/// and a file's name, or postgresql:// and an "
            "address"
        )
    from bot.store.sqlite import SQLiteStore

    return SQLiteStore(path, backups)


def queries(*more: str) -> dict[str, str]:
    """Every named query that databases share, and those in the files of *more*: in the files of `sql/` a line
    ``-- name`` with nothing else on it starts one."""
    found: dict[str, str] = {}
    folder = resources.files("bot.store").joinpath("sql")
    for file in (folder.joinpath(f"{name}.sql") for name in ("engine", "journal", *more)):
        parts = re.split(r"^-- (\w+)$", file.read_text("utf-8"), flags=re.MULTILINE)
        # Without what is explained: psycopg would ask for a parameter that only a comment speaks of.
        found.update(zip(parts[1::2], (re.sub(r"--.*", "", sql).strip() for sql in parts[2::2]), strict=True))
    return found


def migrations() -> list[tuple[str, str]]:
    """The schema's steps in order, as (name, SQL)."""
    files = resources.files("bot.store").joinpath("migrations").iterdir()
    return sorted((file.name.removesuffix(".sql"), file.read_text("utf-8")) for file in files)


def stamp(at: datetime) -> str:
    """*at* as the database keeps instants: UTC, fixed width, so that text sorts as time does."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def instant(text: str) -> datetime:
    """The instant that `stamp` wrote (aware, UTC)."""
    return datetime.fromisoformat(text)
