"""Who a good turn was for: the names in a message, and in an answer to "Who was it, then?".

A wrong name looks silly and is shown at once, so rather too few are found. A capital within a sentence makes a name
unless the word is nobody's (`capitals`) or stands where places stand ("in Porto", "drove to Lisbon"). At the beginning
of a sentence every word has one, so there a name must act like one: "Joana needed", "Rui's starter", "Priya: listened".
Who writes without capitals, or with nothing else, is understood where the name is known already. What somebody is to
the writer counts as a name: "my sister", "mum".
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from bot.text import unmarked
from bot.understand.capitals import PROPER, TIMES, nobody, ordinary, wordlike
from bot.understand.people import CALLED, FAMILY_TITLES, KIN, PARTICLES, TELLING, TITLES, match, same_person, written
from bot.understand.phrases import straight, vocabulary
from bot.understand.search import stem

_READ = 2_000
"""Characters of a message in which names are looked for."""

_MOST = 8

_WORD = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")
_SUFFIX = re.compile(r"'(?:s|d|ll|ve|re|m)$", re.IGNORECASE)
_BEGINS = re.compile(r"[.!?…\n:;•*\"“”„«»\u2600-\u27bf\U0001f000-\U0001faff]|^\s*\d*[-–—.)]\s*$|\s[-–—]\s")
_ODD = re.compile(r"[\w@#\\]")
_CAMEL = re.compile(r"(?!(?:Mc|Mac|De|Di|La|Le|Fitz|Van|Jo|O'|D')[A-Z])\w+[a-z'][A-Z]")
_ARTICLES = vocabulary("""
    a an the some this that these those my our his her their its your every each no any another
""")
_PLACING = vocabulary("""
    in at near via around across through outside inside towards toward past over within like about versus above
    behind beyond between under onto off
""")
_GOING = vocabulary("""
    went go goes going gone drove drive driving flew fly moved move moving travelled traveled travel walked walk
    cycled cycle ran run rode ride lift trip train bus flight way back came come coming sailed hiked journey commute
    returned return got get getting headed relocated emigrated pilgrimage tour ferry map directions close nearby
""")
_GIVING = vocabulary("""
    gave give given giving said say saying talk talked talking spoke speak speaking listened listen listening wrote
    write writing sent send showed show explained explain read lent lend offered taught apologised apologized next
    introduced passed handed delivered replied answered reached kind nice waved smiled card letter thanks thank
    message text reply happened
""")
_TAKING = vocabulary("took take taking brought bring bringing carried drove drive dropped")
_GETTING = vocabulary("""
    got get heard hear received receive message call card text letter note present gift learned learnt borrowed
    thank thanks hug email voicemail request question flowers parcel
""")
_MINDING = vocabulary("""
    care charge instead ahead friend friends thought thinking think front because proud sake
""")
_CHECKING = vocabulary("in check checked checking eye call called look looked looking drop dropped based")
_WORKS = vocabulary("""
    film movie book app song band game show series album novel podcast brand company restaurant cafe café bar pub
    city village town club language team dog cat puppy kitten horse website platform tool street ship street school
    church island river lake mount planet
""")
_MAKING = vocabulary("""
    fed recommended made make baked cooked watched played hosted ordered learned learnt ate read bought studied
    celebrated streamed installed wore built sang bake cook watch play reading playing watching baking cooking
    eating ordering speaking
""")
_MADE = vocabulary("""
    a an some her his the two soup dinner lunch breakfast coffee tea flowers chocolates groceries laugh smile feel
    happy proud
""")
_PET = re.compile(r",? (?:the|my|our|her|his|their|a) (?:\w+'s |\w+ )?(?:dog|cat|puppy|kitten|horse|rabbit)\b")
_WITH_THING = vocabulary("""
    course app sheet spreadsheet shelf shelves wardrobe lesson lessons class classes homework exam call calls
    meeting script project group server file account cards card tree market station street road avenue park church
    school hospital university airport festival museum cup team club office branch bridge river hotel café cafe
    restaurant library council pudding bread wine beer keyboard phone laptop printer update bug code repo set
    translation grammar fair drive day eve week half-marathon marathon song songs film novel concert tickets recipe
    airport
""")
_WITH_OWNER = vocabulary("cross court college church hospital cathedral square road street park school day hall lane")
_AUXILIARY = vocabulary("was is has had did does can could would will may might were isn't wasn't")
_ACTS = vocabulary("""
    couldn't can't didn't doesn't hadn't hasn't won't wouldn't needs wants asks says said told came went got gave
    took made felt lost broke hurt fell forgot knew wrote thinks thought loves likes left kept met sat stood slept
    spent won ran rang drove brought bought taught sent lent let found heard saw began feels comes goes gets makes
    knows cried tried who really finally just still also now never always only calls called
