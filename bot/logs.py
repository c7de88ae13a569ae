"""What is written down about the running bot: ids, counts and places in the code. Never a token, never anybody's words.

Libraries can't be asked to keep that promise. python-telegram-bot logs what people write when it debugs, httpx logs
addresses with the token in them, and almost any exception may quote what it choked on. So nothing that comes from
outside `bot` is believed: of a library's record stay its logger, its level, where in the code it was made and the type
of its exception, and the message is never even put together. Our own messages are kept, after a last look for anything
shaped like a token. Of every exception stay types and frames, and no line of source, because people paste tokens there.

What Python itself prints past the log (uncaught exceptions, warnings, broken log calls) goes the same way.

A line is an object in JSON for programs to read, or pretty on a terminal. Both are structlog's renderers, given nothing
but what may be told; its bridge to `logging` would put together the message of every library first. Names that one of
our messages gives its arguments are fields of the line as well:

    _log.warning("media %(media)d of person %(person)d can't be fetched", {"media": id, "person": person})
"""

import json
import logging
import os
import re
import sys
import threading
import time
import warnings
from collections.abc import Iterator, Mapping
from pathlib import PurePath
from types import TracebackType
from typing import TextIO

from structlog.dev import ConsoleRenderer
from structlog.processors import JSONRenderer

from bot.errors import TenfoldError

__all__ = ["configure", "named"]

_TOKEN = re.compile(r"\d{3,}(?::|%3[Aa])[\w-]{20,}")
_FRAMES = 12
"""Frames that are kept of one exception, the innermost: more tell little and a recursion has a thousand."""
_CAUSES = 5

_log = logging.getLogger(__name__)


def _frames(traceback: TracebackType | None) -> Iterator[str]:
    """Where *traceback* passed, innermost first."""
    places = []
    while traceback is not None:
        code = traceback.tb_frame.f_code
        places.append(f"{PurePath(code.co_filename).name}:{traceback.tb_lineno} in {code.co_name}")
        traceback = traceback.tb_next
    yield from places[: -_FRAMES - 1 : -1]


def _told(error: BaseException, causes: int = _CAUSES) -> str:
    """*error* on one line: its type and frames, innermost first, and those of what it came from."""
    kind = type(error)
    told = f"{kind.__module__}.{kind.__qualname__} at {' < '.join(_frames(error.__traceback__)) or 'no frame'}"
    if isinstance(error, BaseExceptionGroup):
        told += f" with {', '.join(type(inner).__qualname__ for inner in error.exceptions[:_CAUSES])}"
    origin = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return told if origin is None or not causes else f"{told}, from {_told(origin, causes - 1)}"


def _nameless(argument: object) -> object:
    """An argument of one of our messages; of an exception only its type."""
    return type(argument).__qualname__ if isinstance(argument, BaseException) else argument


def _message(record: logging.LogRecord) -> tuple[str, dict[str, object]]:
    """One of our own messages, and those of its arguments that have a name."""
    message, arguments = str(_nameless(record.msg)), record.args
    if isinstance(arguments, Mapping):
        named = {name: _nameless(argument) for name, argument in arguments.items()}
        return message % named, named
    return message % tuple(map(_nameless, arguments)) if arguments else message, {}


def _plain(value: object) -> object:
    """A number as it is; of anything else its text, on one line and free of what moves a terminal's cursor."""
    if value is None or isinstance(value, bool | int | float):
        return value
    return "".join(letter if letter.isprintable() else " " for letter in str(value))


