"""From SQLite to PostgreSQL: everything is carried over, checked to the letter on both sides, and counts at once.

The target is filled in one transaction, in which nobody else sees it or writes to it: whenever the move dies, the
target is what it was before. Tables are read in one moment and copied in pages, so memory doesn't grow with them. At
the end a digest is made for each person on both sides, over all their rows and the bytes of all their files, in the
order of their keys; unless all of them are the same nothing is kept.

It can be run again: the fact `moved` holds the digest of what a move brought. As long as the target is just that, it
is emptied and filled again; a target in which anything happened since, or that was filled by anybody else, is refused.

What belongs to processes (leases, replicas) stays behind. Of facts the source's are carried, and the target's own stay:
a bot may have been started there and have kept its secret.
"""

import asyncio
import heapq
import json
import os
import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from itertools import groupby, islice, zip_longest
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple

import psycopg

from bot.errors import TenfoldError
from bot.store import PIECE, stamp
from bot.store.postgres import alone, cure
from bot.store.soundness import beside, connect, named
from bot.store.sqlite import SQLiteStore

__all__ = ["Moved", "move"]

PAGE = 5000
"""Rows that are copied by one statement: the server remembers each until its end."""

_APART = {"replica", "lease", "fact", "file"}
"""Tables that are not carried row by row: processes have the first two, and the bytes of files lie beside SQLite."""

_MOVED = "moved"
"""The fact that holds the digest of what a move brought."""

_NOBODY = -1 << 64
"""Whose the rows are that belong to nobody yet."""

_TYPES = {"TEXT": "text", "BIGINT": "int8", "BYTEA": "bytea"}

Watch = Callable[[str], None]
"""Told each named point that is passed. Fault tests die there."""

Digests = Iterator[tuple[int, bytes]]
"""Whose, and the digest of all that is theirs, ascending."""


class Moved(NamedTuple):
    """What was moved. *mended* texts held signs that PostgreSQL can't hold; those are left out."""

    people: int
    rows: int
    files: int
    mended: int


def unwatched(_point: str) -> None:
    """Nobody watches."""


def move(
    source: Path,
    target: str,
    *,
    replace: bool = False,
    tell: Callable[[int, int], None] = lambda _done, _all: None,
    watch: Watch = unwatched,
) -> Moved:
    """Make the PostgreSQL database at the address *target* hold what the SQLite file *source* holds, which nobody may
    be using. With *replace* whatever the target holds is emptied first. *tell* hears how many of all steps are done.
    Raises TenfoldError; the target is what it was then, with the newest schema."""
    if not source.is_file():
        raise TenfoldError(f"{source} is not there, so there is nothing to move: name the SQLite file with all of it")
    held = SQLiteStore(str(source))  # as a running bot would hold it, damage looked for and schema brought up to date
    try:
        with _told(source):
            with closing(connect(source, "mode=ro")) as here, alone(target) as there:
                watch("begun")
                media = beside(source, ".media")
                moved = _Move(_Source(here, media), _Target(there), tell, watch).done(replace=replace)
            watch("committed")
            return moved
    finally:
        asyncio.run(held.close())


@contextmanager
def _told(source: Path) -> Iterator[None]:
    """What goes wrong is told with its cure."""
    try:
        yield
    except psycopg.Error as error:
        raise TenfoldError(f"nothing was moved: {cure(error)}. Then run it again") from None
    except sqlite3.Error as error:
        raise TenfoldError(f"nothing was moved: {source} can't be read ({named(error)})") from error
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else type(error).__name__
        raise TenfoldError(f"nothing was moved: {error.filename or source}: {reason}") from error


class _Table(NamedTuple):
    """A table, its columns, and the order in which it is read on both sides: by person first, so by *whose*."""

    name: str
    columns: tuple[str, ...]
    types: tuple[str, ...]
    order: str
    whose: int

    @property
    def select(self) -> str:
        """All of it, in order."""
        return f"SELECT {', '.join(self.columns)} FROM {self.name} ORDER BY {self.order}"  # noqa: S608 - our own names


class _File(NamedTuple):
    """A file that somebody sent, in the order of its fields."""

    person: int
    id: int
    kept_at: str
    path: Path

    def pieces(self) -> Iterator[tuple[int, int, int, bytes, str]]:
        """Its rows in the database; an empty file has one, too."""
        with self.path.open("rb") as file:
            part, piece = 0, file.read(PIECE)
            while piece or not part:
                yield self.person, self.id, part, piece, self.kept_at
                part, piece = part + 1, file.read(PIECE)


