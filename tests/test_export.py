"""What a person takes along: all of it, nobody else's, readable in ten years, and nothing of it left lying about."""

import asyncio
import html
import io
import json
import os
import re
import signal
import stat
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from bot.domain import File, Reply, Sender
from bot.errors import NotSent
from bot.export import LARGEST, PAGE, _drawn, exported
from bot.export.book import escaped
from bot.files import Files
from bot.journal import Journal
from bot.replica import ALL
from bot.store import Row, Store, Transaction, open_store
from bot.story import Picture
from bot.text import clean
from tests import databases
from tests.conversation import START, Clock, Room, Scene, Somebody, scene
from tests.stores import Around

pytestmark = pytest.mark.both_stores

T = TypeVar("T")
ROOT = Path(__file__).parents[1]

MIRA = Sender(person=7, chat=7, name="Mira")
IDRIS = Sender(person=8, chat=8, name="Idris")

HOSTILE = (
    "<script>alert(1)</script><b onclick=x>",
    "# a heading\n===\n---\n- a list\n1. one\n2) two\n+ three\n* four",
    "> quoted\n    code\n\tcode\n```\nfence\n~~~",
    "[link](javascript:x) ![pic](x.png) <https://a.example> [ref]: /x\n[^1]: foot",
    "&lt;i&gt; &amp; &#60; & AT&T",
    "| a | b |\n|---|---|\n| 1 | 2 |",
    "**bold** _it_ ~~gone~~ `code` $x$ \\*kept\\* a_b_c",
    "  two spaces before and after  \n\n\n \nlast \\",
    "\u2028separated\u2029 \u00a0 \x85 \u202eturned",
    "-", "=", "1.", "#", ">", "\\", "`", "<", "&", " ", "\n", "<!-- -->", "<?php", "]]>",
)  # fmt: skip
"""Texts that Markdown or a browser would like to take for something else."""


async def writes(store: Store, sender: Sender, work: Callable[[Journal], T], at: datetime = START) -> T:
    """Let *work* write into the journal of *sender*."""

    def write(tx: Transaction) -> T:
        journal = Journal(tx, sender, at)
        result = work(journal)
        journal.save()
        return result

    return await store.transact(write)


def opened(file: File) -> zipfile.ZipFile:
    """What is in *file*, which may go."""
    return zipfile.ZipFile(io.BytesIO(Path(file.path).read_bytes()))


def mode(path: Path) -> int:
    """Who may do what with *path*."""
    return stat.S_IMODE(path.stat().st_mode)


def exists(file: File) -> bool:
    """Whether *file* is there."""
    return Path(file.path).is_file()


async def taken(store: Store, files: Files, sender: Sender, **more: Any) -> zipfile.ZipFile:
    """The zip that *sender* is given."""
    async with exported(store, files, sender, START, **more) as file:
        assert file is not None
        return opened(file)


def told(archive: zipfile.ZipFile) -> dict[str, Any]:
    """Its journal.json."""
    with archive.open("journal.json") as member:
        found: dict[str, Any] = json.load(member)
        return found


def read(archive: zipfile.ZipFile) -> str:
    """Its journal.md."""
    return archive.read("journal.md").decode()


@pytest.fixture
async def store(database_kind: str, tmp_path: Path) -> Any:
    opened = open_store(databases.at(tmp_path / "tenfold.db").url)
    yield opened
    await opened.close()


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path / "tenfold.db.media")


async def arrives(store: Store, files: Files, person: int, id: int, data: bytes) -> None:
    """The bytes of the media *id* were fetched."""
    files.part(person, id).write_bytes(data)
    await files.keep(person, id)
    await store.transact(lambda tx: tx.run("media_fetched", person=person, id=id, state="kept"))


