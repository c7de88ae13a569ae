"""Under Telegram's limits: how late a check-in comes when many are due together, and how long a reply takes meanwhile.

Tenfold runs as anybody runs it, with its limits on, before the strict Bot API server of the tests, which answers 429
where Telegram would. A hundred people are due at the same moment; then a thousand are, and all the while that those are
being asked, over half a minute, others tell of a good turn, four a second. Lateness is counted from the planned moment
to the arrival of the message at that server, a wait from the moment that somebody wrote.
"""

import asyncio
import contextlib
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from math import ceil
from pathlib import Path

from bench.bulk import change, fill
from bench.process import Measured
from bench.session import TENFOLD, started, watched
from bench.table import Line, table
from bench.talk import Kind
from bot.store import stamp
from tests import postgres
from tests.botapi import BotApi, Call

FEW = range(1, 101)
MANY = range(1_001, 2_001)
TALKERS = range(5_001, 5_141)
"""Everybody here, by number: those due together, those asked in the broadcast, and those who talk during it."""

PAUSE = timedelta(milliseconds=250)
"""From one talker to the next."""

_SOON = timedelta(seconds=2)
_FAR = timedelta(days=30)


@dataclass(frozen=True, kw_only=True, slots=True)
class Lateness:
    """Seconds: how late the *few* and the *many* were asked, and the *wait* of each talker; *wrong* counts messages
    that came twice or not at all, *refused* those that Telegram would have answered with 429."""

    few: list[float]
    many: list[float]
    wait: list[float]
    wrong: int
    refused: int


async def under_limits(kind: Kind, core: int) -> Lateness:
    """Let it happen. Raises DidNotRun."""
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
        api = stack.enter_context(BotApi(strict_limits=True))
        database = (
            stack.enter_context(postgres.database(kind.server.url)) if kind.server else f"sqlite:///{folder}/bench.db"
        )
        far = datetime.now(UTC) + _FAR
        await fill(database, range(1, TALKERS[-1] + 1), lambda _person: far)
        people = {number: api.person(number, written=True) for number in (*FEW, *MANY, *TALKERS)}
        settings = {
            "TELEGRAM_BOT_TOKEN": api.token,
            "TELEGRAM_API_BASE_URL": api.url,
            "DATABASE_URL": database,
        }
        running: list[Measured] = []
        async with started(TENFOLD, settings, folder, core, replicas=kind.replicas, running=running), watched(running):
            await asyncio.to_thread(api.wait_polling, 30)
            sent = 0

            async def arrived(messages: int) -> list[Call]:
                """The next so many messages."""
                nonlocal sent
                sent += messages
                await asyncio.to_thread(api.wait_calls, "sendMessage", sent, code=200, timeout=60)
                return api.calls("sendMessage", code=200)[sent - messages :]

            planned = due_together(database, FEW)
            few = [call.at - planned for call in await arrived(len(FEW))]
            planned = due_together(database, MANY)
            await asyncio.sleep(planned + 1 - time.time())
            said = {}
            for number in TALKERS:
                said[number] = time.time()
                people[number].says("/goodturn drove Sam to the dentist, through all that rain")
                await asyncio.sleep(PAUSE.total_seconds())
            calls = await arrived(len(MANY) + len(TALKERS))
        to = [int(call.params["chat_id"]) for call in calls]
        everybody = Counter(int(call.params["chat_id"]) for call in api.calls("sendMessage", code=200))
        return Lateness(
            few=few,
            many=[call.at - planned for call, chat in zip(calls, to, strict=True) if chat in MANY],
            wait=[call.at - said[chat] for call, chat in zip(calls, to, strict=True) if chat in said],
            wrong=sum(abs(everybody[number] - 1) for number in people),
            refused=api.violations(429),
        )


def due_together(database: str, people: range) -> float:
    """Have the check-in of all *people* due soon; when that is, in seconds since 1970."""
    planned = datetime.now(UTC) + _SOON
    change(database, "UPDATE due SET at = ? WHERE person BETWEEN ? AND ?", stamp(planned), people[0], people[-1])
    return planned.timestamp()


def _at_most(part: float, figures: list[float]) -> float:
    """What so large a *part* of *figures* doesn't exceed."""
    return sorted(figures)[ceil(len(figures) * part) - 1]


async def all_under_limits(
    server: postgres.Server, core: int, note: Callable[[str], None]
) -> tuple[str, dict[str, object]]:
    """The table for SQLite, PostgreSQL and two replicas on it, and the figures. Raises DidNotRun."""
    kinds = [
        Kind(name="SQLite"),
        Kind(name="PostgreSQL x1", server=server),
        Kind(name="PostgreSQL x2", server=server, replicas=2),
    ]
    found = []
    for kind in kinds:
        note(f"{len(MANY):,} people due together: {kind.name}")
        found.append(await under_limits(kind, core))

    def line(name: str, figure: Callable[[Lateness], list[float]], part: float, most: float | None = None) -> Line:
        values = [_at_most(part, figure(each)) for each in found]
        return Line(name=name, values=values, form=".2f", most=most, judged=len(kinds))

    def count(name: str, values: list[int]) -> Line:
        return Line(name=name, values=values, form=".0f", most=1, judged=len(kinds))

    lines = [
        line(f"{len(FEW)} due together, asked after, s: half", lambda one: one.few, 0.5),
        line("  99 of 100 within", lambda one: one.few, 0.99, most=5),
        line(f"{len(MANY):,} due together, asked after, s: the last", lambda one: one.many, 1),
        line("a reply meanwhile, waited for, s: half", lambda one: one.wait, 0.5),
        line("  99 of 100 within", lambda one: one.wait, 0.99, most=1),
        count("messages doubled or missing", [each.wrong for each in found]),
        count("  refused by Telegram", [each.refused for each in found]),
    ]
    shown = table(("under Telegram's limits", *(kind.name for kind in kinds), "wanted"), lines)
    return shown, {kind.name: asdict(each) for kind, each in zip(kinds, found, strict=True)}
