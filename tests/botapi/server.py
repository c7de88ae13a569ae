"""A Bot API server for tests: real HTTP, one bot, strict where Telegram is strict.

Everything lives in one object, `Telegram`, that has two faces. The bot's face is `/bot<token>/<method>` as documented
at https://core.telegram.org/bots/api, refusals to the letter where they are known. The people's face is
`/control/<verb>`: they write, press, block, and read what the bot said. All state changes happen in plain functions
between two awaits, so there is no lock, and what a test reads is never half of a change.

Three things make tests quick and sure. A wait is a request that is answered when its condition holds, never a sleep.
A fault is queued beforehand and spent by the calls it fits. Time can be moved on (`age`) instead of being sat out.

    python -m tests.botapi.server --port 0 [--strict-limits] [--token TOKEN] [--until-eof]

prints `{"port": 40123, "token": "..."}` on one line once it listens.
"""

import argparse
import asyncio
import contextlib
import html
import json
import math
import os
import re
import secrets
import string
import sys
import time
from bisect import bisect_left
from collections import Counter, defaultdict, deque
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote

from aiohttp import web

Json = dict[str, Any]

TEXT_LIMIT, CAPTION_LIMIT, DATA_LIMIT, BUTTON_LIMIT = 4096, 1024, 64, 100
QUERY_AGE = 15.0
LOG_LIMIT = 200_000
KEPT_FOR = 24 * 3600.0
UPLOAD_LIMIT, PHOTO_LIMIT, DOWNLOAD_LIMIT = 50 << 20, 10 << 20, 20 << 20
# A bucket that is exactly right on the sender's clock is a few milliseconds early or late on this one.
JITTER = 0.05
CONFLICT = (
    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
)
UNASKED = {"chat_member", "message_reaction", "message_reaction_count"}
"""Kinds of update that only come when allowed_updates names them."""
ACTIONS = frozenset(
    {
        "choose_sticker",
        "find_location",
        "record_video",
        "record_video_note",
        "record_voice",
        "typing",
        "upload_document",
        "upload_photo",
        "upload_video",
        "upload_video_note",
        "upload_voice",
    }
)
_REACTIONS = (
    "❤ 👍 👎 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡 🥱 🥴 😍 🐳 ❤\u200d🔥 🌚 🌭 💯 "
    "🤣 ⚡ 🍌 🏆 💔 🤨 😐 🍓 🍾 💋 🖕 😈 😴 😭 🤓 👻 👨\u200d💻 👀 🎃 🙈 😇 😨 🤝 ✍ "
    "🤗 🫡 🎅 🎄 ☃ 💅 🤪 🗿 🆒 💘 🙉 🦄 😘 💊 🙊 😎 👾 🤷\u200d♂ 🤷 🤷\u200d♀ 😡"
)
REACTIONS = frozenset(_REACTIONS.split(" "))
"""All that a bot may react with."""
INLINE_ACTIONS = (
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
)
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current content "
    "and reply markup of the message"
)


class Refused(Exception):
    """The Bot API says no, with an error *code*, a *description* and perhaps `parameters`."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code, self.description, self.parameters = code, description, parameters


def _finish(future: "asyncio.Future[None]") -> None:
    if not future.done():
        future.set_result(None)


def bad(description: str) -> Refused:
    """A 400, worded as Telegram words them."""
    return Refused(400, f"Bad Request: {description}")


class Misused(Exception):
    """A test asked for what no person can do. Answered with 400 on the people's face."""


# ------------ text and entities

_UNFIT = re.compile("[\x00-\x09\x0b-\x1f\u2028-\u202e\u0333\u033f\u030a]")
_FOUND = re.compile(
    r"(?P<url>https?://[^\s<>\"]+)"
    r"|(?P<email>[\w.+-]+@[\w-]+\.\w[\w.]*\w)"
    r"|(?P<bot_command>(?<![\w/.])/[A-Za-z0-9_]{1,64}(?:@\w{3,32})?(?![\w/]))"
    r"|(?P<mention>(?<!\w)@[A-Za-z]\w{3,31})"
    r"|(?P<hashtag>(?<!\w)#\w*[^\W\d]\w*)"
)
_TAG = re.compile(r"<(/?)([A-Za-z0-9-]*)((?:[^>\"']|\"[^\"]*\"|'[^']*')*)>")
_ATTRIBUTE = re.compile(r"([A-Za-z-]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+)))?")
_REFERENCE = re.compile(r"&(lt|gt|amp|quot|#\d+|#[xX][0-9a-fA-F]+);")
_TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "a": "text_link",
    "tg-emoji": "custom_emoji",
    "tg-time": "date_time",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
}


def units(text: str) -> int:
    """The length of *text* in UTF-16 units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def parse_html(source: str) -> tuple[str, list[Json]]:
    """The text and entities that *source* stands for. Raises Refused as Telegram's parser does."""
    out: list[str] = []
    entities: list[Json] = []
    opened: list[tuple[str, Json]] = []
    at = length = 0

    def wrong(what: str, index: int) -> Refused:
        return bad(f"can't parse entities: {what} at byte offset {len(source[:index].encode())}")

    def add(text: str) -> None:
        nonlocal length
        text = _REFERENCE.sub(lambda match: html.unescape(match.group()), text)
        out.append(text)
        length += units(text)

    while (start := source.find("<", at)) >= 0:
        add(source[at:start])
        tag = _TAG.match(source, start)
        if not tag:
            raise wrong("Unclosed start tag", start)
        closing, name, rest = tag.group(1), tag.group(2).lower(), tag.group(3)
        at = tag.end()
        if not closing:
            opened.append((name, _opened(name, rest, length) or _fail(wrong(f'Unsupported start tag "{name}"', start))))
            continue
        if not opened:
            raise wrong("Unexpected end tag", start)
        expected, entity = opened.pop()
        if name not in ("", expected):
            raise bad(
                f"can't parse entities: Unmatched end tag at byte offset {len(source[:start].encode())}, "
                f'expected "</{expected}>", found "</{name}>"'
            )
        entity["length"] = length - entity["offset"]
        if "language" in entity and expected == "code":
            around = opened[-1][1] if opened and opened[-1][0] == "pre" else None
            language = entity.pop("language")
            if around is not None and around["offset"] == entity["offset"]:
                around["language"] = language
                continue
        if entity["length"]:
            entities.append(entity)
    add(source[at:])
    if opened:
        raise bad(f"can't parse entities: Can't find end tag corresponding to start tag \"{opened[-1][0]}\"")
    return "".join(out), entities


def _fail(error: Refused) -> Json:
    raise error


def _opened(name: str, rest: str, offset: int) -> Json | None:
    """The entity that a start tag opens, or None if Telegram knows no such tag."""
    kind = _TAGS.get(name)
    given = {key.lower(): a or b or c for key, a, b, c in _ATTRIBUTE.findall(rest)}
    if kind is None or (name == "span" and given.get("class") != "tg-spoiler"):
        return None
    entity: Json = {"type": kind, "offset": offset, "length": 0}
    if kind == "text_link":
        entity["url"] = html.unescape(given.get("href", ""))
    elif kind == "custom_emoji":
        entity["custom_emoji_id"] = given.get("emoji-id", "")
    elif kind == "date_time":
        entity["unix_time"] = int(given.get("unix", "0") or 0)
        entity["date_time_format"] = given.get("format", "")
    elif kind == "code" and given.get("class", "").startswith("language-"):
        entity["language"] = given["class"].removeprefix("language-")
    elif kind == "blockquote" and "expandable" in given:
        entity["type"] = "expandable_blockquote"
    return entity


def _checked(entities: object, text: str) -> list[Json]:
    """*entities* if each lies inside *text* and begins and ends between characters. Raises Refused."""
    if not isinstance(entities, list):
        raise bad("can't parse entities: expected an Array of MessageEntity")
    data = text.encode("utf-16-le")
    for entity in entities:
        if not isinstance(entity, dict) or not isinstance(entity.get("type"), str):
            raise bad("can't parse entities: expected a MessageEntity")
        offset, length = entity.get("offset"), entity.get("length")
        if not isinstance(offset, int) or not isinstance(length, int) or offset < 0 or length <= 0:
            raise bad("can't parse entities: wrong offset or length")
        if 2 * (offset + length) > len(data):
            raise bad(f"can't parse entities: entity {offset}+{length} ends outside the text of {len(data) // 2}")
        for edge in (offset, offset + length):
            if data[2 * edge + 1 : 2 * edge + 2] and 0xDC <= data[2 * edge + 1] <= 0xDF:
                raise bad("can't parse entities: entity begins or ends in a middle of a UTF-16 symbol")
    return [dict(entity) for entity in entities]


