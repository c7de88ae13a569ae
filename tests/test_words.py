"""What the bot says: the prompts that are shipped, the checks they pass at start, and which wording comes next."""

import re
import shutil
from collections import Counter
from importlib.util import module_from_spec, spec_from_file_location
from itertools import combinations, pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.fuzz import token_sort_ratio

from bot.words import KINDS, UnfitPrompts, Words, _, load, next_wording, speaking

CHECKOUT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def words() -> Words:
    return load()


@pytest.fixture
def prompts(tmp_path: Path) -> Path:
    """A copy of the prompts, to be broken."""
    return shutil.copytree(CHECKOUT / "prompts", tmp_path / "prompts")


# ---- what is shipped ----


def test_each_question_has_its_wordings_and_quick_answers(words: Words) -> None:
    """The five questions of the self-audit, what was received, the two about themes that are asked but once, and what
    became of a good turn, with ids that journals keep."""
    often, once = ["good_turn", "people", "hours", "presence", "call", "received"], ["known", "most_help"]
    assert list(words.questions) == [*often, *once, "ripple"]
    assert all("{told}" in wording for wording in words.questions["ripple"].wordings)
    assert all(len(words.questions[id].wordings) >= 10 for id in often)
    assert all(len(words.questions[id].wordings) >= 3 for id in once)
    assert [choice for choice, _label in words.questions["hours"].choices] == ["0-1", "1-3", "3-7", "7-14", "14-"]
    assert words.questions["good_turn"].choices == (("nothing", "Nothing this week"),)
    assert words.questions["call"].choices == (("nobody", "Nobody, honestly"),)
    assert words.questions["received"].choices == (("nobody", "Not that I noticed"),)
    assert {id for id, question in words.questions.items() if question.again} == {"people", "hours", *once}


def test_the_good_turn_is_asked_of_a_day_a_week_a_month_and_a_year(words: Words) -> None:
    """Wordings differ in more than their words."""
    said = " ".join(words.questions["good_turn"].wordings)
    assert all(span in said for span in ("day", "week", "month", "year"))


def test_hours_are_an_estimate_and_nobodys_fault(words: Words) -> None:
    """Every wording about hours says that a guess will do, and none calls them wasted or many."""
    for wording in words.questions["hours"].wordings:
        assert re.search("estimate|guess", wording), wording
        assert not re.search("only|waste|lose|lost|too m|actually|really|admit|honest", wording), wording


def test_wordings_are_one_line_a_friend_would_say(words: Words) -> None:
    """None is said twice, not even under two questions, and none hypes."""
    said = [wording for question in words.questions.values() for wording in question.wordings] + [*words.openers]
    assert max(Counter(said).values()) == 1
    assert not [text for text in said if re.search("!|…|awesome|amazing|journey|impact|self-care", text)]


def test_openers_can_name_the_day(words: Words) -> None:
    """Some greet the day, and some suit any: a check-in may come late."""
    named = [opener for opener in words.openers if "{weekday}" in opener]
    assert 3 <= len(named) <= len(words.openers) - 3


def test_the_catalogue_has_something_for_everybody(words: Words) -> None:
    """At least 215 acts, ten of every kind, online and off; many small, few long, half where people already are."""
    assert len(words.acts) >= 215
    kinds, minutes = Counter(act.kind for act in words.acts), Counter(act.minutes for act in words.acts)
    assert set(kinds) == set(KINDS)
    assert min(kinds.values()) >= 10
    assert {act.where for act in words.acts} == {"online", "offline", "either"}
    assert minutes[5] >= 75
    assert minutes[10] >= 50
    assert minutes[30] + minutes[60] <= len(words.acts) / 10
    assert sum(act.faces == "new" for act in words.acts) >= 40
    assert sum(act.there for act in words.acts) >= len(words.acts) / 2


@pytest.mark.parametrize(("suits", "least", "quick"), [("craft", 85, 25), ("manner", 65, 25), ("any", 60, 25)])
def test_each_sort_of_theme_has_its_acts(words: Words, suits: str, least: int, quick: int) -> None:
    """Under what one knows, and under a way of being, there is enough with somebody by name, through a place, and with
    neither; and enough that is small."""
    acts = [act for act in words.acts if act.suits == suits]
    needs = Counter(act.needs for act in acts)
    assert len(acts) >= least
    assert needs["person",] >= 25
    assert needs["place",] >= 12
    assert needs[()] >= 30
    assert sum(act.minutes == 5 for act in acts) >= quick


