"""What is brought along from elsewhere: the file that somebody sent for it, and what was in it."""

from collections import deque
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from bot.domain import Bundle, File, Media
from bot.journal.answers import Answers, media
from bot.journal.asked import Asked
from bot.store import Row, instant
from bot.understand import folded

_Row = Mapping[str, Any]


class Arrivals(Answers, Asked):
    """Uploads, and the two ways of taking in what they hold: whole into an empty journal, or beside what is there."""

    # Uploads

    def add_upload(self, file: File) -> Media:
        """Write down a *file* that is to be taken in. It belongs to no answer, and its id isn't one of the journal's:
        what it holds may have that."""
        upload = Media(id=-self._next(), answer=0, file=replace(file, kind="import"))
        self._tx.run(
            "media_add",
            person=self._id,
            id=upload.id,
            answer=0,
            kind=upload.file.kind,
            file=file.id or file.path,
            name=file.name,
            size=file.size,
        )
        return upload

    def uploads(self) -> list[Media]:
        """Every upload that isn't done with, oldest first."""
        return [media(row) for row in self._tx.all("media_of", person=self._id, answer=0)]

    def upload(self, id: int) -> Media | None:
        """The upload *id*."""
        return next((each for each in self.uploads() if each.id == id), None)

    def set_upload(self, upload: Media, *, kind: str, state: str) -> Media:
        """*upload*, of which something else is to be done."""
        self._tx.run("media_set", person=self._id, id=upload.id, kind=kind, state=state)
        row = self._tx.one("media", person=self._id, id=upload.id)
        return media(row) if row else upload

    def drop_upload(self, upload: Media) -> None:
        """*upload* is done with."""
        self._tx.run("media_drop", person=self._id, id=upload.id)

    # What was in them

    @property
    def is_empty(self) -> bool:
        """Whether nothing was told here yet."""
        return self._tx.one("anything", person=self._id) is None

    def take_over(self, bundle: Bundle, upload: Media) -> None:
        """This journal, which is empty, is the one in *bundle* from now on: ids, settings and all. Files that came
        along are to be taken out of *upload*. Raises ValueError if it isn't empty."""
        if not self.is_empty:
            raise ValueError("only an empty journal can become another one")
        self._tx.run("askings_drop", person=self._id)
        self._tx.run("searches_drop", person=self._id)
        for table, rows in bundle.rows.items():
            for row in rows:
                self._put(table, row, upload)
        self._all_changed()
        counter = max(self.person.counter, bundle.counter)
        if bundle.person:
            theirs = {**bundle.person}
            self._tx.run("person_joined", person=self._id, joined_at=theirs["joined_at"])
            for name in ("joined_at", "seen_at", "quiet_until"):
                theirs[name] = instant(theirs[name]) if theirs[name] else None
            self.change(**theirs)
        self.person = replace(self.person, counter=counter)

    def put_beside(self, bundle: Bundle, upload: Media) -> int:
        """Add what is in *bundle* and not here yet; nothing that is here changes. How many things were added.

        Themes and places are the same by their words, people by any of their names, check-ins by their day or moment,
        cards and answers if the same words were said at the same moment. Ids are new, in order. Files that came along
        are to be taken out of *upload*, also one that is missed here so far.
        """
        here = {
            "theme": self._known_by("taken_themes", _by_text, bundle.rows.get("theme", ())),
            "place": self._known_by("places", _by_text, bundle.rows.get("place", ())),
            "acquaintance": self._known_people(bundle),
            "check_in": self._known_by("check_ins_all", _by_moment, bundle.rows.get("check_in", ())),
            "card": self._known_by("cards_all", _by_card, bundle.rows.get("card", ())),
            "answer": self._known_answers(bundle),
        }
        ids = {id: known for table in here.values() for id, known in table.items()}
        added = _Added(bundle, frozenset(ids))
        for id in added.ids:
            ids[id] = self._next()
        for table, row in added.rows():
            self._put(table, added.mapped(table, row, ids), upload)
        found = self._find_files(bundle, here["answer"], upload)
        if added.ids:
            self._all_changed()
        return len(added.ids) + found

    def _find_files(self, bundle: Bundle, known: Mapping[int, int], upload: Media) -> int:
        """Have files that could not be had here taken out of *upload*, for answers that are *known*; how many."""
        missed: dict[tuple[int, str, str, int], int] = {}
        for each in self.all_media():
            if each.state == "absent":
                missed[each.answer, each.file.kind, each.file.name, each.file.size] = each.id
        found = 0
        for row in bundle.rows.get("media", ()):
            key = (known.get(row["answer"], 0), row["kind"], row["name"], row["size"])
            if row["file"] and key in missed:
                id, file = missed.pop(key), _uploaded(upload, row["file"])
                found += self._tx.run("media_found", person=self._id, id=id, file=file)
        return found

    def _put(self, table: str, row: _Row, upload: Media) -> None:
        if table == "media" and row["file"]:
            row = {**row, "file": _uploaded(upload, row["file"])}
        self._tx.run(_QUERIES[table], person=self._id, **row)

    def _all_changed(self) -> None:
        """What was remembered of this journal while it was looked at is forgotten."""
        self._known_themes = None
        self._askings = None
        self._changed()

    # What is the same

    def _known_by(self, query: str, key: Callable[[_Row], Any], rows: Iterable[_Row]) -> dict[int, int]:
        """For the ids of *rows* those that have the same *key* here."""
        known: dict[Any, int] = {}
        for row in self._tx.all(query, person=self._id):
            known.setdefault(key(row), row["id"])
        found = {row["id"]: known.get(key(row)) for row in rows}
        return {id: same for id, same in found.items() if same is not None}

    def _known_people(self, bundle: Bundle) -> dict[int, int]:
        known: dict[str, int] = {}
        for name, somebody in self.known().items():
            known.setdefault(folded(name), somebody.id)
        names: dict[int, list[str]] = {row["id"]: [row["name"]] for row in bundle.rows.get("acquaintance", ())}
        for row in bundle.rows.get("spelling", ()):
            names[row["acquaintance"]].append(row["name"])
        found = {
            id: next((known[folded(name)] for name in each if folded(name) in known), None)
            for id, each in names.items()
        }
        return {id: same for id, same in found.items() if same is not None}

    def _known_answers(self, bundle: Bundle) -> dict[int, int]:
        """Answers that are here already: said at the same moment to the same question, in words that one of them has
        or had. Looked up by those words, since thousands may be of one moment: notes have a day and no time."""
        rows = bundle.rows.get("answer", ())
        moments = {(row["said_at"], row["question"]) for row in rows}
        was = _earlier(self._tx.all("taken_revisions", person=self._id, after=0, upto=self.person.counter))
        here: dict[Hashable, deque[int]] = {}
        for row in self._tx.all("answers_moments", person=self._id):
            moment = row["said_at"], row["question"]
            if moment in moments and (answer := self.answer(row["id"])):
                for mark in _marks(moment, answer.text, answer.reading, was.get(answer.id, set())):
                    here.setdefault(mark, deque()).append(answer.id)
        will_have_been = _earlier(bundle.rows.get("revision", ()))
        found: dict[int, int] = {}
        taken: set[int] = set()
        for row in rows:
            moment, had_been = (row["said_at"], row["question"]), will_have_been.get(row["id"], set())
            alike = [here[mark] for mark in _marks(moment, row["text"], row["reading"], had_been) if mark in here]
            for ids in alike:
                while ids and ids[0] in taken:
                    ids.popleft()
            if any(alike):
                found[row["id"]] = min(ids[0] for ids in alike if ids)
                taken.add(found[row["id"]])
        return found


