"""What a person brings along: a journal.json, the zip of `/export`, or a table of dated notes.

It is somebody's file, so anything may be in it. It is read in a thread, with bounds on everything that grows, and
turned into a Bundle: rows that keep every rule which the journal keeps by itself. Nothing of it says whose it is: that
is known already. What can't be taken is refused as a whole, with the place where it stands and never its words.
"""

import re
import shutil
import struct
import zipfile
import zlib
from pathlib import Path

from bot.domain import Bundle
from bot.errors import Refused
from bot.files import LARGEST
from bot.importing import notes
from bot.importing.unfit import Unfit

__all__ = ["LARGEST_TEXT", "Unfit", "read", "unpack"]

LARGEST_TEXT = 24 << 20
"""Bytes of the largest journal.json. In a zip that a bot can fetch there is hardly room for more, beside journal.md."""

LARGEST_UNPACKED = 64 << 20
"""Bytes of all files in a zip together. The largest zip that `/export` makes holds less."""

_DIRECTORY = 2 << 20
"""Bytes of the largest list of what is in a zip: ten thousand files, which is more than 20 MB hold."""

_END, _END_64 = b"PK\5\6", b"PK\6\7"
_MEDIA = re.compile(r"media/[0-9-]{10}-[a-z]{1,10}-[0-9]{1,13}(?:\.[A-Za-z0-9]{1,8})?", re.ASCII)
_DAMAGED = (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, KeyError, EOFError, ValueError)
"""What the zipfile module raises on a file that is broken, encrypted or odd."""


def read(path: Path, zone: str | None) -> Bundle:
    """What is in the file at *path*; the dates of notes are days in *zone* (an IANA name; None is UTC). Raises Unfit,
    and OSError if it isn't there."""
    with path.open("rb") as file:
        start = file.read(4)
    if start.startswith(b"PK"):
        return _zipped(path)
    if path.stat().st_size > LARGEST_TEXT:
        raise Unfit("much")
    data = path.read_bytes()
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return _journal(data, frozenset())
    return notes.read(data, zone)


def _journal(data: bytes, media: frozenset[str]) -> Bundle:
    # Imports pydantic, which costs memory and a tenth of a second; most bots never need it here.
    from bot.importing import journal

    return journal.read(data, media)


def _zipped(path: Path) -> Bundle:
    try:
        _look_at_its_end(path)
        with zipfile.ZipFile(path) as archive:
            infos = {info.filename: info for info in archive.infolist()}
            if "journal.json" not in infos:
                raise Unfit("unreadable")
            if infos["journal.json"].file_size > LARGEST_TEXT:
                raise Unfit("much")
            media = [info for name, info in infos.items() if _MEDIA.fullmatch(name) and info.file_size <= LARGEST]
            if sum(info.file_size for info in media) > LARGEST_UNPACKED:
                raise Unfit("much")
            with archive.open("journal.json") as member:
                data = member.read(LARGEST_TEXT + 1)
    except _DAMAGED:
        raise Unfit("unreadable") from None
    return _journal(data, frozenset(info.filename for info in media))


def _look_at_its_end(path: Path) -> None:
    """The zipfile module reads the whole list of what is in a zip, however long that is. Raises Unfit."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - (1 << 16) - 64))
        tail = file.read()
    at = tail.rfind(_END)
    if at < 0 or len(tail) < at + 22 or _END_64 in tail[max(0, at - 20) : at]:
        raise Unfit("unreadable")
    (listed,) = struct.unpack_from("<I", tail, at + 12)
    if listed > _DIRECTORY:
        raise Unfit("much")


def unpack(path: Path, name: str, to: Path) -> None:
    """Write the file called *name* in the zip at *path* to *to*. Raises Refused if it can't be had, OSError if *to*
    can't be written."""
    try:
        with zipfile.ZipFile(path) as archive:
            if archive.getinfo(name).file_size > LARGEST:
                raise Refused
            with archive.open(name) as member, to.open("wb") as file:
                shutil.copyfileobj(member, file, 1 << 16)
    except (*_DAMAGED, FileNotFoundError):
        raise Refused from None
