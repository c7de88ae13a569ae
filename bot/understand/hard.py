"""Hard moments: whether somebody writes of danger, of a loss, or of an illness close to them.

A message is read as a whole, however long it is. Its words are brought into one form: small letters, slips of the
pen put right, and every end of a clause a ";". What only sounds hard is taken out ("this deadline is killing me"), and
everybody who is close becomes one sign, "@", so that a phrase is about "my dad", "mum" or "our cat" alike but not
about Ana's dad. What is left is compared with the phrases, most urgent first.

All the words stand in a file that anybody can read and extend (prompts/en/hard.toml); here is only how it is applied.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal, NamedTuple

from bot.understand.phrases import phrases, straight

Kind = Literal["danger", "loss", "illness"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Hardship:
    """What somebody writes of. *whose* it is can be said back to them ("your dad"), and is empty if that isn't sure."""

    kind: Kind
    whose: str = ""


class _Group(NamedTuple):
    """Phrases that belong together. A text with none of their *stems* isn't compared with them."""

    stems: re.Pattern[str]
    book: str


@dataclass(frozen=True, kw_only=True, slots=True)
class HardBook:
    """The phrases of hard moments, ready to be compared with: see `hard_book`."""

    first: re.Pattern[str]
    spelling: re.Pattern[str]
    spelled: Mapping[str, str]
    sayings: tuple[str, ...]
    close: re.Pattern[str]
    near: re.Pattern[str]
    kinds: tuple[tuple[Kind, tuple[_Group, ...]], ...]


# ---- the book ----


def _list(text: str) -> list[str]:
    return [" ".join(each.split()) for each in text.split("|")]


def _one_of(words: Iterable[str]) -> str:
    """The regular expression for one of *words*, the longest first: "best friend" before "best"."""
    return "|".join(sorted(words, key=len, reverse=True))


@cache  # made when first needed: most messages need none
def _pattern(book: str) -> re.Pattern[str]:
    """The pattern for a phrase book; any apostrophe in it may be missing."""
    return re.compile(rf"(?<= ){phrases(book.replace("'", "'?"))}")


def _close(close: Mapping[str, str]) -> re.Pattern[str]:
    """The pattern for somebody close: `who` with "my" or alone, and what may be said back of it."""
    family, others, pets = (_list(close[name]) for name in ("family", "others", "pets"))
    told, untold = _one_of(_list(close["told"])), _one_of(_list(close["untold"]))
    strangers = "".join(rf"(?<! {word} )" for word in _list(close["strangers"]))
    anybody, alone = _one_of([*family, *others, *pets]), _one_of(family)
    before = rf"(?:(?:{untold}) )*(?P<told>(?:(?:{told}) )*)(?:(?:{untold}) )*"
    owned = rf"(?:my|our|mine and \w+'?s) {before}(?:(?P<owner>{alone})'?s (?:(?:{told}|{untold}) )*)?(?P<who>{anybody})"
    ours = rf"the (?P<ours>{_one_of(_list(close['ours']))})"
    mine = rf"an? (?:(?:good|close|best|old|dear|very) )*(?P<mine>friend|colleague|neighbou?r|relative|cousin|uncle|aunt) of (?:mine|ours)"
    bare = rf"{strangers}(?<!'s )(?<!s' )(?P<bare>{alone})"
    return re.compile(rf"(?<= )(?:{owned}|{ours}|{mine}|{bare})(?=(?:'?s)? )")


@lru_cache(maxsize=1)
def hard_book(
    spelling: tuple[tuple[str, str], ...],
    close: tuple[tuple[str, str], ...],
    lists: tuple[tuple[str, str], ...],
    groups: tuple[tuple[str, str, str], ...],
) -> HardBook:
    """The book of what prompts/en/hard.toml says: its tables as pairs, and each group's heading, stems and phrases."""
    spelled = {slip: right for right, slips in spelling for slip in _list(slips)}
    made = [(heading, _Group(_stems(stems.split()), text)) for heading, stems, text in groups]
    kinds: tuple[Kind, ...] = ("danger", "loss", "illness")
    stems = [stem for heading, stems, _text in groups if heading in kinds for stem in stems.split()]
    slips = [slip for slip, right in spelled.items() if _stems(stems).search(f" {right}")]
    return HardBook(
        first=_stems([*stems, *slips]),
        spelling=re.compile(rf"(?<= )(?:{_one_of(spelled)})(?= )"),
        spelled=spelled,
        sayings=tuple(text for heading, _stems, text in groups if heading == "except"),
        close=_close(dict(close)),
        near=re.compile(rf" (?:{_one_of(_list(dict(close)['near']))}) $"),
        kinds=tuple((kind, tuple(group for heading, group in made if heading == kind)) for kind in kinds),
    )


def _stems(stems: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<= )(?:{_one_of(stems)})")


# ---- a message ----

_DRAWN_OUT = re.compile(r"([^\W\d])\1{2,}")
_DRESSED = re.compile(r"[*_~\"“”„«»^/]+|(?<=\w)-+(?=\w)")  # emphasis, quotation marks, and the dash of "self-harm"
_CLAUSE_END = re.compile(r"[^\w\s']+|\n+|(?<!\w)'+|'+(?!\w)")


def _plain(text: str) -> str:
    """The words of *text*, a space around each, and a ";" wherever a clause ends."""
    said = _DRAWN_OUT.sub(r"\1", unicodedata.normalize("NFKC", straight(text)).casefold())
    said = _CLAUSE_END.sub(" ; ", _DRESSED.sub(" ", said.replace("&", " and ")))
    return re.sub(r"(?: ;)+(?= )", " ;", f" ; {' '.join(said.split())} ; ")


def hardship(text: str, book: HardBook) -> Hardship | None:
    """What hard thing *text* tells of, by the phrases of *book*; None if it tells of none.

    What is most urgent counts: danger, then a loss, then an illness.
    """
    said = _plain(text)
    if not book.first.search(said):
        return None
    said = book.spelling.sub(lambda slip: book.spelled[slip[0]], said)
    for sayings in book.sayings:
        said = _pattern(sayings).sub("~ ", said)
    people: list[str] = []
    told = book.close.sub(lambda found: _sign(found, people, book), said)
    for kind, groups in book.kinds:
        for group in groups:
            if group.stems.search(told) and (found := _pattern(group.book).search(told)):
                return Hardship(kind=kind, whose=_whose(told, found, people))
    return None


def _sign(found: re.Match[str], people: list[str], book: HardBook) -> str:
    """The sign for somebody close, whose name to their own is added to *people*: nothing if it isn't sure."""
    who = found["who"] or found["ours"] or found["mine"]
    if found["bare"] and book.near.search(found.string, 0, found.start()):
        who = found["bare"]
    if who and found["owner"]:
        who = f"{found['owner']}'s {who}"
    people.append(f"your {found['told'] or ''}{who}" if who else "")
    return "@"


def _whose(told: str, found: re.Match[str], people: list[str]) -> str:
    """Of *people*, the only one in what was *found*; nothing if there are more or none."""
    first, number = told.count("@", 0, found.start()), found[0].count("@")
    return people[first] if number == 1 else ""
