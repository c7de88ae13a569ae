"""What a person takes along: everything of theirs in one zip, as JSON for programs and as text for reading."""

import asyncio
import json
import zipfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

from bot.domain import File, Sender
from bot.files import Files
from bot.journal import Journal
from bot.store import Store


@asynccontextmanager
async def exported(store: Store, files: Files, sender: Sender, now: datetime) -> AsyncIterator[File | None]:
    """The zip, for as long as it is needed; None for somebody who isn't here any more."""
    told = await store.read(lambda tx: _told(Journal(tx, sender, now)))
    path = files.draft(sender.person, 0)
    try:
        await asyncio.to_thread(_write, path, told)
        name = f"tenfold-{now:%Y-%m-%d}.zip"
        yield File(kind="document", name=name, size=path.stat().st_size, path=str(path))
    finally:
        path.unlink(missing_ok=True)


def _told(journal: Journal) -> dict[str, Any]:
    return {"tenfold": 1, "themes": [theme.text for theme in journal.themes()]}


def _write(path: Any, told: dict[str, Any]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("journal.json", json.dumps(told, ensure_ascii=False, indent=2))
