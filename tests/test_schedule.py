"""When the next check-in is, in every zone there is."""

import random
import zoneinfo
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.domain import Slot
from bot.schedule import Rhythm, UnknownZone, interval, next_slot, usual_time, waking, zone, zone_data

ZONES = sorted(zoneinfo.available_timezones())
A_WEEK = timedelta(days=7)
A_BIT = timedelta(microseconds=1)

zones = st.sampled_from(ZONES)
moments = st.datetimes(
    datetime.fromisoformat("1990-01-01"), datetime.fromisoformat("2037-01-01"), timezones=st.just(UTC)
)
rhythms = st.builds(Rhythm, weekday=st.integers(0, 6), time=st.times(), zone=zones)


def slots(rhythm: Rhythm, start: datetime, number: int = 104) -> list[Slot]:
    """The first *number* slots after *start*, each found from the one before."""
    found = [next_slot(rhythm, start)]
    while len(found) < number:
        found.append(next_slot(rhythm, found[-1].at))
    return found


def check(rhythm: Rhythm, start: datetime, found: list[Slot]) -> None:
    """Every rule about slots that follow one another while nothing is changed."""
    place = ZoneInfo(rhythm.zone)
    assert start < found[0].at <= start + timedelta(days=8)
    for slot in found:
        assert slot.at.tzinfo is UTC
        assert slot.day.weekday() == rhythm.weekday
        planned, local = datetime.combine(slot.day, rhythm.time), slot.at.astimezone(place)
        shown = local.replace(tzinfo=None, fold=0)
        if shown != planned:
            just_before = (slot.at - A_BIT).astimezone(place).replace(tzinfo=None)
            assert just_before < planned < shown, "only a gap moves a check-in, and then to its very end"
        assert local.fold == 0, "of an hour that comes twice it is the first"
    for slot, following in pairwise(found):
        assert following.day - slot.day == A_WEEK
        assert timedelta(days=6) <= following.at - slot.at <= timedelta(days=8)


@pytest.mark.parametrize("since", [2011, 2026])
def test_every_zone_for_two_years(since: int) -> None:
    """In every zone there is, 104 weeks long, each check-in comes once, at the same wall time, 6 to 8 days apart."""
    for name in ZONES:
        dice = random.Random(f"{name} {since}")
        rhythm = Rhythm(weekday=dice.randrange(7), time=time(dice.randrange(24), dice.randrange(60)), zone=name)
        start = datetime(since, 1, 1, tzinfo=UTC) + timedelta(minutes=dice.randrange(365 * 24 * 60))
        check(rhythm, start, slots(rhythm, start))


@given(rhythm=rhythms, start=moments)
@example(
    rhythm=Rhythm(weekday=6, time=time(0, fold=1), zone="America/Campo_Grande"), start=datetime(2000, 1, 1, tzinfo=UTC)
)
def test_any_rhythm_from_any_start(rhythm: Rhythm, start: datetime) -> None:
    """The same holds for any weekday, time, zone and start."""
    check(rhythm, start, slots(rhythm, start))


@given(rhythm=rhythms, start=moments, part=st.integers(0, 99))
def test_the_next_slot_is_the_same_until_it_comes(rhythm: Rhythm, start: datetime, part: float) -> None:
    """Asked at any moment between two check-ins, the next one is the later of them: none twice, none left out."""
    first, second = slots(rhythm, start, 2)
    assert next_slot(rhythm, first.at - A_BIT) == first
    assert next_slot(rhythm, first.at + (second.at - first.at) * part / 100) == second
    assert next_slot(rhythm, second.at - A_BIT) == second


@given(rhythm=rhythms, start=moments, wait=st.integers(-30, 120))
def test_not_before_the_earliest_day(rhythm: Rhythm, start: datetime, wait: int) -> None:
    """With an earliest day the slot is the first planned for that day or later, and still after the moment."""
    earliest = (start + timedelta(days=wait)).date()
    slot = next_slot(rhythm, start, earliest=earliest)
    following = slots(rhythm, start, 20)
    assert slot == next(each for each in following if each.day >= earliest)


def slot_at(name: str, day: date, hour: time) -> datetime:
    """The instant of the slot planned for *day*, in the zone's own time, and in UTC from there."""
    week_before = datetime.combine(day, time(12), UTC) - timedelta(days=5)
    slot = next_slot(Rhythm(weekday=day.weekday(), time=hour, zone=name), week_before)
    assert slot.day == day
    return slot.at


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


@pytest.mark.parametrize("hour", [time(0), time(0, 30), time(0, 59)])
def test_midnight_gap_in_cairo(hour: time) -> None:
    """Cairo skips the first hour of a Friday in April: the check-in comes at one, still on that Friday."""
    assert slot_at("Africa/Cairo", date(2026, 4, 24), hour) == utc("2026-04-24T01:00+03:00")
    assert slot_at("Africa/Cairo", date(2026, 5, 1), hour) == utc(f"2026-05-01T{hour}+03:00")


