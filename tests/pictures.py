"""Six journals, two letters and a year as pictures, to be looked at: `make pictures` draws them into pictures/.

The same stories serve tests/test_picture.py.
"""

import asyncio
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from bot.picture import png
from bot.story import LENGTHS, Chain, Letter, Line, Mark, Picture, Story
from tests.conversation import scene
from tests.year import MIRA, START, life, lives

NOW = date(2026, 11, 23)
"""A Monday: the last week of every story here."""

THEMES = (
    "being patient with new nurses",
    "sourdough",
    "embedded Rust",
    "being a calm dad",
    "beekeeping",
    "showing up when it rains",
    "writing letters by hand to people who are far away from home",
    "fixing bicycles",
)


def story(
    weeks: int, themes: tuple[str, ...], marks: list[Mark], *chains: Chain, theme: int | None = None, began: int = 0
) -> Story:
    """The last *weeks* up to NOW, of a journal that *began* so many weeks into them."""
    first = NOW - timedelta(weeks=weeks - 1)
    return Story(first=first, weeks=weeks, began=began, themes=themes, marks=tuple(marks), chains=chains, theme=theme)


def lived(weeks: int, themes: int, often: tuple[int, ...], *, since: int = 0, seed: int = 1) -> list[Mark]:
    """Weeks as they come: as many marks as one of *often* says, themes less and less often, a third received."""
    random = Random(seed)
    marks = []
    for week in range(since, weeks):
        for day in sorted(random.choices(range(7), k=random.choice(often))):
            theme = min(random.randrange(themes + 1), random.randrange(themes + 1))
            marks.append(Mark(week=week, day=day, given=random.random() > 0.3, theme=theme if theme < themes else None))
    return marks


