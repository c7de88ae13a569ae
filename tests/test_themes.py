"""`/themes`: by taps and in words, and the two questions of weeks two and three that make themes."""

import pytest

from bot.dialogue.themes import MOST
from bot.domain import Answer
from bot.understand.theme_wish import theme_wish
from tests.conversation import Somebody, questions_in, text_of

pytestmark = pytest.mark.both_stores


async def themes(person: Somebody) -> list[str]:
    """What they stand for, with a sign before those that are paused."""
    return [f"-{each.text}" if each.paused else each.text for each in await person.journal(lambda j: j.themes())]


async def newest(person: Somebody) -> tuple[Answer, ...]:
    """The answers of the newest check-in."""
    [check_in] = await person.journal(lambda journal: journal.check_ins(1))
    whole = await person.journal(lambda journal: journal.check_in(check_in.id))
    assert whole is not None
    return whole.answers


# By taps


async def test_a_card_for_each(mira: Somebody) -> None:
    """The list has a button each, and a card what can be done with it, all in one message."""
    [shown] = await mira.says("/themes")
    assert shown.text.splitlines() == [
        "What people can come to you for:",
        "sourdough",
        "being patient with new nurses",
    ]
    await mira.talks(
        ("[sourdough]", "“sourdough”", "[Rename]", "[Pause]", "[Merge with …]", "[Drop]"),
        ("[Pause]", "Paused: I suggest nothing for it.", "[Wake]"),
        ("[‹ All themes]", "sourdough (paused)"),
        ("[sourdough]", "[Wake]"),
        ("[Wake]", "[Pause]"),
        ("[Drop]", "Drop “sourdough”? What you told me stays.", "[Keep it]"),
        ("[Keep it]", "“sourdough”", "[Drop]"),
        ("[Drop]", "[Drop it]"),
        ("[Drop it]", "“sourdough” is gone.", "being patient with new nurses"),
        ("[being patient with new nurses]", "[Drop]"),
    )
    assert "Merge with …" not in mira.all_heard[-1].labels
    assert {heard.message for heard in mira.all_heard if heard.reply.replaces} == {shown.message}
    assert await themes(mira) == ["being patient with new nurses"]


async def test_renaming_and_adding_through_restarts(mira: Somebody) -> None:
    """What is asked for in words is still asked for after a restart, and can be left."""
    await mira.talks(("/themes", "[sourdough]"), ("[sourdough]", "[Rename]"), ("[Rename]", "What would you call"))
    await mira.scene.restart(hours=3)
    await mira.talks(
        ("/start", "What would you call “sourdough”?"),
        ("hello", "What would you call “sourdough”?"),
        ("slow bread", "“sourdough” is “slow bread” now."),
        ("[Add]", "What else can people come to you for?"),
    )
    await mira.scene.restart(days=1)
    await mira.talks(
        ("bees, fixing bikes", "bees · fixing bikes. Kept."),
        ("[Add]", "What else"),
        ("never mind", "Left it."),
        ("[Add]", "What else"),
        ("[Never mind]",),
        ("[Add]", "What else"),
        ("/cancel", "Left it."),
    )
    assert await themes(mira) == ["slow bread", "being patient with new nurses", "bees", "fixing bikes"]


async def test_merging_carries_what_was_written(mira: Somebody) -> None:
    """What served one theme serves the other, and cards quote the one that is left."""
    await mira.says("/goodturn gave Rui some sourdough")
    before = await mira.journal(lambda journal: journal.entry_before(None))
    assert isinstance(before, Answer)
    assert before.theme is not None
    await mira.talks(
        ("/themes", "[sourdough]"),
        ("[sourdough]", "[Merge with …]"),
        ("[Merge with …]", "“sourdough” becomes part of which one?", "[being patient with new nurses]"),
        (
            "[being patient with new nurses]",
            "“sourdough” becomes part of “being patient with new nurses”, with all you told me for it?",
            "[Yes, one theme]",
            "[No]",
        ),
        ("[No]", "“sourdough”", "[Merge with …]"),
        ("[Merge with …]", "[being patient with new nurses]"),
        ("[being patient with new nurses]", "I can't take them apart again.", "[Yes, one theme]"),
        ("[Yes, one theme]", "“sourdough” is part of “being patient with new nurses” now."),
    )
    [left] = await mira.journal(lambda journal: journal.themes())
    after = await mira.journal(lambda journal: journal.answer(before.id))
    assert after is not None
    assert after.theme == left.id
    [card] = await mira.journal(lambda journal: journal.cards(1))
    assert card.theme == left.text


