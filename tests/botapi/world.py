"""What there is in Telegram: people and chats, the messages that each of them sees, files, and the updates that wait
for the bot. `Telegram` holds all of it for one bot, with its clock, limits and log.

Nothing here decides whether somebody may do a thing: what people do is in `people`, what the bot does in `methods`. All
changes happen in plain functions between two awaits, so there is no lock, and what a test reads is never half of a
change.
"""

import asyncio
import json
import secrets
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.botapi.checks import Json, Params, Refused, Upload, bad
from tests.botapi.clock import Clock, finish
from tests.botapi.faults import Limits, Log
from tests.botapi.webhook import Bringer, Update, Webhook

KEPT_FOR = 24 * 3600.0
CONFLICT = (
    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
)
UNASKED = {"chat_member", "message_reaction", "message_reaction_count"}
"""Kinds of update that only come when allowed_updates names them."""


@dataclass(slots=True, eq=False)
class Message:
    """A message in a chat. *body* is what the Bot API shows; *sent* and *changed* are the chat's revisions."""

    body: Json
    by_bot: bool
    sent: int
    changed: int
    keyboard: Json | None = None
    past: list[Json] = field(default_factory=list)
    reaction: list[Json] = field(default_factory=list)

    @property
    def words(self) -> str:
        return str(self.body.get("text", self.body.get("caption", "")))

    def buttons(self) -> Iterator[Json]:
        for row in self.body.get("reply_markup", {}).get("inline_keyboard", ()):
            yield from row


@dataclass(slots=True, eq=False)
class Chat:
    """A conversation with the bot in it. While *closed* is not empty nothing can be sent; it is the reason given.
    Whoever follows a *script* here does the next thing in it at every message of the bot's; *asked_at* (monotonic) is
    when they last did something that it has not spoken to since."""

    about: Json
    user: Json | None = None
    met: bool = False
    closed: str = ""
    moved_to: int | None = None
    sees_all: bool = True
    revision: int = 0
    messages: dict[int, Message] = field(default_factory=dict)
    changes: list[tuple[int, Message]] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    script: deque[Json] = field(default_factory=deque)
    asked_at: float | None = None

    def touch(self, message: Message) -> None:
        self.revision += 1
        message.changed = self.revision
        self.changes.append((self.revision, message))

    def since(self, after: int) -> Iterator[Message]:
        """Messages changed after that revision, newest change first; one may come twice."""
        for revision, message in reversed(self.changes):
            if revision <= after:
                return
            yield message


class Updates:
    """What waits for the bot, and the poll by which it fetches that, or the webhook to which it is brought."""

    def __init__(self, clock: Clock) -> None:
        self.next = 810_000_000 + secrets.randbelow(10_000_000)
        self._clock = clock
        self._poller: asyncio.Future[None] | None = None
        self._connected: Callable[[], bool] = lambda: True
        self.bringer = Bringer(clock, self.confirm)
        self.empty()

    def empty(self) -> None:
        self.pending: list[Update] = []
        self.made: deque[Update] = deque(maxlen=100_000)
        self.bringer.empty()
        self._allowed: set[str] | None = None

    @property
    def polled(self) -> bool:
        """Whether a connected bot sits in a long poll."""
        return self._poller is not None and not self._poller.done() and self._connected()

    def queue(self, kind: str, content: Json) -> None:
        """Lays an update of that *kind* out for the bot, if it wants the kind."""
        if kind in UNASKED if self._allowed is None else kind not in self._allowed:
            return
        number = self.next
        self.next += 1
        self._lay_out(Update(number, json.dumps({"update_id": number, kind: content}), self._clock.now()))

    def push(self, number: int, payload: str) -> None:
        """Lays *payload* out as it is, whatever is in it."""
        self.next = max(self.next, number + 1)
        self._lay_out(Update(number, payload, self._clock.now(), pushed=True))

    def _lay_out(self, update: Update) -> None:
        self.pending.append(update)
        self.made.append(update)
        self.bringer.bring(update)
        if self._poller:
            finish(self._poller)

    def give_up(self) -> None:
        """Forgets what the bot has not fetched within a day."""
        oldest = self._clock.now() - KEPT_FOR
        self.pending = [update for update in self.pending if update.at >= oldest]
        self._clock.tell("updates")

    def allow(self, params: Params) -> None:
        """Brings only the kinds in `allowed_updates` from now on, if that is given. Raises Refused."""
        allowed = params.structure("allowed_updates")
        if allowed is not None:
            if not isinstance(allowed, list):
                raise bad("can't parse allowed_updates: expected an Array of String")
            self._allowed = set(allowed) if allowed else None

    @property
    def allowed(self) -> list[str]:
        """The kinds that were asked for; none if Telegram chooses."""
        return sorted(self._allowed or ())

    def set_webhook(self, webhook: Webhook | None) -> None:
        """Brings updates there from now on, or nowhere; a poll that is going on ends."""
        if webhook:
            self.conflict("Conflict: terminated by setWebhook request")
        self.bringer.put(webhook, tuple(self.pending))
        self._clock.tell("webhook")

    def confirm(self, gone: list[Update]) -> None:
        if gone:
            for update in gone:
                update.confirmed = True
            self.pending = [update for update in self.pending if not update.confirmed]
            self._clock.tell("updates")

    def _before(self, offset: int) -> list[Update]:
        """What getUpdates with that *offset* confirms."""
        # As in Telegram's queue, an offset far ahead of it belongs to an earlier sequence of ids: start at the head.
        if not offset or offset > self.next + 10:
            return []
        if offset < 0:
            return self.pending[:offset]
        return [update for update in self.pending if update.id < offset and (update.handed_out or not update.pushed)]

    def conflict(self, description: str) -> None:
        """Ends the poll that is going on."""
        if self._poller and self.polled:
            self._poller.set_exception(Refused(409, description))

    async def poll(self, params: Params) -> str:
        """The result of getUpdates, as JSON. Raises Refused."""
        if self.bringer.webhook:
            raise Refused(409, CONFLICT[1])
        offset, limit = params.number("offset") or 0, params.number("limit") or 100
        timeout = min(max(params.number("timeout") or 0, 0), 50)
        self.allow(params)
        self.conflict(CONFLICT[0])
        self.confirm(self._before(offset))
        if not self.pending and timeout:
            loop = asyncio.get_running_loop()
            future: asyncio.Future[None] = loop.create_future()
            self._poller, self._connected = future, params.connected
            handle = loop.call_later(timeout, finish, future)
            self._clock.tell("polling")
            try:
                await future
            finally:
                handle.cancel()
                if self._poller is future:
                    self._poller = None
        batch = self.pending[: min(max(limit, 1), 100)]
        for update in batch:
            update.handed_out += 1
        return "[" + ",".join(update.payload for update in batch) + "]"


