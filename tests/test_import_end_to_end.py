"""`/import` with real processes and Telegram's stand-in: whenever it is killed, all of it is there once, or nothing is
and it is still wanted; and a terminal's own journal brought into another one."""

import json
import subprocess
import sys
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from tests.botapi import BotApi, Person
from tests.running import ROOT, Bot, heard, until

AT = "2026-11-09T18:00:00.000000Z"
ENTRIES = 30

KILLS = (
    ("received", 1), ("committed", 1), ("handling", 1), ("handled", 1), ("fetched", 1), ("brought", 1), ("handling", 2),
    ("handled", 2), ("sending", 1), ("sent", 1), ("marked", 1), ("sending", 2), ("sent", 2), ("marked", 2),
)  # fmt: skip
"""Every named point that is passed between the file's arrival and the word that all is here, the first time and the
second: of the file, and of what was in it."""


def place(id: int) -> str:
    """Where a photo is in the zip."""
    return f"media/2026-11-09-photo-{id}.jpg"


def journal() -> dict[str, Any]:
    """A journal of canary entries, each with a photo; what is planned and asked, too."""
    person = {
        "name": "Mira", "language": "en", "state": "here", "city": "Porto", "zone": "Europe/Lisbon", "joined_at": AT,
        "seen_at": AT,
    }  # fmt: skip
    told = [
        {
            "id": 10 + 2 * number, "question": "note", "text": f"canary note {number}", "said_at": AT, "theme": 1,
            "files": [{"id": 11 + 2 * number, "kind": "photo", "state": "kept", "path": place(11 + 2 * number)}],
        }
        for number in range(ENTRIES)
    ]  # fmt: skip
    themes = [{"id": 1, "text": "canary bread", "added_at": AT}]
    planned = [{"kind": "check-in", "subject": "2099-11-13", "at": "2098-11-13T16:00:00.000000Z"}]
    made = {"format": 1, "made_at": AT, "counter": 500}
    return {"tenfold": made, "person": person, "themes": themes, "told": told, "planned": planned}


def zipped() -> bytes:
    """It with its photos."""
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("journal.json", json.dumps(journal()))
        for answer in journal()["told"]:
            archive.writestr(answer["files"][0]["path"], photo(answer["files"][0]["id"]))
    return packed.getvalue()


def photo(id: int) -> bytes:
    """A photo."""
    return b"canary photo %d" % id


def is_all_there(bot: Bot, person: Person) -> None:
    """All of it is there, once, and nothing else."""
    texts = [f"canary note {number}" for number in range(ENTRIES)]
    assert bot.answers(person) == texts
    assert bot.rows("SELECT id, text FROM theme") == [(1, "canary bread")]
    bot.waits_for_rows([(ENTRIES,)], "SELECT COUNT(*) FROM media WHERE state = 'kept' AND file = ''")
    bot.waits_for_rows([], "SELECT id FROM media WHERE answer = 0")
    photos = {(person.id, 11 + 2 * number): photo(11 + 2 * number) for number in range(ENTRIES)}
    until(lambda: bot.database.files().keys() == photos.keys(), "nothing but the photos")
    assert bot.database.files() == photos


@pytest.mark.both_stores
@pytest.mark.parametrize(("point", "times"), KILLS)
def test_whenever_it_is_killed(bot: Bot, telegram: BotApi, point: str, times: int) -> None:
    """Killed at any point from the file's arrival on: the next start has it all, once, and says so."""
    mira = telegram.person(7, "Mira")
    bot.start(point, times)
    mira.sends("document", caption="/import", data=zipped(), file_name="tenfold.zip")
    bot.dies()
    told = bot.answers(mira)
    assert len(told) in (0, ENTRIES)  # never a part
    bot.start()
    if (point, times) != ("marked", 2):
        heard(mira, "It's all here, from November 2026.")
    bot.settles()
    is_all_there(bot, mira)
    mira.says("/import")
    heard(mira, "Send me the journal.json")


