"""Nothing that anybody wrote, and no token, is ever in the log."""

import asyncio
import gc
import io
import logging
import re
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NoReturn

import pytest

from bot.errors import TenfoldError
from bot.logs import configure

TOKEN = "8123456789:AAcanaryCanaryCanaryCanaryCanary_12"
WORDS = "my canary sister and the pomegranates"


@contextmanager
def logged(level: str = "DEBUG") -> Iterator[io.StringIO]:
    """All that is logged meanwhile. Afterwards everything is as it was, and no token and no words are in it."""
    root, stream = logging.getLogger(), io.StringIO()
    handlers, levels = root.handlers[:], {logger: logger.level for logger in (root, logging.getLogger("bot"))}
    hooks = sys.excepthook, sys.unraisablehook, threading.excepthook, warnings.showwarning
    configure(level, stream)
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
        assert secret not in stream.getvalue()


def fail() -> NoReturn:
    raise ValueError(f"{TOKEN} {WORDS}")


def caught(raiser: Callable[[], object] = fail) -> Exception:
    try:
        raiser()
    except Exception as error:  # noqa: BLE001 - any exception is to be told of
        return error
    raise AssertionError


def test_our_own_records_are_one_line_in_utc() -> None:
    """Moment, level, logger and message; a line break in a message doesn't make a second line."""
    with logged("INFO") as stream:
        logging.getLogger("bot.engine").info("update %d\nset aside", 17)
        logging.getLogger("bot.engine").debug("too quiet")
    assert re.fullmatch(
        r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z INFO bot\.engine update 17 set aside\n", stream.getvalue()
    )


def test_a_token_is_taken_out_even_of_our_own_records() -> None:
    """Whatever is shaped like a token is not written, plain or as part of an address."""
    with logged() as stream:
        log = logging.getLogger("bot.app")
        log.warning("GET https://api.telegram.org/bot%s/getMe", TOKEN)
        log.warning("as %s", TOKEN.replace(":", "%3A"))
        log.warning(f"in {TOKEN}")  # noqa: G004 - a slip that must do no harm
    assert stream.getvalue().count("<token>") == 3


def test_an_exception_in_a_message_is_only_its_type() -> None:
    """An exception given to a record as an argument, or as the message, doesn't tell its text."""
    with logged() as stream:
        log = logging.getLogger("bot.app")
        log.warning("failed: %s", caught())
        log.warning("failed: %(error)s", {"error": caught()})
        log.warning(caught())
    assert stream.getvalue().count("ValueError") == 3


def test_a_library_says_only_where_and_how_bad() -> None:
    """Of other people's records stay logger, level, place and exception type. Their message isn't even put together."""

    class Curious:
        def __str__(self) -> str:
            raise AssertionError("nobody may look")

    with logged() as stream:
        logging.getLogger("telegram.Bot").debug("sendMessage with %s", Curious())
        logging.getLogger("httpx").info(f"POST /bot{TOKEN}/sendMessage {WORDS}")  # noqa: G004 - as libraries do
        logging.getLogger("aiohttp.client").error(WORDS, exc_info=caught())
    first, second, third = stream.getvalue().splitlines()
    assert re.search(r"DEBUG telegram\.Bot at test_logs\.py:\d+$", first)
    assert re.search(r"INFO httpx at test_logs\.py:\d+$", second)
    assert re.search(
        r"aiohttp\.client at test_logs\.py:\d+ \| builtins\.ValueError at test_logs\.py:\d+ in fail < test_logs", third
    )


def test_libraries_are_heard_from_warnings_on() -> None:
    """Unless the level is DEBUG, a library's small talk isn't worth a line; with ERROR not even its warnings are."""
    for level, heard in (("INFO", 1), ("ERROR", 0), ("DEBUG", 2)):
        with logged(level) as stream:
            logging.getLogger("apscheduler").info("job ran")
            logging.getLogger("apscheduler").warning("job missed")
        assert len(stream.getvalue().splitlines()) == heard


def test_an_exception_tells_types_and_places_of_all_it_came_from() -> None:
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

    with logged() as stream:
        for raiser in (cause, group, silent, deep):
            logging.getLogger("bot.engine").error("failed", exc_info=caught(raiser))
        logging.getLogger("bot.engine").error("nothing was raised", exc_info=(None, None, None))
    told, grouped, silenced, deepest, none = stream.getvalue().splitlines()
    assert re.search(r"KeyError at .* in cause < .*, from builtins\.ValueError at .* in fail", told)
    assert "ExceptionGroup" in grouped
    assert "with OSError, TypeError, from builtins.ValueError" in grouped
    assert "ValueError" not in silenced
    assert deepest.count(" < ") == 11
    assert " in fail < " in deepest
    assert none.endswith("nothing was raised")


def test_what_python_prints_by_itself_goes_the_same_way(capsys: pytest.CaptureFixture[str]) -> None:
    """Uncaught exceptions, in threads and where nobody can catch them, and warnings are logged like the rest."""

    class Careless:
        def __del__(self) -> None:
            fail()

    with logged() as stream:
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
    uncaught, interrupted, threaded, unraisable, warned = stream.getvalue().splitlines()
    assert "CRITICAL bot.logs uncaught exception | builtins.ValueError" in uncaught
    assert interrupted.endswith("INFO bot.logs interrupted")
    assert "in a thread | builtins.ValueError" in threaded
    assert "nobody could catch | builtins.ValueError" in unraisable
    assert re.search(r"WARNING bot\.logs ResourceWarning at test_logs\.py:\d+$", warned)
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

    with logged() as stream:
        asyncio.run(main(), debug=False)
    lines = [line for line in stream.getvalue().splitlines() if " ERROR asyncio at " in line]
    assert len(lines) == 3
    assert sum("builtins.ValueError" in line for line in lines) == 2


def test_a_broken_record_doesnt_show_its_parts(capsys: pytest.CaptureFixture[str]) -> None:
    """A record that can't be written says where it was made and nothing else; a closed stream is borne in silence."""
    with logged() as stream:
        logging.getLogger("bot.engine").info("%d updates", WORDS)
        assert re.fullmatch(r"a log record from test_logs\.py:\d+ could not be written\n", stream.getvalue())
    with logged():
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
    with logged("warning") as stream:
        configure(logging.INFO, stream)
        logging.getLogger("bot.app").info("ready")
    assert "ready" in stream.getvalue()
