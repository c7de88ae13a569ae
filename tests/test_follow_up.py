"""The one question after an act: when it comes, what can be said to it, and what comes of that."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from bot import understand
from bot.dialogue import follow_up
from bot.domain import Answer, Blocked, Card
from bot.journal import Journal
from bot.store import Transaction
from tests.conversation import Heard, Somebody, text_of

BUTTONS = ["Did it, gladly", "Did it, a chore", "Not yet", "Let it go"]
ASKS = ("What came of it?", "What did you learn?")


async def newest(person: Somebody) -> Card:
    """The card that was shown last."""
    return (await person.journal(lambda journal: journal.cards(1)))[0]


async def outcomes(person: Somebody) -> list[Answer]:
    """What came of acts, newest first."""
    return await person.journal(lambda journal: [each for each in journal.written(50) if each.question == "outcome"])


async def planned(person: Somebody) -> datetime | None:
    """When the question is planned for."""
    found = await person.journal(lambda journal: journal.planned(follow_up.KIND))
    return found[1] if found else None


async def asked(person: Somebody, moment: str = "This evening") -> Heard:
    """Take the card at hand and wait for the question."""
    await person.presses(moment)
    await person.scene.later(days=1)
    [heard] = person.hears()
    assert heard.labels == BUTTONS
    return heard


async def change(person: Somebody, **fields: object) -> None:
    """Change fields of the person in the journal."""

    def write(tx: Transaction) -> None:
        journal = Journal(tx, person.sender, person.scene.clock())
        journal.change(**fields)
        journal.save()

    await person.scene.engine._store.transact(write)


# ---- when


@pytest.mark.parametrize(
    ("hour", "moment", "day", "at"),
    [
        (8, "Today at lunch", 10, 18),
        (15, "This evening", 11, 10),
        (15, "Tomorrow with coffee", 11, 18),
        (22, "Tomorrow evening", 12, 10),
    ],
)
async def test_after_the_moment(mira: Somebody, hour: int, moment: str, day: int, at: int) -> None:
    """It comes once the moment they chose is over, by day; and only then."""
    await mira.scene.until(datetime(2026, 11, 10, hour, tzinfo=UTC))
    for said in ("/checkin one", "helped Ana", "that's all"):
        await mira.says(said)
    await mira.presses(moment)
    await mira.scene.later(days=2, hours=12)
    [heard] = mira.hears()
    assert heard.at == datetime(2026, 11, day, at, tzinfo=UTC)
    assert heard.labels == BUTTONS


async def test_lunch_long_past(mira: Somebody) -> None:
    """Today's lunch, pressed in the evening, is tomorrow's."""
    await mira.scene.until(datetime(2026, 11, 10, 8, tzinfo=UTC))
    for said in ("/checkin one", "helped Ana", "that's all"):
        await mira.says(said)
    await mira.scene.until(datetime(2026, 11, 10, 20, tzinfo=UTC))
    await mira.presses("Today at lunch")
    assert await planned(mira) == datetime(2026, 11, 11, 18, tzinfo=UTC)


async def test_a_cue_only_they_can_tell(mira: Somebody) -> None:
    """ "when the baby sleeps" is kept, and asked about after two days, also after a restart."""
    await mira.presses("My own time")
    await mira.talks(("when the baby sleeps", "“when the baby sleeps”. Kept."))
    await mira.scene.restart(days=1, hours=23)
    assert mira.hears() == []
    await mira.scene.later(hours=2)
    [heard] = mira.hears()
    assert (heard.at, heard.labels) == (datetime(2026, 11, 11, 18, tzinfo=UTC), BUTTONS)
    assert heard.text.splitlines()[-1] == "“when the baby sleeps”, you said."


async def test_a_cue_that_can_be_read(mira: Somebody) -> None:
    """Words that mean a moment are asked about some hours after it, and not at night."""
    await mira.talks(("[My own time]", "When"), ("thursday lunch, after stand-up", "Kept."))
    assert await planned(mira) == datetime(2026, 11, 12, 15, 30, tzinfo=UTC)
    for said in ("/checkin one", "helped Ana", "that's all", "ok", "thursday 22:00"):
        await mira.says(said)
    assert await planned(mira) == datetime(2026, 11, 13, 9, tzinfo=UTC)
    for said in ("/checkin one", "helped Ana", "that's all", "ok", "when the baby sleeps"):
        await mira.says(said)
    assert await planned(mira) == datetime(2026, 11, 11, 18, tzinfo=UTC)


async def test_by_day_where_they_are(stranger: Somebody) -> None:
    """Ten in the morning is theirs."""
    await stranger.talks(("/start", "Hello."), ("bees", "city?"), ("tokyo", "No need to wait"))
    await stranger.presses("This evening")
    assert await planned(stranger) == datetime(2026, 11, 11, 1, tzinfo=UTC)  # it is Tuesday, 3:00, in Tokyo


async def test_what_a_locked_screen_shows(mira: Somebody) -> None:
    """The first line quotes nothing of theirs; the theme, the act and their own words follow."""
    await mira.knows("Priya")
    for said in ("/checkin one", "helped Ana", "that's all", "ok", "when the baby sleeps"):
        await mira.says(said)
    await mira.scene.later(days=2)
    [heard] = mira.hears()
    card = await newest(mira)
    first, *rest = heard.text.splitlines()
    assert first.endswith("?")
    assert not any(private in first for private in ("Priya", "baby", card.theme or "sourdough"))
    assert rest == [f"“{card.theme}”", card.text, "“when the baby sleeps”, you said."]


async def test_discreet(mira: Somebody) -> None:
    """Whoever wants it discreet is sent the first line alone, of this and of a check-in; one tap or word opens it."""
    await change(mira, discreet=True)
    await mira.presses("This evening")
    await mira.scene.later(days=1)
    [heard] = mira.hears()
    assert (len(heard.text.splitlines()), heard.labels) == (1, ["Here I am"])
    await mira.talks(
        ("[Here I am]", "Did this happen?", "[Did it, gladly]", "[Let it go]"),
        ("here I am", "Did this happen?"),
        ("[Did it, gladly]", "?", "[Skip]"),
    )
    await mira.scene.until(datetime(2026, 11, 13, 18, tzinfo=UTC))
    [check_in] = mira.hears()
    assert (len(check_in.text.splitlines()), check_in.labels) == (1, ["Here I am"])
    await mira.talks(("[Here I am]", "?", "[Nothing this week]"), ("helped Ana", "[That's all]"))


async def test_not_in_a_conversation(mira: Somebody) -> None:
    """While something is spoken about it waits, until an hour after the last word."""
    await mira.presses("This evening")
    await mira.scene.until(datetime(2026, 11, 10, 9, 50, tzinfo=UTC))
    await mira.says("/goodturn")
    await mira.scene.later(hours=1, seconds=-1)
    assert mira.hears() == []
    await mira.scene.later(seconds=1)
    assert [heard.labels for heard in mira.hears()] == [BUTTONS]


async def test_not_beside_a_check_in(mira: Somebody) -> None:
    """It keeps an hour's distance from a check-in that is to come or has just come."""
    await mira.presses("This evening")

    def write(tx: Transaction) -> None:
        journal = Journal(tx, mira.sender, mira.scene.clock())
        found = journal.planned("check-in")
        card = journal.cards(1)[0]
        assert found is not None
        journal.plan(follow_up.KIND, str(card.id), found[1] - timedelta(minutes=30))
        journal.save()

    await mira.scene.engine._store.transact(write)
    await mira.scene.until(datetime(2026, 11, 13, 20, tzinfo=UTC))
    first, second = mira.hears()
    assert first.labels == ["Nothing this week", "Later"]
    assert second.labels == BUTTONS
    assert timedelta(hours=1) <= second.at - first.at < timedelta(hours=2)


