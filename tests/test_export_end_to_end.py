"""`/export` through the real channels: a process in a terminal, and one that talks to Telegram and is killed."""

import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path

from tests.botapi import BotApi
from tests.running import ROOT, WAIT, Bot, met, until


def themes(data: bytes) -> list[str]:
    """The themes in the zip that *data* is."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return [theme["text"] for theme in json.loads(archive.read("journal.json"))["themes"]]


def test_the_terminal_puts_it_into_the_folder(tmp_path: Path) -> None:
    """What is handed out in a terminal lies where the terminal stands, and nothing of it beside the database."""
    done = subprocess.run(
        [sys.executable, "-m", "bot", "chat", "--now", "2026-11-09T18:00+00:00"],
        check=True,
        input="sourdough\nporto\n/export\n",
        text=True,
        capture_output=True,
        timeout=60,
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT)},
    )
    assert "yours to keep" in done.stdout
    assert themes((tmp_path / "tenfold-2026-11-09.zip").read_bytes()) == ["sourdough"]
    assert not list((tmp_path / "chat.db.media").rglob("*"))


def test_it_arrives_in_telegram_though_the_process_is_killed(bot: Bot, telegram: BotApi) -> None:
    """Killed while the file goes up: the next start sends it once more, whole, and leaves nothing lying about."""
    mira, folder = telegram.person(7, "Mira"), bot.database.media
    bot.start()
    met(mira)
    bot.settles()
    telegram.fault("sendDocument", "hang", seconds=WAIT, executed=False)
    mira.says("/export")
    telegram.wait_calls("sendDocument", chat=mira.id)
    (left,) = (path for path in folder.rglob("*") if path.is_file())
    bot.kill()
    assert left.exists()
    bot.start()
    message = mira.waits_for(text="yours to keep", timeout=WAIT)[-1]
    assert message.file
    assert themes(telegram.file(message.file)) == ["canary bread"]
    bot.settles()
    until(lambda: not list(folder.rglob("*")), "the folder of files to be empty")
