"""A database of Tenfold's own making with very many people in it, filled by the shortest way there is.

Everybody was here before: a city, a note in the journal, and a check-in that is planned. What would be done for them at
the first start is marked as done.
"""

import contextlib
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, LiteralString

import psycopg

from bench.session import shared
from bot.schedule import zone_data
from bot.store import SHARDS, open_store, stamp

_PERSON: LiteralString = (
    "person (id, chat, name, language, state, city, zone, length, unanswered, joined_at, seen_at, counter)"
)
_DUE: LiteralString = "due (person, kind, subject, at)"
_ANSWER: LiteralString = "answer (person, id, question, text, folded, said_at)"
_FACT: LiteralString = "fact (name, value)"


async def fill(database: str, people: range, due: Callable[[int], datetime]) -> None:
    """Make *database* one with *people* in it, each of whom has a check-in planned at the instant *due*."""
    await open_store(database).close()
    joined = stamp(min(map(due, people[:1])) - timedelta(days=3))

    def planned() -> Iterator[tuple[Any, ...]]:
        for person in people:
            at = due(person)
            yield person, "check-in", f"{at:%Y-%m-%d}", stamp(at)

    who = ((id, id, f"P{id}", "en", "here", "Porto", "Europe/Lisbon", "short", 0, joined, joined, 9) for id in people)
    said = ((id, 1, "note", "the bees are back", " the bee be back ", joined) for id in people)
    # Or everybody's next check-in would be computed again at the first start, as after every change of the zones.
    names = ("zone data", *(f"zone data {number}" for number in range(SHARDS)))
    known = ((name, zone_data()) for name in names)
    tables: Sequence[tuple[LiteralString, Iterable[tuple[Any, ...]]]] = (
        (_PERSON, who),
        (_DUE, planned()),
        (_ANSWER, said),
        (_FACT, known),
    )
    (_copy if shared(database) else _insert)(database, tables)


def _insert(database: str, tables: Sequence[tuple[LiteralString, Iterable[tuple[Any, ...]]]]) -> None:
    with contextlib.closing(sqlite3.connect(database.removeprefix("sqlite:///"), isolation_level=None)) as file:
        # Only while it is made: nothing of it would be missed.
        file.execute("PRAGMA journal_mode = OFF")
        file.execute("PRAGMA synchronous = OFF")
        file.execute("BEGIN")
        for table, rows in tables:
            file.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * (table.count(',') + 1))})", rows)
        file.execute("COMMIT")
        file.execute("PRAGMA journal_mode = WAL")


def _copy(database: str, tables: Sequence[tuple[LiteralString, Iterable[tuple[Any, ...]]]]) -> None:
    with psycopg.connect(database, autocommit=True) as connection:
        # Nobody is looked up who was copied just before.
        connection.execute("SET session_replication_role = replica")
        for table, rows in tables:
            with connection.transaction(), connection.cursor().copy(f"COPY {table} FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        tidy(database)


def tidy(database: str) -> None:
    """What the server does by itself in time, and what its size is told after: forget what is gone, and count."""
    if shared(database):
        with psycopg.connect(database, autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE")


def size(database: str) -> int:
    """Bytes of all tables and indices, without what is free for new rows."""
    if shared(database):
        with psycopg.connect(database) as connection:
            row = connection.execute("SELECT pg_database_size(current_database())").fetchone()
            assert row is not None
            return int(row[0])
    with contextlib.closing(sqlite3.connect(database.removeprefix("sqlite:///"))) as file:
        pages, free, page = (
            file.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "freelist_count", "page_size")
        )
        return int((pages - free) * page)


def change(database: str, sql: LiteralString, *parameters: object) -> None:
    """Change the *database* behind a running bot's back; *sql* has ? where its *parameters* go."""
    if shared(database):
        with psycopg.connect(database, autocommit=True) as connection:
            connection.execute(sql.replace("?", "%s"), parameters)
    else:
        with contextlib.closing(sqlite3.connect(database.removeprefix("sqlite:///"), timeout=30)) as file, file:
            file.execute(sql, parameters)
