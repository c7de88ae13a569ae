"""Amounts: how many hours somebody says, and how large a part of something."""

import re
from functools import cache
from typing import Literal

from bot.understand.numbers import counted, measured
from bot.understand.phrases import LOOSE, READ, lowered, phrases
from bot.understand.sentences import clauses

Share = Literal["none", "quarter", "half", "most"]

# Hours

_WEEK = 168.0
_AMOUNT = r"(?:\d{1,4}(?:\.\d{1,2})?|\.\d{1,2})"
_UNIT = r"(?:hours?|hrs?|h|std|minutes?|mins?|m)\b"
_ISH = r"(?:\ ?-?ish)?"
_START = r"(?<![\w.:/€$£-])"  # not in the middle of a number, a price or a date
_DAILY = r"(?P<daily>\ ?(?:a|1|per|each|every|/)\ ?day|\ daily)?"

# Words that may stand before a bare number, all of them together; signs between them don't matter.
_HEDGES = """
    idk | dunno | way | prob | not sure | about | around | roughly | approximately | approx | circa | ca? | maybe
        | perhaps
    probably | some | like | say | only | just | i'd say | i would say | i (think | guess | suppose) | it was | it's
    [i] spent | well | um+ | uh+ | hm+ | oh | ok | so | nearly | almost | close to | easily | at (most | least) | up to
    under | over | below | [no | not | not much] more than | (less | fewer) than | between | from | max | maximum | min
    minimum | [in] total | estimate | guess | good | honestly | tbh | a | the | to
    something like | somewhere | in the region of | my | is | was
"""
# What may come after a bare number. Anything else is perhaps what was counted: "3 friends".
_AFTER = """
    or (so | more | thereabouts) | ish | tops | max | maximum | at (most | least) | [in] total | altogether | all in all
    (this | last | a | per | each) week | week | weekly | i (think | guess | suppose) | i'd say | maybe | probably
    roughly | about | give or take | tbh | honestly | of it | overall | on | and | but | half | most | with | if | sorry
    lol | too | which | hours? | please
"""
_NO_TIME = """
    not (1 | a single) (minute | second | hour)
    (absolutely | probably | basically | practically | honestly | well | oh | um | about | i think | i'd say
        | i spent)*
        (none | nothing | 0 | nil | nada | zilch | no (time | hours) | not (at all | any) | didn't)
        (at all | really | whatsoever | tbh | honestly | this (week | time) | i think | of it | hours? | h | minutes?
        | today | for once)*
"""
_LITTLE_TIME = """
    (hardly | barely | scarcely | not even) 1 hour
    (probably | honestly | well | oh | about)*
        (hardly [any] | barely [any] | almost (none | nothing) | next to (none | nothing) | very little | not much
        | [a few] minutes)
        (at all | really | tbh | this week | i think | of it | time)*
"""


@cache
def _hours() -> list[re.Pattern[str]]:
    """Hours as on a clock ("1h30"), as a span ("6-8"), and as one number ("10+")."""
    unit = rf"(?:\ ?(?P<unit>{_UNIT}))?"
    clock = r"""
        (?P<low>\d{1,2}) \ ?(?P<unit>h|hrs?|hours?|:) (?:\ and)? \ ?(?P<minutes>[0-5]\d) (?:\ ?(?:m|mins?|minutes?))?\b
    """
    span = rf"""
        (?P<low>{_AMOUNT}) {_ISH} (?:\ ?(?P<low_unit>{_UNIT}))?
        \ ?(?:-|to|or|and|/|bis|through)\ ? (?:maybe\ |even\ )?
        (?P<high>{_AMOUNT}) {_ISH} \ ?\+? {unit}
    """
    single = rf"(?P<low>{_AMOUNT}) {_ISH} \ ?(?:\+|plus)? {_ISH} {unit}"
    return [re.compile(f"{_START} {each} {_DAILY}", re.VERBOSE) for each in (clock, span, single)]


@cache
def _around() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """What may stand before a bare number, what may stand after it, and what before it makes it the most."""
    after = rf"\s*(?:$|[,.;:!?()\n…-]|{phrases(_AFTER, LOOSE)})"
    most = r"(?:under|below|(?<!no )(?:less|fewer) than|up to|at most|<|max|maximum)[ :]*$"
    return re.compile(f"{phrases(_HEDGES)}*"), re.compile(after), re.compile(most)


