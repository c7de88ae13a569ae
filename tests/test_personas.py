"""Twelve people one could meet, a dozen weeks each: what they would type, for whoever plays them.

They are in tests/personas, a file each, and differ as people do: in age, work, city, language, and in how much there is
to tell. Nothing hard happens to them; that is tested in `test_hard.py`.
"""

import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from bot.cities import cities, clear, folded
from bot.dialogue.hard import book
from bot.understand import themes
from bot.understand.hard import hardship
from tests.conversation import WORDS

PERSONAS: dict[str, dict[str, Any]] = {
    file.stem: tomllib.loads(file.read_text(encoding="utf-8"))
    for file in sorted((Path(__file__).parent / "personas").glob("*.toml"))
}
TEXTS = ("name", "work", "city", "themes", "places", "person")
DONE = {"gladly", "chore"}
UNDONE = {"not-yet", "let-go", "no", "ignored"}
OTHER = {"another", "smaller"}

each = pytest.mark.parametrize("persona", PERSONAS.values(), ids=list(PERSONAS))


def typed(persona: dict[str, Any]) -> list[str]:
    """Everything that the persona would type, in order."""
    first = [persona["themes"], persona["city"], persona["places"], persona["person"]]
    weeks = [[*week["given"], week["second"], week["moment"], week["came"]] for week in persona["week"]]
    return [text for texts in (first, *weeks) for text in texts if text]


def done(persona: dict[str, Any]) -> Counter[str]:
    """How often the persona does what with a card."""
    return Counter(week["then"] for week in persona["week"])


# Each of them


@each
def test_what_is_told_of_a_persona(persona: dict[str, Any]) -> None:
    """A persona has exactly these keys and twelve weeks; only places and a person may be empty."""
    assert set(persona) == {*TEXTS, "age", "week"}
    assert type(persona["age"]) is int
    assert all(type(persona[key]) is str for key in TEXTS)
    assert all(persona[key] for key in ("name", "work", "city", "themes"))
    assert len(persona["week"]) == 12


@each
def test_what_is_told_of_a_week(persona: dict[str, Any]) -> None:
    """A week has exactly these keys: good turns of some words each, an answer, and what becomes of the card."""
    for week in persona["week"]:
        assert set(week) == {"given", "second", "then", "moment", "came"}
        assert all(type(text) is str and text for text in week["given"])
        assert all(type(week[key]) is str for key in ("second", "then", "moment", "came"))
        assert week["then"] in DONE | UNDONE | OTHER
        assert week["moment"]


@each
def test_nothing_comes_of_what_was_not_done(persona: dict[str, Any]) -> None:
    """What came of an act is told only of one that may have been done."""
    assert not [week["came"] for week in persona["week"] if week["then"] in UNDONE and week["came"]]


@each
def test_every_answer_to_a_card_has_its_week(persona: dict[str, Any]) -> None:
    """Six acts or more are done; each way of wanting another one, and none, is met at least once."""
    counted = done(persona)
    assert sum(counted[then] for then in DONE) >= 6
    assert all(counted[then] for then in ("another", "smaller", "no", "ignored"))


@each
def test_moments_are_pressed_and_typed(persona: dict[str, Any]) -> None:
    """Either of the two moments on offer is chosen in some weeks, words of their own in others."""
    moments = {week["moment"] for week in persona["week"]}
    assert moments >= {"first", "second"}
    assert moments - {"first", "second"}


@each
def test_their_city_is_found(persona: dict[str, Any]) -> None:
    """The city is certain as they type it, and of more than 300,000 people."""
    found = clear(cities(persona["city"]))
    assert found is not None
    assert found.population > 300_000


@each
def test_one_to_four_themes_as_they_type_them(persona: dict[str, Any]) -> None:
    """As many themes are understood as there are commas between: one to four, and none for "don't know yet"."""
    said = persona["themes"]
    assert list(themes(said)) == ([] if said == "don't know yet" else said.split(", "))
    assert len(themes(said)) <= 4


@each
def test_nothing_hard_happens(persona: dict[str, Any]) -> None:
    """Not one line of theirs ends a check-in."""
    hard = book(WORDS)
    assert not [text for text in typed(persona) if hardship(text, hard)]


@each
def test_they_write_as_one_does_in_a_chat(persona: dict[str, Any]) -> None:
    """Half of what they type is shorter than 40 characters, nothing is longer than 200, or has an empty edge."""
    lengths = sorted(len(text) for text in typed(persona))
    assert lengths[len(lengths) // 2] < 40
    assert lengths[-1] <= 200
    assert all(text == text.strip() for text in typed(persona))


# All of them


def test_twelve_people_by_their_names() -> None:
    """A file is named for its persona; no two share a name, a work, a city or a theme."""
    assert len(PERSONAS) == 12
    assert [folded(persona["name"]) for persona in PERSONAS.values()] == list(PERSONAS)
    for key in ("work", "city"):
        assert len({folded(persona[key]) for persona in PERSONAS.values()}) == 12
    counted = Counter(folded(theme) for persona in PERSONAS.values() for theme in themes(persona["themes"]))
    assert [theme for theme, times in counted.items() if times > 1] == []


def test_no_two_weeks_are_told_alike() -> None:
    """What is worth telling, in more than three words, is told once only."""
    told = [text for persona in PERSONAS.values() for week in persona["week"] for text in week["given"]]
    assert [text for text, times in Counter(map(folded, told)).items() if times > 1 and text.count(" ") > 2] == []


def test_their_ages_span_fifty_years() -> None:
    """Somebody is nineteen or younger and somebody seventy or older, at least fifty years apart."""
    ages = sorted(persona["age"] for persona in PERSONAS.values())
    assert ages[0] <= 19
    assert ages[-1] >= 70
    assert ages[-1] - ages[0] >= 50


def test_somebody_has_nothing_to_name() -> None:
    """One has no theme, one no place and one no person to name: each may be skipped."""
    assert any(persona["themes"] == "don't know yet" for persona in PERSONAS.values())
    assert any(persona["places"] == "" for persona in PERSONAS.values())
    assert any(persona["person"] == "" for persona in PERSONAS.values())


def test_quiet_and_busy_journals() -> None:
    """For one of them most weeks hold nothing; another has five good turns to tell in a week."""
    given = [[len(week["given"]) for week in persona["week"]] for persona in PERSONAS.values()]
    assert any(counts.count(0) > 6 for counts in given)
    assert any(max(counts) >= 5 for counts in given)


def test_a_theme_in_another_language() -> None:
    """Some themes are not English, and are kept as they are typed."""
    kept = {theme for persona in PERSONAS.values() for theme in themes(persona["themes"])}
    assert {"arreglar antes que tirar", "trouver le bon livre", "consertar brinquedos"} <= kept
