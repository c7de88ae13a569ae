"""One event, handled: in one transaction it is done, its dialogue ran, and what is said in return is in the outbox.

A dialogue that raises three times has its event set aside, with its text kept; its person is told, and whatever is
behind it goes on.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from time import monotonic
from typing import Any, NamedTuple

from bot.domain import Blocked, Brought, Counted, Due, Event, Incoming, Outgoing, Proposed, Reply, Said, TooMuch, Turn
from bot.inbox import Raw
from bot.journal import FAREWELL, Journal
from bot.metrics import Metrics
from bot.replica import Duty
from bot.store import Elsewhere, Store, Transaction, insist, instant, stamp
from bot.text import split
from bot.words import _, speaking

__all__ = ["ZONES", "Converse", "Earlier", "Handler", "Planned", "Step"]

ZONES = "zones"
"""The moment at which new zone data is looked at for somebody. It has no row among what is due."""

TRIES = 3
"""After so many failures of its dialogue an event is set aside."""

_log = logging.getLogger(__name__)

Converse = Callable[[Event, Journal, datetime], Turn]

Handled = tuple[Turn, list[Outgoing]]
"""What came of an event: its turn, and the rows of the outbox that were written."""


class Planned(NamedTuple):
    """A row of what is due."""

    person: int
    kind: str
    subject: str
    at: str


@dataclass(frozen=True, slots=True)
class Step:
    """One event, with the inbox *update* that it came in or the *planned* moment that it is, if any, and the row of the
    outbox that is *held* for it. It came at *since* (monotonic seconds); *done* is set when it is left, handled or
    not."""

    incoming: Incoming
    update: int | None
    planned: Planned | None = None
    held: Outgoing | None = None
    since: float = field(default_factory=monotonic)
    done: asyncio.Event = field(default_factory=asyncio.Event)

    def __str__(self) -> str:
        kind = type(self.incoming.event).__name__
        return f"handling {kind} of update {self.update} for person {self.incoming.sender.person} failed"


class Earlier(Exception):
    """Another process received something that the same person sent before: that comes first."""

    def __init__(self, raw: Raw) -> None:
        super().__init__()
        self.raw = raw


class Handler:
    """Handles events, each once. *hopeless* are updates that could not even be set aside: they wait for the next start,
    and nothing waits for them."""

    def __init__(
        self,
        store: Store,
        converse: Converse,
        *,
        duty: Duty,
        clock: Callable[[], datetime],
        metrics: Metrics,
        probe: Callable[[str], None],
    ) -> None:
        self.hopeless: set[int] = set()
        self._store = store
        self._converse = converse
        self._duty = duty
        self._clock = clock
        self._metrics = metrics
        self._probe = probe

    async def handle(self, step: Step) -> Handled | None:
        """What comes of *step*; None if it was done before. Raises Earlier and Elsewhere, if it isn't its turn or not
        this process's matter, and what its dialogue raises if it can't even be set aside."""
        work = _once(partial(self._work, step=step))
        for attempt in range(1, TRIES + 1):
            try:
                handled = await insist(self._store, work, person=step.incoming.sender.person)
                break
            except (Elsewhere, Earlier):
                raise
            except Exception:  # noqa: BLE001 - whatever a dialogue raises, its lane moves on
                _log.exception("%s, attempt %d of %d", step, attempt, TRIES)
        else:
            handled = await self._set_aside(step)
        if handled is None:
            return None
        self._probe("handled")
        if step.update is not None:
            self._metrics.handled(timedelta(seconds=monotonic() - step.since))
        if step.planned:
            self._metrics.due(self._clock() - instant(step.planned.at))
        return handled

    def _work(self, tx: Transaction, step: Step) -> Handled | None:
        """The one transaction of an event. None if it was done before."""
        event, now = step.incoming.event, self._clock()
        if step.update is not None:
            if self._duty.shared:
                oldest = tx.one("inbox_oldest", person=step.incoming.sender.person)
                if oldest and oldest["id"] != step.update and oldest["id"] not in self.hopeless:
                    raise Earlier(Raw(oldest["id"], oldest["payload"]))
            if not tx.run("inbox_done", id=step.update):
                return None
        if isinstance(event, Due):
            planned = tx.run("due_done", **_key(step.incoming), at=stamp(event.at))
            if not planned and event.kind != ZONES:
                return None
        if (
            isinstance(event, Due | Blocked | Proposed | Brought | TooMuch | Counted)
            and tx.one("person_known", person=step.incoming.sender.person) is None
        ):
            return Turn(), []  # whoever had everything erased is nobody any more
        journal = Journal(tx, step.incoming.sender, now)
        with speaking(journal.person.language):
            turn = self._converse(event, journal, now)
        rows = _reworded(tx, journal, step.held, turn) if step.held else _written(journal, turn.replies)
        self._probe("handling")
        return turn, rows

    async def _set_aside(self, step: Step) -> Handled | None:
        """Keep what can't be handled, and tell its person. None if that was done before."""
        incoming, now = step.incoming, self._clock()

        def keep(tx: Transaction) -> Handled | None:
            if isinstance(incoming.event, Due):
                tx.run("due_set", **_key(incoming), at=stamp(now + timedelta(hours=1)))
                return Turn(), []
            if step.update is not None and not tx.run("inbox_aside", id=step.update, person=incoming.sender.person):
                return None
            if isinstance(incoming.event, Blocked | Proposed | TooMuch):
                return Turn(), []
            if isinstance(incoming.event, Brought) and not tx.run(
                "media_drop", person=incoming.sender.person, id=incoming.event.upload.id
            ):
                return Turn(), []
            journal = Journal(tx, incoming.sender, now)
            with speaking(journal.person.language):
                if isinstance(incoming.event, Said):
                    journal.add("note", text=incoming.event.text, message=incoming.event.message)
                    text = _("I stumbled over that one, sorry. Your words are safe: they're in your history as a note.")
                else:
                    text = _("I stumbled over that one, sorry. Would you try it once more?")
            return Turn(), _written(journal, (Reply(text=text),))

        kept = await insist(self._store, _once(keep), person=incoming.sender.person)
        if step.update is not None and kept:
            self._metrics.received("set aside")
        return kept


