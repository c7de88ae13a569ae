"""Whole conversations with the real process over real HTTP, as somebody with a phone in their hand would have them."""

import pytest

from bot.text import LIMIT, units
from tests.botapi import BotApi, Message, Person
from tests.running import WAIT, Bot, heard, met, until


@pytest.fixture
def mira(telegram: BotApi) -> Person:
    """Somebody who never wrote."""
    return telegram.person(7, "Mira")


def pressed(person: Person, message: Message, label: str) -> Message:
    """What *message* looks like once it shows that *label* was chosen."""

    def now() -> Message:
        return next(each for each in person.sees() if each.id == message.id)

    until(lambda: now().text == f"{message.text}\n\n› {label}", f"› {label}")
    return now()


def test_first_meeting(bot: Bot, mira: Person) -> None:
    """Three messages, and an act is in hand; whatever was pressed shows what was chosen, and has no buttons left."""
    bot.start()
    mira.says("/start")
    hello = heard(mira, "Hello.")
    assert "come to you for" in hello.text
    assert hello.buttons == ("Don't know yet",)

    mira.says("canary bread, being patient with new nurses")
    themes = heard(mira, "In which city?")
    assert themes.marked("italic") == ("canary bread", "being patient with new nurses")
    assert themes.buttons == ("Change", "Other time")

    mira.presses("Other time")
    heard(mira, "Which day and hour")
    chosen = pressed(mira, themes, "Other time")
    assert chosen.marked("italic") == themes.marked("italic")
    assert chosen.buttons == ()

    mira.says("sundays 9am")
    heard(mira, "I'll come by on Sundays at 09:00.")
    mira.says("porto")
    card = heard(mira, "No need to wait, though:")
    assert "Sunday" in card.text
    assert "09:00, Porto" in card.text
    assert card.marked("italic") == ("“canary bread”",)
    assert card.buttons[2:] == ("My own time", "Not for me")

    moment = card.buttons[0]
    mira.presses(moment)
    assert pressed(mira, card, moment).buttons == ()
    assert bot.rows("SELECT state FROM card WHERE person = 7") == [("taken",)]


@pytest.mark.both_stores
def test_check_in(bot: Bot, mira: Person) -> None:
    """The good turn takes several messages, then comes one other question, and it ends with something to do next."""
    bot.start()
    met(mira)
    mira.says("/checkin")
    question = mira.waits_for(timeout=WAIT)[-1]
    assert question.buttons == ("Nothing this week", "Later")
    mira.says("covered 20 min for canary Joana so she could eat")
    mira.waits_for(timeout=WAIT)
    mira.says("gave Rui some canary starter")
    more = mira.waits_for(timeout=WAIT)[-1]
    assert more.buttons == ("That's all", "Fix")
    mira.presses("That's all")
    second = mira.waits_for(timeout=WAIT)[-1]
    assert "Skip" in second.buttons
    assert pressed(mira, more, "That's all").buttons == ()
    mira.says("canary Lena drove me home")
    closing = mira.waits_for(timeout=WAIT)[-1]
    assert "minutes." in closing.text
    assert "Not for me" in closing.buttons
    assert bot.rows("SELECT kind, finished FROM check_in") == [("asked", 1)]
    assert bot.answers(mira) == [
        "covered 20 min for canary Joana so she could eat",
        "gave Rui some canary starter",
        "canary Lena drove me home",
    ]


@pytest.mark.both_stores
def test_history_turns_in_place(bot: Bot, mira: Person) -> None:
    """/history shows the newest entry, and older and newer ones by changing the same message."""
    bot.start()
    met(mira)
    mira.says("/history")
    heard(mira, "Nothing in your journal yet.")
    for told in ("canary one", "canary two", "canary three"):
        mira.says(f"/goodturn {told}")
        mira.waits_for(timeout=WAIT)
    mira.says("/history")
    card = heard(mira, "canary three")
    assert card.buttons == ("‹ Older", "Change")
    before = len(mira.sees())
    for label, text, buttons in (
        ("‹ Older", "canary two", ("‹ Older", "Newer ›", "Change")),
        ("‹ Older", "canary one", ("Newer ›", "Change")),
        ("Newer ›", "canary two", ("‹ Older", "Newer ›", "Change")),
        ("Newer ›", "canary three", ("‹ Older", "Change")),
    ):
        mira.presses(label)
        turned = heard(mira, text)
        assert (turned.id, turned.buttons) == (card.id, buttons)
    assert len(mira.sees()) == before