async def full(store: Store, files: Files, sender: Sender = MIRA, tag: str = "") -> None:
    """A journal with something in every place there is. *tag* is in all its words."""

    def first(journal: Journal) -> None:
        journal.change(
            state="here", city=f"Porto{tag}", zone="Europe/Lisbon", weekday=4, minute=960, weeks=2, discreet=True,
            model=False, length="full", unanswered=1, quiet_until=START + timedelta(days=9),
        )  # fmt: skip
        bread, nurses = journal.add_theme(f"sourdough{tag}"), journal.add_theme(f"patience with new nurses{tag}")
        journal.set_theme(nurses, paused=True)
        journal.add_place(f"the ward{tag}")
        check_in = journal.start_check_in("planned", ("good_turn", "people"), "2026-11-13")
        assert check_in
        turn = journal.add("good_turn", text=f"covered 20 mn for Joana{tag}", check_in=check_in, message=41)
        turn = journal.amend(turn, text=f"covered 20 min for Joana{tag}", theme=bread.id)
        (joana,) = journal.mention(turn, [f"Joana{tag}"])
        journal.set_acquaintance(joana, name=f"Joana S.{tag}", let_be=True)
        journal.add("people", reading="half", check_in=check_in)
        journal.add("received", reading="skip", check_in=check_in)
        journal.close(check_in, finished=True)
        card = journal.add_card(
            act="listen-1", text="Ask whoever is newest what they dread.", minutes=10, theme=bread.text,
            acquaintance=joana.id,
        )  # fmt: skip
        journal.set_card(card, state="done", moment=f"after stand-up{tag}", felt="gladly")
        journal.add("outcome", text=f"did one alone tuesday!!{tag}", about=turn.id)
        journal.add("outcome", text=f"handovers{tag}", about=card.id)
        note = journal.add("note", text=f"the ward at night{tag}", message=42)
        for kind, name in (("photo", ""), ("voice", ""), ("document", f"rota{tag}.pdf")):
            journal.add_media(note, File(kind=kind, id=f"telegram-{kind}{tag}", name=name, size=3))
        journal.plan("check-in", "2026-11-20", START + timedelta(days=11))
        journal.note_asking("call", used=("1", "abcd"), asked_at=START, never=True)
        journal.note_search(f"priya{tag}")
        journal.ask("card", card=card.id)

    await writes(store, sender, first)
    rows = await store.read(lambda tx: tx.all("media_all", person=sender.person))
    photo, voice, _document = (row["id"] for row in rows)
    for id in (photo, voice):
        await arrives(store, files, sender.person, id, f"bytes of {id}{tag}".encode())


# ---- what is in it ----


async def test_everything_is_in_it(store: Store, files: Files) -> None:
    """Every thing that was written, chosen or planned is there, with its id and when it was."""
    await full(store, files)
    archive = await taken(store, files, MIRA)
    all_of_it = told(archive)
    at = "2026-11-09T18:00:00.000000Z"
    person = all_of_it["person"]
    assert all_of_it["tenfold"] == {"format": 1, "made_at": at, "counter": max(ids(all_of_it))}
    assert (person["name"], person["city"], person["zone"], person["weekday"], person["minute"]) == (
        "Mira", "Porto", "Europe/Lisbon", 4, 960,
    )  # fmt: skip
    assert (person["discreet"], person["model"], person["weeks"], person["length"]) == (True, False, 2, "full")
    assert person["quiet_until"] == "2026-11-18T18:00:00.000000Z"
    assert [(each["text"], each["paused"], each["added_at"]) for each in all_of_it["themes"]] == [
        ("sourdough", False, at),
        ("patience with new nurses", True, at),
    ]
    assert [each["text"] for each in all_of_it["places"]] == ["the ward"]
    (joana,) = all_of_it["acquaintances"]
    assert (joana["name"], joana["other_names"], joana["let_be"]) == ("Joana S.", ["Joana"], True)
    (check_in,) = all_of_it["check_ins"]
    assert (check_in["kind"], check_in["subject"], check_in["questions"], check_in["finished"]) == (
        "planned", "2026-11-13", ["good_turn", "people"], True,
    )  # fmt: skip
    turn, people, received = check_in["answers"]
    assert (turn["text"], turn["theme"], turn["acquaintances"]) == (
        "covered 20 min for Joana", all_of_it["themes"][0]["id"], [joana["id"]],
    )  # fmt: skip
    assert [(each["text"], each["changed_at"]) for each in turn["earlier"]] == [("covered 20 mn for Joana", at)]
    assert (people["text"], people["reading"], received["reading"]) == (None, "half", "skip")
    (card,) = all_of_it["cards"]
    assert (card["state"], card["felt"], card["moment"], card["acquaintance"]) == (
        "done", "gladly", "after stand-up", joana["id"],
    )  # fmt: skip
    alone, handovers, note = all_of_it["told"]
    assert (alone["question"], alone["about"], handovers["about"]) == ("outcome", turn["id"], card["id"])
    photo, voice, document = note["files"]
    assert archive.read(photo["path"]) == f"bytes of {photo['id']}".encode()
    assert archive.read(voice["path"]) == f"bytes of {voice['id']}".encode()
    assert re.fullmatch(r"media/2026-11-09-voice-\d+\.ogg", voice["path"])
    assert (document["name"], document["state"], document["path"]) == ("rota.pdf", "wanted", None)
    (planned,) = all_of_it["planned"]
    assert planned == {"kind": "check-in", "subject": "2026-11-20", "at": "2026-11-20T18:00:00.000000Z"}
    assert all_of_it["askings"] == [{"question": "call", "used": ["1", "abcd"], "asked_at": at, "never": True}]
    assert [each["words"] for each in all_of_it["searches"]] == ["priya"]
    assert person["pending"] == {"ask": "card", "card": card["id"]}


