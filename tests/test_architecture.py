"""The floors of the house: imports point down only, and each thing is at home in one place.

It reads the code and runs none of it, so an import inside a function counts like any other.
"""

import ast
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parent.parent

FLOORS = (
    ("__main__",),
    ("cli",),
    ("app", "doctor"),
    ("channels",),
    ("engine",),
    ("delivery", "errands", "health", "census"),
    ("importing",),
    ("export",),
    ("dialogue",),
    ("picture",),
    ("story",),
    ("journal", "suggest"),
    ("schedule", "understand", "cities", "words", "pace", "flood", "settings", "logs", "files"),
    ("replica",),
    ("store",),
    ("domain", "text", "errors", "metrics"),
)
"""From top to bottom. A module or package imports only from floors below its own."""

HOMES = {
    "sqlite3": {"bot.store", "bot.cities", "bot.doctor"},  # the cities are a file to read, and the doctor looks
    "sqlite_utils": {"bot.store"},
    "psycopg": {"bot.store"},
    "filelock": {"bot.store", "bot.files", "bot.doctor"},
    "telegram": {"bot.channels"},
    "aiohttp": {"bot.channels"},
    "prompt_toolkit": {"bot.channels"},
    "rich": {"bot.channels"},
    "tzfpy": {"bot.channels"},
    "click": {"bot.cli"},
    "apscheduler": {"bot.app"},
    "uvloop": {"bot.app"},
    "prometheus_client": {"bot.metrics"},
    "dotenv": {"bot.settings"},
    "rapidfuzz": {"bot.understand"},
    "openai": {"bot.suggest"},
    "httpx2": {"bot.suggest"},
    "pydantic": {"bot.suggest", "bot.importing"},  # what comes from outside is checked by it
    "tzdata": {"bot.schedule"},
    "gettext": {"bot.words"},
    "resvg_py": {"bot.picture"},
    "uharfbuzz": {"bot.picture"},
    "Stemmer": {"bot.understand"},
    "structlog": {"bot.logs"},
}
"""Where a library is used, and nowhere else: the rest of the code wouldn't notice if it were another one."""

BUILT_IN = {
    "Engine": {"bot.app"},
    "Delivery": {"bot.engine"},
    "Journal": {"bot.engine", "bot.errands"},
    "open_store": {"bot.app"},
    "SQLiteStore": {"bot.store", "bot.store.move"},
    "DailyBackup": {"bot.app"},
    "Dialogue": {"bot.app"},
    "TelegramChannel": {"bot.app", "bot.doctor"},
    "LanguageModel": {"bot.app", "bot.doctor"},
    "Prometheus": {"bot.app"},
    "Health": {"bot.app"},
    "Webhook": {"bot.app"},
    "Webserver": {"bot.app"},
    "TerminalChannel": {"bot.app"},
}
"""Who builds what. Everybody else is given it."""

PURE = (
    *("domain", "text", "errors", "schedule", "understand", "pace", "flood"),
    *("journal", "dialogue", "suggest", "story"),
)
"""Where time is an argument, and nothing is read from a clock, the environment or a network."""

IMPURE = {
    "os.environ", "os.getenv", "time.time", "time.monotonic", "time.sleep", "datetime.now", "datetime.utcnow",
    "datetime.today", "date.today", "open", "print", "input",
}  # fmt: skip


class Import(NamedTuple):
    """One import: the *module* it is in, what it *takes*, and where."""

    module: str
    takes: str
    line: int


@cache
def modules() -> dict[str, ast.Module]:
    """Every module of bot/ by its full name."""
    found = {}
    for file in sorted((ROOT / "bot").rglob("*.py")):
        parts = file.relative_to(ROOT).with_suffix("").parts
        found[".".join(parts).removesuffix(".__init__")] = ast.parse(file.read_text("utf-8"))
    return found


