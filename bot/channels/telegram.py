"""Telegram, through python-telegram-bot's Bot, types and errors, with a receive loop of our own.

The library's own loop lets Telegram forget updates before anybody has stored them, and stops at the first one that it
can't parse. Here an update is not even looked at while it is received: its JSON goes to the inbox as it came, the
inbox says when it is on disk, and only the next call of getUpdates lets Telegram forget it. It is read when its turn
comes, alone, so that a bad one harms nobody. The loop never ends by itself: whatever goes wrong, it says so once, waits
and tries again, longer each time up to half a minute.

A message that could not be sent is told apart by one question only: can it have arrived? See bot/errors.py.

Nothing here may log an exception's text or the Bot's repr: both hold the token.
"""

import asyncio
import json
import logging
import os
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from itertools import zip_longest
from math import ceil
from typing import Self

# Without this the library warns at every RetryAfter that its property will be a timedelta some day.
os.environ.setdefault("PTB_TIMEDELTA", "true")

from telegram import (
    Bot,
    BotCommandScopeAllPrivateChats,
    CallbackQuery,
    Chat,
    Message,
    MessageEntity,
    Update,
    User,
)
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.channels.http import AiohttpRequest, NotConnected, TooLong
from bot.domain import (
    Blocked,
    Choice,
    Edited,
    Event,
    Incoming,
    Pressed,
    Reply,
    Said,
    Sender,
    Sent,
    Shared,
    Unreadable,
)
from bot.engine import Raw
from bot.errors import Gone, Moved, NotSent, Refused, TenfoldError, TooFast, Unsure
from bot.text import LIMIT, OFF, ON, clean, plain, units
from bot.words import _

__all__ = ["TelegramChannel"]

_log = logging.getLogger(__name__)

_ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")
_LONGEST_UPDATE = 1 << 20
_BATCH = 100

_Json = dict[str, object]
"""An object of the Bot API as it travels: with these a message costs 0.10 ms of processor time, and 0.26 ms with the
library's classes for them."""

_NO_PREVIEW: _Json = {"is_disabled": True}

_COMMAND = re.compile(r"/(\w{1,32})(?:@\w+)?(?!\S)", re.ASCII)
_UPDATE = re.compile(r'\{\s*"update_id"\s*:\s*(\d{1,18})(?!\d)')
"""How Telegram begins an update. Inside a string, which somebody may have written, the quotes would be escaped."""

_GONE = ("chat not found", "peer_id_invalid")
_UNEDITABLE = ("message can't be edited", "message to edit not found", "message_id_invalid")

_KINDS = (
    ("voice", "voice"),
    ("photo", "photo"),
    ("animation", "video"),  # before document: Telegram fills in both
    ("document", "document"),
    ("sticker", "sticker"),
    ("video", "video"),
    ("video_note", "video"),
    ("audio", "audio"),
    ("contact", "contact"),
)
_SERVICE = frozenset(
    {
        "boost_added",
        "chat_background_set",
        "chat_shared",
        "connected_website",
        "message_auto_delete_timer_changed",
        "pinned_message",
        "proximity_alert_triggered",
        "refunded_payment",
        "successful_payment",
        "users_shared",
        "write_access_allowed",
    }
)
"""What Telegram itself puts into a private chat: nobody sent it."""

_GROUPS = (Chat.GROUP, Chat.SUPERGROUP)
_AWAY = ("kicked", "left")


# ---- update -> event ----


@dataclass(frozen=True, kw_only=True, slots=True)
class _Press:
    """What answering a press needs: the callback, and the message under which it was pressed, as it looked then."""

    callback: str
    message: int | None = None
    text: str = ""
    entities: tuple[_Json, ...] = ()


def _command(match: re.Match[str]) -> str:
    return f"/{match[1].lower()}"


def _words(text: str) -> str:
    """*text*, clean, and a command the way it is meant: "/help@TenfoldBot" is /help, and what a link adds to /start
    is not said by anybody."""
    text = clean(text)
    if not text.startswith("/"):
        return text
    text = _COMMAND.sub(_command, text, count=1)
    return "/start" if text.startswith("/start ") else text


def _zone(latitude: float, longitude: float) -> str:
    """The IANA zone there, or "" off the map."""
    # Costs 34 MB and 85 ms once, and most people say their city.
    from tzfpy import get_tz

    return get_tz(longitude, latitude)


