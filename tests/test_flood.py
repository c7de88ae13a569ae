"""Who writes too much is told so once, and nothing beyond it is stored; "stop" and /erase are heard all the same."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue import is_urgent
from bot.domain import Blocked, Edited, Event, Incoming, Pressed, Said, Sender, Sent, TooMuch
from bot.flood import MINUTE, Flood
from tests.botapi import BotApi
from tests.conversation import Scene, Somebody, scene, text_of
from tests.running import Bot, heard, met, until

NOW = datetime(2026, 11, 9, 18, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def from_(person: int, event: Event | None = None) -> Incoming:
    """*event*, or some words, of *person*."""
    return Incoming(sender=Sender(person=person, chat=person), event=event or Said(text="hello"))


def urgent(incoming: Incoming) -> bool:
    return isinstance(incoming.event, Said) and incoming.event.text == "stop"


STOP = from_(7, Said(text="stop"))


def test_up_to_the_limit() -> None:
    """So many are kept; at the next they are told, and after that it is quiet until a minute has gone by."""
    flood = Flood(3)
    assert [flood.weigh(id, from_(7), NOW + id * SECOND) for id in range(6)] == [*["keep"] * 3, "tell", "drop", "drop"]
    told = NOW + 3 * SECOND
    assert flood.weigh(6, from_(7), told + MINUTE - SECOND) == "drop"
    assert [flood.weigh(7 + id, from_(7), told + MINUTE) for id in range(4)] == [*["keep"] * 3, "tell"]


def test_each_person_for_themselves() -> None:
    """Nobody is held back by what another writes."""
    flood = Flood(1)
    assert [flood.weigh(id, from_(person), NOW) for id, person in enumerate((7, 7, 8, 8))] == ["keep", "tell"] * 2


def test_no_limit() -> None:
    """With 0 everything is kept."""
    assert {Flood(0).weigh(id, from_(7), NOW) for id in range(1000)} == {"keep"}


def test_what_is_spread_over_several_processes() -> None:
    """By webhook any process may receive anything, so each takes in its part; where one polls, it has the whole."""
    for spread, kept in ((True, 2), (False, 5)):
        flood = Flood(5, spread=spread)
        flood.share(3)
        assert [flood.weigh(id, from_(7), NOW) for id in range(6)].count("keep") == kept


def test_what_is_urgent_is_heard() -> None:
    """Up to twice the limit; and that is the end of it."""
    flood = Flood(2, urgent)
    assert [flood.weigh(id, from_(7), NOW) for id in range(4)] == ["keep", "keep", "tell", "drop"]
    assert [flood.weigh(10 + id, STOP, NOW) for id in range(3)] == ["keep", "keep", "drop"]


def test_nothing_but_what_is_urgent() -> None:
    """Who floods with commands alone is told as well."""
    flood = Flood(2, urgent)
    assert [flood.weigh(id, STOP, NOW) for id in range(6)] == [*["keep"] * 4, "tell", "drop"]


def test_an_album_is_one_message() -> None:
    """Ten photos in one go are one message; an album that came too late is left out whole."""
    flood, ids = Flood(2), count()

    def album(name: str) -> list[str]:
        photo = from_(7, Sent(kind="photo", album=name))
        return [flood.weigh(next(ids), photo, NOW) for _photo in range(10)]

    assert [album(name) for name in "abc"] == [["keep"] * 10, ["keep"] * 10, ["tell", *["drop"] * 9]]


def test_what_comes_again_is_judged_as_it_was() -> None:
    """An update that could not be stored comes again, and doesn't count twice; so does the one at which they are
    told."""
    flood = Flood(2)
    first = [flood.weigh(id, from_(7), NOW) for id in range(4)]
    assert [flood.weigh(id, from_(7), NOW + SECOND) for id in range(4)] == first == ["keep", "keep", "tell", "drop"]


def test_a_clock_that_is_set_back() -> None:
    """Nobody waits for the clock to catch up."""
    flood = Flood(1)
    assert [flood.weigh(id, from_(7), NOW) for id in range(2)] == ["keep", "tell"]
    assert flood.weigh(2, from_(7), NOW - timedelta(days=1)) == "keep"


def test_memory_is_bounded() -> None:
    """Of whoever hasn't written for a minute nothing is remembered, however many there were."""
    flood = Flood(60)
    for person in range(50_000):
        flood.weigh(person, from_(person), NOW + person * SECOND / 10)
    assert len(flood._people) < 4000


