"""The weekly check-in, in words and by buttons, over weeks, restarts, downtime and changes of the clock."""

import asyncio
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain import Answer
from bot.journal import Journal
from tests.conversation import WORDS, Heard, Scene, Somebody, questions_in, scene, text_of

pytestmark = pytest.mark.both_stores

SECOND_QUESTIONS = ("received", "people", "presence", "hours")


async def week(person: Somebody) -> list[Heard]:
    """What comes unasked in the seven days from now."""
    await person.scene.later(days=7)
    return person.hears()


async def friday(person: Somebody) -> list[Heard]:
    """The first check-in after the first meeting, on Friday the 13th."""
    await person.scene.until(datetime(2026, 11, 13, 18, tzinfo=UTC))
    return person.hears()


async def answered(person: Somebody) -> list[str]:
    """Skip whatever is asked until nothing is open; the ids of the questions that were heard on the way."""
    asked = []
    while await person.journal(lambda journal: journal.open_check_in()):
        heard = await person.says("skip")
        asked += questions_in(heard)
    return asked


def readings(answers: Iterable[Answer]) -> dict[str, str | None]:
    """What was understood of each question."""
    return {answer.question: answer.reading for answer in answers}


async def latest(person: Somebody) -> tuple[Answer, ...]:
    """The answers of the newest check-in."""

    def look(journal: Journal) -> tuple[Answer, ...]:
        check_in = journal.check_in(journal.check_ins(1)[0].id)
        assert check_in is not None
        return check_in.answers

    return await person.journal(look)


# ---- short, full, one


async def test_a_good_turn_then_one_other(mira: Somebody) -> None:
    """The good turn takes as many messages as they like; then comes one other question, a mirror, and an act."""
    heard = await friday(mira)
    assert questions_in(heard) == ["good_turn"]
    assert heard[0].labels == ["Nothing this week", "Later"]
    await mira.talks(
        ("covered 20 min for Joana so she could eat", "[That's all]"),
        ("gave Rui some starter", "[That's all]"),
        ("and lent the ladder to the man downstairs", "[That's all]"),
    )
    assert questions_in(await mira.presses("That's all")) == ["received"]
    await mira.talks(
        ("Ana brought me soup", "minutes.", "[Not for me]"),
        ("/history", "covered 20 min", "gave Rui some starter", "lent the ladder", "Ana brought me soup"),
    )


async def test_the_second_question_takes_turns(mira: Somebody) -> None:
    """Received, people, presence and hours come in turn, so hours never opens and comes last of all; in weeks two and
    three it is asked how they would like to be known, and whom they can help most."""
    seconds = []
    await friday(mira)
    for _week in range(7):
        [second] = await answered(mira)
        seconds.append(second)
        assert questions_in(await week(mira))[:1] == ["good_turn"]
    first, *others = SECOND_QUESTIONS
    assert seconds == [first, "known", "most_help", *others, first]


async def test_every_eighth_week_all_five_are_asked(mira: Somebody) -> None:
    """In 26 weeks the full one comes every eighth, and only it asks who would come."""
    full, calls = [], []
    heard = await friday(mira)
    for number in range(26):
        asked = questions_in(heard) + await answered(mira)
        assert asked[0] == "good_turn"
        if len(asked) > 2:
            assert asked == ["good_turn", "people", "hours", "presence", "call"]
            full.append(number)
        if "call" in asked:
            calls.append(number)
        heard = await week(mira)
    assert full == calls == [8, 16, 24]


async def test_full_by_hand(mira: Somebody) -> None:
    """`/checkin full` asks all five, and who would come not again within eight weeks."""
    assert questions_in(await mira.says("/checkin full")) == ["good_turn"]
    assert await answered(mira) == ["people", "hours", "presence", "call"]
    await mira.scene.later(days=14)
    await answered(mira)
    mira.hears()
    assert questions_in(await mira.says("/checkin full")) == ["good_turn"]
    assert await answered(mira) == ["people", "hours", "presence"]


async def test_one(mira: Somebody) -> None:
    """`/checkin one` asks the good turn only."""
    assert questions_in(await mira.says("/checkin one")) == ["good_turn"]
    assert await answered(mira) == []


async def test_checkin_takes_up_the_open_one(mira: Somebody) -> None:
    """`/checkin` while one is open goes on with it, and can make it longer."""
    await friday(mira)
    await mira.talks(("helped Ana", "[That's all]"), ("/checkin", "You told me “helped Ana”. Was there more?"))
    assert questions_in(await mira.presses("That's all")) == ["received"]
    assert questions_in(await mira.says("/checkin")) == ["received"]
    assert questions_in(await mira.says("/checkin full")) == ["people"]
    assert await answered(mira) == ["hours", "presence", "call", "received"]
    assert len(await mira.journal(lambda journal: journal.check_ins(9))) == 1


# ---- skipping, never, nothing, later


