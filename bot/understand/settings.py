"""Settings: what somebody would like to be different, said in a sentence of its own.

A message changes something only if all of it does, word by word: "come on tuesdays instead" is read from beginning to
end, "sunday I drove Ana home" stops being a wish at its second word. Days, times and parts of a day are first replaced
by signs, so that the phrase books below are about how people ask, not about which day it is.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from datetime import time
from functools import cache
from typing import Any, Literal

from bot.understand.clocks import DAY, PART_OF_DAY, rhythm
from bot.understand.numbers import counted
from bot.understand.phrases import READ, lowered, phrases, straight
from bot.understand.places import place
from bot.understand.sentences import wonders
from bot.understand.wishes import DEED, wish

Length = Literal["short", "full", "one"]
Weeks = Literal[1, 2, 4]
Clock = time  # by a name that `Change.time` doesn't hide

_LONGEST = 120  # characters of the longest message that only asks for changes


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """What somebody would like to be different; None where they didn't say, and at least one thing is said.

    *weekday* counts from Monday, which is 0; *weeks* lie between two check-ins; *city* are words that may name one, as
    written: only the cities' file knows whether they do."""

    weekday: int | None = None
    time: "Clock | None" = None
    weeks: Weeks | None = None
    length: Length | None = None
    discreet: bool | None = None
    city: str | None = None
    model: bool | None = None


# In these books and the text compared with them, "Aday" is a weekday, "Adays" more than one, "Atime" a time of the
# day, "Apart" a part of the day and "Aparts" more than one; apostrophes are gone, and numbers are digits.

