"""A story as a vine. It grows up the page, its weeks from root to tip; what was given are its leaves, what was received
its blossoms, and a thread leads from something received to where it was passed on. A week with nothing is a bit of
stem. It begins with the journal, so that a young one is a young plant and not an empty page.

The words below come first, since they decide how much room is left; then the stem, the months, the marks that threads
join, with the names at their ends; and then every other mark, beside the stem or as far out as there is room.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import product
from math import atan2, ceil, cos, degrees, hypot, radians, sin, sqrt

from bot.picture.leaves import Signs, breadth
from bot.picture.legend import Legend
from bot.picture.lettering import ASCENT, DESCENT, shortened, width, wrapped
from bot.picture.letters import lacks, shown
from bot.picture.palette import DAY, NIGHT
from bot.picture.sheet import MARGIN, SMALLEST, WIDTH, Box, Sheet, Text
from bot.picture.stem import Stem, grown
from bot.story import Chain, Story
from bot.words import _
from bot.words.dates import month

LEAST, MOST = 780, 1248
"""How high a sheet is, in pixels: square, or up to 1.6 times as high as wide, which a chat still shows whole."""

LONGEST_NAME = 230
"""Pixels; what is longer ends in an ellipsis."""

_ENDING = 56
"""Pixels of stem beyond the last week, where it still grows."""

Circle = tuple[float, float, float]
"""x, y and radius in pixels."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Spot:
    """Where a mark grows: from the stem at *x*, *y*, on a stalk of so many pixels, towards *angle* (radians)."""

    x: float
    y: float
    angle: float
    stalk: float

    def away(self, pixels: float) -> tuple[float, float]:
        """The point so far beyond the stalk's end."""
        reach = self.stalk + pixels
        return self.x + reach * cos(self.angle), self.y + reach * sin(self.angle)