@pytest.mark.parametrize("way", ["[Skip]", "skip", "pass", "rather not say", "no comment"])
async def test_every_question_can_be_skipped(mira: Somebody, way: str) -> None:
    """By button or by word, and a skipped question is not asked again that week."""
    await mira.says("/checkin full")
    await mira.says("skip")
    asked = ["people"]
    heard: list[Heard] = []
    for _question in range(4):
        heard = await (mira.presses("Skip") if way == "[Skip]" else mira.says(way))
        asked += questions_in(heard)
    assert asked == ["people", "hours", "presence", "call"]
    assert "Until next time" in text_of(heard)
    assert await mira.journal(lambda journal: journal.open_check_in()) is None


async def test_none_of_your_business(mira: Somebody) -> None:
    """That question is never asked again, by no route, in half a year."""
    await mira.says("/checkin full")
    await mira.says("skip")
    await mira.talks(("half", "hours"), ("none of your business", "I won't ask that one again."))
    await answered(mira)
    asked: list[str] = []
    for _week in range(26):
        asked += questions_in(await week(mira))
        asked += await answered(mira)
    assert "hours" not in asked
    assert {"good_turn", "received", "people", "presence", "call"} <= set(asked)


async def test_not_even_the_good_turn(mira: Somebody) -> None:
    """Who wants no good turns asked for is asked something else, also after silence; and with nothing left, nothing."""
    await friday(mira)
    await mira.says("none of your business")
    await answered(mira)
    for _question in range(6):
        heard = await week(mira)
        assert questions_in(heard) != ["good_turn"]
        await mira.says("none of your business")
    assert await week(mira) == []
    await mira.talks(("/checkin", "leave every question out, so I only listen"))


async def test_nothing_this_week(mira: Somebody) -> None:
    """Nothing is a good answer: what was received is offered, then an act of five minutes."""
    await friday(mira)
    heard = await mira.presses("Nothing this week")
    assert questions_in(heard) == ["received"]
    await mira.talks(("[Not that I noticed]", "5 minutes.", "[Not for me]"))
    await week(mira)
    assert questions_in(await mira.says("nope, nothing")) == ["received"]
    await mira.talks(("Rui carried my shopping", "Rui carried my shopping", " 5 minutes."))


async def test_nothing_in_a_full_week(mira: Somebody) -> None:
    """Also in a full check-in received comes first after nothing."""
    await mira.says("/checkin full")
    assert questions_in(await mira.says("nothing")) == ["received"]
    assert await answered(mira) == ["people", "hours", "presence", "call"]


@pytest.mark.parametrize("way", ["[Later]", "later", "not now"])
async def test_later(mira: Somebody, way: str) -> None:
    """Later asks again tomorrow at the same hour, by button or word, and moves nothing else."""
    await friday(mira)
    planned = await mira.journal(lambda journal: journal.planned("check-in"))
    await mira.talks((way, "Tomorrow, about four.", "[In three hours instead]"))
    assert await mira.journal(lambda journal: journal.planned("check-in")) == planned
    await mira.scene.until(datetime(2026, 11, 14, 15, tzinfo=UTC))
    assert mira.hears() == []
    await mira.scene.until(datetime(2026, 11, 14, 17, tzinfo=UTC))
    assert questions_in(mira.hears()) == ["good_turn"]
    await answered(mira)
    await mira.scene.until(datetime(2026, 11, 20, 15, tzinfo=UTC))
    assert mira.hears() == []
    await mira.scene.until(datetime(2026, 11, 20, 17, tzinfo=UTC))
    assert questions_in(mira.hears()) == ["good_turn"]
    assert len(await mira.journal(lambda journal: journal.check_ins(9))) == 2


async def test_three_hours_instead(mira: Somebody) -> None:
    """Tomorrow can be made three hours; a second press changes nothing."""
    await friday(mira)
    await mira.talks(("[Later]", "Tomorrow"), ("[In three hours instead]", "In three hours, then."))
    await mira.scene.later(hours=2)
    await mira.talks(("[In three hours instead]",))
    await mira.scene.later(hours=1)
    assert questions_in(mira.hears()) == ["good_turn"]
    await mira.scene.later(days=1)
    assert mira.hears() == []


async def test_later_at_the_second_question(mira: Somebody) -> None:
    """Later in the middle takes it up tomorrow where it was left."""
    await friday(mira)
    await mira.says("helped Ana")
    await mira.talks(("later", "Tomorrow, about four."))
    await mira.scene.later(days=1)
    heard = mira.hears()
    assert heard[0].labels == ["That's all"]
    assert "helped Ana" not in heard[0].text  # it may be read on a locked screen
    assert questions_in(await mira.says("that's all")) == ["received"]


async def test_answered_before_later_came(mira: Somebody) -> None:
    """Who answers before the later moment isn't asked again."""
    await friday(mira)
    await mira.presses("Later")
    await mira.says("helped Ana")
    await answered(mira)
    await mira.scene.later(days=2)
    assert mira.hears() == []


async def test_enough_questions(mira: Somebody) -> None:
    """No more questions means no more questions, also in the middle of a full check-in."""
    await mira.says("/checkin full")
    await mira.talks(("helped Ana with her tax form", "[That's all]"), ("done", "[Skip]"))
    heard = await mira.says("too many questions")
    assert questions_in(heard) == []
    assert "helped Ana with her tax form" in text_of(heard)
    assert await mira.journal(lambda journal: journal.open_check_in()) is None


