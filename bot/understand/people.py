"""Who is who: names as people write them, compared across spellings and said back.

A person goes by many spellings ("Priya", "priya s.", "Priya Sharma", "Mrs Sharma") or by what they are to the writer
("mum", "my sister"). `match` takes only what is certain; `nearly` is to be asked about.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from rapidfuzz.distance import OSA

from bot.text import unmarked
from bot.understand.phrases import straight, vocabulary

PARENTS = vocabulary("""
    mum mom mam mummy mommy mama mamma dad daddy papa gran granny grandma nan nana nanna grandad granddad grandpa
    gramps grandmother grandfather mother father auntie aunty
""")
"""Who is called what they are, without "my"; mother and father only with it."""

CALLED = PARENTS - {"mother", "father"}

KIN = PARENTS | vocabulary("""
    parents grandparents sister sis brother bro twin son daughter aunt uncle niece nephew cousin godson goddaughter
    godmother godfather stepmum stepmom stepdad stepson stepdaughter stepsister stepbrother grandson granddaughter
    mother-in-law father-in-law sister-in-law brother-in-law son-in-law daughter-in-law mil fil wife husband hubby
    partner boyfriend girlfriend fiance fiancee ex missus neighbour neighbor friend bestie mate buddy pal flatmate
    roommate housemate landlord landlady lodger boss manager supervisor colleague coworker co-worker workmate
    teammate classmate mentor mentee trainee apprentice intern assistant teacher professor tutor coach pastor
    therapist doctor physio hairdresser childminder
""")
"""What somebody can be to the writer: "my sister", "my boss"."""

TELLING = vocabulary("""
    little younger youngest older eldest elder oldest big kid baby twin best other first upstairs downstairs
    next-door new
""")
"""What tells one of them from another, and so belongs to the name: "my little brother"."""

TITLES = vocabulary("""
    mr mrs ms miss mx dr prof professor sir madam father sister brother rev reverend fr
    herr frau monsieur madame senhor senhora señor señora signor signora
""")
"""Before a family name."""

FAMILY_TITLES = vocabulary(
    "aunt auntie aunty uncle granny grandma grandpa grandad gran nana nan papa tia tio tante onkel"
)
"""Before a first name."""

PARTICLES = vocabulary("van von der den de da di do dos das del della la le el al bin ibn ben ter ten zu du st")
"""Small words within a name."""

_ONE = {
    word: line.split()[0]
    for line in """
        mum mom mam mummy mommy mama mamma mother
        dad daddy papa father
        gran granny
        grandma grandmother
        nan nana nanna
        grandad granddad grandpa grandfather gramps
        aunt auntie aunty
        sister sis
        brother bro
        husband hubby
        neighbour neighbor
        colleague coworker co-worker workmate
        friend pal buddy mate
        flatmate roommate housemate
        mother-in-law mil
        father-in-law fil
    """.strip().splitlines()
    for word in line.split()
}
_MEN, _WOMEN = {"mr", "sir", "uncle"}, {"mrs", "ms", "miss", "madam", "aunt"}
_SHE = vocabulary("""
    mum mom mam mama mummy mommy ma mother stepmum stepmom stepmother sister stepsister daughter stepdaughter wife aunt
    auntie aunty granny grandma gran nana nan grandmother niece girlfriend landlady mother-in-law sister-in-law
    daughter-in-law goddaughter godmother granddaughter mrs ms miss frau senhora senora signora madame tia tante
""")
_HE = vocabulary("""
    dad daddy papa pa father stepdad stepfather brother stepbrother son stepson husband uncle grandpa grandad granddad
    grandfather nephew boyfriend landlord father-in-law brother-in-law son-in-law godson godfather grandson mr sir herr
    senhor senor signor monsieur tio onkel
