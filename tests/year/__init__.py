"""A year with Tenfold, lived in the terminal, in Telegram, or with nothing but the engine.

`life` is the person: it yields what they do next and is sent what they heard. It knows nothing of where that is, so the
same year can be lived anywhere; whoever drives it turns a Move into whatever is done there.
"""

import tomllib
from collections.abc import Generator
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.conversation import Heard as Message
from tests.conversation import Somebody

START = datetime(2025, 12, 1, 18, 0, tzinfo=UTC)
"""A Monday evening."""

LAST = START + timedelta(weeks=52)

MIRA: dict[str, Any] = tomllib.loads((Path(__file__).parent / "mira.toml").read_text("utf-8"))


@dataclass(frozen=True, slots=True)
class Says:
    """Words."""

    text: str


@dataclass(frozen=True, slots=True)
class Presses:
    """The newest button of that label."""

    label: str


@dataclass(frozen=True, slots=True)
class Waits:
    """Time goes by until then."""

    until: datetime


@dataclass(frozen=True, slots=True)
class Heard:
    """One message: what it says and what its buttons say."""

    text: str
    labels: tuple[str, ...] = ()


Move = Says | Presses | Waits
Life = Generator[Move, list[Heard], None]


def life(year: dict[str, Any], weeks: int = 52) -> Life:
    """The year of somebody, from the first meeting on; *weeks* of it."""
    year = deepcopy(year)  # what came of something is told once
    for words in ("/start", year["themes"], year["city"]):
        yield Says(words)
    for number, week in enumerate(year["week"][:weeks]):
        friday = START + timedelta(weeks=number, days=4)
        yield Waits(friday)
        if not week.get("silent"):
            yield from _week(year, week, friday)
    yield Waits(START + timedelta(weeks=weeks))


def _week(year: dict[str, Any], week: dict[str, Any], friday: datetime) -> Life:
    """The check-in, the card, and what becomes of it."""
    given, rest = list(week.get("given", ())), dict(week)
    heard = yield Says("/checkin")
    for _step in range(20):
        labels = heard[-1].labels if heard else ()
        if "No, I gave it" in labels:
            heard = yield Presses("No, I gave it")
        elif "That's all" in labels or "Nothing this week" in labels:
            heard = yield Says(given.pop(0) if given else "that's all" if "That's all" in labels else "nothing")
        elif "Not that I noticed" in labels:
            heard = yield Says(rest.pop("got", "skip"))
        elif "Not that I know" in labels:
            heard = yield Says(_came(year, heard[-1].text) or "not that I know")
        elif "Rather something else" in labels or "Skip" in labels:
            heard = yield Says("skip")
        else:
            break
    if got := rest.pop("got", ""):
        heard = yield Says(f"/goodturn {got}")
        label = next((label for label in heard[-1].labels if label in ("Yes, I got it", "One I received")), "")
        heard = (yield Presses(label)) if label else heard
    for label in ("Yes, a theme", "Yes, one"):
        if any(label in each.labels for each in heard):
            yield Presses(label)
    if (on := rest.pop("on", "")) and any("Pass it on" in each.labels for each in heard):
        yield Presses("Pass it on")
        heard = yield Says(on)
        yield from _does(year, heard, friday)
    elif week.get("then") == "gladly" and any("My own time" in each.labels for each in heard):
        yield from _does(year, heard, friday)
    elif week.get("then") == "no" and any("Not for me" in each.labels for each in heard):
        yield Presses("Not for me")


def _came(year: dict[str, Any], asked: str) -> str:
    """What came of what was *asked* after; empty if that is over or was told."""
    word = next((word for word in year["came"] if word in asked), "")
    return str(year["came"].pop(word, ""))


def _does(year: dict[str, Any], heard: list[Heard], friday: datetime) -> Life:
    """Take the card that was *heard* for its first moment, do it gladly, and say what came of it."""
    yield Presses(next(each.labels[0] for each in heard if "My own time" in each.labels))
    yield Waits(friday + timedelta(days=3))
    heard = yield Presses("Did it, gladly")
    if heard and "?" in heard[-1].text:
        yield Says(_came(year, heard[-1].text) or "skip")


async def lives(somebody: Somebody, living: Life) -> list[Message]:
    """Let *somebody* live that life; all that was heard."""
    move, start = next(living), len(somebody.all_heard)
    while True:
        came: list[Message] = []
        match move:
            case Waits(until=at):
                await somebody.scene.until(max(at, somebody.scene.clock.at))
                came = somebody.hears()
            case Presses(label=label):
                came = await somebody.presses(label)
            case Says(text=text):
                came = await somebody.says(text)
        try:
            move = living.send([Heard(each.text, tuple(each.labels)) for each in came])
        except StopIteration:
            return somebody.all_heard[start:]
