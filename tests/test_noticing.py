"""Noticing what is no theme yet: asked after a check-in that went well, rarely, and never again after a no."""

from itertools import pairwise

import pytest

from bot.dialogue import closing, consent
from bot.dialogue.noticing import ASKED, EIGHT_WEEKS
from bot.domain import Answer
from tests.conversation import Heard, Somebody, text_of
from tests.test_themes import themes

GARDEN = (
    "dug the beds at the allotment with Tom",
    "gave away beans from the allotment",
    "watered the allotment for the people next door",
    "let Zoe pick berries at our allotment",
)


def asked(heard: list[Heard]) -> list[Heard]:
    """The question whether it should be a theme, where it was asked."""
    return [each for each in heard if "Yes, a theme" in each.labels]


async def week(person: Somebody, told: str) -> list[Heard]:
    """A week goes by, and at its check-in they tell this; what is heard from then on."""
    await person.scene.later(weeks=1)
    person.hears()
    heard = await person.says(told)
    while await person.journal(lambda journal: journal.open_check_in()):
        heard += await person.says("skip")
    return heard


async def until_asked(person: Somebody) -> Heard:
    """Weeks go by in which they tell of an allotment, until it is noticed."""
    for number in range(12):
        if found := asked(await week(person, f"{GARDEN[number % 4]}, {'and again ' * (number // 4)}gladly")):
            return found[0]
    raise AssertionError("it was never noticed")


async def served(person: Somebody) -> list[str]:
    """What serves the newest theme, newest first."""

    def look(answers: list[Answer]) -> list[str]:
        return [each.text or "" for each in answers]

    return await person.journal(lambda journal: look(journal.serving(journal.themes()[-1].id, 50)))


async def test_it_is_noticed(mira: Somebody) -> None:
    """Not in the first weeks; then in a small message below the card, which stays the one to answer."""
    before = mira.scene.clock.at
    question = await until_asked(mira)
    assert mira.scene.clock.at - before >= EIGHT_WEEKS
    assert "allotment" in question.text
    assert question.labels == ["Yes, a theme", "No"]
    assert len(question.text) < 120
    [*_kept, card, last] = mira.all_heard
    assert last == question
    assert "My own time" in card.labels
    actions = [choice.action for row in question.reply.choices for choice in row]
    assert not any("allotment" in action for action in actions)
    assert all(len(action) <= 64 for action in actions)
    await mira.says("tomorrow with coffee")
    [taken] = await mira.journal(lambda journal: journal.cards(1))
    assert (taken.state, taken.moment) == ("taken", "coffee")
    assert "allotment" not in await themes(mira)


@pytest.mark.parametrize("said", ["[Yes, a theme]", "yes", "sure, a theme", "yes please"])
async def test_yes(mira: Somebody, said: str) -> None:
    """It is a theme, and what was told of it serves it, also after a restart; a second press says nothing."""
    await until_asked(mira)
    await mira.scene.restart()
    await mira.talks((said, "allotment. Kept.", "What you told me of it belongs to it from now on.", "[Change]"))
    assert await themes(mira) == ["sourdough", "being patient with new nurses", "allotment"]
    assert len(await served(mira)) >= 8
    await mira.talks(("[Yes, a theme]",), ("[No]",))
    await mira.says("/goodturn mended the allotment gate")
    assert (await served(mira))[0] == "mended the allotment gate"


@pytest.mark.parametrize("said", ["call it growing things", "yes, call it growing things", "Call that growing things."])
async def test_by_another_name(mira: Somebody, said: str) -> None:
    """They may give it a name of their own; what was told of it serves that."""
    await until_asked(mira)
    await mira.talks((said, "growing things. Kept."))
    assert (await themes(mira))[-1] == "growing things"
    assert len(await served(mira)) >= 8


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        ("[No]", ("I won't ask again", "stays what it is", "leave it at that")),
        ("no", ("I won't ask again", "stays what it is", "leave it at that")),
        ("not really", ("I won't ask again", "stays what it is", "leave it at that")),
        ("not sure", ("There's no hurry.",)),
        ("why?", ("A theme is what I choose suggestions for.",)),
        ("watched Ana's shop too", ("ept",)),
        ("/cancel", ("Left it.",)),
    ],
)
async def test_whatever_else_is_said(mira: Somebody, said: str, heard: tuple[str, ...]) -> None:
    """A no, no answer yet, a question back, and words about something else: no theme comes of any."""
    await until_asked(mira)
    came = text_of(await (mira.presses(said[1:-1]) if said.startswith("[") else mira.says(said)))
    assert any(each in came for each in heard)
    assert await themes(mira) == ["sourdough", "being patient with new nurses"]


