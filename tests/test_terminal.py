"""The terminal: its clock, its three screens, and conversations held through it on a real engine and database."""

import asyncio
import io
import json
import os
import pty
import select
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.channels import folder, screens, terminal
from bot.channels.screens import JsonLines, Plain, Pretty, Screen
from bot.channels.terminal import Clock, TerminalChannel, converse
from bot.domain import Choice, Due, Event, Fetch, File, Pressed, Reply, Said, Sent, Turn
from bot.engine import Engine
from bot.errors import NotSent, Refused
from bot.files import LARGEST, Files
from bot.journal import Journal
from bot.pace import Pace
from bot.store import open_store
from bot.text import emphasised

FRIDAY = datetime(2026, 11, 13, 16, 0, tzinfo=UTC)
DAYS = (
    (Choice(label="Friday", action="day:friday"), Choice(label="Sunday", action="day:sunday")),
    (Choice(label="Older", action="older"),),
)


def dialogue(event: Event, journal: Journal, now: datetime) -> Turn:
    """A dialogue that has one of everything a terminal must show."""
    match event:
        case Said(text="/start"):
            return Turn(
                replies=(Reply(text=f"Hello, {journal.person.name}. {emphasised('Which')} day?", choices=DAYS),)
            )
        case Said(text="plan"):
            journal.plan("nudge", "first", now + timedelta(days=1))
            journal.plan("nag", "second", now + timedelta(days=3))
            return Turn(replies=(Reply(text="Planned."),))
        case Said(text="quiet"):
            return Turn()
        case Said(text="back"):
            replies = [Reply(text="Yours.", attached=f"media {each.id}") for each in journal.all_media()]
            return Turn(replies=tuple(replies))
        case Said(text=text, forwarded=str(name)):
            return Turn(replies=(Reply(text=f"{name} said {text}."),))
        case Sent(kind=kind, caption=caption, file=File(name=name) as file):
            answer = journal.add("note", text=caption or None, reading=kind)
            fetch = Fetch(media=journal.add_media(answer, file))
            return Turn(replies=(Reply(text=f"A {kind}, {name}: {caption}."),), wishes=(fetch,))
        case Said(text=text):
            return Turn(replies=(Reply(text=f"Said {text}."),))
        case Pressed(action="older", message=message):
            return Turn(replies=(Reply(text="An older page.", choices=DAYS, replaces=message),))
        case Pressed(action=action, label=label):
            return Turn(replies=(Reply(text=f"Pressed {action}."),), chosen=label)
        case Due(kind=kind):
            return Turn(replies=(Reply(text=f"Time to {kind}.", unasked=True),))
    raise AssertionError(event)


class Watch:
    """Real time, as far as a test is concerned: it stands still until it is set."""

    def __init__(self, at: datetime = FRIDAY) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at


async def spoken(*lines: str) -> AsyncIterator[str]:
    for line in lines:
        yield line


async def hold(database: Path, screen: Screen, clock: Clock, lines: AsyncIterator[str], name: str = "Mira") -> None:
    """A conversation on *database* until *lines* end."""
    store = open_store(f"sqlite:///{database}")
    try:
        channel = TerminalChannel(name, screen, clock, desk=database.parent)
        files = Files(database.with_suffix(".media"))
        engine = Engine(store=store, channel=channel, converse=dialogue, clock=clock, pace=Pace(0, 0), files=files)
        await engine.start()
        try:
            await converse(engine, channel, clock, screen, lines)
        finally:
            await engine.stop(0.2)
    finally:
        await store.close()


async def transcript(database: Path, *lines: str, name: str = "Mira", clock: Clock | None = None) -> str:
    out = io.StringIO()
    await hold(database, Plain(out, echo=True), clock or Clock(real=Watch()), spoken(*lines), name)
    return out.getvalue()


async def objects(
    database: Path, *lines: str, name: str = "Mira", start: datetime | None = None, real: datetime = FRIDAY
) -> list[dict[str, Any]]:
    out = io.StringIO()
    await hold(database, JsonLines(out), Clock(start, Watch(real)), spoken(*lines), name)
    return [json.loads(line) for line in out.getvalue().splitlines()]


# ---- the clock ----


def test_time_runs_on_from_where_it_was_moved() -> None:
    """A moved clock goes as fast as real time does."""
    watch = Watch()
    clock = Clock(FRIDAY + timedelta(days=7), watch)
    watch.at += timedelta(minutes=5)
    assert clock() == FRIDAY + timedelta(days=7, minutes=5)


