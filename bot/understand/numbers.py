"""Numbers in words: "an hour and a half" is "1.5 hour", "half past four" is "half past 4"."""

import re
from functools import cache

_ONES = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
]  # fmt: skip
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_NUMBERS = {word: number for number, word in enumerate(_ONES)} | {word: 20 + 10 * at for at, word in enumerate(_TENS)}

# "twenty-five", or any one word of the above.
_WORDS = re.compile(rf"\b(?:({'|'.join(_TENS)})[ -]({'|'.join(_ONES[1:10])})|({'|'.join(_NUMBERS)}))\b")

# Amounts that have words of their own, in this order.
_AMOUNTS = (
    (r"\bhalf a dozen\b", "6"),
    (r"\b(?:a|one|1) dozen\b", "12"),
    (r"\ba handful(?: of)?\b", "5"),
    (r"\b(?:a|1) hundred\b", "100"),
    (r"\ba (?:good|whole|full|solid) (?=hour)", "1 "),
    (r"(?<![\d/])(\d) 1/2\b", r"\1.5"),
    (r"\b(?:a |one |1 )?couple(?: of)?\b", "2"),
    # "an hour", but not the one in "half an hour"
    (r"(?<!half )(?<!quarter of )(?<!quarters of )\ban? (hour|hr|minute|min|day|week|month|year)\b", r"1 \1"),
    # "an hour and a half", "one and a half hours"
    (r"\b(\d+) (hours?|hrs?|weeks?|months?|years?) and a half\b", r"\1.5 \2"),
    (r"\b(\d+) and a half\b", r"\1.5"),
    # "half an hour", "half a year"
    (r"\b(?:a |1 )?half (?:an )?(?=hour|hr\b|h\b)", "0.5 "),
    (r"\bhalf (?:of )?an? (?=day|week|month|year)", "0.5 "),
    (r"\b(?:a |1 )?quarter (?:of )?an (?=hour)", "0.25 "),
    (r"\b3[ -]quarters of an (?=hour)", "0.75 "),
    # "1 .5" was "1 ½", and "1,5" is "1.5" where the comma is not one of thousands
    (r"(\d) (\.\d)", r"\1\2"),
    (r"(?<![\d.,])(\d{1,3}),(\d)(?![\d,])", r"\1.\2"),
)


@cache
def _amounts() -> list[tuple[re.Pattern[str], str]]:
    return [(re.compile(pattern), digits) for pattern, digits in _AMOUNTS]


def counted(said: str) -> str:
    """*said* (lower case) with the number words in it as digits; "half" and "quarter" stay, as a clock says them."""

    def digits(found: re.Match[str]) -> str:
        tens, one, alone = found.groups()
        return str(_NUMBERS[alone] if alone else _NUMBERS[tens] + _NUMBERS[one])

    return _WORDS.sub(digits, said)


def measured(said: str) -> str:
    """*said* (lower case) with every amount in it as digits: halves, couples and dozens too."""
    said = counted(said)
    for pattern, digits in _amounts():
        said = pattern.sub(digits, said)
    return said
