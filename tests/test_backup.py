"""Backups: one moment, whole, for their owner alone; put back whole or not at all; and gone when their time is over.

Writers, backups and restores are real processes here, and they die for real.
"""

import asyncio
import logging
import os
import re
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from bot.errors import TenfoldError
from bot.store import Transaction, open_store
from bot.store import backup as module
from bot.store.backup import back_up, daily, dated, kept_aside, restore
from bot.store.daily import DailyBackup
from tests.running import Bot, until
from tests.test_scrub import GONE, live, remembered

ROOT = Path(__file__).parent.parent
NOW = datetime(2026, 11, 25, 18, 0, tzinfo=UTC)
SIDES = ("-wal", "-shm", "-journal", ".part", ".restoring", ".look")


def tenfold(*arguments: object, folder: Path, **variables: object) -> subprocess.CompletedProcess[str]:
    """What `tenfold` says, run in *folder* with nothing set but *variables*."""
    own = ("TELEGRAM", "DATABASE_URL", "BACKUP_")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(own)}
    return subprocess.run(
        [sys.executable, "-m", "bot", *map(str, arguments)],
        check=False,
        text=True,
        capture_output=True,
        timeout=60,
        cwd=folder,
        env=clean | {"PYTHONPATH": str(ROOT)} | {name: str(value) for name, value in variables.items()},
    )


def keep(file: Path, *names: str, value: str = "kept") -> None:
    """A bot comes, remembers *names* in the database *file*, and goes."""

    def work(tx: Transaction) -> None:
        for name in names:
            tx.run("fact_set", name=name, value=value)

    async def visit() -> None:
        store = open_store(f"sqlite:///{file}")
        await store.transact(work)
        await store.close()

    asyncio.run(visit())


def facts(file: Path) -> set[str]:
    """What is remembered in *file*."""
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return {name for (name,) in connection.execute("SELECT name FROM fact")}


def send(database: Path, person: int, id: int, text: str) -> Path:
    """A file that *person* sent lies beside *database*."""
    file = database.with_name(f"{database.name}.media") / str(person) / str(id)
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    file.write_text(text)
    file.chmod(0o600)
    return file


def sent(database: Path) -> dict[str, str]:
    """The files beside *database*."""
    media = database.with_name(f"{database.name}.media")
    return {str(file.relative_to(media)): file.read_text() for file in media.glob("*/*")}


def names(folder: Path) -> set[str]:
    """What lies in *folder*, locks left out."""
    return {each.name for each in folder.iterdir() if not each.name.endswith(".lock")}


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """A database as the bot leaves it, with one thing remembered."""
    file = tmp_path / "tenfold.db"
    keep(file, "first")
    return file


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder for backups."""
    made = tmp_path / "backups"
    made.mkdir()
    return made


# While others write

WRITER = """
import asyncio, sys
from bot.store import open_store

async def main():
    store = open_store("sqlite:///" + sys.argv[1])
    number = 0
    while True:
        number += 1
        text = f"canary {number} " * (number % 60 + 1)
        await store.transact(lambda tx: tx.run("fact_set", name=f"{number:06}", value=text))
        print(number, flush=True)

