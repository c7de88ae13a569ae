"""A store around another, for tests that have something happen on the way: what isn't overridden is passed on."""

from collections.abc import Callable
from typing import TypeVar

from bot.store import Store, Transaction

T = TypeVar("T")


class Around:
    """Everything goes to the *store* inside."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def transact(self, work: Callable[[Transaction], T], *, person: int | None = None) -> T:
        return await self._store.transact(work, person=person)

    async def read(self, work: Callable[[Transaction], T]) -> T:
        return await self._store.read(work)

    async def listen(self, channel: str, heard: Callable[[str], None]) -> None:
        await self._store.listen(channel, heard)

    async def scrub(self) -> bool:
        return await self._store.scrub()

    async def close(self) -> None:
        await self._store.close()
