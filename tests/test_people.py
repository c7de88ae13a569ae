"""Who it was: proposed, put right by one button, known across spellings, and let be."""

import pytest

from bot.journal import Journal
from tests.conversation import Somebody, text_of

pytestmark = pytest.mark.both_stores


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
        ("[Joanna is Joana]", "Joanna and Joana become one, by the name of Joana? I can't take them apart again."),
        ("[No]", "Who was it, then?", "[Joanna is Joana]"),
        ("[Joanna is Joana]", "[Yes, the same]"),
        ("[Yes, the same]", "Joana, then."),
        ("[Yes, the same]",),
        ("/goodturn thanked Joanna", "Kept: Joana."),
    )
    assert await mira.journal(names) == ["Priya Sharma", "Joana"]


async def test_kin_are_said_back_as_people_would(mira: Somebody) -> None:
    """ "my sister" is "your sister" in the bot's mouth."""
    await mira.talks(
        ("/goodturn listened to my sister for an hour", "Kept: your sister."),
        ("/people", "[my sister]"),
        (
            "[my sister]",
            "your sister",
            "From you: “listened to my sister for an hour”",
            "told me of your sister today.",
        ),
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
        ("[Another name]", "What should I call Joana?", "[Leave it]"),
        ("Joana Reis", "Joana Reis, then."),
        ("/goodturn lunch with Joana", "Kept: Joana Reis."),
        ("/goodturn drove Tom home", "Kept: Tom."),
        ("/people tom", "[Another name]"),
        ("[Another name]", "What should I call Tom?"),
        (
            "Joana",
            "You know Joana Reis already. Are Tom and Joana Reis the same person? I can't take them apart again.",
            "[Yes, the same]",
            "[No]",
        ),
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
        ("[Forget]", "Shall I forget Tom?", "[Forget the name]", "[Keep it]"),
        ("[Forget the name]", "Forgotten."),
        ("[Forget the name]",),
        ("/history tom", "drove Tom home"),
    )
    assert await mira.journal(names) == ["Joana"]


async def test_many_people(mira: Somebody) -> None:
    """They are turned over page by page, those spoken of last first while nobody has gone quiet."""
    for name in ("Ana", "Bento", "Clara", "Dinis", "Elsa", "Filipe", "Gil", "Helena", "Ines", "Jorge"):
        await mira.scene.later(minutes=1)
        await mira.says(f"/goodturn drove {name} home")
    [first] = await mira.says("/people")
    assert first.labels == ["Jorge", "Ines", "Helena", "Gil", "Filipe", "Elsa", "Dinis", "Clara", "More ›"]
    [second] = await mira.presses("More ›")
    assert second.labels == ["Bento", "Ana", "‹ Back"]
    assert second.reply.replaces == first.message


async def test_same_as_asks_first(mira: Somebody) -> None:
    """Two become one only after a yes, since nothing takes them apart again; a no goes back, also after a restart."""
    await mira.knows("Rui", "Ruy", "Ana")
    await mira.talks(
        ("/people ruy", "[Same as …]"),
        ("[Same as …]", "Ruy is the same as:", "[Rui]", "[Ana]"),
        ("[Rui]", "Ruy and Rui become one, by the name of Rui? I can't take them apart again.", "[No]"),
        ("[No]", "Ruy", "[Forget]"),
        ("[Same as …]", "[Rui]"),
        ("[Rui]", "[Yes, the same]"),
    )
    assert await mira.journal(names) == ["Rui", "Ruy", "Ana"]
    await mira.scene.restart(days=1)
    await mira.talks(("[Yes, the same]", "Ruy and Rui are one from now on."), ("[Yes, the same]",))
    assert await mira.journal(names) == ["Rui", "Ana"]


async def test_same_as_in_words(mira: Somebody) -> None:
    """With more people than fit a card any name may be written; one that isn't known is said to be so."""
    many = ("Ana", "Bento", "Clara", "Dinis", "Elsa", "Filipe", "Gil", "Helena", "Ines", "Jorge")
    for name in many:
        await mira.knows(name)
        await mira.scene.later(minutes=1)
    await mira.says("/people jorge")
    [asked] = await mira.presses("Same as …")
    assert asked.text.splitlines() == ["Jorge is the same as:", "Anybody else? Write the name."]
    assert "Ana" not in asked.labels
    await mira.talks(
        ("ana", "Jorge and Ana become one, by the name of Ana?", "[Yes, the same]"),
        ("[No]", "[Same as …]"),
        ("[Same as …]", "Jorge is the same as:"),
        ("Zoe", "I don't know anybody by that name yet."),
        ("[Same as …]", "Jorge is the same as:"),
        ("no", "It stays as it is."),
        ("[Same as …]", "Jorge is the same as:"),
        ("Clarra", "Who do you mean?", "[Clara]"),
        ("[Clara]", "Jorge and Clara become one"),
        ("[Yes, the same]", "Jorge and Clara are one from now on."),
    )
    assert await mira.journal(names) == [*many[:-1]]