# ---- taking it up again


async def test_a_half_done_one_waits(mira: Somebody) -> None:
    """It stops at the same question for days and through restarts, whatever else is done in between."""
    await friday(mira)
    await mira.says("helped Ana")
    await mira.says("that's all")
    await mira.scene.restart(days=2)
    assert questions_in(await mira.says("/start")) == ["received"]
    await mira.scene.restart()
    await mira.talks(("/history", "helped Ana"), ("/help", "/cancel"))
    assert questions_in(await mira.says("/checkin")) == ["received"]
    await mira.scene.restart(days=1)
    await mira.talks(("Rui fixed my tap", "minutes."))
    assert readings(await latest(mira)) == {"good_turn": "enough", "received": None}


async def test_a_newer_one_closes_the_older(mira: Somebody) -> None:
    """What is said goes to the newest; older buttons and replies still reach their own."""
    first = await friday(mira)
    await mira.says("helped Ana")
    [second] = await week(mira)
    await mira.says("helped Rui")
    ids = [each.id for each in await mira.journal(lambda journal: journal.check_ins(2))]
    assert {answer.text for answer in await latest(mira)} == {"helped Rui"}

    old_enough = await mira.presses_action(f"ask:{ids[1]}:good_turn:enough")
    assert old_enough == []
    heard = await mira.says("and her sister", reply_to=first[0].message)
    assert "Kept with that week." in text_of(heard)
    older = await mira.journal(lambda journal: journal.check_in(ids[1]))
    assert older is not None
    assert [answer.text for answer in older.answers if answer.text] == ["helped Ana", "and her sister"]
    await mira.says("also his wife", reply_to=second.message)
    assert [answer.text for answer in await latest(mira)] == ["helped Rui", "also his wife"]


async def test_a_late_button_belongs_to_its_week(mira: Somebody) -> None:
    """A quick answer to a check-in that is closed is kept with it."""
    await friday(mira)
    await mira.says("helped Ana")
    await mira.says("that's all")
    old = mira.all_heard[-1]
    await week(mira)
    action = next(choice.action for row in old.reply.choices for choice in row if choice.label == "Not that I noticed")
    assert text_of(await mira.presses_action(action)) == "Kept with that week."
    assert await mira.presses_action(action) == []
    assert await latest(mira) == ()


async def test_an_own_moment_left_open_gives_way(mira: Somebody) -> None:
    """A question about a card that nobody answered doesn't swallow the next week's answer."""
    await mira.talks(("[My own time]", "When, in your own words?"))
    await friday(mira)
    await mira.talks(("helped Ana", "[That's all]"), ("/history", "helped Ana"))


# ---- answers in words


async def test_words_and_buttons_come_to_the_same(mira: Somebody) -> None:
    """Amounts in words are read as the buttons would be."""
    await mira.says("/checkin full")
    await mira.says("nothing")
    for said in ("nobody", "about half of it", "half a dozen", "an ear", "nobody really"):
        await mira.says(said)
    assert readings(await latest(mira)) == {
        "good_turn": "nothing",
        "received": "nobody",
        "people": "half",
        "hours": "3-7",
        "presence": "ear",
        "call": "nobody",
    }


async def test_one_sentence_answers_two(mira: Somebody) -> None:
    """ "8ish, half was my sister's birthday call" is hours and people, so the other isn't asked."""
    await mira.says("/checkin full")
    assert questions_in(await mira.says("skip")) == ["people"]
    assert questions_in(await mira.says("8ish, half was my sister's birthday call")) == ["presence"]
    found = readings(await latest(mira))
    assert (found["people"], found["hours"]) == ("half", "7-14")


async def test_unclear_is_asked_once_more(mira: Somebody) -> None:
    """What isn't understood is kept as text, asked once more, and then accepted."""
    await mira.says("/checkin full")
    await mira.says("skip")
    await mira.talks(
        ("the usual feeds, you know how it is", "Kept as you said it.", "Roughly will do", "[About half]"),
        ("mostly cat pictures from strangers really", "That will do, kept in your words."),
    )
    await mira.says("8")
    texts = [answer.text for answer in await latest(mira) if answer.question == "people"]
    assert texts == ["the usual feeds, you know how it is", "mostly cat pictures from strangers really"]
    await mira.talks(("dunno", ""), ("0 tbh", "Thank you for saying it straight."))


async def test_yes_is_asked_whose(mira: Somebody) -> None:
    """A mere yes asks for the story once, and a second one is let be."""
    await friday(mira)
    await mira.talks(("yes", "Tell me. Who was it"), ("carried Ana's bags", "[That's all]"), ("no one else", "[Skip]"))
    await mira.talks(("yes", "Who was it, and what did they do?"), ("yes", "carried Ana's bags"))
    assert await mira.journal(lambda journal: journal.open_check_in()) is None


