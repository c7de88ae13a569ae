"""`/history`: one card an entry, newest first, turned over in place; all of it, or what somebody looks for.

What is looked at is a View. The buttons of a card carry it along as a word of ours: "t3" for a theme, "p7" for a
person, "m2026-11" for a month, and "w12" for words, which stay in the journal so that no button holds any.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time

from bot import understand
from bot.dialogue import media, passing_on
from bot.dialogue.talk import Part, Row, Talk, choice
from bot.dialogue.talk import parts as numbered
from bot.domain import Answer, CheckIn, Pressed, View
from bot.schedule import zone
from bot.text import LIMIT, emphasised, plain, preview, units
from bot.words import _
from bot.words.dates import month

_LOOKED_FOR = re.compile(
    r"\W*(?:(?:so|and|hey|hi|ok|oh|um+|please|can you tell me|do you remember|remind me)\b[\s,]*)*"
    r"what (?:did|have|do|had) (?:i|you)(?: ever)? "
    r"(?:tell|told|say|said|write|written|wrote|know|have|keep|kept|got|remember|note|noted)"
    r"(?: to)?(?: you| me)?(?: down)? (?:about|of|on) (?P<word>[^?!.,]{2,60}?)\s*[?!.]*\s*",
    re.IGNORECASE,
)

PREVIEW = 300
"""UTF-16 units of one answer on a card, so that a card fits a phone's screen."""

CARD = 1500
"""UTF-16 units of all answers on a card together."""

