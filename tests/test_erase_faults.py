"""Promise 5 with real processes: whatever dies or fails, and whenever, what was erased is nowhere, and the farewell
says so only when it is true.

Two people live with the bot and write what people write. Then one of them has everything erased, and every byte of
every file in the folder is looked at: the database and its log, what lies beside them, what was logged, the backups.
What is looked for is found there before, or these tests would show nothing.
"""

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import pytest

from tests import databases
from tests.botapi import BotApi, Person
from tests.databases import Database, PostgresDatabase, SQLiteFile
from tests.running import WAIT, Bot, heard, until

MIRA, TOM = 7_042_133_799, 7_042_133_788
"""Numbers as long as Telegram's are, so that they aren't found by chance."""

FAREWELL = "Everything of yours is gone. Our chat stays in Telegram until you delete it there."
SURE = "erase everything"

POINTS = ("received", "committed", "handling", "handled", "erased", "scrubbed", "sending", "sent", "marked")
"""The named points that the confirmation passes, in order."""


class Life(NamedTuple):
    """What two people left with the bot: its database, and for each what none but they have brought into it."""

    database: Database
    traces: dict[int, list[bytes]]


def voice_of(person: Person) -> bytes:
    """What their voice note holds; it fills pages of its own."""
    return f"OggS {person.id:x} ".encode() * 5_000


def lives(bot: Bot, person: Person, word: str, city: str) -> list[bytes]:
    """*person* tells all that can be told, with *word* in everything. What of that must be in the files."""

    def says(*lines: str) -> None:
        for line in lines:
            person.says(line)
            person.waits_for(timeout=WAIT)

    says("/start", f"{word} bread, being patient with {word} nurses", city)
    person.presses("My own time")
    person.waits_for(timeout=WAIT)
    says(f"when the {word} sleeps")
    long = person.says(f"/goodturn helped {word.title()}a move. " + f"{word} 🥖é́ " * 250)
    person.waits_for(timeout=WAIT)
    person.edits(long, f"helped {word.title()}a move house. " + f"{word} קנרית " * 250)
    person.waits_for(timeout=WAIT)
    says(f"/goodturn gave {word.title()}a some starter", f"/history {word}", f"/themes add {word} rolls")
    says(f"/settings places the {word} choir", "/settings sundays 9am")
    person.sends("voice", data=voice_of(person))
    person.waits_for(timeout=WAIT)
    says(f"a {word} song")
    person.sends("photo", caption=f"{word} loaf", data=voice_of(person)[:999])
    person.waits_for(timeout=WAIT)
    person.forwards(f"thank you, {word}", f"{word.title()} Lena")
    person.waits_for(timeout=WAIT)
    says("/checkin", f"covered for {word.title()}o")
    about = {"id": person.id, "first_name": person.name}
    bot.api.push({"message": {"chat": {**about, "type": "private"}, "date": "soon", "text": f"{word} odd"}})
    bot.settles()
    bot.waits_for_rows([("kept",), ("kept",)], "SELECT state FROM media WHERE person = ? ORDER BY id", person.id)
    files = [id for (id,) in bot.rows("SELECT file FROM media WHERE person = ?", person.id)]
    odd = [
        word,
        f"{word} sleeps",
        f"{word} choir",
        f"{word} rolls",
        f"{word} loaf",
        f"{word}a",
        f"{word} odd",
        city,
    ]
    traces = [*(each.encode() for each in (*odd, *files, str(person.id))), voice_of(person)[:60]]
    return [*traces, number(person.id)] if isinstance(bot.database, SQLiteFile) else traces


def number(person: int) -> bytes:
    """The Telegram number as SQLite keeps it."""
    return person.to_bytes(6, "big")


@pytest.fixture(scope="module")
def lived(telegram: BotApi, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Life]]:
    """A life on each kind of database, lived when it is asked for."""
    with ExitStack() as ending:
        lives: dict[str, Life] = {}

        def of(kind: str) -> Life:
            if kind not in lives:
                database = ending.enter_context(databases.lasting(kind, tmp_path_factory.mktemp(kind) / "tenfold.db"))
                lives[kind] = Life(database, told(telegram, database))
            return lives[kind]

        yield of


@pytest.fixture
def life(database_kind: str, lived: Callable[[str], Life]) -> Life:
    """Both have told all there is to tell, one of them is being asked whether all of it may go, and the bot is
    stopped."""
    return lived(database_kind)