class Telegram:
    """One bot's Telegram."""

    def __init__(self, token: str, *, strict_limits: bool = False) -> None:
        self.token = token
        self.clock = Clock()
        self.updates = Updates(self.clock)
        self._next_message = 1
        self.empty(strict_limits=strict_limits)

    def empty(self, *, strict_limits: bool) -> None:
        """Forgets everybody and everything. Ids run on, so a bot that is still there is not confused."""
        self.bot: Json = {
            "id": int(self.token.partition(":")[0]),
            "is_bot": True,
            "first_name": "Stand-in",
            "username": "stand_in_bot",
            "can_join_groups": True,
            "can_read_all_group_messages": False,
            "supports_inline_queries": False,
            "can_connect_to_business": False,
            "has_main_web_app": False,
        }
        self.as_sender = {key: self.bot[key] for key in ("id", "is_bot", "first_name", "username")}
        self.chats: dict[int, Chat] = {}
        self.queries: dict[str, tuple[float, Chat]] = {}
        self.answered: set[str] = set()
        self.files: dict[str, Upload] = {}
        self.profile: dict[str, Any] = {}
        self.logged_out = False
        self.playing: set[int] = set()
        self.timings: list[float] = []
        self.latency = 0.0
        self.clock.shift = 0.0
        self.updates.empty()
        self.limits = Limits(on=strict_limits)
        self.log = Log(self.clock)

    def add(
        self, chat: Chat, content: Json, *, by: Json, keyboard: Json | None = None, reply_to: int | None = None
    ) -> Message:
        """Writes a message by *by* into *chat*."""
        body: Json = {
            "message_id": self._next_message,
            "from": by,
            "chat": chat.about,
            "date": int(self.clock.now()),
        }
        self._next_message += 1
        if reply_to is not None and reply_to in chat.messages:
            answered = chat.messages[reply_to].body
            body["reply_to_message"] = {k: v for k, v in answered.items() if k != "reply_to_message"}
        body.update(content)
        if keyboard and "inline_keyboard" in keyboard:
            body["reply_markup"] = keyboard
        chat.revision += 1
        message = Message(body, by["is_bot"], chat.revision, chat.revision, keyboard)
        chat.messages[body["message_id"]] = message
        chat.changes.append((chat.revision, message))
        return message

    def keep(self, upload: Upload, folder: str) -> str:
        """Takes *upload* into Telegram's care; its file_id."""
        number = len(self.files)
        extension = upload.name.rpartition(".")[2] if "." in upload.name else "bin"
        upload.path = f"{folder}/file_{number}.{extension}"
        name = f"BQACAgIAAxkD{number:06d}{secrets.token_urlsafe(12)}"
        self.files[name] = upload
        return name