asyncio.run(main())
"""


class Writer:
    """A process that holds a database and stores one number after the other."""

    def __init__(self, process: subprocess.Popen[bytes], said: Path) -> None:
        self.process = process
        self._said = said

    @property
    def promised(self) -> int:
        """The last number that is certainly stored."""
        lines = self._said.read_text().split("\n")[:-1]
        return int(lines[-1]) if lines else 0


@contextmanager
def writing(database: Path) -> Iterator[Writer]:
    """A writer on *database*; it is killed at the end."""
    said = database.with_suffix(".said")
    with said.open("wb") as out:
        process = subprocess.Popen([sys.executable, "-c", WRITER, str(database)], stdout=out, cwd=ROOT)
    try:
        writer = Writer(process, said)
        until(lambda: writer.promised > 50, "the writer")
        yield writer
    finally:
        process.kill()
        process.wait()
        said.unlink()


def test_one_moment_while_others_write(tmp_path: Path) -> None:
    """While a bot stores hundreds of things, a backup holds all that was promised before it began, nothing in part and
    nothing out of order, in one file for its owner alone; and the bot doesn't notice."""
    database = tmp_path / "tenfold.db"
    usual = os.umask(0)
    try:
        with writing(database) as writer:
            for number in range(3):
                promised, file = writer.promised, tmp_path / f"copy {number}.db"
                done = tenfold("backup", file, "--db", database, folder=tmp_path)
                assert (done.returncode, done.stderr) == (0, "")
                assert "is a whole copy of" in done.stdout
                held = sorted(int(name) for name in facts(file))
                assert held == list(range(1, len(held) + 1))
                assert len(held) >= promised
                assert stat.S_IMODE(file.stat().st_mode) == 0o600
                goal = len(held) + 100
                until(lambda: writer.promised > goal, "the writer to go on")  # noqa: B023 - it ends within this round
            assert writer.process.poll() is None
    finally:
        os.umask(usual)
    assert not [name for name in names(tmp_path) if name.startswith("copy") and name.endswith(SIDES)]


def test_for_its_owner_from_the_first_byte(database: Path, tmp_path: Path) -> None:
    """Nobody else could read a backup at any moment of its making, nor what it is made of."""
    modes: set[int] = set()

    def watch(_point: str) -> None:
        for each in tmp_path.glob("copy.db*"):
            modes.add(stat.S_IMODE(each.stat().st_mode) & 0o077)

    send(database, 7, 1, "a song")
    usual = os.umask(0)
    try:
        back_up(database, tmp_path / "copy.db", watch=watch)
    finally:
        os.umask(usual)
    assert modes == {0}


def test_it_needs_nothing_beside_it(database: Path, tmp_path: Path) -> None:
    """A backup moved elsewhere, alone and where nothing can be written, can be read."""
    (tmp_path / "elsewhere").mkdir()
    moved = tmp_path / "elsewhere" / "b.db"
    back_up(database, moved)
    assert names(moved.parent) == {"b.db"}
    with closing(sqlite3.connect(f"file:{moved}?mode=ro&immutable=1", uri=True)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)
        assert connection.execute("SELECT name FROM fact").fetchall() == [("first",)]


def test_what_was_deleted_is_not_in_it(database: Path, folder: Path) -> None:
    """A backup holds no copy of a text that was deleted before, though SQLite left some in the database."""
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute(
            "CREATE TABLE scrap (person BIGINT, id BIGINT, text TEXT, folded TEXT, PRIMARY KEY (person, id)) "
            "WITHOUT ROWID"
        )
        connection.execute("BEGIN")
        live(Random(20261125), connection)
        for person in GONE:
            connection.execute("DELETE FROM scrap WHERE person = ?", (person,))
        connection.execute("COMMIT")
    assert remembered(database)
    back_up(database, folder / "copy.db")
    assert remembered(folder / "copy.db") == set()
    assert facts(folder / "copy.db") == {"first"}


def test_a_bot_that_was_killed_can_be_backed_up(tmp_path: Path) -> None:
    """What lies in the log of a bot that is no more is in the backup, and is left where it is."""
    database = tmp_path / "tenfold.db"
    with writing(database) as writer:
        promised = writer.promised
    log = (tmp_path / "tenfold.db-wal").read_bytes()
    assert log
    back_up(database, tmp_path / "copy.db")
    assert len(facts(tmp_path / "copy.db")) >= promised
    assert (tmp_path / "tenfold.db-wal").read_bytes() == log


# What people sent


def test_files_come_along_and_back(database: Path, tmp_path: Path) -> None:
    """What people sent lies beside a backup, takes no room of its own, and comes back with it; halves don't."""
    song = send(database, 7, 1, "a song")
    send(database, 8, 2, "a picture")
    (song.parent / "3.new").write_text("half a")
    file = tmp_path / "copy.db"
    back_up(database, file)
    assert sent(file) == {"7/1": "a song", "8/2": "a picture"}
    assert (tmp_path / "copy.db.media/7/1").samefile(song)
    song.unlink()
    back = tmp_path / "back.db"
    assert restore(file, back) is None
    assert sent(back) == {"7/1": "a song", "8/2": "a picture"}
    back_up(database, file, replace=True)
    assert sent(file) == {"8/2": "a picture"}


