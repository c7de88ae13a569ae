"""What every test can ask for."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.conversation import Scene, Somebody, scene


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Scene]:
    """A bot on an empty database, on a Monday evening."""
    async with scene(tmp_path / "tenfold.db") as opened:
        yield opened


@pytest.fixture
def stranger(stage: Scene) -> Somebody:
    """Somebody who never wrote."""
    return stage.person(7, "Mira")


@pytest.fixture
async def mira(stranger: Somebody) -> Somebody:
    """Somebody who has been through the first meeting: sourdough, in Porto, Fridays about four."""
    await stranger.talks(
        ("/start", "Hello."),
        ("sourdough, being patient with new nurses", "In which city?"),
        ("porto", "No need to wait"),
    )
    return stranger
