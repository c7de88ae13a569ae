"""What was told can be changed and found again: other words, who it was, which theme, or not there any more."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.journal import Journal
from tests.conversation import Somebody, text_of


def told(journal: Journal) -> list[tuple[str, str | None]]:
    """The question and the words of everything written, oldest first."""
    return [(answer.question, answer.text) for answer in reversed(journal.written(50))]


def people(journal: Journal) -> list[str]:
    return [each.name for each in journal.acquaintances()]


async def test_other_words(mira: Somebody) -> None:
    """An answer is reworded from its card; the earlier words stay as a revision, and who it was follows."""
    await mira.talks(
        ("/goodturn covered twenty minutes for Joana", "Kept: Joana.", "[Fix]"),
        ("/history", "covered twenty minutes for Joana", "[Change]"),
        ("[Change]", "Good turn", "Joana", "[Other words]", "[Delete]", "[Who it was]", "[Its theme]", "[‹ Back]"),
        ("[Other words]", "Say it again, the way it should stand.", "[Leave it]"),
        ("covered an hour for Ana", "That's how it stands now."),
        ("/history", "covered an hour for Ana"),
    )
    assert await mira.journal(told) == [("good_turn", "covered an hour for Ana")]
    assert await mira.journal(people) == ["Ana"]
    await mira.talks(
        ("[Change]", "covered an hour for Ana", "[Earlier words]"),
        ("[Earlier words]", "Until Monday 9 November: “covered twenty minutes for Joana”"),
    )


@pytest.mark.parametrize("said", ["[Leave it]", "never mind", "/cancel", "skip"])
async def test_it_stays_as_it_is(mira: Somebody, said: str) -> None:
    """Who thinks better of it changes nothing."""
    await mira.says("/goodturn drove mum home")
    await mira.says("/history")
    await mira.presses("Change")
    await mira.presses("Other words")
    await (mira.presses(said[1:-1]) if said.startswith("[") else mira.says(said))
    assert await mira.journal(told) == [("good_turn", "drove mum home")]
    await mira.talks(("the bees are back", "[Just a note]"))


async def test_rewording_in_the_middle_of_a_check_in(mira: Somebody) -> None:
    """The question that was open is asked again afterwards, also if the bot was restarted in between."""
    await mira.says("/goodturn drove mum home")
    await mira.says("/checkin")
    await mira.says("/history")
    await mira.presses("Change")
    await mira.presses("Other words")
    await mira.scene.restart(hours=1)
    heard = await mira.says("drove mum to the station")
    assert "That's how it stands now." in text_of(heard)
    assert heard[-1].labels == ["Nothing this week", "Later"]
    await mira.talks(("gave Rui some starter", "Kept: Rui."))


async def test_one_of_several(mira: Somebody) -> None:
    """A check-in's card asks which of its answers is meant; deleting asks once more, and is for good."""
    await mira.talks(
        ("/checkin full", "?"),
        ("covered for Joana", "Kept: Joana."),
        ("gave Rui starter", "Kept: Rui."),
        ("that's all", "?"),
        ("[About half]", "?"),
        ("/cancel", "leave it there"),
        ("/history", "covered for Joana", "gave Rui starter", "About half"),
        ("[Change]", "Which of these?", "[covered for Joana]", "[gave Rui starter]", "[About half]"),
        ("[gave Rui starter]", "Rui", "[Delete]"),
        ("[Delete]", "Delete this for good?", "“gave Rui starter”", "[Delete it]", "[Keep it]"),
        ("[Keep it]", "gave Rui starter", "[Delete]"),
        ("[Delete]", "for good"),
        ("[Delete it]", "It's gone."),
        ("/history", "covered for Joana", "About half"),
    )
    assert await mira.journal(told) == [("good_turn", "covered for Joana")]
    assert await mira.journal(people) == ["Joana"]
    [card] = await mira.says("/history")
    assert "Rui" not in card.text
    assert not await mira.presses("Delete it")  # pressed once before


@pytest.mark.sqlite_alone
async def test_what_is_deleted_is_gone_from_the_disk(mira: Somebody) -> None:
    """Not only from the journal: no byte of its words is left in the database or its log, earlier words included."""
    await mira.says("/goodturn lent the wheelbarrow to the Okonkwos")
    await mira.says("/history")
    for press in ("Change", "Other words"):
        await mira.presses(press)
    await mira.says("lent the lawnmower to the Okonkwos")
    await mira.says("/history")
    for press in ("Change", "Delete", "Delete it"):
        await mira.presses(press)
    files = [mira.scene.database.file, Path(f"{mira.scene.database.file}-wal")]
    disk = b"".join(file.read_bytes() for file in files)
    assert b"sourdough" in disk
    assert not [word for word in (b"wheelbarrow", b"lawnmow", b"Okonkwo", b"okonkwo") if word in disk]


async def test_deleting_what_is_still_being_asked(mira: Somebody) -> None:
    """A question whose answer was deleted counts as skipped: nobody is asked again what they took back."""
    await mira.says("/checkin full")
    await mira.says("skip")
    await mira.says("half of it, with my sister")
    await mira.says("/history")
    await mira.presses("Change")
    heard = await mira.presses("Delete")
    assert "half of it" in text_of(heard)
    await mira.presses("Delete it")
    [check_in] = await mira.journal(lambda journal: [journal.open_check_in()])
    assert check_in is not None
    assert [answer.reading for answer in check_in.answers if answer.question == "people"] == ["skip"]


