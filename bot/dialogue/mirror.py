"""The mirror at the end of a check-in: one phrase of theirs joined to something they wrote before. Never figures."""

import re
from collections import Counter
from collections.abc import Iterable

from bot.dialogue.talk import Talk, month
from bot.domain import Answer, CheckIn
from bot.text import preview
from bot.words import _

LOOK_BACK = 200
"""Answers that are searched for an earlier thread: several years of weeks."""

PHRASE = 70
"""UTF-16 units of a quoted phrase, so that two fit a phone's screen with room to spare."""

_COMMON = 6
"""A word in more than this many of the answers looked at ties nothing together."""


def reflection(talk: Talk, check_in: CheckIn) -> str:
    """One sentence, or nothing if they wrote nothing to quote."""
    told = [answer for answer in check_in.answers if _quotable(answer)]
    earlier = [answer for answer in talk.journal.written(LOOK_BACK, before=check_in.id) if _quotable(answer)]
    if not told:
        return ""
    now, before, tied = _thread(told, earlier)
    if before is None:
        return _alone(talk, phrase(now.text or ""))
    new, old = phrase(now.text or ""), phrase(before.text or "")
    then = talk.local(before.said_at)
    this_month = (then.year, then.month) == (talk.local(talk.now).year, talk.local(talk.now).month)
    when = _("earlier this month") if this_month else _("in {month}").format(month=month(then.month))
    threads = (
        _("“{old}”, {when}. And now “{new}”."),
        _("First “{old}”; now “{new}”."),
        _("“{new}”, and {when} it was “{old}”. The same thread."),
        _("It goes on: “{old}”, then “{new}”."),
        _("You wrote “{old}” {when}. “{new}” sits well beside it."),
    )
    pairs = (
        _("Last time “{old}”, this time “{new}”."),
        _("“{new}”. Before that, “{old}”."),
        _("“{old}”, and then “{new}”."),
        _("“{new}” goes on the same page as “{old}”."),
    )
    shape = talk.one_of("thread", *threads) if tied else talk.one_of("pair", *pairs)
    return shape.format(old=old, new=new, when=when)


def _alone(talk: Talk, new: str) -> str:
    theme = next(iter(talk.journal.themes()), None)
    if theme is None:
        return _("“{new}”. That's where it starts.").format(new=new)
    return _("“{new}”. And you wanted people to come to you for “{theme}”.").format(new=new, theme=theme.text)


def _quotable(answer: Answer) -> bool:
    return bool(answer.text) and answer.question in ("good_turn", "received") and answer.reading is None


def _thread(told: list[Answer], earlier: list[Answer]) -> tuple[Answer, Answer | None, bool]:
    """One of *told* and the newest of *earlier* that share the rarest word, and whether any is shared at all."""
    often = Counter(word for answer in earlier for word in set(_words(answer.text)))
    best: tuple[int, int, Answer, Answer] | None = None
    for now in told:
        words = set(_words(now.text))
        for before in earlier:
            shared = [often[word] for word in words.intersection(_words(before.text)) if often[word] <= _COMMON]
            if shared and (best is None or (min(shared), -before.id) < best[:2]):
                best = (min(shared), -before.id, now, before)
    if best:
        return best[2], best[3], True
    return told[0], earlier[0] if earlier else None, False


def _words(text: str | None) -> Iterable[str]:
    """Words that can tie two entries together: names, and whatever is long enough to mean something."""
    for word in re.findall(r"\w+", text or ""):
        if len(word) > 4 or (word[:1].isupper() and len(word) > 2):
            yield word.casefold()


def phrase(text: str) -> str:
    """The first thing said in *text*, short enough to quote."""
    first = re.split(r"[.!?;\n](?:\s|$)", text.strip(), maxsplit=1)[0].strip()
    return preview(" ".join((first or text).split()), PHRASE)
