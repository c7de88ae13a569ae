"""What isn't words, and what somebody else wrote: kept with the answer they belong to, and found again."""

import pytest

from bot.dialogue import media
from bot.dialogue.talk import House, Talk
from bot.domain import Answer, File, Said, Sent
from bot.journal import Journal
from tests.conversation import WORDS, Heard, Somebody, questions_in, text_of

Kept = tuple[str, str | None, str | None, int]


def kept(journal: Journal) -> list[Kept]:
    """Question, text, reading and number of files of every answer, oldest first."""
    files = {each.answer for each in journal.all_media()}
    answers = [journal.answer(id) for id in range(1, journal.person.counter + 1)]
    return [
        (each.question, each.text, each.reading, len(journal.media_of(each.id)))
        for each in answers
        if each and (each.text is not None or each.id in files)
    ]


def has_question(heard: list[Heard]) -> bool:
    """Whether a few words are asked for."""
    return any("It's fine as it is" in each.labels for each in heard)


async def states(somebody: Somebody) -> list[str]:
    """What became of the bytes of each file."""
    return await somebody.journal(lambda journal: [each.state for each in journal.all_media()])


# ---- without words


async def test_a_voice_note(mira: Somebody) -> None:
    """It is kept, bytes and all, and a few words are asked for, which then are its words."""
    [heard] = await mira.sends("voice", data=b"OggS hello")
    assert heard.text == "Kept. A few words, so you can find it later?"
    assert await mira.journal(kept) == [("note", None, "voice", 1)]
    assert await states(mira) == ["kept"]
    files = mira.scene.engine._errands._files
    [id] = await files.sizes(mira.sender.person)
    async with files.held(mira.sender.person, id) as file:
        assert file is not None
        assert file.read_bytes() == b"OggS hello"
        assert file.stat().st_mode & 0o777 == 0o600
    await mira.talks(("Ana singing", "[A good turn]", "[Just a note]"), ("[Just a note]", "A note it is."))
    assert await mira.journal(kept) == [("note", "Ana singing", "sorted", 1)]
    assert not await mira.journal(lambda journal: journal.revisions(journal.written(1)[0].id))


async def test_words_are_asked_for_kindly(mira: Somebody) -> None:
    """Every kind is kept, and not asked about in the same words again and again."""
    asked = []
    for kind in ("voice", "photo", "video", "audio", "document"):
        [heard] = await mira.sends(kind)
        asked.append(heard.text)
        await mira.scene.later(minutes=5)
    assert len(set(asked)) == 5
    assert all("ept" in each or "safe" in each or "have it" in each for each in asked)
    assert [reading for _question, _text, reading, _files in await mira.journal(kept)] == [
        "voice", "photo", "video", "audio", "document",
    ]  # fmt: skip


@pytest.mark.parametrize("way", ["skip", "no", "/cancel", "cancel", "[It's fine as it is]", "nah thanks"])
async def test_a_file_needs_no_words(mira: Somebody, way: str) -> None:
    """Whoever would rather not leaves it as it is, and it stays kept."""
    await mira.sends("photo")
    heard = await mira.presses(way[1:-1]) if way.startswith("[") else await mira.says(way)
    assert any(word in text_of(heard) for word in ("ept", "Left it."))
    await mira.talks(("/cancel", "Nothing is open"))
    assert await mira.journal(kept) == [("note", None, "photo", 1)]


async def test_the_way_out_is_pressed_once(mira: Somebody) -> None:
    """Its button means nothing more afterwards, and an invented one never did."""
    await mira.sends("photo")
    await mira.presses("It's fine as it is")
    assert mira.scene.room.chosen == ["It's fine as it is"]
    assert await mira.presses("It's fine as it is") == []
    assert "had its day" in text_of(await mira.presses_action("media:leave:999"))


async def test_asking_back_about_it(mira: Somebody) -> None:
    """Why it asks is told, what was asked is kept, and the question stays open."""
    await mira.sends("photo")
    await mira.talks(("why?", "find it by a word", "[It's fine as it is]"), ("yes", "What is it"), ("the loaf", "ept"))
    assert ("note", "the loaf", None, 1) in await mira.journal(kept)
    assert ("note", "why?", None, 0) in await mira.journal(kept)


