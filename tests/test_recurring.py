"""What somebody comes back to in what they tell: tables of entries, newest first and a week apart."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.understand import folded, recurring, spoken

TODAY = date(2026, 11, 20)


def weekly(*texts: str) -> list[tuple[str, date]]:
    """*texts*, newest first, a week apart."""
    return [(text, TODAY - timedelta(days=7 * week)) for week, text in enumerate(texts)]


ALLOTMENT = (
    "dug the beds at the allotment with Tom",
    "gave away beans from our allotments",
    "watered my neighbour's allotment",
)


@pytest.mark.parametrize(
    ("texts", "found"),
    [
        (ALLOTMENT, "allotment"),
        (ALLOTMENT[1:] + ALLOTMENT[:1], "allotments"),
        (("translated a letter", "helped translating at the council", "translating for Lena", "translating again"),
         "translating"),
        (("filled in the tax forms for Sam", "explained her tax form", "sat over tax forms with Joe"), "tax forms"),
        (("covered a night shift", "took the night shift for Bea", "swapped my night shift with Tom"), "night shift"),
        (("fixed Ana's bike", "mended a bike for the kid next door", "looked at the wheel of Rui's bike"), "bike"),
        (("job applications with Idris", "read through his job application", "went over the job applications"),
         "job applications"),
        (("proofread her thesis", "read two chapters of Lena's thesis", "talked Amir through the thesis"), "thesis"),
        (("chess with the boys", "taught chess to the kids", "lost the chess game gladly"), "chess"),
        (("dug the allotment. Tom came", "up to the allotment. Lena too", "at the allotment"), "allotment"),
        (("Translating for Amir", "Translating forms for Lena", "Translating again"), "translating"),
    ],
)  # fmt: skip
def test_what_comes_back(texts: tuple[str, ...], found: str) -> None:
    """A thing or a doing of three weeks, in the form in which it was written last; two words where both come back."""
    assert recurring(weekly(*texts))[0] == found


@pytest.mark.parametrize(
    "texts",
    [
        (),
        ("",),
        ALLOTMENT[:2],
        ("drove Tom home", "rang Tom", "Tom's shelf"),
        ("helped my friend move", "helped Ana move house", "the friend I helped was glad"),
        ("covered for Joana", "covered for Joana again", "covered the ward for Rui"),
        ("drove mum to chemo", "sat with mum at the chemo", "waited with mum in the chemo room"),
        ("the hospital run with Ana", "a hospital visit", "from the hospital with Rui"),
        ("gave Rui a lift to the station", "gave Ana a lift", "a lift for Tom"),
        ("made soup for Ana", "took soup to Tom", "soup for the neighbours"),
        ("rang my sister on Friday", "drove my sister home", "fed my sister's cat"),
        ("walked the dog", "took Ana's dog out", "fed the dog"),
        ("listened to Ana", "listened to Tom", "listened to my neighbour"),
        ("in Porto with Ana", "the Porto train with Tom", "from Porto with Lena"),
        ("a good week for Ana", "this week with Tom", "the week before"),
        ("a cookbook for lalla Fatna", "met the lalla Fatna of the stories", "introduced a lalla Fatna"),
        ("at the baker's with Tom", "from the baker's", "the baker's daughter"),
        ("told Ana the truth", "tell it gladly", "telling Tom"),
        ("помогла соседке", "соседке с сумками", "соседке опять"),
    ],
)
def test_nothing_comes_back(texts: tuple[str, ...]) -> None:
    """Names, kin, places, illness, and what everybody says; and nothing of fewer than three entries."""
    assert recurring(weekly(*texts)) == ()


def test_three_weeks_are_needed() -> None:
    """What was all told within one week is that week's."""
    assert recurring([(text, TODAY - timedelta(days=at)) for at, text in enumerate(ALLOTMENT)]) == ()


@pytest.mark.parametrize("besides", ["the allotments", "beans and allotment keeping"])
def test_what_is_a_theme_or_a_place_already(besides: str) -> None:
    """Whatever shares a word with one of those is left out, in any form."""
    assert recurring(weekly(*ALLOTMENT), [besides]) == ()


def test_names_are_nobody_s_theme() -> None:
    """Also a name that is a word counts as a name once somebody is known by it."""
    texts = ("sat with Heather", "the heather talk", "with heather at the sea", "for heather")
    assert recurring(weekly(*texts), known=["Heather"]) == ()


@given(st.lists(st.tuples(st.text(max_size=80), st.dates(date(2026, 1, 1), date(2026, 12, 31))), max_size=12))
def test_whatever_is_told(told: list[tuple[str, date]]) -> None:
    """It is found in what was told, whatever that is."""
    for words in recurring(told):
        assert any(folded(words) in folded(text) for text, _day in told)


@pytest.mark.parametrize(
    ("text", "wanted", "found"),
    [
        ("Dug the Allotments with Tom", "allotment", "allotments"),
        ("sat over her Tax Form", "tax forms", "tax form"),
        ("dug with Tom", "allotment", None),
        ("", "allotment", None),
    ],
)
def test_where_it_is_spoken_of(text: str, wanted: str, found: str | None) -> None:
    """A word or two are found again in any form of them."""
    assert spoken(text, lambda words: folded(words) == folded(wanted)) == found
