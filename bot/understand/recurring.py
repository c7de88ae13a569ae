"""What somebody comes back to in what they tell: a word or two of their own that may be a theme and is none yet.

Rather nothing than something odd. A word counts where it stands like a thing ("at the allotment", "her tax forms") or
is a doing ("translating"), and it has to come back in three entries of three weeks. Everyday words, names, days, lands,
illness and grief are left out.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from bot.understand.capitals import NOBODY
from bot.understand.names import names
from bot.understand.people import KIN
from bot.understand.phrases import straight, vocabulary
from bot.understand.search import folded, stem
from bot.understand.ties import ties

TIMES = 3
"""Entries, and weeks, in which a word has to come back."""

_SHORTEST = 4
"""Letters of a word that can be a theme."""

_READ = 600
"""Characters of an entry that are read."""

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")

_BEFORE = vocabulary("""
    a an the my our your his her their its some this that these those of for with on in at from about into over any no
    more new old big small little first second whose
    taught brought gave made took sold sent wrote read built bought found got had did kept won lent grew drew sang
""")
_BEFORE_DEEDS = vocabulary("helped needed wanted started tried stopped promised offered asked agreed ended managed")
_ONE = vocabulary("a an the my our your his her their its some this that")
"""What stands before a thing, before what is done in spite of its form, and before a thing with a word between."""

_EVERYDAY = vocabulary("""
    able ages area back bags bank bath beds bench bill bins birthday bits board body book books bottom bowl boxes
    bread break breakfast bucket building bus cake call calls card care case cash chair chance chat child children
    choice city class club coat coffee company computer conversation cooker corner couple course cover crisis cup cups
    date dates days deal desk dinner dishes door doors drink drinks drive early edge email emails evening event face
    fact family fault feet fence fine flat floor food foot forum forums front games garage gate gift glass goods group
    groups guest guests hall hand hands head hill hole holiday home hope house houses idea ideas issue items jacket joke
    jokes journey kids kind kitchen ladder lane laugh letter letters level lift lifts line list loan lobby lock lots
    love luck lunch mail meal meals meeting meetings mess mind mistake mistakes moment money mood mood name names
    neighbourhood news night nights noise note notes number office ones order page paper papers parcel parcels park
    part parts party people phone photo photos picture pictures piece pieces place places plan plans platform plate
    point pool post posts present presents problem problems purpose queue rain reason rest ride rides road roof room
    rooms rush school seat seats set shed shelf shelves shoes shop shopping shops show side sides silence smile snow
    soup spare spot stairs station step steps story stories street stuff style sugar sun supper surprise table tables
    talk task tasks team tears text texts ticket tickets time tips topic touch town train trains traffic trip trips
    trouble truth turn turns video view visit visits voice wall walls water weather website weekend window words world
    yard age air arm arms bit box boy girl cat dog day eye eyes job jobs man men way ways woman women
    asking being buying calling carrying chatting checking coming covering doing eating evening finding getting giving
    going having hearing helping holding keeping leaving lending letting looking lunchtime making meeting moving morning
    nothing opening paying picking playing putting ringing running saying seeing sending sharing showing sitting
    sleeping something speaking spending standing starting staying stopping taking talking telling thanking thing
    things thinking trying using visiting waiting walking wanting watching wedding working writing anything everything
    building ceiling clothing
""")
"""Words that come up in everybody's good turns and stand for nobody in particular."""

_HARD = vocabulary("""
    accident ambulance anxiety breakdown burial cancer care chemo chemotherapy clinic coffin court death depression
    diagnosis disease divorce doctor dying emergency funeral grave grief grieving hospice hospital illness infection
    injury loss medication medicine miscarriage mourning operation overdose pain panic police prison radiotherapy
    relapse rehab separation stroke suicide surgery therapy treatment tumour tumor violence will ward
""")
"""Words of hard moments."""


class _Spot(NamedTuple):
    """A word or two where they stand in an entry: their folded *form*, as *written*, and whether they stand like a
    thing."""

    form: str
    written: str
    thing: bool