async def test_after_a_night_without_running(mira: Somebody) -> None:
    """What fell due while nothing ran is asked by day; after more than a week no more, and the check-in comes alone."""
    await mira.presses("This evening")
    await mira.scene.restart(days=1, hours=8)
    assert mira.hears() == []
    await mira.scene.later(hours=8)
    [heard] = mira.hears()
    assert heard.at == datetime(2026, 11, 11, 9, tzinfo=UTC)
    for said in ("/checkin one", "helped Ana", "that's all"):
        await mira.says(said)
    await mira.presses("This evening")
    await mira.scene.restart(days=21)
    await mira.scene.later(days=1)
    assert [heard.labels for heard in mira.hears()] == [["Nothing this week", "Later"]]


async def test_both_at_once_after_a_stop(mira: Somebody) -> None:
    """When both fell due while nothing ran, one comes, and the other an hour later."""
    await mira.scene.until(datetime(2026, 11, 12, 15, tzinfo=UTC))
    await mira.presses("This evening")
    await mira.scene.close()
    mira.scene.clock.at = datetime(2026, 11, 13, 18, tzinfo=UTC)
    await mira.scene.open()
    await mira.scene.until(mira.scene.clock.at)
    assert len(mira.hears()) == 1
    await mira.scene.later(minutes=59)
    assert mira.hears() == []
    await mira.scene.later(hours=2)
    assert len(mira.hears()) == 1


