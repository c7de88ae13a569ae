"""Who it was: proposed, put right by one button, known across spellings, and let be."""

import pytest

from bot.journal import Journal
from tests.conversation import Somebody, text_of


def about(journal: Journal) -> list[tuple[str, list[str]]]:
    """What was told, and whom it is about."""
    return [
        (answer.text or "", [each.name for each in journal.mentioned(answer.id)])
        for answer in reversed(journal.written(50))
    ]


def names(journal: Journal) -> list[str]:
    return [each.name for each in journal.acquaintances()]


async def test_names_are_proposed(mira: Somebody) -> None:
    """As in PRODUCT.md: the names in a good turn are said back with one button, never taken silently."""
    [asked] = await mira.says("/checkin")
    assert asked.labels == ["Nothing this week", "Later"]
    [kept] = await mira.says("covered 20 min for Joana so she could eat. gave Rui some starter")
    assert kept.text.startswith("Kept: Joana, Rui.")
    assert kept.labels == ["That's all", "Fix"]
    assert await mira.journal(names) == ["Joana", "Rui"]


@pytest.mark.parametrize(
    ("fixes", "left"),
    [
        (["[Not Rui]"], ["Joana"]),
        (["[Nobody by name]"], []),
        (["Ana and my neighbour"], ["Ana", "my neighbour"]),
        (["joana"], ["Joana"]),
        (["nobody"], []),
        (["skip"], ["Joana", "Rui"]),
        (["/cancel"], ["Joana", "Rui"]),
    ],
)
async def test_names_are_put_right(mira: Somebody, fixes: list[str], left: list[str]) -> None:
    """By button or in words, in the middle of a check-in, which goes on where it was, also after a restart."""
    await mira.says("/checkin")
    await mira.says("covered for Joana and gave Rui some starter")
    await mira.talks(("[Fix]", "Who was it, then?", "[Not Joana]", "[Not Rui]", "[Nobody by name]"))
    await mira.scene.restart()
    heard = []
    for fix in fixes:
        heard = await (mira.presses(fix[1:-1]) if fix.startswith("[") else mira.says(fix))
    assert "[That's all]" in f"{[f'[{label}]' for each in heard for label in each.labels]}"
    [(_text, who)] = await mira.journal(about)
    assert sorted(who) == sorted(left)
    await mira.talks(("and drove Tom home", "Kept: Tom."), ("that's all", "?"))


async def test_pressed_twice(mira: Somebody) -> None:
    """A name that was taken away once stays away, and nothing is said twice."""
    await mira.says("/goodturn covered for Joana and gave Rui some starter")
    await mira.presses("Fix")
    assert not await mira.presses("Fix")
    await mira.talks(("[Not Rui]", "Joana, then."), ("[Not Rui]",))


async def test_one_person_across_spellings(mira: Somebody) -> None:
    """ "Priya" and "priya s." are one; one that is only nearly the same is asked about in the same place."""
    await mira.talks(
        ("/goodturn helped Priya Sharma with her move", "Kept: Priya Sharma."),
        ("/goodturn rang Priya on the way home", "Kept: Priya Sharma."),
        ("/goodturn lent priya s. the drill", "Kept: Priya Sharma."),
        ("/goodturn covered for Joana", "Kept: Joana."),
        ("/goodturn lunch with Joanna, she did the talking", "Kept: Joanna."),
        ("[Fix]", "[Not Joanna]", "[Joanna is Joana]"),
        ("[Joanna is Joana]", "Joana, then."),
        ("/goodturn thanked Joanna", "Kept: Joana."),
    )
    assert await mira.journal(names) == ["Priya Sharma", "Joana"]


async def test_kin_are_said_back_as_people_would(mira: Somebody) -> None:
    """ "my sister" is "your sister" in the bot's mouth."""
    await mira.talks(
        ("/goodturn listened to my sister for an hour", "Kept: your sister."),
        ("/people", "[my sister]"),
        ("[my sister]", "your sister", "You last told me of your sister on Monday 9 November."),
    )


async def test_received_is_recognised(mira: Somebody) -> None:
    """ "boss said I did well" is one they got: kept as that and asked about; yes, no, and going on are understood."""
    await mira.says("/checkin")
    await mira.talks(
        ("boss said I did well", "That sounds like one you got. Keep it there?", "[Yes, I got it]", "[No, I gave it]"),
        ("[Yes, I got it]", "ept"),
    )
    [answer] = await mira.journal(lambda journal: journal.written(1))
    assert (answer.question, answer.text) == ("received", "boss said I did well")
    await mira.talks(("covered for Joana", "Kept: Joana."))