@pytest.mark.both_stores
def test_files(bot: Bot, mira: Person) -> None:
    """A voice note in a check-in gets its words, an album is asked about once, a caption is an answer, and editing it
    edits that; a sticker is a smile."""
    bot.start()
    met(mira)
    mira.says("/checkin")
    mira.waits_for(timeout=WAIT)
    mira.sends("voice", data=b"OggS")
    asked = heard(mira, "Kept. A few words, so you can find it later?")
    assert asked.buttons == ("It's fine as it is",)
    mira.says("canary: read to Ana's boy")
    assert mira.waits_for(timeout=WAIT)[-1].buttons[0] == "That's all"
    for _photo in range(3):
        mira.sends("photo", album="17")
    mira.waits_for(timeout=WAIT)
    bot.settles()
    assert mira.hears() == []
    mira.presses("It's fine as it is")
    mira.waits_for(timeout=WAIT)
    loaf = mira.sends("photo", caption="canary loaf")
    mira.waits_for(timeout=WAIT)
    mira.edits(loaf, "canary loaf for Rui")
    heard(mira, "Changed there too.")
    mira.sends("sticker")
    mira.waits_for(timeout=WAIT)
    assert bot.answers(mira) == ["canary: read to Ana's boy", "canary loaf for Rui"]
    assert bot.rows("SELECT DISTINCT question FROM answer") == [("good_turn",)]
    kinds = [("voice", 1), ("photo", 3), ("photo", 1)]
    bot.waits_for_rows(
        kinds, "SELECT kind, COUNT(*) FROM media WHERE state = 'kept' GROUP BY answer, kind ORDER BY MIN(id)"
    )


def test_a_forwarded_thank_you(bot: Bot, mira: Person) -> None:
    """Somebody's thanks, passed on, become what came of a good turn, whatever Telegram tells of who wrote them."""
    bot.start()
    met(mira)
    mira.says("/goodturn gave Rui some canary starter")
    mira.waits_for(timeout=WAIT)
    for kind, label in (("user", "Yes"), ("hidden_user", "Just a note"), ("chat", "Yes")):
        mira.forwards("canary thanks, stop it!", "Rui", kind)  # type: ignore[arg-type]
        asked = "Did that come of “gave Rui some canary starter”?"
        offered = mira.waits_for(text=asked, edits=False, timeout=WAIT)[-1]
        assert offered.buttons == ("Yes", "Just a note")
        assert "Kept, in Rui's words." in offered.text
        mira.presses(label)
        mira.waits_for(timeout=WAIT)
        pressed(mira, offered, label)
    assert bot.rows("SELECT question, about IS NULL FROM answer ORDER BY id") == [
        ("good_turn", 1),
        ("outcome", 0),
        ("note", 1),
        ("outcome", 0),
    ]
    assert bot.rows("SELECT quiet_until FROM person") == [(None,)]


def test_pause(bot: Bot, mira: Person) -> None:
    """/pause and STOP act at once, in the middle of a question too, and one button brings the visits back."""
    bot.start()
    met(mira)
    mira.says("/checkin")
    mira.waits_for(timeout=WAIT)
    mira.says("/pause till january")
    quiet = heard(mira, "Quiet until")
    assert "1 January" in quiet.text
    mira.presses("Come by again")
    heard(mira, "I'm here again. Next time:")
    pressed(mira, quiet, "Come by again")
    mira.says("STOP")
    stopped = heard(mira, "I'll be quiet until you call.")
    assert stopped.buttons == ("Only two weeks", "Only a month", "Come by again")
    mira.presses("Only a month")
    heard(mira, "Quiet until")
    assert bot.rows("SELECT COUNT(*) FROM check_in WHERE closed_at IS NULL") == [(0,)]


def test_what_people_see_first(bot: Bot, telegram: BotApi) -> None:
    """The five commands and both descriptions are set at the start, and nobody has to have written for that."""
    bot.start()
    telegram.wait_calls("setMyDescription", code=200, timeout=WAIT)
    profile = telegram.profile()
    (commands,) = (value for name, value in profile.items() if name.startswith("commands"))
    assert [command["command"] for command in commands] == ["checkin", "goodturn", "history", "settings", "help"]
    assert all(command["description"] for command in commands)
    assert "Press Start" in profile["description"]
    assert "Once a week" in profile["short_description"]


