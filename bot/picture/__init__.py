"""A story or a letter as a picture.

A story becomes a vine (bot/picture/vine.py), a letter is set like one (bot/picture/letter.py). Both are drawn as SVG
with one typeface that comes along, and turned into a PNG: the same bytes for the same story, everywhere. What the
typeface can't draw is left out; `lacks` says of a text whether it is, so that it can be said beside the picture.
"""

from bot.picture.letters import lacks
from bot.story import Picture, Story

__all__ = ["lacks", "png", "svg"]


def svg(picture: Picture) -> str:
    """*picture* as an SVG document."""
    # HarfBuzz and the drawing take 9 MB that only those who look need.
    from bot.picture import letter, vine

    sheet = vine.drawing(picture) if isinstance(picture, Story) else letter.drawing(picture)
    return sheet.svg()


def png(picture: Picture) -> bytes:
    """*picture* as a PNG, 780 pixels wide. It takes some tenths of a second of CPU, and reads only the font."""
    from resvg_py import svg_to_bytes

    from bot.picture.lettering import FILES

    fonts = [str(file) for file in FILES.values()]
    return bytes(svg_to_bytes(svg_string=svg(picture), skip_system_fonts=True, font_files=fonts))