def test_time_never_runs_backwards() -> None:
    """Neither a moment that has passed nor a computer's clock that is set back moves it."""
    watch = Watch()
    clock = Clock(real=watch)
    clock.advance_to(FRIDAY - timedelta(days=1))
    assert clock() == FRIDAY
    watch.at -= timedelta(hours=1)
    assert clock() == FRIDAY
    clock.advance_to(FRIDAY + timedelta(minutes=1))
    assert clock() == FRIDAY + timedelta(minutes=1)


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("7d", "2026-11-20T17:00+01:00"),
        ("3H", "2026-11-13T20:00+01:00"),
        ("30m", "2026-11-13T17:30+01:00"),
        ("1w 2d12h", "2026-11-23T05:00+01:00"),
        ("0m", "2026-11-13T17:00+01:00"),
        ("2026-11-20", "2026-11-20T00:00+01:00"),
        ("2026-11-20T16:00", "2026-11-20T16:00+01:00"),
        ("2026-11-20 16:00+00:00", "2026-11-20T16:00+00:00"),
        ("", None),
        ("soon", None),
        ("7", None),
        ("-7d", None),
        ("7d later", None),
        ("7days", None),
        ("1.5d", None),
        ("2026-13-01", None),
    ],
)
def test_a_moment_is_steps_or_an_iso_time(words: str, meant: str | None) -> None:
    """Steps count from now; a time without an offset is the person's own; anything else means nothing."""
    now = FRIDAY.astimezone(ZoneInfo("Europe/Berlin"))
    expected = datetime.fromisoformat(meant) if meant else None
    assert terminal.moment(words, now) == expected


@pytest.mark.parametrize("words", ["9001-01-01", "99999999w", "9" * 40 + "d", "9999-12-31T23:59-12:00"])
def test_time_has_an_end(words: str) -> None:
    """Beyond the last year nothing could be planned any more, however far away it is."""
    with pytest.raises(OverflowError):
        terminal.moment(words, FRIDAY)


# ---- conversations ----


async def test_a_pipe_reads_as_a_transcript(tmp_path: Path) -> None:
    """Lines in, turns out: what was said behind >, choices in brackets, blank lines in between skipped."""
    assert await transcript(tmp_path / "x.db", "hi there", "", "  2  ") == (
        "Hello, Mira. Which day?\n"
        "[1] Friday  [2] Sunday\n"
        "[3] Older\n"
        "\n"
        "> hi there\n"
        "\n"
        "Said hi there.\n"
        "\n"
        "> [2] Sunday\n"
        "\n"
        "Pressed day:sunday.\n"
        "\n"
    )


async def test_a_number_picks_only_what_is_there(tmp_path: Path) -> None:
    """A number that is no choice is words, and so is one whose choices are spent."""
    said = [each["text"] for each in await objects(tmp_path / "x.db", "4", "0", "1", "1")]
    assert said[1:] == ["Said 4.", "Said 0.", "Pressed day:friday.", "Said 1."]


@pytest.mark.parametrize(
    "line",
    ["[2]", "2.", "2)", "2 Sunday", "[2] Sunday", "2. sunday", "> [2] Sunday", "Sunday", "sunday!", "“SUNDAY.”"],
)
async def test_a_choice_is_picked_in_any_manner(tmp_path: Path, line: str) -> None:
    """Its number, its label, or both as they stand in a transcript; the screen shows the same for each."""
    text = await transcript(tmp_path / "x.db", line)
    assert text.endswith("> [2] Sunday\n\nPressed day:sunday.\n\n")


@pytest.mark.parametrize(
    "line", ["[1] Sunday", "2.5", "[4]", "[2", "2 of us", "Sundays", "?", "[1] Friday  [2] Sunday"]
)
async def test_what_only_looks_like_a_choice_is_words(tmp_path: Path, line: str) -> None:
    """A number with other words behind it, or a label with more to it, is something said."""
    said = await objects(tmp_path / "x.db", line)
    assert said[1]["text"] == f"Said {line}."


def test_a_label_that_two_choices_have_is_words() -> None:
    """Nobody guesses which one was meant; a number still tells."""
    twice = (Choice(label="Keep", action="keep:1"), Choice(label="keep!", action="keep:2"))
    assert terminal._chosen("keep", twice) is None
    assert terminal._chosen("[2] Keep", twice) == 2


async def test_a_picked_label_is_words_again(tmp_path: Path) -> None:
    """Once a choice is spent its label is only a word."""
    said = [each["text"] for each in await objects(tmp_path / "x.db", "sunday", "sunday")]
    assert said[1:] == ["Pressed day:sunday.", "Said sunday."]


