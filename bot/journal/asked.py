"""What they were asked, and what was suggested to them."""

from dataclasses import replace
from typing import Any

from bot.domain import Asking, Card
from bot.journal.page import Page
from bot.store import Row, instant, stamp


class Asked(Page):
    """Questions with the wordings used, and cards with what became of them."""

    _askings: dict[str, Asking] | None = None

    def asking(self, question: str) -> Asking:
        """What they were asked of *question* so far."""
        if self._askings is None:
            self._askings = {
                row["question"]: Asking(
                    used=tuple(row["used"].split()),
                    asked_at=instant(row["asked_at"]) if row["asked_at"] else None,
                    never=bool(row["never"]),
                )
                for row in self._tx.all("askings", person=self._id)
            }
        return self._askings.get(question, Asking())

    def note_asking(self, question: str, **fields: Any) -> None:
        """Change what is known about the asking of *question*."""
        asking = replace(self.asking(question), **fields)
        assert self._askings is not None  # `asking` has just filled it
        self._askings[question] = asking
        self._tx.run(
            "asking_set",
            person=self._id,
            question=question,
            used=" ".join(asking.used),
            asked_at=stamp(asking.asked_at) if asking.asked_at else None,
            never=int(asking.never),
        )

    # Suggestions

    def cards(self, limit: int, before: int | None = None) -> list[Card]:
        """The latest cards, newest first, before the id *before*."""
        edge = self.person.counter + 1 if before is None else before
        return [_card(row) for row in self._tx.all("cards", person=self._id, limit=limit, before=edge)]

    def card(self, id: int) -> Card | None:
        """The card *id*."""
        row = self._tx.one("card", person=self._id, id=id)
        return _card(row) if row else None

    def add_card(
        self,
        *,
        act: str,
        text: str,
        minutes: int,
        theme: str | None,
        acquaintance: int | None = None,
        place: int | None = None,
        received: int | None = None,
    ) -> Card:
        """Write down a card before it is shown."""
        card = Card(
            id=self._next(),
            act=act,
            text=text,
            minutes=minutes,
            theme=theme,
            state="open",
            acquaintance=acquaintance,
            place=place,
            received=received,
            source="catalogue" if received is None else "received",
            shown_at=self._now,
        )
        self._tx.run("card_add", person=self._id, **_columns(card))
        return card

    def set_card(self, card: Card, **fields: Any) -> Card:
        """*card* with *fields* changed: what became of it."""
        changed = replace(card, **fields)
        self._tx.run("card_set", person=self._id, **_columns(changed))
        return changed


def _card(row: Row) -> Card:
    return Card(**{**dict(row), "shown_at": instant(row["shown_at"])})


def _columns(card: Card) -> dict[str, Any]:
    return {name: getattr(card, name) for name in Card.__slots__} | {"shown_at": stamp(card.shown_at)}
