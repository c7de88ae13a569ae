"""Backups: made while people write, checked before they count, and put back whole or not at all.

A backup is one file that needs nothing beside it, except that the files people sent lie in `FILE.media/`, as they lie
beside a database; they never change, so they are hard links where the disk allows it. Whatever is written is written
under another name first, checked, brought to the disk, and then renamed: whenever the process dies, what stands under
the real name is whole.

What was erased stays in the backups from before. So daily backups are deleted when their time is over, and before one
is finished everything that only SQLite's economy had left in it is wiped.
"""

import os
import re
import shlex
import shutil
import sqlite3
import stat
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import date, datetime, timedelta
from pathlib import Path

from filelock import FileLock, Timeout

from bot import store
from bot.errors import TenfoldError
from bot.store.leftovers import Leftovers
from bot.store.soundness import (
    Damaged,
    applied,
    beside,
    connect,
    damaged,
    examine,
    looking,
    named,
    ours,
    verdict,
    weight,
)

__all__ = ["back_up", "cure", "daily", "dated", "kept_aside", "restore"]

_PAGES = 1024
"""Pages that are copied in one go (4 MB), between which a backup can be given up."""

_PATIENCE = 60.0
"""Seconds to wait for another backup of the same database."""

_DAILY = re.compile(r"tenfold-(\d{4}-\d\d-\d\d)\.db(\.media|\.part(-\w+)?)?")
_ASIDE = ".before-restore"
_LOGS = ("-wal", "-journal", "-shm")

Watch = Callable[[str], None]
"""Told each named point that is passed; what it raises ends the work there."""


def unwatched(_point: str) -> None:
    """Nobody watches. Fault tests do, and whoever wants to give up."""


# By hand


def back_up(database: Path, file: Path, *, replace: bool = False, watch: Watch = unwatched) -> None:
    """Make *file* a whole copy of *database* as it is now, while others go on writing there. What is there already is
    overwritten only with *replace*. Raises TenfoldError."""
    database, file = database.absolute(), file.absolute()
    if not database.is_file():
        raise TenfoldError(f"{database} is not there, so there is nothing to back up: see DATABASE_URL, or use --db")
    _check_place(file)
    if file.resolve() in {beside(database.resolve(), end) for end in ("", ".lock", *_LOGS)}:
        raise TenfoldError(f"{file} is the database itself or belongs to it: choose another place for the backup")
    if file.exists() and not replace:
        raise TenfoldError(f"{file} is there already: choose another name, or add --replace to overwrite it")
    part, media = beside(file, ".part"), beside(file, ".media")
    fresh = not media.exists()
    try:
        with _told(database, file.parent), closing(connect(database, "mode=ro")) as connection:
            if not ours(connection):
                raise TenfoldError(f"{database} is not a database of Tenfold's: see DATABASE_URL, or use --db")
        with _told(database, file.parent), _one_at_a_time(database):
            try:
                watch("begun")
                with closing(connect(database, "mode=ro")) as connection:
                    _copy(connection, part, watch)
                kept = _mirror(beside(database, ".media"), media)
                watch("linked")
                part.replace(file)
                _sync_folder(file.parent)
                watch("placed")
                _prune(media, kept)
            finally:
                _remove(part)
    except BaseException:
        if fresh and not file.exists():
            shutil.rmtree(media, ignore_errors=True)
        raise


def restore(file: Path, database: Path, *, replace: bool = False, watch: Watch = unwatched) -> Path | None:
    """Put the backup *file* in the place of *database*; where the one before is kept now, if there was one. With
    *replace* only, and nothing is touched if anything is wrong. Raises TenfoldError."""
    file, database = file.absolute(), database.absolute()
    if not file.is_file():
        raise TenfoldError(f"{file} is not there: name a backup that is")
    _check_place(database)
    if database.exists() and file.samefile(database):
        raise TenfoldError(f"{file} is the database itself: name a backup of it")
    lock = FileLock(beside(database, ".lock"), mode=0o600, is_singleton=False)
    with _told(file, database.parent):
        try:
            lock.acquire(timeout=0)
        except Timeout:
            raise TenfoldError(f"{database} is in use: stop the Tenfold that is running on it first") from None
        try:
            with _one_at_a_time(database):
                return _restore(file, database, replace=replace, watch=watch)
        finally:
            lock.release()


def _restore(file: Path, database: Path, *, replace: bool, watch: Watch) -> Path | None:
    there = weight(database) > 0 or weight(beside(database, "-wal")) > 0
    if there and not replace:
        raise TenfoldError(
            f"{database} is there already: add --replace to put the backup in its place "
            f"(it is kept beside, as {database.name}{_ASIDE})"
        )
    part = beside(database, ".restoring")
    try:
        with looking(file) as connection:
            steps = applied(connection)
            if not ours(connection) or not steps:
                raise TenfoldError(f"{file} is not a backup of Tenfold's: name one that is")
            if newer := steps - {name for name, _sql in store.migrations()}:
                raise TenfoldError(f"{file} was made by a newer Tenfold ({max(newer)}): update Tenfold first")
            _copy(connection, part, watch)
        aside = _set_aside(database) if there else None
        watch("aside")
        _mirror(beside(file, ".media"), beside(database, ".media"))
        watch("linked")
        # A log that stayed behind would be written over the backup at the next start.
        for end in _LOGS:
            beside(database, end).unlink(missing_ok=True)
        _sync_folder(database.parent)
        watch("cleared")
        part.replace(database)
        _sync_folder(database.parent)
        watch("placed")
        return aside
    finally:
        _remove(part)


