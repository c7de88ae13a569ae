"""The first page of a journal: whose it is, what is planned for them, and what is on its way to them."""

import json
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.domain import Person, Reply, Sender
from bot.store import Row, Transaction, instant, stamp

FAREWELL = -1
"""The id of the last message to somebody. A journal counts from 1, so whoever begins anew takes it from nobody."""


class Page:
    """What every chapter of one person's journal stands on. Every query names that person."""

    def __init__(self, tx: Transaction, sender: Sender, now: datetime) -> None:
        self._tx = tx
        self._now = now
        self._id = sender.person
        row = tx.one("person", person=sender.person)
        if row is None:
            self.person = Person(
                id=sender.person,
                chat=sender.chat,
                name=sender.name,
                language=sender.language,
                state="new",
                joined_at=now,
                seen_at=now,
            )
            tx.run("person_add", **_columns(self.person, without=_LATER))
        else:
            self.person = _person(row)
            if not self.person.name:  # nothing was kept of somebody who wasn't talked with
                self.person = replace(self.person, name=sender.name)
        self._kept = self.person
        self._erased = False

    # The person

    def change(self, **fields: Any) -> None:
        """Change fields of the person; written with `save`. Raises ValueError for those that say who it is, and for the
        counter, which only counts."""
        if not fields.keys().isdisjoint(("id", "chat", "counter")):
            raise ValueError("a journal stays its person's, and counts by itself")
        self.person = replace(self.person, **fields)

    def ask(self, question: str, **details: Any) -> None:
        """Open *question* outside a check-in; what is said next answers it."""
        self.change(pending={"ask": question, **details})

    def settle(self) -> None:
        """Close whatever question is open outside a check-in."""
        self.change(pending=None)

    def save(self) -> None:
        """Write the person down, if anything about them changed and they are still here."""
        if self.person != self._kept and not self._erased:
            self._tx.run("person_set", **_columns(self.person, without=("joined_at",)))
            self._kept = self.person

    def _changed(self) -> None:
        """Something that was told, or what it belongs to, is not as it was."""

    def _next(self) -> int:
        self.person = replace(self.person, counter=self.person.counter + 1)
        return self.person.counter

    def erase(self) -> None:
        """Everything of this person is gone, what is queued for them too. What is sent after this is the farewell."""
        for query in ("outbox_erase", "inbox_erase", "spent_erase", "person_erase"):
            self._tx.run(query, person=self._id)
        self._erased = True

    # What is planned

    def plan(self, kind: str, subject: str, at: datetime) -> None:
        """Plan *kind* for *at*, instead of any other of that kind."""
        self.unplan(kind)
        self._tx.run("due_set", person=self._id, kind=kind, subject=subject, at=stamp(at))

    def unplan(self, kind: str) -> None:
        """Plan no *kind* any more."""
        self._tx.run("due_drop_kind", person=self._id, kind=kind)

    def planned(self, kind: str) -> tuple[str, datetime] | None:
        """The subject and the instant that *kind* is planned for."""
        row = self._tx.one("due_next", person=self._id, kind=kind)
        return (row["subject"], instant(row["at"])) if row else None

    # On their way out

    def send(self, reply: Reply) -> int:
        """Put *reply* into the outbox; its id there."""
        if self._erased:
            self._tx.run(
                "outbox_add_farewell",
                person=self._id,
                id=FAREWELL,
                chat=self.person.chat,
                written_at=stamp(self._now),
                payload=reply.to_json(),
            )
            return FAREWELL
        id = self._next()
        self._tx.run(
            "outbox_add",
            person=self._id,
            id=id,
            chat=self.person.chat,
            written_at=stamp(self._now),
            payload=reply.to_json(),
            about=reply.about,
        )
        return id


_LATER = ("city", "zone", "weekday", "minute", "weeks", "discreet", "model", "dark", "quiet_until", "pending")


def _columns(person: Person, without: tuple[str, ...]) -> dict[str, Any]:
    fields = {name: getattr(person, name) for name in Person.__slots__ if name not in without}
    for name in ("joined_at", "seen_at", "quiet_until"):
        if fields.get(name):
            fields[name] = stamp(fields[name])
    if fields.get("pending"):
        fields["pending"] = json.dumps(fields["pending"], ensure_ascii=False)
    return {name: int(value) if isinstance(value, bool) else value for name, value in fields.items()}


def _person(row: Row) -> Person:
    return Person(
        **{
            **dict(row),
            "discreet": bool(row["discreet"]),
            "dark": bool(row["dark"]),
            "model": None if row["model"] is None else bool(row["model"]),
            "joined_at": instant(row["joined_at"]),
            "seen_at": instant(row["seen_at"]),
            "quiet_until": instant(row["quiet_until"]) if row["quiet_until"] else None,
            "pending": json.loads(row["pending"]) if row["pending"] else None,
        }
    )
