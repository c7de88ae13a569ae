"""What becomes of a card: smaller, another, done, asked after; and what was received, thanked for or passed on."""

from collections import Counter
from itertools import pairwise

import pytest

from bot.domain import Answer, Card
from tests.conversation import WORDS, Scene, Somebody, questions_in, text_of

KINDS = {act.id: act.kind for act in WORDS.acts}


async def cards(person: Somebody) -> list[Card]:
    """All that were shown, newest first."""
    return await person.journal(lambda journal: journal.cards(99))


async def turns(person: Somebody) -> list[Answer]:
    """The good turns of the journal, newest first."""
    return await person.journal(lambda journal: [each for each in journal.written(99) if each.question == "good_turn"])


async def check_in(person: Somebody, *told: str) -> str:
    """A short check-in in which these are told; what is said at its end."""
    await person.says("/checkin one")
    for text in told:
        await person.says(text)
    return text_of(await person.says("that's all"))


# ---- smaller, another


async def test_another_twice(mira: Somebody) -> None:
    """Another comes twice, each of another kind than those before; then that's enough, and the last one stays."""
    await check_in(mira, "mended the fence")
    await mira.talks(("[Another]", "minutes."), ("[Another]", "minutes."))
    assert "Another" not in mira.all_heard[-1].labels
    await mira.talks(("another one", "That's as many as I'd hand you at once."))
    shown = await cards(mira)
    assert [card.state for card in shown[:3]] == ["open", "passed", "passed"]
    assert len({KINDS[card.act] for card in shown[:3]}) == 3


@pytest.mark.parametrize("said", ["[Smaller]", "smaller please", "that's too much", "something shorter"])
async def test_smaller(mira: Somebody, said: str) -> None:
    """Smaller takes fewer minutes and serves the same theme; what takes five has no such button."""
    for _week in range(40):
        await check_in(mira, "mended the fence")
        if mira.all_heard[-1].labels[3:4] == ["Smaller"]:
            break
        await mira.scene.later(days=7)
    await mira.talks((said, "minutes."))
    less, more = (await cards(mira))[:2]
    assert less.minutes < more.minutes
    assert (less.theme, more.state) == (more.theme, "passed")


@pytest.mark.parametrize("said", ["another", "something else"])
async def test_another_after_a_note(mira: Somebody, said: str) -> None:
    """Something told in between doesn't lose the card."""
    await mira.talks(("the bees are back", "[Just a note]"), (said, "minutes."))
    assert [card.state for card in await cards(mira)] == ["open", "passed"]


async def test_suggest_by_hand(mira: Somebody) -> None:
    """`/suggest` shows the card that is still open, with its buttons, and a new one once that is settled."""
    [first] = await cards(mira)
    await mira.talks(("/suggest", "This one is still open:", first.text, "[Not for me]"), ("[Not for me]", ""))
    await mira.talks(("/suggest", "minutes.", "[This evening]"))
    assert len(await cards(mira)) == 2


async def test_nothing_fits(mira: Somebody, monkeypatch: pytest.MonkeyPatch) -> None:
    """When every act was shown it says so kindly, and repeats none."""
    monkeypatch.setattr("bot.suggest.catalogue.ranked", lambda *_given: iter(()))
    heard = await check_in(mira, "mended the fence")
    assert "minutes." not in heard
    assert len(await cards(mira)) == 1
    assert any(word in heard for word in ("counts", "needed"))


# ---- what an act needs


async def until_asked(person: Somebody, need: str) -> str:
    """Ask for acts until one needs a place or a person."""
    for _act in range(60):
        heard = text_of(await person.says("/suggest"))
        if f"I have one that {need}" in heard:
            return heard
        await person.says("not for me")
    raise AssertionError("it never asked")


async def test_a_place_is_asked_for_once(mira: Somebody) -> None:
    """The place that an act needs is asked for in the same breath, and then the act comes with it; never again."""
    await until_asked(mira, "happens where you are")
    await mira.talks(("our makerspace, the bread group", "Kept.", "our makerspace", "minutes."))
    [newest, *_others] = await cards(mira)
    assert newest.place
    assert "our makerspace" in newest.text
    for _act in range(30):
        assert "happens where you are" not in text_of(await mira.says("/suggest"))
        await mira.says("not for me")
    named = [card.place for card in await cards(mira) if card.place]
    assert len(named) == len(set(named))


@pytest.mark.parametrize("said", ["skip", "[Rather something else]", "no", "another one", "something else"])
async def test_rather_something_else(mira: Somebody, said: str) -> None:
    """Whoever names no place gets an act that needs none."""
    await until_asked(mira, "happens where you are")
    await mira.talks((said, "Something else, then.", "minutes."))
    assert (await cards(mira))[0].place is None


async def test_a_story_instead_of_a_place(mira: Somebody) -> None:
    """What tells something is kept as what it is, and a moment is no place."""
    await until_asked(mira, "happens where you are")
    await mira.talks(
        ("friday lunch", "Where do you meet people"), ("I drove Sam to the dentist today", "[A good turn]")
    )


