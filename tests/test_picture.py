"""Pictures: everything that can be drawn is, once, in its place, and can be read and told apart by everybody."""

import re
import struct
import subprocess
import sys
from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations, pairwise
from time import process_time
from xml.etree import ElementTree as ET

import pytest
from coloraide import Color
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.picture import lacks, letter, png, svg, vine
from bot.picture.leaves import breadth
from bot.picture.legend import LINE
from bot.picture.lettering import ASCENT, DESCENT, FILES, shaped, shortened, width, wrapped
from bot.picture.letters import FONTS, shown
from bot.picture.palette import DAY, NIGHT, Palette
from bot.picture.sheet import SMALLEST, WIDTH, Box, Sheet
from bot.story import LENGTHS, Chain, Letter, Line, Mark, Picture, Story
from tests.pictures import LETTERS, NOW, THEMES, everything, journals, lived, story

EVERYTHING = dict(everything())
SVG = "{http://www.w3.org/2000/svg}"


def sheet(picture: Picture) -> Sheet:
    """*picture* before it becomes an SVG."""
    return vine.drawing(picture) if isinstance(picture, Story) else letter.drawing(picture)


def words(picture: Picture) -> str:
    """All that is written on it, without spaces, line after line."""
    return "".join(text.words.replace(" ", "") for text in sheet(picture).texts)


def sound(picture: Picture) -> Sheet:
    """*picture* drawn, after a look whether it is what every picture must be."""
    drawn = sheet(picture)
    canvas = Box(left=0, top=0, right=WIDTH, bottom=drawn.height)
    for text in drawn.texts:
        assert text.size >= SMALLEST
        assert not lacks(text.words)
        assert 0 not in [glyph.codepoint for glyph in shaped(text.words, italic=text.italic).glyph_infos]
        assert canvas.holds(text.box), text
    for one, other in combinations(drawn.texts, 2):
        assert not one.box.meets(other.box), (one, other)
    root = ET.fromstring(drawn.svg())
    assert [element.text for element in root.iter(f"{SVG}text")] == [text.words for text in drawn.texts]
    assert float(root.attrib["height"]) + WIDTH < 10_000  # Telegram's limit for a photo (Bot API, sendPhoto)
    if isinstance(picture, Story):
        assert drawn.height <= 1.7 * WIDTH
        assert drawn.svg().count('class="mark"') == len(picture.marks)
        assert drawn.svg().count('class="thread"') == len(picture.chains)
    return drawn


def is_written(text: str, drawn: Sheet) -> bool:
    """Whether *text* is on the sheet, whole or as far as there was room, which an ellipsis shows."""
    whole = shown(text).replace(" ", "")
    lines = [each.words.replace(" ", "") for each in drawn.texts]
    return whole in "".join(lines) or any(line[-1] == "…" and line[:-1] and line[:-1] in whole for line in lines)


@pytest.mark.parametrize("name", EVERYTHING)
def test_a_picture_is_sound(name: str) -> None:
    """Every letter is in the font, no words lie over others or over the edge, and every mark is drawn once."""
    sound(EVERYTHING[name])


@pytest.mark.parametrize("name", EVERYTHING)
def test_a_picture_fits_a_phone(name: str) -> None:
    """It is a PNG, as wide as a phone is fine, and light enough for a slow line."""
    drawn = png(EVERYTHING[name])
    assert drawn.startswith(b"\x89PNG\r\n\x1a\n")
    wide, high = struct.unpack(">II", drawn[16:24])
    assert wide == WIDTH == 780
    assert high / wide < (1.7 if isinstance(EVERYTHING[name], Story) else 5)
    assert len(drawn) < 1_000_000


def test_the_same_story_is_the_same_picture() -> None:
    """Nothing in it is left to chance, to a clock or to what was drawn before; not to another process either."""
    _name, picture = next(each for each in journals() if each[0] == "dense-26")
    drawn = svg(picture)
    assert svg(picture) == drawn
    assert png(picture) == png(picture)
    code = (
        "import sys; from bot.picture import svg; from tests.pictures import journals;"
        "sys.stdout.buffer.write(svg(dict(journals())['dense-26']).encode())"
    )
    assert subprocess.run([sys.executable, "-c", code], check=True, capture_output=True).stdout.decode() == drawn


@pytest.mark.parametrize(
    "text",
    ["Rui", "Đặng Thị Ngọc", "Ağça", "Þórarinsson", "żółw", "пчёлы и мёд", "Олександра", "μελισσοκομία", "ὕδωρ",
     "“ça” – 5 €…", "Adébáyọ̀", "soft\u00adhyphen", "\u200bzero\u200d width\u2069", "two\nlines\tand a tab",
     "e\u0301", ""],
)  # fmt: skip
def test_the_font_has(text: str) -> None:
    """Latin of all kinds, Cyrillic and Greek are drawn, and what has no shape of its own doesn't hinder."""
    assert not lacks(text)