async def test_same_as_takes_no_answer_away(mira: Somebody) -> None:
    """In a check-in a story stays an answer to it, and whatever is pressed instead of saying a name closes that."""
    await mira.knows("Rui", "Ana")
    await mira.says("/checkin")
    await mira.talks(
        ("/people rui", "[Same as …]"),
        ("[Same as …]", "Rui is the same as:"),
        ("lent the ladder to the people upstairs", "[That's all]"),
        ("/people rui", "[Same as …]"),
        ("[Same as …]", "Rui is the same as:"),
        ("[‹ Back]", "[Same as …]"),
        ("Ana", "[That's all]"),
    )
    assert await mira.journal(names) == ["Rui", "Ana"]


# In words


async def test_what_went_to_and_fro(mira: Somebody) -> None:
    """A card tells it in a few of their own phrases, the part that names somebody; no figures, and one screen."""
    await mira.talks(
        ("/goodturn covered 20 min for Joana so she could eat. gave Rui some starter", "Joana, Rui"),
        ("/goodturn showed Rui how to fold the dough without tearing it, which took most of the evening", "Rui"),
        ("/goodturn boss said I did well", "[Yes, I got it]"),
        ("[Yes, I got it]", "ept"),
        ("/goodturn Rui drove me home in the rain", "[Yes, I got it]"),
        ("[Yes, I got it]", "Kept: Rui."),
        ("/people rui", "Rui"),
    )
    card = mira.all_heard[-1].text
    assert card.splitlines() == [
        "Rui",
        "From you: “showed Rui how to fold the dough without tearing it”, “gave Rui some starter”",
        "From Rui: “Rui drove me home in the rain”",
        "You last told me of Rui today.",
    ]
    assert not any(sign.isdecimal() for sign in card)


@pytest.mark.parametrize(
    ("days", "told"),
    [
        (0, "You last told me of Rui today."),
        (1, "You last told me of Rui yesterday."),
        (2, "You last told me of Rui a few days ago."),
        (15, "You last told me of Rui not long ago."),
        (40, "You told me of Rui once, in November."),
        (97, "You told me of Rui once, a while ago, in November."),
        (400, "You told me of Rui once, long ago, in November 2026."),
    ],
)
async def test_last_told_in_words(mira: Somebody, days: int, told: str) -> None:
    """When somebody was last spoken of is said as people say it, never as a number of days."""
    await mira.says("/goodturn drove Rui home")
    await mira.scene.later(days=days)
    await mira.talks(("/people rui", told))


async def test_often(mira: Somebody) -> None:
    """Somebody who is in many weeks is spoken of often, and no figure says how often."""
    for week in range(7):
        await mira.says(f"/goodturn watched Ana's shop {'again and ' * week}on the way")
        await mira.scene.later(days=7)
    await mira.talks(("/people ana", "You often tell me of Ana; the last time was not long ago."))


async def test_a_chain_on_the_cards_of_both(mira: Somebody) -> None:
    """What went on through their hands stands on the cards of whoever gave and whoever got it."""
    await mira.talks(
        ("/goodturn Lena fixed my bike for me", "[Yes, I got it]"),
        ("[Yes, I got it]", "Kept: Lena.", "[Pass it on]"),
        ("[Pass it on]", "?"),
        ("Idris", "Idris", "[This evening]"),
        ("/people idris", "[Forget]"),
    )
    assert "Passed on" not in mira.all_heard[-1].text
    await mira.presses("This evening")
    await mira.scene.later(days=1)
    await mira.presses("Did it, gladly")
    for name in ("lena", "idris"):
        await mira.talks((f"/people {name}", "Passed on: Lena, you, Idris."))


async def test_who_went_quiet(mira: Somebody) -> None:
    """Those of whom nothing was told for a while come first, as an invitation, whoever fell silent last leading; those
    let be come last and are none, and neither is anybody from a hard moment."""
    for name in ("Bento", "Priya", "Ana", "Rui"):
        await mira.says(f"/goodturn drove {name} home")
        await mira.scene.later(days=2)
    await mira.says("/goodturn listened to my dad")
    await mira.talks(("/people priya", "[Let be]"), ("[Let be]", "Let be:"))
    await mira.scene.later(weeks=6)
    await mira.says("my father is in hospital")
    await mira.says("no, come as usual")
    await mira.says("/goodturn watched Clara's shop")
    [early] = await mira.says("/people")
    assert early.labels[:5] == ["Clara", "my dad", "Rui", "Ana", "Bento"]
    assert early.text == "People you've told me about:"
    await mira.scene.later(weeks=2)
    mira.hears()
    [shown] = await mira.says("/people")
    assert shown.labels == ["Rui", "Ana", "Bento", "Clara", "my dad", "Priya"]
    invitation, heading = shown.text.splitlines()
    assert heading == "People you've told me about:"
    assert "Rui or Ana" in invitation
    others = {text_of(await mira.says("/people")).splitlines()[0] for _again in range(2)}
    assert invitation not in others
    [card] = await mira.says("/people priya")
    assert "drove Priya" not in card.text


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