async def test_an_edited_message_keeps_its_place(tmp_path: Path) -> None:
    """What is written over a message is marked, and its choices are the ones to pick from."""
    _hello, older, pressed = await objects(tmp_path / "x.db", "3", "1")
    assert older == {
        "at": "2026-11-13T16:00:00+00:00",
        "text": "An older page.",
        "choices": ["Friday", "Sunday", "Older"],
        "picture": None,
        "document": None,
        "edited": True,
    }
    assert pressed["text"] == "Pressed day:friday."
    assert "edited" not in pressed


async def test_later_passes_every_planned_moment(tmp_path: Path) -> None:
    """Moving on a week, what falls due on the way happens in order and at its own time."""
    told = await objects(tmp_path / "x.db", "plan", "/later 7d", "/now")
    assert [(each["at"], each["text"]) for each in told[2:]] == [
        ("2026-11-14T16:00:00+00:00", "Time to nudge."),
        ("2026-11-16T16:00:00+00:00", "Time to nag."),
        ("2026-11-20T16:00:00+00:00", told[-1]["text"]),
    ]
    assert told[-1]["note"] is True


async def test_later_stops_where_it_was_told_to(tmp_path: Path) -> None:
    """What is planned for after that moment has not happened."""
    text = await transcript(tmp_path / "x.db", "plan", "/later 2d", "/later 26h")
    assert text.count("Time to") == 2
    assert text.index("> /later 2d") < text.index("Time to nudge.") < text.index("> /later 26h")
    assert text.index("> /later 26h") < text.index("Time to nag.")


async def test_a_long_pause_is_shown(tmp_path: Path) -> None:
    """In a transcript a message that came an hour or more after the last says when."""
    text = await transcript(tmp_path / "x.db", "plan", "/later 2d")
    day = (FRIDAY + timedelta(days=1)).astimezone()
    assert f"\n-- Saturday 14 November 2026, {day:%H:%M} ({day:%Z}) --\n\nTime to nudge.\n" in text


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("", "How far?"),
        ("tomorrow", "How far?"),
        ("7days", "How far?"),
        ("2020-01-01", "That has passed. It's Friday 13 November 2026, "),
        ("0001-01-01", "That has passed."),
        ("9001-01-01", "That's too far."),
        ("99999999w", "That's too far."),
    ],
)
async def test_a_later_that_leads_nowhere_is_told(tmp_path: Path, words: str, answer: str) -> None:
    """A time that can't be read, has passed or is too far moves nothing and reaches nobody."""
    *_others, note, now = await objects(tmp_path / "x.db", f"/later {words}", "/now")
    assert note["text"].startswith(answer)
    assert note["note"] is True
    assert now["at"] == "2026-11-13T16:00:00+00:00"


@pytest.mark.parametrize("words", ["30m", "0d", "7d"])
async def test_later_says_what_time_it_is_if_nothing_else_does(tmp_path: Path, words: str) -> None:
    """Whoever moves time on always sees something for it, also when that was their last line."""
    told = (await transcript(tmp_path / "x.db", f"/later {words}")).partition(f"> /later {words}\n\n")[2]
    assert told.startswith("It's ")
    assert told.count("\n") == 2
    assert "It's " not in await transcript(tmp_path / "x.db", "plan", "/later 7d")


async def test_commands_are_known_in_any_capitals(tmp_path: Path) -> None:
    """A phone's keyboard, or a tab, makes no difference."""
    *_hello, now = await objects(tmp_path / "x.db", "/LATER\t7d", "/Now")
    assert now["at"] == "2026-11-20T16:00:00+00:00"
    assert now["note"] is True


async def test_time_is_taken_up_again(tmp_path: Path) -> None:
    """Whoever comes back finds the time at which they left, or the real one if that is later."""
    await objects(tmp_path / "x.db", "/later 7d")
    assert (await objects(tmp_path / "x.db"))[0]["at"] == "2026-11-20T16:00:00+00:00"
    assert (await objects(tmp_path / "x.db", real=FRIDAY + timedelta(days=9)))[0]["at"] == "2026-11-22T16:00:00+00:00"


async def test_time_can_be_set_back_by_hand(tmp_path: Path) -> None:
    """Only --now makes it earlier, and from then on that counts."""
    await objects(tmp_path / "x.db", "/later 7d")
    back = FRIDAY + timedelta(days=2)
    assert (await objects(tmp_path / "x.db", start=back))[0]["at"] == back.isoformat()
    assert (await objects(tmp_path / "x.db"))[0]["at"] == back.isoformat()


