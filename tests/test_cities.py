"""Which city is meant, asked of the real file."""

import sqlite3
import threading
import time as stopwatch
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cities import DATA, City, by_offset, cities, clear, folded

NOVEMBER = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
JULY = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)

CLEAR = [
    ("porto", "Porto, Portugal", "Europe/Lisbon"),
    ("PORTO!", "Porto, Portugal", "Europe/Lisbon"),
    ("Porto 🇵🇹", "Porto, Portugal", "Europe/Lisbon"),
    ("Oporto", "Porto, Portugal", "Europe/Lisbon"),
    ("porto, portugal", "Porto, Portugal", "Europe/Lisbon"),
    ("porto portugal", "Porto, Portugal", "Europe/Lisbon"),
    ("Porto (PT)", "Porto, Portugal", "Europe/Lisbon"),
    ("Vila Nova de Gaia, Porto, Portugal", "Vila Nova de Gaia, Portugal", "Europe/Lisbon"),
    ("Москва", "Moscow, Russia", "Europe/Moscow"),
    ("москва, россия", "Moscow, Russia", "Europe/Moscow"),
    ("München", "Munich, Germany", "Europe/Berlin"),
    ("munchen", "Munich, Germany", "Europe/Berlin"),
    ("Muenchen", "Munich, Germany", "Europe/Berlin"),
    ("Munich", "Munich, Germany", "Europe/Berlin"),
    ("munich, deutschland", "Munich, Germany", "Europe/Berlin"),
    ("東京", "Tokyo, Japan", "Asia/Tokyo"),
    ("서울", "Seoul, South Korea", "Asia/Seoul"),
    ("القاهرة", "Cairo, Egypt", "Africa/Cairo"),
    ("Αθήνα", "Athens, Greece", "Europe/Athens"),
    ("תל אביב", "Tel Aviv, Israel", "Asia/Jerusalem"),
    ("भोपाल", "Bhopal, India", "Asia/Kolkata"),
    ("Київ", "Kyiv, Ukraine", "Europe/Kyiv"),
    ("Kyiv", "Kyiv, Ukraine", "Europe/Kyiv"),
    ("Kiev", "Kyiv, Ukraine", "Europe/Kyiv"),
    ("Kiev, Ukraine", "Kyiv, Ukraine", "Europe/Kyiv"),
    ("Kyiv Ukraine", "Kyiv, Ukraine", "Europe/Kyiv"),
    ("東京、日本", "Tokyo, Japan", "Asia/Tokyo"),
    ("San Jose CA", "San Jose, California, US", "America/Los_Angeles"),
    ("San Jose, Philippines", "San Jose, Philippines", "Asia/Manila"),
    ("Springfield, MA", "Springfield, Massachusetts, US", "America/New_York"),
    ("sao paulo", "São Paulo, Brazil", "America/Sao_Paulo"),
    ("new york", "New York City, New York, US", "America/New_York"),
    ("NYC", "New York City, New York, US", "America/New_York"),
    ("London", "London, UK", "Europe/London"),
    ("london ontario", "London, Ontario, Canada", "America/Toronto"),
    ("London, ON, Canada", "London, Ontario, Canada", "America/Toronto"),
    ("springfield, il", "Springfield, Illinois, US", "America/Chicago"),
    ("Springfield IL", "Springfield, Illinois, US", "America/Chicago"),
    ("springfield, illinois, usa", "Springfield, Illinois, US", "America/Chicago"),
    ("st louis, missouri", "St. Louis, Missouri, US", "America/Chicago"),
    ("Saint Louis, MO", "St. Louis, Missouri, US", "America/Chicago"),
    ("washington dc", "Washington, District of Columbia, US", "America/New_York"),
    ("paris texas", "Paris, Texas, US", "America/Chicago"),
    ("san jose costa rica", "San José, Costa Rica", "America/Costa_Rica"),
    ("Singapore", "Singapore", "Asia/Singapore"),
    ("mexico city", "Mexico City, Mexico", "America/Mexico_City"),
    ("the hague", "The Hague, Netherlands", "Europe/Amsterdam"),
    ("Łódź", "Łódź, Poland", "Europe/Warsaw"),
    ("lodz", "Łódź, Poland", "Europe/Warsaw"),
    ("Tromso", "Tromsø, Norway", "Europe/Oslo"),
    ("Ho Chi Minh", "Ho Chi Minh City, Vietnam", "Asia/Ho_Chi_Minh"),
    ("bombay", "Mumbai, India", "Asia/Kolkata"),
    ("Füssen", "Füssen, Germany", "Europe/Berlin"),
]


