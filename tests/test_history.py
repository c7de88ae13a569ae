"""`/history`: newest first, one entry a card, turned over in place, and every word as it was written."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.dialogue.history import CARD
from bot.domain import CheckIn
from bot.text import LIMIT, clean, units
from tests.conversation import Heard, Scene, Somebody, text_of

pytestmark = pytest.mark.both_stores


async def test_nothing_yet(mira: Somebody) -> None:
    """An empty journal says what to do."""
    await mira.talks(("/history", "Nothing in your journal yet. /goodturn keeps the first thing"))


async def test_newest_first_and_turned_in_place(mira: Somebody) -> None:
    """One entry a card; older and newer are written over the card that was pressed."""
    for text in ("first thing", "second thing", "third thing"):
        await mira.says(f"/goodturn {text}")
    [card] = await mira.says("/history")
    assert card.text == "Monday 9 November\nGood turn\nthird thing"
    assert card.labels == ["‹ Older", "Change"]
    for press, text, labels in (
        ("‹ Older", "second thing", ["‹ Older", "Newer ›", "Change"]),
        ("‹ Older", "first thing", ["Newer ›", "Change"]),
        ("Newer ›", "second thing", ["‹ Older", "Newer ›", "Change"]),
        ("Newer ›", "third thing", ["‹ Older", "Change"]),
    ):
        [turned] = await mira.presses(press)
        assert (turned.message, turned.reply.replaces) == (card.message, card.message)
        assert turned.text.endswith(text)
        assert turned.labels == labels


async def test_a_check_in_is_one_card(mira: Somebody) -> None:
    """All that was said in it stands together, by question, quick answers as their buttons said; what was skipped
    isn't there, nor a check-in in which nothing was said."""
    await mira.says("/checkin full")
    for said in ("helped Ana", "lent Rui a drill", "that's all", "[About half]", "[Skip]", "an ear", "my sister, Tom"):
        await (mira.presses(said[1:-1]) if said.startswith("[") else mira.says(said))
    await mira.scene.later(days=1)
    await mira.says("/checkin")
    await mira.says("skip")
    await mira.says("skip")
    [card] = await mira.says("/history")
    assert card.text.splitlines() == [
        "Monday 9 November",
        "Good turn",
        "helped Ana",
        "lent Rui a drill",
        "With people",
        "About half",
        "Could give",
        "an ear",
        "Who would come",
        "my sister, Tom",
    ]
    assert card.labels == ["Change"]


async def test_a_preview_and_all_of_it(mira: Somebody) -> None:
    """A long answer is cut on the card at a word and shown whole by Show all, as a message of its own."""
    story = "She had never baked before, so we began with the water. " * 30
    await mira.says(f"/goodturn {story}")
    [card] = await mira.says("/history")
    assert card.text.endswith("…")
    assert units(card.text) < 400
    assert card.labels == ["Show all", "Change"]
    [whole] = await mira.presses("Show all")
    assert whole.reply.replaces is None
    assert whole.text == f"Monday 9 November\nGood turn\n{story.strip()}"


LONG = {
    "emoji": "🥖👩‍🍳" * (LIMIT // 8),
    "rtl": ("ساعدتُ جارتي في حمل المشتريات " * 200)[:LIMIT],
    "markup": ("<b>bold</b> & <i>*_`[x](y) " * 200)[:LIMIT],
    "spaces": "x  \n\n  y" * (LIMIT // 8),
}


@pytest.mark.parametrize("kind", LONG)
async def test_exactly_as_written(mira: Somebody, kind: str) -> None:
    """An answer of as many units as a message holds comes back to the letter, in a message of its own."""
    text = LONG[kind]
    text += "x" * (LIMIT - units(text))
    assert units(text) == LIMIT
    await mira.says("/checkin")
    await mira.says(text)
    await mira.says("and a short one")
    await mira.says("that's all")
    await mira.says("/history")
    heard = await mira.presses("Show all")
    assert text in [each.text for each in heard]
    assert all(0 < units(each.reply.text) <= LIMIT for each in heard)
    assert "and a short one" in text_of(heard)


async def test_many_answers_fit_a_card(mira: Somebody) -> None:
    """However much was told in one check-in, a card is one message, and Show all is as few as hold it."""
    await mira.says("/checkin")
    told = [f"{number} " + "carried a box up the stairs " * 8 for number in range(40)]
    for text in told:
        await mira.says(text)
    [card] = await mira.says("/history")
    assert units(card.text) < CARD + 400
    assert card.labels == ["Show all", "Change"]
    heard = await mira.presses("Show all")
    assert len(heard) <= 4
    lines = text_of(heard).splitlines()
    assert [text.strip() for text in told] == [line.strip() for line in lines if "carried" in line]


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=st.text(min_size=1, max_size=300))
async def test_any_text_comes_back(stage: Scene, text: str) -> None:
    """Whatever can be written comes back as it was."""
    text = clean(f"{text}.").strip()
    mira = stage.person(7)
    await mira.says(f"/goodturn the following: {text}")
    await mira.says("/history")
    entry = await mira.journal(lambda journal: journal.entry_before(None))
    assert entry is not None
    assert not isinstance(entry, CheckIn)
    assert entry.text == f"the following: {text}"


async def test_a_card_of_nobodys(mira: Somebody) -> None:
    """A card that isn't there is spoken of as any spent button."""
    other = mira.scene.person(8, "Tom")
    for _note in range(9):
        await other.says("/goodturn mine alone")
    theirs = await other.journal(lambda journal: journal.person.counter)
    for id in range(theirs + 3):
        for turn in ("older", "newer", "all"):
            assert "mine alone" not in text_of(await mira.presses_action(f"history:{turn}:{id}"))


async def test_years_are_named(mira: Somebody) -> None:
    """A card from long ago says the year."""
    await mira.says("/goodturn helped Ana")
    await mira.scene.later(days=300)
    await mira.talks(("/history", "Monday 9 November 2026"))


async def test_history_in_the_middle_of_a_question(mira: Somebody) -> None:
    """Looking back doesn't answer nor close what is open."""
    await mira.says("/goodturn helped Ana")
    await mira.says("/checkin")
    await mira.talks(("/history", "helped Ana"), ("lent Rui a drill", "[That's all]"), ("/history", "lent Rui a drill"))
    heard: list[Heard] = await mira.presses("‹ Older")
    assert "helped Ana" in text_of(heard)


async def test_history_after_a_restart(stage: Scene, mira: Somebody) -> None:
    """An old card's buttons still turn."""
    for text in ("first thing", "second thing"):
        await mira.says(f"/goodturn {text}")
    await mira.says("/history")
    await stage.restart(days=3)
    mira.hears()
    await mira.talks(("[‹ Older]", "first thing"))
