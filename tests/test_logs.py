"""Nothing that anybody wrote, and no token, is ever in the log."""

import asyncio
import gc
import io
import json
import logging
import re
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

import pytest

from bot.errors import TenfoldError
from bot.logs import configure, named
from tests.running import read_aloud

TOKEN = "8123456789:AAcanaryCanaryCanaryCanaryCanary_12"
WORDS = "my canary sister and the pomegranates"


_PRETTY = re.compile(r"(?P<timestamp>\S+) \[(?P<level>\w+) *\] (?P<event>.*?) +\[(?P<logger>[\w.]+)\](?P<fields>.*)")
_FIELD = re.compile(r" (\w+)=('[^']*'|\"[^\"]*\"|\S+)")


class Log(io.StringIO):
    """A log as a stream, and as the lines that were written to it."""

    @property
    def lines(self) -> list[dict[str, Any]]:
        """Each line's parts by name, whichever form it has."""
        return [self._read(line) for line in self.getvalue().splitlines()]

    @staticmethod
    def _read(line: str) -> dict[str, Any]:
        if line.startswith("{"):
            read: dict[str, Any] = json.loads(line)
            return read
        found = _PRETTY.fullmatch(line)
        assert found, line
        parts = found.groupdict()
        fields = _FIELD.findall(parts.pop("fields"))
        return parts | {name: int(value) if value.isdecimal() else value.strip("'\"") for name, value in fields}


class Terminal(Log):
    """A log that somebody looks at."""

    def isatty(self) -> bool:
        return True


@contextmanager
def logged(level: str = "DEBUG", log_format: str = "json", to: type[Log] = Log) -> Iterator[Log]:
    """All that is logged meanwhile. Afterwards everything is as it was, and no token and no words are in it, as it
    stands and as a program would read it."""
    root, stream = logging.getLogger(), to()
    handlers, levels = root.handlers[:], {logger: logger.level for logger in (root, logging.getLogger("bot"))}
    hooks = sys.excepthook, sys.unraisablehook, threading.excepthook, warnings.showwarning
    configure(level, stream, log_format=log_format)
    try:
        yield stream
        # Tasks and responses that were never looked after complain when they are collected.
        gc.collect()
    finally:
        root.handlers[:] = handlers
        for logger, before in levels.items():
            logger.setLevel(before)
        sys.excepthook, sys.unraisablehook, threading.excepthook, warnings.showwarning = hooks
    for secret in (TOKEN, TOKEN.split(":")[1], WORDS, "canary"):
        assert secret not in read_aloud(stream.getvalue())


@pytest.fixture(params=["json", "pretty"])
def log_format(request: pytest.FixtureRequest) -> str:
    """Whatever the form of the lines, what is in them is the same."""
    return str(request.param)


def fail() -> NoReturn:
    raise ValueError(f"{TOKEN} {WORDS}")


def caught(raiser: Callable[[], object] = fail) -> Exception:
    try:
        raiser()
    except Exception as error:  # noqa: BLE001 - any exception is to be told of
        return error
    raise AssertionError


def test_our_own_records_are_one_line_in_utc(log_format: str) -> None:
    """Moment, level, logger and message; a line break in a message doesn't make a second line."""
    with logged("INFO", log_format) as log:
        logging.getLogger("bot.engine").info("update %d\nset aside", 17)
        logging.getLogger("bot.engine").debug("too quiet")
    (line,) = log.lines
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", line.pop("timestamp"))
    assert line == {"level": "info", "logger": "bot.engine", "event": "update 17 set aside"}


def test_what_a_message_names_is_a_field(log_format: str) -> None:
    """Arguments with a name stand in the message and beside it, numbers as numbers; they don't shadow the line's own
    parts, and an exception is its type here too."""
    told = {"update": 17, "share": 0.5, "error": caught(), "level": "none", "odd": ("a\nb", 1)}
    with logged("INFO", log_format) as log:
        logging.getLogger("bot.engine").warning("update %(update)d of %(share)g by %(error)s", told)
    (line,) = log.lines
    assert line["event"] == "update 17 of 0.5 by ValueError"
    assert (line["update"], line["error"], line["level"]) == (17, "ValueError", "warning")
    assert float(line["share"]) == 0.5
    assert len(log.getvalue().splitlines()) == 1


def test_a_line_says_which_replica_it_is_from(log_format: str) -> None:
    """Once that is known, every line of every logger has it; a new configuration knows nothing of it."""
    with logged("INFO", log_format) as log:
        named("lively-otter")
        logging.getLogger("bot.engine").info("ready")
        logging.getLogger("httpx").warning("no words")
    assert [line["replica"] for line in log.lines] == ["lively-otter"] * 2
    with logged("INFO", log_format) as log:
        logging.getLogger("bot.engine").info("ready")
    assert "replica" not in log.lines[0]