async def test_several_people_share_a_file(tmp_path: Path) -> None:
    """Each name is a person of its own, and nobody reads what is for another."""
    await objects(tmp_path / "x.db", "plan", name="Mira")
    told = [each["text"] for each in await objects(tmp_path / "x.db", "/later 7d", "hi", name="Rui")]
    assert told == ["Hello, Rui. Which day?", "Said hi."]


def test_a_name_is_always_the_same_person() -> None:
    """Capitals and blanks around a name don't matter, and the number fits every database."""
    persons = {TerminalChannel(name, JsonLines(io.StringIO()), Clock()).person for name in ("Mira", " mira ", "MIRA")}
    assert persons == {TerminalChannel("mira", JsonLines(io.StringIO()), Clock()).person}
    assert 0 < persons.pop() <= 1 << 48


def test_what_is_not_text_is_cleaned() -> None:
    """NUL, lone surrogates and our own marks never get past the channel."""
    channel = TerminalChannel("Mira", JsonLines(io.StringIO()), Clock())
    incoming = channel.read(channel.said("a\0b\ud800c\ufdd0d").payload)
    assert incoming is not None
    assert isinstance(incoming.event, Said)
    assert incoming.event.text == "abcd"


async def test_a_conversation_survives_what_is_not_text(tmp_path: Path) -> None:
    """A lone surrogate in a name or a line is left out, and no control character is echoed to whoever reads."""
    text = await transcript(tmp_path / "x.db", "a\x1b[31mb\udce9\x9b\x07", "\x1b/now", name="Mi\udce9ra")
    assert "Hello, Mira." in text
    assert "> a[31mb\n\nSaid a[31mb" in text
    assert not set(text) & set("\x1b\x07\x9b\udce9")
    assert "> /now\n\nIt's " in text


async def test_an_update_says_who_it_is_from(tmp_path: Path) -> None:
    """What one person said before a crash is still theirs when another opens the file."""
    mira = TerminalChannel("Mira", JsonLines(io.StringIO()), Clock())
    rui = TerminalChannel("Rui", JsonLines(io.StringIO()), Clock())
    incoming = rui.read(mira.said("hello").payload)
    assert incoming is not None
    assert incoming.sender.person == mira.person


class TornPipe(io.StringIO):
    """An output that nobody reads any more after the first *lines*."""

    def __init__(self, lines: int) -> None:
        super().__init__()
        self.left = lines

    def write(self, text: str) -> int:
        if not self.left:
            raise BrokenPipeError
        self.left -= 1
        return super().write(text)


async def test_a_reader_who_left_ends_it(tmp_path: Path) -> None:
    """When the output is closed the conversation ends at once, and what was not shown is shown next time."""
    with pytest.raises(BrokenPipeError):
        await asyncio.wait_for(
            hold(tmp_path / "x.db", JsonLines(TornPipe(1)), Clock(real=Watch()), spoken("one", "two")), 5
        )
    told = [each["text"] for each in await objects(tmp_path / "x.db")]
    assert told == ["Said one.", "Hello, Mira. Which day?"]


async def test_nothing_is_sent_to_a_closed_screen() -> None:
    """Once writing failed every message is one that did not get there."""
    channel = TerminalChannel("Mira", JsonLines(TornPipe(0)), Clock())
    for _attempt in range(2):
        with pytest.raises(NotSent):
            await channel.send(channel.person, Reply(text="hello"))


async def test_time_passes_while_nobody_types(tmp_path: Path) -> None:
    """What falls due while a person sits there is said without waiting for their next line."""
    out = io.StringIO()
    watch = Watch()

    async def slow() -> AsyncIterator[str]:
        yield "plan"
        watch.at += timedelta(days=1)
        async with asyncio.timeout(10):
            while "Time to nudge." not in out.getvalue():  # noqa: ASYNC110  # the conversation itself is what is tested
                await asyncio.sleep(0.05)

    await hold(tmp_path / "x.db", Plain(out, echo=True), Clock(real=watch), slow())
    assert "Time to nag." not in out.getvalue()


class TroubledEngine(Engine):
    """An engine whose first ticks go wrong."""

    troubles = 1

    async def tick(self) -> None:
        if self.troubles:
            self.troubles -= 1
            raise RuntimeError("trouble")
        await super().tick()


