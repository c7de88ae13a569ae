"""What twelve people are handed in twelve weeks keeps every rule for a suggestion; how it reads is for `make judge`."""

from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

from tests.conversation import WORDS
from tests.judge import ACTS, PERSONAS, Lived, flawed, judged, lived, persona, shown

each = pytest.mark.parametrize("name", list(PERSONAS))


@pytest.fixture(scope="module")
def lives() -> dict[str, Lived]:
    """Those who have lived already."""
    return {}


async def life(name: str, lives: dict[str, Lived], folder: Path) -> Lived:
    """Twelve weeks of the persona *name*."""
    if name not in lives:
        lives[name] = await lived(persona(name), folder)
    return lives[name]


@each
async def test_every_rule_is_kept(name: str, lives: dict[str, Lived], tmp_path: Path) -> None:
    """Verb first, somebody or somewhere named, honest minutes, a theme in their own words, short, near no earlier card,
    and nothing that an act never speaks of."""
    assert [found for _week, found in flawed(await life(name, lives, tmp_path)) if found] == []


@each
async def test_nothing_comes_twice(name: str, lives: dict[str, Lived], tmp_path: Path) -> None:
    """No act twice, nobody's name and no place twice but for what is made smaller, and no kind twice in a row."""
    cards = (await life(name, lives, tmp_path)).cards
    assert len({card.act for card in cards}) == len(cards)
    kept = [card for card in cards if card.state != "passed"]
    for named in ("acquaintance", "place"):
        times = Counter(getattr(card, named) for card in kept if getattr(card, named))
        assert not times or max(times.values()) == 1
    kinds = [ACTS[card.act].kind for card in kept]
    assert all(one != other for one, other in pairwise(kinds))


@each
async def test_it_varies(name: str, lives: dict[str, Lived], tmp_path: Path) -> None:
    """A card in at least ten of twelve weeks, of at least seven kinds; new faces only after two with known ones."""
    life_ = await life(name, lives, tmp_path)
    assert sum(bool(week) for week in life_.weeks) >= 10
    assert len({ACTS[card.act].kind for card in life_.cards}) >= 7
    done = 0
    for card in life_.cards:
        act = ACTS[card.act]
        assert act.faces == "known" or done >= 2
        done += card.state == "done" and act.faces == "known"


@each
async def test_it_is_theirs(name: str, lives: dict[str, Lived], tmp_path: Path) -> None:
    """Every theme they named is served where they named any, and whoever told of people is handed an act with one."""
    given, life_ = persona(name), await life(name, lives, tmp_path)
    served = {card.theme for card in life_.cards} - {None}
    assert served == set(life_.themes)
    if given["person"]:
        assert any(card.acquaintance for card in life_.cards)


@each
async def test_two_messages_a_week(name: str, lives: dict[str, Lived], tmp_path: Path) -> None:
    """At most two come unasked."""
    heard = (await life(name, lives, tmp_path)).heard
    weeks = Counter(each.at.isocalendar()[:2] for each in heard if each.reply.unasked)
    assert max(weeks.values()) <= 2


async def test_it_is_laid_out(lives: dict[str, Lived], tmp_path: Path) -> None:
    """Side by side, a column for the catalogue and one for a model, with what a machine can tell below."""
    name = next(iter(PERSONAS))
    life_ = await life(name, lives, tmp_path)
    table = shown(persona(name), {"catalogue": life_, "language model": life_})
    assert [column.header for column in table.columns] == ["week", "catalogue", "language model"]
    assert table.row_count == 12 + len(judged(life_))
    assert judged(life_)["rules"] == "all kept"
    assert len(WORDS.acts) >= 200
