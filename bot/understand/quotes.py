"""What can be quoted of what somebody wrote: a sentence of theirs, or a part of a long one, short for a screen."""

import re

from bot.text import preview, units

PHRASE = 70
"""UTF-16 units of a quoted phrase, so that two fit a phone's screen with room to spare."""

_READ = 1_000
"""Characters of a text that are looked at. No pattern below starts over inside what it has stepped through."""

_SENTENCE_END = re.compile(r"(?<![.!?;])[.!?;]++(?:\s+|$)|\n\s*")
_PART_END = re.compile(r",\s+|(?<!\s)\s++(?=(?:because|but|so that|and then)\s)")
_LEAD = re.compile(r"^\s*(?:(?:so|well|oh|and|also|but|then|because|anyway|ok|okay|hi|hello)\b[\s,]*)+", re.IGNORECASE)
"""What a phrase begins with that means nothing once it stands alone."""


def quotable(text: str, longest: int = PHRASE) -> list[str]:
    """The sentences of *text*, or the parts of one that is longer than *longest* (UTF-16 units), that have more than a
    word to them; only the fuller ones where there are any."""
    parts = [
        _LEAD.sub("", part).strip(" ,:")
        for sentence in _SENTENCE_END.split(text[:_READ])
        for part in ([sentence] if units(sentence) <= longest else _PART_END.split(sentence))
    ]
    told = [" ".join(part.split()) for part in parts if len(re.findall(r"\w+", part)) > 1]
    full = [part for part in told if len(part.split()) > 2]
    return [preview(part, longest) for part in full or told]


def phrase(text: str) -> str:
    """The first thing said in *text*, short enough to quote."""
    text = _LEAD.sub("", text.strip()[:_READ])
    first = _SENTENCE_END.split(text, maxsplit=1)[0].strip()
    return preview(" ".join((first or text).split()), PHRASE)
