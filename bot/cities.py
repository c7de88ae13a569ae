"""Which city a person means, and with it which clock they live by.

`cities.db` is made once by `tools/make_cities.py` from GeoNames (CC BY 4.0, https://www.geonames.org). It is read only,
opened at the first question, and looked up by primary key: a name in any alphabet is folded to one plain spelling, so
that "München", "munchen" and "Munich" are keys of one city. Only when nothing is spelled that way are names one slip
of the finger away tried, and for long ones those that begin alike; such a city is offered but never taken unasked.

Cities are numbered by population, largest first, so a smaller number is a likelier city.
"""

import json
import sqlite3
import threading
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from bot.text import unmarked

__all__ = ["City", "by_offset", "cities", "clear", "folded"]

DATA = Path(__file__).with_name("cities.db")

_SHORT = {
    "United States": "US",
    "United Kingdom": "UK",
    "United Arab Emirates": "UAE",
    "The Netherlands": "Netherlands",
}
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_QUIET = str.maketrans(dict.fromkeys(".·'’‘`´ʹʺʻʼʽʾʿ\u200c\u200d"))  # part of a word, or nothing at all
_SPELLED_OUT = {"st": "saint", "ft": "fort", "mt": "mount"}
_BETWEEN = str.maketrans(dict.fromkeys(";/()[]|\n،、，", ","))
_LONGEST = 100

Match = Literal["name", "alias", "close"]
Lands = Sequence[frozenset[tuple[str, str]]]

# What one inhabitant counts for, by how the city was found, and how much more a city must count to be taken unasked.
_WEIGHT: dict[Match, float] = {"name": 1.0, "alias": 0.1, "close": 0.05}
_DOMINANCE = 8
_GREAT = 1_000_000
_SIZEABLE = 200_000


@dataclass(frozen=True, kw_only=True, slots=True)
class City:
    """A city that may be meant. *region* is a state or province, or empty; *zone* is an IANA name that tzdata has;
    *match* tells how it was found: by its own name, by another name of it, or only by something close."""

    name: str
    region: str
    country: str
    zone: str
    population: int
    match: Match = field(default="name", compare=False)

    @property
    def label(self) -> str:
        """The city as an address would say it: "Porto, Portugal" or "Springfield, Illinois, US"."""
        parts = (self.name, self.region, _SHORT.get(self.country, self.country))
        return ", ".join(dict.fromkeys(part for part in parts if part))

    @property
    def weight(self) -> float:
        """How likely this city is meant, on a scale of inhabitants."""
        return self.population * _WEIGHT[self.match]


def folded(text: str) -> str:
    """*text* as a key: no case, accents or punctuation, single spaces; "St." and the like spelled out."""
    bare = unmarked(text.translate(_QUIET))
    words = "".join(sign if unicodedata.category(sign)[0] in "LMN" else " " for sign in bare).split()
    return " ".join(_SPELLED_OUT.get(word, word) for word in words)


_turn = threading.Lock()