async def test_what_is_not_swallowed(mira: Somebody) -> None:
    """Quiet, commands and buttons are what they are, also while words about a file are awaited."""
    await mira.sends("photo")
    await mira.talks(("/history", ""), ("help", "/checkin"), ("STOP", "I'll be quiet until you call."))
    assert await mira.journal(kept) == [("note", None, "photo", 1)]
    assert (await mira.journal(lambda journal: journal.person.pending)) is None


async def test_words_much_later_are_their_own(mira: Somebody) -> None:
    """After half a day what is said is no longer about the file."""
    await mira.sends("photo")
    await mira.scene.later(hours=13)
    await mira.says("lent Ana a drill")
    assert await mira.journal(kept) == [("note", None, "photo", 1), ("note", "lent Ana a drill", None, 0)]


async def test_it_is_asked_again_after_a_restart(mira: Somebody) -> None:
    """A hello in between asks for the words once more."""
    await mira.sends("photo")
    await mira.scene.restart(hours=2)
    await mira.talks(("/start", "Hello again.", "What is it, in a few words?"), ("the loaf", "[Just a note]"))
    assert ("note", "the loaf", None, 1) in await mira.journal(kept)


# ---- many at once


@pytest.mark.parametrize("album", ["", "17"])
async def test_many_photos_are_asked_about_once(mira: Somebody, album: str) -> None:
    """Photos that come together belong together: one answer, one question, and words for all of them."""
    assert has_question(await mira.sends("photo", album=album))
    for _photo in range(2):
        assert await mira.sends("photo", album=album) == []
    await mira.says("the market")
    assert await mira.journal(kept) == [("note", "the market", None, 3)]
    assert await states(mira) == ["kept"] * 3


async def test_an_album_with_words(mira: Somebody) -> None:
    """Words below one photo of an album are for all of it, whichever comes first; another album is another answer."""
    heard = await mira.sends("photo", "the shelf I built for Ana", album="1")
    assert heard[-1].labels[0] == "A good turn"
    assert await mira.sends("photo", album="1") == []
    assert has_question(await mira.sends("photo", album="2"))
    assert not has_question(await mira.sends("photo", "and one for Rui", album="2"))
    assert await mira.sends("photo", album="2") == []
    assert await mira.journal(kept) == [
        ("note", "the shelf I built for Ana", None, 2),
        ("note", "and one for Rui", None, 3),
    ]


async def test_photos_with_a_while_between(mira: Somebody) -> None:
    """One that comes minutes later is one of its own."""
    await mira.sends("photo")
    await mira.scene.later(minutes=2)
    assert has_question(await mira.sends("photo"))
    assert len(await mira.journal(kept)) == 2


# ---- with words


async def test_a_caption_is_words(mira: Somebody) -> None:
    """What stands under a picture is said, wherever it belongs, and the picture is kept with it."""
    await mira.sends("photo", "the shelf I built for Ana")
    assert await mira.journal(kept) == [("note", "the shelf I built for Ana", None, 1)]
    await mira.says("/checkin")
    heard = await mira.sends("photo", "and one for Rui")
    assert heard[0].labels == ["That's all", "Fix"]
    await mira.sends("photo", "/goodturn baked for Joana")
    assert (await mira.journal(kept))[1:] == [
        ("good_turn", "and one for Rui", None, 1),
        ("good_turn", "baked for Joana", None, 1),
    ]


@pytest.mark.parametrize(
    ("caption", "heard", "text"),
    [("stop", "quiet until you call", "stop"), ("/history", "in your journal", None), ("thanks", "", "thanks")],
)
async def test_a_wish_below_a_picture(mira: Somebody, caption: str, heard: str, text: str | None) -> None:
    """It is done, and the picture is kept all the same."""
    assert heard in text_of(await mira.sends("photo", caption))
    assert await mira.journal(kept) == [("note", text, "sorted" if text else "photo", 1)]
    assert await states(mira) == ["kept"]


async def test_an_edited_caption(mira: Somebody) -> None:
    """A changed caption changes the answer, one that is added gives it its words, and no more are asked for; and words
    that came later change by being changed themselves."""
    await mira.sends("photo", "the shelf", message=41)
    assert "Changed there too." in text_of(await mira.edits(41, "the shelf I built for Ana"))
    await mira.sends("voice", message=42)
    assert "Changed there too." in text_of(await mira.edits(42, "Ana singing"))
    await mira.says("gave Rui a loaf")
    await mira.sends("photo")
    await mira.says("the laof", message=43)
    assert "Changed there too." in text_of(await mira.edits(43, "the loaf"))
    assert [text for _question, text, *_rest in await mira.journal(kept)] == [
        "the shelf I built for Ana",
        "Ana singing",
        "gave Rui a loaf",
        "the loaf",
    ]


