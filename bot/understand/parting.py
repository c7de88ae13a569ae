"""Whether somebody whom an act names is dead, gone, estranged, or simply not to be named again.

It is read only below an act that names them, so "she died in march" says of whom. What is said of anybody else ("my
mum died", "her husband died") is not read here, and neither is what only sounds like it ("she died laughing").
"""

import re
from collections.abc import Sequence
from functools import cache
from typing import Literal

from bot.understand.phrases import bare, lowered, phrases

Parting = Literal["lost", "apart", "no"]

_THEY = "(she | he | they)"
_ARE = "((she | he | they) (is | was | are | were | has | have | had) | shes | hes | theyre | theyve)"
_THEM = "(her | him | them | they)"  # a name that stands for somebody is read as "they"
_ONCE = "sadly | unfortunately | just | actually | recently | suddenly | since | already | all | long | both"
_WHEN = """(in | on | at | last | this | since | during | before | after | around | over | about | some | a | an
           | years? | two | three | four | five | \\d+ | yesterday | today | recently | earlier | now | already | when
           | because | from | of) ...
           | yesterday | today | recently | now | already | ago"""
_SINCE = "since ... | for [...] (days | weeks | months | years | while)"
_MORE = "anymore | any more | any longer | these days | now | nowadays | at all | again | ever | ever again | with"
_BEFORE = """oh | no | nope | nah | well | sorry | im sorry | um+ | hm+ | ah | please | pls | sadly | unfortunately
           | actually | but | and | because | cause | since | so | its just | it is just | the thing is | thing is
           | im afraid | i cant | i can not | i cannot | you know | i told you | yes | yeah | as"""

_BOOKS: dict[Parting, str] = {
    "lost": f"""
        [{_THEY} | {_ARE}] ({_ONCE})* died ... | [{_THEY} | {_ARE}] ({_ONCE})* died
        [{_THEY} | {_ARE}] ({_ONCE})* passed away ... | [{_THEY} | {_ARE}] ({_ONCE})* passed away
        {_THEY} ({_ONCE})* passed {_WHEN} | {_ARE} passed | {_THEY} ({_ONCE})* passed
        [{_ARE}] ({_ONCE})* (dead | deceased | buried | late) [{_WHEN}] | {_ARE} ({_ONCE})* gone [now | {_SINCE}]
        {_ARE} (no longer | not) (with us | alive | living | here | around) [{_MORE}]
        {_THEY} (isnt | arent) (with us | alive | living | here | around) [{_MORE}]
        [{_ARE}] (was | were | got | been | {_ONCE})* killed ...
        [i | we | ive | weve | i have | we have] ({_ONCE})* lost {_THEM} [to ... | {_WHEN}]
        [i | we | ive | weve | i have | we have] ({_ONCE})* buried {_THEM} [{_WHEN}]
        {_THEY} ({_ONCE})* (took | ended) (her | his | their) own life ... | {_THEY} ({_ONCE})* (took | ended)
            (her | his | their) own life
        {_THEY} ({_ONCE})* (killed | hanged | hung | shot) (herself | himself | themselves) [{_WHEN}]
        (rest in peace | rip | r i p) [{_THEM}] | (her | his | their) funeral ...
        (i | we) (was | were | went) [at | to] (her | his | their) funeral [{_WHEN}]
    """,
    "apart": f"""
        we (dont | do not | no longer | havent | have not | stopped | never) [really | even]
            (talk | talking | talked | speak | speaking | spoken | see each other | meet | meeting | get on | get along)
            [to each other | with each other | to one another] ({_MORE})*
        we (arent | are not | were not | werent | are no longer)
            (on speaking terms | on good terms | in touch | in contact | friends | together | talking | speaking
            | close) ({_MORE})*
        (were | we are) (no longer | not) (friends | together | talking | speaking | in touch | in contact) ({_MORE})*
        we (broke up | split up | split | separated | divorced | fell out | parted | parted ways | had a falling out
            | had a fight | are estranged | are divorced | are separated | are done | are through) [{_WHEN}]
        (im | i am) (no longer | not) (in touch | in contact | on speaking terms | friends | talking | speaking)
            (with | to) {_THEM} ({_MORE})*
        i (dont | do not | no longer | havent | wont | cant) (talk | talked | speak | spoken | see | meet
            | have contact) [to | with] {_THEM} ({_MORE})*
        i (cut | blocked | left | divorced | dumped) {_THEM} [off | out] [{_WHEN}]
        {_THEY} (has | have | had)* (cut | blocked | left | divorced | dumped | ghosted) me [off | out] [{_WHEN}]
        {_THEY} (doesnt | dont | wont | does not | do not | will not | no longer | refuses to)
            (talk | talks | speak | speaks) to me ({_MORE})*
        no [more] contact [with {_THEM}] ({_MORE})* | {_ARE} [my | an] ex [now] | {_ARE} estranged
        {_ARE} dead to me | {_THEY} and i (dont | do not | no longer) (talk | speak | get on | get along) ({_MORE})*
    """,
    "no": f"""
        (not | never) [with | to | for | about] {_THEM} (please | thanks | thank you | {_MORE})*
        (anyone | anybody | anyone else | someone else | somebody else | everyone) (but | except | than | not) {_THEM}
            [please]
        (dont | do not | never | stop | can you not | could you not) [ever]
            (suggest | suggesting | mention | mentioning | name | naming | propose | proposing | pick | choose
            | bring up | ask me about) {_THEM} (up | to me | please | thanks | {_MORE})*
        (leave | keep) {_THEM} (out | be | alone | out of it | out of this) (please | {_MORE})*
        let {_THEM} be (please | {_MORE})*
        i (dont | do not | never) want (to | anything) [do | have anything to do | hear | talk | speak | see | ask
            | ring | call | write | meet | think] [to | with | of | from | about] {_THEM} (please | {_MORE})*
        i (cant stand | can not stand | hate | dislike | dont like | do not like | dont trust | do not trust) {_THEM}
            ({_MORE})*
    """,
}

