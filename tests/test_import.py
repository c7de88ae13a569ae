"""What is brought along: taken in whole or not at all, lossless into an empty journal, and beside what is there."""

import io
import json
import sqlite3
import time
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import asynccontextmanager, closing, suppress
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.dialogue.bringing import is_sound
from bot.domain import Brought, Bundle, File, Media, Sender, Sent
from bot.files import Files
from bot.importing import Unfit, read
from bot.journal import Journal
from bot.store import Store, Transaction, open_store
from bot.understand import folded
from tests import databases, journals, test_every_state
from tests.conversation import Scene, Somebody, scene, text_of
from tests.test_export import IDRIS, MIRA, files, full, store, taken, told, writes  # noqa: F401 - the fixtures

Json = dict[str, Any]
UPLOAD = Media(id=-1, answer=0, file=File(kind="import"))

quick = settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)


@asynccontextmanager
async def house(folder: Path) -> Any:
    """An empty database with its files."""
    opened = open_store(databases.at(folder / "tenfold.db").url)
    try:
        yield opened, Files(folder / "media")
    finally:
        await opened.close()


def brought(folder: Path, data: bytes, zone: str | None = None) -> Bundle:
    """What is in the file that *data* is."""
    path = folder / "brought"
    path.write_bytes(data)
    return read(path, zone)


def dumped(journal: Json) -> bytes:
    """A journal.json as some other program may have written it."""
    return json.dumps(journal).encode()


def every_answer(journal: Json) -> Iterator[Json]:
    """All answers, wherever they are."""
    for check_in in journal["check_ins"]:
        yield from check_in["answers"]
    yield from journal["told"]


def lone(journal: Json) -> Json:
    """*journal* as it is where none of its files is, whenever it was made."""
    journal = deepcopy(journal)
    del journal["tenfold"]["made_at"]
    for answer in every_answer(journal):
        for file in answer["files"]:
            file |= {"state": "absent", "path": None, "left_out": False}
    return journal


async def lives(store: Store, sender: Sender, life: list[journals.Step]) -> None:  # noqa: F811
    """Have *sender* live it."""

    def live(tx: Transaction) -> None:
        journals.lived(lambda at: Journal(tx, sender, at), life)

    await store.transact(live)


