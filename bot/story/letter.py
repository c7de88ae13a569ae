"""A year in nothing but their own sentences, and whose weeks they were in."""

import re
from collections.abc import Iterator

from bot import understand
from bot.story.drawn import Letter, Line
from bot.story.past import Past, Turn, names

LINES = 12
"""Sentences of a letter at most: one a month, so that it can be read in a minute."""

FEWEST = 3
"""Sentences without which it would be no letter."""

PEOPLE = 16
"""Names at the end of a letter at most."""

_DIGIT = re.compile(r"\d")


def letter(year: Past, name: str, *, dark: bool = False) -> Letter | None:
    """The letter of *year* to somebody called *name*; None while there is too little to write. Of each month it takes
    the sentence that says most, none with a figure in it, and none twice."""
    best: dict[tuple[int, int], tuple[int, str]] = {}
    told: set[str] = set()
    for turn in year.turns:
        month = (turn.day.year, turn.day.month)
        for weight, sentence in _weighed(turn):
            if (words := understand.folded(sentence)) in told:
                continue
            told.add(words)
            if month not in best or weight > best[month][0]:
                best[month] = (weight, sentence)
    latest = sorted(best)[-LINES:]
    if len(latest) < FEWEST:
        return None
    people = dict.fromkeys(name for turn in year.turns for name in names(turn.people))
    return Letter(
        name=name,
        lines=tuple(Line(text=best[month][1], month=month[1]) for month in latest),
        people=tuple(people)[-PEOPLE:],
        dark=dark,
    )


def _weighed(turn: Turn) -> Iterator[tuple[int, str]]:
    """What can be quoted of *turn*, each with how much it says: somebody's name, what came of it, a whole thought."""
    here = {word for each in turn.people for word in understand.folded(each.name).split()}
    for weight, quotes in ((0, turn.quotes), (2, turn.came)):
        for quote in quotes:
            if not _DIGIT.search(quote):
                words = understand.folded(quote).split()
                yield weight + 2 * bool(here & set(words)) + (6 <= len(words) <= 24) + (turn.given), quote