""")
_PART = re.compile(r"[\w'-]+")
_CAPITAL = re.compile(r"(?<![^\W\d_])[^\W\d_]")
_HER = re.compile(r"^(?:my|our|your) ", re.IGNORECASE)
_SOUNDS = ("ck", "jyi", "sz", "fp", "vw")


@dataclass(frozen=True, slots=True)
class _Read:
    """A name read: its *title*, if any, and its parts without case, accents and signs; or a relation to the writer."""

    title: str
    parts: tuple[str, ...]
    kin: bool


@lru_cache(maxsize=4096)  # everybody known is compared with everybody named
def _read(name: str) -> _Read:
    bare = _HER.sub("", unmarked(straight(name)).replace("next door", "next-door"))
    words = [word for part in _PART.findall(bare) if (word := part.strip("'-_"))]
    if kin(name):
        owned = [_ONE.get(word.removesuffix("'s"), word.removesuffix("'s")) for word in words]
        return _Read("", tuple(owned), True)
    title = ""
    if len(words) > 1 and words[0] in TITLES | FAMILY_TITLES:
        title, *words = words
    parts: list[str] = []
    small = ""
    for word in words:
        plain = small + word.replace("'", "").replace("-", "")
        small = plain if word in PARTICLES and word is not words[-1] else ""
        if not small:
            parts.append(plain)
    return _Read(_ONE.get(title, title), tuple(parts), False)


def kin(name: str) -> bool:
    """Whether *name* is not a name but what somebody is to the writer, or to somebody else: "mum", "Ana's mum"."""
    words = unmarked(straight(name)).split()
    return bool(words) and words[-1] in KIN and (len(words) == 1 or words[0] in ("my", "our") or words[-2][-2:] == "'s")


def _agree(one: str, other: str) -> bool:
    """Whether two parts may be the same: alike, or one the initial of the other."""
    return one == other or (min(len(one), len(other)) == 1 and one[:1] == other[:1])


def _within(short: Sequence[str], long: Sequence[str]) -> bool:
    """Whether the parts of *short* come in *long*, in order, the first of both together."""
    rest: Iterator[str] = iter(long[1:])
    return _agree(short[0], long[0]) and all(any(_agree(part, each) for each in rest) for part in short[1:])


def same_person(one: str, other: str) -> bool:
    """Whether two spellings may well be one person's: "priya s." and "Priya Sharma", but not "Priya K.".

    A slip of the finger makes two people of them: see `nearly`.
    """
    a, b = _read(one), _read(other)
    if not a.parts or not b.parts or a.kin != b.kin:
        return False
    if a.kin:
        return a.parts == b.parts
    if _at_odds(a.title, b.title):
        return False
    if "".join(a.parts) == "".join(b.parts):
        return True
    if min(len("".join(a.parts)), len("".join(b.parts))) == 1:  # nobody is an initial alone
        return False
    short, long = sorted((a, b), key=lambda each: len(each.parts))
    if len(short.parts) == 1 and short.title in TITLES:  # "Mrs Okafor" is "Ada Okafor"
        return short.parts[0] == long.parts[-1]
    return _within(short.parts, long.parts)


def _at_odds(one: str, other: str) -> bool:
    return (one in _MEN and other in _WOMEN) or (one in _WOMEN and other in _MEN)


@lru_cache(maxsize=64)  # a journal's people are looked through for every name in a message
def _by_initial(known: tuple[str, ...]) -> dict[str, list[str]]:
    """The people of *known* by the first letters of their parts: no others can be the same person."""
    found: dict[str, list[str]] = {}
    for name in known:
        for initial in sorted({part[0] for part in _read(name).parts}):
            found.setdefault(initial, []).append(name)
    return found


def match(name: str, known: Sequence[str]) -> str | None:
    """The one of *known* that *name* certainly is; None if none or more than one of them may be."""
    read = _read(name)
    initials = {part[0] for part in read.parts}
    some = dict.fromkeys(each for initial in initials for each in _by_initial(tuple(known)).get(initial, ()))
    exact = [each for each in some if _read(each) == read]
    found = exact if len(exact) == 1 else [each for each in some if same_person(each, name)]
    return found[0] if len(found) == 1 else None


def nearly(name: str, known: Sequence[str]) -> tuple[str, ...]:
    """Those of *known* whom *name* may mean, likeliest first, to be asked about: whoever it fits, certain or not, and
    whoever is a slip of the finger away."""
    near = [(0, each) for each in known if same_person(each, name)]
    near += [(far, each) for each in known if (far := _slip(_read(name), _read(each)))]
    return tuple(dict.fromkeys(each for _, each in sorted(near, key=lambda pair: pair[0])))


def _slip(one: _Read, other: _Read) -> int:
    """How many slips of the finger lie between two names, or 0 if they are alike or too far apart."""
    if one.kin or other.kin or not one.parts or not other.parts or _at_odds(one.title, other.title):
        return 0
    a, b = one.parts[0], other.parts[0]
    rest = not one.parts[1:] or not other.parts[1:] or _within(("", *one.parts[1:]), ("", *other.parts[1:]))
    short = min(len(a), len(b))
    alike = a[:1] == b[:1] or any({a[:1], b[:1]} <= {*sounds} for sounds in _SOUNDS)
    far = int(OSA.distance(a, b, score_cutoff=2))
    allowed = 2 if short >= 8 else 1 if short >= 4 or _spelled_alike(a) == _spelled_alike(b) else 0
    return far if rest and alike and 0 < far <= allowed else 0


def _spelled_alike(part: str) -> str:
    """*part* without double letters and silent ones: Ana and Anna, Jon and John."""
    return re.sub(r"(.)\1", r"\1", part.replace("h", ""))


def addressed(name: str) -> str:
    """*name* as it is said back to the one who wrote it: "my sister" is "your sister", "mum" is "your mum"."""
    if not kin(name):
        return name
    bare = _HER.sub("", name)
    owner, owned, _ = unmarked(straight(name)).partition("'s ")
    if bare == name and owned and owner not in CALLED:  # Ana's mum
        return name
    return f"your {bare if _HER.match(name) else bare.lower()}"


def pronoun_of(name: str) -> Literal["she", "he"] | None:
    """By which pronoun somebody is spoken of: "my sister" and "Mrs Okafor" are she; None where no such word says so,
    as no first name does."""
    words = unmarked(straight(name)).replace(".", "").split()
    titled = len(words) > 1 and "'s" not in name and words[0] in _SHE | _HE
    if not titled and not kin(name):
        return None
    last = words[0] if titled else words[-1]
    return "she" if last in _SHE else "he" if last in _HE else None


def written(name: str) -> str:
    """*name* with the capitals that a name has: "mrs o'brien" is "Mrs O'Brien", "van der berg" "van der Berg"."""
    *firsts, last = name.split()
    return " ".join(word if word in PARTICLES else _raised(word) for word in [*firsts, f"{last}\0"])[:-1]


def _raised(word: str) -> str:
    """*word* with a capital after every hyphen and apostrophe, unless it has one of its own."""
    if word.isupper() and len(word.strip(".\0")) > 2:
        word = word.lower()
    return word if word != word.lower() else _CAPITAL.sub(lambda found: found[0].upper(), word)