def rows(folder: Path, person: int) -> dict[str, set[tuple[Any, ...]]]:
    """Every row of *person*."""
    with closing(sqlite3.connect(folder / "tenfold.db")) as raw:
        tables = [name for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        theirs = [each for each in tables if "person" in {row[1] for row in raw.execute(f"PRAGMA table_info({each})")}]
        return {each: set(raw.execute(f"SELECT * FROM {each} WHERE person = {person}")) for each in theirs}


# ---- whole, into an empty journal ----


@given(journals.steps())
@quick
async def test_there_and_back(tmp_path_factory: pytest.TempPathFactory, life: list[journals.Step]) -> None:
    """Whatever somebody does, what is handed out and taken in elsewhere is handed out there to the letter: ids,
    settings, plans and all; only when it was made differs, and files that didn't come along."""
    folder = tmp_path_factory.mktemp("there")
    async with house(folder) as (here, theirs):
        await lives(here, MIRA, life)
        first = await taken(here, theirs, MIRA) if life else None
        if first is None:
            return
        bundle = brought(folder, first.read("journal.json"))
        await writes(here, IDRIS, lambda journal: journal.take_over(bundle, UPLOAD))
        second = await taken(here, theirs, IDRIS)
    assert lone(told(second)) == lone(told(first))


@given(journals.told())
@quick
async def test_whatever_the_format_allows(tmp_path_factory: pytest.TempPathFactory, journal: Json) -> None:
    """Also what nothing here would write comes back as it was; the counter is never behind an id."""
    folder = tmp_path_factory.mktemp("allowed")
    async with house(folder) as (here, theirs):
        bundle = brought(folder, dumped(journal))
        await writes(here, MIRA, lambda mine: mine.take_over(bundle, UPLOAD))
        back = told(await taken(here, theirs, MIRA))
    first, second = lone(journal), lone(back)
    assert second["tenfold"]["counter"] <= first["tenfold"]["counter"]
    del first["tenfold"], second["tenfold"]
    assert second == first


async def test_a_journal_from_before_circles(store: Store, files: Files, tmp_path: Path) -> None:  # noqa: F811
    """What was made earlier has fewer fields, and is taken in as well."""
    await full(store, files)
    whole = told(await taken(store, files, MIRA))
    earlier = deepcopy(whole)
    later = {"themes": ("circle", "paused"), "acquaintances": ("circle",), "cards": ("place", "received", "source")}
    for name, lost in later.items():
        for each in earlier[name]:
            for field in lost:
                del each[field]
    for each in earlier["themes"]:
        each["unheard_of"] = {"a": [1]}
    bundle = brought(tmp_path, dumped(earlier))
    await writes(store, IDRIS, lambda journal: journal.take_over(bundle, UPLOAD))
    expected = lone(whole)
    for theme in expected["themes"]:
        theme["paused"] = False
    assert lone(told(await taken(store, files, IDRIS))) == expected


async def test_only_an_empty_journal_becomes_another(store: Store, files: Files, tmp_path: Path) -> None:  # noqa: F811
    """Nothing that is here can be written over."""
    await full(store, files)
    bundle = brought(tmp_path, (await taken(store, files, MIRA)).read("journal.json"))
    with pytest.raises(ValueError, match="empty"):
        await writes(store, MIRA, lambda journal: journal.take_over(bundle, UPLOAD))


# ---- beside what is here ----


@given(journals.steps(1), journals.steps(1))
@quick
async def test_beside(
    tmp_path_factory: pytest.TempPathFactory, mine: list[journals.Step], other: list[journals.Step]
) -> None:
    """Nothing that is here is changed or lost, everything that was missing is there, nobody else's is touched, and the
    second time there is nothing to add."""
    folder = tmp_path_factory.mktemp("beside")
    async with house(folder) as (here, theirs):
        await lives(here, MIRA, mine)
        await lives(here, IDRIS, other)
        added = told(await taken(here, theirs, IDRIS))
        bundle = brought(folder, dumped(added))
        before, others = rows(folder, MIRA.person), rows(folder, IDRIS.person)
        first = await writes(here, MIRA, lambda journal: journal.put_beside(bundle, UPLOAD))
        after = rows(folder, MIRA.person)
        second = await writes(here, MIRA, lambda journal: journal.put_beside(bundle, UPLOAD))
        assert rows(folder, MIRA.person) == after
        assert rows(folder, IDRIS.person) == others
        back = told(await taken(here, theirs, MIRA))
    assert second == 0
    assert all(before[table] <= after[table] for table in before)
    assert (before == after) == (first == 0)
    for each in every_answer(added):
        assert any(_is_same(each, one) for one in every_answer(back)), each
    themes = {folded(each["text"]) for each in back["themes"]}
    assert {folded(each["text"]) for each in added["themes"]} <= themes
    ids = list(_ids(back))
    assert len(ids) == len(set(ids))
    assert all(set(each["acquaintances"]) <= set(ids) for each in every_answer(back))


def _is_same(one: Json, other: Json) -> bool:
    """Whether the two were said at the same moment to the same question, in words that one has or had."""
    kinds = {each["question"].partition(".")[0] for each in (one, other)}
    mine, others = ({each["text"], *(was["text"] for was in each["earlier"])} for each in (one, other))
    return len(kinds) == 1 and one["said_at"] == other["said_at"] and bool(mine & others)


def _ids(value: Any) -> Iterator[int]:
    if isinstance(value, dict):
        yield from (each for name, each in value.items() if name == "id")
        for each in value.values():
            yield from _ids(each)
    elif isinstance(value, list):
        for each in value:
            yield from _ids(each)


async def test_people_and_themes_are_joined_by_name(store: Store, files: Files, tmp_path: Path) -> None:  # noqa: F811
    """Whoever is known by a name stays one person, let be or not as here; what speaks of them follows."""
    await full(store, files, IDRIS)
    bundle = brought(tmp_path, (await taken(store, files, IDRIS)).read("journal.json"))

    def mine(journal: Journal) -> None:
        journal.add_theme("Sourdough")
        journal.mention(journal.add("note", text="Joana rang"), ["joana"])

    await writes(store, MIRA, mine)
    await writes(store, MIRA, lambda journal: journal.put_beside(bundle, UPLOAD))
    back = told(await taken(store, files, MIRA))
    assert [each["text"] for each in back["themes"]] == ["Sourdough", "patience with new nurses"]
    (joana,) = back["acquaintances"]
    assert (joana["name"], joana["let_be"]) == ("joana", False)
    turn = next(each for each in every_answer(back) if each["question"] == "good_turn")
    assert (turn["acquaintances"], turn["theme"]) == ([joana["id"]], back["themes"][0]["id"])
    outcomes = [each["about"] for each in every_answer(back) if each["question"] == "outcome"]
    assert outcomes == [turn["id"], back["cards"][0]["id"]]
    assert (back["person"]["city"], back["person"]["state"]) == (None, "new")


async def test_thousands_of_one_day(stranger: Somebody) -> None:
    """Notes of one day are told from each other by their words at once: three thousand beside as many once took
    minutes, for everybody."""
    notes = {letter: "".join(f"2026-01-02,{letter} {number}\n" for number in range(3000)) for letter in "ab"}
    await sends(stranger, notes["a"].encode())
    begun = time.process_time()
    await sends(stranger, notes["b"].encode())
    assert "It's all here" in text_of(await stranger.presses("Put them beside"))
    await sends(stranger, (notes["b"] + notes["a"]).encode())
    assert "All of that is here already." in text_of(await stranger.presses("Put them beside"))
    assert time.process_time() - begun < 10


async def test_an_open_check_in_stays_open(mira: Somebody, tmp_path: Path) -> None:
    """One that is brought along is over, and the one that is open here is still the one that is asked."""
    idris = mira.scene.person(8, "Idris")
    await idris.talks(("/start", "Hello"), ("bees", "city"), ("porto", "No need"), ("/checkin", ""))
    await idris.says("fed the bees")
    await mira.scene.later(hours=1)
    await mira.says("/checkin")
    await idris.says("/export")
    (_file, data) = mira.scene.room.attached[-1]
    await sends(mira, data)
    heard = await mira.presses("Put it beside")
    assert "It's all here, from November 2026." in text_of(heard)
    opened = await mira.journal(lambda journal: journal.open_check_in())
    assert opened is not None
    assert [each.text for each in opened.answers] == []
    await mira.says("watched Ana's shop")
    opened = await mira.journal(lambda journal: journal.open_check_in())
    assert opened is not None
    assert [each.text for each in opened.answers] == ["watched Ana's shop"]


# ---- the conversation ----


async def sends(person: Somebody, data: bytes, caption: str = "/import", name: str = "") -> str:
    """Send *data* to be taken in; what is heard then."""
    return text_of(await person.sends("document", caption, data=data, name=name))


# ---- the conversation ----


async def handed_out(person: Somebody) -> zipfile.ZipFile:
    """What /export hands to *person*."""
    await person.says("/export")
    _file, data = person.scene.room.attached[-1]
    return zipfile.ZipFile(io.BytesIO(data))


async def uploads(person: Somebody) -> list[Media]:
    """What is still to be taken in."""
    return await person.journal(lambda journal: journal.uploads())


async def test_a_new_person_brings_a_journal(stranger: Somebody) -> None:
    """All of it is there and goes on: themes, days, and the visit that was planned. The file is gone, and is no
    entry."""
    ana = stranger.scene.person(9, "Ana")
    await ana.talks(
        ("/start", "Hello"), ("bees, honey", "city"), ("porto", "No need"), ("/goodturn fed Rui's bees", "")
    )
    data = (await handed_out(ana)).read("journal.json")
    await stranger.talks(
        ("/start", "come to you for"),
        (
            "/import",
            "Send me the journal.json",
            "a date and a text on each line",
            "Nothing that is here will change.",
            "[Leave it]",
        ),
    )
    heard = await sends(stranger, data, "")
    assert heard == "Thank you. Let me read it.\nIt's all here, from November 2026."
    assert lone(told(await handed_out(stranger))) == lone(told(await handed_out(ana)))
    assert await uploads(stranger) == []
    assert not await stranger.scene.engine._errands._files.everything()
    await stranger.talks(("/history", "fed Rui's bees"), ("/themes", "honey"), ("/people", "[Rui]"))
    await stranger.scene.later(days=4)
    assert "?" in text_of(stranger.hears())


async def test_below_the_file_it_needs_no_question(stranger: Somebody) -> None:
    """A file with /import below it is taken in at any time."""
    heard = await sends(stranger, b"2026-11-01,fed the bees\n")
    assert "It's all here, from November 2026." in heard
    await stranger.talks(("/history", "fed the bees"))


async def test_what_is_meanwhile_said_is_treated_as_always(mira: Somebody) -> None:
    """Words after /import are words; a file of the right kind is still the one that was meant, for an hour."""
    await mira.talks(("/import", "Send me"), ("fed Rui's bees", "Kept"))
    assert "Let me read it" in await sends(mira, b"2025-01-01,a walk", "", "notes.csv")
    await mira.talks(("[Put them beside]", "It's all here, from January 2025."))
    assert "A few words" in await sends(mira, b"2025-01-02,another", "", "notes.csv")


async def test_leaving_it(mira: Somebody) -> None:
    """By button or in words; afterwards a file is a file."""
    await mira.talks(("/import", "Send me"), ("[Leave it]", "Left it."), ("/import", "Send me"), ("no", "Left it."))
    await mira.talks(("/import", "Send me"), ("/cancel", "Left it."))


async def test_asked_before_it_is_put_beside(mira: Somebody) -> None:
    """It says what it is and waits; "no" leaves everything and forgets the file; "yes" in words does, too."""
    await mira.says("/checkin")
    before = told(await handed_out(mira))
    data = b"date;text\n05.03.2025;first walk\n06.05.2025;second walk\n"
    heard = await sends(mira, data)
    assert "Those are notes, from March 2025 to May 2025.\nPut them beside what is here?" in heard
    await mira.talks(("no", "I've left it, and the file is gone from here.", "?"))  # and the check-in goes on
    assert await uploads(mira) == []
    assert told(await handed_out(mira))["told"] == before["told"]
    await sends(mira, data)
    await mira.talks(("yes please", "It's all here"), ("watched Ana's shop", ""))
    said = [(each["question"], each["text"], each["reading"]) for each in told(await handed_out(mira))["told"]]
    assert said == [("note", "first walk", "sorted"), ("note", "second walk", "sorted")]
    await sends(mira, data)
    await mira.talks(("[Put them beside]", "All of that is here already."))
    assert len(told(await handed_out(mira))["told"]) == 2


async def test_a_newer_file_replaces_one_that_waits(mira: Somebody) -> None:
    """The buttons below the older have had their day, and its file is gone."""
    await sends(mira, b"2025-01-01,one")
    (older,) = await uploads(mira)
    await sends(mira, b"2025-01-01,two")
    (newer,) = await uploads(mira)
    assert newer.id != older.id
    heard = await mira.presses_action(f"import:beside:{-older.id}")
    assert "had its day" in text_of(heard)
    await mira.presses_action(f"import:beside:{-newer.id}")
    assert [each["text"] for each in told(await handed_out(mira))["told"]] == ["two"]


async def test_after_a_week_it_is_forgotten(mira: Somebody) -> None:
    """A file about which nobody decides doesn't lie about for ever."""
    mira.scene.clock.at = datetime.now(UTC)  # files in a folder go by the machine's clock
    await sends(mira, b"2025-01-01,a walk")
    await mira.scene.later(days=6)
    assert len(await uploads(mira)) == 1
    await mira.scene.later(days=2)
    assert await uploads(mira) == []
    assert not await mira.scene.engine._errands._files.everything()
    assert "had its day" in text_of(await mira.presses("Put them beside"))
    await mira.says("yes")


async def test_what_was_read_before_an_erasure_stays_away(mira: Somebody) -> None:
    """Erased and begun anew while a file was being read: nothing of it comes, whatever the new one is called."""
    await sends(mira, b"2025-01-01,one")
    (older,) = await uploads(mira)
    await mira.talks(("/erase", "no way back"), ("erase everything", "gone"))
    await mira.talks(("/start", "Hello"), ("bees", "city"), ("porto", "No need"))
    while not (waiting := await uploads(mira)) or waiting[0].id > older.id:
        await sends(mira, b"2025-01-01,two")
    bundle = Bundle(rows={"answer": [{**ROW, "text": "one"}]})
    for upload in (older, replace(older, id=waiting[0].id, state="wanted")):
        assert await mira.does(Brought(upload=upload, bundle=bundle)) == []
    assert told(await handed_out(mira))["told"] == []


ROW = {
    "id": 1, "check_in": None, "question": "note", "folded": "one", "reading": "sorted", "theme": None, "about": None,
    "message": None, "said_at": "2025-01-01T12:00:00.000000Z",
}  # fmt: skip


async def test_if_the_dialogue_stumbles_the_file_is_not_tried_for_ever(
    stranger: Somebody, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is said, nothing of it is there, and the next start doesn't begin again."""
    with monkeypatch.context() as patched:
        patched.setattr(Journal, "put_beside", _stumble)
        heard = await sends(stranger, b"2025-01-01,a walk")
    assert "I stumbled over that one" in heard
    assert await uploads(stranger) == []
    await stranger.scene.restart()
    assert stranger.hears() == []
    assert "It's all here" in await sends(stranger, b"2025-01-01,a walk")


def _stumble(*_arguments: object) -> int:
    raise RuntimeError("stumbled")


async def test_other_words_leave_the_question_to_its_buttons(mira: Somebody) -> None:
    """Whatever is said instead is kept as always, and the button still does it, also after a restart."""
    await sends(mira, b"2025-01-01,a walk")
    await mira.talks(("the bees are back", "Kept"))
    await mira.scene.restart()
    assert len(await uploads(mira)) == 1
    heard = await mira.presses("Put them beside")
    assert "It's all here" in text_of(heard)


async def test_what_was_open_elsewhere_is_open_here(stranger: Somebody) -> None:
    """A check-in that was half done goes on, and what was planned is; a visit whose day has passed is planned anew."""
    ana = stranger.scene.person(9, "Ana")
    await ana.talks(("/start", "Hello"), ("bees", "city"), ("porto", "No need"), ("/checkin", ""), ("fed the bees", ""))
    data = (await handed_out(ana)).read("journal.json")
    stranger.scene.clock.at += timedelta(weeks=30)
    heard = await sends(stranger, data)
    assert "It's all here" in heard
    assert "fed the bees" in heard
    await stranger.talks(("that's all", "?"))
    planned = await stranger.journal(lambda journal: journal.planned("check-in"))
    assert planned is not None
    assert timedelta() < planned[1] - stranger.scene.clock.at <= timedelta(days=7)


async def test_what_fell_due_long_ago_comes_once(stranger: Somebody) -> None:
    """After half a year nobody is asked thirty times."""
    ana = stranger.scene.person(9, "Ana")
    await ana.talks(("/start", "Hello"), ("bees", "city"), ("porto", "No need"), ("[This evening]", ""))
    data = (await handed_out(ana)).read("journal.json")
    stranger.scene.clock.at += timedelta(weeks=30)
    await sends(stranger, data)
    await stranger.scene.later(days=2)
    assert len(stranger.hears()) <= 1


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0", "I can't read that file."),
        (b"just some words", "I can't read that file."),
        (b"{", "I can't read that file."),
        (b'{"tenfold": {"format": 2}}', "A newer Tenfold made that file"),
        (b'{"tenfold": {"format": "1"}}', "I can't read that file."),
        (b'{"tenfold": {"format": 1, "counter": 0}}', "isn't as it should be: person."),
        (b"PK\3\4nothing", "I can't read that file."),
        (b"2025-01-01,a walk\n31/31/2025,nothing\n", "I can't make out line 2."),
        (b"date,text\n\nyesterday,a walk\n2025-01-01,x\n", "I can't make out line 3."),
        (b"03/04/2025,a walk\n", "which number is the day"),
        (b"2025-01-01,\n", "nothing in that file"),
        (b"", "I can't read that file."),
    ],
)
async def test_what_cant_be_taken_in(mira: Somebody, data: bytes, said: str) -> None:
    """It is said kindly and where, nothing changes, and the file is gone."""
    before = told(await handed_out(mira))
    heard = await sends(mira, data)
    assert said in heard
    assert "Nothing has changed here." in heard
    assert await uploads(mira) == []
    assert not await mira.scene.engine._errands._files.everything()
    after = told(await handed_out(mira))
    for each in (before, after):
        del each["tenfold"]["made_at"], each["askings"]
    assert after == before


