"""Whether two texts say almost the same."""

from functools import lru_cache

from rapidfuzz import fuzz

from bot.text import unmarked
from bot.understand.phrases import straight

_ALIKE = 78.0
"""Of 100: from here on the words of one are those of the other, give or take a few. Acts of the catalogue that differ
come to 73 at most, one with and without a name in it to 79 and more, a reworded one to 80 and more."""


@lru_cache(maxsize=1024)  # the cards of half a year are compared with every new act
def _words(text: str) -> str:
    kept = (sign if sign.isalnum() else " " for sign in unmarked(straight(text)).replace("'", ""))
    return " ".join("".join(kept).split())


def near(one: str, other: str) -> bool:
    """Whether *one* says almost what *other* says, in whatever order; two empty texts do."""
    a, b = _words(one), _words(other)
    return a == b or max(fuzz.ratio(a, b), fuzz.token_sort_ratio(a, b)) >= _ALIKE
