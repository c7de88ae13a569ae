"""What an unlucky or an unkind person does: words in the wrong place, forged buttons, old cards, odd names and files.

Whatever happens, nothing that somebody wrote is lost without a word, nobody's journal changes but their own, and
nobody is left with "I stumbled".
"""

import ast
import asyncio
import re
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import dialogue
from bot.channels.folder import laid_down
from bot.domain import Blocked, Edited, Event, File, Pressed, Said, Sent, Shared
from bot.errors import Refused, TenfoldError
from bot.journal import Journal
from bot.store import open_store
from bot.store.backup import daily
from tests.conversation import Scene, Somebody, scene, text_of

# What is left in the database


async def test_a_second_name_survives_a_restart(stage: Scene, mira: Somebody) -> None:
    """A database in which somebody goes by two names is as sound as any other."""
    await mira.knows("Joana")
    await mira.says("/people joana")
    await mira.talks(("[Another name]", "What should I call Joana?"), ("Jo from the ward", "Jo from the ward, then."))
    await stage.restart()
    await mira.talks(("/people joana", "Also: Joana"))


# Words in the wrong place


def everything(journal: Journal) -> list[str]:
    """All that was written down of what they said, oldest first."""
    return [answer.text or "" for answer in reversed(journal.written(50))]


STORY = "I spent the whole morning with Zelda in the hospital garden because nobody else was there. " * 3
DEED = "Zelda helped me carry the shelf up the stairs"
OPENED = {
    "the hour": ("/settings", "[Hour]", "[Another]"),
    "places": ("/settings places", "[Add]"),
    "names": ("gave Rui some starter", "fix"),
    "another name": ("/people rui", "[Another name]"),
    "a theme": ("/themes", "[Add]"),
    "another word for a theme": ("/themes", "[sourdough]", "[Rename]"),
    "the city": ("/settings", "[City]"),
    "a good turn": ("/goodturn",),
    "a moment": ("[My own time]",),
    "erasing": ("/erase",),
    "settings": ("/settings",),
    "themes": ("/themes",),
}


@pytest.mark.parametrize("story", [STORY, DEED, f"{DEED}. Is that all right?", "ü" * 4000], ids=lambda text: text[-12:])
@pytest.mark.parametrize("opened", OPENED.values(), ids=OPENED)
async def test_a_story_is_kept_wherever_it_is_told(mira: Somebody, opened: tuple[str, ...], story: str) -> None:
    """Whatever small thing was asked for, somebody who tells a story instead finds it in their journal."""
    await mira.knows("Rui")
    await mira.talks(*((said, "") for said in opened))
    await mira.says(story)
    moments = [card.moment for card in await mira.journal(lambda journal: journal.cards(9))]
    assert story in [*await mira.journal(everything), *moments]


async def test_a_story_instead_of_names_answers_the_check_in(mira: Somebody) -> None:
    """In the middle of putting names right, what is plainly one more good turn is one."""
    await mira.talks(
        ("/checkin one", ""),
        ("gave Rui some starter", "Kept: Rui."),
        ("[Fix]", "Who was it, then?"),
        ("I spent the whole evening fixing the old bikes of the school", "[That's all]"),
    )
    told = await mira.journal(lambda journal: journal.written(9))
    assert [answer.question for answer in told] == ["good_turn", "good_turn"]


@pytest.mark.parametrize(
    "words", ["I drove Rui to the station again", "I am tired", "also soup for Rui", "is it late?"]
)
async def test_other_words_while_a_thank_you_waits(mira: Somebody, words: str) -> None:
    """While a thank-you waits for its good turn, other words are no choice between them, though some are the same."""
    await mira.says("/goodturn I gave Rui a lift. Is that one?")
    await mira.forwards("thank you for that!", "Rui")
    await mira.says(words)
    assert words in await mira.journal(everything)


async def test_other_words_for_what_is_gone_are_kept(mira: Somebody) -> None:
    """Who rewords an answer that was deleted meanwhile keeps the new words."""
    await mira.talks(
        ("/goodturn gave Rui a lift", ""),
        ("/history", "[Change]"),
        ("[Change]", "[Other words]"),
        ("[Other words]", "Say it again"),
        ("[Delete]", "for good?"),
        ("[Delete it]", "It's gone."),
        ("gave Rui a lift to the station in the rain", "gone already, so I've kept this as a note"),
    )
    assert "gave Rui a lift to the station in the rain" in await mira.journal(everything)


# What somebody else said


@pytest.mark.parametrize(
    "words", ["stop", "/pause", "/erase", "erase everything", "my dad died last night", "sundays 9am"]
)
async def test_what_stands_below_a_forwarded_picture_is_nobodys_wish(mira: Somebody, words: str) -> None:
    """The caption of what somebody passed on is somebody else's: it is kept, and nothing else."""
    await mira.says("/erase")
    file = File(kind="photo", id="photo-1")
    heard = await mira.does(Sent(kind="photo", caption=words, message=5, file=file, forwarded="Rui"))
    assert "Kept, in Rui's words." in text_of(heard)
    person = await mira.journal(lambda journal: journal.person)
    assert (person.state, person.quiet_until, person.weekday) == ("here", None, None)
    assert words in await mira.journal(everything)


