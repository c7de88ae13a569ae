"""The first meeting: three messages, and an act in hand."""

from datetime import UTC, datetime

import pytest

from tests.conversation import Scene, Somebody, questions_in


async def test_three_messages_lead_to_an_act_in_hand(stranger: Somebody) -> None:
    """Hello, themes, city: then the next visit has a date, and a card quotes a theme."""
    await stranger.talks(
        (
            "/start",
            "Once a week I ask",
            "/privacy",
            "What would you like people to come to you for?",
            "[Don't know yet]",
        ),
        (
            "sourdough, being patient with new nurses",
            "sourdough · being patient with new nurses",
            "I'll come by on Fridays at four. In which city?",
            "[Change]",
            "[Other time]",
        ),
        (
            "porto",
            "Friday 13 November, about 16:00, Porto. No need to wait, though:",
            "“sourdough”",
            "minutes.",
            "[Not for me]",
        ),
        ("[Tomorrow with coffee]", ""),
    )


async def test_not_knowing_is_an_answer(stranger: Somebody) -> None:
    """Nobody has to know what they stand for on the first day."""
    await stranger.talks(
        ("/start", "[Don't know yet]"),
        ("idk, why?", "So that what I suggest sounds like you. We can find out as we go.", "In which city?"),
    )


async def test_themes_can_be_changed(stranger: Somebody) -> None:
    """Change asks for the themes again and then goes on where it was."""
    await stranger.talks(
        ("/start", "Hello."),
        ("sourdogh", "[Change]"),
        ("[Change]", "Say them again"),
        ("sourdough and bees", "sourdough · bees", "In which city?"),
    )


async def test_a_life_story_is_kept(stranger: Somebody) -> None:
    """A long story is kept whole, and asked for its few words once."""
    story = "I grew up above a bakery. " * 12
    await stranger.talks(
        ("/start", "Hello."),
        (story, "Kept. Which few words would you underline?"),
        ("well " + story, "In which city?"),
        ("porto", "No need to wait"),
        ("/history", "I grew up above a bakery."),
    )


async def test_another_time(stranger: Somebody) -> None:
    """The day and hour are theirs to choose."""
    await stranger.talks(
        ("/start", "Hello."),
        ("bees", "[Other time]"),
        ("[Other time]", "Which day and hour"),
        ("hm, let me see", "I didn't catch"),
        ("sundays 9am", "Sundays at 09:00", "In which city?"),
        ("lisbon", "Sunday 15 November, 09:00, Lisbon"),
    )


async def test_an_ambiguous_city_is_asked(stranger: Somebody) -> None:
    """Two cities of one name are offered as buttons."""
    await stranger.talks(
        ("/start", "Hello."),
        ("bees", "In which city?"),
        ("springfield", "Which one?", "Illinois", "[Somewhere else]"),
        ("[Somewhere else]", "A city near you"),
        ("porto", "No need to wait"),
    )


async def test_the_time_there_is_enough(stranger: Somebody) -> None:
    """Who would rather not name a city can say what time it is."""
    await stranger.talks(("/start", "Hello."), ("bees", "city?"), ("it's 7pm here", "Which is nearest?"))


async def test_a_shared_location_gives_the_clock(stranger: Somebody) -> None:
    """Only the zone of a location is used."""
    await stranger.talks(("/start", "Hello."), ("bees", "city?"))
    heard = await stranger.shares("Europe/Athens")
    assert "No need to wait" in heard[0].text


async def test_start_never_resets(mira: Somebody) -> None:
    """/start again greets and changes nothing."""
    await mira.talks(
        ("/start", "Hello again.", "I'll come by Friday 13 November"), ("/history", "Nothing in your journal")
    )


async def test_first_words_without_start_are_kept(stranger: Somebody) -> None:
    """Whoever begins by telling something is greeted, and what they told is kept."""
    await stranger.talks(
        ("carried the shopping up for my neighbour", "Hello.", "What would you like"),
        ("[Don't know yet]", "In which city?"),
        ("porto", "No need"),
        ("/history", "carried the shopping up for my neighbour"),
    )


async def test_a_group_is_told_once(stage: Scene) -> None:
    """In a group it says once that it talks in private."""
    somebody = stage.person(7)
    heard = await somebody.writes_in_group(-100)
    assert "in private" in heard[0].text
    assert await somebody.writes_in_group(-100) == []


