"""Staying quiet when asked to, backing off when ignored, and coming back with a welcome."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.domain import Blocked
from bot.journal import EVER
from tests.conversation import Heard, Scene, Somebody, questions_in, scene, text_of

FRIDAY = datetime(2026, 11, 13, 18, tzinfo=UTC)


async def weeks(person: Somebody, number: int) -> list[Heard]:
    """What comes unasked in so many weeks."""
    await person.scene.later(weeks=number)
    return person.hears()


# ---- when asked


@pytest.mark.parametrize("way", ["STOP", "stop", "/pause", "leave me alone!!", "unsubscribe", "🛑"])
async def test_stop_at_once(mira: Somebody, way: str) -> None:
    """At once, in the middle of a question, and until they call."""
    await mira.scene.until(FRIDAY)
    await mira.says("helped Ana")
    await mira.talks(
        (way, "quiet until you call", "is kept", "[Only two weeks]", "[Only a month]", "[Come by again]"),
    )
    assert await weeks(mira, 20) == []
    await mira.talks(("/history", "helped Ana"))


async def test_stop_in_the_first_meeting(stranger: Somebody) -> None:
    """Also before they told anything; coming back goes on with the meeting, and the visits then come."""
    await stranger.talks(
        ("/start", "Hello."),
        ("stop", "quiet until you call"),
        ("this was a bit much", "still keeping quiet", "[Come by again]"),
        ("[Come by again]", "I'm here again.", "What would you like people to come to you for?"),
        ("bees", "In which city?"),
        ("stop", "quiet until you call"),
    )
    assert await weeks(stranger, 5) == []
    await stranger.talks(("[Come by again]", "I'm here again.", "In which city?"), ("porto", "No need to wait"))
    assert questions_in(await weeks(stranger, 1)) == ["good_turn"]
    await stranger.talks(("/history", "this was a bit much"))


async def test_start_ends_the_quiet_of_a_meeting_broken_off(stranger: Somebody) -> None:
    """/start after a stop in the first meeting begins it again, and the visits come."""
    await stranger.talks(("/start", "Hello."), ("stop", "quiet"), ("/start", "Hello.", "What would you like"))
    await stranger.talks(("bees", "city?"), ("porto", "No need to wait"))
    assert questions_in(await weeks(stranger, 1)) == ["good_turn"]


@pytest.mark.parametrize(
    ("way", "day"),
    [
        ("/pause 2 weeks", "Monday 23 November"),
        ("/pause till january", "Friday 1 January"),
        ("pause till january", "Friday 1 January"),
        ("pause for a month", "Wednesday 9 December"),
    ],
)
async def test_quiet_until_a_day(mira: Somebody, way: str, day: str) -> None:
    """Till when can be said in the same breath; the first visit after it is on the usual day."""
    await mira.talks((way, f"Quiet until {day}.", "[Come by again]"))
    until = await mira.journal(lambda journal: journal.person.quiet_until)
    assert until is not None
    await mira.scene.until(until)
    assert mira.hears() == []
    [heard] = await weeks(mira, 1)
    assert (heard.at.weekday(), questions_in([heard])) == (4, ["good_turn"])


@pytest.mark.parametrize(("label", "days"), [("Only two weeks", 14), ("Only a month", 30)])
async def test_only_for_a_while(mira: Somebody, label: str, days: int) -> None:
    """For how long can be chosen afterwards; a second press is silent, and the schedule never moved."""
    await mira.talks(("stop", "until you call"), (f"[{label}]", "Quiet until", "[Come by again]"), (f"[{label}]",))
    end = mira.scene.clock() + timedelta(days=days)
    await mira.scene.until(end)
    assert mira.hears() == []
    [heard] = await weeks(mira, 1)
    assert heard.at.weekday() == 4
    assert heard.at - end < timedelta(days=7)


@pytest.mark.parametrize(
    "way", ["[Come by again]", "yes", "you can come by again", "I'm back!", "start again", "resume"]
)
async def test_come_by_again(mira: Somebody, way: str) -> None:
    """The quiet ends with a press or a word, and says when it comes; a second press is silent."""
    await mira.says("stop")
    await weeks(mira, 3)
    await mira.talks(
        ("I planted garlic for Ana", "[A good turn]", "[Come by again]"),
        ("are you there?", "kept it as a note", "[Come by again]"),
        ("ok", "Shall I come by again?"),
    )
    await mira.talks((way, "I'm here again. Next time: Friday 4 December"), ("[Come by again]",))
    assert questions_in(await weeks(mira, 1)) == ["good_turn"]


async def test_words_in_the_quiet(mira: Somebody) -> None:
    """What is told while it is quiet is kept, the way back is offered, and nothing else comes of it."""
    await mira.says("stop")
    await mira.talks(("hello", "still keeping quiet", "[Come by again]"))
    await weeks(mira, 2)
    await mira.talks(
        ("lent Rui my drill", "[A good turn]", "[Come by again]"),
        ("/history", "lent Rui my drill"),
        ("/start", "Hello again.", "still keeping quiet"),
        ("stop", "quiet until you call"),
    )
    assert await weeks(mira, 10) == []
    assert (await mira.journal(lambda journal: journal.person)).quiet_until == EVER


async def test_a_check_in_by_hand_in_the_quiet(mira: Somebody) -> None:
    """They may check in without ending the quiet."""
    await mira.says("stop")
    await weeks(mira, 2)
    heard = await mira.says("/checkin")
    assert len(heard) == 1
    assert questions_in(heard) == ["good_turn"]
    await mira.talks(("helped Ana", "[That's all]"), ("that's all", "[Skip]"), ("skip", "minutes."))
    assert await weeks(mira, 4) == []


async def test_a_pause_ends_what_was_postponed(mira: Somebody) -> None:
    """What was put off until tomorrow doesn't come either."""
    await mira.scene.until(FRIDAY)
    await mira.talks(("[Later]", "Tomorrow"), ("/pause", "until you call"))
    assert await weeks(mira, 2) == []


