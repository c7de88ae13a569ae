"""A damaged database is refused, stays as it is to the byte, and the way out is said; a sound one is never refused."""

import asyncio
import logging
import os
import re
import shlex
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from bot.errors import TenfoldError
from bot.store import Transaction, open_store, soundness
from bot.store.backup import back_up
from bot.store.sqlite import SQLiteStore
from tests.botapi import BotApi
from tests.test_backup import ROOT, facts, keep, tenfold

COMMITS = 40
PAGE = 4096

KILLED = """
import asyncio, os, signal, sys
from bot.store.sqlite import SQLiteStore

async def main():
    store = SQLiteStore(sys.argv[1])
    store._writer.raw.execute("PRAGMA wal_autocheckpoint = 0")
    for number in range(int(sys.argv[2])):
        await store.transact(lambda tx: tx.run("fact_set", name=f"late {number:03}", value="canary " * 99))
    os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(main())
"""


def die(database: Path, commits: int = COMMITS) -> Path:
    """A bot stores *commits* things, one by one, and is killed; the log that it leaves."""
    done = subprocess.run([sys.executable, "-c", KILLED, str(database), str(commits)], check=False, cwd=ROOT)
    assert done.returncode == -signal.SIGKILL
    return database.with_name(f"{database.name}-wal")


def contents(folder: Path) -> dict[str, bytes]:
    """All that lies in *folder*, locks left out."""
    return {each.name: each.read_bytes() for each in folder.iterdir() if not each.name.endswith(".lock")}


def overwrite(file: Path, at: int, size: int) -> None:
    """Damage: *size* bytes from *at* on are something else."""
    with file.open("r+b") as opened:
        opened.seek(at)
        opened.write(b"\xa7" * size)


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """A database with a few hundred things remembered, of a bot that left in peace."""
    file = tmp_path / "data" / "tenfold.db"
    file.parent.mkdir()
    keep(file, *(f"fact {number:03}" for number in range(300)), value="long " * 60)
    return file