async def test_reactions_to_the_first_question(stranger: Somebody) -> None:
    """A greeting, a nod or a question of theirs is answered, and the question stays."""
    await stranger.talks(
        ("hi", "Hello. Once a week", "What would you like"),
        ("ok", "A few words will do", "[Don't know yet]"),
        ("who are you?", "I'm a small program", "What would you like people to come to you for?"),
        ("bees", "bees", "In which city?"),
        ("hello", "In which city?"),
        ("why do you need that?", "Only for its clock"),
        ("what else do you do?", "I'm a small program", "In which city?"),
        ("porto", "No need to wait"),
        ("/history", "Nothing in your journal yet"),
    )


async def test_who_would_rather_not_say_where(stranger: Somebody) -> None:
    """The time there is enough, and without it UTC will do."""
    await stranger.talks(
        ("/start", "Hello."),
        ("bees", "city?"),
        ("none of your business", "You needn't name one. What time is it there?"),
        ("no", "For now I go by UTC, then.", "Friday 13 November, about 16:00.", "No need to wait"),
    )


async def test_an_offered_city_can_be_named(stranger: Somebody) -> None:
    """The buttons under an ambiguous city can be answered in words, and a second press is silent."""
    await stranger.talks(
        ("/start", "Hello."),
        ("[Don't know yet]", "city?"),
        ("[Don't know yet]",),
        ("springfield", "Illinois"),
        ("illinois", "Springfield. No need to wait"),
        ("[Springfield, Oregon, US]",),
        ("[Somewhere else]",),
    )


async def test_nothing_told_on_the_way_is_lost(stranger: Somebody) -> None:
    """A story told instead of a city or an hour is kept as a note."""
    await stranger.talks(
        ("/start", "Hello."),
        ("bees", "city?"),
        ("first let me tell you about my neighbour's hives", "I can't place that one"),
        ("[Other time]", "Which day and hour"),
        ("it depends on how the winter treats us, and on my neighbour's knee, to be honest", "I didn't catch"),
        ("sundays 9am", "I'll come by on Sundays at 09:00. In which city?"),
        ("porto", "Sunday 15 November, 09:00, Porto"),
        ("/history", "my neighbour's knee"),
        ("[‹ Older]", "my neighbour's hives"),
    )


async def test_a_good_turn_in_the_middle_of_it(stranger: Somebody) -> None:
    """What is told by hand in between is kept, and the meeting goes on where it was."""
    await stranger.talks(
        ("/start", "Hello."),
        ("/goodturn moved a hive with Tom", "ept", "What would you like people to come to you for?"),
        ("bees", "city?"),
        ("/goodturn", "Tell me"),
        ("gave Ana honey", "ept", "In which city?"),
        ("/checkin", "Hello again.", "In which city?"),
        ("porto", "No need to wait"),
        ("/history", "gave Ana honey"),
        ("[‹ Older]", "moved a hive with Tom"),
    )


async def test_a_location_before_the_themes(stranger: Somebody) -> None:
    """Where they are can come first; the themes are still asked, and the meeting ends as ever."""
    await stranger.says("/start")
    heard = await stranger.shares("Asia/Tokyo")
    assert "Then I go by the clock there." in heard[0].text
    assert "What would you like people to come to you for?" in heard[0].text
    await stranger.talks(("bees", "bees", "Friday 13 November, about 16:00. No need to wait"))
    await stranger.scene.until(datetime(2026, 11, 13, 8, tzinfo=UTC))
    assert questions_in(stranger.hears()) == ["good_turn"]


async def test_a_meeting_through_restarts(stranger: Somebody) -> None:
    """Closed and opened again after each step, it goes on at the same question."""
    scene = stranger.scene
    await stranger.says("/start")
    for said, asked in (("hm, what was it?", "What would you like"), ("bees", "In which city?"), ("/start", "city?")):
        await scene.restart(days=1)
        await stranger.talks((said, asked))
    await scene.restart(days=30)
    await stranger.talks(("porto", "No need to wait"), ("[My own time]", "When"))
    await scene.restart(hours=2)
    await stranger.talks(("tuesday, with the bees", "Kept."))


