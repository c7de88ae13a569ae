"""What people say around the questions: invitations, moments, whys and news, taken as a friend would."""

import pytest

from bot.suggest import catalogue
from bot.understand import pronoun_of
from tests.conversation import Heard, Somebody, questions_in, text_of

LISTENING = ("I'm listening.", "Go on, if there is more.", "And then?")


async def week(person: Somebody, days: int = 7) -> list[Heard]:
    """So many days later; what came by itself."""
    await person.scene.later(days=days)
    return person.hears()


async def test_anyone_else_is_asked_once(mira: Somebody) -> None:
    """After the first good turn they are asked for more; after others the door is only held open."""
    await week(mira, 4)
    first = text_of(await mira.says("carried Ana's bags"))
    assert first.endswith("?")
    for said in ("drove Sam to the dentist", "and fed the cat of the man upstairs", "oh and mended Leo's kite"):
        last = text_of(await mira.says(said)).splitlines()[-1]
        assert last in LISTENING, last


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("sunday morning, before the others are up", "sunday morning, before the others are up"),
        ("ok, thursday after stand-up", "thursday after stand-up"),
        ("when the baby sleeps", "when the baby sleeps"),
        ("sure, tomorrow after work please", "tomorrow after work"),
        ("at 18:30", "at 18:30"),
    ],
)
async def test_a_moment_needs_no_button(mira: Somebody, said: str, shown: str) -> None:
    """Whoever never presses says when, and it is theirs."""
    await mira.talks((said, f"“{shown}”. Kept."))
    [card] = await mira.journal(lambda journal: journal.cards(1))
    assert (card.state, card.moment) == ("taken", said)


@pytest.mark.parametrize(
    "said",
    [
        "on sunday I drove Ana to her lessons",
        "when I was small nobody listened",
        "tomorrow is Ana's birthday?",
        "this is a nice thing to be told",
        "after work I helped Leo with his sums",
        "lunch with Ana on thursday",
        "tomorrow Ana comes by for lunch",
    ],
)
async def test_no_moment(mira: Somebody, said: str) -> None:
    """What happened, what is asked and what is only a number is no moment."""
    await mira.says(said)
    [card] = await mira.journal(lambda journal: journal.cards(1))
    assert card.state == "open"


async def test_a_moment_after_a_note(mira: Somebody) -> None:
    """Something told in between doesn't lose the card."""
    await mira.talks(
        ("Ana has a new dog", "[Just a note]"), ("on the weekend, with cake", "“on the weekend, with cake”. Kept.")
    )


@pytest.mark.parametrize("said", ["oh i like that one", "good idea", "that's lovely, i will", "I'll do it"])
async def test_a_yes_in_more_words(mira: Somebody, said: str) -> None:
    """Whoever likes the act is asked when."""
    await mira.talks((said, "When, in your own words?"), ("tuesday night", "“tuesday night”. Kept."))


@pytest.mark.parametrize("said", ["not that one", "no, something else", "hm, another one please?"])
async def test_a_no_in_other_words(mira: Somebody, said: str) -> None:
    """And whoever doesn't is not asked why, and handed another."""
    assert "minutes." in text_of(await mira.says(said))
    states = await mira.journal(lambda journal: [card.state for card in journal.cards(2)])
    assert states == ["open", "passed"]


async def test_why_this_one(mira: Somebody) -> None:
    """A why is answered plainly, and the card stays open."""
    [card] = await mira.journal(lambda journal: journal.cards(1))
    await mira.talks(("why this one?", f"It goes with “{card.theme}”"), ("[This evening]", ""))


async def test_done_before_it_was_asked(mira: Somebody) -> None:
    """Whoever says by themselves that they did it isn't asked again."""
    await mira.talks(("[Tomorrow with coffee]", ""))
    await mira.scene.later(hours=2)
    await mira.talks(("did it, gladly", "?"), ("he laughed", "ept"))
    [card] = await mira.journal(lambda journal: journal.cards(1))
    assert (card.state, card.felt) == ("done", "gladly")
    await mira.scene.later(days=2)
    assert mira.hears() == []


