"""A journal is one person's: nothing reached through it belongs to anyone else. And what it keeps, it keeps."""

import inspect
import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Protocol

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from psycopg.rows import dict_row

from bot import understand
from bot.domain import (
    Acquaintance,
    Answer,
    Asking,
    Bundle,
    Card,
    CheckIn,
    Choice,
    File,
    Media,
    Person,
    Place,
    Reply,
    Sender,
    Theme,
    View,
)
from bot.journal import Journal
from bot.replica import ALL
from bot.store import Transaction, postgres, queries, sqlite, stamp
from tests import databases
from tests import postgres as server

NOW = datetime(2026, 11, 9, 18, 0, tzinfo=UTC)
ADA = Sender(person=1, chat=11, name="Ada")
BEA = Sender(person=2, chat=22, name="Bea")
OWNED_BY = {"person": "id", "spent": "whose"}
"""The column that says whose a row is, where it isn't called person."""

NOBODYS = ("inbox", "fact", "replica", "lease")

REFUSED = (ValueError, OverflowError, sqlite3.IntegrityError, psycopg.IntegrityError, psycopg.DataError)
"""What may come of a call that makes no sense."""


class Book(Transaction, Protocol):
    """A database, and a transaction in it."""

    raw: Any

    def tables(self) -> list[str]:
        """The tables that Tenfold made."""

    def rows(self, person: int) -> dict[str, list[tuple[Any, ...]]]:
        """Every row that is *person*'s, and what is nobody's."""
        mine = {
            table: f"SELECT * FROM {table} WHERE {OWNED_BY.get(table, 'person')} = {person}"
            for table in self.tables()
            if table not in NOBODYS
        }
        nobodys = {table: f"SELECT * FROM {table}" for table in NOBODYS}
        return {table: sorted(self.found(sql), key=repr) for table, sql in (mine | nobodys).items()}

    def found(self, sql: str) -> list[tuple[Any, ...]]:
        """What *sql* finds."""
        return [tuple(dict(row).values()) for row in self.raw.execute(sql)]

    @contextmanager
    def leaf(self) -> Iterator[None]:
        """A transaction that is torn out at the end."""
        self.raw.execute("BEGIN")
        try:
            yield
        finally:
            self.raw.execute("ROLLBACK")

    @contextmanager
    def line(self) -> Iterator[None]:
        """A part of a transaction: crossed out if anything raises in it."""
        self.raw.execute("SAVEPOINT line")
        try:
            yield
        except BaseException:
            self.raw.execute("ROLLBACK TO line")
            raise
        finally:
            self.raw.execute("RELEASE line")


