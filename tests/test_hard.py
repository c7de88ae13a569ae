"""Hard moments: what ends a check-in and what must not, what is said then, and that nothing else is."""

import asyncio
import re
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import process_time

import pytest

from bot.dialogue.hard import book
from bot.domain import Answer, Pressed
from bot.understand.hard import Hardship, hardship
from bot.words import UnfitPrompts, load
from tests.conversation import WORDS, Heard, Scene, Somebody, questions_in, text_of
from tests.hard_sentences import DANGER, FINE, ILLNESS, LOSS

BOOK = book(WORDS)
QUESTION = "Shall I stay quiet for two weeks?"
GENTLY = "Would it help if I stayed quiet for two weeks?"
HELP = "I'm only a small program. Please tell someone near you now, or call your local emergency number."
BUTTONS = ["Two weeks", "A month", "No, come as usual"]
FRIDAY = datetime(2026, 11, 13, 18, tzinfo=UTC)
PROMPTS = Path(__file__).parent.parent / "prompts"


def told(kind: str, table: str) -> list[tuple[str, Hardship]]:
    """The sentences of a *table*, each with what it is to be understood as."""
    lines = (line.partition("|") for line in table.strip().splitlines())
    return [(text, Hardship(kind=kind, whose=whose)) for text, _bar, whose in lines]  # type: ignore[arg-type]


HARD = told("danger", DANGER) + told("loss", LOSS) + told("illness", ILLNESS)
OTHERS = FINE.strip().splitlines()


# ---- what is one, and what isn't


def test_the_tables_are_long_and_say_nothing_twice() -> None:
    """Enough of each to mean something."""
    assert len({text for text, _meant in HARD}) == len(HARD) >= 130
    assert len(set(OTHERS)) == len(OTHERS) >= 130
    assert min(len(told("", table)) for table in (DANGER, LOSS, ILLNESS)) >= 40


@pytest.mark.parametrize(("text", "meant"), HARD, ids=[text for text, _meant in HARD])
def test_what_ends_a_check_in(text: str, meant: Hardship) -> None:
    """Which kind it is; and whose, where that is certain."""
    assert hardship(text, BOOK) == meant


@pytest.mark.parametrize("text", OTHERS)
def test_what_ends_none(text: str) -> None:
    """Sayings, work in care, other people's troubles, things that break."""
    assert hardship(text, BOOK) is None


@pytest.mark.parametrize(("text", "meant"), HARD[::5])
def test_however_it_is_written(text: str, meant: Hardship) -> None:
    """Capitals, curly or no apostrophes, no full stops, more spaces, an emoji behind it: it means the same."""
    plain = text.rstrip(".! ")
    for other in (
        text.upper(),
        text.replace("'", "’"),
        plain.replace("'", ""),
        f"  {plain}\n",
        f"{text} 😔",
        f"So… {text}",
    ):
        found = hardship(other, BOOK)
        assert found is not None, other
        assert found.kind == meant.kind, other


@pytest.mark.parametrize(("text", "meant"), HARD[::9])
def test_wherever_it_stands(text: str, meant: Hardship) -> None:
    """A long message is read to its end."""
    story = "Gave Rui some starter and showed him how to feed it. " * 70
    for whole in (f"{story}{text}", f"{text}. {story}", f"{story}\n{text}\n{story}"):
        found = hardship(whole[:4096] if whole.startswith(text) else whole, BOOK)
        assert found is not None
        assert found.kind == meant.kind


def test_the_most_urgent_counts() -> None:
    """Danger before a loss, a loss before an illness."""
    assert hardship("dad died and now mum is in hospital", BOOK) == Hardship(kind="loss", whose="your dad")
    assert hardship("my dad died and I want to die too", BOOK) == Hardship(kind="danger")


