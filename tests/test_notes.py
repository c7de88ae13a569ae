"""What is told outside a check-in: good turns by hand, plain words, edits, stickers; and what it says of itself."""

from itertools import pairwise

import pytest

from bot.domain import Answer, CheckIn, Unreadable
from bot.journal import Journal
from tests.conversation import Somebody, questions_in, text_of


def entries(journal: Journal) -> list[tuple[str, str | None]]:
    """The question and text of each thing told outside a check-in, newest first."""
    found, at = [], None
    while entry := journal.entry_before(at):
        at = entry.id
        if isinstance(entry, Answer):
            found.append((entry.question, entry.text))
    return found


# ---- a good turn by hand


async def test_a_good_turn_in_one_line(mira: Somebody) -> None:
    """`/goodturn` with the words behind it keeps them."""
    await mira.talks(("/goodturn lent Rui a drill", "ept"), ("/history", "Good turn", "lent Rui a drill"))


async def test_a_good_turn_asked_for(mira: Somebody) -> None:
    """Without words it asks; a yes asks again, and the next words are it, whatever time goes by."""
    await mira.talks(("/goodturn", "Tell me: who was it"), ("yes", "Tell me: who was it"), ("what counts?", "Tell me"))
    await mira.scene.restart(days=2)
    await mira.talks(("/start", "Hello again.", "Tell me: who was it"), ("lent Rui a drill", "ept"))
    assert await mira.journal(entries) == [("good_turn", "lent Rui a drill")]


@pytest.mark.parametrize("way", ["/cancel", "cancel", "never mind", "nothing"])
async def test_a_good_turn_after_all_not(mira: Somebody, way: str) -> None:
    """It can be left by command or word, and nothing is kept of that."""
    await mira.talks(("/goodturn", "Tell me"), (way, "Left it."), ("/history", "Nothing in your journal yet"))


async def test_a_good_turn_while_a_check_in_asks_for_it(mira: Somebody) -> None:
    """Then it is the answer to that."""
    await mira.says("/checkin")
    await mira.talks(("/goodturn lent Rui a drill", "[That's all]"), ("/goodturn", "You told me “lent Rui a drill”."))
    assert await mira.journal(entries) == []
    assert questions_in(await mira.says("that's all")) == ["received"]
    await mira.talks(("/goodturn helped Ana", "ept"), ("Tom drove me home", "minutes."))
    assert await mira.journal(entries) == [("good_turn", "helped Ana")]


# ---- plain words


@pytest.mark.parametrize(
    ("press", "kept"),
    [("[A good turn]", "good_turn"), ("[One I received]", "received"), ("[Just a note]", "note")],
)
async def test_plain_words_are_kept_first(mira: Somebody, press: str, kept: str) -> None:
    """Words that answer nothing are a note, and can be made a good turn or received; a second press is silent."""
    await mira.talks(("Rui and the drill", "[A good turn]", "[One I received]", "[Just a note]"))
    assert await mira.journal(entries) == [("note", "Rui and the drill")]
    await mira.talks((press, ""), (press,))
    assert await mira.journal(entries) == [(kept, "Rui and the drill")]


@pytest.mark.parametrize(
    ("said", "kept"),
    [("a good turn", "good_turn"), ("I received it", "received"), ("Just a note.", "note"), ("no", "note")],
)
async def test_sorted_by_word(mira: Somebody, said: str, kept: str) -> None:
    """What a note is can be said as well."""
    await mira.says("Rui and the drill")
    await mira.says(said)
    assert await mira.journal(entries) == [(kept, "Rui and the drill")]


async def test_two_notes_in_a_row(mira: Somebody) -> None:
    """Who just goes on telling has each thing kept, and older buttons still sort their own."""
    await mira.says("Rui and the drill")
    first = mira.all_heard[-1].reply.choices[0][1].action
    await mira.says("Ana and the cat")
    await mira.presses_action(first)
    assert await mira.journal(entries) == [("note", "Ana and the cat"), ("received", "Rui and the drill")]
    await mira.says("good turn")
    assert await mira.journal(entries) == [("good_turn", "Ana and the cat"), ("received", "Rui and the drill")]


async def test_politeness_is_returned(mira: Somebody) -> None:
    """A greeting, thanks or a stray yes is answered and not filed."""
    await mira.talks(("hello", "Hello."), ("hey there", "Hello."), ("dunno", "I haven't asked anything"))
    thanks = [text_of(await mira.says(said)) for said in ("thanks", "thank you!", "🙏", "lol")]
    assert len(set(thanks)) == 4
    assert await mira.journal(entries) == []


async def test_a_question_back(mira: Somebody) -> None:
    """It says what it is and keeps the words."""
    await mira.talks(("are you a real person?", "I'm a small program", "/help"))
    assert await mira.journal(entries) == [("note", "are you a real person?")]


@pytest.mark.parametrize("text", ["🍞", "…", "x", "؟", "https://example.org/a?b=c", "<script>", "1" * 5000, "a\n\n\nb"])
async def test_odd_words_are_kept(mira: Somebody, text: str) -> None:
    """Whatever it is, it gets an answer and is kept."""
    await mira.talks((text, "ote"))
    assert (await mira.journal(entries))[0] == ("note", text)


async def test_words_of_nothing(mira: Somebody) -> None:
    """What is empty once it is cleaned is asked for in words."""
    await mira.talks((" \n ", "ords"))