# ---- done


async def done(person: Somebody, felt: str = "Did it, gladly") -> None:
    """Take the card at hand and say that it was done."""
    await person.presses("This evening")
    await person.scene.later(days=1)
    person.hears()
    await person.presses(felt)


async def test_what_was_done_is_a_good_turn(mira: Somebody) -> None:
    """It stands in the history with its theme, what it was and what came of it, and can be reworded."""
    await done(mira)
    await mira.says("they smiled all day")
    [card] = await cards(mira)
    [turn] = await turns(mira)
    theme = next(each for each in await mira.journal(lambda journal: journal.themes()) if each.text == card.theme)
    assert (turn.text, turn.reading, turn.about, turn.theme) == (card.text, "done", card.id, theme.id)
    await mira.talks(("/history", "they smiled all day", "[‹ Older]"), ("[‹ Older]", card.text, "they smiled all day"))
    await mira.talks(("/actions", "Done", card.text[:40], "“they smiled all day”"))


async def test_actions(mira: Somebody) -> None:
    """What was taken on is listed with its moment, which can be changed, and it can be dropped."""
    await mira.talks(("/actions", "Nothing taken on so far."))
    [card] = await cards(mira)
    await mira.talks(("[My own time]", "When"), ("thursday lunch, after stand-up", "Kept."))
    label = card.text[:20]
    await mira.talks(("/actions", "Yours to do", card.text[:40], "“thursday lunch, after stand-up”"))
    button = next(each for each in mira.all_heard[-1].labels if each.startswith(label))
    await mira.talks((f"[{button}]", "[Another moment]", "[Let it go]"))
    await mira.talks(("[Another moment]", "When would suit you better"), ("saturday morning", "Kept."))
    assert [each.moment for each in await cards(mira)] == ["saturday morning"]
    await mira.talks(("/actions", "saturday morning"), (f"[{button}]", ""), ("[Let it go]", ""))
    assert [each.state for each in await cards(mira)] == ["dropped"]
    await mira.scene.later(days=9)
    assert not any("Did it, gladly" in each.labels for each in mira.hears())


async def test_a_heart(mira: Somebody) -> None:
    """A good turn gets a heart, however it is told; nothing else does."""
    hearts = mira.scene.room.hearts
    await mira.says("/checkin one")
    await mira.says("helped Ana", message=501)
    await mira.says("that's all", message=502)
    await mira.says("/goodturn lent Rui my drill", message=503)
    await mira.says("the bees are back", message=504)
    assert hearts == [501, 503]


# ---- a ripple


async def weeks(person: Somebody, number: int) -> list[str]:
    """Let weeks go by in which one good turn is told and the second question skipped; the questions that were asked."""
    asked: list[str] = []
    for week in range(number):
        await person.scene.later(days=7)
        person.hears()
        await person.says(f"gave Rui starter number {week}")
        heard = await person.says("that's all")
        asked += questions_in(heard)[-1:]
        await person.says("skip")
        person.hears()
    return asked


async def test_ripples(mira: Somebody) -> None:
    """What became of a good turn takes the second question's place, at most every other week, each good turn once; the
    answer stands beside it."""
    asked = await weeks(mira, 7)
    assert asked[1:3] == ["known", "most_help"]
    assert "ripple" in asked
    assert all(one != "ripple" or other != "ripple" for one, other in pairwise(asked))
    ripples = [
        question
        for each in await mira.journal(lambda journal: journal.check_ins(20))
        for question in each.questions
        if question.startswith("ripple.")
    ]
    assert len(ripples) == len(set(ripples))


async def test_a_ripple_is_answered(mira: Somebody) -> None:
    """In their words it is what came of it; "not that I know" is as good an answer."""
    await weeks(mira, 3)
    await mira.scene.later(days=7)
    mira.hears()
    await mira.says("gave Ana a lift")
    heard = await mira.says("that's all")
    assert questions_in(heard) == ["ripple"]
    assert "[Not that I know]" in [f"[{label}]" for label in heard[-1].labels]
    await mira.talks(("he baked his first loaf", "minutes."))
    [outcome] = await mira.journal(lambda journal: [each for each in journal.written(9) if each.question == "outcome"])
    about = await mira.journal(lambda journal: journal.answer(outcome.about or 0))
    assert about
    assert (about.question, outcome.text) == ("good_turn", "he baked his first loaf")


# ---- received


async def received(person: Somebody, text: str = "Lena lent me her van when mine broke") -> None:
    """Have it in the journal that they received *text*."""
    await person.says(f"/goodturn {text}")
    await person.presses("Yes, I got it")


async def test_passing_on(mira: Somebody) -> None:
    """What was received becomes an act for somebody else; once it is done the chain is told."""
    await received(mira)
    await mira.talks(
        ("[Pass it on]", "[Nobody just now]"),
        ("Idris", "“Lena lent me her van when mine broke”", "Idris", "Lena", "[This evening]"),
    )
    await done(mira)
    await mira.says("skip")
    await mira.talks(("/history", "Passed on", "Lena, you, Idris"), ("/actions", "passed on: Lena, you, Idris"))
    turn = (await turns(mira))[0]
    people = await mira.journal(lambda journal: [each.name for each in journal.mentioned(turn.id)])
    assert people == ["Idris"]


