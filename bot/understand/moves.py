"""Moves: where somebody is, and from which day on they will be elsewhere."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache

from bot.understand.clocks import DAY, offset
from bot.understand.pauses import MONTH, day
from bot.understand.phrases import READ, lowered, straight
from bot.understand.places import place

_MOST_WORDS = 4  # of a place


@dataclass(frozen=True, kw_only=True, slots=True)
class Move:
    """A change of place that is still to come: from the day *since* on they are *there*; until then *here*, or *offset*
    from UTC, "" and None where they didn't say. Both places are words as written, which may name a city."""

    here: str
    offset: timedelta | None
    there: str
    since: date


# A day, as in "the 14th", "3 december", "the end of january", "next monday", "in two weeks".
_DATE = rf"""(?:
    (?:the\ )? (?:(?:end|middle|mid|beginning|start)(?:\ of|-|\ )\ ?)? (?:(?:the|this|next)\ )?
    (?: \d{{4}}-\d\d-\d\d | \d{{1,2}}\.\d{{1,2}}\.(?:\d{{4}})? | \d{{1,2}}/\d{{1,2}}(?:/\d{{4}})?
      | \d{{1,2}}(?:st|nd|rd|th)?(?:\ of)?\ {MONTH}(?:,?\ 20\d\d)?
      | {MONTH}(?:\ (?:the\ )?\d{{1,2}}(?:st|nd|rd|th)?\b)?(?:,?\ 20\d\d)?
      | \d{{1,2}}(?:st|nd|rd|th)\b | {DAY.pattern} | (?:tomorrow|weekend|week|month|year|christmas|xmas|new\ year)\b )
    (?:\ (?:morning|evening|onwards?|on(?=\W|$))\b)*
)"""
_SPAN = (
    r"in\ (?:about\ )?(?:an?|one|two|three|four|five|six|ten|\d{1,2}|a\ few|a\ couple\ of)\ (?:days?|weeks?|months?)\b"
)
_BEGINS = rf"""\b(?:
    (?:(?:starting|beginning|from|as\ of|as\ from|after)\ (?:from\ |on\ |in\ |next\ )?|(?:on|in|by|come|at)\ ){_DATE}
    | {_SPAN} | (?:next|this)\ (?:(?:week|month|year)\b|{DAY.pattern}) | tomorrow\b
)(?:\ time\b)?"""
_ENDS = rf"\b(?:till|til|until|up\ to|through)\ {_DATE}"
# Somebody who tells what was, or of others, tells of no move.
_STORY = re.compile(
    r"\b(?:was|were|went|drove|took|helped|visited|came|comes|met|had|lived|left|flew|did|gave|made|told|said|he|she|they"
    r"|his|her|their)\b"
)
_THEN = re.compile(
    r"^(?:(?:and|but) )?(?:then|after that|afterwards|later|next(?! (?:week|month|year)))\b[ ,:]*"
    r"|,? (?:from|as of) (?:then|there)(?: onwards?| on)?$",
    re.IGNORECASE,
)
_AND = re.compile(r"(?:and|but|so) ", re.IGNORECASE)
# Between two stays: a comma that isn't within a date, "and then".
_STAYS = re.compile(
    r"[;\n!?]|,(?! ?20\d\d)|\.(?= |$)(?<!\bst\.)(?<!\d\.)| [-–—>]+ | (?=(?:and|but) (?:then|from|after|in|i)\b)"
    r"|(?<!\bfrom)(?<!\bof) (?=then\b)",
    re.IGNORECASE,
)
_NO_PLACE = re.compile(
    r"\b(?:to|with|for|at|and|my|it|not|don't|i|we|then|if|when|every|once|instead|call|help|ask|write|send|bring|see|give"
    r"|make|bake|cook|read|come|covered|quiet|pause|silent|always|also|week|day|month)\b",
    re.IGNORECASE,
)
# "on friday" begins a stay only if somebody goes or is somewhere then; "from friday" does by itself.
_STAYING = re.compile(
    r"\b(?:i'?m|i am|i'?ll|we'?re|we'?ll|be|mov\w+|fly\w*|go|going|head\w+|in|to|back|live)\b", re.IGNORECASE
)
_GOING = re.compile(
    r"(?:i'?m |i am |i'?ll |we'?re |we'?ll |we |i )?(?:be )?(?:mov\w+|fly\w*|go|going|head\w+) ", re.IGNORECASE
)
_FROM = re.compile(r"(?:from|starting|beginning|as)\b", re.IGNORECASE)


@cache
def _dates() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """When a stay begins, and when one ends."""
    flags = re.VERBOSE | re.IGNORECASE
    return re.compile(_BEGINS, flags), re.compile(_ENDS, flags)


def move(text: str, now: datetime) -> Move | None:
    """Where *text* says somebody will be, and from when; None if it tells of no move to come.

    "utc+2, lisbon from the 14th", "I'm in Berlin till friday, then Lisbon". Days count from the date at the offset that
    *text* tells, or else from *now*'s own (aware): give it on their clock where that is known.
    """
    said = " ".join(straight(text[:READ]).replace("\n", "; ").split())
    if _STORY.search(lowered(said)):
        return None
    away = offset(said, now)
    today = now.date() if away is None else (now - (now.utcoffset() or timedelta(0)) + away).date()
    begins, ends = _dates()
    here = there = ""
    since: date | None = None
    ended: date | None = None
    for stay in (part.strip(" .:") for part in _STAYS.split(said)):
        told = _AND.sub("", _THEN.sub("", stay), count=1)
        last, first = ends.search(told), begins.search(told)
        rest = " ".join(begins.sub(" ", ends.sub(" ", told)).split())
        if first and not there and not _FROM.match(first[0]) and not _STAYING.search(rest):
            first = None
        where = _place(rest)
        ended = (last and _first_day(last[0], today)) or ended
        start = (first and _first_day(first[0], today)) or (ended if told != stay else None)
        is_land = told == stay and len(rest.split()) <= 3 and not _STAYING.match(rest)
        if where and there:
            there = f"{there}, {where}" if is_land else there
        elif where and (start or since or _GOING.match(rest)):
            there = where
        elif where:
            here = f"{here}, {where}" if here and is_land else where
        since = since or start
    # "lisbon, from the 14th": the day came after its place.
    if not there and since and not ended:
        here, there = "", here
    return Move(here=here, offset=away, there=there, since=since) if there and since and since > today else None


def _place(told: str) -> str:
    """The place that is all *told* says, or ""."""
    where = place(" ".join(told.split()))
    return "" if len(where.split()) > _MOST_WORDS or _NO_PLACE.search(where) else where


def _first_day(words: str, today: date) -> date | None:
    """The day that *words* after "from" or "till" name."""
    plain = re.sub(
        r"^(?:starting|beginning|from|as of|as from|after|by|come|till?|until|up to|through)\b", "on", words.casefold()
    )
    return day(re.sub(r"^on (?:on|in|from) ", "on ", plain), today)