async def test_nothing_is_suggested_for_a_paused_theme(mira: Somebody) -> None:
    """The others take its turns; with none awake the act stands without a theme."""
    await mira.says("/themes pause sourdough")
    quoted = []
    for number in range(3):
        await mira.says("/checkin one")
        await mira.says(f"gave somebody thing {number}")
        quoted.append(text_of(await mira.says("that's all")))
        await mira.scene.later(days=7)
    assert all("“being patient with new nurses”" in each for each in quoted)
    await mira.says("/cancel")
    await mira.says("/themes pause nurses")
    await mira.says("/checkin one")
    await mira.says("skip")
    await mira.says("/checkin one")
    await mira.says("drove Sam home")
    assert "“being" not in text_of(await mira.says("that's all"))


async def test_buttons_of_a_theme_that_is_gone(mira: Somebody) -> None:
    """They say so and show what there is; what was never offered does nothing."""
    await mira.says("/themes")
    [bread, nurses] = await mira.journal(lambda journal: journal.themes())
    await mira.says("drop sourdough")
    for action in (f"{bread.id}", f"{bread.id}:pause", f"{nurses.id}:merge:{bread.id}", f"{bread.id}:drop:yes", "999"):
        assert "no longer a theme of yours" in text_of(await mira.presses_action(f"theme:{action}"))
    for action in ("theme", "theme:shelf", f"theme:x{nurses.id}"):
        assert "had its day" in text_of(await mira.presses_action(action))
    assert await themes(mira) == ["being patient with new nurses"]


async def test_stop_while_a_name_is_asked_for(mira: Somebody) -> None:
    """It is quiet at once, and nothing waits for a name any more."""
    await mira.talks(
        ("/themes", "[Add]"),
        ("[Add]", "What else"),
        ("STOP", "I'll be quiet until you call."),
        ("bees", "note"),
        ("/themes", "[sourdough]"),
    )
    assert "bees" not in await themes(mira)


# In words


@pytest.mark.parametrize(
    ("said", "heard", "left"),
    [
        ("add beekeeping", "beekeeping. Kept.", ["bees", "honey", "beekeeping"]),
        ("please add a new theme: tired parents", "tired parents. Kept.", ["bees", "honey", "tired parents"]),
        ("rename bees to beekeeping", "“bees” is “beekeeping” now.", ["beekeeping", "honey"]),
        ("call bees beekeeping instead", "I didn't catch that.", ["bees", "honey"]),
        ("rename bees to honey", "“bees” is part of “honey” now.", ["honey"]),
        ("drop honey", "“honey” is gone.", ["bees"]),
        ("remove the theme honey please", "“honey” is gone.", ["bees"]),
        ("pause bees", "I suggest nothing for “bees” for now.", ["-bees", "honey"]),
        ("merge bees and honey", "“bees” is part of “honey” now.", ["honey"]),
        ("merge honey into bees", "“honey” is part of “bees” now.", ["bees"]),
        ("bees and honey are the same", "“bees” is part of “honey” now.", ["honey"]),
        ("bees is part of honey", "“bees” is part of “honey” now.", ["honey"]),
        ("wake bees", "“bees” is awake again.", ["bees", "honey"]),
        ("drop sourdough", "You have no theme called “sourdough”.", ["bees", "honey"]),
        ("merge bees and bread", "You have no theme called", ["bees", "honey"]),
        ("hm, let me see", "I didn't catch that.", ["bees", "honey"]),
    ],
)
async def test_in_words(stranger: Somebody, said: str, heard: str, left: list[str]) -> None:
    """Behind the command, every wish is done or answered, and the list is shown."""
    await stranger.talks(("/start", "Hello."), ("bees, honey", "city?"), ("porto", "No need to wait"))
    await stranger.talks((f"/themes {said}", heard, "What people can come to you for:"))
    assert await themes(stranger) == left


