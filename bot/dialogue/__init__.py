"""What is said. One module a conversation; here it is decided which of them an event belongs to.

A dialogue gets an event, a journal and the time, and answers with a Turn. It knows no channel, no clock and no other
person's journal. The order below is the whole of the politeness: a wish for quiet comes first, then commands and
buttons, then the question that is open, then the check-in that is open, then anything else.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from bot import understand
from bot.dialogue import about, check_in, history, meeting, notes, quiet, suggestion
from bot.dialogue.planning import plan, when
from bot.dialogue.talk import Talk
from bot.domain import Blocked, Due, Edited, Event, Pressed, Said, Sent, Shared, Turn, Unreadable
from bot.journal import Journal
from bot.words import Words, _

LONG_AWAY = timedelta(days=21)
QUIET_WORD = timedelta(hours=12)


class Dialogue:
    """Every conversation that Tenfold can hold. *allowed* are the only people it talks with; none means everybody."""

    def __init__(self, words: Words, allowed: frozenset[int] = frozenset()) -> None:
        self._words = words
        self._allowed = allowed

    def __call__(self, event: Event, journal: Journal, now: datetime) -> Turn:
        """What is said to *event*. All it changes is in *journal*."""
        talk = Talk(journal, self._words, now)
        match event:
            case Blocked():
                journal.change(state="blocked")
            case Due() if self._allowed and talk.person.id not in self._allowed:
                check_in.skip(event, talk)
            case Due():
                check_in.due(event, talk)
            case _ if talk.person.id < 0:
                _once(talk, about.group)
            case _ if self._allowed and talk.person.id not in self._allowed:
                _once(talk, about.turned_away)
            case _:
                _hear(event, talk)
        return talk.turn()


def _once(talk: Talk, line: Callable[[Talk], None]) -> None:
    """Say *line* to somebody who is not talked with, and nothing more after that."""
    if talk.person.state != "apart":
        talk.journal.change(state="apart")
        line(talk)


def _hear(event: Event, talk: Talk) -> None:
    was_quiet = quiet.is_quiet(talk)
    away = _welcome(talk)
    match event:
        case Said(text=text) if text.startswith("/"):
            _command(event, talk)
        case Said(text=text) if understand.wish(text) in ("stop", "pause"):
            quiet.pause(talk, text)
        case Said(text=text) if text.strip():
            _said(event, talk)
        case Said():
            notes.sent(Sent(kind="text"), talk)
        case Pressed():
            _pressed(event, talk)
        case Shared():
            meeting.shared(event, talk)
        case Edited(text=text, message=message) if text.startswith("/") and not talk.journal.answer_in(message):
            _command(Said(text=text, message=message), talk)
        case Edited():
            notes.edited(event, talk)
        case Sent(caption=caption) if caption:
            _said(Said(text=caption, message=event.message), talk)
        case Sent():
            notes.sent(event, talk)
        case Unreadable(kind=kind):
            notes.sent(Sent(kind=kind), talk)
    if was_quiet and away > QUIET_WORD and isinstance(event, Said) and _is_told(event.text, talk):
        quiet.remind(talk)


def _is_told(text: str, talk: Talk) -> bool:
    """Whether *text*, said while it is quiet, told something that no question had asked for."""
    asked = talk.person.state == "new" or talk.journal.open_check_in() is not None
    return not asked and not text.startswith("/") and understand.wish(text) is None


def _welcome(talk: Talk) -> timedelta:
    """They are here: whatever slowed down or stopped while they were away is as it was. How long they were away."""
    person = talk.person
    away = talk.now - person.seen_at
    if person.state in ("silent", "blocked", "apart"):
        talk.journal.change(state="here" if person.zone else "new")
        talk.greeting = _("Good to see you.")
    elif away > LONG_AWAY:
        talk.greeting = _("Good to see you.")
    slowed = person.unanswered > 0
    talk.journal.change(seen_at=talk.now, unanswered=0)
    if person.zone and (slowed or person.state != "here"):
        plan(talk)
    return away


def _command(event: Said, talk: Talk) -> None:
    command, _space, rest = event.text.partition(" ")
    match command.casefold():
        case "/start":
            _start(talk)
        case "/checkin" if talk.person.zone:
            length = rest.strip().casefold()
            check_in.by_hand(talk, length if length in ("full", "one", "short") else None)
        case "/checkin":
            _start(talk)
        case "/goodturn":
            notes.good_turn(talk, rest.strip(), event.message)
        case "/history":
            history.show(talk)
        case "/pause":
            quiet.pause(talk, rest)
        case "/cancel":
            _cancel(talk)
        case "/privacy":
            about.privacy(talk)
        case "/help":
            about.overview(talk)
        case _:
            talk.say(_("I don't know that one. /help lists what I do."))


def _start(talk: Talk) -> None:
    """Hello, or hello again: nothing is ever reset."""
    if talk.person.state == "new" and talk.person.pending is None:
        meeting.hello(talk)
        return
    if not talk.greeting:
        talk.greeting = _("Hello again.")
    if not _resume(talk):
        planned = talk.journal.planned("check-in")
        if quiet.is_quiet(talk):
            quiet.remind(talk)
        else:
            at = planned[1] if planned else plan(talk)
            talk.say(_("I'll come by {when}. /help says what else I do.").format(when=when(talk, at)))


def _resume(talk: Talk) -> bool:
    """Ask again whatever is open. False if nothing is."""
    match (talk.person.pending or {}).get("ask"):
        case "themes" | "city" | "when":
            meeting.resume(talk)
        case "moment":
            suggestion.resume(talk)
        case "good_turn":
            notes.resume(talk)
        case _:
            open_one = talk.journal.open_check_in()
            if open_one is None:
                return False
            check_in.resume(talk, open_one)
    return True


def _cancel(talk: Talk) -> None:
    pending = talk.person.pending or {}
    if "before" in pending:
        notes.leave(talk)
    elif pending.get("ask") == "when":
        meeting.usual_time(talk)
    elif talk.person.state == "new":
        talk.say(_("There's no hurry. Write to me whenever you like."))
    elif pending and pending["ask"] not in ASIDE:
        talk.journal.settle()
        talk.say(_("Left it."))
    elif open_one := talk.journal.open_check_in():
        check_in.leave(talk, open_one)
    else:
        talk.say(_("Nothing is open just now."))


def _said(event: Said, talk: Talk) -> None:
    """Words: they answer what is open, or are kept."""
    ask = (talk.person.pending or {}).get("ask", "")
    replied = talk.journal.asked_by(event.reply_to) if event.reply_to else None
    if event.text.strip(" .!").casefold() == "cancel":
        _cancel(talk)
    elif ask in meeting.PENDING:
        meeting.PENDING[ask](event, talk)
    elif replied and replied.closed_at:
        check_in.late(event, talk, replied)
    elif replied:
        check_in.said(event, talk, replied)
    elif ask == "moment":
        suggestion.moment(event, talk)
    elif ask == "good_turn":
        notes.told(event, talk)
    elif talk.person.state == "new" and quiet.is_quiet(talk):
        talk.journal.add("note", text=event.text, message=event.message)
        quiet.remind(talk)
    elif talk.person.state == "new":
        meeting.first_words(event, talk)
    elif ask in ASIDE and ASIDE[ask](event, talk):
        pass
    elif open_one := talk.journal.open_check_in():
        check_in.said(event, talk, open_one)
    elif quiet.is_quiet(talk) and understand.wish(event.text) == "yes":
        quiet.come_back(talk)
    elif quiet.is_quiet(talk) and understand.wish(event.text):
        quiet.remind(talk)
    elif not check_in.more(event, talk):
        notes.plain(event, talk)


ASIDE = {"card": suggestion.said, "kind": notes.sorted_by_word}
"""What may be answered in words but need not be: anything else that is said then is taken as if nothing were open."""


PRESSED = {
    "meet": meeting.pressed,
    "ask": check_in.pressed,
    "later": check_in.pressed_later,
    "card": suggestion.pressed,
    "note": notes.pressed,
    "history": history.pressed,
    "quiet": quiet.pressed,
}
"""Which dialogue a button belongs to, by the first part of its action."""


def _pressed(event: Pressed, talk: Talk) -> None:
    name, *parts = event.action.split(":")
    understood = name in PRESSED and PRESSED[name](event, talk, parts)
    if not understood:
        talk.say(_("That button has had its day. /help says what I can do now."))
