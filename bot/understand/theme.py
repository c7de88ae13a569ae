"""Themes: the phrases with which people name what others should come to them for."""

import re
from functools import cache
from typing import Literal

from bot.understand.phrases import LOOSE, phrases, straight
from bot.understand.wishes import wish

_LONGEST = 60
_GAP = r"\b\s?"
_STORY = 200  # characters; a longer text with more than one sentence names nothing

# An "and" that holds one thing together.
_PAIRS = """
    arts and crafts, back and forth, bed and breakfast, black and white, bread and butter, country and western,
    cut and paste, diversity and inclusion, drum and bass, dungeons and dragons, fish and chips, friends and family,
    give and take, health and safety, hide and seek, hit and run, ins and outs, law and order, life and death,
    lost and found, mac and cheese, mergers and acquisitions, nuts and bolts, odds and ends, peace and quiet,
    pros and cons, q and a, r and b, r and d, research and development, rhythm and blues, rock and roll,
    salt and pepper, sticks and stones, stop and search, supply and demand, track and field, trial and error,
    ups and downs, wear and tear, wine and cheese
"""
# What leads up to a theme, and what trails after it.
_LEAD = """
    [(i | i'd) (would | really)* [like | love | want | wish] [for]]
        (people | folks | others | them | everyone | someone | friends)
        (to | do | can | could | should | might | may | usually | already | often | mostly | always)*
        (come | turn | go | look) to me (for | about | with)
    [(i'm | i am)] [the] (one | person) [that | who]
        (people | folks | others | everyone | everybody | they | friends) (usually | often | mostly | always)*
        (ask | come to | turn to | go to | call | ring) (about | for | with)
    (people | friends | others | they | folks) (usually | often | mostly | always)*
        (ask | come to | turn to) me (about | for | with)
    (people | friends | others | they | folks) [usually | often | always] (say | tell me) [that]
    (come | turn) to me (for | about | with) | [people] [can] ask me about
    (i'd | i would) (like | love) to be (known | the one | asked | remembered) (for | about)
    [i want | i'd like] to be known for
    [the] [things | stuff] [that] (i'm | i am) (known for | [pretty | quite | really | very | rather | fairly] good
        (at | with) | into | passionate about | (best | not bad | decent) at)
    i know [a lot | a bit | something | quite a bit | stuff | things] about
    i [really] (love | like | enjoy | care about) | i [can | could | often | usually | mostly | like to | try to] help
        [people | out | others | folks | friends | them] (with | about)
    (things | stuff | something | anything | topics) (like | such as | about | around | to do with)
    i (guess | think | suppose) | (i'd | i would) say | for (example | instance | sure)
    it's | it (is | would be) | that would be | my (answer | themes? | words?) [is | are]
    mostly | maybe | probably | perhaps | mainly | definitely | certainly | obviously | possibly | especially
    also | and | or | plus | then | well | um+ | uh+ | hm+ | oh | ok | okay | so | hi | hello | for | both | like
"""
_TRAIL = """
    i (guess | think | suppose | hope) | maybe | probably | mostly | perhaps | lol | haha+ | etc | and so on
    and (such | stuff | things | the like | more) | as well | too | tbh | or (something | so | whatever) [like that]
    and | or | things like that | please | thanks | for sure
"""
# What is left of "and stuff", and of "ok fair, bees".
_NO_THEMES = {"fair", "fair enough", "stuff", "things", "such", "more", "others", "the like", "so on"}
# The beginning of a sentence that tells of somebody doing something.
_TOLD = re.compile(
    rf"{phrases('and | then | but | so | because | when | after')}*(?:i|we|he|she|they|my \w+)(?:'\w+)? ?(?:\w+)? ",
    re.IGNORECASE,
)
_QUESTION = """
    why | what | how | who | when | where | which | do | does | can | could | is | are | should | like what | huh | eh
    really
"""
_ASKED = re.compile(phrases(_QUESTION, LOOSE) + r".*\?$", re.IGNORECASE)


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """Pairs that stay together, what stands between two themes, what leads up to one, and what trails after it."""
    pairs = "|".join(" ".join(_PAIRS.split()).split(", ")).replace(" and ", "(?: and | & |&| n )")
    between = r"""
        [,;\n،؛、，；•·●▪◦‣|]+  # commas, semicolons and bullets of many scripts
        | (?:^|(?<=\n)) \s* (?:[-*–—]|\d{1,2}[.)]) \s+  # "- bees", "1. bees"
        | \s+ (?:and|[&+/–—-]) \s+
        | (?<=\w{4})[.!?]\s+  # the end of a sentence, and not of "St."
    """
    # Not the "well" of "well-being", and "I like to sing" is said best as it is.
    lead = rf"{phrases(_LEAD, _GAP)}(?:(?<=\s)|(?=[\s:,!]|$))[\s:,.!…-]*+(?!to\b)"
    return (
        re.compile(rf"\b(?:{pairs})\b", re.IGNORECASE),
        re.compile(between, re.IGNORECASE | re.VERBOSE),
        re.compile(rf"^(?>(?:{lead})+)", re.IGNORECASE),
        re.compile(rf"(?:^|[\s,]+){phrases(_TRAIL, _GAP)}$", re.IGNORECASE),
    )


