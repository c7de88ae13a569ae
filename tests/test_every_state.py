"""A wish for quiet, a "later" and a long silence, in every state that a conversation can be in.

Which states there are is read from the code, so one that is added has to be reached here as well.
"""

from typing import Any

import pytest

from bot.dialogue import OPEN, hard
from tests.conversation import WORDS, Scene, Somebody, questions_in, text_of

pytestmark = pytest.mark.both_stores

MEETING = {
    "themes": ("/start",),
    "city": ("/start", "bees"),
    "when": ("/start", "bees", "[Other time]"),
}
"""How to come to each of the questions of the first meeting."""

WEEK = ("(a week)", "watched Ana's shop", "that's all")
TURN = ("/checkin full", "watched Ana's shop", "that's all")
STATES = {
    "card": (),
    "moment": ("[My own time]",),
    "happened": ("[This evening]", "(a day)"),
    "came": ("[This evening]", "(a day)", "[Did it, gladly]"),
    "lacks": ("(until asked)",),
    "consent": (
        "(a model)",
        "/checkin one",
        "fed the bees",
        "that's all",
        "/checkin one",
        "fed them again",
        "that's all",
    ),
    "better": (
        *(f"/goodturn fed the bees with {name}" for name in ("Ana", "Rui", "Lena", "Ilse", "Joana", "Greta")),
        "(ten weeks)",
        "/checkin one",
        "nothing",
        "nothing",
    ),
    "pass_on": ("/goodturn boss said I did well", "[Yes, I got it]", "[Pass it on]"),
    "kind": ("the bees are back",),
    "whose": ("/checkin", "boss said I did well"),
    "good_turn": ("/goodturn",),
    "names": ("/goodturn watched Ana's shop", "[Fix]"),
    "words": ("(voice)",),
    "thanks": ("/goodturn watched Ana's shop", "(thanks)"),
    "reword": ("/goodturn watched Ana's shop", "/history", "[Change]", "[Other words]"),
    "person": ("/goodturn watched Ana's shop", "/people", "[Ana]", "[Another name]"),
    "same": ("/goodturn watched Ana's shop", "/goodturn drove Rui home", "/people", "[Ana]", "[Same as …]"),
    "go": (*TURN, "half", "6", "an ear", "Ana", "/people", "[Who would come]"),
    "noticed": ("(until noticed)",),
    "settings": ("/settings",),
    "city": ("/settings", "[City]"),
    "when": ("/settings", "[Hour]", "[Another]"),
    "places": ("/settings places the choir", "/settings places", "[Add]"),
    "draft": ("/draft",),
    "keep_draft": ("/draft New kitchen, who dis",),
    "theme_list": ("/themes",),
    "themes": ("[Change]",),
    "theme": ("/themes", "[Add]"),
    "import": ("/import",),
    "beside": ("(notes)",),
    "erase": ("/erase",),
    hard.HARD: ("dad is in hospital",),
}
"""How to come to each question outside a check-in, after the meeting."""

QUESTIONS: dict[str, tuple[str, ...]] = {
    "good_turn": ("/checkin full",),
    "people": TURN,
    "hours": (*TURN, "half"),
    "presence": (*TURN, "half", "6"),
    "call": (*TURN, "half", "6", "an ear"),
    "received": ("/checkin", "nothing"),
    "known": (*WEEK, "skip", *WEEK),
    "most_help": (*WEEK, "skip", *WEEK, "skip", *WEEK),
    "ripple": (*WEEK, "skip", *WEEK, "skip", *WEEK, "skip", *WEEK),
}
"""How to come to each question of a check-in."""

ASIDE = {
    f"{name} in a check-in": ("/checkin", "watched Ana's shop", *STATES[name])
    for name in ("words", "person", "settings", "theme", "places", "erase", "theme_list", "draft", "keep_draft")
}
"""Questions that were put in between."""

REACHED = {**STATES, **{f"asked {name}": way for name, way in QUESTIONS.items()}, **ASIDE}
"""Every state after the meeting."""

