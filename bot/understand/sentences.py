"""How a message is built: the clauses that it has, and whether it goes on or asks back."""

import re
from functools import cache

from bot.understand.phrases import LOOSE, lowered, phrases
from bot.understand.wishes import DONE, LONGEST

# Between two clauses; not within 1.5, 6:30 or "an hour and a half".
_BETWEEN = re.compile(
    r"[;!?\n()…] | [,.:](?!\d) | \ -\  | \ (?:but|so)\  | \ of\ which\  | \ and\ (?!(?:an?|3|three|some)\b)",
    re.VERBOSE,
)


def clauses(text: str) -> list[str]:
    """The clauses of *text*: "8 or so, and half was a call" is "8 or so" and "half was a call"."""
    parts = (re.sub(r"^\s*(?:and|but|so)\b", "", part).strip(" -~\"'") for part in _BETWEEN.split(text))
    return [part for part in parts if part]


_NAMING = 4  # words with which somebody still names something: "when I drove Ana"

_FIRST = "oh | ah | and | so | wait | ok | okay | hey | yes | hm+ | um+"
_MORE = """
    also | i also | we also | plus | and [then] (i | we | then | also | another | one more)
    (oh | ah) (i | and | yes | yeah | another | one more | forgot) | another (one | thing | good turn) | one more
    then (i | we) also | i should add | not to forget | as well as | and [then] (gave | helped | drove | called | rang
        | took | lent | made | brought | fixed | cooked | showed)
    [i] [almost | nearly] forgot | on top of that | additionally | in addition | p s | ps | besides
"""


@cache
def _more() -> re.Pattern[str]:
    # "also fine" is an answer.
    return re.compile(rf"{phrases(_FIRST, LOOSE)}*?(?!also (?:fine|ok|okay|not|no)\b){phrases(_MORE, LOOSE)}")


def also(text: str) -> bool:
    """Whether *text* plainly adds one more to what was said before: "also gave Rui some starter", "oh and I ..."."""
    said = re.sub(r"^[+&] ?", "plus ", lowered(text))
    return len(said.split()) > 2 and not said.endswith("?") and _more().match(said) is not None


def tells(text: str) -> bool:
    """Whether *text* tells what somebody did, where a few names, words or an hour were asked for."""
    return len(text.split()) > _NAMING and DONE.search(lowered(text)) is not None


_ASKING = """
    why | what | whats | who | whose | how | when | where | which | do | does | did | is | are | am | can | could
    should | would | will | may | like what | such as | for example | huh | eh | pardon | really | meaning
"""


@cache
def _asking() -> re.Pattern[str]:
    first = phrases("but | and | so | wait | hm+ | ok | okay | sorry | oh", LOOSE)
    return re.compile(rf"{first}*{phrases(_ASKING, LOOSE)}.*\?+|\?+")


def wonders(text: str) -> bool:
    """Whether *text* as a whole asks something back, as in "why?" or "does my mum count?"."""
    return len(text) <= LONGEST and _asking().fullmatch(lowered(text)) is not None
