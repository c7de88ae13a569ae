"""What is understood of what people write. Each table is phrase and reading, so a new phrase is one more line."""

import time as stopwatch
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.understand import (
    also,
    bare_setting,
    clauses,
    denies,
    hours,
    label,
    moment,
    move,
    offset,
    pause,
    place,
    rhythm,
    setting,
    share,
    share_besides,
    span,
    themes,
    wish,
    wonders,
)
from bot.understand.quotes import phrase

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)  # a Sunday, 12:00 in Lisbon
LISBON = ZoneInfo("Europe/Lisbon")

WISHES = {
    "stop": """
        STOP | stop | Stop. | stop!!! | stoooop | please stop | stop it please | stop it | ok stop | stop now
        just stop
        stop messaging me | Stop sending me messages | stop asking | unsubscribe | leave me alone | go away | quit
        don't message me again | no more messages | 🛑 | can you stop | I want you to stop | opt out""",
    "pause": """
        pause | Pause please | pause for now | pause till january | pause until 3 december | pause for two weeks
        pause everything until may | quiet for a month | stay quiet | be quiet for a while | I need a break
        take a break | leave me alone until friday | no questions till monday | ⏸ | hold off until march | hold off
        pause 10 days | pause a week | pause for the holidays | pause this month
        I'm away for two weeks | I'm on holiday till january | give me two weeks off | take a break till march
        quiet please till monday | pause for a bit | don't text me for a week | come back in a month""",
    "back": """
        here again | I'm back from holiday | continue | come back | Start again | I'm back! | you can come by again
        resume | ok you can come back now""",
    "help": "help | Help! | what can you do?",
    "privacy": "who reads this? | who can read this | Who can see what I write?",
    "erase": "delete everything | delete my data | erase all of my messages please | forget me",
    "never": """
        none of your business | None of your business! | that's none of your business | none of ur business
        none of your damn business | nunya | nunya business | not your business | mind your own business
        that's a bit personal | that's private | too personal | don't ask me that | don't ask me that again
        never ask this again
        stop asking me that | don't ask again | it's private""",
    "skip": """
        skip | Skip. | skip it | skip this one | skip please | skip that question | pass | I'll pass | pass on this one
        not telling you | i won't answer that | don't wanna say | ask me something else | leave that one out
        wouldn't you like to know | i'd rather keep that to myself
        next | next question | next please | no comment | rather not say | I'd rather not | prefer not to say
        i don't want to answer | never mind | don't want to talk about it | n/a | ⏭""",
    "later": """
        later | Later! | maybe later | not now | not now please | not right now | ask me later | ask me again tomorrow
        bad timing | talk later | ttyl | brb
        tonight | tomorrow | tomorrow morning | not today | not yet | busy | I'm busy | bit later | can't talk right now
        some other time | in a bit | in an hour | I'm at work | remind me tomorrow | give me a minute | snooze""",
    "nothing": """
        nothing | Nothing. | nothing this week | nope nothing | nope, nothing this week, sorry | no nothing | none
        nobody | no one | nada | nothing really | nothing much | not much | nothing special this week | not a thing
        nothing comes to mind | can't think of anything | can't think of anyone | nothing to report | i did nothing
        I didn't do anything | nothing at all | nothing yet | absolutely nothing | nothing I can think of
        nothing big | can't say I did | can't think of anything right now
        nothing 😅""",
    "enough": """
        that's all | That's all! | that's it | thats it | that's it for this week | done | I'm done | all done | no more
        enough | nothing else | nope that's all | no, that's it | that's all for now | finished | that'll do
        that'll be all | not that I know
        that's everything | nothing more | no that's all thanks | that's about it""",
    "unsure": """
        dunno | idk | IDK | idk, why? | don't know yet | I don't know | i dont know | not sure | not sure yet | no idea
        I'm not sure | no clue | hard to say | haven't a clue | i really don't know | who knows | beats me | maybe
        not a clue | haven't the faintest | I really couldn't tell you | let me think about it | good question, dunno
        don’t know | not really sure | can't remember | 🤷 | 🤷‍♀️ | hmm not sure""",
    "yes": """
        yes | Yes! | yep | yup | yeah | yesss | yes please | sure | ok | okay | of course | y | sounds good | go ahead
        yes, do | that works | sounds lovely | no problem | I'd love that
        👍 | 👍🏽 | absolutely | please do | why not | alright""",
    "no": """no thank you very much | no | No. | nope | nah | nooooo | no thanks | no thank you | not really | 👎
        no way | n | not really no""",
    "usual": """
        same as always | same as usual | same as last week | the usual | just the usual | as always | same old same old
        the same | same | business as usual | nothing new, same as always | Nothing, same as always | usual stuff
        pretty much the same
        ditto | nothing different | as per usual""",
}