# ---- when ignored


async def test_back_off(mira: Somebody) -> None:
    """After one unanswered the good turn only; after two every second week; after two more monthly; after two more
    one goodbye; then silence."""
    heard = await weeks(mira, 60)
    days = [(each.at.date() - heard[0].at.date()).days // 7 for each in heard]
    assert days == [0, 1, 3, 5, 9, 13, 17]
    assert [questions_in([each]) for each in heard[:-1]] == [["good_turn"]] * 6
    assert "I'll leave you in peace now" in heard[-1].text
    assert heard[-1].labels == []
    assert await weeks(mira, 100) == []
    lengths = await mira.journal(lambda journal: [len(each.questions) for each in journal.check_ins(9)])
    assert lengths == [1, 1, 1, 1, 1, 2]


@pytest.mark.parametrize("way", ["hello", "planted garlic with Ana", "/help", "/history", "🙂"])
async def test_any_word_brings_it_back(mira: Somebody, way: str) -> None:
    """A welcome, no word of what was missed, and the next visit on the usual day."""
    await weeks(mira, 60)
    heard = await mira.says(way)
    assert heard[0].text.startswith("Good to see you.")
    assert "miss" not in text_of(heard)
    [visit] = await weeks(mira, 1)
    assert (visit.at.weekday(), questions_in([visit])) == (4, ["good_turn"])
    await mira.talks(("helped Ana", "[That's all]"), ("that's all", "[Skip]"))


async def test_an_answer_speeds_it_up_again(mira: Somebody) -> None:
    """One press makes it weekly and short again; there is no welcome before three weeks."""
    heard = await weeks(mira, 2)
    assert [questions_in([each]) for each in heard] == [["good_turn"]] * 2
    assert (await mira.journal(lambda journal: journal.planned("check-in")) or ("",))[0] == "2026-12-04"
    [answer] = await mira.presses("Nothing this week")
    assert not answer.text.startswith("Good to see you")
    await mira.says("nobody")
    assert (await mira.journal(lambda journal: journal.planned("check-in")) or ("",))[0] == "2026-11-27"
    visits = await weeks(mira, 1)
    assert questions_in(visits) == ["good_turn"]
    await mira.says("skip")
    assert (await mira.journal(lambda journal: journal.check_ins(1)))[0].questions != ("good_turn",)


async def test_back_after_long(mira: Somebody) -> None:
    """Three weeks without a word are welcomed too."""
    await weeks(mira, 5)
    [heard] = await mira.says("hello")
    assert heard.text.startswith("Good to see you.")
    assert "Hello" not in heard.text
    await weeks(mira, 4)
    await mira.talks(("helped Ana", "Good to see you.", "[That's all]"))


async def test_blocked(mira: Somebody) -> None:
    """Who blocked the bot is not written to, loses nothing, and `/start` brings it back."""
    await mira.says("/goodturn helped Ana")
    assert await mira.does(Blocked()) == []
    assert await weeks(mira, 5) == []
    await mira.talks(("/start", "Good to see you.", "I'll come by Friday 18 December"), ("/history", "helped Ana"))
    assert questions_in(await weeks(mira, 1)) == ["good_turn"]


# ---- who it talks with


async def test_only_some_are_talked_with(tmp_path: Path) -> None:
    """Others get one polite line, and their words are answered no more."""
    async with scene(tmp_path / "t.db", allowed=frozenset({7})) as stage:
        mira, tom = stage.person(7), stage.person(8, "Tom")
        await mira.talks(("/start", "Hello. Once a week"), ("bees", "city?"), ("porto", "No need to wait"))
        await tom.talks(("/start", "kept for a few people only"), ("please",), ("/history",))
        assert await tom.presses_action("meet:unsure") == []
        assert questions_in(await weeks(mira, 1)) == ["good_turn"]


async def test_not_on_the_list_any_more(tmp_path: Path) -> None:
    """Who is taken off the list isn't asked, and is asked again once back on it."""
    async with scene(tmp_path / "t.db") as stage:
        mira = stage.person(7)
        await mira.talks(("/start", "Hello."), ("bees", "city?"), ("porto", "No need to wait"))
        stage.allowed = frozenset({8})
        await stage.restart()
        assert await weeks(mira, 3) == []
        stage.allowed = frozenset({7})
        await stage.restart()
        assert questions_in(await weeks(mira, 1)) == ["good_turn"]


async def test_quiet_is_kept_through_a_restart(stage: Scene, mira: Somebody) -> None:
    """Nothing of it is in memory."""
    await mira.says("/pause 2 weeks")
    await stage.restart(days=10)
    assert mira.hears() == []
    await stage.restart(days=11)
    assert questions_in(mira.hears()) == ["good_turn"]


@pytest.mark.parametrize("said", ["ok", "yes"])
async def test_a_stray_yes_keeps_the_quiet(mira: Somebody, said: str) -> None:
    """Only a yes to the question ends it."""
    await mira.talks(("stop", "quiet until you call"), (said, "Shall I come by again?"))
    assert (await mira.journal(lambda journal: journal.person)).quiet_until == EVER
    await mira.talks((said, "I'm here again."))


async def test_quiet_again_after_a_check_in(mira: Somebody) -> None:
    """Whoever checks in by hand hears at its end that the quiet goes on, and how to end it."""
    await mira.says("stop")
    await mira.says("/checkin one")
    await mira.says("helped Ana")
    await mira.talks(
        ("that's all", "Otherwise I stay quiet, as you asked.", "[Not for me]", "[Come by again]"),
        ("[Come by again]", "I'm here again."),
    )