def _written(message: Message) -> Event | None:
    """What a message in a private chat says."""
    if message.text and (text := _words(message.text)):
        reply_to = message.reply_to_message
        return Said(text=text, message=message.message_id, reply_to=None if reply_to is None else reply_to.message_id)
    if message.location is not None:
        zone = _zone(message.location.latitude, message.location.longitude)
        if zone:
            return Shared(zone=zone, message=message.message_id)
    for attribute, kind in _KINDS:
        if getattr(message, attribute):
            return Sent(kind=kind, caption=clean(message.caption or ""), message=message.message_id)
    if any(getattr(message, attribute) for attribute in _SERVICE):
        return None
    return Sent(kind="other", caption=clean(message.caption or ""), message=message.message_id)


def _rewritten(message: Message) -> Event | None:
    """What an edited message says now. One without words is a live location that moved."""
    text = clean(message.text or message.caption or "")
    return Edited(text=text, message=message.message_id) if text else None


def _pressed(query: CallbackQuery) -> Event | None:
    if query.data is None or query.message is None:
        return None
    markup = query.message.reply_markup if isinstance(query.message, Message) else None
    labels = (
        button.text
        for row in (markup.inline_keyboard if markup else ())
        for button in row
        if button.callback_data == query.data
    )
    return Pressed(action=clean(query.data), message=query.message.message_id, label=clean(next(labels, "")))


def _press(query: CallbackQuery) -> _Press:
    under = query.message if isinstance(query.message, Message) else None
    # Of the entities only ours: the rest Telegram finds by itself.
    marked = (entity for entity in (under.entities if under else ()) if entity.type == MessageEntity.ITALIC)
    return _Press(
        callback=query.id,
        message=None if under is None else under.message_id,
        text="" if under is None else under.text or "",
        entities=tuple(entity.to_dict() for entity in marked),
    )


def _sender(chat: Chat, user: User | None) -> Sender:
    """Who speaks in *chat*. A group is its own person, for nobody's journal is to hang on it."""
    name = "" if chat.type in _GROUPS else (user.first_name if user else chat.first_name) or ""
    return Sender(
        person=chat.id, chat=chat.id, name=clean(name), language=(user.language_code if user else None) or "en"
    )


def _incoming(update: Update) -> Incoming | None:
    chat, user = update.effective_chat, update.effective_user
    handle: _Press | None = None
    event: Event | None = None
    if chat is None or chat.type not in (Chat.PRIVATE, *_GROUPS):
        return None
    member, query = update.my_chat_member, update.callback_query
    message = update.message or update.edited_message
    if query is not None:
        handle = _press(query)
    if chat.type in _GROUPS:
        here = message or query or (member and member.new_chat_member.status not in _AWAY)
        event = Unreadable(kind="group") if here else None
    elif query is not None:
        event = _pressed(query)
    elif update.message is not None:
        event = _written(update.message)
    elif update.edited_message is not None:
        event = _rewritten(update.edited_message)
    elif member is not None and member.new_chat_member.status in _AWAY:
        event = Blocked()
    return None if event is None else Incoming(sender=_sender(chat, user), event=event, handle=handle)


# ---- reply -> message ----


def _formatted(text: str) -> tuple[str, list[_Json]]:
    """*text* without emphasis marks, and a MessageEntity for each stretch between them, in UTF-16 units."""
    if ON not in text:
        return text, []
    entities: list[_Json] = []
    at, begun = 0, None
    for piece in re.split(f"([{ON}{OFF}])", text):
        if piece == ON:
            begun = at if begun is None else begun
        elif piece == OFF:
            if begun is not None and begun < at:
                entities.append({"type": MessageEntity.ITALIC, "offset": begun, "length": at - begun})
            begun = None
        else:
            at += units(piece)
    return plain(text), entities


def _keyboard(choices: tuple[tuple[Choice, ...], ...], bare: bool) -> _Json:
    """The InlineKeyboardMarkup of *choices*."""
    rows: list[list[_Json]] = []
    for row in choices:
        rows.append([{"text": choice.label, "callback_data": choice.action} for choice in row])
        if not bare:
            for button, choice in zip(rows[-1], row, strict=True):
                if choice.style:
                    button["style"] = choice.style
    return {"inline_keyboard": rows}