@pytest.mark.parametrize(
    "text",
    ["小林", "דבש", "سلمى", "शहद", "ხაჭაპური", "한", "🐝", "bees 🐝", "❤️", "\ue000", "\x07", "\ufdd0", "\u0301alone",
     "a \u0301", "Z\u0301\u0302\u0303\u0304", "a\ufffdb"],
)  # fmt: skip
def test_the_font_lacks(text: str) -> None:
    """Other scripts, emoji, and heaps of accents are not drawn: they would be boxes, or nothing."""
    assert lacks(text)


def test_what_is_said_to_be_drawn_is_in_both_styles() -> None:
    """letters.txt tells the truth about the fonts beside it."""
    lines = [line.split("-") for line in (FONTS / "letters.txt").read_text("ascii").split()]
    codes = [code for start, end in lines for code in range(int(start, 16), int(end, 16) + 1)]
    assert len(codes) > 1_000
    for italic in FILES:
        buffers = {code: shaped(chr(code), italic=italic) for code in codes}
        assert [hex(code) for code, each in buffers.items() if any(g.codepoint == 0 for g in each.glyph_infos)] == []


def test_letters_stay_on_their_line() -> None:
    """No letter that can be drawn reaches above or below what is kept free for it."""
    import uharfbuzz

    for file in FILES.values():
        font = uharfbuzz.Font(uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(file))))
        for text in ("Ẳ", "Ế", "Ǚ", "Ģ", "ș", "ụ", "Й", "Ἆ", "ᾯ", "Å", "§", "|", "("):
            extents = font.get_glyph_extents(font.get_nominal_glyph(ord(text)))
            assert extents.y_bearing <= 1000 * ASCENT, text
            assert extents.y_bearing + extents.height >= -1000 * DESCENT, text
    assert LINE >= (ASCENT + DESCENT) * SMALLEST


def test_kerning_counts() -> None:
    """Widths are those of the words as they are drawn, not of their letters one by one."""
    assert width("AVATAR To", 26) < sum(width(letter, 26) for letter in "AVATAR To") - 1


def test_lines_break_between_words() -> None:
    """And inside a word only if it fills a line alone; what has no room ends in an ellipsis, within the room."""
    assert wrapped("one two three four", 26, 110) == ["one two", "three four"] or len(wrapped("one two", 26, 110)) == 1
    address = "https://example.org/" + "x" * 80
    assert "".join(wrapped(address, 26, 300)) == address
    cut = shortened("writing letters by hand to people far away", 26, 300)
    assert cut.endswith("…")
    assert width(cut, 26) <= 300
    assert len(wrapped("word " * 50, 26, 300, lines=2)) == 2
    assert wrapped("word " * 50, 26, 300, lines=2)[-1].endswith("…")


def test_every_theme_and_name_is_written() -> None:
    """Themes in the person's own words, and who stands at the ends of a thread; a long one on more lines."""
    picture = dict(journals())["eight-themes-26"]
    for theme in THEMES:
        assert theme.replace(" ", "") in words(picture)
    assert picture.chains
    for chain in picture.chains:
        assert chain.giver in words(picture)
        assert chain.taker.replace(" ", "") in words(picture)


def test_what_the_font_lacks_has_a_quiet_sign() -> None:
    """A theme in another script keeps its leaf and gets a dash; a name at the end of a thread is left away."""
    picture = dict(journals())["other-letters"]
    assert "–" in [text.words for text in sheet(picture).texts]
    assert "пчёлы и мёд" in [text.words for text in sheet(picture).texts]
    assert not re.search("[א-ת一-鿿ء-ي]", svg(picture))


