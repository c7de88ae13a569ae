"""What people write survives whatever it is: cleaned once, measured as Telegram counts, split without a loss."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.text import LIMIT, OFF, ON, clean, emphasised, plain, preview, split, units

ANYTHING = st.text(st.characters(exclude_categories=()))
"""Any code points at all, half surrogate pairs and noncharacters among them."""

CLEAN = st.text(
    st.one_of(
        st.sampled_from(" \n\n. ab👩\u200d👧é\u0301ש"),  # what is cut at, what counts twice, what hangs together
        st.characters(exclude_categories=("Cs", "Cc", "Cn")),
    )
).map(clean)
"""Text as it is kept."""

MARKED = st.lists(st.one_of(CLEAN, CLEAN.map(emphasised)), max_size=8).map("".join)
"""Text as it is said: some of it emphasised, never one emphasis in another."""

LIMITS = st.integers(2, 60)


@given(ANYTHING)
@example("\r\r\n\x00\n")
@example("\ud83d\x00\ude00")
def test_clean_text_can_be_kept_and_sent_anywhere(text: str) -> None:
    """After cleaning, no database and no channel has anything to object to, and cleaning again changes nothing."""
    cleaned = clean(text)
    assert cleaned.encode("utf-8").decode("utf-8") == cleaned
    assert not any(each in cleaned for each in ("\x00", "\r", "\x1b", "\x7f", ON, OFF, "\uffff"))
    assert clean(cleaned) == cleaned


@given(st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn"))))
def test_cleaning_leaves_words_alone(text: str) -> None:
    """Letters, signs, emoji and invisible joiners of any script stay to the letter."""
    assert clean(text) == text


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("one\r\ntwo", "one\ntwo"),
        ("one\rtwo", "one\ntwo"),
        ("one\ttwo\n", "one\ttwo\n"),
        ("\x1b[31mred\x07", "[31mred"),
        ("no\x00where", "nowhere"),
        (f"{ON}slanted{OFF}", "slanted"),
        ("half \ud83d a smile \ude00", "half  a smile "),
    ],
)
def test_what_cleaning_does(text: str, kept: str) -> None:
    """Line breaks become one kind, tabs stay, and what can't be written down is left out."""
    assert clean(text) == kept


@given(CLEAN)
def test_length_is_counted_as_telegram_does(text: str) -> None:
    """Length is UTF-16 units; emphasis costs nothing."""
    assert units(text) == len(text.encode("utf-16-le")) // 2 == units(emphasised(text))


@given(CLEAN)
def test_emphasis_can_be_taken_off_again(text: str) -> None:
    """Without its marks an emphasised text is what it was."""
    assert plain(emphasised(text)) == text


@given(MARKED, LIMITS)
@example(f"{ON}{'a' * 9}{OFF}", 3)
@example("aaa\n\n", 3)
@example("👩👩", 3)
def test_split_loses_nothing(text: str, limit: int) -> None:
    """Pieces fit, none is empty, and joined again they are the text to the letter."""
    pieces = split(text, limit)
    assert plain("".join(pieces)) == plain(text)
    assert all(units(piece) <= limit for piece in pieces)
    assert all(plain(piece) for piece in pieces[:-1])


@given(MARKED, LIMITS)
def test_split_keeps_emphasis_where_it_was(text: str, limit: int) -> None:
    """Every piece closes what it opens, and exactly the letters that were emphasised still are."""

    def emphasis(piece: str) -> list[tuple[str, bool]]:
        letters, on = [], False
        for letter in piece:
            if letter in (ON, OFF):
                assert on is (letter == OFF), "opened twice or closed twice"
                on = letter == ON
            else:
                letters.append((letter, on))
        assert not on, "left open"
        return letters

    assert [each for piece in split(text, limit) for each in emphasis(piece)] == emphasis(text)


@given(st.lists(st.text("abcdefgh", min_size=1, max_size=10), min_size=1).map(" ".join), st.integers(25, 60))
def test_split_never_cuts_a_word_that_could_be_spared(text: str, limit: int) -> None:
    """If words end in the second half of a piece, it is cut there."""
    for piece in split(text, limit)[:-1]:
        assert piece.endswith(" ")


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("short", ["short"]),
        ("", [""]),
        ("first para.\n\nnext one", ["first para.\n\n", "next one"]),
        ("first line of it\nnext one", ["first line of it\n", "next one"]),
        ("It was nice. Then I left.", ["It was nice. ", "Then I left."]),
        ("a " + "b" * 25, ["a " + "b" * 18, "b" * 7]),
    ],
)
def test_where_text_is_split(text: str, pieces: list[str]) -> None:
    """After a paragraph if one ends late enough, else a line, a sentence, a word, and only then anywhere."""
    assert split(text, 20) == pieces


def test_what_just_fits_is_one_piece() -> None:
    """The longest message that Telegram takes is not split, and one unit more is."""
    assert split("👩" * (LIMIT // 2)) == ["👩" * (LIMIT // 2)]
    assert [units(piece) for piece in split("👩" * (LIMIT // 2) + "a")] == [LIMIT, 1]


@given(CLEAN, st.integers(1, 60))
def test_a_preview_fits_and_says_so(text: str, limit: int) -> None:
    """A preview is the text itself if that fits, else its start and an ellipsis, never longer than allowed."""
    shown = preview(text, limit)
    assert units(shown) <= limit
    if units(text) <= limit:
        assert shown == text
    else:
        assert shown.endswith("…")
        assert text.startswith(shown[:-1])


def test_a_preview_is_cut_at_a_word() -> None:
    """A word is shown whole or not at all, unless that would leave almost nothing."""
    assert preview("carried the shopping up", 16) == "carried the…"
    assert preview("a Donaudampfschifffahrt", 16) == "a Donaudampfsch…"
