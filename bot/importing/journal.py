"""journal.json, format 1, read strictly: every type, every bound, every reference (docs/journal-format.md).

Importing this imports pydantic, so it is imported late. Fields that a later Tenfold added may be missing, and those
that it will add are passed over.
"""

import json
import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from bot import schedule
from bot.domain import Bundle
from bot.importing.unfit import Unfit
from bot.store import instant, stamp
from bot.text import clean
from bot.understand import folded
from bot.words import load

FORMATS = (1,)
"""Of journal.json that are understood here."""

MOST = 300_000
"""Things in the largest journal."""

LARGEST_ID = 10**12
"""No button holds a longer one, and nobody counts so far."""

_SIGNS = 500_000, 4_000_000
"""Brackets, and quotes or commas, in the largest file: memory is taken by their number, not by that of the words."""

_EVER = "9999-01-01T00:00:00.000000Z"
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", re.ASCII)


def _is_instant(text: str) -> str:
    if not _INSTANT.fullmatch(text) or stamp(at := instant(text)) != text or not 1900 <= at.year <= 2100:
        raise ValueError
    return text


def _is_late_instant(text: str) -> str:
    return text if text == _EVER else _is_instant(text)


def _is_zone(text: str) -> str:
    schedule.zone(text)  # a TenfoldError is no ValueError
    return text


def _known_zone(text: str) -> str:
    try:
        return _is_zone(text)
    except schedule.UnknownZone:
        raise ValueError from None


Id = Annotated[int, Field(ge=1, le=LARGEST_ID)]
Text = Annotated[str, StringConstraints(max_length=40_000), AfterValidator(clean)]
Short = Annotated[str, StringConstraints(max_length=200), AfterValidator(clean)]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_.+-]{1,60}$")]
Token = Annotated[str, StringConstraints(pattern=r"^\S{1,100}$")]
Instant = Annotated[str, AfterValidator(_is_instant)]
Zone = Annotated[str, StringConstraints(max_length=60), AfterValidator(_known_zone)]


_OUTSIDE = ("note", "outcome", "go", "draft")
"""What an answer may be to, besides the questions of a check-in."""