def _earlier(revisions: Iterable[_Row]) -> dict[int, set[str]]:
    """What answers said before, by their ids."""
    found: dict[int, set[str]] = {}
    for row in revisions:
        if row["text"] is not None:
            found.setdefault(row["answer"], set()).add(row["text"])
    return found


def _marks(moment: tuple[str, str], text: str | None, reading: str | None, was: set[str]) -> set[Hashable]:
    """What an answer of that *moment* is known by: its words, now and earlier, or else what was understood."""
    words: set[Hashable] = {(moment, "words", each) for each in was}
    return words | {(moment, "reading", reading) if text is None else (moment, "words", text)}


UPLOADED = "import:"
"""How the channel's id of a file begins that is to be taken out of an upload: its number and the name there follow. No
channel has such ids."""


def _uploaded(upload: Media, name: str) -> str:
    return f"{UPLOADED}{upload.id} {name}"


_QUERIES = {
    "theme": "theme_put",
    "place": "place_put",
    "acquaintance": "acquaintance_put",
    "check_in": "check_in_put",
    "card": "card_put",
    "media": "media_put",
    "answer": "answer_add",
    "spelling": "spelling_keep",
    "mention": "mention_add",
    "revision": "revision_add",
    "due": "due_set",
    "asking": "asking_set",
    "search": "search_add",
}
"""The queries that write a row of a table as it is."""