def themes(text: str) -> tuple[str, ...]:
    """The phrases of *text*, as written: each at most 60 characters, no two alike.

    () if there are none, or if *text* tells a story rather than naming things: then ask which words to underline.
    """
    text = straight(text).strip()
    if wish(text) in ("unsure", "skip", "nothing", "never", "later", "stop", "pause", "no", "yes"):
        return ()
    if len(text) > 1_000 or (len(text) > _STORY and re.search(r"\w[.!?]\s+\w", text)):
        return ()
    pairs, between, lead, trail = _patterns()
    held = pairs.sub(lambda pair: pair[0].replace(" ", "\0"), text)
    found: dict[str, str] = {}
    told = 0
    for piece in between.split(held):
        said = piece.replace("\0", " ").strip()
        phrase = _stripped(lead.sub("", said))
        while (shorter := _stripped(trail.sub("", phrase))) != phrase:
            phrase = shorter
        if (
            _ASKED.match(said)
            or phrase in _NO_THEMES
            or not any(sign.isalnum() for sign in phrase)
            or wish(phrase) not in (None, "back")
        ):
            continue
        if len(phrase) > _LONGEST:
            return ()
        told += _TOLD.match(phrase) is not None
        found.setdefault(phrase.casefold(), phrase)
    return () if told > 1 else tuple(found.values())


def _stripped(phrase: str) -> str:
    phrase = phrase.strip(' \t\r\n-*:,;.!?…–—"“”„«»')
    return phrase[1:-1].strip() if phrase[:1] == "(" and phrase[-1:] == ")" else phrase


_MANNER = phrases(
    """
    being | staying | keeping | remaining | feeling | becoming | listening | hearing | showing up | turning up
    making (people | others | folks | someone)
    (a | an | the) [good | kind | calm | patient | quiet | safe]
        (listener | friend | ear | shoulder | neighbour | neighbor | company | dad | mum | mom | father | mother)
    [good | kind | calm] (listener | company)
    patience | patient | calm | calmness | kindness | kind | honesty | honest | humour | humor | warmth | loyalty
    trust | courage | gentle | gentleness | generosity | encouragement | empathy | reliability | reliable | remembering
    noticing | welcoming | comforting | encouraging | not judging
""",
    LOOSE,
)
_MANNER_LEAD = re.compile(rf"\W*(?:my |a bit of |some )?{_MANNER}", re.IGNORECASE)


@cache
def theme_sort(text: str) -> Literal["craft", "manner"]:
    """What sort of theme *text* is: a "manner", a way of being with people ("being a calm dad", "listening"), or else a
    "craft", something one knows or does ("sourdough", "housing law", and whatever isn't understood)."""
    return "manner" if _MANNER_LEAD.match(text) else "craft"
