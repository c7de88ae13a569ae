"""docs/numbers.md is worked through by a script, and what that reckons with is so."""

import runpy
from datetime import timedelta
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

numbers = runpy.run_path(str(ROOT / "tools" / "make_numbers.py"))
shares, busiest, week, filled = (numbers[name] for name in ("shares", "busiest", "week", "filled"))


def test_everybody_is_due_once_a_week() -> None:
    """The parts of all people that are due make up everybody, and no minute has more than a zone's twenty-first."""
    due = shares()
    assert sum(due.values()) == pytest.approx(1)
    assert 0.005 < busiest(due, 1) < 1 / 21
    assert busiest(due, 60) < 0.5


def test_a_wait_is_as_long_as_the_limit_makes_it() -> None:
    """Nobody waits where enough may be sent, the last wait for as long as all sending takes, and some for ever."""
    together = {1000: 1.0}
    assert week(together, 600, 10).wait == timedelta(0)
    assert week(together, 6000, 10).wait >= timedelta(minutes=9)
    assert week(together, 10_000_000, 10).wait is None


def test_the_page_has_room_for_its_tables() -> None:
    """Both tables of the page can be made again, and a page without their place is refused."""
    page = (ROOT / "docs" / "numbers.md").read_text("utf-8")
    for name in ("measured", "worked through"):
        assert "| new |" in filled(page, name, "| new |")
    with pytest.raises(ValueError, match="measured"):
        filled("nothing", "measured", "| new |")
