"""A Bot API server that costs the machine as little as it can, so that what is measured is the bot.

It is written on a bare asyncio.Protocol because it is the load and not the product: a web framework would take more
CPU for one sendMessage than Tenfold does, and the bots would wait for it. It knows the few methods that a bot calls
at start and in a conversation, and answers them with objects that python-telegram-bot and aiogram both accept. It is
not strict: the server in `tests/` is. One bot at a time.

A long poll is answered *gather* after the first update that it can give, so that what comes together is handed over
together. Telegram's own server waits up to 2 ms (telegram-bot-api, Client.h: LONG_POLL_MAX_DELAY), and a network adds
to that. With no wait at all nearly every update would pay for a poll of its own, which is hardest on the bots whose
polls are dear: python-telegram-bot does a fifth fewer steps then.
"""

import asyncio
import json
import time
from collections import deque
from collections.abc import Callable
from datetime import timedelta
from typing import Any, cast
from urllib.parse import parse_qsl

TOKEN = "1000:bench-has-a-token-of-its-own"
USERNAME = "bench_bot"

_OK = b'{"ok":true,"result":true}'
_BOT = f'{{"id":1000,"is_bot":true,"first_name":"Bench","username":"{USERNAME}"}}'
_ME = (
    '{"ok":true,"result":{"id":1000,"is_bot":true,"first_name":"Bench","username":"' + USERNAME + '",'
    '"can_join_groups":true,"can_read_all_group_messages":false,"supports_inline_queries":false}}'
).encode()
_HOOK = b'{"ok":true,"result":{"url":"","has_custom_certificate":false,"pending_update_count":0}}'
_MOST = 100
"""Updates in one answer (Bot API, getUpdates: limit)."""


