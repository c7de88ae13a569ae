"""Makes bot/picture/fonts/, the letters of the pictures, from the npm package `@expo-google-fonts/literata`.

    npm pack @expo-google-fonts/literata && tar xzf expo-google-fonts-literata-*.tgz
    pip install fonttools && python tools/make_fonts.py package

The package brings Google's own files whole: Literata 3.103 (https://github.com/googlefonts/literata), Copyright 2017
The Literata Project Authors, under the SIL Open Font License 1.1, which reserves no name. Every letter is kept, with
kerning and the placing of accents; hinting, small capitals and the like are left out, which saves two fifths. Beside
the fonts lie their licence and `letters.txt`: what both of them can draw, as ranges of code points.
"""

# ruff: noqa: INP001 - a script, not a package

import shutil
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

FONTS = Path(__file__).parent.parent / "bot" / "picture" / "fonts"
SOURCES = {
    "Literata-Regular.ttf": "400Regular/Literata_400Regular.ttf",
    "Literata-Italic.ttf": "400Regular_Italic/Literata_400Regular_Italic.ttf",
}
FEATURES = ["ccmp", "kern", "liga", "locl", "mark", "mkmk"]
NAMES = [0, 1, 2, 3, 4, 5, 6, 13, 14]
"""Copyright, family, style, version and licence stay in the file."""


def subset(source: Path, target: Path) -> set[int]:
    """Writes *target* from *source*; the same bytes each time. The code points that it can draw."""
    font = TTFont(source, recalcTimestamp=False)
    letters = {code for code in font.getBestCmap() if code >= 0x20}
    options = Options(layout_features=FEATURES, name_IDs=NAMES, hinting=False, notdef_outline=True)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=letters)
    subsetter.subset(font)
    font.save(target)
    return letters


def ranges(codes: Iterable[int]) -> Iterator[str]:
    """*codes* as lines "20-7e", in order."""
    start = end = -1
    for code in sorted(codes):
        if code != end + 1:
            if start >= 0:
                yield f"{start:x}-{end:x}\n"
            start = code
        end = code
    yield f"{start:x}-{end:x}\n"


def main(package: Path) -> None:
    """Writes fonts, coverage and licence anew from the unpacked *package*."""
    FONTS.mkdir(exist_ok=True)
    drawn = [subset(package / source, FONTS / target) for target, source in SOURCES.items()]
    (FONTS / "letters.txt").write_text("".join(ranges(set.intersection(*drawn))), "utf-8")
    shutil.copyfile(package / "LICENSE_FONT", FONTS / "OFL.txt")
    for file in sorted(FONTS.iterdir()):
        sys.stdout.write(f"{file.name}: {file.stat().st_size / 1000:.0f} kB\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