def test_lines_are_pretty_where_somebody_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a terminal lines are made for eyes, with colours unless those are unwanted; anywhere else for programs. What
    is set holds everywhere."""
    monkeypatch.delenv("NO_COLOR", raising=False)
    written = {}
    for to in (Log, Terminal):
        for chosen in ("", "json", "pretty"):
            with logged("INFO", chosen, to) as log:
                logging.getLogger("bot.app").info("ready")
            written[to, chosen] = log.getvalue()
    assert [written[Log, chosen][0] for chosen in ("", "json", "pretty")] == ["{", "{", "2"]
    assert [written[Terminal, chosen][0] for chosen in ("", "json", "pretty")] == ["\x1b", "{", "\x1b"]
    assert "\x1b" not in written[Log, "pretty"]
    monkeypatch.setenv("NO_COLOR", "1")
    with logged("INFO", to=Terminal) as log:
        logging.getLogger("bot.app").info("ready")
    assert log.lines[0]["event"] == "ready"


def test_nothing_hides_behind_an_escape() -> None:
    """Letters of every script stand in the log as they are, so whoever looks for a word there finds it if it is there;
    what moves a cursor, and half a character, is a space."""
    with logged("INFO") as log:
        logging.getLogger("bot.app").info("für %(who)s \x1b[2J \ud800", {"who": "Женя 🐝"})
    assert '"für Женя 🐝  [2J  "' in log.getvalue()
    assert "\\u" not in log.getvalue()
    assert log.getvalue().encode()


def test_a_token_is_taken_out_even_of_our_own_records(log_format: str) -> None:
    """Whatever is shaped like a token is not written, plain or as part of an address."""
    with logged(log_format=log_format) as log:
        logger = logging.getLogger("bot.app")
        logger.warning("GET https://api.telegram.org/bot%s/getMe", TOKEN)
        logger.warning("as %s", TOKEN.replace(":", "%3A"))
        logger.warning(f"in {TOKEN}")  # noqa: G004 - a slip that must do no harm
        logger.warning("as %(token)s", {"token": TOKEN})
    assert log.getvalue().count("<token>") == 5
    assert len(log.lines) == 4


def test_an_exception_in_a_message_is_only_its_type(log_format: str) -> None:
    """An exception given to a record as an argument, or as the message, doesn't tell its text."""
    with logged(log_format=log_format) as log:
        logger = logging.getLogger("bot.app")
        logger.warning("failed: %s", caught())
        logger.warning("failed: %(why)s", {"why": caught()})
        logger.warning(caught())
    assert [line["event"] for line in log.lines] == ["failed: ValueError", "failed: ValueError", "ValueError"]


def test_a_library_says_only_where_and_how_bad(log_format: str) -> None:
    """Of other people's records stay logger, level, place and exception type. Their message isn't even put together."""

    class Curious:
        def __str__(self) -> str:
            raise AssertionError("nobody may look")

    with logged(log_format=log_format) as log:
        logging.getLogger("telegram.Bot").debug("sendMessage with %s", Curious())
        logging.getLogger("httpx").info(f"POST /bot{TOKEN}/sendMessage {WORDS}")  # noqa: G004 - as libraries do
        logging.getLogger("urllib3").info("%(words)s", {"words": WORDS}, extra={"said": WORDS})
        logging.getLogger("aiohttp.client").error(WORDS, exc_info=caught())
    lines = log.lines
    assert [(line["level"], line["logger"]) for line in lines] == [
        ("debug", "telegram.Bot"), ("info", "httpx"), ("info", "urllib3"), ("error", "aiohttp.client")
    ]  # fmt: skip
    assert all(re.fullmatch(r"at test_logs\.py:\d+", line["event"]) for line in lines)
    assert all(line.keys() == {"timestamp", "level", "logger", "event"} for line in lines[:3])
    assert re.match(r"builtins\.ValueError at test_logs\.py:\d+ in fail < test_logs", lines[3]["error"])


def test_libraries_are_heard_from_warnings_on() -> None:
    """Unless the level is DEBUG, a library's small talk isn't worth a line; with ERROR not even its warnings are."""
    for level, heard in (("INFO", 1), ("ERROR", 0), ("DEBUG", 2)):
        with logged(level) as log:
            logging.getLogger("apscheduler").info("job ran")
            logging.getLogger("apscheduler").warning("job missed")
        assert len(log.lines) == heard