class Telegram:
    """The bot's side of Telegram. What `say` puts in comes out of getUpdates once and in order; *sent* is called with
    the chat and the number of buttons of each message that the bot sends, *polled* once, at the first getUpdates."""

    def __init__(
        self, *, sent: Callable[[int, int], None], polled: Callable[[], None], gather: timedelta = timedelta()
    ) -> None:
        self.port = 0
        self._sent, self._polled, self._gather = sent, polled, gather.total_seconds()
        self._updates: deque[tuple[int, str]] = deque()
        self._update = 500_000_000
        self._message = 0
        self._polls = 0
        self._waiting: tuple[_Wire, int] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._soon: asyncio.Handle | None = None
        self._wires: set[_Wire] = set()
        self._server: asyncio.Server | None = None

    async def open(self) -> None:
        """Listen on a free port of this machine: *port*."""
        self._server = await asyncio.get_running_loop().create_server(lambda: _Wire(self), "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """Stop listening and drop every connection."""
        if self._server is not None:
            self._server.close()
        for wire in tuple(self._wires):
            wire.drop()
        for handle in (self._timer, self._soon):
            if handle is not None:
                handle.cancel()
        await asyncio.sleep(0)

    def say(self, person: int, text: str) -> None:
        """A message from *person*, waiting to be polled."""
        self._update += 1
        self._message += 1
        who = f'"id":{person},"first_name":"P{person}"'
        command = text.split(" ", 1)[0]
        entities = (
            f',"entities":[{{"type":"bot_command","offset":0,"length":{len(command)}}}]' if command[:1] == "/" else ""
        )
        update = (
            f'{{"update_id":{self._update},"message":{{"message_id":{self._message},"date":{int(time.time())},'
            f'"chat":{{{who},"type":"private"}},"from":{{{who},"is_bot":false,"language_code":"en"}},'
            f'"text":{json.dumps(text)}{entities}}}}}'
        )
        self._updates.append((self._update, update))
        self._wake()

    def _wake(self) -> None:
        if self._waiting is not None and self._soon is None:
            loop = asyncio.get_running_loop()
            self._soon = (
                loop.call_later(self._gather, self._hand_over) if self._gather else loop.call_soon(self._hand_over)
            )

    def _hand_over(self) -> None:
        """Answer the poll that waits with what there is, or with nothing when its time is over."""
        if self._soon is not None:
            self._soon.cancel()
        if self._timer is not None:
            self._timer.cancel()
        self._soon = self._timer = None
        if self._waiting is None:
            return
        wire, limit = self._waiting
        self._waiting = None
        batch = [update for _, update in list(self._updates)[:limit]]
        wire.answer(f'{{"ok":true,"result":[{",".join(batch)}]}}'.encode())

    def _poll(self, wire: "_Wire", fields: dict[str, Any]) -> None:
        if not self._polls:
            self._polled()
        self._polls += 1
        offset = int(fields.get("offset", 0))
        while self._updates and self._updates[0][0] < offset:
            self._updates.popleft()
        if self._waiting is not None:
            # A poll that replaces another ends it, as Telegram's 409 would.
            self._hand_over()
        self._waiting = wire, max(1, min(_MOST, int(fields.get("limit", _MOST))))
        self._timer = asyncio.get_running_loop().call_later(float(fields.get("timeout", 0)), self._hand_over)
        if self._updates:
            self._wake()

    def _written(self, fields: dict[str, Any], message: int) -> bytes:
        """The Message that Telegram gives back for what a bot wrote, keyboard and entities as they were sent."""
        extra = ""
        for key in ("reply_markup", "entities"):
            if value := fields.get(key):
                extra += f',"{key}":{value if isinstance(value, str) else json.dumps(value)}'
        chat = int(fields["chat_id"])
        return (
            f'{{"ok":true,"result":{{"message_id":{message},"date":{int(time.time())},"from":{_BOT},'
            f'"chat":{{"id":{chat},"first_name":"P{chat}","type":"private"}},'
            f'"text":{json.dumps(fields["text"])}{extra}}}}}'
        ).encode()

    def call(self, wire: "_Wire", method: str, fields: dict[str, Any]) -> None:
        """Answer one call of the bot's."""
        match method:
            case "getupdates":
                self._poll(wire, fields)
            case "sendmessage":
                self._message += 1
                wire.answer(self._written(fields, self._message))
                self._sent(int(fields["chat_id"]), str(fields.get("reply_markup", "")).count("callback_data"))
            case "editmessagetext":
                wire.answer(self._written(fields, int(fields["message_id"])))
            case "getme":
                wire.answer(_ME)
            case "getwebhookinfo":
                wire.answer(_HOOK)
            case _:
                # Commands, descriptions, typing, callback answers, deleteWebhook: true is the answer to all of them.
                wire.answer(_OK)

    def joined(self, wire: "_Wire") -> None:
        """A connection was made."""
        self._wires.add(wire)

    def left(self, wire: "_Wire") -> None:
        """A connection is gone, and with it the poll that waited on it."""
        self._wires.discard(wire)
        if self._waiting is not None and self._waiting[0] is wire:
            self._waiting = None


class _Wire(asyncio.Protocol):
    """One connection: HTTP/1.1 with keep-alive and Content-Length, one request at a time; JSON or a form."""

    def __init__(self, telegram: Telegram) -> None:
        self._telegram = telegram
        self._buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._telegram.joined(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self._telegram.left(self)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (end := self._buffer.find(b"\r\n\r\n")) >= 0:
            head = self._buffer[:end].decode("latin-1")
            line, _, rest = head.partition("\r\n")
            headers = {}
            for entry in rest.split("\r\n"):
                name, _, value = entry.partition(":")
                headers[name.lower()] = value.strip()
            stop = end + 4 + int(headers.get("content-length", 0))
            if len(self._buffer) < stop:
                return
            body, self._buffer = self._buffer[end + 4 : stop], self._buffer[stop:]
            path, _, query = line.split(" ")[1].partition("?")
            kind = headers.get("content-type", "")
            if "multipart/" in kind or "transfer-encoding" in headers:
                self.answer(b'{"ok":false,"error_code":400,"description":"Bad Request: not spoken here"}', 400)
                continue
            fields: dict[str, Any] = dict(parse_qsl(query, keep_blank_values=True))
            if body:
                fields |= json.loads(body) if "json" in kind else dict(parse_qsl(body.decode(), keep_blank_values=True))
            self._telegram.call(self, path.rpartition("/")[2].lower(), fields)

    def answer(self, body: bytes, status: int = 200) -> None:
        """Send *body*, JSON."""
        if not self._transport.is_closing():
            self._transport.write(
                b"HTTP/1.1 %d OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b"
                % (status, len(body), body)
            )

    def drop(self) -> None:
        """Close the connection at once."""
        self._transport.abort()
