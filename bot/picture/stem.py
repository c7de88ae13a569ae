"""The stem of the vine: a line that wanders upwards in slow bends, the weeks its length."""

from dataclasses import dataclass
from math import atan2, cos, hypot, pi, sin

from bot.picture.sheet import Box

_STEPS = 480
"""Points on the line: a few pixels from one to the next."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Stem:
    """Points from root to tip, in pixels, about evenly spaced."""

    points: tuple[tuple[float, float], ...]

    @property
    def length(self) -> float:
        """Pixels from root to tip."""
        return sum(hypot(x2 - x1, y2 - y1) for (x1, y1), (x2, y2) in zip(self.points, self.points[1:], strict=False))

    @property
    def top(self) -> float:
        """Where its highest point is."""
        return min(y for _x, y in self.points)

    def raised(self, pixels: float) -> "Stem":
        """The same, so much higher up."""
        return Stem(points=tuple((x, y - pixels) for x, y in self.points))

    def at(self, part: float) -> tuple[float, float, float, float]:
        """The point at *part* of the way, 0 at the root, and the direction of growth there as a vector of length 1."""
        last = len(self.points) - 1
        place = min(max(part, 0.0), 1.0) * last
        before = min(int(place), last - 1)
        (x1, y1), (x2, y2) = self.points[before], self.points[before + 1]
        run = hypot(x2 - x1, y2 - y1)
        rest = place - before
        return x1 + (x2 - x1) * rest, y1 + (y2 - y1) * rest, (x2 - x1) / run, (y2 - y1) / run

    def outline(self, root: float, tip: float) -> str:
        """An SVG path around the stem, *root* pixels thick at its foot and *tip* at its end."""
        sides: tuple[list[str], list[str]] = ([], [])
        last = len(self.points) - 1
        for number in range(0, last + 1, 3):
            x, y, dx, dy = self.at(number / last)
            half = (root + (tip - root) * number / last) / 2
            sides[0].append(f"{x - dy * half:.1f},{y + dx * half:.1f}")
            sides[1].append(f"{x + dy * half:.1f},{y - dx * half:.1f}")
        return "M" + " L".join([*sides[0], *reversed(sides[1])]) + "Z"

    def curl(self) -> str:
        """The tendril at its tip, as an SVG path."""
        x, y, dx, dy = self.at(1)
        angle = atan2(dy, dx)
        points = []
        for step in range(22):
            points.append(f"{x:.1f},{y:.1f}")
            angle += 0.1 + step * 0.016
            x += cos(angle) * 5.2 * (1 - step / 30)
            y += sin(angle) * 5.2 * (1 - step / 30)
        return "M" + " L".join(points)


def _meander(bends: int, swing: float) -> list[tuple[float, float]]:
    """A line of length 1 that sets out upwards and bends *bends* times, at most *swing* radians away from straight up.

    It bends as rivers do: its direction is a sine of the way gone (Langbein & Leopold 1966).
    """
    x = y = 0.0
    points = [(x, y)]
    for step in range(_STEPS):
        way = (step + 0.5) / _STEPS
        turn = swing * sin(pi * bends * way) * (1 + 0.06 * sin(5 * way + 1))  # a ruler's regularity would look dead
        x += sin(turn) / _STEPS
        y -= cos(turn) / _STEPS
        points.append((x, y))
    return points


def grown(length: float, room: Box) -> Stem:
    """A stem of about *length* pixels that stands in *room*, its root at the bottom: nearly upright if that is high
    enough, else in as few bends as are as wide as the room."""
    width, height = room.right - room.left, room.bottom - room.top
    best: tuple[float, list[tuple[float, float]]] | None = None
    for bends in range(1, 8):
        for swing in (0.3, 0.5, 0.7, 0.9, 1.1, 1.25, 1.4, 1.5, 1.6, 1.7, 1.8):
            points = _meander(bends, swing)
            across = max(x for x, _ in points) - min(x for x, _ in points)
            up = -min(y for _, y in points)
            scale = min(length, width / across, height / up)
            # Long enough comes first, then few bends, then gentle ones.
            cost = 4 * abs(1 - scale / length) + 0.12 * bends + 0.1 * swing + 0.3 * abs(1 - scale * up / height)
            if best is None or cost < best[0]:
                best = cost, [(x * scale, y * scale) for x, y in points]
    assert best is not None
    points = best[1]
    left, right = min(x for x, _ in points), max(x for x, _ in points)
    across = (room.left + room.right - left - right) / 2
    return Stem(points=tuple((x + across, y + room.bottom) for x, y in points))
