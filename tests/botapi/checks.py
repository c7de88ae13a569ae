"""What makes the stand-in strict: all that Telegram checks in a call before anything happens, and what it keeps of it.

Pure functions over one call's parameters: texts and their entities, keyboards, pictures. What fits comes back as
Telegram would store it; what doesn't is `Refused`, in Telegram's own words where they are known. Lengths and offsets
are in UTF-16 units, as everywhere in the Bot API.
"""

import html
import json
import re
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]

DATA_LIMIT, BUTTON_LIMIT = 64, 100
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


class Refused(Exception):
    """The Bot API says no, with an error *code*, a *description* and perhaps `parameters`."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code, self.description, self.parameters = code, description, parameters


def bad(description: str) -> Refused:
    """A 400, worded as Telegram words them."""
    return Refused(400, f"Bad Request: {description}")


# ------------ parameters


@dataclass(slots=True, eq=False)
class Upload:
    """A file that came in a multipart body, or lies on Telegram's side."""

    name: str
    data: bytes
    path: str = ""


class Params:
    """The parameters of one call, whatever body they came in, and whether its caller is still *connected*. Wrong types
    are Refused."""

    def __init__(self, values: Json, files: dict[str, Upload], connected: Callable[[], bool]) -> None:
        self.values, self.files, self.connected = values, files, connected

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
            begun = _opened(name, rest, length)
            if begun is None:
                raise wrong(f'Unsupported start tag "{name}"', start)
            opened.append((name, begun))
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


def words(params: Params, name: str, maximum: int, too_long: str) -> tuple[str, list[Json]]:
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


# ------------ pictures


def dimensions(data: bytes) -> tuple[int, int]:
    """Width and height of a PNG; a stand-in size for a JPEG or WebP. Raises Refused for anything else."""
    if data.startswith(b"\x89PNG\r\n\x1a\n") and len(data) > 24:
        return int.from_bytes(data[16:20], "big") or 1, int.from_bytes(data[20:24], "big") or 1
    if data.startswith(b"\xff\xd8\xff") or data[8:12] == b"WEBP":
        return 640, 480
    raise bad("IMAGE_PROCESS_FAILED")
