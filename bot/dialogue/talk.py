"""One turn of a conversation while it is being held: whose journal, what time, what words, and what is said back."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from bot import understand
from bot.domain import Answer, CheckIn, Choice, Fetch, File, Person, Reply, Said, Turn, Wish
from bot.journal import Journal
from bot.schedule import zone
from bot.words import Words, _, last_wording, next_wording

Styles = Literal["", "primary", "success", "danger"]
Row = tuple[Choice, ...]

Part = int | str
"""What stands between two colons of a button's action: an id or another number, or else a word."""

UNASKED = "unasked"
"""Under this name the journal keeps when something was last said unasked."""

RATHER_NOT = ("skip", "no", "nothing", "never", "unsure", "enough")
"""Wishes that leave a question without an answer."""


class Talk:
    """One turn. Dialogues say things through it, in the order in which they are heard."""

    def __init__(self, journal: Journal, words: Words, now: datetime) -> None:
        self.journal = journal
        self.words = words
        self.now = now
        self.chosen: str | None = None
        self.greeting = ""
        self.attachment: File | None = None
        self._replies: list[Reply] = []
        self._wishes: list[Wish] = []

    @property
    def person(self) -> Person:
        """Whose journal it is, as it stands now."""
        return self.journal.person

    @property
    def pending(self) -> Mapping[str, Any]:
        """The question that is open outside a check-in, with its details; empty if none is."""
        return self.person.pending or {}

    @property
    def asked(self) -> str:
        """The name of the question that is open outside a check-in; empty if none is."""
        return str(self.pending.get("ask", ""))

    @property
    def quiet(self) -> bool:
        """Whether they asked for quiet, and it isn't over."""
        return self.person.quiet_until is not None and self.person.quiet_until > self.now

    def keep(
        self, said: Said, question: str = "note", *, reading: str | None = None, check_in: CheckIn | None = None
    ) -> Answer:
        """Write down what was *said*, to the letter, as an answer to *question*, with the file that came with it."""
        text = said.text or None
        answer = self.journal.add(question, text=text, reading=reading, check_in=check_in, message=said.message)
        if self.attachment is not None:
            self.attach(answer, self.attachment)
            self.attachment = None
        return answer

    def attach(self, answer: Answer, file: File) -> None:
        """Keep *file* with *answer*."""
        self.wish(Fetch(media=self.journal.add_media(answer, file)))

    def say(
        self,
        *lines: str,
        choices: Iterable[Row] = (),
        replaces: int | None = None,
        about: int | None = None,
        unasked: bool = False,
        attached: str = "",
    ) -> None:
        """Say *lines*, one below the other, with rows of *choices* and what is *attached*. A greeting that is still
        unsaid comes first. Of what comes *unasked* the first line is all that a locked screen may show, and all that is
        said to whoever wants it discreet."""
        if unasked:
            self.journal.note_asking(UNASKED, asked_at=self.now)
            lines = tuple(filter(None, lines))[:1] if self.person.discreet else lines
        elif replaces is None:
            lines, self.greeting = (self.greeting, *lines), ""
        self._replies.append(
            Reply(
                text="\n".join(line for line in lines if line),
                choices=tuple(row for row in choices if row),
                replaces=replaces,
                about=about,
                unasked=unasked,
                attached=attached,
            )
        )

    def wish(self, wish: Wish) -> None:
        """Have *wish* fulfilled once all of this is on disk."""
        self._wishes.append(wish)

    def turn(self) -> Turn:
        """What came of it all."""
        return Turn(replies=tuple(self._replies), chosen=self.chosen, wishes=tuple(self._wishes))

    def one_of(self, key: str, *ways: str) -> str:
        """One of several *ways* of saying the same thing, none again before all were used."""
        asking = self.journal.asking(key)
        text, used = next_wording(ways, asking.used, self.person.id)
        self.journal.note_asking(key, used=used)
        return text

    def last_of(self, key: str, *ways: str) -> str | None:
        """The one of *ways* that `one_of` said last; None if it is no longer among them."""
        return last_wording(ways, self.journal.asking(key).used)

    def local(self, at: datetime) -> datetime:
        """*at* on this person's clock (UTC until their zone is known)."""
        return at.astimezone(zone(self.person.zone) if self.person.zone else ZoneInfo("UTC"))

    def date(self, day: date) -> str:
        """*day* as people say it, with the year if it isn't this one or the next weeks'."""
        text = f"{weekday(day.weekday())} {day.day} {month(day.month)}"
        near = abs(day - self.local(self.now).date()) < timedelta(days=180)
        return text if near else f"{text} {day.year}"


def thing(kind: str | None) -> str:
    """What a file of that *kind* is called; empty for anything else."""
    names = {
        "voice": _("a voice note"),
        "photo": _("a photo"),
        "video": _("a video"),
        "audio": _("a recording"),
        "document": _("a file"),
    }
    return names.get(kind or "", "")


def things(kind: str, number: int) -> str:
    """What so many files of that *kind* are called."""
    names = {
        "voice": _("{number} voice notes"),
        "photo": _("{number} photos"),
        "video": _("{number} videos"),
        "audio": _("{number} recordings"),
        "document": _("{number} files"),
    }
    return thing(kind) if number == 1 else names[kind].format(number=number)


def clock(minute: int) -> str:
    """A *minute* of the day as a clock shows it."""
    return f"{minute // 60:02}:{minute % 60:02}"


_ASKED = re.compile(
    r"\s*(?:why|huh|wh?at\s*(?:'?s|is|are|do|does|for)|who\s*(?:'?s|is|are)|are you|is (?:this|it)"
    r"|how (?:do|does|can|come))\b",
    re.IGNORECASE,
)


def asks_back(text: str) -> bool:
    """Whether *text* asks us something rather than telling anything, with a question mark or plainly without."""
    return understand.wonders(text) or (_ASKED.match(text) is not None and understand.wonders(f"{text}?"))


def choice(label: str, *action: object, style: Styles = "") -> Choice:
    """A button. *action* is its parts: which dialogue, then what it needs to know."""
    return Choice(label=label, action=":".join(str(part) for part in action), style=style)


def parts(action: str) -> list[Part]:
    """The parts of an *action*. No number is larger than a journal can count: anybody can forge a button."""
    return [int(part) if part.isascii() and part.isdecimal() and len(part) < 16 else part for part in action.split(":")]


def weekday(number: int) -> str:
    """The name of a day; Monday is 0."""
    return (_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"))[number]


def month(number: int) -> str:
    """The name of a month; January is 1."""
    return (
        _("January"),
        _("February"),
        _("March"),
        _("April"),
        _("May"),
        _("June"),
        _("July"),
        _("August"),
        _("September"),
        _("October"),
        _("November"),
        _("December"),
    )[number - 1]
