"""How words are found again. Each row is what was written, what is looked for, and what is shown as found."""

import re
import sqlite3
import timeit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.understand import folded, hits, terms

FOUND = [
    # other forms of a word
    ("I baked for Ana", "baking", ["baked"]),
    ("Let me bake that for you", "baking", ["bake"]),
    ("baking with the kids", "baked", ["baking"]),
    ("helped mum move house", "helping", ["helped"]),
    ("helped mum move house", "moving", ["move"]),
    ("listened to Ben for an hour", "listen", ["listened"]),
    ("Listening. Only listening.", "listened", ["Listening", "listening"]),
    ("fed my neighbour's cat", "neighbours", ["neighbour's"]),
    ("my neighbours' bins", "neighbour", ["neighbours"]),
    ("my neighbor waved", "neighbours", ["neighbor"]),
    ("carried her babies", "baby", ["babies"]),
    ("so happy about it", "happiness", ["happy"]),
    ("drove Sam to the dentist", "driving", ["drove"]),
    ("drove Sam to the dentist", "drive", ["drove"]),
    ("taught Rui to fold", "teach", ["taught"]),
    ("wrote a letter for gran", "writing", ["wrote"]),
    ("gave Rui some starter, then gave more", "given", ["gave", "gave"]),
    ("lent him my bike", "lend", ["lent"]),
    ("brought soup", "bring", ["brought"]),
    ("two children and their dog", "child", ["children"]),
    ("shelves for Marta", "shelf", ["shelves"]),
    ("an honest favor", "favours", ["favor"]),
    # capitals and accents
    ("for João", "joao", ["João"]),
    ("for Joao", "João", ["Joao"]),
    ("ZOË CALLED", "zoe", ["ZOË"]),
    ("zoe\u0308 called", "Zoë", ["zoe\u0308"]),
    ("Łukasz moved", "lukasz", ["Łukasz"]),
    ("Straße gefegt", "strasse", ["Straße"]),
    ("Øyvind's tent", "oyvind", ["Øyvind's"]),
    ("HELPED ANA", "ana", ["ANA"]),
    # the beginning of a word
    ("Priya came by", "pri", ["Priya"]),
    ("Priya came by", "PRIYA", ["Priya"]),
    ("sourdough for all", "sour", ["sourdough"]),
    ("in 2026 we met", "202", ["2026"]),
    ("an Anagram for Ana", "ana", ["Anagram", "Ana"]),
    # several words, in any order and anywhere
    ("gave Rui some starter", "starter rui", ["Rui", "starter"]),
    ("gave Rui some of the starter", "the starter", ["starter"]),
    ("covered twenty minutes for Joana", "joana cover minute twenty", ["covered", "minutes", "Joana"]),
    ("it was for you", "for you", ["for", "you"]),
    ("“Rui”, she said", "rui!", ["Rui"]),
    ("post-it notes", "post-it", ["post"]),
    ("don't worry, I said", "dont", ["don't"]),
    ("don’t worry, I said", "don't", ["don’t"]),
    ("rock_and_roll night", "roll", ["roll"]),
    # other scripts
    ("помог Маше с переездом", "маша", ["Маше"]),
    ("помогла Маше", "Маш", ["Маше"]),
    ("ёлка для соседей", "елка", ["ёлка"]),
    ("синий чайник починил", "синии", ["синий"]),
    ("βοήθησα τη Μαρία", "μαρια", ["Μαρία"]),
    ("我帮了邻居搬家", "邻居", ["邻居"]),
    ("我帮了邻居搬家，邻居很高兴", "邻居", ["邻居", "邻居"]),
    ("我帮了邻居搬家", "搬家 邻居", ["邻居搬家"]),
    ("パンを焼いた", "パン", ["パン"]),
    ("ช่วยแม่ทำอาหาร", "แม่", ["แม่"]),
    ("हिन्दी पढ़ाई", "हिन्दी", ["हिन्दी"]),
    ("ساعدت جارتي", "جارتي", ["جارتي"]),
    ("할머니 도와드림", "할머니", ["할머니"]),
]  # fmt: skip

