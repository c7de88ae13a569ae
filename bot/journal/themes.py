"""What they stand for and where they are."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from bot.domain import Place, Theme
from bot.journal.page import Page
from bot.store import stamp
from bot.understand import folded, ties


class Themes(Page):
    """Themes and places, in their own words."""

    _known_themes: list[Theme] | None = None

    # Themes

    def themes(self) -> list[Theme]:
        """What they stand for, in their words, oldest first; paused ones too."""
        if self._known_themes is None:
            rows = self._tx.all("themes", person=self._id)
            self._known_themes = [
                Theme(id=row["id"], text=row["text"], paused=bool(row["paused"]), circle=row["circle"]) for row in rows
            ]
        return self._known_themes

    def add_theme(self, text: str) -> Theme:
        """A new theme, unless they have one of that name already: then that one, awake."""
        for theme in self.themes():
            if folded(theme.text) == folded(text):
                return self.set_theme(theme, paused=False)
        theme = Theme(id=self._next(), text=text)
        self._tx.run("theme_add", person=self._id, id=theme.id, text=text, added_at=stamp(self._now))
        self._known_themes = None
        return theme

    def set_themes(self, texts: Iterable[str]) -> None:
        """Replace the themes with *texts*: those that stay, stay as they are."""
        kept = [self.add_theme(text).id for text in texts]
        for theme in self.themes():
            if theme.id not in kept:
                self.drop_theme(theme)

    def set_theme(self, theme: Theme, **fields: Any) -> Theme:
        """*theme* with *fields* changed. Cards that quote it follow a new name."""
        changed = replace(theme, **fields)
        if changed != theme:
            self._tx.run(
                "theme_set",
                person=self._id,
                id=theme.id,
                text=changed.text,
                paused=int(changed.paused),
                circle=changed.circle,
            )
            self._tx.run("theme_reworded", person=self._id, text=changed.text, old=theme.text)
            self._known_themes = None
        return changed

    def drop_theme(self, theme: Theme, into: Theme | None = None) -> None:
        """*theme* is gone; what served it serves *into*, or none."""
        self._changed()
        self._tx.run("theme_moved", person=self._id, id=theme.id, into=into.id if into else None)
        self._tx.run("theme_reworded", person=self._id, text=into.text if into else None, old=theme.text)
        self._tx.run("theme_drop", person=self._id, id=theme.id)
        self._known_themes = None

    def alive(self, since: datetime) -> dict[int, int]:
        """How often they spoke of each theme in their own words, from *since* (aware) on, by the theme's id."""
        rows = self._tx.all("themes_alive", person=self._id, since=stamp(since))
        return {row["theme"]: row["times"] for row in rows}

    def spoken_of(self, text: str) -> Theme | None:
        """The theme that *text* speaks of: it shares a word with exactly one more than with the others, or else with
        what was told of one of them again and again, and never of another."""
        said = _forms(text)
        shared = [(len(said & _forms(theme.text)), theme) for theme in self.themes() if not theme.paused]
        best = max((words for words, _theme in shared), default=0)
        served = [theme for words, theme in shared if words == best]
        if not best:
            learned = self._learned(text)
            served = [theme for theme in served if theme.id in learned]
        return served[0] if len(served) == 1 else None

    def _learned(self, text: str) -> set[int]:
        """The themes of which a word of *text* was used twice or more, and of no other."""
        said, spoken = _nameless(text), dict[str, Counter[int]]()
        for row in self._tx.all("answers_themed", person=self._id, limit=_LEARNED_FROM):
            for word in said & _nameless(row["text"]):
                spoken.setdefault(word, Counter())[row["theme"]] += 1
        return {next(iter(themes)) for themes in spoken.values() if len(themes) == 1 and themes.total() > 1}

    def _served(self, question: str, text: str | None) -> int | None:
        """The theme that an answer to *question* serves by its *text*."""
        theme = self.spoken_of(text) if question in _TOLD and text else None
        return theme.id if theme else None

    # Places

    def places(self) -> list[Place]:
        """Where they already are, in their words, oldest first."""
        return [
            Place(id=row["id"], text=row["text"], circle=row["circle"])
            for row in self._tx.all("places", person=self._id)
        ]

    def add_place(self, text: str) -> None:
        """One more place, unless it is there."""
        if folded(text) not in [folded(place.text) for place in self.places()]:
            self._tx.run("place_add", person=self._id, id=self._next(), text=text)

    def set_place(self, place: Place, *, circle: str | None) -> Place:
        """*place*, in *circle* from now on."""
        self._tx.run("place_set", person=self._id, id=place.id, circle=circle)
        return replace(place, circle=circle)

    def drop_place(self, id: int) -> None:
        """The place *id* no more."""
        self._tx.run("place_drop", person=self._id, id=id)


_TOLD = ("good_turn", "received")

_LEARNED_FROM = 100
"""Answers that serve a theme, the latest ones, from which its words are learned."""


@lru_cache(maxsize=1024)  # themes are few and looked at with every good turn
def _forms(text: str) -> frozenset[str]:
    """The words of *text* that mean something by themselves, in one form each."""
    return frozenset(folded(" ".join(ties(text, shortest=4))).split())


@lru_cache(maxsize=1024)
def _nameless(text: str) -> frozenset[str]:
    """The same without names, since nobody is there for one thing alone."""
    return frozenset(folded(" ".join(word for word in ties(text, shortest=4) if word in text)).split())