@pytest.mark.parametrize(
    "text",
    [
        "my mum and my dad died in a crash",
        "my friend's dad died",
        "anas dad died",
        "my mum's old neighbour's son died",
        "lost someone very close to me",
    ],
)
def test_nobody_is_guessed(text: str) -> None:
    """Nobody wrong is ever named: rather nobody."""
    found = hardship(text, BOOK)
    assert found is None or found.whose == ""


def test_saying_and_truth_in_one_message() -> None:
    """What only sounds hard doesn't hide what is."""
    assert hardship("this deadline is killing me and dad died last night", BOOK) is not None
    assert hardship("dead tired. my mum is in hospital", BOOK) == Hardship(kind="illness", whose="your mum")
    assert hardship("covered a hospital shift, then heard that my brother killed himself", BOOK) is not None


def test_it_costs_next_to_nothing() -> None:
    """It is looked for in everything that is written."""
    for text in OTHERS:
        hardship(text, BOOK)
    start = process_time()
    for text in OTHERS:
        hardship(text, BOOK)
    assert (process_time() - start) / len(OTHERS) < 0.002  # some 0.1 ms; slow machines are given time


def test_no_message_takes_long() -> None:
    """The longest messages, also those made to be slow."""
    for text in (
        "my " * 1300,
        "i really " * 450,
        "dad is so " * 400,
        "he hits " * 500,
        "want to die of " * 270,
        "; dead" * 680,
    ):
        start = process_time()
        hardship(text, BOOK)
        assert process_time() - start < 0.5  # some 40 ms


# ---- what is said


async def friday(person: Somebody) -> list[Heard]:
    """The first check-in."""
    await person.scene.until(FRIDAY)
    return person.hears()


async def weeks(person: Somebody, number: int) -> list[Heard]:
    """What comes unasked in so many weeks."""
    await person.scene.later(weeks=number)
    return person.hears()


async def everything(person: Somebody) -> list[Answer]:
    return await person.journal(lambda journal: journal.written(99))


async def ends(person: Somebody, text: str, line: str, question: str = QUESTION) -> None:
    """Say *text*: *line* and the one question are heard, and nothing else; the words are kept, and nothing is open."""
    await heard_alone(person, await person.says(text), line, question)
    await kept(person, text.removeprefix("/goodturn "))


async def heard_alone(person: Somebody, heard: list[Heard], line: str, question: str = QUESTION) -> None:
    [only] = heard
    assert re.fullmatch(line, only.text.splitlines()[0]), only.text
    assert only.text.splitlines()[1:] == [question]
    assert only.labels == BUTTONS or only.labels == [*BUTTONS[:2], "No need"]
    assert await person.journal(lambda journal: journal.open_check_in()) is None
    assert await person.journal(lambda journal: journal.planned("later")) is None


async def kept(person: Somebody, text: str, reading: str | None = "hard") -> None:
    """*text* is in the journal to the letter."""
    assert [answer.reading for answer in await everything(person) if answer.text == text] == [reading]


DAD, SORRY = r".*I'm (so )?sorry about your dad\.", r".*I'm .*sorry.*"


@pytest.mark.parametrize("restart", [False, True])
async def test_at_the_good_turn(stage: Scene, mira: Somebody, restart: bool) -> None:
    """The row of the table: no act, no mirror, no second question, also after a restart; the check-in is left as it
    stands, and counts as answered."""
    await friday(mira)
    await ends(mira, "nothing, dad's in hospital", DAD)
    if restart:
        await stage.restart()
    await mira.talks(("yes", "Quiet until Friday 27 November.", "[Come by again]"))
    [check_in] = await mira.journal(lambda journal: journal.check_ins(9))
    assert (check_in.finished, check_in.closed_at is not None) == (False, True)
    assert (await mira.journal(lambda journal: journal.person)).unanswered == 0
    assert await weeks(mira, 1) == []
    visits = await weeks(mira, 2)
    assert [(each.at.day, questions_in([each])) for each in visits][:1] == [(27, ["good_turn"])]
    await mira.talks(("/history", "nothing, dad's in hospital"))


