"""When the next check-in is after changes, in whatever order, and however close to one they come."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.domain import Slot
from bot.schedule import Rhythm, following, next_slot, weeks_between, zone

START = datetime(2026, 11, 9, 18, tzinfo=UTC)
ZONES = (
    "Europe/Lisbon",
    "Pacific/Auckland",
    "Pacific/Honolulu",
    "Pacific/Kiritimati",
    "America/New_York",
    "Asia/Kolkata",
    "Africa/Cairo",
    "Australia/Lord_Howe",
)
HOURS = (time(0), time(0, 30), time(9), time(15, 59), time(23, 59))

waits = st.integers(0, 12 * 24 * 60).map(lambda minutes: timedelta(minutes=minutes))
changes = st.fixed_dictionaries(
    {}, optional={"weekday": st.integers(0, 6), "time": st.sampled_from(HOURS), "zone": st.sampled_from(ZONES)}
)
rhythms = st.builds(Rhythm, weekday=st.integers(0, 6), time=st.sampled_from(HOURS), zone=st.sampled_from(ZONES))


class Life:
    """Somebody who answers every check-in on the spot, and changes things in between."""

    def __init__(self, rhythm: Rhythm, weeks: int = 1) -> None:
        self.now = START
        self.rhythm = rhythm
        self.weeks = weeks
        self.visits: list[tuple[date, date, datetime]] = []
        """Of each: the day it was planned for, the local date it came on, and the instant."""
        self.planned = next_slot(rhythm, self.now)

    def goes_on(self, span: timedelta) -> None:
        until = self.now + span
        while self.planned.at <= until:
            self.now = self.planned.at
            today = self.now.astimezone(zone(self.rhythm.zone)).date()
            self.visits.append((self.planned.day, today, self.now))
            day = max(self.planned.day, today)
            self.planned = next_slot(self.rhythm, self.now, earliest=day + timedelta(days=7 * self.weeks - 3))
        self.now = until

    def changes(self, *, weeks: int | None = None, **fields: Any) -> None:
        self.weeks = weeks or self.weeks
        self.rhythm = replace(self.rhythm, **fields)
        if self.visits:
            day, _local, at = self.visits[-1]
            last = max(day, at.astimezone(zone(self.rhythm.zone)).date())
            self.planned = following(self.rhythm, last, self.weeks, self.now, self.planned)


def gaps(life: Life) -> list[int]:
    """Days from each planned day to the next."""
    return [(after[0] - before[0]).days for before, after in pairwise(life.visits)]


@settings(max_examples=400)
@given(rhythm=rhythms, story=st.lists(st.tuples(waits, changes), max_size=12))
@example(Rhythm(weekday=4, time=time(16), zone="Europe/Lisbon"), [(timedelta(days=9), {"weekday": 1})])
def test_no_change_asks_twice_or_leaves_one_out(rhythm: Rhythm, story: list[tuple[timedelta, dict[str, Any]]]) -> None:
    """Whatever is changed, whenever and wherever to, at least four and at most ten days lie between two check-ins (one
    more where the date line was crossed), and no local date has two."""
    life = Life(rhythm)
    for wait, change in story:
        life.goes_on(wait)
        life.changes(**change)
    life.goes_on(timedelta(days=30))
    assert all(4 <= gap <= 11 for gap in gaps(life)), gaps(life)
    local = [each[1] for each in life.visits]
    assert len({*local}) == len(local)
    assert all(timedelta(days=3) < after[2] - before[2] < timedelta(days=12) for before, after in pairwise(life.visits))


@given(
    rhythm=rhythms,
    story=st.lists(
        st.tuples(waits, st.fixed_dictionaries({"weekday": st.integers(0, 6), "time": st.sampled_from(HOURS)})),
        max_size=12,
    ),
    weeks=st.sampled_from((1, 2, 4)),
)
def test_at_home_the_bounds_are_strict(
    rhythm: Rhythm, story: list[tuple[timedelta, dict[str, Any]]], weeks: int
) -> None:
    """Without a move every gap is the wished number of weeks, give or take three days; and once nothing is changed any
    more, it is just those weeks."""
    life = Life(rhythm, weeks)
    for wait, change in story:
        life.goes_on(wait)
        life.changes(**change)
    before = len(life.visits)
    life.goes_on(timedelta(days=200))
    assert all(abs(gap - 7 * weeks) <= 3 for gap in gaps(life)), gaps(life)
    assert all(gap == 7 * weeks for gap in gaps(life)[before + 1 :])


@given(
    rhythm=rhythms,
    one=st.integers(0, 6),
    two=st.integers(0, 6),
    wait=st.integers(0, 7 * 24 * 60 - 1),
)
def test_only_the_last_of_several_changes_counts(rhythm: Rhythm, one: int, two: int, wait: int) -> None:
    """Trying out days on the card and ending where one began leaves the next check-in where it was."""
    life = Life(rhythm)
    life.goes_on(timedelta(days=8))
    planned = life.planned
    life.goes_on(min(timedelta(minutes=wait), planned.at - life.now - timedelta(minutes=1)))
    for day in (one, two, rhythm.weekday):
        life.changes(weekday=day)
    assert life.planned == planned


@pytest.mark.parametrize(
    ("wish", "unanswered", "weeks"),
    [(1, 0, 1), (1, 2, 2), (1, 4, 4), (2, 0, 2), (2, 3, 2), (2, 4, 4), (4, 0, 4), (4, 2, 4), (1, 6, 4), (1, 7, 4)],
)
def test_the_longer_one_wins(wish: int, unanswered: int, weeks: int) -> None:
    """How often they wish to be asked, and how often one who doesn't answer is: whichever is longer."""
    assert weeks_between(wish, unanswered) == weeks