@pytest.mark.parametrize(("text", "label", "zone"), CLEAR)
def test_a_city_that_is_clear(text: str, label: str, zone: str) -> None:
    """A city is found by its name in any alphabet, by another name, or with its country or state beside it."""
    city = clear(cities(text))
    assert city is not None
    assert (city.label, city.zone) == (label, zone)


ASKED = [
    ("san jose", ["San Jose, California, US", "San José, Costa Rica"]),
    ("Springfield, US", ["Springfield, Missouri, US", "Springfield, Massachusetts, US"]),
    (
        "springfield",
        [
            "Springfield, Missouri, US",
            "Springfield, Massachusetts, US",
            "Springfield, Illinois, US",
            "Springfield, Oregon, US",
        ],
    ),
    ("birmingham", ["Birmingham, UK", "Birmingham, Alabama, US"]),
    ("valencia", ["Valencia, Venezuela", "Valencia, Spain"]),
    ("lisbonn", ["Lisbon, Portugal"]),
    ("newyork", ["New York City, New York, US"]),
    ("buenos aries", ["Buenos Aires, Argentina"]),
    ("melborne", ["Melbourne, Victoria, Australia"]),
    ("cincinatti", ["Cincinnati, Ohio, US"]),
    ("albequerque", ["Albuquerque, New Mexico, US"]),
    ("reykjavic", ["Reykjavík, Iceland"]),
    ("edinborough", ["Edinburgh, UK"]),
    ("portugal", ["Lisbon, Portugal", "Funchal, Portugal", "Ponta Delgada, Portugal"]),
    ("a village nobody knows, ohio", ["Columbus, Ohio, US"]),
    ("georgia", ["Tbilisi, Georgia", "Atlanta, Georgia, US"]),
]


@pytest.mark.parametrize(("text", "labels"), ASKED)
def test_a_city_that_is_asked_for(text: str, labels: list[str]) -> None:
    """Where several may be meant, or the spelling is only close, the likeliest come first and none is taken unasked."""
    found = cities(text)
    assert [city.label for city in found][: len(labels)] == labels
    assert clear(found) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "asdfgh",
        "hello",
        "the",
        "boy",
        "idk",
        "12",
        "😀",
        "x" * 4096,
        "no idea what you want from me",
        "\x00",
        "%",
        "' OR 1=1 --",
    ],
)
def test_an_unknown_word(text: str) -> None:
    """A word that is no city gives none, and is not talked into being one."""
    assert cities(text) == ()
    assert clear(()) is None


def test_a_limit() -> None:
    """No more cities come than can be buttons, no two with the same label, the most populous first."""
    for text in ("san carlos", "springfield", "santa cruz", "victoria", "st george"):
        found = cities(text, limit=6)
        assert len(found) <= 6
        assert len({city.label for city in found}) == len(found)
    assert len(cities("springfield", limit=2)) == 2


def test_same_names_in_two_zones_of_a_country_are_told_apart() -> None:
    """Two cities of one name in one country, whose clocks differ, get their zone into the label."""
    assert [city.label for city in cities("campo grande, brazil")][:2] == [
        "Campo Grande, Brazil",
        "Campo Grande, Sao Paulo, Brazil",
    ]


def test_clear_needs_eight_times_as_many_people() -> None:
    """A city is taken unasked if it is the only one or eight times likelier than the next, never if only close."""

    def city(population: int, name: str = "Here") -> City:
        return City(name=name, region="", country="Land", zone="Etc/UTC", population=population)

    assert clear([city(800), city(100)]) == city(800)
    assert clear([city(799), city(100)]) is None
    assert clear([city(1)]) == city(1)
    close = City(name="Here", region="", country="Land", zone="Etc/UTC", population=9_000, match="close")
    assert clear([close]) is None


