"""The people's face, `/control/<verb>`: how a test moves people, waits, orders faults, and reads what came of it.

`VERBS` is all of it. A verb is a function of `Telegram` and what `client.py` gave; its result goes back as JSON. A wait
is answered when its condition holds, or with `met` false when its `timeout` (seconds) is over.
"""

import json
from collections.abc import Callable
from typing import Any

from tests.botapi import people
from tests.botapi.checks import Json
from tests.botapi.faults import KINDS, Call, Fault
from tests.botapi.people import Misused
from tests.botapi.world import Message, Telegram

# ------------ chats


def _shown(message: Message) -> Json:
    by_bot = message.by_bot
    about = {"body": message.body, "by_bot": by_bot, "sent": message.sent, "changed": message.changed}
    return {**about, "keyboard": message.keyboard, "reaction": message.reaction}


def chat(telegram: Telegram, given: Json) -> Json:
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


async def wait_chat(telegram: Telegram, given: Json) -> Json:
    """Waits until the bot has sent (with `edits`: or changed) `count` messages with `text` after revision `after`."""
    number, after, text = int(given["chat"]), given["after"], given["text"]

    def ready() -> bool:
        chat = telegram.chats.get(number)
        if chat is None:
            return False
        recent = [message for message in chat.since(after) if message.by_bot and text in message.words]
        fitting = {id(message) for message in recent if given["edits"] or message.sent > after}
        return len(fitting) >= int(given["count"])

    met = await telegram.clock.wait_for(("chat", number), ready, given["timeout"])
    return {**chat(telegram, given), "met": met}


async def wait_play(telegram: Telegram, given: Json) -> Json:
    """Waits until every script is through and its last step answered; seconds from each step to its answer."""
    met = await telegram.clock.wait_for("script", lambda: not telegram.playing, given["timeout"])
    timings, telegram.timings = telegram.timings, []
    return {"met": met, "timings": timings}


def file(telegram: Telegram, given: Json) -> Json:
    """The bytes of a file, in hexadecimal."""
    return {"data": telegram.files[given["file"]].data.hex()}


def profile(telegram: Telegram, given: Json) -> Json:
    """What the bot has set about itself."""
    return telegram.profile


# ------------ updates


def push(telegram: Telegram, given: Json) -> Json:
    """Lays out an update as given: a dict, or `raw` text. Its update_id is the given one, its own, or the next."""
    update, number = given["update"], given["update_id"]
    if isinstance(update, dict):
        update = {"update_id": telegram.updates.next, **update}
        if number is not None:
            update["update_id"] = number
        number = update["update_id"]
    if not isinstance(number, int):
        number = telegram.updates.next
    telegram.updates.push(number, json.dumps(update) if given["raw"] is None else given["raw"])
    return {"update": number}


def next_update(telegram: Telegram, given: Json) -> None:
    """The ids of updates go on from another number, as they do after a week without any."""
    number, before = int(given["id"]), telegram.updates.next
    if before - 12 < number < before:
        raise Misused("a restart so close below could not be told from a confirmed id; go at least 12 lower")
    telegram.updates.next = number


def updates(telegram: Telegram, given: Json) -> list[Json]:
    """All updates that were laid out, in order."""
    return [
        {"id": each.id, "payload": each.payload, "handed_out": each.handed_out, "confirmed": each.confirmed}
        for each in telegram.updates.made
    ]


async def wait_updates(telegram: Telegram, given: Json) -> Json:
    """Waits until nothing is left that the bot has not confirmed."""
    met = await telegram.clock.wait_for("updates", lambda: not telegram.updates.pending, given["timeout"])
    return {"met": met, "pending": len(telegram.updates.pending)}


async def wait_polling(telegram: Telegram, given: Json) -> Json:
    """Waits until a connected bot sits in a long poll."""
    return {"met": await telegram.clock.wait_for("polling", lambda: telegram.updates.polled, given["timeout"])}


def through(telegram: Telegram, given: Json) -> None:
    """Brings updates to the path of the webhook at another `origin`, or where it says itself if that is empty."""
    telegram.updates.bringer.through = given["origin"]


def webhook(telegram: Telegram, given: Json) -> Json:
    """The webhook as it was set, and how often each status was answered (0: no answer)."""
    return telegram.updates.bringer.shown()