class SQLiteBook(sqlite._Connection, Book):
    """One in memory."""

    def __init__(self) -> None:
        super().__init__(sqlite3.connect(":memory:", isolation_level=None), queries())
        self.raw.execute("PRAGMA foreign_keys=ON")
        sqlite._migrate(self.raw)

    def tables(self) -> list[str]:
        named = self.found("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
        return [name for (name,) in named if not name.startswith(("_", "sqlite_"))]


class PostgresBook(postgres._Connection, Book):
    """One on a server, at *url*."""

    def __init__(self, url: str) -> None:
        named = {name: postgres._statement(sql) for name, sql in queries().items()}
        super().__init__(psycopg.connect(url, autocommit=True, row_factory=dict_row), named)

    def tables(self) -> list[str]:
        named = self.found("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
        return [name for (name,) in named if name != "migration"]


@contextmanager
def opened(kind: str) -> Iterator[Book]:
    """An empty book of a *kind* of database."""
    with ExitStack() as ending:
        if kind == "sqlite":
            book: Book = SQLiteBook()
        else:
            book = PostgresBook(ending.enter_context(server.database(migrated=True)))
        with closing(book.raw):
            yield book


def walk(step: Callable[[int], CheckIn | Answer | None], start: CheckIn | Answer | None) -> Iterator[int]:
    """The ids of entries from *start* on, by one *step* after another."""
    while start is not None:
        yield start.id
        start = step(start.id)


@pytest.fixture(params=databases.KINDS)
def book(request: pytest.FixtureRequest) -> Iterator[Book]:
    """An empty database."""
    with opened(request.param) as book:
        yield book


@pytest.fixture
def journal(book: Book) -> Journal:
    """Ada's journal, new."""
    return Journal(book, ADA, NOW)


def fill(tx: Transaction, sender: Sender, word: str) -> None:
    """Write something of every kind into the journal of *sender*, and *word* into every text: the ids are the same for
    whoever it is."""
    journal = Journal(tx, sender, NOW)
    journal.change(state="here", zone="Europe/Lisbon", city=word, weekday=4, minute=960, pending={"ask": word})
    journal.set_themes([word, f"{word} too"])
    for subject in ("2026-11-06", "2026-11-13"):
        assert journal.start_check_in("planned", [f"question-{word}"], subject)
        check_in = journal.check_ins(1)[0]
        answer = journal.add("good-turn", text=word, reading=word, check_in=check_in, message=5)
        journal.amend(answer, text=f"{word}, really")
    note = journal.add("note", text=word, message=6)
    journal.mention(note, [f"{word} X", f"{word} Y"])
    journal.set_acquaintance(journal.acquaintances()[0], name=f"{word} Z")
    journal.add_place(word)
    journal.add_media(note, File(kind="photo", id=word, name=word))
    journal.note_search(word)
    journal.note_asking("good-turn", used=(word,), asked_at=NOW)
    journal.add_card(act=word, text=word, minutes=5, theme=word)
    journal.plan("check-in", word, NOW + timedelta(days=4))
    journal.plan("later", word, NOW + timedelta(hours=1))
    id = journal.send(Reply(text=word, about=journal.check_ins(1)[0].id))
    tx.run("outbox_sent", person=sender.person, id=id, message=7)
    journal.send(Reply(text=word))
    journal.save()


# Promise 2

IDS = st.one_of(st.integers(-1, 25), st.sampled_from([ADA.chat, BEA.chat, 2**63 - 1]))
SMALL = st.integers(0, 30)
WORDS = st.text("xyé 👩'%_\n", max_size=6)
QUESTIONS = st.sampled_from(["good-turn", "note", "brave", ""])
KINDS = st.sampled_from(["check-in", "later", "zones"])
MOMENTS = st.integers(-10_000, 10_000).map(lambda minutes: NOW + timedelta(minutes=minutes))
NAMES = st.lists(WORDS, max_size=3)
ANSWERS = st.builds(Answer, id=IDS, question=QUESTIONS, said_at=MOMENTS, text=WORDS, check_in=IDS)
CHECK_INS = st.builds(
    CheckIn,
    id=IDS,
    kind=st.sampled_from(["planned", "asked"]),
    subject=WORDS,
    questions=st.just(()),
    opened_at=MOMENTS,
)
THEMES = st.builds(Theme, id=IDS, text=WORDS, paused=st.booleans())
PLACES = st.builds(Place, id=IDS, text=WORDS)
ACQUAINTANCES = st.builds(Acquaintance, id=IDS, name=WORDS, let_be=st.booleans(), circle=st.none() | WORDS)
VIEWS = st.builds(
    View,
    terms=st.lists(WORDS, max_size=4).map(tuple),
    theme=st.none() | IDS,
    acquaintance=st.none() | IDS,
    since=st.none() | MOMENTS,
    until=st.none() | MOMENTS,
)
FILES = st.builds(File, kind=st.just("voice"), id=WORDS, name=WORDS, size=SMALL)
CARDS = st.builds(
    Card, id=IDS, act=WORDS, text=WORDS, minutes=SMALL, theme=WORDS, state=st.just("open"), moment=st.none()
)
UPLOADS = st.builds(Media, id=IDS, answer=st.just(0), file=FILES)
BUNDLES = st.builds(
    Bundle,
    rows=st.fixed_dictionaries(
        {
            "theme": st.just([{"id": 4, "text": "bees", "paused": 0, "circle": None, "added_at": stamp(NOW)}]),
            "answer": st.builds(
                lambda texts: [
                    {
                        "id": 10 + at, "check_in": None, "question": "note", "text": text, "folded": text,
                        "reading": None, "theme": 4, "about": None, "message": None, "said_at": stamp(NOW),
                    }
                    for at, text in enumerate(texts)
                ],
                st.lists(WORDS, max_size=3),
            ),
        }
    ),
    person=st.none(),
    counter=IDS,
)  # fmt: skip
REPLIES = st.builds(Reply, text=WORDS, replaces=IDS, about=IDS, unasked=st.booleans())
CHANGES = st.fixed_dictionaries(
    {},
    optional={
        "id": IDS,
        "chat": IDS,
        "name": WORDS,
        "state": st.sampled_from(["new", "here", "silent"]),
        "city": WORDS,
        "counter": IDS,
        "pending": st.none() | st.just({"ask": "themes"}),
    },
)

Arguments = st.SearchStrategy[tuple[tuple[Any, ...], dict[str, Any]]]


def given_as(*arguments: st.SearchStrategy[Any], **named: st.SearchStrategy[Any]) -> Arguments:
    """Arguments for a call."""
    return st.tuples(st.tuples(*arguments), st.fixed_dictionaries(named))


CALLS: dict[str, Arguments] = {
    "change": CHANGES.map(lambda changes: ((), changes)),
    "ask": given_as(QUESTIONS, person=IDS),
    "settle": given_as(),
    "save": given_as(),
    "themes": given_as(),
    "set_themes": given_as(NAMES),
    "add_theme": given_as(WORDS),
    "set_theme": given_as(THEMES, text=WORDS, paused=st.booleans(), circle=st.none() | WORDS),
    "drop_theme": given_as(THEMES, st.none() | THEMES),
    "places": given_as(),
    "add_place": given_as(WORDS),
    "set_place": given_as(PLACES, circle=st.none() | WORDS),
    "drop_place": given_as(IDS),
    "acquaintances": given_as(),
    "acquaintance": given_as(IDS),
    "met": given_as(),
    "known": given_as(),
    "meet": given_as(WORDS),
    "set_acquaintance": given_as(ACQUAINTANCES, name=WORDS, let_be=st.booleans()),
    "merge": given_as(ACQUAINTANCES, ACQUAINTANCES),
    "forget": given_as(ACQUAINTANCES),
    "mentioned": given_as(IDS),
    "mention": given_as(ANSWERS, NAMES),
    "drop": given_as(ANSWERS),
    "revisions": given_as(IDS),
    "add_media": given_as(ANSWERS, FILES),
    "media": given_as(IDS),
    "media_of": given_as(IDS),
    "all_media": given_as(),
    "add_upload": given_as(FILES),
    "uploads": given_as(),
    "upload": given_as(IDS),
    "set_upload": given_as(UPLOADS, kind=st.just("zip"), state=st.sampled_from(["wanted", "asked"])),
    "drop_upload": given_as(UPLOADS),
    "take_over": given_as(BUNDLES, UPLOADS),
    "put_beside": given_as(BUNDLES, UPLOADS),
    "note_search": given_as(WORDS),
    "search": given_as(IDS),
    "erase": given_as(),
    "check_in": given_as(IDS),
    "check_ins": given_as(SMALL),
    "open_check_in": given_as(),
    "start_check_in": given_as(st.sampled_from(["planned", "asked"]), NAMES, st.none() | WORDS),
    "set_questions": given_as(CHECK_INS, NAMES),
    "close": given_as(CHECK_INS, finished=st.booleans()),
    "add": given_as(QUESTIONS, text=WORDS, reading=WORDS, check_in=st.none() | CHECK_INS, message=IDS),
    "answer": given_as(IDS),
    "answer_in": given_as(IDS),
    "said_in": given_as(ANSWERS, st.none() | IDS),
    "amend": given_as(ANSWERS, text=WORDS, reading=WORDS, question=QUESTIONS),
    "written": given_as(SMALL, st.none() | IDS),
    "naming": given_as(IDS, SMALL),
    "serving": given_as(IDS, SMALL),
    "within": given_as(IDS),
    "unserving": given_as(MOMENTS),
    "answers_to": given_as(QUESTIONS, SMALL),
    "hardships": given_as(),
    "asked_by": given_as(IDS),
    "entry_before": given_as(st.none() | IDS, st.none() | VIEWS),
    "entry_after": given_as(IDS, st.none() | VIEWS),
    "entry": given_as(IDS),
    "asking": given_as(QUESTIONS),
    "note_asking": given_as(QUESTIONS, used=NAMES.map(tuple), never=st.booleans()),
    "alive": given_as(MOMENTS),
    "in_hardships": given_as(),
    "lived": given_as(MOMENTS, MOMENTS),
    "spoken_of": given_as(WORDS),
    "outcomes": given_as(IDS),
    "done": given_as(IDS),
    "cards": given_as(SMALL, st.none() | IDS),
    "card": given_as(IDS),
    "add_card": given_as(
        act=WORDS, text=WORDS, minutes=SMALL, theme=WORDS, acquaintance=st.none() | IDS, received=st.none() | IDS
    ),
    "set_card": given_as(CARDS, state=st.sampled_from(["taken", "declined"]), moment=st.none() | WORDS),
    "plan": given_as(KINDS, WORDS, MOMENTS),
    "unplan": given_as(KINDS),
    "planned": given_as(KINDS),
    "send": given_as(REPLIES),
}
"""How each of a journal's methods can be called."""

CALL = st.one_of([st.tuples(st.just(name), arguments) for name, arguments in CALLS.items()])


def test_every_way_into_a_journal_is_tried() -> None:
    """A new method of the journal joins the test below."""
    assert {name for name, _method in inspect.getmembers(Journal, callable) if not name.startswith("_")} == set(CALLS)


@pytest.fixture(scope="module", params=databases.KINDS)
def two(request: pytest.FixtureRequest) -> Iterator[Book]:
    """A database with two people who wrote the same things at the same time, each with a word of their own."""
    with opened(request.param) as book:
        fill(book, ADA, "ada")
        fill(book, BEA, "bea")
        yield book


@pytest.mark.parametrize(("owner", "other"), [(ADA, BEA), (BEA, ADA)], ids=["ada's", "bea's"])
@settings(deadline=None, max_examples=200)
@given(calls=st.lists(CALL, min_size=1, max_size=12))
def test_nothing_reached_through_a_journal_is_anybody_else_s(
    two: Book, owner: Sender, other: Sender, calls: list[tuple[str, tuple[tuple[Any, ...], dict[str, Any]]]]
) -> None:
    """Whatever is done with one journal, the other's rows stay as they are, nothing that is read is theirs, and nothing
    is sent to them: not by any id, subject or message that both have, nor by claiming to be them."""
    before = two.rows(other.person)
    theirs = other.name.casefold()
    with two.leaf():
        journal = Journal(two, owner, NOW)
        for name, (arguments, named) in calls:
            try:
                with two.line():
                    came = getattr(journal, name)(*arguments, **named)
            except REFUSED:
                continue  # refused, or at odds with what the owner has already
            assert theirs not in repr(came).casefold()
        journal.save()
        assert two.rows(other.person) == before
        assert {row[2] for row in two.rows(owner.person)["outbox"]} <= {owner.chat}
        here = {row["id"] for row in two.raw.execute("SELECT id FROM person")}
        assert other.person in here <= {ADA.person, BEA.person}
        assert (journal.person.id, journal.person.chat) == (owner.person, owner.chat)


@pytest.mark.parametrize("field", ["id", "chat"])
def test_a_journal_stays_its_person_s(journal: Journal, field: str) -> None:
    """Who it is and where they are spoken to can't be changed through a journal."""
    with pytest.raises(ValueError, match="stays its person's"):
        journal.change(**{field: 2})


def test_two_people_may_have_the_same_ids(two: Book) -> None:
    """The test above means something: the two have the same ids throughout, and only their words differ."""

    def anonymous(sender: Sender) -> str:
        rows = {
            table: [
                row[2:] if table == "person" else (row[1], *row[3:]) if table == "outbox" else row[1:] for row in rows
            ]
            for table, rows in two.rows(sender.person).items()
        }
        return json.dumps(rows).replace(sender.name, "X").replace(sender.name.casefold(), "x")

    assert anonymous(ADA) == anonymous(BEA)


# What it keeps


def test_a_new_person_is_written_down_at_once(book: Book) -> None:
    """Opening a journal for somebody new makes them known, and opening it again changes nothing."""
    Journal(book, ADA, NOW)
    again = Journal(book, replace(ADA, name="Somebody"), NOW + timedelta(days=1))
    assert again.person == Person(
        id=1, chat=11, name="Ada", language="en", state="new", joined_at=NOW, seen_at=NOW, counter=0
    )


def test_every_field_of_a_person_comes_back(book: Book, journal: Journal) -> None:
    """Whatever is changed and saved is read again as it was; without `save` it is gone."""
    changes: dict[str, Any] = {
        "name": "Ada L.",
        "language": "pt",
        "state": "here",
        "seen_at": NOW + timedelta(hours=1),
        "city": "Porto",
        "zone": "Europe/Lisbon",
        "weekday": 4,
        "minute": 0,
        "length": "full",
        "weeks": 2,
        "discreet": True,
        "dark": True,
        "model": False,
        "unanswered": 3,
        "quiet_until": NOW + timedelta(days=30),
        "pending": {"ask": "city", "near": ["Porto", "Лиссабон"]},
    }
    assert {field.name for field in fields(Person)} == {*changes, "id", "chat", "joined_at", "counter"}
    journal.change(**changes)
    assert Journal(book, ADA, NOW).person != journal.person
    journal.save()
    assert Journal(book, ADA, NOW).person == journal.person
    journal.change(**dict.fromkeys(("city", "zone", "weekday", "minute", "quiet_until", "pending")))
    journal.save()
    assert Journal(book, ADA, NOW).person == journal.person


def test_a_pending_question(book: Book, journal: Journal) -> None:
    """One question can be open outside a check-in, with what it needs to know, until it is settled."""
    journal.ask("moment", card=3)
    journal.save()
    assert Journal(book, ADA, NOW).person.pending == {"ask": "moment", "card": 3}
    journal.settle()
    journal.save()
    assert Journal(book, ADA, NOW).person.pending is None


def test_themes_are_replaced(journal: Journal) -> None:
    """The themes are those said last, each once; one that stays is still the same, with what served it."""
    journal.set_themes(["sourdough", "bees"])
    turn = journal.add("good_turn", text="moved the bees with Tom")
    bees = journal.themes()[1]
    assert turn.theme == bees.id
    journal.set_themes(["Bees", "patience", "bees"])
    assert [theme.text for theme in journal.themes()] == ["bees", "patience"]
    assert journal.themes()[0] == bees
    assert journal.answer(turn.id) == turn
    journal.set_themes(["patience"])
    assert [answer.theme for answer in journal.written(1)] == [None]


def test_what_a_theme_learns(journal: Journal) -> None:
    """A word that was used of one theme again and again, and of no other, speaks of it from then on; no name does."""
    for theme in ("sourdough", "patience"):
        journal.add_theme(theme)
    bread, patience = (theme.id for theme in journal.themes())

    def served(text: str) -> int | None:
        return journal.add("good_turn", text=text).theme

    assert served("gave Rui a sourdough starter and some flour") == bread
    assert served("fed the starter of Rui's sister") is None  # once is by chance
    assert served("Rui's sourdough starter, and a word of patience") is None
    assert served("showed Rui's neighbour the sourdough starter") == bread
    assert served("fed the starter of Rui's sister") == bread
    assert served("carried Rui's piano") is None
    assert served("patience, patience, with a starter motor") == patience
    assert served("carried a starter home") is None  # it is both now


def test_what_serves_a_theme(journal: Journal) -> None:
    """A good turn serves the theme whose words it shares; none if it shares none, or as much with another."""
    journal.set_themes(["sourdough bread", "being patient with new nurses", "bread ovens"])
    sourdough, nurses, _ovens = (theme.id for theme in journal.themes())
    for text, served in (
        ("gave Rui some sourdough starter", sourdough),
        ("sat with one of the new nurses until she laughed", nurses),
        ("brought bread to the office", None),
        ("drove mum home", None),
    ):
        assert journal.add("good_turn", text=text).theme == served
    assert journal.add("note", text="sourdough").theme is None


def test_a_theme_is_renamed_paused_merged_and_dropped(journal: Journal) -> None:
    """Cards follow a new name, entries follow a merge, and what is dropped leaves its entries without a theme."""
    bees, honey = journal.add_theme("bees"), journal.add_theme("honey")
    turn = journal.add("good_turn", text="gave away honey")
    card = journal.add_card(act="x", text="x", minutes=5, theme="honey")
    honey = journal.set_theme(honey, text="giving honey away", paused=True)
    assert [(theme.text, theme.paused) for theme in journal.themes()] == [("bees", False), ("giving honey away", True)]
    assert journal.cards(1)[0].theme == "giving honey away"
    journal.drop_theme(honey, into=bees)
    assert [answer.theme for answer in journal.written(1)] == [bees.id] != [turn.theme]
    assert journal.card(card.id) == replace(card, theme="bees")
    journal.drop_theme(bees)
    assert (journal.themes(), journal.written(1)[0].theme, journal.cards(1)[0].theme) == ([], None, None)


def test_places(journal: Journal) -> None:
    """Places are theirs to name, each once."""
    for text in ("the library", "Rust forum", "The Library"):
        journal.add_place(text)
    assert [place.text for place in journal.places()] == ["the library", "Rust forum"]
    journal.drop_place(journal.places()[0].id)
    assert [place.text for place in journal.places()] == ["Rust forum"]
    [forum] = journal.places()
    assert [journal.set_place(forum, circle="work")] == journal.places() == [replace(forum, circle="work")]


def test_what_is_found_by_whom_and_for_what(journal: Journal) -> None:
    """By who is in it, by the theme that it serves or that it serves none, by its question, and if it was hard."""
    [bees] = [journal.add_theme("bees")]
    given, note = journal.add("good_turn", text="bees with Ana"), journal.add("note", text="rang Rui")
    hard, call = journal.add("good_turn", text="Ana died", reading="hard"), journal.add("call", text="Ana")
    free = journal.add("good_turn", text="dug at the allotment with Ana")
    journal.mention(given, ["Ana"])
    journal.mention(free, ["Ana"])
    journal.mention(note, ["Rui"])
    ana, rui = journal.acquaintances()
    assert journal.naming(ana.id, 5) == [free, given]
    assert journal.naming(ana.id, 1) == [free]
    assert journal.naming(rui.id, 5) == [note]
    assert journal.met() == {ana.id}
    assert journal.serving(bees.id, 5) == [given]
    assert [each.name for each in journal.within(bees.id)] == ["Ana"]
    assert journal.unserving(NOW) == [free]
    assert journal.unserving(NOW + timedelta(seconds=1)) == []
    assert journal.answers_to("call", 5) == [call]
    assert journal.hardships() == [hard]


def test_one_that_became_another_keeps_apart(journal: Journal) -> None:
    """Whoever is let be stays so through a merge, and so does whoever belongs to a circle."""
    ana, annika = journal.meet("Ana"), journal.meet("Annika")
    journal.merge(journal.set_acquaintance(ana, let_be=True, circle="work"), annika)
    [left] = journal.acquaintances()
    assert (left.name, left.let_be, left.circle) == ("Annika", True, "work")


def test_who_an_answer_is_about(journal: Journal) -> None:
    """Whoever is mentioned is met once under all their spellings, and forgotten with the last mention of them, unless
    they are let be."""
    one = journal.add("good_turn", text="covered for Joana")
    two = journal.add("good_turn", text="gave Rui and Joana bread")
    journal.mention(one, ["Joana"])
    rui, joana = sorted(journal.mention(two, ["Rui", "joana"]), key=lambda each: each.name, reverse=True)
    assert [each.name for each in journal.acquaintances()] == ["Joana", "Rui"]
    assert all(each.seen_at == NOW for each in journal.acquaintances())
    journal.mention(two, ["Ana"])
    assert {each.name for each in journal.acquaintances()} == {"Joana", "Ana"}
    journal.set_acquaintance(joana, let_be=True)
    journal.drop(one)
    journal.drop(two)
    assert [(each.name, each.let_be, each.seen_at) for each in journal.acquaintances()] == [("Joana", True, None)]
    assert rui.id != joana.id


def test_two_who_are_one(journal: Journal) -> None:
    """What was about either is about the one who stays, by both names, and let be if either was."""
    one, two = journal.add("good_turn", text="a"), journal.add("good_turn", text="b")
    [joana], [nurse] = journal.mention(one, ["Joana"]), journal.mention(two, ["my colleague"])
    card = journal.add_card(act="x", text="x", minutes=5, theme=None, acquaintance=nurse.id)
    journal.set_acquaintance(nurse, let_be=True)
    journal.merge(journal.acquaintances()[1], joana)
    [left] = journal.acquaintances()
    assert (left.id, left.name, left.let_be) == (joana.id, "Joana", True)
    assert [each.id for each in journal.mentioned(two.id)] == [joana.id]
    assert set(journal.known()) == {"Joana", "my colleague"}
    assert (journal.card(card.id) or card).acquaintance == joana.id


def test_what_is_deleted_is_gone(book: Book, journal: Journal) -> None:
    """With an answer go its earlier words, its files and whom only it named; what came of it stays by itself."""
    answer = journal.add("good_turn", text="first words")
    journal.amend(answer, text="other words")
    journal.mention(answer, ["Joana"])
    media = journal.add_media(answer, File(kind="voice", id="f"))
    outcome = journal.add("outcome", text="she did one alone", about=answer.id)
    assert [text for text, _at in journal.revisions(answer.id)] == ["first words"]
    assert journal.drop(answer) == [media]
    assert journal.answer(outcome.id) == replace(outcome, about=None)
    assert (journal.answer(answer.id), journal.revisions(answer.id), journal.acquaintances(), journal.all_media()) == (
        None, [], [], []
    )  # fmt: skip
    assert "words" not in json.dumps(book.rows(ADA.person))


def test_everything_is_erased(book: Book, journal: Journal) -> None:
    """Nothing of a person is left in any table but the farewell, and that is deleted once it is sent."""
    fill(book, ADA, "ada")
    fill(book, BEA, "bea")
    before = book.rows(BEA.person)
    journal = Journal(book, ADA, NOW)
    journal.erase()
    id = journal.send(Reply(text="Be well."))
    journal.save()
    left = {table: rows for table, rows in book.rows(ADA.person).items() if rows}
    assert left.keys() == {"outbox"}
    assert len(left["outbox"]) == 1
    assert "ada" not in json.dumps(left)
    assert book.run("outbox_farewell", person=ADA.person, id=id)
    assert not any(book.rows(ADA.person).values())
    assert book.rows(BEA.person) == before
    Journal(book, ADA, NOW).add("note", text="back again")


def test_what_is_looked_for(journal: Journal) -> None:
    """By word, theme, person and month, newest first and back again; a late answer is found with its check-in."""
    journal.set_themes(["bees"])
    first = journal.start_check_in("planned", ["good_turn"], "2026-11-06")
    assert first is not None
    journal.add("good_turn", text="baked bread for Joana", check_in=first)
    second = journal.start_check_in("planned", ["good_turn"], "2026-11-13")
    lone = journal.add("note", text="the bees are back")
    late = journal.add("good_turn", text="and moved the bees", check_in=first)
    [joana] = journal.mention(late, ["Joana"])

    def found(**view: Any) -> list[int]:
        look = View(**view)
        back = list(walk(partial(journal.entry_before, view=look), journal.entry_before(None, look)))
        assert list(walk(partial(journal.entry_after, view=look), journal.entry_after(0, look))) == back[::-1]
        return back

    assert found(terms=understand.terms("bread")) == [first.id]
    assert found(terms=understand.terms("bees")) == [lone.id, first.id]
    assert found(terms=understand.terms("honey")) == []
    assert found(theme=journal.themes()[0].id) == [first.id]
    assert found(acquaintance=joana.id) == [first.id]
    assert found(since=NOW, until=NOW + timedelta(days=1)) == [lone.id, first.id]
    assert found(until=NOW) == []
    assert second is not None  # nothing was said in it, so it is no entry


def test_a_check_in_is_opened_once(journal: Journal) -> None:
    """A planned day opens one check-in for ever, answered or not; those asked for by hand are each their own."""
    first = journal.start_check_in("planned", ["good-turn", "brave"], "2026-11-13")
    assert first is not None
    assert first.questions == ("good-turn", "brave")
    journal.close(first)
    assert journal.start_check_in("planned", ["good-turn"], "2026-11-13") is None
    by_hand = [journal.start_check_in("asked", ["good-turn"]) for _time in range(2)]
    assert all(by_hand)


def test_a_newer_check_in_closes_the_older(journal: Journal) -> None:
    """The older one is closed as it stands; refusing one that was there before closes nothing."""
    older = journal.start_check_in("planned", ["good-turn"], "2026-11-06")
    assert older is not None
    journal.add("good-turn", text="soup", check_in=older)
    assert journal.start_check_in("planned", ["good-turn"], "2026-11-06") is None
    assert (journal.open_check_in() or older).closed_at is None
    newer = journal.start_check_in("asked", ["good-turn"])
    assert newer is not None
    assert journal.open_check_in() == newer
    closed = journal.check_in(older.id)
    assert closed is not None
    assert (closed.closed_at, closed.finished, [each.text for each in closed.answers]) == (NOW, False, ["soup"])
    assert [each.id for each in journal.check_ins(5)] == [newer.id, older.id]


def test_closing_is_final(book: Book, journal: Journal) -> None:
    """A check-in that was closed keeps when and how."""
    check_in = journal.start_check_in("asked", ["good-turn"])
    assert check_in is not None
    journal.close(check_in, finished=True)
    Journal(book, ADA, NOW + timedelta(days=1)).close(check_in)
    kept = journal.check_in(check_in.id)
    assert kept is not None
    assert (kept.closed_at, kept.finished) == (NOW, True)
    assert journal.open_check_in() is None


def test_questions_can_change_on_the_way(journal: Journal) -> None:
    """A check-in that goes on differently than planned remembers how."""
    check_in = journal.start_check_in("asked", ["good-turn"])
    assert check_in is not None
    changed = journal.set_questions(check_in, ["good-turn", "ask"])
    assert journal.open_check_in() == changed


def test_an_answer_that_changes_keeps_what_it_was(book: Book, journal: Journal) -> None:
    """An earlier text is kept as a revision; a changed reading alone isn't one."""
    answer = journal.add("note", text="made soup", message=5)
    answer = journal.amend(answer, text="made soup and bread")
    answer = journal.amend(answer, reading="7")
    assert journal.answer(answer.id) == journal.answer_in(5) == answer
    assert [row["text"] for row in book.raw.execute("SELECT text FROM revision")] == ["made soup"]


def test_messages_find_home(book: Book, journal: Journal) -> None:
    """What answers a message of ours is about its check-in; an edited message is the answer it gave last."""
    check_in = journal.start_check_in("asked", ["good-turn"])
    assert check_in is not None
    row = journal.send(Reply(text="What did you do?", about=check_in.id))
    assert journal.asked_by(77) is None
    book.run("outbox_sent", person=ADA.person, id=row, message=77)
    assert journal.asked_by(77) == check_in
    answers = [journal.add("good-turn", text=text, message=5, check_in=check_in) for text in ("a", "b")]
    assert journal.answer_in(5) == answers[1]
    assert journal.answer_in(404) is None


def test_what_was_written_comes_newest_first(journal: Journal) -> None:
    """Words, not choices, page by page."""
    answers = [journal.add("note", text=text) for text in ("one", "two", "three")]
    journal.add("kind", reading="listen")
    assert [each.text for each in journal.written(2)] == ["three", "two"]
    assert [each.text for each in journal.written(2, before=answers[1].id)] == ["one"]


def test_history_is_walked_entry_by_entry(journal: Journal) -> None:
    """Newest first: check-ins in which something was said and notes; check-ins that were only skipped are left out."""
    entries: list[int] = []
    for reading, text in [(None, "soup"), ("skip", None), ("nothing", None), ("never", None)]:
        check_in = journal.start_check_in("asked", ["good-turn"])
        assert check_in is not None
        journal.add("good-turn", text=text, reading=reading, check_in=check_in)
        if text or reading == "nothing":
            entries.append(check_in.id)
        entries.append(journal.add("note", text="by the way").id)
    journal.start_check_in("asked", ["good-turn"])

    oldest = journal.entry(entries[0])
    assert list(walk(journal.entry_after, oldest)) == entries
    assert list(walk(journal.entry_before, journal.entry_before(None))) == entries[::-1]
    assert journal.entry(10_000) is None


def test_what_was_asked_is_remembered(book: Book, journal: Journal) -> None:
    """Wordings used, when, and never again: each kept for its question."""
    assert journal.asking("brave") == Asking()
    journal.note_asking("brave", used=("a1", "b2"), asked_at=NOW)
    journal.note_asking("brave", never=True)
    expected = Asking(used=("a1", "b2"), asked_at=NOW, never=True)
    assert journal.asking("brave") == Journal(book, ADA, NOW).asking("brave") == expected
    assert Journal(book, ADA, NOW).asking("kind") == Asking()


def test_a_card_and_what_became_of_it(journal: Journal) -> None:
    """Cards are kept as they were shown, newest first."""
    first = journal.add_card(act="bread", text="Bring bread.", minutes=5, theme="sourdough")
    second = journal.add_card(act="call", text="Call somebody.", minutes=10, theme=None)
    journal.set_card(first, state="taken", moment="tomorrow with coffee")
    assert journal.card(first.id) == replace(first, state="taken", moment="tomorrow with coffee")
    assert [card.id for card in journal.cards(5)] == [second.id, first.id]
    assert journal.card(404) is None


def test_one_plan_of_a_kind(journal: Journal) -> None:
    """Planning anew replaces what was planned of that kind and leaves other kinds alone."""
    journal.plan("later", "1", NOW)
    journal.plan("check-in", "2026-11-13", NOW + timedelta(days=4))
    journal.plan("check-in", "2026-11-20", NOW + timedelta(days=11))
    assert journal.planned("check-in") == ("2026-11-20", NOW + timedelta(days=11))
    journal.unplan("check-in")
    assert journal.planned("check-in") is None
    assert journal.planned("later") == ("1", NOW)


def test_a_reply_comes_out_of_the_outbox_as_it_went_in(book: Book, journal: Journal) -> None:
    """Buttons, emphasis, what it replaces and what it asks for are all kept."""
    reply = Reply(
        text="“\ufdd0soup\ufdd1”?\n👩",
        choices=((Choice(label="Ja", action="card:3:yes", style="primary"),), ()),
        replaces=5,
        unasked=True,
        about=3,
    )
    id = journal.send(reply)
    assert [dict(row) for row in book.all("outbox_waiting", shards=ALL)] == [{"person": 1, "id": id}]
    row = book.one("outbox_row", person=1, id=id)
    assert row is not None
    assert (row["person"], row["id"], row["chat"]) == (1, id, 11)
    assert Reply.from_json(row["payload"]) == reply
