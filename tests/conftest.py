"""What every test can ask for."""

import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests import databases
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


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--store",
        choices=databases.KINDS,
        help="the kind of database that all tests run on; without it: SQLite, and some of them on PostgreSQL as well",
    )


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "both_stores: runs on both kinds of database, if it uses one that has a kind")
    config.addinivalue_line("markers", "sqlite_alone: runs on SQLite in any case: it is about its files, or too slow")
    if kind := config.getoption("--store"):
        databases.be(kind)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """What is marked `both_stores` runs once for each kind of database, unless the option says otherwise."""
    marked = metafunc.definition.get_closest_marker
    both = marked("both_stores") and not marked("sqlite_alone") and not metafunc.config.getoption("--store")
    if both and "database_kind" in metafunc.fixturenames:
        metafunc.parametrize("database_kind", databases.KINDS, indirect=True)


@pytest.fixture(autouse=True)
def usual_kind(request: pytest.FixtureRequest) -> Iterator[str]:
    """The kind of databases of a test that doesn't ask; every one is gone with its test."""
    kind = "sqlite" if request.node.get_closest_marker("sqlite_alone") else databases.usual()
    with databases.of(kind):
        yield kind


@pytest.fixture
def database_kind(request: pytest.FixtureRequest, usual_kind: str) -> Iterator[str]:
    """The kind of this test's databases."""
    kind = getattr(request, "param", usual_kind)
    with databases.of(kind):
        yield kind


@pytest.fixture
async def stage(database_kind: str, tmp_path: Path) -> AsyncIterator[Scene]:
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
def bot(database_kind: str, telegram: BotApi, tmp_path: Path) -> Iterator[Bot]:
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