_NO_PARTING = re.compile(
    r"\b(?:died (?:laughing|of (?:laughter|embarrassment|boredom|shame)|inside|a little)|half dead"
    r"|dead (?:tired|serious|sure|right|busy|keen)|killed it|(?:battery|phone|laptop|car|plant|starter|line) died)\b"
)
_SOMEBODY_ELSE = re.compile(r"\b(?:my|your|our|whose) (?!god|goodness|word|heart|life|ex\b)\w+")
_CLAUSE = re.compile(r"[,.;:!?…()\n]|\s-\s|\b(?:but|because|cause|since|so)\b")
_ABOUT_THEM = re.compile(r"\b(?:she|he|they|her|him|them|his|their|shes|hes|theyre|theyve|we|were|i)\b")
_PRONOUNS: tuple[tuple[Literal["her", "him", "them"], re.Pattern[str]], ...] = (
    ("her", re.compile(r"\b(?:she|shes|her|hers|herself)\b")),
    ("him", re.compile(r"\b(?:he|hes|him|his|himself)\b")),
    ("them", re.compile(r"\b(?:they|theyre|theyve|them|their|themselves)\b")),
)


@cache
def _partings() -> re.Pattern[str]:
    named = "|".join(f"(?P<{name}>{phrases(book)})" for name, book in _BOOKS.items())
    return re.compile(f"{phrases(_BEFORE)}*?(?:{named})(?:please |thanks |thank you |sorry )*")


def parting(text: str, names: Sequence[str], *, by_name: bool = False) -> Parting | None:
    """What *text* says of whoever goes by *names*: that they are dead or gone ("lost"), that the two are "apart", or
    "no", not them; None if it says none of this. *by_name*: only if it names them."""
    whole = without_names(bare(text), names)
    if _NO_PARTING.search(whole) or (by_name and whole == bare(text)):
        return None
    # As a whole first: "she passed away, in march" is one thing said, and a comma may stand anywhere.
    for first, clause in [(True, whole), *_clauses(text, names)]:
        found = _partings().fullmatch(f"{clause} ")
        if found and (first or _ABOUT_THEM.search(clause)):
            return next(name for name in _BOOKS if found[name] is not None)
    return None


def _clauses(text: str, names: Sequence[str]) -> list[tuple[bool, str]]:
    """The clauses of *text* as bare words up to where somebody else comes in, and whether each is the first."""
    clauses: list[tuple[bool, str]] = []
    for clause in _CLAUSE.split(lowered(text)):
        words = without_names(bare(clause), names)
        if _SOMEBODY_ELSE.search(words):
            break
        if words:
            clauses.append((not clauses, words))
    return clauses


def without_names(words: str, names: Sequence[str]) -> str:
    """Bare *words* with "they" for each of *names*."""
    spellings = {bare(each) for name in names for each in (name, *name.split()[:1])}
    for name in sorted(spellings - {"my", "your", "our", "the", "a", ""}, key=len, reverse=True):
        words = re.sub(rf"\b{name}s\b", "theyre", words)
        words = re.sub(rf"\b(?:(?:dear|poor|old|my|friend) )*{name}\b", "they", words)
    return words


def pronoun(text: str) -> Literal["her", "him", "them"] | None:
    """The pronoun by which *text* speaks of somebody, the first one there is."""
    words = bare(text)
    found = [(at.start(), form) for form, pattern in _PRONOUNS if (at := pattern.search(words))]
    return min(found)[1] if found else None
