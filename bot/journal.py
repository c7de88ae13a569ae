"""One person's journal: all that a dialogue may read or write.

It is a capability. It is opened for one person inside one transaction, every query it runs names that person, and it
offers no way to anybody else's, so no dialogue can leak.
"""

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any, Literal

from bot.domain import Answer, Asking, Card, CheckIn, Person, Reply, Sender, Theme
from bot.store import Row, Transaction, instant, stamp

EVER = datetime.fromisoformat("9999-01-01T00:00:00Z")
"""Quiet until they call: later than any slot."""


class Journal:
    """One person's journal. Nothing reached through it belongs to anyone else."""

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
        self._kept = self.person
        self._askings: dict[str, Asking] | None = None

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
        """Write the person down, if anything about them changed."""
        if self.person != self._kept:
            self._tx.run("person_set", **_columns(self.person, without=("joined_at",)))
            self._kept = self.person

    def _next(self) -> int:
        self.person = replace(self.person, counter=self.person.counter + 1)
        return self.person.counter

    # Themes

    def themes(self) -> list[Theme]:
        """What they stand for, in their words, oldest first."""
        return [Theme(id=row["id"], text=row["text"]) for row in self._tx.all("themes", person=self._id)]

    def set_themes(self, texts: Iterable[str]) -> None:
        """Replace the themes with *texts*."""
        self._tx.run("themes_drop", person=self._id)
        for text in texts:
            self._tx.run("theme_add", person=self._id, id=self._next(), text=text, added_at=stamp(self._now))

    # Check-ins and answers

    def check_in(self, id: int) -> CheckIn | None:
        """The check-in *id* with its answers."""
        row = self._tx.one("check_in", person=self._id, id=id)
        return self._with_answers(row) if row else None

    def check_ins(self, limit: int) -> list[CheckIn]:
        """The latest check-ins, newest first, without their answers."""
        return [_check_in(row, ()) for row in self._tx.all("check_in_latest", person=self._id, limit=limit)]

    def open_check_in(self) -> CheckIn | None:
        """The newest check-in with its answers, if it is open."""
        row = self._tx.one("check_in_latest", person=self._id, limit=1)
        return self._with_answers(row) if row and row["closed_at"] is None else None

    def start_check_in(
        self, kind: Literal["planned", "asked"], questions: Iterable[str], subject: str | None = None
    ) -> CheckIn | None:
        """Open a check-in and close any older one as it stands. None if that *kind* and *subject* was opened before."""
        id = self._next()
        row: dict[str, Any] = {
            "id": id,
            "kind": kind,
            "subject": subject or str(id),
            "questions": " ".join(questions),
            "opened_at": stamp(self._now),
        }
        older = self.open_check_in()
        if not self._tx.run("check_in_add", person=self._id, **row):
            return None
        if older:
            self.close(older)
        return _check_in({**row, "closed_at": None, "finished": 0}, ())

    def set_questions(self, check_in: CheckIn, questions: Iterable[str]) -> CheckIn:
        """*check_in*, asking *questions* from now on."""
        changed = replace(check_in, questions=tuple(questions))
        self._tx.run("check_in_questions", person=self._id, id=check_in.id, questions=" ".join(changed.questions))
        return changed

    def close(self, check_in: CheckIn, *, finished: bool = False) -> None:
        """Close *check_in* as it stands."""
        self._tx.run(
            "check_in_close", person=self._id, id=check_in.id, closed_at=stamp(self._now), finished=int(finished)
        )

    def add(
        self,
        question: str,
        *,
        text: str | None = None,
        reading: str | None = None,
        check_in: CheckIn | None = None,
        message: int | None = None,
    ) -> Answer:
        """Write down an answer, or with no *check_in* something told outside one."""
        answer = Answer(
            id=self._next(),
            question=question,
            text=text,
            reading=reading,
            check_in=check_in.id if check_in else None,
            said_at=self._now,
        )
        self._tx.run(
            "answer_add",
            person=self._id,
            message=message,
            id=answer.id,
            check_in=answer.check_in,
            question=question,
            text=text,
            reading=reading,
            said_at=stamp(answer.said_at),
        )
        return answer

    def answer(self, id: int) -> Answer | None:
        """The answer *id*."""
        row = self._tx.one("answer", person=self._id, id=id)
        return _answer(row) if row else None

    def answer_in(self, message: int) -> Answer | None:
        """The answer that the person's own *message* gave."""
        row = self._tx.one("answer_by_message", person=self._id, message=message)
        return _answer(row) if row else None

    def amend(self, answer: Answer, **fields: Any) -> Answer:
        """*answer* with *fields* changed; an earlier text is kept as a revision."""
        changed = replace(answer, **fields)
        if changed.text != answer.text:
            self._tx.run(
                "revision_add",
                person=self._id,
                id=self._next(),
                answer=answer.id,
                text=answer.text,
                changed_at=stamp(self._now),
            )
        self._tx.run(
            "answer_set",
            person=self._id,
            id=answer.id,
            question=changed.question,
            text=changed.text,
            reading=changed.reading,
        )
        return changed

    def written(self, limit: int, before: int | None = None) -> list[Answer]:
        """What they wrote in their own words, newest first, at most *limit*, before the id *before*."""
        edge = self.person.counter + 1 if before is None else before
        return [_answer(row) for row in self._tx.all("answers_written", person=self._id, limit=limit, before=edge)]

    def asked_by(self, message: int) -> CheckIn | None:
        """The check-in that asked with the bot's own *message*."""
        row = self._tx.one("asked_by_message", person=self._id, message=message)
        return self.check_in(row["about"]) if row else None

    # History: an entry is a check-in in which something was said, or something told outside one

    def entry_before(self, id: int | None) -> CheckIn | Answer | None:
        """The newest entry older than *id*; the newest of all for None."""
        return self._entry("entry_before", self.person.counter + 1 if id is None else id)

    def entry_after(self, id: int) -> CheckIn | Answer | None:
        """The oldest entry newer than *id*."""
        return self._entry("entry_after", id)

    def entry(self, id: int) -> CheckIn | Answer | None:
        """The entry *id*."""
        return self.check_in(id) or self.answer(id)

    def _entry(self, query: str, id: int) -> CheckIn | Answer | None:
        row = self._tx.one(query, person=self._id, id=id)
        if row is None:
            return None
        return self.check_in(row["id"]) if row["check_in"] else self.answer(row["id"])

    def _with_answers(self, row: Row) -> CheckIn:
        return _check_in(row, [_answer(each) for each in self._tx.all("answers", person=self._id, check_in=row["id"])])

    # What was asked

    def asking(self, question: str) -> Asking:
        """What they were asked of *question* so far."""
        if self._askings is None:
            self._askings = {
                row["question"]: Asking(
                    used=tuple(row["used"].split()),
                    asked_at=instant(row["asked_at"]) if row["asked_at"] else None,
                    never=bool(row["never"]),
                )
                for row in self._tx.all("askings", person=self._id)
            }
        return self._askings.get(question, Asking())

    def note_asking(self, question: str, **fields: Any) -> None:
        """Change what is known about the asking of *question*."""
        asking = replace(self.asking(question), **fields)
        assert self._askings is not None  # `asking` has just filled it
        self._askings[question] = asking
        self._tx.run(
            "asking_set",
            person=self._id,
            question=question,
            used=" ".join(asking.used),
            asked_at=stamp(asking.asked_at) if asking.asked_at else None,
            never=int(asking.never),
        )

    # Suggestions

    def cards(self, limit: int) -> list[Card]:
        """The latest cards, newest first."""
        return [_card(row) for row in self._tx.all("cards", person=self._id, limit=limit)]

    def card(self, id: int) -> Card | None:
        """The card *id*."""
        row = self._tx.one("card", person=self._id, id=id)
        return _card(row) if row else None

    def add_card(self, *, act: str, text: str, minutes: int, theme: str | None) -> Card:
        """Write down a card before it is shown."""
        card = Card(id=self._next(), act=act, text=text, minutes=minutes, theme=theme, state="open")
        self._tx.run(
            "card_add",
            person=self._id,
            id=card.id,
            act=act,
            text=text,
            minutes=minutes,
            theme=theme,
            shown_at=stamp(self._now),
        )
        return card

    def set_card(self, card: Card, state: Literal["taken", "declined"], moment: str | None = None) -> None:
        """Say what became of *card*."""
        self._tx.run("card_set", person=self._id, id=card.id, state=state, moment=moment)

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