async def test_moving_elsewhere(mira: Somebody) -> None:
    """A location shared later moves the clock, and neither skips nor doubles a week."""
    heard = await mira.shares("Asia/Tokyo")
    assert heard[0].text == "Then I go by the clock there. Next time: Friday 13 November, about 16:00."
    await mira.scene.until(datetime(2026, 11, 13, 7, 30, tzinfo=UTC))
    assert questions_in(mira.hears()) == ["good_turn"]
    await mira.shares("America/New_York")
    await mira.scene.until(datetime(2026, 11, 20, 20, tzinfo=UTC))
    assert mira.hears()[-1:] == []
    await mira.scene.until(datetime(2026, 11, 20, 22, tzinfo=UTC))
    assert questions_in(mira.hears()) == ["good_turn"]


async def test_another_time_later_on(mira: Somebody) -> None:
    """The button of the first day still works: another day or hour, and the next visit is said."""
    await mira.scene.until(datetime(2026, 11, 13, 18, tzinfo=UTC))
    assert questions_in(mira.hears()) == ["good_turn"]
    await mira.talks(
        ("[Other time]", "Which day and hour"),
        ("sundays 9am", "Sundays at 09:00, then. Next time: Sunday 22 November, 09:00, Porto."),
        ("[Change]", "Say them again"),
        ("skip", "Then they stay as they are."),
        ("[Change]", "Say them again"),
        ("bread, honey", "bread · honey. Kept.", "[Change]"),
    )
    await mira.scene.until(datetime(2026, 11, 22, 8, tzinfo=UTC))
    assert mira.hears() == []
    await mira.scene.until(datetime(2026, 11, 22, 10, tzinfo=UTC))
    assert questions_in(mira.hears()) == ["good_turn"]


async def test_a_group_is_told_once_whatever_happens(stage: Scene) -> None:
    """Later messages, presses and restarts in a group get nothing, and nothing comes unasked."""
    somebody = stage.person(7)
    await somebody.writes_in_group(-100)
    await stage.restart(days=30)
    assert await somebody.says("/start") == []
    assert await somebody.presses_action("meet:unsure") == []
    await stage.later(days=30)
    assert somebody.hears() == []


async def test_a_check_in_asked_for_too_early(stranger: Somebody) -> None:
    """/checkin in the first meeting goes on with the meeting, also once the clock is known."""
    await stranger.says("/start")
    await stranger.shares("Asia/Tokyo")
    await stranger.talks(("/checkin", "What would you like people to come to you for?"), ("bees", "No need to wait"))


async def test_a_city_in_a_sentence(stranger: Somebody) -> None:
    """The city is heard in what is told around it, and a weekend in a story is no wish for one."""
    await stranger.talks(
        ("/start", "Hello."),
        ("bees", "city?"),
        (
            "I'm in Leeds most of the time, though I go to my sister's in Whitby every other weekend",
            "Friday 13 November, about 16:00, Leeds.",
        ),
    )


@pytest.mark.parametrize("said", ["9", "2", "-1", "1."])
async def test_a_bare_number_is_no_place(stranger: Somebody, said: str) -> None:
    """Neither an hour nor an offset nor a city is made of it."""
    await stranger.talks(("/start", "Hello."), ("bees", "city?"), (said, "I can't place that one."))
    assert (await stranger.journal(lambda journal: journal.person)).minute is None


async def test_many_themes(stranger: Somebody) -> None:
    """Eight are enough to begin with; the rest isn't dropped in silence."""
    everything = ", ".join(f"thing {letter}" for letter in "abcdefghij")
    await stranger.talks(
        ("/start", "Hello."),
        (everything, "thing h", "I'll start with these; the rest is kept.", "In which city?"),
        ("porto", "No need to wait"),
        ("/history", "thing j"),
    )
    assert len(await stranger.journal(lambda journal: journal.themes())) == 8


@pytest.mark.parametrize("said", ["how do I stop this", "is this free?", "who are you and why do you ask"])
async def test_a_question_is_no_theme(stranger: Somebody, said: str) -> None:
    """It is answered, and the themes are asked for again."""
    await stranger.talks(("/start", "Hello."), (said, "I'm a small program", "What would you like people to come"))