async def test_a_picture_with_words_while_words_are_awaited(mira: Somebody) -> None:
    """They are its own, and the one before stays as it is."""
    await mira.sends("voice")
    await mira.sends("photo", "the shelf for Ana")
    assert await mira.journal(kept) == [("note", None, "voice", 1), ("note", "the shelf for Ana", None, 1)]


async def test_something_unkept_with_words(mira: Somebody) -> None:
    """Of what can't be kept the words are."""
    await mira.sends("other", "gave Rui a loaf")
    assert await mira.journal(kept) == [("note", "gave Rui a loaf", None, 0)]


async def test_a_file_that_cant_be_had(mira: Somebody) -> None:
    """It is kept by its name alone, and nobody is any the wiser."""
    heard = await mira.does(Sent(kind="video", message=41, file=File(kind="video", id="gone", size=9)))
    assert has_question(heard)
    heard = await mira.does(
        Sent(kind="video", caption="Ana", message=42, file=File(kind="video", id="x", size=1 << 30))
    )
    assert await states(mira) == ["absent", "absent"]


# ---- in a question


async def test_a_voice_note_in_a_check_in(mira: Somebody) -> None:
    """It is a good turn told; its words are asked for, and then the check-in goes on."""
    await mira.says("/checkin")
    assert has_question(await mira.sends("voice"))
    heard = await mira.says("read to Ana's boy")
    assert heard[-1].labels[0] == "That's all"
    [second] = await mira.presses("That's all")
    [question] = questions_in([second])
    await mira.sends("voice")
    heard = await mira.says("skip")
    assert "ept" in heard[0].text
    check_in = await mira.journal(lambda journal: journal.check_ins(1)[0])
    assert check_in.finished
    assert await mira.journal(kept) == [("good_turn", "read to Ana's boy", None, 1), (question, None, "voice", 1)]


async def test_only_pressing(mira: Somebody) -> None:
    """Whoever sends a photo and presses, presses their way through."""
    await mira.says("/checkin one")
    await mira.sends("photo")
    heard = await mira.presses("It's fine as it is")
    assert heard[-1].labels == ["That's all"]
    [closing] = await mira.presses("That's all")
    assert "minutes." in closing.text
    assert await mira.journal(kept) == [("good_turn", None, "photo", 1)]


async def test_thats_all_instead_of_words(mira: Somebody) -> None:
    """That is meant for the question, and so is "later"."""
    await mira.says("/checkin")
    await mira.sends("photo")
    heard = await mira.says("that's all")
    assert len(questions_in(heard)) == 1
    await mira.says("skip")
    await mira.says("/checkin")
    await mira.sends("photo")
    assert "Tomorrow" in text_of(await mira.says("later"))


async def test_resuming_after_a_photo(mira: Somebody) -> None:
    """A check-in that stopped behind a photo goes on from there."""
    await mira.says("/checkin")
    await mira.sends("photo")
    await mira.says("skip")
    await mira.scene.restart(days=1)
    await mira.talks(("/start", "a photo", "Was there more?", "[That's all]"))


async def test_a_photo_to_an_older_check_in(mira: Somebody) -> None:
    """A photo in answer to its message is kept with the check-in that asked, and so are its words."""
    [asked] = await mira.says("/checkin one")
    await mira.presses("Nothing this week")
    await mira.says("/cancel")
    assert has_question(await mira.sends("photo", reply_to=asked.message))
    await mira.talks(("the shelf for Ana", "Kept with that week."))
    [(question, text, _reading, files)] = await mira.journal(kept)
    assert (question, text, files) == ("good_turn", "the shelf for Ana", 1)
    assert await mira.journal(lambda journal: journal.written(1)[0].check_in)


async def test_words_about_hours(mira: Somebody) -> None:
    """Words about a file are read as an answer in words would be."""
    check_in = await mira.says("/checkin full")
    await mira.presses("Nothing this week")
    await mira.presses("Not that I noticed")
    await mira.presses("Skip")
    await mira.sends("photo")
    await mira.says("about five hours")
    assert check_in
    assert ("hours", "about five hours", "3-7", 1) in await mira.journal(kept)