def _once(work: Callable[[Transaction], Handled | None]) -> Callable[[Transaction], Handled | None]:
    """*work*, which gives None if it was done before. If it is run again because the answer to its commit was lost, and
    finds itself done, what came of it is known from the time before."""
    handled: Handled | None = None

    def run(tx: Transaction) -> Handled | None:
        nonlocal handled
        handled = work(tx) or handled
        return handled

    return run


def _key(incoming: Incoming) -> dict[str, Any]:
    assert isinstance(incoming.event, Due)  # only what is due has a row among the due
    return {"person": incoming.sender.person, "kind": incoming.event.kind, "subject": incoming.event.subject}


def _reworded(tx: Transaction, journal: Journal, held: Outgoing, turn: Turn) -> list[Outgoing]:
    """*held* with the one reply that is to be sent instead; nothing if it stays as it is."""
    journal.save()
    for reply in turn.replies[:1]:
        if tx.run("outbox_reworded", person=held.person, id=held.id, payload=reply.to_json()):
            return [replace(held, reply=reply)]
    return []


def _written(journal: Journal, replies: Sequence[Reply]) -> list[Outgoing]:
    """*replies* in the outbox, long ones in pieces with the buttons under the last."""
    rows = []
    for reply in replies:
        *heads, last = split(reply.text)
        held = reply.held and not heads  # of one in pieces some are gone before anything better comes
        pieces = (
            *(replace(reply, text=head, choices=(), held=False) for head in heads),
            replace(reply, text=last, held=held),
        )
        for piece in pieces:
            id = journal.send(piece)
            rows.append(
                Outgoing(
                    person=journal.person.id,
                    id=id,
                    chat=journal.person.chat,
                    reply=piece,
                    farewell=id == FAREWELL,
                )
            )
    journal.save()
    return rows
