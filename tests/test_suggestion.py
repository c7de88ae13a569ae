"""A card: one act, its theme, and a moment to do it."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import understand
from bot.domain import Acquaintance, Answer, Card, Theme
from bot.suggest import catalogue
from bot.suggest.catalogue import Pick, Standing, Wanted
from tests.conversation import WORDS, Heard, Somebody, text_of

KINDS = {act.id: act.kind for act in WORDS.acts}


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
    for week in range(25):
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


@pytest.mark.parametrize("said", ["0 tbh", "nobody", "[Nobody, honestly]"])
async def test_after_nobody_somebody_by_name(mira: Somebody, said: str) -> None:
    """Once people are known it is one of them, by name."""
    await mira.knows("Rui")
    await mira.says("/checkin full")
    for _question in range(4):
        await mira.says("skip")
    await mira.talks((said, "Thank you for saying it straight.", "Rui", "[This evening]"))
    assert (await newest(mira)).acquaintance is not None


# ---- somebody in particular


async def named_card(person: Somebody, *names: str) -> Heard:
    """The next card once *names* are known."""
    await person.knows(*names)
    return await next_card(person)


async def next_card(person: Somebody) -> Heard:
    """The card after one more check-in."""
    await person.says("/checkin one")
    await person.says("mended the fence")
    return (await person.says("that's all"))[-1]


async def let_be(person: Somebody) -> list[str]:
    """The names of all who are let be."""
    people = await person.journal(lambda journal: journal.acquaintances())
    return [each.name for each in people if each.let_be]


async def notes(person: Somebody) -> list[Answer]:
    """What was kept as a note, newest first."""
    return await person.journal(lambda journal: [each for each in journal.written(9) if each.question == "note"])


async def test_a_card_names_somebody(mira: Somebody) -> None:
    """A card is with somebody they named, at most every second time and nobody twice; the journal keeps with whom."""
    heard = await named_card(mira, "Rui", "Lena", "Idris")
    assert "Rui" in heard.text
    assert heard.labels[:3] == ["This evening", "Tomorrow with coffee", "My own time"]
    assert heard.labels[-2:] == ["Another", "Not for me"]
    for _card in range(4):
        await next_card(mira)
    people = {each.id: each.name for each in await mira.journal(lambda journal: journal.acquaintances())}
    cards = await mira.journal(lambda journal: journal.cards(9))
    named = [people.get(card.acquaintance or 0) for card in reversed(cards)]
    assert named[:4] == [None, "Rui", None, "Lena"]
    assert all(one is None or other is None for one, other in pairwise(named))
    assert len(named) - named.count(None) == len({*named} - {None})
    for card in cards:
        assert "{" not in card.text
        assert card.acquaintance is None or people[card.acquaintance] in card.text


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("she died in march", "I'm sorry. I won't suggest her again."),
        ("he passed away", "I'm sorry. I won't suggest him again."),
        ("oh no, they died last year", "I'm sorry. I won't suggest them again."),
        ("Priya died in March.", "I'm sorry. I won't suggest Priya again."),
        ("we used to be close but she passed away", "I'm sorry. I won't suggest her again."),
        ("we don't talk anymore", "I'm sorry. I won't suggest Priya again."),
        ("we broke up in june", "I'm sorry. I won't suggest Priya again."),
        ("not him", "All right, I won't suggest him again."),
        ("not Priya please", "All right, I won't suggest Priya again."),
        ("please don't suggest her again", "All right, I won't suggest her again."),
        ("anyone but her!", "All right, I won't suggest her again."),
    ],
)
async def test_somebody_is_let_be(mira: Somebody, said: str, answer: str) -> None:
    """Dead, estranged or simply no: it is taken in their own pronoun, and nothing is offered instead."""
    assert "Priya" in (await named_card(mira, "Priya")).text
    [heard] = await mira.says(said)
    assert (heard.text, heard.labels) == (answer, [])
    assert await let_be(mira) == ["Priya"]
    assert (await newest(mira)).state == "declined"
    assert await mira.presses("This evening") == []
    await mira.scene.restart()
    for _card in range(8):
        assert "Priya" not in (await next_card(mira)).text


async def test_what_was_told_stays(mira: Somebody) -> None:
    """Of a death more is kept than that: the words, beside whom they are about; a mere no is an answer."""
    await named_card(mira, "Priya", "Rui")
    await mira.says("she died in march. I still have her scarf")
    assert [(each.text, each.reading) for each in await notes(mira)] == [
        ("she died in march. I still have her scarf", "hard")
    ]
    await next_card(mira)
    assert "Rui" in (await next_card(mira)).text
    await mira.says("not him")
    assert len(await notes(mira)) == 1
    assert await let_be(mira) == ["Priya", "Rui"]


async def test_also_at_their_own_moment(mira: Somebody) -> None:
    """It may occur to them when they are asked when."""
    await named_card(mira, "Priya")
    await mira.talks(("[My own time]", "When"), ("I can't, she died in march", "I'm sorry. I won't suggest her again."))
    assert await let_be(mira) == ["Priya"]
    assert (await newest(mira)).moment is None


async def test_after_it_was_taken(mira: Somebody) -> None:
    """By name also when nothing is open any more, and then nobody asks whether it happened."""
    await named_card(mira, "Priya")
    await mira.presses("This evening")
    await mira.talks(("Priya died in march", "I'm sorry. I won't suggest Priya again."))
    assert await let_be(mira) == ["Priya"]
    await mira.scene.later(days=2)
    assert mira.hears() == []


@pytest.mark.parametrize(
    "said",
    [
        "her husband died in march",
        "my mum died",
        "she died laughing when I told her",
        "she is dead tired these days",
        "not her today",
        "she's gone to Spain",
        "we don't talk much on weekdays",
        "helped Rui with his drill",
        "nah",
        "not for me",
    ],
)
async def test_nobody_else_is_meant(mira: Somebody, said: str) -> None:
    """What is said of others, or only sounds like it, or is a no to this card, lets nobody be."""
    await named_card(mira, "Priya")
    await mira.says(said)
    assert await let_be(mira) == []


async def test_a_card_without_a_name(mira: Somebody) -> None:
    """Below an act that names nobody nobody can be meant; the words are words like others."""
    await mira.says("she died in march")
    assert [each.text for each in await notes(mira)] == ["she died in march"]
    assert (await newest(mira)).state == "open"


START = datetime(2026, 11, 9, 18, tzinfo=UTC)
WEEK = timedelta(weeks=1)


def shown(pick: Pick, at: datetime, *, state: str = "declined", felt: str | None = None) -> Card:
    """*pick* as a card of the past."""
    return Card(
        id=int(at.timestamp()),
        act=pick.act.id,
        text=pick.text,
        minutes=pick.act.minutes,
        theme=pick.theme.text if pick.theme else None,
        state=state,  # type: ignore[arg-type]
        shown_at=at,
        felt=felt,  # type: ignore[arg-type]
        acquaintance=pick.whom.id if pick.whom else None,
        place=pick.place.id if pick.place else None,
    )


@given(
    person=st.integers(1, 2**40),
    themes=st.lists(st.text(min_size=1, max_size=40), max_size=3, unique=True),
    people=st.integers(0, 4),
    let_be=st.integers(0, 4),
    became=st.lists(st.sampled_from(["gladly", "chore", "declined", "passed"]), min_size=12, max_size=12),
    quick=st.booleans(),
)
def test_choosing(person: int, themes: list[str], people: int, let_be: int, became: list[str], quick: bool) -> None:
    """Under any themes, through twelve weeks: the same for the same week and past; no act twice, nobody twice, nobody
    let be, no kind twice running, the effort that was wanted, new faces only after two acts with known ones."""
    known = [Acquaintance(id=at, name=f"P{at}", let_be=at < let_be, seen_at=START) for at in range(1, people + 1)]
    cards: list[Card] = []
    done = 0
    for week, what in enumerate(became):
        now = START + week * WEEK
        standing = Standing(
            person=person,
            week=f"W{week}",
            now=now,
            themes=[Theme(id=at, text=text) for at, text in enumerate(themes)],
            people=known,
            cards=cards,
        )
        wanted = Wanted(minutes=5 if quick else 60)
        pick = catalogue.chosen(WORDS.acts, standing, wanted)
        assert pick == catalogue.chosen(WORDS.acts, standing, wanted)
        if pick is None:
            break
        assert pick.act.id not in [card.act for card in cards]
        assert not quick or pick.act.minutes == 5
        assert cards or pick.act.minutes <= 10
        assert pick.act.faces == "known" or done >= 2
        assert pick.theme is None or pick.theme.text in themes
        if before := next((card for card in cards if card.state != "passed"), None):
            assert KINDS[before.act] != pick.act.kind
        if pick.whom:
            assert not pick.whom.let_be
            assert pick.whom.id not in [card.acquaintance for card in cards]
            assert pick.whom.name in pick.text
        assert "{" not in pick.text
        felt = what if what in ("gladly", "chore") else None
        done += felt is not None and pick.act.faces == "known"
        cards.insert(0, shown(pick, now, state="done" if felt else what, felt=felt))
    assert cards


def test_no_theme_that_is_paused() -> None:
    """Nothing is suggested for it."""
    themes = [Theme(id=1, text="bread", paused=True), Theme(id=2, text="bees")]
    pick = catalogue.chosen(WORDS.acts, Standing(person=7, week="W1", now=START, themes=themes))
    assert pick
    assert pick.theme == themes[1]


def test_a_theme_that_comes_alive() -> None:
    """What they speak of in their own words is served before what they don't, and neither for ever."""
    themes = [Theme(id=1, text="bread"), Theme(id=2, text="bees")]
    cards: list[Card] = []
    served = []
    for week in range(8):
        now = START + week * WEEK
        standing = Standing(person=7, week=f"W{week}", now=now, themes=themes, cards=cards, alive={2: 6})
        pick = catalogue.chosen(WORDS.acts, standing)
        assert pick
        assert pick.theme
        served.append(pick.theme.text)
        cards.insert(0, shown(pick, now, state="dropped"))
    assert served[0] == "bees"
    assert served.count("bees") > served.count("bread") > 0


