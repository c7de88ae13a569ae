"""What the bot says: sentences in code, the prompts, and which of several wordings is next.

Sentences in code go through `_` and are translated by gettext into the language of whoever is spoken to. Questions,
acts and phrases, of which there are many, live in prompts/ (see `bot.words.prompts`).
"""

import gettext
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Final

from bot.words.prompts import KINDS, Act, HardPhrases, Question, UnfitPrompts, Words, load

__all__ = [
    "KINDS",
    "Act",
    "HardPhrases",
    "Question",
    "UnfitPrompts",
    "Words",
    "_",
    "last_wording",
    "load",
    "next_wording",
    "speaking",
]

# ---- sentences in code ----

_AS_WRITTEN: Final = gettext.NullTranslations()
_translation: ContextVar[gettext.NullTranslations] = ContextVar("translation", default=_AS_WRITTEN)


@lru_cache(maxsize=128)
def _translations(language: str, folder: Path) -> gettext.NullTranslations:
    """What translates into *language* ("pt", "pt-br"), or what leaves English as it is written."""
    return gettext.translation("tenfold", folder, languages=[language.replace("-", "_")], fallback=True)


@contextmanager
def speaking(language: str, folder: Path = Path(__file__).parent.parent / "locale") -> Iterator[None]:
    """Within this, `_` speaks *language* (a tag as Telegram gives it); a language nobody translated into is English."""
    token = _translation.set(_translations(language, folder))
    try:
        yield
    finally:
        _translation.reset(token)


def _(text: str) -> str:
    """*text* in the language that is spoken here."""
    return _translation.get().gettext(text)


# ---- which wording next ----


def _digest(*parts: object) -> str:
    return blake2b("\0".join(map(str, parts)).encode(), digest_size=4).hexdigest()


@lru_cache(maxsize=1024)
def _mark(wording: str) -> str:
    """What stands for *wording* among those used. Wordings are few, and each is looked at with every sentence said."""
    return _digest(wording)


def next_wording(wordings: Sequence[str], used: Sequence[str], seed: int) -> tuple[str, tuple[str, ...]]:
    """One of *wordings* (at least one, all different) that isn't in *used*, and *used* with it. None comes back until
    all were used; the first of a new round isn't the last of the old. The order differs by *seed* and from round to
    round. *used* starts empty; it holds the round and digests of texts, so a list may be edited or reordered."""
    number, seen = (int(used[0]), used[1:]) if used else (1, used)
    fresh = [wording for wording in wordings if _mark(wording) not in seen]
    if not fresh:
        last = seen[-1]
        fresh = [wording for wording in wordings if _mark(wording) != last] or list(wordings)
        number, seen = number + 1, ()
    chosen = min(fresh, key=lambda wording: _digest(seed, number, wording))
    return chosen, (str(number), *seen, _mark(chosen))


def last_wording(wordings: Sequence[str], used: Sequence[str]) -> str | None:
    """The one of *wordings* that `next_wording` gave last, by the *used* it gave with it; None if it is no more."""
    return next((wording for wording in wordings if _mark(wording) in used[-1:]), None)
