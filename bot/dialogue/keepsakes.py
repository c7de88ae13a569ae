"""What is given back of their own words when a check-in closes: a thread once a quarter, a letter each December, and,
in a week in which nothing was done, rarely, one of theirs from a better week."""

from datetime import timedelta

from bot import understand
from bot.dialogue import story as stories
from bot.dialogue.talk import Part, Talk, choice
from bot.domain import Pressed, Said
from bot.story import Past, Turn, past
from bot.text import emphasised
from bot.words import _
from bot.words.dates import month

QUARTER = timedelta(weeks=12, days=4)
"""Thirteen weeks, less the days that a check-in may come early."""

RARELY = timedelta(weeks=9, days=4)
"""Ten weeks, less the same: so far apart a better week is offered."""

OLD = timedelta(weeks=4)
"""A better week lies at least so long ago."""

STRANDS = 3
"""Sentences of a thread."""

FEWEST = 6
"""Turns to choose from, without which none is offered: the first weeks have no better ones behind them."""

DECEMBER = 12

_THREAD, _LETTER, _BETTER = "thread of three", "year letter", "better week"
"""Under these names the journal keeps when each was given last."""


def _is_due(talk: Talk, name: str, apart: timedelta) -> bool:
    """Whether what goes by that *name* was given so long ago, or they have been here for so long without."""
    return talk.now - (talk.journal.asking(name).asked_at or talk.person.joined_at) >= apart


def _given(told: Past) -> list[Turn]:
    """What they gave that can be quoted, and reminds of nobody of whom something hard was told."""
    turns = (turn for turn in told.turns if turn.given and turn.quotes)
    return [turn for turn in turns if told.spared.isdisjoint(each.id for each in turn.people)]


# The thread


def thread(talk: Talk) -> bool:
    """Three of their sentences beside the theme that they carry, all from after the last thread. Whether it was time
    for that, and there were three."""
    if not _is_due(talk, _THREAD, QUARTER):
        return False
    told, before = past(talk.journal, talk.now, weeks=26), talk.journal.asking(_THREAD).asked_at
    since = talk.local(before).date() if before else told.first
    given = [turn for turn in _given(told) if turn.day > since]
    found = {theme.id: [turn for turn in given if turn.theme == theme.id] for theme in told.themes}
    strands = max(found.values(), key=len, default=[])
    if len(strands) < STRANDS:
        return False
    theme = next(theme for theme in told.themes if theme.id == strands[0].theme)
    chosen = (strands[0], strands[len(strands) // 2], strands[-1])
    talk.journal.note_asking(_THREAD, asked_at=talk.now)
    opening = talk.one_of(
        _THREAD,
        _("Three things you told me, weeks apart:"),
        _("Held side by side, these three are one thing:"),
        _("I put three of yours next to each other:"),
    )
    talk.say(opening, *(f"“{_best(turn)}”" for turn in chosen), emphasised(f"“{theme.text}”"))
    return True


def _best(turn: Turn) -> str:
    """What *turn* says, rather with somebody's name in it."""
    here = {word for each in turn.people for word in understand.folded(each.name).split()}
    named = [quote for quote in turn.quotes if here & set(understand.folded(quote).split())]
    return (named or turn.quotes)[0].rstrip(".")


# The letter


def letter(talk: Talk) -> bool:
    """The year's letter, with the first check-in of a December. Whether it was time for it, and there was one."""
    today = talk.local(talk.now).date()
    written = talk.journal.asking(_LETTER).asked_at
    if today.month != DECEMBER or (written and talk.local(written).year == today.year) or stories.year(talk) is None:
        return False
    talk.journal.note_asking(_LETTER, asked_at=talk.now)
    stories.letter(talk, _("The year is nearly round, so here is a letter that you wrote without knowing it."))
    return True


# A better week


def better_week(talk: Talk) -> bool:
    """Ask whether they'd like one of theirs from a better week. Whether it was time for that, and there is one."""
    if not _is_due(talk, _BETTER, RARELY) or talk.asked not in ("", "card") or len(_better(talk)) < FEWEST:
        return False
    talk.journal.note_asking(_BETTER, asked_at=talk.now)
    talk.put_in("better")
    resume(talk)
    return True


def _better(talk: Talk) -> list[Turn]:
    """Good turns of the past year that can be quoted and are old enough."""
    told = past(talk.journal, talk.now, weeks=52)
    edge = (talk.local(talk.now) - OLD).date()
    return [turn for turn in _given(told) if turn.day <= edge]


def resume(talk: Talk) -> None:
    """Ask it again."""
    buttons = (choice(_("Yes, one"), "better", "yes"), choice(_("Not now"), "better", "no"))
    talk.say(_("Want one of yours from a better week?"), choices=[buttons])


def said(event: Said, talk: Talk) -> bool:
    """Words after that. Whether they were about it."""
    match understand.wish(event.text):
        case "yes":
            _show(talk)
        case "no" | "skip" | "never" | "nothing" | "later" | "enough":
            _leave(talk)
        case _:
            talk.restore()
            return False
    return True


def pressed(event: Pressed, talk: Talk, parts: list[Part]) -> bool:
    """By button."""
    match parts:
        case ["yes" | "no" as answer]:
            if talk.asked == "better":
                talk.chosen = event.label
                (_show if answer == "yes" else _leave)(talk)
            return True
    return False


def _leave(talk: Talk) -> None:
    talk.restore()
    talk.say(_("Another time."))


def _show(talk: Talk) -> None:
    """One of theirs, rather with something that came of it; another one each time."""
    talk.restore()
    turns = _better(talk)
    if not turns:
        talk.say(_("I can't find one just now, and it isn't for lack of good weeks."))
        return
    fuller = [turn for turn in turns if turn.came] or turns
    chosen = fuller[talk.local(talk.now).date().toordinal() // 7 % len(fuller)]
    came = _("And then: “{came}”.").format(came=chosen.came[-1].rstrip(".")) if chosen.came else ""
    talk.say(
        _("In {month} you wrote: “{quote}”.").format(month=month(chosen.day.month), quote=_best(chosen)),
        came,
        _("That was you, too."),
    )