async def test_a_tick_that_goes_wrong_is_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The conversation goes on, the next second comes, and the log says what kind of trouble there was."""
    monkeypatch.setattr(sys.modules[__name__], "Engine", TroubledEngine)
    await test_time_passes_while_nobody_types(tmp_path)
    assert [record.message for record in caplog.records] == ["a tick went wrong (RuntimeError)"]


# ---- input and screens ----


async def test_dots_are_for_whoever_waits(painted: Callable[[], str]) -> None:
    """The screen shows that an answer is on its way to the person who sits here, and to nobody else."""
    channel = TerminalChannel("Mira", Pretty(), Clock())
    await channel.typing(channel.person + 1)
    assert painted() == ""
    await channel.typing(channel.person)
    assert "…" in painted()


async def test_what_was_typed_is_not_repeated(tmp_path: Path) -> None:
    """Whoever types into a plain terminal has seen their own lines."""
    out = io.StringIO()
    await hold(tmp_path / "x.db", Plain(out, echo=False), Clock(real=Watch()), spoken("hi", "/now"))
    assert ">" not in out.getvalue()
    assert "It's Friday 13 November 2026" in out.getvalue()


async def test_bytes_become_lines() -> None:
    """Lines may come in pieces, with any bytes, and the last one without an end."""
    reading, writing = os.pipe()
    os.write(writing, b"one\r\ntw")
    lines = screens._piped(reading)
    assert (await anext(lines)).strip() == "one"
    os.write(writing, b"o \xff\xf0\n\nthree")
    assert await anext(lines) == "two \ufffd\ufffd"
    os.close(writing)
    assert [line async for line in lines] == ["", "three"]
    os.close(reading)


@pytest.fixture
def painted(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[[], str]:
    """What a Pretty screen has written so far, on a terminal of 100 columns."""
    for name, value in {"COLUMNS": "100", "FORCE_COLOR": "1", "TERM": "xterm-256color"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("NO_COLOR", raising=False)
    parts: list[str] = []

    def so_far() -> str:
        parts.append(capsys.readouterr().out)
        return "".join(parts)

    return so_far


def test_a_terminal_shows_words_as_they_are(painted: Callable[[], str]) -> None:
    """Markup, tags and control characters in somebody's words do nothing; emphasis is italic; lines stay short."""
    screen = Pretty()
    screen.reply(Reply(text=f"[red]no[/red] <b> \x9b31m {emphasised('sourdough')}"), FRIDAY)
    assert "[red]no[/red] <b> 31m \x1b[3msourdough" in painted()
    screen.reply(Reply(text="word " * 100, choices=DAYS), FRIDAY)
    plain = [line for line in painted().splitlines() if line.strip().endswith("word")]
    assert len(plain) > 5
    assert all(len(line) <= 76 + len("\x1b[36m\x1b[0m") for line in plain)


def test_a_terminal_says_that_an_answer_is_coming(painted: Callable[[], str]) -> None:
    """The dots stand there while somebody waits, once, and are gone before anything else is shown."""
    screen = Pretty()
    screen.waiting(True)
    screen.waiting(True)
    assert painted().count("…") == 1
    screen.reply(Reply(text="Here it is."), FRIDAY)
    assert painted().index("\x1b[2K") < painted().index("Here it is.")
    before = painted()
    screen.waiting(False)
    assert painted() == before


def test_a_terminal_shows_when_time_was_moved(painted: Callable[[], str]) -> None:
    """A jump in time is told once, before what came then."""
    screen = Pretty()
    screen.reply(Reply(text="Hello."), FRIDAY)
    screen.heard("2", DAYS[0][1], FRIDAY)
    screen.reply(Reply(text="Again."), FRIDAY + timedelta(days=7))
    screen.arrived(FRIDAY + timedelta(days=8))
    screen.note("Well.", FRIDAY + timedelta(days=8))
    assert painted().count("Friday 20 November 2026, 16:00 (UTC)") == 1
    assert painted().count("It's Saturday 21 November 2026, 16:00 (UTC).") == 1
    assert "› Sunday" in painted()


# ---- the real command ----


def tenfold(*arguments: str, said: str = "", folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        check=False,
        input=said,
        text=True,
        capture_output=True,
        timeout=60,
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parent.parent)},
    )