class _Source:
    """A moment of a SQLite database, and the files beside it."""

    def __init__(self, connection: sqlite3.Connection, media: Path) -> None:
        self.mended = 0
        self._connection = connection
        self._connection.text_factory = self._text
        self._connection.execute("BEGIN")
        self._media = media
        names = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB '*sqlite_*' "
            "ORDER BY name <> 'person'"  # which the others refer to
        ).fetchall()
        self.tables = [self._table(name) for (name,) in names if name not in _APART]

    def _table(self, name: str) -> _Table:
        found = self._connection.execute(f"PRAGMA table_info({name})").fetchall()
        columns = [column for _number, column, *_rest in found]
        keys = [column for _number, column, _type, _filled, _default, key in sorted(found, key=itemgetter(5)) if key]
        whose = {"person": "id", "spent": "whose"}.get(name, "person")
        filled = next(filled for _number, column, _type, filled, *_rest in found if column == whose)
        first = whose if filled else f"{whose} NULLS FIRST"
        order = ", ".join([first, *(key for key in keys if key != whose)])
        return _Table(name, tuple(columns), tuple(_TYPES[each[2]] for each in found), order, columns.index(whose))

    def _text(self, raw: bytes) -> str:
        """A text as PostgreSQL can hold it: NUL and halves of characters are what journals never hold, but who knows
        what is in a message that nobody read yet."""
        try:
            text = raw.decode()
        except UnicodeDecodeError:
            text = raw.decode(errors="ignore")
            self.mended += 1
        if "\0" in text:
            text = text.replace("\0", "")
            self.mended += 1
        return text

    def count(self, table: _Table) -> int:
        (number,) = self._connection.execute(f"SELECT COUNT(*) FROM {table.name}").fetchone()  # noqa: S608 - ours
        return int(number)

    def rows(self, table: _Table) -> Iterator[tuple[Any, ...]]:
        return iter(self._connection.execute(table.select))

    def facts(self) -> list[tuple[str, str]]:
        return self._connection.execute("SELECT name, value FROM fact").fetchall()

    def files(self) -> Iterator[_File]:
        """Every file that belongs to something, in order. What is half fetched, or lost its row, stays behind."""
        for person in _numbers(self._media):
            rows = self._connection.execute("SELECT id FROM media WHERE person = ?", (person,)).fetchall()
            wanted = {id for (id,) in rows}
            for id in _numbers(self._media / str(person)):
                if id in wanted:
                    path = self._media / str(person) / str(id)
                    yield _File(person, id, stamp(datetime.fromtimestamp(path.stat().st_mtime, UTC)), path)

    def digests(self) -> Digests:
        files = (_digest_of_file(rows) for _key, rows in groupby(self._pieces(), itemgetter(0, 1)))
        return _digests([*((_told_rows(table, self.rows(table))) for table in self.tables), files])

    def _pieces(self) -> Iterator[tuple[int, int, int, bytes, str]]:
        return (piece for file in self.files() for piece in file.pieces())


class _Target:
    """A PostgreSQL database of which nobody else sees or changes anything meanwhile."""

    def __init__(self, connection: "psycopg.Connection[Any]") -> None:
        self._connection = connection
        self._cursors = 0

    def count(self, table: str) -> int:
        return int(self._connection.execute(f"SELECT COUNT(*) FROM {table}".encode()).fetchone()[0])  # type: ignore[index]  # noqa: S608

    def dismiss(self) -> None:
        """Whatever process was stopped and goes on later has nothing to look after any more."""
        self._connection.execute(b"UPDATE lease SET holder = NULL")
        self._connection.execute(b"DELETE FROM replica")

    def is_empty(self, tables: Iterable[_Table]) -> bool:
        there = " OR ".join(f"EXISTS (SELECT 1 FROM {name})" for name in (*(each.name for each in tables), "file"))  # noqa: S608
        return not self._connection.execute(f"SELECT {there}".encode()).fetchone()[0]  # type: ignore[index]

    def empty(self, tables: Iterable[_Table], *, facts: bool) -> None:
        names = [*(each.name for each in tables), "file", *(["fact"] if facts else [])]
        self._connection.execute(f"TRUNCATE {', '.join(names)}".encode())

    def add(self, table: str, columns: Iterable[str], types: Iterable[str], rows: Iterable[tuple[Any, ...]]) -> None:
        into = f"COPY {table} ({', '.join(columns)}) FROM STDIN (FORMAT BINARY)"
        with self._connection.cursor() as cursor, cursor.copy(into.encode()) as copy:
            copy.set_types(list(types))
            for row in rows:
                copy.write_row(row)

    def fact(self, name: str) -> str | None:
        row = self._connection.execute("SELECT value FROM fact WHERE name = %s", (name,)).fetchone()
        return row[0] if row else None

    def set_fact(self, name: str, value: str) -> None:
        self._connection.execute(
            "INSERT INTO fact (name, value) VALUES (%s, %s) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            (name, value),
        )

    def analyze(self) -> None:
        self._connection.execute("ANALYZE")

    def digests(self, tables: Iterable[_Table]) -> Digests:
        pieces = self._rows("SELECT person, id, part, content, kept_at FROM file ORDER BY person, id, part", 4)
        files = (_digest_of_file(rows) for _key, rows in groupby(pieces, itemgetter(0, 1)))
        return _digests([*(_told_rows(table, self._rows(table.select, 1000)) for table in tables), files])

    def _rows(self, select: str, at_once: int) -> Iterator[tuple[Any, ...]]:
        self._cursors += 1
        with self._connection.cursor(f"rows{self._cursors}") as cursor:
            cursor.itersize = at_once
            yield from cursor.execute(select.encode(), binary=True)


