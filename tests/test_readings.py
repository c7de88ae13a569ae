"""What people would like to be different, where they will be, when they will do it, and which button they typed."""

from collections.abc import Sized
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from bot.understand import Change, Move, bare_setting, is_moment, label, moment, move, setting, wish
from tests import test_understand as table
from tests.test_understand import PIECES, rows

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)  # a Sunday, 12:00 in Lisbon
LISBON = ZoneInfo("Europe/Lisbon")


def changed(**what: object) -> Change:
    """A change, its time written as in "9:30"."""
    if isinstance(clock := what.get("time"), str):
        hour, minute = clock.split(":")
        what["time"] = time(int(hour), int(minute))
    return Change(**what)  # type: ignore[arg-type]  # a table's line is checked by what it equals


SETTINGS: list[tuple[str, Change]] = [
    *((text, changed(weekday=6, time="9:00")) for text in rows("""
        sundays 9am | Sundays, 9am | sunday 9 am | sunday at nine please | 9am on sundays | every sunday at nine
        can you come by at 9 on sundays instead | sunday mornings | Sunday mornings work better for me""")),
    *((text, changed(weekday=0)) for text in rows("""
        mondays | Mondays please | could you ask on mondays? | let's do mondays | make it monday | every monday
        mondays instead of fridays | friday is bad, come on mondays | fridays don't work, mondays please
        change the day to monday | text me on mondays | how about mondays? | i'd like you to come on mondays""")),
    *((text, changed(weekday=1)) for text in rows("come on tuesdays instead | Tuesdays! | tuesday works better")),
    *((text, changed(weekday=4, time="19:00")) for text in rows("friday evenings | every friday evening")),
    *((text, changed(weekday=3, time="18:30")) for text in rows("""
        move it to thursdays at half past six | thursdays at 18.30 from now on | thu 18:30""")),
    *((text, changed(time="9:00")) for text in rows("mornings are better | I prefer mornings | mornings please")),
    *((text, changed(time="18:30")) for text in rows("make it 18:30 | 18:30 would be better")),
    *((text, changed(time="19:00")) for text in rows("change the time to 7pm | evenings | in the evening instead")),
    *((text, changed(weekday=5)) for text in rows("weekends are better | saturdays please | Can we do Saturday?")),
    *((text, changed(weeks=2)) for text in rows("""
        every other week | Every other week please | fortnightly | come every two weeks | only every second week please
        twice a month | every fortnight would be better | once every two weeks""")),
    *((text, changed(weeks=4)) for text in rows("once a month | monthly is enough | every four weeks | monthly")),
    *((text, changed(weeks=1)) for text in rows("every week again | weekly please | back to every week please")),
    ("every other sunday at 9", changed(weekday=6, time="9:00", weeks=2)),
    ("sundays 9am, every other week", changed(weekday=6, time="9:00", weeks=2)),
    ("once a month on sundays", changed(weekday=6, weeks=4)),
    ("Sundays, 9am, and keep it short please", changed(weekday=6, time="9:00", length="short")),
    *((text, changed(length="full")) for text in rows("""
        ask me everything | all five questions | ask me all five questions | all five please | more questions please
        the full check-in please""")),
    *((text, changed(length="one")) for text in rows("""
        just one question | only one question please | shorter please | fewer questions please
        just the good turn please""")),
    *((text, changed(length="short")) for text in rows("keep it short | short check-ins please | make it short")),
    *((text, changed(discreet=True)) for text in rows("""
        discreet on | be discreet | Please be discreet | turn discreet on | no previews on my lock screen
        don't show anything on my lock screen | hide the text on my lock screen | nothing on my lock screen please""")),
    *((text, changed(discreet=False)) for text in rows("""
        discreet off | turn off discreet | stop being discreet | no need to be discreet""")),
    *((text, changed(model=True)) for text in rows("""
        use the model | model on | yes to the model | you can use the language model""")),
    *((text, changed(model=False)) for text in rows("""
        no language model | model off | please don't use a language model | no AI please | turn the model off""")),
    *((text, changed(city="Lisbon")) for text in rows("""
        I moved to Lisbon | we've moved to Lisbon | I live in Lisbon now | new city: Lisbon | city Lisbon
        I'm in Lisbon now | change my city to Lisbon""")),
    ("we moved to Lisbon, Portugal", changed(city="Lisbon, Portugal")),
    ("I've moved to Kyiv, mondays at 8 please", changed(city="Kyiv", weekday=0, time="8:00")),
]  # fmt: skip
NO_SETTINGS = """
    sunday I drove Ana home | on monday evening I helped | monday | friday evening | tomorrow | 18:30 | one | full | off
    ask me on monday | ask me at 9 | text me on monday evening | every sunday I call mum | sundays at mum's | skip
    stop | I moved to help Ana | I moved to tears by it | I'm in a meeting now | I'm in Porto
    city council meeting with Rui
    monday 9am I called Rui | I kept it short and called her | porto | short | helped Ana on sundays | not mondays
    every other day I water her plants | mornings with dad | once a month I cook for them | sundays or mondays
    mondays and fridays | sundays 25:00 | made bread on sunday morning | dinner with Ana on friday at 7 | be kind
    nothing on my mind | new city council | ask Ana on monday | make it stop | from now on | please | maybe later
    fridays are bad for me | the full story | short walk with Ana | I live in fear | should I ask on mondays?
    """