def test_a_script_holds_the_conversation(tmp_path: Path) -> None:
    """`tenfold chat` in a pipe: a first meeting, and the check-in that comes a few days later."""
    said = "sourdough, being patient with new nurses\nporto\n/later 7d\n"
    done = tenfold("chat", "--now", "2026-11-09T18:00+00:00", said=said, folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Hello.")
    assert "> porto\n" in done.stdout
    assert "-- Friday 13 November 2026" in done.stdout
    assert (tmp_path / "chat.db").stat().st_mode & 0o777 == 0o600


def test_a_program_holds_the_conversation(tmp_path: Path) -> None:
    """With --jsonl each line is one object of the same shape."""
    done = tenfold("chat", "--db", "y.db", "--as", "Mira", "--jsonl", said="sourdough\n", folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    for line in done.stdout.splitlines():
        assert {"at", "text", "choices", "picture", "document"} <= set(json.loads(line))


def test_a_reader_may_leave(tmp_path: Path) -> None:
    """`tenfold chat | head -1` leaves without a word."""
    command = f'yes hi | head -100 | "{sys.executable}" -m bot chat | head -1'
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", f"{command}; exit ${{PIPESTATUS[2]}}"],
        check=False,
        text=True,
        capture_output=True,
        timeout=60,
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parent.parent)},
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert len(done.stdout.splitlines()) == 1


def test_one_terminal_a_file(tmp_path: Path) -> None:
    """A second bot on the same database is told so in one kind line."""
    store = open_store(f"sqlite:///{tmp_path / 'chat.db'}")
    try:
        done = tenfold("chat", folder=tmp_path)
    finally:
        asyncio.run(store.close())
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert "in use" in done.stderr


def test_a_terminal_imports_no_telegram() -> None:
    """What Telegram needs costs a terminal nothing."""
    code = "import sys, bot.app, bot.channels.terminal; print({'telegram', 'aiohttp'} & {*sys.modules})"
    done = subprocess.run([sys.executable, "-c", code], text=True, capture_output=True, timeout=60, check=True)
    assert done.stdout == "set()\n"


def test_a_time_that_is_none_is_told(tmp_path: Path) -> None:
    """--now says how a time is written."""
    done = tenfold("chat", "--now", "soon", folder=tmp_path)
    assert done.returncode == 2
    assert "2026-11-13T16:00" in done.stderr


@pytest.mark.parametrize("year", ["0001", "1969", "9001", "9999"])
def test_a_time_too_far_away_is_told(tmp_path: Path, year: str) -> None:
    """--now says between which years there is anything."""
    done = tenfold("chat", "--now", f"{year}-12-31", folder=tmp_path)
    assert done.returncode == 2
    assert "choose a year from 1970 to 9000" in done.stderr


@pytest.mark.parametrize(
    ("command", "code", "says", "told"),
    [
        ("chat <&-", 0, "Hello.", ""),
        ("chat >&-", 1, "", "Standard output is closed, so nobody could read along: open it and come back.\n"),
        ("chat --db ''", 2, "", "name a file, like chat.db"),
        ("chat --as $'\\xe9' </dev/null", 0, "Hello.", ""),
        ("chat </dev/null >/dev/full", 1, "", "What I say can't be written: "),
        ("doctor >/dev/full", 1, "", "What I say can't be written: "),
    ],
)
def test_odd_ends_of_a_pipe(tmp_path: Path, command: str, code: int, says: str, told: str) -> None:
    """Input or output that is closed or full ends it quietly or with a kind line, and never with a traceback."""
    done = subprocess.run(
        ["bash", "-c", f'"{sys.executable}" -m bot {command}'],
        check=False,
        text=True,
        capture_output=True,
        timeout=60,
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parent.parent)},
    )
    assert done.returncode == code
    assert done.stdout.startswith(says)
    assert told in done.stderr
    assert bool(told) == bool(done.stderr)
    assert "Traceback" not in done.stderr
    assert "CRITICAL" not in done.stderr