def told(telegram: BotApi, database: Database) -> dict[int, list[bytes]]:
    """Have all of it told to a bot on *database*; the traces of it."""
    traces = {}
    with Bot(telegram, database.file.parent, database) as bot:
        bot.start()
        for id, name, word, city in (
            (MIRA, "Canarywrenia", "canarywren", "reykjavik"),
            (TOM, "Canaryfinchus", "canaryfinch", "windhoek"),
        ):
            traces[id] = lives(bot, telegram.person(id, name), word, city)
        bot.stop()
        # everybody's zone is to be looked at
        bot.database.change("UPDATE fact SET value = 'old' WHERE name LIKE 'zone data%' AND name NOT LIKE '% walk'")
        bot.start()  # leaves the number of the last one it looked at, until it is through
        bot.waits_for_rows([], "SELECT name FROM fact WHERE value = 'old'")
        mira = telegram.person(MIRA)
        mira.says("/erase")
        heard(mira, "If you're sure, write: erase everything")
        bot.stop()
    telegram.empty()
    return traces


@pytest.fixture
def bot(telegram: BotApi, life: Life, tmp_path: Path) -> Iterator[Bot]:
    """The bot that both live with, not started yet."""
    with Bot(telegram, tmp_path, databases.copied(life.database, tmp_path / "tenfold.db")) as bot:
        yield bot
    telegram.empty()


@pytest.fixture
def mira(telegram: BotApi) -> Person:
    """Who is going to have everything erased."""
    return telegram.person(MIRA, "Canarywrenia")


@pytest.fixture
def tom(telegram: BotApi) -> Person:
    """Who stays."""
    return telegram.person(TOM, "Canaryfinchus")


def everything(folder: Path) -> bytes:
    """All bytes of all files in *folder*, and the names of all that is in it, in small letters."""
    found = [str(each.relative_to(folder)).encode() for each in folder.rglob("*")]
    found += [each.read_bytes() for each in folder.rglob("*") if each.is_file()]
    return b"\n".join(found).lower()


def left(folder: Path, traces: list[bytes], database: Database | None = None) -> list[bytes]:
    """Which of the *traces* are in *folder*, or on a server in any table of *database*."""
    data = everything(folder)
    if isinstance(database, PostgresDatabase):
        rows = [row for table in database.tables() for row in database.rows(f"SELECT * FROM {table}")]
        data += b"\n".join(
            each if isinstance(each, bytes) else str(each).encode() for row in rows for each in row
        ).lower()
    return [trace for trace in traces if trace.lower() in data]


def remains(bot: Bot, traces: list[bytes]) -> list[bytes]:
    """Which of the *traces* are anywhere with *bot*."""
    return left(bot.database.file.parent, traces, bot.database)