def test_what_was_a_chore_comes_later() -> None:
    """A kind that was a chore waits longer than one that was done gladly."""
    chore, glad = "thank", "listen"
    acts = {kind: next(act for act in WORDS.acts if act.kind == kind and not act.needs) for kind in (chore, glad)}
    at = START - 8 * WEEK
    other = next(act for act in WORDS.acts if act.kind == "ask" and not act.needs)
    cards = [
        shown(Pick(act=other), START - WEEK, state="dropped"),
        shown(Pick(act=acts[chore]), at, state="done", felt="chore"),
        shown(Pick(act=acts[glad]), at, state="done", felt="gladly"),
    ]
    ranked = list(catalogue.ranked(WORDS.acts, Standing(person=7, week="W1", now=START, cards=cards)))
    kinds = [pick.act.kind for pick in ranked]
    mean = {kind: sum(at for at, each in enumerate(kinds) if each == kind) / kinds.count(kind) for kind in acts}
    assert mean[glad] < mean[chore]


def test_circles_are_not_crossed() -> None:
    """Somebody of one circle isn't named under a theme of another."""
    themes = [Theme(id=1, text="bread", circle="home")]
    work, home = (Acquaintance(id=at, name=name, circle=name) for at, name in ((2, "work"), (3, "home")))
    standing = Standing(person=7, week="W1", now=START, themes=themes, people=[work, home])
    named = {pick.whom.name for pick in catalogue.ranked(WORDS.acts, standing) if pick.whom}
    assert named == {"home"}