# ---- changes


async def test_an_edit_changes_the_answer(mira: Somebody) -> None:
    """Editing one's own message changes what it said, and the earlier words are kept beside it."""
    await mira.says("/checkin")
    await mira.says("helped Anna", message=41)
    heard = await mira.edits(41, "helped Ana")
    assert text_of(heard) == "Changed there too."
    assert await mira.edits(41, "helped Ana") == []
    await mira.talks(("/history", "helped Ana"), ("/cancel", "is kept"))
    await mira.says("/goodturn lent Rui a dril", message=42)
    await mira.edits(42, "/goodturn lent Rui a drill")
    assert await mira.journal(entries) == [("good_turn", "lent Rui a drill")]


async def test_an_edit_is_read_again(mira: Somebody) -> None:
    """An amount that is changed is understood anew."""
    await mira.says("/checkin full")
    for said in ("skip", "half"):
        await mira.says(said)
    await mira.says("2 hours", message=41)
    await mira.edits(41, "20 hours")

    def reading(journal: Journal) -> str | None:
        check_in = journal.open_check_in()
        assert check_in is not None
        return next(answer.reading for answer in check_in.answers if answer.question == "hours")

    assert await mira.journal(reading) == "14-"


async def test_an_edit_of_anything_else(mira: Somebody) -> None:
    """What it can't place it asks for again; a command that is mended is run."""
    await mira.says("/histroy", message=41)
    assert "Nothing in your journal yet" in text_of(await mira.edits(41, "/history"))
    assert "as a new message" in text_of(await mira.edits(999, "helped Ana"))


# ---- what isn't words


async def test_stickers_and_the_like(mira: Somebody) -> None:
    """A sticker gets a light reply, never the same twice running; of what can't be kept a few words are asked for."""
    replies = [text_of(await mira.sends("sticker")) for _sticker in range(4)]
    assert all(one != other for one, other in pairwise(replies))
    later = [text_of(await mira.sends(kind)) for kind in ("contact", "location", "poll")]
    assert all("words" in each for each in later)
    assert len(set(later)) == 3
    assert await mira.journal(entries) == []


# ---- about itself


async def test_help_and_privacy(mira: Somebody) -> None:
    """Everything fits a screen, names each command, and says plainly who could read what."""
    [overview] = await mira.says("/help")
    for command in ("/checkin", "/goodturn", "/history", "/pause", "/cancel", "/privacy"):
        assert command in overview.text
    [privacy] = await mira.says("/privacy")
    assert "whoever runs this bot" in privacy.text
    assert max(len(overview.text), len(privacy.text)) < 700


@pytest.mark.parametrize("command", ["/foo", "/", "/storybook", "/HISTORYX", "/erased everything"])
async def test_an_unknown_command(mira: Somebody, command: str) -> None:
    """It says so and where to look, and what was open stays open."""
    await mira.says("/checkin")
    await mira.talks((command, "I don't know that one. /help"), ("helped Ana", "[That's all]"))


async def test_cancel_everywhere(mira: Somebody) -> None:
    """/cancel leaves what is open, one thing at a time, and says so when nothing is."""
    await mira.talks(("/cancel", "Nothing is open just now."))
    await mira.says("/checkin")
    await mira.says("helped Ana")
    await mira.says("/goodturn")
    await mira.talks(
        ("/cancel", "We'll leave it there. What you told me is kept."),
        ("/cancel", "Nothing is open just now."),
        ("[My own time]", "When"),
        ("/cancel", "Left it."),
        ("/cancel", "Nothing is open just now."),
        ("/history", "helped Ana"),
    )
    check_in = await mira.journal(lambda journal: journal.entry_before(None))
    assert isinstance(check_in, CheckIn)
    assert not check_in.finished


async def test_cancel_in_the_first_meeting(stranger: Somebody) -> None:
    """Nothing is lost by it, and the next words go on."""
    await stranger.talks(
        ("/start", "Hello."),
        ("/cancel", "There's no hurry."),
        ("bees", "In which city?"),
        ("[Other time]", "Which day"),
        ("/cancel", "leave it as it is", "In which city?"),
        ("/goodturn", "Tell me"),
        ("/cancel", "Left it.", "In which city?"),
        ("porto", "No need to wait"),
    )


async def test_what_no_dialogue_can_use(mira: Somebody) -> None:
    """What nobody can read is answered as what isn't words."""
    assert len(await mira.does(Unreadable(kind="update"))) == 1
    assert await mira.journal(entries) == []


async def test_a_good_turn_left_by_button(mira: Somebody) -> None:
    """Never mind leaves it, once."""
    await mira.talks(("/goodturn", "[Never mind]"), ("[Never mind]", "Left it."), ("[Never mind]",))


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        ("who can read this?", "Telegram number, first name and language"),
        ("help", "/checkin"),
        ("delete my data", "If you're sure, write: erase everything"),
        ("Delete everything", "There is no way back."),
    ],
)
async def test_about_itself_in_words(mira: Somebody, said: str, heard: str) -> None:
    """Asked in words, anywhere, it answers as it would to the command, files nothing, and leaves the question open."""
    await mira.says("/checkin")
    await mira.talks((said, heard), ("helped Ana", "[That's all]"))
    assert await mira.journal(entries) == []