async def test_let_go_in_the_middle_of_a_check_in(mira: Somebody) -> None:
    """The words of a button of the older question are about that, and the newer one stays open."""
    await mira.talks(("[Tomorrow with coffee]", ""))
    await week(mira, 4)
    await mira.says("let it go")
    [card] = await mira.journal(lambda journal: journal.cards(1))
    assert card.state == "dropped"
    await mira.talks(("carried Ana's bags", "Kept: Ana."))


async def test_settings_in_the_middle_of_a_check_in(mira: Somebody) -> None:
    """A sentence that is a wish for a setting is no good turn, and no answer is lost to one."""
    await week(mira, 4)
    await mira.talks(
        ("i moved to lisbon", "By the clock of Lisbon, then."),
        ("discreet please", "Discreet:"),
        ("i'm moving to berlin in two weeks", "Lisbon for now, and Berlin from"),
        ("drove Sam to Lisbon", "Kept: Sam."),
    )
    assert questions_in(await mira.says("that's all")) == ["received"]


async def test_news_of_somebody_elses_move(mira: Somebody) -> None:
    """Who is driven somewhere doesn't move the clock."""
    await mira.talks(("I'm driving Ana to Lisbon on the 14th", "[A good turn]"))
    assert (await mira.journal(lambda journal: journal.planned("move"))) is None


async def test_not_now_with_a_reason(mira: Somebody) -> None:
    """A reason behind "not now" is no good turn; the next day it is asked in other words."""
    asked = await week(mira, 4)
    await mira.talks(("not now, the kids are in the bath", "Tomorrow, about four."))
    await mira.scene.later(days=1)
    [again] = mira.hears()
    assert questions_in([again]) == ["good_turn"]
    assert again.text.splitlines()[-1] != asked[-1].text.splitlines()[-1]


async def test_themes_where_the_city_is_asked(stranger: Somebody) -> None:
    """Whoever wondered why first may still name their themes; a place stays one."""
    await stranger.talks(
        ("/start", "What would you like people to come to you for?"),
        ("why?", "In which city?"),
        ("ok fair. tomatoes, getting shy people to talk", "tomatoes · getting shy people to talk. Kept.", "city"),
        ("leipzig", "Leipzig. No need to wait"),
    )
    themes = await stranger.journal(lambda journal: [theme.text for theme in journal.themes()])
    assert themes == ["tomatoes", "getting shy people to talk"]


@pytest.mark.parametrize("said", ["a village near Gera, Thuringia", "springfield, illinois", "utc+2, please"])
async def test_a_place_is_no_theme(stranger: Somebody, said: str) -> None:
    """Words with commas that tell where they are stay that."""
    await stranger.talks(("/start", ""), ("why?", "In which city?"))
    await stranger.says(said)
    assert await stranger.journal(lambda journal: journal.themes()) == []


async def test_what_did_i_tell_you(mira: Somebody) -> None:
    """A question after what was told is looked up, whatever is open, and kept nowhere."""
    await week(mira, 4)
    await mira.talks(
        ("carried Greta's bags", "Kept: Greta."),
        ("so what did i tell you about Greta?", "carried Greta's bags"),
        ("what have I told you about it?", ""),
        ("that's all", "?"),
    )


async def test_quiet_after_something_hard_asks_nothing(mira: Somebody) -> None:
    """In that quiet words are kept and not sorted, and the first visit after it comes gently."""
    await week(mira, 4)
    await mira.talks(("nothing, dad's in hospital", "I'm sorry about your dad."), ("yes please", "Quiet until"))
    await mira.scene.later(days=3)
    heard = await mira.says("he's a bit better")
    assert "?" not in text_of(heard)
    assert heard[0].labels == ["Come by again"]
    await mira.scene.later(days=14)
    visits = mira.hears()
    assert visits[0].text.splitlines()[0] == "I'm here again. Only if you feel like it:"