_ADDED = ("theme", "place", "acquaintance", "check_in", "card", "answer")
"""What is put beside what is here, from what is spoken of to what speaks of it."""

_BELONGING = {"spelling": "acquaintance", "mention": "answer", "revision": "answer", "media": "answer"}
"""What comes along with something that is added, by the column that says with what."""

_REFERENCES = ("check_in", "theme", "about", "acquaintance", "place", "received", "answer")


class _Added:
    """What of a *bundle* isn't *here*: its *ids*, in order, and its rows."""

    def __init__(self, bundle: Bundle, here: frozenset[int]) -> None:
        self._bundle = bundle
        new = {row["id"] for table in _ADDED for row in bundle.rows.get(table, ()) if row["id"] not in here}
        self._new = new
        more = {
            row["id"]
            for table in ("revision", "media")
            for row in bundle.rows.get(table, ())
            if row[_BELONGING[table]] in new
        }
        self.ids = sorted(new | more)

    def rows(self) -> Iterable[tuple[str, _Row]]:
        """Everything that is to be written, with its table."""
        for table in _ADDED:
            for row in self._bundle.rows.get(table, ()):
                if row["id"] in self._new:
                    yield table, row
        for table, owner in _BELONGING.items():
            for row in self._bundle.rows.get(table, ()):
                if row[owner] in self._new:
                    yield table, row

    def mapped(self, table: str, row: _Row, ids: Mapping[int, int]) -> _Row:
        """*row* with the ids that it has here. What speaks of something that isn't there speaks of nothing."""
        mine = {**row}
        if "id" in mine:
            mine["id"] = ids[mine["id"]]
        for name in _REFERENCES:
            if isinstance(mine.get(name), int):
                mine[name] = ids.get(mine[name])
        match table:
            case "check_in":
                mine["questions"] = " ".join(_question(each, ids) for each in mine["questions"].split())
                mine["subject"] = str(mine["id"]) if mine["kind"] == "asked" else mine["subject"]
                mine["closed_at"] = mine["closed_at"] or mine["opened_at"]  # only one can be open, and that is here
            case "answer":
                mine["question"] = _question(mine["question"], ids)
            case "card" if mine["state"] == "open":
                mine["state"] = "passed"  # its buttons are elsewhere
        return mine


def _question(question: str, ids: Mapping[int, int]) -> str:
    kind, dot, about = question.partition(".")
    return f"{kind}.{ids.get(int(about), 0)}" if dot else question


def _by_text(row: Row) -> Any:
    return folded(row["text"])


def _by_moment(row: Row) -> Any:
    return (row["kind"], row["subject"] if row["kind"] == "planned" else row["opened_at"])


def _by_card(row: Row) -> Any:
    return (row["shown_at"], row["text"])