def test_names_without_room_are_written_below() -> None:
    """Where too many threads meet, those that can't be named beside theirs are named under the picture."""
    marks = [Mark(week=11, day=number // 6, given=number % 2 == 1) for number in range(40)]
    chains = [
        Chain(start=2 * number, end=2 * number + 1, giver=f"Maximiliane Nr. {number}", taker=f"Bartholomew {number}")
        for number in range(20)
    ]
    drawn = sound(story(12, (), marks, *chains))
    assert any("Maximiliane" in text.words and ", you, Bartholomew" in text.words for text in drawn.texts)


def test_the_heading_is_in_words() -> None:
    """It says how long, without a figure; a beginning is called one; and of one theme it quotes it."""
    marks = [Mark(week=0, day=0, given=True)]
    headings = [vine.heading(story(weeks, (), marks)) for weeks in LENGTHS]
    assert headings == ["Twelve weeks", "Half a year", "A year"]
    assert vine.heading(story(12, (), [Mark(week=11, day=0, given=True)])) == "Twelve weeks"
    assert vine.heading(story(12, (), [Mark(week=11, day=0, given=True)], began=11)) == "A beginning"
    assert vine.heading(story(12, (), [Mark(week=2, day=0, given=True)], began=11)) == "Twelve weeks"
    assert vine.heading(story(52, (), [], began=51)) == "A beginning"
    assert "“sourdough”" in words(dict(journals())["one-theme"])


def test_months_are_named_where_they_begin() -> None:
    """In order, none twice; and a story that begins in the middle of a month names that too."""
    first = NOW - timedelta(weeks=11)
    assert first == date(2026, 9, 7)
    named = list(vine.months(first, 0, 12))
    assert [name for _weeks, name in named] == ["September", "October", "November"]
    assert named[1][0] == pytest.approx(24 / 7)
    assert [name for _weeks, name in vine.months(first, 11, 12)] == ["November"]
    year = [name for _weeks, name in vine.months(NOW - timedelta(weeks=51), 0, 52)]
    assert len(year) == len(set(year)) == 12


def test_a_story_shows_no_figure() -> None:
    """No counts, no hours, no dates: not a digit is written that isn't theirs."""
    assert not [name for name, each in EVERYTHING.items() if isinstance(each, Story) and re.search(r"\d", words(each))]


def test_a_letter_is_their_sentences() -> None:
    """All of them that the font has, to the letter, and whose weeks they were; else only greeting and months."""
    written = words(LETTERS["long-letter"])
    for line in LETTERS["long-letter"].lines:
        assert (line.text.replace(" ", "") in written) is not lacks(line.text)
    weeks = "These were also the weeks of Olja, Νίκος, Mr. Þórarinsson, Ana and Nguyễn Thị Ánh."
    assert written.endswith(weeks.replace(" ", ""))
    assert words(LETTERS["letter"]).startswith("DearMira,youryear,inyourownwordsJanuary")
    assert sound(Letter()).texts[0].words == "Your year"
    assert sound(Letter(name="小林", people=("小林",))).texts[-1].words == "in your own words"


def contrast(one: str, other: str) -> float:
    """As WCAG 2.2 defines it, "contrast ratio"."""
    return Color(one).contrast(other, method="wcag21")


@pytest.mark.parametrize("palette", [DAY, NIGHT], ids=["day", "night"])
def test_contrast(palette: Palette) -> None:
    """Words 4.5 (WCAG 2.2, 1.4.3), what marks something 3 (1.4.11)."""
    assert min(contrast(colour, palette.paper) for colour in (palette.ink, palette.faded)) >= 4.5
    assert min(contrast(colour, palette.paper) for colour in (*palette.themes, palette.bare, palette.thread)) >= 3


@pytest.mark.parametrize("eyes", ["common", "protan", "deutan", "tritan"])
@pytest.mark.parametrize("palette", [DAY, NIGHT], ids=["day", "night"])
def test_colours_can_be_told_apart(palette: Palette, eyes: str) -> None:
    """Any two by any eyes: CIEDE2000, simulated after Machado, Oliveira & Fernandes 2009 at full severity."""
    colours = [Color(colour).convert("srgb") for colour in (*palette.themes, palette.bare)]
    if eyes != "common":
        colours = [colour.filter(eyes, 1, method="machado") for colour in colours]
    assert min(one.delta_e(other, method="2000") for one, other in combinations(colours, 2)) >= 15


@pytest.mark.parametrize("palette", [DAY, NIGHT], ids=["day", "night"])
def test_nothing_is_red(palette: Palette) -> None:
    """Nobody is warned or marked down: no colour has a hue between rose and orange, unless it is as good as grey."""
    for colour in palette.themes:
        _light, chroma, hue = Color(colour).convert("lch-d65").coords()
        assert chroma < 12 or 45 < hue < 350, (colour, chroma, hue)


def test_no_theme_depends_on_colour_alone() -> None:
    """Each theme has a leaf and a blossom of its own form, and those of none have another."""
    for kind in ("leaf", "blossom"):
        forms = set()
        for theme in (*range(8), None):
            marks = [Mark(week=0, day=0, given=kind == "leaf", theme=theme)]
            root = ET.fromstring(svg(story(12, THEMES, marks)))
            used = next(each for each in root.iter(f"{SVG}use") if each.get("class") == "mark").attrib["href"][1:]
            defined = next(each for each in root.iter(f"{SVG}g") if each.get("id") == used)
            forms.add(tuple(each.get("d") or str(sorted(each.attrib)) + str(each.get("r")) for each in defined.iter()))
        assert len(forms) == 9
    assert {breadth(theme) for theme in (*range(8), None)} > {breadth(0)}


def test_a_week_grows_where_it_belongs() -> None:
    """Later weeks are further up the stem, so that the vine can be read from root to tip."""
    marks = [Mark(week=week, day=3, given=True) for week in range(12)]
    drawn = vine._Vine(story(12, (), marks))
    drawn.place_the_rest()
    parts = [drawn._base(number) for number in range(12)]
    assert parts == sorted(parts)
    assert drawn.stem.points[0][1] > drawn.stem.points[-1][1]
    assert min(after - before for before, after in pairwise(parts)) > 0.05


@pytest.mark.parametrize("weeks", LENGTHS)
@pytest.mark.parametrize("many", [0, 1, 300, 2000])
def test_any_number_of_marks_is_drawn(many: int, weeks: int) -> None:
    """From none to two thousand, within the size and a few seconds of CPU."""
    marks = [Mark(week=n * weeks // many, day=n % 7, given=n % 3 > 0, theme=n % 9 or None) for n in range(many)]
    before = process_time()
    drawn = png(story(weeks, THEMES, marks))
    assert process_time() - before < 6
    assert len(drawn) < 1_000_000
    assert svg(story(weeks, THEMES, marks)).count('class="mark"') == many


def test_an_ordinary_picture_is_quick() -> None:
    """Well under a second: somebody is waiting for it."""
    picture = story(12, THEMES[:4], lived(12, 4, (0, 3, 4, 6, 12, 5)))
    before = process_time()
    png(picture)
    assert process_time() - before < 1


ODD = (
    st.text(max_size=60)
    | st.text("<&>\"'`\\{}% ;#/", max_size=60)
    | st.text("Wm\u202e\u2066\u200d\u0301 \n", max_size=60)
)
WORDS = ODD | st.text("abcdefghij ęłżйцуθώ", max_size=60) | st.sampled_from(["小林", "W" * 60, "i" * 60, "a b " * 15])


@st.composite
def stories(draw: st.DrawFn) -> Story:
    """Stories with anything in them."""
    weeks = draw(st.sampled_from(LENGTHS))
    themes = tuple(draw(st.lists(WORDS, max_size=8)))
    theme = st.none() | st.integers(0, len(themes) - 1) if themes else st.none()
    mark = st.builds(
        Mark,
        week=st.integers(0, weeks - 1),
        day=st.integers(0, 6),
        given=st.booleans(),
        theme=theme,
        people=st.just(()),
    )
    marks = sorted(draw(st.lists(mark, max_size=40)), key=lambda each: (each.week, each.day))
    number = st.integers(0, len(marks) - 1)
    chain = st.builds(Chain, start=number, end=number, giver=WORDS, taker=WORDS)
    chains = tuple(draw(st.lists(chain, max_size=6))) if marks else ()
    return Story(
        first=draw(st.dates(date(2020, 1, 1), date(2040, 1, 1))),
        weeks=weeks,
        began=draw(st.integers(0, weeks - 1)),
        themes=themes,
        marks=tuple(marks),
        chains=chains,
        theme=draw(theme),
        dark=draw(st.booleans()),
    )


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(stories())
def test_any_story_is_sound(picture: Story) -> None:
    """Whatever people write, and whatever happened: nothing breaks, and nothing that can be drawn is lost."""
    drawn = sound(picture)
    there = {mark.theme for mark in picture.marks}
    named = (theme for place, theme in enumerate(picture.themes) if place in there)
    for theme in named if picture.theme is None else ():
        assert lacks(theme) or is_written(theme, drawn), theme
    for name in (name for chain in picture.chains for name in (chain.giver, chain.taker)):
        assert lacks(name) or is_written(name, drawn) or drawn.texts[-1].words.endswith("…"), name
    assert png(picture).startswith(b"\x89PNG")


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.builds(
        Letter,
        name=WORDS,
        lines=st.lists(st.builds(Line, text=WORDS | st.text(max_size=300), month=st.integers(1, 12)), max_size=14).map(
            tuple
        ),
        people=st.lists(WORDS, max_size=12).map(tuple),
        dark=st.booleans(),
    )
)
def test_any_letter_is_sound(picture: Letter) -> None:
    """Whatever people write is set as it is, or left out."""
    drawn = sound(picture)
    for line in picture.lines:
        assert lacks(line.text) or is_written(line.text, drawn), line
    assert png(picture).startswith(b"\x89PNG")


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=40))
def test_lacks_agrees_with_the_font(text: str) -> None:
    """What it says can be drawn has a glyph for every sign."""
    if not lacks(text):
        for italic in FILES:
            assert all(glyph.codepoint for glyph in shaped(shown(text), italic=italic).glyph_infos)


def test_by_night_only_the_colours_differ() -> None:
    """The same plant in the same place."""
    picture = story(12, THEMES[:4], lived(12, 4, (1, 2)))
    without = re.compile(r"#?[0-9a-f]{6}\b")
    assert without.sub("", svg(picture)) == without.sub("", svg(replace(picture, dark=True)))