class _OneLine(logging.Formatter):
    """One line for each record: moment (UTC), level, logger and, for our own, the message and its fields."""

    def __init__(self, log_format: str, *, colours: bool) -> None:
        super().__init__()
        # Escaped as \u0430 a word could stand in the log without being found there.
        self._rendered = (
            ConsoleRenderer(colors=colours, sort_keys=False)
            if log_format == "pretty"
            else JSONRenderer(json.dumps, ensure_ascii=False)
        )
        self.replica = ""

    def format(self, record: logging.LogRecord) -> str:
        moment = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
        line: dict[str, object] = {
            "timestamp": f"{moment}.{int(record.msecs):03d}Z",
            "level": record.levelname.lower(),
            "logger": record.name,
        }
        if self.replica:
            line["replica"] = self.replica
        fields: Mapping[str, object] = {}
        if record.name == "bot" or record.name.startswith("bot."):
            line["event"], fields = _message(record)
        else:
            line["event"] = f"at {record.filename}:{record.lineno}"
        if record.exc_info and record.exc_info[1] is not None:
            line["error"] = _told(record.exc_info[1])
        for name, value in fields.items():
            line.setdefault(name, value)
        told = {name: _plain(value) for name, value in line.items()}
        return _TOKEN.sub("<token>", str(self._rendered(None, record.levelname.lower(), told)))


class _Lines(logging.StreamHandler[TextIO]):
    """Writes records. Where that fails it doesn't print the record's parts, as logging's own handlers do."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the name is logging's
        what = "a log record from %s:%d could not be written"
        place = (record.filename, record.lineno)
        instead = logging.LogRecord(__name__, logging.ERROR, __file__, 0, what, place, None)
        try:
            self.stream.write(self.format(instead) + self.terminator)
            self.stream.flush()
        except (OSError, ValueError):
            return  # the stream is closed or gone, and there is nowhere left to say so


def configure(level: int | str = logging.INFO, stream: TextIO | None = None, *, log_format: str = "") -> None:
    """From now on everything logged goes to *stream* (standard error by default), and nothing else goes anywhere.

    *level* is for our own records; libraries are heard from WARNING on, and from DEBUG on if that is the level. Without
    a *log_format* (json or pretty) lines are pretty on a terminal, else JSON. Raises TenfoldError if there is no such
    level."""
    name = logging.getLevelName(level) if isinstance(level, int) else level.strip().upper()
    if name not in logging.getLevelNamesMapping():
        raise TenfoldError("LOG_LEVEL is not a level: choose INFO, or DEBUG for more, or WARNING for less")
    stream = stream or sys.stderr
    terminal = stream is not None and stream.isatty()
    handler = _Lines(stream)
    colours = terminal and not os.environ.get("NO_COLOR")
    handler.setFormatter(_OneLine(log_format or ("pretty" if terminal else "json"), colours=colours))
    root = logging.getLogger()
    # Another handler would print records whole.
    root.handlers[:] = [handler]
    root.setLevel(name if name == "DEBUG" else max(logging.WARNING, logging.getLevelNamesMapping()[name]))
    logging.getLogger("bot").setLevel(name)

    sys.excepthook = _uncaught
    sys.unraisablehook = _unraisable
    threading.excepthook = _uncaught_in_thread
    warnings.showwarning = _warned


def named(replica: str) -> None:
    """From now on every line says which *replica* it is from: several may write into one stream."""
    for handler in logging.getLogger().handlers:
        if isinstance(handler.formatter, _OneLine):
            handler.formatter.replica = replica


def _uncaught(kind: type[BaseException], error: BaseException, traceback: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        _log.info("interrupted")
    else:
        _log.critical("uncaught exception", exc_info=(kind, error, traceback))


def _uncaught_in_thread(args: threading.ExceptHookArgs) -> None:
    if args.exc_type is not SystemExit:
        _log.critical("uncaught exception in a thread", exc_info=args.exc_value)


def _unraisable(args: "sys.UnraisableHookArgs") -> None:
    _log.error("exception that nobody could catch", exc_info=args.exc_value)


def _warned(
    message: Warning | str,  # noqa: ARG001 - it may quote anything
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,  # noqa: ARG001 - the log is the only place
    line: str | None = None,  # noqa: ARG001 - a line of source
) -> None:
    _log.warning("%s at %s:%d", category.__qualname__, PurePath(filename).name, lineno)
