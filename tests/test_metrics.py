"""What is counted and timed, as Prometheus reads it, and that it tells of nobody."""

import math
from datetime import UTC, datetime, timedelta

from prometheus_client.parser import text_string_to_metric_families

from bot.metrics import SILENT, Backlog, Counted, Waiting

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
    shown = samples(Counted().text(NOTHING, NOW))
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
    metrics = Counted()
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
    shown = samples(Counted().text(backlog, NOW))
    assert (shown["tenfold_inbox_waiting"], shown["tenfold_inbox_oldest_seconds"]) == (2, 5)
    assert (shown["tenfold_outbox_waiting"], shown["tenfold_outbox_oldest_seconds"]) == (9, 60)
    assert (shown["tenfold_due_waiting"], shown["tenfold_due_oldest_seconds"]) == (1, 0)


def test_a_database_that_does_not_answer() -> None:
    """What only the database knows is not a number then, and everything else is there."""
    metrics = Counted()
    metrics.text(Backlog(updates=Waiting(2, NOW), messages=Waiting(0, None), due=Waiting(0, None)), NOW)
    shown = samples(metrics.text(None, NOW))
    assert shown["tenfold_database_up"] == 0
    assert math.isnan(shown["tenfold_inbox_waiting"])
    assert math.isnan(shown["tenfold_inbox_oldest_seconds"])
    assert shown["tenfold_updates_total stored"] == 0


def test_two_do_not_share() -> None:
    """Each has a registry of its own, so that a second one in the same process counts for itself."""
    one, other = Counted(), Counted()
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
