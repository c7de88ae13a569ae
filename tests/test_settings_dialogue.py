"""`/settings`: every one of them by taps and by a sentence, with messy input, restarts and moves in between."""

import random
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.domain import Pressed
from tests.conversation import Heard, Scene, Somebody, questions_in, scene, text_of

CARD = ("by the clock of Porto", "[Day]", "[Hour]", "[City]", "[Places]", "[How often]", "[Length]", "[Pause]")


@pytest.fixture
async def modelled(tmp_path: Path) -> AsyncIterator[Somebody]:
    """Somebody whose bot has a language model."""
    async with scene(tmp_path / "tenfold.db", model=True) as opened:
        somebody = opened.person(7, "Mira")
        await somebody.talks(("/start", "Hello."), ("bees", "city?"), ("porto", "No need to wait"))
        yield somebody


async def until(person: Somebody, *when: int) -> list[Heard]:
    """What is heard until then (UTC)."""
    person.hears()
    await person.scene.until(datetime(*when, tzinfo=UTC))  # type: ignore[arg-type,misc]
    return person.hears()


# The card


async def test_the_card_says_how_things_are(mira: Somebody) -> None:
    """In words, with a button for each; and it is changed in place."""
    [heard] = await mira.says("/settings")
    assert heard.text.splitlines() == [
        "Fridays, about four, by the clock of Porto.",
        "Short: two questions.",
        "My questions come in full.",
        "No places yet.",
        "Next time: Friday 13 November, about 16:00, Porto.",
    ]
    await mira.talks(("/settings", *CARD), ("[Length]", "[One question]"), ("[One question]", "One question only."))
    assert mira.all_heard[-1].reply.replaces == mira.all_heard[-3].message


async def test_what_changed_stands_out(mira: Somebody) -> None:
    """After a tap the lines that are new are emphasised, and no others."""
    await mira.talks(("/settings", "Fridays"), ("[Day]", "[Sunday]"))
    [heard] = await mira.presses("Sunday")
    marked = [line.strip("\ufdd0\ufdd1") for line in heard.reply.text.splitlines() if line.startswith("\ufdd0")]
    assert marked == [
        "Sundays, about four, by the clock of Porto.",
        "Next time: Sunday 15 November, about 16:00, Porto.",
    ]


# By taps


@pytest.mark.parametrize(
    ("taps", "expected"),
    [
        (("Day", "Sunday"), ("Sundays, about four", "Next time: Sunday 15 November, about 16:00, Porto.")),
        (("Hour", "08:00"), ("Fridays at 08:00", "Next time: Friday 13 November, 08:00, Porto.")),
        (("Hour", "About four"), ("Fridays, about four", "Next time: Friday 13 November, about 16:00, Porto.")),
        (("How often", "Every second week"), ("Every second Friday, about four", "Next time: Friday 13 November")),
        (("How often", "Once a month"), ("Every fourth Friday", "Next time: Friday 13 November")),
        (("How often", "Every week"), ("Fridays, about four", "Next time: Friday 13 November")),
        (("Length", "Full"), ("Full: all of the questions.",)),
        (("Length", "Short"), ("Short: two questions.",)),
        (("Length", "One question"), ("One question only.",)),
        (("Discreet",), ("Discreet: I only say that I'm here", "[Not discreet]")),
        (("Pause",), ("All right, I'll be quiet until you call.",)),
    ],
)
async def test_two_taps_are_enough(mira: Somebody, taps: tuple[str, ...], expected: tuple[str, ...]) -> None:
    """Each setting is at most two taps away from the card; twice tapped, it is as tapped once."""
    await mira.says("/settings")
    *others, last = taps
    for label in others:
        await mira.presses(label)
    await mira.talks((f"[{last}]", *expected))
    before = await mira.journal(lambda journal: journal.person)
    await mira.presses(last)
    after = await mira.journal(lambda journal: journal.person)
    assert (before.weekday, before.minute, before.weeks, before.length) == (
        after.weekday,
        after.minute,
        after.weeks,
        after.length,
    )