""") | _AUXILIARY  # fmt: skip
_KINDS = "|".join(sorted(KIN, key=len, reverse=True))
OWN = re.compile(
    rf"\b(?:my|our) (?:(?:dear|old|elderly|lovely|poor|sweet|dearest|own|ill|sick|tired|busy) )*"
    rf"(?:(?:{'|'.join(TELLING)}) )*(?:{_KINDS})(?:'s (?:{_KINDS}))?\b"
    rf"(?! (?:group|circle|list|company|meeting)\b)(?!-)",
    re.IGNORECASE,
)
"""What somebody is to the writer: "my dear old neighbour"."""
_DEAR = re.compile(r" (?:dear|old|elderly|lovely|poor|sweet|dearest|own|ill|sick|tired|busy)\b", re.IGNORECASE)
_GOES_ON = re.compile(r",? (?:and|&) |, [^\W\d_a-z]")
"""How a list goes on after a name."""
_JOKE = re.compile(r" (?:jokes?|bod|of|to be|group|life)\b|-", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Word:
    """One word: *bare* is without 's, *gap* what stands before it, *first* whether it begins a sentence."""

    bare: str
    start: int
    end: int
    gap: str
    first: bool
    odd: bool

    @property
    def low(self) -> str:
        return self.bare.lower()

    @property
    def capital(self) -> bool:
        return self.bare[:1].isupper() and not self.odd

    @property
    def owning(self) -> bool:
        return self.end - self.start > len(self.bare)


@dataclass(frozen=True, slots=True)
class _Found:
    name: str
    start: int
    end: int


_FEW = 2
"""Capitals in a message that say nothing yet about how it is written."""


@cache
def _hints() -> re.Pattern[str]:
    """Words at which somebody may be meant though nothing is written with a capital."""
    return re.compile(rf"\b(?:my|our|called|{'|'.join(CALLED | TITLES | FAMILY_TITLES)})\b")


