"""Buttons that were never offered: with ids that belong to somebody else, or to nobody.

A journal counts by itself, so an id that somebody else's has may mean something in one's own. Where it doesn't, nothing
tells whether it means anything elsewhere: that is shown by pressing the same in two worlds, in one of which the others
never were.
"""

import ast
import asyncio
import re
import shutil
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import dialogue
from bot.dialogue import Dialogue
from bot.domain import Pressed, Sender, Turn
from bot.journal import Journal
from bot.store import Transaction
from tests.conversation import WORDS, Scene, scene
from tests.test_journal import OWNED_BY, fill

Rows = dict[str, list[dict[str, Any]]]
"""Rows by their tables."""

MIRA, IDRIS = Sender(person=7, chat=7, name="Mira"), Sender(person=8, chat=8, name="Idris")
AHEAD = 5000
"""From here on count the ids of Idris: nothing of Mira's has any of them."""

NOBODYS = 7777
"""An id that nothing has. It looks as his do."""

KINDS = ("card", "answer", "acquaintance", "check_in", "theme", "place", "media", "search")
"""Tables with ids that buttons speak of."""

STATES = {
    "nothing is open": (),
    "a check-in is open": ("/checkin full", "watched Ana's shop"),
    "erasing is asked": ("/erase",),
    "settings are open": ("/settings",),
    "a name is asked": ("/people ana", "[Another name]"),
}