# ---- when not


async def test_not_while_quiet(mira: Somebody) -> None:
    """Who asked for quiet isn't asked, not even afterwards."""
    await mira.presses("This evening")
    await mira.says("pause for a week")
    await mira.scene.until(datetime(2026, 11, 19, 20, tzinfo=UTC))
    assert mira.hears() == []


async def test_not_after_blocking(mira: Somebody) -> None:
    """Who blocked the bot isn't asked, nor after coming back."""
    await mira.presses("This evening")
    await mira.does(Blocked())
    await mira.scene.later(days=1)
    await mira.talks(("hello", "Good to see you."))
    await mira.scene.later(days=1)
    assert mira.hears() == []


@pytest.mark.parametrize("state", ["silent", "apart"])
async def test_not_in_silence(mira: Somebody, state: str) -> None:
    """Nor is anybody who was left in peace."""
    await mira.presses("This evening")
    await change(mira, state=state)
    await mira.scene.later(days=2)
    assert mira.hears() == []


async def test_not_about_somebody_let_be(mira: Somebody) -> None:
    """Whoever was let be since isn't asked about."""
    await mira.knows("Priya")
    for said in ("/checkin one", "helped next door", "that's all"):
        await mira.says(said)
    await mira.presses("This evening")

    def write(tx: Transaction) -> None:
        journal = Journal(tx, mira.sender, mira.scene.clock())
        [priya] = journal.acquaintances()
        journal.set_acquaintance(priya, let_be=True)

    await mira.scene.engine._store.transact(write)
    await mira.scene.later(days=2)
    assert mira.hears() == []


async def test_nothing_taken_nothing_asked(mira: Somebody) -> None:
    """A card that was declined or left is never asked about."""
    await mira.presses("Not for me")
    await mira.scene.later(days=3)
    assert mira.hears() == []


async def test_only_the_last_one(mira: Somebody) -> None:
    """Two acts taken on one day are one question, about the later one."""
    await mira.presses("This evening")
    for said in ("/checkin one", "helped Ana", "that's all"):
        await mira.says(said)
    await mira.presses("This evening")
    await mira.scene.later(days=3)
    [heard] = mira.hears()
    assert (await newest(mira)).text in heard.text


async def test_one_in_seven_days(mira: Somebody) -> None:
    """Who takes on more than one act a week is asked about one a week."""
    await asked(mira)
    for said in ("[Did it, gladly]", "/checkin one", "helped Ana", "that's all"):
        await (mira.presses(said[1:-1]) if said.startswith("[") else mira.says(said))
    await mira.presses("This evening")
    heard = []
    for _day in range(9):
        await mira.scene.later(days=1)
        heard += [each for each in mira.hears() if each.labels == BUTTONS]
    [second] = heard
    assert second.at.date() >= datetime(2026, 11, 17, tzinfo=UTC).date()


