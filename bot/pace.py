"""Who may be sent to next. Telegram takes about 30 messages a second from a bot, and one a second in one chat.

One dispatcher asks `pick` for a chat, sends it one message, and says with `add` if more are waiting for it. Between
chats the lower priority number goes first, then whoever waited longer; a chat that may not be sent to yet steps aside
and delays nobody. All moments are monotonic seconds given by the caller: nothing here reads a clock or waits.

The overall limit is a sliding window and not a bucket that refills: a bucket of 30 lets 59 through in its first
second. The window is a little longer than a second, because messages that leave evenly don't arrive evenly. And one
that takes long on its way may arrive at any moment of that time, so it counts until it is there: when this machine or
the other end stood still for a while, what piled up meanwhile arrives all at once.

What has no haste (any priority but 0) goes evenly over the second: of thirty at once a reply that came just after them
would have to wait out the second.
"""

from bisect import bisect_right, insort
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import count
from math import inf
from typing import NamedTuple

__all__ = ["Pace"]

_MARGIN = 1.05
"""How much longer than a second a second is in one chat, for what the network does to the distance between messages."""

_MARGIN_OVERALL = 1.1
"""The same for all messages together, which leave by more than one way, and from more than one machine. That leaves
1,636 of the 1,800 that 30 a second are in a minute."""

_INSTANT = 1e-6
"""Moments this close are the same: sums of floats miss each other by less."""

_SLOW = 0.2
"""Seconds on its way from which on a message counts as sent when it arrived, and not when it left."""

_LAG = 2
"""So many messages may go at once that nobody waits for to the second, when the dispatcher came late."""

_FORGET_AT = 1024


class _Place(NamedTuple):
    """A place in the queue: compared in this order. A chat that is promoted leaves its old place behind, empty."""

    priority: int
    turn: int
    chat: int


@dataclass(slots=True)
class _Chat:
    """*full* is when all of a chat's burst is there again; until *rested* it takes nothing."""

    full: float = -inf
    rested: float = -inf


class Pace:
    """At most *overall* messages in any second, and at most *chat* a second for each chat after a *burst*."""

    def __init__(self, overall: float = 30, chat: float = 1, burst: int = 3) -> None:
        """Messages a second; 0 and infinity switch a limit off."""
        self._overall = overall if 0 < overall < inf else 0.0
        self._sent: list[float] = []  # moments within the window, in order
        self._under_way: dict[int, float] = {}  # when the message to a chat left
        self._next_even = -inf  # when one may go that has no haste
        self.share(replicas=1)
        self._interval = _MARGIN / chat if 0 < chat < inf else 0.0
        self._burst = max(1, burst)
        self._chats: dict[int, _Chat] = {}
        self._forget_at = _FORGET_AT
        self._turns = count()
        self._waiting: dict[int, _Place] = {}
        self._ready: list[_Place] = []
        self._held: list[tuple[float, _Place]] = []

    def share(self, replicas: int, rank: int = 0) -> None:
        """The overall limit is shared evenly with so many *replicas*, of which this is that of *rank*, counted from 0:
        what doesn't divide goes to the first. A part keeps to the same second as the whole, or all together could send
        twice as much in one."""
        whole, rate = int(self._overall), self._overall / replicas
        if 1 < replicas <= whole:
            self._most, self._window = whole // replicas + (rank < whole % replicas), _MARGIN_OVERALL
        else:
            self._most = max(1, int(rate)) if rate else 0
            self._window = self._most / rate * _MARGIN_OVERALL if rate else 0.0

    def add(self, chat: int, priority: int = 0) -> None:
        """A message is waiting for *chat*. The lowest *priority* number said since its last message counts."""
        known = self._waiting.get(chat)
        if known is None or priority < known.priority:
            place = self._waiting[chat] = _Place(priority, next(self._turns), chat)
            heappush(self._ready, place)

    def pick(self, now: float) -> int | None:
        """The chat to send one message to now, which no longer waits then; None if nobody may."""
        place = self._next(now)
        if place is None or self._opening(now, place.priority) > now + _INSTANT:
            return None
        step = self._window / self._most if self._most else 0.0
        self._next_even = max(self._next_even, now - _LAG * step) + step
        heappop(self._ready)
        del self._waiting[place.chat]
        self._under_way[place.chat] = now
        self._spend(now, place.chat)
        return place.chat

    def arrived(self, now: float, chat: int) -> None:
        """The message that `pick` named *chat* for is on its way no longer, whatever came of it."""
        left = self._under_way.pop(chat, now)
        insort(self._sent, now if now - left > _SLOW else left)

    def wake(self, now: float) -> float | None:
        """Seconds until `pick` may find somebody, if nothing is added and nothing arrives before; None if nobody
        waits, or all that may be sent is on its way."""
        opening = self._opening(now)
        if opening == inf:
            return None
        if place := self._next(now):
            return max(0.0, self._opening(now, place.priority) - now)
        return max(0.0, opening - now, self._held[0][0] - now) if self._held else None

    def rest(self, chat: int, until: float) -> None:
        """Nothing goes to *chat* before *until*."""
        known = self._chats.setdefault(chat, _Chat())
        known.rested = max(known.rested, until)

    def spare(self, now: float, chat: int) -> bool:
        """Whether something that isn't important may go to *chat* now: only if it makes nobody wait. Taken if so."""
        if self._next(now) is not None or chat in self._waiting or self._opening(now) > now + _INSTANT:
            return False
        # One of the burst is left for what is important and may follow at once.
        if self._free(chat, min(2, self._burst)) > now + _INSTANT:
            return False
        insort(self._sent, now)
        self._spend(now, chat)
        return True

    def _next(self, now: float) -> _Place | None:
        """The first place whose chat may be sent to, left on top of `_ready`."""
        while self._held and self._held[0][0] <= now + _INSTANT:
            heappush(self._ready, heappop(self._held)[1])
        while self._ready:
            place = self._ready[0]
            if self._waiting.get(place.chat) is place:
                free = self._free(place.chat)
                if free <= now + _INSTANT:
                    return place
                heappush(self._held, (free, place))
            heappop(self._ready)
        while self._held and self._waiting.get(self._held[0][1].chat) is not self._held[0][1]:
            heappop(self._held)
        return None

    def _opening(self, now: float, priority: int = 0) -> float:
        """When the overall limit lets one more through, as far as that can be told before more arrives."""
        del self._sent[: bisect_right(self._sent, now - self._window)]
        over = len(self._sent) + len(self._under_way) - self._most
        even = self._next_even if priority and self._most else -inf
        if over < 0 or not self._most:
            return even
        return max(even, self._sent[over] + self._window) if over < len(self._sent) else inf

    def _free(self, chat: int, messages: int = 1) -> float:
        """When *messages* may go to *chat* at once, as far as it is concerned."""
        known = self._chats.get(chat)
        return -inf if known is None else max(known.rested, known.full - (self._burst - messages) * self._interval)

    def _spend(self, now: float, chat: int) -> None:
        if self._interval:
            known = self._chats.setdefault(chat, _Chat())
            known.full = max(known.full, now) + self._interval
        if len(self._chats) >= self._forget_at:
            self._chats = {id: known for id, known in self._chats.items() if max(known.full, known.rested) > now}
            self._forget_at = max(_FORGET_AT, 2 * len(self._chats))