# That something is to stay different from now on is plain by one of these, or by a plural.
_FOR_GOOD = """
    instead | from now on | from here on | in future | in the future | always | would be (better | best | nicer | great
        | good | easier | ideal | fine)
    (is | are | works? | fits? | suits? me | suit me) (better | best | fine | great
        | nicer | easier | well | ideal | good | enough | plenty) [for me]
    (works? | suits?) [for me | me] | i (prefer | would prefer)
    i (would | d) (prefer | rather) [have | it [was] | you (came | come)] | id (prefer | rather) [have | it [was]
        | you (came | come)] | [id | i would] like (it | you to (come | ask | write)) [better]
    make it | (lets | let us) (do | make it | say | try | go for | go with | have | move)
    (change | move | set | switch | shift | put | turn | reschedule) [it | that | this | me | us | everything | things
        | [the | my | our | your] (day | hour | time | date | weekday | check in | check ins | questions? | visits?
        | settings? | schedule | rhythm)] [over] [to | for]
    (the | my) (new | best | better | usual) (day | time | hour) (is | would be) | my (day | time | hour) is
    (how | what) about | (can | could | would) (we | it) (do | be | make it | move [it] [to])
    new (time | day | hour) [is]
    every | each | weekly
"""
# Somebody who says only this and a day may mean the next one alone.
_ONCE = """
    (ask | write | text | ping | message | remind | call | contact | poke) [me | to me | us]
"""
_POLITE = """
    please | pls | plz | thanks | thank you | thx | ty | cheers | hey | hi | hello | ok | okay | well | so | oh | um+
    uh+ | hm+ | yes | yeah | sorry | actually | maybe | perhaps | probably | rather | just | only | then | now | and
    but | also | or so | if (you can | possible | thats (ok | okay | fine | possible) | you dont mind | you like)
    [i think] [that] (can | could | would | will) (you | u) [please] | [that] you (can | could | may | should)
    id like [you | it] [to [be]] | i would like [you | it] [to [be]] | i want [you | it] [to [be]] | i think
    (come | check in | turn up | show up | drop by | drop in | come by | visit) [me | us | round | along]
    (check ins? | questions?) | ask | tenfold | bot | again | back to | go back to | for me | for us | with me
    on | at | in the | in | the | around | about | circa | by | from | after | of | a | for | to | it | its | is
    tbh | honestly | lol | better | lets go | go with | (the | my) (settings? | preferences?)
    me | us | let us | lets | use | have | keep | keep it | take | try | do | mode | thing | both
"""
_DAYS = "Adays? | Atime | Aparts? | Aweekends?"
_WEEKS: dict[Weeks, str] = {
    4: """
        [only | just] (once | one time | 1 time | 1 x | 1x) (a | per | every | each) month | monthly | every month
        each month | [once] every (4 | fourth | 4th) (weeks? | (?=Aday)) | a month apart | 1 a month | every 30 days
        [on] the (1st | first | last) (?=Aday) | of (the | every | each) month
    """,
    2: """
        [only | just] [once] every (other | second | 2nd | 2 | alternate) (weeks? | (?=Aday))
        [only | just] (once | one time) (a | per | every | each) (fortnight | other week | 2 weeks)
        fortnightly | fortnight | every fortnight | biweekly | bi weekly | (twice | 2 times | 2x) (a | per) month
        every 14 days | 2 weeks apart | alternate (weeks | (?=Aday)) | half as often | each other week
        (skip | leave out) every (other | second | 2nd) (week | one)
    """,
    1: """
        [once] every [single] week | weekly | (once | one time | 1 time | 1x) (a | per) week | each week
        every 7 days | every 1 week
    """,
}
_LENGTHS: dict[Length, str] = {
    # Short is how it begins, so someone who wants it shorter or wants fewer questions wants one.
    "one": """
        [ask [me]] [just | only] (1 | a single) (question | thing) [a week | at a time | is (enough | plenty | fine)
            | only | each time | each week | per week | from now on]
        [ask [me]] [just | only] the (first | 1st | good turn) [question | one]
        [ask [me]] only 1 | [ask [me]] just 1 | (make | keep) it (shorter | even shorter | very short)
        [ask [me]] (fewer | less) [questions] | shorter [questions | check ins?] | not so many questions
        [only | just] the good turn | 1 (will do | is enough | is plenty)
    """,
    "full": """
        ask [me] (everything | it all | the lot | all of (it | them)) | [ask [me]] all [of] [the] 5
        [ask [me]] [all] [of] [the] (5 | all) [of] [the | your | those] questions
        [the | a] (full | whole | long | complete) (check ins? | thing | version | set | 1 | audit | questions? | length
            | list)
        (make | keep) it (full | long | longer | complete) | longer (check ins? | questions) | [ask [me]] more questions
        everything please | ask [me] in full | in full again | [all] [of] [the] questions in full
    """,
    "short": """
        (keep | make) [it | them | things | this | the check ins?] [short | brief | quick] (short | brief | quick)
        [the | a] short (check ins? | version | 1 | 1s | questions? | form | length | thing) | be brief
        [ask [me]] [just | only] (2 | a couple of | a few) questions | short and sweet | not too long
        [ask [me]] not everything | short [it] please | [back to] short again
    """,
}
_SCREEN = "[lock screen | lockscreen | screen | locked screen | home screen | phone | notifications? | previews?]"
_WHAT = """[anything | any of (it | this) | it | that | this
            | [the | my | your] (text | words? | content | messages? | questions?)]"""
