"""A ripple: what became of a good turn, asked weeks later in the place of a check-in's second question.

The question carries which good turn it is about ("ripple.17"), so it is the same one after any restart, and its answer
stands beside that good turn as what came of it.
"""

from datetime import timedelta

from bot import understand
from bot.dialogue.talk import Talk
from bot.domain import Answer

KIND = "ripple"

EVERY_OTHER_WEEK = timedelta(days=13)
"""From one ripple to the next at least."""

RIPE, FADED = timedelta(days=6), timedelta(weeks=8)
"""How old a good turn is when it is asked about."""

LOOK_BACK = 60
"""Answers that are looked through for one."""

CHECK_INS = 16
"""Check-ins that are looked through for what was asked about already."""


def due(talk: Talk) -> str | None:
    """The question to ask now, if there is a good turn to ask about: one with somebody in it, or one that began as a
    card, of which nothing came yet. Nobody who is let be is asked after, and nothing is asked about twice."""
    asking = talk.journal.asking(KIND)
    if asking.never or (asking.asked_at and talk.now - asking.asked_at < EVERY_OTHER_WEEK):
        return None
    asked = {question for check_in in talk.journal.check_ins(CHECK_INS) for question in check_in.questions}
    turns = (answer for answer in talk.journal.written(LOOK_BACK) if _is_ripe(talk, answer))
    ids = (f"{KIND}.{turn.id}" for turn in turns if _has_somebody(talk, turn) and not talk.journal.outcomes(turn.id))
    return next((id for id in ids if id not in asked), None)


def _is_ripe(talk: Talk, answer: Answer) -> bool:
    is_turn = answer.question == "good_turn" and answer.reading in (None, "done")
    return is_turn and RIPE <= talk.now - answer.said_at <= FADED


def _has_somebody(talk: Talk, turn: Answer) -> bool:
    people = talk.journal.mentioned(turn.id)
    return not any(each.let_be for each in people) and (bool(people) or turn.reading == "done")


def kind_of(question: str) -> str:
    """The id of the question in prompts/ that *question* is: "ripple" for "ripple.17"."""
    return question.partition(".")[0]


def turn_of(question: str) -> int | None:
    """The good turn that *question* is about, if it is a ripple."""
    kind, _dot, id = question.partition(".")
    return int(id) if kind == KIND and id.isdecimal() else None


def told(talk: Talk, question: str) -> str:
    """What is quoted in *question*: the first thing that was said of its good turn."""
    turn = talk.journal.answer(turn_of(question) or 0)
    return understand.phrase(turn.text or "").rstrip(".") if turn else "…"
