"""Every dialogue of several steps, killed between two of them: it goes on where it was.

With the real process against Telegram's stand-in everybody is in the middle of another dialogue when the process is
killed. In the terminal a script in a pipe goes through them.
"""

import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.botapi import BotApi, Person
from tests.running import ROOT, WAIT, Bot, heard, met


class Row(NamedTuple):
    """What is done *before* the kill and *after* it, what is *heard* then, and what is *stored* where."""

    before: tuple[str, ...]
    after: str
    heard: str
    stored: list[tuple[Any, ...]]
    where: str


ANA = "/goodturn canary watched Ana's shop"
ANSWERS = "SELECT question, text FROM answer WHERE person = ? ORDER BY id"
PEOPLE = "SELECT name FROM acquaintance WHERE person = ? ORDER BY id"
THEMES = "SELECT text FROM theme WHERE person = ? ORDER BY id"

ROWS = {
    "reword": Row(
        (ANA, "/history", "[Change]", "[Other words]"),
        "canary minded Ana's shop",
        "That's how it stands now.",
        [("good_turn", "canary minded Ana's shop")],
        ANSWERS,
    ),
    "delete": Row((ANA, "/history", "[Change]", "[Delete]"), "[Delete it]", "gone", [], ANSWERS),
    "fix names": Row((ANA, "[Fix]"), "it was Lena", "Lena, then.", [("Lena",)], PEOPLE),
    "rename somebody": Row((ANA, "/people", "[Ana]", "[Another name]"), "Annika", "Annika", [("Annika",)], PEOPLE),
    "merge people": Row(
        (ANA, "/goodturn canary met Annika", "/people", "[Ana]", "[Same as …]", "[Annika]"),
        "[Yes, the same]",
        "Annika",
        [("Annika",)],
        PEOPLE,
    ),
    "hour": Row(
        ("/settings", "[Hour]", "[Another]"),
        "half past nine in the morning",
        "09:30",
        [(570,)],
        "SELECT minute FROM person WHERE id = ?",
    ),
    "city": Row(
        ("/settings", "[City]", "san jose"),
        "[Somewhere else]",
        "?",
        [("Porto",)],
        "SELECT city FROM person WHERE id = ?",
    ),
    "merge themes": Row(
        ("/themes add canary rolls", "/themes", "[canary rolls]", "[Merge with …]", "[canary bread]"),
        "[Yes, one theme]",
        "canary bread",
        [("canary bread",)],
        THEMES,
    ),
    "places": Row(
        ("/settings places", "[Add]"),
        "the canary choir",
        "the canary choir",
        [("the canary choir",)],
        "SELECT text FROM place WHERE person = ?",
    ),
    "hard moment": Row(
        ("canary: dad is in hospital",),
        "yes please",
        "Quiet until",
        [(1,)],
        "SELECT quiet_until IS NOT NULL FROM person WHERE id = ?",
    ),
    "a few words": Row(("(voice)",), "canary song", "ept", [("note", "canary song")], ANSWERS),
    "thank-you": Row(
        (ANA, "(thanks)"),
        "[Yes]",
        "",
        [("good_turn", ANA.removeprefix("/goodturn ")), ("outcome", "canary thank you so much")],
        ANSWERS,
    ),
    "own moment": Row(
        ("[My own time]",),
        "when the canary sleeps",
        "when the canary sleeps",
        [("taken", "when the canary sleeps")],
        "SELECT state, moment FROM card WHERE person = ?",
    ),
    "good turn": Row(("/goodturn",), "canary mum", "ept", [("good_turn", "canary mum")], ANSWERS),
    "what it was": Row(("canary bees came",), "[A good turn]", "", [("good_turn", "canary bees came")], ANSWERS),
    "whose it was": Row(
        ("/checkin", "canary boss said I did well"),
        "yes",
        "",
        [("received", "canary boss said I did well")],
        ANSWERS,
    ),
    "how long": Row(
        ("/pause",), "[Only a month]", "Quiet until", [(0,)], "SELECT quiet_until > '9' FROM person WHERE id = ?"
    ),
    "erase": Row(("/erase",), "erase everything", "Everything of yours is gone.", [], ANSWERS),
    "keep": Row((ANA, "/erase"), "no", "stays as it is", [("good_turn", ANA.removeprefix("/goodturn "))], ANSWERS),
}
"""Each begins after the meeting: canary bread, in Porto, a card in hand."""


def does(person: Person, step: str) -> None:
    """*person* takes that *step*."""
    if step == "(voice)":
        person.sends("voice", data=b"OggS")
    elif step == "(thanks)":
        person.forwards("canary thank you so much", "Ana")
    elif step.startswith("["):
        person.presses(step[1:-1])
    else:
        person.says(step)


