"""Whether a language model may be asked. It is offered once, after the second check-in; /settings changes it."""

from bot import understand
from bot.dialogue.talk import Part, Row, Talk, asks_back, choice
from bot.domain import Pressed, Said
from bot.words import _

AFTER = 2
"""Check-ins that were answered to their end before it is offered."""

_OFFERED = "model"
"""Under this name the journal keeps when it was."""


def offer_once(talk: Talk) -> bool:
    """Ask, if there is a model, and they know by now what they'd be agreeing to. Whether it was asked."""
    if not talk.house.model or talk.person.model is not None or talk.journal.asking(_OFFERED).asked_at:
        return False
    if sum(check_in.finished for check_in in talk.journal.check_ins(2 * AFTER)) < AFTER:
        return False
    talk.journal.note_asking(_OFFERED, asked_at=talk.now)
    talk.put_in("consent")
    resume(talk)
    return True


def resume(talk: Talk) -> None:
    """Ask, plainly."""
    talk.say(
        _(
            "A question about me, asked once: a language model could help me find what suits you. It would be shown"
            " your themes and places, first names, what you wrote these weeks and did, and a draft or a story if asked"
            " for one; nothing else of you, and nothing of anybody else. May it?"
        ),
        choices=[_buttons()],
    )


def _buttons() -> Row:
    return choice(_("It may"), "consent", "yes"), choice(_("Rather not"), "consent", "no")


def said(event: Said, talk: Talk) -> bool:
    """Words after that. Whether they were about it."""
    match understand.wish(event.text):
        case "yes":
            _settle(talk, agreed=True)
        case "no" | "never" | "skip" | "nothing":
            _settle(talk, agreed=False)
        case _ if asks_back(event.text):
            talk.say(
                _("Only what I'd need to choose better, and only then. Without it I choose from my own list."),
                choices=[_buttons()],
            )
        case _:
            talk.restore()
            return False
    return True


def pressed(event: Pressed, talk: Talk, parts: list[Part]) -> bool:
    """By button."""
    match parts:
        case ["yes" | "no" as answer]:
            if talk.asked == "consent":
                talk.chosen = event.label
                _settle(talk, agreed=answer == "yes")
            return True
    return False


def _settle(talk: Talk, *, agreed: bool) -> None:
    talk.journal.change(model=agreed)
    talk.restore()
    if agreed:
        talk.say(_("Thank you. /settings takes that back at any time."))
    else:
        talk.say(_("Then nothing of yours goes to one. /settings, should you think otherwise some day."))
