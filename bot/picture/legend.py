"""The words below a vine: each theme with its leaf and blossom, and what a leaf, a blossom and a thread stand for."""

from collections.abc import Sequence

from bot.picture.leaves import Signs
from bot.picture.lettering import width, wrapped
from bot.picture.letters import lacks, shown
from bot.picture.sheet import MARGIN, SMALLEST, WIDTH, Sheet, Text
from bot.story import Chain, Story
from bot.words import _

LINE = 37
"""Pixels from one line to the next."""


class Legend:
    """What the signs of *story* mean. Of a story about one theme the heading names it."""

    def __init__(self, story: Story, sheet: Sheet, signs: Signs) -> None:
        self.sheet, self.signs = sheet, signs
        self.blooming = {mark.theme for mark in story.marks if not mark.given}
        self.indent = 84 if self.blooming else 46
        self.rows: list[list[tuple[int | None, list[str]]]] = []
        """Rows of one theme or of two short ones: the place of each, and its words in lines."""
        full = WIDTH - 2 * MARGIN - self.indent
        short = WIDTH / 2 - MARGIN - self.indent - 14
        room = False
        there = {mark.theme for mark in story.marks}
        named: list[tuple[int | None, str]] = [each for each in enumerate(story.themes) if each[0] in there]
        # What serves none of them is explained only where it could be asked what it is.
        plain: list[tuple[int | None, str]] = [(None, _("something else"))] if named and None in there else []
        for place, theme in (*named, *plain) if story.theme is None else ():
            words = shown(theme)
            # A theme that the font can't draw has its signs all the same.
            words = words if words and not lacks(words) else "–"
            is_short = width(words, SMALLEST) <= short
            if is_short and room:
                self.rows[-1].append((place, [words]))
                room = False
            else:
                self.rows.append([(place, wrapped(words, SMALLEST, full, lines=2))])
                room = is_short
        key = (
            (signs.any_leaf, _("given"), any(mark.given for mark in story.marks)),
            (signs.any_blossom, _("received"), any(not mark.given for mark in story.marks)),
            (signs.any_thread, _("passed on"), bool(story.chains)),
        )
        self.key = [(sign, shown(words)) for sign, words, is_there in key if is_there]

    @property
    def height(self) -> float:
        """Pixels, with the sheet's margin below."""
        return sum(LINE * len(row[0][1]) + 7 for row in self.rows) + (LINE + 6 if self.key else 0) + 42

    def write(self, y: float, unnamed: Sequence[Chain]) -> None:
        """Writes it from *y* on; the sheet grows by the names of those chains that have none beside their thread."""
        write, draw = self.sheet.write, self.sheet.draw
        for row in self.rows:
            for x, (place, lines) in zip((MARGIN, WIDTH / 2), row, strict=False):
                draw(self.signs.leaf(place, x, y + LINE - 9, 34))
                if place in self.blooming:
                    draw(self.signs.blossom(place, x + 55, y + LINE - 9, 14))
                for number, line in enumerate(lines, 1):
                    write(Text(words=line, x=x + self.indent, y=y + number * LINE))
            y += LINE * len(row[0][1]) + 7
        y += LINE + 6
        x = float(MARGIN)
        for sign, words in self.key:
            draw(sign(x, y - 9))
            write(Text(words=words, x=x + 46, y=y, italic=True, colour=self.sheet.palette.faded))
            x += 46 + width(words, SMALLEST, italic=True) + 44
        said = " · ".join(", ".join(_named(chain)) for chain in unnamed)
        for number, line in enumerate(wrapped(said, SMALLEST, WIDTH - 2 * MARGIN, lines=2, italic=True), 1):
            write(Text(words=line, x=MARGIN, y=y + number * LINE + 8, italic=True))
            self.sheet.height += LINE + 4


def _named(chain: Chain) -> list[str]:
    """Who is in *chain*, as far as they were named and the font can draw it, with "you" between them."""
    return [name for name in (shown(chain.giver), _("you"), shown(chain.taker)) if name and not lacks(name)]