# Forged buttons

VERBS = sorted(
    node.value
    for file in Path(dialogue.__file__).parent.glob("*.py")
    for node in ast.walk(ast.parse(file.read_text("utf-8")))
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and re.fullmatch("[a-z_-]{1,12}", node.value)
)
ODD = [
    *("", "²", "٣", "-1", "1e5", "999999999999999", "9" * 40, "w" + "9" * 40, "t" + "9" * 40, "p" + "9" * 40),
    *("m9999", "m9999-12", "m0000-01", "m2026-13", "m²", "w٣", "m1-1"),
]
PART = st.sampled_from(VERBS) | st.sampled_from(ODD) | st.integers(0, 60).map(str)
ACTION = st.builds(
    lambda name, parts: ":".join((name, *parts))[:64],
    st.sampled_from(sorted(dialogue.BUTTONS)),
    st.lists(PART, max_size=4),
)


@settings(max_examples=12)
@given(st.lists(ACTION, min_size=60, max_size=60))
def test_forged_buttons(actions: list[str]) -> None:
    """Whatever action a button claims to have, it is answered or ignored, and touches nobody else's journal."""

    async def press() -> None:
        with TemporaryDirectory() as folder:
            async with scene(Path(folder) / "tenfold.db") as stage:
                mira, idris = stage.person(7, "Mira"), stage.person(8, "Idris")
                for somebody in (idris, mira):
                    await somebody.talks(("/start", ""), ("bees, listening", ""), ("porto", ""), ("/history bees", ""))
                    await somebody.knows("Rui", "Joana")
                    await somebody.talks(("/goodturn gave Rui a lift", ""), ("/checkin full", ""), ("helped Ana", ""))
                    await somebody.sends("photo", "the loaf for Joana")
                before = rows_of(stage, 8)
                for action in actions:
                    assert "I stumbled" not in text_of(await mira.presses_action(action)), action
                assert rows_of(stage, 8) == before

    asyncio.run(press())


def rows_of(stage: Scene, person: int) -> dict[str, list[tuple[object, ...]]]:
    """Everything in the database that belongs to *person*."""
    database = stage.database
    return {
        table: database.rows(f"SELECT * FROM {table} WHERE {key} = ? ORDER BY 1, 2", person)
        for table in database.tables()
        if (key := "id" if table == "person" else "person" if "person" in database.columns(table) else "")
    }


@pytest.mark.parametrize("key", ODD)
async def test_forged_searches(mira: Somebody, key: str) -> None:
    """A card of the history that claims to look for something odd has had its day."""
    await mira.knows("Rui")
    assert "had its day" in text_of(await mira.presses_action(f"history:older:60:{key or 'x'}"))


# Who isn't on the list

EVERYTHING: tuple[Event, ...] = (
    Said(text="canary, please", message=1),
    Said(text="/export", message=2),
    Said(text="/admin", message=3),
    Said(text="/erase", message=4),
    Said(text="canary thanks", message=5, forwarded="Canary"),
    Edited(text="canary, once more", message=1),
    Pressed(action="history:older:5", message=6, label="canary"),
    Pressed(action="meet:unsure", message=6),
    Shared(zone="Europe/Lisbon", message=7),
    Sent(kind="voice", message=8, file=File(kind="voice", id="voice-1", size=5)),
    Sent(kind="photo", caption="/draft canary", message=9, file=File(kind="photo", id="photo-1"), album="a"),
    Sent(kind="document", caption="/import", message=10, file=File(kind="document", id="doc-1", name="canary.csv")),
    Sent(kind="sticker", message=11),
)


@pytest.mark.parametrize("first", EVERYTHING, ids=lambda event: type(event).__name__)
async def test_nothing_is_kept_of_a_stranger(tmp_path: Path, first: Event) -> None:
    """Whatever somebody who isn't on the list sends, and however often they block the bot and come again: they hear one
    line, and all that is kept is that they were told."""
    async with scene(tmp_path / "tenfold.db", allowed=frozenset({7})) as stage:
        tom = stage.person(8, "Canary")
        for id in ("voice-1", "photo-1", "doc-1"):
            stage.room.kept_by_channel[id] = b"2025-03-04,canary"
        heard = await tom.does(first)
        for event in (*EVERYTHING, Blocked(), *EVERYTHING):
            heard += await tom.does(event)
        await stage.later(days=30)
        assert [each.text.partition(".")[0] for each in heard + tom.hears()] == ["Hello"]
        kept = {table: rows for table, rows in rows_of(stage, 8).items() if rows}
        assert kept.keys() - {"inbox"} == {"person", "outbox"}
        assert stage.database.rows("SELECT state, name, pending FROM person") == [("apart", "", None)]
        for table in ("inbox", "outbox"):
            assert stage.database.rows(f"SELECT 1 FROM {table} WHERE payload IS NOT NULL") == []
        assert [each for each in stage.database.media.rglob("*") if each.is_file()] == []


