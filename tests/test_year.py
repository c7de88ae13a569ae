"""A whole year, lived in the terminal and in Telegram: real processes, the same person, the same story at its end."""

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any, Self

from tests.botapi import BotApi, Person
from tests.running import ROOT, Bot, until
from tests.year import MIRA, START, Heard, Life, Move, Presses, Says, Waits, life

TURNS = """
    SELECT SUM(question = 'good_turn'), SUM(question = 'received') FROM answer
     WHERE text IS NOT NULL AND (reading IS NULL OR reading = 'done') AND said_at >= '2025-12-08'
"""
"""Good turns, given and received, of the year's last 52 weeks; what became of cards is among what was given."""


def words(move: Says | Presses) -> str:
    """What is typed for *move* where a button is pressed by its label."""
    return move.text if isinstance(move, Says) else move.label


class Terminal:
    """`tenfold chat` as a program holds it."""

    def __init__(self, folder: Path) -> None:
        command = [sys.executable, "-m", "bot", "chat", "--db", "chat.db", "--as", "Mira", "--jsonl"]
        self.process = subprocess.Popen(
            [*command, "--now", START.isoformat()],
            cwd=folder,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        self.heard: list[dict[str, Any]] = []

    def does(self, move: Move) -> list[Heard]:
        """What is heard upon *move*: all until the time is told, which is asked for after it."""
        line = f"/later {move.until.isoformat()}" if isinstance(move, Waits) else words(move)
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(f"{line}\n/now\n")
        self.process.stdin.flush()
        heard = []
        while True:
            said = json.loads(self.process.stdout.readline())
            if "note" not in said:
                self.heard.append(said)
                heard.append(Heard(said["text"], tuple(said["choices"])))
            elif said["text"].startswith("It's "):
                return heard

    def leaves(self) -> None:
        """Ctrl-D."""
        self.process.communicate(timeout=30)
        assert self.process.returncode == 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.communicate()


class Chat:
    """A bot of its own, and somebody in Telegram."""

    DUE = "SELECT 1 FROM due WHERE at <= ?"

    def __init__(self, bot: Bot, person: Person) -> None:
        self.bot, self.person = bot, person

    def does(self, move: Move) -> list[Heard]:
        """What is heard upon *move*."""
        match move:
            case Says(text=text):
                self.person.says(text)
            case Presses(label=label):
                self.person.presses(label)
            case Waits(until=at):
                self.bot.comes_to(at)
                until(lambda: not self.bot.rows(self.DUE, f"{at:%Y-%m-%dT%H:%M:%S}"), "nothing to be due any more")
        self.bot.settles()
        return [Heard(each.text, each.buttons) for each in self.person.hears()]


def lived(does: Any, living: Life) -> None:
    """Live that life, where each move is what *does* does."""
    move = next(living)
    while True:
        try:
            move = living.send(does(move))
        except StopIteration:
            return


def test_in_the_terminal(tmp_path: Path) -> None:
    """It ends in a story that is drawn with characters: every mark, each theme with its sign, and the chains."""
    with Terminal(tmp_path) as terminal:
        lived(terminal.does, life(MIRA))
        [told] = terminal.does(Says("/story 52"))
        drawing = terminal.heard[-1]["drawing"]
        terminal.leaves()
    assert "“being patient with new nurses”" in told.text
    stem = next(number for number, line in enumerate(drawing) if "──" in line)
    above, below = "".join(drawing[:stem]), "".join(drawing[stem : stem + 3])
    with closing(sqlite3.connect(tmp_path / "chat.db")) as journal:
        [turns] = journal.execute(TURNS).fetchall()
    assert (sum(sign in "●■▲•" for sign in above), below.count("○")) == turns
    assert sum(turns) > 50
    assert drawing[-2:] == ["Lena ── you ── Joana", "Mrs Alves ── you ── Sofia"]


def test_in_telegram(bot: Bot, telegram: BotApi) -> None:
    """It ends in a picture that is turned over in its place."""
    mira = telegram.person(7, "Mira")
    bot.start_with_clock()
    bot.comes_to(START)
    chat = Chat(bot, mira)
    lived(chat.does, life(MIRA))
    [told] = chat.does(Says("/story"))
    shown = mira.sees()[-1]
    assert (shown.kind, shown.buttons) == ("photo", ("Half a year", "A year", "By theme", "Dark"))
    assert told.text == shown.text
    assert shown.file
    first = telegram.file(shown.file)
    assert first.startswith(b"\x89PNG")
    for label in ("A year", "Dark"):
        chat.does(Presses(label))
        turned = mira.sees()[-1]
        assert (turned.id, turned.kind, turned.edited) == (shown.id, "photo", True)
        assert turned.file
        drawn = telegram.file(turned.file)
        assert drawn.startswith(b"\x89PNG")
        assert drawn != first
        first = drawn
    [letter] = chat.does(Says("/story year"))
    assert mira.sees()[-1].kind == "photo"
    assert "You were in the weeks of Joana" in letter.text