def dump(bot: Bot, person: Person) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of *person*, table by table, but for who they are, what was sent, and what nobody read yet."""
    found = {}
    for table in bot.database.tables():
        if "person" in bot.database.columns(table) and table != "outbox":
            found[table] = sorted(bot.rows(f"SELECT * FROM {table} WHERE person = ?", person.id), key=repr)
    found["inbox"] = [row for row in found["inbox"] if "new" not in row]
    return {table: rows for table, rows in found.items() if rows}


def is_told(person: Person) -> list[str]:
    """All that the bot told *person*, as it was sent."""
    return [each.text for each in person.sees() if each.by_bot]


def is_gone(bot: Bot, life: Life, person: Person, *, copies: int = 1) -> None:
    """Nothing of *person* is left anywhere, and the farewell was the last that they were told."""
    until(lambda: any(FAREWELL in text for text in is_told(person)), "the farewell")
    bot.settles()
    until(lambda: remains(bot, life.traces[person.id]) == [], lambda: f"nothing of {person.id}")
    assert dump(bot, person) == {}
    assert bot.rows("SELECT 1 FROM person WHERE id = ?", person.id) == []
    assert bot.rows("SELECT 1 FROM outbox WHERE person = ?", person.id) == []
    assert bot.rows("SELECT 1 FROM inbox WHERE payload IS NOT NULL AND COALESCE(person, 0) <> ?", TOM) == []
    farewells = [text for text in is_told(person) if FAREWELL in text]
    assert len(farewells) == copies
    assert is_told(person)[-1].startswith(FAREWELL)


def is_whole(bot: Bot, life: Life, person: Person, before: dict[str, list[tuple[Any, ...]]]) -> None:
    """All of *person* is as it was *before*, on the disk and in what they are shown."""
    assert dump(bot, person) == before
    assert not set(life.traces[person.id]) - set(remains(bot, life.traces[person.id]))
    [(voice,)] = bot.rows("SELECT id FROM media WHERE person = ? AND kind = 'voice'", person.id)
    assert bot.database.files()[person.id, voice] == voice_of(person)
    person.says("/history choose me")
    person.waits_for(timeout=WAIT)


# ---- the whole of it ----


@pytest.mark.both_stores
def test_nothing_is_left_in_any_file(bot: Bot, life: Life, mira: Person, tom: Person) -> None:
    """Every word, name, caption, file, file id and number of theirs is gone from database, log files and folders, and
    what others wrote is whole; then there is silence, and whoever writes after that is somebody new."""
    assert remains(bot, life.traces[MIRA] + life.traces[TOM]) == life.traces[MIRA] + life.traces[TOM]
    bot.start()
    before = dump(bot, tom)
    mira.says("Erase everything!")
    is_gone(bot, life, mira)
    is_whole(bot, life, tom, before)
    bot.stop()
    bot.start()
    is_whole(bot, life, tom, before | {"search": dump(bot, tom)["search"]})
    is_gone(bot, life, mira)
    mira.says("/history")
    heard(mira, "Nothing in your journal yet.")
    mira.says("/start")
    heard(mira, "Hello. Once a week")
    assert bot.rows("SELECT state, counter < 10 FROM person WHERE id = ?", MIRA) == [("new", 1)]


@pytest.mark.sqlite_alone
def test_backups_forget_when_their_time_is_over(
    bot: Bot, life: Life, mira: Person, tom: Person, tmp_path: Path
) -> None:
    """A backup is what was there on its day, so it still holds what was erased since: if it were changed afterwards it
    would be worth nothing when the database is lost. After BACKUP_KEEP days it is gone, and every later one never had
    it; the bot says so in /privacy."""
    folder = tmp_path / "backups"
    folder.mkdir()
    bot.set(BACKUP_DIR=folder, BACKUP_KEEP=2)
    bot.start_with_clock()
    bot.waits_to_log("made the backup of the day")
    mira.says(SURE)
    heard(mira, FAREWELL)
    bot.settles()
    assert left(folder, life.traces[MIRA]) == life.traces[MIRA]
    tom.says("/privacy")
    heard(tom, "Backups are kept for 2 days; what you erase is gone from them after that.")
    began = datetime.now(UTC)
    for days in (1, 2):
        bot.comes_to(began + timedelta(days=days))
        bot.settles()
        bot.stop()
        bot.start_with_clock()  # it looks at its backups when it starts, and then every ten minutes
        bot.waits_to_log("made the backup of the day")
        newest = max(each for each in folder.iterdir() if each.suffix == ".db")
        assert life.traces[MIRA][0] not in newest.read_bytes().lower()
        assert life.traces[TOM][0] in newest.read_bytes().lower()
    assert len(list(folder.glob("*.db"))) == 2
    is_gone(bot, life, mira)


READER = """
import sqlite3, sys
reader = sqlite3.connect(sys.argv[1], isolation_level=None)
reader.execute("BEGIN")
reader.execute("SELECT COUNT(*) FROM answer").fetchone()
print("reading", flush=True)
sys.stdin.read()
"""


@contextmanager
def reading(database: Path) -> Iterator[None]:
    """Somebody is in the middle of reading *database*, so that SQLite must keep what they may still look at. It is a
    process of its own, since its locks would be lost as soon as this one opened the file and closed it."""
    command = [sys.executable, "-c", READER, str(database)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as reader:
        assert reader.stdout
        assert reader.stdout.readline() == b"reading\n"
        yield
        reader.communicate(timeout=WAIT)


def answers_tom(tom: Person) -> None:
    """Tom is talked with meanwhile, so the bot had time for anything else."""
    for _again in range(3):
        tom.says("/help")
        heard(tom, "/privacy")


@pytest.mark.sqlite_alone
def test_the_farewell_waits_for_the_disk(bot: Bot, life: Life, mira: Person, tom: Person, tmp_path: Path) -> None:
    """As long as the disk can't forget, nothing says that it did, also after a kill; nobody else waits for that. What
    they write meanwhile is a new beginning, and answered after the farewell."""
    bot.start()
    with reading(bot.database.file):
        mira.says(SURE)
        bot.waits_for_rows([], "SELECT 1 FROM person WHERE id = ?", MIRA)
        answers_tom(tom)
        assert life.traces[MIRA][0] in left(tmp_path, life.traces[MIRA])
        bot.kill()
        bot.start()
        mira.says("/start")
        answers_tom(tom)
        assert mira.hears() == []
    heard(mira, "Hello. Once a week")
    assert [text.split(".")[0] for text in is_told(mira)[-2:]] == ["Everything of yours is gone", "Hello"]
    bot.settles()
    words = [trace for trace in life.traces[MIRA] if b"wren" in trace or trace == voice_of(mira)[:60]]
    until(lambda: left(tmp_path, words) == [b"canarywren"], "nothing but the name of somebody new")


# ---- killed ----


@pytest.mark.both_stores
@pytest.mark.parametrize("point", POINTS)
def test_killed_at_a_named_point(bot: Bot, life: Life, mira: Person, tom: Person, point: str) -> None:
    """Killed at any point from receiving the confirmation until the farewell is marked, it finishes what it began. What
    stood right behind the confirmation is gone as well, and nobody is greeted for it."""
    before = dump(bot, tom)
    bot.api.say_all([(mira, SURE), (mira, "canarywren afterthought"), (mira, "/help")])
    bot.start(point, 1, wait=False)
    bot.dies()
    bot.start()
    is_gone(bot, life, mira, copies=2 if point == "sent" else 1)
    assert all(FAREWELL in text for text in is_told(mira))
    is_whole(bot, life, tom, before)


CROWD = 20


def test_killed_at_random_moments(bot: Bot, life: Life, mira: Person, tom: Person, tmp_path: Path) -> None:
    """20 people have everything erased at once, and the process is killed 5 times meanwhile. At every moment each of
    them is whole or gone; in the end all are gone and know it."""
    seed = 20261125
    print(f"seed {seed}")  # noqa: T201 - shown if it fails
    luck, spell = Random(seed), threading.Event()
    crowd = [bot.api.person(7_100_000_000 + each) for each in range(CROWD)]
    words = {each: f"canarygull{each.id}x" for each in crowd}
    bot.start()
    bot.api.play((each, ("/start", f"{words[each]} " * 60, "porto", f"/goodturn {words[each]}")) for each in crowd)
    bot.api.wait_played(WAIT)
    bot.api.play((each, ("/erase",)) for each in crowd)
    bot.api.wait_played(WAIT)
    bot.settles()
    before, rows = dump(bot, tom), {each: dump(bot, each) for each in crowd}
    bot.stop()
    bot.api.latency(0.02)
    bot.api.say_all((each, line) for each in crowd for line in (SURE, f"{words[each]} afterthought"))
    for _kill in range(5):
        bot.start()
        spell.wait(luck.uniform(0, 0.06))  # not a wait for anything: the moment is to be any moment
        bot.kill()
        for each in crowd:
            assert dump(bot, each) in ({}, rows[each]), each.id
    bot.api.latency(0)
    bot.start()
    for each in crowd:
        heard(each, FAREWELL)
    bot.settles()
    until(lambda: b"canarygull" not in everything(tmp_path), "nothing of anybody")
    for each in crowd:
        assert dump(bot, each) == {}
        at = next(at for at, text in enumerate(is_told(each)) if FAREWELL in text)
        assert all(FAREWELL in text for text in is_told(each)[at:])
        assert len(is_told(each)[at:]) <= 1 + 5
    assert remains(bot, [number(each.id) for each in crowd]) == []
    is_whole(bot, life, tom, before)


# ---- in the middle of other things ----


@pytest.mark.both_stores
def test_with_messages_queued(bot: Bot, life: Life, mira: Person) -> None:
    """What was still to be said to them is not said any more, and what they wrote and nobody had read is not read."""
    bot.set(SENDS_PER_SECOND_PER_CHAT=1, SENDS_BURST_PER_CHAT=1)
    bot.start()
    bot.api.say_all([*[(mira, "/help")] * 6, (mira, "/erase"), (mira, SURE), (mira, "canarywren afterthought")])
    is_gone(bot, life, mira)
    assert len(is_told(mira)) < 1 + 6
    bot.kill()
    bot.start()
    is_gone(bot, life, mira)


@pytest.mark.parametrize(
    ("kind", "details", "copies"),
    [
        ("drop", {}, 0),
        ("deliver_then_drop", {}, 1),
        ("hang", {"seconds": 1, "executed": True}, 1),
        ("status", {"code": 403, "description": "Forbidden: bot was blocked by the user"}, 0),
        ("too_many", {"retry_after": 1}, 0),
    ],
)
def test_with_a_message_on_its_way(
    bot: Bot, life: Life, mira: Person, tom: Person, kind: Any, details: dict[str, Any], copies: int
) -> None:
    """A message that is on its way, or may or may not have arrived, is not sent once more after everything was
    erased."""
    bot.start()
    bot.api.fault("sendMessage", kind, chat=MIRA, containing="/export, /import, /erase", **details)
    mira.says("/help")
    until(lambda: bot.api.faults_left() == 0, "a message on its way")
    bot.api.say_all([(mira, "/erase"), (mira, SURE)])
    heard(mira, FAREWELL)
    answers_tom(tom)  # a message that got through: what is in doubt is sent again now
    is_gone(bot, life, mira)
    assert sum("/export, /import, /erase" in text for text in is_told(mira)) == copies


@pytest.mark.sqlite_alone
def test_with_an_export_on_its_way(bot: Bot, life: Life, mira: Person) -> None:
    """An export that is being sent isn't tried again, and nothing of it lies about."""
    bot.start()
    bot.api.fault("sendDocument", "hang", seconds=1)
    mira.says("/export")
    until(lambda: any(bot.database.media.rglob("-*")), "the export on its way")
    mira.says("/erase")
    mira.says(SURE)
    is_gone(bot, life, mira)
    assert [each.kind for each in mira.sees() if each.by_bot and each.kind == "document"] == []
    assert len(bot.api.calls("sendDocument")) <= 1