async def test_right_after_the_list_and_out_of_the_blue(mira: Somebody) -> None:
    """After the list words are about it; out of the blue only where they name themes that are there. Stories stay
    stories."""
    await mira.talks(
        ("add bees", "note"),
        ("/themes", "[Add]"),
        ("add bees", "bees. Kept."),
        ("pause nurses", "I suggest nothing for"),
        ("dropped sourdough off at Rui's", "note"),
        ("drop sourdough off at Rui's", "note"),
        ("drop sourdough", "“sourdough” is gone."),
    )
    assert await themes(mira) == ["-being patient with new nurses", "bees"]


async def test_in_the_middle_of_a_check_in(mira: Somebody) -> None:
    """The list may be looked at; an answer stays an answer."""
    await mira.says("/checkin")
    await mira.talks(("/themes", "[sourdough]"), ("add a shelf to Rui's kitchen", "[That's all]"))
    assert "shelf" not in " ".join(await themes(mira))


async def test_a_story_for_a_theme(mira: Somebody) -> None:
    """It is kept, asked for its few words once, and then left."""
    story = "I grew up above a bakery. My mother was always in it, and I helped her. " * 4
    await mira.talks(
        ("/themes", "[Add]"),
        ("[Add]", "What else"),
        (story, "Kept. Which few words would you underline?", "[Never mind]"),
        (story, "Kept. We can find out the few words as we go."),
        ("/history", "above a bakery"),
    )


async def test_eight_are_enough(mira: Somebody) -> None:
    """More are not taken, and that is said; there is room again once one is dropped."""
    many = ", ".join(f"thing {letter}" for letter in "abcdefgh")
    await mira.talks((f"/themes add {many}", "thing f. Kept.", "Eight are as many as I can keep in mind."))
    assert len(await themes(mira)) == MOST
    assert "Add" not in mira.all_heard[-1].labels
    await mira.talks(("drop thing a", "“thing a” is gone.", "[Add]"), ("add bees", "bees. Kept."))


async def test_before_the_meeting(stranger: Somebody) -> None:
    """Themes are asked for in the meeting itself."""
    await stranger.talks(("/themes", "Hello.", "What would you like people to come to you for?"))


@pytest.mark.parametrize(
    "said",
    [
        "",
        "bees",
        "I added honey to the tea",
        "drop?",
        "add",
        "merge",
        "are bees and honey the same?",
        "drop " + "x" * 200,
        "they are the same",
    ],
)
def test_no_wish_about_themes(said: str) -> None:
    """Whatever isn't a whole wish is none."""
    assert theme_wish(said) is None


def test_two_themes_that_hold_an_and() -> None:
    """Every way to take them apart is offered, for whoever knows the themes to choose."""
    wish = theme_wish("merge bread and butter and bees")
    assert wish is not None
    assert wish.pairs == (("bread", "butter and bees"), ("bread and butter", "bees"))


# The questions of weeks two and three


async def week_two(mira: Somebody) -> None:
    """As far as the second question of the second check-in."""
    await mira.says("/checkin")
    await mira.says("gave Rui some starter")
    await mira.says("that's all")
    await mira.says("skip")
    await mira.scene.later(days=4)
    mira.hears()
    await mira.says("covered for Joana")
    assert questions_in(await mira.says("that's all")) == ["known"]