@pytest.mark.parametrize(
    ("hours", "now", "first"),
    [
        (0, NOVEMBER, "London, UK"),
        (1, JULY, "London, UK"),
        (5.5, NOVEMBER, "Mumbai, India"),
        (5.75, NOVEMBER, "Kathmandu, Nepal"),
        (-3.5, NOVEMBER, "St. John's, Newfoundland and Labrador, Canada"),
        (-8, NOVEMBER, "Los Angeles, California, US"),
        (9, JULY, "Seoul, South Korea"),
        (13.75, NOVEMBER, "Waitangi, New Zealand"),
    ],
)
def test_cities_by_offset(hours: float, now: datetime, first: str) -> None:
    """An offset gives the largest cities whose clocks show it at that moment, each in a zone of its own."""
    offset = timedelta(hours=hours)
    found = by_offset(offset, now)
    assert first in [city.label for city in found]
    assert len({city.zone for city in found}) == len(found) <= 3
    assert all(now.astimezone(ZoneInfo(city.zone)).utcoffset() == offset for city in found)


def test_an_offset_nobody_lives_by() -> None:
    """An offset that no clock shows gives no city."""
    assert by_offset(timedelta(minutes=30), NOVEMBER) == ()
    assert by_offset(timedelta(minutes=7), NOVEMBER) == ()


def test_cities_by_offset_differ_in_another_season() -> None:
    """The first choices are clocks that part later in the year, so that summer time is settled by the choice."""
    spring = NOVEMBER + timedelta(days=182)
    found = by_offset(timedelta(hours=2), NOVEMBER)
    assert len({spring.astimezone(ZoneInfo(city.zone)).utcoffset() for city in found}) > 1


def test_the_file() -> None:
    """Every zone in the file is one that tzdata has, its makers are credited, it is small, and it can't be written."""
    known = set((files("tzdata") / "zones").read_text().split())
    with sqlite3.connect(f"{DATA.as_uri()}?mode=ro", uri=True) as database:
        zones = {zone for (zone,) in database.execute("SELECT DISTINCT zone FROM area")}
        credit = " ".join(line for (line,) in database.execute("SELECT line FROM credit"))
        (orphans,) = database.execute(
            "SELECT count(*) FROM name LEFT JOIN city ON id = city WHERE id IS NULL"
        ).fetchone()
    database.close()
    assert zones <= known
    assert len(zones) > 350
    assert "GeoNames" in credit
    assert "Attribution 4.0" in credit
    assert orphans == 0
    assert DATA.stat().st_size < 5_500_000


def test_folding() -> None:
    """Case, accents and punctuation don't tell names apart; letters of other scripts stay what they are."""
    assert folded("  São-Paulo! ") == "sao paulo"
    assert folded("St. John’s") == "saint johns"
    assert folded("Straße") == "strasse"
    assert folded("Þórshöfn") == "thorshofn"
    assert folded("भोपाल") == "भोपाल"


@settings(max_examples=200, deadline=1_000)
@given(st.text(max_size=120))
def test_any_text_is_safe(text: str) -> None:
    """Whatever comes, a look-up gives cities or none."""
    assert all(city.label and city.zone for city in cities(text))


def test_from_many_threads_at_once() -> None:
    """A look-up may come from any thread."""
    words = ["porto", "lisbonn", "springfield", "münchen"] * 5
    alone = [cities(word) for word in words]
    found: dict[int, list[tuple[City, ...]]] = {}

    def look_up(number: int) -> None:
        found[number] = [cities(word) for word in words]

    threads = [threading.Thread(target=look_up, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [found[number] for number in range(6)] == [alone] * 6


def test_a_look_up_is_quick() -> None:
    """Once the file is open, names are found in a fraction of a millisecond and near misses in a few."""
    words = ["porto", "springfield, il", "san jose", "lisbonn", "cincinatti", "a village nobody knows, ohio", "usa"]
    for word in words:
        cities(word)
        began = stopwatch.process_time()
        cities(word)
        assert stopwatch.process_time() - began < 0.05  # ten times what it takes, for a machine that is busy