WORDS_SAID = "the bees are back at last"


async def comes_to(person: Somebody, steps: tuple[str, ...]) -> None:
    """*person* does all of *steps*."""
    for step in steps:
        match step:
            case "(voice)":
                await person.sends("voice")
            case "(notes)":
                await person.sends("document", "/import", data=b"2025-03-04,a walk with Ana")
            case "(thanks)":
                await person.forwards("thank you so much", "Ana")
            case "(a day)":
                await person.scene.later(days=1)
            case "(a model)":
                person.scene.model = True
                await person.scene.restart()
            case "(until asked)":
                while "I have one that" not in text_of(await person.says("/suggest")):
                    await person.says("not for me")
            case "(ten weeks)":
                await person.scene.later(weeks=10)
            case "(until noticed)":
                while "Yes, a theme" not in person.all_heard[-1].labels:
                    await person.scene.later(weeks=1)
                    await person.says(f"dug at the allotment on {person.scene.clock.at:%d %m}")
                    while await person.journal(lambda journal: journal.open_check_in()):
                        await person.says("skip")
            case "(a week)":
                await person.scene.later(weeks=1)
            case _ if step.startswith("["):
                await person.presses(step[1:-1])
            case _:
                await person.says(step)
    person.hears()


def kept(scene: Scene) -> dict[str, list[Any]]:
    """All that is theirs, but for what is going on and what was told."""
    tables = ("theme", "place", "acquaintance", "spelling", "card", "revision", "media", "search")
    found = {table: scene.database.rows(f"SELECT * FROM {table} ORDER BY 1, 2, 3") for table in tables}
    found["media"] = [row for row in found["media"] if row[1] > 0]  # else it is a file that waits to be taken in
    person = "SELECT name, city, zone, weekday, minute, length, weeks, discreet, model FROM person"
    return found | {"person": scene.database.rows(person)}


async def told(person: Somebody) -> list[tuple[str, str | None]]:
    """All that was told, oldest first."""
    written = await person.journal(lambda journal: [(each.question, each.text) for each in journal.written(50)])
    return written[::-1]


async def planned(person: Somebody) -> tuple[str, Any] | None:
    """The visit that is planned."""
    return await person.journal(lambda journal: journal.planned("check-in"))


def test_every_question_is_here() -> None:
    """No question can be added that these tests don't come to."""
    assert MEETING.keys() | STATES.keys() == OPEN.keys() | {hard.HARD}
    assert QUESTIONS.keys() == WORDS.questions.keys()


async def is_reached(person: Somebody, name: str, steps: tuple[str, ...]) -> None:
    """After *steps* what is open is what it is called here."""
    await comes_to(person, steps)
    pending = await person.journal(lambda journal: (journal.person.pending or {}).get("ask", ""))
    if name.startswith("asked "):
        assert (pending, questions_in(person.all_heard)[-1]) == ("", name.removeprefix("asked "))
    else:
        assert pending == name.split(" ", maxsplit=1)[0]
    in_check_in = await person.journal(lambda journal: journal.open_check_in() is not None)
    assert in_check_in == (name.startswith("asked ") or "/checkin" in steps)


