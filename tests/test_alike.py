"""When two acts say almost the same."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import words
from bot.understand import near

KNEAD = "Ask Rui which step of this he'd like to try. Do it together, with his hands and not yours."


@pytest.mark.parametrize(
    "other",
    [
        KNEAD.upper(),
        "Ask Rui which step he'd like to try. Do it together, with his hands, not yours.",
        "Do it together, with his hands and not yours. Ask Rui which step of this he'd like to try!",
        "Ask Anna which step of this she'd like to try. Do it together, with her hands and not yours.",
        "Ask Rui which step of the bread he'd like to try. Do it together, his hands and not yours.",
    ],
)
def test_a_reworded_act_is_near(other: str) -> None:
    """Other signs, another order, a few other words or another name: it was on the card before."""
    assert near(KNEAD, other)
    assert near(other, KNEAD)


@pytest.mark.parametrize(
    "other",
    [
        "",
        "Ask Rui what he's been wondering about this. Answer the part you're sure of.",
        "Thank Rui for one precise thing that he once did for you.",
    ],
)
def test_another_act_is_not_near(other: str) -> None:
    """The same person and the same verb are no repetition."""
    assert not near(KNEAD, other)


def test_hardly_two_acts_of_the_catalogue_are_near() -> None:
    """Of hundreds of acts only those are near that say the same with a name in it and without."""
    acts = words.load().acts
    twins = [(one, other) for one, other in itertools.combinations(acts, 2) if near(one.text, other.text)]
    assert all({one.needs, other.needs} != {()} for one, other in twins)
    assert len(twins) < len(acts) / 10


@given(st.text(), st.text())
def test_anything_can_be_compared(one: str, other: str) -> None:
    """Never an error, the same both ways, and everything is near itself."""
    assert near(one, one)
    assert near(one, other) == near(other, one)
