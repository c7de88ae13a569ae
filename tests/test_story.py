"""The story over time: what the weeks add up to, in a picture and a few sentences, and a year in one's own words."""

import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.drawing import drawn
from bot.dialogue.keepsakes import _given
from bot.dialogue.story import _unwritten
from bot.domain import Acquaintance, Theme
from bot.journal import Journal
from bot.story import LENGTHS, Chain, Letter, Mark, Past, Story, Turn, caption, letter, past, story
from bot.text import units
from tests.conversation import Scene, Somebody, scene, text_of
from tests.year import LAST, MIRA, START, life, lives

QUOTE = re.compile("“([^”]*)”")


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Scene]:
    """A bot on the evening on which the year begins."""
    async with scene(tmp_path / "tenfold.db", START) as opened:
        yield opened


@pytest.fixture
async def mira(stage: Scene) -> Somebody:
    """Somebody who has met the bot."""
    person = stage.person(7)
    await person.talks(("/start", "Hello."), ("sourdough, being patient with new nurses", "Change"), ("porto", "Porto"))
    return person


def shown(somebody: Somebody) -> Story:
    """The story that was shown last."""
    latest = somebody.scene.room.pictures[-1]
    assert isinstance(latest, Story)
    return latest


# The dialogue


async def test_nothing_to_tell_yet(mira: Somebody) -> None:
    """An empty journal has no picture, and says how it begins."""
    await mira.talks(("/story", "Your story begins with the first thing you tell me."))
    await mira.talks(("/story year", "A letter needs a little more to quote from."))
    assert mira.scene.room.pictures == []


async def test_the_first_week(mira: Somebody) -> None:
    """The first thing told is a story already."""
    await mira.says("/goodturn gave Rui some sourdough starter")
    [heard] = await mira.says("/story")
    assert "“gave Rui some sourdough starter”" in heard.text
    assert heard.labels == ["Half a year", "A year", "By theme", "Dark"]
    assert shown(mira) == Story(
        first=date(2025, 9, 15),
        weeks=12,
        began=11,
        themes=("sourdough", "being patient with new nurses"),
        marks=(Mark(week=11, day=0, given=True, theme=0, people=("Rui",)),),
    )


async def test_turned_over_in_place(mira: Somebody) -> None:
    """Each button shows something else in the same message; light or dark is remembered."""
    await mira.says("/goodturn gave Rui some sourdough starter")
    await mira.says("/goodturn asked Joana, one of the new nurses, what she dreads")
    [first] = await mira.says("/story")
    for label, weeks, theme, dark in (
        ("Half a year", 26, None, False),
        ("Dark", 26, None, True),
        ("A year", 52, None, True),
        ("By theme", 52, None, True),
        ("being patient with new nurses", 52, 1, True),
        ("12 weeks", 12, 1, True),
        ("By theme", 12, 1, True),
        ("All of it", 12, None, True),
    ):
        [heard] = await mira.presses(label)
        assert heard.message == first.message
        assert (shown(mira).weeks, shown(mira).theme, shown(mira).dark) == (weeks, theme, dark)
        assert len(shown(mira).marks) == (1 if theme else 2)
    await mira.says("/story sourdough")
    assert (shown(mira).theme, shown(mira).dark) == (0, True)


@pytest.mark.parametrize(
    ("words", "weeks"), [("26", 26), ("52 weeks", 52), ("12", 12), ("half a year", 26), ("26w", 26)]
)
async def test_in_words(mira: Somebody, words: str, weeks: int) -> None:
    """How long it is can be said."""
    await mira.says("/goodturn gave Rui some sourdough starter")
    await mira.says(f"/story {words}")
    assert shown(mira).weeks == weeks


async def test_what_it_cannot_show(mira: Somebody) -> None:
    """A theme that isn't one, a quiet stretch, and a forged button: each has a kind word or none."""
    await mira.says("/goodturn gave Rui some sourdough starter")
    await mira.talks(
        ("/story beekeeping", "I know no theme by that name."),
        (
            "/story being patient with new nurses",
            "Nothing of “being patient with new nurses” in these weeks.",
            "A year",
        ),
    )
    for action in ("story:13:0", "story:26", "story:12:0:blue", "story:x"):
        assert "had its day" in text_of(await mira.presses_action(action))
    await mira.scene.later(weeks=15)
    mira.hears()
    await mira.talks(("/story", "These weeks are a blank page so far.", "Half a year"))


