"""Three people and ten weeks each: what they typed is kept, and nothing that is said sounds like a form.

The plays are in tests/plays: Nadia talks and never presses a button, Tom only presses, Ines changes everything there
is. `make plays` writes them anew; then they are read aloud.
"""

import re
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from tests.conversation import WORDS
from tests.plays import HERE, PLAYS, played, shown, typed

NAMES = [file.stem for file in PLAYS]

DONE = {
    "talkative": {
        "hm, why do you ask?",
        "ok fair. tomatoes, getting shy people to talk, and fixing what's broken before anyone buys new",
        "leipzig i think? yes leipzig",
        "tomorrow with coffee please",
        "hi!",
        "that's it i think",
        "why this one?",
        "nah not for me",
        "i gave",
        "yes",
        "that's it",
        "nothing else",
        "yes please",
        "done, gladly",
        "no",
        "none of your business",
        "not that one",
        "what did i tell you about Greta?",
        "no that was it",
        "stop",
        "i'm back",
        "good turn",
        "skip it please",
        "that's lovely, i will",
    },
    "terse": {"berlin"},
    "changer": {
        "listening, sewing, sewing repairs",
        "thursdays at 19:30 please",
        "porto",
        "mondays at 8",
        "thursdays again, 19:30",
        "that's it",
        "merge sewing and sewing repairs into mending",
        "rename listening to listening properly",
        "every other week please",
        "Marta Silva",
        "weekly again please",
        "i'm moving to lisbon on the 14th of october",
        "tuesdays 8am from now on please",
        "let it go",
        "tomorrow evening",
        "i moved to lisbon",
        "ask me everything please",
        "discreet please",
        "nothing",
        "short again please",
        "not discreet",
        "not really",
        "pause till 16 november",
        "another one",
        "gladly. she asked me to show her how",
    },
}
"""What was typed and then done, answered, or kept as a theme, a city or a moment of ours instead of being written down
word by word; Ines deletes the last of hers."""

FORM = re.compile(
    r"\b(?:invalid|please enter|error|input|option|submit|required|select|field|stumbled|failed|unfortunately"
    r"|you (?:missed|didn't|haven't|should)|streak|score|points?|goal)\b",
    re.IGNORECASE,
)

SCREEN = 700
"""Characters that fit a phone's screen."""


def play(name: str) -> str:
    """The text of a play."""
    return (HERE / f"{name}.txt").read_text("utf-8")


def messages(text: str) -> Iterator[tuple[date | None, bool, str]]:
    """What was said, in order: the day, as far as it was told; whether it came unasked, and not because they had put it
    off; the message with its buttons."""
    day, unasked, put_off = None, False, False
    for block in text.split("\n\n")[1:]:
        if found := re.fullmatch(r"-- (.*), \d\d:\d\d \(\w+\) --", block):
            day, unasked = datetime.strptime(found[1], "%A %d %B %Y").date(), True  # noqa: DTZ007 - a day has no zone
        elif block.startswith("> "):
            unasked = False
        elif not re.fullmatch(r"It's .*\(\w+\)\.|♥", block):
            yield day, unasked and not put_off, block
            put_off = not unasked and ("[1] In three hours instead" in block or block.startswith("In three hours"))


def spoken(message: str) -> list[str]:
    """The sentences of *message* that are the bot's own: no buttons, nothing quoted, no act, no list."""
    lines = [line for line in message.splitlines() if not re.match(r"\[\d+\]|\(tenfold-", line)]
    if "[1] Did it, gladly" in message:
        del lines[1:]  # what stands below is the act that they took on
    if re.search(r"‹|\] (?:Add|Change)\b", message):
        lines = [line for line in lines[:1] if line.endswith(".")]  # a card shows how things are, as often as they look
    if "[1] Day" in message:
        lines = []
    own = [line for line in lines if "“" not in line and not line.endswith(" minutes.") and line != "Good turn"]
    return [sentence for line in own for sentence in re.split(r"(?<=[.?!])\s+", line)]


def is_press(line: str) -> bool:
    """Whether *line* picks a choice."""
    return re.fullmatch(r"\[?\d+\]?( .*)?", line) is not None