STORIES = """
    I did nothing but hold her hand
    skip the bakery closed so I drove him
    stopped by at mum's
    passed my notes on to Ana
    pass the salt to a blind man at lunch
    done the dishes for my flatmate
    Joana can stop smoking now, I sat with her
    nothing, dad's in hospital
    no sugar cake for Rui
    yes I helped my neighbour move
    same as Ana: I cooked
    later I drove Idris to the station
    not now but in summer I helped
    I paused my work to listen to Ben
    pause button fixed on gran's radio
    that's all she wanted, a hug
    enough bread for the whole street
    sure footed Ben up the hill
    next door's cat fed for a week
    personal letter to my aunt
    private lesson for Sam
    never saw her so happy
    quiet evening with my sister
    maybe Rui, I showed him the starter
    I don't know her name but I carried her bags
    nobody came so I stayed with Lena
    busy week, covered two shifts
    tomorrow's lesson prepared for Tom
    usual walk with the old neighbour and his dog
    stop sign painted with the kids
    I stopped to help
    good question from a beginner, answered it
    wait for the bus with a lost child
    fine tuned a CV for Marta
    right after lunch I called mum
    finished Ana's shelf
    the end of year accounts for the club
    don't see the point of being here
    I want it all to end
    end it all
    make it stop
    I want out
    pause to smell the roses with gran
    pause for breath on the stairs, carried Ana's bags
    quiet
    away till friday, so mum got my keys
    see you in january, said Tom, and hugged me
    give me a hand, said Lena, so I did
    I'm away till friday, so mum got my keys
    pause for a minute, said Rui
    continue the fence with dad
    keep it up, I told Ana
    """


def rows(table: str) -> list[str]:
    return [phrase.strip() for line in table.strip().splitlines() for phrase in line.split(" | ") if phrase.strip()]


@pytest.mark.parametrize(("text", "meant"), [(text, meant) for meant, table in WISHES.items() for text in rows(table)])
def test_wish(text: str, meant: str) -> None:
    """A wish is understood in any casual spelling when it is the whole message."""
    assert wish(text) == meant


@pytest.mark.parametrize("text", [*rows(STORIES), "", " ", "...", "sourdough", "Joana", "😀", "stop " * 40])
def test_no_wish(text: str) -> None:
    """What somebody tells is never taken for a wish because of a word in it."""
    assert wish(text) is None