MISSED = [
    ("for Maria", "mary"),
    ("the business park", "bus stop"),
    ("a pan of soup", "an"),
    ("gave Rui some starter", "starter joana"),
    ("art class", "party"),
    ("100 loaves", "%"),
    ("one loaf", "_"),
    ("one loaf", "..."),
    ("one loaf", ""),
    ("one loaf", "🙂"),
    ("", "loaf"),
    ("我帮了邻居", "居邻"),
    ("i", "in"),
    ("it was done", "donation"),
]


@pytest.mark.parametrize(("text", "query", "shown"), FOUND)
def test_found(text: str, query: str, shown: list[str]) -> None:
    """A word finds its other forms, and what is shown are the words as they were written."""
    assert [text[start:end] for start, end in hits(text, query)] == shown
    assert matches(text, query)


@pytest.mark.parametrize(("text", "query"), MISSED)
def test_missed(text: str, query: str) -> None:
    """What only looks a little alike is not found, and no sign is a wild card."""
    assert hits(text, query) == []
    assert not matches(text, query)


def test_terms() -> None:
    """At most three terms, the common words left out unless there are no others, none twice."""
    assert terms("the cat and my dog with Ana and Rui") == (" cat", " dog", " ana")
    assert terms("with you") == (" with", " you")
    assert terms("cat cats Cat") == (" cat", " cat ")
    assert terms("?!") == ()


def test_folded_is_padded() -> None:
    """Every word has a space before and after it, so that a whole word can be looked for."""
    assert folded("Baking for Zoë!") == " bake for zoe "
    assert folded("🙂").strip() == ""


_database = sqlite3.connect(":memory:", check_same_thread=False)


def matches(text: str, query: str) -> bool:
    """Whether SQLite's LIKE finds *text* by all terms of *query*."""
    stored, wanted = folded(text), terms(query)
    return bool(wanted) and all(
        _database.execute("SELECT ? LIKE ?", (stored, f"%{term}%")).fetchone()[0] for term in wanted
    )


ALPHABET = st.sampled_from(
    [*"abeginsty 'é’ÅİßñΣς1½_%-.  ", "ing ", "маш", "а", "й ", "邻", "居", "が", "แม่", "हि", "ﷺ", "e\u0301"]
)
TEXTS = st.one_of(st.text(max_size=40), st.lists(ALPHABET, max_size=20).map("".join))


@given(TEXTS, TEXTS)
@example("ﷺ", "ﷺ")
@example("ﬁnding", "fin")
@example("İ", "i")
@example("a'", "a")
def test_what_sql_finds_is_shown(text: str, query: str) -> None:
    """Whatever LIKE finds has something to show, and nothing else has."""
    found = hits(text, query)
    assert bool(found) == matches(text, query)
    ends = [0, *(bound for span in found for bound in span)]
    assert ends == sorted(ends)
    assert all(text[start:end].strip() for start, end in found)


@given(TEXTS)
def test_terms_are_no_patterns(text: str) -> None:
    """A term is spaces, letters, digits and their marks; folded text too, in one case."""
    assert len(terms(text)) <= 3
    for part in (folded(text), *terms(text)):
        assert not re.search(r"[%_\\\x00-\x1f!-/:-@\[-`{-~A-Z]", part)


@given(TEXTS)
def test_a_text_finds_itself(text: str) -> None:
    """Looking for words as they were written finds them."""
    assert bool(hits(text, text)) == bool(terms(text))


def test_folding_is_quick() -> None:
    """Every message is folded as it is written, so a sentence takes microseconds: some 10, and never 100."""
    text = "Covered twenty minutes for Joana so she could eat, and gave Rui some sourdough starter today"
    folded(text)
    assert min(timeit.repeat(lambda: folded(text), number=100, repeat=5)) / 100 < 100e-6
