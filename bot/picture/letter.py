"""A letter: a year in nothing but their own sentences, one below the other on a stem, and whose weeks they were.

Between one sentence and the next stands at most the name of a month.
"""

from collections.abc import Sequence
from math import ceil

from bot.picture.leaves import Signs
from bot.picture.lettering import ASCENT, DESCENT, balanced, wrapped
from bot.picture.letters import lacks, shown
from bot.picture.palette import DAY, NIGHT
from bot.picture.sheet import WIDTH, Sheet, Text
from bot.story import Letter
from bot.words import _
from bot.words.dates import month

MARGIN = 56
STEM = MARGIN + 18
LEFT = MARGIN + 62
"""Where the sentences begin, beside their stem."""
SIZES = (34, 31, 28)
"""Letters as large as they can be on a page that is no taller than a photo in a chat, or else the last."""
MOST_LINES = 8
"""Of one sentence; a longer one ends in an ellipsis."""


def drawing(letter: Letter) -> Sheet:
    """*letter* on a sheet, without the sentences and names that the font can't draw."""
    sheets = (_set(letter, size) for size in SIZES)
    return next((sheet for sheet in sheets if sheet.height <= 1.6 * WIDTH), _set(letter, SIZES[-1]))


def _set(letter: Letter, size: int) -> Sheet:
    """*letter* in letters of *size* pixels."""
    palette = NIGHT if letter.dark else DAY
    sheet = Sheet(palette=palette)
    signs = Signs(sheet, 1)
    y = _headed(sheet, letter.name, palette.faded)
    begun = y - 6
    leaves: list[float] = []
    spacing = ceil(size * (ASCENT + DESCENT))
    said = 0
    for line in letter.lines:
        words = shown(line.text)
        if not words or lacks(words):
            continue
        y += 26
        if line.month != said:
            said = line.month
            y += 38
            sheet.write(Text(words=shown(month(said)), x=LEFT, y=y, italic=True, colour=palette.faded))
        for number, row in enumerate(balanced(words, size, WIDTH - LEFT - MARGIN, lines=MOST_LINES)):
            y += spacing
            if number == 0:
                leaves.append(y - 0.3 * size)
            sheet.write(Text(words=row, x=LEFT, y=y, size=size))
    y += 24
    ended = y + 22
    for row in wrapped(_whose(letter.people), size, WIDTH - LEFT - MARGIN, lines=MOST_LINES, italic=True):
        y += spacing
        sheet.write(Text(words=row, x=LEFT, y=y, size=size, italic=True))
    sheet.draw(*_stem(signs, begun, ended, leaves))
    sheet.height = max(y, ended + 20) + MARGIN
    return sheet


def _headed(sheet: Sheet, name: str, faded: str) -> float:
    """Writes to whom it is. Where that ends."""
    called = shown(name)
    greeting = _("Dear {name},").format(name=called) if called and not lacks(called) else _("Your year")
    y = 32
    for row in wrapped(greeting, 50, WIDTH - 2 * MARGIN, lines=2):
        y += 72
        sheet.write(Text(words=row, x=MARGIN, y=y, size=50))
    below = _("your year, in your own words") if greeting != _("Your year") else _("in your own words")
    sheet.write(Text(words=below, x=MARGIN, y=y + 52, size=32, italic=True, colour=faded))
    return y + 72.0


def _whose(people: Sequence[str]) -> str:
    """Whose weeks they were as well, in a sentence; nothing if nobody's."""
    names = [shown(name) for name in people]
    names = [name for name in names if name and not lacks(name)]
    if len(names) > 1:
        names = [_("{some} and {last}").format(some=", ".join(names[:-1]), last=names[-1])]
    return _("These were also the weeks of {people}.").format(people=names[0]) if names else ""


def _stem(signs: Signs, top: float, bottom: float, leaves: Sequence[float]) -> list[str]:
    """A stem beside the sentences from *top* to *bottom*, with a leaf at each of *leaves* and a blossom at its foot."""
    line = f'fill="none" stroke="{signs.sheet.palette.stem}" stroke-width="3" stroke-linecap="round"'
    stops = [top, *leaves, bottom]
    drawn = f"M{STEM},{top:.1f}"
    for number in range(1, len(stops)):
        sway = 9 if number % 2 else -9
        above, below = stops[number - 1], stops[number]
        third = (below - above) / 3
        drawn += f" C{STEM + sway},{above + third:.1f} {STEM + sway},{below - third:.1f} {STEM},{below:.1f}"
    turns = [212 if number % 2 == 0 else -32 for number in range(len(leaves))]
    return [
        f'<path d="{drawn}" {line}/>',
        *(signs.leaf(0, STEM, y, 34, turn=turn) for y, turn in zip(leaves, turns, strict=True)),
        signs.blossom(0, STEM, bottom, 16),
    ]