THEMES: list[tuple[str, tuple[str, ...]]] = [
    ("sourdough, being patient with new nurses", ("sourdough", "being patient with new nurses")),
    ("Sourdough", ("Sourdough",)),
    ("sourdough and bees", ("sourdough", "bees")),
    ("sourdough, bees, and being a calm dad", ("sourdough", "bees", "being a calm dad")),
    ("sourdough; bees; embedded Rust", ("sourdough", "bees", "embedded Rust")),
    ("sourdough\nbees\n\nembedded Rust", ("sourdough", "bees", "embedded Rust")),
    ("- sourdough\n- bees", ("sourdough", "bees")),
    ("• sourdough\n• bees", ("sourdough", "bees")),
    ("1. sourdough\n2) bees", ("sourdough", "bees")),
    ("Sourdough. Beekeeping.", ("Sourdough", "Beekeeping")),
    ("rock and roll, bread and butter pudding", ("rock and roll", "bread and butter pudding")),
    ("rock & roll & bees", ("rock & roll", "bees")),
    ("I'd like people to come to me for sourdough and bees", ("sourdough", "bees")),
    ("mostly I like to sing", ("I like to sing",)),
    ("well-being", ("well-being",)),
    ("people come to me for advice on wills", ("advice on wills",)),
    ("mostly sourdough, maybe bees", ("sourdough", "bees")),
    ("things like knitting, crochet", ("knitting", "crochet")),
    ("I'm good at listening", ("listening",)),
    ("I’m good at listening and maths", ("listening", "maths")),
    ("I know a lot about housing law", ("housing law",)),
    ("um, probably knitting I guess", ("knitting",)),
    ("I would say C++, node.js", ("C++", "node.js")),
    ("sourdough, Sourdough, SOURDOUGH", ("sourdough",)),
    ("a,b,c,d,e,f,g,h,i,j", tuple("abcdefghij")),
    ("I help people with bikes, resume writing", ("bikes", "resume writing")),
    ("cooking!!!", ("cooking",)),
    ("cooking, etc.", ("cooking",)),
    ("fixing bikes, idk", ("fixing bikes",)),
    ("being known for my jam", ("being known for my jam",)),
    ("known to be calm / patient", ("known to be calm", "patient")),
    ('"being there"', ("being there",)),
    ("work-life balance", ("work-life balance",)),
    ("パン、蜂蜜", ("パン", "蜂蜜")),
    ("хлеб, пчёлы", ("хлеб", "пчёлы")),
    ("idk, why?", ()),
    ("Maybe bread? Or bees?", ("bread", "bees")),
    ("friends say I'm good at listening", ("listening",)),
    ("people usually ask me about computers and stuff", ("computers",)),
    ("listening, I hope", ("listening",)),
    ("i'm not good at anything", ()),
    ("don't know yet", ()),
    ("skip", ()),
    ("", ()),
    ("...", ()),
    ("why do you ask?", ()),
    ("no clue. maybe knitting?", ("knitting",)),
    ("idk, bread?", ("bread",)),
    ("things I'm good at: bikes, boats", ("bikes", "boats")),
    ("I don't know, maybe bread", ("bread",)),
    ("sourdough, and also maybe fixing old radios", ("sourdough", "fixing old radios")),
    ("I grew up on a farm and then I moved to Porto where I became a nurse", ()),
    ("x" * 61, ()),
    ("x" * 60, ("x" * 60,)),
    (
        (
            "I have always been the one in our family whom they ring. When my brother lost his job I sat with him"
            " every day. Later came the bakery, and then the nurses. So I suppose it is patience more than bread that I"
            " could offer now."
        ),
        (),
    ),
]


@pytest.mark.parametrize(("text", "phrases"), THEMES)
def test_themes(text: str, phrases: tuple[str, ...]) -> None:
    """Themes are a person's own phrases, as they wrote them; a life story is none yet."""
    assert themes(text) == phrases


HOURS: list[tuple[str, float | tuple[float, float] | None]] = [
    ("6-8", (6, 8)),
    ("6 - 8", (6, 8)),
    ("6–8 hours", (6, 8)),
    ("6 to 8", (6, 8)),
    ("between 6 and 8", (6, 8)),
    ("8-6", (6, 8)),
    ("8ish", 8),
    ("8-ish", 8),
    ("8", 8),
    ("8h", 8),
    ("8 hrs", 8),
    ("eight", 8),
    ("half a dozen", 6),
    ("a handful", 5),
    ("a good hour", 1),
    ("1 1/2 hours", 1.5),
    ("few hours", (2, 4)),
    ("hardly an hour", (0, 1)),
    ("not a minute", 0),
    ("prob 12", 12),
    ("a hundred", 100),
    ("a dozen", 12),
    ("about ten", 10),
    ("about ten hours", 10),
    ("~10", 10),
    ("ca. 10", 10),
    ("1.5", 1.5),
    ("1,5", 1.5),
    ("1½", 1.5),
    ("½", 0.5),
    ("an hour", 1),
    ("an hour and a half", 1.5),
    ("one and a half hours", 1.5),
    ("two and a half", 2.5),
    ("half an hour", 0.5),
    ("half hour", 0.5),
    ("quarter of an hour", 0.25),
    ("three quarters of an hour", 0.75),
    ("an hour or two", (1, 2)),
    ("30 min", 0.5),
    ("30-45 minutes", (0.5, 0.75)),
    ("90 minutes", 1.5),
    ("1h30", 1.5),
    ("1h 30m", 1.5),
    ("1:30", 1.5),
    ("30 min to 1 hour", (0.5, 1)),
    ("a couple", 2),
    ("a couple of hours", 2),
    ("a few hours", (2, 4)),
    ("10+", 10),
    ("10 or more", 10),
    ("zero", 0),
    ("0", 0),
    ("none", 0),
    ("none at all", 0),
    ("nothing", 0),
    ("hardly any", (0, 1)),
    ("two or three", (2, 3)),
    ("two, maybe three", 2),
    ("twenty", 20),
    ("twenty five", 25),
    ("twenty-five hours", 25),
    ("under 5", (0, 5)),
    ("less than an hour", (0, 1)),
    ("up to 3 hours", (0, 3)),
    ("more than 10", 10),
    ("2 hours a day", 14),
    ("an hour a day", 7),
    ("20 min a day", 2.33),
    ("8ish, half was my sister's birthday call", 8),
    ("I'd say 8 or so", 8),
    ("maybe 5 tops", 5),
    ("I spent about 6 hours on it", 6),
    ("probably 7, mostly with people", 7),
    ("8 hours 😅", 8),
    ("too many", None),
    ("lots", None),
    ("3 friends", None),
    ("3-4 times", None),
    ("it varies, 5 to 10", (5, 10)),
    ("idk maybe 6", 6),
    ("12 hours, about a third with people", 12),
    ("I saw 3 people and 2 dogs", None),
    ("2000", None),
    ("200 hours", None),
    ("half was a call", None),
    ("", None),
    ("dunno", None),
    ("at 7", None),
]


