"""The Bot API's methods, as documented at https://core.telegram.org/bots/api: what the bot does.

A method is a function of `Telegram` and the call's parameters. It gives what Telegram gives, or raises Refused before
anything happened. `getUpdates` alone takes its time: it gives an awaitable of JSON.
"""

import math
import re
from collections.abc import Callable
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from tests.botapi import people
from tests.botapi.checks import Json, Params, Refused, Upload, bad, checked_markup, dimensions, units, words
from tests.botapi.webhook import HERE, Webhook
from tests.botapi.world import Chat, Message, Telegram

TEXT_LIMIT, CAPTION_LIMIT = 4096, 1024
UPLOAD_LIMIT, PHOTO_LIMIT, DOWNLOAD_LIMIT = 50 << 20, 10 << 20, 20 << 20
QUERY_AGE = 15.0
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
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current content "
    "and reply markup of the message"
)

WEBHOOK_PORTS = (443, 80, 88, 8443)

SHOWN = ("text", "entities", "caption", "caption_entities", "photo", "document", "voice", "audio", "video")
"""What a message shows, besides its keyboard."""


class Described(NamedTuple):
    """A *result* that Telegram says something about."""

    result: Any
    description: str


Method = Callable[[Telegram, Params], Any]
METHODS: dict[str, tuple[str, Method]] = {}
"""By lower-case name, for Telegram doesn't mind the case: the name as it is spelt, and what it does."""


def method(name: str) -> Callable[[Method], Method]:
    def register(function: Method) -> Method:
        METHODS[name.lower()] = name, function
        return function

    return register


# ------------ sending and changing


def _chat(telegram: Telegram, params: Params) -> Chat:
    """The chat that a call is about, if the bot may speak there. Raises Refused."""
    given = params.values.get("chat_id")
    if given is None or given == "":
        raise bad("chat_id is empty")
    try:
        chat = telegram.chats[int(given)]
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


def _send(telegram: Telegram, params: Params, content: Callable[[], Json]) -> Json:
    """Sends *content* to the chat of *params*, with keyboard and reply. Raises Refused before anything happened."""
    chat = _chat(telegram, params)
    ready = content()
    keyboard = checked_markup(params.structure("reply_markup"))
    reply = params.structure("reply_parameters") or {}
    if not isinstance(reply, dict):
        raise bad("can't parse reply parameters JSON object")
    reply_to = reply.get("message_id")
    if reply_to is not None and reply_to not in chat.messages and not reply.get("allow_sending_without_reply"):
        raise bad("message to be replied not found")
    telegram.limits.spend(chat.about["id"], group=chat.user is None)
    message = telegram.add(chat, ready, by=telegram.as_sender, keyboard=keyboard, reply_to=reply_to)
    people.hear(telegram, chat)
    return message.body


def _edit(telegram: Telegram, params: Params, change: Callable[[Message], Json]) -> Json:
    """Changes a message of the bot's; *change* gives what its content is to be. Raises Refused."""
    if params.values.get("inline_message_id"):
        raise bad("inline messages are not part of this stand-in")
    chat = _chat(telegram, params)
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
    shown = (*SHOWN, "reply_markup")
    if all(body.get(key) == content.get(key) for key in shown):
        raise bad(NOT_MODIFIED)
    message.past.extend(message.buttons())
    for key in shown:
        body.pop(key, None)
    body.update({key: value for key, value in content.items() if value})
    body["edit_date"] = int(telegram.clock.now())
    chat.touch(message)
    telegram.clock.tell(("chat", chat.about["id"]))
    return body


def _text(params: Params) -> Json:
    text, entities = words(params, "text", TEXT_LIMIT, "message is too long")
    if not text:
        raise bad("message text is empty")
    return {"text": text, "entities": entities} if entities else {"text": text}


def _caption(params: Params) -> Json:
    caption, entities = words(params, "caption", CAPTION_LIMIT, "message caption is too long")
    return {key: value for key, value in (("caption", caption), ("caption_entities", entities)) if value}