async def test_what_a_picture_has_no_letters_for(stage: Scene) -> None:
    """Themes and names in letters that the font lacks stand in the words below, however many there are."""
    person = stage.person(7)
    await person.talks(("/start", "Hello."), ("כוורת דבש, 耐心, sourdough", "Change"), ("porto", "Porto"))
    await person.says("/goodturn helped Rui with his כוורת")
    [heard] = await person.says("/story")
    assert heard.text.endswith("since the picture may lack the letters: כוורת דבש.")
    themes = tuple(Theme(id=id, text=f"{letter} {'עברית ' * 9}") for id, letter in enumerate("אבגדהוזח", 1))
    turns = [turn(id, date(2026, 11, id), "helped Rui", id, RUI) for id in range(1, 9)]
    spelled = _unwritten(replace(told(*turns), themes=themes))
    assert spelled.endswith("….")
    assert units(spelled) < 400  # with the sentences above it fits below a picture


async def test_nobody_let_be_is_in_it(mira: Somebody) -> None:
    """Whoever is let be is named by no sentence, no letter and no picture; their mark stays."""
    for words in ("sat with Greta all night", "carried Greta's piano", "gave Rui some sourdough starter"):
        await mira.says(f"/goodturn {words}")
    await mira.says("/people Greta")
    await mira.presses("Let be")
    [heard] = await mira.says("/story")
    assert "Greta" not in heard.text
    assert [mark.people for mark in shown(mira).marks] == [(), (), ("Rui",)]
    assert "Greta" not in repr(await mira.journal(lambda journal: past(journal, START, weeks=52).turns))


async def test_the_dead_are_not_to_be_greeted(mira: Somebody) -> None:
    """Whoever may be in something hard that was told is named where they were, and is no invitation later."""
    for words in ("a lift for Nuno", "mended Nuno's chair", *(f"bread for {name}" for name in ("Ana", "Ilse", "Tom"))):
        await mira.says(f"/goodturn {words}")
    await mira.says("my friend Nuno died on tuesday")
    await mira.scene.later(weeks=9)
    for _time in range(3):
        for name in ("Ana", "Ilse", "Tom"):
            await mira.says(f"/goodturn bread for {name} again")
    mira.hears()
    for words in ("/story", "/story 26"):
        assert "Nuno" not in text_of(await mira.says(words))


async def test_a_hard_moment_is_not_in_it(mira: Somebody) -> None:
    """What was hard is nobody's good turn."""
    await mira.says("/goodturn gave Rui some sourdough starter")
    await mira.says("my dad died on tuesday")
    await mira.scene.later(weeks=3)
    mira.hears()
    heard = await mira.says("/story")
    assert "died" not in text_of(heard)
    assert len(shown(mira).marks) == 1


# A year


@pytest.fixture
async def year(stage: Scene) -> Somebody:
    """Somebody who has lived a year with it."""
    person = stage.person(7)
    await lives(person, life(MIRA))
    return person


async def test_a_year(year: Somebody) -> None:
    """Every good turn is a mark of its week and theme, what was passed on is a chain, and the sentences quote nothing
    that wasn't written, word for word."""
    [heard] = await year.says("/story 52")
    told = shown(year)
    since = datetime.combine(told.first, time(), UTC)  # in winter Porto's clocks show UTC
    lived = await year.journal(lambda journal: journal.lived(since, LAST + timedelta(weeks=1)))
    turns = [answer for answer, _people in lived if answer.question in ("good_turn", "received")]
    assert len(told.marks) == len(turns) > 40
    assert sum(not mark.given for mark in told.marks) == sum("got" in week for week in MIRA["week"][1:])
    assert {mark.theme for mark in told.marks} == {None, 0, 1, 2}  # the allotment is one since April
    assert {(chain.giver, chain.taker) for chain in told.chains} == {("Lena", "Joana"), ("Mrs Alves", "Sofia")}
    assert all(told.marks[chain.start].week <= told.marks[chain.end].week for chain in told.chains)
    written = [answer.text or "" for answer, _people in lived]
    quotes = QUOTE.findall(heard.text)
    assert any(quote in told.themes for quote in quotes)
    assert all(any(quote.rstrip("…") in text for text in (*written, *told.themes)) for quote in quotes)
    assert 3 <= len(re.findall(r"[.!?]”?(?:\s|$)", QUOTE.sub("x", heard.text))) <= 4
    assert not re.search(r"\d", heard.text)


