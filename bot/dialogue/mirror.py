"""The mirror at the end of a check-in: one phrase of theirs joined to something they wrote before. Never figures."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from bot import understand
from bot.dialogue.talk import Talk
from bot.domain import Acquaintance, Answer, CheckIn
from bot.words import _
from bot.words.dates import month

LOOK_BACK = 200
"""Answers that are searched for an earlier thread: several years of weeks."""

ELEVEN_MONTHS = timedelta(days=330)
"""Until then a month's name alone says which month is meant."""

_COMMON = 6
"""A word in more than this many of the answers looked at ties nothing together."""


def reflection(talk: Talk, check_in: CheckIn) -> str:
    """One sentence, or nothing if they wrote nothing to quote."""
    told = [phrase for answer in check_in.answers for phrase in _phrases(answer)]
    if not told:
        return ""
    written, gone = talk.journal.written(LOOK_BACK, before=check_in.id), let_be(talk)
    earlier = [phrase for answer in written for phrase in _phrases(answer) if not gone & _folded(phrase.text)]
    now, before = _thread(told, earlier)
    if before is None:
        return _alone(talk, now, first=not earlier)
    threads = (
        _("“{old}”, {when}; and now “{new}”."),
        _("First “{old}”; now “{new}”."),
        _("“{new}”, and {when} it was “{old}”. The same thread."),
        _("It goes on: “{old}”, then “{new}”."),
        _("You wrote “{old}” {when}. “{new}” sits well beside it."),
    )
    return talk.one_of("thread", *threads).format(old=before.text, new=now.text, when=_ago(talk, before.said_at))


def let_be(talk: Talk) -> set[str]:
    """The words, folded, of their names who are let be: nobody is reminded of them."""
    return {word for name, each in talk.journal.known().items() if each.let_be for word in _folded(name)}


def _folded(text: str) -> set[str]:
    return {word for word in understand.folded(text).split() if len(word) > 2}


def _ago(talk: Talk, at: datetime) -> str:
    then, now = talk.local(at), talk.local(talk.now)
    if (then.year, then.month) == (now.year, now.month):
        return _("earlier this month")
    if talk.now - at < ELEVEN_MONTHS:
        return _("in {month}").format(month=month(then.month))
    return _("a good while ago")


def _alone(talk: Talk, now: "_Phrase", *, first: bool) -> str:
    """What nothing earlier belongs to; the *first* of all stands beside a theme of theirs that has a word of it."""
    themes = talk.journal.themes() if first and now.question == "good_turn" else ()
    theme = next((theme for theme in themes if understand.ties(theme.text) & now.words), None)
    if theme:
        return _("“{theme}”, you said when we met; and now “{new}”.").format(new=now.text, theme=theme.text)
    plain = (
        _("“{new}”. Good to know."),
        _("“{new}”. I'll remember that."),
        _("“{new}”. Thanks for telling me."),
        _("“{new}”. That one stays with me."),
    )
    return talk.one_of("alone", *plain).format(new=now.text)


class _Phrase(NamedTuple):
    """Something quotable that somebody wrote."""

    text: str
    question: str
    words: frozenset[str]
    said_at: datetime


def _phrases(answer: Answer) -> list[_Phrase]:
    """What can be quoted of *answer*: its sentences, or the parts of a long one, that have more than a word to them.
    Fuller ones come first where there are any."""
    if not answer.text or answer.question not in ("good_turn", "received") or answer.reading is not None:
        return []
    return [
        _Phrase(part, answer.question, understand.ties(part), answer.said_at)
        for part in understand.quotable(answer.text)
    ]


def _thread(told: list[_Phrase], earlier: list[_Phrase]) -> tuple[_Phrase, _Phrase | None]:
    """One of *told* and the newest of *earlier* that share the rarest word, given with given and received with
    received; where none is shared, one that names somebody, or the first, alone."""
    often = Counter(word for phrase in earlier for word in phrase.words)
    best: tuple[int, _Phrase, _Phrase] | None = None
    for now in told:
        for before in earlier:
            if now.question != before.question or now.text == before.text:
                continue
            shared = [often[word] for word in now.words & before.words if often[word] <= _COMMON]
            if shared and (best is None or min(shared) < best[0]):
                best = (min(shared), now, before)
    if best:
        return best[1], best[2]
    return next((phrase for phrase in told if _names(phrase.text)), told[0]), None


def _names(text: str) -> bool:
    """Whether *text* seems to name somebody: a capital inside it, where sentences have none."""
    return any(word[:1].isupper() and len(word) > 2 and word[1] not in "'’" for word in text.split()[1:])


def quotes(talk: Talk, answers: Iterable[Answer], most: int, somebody: Acquaintance | None = None) -> list[str]:
    """At most *most* phrases out of *answers*, one of each, short enough to quote; where a part of one names
    *somebody*, that part. None names anybody who is let be, and no two are the same."""
    gone, found = let_be(talk), dict[str, str]()
    id = somebody.id if somebody else None
    names = {word for name, each in talk.journal.known().items() if each.id == id for word in _folded(name)}
    for answer in answers:
        fitting = [each for each in _phrases(answer) if not gone & _folded(each.text)]
        naming = [each for each in fitting if names & _folded(each.text)]
        for each in (naming or fitting)[:1]:
            found.setdefault(understand.folded(each.text), each.text.rstrip("."))
        if len(found) == most:
            break
    return [f"“{text}”" for text in found.values()]