async def test_a_year(mira: Somebody) -> None:
    """At most two messages come unasked in any seven days, an hour apart or more, to somebody who takes on every act
    and more of them by hand; and no act is asked about twice."""
    moments = ("This evening", "Tomorrow with coffee", "My own time", "Tomorrow evening", "Today at lunch")
    unasked: list[Heard] = []
    for day in range(364):
        await mira.scene.later(days=1)
        for each in mira.hears():
            assert each.reply.unasked
            unasked.append(each)
        if await mira.journal(lambda journal: journal.open_check_in()):
            await mira.says("helped Ana with her boxes")
            await mira.says("that's all")
            await mira.says("too many questions")
        elif day % 4 == 0:
            await mira.says("/checkin one")
            await mira.says("helped Ana")
            await mira.says("that's all")
        elif day % 5 == 0:
            await mira.says("did it, left on read")
        labels = [label for label in mira.all_heard[-1].labels if label in moments]
        if labels:
            await mira.presses(labels[day % len(labels)])
            if labels[day % len(labels)] == "My own time":
                await mira.says("when the baby sleeps")
    days = [day_in_porto(each) for each in unasked]
    assert all(sum(day <= other < day + 7 for other in days) <= 2 for day in days)
    assert all(later.at - each.at >= timedelta(hours=1) for each, later in pairwise(unasked))
    follow_ups = [each for each in unasked if each.labels == BUTTONS]
    assert len(follow_ups) > 40
    assert max(Counter(each.reply.choices[0][0].action for each in follow_ups).values()) == 1


def day_in_porto(heard: Heard) -> int:
    """The number of the day in Porto on which something was *heard*."""
    return heard.at.astimezone(ZoneInfo("Europe/Lisbon")).toordinal()


# ---- by button


@pytest.mark.parametrize(("label", "felt"), [("Did it, gladly", "gladly"), ("Did it, a chore", "chore")])
async def test_done(mira: Somebody, label: str, felt: str) -> None:
    """How it was is kept, and then what came of it is asked, once, and kept beside the act; a restart in between
    changes nothing, and a second press is silent."""
    await asked(mira)
    [heard] = await mira.presses(label)
    assert heard.text.splitlines()[-1] in ASKS
    assert heard.labels == ["Skip"]
    card = await newest(mira)
    assert (card.state, card.felt) == ("done", felt)
    await mira.scene.restart()
    await mira.talks((f"[{label}]",), ("[Let it go]",))
    await mira.talks(("handovers. did one alone tuesday!!", "ept"))
    [outcome] = await outcomes(mira)
    turn = await mira.journal(lambda journal: journal.done(card.id))
    assert turn
    assert (turn.question, turn.reading, turn.text) == ("good_turn", "done", card.text)
    assert (outcome.text, outcome.about) == ("handovers. did one alone tuesday!!", turn.id)
    await mira.talks(("[Skip]",), ("and more", "[A good turn]"))
    assert len(await outcomes(mira)) == 1
    await mira.scene.later(days=2)
    assert mira.hears() == []


async def test_what_came_of_it_and_what_was_learnt_take_turns(mira: Somebody) -> None:
    """One is asked, the next time the other."""
    asks = []
    for _week in range(4):
        await asked(mira)
        [heard] = await mira.presses("Did it, gladly")
        asks.append(heard.text.splitlines()[-1])
        await mira.talks(("[Skip]", ""), ("[Skip]",))
        await mira.scene.later(days=6)
        for said in ("helped Ana", "that's all", "too many questions"):
            await mira.says(said)
    assert sorted(asks[:2]) == sorted(ASKS)
    assert asks[2:] == asks[:2]
    assert await outcomes(mira) == []


async def test_not_yet(mira: Somebody) -> None:
    """No hurry, and no second reminder; the card stays theirs, and a later press counts."""
    await asked(mira)
    [heard] = await mira.presses("Not yet")
    assert heard.text in ("No hurry.", "It can wait.", "It keeps.", "Whenever it fits.")
    await mira.talks(("[Not yet]",))
    await mira.scene.until(datetime(2026, 11, 13, 12, tzinfo=UTC))
    assert mira.hears() == []
    assert (await newest(mira)).state == "taken"
    await mira.talks(("[Did it, gladly]", "?", "[Skip]"))
    assert (await newest(mira)).state == "done"


async def test_let_it_go(mira: Somebody) -> None:
    """It is off, without a question or a reproach."""
    await asked(mira)
    [heard] = await mira.presses("Let it go")
    assert "?" not in heard.text
    await mira.talks(("[Let it go]",), ("[Did it, gladly]",))
    assert (await newest(mira)).state == "dropped"