class _Move:
    """One move, step by step."""

    def __init__(self, source: _Source, target: _Target, tell: Callable[[int, int], None], watch: Watch) -> None:
        self._source = source
        self._target = target
        self._tell = tell
        self._watch = watch
        self._counts = {table.name: source.count(table) for table in source.tables}
        self._files = sum(1 for _file in source.files())
        # Each row is written once, and each person is looked at once in the end.
        self._all = sum(self._counts.values()) + self._files + self._counts["person"]
        self._done = 0

    def done(self, *, replace: bool) -> Moved:
        tables = self._source.tables
        self._target.dismiss()
        if not self._target.is_empty(tables):
            if not replace:
                self._look_that_nothing_happened()
            self._target.empty(tables, facts=replace)
            self._watch("emptied")
        for table in tables:
            rows = self._source.rows(table)
            while page := list(islice(rows, PAGE)):
                self._target.add(table.name, table.columns, table.types, page)
                self._advance(len(page))
                self._watch("copying")
        mended = self._source.mended
        for file in self._source.files():
            self._target.add("file", *_FILE, file.pieces())
            self._advance(1)
            self._watch("copying files")
        for name, value in self._source.facts():
            self._target.set_fact(name, value)
        self._target.analyze()
        self._watch("copied")
        self._check_counts()
        self._target.set_fact(_MOVED, self._checked())
        self._watch("checked")
        return Moved(self._counts["person"], sum(self._counts.values()), self._files, mended)

    def _look_that_nothing_happened(self) -> None:
        moved = self._target.fact(_MOVED)
        if moved is None or moved != _whole(self._target.digests(self._source.tables)):
            raise TenfoldError(
                "that PostgreSQL database holds something already, and it is not what a move left there: people may "
                "have talked since. Choose an empty database, or add --replace to lose what is in it"
            )

    def _check_counts(self) -> None:
        for name, number in self._counts.items():
            if (there := self._target.count(name)) != number:
                raise TenfoldError(f"nothing was moved: of {number} rows in {name} {there} arrived. Please tell us")

    def _checked(self) -> str:
        """The digest of everything, once it is known to be the same on both sides."""

        def compared() -> Digests:
            differ = 0
            for here, there in zip_longest(self._source.digests(), self._target.digests(self._source.tables)):
                differ += here != there
                self._advance(1)
                if there:
                    yield there
            if differ:
                raise TenfoldError(f"nothing was moved: not all is the same there. Please tell us (people: {differ})")

        return _whole(compared())

    def _advance(self, steps: int) -> None:
        self._done += steps
        self._tell(min(self._done, self._all), self._all)


_FILE = (("person", "id", "part", "content", "kept_at"), ("int8", "int8", "int8", "bytea", "text"))


def _told_rows(table: _Table, rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[int, bytes]]:
    """Whose each row is, and the row so that any two that differ differ here, too."""
    for row in rows:
        whose = row[table.whose]
        yield _NOBODY if whose is None else whose, json.dumps([table.name, *row]).encode()


def _digest_of_file(rows: Iterable[tuple[int, int, int, bytes, str]]) -> tuple[int, bytes]:
    """Whose a file in pieces is, and what tells it from any other."""
    digest = sha256()
    for number, (person, id, part, content, kept_at) in enumerate(rows):  # noqa: B007 - the last of each
        if part != number:
            digest.update(b"a piece is missing")
        digest.update(content)
    return person, json.dumps(["file", id, kept_at, digest.hexdigest()]).encode()


def _digests(streams: Iterable[Iterator[tuple[int, bytes]]]) -> Digests:
    for whose, rows in groupby(heapq.merge(*streams, key=itemgetter(0)), itemgetter(0)):
        digest = sha256()
        for _whose, row in rows:
            digest.update(row)
        yield whose, digest.digest()


def _whole(digests: Digests) -> str:
    """The digest of all of them together."""
    digest = sha256()
    for whose, each in digests:
        digest.update(b"%d " % whose + each)
    return digest.hexdigest()


def _numbers(folder: Path) -> list[int]:
    """The names in *folder* that are numbers, in order; none if there is no such folder."""
    if not folder.is_dir():
        return []
    return sorted(int(each.name) for each in folder.iterdir() if re.fullmatch(r"-?\d+", each.name, re.ASCII))