async def test_too_large_for_a_bot(mira: Somebody) -> None:
    """What can't be fetched is said at once, and nothing waits for it; also if only the channel knows."""
    event = Sent(kind="document", caption="/import", message=9, file=File(kind="document", id="x", size=21 << 20))
    assert "more than 20 MB" in text_of(await mira.does(event))
    event = Sent(kind="document", caption="/import", message=10, file=File(kind="document", id="gone"))
    assert "more than 20 MB" in text_of(await mira.does(event))
    assert await uploads(mira) == []


async def test_somebody_elses_file_is_no_import(mira: Somebody) -> None:
    """What was passed on is kept as what it is."""
    file = File(kind="document", id="x", name="journal.json")
    await mira.says("/import")
    await mira.does(Sent(kind="document", message=9, file=file, forwarded="Rui"))
    assert await uploads(mira) == []


# ---- files in a zip ----


async def everything(stage: Scene) -> zipfile.ZipFile:
    """What Mira is handed, who has something in every place there is."""
    await stage.engine.settle()  # at the start it looks for files that are wanted, and these aren't to be had there
    here, theirs = stage.engine._store, stage.engine._errands._files
    await full(here, theirs)
    return await taken(here, theirs, MIRA)


async def test_the_zip_brings_its_files(stage: Scene) -> None:
    """What was kept there is kept here, byte by byte, and the zip is gone once all of it was taken out."""
    archive = await everything(stage)
    idris = stage.person(8, "Idris")
    data = archive.fp
    assert data is not None
    data.seek(0)
    heard = await sends(idris, data.read())
    assert "It's all here" in heard
    back = await handed_out(idris)
    first, second = told(archive), told(back)
    for each in (first, second):
        del each["tenfold"]["made_at"], each["person"]
        each["planned"].clear()
    rota = next(file for answer in every_answer(first) for file in answer["files"] if file["name"] == "rota.pdf")
    assert rota["state"] == "wanted"
    rota["state"] = "absent"  # it had not come yet, and nobody here knows where it is
    assert second == first
    for name in archive.namelist():
        if name.startswith("media/"):
            assert back.read(name) == archive.read(name)
    assert await uploads(idris) == []


