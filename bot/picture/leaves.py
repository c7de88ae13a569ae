"""The forms that a good turn takes: a leaf for what was given, a blossom for what was received.

Each theme has a leaf and a blossom of its own beside its colour, so that nobody needs to tell colours apart. A leaf
grows from the origin to the right, one unit long; a blossom sits on the origin, one unit in radius.
"""

from math import cos, pi, sin
from typing import NamedTuple

from bot.picture.sheet import Sheet

_VEIN = 'fill="none" stroke="{paper}" stroke-width=".05" stroke-linecap="round"/>'
_HALF = 'fill="{paper}" stroke="{colour}" stroke-width=".07" stroke-linejoin="round"/>'


class _Leaf(NamedTuple):
    """How it is drawn, and half of how broad it is."""

    drawn: str
    breadth: float


_LAUREL = _Leaf(f'<path d="M0,0 C.22,-.33 .66,-.33 1,0 C.66,.33 .22,.33 0,0Z"/><path d="M.06,0 L.8,0" {_VEIN}', 0.26)
_HEART = _Leaf(
    '<path d="M.12,0 C-.1,-.22 .1,-.42 .36,-.37 C.64,-.31 .84,-.1 1,0 C.84,.1 .64,.31 .36,.37 C.1,.42 -.1,.22 .12,0Z"/>'
    f'<path d="M.16,0 L.78,0" {_VEIN}',
    0.34,
)
_WILLOW = _Leaf('<path d="M0,0 C.3,-.19 .8,-.17 1.14,0 C.8,.17 .3,.19 0,0Z"/>', 0.19)
_COIN = _Leaf(
    f'<circle cx=".5" r=".38"/><path d="M.14,0 L.7,0 M.36,0 L.52,-.2 M.36,0 L.52,.2" {_VEIN}',
    0.38,
)
_CLOVER = _Leaf(
    '<path d="M0,0 L.4,0" stroke="{colour}" stroke-width=".09"/><circle cx=".32" cy="-.25" r=".25"/>'
    '<circle cx=".32" cy=".25" r=".25"/><circle cx=".74" r=".26"/><circle cx=".42" r=".16"/>',
    0.4,
)
_HALVES = _Leaf(f'<path d="M0,0 C.22,-.36 .66,-.36 1,0Z"/><path d="M0,0 C.22,.33 .66,.33 1,0Z" {_HALF}', 0.27)
_OAK = _Leaf(
    '<path d="M0,0 C.06,-.2 .2,-.26 .26,-.16 C.3,-.4 .52,-.44 .54,-.2 C.62,-.38 .82,-.32 .8,-.13 C.9,-.2 1.02,-.1'
    ' 1.02,0 C1.02,.1 .9,.2 .8,.13 C.82,.32 .62,.38 .54,.2 C.52,.44 .3,.4 .26,.16 C.2,.26 .06,.2 0,0Z"/>',
    0.34,
)
_GINKGO = _Leaf(
    '<path d="M0,0 C.3,-.06 .44,-.3 .6,-.5 C.84,-.46 .98,-.26 .98,-.08 L.66,0 L.98,.08 C.98,.26 .84,.46 .6,.5'
    ' C.44,.3 .3,.06 0,0Z"/>',
    0.4,
)
_BUD = _Leaf('<path d="M0,0 C.3,-.1 .4,-.3 .68,-.28 C1.02,-.26 1.02,.26 .68,.28 C.4,.3 .3,.1 0,0Z"/>', 0.27)

_LEAVES = (_LAUREL, _HEART, _WILLOW, _COIN, _CLOVER, _HALVES, _OAK, _GINKGO)


def _ring(petal: str, count: int, *, turn: float = 0) -> str:
    """*petal*, which points upwards, *count* times around the origin."""
    return "".join(f'<g transform="rotate({turn + 360 * each / count:.5g})">{petal}</g>' for each in range(count))


def _star(points: int, inner: float) -> str:
    """A star with as many *points*, its notches on the radius *inner*."""
    corners = [(pi * k / points, inner if k % 2 else 1) for k in range(2 * points)]
    path = " L".join(f"{sin(angle) * radius:.3f},{-cos(angle) * radius:.3f}" for angle, radius in corners)
    return f'<path d="M{path}Z" stroke-linejoin="round"/>'


_POINTED = '<path d="M0,-.1 C-.44,-.4 -.3,-.76 0,-1 C.3,-.76 .44,-.4 0,-.1Z"/>'
_NOTCHED = '<path d="M0,-.14 C-.52,-.46 -.4,-1.04 -.1,-.98 L0,-.86 L.1,-.98 C.4,-1.04 .52,-.46 0,-.14Z"/>'
_NARROW = '<path d="M0,-.2 C-.24,-.5 -.16,-.9 0,-1 C.16,-.9 .24,-.5 0,-.2Z"/>'

