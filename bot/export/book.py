"""`journal.md`: the journal as one would like to read it in ten years.

In the order in which it happened, in the person's own words and on their own clock. Pure: it is written from the
structure of journal.json alone. Whatever a person wrote stands there to the letter and as nothing but words: what
Markdown would take for its own is escaped, so no heading, link, picture or tag can come of it.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from bot.dialogue.talk import month, weekday
from bot.schedule import zone
from bot.store import instant
from bot.words import Words, _

_Json = Mapping[str, Any]

_SPECIAL = re.compile(r"([\\`*_{}\[\]~|$])")
_ENTITY = re.compile(r"&(?=#?\w)")
_OPENING = re.compile(r"(?=[#+\-=:>%])|(?<=\d)(?=[.)])")
_NUMBERED = re.compile(r"\d+(?=[.)])")
_EDGE = re.compile(r"^\s|\s$")


def book(told: _Json, words: Words, now: datetime) -> Iterator[str]:
    """The text of *told*, which is what journal.json holds, in pieces."""
    return _Book(told, words).pieces(now)


class _Book:
    """One journal while it is being written out."""

    def __init__(self, told: _Json, words: Words) -> None:
        self._told = told
        self._words = words
        person = told["person"]
        self._zone: tzinfo = zone(person["zone"]) if person["zone"] else ZoneInfo("UTC")
        self._names = {each["id"]: each["name"] for each in told["acquaintances"]}
        self._themes = {each["id"]: each["text"] for each in told["themes"]}
        self._answers = [*told["told"], *(each for check_in in told["check_ins"] for each in check_in["answers"])]
        self._cards = [card for card in told["cards"] if card["state"] in ("taken", "done")]
        whole = {each["id"] for each in (*self._answers, *self._cards)}
        self._outcomes: dict[int, list[_Json]] = {}
        for answer in sorted(self._answers, key=lambda each: each["id"]):
            if answer["question"] == "outcome" and answer["about"] in whole and answer["about"] != answer["id"]:
                self._outcomes.setdefault(answer["about"], []).append(answer)
        self._elsewhere = {each["id"] for answers in self._outcomes.values() for each in answers}