_LATER = ("city", "zone", "weekday", "minute", "quiet_until", "pending")


def _columns(person: Person, without: tuple[str, ...]) -> dict[str, Any]:
    fields = {name: getattr(person, name) for name in Person.__slots__ if name not in without}
    for name in ("joined_at", "seen_at", "quiet_until"):
        if fields.get(name):
            fields[name] = stamp(fields[name])
    if fields.get("pending"):
        fields["pending"] = json.dumps(fields["pending"], ensure_ascii=False)
    return fields


def _person(row: Row) -> Person:
    return Person(
        **{
            **dict(row),
            "joined_at": instant(row["joined_at"]),
            "seen_at": instant(row["seen_at"]),
            "quiet_until": instant(row["quiet_until"]) if row["quiet_until"] else None,
            "pending": json.loads(row["pending"]) if row["pending"] else None,
        }
    )


def _check_in(row: Row, answers: Iterable[Answer]) -> CheckIn:
    return CheckIn(
        id=row["id"],
        kind=row["kind"],
        subject=row["subject"],
        questions=tuple(row["questions"].split()),
        opened_at=instant(row["opened_at"]),
        closed_at=instant(row["closed_at"]) if row["closed_at"] else None,
        finished=bool(row["finished"]),
        answers=tuple(answers),
    )


def _answer(row: Row) -> Answer:
    return Answer(**{**dict(row), "said_at": instant(row["said_at"])})


def _card(row: Row) -> Card:
    return Card(**dict(row))