def test_half_an_hour_on_lord_howe() -> None:
    """Where clocks move by thirty minutes, the gap is half an hour and so is the fold."""
    assert slot_at("Australia/Lord_Howe", date(2026, 10, 4), time(2, 15)) == utc("2026-10-04T02:30+11:00")
    assert slot_at("Australia/Lord_Howe", date(2026, 10, 4), time(2, 30)) == utc("2026-10-04T02:30+11:00")
    assert slot_at("Australia/Lord_Howe", date(2026, 4, 5), time(1, 45)) == utc("2026-04-05T01:45+11:00")
    assert slot_at("Australia/Lord_Howe", date(2026, 4, 5), time(2, 0)) == utc("2026-04-05T02:00+10:30")


def test_the_friday_that_apia_left_out() -> None:
    """A day that never was is asked for as the next one begins, keeps its own date, and moves nothing after it."""
    rhythm = Rhythm(weekday=4, time=time(16), zone="Pacific/Apia")
    assert slots(rhythm, utc("2011-12-20T00:00+00:00"), 3) == [
        Slot(day=date(2011, 12, 23), at=utc("2011-12-23T16:00-10:00")),
        Slot(day=date(2011, 12, 30), at=utc("2011-12-31T00:00+14:00")),
        Slot(day=date(2012, 1, 6), at=utc("2012-01-06T16:00+14:00")),
    ]


def test_new_york_in_spring_and_autumn() -> None:
    """An hour that comes twice is asked in once, the first time; one that doesn't come, at its end."""
    rhythm = Rhythm(weekday=6, time=time(1, 30), zone="America/New_York")
    assert slots(rhythm, utc("2026-10-31T12:00+00:00"), 2) == [
        Slot(day=date(2026, 11, 1), at=utc("2026-11-01T01:30-04:00")),
        Slot(day=date(2026, 11, 8), at=utc("2026-11-08T01:30-05:00")),
    ]
    assert slot_at("America/New_York", date(2026, 3, 8), time(2, 30)) == utc("2026-03-08T03:00-04:00")


def test_lisbon_keeps_four_o_clock() -> None:
    """Four stays four when summer time ends."""
    assert slot_at("Europe/Lisbon", date(2026, 10, 23), time(16)) == utc("2026-10-23T16:00+01:00")
    assert slot_at("Europe/Lisbon", date(2026, 10, 30), time(16)) == utc("2026-10-30T16:00+00:00")


def test_only_the_package_says_what_time_it_is() -> None:
    """No file of the system is read for a zone, however old or new."""
    assert zoneinfo.TZPATH == ()
    assert zone_data()[:4].isdigit()


@pytest.mark.parametrize(
    "name",
    ["", ".", "Europe", "europe/lisbon", "../Lisbon", "/etc/localtime", "__init__.py", "a\0b", "\ud800", "x" * 300],
)
def test_unknown_zone(name: str) -> None:
    """A name that is no zone is an error of ours that tells the cure."""
    with pytest.raises(UnknownZone, match="use an IANA name like Europe/Lisbon"):
        zone(name)


@given(person=st.integers(-(2**63), 2**63))
def test_usual_time(person: int) -> None:
    """Whoever chose no time is asked between ten to four and ten past, always at the same minute."""
    assert time(15, 50) <= usual_time(person) <= time(16, 10)
    assert usual_time(person) == usual_time(person)


def test_usual_times_are_spread() -> None:
    """Of people who came one after another no minute gets much more than its share, and a restart changes nothing."""
    times = [usual_time(person) for person in range(500_000_000, 500_002_100)]
    assert len(set(times)) == 21
    assert max(times.count(each) for each in set(times)) < 150
    assert [usual_time(person) for person in (1, 2, 3)] == [time(15, 52), time(15, 57), time(16, 3)]


def test_back_off() -> None:
    """Weekly, then every second week, then every fourth, then not at all."""
    assert [interval(unanswered) for unanswered in range(8)] == [1, 1, 2, 2, 4, 4, None, None]


@given(at=moments, name=zones)
def test_waking(at: datetime, name: str) -> None:
    """A late check-in never comes at night, never earlier than now, and waits for the very next morning."""
    woken = waking(at, name)
    local = woken.astimezone(ZoneInfo(name)).replace(tzinfo=None)
    assert time(9) <= local.time() < time(21)
    if time(9) <= at.astimezone(ZoneInfo(name)).time() < time(21):
        assert woken == at
    else:
        assert at < woken < at + timedelta(hours=37), "a night, and at most a day that clocks left out"
        assert local.time() == time(9) or local.time() == time(0)


def test_waking_by_example() -> None:
    """Before nine is today at nine, from nine in the evening is tomorrow at nine."""
    assert waking(utc("2026-11-13T08:59+00:00"), "Europe/Lisbon") == utc("2026-11-13T09:00+00:00")
    assert waking(utc("2026-11-13T20:59+00:00"), "Europe/Lisbon") == utc("2026-11-13T20:59+00:00")
    assert waking(utc("2026-11-13T21:00+00:00"), "Europe/Lisbon") == utc("2026-11-14T09:00+00:00")
