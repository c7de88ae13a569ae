"""Text as it is set: how wide it is, and where it breaks. Imported only while a picture is made.

Widths are HarfBuzz's, kerning included. The renderer shapes with a port of it, so what is measured is what is drawn.
"""

import unicodedata
from functools import cache

import uharfbuzz

from bot.picture.letters import FONTS

FILES = {False: FONTS / "Literata-Regular.ttf", True: FONTS / "Literata-Italic.ttf"}
"""The font's file, upright and italic."""

ASCENT, DESCENT = 1.14, 0.28
"""How far letters reach above and below their line, accents and all, as a part of their size."""


@cache
def _font(italic: bool) -> uharfbuzz.Font:
    return uharfbuzz.Font(uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(FILES[italic]))))


def shaped(text: str, *, italic: bool = False) -> uharfbuzz.Buffer:
    """The glyphs of *text*, in a thousandth of its size."""
    buffer = uharfbuzz.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    buffer.direction = "ltr"
    uharfbuzz.shape(_font(italic), buffer)
    return buffer


def width(text: str, size: float, *, italic: bool = False) -> float:
    """How wide *text* is in pixels, set in letters of *size* pixels."""
    if not text:
        return 0.0
    advances = sum(glyph.x_advance for glyph in shaped(text, italic=italic).glyph_positions)
    return float(advances) * size / 1000


def _longest(text: str, size: float, room: float, ending: str, *, italic: bool) -> int:
    """How many signs of *text* fit into *room* with *ending* behind them; an accent stays with its letter."""
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if width(text[:middle].rstrip() + ending, size, italic=italic) <= room:
            low = middle
        else:
            high = middle - 1
    while 0 < low < len(text) and unicodedata.combining(text[low]):
        low -= 1
    return low


def shortened(text: str, size: float, room: float, *, italic: bool = False) -> str:
    """*text* if it fits into *room* pixels, else as much of it as does, at a word's end if one is near, and "…"."""
    if width(text, size, italic=italic) <= room:
        return text
    head = text[: _longest(text, size, room, "…", italic=italic)]
    cut = head.rfind(" ")
    return (head[:cut] if cut > len(head) * 2 // 3 else head).rstrip(" ,;:-–—") + "…"


def wrapped(text: str, size: float, room: float, *, lines: int | None = None, italic: bool = False) -> list[str]:
    """*text* in lines of at most *room* pixels, broken between words, and inside one only if it fills a line by itself.
    Of more than *lines* the last is shortened."""
    done: list[str] = []
    rest = text
    while rest:
        if lines is not None and len(done) == lines - 1:
            return [*done, shortened(rest, size, room, italic=italic)]
        if width(rest, size, italic=italic) <= room:
            return [*done, rest]
        fitting = max(1, _longest(rest, size, room, "", italic=italic))
        cut = rest.rfind(" ", 0, fitting + 1)
        end = cut if cut > 0 else fitting
        done.append(rest[:end].rstrip())
        rest = rest[end:].lstrip()
    return done


def balanced(text: str, size: float, room: float, *, lines: int) -> list[str]:
    """*text* wrapped, and then in narrower lines if that takes no more of them, so that no word is left alone."""
    least = wrapped(text, size, room, lines=lines)
    for part in (0.7, 0.8, 0.9):
        narrow = wrapped(text, size, part * room, lines=lines + 1)
        if len(narrow) == len(least) and not least[-1].endswith("…"):
            return narrow
    return least