async def test_in_the_middle(mira: Somebody) -> None:
    """Also at a second question; what was told before stays, and no mirror quotes any of it."""
    await friday(mira)
    await mira.says("drove Rui home in the rain")
    await mira.says("that's all")
    await ends(mira, "my dad died on tuesday", DAD)
    await mira.talks(("[A month]", "Quiet until Sunday 13 December."), ("/history", "drove Rui home", "my dad died"))
    assert await weeks(mira, 4) == []
    [visit] = await weeks(mira, 1)
    assert questions_in([visit]) == ["good_turn"]
    await mira.says("sat with dad's old friends, told stories of tuesday")
    await mira.says("that's all")
    assert "died" not in text_of(await mira.says("nobody"))


@pytest.mark.parametrize("number", range(5))
async def test_at_every_question_of_a_full_one(mira: Somebody, number: int) -> None:
    """Whatever is asked, the words are kept as its answer."""
    await mira.says("/checkin full")
    for _question in range(number):
        await mira.says("skip")
    await ends(mira, "I don't want to be here anymore", re.escape(HELP), GENTLY)
    [answer] = [each for each in await everything(mira) if each.reading == "hard"]
    assert answer.question == ("good_turn", "people", "hours", "presence", "call")[number]
    assert answer.check_in is not None


async def test_danger(mira: Somebody) -> None:
    """What is said is short and says where help is; whatever follows says so again, in other words."""
    await friday(mira)
    await ends(mira, "honestly I don't see the point of being here", re.escape(HELP), GENTLY)
    said = [HELP]
    for text in ("I want to die", "it just hurts", "are you a person?", "help", "what should I do?"):
        [heard] = await mira.says(text)
        assert "local emergency number" in heard.text
        assert heard.text != said[-1]
        said.append(heard.text)
    await mira.talks(("no", "please, do tell someone near you"))
    assert (await mira.journal(lambda journal: journal.person)).quiet_until is None


async def test_from_loss_to_danger(mira: Somebody) -> None:
    """When it gets worse, help is named at once; and a loss after it doesn't make it less."""
    await ends(mira, "my sister died", r".*I'm (so )?sorry about your sister\.")
    [heard] = await mira.says("I want to be dead too")
    assert heard.text == HELP
    [heard] = await mira.says("she died on sunday, she was 19")
    assert "emergency number" in heard.text


async def test_a_second_one_right_after(mira: Somebody) -> None:
    """It isn't answered by the same line; everything is kept; the question is still open."""
    await friday(mira)
    await ends(mira, "my dad died", DAD)
    first = mira.all_heard[-1].text
    [second] = await mira.says("and mum is in hospital since")
    [third] = await mira.says("my grandma passed away in june too")
    assert len({first, second.text, third.text}) == 3
    assert QUESTION not in second.text + third.text
    assert second.labels == third.labels == BUTTONS
    for text in ("my dad died", "and mum is in hospital since", "my grandma passed away in june too"):
        await kept(mira, text)
    await mira.talks(("two weeks", "Quiet until Friday 27 November."))


