"""A sheet of paper: what is drawn on it, and where its words stand."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from html import escape

from bot.picture.lettering import ASCENT, DESCENT, width
from bot.picture.palette import Palette

WIDTH = 780
"""Pixels: a phone's 390 points, twice as fine."""

MARGIN = 48

SMALLEST = 26
"""The size of the smallest letters: 13 points on that phone."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Box:
    """A rectangle, in pixels from the sheet's upper left corner."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: "Box", gap: float = 0) -> bool:
        """Whether less than *gap* lies between this and *other*."""
        return (
            self.left < other.right + gap
            and other.left < self.right + gap
            and self.top < other.bottom + gap
            and other.top < self.bottom + gap
        )

    def holds(self, other: "Box") -> bool:
        """Whether all of *other* lies in this."""
        return (
            self.left <= other.left
            and self.top <= other.top
            and other.right <= self.right
            and other.bottom <= self.bottom
        )

    def distance(self, x: float, y: float) -> float:
        """From the point to the nearest edge; 0 inside."""
        dx = max(self.left - x, 0, x - self.right)
        dy = max(self.top - y, 0, y - self.bottom)
        return float((dx * dx + dy * dy) ** 0.5)


@dataclass(frozen=True, kw_only=True, slots=True)
class Text:
    """Words on one line that begins at *x* on the baseline *y*, in letters of *size* pixels."""

    words: str
    x: float
    y: float
    size: float = SMALLEST
    italic: bool = False
    colour: str = ""

    @property
    def box(self) -> Box:
        """What it covers."""
        return Box(
            left=self.x,
            top=self.y - ASCENT * self.size,
            right=self.x + width(self.words, self.size, italic=self.italic),
            bottom=self.y + DESCENT * self.size,
        )


@dataclass(kw_only=True, slots=True)
class Sheet:
    """What is drawn, in order, with its words on top of all."""

    palette: Palette
    height: float = 0
    texts: list[Text] = field(default_factory=list)
    defined: list[str] = field(default_factory=list)
    drawn: list[str] = field(default_factory=list)

    def define(self, element: str) -> None:
        """Makes an SVG *element* known that is drawn by its id."""
        self.defined.append(element)

    def draw(self, *elements: str) -> None:
        """Puts SVG *elements* over what is there."""
        self.drawn += elements

    def write(self, *texts: Text) -> None:
        """Sets *texts* over everything; empty ones not at all."""
        self.texts += [text for text in texts if text.words]

    def svg(self) -> str:
        """The whole as an SVG document, the same to the letter for the same drawing."""
        return "".join(self._parts())

    def _parts(self) -> Iterable[str]:
        size = f'width="{WIDTH}" height="{self.height:.0f}"'
        yield f'<svg xmlns="http://www.w3.org/2000/svg" {size} viewBox="0 0 {WIDTH} {self.height:.0f}">'
        yield f'<defs>{"".join(self.defined)}</defs><rect {size} fill="{self.palette.paper}"/>'
        yield from self.drawn
        # Words wear a rim of paper, so that a stem behind them doesn't touch the letters.
        yield f'<g font-family="Literata" stroke="{self.palette.paper}" stroke-width="7" stroke-linejoin="round"'
        yield ' paint-order="stroke">'
        for text in self.texts:
            style = ' font-style="italic"' if text.italic else ""
            yield f'<text x="{text.x:.1f}" y="{text.y:.1f}" font-size="{text.size:g}"{style}'
            yield f' fill="{text.colour or self.palette.ink}">{escape(text.words)}</text>'
        yield "</g></svg>"
