"""The first meeting: three messages, and an act in hand."""

from tests.conversation import Scene, Somebody


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