def ids(value: Any) -> Iterator[int]:
    """Every id in *value*."""
    if isinstance(value, dict):
        yield from (each for name, each in value.items() if name == "id")
        for each in value.values():
            yield from ids(each)
    elif isinstance(value, list):
        for each in value:
            yield from ids(each)


async def test_it_reads_like_a_journal(store: Store, files: Files) -> None:
    """Oldest first, on their own clock: their words, who was in it, what came of it, and the files where they are."""
    await full(store, files)
    archive = await taken(store, files, MIRA)
    photo, voice = sorted(name for name in archive.namelist() if name.startswith("media/"))
    assert (
        read(archive)
        == f"""# Mira: a journal

Begun on Monday 9 November 2026, and written out on Monday 9 November 2026.

**What you stand for**

- sourdough
- patience with new nurses

**Where you are**

- the ward

## 2026

### Monday 9 November

**Good turn**

> covered 20 min for Joana

— Joana S. · *sourdough*

*What came of it, on Monday 9 November 2026:*

> did one alone tuesday!!

**With people**

About half

**Something you did, and gladly**

Ask whoever is newest what they dread.

— *sourdough*

*What came of it, on Monday 9 November 2026:*

> handovers

**Note**

> the ward at night

![A photo]({photo})

[A voice note]({voice})

rota.pdf (not in this folder)
"""
    )


async def test_a_kept_draft_is_told_as_one(store: Store, files: Files) -> None:
    """A draft that was kept stands in the book under its own name, and in the journal among what was told."""
    await writes(store, MIRA, lambda journal: journal.add("draft", text="which shade dries faster?"))
    archive = await taken(store, files, MIRA)
    assert "**Draft**\n\n> which shade dries faster?" in read(archive)
    assert [each["question"] for each in told(archive)["told"]] == ["draft"]


async def test_days_are_their_own(store: Store, files: Files) -> None:
    """Half past eleven at night in Porto on New Year's Eve is this year, whatever it is elsewhere."""
    await writes(store, MIRA, lambda journal: journal.change(state="here", zone="America/Los_Angeles"))
    midnight = datetime(2027, 1, 1, 7, 30, tzinfo=UTC)
    for minutes, text in ((0, "the last word"), (31, "the first word")):
        await writes(
            store, MIRA, partial(Journal.add, question="note", text=text), midnight + timedelta(minutes=minutes)
        )
    _before, year, rest = read(await taken(store, files, MIRA)).partition("## 2026\n")
    assert year
    assert re.findall("##+ .*|> .*", rest) == [
        "### Thursday 31 December", "> the last word", "## 2027", "### Friday 1 January", "> the first word",
    ]  # fmt: skip


# ---- the format ----


def documented() -> dict[str, set[str]]:
    """The fields that docs/journal-format.md tells, by section."""
    sections = re.split(r"^## (\w+)$", (ROOT / "docs" / "journal-format.md").read_text("utf-8"), flags=re.MULTILINE)
    return {
        name: set(re.findall(r"^\| `(\w+)` \|", text, flags=re.MULTILINE))
        for name, text in zip(sections[1::2], sections[2::2], strict=True)
    }


_SECTIONS = {"told": "answer", "answers": "answer"}


def written(value: Any, name: str = "journal") -> Iterator[tuple[str, str]]:
    """Every field in *value* with the section that must tell it."""
    if isinstance(value, list):
        for each in value:
            yield from written(each, name)
    elif isinstance(value, dict):
        for field, each in value.items():
            yield name, field
            if field != "pending":
                yield from written(each, _SECTIONS.get(field) or str(field))


async def test_every_field_is_documented(store: Store, files: Files) -> None:
    """What is written and what docs/journal-format.md tells are the same fields."""
    await full(store, files)
    fields: dict[str, set[str]] = {}
    for section, field in written(told(await taken(store, files, MIRA))):
        fields.setdefault(section, set()).add(field)
    assert fields == documented()


