"""What somebody else wrote and they passed on: a thank-you, mostly, which is what came of a good turn.

It is kept at once, in the other's words, and then offered to stand beside one of their latest good turns.
"""

from bot import understand
from bot.dialogue import aside, notes, quiet
from bot.dialogue.names import NAME
from bot.dialogue.sent import goes_on_meeting
from bot.dialogue.talk import RATHER_NOT, Part, Talk, choice
from bot.domain import Answer, Pressed, Said
from bot.text import preview
from bot.words import _

LATEST = 3
"""Good turns that a thank-you is offered to, the latest ones."""

LOOK_BACK = 60
"""Answers that are looked through for them."""

LABEL = 34
"""UTF-16 units of a good turn on a button."""

NAMING = 60
"""Characters of the longest words that may name the good turn that is meant."""


def forwarded(event: Said, talk: Talk) -> None:
    """A message that somebody else wrote. None of its words is a wish of theirs."""
    name, note = event.forwarded or "", talk.keep(event)
    if talk.person.state == "new":
        goes_on_meeting(talk)
        return
    turns, back = _turns(talk, name), quiet.back() if talk.quiet else ()
    shown = understand.addressed(name)
    line = _("Kept, in {name}'s words.").format(name=shown) if name else _("Kept, in their words.")
    if turns:
        talk.put_in("thanks", note=note.id, turns=[turn.id for turn in turns], name=name)
        first, *others = turns
        rows = [
            (choice(_("Yes"), "thanks", note.id, first.id, style="primary"),),
            *((choice(preview(_quoted(turn), LABEL), "thanks", note.id, turn.id),) for turn in others),
            (choice(_("Just a note"), "thanks", note.id, "note"),),
        ]
        talk.say(line, _("Did that come of “{turn}”?").format(turn=_quoted(first)), choices=[*rows, back])
    elif talk.asked == "moment" or talk.journal.open_check_in():
        aside.back(talk, line)
    else:
        notes.offer(talk, note, _("{kept} Was it for a good turn of yours, or one you received?").format(kept=line))


def _turns(talk: Talk, name: str) -> list[Answer]:
    """Their latest good turns, first the one that *name* has to do with, if there is one."""
    told = [answer for answer in talk.journal.written(LOOK_BACK) if answer.question == "good_turn"][:LATEST]
    return sorted(told, key=lambda turn: not _names(talk, turn, name))


def _names(talk: Talk, turn: Answer, name: str) -> bool:
    """Whether *turn* was for somebody called *name*, or has that first name in it."""
    if not name:
        return False
    known = [each.name for each in talk.journal.mentioned(turn.id)]
    first = next(iter(understand.folded(name).split()), "")
    return understand.match(name, known) is not None or first in understand.folded(turn.text or "").split()


def _quoted(turn: Answer) -> str:
    return understand.phrase(turn.text or "")


# Which one it was


def said(event: Said, talk: Talk) -> bool:
    """Words after a thank-you was kept: which good turn it was for, or none. Whether they were about that at all."""
    note = talk.journal.answer(int(talk.pending["note"]))
    turns = [turn for id in talk.pending["turns"] if (turn := talk.journal.answer(id))]
    words = event.text.strip(" .!").casefold()
    match understand.wish(event.text):
        case _ if note is None or not turns or not notes.is_unsorted(note):
            pass
        case "yes":
            _settle(talk, note, turns[0])
            return True
        case wish if wish in (*RATHER_NOT, "later", "thanks") or words in ("note", "a note", "just a note"):
            _settle(talk, note, None)
            return True
        case _ if meant := _meant(event.text, talk, turns):
            _settle(talk, note, meant)
            return True
    talk.restore()
    return False


def _meant(text: str, talk: Talk, turns: list[Answer]) -> Answer | None:
    """The one of *turns* of which *text* says more than of the others: a name, or a word with some weight. Who tells
    something instead means none."""
    if len(text) > NAMING or understand.tells(text) or understand.also(text):
        return None
    given = set(understand.folded(text).split())
    shared = [len(given.intersection(understand.folded(" ".join(_telling(talk, turn))).split())) for turn in turns]
    best = max(shared)
    return turns[shared.index(best)] if best and shared.count(best) == 1 else None


def _telling(talk: Talk, turn: Answer) -> set[str]:
    """The words by which *turn* is told from others: names, and what isn't said about everything."""
    names = " ".join(each.name for each in talk.journal.mentioned(turn.id))
    return {*understand.ties((turn.text or "").casefold()), *(word for word in names.split() if len(word) > 2)}


def pressed(event: Pressed, talk: Talk, parts: list[Part]) -> bool:
    """Which good turn it was for, or none."""
    match parts:
        case [int(id), int() | "note" as about] if note := talk.journal.answer(id):
            turn = talk.journal.answer(about) if isinstance(about, int) else None
            if isinstance(about, int) and (turn is None or turn.question != "good_turn"):
                return False
            if notes.is_unsorted(note):
                talk.chosen = event.label
                _settle(talk, note, turn)
            return True
    return False


def resume(talk: Talk) -> None:
    """Ask again whether it came of the good turn that was offered first."""
    note, turn = (talk.journal.answer(int(id)) for id in (talk.pending["note"], talk.pending["turns"][0]))
    if note is None or turn is None:
        aside.back(talk, _("That one is gone already."))
        return
    row = (
        choice(_("Yes"), "thanks", note.id, turn.id, style="primary"),
        choice(_("Just a note"), "thanks", note.id, "note"),
    )
    talk.say(_("Did what you passed on come of “{turn}”?").format(turn=_quoted(turn)), choices=[row])


def _settle(talk: Talk, note: Answer, turn: Answer | None) -> None:
    """*note* is what came of *turn*, or stays one."""
    is_asked = talk.asked == "thanks" and talk.pending["note"] == note.id
    name = str(talk.pending["name"]) if is_asked else ""
    if turn is None:
        talk.journal.amend(note, reading="sorted")
        line = _("A note it is.")
    else:
        outcome = talk.journal.amend(note, question="outcome", about=turn.id)
        if name:  # they say themselves that it is from whom they did something for
            talk.journal.mention(outcome, [name[:NAME]])
        words = _("in {name}'s words").format(name=understand.addressed(name)) if name else _("in their words")
        line = _("Then it stands beside “{turn}”, {words}.").format(turn=_quoted(turn), words=words)
    if is_asked:
        aside.back(talk, line, rows=[quiet.back()] if talk.quiet else [])
    else:
        talk.say(line)
