"""Check-ins, what was answered and told, and the files that came with it."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any, Literal

from bot.domain import Acquaintance, Answer, CheckIn, File, Media
from bot.journal.people import People
from bot.journal.themes import Themes
from bot.store import Row, instant, stamp
from bot.understand import folded, match, names


class Answers(Themes, People):
    """Everything they said, to the letter; an earlier text is kept until the answer itself is deleted."""

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
        theme: int | None = None,
    ) -> Answer:
        """Write down an answer, or with no *check_in* something told outside one. *about* is the answer or card that
        it came of, *theme* the one it serves where the words needn't tell."""
        answer = Answer(
            id=self._next(),
            question=question,
            text=text,
            reading=reading,
            check_in=check_in.id if check_in else None,
            said_at=self._now,
            theme=self._served(question, text) if reading is None else theme,
            about=about,
        )
        self._changed()
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
        return answer(row) if row else None

    def answer_in(self, message: int) -> Answer | None:
        """The answer that the person's own *message* gave."""
        row = self._tx.one("answer_by_message", person=self._id, message=message)
        return answer(row) if row else None

    def said_in(self, answer: Answer, message: int | None) -> None:
        """The words of *answer* are in the person's own *message* from now on: if that is changed, so are they."""
        self._tx.run("answer_said_in", person=self._id, id=answer.id, message=message)

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
        self._changed()
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
        self._changed()
        self._tx.run("answer_drop", person=self._id, id=answer.id)
        self._forget_unspoken(people)
        return files

    def revisions(self, answer: int) -> list[tuple[str, datetime]]:
        """What the answer *answer* said before it was changed, oldest first, and when that was."""
        rows = self._tx.all("revisions", person=self._id, answer=answer)
        return [(row["text"], instant(row["changed_at"])) for row in rows]

    def outcomes(self, about: int) -> list[Answer]:
        """What came of the good turn *about*, oldest first."""
        return [answer(row) for row in self._tx.all("outcomes", person=self._id, about=about)]

    def done(self, card: int) -> Answer | None:
        """The good turn that the card *card* became."""
        row = self._tx.one("answers_about_card", person=self._id, about=card)
        return answer(row) if row else None

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
        return [answer(row) for row in self._tx.all("answers_written", person=self._id, limit=limit, before=edge)]

    def naming(self, acquaintance: int, limit: int) -> list[Answer]:
        """What is about *acquaintance*, newest first, at most *limit*."""
        rows = self._tx.all("answers_naming", person=self._id, acquaintance=acquaintance, limit=limit)
        return [answer(row) for row in rows]

    def serving(self, theme: int, limit: int) -> list[Answer]:
        """What serves *theme*, newest first, at most *limit*."""
        return [answer(row) for row in self._tx.all("answers_serving", person=self._id, theme=theme, limit=limit)]

    def within(self, theme: int) -> list[Acquaintance]:
        """Who is in what serves *theme*, those named last first."""
        ids = [row["acquaintance"] for row in self._tx.all("acquaintances_serving", person=self._id, theme=theme)]
        return sorted((each for each in self.acquaintances() if each.id in ids), key=lambda each: ids.index(each.id))

    def unserving(self, since: datetime) -> list[Answer]:
        """What they did or could have done for somebody from *since* (aware) on, in their own words, that serves no
        theme; newest first."""
        return [answer(row) for row in self._tx.all("answers_unserving", person=self._id, since=stamp(since))]

    def answers_to(self, question: str, limit: int) -> list[Answer]:
        """The latest answers to *question*, newest first."""
        return [answer(row) for row in self._tx.all("answers_to", person=self._id, question=question, limit=limit)]

    def hardships(self) -> list[Answer]:
        """What they wrote in hard moments, newest first."""
        return [answer(row) for row in self._tx.all("answers_hard", person=self._id)]

    def in_hardships(self) -> set[int]:
        """The ids of all who may be in something hard that was told: whose names share a word with it, wide rather than
        narrow. Nobody is to be reminded of them."""
        known, found = self.known(), set[int]()
        for told in self.hardships():
            text = told.text or ""
            named = [match(name, list(known)) for name in names(text, list(known))]
            found |= {each.id for each in self.mentioned(told.id)}
            found |= {known[name].id for name in named if name is not None}
            said = {word for word in folded(text).split() if len(word) > 2}
            found |= {each.id for name, each in known.items() if not said.isdisjoint(folded(name).split())}
        return found

    def asked_by(self, message: int) -> CheckIn | None:
        """The check-in that asked with the bot's own *message*."""
        row = self._tx.one("asked_by_message", person=self._id, message=message)
        return self.check_in(row["about"]) if row else None

    def _with_answers(self, row: Row) -> CheckIn:
        return _check_in(row, [answer(each) for each in self._tx.all("answers", person=self._id, check_in=row["id"])])


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


def answer(row: Row) -> Answer:
    """An answer of the journal, from its *row*."""
    return Answer(**{**dict(row), "said_at": instant(row["said_at"])})
