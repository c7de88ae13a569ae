"""A card: one act, its theme, and a moment to do it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import Card, Theme
from bot.suggest import catalogue
from tests.conversation import WORDS, Somebody, text_of


async def newest(person: Somebody) -> Card:
    """The card that was shown last."""
    return (await person.journal(lambda journal: journal.cards(1)))[0]


async def test_a_moment_takes_it(mira: Somebody) -> None:
    """One press on a moment, and it is theirs; the card is spent."""
    await mira.talks(("[Tomorrow with coffee]", ""), ("[This evening]",), ("[Not for me]",), ("[My own time]",))
    card = await newest(mira)
    assert (card.state, card.moment) == ("taken", "coffee")


async def test_not_for_me_asks_nothing(mira: Somebody) -> None:
    """No reason is asked for; a second press is silent."""
    [heard] = await mira.presses("Not for me")
    assert "?" not in heard.text
    assert await mira.presses("Not for me") == []
    assert (await newest(mira)).state == "declined"


async def test_their_own_words(mira: Somebody) -> None:
    """Their if-then words are kept to the letter, also after a restart."""
    await mira.talks(("[My own time]", "When, in your own words?"), ("[My own time]",))
    await mira.scene.restart(days=1)
    await mira.talks(("/start", "When would you do it"), ("when the baby sleeps", "“when the baby sleeps”. Kept."))
    assert (await newest(mira)).moment == "when the baby sleeps"
    await mira.talks(("tuesday", "[A good turn]"))


async def test_a_long_moment(mira: Somebody) -> None:
    """A story is kept whole and said back short."""
    story = "thursday, after stand-up, if Ana is there, " * 40
    await mira.presses("My own time")
    [heard] = await mira.says(story)
    assert len(heard.text) < 130
    assert (await newest(mira)).moment == story


@pytest.mark.parametrize("said", ["skip", "no", "dunno", "nothing"])
async def test_no_moment_after_all(mira: Somebody, said: str) -> None:
    """The card stays open for a better hour."""
    await mira.talks(("[My own time]", "When"), (said, "It's there if a moment turns up."))
    assert (await newest(mira)).state == "open"
    await mira.talks(("[This evening]", ""))
    assert (await newest(mira)).moment == "evening"


@pytest.mark.parametrize(
    ("said", "state", "moment"),
    [
        ("Tomorrow with coffee", "taken", "coffee"),
        ("this evening", "taken", "evening"),
        ("tonight", "taken", "tonight"),
        ("not for me", "declined", None),
        ("nah", "declined", None),
    ],
)
async def test_a_card_is_answered_in_words(mira: Somebody, said: str, state: str, moment: str | None) -> None:
    """What the buttons say can be said."""
    await mira.says(said)
    card = await newest(mira)
    assert (card.state, card.moment) == (state, moment)


async def test_ok_asks_when(mira: Somebody) -> None:
    """Taking it on without a moment is asked for one."""
    await mira.talks(("ok", "When, in your own words?"), ("at lunch with Ana", "“at lunch with Ana”. Kept."))


async def test_other_words_are_other_words(mira: Somebody) -> None:
    """A story told under a card is kept as one, and the card stays."""
    await mira.talks(("helped Rui with his drill", "[A good turn]"))
    assert (await newest(mira)).state == "open"
    await mira.talks(("[This evening]", ""))
    assert (await newest(mira)).state == "taken"


@pytest.mark.parametrize(
    ("hour", "labels"),
    [
        (8, ["Today at lunch", "This evening"]),
        (15, ["This evening", "Tomorrow with coffee"]),
        (22, ["Tomorrow with coffee", "Tomorrow evening"]),
    ],
)
async def test_moments_fit_the_hour(mira: Somebody, hour: int, labels: list[str]) -> None:
    """Two moments that are still to come."""
    await mira.scene.until(mira.scene.clock.at.replace(day=10, hour=hour))
    await mira.says("/checkin one")
    heard = await mira.says("skip")
    assert "Until next time" in text_of(heard)
    await mira.says("/checkin one")
    await mira.says("helped Ana")
    [card] = await mira.says("that's all")
    assert card.labels[:2] == labels


async def test_without_a_theme_nothing_dangles(stranger: Somebody) -> None:
    """Who named no theme gets acts that speak of none, for half a year."""
    await stranger.talks(("/start", "Hello."), ("[Don't know yet]", "city?"), ("porto", "No need to wait"))
    for week in range(26):
        await stranger.scene.later(days=7)
        await stranger.says(f"helped Ana with box {week}")
        await stranger.says("that's all")
        await stranger.says("too many questions")
    cards = await stranger.journal(lambda journal: journal.cards(99))
    assert all(card.theme is None and " this" not in card.text for card in cards)
    assert len({card.act for card in cards}) == len(cards)


async def test_themes_take_turns(mira: Somebody) -> None:
    """Each card quotes the theme served longest ago, on a line of its own, as it was written."""
    for _card in range(3):
        await mira.says("/checkin one")
        await mira.says("helped Ana")
        await mira.says("that's all")
    themes = await mira.journal(lambda journal: [card.theme for card in journal.cards(9)])
    assert themes == ["being patient with new nurses", "sourdough"] * 2
    assert "“being patient with new nurses”" in mira.all_heard[-1].text.splitlines()


async def test_after_nobody_somebody_known(mira: Somebody) -> None:
    """Who would call and nobody came gets an act with somebody they know, and no word of comfort or research."""
    await mira.says("/checkin full")
    for _question in range(4):
        await mira.says("skip")
    [heard] = await mira.says("nobody")
    assert heard.text.startswith("Thank you for saying it straight.")
    act = next(act for act in WORDS.acts if act.text in heard.text)
    assert act.faces == "known"
    assert act.kind in ("check-on", "listen", "reply", "thank", "ask")


@given(
    person=st.integers(1, 2**40),
    quick=st.booleans(),
    close=st.booleans(),
    themed=st.booleans(),
    weeks=st.integers(1, 40),
)
def test_choosing(person: int, quick: bool, close: bool, themed: bool, weeks: int) -> None:
    """The same for the same person and past; none again for 26 cards, no kind twice running, nothing that needs a
    name, known people only, and quick ones quick."""
    cards: list[Card] = []
    kinds = {act.id: act.kind for act in WORDS.acts}
    for id in range(weeks):
        act = catalogue.chosen(WORDS.acts, cards, person=person, quick=quick, close=close, themed=themed)
        assert act == catalogue.chosen(WORDS.acts, cards, person=person, quick=quick, close=close, themed=themed)
        if act is None:
            break
        assert act.faces == "known"
        assert not act.needs
        assert not quick or act.minutes == 5
        assert act.id not in [card.act for card in cards[:26]]
        assert not cards or kinds[cards[0].act] != act.kind
        cards.insert(0, Card(id=id, act=act.id, text=act.text, minutes=act.minutes, theme=None, state="open"))
    assert len(cards) >= min(weeks, 2)


def test_the_theme_served_least() -> None:
    """A theme that never was served comes before any that was."""
    themes = [Theme(id=1, text="bread"), Theme(id=2, text="bees"), Theme(id=3, text="law")]
    cards = [
        Card(id=9 - at, act="a", text="A.", minutes=5, theme=theme, state="open")
        for at, theme in enumerate(["bees", "bread"])
    ]
    assert catalogue.served_least(themes, cards) == "law"
    assert catalogue.served_least(themes[:2], cards) == "bread"
    assert catalogue.served_least([], cards) is None