async def test_an_old_button_counts_once(mira: Somebody) -> None:
    """Unanswered it lapses; weeks later a press still counts, and leaves what is open open."""
    await asked(mira)
    await mira.scene.until(datetime(2026, 11, 27, 18, tzinfo=UTC))
    mira.hears()
    card = await newest(mira)
    [heard] = await mira.presses("Did it, gladly")
    assert heard.text.splitlines()[-1] not in ASKS  # the check-in's question is open
    assert await mira.presses("Did it, gladly") == []
    assert (await mira.journal(lambda journal: journal.card(card.id))) == await newest(mira)
    assert (await newest(mira)).state == "done"
    await mira.talks(("helped Ana", "[That's all]"))


async def test_forged_buttons(mira: Somebody) -> None:
    """A button that was never offered, or for no card of theirs, does nothing."""
    card = await newest(mira)
    for action in (f"did:{card.id}:gladly", f"did:{card.id}:skip", f"did:{card.id}:not-yet"):
        assert await mira.presses_action(action) == []
    for action in ("did:999:gladly", "did:x:gladly", "did", f"did:{card.id}:never"):
        assert "had its day" in text_of(await mira.presses_action(action))
    assert (await newest(mira)).state == "open"


# ---- in words


@pytest.mark.parametrize(
    ("said", "state", "felt", "heard", "kept"),
    [
        ("did it", "done", None, "?", False),
        ("yes!", "done", None, "?", False),
        ("did it gladly", "done", "gladly", "?", False),
        ("it was a chore", "done", "chore", "?", False),
        ("did it, but honestly, a chore", "done", "chore", "?", False),
        ("done, she loved it", "done", None, "ept", True),
        ("asked him and he said yes", "done", None, "ept", True),
        ("did it, left on read", "done", None, "You did your half.", True),
        ("done. no reply so far", "done", None, "You did your half.", True),
        ("not yet", "taken", None, "", False),
        ("haven't got round to it", "taken", None, "", False),
        ("no, but I will on sunday", "taken", None, "", True),
        ("no", "dropped", None, "", False),
        ("let it go", "dropped", None, "", False),
        ("no, she was away all week", "dropped", None, "", True),
    ],
)
async def test_answered_in_words(
    mira: Somebody, said: str, state: str, felt: str | None, heard: str, kept: bool
) -> None:
    """What the buttons say can be said; words that tell more are kept to the letter as what came of it, and then no
    more is asked."""
    await asked(mira)
    await mira.scene.restart()
    [answer] = await mira.says(said)
    assert heard in answer.text
    assert (answer.labels == ["Skip"]) == (heard == "?")
    card = await newest(mira)
    assert (card.state, card.felt) == (state, felt)
    turn = await mira.journal(lambda journal: journal.done(card.id))
    assert (turn is not None) == (state == "done")
    about = turn.id if turn else card.id
    assert [(each.text, each.about) for each in await outcomes(mira)] == ([(said, about)] if kept else [])
    await mira.scene.until(datetime(2026, 11, 13, 12, tzinfo=UTC))
    assert mira.hears() == []


async def test_what_answers_nothing_is_a_note(mira: Somebody) -> None:
    """Other words are words like others, and the question can still be answered."""
    await asked(mira)
    await mira.talks(
        ("planted garlic for Ana", "[A good turn]"),
        ("[Just a note]", ""),
        ("[Did it, gladly]", "?", "[Skip]"),
    )


async def test_asking_back(mira: Somebody) -> None:
    """ "Which one?" is answered with the act, and what the question is for with a reason."""
    await asked(mira)
    card = await newest(mira)
    await mira.talks(
        ("which one was it?", card.text, "[Did it, gladly]"),
        ("ok", card.text, "[Did it, gladly]"),
        ("did it", "?", "[Skip]"),
        ("why do you ask?", "Only so that"),
        ("thanks", "?", "[Skip]"),
        ("skip", ""),
        ("/cancel", "Nothing is open"),
    )
    assert await outcomes(mira) == []