@pytest.mark.parametrize("name", ["Rui", "your sister", "your parents", "{person}", "Ana {x}"])
def test_a_name_in_its_slot(name: str) -> None:
    """The name stands where the slot was, with a capital where a sentence begins with it; braces in it are its own."""
    assert catalogue.filled("Ask {person}. {person} knows? {person} may: {person}.", name) == (
        f"Ask {name}. {name[:1].upper()}{name[1:]} knows? {name[:1].upper()}{name[1:]} may: {name}."
    )


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("she died", "lost"),
        ("he's dead", "lost"),
        ("priya's dead", "lost"),
        ("my dear friend Priya passed away in 2024", "lost"),
        ("she is no longer with us", "lost"),
        ("I lost her in march", "lost"),
        ("we lost him to cancer", "lost"),
        ("she killed herself last winter", "lost"),
        ("her funeral was on monday", "lost"),
        ("R.I.P.", "lost"),
        ("died in march", "lost"),
        ("Priya S died", "lost"),
        ("we're not in touch anymore", "apart"),
        ("Priya and I don't speak", "apart"),
        ("I don't see him any more", "apart"),
        ("she blocked me", "apart"),
        ("no contact", "apart"),
        ("we fell out last year", "apart"),
        ("he's my ex", "apart"),
        ("not with her please", "no"),
        ("never him again", "no"),
        ("no, not them", "no"),
        ("leave her out of this", "no"),
        ("let him be", "no"),
        ("I don't want to talk to her", "no"),
        ("I can't stand him", "no"),
        ("she got the job", None),
        ("I lost her number", None),
        ("my mum was ill and she died", None),
        ("her dog died", None),
        ("she killed it at the concert", None),
        ("we don't meet on mondays", None),
        ("maybe not", None),
        ("I am dead serious", None),
        ("", None),
    ],
)
def test_partings(said: str, meant: str | None) -> None:
    """What is said of somebody below an act that names them."""
    assert understand.parting(said, ["Priya", "Priya S"]) == meant


def test_a_parting_by_name() -> None:
    """Where no act is open they have to be named."""
    assert understand.parting("she died", ["Priya"], by_name=True) is None
    assert understand.parting("Priya died", ["Priya"], by_name=True) == "lost"
    assert understand.parting("Rui died", ["Priya"], by_name=True) is None


@pytest.mark.parametrize(
    ("said", "moment"),
    [
        ("thursday lunch", "thursday lunch"),
        ("Tomorrow with coffee please", "coffee"),
        ("with coffee", "coffee"),
        ("tomorow with coffee", "coffee"),
        ("friday 5pm", "friday 5pm"),
        ("tomorrow", "tomorrow"),
    ],
)
async def test_a_moment_in_words(mira: Somebody, said: str, moment: str) -> None:
    """A moment may be said instead of pressed, in the button's words or their own."""
    await mira.says(said)
    [card] = await mira.journal(lambda journal: journal.cards(1))
    assert (card.state, card.moment) == ("taken", moment)


async def test_a_story_is_no_moment(mira: Somebody) -> None:
    """What is told after a card stays what it is."""
    await mira.talks(("on thursday I drove Ana home", "[A good turn]"))
    [card] = await mira.journal(lambda journal: journal.cards(1))
    assert card.state == "open"