def _failure(error: Exception) -> Exception:
    """What *error* means for a message on its way: one of bot/errors.py."""
    match error:
        case RetryAfter():
            return TooFast(_seconds(error))
        case ChatMigrated():
            return Moved(error.new_chat_id)
        case Forbidden():
            return Gone()
        case NotConnected() | InvalidToken():
            return NotSent()
        # A BadRequest is a NetworkError too: it has to come first.
        case BadRequest():
            return Gone() if error.message.lower().startswith(_GONE) else Refused()
        case TelegramError() if error.message.startswith("Too Many Requests"):
            return TooFast(1)
        case _:
            return Unsure()


def _seconds(error: RetryAfter) -> float:
    after = error.retry_after
    return after.total_seconds() if isinstance(after, timedelta) else float(after)


# ---- receiving ----


class _Trouble(Exception):
    """Something that time or whoever runs the bot can mend. *said* tells how, *detail* is a status or a type's name,
    and *least* the seconds that Telegram asked to wait."""

    def __init__(self, said: str, detail: str, least: float = 0) -> None:
        super().__init__(said)
        self.said, self.detail, self.least = said, detail, least


class _Patience:
    """Growing delays while something fails, each kind of failure said when it begins, and when all is well again."""

    def __init__(self, sleep: Callable[[float], Awaitable[None]], first: float = 0.5, longest: float = 30) -> None:
        """Seconds, doubled from *first* to *longest*."""
        self._sleep, self._first, self._longest = sleep, first, longest
        self._delay = first
        self._said = ""

    async def wait(self, trouble: _Trouble) -> None:
        if trouble.said != self._said:
            self._said = trouble.said
            _log.warning("%s (%s). Trying again, at most %g s apart", trouble.said, trouble.detail, self._longest)
        delay, self._delay = self._delay, min(2 * self._delay, self._longest)
        await self._sleep(max(delay, trouble.least))

    def end(self) -> None:
        if self._said:
            _log.warning("all is well again")
            self._said, self._delay = "", self._first


_UNREACHABLE = "Telegram can't be reached: check the network, and TELEGRAM_API_BASE_URL if it is set"
_REFUSED = (
    "Telegram refuses the token: paste the one from @BotFather into TELEGRAM_BOT_TOKEN and start again, "
    "and check TELEGRAM_API_BASE_URL if it is set"
)
_RIVAL = "another process receives for this bot: stop it, one token serves one"
_WEBHOOK = "a webhook was set for this bot and takes its updates: removing it"
_AILING = "Telegram has trouble"
_GARBLED = "Telegram's answer can't be read"
_UNSTORED = "updates can't be stored, so they stay with Telegram: check the database and the disk"
_UNINTRODUCED = "commands and description can't be set"


def _batch(body: bytes) -> list[Raw]:
    """The updates in an answer of getUpdates. Raises ValueError if it is no such answer."""
    with suppress(ValueError, LookupError, TypeError, RecursionError):
        batch = [
            Raw(update["update_id"], json.dumps(update, separators=(",", ":"))) for update in json.loads(body)["result"]
        ]
        if all(type(raw.id) is int and 0 <= raw.id < 1 << 63 for raw in batch):
            return batch
    return _salvaged(body.decode(errors="replace"))


def _salvaged(text: str) -> list[Raw]:
    """The updates in *text*, each by itself, and one that can't be parsed as it is: whoever reads it sets it aside, and
    it is neither lost nor in anybody's way. Raises ValueError if there is none."""
    starts = list(_UPDATE.finditer(text))
    if not starts:
        raise ValueError("no updates")
    _log.warning("an answer with %d updates can't be parsed as a whole: taking it apart", len(starts))
    batch = []
    for start, after in zip_longest(starts, starts[1:]):
        end = len(text) if after is None else after.start()
        with suppress(ValueError, RecursionError):
            _update, end = json.JSONDecoder().raw_decode(text, start.start())
        batch.append(Raw(int(start[1]), clean(text[start.start() : end])))
    return batch


def _explained(body: bytes) -> tuple[str, float]:
    """What an answer that isn't 200 says: its description, in small letters, and the seconds it asks to wait."""
    try:
        answer = json.loads(body)
        parameters = answer.get("parameters") or {}
        return str(answer.get("description", "")).lower(), float(parameters.get("retry_after", 0))
    except (ValueError, TypeError, AttributeError, RecursionError):
        return "", 0


