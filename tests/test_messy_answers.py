"""PRODUCT.md's table of messy answers, row by row: what is said at a moment, and what happens then."""

from datetime import timedelta

import pytest

from tests.conversation import Scene, Somebody, questions_in, text_of


async def asked(somebody: Somebody, *answers: str) -> None:
    """A full check-in, answered so far."""
    await somebody.says("/checkin full")
    for answer in answers:
        await somebody.says(answer)


async def test_themes_idk_why(stranger: Somebody) -> None:
    """themes: "idk, why?"."""
    await stranger.talks(
        ("/start", "What would you like people to come to you for?"),
        ("idk, why?", "So that what I suggest sounds like you. We can find out as we go.", "In which city?"),
    )


async def test_themes_a_life_story(stranger: Somebody) -> None:
    """themes: a life story."""
    story = (
        "I was born in a small village and never left it for long. My mother kept goats. I became a nurse because of"
        " my grandmother, who I looked after when I was nineteen, and I have been on nights for eleven years now."
    )
    await stranger.talks(
        ("/start", "come to you for?"),
        (story, "Kept. Which few words would you underline?"),
        ("night-shift nursing", "night-shift nursing", "In which city?"),
    )
    [kept] = await stranger.journal(lambda journal: journal.written(5))
    assert kept.text == story


async def test_city_two_at_once(stranger: Somebody) -> None:
    """city: "utc+2, lisbon from the 14th" takes both and says both back, and on the 14th the clock is Lisbon's."""
    await stranger.talks(("/start", "?"), ("bees", "In which city?"))
    heard = text_of(await stranger.says("utc+2, lisbon from the 14th"))
    assert "UTC+2" in heard
    assert "Lisbon" in heard
    assert "14 November" in heard
    await stranger.scene.later(days=6)
    assert await stranger.journal(lambda journal: journal.person.city) == "Lisbon"
    assert await stranger.journal(lambda journal: journal.person.zone) == "Europe/Lisbon"


async def test_nothing_dads_in_hospital(mira: Somebody) -> None:
    """good turn: "nothing, dad's in hospital": the one question, and no act."""
    await mira.says("/checkin")
    heard = await mira.says("nothing, dad's in hospital")
    assert "I'm sorry about your dad." in text_of(heard)
    assert "two weeks" in text_of(heard)
    assert not questions_in(heard)
    cards = await mira.journal(lambda journal: len(journal.cards(9)))
    await mira.scene.later(days=2)
    assert not mira.hears()
    assert await mira.journal(lambda journal: len(journal.cards(9))) == cards
    assert (await mira.journal(lambda journal: journal.written(1)))[0].text == "nothing, dad's in hospital"


async def test_boss_said_i_did_well(mira: Somebody) -> None:
    """good turn: "boss said I did well"."""
    await mira.talks(("/checkin", "?"), ("boss said I did well", "That sounds like one you got. Keep it there?"))


async def test_same_as_always(mira: Somebody) -> None:
    """good turn: "same as always": it counts, and nobody is coaxed."""
    await mira.says("/checkin")
    heard = await mira.says("same as always")
    assert "The usual counts." in text_of(heard)
    assert "good_turn" not in questions_in(heard)


async def test_zero_tbh(mira: Somebody) -> None:
    """call: "0 tbh", and the next act is with someone known."""
    await mira.says("/goodturn covered for Joana")
    await asked(mira, "helped Rui", "that's all", "skip", "skip", "skip")
    heard = await mira.says("0 tbh")
    assert "Thank you for saying it straight." in text_of(heard)
    [card] = await mira.journal(lambda journal: journal.cards(1))
    known = await mira.journal(lambda journal: {each.id for each in journal.acquaintances()})
    words = await mira.journal(lambda journal: journal.person.name)
    assert words
    assert card.acquaintance in known or card.act.partition("-")[0] in ("check", "listen", "reply", "thank", "ask")


@pytest.mark.parametrize("where", ["", "/checkin", "/goodturn", "/history"])
async def test_the_point_of_being_here(mira: Somebody, where: str) -> None:
    """anywhere: "don't see the point of being here"."""
    await mira.says("/goodturn covered for Joana")
    if where:
        await mira.says(where)
    heard = await mira.says("don't see the point of being here")
    said = text_of(heard)
    assert "I'm only a small program." in said
    assert "Please tell someone near you now, or call your local emergency number." in said
    assert not questions_in(heard)
    assert "minutes." not in said
    assert "don't see the point of being here" in [
        answer.text for answer in await mira.journal(lambda journal: journal.written(3))
    ]


async def test_she_died_in_march(mira: Somebody) -> None:
    """a card that names Priya: "she died in march": sorry, and never again."""
    for _week in range(12):
        await mira.says("/goodturn rang Priya on the way home")
        await mira.scene.later(days=7)
        await mira.says("/checkin")
        await mira.says("rang Priya again")
        await mira.says("that's all")
        heard = await mira.says("skip")
        if "Priya" in heard[-1].text.splitlines()[-1]:
            break
    else:
        raise AssertionError("no card ever named her")
    heard = await mira.says("she died in march")
    assert "I'm sorry. I won't suggest her again." in text_of(heard)
    [priya] = await mira.journal(lambda journal: journal.acquaintances())
    assert priya.let_be
    [card, *_] = await mira.journal(lambda journal: journal.cards(1))
    assert card.state == "declined"


async def test_when_the_baby_sleeps(mira: Somebody) -> None:
    """when: "when the baby sleeps": the cue is kept, and asked about after two days."""
    await mira.presses("My own time")
    await mira.talks(("when the baby sleeps", "when the baby sleeps"))
    [card] = await mira.journal(lambda journal: journal.cards(1))
    assert (card.state, card.moment) == ("taken", "when the baby sleeps")
    await mira.scene.later(days=1, hours=12)
    assert not mira.hears()
    await mira.scene.later(days=1)
    [heard] = mira.hears()
    assert {"Did it, gladly", "Did it, a chore", "Not yet", "Let it go"} <= set(heard.labels)


async def test_left_on_read(mira: Somebody) -> None:
    """follow-up: "did it, left on read": done, and no ripple."""
    await mira.presses("My own time")
    await mira.says("when the baby sleeps")
    await mira.scene.later(days=2, hours=20)
    assert mira.hears()
    heard = await mira.says("did it, left on read")
    assert "You did your half." in text_of(heard)
    [card] = await mira.journal(lambda journal: journal.cards(1))
    assert card.state == "done"
    assert "What came of it" not in text_of(heard)


async def test_a_voice_note(mira: Somebody, stage: Scene) -> None:
    """a voice note (no transcription): kept, with a few words asked for to find it by."""
    await mira.says("/checkin")
    heard = await mira.sends("voice")
    assert "few words" in text_of(heard)
    await mira.says("the lullaby for Ana's little one")
    [answer] = await mira.journal(lambda journal: journal.written(1))
    assert answer.text == "the lullaby for Ana's little one"
    assert len(await mira.journal(lambda journal: journal.media_of(answer.id))) == 1
    assert stage.clock.at - timedelta(days=1) < answer.said_at