async def test_another_hour_takes_words(mira: Somebody) -> None:
    """Any hour can be said, also after a restart; what isn't one is asked for once more, and then left."""
    await mira.talks(("/settings", *CARD), ("[Hour]", "[Another]"), ("[Another]", "Which day and hour suit you?"))
    await mira.scene.restart()
    await mira.talks(
        ("25:00", "I didn't catch a day or an hour"),
        ("18:45", "Fridays at 18:45, then. Next time: Friday 13 November, 18:45, Porto."),
        ("/settings", "Fridays at 18:45"),
        ("[Hour]", "[Another]"),
        ("[Another]", "[Never mind]"),
        ("[Never mind]",),
        ("[Hour]", "[Another]"),
        ("[Another]", "Which day and hour"),
        ("99", "I didn't catch"),
        ("sundae", "We'll leave it as it is, then."),
        ("/settings", "Fridays at 18:45"),
    )


async def test_a_language_model_only_where_there_is_one(mira: Somebody) -> None:
    """Where none is configured nothing is said of it, a forged button does nothing, and a wish is answered plainly."""
    heard = await mira.says("/settings")
    assert "model" not in text_of(heard) + "".join(heard[0].labels)
    assert "had its day" in text_of(await mira.presses_action("settings:model:1"))
    await mira.talks(("/settings use a language model", "There is no language model here"))
    assert (await mira.journal(lambda journal: journal.person)).model is None


async def test_agreeing_to_a_language_model(modelled: Somebody) -> None:
    """It is off until they agree, and one tap or a sentence changes it."""
    await modelled.talks(
        ("/settings", "No language model reads along.", "[Language model]"),
        ("[Language model]", "A language model may help me choose.", "[No language model]"),
        ("[No language model]", "No language model reads along."),
        ("/settings use the language model", "Then I may ask the language model."),
        ("/settings no model", "Then no language model reads anything of yours."),
    )
    assert (await modelled.journal(lambda journal: journal.person)).model is False


async def test_places(mira: Somebody) -> None:
    """They are listed, added with commas between, put in a circle, and dropped by taps or a word."""
    await mira.talks(
        ("/settings", "No places yet."),
        ("[Places]", "none so far", "[Add]"),
        ("[Add]", "Where are you anyway, online or off?"),
    )
    await mira.scene.restart(hours=1)
    await mira.talks(
        ("the library, the Rust forum and choir", "the library · the Rust forum · choir. Kept."),
        ("[Places]", "Where you already are:", "[the Rust forum]"),
        ("[the Rust forum]", "“the Rust forum”", "[Circle]", "[Drop]", "[‹ Places]"),
        ("[Circle]", "Where does “the Rust forum” belong?", "[Work]", "[Private]", "[No circle]"),
        ("[Work]", "“the Rust forum”\nCircle: Work."),
        ("[Circle]", "[No circle]"),
        ("[No circle]", "“the Rust forum”"),
        ("[Drop]", "Where you already are:"),
        ("[Drop]", "Where you already are:"),
        ("[the Rust forum]", "Where you already are:"),
        ("[‹ Settings]", "Places: the library · choir."),
        ("/settings places the bakery", "the library · choir · the bakery. Kept."),
        ("[Places]", "[Add]"),
        ("[Add]", "Where are you"),
        ("drop the library", "“the library” is gone."),
        ("/settings places drop the moon", "Which one?", "[Places]"),
        ("[Places]", "[Add]"),
        ("[Add]", "Where are you"),
        ("hello", "Where are you"),
        ("never mind", "Left it."),
        ("/settings places", "Where you already are:", "[choir]"),
        ("/settings", "Places: choir · the bakery."),
    )