def test_acts_speak_of_the_theme_where_they_should(words: Words) -> None:
    """Nearly all acts of a craft say "this", which is the theme; nearly none of a manner does; and where nobody named a
    theme there are still acts enough."""
    this = Counter(act.suits for act in words.acts if re.search(r"\bthis\b", act.text, re.IGNORECASE))
    every = Counter(act.suits for act in words.acts)
    assert this["craft"] >= every["craft"] * 0.9
    assert this["manner"] <= every["manner"] * 0.1
    assert not [act.id for act in words.acts if re.search(r"\bthis (?:day|evening|month|time|week|year)", act.text)]


def test_no_two_acts_are_near_each_other(words: Words) -> None:
    """Whoever gets a card a week for years isn't told the same in other words."""
    near = [
        (act.id, other.id) for act, other in combinations(words.acts, 2) if token_sort_ratio(act.text, other.text) >= 75
    ]
    assert near == []


def test_acts_begin_in_many_ways(words: Words) -> None:
    """Not every eighth card begins "Think of" or "Ask"."""
    firsts = Counter(act.text.split()[0] for act in words.acts)
    assert sum(act.text.startswith("Think of") for act in words.acts) <= len(words.acts) * 0.12
    assert firsts["Ask"] <= len(words.acts) * 0.12
    assert len(firsts) >= 40


def test_acts_with_somebody_by_name(words: Words) -> None:
    """Each reads well with "Rui", "your sister" and "your parents", so nothing hangs on one person, on he or she, or
    on a full stop after the name; "they" is that person, before a verb that goes with she and with he as well."""
    acts = [act for act in words.acts if "person" in act.needs]
    assert {act.kind for act in acts} == set(KINDS)
    for act in acts:
        assert (act.needs, act.faces) == (("person",), "known"), act.id
        assert not re.search(r"\{person\}(?:['’.?!]| (?:is|has|does|was|needs|wants|likes)\b)", act.text), act.id
        assert not re.search(r"\b(?:he|she|him|her|his|hers|theirs|themselves)\b", act.text), act.id
        for verb in re.findall(r"\b[Tt]hey (\w+)", act.text):
            assert verb in {"do", "love", "may", "first", "heard", "told", "meant", "came", "got", "made", "had"}, (
                act.id
            )


def test_acts_through_a_place(words: Words) -> None:
    """Each happens where people are anyway, and never begins a sentence with what may be written small: "parkrun"."""
    for act in words.acts:
        if act.needs == ("place",):
            assert act.there, act.id
            assert not re.search(r"(?:^|[.?!] )\{place\}|\{place\}['’]", act.text), act.id


def test_an_act_is_a_verb_first_and_never_names_the_theme(words: Words) -> None:
    """Each starts by telling what to do, in a sentence or three; the theme stands on its own line above it."""
    for act in words.acts:
        first = act.text.split()[0]
        assert first in {"Bring", "Ring"} or not first.endswith("ing"), act.id
        assert first not in {"The", "A", "An", "You", "If", "When", "Someone", "There", "Your", "Maybe"}, act.id
        assert not re.search("theme|passion|!", act.text), act.id
        assert len(re.findall(r"[.?](?:\s|$)", act.text)) <= 3, act.id
        assert act.text.count(";") <= 1, act.id


def test_an_installed_wheel_brings_its_own_prompts(tmp_path: Path) -> None:
    """prompts/ inside the package goes before the checkout's."""
    (tmp_path / "words").mkdir()
    program = shutil.copy(CHECKOUT / "bot" / "words" / "prompts.py", tmp_path / "words")
    packaged = shutil.copytree(CHECKOUT / "prompts", tmp_path / "prompts")
    rewrite(packaged / "en" / "questions.toml", "Hello again.", "Hello from the wheel.")
    spec = spec_from_file_location("words_as_installed", program)
    assert spec is not None
    assert spec.loader is not None
    installed = module_from_spec(spec)
    spec.loader.exec_module(installed)
    assert "Hello from the wheel." in installed.load().openers


# ---- what is checked at start ----

QUESTIONS, CATALOGUE = "questions.toml", "catalogue.toml"
GOOD = "Who was good to you this week?"
LISTEN = "Ask whoever is newest where you work, learn or play which part they find hardest. Only listen."
GRUMBLE = "Let {person} grumble about the week for ten minutes. Agree where you can, and cheer nobody up."
CHEERS = "Pick someone from {place} who cheers you up just by turning up. Tell them so once."

