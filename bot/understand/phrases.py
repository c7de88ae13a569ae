"""Plain text, and phrase books that it is compared with.

People write one thing with many apostrophes, dashes and capitals: `lowered` leaves one of each, `bare` nothing but the
words. A phrase book then lists what they say, a phrase a line or between bars; an indented line goes on:

    stop [it | this | everything]         what is in square brackets may be missing
    (leave me alone | go away) until ...  one of several; then any words at all
    (very | really)* busy                 any number of them
    haha+ | days? | f\\w+                  a word may itself be a regular expression
    lost my dad !(in | at)                what must not come next
"""

import re
import unicodedata
from functools import lru_cache
from textwrap import dedent

READ = 400
"""Characters of a message that are read; what somebody means by a short answer is said by then."""

LOOSE = r"\b\W*"
"""A gap that takes punctuation as well, and that may be empty at the end."""

_APOSTROPHES = str.maketrans(dict.fromkeys("’‘`´ʼ＇", "'"))
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−﹣－", "-"))
_FRACTIONS = str.maketrans({"½": ".5", "¼": ".25", "¾": ".75"})

_DRAWN_OUT = re.compile(r"([^\W\d])\1{2,}")
_NOT_WORD = re.compile(r"[\W_]+")


def straight(text: str) -> str:
    """*text* with one kind of apostrophe, and otherwise as written."""
    return text.translate(_APOSTROPHES)


@lru_cache(maxsize=1)  # one message is read in many ways, one after the other
def lowered(text: str) -> str:
    """The beginning of *text* in lower case, with one kind of apostrophe, dash and space."""
    plain = straight(text[:READ]).translate(_DASHES).translate(_FRACTIONS)
    return " ".join(unicodedata.normalize("NFKC", plain).casefold().split())


def bare(text: str) -> str:
    """The bare words of *text*: "That's it!!" is "thats it", "nooooo" is "no"."""
    return _NOT_WORD.sub(" ", _DRAWN_OUT.sub(r"\1", lowered(text)).replace("'", "")).strip()


def vocabulary(table: str) -> frozenset[str]:
    """The words of *table*, which are apart by spaces or lines."""
    return frozenset(table.split())


PART = re.compile(r"\.\.\.|\)\*|\]\*|!\(|[\[\]()|]|[^\s\[\]()|]+")
_SIGNS = {"[": "(?:", "]": ")?", "]*": ")*", "(": "(?:", "!(": "(?!", ")": ")", ")*": ")*", "|": "|"}


def phrases(book: str, gap: str = " ") -> str:
    """The regular expression, a group without a name, for any one phrase of *book*.

    Each word takes the *gap* after it along: a text to be matched in full ends with one.
    """
    lines = re.sub(r"\n +", " ", dedent(book).strip()).replace("\n", "|")
    parts = (_SIGNS.get(part) or f"{'.+' if part == '...' else part}{gap}" for part in PART.findall(lines))
    return f"(?:{''.join(parts)})"