@pytest.mark.parametrize(("point", "times"), [("fetched", 2), ("fetched", 5)])
def test_killed_while_files_are_taken_out(bot: Bot, telegram: BotApi, point: str, times: int) -> None:
    """The words are there already; the rest of the files comes at the next start."""
    mira = telegram.person(7, "Mira")
    bot.start(point, times)
    mira.sends("document", caption="/import", data=zipped(), file_name="tenfold.zip")
    bot.dies()
    assert len(bot.answers(mira)) == ENTRIES
    bot.start()
    bot.waits_for_rows([], "SELECT id FROM media WHERE answer = 0")
    bot.settles()
    is_all_there(bot, mira)


def _is_asked(telegram: BotApi) -> bool:
    return any("Put it beside what is here?" in call.text for call in telegram.calls("sendMessage"))


@pytest.mark.parametrize(("point", "times"), [("handling", 2), ("brought", 2), ("handling", 4), ("handled", 4)])
def test_killed_on_the_way_beside(bot: Bot, telegram: BotApi, point: str, times: int) -> None:
    """Somebody with something here is asked, agrees, and has both, whenever it is killed."""
    mira = telegram.person(7, "Mira")
    bot.start()
    mira.says("canary bees")
    heard(mira, "come to you for")
    bot.settles()
    bot.stop()
    bot.start(point, times)
    data = json.dumps(journal()).encode()
    mira.sends("document", caption="/import", data=data, file_name="journal.json")
    until(lambda: not bot.alive or _is_asked(telegram), "the question or the end")
    if bot.alive:
        mira.presses("Put it beside")
        bot.dies()
        bot.start()
    else:
        bot.dies()
        bot.start()
        heard(mira, "Put it beside what is here?")
        bot.settles()
        mira.presses("Put it beside")
    heard(mira, "It's all here")
    bot.settles()
    texts = bot.answers(mira)
    assert sorted(texts) == sorted(["canary bees", *(f"canary note {number}" for number in range(ENTRIES))])


def test_telegram_is_down_when_it_is_fetched(bot: Bot, telegram: BotApi) -> None:
    """What can't be fetched now is fetched at the next start."""
    mira = telegram.person(7, "Mira")
    bot.start()
    telegram.fault("getFile", "status", times=50, code=502)
    mira.sends("document", caption="/import", data=zipped(), file_name="tenfold.zip")
    heard(mira, "Let me read it.")
    bot.settles()
    bot.stop()
    assert bot.answers(mira) == []
    telegram.clear_faults()
    bot.start()
    heard(mira, "It's all here")
    bot.settles()
    is_all_there(bot, mira)


@pytest.mark.both_stores
def test_erased_while_it_waits(bot: Bot, telegram: BotApi) -> None:
    """Everything of theirs is gone, also the file that was to be put beside."""
    mira = telegram.person(7, "Mira")
    bot.start()
    mira.says("canary bees")
    heard(mira, "come to you for")
    mira.sends("document", caption="/import", data=zipped(), file_name="tenfold.zip")
    heard(mira, "Put it beside what is here?")
    mira.says("/erase")
    heard(mira, "no way back")
    mira.says("erase everything")
    heard(mira, "Everything of yours is gone")
    bot.settles()
    assert bot.database.files() == {}
    assert bot.rows("SELECT id FROM media") == []


def test_from_one_terminal_to_another(tmp_path: Path) -> None:
    """What a terminal laid down is brought along to another one by /send."""

    def chat(database: str, *lines: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "bot", "chat", "--db", database, "--now", "2026-11-09T18:00+00:00"],
            check=True,
            input="\n".join([*lines, ""]),
            text=True,
            capture_output=True,
            timeout=60,
            cwd=tmp_path,
            env={"PYTHONPATH": str(ROOT)},
        )
        return done.stdout

    chat("one.db", "sourdough", "porto", "/goodturn fed Rui's bees", "/export")
    said = chat("two.db", "/send tenfold-2026-11-09.zip /import", "/history")
    assert "It's all here, from November 2026." in said
    assert "fed Rui's bees" in said
