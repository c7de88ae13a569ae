"""One turn of a conversation while it is being held: whose journal, what time, what words, and what is said back."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from bot import understand
from bot.domain import Answer, CheckIn, Choice, Fetch, File, Person, React, Reply, Said, Turn, Wish
from bot.journal import Journal
from bot.schedule import zone
from bot.words import Words, _, last_wording, next_wording
from bot.words.dates import month, weekday

Styles = Literal["", "primary", "success", "danger"]
Row = tuple[Choice, ...]

Part = int | str
"""What stands between two colons of a button's action: an id or another number, or else a word."""

UNASKED = "unasked"
"""Under this name the journal keeps when something was last said unasked."""

A_WHILE = timedelta(weeks=8)
"""From then on it is a while ago that something was told."""

RATHER_NOT = ("skip", "no", "nothing", "never", "unsure", "enough")
"""Wishes that leave a question without an answer."""


_SOFT = ("", "card", "kind", "settings", "theme_list", "same", "go", "noticed", "keep_draft")
"""Questions that need no answer: another card may be laid over them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class House:
    """What people are told of how this bot is run: whether a language *model* is there to be asked, and for how many
    days a backup is kept, if any are made. What its *owner* alone is told, an id (0 is nobody's): its *version*, and
    which *database* it is on."""

    model: bool = False
    backup_days: int | None = None
    owner: int = 0
    version: str = ""
    database: str = ""


class Talk:
    """One turn. Dialogues say things through it, in the order in which they are heard."""

    def __init__(self, journal: Journal, words: Words, now: datetime, house: House) -> None:
        self.journal = journal
        self.words = words
        self.now = now
        self.house = house
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
    def asks_model(self) -> bool:
        """Whether there is a language model, and they agreed to it."""
        return self.house.model and self.person.model is True

    @property
    def quiet(self) -> bool:
        """Whether they asked for quiet, and it isn't over."""
        return self.person.quiet_until is not None and self.person.quiet_until > self.now

    def keep(
        self,
        said: Said,
        question: str = "note",
        *,
        reading: str | None = None,
        check_in: CheckIn | None = None,
        about: int | None = None,
    ) -> Answer:
        """Write down what was *said*, to the letter, as an answer to *question*, with the file that came with it."""
        text = said.text or None
        answer = self.journal.add(
            question, text=text, reading=reading, check_in=check_in, message=said.message, about=about
        )
        if question == "good_turn" and reading is None and said.message is not None:
            self.wish(React(message=said.message))
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
        opens: tuple[object, ...] | None = None,
        attached: str = "",
        held: bool = False,
    ) -> None:
        """Say *lines*, one below the other, with rows of *choices* and what is *attached*. A greeting that is still
        unsaid comes first. What is *held* waits for a language model (see Reply): one thing in a turn.

        What comes *unasked* may be read on a locked screen, so its first line quotes nothing private. To those who want
        it discreet nothing but that line is said, above one button: *opens* is its action, upon which the whole is to
        be said; for what asks for a check-in (*about*) that is its question.
        """
        if unasked:
            self.journal.note_asking(UNASKED, asked_at=self.now)
        elif replaces is None:
            lines, self.greeting = (self.greeting, *lines), ""
        if unasked and self.person.discreet and len(said := [line for line in lines if line]) > 1:
            opens = opens or (("ask", about, "open") if about is not None else None)
            lines, attached = (said[0],), ""
            choices = [(choice(here_i_am(), *opens, style="primary"),)] if opens else []
        self._replies.append(
            Reply(
                text="\n".join(line for line in lines if line),
                choices=tuple(row for row in choices if row),
                replaces=replaces,
                about=about,
                unasked=unasked,
                attached=attached,
                held=held,
            )
        )

    def put_in(self, question: str, **details: Any) -> None:
        """Open *question* for a moment; what was open before waits for that. See bot.dialogue.aside."""
        before = self.pending.get("before", self.person.pending)
        self.journal.ask(question, **details, before=before)

    def lay_out(self, card: str, **details: Any) -> None:
        """Let what is said next be about *card*, unless a question waits for it."""
        if self.asked in _SOFT:
            self.put_in(card, **details)

    def restore(self) -> None:
        """What was open before the question put in, or the card laid out, is open again."""
        self.journal.change(pending=self.pending.get("before"))

    def wish(self, wish: Wish) -> None:
        """Have *wish* fulfilled once all of this is on disk."""
        self._wishes.append(wish)

    def reply(self, reply: Reply) -> None:
        """Say *reply* as it is."""
        self._replies.append(reply)

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

    def ago(self, at: datetime) -> str:
        """How long ago *at* (aware) was, as people say it at the end of a sentence: "a while ago, in August"."""
        then, now = self.local(at), self.local(self.now)
        if then.date() >= now.date() - timedelta(days=1):
            return _("today") if then.date() >= now.date() else _("yesterday")
        past = self.now - at
        if past < timedelta(weeks=1):
            return _("a few days ago")
        if past < timedelta(weeks=3):
            return _("not long ago")
        if past < A_WHILE:
            return _("in {month}").format(month=month(then.month))
        if past < timedelta(days=330):  # until then a month's name alone says which month is meant
            return _("a while ago, in {month}").format(month=month(then.month))
        return _("long ago, in {month} {year}").format(month=month(then.month), year=then.year)


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


def here_i_am() -> str:
    """What a discreet person answers to somebody at the door, by button or in words."""
    return _("Here I am")


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
