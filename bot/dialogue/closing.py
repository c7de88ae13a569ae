"""What may be said once a check-in is over, beside its mirror and its card: one thing at most, and rarely any.

Each says whether it had something to say; the first that had is the one. They come as a message of their own, so that
the closing itself stays on one screen.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import NamedTuple

from bot.dialogue import consent, noticing
from bot.dialogue.talk import Talk
from bot.domain import CheckIn

HARD_LATELY = timedelta(days=31)
"""So long after something hard nothing is added."""


class Extra(NamedTuple):
    """Something to say then: *say* does, if it is time for it. *gladly* it is only for a check-in that went well."""

    say: Callable[[Talk], bool]
    gladly: bool


EXTRAS = (Extra(consent.offer_once, gladly=False), Extra(noticing.offer, gladly=True))
"""In the order in which they have their turn."""


def say_one(talk: Talk, check_in: CheckIn) -> None:
    """Say the first of EXTRAS that has something to say now that *check_in* is over; nothing while it is quiet."""
    well = went_well(talk, check_in)
    if not talk.quiet:
        any(extra.say(talk) for extra in EXTRAS if well or not extra.gladly)


def went_well(talk: Talk, check_in: CheckIn) -> bool:
    """Whether a good turn was told in *check_in*, they would not be alone if they called, and nothing hard was told of
    late."""
    told = any(each.question == "good_turn" and each.text and each.reading is None for each in check_in.answers)
    alone = any((each.question, each.reading) == ("call", "nobody") for each in check_in.answers)
    return told and not alone and not any(talk.now - each.said_at < HARD_LATELY for each in talk.journal.hardships())