class TelegramChannel:
    """One bot's account. Its connections are open inside `async with`."""

    def __init__(
        self,
        token: str,
        origin: str = "https://api.telegram.org",
        *,
        long_poll: timedelta = timedelta(seconds=50),
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """*origin* is that of the Bot API server, without a path. Telegram holds a poll open for *long_poll*, in whole
        seconds."""
        if not token:
            raise TenfoldError(
                "TELEGRAM_BOT_TOKEN is empty: copy .env.example to .env and paste the token from @BotFather"
            )
        origin = origin.rstrip("/")
        self._calls = AiohttpRequest()
        # An update is a few kilobytes and a hundred come at once: more than this asks for fewer.
        self._receiving = AiohttpRequest(connections=2, longest=16 << 20)
        self._bot = Bot(
            token,
            base_url=f"{origin}/bot",
            base_file_url=f"{origin}/file/bot",
            request=self._calls,
            get_updates_request=self._receiving,
        )
        self._long_poll = ceil(long_poll.total_seconds())
        self._sleep = sleep

    async def __aenter__(self) -> Self:
        # Not Bot.initialize: that calls getMe first, and a bot must start while Telegram is away.
        await self._calls.initialize()
        await self._receiving.initialize()
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self._receiving.shutdown()
        await self._calls.shutdown()

    def read(self, payload: str) -> Incoming | None:
        """The event in one update, None if it concerns nobody. Any exception means that it can't be read."""
        return _incoming(Update.de_json(json.loads(payload), None))

    async def send(self, chat: int, reply: Reply, *, bare: bool = False) -> int | None:
        """The id of the message that says *reply*. Raises NotSent, Unsure, Refused, TooFast, Gone or Moved."""
        text, entities = _formatted(reply.text)
        options: _Json = {"link_preview_options": _NO_PREVIEW}
        if entities and not bare:
            options["entities"] = entities
        if reply.choices:
            options["reply_markup"] = _keyboard(reply.choices, bare)
        try:
            if reply.replaces is not None and await self._edited(chat, reply.replaces, text, options):
                return reply.replaces
            message = await self._bot.send_message(chat, text, api_kwargs=options)
        except Exception as error:  # noqa: BLE001 - an answer can be wrong in any way; each means something here
            failure = _failure(error)
        else:
            return message.message_id
        # Out here the original, which may quote anything, is not attached as context.
        raise failure

    async def _edited(self, chat: int, message: int, text: str, options: _Json) -> bool:
        """Whether *message* says *text* now; False if Telegram doesn't let it be changed. Raises TelegramError."""
        try:
            await self._bot.edit_message_text(text, chat_id=chat, message_id=message, api_kwargs=options)
        except BadRequest as error:
            said = error.message.lower()
            if "message is not modified" in said:
                return True
            if any(reason in said for reason in _UNEDITABLE):
                return False
            raise
        return True

    async def acknowledge(self, incoming: Incoming) -> None:
        """Stop the spinner on a pressed button. Best effort."""
        if isinstance(incoming.handle, _Press):
            await self._try(self._bot.answer_callback_query(incoming.handle.callback))

    async def mark(self, incoming: Incoming, chosen: str) -> None:
        """Let the pressed message show what was *chosen*, without its buttons. Best effort."""
        press = incoming.handle
        if not isinstance(press, _Press) or press.message is None:
            return
        chat, line = incoming.sender.chat, f"› {plain(chosen)}"
        text = f"{press.text}\n\n{line}"
        if press.text and units(text) <= LIMIT and not press.text.endswith(line):
            await self._try(
                self._bot.edit_message_text(
                    text,
                    chat_id=chat,
                    message_id=press.message,
                    api_kwargs={"entities": press.entities, "link_preview_options": _NO_PREVIEW},
                )
            )
        else:
            await self._try(self._bot.edit_message_reply_markup(chat, press.message))

    async def typing(self, chat: int) -> None:
        """Show that something is being written. Best effort."""
        await self._try(self._bot.send_chat_action(chat, "typing", read_timeout=5))

    @staticmethod
    async def _try(call: Awaitable[object]) -> None:
        try:
            await call
        except Exception as error:  # noqa: BLE001 - nothing hangs on it, and the person can't do anything about it
            _log.debug("a best-effort call failed: %s", type(error).__name__)

    async def poll(self, receive: Callable[[Sequence[Raw]], Awaitable[None]]) -> None:
        """Hand batches to *receive* for ever. When it returns they are safe and Telegram may forget them; if it raises,
        the same come again. Ends only by cancellation."""
        patience = _Patience(self._sleep)
        offset: int | None = None
        limit = _BATCH
        while True:
            try:
                batch = await self._updates(offset, limit)
                await self._store(batch, receive)
            except TooLong:
                limit = max(1, limit // 2)
            except _Trouble as trouble:
                await patience.wait(trouble)
            else:
                patience.end()
                limit = min(2 * limit, _BATCH)
                # Ids may start again lower after a week without updates, so an offset isn't kept longer than it is
                # needed: an empty answer says that all before it are forgotten.
                offset = max(raw.id for raw in batch) + 1 if batch else None

    async def _updates(self, offset: int | None, limit: int) -> list[Raw]:
        """At most *limit* updates, forgetting all before *offset*. Raises TooLong, if fewer may do, or _Trouble."""
        asked: dict[str, object] = {"limit": limit, "timeout": self._long_poll, "allowed_updates": _ALLOWED_UPDATES}
        if offset is not None:
            asked["offset"] = offset
        try:
            status, body = await self._receiving.ask(
                f"{self._bot.base_url}/getUpdates", asked, read_timeout=self._long_poll + 10
            )
        except TooLong as error:
            if limit > 1:
                raise
            raise _Trouble(_GARBLED, type(error).__name__) from None
        except TelegramError as error:
            # The text of such an error is the name of the type that aiohttp raised, see bot/channels/http.py.
            raise _Trouble(_UNREACHABLE, error.message) from None
        if status == 200:
            try:
                return _batch(body)
            except ValueError:
                raise _Trouble(_GARBLED, f"{len(body)} bytes") from None
        description, least = _explained(body)
        if status in (401, 404):
            said = _REFUSED
        elif status == 409 and "webhook" in description:
            said = _WEBHOOK
            await self._try(self._bot.delete_webhook())
        else:
            said = _RIVAL if status == 409 else _AILING
        raise _Trouble(said, f"HTTP {status}", least)

    @staticmethod
    async def _store(batch: list[Raw], receive: Callable[[Sequence[Raw]], Awaitable[None]]) -> None:
        """Give *receive* all of the batch that may be real. Raises _Trouble if it fails."""
        fit = []
        for raw in batch:
            if len(raw.payload) <= _LONGEST_UPDATE:
                fit.append(raw)
            else:
                _log.warning("update %d is passed over: nobody writes %d bytes", raw.id, len(raw.payload))
        try:
            if fit:
                await receive(fit)
        except Exception as error:  # noqa: BLE001 - whatever it was, Telegram still has them
            raise _Trouble(_UNSTORED, type(error).__name__) from None

    async def introduce(self, commands: Sequence[tuple[str, str]]) -> None:
        """Set what people see before they say anything: the menu of *commands* (name, what it does) and the bot's
        descriptions. Tries until it has worked, so it is best left to run by itself."""
        calls: Mapping[str, Callable[[], Awaitable[object]]] = {
            "commands": lambda: self._bot.set_my_commands(commands, scope=BotCommandScopeAllPrivateChats()),
            "short description": lambda: self._bot.set_my_short_description(
                _("Once a week: what did you do for someone? Then one small thing to do next.")
            ),
            "description": lambda: self._bot.set_my_description(
                _(
                    "Once a week I ask what you did for someone, keep what you tell me, and hand you one small thing "
                    "to do next. Press Start and tell me what you'd like people to come to you for."
                )
            ),
        }
        patience = _Patience(self._sleep, first=1, longest=600)
        for name, call in calls.items():
            while True:
                try:
                    await call()
                except BadRequest:
                    _log.warning("Telegram doesn't take the %s", name)
                except Exception as error:  # noqa: BLE001 - the bot works without; it is tried again
                    least = _seconds(error) if isinstance(error, RetryAfter) else 0
                    await patience.wait(_Trouble(_UNINTRODUCED, type(error).__name__, least))
                    continue
                break
            patience.end()

    async def check_token(self) -> str:
        """The bot's username. Raises TenfoldError, with the cure, if Telegram can't be asked or refuses the token."""
        try:
            return (await self._bot.get_me()).username or ""
        except InvalidToken:
            cure = f"{_REFUSED}."
        except NetworkError as error:
            cure = f"{_UNREACHABLE} ({type(error).__name__})."
        except Exception as error:  # noqa: BLE001 - an answer can be wrong in any way
            cure = f"{_GARBLED} ({type(error).__name__}): check TELEGRAM_API_BASE_URL if it is set."
        raise TenfoldError(cure)
