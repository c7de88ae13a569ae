"""The check-in, as fast as it goes: rounds of talk with a bot, and the tables of Tenfold beside its peers, of SQLite
beside PostgreSQL, and of one replica beside several."""

import asyncio
import contextlib
import sqlite3
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from statistics import median

import psycopg

from bench.process import Family
from bench.session import TENFOLD, Bot, Plan, idle_memory, session, shared, watched
from bench.table import Line, table
from tests import postgres

_WRITTEN = "SELECT person, text FROM answer WHERE text IS NOT NULL ORDER BY person, id"

PEERS = (
    Bot(name="PTB", command=("-m", "bench.peers.ptb_bot")),
    Bot(name="aiogram", command=("-m", "bench.peers.aiogram_bot")),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Round:
    """What one round with one bot gave. Seconds of CPU and of waiting, MB of memory of one process; *server_cpu* and
    *server_memory* are those of the database's server."""

    start_cpu: float
    idle: float
    steps: int
    cpu: float
    server_cpu: float
    wall: float
    p50: float
    p99: float
    memory: float
    server_memory: float
    wrong: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Kind:
    """A way to run a bot: so many *replicas* of it, on SQLite or on the *server*."""

    name: str
    bot: Bot = TENFOLD
    replicas: int = 1
    server: postgres.Server | None = None


async def measured_round(kind: Kind, plan: Plan, core: int) -> Round:
    """One round of the check-in. Raises DidNotRun."""
    server = kind.server
    with contextlib.ExitStack() as stack:
        database = stack.enter_context(postgres.database(server.url)) if server else ""
        family = Family(server.pid) if server else None
        async with session(kind.bot, plan.people, plan, core, database=database, replicas=kind.replicas) as here:
            idle = await idle_memory(here)
            crowd = here.crowd
            async with watched(here.bots):
                await crowd.visit(kind.bot.opening, at_once=plan.people, pause=timedelta(milliseconds=50))
                crowd.begin()
                await asyncio.sleep(plan.warm_up.total_seconds())
                said, cpu, began = len(crowd.latencies), here.cpu(), time.monotonic()
                server_cpu = family.cpu() if family else 0.0
                await asyncio.sleep(plan.window.total_seconds())
                cpu, wall = here.cpu() - cpu, time.monotonic() - began
                server_cpu = family.cpu() - server_cpu if family else 0.0
                waits = sorted(crowd.latencies[said:])
                memory, server_memory = here.memory(), family.memory() if family else 0.0
                await crowd.end()
                await crowd.burst()
            wrong = crowd.disorder + crowd.extra + crowd.missing
            await here.stop()
            wrong += crowd.misplaced(written(here.database))
    return Round(
        start_cpu=here.start_cpu,
        idle=idle,
        steps=len(waits),
        cpu=cpu,
        server_cpu=server_cpu,
        wall=wall,
        p50=waits[len(waits) // 2],
        p99=waits[len(waits) * 99 // 100],
        memory=memory,
        server_memory=server_memory,
        wrong=wrong,
    )


def written(database: str) -> list[tuple[int, str]]:
    """Every answer's person and text, in the order of each journal."""
    if shared(database):
        with psycopg.connect(database) as connection:
            return connection.execute(_WRITTEN).fetchall()
    with contextlib.closing(sqlite3.connect(database.removeprefix("sqlite:///"))) as file:
        return file.execute(_WRITTEN).fetchall()


async def memory_when_active(bot: Bot, plan: Plan, core: int) -> float:
    """Resident MB after *plan.active* people said hello, 64 at a time. Raises DidNotRun."""
    async with session(bot, plan.active, plan, core) as here:
        async with watched(here.bots):
            await here.crowd.visit(bot.opening[:1], at_once=plan.people, pause=timedelta())
        return here.memory()


async def rounds_of(kinds: Sequence[Kind], plan: Plan, core: int, note: Callable[[str], None]) -> list[list[Round]]:
    """So many rounds of each of *kinds*, in turns. Raises DidNotRun."""
    rounds: list[list[Round]] = [[] for _ in kinds]
    for number in range(plan.rounds):
        for kind, kept in zip(kinds, rounds, strict=True):
            note(f"round {number + 1} of {plan.rounds}: {kind.name}")
            kept.append(await measured_round(kind, plan, core))
    return rounds


# ---- the tables ----


class _Columns:
    """A column for each kind: medians over its rounds."""

    def __init__(self, rounds: Sequence[Sequence[Round]]) -> None:
        self._rounds = rounds

    def line(
        self, name: str, form: str, figure: Callable[[Round], float], *, most: float | None = None, judged: int = 1
    ) -> Line:
        """A line with that *figure* of each."""
        values = [median(map(figure, of_one)) for of_one in self._rounds]
        return Line(name=name, values=values, form=form, most=most, judged=judged)

    def wrong(self, judged: int) -> Line:
        """The line about what must not be."""
        return Line(
            name="replies or answers lost, doubled or out of order",
            values=[sum(one.wrong for one in of_one) for of_one in self._rounds],
            form=",.0f",
            most=1,
            judged=judged,
        )

    def steps(self) -> list[Line]:
        """The lines about a step that every table of this kind has."""
        return [
            self.line("steps per second", ",.0f", lambda one: one.steps / one.wall),
            self.line("wait for the reply, ms: median", ".0f", lambda one: one.p50 * 1e3),
            self.line("  99 of 100 at most", ".0f", lambda one: one.p99 * 1e3),
        ]


async def beside_peers(plan: Plan, core: int, note: Callable[[str], None]) -> tuple[str, dict[str, object], bool]:
    """Tenfold beside its peers: the table, the figures, and whether nobody's order was broken by Tenfold. Raises
    DidNotRun."""
    kinds = [Kind(name=bot.name, bot=bot) for bot in (TENFOLD, *PEERS)]
    rounds = await rounds_of(kinds, plan, core, note)
    active: list[float] = []
    for kind in kinds:
        note(f"{plan.active:,} people say hello to {kind.name}")
        active.append(await memory_when_active(kind.bot, plan, core))
    columns = _Columns(rounds)
    steps = columns.line("steps per CPU second", ",.0f", lambda one: one.steps / one.cpu)
    tenfold, *others = (value or 0.0 for value in steps.values)
    lines = [
        steps,
        *(
            Line(
                name=f"  Tenfold does, times {peer.name}'s",
                values=[tenfold / other, None, None],
                form=".2f",
                least=least,
            )
            for peer, other, least in zip(PEERS, others, (3.0, 1.5), strict=True)
        ),
        columns.line("CPU of a step, ms", ".2f", lambda one: one.cpu / one.steps * 1e3),
        *columns.steps(),
        columns.wrong(judged=1),
        columns.line("CPU from start to first getUpdates, s", ".2f", lambda one: one.start_cpu, most=0.6),
        columns.line("memory idle, MB", ".0f", lambda one: one.idle, most=70),
        Line(name=f"  {plan.active:,} people active, MB", values=active, form=".0f", most=120),
    ]
    names = [kind.name for kind in kinds]
    shown = table(("", *names, "wanted of Tenfold"), lines)
    return (
        shown,
        raw(kinds, rounds) | {"active MB": dict(zip(names, active, strict=True))},
        not any(one.wrong for one in rounds[0]),
    )


async def on_postgres(
    server: postgres.Server, plan: Plan, core: int, note: Callable[[str], None]
) -> tuple[str, dict[str, object], bool]:
    """Tenfold on SQLite, and one, two and four replicas of it on PostgreSQL: the table, the figures, and whether
    nobody's order was broken. Raises DidNotRun."""
    kinds = [
        Kind(name="SQLite"),
        *(Kind(name=f"PostgreSQL x{count}", replicas=count, server=server) for count in (1, 2, 4)),
    ]
    rounds = await rounds_of(kinds, plan, core, note)
    columns = _Columns(rounds)
    lines = [
        columns.line("steps per CPU second of the bots", ",.0f", lambda one: one.steps / one.cpu),
        columns.line("CPU of a step, ms: the bots'", ".2f", lambda one: one.cpu / one.steps * 1e3),
        columns.line("  the server's", ".2f", lambda one: one.server_cpu / one.steps * 1e3),
        *columns.steps(),
        columns.wrong(judged=len(kinds)),
        columns.line("memory idle, MB a process", ".0f", lambda one: one.idle),
        columns.line("  after so much talk", ".0f", lambda one: one.memory),
        columns.line("  the server's, all its processes", ".0f", lambda one: one.server_memory),
    ]
    shown = table(("", *(kind.name for kind in kinds), "wanted"), lines)
    return shown, raw(kinds, rounds), not any(one.wrong for of_one in rounds for one in of_one)


def raw(kinds: Sequence[Kind], rounds: Sequence[Sequence[Round]]) -> dict[str, object]:
    """Each round of each kind, for a program."""
    return {kind.name: [asdict(one) for one in of_one] for kind, of_one in zip(kinds, rounds, strict=True)}
