"""The story over time: what the weeks add up to, in a picture and a few sentences, and a year in one's own words."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.conversation import Scene, Somebody, scene
from tests.year import MIRA, START, Heard, Life, Presses, Says, Waits, life


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Scene]:
    async with scene(tmp_path / "tenfold.db", START) as opened:
        yield opened


@pytest.fixture
def mira(stage: Scene) -> Somebody:
    return stage.person(7)


async def lives(somebody: Somebody, living: Life) -> None:
    """Let *somebody* live that life."""
    heard: list[Heard] = []
    move = next(living)
    while True:
        match move:
            case Waits(until=at):
                await somebody.scene.until(max(at, somebody.scene.clock.at))
                came = somebody.hears()
            case Presses(label=label):
                came = await somebody.presses(label)
            case Says(text=text):
                came = await somebody.says(text)
        heard = [Heard(each.text, tuple(each.labels)) for each in came]
        try:
            move = living.send(heard)
        except StopIteration:
            return


async def test_a_year(mira: Somebody) -> None:
    await lives(mira, life(MIRA))
    for words in ("/story", "/story 26", "/story 52", "/story sourdough", "/story year"):
        for each in await mira.says(words):
            print(each.text, each.labels)
            print()
    from bot.channels.drawing import drawn
    from bot.story import Story

    for each in mira.scene.room.pictures:
        if isinstance(each, Story):
            print("\n".join(line.plain for line in drawn(each)))
            print()
        else:
            print(each)
