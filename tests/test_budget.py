"""What may be spent on a language model: so many calls of one person's a day, and of all together."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.domain import Brief, DraftBrief, DraftProposal, File, Proposal, Sender
from bot.engine import unwatched
from bot.errands import EVERYBODY, Errands
from bot.files import Files
from bot.journal import Journal
from bot.replica import Alone
from bot.store import open_store

NOW = datetime(2026, 11, 9, 23, 59, tzinfo=UTC)
BRIEF = DraftBrief(text="New kitchen", themes=("bees",), remark="It announces.", question="For whom?")
PROPOSAL = DraftProposal(theme=None, remark="It announces.", question="For whom?")


class Costly:
    """A language model that makes one call for each proposal."""

    deadline = timedelta(seconds=5)
    calls_each = 3
    calls = 5

    async def propose(self, brief: Brief, may_call: Callable[[], Awaitable[bool]]) -> Proposal | None:
        assert brief == BRIEF
        return PROPOSAL if await may_call() else None


class Nobody:
    async def fetch(self, file: File, to: Path) -> None:
        raise AssertionError


class Purse:
    """Errands with a budget, for people 1 to 9, and what was spent."""

    def __init__(self, folder: Path) -> None:
        self.file, self.now = folder / "tenfold.db", NOW
        self.store = open_store(f"sqlite:///{self.file}")
        self.errands = Errands(
            self.store,
            Nobody(),
            Files(folder / "media"),
            model=Costly(),
            duty=Alone(),
            bring=lambda _person, _upload: None,
            clock=lambda: self.now,
            probe=unwatched,
        )

    async def asks(self, *people: int) -> list[int]:
        """All of *people* at once have the model asked; those for whom it was."""
        found = await asyncio.gather(*(self.errands.propose(person, BRIEF) for person in people))
        return [person for person, proposal in zip(people, found, strict=True) if proposal]

    def spent(self) -> dict[int, int]:
        with closing(sqlite3.connect(self.file)) as raw:
            return dict(raw.execute("SELECT whose, calls FROM spent WHERE day = ?", (f"{self.now:%Y-%m-%d}",)))


@pytest.fixture
async def purse(tmp_path: Path) -> AsyncIterator[Purse]:
    opened = Purse(tmp_path)
    for person in range(1, 10):
        await opened.store.transact(
            lambda tx, person=person: Journal(tx, Sender(person=person, chat=person), NOW).save()  # type: ignore[misc]  # mypy doesn't infer a lambda's defaults
        )
    yield opened
    await opened.store.close()


async def test_one_persons_budget(purse: Purse) -> None:
    """However many are asked for at once, only so many are made; another's are still there."""
    assert await purse.asks(*[1] * 8) == [1, 1, 1]
    assert purse.spent() == {1: 3, EVERYBODY: 3}
    assert await purse.asks(2) == [2]


async def test_everybodys_budget(purse: Purse) -> None:
    """When nothing is left for all together, nothing of one person's is spent either."""
    assert len(await purse.asks(*range(1, 10))) == 5
    spent = purse.spent()
    assert spent.pop(EVERYBODY) == 5
    assert list(spent.values()) == [1] * 5


async def test_a_new_day(purse: Purse) -> None:
    """With the day (UTC) the budget is new."""
    assert len(await purse.asks(*[1] * 4)) == 3
    purse.now += timedelta(minutes=1)
    assert await purse.asks(1) == [1]


async def test_somebody_who_is_gone(purse: Purse) -> None:
    """For whoever had everything erased nothing is asked, and nothing of them is written."""
    assert await purse.asks(77) == []
    assert purse.spent() == {}
