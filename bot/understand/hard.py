"""Hard moments: whether somebody writes of danger, of a loss, or of an illness close to them.

A message is read as a whole, however long it is. Its words are brought into one form: small letters, slips of the
pen put right, and every end of a clause a ";". What only sounds hard is taken out ("this deadline is killing me"), and
everybody who is close becomes one sign, "@", so that a phrase is about "my dad", "mum" or "our cat" alike but not
about Ana's dad. What is left is compared with the phrases, most urgent first.

All the words stand in a file that anybody can read and extend (prompts/en/hard.toml); here is only how it is applied.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal, NamedTuple

from bot.understand.phrases import PART, phrases, straight

Kind = Literal["danger", "loss", "illness"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Hardship:
    """What somebody writes of. *whose* it is can be said back to them ("your dad"), and is empty if that isn't sure."""

    kind: Kind
    whose: str = ""


class _Phrases(NamedTuple):
    """One phrase book, and the words of which a message must have one to have a phrase of it: *literal*, or what is
    *like* a pattern."""

    text: str
    literal: frozenset[str]
    like: re.Pattern[str] | None

    def may_be_in(self, said: str, words: frozenset[str]) -> bool:
        """Whether *said*, with these *words* in it, is worth being searched."""
        return not self.literal.isdisjoint(words) or (self.like is not None and self.like.search(said) is not None)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class HardBook:
    """The phrases of hard moments, ready to be compared with: see `hard_book`."""

    needed: frozenset[str]
    needed_like: re.Pattern[str]
    spelling: re.Pattern[str]
    spelled: Mapping[str, str]
    close: re.Pattern[str]
    near: re.Pattern[str]
    theirs: re.Pattern[str]
    sayings: tuple[str, ...]
    kinds: tuple[tuple[Kind, tuple[_Phrases, ...]], ...]


# ---- the book ----


def _list(text: str) -> list[str]:
    return [" ".join(each.split()) for each in text.split("|")]


def _one_of(words: Iterable[str]) -> str:
    """The regular expression for one of *words*, the longest first: "best friend" before "best"."""
    return "|".join(sorted(words, key=len, reverse=True))


@cache  # made when first needed: most messages need none
def _pattern(book: str) -> re.Pattern[str]:
    """The pattern for a phrase book; an apostrophe after a letter may be missing."""
    any_way = re.sub(r"(?<=[a-z@])'", "'?", book)
    return re.compile(f"(?<= ){_taken_whole(phrases(any_way))}")


def _taken_whole(pattern: str) -> str:
    """*pattern* with everything that may be repeated in an atomic group: "so very really" is taken whole, or a long row
    of it would be tried in all its parts. (Not by ``*+``, which Python up to 3.11.4 gets wrong: gh-106052.)"""
    pieces: list[str] = []
    opened: list[int] = []
    for piece in re.findall(r"\\.|\)\*|.", pattern):
        if piece == "(":
            opened.append(len(pieces))
        elif piece in (")", ")*"):
            start = opened.pop()
            if piece == ")*":
                pieces[start], piece = f"(?>{pieces[start]}", ")*)"  # noqa: PLW2901 - the piece as it goes in
        pieces.append(piece)
    return "".join(pieces)


def _anybody(close: Mapping[str, str]) -> str:
    return _one_of([word for name in ("family", "others", "pets") for word in _list(close[name])])


def _close(close: Mapping[str, str]) -> re.Pattern[str]:
    """The pattern for somebody close: `who` with "my" or alone, and what may be said back of it."""
    told, untold = _one_of(_list(close["told"])), _one_of(_list(close["untold"]))
    strangers = "".join(rf"(?<! {word} )" for word in _list(close["strangers"]))
    anybody, alone = _anybody(close), _one_of(_list(close["family"]))
    before = rf"(?:(?:{untold}) )*(?P<told>(?:(?:{told}) )*)(?:(?:{untold}) )*"
    owned = rf"(?:my|our) {before}(?:(?P<owner>{alone})'?s (?:(?:{told}|{untold}) )*)?(?P<who>{anybody})"
    ours = rf"the (?P<ours>{_one_of(_list(close['ours']))})"
    mine = (
        "an? (?:(?:good|close|best|old|dear|very) )*(?P<mine>friend|colleague|neighbou?r|relative|cousin|uncle|aunt)"
        " of (?:mine|ours)"
    )
    bare = rf"{strangers}(?<!'s )(?<!s' )(?P<bare>{alone})"
    return re.compile(rf"(?<= )(?:{owned}|{ours}|{mine}|{bare})(?=(?:'?s)? )")