_DISCREET: dict[bool, str] = {
    False: f"""
        [be | you (can | could) be] (not | less | no longer) [so] discreet | (stop | no need) [to] [being | be] discreet
        (turn | switch | set) off [the] discreet [mode | pings | messages]
        no [more] discreet (pings | mode | messages)
        (turn | switch | set) [the] discreet [mode | pings | messages] [to] off
        [the] discreet [mode | pings | messages] [is] (off | no)
        (show | you can show) [me] [everything | {_WHAT}] [again] [on] [the | my] {_SCREEN} [again]
        no need to hide {_WHAT}
    """,
    True: f"""
        [be | stay | keep it | keep things | make it | i need you to be] [a bit | more | very | rather] discreet
            [mode | pings | messages] [on | yes]
        (turn | switch | set) on [the] discreet [mode | pings | messages] | discreetly
        (turn | switch | set) [the] discreet [mode | pings | messages] [to] on
        (dont | do not | never | stop | without) (show | showing | display | displaying | put | preview | quote)
            {_WHAT} [on | in] [the | my] {_SCREEN}
        hide {_WHAT} [from | on | in] [the | my] {_SCREEN}
        (nothing | no (text | words | details | content | previews?)) [private] (on | in) (the | my) {_SCREEN}
        no previews | (others | people | my (kids? | husband | wife | partner | boss | family | colleagues))
            (can | could) see my (screen | phone)
    """,
}
_MODEL_NAME = (
    "[the | a | an | your | any] [language | ai | big | large] [language] (models? | ai | llm | chatgpt | gpt)"
)
_MODEL: dict[bool, str] = {
    False: f"""
        (no | without | not) [more | longer] {_MODEL_NAME} | {_MODEL_NAME} [is] (off | no)
        (dont | do not | never | stop) (use | using | ask | asking | want | send [anything | this | it] to | show
            [anything | this | it] to | sending [anything | this | it] to) {_MODEL_NAME}
        (turn | switch | set) off {_MODEL_NAME} | (turn | switch | set) {_MODEL_NAME} [to] off
        i dont want [to use | you to use] {_MODEL_NAME} | keep (it | this | that) (away) from {_MODEL_NAME}
    """,
    True: f"""
        (use | ask | try | with) {_MODEL_NAME} | {_MODEL_NAME} [is] (on | yes | ok | okay | fine)
        (turn | switch | set) on {_MODEL_NAME} | (turn | switch | set) {_MODEL_NAME} [to] on
        (you (can | may) use | yes to | im (ok | okay | fine) with) {_MODEL_NAME}
    """,
}
# Whole messages that mean something only beside open settings.
_BARE: dict[str, tuple[str, Any]] = {
    **dict.fromkeys(["one", "1 question", "only one", "just the one"], ("length", "one")),
    **dict.fromkeys(["full", "long", "all", "five", "all five", "everything", "longer"], ("length", "full")),
    **dict.fromkeys(["short", "two", "brief", "quick"], ("length", "short")),
    # The switch that everybody has.
    **dict.fromkeys(["off", "show", "show it", "not discreet"], ("discreet", False)),
    **dict.fromkeys(["on", "hide", "hide it", "private"], ("discreet", True)),
    **dict.fromkeys(["week", "every week"], ("weeks", 1)),
    **dict.fromkeys(["two weeks", "2 weeks", "every two"], ("weeks", 2)),
    **dict.fromkeys(["month", "four weeks", "4 weeks", "a month"], ("weeks", 4)),
}


def setting(text: str) -> Change | None:
    """What *text* as a whole asks to be different from now on, or None if it says anything else.

    "sundays 9am, every other week" asks for three things. A day alone ("monday", "ask me on monday") is no rhythm, and
    two days are no answer.
    """
    return _change(text, opened=False)


def bare_setting(text: str) -> Change | None:
    """What *text* asks to be different where settings have just been opened, and a word may do: "porto", "18:30",
    "monday", "one", "off". None for a wish of another kind, and for anything longer than a few words that `setting`
    doesn't know."""
    if sure := _change(text, opened=False):
        return sure
    words = " ".join(re.sub(r"[^\w:.+]+", " ", lowered(text)).removesuffix(" please").split()).strip(".")
    if said := _BARE.get(words):
        return Change(**dict([said]))
    if change := _change(text, opened=True):
        return change
    city = place(text)
    plain = 0 < len(city.split()) <= 4 and len(text.split()) <= 8 and not re.search(r"[?\d]", city)
    told = wonders(text) or DEED.search(lowered(text)) or _NO_CITY.match(city)
    return Change(city=city) if plain and not told and wish(text) is None else None


_MOVED = re.compile(
    r"""(?:(?:hi|hey|so|please|ok|well|oh|and|also|by\ the\ way|btw|now|news)[,:\ ]+)*
    (?: (?:i|we)\ (?:have\ )?(?:just\ )?(?:moved|relocated)\ (?:back\ )?to
      | (?:i|we)'ve\ (?:just\ )?(?:moved|relocated)\ (?:back\ )?to
      | (?:i|we)\ (?:now\ )?live\ in
      | (?P<now>(?:i'm|i\ am|we're|we\ are)\ (?:now\ )?(?:living\ )?(?:back\ )?in)
      | (?:(?:change|set|switch|make|move)\ )?(?:(?:my|the|our)\ )?(?:new\ )?city\ ?
        (?: is\ now\b | is\b | now\b | to\b | = | : | -\  )?
    ) \ ? (?P<city>[^\W\d].*)""",
    re.IGNORECASE | re.VERBOSE,
)
_SINCE = re.compile(
    r"[, ]+(?:now|these days|currently|at the moment|for now|please|thanks|thank you|this week|last week|yesterday"
    r"|last month|instead|again|actually|btw|by the way)[.! ]*$",
    re.IGNORECASE,
)
# Words that no city begins with, but many a story does.
_NO_CITY = re.compile(
    r"(?:the (?!hague|bronx|dalles)|an? |my |our |his |her |their |your |tears|fear\b"
    r"|peace|hope\b|bed\b|trouble|charge|love\b|pain|touch|help"
    r"|see |be |do |get |give |make |take |bring|work|hospital|another|this|that|next|of\b|for\b|with\b|in\b|at\b|on\b"
    r"|is\b|was\b|and\b|or\b|to\b|leave\b|change\b|keep\b|drove\b|nothing\b|what's|where|who|what|council|hall|centre|center|bus|kids|life|i\b|we\b)",
    re.IGNORECASE,
)


