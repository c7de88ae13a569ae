"""`/admin`: the owner hears how the bot is doing, on one screen and in counts; for others there is no such thing."""

import logging
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.census import Stumbles
from bot.dialogue import Dialogue
from bot.dialogue.talk import House
from bot.domain import Brief, Counted, Figures, Proposal, Sender
from bot.journal import Journal
from bot.store import stamp
from tests.botapi import BotApi
from tests.conversation import START, WORDS, Scene, Somebody, scene, text_of
from tests.running import Bot, heard, met

OWNER = 1
UNKNOWN = "I don't know that one. /help lists what I do."


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Scene]:
    """A bot with an owner, on an empty database."""
    async with scene(tmp_path / "tenfold.db", owner=OWNER) as opened:
        yield opened


@pytest.fixture
def owner(stage: Scene) -> Somebody:
    """Whoever runs the bot."""
    return stage.person(OWNER, "Otto")


async def change(stage: Scene, sql: str, *parameters: object) -> None:
    """Write straight into the database."""
    await stage.engine._store.transact(lambda tx: tx.raw.execute(sql, parameters))  # type: ignore[attr-defined]


async def test_the_first_day(owner: Somebody) -> None:
    """With nobody there it says so; the owner need not have met it, and nothing is begun by asking."""
    told = text_of(await owner.says("/admin"))
    assert told.splitlines() == [
        "I'm there for nobody yet. Besides: 1 still meeting me.",
        "Check-ins: 0 due now, 0 in the next seven days, 0 done in the last seven.",
        "Nothing waits.",
        "I haven't stumbled since I started.",
        "I'm Tenfold 1.2 on SQLite, just woken up.",
    ]


async def test_how_it_goes(stage: Scene, owner: Somebody, mira: Somebody) -> None:
    """People by what became of them, check-ins that were done and are to come, and for how long it has been awake."""
    await mira.talks(("/checkin one", ""), ("fed Ana's bees", ""), ("that's all", ""))
    for person in range(20, 23):
        await stage.person(person).says("/start")
    await change(stage, "UPDATE person SET state = 'silent' WHERE id = 21")
    await change(stage, "UPDATE person SET state = 'blocked' WHERE id = 22")
    await stage.person(-5).writes_in_group(-5)
    await stage.later(hours=3)
    told = text_of(await owner.says("/admin"))
    assert (
        "I'm there for one person. Besides: 2 still meeting me, 1 gone silent, 1 who blocked me, 1 turned away." in told
    )
    assert "Check-ins: 0 due now, 1 in the next seven days, 1 done in the last seven." in told
    assert "awake for 3 hours" in told
    await stage.later(days=3, minutes=90)  # it isn't ticked at a moment of its own
    assert "awake for 3 days" in text_of(await owner.says("/admin"))


async def test_what_waits(stage: Scene, owner: Somebody, mira: Somebody) -> None:
    """What is still to be read, to be sent, to be asked, and what was set aside."""
    for id, state in enumerate(("new", "new", "aside"), 1000):
        await change(
            stage,
            "INSERT INTO inbox (id, place, received_at, payload, state) VALUES (?, ?, ?, '{}', ?)",
            *(id, id, stamp(START), state),
        )
    await change(stage, "UPDATE outbox SET state = 'waiting' WHERE person = 7 AND id = (SELECT MIN(id) FROM outbox)")
    await change(stage, "UPDATE outbox SET state = 'aside' WHERE person = 7 AND id = (SELECT MAX(id) FROM outbox)")
    await change(stage, "UPDATE due SET at = ? WHERE kind = 'check-in'", stamp(START - timedelta(minutes=1)))
    told = text_of(await owner.says("/admin"))
    assert "1 due now" in told
    assert "Waiting: 2 to be read, 1 to be sent." in told
    assert "Set aside: 1 that I couldn't take in, 1 that couldn't be sent." in told


@pytest.mark.parametrize("said", ["/admin", "/ADMIN", "/admin now"])
async def test_nobody_else(mira: Somebody, stranger: Somebody, said: str) -> None:
    """Whoever isn't the owner hears what they hear of any command that isn't there; nor is it spoken of anywhere."""
    assert text_of(await mira.says(said)) == text_of(await mira.says("/nonsense")) == UNKNOWN
    for asked in ("/help", "/privacy"):
        assert "admin" not in text_of(await mira.says(asked))


async def test_without_an_owner(tmp_path: Path) -> None:
    """Where no owner is set nobody is it, whoever it may be."""
    async with scene(tmp_path / "tenfold.db") as stage:
        for person in (1, 7):
            assert text_of(await stage.person(person).says("/admin")) == UNKNOWN


async def test_as_a_word(owner: Somebody, mira: Somebody) -> None:
    """Without its stroke it is a word like others, also of the owner's."""
    await mira.talks(("admin", "[A good turn]"))
    assert "Tenfold 1.2" not in text_of(await owner.says("admin"))