@pytest.mark.parametrize(("text", "reading"), HOURS)
def test_hours(text: str, reading: float | tuple[float, float] | None) -> None:
    """Hours are read as a range from the ways that people estimate; what counts something else is not hours."""
    assert hours(text) == (reading if reading is None or isinstance(reading, tuple) else (reading, reading))


SHARES = {
    "none": """
        none | almost none | hardly any | barely | barely any | nothing | next to none | 0% | 5% | none of it | 0
        zip | nada | a few minutes | very few | not much | very little | little""",
    "quarter": """
        a quarter | about a quarter | quarter | 25% | a third | a third of it | some | a bit | some of it | 20 percent
        bits and bobs | the smaller part | under a quarter | 1/4 | less than half""",
    "half": """
        half | about half | half of it | 50% | 50/50 | fifty-fifty | around half | roughly half of that | 40% | 1/2
        fifty percent | half/half | half and half | 8ish, half was my sister's birthday call | maybe half | a half""",
    "most": """
        most | most of it | mostly | all | all of it | nearly all | 90% | two thirds | three quarters | the majority
        almost all of it | a lot | more than half | 75 % | everything | mostly with my sister""",
}


@pytest.mark.parametrize(("text", "part"), [(text, part) for part, table in SHARES.items() for text in rows(table)])
def test_share(text: str, part: str) -> None:
    """A share is read to the nearest of four, also out of one clause among others."""
    assert share(text) == part


@pytest.mark.parametrize(
    "text",
    [
        "",
        "8",
        "half a dozen",
        "half an hour",
        "an hour and a half",
        "dunno",
        "150%",
        "0.5",
        "1,5 hours",
        "some friends came",
        "all my friends rang",
        "call",
        "half past four",
        "6-8",
    ],
)
def test_no_share(text: str) -> None:
    """Half an hour is an amount of time, not a share of it."""
    assert share(text) is None


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("8ish, half was my sister's birthday call", "half"),
        ("12 hours, about a third with people", "quarter"),
        ("8ish half was my sister's birthday call", "half"),
        ("probably 7, mostly with people", "most"),
        ("8 hours and half of it with mum", "half"),
        ("10; hardly any of it with people", "none"),
        ("1,5 hours, all of it", "most"),
        ("none", None),
        ("None!", None),
        ("hardly any", None),
        ("hardly any, sorry", None),
        ("none, nothing", None),
        ("0", None),
        ("0, none", None),
        ("half", None),
        ("an hour and a half", None),
        ("6 and a quarter, roughly", None),
        ("8, a quarter of an hour with mum", None),
        ("", None),
    ],
)
def test_share_besides(text: str, part: str | None) -> None:
    """An answer in hours tells a share only beside the hours: "none" is no time at all, and no part of it."""
    assert share_besides(text) == part


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("8ish, and half was a call", ["8ish", "half was a call"]),
        ("1.5 hours; 6:30, but 1,5 each", ["1.5 hours", "6:30", "1,5 each"]),
        ("an hour and a half", ["an hour and a half"]),
        ("none", ["none"]),
        (" ... ", []),
    ],
)
def test_clauses(text: str, parts: list[str]) -> None:
    """A clause ends at a comma or an "and"; a number doesn't."""
    assert clauses(text) == parts


