"""Looking back: an entry is a check-in in which something was said, or something told outside one."""

from bisect import bisect_left, bisect_right
from datetime import datetime

from bot.domain import Acquaintance, Answer, CheckIn, View
from bot.journal.answers import Answers, answer
from bot.store import stamp

EVER = datetime.fromisoformat("9999-01-01T00:00:00Z")
"""Quiet until they call: later than any slot."""

BEGINNING = datetime.fromisoformat("0001-01-01T00:00:00Z")

SEARCHES = 20
"""Searches that are remembered: below what was found by older ones the buttons have had their day."""

_NOTHING = "-"
"""What no folded text holds."""


class History(Answers):
    """Entries in order, all of them or those in a View."""

    _views: dict[View, list[int]] | None = None

    def entry_before(self, id: int | None, view: View | None = None) -> CheckIn | Answer | None:
        """The newest entry in *view* older than *id*; the newest of all for None."""
        edge = self.person.counter + 1 if id is None else id
        if view is None:
            return self._entry("entry_before", edge)
        found = self._found(view)
        at = bisect_left(found, edge)
        return self.entry(found[at - 1]) if at else None

    def entry_after(self, id: int, view: View | None = None) -> CheckIn | Answer | None:
        """The oldest entry in *view* newer than *id*."""
        if view is None:
            return self._entry("entry_after", id)
        found = self._found(view)
        at = bisect_right(found, id)
        return self.entry(found[at]) if at < len(found) else None

    def entry(self, id: int) -> CheckIn | Answer | None:
        """The entry *id*."""
        return self.check_in(id) or self.answer(id)

    def _entry(self, query: str, id: int) -> CheckIn | Answer | None:
        row = self._tx.one(query, person=self._id, id=id)
        if row is None:
            return None
        return self.check_in(row["id"]) if row["check_in"] else self.answer(row["id"])

    def _found(self, view: View) -> list[int]:
        """The ids of the entries in *view*, in order. It takes a scan of this person's answers, which are a few
        thousand at most: that beats an index of words, and one scan serves a whole page."""
        if self._views is None:
            self._views = {}
        if view not in self._views:
            one, two, three = (*(f"%{term}%" for term in view.terms[:3]), "%", "%", "%")[:3]
            rows = self._tx.all(
                "found",
                person=self._id,
                since=stamp(view.since or BEGINNING),
                until=stamp(view.until or EVER),
                one=one if view.terms else _NOTHING,
                two=two,
                three=three,
                everything=int(not (view.terms or view.theme or view.acquaintance)),
                theme=view.theme or 0,
                acquaintance=view.acquaintance or 0,
            )
            self._views[view] = sorted(row["id"] for row in rows)
        return self._views[view]

    def lived(self, since: datetime, until: datetime) -> list[tuple[Answer, list[Acquaintance]]]:
        """The good turns, given and received, from *since* on and before *until* (aware), and what came of any; each
        with who it is about, in the order in which they were told."""
        span = {"since": stamp(since), "until": stamp(until)}
        people = {each.id: each for each in self.acquaintances()}
        whom: dict[int, list[Acquaintance]] = {}
        for row in self._tx.all("mentions_lived", person=self._id, **span):
            if somebody := people.get(row["acquaintance"]):
                whom.setdefault(row["answer"], []).append(somebody)
        answers = [answer(row) for row in self._tx.all("answers_lived", person=self._id, **span)]
        return [(each, whom.get(each.id, [])) for each in answers]

    def note_search(self, words: str) -> int:
        """Remember *words* that are looked for; their id."""
        id = self._next()
        self._tx.run("search_add", person=self._id, id=id, words=words)
        self._tx.run("searches_forget", person=self._id, limit=SEARCHES)
        return id

    def search(self, id: int) -> str | None:
        """The words that were looked for under *id*."""
        row = self._tx.one("search", person=self._id, id=id)
        return row["words"] if row else None

    def _changed(self) -> None:
        self._views = None
