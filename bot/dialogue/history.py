"""`/history`: one card an entry, newest first, turned over in place."""

from bot.dialogue.talk import Part, Row, Talk, choice
from bot.domain import Answer, CheckIn, Pressed
from bot.text import LIMIT, emphasised, preview, units
from bot.words import _

PREVIEW = 300
"""UTF-16 units of one answer on a card, so that a card fits a phone's screen."""

CARD = 1500
"""UTF-16 units of all answers on a card together."""


def show(talk: Talk) -> None:
    """The newest entry."""
    entry = talk.journal.entry_before(None)
    if entry is None:
        talk.say(_("Nothing in your journal yet. /goodturn keeps the first thing, or just tell me."))
    else:
        _card(talk, entry, None)


def pressed(event: Pressed, talk: Talk, parts: list[Part]) -> bool:
    """Older, newer, or all of an entry."""
    journal = talk.journal
    match parts:
        case ["older", int(id)] if entry := journal.entry_before(id):
            _card(talk, entry, event.message)
        case ["newer", int(id)] if entry := journal.entry_after(id):
            _card(talk, entry, event.message)
        case ["all", int(id)] if entry := journal.entry(id):
            _whole(talk, entry)
        case _:
            return False
    return True


def _card(talk: Talk, entry: CheckIn | Answer, replaces: int | None) -> None:
    """What fits one screen, written over the message *replaces* if there is one."""
    lines = _lines(talk, entry)
    shown, room = [], CARD
    for name, text in lines:
        short = preview(text, PREVIEW)
        room -= units(short)
        shown.append((name, short if room > 0 else "…"))
        if room <= 0:
            break
    older = (choice(_("‹ Older"), "history", "older", entry.id),) if talk.journal.entry_before(entry.id) else ()
    newer = (choice(_("Newer ›"), "history", "newer", entry.id),) if talk.journal.entry_after(entry.id) else ()
    whole: Row = (choice(_("Show all"), "history", "all", entry.id),) if shown != lines else ()
    talk.say(
        emphasised(_heading(talk, entry)),
        *_named(shown),
        choices=[(*older, *newer), whole],
        replaces=replaces,
    )


def _whole(talk: Talk, entry: CheckIn | Answer) -> None:
    """Everything, to the letter: on as few messages as hold it, and no answer torn that fits into one."""
    pieces = [emphasised(_heading(talk, entry))]
    for line in _named(_lines(talk, entry)):
        if units(pieces[-1]) + 1 + units(line) <= LIMIT:
            pieces[-1] += f"\n{line}"
        elif line:
            pieces.append(line)
    for piece in pieces:
        talk.say(piece)


def _named(lines: list[tuple[str, str]]) -> list[str]:
    """*lines* with each name above what belongs to it, said once for all that follow one another."""
    shown, last = [], None
    for name, text in lines:
        shown += [text] if name == last else ["", emphasised(name), text]
        last = name
    return shown[1:]


def _heading(talk: Talk, entry: CheckIn | Answer) -> str:
    at = entry.opened_at if isinstance(entry, CheckIn) else entry.said_at
    return talk.date(talk.local(at).date())


def _lines(talk: Talk, entry: CheckIn | Answer) -> list[tuple[str, str]]:
    """The name and the text of each thing said in *entry*."""
    answers = entry.answers if isinstance(entry, CheckIn) else (entry,)
    return [(_name(talk, answer), text) for answer in answers if (text := _text(talk, answer))]


def _name(talk: Talk, answer: Answer) -> str:
    question = talk.words.questions.get(answer.question)
    return _(question.name) if question else _("Note")


def _text(talk: Talk, answer: Answer) -> str:
    if answer.text is not None:
        return answer.text
    question = talk.words.questions.get(answer.question)
    labels = dict(question.choices) if question else {}
    label = labels.get(answer.reading or "")
    return _(label) if label else ""