async def test_greetings_and_questions_are_no_answers(mira: Somebody) -> None:
    """Hello is said back, a question is answered, and the check-in's own question stays open."""
    await friday(mira)
    await mira.talks(
        ("hi", "Hello to you.", "[Nothing this week]"),
        ("what counts?", "Anything that was for somebody", "[Nothing this week]"),
        ("thanks", "[Nothing this week]"),
        ("carried Ana's bags", "[That's all]"),
        ("thanks", "[Skip]"),
        ("why do you ask?", "You needn't answer.", "[Skip]"),
    )
    assert [answer.text for answer in await latest(mira) if answer.question == "good_turn" and answer.text] == [
        "carried Ana's bags"
    ]


async def test_the_usual_counts(mira: Somebody) -> None:
    """No coaxing."""
    await friday(mira)
    await mira.talks(("same as always", "The usual counts.", "[Skip]"), ("/history", "same as always"))


async def test_one_more_comes_late(mira: Somebody) -> None:
    """What is plainly added, between questions or after the end, is a good turn of that check-in."""
    await mira.says("/checkin full")
    await mira.talks(("helped Ana", "[That's all]"), ("that's it", "[Most of it]"))
    assert questions_in(await mira.says("oh and I also helped Rui move")) == ["people"]
    await mira.says("too many questions")
    await mira.talks(("also held the door for Lena all day", "Kept with the rest: Lena."))
    kept = [answer.text for answer in await latest(mira) if answer.question == "good_turn" and answer.text]
    assert kept == ["helped Ana", "oh and I also helped Rui move", "also held the door for Lena all day"]


# ---- presses


async def test_a_second_press_is_silent(mira: Somebody) -> None:
    """Under the same update id or another, one press counts."""
    await friday(mira)
    heard = await mira.presses("Nothing this week", update=900)
    assert questions_in(heard) == ["received"]
    assert await mira.presses("Nothing this week", update=900) == []
    assert await mira.presses("Nothing this week", update=901) == []
    before = await latest(mira)
    await mira.presses("Not that I noticed")
    assert await mira.presses("Not that I noticed") == []
    assert len(await latest(mira)) == len(before) + 1


async def test_nothing_pressed_late_adds_nothing(mira: Somebody) -> None:
    """Who told of something and then presses the old Nothing only says that it was all."""
    await friday(mira)
    await mira.says("helped Ana")
    assert questions_in(await mira.presses("Nothing this week")) == ["received"]
    assert "nothing" not in {answer.reading for answer in await latest(mira)}


FORGED = (
    "",
    "ask",
    "ask:1",
    "ask:999999:good_turn:nothing",
    "ask:99999999999999999999999999:good_turn:nothing",
    "ask:²:good_turn:nothing",
    "ask:-1:good_turn:nothing",
    "ask:{id}:call:nobody",
    "ask:{id}:good_turn:most",
    "ask:{id}:person:nothing",
    "later:999999",
    "later:{id}:9",
    "card:999999:evening",
    "card:99999999999999999999999999:own",
    "note:999999:good_turn",
    "history:all:999999",
    "history:older:99999999999999999999999999",
    "meet:city:77",
    "quiet:3650",
    "erase:everything",
)


async def test_forged_buttons_do_nothing(mira: Somebody) -> None:
    """A button that was never there, or is somebody else's, is answered alike whether its check-in exists or not."""
    other = mira.scene.person(8, "Tom")
    await other.talks(("/start", "Hello."), ("listening", "city?"), ("oslo", "No need to wait"))
    for _note in range(30):  # so that none of the other's ids is one of Mira's
        await other.says("a note of mine")
    await other.says("/checkin")
    foreign = (await other.journal(lambda journal: journal.check_ins(1)))[0].id
    await friday(mira)
    own = (await mira.journal(lambda journal: journal.check_ins(1)))[0].id
    assert await mira.journal(lambda journal: journal.check_in(foreign)) is None
    for action in (*FORGED, f"ask:{foreign}:good_turn:nothing", f"later:{foreign}"):
        heard = await mira.presses_action(action.format(id=own))
        assert text_of(heard) == "That button has had its day. /help says what I can do now.", action
    assert await latest(mira) == ()
    assert await latest(other) == ()
    assert await other.journal(lambda journal: journal.planned("later")) is None


# ---- when it comes


async def test_it_waits_for_a_pause_in_the_conversation(mira: Somebody) -> None:
    """What comes unasked waits until nothing was open for an hour."""
    await mira.scene.until(datetime(2026, 11, 13, 15, 30, tzinfo=UTC))
    await mira.talks(("/goodturn", "Tell me"))
    await mira.scene.until(datetime(2026, 11, 13, 16, 29, tzinfo=UTC))
    assert mira.hears() == []
    await mira.scene.until(datetime(2026, 11, 13, 16, 31, tzinfo=UTC))
    assert questions_in(mira.hears()) == ["good_turn"]


async def at_hour(person: Somebody, hour: str) -> None:
    """Have the check-in come on Fridays at *hour*, from Friday the 13th."""
    await person.presses("Other time")
    await person.talks((f"fridays {hour}", "Next time: Friday 13 November"))


