"""What people do: write, press, send, edit, react, block, make groups, follow scripts. Each becomes a message in a chat
or an update for the bot, or both, or is `Misused` where no person could do it.

Every function here takes what the client gave (`person`, an id, and mostly `chat`, where it isn't their private one).
"""

import secrets
import time
from collections import deque
from typing import Any

from tests.botapi.checks import Json, Upload, cleaned, found
from tests.botapi.world import Chat, Message, Telegram


class Misused(Exception):
    """A test asked for what no person can do. Answered with 400."""


# ------------ who


def _private(telegram: Telegram, given: Json) -> tuple[Chat, Json]:
    """A person's chat with the bot, made when they are first spoken of, and the person. Raises Misused."""
    number = int(given["person"])
    if number <= 0:
        raise Misused("a person's id is positive")
    chat = telegram.chats.get(number)
    if chat is None:
        name = given.get("name") or f"Person {number}"
        user = {"id": number, "is_bot": False, "first_name": name, "language_code": given.get("language") or "en"}
        chat = telegram.chats[number] = Chat({"id": number, "type": "private", "first_name": name}, user)
    assert chat.user is not None
    return chat, chat.user


def _room(telegram: Telegram, given: Json) -> tuple[Chat, Json]:
    """The chat that a person acts in, and the person. Raises Misused."""
    private, user = _private(telegram, given)
    number = given.get("chat")
    chat = telegram.chats.get(int(number)) if number else private
    if chat is None:
        raise Misused(f"there is no group {number}: make it first")
    if chat.closed:
        raise Misused(f"nothing can be written here: {chat.closed}")
    return chat, user


def meet(telegram: Telegram, given: Json) -> None:
    """A person comes into being; with `written`, one who wrote to the bot once upon a time."""
    chat, _ = _private(telegram, given)
    chat.met = chat.met or given["written"]


# ------------ what they write


def _write(telegram: Telegram, given: Json, content: Json) -> Json:
    """A person puts *content* into a chat; the id of the message."""
    chat, user = _room(telegram, given)
    reply_to = given.get("reply_to")
    if reply_to is None and chat.messages:
        last = next(reversed(chat.messages.values()))
        # Telegram's apps answer a ForceReply by themselves.
        if last.keyboard and last.keyboard.get("force_reply"):
            reply_to = last.body["message_id"]
    message = telegram.add(chat, content, by=user, reply_to=reply_to)
    chat.met = True
    chat.asked_at = time.monotonic()
    if _shown(telegram, chat, message):
        telegram.updates.queue("message", message.body)
    return {"message": message.body["message_id"]}


def _shown(telegram: Telegram, chat: Chat, message: Message) -> bool:
    """Whether the bot gets to see *message*: in a group with privacy mode only what is meant for it."""
    body = message.body
    answered = body.get("reply_to_message", {}).get("from", {}).get("id") == telegram.bot["id"]
    commands = any(entity["type"] == "bot_command" for entity in body.get("entities", ()))
    return chat.sees_all or answered or commands or f"@{telegram.bot['username']}" in message.words


def say(telegram: Telegram, given: Json) -> list[Json]:
    """People write; `all` holds one or many of them."""
    return [_say(telegram, each) for each in given["all"]]


def _say(telegram: Telegram, given: Json) -> Json:
    text, entities = (given["text"], []) if given.get("exact") else cleaned(given["text"], [])
    if not text:
        raise Misused("nobody can send an empty message")
    content: Json = {"text": text}
    if given.get("forwarded_from"):
        content["forward_origin"] = _origin(telegram, given["forwarded_from"], given["forwarded_as"])
    entities = found(text, entities)
    if entities:
        content["entities"] = entities
    return _write(telegram, given, content)


def _origin(telegram: Telegram, name: str, kind: str) -> Json:
    """Who wrote first what is forwarded: a "user", a "hidden_user", a "chat" or a "channel" of that *name*."""
    about: Json = {"type": kind, "date": int(telegram.clock.now()) - 60}
    match kind:
        case "user":
            return {**about, "sender_user": {"id": 4242, "is_bot": False, "first_name": name, "last_name": "Surname"}}
        case "hidden_user":
            return {**about, "sender_user_name": name}
        case "chat":
            return {**about, "sender_chat": {"id": -4243, "type": "supergroup", "title": name}}
        case "channel":
            return {**about, "chat": {"id": -4244, "type": "channel", "title": name}, "message_id": 17}
    raise Misused(f"nobody forwards from a {kind}")