def cleaned(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    """*text* as Telegram keeps it: control characters are spaces, carriage returns, line separators and bidi controls
    are gone, both ends are trimmed (the start only up to the first entity), and entities follow."""
    if _UNFIT.search(text):
        gone, before, kept = [], 0, []
        for character in text:
            if _UNFIT.match(character):
                if character == "\r" or character > "\x1f":
                    gone.append(before)
                else:
                    kept.append(" ")
            else:
                kept.append(character)
            before += 2 if character > "\uffff" else 1
        text = "".join(kept)
        for entity in entities:
            start = entity["offset"] - bisect_left(gone, entity["offset"])
            end = entity["offset"] + entity["length"]
            entity["offset"], entity["length"] = start, end - bisect_left(gone, end) - start
    text = text.rstrip(" \n")
    stop = units(text)
    first = min((entity["offset"] for entity in entities), default=stop)
    lead = min(len(text) - len(text.lstrip(" \n")), first)
    fitting = []
    for entity in entities:
        end = min(entity["offset"] + entity["length"], stop)
        if end > entity["offset"]:
            entity["length"] = end - entity["offset"]
            entity["offset"] -= lead
            fitting.append(entity)
    return text[lead:], fitting


def found(text: str, entities: list[Json]) -> list[Json]:
    """*entities* and what Telegram finds in *text* by itself (commands, links, mentions), in order."""
    if any(mark in text for mark in "/@#"):
        closed = [
            (e["offset"], e["offset"] + e["length"]) for e in entities if e["type"] in ("code", "pre", "text_link")
        ]
        for match in _FOUND.finditer(text):
            start = units(text[: match.start()])
            end = start + units(match.group())
            if not any(start < b and a < end for a, b in closed):
                entities.append({"type": str(match.lastgroup), "offset": start, "length": end - start})
    entities.sort(key=lambda entity: (entity["offset"], -entity["length"]))
    return entities


# ------------ keyboards


def checked_markup(markup: object) -> Json | None:
    """*markup* if Telegram would take it, None for an empty one. Raises Refused."""
    if markup in (None, "", {}):
        return None
    if not isinstance(markup, dict):
        raise bad("object expected as reply markup")
    if "inline_keyboard" in markup:
        rows = _rows(markup["inline_keyboard"], "inline keyboard")
        buttons = [_checked_inline(button) for row in rows for button in row]
        if len(buttons) > BUTTON_LIMIT:
            raise bad("REPLY_MARKUP_TOO_LONG: too many buttons in the inline keyboard")
        rows = [row for row in rows if row]
        return {"inline_keyboard": rows} if rows else None
    if "keyboard" in markup:
        rows = _rows(markup["keyboard"], "keyboard")
        shown = [[button if isinstance(button, dict) else {"text": button} for button in row] for row in rows]
        if any(not isinstance(button.get("text"), str) or not button["text"] for row in shown for button in row):
            raise bad("can't parse keyboard button: text must be non-empty")
        return {**markup, "keyboard": shown}
    if markup.get("remove_keyboard") is True or markup.get("force_reply") is True:
        if units(str(markup.get("input_field_placeholder", ""))) > 64:
            raise bad("input field placeholder is too long")
        return markup
    raise bad("can't parse reply keyboard markup JSON object")


def _rows(rows: object, what: str) -> list[list[Any]]:
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad(f"can't parse {what}: expected an Array of Array of buttons")
    return rows


def _checked_inline(button: object) -> Json:
    where = "can't parse inline keyboard button"
    if not isinstance(button, dict):
        raise bad(f"{where}: expected an Object")
    if not isinstance(button.get("text"), str) or not button["text"].strip():
        raise bad(f"{where}: text must be non-empty")
    actions = [name for name in INLINE_ACTIONS if name in button]
    if not actions:
        raise bad(f"{where}: Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        raise bad(f"{where}: exactly one action must be specified, found {', '.join(actions)}")
    if button.get("style", "primary") not in ("danger", "success", "primary"):
        raise bad(f"{where}: style must be one of danger, success, primary")
    if "callback_data" in button:
        data = button["callback_data"]
        if not isinstance(data, str) or not 1 <= len(data.encode("utf-8", "surrogatepass")) <= DATA_LIMIT:
            raise bad("BUTTON_DATA_INVALID")
    if "url" in button and not re.match(r"(https?|tg)://\S+$", str(button["url"])):
        raise bad(f"inline keyboard button URL '{button['url']}' is invalid: Wrong HTTP URL")
    if "copy_text" in button:
        copied = button["copy_text"]
        if not isinstance(copied, dict) or not 1 <= len(str(copied.get("text", ""))) <= 256:
            raise bad("BUTTON_COPY_TEXT_INVALID")
    return button


# ------------ what there is


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
    """A conversation with the bot in it. While *closed* is not empty nothing can be sent; it is the reason given."""

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
    tokens: float = 3.0
    tokens_at: float = 0.0
    minute: deque[float] = field(default_factory=deque)
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


@dataclass(slots=True, eq=False)
class Update:
    """Something that waits for the bot. A *pushed* one is not forgotten before it was handed out once."""

    id: int
    payload: str
    at: float
    pushed: bool = False
    handed_out: int = 0
    confirmed: bool = False


@dataclass(slots=True, eq=False)
class Fault:
    """What goes wrong with the next calls that fit. *kind* says how, *details* how exactly."""

    id: int
    method: str
    kind: str
    chat: int | None
    containing: str
    times: int
    after: int
    details: Json
    used: int = 0


@dataclass(slots=True, eq=False)
class Call:
    """One request by the bot. *code* is 0 until it is answered, and stays 0 if it never is."""

    number: int
    method: str
    params: Json
    at: float
    code: int = 0
    description: str = ""
    message: int | None = None
    executed: bool = False
    fault: str = ""
    took: float = 0.0


@dataclass(slots=True, eq=False)
class Upload:
    """A file that came in a multipart body, or lies on Telegram's side."""

    name: str
    data: bytes
    path: str = ""


class Params:
    """The parameters of one call, whatever body they came in. Wrong types are Refused."""

    def __init__(self, values: Json, files: dict[str, Upload]) -> None:
        self.values, self.files = values, files

    def text(self, name: str) -> str:
        value = self.values.get(name, "")
        if not isinstance(value, str):
            value = "" if value is None else json.dumps(value)
        try:
            value.encode()
        except UnicodeEncodeError:
            raise bad("strings must be encoded in UTF-8") from None
        return value

    def number(self, name: str) -> int | None:
        value = self.values.get(name)
        if value is None or value == "":
            return None
        try:
            return int(value)
        except (TypeError, ValueError):
            raise bad(f"invalid {name} specified") from None

    def flag(self, name: str) -> bool:
        return str(self.values.get(name, "")).lower() in ("true", "1", "yes")

    def structure(self, name: str) -> Any:
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return json.loads(value)
        except ValueError:
            raise bad(f"can't parse {name} JSON object") from None


Method = Callable[["Telegram", Params], Any]
Verb = Callable[["Telegram", Json], Any]
METHODS: dict[str, tuple[str, Method]] = {}
"""By lower-case name: the name as Telegram spells it, and what it does."""
VERBS: dict[str, Verb] = {}


def method(name: str) -> Callable[[Method], Method]:
    """Puts a function on the bot's face. Names of methods are case-insensitive there."""

    def register(function: Method) -> Method:
        METHODS[name.lower()] = name, function
        return function

    return register


def verb(name: str) -> Callable[[Verb], Verb]:
    """Puts a function on the people's face."""

    def register(function: Verb) -> Verb:
        VERBS[name] = function
        return function

    return register


class Telegram:
    """One bot's Telegram. Nothing here waits but `poll` and `wait_for`, so each call sees and leaves a whole state."""

    def __init__(self, token: str, *, strict_limits: bool = False) -> None:
        self.token = token
        self.next_update = 810_000_000 + secrets.randbelow(10_000_000)
        self.next_message = 1
        self.poller: asyncio.Future[None] | None = None
        self.polled: Callable[[], bool] = lambda: True
        self.waiting: dict[object, set[asyncio.Future[None]]] = defaultdict(set)
        self.strict = strict_limits
        self.empty()

    def empty(self) -> None:
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
        self.pending: list[Update] = []
        self.made: deque[Update] = deque(maxlen=100_000)
        self.allowed: set[str] | None = None
        self.webhook: Json = {"url": "", "has_custom_certificate": False, "pending_update_count": 0}
        self.queries: dict[str, tuple[float, Chat]] = {}
        self.answered: set[str] = set()
        self.files: dict[str, Upload] = {}
        self.profile: dict[str, Any] = {}
        self.logged_out = False
        self.faults: list[Fault] = []
        self.fault_number = 0
        self.calls: deque[Call] = deque(maxlen=LOG_LIMIT)
        self.calls_by: dict[str, deque[Call]] = defaultdict(lambda: deque(maxlen=LOG_LIMIT))
        self.methods: Counter[str] = Counter()
        self.call_number = 0
        self.codes: Counter[int] = Counter()
        self.violations: Counter[int] = Counter()
        self.sends: deque[float] = deque()
        self.rates = {"overall": 30.0, "chat": 1.0, "burst": 3.0, "group_minute": 20.0}
        self.latency = 0.0
        self.shift = 0.0
        self.timings: list[float] = []
        self.playing: set[int] = set()

    # ------------ clock and waiting

    def now(self) -> float:
        return time.time() + self.shift

    def tell(self, *topics: object) -> None:
        """Wakes whoever waits for something about *topics*."""
        for topic in topics:
            if topic in self.waiting:
                for future in self.waiting.pop(topic):
                    _finish(future)

    async def wait_for(self, topic: object, ready: Callable[[], bool], within: float) -> bool:
        """Whether *ready* came true in *within* seconds. It is asked again whenever *topic* is told."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + within
        while not ready():
            left = deadline - loop.time()
            if left <= 0:
                return False
            future: asyncio.Future[None] = loop.create_future()
            self.waiting[topic].add(future)
            handle = loop.call_later(left, _finish, future)
            try:
                await future
            finally:
                handle.cancel()
                self.waiting[topic].discard(future)
                if not self.waiting[topic]:
                    del self.waiting[topic]
        return True

    # ------------ updates

    def queue(self, kind: str, content: Json) -> int | None:
        """Lays an update of that *kind* out for the bot; its id, or None if the bot doesn't want the kind."""
        if kind in UNASKED if self.allowed is None else kind not in self.allowed:
            return None
        number = self.next_update
        self.next_update += 1
        self._lay_out(Update(number, json.dumps({"update_id": number, kind: content}), self.now()))
        return number

    def _lay_out(self, update: Update) -> None:
        self.pending.append(update)
        self.made.append(update)
        if self.poller:
            _finish(self.poller)

    def forget(self, offset: int) -> None:
        """Confirms what lies before *offset*, as getUpdates does."""
        if not offset or not self.pending:
            return
        # As in Telegram's queue, an offset far ahead of it belongs to an earlier sequence of ids: start at the head.
        if offset > self.next_update + 10:
            return
        if offset < 0:
            gone = self.pending[:offset]
        else:
            gone = [u for u in self.pending if u.id < offset and (u.handed_out or not u.pushed)]
        if gone:
            for update in gone:
                update.confirmed = True
            self.pending = [update for update in self.pending if not update.confirmed]
            self.tell("updates")

    async def poll(self, params: Params, connected: Callable[[], bool]) -> str:
        """The body of getUpdates' result. Raises Refused."""
        if self.webhook["url"]:
            raise Refused(409, CONFLICT[1])
        offset, limit = params.number("offset") or 0, params.number("limit") or 100
        timeout = min(max(params.number("timeout") or 0, 0), 50)
        allowed = params.structure("allowed_updates")
        if allowed is not None:
            if not isinstance(allowed, list):
                raise bad("can't parse allowed_updates: expected an Array of String")
            self.allowed = set(allowed) if allowed else None
        if self.poller and not self.poller.done() and self.polled():
            self.poller.set_exception(Refused(409, CONFLICT[0]))
        self.forget(offset)
        if not self.pending and timeout:
            loop = asyncio.get_running_loop()
            future: asyncio.Future[None] = loop.create_future()
            self.poller, self.polled = future, connected
            handle = loop.call_later(timeout, _finish, future)
            self.tell("polling")
            try:
                await future
            finally:
                handle.cancel()
                if self.poller is future:
                    self.poller = None
        batch = self.pending[: min(max(limit, 1), 100)]
        for update in batch:
            update.handed_out += 1
        return "[" + ",".join(update.payload for update in batch) + "]"

    # ------------ sending by the bot

    def chat(self, params: Params) -> Chat:
        """The chat that a call is about, if the bot may speak there. Raises Refused."""
        given = params.values.get("chat_id")
        if given is None or given == "":
            raise bad("chat_id is empty")
        try:
            chat = self.chats[int(given)]
        except (KeyError, TypeError, ValueError):
            raise bad("chat not found") from None
        if chat.moved_to is not None:
            description = "Bad Request: group chat was upgraded to a supergroup chat"
            raise Refused(400, description, migrate_to_chat_id=chat.moved_to)
        if chat.closed:
            raise Refused(403, f"Forbidden: {chat.closed}")
        if not chat.met:
            raise Refused(403, "Forbidden: bot can't initiate conversation with a user")
        return chat

    def limit(self, chat: Chat) -> None:
        """Counts one message to *chat*. Raises Refused with retry_after when Telegram's limits are on and reached."""
        if not self.strict:
            return
        now, rates = time.monotonic(), self.rates
        while self.sends and self.sends[0] <= now - 1 + JITTER:
            self.sends.popleft()
        refill = (now - chat.tokens_at) * rates["chat"] if chat.tokens_at else rates["burst"]
        chat.tokens, chat.tokens_at = min(rates["burst"], chat.tokens + refill), now
        wait = 0.0
        if len(self.sends) >= rates["overall"]:
            wait = self.sends[0] + 1 - now
        if chat.tokens < 1 - JITTER * rates["chat"]:
            wait = max(wait, (1 - chat.tokens) / rates["chat"])
        if chat.user is None:
            while chat.minute and chat.minute[0] <= now - 60:
                chat.minute.popleft()
            if len(chat.minute) >= rates["group_minute"]:
                wait = max(wait, chat.minute[0] + 60 - now)
        if wait > 0:
            seconds = max(1, math.ceil(wait))
            raise Refused(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
        chat.tokens -= 1
        self.sends.append(now)
        if chat.user is None:
            chat.minute.append(now)

    def words(self, params: Params, name: str, maximum: int, too_long: str) -> tuple[str, list[Json]]:
        """The text parameter *name* and its entities as Telegram would keep them. Raises Refused."""
        text = params.text(name)
        mode = params.text("parse_mode").lower()
        entities: list[Json] = []
        if mode == "html":
            text, entities = parse_html(text)
        elif mode:
            raise bad("unsupported parse_mode (this stand-in speaks HTML and entities only)")
        else:
            given = params.structure("entities" if name == "text" else "caption_entities")
            if given:
                entities = _checked(given, text)
        text, entities = cleaned(text, entities)
        if units(text) > maximum:
            raise bad(too_long)
        return text, found(text, entities)

    def add(
        self, chat: Chat, content: Json, *, by: Json, keyboard: Json | None = None, reply_to: int | None = None
    ) -> Message:
        """Writes a message by *by* into *chat*."""
        body: Json = {"message_id": self.next_message, "from": by, "chat": chat.about, "date": int(self.now())}
        self.next_message += 1
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

    def send(self, params: Params, content: Callable[[], Json]) -> Json:
        """Sends *content* to the chat of *params*, with keyboard and reply. Raises Refused before anything happened."""
        chat = self.chat(params)
        ready = content()
        keyboard = checked_markup(params.structure("reply_markup"))
        reply = params.structure("reply_parameters")
        reply_to = reply.get("message_id") if isinstance(reply, dict) else params.number("reply_to_message_id")
        if reply_to is not None and int(reply_to) not in chat.messages:
            lenient = reply.get("allow_sending_without_reply") if isinstance(reply, dict) else False
            if not (lenient or params.flag("allow_sending_without_reply")):
                raise bad("message to be replied not found")
        self.limit(chat)
        reply_to = int(reply_to) if reply_to is not None else None
        message = self.add(chat, ready, by=self.as_sender, keyboard=keyboard, reply_to=reply_to)
        if chat.asked_at is not None:
            self.timings.append(time.monotonic() - chat.asked_at)
            chat.asked_at = None
        self.tell(("chat", chat.about["id"]))
        if chat.script:
            self.play(chat)
        elif self.playing and chat.asked_at is None:
            self.playing.discard(chat.about["id"])
            self.tell("script")
        return message.body

    def edit(self, params: Params, change: Callable[[Message], Json]) -> Json:
        """Changes a message of the bot's; *change* gives what its content is to be. Raises Refused."""
        if params.values.get("inline_message_id"):
            raise bad("inline messages are not part of this stand-in")
        chat = self.chat(params)
        number = params.number("message_id")
        if number is None:
            raise bad("message identifier is not specified")
        message = chat.messages.get(number)
        if message is None:
            raise bad("message to edit not found")
        if not message.by_bot:
            raise bad("message can't be edited")
        content = change(message)
        keyboard = checked_markup(params.structure("reply_markup"))
        if keyboard and "inline_keyboard" not in keyboard:
            raise bad("inline keyboard expected")
        if keyboard:
            content["reply_markup"] = keyboard
        body = message.body
        shown = ("text", "entities", "caption", "caption_entities", "photo", "document", "reply_markup")
        if all(body.get(key) == content.get(key) for key in shown):
            raise bad(NOT_MODIFIED)
        message.past.extend(message.buttons())
        for key in shown:
            body.pop(key, None)
        body.update({key: value for key, value in content.items() if value})
        body["edit_date"] = int(self.now())
        chat.touch(message)
        self.tell(("chat", chat.about["id"]))
        return body

    # ------------ files

    def keep(self, upload: Upload, folder: str) -> str:
        """Takes *upload* into Telegram's care; its file_id."""
        number = len(self.files)
        extension = upload.name.rpartition(".")[2] if "." in upload.name else "bin"
        upload.path = f"{folder}/file_{number}.{extension}"
        name = f"BQACAgIAAxkD{number:06d}{secrets.token_urlsafe(12)}"
        self.files[name] = upload
        return name

    def upload(self, params: Params, value: object, folder: str, maximum: int) -> tuple[str, Upload]:
        """The file that *value* (an uploaded part, an attach:// name or a file_id) stands for. Raises Refused."""
        if isinstance(value, str) and value.startswith("attach://"):
            value = params.files.get(value.removeprefix("attach://"))
        if isinstance(value, str) and value in self.files:
            return value, self.files[value]
        if not isinstance(value, Upload):
            raise bad("wrong file identifier/HTTP URL specified" if value else f"there is no {folder} in the request")
        if not value.data:
            raise bad("file must be non-empty")
        if len(value.data) > maximum:
            raise bad("file is too big")
        return self.keep(value, folder), value

    def media(self, params: Params, value: object, kind: str) -> Json:
        """What a message says about a file of that *kind*. Raises Refused."""
        limit = PHOTO_LIMIT if kind == "photo" else UPLOAD_LIMIT
        name, upload = self.upload(params, value, kind, limit)
        about: Json = {"file_id": name, "file_unique_id": name[-12:], "file_size": len(upload.data)}
        if kind == "photo":
            width, height = _dimensions(upload.data)
            if width + height > 10_000 or max(width, height) > 20 * min(width, height):
                raise bad("PHOTO_INVALID_DIMENSIONS")
            return {"photo": [{**about, "width": width, "height": height}]}
        if kind in ("voice", "audio", "video", "animation"):
            about |= {"duration": 3, "mime_type": "audio/ogg" if kind == "voice" else "application/octet-stream"}
        if kind in ("video", "animation"):
            about |= {"width": 320, "height": 240}
        if kind == "document":
            about |= {"file_name": upload.name, "mime_type": "application/octet-stream"}
        return {kind: about}

    # ------------ people

    def person(self, given: Json) -> Chat:
        """The private chat with a person, made when it is first spoken of. Raises Misused."""
        number = int(given["person"])
        if number <= 0:
            raise Misused("a person's id is positive")
        chat = self.chats.get(number)
        if chat is None:
            name = given.get("name") or f"Person {number}"
            user = {"id": number, "is_bot": False, "first_name": name, "language_code": given.get("language") or "en"}
            if given.get("username"):
                user["username"] = given["username"]
            about = {"id": number, "type": "private"} | {k: user[k] for k in ("first_name", "username") if k in user}
            chat = self.chats[number] = Chat(about, user)
        return chat

    def room(self, given: Json) -> tuple[Chat, Json]:
        """The chat that a person acts in, and the person. Raises Misused."""
        private = self.person(given)
        assert private.user is not None
        number = int(given.get("chat") or given["person"])
        if number not in self.chats:
            raise Misused(f"there is no group {number}: make it first")
        chat = self.chats[number]
        if chat.closed:
            raise Misused(f"nothing can be written here: {chat.closed}")
        return chat, private.user

    def write(self, given: Json, content: Json) -> Json:
        """A person puts *content* into a chat; the ids of the message and of its update."""
        chat, user = self.room(given)
        reply_to = given.get("reply_to")
        if reply_to is None and chat.messages:
            last = next(reversed(chat.messages.values()))
            # Telegram's apps answer a ForceReply by themselves.
            if last.keyboard and last.keyboard.get("force_reply"):
                reply_to = last.body["message_id"]
        message = self.add(chat, content, by=user, reply_to=reply_to)
        chat.met = True
        chat.asked_at = time.monotonic()
        update = self.queue("message", message.body) if self.shows(chat, message) else None
        return {"message": message.body["message_id"], "update": update}

    def shows(self, chat: Chat, message: Message) -> bool:
        """Whether the bot gets to see *message*: in a group with privacy mode only what is meant for it."""
        body = message.body
        answered = body.get("reply_to_message", {}).get("from", {}).get("id") == self.bot["id"]
        commands = any(entity["type"] == "bot_command" for entity in body.get("entities", ()))
        return chat.sees_all or answered or commands or f"@{self.bot['username']}" in message.words

    def says(self, given: Json) -> Json:
        text, entities = cleaned(given["text"], [])
        if given.get("exact"):
            text, entities = given["text"], []
        if not text:
            raise Misused("nobody can send an empty message")
        entities = found(text, given.get("entities") or entities)
        content: Json = {"text": text}
        if given.get("forwarded_from"):
            sender = {"type": "hidden_user", "sender_user_name": given["forwarded_from"], "date": int(self.now()) - 60}
            content["forward_origin"] = sender
        if entities:
            content["entities"] = entities
        return self.write(given, content)

    def press(self, given: Json) -> Json:
        """A person presses the newest button with that label or callback data. Raises Misused with what there is."""
        chat, user = self.room(given)
        label, only = given["label"], given.get("message")
        for message in reversed(chat.messages.values()):
            if not message.by_bot or (only is not None and message.body["message_id"] != only):
                continue
            choices = [*message.buttons(), *(message.past if given.get("stale") else ())]
            button = next((b for b in choices if label in (b["text"], b.get("callback_data"))), None)
            if button is None:
                for row in (message.keyboard or {}).get("keyboard", ()):
                    if any(each["text"] == label for each in row):
                        return self.says({**given, "text": label, "reply_to": None})
                continue
            if "callback_data" not in button:
                raise Misused(f"{label!r} is no callback button")
            return self.query(chat, user, message, button["callback_data"], int(given.get("times") or 1))
        shown = [b["text"] for m in list(chat.messages.values())[-6:] for b in m.buttons()]
        raise Misused(f"no button {label!r}; the latest messages show {shown}")

    def query(self, chat: Chat, user: Json, message: Message, data: str, times: int) -> Json:
        ids, updates = [], []
        for _ in range(times):
            number = str(secrets.randbelow(1 << 62))
            self.queries[number] = self.now(), chat
            content = {
                "id": number,
                "from": user,
                "message": message.body,
                "chat_instance": str(chat.about["id"] * 7919),
            }
            ids.append(number)
            updates.append(self.queue("callback_query", {**content, "data": data}))
        chat.asked_at = time.monotonic()
        return {"message": message.body["message_id"], "query": ids[-1], "update": updates[-1]}

    def play(self, chat: Chat) -> None:
        """A person who follows a script does the next thing in it."""
        step = chat.script.popleft()
        given = {"person": chat.about["id"], **step}
        if "label" in step:
            self.press(given)
        else:
            self.says(given)

    def membership(self, chat: Chat, old: str, new: str, by: Json) -> int | None:
        """Tells the bot that it was blocked, let in again, added or removed."""
        states: list[Json] = [{"user": self.as_sender, "status": status} for status in (old, new)]
        for state in states:
            if state["status"] == "kicked":
                state["until_date"] = 0
        content = {"chat": chat.about, "from": by, "date": int(self.now())}
        return self.queue("my_chat_member", {**content, "old_chat_member": states[0], "new_chat_member": states[1]})

    # ------------ faults and the log

    def fault_for(self, name: str, params: Params) -> Fault | None:
        """The first queued fault that fits this call; it is spent."""
        chat = str(params.values.get("chat_id"))
        words = str(params.values.get("text", params.values.get("caption", "")))
        for fault in self.faults:
            if fault.method not in ("*", name) or (fault.chat is not None and str(fault.chat) != chat):
                continue
            if fault.containing not in words:
                continue
            if fault.after:
                fault.after -= 1
                continue
            if fault.used < fault.times:
                fault.used += 1
                return fault
        return None

    def record(self, name: str, params: Params) -> Call:
        self.call_number += 1
        shown = {
            key: {"file": value.name, "size": len(value.data)} if isinstance(value, Upload) else value
            for key, value in params.values.items()
        }
        call = Call(self.call_number, name, shown, self.now())
        self.calls.append(call)
        self.calls_by[name].append(call)
        self.methods[name] += 1
        return call

    def close_call(self, call: Call, code: int, description: str, result: object) -> None:
        call.executed, call.code, call.description = code == 200, code, description
        call.took = self.now() - call.at
        if isinstance(result, dict):
            call.message = result.get("message_id")
        self.codes[code] += 1
        if code != 200 and not call.fault:
            self.violations[code] += 1
        self.tell("calls")


def _dimensions(data: bytes) -> tuple[int, int]:
    """Width and height of a PNG; a stand-in size for a JPEG or WebP. Raises Refused for anything else."""
    if data.startswith(b"\x89PNG\r\n\x1a\n") and len(data) > 24:
        return int.from_bytes(data[16:20], "big") or 1, int.from_bytes(data[20:24], "big") or 1
    if data.startswith(b"\xff\xd8\xff") or data[8:12] == b"WEBP":
        return 640, 480
    raise bad("IMAGE_PROCESS_FAILED")


# ------------ the bot's face


@method("getMe")
def get_me(telegram: Telegram, params: Params) -> Any:
    return telegram.bot


@method("getUpdates")
def get_updates(telegram: Telegram, params: Params) -> Any:
    """`Front.run` waits for `Telegram.poll` instead: the only method that takes its time."""
    raise NotImplementedError


@method("sendMessage")
def send_message(telegram: Telegram, params: Params) -> Any:
    def content() -> Json:
        text, entities = telegram.words(params, "text", TEXT_LIMIT, "message is too long")
        if not text:
            raise bad("message text is empty")
        return {"text": text, "entities": entities} if entities else {"text": text}

    return telegram.send(params, content)


def _captioned(telegram: Telegram, params: Params) -> Json:
    caption, entities = telegram.words(params, "caption", CAPTION_LIMIT, "message caption is too long")
    return {key: value for key, value in (("caption", caption), ("caption_entities", entities)) if value}


def _sends(kind: str) -> Method:
    def send(telegram: Telegram, params: Params) -> Any:
        def content() -> Json:
            return {**_captioned(telegram, params), **telegram.media(params, params.values.get(kind), kind)}

        return telegram.send(params, content)

    return send


for _kind in ("photo", "document", "voice", "audio", "video", "animation"):
    method(f"send{_kind.capitalize()}")(_sends(_kind))


@method("sendMessageDraft")
def send_message_draft(telegram: Telegram, params: Params) -> Any:
    chat = telegram.chat(params)
    if chat.user is None or not params.number("draft_id"):
        raise bad("draft_id must be non-zero, in a private chat")
    telegram.words(params, "text", TEXT_LIMIT, "message is too long")
    return True


@method("sendChatAction")
def send_chat_action(telegram: Telegram, params: Params) -> Any:
    telegram.chat(params)
    if params.text("action") not in ACTIONS:
        raise bad("wrong parameter action in request")
    return True


@method("editMessageText")
def edit_message_text(telegram: Telegram, params: Params) -> Any:
    def change(message: Message) -> Json:
        if "text" not in message.body:
            raise bad("there is no text in the message to edit")
        text, entities = telegram.words(params, "text", TEXT_LIMIT, "message is too long")
        if not text:
            raise bad("message text is empty")
        return {"text": text, "entities": entities} if entities else {"text": text}

    return telegram.edit(params, change)


def _without_words(message: Message, *dropped: str) -> Json:
    kept = ("text", "entities", "caption", "caption_entities", "photo", "document")
    return {key: message.body[key] for key in kept if key in message.body and key not in dropped}


@method("editMessageCaption")
def edit_message_caption(telegram: Telegram, params: Params) -> Any:
    def change(message: Message) -> Json:
        if "text" in message.body:
            raise bad("there is no caption in the message to edit")
        return {**_without_words(message, "caption", "caption_entities"), **_captioned(telegram, params)}

    return telegram.edit(params, change)


@method("editMessageReplyMarkup")
def edit_message_reply_markup(telegram: Telegram, params: Params) -> Any:
    return telegram.edit(params, _without_words)


@method("editMessageMedia")
def edit_message_media(telegram: Telegram, params: Params) -> Any:
    def change(message: Message) -> Json:
        media = params.structure("media")
        if not isinstance(media, dict) or media.get("type") not in ("photo", "document"):
            raise bad("can't parse InputMedia: only photo and document are part of this stand-in")
        inner = Params(media, params.files)
        return {**_captioned(telegram, inner), **telegram.media(inner, media.get("media"), media["type"])}

    return telegram.edit(params, change)


@method("deleteMessage")
def delete_message(telegram: Telegram, params: Params) -> Any:
    chat = telegram.chat(params)
    message = chat.messages.get(params.number("message_id") or 0)
    if message is None:
        raise bad("message to delete not found")
    if telegram.now() - message.body["date"] > 48 * 3600:
        raise bad("message can't be deleted for everyone")
    del chat.messages[message.body["message_id"]]
    chat.revision += 1
    telegram.tell(("chat", chat.about["id"]))
    return True


@method("answerCallbackQuery")
def answer_callback_query(telegram: Telegram, params: Params) -> Any:
    name = params.text("callback_query_id")
    made, chat = telegram.queries.get(name, (-math.inf, None))
    if chat is None or telegram.now() - made > QUERY_AGE:
        raise bad("query is too old and response timeout expired or query ID is invalid")
    text = params.text("text")
    if units(text) > 200:
        raise bad("MESSAGE_TOO_LONG")
    telegram.answered.add(name)
    if text:
        chat.notices.append(text)
    return True


@method("setMessageReaction")
def set_message_reaction(telegram: Telegram, params: Params) -> Any:
    chat = telegram.chat(params)
    message = chat.messages.get(params.number("message_id") or 0)
    if message is None:
        raise bad("message to react not found")
    reaction = params.structure("reaction") or []
    if not isinstance(reaction, list) or not all(isinstance(each, dict) for each in reaction):
        raise bad("can't parse reaction types JSON object")
    if len(reaction) > 1:
        raise bad("REACTIONS_TOO_MANY")
    if any(each.get("type") != "emoji" or each.get("emoji") not in REACTIONS for each in reaction):
        raise bad("REACTION_INVALID")
    message.reaction = reaction
    chat.touch(message)
    telegram.tell(("chat", chat.about["id"]))
    return True


@method("getFile")
def get_file(telegram: Telegram, params: Params) -> Any:
    name = params.text("file_id")
    upload = telegram.files.get(name)
    if upload is None:
        raise bad("wrong file_id or the file is temporarily unavailable")
    if len(upload.data) > DOWNLOAD_LIMIT:
        raise bad("file is too big")
    about = {"file_id": name, "file_unique_id": name[-12:], "file_size": len(upload.data)}
    return {**about, "file_path": upload.path}


@method("getChat")
def get_chat(telegram: Telegram, params: Params) -> Any:
    chat = telegram.chat(params)
    gifts = dict.fromkeys(("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription"), False)
    gifts["gifts_from_channels"] = False
    return {**chat.about, "accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": gifts}


@method("leaveChat")
def leave_chat(telegram: Telegram, params: Params) -> Any:
    chat = telegram.chat(params)
    if chat.user is not None:
        raise bad("chat member status can't be changed in private chats")
    chat.closed = "bot is not a member of the group chat"
    return True


@method("setMyCommands")
def set_my_commands(telegram: Telegram, params: Params) -> Any:
    commands = params.structure("commands")
    if not isinstance(commands, list):
        raise bad("can't parse bot commands: expected an Array of BotCommand")
    if len(commands) > 100:
        raise bad("BOT_COMMANDS_TOO_MUCH")
    for each in commands:
        if (
            not isinstance(each, dict)
            or not isinstance(each.get("command"), str)
            or not isinstance(each.get("description"), str)
        ):
            raise bad("can't parse BotCommand")
        if not re.fullmatch(r"[a-z0-9_]{1,32}", each["command"].removeprefix("/")):
            raise bad("BOT_COMMAND_INVALID")
        if not 1 <= units(each["description"].strip()) <= 256:
            raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
    telegram.profile[_spot("commands", params)] = [
        {"command": each["command"].removeprefix("/"), "description": each["description"]} for each in commands
    ]
    return True


def _spot(what: str, params: Params) -> str:
    """The key of *what* for the language and scope of *params*. Raises Refused."""
    language = params.text("language_code")
    if language and not re.fullmatch("[a-z]{2}", language):
        raise bad("invalid language code specified")
    scope = params.structure("scope") or {"type": "default"}
    if not isinstance(scope, dict) or not isinstance(scope.get("type"), str):
        raise bad("can't parse BotCommandScope")
    shown = "" if scope["type"] == "default" else "@" + ",".join(str(value) for value in scope.values())
    return f"{what}{shown}" + (f":{language}" if language else "")


@method("getMyCommands")
def get_my_commands(telegram: Telegram, params: Params) -> Any:
    return telegram.profile.get(_spot("commands", params), [])


@method("deleteMyCommands")
def delete_my_commands(telegram: Telegram, params: Params) -> Any:
    telegram.profile.pop(_spot("commands", params), None)
    return True


def _described(name: str, key: str, maximum: int) -> None:
    def put(telegram: Telegram, params: Params) -> Any:
        text = params.text(key)
        if units(text) > maximum:
            raise bad(f"{key.replace('_', ' ')} is too long")
        telegram.profile[_spot(key, params)] = text
        return True

    def get(telegram: Telegram, params: Params) -> Any:
        default = telegram.bot["first_name"] if key == "name" else ""
        return {key: telegram.profile.get(_spot(key, params)) or telegram.profile.get(key) or default}

    method(f"set{name}")(put)
    method(f"get{name}")(get)


_described("MyDescription", "description", 512)
_described("MyShortDescription", "short_description", 120)
_described("MyName", "name", 64)


@method("setChatMenuButton")
def set_chat_menu_button(telegram: Telegram, params: Params) -> Any:
    telegram.profile["menu_button"] = params.structure("menu_button") or {"type": "default"}
    return True


@method("getChatMenuButton")
def get_chat_menu_button(telegram: Telegram, params: Params) -> Any:
    return telegram.profile.get("menu_button", {"type": "commands"})


@method("setWebhook")
def set_webhook(telegram: Telegram, params: Params) -> Any:
    url = params.text("url")
    if url and not url.startswith("https://"):
        raise bad("bad webhook: An HTTPS URL must be provided for webhook")
    secret = params.text("secret_token")
    if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", secret):
        raise bad("secret token contains unallowed characters")
    telegram.webhook["url"] = url
    if url and telegram.poller and not telegram.poller.done():
        telegram.poller.set_exception(Refused(409, "Conflict: terminated by setWebhook request"))
    if params.flag("drop_pending_updates"):
        _drop(telegram)
    return True


def _drop(telegram: Telegram) -> None:
    for update in telegram.pending:
        update.confirmed = True
    telegram.pending = []
    telegram.tell("updates")


@method("deleteWebhook")
def delete_webhook(telegram: Telegram, params: Params) -> Any:
    telegram.webhook["url"] = ""
    if params.flag("drop_pending_updates"):
        _drop(telegram)
    return True


@method("getWebhookInfo")
def get_webhook_info(telegram: Telegram, params: Params) -> Any:
    return {**telegram.webhook, "pending_update_count": len(telegram.pending)}


@method("logOut")
def log_out(telegram: Telegram, params: Params) -> Any:
    telegram.logged_out = True
    return True


@method("close")
def close(telegram: Telegram, params: Params) -> Any:
    return True


# ------------ the people's face


@verb("meet")
def meet(telegram: Telegram, given: Json) -> Any:
    """A person comes into being; with `written`, one who wrote to the bot once upon a time."""
    chat = telegram.person(given)
    chat.met = chat.met or bool(given.get("written"))
    return {"revision": chat.revision}


@verb("group")
def group(telegram: Telegram, given: Json) -> Any:
    """A person makes a group and adds the bot to it."""
    number = int(given["chat"])
    if number >= 0:
        raise Misused("a group's id is negative")
    private = telegram.person(given)
    assert private.user is not None
    if number not in telegram.chats:
        about = {"id": number, "type": given.get("type") or "group", "title": given.get("title") or f"Group {-number}"}
        chat = telegram.chats[number] = Chat(about, met=True, sees_all=bool(given.get("sees_all")))
        telegram.membership(chat, "left", "administrator" if chat.sees_all else "member", private.user)
        message = telegram.add(chat, {"new_chat_members": [telegram.as_sender]}, by=private.user)
        telegram.queue("message", message.body)
    return {"revision": telegram.chats[number].revision}


@verb("say")
def say(telegram: Telegram, given: Json) -> Any:
    """People write; `all` holds one or many of them."""
    return [telegram.says(each) for each in given["all"]]


@verb("press")
def press(telegram: Telegram, given: Json) -> Any:
    return telegram.press(given)


@verb("send")
def send(telegram: Telegram, given: Json) -> Any:
    """A person sends something that isn't words: location, voice, photo, sticker, document, contact."""
    kind, data = given["kind"], bytes.fromhex(given.get("data") or "00")
    content: Json = {}
    if kind == "location":
        content = {"location": {"latitude": given["latitude"], "longitude": given["longitude"]}}
    elif kind == "contact":
        content = {"contact": {"phone_number": "+351000000", "first_name": given.get("name") or "Somebody"}}
    else:
        name = telegram.keep(Upload(given.get("file_name") or f"{kind}.bin", data), kind)
        about: Json = {"file_id": name, "file_unique_id": name[-12:], "file_size": len(data)}
        if kind == "photo":
            content = {"photo": [{**about, "width": 90, "height": 60}, {**about, "width": 640, "height": 480}]}
        elif kind == "sticker":
            shape = {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False}
            content = {"sticker": {**about, **shape, "emoji": given.get("emoji") or "🙂"}}
        elif kind == "document":
            content = {
                "document": {**about, "file_name": given.get("file_name") or "notes.txt", "mime_type": "text/plain"}
            }
        else:
            about |= {"width": 320, "height": 240} if kind == "video" else {"mime_type": "audio/ogg"}
            content = {kind: {**about, "duration": 4}}
    if given.get("caption"):
        content["caption"] = given["caption"]
    return telegram.write(given, content)


@verb("edit")
def edit(telegram: Telegram, given: Json) -> Any:
    """A person changes what a message of theirs says."""
    chat, user = telegram.room(given)
    message = chat.messages.get(given["message"])
    if message is None or message.body["from"]["id"] != user["id"]:
        raise Misused(f"message {given['message']} is not theirs to change")
    text, _ = cleaned(given["text"], [])
    key = "caption" if "caption" in message.body else "text"
    message.body |= {key: text, "edit_date": int(telegram.now())}
    message.body.pop("entities", None)
    entities = found(text, [])
    if entities:
        message.body["entities"] = entities
    chat.touch(message)
    update = telegram.queue("edited_message", message.body) if telegram.shows(chat, message) else None
    return {"message": given["message"], "update": update}


@verb("react")
def react(telegram: Telegram, given: Json) -> Any:
    """A person reacts with an emoji. The bot hears of it only if it asked for message_reaction."""
    chat, user = telegram.room(given)
    new = [{"type": "emoji", "emoji": given["emoji"]}] if given.get("emoji") else []
    content = {"chat": chat.about, "message_id": given["message"], "user": user, "date": int(telegram.now())}
    return {"update": telegram.queue("message_reaction", {**content, "old_reaction": [], "new_reaction": new})}


@verb("close")
def shut(telegram: Telegram, given: Json) -> Any:
    """A person blocks the bot or leaves Telegram (`gone`), or a group throws it out."""
    chat, user = telegram.chats.get(int(given.get("chat") or 0)), telegram.person(given)
    assert user.user is not None
    if chat is not None and chat.user is None:
        chat.closed = "bot was kicked from the group chat"
        return {"update": telegram.membership(chat, "member", "kicked", user.user)}
    if given.get("gone"):
        user.closed = "user is deactivated"
        return {"update": None}
    user.closed = "bot was blocked by the user"
    return {"update": telegram.membership(user, "member", "kicked", user.user)}


@verb("open")
def unshut(telegram: Telegram, given: Json) -> Any:
    """A person unblocks the bot."""
    chat = telegram.person(given)
    assert chat.user is not None
    chat.closed, chat.met = "", True
    return {"update": telegram.membership(chat, "kicked", "member", chat.user)}


@verb("migrate")
def migrate(telegram: Telegram, given: Json) -> Any:
    """A group becomes a supergroup with another id."""
    old, new = telegram.chats[int(given["chat"])], int(given["to"])
    telegram.chats[new] = Chat({**old.about, "id": new, "type": "supergroup"}, met=True, sees_all=old.sees_all)
    old.moved_to = new
    return {}


@verb("remove")
def remove(telegram: Telegram, given: Json) -> Any:
    """A person deletes a message on both sides; the bot is told nothing."""
    chat, _ = telegram.room(given)
    if chat.messages.pop(given["message"], None) is None:
        raise Misused(f"there is no message {given['message']}")
    return {}


@verb("push")
def push(telegram: Telegram, given: Json) -> Any:
    """Lays out an update as given: a dict, or `raw` text. Its update_id is the given one, its own, or the next."""
    update = given.get("update")
    number = given.get("update_id")
    if number is None and isinstance(update, dict):
        number = update.get("update_id")
    if not isinstance(number, int):
        number = telegram.next_update
    telegram.next_update = max(telegram.next_update, number + 1) if given.get("onwards", True) else telegram.next_update
    if given.get("raw") is not None:
        payload = str(given["raw"])
    else:
        payload = json.dumps({"update_id": number, **update} if isinstance(update, dict) else update)
        if isinstance(update, dict) and given.get("update_id") is not None:
            payload = json.dumps({**update, "update_id": number})
    telegram._lay_out(Update(number, payload, telegram.now(), pushed=True))
    return {"update": number}


@verb("next_update")
def next_update(telegram: Telegram, given: Json) -> Any:
    """The ids of updates go on from another number, as they do after a week without any."""
    number = int(given["id"])
    if telegram.next_update - 12 < number < telegram.next_update:
        raise Misused("a restart so close below could not be told from a confirmed id; go at least 12 lower")
    telegram.next_update = number
    return {}


def _shown(message: Message) -> Json:
    by_bot = message.by_bot
    about = {"body": message.body, "by_bot": by_bot, "sent": message.sent, "changed": message.changed}
    return {**about, "keyboard": message.keyboard, "reaction": message.reaction}


@verb("chat")
def read_chat(telegram: Telegram, given: Json) -> Any:
    """A chat as it looks now, in order; with `after`, only what came or changed after that revision."""
    chat = telegram.chats.get(int(given["chat"]))
    if chat is None:
        return {"messages": [], "revision": 0, "notices": []}
    after = given.get("after")
    if after is None:
        messages = list(chat.messages.values())
    else:
        recent = {id(m): m for m in chat.since(after) if m.body["message_id"] in chat.messages}
        messages = sorted(recent.values(), key=lambda m: m.sent)
    return {"messages": [_shown(message) for message in messages], "revision": chat.revision, "notices": chat.notices}


@verb("wait_chat")
async def wait_chat(telegram: Telegram, given: Json) -> Any:
    """Waits until the bot has sent (with `edits`: or changed) `count` messages with `text` after revision `after`."""
    number, after, text = int(given["chat"]), given["after"], given.get("text") or ""

    def ready() -> bool:
        chat = telegram.chats.get(number)
        if chat is None:
            return False
        recent = [message for message in chat.since(after) if message.by_bot and text in message.words]
        fitting = {id(message) for message in recent if given.get("edits") or message.sent > after}
        return len(fitting) >= (given.get("count") or 1)

    met = await telegram.wait_for(("chat", number), ready, given["timeout"])
    return {**read_chat(telegram, given), "met": met}


@verb("wait_updates")
async def wait_updates(telegram: Telegram, given: Json) -> Any:
    """Waits until nothing is left that the bot has not confirmed."""
    met = await telegram.wait_for("updates", lambda: not telegram.pending, given["timeout"])
    return {"met": met, "pending": len(telegram.pending)}


@verb("wait_polling")
async def wait_polling(telegram: Telegram, given: Json) -> Any:
    """Waits until a connected bot sits in a long poll."""

    def ready() -> bool:
        return telegram.poller is not None and not telegram.poller.done() and telegram.polled()

    return {"met": await telegram.wait_for("polling", ready, given["timeout"])}


@verb("wait_calls")
async def wait_calls(telegram: Telegram, given: Json) -> Any:
    """Waits until `count` calls fit (see `calls`) and are over. A call that hangs for ever never is."""

    def ready() -> bool:
        return sum(bool(call.code or call.fault) for call in _fitting(telegram, given)) >= int(given["count"])

    met = await telegram.wait_for("calls", ready, given["timeout"])
    return {"met": met, "count": sum(bool(call.code or call.fault) for call in _fitting(telegram, given))}


def _fitting(telegram: Telegram, given: Json) -> Iterator[Call]:
    name, chat, code, after = given.get("method"), given.get("chat"), given.get("code"), given.get("after") or 0
    for call in telegram.calls_by.get(name, ()) if name else telegram.calls:
        if call.number <= after or (code is not None and call.code != code):
            continue
        if chat is None or str(call.params.get("chat_id")) == str(chat):
            yield call


@verb("calls")
def read_calls(telegram: Telegram, given: Json) -> Any:
    """The log of calls, oldest first, by `method`, `chat`, `code`, and `after` a call's number."""
    names = Call.__slots__
    return [{name: getattr(call, name) for name in names} for call in _fitting(telegram, given)]


@verb("counts")
def counts(telegram: Telegram, given: Json) -> Any:
    """How many calls, by code and method; violations are refusals that nobody had ordered."""
    return {
        "calls": telegram.call_number,
        "codes": telegram.codes,
        "violations": telegram.violations,
        "methods": telegram.methods,
        "pending": len(telegram.pending),
        "updates": len(telegram.made),
        "presses": len(telegram.queries),
        "unanswered": len(telegram.queries.keys() - telegram.answered),
    }


@verb("updates")
def read_updates(telegram: Telegram, given: Json) -> Any:
    """All updates that were laid out, in order."""
    return [
        {"id": u.id, "payload": u.payload, "handed_out": u.handed_out, "confirmed": u.confirmed} for u in telegram.made
    ]


@verb("fault")
def fault(telegram: Telegram, given: Json) -> Any:
    """Queues a fault. See `Front.spoiled` for the kinds."""
    if given["kind"] not in FAULTS:
        raise Misused(f"no fault {given['kind']!r}; there are {', '.join(FAULTS)}")
    telegram.fault_number += 1
    telegram.faults.append(
        Fault(
            telegram.fault_number,
            given.get("method") or "*",
            given["kind"],
            given.get("chat"),
            given.get("containing") or "",
            int(given.get("times") or 1),
            int(given.get("after") or 0),
            given.get("details") or {},
        )
    )
    return {"fault": telegram.fault_number}


@verb("faults")
def read_faults(telegram: Telegram, given: Json) -> Any:
    """All faults with how often each was used; with `clear`, none are left afterwards."""
    names = Fault.__slots__
    shown = [{name: getattr(each, name) for name in names} for each in telegram.faults]
    if given.get("clear"):
        telegram.faults = []
    return shown


@verb("set")
def put_settings(telegram: Telegram, given: Json) -> Any:
    """Switches limits on or off, changes rates, adds latency (seconds) to every answer, revokes the token."""
    telegram.strict = bool(given.get("strict", telegram.strict))
    telegram.rates |= {key: float(value) for key, value in (given.get("rates") or {}).items()}
    telegram.latency = float(given.get("latency", telegram.latency))
    if given.get("token"):
        telegram.token = given["token"]
    return {"strict": telegram.strict, "rates": telegram.rates, "latency": telegram.latency}


@verb("age")
def age(telegram: Telegram, given: Json) -> Any:
    """Moves Telegram's clock on by `seconds`: presses and messages grow older, old updates are given up."""
    telegram.shift += float(given["seconds"])
    oldest = telegram.now() - KEPT_FOR
    telegram.pending = [update for update in telegram.pending if update.at >= oldest]
    telegram.tell("updates")
    return {}


@verb("profile")
def read_profile(telegram: Telegram, given: Json) -> Any:
    """What the bot has set about itself."""
    return telegram.profile


@verb("file")
def read_file(telegram: Telegram, given: Json) -> Any:
    """The bytes of a file, in hexadecimal."""
    upload = telegram.files[given["file"]]
    return {"name": upload.name, "data": upload.data.hex()}


@verb("empty")
def empty(telegram: Telegram, given: Json) -> Any:
    """Forgets everything: a fresh server for the next test."""
    telegram.empty()
    telegram.strict = bool(given.get("strict"))
    return {}


@verb("play")
def play(telegram: Telegram, given: Json) -> Any:
    """People follow scripts: each begins, then answers every message of the bot's with the next of their `steps`."""
    for each in given["all"]:
        chat = telegram.person(each)
        chat.script = deque(each["steps"])
        telegram.playing.add(chat.about["id"])
        telegram.play(chat)
    return {}


@verb("wait_play")
async def wait_play(telegram: Telegram, given: Json) -> Any:
    """Waits until every script is through and its last step answered; seconds from each step to its answer."""
    met = await telegram.wait_for("script", lambda: not telegram.playing, given["timeout"])
    timings, telegram.timings = telegram.timings, []
    return {"met": met, "timings": timings}


# ------------ HTTP

FAULTS = ("deliver_then_drop", "drop", "hang", "status", "too_many", "garbage")
_PATH = re.compile(r"/bot([^/]+)/([^/]+)$")
_TOKEN = re.compile(r"\d{1,16}:[A-Za-z0-9_-]{35}$")
_REASONS = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    409: "Conflict",
    429: "Too Many Requests",
    500: "Internal Server Error",
    502: "Bad Gateway",
}


class Dropped(Exception):
    """The connection is to be cut without an answer."""


class Front:
    """HTTP to `Telegram` and back."""

    def __init__(self, telegram: Telegram) -> None:
        self.telegram = telegram

    async def __call__(self, request: web.BaseRequest) -> web.StreamResponse:
        path, _, query = request.raw_path.partition("?")
        if "%" in path:
            path = unquote(path)
        try:
            if path.startswith("/control/"):
                return await self.control(request, path.removeprefix("/control/"))
            if path.startswith("/file/bot"):
                return self.download(path.removeprefix("/file/bot"))
            return await self.bot(request, path, query)
        except Dropped:
            if request.transport is not None:
                request.transport.abort()
            return web.Response()

    async def control(self, request: web.BaseRequest, name: str) -> web.Response:
        given = json.loads(await request.read() or b"{}")
        function = VERBS.get(name)
        try:
            if function is None:
                raise Misused(f"no such verb: {name}")
            result = function(self.telegram, given)
            if isinstance(result, Awaitable):
                result = await result
        except Misused as error:
            return web.json_response({"error": str(error)}, status=400)
        return _json(200, json.dumps(result))

    def download(self, rest: str) -> web.Response:
        token, _, path = rest.partition("/")
        if token == self.telegram.token:
            for upload in self.telegram.files.values():
                if upload.path == path:
                    return web.Response(body=upload.data, content_type="application/octet-stream")
        return _refusal(404, "Not Found")

    async def bot(self, request: web.BaseRequest, path: str, query: str) -> web.Response:
        telegram, match = self.telegram, _PATH.match(path)
        if not match or not _TOKEN.match(match.group(1)):
            return _refusal(404, "Not Found")
        if match.group(1) != telegram.token:
            return _refusal(401, "Unauthorized")
        try:
            params = await _params(request, query)
        except Refused as error:
            telegram.codes[error.code] += 1
            telegram.violations[error.code] += 1
            return _refusal(error.code, error.description)
        name, function = METHODS.get(match.group(2).lower(), (match.group(2), None))
        call = telegram.record(name, params)
        fault = telegram.fault_for(name, params) if telegram.faults else None
        if fault:
            call.fault = fault.kind
            return await self.spoiled(fault, call, lambda: self.run(request, call, params, function))
        response = await self.run(request, call, params, function)
        if telegram.latency and name != "getUpdates":
            await asyncio.sleep(telegram.latency)
        return response

    async def run(self, request: web.BaseRequest, call: Call, params: Params, function: Method | None) -> web.Response:
        """Executes a call and closes it in the log."""
        telegram = self.telegram
        try:
            if telegram.logged_out:
                raise Refused(400, "Logged out")
            if function is get_updates:
                body = await telegram.poll(params, lambda: not _gone(request))
                telegram.close_call(call, 200, "", None)
                return _json(200, f'{{"ok":true,"result":{body}}}')
            if function is None:
                raise Refused(404, "Not Found: method not found")
            result = function(telegram, params)
        except Refused as error:
            telegram.close_call(call, error.code, error.description, None)
            return _refusal(error.code, error.description, **error.parameters)
        telegram.close_call(call, 200, "", result)
        return _json(200, json.dumps({"ok": True, "result": result}))

    async def spoiled(self, fault: Fault, call: Call, run: Callable[[], Awaitable[web.Response]]) -> web.Response:
        """What comes of a call that a fault fits.

        - deliver_then_drop: it is executed, then the connection is cut
        - drop: the connection is cut, nothing is executed
        - hang: `executed` or not, answered (executed) or cut (not) after `seconds`, or never
        - status: answered with `code`, and with `description`, or with `body` as it is (HTML for 502 by default)
        - too_many: 429 with `retry_after`
        - garbage: 200 with `body`, which is no JSON
        """
        telegram, details = self.telegram, fault.details
        telegram.tell("calls")
        if fault.kind == "deliver_then_drop":
            await run()
            raise Dropped
        if fault.kind == "drop":
            raise Dropped
        if fault.kind == "hang":
            response = await run() if details.get("executed") else None
            if details.get("seconds") is None:
                await asyncio.get_running_loop().create_future()
            await asyncio.sleep(float(details["seconds"]))
            if response is None:
                raise Dropped
            return response
        if fault.kind == "garbage":
            telegram.close_call(call, 200, "", None)
            call.executed = False
            return web.Response(
                text=details.get("body") or "<!doctype html><p>Log in to this wifi", content_type="text/html"
            )
        if fault.kind == "too_many":
            seconds = int(details.get("retry_after") or 1)
            description = f"Too Many Requests: retry after {seconds}"
            telegram.close_call(call, 429, description, None)
            return _refusal(429, description, retry_after=seconds)
        code = int(details.get("code") or 502)
        reason = _REASONS.get(code, "Error")
        description = details.get("description") or reason
        telegram.close_call(call, code, description, None)
        body = details.get("body")
        if body is None and code >= 502 and not details.get("description"):
            title = f"{code} {reason}"
            body = f"<html><head><title>{title}</title></head><body><center><h1>{title}</h1></center></body></html>"
        if body is not None:
            return web.Response(status=code, text=body, content_type="text/html")
        return _refusal(code, description)


def _gone(request: web.BaseRequest) -> bool:
    return request.transport is None or request.transport.is_closing()


def _json(code: int, text: str) -> web.Response:
    return web.Response(body=text.encode(), status=code, content_type="application/json")


def _refusal(code: int, description: str, **parameters: int) -> web.Response:
    body: Json = {"ok": False, "error_code": code, "description": description}
    if parameters:
        body["parameters"] = parameters
    return _json(code, json.dumps(body))


async def _params(request: web.BaseRequest, query: str) -> Params:
    """The parameters of a call out of its query and its body. Raises Refused."""
    values: Json = dict(parse_qsl(query, keep_blank_values=True)) if query else {}
    files: dict[str, Upload] = {}
    kind = request.content_type
    try:
        if kind == "multipart/form-data":
            for name, value in (await request.post()).items():
                if isinstance(value, web.FileField):
                    upload = Upload(value.filename, value.file.read())
                    values[name] = files[name] = upload
                else:
                    values[name] = value if isinstance(value, str) else bytes(value).decode()
        elif body := await request.read():
            if kind == "application/json":
                given = json.loads(body)
                if not isinstance(given, dict):
                    raise bad("can't parse JSON object")
                values |= given
            else:
                values |= parse_qsl(body.decode(), keep_blank_values=True, errors="strict")
    except web.HTTPRequestEntityTooLarge:
        raise Refused(413, "Request Entity Too Large") from None
    except UnicodeDecodeError:
        raise bad("strings must be encoded in UTF-8") from None
    except ValueError:
        raise bad("can't parse JSON object") from None
    return Params(values, files)


async def serve(telegram: Telegram, port: int, *, until_eof: bool) -> None:
    """Serves until the process is told to stop; with *until_eof* also until standard input ends."""
    loop = asyncio.get_running_loop()

    def whole(message: Any, payload: Any, protocol: Any, writer: Any, task: Any) -> web.BaseRequest:
        return web.BaseRequest(message, payload, protocol, writer, task, loop, client_max_size=UPLOAD_LIMIT + (1 << 20))

    server = web.Server(Front(telegram), request_factory=whole, handler_cancellation=True, access_log=None)
    listening = await loop.create_server(server, "127.0.0.1", port, backlog=1024)
    address = listening.sockets[0].getsockname()
    sys.stdout.write(json.dumps({"port": address[1], "token": telegram.token}) + "\n")
    sys.stdout.flush()
    over: asyncio.Future[None] = loop.create_future()

    def read() -> None:
        if not os.read(0, 1024):
            _finish(over)

    if until_eof:
        # The parent holds the other end: however it dies, this process does not outlive it.
        loop.add_reader(0, read)
    await over


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="A Bot API server for tests.")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--strict-limits", action="store_true")
    parser.add_argument("--token", default="")
    parser.add_argument("--until-eof", action="store_true", help="stop when standard input ends")
    options = parser.parse_args(arguments)
    alphabet = string.ascii_letters + string.digits + "_-"
    token = options.token or "7000000001:" + "".join(secrets.choice(alphabet) for _ in range(35))
    if not _TOKEN.match(token):
        sys.exit("--token must look like Telegram's: digits, a colon, 35 of A-Z a-z 0-9 _ -")
    with contextlib.suppress(ImportError):
        import uvloop

        asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(
            serve(Telegram(token, strict_limits=options.strict_limits), options.port, until_eof=options.until_eof)
        )


if __name__ == "__main__":
    main()