def test_an_exception_tells_types_and_places_of_all_it_came_from(log_format: str) -> None:
    """Cause and context, members of a group and the innermost frames are named; texts and source lines are not."""

    def cause() -> None:
        try:
            fail()
        except ValueError as error:
            raise KeyError(WORDS) from error

    def group() -> None:
        try:
            fail()
        except ValueError:
            raise ExceptionGroup(WORDS, [OSError(WORDS), TypeError(TOKEN)])  # noqa: B904 - the context is the point

    def silent() -> None:
        try:
            fail()
        except ValueError:
            raise KeyError(WORDS) from None

    def deep(frames: int = 500) -> None:
        if not frames:
            fail()
        deep(frames - 1)

    with logged(log_format=log_format) as log:
        for raiser in (cause, group, silent, deep):
            logging.getLogger("bot.engine").error("failed", exc_info=caught(raiser))
        logging.getLogger("bot.engine").error("nothing was raised", exc_info=(None, None, None))
    *raised, none = log.lines
    told, grouped, silenced, deepest = (line["error"] for line in raised)
    assert re.search(r"KeyError at .* in cause < .*, from builtins\.ValueError at .* in fail", told)
    assert "ExceptionGroup" in grouped
    assert "with OSError, TypeError, from builtins.ValueError" in grouped
    assert "ValueError" not in silenced
    assert deepest.count(" < ") == 11
    assert " in fail < " in deepest
    assert "error" not in none


def test_what_python_prints_by_itself_goes_the_same_way(log_format: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Uncaught exceptions, in threads and where nobody can catch them, and warnings are logged like the rest."""

    class Careless:
        def __del__(self) -> None:
            fail()

    with logged(log_format=log_format) as log:
        error = caught()
        sys.excepthook(type(error), error, error.__traceback__)
        sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
        for raiser in (fail, sys.exit):
            thread = threading.Thread(target=raiser)
            thread.start()
            thread.join()
        Careless()
        with warnings.catch_warnings():
            warnings.simplefilter("always")
            warnings.warn(WORDS, ResourceWarning, stacklevel=1)
    assert {line["logger"] for line in log.lines} == {"bot.logs"}
    assert [(line["level"], line["event"].partition(" at ")[0]) for line in log.lines] == [
        ("critical", "uncaught exception"),
        ("info", "interrupted"),
        ("critical", "uncaught exception in a thread"),
        ("error", "exception that nobody could catch"),
        ("warning", "ResourceWarning"),
    ]
    raised = [line["error"] for line in log.lines if "error" in line]
    assert len(raised) == 3
    assert all(error.startswith("builtins.ValueError at ") for error in raised)
    assert capsys.readouterr() == ("", "")


def test_a_task_that_nobody_waited_for_is_logged_without_its_words() -> None:
    """What asyncio says about an exception that was never retrieved, or raised in a callback, is type and frames."""

    async def main() -> None:
        async def task() -> None:
            fail()

        loop = asyncio.get_running_loop()
        lost = asyncio.create_task(task(), name=WORDS)
        await asyncio.wait([lost])
        del lost
        gc.collect()
        ran = asyncio.Event()
        loop.call_soon(fail)
        loop.call_soon(ran.set)
        await ran.wait()
        loop.call_exception_handler({"message": f"{WORDS} {TOKEN}"})

    with logged() as log:
        asyncio.run(main(), debug=False)
    lines = [line for line in log.lines if (line["level"], line["logger"]) == ("error", "asyncio")]
    assert len(lines) == 3
    assert sum(line.get("error", "").startswith("builtins.ValueError") for line in lines) == 2


def test_a_broken_record_doesnt_show_its_parts(log_format: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A record that can't be written says where it was made and nothing else; a closed stream is borne in silence."""
    with logged(log_format=log_format) as log:
        logging.getLogger("bot.engine").info("%d updates", WORDS)
        logging.getLogger("bot.engine").info("%(updates)d updates", {"update": WORDS})
    assert len(log.lines) == 2
    for line in log.lines:
        assert (line["level"], line["logger"]) == ("error", "bot.logs")
        assert re.fullmatch(r"a log record from test_logs\.py:\d+ could not be written", line["event"])
    with logged(log_format=log_format):
        handler = logging.getLogger().handlers[0]
        assert isinstance(handler, logging.StreamHandler)
        closed = io.StringIO()
        closed.close()
        handler.setStream(closed)
        logging.getLogger("bot.engine").info("into the void")
    assert capsys.readouterr() == ("", "")


def test_a_level_that_isnt_one_names_the_cure() -> None:
    """A mistyped level stops the bot at start and says what to choose; numbers and small letters will do."""
    with pytest.raises(TenfoldError, match=r"LOG_LEVEL.*INFO, or DEBUG"):
        configure("loud")
    with pytest.raises(TenfoldError, match="LOG_LEVEL"):
        configure(17)
    with logged("warning") as log:
        configure(logging.INFO, log)
        logging.getLogger("bot.app").info("ready")
    assert log.lines[0]["event"] == "ready"
