"""When the weekly check-in opens, is put off, and is left before its end.

At most one is open: a newer one closes the older as it stands. Putting one off moves nothing else.
"""

from datetime import date, datetime, timedelta

from bot.dialogue import hard
from bot.dialogue.asking import ask, pick, resume, told, unanswered
from bot.dialogue.planning import (
    HOUR,
    by_day,
    hour,
    in_conversation,
    is_spared,
    just_spoke,
    plan,
    plan_after,
    replan,
    rhythm,
    when,
)
from bot.dialogue.talk import Part, Talk, choice
from bot.domain import CheckIn, Due, Pressed
from bot.words import _
from bot.words.dates import weekday

NEAR = timedelta(days=3)
GOODBYE = 6
"""Unanswered check-ins after which the next visit is a goodbye."""


# By itself


def due(event: Due, talk: Talk) -> None:
    """A planned moment has come: ask, or leave this one out, or say goodbye."""
    match event.kind:
        case "zones":
            replan(talk)
        case "later" if talk.person.state == "here":
            _again(event, talk)
        case "check-in" if talk.person.state == "here":
            _planned(event, talk)


def skip(event: Due, talk: Talk) -> None:
    """Leave a planned moment out without a word, for somebody who isn't talked with at present."""
    if event.kind == "check-in":
        plan(talk)


def _planned(event: Due, talk: Talk) -> None:
    journal, now = talk.journal, talk.now
    day, today = date.fromisoformat(event.subject), talk.local(now).date()
    if talk.quiet or is_spared(talk):
        plan(talk, earliest=day + timedelta(days=1))
    elif (better := _better_moment(event, talk, talking=in_conversation(talk))) > now:
        journal.plan("check-in", event.subject, better)
    elif any(_is_near(each, now) for each in journal.check_ins(2)):
        plan_after(talk, today)
    else:
        # Planned from today and not from the day it was meant for: after a long silence of ours one visit is enough.
        _come_by(talk, event.subject, max(day, today))


def _better_moment(event: Due, talk: Talk, *, talking: bool) -> datetime:
    """When *event* is welcome: now if it's on time, else by day, and an hour after their last word if *talking*."""
    if talking:
        return by_day(talk, talk.person.seen_at + HOUR)
    return talk.now if talk.now - event.at <= HOUR else by_day(talk, talk.now)


def _is_near(check_in: CheckIn, now: datetime) -> bool:
    """Whether *check_in* is so close that another one would be one too many."""
    if check_in.finished and check_in.closed_at is not None:
        return now - check_in.closed_at < NEAR
    return check_in.kind == "planned" and now - check_in.opened_at < NEAR


def _come_by(talk: Talk, subject: str, day: date) -> None:
    """Ask, and plan the next visit after *day*; or say goodbye if nothing was heard for long."""
    journal, person = talk.journal, talk.person
    latest = next(iter(journal.check_ins(1)), None)
    if latest and latest.kind == "planned" and latest.opened_at > person.seen_at:
        journal.change(unanswered=person.unanswered + 1)
    if talk.person.unanswered >= GOODBYE:
        journal.change(state="silent")
        talk.say(
            _("I'll leave you in peace now. Everything you told me is kept, and one word from you brings me back."),
            unasked=True,
        )
        return
    plan_after(talk, day)
    questions = pick(talk, person.length)
    gently = hard.is_since(talk, latest.opened_at if latest else None)
    if questions and (check_in := journal.start_check_in("planned", questions, subject)):
        opener = _("I'm here again. Only if you feel like it:") if gently else _opener(talk)
        ask(talk, check_in, opener, unasked=True)


def _opener(talk: Talk) -> str:
    today = weekday(talk.local(talk.now).weekday())
    return talk.one_of("opener", *talk.words.openers).format(weekday=today)


# By hand


def by_hand(talk: Talk, length: str | None) -> None:
    """`/checkin`: take up the one that is open, or begin one now."""
    check_in = talk.journal.open_check_in()
    talk.journal.unplan("later")
    if check_in is None:
        questions = pick(talk, length or talk.person.length)
        check_in = talk.journal.start_check_in("asked", questions) if questions else None
    elif length in ("full", "one"):
        questions = pick(talk, length)
        if length == "full":
            questions += [question for question in check_in.questions if question not in questions]
        check_in = talk.journal.set_questions(check_in, questions)
    if check_in:
        resume(talk, check_in)
    else:
        talk.say(_("You asked me to leave every question out, so I only listen. /goodturn keeps what you tell me."))


def leave(talk: Talk, check_in: CheckIn) -> None:
    """`/cancel` in the middle of it."""
    talk.journal.close(check_in)
    talk.journal.unplan("later")
    talk.say(_("We'll leave it there. What you told me is kept."))


# Later


def postpone(talk: Talk, check_in: CheckIn, hours: int | None = None) -> None:
    """Ask this one again in so many *hours*, else tomorrow at their hour; nothing else moves."""
    local, usual = talk.local(talk.now), rhythm(talk).time
    if hours is None:
        at = (local + timedelta(days=1)).replace(hour=usual.hour, minute=usual.minute, second=0, microsecond=0)
        line = _("Tomorrow, {hour}.").format(hour=hour(talk))
    else:
        at = local + timedelta(hours=hours)
        line = _("In three hours, then.")
    planned = talk.journal.planned("check-in")
    if planned and planned[1] - at < NEAR:
        talk.journal.unplan("later")
        talk.say(_("We'll leave it till I come by anyway: {when}.").format(when=when(talk, planned[1])))
        return
    talk.journal.plan("later", str(check_in.id), at)
    sooner = choice(_("In three hours instead"), "later", check_in.id, 3)
    talk.say(line, choices=[] if hours else [(sooner,)])


def pressed(event: Pressed, talk: Talk, parts: list[Part]) -> bool:
    """The button Later, and the one for three hours."""
    match parts:
        case [int(id)] if check_in := talk.journal.check_in(id):
            hours = None
        case [int(id), 3] if check_in := talk.journal.check_in(id):
            hours = 3
        case _:
            return False
    if check_in.closed_at is None and unanswered(check_in) and not _is_put_off(talk, check_in, hours):
        talk.chosen = event.label
        postpone(talk, check_in, hours)
    return True


def _is_put_off(talk: Talk, check_in: CheckIn, hours: int | None) -> bool:
    """Whether *check_in* was put off already, to within so many *hours*."""
    subject, at = talk.journal.planned("later") or ("", talk.now)
    return subject == str(check_in.id) and (hours is None or at - talk.now <= timedelta(hours=hours))


def _again(event: Due, talk: Talk) -> None:
    """The later moment has come."""
    check_in, planned = talk.journal.open_check_in(), talk.journal.planned("check-in")
    if check_in is None or str(check_in.id) != event.subject or talk.quiet:
        return
    if planned and planned[1] <= talk.now:
        return  # after some time without running the next one is due as well, and one is enough
    if (better := _better_moment(event, talk, talking=just_spoke(talk))) > talk.now:
        talk.journal.plan("later", event.subject, better)
    else:
        ask(talk, check_in, _("Here I am, as agreed.") if told(check_in) else _opener(talk), unasked=True)
