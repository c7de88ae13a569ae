"""The files that people sent: for each media id of a person its bytes, whole or not at all, and never changed.

With SQLite they lie beside the database: one folder a person, one file for each media id, nobody else's. A file is
written under another name and then renamed, so one that is there is complete.

With PostgreSQL they are in the database, in pieces: several processes share no disk, and a hosted one may not stay.
There the first piece is written last, so a file whose first piece is there is complete. On this machine its bytes are
only while somebody needs a path to them, in a folder that belongs to this process alone.
"""

import asyncio
import os
import secrets
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import datetime
from functools import partial
from pathlib import Path

from filelock import FileLock, Timeout

from bot.errors import TenfoldError
from bot.store import PIECE, POSTGRES, Elsewhere, Store, Transaction, insist, stamp

LARGEST = 20 << 20
"""Bytes of the largest file that is kept: Telegram hands out no larger one (Bot API 10.0, getFile)."""

_STRAYS = 1000
"""Files without a row that are told at once: normally there are none."""

_OWN = "tenfold-files-"
"""How the folder of a process begins. Its lock lies beside it and is held for as long as the process lives."""


class Files:
    """A folder of files. What isn't in it can't be had here."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._passing: set[int] = set()

    def part(self, person: int, id: int) -> Path:
        """Where to write it first. `keep` then puts it in its place."""
        path = self._path(person, id).with_suffix(".new")
        self._folder.mkdir(mode=0o700, exist_ok=True)
        path.parent.mkdir(mode=0o700, exist_ok=True)
        return path

    async def keep(self, person: int, id: int) -> None:
        """The part is complete. Raises OSError, and Elsewhere if another process looks after *person* now."""
        await asyncio.to_thread(_put, self.part(person, id), self._path(person, id))

    async def has(self, person: int, id: int) -> bool:
        """Whether that file is here."""
        return self._path(person, id).is_file()

    async def sizes(self, person: int) -> dict[int, int]:
        """The bytes of each file of *person* that is here, by its media id."""
        return await asyncio.to_thread(_sizes, self._folder / str(person))

    @asynccontextmanager
    async def held(self, person: int, id: int) -> AsyncIterator[Path | None]:
        """Where that file can be read, for as long as it is needed; None if it isn't here. Raises OSError."""
        path = self._path(person, id)
        yield path if path.is_file() else None

    @contextmanager
    def passing(self, person: int) -> Iterator[Path]:
        """A new, empty file of *person* for as long as it is needed. What a killed process left of one is listed by
        `everything` from then on, under an id that no media ever has. Raises OSError."""
        id = -1 - secrets.randbits(62)
        path = self.part(person, id)
        self._passing.add(id)
        try:
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
            yield path
        finally:
            _leave(path)
            self._passing.discard(id)

    async def discard(self, person: int, id: int) -> None:
        """That file is gone, and so is its part."""
        for path in (self._path(person, id), self._path(person, id).with_suffix(".new")):
            await asyncio.to_thread(path.unlink, missing_ok=True)

    async def discard_all(self, person: int) -> None:
        """Every file of *person*, whose journal is gone, is gone."""
        await asyncio.to_thread(shutil.rmtree, self._folder / str(person), ignore_errors=True)

    async def uploads(self, before: datetime) -> list[tuple[int, int]]:
        """The person and the id of every upload that came *before* (aware): their ids are below zero."""
        found = []
        for person, id in await self.everything():
            with suppress(FileNotFoundError):
                if id < 0 and self._path(person, id).stat().st_mtime < before.timestamp():
                    found.append((person, id))
        return found

    async def everything(self) -> list[tuple[int, int]]:
        """The person and the media id of every file that may have lost its row, parts too, but none that is only
        passing."""
        found = await asyncio.to_thread(lambda: list(_found(self._folder)))
        return [(person, id) for person, id in found if id not in self._passing]

    def _path(self, person: int, id: int) -> Path:
        return self._folder / str(person) / str(id)