def _change(text: str, *, opened: bool) -> Change | None:
    """Read all of *text*. Where settings are *opened*, a day or an hour needs nothing beside it."""
    if len(text) > _LONGEST or "?" in text.rstrip("? !"):
        return None
    clauses = [part.strip() for part in re.split(r"[,;\n]|[.!?](?=\s|$)", straight(text[:READ])) if part.strip(" .")]
    city, rest = _city(clauses)
    said = ", ".join(rest)
    change: Change | None = Change(city=city) if city else Change()
    if rest:
        change = _told(said, opened=opened)
        if change is None or (city and change.city):
            return None
        change = replace(change, city=city or None)
    return change if change != Change() else None


def _city(clauses: list[str]) -> tuple[str, list[str]]:
    """The city that one of *clauses* tells of, and the clauses that are left."""
    for at, clause in enumerate(clauses):
        if not (found := _MOVED.fullmatch(clause)):
            continue
        city = _SINCE.sub("", found["city"]).strip(" .:-")
        is_news = not found["now"] or city != found["city"].strip(" .:-") or " now " in f" {found['now'].casefold()} "
        if not is_news or len(city.split()) > 4 or "'s" in city or _NO_CITY.match(city):
            continue
        left = clauses[:at] + clauses[at + 1 :]
        # "Lisbon, Portugal": the clause that follows may say in which land.
        if at < len(left) and left[at].istitle() and len(left[at].split()) < 3 and not _told(left[at], opened=True):
            city = f"{city}, {left.pop(at)}"
        return city, left
    return "", clauses


def _told(text: str, *, opened: bool) -> Change | None:
    """The changes that *text* is full of from its first word to its last."""
    said, times = _outlined(text)
    told: dict[str, Any] = {}
    kinds = set()
    when: list[str] = []
    for kind, value, words in _steps(said):
        kinds.add(kind)
        if kind == "when":
            when.append(words)
        elif kind in _NAMES:
            if told.setdefault(kind, value) != value:
                return None
        elif kind == "":
            return None
    if when:
        named = [word for word in when if word.rstrip("s") == "Aday"]
        by_clock = [word for word in when if word == "Atime"]
        if len({times[f"{at} {word}"] for at, word in enumerate(when) if word in named}) > 1 or len(by_clock) > 1:
            return None  # two days, or two hours
        spoken = " ".join(times[f"{at} {word}"] for at, word in enumerate(when))
        day, at = rhythm(spoken)
        if (day is None and (named or at is None)) or (by_clock and at is None):
            return None  # no such hour
        lasting = any(word.endswith("s") for word in when) or kinds & {"good", "weeks"}
        both = named and by_clock and "once" not in kinds
        if not (opened or lasting or both):
            return None
        told |= {name: value for name, value in (("weekday", day), ("time", at)) if value is not None}
    return Change(**told) if told else None


