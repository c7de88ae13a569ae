"""How updates are brought to a bot that has set a webhook: by POST, over real HTTP.

Chats side by side, on at most `max_connections`; within a chat strictly in order, the next update only after the one
before it was answered with 2xx. Anything else, and no answer, is tried again after a pause that grows. What isn't an
update of any chat has a lane of its own.
"""

import asyncio
import json
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from aiohttp import ClientError, ClientSession, ClientTimeout, TCPConnector

from tests.botapi.checks import Json
from tests.botapi.clock import Clock

SECRET = "X-Telegram-Bot-Api-Secret-Token"
FIRST_PAUSE, LONGEST_PAUSE = 0.02, 0.5
"""Seconds until an update is brought again. Telegram's own are longer, and it says nothing about them."""
ANSWERED_WITHIN = 60.0
HERE = ("127.0.0.1", "::1", "localhost")


@dataclass(slots=True, eq=False)
class Update:
    """Something that waits for the bot. A *pushed* one is not forgotten before it was handed out once."""

    id: int
    payload: str
    at: float
    pushed: bool = False
    handed_out: int = 0
    confirmed: bool = False

    @property
    def chat(self) -> object:
        """Whose lane it is in."""
        try:
            [content] = [value for key, value in json.loads(self.payload).items() if key != "update_id"]
            return content.get("message", content)["chat"]["id"]
        except (ValueError, TypeError, LookupError, AttributeError):
            return f"update {self.id}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Webhook:
    """What a bot asked for. Updates are brought to the origin *through* instead, if there is one."""

    url: str
    secret: str = ""
    max_connections: int = 40

    def address(self, through: str) -> str:
        """Where updates are brought to; empty if that isn't on this machine, which no test ever leaves."""
        parts = urlsplit(self.url)
        if through:
            return f"{through.rstrip('/')}{parts.path}"
        return self.url if parts.hostname in HERE else ""


class Bringer:
    """Brings updates as long as a *webhook* is set. *confirm* is told which was answered with 2xx."""

    def __init__(self, clock: Clock, confirm: Callable[[list[Update]], None]) -> None:
        self.webhook: Webhook | None = None
        self.through = ""
        self.statuses: Counter[int] = Counter()
        self.last_error: Json = {}
        self._clock = clock
        self._confirm = confirm
        self._lanes: dict[object, deque[Update]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._free = asyncio.Semaphore(1)
        self._session: ClientSession | None = None

    def empty(self) -> None:
        """Forgets everything, and brings nothing more."""
        self.put(None, ())
        self.through = ""
        self.statuses.clear()
        self.last_error = {}

    def put(self, webhook: Webhook | None, waiting: "tuple[Update, ...]") -> None:
        """From now on updates are brought where *webhook* says, if anywhere; those that are *waiting* first."""
        for task in self._tasks:
            task.cancel()
        self._tasks.clear()
        self._lanes = {}
        self.webhook = webhook
        if webhook:
            self._free = asyncio.Semaphore(webhook.max_connections)
            for update in waiting:
                self.bring(update)

    def bring(self, update: Update) -> None:
        """Brings *update* when its turn comes, if there is a webhook."""
        if self.webhook is None:
            return
        chat = update.chat
        if chat in self._lanes:
            self._lanes[chat].append(update)
            return
        lane = self._lanes[chat] = deque((update,))
        task = asyncio.get_running_loop().create_task(self._drive(chat, lane, self.webhook))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _drive(self, chat: object, lane: deque[Update], webhook: Webhook) -> None:
        pause = FIRST_PAUSE
        while lane:
            update = lane[0]
            async with self._free:
                done = update.confirmed or await self._brought(update, webhook)
            if done:
                lane.popleft()
                pause = FIRST_PAUSE
                self._confirm([update])
            else:
                await asyncio.sleep(pause)
                pause = min(LONGEST_PAUSE, 2 * pause)
        if self._lanes.get(chat) is lane:
            del self._lanes[chat]

    async def _brought(self, update: Update, webhook: Webhook) -> bool:
        """Whether the bot has taken *update*."""
        update.handed_out += 1
        status = await self._status(update, webhook)
        self.statuses[status] += 1
        self._clock.tell("brought")
        if 200 <= status < 300:
            return True
        told = (
            f"Wrong response from the webhook: {status} {HTTPStatus(status).phrase}" if status else "Connection refused"
        )
        self.last_error = {"last_error_date": int(self._clock.now()), "last_error_message": told}
        return False

    async def _status(self, update: Update, webhook: Webhook) -> int:
        """What the bot answers to *update*; 0 if nothing."""
        address = webhook.address(self.through)
        if not address:
            return 0
        if self._session is None:
            self._session = ClientSession(connector=TCPConnector(limit=0), timeout=ClientTimeout(total=ANSWERED_WITHIN))
        headers = {"Content-Type": "application/json"} | ({SECRET: webhook.secret} if webhook.secret else {})
        body = update.payload.encode("utf-8", "surrogatepass")
        try:
            async with self._session.post(address, data=body, headers=headers, allow_redirects=False) as response:
                await response.read()
                return response.status
        except (ClientError, TimeoutError, OSError):
            return 0

    def shown(self) -> dict[str, Any]:
        """How it stands, for a test."""
        webhook = self.webhook
        return {
            "url": webhook.url if webhook else "",
            "max_connections": webhook.max_connections if webhook else 0,
            "secret": webhook.secret if webhook else "",
            "statuses": {str(status): count for status, count in self.statuses.items()},
        }
