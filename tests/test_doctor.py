"""`tenfold doctor` and the command line: what is well, what isn't and its cure, and never the token."""

import asyncio
import contextlib
import getpass
import os
import re
import sqlite3
import subprocess
import sys
import urllib.request
from datetime import UTC, datetime, timedelta
from importlib import metadata
from pathlib import Path
from typing import Any
from unittest import mock

import psycopg
import pytest
from click.testing import CliRunner

from bot import cli, words
from bot.doctor import Finding, examination
from bot.store import open_store
from bot.store.backup import back_up, daily, restore
from bot.store.postgres import alone
from bot.words import UnfitPrompts
from tests import postgres
from tests.botapi import BotApi
from tests.modelapi import KEY, MODEL, ModelServer, foreign, hangs, says, status
from tests.test_soundness import contents, die, overwrite

TOKEN = "123456:CANARY-token_of_a_test_and_long_enough"
NOWHERE = "http://127.0.0.1:9"
ROOT = Path(__file__).parent.parent


def examined(file: Path, **variables: str) -> dict[str, Finding]:
    """The findings about a bot on *file*, by their first word."""
    usual = {"TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_API_BASE_URL": NOWHERE, "DATABASE_URL": f"sqlite:///{file}"}
    findings = asyncio.run(examination(usual | variables))
    assert not any("CANARY" in finding.text for finding in findings)
    return {finding.text.partition(":")[0]: finding for finding in findings}


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """A database as the bot leaves it."""
    file = tmp_path / "tenfold.db"
    asyncio.run(open_store(f"sqlite:///{file}").close())
    return file


def tenfold(*arguments: str, folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    own = ("TELEGRAM", "BACKUP_", "OPENAI_", "MODEL_")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(own)}
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        check=False,
        text=True,
        capture_output=True,
        timeout=60,
        cwd=folder,
        env=clean | {"PYTHONPATH": str(ROOT)} | variables,
    )


def test_all_is_well(database: Path) -> None:
    """A token that Telegram knows and a sound database: every finding is well, and the bot's name is told."""
    with BotApi() as api:
        found = examined(database, TELEGRAM_BOT_TOKEN=api.token, TELEGRAM_API_BASE_URL=api.url)
    assert all(finding.well for finding in found.values())
    assert list(found) == ["settings", "prompts", "zone data", "database", "backups", "token"]
    assert "@" in found["token"].text
    assert "nobody is using it" in found["database"].text


def test_a_webhook_is_looked_at(database: Path) -> None:
    """Whether Telegram brings updates where it is to, and why it failed to, is told by the doctor."""
    url = "https://bot.example.org/hook"
    with BotApi() as api:

        def found() -> Finding:
            where = {"TELEGRAM_BOT_TOKEN": api.token, "TELEGRAM_API_BASE_URL": api.url, "WEBHOOK_URL": url}
            return examined(database, **where)["webhook"]

        def set_webhook(to: str) -> None:
            with urllib.request.urlopen(f"{api.base_url}{api.token}/setWebhook?url={to}"):
                pass

        assert found() == Finding(well=True, text="webhook: none is set yet; a running bot sets it")
        set_webhook(url)
        assert found() == Finding(well=True, text="webhook: Telegram brings updates, 0 updates wait")
        api.person(7).says("CANARY")
        api.wait_brought(0)
        assert not found().well
        assert "(Connection refused), 1 updates wait: see that the bot is running" in found().text
        set_webhook("https://elsewhere.example.org/CANARY")
        assert not found().well
        assert "Telegram brings updates elsewhere" in found().text
    assert "see the token" in found().text


def test_a_refused_token_has_a_cure(tmp_path: Path) -> None:
    """A token that Telegram doesn't know is told without being shown."""
    with BotApi() as api:
        found = examined(tmp_path / "x.db", TELEGRAM_API_BASE_URL=api.url)
    assert not found["token"].well
    assert "@BotFather" in found["token"].text


def test_a_telegram_that_is_away_is_told(tmp_path: Path) -> None:
    """No network is no traceback."""
    found = examined(tmp_path / "x.db")
    assert not found["token"].well
    assert "network" in found["token"].text


