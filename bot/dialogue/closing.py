"""What may be said once a check-in is over, beside its mirror and its card: one thing at most, and rarely any.

Each says whether it had something to say; the first that had is the one. They come as a message of their own, so that
the closing itself stays on one screen.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Literal, NamedTuple

from bot.dialogue import consent, keepsakes, noticing
from bot.dialogue.talk import Talk
from bot.domain import CheckIn

HARD_LATELY = timedelta(days=31)
"""So long after something hard nothing is added."""

Week = Literal["good", "low", "other"]
"""How it went: a good turn was told; nothing was done; or neither, or something hard was told of late."""


class Extra(NamedTuple):
    """Something to say then: *say* does, if it is time for it, after a week of one of these *weeks*."""

    say: Callable[[Talk], bool]
    weeks: tuple[Week, ...]


EXTRAS = (
    Extra(consent.offer_once, ("good", "low", "other")),
    Extra(keepsakes.letter, ("good", "low")),
    Extra(noticing.offer, ("good",)),
    Extra(keepsakes.thread, ("good",)),
    Extra(keepsakes.better_week, ("low",)),
)
"""In the order in which they have their turn."""


def say_one(talk: Talk, check_in: CheckIn) -> None:
    """Say the first of EXTRAS that has something to say now that *check_in* is over; nothing while it is quiet."""
    week = week_of(talk, check_in)
    if not talk.quiet:
        any(extra.say(talk) for extra in EXTRAS if week in extra.weeks)


def week_of(talk: Talk, check_in: CheckIn) -> Week:
    """How the week was that *check_in* tells of, as far as something may be added to it."""
    alone = any((each.question, each.reading) == ("call", "nobody") for each in check_in.answers)
    if alone or any(talk.now - each.said_at < HARD_LATELY for each in talk.journal.hardships()):
        return "other"
    turns = [each for each in check_in.answers if each.question == "good_turn"]
    if any(each.text and each.reading is None for each in turns):
        return "good"
    return "low" if any(each.reading == "nothing" for each in turns) else "other"