@lru_cache(maxsize=1)
def hard_book(
    spelling: tuple[tuple[str, str], ...], close: tuple[tuple[str, str], ...], groups: tuple[tuple[str, str], ...]
) -> HardBook:
    """The book of what prompts/en/hard.toml says: its tables as pairs, and the phrases under each heading."""
    spelled = {slip: right for right, slips in spelling for slip in _list(slips)}
    kinds: tuple[Kind, ...] = ("danger", "loss", "illness")
    needed = {word for heading, text in groups if heading in kinds for word in _needed(text)}
    needed |= {max(slip.split(), key=_rarity) for slip, right in spelled.items() if needed & {right, *right.split()}}
    plain = {word for word in needed if _LITERAL.fullmatch(word)}
    any_way = {word.replace("'", "") for word in plain}
    return HardBook(
        needed=frozenset(plain | any_way),
        needed_like=re.compile(rf"(?<= )(?:{_one_of(needed - plain) or '(?!)'})(?= )"),
        spelling=re.compile(rf"(?<= )(?:{_one_of(spelled)})(?= )"),
        spelled=spelled,
        close=_close(dict(close)),
        theirs=re.compile(rf"@'?s (?:\w+ ){{0,2}}(?:{_anybody(dict(close))}) "),
        near=re.compile(rf" (?:{_one_of(_list(dict(close)['near']))}) $"),
        sayings=tuple(text for heading, text in groups if heading == "except"),
        kinds=tuple((kind, tuple(_phrases(text) for heading, text in groups if heading == kind)) for kind in kinds),
    )


def make_ready(book: HardBook) -> None:
    """Make every pattern of *book* now; else each is made when it is first needed."""
    for saying in book.sayings:
        _pattern(saying)
    for _kind, groups in book.kinds:
        for group in groups:
            _pattern(group.text)


def _phrases(text: str) -> _Phrases:
    needed = _needed(text)
    literal = {word for word in needed if _LITERAL.fullmatch(word)}
    like = needed - literal
    return _Phrases(
        text=text,
        literal=frozenset(literal | {word.replace("'", "") for word in literal}),
        like=re.compile(rf"(?<= )(?:{_one_of(like)})(?= )") if like else None,
    )


# ---- which words a message must have at least one of ----

_LITERAL = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_ANYTHING = (";", "@", "@'s", "@s", "...", r"\w+", r"\w\S*", "~")
_COMMON = re.findall(
    r"\S+",
    "i the a to and my is it was in of for on with he she they that this we me her him them you be so have has had "
    "are were at but not from all as an been by his their our if when what who about just like get got one out up now "
    "do no can will would i'm it's i've he's she's they're 's don't didn't want going can't here back there's too only "
    "way more less any after before without over off down today time day days week good much know think go come came "
    "make made let look looked looking keep keeps kept give given gave giving find found getting call called calling "
    "friend friends help house door car drive driving care bit little long last other around outside anything nothing "
    "maybe never more here hold held feel fine hope left live lived mind month months hours end bad almost better best "
    "open drink drank done finished dream bike baby catch carry colleague cousin",
)
"""Words that say nothing about a message, the commonest first: a phrase is found by another of its words."""


def _rarity(word: str) -> int:
    return _COMMON.index(word) if word in _COMMON else len(_COMMON)


def _needed(book: str) -> frozenset[str]:
    """Words of which each text that has a phrase of *book* has at least one, and as rare ones as there are."""
    found, _end = _any_of(iter(PART.findall(book)))
    return frozenset((r"\w+",)) if found is None else found  # a phrase may have no word of its own: look at everything