async def test_the_years_letter(year: Somebody) -> None:
    """Nothing but their own sentences and whose weeks they were in, one of each month, and no number; as a picture and
    as text."""
    [heard] = await year.says("/story year")
    written = year.scene.room.pictures[-1]
    assert isinstance(written, Letter)
    assert not re.search(r"\d", heard.text)
    assert len(written.lines) == 12
    lived = await year.journal(lambda journal: journal.lived(START, LAST + timedelta(weeks=1)))
    texts = [answer.text or "" for answer, _people in lived]
    for line in written.lines:
        assert any(line.text.rstrip("…") in text for text in texts)
        assert f"“{line.text}”" in heard.text
    assert {"Joana", "Rui", "Mrs Alves", "your sister"} <= set(written.people)


async def test_keepsakes(stage: Scene) -> None:
    """Over a year: a thread once a quarter, at most one offer of a better week in ten, one letter in December, and
    never two of them with the same closing."""
    person = stage.person(7)
    heard = await lives(person, life(MIRA))
    threads = [
        each.at for each in heard if each.reply.text.startswith(("Three things you", "Held side", "I put three"))
    ]
    better = [each.at for each in heard if each.text == "Want one of yours from a better week?"]
    assert len(threads) in (2, 3, 4)
    assert all(later - earlier > timedelta(weeks=12) for earlier, later in pairwise(threads))
    assert len(better) in (2, 3)
    assert all(later - earlier > timedelta(weeks=9) for earlier, later in pairwise(better))
    assert not {*threads} & {*better}
    for each in heard:
        if each.at in threads and each.text.startswith(("Three", "Held", "I put")):
            assert len(QUOTE.findall(each.text)) == 4
    letters = []
    for _week in range(4):
        await stage.later(weeks=1)
        person.hears()
        await person.says("/checkin one")
        await person.says("held the door for Ana")
        letters += [each for each in await person.says("that's all") if "here is a letter" in each.text]
    assert len(letters) == 1


async def test_one_of_a_better_week(year: Somebody) -> None:
    """In a week of nothing, and rarely, one of theirs is offered, with what came of it; no is an answer."""
    await year.scene.later(weeks=12)
    year.hears()
    await year.says("/checkin one")
    await year.says("nothing")
    heard = await year.says("nothing")
    assert heard[-1].text == "Want one of yours from a better week?"
    [one] = await year.says("yes please")
    assert "you wrote: “" in one.text
    assert one.text.endswith("That was you, too.")


async def test_nobody_is_quoted_from_a_better_week_who_was_lost(mira: Somebody) -> None:
    """A better week with somebody of whom something hard was told since is not offered back."""
    for word in ("chair", "bike", "roof", "piano", "lamp", "gate"):
        await mira.says(f"/goodturn mended Nuno's {word}")
    if_alive = await mira.journal(lambda journal: len(_given(past(journal, START, weeks=52))))
    await mira.says("my friend Nuno died on tuesday")
    now = await mira.journal(lambda journal: len(_given(past(journal, START, weeks=52))))
    assert (if_alive, now) == (6, 0)


# Sentences

RUI, JOANA = Acquaintance(id=1, name="Rui"), Acquaintance(id=2, name="my sister")
BREAD, NURSES = Theme(id=11, text="sourdough"), Theme(id=12, text="new nurses")