@pytest.mark.parametrize(("text", "change"), SETTINGS)
def test_setting(text: str, change: Change) -> None:
    """A sentence that asks for nothing but changes is read to its end, several of them at once."""
    assert setting(text) == bare_setting(text) == change
    assert wish(text) is None


@pytest.mark.parametrize("text", [*rows(NO_SETTINGS), "", "?", "sundays " * 40])
def test_no_setting(text: str) -> None:
    """A story that mentions a sunday is no wish, nor is a day alone, and of two days none is taken."""
    assert setting(text) is None


BARE_SETTINGS: list[tuple[str, Change | None]] = [
    ("porto", changed(city="porto")),
    ("New York please", changed(city="New York")),
    ("Москва", changed(city="Москва")),
    ("18:30", changed(time="18:30")),
    ("9", changed(time="9:00")),
    ("Monday", changed(weekday=0)),
    ("friday evening", changed(weekday=4, time="19:00")),
    ("one", changed(length="one")),
    ("Full!", changed(length="full")),
    ("short", changed(length="short")),
    ("off", changed(discreet=False)),
    ("on", changed(discreet=True)),
    ("two weeks", changed(weeks=2)),
    ("month", changed(weeks=4)),
    *((text, None) for text in rows("skip | no | stop | leave it | what's this? | I helped Ana | gave Rui starter")),
]


@pytest.mark.parametrize(("text", "change"), BARE_SETTINGS)
def test_bare_setting(text: str, change: Change | None) -> None:
    """Beside open settings a word will do."""
    assert bare_setting(text) == change


MOVES: list[tuple[str, tuple[str, float | None, str, str]]] = [
    ("utc+2, lisbon from the 14th", ("", 2, "lisbon", "2026-12-14")),
    ("it's 3pm here, lisbon from the 14th", ("", 3, "lisbon", "2026-12-14")),
    ("I'm in Berlin till friday, then Lisbon", ("Berlin", None, "Lisbon", "2026-11-27")),
    ("I'm in Berlin until Friday and then Lisbon", ("Berlin", None, "Lisbon", "2026-11-27")),
    ("Berlin till friday, Lisbon from then on", ("Berlin", None, "Lisbon", "2026-11-27")),
    ("from monday I'm in Tokyo", ("", None, "Tokyo", "2026-11-23")),
    ("lisbon from december", ("", None, "lisbon", "2026-12-01")),
    ("lisbon, from the 14th", ("", None, "lisbon", "2026-12-14")),
    ("moving to Lisbon on the 14th", ("", None, "Lisbon", "2026-12-14")),
    ("I move to Porto next week", ("", None, "Porto", "2026-11-23")),
    ("in december I move to Kyiv", ("", None, "Kyiv", "2026-12-01")),
    ("Berlin till the 3rd of december, then Porto, Portugal", ("Berlin", None, "Porto, Portugal", "2026-12-03")),
    ("in two weeks I'm in New York", ("", None, "New York", "2026-12-06")),
    ("I'm in Porto now, from monday in Tokyo", ("Porto", None, "Tokyo", "2026-11-23")),
    ("we're moving to San Jose, Costa Rica in january", ("", None, "San Jose, Costa Rica", "2027-01-01")),
    ("I'll be in Tokyo tomorrow", ("", None, "Tokyo", "2026-11-23")),
    ("Berlin; from 14.12. Lisbon", ("Berlin", None, "Lisbon", "2026-12-14")),
    ("as of next month, Munich", ("", None, "Munich", "2026-12-01")),
    ("Москва from monday", ("", None, "Москва", "2026-11-23")),
    ("I'm moving to Lisbon at the end of january", ("", None, "Lisbon", "2027-02-01")),
]
NO_MOVES = """
    porto from time to time | porto | utc+2 | I'm in Berlin till friday | sundays 9am | from monday on I help Ana
    Ana comes to Lisbon on friday | I was in Berlin till friday, then Lisbon | on friday I helped Ana in Lisbon
    pause till january | next week | from the 14th | lisbon from yesterday | lisbon until january | I'm from Porto
    from now on mondays | lisbon some day | in december I call mum | tomorrow with coffee | come by on tuesdays instead
    every other week from january | bread for Rui on friday | Ana on friday | quiet till friday, then back
    lisbon from the 45th
    """