def test_a_script_that_is_interrupted_leaves(tmp_path: Path) -> None:
    """Ctrl-C while a pipe is open ends it cleanly."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "chat"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parent.parent)},
    )
    assert process.stdout is not None
    assert process.stdout.readline().startswith("Hello.")
    process.send_signal(signal.SIGINT)
    _out, told = process.communicate(timeout=30)
    assert (process.returncode, told) == (0, "")


class Keyboard:
    """`tenfold chat` at a terminal of its own."""

    def __init__(self, folder: Path) -> None:
        self.seen = ""
        self._master, slave = pty.openpty()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bot", "chat"],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            cwd=folder,
            start_new_session=True,
            env=os.environ
            | {"PYTHONPATH": str(Path(__file__).parent.parent), "TERM": "xterm-256color", "PROMPT_TOOLKIT_NO_CPR": "1"},
        )
        os.close(slave)

    def sees(self, text: str) -> None:
        """Wait until *text* is on the screen, after what was seen before."""
        end = time.monotonic() + 30
        while text not in self.seen:
            ready, _w, _x = select.select([self._master], [], [], max(0, end - time.monotonic()))
            assert ready, f"{text!r} never came: {self.seen[-2000:]!r}"
            try:
                self.seen += os.read(self._master, 65536).decode("utf-8", "replace")
            except OSError:  # the other end is closed
                assert text in self.seen, f"{text!r} never came: {self.seen[-2000:]!r}"
        self.seen = self.seen.partition(text)[2]

    def types(self, text: str) -> None:
        """Press keys, once there is a prompt: it asks for pasted text to be marked."""
        self.sees("\x1b[?2004h")
        os.write(self._master, text.encode())

    def leaves(self) -> int:
        try:
            return self.process.wait(30)
        finally:
            self.process.kill()
            os.close(self._master)


@pytest.mark.parametrize("key", ["\x04", "\x03"])
def test_a_person_sits_at_a_terminal(tmp_path: Path, key: str) -> None:
    """In a real terminal there is a prompt, and Ctrl-D or Ctrl-C leaves kindly."""
    keyboard = Keyboard(tmp_path)
    keyboard.sees("Hello.")
    keyboard.types("sourdough\r")
    keyboard.sees("city")
    keyboard.types(key)
    keyboard.sees("Until next time.")
    assert keyboard.leaves() == 0


# ---- files, and what others wrote ----


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("loaf.jpg", "photo"),
        ("loaf.PNG", "photo"),
        ("hello.ogg", "voice"),
        ("hello.opus", "voice"),
        ("song.mp3", "audio"),
        ("walk.mp4", "video"),
        ("letter.pdf", "document"),
        ("plan.svg", "document"),
        ("README", "document"),
    ],
)
async def test_a_file_is_sent_as_what_it_is(tmp_path: Path, name: str, kind: str) -> None:
    """Its kind goes by its name, the words behind it are its caption, and its bytes are kept."""
    (tmp_path / name).write_bytes(b"bread")
    told = [each["text"] for each in await objects(tmp_path / "x.db", f"/send {tmp_path / name}  the first loaf")]
    assert told[1:] == [f"A {kind}, {name}: the first loaf."]
    [kept] = (file for file in (tmp_path / "x.media").rglob("*") if file.is_file())
    assert (kept.read_bytes(), kept.stat().st_mode & 0o777) == (b"bread", 0o600)


@pytest.mark.parametrize("form", ['"{}" mine', "'{}' mine", "{escaped} mine"])
async def test_a_name_with_spaces(tmp_path: Path, form: str) -> None:
    """It stands in quotes, or escaped as a terminal writes it when a file is dropped into it."""
    (tmp_path / "my loaf.jpg").write_bytes(b"bread")
    path = str(tmp_path / "my loaf.jpg")
    line = form.format(path, escaped=path.replace(" ", "\\ "))
    assert (await objects(tmp_path / "x.db", f"/SEND {line}"))[-1]["text"] == "A photo, my loaf.jpg: mine."


async def test_what_cant_be_sent(tmp_path: Path) -> None:
    """It says so kindly, and nobody hears of it."""
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    lines = ("/send", f"/send {tmp_path / 'no.jpg'}", f"/send {tmp_path / 'folder'}", f"/send {tmp_path / 'pipe'}")
    notes = (await objects(tmp_path / "x.db", *lines, "/send a\0b"))[1:]
    assert [each["text"].partition(".")[0].partition("?")[0] for each in notes] == [
        "Which file",
        "There is no such file",
        "That is a folder",
        "I can't read that one",
        "There is no such file",  # without the NUL, which no line can hold
    ]
    assert all(each["note"] for each in notes)


async def test_a_large_file_is_taken_by_its_name(tmp_path: Path) -> None:
    """More than 20 MB isn't copied; shown again, it is where it always was."""
    with (tmp_path / "long.mp4").open("wb") as file:
        file.truncate(LARGEST + 1)
    _hello, note, sent, back = await objects(tmp_path / "x.db", f"/send {tmp_path / 'long.mp4'}", "back")
    assert "20 MB" in note["text"]
    assert sent["text"] == "A video, long.mp4: ."
    assert back["document"] == str(tmp_path / "long.mp4")
    assert not any(file.is_file() for file in (tmp_path / "x.media").rglob("*"))