async def test_a_story_instead_of_places_is_kept(mira: Somebody) -> None:
    """It is asked for its few words once, and then kept as a note."""
    story = "I am mostly at home. My knees are bad. But on good days I walk down to the harbour and look. " * 3
    await mira.talks(("/settings", *CARD), ("[Places]", "[Add]"), ("[Add]", "Where are you"))
    await mira.talks((story, "A few words will do"), (story, "I've kept that as a note."), ("/history", "My knees"))
    assert await mira.journal(lambda journal: journal.places()) == []


async def test_as_many_places_as_can_be_thought_of(mira: Somebody) -> None:
    """Twenty; what is more is kept as a note, and said to be."""
    many = ", ".join(f"place {chr(97 + number)}" for number in range(22))
    await mira.talks((f"/settings places {many}", "place t", "the rest is kept as a note."), ("/history", "place v"))
    assert len(await mira.journal(lambda journal: journal.places())) == 20


# By a sentence


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (
            "sundays 9am, every other week",
            ("Every second Sunday at 09:00, then. Next time: Sunday 15 November, 09:00",),
        ),
        ("once a month", ("Every fourth Friday, about four, then. Next time: Friday 13 November",)),
        ("mondays", ("Mondays, about four, then. Next time: Monday 16 November, about 16:00, Porto.",)),
        ("18:30", ("Fridays at 18:30, then. Next time: Friday 13 November, 18:30, Porto.",)),
        ("full", ("Full: all of the questions.",)),
        ("just one question", ("One question only.",)),
        ("be discreet", ("Discreet: I only say that I'm here",)),
        ("not discreet", ("My questions come in full.",)),
        ("lisbon", ("By the clock of Lisbon, then.", "Next time: Friday 13 November, about 16:00, Lisbon.")),
        ("springfield", ("Which one?", "[Springfield, Illinois, US]")),
    ],
)
async def test_one_sentence_is_enough(mira: Somebody, said: str, expected: tuple[str, ...]) -> None:
    """Behind the command and right after the card alike."""
    await mira.talks((f"/settings {said}", *expected))
    await mira.says("/cancel")
    await mira.talks(("/settings", "[Day]"), (said, *expected))


@pytest.mark.parametrize("said", ["sundae", "25:00", "everest", "99", "what?", "gave Rui a lift on friday", "-1", "🤷"])
async def test_what_is_no_setting(mira: Somebody, said: str) -> None:
    """It changes nothing; behind the command it is said so, after the card it is taken for whatever else it is."""
    before = await mira.journal(lambda journal: journal.person)
    await mira.talks((f"/settings {said}", "I didn't catch a setting in that.", *CARD), (said, ""))
    after = await mira.journal(lambda journal: journal.person)
    assert (after.weekday, after.minute, after.weeks, after.zone) == (
        before.weekday,
        before.minute,
        before.weeks,
        before.zone,
    )


async def test_a_wish_in_a_plain_message(mira: Somebody) -> None:
    """A message that as a whole is a wish for a setting is one, also where a card waits; a moment is the card's."""
    await mira.talks(
        ("sundays 9am please", "Sundays at 09:00, then. Next time: Sunday 15 November, 09:00, Porto."),
        ("tuesday 9am", "“tuesday 9am”. Kept."),
        ("every other week", "Every second Sunday at 09:00, then."),
        ("on sundays I drove Ana to her lessons", "note"),
    )
    person = await mira.journal(lambda journal: journal.person)
    assert (person.weekday, person.minute, person.weeks) == (6, 540, 2)


async def test_words_after_the_card_may_be_about_something_else(mira: Somebody) -> None:
    """What was open before the card is open again: a suggestion is still answered by its own words."""
    await mira.talks(("/settings", *CARD), ("this evening", ""))
    [card] = await mira.journal(lambda journal: journal.cards(1))
    assert (card.state, card.moment) == ("taken", "evening")


