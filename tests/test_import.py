"""What is brought along: taken in whole or not at all, lossless into an empty journal, and beside what is there."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import asynccontextmanager, closing
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from bot.domain import Bundle, File, Media, Sender
from bot.files import Files
from bot.importing import read
from bot.journal import Journal
from bot.store import Store, Transaction, open_store
from bot.understand import folded
from tests import journals
from tests.conversation import Somebody, text_of
from tests.test_export import IDRIS, MIRA, files, full, store, taken, told, writes  # noqa: F401 - the fixtures

Json = dict[str, Any]
UPLOAD = Media(id=-1, answer=0, file=File(kind="import"))

quick = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)


@asynccontextmanager
async def house(folder: Path) -> Any:
    """An empty database with its files."""
    opened = open_store(f"sqlite:///{folder / 'tenfold.db'}")
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
