"""What people mean by what they write: wishes, themes, hours, shares, days, times, clocks, pauses and places.

Everything here is pure and quick: a text goes in, a reading or nothing comes out, and nothing is guessed where asking
again costs one button. A wish counts only if it is the whole message ("skip", "skip it please"), because the words of
a wish are also the words of stories ("skip the bakery closed so I drove him"). Messages are short, so longer ones are
read only at their beginning; every pattern steps through plain words and cannot run away.

What people say is kept in phrase books (`phrases`), so that a new phrase is one more line and not a longer pattern.
Patterns are made when they are first needed. General parsers of dates were tried and left out: they take 30-95 ms to
wake up and know neither "sundays 9am" nor "till january".
"""

from bot.understand.amounts import Share, hours, share, share_besides
from bot.understand.clocks import offset, rhythm
from bot.understand.happened import Happened, happened, unanswered
from bot.understand.names import addressed, listed, match, names, nearly
from bot.understand.parting import Parting, parting, pronoun
from bot.understand.pauses import pause
from bot.understand.places import place
from bot.understand.received import received
from bot.understand.search import folded, hits, terms
from bot.understand.sentences import also, clauses, wonders
from bot.understand.theme import themes
from bot.understand.wishes import Wish, denies, wish

__all__ = [
    "Happened",
    "Parting",
    "Share",
    "Wish",
    "addressed",
    "also",
    "clauses",
    "denies",
    "folded",
    "happened",
    "hits",
    "hours",
    "listed",
    "match",
    "names",
    "nearly",
    "offset",
    "parting",
    "pause",
    "place",
    "pronoun",
    "received",
    "rhythm",
    "share",
    "share_besides",
    "terms",
    "themes",
    "unanswered",
    "wish",
    "wonders",
]