@cache
def _database() -> sqlite3.Connection:
    # Immutable: no locks and no side files, so it may lie on a read-only disk. One connection, its users take turns.
    return sqlite3.connect(f"{DATA.resolve().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False)


def _rows(query: str, values: Iterable[str | int] = ()) -> list[Any]:
    """What *query* finds; of the view `place`: id, name, region, country, zone, population, country code."""
    with _turn:
        return _database().execute(query, tuple(values)).fetchall()


def _city(row: Any, match: Match) -> City:
    _, name, region, country, zone, population, _ = row
    return City(name=name, region=region, country=country, zone=zone, population=population, match=match)


def _land(key: str) -> frozenset[tuple[str, str]]:
    """What *key* may name, as (country code, region), an empty region meaning all of it: "ca" is two lands."""
    return frozenset(_rows("SELECT country, region FROM land WHERE folded = ?", [key]))


def _inside(row: Any, lands: Lands) -> bool:
    return all((row[6], "") in land or (row[6], row[2]) in land for land in lands)


def _spelled(keys: Sequence[str], lands: Lands, *, close: bool = False) -> list[City]:
    """The cities that go by one of *keys* and lie in every one of *lands*."""
    found = []
    query = "SELECT * FROM place WHERE id IN (SELECT city FROM name WHERE folded IN (SELECT value FROM json_each(?)))"
    for row in _rows(f"{query} ORDER BY id LIMIT 400", [json.dumps(keys)]):
        if _inside(row, lands):
            own = folded(row[1])
            match: Match = "close" if close else "name" if {own, own.removesuffix(" city")} & {*keys} else "alias"
            found.append(_city(row, match))
    return found


def _capitals(land: frozenset[tuple[str, str]]) -> list[City]:
    """The largest city of each zone in *land*: what to offer someone who named no city that is known."""
    query = """SELECT * FROM place WHERE id IN
        (SELECT min(largest) FROM area WHERE country = ? AND ? IN ('', region) GROUP BY zone)"""
    return [_city(row, "close") for country, region in land for row in _rows(query, [country, region])]


def _slips(key: str) -> list[str]:
    """Every spelling one slip away from *key*: a letter lost, doubled, swapped, changed or put in."""
    halves = [(key[:at], key[at:]) for at in range(len(key) + 1)]
    letters = _LETTERS if key.isascii() else "".join({*key})
    lost = {head + tail[1:] for head, tail in halves if tail}
    swapped = {head + tail[1] + tail[0] + tail[2:] for head, tail in halves if len(tail) > 1}
    changed = {head + letter + tail[1:] for head, tail in halves if tail for letter in letters}
    put_in = {head + letter + tail for head, tail in halves for letter in letters + " "}
    return sorted((lost | swapped | changed | put_in) - {key})


def _close(key: str, lands: Lands) -> list[City]:
    """The cities that *key* may be a misspelling of."""
    if not 4 <= len(key) <= 30:
        return []
    found = _spelled(_slips(key), lands, close=True)
    if len(key) < 6 and not lands:
        # Near a short word there is always some town: "hello" is Bello. Only the great ones are worth asking about.
        return [city for city in found if city.population >= _GREAT]
    if found or len(key) < 8:
        return found
    # Two slips in a long name leave its beginning alone more often than not. Imported here: few people need it.
    from difflib import get_close_matches

    names = [
        row[0]
        for row in _rows(
            "SELECT DISTINCT folded FROM name WHERE folded >= ? AND folded < ? AND length(folded) BETWEEN ? AND ?",
            [key[:4], key[:4] + "\U0010ffff", len(key) - 2, len(key) + 2],
        )
    ]
    near = get_close_matches(key, names, n=3, cutoff=0.8)
    return _spelled(near, lands, close=True) if near else []


def _told_apart(found: Iterable[City], limit: int) -> tuple[City, ...]:
    """The likeliest *limit* of *found*, no two with the same label."""
    kept: dict[str, City] = {}
    for city in sorted(found, key=lambda city: -city.weight):
        same = kept.get(city.label)
        if same is None:
            kept[city.label] = city
        elif same.zone != city.zone and not city.region:
            # Regions are known for few countries; elsewhere the zone's own city says which part is meant.
            part = replace(city, region=city.zone.rpartition("/")[2].replace("_", " "))
            kept.setdefault(part.label, part)
    return tuple(kept.values())[:limit]


def cities(text: str, limit: int = 4) -> tuple[City, ...]:
    """The cities that *text* may name, likeliest first, at most *limit*; none when nothing is even close.

    Understands a name, or a name followed by where it is ("porto, portugal", "springfield il"). A place that is not
    known in a land that is gives that land's largest city of each zone, as something close.
    """
    parts = [key for part in text[:_LONGEST].translate(_BETWEEN).split(",") if (key := folded(part))]
    if not parts:
        return ()
    return _told_apart(_found(parts[:5]), limit)


def _found(parts: list[str]) -> list[City]:
    lands = [land for part in parts[1:] if (land := _land(part))]
    whole = _land(parts[0]) if len(parts[0]) > 2 else frozenset()
    # The whole of it is tried first ("costa rica" may be a town), then less and less of it, the rest as its land.
    for number, part in enumerate(parts):
        if found := _spelled([part], [land for land in lands if number == 0 or land != _land(part)]):
            return found + (_capitals(whole) if len(parts) == 1 else [])
        words = part.split()
        for at in range(max(1, len(words) - 3), len(words)):
            land = _land(" ".join(words[at:]))
            if land and (found := _spelled([" ".join(words[:at])], [*lands, land])):
                return found
    if whole:
        return _capitals(whole)
    if found := _close(parts[0], lands):
        return found
    words = parts[0].split()
    for at in range(max(1, len(words) - 3), len(words)):
        # Codes don't count here, or "me" were Montenegro.
        if len(name := " ".join(words[at:])) > 3 and (land := _land(name)):
            return _close(" ".join(words[:at]), [*lands, land]) or _capitals(land)
    return _capitals(lands[0]) if lands else []


def clear(found: Sequence[City]) -> City | None:
    """The city that is certainly meant among *found* (as `cities` gives them), or None if it is better to ask."""
    if not found or found[0].match == "close":
        return None
    if len(found) == 1 or found[0].weight >= _DOMINANCE * found[1].weight:
        return found[0]
    return None


def by_offset(offset: timedelta, now: datetime, limit: int = 3) -> tuple[City, ...]:
    """The most populous cities whose clocks are *offset* from UTC at *now* (aware), each in a zone of its own.

    Zones that part in another season come first, so that the choice is one between clocks, not only between names.
    """
    apart: list[City] = []
    alike: list[City] = []
    kinds = set()
    minutes = round(offset / timedelta(minutes=1))
    near = "SELECT * FROM place WHERE id IN (SELECT largest FROM zone WHERE ? IN (west, east)) ORDER BY id"
    every = "SELECT * FROM place WHERE id IN (SELECT largest FROM zone) ORDER BY id"
    # What the file knows of offsets is as old as the file: it spares reading every zone's rules, the rules decide.
    for row in _rows(near, [minutes]) or _rows(every):
        zone = ZoneInfo(row[4])
        if now.astimezone(zone).utcoffset() != offset:
            continue
        kind = tuple((now + timedelta(days=days)).astimezone(zone).utcoffset() for days in (91, 182, 273))
        new = kind not in kinds and (row[5] >= _SIZEABLE or not apart)
        (apart if new else alike).append(_city(row, "close"))
        kinds.add(kind)
        if len(apart) == limit:
            break
    return tuple([*apart, *alike][:limit])
