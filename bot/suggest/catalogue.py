"""Choosing an act from the catalogue: pure, and the same for the same person and the same cards behind them."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Literal

from bot.domain import Acquaintance, Card, Theme
from bot.words import Act

RECENT = 26
"""Cards for which an act doesn't come back: half a year of weeks."""

REST = 4
"""Cards for which nobody is named again."""

QUICK = 5
"""Minutes that are little enough after a week in which nothing was done."""

_THIS = re.compile(r"\bthis\b", re.IGNORECASE)
_CLOSE = ("check-on", "listen", "reply", "thank", "ask")
"""Kinds of acts that are done with somebody in particular, also where they name nobody."""

_SENTENCE_START = re.compile(r"(?:^|(?<=[.?!] ))\{person\}")
_FORMS = {
    "they've": ("she's", "he's"),
    "they're": ("she's", "he's"),
    "they'd": ("she'd", "he'd"),
    "they do": ("she does", "he does"),
    "they love": ("she loves", "he loves"),
    "they": ("she", "he"),
    "them": ("her", "him"),
    "their": ("her", "his"),
}
_THEY = re.compile(rf"\b(?:{'|'.join(_FORMS)})\b")
"""They of a text, and what stands there instead for a she or a he."""

_LONG_AGO = datetime.min.replace(tzinfo=UTC)


def chosen(
    acts: Sequence[Act],
    cards: Sequence[Card],
    *,
    person: int,
    named: bool = False,
    themed: bool = True,
    quick: bool = False,
    close: bool = False,
) -> Act | None:
    """The act for *person* after *cards* (newest first), or None if nothing fits.

    What fits needs no place, was on none of the last 26 cards, is of another kind than the last, takes five minutes at
    most if *quick*, and is with people they know: new faces wait until acts with known ones were done. If somebody can
    be *named*, an act that names them goes before any other, else none does. *close* asks for one that is done with
    somebody in particular; unless *themed*, for one that doesn't speak of "this", which means the theme above it.
    Kinds that were a chore when they were last done come last for half a year. Among the rest the order is the person's
    own, shuffled by a hash, so that not everybody is handed the same act on the same Friday.
    """
    recent = {card.act for card in cards[:RECENT]}
    kinds = {act.id: act.kind for act in acts}
    last = kinds.get(cards[0].act) if cards else None
    felt = {kinds.get(card.act): card.felt for card in reversed(cards[:RECENT]) if card.felt}
    fitting = [
        act
        for act in acts
        if (not act.needs or (named and act.needs == ("person",)))
        and act.faces == "known"
        and act.id not in recent
        and act.kind != last
        and (themed or not _THIS.search(act.text))
        and (not quick or act.minutes <= QUICK)
        and (not close or act.needs or act.kind in _CLOSE)
    ]

    def order(act: Act) -> tuple[bool, bool, bytes]:
        return (
            named and not act.needs,
            felt.get(act.kind) == "chore",
            blake2b(f"{person} {act.id}".encode()).digest(),
        )

    return min(fitting, key=order, default=None)


def whom(people: Sequence[Acquaintance], cards: Sequence[Card], *, close: bool = False) -> Acquaintance | None:
    """Whom the card after *cards* (newest first) may name: nobody if the last one named somebody, unless it is to be
    *close*; never anybody who is let be, nor on the last four cards. Of *people* who were on no card for half a year
    it is whoever wasn't spoken of for longest, else whoever was named longest ago."""
    named = [card.acquaintance for card in cards[:RECENT]]
    if not close and any(named[:1]):
        return None

    def since(each: Acquaintance) -> int:
        return named.index(each.id) if each.id in named else RECENT

    return min(
        (each for each in people if not each.let_be and since(each) >= REST),
        key=lambda each: (-since(each), each.seen_at or _LONG_AGO, each.id),
        default=None,
    )


def filled(text: str, person: str, pronoun: Literal["she", "he"] | None = None) -> str:
    """*text* with *person* ("Rui", "your sister") in its slot, with a capital where a sentence begins with them, and
    *pronoun* for them if it is known."""
    capital = person[:1].upper() + person[1:]
    if pronoun and "{person}" in text and " both" not in text:  # of two, they are they
        text = _THEY.sub(lambda found: _FORMS[found[0]][pronoun == "he"], text)
    return _SENTENCE_START.sub(lambda _slot: capital, text).replace("{person}", person)


def served_least(themes: Sequence[Theme], cards: Sequence[Card]) -> str | None:
    """The theme, of those that aren't paused, that the latest *cards* (newest first) spoke of longest ago."""
    order = [card.theme for card in cards]

    def since(text: str) -> int:
        return order.index(text) if text in order else len(order)

    return max((theme.text for theme in themes if not theme.paused), key=since, default=None)
