"""What every test can ask for."""

import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.botapi import BotApi
from tests.conversation import Scene, Somebody, scene
from tests.modelapi import ModelServer
from tests.running import TOKEN, Bot

# Machines are shared and slow at times: how long an example takes says nothing. Where a change is judged the examples
# are the same every time; everywhere else they are new ones, and what they find becomes a test.
settings.register_profile(
    "tenfold", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize="CI" in os.environ
)
settings.load_profile("tenfold")


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


@pytest.fixture(scope="module")
def telegram() -> Iterator[BotApi]:
    """A stand-in for Telegram."""
    with BotApi(token=TOKEN) as api:
        yield api


@pytest.fixture
def bot(telegram: BotApi, tmp_path: Path) -> Iterator[Bot]:
    """A bot that isn't started yet, on an empty database."""
    with Bot(telegram, tmp_path) as bot:
        yield bot
    telegram.empty()


@pytest.fixture(scope="module")
def model_process() -> Iterator[ModelServer]:
    """The process behind `model_server`."""
    with ModelServer() as server:
        yield server


@pytest.fixture
def model_server(model_process: ModelServer) -> ModelServer:
    """A stand-in for a language model's server, with nothing arranged yet."""
    model_process.empty()
    return model_process