BROKEN_QUESTIONS = {
    "no TOML": ("openers = [", "openers = ", "questions.toml: can't be read: "),
    "mistyped key": ("again = ", "agian = ", "[people]: again is missing: add again"),
    "key too many": ('name = "Received"', 'name = "Received"\nhue = 3', "[received]: nothing reads 'hue'"),
    "unknown question": ("[received]", "[recieved]", "nothing asks 'recieved': the questions are good_turn"),
    "empty question": ("[received]", "[received.x]", "[received]: wordings is missing"),
    "long name": ('"Received"', f'"{"R" * 21}"', "[received]: name has 21 characters, at most 20"),
    "long wording": (GOOD, f"{'Who, ' * 27}who was it?", "[received]: wordings has 146 characters, at most 140 fit"),
    "no question": (GOOD, "Tell me.", "[received]: a wording asks nothing: end 'Tell me.' with a question"),
    "wording twice": (GOOD, "DID any kindness come your way this week?", "[received]: wordings has one twice"),
    "emoji": (GOOD, "🙂 Who?", "[received]: wordings has an emoji"),
    "line break": (GOOD, "Who was\\ngood to you?", "[received]: wordings has a line break"),
    "needless space": (GOOD, "Who  was it?", "[received]: wordings has a line break or a needless space"),
    "slot in a wording": (GOOD, "{person}, was it?", "[received]: wordings can hold no slot at all, not {person}"),
    "number as wording": (f'"{GOOD}"', "8", "[received]: wordings is missing"),
    "wordings no list": ("[received]", '[received]\nwordings = "Who?"\n[x]', "[received]: wordings is missing"),
    "unknown slot": ("So, {weekday}.", "So, {day}.", "questions.toml: openers can hold {weekday}, not {day}"),
    "lone brace": ("So, {weekday}.", "So, {weekday.", "questions.toml: openers can hold {weekday}, not {}"),
    "few openers": ("openers = [", 'openers = ["Hi."]\nrest = [', "openers has 1 of at least 8: add 7"),
    "unknown choice": ('id = "half"', 'id = "50"', "[people.choices]: id is '50': choose one of none, quarter"),
    "choice twice": ('id = "half"', 'id = "none"', "[people]: choices must have the ids none, quarter, half, most"),
    "no label": (', label = "About half"', "", '[people.choices]: label is missing: add label = "..."'),
    "choice as text": ('{ id = "half", label = "About half" }', '"half"', "[people]: choices must look like"),
    "choices no list": ('[{ id = "nobody", label = "Nobody, honestly" }]', "3", "[call]: choices must look like"),
    "choice with more": ('id = "half",', 'id = "half", part = 0.5,', "[people.choices]: nothing reads 'part'"),
}

