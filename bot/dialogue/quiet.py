"""Staying quiet and coming back. The schedule never moves: while it is quiet, slots are left out."""

from datetime import UTC, datetime, time, timedelta

from bot import understand
from bot.dialogue import meeting
from bot.dialogue.planning import plan, when
from bot.dialogue.talk import Part, Row, Talk, choice
from bot.domain import Pressed, Said
from bot.journal import EVER
from bot.schedule import zone
from bot.words import _


def pause(talk: Talk, text: str = "") -> None:
    """At once, also in the middle of a question, and until they call unless *text* says till when."""
    journal = talk.journal
    until = understand.pause(text, talk.now, zone(talk.person.zone or "UTC")) if text else None
    journal.settle()
    journal.unplan("later")
    if check_in := journal.open_check_in():
        journal.close(check_in)
    if until:
        pause_until(talk, until)
        return
    journal.change(quiet_until=EVER)
    talk.say(
        _("All right, I'll be quiet until you call. What you told me is kept."),
        choices=[(choice(_("Only two weeks"), "quiet", 14), choice(_("Only a month"), "quiet", 30)), back()],
    )


def pause_until(talk: Talk, until: datetime) -> None:
    """Quiet *until* the day of that instant (aware)."""
    talk.journal.change(quiet_until=until)
    talk.say(_("Quiet until {date}.").format(date=talk.date(talk.local(until).date())), choices=[back()])


def in_days(talk: Talk, days: int) -> datetime:
    """When the day begins that is so many *days* from today, for them (UTC): a visit on that day may come."""
    local = talk.local(talk.now)
    day = local.date() + timedelta(days=days)
    return datetime.combine(day, time(0), local.tzinfo).astimezone(UTC)


def back() -> Row:
    """The way out of the quiet."""
    return (choice(_("Come by again"), "quiet", "end", style="primary"),)


def remind(talk: Talk) -> None:
    """They spoke while it is quiet: it stays quiet, and the way back is offered."""
    talk.journal.ask("quiet")
    talk.say(_("I'm still keeping quiet, as you asked. Shall I come by again?"), choices=[back()])


def said(event: Said, talk: Talk) -> bool:
    """Words that answer nothing while it is quiet: a yes ends it only if that was asked. Whether they were a wish."""
    match understand.wish(event.text):
        case None:
            return False
        case "yes" if talk.asked == "quiet":
            come_back(talk)
        case _:
            remind(talk)
    return True


def pressed(event: Pressed, talk: Talk, parts: list[Part]) -> bool:
    """For how long, or not any more."""
    match parts:
        case [14 | 30 as days]:
            until, now_until = in_days(talk, days), talk.person.quiet_until
            if now_until is None or talk.local(now_until).date() != talk.local(until).date():
                talk.chosen = event.label
                pause_until(talk, until)
        case ["end"]:
            if talk.quiet:
                talk.chosen = event.label
                come_back(talk)
        case _:
            return False
    return True


def come_back(talk: Talk) -> None:
    """The quiet is over."""
    talk.journal.change(quiet_until=None)
    if talk.asked == "quiet":
        talk.journal.settle()
    if talk.person.state == "new":
        meeting.hello_again(talk)
        return
    talk.say(_("I'm here again. Next time: {when}.").format(when=when(talk, plan(talk))))
