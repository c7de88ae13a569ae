"""What is counted and timed, as Prometheus reads it, and that it tells of nobody."""

import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

from bot.domain import Event, Reply, Turn
from bot.engine import Engine
from bot.journal import Journal
from bot.metrics import SILENT, Backlog, Prometheus, Waiting
from bot.pace import Pace
from tests.test_delivery import Office
from tests.test_engine import NOW as BEGINNING
from tests.test_engine import House, echo, opened, said

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
NOTHING = Backlog(updates=Waiting(0, None), messages=Waiting(0, None), due=Waiting(0, None))


def samples(text: bytes) -> dict[str, float]:
    """Every sample in *text*, by its name and, where it has one, its outcome."""
    return {
        " ".join((sample.name, *(value for name, value in sample.labels.items() if name == "outcome"))): sample.value
        for family in text_string_to_metric_families(text.decode())
        for sample in family.samples
        if "le" not in sample.labels
    }


def test_everything_is_there_from_the_start() -> None:
    """What has not happened yet is 0, so that it can be asked for before it does."""
    shown = samples(Prometheus().text(NOTHING, NOW))
    assert shown["tenfold_updates_total wrong secret"] == 0
    assert shown["tenfold_sends_total told to wait"] == 0
    assert shown["tenfold_model_calls_total over budget"] == 0
    assert shown["tenfold_model_fallbacks_total"] == 0
    assert shown["tenfold_inbox_oldest_seconds"] == 0
    assert shown["tenfold_database_up"] == 1
    assert shown["process_resident_memory_bytes"] > 1 << 20
    assert not [name for name in shown if "_created" in name]


def test_what_happens_is_counted() -> None:
    """Each counter and each time, in seconds."""
    metrics = Prometheus()
    metrics.received("stored", 3)
    metrics.received("too large")
    metrics.handled(timedelta(milliseconds=20))
    metrics.due(timedelta(seconds=90))
    metrics.sent("sent")
    metrics.sent("told to wait")
    metrics.told_to_wait(timedelta(seconds=7))
    metrics.asked_model("slow")
    metrics.fell_back()
    shown = samples(metrics.text(NOTHING, NOW))
    wanted = {
        "tenfold_updates_total stored": 3,
        "tenfold_updates_total too large": 1,
        "tenfold_update_lag_seconds_sum": 0.02,
        "tenfold_update_lag_seconds_count": 1,
        "tenfold_due_lag_seconds_sum": 90,
        "tenfold_sends_total sent": 1,
        "tenfold_sends_total told to wait": 1,
        "tenfold_too_many_total": 1,
        "tenfold_too_many_wait_seconds_total": 7,
        "tenfold_model_calls_total slow": 1,
        "tenfold_model_fallbacks_total": 1,
    }
    assert {name: shown[name] for name in wanted} == wanted


def test_what_waits_is_told_with_its_age() -> None:
    """How many, and how old the oldest is; one from a clock that was ahead is not of a negative age."""
    backlog = Backlog(
        updates=Waiting(2, NOW - timedelta(seconds=5)),
        messages=Waiting(9, NOW - timedelta(minutes=1)),
        due=Waiting(1, NOW + timedelta(seconds=1)),
    )
    shown = samples(Prometheus().text(backlog, NOW))
    assert (shown["tenfold_inbox_waiting"], shown["tenfold_inbox_oldest_seconds"]) == (2, 5)
    assert (shown["tenfold_outbox_waiting"], shown["tenfold_outbox_oldest_seconds"]) == (9, 60)
    assert (shown["tenfold_due_waiting"], shown["tenfold_due_oldest_seconds"]) == (1, 0)


def test_a_database_that_does_not_answer() -> None:
    """What only the database knows is not a number then, and everything else is there."""
    metrics = Prometheus()
    metrics.text(Backlog(updates=Waiting(2, NOW), messages=Waiting(0, None), due=Waiting(0, None)), NOW)
    shown = samples(metrics.text(None, NOW))
    assert shown["tenfold_database_up"] == 0
    assert math.isnan(shown["tenfold_inbox_waiting"])
    assert math.isnan(shown["tenfold_inbox_oldest_seconds"])
    assert shown["tenfold_updates_total stored"] == 0