async def test_nothing_came_of_it(mira: Somebody) -> None:
    """Nothing is an answer, and half of it was theirs."""
    await asked(mira)
    await mira.talks(("[Did it, gladly]", "?"), ("nothing", "You did your half."))
    assert [(each.text, each.reading) for each in await outcomes(mira)] == [("nothing", "nothing")]
    assert understand.wish("nothing") == "nothing"


async def test_left_on_read_afterwards(mira: Somebody) -> None:
    """Also told as what came of it."""
    await asked(mira)
    await mira.talks(("[Did it, gladly]", "?"), ("she never answered", "You did your half."))
    assert [each.text for each in await outcomes(mira)] == ["she never answered"]


async def test_words_days_later(mira: Somebody) -> None:
    """What came of it can be told for a day; after that words are words like others."""
    await asked(mira)
    await mira.presses("Did it, gladly")
    await mira.scene.later(hours=25)
    await mira.talks(("lent Rui my drill", "[A good turn]"))
    assert await outcomes(mira) == []


async def test_start_and_cancel(mira: Somebody) -> None:
    """/start asks again what is open; /cancel leaves it."""
    await asked(mira)
    await mira.talks(("/start", "Hello again.", "[Did it, gladly]"), ("did it", "?"))
    question = mira.all_heard[-1].text.splitlines()[-1]
    await mira.talks(("/start", question, "[Skip]"), ("/cancel", "Left it."), ("planted garlic", "[A good turn]"))


async def test_an_open_check_in_stays_open(mira: Somebody) -> None:
    """The question comes between; whatever isn't an answer to it goes to the check-in."""
    await mira.scene.until(datetime(2026, 11, 13, 18, tzinfo=UTC))
    mira.hears()
    await mira.presses("This evening")
    await mira.scene.later(days=1)
    [heard] = mira.hears()
    assert heard.labels == BUTTONS
    await mira.talks(("carried Ana's boxes", "[That's all]"), ("that's all", "[Skip]"))


async def test_she_died(mira: Somebody) -> None:
    """Told here, it lets her be as below the card itself."""
    await mira.knows("Priya")
    for said in ("/checkin one", "helped next door", "that's all"):
        await mira.says(said)
    await asked(mira)
    await mira.talks(("she died on sunday", "I'm sorry. I won't suggest her again."))
    [priya] = await mira.journal(lambda journal: journal.acquaintances())
    assert priya.let_be
    assert (await newest(mira)).state == "declined"
    await mira.talks(("[Did it, gladly]",))


@pytest.mark.parametrize(
    ("said", "what", "felt", "more"),
    [
        ("Did it, gladly", "done", "gladly", False),
        ("Did it, a chore", "done", "chore", False),
        ("Not yet", "not yet", None, False),
        ("Let it go", "dropped", None, False),
        ("just did it", "done", None, False),
        ("did it yesterday", "done", None, False),
        ("it went well", "done", None, False),
        ("did it reluctantly", "done", "chore", False),
        ("did it and loved it", "done", "gladly", False),
        ("yes but it was a bit of a chore", "done", "chore", False),
        ("👍", "done", None, False),
        ("rang her on tuesday", "done", None, True),
        ("asked Rui, he'll think about it", "done", None, True),
        ("he was so happy", None, None, False),
        ("she loved it", "done", None, True),
        ("asked, no answer", "done", None, True),
        ("no reply", "done", None, True),
        ("forgot", "not yet", None, False),
        ("no time", "not yet", None, False),
        ("couldn't", "not yet", None, False),
        ("I'll do it tomorrow", "not yet", None, False),
        ("dunno", "not yet", None, False),
        ("no, not yet", "not yet", None, False),
        ("didn't", "dropped", None, False),
        ("changed my mind", "dropped", None, False),
        ("won't happen", "dropped", None, False),
        ("never mind", "dropped", None, False),
        ("helped Ana with her drill", None, None, False),
        ("ok", None, None, False),
        ("thanks", None, None, False),
        ("hello", None, None, False),
        ("no one came to the garden", None, None, False),
        ("", None, None, False),
    ],
)
def test_what_became_of_it(said: str, what: str | None, felt: str | None, more: bool) -> None:
    """What is said to the question."""
    assert understand.happened(said, ["Rui"]) == ((what, felt, more) if what else None)