async def test_a_year_of_weeks(mira: Somebody) -> None:
    """Never more often than every eight weeks, never the same word after a no, in any form; another one may come."""
    crafts = ("allotment", "translating for", "the tax forms of")
    times: list[tuple[float, str]] = []
    for number in range(52):
        heard = await week(
            mira, f"{crafts[number % 3].replace('allotment', 'the allotments of')} friend {'x' * number}"
        )
        for each in asked(heard):
            times.append((each.at.timestamp(), each.text))
            await mira.presses("No")
    words = [next(word for word in ("allotment", "translating", "tax forms") if word in text) for _at, text in times]
    assert len(words) == len({*words}) == 3
    gaps = [later - earlier for (earlier, _one), (later, _other) in pairwise(times)]
    assert min(gaps) >= EIGHT_WEEKS.total_seconds()
    assert await themes(mira) == ["sourdough", "being patient with new nurses"]


@pytest.mark.parametrize(
    ("said", "asks"),
    [
        ("nothing", False),
        ("skip", False),
        ("none of your business", False),
        ("fed Ana's cat", False),
        ("weeded the allotment", True),
    ],
)
async def test_only_after_a_check_in_that_went_well(mira: Somebody, said: str, asks: bool) -> None:
    """After a good turn that speaks of it, and not after nothing or another one."""
    for number in range(7):
        assert not asked(await week(mira, f"{GARDEN[number % 4]} {'again ' * number}"))
    assert bool(asked(await week(mira, said))) == asks


async def test_never_after_something_hard(mira: Somebody) -> None:
    """For a month after a hard moment nothing is added; and no word of a hard moment is ever a theme."""
    for number in range(9):
        await week(mira, f"{GARDEN[number % 4]} {'again ' * number}")
    mira.hears()
    await mira.says("my father is in hospital, and I'm on the allotment alone")
    await mira.says("no, come as usual")
    for number in range(12):
        assert not asked(await week(mira, f"{GARDEN[number % 4]} {'still ' * number}"))


async def test_nobody_is_reminded(mira: Somebody) -> None:
    """Entries that name somebody who is let be speak of nothing."""
    for number in range(5):
        await week(mira, f"at the allotment with Priya, {'again ' * number}gladly")
    await mira.talks(("/people priya", "[Let be]"), ("[Let be]", "Let be:"))
    for number in range(6):
        assert not asked(await week(mira, f"watched the shop {'again ' * number}"))


async def test_a_dropped_theme_is_not_noticed_anew(mira: Somebody) -> None:
    """What they dropped, merged or renamed was their wish."""
    await mira.says("/themes add allotment keeping")
    await mira.says("/themes drop allotment keeping")
    for number in range(12):
        assert not asked(await week(mira, f"{GARDEN[number % 4]} {'again ' * number}"))


async def test_with_eight_themes_nothing_is_asked(mira: Somebody) -> None:
    """There is no room for one more."""
    await mira.says("/themes add " + ", ".join(f"thing {letter}" for letter in "abcdef"))
    for number in range(12):
        assert not asked(await week(mira, f"{GARDEN[number % 4]} {'again ' * number}"))


async def test_a_year_later(mira: Somebody) -> None:
    """The button still means the same; where the words are gone it says so."""
    question = await until_asked(mira)
    yes = question.reply.choices[0][0].action
    await mira.says("skip")
    await mira.says("stop")
    await mira.scene.later(days=365)
    assert "allotment. Kept." in text_of(await mira.presses_action(yes))
    assert (await themes(mira))[-1] == "allotment"
    forged = yes.rpartition(":")[0] + ":w0123456789ab"
    assert "can't find those words" in text_of(await mira.presses_action(forged))
    assert "had its day" in text_of(await mira.presses_action(f"{ASKED}:yes"))


async def test_one_extra_at_most(mira: Somebody) -> None:
    """Each knows its turn; consent, asked once, comes first."""
    assert closing.EXTRAS[0].say == consent.offer_once
    mira.scene.model = True
    await mira.scene.restart()
    for number in range(12):
        heard = await week(mira, f"{GARDEN[number % 4]} {'again ' * number}")
        extras = [each for each in heard if {"Yes, a theme", "It may"} & {*each.labels}]
        assert len(extras) <= 1
        if any("It may" in each.labels for each in heard):
            await mira.says("no")


async def test_where_the_words_are_gone_the_question_is_too(mira: Somebody) -> None:
    """Whoever deleted what it was about, and then looks what is open, hears that it is gone: never silence."""
    await until_asked(mira)
    pending = await mira.journal(lambda journal: journal.person.pending)
    assert pending
    assert pending["ask"] == ASKED
    await mira.presses_action(f"edit:gone:{pending['answer']}")
    await mira.talks(("/start", "can't find those words"), ("/start", "I'll come by"))