def told(*turns: Turn, weeks: int = 26, months: int = 0, began: date = date(2025, 1, 6)) -> Past:
    """Turns in a span of *weeks* that ends so many *months* after the middle of November 2026."""
    last = date(2026 + (10 + months) // 12, (10 + months) % 12 + 1, 15)
    return Past(
        first=last - timedelta(days=last.weekday(), weeks=weeks - 1),
        weeks=weeks,
        began=began,
        themes=(BREAD, NURSES),
        turns=turns,
    )


def turn(id: int, day: date, text: str, theme: int | None = None, *people: Acquaintance, **more: object) -> Turn:
    return Turn(id=id, given=True, day=day, theme=theme, people=people, quotes=(text,), **more)  # type: ignore[arg-type]


MANY = tuple(
    turn(id, date(2026, 6, 1) + timedelta(weeks=id), f"did the {id} thing for Rui", BREAD.id, RUI, JOANA)
    for id in range(1, 12)
)


def test_it_differs_from_month_to_month() -> None:
    """The same weeks are told in other words a month later, in every sentence, and in the same words meanwhile."""
    for seed in range(40):
        for month in range(12):
            now, next_month = (QUOTE.sub("“…”", caption(told(*MANY, months=each), seed)) for each in (month, month + 1))
            sentences = [set(re.split(r"(?<=[.]) ", each)) for each in (now, next_month)]
            assert not sentences[0] & sentences[1], (now, next_month)
            assert now == QUOTE.sub("“…”", caption(told(*MANY, months=month), seed))


def test_what_has_gone_quiet() -> None:
    """A theme, or somebody, of whom there was more than a word, and then none for six weeks."""
    old = [turn(id, date(2026, 6, 1 + id), f"bread for Rui {id}", BREAD.id, RUI) for id in range(1, 4)]
    late = [turn(9, date(2026, 11, 3), "asked a new nurse", NURSES.id, JOANA)]
    assert re.search(r"“sourdough”[^.]*June", caption(told(*old, *late), 1))
    people = [turn(id, date(2026, 6, 1 + id), f"a lift for Rui {id}", NURSES.id, RUI) for id in range(1, 4)]
    others = [Acquaintance(id=10 + number, name=name) for number, name in enumerate(("Ana", "Ilse", "Tom"))]
    lately = [turn(20 + day, date(2026, 11, 1 + day), "asked a new nurse", NURSES.id, *others) for day in range(5)]
    assert re.search(r"Rui[^.]*June", caption(told(*people, *lately), 1))
    assert "June" not in caption(told(*people, *late), 1)  # he was named in it most, a sentence before
    assert "June" not in caption(told(*old), 1)


@given(
    seed=st.integers(0, 1 << 48),
    turns=st.lists(st.tuples(st.integers(0, 181), st.sampled_from([None, 11, 12]), st.text(max_size=200)), max_size=30),
    weeks=st.sampled_from(LENGTHS),
)
def test_any_past_can_be_told(seed: int, turns: Sequence[tuple[int, int | None, str]], weeks: int) -> None:
    """Whatever was written, there are at most four sentences that fit below a picture, and a letter or none."""
    first = told(weeks=weeks).first
    lived = [
        turn(id, first + timedelta(days=day % (7 * weeks)), text, theme, RUI)
        for id, (day, theme, text) in enumerate(turns, 1)
    ]
    past_ = told(*lived, weeks=weeks)
    assert len(caption(past_, seed)) < 900
    assert bool(caption(past_, seed)) == bool(turns)
    assert (written := letter(past_, "Mira")) is None or 3 <= len(written.lines) <= 12
    assert len(story(past_).marks) == len(turns)


async def test_days_are_their_own(stage: Scene) -> None:
    """Sunday night in Auckland is Sunday there, and so in the week that ends with it."""
    person = stage.person(9)
    await person.talks(("/start", "Hello."), ("bees", "Change"), ("auckland", "Auckland"))
    stage.clock.at = datetime(2025, 12, 7, 10, 30, tzinfo=UTC)  # half past eleven in the night
    await person.says("/goodturn fed the bees of old Tama")
    stage.clock.at = datetime(2025, 12, 7, 12, 0, tzinfo=UTC)  # one o'clock on Monday
    await person.says("/story")
    assert [(mark.week, mark.day) for mark in shown(person).marks] == [(10, 6)]


# With characters


@pytest.mark.parametrize("weeks", LENGTHS)
def test_in_a_terminal(weeks: int) -> None:
    """Every mark is there, each theme with a sign of its own, above the stem what was given and below it what was
    received; and it fits a narrow window."""
    marks = [Mark(week=week, day=day, given=day < 3, theme=day) for week in range(0, weeks, 5) for day in range(5)]
    lines = [
        line.plain
        for line in drawn(
            Story(
                first=date(2026, 1, 5),
                weeks=weeks,
                themes=tuple(f"theme {letter}" for letter in "abcde"),
                marks=tuple(marks),
                chains=(Chain(start=3, end=5, giver="Lena", taker="Idris"),),
            )
        )
    ]
    stem = next(number for number, line in enumerate(lines) if "─" in line)
    weeks_told = len(range(0, weeks, 5))
    for sign in "●■▲":
        assert "".join(lines[:stem]).count(sign) == weeks_told
        assert any(line.startswith(f"{sign} theme") for line in lines[stem:])
    assert "".join(lines[stem + 1 : stem + 3]).count("○") == 2 * weeks_told
    assert "Lena ── you ── Idris" in lines
    assert max(map(len, lines)) <= 64


async def test_in_no_other_journal(stage: Scene, mira: Somebody) -> None:
    """A story is drawn of its own person's journal alone."""
    await mira.says("/goodturn gave Rui some sourdough starter")
    other = stage.person(8, "Ada")
    await other.talks(("/start", "Hello."), ("bees", "Change"), ("porto", "Porto"))
    await other.talks(("/story", "Your story begins"))

    def look(journal: Journal) -> int:
        return len(past(journal, START, weeks=52).turns)

    assert (await mira.journal(look), await other.journal(look)) == (1, 0)