def _upload(telegram: Telegram, params: Params, value: object, folder: str, maximum: int) -> tuple[str, Upload]:
    """The file that *value* (an uploaded part, an attach:// name or a file_id) stands for. Raises Refused."""
    if isinstance(value, str) and value.startswith("attach://"):
        value = params.files.get(value.removeprefix("attach://"))
    if isinstance(value, str) and value in telegram.files:
        upload = telegram.files[value]
        held = upload.path.partition("/")[0]
        if held != folder:  # "a video can't be sent as a photo, a photo can't be sent as a document, etc."
            raise bad(f"can't use file of type {_named(held)} as {_named(folder)}")
        return value, upload
    if not isinstance(value, Upload):
        raise bad("wrong file identifier/HTTP URL specified" if value else f"there is no {folder} in the request")
    if not value.data:
        raise bad("file must be non-empty")
    if len(value.data) > maximum:
        raise bad("file is too big")
    return telegram.keep(value, folder), value


def _named(kind: str) -> str:
    """A kind of file as Telegram's errors spell it."""
    return {"voice": "VoiceNote", "video_note": "VideoNote"}.get(kind, kind.capitalize())


def _file(telegram: Telegram, params: Params, value: object, kind: str) -> Json:
    """What a message says about a file of that *kind*. Raises Refused."""
    name, upload = _upload(telegram, params, value, kind, PHOTO_LIMIT if kind == "photo" else UPLOAD_LIMIT)
    about: Json = {"file_id": name, "file_unique_id": name[-12:], "file_size": len(upload.data)}
    match kind:
        case "photo":
            width, height = dimensions(upload.data)
            if width + height > 10_000 or max(width, height) > 20 * min(width, height):
                raise bad("PHOTO_INVALID_DIMENSIONS")
            return {"photo": [{**about, "width": width, "height": height}]}
        case "voice":
            return {"voice": {**about, "duration": 4, "mime_type": "audio/ogg"}}
        case "audio":
            return {"audio": {**about, "duration": 4, "file_name": upload.name, "mime_type": "audio/mpeg"}}
        case "video":
            shape = {"width": 320, "height": 240, "duration": 4}
            return {"video": {**about, **shape, "file_name": upload.name, "mime_type": "video/mp4"}}
        case _:
            return {"document": {**about, "file_name": upload.name, "mime_type": "application/octet-stream"}}


# ------------ messages


@method("sendMessage")
def send_message(telegram: Telegram, params: Params) -> Any:
    return _send(telegram, params, lambda: _text(params))


def _sending(kind: str) -> None:
    """Registers the method that sends a file of that *kind*, given under its own name."""

    def send(telegram: Telegram, params: Params) -> Any:
        held = params.values.get(kind)
        return _send(telegram, params, lambda: {**_caption(params), **_file(telegram, params, held, kind)})

    method(f"send{kind.capitalize()}")(send)


for _kind in ("photo", "document", "voice", "audio", "video"):
    _sending(_kind)


@method("sendMessageDraft")
def send_message_draft(telegram: Telegram, params: Params) -> Any:
    chat = _chat(telegram, params)
    if chat.user is None or not params.number("draft_id"):
        raise bad("draft_id must be non-zero, in a private chat")
    words(params, "text", TEXT_LIMIT, "message is too long")
    return True


@method("sendChatAction")
def send_chat_action(telegram: Telegram, params: Params) -> Any:
    _chat(telegram, params)
    if params.text("action") not in ACTIONS:
        raise bad("wrong parameter action in request")
    return True


@method("editMessageText")
def edit_message_text(telegram: Telegram, params: Params) -> Any:
    def change(message: Message) -> Json:
        if "text" not in message.body:
            raise bad("there is no text in the message to edit")
        return _text(params)

    return _edit(telegram, params, change)


def _without_words(message: Message, *dropped: str) -> Json:
    return {key: message.body[key] for key in SHOWN if key in message.body and key not in dropped}


@method("editMessageCaption")
def edit_message_caption(telegram: Telegram, params: Params) -> Any:
    def change(message: Message) -> Json:
        if "text" in message.body:
            raise bad("there is no caption in the message to edit")
        return {**_without_words(message, "caption", "caption_entities"), **_caption(params)}

    return _edit(telegram, params, change)


@method("editMessageReplyMarkup")
def edit_message_reply_markup(telegram: Telegram, params: Params) -> Any:
    return _edit(telegram, params, _without_words)