async def test_a_stranger_who_is_put_on_the_list(tmp_path: Path) -> None:
    """Whoever comes onto the list later is met like anybody else, and by their name."""
    async with scene(tmp_path / "tenfold.db", allowed=frozenset({7})) as stage:
        tom = stage.person(8, "Tom")
        await tom.talks(("/start", "a few people only"), ("/start",))
        stage.allowed = frozenset({7, 8})
        await stage.restart()
        await tom.talks(("/start", "Once a week I ask"))
        await stage.restart()
        person = await tom.journal(lambda journal: journal.person)
        assert (person.state, person.name) == ("new", "Tom")


# Odd files


@pytest.mark.parametrize("failure", [Refused(), OSError(28, "No space left on device")], ids=["a lie", "a full disk"])
async def test_half_a_file_is_not_left_lying_about(
    mira: Somebody, monkeypatch: pytest.MonkeyPatch, failure: Exception
) -> None:
    """A file that turns out to be too large, or for which there is no room, leaves nothing behind; its words stay."""

    async def fetch(_file: File, to: Path) -> None:
        to.write_bytes(b"half of it")
        raise failure

    monkeypatch.setattr(mira.scene.room, "fetch", fetch)
    await mira.sends("document", "the recipe for Ana")
    folder = mira.scene.database.media
    assert [each for each in folder.rglob("*") if each.is_file()] == []
    assert "the recipe for Ana" in await mira.journal(everything)


@pytest.mark.parametrize("name", ["x" * 255, "🧁" * 90 + ".mp3", "../" * 40 + "passwd", "a." + "b" * 250, "..", "/"])
def test_a_file_is_laid_down_whatever_its_name(tmp_path: Path, name: str) -> None:
    """What comes back in the terminal lies in the folder, twice if need be, also if no disk could have its name."""
    (tmp_path / "bytes").write_bytes(b"bread")
    desk = tmp_path / "desk"
    desk.mkdir()
    file = File(kind="audio", name=name, path=str(tmp_path / "bytes"))
    for _time in range(2):
        laid = laid_down(file, desk)
        assert laid is not None
        assert Path(laid.path).parent == desk
    assert [each.read_bytes() for each in desk.iterdir()] == [b"bread", b"bread"]


def test_a_live_database_is_never_taken_for_an_old_backup(tmp_path: Path) -> None:
    """Whoever runs on a backup where it lies is told, and nothing of theirs is deleted when its day is over."""
    database = tmp_path / "tenfold-2026-11-01.db"

    async def make() -> None:
        await open_store(f"sqlite:///{database}").close()

    asyncio.run(make())
    with pytest.raises(TenfoldError, match="called like a backup"):
        daily(database, tmp_path, now=datetime(2026, 12, 24, tzinfo=UTC), keep=14)
    (tmp_path / "tenfold-2026-12-01.db").write_bytes(b"")
    with pytest.raises(TenfoldError, match="move it"):
        daily(database, tmp_path, now=datetime(2026, 12, 24, tzinfo=UTC), keep=14)
    assert database.exists()


async def test_a_story_after_the_themes_were_shown(mira: Somebody) -> None:
    """A story that begins like a wish about a theme that isn't there is kept; a name that is slightly off is told."""
    await mira.talks(
        ("/themes", "sourdough"),
        ("drop the kids at school for Ana", "[A good turn]"),
        ("/themes", "sourdough"),
        ("drop sourdoh", "You have no theme called"),
    )
    assert "drop the kids at school for Ana" in await mira.journal(everything)


async def test_nobodys_name_fills_a_screen(mira: Somebody) -> None:
    """What is as long as a page is nobody's name, in a story or above a forwarded message; it is kept in full there."""
    story = f"helped Xa{'x' * 3000} with soup"
    await mira.says(f"/goodturn {story}")
    await mira.forwards("thank you for the soup", "Z" * 300)
    await mira.says("yes")
    assert story in await mira.journal(everything)
    assert [len(each.name) for each in await mira.journal(Journal.acquaintances)] == [60]


async def test_another_name_for_somebody_who_was_forgotten(mira: Somebody) -> None:
    """Who is forgotten while their name is asked for isn't asked for any more."""
    await mira.knows("Rui")
    await mira.talks(
        ("/people rui", "[Forget]"),
        ("[Forget]", "[Forget the name]"),
        ("/people rui", "[Another name]"),
        ("[Another name]", "What should I call Rui?"),
        ("[Forget the name]", "Forgotten."),
        ("/start", "That one is gone already."),
        ("/start", "I'll come by"),
    )