ELSEWHERE = {
    "person": ("person", {"id", "chat", "counter"}),  # the channel's own; the counter is of the file
    "theme": ("themes", set()),
    "check_in": ("check_ins", set()),
    "answer": ("answer", {"check_in", "message", "folded"}),  # it lies in its check-in; the channel's own; follows
    "revision": ("earlier", {"answer"}),
    "asking": ("askings", set()),
    "card": ("cards", set()),
    "due": ("planned", set()),
    "place": ("places", set()),
    "acquaintance": ("acquaintances", set()),
    "spelling": ("acquaintances", {"acquaintance", "name"}),  # other_names
    "mention": ("answer", {"acquaintance", "answer"}),  # acquaintances
    "media": ("files", {"answer", "file"}),  # the channel's own
    "search": ("searches", set()),
    "file": ("", set()),  # the bytes of media
    "inbox": ("", set()),  # on its way in
    "outbox": ("", set()),  # on its way out
}
"""For each table about a person the section that holds its rows, and what of it is no field there, with the reason."""


async def test_no_column_is_forgotten(store: Store, files: Files, tmp_path: Path) -> None:
    """Whoever adds a table or column about a person decides here whether it is taken along."""
    await full(store, files)
    fields = documented()
    database = databases.at(tmp_path / "tenfold.db")
    columns = {each: set(database.columns(each)) for each in database.tables()}
    theirs = {name: each for name, each in columns.items() if name == "person" or "person" in each}
    assert theirs.keys() == ELSEWHERE.keys()
    for table, (section, apart) in ELSEWHERE.items():
        assert not section or theirs[table] - apart - {"person"} <= fields[section], table


# ---- words to the letter ----


def tokens(text: str) -> list[Token]:
    """What Markdown makes of *text*, the pieces of each line too."""
    parsed = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text)
    return [each for token in parsed for each in (token, *(token.children or ()))]


def unescaped(line: str) -> str:
    """The words that an escaped *line* stands for."""
    return "".join(
        html.unescape(found[0])
        if found[0].startswith("&") and found[0].endswith(";")
        else found[0].lstrip("\\") or "\\"
        for found in re.finditer(r"\\.|&#?\w+;|.", line)
    )


def quotes(text: str) -> list[str]:
    """The quoted texts in a journal.md, to the letter."""
    found: list[str] = []
    last = False
    for line in text.split("\n"):
        if line.startswith(">"):
            words = unescaped(line.removeprefix(">").removeprefix(" ").removesuffix("  "))
            found[-1:] = [f"{found[-1]}\n{words}"] if last else [*found[-1:], words]
        last = line.startswith(">")
    return found


texts = st.one_of(
    st.text(st.characters(codec="utf-8")),
    st.text(st.sampled_from("ab \t\n\\`*_{}[]()<>#+-=.!|~&$:;%1\"'^@/")),
    st.sampled_from(HOSTILE),
).map(clean)


@given(texts)
def test_words_are_nothing_but_words(text: str) -> None:
    """Whatever is written shows as exactly that: no heading, list, code, link, picture, table or tag comes of it."""
    for line in text.replace("\x85", "").split("\n"):  # markdown-it strips that at the ends, CommonMark doesn't
        parsed = tokens(escaped(line))
        assert {each.type for each in parsed} <= {
            "paragraph_open", "inline", "text", "text_special", "paragraph_close",
        }  # fmt: skip
        assert "".join(each.content for each in parsed if each.type in ("text", "text_special")) == line


@given(st.lists(texts.filter(bool), min_size=1, max_size=4), texts)
@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
async def test_odd_texts_come_back_to_the_letter(
    tmp_path_factory: pytest.TempPathFactory, said: list[str], named: str
) -> None:
    """In journal.json and in journal.md alike, whatever the names around them."""
    folder = tmp_path_factory.mktemp("odd")
    store, files = open_store(databases.at(folder / "tenfold.db").url), Files(folder / "media")
    try:

        def write(journal: Journal) -> None:
            for text in said:
                answer = journal.add("note", text=text)
                if named.strip():
                    journal.mention(answer, [named])
            journal.add_theme(named)

        await writes(store, replace(MIRA, name=named), write)
        archive = await taken(store, files, MIRA)
    finally:
        await store.close()
    assert [answer["text"] for answer in told(archive)["told"]] == said
    assert told(archive)["person"]["name"] == named
    assert quotes(read(archive)) == said
    shape = [each.type for each in tokens(read(archive))]
    assert shape.count("blockquote_open") == len(said)
    assert shape.count("heading_open") == 3
    assert "softbreak" not in shape  # every line stays a line
    assert not {"html_inline", "html_block", "link_open", "image", "fence", "code_block", "table_open", "hr"} & {*shape}


