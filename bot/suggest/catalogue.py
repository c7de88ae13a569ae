"""Choosing an act from the catalogue: pure, and the same for the same person and the same cards behind them."""

import re
from collections.abc import Sequence
from hashlib import blake2b

from bot.domain import Card, Theme
from bot.words import Act

RECENT = 26
"""Cards for which an act doesn't come back: half a year of weeks."""

QUICK = 5
"""Minutes that are little enough after a week in which nothing was done."""

_THIS = re.compile(r"\bthis\b", re.IGNORECASE)
_CLOSE = ("check-on", "listen", "reply", "thank", "ask")
"""Kinds of acts that are done with somebody in particular."""


def chosen(
    acts: Sequence[Act],
    cards: Sequence[Card],
    *,
    person: int,
    themed: bool = True,
    quick: bool = False,
    close: bool = False,
) -> Act | None:
    """The act for *person* after *cards* (newest first), or None if nothing fits.

    What fits needs neither a place nor a person by name, was on none of the last 26 cards, is of another kind than the
    last, takes five minutes at most if *quick*, and is with people they know: new faces wait until acts with known ones
    were done. *close* asks for one that is done with somebody in particular; unless *themed*, for one that doesn't
    speak of "this", which means the theme above it. Among those the order is the person's own,
    shuffled by a hash, so that not everybody is handed the same act on the same Friday.
    """
    recent = {card.act for card in cards[:RECENT]}
    kinds = {act.id: act.kind for act in acts}
    last = kinds.get(cards[0].act) if cards else None
    fitting = [
        act
        for act in acts
        if not act.needs
        and act.faces == "known"
        and act.id not in recent
        and act.kind != last
        and (themed or not _THIS.search(act.text))
        and (not quick or act.minutes <= QUICK)
        and (not close or act.kind in _CLOSE)
    ]
    return min(fitting, key=lambda act: blake2b(f"{person} {act.id}".encode()).digest(), default=None)


def served_least(themes: Sequence[Theme], cards: Sequence[Card]) -> str | None:
    """The theme that the latest *cards* (newest first) spoke of longest ago."""
    order = [card.theme for card in cards]

    def since(text: str) -> int:
        return order.index(text) if text in order else len(order)

    return max((theme.text for theme in themes), key=since, default=None)