@pytest.mark.parametrize("killed", [False, True])
def test_with_a_file_on_its_way(bot: Bot, life: Life, mira: Person, tom: Person, killed: bool) -> None:
    """A file that is being fetched is not waited for, and doesn't come any more."""
    bot.start()
    before = dump(bot, tom)
    bot.api.fault("download", "hang", seconds=None)
    mira.sends("voice", data=b"OggS canarywren " * 9999)
    mira.waits_for(timeout=WAIT)
    bot.api.wait_calls("download", timeout=WAIT)
    if killed:
        bot.kill()
        bot.api.clear_faults()
        mira.says("/erase")
        mira.says(SURE)
        bot.start("erased", 1, wait=False)
        bot.dies()
        bot.start()
    else:
        mira.says("/erase")
        mira.says(SURE)
    is_gone(bot, life, mira)
    is_whole(bot, life, tom, before)


@pytest.mark.both_stores
def test_begun_anew_before_the_farewell(bot: Bot, life: Life, mira: Person, tmp_path: Path) -> None:
    """Whoever begins anew while the farewell is still to come keeps what they tell from then on, files included, also
    if the process is killed in between."""
    bot.start()
    bot.api.fault("sendMessage", "too_many", retry_after=2, chat=MIRA)
    mira.says(SURE)
    bot.api.wait_calls("sendMessage", code=429, chat=MIRA, timeout=WAIT)
    mira.says("/start")
    mira.sends("photo", caption="canary anew", data=b"canary pixels")
    bot.waits_for_rows([("kept",)], "SELECT state FROM media WHERE person = ?", MIRA)
    bot.kill()
    bot.start()
    bot.settles()
    told = is_told(mira)
    at = next(at for at, text in enumerate(told) if FAREWELL in text)
    assert "Hello. Once a week" in told[at + 1]
    assert sum(FAREWELL in text for text in told) == 1
    assert [data for (person, _id), data in bot.database.files().items() if person == MIRA] == [b"canary pixels"]
    assert bot.answers(mira) == ["canary anew"]
    assert remains(bot, [voice_of(mira)[:60], b"canarywren rolls"]) == []


@pytest.mark.both_stores
def test_blocked_before_the_farewell(bot: Bot, life: Life, mira: Person, tom: Person) -> None:
    """Whoever blocks the bot before they are told is erased all the same, and nothing is kept to be told to them."""
    mira.says(SURE)
    mira.blocks()
    bot.start()
    until(lambda: not dump(bot, mira), "no row of theirs")
    answers_tom(tom)
    bot.waits_for_rows([], "SELECT 1 FROM outbox WHERE person = ?", MIRA)
    bot.settles()
    until(lambda: remains(bot, life.traces[MIRA]) == [], "nothing of theirs")
    assert bot.rows("SELECT 1 FROM person WHERE id = ?", MIRA) == []