FRIDAYS = Rhythm(weekday=4, time=time(16), zone="Europe/Lisbon")
ON_FRIDAY = date(2026, 11, 13)


@pytest.mark.parametrize(
    ("changed", "at", "day"),
    [
        ({"weekday": 0}, "2026-11-18T10:00Z", "2026-11-23"),  # wednesday: from Friday to Monday, which is ten days
        ({"weekday": 1}, "2026-11-18T10:00Z", "2026-11-20"),  # Tuesday was yesterday: this Friday still
        ({"time": time(9)}, "2026-11-20T15:59Z", "2026-11-20"),  # just before: it comes as planned
        ({"time": time(18)}, "2026-11-20T15:59Z", "2026-11-20"),  # just before: two hours later
        ({"weekday": 5}, "2026-11-13T16:01Z", "2026-11-21"),  # just after: not tomorrow
        ({"weekday": 1}, "2026-11-13T16:01Z", "2026-11-17"),  # just after: in four days
        ({"zone": "Pacific/Auckland"}, "2026-11-18T10:00Z", "2026-11-20"),
        ({"zone": "Pacific/Honolulu"}, "2026-11-18T10:00Z", "2026-11-20"),
        ({"zone": "Pacific/Auckland"}, "2026-11-20T12:00Z", "2026-11-20"),  # Saturday there: the old four o'clock
    ],
)
def test_a_change_in_the_week(changed: dict[str, Any], at: str, day: str) -> None:
    """Asked on Friday the 13th at four in Lisbon; each change and the day that comes of it."""
    kept = next_slot(FRIDAYS, datetime(2026, 11, 13, 16, tzinfo=UTC))
    slot = following(replace(FRIDAYS, **changed), ON_FRIDAY, 1, datetime.fromisoformat(at), kept)
    assert slot.day == date.fromisoformat(day)


def test_what_was_planned_is_kept_only_within_reach() -> None:
    """After a long absence the new rhythm counts at once, and nothing old is kept."""
    now = datetime(2027, 3, 3, 12, tzinfo=UTC)
    kept = Slot(day=date(2027, 3, 5), at=datetime(2027, 3, 5, 16, tzinfo=UTC))
    slot = following(Rhythm(weekday=1, time=time(9), zone="Europe/Lisbon"), ON_FRIDAY, 1, now, kept)
    assert slot.day == date(2027, 3, 9)