def recurring(
    told: Iterable[tuple[str, date]], besides: Iterable[str] = (), known: Sequence[str] = ()
) -> tuple[str, ...]:
    """What comes back in *told*, texts with the day of each, newest first: the likeliest theme first, each in the form
    in which it was written last. () for nothing, which is as it should be most of the time.

    Left out is whatever shares a word with a text of *besides*, and the people *known* or named.
    """
    avoided = {word for text in (*besides, *known) for word in folded(text).split()}
    found: dict[str, list[_Spot]] = {}
    weeks: dict[str, set[tuple[int, int]]] = {}
    for text, day in told:
        year, week, _day = day.isocalendar()
        seen = {spot.form: spot for spot in _spots(text, known) if not avoided & {*spot.form.split()}}
        for form, spot in seen.items():
            found.setdefault(form, []).append(spot)
            weeks.setdefault(form, set()).add((year, week))
    fitting = [
        form
        for form, spots in found.items()
        if len(spots) >= TIMES and len(weeks[form]) >= TIMES and sum(spot.thing for spot in spots) >= TIMES - 1
    ]
    fitting.sort(key=lambda form: (len(weeks[form]), " " in form), reverse=True)  # of equals two words, and the newest
    best = [form for form in fitting if not any(form != pair and form in pair.split() for pair in fitting)]
    return tuple(found[form][0].written for form in best)


def spoken(text: str, is_it: Callable[[str], bool]) -> str | None:
    """The word or two of *text* of which *is_it* is true, in small letters; None if there are none."""
    words = list(_WORD.finditer(straight(text)))
    for at, one in enumerate(words):
        for last in words[at : at + 2][::-1]:
            if is_it(found := text[one.start() : last.end()]):
                return found.lower()
    return None


def _spots(text: str, known: Sequence[str]) -> Iterator[_Spot]:
    """Every word of *text* that may be a theme, and every two that stand together, one of which may be."""
    plain = straight(text)[:_READ]
    people = {word for name in names(plain, known) for word in folded(name).split()}
    words = list(_WORD.finditer(plain))
    said = [found[0] if at else found[0].lower() for at, found in enumerate(words)]  # an entry may begin with a capital
    named = [stem(word.lower()) in people or word != word.lower() for word in said]
    joined = [plain[one.end() : two.start()] in (" ", "-") for one, two in pairwise(words)]
    for at, together in enumerate(joined):
        named[at] = named[at] or (together and named[at + 1])  # "aunty Fatna"
    fits = [_may_be(word) and not taken for word, taken in zip(said, named, strict=True)]
    halves = [_may_be_half(word) and not taken for word, taken in zip(said, named, strict=True)]
    for at, found in enumerate(words):
        if fits[at]:
            yield _Spot(stem(said[at]), said[at], said[at].endswith("ing") or _is_thing(said, at))
        if at == len(joined) or not joined[at]:
            continue
        if halves[at] and halves[at + 1] and (fits[at] or fits[at + 1]):
            both = said[at] + plain[found.end() : words[at + 1].end()]
            yield _Spot(f"{stem(said[at])} {stem(said[at + 1])}", both, _is_thing(said, at))


def _is_thing(said: Sequence[str], at: int) -> bool:
    """Whether the word at *at* stands like a thing: "the allotment", "Ana's late shift", "taught chess"."""
    before, earlier = (said[at - far].lower() if at >= far else "" for far in (1, 2))
    if before in _BEFORE or before.endswith("'s") or earlier in _ONE or earlier.endswith("'s"):
        return True
    return before.endswith(("ed", "ing")) and before not in _BEFORE_DEEDS


def _may_be(word: str) -> bool:
    """Whether *word* may be a theme: none that everybody says."""
    return (
        len(word) >= _SHORTEST and _may_be_half(word) and stem(word) not in _left_out() and bool(ties(word, _SHORTEST))
    )


def _may_be_half(word: str) -> bool:
    """Whether *word* may be one of two that are a theme: in small letters, nobody's, and no small word."""
    return len(word) > 2 and word == word.lower() and not word.endswith(("ed", "ly", "'s")) and word not in NOBODY


@cache
def _left_out() -> frozenset[str]:
    return frozenset(stem(word) for word in _EVERYDAY | _HARD | KIN)
