"""How words are found again: other forms of a word, accents and capitals don't matter.

Beside every answer its words are kept *folded*, one form for all forms of a word: "Baking for Zoë" is " bake for zoe ".
What somebody looks for becomes up to three *terms*, parts of such a text for SQL's LIKE, and `hits` says where in the
words as they were written the terms were found. All three go through the same few lines, so they can't disagree.

A form is a stem as Snowball has it, for English and Russian; verbs that change within (drove, taught) and British and
American spellings are brought together first. A word that stays as it is may also be the beginning of a longer one
("pri" finds Priya); one in another form is looked for whole ("mary" doesn't find Maria). In scripts without spaces each
sign counts as a word.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from functools import cache, lru_cache
from threading import Lock

import Stemmer

from bot.text import unmarked
from bot.understand.phrases import vocabulary

_TERMS = 3
"""Words of a search that are looked for."""

_LONGEST = 200
"""Characters of a search that are read."""

_PREFIX = 3
"""Letters that may be the beginning of a longer word; fewer are a word of their own."""

# Signs of scripts without spaces, each with the marks upon it: Thai to Lao, Burmese, Khmer, kana, ideographs.
_SIGNS = (
    "\u0e00-\u0e30\u0e32\u0e33\u0e3f-\u0e46\u0e50-\u0eb0\u0eb2\u0eb3\u0ebd-\u0ec6\u0ed0-\u0edf\u1000-\u102a\u103f-\u1055"
    "\u1780-\u17b3\u17e0-\u17e9\u3005-\u3007\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\uff66-\uff9d"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
# Marks that Python's \w leaves out though they stand within words.
_MARKS = (
    "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc"
    "\u0900-\u0903\u093a-\u094f\u0955-\u0957\u0962\u0963\u0981-\u0983\u09bc-\u09cd\u0a01-\u0a03\u0a3c-\u0a4d\u0a81-\u0a83"
    "\u0abc-\u0acd\u0b01-\u0b03\u0b3c-\u0b57\u0b82\u0bbe-\u0bcd\u0c00-\u0c04\u0c3e-\u0c56\u0c81-\u0c83\u0cbc-\u0cd6"
    "\u0d00-\u0d03\u0d3b-\u0d57\u0d82\u0d83\u0dca-\u0ddf\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ece"
    "\u102b-\u103e\u1056-\u109f\u17b4-\u17d3\u3099\u309a\uff9e\uff9f"
)
_WORD = re.compile(
    rf"[{_SIGNS}][{_MARKS}]*|[^\W_{_SIGNS}](?:[^\W_{_SIGNS}]|[{_MARKS}]|['’ʼ](?=[^\W_]))*",
)
_RUN = re.compile(rf"(?:[{_SIGNS}][{_MARKS}]*)+|{_WORD.pattern}")
_UNFIT = re.compile(rf"[^\w{_MARKS}]|_")
_OWNED = re.compile(r"['’ʼ]s$|['’ʼ]")

# One thing in several spellings, and verbs that change within.
_ALIKE = """
    be was were been am is are, bear bore, beat beaten, become became, begin began begun, bite bit bitten, blow
    blew, break broke broken, bring brought, build built, burn burnt, buy bought, catch caught, choose chose chosen,
    come came, dig dug, do did done does, draw drew drawn, dream dreamt, drink drank drunk, drive drove driven, eat
    ate eaten, fall fell fallen, feed fed, feel felt, fight fought, find found, fly flew flown, forget forgot
    forgotten, forgive forgave forgiven, freeze froze frozen, get got gotten, give gave given, go went gone goes,
    grow grew grown, hang hung, have had has, hear heard, hide hid hidden, hold held, keep kept, know knew known,
    lead led, lean leant, learn learnt, leave left, lend lent, lose lost, make made, mean meant, meet met, pay paid,
    ride rode ridden, ring rang rung, rise rose risen, run ran, say said, see saw seen, sell sold, send sent, sew
    sewn, shake shook shaken, show shown, sing sang sung, sit sat, sleep slept, speak spoke spoken, spend spent,
    spill spilt, stand stood, steal stole stolen, stick stuck, sweep swept, swim swam swum, take took taken, teach
    taught, tear tore torn, tell told, think thought, throw threw thrown, understand understood, wake woke woken,
    wear wore worn, weep wept, win won, write wrote written, child children, foot feet, goose geese, knife knives,
    life lives, loaf loaves, man men, mouse mice, person people, shelf shelves, tooth teeth, wife wives, woman
    women, colour color, favour favor, favourite favorite, flavour flavor, grey gray, honour honor, humour humor,
    labour labor, licence license, mum mom, mummy mommy, neighbour neighbor, neighbourhood neighborhood, organise
    organize, practise practice, programme program, realise realize, recognise recognize, theatre theater, tyre tire