RHYTHMS: list[tuple[str, int | None, tuple[int, int] | None]] = [
    ("sundays 9am", 6, (9, 0)),
    ("sunday 9 am", 6, (9, 0)),
    ("Sunday at 9", 6, (9, 0)),
    ("friday at half past four", 4, (16, 30)),
    ("friday at half four", 4, (16, 30)),
    ("Friday 16:00", 4, (16, 0)),
    ("fri 4pm", 4, (16, 0)),
    ("friday four", 4, (16, 0)),
    ("fridays at four", 4, (16, 0)),
    ("mondays 18:30", 0, (18, 30)),
    ("monday 18.30", 0, (18, 30)),
    ("mondays 18h30", 0, (18, 30)),
    ("mondays 18h", 0, (18, 0)),
    ("saturday morning", 5, (9, 0)),
    ("saturday morning at 7", 5, (7, 0)),
    ("evenings", None, (19, 0)),
    ("in the evening", None, (19, 0)),
    ("8 in the evening", None, (20, 0)),
    ("thursday noon", 3, (12, 0)),
    ("thurs lunchtime", 3, (12, 30)),
    ("at 7", None, (19, 0)),
    ("at 9", None, (9, 0)),
    ("7am", None, (7, 0)),
    ("07:00", None, (7, 0)),
    ("7:30", None, (19, 30)),
    ("7:30 am", None, (7, 30)),
    ("7", None, (19, 0)),
    ("every day at 9", None, (9, 0)),
    ("quarter to six", None, (17, 45)),
    ("quarter past eight", None, (8, 15)),
    ("ten to one", None, (12, 50)),
    ("tue", 1, None),
    ("Tuesdays please", 1, None),
    ("wednesday", 2, None),
    ("wensday", 2, None),
    ("weds 8 o'clock", 2, (8, 0)),
    ("at 5 on mondays", 0, (17, 0)),
    ("monday evening around 8", 0, (20, 0)),
    ("12am", None, (0, 0)),
    ("12pm", None, (12, 0)),
    ("12", None, (12, 0)),
    ("midnight", None, (0, 0)),
    ("weekend", 5, None),
    ("sunday night", 6, (21, 0)),
    ("sunday night at 10", 6, (22, 0)),
    ("23:59", None, (23, 59)),
    ("Sat 10", 5, (10, 0)),
    ("monday 9-10", 0, (9, 0)),
    ("after 6pm on fridays", 4, (18, 0)),
    ("friday the 13th", 4, None),
    ("not fridays, sundays", 6, None),
    ("anything but monday", None, None),
    ("tuesday 0900", 1, (9, 0)),
    ("thursdays after lunch", 3, (14, 0)),
    ("after dinner", None, (20, 30)),
    ("saturdays between 9 and 10", 5, (9, 0)),
    ("25:00", None, None),
    ("monday 18:75", 0, None),
    ("whenever", None, None),
    ("", None, None),
    ("my 3 kids", None, None),
    ("thirty", None, None),
    ("sunny", None, None),
    ("money", None, None),
]


@pytest.mark.parametrize(("text", "weekday", "clock"), RHYTHMS)
def test_rhythm(text: str, weekday: int | None, clock: tuple[int, int] | None) -> None:
    """A day and a time are read as people say them; a bare hour is one at which people are up and free."""
    assert rhythm(text) == (weekday, time(*clock) if clock else None)