async def test_what_they_go_on_telling(mira: Somebody) -> None:
    """More of it is kept and not offered to be a good turn; a day later words are words again."""
    await ends(mira, "my dad died", DAD)
    for text in ("he was so good with bread", "we baked together every sunday"):
        [heard] = await mira.says(text)
        assert heard.labels == []
        assert "?" not in heard.text
        await kept(mira, text)
    await mira.talks(("thank you", ""), ("who are you?", "small program"))
    await mira.scene.later(days=2)
    await mira.talks(("gave Rui some starter", "[A good turn]"))


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("yes", "Monday 23 November"),
        ("yes please, thank you", "Monday 23 November"),
        ("ok", "Monday 23 November"),
        ("that would be good", "Monday 23 November"),
        ("[Two weeks]", "Monday 23 November"),
        ("two weeks", "Monday 23 November"),
        ("a month", "Wednesday 9 December"),
        ("a month please", "Wednesday 9 December"),
        ("rather a month", "Wednesday 9 December"),
        ("[A month]", "Wednesday 9 December"),
        ("for three weeks", "Monday 30 November"),
        ("till january", "Friday 1 January"),
        ("pause till january", "Friday 1 January"),
    ],
)
async def test_quiet(mira: Somebody, said: str, day: str) -> None:
    """By button or in words, for as long as they say."""
    await ends(mira, "my dad died", DAD)
    await mira.talks((said, f"Quiet until {day}.", "[Come by again]"))
    until = await mira.journal(lambda journal: journal.person.quiet_until)
    assert until is not None
    await mira.scene.until(until)
    assert mira.hears() == []
    assert questions_in(await weeks(mira, 1)) == ["good_turn"]


@pytest.mark.parametrize(
    "said", ["no", "no thanks", "[No, come as usual]", "come as usual", "no, keep coming", "nah", "cancel"]
)
async def test_as_usual(mira: Somebody, said: str) -> None:
    """The rhythm is as before, but the same week isn't asked about twice."""
    await friday(mira)
    await ends(mira, "my dad died", DAD)
    [heard] = await (mira.presses(said[1:-1]) if said[0] == "[" else mira.says(said))
    assert "usual" in heard.text
    assert heard.labels == []
    visits = await weeks(mira, 1)
    assert [(each.at.day, questions_in([each])) for each in visits] == [(20, ["good_turn"])]


async def test_as_usual_after_one_by_hand(mira: Somebody) -> None:
    """A check-in of Wednesday that ended so isn't followed by one on Friday."""
    await mira.scene.later(days=2)
    await mira.says("/checkin")
    await ends(mira, "my dad died", DAD)
    await mira.says("no")
    visits = await weeks(mira, 2)
    assert [each.at.day for each in visits] == [20]


async def test_unanswered(mira: Somebody) -> None:
    """Who says nothing more isn't asked in the days after, nor counted as gone; the usual visit comes after a week."""
    await mira.scene.later(days=3)
    await ends(mira, "my dad died", DAD)
    await mira.scene.until(FRIDAY + timedelta(days=1))
    assert mira.hears() == []
    visits = await weeks(mira, 1)
    assert [(each.at.day, questions_in([each])) for each in visits] == [(20, ["good_turn"])]
    assert (await mira.journal(lambda journal: journal.person)).unanswered == 0
    await mira.talks(("gave Rui some starter", "[That's all]"))


async def test_presses_count_once(mira: Somebody) -> None:
    """A second press is silent, another changes how long, and the last one ends it; forged ones do nothing."""
    await ends(mira, "my dad died", DAD)
    await mira.talks(
        ("[Two weeks]", "Quiet until Monday 23"), ("[Two weeks]",), ("[A month]", "Quiet until Wednesday 9")
    )
    await mira.talks(("[No, come as usual]", "I'm here again."), ("[No, come as usual]",))
    for action in ("hard:99", "hard", "hard:yes"):
        assert text_of(await mira.does(Pressed(action=action, message=1))).startswith("That button")


# ---- wherever it is said


async def test_as_a_good_turn_by_hand(mira: Somebody) -> None:
    """With the words behind the command, or asked for."""
    await ends(mira, "/goodturn my dad died", DAD)
    await mira.talks(("no", "usual"), ("/goodturn", "Tell me"))
    await ends(mira, "sorry. grandma died today", SORRY)
    await mira.talks(("/history", "grandma died today"))


async def test_as_a_note(mira: Somebody) -> None:
    """Outside of everything; no kind is offered for it, and the card that was open is left."""
    await ends(mira, "I was diagnosed with cancer", SORRY)
    await mira.talks(("[Tomorrow with coffee]", ""))