# "mondays, fridays are bad", "mondays instead of fridays": what a day is not any more.
_NO_MORE = re.compile(
    rf"""[,;.]?\ ?(?:\b(?:instead\ of|rather\ than)\ (?:on\ )?(?:{DAY.pattern}))
    | (?:\bon\ )?(?:{DAY.pattern})\ (?:
        (?:don'?t|doesn'?t|do\ not|does\ not|won'?t|no\ longer|never)\ (?:work|suit)s?(?:\ me)?
      | (?:is|are)\ (?:now\ )?(?:bad|no\ good|not\ (?:so\ )?(?:good|great)|impossible|difficult|busy|too\ busy|out)
      | (?:isn'?t|aren'?t)\ (?:so\ )?(?:good|great|possible)
      )(?:\ for\ me)?(?:\ any\ ?more|\ now)?[,;.]?
    """,
    re.VERBOSE,
)
_NAMES = {each.name for each in fields(Change)}
_CLOCK = re.compile(
    r"""(?<![\w:.+-])(?:
        (?:half|quarter|\d{1,2}(?:\ min(?:ute)?s?)?)\ (?:past|to|before|after)\ \d{1,2}(?:\ ?[ap]\.?m\b\.?)?
      | half\ \d{1,2}\b
      | \d{1,2}\ ?[:.h]\ ?\d{2}(?:\ ?(?:[ap]\.?m\b\.?|h\b|uhr\b|o'?\ ?clock))?
      | \d{1,2}\ ?(?:[ap]\.?m\b\.?|h\b|uhr\b|o'?\ ?clock|sharp\b)(?:\ ?[ap]\.?m\b)?
      | (?<!\ball\ )(?<!\bthe\ )(?<!\bjust\ )(?<!\bonly\ )\d{1,2}(?:\ ?-?ish)?(?=$|[\s,.;!])
        (?!\ (?:questions?|weeks?|things?|times?|days|x|a\ month|(?:is|will)\b|of\b))
    )""",
    re.VERBOSE,
)


def _outlined(text: str) -> tuple[str, dict[str, str]]:
    """*text* with signs for its days and times, and what each sign, by its number, stands for."""
    said, changed = _NO_MORE.subn(" instead ", counted(lowered(text)))
    if changed and not DAY.search(said):
        return said, {}  # only what is not to be
    parts = "|".join(words for words, _middle in PART_OF_DAY)
    every = re.compile(
        rf"(?P<day>{DAY.pattern})|(?P<time>{_CLOCK.pattern})|\b(?P<part>{parts.replace(' ', '[ ]')})\b"
        r"|\b(?P<end>weekends?)\b",
        re.VERBOSE,
    )
    stood: dict[str, str] = {}

    def sign(found: re.Match[str]) -> str:
        words = found[0]
        kind = next(name for name in ("day", "time", "part", "end") if found[name])
        many = words.endswith(("days", "day's", "ings", "noons", "nights", "ends"))  # but "thurs" is one
        name = {"day": "Aday", "part": "Apart", "time": "Atime", "end": "Aweekend"}[kind] + ("s" if many else "")
        # A bare hour is one only after "at".
        stood[f"{len(stood)} {name}"] = f"at {words}" if kind == "time" and not words.startswith("half") else words
        return f" {name} "

    said = every.sub(sign, said).replace("'", "")
    return " ".join(re.sub(r"[^\w]+", " ", said).split()), stood


def _steps(said: str) -> Iterator[tuple[str, Any, str]]:
    """*said* in pieces, each with the field that it changes and the value, "when", "good", "once" or "polite"; the
    last has no kind if it is none of them."""
    rest = f"{said} "
    while rest.strip():
        best = max(
            ((found.end(), kind, value) for kind, value, book in _books() if (found := book.match(rest))),
            key=lambda each: each[0],
            default=(0, "", None),
        )
        end, kind, value = best
        if not end:
            yield "", None, rest
            return
        yield kind, value, rest[:end].strip()
        rest = rest[end:]


@cache
def _books() -> list[tuple[str, Any, re.Pattern[str]]]:
    """Every book with what it means. The longest match wins, and of equals the first."""
    books: list[tuple[str, Any, str]] = [("when", None, _DAYS)]
    books += [("weeks", weeks, book) for weeks, book in _WEEKS.items()]
    books += [("length", length, book) for length, book in _LENGTHS.items()]
    books += [("discreet", discreet, book) for discreet, book in _DISCREET.items()]
    books += [("model", model, book) for model, book in _MODEL.items()]
    books += [("good", None, _FOR_GOOD), ("once", None, _ONCE), ("polite", None, _POLITE)]
    return [(kind, value, re.compile(_ahead(phrases(book)))) for kind, value, book in books]


def _ahead(pattern: str) -> str:
    """*pattern* with the "(?=Aday)" of a phrase book as the regular expression means it: a day comes, unread."""
    return pattern.replace("(?:?=Aday )", "(?=Adays? )")
