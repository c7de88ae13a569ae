"""`/erase`: typed, done, said, and then silence."""

from datetime import timedelta

import pytest

from tests.conversation import Scene, Somebody, text_of

pytestmark = pytest.mark.both_stores


async def rows(scene: Scene, person: int) -> int:
    """How many rows of any kind are there of *person*."""
    database = scene.database
    owned = [(name, "id" if name == "person" else "person") for name in database.tables()]
    has = [(name, column) for name, column in owned if column in database.columns(name)]
    return sum(len(database.rows(f"SELECT * FROM {name} WHERE {column} = ?", person)) for name, column in has)


async def test_everything_is_gone(mira: Somebody) -> None:
    """Confirmed by typing; a farewell; nothing left; and silence from then on, until they begin anew."""
    other = mira.scene.person(8, "Tom")
    await other.talks(("/start", "Hello"), ("bees", "city"), ("porto", "No need"))
    await mira.says("/goodturn covered for Joana")
    await mira.talks(
        (
            "/erase",
            "every word, name, theme and file",
            "/export",
            "If you're sure, write: erase everything",
            "[Keep everything]",
        ),
        ("Erase everything!", "Everything of yours is gone.", "Be well."),
    )
    assert await rows(mira.scene, 7) == 0
    before = await rows(mira.scene, 8)
    await mira.scene.later(days=15)
    assert not mira.hears()
    assert await rows(mira.scene, 7) == 0
    assert await rows(mira.scene, 8) > before
    await mira.talks(("/history", "Nothing in your journal yet"), ("/start", "Hello. Once a week"))


@pytest.mark.parametrize("said", ["no", "[Keep everything]", "/cancel", "later"])
async def test_thinking_better_of_it(mira: Somebody, said: str) -> None:
    """Nothing is erased by anything but the words."""
    await mira.says("/goodturn covered for Joana")
    await mira.says("delete everything")
    await mira.scene.restart()
    heard = await (mira.presses(said[1:-1]) if said.startswith("[") else mira.says(said))
    assert "stays as it is" in text_of(heard)
    await mira.talks(("/history", "covered for Joana"))
    assert not await mira.presses("Keep everything")


async def test_other_words_erase_nothing(mira: Somebody) -> None:
    """What is said instead is answered as ever, after a word that nothing is erased."""
    await mira.says("/checkin")
    await mira.says("/erase")
    await mira.talks(
        ("drove Tom home", "Nothing is erased.", "Kept: Tom."),
        ("erase everything", "There is no way back."),  # asked for anew, not done
        ("[Keep everything]", "Everything stays as it is.", "[That's all]"),
    )


async def test_erased_in_the_middle_of_the_meeting(stranger: Somebody) -> None:
    """It works in every state, the very first included."""
    await stranger.says("/start")
    await stranger.talks(("/erase", "no way back"), ("erase everything", "is gone"))
    assert await rows(stranger.scene, 7) == 0


async def test_erased_while_quiet_and_due(mira: Somebody) -> None:
    """What was planned for them falls due for nobody."""
    await mira.says("/checkin")
    await mira.presses("Later")
    await mira.talks(("/erase", "no way back"), ("erase everything", "is gone"))
    mira.scene.clock.at += timedelta(days=40)
    await mira.scene.until(mira.scene.clock.at)
    assert not mira.hears()