async def test_a_zip_that_lacks_a_file(stage: Scene) -> None:
    """It is as good as a file that can't be had: the words come, and they are told."""
    archive = await everything(stage)
    repacked = io.BytesIO()
    with zipfile.ZipFile(repacked, "w") as other:
        other.writestr("journal.json", archive.read("journal.json"))
        other.writestr("../evil", b"x")
    idris = stage.person(8, "Idris")
    heard = await sends(idris, repacked.getvalue())
    assert "Not the files that were with it" in heard
    states = {file["state"] for answer in every_answer(told(await handed_out(idris))) for file in answer["files"]}
    assert states == {"absent"}
    await idris.talks(("/history", "the ward at night"))


async def test_first_the_words_then_the_files(stage: Scene) -> None:
    """Whoever brings journal.json alone is told that its files aren't along, and may send the zip after it."""
    archive = await everything(stage)
    idris = stage.person(8, "Idris")
    assert "Not the files" in await sends(idris, archive.read("journal.json"))
    assert archive.fp is not None
    for answer in ("It's all here", "All of that is here already."):
        archive.fp.seek(0)
        await sends(idris, archive.fp.read())
        await idris.talks(("[Put it beside]", answer))
    back = await handed_out(idris)
    for name in archive.namelist():
        if name.startswith("media/"):
            assert back.read(name) == archive.read(name)
    assert await uploads(idris) == []