async def test_which_theme(mira: Somebody) -> None:
    """An entry serves one theme or none: proposed by shared words, and changed by two presses."""
    await mira.says("/goodturn gave Rui some sourdough")
    await mira.says("/history")
    await mira.talks(("[Change]", "Rui · “sourdough”"))
    [asked] = await mira.presses("Its theme")
    assert asked.labels == ["sourdough", "being patient with new nurses", "None of them"]
    await mira.talks(("[being patient with new nurses]", "Rui · “being patient with new nurses”"))
    await mira.talks(
        ("[Its theme]", "Which of your themes"),
        ("[None of them]", "gave Rui some sourdough"),
    )
    assert [answer.theme for answer in await mira.journal(lambda journal: journal.written(1))] == [None]


FOUND = {
    "priya": ["helped Priya move", "Priya's mother liked the soup"],
    "Priya": ["helped Priya move", "Priya's mother liked the soup"],
    "moving": ["helped Priya move"],
    "cafe": ["repaired the Café's chairs"],
    "REPAIR": ["repaired the Café's chairs"],
    "chair cafe": ["repaired the Café's chairs"],
    "soup priya": ["Priya's mother liked the soup"],
    "sourdough": ["gave a starter to Tom"],  # which was said to serve it
    "2026-11": ["gave a starter to Tom", "repaired the Café's chairs"],
    "november": ["gave a starter to Tom", "repaired the Café's chairs"],
    "october 2026": ["helped Priya move", "Priya's mother liked the soup"],
    "2026": [
        "gave a starter to Tom", "repaired the Café's chairs", "helped Priya move", "Priya's mother liked the soup",
    ],
}  # fmt: skip


@pytest.mark.parametrize("words", FOUND)
async def test_looking_for_something(stranger: Somebody, words: str) -> None:
    """By word in any form and spelling, by person, theme and month; older ones by turning over, newer ones back."""
    stranger.scene.clock.at = datetime(2026, 10, 5, 18, 0, tzinfo=UTC)
    await stranger.talks(
        ("/start", "Hello"), ("sourdough, bees", "city"), ("porto", "No need to wait"), ("stop", "quiet")
    )
    await stranger.says("/goodturn Priya's mother liked the soup")
    await stranger.says("/goodturn helped Priya move")
    await stranger.scene.until(datetime(2026, 11, 5, 18, 0, tzinfo=UTC))
    await stranger.says("/goodturn repaired the Café's chairs")
    await stranger.says("/goodturn gave a starter to Tom")
    await stranger.says("/history")
    for press in ("Change", "Its theme", "sourdough"):
        await stranger.presses(press)
    [card] = await stranger.says(f"/history {words}")
    found = [card.text.splitlines()[-1]]
    while "‹ Older" in card.labels:
        [card] = await stranger.presses("‹ Older")
        found.append(card.text.splitlines()[-1])
    assert found == FOUND[words]
    while "Newer ›" in card.labels:
        [card] = await stranger.presses("Newer ›")
    assert card.text.splitlines()[-1] == FOUND[words][0]


async def test_the_hit_is_shown(mira: Somebody) -> None:
    """What was looked for stands out, and a hit far into a story is what the card shows."""
    story = "She had never baked before, so we began with the water. " * 12 + "In the end Joana kissed the loaf."
    await mira.says(f"/goodturn {story}")
    [card] = await mira.says("/history joana")
    assert "\ufdd0Joana\ufdd1" in card.reply.text
    assert card.text.splitlines()[0].startswith("“joana” · Monday 9 November")
    assert "…" in card.text
    assert "kissed the loaf." in card.text
    assert "Show all" in card.labels


@pytest.mark.parametrize("words", ["honey", "2024-02", "%", "_", "'; drop", "the", "🥖"])
async def test_nothing_is_found(mira: Somebody, words: str) -> None:
    """Said kindly, with the way to everything."""
    await mira.says("/goodturn drove mum home in the rain")
    heard = await mira.says(f"/history {words}")
    assert len(heard) == 1
    assert "nothing there. /history shows everything." in heard[0].text or heard[0].text.endswith("in the rain")


async def test_buttons_below_an_old_search(mira: Somebody) -> None:
    """A search that was forgotten, or never made, is no way to anything."""
    await mira.says("/goodturn one for Joana")
    await mira.says("/goodturn two for Joana")
    for action in ("history:older:99:w12345", "history:older:99:t77", "history:older:99:p77", "history:older:99:mxx",
                   "history:older:99:zz", "edit:answer:4711", "edit:serves:4711:1", "names:fix:4711",
                   "people:show:4711", "people:one:1:1", "names:not:1:1", "erase:now", "whose:1:received",
                   "history:files:4711", "edit:leave", "people:leave", "erase:keep"):  # fmt: skip
        await mira.presses_action(action)
    assert await mira.journal(told) == [("good_turn", "one for Joana"), ("good_turn", "two for Joana")]
    assert await mira.journal(people) == ["Joana"]