OFFSETS: list[tuple[str, float | None]] = [
    ("utc+2", 2),
    ("UTC +2", 2),
    ("UTC+02:00", 2),
    ("utc-5", -5),
    ("UTC−5", -5),
    ("GMT-3:30", -3.5),
    ("gmt+5.5", 5.5),
    ("utc+5:45", 5.75),
    ("utc", 0),
    ("UTC plus two", 2),
    ("GMT minus 5", -5),
    ("I'm 2 hours ahead of utc", 2),
    ("I'm on GMT", 0),
    ("utc+2, lisbon from the 14th", 2),
    ("+2", 2),
    ("+05:30", 5.5),
    ("-8", -8),
    ("utc+14", 14),
    ("utc+15", None),
    ("utc-13", None),
    ("it's 3pm here", 3),
    ("its 3 pm here", 3),
    ("it's 15:20 now", 3.25),
    ("15:00", 3),
    ("3pm", 3),
    ("it's 3:20 here", 3.25),
    ("it's half past three here", 3.5),
    ("it's 3 in the afternoon here", 3),
    ("here it is 7 in the morning", -5),
    ("it's 9:30 here", None),
    ("noon here", 0),
    ("it's midnight here", 12),
    ("it's 1am here", 13),
    ("2am here", -10),
    ("it's 12:07", 0),
    ("3 pm in my city", 3),
    ("my time is utc + 1", 1),
    ("", None),
    ("porto", None),
    ("3 sisters", None),
    ("we eat lunch at half past two usually with the children", None),
]


@pytest.mark.parametrize(("text", "away"), OFFSETS)
def test_offset(text: str, away: float | None) -> None:
    """The clock on somebody's wall, told at noon UTC, gives their offset to a quarter of an hour."""
    assert offset(text, NOW) == (None if away is None else timedelta(hours=away))


PAUSES: list[tuple[str, str | None]] = [
    ("pause till january", "2027-01-01"),
    ("pause until January 2028", "2028-01-01"),
    ("pause until 3 december", "2026-12-03"),
    ("pause until december 3rd", "2026-12-03"),
    ("till the 3rd of december", "2026-12-03"),
    ("pause until 3 nov", "2027-11-03"),
    ("pause till 2027-02-05", "2027-02-05"),
    ("pause till 5.2.", "2027-02-05"),
    ("pause till 14/12", "2026-12-14"),
    ("pause till 12/14", "2026-12-14"),
    ("pause till 3/12", None),
    ("pause for two weeks", "2026-12-06"),
    ("pause for a couple of weeks", "2026-12-06"),
    ("pause for a fortnight", "2026-12-06"),
    ("pause for a week", "2026-11-29"),
    ("pause for 10 days", "2026-12-02"),
    ("quiet for a month", "2026-12-22"),
    ("quiet for three months", "2027-02-22"),
    ("pause for a few weeks", "2026-12-13"),
    ("two weeks", "2026-12-06"),
    ("pause for half a year", "2027-05-22"),
    ("pause till monday", "2026-11-23"),
    ("pause until sunday", "2026-11-29"),
    ("until next week", "2026-11-23"),
    ("until next month", "2026-12-01"),
    ("until the end of the month", "2026-12-01"),
    ("pause till tomorrow", "2026-11-23"),
    ("pause till the 30th", "2026-11-30"),
    ("pause till the 14th", "2026-12-14"),
    ("pause until christmas", "2026-12-25"),
    ("until after christmas", "2026-12-27"),
    ("pause until the new year", "2027-01-02"),
    ("till mid january", "2027-01-15"),
    ("until the end of january", "2027-02-01"),
    ("until may", "2027-05-01"),
    ("it may be a while", None),
    ("pause through december", "2027-01-01"),
    ("pause over christmas", "2026-12-27"),
    ("pause for the rest of the week", "2026-11-23"),
    ("till the end of the year", "2027-01-01"),
    ("pause until 2027", "2027-01-01"),
    ("pause", None),
    ("pause for a while", None),
    ("pause forever", None),
    ("pause till after the weekend", "2026-11-23"),
    ("/pause 2 weeks", "2026-12-06"),
    ("pause till 31 november", None),
    ("pause for 900 years", None),
    ("", None),
]


@pytest.mark.parametrize(("text", "day"), PAUSES)
def test_pause(text: str, day: str | None) -> None:
    """Quiet lasts until the day somebody names begins where they live."""
    until = pause(text, NOW, LISBON)
    assert (until.astimezone(LISBON).isoformat()[:16] if until else None) == (day and f"{day}T00:00")


def test_pause_is_counted_from_the_day_it_is_there() -> None:
    """Late on Sunday in Lisbon it is Monday in Auckland, and a week's quiet ends a day later."""
    auckland = ZoneInfo("Pacific/Auckland")
    until = pause("pause for a week", NOW, auckland)
    assert until == datetime(2026, 11, 30, tzinfo=auckland)
    assert str(until)[-6:] == "+00:00"