"""
_COMMON = vocabulary("""
    a about an and are as at be but by did for from had has have he her him his i if in is it its me my of on or our
    she so that the their them they this to us was we were what who with you your
""")

_turn = Lock()  # a stemmer is for one thread at a time


@cache
def _stemmers() -> tuple[Stemmer.Stemmer, Stemmer.Stemmer, dict[str, str]]:
    """For English and for Russian, and the stems that stand for others."""
    english, russian = Stemmer.Stemmer("english", 0), Stemmer.Stemmer("russian", 0)
    alike = {}
    for line in _ALIKE.split(","):
        one, *others = (english.stemWord(word) for word in line.split())
        alike.update(dict.fromkeys(others, one))
    return english, russian, alike


@lru_cache(maxsize=8192)  # people say the same words over and over
def stem(word: str) -> str:
    """The one form that stands for all forms of *word*: letters and digits, or nothing if it has none."""
    bare = _OWNED.sub("", word)
    with _turn:
        english, russian, alike = _stemmers()
        if "Ѐ" <= bare[:1] <= "ӿ":
            bare = russian.stemWord(bare.casefold())  # before й loses its accent, which endings need
            found = unmarked(bare)
        else:
            found = english.stemWord(unmarked(bare))
    found = _UNFIT.sub("", found)
    return alike.get(found, found)


def _words(text: str) -> Iterator[tuple[str, int, int]]:
    """The form of each word of *text*, and where the word stands."""
    for found in _WORD.finditer(text):
        if form := stem(found[0]):
            yield form, found.start(), found.end()


def folded(text: str) -> str:
    """The words of *text* in one form each, with a space before and after every one."""
    return f" {' '.join([form for word in _WORD.findall(text) if (form := stem(word))])} "


def terms(query: str) -> tuple[str, ...]:
    """At most three parts of folded text, all of which an answer must hold to be found by *query*; () if *query* has
    no words. They are letters, digits and spaces, so LIKE takes none of them for a pattern."""
    found: dict[str, bool] = {}
    for run in _RUN.findall(query[:_LONGEST]):
        words = _WORD.findall(run)
        forms = [form for word in words if (form := stem(word))]
        if not forms:
            continue
        # A run of signs without spaces is looked for as it stands, and so is a word too short or in another form.
        if len(forms) > 1 or len(forms[0]) < _PREFIX or forms[0] != unmarked(run):
            found[f" {' '.join(forms)} "] = run.casefold() in _COMMON
        else:
            found[f" {forms[0]}"] = run.casefold() in _COMMON
    return tuple([term for term, common in found.items() if not common] or found)[:_TERMS]


def hits(text: str, query: str) -> list[tuple[int, int]]:
    """Where in *text* the words are that *query* finds, as (start, end), in order and apart; [] if LIKE would not find
    *text* by all of its terms."""
    wanted = terms(query)
    words = list(_words(text))
    whole = f" {' '.join([form for form, *_ in words])} "
    heads, at = [], 1  # where each form stands in whole
    for form, _start, _end in words:
        heads.append(at)
        at += len(form) + 1
    found = set()
    for term in wanted:
        at = whole.find(term)
        if at < 0:
            return []
        while at >= 0:
            first, last = at + 1, at + len(term.rstrip())
            # From the form in which the term begins to the one in which it ends.
            within = words[bisect_right(heads, first) - 1 : bisect_left(heads, last)]
            found |= {(start, end) for _form, start, end in within}
            at = whole.find(term, at + 1)
    joined: list[tuple[int, int]] = []
    for start, end in sorted(found):
        touching = joined and joined[-1][1] == start  # signs of a script without spaces
        joined.append((joined.pop()[0] if touching else start, end))
    return joined
