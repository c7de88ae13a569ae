"""Text that people write and read: cleaned once on entry, measured and split as Telegram counts.

Emphasis travels inside a text as two Unicode noncharacters, U+FDD0 and U+FDD1, which the standard reserves for use
inside a program. `clean` takes them out of everything that comes in, so nothing a person writes can be taken for
markup, and nothing has to be escaped: a channel turns the marks into its own kind of emphasis when it sends.
"""

import re
import unicodedata

LIMIT = 4096
"""UTF-16 units in one Telegram message (Bot API 10.0, sendMessage)."""

ON, OFF = "\ufdd0", "\ufdd1"

_UNFIT = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_PLAIN = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ı": "i", "þ": "th", "ħ": "h", "æ": "ae", "œ": "oe"})
_BREAKS = ("\n\n", "\n", ". ", " ")


def clean(text: str) -> str:
    """*text* without what no database or channel can carry: NUL, other control characters, lone surrogates and
    noncharacters. Line breaks become ``\\n``; tabs stay."""
    return _UNFIT.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def unmarked(text: str) -> str:
    """*text* in small letters without accents, to be compared with another: "Łódź" is "lodz". Signs stay."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text).casefold().translate(_PLAIN)
    # Accents have a combining class; the vowel signs of Indic scripts have none and are as good as letters.
    return unicodedata.normalize("NFC", "".join(sign for sign in decomposed if not unicodedata.combining(sign)))


def emphasised(text: str) -> str:
    """*text*, to be shown in italics where the channel can."""
    return f"{ON}{text}{OFF}"


def plain(text: str) -> str:
    """*text* without emphasis."""
    return text.replace(ON, "").replace(OFF, "")


def units(text: str) -> int:
    """The length of *text* in UTF-16 units, the way Telegram counts; emphasis marks count nothing."""
    whole = len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2
    return whole - text.count(ON) - text.count(OFF)


def _head(text: str, limit: int) -> int:
    """The index in *text* after which *limit* units are full."""
    room = limit
    for index, character in enumerate(text):
        room -= 0 if character in (ON, OFF) else 2 if character > "\uffff" else 1
        if room < 0:
            return index
    return len(text)


def preview(text: str, limit: int) -> str:
    """The start of *text* in at most *limit* units, cut at a word and ended with an ellipsis if anything is missing."""
    if units(text) <= limit:
        return text
    head = text[: _head(text, limit - 1)]
    cut = head.rfind(" ")
    return (head[:cut] if cut > len(head) // 2 else head).rstrip() + "…"


def split(text: str, limit: int = LIMIT) -> list[str]:
    """*text* in pieces of at most *limit* units each, cut after a paragraph, line, sentence or word where one ends in
    the second half of a piece. Joined again they are *text* to the letter, but for emphasis closed and reopened."""
    pieces = []
    while units(text) > limit:
        end = _head(text, limit)
        for stop in _BREAKS:
            at = text.rfind(stop, 0, end)
            if at >= end // 2:
                end = at + len(stop)
                break
        head, text = text[:end], text[end:]
        if head.rfind(ON) > head.rfind(OFF):
            head, text = head + OFF, ON + text
        pieces.append(head)
    return [*pieces, text]