@pytest.mark.parametrize(
    ("said", "question"),
    [("yes", "received"), ("no", "good_turn"), ("no, I gave it", "good_turn"), ("covered for Joana", "received")],
)
async def test_received_in_words(mira: Somebody, said: str, question: str) -> None:
    """What they say about it moves it; anything else leaves it there and answers the check-in."""
    await mira.says("/checkin")
    await mira.says("boss said I did well")
    await mira.scene.restart()
    await mira.says(said)
    written = await mira.journal(lambda journal: journal.written(5))
    assert [answer.question for answer in written if answer.text == "boss said I did well"] == [question]
    assert [answer.text for answer in written if answer.question == "note"] == []


async def test_a_good_turn_by_hand_may_be_another_thing(mira: Somebody) -> None:
    """`/goodturn` and plain messages offer good turn, received or note."""
    await mira.talks(
        ("/goodturn soup on the doorstep", "ept", "[One I received]", "[Just a note]"),
        ("[One I received]", "One you received, then."),
        ("/goodturn soup for Ana", "Kept: Ana.", "[Fix]", "[One I received]", "[Just a note]"),
        ("[Just a note]", "A note it is."),
        ("the bees are back", "[A good turn]", "[One I received]", "[Just a note]"),
        ("[One I received]", "One you received, then."),
    )
    assert [answer.question for answer in await mira.journal(lambda journal: journal.written(5))] == [
        "received", "note", "received",
    ]  # fmt: skip


async def test_let_be(mira: Somebody) -> None:
    """Somebody can be let be: everything written stays, and the card says so; it can be taken back."""
    await mira.talks(
        ("/goodturn rang Priya", "Kept: Priya."),
        ("/people", "People you've told me about:", "[Priya]"),
        ("[Priya]", "[What you told me]", "[Another name]", "[Same as …]", "[Let be]", "[Forget]"),
        ("[Let be]", "Let be: I don't suggest anything with them.", "[No longer let be]"),
        ("[What you told me]", "rang Priya"),
        ("/people priya", "[No longer let be]"),
        ("[No longer let be]", "[Let be]"),
    )


async def test_another_name(mira: Somebody) -> None:
    """Somebody goes by another name from now on, and is found by both; one that is taken asks whether two are one."""
    await mira.talks(
        ("/goodturn covered for the new one, Joana", "Kept: Joana."),
        ("/people joana", "[Another name]"),
        ("[Another name]", "How should I call Joana?", "[Leave it]"),
        ("Joana Reis", "Joana Reis, then."),
        ("/goodturn lunch with Joana", "Kept: Joana Reis."),
        ("/goodturn drove Tom home", "Kept: Tom."),
        ("/people tom", "[Another name]"),
        ("[Another name]", "How should I call Tom?"),
        ("Joana", "You know Joana Reis already. Are Tom and Joana Reis the same?", "[Yes, the same]", "[No]"),
        ("[Yes, the same]", "Tom and Joana Reis are one from now on."),
        ("/people tom", "Joana Reis", "Also: "),
    )
    assert await mira.journal(names) == ["Joana Reis"]


async def test_same_as_and_forget(mira: Somebody) -> None:
    """Two become one by button; a name can be forgotten while the words stay."""
    await mira.talks(
        ("/goodturn covered for Joana", "Kept: Joana."),
        ("/goodturn drove Tom home", "Kept: Tom."),
        ("/people tom", "[Same as …]"),
        ("[Same as …]", "Tom is the same as:", "[Joana]"),
        ("[‹ Back]", "[Forget]"),
        ("[Forget]", "Forget Tom?", "[Forget the name]", "[Keep it]"),
        ("[Forget the name]", "Forgotten."),
        ("[Forget the name]",),
        ("/history tom", "drove Tom home"),
    )
    assert await mira.journal(names) == ["Joana"]


async def test_many_people(mira: Somebody) -> None:
    """They are turned over page by page, those spoken of last first."""
    for name in ("Ana", "Bento", "Clara", "Dinis", "Elsa", "Filipe", "Gil", "Helena", "Ines", "Jorge"):
        await mira.scene.later(minutes=1)
        await mira.says(f"/goodturn drove {name} home")
    [first] = await mira.says("/people")
    assert first.labels == ["Jorge", "Ines", "Helena", "Gil", "Filipe", "Elsa", "Dinis", "Clara", "Longer ago ›"]
    [second] = await mira.presses("Longer ago ›")
    assert second.labels == ["Bento", "Ana", "‹ Newer"]
    assert second.reply.replaces == first.message


async def test_nobody_yet(mira: Somebody) -> None:
    """An empty list says how it fills."""
    await mira.talks(("/people", "Nobody yet."), ("/people Ana", "I don't know anybody by that name yet."))


async def test_a_mirror_still_stands(mira: Somebody) -> None:
    """Names said back change nothing about how a check-in ends."""
    heard = []
    for said in ("/checkin", "covered for Joana", "that's all", "skip"):
        heard = await mira.says(said)
    assert "covered for Joana" in text_of(heard)
    assert "My own time" in heard[-1].labels
