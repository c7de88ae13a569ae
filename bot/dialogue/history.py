"""`/history`: one card an entry, newest first, turned over in place."""

from bot.dialogue.talk import Row, Talk, choice, number
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


def pressed(event: Pressed, talk: Talk, parts: list[str]) -> bool:
    """Older, newer, or all of an entry."""
    if len(parts) != 2 or (id := number(parts[1])) is None:
        return False
    match parts[0]:
        case "older":
            entry = talk.journal.entry_before(id)
        case "newer":
            entry = talk.journal.entry_after(id)
        case "all":
            entry = talk.journal.entry(id)
        case _:
            return False
    if entry is None:
        return False
    if parts[0] == "all":
        _whole(talk, entry)
    else:
        _card(talk, entry, event.message)
    return True


def _card(talk: Talk, entry: CheckIn | Answer, replaces: int | None) -> None:
    lines, room = [], CARD
    for name, text in _lines(talk, entry):
        shown = preview(text, PREVIEW)
        room -= units(shown)
        lines.append((name, shown if room > 0 else "…"))
        if room <= 0:
            break
    cut = lines != _lines(talk, entry)
    turning: Row = (
        *((choice(_("‹ Older"), "history", "older", entry.id),) if talk.journal.entry_before(entry.id) else ()),
        *((choice(_("Newer ›"), "history", "newer", entry.id),) if talk.journal.entry_after(entry.id) else ()),
    )
    whole: Row = (choice(_("Show all"), "history", "all", entry.id),) if cut else ()
    talk.say(
        emphasised(_heading(talk, entry)),
        *_named(lines),
        choices=[turning, whole],
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