async def test_in_the_middle_of_a_check_in(mira: Somebody) -> None:
    """Settings are shown and changed, stories stay answers, and the check-in goes on where it was."""
    await until(mira, 2026, 11, 13, 18)
    await mira.talks(
        ("/settings", *CARD),
        ("gave Rui a lift on friday", "[That's all]"),
        ("/settings sundays 9am", "Sundays at 09:00, then. Next time: Sunday 22 November, 09:00, Porto."),
        ("[City]", "In which city are you?"),
        ("leeds", "By the clock of Leeds, then."),
    )
    assert questions_in(await mira.says("that's all")) == ["received"]


async def test_stop_in_the_middle(mira: Somebody) -> None:
    """Stop acts at once wherever the settings are, and while it is quiet they still can be changed."""
    await mira.talks(
        ("/settings", *CARD),
        ("[City]", "In which city are you?"),
        ("STOP", "I'll be quiet until you call."),
        ("/settings", "Quiet for now, as you asked.", "[Come by again]"),
        ("[Day]", "[Sunday]"),
        ("[Sunday]", "Sundays, about four", "Quiet for now, as you asked."),
        ("/settings 9am", "Sundays at 09:00, then. Quiet for now, as you asked."),
    )
    assert await until(mira, 2026, 12, 20) == []
    await mira.talks(("[Come by again]", "I'm here again. Next time: Sunday 20 December, 09:00, Porto."))


async def test_pause_behind_the_command(mira: Somebody) -> None:
    """It is a setting as well."""
    await mira.talks(("/settings pause till january", "Quiet until Friday 1 January"), ("/settings", "[Come by again]"))


async def test_pause_twice(mira: Somebody) -> None:
    """Pause on an older card is not asked for again while it is quiet."""
    await mira.talks(("/settings", *CARD), ("[Pause]", "I'll be quiet until you call."), ("[Pause]",))


async def test_after_the_goodbye(mira: Somebody) -> None:
    """Whoever was left in peace is welcomed back, and settings work as ever."""
    await mira.scene.later(days=200)
    assert "I'll leave you in peace now" in text_of(mira.hears())
    await mira.talks(("/settings sundays 9am", "Good to see you.", "Sundays at 09:00, then. Next time: Sunday"))


async def test_before_the_meeting_is_over(stranger: Somebody) -> None:
    """Settings wait until there is a clock to go by; a forged button does nothing."""
    await stranger.talks(("/settings sundays 9am", "Hello.", "What would you like people to come to you for?"))
    assert "had its day" in text_of(await stranger.presses_action("settings:day:3"))
    await stranger.talks(("bees", "In which city?"), ("/settings", "In which city?"), ("porto", "Friday 13 November"))


@pytest.mark.parametrize(
    "action",
    [
        "settings:day:7",
        "settings:day:-1",
        "settings:hour:1440",
        "settings:hour:noon",
        "settings:weeks:3",
        "settings:length:endless",
        "settings:discreet:2",
        "settings:nothing",
        "settings",
        "place:shelf",
        "quiet:13",
    ],
)
async def test_forged_buttons(mira: Somebody, action: str) -> None:
    """What was never offered changes nothing."""
    before = await mira.journal(lambda journal: journal.person)
    assert "had its day" in text_of(await mira.presses_action(action))
    after = await mira.journal(lambda journal: journal.person)
    assert before.weekday == after.weekday
    assert before.length == after.length
    assert before.quiet_until == after.quiet_until


# The city