async def test_the_mirror_reminds_of_nobody_let_be(mira: Somebody) -> None:
    """Whoever is let be is in no mirror, though what was written stays."""
    await week(mira, 4)
    await mira.says("baked a cake with Priya")
    await mira.says("that's all")
    await mira.says("skip")
    await mira.says("/people")
    await mira.presses("Priya")
    await mira.presses("Let be")
    await week(mira)
    await mira.says("baked a cake for the school")
    await mira.says("that's all")
    for _more in range(2):
        heard = text_of(await mira.says("skip"))
        assert "Priya" not in heard
        if "minutes." in heard:
            break


async def test_a_fuller_name(mira: Somebody) -> None:
    """Who is named more fully where it is put right goes by that, and by the short name still."""
    await week(mira, 4)
    await mira.talks(
        ("fixed Marta's zip", "Kept: Marta."),
        ("[Fix]", "Who was it, then?"),
        ("Marta Silva", "Marta Silva, then."),
        ("and sat with Marta", "Kept: Marta Silva."),
    )


async def test_names_are_not_asked_for_for_ever(mira: Somebody) -> None:
    """What is no name is asked about once more, then kept, and the names stay."""
    await week(mira, 4)
    await mira.talks(
        ("fixed Marta's zip", "Kept: Marta."),
        ("[Fix]", "Who was it, then?"),
        ("something", "Only the names"),
        ("or other", "I've kept that as a note.", "Marta, then."),
    )


async def test_two_themes_into_a_new_one(mira: Somebody) -> None:
    """Two become one under another name; a theme that isn't there is the one that is named."""
    await mira.talks(
        ("/themes add sourdough loaves", "sourdough loaves"),
        (
            "/themes merge sourdough and sourdough loaves into baking",
            "“sourdough” and “sourdough loaves” are “baking” now.",
        ),
        ("/themes merge baking and bees", "You have no theme called “bees”."),
    )


@pytest.mark.parametrize(
    ("name", "pronoun"),
    [("my mother", "she"), ("mum", "she"), ("my little brother", "he"), ("Joana's son", "he"), ("my boss", None),
     ("Rui", None), ("my parents", None), ("Herr Baumann", "he"), ("Mrs. Okafor", "she"), ("Aunt May", "she"),
     ("dr. Ito", None)],
)  # fmt: skip
def test_she_or_he(name: str, pronoun: str | None) -> None:
    """A relation may tell; a name never does."""
    assert pronoun_of(name) == pronoun


def test_an_act_for_a_mother() -> None:
    """An act that names her speaks of her; two people stay they."""
    text = "Ring {person}. Ask how the last thing they told you turned out, and whether they're well; leave it to them."
    assert catalogue.filled(text, "your mum", "she") == (
        "Ring your mum. Ask how the last thing she told you turned out, and whether she's well; leave it to her."
    )
    assert "leave it to them" in catalogue.filled(text, "Rui")
    two = "Think of someone who would get on with {person}. Ask both; if both are glad to, put them in touch."
    assert "put them in touch" in catalogue.filled(two, "your mum", "she")


async def test_a_number_counts_what_is_shown(mira: Somebody) -> None:
    """The fourth of the buttons that a card shows is the fourth, whatever else may be answered."""
    assert mira.all_heard[-1].labels[3] == "Not for me"
    await mira.says("the fourth one")
    [card] = await mira.journal(lambda journal: journal.cards(1))
    assert card.state == "declined"


async def test_a_note_that_sounds_like_one_they_got(mira: Somebody) -> None:
    """Told outside a question, it is asked about as that, and a yes is enough."""
    await mira.talks(
        ("Ute cooked for us the whole two weeks", "It sounds like one you got?"),
        ("yes", "One you received, then: Ute."),
    )