GAPS = st.integers(0, 40) | st.just(61)


@given(st.lists(st.tuples(st.integers(7, 8), GAPS, st.booleans()), max_size=80), st.integers(1, 5))
def test_in_no_minute_more(steps: list[tuple[int, int, bool]], limit: int) -> None:
    """However somebody spreads what they write: in no minute is more than the limit kept of the ordinary, more than
    twice the limit in all, or more than one thing said; nothing is dropped before they were told."""
    flood, now, found = Flood(limit, urgent), NOW, []
    for id, (person, gap, stops) in enumerate(steps):
        now += gap * SECOND
        incoming = Incoming(sender=Sender(person=person, chat=person), event=Said(text="stop" if stops else "x"))
        found.append((person, now, stops, flood.weigh(id, incoming, now)))
    for person in (7, 8):
        theirs = [each[1:] for each in found if each[0] == person]
        for start, *_rest in theirs:
            minute = [each for each in theirs if start <= each[0] < start + MINUTE]
            kept = [each for each in minute if each[2] == "keep"]
            assert len(kept) <= 2 * limit
            assert sum(not each[1] for each in kept) <= limit
            assert sum(each[2] == "tell" for each in minute) <= 1
        for at, _urgent, verdict in theirs:
            if verdict == "drop":
                assert any(each[2] == "tell" and at - MINUTE < each[0] <= at for each in theirs)


@pytest.mark.parametrize(
    "event",
    [
        Said(text="/erase"),
        Said(text="Erase everything"),
        Said(text="/pause till january"),
        Said(text="STOP"),
        Said(text="leave me alone"),
        Pressed(action="erase:keep"),
        Pressed(action="quiet:back"),
        Blocked(),
    ],
)
def test_what_is_urgent(event: Event) -> None:
    """Commands, quiet and erasing."""
    assert is_urgent(from_(7, event))


@pytest.mark.parametrize(
    "event",
    [
        Said(text="gave Rui a lift"),
        Said(text="/erase", forwarded="Rui"),
        Edited(text="/erase", message=5),
        Pressed(action="history:older:5"),
        Sent(kind="photo", caption="stop"),
    ],
)
def test_what_is_not_urgent(event: Event) -> None:
    """Anything else, also a command that is somebody else's."""
    assert not is_urgent(from_(7, event))


# In conversation


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Scene]:
    """A bot that takes in five messages a minute."""
    async with scene(tmp_path / "tenfold.db", messages_per_minute=5) as opened:
        yield opened


def inbox(stage: Scene) -> list[tuple[str | None, str]]:
    return stage.database.rows("SELECT payload, state FROM inbox ORDER BY place")


async def floods(somebody: Somebody, words: str, times: int) -> str:
    """Everything *somebody* hears who writes *words* so many times."""
    return "\n".join([text_of(await somebody.says(f"{words} {number}")) for number in range(1, times + 1)])


async def test_too_much_at_once(mira: Somebody) -> None:
    """What is kept is kept, they hear as far as what, once; after a minute all is as ever."""
    await mira.scene.later(minutes=1)
    said = await floods(mira, "fed the bees", 20)
    assert said.count("That's a lot at once") == 1
    assert "I've kept it as far as “fed the bees 5”, and nothing after that." in said
    told = await mira.journal(lambda journal: [each.text for each in journal.written(50)])
    assert told[:5] == [f"fed the bees {number}" for number in (5, 4, 3, 2, 1)]
    await mira.scene.later(minutes=1)
    await mira.says("fed the bees at last")
    assert "fed the bees at last" in await mira.journal(lambda journal: [each.text for each in journal.written(1)])
    assert all(payload is None for payload, _state in inbox(mira.scene))


