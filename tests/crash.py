"""The bot as `tenfold run` starts it, with what a test arranged: a moment to die, a clock, words to stumble over, a
place to dawdle in.

    python -m tests.crash [POINT N] [--ahead FILE] [--stumbles-over TEXT] [--dawdles-in FUNCTION]

It kills itself, the way a power cut would, at the N-th passing of POINT: received, committed, handling, handled,
sending, sent or marked; fetched, when the bytes of a file are here and not yet in their place; erased, when somebody's
rows and files are gone; scrubbed, when the disk has forgotten them too; brought, when a file that is to be taken in was
read; proposing, before a language model is asked, or proposed, after it answered. Its clock is ahead by the seconds
that FILE holds, which a test may change at any time. A dialogue that is told TEXT raises, with that text in its error.
FUNCTION, by its full name, logs "dawdling" and takes a minute of its thread each time before it begins.
Everything else is the real thing, built by `bot.app`.
"""

import argparse
import contextlib
import logging
import os
import pkgutil
import signal
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from unittest import mock

from bot import app, logs
from bot.dialogue import Dialogue
from bot.domain import Event, Said, Turn
from bot.journal import Journal
from bot.settings import Settings, environment

POINTS = ("received", "committed", "handling", "handled", "sending", "sent", "marked")
"""The named points that an update passes, in order, from the moment it was received until its answer is marked."""

ASIDE = ("fetched", "erased", "scrubbed", "brought", "proposing", "proposed")
"""Those that are passed beside that, as told above."""


def killing(point: str, times: int) -> Callable[[str], None]:
    """A probe that kills this process at the *times*-th passing of *point*."""
    passing = count(1)

    def probe(passed: str) -> None:
        if passed == point and next(passing) == times:
            os.kill(os.getpid(), signal.SIGKILL)

    return probe


def clock_ahead(file: Path) -> Callable[[], datetime]:
    """A clock that is ahead by the seconds in *file*."""
    return lambda: app.now() + timedelta(seconds=float(file.read_text()))


def stumbling(stone: str) -> type[Dialogue]:
    """A dialogue that raises when somebody says *stone*."""

    class Clumsy(Dialogue):
        def __call__(self, event: Event, journal: Journal, now: datetime) -> Turn:
            turn = super().__call__(event, journal, now)  # so what it wrote has to be undone
            if isinstance(event, Said) and event.text == stone:
                raise RuntimeError(f"can't make sense of {event.text!r}")
            return turn

    return Clumsy


@contextlib.contextmanager
def dawdling(function: str) -> Iterator[None]:
    """*function* takes a minute longer."""
    real: Callable[..., Any] = pkgutil.resolve_name(function)

    def dawdle(*given: Any, **named: Any) -> Any:
        logging.getLogger("bot.crash").info("dawdling")
        time.sleep(60)  # what is to be shown: a thread that nobody can call off
        return real(*given, **named)

    with mock.patch(function, dawdle):
        yield


def main() -> None:
    """Run until killed."""
    parser = argparse.ArgumentParser(prog="tests.crash")
    parser.add_argument("point", nargs="?", choices=(*POINTS, *ASIDE))
    parser.add_argument("n", nargs="?", type=int, default=1)
    parser.add_argument("--ahead", type=Path)
    parser.add_argument("--stumbles-over", default="")
    parser.add_argument("--dawdles-in", default="")
    options = parser.parse_args()
    settings = Settings.read(environment())
    logs.configure(settings.log_level, log_format=settings.log_format)
    slowly = dawdling(options.dawdles_in) if options.dawdles_in else contextlib.nullcontext()
    with slowly, mock.patch.object(app, "Dialogue", stumbling(options.stumbles_over)):
        app.run(
            settings,
            clock=clock_ahead(options.ahead) if options.ahead else app.now,
            probe=killing(options.point or "", options.n),
        )


if __name__ == "__main__":
    main()
