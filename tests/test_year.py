"""A whole year, lived in the terminal and in Telegram: real processes, the same person, and the same story at its end."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.botapi import BotApi, Person
from tests.running import ROOT, Bot, until
from tests.year import LAST, MIRA, START, Heard, Life, Move, Presses, Says, Waits, life

MARKS = 54
"""Good turns, given and received, of the last 52 weeks of Mira's year, with what became of her cards."""


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
        match move:
            case Says(text=line) | Presses(label=line):
                lines = line
            case Waits(until=at):
                lines = f"/later {at.isoformat()}"
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(f"{lines}\n/now\n")
        self.process.stdin.flush()
        heard = []
        while not ((said := json.loads(self.process.stdout.readline())).get("note") and said["text"].startswith("It's")):
            if not said.get("note"):
                self.heard.append(said)
                heard.append(Heard(said["text"], tuple(said["choices"])))
        return heard

    def leaves(self) -> None:
        """Ctrl-D."""
        self.process.communicate(timeout=30)
        assert self.process.returncode == 0


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
    """It ends in a story that is drawn with characters."""
    terminal = Terminal(tmp_path)
    lived(terminal.does, life(MIRA))
    terminal.does(Says("/story 52"))
    drawing = terminal.heard[-1]["drawing"]
    print("\n".join(drawing))
    terminal.leaves()


def test_in_telegram(bot: Bot, telegram: BotApi) -> None:
    """It ends in a picture."""
    mira = telegram.person(7, "Mira")
    bot.start_with_clock()
    bot.comes_to(START)
    chat = Chat(bot, mira)
    lived(chat.does, life(MIRA))
    print(chat.does(Says("/story 52")))
