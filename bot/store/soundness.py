"""Whether a database can be trusted, found out without changing a byte of it, of its log or of anything beside it.

SQLite recovers by itself from a process that was killed. What it can't tell from that is damage: a page that a failing
disk or a careless copy has overwritten, a file cut short, or a log whose middle is gone, of which it would silently
drop the rest. All that is looked for before a database is opened for writing, so whatever can still be read from a
damaged one can be read later, too.

Looking costs time: all of a file of 525 MB took 0.5 s when it was in memory and 9 s when it was not (SQLite 3.40, two
cores). So after a clean stop a big file has only its header, its length and its schema looked at; after a crash, and
up to `BIG`, every page is. The daily backup reads all pages of any database in the background, and a page that turns
out to be damaged later is told in the log.
"""

import os
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Literal

from sqlite_utils import Database, Migrations

from bot.errors import TenfoldError

__all__ = [
    "Damaged",
    "Foreign",
    "applied",
    "beside",
    "connect",
    "damaged",
    "examine",
    "forget_looks",
    "looking",
    "named",
    "ours",
    "verdict",
    "weight",
]

BIG = 64 << 20
"""Bytes (0.1 s, or 1.1 s where the disk has to be read) up to which every page is looked at at every start."""

_Order = Literal["little", "big"]

_LOOK = ".look-"

_OUR_SCHEMA = b"_sqlite_migrations"


class Damaged(Exception):
    """A database of Tenfold's that can't be trusted. The text says what was found."""


class Foreign(TenfoldError):
    """A file that is not Tenfold's."""

    def __init__(self, file: Path) -> None:
        super().__init__(
            f"{file} holds something else: choose a file of its own; "
            "or if this was a journal of Tenfold's, bring back a backup (tenfold restore)"
        )


def beside(file: Path, end: str) -> Path:
    """The file of that name with *end* behind it."""
    return file.with_name(file.name + end)


def connect(file: Path, mode: str) -> sqlite3.Connection:
    """A connection on *file*, *mode* as in SQLite's URIs. Raises sqlite3.Error."""
    return sqlite3.connect(f"{file.absolute().as_uri()}?{mode}", uri=True, isolation_level=None, timeout=5)


def damaged(error: BaseException | None) -> bool:
    """Whether *error* says that a database is damaged."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


def named(error: BaseException) -> str:
    """What SQLite or Python calls *error*."""
    return str(getattr(error, "sqlite_errorname", type(error).__name__))


def ours(connection: sqlite3.Connection) -> bool:
    """Whether Tenfold may write here: into an empty database or its own. Looking changes nothing."""
    database = Database(connection)
    tables = set(database.table_names()) - {Migrations.migrations_table}
    return not tables or bool(applied(connection))


def applied(connection: sqlite3.Connection) -> set[str]:
    """The names of the migrations that a database has been through."""
    return {step.name for step in Migrations("tenfold").applied(Database(connection))}


def examine(file: Path, *, thorough: bool = False) -> None:
    """Return if *file*, which nobody else may have open, can be written to; *thorough* looks at all of a big one, too.
    Raises Damaged, Foreign, and OSError and sqlite3.Error if it can't be looked at."""
    log = beside(file, "-wal")
    if not file.stat().st_size:
        if weight(log):
            raise Damaged("it is empty, and what was last written lies in its log alone")
        return
    try:
        with looking(file) as connection:
            if not ours(connection):
                raise Foreign(file)
            whole = thorough or weight(log) > 0 or file.stat().st_size <= BIG
            if whole and verdict(connection, "quick_check") != "ok":
                raise Damaged("pages that don't fit together")
    except sqlite3.DatabaseError as error:
        if not damaged(error):
            raise
        if error.sqlite_errorcode == sqlite3.SQLITE_NOTADB and not _was_ours(file):
            raise Foreign(file) from None
        raise Damaged(named(error)) from None


def verdict(connection: sqlite3.Connection, check: str) -> str:
    """What `quick_check` or `integrity_check` says first: ok, if all is well."""
    return str(connection.execute(f"PRAGMA {check}(1)").fetchone()[0])