BROKEN_CATALOGUE = {
    "key at the top": ("[[act]]", "acts = 1\n[[act]]", "catalogue.toml: nothing reads 'acts': mistyped?"),
    "id not kebab": ('"teach-one-step"', '"Teach one"', "[Teach one]: the id must be small words and hyphens"),
    "no id": ('id = "answer-open-question"', "", "[act 1]: the id must be small words and hyphens"),
    "id no text": ('"teach-one-step"', "7", "[7]: the id must be small words and hyphens"),
    "id twice": ('"teach-one-step"', '"ask-old-hand"', "[ask-old-hand]: two acts have this id: change one"),
    "no text": (f'text = "{LISTEN}"', "", '[listen-hardest-part]: text is missing: add text = "..."'),
    "no sentence": (LISTEN, "listening", "[listen-hardest-part]: text must be whole sentences, a verb first"),
    "long text": (LISTEN, f"Ask {'on, ' * 48}done.", "text has 201 characters, at most 200 fit: shorten"),
    "unknown kind": ('kind = "teach"', 'kind = "tech"', "[teach-one-step]: kind is 'tech': choose one of answer"),
    "odd minutes": ("minutes = 60", "minutes = 45", "minutes is 45: choose one of 5, 10, 15, 20, 30, 60"),
    "broken minutes": ("minutes = 60", "minutes = 60.0", "[teach-an-hour-beside]: minutes is 60.0"),
    "minutes as text": ("minutes = 60", 'minutes = "60"', "[teach-an-hour-beside]: minutes is '60'"),
    "unknown where": ('where = "offline"', 'where = "outside"', "where is 'outside': choose one of online, offline"),
    "unknown faces": ('faces = "new"', "faces = true", "faces is True: choose one of known, new"),
    "unknown need": ("needs = []", 'needs = ["theme"]', "needs is ['theme']: list none, or some of person, place"),
    "needless need": ("needs = []", 'needs = ["place"]', "needs names 'place': put {place} into the text"),
    "unlisted need": (LISTEN, "Ask {person}.", "text can hold no slot at all, not {person}: change"),
    "link": (LISTEN, "Ask at https://example.org.", "text has 'https:', which an act never speaks of"),
    "money": (LISTEN, "Give someone 5 €.", "text has '€', which an act never speaks of"),
    "reach": (LISTEN, "Ask your followers.", "text has 'followers', which an act never speaks of"),
    "platform": (LISTEN, "Ask on LinkedIn.", "text has 'LinkedIn', which an act never speaks of"),
    "quota": (LISTEN, "Compliment three people.", "text has 'three people', which an act never speaks of"),
    "no verb": (
        LISTEN,
        "Someone new needs you.",
        "text begins with 'Someone': begin with what to do, or add that verb",
    ),
    "new verb": ("Knock at", "Rap at", "[check-on-neighbour]: text begins with 'Rap': begin with what to do"),
    "no verbs": ('verbs = """', 'verb = """', 'catalogue.toml: verbs is missing: add verbs = "..."'),
    "in a place": (CHEERS, "Ask someone in {place}.", "text has 'in {place}', which fits only some places: write from"),
    "at a place": (CHEERS, "Look for them at {place}.", "[thank-place-cheers-you]: text has 'at {place}', which fits"),
    "on a place": (CHEERS, "Look on {place}.", "text has 'on {place}', which fits only some places"),
    "person's": (GRUMBLE, "Hear {person}'s week.", 'text has "{person}\'s", which fits one but not many: reword it'),
    "person is": (GRUMBLE, "Ask how {person} is.", "text has '{person} is', which fits one but not many: reword it"),
    "person has": (GRUMBLE, "Ask what {person} has.", "[listen-grumble]: text has '{person} has', which fits one"),
    "person was": (GRUMBLE, "Ask how {person} was.", "text has '{person} was', which fits one but not many"),
    "two slots": (
        'needs = ["place"]',
        'needs = ["person", "place"]',
        "needs is ['person', 'place']: an act has one slot at most",
    ),
    "new by name": (
        'faces = "known"\nneeds = ["person"]',
        'faces = "new"\nneeds = ["person"]',
        "faces is 'new', but {person} is somebody they know: write faces",
    ),
    "unknown suits": ('suits = "craft"', 'suits = "skill"', "suits is 'skill': choose one of any, craft, manner"),
    "there as text": ("there = true", 'there = "yes"', "there is 'yes': choose one of True, False"),
}


def refusal(prompts: Path) -> str:
    """What is said when these prompts can't be used."""
    with pytest.raises(UnfitPrompts) as caught:
        load(prompts)
    return str(caught.value)