async def test_the_latest_card_is_the_latest_here(mira: Somebody) -> None:
    """An older card that was brought along isn't the one that "did it" is about."""
    at = "2025-03-04T18:00:00.000000Z"
    card = {"id": 3, "act": "listen-1", "text": "Ask how it went.", "minutes": 5, "state": "taken", "shown_at": at}
    await mira.presses("This evening")
    await sends(mira, dumped(smallest(cards=[card])))
    await mira.presses("Put it beside")
    await mira.says("did it")
    states = await mira.journal(lambda journal: [(each.text == card["text"], each.state) for each in journal.cards(9)])
    assert states[0] == (False, "done")
    assert states[-1] == (True, "taken")


async def test_after_a_stop_the_rest_is_taken_out(store: Store, files: Files, tmp_path: Path) -> None:  # noqa: F811
    """Stopped before any file was taken out, the next start does that."""
    await full(store, files)
    archive = await taken(store, files, MIRA)
    assert archive.fp is not None
    archive.fp.seek(0)
    data = archive.fp.read()
    async with scene(tmp_path / "other.db") as stage:
        idris = stage.person(8, "Idris")
        errands = stage.engine._errands
        errands.unpack = _nothing  # type: ignore[method-assign, assignment]
        await sends(idris, data)
        assert len(await uploads(idris)) == 1
        await stage.restart()
        await stage.engine.settle()
        assert await uploads(idris) == []
        back = await handed_out(idris)
        assert sum(name.startswith("media/") for name in back.namelist()) == 2


async def _nothing(_person: int, _upload: Media) -> None:
    """What a process does that is about to die."""


# ---- hostile files ----