def page_in_the_middle(database: Path) -> None:
    overwrite(database, database.stat().st_size // 2 // PAGE * PAGE, PAGE)


def file_cut_short(database: Path) -> None:
    os.truncate(database, database.stat().st_size // 2)


def file_cut_within_a_page(database: Path) -> None:
    os.truncate(database, database.stat().st_size - 1000)


def garbage_for_a_header(database: Path) -> None:
    overwrite(database, 0, 100)


def schema_overwritten(database: Path) -> None:
    overwrite(database, 100, PAGE - 100)


def page_under_a_log(database: Path) -> None:
    die(database, commits=3)
    page_in_the_middle(database)


def frame_in_the_log(database: Path) -> None:
    log = die(database)
    overwrite(log, 32 + 20 * (PAGE + 24) + 500, 16)


def first_frame_of_the_log(database: Path) -> None:
    overwrite(die(database), 32 + 40, 16)


def header_of_the_log(database: Path) -> None:
    overwrite(die(database), 0, 32)


def hole_in_the_log(database: Path) -> None:
    overwrite(die(database), 32 + 10 * (PAGE + 24), 3 * (PAGE + 24))


def only_the_log_left(database: Path) -> None:
    die(database)
    os.truncate(database, 0)


HARM = [
    page_in_the_middle,
    file_cut_short,
    file_cut_within_a_page,
    garbage_for_a_header,
    schema_overwritten,
    page_under_a_log,
    frame_in_the_log,
    first_frame_of_the_log,
    header_of_the_log,
    hole_in_the_log,
    only_the_log_left,
]


@pytest.mark.parametrize("harm", HARM)
def test_a_damaged_database_is_refused(database: Path, harm: Callable[[Path], None]) -> None:
    """Whatever is damaged, nothing is changed in the database, its log, or the log's index; nothing new lies beside
    them; and one line has the exact command that helps."""
    harm(database)
    before = contents(database.parent)
    done = tenfold("chat", "--db", database, folder=database.parent)
    assert (done.returncode, done.stdout) == (1, "")
    assert "is damaged" in done.stderr
    assert "Nothing was changed in it." in done.stderr
    assert f"tenfold restore BACKUP --db {database} --replace" in done.stderr
    assert done.stderr.count("\n") == 1
    assert contents(database.parent) == before


def test_a_picture_in_its_place(database: Path) -> None:
    """What isn't a database any more, not even by a trace, may be something else: it is left, and both are said."""
    overwrite(database, 0, database.stat().st_size)
    before = contents(database.parent)
    with pytest.raises(TenfoldError, match=r"holds something else: .* bring back a backup"):
        open_store(f"sqlite:///{database}")
    assert contents(database.parent) == before


def nothing(_database: Path) -> None:
    pass


def empty_file(database: Path) -> None:
    database.write_bytes(b"")


def killed_bot(database: Path) -> None:
    die(database)


def last_commit_torn(database: Path) -> None:
    log = die(database)
    os.truncate(log, log.stat().st_size - 100)


def last_commit_scrambled(database: Path) -> None:
    log = die(database)
    overwrite(log, log.stat().st_size - 3000, 100)


def log_without_a_frame(database: Path) -> None:
    log = die(database)
    os.truncate(log, 32)


def log_used_twice(database: Path) -> None:
    """The second round of the log is shorter than the first, so what is left of the first lies behind it."""
    code = (
        "import asyncio, os, signal, sys\n"
        "from bot.store.sqlite import SQLiteStore\n"
        "async def main():\n"
        "    store = SQLiteStore(sys.argv[1])\n"
        "    for number in range(60):\n"
        "        await store.transact(lambda tx: tx.run('fact_set', name=f'late {number:03}', value='x' * 700))\n"
        "        if number == 50:\n"
        "            store._writer.raw.execute('PRAGMA wal_checkpoint(RESTART)')\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
        "asyncio.run(main())\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(database)], check=False, cwd=ROOT)
    assert done.returncode == -signal.SIGKILL


FINE = {
    nothing: 0,
    empty_file: 0,
    killed_bot: COMMITS,
    last_commit_torn: COMMITS - 1,
    last_commit_scrambled: COMMITS - 1,
    log_without_a_frame: 0,
    log_used_twice: 60,
}


@pytest.mark.parametrize("happens", FINE)
def test_a_sound_database_is_never_refused(database: Path, happens: Callable[[Path], None]) -> None:
    """An empty file, a killed bot's log, a last commit that a power cut tore: a bot starts, with all that was
    promised."""
    happens(database)
    keep(database, "later")
    late = sorted(name for name in facts(database) if name.startswith("late "))
    assert late == [f"late {number:03}" for number in range(FINE[happens])]
    assert "later" in facts(database)


def test_half_a_change_is_taken_back(database: Path) -> None:
    """A journal from the moment in which a restored backup became a bot's database is no damage either."""
    code = (
        "import os, signal, sqlite3, sys\n"
        "c = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
        "c.execute('PRAGMA journal_mode=DELETE')\n"
        "c.execute('PRAGMA cache_size=1')\n"
        "c.execute('BEGIN')\n"
        "c.execute(\"UPDATE fact SET value = 'half'\")\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    subprocess.run([sys.executable, "-c", code, str(database)], check=False)
    assert database.with_name("tenfold.db-journal").stat().st_size
    keep(database, "later")
    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute("SELECT COUNT(*) FROM fact WHERE value = 'half'").fetchone() == (0,)


def test_looking_works_without_links(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a disk that has no links a killed bot's database is looked at in a copy, and nothing is left of that."""

    def no_links(*_names: object) -> None:
        raise OSError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", no_links)
    die(database)
    keep(database, "later")
    assert len(facts(database)) == 300 + COMMITS + 1
    assert set(contents(database.parent)) == {"tenfold.db"}


def test_a_look_that_was_killed_leaves_nothing_for_long(database: Path) -> None:
    """What a start that was killed while it looked left behind is gone after the next."""
    die(database)
    stale = database.with_name("tenfold.db.look-12345")
    stale.mkdir()
    (stale / "db-wal").write_bytes(b"canary")
    keep(database, "later")
    assert not stale.exists()


def test_a_big_one_is_looked_at_in_full_after_a_crash_only(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a clean stop a big database starts at once, with only its header and schema looked at."""
    monkeypatch.setattr(soundness, "BIG", 1000)
    page_in_the_middle(database)
    soundness.examine(database)
    (database.parent / "tenfold.db-wal").write_bytes(b"\0" * 32)
    with pytest.raises(soundness.Damaged):
        soundness.examine(database)


def test_the_newest_good_backup_is_named(database: Path, tmp_path: Path) -> None:
    """`tenfold run` names the newest backup that can be trusted, and its command, typed as it stands, helps."""
    folder = tmp_path / "my backups"
    folder.mkdir()
    for day in ("2026-11-22", "2026-11-23", "2026-11-24"):
        keep(database, day)
        back_up(database, folder / f"tenfold-{day}.db")
    page_in_the_middle(folder / "tenfold-2026-11-24.db")
    back_up(database, folder / "my own.db")
    page_in_the_middle(database)
    before = contents(database.parent)
    with BotApi() as api:
        done = tenfold(
            "run",
            folder=tmp_path,
            TELEGRAM_BOT_TOKEN=api.token,
            TELEGRAM_API_BASE_URL=api.url,
            DATABASE_URL=f"sqlite:///{database}",
            BACKUP_DIR=folder,
        )
    assert done.returncode == 1
    assert contents(database.parent) == before
    command = re.search(r"newest good backup: (tenfold restore .*)$", done.stderr.strip())
    assert command, done.stderr
    words = shlex.split(command[1])
    assert words == ["tenfold", "restore", f"{folder}/tenfold-2026-11-23.db", "--db", str(database), "--replace"]
    done = tenfold(*words[1:], folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert {"2026-11-22", "2026-11-23"} <= facts(database)


async def test_damage_that_shows_later_is_told_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page that is damaged while the bot runs is one line with the cure, however many stumble over it, reading or
    writing; who doesn't need the page goes on."""
    caplog.set_level(logging.WARNING, "bot")
    file = tmp_path / "tenfold.db"
    store = SQLiteStore(str(file))
    try:
        await store.transact(lambda tx: tx.run("fact_set", name="a", value="kept"))
        assert await store.scrub()
        (root,) = store._writer.raw.execute("SELECT rootpage FROM sqlite_master WHERE name = 'fact'").fetchone()
        store._writer.raw.execute("PRAGMA shrink_memory")
        overwrite(file, (root - 1) * PAGE, PAGE)

        def look(tx: Transaction) -> object:
            return tx.one("fact", name="a")

        for _time in range(3):
            with pytest.raises(sqlite3.DatabaseError):
                await store.transact(look)
            with pytest.raises(sqlite3.DatabaseError):
                await store.read(look)
        results = await asyncio.gather(
            *(store.transact(work) for work in (look, lambda tx: tx.all("inbox_unread"), look)), return_exceptions=True
        )
        assert results[1] == []
    finally:
        await store.close()
    (told,) = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert told.getMessage() == (
        "the database is damaged (SQLITE_CORRUPT): stop Tenfold. Bring back your newest backup, in the place of "
        f"BACKUP: tenfold restore BACKUP --db {file} --replace"
    )


def test_a_folder_without_a_backup(database: Path, tmp_path: Path) -> None:
    """Where no backup can be trusted none is named; that the folder is missing is no error on top."""
    folder = tmp_path / "backups"
    page_in_the_middle(database)
    for _time in range(2):
        with pytest.raises(TenfoldError, match="tenfold restore BACKUP --db"):
            open_store(f"sqlite:///{database}", folder)
        folder.mkdir(exist_ok=True)
        shutil.copy(database, folder / "tenfold-2026-11-24.db")
