"""What is told outside a check-in: a good turn by hand, or plain words, which are kept first and sorted afterwards."""

from bot.dialogue.check_in import kept
from bot.dialogue.talk import Talk, choice
from bot.domain import Edited, Pressed, Said, Sent
from bot.words import _


def good_turn(talk: Talk, text: str, message: int | None) -> None:
    """`/goodturn`, with the words behind it or asked for."""
    if text:
        talk.journal.add("good_turn", text=text, message=message)
        talk.journal.settle()
        talk.say(kept(talk))
    else:
        talk.journal.ask("good_turn")
        resume(talk)


def resume(talk: Talk) -> None:
    """Ask for the good turn again."""
    talk.say(_("Tell me: who was it, and what did you do?"))


def told(event: Said, talk: Talk) -> None:
    """The good turn that was asked for by hand."""
    good_turn(talk, event.text, event.message)


def plain(event: Said, talk: Talk) -> None:
    """Words that answer nothing: kept as a note, and offered to be more."""
    answer = talk.journal.add("note", text=event.text, message=event.message)
    talk.say(
        talk.one_of(
            "plain",
            _("Kept as a note. Or was it a good turn?"),
            _("I've kept that as a note. Is it one of these, rather?"),
            _("Noted, in your words. Something you gave, or got?"),
            _("That's kept. Shall it stay a note?"),
        ),
        choices=[
            (
                choice(_("A good turn"), "note", answer.id, "good_turn"),
                choice(_("One I received"), "note", answer.id, "received"),
                choice(_("Just a note"), "note", answer.id, "note"),
            )
        ],
    )


def pressed(event: Pressed, talk: Talk, parts: list[str]) -> bool:
    """What a note is."""
    if len(parts) != 2 or not parts[0].isdecimal() or not (answer := talk.journal.answer(int(parts[0]))):
        return False
    if parts[1] not in ("good_turn", "received", "note") or answer.check_in is not None:
        return False
    if answer.question == "note" and answer.reading is None:
        talk.journal.amend(answer, question=parts[1], reading="sorted" if parts[1] == "note" else None)
        talk.chosen = event.label
        if parts[1] != "note":
            talk.say(_("Then that's what it is."))
    return True


def edited(event: Edited, talk: Talk) -> None:
    """They changed a message of theirs: what it said is changed too, and the earlier words are kept."""
    answer = talk.journal.answer_in(event.message)
    if answer is None:
        talk.say(_("I couldn't tell what that change belongs to. Would you tell me as a new message?"))
    elif answer.text != event.text:
        talk.journal.amend(answer, text=event.text)
        talk.say(_("Changed there too."))


def sent(event: Sent, talk: Talk) -> None:
    """Something that isn't words."""
    if event.kind == "sticker":
        talk.say(talk.one_of("sticker", _("That one says it well."), _("I'll take that as a smile."), _("Nicely put.")))
    else:
        talk.say(_("I can only keep words so far. A few of them about it, so you can find it later?"))