@contextmanager
def looking(file: Path) -> Iterator[sqlite3.Connection]:
    """A connection that sees what a start would find in *file* and its log, and changes neither. Raises Damaged if the
    log lost what was in its middle, OSError, sqlite3.Error."""
    if not weight(beside(file, "-wal")) and not weight(beside(file, "-journal")):
        with closing(connect(file, "mode=ro&immutable=1")) as connection:
            yield connection
        return
    # Even a reading connection would write into the index of the log. It gets one of its own, in a folder of its own.
    folder = Path(tempfile.mkdtemp(prefix=f"{file.name}{_LOOK}", dir=file.parent))  # nobody else may look into it
    try:
        twin = folder / "db"
        torn = weight(beside(file, "-journal")) > 0  # half a change, that only a writer can take back
        try:
            if torn:
                raise OSError
            os.link(file, twin)
        except OSError:
            shutil.copyfile(file, twin)
        for end in ("-wal", "-journal"):
            with suppress(FileNotFoundError):
                shutil.copyfile(beside(file, end), beside(twin, end))
        with closing(connect(twin, "mode=rw" if torn else "mode=ro")) as connection:
            connection.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()
            (page,) = connection.execute("PRAGMA page_size").fetchone()
            if weight(beside(twin, "-wal")) > 32 and _lost(
                beside(twin, "-wal"), _recovered(beside(twin, "-shm")), page
            ):
                raise Damaged("a part of its log is gone, and there was more behind it")
            yield connection
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def forget_looks(file: Path) -> None:
    """Remove what processes that were killed while they looked left behind: it may hold what is deleted since."""
    for each in file.parent.iterdir():
        if each.name.startswith(f"{file.name}{_LOOK}"):
            shutil.rmtree(each, ignore_errors=True)


def _recovered(index: Path) -> int:
    """How many frames of the log SQLite could use, from its index (SQLite's WAL format, 2.1: mxFrame)."""
    with index.open("rb") as file:
        return int.from_bytes(file.read(20)[16:], sys.byteorder)


def _lost(log: Path, recovered: int, size: int) -> bool:
    """Whether the log, of pages of *size* bytes, holds whole commits behind the first frame that SQLite could not use.

    A commit is on the disk before the next one begins, so a power cut can tear the last commit and none before it. Two
    commits behind a torn place mean that the place was whole once. Each frame's checksum goes on from the one before,
    as it stands there, so frames behind the torn place can be checked as well. What an earlier round of the log left
    behind has other salts than its header.
    """
    with log.open("rb") as file:
        header = file.read(32)
        order: _Order = "big" if header[3:4] == b"\x83" else "little"
        headed = _sums(bytes(8), header[:24], order) == header[24:]
        if not headed:  # nothing was recovered, and whatever follows counts
            order = sys.byteorder
        before, commits = b"", 0
        file.seek(32 + recovered * (24 + size))
        while len(frame := file.read(24 + size)) == 24 + size:
            if headed and frame[8:16] != header[16:24]:
                before = b""
                continue
            if before and frame[4:8] != bytes(4) and _sums(before, frame[:8] + frame[24:], order) == frame[16:24]:
                commits += 1
            before = frame[16:24]
    return commits > 1


def _sums(before: bytes, data: bytes, order: _Order) -> bytes:
    """The checksum of a frame that goes on from *before* (SQLite's file format, 4.2)."""
    first, second = int.from_bytes(before[:4], "big"), int.from_bytes(before[4:], "big")
    words = memoryview(data).cast("I")
    swap = sys.byteorder != order
    for at in range(0, len(words), 2):
        one, two = words[at], words[at + 1]
        if swap:
            one, two = (int.from_bytes(each.to_bytes(4, "little"), "big") for each in (one, two))
        first = (first + one + second) & 0xFFFFFFFF
        second = (second + two + first) & 0xFFFFFFFF
    return first.to_bytes(4, "big") + second.to_bytes(4, "big")


def _was_ours(file: Path) -> bool:
    """Whether there is a trace of Tenfold in what is no database any more."""
    with file.open("rb") as opened:
        return _OUR_SCHEMA in opened.read(1 << 20) or weight(beside(file, "-wal")) > 0


def weight(file: Path) -> int:
    """The bytes of *file*; none if it is not there."""
    try:
        return file.stat().st_size
    except FileNotFoundError:
        return 0
