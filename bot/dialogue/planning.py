"""When this person is asked next. The rhythm never moves; being away or quiet only leaves slots out."""

from datetime import date, datetime, time, timedelta

from bot.dialogue.talk import Talk, clock
from bot.schedule import Rhythm, interval, next_slot, usual_time, waking
from bot.words import _

FRIDAY = 4

HOUR = timedelta(hours=1)
"""How long after the hour that was meant a check-in is still on time, and for how long a conversation puts it off."""

MONTHLY = 4
"""Weeks from the last check-in before the goodbye to the goodbye itself."""


def rhythm(talk: Talk) -> Rhythm:
    """Their weekday, hour and zone; Friday about four where nothing else was said."""
    person = talk.person
    return Rhythm(
        weekday=FRIDAY if person.weekday is None else person.weekday,
        time=usual_time(person.id) if person.minute is None else time(*divmod(person.minute, 60)),
        zone=person.zone or "UTC",
    )


def hour(talk: Talk) -> str:
    """The hour in words: exact if they chose it."""
    minute = talk.person.minute
    return _("about four") if minute is None else clock(minute)


def when(talk: Talk, at: datetime) -> str:
    """*at* as an appointment: "Friday 13 November, about 16:00, Porto"; "soon" for what should have been already."""
    if at <= talk.now:
        return _("soon")
    local, city = talk.local(at), talk.person.city
    day = talk.date(local.date())
    if talk.person.minute is None and local.time() == rhythm(talk).time:
        text = _("{date}, about {clock}").format(date=day, clock="16:00")
    else:
        text = _("{date}, {clock}").format(date=day, clock=clock(60 * local.hour + local.minute))
    return f"{text}, {city}" if city else text


def by_day(talk: Talk, at: datetime) -> datetime:
    """*at*, or the next morning if that is in the night; for whoever chose an hour at night it may be just after it."""
    usual, local = rhythm(talk), talk.local(at)
    minutes = 60 * (local.hour - usual.time.hour) + local.minute - usual.time.minute
    return at if timedelta(minutes=minutes % (24 * 60)) <= HOUR else waking(at, usual.zone)


def just_spoke(talk: Talk) -> bool:
    """Whether their last word is less than an hour old."""
    return talk.now - talk.person.seen_at < HOUR


def in_conversation(talk: Talk) -> bool:
    """Whether something is open that was spoken about within the hour."""
    return just_spoke(talk) and (talk.person.pending is not None or talk.journal.open_check_in() is not None)


def plan(talk: Talk, *, earliest: date | None = None) -> datetime:
    """Plan the next check-in: the first slot from now on whose local day is not before *earliest*. One that is due
    already stays: it is about to come, and a word that arrives before it drops nothing."""
    if (planned := talk.journal.planned("check-in")) and planned[1] <= talk.now:
        return planned[1]
    slot = next_slot(rhythm(talk), talk.now, earliest=earliest)
    talk.journal.plan("check-in", slot.day.isoformat(), slot.at)
    return slot.at


def plan_after(talk: Talk, day: date) -> None:
    """Plan the check-in after the one of *day*, as far off as it will be if that one stays unanswered too."""
    weeks = interval(talk.person.unanswered + 1) or MONTHLY
    plan(talk, earliest=day + timedelta(days=7 * weeks - 3))


def replan(talk: Talk) -> None:
    """Compute the planned instant again, for the same day."""
    if (planned := talk.journal.planned("check-in")) and not is_late(talk):
        plan(talk, earliest=date.fromisoformat(planned[0]))


def is_late(talk: Talk) -> bool:
    """Whether the planned check-in is one whose own hour has passed: it waits for the morning or for a pause."""
    planned = talk.journal.planned("check-in")
    if planned is None:
        return False
    day = date.fromisoformat(planned[0])
    return next_slot(rhythm(talk), talk.now, earliest=day).day != day


SPARED = timedelta(days=6)
"""For how long no visit comes by itself after something hard was told, unless they say that it may."""

_APART = timedelta(days=4)  # between the check-in that was ended and the next


def is_spared(talk: Talk) -> bool:
    """Whether something hard was told so lately that no visit comes by itself."""
    at = talk.journal.asking("hard").asked_at
    return at is not None and talk.now - at < SPARED


def spare(talk: Talk, *, ended: bool = False) -> None:
    """Let no visit come by itself for a while; or once that is *ended* let them come, though not twice in a week."""
    talk.journal.note_asking("hard", asked_at=None if ended else talk.now)
    latest = next(iter(talk.journal.check_ins(1)), None)
    if ended and latest and talk.person.zone and talk.now - latest.opened_at < _APART:
        plan(talk, earliest=talk.local(latest.opened_at).date() + _APART)
