"""One person's journal: all that a dialogue may read or write.

It is a capability. It is opened for one person inside one transaction, every query it runs names that person, and it
offers no way to anybody else's, so no dialogue can leak.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Literal

from bot.domain import (
    Acquaintance,
    Answer,
    Asking,
    Card,
    CheckIn,
    File,
    Media,
    Person,
    Place,
    Reply,
    Sender,
    Theme,
    View,
)
from bot.store import Row, Transaction, instant, stamp
from bot.understand import folded, match

EVER = datetime.fromisoformat("9999-01-01T00:00:00Z")
"""Quiet until they call: later than any slot."""

BEGINNING = datetime.fromisoformat("0001-01-01T00:00:00Z")

SEARCHES = 20
"""Searches that are remembered: below what was found by older ones the buttons have had their day."""

FAREWELL = -1
"""The id of the last message to somebody. A journal counts from 1, so whoever begins anew takes it from nobody."""

_NOTHING = "-"
"""What no folded text holds."""


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
        self._erased = False
        self._themes: list[Theme] | None = None
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
        """Write the person down, if anything about them changed and they are still here."""
        if self.person != self._kept and not self._erased:
            self._tx.run("person_set", **_columns(self.person, without=("joined_at",)))
            self._kept = self.person

    def _next(self) -> int:
        self.person = replace(self.person, counter=self.person.counter + 1)
        return self.person.counter

    def erase(self) -> None:
        """Everything of this person is gone, what is queued for them too. What is sent after this is the farewell."""
        for query in ("outbox_erase", "inbox_erase", "person_erase"):
            self._tx.run(query, person=self._id)
        self._erased = True

    # Themes

    def themes(self) -> list[Theme]:
        """What they stand for, in their words, oldest first; paused ones too."""
        if self._themes is None:
            rows = self._tx.all("themes", person=self._id)
            self._themes = [Theme(id=row["id"], text=row["text"], paused=bool(row["paused"])) for row in rows]
        return self._themes

    def add_theme(self, text: str) -> Theme:
        """A new theme, unless they have one of that name already: then that one, awake."""
        for theme in self.themes():
            if folded(theme.text) == folded(text):
                return self.set_theme(theme, paused=False)
        theme = Theme(id=self._next(), text=text)
        self._tx.run("theme_add", person=self._id, id=theme.id, text=text, added_at=stamp(self._now))
        self._themes = None
        return theme

    def set_themes(self, texts: Iterable[str]) -> None:
        """Replace the themes with *texts*: those that stay, stay as they are."""
        kept = [self.add_theme(text).id for text in texts]
        for theme in self.themes():
            if theme.id not in kept:
                self.drop_theme(theme)

    def set_theme(self, theme: Theme, **fields: Any) -> Theme:
        """*theme* with *fields* changed. Cards that quote it follow a new name."""
        changed = replace(theme, **fields)
        if changed != theme:
            self._tx.run("theme_set", person=self._id, id=theme.id, text=changed.text, paused=int(changed.paused))
            self._tx.run("theme_reworded", person=self._id, text=changed.text, old=theme.text)
            self._themes = None
        return changed

    def drop_theme(self, theme: Theme, into: Theme | None = None) -> None:
        """*theme* is gone; what served it serves *into*, or none."""
        self._tx.run("theme_moved", person=self._id, id=theme.id, into=into.id if into else None)
        self._tx.run("theme_reworded", person=self._id, text=into.text if into else None, old=theme.text)
        self._tx.run("theme_drop", person=self._id, id=theme.id)
        self._themes = None

    def _served(self, question: str, text: str | None) -> int | None:
        """The theme that *text* speaks of, if it shares a word with exactly one more than with the others."""
        if question not in _TOLD or not text:
            return None
        said = {word for word in folded(text).split() if len(word) > 3}
        shared = {
            theme.id: len(said.intersection(folded(theme.text).split())) for theme in self.themes() if not theme.paused
        }
        best = max(shared.values(), default=0)
        served = [id for id, words in shared.items() if words == best]
        return served[0] if best and len(served) == 1 else None

    # Places

    def places(self) -> list[Place]:
        """Where they already are, in their words, oldest first."""
        return [Place(id=row["id"], text=row["text"]) for row in self._tx.all("places", person=self._id)]

    def add_place(self, text: str) -> None:
        """One more place, unless it is there."""
        if folded(text) not in [folded(place.text) for place in self.places()]:
            self._tx.run("place_add", person=self._id, id=self._next(), text=text)

    def drop_place(self, id: int) -> None:
        """The place *id* no more."""
        self._tx.run("place_drop", person=self._id, id=id)

    # Acquaintances

    def acquaintances(self) -> list[Acquaintance]:
        """Everybody they named, in the order in which they did."""
        return [
            Acquaintance(
                id=row["id"],
                name=row["name"],
                let_be=bool(row["let_be"]),
                seen_at=instant(row["seen_at"]) if row["seen_at"] else None,
            )
            for row in self._tx.all("acquaintances", person=self._id)
        ]

    def acquaintance(self, id: int) -> Acquaintance | None:
        """The acquaintance *id*."""
        return next((each for each in self.acquaintances() if each.id == id), None)

    def known(self) -> dict[str, Acquaintance]:
        """Every name by which they know somebody, and who that is."""
        people = {each.id: each for each in self.acquaintances()}
        names = {each.name: each for each in people.values()}
        for row in self._tx.all("spellings", person=self._id):
            if row["acquaintance"] in people:
                names.setdefault(row["name"], people[row["acquaintance"]])
        return names

    def meet(self, name: str) -> Acquaintance:
        """Whoever they mean by *name*: somebody they named before, or else somebody new."""
        known = self.known()
        if (spelling := match(name, list(known))) is not None:
            return known[spelling]
        met = Acquaintance(id=self._next(), name=name)
        self._tx.run("acquaintance_add", person=self._id, id=met.id, name=name)
        return met

    def set_acquaintance(self, acquaintance: Acquaintance, **fields: Any) -> Acquaintance:
        """*acquaintance* with *fields* changed; an earlier name still means them."""
        changed = replace(acquaintance, **fields)
        if changed.name != acquaintance.name:
            self._tx.run("spelling_add", person=self._id, acquaintance=acquaintance.id, name=acquaintance.name)
        self._tx.run(
            "acquaintance_set",
            person=self._id,
            id=acquaintance.id,
            name=changed.name,
            let_be=int(changed.let_be),
        )
        return changed

    def merge(self, acquaintance: Acquaintance, into: Acquaintance) -> None:
        """The two are one: *into*, also by the other's name. Whoever is let be stays let be."""
        for query in ("mentions_copy", "spellings_moved", "card_moved"):
            self._tx.run(query, person=self._id, id=acquaintance.id, into=into.id)
        self._tx.run("spelling_add", person=self._id, acquaintance=into.id, name=acquaintance.name)
        if acquaintance.let_be and not into.let_be:
            self.set_acquaintance(into, let_be=True)
        self._tx.run("mentions_drop", person=self._id, id=acquaintance.id)
        self._tx.run("acquaintance_drop", person=self._id, id=acquaintance.id)

    def forget(self, acquaintance: Acquaintance) -> None:
        """Nobody of that name any more; what was written stays as it is."""
        self._tx.run("card_moved", person=self._id, id=acquaintance.id, into=None)
        for query in ("mentions_drop", "spellings_drop", "acquaintance_drop"):
            self._tx.run(query, person=self._id, id=acquaintance.id)

    def mentioned(self, answer: int) -> list[Acquaintance]:
        """Who the answer *answer* is about."""
        ids = [row["acquaintance"] for row in self._tx.all("mentioned", person=self._id, answer=answer)]
        return [each for each in self.acquaintances() if each.id in ids] if ids else []

    def mention(self, answer: Answer, names: Iterable[str]) -> list[Acquaintance]:
        """*answer* is about these, and nobody else; who they are. Whoever is left without a mention is forgotten,
        unless they are let be."""
        before = self.mentioned(answer.id)
        self._tx.run("mentions_clear", person=self._id, answer=answer.id)
        people = list({each.id: each for each in map(self.meet, names)}.values())
        for each in people:
            self._tx.run("mention_add", person=self._id, acquaintance=each.id, answer=answer.id)
        self._forget_unspoken(before)
        return people

    def _forget_unspoken(self, people: Iterable[Acquaintance]) -> None:
        for each in people:
            now = self.acquaintance(each.id)
            if now and now.seen_at is None and not now.let_be:
                self.forget(now)

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
        about: int | None = None,
    ) -> Answer:
        """Write down an answer, or with no *check_in* something told outside one. *about* is the answer or card that
        it came of."""
        answer = Answer(
            id=self._next(),
            question=question,
            text=text,
            reading=reading,
            check_in=check_in.id if check_in else None,
            said_at=self._now,
            theme=self._served(question, text),
            about=about,
        )
        self._tx.run(
            "answer_add",
            person=self._id,
            message=message,
            id=answer.id,
            check_in=answer.check_in,
            question=question,
            text=text,
            folded=folded(text) if text else None,
            reading=reading,
            theme=answer.theme,
            about=about,
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
        if answer.text is not None and changed.text != answer.text:  # a file without words said nothing before
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
            folded=folded(changed.text) if changed.text else None,
            reading=changed.reading,
            theme=changed.theme,
            about=changed.about,
        )
        return changed

    def drop(self, answer: Answer) -> list[Media]:
        """*answer* is gone, with its earlier words and whom only it named; the files that went with it."""
        files, people = self.media_of(answer.id), self.mentioned(answer.id)
        for each in files:
            self._tx.run("media_drop", person=self._id, id=each.id)
        self._tx.run("mentions_clear", person=self._id, answer=answer.id)
        self._tx.run("revisions_drop", person=self._id, answer=answer.id)
        self._tx.run("outcomes_drop", person=self._id, id=answer.id)
        self._tx.run("answer_drop", person=self._id, id=answer.id)
        self._forget_unspoken(people)
        return files

    def revisions(self) -> Mapping[int, list[tuple[str, datetime]]]:
        """What answers said before they were changed, oldest first, and when that was, by the answer's id."""
        found: dict[int, list[tuple[str, datetime]]] = {}
        for row in self._tx.all("revisions", person=self._id):
            found.setdefault(row["answer"], []).append((row["text"], instant(row["changed_at"])))
        return found

    # Files

    def add_media(self, answer: Answer, file: File) -> Media:
        """Write down a file that belongs to *answer*; its bytes are still to be fetched."""
        media = Media(id=self._next(), answer=answer.id, file=file)
        self._tx.run(
            "media_add",
            person=self._id,
            id=media.id,
            answer=answer.id,
            kind=file.kind,
            file=file.id or file.path,
            name=file.name,
            size=file.size,
        )
        return media

    def media(self, id: int) -> Media | None:
        """The file *id*."""
        row = self._tx.one("media", person=self._id, id=id)
        return media(row) if row else None

    def media_of(self, answer: int) -> list[Media]:
        """The files that belong to the answer *answer*."""
        return [media(row) for row in self._tx.all("media_of", person=self._id, answer=answer)]

    def all_media(self) -> list[Media]:
        """Every file, oldest first."""
        return [media(row) for row in self._tx.all("media_all", person=self._id)]

    def written(self, limit: int, before: int | None = None) -> list[Answer]:
        """What they wrote in their own words, newest first, at most *limit*, before the id *before*."""
        edge = self.person.counter + 1 if before is None else before
        return [_answer(row) for row in self._tx.all("answers_written", person=self._id, limit=limit, before=edge)]

    def asked_by(self, message: int) -> CheckIn | None:
        """The check-in that asked with the bot's own *message*."""
        row = self._tx.one("asked_by_message", person=self._id, message=message)
        return self.check_in(row["about"]) if row else None

    # History: an entry is a check-in in which something was said, or something told outside one

    def entry_before(self, id: int | None, view: View | None = None) -> CheckIn | Answer | None:
        """The newest entry in *view* older than *id*; the newest of all for None."""
        edge = self.person.counter + 1 if id is None else id
        return self._entry("entry_before", edge) if view is None else self._found("found_before", edge, view)

    def entry_after(self, id: int, view: View | None = None) -> CheckIn | Answer | None:
        """The oldest entry in *view* newer than *id*."""
        return self._entry("entry_after", id) if view is None else self._found("found_after", id, view)

    def entry(self, id: int) -> CheckIn | Answer | None:
        """The entry *id*."""
        return self.check_in(id) or self.answer(id)

    def _entry(self, query: str, id: int) -> CheckIn | Answer | None:
        row = self._tx.one(query, person=self._id, id=id)
        if row is None:
            return None
        return self.check_in(row["id"]) if row["check_in"] else self.answer(row["id"])

    def _found(self, query: str, id: int, view: View) -> CheckIn | Answer | None:
        """A scan of this person's answers, which are a few thousand at most: that beats an index of words."""
        one, two, three = (*(f"%{term}%" for term in view.terms[:3]), "%", "%", "%")[:3]
        row = self._tx.one(
            query,
            person=self._id,
            id=id,
            since=stamp(view.since or BEGINNING),
            until=stamp(view.until or EVER),
            one=one if view.terms else _NOTHING,
            two=two,
            three=three,
            everything=int(not (view.terms or view.theme or view.acquaintance)),
            theme=view.theme or 0,
            acquaintance=view.acquaintance or 0,
        )
        return self.entry(row["id"]) if row and row["id"] is not None else None

    def note_search(self, words: str) -> int:
        """Remember *words* that are looked for; their id."""
        id = self._next()
        self._tx.run("search_add", person=self._id, id=id, words=words)
        self._tx.run("searches_forget", person=self._id, limit=SEARCHES)
        return id

    def search(self, id: int) -> str | None:
        """The words that were looked for under *id*."""
        row = self._tx.one("search", person=self._id, id=id)
        return row["words"] if row else None

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

    def add_card(
        self, *, act: str, text: str, minutes: int, theme: str | None, acquaintance: int | None = None
    ) -> Card:
        """Write down a card before it is shown."""
        card = Card(
            id=self._next(),
            act=act,
            text=text,
            minutes=minutes,
            theme=theme,
            state="open",
            acquaintance=acquaintance,
        )
        self._tx.run(
            "card_add",
            person=self._id,
            id=card.id,
            act=act,
            text=text,
            minutes=minutes,
            theme=theme,
            acquaintance=acquaintance,
            shown_at=stamp(self._now),
        )
        return card

    def set_card(self, card: Card, **fields: Any) -> Card:
        """*card* with *fields* changed: what became of it."""
        changed = replace(card, **fields)
        self._tx.run(
            "card_set", person=self._id, id=card.id, state=changed.state, moment=changed.moment, felt=changed.felt
        )
        return changed

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


_LATER = ("city", "zone", "weekday", "minute", "weeks", "discreet", "model", "quiet_until", "pending")
_TOLD = ("good_turn", "received")


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
            "model": None if row["model"] is None else bool(row["model"]),
            "joined_at": instant(row["joined_at"]),
            "seen_at": instant(row["seen_at"]),
            "quiet_until": instant(row["quiet_until"]) if row["quiet_until"] else None,
            "pending": json.loads(row["pending"]) if row["pending"] else None,
        }
    )


def media(row: Row) -> Media:
    """A file of the journal, from its *row*."""
    file = File(kind=row["kind"], id=row["file"], name=row["name"], size=row["size"])
    return Media(id=row["id"], answer=row["answer"], file=file, state=row["state"])


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
