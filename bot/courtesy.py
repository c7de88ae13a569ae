"""What is done for people beside all that must arrive: a heart, a pressed button that shows what was chosen, the sign
that somebody is typing. Nothing hangs on it, so it goes straight out, only when it makes no message wait, and once.
"""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Protocol

from bot.delivery import Delivery
from bot.domain import Incoming

__all__ = ["Courtesy", "Obliges"]

PATIENCE = 0.7
"""Seconds without an answer after which the person sees that somebody is typing."""

TYPING_LASTS = 4.5
"""Seconds after which Telegram stops showing it (5, Bot API 10.0, sendChatAction), less the way there."""

MARK_WITHIN = 10
"""Seconds within which a pressed message shows what was chosen, and what was told its heart, if no message has to wait
for that."""


class Obliges(Protocol):
    """What courtesy needs of a channel. All of it is best effort and never raises."""

    async def acknowledge(self, incoming: Incoming) -> None:
        """Answer a press, so that its button stops waiting."""

    async def mark(self, incoming: Incoming, chosen: str) -> None:
        """Show on the pressed message what was *chosen*, and take its buttons away."""

    async def react(self, chat: int, message: int) -> None:
        """Put a heart to the person's own *message*."""

    async def typing(self, chat: int) -> None:
        """Show that an answer is on its way."""


class Courtesy:
    """Kind, and never in the way."""

    def __init__(
        self,
        channel: Obliges,
        delivery: Delivery,
        *,
        spawn: Callable[[Coroutine[Any, Any, None]], object],
        handled: Callable[[int], bool],
    ) -> None:
        """*spawn* has something done beside all else; *handled* tells whether somebody's words are being handled."""
        self._channel = channel
        self._delivery = delivery
        self._spawn = spawn
        self._handled = handled
        self._patience: dict[int, asyncio.TimerHandle] = {}

    async def acknowledge(self, incoming: Incoming, chosen: str | None) -> None:
        """The press that is *incoming* was handled; its message shows what was *chosen*, if anything."""
        await self._channel.acknowledge(incoming)
        if chosen and await self._spared(incoming.sender.chat):
            await self._channel.mark(incoming, chosen)

    async def react(self, chat: int, message: int) -> None:
        """A heart for somebody's *message*."""
        if await self._spared(chat):
            await self._channel.react(chat, message)

    async def _spared(self, chat: int) -> bool:
        """Wait until something that isn't important may go to *chat*; whether it may at all."""
        for second in range(MARK_WITHIN):
            if second:
                await asyncio.sleep(1)
            if self._delivery.spare(chat):
                return True
        return False

    def answers(self, person: int, chat: int) -> None:
        """*person* waits for an answer in *chat*: if that takes long, they see that it is on its way."""
        if person not in self._patience:
            self._wait(person, chat, PATIENCE)

    def _wait(self, person: int, chat: int, seconds: float) -> None:
        def show() -> None:
            del self._patience[person]
            if self._handled(person) or self._delivery.waits(chat):
                if self._delivery.spare(chat):
                    self._spawn(self._channel.typing(chat))
                self._wait(person, chat, TYPING_LASTS)

        self._patience[person] = asyncio.get_running_loop().call_later(seconds, show)

    def stop(self) -> None:
        """Show nobody anything more."""
        for timer in self._patience.values():
            timer.cancel()