async def test_hostile_texts_everywhere_leave_the_layout_alone(store: Store, files: Files) -> None:
    """Names, themes, places, moments and names of files are words as well."""
    for number, text in enumerate(HOSTILE):
        sender = Sender(person=100 + number, chat=1, name=text)

        def write(journal: Journal, text: str = text) -> None:
            theme = journal.add_theme(text)
            journal.add_place(text)
            answer = journal.amend(journal.add("good_turn", text="bread"), theme=theme.id)
            if text.strip():
                journal.mention(answer, [text])
            journal.add_media(answer, File(kind="document", id="x", name=text))
            journal.set_card(journal.add_card(act="x", text=text, minutes=5, theme=text), state="taken", moment=text)

        await writes(store, sender, write)
        shape = [each.type for each in tokens(read(await taken(store, files, sender)))]
        assert (shape.count("heading_open"), shape.count("blockquote_open"), shape.count("bullet_list_open")) == (
            3,
            1,
            2,
        )
        assert not {"html_inline", "html_block", "link_open", "image", "fence", "code_block", "code_inline", "s_open",
                    "ordered_list_open", "table_open", "hr"} & {*shape}, text  # fmt: skip


# ---- nobody else's ----


async def test_nothing_of_anybody_else_is_in_it(store: Store, files: Files) -> None:
    """Two journals with the same ids in the same database: each gets their own alone."""
    await full(store, files, MIRA, tag=" of-mira")
    await full(store, files, IDRIS, tag=" of-idris")
    for sender, mine, other in ((MIRA, b"of-mira", b"of-idris"), (IDRIS, b"of-idris", b"of-mira")):
        archive = await taken(store, files, sender)
        parts = {name: archive.read(name) for name in archive.namelist()}
        assert len(parts) == 8
        assert all(mine in part for part in parts.values())
        assert not any(other in part or other in name.encode() for name, part in parts.items())


async def test_the_channels_own_numbers_stay_behind(store: Store, files: Files) -> None:
    """Neither the account's number nor Telegram's ids of messages and files travel."""
    sender = Sender(person=70_707_070_701, chat=70_707_070_702, name="Mira")
    await full(store, files, sender)
    archive = await taken(store, files, sender)
    everything = b"".join(archive.read(name) for name in archive.namelist())
    assert b"7070707070" not in everything
    assert b"telegram-" not in everything
    assert not {"message", "chat"} & {field for _section, field in written(told(archive))}


# ---- the file ----


async def test_the_file_is_for_its_owner_and_gone_afterwards(store: Store, files: Files, tmp_path: Path) -> None:
    """0600 in a folder of 0700 while it is sent, also when unpacked; then nothing, not even the folder."""
    await writes(store, MIRA, lambda journal: journal.add("note", text="bread"))
    async with exported(store, files, MIRA, START) as file:
        assert file is not None
        path = Path(file.path)
        assert (file.kind, file.name) == ("document", "tenfold-2026-11-09.zip")
        assert file.size == opened(file).fp.seek(0, io.SEEK_END)  # type: ignore[union-attr]
        assert (mode(path), mode(path.parent)) == (0o600, 0o700)
        with zipfile.ZipFile(path) as archive:
            assert {each.external_attr >> 16 for each in archive.infolist()} == {0o600}
    assert list((tmp_path / "tenfold.db.media").iterdir()) == []


async def test_the_file_is_gone_when_sending_fails(store: Store, files: Files, tmp_path: Path) -> None:
    """Whatever the channel does, nothing stays; kept files do."""
    await full(store, files)
    kept = sorted((tmp_path / "tenfold.db.media" / "7").iterdir())
    with pytest.raises(NotSent):
        async with exported(store, files, MIRA, START):
            raise NotSent
    assert sorted((tmp_path / "tenfold.db.media" / "7").iterdir()) == kept


async def test_a_disk_without_room_means_later(store: Store, tmp_path: Path) -> None:
    """What can't be written now is tried again by whoever delivers."""
    await writes(store, MIRA, lambda journal: journal.add("note", text="bread"))
    (tmp_path / "taken").write_bytes(b"")
    with pytest.raises(NotSent):
        async with exported(store, Files(tmp_path / "taken"), MIRA, START):
            pass