class StoredFiles(Files):
    """Files in a database. *folder* is this process's own: their bytes are in it while they come, go or are read."""

    def __init__(self, store: Store, folder: Path, clock: Callable[[], datetime]) -> None:
        super().__init__(folder)
        self._store = store
        self._clock = clock

    async def keep(self, person: int, id: int) -> None:
        part = self.part(person, id)
        with part.open("rb") as file:
            if await self._begin(person, id):
                first, number = await asyncio.to_thread(file.read, PIECE), 1
                while piece := await asyncio.to_thread(file.read, PIECE):
                    await self._add(person, id, number, piece)
                    number += 1
                await self._add(person, id, 0, first)
        _leave(part)

    async def _begin(self, person: int, id: int) -> bool:
        """Whether that file is still to be written. What an earlier attempt left of it is gone then."""

        def begin(tx: Transaction) -> bool:
            tx.run("file_begin", person=person, id=id)
            return tx.one("file", person=person, id=id) is None

        return await insist(self._store, begin, person=person)

    async def _add(self, person: int, id: int, part: int, content: bytes) -> None:
        """Keep a piece, unless nobody wants the file any more."""

        def add(tx: Transaction) -> int:
            return tx.run("file_add", person=person, id=id, part=part, content=content, kept_at=stamp(self._clock()))

        await insist(self._store, add, person=person)

    async def has(self, person: int, id: int) -> bool:
        return await self._store.read(lambda tx: tx.one("file", person=person, id=id)) is not None

    async def sizes(self, person: int) -> dict[int, int]:
        rows = await self._store.read(lambda tx: tx.all("files", person=person))
        return {row["id"]: row["size"] for row in rows}

    @asynccontextmanager
    async def held(self, person: int, id: int) -> AsyncIterator[Path | None]:
        with self.passing(person) as path:
            yield path if await self._write_down(person, id, path) else None

    async def _write_down(self, person: int, id: int, path: Path) -> bool:
        """Whether the whole of that file is in *path* now."""
        found = await self._store.read(lambda tx: tx.one("file", person=person, id=id))
        with path.open("wb") as file:
            for part in range(found["parts"] if found else 0):
                # A look for each: whoever else reads or writes need not wait for twenty of them.
                look = partial(_piece, person=person, id=id, part=part)
                if (piece := await self._store.read(look)) is None:  # erased meanwhile
                    return False
                await asyncio.to_thread(file.write, piece)
        return found is not None

    async def discard(self, person: int, id: int) -> None:
        await super().discard(person, id)
        with suppress(Elsewhere):  # then whoever looks after them now tidies up as well
            await insist(self._store, lambda tx: tx.run("file_discard", person=person, id=id), person=person)

    async def uploads(self, before: datetime) -> list[tuple[int, int]]:
        rows = await self._store.read(lambda tx: tx.all("file_uploads", before=stamp(before)))
        return [(row["person"], row["id"]) for row in rows]

    async def everything(self) -> list[tuple[int, int]]:
        rows = await self._store.read(lambda tx: tx.all("file_strays", limit=_STRAYS))
        return [(row["person"], row["id"]) for row in rows]


@contextmanager
def open_files(url: str, store: Store, clock: Callable[[], datetime]) -> Iterator[Files]:
    """The files that belong to *store*, the database at *url*. Raises TenfoldError."""
    if url.startswith(POSTGRES):
        with _own_folder() as folder:
            yield StoredFiles(store, folder, clock)
    else:
        yield Files(Path(f"{url.partition(':///')[2]}.media"))


@contextmanager
def _own_folder() -> Iterator[Path]:
    """A new folder that belongs to this process alone, gone at the end; those of processes that were killed go now.
    Raises TenfoldError."""
    place = Path(tempfile.gettempdir())
    for left in place.glob(f"{_OWN}*.lock"):
        with suppress(OSError, Timeout), FileLock(left, timeout=0, is_singleton=False):
            shutil.rmtree(left.with_suffix(""), ignore_errors=True)
            left.unlink()
    folder = place / f"{_OWN}{secrets.token_hex(8)}"
    lock = FileLock(folder.with_suffix(".lock"), mode=0o600, is_singleton=False)
    try:
        lock.acquire()  # before there is a folder that somebody else could take for one that was left
        folder.mkdir(mode=0o700)
    except OSError as error:
        raise TenfoldError(
            f"{place} can't be written ({type(error).__name__}): set TMPDIR to a folder for files that pass through"
        ) from None
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        Path(lock.lock_file).unlink(missing_ok=True)
        lock.release()


def _piece(tx: Transaction, *, person: int, id: int, part: int) -> bytes | None:
    row = tx.one("file_piece", person=person, id=id, part=part)
    return bytes(row["content"]) if row else None


def _put(part: Path, path: Path) -> None:
    part.chmod(0o600)
    with part.open("rb") as file:
        os.fsync(file.fileno())
    part.replace(path)


def _leave(path: Path) -> None:
    """Nothing is at *path* any more, and there is no folder around it unless other files are in it."""
    path.unlink(missing_ok=True)
    with suppress(OSError):
        path.parent.rmdir()


def _sizes(folder: Path) -> dict[int, int]:
    found = {}
    with suppress(FileNotFoundError):
        for file in folder.iterdir():
            with suppress(ValueError, FileNotFoundError):
                found[int(file.name)] = file.stat().st_size
    return found


def _found(folder: Path) -> Iterator[tuple[int, int]]:
    """The person and the id of every file in *folder*."""
    with suppress(FileNotFoundError):
        for each in folder.iterdir():
            for file in each.iterdir():
                with suppress(ValueError):
                    yield int(each.name), int(file.stem)
