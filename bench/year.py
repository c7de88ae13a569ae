"""A year in the journals of many people, and how much room it takes.

One person lives it through Tenfold's own journal: every week a check-in with three answers of 150 characters,
somebody's name in each, a card, and five messages that were sent; of the outbox only what the sweep leaves, 60 days,
and of the inbox 48 hours. Then week by week the same is written for everybody else, for that is the order in which real
journals grow, and it decides how full the pages of an index are.
"""

import contextlib
import random
import sqlite3
from datetime import datetime, timedelta

import psycopg

from bench.bulk import size, tidy
from bench.session import shared
from bot.domain import Reply, Sender
from bot.errands import MAPPED_FOR
from bot.journal import Journal
from bot.store import Transaction, open_store, stamp

WEEKS = 52
ANSWERS = 3
LENGTH = 150
MESSAGES = 5
UPDATES = 2
"""Of some six that somebody makes in a week, those of the last 48 hours."""

_WORDS = ("bread", "bees", "garden", "lift", "soup", "nurse", "drove", "listened", "bike", "letter", "river", "with")


def live(tx: Transaction, person: int, end: datetime) -> list[tuple[int, int]]:
    """The year before *end* in the journal of *person*; of each week the last id before it, and its own last."""
    told = random.Random(52)
    weeks = []
    for week in range(WEEKS):
        now = end - timedelta(weeks=WEEKS - week)
        journal = Journal(tx, Sender(person=person, chat=person), now)
        before = journal.person.counter
        if not week:
            journal.set_themes(["bread", "bees"])
        check_in = journal.start_check_in("planned", ["good_turn", "people"], f"{now:%Y-%m-%d}")
        for _answer in range(ANSWERS):
            text = " ".join(told.choices(_WORDS, k=LENGTH))[:LENGTH].strip()
            journal.mention(
                journal.add("good_turn", text=text, check_in=check_in, message=journal.person.counter),
                [told.choice(("Joana", "Rui", "Ana", "Tom"))],
            )
        act = "Ask whoever is newest where you work which part of the day they dread. Only listen."
        journal.add_card(act="listen-1", text=act, minutes=10, theme="bread")
        assert check_in is not None
        journal.close(check_in, finished=True)
        for number in range(MESSAGES if now > end - MAPPED_FOR else 0):
            id = journal.send(Reply(text=act, about=None if number else check_in.id))
            tx.run("outbox_sent", person=person, id=id, message=id)
        journal.save()
        weeks.append((before, journal.person.counter))
    for number in range(UPDATES):
        id = person * 10 + number
        tx.run("inbox_add", id=id, received_at=stamp(end), payload=None, person=None, state="done")
    return weeks


async def bytes_of_a_year(database: str, people: range, end: datetime) -> float:
    """Bytes that the year before *end* takes in the *database*, for one of *people*, who are in it already."""
    tidy(database)
    before = size(database)
    first = people[0]
    store = open_store(database)
    weeks = await store.transact(lambda tx: live(tx, first, end))
    await store.close()
    with contextlib.closing(
        psycopg.connect(database) if shared(database) else sqlite3.connect(database.removeprefix("sqlite:///"))
    ) as connection:
        tables = {"theme": "id", "acquaintance": "id", "check_in": "id", "answer": "id", "card": "id", "outbox": "id"}
        tables["mention"] = "answer"
        columns = {table: _columns(connection, table) for table in tables}
        everybody = f"n.id > {first} AND n.id <= {people[-1]}"
        for since, until in weeks:
            for table, key in tables.items():
                connection.execute(
                    f"INSERT INTO {table} (person, {', '.join(columns[table])})"
                    f" SELECT n.id, {', '.join(f't.{each}' for each in columns[table])}"
                    f"   FROM person n CROSS JOIN {table} t WHERE {everybody}"
                    f"    AND t.person = {first} AND t.{key} > {since} AND t.{key} <= {until}"
                )
        for number in range(UPDATES):
            connection.execute(
                "INSERT INTO inbox (id, place, received_at, state)"
                f" SELECT n.id * 10 + {number}, 1, '{stamp(end)}', 'done' FROM person n WHERE {everybody}"
            )
        connection.commit()
    tidy(database)
    return (size(database) - before) / len(people)


def _columns(connection: "psycopg.Connection[tuple[object, ...]] | sqlite3.Connection", table: str) -> list[str]:
    """The columns of *table*, but for whose row it is."""
    names = [str(each[0]) for each in connection.execute(f"SELECT * FROM {table} LIMIT 0").description or ()]
    return [name for name in names if name != "person"]