def chained(marks: list[Mark], *names: tuple[str, str]) -> tuple[Chain, ...]:
    """Chains through *marks*, one for each pair of *names*, spread over the time."""
    received = [number for number, mark in enumerate(marks) if not mark.given]
    given = [number for number, mark in enumerate(marks) if mark.given]
    chains = []
    for number, (giver, taker) in enumerate(names):
        start = received[len(received) * (2 * number + 1) // (2 * len(names) + 1)]
        after = [each for each in given if each > start + 5]
        if after:
            chains.append(Chain(start=start, end=after[0], giver=giver, taker=taker))
    return tuple(chains)


def journals() -> Iterator[tuple[str, Story]]:
    """Each journal by name, for each length that makes sense."""
    first = [
        Mark(week=11, day=0, given=True, theme=0),
        Mark(week=11, day=2, given=True, theme=1),
        Mark(week=11, day=2, given=False, theme=1),
    ]
    yield "one-week", story(12, THEMES[:2], first, began=11)
    for weeks in LENGTHS:
        marks = lived(weeks, 3, (0, 0, 1, 0, 1, 2), seed=weeks)
        yield f"sparse-{weeks}", story(weeks, THEMES[:3], marks, *chained(marks, ("Lena", "Idris")))
        marks = lived(weeks, 4, (0, 3, 4, 6, 12, 5), seed=weeks)
        named = chained(marks, ("Lena", "Idris"), ("your sister", "Joana"), ("Rui", ""))
        yield f"dense-{weeks}", story(weeks, THEMES[:4], marks, *named)
        marks = lived(weeks, 8, (1, 2, 3, 0, 4), seed=weeks)
        yield f"eight-themes-{weeks}", story(weeks, THEMES, marks, *chained(marks, ("Ağça", "Đặng Thị Ngọc")))
    marks = [replace(mark, theme=0) for mark in lived(26, 1, (1, 0, 2, 1, 3), seed=4)]
    yield "one-theme", story(26, ("sourdough",), marks, *chained(marks, ("Rui", "Mira")), theme=0)
    marks = lived(12, 4, (1, 2, 3), seed=7)
    named = chained(marks, ("小林", "אורי"), ("سلمى", "Олександра"))
    yield "other-letters", story(12, ("דבש", "пчёлы и мёд", "耐心", "μελισσοκομία"), marks, *named)


OLD_BOOKS = (
    "helped Mr. Þórarinsson carry the whole library of his late wife up three floors, box after box, and he told me "
    "about each of the books that he could not give away, which was most of them"
)
VARROA = (
    "Wrote down the mistake with the varroa strips where the beginners will look for it, with the photos, the dates "
    "and what it cost, and two people have already asked about it"
)
KETTLE = (
    "First time I said out loud that I don't know how to talk to Dad, and Lena just stayed on the line until the "
    "kettle had boiled twice."
)

LETTERS = {
    "letter": Letter(
        name="Mira",
        lines=(
            Line(month=1, text="covered 20 min for Joana so she could eat"),
            Line(month=2, text="gave Rui some starter. He named it Amália."),
            Line(month=2, text="Rui drove me home in the rain"),
            Line(month=4, text=KETTLE),
            Line(month=6, text="Joana did a handover alone on tuesday!!"),
            Line(month=9, text="showed the new one where the quiet stairs are"),
            Line(month=11, text="Idris has the bees now. I only held the smoker."),
        ),
        people=("Joana", "Rui", "Lena", "your sister", "Idris"),
    ),
    "long-letter": Letter(
        lines=(
            Line(month=1, text="Сидела с Олей, пока не уснули дети"),
            Line(month=1, text="Ο Νίκος έφερε μέλι και μείναμε στη βεράντα μέχρι να νυχτώσει"),
            Line(month=2, text=OLD_BOOKS),
            Line(month=3, text="Nguyễn Thị Ánh taught me to fold the paper"),
            Line(month=4, text="żółw wrócił do domu"),
            Line(month=5, text="今日は小林さんに手伝ってもらった"),
            Line(month=6, text=f"https://example.org/{'an-address-that-has-to-go-somewhere/' * 3}"),
            Line(month=6, text="answered the oldest message I owed"),
            Line(month=7, text="Sat with the boy from the third floor over fractions until both of us laughed"),
            Line(month=8, text="told Ana what her remark in May had set going"),
            Line(month=9, text="nothing much. Soup for the neighbours"),
            Line(month=10, text="asked for a hand with the fence & got four"),
            Line(month=11, text=VARROA),
            Line(month=12, text="The usual. She said it isn't usual at all"),
        ),
        people=("Olja", "Νίκος", "Mr. Þórarinsson", "小林さん", "Ana", "Nguyễn Thị Ánh"),
    ),
}


def everything() -> Iterator[tuple[str, Picture]]:
    """All of it, by day and by night."""
    for dark in (False, True):
        when = "night" if dark else "day"
        yield from ((f"{name}-{when}", replace(each, dark=dark)) for name, each in journals())
        yield from ((f"{name}-{when}", replace(each, dark=dark)) for name, each in LETTERS.items())


async def year() -> list[tuple[str, Picture]]:
    """The year in tests/year, lived with the real bot, as it is shown at its end."""
    with TemporaryDirectory() as folder:
        async with scene(Path(folder) / "tenfold.db", START) as stage:
            mira = stage.person(7)
            await lives(mira, life(MIRA))
            for words in ("/story", "/story 26", "/story 52", "/story year"):
                await mira.says(words)
            return list(zip(("mira-12", "mira-26", "mira-52", "mira-letter"), stage.room.pictures[-4:], strict=True))


def main(folder: Path) -> None:
    """Draws everything into *folder*."""
    folder.mkdir(exist_ok=True)
    for name, picture in (*everything(), *asyncio.run(year())):
        drawn = png(picture)
        (folder / f"{name}.png").write_bytes(drawn)
        sys.stdout.write(f"{name}.png  {len(drawn) / 1000:.0f} kB\n")


if __name__ == "__main__":
    main(Path("pictures"))