def _set_aside(database: Path) -> Path:
    """Keep *database* under another name as well, with its log and the files of its people; that name. The last
    commits go from the log into it, unless it is damaged: then it is kept as it is."""
    with suppress(Damaged, TenfoldError, sqlite3.Error):
        examine(database)
        with closing(connect(database, "mode=rw")) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    there = database.exists()
    aside = next((each for each in kept_aside(database) if there and each.samefile(database)), None)
    if aside is not None:  # an earlier restore was killed behind this point
        return aside
    number, aside = 1, beside(database, _ASIDE)
    while os.path.lexists(aside):
        number, aside = number + 1, beside(database, f"{_ASIDE}-{number + 1}")
    for end in ("-wal", "-journal"):
        if weight(beside(database, end)):
            _bring(beside(database, end), beside(aside, end))
    _mirror(beside(database, ".media"), beside(aside, ".media"))
    if there:
        _bring(database, aside)
    _sync_folder(aside.parent)
    return aside


def kept_aside(database: Path) -> list[Path]:
    """The databases that earlier restores replaced, oldest name first."""
    pattern = re.compile(re.escape(database.name + _ASIDE) + r"(-\d+)?")
    if not database.parent.is_dir():
        return []
    return sorted(each for each in database.parent.iterdir() if pattern.fullmatch(each.name) and _is_file(each))


# Every day


def daily(database: Path, folder: Path, *, now: datetime, keep: int, watch: Watch = unwatched) -> Path | None:
    """Make the backup of the day (UTC) in *folder* and delete those of *keep* days ago and before; where it is, or None
    if it was there already. The newest is kept until there is another. Raises TenfoldError."""
    today = now.date()
    file = folder / f"tenfold-{today}.db"
    with _told(database, folder):
        if not folder.is_dir():
            raise TenfoldError(f"BACKUP_DIR: {folder} is no folder: make it, or set another")
        if _day(database.name) and database.absolute().parent.samefile(folder):
            # It would be deleted like a backup when its day is over.
            raise TenfoldError(f"BACKUP_DIR: {database} lies in there, called like a backup: move it, or set another")
        # First the old ones: perhaps they are why there is no room for a new one.
        _expire(folder, today, keep)
        if file.exists():
            return None
        back_up(database, file, watch=watch)
        _expire(folder, today, keep)
        return file


def _expire(folder: Path, today: date, keep: int) -> None:
    newest = max((day for day, _file in dated(folder)), default=None)
    for each in folder.iterdir():
        day = _day(each.name)
        half_done = ".part" in each.name and day is not None and day < today
        if day is None or not (half_done or (day <= today - timedelta(days=keep) and day != newest)):
            continue
        if each.is_dir() and not each.is_symlink():
            shutil.rmtree(each)
        else:
            each.unlink(missing_ok=True)


def dated(folder: Path) -> list[tuple[date, Path]]:
    """The daily backups in *folder* with their days, newest first."""
    found = [(_day(each.name), each) for each in folder.iterdir() if each.suffix == ".db" and _is_file(each)]
    return sorted(((day, each) for day, each in found if day), reverse=True)


def _day(name: str) -> date | None:
    match = _DAILY.fullmatch(name)
    try:
        return date.fromisoformat(match[1]) if match else None
    except ValueError:
        return None


def cure(database: Path, backups: Path | None = None) -> str:
    """What to do about a damaged *database*: the exact command, with the newest good backup in *backups*."""
    found: Path | None = None
    with suppress(OSError):
        found = next((file for _day, file in dated(backups) if _is_sound(file)), None) if backups else None
    command = "tenfold restore {} --db {} --replace".format(
        shlex.quote(str(found.absolute())) if found else "BACKUP", shlex.quote(str(database))
    )
    if found:
        return f"Bring back its newest good backup: {command}"
    return f"Bring back your newest backup, in the place of BACKUP: {command}"


def _is_sound(file: Path) -> bool:
    try:
        with looking(file) as connection:
            return ours(connection) and verdict(connection, "quick_check") == "ok"
    except (Damaged, OSError, sqlite3.Error):
        return False


# Files