async def test_nothing_is_disturbed(mira: Somebody) -> None:
    """Whatever was asked is still asked, and whatever was planned is."""
    await mira.scene.later(minutes=1)
    await mira.talks(("/goodturn", "Tell me"))
    before = await mira.journal(lambda journal: (journal.person.pending, journal.planned("check-in")))
    for _press in range(20):
        await mira.presses_action("nonsense")
    assert await mira.journal(lambda journal: (journal.person.pending, journal.planned("check-in"))) == before
    await mira.scene.later(minutes=1)
    await mira.talks(("drove Sam to the dentist", "Kept: Sam."))


async def test_a_hard_moment_is_not_quoted(mira: Somebody) -> None:
    """What was hard to write isn't held up to anybody."""
    await mira.scene.later(minutes=1)
    said = await floods(mira, "my dad died last night, I can't stop crying", 8)
    assert "What came first is kept; the rest isn't." in said


async def test_somebody_new(stranger: Somebody) -> None:
    """Who floods before they have met is told as well, once."""
    said = await floods(stranger, "hello hello", 20)
    assert said.count("That's a lot at once") == 1
    assert len(inbox(stranger.scene)) == 6


async def test_quiet_in_a_flood(mira: Somebody) -> None:
    """Also then "stop" is heard at once."""
    await mira.scene.later(minutes=1)
    await floods(mira, "fed the bees", 10)
    await mira.talks(("STOP", "All right, I'll be quiet until you call."))


async def test_erasing_in_a_flood(mira: Somebody) -> None:
    """Also then everything is erased, once they have typed that they mean it; what waits is not said after that."""
    await mira.scene.later(minutes=1)
    await floods(mira, "fed the bees", 10)
    await mira.talks(("/erase", "There is no way back."), ("erase everything", "Everything of yours is gone."))
    assert mira.scene.database.rows("SELECT COUNT(*) FROM person") == [(0,)]


async def test_a_flood_in_a_group(stage: Scene) -> None:
    """A group hears the one line that every group hears, and nothing more."""
    group = stage.person(-5)
    said = [text_of(await group.writes_in_group(-5)) for _message in range(20)]
    assert [line for line in said if line] == ["I'm better company in private. Write to me there."]


async def test_a_flood_of_somebody_who_is_not_on_the_list(tmp_path: Path) -> None:
    """They hear the one line that everybody hears who isn't, and nothing more."""
    async with scene(tmp_path / "tenfold.db", allowed=frozenset({1}), messages_per_minute=5) as stage:
        said = await floods(stage.person(7), "hello", 20)
    assert said.strip().count("\n") == 0
    assert "for a few people only" in said


# The real process


def test_they_are_told_though_it_dies(bot: Bot, telegram: BotApi) -> None:
    """Killed as soon as Telegram may forget what was too much: after the next start they are told all the same, once,
    behind the answers to what was kept."""
    mira = telegram.person(7, "Mira")
    bot.start()
    met(mira)
    bot.settles()
    bot.stop()
    for number in range(8):
        mira.says(f"canary bees {number}")
    bot.set(MESSAGES_PER_MINUTE=5)
    bot.start("committed", 1, wait=False)
    bot.dies()
    bot.start()
    told = heard(mira, "That's a lot at once")
    assert "as far as “canary bees 4”" in told.text
    bot.settles()
    assert [text for text in bot.answers(mira) if "bees" in text] == [f"canary bees {number}" for number in range(5)]
    assert until(lambda: bot.rows("SELECT COUNT(*) FROM inbox WHERE payload IS NOT NULL") == [(0,)], "no payload")


async def test_two_processes_notice(mira: Somebody) -> None:
    """Each process that takes in too much notes that; their person is told once all the same."""
    [told] = await mira.does(TooMuch())
    assert "a lot at once" in told.text
    assert await mira.does(TooMuch()) == []
    await mira.scene.later(minutes=2)
    assert len(await mira.does(TooMuch())) == 1
