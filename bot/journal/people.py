"""Whom they named, by which names, and in which answers."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from bot.domain import Acquaintance, Answer
from bot.journal.page import Page
from bot.store import instant
from bot.understand import match


class People(Page):
    """Acquaintances: one for each person they know, under all the names they use."""

    def acquaintances(self) -> list[Acquaintance]:
        """Everybody they named, in the order in which they did."""
        return [
            Acquaintance(
                id=row["id"],
                name=row["name"],
                let_be=bool(row["let_be"]),
                circle=row["circle"],
                seen_at=instant(row["seen_at"]) if row["seen_at"] else None,
            )
            for row in self._tx.all("acquaintances", person=self._id)
        ]

    def acquaintance(self, id: int) -> Acquaintance | None:
        """The acquaintance *id*."""
        return next((each for each in self.acquaintances() if each.id == id), None)

    def met(self) -> frozenset[int]:
        """The ids of those with whom a good turn went, given or received."""
        return frozenset(row["acquaintance"] for row in self._tx.all("acquaintances_met", person=self._id))

    def known(self) -> dict[str, Acquaintance]:
        """Every name by which they know somebody, and who that is (without when they were spoken of)."""
        names: dict[str, Acquaintance] = {}
        for row in self._tx.all("names", person=self._id):
            somebody = Acquaintance(id=row["id"], name=row["name"], let_be=bool(row["let_be"]), circle=row["circle"])
            names.setdefault(row["known_as"], somebody)
        return names

    def meet(self, name: str) -> Acquaintance:
        """Whoever they mean by *name*: somebody they named before, or else somebody new."""
        known = self.known()
        if (spelling := match(name, list(known))) is not None:
            return known[spelling]
        met = Acquaintance(id=self._next(), name=name)
        self._tx.run("acquaintance_add", person=self._id, id=met.id, name=name)
        return met

    def set_acquaintance(self, acquaintance: Acquaintance, **fields: Any) -> Acquaintance:
        """*acquaintance* with *fields* changed; an earlier name still means them."""
        changed = replace(acquaintance, **fields)
        if changed.name != acquaintance.name:
            self._tx.run("spelling_add", person=self._id, acquaintance=acquaintance.id, name=acquaintance.name)
        self._tx.run(
            "acquaintance_set",
            person=self._id,
            id=acquaintance.id,
            name=changed.name,
            let_be=int(changed.let_be),
            circle=changed.circle,
        )
        return changed

    def merge(self, acquaintance: Acquaintance, into: Acquaintance) -> None:
        """The two are one: *into*, also by the other's name. Whoever is let be stays let be, and in a circle stays in
        it unless *into* has one."""
        self._changed()
        for query in ("mentions_copy", "spellings_moved", "card_moved"):
            self._tx.run(query, person=self._id, id=acquaintance.id, into=into.id)
        self._tx.run("spelling_add", person=self._id, acquaintance=into.id, name=acquaintance.name)
        let_be, circle = into.let_be or acquaintance.let_be, into.circle or acquaintance.circle
        if (let_be, circle) != (into.let_be, into.circle):
            self.set_acquaintance(into, let_be=let_be, circle=circle)
        self._tx.run("mentions_drop", person=self._id, id=acquaintance.id)
        self._tx.run("acquaintance_drop", person=self._id, id=acquaintance.id)

    def forget(self, acquaintance: Acquaintance) -> None:
        """Nobody of that name any more; what was written stays as it is."""
        self._changed()
        self._tx.run("card_moved", person=self._id, id=acquaintance.id, into=None)
        for query in ("mentions_drop", "spellings_drop", "acquaintance_drop"):
            self._tx.run(query, person=self._id, id=acquaintance.id)

    def mentioned(self, answer: int) -> list[Acquaintance]:
        """Who the answer *answer* is about."""
        ids = [row["acquaintance"] for row in self._tx.all("mentioned", person=self._id, answer=answer)]
        return [each for each in self.acquaintances() if each.id in ids] if ids else []

    def mention(self, answer: Answer, names: Iterable[str]) -> list[Acquaintance]:
        """*answer* is about these, and nobody else; who they are. Whoever is left without a mention is forgotten,
        unless they are let be."""
        before = self.mentioned(answer.id)
        self._changed()
        self._tx.run("mentions_clear", person=self._id, answer=answer.id)
        people = list({each.id: each for each in map(self.meet, names)}.values())
        for each in people:
            self._tx.run("mention_add", person=self._id, acquaintance=each.id, answer=answer.id)
        self._forget_unspoken(before)
        return people

    def _forget_unspoken(self, people: Iterable[Acquaintance]) -> None:
        ids = {each.id for each in people}
        for each in self.acquaintances() if ids else ():  # looked through once: it takes 5 ms after years
            if each.id in ids and each.seen_at is None and not each.let_be:
                self.forget(each)