def _copy(connection: sqlite3.Connection, part: Path, watch: Watch) -> None:
    """Make *part* a checked copy of one moment of *connection*, on the disk, for its owner alone."""
    _remove(part)
    os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    leftovers = Leftovers(part)
    try:
        with closing(connect(part, "mode=rw")) as copy:
            copy.execute("PRAGMA synchronous=OFF")  # it is brought to the disk at the end
            copy.execute("PRAGMA journal_mode=MEMORY")
            # A transaction of its own keeps the moment: without one the copy would begin anew with every commit.
            connection.execute("BEGIN")
            connection.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()
            connection.backup(copy, pages=_PAGES, progress=lambda _status, _left, _all: watch("copying"))
            connection.execute("ROLLBACK")
        watch("copied")
        with closing(connect(part, "mode=rw")) as copy:
            copy.execute("PRAGMA journal_mode=DELETE")  # so that nothing has to lie beside it
            if verdict(copy, "integrity_check") != "ok":
                raise Damaged("pages that don't fit together")
            watch("checked")
            leftovers.wipe(leftovers.pages())  # which also brings it to the disk
    finally:
        leftovers.close()
    watch("written")


def _mirror(source: Path, target: Path) -> set[tuple[str, str]]:
    """See that each file that people sent, in *source*, is in *target* too; the names of their folders and theirs.
    What vanishes meanwhile was deleted, and isn't missed."""
    seen = set()
    for folder in _entries(source):
        for file in _entries(folder):
            if file.suffix or not re.fullmatch(r"-?\d+/\d+", f"{folder.name}/{file.name}"):
                continue  # half fetched
            for each in (target, target / folder.name):
                each.mkdir(mode=0o700, exist_ok=True)
            with suppress(FileNotFoundError):
                _bring(file, target / folder.name / file.name)
                seen.add((folder.name, file.name))
    return seen


def _prune(media: Path, kept: set[tuple[str, str]]) -> None:
    """Only what is *kept* stays in *media*."""
    for folder in _entries(media):
        for file in _entries(folder):
            if (folder.name, file.name) not in kept:
                file.unlink(missing_ok=True)
        with suppress(OSError):
            folder.rmdir()
    with suppress(OSError):
        media.rmdir()


def _entries(folder: Path) -> Iterator[Path]:
    with suppress(FileNotFoundError, NotADirectoryError):
        yield from list(folder.iterdir())


def _bring(file: Path, to: Path) -> None:
    """Have *file* stand under the name *to* as well: the same bytes if the disk can do that, else a copy."""
    with suppress(FileNotFoundError):
        if to.samefile(file):
            return
    draft = beside(to, ".part")
    draft.unlink(missing_ok=True)
    try:
        os.link(file, draft)
    except FileNotFoundError:
        raise
    except OSError:  # another disk, or one that has no links
        try:
            draft.touch(0o600, exist_ok=False)
            with file.open("rb") as read, draft.open("wb") as new:
                shutil.copyfileobj(read, new)
                new.flush()
                os.fsync(new.fileno())
        except BaseException:
            draft.unlink(missing_ok=True)
            raise
    draft.replace(to)


def _check_place(file: Path) -> None:
    if not file.parent.is_dir():
        raise TenfoldError(f"{file.parent} is not a folder: make it, or choose another place")
    if file.is_dir():
        raise TenfoldError(f"{file} is a folder: name a file in it")
    if file.exists() and not stat.S_ISREG(file.stat().st_mode):
        raise TenfoldError(f"{file} is not a file: choose another place")


@contextmanager
def _one_at_a_time(database: Path) -> Iterator[None]:
    """Nobody else copies or replaces *database* meanwhile: a restore takes away what a backup reads."""
    try:
        with FileLock(beside(database, ".backup.lock"), mode=0o600, is_singleton=False, timeout=_PATIENCE):
            yield
    except Timeout:
        raise TenfoldError(f"{database} is being backed up already: try again when that is done") from None


@contextmanager
def _told(source: Path, folder: Path) -> Iterator[None]:
    """What goes wrong is told with its cure. *source* is what is read, *folder* where things are written."""
    try:
        yield
    except Damaged as error:
        raise TenfoldError(f"{source} is damaged ({error}), so nothing was written: use an older backup") from error
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code == sqlite3.SQLITE_NOTADB:
            raise TenfoldError(f"{source} is no database: name another file") from error
        if damaged(error):
            raise TenfoldError(
                f"{source} is damaged ({named(error)}), so nothing was written: use an older backup"
            ) from error
        if code == sqlite3.SQLITE_FULL:
            raise TenfoldError(f"there is no room in {folder}: make some, and try again") from error
        raise TenfoldError(
            f"{source} can't be copied ({named(error)}): see that it is yours, and that {folder} is and has room"
        ) from error
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else type(error).__name__
        raise TenfoldError(
            f"{error.filename or folder}: {reason}. See that {folder} is yours to write and has room"
        ) from error


def _remove(part: Path) -> None:
    for end in ("", *_LOGS):
        beside(part, end).unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    """Have the disk keep the names in *folder* as they are now."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _is_file(file: Path) -> bool:
    return file.is_file() and not file.is_symlink()