class _Message:
    """A message taken into words, to be read for names."""

    def __init__(self, text: str, known: Sequence[str]) -> None:
        self.text = unicodedata.normalize("NFC", straight(text))[:_READ]
        self.known = known
        self.words = list(self._split())
        self.caseless = self._caseless()
        self._keys, self._starts = _keys(tuple(known))

    def _split(self) -> Iterator[_Word]:
        end, before = 0, ""
        for found in _WORD.finditer(self.text):
            gap = self.text[end : found.start()]
            whole = found[0]
            short = gap[:1] == "." and (before.lower() in TITLES | {"st"} or (len(before) == 1 and before.isupper()))
            first = not before or (bool(_BEGINS.search(gap)) and not short)
            after = self.text[found.end() : found.end() + 2]
            odd = bool(
                _ODD.search(gap[-1:])
                or (after and after[0] in "_@\\0123456789")
                or (after[:1] == "." and after[1:].isalnum())
                or (gap[-1:] == "." and end and len(gap) == 1 and not short)
            )
            yield _Word(_SUFFIX.sub("", whole), found.start(), found.end(), gap, first, odd)
            end, before = found.end(), whole

    def _caseless(self) -> bool:
        """Whether capitals say nothing here: it is all in capitals, or Nearly Every Word Has One."""
        if sum(map(str.isupper, self.text)) <= _FEW:
            return False
        letters = [sign for sign in self.text if sign.isalpha() and sign.lower() != sign.upper()]
        if len(letters) > 8 and sum(sign.isupper() for sign in letters) > len(letters) * 0.7:
            return True
        self_evident = PROPER | KIN | TITLES | FAMILY_TITLES
        inner = [word for word in self.words if not word.first and word.low not in self_evident and ordinary(word.bare)]
        capitals = sum(word.capital and word.bare != "I" for word in inner)
        return capitals > 2 and capitals > len(inner) * 0.6

    def found(self) -> list[_Found]:
        """All names, in order, each with where it stands."""
        named = [*self._unwritten(), *self._named()]
        kin = [each for each in self._kin() if not self._beside(each, named)]
        return sorted([*named, *kin], key=lambda each: each.start)

    # Those who are known

    def _unwritten(self) -> Iterator[_Found]:
        """Known names in scripts that have no capitals, wherever they stand."""
        for name in self.known:
            if any(map(str.isalpha, name)) and name.lower() == name.upper() and (at := self.text.find(name)) >= 0:
                yield _Found(name, at, at + len(name))

    def _known(self, at: int) -> tuple[str, int]:
        """The known name that begins with word *at*, and how many words it has."""
        if _key(self.words[at].bare) not in self._starts:
            return "", 0
        for length in range(min(4, len(self.words) - at), 0, -1):
            some = self.words[at : at + length]
            if any(word.gap.strip(" .") for word in some[1:]):
                continue
            name = self._keys.get(" ".join(_key(word.bare) for word in some))
            if name and (length > 1 or not wordlike(some[0].bare) or (some[0].capital and self._acts(at, 1))):
                return name, length
        return "", 0

    # Those who are named

    def _named(self) -> Iterator[_Found]:
        at, last, refused = 0, -1, False
        while at < len(self.words):
            word = self.words[at]
            name, length = self._known(at) if self._keys else ("", 0)
            run = 0 if self.caseless else self._run(at)
            if name and run <= length:
                run = length
            elif run and name:  # Priya Kumar, where there is a Priya Sharma
                name = ""
            elif run:
                listed = at == last and (word.gap.strip() in (",", "&", "/") or self._before(at) in ("and", "or", "&"))
                taken = self._leads(at, run) if word.first else self._stands(at, run) and not (listed and refused)
                refused, last = not taken, at + run + (self._after(at + run) in ("and", "or"))
                if not taken:
                    at += run
                    continue
            if not run:
                at += 1
                continue
            following = at + run
            relative = self.words[following - 1].owning and self._after(following) in KIN
            if not (relative and following + 1 < len(self.words) and self._run(following + 1)):  # Joana's son Leo
                yield self._taken(at, run, name)
            at += run

    def _taken(self, at: int, run: int, name: str) -> _Found:
        first, last = self.words[at], self.words[at + run - 1]
        end = last.end
        if not name:
            name = self.text[first.start : last.start + len(last.bare)]
            if len(last.bare) == 1 and self.text[end : end + 1] == ".":
                name += "."
        if last.owning and self._after(at + run) in KIN and self.words[at + run].gap == " ":
            kin = self.words[at + run]
            return _Found(f"{name}'s {kin.low}", first.start, kin.end)
        return _Found(written(name) if first.low in FAMILY_TITLES | TITLES else name, first.start, end)

    def _run(self, at: int) -> int:
        """How many words the name has that may begin with word *at*."""
        word = self.words[at]
        titled = word.low in TITLES | FAMILY_TITLES and word.bare != word.bare.upper() and not word.owning
        if titled and (run := self._titled(at)):
            return run
        if word.low in PARTICLES and not word.capital and self._after(at) and at + 2 < len(self.words):
            middle, last = self.words[at + 1 : at + 3]
            small = middle.low in PARTICLES and not middle.capital and last.capital
            return 3 if small and middle.gap == last.gap == " " and not nobody(last.bare) else 0
        if not self._may_be(at) or word.low in CALLED:
            return 0
        end = at + 1
        while end < len(self.words) and end - at < 4 and not self.words[end - 1].owning:
            following = self.words[end]
            if following.gap not in (" ", ". ") or following.first:
                break
            small = following.low in PARTICLES and not following.capital
            if small and end + 1 < len(self.words) and self._may_be(end + 1) and self.words[end + 1].gap == " ":
                end += 2
            elif self._may_be(end) or (len(following.bare) == 1 and following.bare.isupper() and following.bare != "I"):
                end += 1
            else:
                break
        return end - at

    def _titled(self, at: int) -> int:
        """The words of "Mrs Okafor", "dr. van der Berg", "Aunt May", or 0."""
        word, end = self.words[at], at + 1
        while end < len(self.words) and self.words[end].low in PARTICLES and self.words[end].gap == " ":
            end += 1
        if end >= len(self.words) or self.words[end].gap not in (" ", ". ") or self.words[end].odd:
            return 0
        name = self.words[end]
        sure = word.low in ("mr", "mrs", "ms", "dr", "aunt", "auntie", "uncle")
        if name.capital and (word.capital or word.low in FAMILY_TITLES or sure):
            if not ordinary(name.bare) or (wordlike(name.bare) and sure) or name.low in ("may", "june", "april"):
                second = end + 1 < len(self.words) and self.words[end + 1].gap == " " and self._may_be(end + 1)
                return end - at + 1 + (second and not name.owning)
        elif word.low in ("mr", "mrs", "ms", "dr") and not wordlike(name.bare):
            return end - at + 1
        return 0

    def _may_be(self, at: int) -> bool:
        """Whether word *at* is written like a name: not an acronym, not a brand's, nor anything that is nobody."""
        word = self.words[at]
        return (
            word.capital
            and len(word.bare) > 1
            and not word.bare.isupper()
            and not _CAMEL.match(word.bare)
            and not (ordinary(word.bare) and not self._personal(at) if word.first else nobody(word.bare))
        )

    def _personal(self, at: int) -> bool:
        """Whether a word that begins a sentence and is a name as well does what only a person does: "Will needed"."""
        return wordlike(self.words[at].bare) and not nobody(self.words[at].bare) and self._acts(at, 1)

    def _before(self, at: int, far: int = 1) -> str:
        return self.words[at - far].low if at >= far else ""

    def _after(self, at: int) -> str:
        return self.words[at].low if at < len(self.words) and not self.words[at].first else ""

    def _acts(self, at: int, run: int) -> bool:
        """Whether what follows the name at *at* is what a person did."""
        last = self.words[at + run - 1]
        if last.owning or (last.bare[-1] == "s" and self.text.startswith("' ", last.end)):
            return True
        if at + run >= len(self.words) or self.words[at + run].gap != " ":
            return False
        following = self.words[at + run]
        whole = self.text[following.start : following.end].lower()
        if wordlike(self.words[at].bare) and whole in _AUXILIARY | {"who", "just", "also", "only", "really", "now"}:
            return False
        return whole in _ACTS or (len(whole) > 3 and whole.endswith("ed") and not following.capital)

    def _leads(self, at: int, run: int) -> bool:
        """Whether the name that begins a sentence acts like one."""
        end = at + run
        last = self.words[end - 1]
        titled = run > 1 and self.words[at].low in TITLES | FAMILY_TITLES
        if titled or self._acts(at, run) or not self.words[at].capital:
            return True
        rest = self.text[last.end :]
        if re.match(r"(?:: | [-–—] )\w", rest) and not wordlike(last.bare):
            return True
        if end < len(self.words) and self.words[end].first:
            return run > 1 and rest[:1] in ".!\n"
        if run > 1 and rest.lstrip(" .!")[:1] in ("", ","):
            return True
        if re.match(r",? (?:who|my|our|from work|next door)\b| \((?:my|our)\b", rest):
            return True
        if not re.match(r"(?:,| and| &| und| e| y) [^\W\d_]", rest):
            return False
        following = end + (self._after(end) in ("and", "und", "e", "y"))
        return following < len(self.words) and self._may_be(following) and not wordlike(last.bare)

    def _stands(self, at: int, run: int) -> bool:
        """Whether the name within a sentence stands where people do, and not where places and things do."""
        word, last, end = self.words[at], self.words[at + run - 1], at + run
        if run > 1 and word.low in TITLES | FAMILY_TITLES:
            return True
        if end < len(self.words) and self.words[end].gap == " ":
            following = self.words[end]
            thing = following.capital and not following.bare.isupper() and following.low not in PROPER | KIN
            if (thing and ordinary(following.bare) and (not last.owning or following.low in _WITH_OWNER)) or (
                following.low in _WITH_THING and not last.owning
            ):
                return False
        if word.gap not in (" ", ". ") or not at:
            return not _PET.match(self.text[last.end :])
        before, earlier = self.words[at - 1], self._before(at, 2)
        if before.capital and not before.first and before.bare != "I" and before.low not in TIMES | CALLED:
            return False
        match before.low:
            case "to":
                return last.owning or self._toward(at)
            case "from":
                return last.owning or bool(_GETTING & {*self._sentence(at)})
            case "of":
                return last.owning or earlier in _MINDING
            case "on":
                return last.owning or earlier in _CHECKING
            case "by":
                return last.owning or earlier in ("sat", "stood", "stopped", "stayed", "dropped")
            case "called" | "named":
                return self._called(at)
            case "into":
                return last.owning or earlier in ("bumped", "ran")
            case "st" | "saint" | "san" | "santa":
                return False
            case low if low in _PLACING:
                return last.owning
            case low if low in _ARTICLES:
                return low in ("her", "that") and (last.owning or self._acts(at, run))
            case low if low in _MAKING:
                return last.owning or self._after(end) in _MADE
            case low:
                return low not in _WORKS and not _PET.match(self.text[last.end :])

    def _sentence(self, at: int) -> Iterator[str]:
        """The words before word *at* in its sentence, nearest first."""
        while at > 0 and not self.words[at].first:
            at -= 1
            yield self.words[at].low

    def _toward(self, at: int) -> bool:
        """Whether "to" in front of word *at* leads to a person: "gave bread to Rui", not "drove Sam to Porto"."""
        somebody = False
        for low, word in zip(self._sentence(at), reversed(self.words[:at]), strict=False):
            if low in _TAKING:
                return not somebody and low not in _GOING
            if low in _GIVING or low in _GOING:
                return low in _GIVING
            named = word.capital and not word.first and not nobody(word.bare)
            somebody |= low in ("him", "her", "them", "someone", "somebody", "us", "me") or low in KIN or named
        return True

    def _called(self, at: int) -> bool:
        """Whether "called" in front of word *at* is a call, or gives a person a name: not "a film called Amelie"."""
        earlier = self._before(at, 2)
        people = (
            "man woman girl boy guy kid colleague nurse student lady person neighbour neighbor friend someone newcomer"
        )
        return (
            self._before(at) == "called" and (earlier in ("i", "and", "also", "then", "we", "just") or at < 2)
        ) or earlier in (*people.split(), "beginner", "somebody", "trainee", "child", "stranger", "patient", "mate")

    # Those who are something to the writer

    def _kin(self) -> Iterator[_Found]:
        taken = []
        for found in OWN.finditer(self.text):
            name = _DEAR.sub("", found[0]).lower()
            taken.append(found.span())
            yield _Found(name, *found.span())
        for at, word in enumerate(self.words):
            if word.low not in CALLED or any(start <= word.start < end for start, end in taken):
                continue
            before, earlier = self.words[at - 1] if at else None, self._before(at, 2)
            plain = before is None or word.first or word.gap != " " or not self._described(before, earlier)
            if plain and not word.odd and not _JOKE.match(self.text[word.end :]):
                related = word.owning and self._after(at + 1) in KIN
                yield _Found(f"{word.low}'s {self._after(at + 1)}" if related else word.low, word.start, word.end)

    @staticmethod
    def _described(before: _Word, earlier: str) -> bool:
        """Whether a "mum" after these two words is somebody else's, or any: "her mum", "a tired mum"."""
        joins = ("and", "to", "for", "with", "of", "from", "at", "told", "or", "that", "called", "helped", "rang")
        return (
            before.low in _ARTICLES - {"that"}
            or before.owning
            or before.low in ("new", "single", "young", "fellow", "other", "whose", "as")
            or (earlier in _ARTICLES - {"that", "her"} and before.low not in joins)
        )

    def _beside(self, kin: _Found, named: Sequence[_Found]) -> bool:
        """Whether *kin* only says who one of *named* is: "my sister Ana", "Ana, my sister"."""
        for each in named:
            if each.start < kin.end and kin.start < each.end:
                return True
            after, before = self.text[kin.end : each.start], self.text[each.end : kin.start]
            named_next = kin.end <= each.start and after in (" ", ", ", " (", " called ", " named ", "'s name is ")
            if named_next and (after != ", " or not _GOES_ON.match(self.text, each.end)):
                return True
            named_before = each.end <= kin.start and before in (", ", " (", " ", " - ", " – ", " is ")
            if named_before and not re.match(r",? (?:and|&) ", self.text[kin.end :]):
                return True
        return False


