"""Files of the person at the terminal: one that they name to be sent, and one that came and is laid down for them.

To the rest of the house a file in the terminal is what it is in Telegram, with an id by which its bytes can be had:
here that is its path.
"""

import mimetypes
import os
import re
import shutil
import stat
from itertools import count
from pathlib import Path

from bot.domain import File
from bot.errors import Refused
from bot.files import LARGEST
from bot.text import clean

__all__ = ["called", "chosen", "copied", "laid_down"]

_CHOICE = re.compile(r"""(?:"([^"]+)"|'([^']+)'|((?:\\ |\S)+))(?:\s+(.*))?""", re.DOTALL)
"""A file by its name, in quotes or with spaces escaped as a terminal writes them when one is dropped into it, and what
stands behind that."""

_NAMES = {"photo": "photo.jpg", "voice": "voice.ogg", "video": "video.mp4", "audio": "audio.mp3"}
"""What a file is called that came without a name."""

_LONGEST, _LONGEST_END = 56, 6
"""Characters of a file's name and of its ending: the whole fits into the 255 bytes that most disks have for it, in any
script and with a number besides."""


def _kind(path: Path) -> str:
    """What Telegram would take the file for that is called *path*."""
    if path.suffix.lower() in (".ogg", ".oga", ".opus"):
        return "voice"
    family, _slash, form = (mimetypes.guess_type(path.name)[0] or "").partition("/")
    if family == "image":
        return "photo" if form in ("jpeg", "png", "webp", "heic") else "document"
    return family if family in ("video", "audio") else "document"


def chosen(words: str) -> tuple[File, str] | None:
    """The file that *words* begin with, and the words behind it; None if there are none. Raises OSError if it can't be
    read, ValueError or RuntimeError if no file can be called that."""
    choice = _CHOICE.fullmatch(words.strip())
    if choice is None:
        return None
    path = Path(choice[1] or choice[2] or choice[3].replace("\\ ", " ")).expanduser().absolute()
    status = path.stat()
    if stat.S_ISDIR(status.st_mode):
        raise IsADirectoryError
    if not stat.S_ISREG(status.st_mode):  # a pipe would keep us waiting
        raise OSError
    path.open("rb").close()
    file = File(kind=_kind(path), id=str(path), name=clean(path.name), size=status.st_size)
    return file, (choice[4] or "").strip()


def copied(file: File, to: Path) -> None:
    """Copy the bytes of *file* to *to*. Raises Refused if they can't be had, OSError if *to* can't be written."""
    try:
        content = Path(file.id).open("rb")  # noqa: SIM115  # closed below; this is where it can fail
    except OSError:
        raise Refused from None
    with content:
        if os.fstat(content.fileno()).st_size > LARGEST:
            raise Refused
        with os.fdopen(os.open(to, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as draft:
            shutil.copyfileobj(content, draft)


def called(file: File) -> str:
    """What *file* is called in a folder: never a path and never too long for one, whoever named it."""
    name = Path(re.sub(r"[\\/:\x00-\x1f]+", "-", file.name).strip(". ") or _NAMES.get(file.kind, "file"))
    return name.stem[:_LONGEST] + name.suffix[:_LONGEST_END]


def laid_down(file: File, folder: Path) -> File | None:
    """*file* where the person finds it: a copy in *folder*, for their eyes only, under a name that was free; one whose
    bytes aren't kept is where it always was. None if it can't be written."""
    if not file.path:
        return File(kind=file.kind, name=file.name, path=file.id)
    name = Path(called(file))
    for number in count(1):
        path = folder / (name if number == 1 else f"{name.stem}-{number}{name.suffix}")
        try:
            copy = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
        except FileExistsError:
            continue
        except OSError:
            break
        try:
            with copy, Path(file.path).open("rb") as content:
                shutil.copyfileobj(content, copy)
        except OSError:
            path.unlink(missing_ok=True)
            break
        return File(kind=file.kind, name=path.name, path=str(path))
    return None