@cache
def _words_for_hours() -> list[tuple[re.Pattern[str], tuple[float, float]]]:
    return [(re.compile(phrases(_NO_TIME)), (0.0, 0.0)), (re.compile(phrases(_LITTLE_TIME)), (0.0, 1.0))]


def hours(text: str) -> tuple[float, float] | None:
    """How many hours *text* says, as (least, most), or None. "10+" is (10, 10), "under 5" (0, 5), "a day" times seven.

    A number with a unit counts wherever it stands; one without only if hardly anything but hedging stands before it
    and no other thing is counted ("3 friends").
    """
    said = measured(lowered(text))
    for pattern, reading in _words_for_hours():
        if pattern.fullmatch(said.rstrip(".! ") + " "):
            return reading
    # "a few hours", "several hours" and "an hour or two" are spans.
    said = re.sub(
        r"\b(?:a )?few (?=hours?|hrs?|h\b|minutes?|mins?)|^(?:maybe |just |only )?a few(?=$|[,.!])", "2-4 ", said
    )
    said = re.sub(r"\bseveral (?=hours?|hrs?|minutes?|mins?)", "3-7 ", said)
    said = re.sub(r"\b1 hour or (\d+)\b", r"1-\1 hours", said)
    for pattern in _hours():
        found = pattern.search(said)
        if found and (_unit(found) or _is_bare(said[: found.start()], said[found.end() :])):
            return _span(found, said[: found.start()])
        if found and "high" in found.re.groupindex:
            return None  # "3-4 times"
    return None


def _is_bare(before: str, after: str) -> bool:
    """Whether a number between *before* and *after* stands for itself."""
    hedges, rest, _most = _around()
    clause = re.split(r"[,;:.!?(]\s", before)[-1]
    words = " ".join(re.sub(r"[~≈<>=:,.-]", " ", clause).split())
    return (not words or hedges.fullmatch(f"{words} ") is not None) and rest.match(after) is not None


def _span(found: re.Match[str], before: str) -> tuple[float, float] | None:
    part = found.groupdict()
    unit = _unit(found)
    low = float(part["low"]) * _in_hours(part.get("low_unit") or unit) + int(part.get("minutes") or 0) / 60
    high = float(part["high"]) * _in_hours(unit) if "high" in part else low
    if "high" not in part and "minutes" not in part and _around()[2].search(before):
        low = 0.0
    low, high = sorted((low, high))
    days = 7 if part["daily"] else 1
    return (round(low * days, 2), round(high * days, 2)) if high * days <= _WEEK else None


def _unit(found: re.Match[str]) -> str | None:
    return found["unit"] or found.groupdict().get("low_unit")


def _in_hours(unit: str | None) -> float:
    return 1 / 60 if unit and unit[0] == "m" else 1.0


# Shares

