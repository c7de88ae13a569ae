"""What comes from Telegram: an answer of getUpdates taken apart into updates, and an update read as an event.

The two happen at different times. What is received is stored as it came, not even looked at; it is read when its turn
comes, alone, so that one that can't be parsed harms nobody.
"""

import json
import logging
import re
from contextlib import suppress
from dataclasses import dataclass
from itertools import zip_longest

from telegram import (
    CallbackQuery,
    Chat,
    Message,
    MessageEntity,
    MessageOriginChannel,
    MessageOriginChat,
    MessageOriginHiddenUser,
    MessageOriginUser,
    Update,
    User,
)

from bot.domain import (
    Blocked,
    Edited,
    Event,
    File,
    Incoming,
    Pressed,
    Said,
    Sender,
    Sent,
    Shared,
    Unreadable,
)
from bot.inbox import Raw
from bot.text import clean

__all__ = ["LONGEST", "Press", "owner", "taken_apart", "taken_in", "translated"]

LONGEST = 1 << 20
"""Bytes of one update beyond which nobody has written it."""

_log = logging.getLogger(__name__)

_Json = dict[str, object]

_COMMAND = re.compile(r"/(\w{1,32})(?:@\w+)?(?!\S)", re.ASCII)
_UPDATE = re.compile(r'\{\s*"update_id"\s*:\s*(\d{1,18})(?!\d)')
"""How Telegram begins an update. Inside a string, which somebody may have written, the quotes would be escaped."""

_CHAT = re.compile(r'"chat"\s*:\s*\{(?:[^{}]*,)?\s*"id"\s*:\s*(-?\d{1,18})(?!\d)')
"""Where Telegram says which chat an update is from: the first place is the message's own."""

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
_KEPT = frozenset({"voice", "photo", "video", "audio", "document"})
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

_ELSEWHERE = frozenset({"reply_to_message", "forward_origin"})
"""What makes words more than plain words: they answer a message, or are somebody else's."""

_GROUPS = (Chat.GROUP, Chat.SUPERGROUP)
_AWAY = ("kicked", "left")
_JOURNAL = re.compile(r"/(?:export|import)(?:@\w+)?(?!\S)", re.ASCII | re.IGNORECASE)
"""What is answered in a group each time: nobody is to wait there for a journal."""


def taken_apart(body: bytes) -> list[Raw]:
    """The updates in an answer of getUpdates. Raises ValueError if it is no such answer."""
    with suppress(ValueError, LookupError, TypeError, RecursionError):
        return [_raw(update) for update in json.loads(body)["result"]]
    return _salvaged(body.decode(errors="replace"))


def taken_in(body: bytes) -> list[Raw]:
    """The one update that Telegram brought by itself; more, if that is what is in *body*. Raises ValueError if none
    is."""
    with suppress(ValueError, LookupError, TypeError, RecursionError):
        return [_raw(json.loads(body))]
    return _salvaged(body.decode(errors="replace"))


def _raw(update: _Json) -> Raw:
    """*update* as it is stored. Raises ValueError, LookupError or TypeError if it has no id."""
    id = update["update_id"]
    if type(id) is not int or not 0 <= id < 1 << 63:
        raise ValueError("no id")
    return Raw(id, json.dumps(update, separators=(",", ":")))


def _salvaged(text: str) -> list[Raw]:
    """The updates in *text*, each by itself, and one that can't be parsed as it is: whoever reads it sets it aside, and
    it is neither lost nor in anybody's way. Raises ValueError if there is none."""
    starts = list(_UPDATE.finditer(text))
    if not starts:
        raise ValueError("no updates")
    _log.warning("what came, with %d updates, can't be parsed as a whole: taking it apart", len(starts))
    found = []
    for start, after in zip_longest(starts, starts[1:]):
        end = len(text) if after is None else after.start()
        with suppress(ValueError, RecursionError):
            _update, end = json.JSONDecoder().raw_decode(text, start.start())
        found.append(Raw(int(start[1]), clean(text[start.start() : end])))
    return found


@dataclass(frozen=True, kw_only=True, slots=True)
class Press:
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


def _origin(message: Message) -> str | None:
    """The name of whoever wrote *message* first, "" if there is none to be had; None if it wasn't passed on."""
    name: str | None = ""
    match origin := message.forward_origin:
        case None:
            return None
        case MessageOriginUser():
            name = origin.sender_user.first_name
        case MessageOriginHiddenUser():
            name = origin.sender_user_name
        case MessageOriginChat():
            name = origin.sender_chat.title
        case MessageOriginChannel():
            name = origin.chat.title
    return " ".join(clean(name or "").split())


