"""What SQLite leaves behind in its file although `secure_delete` is on, and how it is wiped.

`secure_delete` overwrites a row with zeros where it lies when it is deleted. But when a page gets too full, SQLite
moves some of its rows to another page and rebuilds the first one without them, and in the gap between the first page's
directory and its rows the bytes of those that moved away stay as they were. If they are deleted later, they are
overwritten in their new place, and the copy in the old gap stays: after random changes to some 4,000 rows, up to ten
texts of people who had been erased could still be read in the file (SQLite 3.40; the tests show it).

Nothing ever reads a gap, so it can be wiped behind SQLite's back, torn writes and all, as long as nobody has a newer
version of the page: the write-ahead log has to be empty, and whoever writes has to forget the pages in its memory.
"""

import os
import threading
from collections.abc import Iterable
from io import FileIO
from pathlib import Path
from typing import NamedTuple

__all__ = ["Leftovers"]

_AT_ONCE = 1 << 20
"""Bytes that are read in one go."""

_MOST = 2 << 24
"""Pages from which on the number of a page can look like the type of another one: such files (128 GB) are let be."""

_TABLES_AND_INDEXES = {2: 12, 5: 12, 10: 8, 13: 8}
"""The types of pages with rows in them and how long their headers are (SQLite's file format, 1.6)."""


class _Shape(NamedTuple):
    """How a database file is laid out, in bytes: its pages, and what of each SQLite uses."""

    page: int
    usable: int


class Leftovers:
    """The gaps in the pages of one database file.

    Closing any handle on a database's file drops the locks that SQLite has on it in this process. So this is opened
    before the first connection and closed after the last.
    """

    def __init__(self, file: Path) -> None:
        self._one_look = threading.Lock()  # one that nobody waits for any more may still go on
        self._looking = file.open("rb", buffering=0)
        try:
            self._wiping = file.open("r+b", buffering=0)
        except BaseException:
            self._looking.close()
            raise

    def close(self) -> None:
        """Let go of the file."""
        self._looking.close()
        self._wiping.close()

    def pages(self) -> list[int]:
        """The pages with something in their gaps. May run beside whoever writes: what changes meanwhile is looked at
        once more when it is wiped. Raises OSError."""
        with self._one_look:
            return self._pages()

    def _pages(self) -> list[int]:
        shape = _shape(self._looking)
        if shape is None or os.fstat(self._looking.fileno()).st_size // shape.page >= _MOST:
            return []
        found: list[int] = []
        number = 0
        self._looking.seek(0)
        while block := self._looking.read(max(_AT_ONCE, shape.page)):
            for at in range(0, len(block), shape.page):
                number += 1
                if _gap(block[at : at + shape.page], number, shape):
                    found.append(number)
        return found

    def wipe(self, pages: Iterable[int]) -> None:
        """Overwrite the gaps of *pages* with zeros, on the disk. The log must be empty and nobody may be writing.
        Raises OSError."""
        shape = _shape(self._wiping)
        if shape is None:
            return
        for number in pages:
            start = (number - 1) * shape.page
            self._wiping.seek(start)
            if gap := _gap(self._wiping.read(shape.page), number, shape):
                self._wiping.seek(start + gap.start)
                self._wiping.write(bytes(len(gap)))
        os.fsync(self._wiping.fileno())


def _shape(file: FileIO) -> _Shape | None:
    file.seek(0)
    header = file.read(100)
    if len(header) < 100 or not header.startswith(b"SQLite format 3\0"):
        return None
    size = int.from_bytes(header[16:18], "big")
    page = 65536 if size == 1 else size
    return _Shape(page, page - header[20]) if page >= 512 else None


def _gap(page: bytes, number: int, shape: _Shape) -> range | None:
    """Where in *page* the gap is, if there is anything in it."""
    if len(page) < shape.page:
        return None
    head = 100 if number == 1 else 0
    length = _TABLES_AND_INDEXES.get(page[head])
    if length is None:
        return None
    start = head + length + 2 * int.from_bytes(page[head + 3 : head + 5], "big")
    end = int.from_bytes(page[head + 5 : head + 7], "big") or 65536
    if not start < end <= shape.usable or page.count(0, start, end) == end - start:
        return None
    return range(start, end)
