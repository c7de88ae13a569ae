"""The tables in the zip: what a spreadsheet shows is what was written, and nothing in it is ever run."""

import csv
import io
import unicodedata
import zipfile

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.export.sheets import harmless, plain
from bot.files import Files
from bot.journal import Journal
from bot.store import Store
from bot.text import clean
from tests.test_export import MIRA, files, full, store, taken, writes  # noqa: F401 - the fixtures

FORMULAS = (
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\u00a0=1", "\u200b=1", "\ufeff=1", "＝1", "＋1",
    "－1", "＠a", "﹣1", '"=1"', "'=1", "''=1", "=HYPERLINK(\"http://x\")", "a;=1", "a\t=1", "a\n=1", "a; =1",
    'a;"=1', "-2+3+cmd|' /C calc'!A0", "\n\n=", "⁼1", "﹦1", "\x0b=1", "\u2028=1",
)  # fmt: skip

hostile = st.one_of(
    st.sampled_from(FORMULAS),
    st.text(st.sampled_from("ab =+-@;,\t\n\r\"'\u00a0\u200b＝")),
    st.text(st.characters(codec="utf-8")),
)


def is_formula(cell: str) -> bool:
    """Whether some spreadsheet could take *cell* for a formula. Told apart from how it is made harmless."""
    seen = cell
    while seen and (seen[0] == '"' or unicodedata.category(seen[0]) in ("Zs", "Zl", "Zp", "Cc", "Cf")):
        seen = seen[1:]
    return unicodedata.normalize("NFKC", seen[:1])[:1] in tuple("=+-@")


def risky(cell: str) -> bool:
    """Whether it could be one, or could become one when it is trimmed."""
    return cell[:1] in tuple("\t\r\n") or is_formula(cell)


@given(hostile)
@example("a\n- milk")
@example("'twas")
def test_what_is_made_harmless_comes_back(text: str) -> None:
    """No cell is a formula, and the apostrophes can be taken away to the letter."""
    assert not risky(harmless(text))
    assert plain(harmless(text)) == text


def test_common_words_stay_as_they_are() -> None:
    """Whoever writes like anybody sees no apostrophe."""
    for text in ("'twas lovely", "fed Ana's bees - twice", "2 + 2", "mira@example.org", "a, -b", "it's"):
        assert harmless(text) == text == plain(text)


@given(st.lists(hostile, min_size=1, max_size=4), st.sampled_from(",;\t"))
def test_no_separator_makes_a_formula(texts: list[str], separator: str) -> None:
    """Also where a spreadsheet goes by the semicolon or the tab, as it does in half of Europe."""
    written = io.StringIO(newline="")
    csv.writer(written, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerow(map(harmless, texts))
    written.seek(0)
    for row in csv.reader(written, delimiter=separator):
        assert not any(map(is_formula, row))


def rows(archive: zipfile.ZipFile, name: str) -> list[dict[str, str]]:
    """The rows of a table."""
    data = archive.read(f"csv/{name}.csv")
    assert data.startswith(b"\xef\xbb\xbf")
    assert b"\r\n" in data
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


async def test_the_tables(store: Store, files: Files) -> None:  # noqa: F811 - the fixtures
    """Everything that was told, in order and on their own clock, with names for ids."""
    await full(store, files)
    archive = await taken(store, files, MIRA)
    entries = rows(archive, "entries")
    said = [(each["date"], each["time"], each["question"], each["text"], each["choice"]) for each in entries]
    assert said == [
        ("2026-11-09", "18:00", "good_turn", "covered 20 min for Joana", ""),
        ("2026-11-09", "18:00", "people", "", "half"),
        ("2026-11-09", "18:00", "outcome", "did one alone tuesday!!", ""),
        ("2026-11-09", "18:00", "outcome", "handovers", ""),
        ("2026-11-09", "18:00", "note", "the ward at night", ""),
    ]
    assert (entries[0]["people"], entries[0]["theme"]) == ("Joana S.", "sourdough")
    assert entries[2]["about"] == entries[0]["id"]
    (joana,) = rows(archive, "people")
    assert joana == {
        "name": "Joana S.", "other names": "Joana", "circle": "", "let be": "yes", "first": "2026-11-09",
        "last": "2026-11-09",
    }  # fmt: skip
    assert [(each["theme"], each["paused"]) for each in rows(archive, "themes")] == [
        ("sourdough", ""),
        ("patience with new nurses", "yes"),
    ]
    (card,) = rows(archive, "actions")
    assert (card["state"], card["felt"], card["person"], card["minutes"]) == ("done", "gladly", "Joana S.", "10")


@pytest.mark.parametrize("text", [each for each in FORMULAS if clean(each).strip()])
async def test_nothing_in_a_journal_is_run(store: Store, files: Files, text: str) -> None:  # noqa: F811 - the fixtures
    """Names, themes, places, moments and words alike."""

    def write(journal: Journal) -> None:
        theme = journal.add_theme(clean(text))
        journal.mention(journal.amend(journal.add("good_turn", text=clean(text)), theme=theme.id), [clean(text)])
        card = journal.add_card(act="x", text=clean(text), minutes=5, theme=clean(text))
        journal.set_card(card, state="taken", moment=clean(text))

    await writes(store, MIRA, write)
    archive = await taken(store, files, MIRA)
    for name in ("entries", "people", "themes", "actions"):
        assert not any(risky(cell) for row in rows(archive, name) for cell in row.values())
    assert plain(rows(archive, "entries")[0]["text"]) == clean(text)