async def test_a_file_comes_back(tmp_path: Path) -> None:
    """It is laid down where the person is, for their eyes only, under a name that was free."""
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "loaf.jpg").write_bytes(b"bread")
    (tmp_path / "there" / "plan.pdf").write_bytes(b"plan")
    (tmp_path / "loaf.jpg").write_bytes(b"another")
    lines = [f"/send {tmp_path / 'there' / name}" for name in ("loaf.jpg", "plan.pdf")]
    *_others, photo, document = await objects(tmp_path / "x.db", *lines, "back")
    assert (photo["picture"], photo["document"]) == (str(tmp_path / "loaf-2.jpg"), None)
    assert (document["picture"], document["document"]) == (None, str(tmp_path / "plan.pdf"))
    assert (tmp_path / "loaf.jpg").read_bytes() == b"another"
    assert (tmp_path / "loaf-2.jpg").read_bytes() == b"bread"
    assert (tmp_path / "loaf-2.jpg").stat().st_mode & 0o777 == 0o600
    text = await transcript(tmp_path / "x.db", "back")
    assert f"Yours.\n({tmp_path / 'loaf-3.jpg'})\n" in text


def test_a_real_terminal_shows_where_a_file_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Below what was said, whole and on one line."""
    monkeypatch.setenv("COLUMNS", "40")
    path = str(tmp_path / ("long" * 20))
    screen = Pretty()
    screen._console.file = out = io.StringIO()
    screen.reply(Reply(text="Yours."), FRIDAY, File(kind="document", path=path))
    assert f"Yours.\n▏ {path}\n" in out.getvalue()


@pytest.mark.parametrize("name", ["../x.jpg", "a/b\\c.jpg", "..", "/etc/passwd", "c:x"])
def test_no_name_leaves_the_folder(tmp_path: Path, name: str) -> None:
    """Whatever a file was called where it came from, here it is a name and no path."""
    (tmp_path / "kept").write_bytes(b"bread")
    (tmp_path / "desk").mkdir()
    laid = folder.laid_down(File(kind="photo", name=name, path=str(tmp_path / "kept")), tmp_path / "desk")
    assert laid is not None
    [path] = (tmp_path / "desk").iterdir()
    assert str(path) == laid.path


async def test_a_folder_that_cant_be_written(tmp_path: Path) -> None:
    """What was to be said is said, and why there is no file with it."""
    (tmp_path / "kept").write_bytes(b"bread")
    out = io.StringIO()
    channel = TerminalChannel("Mira", JsonLines(out), Clock(real=Watch()), desk=tmp_path / "nowhere")
    file = File(kind="photo", name="loaf.jpg", path=str(tmp_path / "kept"))
    assert await channel.send(channel.person, Reply(text="Yours."), attached=file)
    said, note = [json.loads(line) for line in out.getvalue().splitlines()]
    assert (said["text"], said["picture"], note["note"]) == ("Yours.", None, True)
    assert note["text"].startswith("I can't write loaf.jpg here")


async def test_nothing_is_laid_down_for_others(tmp_path: Path) -> None:
    """A file for somebody else in the same database isn't shown here."""
    (tmp_path / "kept").write_bytes(b"bread")
    (tmp_path / "desk").mkdir()
    channel = TerminalChannel("Mira", JsonLines(io.StringIO()), Clock(), desk=tmp_path / "desk")
    await channel.send(channel.person + 1, Reply(text="?"), attached=File(kind="photo", path=str(tmp_path / "kept")))
    assert list((tmp_path / "desk").iterdir()) == []


async def test_a_file_that_went_away_is_refused(tmp_path: Path) -> None:
    """It was there when it was sent and isn't any more, or has grown."""
    channel = TerminalChannel("Mira", JsonLines(io.StringIO()), Clock())
    (tmp_path / "large").write_bytes(b"")
    os.truncate(tmp_path / "large", LARGEST + 1)
    for name in ("gone", "large"):
        with pytest.raises(Refused):
            await channel.fetch(File(kind="photo", id=str(tmp_path / name)), tmp_path / "draft")
    assert not (tmp_path / "draft").exists()


async def test_what_somebody_else_wrote(tmp_path: Path) -> None:
    """`/forward` passes it on with the name; without words it says how."""
    lines = ("/forward Rui: thank you: really", "/forward : thanks", "/forward thanks", "/forward Rui:")
    told = (await objects(tmp_path / "x.db", *lines))[1:]
    assert [each["text"] for each in told[:2]] == ["Rui said thank you: really.", " said thanks."]
    assert all(each["text"].startswith("Whose words?") and each["note"] for each in told[2:])
