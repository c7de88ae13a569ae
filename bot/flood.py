"""How much one person may write in a minute.

Up to the limit everything is kept. What comes then is not, for a minute: they are told so once, and after that it is
quiet. What is urgent, as a wish for quiet is, may come up to twice the limit. So in no minute is more than that taken
in of one person, and one thing said about it.

An update that comes again is judged as it was, since it may not have been stored the first time. All moments are given
by the caller: nothing here reads a clock.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil
from typing import Literal

from bot.domain import Incoming, Sent

__all__ = ["MINUTE", "Flood", "Verdict"]

MINUTE = timedelta(minutes=1)

Verdict = Literal["keep", "tell", "drop"]
"""What becomes of an update: it is kept; or it isn't, and its person is told; or it isn't, and they know."""

_FORGET_AT = 1024


@dataclass(slots=True)
class _Lately:
    """What one person wrote in the minute before *latest*: the updates that were *kept*, oldest first, each with its
    moment, and the newest *album* with what became of it. *until* then only what is urgent is kept; *told* is the
    update at which they were told so."""

    latest: datetime
    kept: dict[int, datetime] = field(default_factory=dict)
    album: tuple[str, Verdict] = ("", "keep")
    until: datetime | None = None
    told: int | None = None


class Flood:
    """At most *limit* messages of one person in any minute, twice as many if they are *urgent*; 0 is no limit. What was
    sent together as an album counts as one.

    Of what is *spread* over several processes each sees a part and takes in no more than its part of the limit."""

    def __init__(
        self, limit: int = 0, urgent: Callable[[Incoming], bool] = lambda _incoming: False, *, spread: bool = False
    ) -> None:
        self._whole = self._limit = limit
        self._spread = spread
        self._urgent = urgent
        self._people: dict[int, _Lately] = {}
        self._forget_at = _FORGET_AT

    def share(self, replicas: int) -> None:
        """So many *replicas* receive, if what comes is spread over them at all."""
        self._limit = ceil(self._whole / replicas) if self._spread else self._whole

    def weigh(self, id: int, incoming: Incoming, now: datetime) -> Verdict:
        """What becomes of the update *id*, which came at *now* (aware)."""
        if not self._limit:
            return "keep"
        lately, event = self._lately(incoming.sender.person, now), incoming.event
        album = event.album if isinstance(event, Sent) else ""
        if album and album == lately.album[0]:  # ten at most, as Telegram makes them (Bot API 10.0, sendMediaGroup)
            return lately.album[1]
        verdict = self._verdict(id, incoming, lately, now)
        if album:
            lately.album = album, "keep" if verdict == "keep" else "drop"
        return verdict

    def _verdict(self, id: int, incoming: Incoming, lately: _Lately, now: datetime) -> Verdict:
        if id == lately.told:
            return "tell"
        ordinary = len(lately.kept) < self._limit and lately.until is None
        if id in lately.kept or ordinary or (len(lately.kept) < 2 * self._limit and self._urgent(incoming)):
            lately.kept.setdefault(id, now)
            return "keep"
        if lately.until is None:
            lately.until, lately.told = now + MINUTE, id
            return "tell"
        return "drop"

    def _lately(self, person: int, now: datetime) -> _Lately:
        """What *person* wrote in the minute before *now*."""
        lately = self._people.get(person)
        if lately is None or now < lately.latest:  # a clock that was set back keeps nobody waiting
            if len(self._people) >= self._forget_at:
                self._forget(now)
            lately = self._people[person] = _Lately(now)
        lately.latest = now
        while lately.kept and next(iter(lately.kept.values())) <= now - MINUTE:
            del lately.kept[next(iter(lately.kept))]
        if lately.until and lately.until <= now:
            lately.until = lately.told = None
            lately.album = ("", "keep")
        return lately

    def _forget(self, now: datetime) -> None:
        """Nothing matters any more of whoever wrote nothing for a minute."""
        self._people = {person: lately for person, lately in self._people.items() if now - lately.latest < MINUTE}
        self._forget_at = max(_FORGET_AT, 2 * len(self._people))