async def test_a_city_by_words_buttons_clock_and_location(mira: Somebody) -> None:
    """As in the first meeting: ambiguous ones are asked, a clock will do, and a location is used once."""
    await mira.talks(
        ("/settings", *CARD), ("[City]", "In which city are you?"), ("springfield", "Which one?", "[Somewhere else]")
    )
    await mira.scene.restart(hours=1)
    await mira.talks(
        ("/start", "Which one?", "[Somewhere else]"),
        ("[Somewhere else]", "Where, then?"),
        ("it's 8pm here", "Which is nearest?", "[Berlin, Germany]"),
        ("[Berlin, Germany]", "By the clock of Berlin, then.", "Next time: Friday 13 November, about 16:00, Berlin."),
        ("[Berlin, Germany]",),
        ("[City]", "In which city are you?"),
        ("why?", "Only for its clock"),
        ("hello", "In which city are you?"),
        ("sundays 9am", "Sundays at 09:00, then. Next time: Sunday 15 November, 09:00, Berlin."),
        ("[City]", "In which city are you?"),
        ("no", "Then I stay with the clock I have."),
        ("[City]", "In which city are you?"),
        ("qwertz uiop", "I can't place that one."),
        ("asdfg hjkl", "I can't place that one either, so I stay with the clock I have."),
        ("[City]", "In which city are you?"),
    )
    assert "Then I go by the clock there. Next time: Sunday 15 November, 09:00." in text_of(
        await mira.shares("Asia/Tokyo")
    )
    await mira.talks(("/settings", "Sundays at 09:00, by your clock."))


async def test_the_clock_there_behind_the_command(mira: Somebody) -> None:
    """The time it is there, or an offset, is no hour to be asked at."""
    await mira.talks(
        ("/settings it's 7pm here", "Which is nearest?", "[Berlin, Germany]"),
        ("[Berlin, Germany]", "By the clock of Berlin, then."),
        ("/settings utc+2", "Which is nearest?"),
        ("never mind", "Then I stay with the clock I have."),
    )
    assert (await mira.journal(lambda journal: journal.person)).minute is None


# A move to come


async def test_a_move_is_said_back_and_happens_silently(mira: Somebody) -> None:
    """UTC+2 now, Lisbon from the 14th: both count from when they should, and nothing is said unasked."""
    await mira.talks(
        (
            "/settings utc+2, lisbon from the 14th",
            "UTC+2 for now, and Lisbon from Saturday 14 November.",
            "Next time: Friday 13 November, about 16:00, UTC+2.",
        ),
        ("/settings", "by the clock of UTC+2.", "UTC+2 for now, and Lisbon from Saturday 14 November."),
    )
    assert questions_in(await until(mira, 2026, 11, 13, 14, 15)) == ["good_turn"]
    assert await until(mira, 2026, 11, 13, 23, 59) == []
    assert (await mira.journal(lambda journal: journal.person)).zone == "Etc/GMT-2"
    assert await until(mira, 2026, 11, 14, 0, 1) == []
    person = await mira.journal(lambda journal: journal.person)
    assert (person.city, person.zone) == ("Lisbon", "Europe/Lisbon")
    await mira.talks(("/settings", "by the clock of Lisbon.", "Next time: Friday 20 November, about 16:00, Lisbon."))
    assert questions_in(await until(mira, 2026, 11, 20, 16, 15)) == ["good_turn"]


async def test_a_move_at_the_first_meeting(stranger: Somebody) -> None:
    """The city question takes both halves of a move, and asks for the half that is missing."""
    await stranger.talks(
        ("/start", "Hello."),
        ("bees", "In which city?"),
        (
            "utc+2, lisbon from the 14th",
            "UTC+2 for now, and Lisbon from Saturday 14 November.",
            "Friday 13 November, about 16:00, UTC+2. No need to wait",
        ),
    )


async def test_where_until_then(stranger: Somebody) -> None:
    """Whoever only says where they'll be is asked where they are until then, also through a restart."""
    await stranger.talks(
        ("/start", "Hello."),
        ("bees", "In which city?"),
        ("lisbon from the 14th", "Lisbon from Saturday 14 November, then. And until then, in which city?"),
    )
    await stranger.scene.restart(hours=2)
    await stranger.talks(
        ("/start", "And until then, in which city?"),
        ("qwertz", "I can't place that one."),
        ("springfield", "Which one?"),
        ("illinois", "Springfield for now, and Lisbon from Saturday 14 November.", "No need to wait"),
    )
    await stranger.scene.until(datetime(2026, 11, 14, 1, tzinfo=UTC))
    assert (await stranger.journal(lambda journal: journal.person)).city == "Lisbon"