async def wait_webhook(telegram: Telegram, given: Json) -> Json:
    """Waits until a webhook is set."""
    updates = telegram.updates
    met = await telegram.clock.wait_for("webhook", lambda: updates.bringer.webhook is not None, given["timeout"])
    return {"met": met}


async def wait_brought(telegram: Telegram, given: Json) -> Json:
    """Waits until `status` was answered `count` times."""
    statuses = telegram.updates.bringer.statuses
    status, count = given["status"], given["count"]
    met = await telegram.clock.wait_for("brought", lambda: statuses[status] >= count, given["timeout"])
    return {"met": met, "count": statuses[status]}


# ------------ the log


def calls(telegram: Telegram, given: Json) -> list[Json]:
    """The log of calls. See `Log.fitting` for the choice."""
    return [{name: getattr(call, name) for name in Call.__slots__} for call in telegram.log.fitting(given)]


async def wait_calls(telegram: Telegram, given: Json) -> Json:
    """Waits until `count` calls fit (see `Log.fitting`) and are over. A call that hangs for ever is over at once."""

    def over() -> int:
        return sum(bool(call.code or call.fault) for call in telegram.log.fitting(given))

    met = await telegram.clock.wait_for("calls", lambda: over() >= given["count"], given["timeout"])
    return {"met": met, "count": over()}


def counts(telegram: Telegram, given: Json) -> Json:
    """How many calls, by code and method; violations are refusals that nobody had ordered."""
    log = telegram.log
    return {
        "calls": log.total,
        "codes": log.codes,
        "violations": log.violations,
        "methods": log.methods,
        "pending": len(telegram.updates.pending),
        "updates": len(telegram.updates.made),
        "presses": len(telegram.queries),
        "unanswered": len(telegram.queries.keys() - telegram.answered),
    }


# ------------ faults and settings


def fault(telegram: Telegram, given: Json) -> None:
    """Queues a fault. See `spoiled` for the kinds."""
    if given["kind"] not in KINDS:
        raise Misused(f"no fault {given['kind']!r}; there are {', '.join(KINDS)}")
    telegram.log.faults.append(Fault(**given))


def faults(telegram: Telegram, given: Json) -> list[Json]:
    """How often each fault was used; with `clear`, none are left afterwards."""
    shown = [{"times": each.times, "used": each.used} for each in telegram.log.faults]
    if given.get("clear"):
        telegram.log.faults = []
    return shown


def put(telegram: Telegram, given: Json) -> None:
    """Switches limits on or off, changes rates, adds latency (seconds) to every answer, revokes the token."""
    telegram.limits.on = given.get("strict", telegram.limits.on)
    telegram.limits.rates |= given.get("rates", {})
    telegram.latency = given.get("latency", telegram.latency)
    telegram.token = given.get("token", telegram.token)


def age(telegram: Telegram, given: Json) -> None:
    """Moves Telegram's clock on by `seconds`: presses and messages grow older, old updates are given up."""
    telegram.clock.shift += given["seconds"]
    telegram.updates.give_up()


def empty(telegram: Telegram, given: Json) -> None:
    """Forgets everything: a fresh server for the next test."""
    telegram.empty(strict_limits=given["strict"])


VERBS: dict[str, Callable[[Telegram, Json], Any]] = {
    "meet": people.meet,
    "group": people.group,
    "say": people.say,
    "press": people.press,
    "send": people.send,
    "edit": people.edit,
    "remove": people.remove,
    "react": people.react,
    "close": people.close,
    "open": people.reopen,
    "migrate": people.migrate,
    "play": people.play,
    "wait_play": wait_play,
    "chat": chat,
    "wait_chat": wait_chat,
    "file": file,
    "profile": profile,
    "push": push,
    "next_update": next_update,
    "updates": updates,
    "wait_updates": wait_updates,
    "wait_polling": wait_polling,
    "through": through,
    "webhook": webhook,
    "wait_webhook": wait_webhook,
    "wait_brought": wait_brought,
    "calls": calls,
    "wait_calls": wait_calls,
    "counts": counts,
    "fault": fault,
    "faults": faults,
    "set": put,
    "age": age,
    "empty": empty,
}