def test_unfit_settings_are_told_and_the_rest_is_looked_at(tmp_path: Path) -> None:
    """Each slip has its line, and what doesn't depend on it is examined all the same."""
    found = asyncio.run(examination({"DATABASE_URL": "postgres://db", "LOG_LEVEL": "loud"}))
    told = [finding.text for finding in found if not finding.well]
    assert [line.split()[1] for line in told if line.startswith("settings")] == [
        "TELEGRAM_BOT_TOKEN",
        "DATABASE_URL",
        "LOG_LEVEL",
    ]
    assert "database: not looked at, see DATABASE_URL above" in told
    assert any(finding.text.startswith("prompts") and finding.well for finding in found)


def test_a_database_that_is_not_there_will_be(tmp_path: Path) -> None:
    """Before the first run there is nothing wrong; a folder that is missing is."""
    assert examined(tmp_path / "x.db")["database"].well
    assert not (tmp_path / "x.db").exists()
    assert "make it" in examined(tmp_path / "none" / "x.db")["database"].text


def test_a_running_bot_is_fine(database: Path) -> None:
    """The database of a running bot is examined without disturbing it."""
    store = open_store(f"sqlite:///{database}")
    found = examined(database)["database"]
    asyncio.run(store.close())
    assert found.well
    assert "a running Tenfold holds it" in found.text