async def test_a_good_turn_by_hand(mira: Somebody) -> None:
    """Asked for one, a photo is one."""
    await mira.says("/goodturn")
    await mira.sends("photo")
    await mira.talks(("soup for Ana", "ept"))
    assert await mira.journal(kept) == [("good_turn", "soup for Ana", None, 1)]


async def test_a_photo_while_a_moment_is_asked_for(mira: Somebody) -> None:
    """What was asked before is still open afterwards."""
    await mira.says("/checkin one")
    await mira.says("helped Ana")
    await mira.presses("That's all")
    await mira.presses("My own time")
    await mira.sends("photo")
    await mira.talks(("the shelf", "ept"), ("thursday lunch", "“thursday lunch”. Kept."))


async def test_in_a_hard_moment(mira: Somebody) -> None:
    """A picture is kept, with the words below it or without any, and nothing is asked but the one question."""
    heard = await mira.sends("photo", "my dad died on tuesday")
    assert "sorry" in text_of(heard)
    [heard_too] = await mira.sends("photo")
    assert "ept" in heard_too.text
    assert heard_too.labels == []
    assert await mira.journal(kept) == [("note", "my dad died on tuesday", "hard", 1), ("note", None, "photo", 1)]
    await mira.says("yes")
    assert await mira.journal(lambda journal: journal.person.quiet_until) is not None


# ---- in the first meeting


async def test_before_anything_was_asked(stranger: Somebody) -> None:
    """A photo is kept as a note, and the meeting begins; in its middle, it goes on."""
    [heard] = await stranger.sends("photo")
    assert "kept" in heard.text
    assert "come to you for" in heard.text
    [heard] = await stranger.sends("voice")
    assert "come to you for" in heard.text
    await stranger.talks(("bees", "In which city?"))
    await stranger.sends("photo")
    await stranger.talks(("porto", "No need to wait"))
    assert [files for *_rest, files in await stranger.journal(kept)] == [1, 1, 1]


async def test_a_good_turn_in_the_first_meeting(stranger: Somebody) -> None:
    """A photo for a good turn by hand has its words, and then the meeting goes on."""
    await stranger.talks(("/start", "come to you for"), ("/goodturn", "Tell me"))
    await stranger.sends("photo")
    await stranger.talks(("soup for Ana", "ept", "come to you for"), ("bees", "In which city?"))
    assert await stranger.journal(kept) == [("good_turn", "soup for Ana", None, 1)]


# ---- shown again


async def test_what_is_shown(mira: Somebody) -> None:
    """Files are named in a few words, and sent back each with a line to it."""
    await mira.sends("photo", "the market", album="1", data=b"one")
    await mira.sends("photo", album="1", data=b"two")
    await mira.sends("voice", album="1", data=b"three")

    def shown(journal: Journal) -> tuple[str, list[tuple[str, str]]]:
        answer = journal.written(1)[0]
        talk = Talk(journal, WORDS, mira.scene.clock(), House())
        media.send_back(talk, answer)
        return media.shown(journal, answer), [(reply.text, reply.attached) for reply in talk.turn().replies]

    line, replies = await mira.journal(shown)
    assert line == "2 photos and a voice note"
    assert [text for text, _attached in replies] == ["A photo, Monday 9 November."] * 2 + [
        "A voice note, Monday 9 November."
    ]
    ids = await mira.journal(lambda journal: [each.id for each in journal.all_media()])
    assert [attached for _text, attached in replies] == [f"media {id}" for id in ids]
    await mira.says("gave Rui a loaf")
    assert await mira.journal(lambda journal: media.shown(journal, journal.written(1)[0])) == ""


# ---- forwarded


async def outcomes(somebody: Somebody) -> list[tuple[str | None, str | None]]:
    """The words of each thing that came of a good turn, and that good turn's."""

    def look(journal: Journal) -> list[tuple[str | None, str | None]]:
        found = [journal.answer(id) for id in range(1, journal.person.counter + 1)]
        about = [(each, journal.answer(each.about)) for each in found if each and each.about]
        return [(each.text, turn.text if turn else None) for each, turn in about if each.question == "outcome"]

    return await somebody.journal(look)


async def told(somebody: Somebody, *turns: str) -> None:
    for turn in turns:
        await somebody.says(f"/goodturn {turn}")