BEFORE = 60
"""Characters that are shown before the first hit of a search, if it is further on."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Look:
    """A View with the *key* that buttons carry, its *title* for the top of each card, and the *words* to be shown
    where they stand."""

    view: View | None = None
    key: str = ""
    title: str = ""
    words: str = ""


ALL = _Look()


def looked_for(text: str) -> str:
    """The word that *text* as a whole asks after: "what did I tell you about Greta?"; empty if it asks for no word."""
    found = _LOOKED_FOR.fullmatch(text[:200])
    word = found["word"].strip(" “”\"'") if found else ""
    return "" if word.casefold() in ("me", "it", "this", "that", "them", "us") else word


def show(talk: Talk, words: str = "") -> None:
    """The newest entry of all, or of those that *words* look for: a month, somebody, a theme, or any words."""
    _newest(talk, _looked_for(talk, " ".join(words.split())) if words else ALL)


def show_theme(talk: Talk, id: int) -> None:
    """What serves the theme *id*, newest first."""
    _newest(talk, _look(talk, f"t{id}") or ALL)


def serves(talk: Talk, id: int) -> bool:
    """Whether anything serves the theme *id*."""
    return talk.journal.entry_before(None, View(theme=id)) is not None


def show_person(talk: Talk, id: int) -> None:
    """What is about the acquaintance *id*, newest first."""
    _newest(talk, _look(talk, f"p{id}") or ALL)


def _newest(talk: Talk, look: _Look) -> None:
    entry = talk.journal.entry_before(None, look.view)
    if entry is not None:
        _card(talk, entry, None, look)
    elif look.view is None:
        talk.say(_("Nothing in your journal yet. /goodturn keeps the first thing, or just tell me."))
    else:
        talk.say(_("{title}: nothing there. /history shows everything.").format(title=look.title))


# What is looked at


def _looked_for(talk: Talk, words: str) -> _Look:
    known = talk.journal.known()
    today = talk.local(talk.now).date()
    if understand.match(words, list(known)) is None and (span := understand.span(words, today)):
        first, after = span
        whole_year = (after - first).days > 31
        look = _look(talk, f"m{first.year}" if whole_year else f"m{first.year}-{first.month:02}")
        assert look is not None  # the key was just made
        return look
    if not understand.terms(words):
        return ALL
    return _words(talk, words, talk.journal.note_search(words))


def _look(talk: Talk, key: str) -> _Look | None:
    """What the *key* on a button stands for; None if it stands for nothing any more."""
    if key.startswith("m"):
        return _month(talk, key[1:])
    match key[:1], *numbered(key[1:]):
        case ["", _]:
            return ALL
        case ["w", int(id)] if words := talk.journal.search(id):
            return _words(talk, words, id)
        case ["t", int(id)]:
            themes = [theme for theme in talk.journal.themes() if theme.id == id]
            return next((_Look(view=View(theme=each.id), key=key, title=f"“{each.text}”") for each in themes), None)
        case ["p", int(id)] if somebody := talk.journal.acquaintance(id):
            title = understand.addressed(somebody.name)
            return _Look(view=View(acquaintance=somebody.id), key=key, title=title)
    return None


def _words(talk: Talk, words: str, id: int) -> _Look:
    """What holds *words*, is about somebody of that name, or serves a theme of that name."""
    known = talk.journal.known()
    named = understand.match(words, list(known))
    theme = next(
        (each for each in talk.journal.themes() if understand.folded(each.text) == understand.folded(words)), None
    )
    view = View(
        terms=understand.terms(words),
        acquaintance=known[named].id if named else None,
        theme=theme.id if theme else None,
    )
    return _Look(view=view, key=f"w{id}", title=f"“{preview(words, 60)}”", words=words)


def _month(talk: Talk, day: str) -> _Look | None:
    span = re.fullmatch(r"\d{4}(-\d{2})?", day) and understand.span(day, talk.local(talk.now).date())
    if not span:
        return None
    place = zone(talk.person.zone or "UTC")
    since, until = (datetime.combine(each, time(0), place) for each in span)
    title = f"{month(since.month)} {since.year}" if "-" in day else day
    return _Look(view=View(since=since, until=until), key=f"m{day}", title=title)


# Cards


def pressed(event: Pressed, talk: Talk, parts: list[Part]) -> bool:
    """Older, newer, all of an entry, or a file that belongs to it."""
    journal = talk.journal
    match parts:
        case ["older" | "newer" as way, int(id), *rest] if (look := _look(talk, str(*rest[:1]))) is not None:
            entry = (journal.entry_before if way == "older" else journal.entry_after)(id, look.view)
            if entry is None:
                return False
            _card(talk, entry, event.message, look)
        case ["entry", int(id)] if entry := journal.entry(id):
            _card(talk, entry, event.message, ALL)
        case ["all", int(id)] if entry := journal.entry(id):
            _whole(talk, entry)
        case ["files", int(id)] if answer := journal.answer(id):
            media.send_back(talk, answer)
        case _:
            return False
    return True


def _card(talk: Talk, entry: CheckIn | Answer, replaces: int | None, look: _Look) -> None:
    """What fits one screen, written over the message *replaces* if there is one."""
    lines = _lines(talk, entry)
    shown, room, cut = [], CARD, False
    for name, text in lines:
        short = _hits(text, look.words)
        cut = cut or plain(short) != text
        room -= units(short)
        shown.append((name, short if room > 0 else "…"))
        if room <= 0:
            cut = True
            break
    keys = (look.key,) if look.key else ()
    older = talk.journal.entry_before(entry.id, look.view)
    newer = talk.journal.entry_after(entry.id, look.view)
    turning: list[Row] = [
        (
            *((choice(_("‹ Older"), "history", "older", entry.id, *keys),) if older else ()),
            *((choice(_("Newer ›"), "history", "newer", entry.id, *keys),) if newer else ()),
        )
    ]
    whole: Row = (choice(_("Show all"), "history", "all", entry.id),) if cut else ()
    files: list[Row] = [
        (choice(_("Send me the file"), "history", "files", answer.id),)
        for answer in answers(entry)
        if talk.journal.media_of(answer.id)
    ]
    talk.say(
        emphasised(" · ".join(part for part in (look.title, _heading(talk, entry)) if part)),
        *_named(shown),
        choices=[*turning, *files[:3], (*whole, choice(_("Change"), "edit", "entry", entry.id))],
        replaces=replaces,
    )


def _hits(text: str, words: str) -> str:
    """*text* in at most PREVIEW units, from shortly before the first of *words* on, with every one of them marked."""
    spans: Sequence[tuple[int, int]] = understand.hits(text, words) if words else ()
    start = 0
    if spans and spans[0][0] > PREVIEW - BEFORE:
        start = text.rfind(" ", 0, spans[0][0] - BEFORE) + 1
    shown = preview(text[start:], PREVIEW)
    kept = len(shown) - shown.endswith("…")
    marked, at = ("…" if start else ""), 0
    for begin, end in ((begin - start, end - start) for begin, end in spans):
        if begin < at or end > kept:
            continue
        marked += shown[at:begin] + emphasised(shown[begin:end])
        at = end
    return marked + shown[at:]


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


def answers(entry: CheckIn | Answer) -> tuple[Answer, ...]:
    """All that was answered in *entry*."""
    return entry.answers if isinstance(entry, CheckIn) else (entry,)


def _lines(talk: Talk, entry: CheckIn | Answer) -> list[tuple[str, str]]:
    """The name and the text of each thing said in *entry*."""
    lines = []
    for answer in answers(entry):
        if text := text_of(talk, answer):
            lines.append((name(talk, answer), text))
        if answer.reading == "done" and answer.about is not None:
            lines += _began(talk, answer)
    return lines


def _began(talk: Talk, turn: Answer) -> list[tuple[str, str]]:
    """What there is to say of a good turn that began as a card: the chain that it belongs to, and what came of it."""
    chain = passing_on.chain(talk, talk.journal.card(turn.about or 0))
    came = [(_("What came of it"), each.text) for each in talk.journal.outcomes(turn.id) if each.text]
    return [*([(_("Passed on"), chain)] if chain else []), *came]


def name(talk: Talk, answer: Answer) -> str:
    """What *answer* answers, as a heading."""
    if answer.question == "outcome":
        return _("What came of it")
    if answer.question == "go":
        return _("For whom you'd go")
    if answer.question == "draft":
        return _("Draft")
    question = talk.words.questions.get(answer.question)
    return _(question.name) if question else _("Note")


def text_of(talk: Talk, answer: Answer) -> str:
    """What *answer* says: their words, what kind of file it is, or what the button said; nothing if it was skipped."""
    if answer.text is not None:
        return answer.text
    if files := media.shown(talk.journal, answer):
        return files
    question = talk.words.questions.get(answer.question)
    labels = dict(question.choices) if question else {}
    label = labels.get(answer.reading or "")
    return _(label) if label else ""