def bomb(size: int, name: str = "journal.json") -> bytes:
    """A small zip in which *name* is huge."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive, archive.open(name, "w") as member:
        for _piece in range(size >> 20):
            member.write(b" " * (1 << 20))
    return packed.getvalue()


def crowd(count: int) -> bytes:
    """A zip of *count* empty files."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for number in range(count):
            archive.writestr(f"{number:060}", b"")
    return packed.getvalue()


def smallest(**more: Any) -> Json:
    """A journal with as little in it as can be."""
    at = "2026-11-09T18:00:00.000000Z"
    person = {"name": "", "language": "en", "state": "new", "joined_at": at, "seen_at": at}
    return {"tenfold": {"format": 1, "made_at": at, "counter": 5}, "person": person, **more}


def note(id: object = 1, **more: Any) -> Json:
    """A note."""
    return {"id": id, "question": "note", "text": "bees", "said_at": "2026-11-09T18:00:00.000000Z", **more}


@pytest.mark.parametrize(
    ("data", "why", "place"),
    [
        (bomb(40 << 20), "much", ""),
        (bomb(1 << 20), "unreadable", ""),
        (crowd(30_000), "much", ""),
        (b"[" * 100_000, "unreadable", ""),
        (b'{"tenfold": ' * 100_000, "unreadable", ""),
        (b'{"a": ' + b"[" * 600_000, "much", ""),
        (b'{"tenfold": {"format": 1}, "told": [' + b"{}," * 1_000_000, "much", ""),
        (dumped(smallest(told=[note(id) for id in range(1, 100_001)])), None, ""),
        (dumped(smallest(told=[note(0)])), "field", "told[0].id"),
        (dumped(smallest(told=[note(1 << 60)])), "field", "told[0].id"),
        (dumped(smallest(told=[note(True)])), "field", "told[0].id"),
        (dumped(smallest(told=[note(1.0)])), "field", "told[0].id"),
        (dumped(smallest(told=[note("1")])), "field", "told[0].id"),
        (dumped(smallest(told=[note(), note()])), "field", "told[1].id"),
        (dumped(smallest(told=[note(earlier=[{"id": 1, "text": None, "changed_at": note()["said_at"]}])])), "field",
         "told[0].earlier[0].id"),
        (dumped(smallest(told=[note(question="a question")])), "field", "told[0].question"),
        (dumped(smallest(told=[note(question="unheard_of")])), "field", "told[0].question"),
        (dumped(smallest(told=[note(text=5)])), "field", "told[0].text"),
        (dumped(smallest(told=[note(text="x" * 50_000)])), "field", "told[0].text"),
        (dumped(smallest(told=[note(said_at="9999-01-01T00:00:00.000000Z")])), "field", "told[0].said_at"),
        (dumped(smallest(told=[note(said_at="2026-11-09")])), "field", "told[0].said_at"),
        (dumped(smallest(told=[note(said_at="2026-11-31T18:00:00.000000Z")])), "field", "told[0].said_at"),
        (dumped(smallest(told={})), "field", "told"),
        (dumped(smallest(told=[[]])), "field", "told[0]"),
        (dumped(smallest(told=[note(acquaintances=["x"])])), "field", "told[0].acquaintances[0]"),
        (dumped(smallest(person=[])), "field", "person"),
        (dumped(smallest() | {"person": smallest()["person"] | {"zone": "Mars/North"}}), "field", "person.zone"),
        (dumped(smallest() | {"person": smallest()["person"] | {"zone": "../../etc/passwd"}}), "field", "person.zone"),
        (dumped(smallest() | {"person": smallest()["person"] | {"minute": 1440}}), "field", "person.minute"),
        (dumped(smallest(askings=[{"question": "more", "used": ["x"]}])), "field", "askings[0].used"),
        (dumped(smallest(check_ins=[{"id": 1, "kind": "planned", "subject": "soon", "questions": [],
                                     "opened_at": note()["said_at"]}])), "field", "check_ins[0].subject"),
        (dumped(smallest(check_ins=[{"id": 1, "kind": "planned", "subject": "9999-12-31", "questions": [],
                                     "opened_at": note()["said_at"]}])), "field", "check_ins[0].subject"),
        (dumped(smallest(cards=[{"id": 1, "act": "x", "text": "", "minutes": "5", "state": "open",
                                 "shown_at": note()["said_at"]}])), "field", "cards[0].minutes"),
        (b'{"tenfold": {"format": 1, "counter": 1e400}}', "field", "tenfold.counter"),
        (b'{"tenfold": {"format": 1, "counter": ' + b"9" * 5000 + b"}}", "unreadable", ""),
        (b'{"tenfold": {"format": 1, "counter": NaN}}', "field", "tenfold.counter"),
        (b"\xff\xfe{", "unreadable", ""),
        (dumped(smallest()).replace(b'"name": ""', b'"name": "\\ud800"'), "field", "person.name"),
        (b"2025-01-01,x\n" * 60_000, "much", ""),
        (b'2025-01-01,"' + b"x" * 200_000, "unreadable", ""),
        (b"1/1/0001,x\n", "line", "1"),
    ],
)  # fmt: skip
def test_hostile_files(tmp_path: Path, data: bytes, why: str | None, place: str) -> None:
    """Whatever is in a file, it is refused with the place, and quickly; or it is a journal."""
    if why is None:
        assert brought(tmp_path, data).rows["answer"]
        return
    with pytest.raises(Unfit) as refused:
        brought(tmp_path, data)
    assert (refused.value.why, refused.value.place) == (why, place)


