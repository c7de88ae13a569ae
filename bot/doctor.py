"""Whether all is well: settings, prompts, zone data, database, backups, token, webhook, model. One finding each, with
its cure.

It looks and changes nothing that is kept, so it can be asked while the bot runs, and the bot started while it looks:
the database's lock is held only for the instant in which it turns out whether anybody else has it.
"""

import asyncio
import os
import sqlite3
import stat
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic

from filelock import FileLock, Timeout

from bot import words
from bot.channels.telegram import TelegramChannel
from bot.errors import TenfoldError
from bot.schedule import zone_data
from bot.settings import BACKUP_KEEP, DATABASE, Settings, UnfitSettings, sqlite_file
from bot.store import POSTGRES, migrations
from bot.store.backup import cure, dated, kept_aside
from bot.store.soundness import Damaged, Foreign, beside, connect, examine, named, verdict, weight
from bot.suggest import prompt
from bot.suggest.language_model import LanguageModel

__all__ = ["Finding", "examination"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One thing that was looked at. *text* says what was found and, unless it is *well*, what to do."""

    well: bool
    text: str


async def examination(variables: Mapping[str, str], now: datetime | None = None) -> list[Finding]:
    """What there is to say about the bot that *variables* set up, at *now* (aware; else it is asked of the clock)."""
    now = now or datetime.now(UTC)
    try:
        settings = Settings.read(variables)
        findings = [Finding(well=True, text="settings: all can be used")]
    except UnfitSettings as error:
        settings = None
        findings = [Finding(well=False, text=f"settings: {problem}") for problem in error.problems]
    findings.append(_prompts())
    findings.append(Finding(well=True, text=f"zone data: {zone_data()}"))
    backups = Path(text) if (text := variables.get("BACKUP_DIR", "").strip()) else None
    keep = timedelta(days=settings.backup_keep if settings else BACKUP_KEEP)
    url = variables.get("DATABASE_URL", "").strip() or DATABASE
    shared = url.startswith(POSTGRES)
    if any(each.text.startswith("settings: DATABASE_URL") for each in findings):
        findings.append(Finding(well=False, text="database: not looked at, see DATABASE_URL above"))
    elif shared:
        findings.append(await asyncio.to_thread(_shared_database, url))
    else:
        findings += _database(sqlite_file(url), backups, now, keep)
    if shared and backups is None:
        text = "backups: Tenfold makes none of PostgreSQL: have pg_dump make them (see docs/hosting.md)"
        findings.append(Finding(well=True, text=text))
    elif settings is None and any(each.text.startswith("settings: BACKUP_") for each in findings):
        findings.append(Finding(well=False, text="backups: not looked at, see the settings above"))
    else:
        findings.append(_backups(backups, now))
    if settings is None:
        findings.append(Finding(well=False, text="token: not tried, see the settings above"))
    else:
        findings.append(await _token(settings))
        if settings.webhook_url:
            findings.append(await _webhook(settings, now))
        if settings.openai_model:
            findings.append(await _model(settings))
    return findings


def _prompts() -> Finding:
    try:
        loaded = words.load()
        prompt.load()
    except TenfoldError as error:
        return Finding(well=False, text=f"prompts: {error}")
    return Finding(well=True, text=f"prompts: {len(loaded.questions)} questions, {len(loaded.acts)} acts")


def _database(file: Path, backups: Path | None, now: datetime, keep: timedelta) -> list[Finding]:
    folder = file.parent
    if not folder.is_dir() or not os.access(folder, os.W_OK | os.X_OK):
        return [Finding(well=False, text=f"database: {folder} is no folder to write in: make it, or set DATABASE_URL")]
    if not file.exists():
        return [Finding(well=True, text=f"database: {file} is not there yet, and will be made")]
    findings = []
    if os.name == "posix" and (mode := stat.S_IMODE(file.stat().st_mode)) & 0o077:
        text = f"database: others may read {file} (mode {mode:04o}): chmod 600 {file}"
        findings.append(Finding(well=False, text=text))
    for aside in kept_aside(file):
        # When it was put aside its name changed, and that is what this time tells.
        if now - datetime.fromtimestamp(aside.stat().st_ctime, UTC) >= keep:
            text = f"database: {aside} was put aside over {keep.days} days ago and still holds what people erased"
            findings.append(Finding(well=False, text=f"{text}: delete it, and what is named after it"))
    return [*findings, _contents(file, backups)]


def _shared_database(url: str) -> Finding:
    from bot.store.postgres import look  # most bots have no use for psycopg

    try:
        seen = look(url)
    except TenfoldError as error:
        return Finding(well=False, text=f"database: PostgreSQL can't be used: {error}")
    name = f"database: PostgreSQL {seen.version}"
    if seen.busy:
        text = f"{name} is being moved into, or brought up to date, just now: a bot that starts waits for that"
        return Finding(well=True, text=text)
    known = {step for step, _sql in migrations()}
    if newer := seen.applied - known:
        return Finding(well=False, text=f"{name} was used by a newer Tenfold ({max(newer)}): update Tenfold first")
    size = f"{seen.size / 1e6:.0f} MB"
    if not seen.applied:
        return Finding(well=True, text=f"{name} answers ({size}); there is nothing of Tenfold's in it yet")
    schema = "its schema is the newest" if seen.applied == known else "the next start brings its schema up to date"
    used = f"running on it: {seen.alive}" if seen.alive else "nobody is using it"
    return Finding(well=True, text=f"{name} answers ({size}), {schema}, {used}")


def _backups(folder: Path | None, now: datetime) -> Finding:
    if folder is None:
        return Finding(well=True, text="backups: none are made; set BACKUP_DIR to have one of each day")
    try:
        found = dated(folder)
    except OSError as error:
        text = (
            f"backups: {folder} can't be used ({type(error).__name__}): make it, and make it yours, or set BACKUP_DIR"
        )
        return Finding(well=False, text=text)
    if not os.access(folder, os.W_OK | os.X_OK):
        return Finding(well=False, text=f"backups: {folder} can't be written: make it yours, or set BACKUP_DIR")
    if not found:
        return Finding(well=True, text=f"backups: none yet in {folder}; a running bot makes one at once")
    day, newest = found[0]
    age = (now.date() - day).days
    if age > 1:
        cause = "see whether the bot is running, and what it logs"
        return Finding(well=False, text=f"backups: the newest is {age} days old ({newest}): {cause}")
    return Finding(well=True, text=f"backups: {len(found)} in {folder}, the newest of {day}")


def _contents(file: Path, backups: Path | None) -> Finding:
    try:
        in_use = _held(Path(f"{file}.lock"))
    except OSError as error:
        text = f"database: {file}.lock can't be written ({type(error).__name__}): make it yours"
        return Finding(well=False, text=text)
    try:
        if in_use:
            with closing(connect(file, "mode=ro")) as connection:
                if verdict(connection, "quick_check") != "ok":
                    raise Damaged("pages that don't fit together")
        else:
            examine(file, thorough=True)
            if not weight(beside(file, "-wal")):  # what is in a log that was left behind is not the doctor's to move
                # Taking the writer's place says whether the file can be written, and giving it back writes nothing.
                with closing(connect(file, "mode=rw")) as connection:
                    connection.execute("BEGIN IMMEDIATE")
                    connection.execute("ROLLBACK")
    except Damaged as error:
        return Finding(well=False, text=f"database: {file} is damaged ({error}). {cure(file, backups)}")
    except Foreign as error:
        return Finding(well=False, text=f"database: can't be used: {error}")
    except (OSError, sqlite3.Error) as error:
        text = f"database: {file} can't be used ({named(error)}): check that it is a database and yours"
        return Finding(well=False, text=text)
    state = "a running Tenfold holds it" if in_use else "nobody is using it"
    return Finding(well=True, text=f"database: {file} is sound, {state}")


def _held(file: Path) -> bool:
    """Whether somebody holds the lock *file*. Raises OSError if that can't be found out."""
    if not file.exists():  # whoever takes it makes it, and it stays
        return False
    try:
        with FileLock(file, mode=0o600, is_singleton=False, timeout=0):
            return False
    except Timeout:
        return True


async def _token(settings: Settings) -> Finding:
    try:
        async with TelegramChannel(settings.telegram_bot_token, settings.telegram_api_base_url) as channel:
            return Finding(well=True, text=f"token: Telegram knows it as @{await channel.check_token()}")
    except TenfoldError as error:
        return Finding(well=False, text=f"token: {error}")


async def _webhook(settings: Settings, now: datetime) -> Finding:
    try:
        async with TelegramChannel(settings.telegram_bot_token, settings.telegram_api_base_url) as channel:
            return Finding(well=True, text=f"webhook: {await channel.check_webhook(settings.webhook_url, now)}")
    except TenfoldError as error:
        return Finding(well=False, text=f"webhook: {error}")


async def _model(settings: Settings) -> Finding:
    began = monotonic()
    try:
        model = LanguageModel(
            model=settings.openai_model,
            api_key=settings.openai_api_key,
            base_url=settings.openai_base_url,
            deadline=settings.model_deadline,
            prompts=prompt.load(),
            monotonic=monotonic,
        )
        try:
            await model.check()
        finally:
            await model.close()
    except TenfoldError as error:
        return Finding(well=False, text=f"language model: it {error}")
    seconds = monotonic() - began
    return Finding(well=True, text=f"language model: {settings.openai_model} answered in {seconds:.1f} s")