async def test_thanking(mira: Somebody) -> None:
    """Thanks for one precise thing, to whoever gave it, in the place of the card that was open."""
    await received(mira)
    await mira.talks(("[Thank Lena]", "“Lena lent me her van when mine broke”", "Lena", "5 minutes.", "[My own time]"))
    newest, before = await cards(mira)
    assert (newest.source, newest.act) == ("received", "thank-received")
    assert before.state == "passed"


async def test_nobody_just_now(mira: Somebody) -> None:
    """It keeps, and what is told instead is what it is."""
    await received(mira)
    await mira.talks(("[Pass it on]", "[Nobody just now]"), ("no", "It keeps."))
    assert len(await cards(mira)) == 1


# ---- consent


async def test_consent_is_asked_once(mira: Somebody) -> None:
    """After the second check-in, if there is a model at all; by button or in words; /settings changes it."""
    mira.scene.model = True
    await mira.scene.restart()
    assert "language model" not in await check_in(mira, "helped Ana")
    assert "language model" in await check_in(mira, "helped Rui")
    await mira.talks(("what for?", "[Rather not]"), ("rather not", "Then nothing of yours goes to one."))
    assert (await mira.journal(lambda journal: journal.person.model)) is False
    assert "language model" not in await check_in(mira, "helped Lena")
    await mira.talks(("[This evening]", ""))


async def test_yes_to_a_model(mira: Somebody) -> None:
    """One press, and the card that lay there before still does."""
    mira.scene.model = True
    await mira.scene.restart()
    await check_in(mira, "helped Ana")
    await check_in(mira, "helped Rui")
    await mira.talks(("/privacy", "only if you agree"))
    await mira.talks(("[It may]", "Thank you."), ("tomorrow with coffee", ""))
    assert (await mira.journal(lambda journal: journal.person.model)) is True
    await mira.talks(("/privacy", "A language model helps me choose, as you agreed"))
    assert (await cards(mira))[0].moment == "coffee"


# ---- a year


async def test_two_unasked_a_week(stage: Scene, mira: Somebody) -> None:
    """Through a year in which every card is taken and every question answered at most two messages a week come unasked;
    no act comes twice in half a year, no kind twice in a row, and nobody's name twice in half a year."""
    for week in range(52):
        await stage.later(days=3)
        for heard in mira.hears():
            if "Did it, gladly" in heard.labels:
                await mira.presses("Did it, gladly" if week % 3 else "Did it, a chore")
                await mira.says("skip")
        await stage.later(days=4)
        for heard in mira.hears():
            if "Did it, gladly" in heard.labels:
                await mira.presses("Did it, gladly")
                await mira.says("skip")
        await mira.says(f"helped {('Ana', 'Rui', 'Lena', 'Idris', 'Joana')[week % 5]} with crate {week}")
        await mira.says("that's all")
        await mira.says("skip")
        if (newest := (await cards(mira))[0]).state == "open":
            await mira.presses_action(f"card:{newest.id}:coffee")
        mira.hears()
    unasked = Counter(heard.at.isocalendar()[:2] for heard in mira.all_heard if heard.reply.unasked)
    assert len(unasked) > 50
    assert max(unasked.values()) <= 2
    shown = (await cards(mira))[::-1]
    assert len(shown) > 40
    for at, card in enumerate(shown):
        lately = [each for each in shown[:at] if (card.shown_at - each.shown_at).days < 26 * 7]
        assert card.act not in [each.act for each in lately]
        assert not card.acquaintance or card.acquaintance not in [each.acquaintance for each in lately]
    kinds = [KINDS[card.act] for card in shown if card.state != "passed"]
    assert all(one != other for one, other in pairwise(kinds))


# ---- circles


async def test_circles(mira: Somebody) -> None:
    """People and themes can be kept apart by two taps; nobody is named under a theme of another circle then."""
    await mira.knows("Rui")
    await mira.talks(
        ("/people Rui", "[Circle]"),
        ("[Circle]", "Where does Rui belong?", "[Work]", "[Private]", "[No circle]"),
        ("[Private]", "Circle: Private."),
    )
    for theme in ("sourdough", "being patient with new nurses"):
        await mira.talks(
            ("/themes", theme), (f"[{theme}]", "[Circle]"), ("[Circle]", "[Work]"), ("[Work]", "Circle: Work.")
        )
    for week in range(8):
        await check_in(mira, f"mended fence {week}")
        await mira.scene.later(days=7)
    assert not any("Rui" in card.text for card in await cards(mira))
    await mira.talks(("/people Rui", "[Circle]"), ("[Circle]", "[No circle]"), ("[No circle]", "Rui"))
    await mira.scene.later(days=7)
    for week in range(8):
        await check_in(mira, f"mended gate {week}")
        await mira.scene.later(days=7)
    assert any("Rui" in card.text for card in await cards(mira))