_PERCENT = re.compile(r"(?<![\d.])(\d{1,3}(?:\.\d+)?) ?(?:%|percent|per cent|pct)")
# Number words that are part of a share.
_COUNTED = re.compile(r"\b(?:one in (?:three|four|five|ten)|two(?=[ -]thirds)|three(?=[ -]quarters))\b")
_BEFORE_PART = """
    about | around | roughly | maybe | perhaps | probably | i'd say | i would say | i (think | guess) | almost | nearly
    only | just | like | say | well | um | oh | easily | at (least | most) | up to | some | [a] good | honestly | tbh
    of (that | it | those | them) | it was | it's | [i] spent | over | (more | less) than | under | not (even | quite)
    (a bit | slightly) (over | under)
"""
_AFTER_PART = """
    of (it | that | them | those | this | the time | my time | the hours? | my hours? | all) [...]
    (was | were | is | are | went | with | on | the time | or so | i'd say | i think | i guess | i suppose | probably
        | maybe | really | tbh | then | each) [...]
"""
# Parts of one, in the order in which they are tried; after them may come what they are parts of.
_PARTS = {
    0.5: """[a | one | the] half | 1/2 | (50 | fifty) (50 | fifty) | 50/50 | 50-50 | fifty-fifty
            | fifty/fifty | half/half | half/half | half and half | halves | halfway | \\.5""",
    0.25: "[a | one] quarter | 1/4 | \\.25 | 1 in 4",
    0.33: "[a | one | 1] third | 1/3 | 1 in 3",
    0.2: "[a | one | 1] fifth | 1/5 | 1 in 5",
    0.1: "[a | one | 1] (tenth | 10th) | 1/10 | 1 in 10",
    0.75: "2 thirds | 2-thirds | 2/3 | \\.75 | 3 quarters | 3-quarters | 3/4",
    0.9: """[the] [vast | large | overwhelming] majority | [by far] [the] (most | lion's share | bulk | best part
            | better part) | mostly | mainly | [pretty much | practically] (all | everything | entirely)""",
    0.0: """[practically | close to] (none | nothing | nil | zero) | hardly [any | anything] | barely [any | anything]
            | scarcely any | next to (none | nothing) | [very | precious] little | not much | a tiny (bit | part)
            | zip | nada | zilch | a (few | couple of) minutes | very few""",
}
# These are parts only if hardly anything comes after them.
_LONE_PARTS = {
    0.0: """0 | no | nope | not (at all | any | really | a lot) | no time | never | a tad | a minute | minimal
            | negligible | hardly ever""",
    0.25: """some [was | were] | bits and (bobs | pieces) | the smaller (part | half) | a (bit | little | part
        | small part | few | fraction | small portion | fair bit | little bit)
            | little bit | somewhat | sometimes | occasionally""",
    0.5: "even | evenly | so so | equal | equally | medium | middling | a fair amount | quite some",
    0.9: """the (larger | bigger | better) (part | half) | [quite] a lot | lots | loads | [very] much | always
        | plenty | tons | completely | totally | 100 | yes all
            | the whole (lot | time) | a great deal | quite a bit | all the time""",
}


@cache
def _parts() -> list[tuple[re.Pattern[str], float]]:
    lead = f"(?P<lead>{phrases(_BEFORE_PART)}*)"
    lone = phrases("of it | really | tbh | i (think | guess | suppose) | i'd say")
    sure = [(f"{lead}{phrases(words)}{phrases(_AFTER_PART)}?", part) for part, words in _PARTS.items()]
    rest = [(f"{lead}{phrases(words)}{lone}?", part) for part, words in _LONE_PARTS.items()]
    return [(re.compile(pattern), part) for pattern, part in sure + rest]


def share(text: str) -> Share | None:
    """How large a part of something *text* says was so, to the nearest of four, or None.

    "most" is two thirds and up, "none" less than a tenth ("hardly any"). It may be one clause among others ("8ish,
    half was ..."), but half an hour and half a dozen are no shares.
    """
    said = lowered(text)
    if found := _PERCENT.search(counted(said)):
        return _nearest(float(found[1]) / 100) if float(found[1]) <= 100 else None
    # After "8ish" something else begins; "half-ish" is half.
    said = re.sub(r"(?<=\d) ?-?ish\b", ",", said).replace("fourth", "quarter")
    said = re.sub(r"\b(half|third|quarter|fifth|tenth) ?-?ish\b", r"\1", said)
    said = _COUNTED.sub(lambda found: counted(found[0]), said)
    for clause in (said, *clauses(said)):
        for pattern, part in _parts():
            if found := pattern.fullmatch(clause.strip(" -~\"'") + " "):
                return _nearest(_shifted(part, found["lead"]))
    return None


def share_besides(text: str) -> Share | None:
    """The share that *text*, an answer in hours, tells besides: "half" in "8, half was a call".

    None where all that it says is an amount of hours, as "none" and "hardly any" then do.
    """
    # After "8ish" something else begins, with a comma or without.
    said = clauses(re.sub(r"(?<=\d)( ?-?ish)\b", r"\1,", text[:READ]))
    shares = (share(clause) for clause in said if hours(clause) is None)
    return next((part for part in shares if part), None) if len(said) > 1 else None


def _shifted(part: float, lead: str) -> float:
    if "slightly" in lead or "a bit" in lead:
        return part
    more, less = re.search(r"more than|over", lead), re.search(r"less than|under|not even", lead)
    return part + 0.2 if more else max(part - 0.2, min(part, 0.1)) if less else part


def _nearest(part: float) -> Share:
    return "none" if part < 0.1 else "quarter" if part < 0.4 else "half" if part < 0.65 else "most"