class _Form(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore")


class _Tenfold(_Form):
    format: int
    counter: Annotated[int, Field(ge=0, le=LARGEST_ID)]


class _Person(_Form):
    name: Short
    language: Annotated[str, StringConstraints(min_length=1, max_length=35), AfterValidator(clean)]
    state: Literal["new", "here", "silent", "blocked", "apart"]
    city: Short | None = None
    zone: Zone | None = None
    weekday: Annotated[int, Field(ge=0, le=6)] | None = None
    minute: Annotated[int, Field(ge=0, le=1439)] | None = None
    weeks: Literal[1, 2, 4] = 1
    length: Literal["short", "full", "one"] = "short"
    discreet: bool = False
    dark: bool = False
    model: bool | None = None
    unanswered: Annotated[int, Field(ge=0, le=1000)] = 0
    quiet_until: Annotated[str, AfterValidator(_is_late_instant)] | None = None
    pending: dict[str, Any] | None = None
    joined_at: Instant
    seen_at: Instant


class _Theme(_Form):
    id: Id
    text: Text
    paused: bool = False
    circle: Short | None = None
    added_at: Instant


class _Place(_Form):
    id: Id
    text: Text
    circle: Short | None = None


class _Acquaintance(_Form):
    id: Id
    name: Text
    other_names: list[Text] = []
    let_be: bool = False
    circle: Short | None = None


class _Earlier(_Form):
    id: Id
    text: Text | None
    changed_at: Instant


class _File(_Form):
    id: Id
    kind: Literal["voice", "photo", "video", "audio", "document"]
    name: Text = ""
    size: Annotated[int, Field(ge=0, le=1 << 42)] = 0
    state: Literal["kept", "wanted", "absent"]
    path: Annotated[str, StringConstraints(max_length=100)] | None = None


class _Answer(_Form):
    id: Id
    question: Name
    text: Text | None = None
    reading: Name | None = None
    theme: Id | None = None
    about: Id | None = None
    said_at: Instant
    acquaintances: list[Id] = []
    earlier: list[_Earlier] = []
    files: list[_File] = []


class _CheckIn(_Form):
    id: Id
    kind: Literal["planned", "asked"]
    subject: Token
    questions: Annotated[list[Name], Field(max_length=50)]
    opened_at: Instant
    closed_at: Instant | None = None
    finished: bool = False
    answers: list[_Answer] = []


class _Card(_Form):
    id: Id
    act: Name
    text: Text
    minutes: Annotated[int, Field(ge=0, le=10_000)]
    theme: Text | None = None
    state: Literal["open", "taken", "declined", "done", "dropped", "passed"]
    moment: Text | None = None
    felt: Literal["gladly", "chore"] | None = None
    acquaintance: Id | None = None
    place: Id | None = None
    received: Id | None = None
    source: Literal["catalogue", "model", "received"] = "catalogue"
    shown_at: Instant


class _Planned(_Form):
    kind: Name
    subject: Annotated[str, StringConstraints(max_length=200), AfterValidator(clean)]
    at: Instant


class _Asking(_Form):
    question: Annotated[str, StringConstraints(max_length=100), AfterValidator(clean)]
    used: Annotated[list[Token], Field(max_length=500)] = []
    asked_at: Instant | None = None
    never: bool = False


class _Search(_Form):
    id: Id
    words: Text


class _Journal(_Form):
    tenfold: _Tenfold
    person: _Person
    themes: list[_Theme] = []
    places: list[_Place] = []
    acquaintances: list[_Acquaintance] = []
    check_ins: list[_CheckIn] = []
    told: list[_Answer] = []
    cards: list[_Card] = []
    planned: list[_Planned] = []
    askings: list[_Asking] = []
    searches: list[_Search] = []


def read(data: bytes, media: frozenset[str]) -> Bundle:
    """The journal that *data* is; *media* are the files that came with it, by their names. Raises Unfit."""
    if sum(map(data.count, (b"{", b"["))) > _SIGNS[0] or max(map(data.count, (b'"', b","))) > _SIGNS[1]:
        raise Unfit("much")
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        raise Unfit("unreadable") from None
    made = found.get("tenfold") if isinstance(found, dict) else None
    form = made.get("format") if isinstance(made, dict) else None
    if type(form) is not int:
        raise Unfit("unreadable")
    if form not in FORMATS:
        raise Unfit("newer")
    try:
        journal = _Journal.model_validate(found)
    except ValidationError as error:
        raise Unfit(
            "field", _place(error.errors(include_url=False, include_context=False, include_input=False)[0])
        ) from None
    except RecursionError:
        raise Unfit("unreadable") from None
    return _Bundling(journal, media).bundle()


def _place(error: Any) -> str:
    """Where an error is, by the names of our own fields: "cards[3].minutes"."""
    text = ""
    for part in error["loc"]:
        if isinstance(part, int):
            text += f"[{part}]"
        elif part in _FIELDS:
            text += f".{part}" if text else part
    return text


_FIELDS = frozenset(
    name
    for form in (
        _Journal, _Tenfold, _Person, _Theme, _Place, _Acquaintance, _CheckIn, _Answer, _Earlier, _File, _Card, _Planned,
        _Asking, _Search,
    )
    for name in form.model_fields
)  # fmt: skip


class _Bundling:
    """One journal while its rows are made."""

    def __init__(self, journal: _Journal, media: frozenset[str]) -> None:
        self._journal = journal
        self._media = media
        self._ids: set[int] = set()
        self._counter = 0
        self._questions = {*load().questions, "ripple"}

    def bundle(self) -> Bundle:
        """All of it."""
        journal = self._journal
        self._count()
        answers = list(self._answers())
        whole = [answer for _place, _check_in, answer in answers]
        people = {each.id for each in journal.acquaintances}
        rows: dict[str, Sequence[dict[str, Any]]] = {
            "theme": [{**each.model_dump(), "paused": int(each.paused)} for each in journal.themes],
            "place": [each.model_dump() for each in journal.places],
            "acquaintance": [
                {"id": each.id, "name": each.name, "let_be": int(each.let_be), "circle": each.circle}
                for each in journal.acquaintances
            ],
            "spelling": self._spellings(),
            "check_in": list(self._check_ins()),
            "answer": [self._answer(*each) for each in answers],
            "mention": [
                {"answer": answer.id, "acquaintance": id}
                for answer in whole
                for id in dict.fromkeys(answer.acquaintances)
                if id in people
            ],
            "revision": [{**each.model_dump(), "answer": answer.id} for answer in whole for each in answer.earlier],
            "media": [self._file(answer, each) for answer in whole for each in answer.files],
            "card": [
                {**card.model_dump(), **{name: self._known(getattr(card, name)) for name in _CARDS}}
                for card in journal.cards
            ],
            "due": list(self._due()),
            "asking": self._askings(),
            "search": [each.model_dump() for each in journal.searches],
        }
        for table, each in rows.items():
            if table in _COUNTED:
                rows[table] = sorted(each, key=lambda row: row["id"])
        return Bundle(rows=rows, person=journal.person.model_dump(), counter=self._counter)

    # Ids

    def _count(self) -> None:
        """See that every id is there once. Raises Unfit."""
        number = 0
        for number, (place, id) in enumerate(self._places()):
            if id in self._ids:
                raise Unfit("field", f"{place}.id")
            if number > MOST:
                raise Unfit("much")
            self._ids.add(id)
        self._counter = max([self._journal.tenfold.counter, *self._ids])

    def _places(self) -> Iterator[tuple[str, int]]:
        """Every id and where it is."""
        journal = self._journal
        for name in ("themes", "places", "acquaintances", "check_ins", "cards", "searches"):
            yield from ((f"{name}[{at}]", each.id) for at, each in enumerate(getattr(journal, name)))
        for place, _check_in, answer in self._answers():
            yield place, answer.id
            yield from ((f"{place}.earlier[{at}]", each.id) for at, each in enumerate(answer.earlier))
            yield from ((f"{place}.files[{at}]", each.id) for at, each in enumerate(answer.files))

    def _answers(self) -> Iterator[tuple[str, int | None, _Answer]]:
        """Every answer with its place, and the check-in that it is in."""
        for number, check_in in enumerate(self._journal.check_ins):
            for at, answer in enumerate(check_in.answers):
                yield f"check_ins[{number}].answers[{at}]", check_in.id, answer
        for at, answer in enumerate(self._journal.told):
            yield f"told[{at}]", None, answer

    def _known(self, id: int | None) -> int | None:
        """*id*, unless it may be given out to something else one day."""
        return id if id is not None and id <= self._counter else None

    # Rows

    def _spellings(self) -> list[dict[str, Any]]:
        """Other names: each means one person."""
        found: dict[str, int] = {}
        for each in self._journal.acquaintances:
            for name in each.other_names:
                found.setdefault(name, each.id)
        return [{"name": name, "acquaintance": id} for name, id in found.items()]

    def _check_ins(self) -> Iterator[dict[str, Any]]:
        seen: set[tuple[str, str]] = set()
        for at, each in enumerate(self._journal.check_ins):
            place = f"check_ins[{at}]"
            if (each.kind, each.subject) in seen or (each.kind == "planned" and not _is_day(each.subject)):
                raise Unfit("field", f"{place}.subject")
            if not all(self._is_question(question) for question in each.questions):
                raise Unfit("field", f"{place}.questions")
            seen.add((each.kind, each.subject))
            yield {
                **each.model_dump(exclude={"answers", "questions"}),
                "questions": " ".join(each.questions),
                "finished": int(each.finished),
            }

    def _is_question(self, id: str) -> bool:
        kind, dot, about = id.partition(".")
        return kind in self._questions and (not dot or (about.isdecimal() and int(about) <= LARGEST_ID))

    def _answer(self, place: str, check_in: int | None, answer: _Answer) -> dict[str, Any]:
        if answer.question not in _OUTSIDE and not self._is_question(answer.question):
            raise Unfit("field", f"{place}.question")
        return {
            "id": answer.id,
            "check_in": check_in,
            "question": answer.question,
            "text": answer.text,
            "folded": folded(answer.text) if answer.text else None,
            "reading": answer.reading,
            "theme": self._known(answer.theme),
            "about": self._known(answer.about),
            "message": None,
            "said_at": answer.said_at,
        }

    def _file(self, answer: _Answer, file: _File) -> dict[str, Any]:
        along = file.path is not None and file.path in self._media
        return {
            **file.model_dump(exclude={"path"}),
            "answer": answer.id,
            "file": file.path if along else "",
            "state": "wanted" if along else "absent",
        }

    def _due(self) -> Iterator[dict[str, Any]]:
        """What is planned, one of a kind; what this Tenfold doesn't know of is left out."""
        seen: set[str] = set()
        for each in self._journal.planned:
            if each.kind not in seen and each.kind in _PLANNED and _PLANNED[each.kind](each.subject):
                seen.add(each.kind)
                yield each.model_dump()

    def _askings(self) -> list[dict[str, Any]]:
        """What was asked. The number of a round comes first (bot.words.next_wording); of an album its id, and then the
        number of its answer."""
        for at, each in enumerate(self._journal.askings):
            number = each.used[1:2] if each.question == "album" else each.used[:1]
            if each.used and not all(map(_is_number, number or ("",))):
                raise Unfit("field", f"askings[{at}].used")
        return [
            {**each.model_dump(), "used": " ".join(each.used), "never": int(each.never)}
            for each in {each.question: each for each in self._journal.askings}.values()
        ]


_COUNTED = ("theme", "place", "acquaintance", "check_in", "answer", "revision", "media", "card", "search")
_CARDS = ("acquaintance", "place", "received")


def _is_day(text: str) -> bool:
    try:
        day = date.fromisoformat(text)
        return day.isoformat() == text and 1900 <= day.year <= 2100  # the calendar goes on after it
    except ValueError:
        return False


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and int(text) <= LARGEST_ID


def _is_move(text: str) -> bool:
    try:
        _is_zone(text.partition(" ")[0])
    except schedule.UnknownZone:
        return False
    return True


_PLANNED = {"check-in": _is_day, "later": _is_number, "follow-up": _is_number, "move": _is_move}
"""What can be planned, and whether a subject makes sense for it."""
