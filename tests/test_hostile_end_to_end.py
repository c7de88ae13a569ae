"""An unlucky evening with the real process and the stand-in for Telegram."""

import json
from pathlib import Path

import pytest

from tests.botapi import BotApi
from tests.running import Bot, heard, met


@pytest.mark.sqlite_alone
def test_an_eventful_evening(bot: Bot, telegram: BotApi, tmp_path: Path) -> None:
    """Odd names, odd files, a Telegram that refuses, a block in the middle: all of it is kept, everybody is answered,
    and the log, which is read in the end, holds none of the words, names, places, files or searches."""
    mira = telegram.person(7, "Miranda")
    (tmp_path / "backups").mkdir()
    bot.set(BACKUP_DIR=tmp_path / "backups")
    bot.start()
    met(mira)
    for words in ("/themes add quillwork", "/settings places the Ossuary reading room", "/people", "/export"):
        mira.says(words)
    mira.forwards("thank you for the lift, wonderful soul", "Thessaly")
    mira.says("gave Thessaly {name} %s %(x)s \ufdd0\ufdd1 \u202e a lift")
    mira.sends("document", caption="what Gwendolyn wrote", file_name="../../etc/Wyndham letters.txt", data=b"dear")
    mira.sends("document", caption="too large for anybody", file_name="x" * 300 + ".pdf", size=25 << 20)
    telegram.fault("getFile", "status", code=400, description="Bad Request: wrong file_id")
    mira.sends("voice", data=b"OggS")
    mira.says("/history Gwendolyn")
    heard(mira, "Gwendolyn")
    bot.settles()
    [(first,)] = bot.rows("SELECT name FROM media WHERE name <> '' ORDER BY id LIMIT 1")
    assert first == "../../etc/Wyndham letters.txt"
    mira.blocks()
    mira.unblocks()
    mira.says("back again in Vondelpark")
    heard(mira, "Good to see you.")
    bot.settles()
    said = bot.answers(mira)
    for words in ("what Gwendolyn wrote", "too large for anybody", "back again in Vondelpark"):
        assert words in said
    assert bot.rows("SELECT COUNT(*) FROM inbox WHERE state = 'aside'") == [(0,)]
    kept = [path for path in bot.database.media.rglob("*") if path.is_file()]
    assert [path.name.isdecimal() for path in kept] == [True] * len(kept)
    assert json.dumps(said)  # no lone surrogate, nothing that can't be written