def send(telegram: Telegram, given: Json) -> Json:
    """A person sends something that isn't words: location, voice, photo, sticker, document, video, contact; of
    `size` bytes, if that is more than its `data`; with an `album`, as part of that."""
    kind = given["kind"]
    if kind == "location":
        content: Json = {"location": {"latitude": given["latitude"], "longitude": given["longitude"]}}
    elif kind == "contact":
        content = {"contact": {"phone_number": "+351000000", "first_name": given["name"]}}
    else:
        data = bytes.fromhex(given["data"] or "00").ljust(given.get("size") or 0, b"\0")
        file = telegram.keep(Upload(given.get("file_name") or f"{kind}.bin", data), kind)
        about: Json = {"file_id": file, "file_unique_id": file[-12:], "file_size": len(data)}
        if kind == "photo":
            # Telegram makes smaller ones of it, each a file of its own.
            small = telegram.keep(Upload("small.jpg", data[:16]), kind)
            thumbnail = {"file_id": small, "file_unique_id": small[-12:], "file_size": len(data[:16])}
            content = {"photo": [{**thumbnail, "width": 90, "height": 60}, {**about, "width": 640, "height": 480}]}
        elif kind == "sticker":
            shape = {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False}
            content = {"sticker": {**about, **shape, "emoji": given.get("emoji") or "🙂"}}
        elif kind == "document":
            about["file_name"] = given.get("file_name") or "notes.txt"
            content = {"document": {**about, "mime_type": "text/plain"}}
        elif kind == "video_note":
            content = {"video_note": {**about, "length": 240, "duration": 4}}
        else:
            shape = {"width": 320, "height": 240}
            about |= shape if kind in ("video", "animation") else {"mime_type": "audio/ogg"}
            content = {kind: {**about, "duration": 4}}
            if kind == "animation":  # for bots that don't know of animations yet
                content["document"] = about
    if given.get("caption"):
        content["caption"] = given["caption"]
    if given.get("album"):
        content["media_group_id"] = given["album"]
    return _write(telegram, given, content)


def edit(telegram: Telegram, given: Json) -> Json:
    """A person changes what a message of theirs says."""
    chat, user = _room(telegram, given)
    message = chat.messages.get(given["message"])
    if message is None or message.body["from"]["id"] != user["id"]:
        raise Misused(f"message {given['message']} is not theirs to change")
    text, _ = cleaned(given["text"], [])
    key = "text" if "text" in message.body else "caption"
    message.body |= {key: text, "edit_date": int(telegram.clock.now())}
    message.body.pop("entities", None)
    entities = found(text, [])
    if entities:
        message.body["entities"] = entities
    chat.touch(message)
    if _shown(telegram, chat, message):
        telegram.updates.queue("edited_message", message.body)
    return {"message": given["message"]}


def remove(telegram: Telegram, given: Json) -> None:
    """A person deletes a message on both sides; the bot is told nothing."""
    chat, _ = _room(telegram, given)
    if chat.messages.pop(given["message"], None) is None:
        raise Misused(f"there is no message {given['message']}")


# ------------ what they press


def press(telegram: Telegram, given: Json) -> Json:
    """A person presses the newest button with that label or callback data. Raises Misused with what there is."""
    chat, user = _room(telegram, given)
    label, only = given["label"], given.get("message")
    for message in reversed(chat.messages.values()):
        if not message.by_bot or (only is not None and message.body["message_id"] != only):
            continue
        choices = [*message.buttons(), *(message.past if given.get("stale") else ())]
        button = next((b for b in choices if label in (b["text"], b.get("callback_data"))), None)
        if button is None:
            for row in (message.keyboard or {}).get("keyboard", ()):
                if any(each["text"] == label for each in row):
                    return _say(telegram, {**given, "text": label})
            continue
        if "callback_data" not in button:
            raise Misused(f"{label!r} is no callback button")
        for _ in range(given.get("times", 1)):
            _query(telegram, chat, user, message, button["callback_data"])
        chat.asked_at = time.monotonic()
        return {"message": message.body["message_id"]}
    shown = [b["text"] for m in list(chat.messages.values())[-6:] for b in m.buttons()]
    raise Misused(f"no button {label!r}; the latest messages show {shown}")