async def test_as_a_moment(mira: Somebody) -> None:
    """Asked when they'd do it."""
    await mira.talks(("[My own time]", "When, in your own words?"))
    await ends(mira, "not now, my dad had a stroke", DAD)


async def test_after_later(mira: Somebody) -> None:
    """What was put off doesn't come either."""
    await friday(mira)
    await mira.talks(("later", "Tomorrow"))
    await ends(mira, "my dad died", DAD)
    await mira.scene.later(days=5)
    assert mira.hears() == []


async def test_in_a_caption(mira: Somebody) -> None:
    """Under a picture."""
    await friday(mira)
    await heard_alone(mira, await mira.sends("photo", "my dad died"), DAD)
    await kept(mira, "my dad died")


async def test_in_an_edit(mira: Somebody) -> None:
    """A message that turns hard afterwards; a slip put right in it isn't answered by the line again."""
    await friday(mira)
    await mira.says("helped Ana", message=901)
    await heard_alone(mira, await mira.edits(901, "helped Ana. my dad deid, no, my dad died"), DAD)
    await kept(mira, "helped Ana. my dad deid, no, my dad died")
    assert text_of(await mira.edits(901, "helped Ana. my dad died")) == "Changed there too."
    await kept(mira, "helped Ana. my dad died")
    assert await mira.edits(901, "helped Ana. my dad died") == []


async def test_a_late_reply(mira: Somebody) -> None:
    """It stays with the check-in that asked."""
    [first] = await friday(mira)
    await mira.says("too many questions")
    await mira.says("my dad died", reply_to=first.message)
    [answer] = [each for each in await everything(mira) if each.reading == "hard"]
    assert answer.check_in == first.reply.about


async def test_in_the_quiet(mira: Somebody) -> None:
    """Nothing is asked: it is quiet already, and stays so."""
    await mira.says("stop")
    [heard] = await mira.says("my dad died")
    assert re.match(DAD, heard.text)
    assert "I stay quiet, as you asked." in heard.text
    assert heard.labels == []
    [heard] = await mira.says("i want to die")
    assert heard.text.startswith(HELP)
    assert await weeks(mira, 8) == []
    await kept(mira, "my dad died")


@pytest.mark.parametrize("themes", [False, True])
async def test_in_the_first_meeting(stage: Scene, stranger: Somebody, themes: bool) -> None:
    """The meeting waits, and goes on where it was when they like."""
    await stranger.says("/start")
    if themes:
        await stranger.says("sourdough, listening")
    await ends(stranger, "sorry, my dad just died", DAD)
    await stage.restart()
    await stranger.talks(("no", "We can go on whenever you like."))
    await stranger.talks(("/start", "In which city?" if themes else "What would you like people to come to you for?"))
    if not themes:
        await stranger.says("sourdough")
    await stranger.talks(("porto", "No need to wait"), ("/history", "my dad just died"))


async def test_quiet_in_the_first_meeting(stranger: Somebody) -> None:
    """Quiet there too; coming back goes on with the meeting."""
    await stranger.says("/start")
    await ends(stranger, "my mum is in hospital", r".*your mum\.")
    await stranger.talks(("[Two weeks]", "Quiet until"), ("[Come by again]", "I'm here again.", "What would you like"))


async def test_the_first_words_ever(stranger: Somebody) -> None:
    """Before anything was said."""
    await ends(stranger, "I want to kill myself", re.escape(HELP), GENTLY)


@pytest.mark.parametrize(
    "text",
    [
        "grief counselling",
        "hospice work, bread",
        "suicide prevention, first aid",
        "being there for people who lost someone",
        "cancer support groups",
        "talking about death",
        "hospital visiting",
    ],
)
async def test_what_somebody_stands_for(stranger: Somebody, text: str) -> None:
    """Whoever is there for people in hard moments can say so."""
    await stranger.talks(("/start", "Hello."), (text, "In which city?"))