@pytest.mark.parametrize(
    ("name", "steps", "way"),
    [
        *((name, steps, "STOP") for name, steps in REACHED.items()),
        *((name, steps, "pause till january") for name, steps in ASIDE.items()),
    ],
)
async def test_quiet_at_once(mira: Somebody, name: str, steps: tuple[str, ...], way: str) -> None:
    """Quiet at once with one message; nothing is lost and nothing open swallows what is said next, also after a
    restart; nothing comes while it is quiet; the planned visit stays where it was, and coming back is on the same day
    and hour."""
    await is_reached(mira, name, steps)
    before, was_told, plan = kept(mira.scene), await told(mira), await planned(mira)
    assert plan is not None
    [heard] = await mira.says(way)
    assert heard.text.startswith(("All right, I'll be quiet until you call.", "Quiet until Friday 1 January."))
    assert await mira.journal(lambda journal: (journal.person.pending, journal.open_check_in())) == (None, None)
    assert await planned(mira) == plan
    assert (kept(mira.scene), await told(mira)) == (before, was_told)
    await mira.scene.restart()
    await mira.talks((WORDS_SAID, "[Come by again]"))
    assert (kept(mira.scene), await told(mira)) == (before, [*was_told, ("note", WORDS_SAID)])
    await mira.scene.later(weeks=4)
    assert mira.hears() == []
    await mira.talks(("you can come by again", "I'm here again. Next time: Friday "))
    await mira.scene.later(weeks=1)
    visit = mira.hears()[0]
    assert questions_in([visit]) == ["good_turn"]
    assert (visit.at.weekday(), visit.at.timetz()) == (plan[1].weekday(), plan[1].timetz())


@pytest.mark.parametrize("way", ["STOP", "/pause", "leave me alone", "pause till january"])
@pytest.mark.parametrize(("name", "steps"), MEETING.items())
async def test_quiet_in_the_meeting(stranger: Somebody, name: str, steps: tuple[str, ...], way: str) -> None:
    """Also before they said where they are; what is said in the quiet is kept, and the meeting goes on after it."""
    await comes_to(stranger, steps)
    [heard] = await stranger.says(way)
    assert "quiet until" in heard.text.casefold()
    await stranger.scene.restart()
    await stranger.talks((WORDS_SAID, "still keeping quiet", "[Come by again]"))
    assert await told(stranger) == [("note", WORDS_SAID)]
    await stranger.scene.later(weeks=4)
    assert stranger.hears() == []
    asked = "come to you for" if name == "themes" else "In which city?"
    await stranger.talks(("[Come by again]", "I'm here again.", asked))


@pytest.mark.parametrize(("name", "steps"), [*QUESTIONS.items(), *ASIDE.items()])
async def test_later(mira: Somebody, name: str, steps: tuple[str, ...]) -> None:
    """Put off until tomorrow at any question of a check-in: it goes on where it was, and the visits don't move."""
    await comes_to(mira, steps)
    was_told, plan = await told(mira), await planned(mira)
    heard = await mira.says("later")
    if "check-in" in name:
        heard = await mira.says("later")  # the first was about what was put in between
    assert "Tomorrow" in text_of(heard)
    assert (await told(mira), await planned(mira)) == (was_told, plan)
    await mira.scene.restart()
    await mira.scene.later(days=1, hours=12)
    again = mira.hears()
    if name in QUESTIONS:
        assert questions_in(again)[:1] == [name]
    else:
        assert again[0].labels[0] == "That's all"
    assert await planned(mira) == plan


@pytest.mark.parametrize(("name", "steps"), REACHED.items())
async def test_welcome_back_after_silence(mira: Somebody, name: str, steps: tuple[str, ...]) -> None:
    """Whatever was open when they fell silent: there is one goodbye, then nothing; the next words are welcomed and
    swallowed by nothing, and the visits are on their day and hour."""
    await comes_to(mira, steps)
    before, was_told, plan = kept(mira.scene), await told(mira), await planned(mira)
    assert plan is not None
    await mira.scene.later(weeks=60)
    assert "I'll leave you in peace now" in mira.hears()[-1].text
    await mira.scene.later(weeks=10)
    assert mira.hears() == []
    [heard, *_more] = await mira.says(WORDS_SAID)
    assert heard.text.startswith("Good to see you.")
    now = kept(mira.scene)
    assert {**now, "card": []} == {**before, "card": []}
    assert (await told(mira))[: len(was_told)] == was_told
    assert (await told(mira))[-1][1] == WORDS_SAID
    await mira.scene.later(weeks=1)
    visit = next(each for each in mira.hears() if questions_in([each]))
    assert (visit.at.weekday(), visit.at.astimezone().minute) == (plan[1].weekday(), plan[1].astimezone().minute)
