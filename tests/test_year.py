"""A whole year, lived in the terminal and in Telegram: real processes, the same person, the same story at its end."""

import io
import json
import os
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any, Self

from tests.botapi import BotApi, Person
from tests.running import ROOT, Bot, until
from tests.year import LAST, MIRA, START, Heard, Life, Move, Presses, Says, Waits, life

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

    def __init__(self, folder: Path, at: datetime = START) -> None:
        command = [sys.executable, "-m", "bot", "chat", "--db", "chat.db", "--as", "Mira", "--jsonl"]
        self.process = subprocess.Popen(
            [*command, "--now", at.isoformat()],
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


def lived(does: Callable[[Move], list[Heard]], living: Life) -> None:
    """Live that life, where each move is what *does* does."""
    move = next(living)
    while True:
        try:
            move = living.send(does(move))
        except StopIteration:
            return


DRAFT = (
    "Thank you Idris, for the tram ride and for waiting with me at the dentist. You said nobody tells new nurses about"
    " the keys. What else did nobody tell you?"
)


def looks_at_a_draft(does: Callable[[Move], list[Heard]]) -> None:
    """What she wants to post is looked at with what the year has taught, and not kept."""
    [answer] = does(Says(f"/draft {DRAFT}"))
    assert "takes part" in answer.text
    assert "It goes with “being patient with new nurses”." in answer.text
    assert "“What else did nobody tell you?”" in answer.text
    assert "Idris" in answer.text
    assert answer.labels == ("Keep it", "Done")
    does(Presses("Done"))


def journal_in(archive: bytes) -> dict[str, Any]:
    """What journal.json in *archive* holds, but for when it was made and when they were seen last."""
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        told: dict[str, Any] = json.loads(opened.read("journal.json"))
        assert {"story/twelve-weeks.png", "story/a-year.png", "story/letter.png"} <= {*opened.namelist()}
    del told["tenfold"]["made_at"], told["person"]["seen_at"]
    return told


def test_in_the_terminal(tmp_path: Path) -> None:
    """It ends in a story that is drawn with characters, every mark, each theme with its sign, and the chains; in a
    draft that is looked at; and in an export that an empty journal takes in to the letter."""
    here, elsewhere = tmp_path / "here", tmp_path / "elsewhere"
    here.mkdir()
    elsewhere.mkdir()
    with Terminal(here) as terminal:
        lived(terminal.does, life(MIRA))
        [told] = terminal.does(Says("/story 52"))
        drawing = terminal.heard[-1]["drawing"]
        looks_at_a_draft(terminal.does)
        terminal.does(Says("/export"))
        archive = here / terminal.heard[-1]["document"]
        terminal.leaves()
    assert "“being patient with new nurses”" in told.text
    stem = next(number for number, line in enumerate(drawing) if "──" in line)
    above, below = "".join(drawing[:stem]), "".join(drawing[stem : stem + 3])
    with closing(sqlite3.connect(here / "chat.db")) as journal:
        [turns] = journal.execute(TURNS).fetchall()
        assert not [row for row in journal.execute("SELECT * FROM answer") if "the tram ride and for" in str(row)]
    assert (sum(sign in "●■▲•" for sign in above), below.count("○")) == turns
    assert sum(turns) > 50
    assert drawing[-2:] == ["Lena ── you ── Joana", "Mrs Alves ── you ── Sofia"]

    with Terminal(elsewhere, LAST) as terminal:
        taken = terminal.does(Says(f"/send {archive} /import"))
        assert any("It's all here, from December 2025 to November 2026." in each.text for each in taken)
        [told_again] = terminal.does(Says("/story 52"))
        assert (told_again, terminal.heard[-1]["drawing"]) == (told, drawing)
        terminal.does(Says("/export"))
        copy = elsewhere / terminal.heard[-1]["document"]
        terminal.leaves()
    assert journal_in(copy.read_bytes()) == journal_in(archive.read_bytes())


def test_in_telegram(bot: Bot, telegram: BotApi) -> None:
    """It ends in a picture that is turned over in its place, in a letter, in a draft that is looked at, and in an
    export that somebody else's empty journal takes in to the letter."""
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
    looks_at_a_draft(chat.does)
    chat.does(Says("/export"))
    archive = telegram.file(mira.sees()[-1].file or "")

    moved = telegram.person(8, "Mira")
    chat = Chat(bot, moved)
    moved.sends("document", caption="/import", data=archive, file_name="tenfold.zip")
    moved.waits_for(text="It's all here, from December 2025 to November 2026.")
    bot.settles()
    chat.does(Says("/export"))
    assert journal_in(telegram.file(moved.sees()[-1].file or "")) == journal_in(archive)