def test_files_are_copied_where_links_can_t_be(database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On another disk, or one without links, they are copied, for their owner alone."""

    def no_links(*_names: object) -> None:
        raise OSError(18, "Invalid cross-device link")

    monkeypatch.setattr(os, "link", no_links)
    song = send(database, 7, 1, "a song")
    back_up(database, tmp_path / "copy.db")
    copy = tmp_path / "copy.db.media/7/1"
    assert copy.read_text() == "a song"
    assert not copy.samefile(song)
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    keep(database, "second")
    aside = restore(tmp_path / "copy.db", database, replace=True)
    assert aside is not None
    assert (facts(database), facts(aside), sent(aside)) == ({"first"}, {"first", "second"}, {"7/1": "a song"})


def test_files_that_vanish_are_not_missed(database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody deletes a picture while the backup is made: it isn't in it, and nothing else is missing."""
    gone, _stays = send(database, 7, 1, "gone"), send(database, 7, 2, "stays")
    link = os.link

    def linked(source: Path, to: Path) -> None:
        gone.unlink(missing_ok=True)
        link(source, to)

    monkeypatch.setattr(os, "link", linked)
    back_up(database, tmp_path / "copy.db")
    assert sent(tmp_path / "copy.db") == {"7/2": "stays"}


# Refusals


def not_there(database: Path) -> None:
    database.unlink()


def a_note(database: Path) -> None:
    database.write_text("Dear diary, " * 500)


def another_s(database: Path) -> None:
    database.unlink()
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("CREATE TABLE photos (id INTEGER PRIMARY KEY)")


def torn(database: Path) -> None:
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
        ((page,),) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'fact'").fetchall()
    with database.open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(b"\xa7" * 4096)


@pytest.mark.parametrize(
    ("harm", "told"),
    [
        (not_there, "is not there, so there is nothing to back up"),
        (a_note, "is no database: name another file"),
        (another_s, "is not a database of Tenfold's"),
        (torn, "is damaged"),
    ],
)
def test_what_can_t_be_backed_up(database: Path, folder: Path, harm: Callable[[Path], None], told: str) -> None:
    """A database that isn't there, isn't one, isn't Tenfold's or isn't whole is one kind line, and leaves nothing."""
    harm(database)
    done = tenfold("backup", folder / "copy.db", "--db", database, folder=folder)
    assert (done.returncode, done.stdout) == (1, "")
    assert told in done.stderr
    assert done.stderr.count("\n") == 1
    assert names(folder) == set()


def test_an_older_backup_is_not_overwritten(database: Path, folder: Path) -> None:
    """A file that is there stays as it is, unless --replace says otherwise."""
    file = folder / "copy.db"
    file.write_text("something dear")
    done = tenfold("backup", file, "--db", database, folder=folder)
    assert done.returncode == 1
    assert "is there already: choose another name, or add --replace" in done.stderr
    assert file.read_text() == "something dear"
    assert tenfold("backup", file, "--db", database, "--replace", folder=folder).returncode == 0
    assert facts(file) == {"first"}


@pytest.mark.parametrize("end", ["", "-wal", ".lock"])
def test_a_backup_is_not_its_own_database(database: Path, end: str) -> None:
    """Not even with --replace is the database overwritten by its backup."""
    before = database.read_bytes()
    with pytest.raises(TenfoldError, match="is the database itself or belongs to it"):
        back_up(database, database.with_name(database.name + end), replace=True)
    assert database.read_bytes() == before


def test_places_that_are_none(database: Path, folder: Path) -> None:
    """A folder that is missing is not made, and one in the place of the file is told."""
    with pytest.raises(TenfoldError, match="is not a folder: make it"):
        back_up(database, folder / "nowhere" / "copy.db")
    with pytest.raises(TenfoldError, match="is a folder: name a file in it"):
        back_up(database, folder)
    assert names(folder) == set()


def test_a_full_disk(database: Path, folder: Path) -> None:
    """Without room there is one kind line, nothing half done, and what stood there before."""
    keep(database, *(f"fact {number}" for number in range(2000)), value="long " * 100)
    file = folder / "copy.db"
    file.write_text("something dear")
    code = (
        "import resource, signal, sys\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (500_000, 500_000))\n"
        "from bot.cli import main\n"
        "main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "backup", str(file), "--db", str(database), "--replace"],
        check=False,
        text=True,
        capture_output=True,
        timeout=60,
        cwd=ROOT,
    )
    assert done.returncode == 1, done.stderr
    assert "room" in done.stderr
    assert done.stderr.count("\n") == 1
    assert names(folder) == {"copy.db"}
    assert file.read_text() == "something dear"


def test_the_database_that_is_set(database: Path, folder: Path) -> None:
    """Without --db both commands mean the database of DATABASE_URL, and need no token."""
    url = f"sqlite:///{database}"
    assert tenfold("backup", folder / "a.db", folder=folder, DATABASE_URL=url).returncode == 0
    keep(database, "second")
    done = tenfold("restore", folder / "a.db", "--replace", folder=folder, DATABASE_URL=url)
    assert (done.returncode, done.stderr) == (0, "")
    assert "kept as" in done.stdout
    assert facts(database) == {"first"}
    done = tenfold("backup", folder / "b.db", folder=folder, DATABASE_URL="postgres://me:secret@db/x")
    assert done.returncode == 1
    assert "DATABASE_URL" in done.stderr
    assert "secret" not in done.stderr


def test_one_backup_at_a_time(database: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two backups of one database don't get into each other's way: the second waits, and in the end says why."""
    monkeypatch.setattr(module, "_PATIENCE", 0.05)

    def meanwhile(point: str) -> None:
        if point == "copied":
            with pytest.raises(TenfoldError, match="is being backed up already: try again when that is done"):
                back_up(database, folder / "copy.db")
            with pytest.raises(TenfoldError, match="is being backed up already"):
                restore(folder / "older.db", database, replace=True)

    back_up(database, folder / "older.db")
    back_up(database, folder / "copy.db", watch=meanwhile)
    assert facts(folder / "copy.db") == {"first"}


# Restoring


def test_a_running_bot_s_database_is_not_replaced(database: Path, folder: Path) -> None:
    """While a bot holds the database nothing is put in its place."""
    back_up(database, folder / "copy.db")
    with writing(database) as writer:
        done = tenfold("restore", folder / "copy.db", "--db", database, "--replace", folder=folder)
        assert done.returncode == 1
        assert "stop the Tenfold that is running on it first" in done.stderr
        at = writer.promised
        until(lambda: writer.promised > at, "the writer to go on")


def test_what_is_there_is_replaced_only_if_told(database: Path, folder: Path) -> None:
    """A database that is there stays, unless --replace says otherwise; then it is kept beside, whole, with its files,
    and a second restore doesn't overwrite what the first one kept."""
    file = folder / "copy.db"
    send(database, 7, 1, "a song")
    back_up(database, file)
    keep(database, "second")
    send(database, 7, 2, "a picture")
    with pytest.raises(TenfoldError, match="is there already: add --replace"):
        restore(file, database)
    assert facts(database) == {"first", "second"}
    aside = restore(file, database, replace=True)
    assert aside == database.with_name("tenfold.db.before-restore")
    assert facts(database) == {"first"}
    assert facts(aside) == {"first", "second"}
    assert sent(aside) == {"7/1": "a song", "7/2": "a picture"}
    assert stat.S_IMODE(database.stat().st_mode) == 0o600
    keep(database, "third")
    assert restore(file, database, replace=True) == database.with_name("tenfold.db.before-restore-2")
    assert [facts(each) for each in kept_aside(database)] == [{"first", "second"}, {"first", "third"}]
    assert facts(database) == {"first"}


def test_an_empty_file_is_no_database_to_keep(database: Path, folder: Path) -> None:
    """A file that is there and empty, as some hosts prepare it, needs no --replace."""
    back_up(database, folder / "copy.db")
    new = folder / "new.db"
    new.touch(0o644)
    assert restore(folder / "copy.db", new) is None
    assert facts(new) == {"first"}
    assert stat.S_IMODE(new.stat().st_mode) == 0o600


def newer(database: Path) -> None:
    with closing(sqlite3.connect(database)) as connection:
        connection.execute(
            "UPDATE _sqlite_migrations SET name = '9999_later' WHERE id = (SELECT MAX(id) FROM _sqlite_migrations)"
        )
        connection.commit()


def empty(database: Path) -> None:
    database.write_bytes(b"")


def cut_short(database: Path) -> None:
    with database.open("r+b") as file:
        file.truncate(database.stat().st_size // 2)


@pytest.mark.parametrize(
    ("harm", "told"),
    [
        (not_there, "is not there"),
        (a_note, "is no database"),
        (another_s, "is not a backup of Tenfold's"),
        (empty, "is not a backup of Tenfold's"),
        (torn, "is damaged"),
        (cut_short, "is damaged"),
        (newer, "was made by a newer Tenfold (9999_later): update Tenfold first"),
    ],
)
def test_what_can_t_be_restored(database: Path, folder: Path, harm: Callable[[Path], None], told: str) -> None:
    """A backup that isn't sound and Tenfold's own is one kind line, and nothing is touched."""
    file = folder / "copy.db"
    back_up(database, file)
    harm(file)
    keep(database, "second")
    before = {each.name: each.read_bytes() for each in database.parent.iterdir() if each.is_file()}
    done = tenfold("restore", file, "--db", database, "--replace", folder=folder)
    assert (done.returncode, done.stdout) == (1, "")
    assert told in done.stderr
    assert done.stderr.count("\n") == 1
    assert {each.name: each.read_bytes() for each in database.parent.iterdir() if each.is_file()} == before


def test_a_stale_log_does_not_reach_the_backup(database: Path, folder: Path) -> None:
    """The log of a bot that was killed belongs to the database before; it is kept with that one."""
    back_up(database, folder / "copy.db")
    with writing(database) as writer:
        promised = writer.promised
    assert (database.parent / "tenfold.db-wal").stat().st_size
    aside = restore(folder / "copy.db", database, replace=True)
    assert aside is not None
    assert not [name for name in names(database.parent) if name.startswith("tenfold.db") and name.endswith(SIDES)]
    assert facts(database) == {"first"}
    assert len(facts(aside)) > promised


def test_a_damaged_database_is_kept_as_it_is(database: Path, folder: Path) -> None:
    """Whatever may still be read from a damaged one stays, byte for byte, with its log."""
    back_up(database, folder / "copy.db")
    with writing(database):
        pass
    with database.open("r+b") as file:
        file.truncate(5000)
    before = [database.with_name(f"tenfold.db{end}").read_bytes() for end in ("", "-wal")]
    aside = restore(folder / "copy.db", database, replace=True)
    assert aside is not None
    assert [aside.with_name(aside.name + end).read_bytes() for end in ("", "-wal")] == before
    assert facts(database) == {"first"}
    keep(database, "second")
    assert facts(database) == {"first", "second"}


# Killed

KILLED = """
import os, signal, sys
from pathlib import Path
from bot.store import backup
point, what, source, target = sys.argv[1:]

def watch(passed):
    if passed == point:
        os.kill(os.getpid(), signal.SIGKILL)

getattr(backup, what)(Path(source), Path(target), replace=True, watch=watch)
"""


def killed(point: str, what: str, source: Path, target: Path) -> None:
    """*what*, by a process that doesn't survive *point*."""
    done = subprocess.run(
        [sys.executable, "-c", KILLED, point, what, str(source), str(target)], check=False, cwd=ROOT, timeout=60
    )
    assert done.returncode == -signal.SIGKILL, point


@pytest.mark.parametrize("point", ["begun", "copying", "copied", "checked", "written", "linked", "placed"])
def test_killed_while_it_is_made(database: Path, folder: Path, point: str) -> None:
    """Whenever the process dies, the old backup or the new one stands there, whole with its files; and the next one is
    made as if nothing had been."""
    file = folder / "copy.db"
    send(database, 7, 1, "a song")
    back_up(database, file)
    keep(database, "second")
    send(database, 7, 2, "a picture")
    killed(point, "back_up", database, file)
    assert facts(file) == ({"first", "second"} if point == "placed" else {"first"})
    assert sent(file).items() >= {"7/1": "a song"}.items()
    back_up(database, file, replace=True)
    assert facts(file) == {"first", "second"}
    assert sent(file) == {"7/1": "a song", "7/2": "a picture"}
    assert names(folder) == {"copy.db", "copy.db.media"}


@pytest.mark.parametrize("point", ["copying", "checked", "written", "aside", "linked", "cleared", "placed"])
@pytest.mark.parametrize("well", [True, False])
def test_killed_while_it_is_put_back(database: Path, folder: Path, point: str, well: bool) -> None:
    """Whenever the process dies, the database before or the backup stands there, whole: a bot starts on it, and with a
    damaged one the same command can be given again. What was there before is kept with its log, once."""
    file = folder / "copy.db"
    send(database, 7, 1, "a song")
    back_up(database, file)
    with writing(database) as writer:
        promised = writer.promised
    if not well:
        with database.open("r+b") as opened:
            opened.truncate(5000)
    log = database.with_name("tenfold.db-wal").read_bytes()
    killed(point, "restore", file, database)
    if well:
        held = facts(database)
        assert held == {"first"} if point == "placed" else len(held) > promised
        keep(database, "second")
        assert facts(database) == held | {"second"}
    if point != "placed":
        assert restore(file, database, replace=True) == database.with_name("tenfold.db.before-restore")
    (aside,) = kept_aside(database)
    assert {"first"} <= facts(database) <= {"first", "second"}
    assert sent(database) == sent(aside) == {"7/1": "a song"}
    if well:
        assert len(facts(aside)) > promised
    else:
        assert aside.stat().st_size == 5000
        assert aside.with_name(f"{aside.name}-wal").read_bytes() == log
    assert not names(database.parent) & {f"{database.name}{end}" for end in SIDES}


def test_killed_at_random_moments(tmp_path: Path) -> None:
    """Killed at any moment, ten times, while a bot goes on writing: there is always one whole backup."""
    database, file = tmp_path / "tenfold.db", tmp_path / "copy.db"
    keep(database, *(f"fact {number}" for number in range(4000)), value="long " * 300)
    began = time.monotonic()
    assert tenfold("backup", file, "--db", database, folder=tmp_path).returncode == 0
    took = time.monotonic() - began
    luck = Random(20261125)
    with writing(database):
        for _kill in range(10):
            process = subprocess.Popen(
                [sys.executable, "-m", "bot", "backup", str(file), "--db", str(database), "--replace"],
                cwd=ROOT,
                stdout=subprocess.DEVNULL,
            )
            try:
                process.wait(luck.uniform(0.3 * took, took))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            assert len(facts(file)) >= 4000
            assert stat.S_IMODE(file.stat().st_mode) == 0o600


# Every day


def test_one_a_day_for_two_weeks(database: Path, folder: Path) -> None:
    """Each day has one backup, named for it in UTC, those of two weeks ago go with all that belongs to them, and
    nothing else in the folder is touched."""
    send(database, 7, 1, "a song")
    strangers = {"tenfold.db", "tenfold-2026-11-05.db.bak", "tenfold-2026-99-05.db", "mine-2026-11-05.db", "notes"}
    for name in strangers:
        (folder / name).write_text("mine")
    (folder / "tenfold-2026-10-01.db.part").write_text("half")
    for day in range(20):
        made = daily(database, folder, now=NOW + timedelta(days=day), keep=14)
        assert made == folder / f"tenfold-{(NOW + timedelta(days=day)).date()}.db"
        assert daily(database, folder, now=NOW + timedelta(days=day, hours=3), keep=14) is None
    days = [NOW.date() + timedelta(days=day) for day in range(6, 20)]
    expected = {f"tenfold-{day}.db{end}" for day in days for end in ("", ".media")}
    assert names(folder) == expected | strangers
    assert [day for day, _file in dated(folder)] == days[::-1]


def test_what_was_erased_is_gone_when_its_time_is_over(database: Path, folder: Path) -> None:
    """Promise 5: a backup made before an erase holds what was erased, until its days are over; then no byte is left."""

    def everything() -> bytes:
        return b"".join(each.read_bytes() for each in folder.rglob("*") if each.is_file())

    keep(database, "somebody", value="canary " * 3000)
    picture = send(database, 7, 1, "canary picture")
    daily(database, folder, now=NOW, keep=14)

    async def erase() -> None:
        store = open_store(f"sqlite:///{database}")
        await store.transact(lambda tx: tx.run("fact_set", name="somebody", value=""))
        assert await store.scrub()
        await store.close()

    asyncio.run(erase())
    shutil.rmtree(picture.parent)
    for day in range(1, 14):
        daily(database, folder, now=NOW + timedelta(days=day), keep=14)
        assert b"canary" in everything()
    daily(database, folder, now=NOW + timedelta(days=14), keep=14)
    assert b"canary" not in everything()


def test_the_last_backup_is_kept_until_there_is_another(database: Path, folder: Path) -> None:
    """While none can be made the newest stays, however old: a damaged database is no reason to be without any."""
    for day in range(3):
        daily(database, folder, now=NOW + timedelta(days=day), keep=14)
    torn(database)
    with pytest.raises(TenfoldError, match="is damaged"):
        daily(database, folder, now=NOW + timedelta(days=90), keep=14)
    assert names(folder) == {"tenfold-2026-11-27.db"}
    aside = restore(folder / "tenfold-2026-11-27.db", database, replace=True)
    assert aside is not None
    daily(database, folder, now=NOW + timedelta(days=91), keep=14)
    assert names(folder) == {f"tenfold-{date(2026, 11, 25) + timedelta(days=91)}.db"}


async def test_a_failure_is_told_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A backup that can't be made is one line with its cure, however often it is tried, and one when all is well."""
    caplog.set_level(logging.INFO, "bot")
    database, folder = tmp_path / "tenfold.db", tmp_path / "backups"
    await open_store(f"sqlite:///{database}").close()
    backup = DailyBackup(database, folder, keep=14, clock=lambda: NOW)
    for _try in range(3):
        await backup.look()
    folder.mkdir()
    for _try in range(3):
        await backup.look()
    told = [record.getMessage() for record in caplog.records]
    assert told[0].startswith(f"no backup today: BACKUP_DIR: {folder} is no folder: make it, or set another.")
    assert re.fullmatch(r"made the backup of the day \(\d+ bytes\)", told[1])
    assert told[2:] == ["backups can be made again"]


async def test_stopping_waits_for_no_backup(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A bot that stops gives up the backup that is being made, and leaves nothing half done."""
    database, folder = tmp_path / "tenfold.db", tmp_path / "backups"
    folder.mkdir()
    store = open_store(f"sqlite:///{database}")
    await store.transact(lambda tx: tx.run("fact_set", name="story", value="long " * 200_000))
    await store.close()
    monkeypatch.setattr(module, "_PAGES", 1)
    backup = DailyBackup(database, folder, keep=14, clock=lambda: NOW)
    copied = module._copy

    def stopped(*given: object) -> None:
        backup.stop()
        copied(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "_copy", stopped)
    await backup.look()
    assert names(folder) == set()
    assert caplog.records == []


@pytest.mark.sqlite_alone
def test_a_running_bot_makes_it(bot: Bot, tmp_path: Path) -> None:
    """`tenfold run` makes the backup of the day as soon as it runs, and goes on if that fails."""
    folder = tmp_path / "backups"
    folder.mkdir()
    bot.set(BACKUP_DIR=folder)
    bot.start()
    bot.waits_to_log("made the backup of the day")
    bot.stop()
    ((day, file),) = dated(folder)
    assert abs((datetime.now(UTC).date() - day).days) <= 1
    assert facts(file) is not None
    shutil.rmtree(folder)
    bot.start()
    bot.waits_to_log("is no folder: make it, or set another")
    bot.stop()