async def test_which_one_from_then(mira: Somebody) -> None:
    """An ambiguous city of a move is asked for; what they are by until then stays."""
    await mira.talks(("/settings springfield from the 20th", "Which one, from Friday 20 November?"))
    await mira.scene.restart(hours=2)
    await mira.talks(
        ("[Springfield, Illinois, US]", "Porto for now, and Springfield from Friday 20 November.", "Porto."),
        ("/settings berlin", "By the clock of Berlin, then."),
    )
    assert await mira.journal(lambda journal: journal.planned("move")) is None


async def test_half_of_a_move_that_is_unknown(mira: Somebody) -> None:
    """What is understood of it is taken, and the rest is said not to be."""
    await mira.talks(
        (
            "/settings utc+2, xyzzyq from the 14th",
            "I can't place where you'll be from Saturday 14 November. Tell me once you're there.",
            "By the clock of UTC+2, then.",
        ),
        ("/settings lisbon from the 20th", "UTC+2 for now, and Lisbon from Friday 20 November."),
        ("/settings utc+3, xyzzyq from the 14th", "I can't place where", "By the clock of UTC+3, then."),
        ("/settings xyzzyq from the 14th", "I didn't catch a setting in that."),
    )
    assert await mira.journal(lambda journal: journal.planned("move")) is None


async def test_a_location_leaves_a_move_in_place(mira: Somebody) -> None:
    """Where they are now says nothing about where they'll be."""
    await mira.says("/settings lisbon from the 20th")
    heard = text_of(await mira.shares("Asia/Tokyo"))
    assert "Lisbon from Friday 20 November." in heard


async def test_a_move_while_it_is_quiet(mira: Somebody) -> None:
    """It happens all the same, and quiet it stays."""
    await mira.talks(("/settings lisbon from the 14th", "Porto for now"), ("stop", "quiet until you call"))
    assert await until(mira, 2027, 1, 10) == []
    await mira.talks(("/settings", "by the clock of Lisbon."))


# A change close to a check-in


async def test_changed_just_before_the_first_one(mira: Somebody) -> None:
    """Where the new hour has passed already, the check-in that was planned still comes, and the new hour follows."""
    await until(mira, 2026, 11, 13, 10)
    await mira.talks(
        ("/settings 9am", "Fridays at 09:00, then. Next time still as planned: Friday 13 November, 16:08, Porto.")
    )
    assert questions_in(await until(mira, 2026, 11, 13, 16, 15)) == ["good_turn"]
    await mira.talks(("/settings", "Next time: Friday 20 November, 09:00, Porto."))


async def test_changed_just_after_one(mira: Somebody) -> None:
    """The next is never tomorrow."""
    await until(mira, 2026, 11, 13, 18)
    await mira.talks(("/settings saturdays", "Saturdays, about four, then. Next time: Saturday 21 November"))


# How often


async def test_every_second_week(mira: Somebody) -> None:
    """Two weeks lie between two check-ins, and answering brings none nearer; unanswered ones slow it down further."""
    await mira.says("/settings every other week")
    days = []
    for _week in range(12):
        await mira.scene.later(days=7)
        if questions_in(mira.hears()):
            days.append(mira.scene.clock.at.date())
            await mira.says("nothing")
            await mira.says("skip")
    assert len(days) == 6
    assert {(after - before).days for before, after in pairwise(days)} == {14}
    await mira.scene.later(days=365)
    asked = [heard.at.date() for heard in mira.hears() if questions_in([heard])]
    assert [(after - before).days for before, after in pairwise(asked)] == [14, 14, 14, 28, 28]


# Discreet


