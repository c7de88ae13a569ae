"""What can be drawn. A Story is what a picture of many weeks shows; a Letter is a year in nothing but their own
sentences. Neither holds an id of anybody or a figure: a channel may draw them as it can."""

from dataclasses import dataclass
from datetime import date

__all__ = ["LENGTHS", "Chain", "Letter", "Line", "Mark", "Picture", "Story"]

LENGTHS = (12, 26, 52)
"""How many weeks a story may tell of."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Mark:
    """One good turn: *given*, or else received. *week* counts from the story's first, which is 0, and *day* from
    Monday, 0; *theme* is its place in the story's themes, None if it serves none of them; *people* are the names in it,
    as they are addressed ("Rui", "your sister")."""

    week: int
    day: int
    given: bool
    theme: int | None = None
    people: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Chain:
    """Something received that was passed on: from the mark *start* to the mark *end*, both by their place in the
    story's marks. *giver* and *taker* are who stood at its ends, empty where nobody was named: Lena, you, Idris."""

    start: int
    end: int
    giver: str = ""
    taker: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Story:
    """So many *weeks* from the Monday *first* on; the journal begins in the week *began*, which is 0 if it did before.
    *themes* are the person's words for what they stand for, at most eight, in the order in which they named them; not
    all of them need have marks. *marks* are in the order in which things happened. *theme* is the place of
    the one theme that the story is about, if it is about one alone. *dark* is how they like their pictures."""

    first: date
    weeks: int
    began: int = 0
    themes: tuple[str, ...] = ()
    marks: tuple[Mark, ...] = ()
    chains: tuple[Chain, ...] = ()
    theme: int | None = None
    dark: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A sentence of theirs, to the letter, of a *month* (January is 1)."""

    text: str
    month: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Letter:
    """A year: *lines* of theirs, oldest first, and the *people* in whose weeks they were, as they are addressed. *name*
    is what the person is called, empty if that isn't known."""

    name: str = ""
    lines: tuple[Line, ...] = ()
    people: tuple[str, ...] = ()
    dark: bool = False


Picture = Story | Letter
"""What can be drawn."""