async def test_odd_but_harmless(store: Store, files: Files, tmp_path: Path) -> None:  # noqa: F811
    """What speaks of something that isn't there speaks of nothing, and a counter that is behind is put right."""
    at = note()["said_at"]
    journal = smallest(
        told=[note(40, theme=99, about=98, acquaintances=[97, 97])],
        acquaintances=[
            {"id": 3, "name": "Ana", "other_names": ["A", "A"]},
            {"id": 4, "name": "Eve", "other_names": ["A"]},
        ],
        planned=[
            {"kind": kind, "subject": "2026-11-13", "at": at} for kind in ("check-in", "check-in", "rocket", "later")
        ],
    )
    bundle = brought(tmp_path, dumped(journal))
    await writes(store, MIRA, lambda mine: mine.take_over(bundle, UPLOAD))
    back = told(await taken(store, files, MIRA))
    assert (back["told"][0]["theme"], back["told"][0]["about"], back["told"][0]["acquaintances"]) == (None, None, [])
    assert [each["other_names"] for each in back["acquaintances"]] == [["A"], []]
    assert back["planned"] == [{"kind": "check-in", "subject": "2026-11-13", "at": at}]
    assert await writes(store, MIRA, lambda mine: mine.add("note", text="x").id) == 41


ODD = st.one_of(
    st.none(), st.booleans(), st.integers(-(1 << 70), 1 << 70), st.floats(), st.text(max_size=5), st.just([]),
    st.just({}), st.sampled_from(["9999-12-31T23:59:59.999999Z", "../../x", "1" * 60_000, "\ud800", [[[]]], {"a": 1}]),
)  # fmt: skip


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where everything in *value* is."""
    if path:
        yield path
    for at, each in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from places(each, (*path, at))


def within(value: Any, path: Sequence[Any]) -> Any:
    """What is there."""
    for step in path:
        value = value[step]
    return value


ODD_THINGS = st.lists(
    st.tuples(st.integers(0, 10_000), st.none() | st.integers(0, 10_000), ODD), min_size=1, max_size=4
)


@given(journals.told(), ODD_THINGS)
@settings(parent=quick, max_examples=30)
async def test_a_file_somebody_played_with(
    tmp_path_factory: pytest.TempPathFactory, journal: Json, changes: list[tuple[int, int | None, Any]]
) -> None:
    """A good file with odd things put here and there, or its own things in other places, is refused; or else it is a
    journal with which one can go on, whatever is said next."""
    for at, other, odd in changes:
        found = list(places(journal))
        *way, last = found[at % len(found)]
        within(journal, way)[last] = odd if other is None else deepcopy(within(journal, found[other % len(found)]))
    folder = tmp_path_factory.mktemp("odd")
    data = json.dumps(journal).encode("utf-8", "surrogatepass")
    try:
        brought(folder, data)
    except Unfit:
        return
    await go_on(folder, data)


@given(journals.told())
@settings(parent=quick, max_examples=12)
async def test_one_can_go_on(tmp_path_factory: pytest.TempPathFactory, journal: Json) -> None:
    """However odd a life, once it is here it goes on."""
    await go_on(tmp_path_factory.mktemp("on"), dumped(journal))


async def go_on(folder: Path, data: bytes) -> None:
    """Take in *data* and say this and that; nothing stumbles."""
    async with scene(folder / "tenfold.db") as stage:
        mira = stage.person(7)
        everything = await sends(mira, data)
        for said in (
            "/start", "fed the bees", "/history", "/people", "/themes", "/actions", "/settings", "/checkin", "half",
            "that's all", "yes", "/suggest", "/export", "did it",
        ):  # fmt: skip
            everything += text_of(await mira.says(said))
        await stage.later(days=9)
        everything += text_of(mira.hears())
        assert "It's all here" in everything or "nothing in that file" in everything
        assert "stumbled" not in everything
        assert stage.room.attached


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
@settings(deadline=None)
def test_any_bytes(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    """Any file at all is taken in or refused."""
    for each in (data, b"PK" + data, b"{" + data, b"2025-01-01," + data):
        with suppress(Unfit):
            brought(tmp_path_factory.getbasetemp(), each)


async def test_nobody_else_is_touched(store: Store, files: Files, tmp_path: Path) -> None:  # noqa: F811
    """A file can't say whose it is: another's number in it means nothing."""
    await full(store, files, IDRIS)
    before = rows(tmp_path, IDRIS.person)
    journal = told(await taken(store, files, IDRIS))
    for each in (journal["tenfold"], journal["person"], *every_answer(journal), *journal["cards"]):
        each.update(person=IDRIS.person, chat=IDRIS.chat)
    journal["person"] |= {"id": IDRIS.person, "counter": 1}
    bundle = brought(tmp_path, dumped(journal))
    await writes(store, MIRA, lambda mine: mine.take_over(bundle, UPLOAD))
    assert rows(tmp_path, IDRIS.person) == before


# ---- notes ----


def notes(tmp_path: Path, data: str | bytes, zone: str | None = None) -> list[tuple[str, str, str]]:
    """The day, the question and the text of each note in *data*."""
    found = brought(tmp_path, data.encode() if isinstance(data, str) else data, zone).rows["answer"]
    return [(row["said_at"], row["question"], row["text"]) for row in found]


NOON = "T12:00:00.000000Z"


@pytest.mark.parametrize(
    ("data", "days"),
    [
        ("2025-03-04,a\n2025-03-05,b\n", ["2025-03-04", "2025-03-05"]),
        ("date,text\n2025/03/04,a\n", ["2025-03-04"]),
        ("Text;Date\nbees;04.03.2025\n", ["2025-03-04"]),
        ("13/3/2025\tbees\n3/4/2025\tbees\n", ["2025-03-13", "2025-04-03"]),
        ("3/13/2025,bees\n3/4/2025,bees\n", ["2025-03-04", "2025-03-13"]),
        ("4 March 2025,bees\n", ["2025-03-04"]),
        ('"Mar 4, 2025","bees"\n', ["2025-03-04"]),
        ("2025-03-04 17:30,bees\r\n\r\n2025-03-05T10:00:00Z,bees\r\n", ["2025-03-04", "2025-03-05"]),
        ("7/7/2025,bees\n", ["2025-07-07"]),
        ("\ufeffdate,text\n2025-03-04,bees\n", ["2025-03-04"]),
    ],
)
def test_dates_as_people_write_them(tmp_path: Path, data: str, days: list[str]) -> None:
    """Whatever separates, with or without names, and which number is the day shows somewhere."""
    assert [at for at, _question, _text in notes(tmp_path, data)] == [f"{day}{NOON}" for day in days]


def test_notes_are_as_they_were_written(tmp_path: Path) -> None:
    """Commas without quotes, lines in quotes, apostrophes of a spreadsheet; twice the same on a day is once."""
    data = "2025-03-04,\"two\nlines\"\n2025-03-05,one, two\n2025-03-06,'=1+1\n2025-03-07,'twas\n2025-03-07,'twas\n"
    texts = [text for _at, _question, text in notes(tmp_path, data)]
    assert texts == ["two\nlines", "one, two", "=1+1", "'twas"]


def test_good_turns_among_notes(tmp_path: Path) -> None:
    """A column may say what each is; noon is noon where they are."""
    data = "date,kind,text\n2025-07-04,good turn,fed bees\n2025-07-05,received,honey\n2025-07-06,other,x\n"
    assert notes(tmp_path, data, "America/Los_Angeles") == [
        ("2025-07-04T19:00:00.000000Z", "good_turn", "fed bees"),
        ("2025-07-05T19:00:00.000000Z", "received", "honey"),
        ("2025-07-06T19:00:00.000000Z", "note", "x"),
    ]


def test_odd_encodings(tmp_path: Path) -> None:
    """As spreadsheets write them on whatever machine."""
    text = "2025-03-04,caf\u00e9\n"
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "cp1252"):
        assert [said for _at, _question, said in notes(tmp_path, text.encode(encoding))] == ["caf\u00e9"]


async def test_the_table_of_an_export_comes_back(store: Store, files: Files, tmp_path: Path) -> None:  # noqa: F811
    """csv/entries.csv of a zip is a table of dated notes as well."""
    await full(store, files)
    data = (await taken(store, files, MIRA)).read("csv/entries.csv")
    texts = {text for _at, _question, text in notes(tmp_path, data)}
    assert texts == {"covered 20 min for Joana", "did one alone tuesday!!", "handovers", "the ward at night"}


# ---- what was open ----


@pytest.mark.parametrize(("name", "steps"), test_every_state.STATES.items())
async def test_what_is_open_is_asked_again_elsewhere(mira: Somebody, name: str, steps: tuple[str, ...]) -> None:
    """Whatever question is open goes along if it means something elsewhere, and is closed if not; either way one can go
    on from there."""
    await test_every_state.comes_to(mira, steps)
    archive = await handed_out(mira)
    pending = told(archive)["person"]["pending"]
    assert pending["ask"] == name
    assert is_sound(pending) == (
        name not in (*("lacks", "thanks", "theme", "hard", "import", "beside", "erase"), "draft", "keep_draft")
    )
    idris = mira.scene.person(8, "Idris")
    heard = await sends(idris, archive.read("journal.json"))
    for said in ("fed the bees", "yes", "no"):
        heard += text_of(await idris.says(said))
    assert "stumbled" not in heard


@pytest.mark.parametrize(
    "pending",
    [
        {}, {"ask": 5}, {"ask": "rocket"}, {"ask": "card"}, {"ask": "card", "card": "1"}, {"ask": "card", "card": True},
        {"ask": "came", "card": 1, "asked_at": "soon"}, {"ask": "came", "card": 1, "asked_at": "2026-01-01"},
        {"ask": "words", "answer": 1, "before": 5}, {"ask": "themes", "x": 1}, {"ask": ["card"], "card": 1},
        {"ask": "words", "answer": 1, "before": {"ask": "words", "answer": 1, "before": None}},
        {"ask": "moment", "card": 10**30}, {"ask": "moment", "card": -1},
        {"ask": "noticed", "answer": 1, "mark": "\ud800"},
    ],
)  # fmt: skip
def test_odd_questions_are_as_good_as_none(pending: Json) -> None:
    """What no dialogue ever noted isn't asked."""
    assert not is_sound(pending)