async def test_known_and_most_help_become_themes(mira: Somebody) -> None:
    """In their own words, said back with a way to change them, and then never again; two questions it stays."""
    await week_two(mira)
    heard = await mira.says("calm in a storm, fixing what others throw away")
    assert "calm in a storm · fixing what others throw away. Kept." in heard[0].text
    assert "minutes." in heard[0].text
    assert heard[0].labels[-1] == "Change"
    await mira.talks(("[Change]", "What people can come to you for:", "[calm in a storm]"))
    await mira.scene.later(days=7)
    mira.hears()
    await mira.says("drove Sam home")
    assert questions_in(await mira.says("that's all")) == ["most_help"]
    await mira.talks(("people who are new in town", "people who are new in town. Kept."))
    assert await themes(mira) == [
        "sourdough",
        "being patient with new nurses",
        "calm in a storm",
        "fixing what others throw away",
        "people who are new in town",
    ]
    await mira.talks(("/history", "Most help", "people who are new in town"), ("[‹ Older]", "Known for", "calm in a"))
    for _week in range(8):
        await mira.scene.later(days=7)
        assert not {"known", "most_help"} & {*questions_in(mira.hears())}
        while await mira.journal(lambda journal: journal.open_check_in()):
            assert not {"known", "most_help"} & {*questions_in(await mira.says("skip"))}


@pytest.mark.parametrize(
    ("said", "heard", "reading"),
    [
        ("[Don't know yet]", "We can find out as we go.", "unsure"),
        ("no idea", "We can find out as we go.", "unsure"),
        ("[Skip]", "minutes.", "skip"),
        ("skip", "minutes.", "skip"),
        ("nothing", "minutes.", "skip"),
        ("no", "minutes.", "skip"),
        ("none of your business", "I won't ask that one again.", "never"),
    ],
)
async def test_whoever_would_rather_not_say(mira: Somebody, said: str, heard: str, reading: str) -> None:
    """Not knowing and not saying are answers, and it isn't asked again."""
    await week_two(mira)
    await mira.talks((said, heard))
    assert [(answer.question, answer.reading) for answer in await newest(mira)][-1] == ("known", reading)
    asking = await mira.journal(lambda journal: journal.asking("known"))
    assert asking.never
    assert await themes(mira) == ["sourdough", "being patient with new nurses"]


async def test_a_story_of_how_to_be_known(mira: Somebody) -> None:
    """It is kept, asked for the words to underline once, also after a restart; those become the theme."""
    await week_two(mira)
    story = "When I was small nobody listened. I sat there and waited. I would like to be somebody who does. " * 3
    await mira.talks(
        (story, "Kept as you said it.", "Which few words of that would you underline?", "[Don't know yet]")
    )
    await mira.scene.restart(days=1)
    await mira.talks(("yes", "?"), ("listening", "Kept, in your words.", "“listening”", "[Change]"))
    assert await themes(mira) == ["sourdough", "being patient with new nurses", "listening"]
    assert [(answer.question, answer.reading) for answer in await newest(mira)][-2:] == [
        ("known", "unclear"),
        ("known", None),
    ]


async def test_one_more_good_turn_instead(mira: Somebody) -> None:
    """What is plainly added to the good turns is one, and the question stays; "also" before a theme is part of it."""
    await week_two(mira)
    heard = await mira.says("oh and I also gave Ana a lift")
    assert questions_in(heard) == ["known"]
    await mira.talks(("also being calm", "Kept, in your words.", "“being calm”"))
    assert [answer.text for answer in await newest(mira) if answer.question == "good_turn"][:3:2] == [
        "covered for Joana",
        "oh and I also gave Ana a lift",
    ]


async def test_two_stories_are_accepted(mira: Somebody) -> None:
    """What isn't understood twice is kept in their words, and makes no theme."""
    await week_two(mira)
    story = "When I was small nobody listened. I sat there and waited. I would like to be somebody who does. " * 3
    await mira.talks((story, "Which few words"), (story, "That will do, kept in your words.", "minutes."))
    assert await themes(mira) == ["sourdough", "being patient with new nurses"]


async def test_unanswered_it_is_asked_once_more(mira: Somebody) -> None:
    """A check-in that was left at that question asks it again later, after the other one, and then no more."""
    await week_two(mira)
    asked = []
    for _week in range(5):
        await mira.scene.later(days=7)
        mira.hears()
        await mira.says("nothing to tell but this: lent the ladder")
        asked += questions_in(await mira.says("that's all"))
    assert asked[:3] == ["most_help", "known", "most_help"]
    assert not {"known", "most_help"} & {*asked[3:]}