async def test_tidying_leaves_a_file_alone_while_it_is_sent(stage: Scene) -> None:
    """Files without a row go, but not from under whoever is sending one."""
    errands = stage.engine._errands
    store, files = stage.engine._store, errands._files
    await writes(store, MIRA, lambda journal: journal.add("note", text="bread"))
    async with exported(store, files, MIRA, START) as file:
        assert file is not None
        await errands.tidy(ALL)
        assert exists(file)
        assert await files.everything() == []


class Deadly(Room):
    """A channel under which the process is killed, while it has a file in its hands."""

    async def send(
        self, chat: int, reply: Reply, *, bare: bool = False, attached: File | Picture | None = None
    ) -> int | None:
        if attached:
            signal.raise_signal(signal.SIGKILL)
        return await super().send(chat, reply, bare=bare, attached=attached)


async def dies(database: Path) -> None:
    """Somebody asks for their journal, and the process is killed while it is on its way."""
    stage = Scene(database, Clock(START), frozenset())
    stage.room = Deadly(stage.clock)
    await stage.open()
    mira = stage.person(7)
    await mira.says("/start")
    await mira.says("canary bread")
    await mira.says("/export")


@pytest.mark.sqlite_alone
async def test_after_a_kill_it_is_sent_and_nothing_stays(tmp_path: Path) -> None:
    """Killed while sending: the next start removes what was left, sends it again, and removes that too."""
    database = tmp_path / "tenfold.db"
    killed = await asyncio.create_subprocess_exec(sys.executable, "-m", "tests.test_export", str(database), cwd=ROOT)
    assert await killed.wait() == -signal.SIGKILL
    folder = tmp_path / "tenfold.db.media" / "7"
    (left,) = folder.iterdir()
    assert mode(left) == 0o600
    async with scene(database) as stage:
        await stage.engine.settle()
        ((file, data),) = stage.room.attached
        assert Path(file.path) != left
        assert told(zipfile.ZipFile(io.BytesIO(data)))["themes"][0]["text"] == "canary bread"
        assert not folder.exists() or list(folder.iterdir()) == []


# ---- size ----


async def pictures(store: Store, files: Files, count: int, size: int) -> None:
    """A journal of *count* pictures of *size* bytes that no compression makes smaller."""

    def write(journal: Journal) -> list[int]:
        return [
            journal.add_media(journal.add("note", text=f"picture {number}"), File(kind="photo", id=str(number))).id
            for number in range(count)
        ]

    for id in await writes(store, MIRA, write):
        await arrives(store, files, MIRA.person, id, Random(id).randbytes(size))


async def test_what_is_too_much_for_one_message_is_left_out(store: Store, files: Files) -> None:
    """The newest files come along, never more than fit, and the text says what didn't."""
    await pictures(store, files, count=6, size=10_000)
    async with exported(store, files, MIRA, START, limit=35_000) as file:
        assert file is not None
        assert file.size <= 35_000
        archive = opened(file)
    found = [answer["files"][0] for answer in told(archive)["told"]]
    assert [each["left_out"] for each in found] == [True, True, True, False, False, False]
    linked = {each["path"] for each in found if each["path"]}
    assert linked == {name for name in archive.namelist() if name.startswith("media/")}
    assert "only the newest came along" in read(archive)
    assert read(archive).count("A photo (not in this folder)") == 3
    assert "only the newest" not in read(await taken(store, files, MIRA))