def imports(name: str) -> Iterator[Import]:
    """All that the module *name* imports, wherever in it; of `bot` itself, each thing taken from it."""
    for node in ast.walk(modules()[name]):
        if isinstance(node, ast.Import):
            yield from (Import(name, each.name, node.lineno) for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{name}:{node.lineno} imports relatively, which hides where from"
            source = node.module or ""
            yield from (
                Import(name, f"bot.{each.name}" if source == "bot" else source, node.lineno) for each in node.names
            )


def part(module: str) -> str:
    """The module or package directly under bot/ that *module* belongs to; nothing for bot itself."""
    return module.removeprefix("bot").removeprefix(".").partition(".")[0]


def floor(of: str) -> int:
    """Which floor a part is on; 0 is the highest."""
    return next(number for number, parts in enumerate(FLOORS) if of in parts)


EVERYTHING = tuple(each for name in modules() for each in imports(name))


def test_every_part_has_a_floor() -> None:
    """A new module is given its place in FLOORS, and none there has gone."""
    parts = {part(name) for name in modules()} - {""}
    assert parts == {each for parts in FLOORS for each in parts}


def test_imports_point_down() -> None:
    """Nobody knows who is above or beside, so every floor can be understood and replaced without them."""
    wrong = [
        f"{each.module}:{each.line} imports {each.takes}"
        for each in EVERYTHING
        if part(each.takes) != part(each.module)
        and each.takes.startswith("bot.")
        and floor(part(each.takes)) <= floor(part(each.module))
    ]
    assert wrong == []


def test_imports_inside_functions_are_seen() -> None:
    """The test above would notice an import that is made late: the app's of its channels are."""
    assert "bot.channels.telegram" in {each.takes for each in EVERYTHING if each.module == "bot.app"}


@pytest.mark.parametrize("name", ["domain", "text", "errors", "journal", "engine", "delivery", "pace", "flood"])
def test_the_core_needs_only_the_standard_library(name: str) -> None:
    """What the whole house rests on rests on Python alone."""
    foreign = {
        each.takes
        for each in imports(f"bot.{name}")
        if each.takes.partition(".")[0] not in {*sys.stdlib_module_names, "bot"}
    }
    assert foreign == set()


def test_the_domain_imports_nothing_of_ours() -> None:
    """The domain and its neighbours know nobody at all."""
    for name in FLOORS[-1]:
        assert [each for each in imports(f"bot.{name}") if each.takes.startswith("bot")] == []


def test_libraries_stay_at_home() -> None:
    """Each library is imported where HOMES says, and one that is new gets a home."""
    astray = []
    for each in EVERYTHING:
        library = each.takes.partition(".")[0]
        homely = library in {*sys.stdlib_module_names, "bot"} - HOMES.keys()
        if not homely and f"bot.{part(each.module)}" not in HOMES.get(library, ()):
            astray.append(f"{each.module}:{each.line} imports {each.takes}")
    assert astray == []


def called(node: ast.Call) -> str:
    """What a call calls, as far as it is a plain name: `Engine`, `datetime.now`."""
    return ast.unparse(node.func)


def calls(name: str) -> Iterator[ast.Call]:
    """Every call in the module *name*."""
    return (node for node in ast.walk(modules()[name]) if isinstance(node, ast.Call))


def test_only_one_place_builds() -> None:
    """Engine, store, dialogues and channels are built by `app`; everybody else is handed what they need."""
    seen: dict[str, set[str]] = {}
    for name in modules():
        for call in calls(name):
            built = called(call).rpartition(".")[2]
            if built in BUILT_IN:
                seen.setdefault(built, set()).add(name)
    assert seen == BUILT_IN


def test_pure_parts_read_no_clock() -> None:
    """In the pure parts nothing asks what time it is, what the environment says, or for a file."""
    wrong = []
    for name in modules():
        if part(name) in PURE:
            wrong += [f"{name}:{call.lineno} {called(call)}" for call in calls(name) if called(call) in IMPURE]
            wrong += [
                f"{name} imports {each.takes}" for each in imports(name) if each.takes in {"os", "time", "socket"}
            ]
    assert wrong == []
