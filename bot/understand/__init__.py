"""What people mean by what they write: wishes, themes, hours, shares, days, times, clocks, pauses, places and people.

Everything here is pure and quick: a text goes in, a reading or nothing comes out, and nothing is guessed where asking
again costs one button. A wish counts only if it is the whole message ("skip", "skip it please"), because the words of
a wish are also the words of stories ("skip the bakery closed so I drove him"). Messages are short, so longer ones are
read only at their beginning; every pattern steps through plain words and cannot run away.

What people say is kept in phrase books (`phrases`), so that a new phrase is one more line and not a longer pattern.
Patterns are made when they are first needed. Libraries were held against our tables in November 2026 (two cores). Of 24
moments and 12 ends of a pause ours reads 24 and 11 at 47 and 24 us each; dateparser 16 and 6 (490 us, 140 ms for the
first), parsedatetime 14 and 6 (48 us, 93 ms to import), recurrent 14 and 7 (315 us), dateutil 9 and 4. Of 12 amounts
("half a dozen", "an hour and a half") ours reads 12, number-parser and word2number 5, text2num 4. Slips of the finger
are what a library does best: they are rapidfuzz's.
"""

from bot.understand.alike import near
from bot.understand.amounts import Share, hours, share, share_besides
from bot.understand.clocks import offset, rhythm
from bot.understand.draft import Signal, draft_side, draft_signals, written_to
from bot.understand.happened import Happened, happened, unanswered
from bot.understand.labels import label
from bot.understand.moments import is_moment, is_occasion, moment
from bot.understand.moves import Move, move
from bot.understand.names import names
from bot.understand.parting import Parting, parting, pronoun
from bot.understand.pauses import pause
from bot.understand.people import addressed, match, nearly, pronoun_of, same_person
from bot.understand.places import place
from bot.understand.quotes import phrase, quotable
from bot.understand.received import received
from bot.understand.recurring import recurring, spoken
from bot.understand.search import folded, hits, terms
from bot.understand.sentences import also, clauses, tells, wonders
from bot.understand.settings import Change, bare_setting, setting
from bot.understand.spans import span
from bot.understand.theme import theme_sort, themes
from bot.understand.ties import ties
from bot.understand.whom import listed
from bot.understand.wishes import Wish, denies, wish

__all__ = [
    "Change",
    "Happened",
    "Move",
    "Parting",
    "Share",
    "Signal",
    "Wish",
    "addressed",
    "also",
    "bare_setting",
    "clauses",
    "denies",
    "draft_side",
    "draft_signals",
    "folded",
    "happened",
    "hits",
    "hours",
    "is_moment",
    "is_occasion",
    "label",
    "listed",
    "match",
    "moment",
    "move",
    "names",
    "near",
    "nearly",
    "offset",
    "parting",
    "pause",
    "phrase",
    "place",
    "pronoun",
    "pronoun_of",
    "quotable",
    "received",
    "recurring",
    "rhythm",
    "same_person",
    "setting",
    "share",
    "share_besides",
    "span",
    "spoken",
    "tells",
    "terms",
    "theme_sort",
    "themes",
    "ties",
    "unanswered",
    "wish",
    "wonders",
    "written_to",
]