async def test_a_file_that_goes_meanwhile_is_missed_by_nobody(
    store: Store, files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Deleted between the look and the copy: the rest is whole, and nothing links to it."""
    await pictures(store, files, count=2, size=100)
    open_one = Path.open

    def vanishing(path: Path, mode: str = "r", *more: Any, **named: Any) -> Any:
        if mode == "rb" and path.parent.name == "7":
            path.unlink()
            monkeypatch.undo()
        return open_one(path, mode, *more, **named)

    monkeypatch.setattr(Path, "open", vanishing)
    archive = await taken(store, files, MIRA)
    assert [bool(answer["files"][0]["path"]) for answer in told(archive)["told"]] == [True, False]
    assert read(archive).count("](media/") == 1
    assert archive.testzip() is None


# ---- while others chat ----


class Counting:
    """A transaction that counts the rows it reads."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx
        self.rows = 0

    def run(self, query: str, /, **parameters: str | int | bytes | None) -> int:
        return self._tx.run(query, **parameters)

    def one(self, query: str, /, **parameters: str | int | bytes | None) -> Row | None:
        self.rows += 1
        return self._tx.one(query, **parameters)

    def all(self, query: str, /, **parameters: str | int | bytes | None) -> list[Row]:
        found = self._tx.all(query, **parameters)
        self.rows += len(found)
        return found


class Watched(Around):
    """A store whose looks are measured in rows, and in between which something may happen."""

    def __init__(self, store: Store, between: Callable[[int], Any] = lambda _look: None) -> None:
        super().__init__(store)
        self._between = between
        self.looks: list[int] = []

    async def read(self, work: Callable[[Transaction], T]) -> T:
        if happening := self._between(len(self.looks)):
            await happening

        def counted(tx: Transaction) -> T:
            counting = Counting(tx)
            try:
                return work(counting)
            finally:
                self.looks.append(counting.rows)

        return await self._store.read(counted)


async def ten_years(store: Store, sender: Sender) -> None:
    """520 check-ins of 4 answers each, with 2 MB of text in all, and the people in it."""

    def write(tx: Transaction) -> None:
        for week in range(520):
            journal = Journal(tx, sender, START + timedelta(days=7 * week))
            journal.change(state="here", zone="Europe/Lisbon")
            check_in = journal.start_check_in("planned", ("good_turn", "people"), f"week {week}")
            people = journal.acquaintances() or [journal.meet(f"Name{number}") for number in range(4)]
            for each in people:
                answer = journal.add("good_turn", text=f"{week} " + "covered for <Joana> " * 49, check_in=check_in)
                tx.run("mention_add", person=sender.person, acquaintance=each.id, answer=answer.id)
            journal.save()

    await store.transact(write)


@pytest.mark.sqlite_alone
async def test_ten_years_hold_up_nobody(stage: Scene) -> None:
    """A journal of ten years is taken along in many short looks, and others are answered and asked meanwhile."""
    store, files = stage.engine._store, stage.engine._errands._files
    await ten_years(store, MIRA)
    watched = Watched(store)
    idris = stage.person(8, "Idris")
    answered = 0

    async def chats() -> None:
        nonlocal answered
        while not taking.done():
            assert await idris.says("/help")
            await stage.engine.tick()
            answered += 1

    taking = asyncio.create_task(taken(watched, files, MIRA))
    await asyncio.gather(taking, chats())
    all_of_it = told(taking.result())
    assert sum(len(check_in["answers"]) for check_in in all_of_it["check_ins"]) == 2080
    assert read(taking.result()).count("\n> ") == 2080
    assert len(watched.looks) > 20
    assert max(watched.looks) <= 10 * PAGE  # some milliseconds
    assert answered > 3


async def test_what_is_written_meanwhile_comes_along_next_time(store: Store, files: Files) -> None:
    """Nothing that began after the first look is in it, and what is in it speaks of nothing that isn't."""
    await writes(store, MIRA, lambda journal: [journal.add("note", text=f"note {n}") for n in range(3)])

    def between(look: int) -> Any:
        def write(journal: Journal) -> None:
            journal.mention(journal.add("note", text="meanwhile"), ["Rui"])
            if first := journal.answer(1):
                journal.mention(first, ["Rui"])

        return writes(store, MIRA, write) if look else None

    all_of_it = told(await taken(Watched(store, between), files, MIRA))
    assert [(each["text"], each["acquaintances"]) for each in all_of_it["told"]] == [
        (f"note {n}", []) for n in range(3)
    ]
    again = told(await taken(store, files, MIRA))
    assert "meanwhile" in [each["text"] for each in again["told"]]
    assert again["told"][0]["acquaintances"] == [again["acquaintances"][0]["id"]]


async def test_what_is_erased_on_the_way_isnt_sent(store: Store, files: Files) -> None:
    """Whoever erases everything while it is gathered gets nothing, and so does somebody who never was here."""
    await full(store, files)

    def between(look: int) -> Any:
        return writes(store, MIRA, Journal.erase) if look == 2 else None

    for looked_at in (Watched(store, between), store):
        async with exported(looked_at, files, MIRA, START) as file:
            assert file is None


# ---- the conversation ----


async def test_export_comes_with_one_line(mira: Somebody) -> None:
    """Asked for, it is there: the journal as it stands, with what was just said."""
    await mira.says("gave Rui some starter")
    (heard,) = await mira.says("/export")
    assert heard.text == "Here it all is, yours to keep: a text to read, tables, and a file for other programs."
    ((file, data),) = mira.scene.room.attached
    assert (file.kind, file.name) == ("document", "tenfold-2026-11-09.zip")
    archive = zipfile.ZipFile(io.BytesIO(data))
    assert "> gave Rui some starter" in read(archive)
    assert [each["text"] for each in told(archive)["themes"]] == ["sourdough", "being patient with new nurses"]
    assert not exists(file)


async def test_export_leaves_the_open_question_open(mira: Somebody) -> None:
    """In the middle of a check-in it is given, and the next words answer the check-in."""
    await mira.says("/checkin")
    await mira.talks(("/export", "yours to keep"), ("covered for Joana", ""))
    check_in = await mira.journal(lambda journal: journal.check_ins(1)[0].id)
    answers = await mira.journal(lambda journal: journal.check_in(check_in).answers)  # type: ignore[union-attr]
    assert [answer.text for answer in answers] == ["covered for Joana"]


async def test_an_empty_journal_has_nothing_to_take(stranger: Somebody) -> None:
    """Nothing there: that is said kindly, and nothing is sent along."""
    await stranger.talks(("/export", "nothing to take along yet"))
    assert stranger.scene.room.attached == []


async def test_a_group_gets_nothing(stranger: Somebody) -> None:
    """A journal is nobody else's to see: it is said once that it's better in private, and each time a journal is
    wanted there, in one line."""
    (first,) = await stranger.writes_in_group(-5)
    assert "in private" in first.text
    assert await stranger.writes_in_group(-5) == []
    for _time in range(2):
        (refused,) = await stranger.writes_in_group(-5, "group journal")
        assert refused.text == "A journal is nobody else's to see. Write to me in private, and it stays between us."
        assert (refused.reply.attached, refused.labels) == ("", [])
    assert await stranger.says("/export") == []
    assert stranger.scene.room.attached == []


async def test_a_new_group_hears_one_line(stranger: Somebody) -> None:
    """Wanting a journal is the first that is said there: one line does."""
    (refused,) = await stranger.writes_in_group(-6, "group journal")
    assert "nobody else's" in refused.text
    assert await stranger.writes_in_group(-6) == []


# ---- ten years ----


def ten_years_do(folder: Path, what: str) -> str:
    """What it prints; measuring coverage there would take minutes and memory of its own."""
    elsewhere = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}
    run = [sys.executable, "-m", "tests.ten_years", str(folder), what]
    return subprocess.run(run, check=True, cwd=ROOT, env=elsewhere, capture_output=True, text=True).stdout