def rewrite(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")


@pytest.mark.parametrize(("old", "new", "complaint"), BROKEN_QUESTIONS.values(), ids=BROKEN_QUESTIONS)
def test_a_slip_in_the_questions_is_named_with_its_cure(prompts: Path, old: str, new: str, complaint: str) -> None:
    """Whatever a machine can find wrong stops the start, saying which file, where in it, and what to do."""
    rewrite(prompts / "en" / QUESTIONS, old, new)
    refused = refusal(prompts)
    assert refused.startswith("prompts/en/questions.toml")
    assert complaint in refused


@pytest.mark.parametrize(("old", "new", "complaint"), BROKEN_CATALOGUE.values(), ids=BROKEN_CATALOGUE)
def test_a_slip_in_the_catalogue_is_named_with_its_cure(prompts: Path, old: str, new: str, complaint: str) -> None:
    """Whatever a machine can find wrong stops the start, saying which file, where in it, and what to do."""
    rewrite(prompts / "en" / CATALOGUE, old, new)
    refused = refusal(prompts)
    assert refused.startswith("prompts/en/catalogue.toml")
    assert complaint in refused


def test_no_act_is_there_twice_under_two_names(prompts: Path) -> None:
    """A text that is there already is refused, whatever its capitals."""
    rewrite(prompts / "en" / CATALOGUE, LISTEN, CHEERS.replace("from {place}", "around").replace("Tell", "TELL"))
    rewrite(prompts / "en" / CATALOGUE, "Wait two breaths", CHEERS.replace("from {place}", "around") + '"\n#"')
    assert refusal(prompts) == (
        "prompts/en/catalogue.toml [listen-two-breaths]: says the same as listen-hardest-part: reword or delete one"
    )


def test_what_is_missing_is_named(prompts: Path) -> None:
    """What isn't there at all is said as plainly."""
    questions, catalogue = prompts / "en" / QUESTIONS, prompts / "en" / CATALOGUE
    catalogue.write_text("", "utf-8")
    assert refusal(prompts) == "prompts/en/catalogue.toml: there is no act: add [[act]]"
    text = questions.read_text("utf-8")
    text = text[: text.index("[received]")]
    questions.write_text("received = 1\n" + text, "utf-8")
    assert refusal(prompts) == "prompts/en/questions.toml: 'received' must be a table: write [received]"
    questions.write_text(text, "utf-8")
    assert refusal(prompts) == "prompts/en/questions.toml: the question 'received' is missing: add [received]"
    questions.unlink()
    missing = "prompts/en/questions.toml: the file is missing: install Tenfold again, or restore it"
    assert refusal(prompts) == missing


@pytest.mark.parametrize(
    ("kept", "complaint"),
    [
        (r"(?s).", "there are 199 acts of at least 200: add 1"),
        (r'kind = "[a-l]', "the acts are of 7 kinds, at least 16 are needed: add others"),
        (r"minutes = [1-6]\d", "0 acts take 5 minutes, 60 must: add smaller ones"),
        (
            r"(?s)^(?!.*there = true)",
            "0 of 200 acts happen where people are anyway, half must: add some with there = true",
        ),
    ],
)
def test_a_catalogue_that_is_too_thin_is_refused(prompts: Path, kept: str, complaint: str) -> None:
    """With few acts, few kinds, few small ones or few on the way people would soon be handed the same again."""
    catalogue = prompts / "en" / CATALOGUE
    head, *acts = catalogue.read_text("utf-8").split("[[act]]")
    left = [text for text in acts if re.search(kept, text)]
    for number in range(len(left), 200):
        left.append(left[0].replace('id = "', f'id = "x{number}-').replace('text = "', f'text = "Go on day {number}: '))
    left = left[: 199 if "199" in complaint else 200 if "200" in complaint else None]
    catalogue.write_text("[[act]]".join([head, *left]), "utf-8")
    assert refusal(prompts) == f"prompts/en/catalogue.toml: {complaint}"


def test_what_is_added_is_there_at_once(prompts: Path) -> None:
    """A new act and a new wording need no code."""
    catalogue, questions = prompts / "en" / CATALOGUE, prompts / "en" / QUESTIONS
    rewrite(catalogue, LISTEN, "Beg someone from {place} for a hand.")
    rewrite(
        catalogue,
        'needs = []\nsuits = "manner"\nthere = true\n\n[[act]]\nid = "listen-how',
        'needs = ["place"]\n\n[[act]]\nid = "listen-how',
    )
    rewrite(catalogue, 'verbs = """\n', 'verbs = """\nBeg ')
    rewrite(questions, "[call]\n", '[call]\nagain = "Who, did you say?"\n')
    rewrite(questions, '"Hello again.",', '"Hello again.", "Hello you.",')
    words = load(prompts)
    [act] = [act for act in words.acts if act.text.startswith("Beg ")]
    assert (act.id, act.needs) == ("listen-hardest-part", ("place",))
    assert (act.suits, act.there) == ("any", False)  # as it doesn't say
    assert words.questions["call"].again == "Who, did you say?"
    assert "Hello you." in words.openers


# ---- languages ----


def test_each_sentence_is_in_the_language_spoken_here(tmp_path: Path) -> None:
    """Within `speaking` sentences are translated; a language that nobody translated into leaves them as written."""
    folder = tmp_path / "pt" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "tenfold.mo").write_bytes(compiled({"": "Content-Type: text/plain; charset=UTF-8\n", "Kept.": "Está."}))
    assert _("Kept.") == "Kept."
    with speaking("pt", tmp_path):
        assert _("Kept.") == "Está."
        assert _("Nobody translated this.") == "Nobody translated this."
        with speaking("en", tmp_path):
            assert _("Kept.") == "Kept."
        with speaking("pt-br", tmp_path):
            assert _("Kept.") == "Está."
        assert _("Kept.") == "Está."
    assert _("Kept.") == "Kept."