def shapes() -> Iterable[tuple[str, ...]]:
    """The parts of every action that a button is given in the code. What is put in there stands in angle brackets."""
    for file in Path(dialogue.__file__).parent.glob("*.py"):
        tree = ast.parse(file.read_text("utf-8"))
        words = {
            ast.unparse(node.targets[0]): str(node.value.value)
            for node in tree.body
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "choice":
                yield tuple(
                    str(part.value)
                    if isinstance(part, ast.Constant)
                    else words.get(ast.unparse(part), f"<{ast.unparse(part)}>")
                    for part in node.args[1:]
                )


def is_id(part: str) -> bool:
    """Whether what is put in there is an id."""
    return part.startswith("<") and part.rstrip(">").endswith(("id", "entry", "held"))


SHAPES = sorted({shape for shape in shapes() if not shape[0].startswith("<")})
WITH_IDS = [shape for shape in SHAPES if any(map(is_id, shape))]
PREFIXES = sorted(dialogue.BUTTONS)
VERBS = sorted({part for shape in SHAPES for part in shape if re.fullmatch("[a-z_]+", part)} | {"taken", "gladly"})
ODD = [
    "",
    "0",
    "-1",
    "-7",
    "007",
    "1e5",
    "²",
    "٣",
    "5.0",
    " 5",
    "%s",
    "7 OR 1=1",
    "9" * 15,
    "9" * 16,
    "9" * 40,
    "x" * 60,
]


class World(NamedTuple):
    """One bot with Mira in it, and perhaps Idris."""

    stage: Scene
    converse: Dialogue

    async def presses(self, action: str) -> tuple[Turn, Rows, Rows]:
        """What Mira is answered to *action*, and all that is hers and everybody else's after that. Nothing of it
        stays."""

        def press(tx: Transaction) -> None:
            journal = Journal(tx, MIRA, self.stage.clock())
            turn = self.converse(Pressed(action=action, message=1, label="?"), journal, self.stage.clock())
            journal.change(seen_at=journal.person.joined_at)
            journal.save()
            raise Undone(turn, rows(tx, whose="="), rows(tx, whose="<>"))

        try:
            await self.stage.engine._store.transact(press)
        except Undone as undone:
            return undone.turn, undone.hers, undone.others
        raise AssertionError


class Undone(Exception):
    """What came of a press that never was."""

    def __init__(self, turn: Turn, hers: Rows, others: Rows) -> None:
        super().__init__()
        self.turn, self.hers, self.others = turn, hers, others


def rows(tx: Transaction, whose: str) -> Rows:
    """Everything in the database that is Mira's, or isn't."""
    raw = tx.raw  # type: ignore[attr-defined]
    tables = [name for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()]
    return {
        table: [
            dict(zip(columns, row, strict=True))
            for row in raw.execute(f"SELECT * FROM {table} WHERE {owner} {whose} {MIRA.person}").fetchall()
        ]
        for table in tables
        if (columns := [row[1] for row in raw.execute(f"PRAGMA table_info({table})").fetchall()])
        and (owner := OWNED_BY.get(table, "person")) in columns
    }


@asynccontextmanager
async def worlds(folder: Path, steps: Iterable[str] = ()) -> AsyncIterator[tuple[World, World]]:
    """Mira in a world of her own, and just the same Mira where Idris is too."""
    alone, beside = folder / "alone.db", folder / "beside.db"
    async with scene(alone) as stage:
        mira = stage.person(7, "Mira")
        for said in ("/start", "bees, listening", "porto", "/goodturn gave Ana a lift", "/people ana", "/history ana"):
            await mira.says(said)
        await mira.sends("photo", "the loaf for Joana")
        for said in steps:
            await (mira.presses(said[1:-1]) if said.startswith("[") else mira.says(said))
    shutil.copyfile(alone, beside)
    async with scene(alone) as one, scene(beside) as other:

        def move_in(tx: Transaction) -> None:
            journal = Journal(tx, IDRIS, other.clock())
            journal.person = replace(journal.person, counter=AHEAD)
            journal.save()
            fill(tx, IDRIS, "idris")

        for each in (one, other):
            await each.engine.settle()  # what is done at every start would get between
        await other.engine._store.transact(move_in)
        converse = Dialogue(WORDS)
        yield World(one, converse), World(other, converse)


def actions(shape: tuple[str, ...], id: int) -> list[str]:
    """The actions of that *shape*: with *id* for every id in it, and with any word for what is no id."""
    if all(is_id(part) or not part.startswith("<") for part in shape):
        words: list[str] = [""]
    else:
        words = VERBS
    return sorted(
        {":".join(str(id) if is_id(part) else word if part[0] == "<" else part for part in shape) for word in words}
    )


def test_every_prefix_has_a_shape() -> None:
    """What is read from the code is all of it."""
    assert {shape[0] for shape in SHAPES} == set(PREFIXES)
    assert len(WITH_IDS) > 60


def lasting(hers: Rows) -> Rows:
    """What is Mira's, but for what is talked about just now: a list that is shown instead of what is not there."""
    person = dict(hers["person"][0], pending=None)
    return {**{table: found for table, found in hers.items() if table != "asking"}, "person": [person]}


@pytest.mark.parametrize("steps", STATES.values(), ids=STATES)
async def test_ids_of_somebody_else(tmp_path: Path, steps: tuple[str, ...]) -> None:
    """With an id of his in any button she is answered, word for word, as with one that nobody ever had, and as if he
    had never been; and nothing changes in either journal."""
    async with worlds(tmp_path, steps) as (alone, beside):
        _turn, hers, his = await beside.presses("nonsense")
        theirs = [max(row["id"] for row in his[table]) for table in KINDS]
        assert min(theirs) > AHEAD
        for shape in WITH_IDS:
            forged = actions(shape, NOBODYS)
            for number, nobodys in enumerate(forged):
                said, *_rows = await alone.presses(nobodys)
                for id in theirs if len(forged) == 1 else theirs[:1]:
                    action = actions(shape, id)[number]
                    turn, then, others = await beside.presses(action)
                    assert (turn, others) == (said, his), action
                    assert lasting(then) == lasting(hers), action


NUMBERS = st.integers(0, 40) | st.integers(AHEAD, AHEAD + 40)
PART = st.sampled_from(VERBS) | st.sampled_from(ODD) | NUMBERS.map(str)
ACTION = st.builds(
    lambda name, parts: ":".join((name, *parts))[:64], st.sampled_from(PREFIXES), st.lists(PART, max_size=6)
)
SHAPED = st.sampled_from(SHAPES).flatmap(
    lambda shape: st.tuples(*(PART if part[0] == "<" else st.just(part) | PART for part in shape[1:])).map(
        lambda parts: ":".join((shape[0], *parts))[:64]
    )
)


@settings(max_examples=5)
@given(st.lists(ACTION | SHAPED, min_size=150, max_size=150), st.sampled_from(sorted(STATES)))
def test_whatever_a_button_claims(forged: list[str], state: str) -> None:
    """Whatever parts an action has, too few, too many, huge, negative or no numbers at all: what she is answered
    doesn't depend on whether he is there, and nothing of his changes."""

    async def press() -> None:
        with TemporaryDirectory() as folder:
            async with worlds(Path(folder), STATES[state]) as (alone, beside):
                _turn, _hers, his = await beside.presses("nonsense")
                for action in forged:
                    turn, hers, others = await beside.presses(action)
                    assert others == his, action
                    assert (turn, hers) == (await alone.presses(action))[:2], action

    asyncio.run(press())