@pytest.mark.both_stores
@pytest.mark.parametrize("down", [False, True])
def test_killed_between_two_steps(bot: Bot, telegram: BotApi, down: bool) -> None:
    """It goes on where it was, whether the next step is taken while it is *down* or once it is there again."""
    bot.start()
    people = {name: telegram.person(500 + at) for at, name in enumerate(ROWS)}
    for name, person in people.items():
        met(person)
        for step in ROWS[name].before:
            does(person, step)
            person.waits_for(edits=True, text=" ", timeout=WAIT)
    bot.settles()
    bot.kill()
    if not down:
        bot.start()
    for name, person in people.items():
        does(person, ROWS[name].after)
    if down:
        bot.start()
    for name, person in people.items():
        row = ROWS[name]
        heard(person, row.heard)
        assert bot.rows(row.where, person.id) == row.stored, name
    bot.settles()


@pytest.mark.both_stores
def test_a_follow_up_killed_at_both_its_steps(bot: Bot, telegram: BotApi) -> None:
    """How it was, and then what came of it: each is asked once, and answered after a kill."""
    mira = telegram.person(7, "Mira")
    bot.start_with_clock()
    met(mira)
    mira.presses("This evening")
    mira.waits_for(timeout=WAIT)
    bot.settles()
    ((at,),) = bot.rows("SELECT at FROM due WHERE kind = 'follow-up'")
    bot.comes_to(datetime.fromisoformat(at) + timedelta(seconds=1))
    how = mira.waits_for(timeout=WAIT)[-1]
    assert how.buttons[0] == "Did it, gladly"
    bot.settles()
    bot.kill()
    bot.start_with_clock()
    mira.presses("Did it, gladly")
    assert mira.waits_for(timeout=WAIT)[-1].buttons == ("Skip",)
    bot.settles()
    bot.kill()
    mira.says("canary handovers")
    bot.start_with_clock()
    mira.waits_for(timeout=WAIT)
    ((act,),) = bot.rows("SELECT text FROM card WHERE person = 7 ORDER BY id LIMIT 1")
    assert bot.rows(ANSWERS, mira.id) == [("good_turn", act), ("outcome", "canary handovers")]
    assert bot.rows("SELECT state, felt FROM card WHERE person = 7 ORDER BY id LIMIT 1") == [("done", "gladly")]


def test_a_move_killed_in_between(bot: Bot, telegram: BotApi) -> None:
    """A move that was announced comes on its day by itself, though the process was killed since, and is told once."""
    mira = telegram.person(7, "Mira")
    bot.start_with_clock()
    met(mira)
    mira.says("/settings utc+2, lisbon from the 14th")
    heard(mira, "UTC+2 for now, and Lisbon from ")
    bot.settles()
    bot.kill()
    bot.start_with_clock()
    ((at,),) = bot.rows("SELECT at FROM due WHERE kind = 'move'")
    bot.comes_to(datetime.fromisoformat(at) + timedelta(seconds=1))
    bot.waits_for_rows([("Lisbon", "Europe/Lisbon")], "SELECT city, zone FROM person")
    bot.settles()
    bot.kill()
    bot.start_with_clock()
    bot.settles()
    assert bot.rows("SELECT 1 FROM due WHERE kind = 'move'") == []
    assert bot.rows("SELECT city, zone FROM person") == [("Lisbon", "Europe/Lisbon")]


# ---- in the terminal


def terminal(folder: Path) -> subprocess.Popen[str]:
    """`tenfold chat` in a pipe, on the database in *folder*."""
    return subprocess.Popen(
        [sys.executable, "-m", "bot", "chat", "--db", "chat.db", "--jsonl"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=folder,
        env={"PYTHONPATH": str(ROOT)},
    )


@pytest.mark.parametrize("name", ["reword", "fix names", "hour", "places", "erase"])
def test_killed_in_the_terminal(tmp_path: Path, name: str) -> None:
    """A script in a pipe whose process is killed between two steps goes on with the next one on the same file."""
    row = ROWS[name]
    with terminal(tmp_path) as process:
        assert process.stdin
        assert process.stdout
        assert "Hello." in json.loads(process.stdout.readline())["text"]
        for step in ("canary bread", "porto", *row.before):
            process.stdin.write(f"{step.strip('[]')}\n")
            process.stdin.flush()
            while json.loads(process.stdout.readline()).get("note"):  # a heart comes before the words
                pass
        process.kill()
    with terminal(tmp_path) as process:
        told, _errors = process.communicate(f"{row.after.strip('[]')}\n", timeout=WAIT)
    assert row.heard in "".join(json.loads(line)["text"] for line in told.splitlines())
    with closing(sqlite3.connect(tmp_path / "chat.db")) as raw:
        [(person,)] = raw.execute("SELECT id FROM person").fetchall() or [(0,)]
        assert raw.execute(row.where, (person,)).fetchall() == row.stored