@dataclass(kw_only=True, slots=True)
class Ground:
    """What is taken of the *room*: circles, in a grid of cells, and boxes of words. *cell* is in pixels; no circle is
    broader than that."""

    room: Box
    cell: float
    cells: dict[tuple[int, int], list[Circle]] = field(default_factory=dict)
    words: list[Box] = field(default_factory=list)

    def take(self, x: float, y: float, radius: float) -> None:
        """Takes a circle."""
        self.cells.setdefault((int(x // self.cell), int(y // self.cell)), []).append((x, y, radius))

    def near(self, box: Box) -> Iterator[Circle]:
        """All circles that could reach into *box*, and some more."""
        reach = self.cell / 2
        columns = range(int((box.left - reach) // self.cell), int((box.right + reach) // self.cell) + 1)
        rows = range(int((box.top - reach) // self.cell), int((box.bottom + reach) // self.cell) + 1)
        for cell in product(columns, rows):
            yield from self.cells.get(cell, ())

    def crowded(self, x: float, y: float, radius: float) -> float:
        """By how many pixels a circle would lie over others; more over words, and most over the edge."""
        over = 0.0
        around = Box(left=x - radius, top=y - radius, right=x + radius, bottom=y + radius)
        for other_x, other_y, other in self.near(around):
            apart = hypot(x - other_x, y - other_y)
            if apart < radius + other:
                over += radius + other - apart
        for box in self.words:
            over += 4 * max(0.0, radius + 3 - box.distance(x, y))
        room = self.room
        out = max(room.left - x + radius, x + radius - room.right, room.top - y + radius, y + radius - room.bottom)
        return over + 20 * max(0.0, out)

    def covered(self, box: Box) -> float:
        """How much circles reach into *box*; infinitely, as it were, if words or an edge do."""
        if not self.room.holds(box) or any(box.meets(other, 6) for other in self.words):
            return float("inf")
        return 2 * sum(max(0.0, radius + 5 - box.distance(x, y)) for x, y, radius in self.near(box))

    def freest(self, places: Sequence[Box]) -> Box | None:
        """The one of *places* that is freest, rather an early one; None if none can be."""
        costs = [self.covered(box) + 0.6 * number for number, box in enumerate(places)]
        least = min(costs)
        return places[costs.index(least)] if least < float("inf") else None


def born(story: Story) -> int:
    """The week in which the stem of *story* begins: that of the journal, or of a mark that is older still."""
    return min(story.began, story.weeks - 1, *(mark.week for mark in story.marks))


def heading(story: Story) -> str:
    """How long a time *story* tells of, in words; a beginning, if all of it is of the last three weeks."""
    if story.weeks - born(story) <= 3:
        return _("A beginning")
    if story.weeks >= 52:
        return _("A year")
    return _("Half a year") if story.weeks >= 26 else _("Twelve weeks")


def months(first: date, since: int, weeks: int) -> Iterator[tuple[float, str]]:
    """Where each month begins between the weeks *since* and *weeks* after *first*, in weeks after *since*, and its
    name; before them the month that was on already, unless it ends within days."""
    start, end = first + timedelta(weeks=since), first + timedelta(weeks=weeks)
    day = (start.replace(day=1) + timedelta(days=31)).replace(day=1)
    if day >= end or (day - start).days > 10:
        yield 0.0, month(start.month)
    while day < end:
        yield (day - start).days / 7, month(day.month)
        day = (day + timedelta(days=31)).replace(day=1)


def drawing(story: Story) -> Sheet:
    """*story* on a sheet: all of it that the font can draw."""
    vine = _Vine(story)
    vine.name_months()
    unnamed = vine.name_chains()
    vine.place_the_rest()
    vine.paint()
    vine.legend.write(vine.room.bottom + 30, unnamed)
    return vine.sheet


class _Vine:
    """One drawing, while it is made: its sheet, its stem, and the spots of its marks by their number."""

    def __init__(self, story: Story) -> None:
        self.story = story
        self.palette = NIGHT if story.dark else DAY
        self.sheet = Sheet(palette=self.palette)
        self.signs = Signs(self.sheet, len(story.themes))
        self.legend = Legend(story, self.sheet, self.signs)
        self.born = born(story)
        self.of_week: dict[int, list[int]] = {}
        for number, mark in enumerate(story.marks):
            self.of_week.setdefault(mark.week, []).append(number)
        self.spots: dict[int, Spot] = {}
        self._grow(self._head())

    def _head(self) -> float:
        """Writes the heading. Where it ends."""
        y = 92.0
        self.sheet.write(Text(words=heading(self.story), x=MARGIN, y=y, size=50))
        theme = "" if self.story.theme is None else shown(self.story.themes[self.story.theme])
        if theme and not lacks(theme):
            quoted = _("“{theme}”").format(theme=theme)
            for line in wrapped(quoted, 34, WIDTH - 2 * MARGIN, lines=2, italic=True):
                y += 53
                self.sheet.write(Text(words=line, x=MARGIN, y=y, size=34, italic=True, colour=self.palette.faded))
        return y + 24

    def _grow(self, top: float) -> None:
        """Lets the stem grow below *top*, and decides by it how high the sheet and how large the marks are."""
        weeks = max(1, self.story.weeks - self.born)
        below = self.legend.height + 30
        length = weeks * 340 / sqrt(self.story.weeks) + _ENDING
        most = MOST - top - below - 48
        least = min(most, LEAST - top - below - 48)
        high = max(least, min(most, max(0.62 * length, min(0.93 * length, 440.0))))
        room = Box(left=128, top=top + 48, right=WIDTH - 128, bottom=top + 48 + high)
        stem = grown(max(length, high), room)
        # What a gently bent stem leaves free above it is no sky, only a gap.
        gap = max(0.0, min(stem.top - room.top, high - least))
        self.stem: Stem = stem.raised(gap)
        self.room = replace(room, bottom=room.bottom - gap)
        self.sheet.height = self.room.bottom + below
        self.length = self.stem.length
        self.week = (self.length - _ENDING) / weeks
        # As large as is beautiful, and smaller where they'd have no room otherwise.
        crowd = 0.6 * len(self.story.marks) / (self.length * 130)
        self.unit = max(7.0, min(72.0, 54 * sqrt(self.week / 98), 1 / sqrt(crowd) if crowd else 72.0))
        free = Box(left=20, top=top + 4, right=WIDTH - 20, bottom=self.room.bottom + 6)
        self.ground = Ground(room=free, cell=max(10.0, 0.85 * self.unit))
        steps = ceil(self.length / 8)
        for step in range(steps + 1):
            self.ground.take(*self.stem.at(step / steps)[:2], 4)
        root_x, root_y = self.stem.points[0]
        for step in range(-10, 11):
            self.ground.take(root_x + 9 * step, root_y + 2, 4)

    def name_months(self) -> None:
        """Writes the name of each month beside where it begins, and a knot on the stem there."""
        for weeks, name in months(self.story.first, self.born, self.story.weeks):
            words = shown(name)
            x, y, dx, dy = self.stem.at(weeks * self.week / self.length)
            wide = width(words, SMALLEST, italic=True)
            places = []
            for far, shift, side in product((12, 18, 26, 36, 52, 74, 100), (0, 22, -22), (1, -1)):
                across_x, across_y = -dy * side, dx * side
                reach = far + abs(across_x) * wide / 2 + abs(across_y) * SMALLEST * 0.6
                places.append(_around(x + across_x * reach + dx * shift, y + across_y * reach + dy * shift, wide))
            box = self.ground.freest(places)
            if box is not None and not lacks(words):
                self._label(words, box, self.palette.faded)
                self.sheet.draw(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5.5" fill="{self.palette.stem}"/>')

    def name_chains(self) -> list[Chain]:
        """Places what the threads join, and writes the names at their ends. The chains whose names find no room."""
        for number in (number for chain in self.story.chains for number in (chain.start, chain.end)):
            if number not in self.spots:
                self._place(number)
        unnamed = []
        written = set()
        for chain in self.story.chains:
            for number, name in ((chain.start, shown(chain.giver)), (chain.end, shown(chain.taker))):
                if not name or lacks(name) or (number, name) in written:
                    continue
                words = shortened(name, SMALLEST, LONGEST_NAME, italic=True)
                box = self.ground.freest(self._beside(number, width(words, SMALLEST, italic=True)))
                if box is None:
                    unnamed.append(chain)
                    break
                written.add((number, name))
                self._label(words, box, self.palette.ink)
        return unnamed

    def _beside(self, number: int, wide: float) -> list[Box]:
        """Places for a name of *wide* pixels around a mark, the nearest first, and rather where it points to."""
        spot = self.spots[number]
        x, y = spot.away(0.5 * self.unit)
        places = []
        for far, turn in product((0.6, 0.8, 1.2, 1.7), (0, 30, -30, 60, -60, 90, -90, 120, -120, 150, -150, 180)):
            dx, dy = cos(spot.angle + radians(turn)), sin(spot.angle + radians(turn))
            reach = far * self.unit + abs(dx) * wide / 2 + abs(dy) * SMALLEST * 0.6
            places.append(_around(x + dx * reach, y + dy * reach, wide))
        return places

    def _label(self, words: str, box: Box, colour: str) -> None:
        """Writes *words* into their *box*, where nothing else will be."""
        text = Text(words=words, x=box.left, y=box.top + ASCENT * SMALLEST, italic=True, colour=colour)
        self.sheet.write(text)
        self.ground.words.append(text.box)

    def place_the_rest(self) -> None:
        """Finds a spot for each mark that has none."""
        for number in range(len(self.story.marks)):
            if number not in self.spots:
                self._place(number)

    def _base(self, number: int) -> float:
        """Where on the stem a mark begins, as a part of it: those of a week are spread over it as they came."""
        mark = self.story.marks[number]
        week = self.of_week[mark.week]
        even = (week.index(number) + 0.5) / len(week)
        within = 0.12 + 0.76 * (0.75 * even + 0.25 * (mark.day + 0.5) / 7)
        return (mark.week - self.born + within) * self.week / self.length

    def _circles(self, number: int, spot: Spot) -> list[Circle]:
        """What a mark covers at a spot."""
        mark, unit = self.story.marks[number], self.unit
        if not mark.given:
            return [(*spot.away(0.4 * unit), 0.42 * unit)]
        broad = breadth(mark.theme) * unit
        return [(*spot.away(at * unit), part * broad) for at, part in ((0.26, 0.9), (0.58, 1), (0.9, 0.6))]

    def _place(self, number: int) -> None:
        """Gives a mark its spot: close to the stem, else on the other side, else further out."""
        x, y, dx, dy = self.stem.at(self._base(number))
        first = 1 if number % 2 else -1
        lean = (number * 37 % 13 - 6) * 1.2  # a few degrees this way or that, as leaves hang
        least = 0.2 if self.story.marks[number].given else 0.36
        best: Spot | None = None
        cost = float("inf")
        # Among hundreds nobody sees whether a leaf found the very best place.
        many = len(self.story.marks)
        angles = (56, 38, 76, 98)[: 4 if many <= 400 else 2 if many <= 1000 else 1]
        for far, angle, side in product(range(9), angles, (first, -first)):
            turned = atan2(dy, dx) + side * radians(angle + lean)
            spot = Spot(x=x, y=y, angle=turned, stalk=self.unit * (least + 0.5 * far))
            crowd = float(far)
            for circle in self._circles(number, spot):
                crowd += self.ground.crowded(*circle)
                if crowd >= cost:
                    break
            else:
                best, cost = spot, crowd
                if crowd - far < 0.06 * self.unit:
                    break
        assert best is not None
        self.spots[number] = best
        for circle in self._circles(number, best):
            self.ground.take(*circle)

    def paint(self) -> None:
        """Draws what has its place now: stem, stalks, marks, and threads over them."""
        sheet, stem = self.sheet, self.palette.stem
        root_x, root_y = self.stem.points[0]
        line = f'fill="none" stroke="{stem}" stroke-linecap="round"'
        sheet.draw(
            f'<path d="M{root_x - 92:.1f},{root_y + 5:.1f} q92,-13 184,0" {line} stroke-width="3"/>',
            f'<path d="{self.stem.outline(8, 2.6)}" fill="{stem}"/>',
            f'<path d="{self.stem.curl()}" {line} stroke-width="2.6"/>',
            f'<g {line} stroke-width="{max(1.2, 0.055 * self.unit):.2f}">',
            *(self._stalk(spot) for spot in self.spots.values()),
            "</g>",
        )
        if not self.spots:
            x, y, dx, dy = self.stem.at(0.72)
            sheet.draw(*(self.signs.bare_leaf(x, y, 40, turn=degrees(atan2(dy, dx)) + side * 52) for side in (1, -1)))
        for number, mark in enumerate(self.story.marks):
            spot = self.spots[number]
            turn = degrees(spot.angle)
            if mark.given:
                sheet.draw(self.signs.leaf(mark.theme, *spot.away(0), self.unit, turn=turn))
            else:
                middle = spot.away(0.4 * self.unit)
                sheet.draw(self.signs.blossom(mark.theme, *middle, 0.4 * self.unit, turn=turn + 90))
        sheet.draw(*(self._thread(chain) for chain in self.story.chains))

    def _stalk(self, spot: Spot) -> str:
        """From the stem to the mark, slightly bowed."""
        x, y = spot.away(0.1 * self.unit)
        bow = 0.12 * spot.stalk
        bow_x, bow_y = (spot.x + x) / 2 - bow * sin(spot.angle), (spot.y + y) / 2 + bow * cos(spot.angle)
        return f'<path d="M{spot.x:.1f},{spot.y:.1f} Q{bow_x:.1f},{bow_y:.1f} {x:.1f},{y:.1f}"/>'

    def _thread(self, chain: Chain) -> str:
        """A fine arc from mark to mark by the emptier side, with a rim of paper and a knot at each end."""
        (x1, y1), (x2, y2) = (self.spots[number].away(0.45 * self.unit) for number in (chain.start, chain.end))
        arcs = []
        for bow in (0.22, -0.22, 0.4, -0.4):
            x = min(max((x1 + x2) / 2 - (y2 - y1) * bow, 30.0), WIDTH - 30.0)
            y = (y1 + y2) / 2 + (x2 - x1) * bow
            crowd = 40 * abs(bow)
            for step in range(1, 20):
                to, back = step / 20, 1 - step / 20
                on_x = back * back * x1 + 2 * to * back * x + to * to * x2
                on_y = back * back * y1 + 2 * to * back * y + to * to * y2
                crowd += self.ground.crowded(on_x, on_y, 4)
            arcs.append((crowd, f"M{x1:.1f},{y1:.1f} Q{x:.1f},{y:.1f} {x2:.1f},{y2:.1f}"))
        arc = f'd="{min(arcs)[1]}" fill="none" stroke-linecap="round"'
        paper, thread = self.palette.paper, self.palette.thread
        knot = f'r="4" fill="{thread}" stroke="{paper}" stroke-width="1.5"/>'
        return (
            f'<path {arc} stroke="{paper}" stroke-width="6"/>'
            f'<path class="thread" {arc} stroke="{thread}" stroke-width="2.4"/>'
            f'<circle cx="{x1:.1f}" cy="{y1:.1f}" {knot}<circle cx="{x2:.1f}" cy="{y2:.1f}" {knot}'
        )


def _around(x: float, y: float, wide: float) -> Box:
    """The box of *wide* pixels of the smallest letters whose middle, by the eye, is the point."""
    line = y + 0.25 * SMALLEST
    return Box(left=x - wide / 2, top=line - ASCENT * SMALLEST, right=x + wide / 2, bottom=line + DESCENT * SMALLEST)
