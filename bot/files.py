"""The files that people sent, beside the database: one folder a person, one file for each media id, nobody else's.

A file is written whole under another name and then renamed, so one that is there is complete, and it never changes.
"""

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

LARGEST = 20 << 20
"""Bytes of the largest file that is kept: Telegram hands out no larger one (Bot API 10.0, getFile)."""


class Files:
    """A folder of files. What isn't in it can't be had here."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._passing: set[int] = set()

    def path(self, person: int, id: int) -> Path:
        """Where the file of the media *id* of *person* is, or would be."""
        return self._folder / str(person) / str(id)

    def part(self, person: int, id: int) -> Path:
        """Where to write it first. `keep` then puts it in its place."""
        path = self.path(person, id).with_suffix(".new")
        self._folder.mkdir(mode=0o700, exist_ok=True)
        path.parent.mkdir(mode=0o700, exist_ok=True)
        return path

    def keep(self, person: int, id: int) -> None:
        """The part is complete. Raises OSError."""
        part = self.part(person, id)
        part.chmod(0o600)
        with part.open("rb") as file:
            os.fsync(file.fileno())
        part.replace(self.path(person, id))

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
            path.unlink(missing_ok=True)
            with suppress(OSError):  # other files are in it
                path.parent.rmdir()
            self._passing.discard(id)

    def discard(self, person: int, id: int) -> None:
        """That file is gone, and so is its part."""
        for path in (self.path(person, id), self.path(person, id).with_suffix(".new")):
            with suppress(FileNotFoundError):
                path.unlink()

    def discard_all(self, person: int) -> None:
        """Every file of *person* is gone."""
        shutil.rmtree(self._folder / str(person), ignore_errors=True)

    def uploads(self, before: datetime) -> Iterator[tuple[int, int]]:
        """The person and the id of every upload that came *before* (aware): their ids are below zero."""
        for person, id in self.everything():
            with suppress(FileNotFoundError):
                if id < 0 and self.path(person, id).stat().st_mtime < before.timestamp():
                    yield person, id

    def everything(self) -> Iterator[tuple[int, int]]:
        """The person and the media id of every file, parts too, but none that is only passing."""
        with suppress(FileNotFoundError):
            for folder in self._folder.iterdir():
                for file in folder.iterdir():
                    with suppress(ValueError):
                        if (id := int(file.stem)) not in self._passing:
                            yield int(folder.name), id