async def test_a_forwarded_thank_you(mira: Somebody) -> None:
    """It is kept at once and offered as what came of a good turn, first of the one for whoever wrote it."""
    await told(mira, "covered 20 min for Joana", "gave Rui some starter", "drove Ana home")
    heard = await mira.forwards("stop, you made my week!", "Rui")
    assert "Kept, in Rui's words." in heard[0].text
    assert "Did that come of “gave Rui some starter”?" in heard[0].text
    assert heard[0].labels == ["Yes", "drove Ana home", "covered 20 min for Joana", "Just a note"]
    assert ("note", "stop, you made my week!", None, 0) in await mira.journal(kept)
    await mira.talks(("[Yes]", "“gave Rui some starter”, in Rui's words."), ("[Just a note]",))
    assert await outcomes(mira) == [("stop, you made my week!", "gave Rui some starter")]
    names = await mira.journal(lambda journal: [each.name for each in journal.acquaintances()])
    assert "Rui" in names


@pytest.mark.parametrize(
    ("way", "turn"),
    [
        ("yes", "drove Ana home"),
        ("[covered 20 min for Joana]", "covered 20 min for Joana"),
        ("the one with Joana", "covered 20 min for Joana"),
        ("no", None),
        ("a note", None),
        ("[Just a note]", None),
        ("/cancel", None),
    ],
)
async def test_which_good_turn_it_was(mira: Somebody, way: str, turn: str | None) -> None:
    """It is answered by button or word; without a good turn it stays a note."""
    await told(mira, "covered 20 min for Joana", "drove Ana home")
    await mira.forwards("thank you so much", "")
    heard = await mira.presses(way[1:-1]) if way.startswith("[") else await mira.says(way)
    assert ("in their words" if turn else "Left it." if way == "/cancel" else "A note it is.") in text_of(heard)
    assert await outcomes(mira) == ([("thank you so much", turn)] if turn else [])
    if way != "/cancel":
        assert await mira.presses("Yes") == []


async def test_other_words_after_a_thank_you(mira: Somebody) -> None:
    """What isn't about it is what it would be anyway."""
    await told(mira, "drove Ana home")
    await mira.forwards("thank you so much", "Ana")
    await mira.says("a long walk along the river with nobody, and it did me good, I must say")
    texts = [text for _question, text, *_rest in await mira.journal(kept)]
    assert texts[-2:] == [
        "thank you so much",
        "a long walk along the river with nobody, and it did me good, I must say",
    ]


async def test_nothing_forwarded_is_a_wish(mira: Somebody) -> None:
    """Somebody else's words are no command, no wish and no answer, whatever they say."""
    await mira.says("/checkin")
    for words in ("stop", "/erase", "nothing", "delete everything", "skip"):
        await mira.forwards(words, "Rui")
    assert [text for _question, text, *_rest in await mira.journal(kept)] == [
        "stop", "/erase", "nothing", "delete everything", "skip",
    ]  # fmt: skip
    assert await mira.journal(lambda journal: journal.person.quiet_until) is None
    await mira.talks(("helped Ana", "[That's all]"))


async def test_no_good_turn_yet(mira: Somebody) -> None:
    """Then it is offered plainly, and can be one they received."""
    heard = await mira.forwards("thank you so much", "Ana")
    assert heard[0].labels == ["A good turn", "One I received", "Just a note"]
    await mira.talks(("[One I received]", "One you received, then."))
    assert await mira.journal(kept) == [("received", "thank you so much", None, 0)]


async def test_a_thank_you_in_a_check_in(mira: Somebody) -> None:
    """It is sorted, and the question that was open is asked again; without a good turn to sort it to, at once."""
    await mira.says("/checkin")
    heard = await mira.forwards("thank you!", "Rui")
    assert questions_in(heard) == ["good_turn"]
    await mira.says("gave Rui some starter")
    assert "Did that come of" in text_of(await mira.forwards("it lives!", "Rui"))
    heard = await mira.presses("Yes")
    assert "in Rui's words" in heard[0].text
    assert heard[0].labels == ["That's all"]
    await mira.forwards("and how", "Rui")
    await mira.scene.restart(hours=1)
    await mira.talks(("/start", "come of “gave Rui some starter”?"), ("no", "A note it is.", "[That's all]"))
    assert await outcomes(mira) == [("it lives!", "gave Rui some starter")]


