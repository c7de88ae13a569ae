"""Staying quiet and coming back. The schedule never moves: while it is quiet, slots are left out."""

from datetime import timedelta

from bot import understand
from bot.dialogue import meeting
from bot.dialogue.planning import plan, when
from bot.dialogue.talk import Talk, choice
from bot.domain import Choice, Pressed
from bot.journal import EVER
from bot.schedule import zone
from bot.words import _

SPANS = {"14": timedelta(days=14), "30": timedelta(days=30)}


def pause(talk: Talk, text: str = "") -> None:
    """At once, also in the middle of a question, and until they call unless *text* says till when."""
    journal = talk.journal
    until = understand.pause(text, talk.now, zone(talk.person.zone or "UTC")) if text else None
    journal.settle()
    journal.unplan("later")
    if check_in := journal.open_check_in():
        journal.close(check_in)
    journal.change(quiet_until=until or EVER)
    if until:
        talk.say(_("Quiet until {date}.").format(date=talk.date(talk.local(until).date())), choices=[(_back(),)])
        return
    talk.say(
        _("All right, I'll be quiet until you call. What you told me is kept."),
        choices=[
            (choice(_("Only two weeks"), "quiet", "14"), choice(_("Only a month"), "quiet", "30")),
            (_back(),),
        ],
    )


def _back() -> Choice:
    return choice(_("Come by again"), "quiet", "end", style="primary")


def is_quiet(talk: Talk) -> bool:
    """Whether they asked for quiet, and it isn't over."""
    return talk.person.quiet_until is not None and talk.person.quiet_until > talk.now


def remind(talk: Talk) -> None:
    """They spoke while it is quiet: it stays quiet, and the way back is offered."""
    talk.say(_("I'm still keeping quiet, as you asked. Shall I come by again?"), choices=[(_back(),)])


def pressed(event: Pressed, talk: Talk, parts: list[str]) -> bool:
    """For how long, or not any more."""
    match parts:
        case [days] if days in SPANS:
            until = talk.now + SPANS[days]
            if (quiet_until := talk.person.quiet_until) and talk.local(quiet_until).date() == talk.local(until).date():
                return True
            talk.journal.change(quiet_until=until)
            talk.chosen = event.label
            talk.say(_("Quiet until {date}.").format(date=talk.date(talk.local(until).date())), choices=[(_back(),)])
        case ["end"]:
            if is_quiet(talk):
                talk.chosen = event.label
                come_back(talk)
        case _:
            return False
    return True


def come_back(talk: Talk) -> None:
    """The quiet is over."""
    talk.journal.change(quiet_until=None)
    if talk.person.zone is None:
        meeting.hello_again(talk)
        return
    talk.say(_("I'm here again. Next time: {when}.").format(when=when(talk, plan(talk))))
