"""`/admin`: how the bot is doing, for whoever runs it. To anybody else it is a command that isn't there."""

from collections.abc import Iterator
from datetime import timedelta

from bot.dialogue.talk import Talk
from bot.domain import Count, Counted, Figures
from bot.words import _

KINDS = 4
"""Kinds of errors that are named, the most frequent first."""


def is_owner(talk: Talk) -> bool:
    """Whether this is whoever runs the bot."""
    return talk.house.owner == talk.person.id != 0


def begin(talk: Talk) -> None:
    """Have everything counted; it is told as soon as that is done."""
    talk.wish(Count())


def counted(event: Counted, talk: Talk) -> None:
    """Tell how things stand, on one screen."""
    figures = event.figures
    talk.say(
        _people(figures),
        _("Check-ins: {due} due now, {planned} in the next seven days, {done} done in the last seven.").format(
            due=_number(figures.due), planned=_number(figures.planned), done=_number(figures.done)
        ),
        _backlog(figures),
        _stumbled(figures),
        _model(figures),
        _("I'm Tenfold {version} on {database}, {awake}.").format(
            version=talk.house.version, database=talk.house.database, awake=_awake(talk.now - figures.since)
        ),
    )


def _people(figures: Figures) -> str:
    """For how many it is there, and what became of the others."""
    here = figures.people.get("here", 0)
    few = (_("I'm there for nobody yet."), _("I'm there for one person."))
    first = few[here] if here < len(few) else _("I'm there for {number} people.").format(number=_number(here))
    ways = {
        "new": _("{number} still meeting me"),
        "silent": _("{number} gone silent"),
        "blocked": _("{number} who blocked me"),
        "apart": _("{number} turned away"),
    }
    others = [
        line.format(number=_number(figures.people[state])) for state, line in ways.items() if figures.people.get(state)
    ]
    return f"{first} {_('Besides: {others}.').format(others=', '.join(others))}" if others else first


def _backlog(figures: Figures) -> str:
    lines = [_("Nothing waits.")]
    if figures.unread or figures.unsent:
        line = _("Waiting: {unread} to be read, {unsent} to be sent.")
        lines = [line.format(unread=_number(figures.unread), unsent=_number(figures.unsent))]
    unread, unsent = figures.aside
    if unread or unsent:
        line = _("Set aside: {unread} that I couldn't take in, {unsent} that couldn't be sent.")
        lines.append(line.format(unread=_number(unread), unsent=_number(unsent)))
    return " ".join(lines)


def _stumbled(figures: Figures) -> str:
    if not figures.stumbled:
        return _("I haven't stumbled since I started.")
    kinds = ", ".join(_kinds(figures))
    return _("Since I started I stumbled: {kinds}. The log says where.").format(kinds=kinds)


def _kinds(figures: Figures) -> Iterator[str]:
    """The most frequent kinds with how often each was, and the rest together."""
    often = sorted(figures.stumbled.items(), key=lambda each: (-each[1], each[0]))
    for kind, times in often[:KINDS]:
        yield _("{kind} {times}×").format(kind=kind, times=_number(times))
    if rest := sum(times for _kind, times in often[KINDS:]):
        yield _("others {times}×").format(times=_number(rest))


def _model(figures: Figures) -> str:
    if not figures.budget:
        return ""
    line = _("The language model: {calls} of {budget} calls today.")
    return line.format(calls=_number(figures.calls), budget=_number(figures.budget))


def _awake(span: timedelta) -> str:
    """For how long."""
    if span < timedelta(minutes=2):
        return _("just woken up")
    if span < timedelta(hours=2):
        return _("awake for {minutes} minutes").format(minutes=span // timedelta(minutes=1))
    if span < timedelta(days=2):
        return _("awake for {hours} hours").format(hours=span // timedelta(hours=1))
    return _("awake for {days} days").format(days=_number(span.days))


def _number(number: int) -> str:
    return f"{number:,}"
