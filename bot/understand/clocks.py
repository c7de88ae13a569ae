"""Days and clocks: when somebody would like to be asked, and how far their clock is from UTC."""

import re
from datetime import UTC, datetime, time, timedelta
from functools import cache

from bot.understand.numbers import counted
from bot.understand.phrases import lowered

# A weekday as people write it, short, in full or with its usual slips; one group for each, from Monday on.
DAY = re.compile(
    r"""\b(?:
        (mon(?:days?|day's)?|mondys?|monadys?) | (tue(?:s?(?:days?|day's)?)|tusedays?|teusdays?)
        | (wed(?:s|nes)?(?:days?|day's)?|wensdays?|wednedays?|wednsdays?)
        | (thu(?:rs?)?(?:days?|day's)?|thrusdays?|thirsdays?|thursdys?) | (fri(?:days?|day's)?|firdays?|frdays?|fridys?)
        | (sat(?:ur)?(?:days?|day's)?|saterdays?|satudays?) | (sun(?:days?|day's)?|sundys?|sunadys?)
    )\b""",
    re.VERBOSE,
)
# A part of the day is taken as its middle.
PART_OF_DAY: tuple[tuple[str, time], ...] = (
    (r"early morning|early in the morning|sunrise|dawn", time(7)),
    (r"breakfast|first thing", time(8)),
    (r"before lunch", time(11)),
    (r"after lunch", time(14)),
    (r"before dinner", time(17, 30)),
    (r"after (?:dinner|supper)", time(20, 30)),
    (r"before bed", time(22)),
    (r"late morning", time(11)),
    (r"mornings?|forenoon", time(9)),
    (r"lunch ?(?:time|break)?", time(12, 30)),
    (r"noon|midday|mid-day", time(12)),
    (r"late afternoon|after work|teatime|tea time", time(17)),
    (r"afternoons?|arvo", time(15)),
    (r"late evening|late at night|late night|bed ?time", time(22)),
    (r"dinner(?: ?time)?|supper|evenings?|eve|sunset", time(19)),
    (r"midnight", time(0)),
    (r"nights?|tonight", time(21)),
)


_BUT_NOT = re.compile(rf"\b(?:not|but|except|instead\ of|rather\ than)\ (?:on\ )?(?:{DAY.pattern})", re.VERBOSE)


def weekday(said: str) -> int | None:
    """The first weekday (Monday is 0) in *said* (lower case), if there is one."""
    found = DAY.search(said)
    return next((at for at, name in enumerate(found.groups()) if name), None) if found else None


@cache
def _clocks() -> list[re.Pattern[str]]:
    """The ways to tell a clock, those that say most first; only the last takes a number alone for an hour."""
    start = r"(?<![\d.:/+-])"  # not in the middle of a date, a number or an offset
    hour, half = r"(?P<hour>\d{1,2})", r"\ ?(?P<half>[ap](?:\.?m\.?)?)?(?!\w)"
    am_pm = r"\ ?(?P<half>[ap]\.?m\.?)(?!\w)"
    ways = (
        # "half past four", "quarter to 6pm", "ten minutes to one"
        rf"\b(?P<away>half|quarter|\d{{1,2}}(?:\ min(?:ute)?s?)?)\ ?(?P<way>past|to|before|after|till)\ {hour}{half}",
        # as in 16:00, 18h30, 7.30 am
        rf"{start}{hour}\ ?[:.hu]\ ?(?P<minute>\d{{2}})(?::\d{{2}})?(?:\ ?(?:uhr|h|hrs|o'?clock))?{half}(?![:./]\d)",
        # "1630h"
        rf"{start}(?P<hour>[01]\d|2[0-3])(?P<minute>[0-5]\d)\ ?(?P<sure>h|hrs|hours)\b",
        # "monday 0900"
        r"""
        (?:\b(?:at|mon|tue|wed|thu|fri|sat|sun)|days?)\ (?P<sure>)
        (?P<hour>[01]\d|2[0-3])(?P<minute>[0-5]\d)(?![\w:./-])
        """,
        # "4pm"; "8 o'clock", "18h", "8 sharp"
        rf"{start}{hour}{am_pm}",
        rf"{start}{hour}\ ?(?:o'?\ ?clock|uhr|h|hrs?|sharp)\b(?:{am_pm})?",
        # "half four"
        rf"\b(?P<away>half)\ {hour}{half}",
        # "at 7", "sundays 9"
        rf"""
        (?: \b(?:at|around|about|by|from|past|between) | days? | \b(?:mon|tues?|weds?|thu|thurs?|fri|sat|sun)s?
            | 's | ^ | [,@~])
        \ ? {hour}(?:ish)?
        (?= $ | [,;!?-] | \.(?!\d)
            | \ (?:in\ the|at\ night|please|thanks|if|works|sharp|on|every|and\ \d|to\ \d|would|is|or\ so|instead|each
                  |mon|tue|wed|thu|fri|sat|sun))
        """,
    )
    return [re.compile(way, re.VERBOSE) for way in ways]


def clock(said: str, *, bare: bool = True) -> tuple[int, int, bool] | None:
    """The hour and minute that *said* (lower case) tells, and whether it is sure which half of the day they are in.

    A number alone is an hour only if *bare*.
    """
    ways = _clocks() if bare else _clocks()[:-1]
    found = next((found for way in ways if (found := way.search(said))), None)
    if found is None:
        return None
    part = found.groupdict(default="")
    hour, minute = int(part["hour"]), int(part.get("minute", 0))
    if away := part.get("away"):
        minute = {"half": 30, "quarter": 15}.get(away) or int(away.split()[0])
        if part.get("way") in ("to", "before", "till"):
            hour, minute = (hour - 1 or 12) if hour else 23, 60 - minute
    if hour > 24 or not 0 <= minute <= 59 or (hour == 24 and minute):
        return None
    if hour == 0 or hour > 12:
        return hour % 24, minute, True
    half = part.get("half", "")[:1] or _half(said, hour)
    if half:
        return hour % 12 + (12 if half == "p" else 0), minute, True
    return hour, minute, "sure" in part or ("minute" in part and part["hour"][0] == "0")