def _query(telegram: Telegram, chat: Chat, user: Json, message: Message, data: str) -> None:
    number = str(secrets.randbelow(1 << 62))
    telegram.queries[number] = telegram.clock.now(), chat
    about = {"id": number, "from": user, "message": message.body, "chat_instance": str(chat.about["id"] * 7919)}
    telegram.updates.queue("callback_query", {**about, "data": data})


def react(telegram: Telegram, given: Json) -> None:
    """A person reacts with an emoji. The bot hears of it only if it asked for message_reaction."""
    chat, user = _room(telegram, given)
    new = [{"type": "emoji", "emoji": given["emoji"]}] if given["emoji"] else []
    about = {"chat": chat.about, "message_id": given["message"], "user": user, "date": int(telegram.clock.now())}
    telegram.updates.queue("message_reaction", {**about, "old_reaction": [], "new_reaction": new})


# ------------ whether the bot may be there


def _membership(telegram: Telegram, chat: Chat, old: str, new: str, by: Json) -> None:
    """Tells the bot that it was blocked, let in again, added or removed."""
    states: list[dict[str, Any]] = [{"user": telegram.as_sender, "status": status} for status in (old, new)]
    for state in states:
        if state["status"] == "kicked":
            state["until_date"] = 0
    about = {"chat": chat.about, "from": by, "date": int(telegram.clock.now())}
    telegram.updates.queue("my_chat_member", {**about, "old_chat_member": states[0], "new_chat_member": states[1]})


def close(telegram: Telegram, given: Json) -> None:
    """A person blocks the bot or leaves Telegram (`gone`), or a group throws it out."""
    (chat, user), room = _private(telegram, given), telegram.chats.get(int(given.get("chat") or 0))
    if room is not None and room.user is None:
        room.closed = "bot was kicked from the group chat"
        _membership(telegram, room, "member", "kicked", user)
    elif given.get("gone"):
        chat.closed = "user is deactivated"
    else:
        chat.closed = "bot was blocked by the user"
        _membership(telegram, chat, "member", "kicked", user)


def reopen(telegram: Telegram, given: Json) -> None:
    """A person unblocks the bot."""
    chat, user = _private(telegram, given)
    chat.closed, chat.met = "", True
    _membership(telegram, chat, "kicked", "member", user)


def group(telegram: Telegram, given: Json) -> None:
    """A person makes a group and adds the bot to it."""
    number = int(given["chat"])
    if number >= 0:
        raise Misused("a group's id is negative")
    _, user = _private(telegram, given)
    if number not in telegram.chats:
        about = {"id": number, "type": "group", "title": given["title"]}
        chat = telegram.chats[number] = Chat(about, met=True, sees_all=given["sees_all"])
        _membership(telegram, chat, "left", "administrator" if chat.sees_all else "member", user)
        message = telegram.add(chat, {"new_chat_members": [telegram.as_sender]}, by=user)
        telegram.updates.queue("message", message.body)


def migrate(telegram: Telegram, given: Json) -> None:
    """A group becomes a supergroup with another id."""
    old, new = telegram.chats[int(given["chat"])], int(given["to"])
    telegram.chats[new] = Chat({**old.about, "id": new, "type": "supergroup"}, met=True, sees_all=old.sees_all)
    old.moved_to = new


# ------------ scripts


def play(telegram: Telegram, given: Json) -> None:
    """People follow scripts: each begins, then answers every message of the bot's with the next of their `steps`."""
    for each in given["all"]:
        chat, _ = _private(telegram, each)
        chat.script = deque(each["steps"])
        telegram.playing.add(chat.about["id"])
        _play_on(telegram, chat)


def _play_on(telegram: Telegram, chat: Chat) -> None:
    step = chat.script.popleft()
    given = {"person": chat.about["id"], **step}
    if "label" in step:
        press(telegram, given)
    else:
        _say(telegram, given)


def hear(telegram: Telegram, chat: Chat) -> None:
    """The bot has just sent something to *chat*: whoever waited for that has it, and goes on with their script."""
    if chat.asked_at is not None:
        telegram.timings.append(time.monotonic() - chat.asked_at)
        chat.asked_at = None
    telegram.clock.tell(("chat", chat.about["id"]))
    if chat.script:
        _play_on(telegram, chat)
    elif telegram.playing:
        telegram.playing.discard(chat.about["id"])
        telegram.clock.tell("script")
