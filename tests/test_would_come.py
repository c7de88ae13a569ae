"""Who would come if they called, and for whom they would go: names beside names, and never a figure."""

import pytest

from bot.domain import Answer
from tests.conversation import Somebody, text_of

CALL = ("watched the shop", "that's all", "half", "6", "an ear")
"""As far as the call question of a full check-in."""


async def is_asked(person: Somebody, *, called: str) -> None:
    """A full check-in, in which the call question is answered with *called*."""
    await person.says("/checkin full")
    for said in CALL:
        await person.says(said)
    await person.says(called)


async def card(person: Somebody) -> list[str]:
    """What the card says."""
    await person.says("/people")
    return text_of(await person.presses("Who would come")).splitlines()


async def went(person: Somebody) -> list[tuple[str | None, str | None]]:
    """The answers to for whom they would go, newest first."""
    answers = await person.journal(lambda journal: journal.answers_to("go", 9))
    return [(each.text, each.reading) for each in answers]


async def test_the_way_there(mira: Somebody) -> None:
    """The button is there once somebody was named, and not before."""
    await mira.knows("Tom")
    await is_asked(mira, called="[Nobody, honestly]")
    await mira.says("nobody")
    [shown] = await mira.says("/people")
    assert "Who would come" not in shown.labels
    await mira.scene.later(weeks=9)
    await is_asked(mira, called="Ana and my sister")
    await mira.talks(("/people", "[Who would come]"))


async def test_both_halves(mira: Somebody) -> None:
    """Names as they said them; the second half is asked on the card, answered in words, kept as an answer of its own
    with who is in it, and stands beside the first from then on."""
    await mira.knows("Tom")
    await is_asked(mira, called="Ana, Rui and my sister")
    assert await card(mira) == ["Who would come if you called: Ana, Rui, your sister.", "And for whom would you go?"]
    await mira.talks(
        ("Rui, and Idris", "Kept.", "Who would come if you called: Ana, Rui, your sister.",
         "For whom you would go: Rui, Idris.", "[People]"),
        ("[People]", "People you've told me about:", "[Idris]"),
        ("[Who would come]", "For whom you would go: Rui, Idris.", "[Someone else too]", "[‹ Back]"),
        ("[Someone else too]", "For whom would you go? Names will do.", "[Leave it]"),
        ("my mum", "For whom you would go: your mum, Rui, Idris."),
        ("/history", "For whom you'd go", "my mum"),
    )  # fmt: skip
    assert await went(mira) == [("my mum", None), ("Rui, and Idris", None)]
    assert not any(sign.isdecimal() for sign in "".join(await card(mira)))


async def test_the_latest_first_and_nobody_let_be(mira: Somebody) -> None:
    """Those named last come first, and whoever is let be is left out on both sides."""
    await mira.knows("Priya", "Tom")
    await is_asked(mira, called="Priya, Ana")
    await mira.scene.later(weeks=9)
    await is_asked(mira, called="Tom and Ana")
    await card(mira)
    await mira.says("Priya and Tom")
    assert await card(mira) == [
        "Who would come if you called: Tom, Ana, Priya.",
        "For whom you would go: Priya, Tom.",
    ]
    await mira.talks(("/people priya", "[Let be]"), ("[Let be]", "Let be:"))
    assert await card(mira) == ["Who would come if you called: Tom, Ana.", "For whom you would go: Tom."]


async def test_nobody_is_said_as_it_was(mira: Somebody) -> None:
    """After "nobody" earlier names don't speak against it, nothing is said about it, and the second half is asked as
    ever; "nobody" there is kept as well."""
    await mira.knows("Tom")
    await is_asked(mira, called="Ana")
    await mira.scene.later(weeks=9)
    await is_asked(mira, called="nobody")
    lines = ["Who would come if you called: nobody, when I last asked.", "And for whom would you go?"]
    assert await card(mira) == lines
    await mira.talks(("nobody", "Kept, as you said it."))
    assert await went(mira) == [("nobody", "nobody")]
    assert (await card(mira))[1] == "For whom you would go: nobody, when I last asked."


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("the same", "For whom you would go: “the same”."),
        ("all of them", "For whom you would go: “all of them”."),
        ("anyone who asks", "For whom you would go: “anyone who asks”."),
        ("for my brother", "For whom you would go: your brother."),
        ("ana, probably", "For whom you would go: Ana."),
    ],
)
async def test_in_their_words(mira: Somebody, said: str, shown: str) -> None:
    """Names, the same ones, or whoever asks."""
    await mira.knows("Tom")
    await is_asked(mira, called="Ana, Rui")
    await card(mira)
    await mira.talks((said, shown))
    assert (await went(mira))[0][0] == said


async def test_the_same_are_those_who_would_come(mira: Somebody) -> None:
    """ "The same" is about the ones who would come."""
    await mira.knows("Tom")
    await is_asked(mira, called="Ana, Rui")
    await card(mira)
    await mira.says("the same ones")
    [answer] = await mira.journal(lambda journal: journal.answers_to("go", 1))
    people = await mira.journal(lambda journal: journal.mentioned(answer.id))
    assert {each.name for each in people} == {"Ana", "Rui"}


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("the bees are back", True),
        ("covered for Joana", True),
        ("not sure", False),
        ("skip", False),
        ("/cancel", False),
        ("[‹ Back]", False),
    ],
)
async def test_left(mira: Somebody, said: str, kept: bool) -> None:
    """It can be left, and whatever is about something else is kept as what it is."""
    await mira.knows("Tom")
    await is_asked(mira, called="Ana, Rui")
    await card(mira)
    await (mira.presses(said[1:-1]) if said.startswith("[") else mira.says(said))
    assert await went(mira) == []
    [latest] = await mira.journal(lambda journal: journal.written(1))
    assert (latest.text == said) == kept


async def test_in_the_middle_of_a_check_in(mira: Somebody) -> None:
    """Names answer the card, and the check-in goes on; anything else answers the check-in."""
    await mira.knows("Tom")
    await is_asked(mira, called="Ana, Rui")
    await mira.says("/checkin")
    await card(mira)
    await mira.talks(("Ana", "For whom you would go: Ana.", "[Nothing this week]"))
    await mira.presses("Who would come")
    await mira.talks(("covered for Joana", "Kept: Joana."))


async def test_reworded_and_deleted(mira: Somebody) -> None:
    """In the history it is an answer like any other: reworded it names others, deleted it is asked again."""
    await mira.knows("Tom")
    await is_asked(mira, called="Ana")
    await card(mira)
    await mira.talks(
        ("Rui", "For whom you would go: Rui."),
        ("/history", "For whom you'd go", "[Change]"),
        ("[Change]", "Rui", "[Other words]", "[Delete]"),
        ("[Other words]", "Say it again"),
        ("idris and zoe", "That's how it stands now."),
    )
    assert (await card(mira))[1] == "For whom you would go: Idris, Zoe."
    entry = await mira.journal(lambda journal: journal.entry_before(None))
    assert isinstance(entry, Answer)
    people = await mira.journal(lambda journal: journal.mentioned(entry.id))
    assert [each.name for each in people] == ["Idris", "Zoe"]
    await mira.talks(("/history", "[Change]"), ("[Change]", "[Delete]"), ("[Delete]", "[Delete it]"))
    await mira.presses("Delete it")
    assert (await card(mira))[1] == "And for whom would you go?"