async def test_an_owner_who_is_not_on_the_list(tmp_path: Path) -> None:
    """Whoever runs the bot may always use it."""
    async with scene(tmp_path / "tenfold.db", allowed=frozenset({7}), owner=OWNER) as stage:
        assert "Tenfold 1.2" in text_of(await stage.person(OWNER).says("/admin"))
        assert "a few people only" in text_of(await stage.person(8).says("/admin"))


async def test_nothing_is_disturbed(stage: Scene) -> None:
    """The owner is a person like any other: what was asked of them is still asked."""
    otto = stage.person(OWNER, "Otto")
    await otto.talks(("/start", ""), ("bees", ""), ("porto", ""), ("/goodturn", "Tell me"))
    before = await otto.journal(lambda journal: journal.person.pending)
    await otto.talks(("/admin", "I'm there for one person."))
    assert await otto.journal(lambda journal: journal.person.pending) == before
    await otto.talks(("drove Sam to the dentist", "Kept: Sam."))


async def test_an_owner_who_left_meanwhile(stage: Scene, owner: Somebody) -> None:
    """Figures for somebody who had everything erased in between begin no journal."""
    await owner.says("/admin")
    await change(stage, "DELETE FROM person WHERE id = ?", OWNER)
    await stage.engine._count(owner.sender)
    await stage.engine.settle()
    assert owner.hears() == []
    assert await stage.engine._store.read(lambda tx: tx.all("count_people")) == []


class Model:
    """A language model of which a few calls were made."""

    deadline = timedelta(seconds=5)
    calls, calls_each = 1000, 6

    async def propose(self, _brief: Brief, _may_call: object) -> Proposal | None:
        return None

    async def close(self) -> None:
        pass


async def test_what_the_model_costs(tmp_path: Path) -> None:
    """With a language model: how many calls of how many were made today."""
    async with scene(tmp_path / "tenfold.db", owner=OWNER, language_model=Model()) as stage:  # type: ignore[arg-type]
        for whose, day, calls in ((0, "2026-11-09", 12), (7, "2026-11-09", 5), (0, "2026-11-08", 99)):
            await change(stage, "INSERT INTO spent VALUES (?, ?, ?)", whose, day, calls)
        assert "The language model: 12 of 1,000 calls today." in text_of(await stage.person(OWNER).says("/admin"))


# Errors


async def test_errors_by_kind(stage: Scene, owner: Somebody) -> None:
    """What was logged as an error since the start, by its type alone; where none has one, by where it was told."""
    log = logging.getLogger("bot.anywhere")
    for number in range(1200):
        try:
            raise ValueError(f"canary {number}")
        except ValueError:
            log.exception("canary of %s", "canary")
    log.error("canary again")
    log.warning("canary, but not so bad")
    told = text_of(await owner.says("/admin"))
    assert "Since I started I stumbled: ValueError 1,200×, test_admin 1×. The log says where." in told
    assert "canary" not in told
    await stage.restart()
    assert "I haven't stumbled since I started." in text_of(await owner.says("/admin"))


def test_a_log_line_is_never_put_together() -> None:
    """What is counted is the type: a line that can't even be formatted counts as well."""
    stumbles = Stumbles()
    stumbles.handle(logging.LogRecord("bot", logging.ERROR, "/a/place.py", 1, "%d", ("canary",), None))
    assert stumbles.kinds == {"place": 1}


def test_one_screen() -> None:
    """With very many people and everything wrong it still fits a phone: a dozen lines of forty letters."""
    figures = Figures(
        people=dict.fromkeys(("here", "new", "silent", "blocked", "apart"), 1_234_567),
        due=1_234_567,
        planned=1_234_567,
        done=1_234_567,
        unread=1_234_567,
        unsent=1_234_567,
        aside=(1_234_567, 1_234_567),
        stumbled={f"QuiteSomeException{number}": 1_234_567 for number in range(30)},
        since=START - timedelta(days=1234),
        calls=1_234_567,
        budget=1_234_567,
    )
    assert len(say(figures)) <= 750


def say(figures: Figures) -> str:
    """*figures* in words."""
    house = House(owner=OWNER, version="0.1.0", database="PostgreSQL")

    class Nothing:
        def one(self, _query: str, **_parameters: object) -> None:
            return None

        def all(self, _query: str, **_parameters: object) -> list[object]:
            return []

        def run(self, _query: str, **_parameters: object) -> int:
            return 0

    journal = Journal(Nothing(), Sender(person=OWNER, chat=OWNER), START)  # type: ignore[arg-type]
    turn = Dialogue(WORDS, house=house)(Counted(figures=figures), journal, START)
    told = [reply.text for reply in turn.replies]
    assert len(told) == 1
    return told[0]


def test_in_telegram(bot: Bot, telegram: BotApi) -> None:
    """The real process tells its owner, and the log, which is read in the end, holds nothing that was said."""
    otto, mira = telegram.person(OWNER, "Otto"), telegram.person(7, "Mira")
    bot.set(OWNER_ID=OWNER)
    bot.start()
    met(mira)
    mira.says("/admin")
    assert heard(mira, "I don't know that one.").text == UNKNOWN
    otto.says("/admin")
    assert "I'm there for one person." in heard(otto, "I'm Tenfold ").text