@pytest.mark.parametrize("language", ["en", "", "xx", "zh-hans", "../..", "\0", "x" * 5000, "\ud800"])
def test_any_language_can_be_asked_for(language: str) -> None:
    """Whatever a client sends as its language, there is something to say."""
    with speaking(language):
        assert _("Kept.") == "Kept."


def test_a_language_ends_with_its_conversation() -> None:
    """Not even an error lets one person's language reach the next."""
    before = _("Kept.")
    with pytest.raises(RuntimeError), speaking("xx"):
        raise RuntimeError
    assert _("Kept.") == before


def compiled(messages: dict[str, str]) -> bytes:
    """A .mo file (GNU gettext manual, "The Format of GNU MO Files"), which Python's library reads but can't write."""
    rows = sorted((key.encode(), value.encode()) for key, value in messages.items())
    texts, tables = b"", (list[int](), list[int]())
    start = 28 + 16 * len(rows)
    for column, table in enumerate(tables):
        for row in rows:
            table += [len(row[column]), start + len(texts)]
            texts += row[column] + b"\0"
    numbers = [0x950412DE, 0, len(rows), 28, 28 + 8 * len(rows), 0, start, *tables[0], *tables[1]]
    return b"".join(number.to_bytes(4, "little") for number in numbers) + texts


# ---- which wording next ----

some_wordings = st.lists(st.text(min_size=1), min_size=1, max_size=14, unique=True)
seeds = st.integers(0, 2**63)


def said(wordings: list[str], number: int, seed: int, used: tuple[str, ...] = ()) -> list[str]:
    """What somebody is asked *number* times in a row."""
    texts = []
    for _time in range(number):
        text, used = next_wording(wordings, used, seed)
        texts.append(text)
    return texts


@given(wordings=some_wordings, seed=seeds, rounds=st.integers(1, 4))
def test_no_wording_comes_back_until_all_were_used(wordings: list[str], seed: int, rounds: int) -> None:
    """Every round has each wording once, and nothing is said twice running, not even where two rounds meet."""
    size = len(wordings)
    texts = said(wordings, rounds * size, seed)
    for start in range(0, len(texts), size):
        assert sorted(texts[start : start + size]) == sorted(wordings)
    if size > 1:
        assert all(text != following for text, following in pairwise(texts))


@given(wordings=some_wordings, seed=seeds, asked=st.integers(0, 30), data=st.data())
def test_the_list_may_be_edited_at_any_time(wordings: list[str], seed: int, asked: int, data: st.DataObject) -> None:
    """Reordering changes nothing. Added wordings have their turn in the same round, dropped ones are forgotten, and
    what stayed isn't repeated before its time."""
    used: tuple[str, ...] = ()
    texts: list[str] = []
    for _time in range(asked):
        text, used = next_wording(wordings, used, seed)
        texts.append(text)
    assert next_wording(data.draw(st.permutations(wordings)), used, seed) == next_wording(wordings, used, seed)
    this_round = set(texts[len(texts) - (asked % len(wordings) or (len(wordings) if asked else 0)) :])
    kept = [wording for wording in wordings if data.draw(st.booleans())]
    added = data.draw(st.lists(st.text(min_size=1).filter(lambda text: text not in wordings), unique=True, max_size=5))
    waiting = {wording for wording in kept + added if wording not in this_round}
    if waiting:
        assert set(said(kept + added, len(waiting), seed, used)) == waiting


def test_orders_differ_between_people_and_between_rounds(words: Words) -> None:
    """Two friends who compare, and one who stays for years, see no pattern."""
    wordings = list(words.questions["good_turn"].wordings)
    size = len(wordings)
    orders = set()
    for seed in range(50):
        texts = said(wordings, 4 * size, seed)
        orders |= {tuple(texts[start : start + size]) for start in range(0, 4 * size, size)}
    assert len(orders) == 200
    firsts = Counter(said(wordings, 1, seed)[0] for seed in range(1300))
    assert len(firsts) == size
    assert max(firsts.values()) < 2 * 1300 / size


def test_what_was_said_is_kept_short_and_for_ever() -> None:
    """What is stored holds no text, and means the same to every later version."""
    text, used = next_wording(["Who?", "Whose day?"], (), 7)
    assert (text, used) == ("Whose day?", ("1", "91ca5824"))
    assert next_wording(["Who?", "Whose day?"], used, 7)[0] == "Who?"