def _any_of(parts: Iterator[str]) -> tuple[frozenset[str] | None, str]:
    """What *parts* need up to the bracket that closes them, and that bracket; None if it may be nothing or anything."""
    ways: list[frozenset[str] | None] = []
    way: frozenset[str] | None = None
    end = ""
    for part in parts:
        found: frozenset[str] | None = None
        if part in (")", "]", ")*", "]*"):
            end = part
            break
        if part == "|":
            ways.append(way)
            way = None
            continue
        if part in ("(", "[", "!("):
            inner, inner_end = _any_of(parts)
            found = inner if (part, inner_end) == ("(", ")") else None
        elif part not in _ANYTHING:
            found = frozenset((part,))
        if found and (way is None or min(map(_rarity, found)) > min(map(_rarity, way))):
            way = found
    ways.append(way)
    return (frozenset().union(*(each for each in ways if each)) if all(ways) else None), end


# ---- a message ----

_DRAWN_OUT = re.compile(r"([^\W\d])\1{2,}")
_DRESSED = re.compile(r"[*_~\"“”„«»^/]+|(?<=\w)-+(?=\w)")  # emphasis, quotation marks, and the dash of "self-harm"
_CLAUSE_END = re.compile(r"[^\w\s']+|\n+|(?<!\w)'+|'+(?!\w)")


LONG = 600
"""Characters of a message of which only the clauses around such a word are looked at."""


def _around(said: str, book: HardBook) -> str:
    """The clauses of *said* that may matter, each with the two before and after it."""
    clauses = said.split(" ;")
    hits = [at for at, clause in enumerate(clauses) if _may_matter(f"{clause} ", book)]
    near = {at + step for at in hits for step in range(-2, 3)}
    return " ;".join(["", *(clause for at, clause in enumerate(clauses) if at in near), " "])


def _may_matter(said: str, book: HardBook) -> bool:
    """Whether *said* has a word without which there is no phrase in it."""
    return not book.needed.isdisjoint(said.split()) or book.needed_like.search(said) is not None


def _plain(text: str) -> str:
    """The words of *text*, a space around each, and a ";" wherever a clause ends."""
    said = _DRAWN_OUT.sub(r"\1", unicodedata.normalize("NFKC", straight(text)).casefold())
    said = _CLAUSE_END.sub(" ; ", _DRESSED.sub(" ", said.replace("&", " and ")))
    return re.sub(r"(?: ;)+(?= )", " ;", f" ; {' '.join(said.split())} ; ")


@lru_cache(maxsize=2)  # one message is asked about more than once
def hardship(text: str, book: HardBook) -> Hardship | None:
    """What hard thing *text* tells of, by the phrases of *book*; None if it tells of none.

    What is most urgent counts: danger, then a loss, then an illness.
    """
    said = _plain(text)
    if not _may_matter(said, book):
        return None
    said = book.spelling.sub(lambda slip: book.spelled[slip[0]], said if len(said) < LONG else _around(said, book))
    people: list[str] = []
    told = book.close.sub(lambda found: _sign(found, people, book), said)
    if _found(told, people, book) is None:
        return None
    for sayings in book.sayings:
        told = _pattern(sayings).sub(lambda found: f"~{'@' * found[0].count('@')} ", told)
    return _found(told, people, book)


def _found(told: str, people: list[str], book: HardBook) -> Hardship | None:
    words = frozenset(told.split())
    for kind, books in book.kinds:
        for each in books:
            if each.may_be_in(told, words) and (found := _pattern(each.text).search(told)):
                return Hardship(kind=kind, whose="" if kind == "danger" else _whose(told, found, people, book))
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


def _whose(told: str, found: re.Match[str], people: list[str], book: HardBook) -> str:
    """Of *people*, the only one in what was *found*; nothing if there are others, or it may be theirs."""
    first, number = told.count("@", 0, found.start()), found[0].count("@")
    alone = number == 1 and not told[: found.start()].endswith(_TOGETHER) and not book.theirs.search(found[0])
    return people[first] if alone else ""


_TOGETHER = ("@ and ", "@ or ", "@ ; and ", "@'s ", "@s ")