@method("editMessageMedia")
def edit_message_media(telegram: Telegram, params: Params) -> Any:
    def change(message: Message) -> Json:
        media = params.structure("media")
        if not isinstance(media, dict) or media.get("type") not in ("photo", "document"):
            raise bad("can't parse InputMedia: only photo and document are part of this stand-in")
        inner = Params(media, params.files, params.connected)
        return {**_caption(inner), **_file(telegram, inner, media.get("media"), media["type"])}

    return _edit(telegram, params, change)


@method("deleteMessage")
def delete_message(telegram: Telegram, params: Params) -> Any:
    chat = _chat(telegram, params)
    message = chat.messages.get(params.number("message_id") or 0)
    if message is None:
        raise bad("message to delete not found")
    if telegram.clock.now() - message.body["date"] > 48 * 3600:
        raise bad("message can't be deleted for everyone")
    del chat.messages[message.body["message_id"]]
    chat.revision += 1
    telegram.clock.tell(("chat", chat.about["id"]))
    return True


@method("answerCallbackQuery")
def answer_callback_query(telegram: Telegram, params: Params) -> Any:
    name = params.text("callback_query_id")
    made, chat = telegram.queries.get(name, (-math.inf, None))
    if chat is None or telegram.clock.now() - made > QUERY_AGE:
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
    chat = _chat(telegram, params)
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
    telegram.clock.tell(("chat", chat.about["id"]))
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
    chat = _chat(telegram, params)
    gifts = dict.fromkeys(("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription"), False)
    gifts["gifts_from_channels"] = False
    return {**chat.about, "accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": gifts}


# ------------ what the bot says about itself


@method("getMe")
def get_me(telegram: Telegram, params: Params) -> Any:
    return telegram.bot


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


# ------------ how the bot gets updates


@method("getUpdates")
def get_updates(telegram: Telegram, params: Params) -> Any:
    return telegram.updates.poll(params)


def _webhook(params: Params) -> Webhook:
    """What setWebhook asks for. Raises Refused."""
    url = params.text("url")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise bad("bad webhook: invalid URL") from None
    # A Bot API server of one's own takes http as well, and any port; here that goes for this machine.
    here = host in HERE
    if parts.scheme != "https" and not (parts.scheme == "http" and here):
        raise bad("bad webhook: An HTTPS URL must be provided for webhook")
    if not host:
        raise bad("bad webhook: invalid URL")
    if not here and (port or 443) not in WEBHOOK_PORTS:
        raise bad("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
    secret = params.text("secret_token")
    if len(secret) > 256:
        raise bad("secret token is too long")
    if not re.fullmatch(r"[A-Za-z0-9_-]*", secret):
        raise bad("secret token contains unallowed characters")
    connections = params.number("max_connections")
    return Webhook(url=url, secret=secret, max_connections=min(max(connections or 40, 1), 100))


@method("setWebhook")
def set_webhook(telegram: Telegram, params: Params) -> Any:
    updates = telegram.updates
    if not params.text("url"):
        return delete_webhook(telegram, params)
    webhook, before = _webhook(params), (updates.bringer.webhook, updates.allowed)
    updates.allow(params)
    if params.flag("drop_pending_updates"):
        updates.confirm(updates.pending)
    elif before == (webhook, updates.allowed):
        return Described(True, "Webhook is already set")
    updates.set_webhook(webhook)
    return Described(True, "Webhook was set")


@method("deleteWebhook")
def delete_webhook(telegram: Telegram, params: Params) -> Any:
    updates, before = telegram.updates, telegram.updates.bringer.webhook
    updates.set_webhook(None)
    if params.flag("drop_pending_updates"):
        updates.confirm(updates.pending)
    return Described(True, "Webhook was deleted" if before else "Webhook is already deleted")


@method("getWebhookInfo")
def get_webhook_info(telegram: Telegram, params: Params) -> Any:
    updates = telegram.updates
    about: Json = {"url": "", "has_custom_certificate": False, "pending_update_count": len(updates.pending)}
    if webhook := updates.bringer.webhook:
        about |= {"url": webhook.url, "max_connections": webhook.max_connections} | updates.bringer.last_error
    return about | ({"allowed_updates": updates.allowed} if updates.allowed else {})


@method("logOut")
def log_out(telegram: Telegram, params: Params) -> Any:
    telegram.logged_out = True
    return True