async def test_a_week_of_nothing_keeps_it_for_the_next(mira: Somebody) -> None:
    """After nothing it is asked what was received, as ever, and the question waits a week."""
    await mira.says("/checkin")
    await mira.says("skip")
    await mira.says("skip")
    await mira.scene.later(days=4)
    mira.hears()
    assert questions_in(await mira.says("nothing")) == ["received"]
    await mira.says("skip")
    await mira.scene.later(days=7)
    mira.hears()
    await mira.says("lent the ladder")
    assert questions_in(await mira.says("that's all")) == ["known"]


async def test_no_room_for_more_themes(mira: Somebody) -> None:
    """With eight themes an answer is kept as it is, and that is said."""
    await mira.says("/themes add " + ", ".join(f"thing {letter}" for letter in "abcdef"))
    await week_two(mira)
    await mira.talks(("bees, honey", "Eight are as many as I can keep in mind; the rest stays in your journal."))

    assert len(await themes(mira)) == MOST


async def test_what_serves_a_theme(mira: Somebody) -> None:
    """From its card one gets to all that serves it, if anything does."""
    await mira.says("/themes")
    await mira.talks(("[sourdough]", "[Rename]"))
    assert "What you told me" not in mira.all_heard[-1].labels
    await mira.says("/goodturn gave Rui some sourdough")
    await mira.says("/themes")
    await mira.talks(
        ("[sourdough]", "[What you told me]"),
        ("[What you told me]", "“sourdough” · Monday 9 November", "gave Rui some sourdough"),
    )


# What a card tells


async def card_of(person: Somebody, theme: str) -> list[str]:
    """The lines of a theme's card."""
    await person.says("/themes")
    return text_of(await person.presses(theme)).splitlines()


async def test_a_card_tells_what_was_told(mira: Somebody) -> None:
    """Its latest good turns in their words, who was in them, how alive it is; no figures, and one screen."""
    assert (await card_of(mira, "sourdough"))[1] in (
        "Nothing told for it so far. It keeps.",
        "Its first story is still to come; no hurry.",
    )
    for said in (
        "gave Rui some sourdough starter",
        "showed Ana how sourdough wants to be left alone. Then we ate half of it",
        "took a sourdough loaf to Priya",
        "swapped sourdough tales with Rui over the fence between our two gardens, which went on until dark",
    ):
        await mira.scene.later(days=1)
        await mira.says(f"/goodturn {said}")
    await mira.talks(("/people priya", "[Let be]"), ("[Let be]", "Let be:"))
    card = await card_of(mira, "sourdough")
    assert card[:-1] == [
        "“sourdough”",
        "“swapped sourdough tales with Rui over the fence between our two…”",
        "“showed Ana how sourdough wants to be left alone”",
        "“gave Rui some sourdough starter”",
        "In it: Rui, Ana.",
    ]
    assert card[-1] in (
        "You've come back to it again and again lately.",
        "This one runs through your weeks.",
        "It's wide awake: you keep coming back to it.",
    )
    assert not any(sign.isdecimal() for sign in "".join(card))


@pytest.mark.parametrize(
    ("days", "told"),
    [
        (0, "today"),
        (16, "not long ago"),
        (30, "in November"),
        (60, "since November"),
        (400, "since November 2026"),
    ],
)
async def test_how_alive_in_words(mira: Somebody, days: int, told: str) -> None:
    """It is told in words how long ago it came up, and that quiet is allowed; in other words the next time."""
    await mira.says("/goodturn gave somebody sourdough")
    await mira.scene.later(days=days)
    first, second = [(await card_of(mira, "sourdough"))[-1] for _again in range(2)]
    assert told in first
    assert told in second
    assert first != second


async def test_a_paused_theme_says_so_kindly(mira: Somebody) -> None:
    """What was told stays on its card, and rest has no end."""
    await mira.says("/goodturn gave somebody sourdough")
    await card_of(mira, "sourdough")
    await mira.presses("Pause")
    assert await card_of(mira, "sourdough") == [
        "“sourdough”",
        "“gave somebody sourdough”",
        "Paused: I suggest nothing for it. It may rest as long as you like.",
    ]