async def test_it_waits_for_no_pause_in_the_night(mira: Somebody) -> None:
    """After a conversation that goes on until late it comes in the morning."""
    await mira.scene.until(datetime(2026, 11, 13, 15, 30, tzinfo=UTC))
    for _word in range(12):  # until twenty past ten
        await mira.talks(("/goodturn", "Tell me"))
        await mira.scene.later(minutes=37)
    await mira.scene.until(datetime(2026, 11, 14, 8, 59, tzinfo=UTC))
    assert mira.hears() == []
    await mira.scene.until(datetime(2026, 11, 14, 9, 1, tzinfo=UTC))
    assert questions_in(mira.hears()) == ["good_turn"]


async def test_late_in_the_evening(mira: Somebody) -> None:
    """A little late is soon enough for the same evening; what is an hour late or more doesn't come at night."""
    await at_hour(mira, "20:30")
    await mira.scene.until(datetime(2026, 11, 13, 20, tzinfo=UTC))
    await mira.scene.restart(minutes=75)
    assert questions_in(mira.hears()) == ["good_turn"]
    await mira.scene.until(datetime(2026, 11, 20, 20, tzinfo=UTC))
    await mira.scene.restart(hours=2)
    assert mira.hears() == []
    await mira.scene.until(datetime(2026, 11, 21, 9, 1, tzinfo=UTC))
    assert questions_in(mira.hears()) == ["good_turn"]


async def test_a_postponed_one_waits_for_no_pause_in_the_night(mira: Somebody) -> None:
    """In three hours is kept even if that is late, but nothing moves it further into the night."""
    for day, word, hour in ((13, "", 22), (20, "hello", 9)):
        await mira.scene.until(datetime(2026, 11, day, 19, 30, tzinfo=UTC))
        mira.hears()
        await mira.talks(("[Later]", "Tomorrow, about four."), ("[In three hours instead]", "In three hours, then."))
        await mira.scene.until(datetime(2026, 11, day, 22, tzinfo=UTC))
        if word:
            await mira.says(word)
        await mira.scene.until(datetime(2026, 11, day + 1, 12, tzinfo=UTC))
        [heard] = mira.hears()
        assert heard.at.hour == hour


@pytest.mark.parametrize(("hour", "at"), [("23:00", (23, 0)), ("5:30am", (5, 30))])
async def test_an_hour_of_their_own_at_night(mira: Somebody, hour: str, at: tuple[int, int]) -> None:
    """Who chose an hour at night gets it then, soon after if something was open, and by day if it is late."""
    await at_hour(mira, hour)
    first, second, third = (datetime(2026, 11, day, *at, tzinfo=UTC) for day in (13, 20, 27))
    await mira.scene.until(first + timedelta(hours=6))
    assert [heard.at for heard in mira.hears()] == [first]
    await mira.scene.until(second - timedelta(minutes=20))
    await mira.says("/checkin")
    await mira.scene.until(second + timedelta(hours=6))
    assert [heard.at for heard in mira.hears()] == [second + timedelta(minutes=40)]
    await mira.scene.until(third - timedelta(minutes=20))
    await mira.scene.restart(hours=2)
    assert mira.hears() == []
    await mira.scene.later(hours=12)
    assert [heard.at.hour for heard in mira.hears()] == [9]


async def test_not_within_three_days_of_a_finished_one(mira: Somebody) -> None:
    """A planned check-in is left out where one was finished just before; the one after comes as ever."""
    await mira.scene.until(datetime(2026, 11, 11, 12, tzinfo=UTC))
    await mira.says("/checkin")
    await answered(mira)
    assert await friday(mira) == []
    assert questions_in(await week(mira)) == ["good_turn"]


async def test_one_late_check_in_after_weeks_of_downtime(mira: Somebody) -> None:
    """Three weeks without running are one check-in, in the morning, and the next a week later."""
    await mira.scene.until(datetime(2026, 11, 12, 12, tzinfo=UTC))
    await mira.scene.restart(days=21, hours=15)  # Friday, 3 in the morning
    assert mira.hears() == []
    await mira.scene.until(datetime(2026, 12, 4, 8, 59, tzinfo=UTC))
    assert mira.hears() == []
    await mira.scene.until(datetime(2026, 12, 4, 9, 1, tzinfo=UTC))
    assert questions_in(mira.hears()) == ["good_turn"]
    await mira.scene.until(datetime(2026, 12, 11, 15, tzinfo=UTC))
    assert mira.hears() == []
    await mira.scene.until(datetime(2026, 12, 11, 17, tzinfo=UTC))
    assert questions_in(mira.hears()) == ["good_turn"]


async def test_later_through_downtime(mira: Somebody) -> None:
    """A postponed one doesn't come at night nor together with the next."""
    await friday(mira)
    await mira.presses("Later")
    await mira.scene.restart(days=1, hours=9)
    assert mira.hears() == []
    await mira.scene.later(hours=7)
    assert questions_in(mira.hears()) == ["good_turn"]
    await mira.presses("Later")
    await mira.scene.restart(days=12)
    assert questions_in(mira.hears()) == ["good_turn"]