def test_group_and_guest_list(bot: Bot, telegram: BotApi, mira: Person) -> None:
    """In a group it says once that it talks in private; who isn't on the list of people gets one polite line."""
    bot.set(ALLOWED_USERS="7")
    bot.start()
    group = telegram.group(-500, "Canary choir", mira, sees_all=True)
    group.says(mira, "/start@stand_in_bot")
    assert "in private" in group.waits_for(timeout=WAIT)[-1].text
    group.says(mira, "/history@stand_in_bot and canary chatter")
    stranger = telegram.person(8, "Ines")
    stranger.says("/start")
    assert "a few people only" in stranger.waits_for(timeout=WAIT)[-1].text
    stranger.says("please, canary")
    mira.says("/start")  # handled after all of them
    heard(mira, "come to you for")
    bot.settles()
    assert (len(group.hears()), len(stranger.hears())) == (0, 0)
    for command in ("/export@stand_in_bot", "/import", "/export canary"):
        group.says(mira, command)
        assert "nobody else's to see" in group.waits_for(timeout=WAIT)[-1].text
    assert telegram.calls("sendDocument") == []
    assert bot.rows("SELECT text FROM answer") == []


def filled(start: str, pattern: str) -> str:
    """*start* and as much of *pattern* as one message of Telegram's can hold, to the last unit."""
    text = start + pattern * (LIMIT // units(pattern))
    while units(text) >= LIMIT:
        text = text[:-1]
    return text + "." * (LIMIT - units(text))  # no white space at the end, which Telegram takes away


@pytest.mark.parametrize(
    "text",
    [
        filled("canary ", "🥖👩‍👩‍👧 é́ "),
        filled("canary ", "קנרית שרה \u2067אבג\u2069 كناري\u200f 12 "),
        filled("canary ", "<b>&amp;</b> _*[`](tg://user?id=7) /start @mira "),
        filled("canary\n\n", "  • one\n\n      ◦ two\n"),
    ],
    ids=["emoji", "right-to-left", "markup", "lines"],
)
def test_longest_answer_comes_back_exactly(bot: Bot, mira: Person, text: str) -> None:
    """An answer of 4,096 units comes back from /history to the letter: on the card its beginning, by Show all the
    whole."""
    assert units(text) == LIMIT
    bot.start()
    met(mira)
    mira.says("/goodturn")
    heard(mira, "who was it")
    mira.says(text)
    assert mira.sees()[-1].text == text  # nothing that Telegram itself would change
    mira.waits_for(timeout=WAIT)
    mira.says("/history")
    card = heard(mira, "canary")
    assert card.buttons == ("Show all", "Change")
    assert text[:40] in card.text
    assert units(card.text) < 400
    mira.presses("Show all")
    whole = heard(mira, text)
    assert whole.text == text
    assert whole.marked("bold") == whole.marked("italic") == ()
    assert bot.answers(mira) == [text]


@pytest.mark.both_stores
def test_four_weeks_killed_twice(bot: Bot, mira: Person) -> None:
    """A first meeting, four check-ins that come by themselves a week apart, and /history, with the process killed
    twice on the way: nothing is missing, and nothing is there twice."""
    bot.start_with_clock()
    met(mira)
    told = []
    for week in range(1, 5):
        bot.comes_to(bot.planned(mira))
        question = mira.waits_for(timeout=WAIT)[-1]
        assert question.buttons[-1] == "Later"
        if week == 2:  # while a question is open
            bot.settles()
            bot.kill()
            bot.start_with_clock()
        told.append(f"canary week {week}: carried the shopping up")
        mira.says(told[-1])
        mira.waits_for(timeout=WAIT)
        mira.presses("That's all")
        mira.waits_for(timeout=WAIT)
        if week == 3:  # between two questions
            bot.settles()
            bot.kill()
            bot.start_with_clock()
        told.append(f"canary week {week}: Lena rang, for a long talk")
        mira.says(told[-1])
        closing = mira.waits_for(timeout=WAIT)
        while not any("minutes." in each.text for each in closing):  # what isn't understood is asked once more
            told.append(f"canary week {week}: as I said")
            mira.says(told[-1])
            closing = mira.waits_for(timeout=WAIT)

    assert bot.rows("SELECT kind, finished, COUNT(*) FROM check_in GROUP BY kind, finished") == [("planned", 1, 4)]
    assert bot.answers(mira) == told
    mira.says("/history")
    pages = [heard(mira, "canary week 4").text]
    for week in (3, 2, 1):
        mira.presses("‹ Older")
        pages.append(heard(mira, f"canary week {week}").text)
    lines = [line for page in reversed(pages) for line in page.splitlines() if line.startswith("canary")]
    assert lines == told
