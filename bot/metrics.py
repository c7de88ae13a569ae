"""What happens, counted and timed for whoever runs the bot: numbers alone, never whose they are and never a word.

Whoever has something to count is given a `Metrics`, which counts nothing. Where there is a port to show them on, `app`
gives out `Prometheus` instead.
"""

import math
from datetime import datetime, timedelta
from typing import Literal, NamedTuple, get_args

__all__ = ["SILENT", "Backlog", "Metrics", "Prometheus", "Waiting"]

Received = Literal["stored", "seen before", "set aside", "too much", "too large", "unusable", "wrong secret"]
"""What became of an update: stored; one that came again; stored and set aside, since it can't be read or handled; let
go of, since its person writes too much, or since it is too large or has no id; not taken at all, since whoever brought
it didn't know the secret."""

Sent = Literal["sent", "not sent", "unsure", "refused", "told to wait", "gone", "moved"]
"""What became of sending a message, as in bot.errors."""

Asked = Literal["answered", "refused", "away", "too large", "slow", "over budget"]
"""What became of a call to the language model; one over budget is not made."""

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 3600)


class Waiting(NamedTuple):
    """What waits to be done: how many, and since when the *oldest* of them does (UTC; None if nothing waits)."""

    number: int
    oldest: datetime | None

    def age(self, now: datetime) -> timedelta:
        """For how long the oldest has waited."""
        return max(timedelta(), now - self.oldest) if self.oldest else timedelta()


class Backlog(NamedTuple):
    """What waits in the database, of everybody together: updates to be handled, messages to be sent, and what has
    fallen due."""

    updates: Waiting
    messages: Waiting
    due: Waiting


class Metrics:
    """Takes note of what happens, and does nothing about it."""

    def received(self, outcome: Received, updates: int = 1) -> None:
        """So many *updates* came, and that became of them."""

    def handled(self, lag: timedelta) -> None:
        """An update was handled, so long after it was stored."""

    def due(self, lag: timedelta) -> None:
        """What was planned for a moment was handled, so long after that."""

    def sent(self, outcome: Sent) -> None:
        """A message was tried to send, and that became of it."""

    def told_to_wait(self, wait: timedelta) -> None:
        """Telegram answered 429, and asked to be left alone for so long."""

    def asked_model(self, outcome: Asked) -> None:
        """The language model was called, and that became of it."""

    def fell_back(self) -> None:
        """A reply that a language model might have bettered goes out as it was."""


SILENT = Metrics()
"""For where nobody looks."""


class Prometheus(Metrics):
    """Counts, in a registry of its own; `text` shows all of it to Prometheus."""

    def __init__(self) -> None:
        # A tenth of a second, which a conversation in a terminal has no use for.
        import prometheus_client as prometheus

        prometheus.disable_created_metrics()  # type: ignore[no-untyped-call]  # when each began: as many lines again
        self._registry = registry = prometheus.CollectorRegistry()
        self._latest = prometheus.generate_latest
        self.kind = prometheus.CONTENT_TYPE_LATEST
        prometheus.ProcessCollector(registry=registry)

        def counter(name: str, told: str, outcomes: object = None) -> prometheus.Counter:
            made = prometheus.Counter(name, told, ("outcome",) if outcomes else (), registry=registry)
            for outcome in get_args(outcomes):  # what hasn't happened yet is 0, not absent
                made.labels(outcome)
            return made

        def timed(name: str, told: str) -> prometheus.Histogram:
            return prometheus.Histogram(name, told, buckets=_SECONDS, registry=registry)

        def gauge(name: str, told: str) -> prometheus.Gauge:
            return prometheus.Gauge(name, told, registry=registry)

        self._received = counter("tenfold_updates", "Updates from Telegram", Received)
        self._handled = timed("tenfold_update_lag_seconds", "From having stored an update to having handled it")
        self._due = timed("tenfold_due_lag_seconds", "From a planned moment to having handled it")
        self._sent = counter("tenfold_sends", "Messages that were tried to send", Sent)
        self._waits = counter("tenfold_too_many", "Answers of Telegram's that ask to wait (429)")
        self._waited = counter("tenfold_too_many_wait_seconds", "What they ask for in all")
        self._asked = counter("tenfold_model_calls", "Calls to the language model", Asked)
        self._fallbacks = counter("tenfold_model_fallbacks", "Replies that went out as they were written without it")
        self._up = gauge("tenfold_database_up", "Whether the database answers")
        self._waiting = [
            (
                gauge(f"tenfold_{name}_waiting", f"{what}, of all processes on this database together"),
                gauge(f"tenfold_{name}_oldest_seconds", "Age of the oldest of them"),
            )
            for name, what in (
                ("inbox", "Updates that are not handled yet"),
                ("outbox", "Messages that are not sent yet"),
                ("due", "What has fallen due and is not handled yet"),
            )
        ]

    def received(self, outcome: Received, updates: int = 1) -> None:
        self._received.labels(outcome).inc(updates)

    def handled(self, lag: timedelta) -> None:
        self._handled.observe(lag.total_seconds())

    def due(self, lag: timedelta) -> None:
        self._due.observe(lag.total_seconds())

    def sent(self, outcome: Sent) -> None:
        self._sent.labels(outcome).inc()

    def told_to_wait(self, wait: timedelta) -> None:
        self._waits.inc()
        self._waited.inc(max(0.0, wait.total_seconds()))

    def asked_model(self, outcome: Asked) -> None:
        self._asked.labels(outcome).inc()

    def fell_back(self) -> None:
        self._fallbacks.inc()

    def text(self, backlog: Backlog | None, now: datetime) -> bytes:
        """All of it, with the *backlog* as it is *now* (aware); None if the database doesn't tell."""
        self._up.set(backlog is not None)
        for place, (count, age) in enumerate(self._waiting):
            waiting = backlog[place] if backlog else None
            count.set(waiting.number if waiting else math.nan)
            age.set(waiting.age(now).total_seconds() if waiting else math.nan)
        return self._latest(self._registry)