def _half(said: str, hour: int) -> str:
    """The half of the day, "a" or "p", in which *said* has *hour*, or "" if it doesn't say."""
    if re.search(r"\bmornings?\b", said):
        return "a"
    if re.search(r"\b(?:afternoons?|evenings?|tonight)\b", said):
        return "p"
    if re.search(r"\bnights?\b", said) and hour > 5:
        return "p"
    return "a" if re.search(r"\bat night\b", said) else ""


def rhythm(text: str) -> tuple[int | None, time | None]:
    """The weekday (Monday is 0) and the wall time that *text* names, each None if it names none.

    An hour that says neither morning nor evening is taken as one people are awake and free at: 1 to 7 are in the
    afternoon, 8 to 12 before it; "07:00" is meant as written. A part of the day is its middle: "saturday morning" is
    9:00, "evenings" 19:00.
    """
    said = _BUT_NOT.sub(" ", counted(lowered(text)))
    day = weekday(said)
    if day is None and re.search(r"\bweekends?\b", said):
        day = 5
    if told := clock(said):
        hour, minute, sure = told
        return day, time(hour + 12 if not sure and 1 <= hour <= 7 else hour, minute)
    parts = (moment for words, moment in PART_OF_DAY if re.search(rf"\b(?:{words})\b", said))
    return day, next(parts, None)


_UTC = re.compile(
    r"(?<!\w)(?:utc|gmt)(?:\ ?time)?\ ?  (?:([+-])\ ?(\d{1,2})(?:[:.h]?(\d{1,2}))?(?!\d))?  (?=$|[\s,;.!?)])",
    re.VERBOSE,
)
_AHEAD = re.compile(r"(\d{1,2}(?:\.\d+)?) ?(?:h|hours?) (ahead|behind)(?: of)? (?:utc|gmt)\b")
_BARE_OFFSET = re.compile(r"([+-]) ?(\d{1,2})(?::?(\d{2}))?(?: ?(?:h|hours?))?[.! ]*")
# Words that make a clock the one on the wall; without them only a short text is about it.
_HERE = re.compile(
    r"\b(?:here|now|it'?s|it is|my (?:time|clock|watch|phone|place|city)|local(?:ly)?|the time|current(?:ly)?|o'?clock"
    r"|clock)\b"
)


def names_utc(said: str) -> bool:
    """Whether *said* (lower case) has an offset from UTC in it."""
    return _UTC.search(said) is not None


def offset(text: str, now: datetime) -> timedelta | None:
    """How far the clock that *text* tells of is from UTC, at *now* (aware): "utc+2", "GMT-3:30", "it's 3pm here".

    To the nearest quarter hour, from -12 to +14 hours. A clock half a day off is told by who would be awake ("it's
    3:20 here" is in the afternoon); where that leaves both, as at half past nine, None.
    """
    said = re.sub(r"\b(utc|gmt) (plus|minus) ", _signed, counted(lowered(text)))
    if found := _AHEAD.search(said):
        away = _quarter(timedelta(hours=float(found[1]))) * (1 if found[2] == "ahead" else -1)
        return away if timedelta(hours=-12) <= away <= timedelta(hours=14) else None
    if found := _UTC.search(said) or _BARE_OFFSET.fullmatch(said):
        return _told_offset(found)
    if not (_HERE.search(said) or len(re.sub(r"[^\w:.']+", " ", said).strip()) <= 12):
        return None
    told = clock(said, bare=False) or clock(re.sub(r"^.*\b(?:it's|its|it is) ", "", said))
    if told is None and (found := re.search(r"\b(noon|midday|midnight)\b", said)):
        told = (0 if found[1] == "midnight" else 12, 0, True)
    if told is None:
        return None
    hour, minute, sure = told
    if not sure:
        awake = [choice for choice in (hour % 12, hour % 12 + 12) if 7 <= choice <= 22]
        if len(awake) != 1:
            return None
        hour = awake[0]
    there = now.astimezone(UTC)
    away = _quarter(timedelta(hours=hour, minutes=minute) - timedelta(hours=there.hour, minutes=there.minute))
    # From +12 on two offsets share each clock: more people live at +12 and +13 than at -12 and -11, but fewer at +14
    # than at -10.
    least, day = timedelta(hours=-10, minutes=-30), timedelta(days=1)
    return least + (away - least) % day


def _signed(found: re.Match[str]) -> str:
    return f"{found[1]}{'+' if found[2] == 'plus' else '-'}"


def _told_offset(found: re.Match[str]) -> timedelta | None:
    sign, whole, part = found.groups()
    if sign is None:
        return timedelta(0)
    minutes = {"5": 30, "25": 15, "75": 45}.get(part, 0) if f".{part}" in found[0] else int(part or 0)
    away = timedelta(hours=int(whole), minutes=minutes) * (-1 if sign == "-" else 1)
    fits = minutes < 60 and timedelta(hours=-12) <= away <= timedelta(hours=14)
    return _quarter(away) if fits else None


def _quarter(away: timedelta) -> timedelta:
    return timedelta(minutes=15) * round(away / timedelta(minutes=15))