@pytest.mark.parametrize(("text", "reading"), MOVES)
def test_move(text: str, reading: tuple[str, float | None, str, str]) -> None:
    """Where somebody is and where they will be are told apart, with the day in between."""
    found = move(text, NOW)
    assert found is not None
    away = None if found.offset is None else found.offset / timedelta(hours=1)
    assert (found.here, away, found.there, found.since.isoformat()) == reading


@pytest.mark.parametrize("text", [*rows(NO_MOVES), ""])
def test_no_move(text: str) -> None:
    """Without a place to come and a day for it there is no move."""
    assert move(text, NOW) is None


def test_a_move_is_counted_from_the_day_that_it_is_there() -> None:
    """Late on Sunday by UTC, tomorrow is Tuesday where clocks are thirteen hours ahead."""
    late = datetime(2026, 11, 22, 23, 0, tzinfo=UTC)
    there = move("utc+13, tomorrow I'm in Lisbon", late)
    assert isinstance(there, Move)
    assert there.since.isoformat() == "2026-11-24"


MOMENTS: list[tuple[str, str | None]] = [
    ("thursday lunch, after stand-up", "26 12:30"),
    ("tomorrow with coffee", "23 09:00"),
    ("this evening", "22 19:00"),
    ("tonight", "22 21:00"),
    ("in an hour", "22 13:00"),
    ("in half an hour", "22 12:30"),
    ("in 20 minutes", "22 12:20"),
    ("friday 5pm", "27 17:00"),
    ("friday", "27 12:00"),
    ("on the weekend", "28 12:00"),
    ("this weekend", "22 19:00"),
    ("next week", "25 12:00"),
    ("next monday", "23 12:00"),
    ("today", "22 19:00"),
    ("at noon", "23 12:00"),
    ("at 8", "23 08:00"),
    ("sunday morning", "29 09:00"),
    ("tuesday before lunch", "24 11:00"),
    ("tuesday after lunch", "24 14:00"),
    ("early tomorrow", "23 08:00"),
    ("sunday at 3pm", "22 15:00"),
    ("in two days", "24 12:00"),
    ("in a few days", "25 12:00"),
    ("the day after tomorrow", "24 12:00"),
    ("on the 28th at 5", "28 17:00"),
    ("right now", "22 12:00"),
    ("first thing tomorrow", "23 08:00"),
    ("after work", "22 17:30"),
    ("Friday, on my way home", "27 17:30"),
    ("tomorrow evening after dinner", "23 20:30"),
    ("before bed", "22 22:00"),
    ("tuesday at half past four", "24 16:30"),
    ("I'll ring her on thursday evening", "26 19:00"),
    ("when she's home around 5", "22 17:00"),
    ("when the baby sleeps tonight", "22 21:00"),
    ("10 minutes before bed", "22 22:00"),
    *((text, None) for text in rows("""
        when the baby sleeps | when I see her | at some point | whenever | someday | after the meeting | soon | never
        next time I'm there | not today | in three months | on christmas | as soon as I can | next year | in january
        dunno | when the bread is done | my own time | if she rings | last friday | in the kitchen | with Ana""")),
]  # fmt: skip


@pytest.mark.parametrize(("text", "there"), MOMENTS)
def test_moment(text: str, there: str | None) -> None:
    """A moment is on the clock of where somebody lives; an occasion without a time is none."""
    found = moment(text, NOW, LISBON)
    assert (found.astimezone(LISBON).strftime("%d %H:%M") if found else None) == there
    assert found is None or str(found)[-6:] == "+00:00"


def test_a_moment_is_never_over() -> None:
    """What has passed today is tomorrow's, a weekday's next week's; an evening that has begun is an hour from now."""
    late = datetime(2026, 11, 22, 22, 0, tzinfo=UTC)
    readings = ("this evening", "at 8", "sunday", "this weekend", "with coffee")
    found = [moment(text, late, LISBON) for text in readings]
    assert [each and each.strftime("%d %H") for each in found] == ["22 23", "23 08", "29 12", "22 23", "23 09"]