@pytest.mark.parametrize("start", [datetime(2026, 10, 5, 12, tzinfo=UTC), datetime(2027, 3, 8, 12, tzinfo=UTC)])
async def test_the_same_hour_through_daylight_saving(tmp_path: Path, start: datetime) -> None:
    """In Lisbon it is about four before and after the clocks change, once every Friday."""
    async with scene(tmp_path / "t.db", start) as stage:
        person = stage.person(7)
        await person.talks(("/start", "Hello."), ("bees", "city?"), ("lisbon", "No need to wait"))
        seen = []
        for _week in range(8):
            seen += [each.at.astimezone(ZoneInfo("Europe/Lisbon")) for each in await week(person)]
            await answered(person)
            person.hears()
    assert len({at.time() for at in seen}) == 1
    assert {at.weekday() for at in seen} == {4}
    assert len({at.utcoffset() for at in seen}) == 2
    assert {(after - before).days for before, after in pairwise(seen)} == {7}


async def test_new_zone_data(mira: Somebody) -> None:
    """When the world's clocks were redefined the planned instant is computed again, once."""

    def misplan(journal: Journal) -> None:
        subject, at = journal.planned("check-in") or ("", mira.scene.clock())
        journal.plan("check-in", subject, at + timedelta(hours=1))

    right = await mira.journal(lambda journal: journal.planned("check-in"))
    await mira.scene.engine._store.transact(
        lambda tx: misplan(Journal(tx, mira.sender, mira.scene.clock())),
    )
    await mira.scene.restart()
    assert await mira.journal(lambda journal: journal.planned("check-in")) != right
    await mira.scene.engine.remember("zone data", "1999z")
    await mira.scene.restart()
    assert await mira.journal(lambda journal: journal.planned("check-in")) == right
    assert mira.hears() == []
    assert questions_in(await friday(mira)) == ["good_turn"]


async def test_no_wording_comes_back_before_all_were_used(mira: Somebody) -> None:
    """Over 26 weeks every wording of the good turn and every opener is heard before one is heard again."""
    openers, questions = [], []
    heard = await friday(mira)
    for _week in range(26):
        opener, question = heard[0].text.splitlines()
        openers.append(opener.replace("Friday", "{weekday}"))
        questions.append(question)
        await answered(mira)
        heard = await week(mira)
    for spoken, ways in ((openers, WORDS.openers), (questions, WORDS.questions["good_turn"].wordings)):
        size = len(ways)
        assert set(spoken[:size]) == set(ways)
        assert len(set(spoken[size : 2 * size])) == min(size, len(spoken) - size)