@pytest.mark.parametrize("name", NAMES)
def test_it_goes_as_written(name: str, tmp_path: Path) -> None:
    """Whoever types the same hears the same, on any day and any machine; if this is meant to change: make plays."""
    assert played(play(name), tmp_path) == play(name)


@pytest.mark.parametrize("name", NAMES)
def test_ten_weeks(name: str) -> None:
    """Ten weeks each, and a conversation rather than a few words."""
    days = [day for day, _unasked, _message in messages(play(name)) if day]
    assert max(days) - min(days) >= timedelta(days=66)
    assert 55 <= len(typed(play(name))) <= 120


def test_who_they_are() -> None:
    """Nadia never presses anything; Tom types single words where nothing can be pressed."""
    nadia, tom = typed(play("talkative")), typed(play("terse"))
    assert [line for line in nadia if is_press(line)] == []
    words = [line for line in tom if not is_press(line) and not line.startswith("/")]
    assert 0 < len(words) < 6
    assert all(len(word.split()) == 1 for word in words)


@pytest.mark.parametrize("name", NAMES)
def test_everything_is_kept(name: str, tmp_path: Path) -> None:
    """Whatever wasn't a press, a command or a wish that was granted is in the journal, to the letter."""
    text = play(name)
    until = text.find("\n> /erase")
    played(text[:until] if until > 0 else text, tmp_path)
    with closing(sqlite3.connect(tmp_path / "chat.db")) as database:
        kept = {row[0] for row in database.execute("SELECT text FROM answer UNION SELECT text FROM revision")}
        kept |= {row[0] for row in database.execute("SELECT moment FROM card UNION SELECT city FROM person")}
    lines = typed(text[:until] if until > 0 else text)
    told = {line for line in lines if not is_press(line) and not line.startswith("/")}
    told |= {line.split(" ", 2)[2] for line in lines if line.startswith("/send ")}
    told |= {line.partition(": ")[2] for line in lines if line.startswith("/forward ")}
    assert told - kept == DONE[name]


@pytest.mark.parametrize("name", NAMES)
def test_two_unasked_a_week(name: str) -> None:
    """At most two messages a week come unasked, also in a week in which the day was changed."""
    days = [day for day, unasked, _message in messages(play(name)) if unasked and day]
    weeks = Counter(day.isocalendar()[:2] for day in days)
    assert len(weeks) > 8
    assert max(weeks.values()) <= 2, weeks


@pytest.mark.parametrize("name", NAMES)
def test_a_message_fits_the_screen(name: str) -> None:
    """No message is longer than a phone's screen, its buttons included."""
    for _day, _unasked, message in messages(play(name)):
        assert len(message) <= SCREEN, message


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_said_twice_in_a_row(name: str) -> None:
    """No sentence comes again within three messages, but for a question that is still open."""
    wordings = {
        sentence
        for question in WORDS.questions.values()
        for each in (*question.wordings, question.again)
        for sentence in re.split(r"(?<=[.?!])\s+", each or "")
    } | {"In which city?"}
    said = [spoken(message) for _day, _unasked, message in messages(play(name))]
    for at, sentences in enumerate(said):
        before = {sentence for other in said[max(0, at - 2) : at] for sentence in other} - wordings
        if sentences and not sentences[0].startswith("This deletes everything"):
            assert not before & set(sentences), (said[at - 2 : at], sentences)


@pytest.mark.parametrize("name", NAMES)
def test_nothing_sounds_like_a_form(name: str) -> None:
    """No words of forms, no scolding, no exclamation marks; whole sentences."""
    said = [sentence for _day, _unasked, message in messages(play(name)) for sentence in spoken(message)]
    assert [sentence for sentence in said if FORM.search(sentence)] == []
    assert [sentence for sentence in said if "!" in sentence] == []
    assert [sentence for sentence in said if sentence and not re.search(r"[.?:,…]$|erase everything$", sentence)] == []


def test_the_readme_shows_a_real_conversation(tmp_path: Path) -> None:
    """What a newcomer reads there is what they get when they type the same."""
    assert played(shown(), tmp_path) == shown()