def test_a_bot_may_start_while_the_doctor_looks(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The database's lock is free again before the long look, so nobody is refused on the doctor's account."""
    started = []

    def looking(*arguments: Any, **options: Any) -> Any:
        monkeypatch.undo()
        started.append(open_store(f"sqlite:///{database}"))
        return sqlite3.connect(*arguments, **options)

    monkeypatch.setattr(sqlite3, "connect", looking)
    found = examined(database)["database"]
    asyncio.run(started[0].close())
    assert found.well


def test_a_bot_that_is_writing_is_not_waited_for(database: Path) -> None:
    """While a bot holds the database the doctor doesn't ask to write: that would wait, and fail in a long change."""
    store = open_store(f"sqlite:///{database}")
    try:
        with contextlib.closing(sqlite3.connect(database, isolation_level=None)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            found = examined(database)["database"]
            connection.execute("ROLLBACK")
    finally:
        asyncio.run(store.close())
    assert found.well


def test_looking_leaves_nothing_behind(database: Path) -> None:
    """No file is made where the bot has left none, not even a lock."""
    database.with_name("tenfold.db.lock").unlink()
    assert examined(database)["database"].well
    assert [file.name for file in database.parent.iterdir()] == ["tenfold.db"]


def test_a_database_that_others_can_read_is_told(database: Path) -> None:
    """What people write is nobody else's business on that machine."""
    database.chmod(0o644)
    findings = asyncio.run(examination({"DATABASE_URL": f"sqlite:///{database}"}))
    told = [finding.text for finding in findings if finding.text.startswith("database") and not finding.well]
    assert told == [f"database: others may read {database} (mode 0644): chmod 600 {database}"]


def test_a_damaged_database_is_told(database: Path) -> None:
    """Pages that don't fit together are found before the bot stumbles over them."""
    with sqlite3.connect(database) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
        (page,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'person'").fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    connection.close()
    with database.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * size)
    before = database.read_bytes()
    found = examined(database)["database"]
    assert not found.well
    assert "is damaged" in found.text
    assert f"tenfold restore BACKUP --db {database} --replace" in found.text
    assert database.read_bytes() == before


def test_a_log_that_was_left_behind_is_left_there(database: Path) -> None:
    """What a killed bot left in its log is the next start's to bring home: the doctor moves nothing."""
    log = die(database, 5)
    before = contents(database.parent)
    assert examined(database)["database"].well
    overwrite(log, 32 + 60, 16)
    damaged = contents(database.parent)
    assert damaged != before
    assert "is damaged" in examined(database)["database"].text
    assert contents(database.parent) == damaged


# ---- backups ----


def told(database: Path, now: datetime, **variables: str) -> dict[str, Finding]:
    """The findings at *now* about a bot on *database* that is set up with *variables*, by their first word."""
    usual = {"TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_API_BASE_URL": NOWHERE, "DATABASE_URL": f"sqlite:///{database}"}
    findings = asyncio.run(examination(usual | variables, now))
    return {finding.text.partition(":")[0]: finding for finding in findings}


def test_the_newest_backup_is_told(database: Path, tmp_path: Path) -> None:
    """None wished for, none yet, one of today, none for days: each is told, and only the last needs somebody."""
    now = datetime(2026, 11, 25, 18, 0, tzinfo=UTC)
    folder = tmp_path / "backups"
    folder.mkdir()
    assert told(database, now)["backups"] == Finding(
        well=True, text="backups: none are made; set BACKUP_DIR to have one of each day"
    )
    assert told(database, now, BACKUP_DIR=str(folder))["backups"] == Finding(
        well=True, text=f"backups: none yet in {folder}; a running bot makes one at once"
    )
    daily(database, folder, now=now - timedelta(days=1), keep=14)
    daily(database, folder, now=now, keep=14)
    for days in (0, 1):
        assert told(database, now + timedelta(days=days), BACKUP_DIR=str(folder))["backups"] == Finding(
            well=True, text=f"backups: 2 in {folder}, the newest of 2026-11-25"
        )
    late = told(database, now + timedelta(days=5), BACKUP_DIR=str(folder))["backups"]
    assert not late.well
    assert "the newest is 5 days old" in late.text
    assert "see whether the bot is running" in late.text


def test_a_folder_for_backups_that_can_t_be_used_is_told(database: Path, tmp_path: Path) -> None:
    """A folder that is missing, or that nobody may write, is told before a day has gone by without a backup."""
    found = examined(database, BACKUP_DIR=str(tmp_path / "none"))["backups"]
    assert not found.well
    assert "make it" in found.text
    with mock.patch.object(os, "access", lambda file, _mode: Path(file) != tmp_path / "backups"):
        (tmp_path / "backups").mkdir()
        found = examined(database, BACKUP_DIR=str(tmp_path / "backups"))["backups"]
    assert not found.well
    assert "can't be written" in found.text
    unfit = asyncio.run(examination({"BACKUP_DIR": TOKEN}))
    assert "backups: not looked at, see the settings above" in [finding.text for finding in unfit]
    assert not any(TOKEN in finding.text for finding in unfit)


def test_what_a_restore_put_aside_is_not_forgotten(database: Path, tmp_path: Path) -> None:
    """The database that a restore replaced holds what people erase: when no backup would be kept any longer, it is
    told."""
    back_up(database, tmp_path / "copy.db")
    aside = restore(tmp_path / "copy.db", database, replace=True)
    now = datetime.now(UTC)
    assert told(database, now + timedelta(days=13))["database"].well
    findings = asyncio.run(examination({"DATABASE_URL": f"sqlite:///{database}"}, now + timedelta(days=15)))
    (old,) = [finding.text for finding in findings if finding.text.startswith("database") and not finding.well]
    assert old.startswith(f"database: {aside} was put aside over 14 days ago and still holds what people erased")


def test_postgres_is_looked_at(tmp_path: Path) -> None:
    """Which one it is, whether the schema is the newest, how large it is and who runs on it."""
    with postgres.database() as url:

        def seen() -> Finding:
            return examined(tmp_path, DATABASE_URL=url)["database"]

        def run(sql: str) -> None:
            with psycopg.connect(url) as connection:
                connection.execute(sql.encode())

        assert "there is nothing of Tenfold's in it yet" in seen().text
        asyncio.run(open_store(url).close())
        assert seen().well
        assert re.fullmatch(
            r"database: PostgreSQL \d+\.\d+.* answers \(\d+ MB\), its schema is the newest, nobody is using it",
            seen().text,
        )
        run("INSERT INTO replica (id, until) VALUES ('one', 9999999999999), ('two', 9999999999999), ('gone', 5)")
        assert seen().text.endswith("running on it: 2")
        run("DELETE FROM migration WHERE name >= '0007'")
        assert "the next start brings its schema up to date" in seen().text
        run("INSERT INTO migration (name) VALUES ('9999_later')")
        assert not seen().well
        assert "newer Tenfold (9999_later): update Tenfold first" in seen().text
        run("DROP SCHEMA public CASCADE; CREATE SCHEMA public; CREATE TABLE customer (id BIGINT)")
        assert not seen().well
        assert "this database holds something else" in seen().text


def test_a_move_is_not_waited_for(tmp_path: Path) -> None:
    """While journals are moved in, everything there is locked; that is told at once."""
    with postgres.database() as url, alone(url):
        found = examined(tmp_path, DATABASE_URL=url)["database"]
        assert found.well
        assert "is being moved into" in found.text


def test_a_postgres_in_trouble_has_a_cure(tmp_path: Path) -> None:
    """And never is its address told, in which its password stands."""
    with postgres.database() as url:
        for address, cure in (
            ("postgresql://me:CANARY@127.0.0.1:9/tenfold", "see that PostgreSQL is running"),
            (f"{url}_CANARY", "there is no database of that name"),
            (url.replace("//tenfold@", "//CANARY@"), "user or password are not what it expects"),
        ):
            found = examined(tmp_path, DATABASE_URL=address)["database"]
            assert not found.well
            assert found.text.startswith("database: PostgreSQL can't be used: ")
            assert cure in found.text


def test_backups_of_postgres_are_told(tmp_path: Path) -> None:
    """They are the server's matter; a folder for others isn't quietly passed over."""
    url = "postgresql://me@127.0.0.1:9/tenfold"
    assert "pg_dump" in examined(tmp_path, DATABASE_URL=url)["backups"].text
    findings = asyncio.run(examination({"TELEGRAM_BOT_TOKEN": TOKEN, "DATABASE_URL": url, "BACKUP_DIR": str(tmp_path)}))
    told = [each.text for each in findings if not each.well]
    assert any(text.startswith("settings: BACKUP_DIR is set though DATABASE_URL leads to PostgreSQL") for text in told)


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    """A picture in the database's place is told, and stays as it is."""
    file = tmp_path / "x.db"
    file.write_bytes(b"not a database at all, but long enough to look at" * 50)
    file.chmod(0o600)
    before = file.read_bytes()
    found = examined(file)["database"]
    assert not found.well
    assert "can't be used" in found.text
    assert file.read_bytes() == before


def test_a_lock_that_cannot_be_taken_is_told(database: Path) -> None:
    """Something else in the lock's place is told, with its name."""
    database.with_name("tenfold.db.lock").unlink()
    database.with_name("tenfold.db.lock").mkdir()
    found = examined(database)["database"]
    assert not found.well
    assert "tenfold.db.lock can't be written" in found.text


def test_unfit_prompts_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A slip in prompts/ is a finding with the words that a start would end with."""

    def unfit() -> None:
        raise UnfitPrompts("questions.toml: [call] has no wordings")

    monkeypatch.setattr(words, "load", unfit)
    found = examined(tmp_path / "x.db")["prompts"]
    assert found == Finding(well=False, text="prompts: questions.toml: [call] has no wordings")


# ---- the language model ----

SUGGESTION = {"theme": None, "person": "Rui", "place": None, "act": "Ask Rui.", "minutes": 5, "mirror": ""}


def test_a_model_that_answers_is_told(tmp_path: Path) -> None:
    """With a model set there is one line more, with its name and how long it took."""
    with ModelServer("llama.cpp") as server:
        server.set(key="")
        server.answers(says(SUGGESTION))
        found = examined(tmp_path / "x.db", OPENAI_BASE_URL=server.url, OPENAI_MODEL=MODEL.replace("canary", "small"))
        assert not found["language model"].well
        assert "OPENAI_MODEL" in found["language model"].text
        server.set(model="small-model")
        found = examined(tmp_path / "x.db", OPENAI_BASE_URL=server.url, OPENAI_MODEL="small-model")
        assert found["language model"].well
        assert "small-model answered in 0." in found["language model"].text
    assert "language model" not in examined(tmp_path / "x.db")


def test_a_model_in_trouble_has_a_cure(tmp_path: Path) -> None:
    """A wrong key, a server that isn't there, is another or is slow: each is told with what to set, without the key."""
    with ModelServer("llama.cpp") as server:
        server.set(model="small-model")
        usual = {"OPENAI_BASE_URL": server.url, "OPENAI_MODEL": "small-model", "MODEL_DEADLINE": "1"}
        for answer, key, cure in (
            (None, "sk-CANARY", "OPENAI_API_KEY"),
            (status(503), KEY, "logs"),
            (foreign(), KEY, "OPENAI_BASE_URL"),
            (hangs(), KEY, "MODEL_DEADLINE"),
        ):
            server.answers(*[answer] if answer else [])
            found = examined(tmp_path / "x.db", OPENAI_API_KEY=key, **usual)["language model"]
            assert not found.well
            assert cure in found.text
            assert KEY not in found.text
    found = examined(tmp_path / "x.db", OPENAI_BASE_URL=f"{NOWHERE}/v1", OPENAI_MODEL="small-model")["language model"]
    assert not found.well
    assert "can't be reached" in found.text


# ---- the command line ----


def test_the_doctor_says_no_with_its_exit_code(tmp_path: Path) -> None:
    """One line each, exit code 1 if any is not well, and the cure for a first run."""
    done = tenfold("doctor", folder=tmp_path)
    assert done.returncode == 1
    assert "no  settings: TELEGRAM_BOT_TOKEN is empty: copy .env.example to .env" in done.stdout
    assert all(line.startswith(("ok  ", "no  ")) for line in done.stdout.splitlines())
    assert done.stderr == ""


def test_the_doctor_says_yes_with_its_exit_code(tmp_path: Path) -> None:
    """All well is exit code 0."""
    with BotApi() as api:
        done = tenfold("doctor", folder=tmp_path, TELEGRAM_BOT_TOKEN=api.token, TELEGRAM_API_BASE_URL=api.url)
        assert api.token not in done.stdout
    assert (done.returncode, done.stderr) == (0, "")


def test_the_doctor_never_shows_a_key(tmp_path: Path) -> None:
    """Not even where openai is told to write down everything."""
    with ModelServer("llama.cpp") as server:
        server.answers(status(401, f"{KEY} is no key"))
        done = tenfold(
            "doctor", folder=tmp_path, OPENAI_API_KEY=KEY, OPENAI_BASE_URL=server.url, OPENAI_MODEL=MODEL,
            OPENAI_LOG="debug", TELEGRAM_BOT_TOKEN=TOKEN, TELEGRAM_API_BASE_URL=NOWHERE,
        )  # fmt: skip
        assert len(server.requests()) == 1
    assert "no  language model: it is refused the key (401): set OPENAI_API_KEY" in done.stdout
    assert KEY not in done.stdout + done.stderr


def test_the_doctor_looks_on_without_a_readable_file(tmp_path: Path) -> None:
    """A .env that is no text is one finding, and the others come all the same."""
    (tmp_path / ".env").write_bytes(b"\xff\xfe\x00")
    done = tenfold("doctor", folder=tmp_path, TELEGRAM_BOT_TOKEN="123:short", LOG_LEVEL="loud", SENDS_PER_SECOND="x")
    assert (done.returncode, done.stderr) == (1, "")
    lines = [line[4:] for line in done.stdout.splitlines()]
    assert lines[0].startswith("settings: .env can't be read")
    assert [line.split()[1] for line in lines[1:4]] == ["TELEGRAM_BOT_TOKEN", "LOG_LEVEL", "SENDS_PER_SECOND"]
    assert lines[1].startswith("settings: TELEGRAM_BOT_TOKEN is no token")
    assert [line.partition(":")[0] for line in lines[4:]] == ["prompts", "zone data", "database", "backups", "token"]


def test_a_run_without_a_token_is_one_kind_line(tmp_path: Path) -> None:
    """`tenfold run` on a fresh checkout says what to do, and no traceback."""
    done = tenfold("run", folder=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "TELEGRAM_BOT_TOKEN is empty: copy .env.example to .env and paste the token from @BotFather\n"


def test_the_version_is_quick_to_tell(tmp_path: Path) -> None:
    """Asking for the version imports none of the bot."""
    code = "import sys; from bot import cli; print([m for m in sys.modules if m.startswith('bot.')])"
    done = subprocess.run(
        [sys.executable, "-c", code], check=True, text=True, capture_output=True, timeout=60, cwd=ROOT
    )
    assert done.stdout == "['bot.errors', 'bot.cli']\n"
    assert tenfold("--version", folder=tmp_path).stdout.startswith("tenfold")


def test_a_version_needs_no_installation(monkeypatch: pytest.MonkeyPatch) -> None:
    """From a checkout that nobody installed there is no number, and it says so."""

    def missing(name: str) -> str:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "version", missing)
    assert CliRunner().invoke(cli.commands, ["--version"]).output == "tenfold, from a checkout that is not installed\n"


def test_somebody_without_a_login_is_you(monkeypatch: pytest.MonkeyPatch) -> None:
    """A container may run under a number without a name."""

    def nobody() -> str:
        raise KeyError("getpwuid(): uid not found")

    monkeypatch.setattr(getpass, "getuser", nobody)
    assert cli._login() == "you"
