"""Places: the words that name a city, out of the sentence that they come in."""

import re
from functools import cache

from bot.understand.clocks import clock, names_utc
from bot.understand.numbers import counted
from bot.understand.phrases import READ, lowered, phrases, straight
from bot.understand.wishes import wish

# Words before the name of a place.
_LEAD = """
    hi | hello | hey | well | um+ | uh+ | oh | ok | okay | so | please | currently | right now | at the moment | now
    these days | for now | mostly | usually | probably | just | actually | still | of course | think | guess | say
    i am | am | you (can | could) | closest | nearest | biggest | nearest big | i'll | we'll | will | be | back
        | go | going | move | fly | travelling | traveling | heading | flying | off
    i | i'm | i am | im | we | we're | we are | it's | it is | is | live | lives | living | stay | staying | based
    located | situated | been | moved | moving | born | put | use | take | make | try | set | called
    from | in | at | near | nearby | around | close | to | by | next | outside | of | over | here | somewhere
    my | place | home | the | a | an | small | little | big | greater | city | town | village | suburb
"""
_WITH_ARTICLE = r"the (?:hague|bronx|dalles|woodlands|colony|villages)\b"
# What comes after it: since when or how long, and anything that begins a further thought.
_TAIL = """
    (from | until | till | til | since | starting | as of | after | before | through)
        (the | next | this | last | now | tomorrow | today | about | around | mid | end | early | late | \\d+\\w*
        | mon\\w* | tue\\w* | wed\\w* | thu\\w* | fri\\w* | sat\\w* | sun\\w* | jan\\w* | feb\\w* | mar\\w* | apr\\w*
        | may\\w* | jun\\w* | jul\\w* | aug\\w* | sep\\w* | oct\\w* | nov\\w* | dec\\w*) [...]
    (is | would be) (my | the | where | closest | nearest | best | fine) [...] | recently | lately
    (right now | now | at the moment | at present | currently | these days | for now | for the moment | today
        | (this | next | last) (week | month | year | summer | winter | spring | autumn) | please | pls | thanks
        | thank you | i (think | guess | suppose) | but | because | though | although | where | which | with | when
        | while | if | time | [bay | metro | metropolitan] area | mostly | usually | here | btw | tbh | lol) [...]
    (most | much | all | part | some) of the (time | week | year | month) [...]
    for (the | a | an | two | three | few | \\d+) [...]
"""
# In a longer story, the sentence that says where.
_LIVES = re.compile(
    r"\b(?:live|living|based|stay|staying|moved|i'm|i am|we're|am|are) (?:in|near|to|around|at|outside) ([^.;!?\n]+)",
    re.IGNORECASE,
)
# "from Kyiv but I live in Warsaw"
_BUT_LIVES = re.compile(
    r"(?:\bbut|\bnow|\band|,) (?:i |we )?(?:now )?(?:live|living|based|stay|staying) (?:now )?in ([^.;!?\n]+)",
    re.IGNORECASE,
)
# A comma or the end of a sentence, not of "St."; a dash between words.
_BETWEEN = re.compile(r"[,;!?]|\.(?=\s|$)(?<!\bst\.)|\s[-–—]\s", re.IGNORECASE)


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    lead = phrases(_LEAD, r"(?:[\s,:]+|$)")
    tail = phrases(_TAIL, r"(?:\W+|$)")
    return (
        re.compile(rf"^(?:(?!{_WITH_ARTICLE}){lead})+", re.IGNORECASE),
        re.compile(rf"(?:^|[\s,]+){tail}$", re.IGNORECASE | re.DOTALL),
    )


def place(text: str) -> str:
    """The words of *text* that name a city, as written, or "" if none seem to: "I'm in porto" is "porto".

    When a person tells of a move ("lisbon from the 14th"), the place is taken and the date left.
    """
    said = " ".join(straight(text[:READ]).replace("\n", ", ").split())
    if wish(said):
        return ""
    if found := _BUT_LIVES.search(said) or (len(said) > 60 and _LIVES.search(said)) or None:
        said = found[1]
    named = (_named(clause) for clause in _BETWEEN.split(said))
    return ", ".join([name for name in named if name][:3])[:100]


def _named(clause: str) -> str:
    """The name in *clause*, or "" where it tells a time or more than a name."""
    said = lowered(clause)
    if names_utc(said) or clock(counted(said)):
        return ""
    lead, tail = _patterns()
    name = tail.sub("", lead.sub("", clause.strip(" \t.:\"'“”")))
    name = re.sub(r"\s+[^\w)]\W*$", "", name).strip(" .:,\"'“”").replace(" in ", ", ")
    return name if any(sign.isalpha() for sign in name) and len(name.split()) <= 6 else ""
