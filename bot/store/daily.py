"""A backup a day, made while the bot runs and nobody waits for it."""

import asyncio
import logging
import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from bot.errors import TenfoldError
from bot.store.backup import daily

__all__ = ["DailyBackup"]

_log = logging.getLogger(__name__)


class _GivenUp(Exception):
    """The bot is stopping: tomorrow is another day, or the next start."""


class DailyBackup:
    """The backups of *database* in *folder*: one of each day (UTC), each for *keep* days. A failure is told once, and
    stops nobody."""

    def __init__(self, database: Path, folder: Path, *, keep: int, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._folder = folder
        self._keep = keep
        self._clock = clock
        self._stopping = threading.Event()
        self._told = ""

    async def look(self) -> None:
        """See that today's is there, and none whose time is over."""
        try:
            made = await asyncio.to_thread(
                daily, self._database, self._folder, now=self._clock(), keep=self._keep, watch=self._watch
            )
        except _GivenUp:
            return
        except TenfoldError as error:
            if self._told != (told := str(error)):
                _log.error("no backup today: %s. Trying again every ten minutes", told)
                self._told = told
            return
        if made:
            _log.info("made the backup of the day (%d bytes)", made.stat().st_size)
        if self._told:
            _log.warning("backups can be made again")
            self._told = ""

    def stop(self) -> None:
        """Give up a backup that is being made."""
        self._stopping.set()

    def _watch(self, point: str) -> None:
        if self._stopping.is_set():
            raise _GivenUp