@lru_cache(maxsize=256)
def _keys(known: tuple[str, ...]) -> tuple[dict[str, str], frozenset[str]]:
    """The known names by how they may be written: whole, without title, by the first of several names if only one
    begins so. And the words that these begin with."""
    keys: dict[str, str] = {}
    for name in known:
        words = [_SUFFIX.sub("", word) for word in _WORD.findall(straight(name))]
        if not words or unmarked(words[-1]) in KIN:
            continue
        keys.setdefault(" ".join(map(_key, words)), name)
        bare = words[1:] if len(words) > 1 and unmarked(words[0]) in TITLES else words
        for part in (" ".join(bare), bare[0]):
            if part.lower() not in FAMILY_TITLES and match(part, known) == name:
                keys.setdefault(" ".join(map(_key, part.split())), name)
    return keys, frozenset(key.partition(" ")[0] for key in keys)


def _key(word: str) -> str:
    """How a word of a name is compared; names are inflected in Russian."""
    return stem(word) if "Ѐ" <= word[:1] <= "ӿ" else unmarked(word)


def names(text: str, known: Sequence[str] = ()) -> tuple[str, ...]:
    """The people named in *text*, in order: as written, or as in *known*, the names that are in the journal already. At
    most eight, no two of them the same person; rather too few than a wrong one."""
    if not known and text.islower() and not _hints().search(text):
        return ()  # an unknown name has a capital, or a word before it that says so
    found: list[str] = []
    for each in _Message(text, known).found():
        name = match(each.name, known) or each.name
        if name in found:
            continue
        twin = next((at for at, other in enumerate(found) if same_person(other, name)), None)
        if twin is None:
            found.append(name)
        elif len(name) > len(found[twin]) and found[twin] not in known:
            found[twin] = name
    return tuple(found[:_MOST])