MOMENT_LABELS = ["This evening", "Tomorrow with coffee", "My own time", "Smaller", "Another", "Not for me"]
FOLLOW_UP = ["Did it, gladly", "Did it, a chore", "Not yet", "Let it go"]
RANGES = ["0–1", "2–5", "6–10", "More"]
PLACES = ["Porto, Portugal", "Porto, Azores", "Springfield, Illinois, US", "Somewhere else"]
LABELS: list[tuple[list[str], str, int | None]] = [
    *((MOMENT_LABELS, text, 0) for text in rows("THIS EVENING! | the first one | one | number one | 1 | evening")),
    *((MOMENT_LABELS, text, 1) for text in rows("tomorrow | tomorow | 2 | #2 | second | i'll take number 2 | coffee")),
    *((MOMENT_LABELS, text, 2) for text in rows("my own time | my own tiem | the 3rd | option 3 please")),
    *((MOMENT_LABELS, text, 3) for text in rows("smaller | Smaller please | the smaller one please | smalller")),
    *((MOMENT_LABELS, text, 5) for text in rows("not for me 🙈 | last | Not for me. | not")),
    *((MOMENT_LABELS, text, None) for text in rows("""
        no | 7 | smaller and another | not smaller | this morning | tomorrow evening | time to go
        tomorrow I help Ana with her move and the boxes | 0 | 🙈""")),
    (MOMENT_LABELS, "", None),
    *((FOLLOW_UP, text, 0) for text in rows("gladly | did it gladly | Did it gladlyy")),
    *((FOLLOW_UP, text, 2) for text in rows("not yet | notyet")),
    *((FOLLOW_UP, text, None) for text in rows("did it | done")),
    (RANGES, "6-10", 2),
    (RANGES, "more", 3),
    *((RANGES, text, None) for text in rows("3 | 2 | 6 | second")),
    *((PLACES, text, 2) for text in rows("springfield | springfield, illinois, us | sprngfield")),
    *((PLACES, text, 3) for text in rows("somewhere else please | somwhere else")),
    (PLACES, "porto", None),
    (["Yes", "No"], "yes please", 0),
    (["Later", "Latex"], "latek", None),
    ([], "yes", None),
]  # fmt: skip


@pytest.mark.parametrize(("labels", "text", "place"), LABELS)
def test_label(labels: list[str], text: str, place: int | None) -> None:
    """Somebody who types what a button says means that button, and never a guess between two."""
    assert label(text, labels) == place


@examples(max_examples=150, deadline=1_000)
@given(st.text(max_size=200) | st.lists(PIECES, max_size=40).map(" ".join))
def test_any_text_is_safe(text: str) -> None:
    """Whatever comes, nothing raises, and what is read keeps its promises."""
    setting(text), bare_setting(text), label(text, MOMENT_LABELS)
    assert (found := move(text, NOW)) is None or (found.there and found.since > NOW.date())
    assert (then := moment(text, NOW, LISBON)) is None or NOW <= then <= NOW + timedelta(days=30)


def test_enough_phrases_are_read() -> None:
    """At least three hundred phrases stand in these tables with their readings."""
    named: tuple[dict[str, str], ...] = (table.WISHES, table.SHARES)
    listed: tuple[Sized, ...] = (table.THEMES, table.HOURS, table.RHYTHMS, table.OFFSETS, table.PAUSES, table.PLACES)
    ours: tuple[Sized, ...] = (SETTINGS, rows(NO_SETTINGS), BARE_SETTINGS, MOVES, rows(NO_MOVES), MOMENTS, LABELS)
    phrases = sum(len(rows(line)) for each in named for line in each.values())
    assert phrases + sum(map(len, listed)) >= 300
    assert sum(map(len, ours)) >= 300


MOMENTS_ALONE = """
    thursday lunch | tomorrow evening maybe | friday 5pm | tonight | this weekend | I'll do it tomorrow | monday at 9
    thursday lunch, after stand-up | 18:30 | coffee | on sunday | Saturday morning, around 10 am
"""
MORE_THAN_A_MOMENT = """
    thursday I drove Ana home | tomorrow Ana comes by for lunch | lunch with Ana on thursday | the bees are back
    sundays 9am | 2 loaves | on friday I helped at the school | sunday lunch for the whole street | saturn
    when the baby sleeps
"""


@pytest.mark.parametrize("text", rows(MOMENTS_ALONE))
def test_a_moment_alone(text: str) -> None:
    """Just a moment, which after a suggestion is when they'll do it."""
    assert is_moment(text)


@pytest.mark.parametrize("text", rows(MORE_THAN_A_MOMENT))
def test_more_than_a_moment(text: str) -> None:
    """A story that has a moment in it is a story."""
    assert not is_moment(text)