def _file(kind: str, held: object) -> File | None:
    """What can be kept of what a message *held*; None for what is no file, and for what is no more than a smile."""
    if kind not in _KEPT:
        return None
    if isinstance(held, tuple):  # a photo comes in several sizes
        held = max(held, key=lambda size: size.width * size.height)
    name = clean(getattr(held, "file_name", None) or "")
    return File(kind=kind, id=getattr(held, "file_id", ""), name=name, size=getattr(held, "file_size", None) or 0)


def _written(message: Message) -> Event | None:
    """What a message in a private chat says."""
    answered = message.reply_to_message
    reply_to = None if answered is None else answered.message_id
    if message.text and (text := _words(message.text)):
        return Said(text=text, message=message.message_id, reply_to=reply_to, forwarded=_origin(message))
    if message.location is not None:
        zone = _zone(message.location.latitude, message.location.longitude)
        if zone:
            return Shared(zone=zone, message=message.message_id)
    for attribute, kind in _KINDS:
        if held := getattr(message, attribute):
            return Sent(
                kind=kind,
                caption=_words(message.caption or ""),
                message=message.message_id,
                reply_to=reply_to,
                file=_file(kind, held),
                album=clean(message.media_group_id or ""),
                forwarded=_origin(message),
            )
    if any(getattr(message, attribute) for attribute in _SERVICE):
        return None
    caption, origin = _words(message.caption or ""), _origin(message)
    return Sent(kind="other", caption=caption, message=message.message_id, reply_to=reply_to, forwarded=origin)


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


def _press(query: CallbackQuery) -> Press:
    under = query.message if isinstance(query.message, Message) else None
    # Of the entities only ours: the rest Telegram finds by itself.
    marked = (entity for entity in (under.entities if under else ()) if entity.type == MessageEntity.ITALIC)
    return Press(
        callback=query.id,
        message=None if under is None else under.message_id,
        text="" if under is None else under.text or "",
        entities=tuple(entity.to_dict() for entity in marked),
    )


def _speaker(chat: int, name: str, language: object) -> Sender:
    """Who speaks in *chat*. A language tag is 35 characters at most (RFC 5646, section 4.4.1)."""
    return Sender(person=chat, chat=chat, name=clean(name), language=clean(str(language or ""))[:35] or "en")


def _sender(chat: Chat, user: User | None) -> Sender:
    """Who speaks in *chat*. A group is its own person, for nobody's journal is to hang on it."""
    name = "" if chat.type in _GROUPS else (user.first_name if user else chat.first_name) or ""
    return _speaker(chat.id, name, user.language_code if user else None)


def translated(payload: str) -> Incoming | None:
    """The event in one update, None if it concerns nobody. Any exception means that it can't be read."""
    update = json.loads(payload)
    return _just_words(update) or _any(Update.de_json(update, None))


def owner(payload: str) -> int | None:
    """Whose update *payload* is, told from its bare text: it may be no JSON, or none that makes sense."""
    found = _CHAT.search(payload)
    return int(found[1]) if found else None


def _just_words(update: _Json) -> Incoming | None:
    """Plain words in a private chat, which nearly every update is; None for anything else, and for anything odd.

    Read straight from the JSON: the library's objects for one cost 0.07 ms, as much as the whole dialogue.
    """
    match update:
        case {
            "update_id": int(),
            "message": {
                "message_id": int(message),
                "from": {"first_name": str(name), **user},
                "chat": {"id": int(chat), "type": "private"},
                "text": str(text),
                **more,
            },
        } if len(update) == 2 and _ELSEWHERE.isdisjoint(more) and (said := _words(text)):
            sender = _speaker(chat, name, user.get("language_code"))
            return Incoming(sender=sender, event=Said(text=said, message=message))
        case _:
            return None


def _any(update: Update) -> Incoming | None:
    chat, user = update.effective_chat, update.effective_user
    handle: Press | None = None
    event: Event | None = None
    if chat is None or chat.type not in (Chat.PRIVATE, *_GROUPS):
        return None
    member, query = update.my_chat_member, update.callback_query
    message = update.message or update.edited_message
    if query is not None:
        handle = _press(query)
    if chat.type in _GROUPS:
        here = message or query or (member and member.new_chat_member.status not in _AWAY)
        wanted = message and _JOURNAL.match(message.text or message.caption or "")
        event = Unreadable(kind="group journal" if wanted else "group") if here else None
    elif query is not None:
        event = _pressed(query)
    elif update.message is not None:
        event = _written(update.message)
    elif update.edited_message is not None:
        event = _rewritten(update.edited_message)
    elif member is not None and member.new_chat_member.status in _AWAY:
        event = Blocked()
    return None if event is None else Incoming(sender=_sender(chat, user), event=event, handle=handle)