async def test_a_year(mira: Somebody) -> None:
    """In a year with good weeks, empty ones and postponed ones: each check-in once, at most two messages unasked in
    any week, none at night, and no hole between the weeks."""
    start = mira.scene.clock()
    for number in range(52):
        await week(mira)
        if number % 5 == 1:
            await mira.says("later")
        elif number % 5 == 2:
            await mira.says("nothing")
            await answered(mira)
        elif number % 7 != 3:
            await mira.says(f"helped Ana with box {number}")
            await mira.says("that's all")
            await answered(mira)
    unasked = [each.at for each in mira.all_heard if each.reply.unasked]
    weeks = Counter((at - start).days // 7 for at in unasked)
    assert set(weeks) == set(range(52))
    assert max(weeks.values()) <= 2
    assert all(9 <= at.hour < 21 for at in unasked)
    planned = await mira.journal(lambda journal: [each.subject for each in journal.check_ins(100)])
    assert len(planned) == len(set(planned)) == 52


# ---- the mirror


async def test_the_mirror_joins_what_belongs_together(mira: Somebody) -> None:
    """A phrase of theirs stands beside one they wrote before about the same person, and no figure is added."""
    told = [
        "asked Joana what she dreads",
        "gave the choir my old music stand",
        "brought coal to the neighbours",
        "Joana did a handover alone",
    ]
    heard = await friday(mira)
    for text in told:
        await mira.says(text)
        await mira.says("that's all")
        heard = await mira.says("skip")
        await week(mira)
    mirror = heard[0].text.splitlines()[0]
    assert "“asked Joana what she dreads”" in mirror
    assert "“Joana did a handover alone”" in mirror
    assert not any(sign.isdigit() for sign in mirror)


async def test_the_first_mirror_joins_a_theme(mira: Somebody) -> None:
    """With nothing written before, it is what they said when they met, if that has a word of it."""
    await friday(mira)
    await mira.says("gave Ana some sourdough")
    await mira.says("that's all")
    heard = await mira.says("skip")
    mirror = heard[0].text.splitlines()[0]
    assert mirror == "“sourdough”, you said when we met; and now “gave Ana some sourdough”."


async def test_the_first_mirror_forces_nothing(mira: Somebody) -> None:
    """A theme that has no word of what was told isn't put beside it."""
    await friday(mira)
    await mira.says("carried Ana's bags")
    await mira.says("that's all")
    heard = await mira.says("skip")
    assert heard[0].text.splitlines()[0] == "“carried Ana's bags”. Good to know."


async def test_the_mirror_takes_no_lone_word(mira: Somebody) -> None:
    """A word alone, a question or a courtesy isn't quoted back."""
    await friday(mira)
    await mira.talks(("stuff", "[That's all]"), ("that's all", "[Skip]"))
    heard = await mira.says("skip")
    assert "stuff" not in text_of(heard)


# ---- whatever anybody says


SAID = st.sampled_from(
    [
        "helped Ana",
        "nothing",
        "skip",
        "later",
        "yes",
        "no",
        "half",
        "8ish",
        "dunno",
        "why?",
        "hi",
        "thanks",
        "🙂",
        "ماعدة الجيران",
        "<b>bold</b> & more",
        "that's all",
        "none of your business",
        "too many questions",
        "same as always",
        "/checkin",
        "/checkin full",
        "/checkin one",
        "/goodturn",
        "/goodturn walked the dog",
        "/history",
        "/cancel",
        "/start",
        "/pause",
        "/help",
        "/privacy",
        "/nonsense",
        "stop",
        "pause till january",
        "cancel",
        "tomorrow with coffee",
        "x" * 4000,
    ]
)


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(moves=st.lists(st.one_of(SAID, st.integers(0, 9), st.just("…week")), min_size=12, max_size=30))
def test_nobody_gets_stuck(tmp_path_factory: pytest.TempPathFactory, moves: list[str | int]) -> None:
    """Whatever two people say and press, words always get an answer, nothing fails, and afterwards each can still
    check in and finds nothing of the other's."""

    async def play() -> None:
        async with scene(tmp_path_factory.mktemp("stuck") / "t.db") as stage:
            people = [stage.person(7, "Mira"), stage.person(8, "Tom")]
            for turn, move in enumerate(moves):
                person = people[turn % 2]
                if move == "…week":
                    await stage.later(days=7)
                    person.hears()
                elif isinstance(move, int):
                    actions = [
                        choice.action for each in person.all_heard for row in each.reply.choices for choice in row
                    ]
                    if actions:
                        heard = await person.presses_action(actions[-1 - move % len(actions)])
                        assert "stumbled" not in text_of(heard)
                else:
                    mark = f" {'mira' if person is people[0] else 'tom'}mark" if move.startswith("helped") else ""
                    heard = await person.says(move + mark)
                    assert heard, move
                    assert "stumbled" not in text_of(heard)
            for person in people:
                for said in ("/start", "idk", "skip", "oslo", "/cancel", "/cancel", "/cancel"):
                    await person.says(said)
                assert await person.says("/checkin")
            assert "tommark" not in text_of(people[0].all_heard)
            assert "miramark" not in text_of(people[1].all_heard)

    asyncio.run(play())


async def test_two_people_at_once(stage: Scene) -> None:
    """Two people in step, with the same ids in their journals, never see a word of each other's."""
    mira, tom = stage.person(7, "Mira"), stage.person(8, "Tom")
    for said in (
        "/start",
        "bread, bees",
        "porto",
        "/checkin",
        "{} one",
        "{} two",
        "that's all",
        "{} three",
        "/history",
    ):
        for person in (mira, tom):
            await person.says(said.format(f"story of {person.sender.name}"))
    assert "story of Mira one" in text_of(mira.all_heard)
    assert "story of Tom" not in text_of(mira.all_heard)
    assert "story of Tom three" in text_of(tom.all_heard)
    assert "story of Mira" not in text_of(tom.all_heard)


async def test_the_mirror_quotes_what_was_meant(mira: Somebody) -> None:
    """Out of a long story comes the part that ties, without its lead-in; small talk and plain verbs tie nothing."""
    stories = (
        "so what a week. first the boiler went, and then I took Piet's mother to the eye doctor on Tuesday, honestly",
        "hello! I took a walk. oh and I sat with Piet's mother again",
        "wrote a reference for Fatima",
    )
    mirrors = []
    for story in stories:
        await week(mira)
        await mira.says(story)
        await mira.says("that's all")
        mirrors.append((await mira.says("skip"))[0].text.splitlines()[0])
    assert "“I took Piet's mother to the eye doctor on Tuesday”." in mirrors[0]
    assert "“I took Piet's mother to the eye doctor on Tuesday”" in mirrors[1]
    assert "“I sat with Piet's mother again”" in mirrors[1]
    assert "same thread" not in mirrors[2]
    assert "sits well" not in mirrors[2]


async def test_no_moment_for_it(mira: Somebody) -> None:
    """Who begins by saying that they can't talk is asked tomorrow, and a question needs no question mark."""
    await friday(mira)
    await mira.talks(
        ("what do you want", "Anything that was for somebody"),
        ("sorry, can't talk now, I'm on a train", "Tomorrow, about four."),
    )
    assert [answer.question for answer in await latest(mira)] == ["note", "note"]
    await mira.scene.later(days=1)
    assert questions_in(mira.hears()) == ["good_turn"]


async def test_later_just_before_the_next(mira: Somebody) -> None:
    """Putting off to a day on which it would come anyway leaves it till then."""
    await mira.scene.until(datetime(2026, 11, 12, 10, tzinfo=UTC))
    await mira.says("/checkin")
    await mira.talks(("later", "We'll leave it till I come by anyway: Friday 13 November"))
    assert questions_in(await friday(mira)) == ["good_turn"]
    assert await mira.journal(lambda journal: journal.planned("later")) is None


# ---- late, and in the middle of it


async def test_a_word_before_the_first_tick(mira: Somebody) -> None:
    """After downtime over its hour a word drops nothing, no passed day is announced, and the check-in still comes."""
    await friday(mira)
    await answered(mira)
    await mira.scene.close()
    mira.scene.clock.at = datetime(2026, 12, 5, 12, tzinfo=UTC)
    await mira.scene.open()
    await mira.talks(("/help", "Good to see you."), ("/start", "I'll come by soon."))
    await mira.scene.later(minutes=1)
    assert questions_in(mira.hears()) == ["good_turn"]


async def test_new_zone_data_leaves_a_late_one(mira: Somebody) -> None:
    """What is late and waits for the morning is still asked then, after a word and with new zone data."""
    await mira.scene.until(datetime(2026, 11, 13, 12, tzinfo=UTC))
    await mira.scene.restart(hours=12)
    await mira.talks(("/start", "I'll come by Saturday 14 November, 09:00, Porto."))
    await mira.scene.engine.remember("zone data", "1999z")
    await mira.scene.restart(hours=3)
    await mira.scene.until(datetime(2026, 11, 14, 9, 1, tzinfo=UTC))
    assert questions_in(mira.hears()) == ["good_turn"]


async def test_an_edit_goes_on(mira: Somebody) -> None:
    """Once the unclear answer is mended the next question is asked; after the last one it closes."""
    await mira.says("/checkin full")
    await mira.says("skip")
    await mira.says("the usual feeds, you know how it is", message=41)
    heard = await mira.edits(41, "about half")
    assert heard[0].text.startswith("Changed there too.")
    assert questions_in(heard) == ["hours"]
    await mira.says("/checkin one")
    assert await mira.journal(lambda journal: journal.open_check_in()) is None


async def test_answered_after_later(mira: Somebody) -> None:
    """Who takes it up before the later moment isn't called a second time, even if it stops half-way."""
    await friday(mira)
    await mira.talks(("[Later]", "Tomorrow"))
    await mira.scene.later(hours=2)
    await mira.talks(("helped Ana", "[That's all]"))
    await mira.scene.later(days=2)
    assert mira.hears() == []


async def test_asked_again_in_the_same_words(mira: Somebody) -> None:
    """A restart, /start or /checkin in the middle repeats the question as it was, and spends no other wording."""
    [first] = await friday(mira)
    question = first.text.splitlines()[-1]
    await mira.scene.restart(hours=1)
    for said in ("/start", "/checkin", "hello"):
        [heard] = await mira.says(said)
        assert heard.text.splitlines()[-1] == question
    asking = await mira.journal(lambda journal: journal.asking("good_turn"))
    assert len(asking.used) == 2


@pytest.mark.parametrize("said", ["Not much, I've had a rotten cold", "didn't really see anyone this week"])
async def test_nothing_in_words(mira: Somebody, said: str) -> None:
    """A week without is read as nothing, and is no good turn to be quoted."""
    await friday(mira)
    assert questions_in(await mira.says(said)) == ["received"]
    assert readings(await latest(mira)) == {"good_turn": "nothing"}
    heard = await mira.says("skip")
    assert said not in text_of(heard)
    if "," in said:
        await mira.talks(("/history", said))


async def test_hours_are_no_good_turn(mira: Somebody) -> None:
    """Hours said to the people question are kept, read as hours, and asked once more."""
    await mira.says("/checkin full")
    await mira.says("skip")
    await mira.talks(("plus maybe 3 hours a week on facebook", "Roughly will do"))
    found = readings(await latest(mira))
    assert (found["good_turn"], found["hours"], found["people"]) == ("skip", "1-3", "unclear")


@pytest.mark.parametrize("length", ["short", "full"])
@pytest.mark.parametrize("said", ["no", "none of your business"])
async def test_declined_throughout(mira: Somebody, said: str, length: str) -> None:
    """Who declines everything is handed no task."""
    await mira.says(f"/checkin {length}")
    while await mira.journal(lambda journal: journal.open_check_in()):
        await mira.says(said)
    heard = mira.all_heard[-1:]
    assert heard[0].text.endswith("Until next time, then.")
    assert heard[0].labels == []


async def test_given_and_received_stay_apart(mira: Somebody) -> None:
    """What was received is never joined to what was given, and two strangers aren't glued together."""
    await friday(mira)
    for text in ("helped Joana with her bicycle", "that's all", "nobody"):
        await mira.says(text)
    await week(mira)
    await mira.says("nothing")
    [heard] = await mira.says("Rui mended Joana's bicycle and mine")
    assert "helped Joana" not in heard.text
    await week(mira)
    await mira.says("gave the choir my stand")
    await mira.says("that's all")
    [heard] = await mira.says("skip")
    assert heard.text.startswith("“gave the choir my stand”. ")
    assert "bicycle" not in heard.text
