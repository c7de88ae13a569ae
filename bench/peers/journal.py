"""The check-in step the ordinary way, the part that both peers share: sqlite3, one commit for each answer.

Everything that one message needs happens in one function call and one transaction: the person's row, the open
check-in, the answers that it has so far, the new answer, the next question in a wording that was not used yet, and a
commit that reaches the disk (WAL, synchronous=FULL) before anything is replied. The questions are Tenfold's own, so
that both sides send texts of the same length.
"""

import random
import sqlite3
import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

_PROMPTS = Path(__file__).parents[2] / "prompts" / "en" / "questions.toml"
_ORDER = ("good_turn", "people", "presence", "received", "call")
_SCHEMA = """
CREATE TABLE IF NOT EXISTS person (id INTEGER PRIMARY KEY, name TEXT NOT NULL, language TEXT, joined_at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS check_in (
    id INTEGER PRIMARY KEY, person INTEGER NOT NULL REFERENCES person (id), opened_at TEXT NOT NULL, closed_at TEXT
);
CREATE INDEX IF NOT EXISTS check_in_open ON check_in (person) WHERE closed_at IS NULL;
CREATE TABLE IF NOT EXISTS answer (
    id INTEGER PRIMARY KEY, person INTEGER NOT NULL REFERENCES person (id), check_in INTEGER REFERENCES check_in (id),
    question TEXT NOT NULL, text TEXT, said_at TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS answer_check_in ON answer (check_in);
CREATE TABLE IF NOT EXISTS used (
    person INTEGER NOT NULL REFERENCES person (id), question TEXT NOT NULL, wording INTEGER NOT NULL,
    PRIMARY KEY (person, question, wording)
) WITHOUT ROWID;
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """What the bot answers: *text* and one row of *buttons*, each (label, callback data)."""

    text: str
    buttons: tuple[tuple[str, str], ...] = ()


class Journal:
    """Everybody's journal in one SQLite file. Each method returns when what it changed is on disk."""

    def __init__(self, path: str) -> None:
        prompts = tomllib.loads(_PROMPTS.read_text(encoding="utf-8"))
        self._openers: list[str] = prompts["openers"]
        self._wordings: dict[str, list[str]] = {question: prompts[question]["wordings"] for question in _ORDER}
        self._db = sqlite3.connect(path)
        self._db.executescript(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;" + _SCHEMA
        )

    def start(self, person: int, name: str, language: str | None) -> Said:
        """Hello, and a row for whoever is new."""
        with self._db:
            self._db.execute(
                "INSERT INTO person VALUES (?, ?, ?, ?) ON CONFLICT (id) DO NOTHING", (person, name, language, _now())
            )
        return Said(text="Hello. Once a week I ask what you did for someone, and keep it. /checkin begins one.")

    def check_in(self, person: int) -> Said:
        """A new check-in. An older one that is still open is closed as it stands."""
        with self._db:
            if not self._known(person):
                return Said(text="Please say /start first.")
            now = _now()
            self._db.execute("UPDATE check_in SET closed_at = ? WHERE person = ? AND closed_at IS NULL", (now, person))
            self._db.execute("INSERT INTO check_in (person, opened_at) VALUES (?, ?)", (person, now))
            opener = random.choice(self._openers).replace("{weekday}", f"{datetime.now(UTC):%A}")
            question = self._wording(person, _ORDER[0])
        return Said(text=f"{opener} {question}", buttons=(("Nothing this week", "nothing"), ("Later", "later")))

    def answer(self, person: int, text: str | None) -> Said:
        """Keep *text*, an answer to what is open (None: skipped), and ask the next question."""
        with self._db:
            if not self._known(person):
                return Said(text="Please say /start first.")
            now = _now()
            row = self._db.execute(
                "SELECT id FROM check_in WHERE person = ? AND closed_at IS NULL ORDER BY id DESC LIMIT 1", (person,)
            ).fetchone()
            if row is None:
                self._keep(person, None, "note", text, now)
                return Said(text="Kept as a note. /checkin begins a check-in.")
            check_in: int = row[0]
            answered = {
                question
                for question, _ in self._db.execute("SELECT question, text FROM answer WHERE check_in = ?", (check_in,))
            }
            questions = [question for question in _ORDER if question not in answered]
            self._keep(person, check_in, questions[0], text, now)
            if len(questions) == 1:
                self._db.execute("UPDATE check_in SET closed_at = ? WHERE id = ?", (now, check_in))
                return Said(text="Kept. That's all for this week.")
            return Said(text=f"Kept. {self._wording(person, questions[1])}", buttons=(("Skip", "skip"),))

    def leave(self, person: int) -> Said:
        """Close what is open, as it stands."""
        with self._db:
            self._db.execute(
                "UPDATE check_in SET closed_at = ? WHERE person = ? AND closed_at IS NULL", (_now(), person)
            )
        return Said(text="We'll leave it there. What you told me is kept.")

    def _known(self, person: int) -> bool:
        return self._db.execute("SELECT name, language FROM person WHERE id = ?", (person,)).fetchone() is not None

    def _keep(self, person: int, check_in: int | None, question: str, text: str | None, now: str) -> None:
        self._db.execute(
            "INSERT INTO answer (person, check_in, question, text, said_at) VALUES (?, ?, ?, ?, ?)",
            (person, check_in, question, text, now),
        )

    def _wording(self, person: int, question: str) -> str:
        """A wording of *question* that *person* has not had in this round; when all were used, a new round begins."""
        wordings = self._wordings[question]
        rows = self._db.execute("SELECT wording FROM used WHERE person = ? AND question = ?", (person, question))
        used = {wording for (wording,) in rows}
        fresh = [number for number in range(len(wordings)) if number not in used]
        if not fresh:
            self._db.execute("DELETE FROM used WHERE person = ? AND question = ?", (person, question))
            fresh = list(range(len(wordings)))
        chosen = random.choice(fresh)
        self._db.execute("INSERT INTO used VALUES (?, ?, ?)", (person, question, chosen))
        return wordings[chosen]


def _now() -> str:
    return datetime.now(UTC).isoformat()
