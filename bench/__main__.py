"""`python -m bench`: Tenfold beside its peers, on PostgreSQL, with a million people, and under Telegram's limits.

It prints plain tables, and leaves the figures behind them in bench/last.json, of which docs/numbers.md is made.

The load (server and people) has another core to itself, so a bot never waits for it and never shares its core with it.
Bots take turns, round by round, and medians are quoted: on a machine that is now faster, now slower, ratios mean more
than numbers. PostgreSQL's server is on the load's core.
"""

import argparse
import contextlib
import json
import os
import platform
import sqlite3
import sys
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psycopg
import uvloop

from bench.limits import all_under_limits
from bench.million import million, shown
from bench.process import DidNotRun, split_cores
from bench.session import Plan
from bench.talk import beside_peers, on_postgres
from tests import postgres

FIGURES = Path(__file__).with_name("last.json")
PARTS = ("peers", "postgres", "million", "limits")


def machine() -> str:
    """The processor's name."""
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def circumstances(plan: Plan, server: postgres.Server) -> str:
    """When, where and what is measured."""
    with psycopg.connect(server.url) as connection:
        number = connection.info.server_version
        fsync, commit = (
            connection.execute(f"SHOW {name}".encode()).fetchone() for name in ("fsync", "synchronous_commit")
        )
    assert fsync == commit == ("on",), "nothing would be kept"
    return (
        f"{datetime.now(UTC):%Y-%m-%d}: {machine()}, {os.cpu_count()} cores; {platform.system()} {platform.release()}, "
        f"{platform.python_implementation()} {platform.python_version()}, SQLite {sqlite3.sqlite_version}, "
        f"PostgreSQL {number // 10000}.{number % 10000}, "
        f"python-telegram-bot {version('python-telegram-bot')}, aiogram {version('aiogram')}\n"
        f"{plan.people} people, each writes as soon as the reply came; every bot on one core, all its replicas "
        f"together, its database on disk; median of {plan.rounds} x {plan.window.total_seconds():g} s"
    )


async def run(parts: Sequence[str], plan: Plan, core: int) -> bool:
    """Measure *parts* and print them. Whether nobody's order was broken by Tenfold. Raises DidNotRun."""
    well = True
    figures: dict[str, Any] = json.loads(FIGURES.read_text()) if FIGURES.exists() else {}
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
        os.chmod(folder, 0o711)  # noqa: PTH101 - the server may be somebody else than who started it
        server = stack.enter_context(postgres.Server(durable=True))
        begun = circumstances(plan, server)
        print(begun, flush=True)
        for part in parts:
            match part:
                case "peers":
                    text, found, good = await beside_peers(plan, core, note)
                case "postgres":
                    text, found, good = await on_postgres(server, plan, core, note)
                case "million":
                    note(f"{plan.stored:,} people in SQLite")
                    with tempfile.TemporaryDirectory(prefix="bench-") as name:
                        columns = {"SQLite": await million(f"sqlite:///{name}/crowd.db", None, plan, core)}
                    note(f"{plan.stored:,} people in PostgreSQL")
                    with postgres.database(server.url) as url:
                        columns["PostgreSQL"] = await million(url, server, plan, core)
                    text, found, good = shown(columns, plan), {"people": plan.stored, **columns}, True
                case _:
                    text, found = await all_under_limits(server, core, note)
                    good = True
            note("")
            print(f"\n{text}", flush=True)
            well = well and good
            figures[part] = {"circumstances": begun, **found}
            FIGURES.write_text(json.dumps(figures, indent=1) + "\n")
    return well


def note(text: str) -> None:
    """What is being done, on a terminal only."""
    if sys.stderr.isatty():
        print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)


def main() -> None:
    """Measure as the command line says; exit 1 if a bot did not run or Tenfold broke somebody's order."""
    parser = argparse.ArgumentParser(
        prog="python -m bench", description="Tenfold beside its peers, and how far it goes."
    )
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"{', '.join(PARTS)}; all of them if none is named")
    parser.add_argument("--quick", action="store_true", help="a fifth of the time: one round, fewer people")
    parser.add_argument(
        "--gather", type=float, default=2, metavar="MS", help="how long a poll gathers updates (%(default)s)"
    )
    given = parser.parse_args()
    if unknown := set(given.parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    quick = given.quick
    plan = Plan(
        rounds=1 if quick else 3,
        people=64,
        active=1_000 if quick else 10_000,
        stored=100_000 if quick else 1_000_000,
        living=200 if quick else 1_000,
        warm_up=timedelta(seconds=1 if quick else 2),
        window=timedelta(seconds=3 if quick else 5),
        gather=timedelta(milliseconds=given.gather),
    )
    core, load = split_cores()
    os.sched_setaffinity(0, {load})
    try:
        in_order = uvloop.run(run(given.parts or PARTS, plan, core))
    except DidNotRun as error:
        sys.exit(f"a bot did not run: {error}")
    sys.exit(0 if in_order else 1)


if __name__ == "__main__":
    main()