def test_two_do_not_share() -> None:
    """Each has a registry of its own, so that a second one in the same process counts for itself."""
    one, other = Prometheus(), Prometheus()
    one.fell_back()
    assert samples(other.text(NOTHING, NOW))["tenfold_model_fallbacks_total"] == 0


def test_silence_takes_everything() -> None:
    """Where nobody looks all of it may be told as well."""
    SILENT.received("stored", 3)
    SILENT.handled(timedelta())
    SILENT.due(timedelta())
    SILENT.sent("unsure")
    SILENT.told_to_wait(timedelta(seconds=1))
    SILENT.asked_model("answered")
    SILENT.fell_back()


# ---- where it happens ----


def clumsy(event: Event, journal: Journal, now: datetime) -> Turn:
    """A dialogue that stumbles over everybody whose number is even."""
    if journal.person.id % 2 == 0:
        raise ZeroDivisionError
    return echo(event, journal, now)


async def test_the_engine_counts(tmp_path: Path) -> None:
    """What was stored, seen before and set aside, how long it took, and how late what was due was handled."""
    metrics = Prometheus()
    async with opened(tmp_path / "tenfold.db", clumsy, metrics=metrics) as house:
        await house.receive(said(1, 1, "a"), said(2, 3, "b"), said(3, 2, "c"), said(1, 1, "a"))
        await house.receive(said(2, 3, "b"))
        await house.plan([5], BEGINNING - timedelta(seconds=90))
        await house.tick()
    shown = samples(metrics.text(NOTHING, NOW))
    wanted = {
        "tenfold_updates_total stored": 3,
        "tenfold_updates_total seen before": 2,
        "tenfold_updates_total set aside": 1,
        "tenfold_update_lag_seconds_count": 3,
        "tenfold_due_lag_seconds_count": 1,
        "tenfold_due_lag_seconds_sum": 90,
    }
    assert {name: shown[name] for name in wanted} == wanted
    assert 0 < shown["tenfold_update_lag_seconds_sum"] < 60


async def test_what_waits(tmp_path: Path) -> None:
    """All that is in inbox and outbox and has fallen due, counted, with the moment of the oldest."""
    house = House(tmp_path / "tenfold.db")
    try:
        await house.plan([1, 2], BEGINNING - timedelta(minutes=3))
        await house.plan([3], BEGINNING + timedelta(minutes=3))
        house.engine._open = False  # it takes in, and handles nothing any more
        await house.engine.receive([said(1, 1, "a")])
        house.now += timedelta(minutes=1)
        await house.engine.receive([said(2, 1, "b"), said(3, 2, "c")])
        backlog = await house.engine.backlog()
        assert backlog.updates == Waiting(3, BEGINNING)
        assert backlog.updates.age(house.now) == timedelta(minutes=1)
        assert backlog.messages == Waiting(0, None)
        assert backlog.due == Waiting(2, BEGINNING - timedelta(minutes=3))
    finally:
        await house.close()


async def test_whoever_is_first_decides(tmp_path: Path) -> None:
    """What processes have to agree on is what the first of them says."""
    house = House(tmp_path / "tenfold.db")
    other = Engine(
        store=house.store,
        channel=house.wire,
        converse=echo,
        clock=lambda: NOW,
        pace=Pace(0, 0),
        files=house.engine._errands._files,
    )
    try:
        assert await house.engine.agree_on("webhook secret", "one") == "one"
        assert await other.agree_on("webhook secret", "other") == "one"
        assert await other.recall("webhook secret") == "one"
    finally:
        await house.close()


async def test_a_reply_that_was_not_bettered(tmp_path: Path) -> None:
    """One that goes out as it was written is a fallback; one that was bettered isn't."""
    office, metrics = Office(tmp_path / "tenfold.db", Pace(0, 0)), Prometheus()
    office.delivery._metrics = metrics
    try:
        [held] = await office.written(1, "as it was", held=True)
        office.delivery.hold(held, 0.01)
        office.delivery.add([held])
        await office.settle()
        [held] = await office.written(1, "as it was", held=True)
        office.delivery.hold(held, 60)
        office.delivery.add([held])
        office.delivery.release(held, replace(held, reply=Reply(text="better")))
        await office.settle()
        assert office.post.arrived == [(1, "as it was"), (1, "better")]
    finally:
        await office.delivery.stop(1)
        await office.store.close()
    assert samples(metrics.text(NOTHING, NOW))["tenfold_model_fallbacks_total"] == 1