async def test_a_discreet_ping(mira: Somebody) -> None:
    """Unasked it says only that it's here, and one button opens the question; answers in words need no button."""
    await mira.talks(("/settings be discreet", "Discreet: I only say that I'm here"))
    [ping] = await until(mira, 2026, 11, 13, 18)
    assert len(ping.text.splitlines()) == 1
    assert ping.labels == ["Here I am"]
    assert questions_in([ping]) == []
    opened = await mira.presses("Here I am")
    assert questions_in(opened) == ["good_turn"]
    assert opened[0].labels == ["Nothing this week", "Later"]
    assert text_of(await mira.presses("Here I am")) == text_of(opened)
    await mira.talks(("[Later]", "Tomorrow"))
    [again] = await until(mira, 2026, 11, 14, 18)
    assert again.labels == ["Here I am"]
    await mira.talks(("gave Rui a lift", "[That's all]"), ("[That's all]", "?"), ("skip", "minutes."))
    await mira.talks(("[Here I am]", "That one is behind us. /checkin asks anew."))
    [second] = await until(mira, 2026, 11, 20, 18)
    assert second.labels == ["Here I am"]
    assert questions_in(await mira.says("here I am!")) == ["good_turn"]
    await mira.talks(("/settings", *CARD), ("cancel", "We'll leave it there."))


async def test_an_older_ping_opens_what_is_asked_now(mira: Somebody) -> None:
    """The button under last week's ping leads to this week's question."""
    await mira.says("/settings be discreet")
    [first] = await until(mira, 2026, 11, 13, 18)
    await until(mira, 2026, 11, 20, 18)
    action = first.reply.choices[0][0].action
    heard = await mira.does(Pressed(action=action, message=first.message, label="Here I am"))
    assert questions_in(heard) == ["good_turn"]
    newest = await mira.journal(lambda journal: journal.open_check_in())
    assert newest is not None
    assert heard[-1].reply.about == newest.id


# Many changes


@pytest.mark.parametrize("seed", [0, 8, 13])
async def test_changes_at_random(tmp_path: Path, seed: int) -> None:
    """Six weeks of changing day, hour and zone at any moment: no two check-ins on one date, and never long without."""
    dice = random.Random(seed)
    zones = ("Europe/Lisbon", "Pacific/Auckland", "Pacific/Honolulu", "America/New_York", "Asia/Kolkata")
    async with scene(tmp_path / "tenfold.db") as stage:
        mira = stage.person(7)
        await mira.talks(("/start", "Hello."), ("bees", "city?"), ("porto", "No need to wait"))
        await mira.says("/settings")
        asked: list[tuple[date, datetime]] = []

        async def answer() -> None:
            for heard in mira.hears():
                if "good_turn" in questions_in([heard]):
                    zone = (await mira.journal(lambda journal: journal.person)).zone
                    assert zone is not None
                    asked.append((heard.at.astimezone(ZoneInfo(zone)).date(), heard.at))
            while await mira.journal(lambda journal: journal.open_check_in()):
                await mira.says("skip")

        while stage.clock.at < datetime(2026, 12, 22, tzinfo=UTC):
            await _step(stage, timedelta(hours=dice.uniform(1, 90)), answer)
            match dice.randrange(3):
                case 0:
                    await mira.presses_action(f"settings:day:{dice.randrange(7)}")
                case 1:
                    await mira.presses_action(f"settings:hour:{dice.choice((480, 750, 1080, 1200))}")
                case _:
                    await mira.shares(dice.choice(zones))
    assert len({day for day, _at in asked}) == len(asked)
    assert all(timedelta(days=3) < after[1] - before[1] < timedelta(days=12) for before, after in pairwise(asked))
    assert len(asked) >= 4


async def _step(stage: Scene, span: timedelta, then: Callable[[], Awaitable[None]]) -> None:
    """Let *span* go by in small steps, and do *then* after each, so that everything is answered within the hour."""
    until = stage.clock.at + span
    while stage.clock.at < until:
        await stage.until(min(until, stage.clock.at + timedelta(minutes=45)))
        await then()