@pytest.fixture(scope="module")
def many_words(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with ten years of somebody who writes a lot: 43 MB of words, and a picture a week."""
    folder = tmp_path_factory.mktemp("ten")
    ten_years_do(folder, "build")
    return folder


def test_ten_years_take_little_memory(many_words: Path) -> None:
    """Handing it out takes less than 150 MB in all, whatever was told: it isn't in memory at any time."""
    peak, _seconds, size = ten_years_do(many_words, "export").split()
    assert int(peak) < 150
    assert int(size) < LARGEST


def test_a_picture_that_cant_be_made_stays_out(caplog: pytest.LogCaptureFixture) -> None:
    """The journal is worth more than a picture."""

    def fails() -> bytes:
        raise RuntimeError("canary")

    assert _drawn(fails) == b""
    assert "canary" not in caplog.text


async def test_pictures_come_along(store: Store, files: Files) -> None:
    """What is drawn of the story is in the zip, by its name."""
    await full(store, files)
    archive = await taken(store, files, MIRA, pictures=[("story/26-weeks.png", lambda: b"a picture")])
    assert archive.read("story/26-weeks.png") == b"a picture"


async def test_words_come_before_tables(store: Store, files: Files) -> None:
    """Where not even the texts fit into one message, journal.json comes along whole."""
    await full(store, files)
    assert (await taken(store, files, MIRA, limit=500)).namelist() == ["journal.json"]


if __name__ == "__main__":
    asyncio.run(dies(Path(sys.argv[1])))


async def test_nobody_is_logged_who_is_being_erased(
    store: Store, files: Files, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """When their folder goes while their export is written, nothing is sent, and the log doesn't name them."""
    await writes(store, MIRA, lambda journal: journal.add("note", text="bees"))

    async def vanished(*_arguments: object) -> int:
        await files.discard_all(MIRA.person)
        raise FileNotFoundError

    monkeypatch.setattr("bot.export._build", vanished)
    with pytest.raises(NotSent):
        await taken(store, files, MIRA)
    assert str(MIRA.person) not in caplog.text