@pytest.mark.parametrize(
    "text",
    rows("""
    then I also called mum | and gave Tom a lift | + a lift for Tom | as well as a lift for Tom
    also gave Rui some starter | Also, I rang mum | oh and I drove Idris home | Oh, and Lena got my old bike
    plus I watered Ana's plants | and I covered a shift | and then I cooked for them | I also rang gran
    another one: held the door all day | forgot: fixed Tom's bike | on top of that I cooked | ps I thanked the driver
    """),
)
def test_also(text: str) -> None:
    """A message that plainly goes on is one more of the same."""
    assert also(text)


@pytest.mark.parametrize(
    "text",
    rows("""
    gave Rui some starter | what else? | also, what is this? | Ana also came | no | plus | also | and
    android phone fixed for gran |     surplus bread given away | that's all"""),
)
def test_not_also(text: str) -> None:
    """A good turn of its own, a question or a bare word doesn't plainly go on."""
    assert not also(text)


@pytest.mark.parametrize("text", rows("why? | what's this for? | but why | does my mum count? | ?? | hm, like what?"))
def test_wonders(text: str) -> None:
    """A question back is one by its first word and its mark."""
    assert wonders(text) == ("?" in text)


@pytest.mark.parametrize("text", rows("Rui asked me why? and I stayed | is it | gave bread, ok? | whyever not"))
def test_does_not_wonder(text: str) -> None:
    """A story with a question in it, or a question without its mark, isn't one back."""
    assert not wonders(text)


PLACES: list[tuple[str, str]] = [
    ("porto", "porto"),
    ("Porto, Portugal", "Porto, Portugal"),
    ("I'm in porto", "porto"),
    ("I’m in Porto.", "Porto"),
    ("i live in New York", "New York"),
    ("I live in Porto now", "Porto"),
    ("in Berlin", "Berlin"),
    ("near Springfield IL", "Springfield IL"),
    ("near Springfield, IL", "Springfield, IL"),
    ("lisbon from the 14th", "lisbon"),
    ("utc+2, lisbon from the 14th", "lisbon"),
    ("lisbon until january", "lisbon"),
    ("a small town near Lyon", "Lyon"),
    ("just outside Leeds", "Leeds"),
    ("The Hague", "The Hague"),
    ("St. Louis", "St. Louis"),
    ("it's porto", "porto"),
    ("I'm from Kyiv but live in Warsaw", "Warsaw"),
    ("born in Porto, live in Lisbon", "Lisbon"),
    ("you can put Graz", "Graz"),
    ("Graz would be closest", "Graz"),
    ("the nearest big city is Graz", "Graz"),
    ("Porto is my city", "Porto"),
    ("I moved to Graz recently", "Graz"),
    ("porto please", "porto"),
    ("currently in Kyiv", "Kyiv"),
    ("we moved to Lyon last year but I work in Geneva these days and go back and forth", "Lyon"),
    ("東京", "東京"),
    ("в Москве", "в Москве"),
    ("Frankfurt am Main", "Frankfurt am Main"),
    ("Rio de Janeiro", "Rio de Janeiro"),
    ("Porto (Portugal)", "Porto (Portugal)"),
    ("a small village near Graz in Austria", "Graz, Austria"),
    ("San Francisco Bay Area", "San Francisco"),
    ("I'm in Leeds, UK, it's 3pm here", "Leeds, UK"),
    ("i think paris :)", "paris"),
    ("it's 3pm here", ""),
    ("utc+2", ""),
    ("skip", ""),
    ("don't know", ""),
    ("", ""),
    ("😀", ""),
]


@pytest.mark.parametrize(("text", "words"), PLACES)
def test_place(text: str, words: str) -> None:
    """The city is taken out of the sentence it comes in, written as it was."""
    assert place(text) == words


def everything(text: str) -> None:
    """All readings of *text*, one after another."""
    wish(text), themes(text), hours(text), share(text), rhythm(text), also(text), place(text)
    share_besides(text), wonders(text), denies(text), phrase(text)
    offset(text, NOW), pause(text, NOW, LISBON), setting(text), bare_setting(text), move(text, NOW)
    moment(text, NOW, LISBON), label(text, ["This evening", "My own time", text[:60]])