async def test_a_thank_you_in_the_middle_of_something(mira: Somebody) -> None:
    """What was open before is open again, whether there is a good turn to sort it to or not."""
    await mira.presses("My own time")
    assert "in Ana's words" in text_of(await mira.forwards("thank you!", "Ana"))
    await mira.talks(("thursday lunch", "“thursday lunch”. Kept."))
    await mira.says("/goodturn drove Ana home")
    await mira.says("/checkin one")
    await mira.says("lent Rui a drill")
    await mira.presses("That's all")
    await mira.presses("My own time")
    await mira.forwards("thank you again!", "Ana")
    await mira.talks(("yes", "“drove Ana home”, in Ana's words."), ("friday", "“friday”. Kept."))
    assert await outcomes(mira) == [("thank you again!", "drove Ana home")]


async def test_words_that_were_received(mira: Somebody) -> None:
    """Words about a file are taken for what they are: who it was is said back, and one that they got is asked about."""
    await mira.says("/checkin")
    await mira.sends("photo")
    heard = await mira.says("covered 20 min for Joana")
    assert "Kept: Joana." in heard[0].text
    assert "Fix" in heard[0].labels
    await mira.sends("photo")
    await mira.talks(("boss said I did well", "That sounds like one you got."), ("yes", "[That's all]"))
    assert await mira.journal(kept) == [
        ("good_turn", "covered 20 min for Joana", None, 1),
        ("received", "boss said I did well", None, 1),
    ]


async def test_history_sends_files_back(mira: Somebody) -> None:
    """A card says what there is, and one press brings it, bytes and all; a deleted answer takes its file with it."""
    await mira.sends("voice", data=b"OggS hello")
    await mira.presses("It's fine as it is")
    await mira.talks(("/history", "a voice note", "[Send me the file]"), ("[Send me the file]", "A voice note, Monday"))
    [(file, data)] = mira.scene.room.attached
    assert (file.kind, data) == ("voice", b"OggS hello")
    await mira.says("/history")
    for label in ("Change", "Delete", "Delete it"):
        await mira.presses(label)
    assert await mira.scene.engine._errands._files.sizes(mira.sender.person) == {}
    assert await states(mira) == []


async def test_nothing_is_erased_by_a_caption(mira: Somebody) -> None:
    """The words that erase all have to be typed: below a picture they ask once more, and the picture is kept."""
    await mira.sends("photo")
    await mira.says("/erase")
    heard = await mira.sends("photo", "erase everything")
    assert "There is no way back." in text_of(heard)
    assert await states(mira) == ["kept", "kept"]
    await mira.talks(("erase everything", "Everything of yours is gone."))
    for table in ("answer", "media", "person"):
        assert mira.scene.database.rows(f"SELECT * FROM {table}") == []
    assert await mira.scene.engine._errands._files.everything() == []
    assert await mira.scene.engine._errands._files.sizes(mira.sender.person) == {}


async def test_a_thank_you_in_the_first_meeting(stranger: Somebody) -> None:
    """It is kept, and the meeting goes on."""
    heard = await stranger.forwards("thank you!", "Rui")
    assert "come to you for" in heard[0].text
    await stranger.says("bees")
    heard = await stranger.forwards("stop", "Rui")
    assert "In which city?" in heard[0].text
    assert [text for _question, text, *_rest in await stranger.journal(kept)] == ["thank you!", "stop"]


async def test_forged_thanks(mira: Somebody) -> None:
    """A button that was never offered sorts nothing."""
    await told(mira, "drove Ana home")
    await mira.forwards("thank you!", "Ana")
    note = await mira.journal(lambda journal: journal.written(1)[0])
    for action in (f"thanks:{note.id}:{note.id}", f"thanks:{note.id}:999", "thanks:999:note", "thanks:x"):
        assert "had its day" in text_of(await mira.presses_action(action))
    assert isinstance(note, Answer)
    assert await outcomes(mira) == []


async def test_while_it_is_quiet(mira: Somebody) -> None:
    """Files and thank-yous are kept while it is quiet, and it stays so; the way back is offered."""
    await told(mira, "drove Ana home")
    await mira.says("stop")
    for heard in (await mira.sends("photo"), await mira.says("the loaf"), await mira.forwards("thank you!", "Ana")):
        assert "Come by again" in heard[-1].labels
    assert await mira.journal(lambda journal: journal.person.quiet_until) is not None


async def test_only_a_message_that_was_forwarded(mira: Somebody) -> None:
    """An empty name is one that is hidden, and none at all is one's own words."""
    await told(mira, "drove Ana home")
    assert "Did that come of" in text_of(await mira.does(Said(text="thanks", message=90, forwarded="")))
    assert "Did that come of" not in text_of(await mira.does(Said(text="thanks", message=91)))
