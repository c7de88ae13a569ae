"""Colours by day and by night.

No red. Words have a contrast of at least 4.5 to the paper, marks of at least 3 (WCAG 2.2, 1.4.3 and 1.4.11). Any two of
the colours that mark something are at least 15 apart (CIEDE2000), for common eyes and for those that lack one kind of
cone (protanopia, deuteranopia, tritanopia after Machado, Oliveira & Fernandes 2009, severity 1). They were found by
search under these rules, and tests/test_picture.py holds them to it.
"""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Palette:
    """*ink* is for words, *faded* for quieter ones, *stem* for what carries leaves, *thread* for what was passed on;
    *themes* are eight, and *bare* marks what serves none of them."""

    paper: str
    ink: str
    faded: str
    stem: str
    thread: str
    bare: str
    themes: tuple[str, ...]


DAY = Palette(
    paper="#fbf7ef",
    ink="#34302a",
    faded="#6e675b",
    stem="#a3a88f",
    thread="#7a6a55",
    bare="#8a8478",
    themes=("#71983d", "#165ab3", "#885000", "#572659", "#238ef0", "#353e2a", "#ad719b", "#695961"),
)

NIGHT = Palette(
    paper="#21201e",
    ink="#eee8dc",
    faded="#b3ab9c",
    stem="#6b705d",
    thread="#b8a88e",
    bare="#9a958a",
    themes=("#a6edce", "#2ca8b7", "#c08a2d", "#dedfff", "#376dba", "#dedc75", "#7e6775", "#62734b"),
)