PIECES = st.sampled_from([
    *rows("half a dozen | and | a couple of | 6-8 | hours | nothing | no | the | of it | till | january | 31 | for"),
    *rows("weeks | 99999999999 | utc+ | : | , | 🙂 | é | ٣ | ½ | stop | please | in | near | I'm | at | pm | 12: | '"),
    *["%", "1/", "years", ".", "\n- ", "e\u0301", "\u202e", "ß", "İ", "\x00", "|"],
])  # fmt: skip


@settings(max_examples=300, deadline=1_000)
@given(st.text(max_size=400) | st.lists(PIECES, max_size=80).map(" ".join) | st.lists(PIECES, max_size=80).map("".join))
def test_any_text_is_safe(text: str) -> None:
    """Whatever comes, nothing raises, and readings stay within what they promise."""
    everything(text)
    assert all(0 < len(phrase) <= 60 for phrase in themes(text))
    if (span := hours(text)) is not None:
        assert 0 <= span[0] <= span[1] <= 168
    if (away := offset(text, NOW)) is not None:
        assert timedelta(hours=-12) <= away <= timedelta(hours=14)
        assert away % timedelta(minutes=15) == timedelta(0)
    if (until := pause(text, NOW, LISBON)) is not None:
        assert until > NOW


@pytest.mark.parametrize(
    "text",
    [
        *(
            piece * (4096 // len(piece))
            for piece in rows("a | 1- | ,, | and\u00a0 | half\u00a0 | stop\u00a0 | I like\u00a0")
        ),
        *(
            piece * (4096 // len(piece))
            for piece in (
                "😀",
                " ",
                "!",
                ",",
                "\n",
                "a,",
                "-",
                "9",
                "no ",
                "1 ",
                "in ",
                "\n-",
                "please ",
                "about ",
                "a\u0301",
            )
        ),
        *(f"{sign * 4095}x" for sign in ("!", " ", "\n", ".", ",", "(")),
        *(
            f"{piece * (380 // len(piece))}x 5"
            for piece in (
                "my estimate ",
                "i'd say ",
                "a good ",
                "right now ",
                "i really like ",
                "of it ",
                "i like people come to me for ",
            )
        ),
        *(piece * (90 // len(piece)) for piece in ("please ", "the same ", "nothing ", "no ", "um", "same as always ")),
    ],
)
def test_long_text_is_quick(text: str) -> None:
    """The longest message that Telegram carries is read in a few milliseconds, however it repeats itself."""
    everything(text)
    began = stopwatch.process_time()
    everything(text)
    assert stopwatch.process_time() - began < 0.1


@pytest.mark.parametrize(
    ("text", "is_nothing"),
    [
        *((text, True) for text in rows("not much | not really anything | didn't really see anyone this week")),
        *((text, True) for text in rows("nope, busy week | none. sorry | can't say I did")),
        *((text, False) for text in rows("no way, Ana passed | no busy bees, gave honey")),
        *((text, True) for text in rows("nothing much | no | Not much, I've had a rotten cold | nothing - was ill")),
        *((text, False) for text in rows("not much, just drove Ana to work | nothing big, helped Rui | helped Ana")),
    ],
)
def test_denies(text: str, is_nothing: bool) -> None:
    """That nothing was done can be said with what came between, but not with something that was done."""
    assert denies(text) is is_nothing


SPANS = {
    "2026-11": "2026-11-01 2026-12-01",
    "11/2026": "2026-11-01 2026-12-01",
    "november": "2026-11-01 2026-12-01",
    "Nov 2025": "2025-11-01 2025-12-01",
    "in march": "2026-03-01 2026-04-01",
    "dec": "2025-12-01 2026-01-01",
    "december 2026": "2026-12-01 2027-01-01",
    "2025": "2025-01-01 2026-01-01",
    "this month": "2026-11-01 2026-12-01",
    "last month": "2026-10-01 2026-11-01",
    "13/2026": "",
    "2026-00": "",
    "priya": "",
    "november rain": "",
    "1850": "",
}


@pytest.mark.parametrize(("text", "reading"), SPANS.items())
def test_spans(text: str, reading: str) -> None:
    """A month or a year that somebody looks back at, as its first day and the first one after it."""
    found = span(text, NOW.date())
    assert " ".join(str(day) for day in found or ()) == reading