_BLOSSOMS = (
    _ring(_POINTED, 5),
    _ring(_NOTCHED, 4, turn=45),
    _ring(_NARROW, 8),
    _ring('<circle cy="-.56" r=".4"/>', 5),
    _ring('<circle cy="-.48" r=".48"/>', 3),
    f'{_ring(_POINTED, 3)}<g fill="{{colour}}">{_ring(_POINTED, 3, turn=60)}</g>',
    _ring('<circle cy="-.64" r=".34"/>', 7),
    _star(6, 0.55),
)
_PLAIN = '<circle r=".8"/>'


def breadth(form: int | None) -> float:
    """Half of how broad the leaf of the theme at the place *form* is, in units; None is of no theme."""
    return (_BUD if form is None else _LEAVES[form % len(_LEAVES)]).breadth


def leaf(form: int | None, *, colour: str, paper: str) -> str:
    """SVG of the leaf of the theme at the place *form*; None is a bud, of no theme."""
    drawn = (_BUD if form is None else _LEAVES[form % len(_LEAVES)]).drawn
    return f'<g fill="{colour}">{drawn.format(colour=colour, paper=paper)}</g>'


def blossom(form: int | None, *, colour: str, paper: str) -> str:
    """SVG of the blossom of the theme at the place *form*; None is a plain ring, of no theme."""
    drawn = _PLAIN if form is None else _BLOSSOMS[form % len(_BLOSSOMS)]
    petals = f'<g fill="{paper}" stroke="{colour}" stroke-width=".17">{drawn.format(colour=colour)}</g>'
    return f'{petals}<circle r=".2" fill="{colour}"/>'


class Signs:
    """The forms on one *sheet*, each defined once, in the colours of its palette. It has *themes* themes."""

    def __init__(self, sheet: Sheet, themes: int) -> None:
        self.sheet, self.themes = sheet, themes
        self.defined: set[str] = set()

    def leaf(self, theme: int | None, x: float, y: float, size: float, *, turn: float | None = None) -> str:
        """SVG of a theme's leaf that begins at the point; with a *turn*, in degrees, it is a mark."""
        return self._sign("leaf", theme, x, y, size, turn)

    def blossom(self, theme: int | None, x: float, y: float, size: float, *, turn: float | None = None) -> str:
        """SVG of a theme's blossom around the point; with a *turn*, in degrees, it is a mark."""
        return self._sign("blossom", theme, x, y, size, turn)

    def bare_leaf(self, x: float, y: float, size: float, *, turn: float) -> str:
        """SVG of a leaf that stands for nothing yet, of the stem's colour."""
        place = f"translate({x:.1f} {y:.1f}) scale({size:.1f}) rotate({turn:.1f})"
        return self._used("leaf", None, self.sheet.palette.stem, place)

    def any_leaf(self, x: float, y: float) -> str:
        """SVG of what stands for all leaves, in 34 pixels from the point on."""
        return self._used("leaf", 0, self.sheet.palette.bare, f"translate({x:.1f} {y:.1f}) scale(34)")

    def any_blossom(self, x: float, y: float) -> str:
        """SVG of what stands for all blossoms, in 34 pixels from the point on."""
        return self._used("blossom", 0, self.sheet.palette.bare, f"translate({x + 17:.1f} {y:.1f}) scale(14)")

    def any_thread(self, x: float, y: float) -> str:
        """SVG of what stands for all threads, in 34 pixels from the point on."""
        line = f'fill="none" stroke="{self.sheet.palette.thread}" stroke-width="2.4" stroke-linecap="round"'
        return f'<path d="M{x + 1:.1f},{y + 4:.1f} q16,-20 32,-2" {line}/>'

    def _sign(self, kind: str, theme: int | None, x: float, y: float, size: float, turn: float | None) -> str:
        palette = self.sheet.palette
        form = theme if theme is not None and theme < self.themes else None
        colour = palette.bare if form is None else palette.themes[form % len(palette.themes)]
        place = f"translate({x:.1f} {y:.1f}) scale({size:.1f})"
        if turn is None:
            return self._used(kind, form, colour, place)
        return self._used(kind, form, colour, f"{place} rotate({turn:.1f})", attribute='class="mark" ')

    def _used(self, kind: str, form: int | None, colour: str, transform: str, attribute: str = "") -> str:
        name = f"{kind}-{'bare' if form is None else form}-{colour[1:]}"
        if name not in self.defined:
            self.defined.add(name)
            drawn = (leaf if kind == "leaf" else blossom)(form, colour=colour, paper=self.sheet.palette.paper)
            self.sheet.define(f'<g id="{name}">{drawn}</g>')
        return f'<use {attribute}href="#{name}" transform="{transform}"/>'
