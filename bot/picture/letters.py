"""What the pictures' font can draw. Read once, when this is imported, and cheap to ask ever after."""

import re
import unicodedata
from pathlib import Path

FONTS = Path(__file__).parent / "fonts"
"""Literata, subset by tools/make_fonts.py, with its licence and the code points that both styles can draw."""


def _class(lines: str) -> str:
    """The inside of a regular expression's [...] that matches all of the ranges "20-7e" in *lines*."""
    ends = (line.split("-") for line in lines.split())
    return "".join(rf"\U{int(start, 16):08x}-\U{int(end, 16):08x}" for start, end in ends)


_DRAWN = _class((FONTS / "letters.txt").read_text("ascii"))
_ACCENT = "[\u0300-\u036f]"
# An accent with nothing to sit on comes out as a dotted ring; a heap of them leaves its line.
_LACKING = re.compile(rf"[^{_DRAWN}]|(?:^| ){_ACCENT}|{_ACCENT}{{3,}}")


def shown(text: str) -> str:
    """*text* as it is set: in composed letters, on one line, without signs that have no shape of their own (joiners,
    directions, soft hyphens)."""
    visible = "".join(sign for sign in text if sign.isascii() or unicodedata.category(sign) != "Cf")
    return unicodedata.normalize("NFC", " ".join(visible.split()))


def lacks(text: str) -> bool:
    """Whether the font can't draw all of *text*: Hebrew, Arabic, Devanagari, Chinese, emoji and many more. What it
    lacks is left out of a picture, a quiet sign in its place, and is said beside it."""
    return _LACKING.search(shown(text)) is not None