async def test_stop_wins(mira: Somebody) -> None:
    """A wish for quiet is a wish for quiet, and despair is no such wish."""
    await mira.talks(("leave me alone", "quiet until you call"), ("[Come by again]", "I'm here again."))
    await ends(mira, "I want to stop living", re.escape(HELP), GENTLY)
    await mira.talks(("STOP", "quiet until you call"))


async def test_after_a_long_absence(mira: Somebody) -> None:
    """Nobody is greeted gladly with it."""
    await weeks(mira, 60)
    await ends(mira, "my dad died", DAD)


async def test_nothing_is_lost_when_many_write(mira: Somebody) -> None:
    """Two messages at once are two, and both are kept."""
    await asyncio.gather(mira.says("my dad died"), mira.says("I don't know what to do"))
    assert {answer.text for answer in await everything(mira)} == {"my dad died", "I don't know what to do"}


# ---- the file


BROKEN = {
    "bracket": ("hurts me !(", "hurts me !((", "[danger: violence, threats, fear at home]: a bracket stays open in"),
    "no kind": ("[[danger]]", "[[dangers]]", "there is no danger: add [[danger]]"),
    "no table": ("\n[spelling]", "\n[spellings]", "[spelling] is missing"),
    "close": ("pets = ", "pet = ", "[close] has family, others, pet,"),
    "slip": ('"funeral" = "', '"funeral" = "(', "[spelling.funeral]: a bracket stays open"),
}
UNFIT = {
    "(a | b]": "] has no partner",
    "{kin} died": "there is no list {kin}: add it",
    "a | | b": "a bar or bracket with nothing beside it",
    "a *b": "'*b' can't be read in 'a *b'",
    "Dad died": "'Dad' has a capital",
    "": "phrases is missing: add phrases",
    "@ [very]": "has no word of its own",
}
BROKEN |= {
    phrase or "no phrases": ("[[loss]]", f"[[loss]]\nabout = 'x'\nphrases = '{phrase}'\n[[loss]]", complaint)
    for phrase, complaint in UNFIT.items()
}


@pytest.mark.parametrize(("old", "new", "complaint"), BROKEN.values(), ids=BROKEN)
def test_a_slip_in_the_phrases_is_named_with_its_cure(tmp_path: Path, old: str, new: str, complaint: str) -> None:
    """Whatever can't be compared with a message stops the start, saying where and what to do."""
    prompts = shutil.copytree(PROMPTS, tmp_path / "prompts")
    file = prompts / "en" / "hard.toml"
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new) if "dangers" in new else text.replace(old, new, 1), "utf-8")
    with pytest.raises(UnfitPrompts) as caught:
        load(prompts)
    assert str(caught.value).startswith("prompts/en/hard.toml")
    assert complaint in str(caught.value)


def test_the_file_must_be_there(tmp_path: Path) -> None:
    """Without it the bot doesn't start."""
    prompts = shutil.copytree(PROMPTS, tmp_path / "prompts")
    (prompts / "en" / "hard.toml").unlink()
    with pytest.raises(UnfitPrompts, match=re.escape("prompts/en/hard.toml: the file is missing")):
        load(prompts)


def test_a_phrase_that_is_added_is_understood(tmp_path: Path) -> None:
    """One more line is all it takes."""
    prompts = shutil.copytree(PROMPTS, tmp_path / "prompts")
    file = prompts / "en" / "hard.toml"
    added = "[[loss]]\nabout = 'added'\nphrases = 'popped {very} [his | her] clogs'\n\n[[loss]]"
    file.write_text(file.read_text("utf-8").replace("[[loss]]", added, 1), "utf-8")
    found = hardship("Grandpa finally popped his clogs", book(load(prompts)))
    assert found is not None
    assert found.kind == "loss"
    assert hardship("Grandpa finally popped his clogs", BOOK) is None
