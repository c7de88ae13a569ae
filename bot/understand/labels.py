"""Labels: which button somebody means who types what is on it."""

import re
from collections.abc import Sequence
from functools import cache

from bot.understand.numbers import counted
from bot.understand.phrases import bare, phrases

_LONGER = 20  # characters that a text may have more than the longest label
_SHORTEST = 5  # letters of a word in which a slip is seen: near a shorter one there is always another

_AROUND = """
    please | pls | plz | thanks | thank you | thx | ok | okay | well | um+ | hm+ | oh | yes | yeah | so | rather | then
    i think | i guess | maybe | probably | lets (do | say | go with | try) | (i | ill | id | i would | i will)
        (take | pick | choose | say | go with | like | prefer | have) | the | that | this | option | number | button
    nr | lol | for me | it is
"""
_ORDINALS = {
    ordinal: at
    for at, ordinals in enumerate(("first 1st", "second 2nd", "third 3rd", "fourth 4th", "fifth 5th", "sixth 6th"))
    for ordinal in ordinals.split()
}


@cache
def _around() -> tuple[re.Pattern[str], re.Pattern[str]]:
    words = phrases(_AROUND)
    return re.compile(f"{words}+"), re.compile(rf"(?<= ){words}+$")


def label(text: str, labels: Sequence[str]) -> int | None:
    """Which of *labels*, by its place, *text* means: the label itself in any spelling, its beginning or end, its
    number ("2", "the second one", "last"), or one that is a slip or two away. None if it might be two of them, or none.

    Where a label has a number in it, numbers are answers and count no buttons.
    """
    names = [bare(each) for each in labels]
    if not names or len(text) > max(map(len, labels)) + _LONGER:
        return None
    before, after = _around()
    said = f"{bare(text)} "
    less = after.sub("", said)
    plain = (before.match(less) and before.sub("", less, count=1)) or less
    ways = dict.fromkeys(way.strip() for way in (said, less, plain, plain.strip().removesuffix(" one")))
    for way in ways:
        if way and (exact := [at for at, name in enumerate(names) if name == way]):
            return exact[0] if len(exact) == 1 else None
    said = list(ways)[-1]
    if not said or any(sign.isdecimal() for name in names for sign in name):
        return None
    parts = [at for at, name in enumerate(names) if name.startswith(f"{said} ")]
    if not parts and len(said) >= _SHORTEST:
        parts = [at for at, name in enumerate(names) if name.endswith(f" {said}")]
    if parts:
        return parts[0] if len(parts) == 1 else None
    place = _place(said, len(names))
    return _slipped(said, names) if place is None else place


def _place(said: str, many: int) -> int | None:
    """The place that *said* counts to among *many*."""
    words = counted(re.sub(r" (?:button|option)$", "", said))
    if words == "last":
        return many - 1
    at = int(words) - 1 if words.isdecimal() and len(words) < 3 else _ORDINALS.get(words, -1)
    return at if 0 <= at < many else None


def _slipped(said: str, names: list[str]) -> int | None:
    """The one of *names*, or of their beginnings, that *said* is a slip away from; two slips in a longer one."""
    from rapidfuzz.distance import OSA  # late: few people type a label, and fewer with a slip

    if len(said) < _SHORTEST:
        return None
    most = 1 if len(said) < 2 * _SHORTEST else 2
    words = len(said.split())
    away = [
        min(
            OSA.distance(said, name, score_cutoff=most + 1),
            OSA.distance(said, _begin(name, words), score_cutoff=most + 1),
        )
        for name in names
    ]
    # The next must be clearly farther, or both may be meant.
    best, *others = sorted(away)
    return away.index(best) if best <= most and (not others or others[0] > best + 1) else None


def _begin(name: str, words: int) -> str:
    return " ".join(name.split()[:words])
