"""How tests speak to the stand-in for Telegram: people who write, press and hear; faults; the log of calls.

    with BotApi() as api:
        mira = api.person(7, "Mira")
        mira.says("/start")
        mira.waits_for(text="come to you for")
        mira.presses("Don't know yet")

Plain blocking calls over `http.client`, because most tests drive a bot that runs in another process. A test whose own
event loop runs the bot must put what waits into a thread (`await asyncio.to_thread(mira.waits_for)`); everything else
takes under a millisecond.
"""

import http.client
import json
import subprocess
import sys
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

Json = dict[str, Any]
FaultKind = Literal["deliver_then_drop", "drop", "hang", "status", "too_many", "garbage"]
WAIT = 10.0
"""Seconds after which a wait gives up, unless told otherwise."""


class Unmet(AssertionError):
    """What a test waited for did not happen, or what it did cannot be done in Telegram."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Button:
    """A button as a person sees it. *data* is empty unless it is a callback button."""

    label: str
    data: str
    style: str
    raw: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """A message as it looks now. *text* is the caption where there is a file; *raw* is the Bot API's Message."""

    id: int
    text: str
    by_bot: bool
    edited: bool
    kind: str
    rows: tuple[tuple[Button, ...], ...]
    reaction: str
    reply_to: int | None
    file: str | None
    entities: tuple[Mapping[str, Any], ...]
    raw: Mapping[str, Any]
    keyboard: Mapping[str, Any] | None

    @property
    def buttons(self) -> tuple[str, ...]:
        """The labels of the inline buttons, row by row."""
        return tuple(button.label for row in self.rows for button in row)

    def marked(self, kind: str) -> tuple[str, ...]:
        """The parts of the text that are shown as *kind* ("italic", "bold", "bot_command" ...)."""
        data = self.text.encode("utf-16-le")
        return tuple(
            data[2 * entity["offset"] : 2 * (entity["offset"] + entity["length"])].decode("utf-16-le")
            for entity in self.entities
            if entity["type"] == kind
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """One request of the bot's. *code* is 0 while or because it was not answered; *at* is in seconds since 1970."""

    number: int
    method: str
    params: Mapping[str, Any]
    at: float
    took: float
    code: int
    description: str
    message: int | None
    executed: bool
    fault: str

    @property
    def text(self) -> str:
        return str(self.params.get("text", self.params.get("caption", "")))


_KINDS = (
    "text",
    "photo",
    "document",
    "voice",
    "audio",
    "video",
    "animation",
    "video_note",
    "sticker",
    "location",
    "contact",
)


def _message(shown: Json) -> Message:
    body = shown["body"]
    rows = body.get("reply_markup", {}).get("inline_keyboard", ())
    kind = next((name for name in _KINDS if name in body), "service")
    held = body.get(kind) if kind != "text" else None
    about = held[-1] if isinstance(held, list) else held
    return Message(
        id=body["message_id"],
        text=body.get("text", body.get("caption", "")),
        by_bot=shown["by_bot"],
        edited="edit_date" in body,
        kind=kind,
        rows=tuple(
            tuple(
                Button(label=b["text"], data=b.get("callback_data", ""), style=b.get("style", ""), raw=b) for b in row
            )
            for row in rows
        ),
        reaction=next((each["emoji"] for each in shown["reaction"]), ""),
        reply_to=body.get("reply_to_message", {}).get("message_id"),
        file=about.get("file_id") if isinstance(about, dict) else None,
        entities=tuple(body.get("entities", body.get("caption_entities", ()))),
        raw=body,
        keyboard=shown["keyboard"],
    )


class Room:
    """A chat as read from outside. It remembers what was heard, so each message is heard once."""

    def __init__(self, api: "BotApi", chat: int) -> None:
        self.api, self.chat = api, chat
        self.heard = 0

    def sees(self) -> list[Message]:
        """Everything in the chat as it looks now, in order."""
        return [_message(each) for each in self.api.ask("chat", chat=self.chat)["messages"]]

    def notices(self) -> list[str]:
        """What answers to presses showed for a moment, in order."""
        notices: list[str] = self.api.ask("chat", chat=self.chat, after=self.heard)["notices"]
        return notices

    def hears(self, *, edits: bool = False) -> list[Message]:
        """What the bot sent since the last time, as it looks now; with *edits*, also what it changed since."""
        return self._heard(self.api.ask("chat", chat=self.chat, after=self.heard), edits=edits)

    def waits_for(
        self, n: int = 1, *, text: str = "", edits: bool | None = None, timeout: float = WAIT
    ) -> list[Message]:
        """What the bot sent since the last time, once *n* messages of it hold *text*. What it changed counts too where
        *text* is given, unless *edits* says otherwise. Raises Unmet after *timeout* seconds, telling what was heard."""
        edits = bool(text) if edits is None else edits
        given: Json = {"chat": self.chat, "after": self.heard, "timeout": timeout}
        answer = self.api.ask("wait_chat", count=n, text=text, edits=edits, waits=timeout, **given)
        heard = self._heard(answer, edits=edits)
        if not answer["met"]:
            wanted = f"{n} message(s)" + (f" with {text!r}" if text else "")
            raise Unmet(f"waited {timeout} s for {wanted} in chat {self.chat}; heard {[each.text for each in heard]}")
        return heard

    def _heard(self, answer: Json, *, edits: bool) -> list[Message]:
        before, self.heard = self.heard, answer["revision"]
        return [_message(each) for each in answer["messages"] if each["by_bot"] and (edits or each["sent"] > before)]


class Person(Room):
    """Somebody on Telegram. What they do gives the id of the message it made or concerned."""

    def __init__(self, api: "BotApi", number: int, name: str, language: str) -> None:
        super().__init__(api, number)
        self.id, self.name = number, name
        self._self = {"person": number, "name": name, "language": language}

    def _does(self, verb: str, **details: Any) -> Json:
        answer: Json = self.api.ask(verb, **{**self._self, **details})
        return answer

    def says(self, text: str, *, reply_to: int | None = None, chat: int | None = None, exact: bool = False) -> int:
        """Writes *text*. With *exact* it reaches the bot to the letter, past the cleaning that Telegram's apps do."""
        given = {**self._self, "text": text, "reply_to": reply_to, "chat": chat, "exact": exact}
        return int(self.api.ask("say", all=[given])[0]["message"])

    def presses(
        self, label: str, *, message: int | None = None, times: int = 1, stale: bool = False, chat: int | None = None
    ) -> int:
        """Presses the newest button with that *label* (or callback data), in *message* if given; *times* makes as many
        updates. With *stale* also one that the message no longer shows. Raises Unmet if there is none."""
        given: Json = {"label": label, "message": message, "times": times, "stale": stale, "chat": chat}
        return int(self._does("press", **given)["message"])

    def edits(self, message: int, text: str) -> int:
        return int(self._does("edit", message=message, text=text)["message"])

    def removes(self, message: int) -> None:
        self._does("remove", message=message)

    def forwards(
        self, text: str, sender: str, kind: Literal["user", "hidden_user", "chat", "channel"] = "hidden_user"
    ) -> int:
        """Forwards what *sender* wrote, who is of that *kind*."""
        given = {**self._self, "text": text, "forwarded_from": sender, "forwarded_as": kind}
        return int(self.api.ask("say", all=[given])[0]["message"])

    def sends(self, kind: str, *, caption: str = "", data: bytes = b"\0", **details: Any) -> int:
        """Sends a "voice", "photo", "sticker", "document", "video", "video_note", "animation", "audio" or "contact".
        Details: `file_name`; `size`, in bytes, if that is more than the *data*; `album`, what it is part of."""
        return int(self._does("send", kind=kind, caption=caption, data=data.hex(), **details)["message"])

    def shares_location(self, latitude: float, longitude: float) -> int:
        return int(self._does("send", kind="location", latitude=latitude, longitude=longitude)["message"])

    def reacts(self, message: int, emoji: str) -> None:
        self._does("react", message=message, emoji=emoji)

    def blocks(self) -> None:
        self._does("close")

    def unblocks(self) -> None:
        self._does("open")

    def vanishes(self) -> None:
        """Deletes their account."""
        self._does("close", gone=True)


class Group(Room):
    """A group with the bot in it."""

    def presses(self, person: Person, label: str) -> int:
        return person.presses(label, chat=self.chat)

    def says(self, person: Person, text: str, *, reply_to: int | None = None) -> int:
        return person.says(text, reply_to=reply_to, chat=self.chat)

    def removes_bot(self, person: Person) -> None:
        self.api.ask("close", chat=self.chat, person=person.id)

    def moves_to(self, chat: int) -> None:
        """Becomes a supergroup."""
        self.api.ask("migrate", chat=self.chat, to=chat)


class BotApi:
    """A Bot API server in a process of its own, for as long as the `with` block lasts."""

    def __init__(self, *, strict_limits: bool = False, token: str = "", port: int = 0) -> None:
        self._arguments = ["--port", str(port), "--until-eof"]
        self._arguments += ["--strict-limits"] if strict_limits else []
        self._arguments += ["--token", token] if token else []
        self._process: subprocess.Popen[str] | None = None
        self._local = threading.local()
        self._open: list[http.client.HTTPConnection] = []
        self._people: dict[int, Person] = {}
        self.token = token
        self.port = 0

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.botapi.server", *self._arguments],
            cwd=Path(__file__).parents[2],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"the Bot API server did not start (exit {self._process.wait()})")
        ready = json.loads(line)
        self.port, self.token = ready["port"], ready["token"]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for connection in self._open:
            connection.close()
        process = self._process
        assert process is not None
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.close()
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()

    @property
    def url(self) -> str:
        """The origin, as for `TELEGRAM_API_BASE_URL`."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def base_url(self) -> str:
        """What python-telegram-bot calls base_url."""
        return f"{self.url}/bot"

    @property
    def base_file_url(self) -> str:
        return f"{self.url}/file/bot"

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def ask(self, verb: str, *, waits: float = 0.0, **given: Any) -> Any:
        """The answer of `/control/<verb>`. Raises Unmet when what is asked can't be done."""
        body = json.dumps(given)
        try:
            status, answer = self._post(verb, body, waits)
        except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
            # An idle connection was closed under us: nothing was executed.
            status, answer = self._post(verb, body, waits)
        if status != 200:
            raise Unmet(answer["error"])
        return answer

    def _post(self, verb: str, body: str, waits: float) -> tuple[int, Any]:
        connection: http.client.HTTPConnection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
            self._open.append(connection)
        try:
            if connection.sock is not None:
                connection.sock.settimeout(30 + waits)
            connection.timeout = 30 + waits
            connection.request("POST", f"/control/{verb}", body, {"Content-Type": "application/json"})
            response = connection.getresponse()
            return response.status, json.loads(response.read())
        except BaseException:
            # Half of an answer may still come: this connection is good for nothing more.
            connection.close()
            self._local.connection = None
            raise

    # ------------ people

    def person(self, number: int, name: str = "", *, language: str = "en", written: bool = False) -> Person:
        """The person with that id. With *written* they wrote to the bot once, so it may write to them."""
        if number not in self._people:
            self._people[number] = Person(self, number, name or f"Person {number}", language)
            self._people[number]._does("meet", written=written)
        return self._people[number]

    def group(self, number: int, title: str, by: Person, *, sees_all: bool = False) -> Group:
        """The group with that (negative) id, made by *by*. The bot sees only what is meant for it unless *sees_all*."""
        self.ask("group", chat=number, title=title, person=by.id, sees_all=sees_all)
        return Group(self, number)

    def say_all(self, said: Iterable[tuple[Person, str]]) -> list[int]:
        """Many people write, in that order, in one go; the ids of the messages."""
        answers = self.ask("say", all=[{**person._self, "text": text} for person, text in said])
        return [answer["message"] for answer in answers]

    def play(self, scripts: Iterable[tuple[Person, Sequence[str]]]) -> None:
        """Each person says the first of their lines now, and the next whenever the bot has sent them something. A line
        that begins with "> " presses the button of that label."""
        everybody = []
        for person, lines in scripts:
            steps = [{"label": line[2:]} if line.startswith("> ") else {"text": line} for line in lines]
            everybody.append({**person._self, "steps": steps})
        self.ask("play", all=everybody)

    def wait_played(self, timeout: float = 60.0) -> list[float]:
        """Waits for the end of all scripts; seconds from each step to the bot's next message. Raises Unmet."""
        answer = self.ask("wait_play", timeout=timeout, waits=timeout)
        if not answer["met"]:
            raise Unmet(f"scripts were not through after {timeout} s")
        timings: list[float] = answer["timings"]
        return timings

    # ------------ updates

    def push(self, update: Any = None, *, update_id: int | None = None, raw: str | None = None) -> int:
        """Lays out an update as it is (a dict, any JSON value, or *raw* text), repeated or broken too; its id."""
        return int(self.ask("push", update=update, update_id=update_id, raw=raw)["update"])

    def updates(self) -> list[Json]:
        """Every update so far: `id`, `payload` (text), `handed_out` (times), `confirmed`."""
        answer: list[Json] = self.ask("updates")
        return answer

    def next_update_id(self, number: int) -> None:
        """Update ids go on from *number*, which may be lower than before."""
        self.ask("next_update", id=number)

    def wait_confirmed(self, timeout: float = WAIT) -> None:
        """Waits until the bot has confirmed every update. Raises Unmet."""
        answer = self.ask("wait_updates", timeout=timeout, waits=timeout)
        if not answer["met"]:
            raise Unmet(f"{answer['pending']} update(s) unconfirmed after {timeout} s")

    def wait_polling(self, timeout: float = WAIT) -> None:
        """Waits until a bot sits in a long poll. Raises Unmet."""
        if not self.ask("wait_polling", timeout=timeout, waits=timeout)["met"]:
            raise Unmet(f"no bot polled within {timeout} s")

    # ------------ a webhook

    def bring_through(self, origin: str) -> None:
        """From now on updates are brought to the path of the webhook at *origin* (`http://127.0.0.1:8000`: a balancer),
        whatever host its URL names; where that says itself if it is empty."""
        self.ask("through", origin=origin)

    def webhook(self) -> Json:
        """The webhook that is set: `url` (empty: none), `max_connections`, `secret`; and `statuses`, how often each was
        answered, as text ("0": no answer)."""
        answer: Json = self.ask("webhook")
        return answer

    def wait_webhook(self, timeout: float = WAIT) -> None:
        """Waits until a webhook is set. Raises Unmet."""
        if not self.ask("wait_webhook", timeout=timeout, waits=timeout)["met"]:
            raise Unmet(f"no webhook was set within {timeout} s")

    def wait_brought(self, status: int, n: int = 1, timeout: float = WAIT) -> None:
        """Waits until the bot has answered *n* updates with *status*; 0 is no answer. Raises Unmet."""
        answer = self.ask("wait_brought", status=status, count=n, timeout=timeout, waits=timeout)
        if not answer["met"]:
            raise Unmet(f"{answer['count']} of {n} updates were answered with {status} after {timeout} s")

    # ------------ faults and limits

    def fault(
        self,
        method: str,
        kind: FaultKind,
        *,
        times: int = 1,
        chat: int | None = None,
        containing: str = "",
        after: int = 0,
        **details: Any,
    ) -> None:
        """Spoils the next *times* calls of *method* ("*": any) that fit, leaving the first *after* of them alone.
        Details: hang takes `seconds` (None: for ever) and `executed`; status `code`, `description` or `body`; too_many
        `retry_after`; garbage `body`."""
        given: Json = {"method": method, "kind": kind, "times": times, "chat": chat}
        given |= {"containing": containing, "after": after}
        self.ask("fault", **given, details=details)

    def faults_left(self) -> int:
        """How many calls are still to be spoiled."""
        return sum(each["times"] - each["used"] for each in self.ask("faults"))

    def clear_faults(self) -> None:
        self.ask("faults", clear=True)

    def limits(self, on: bool = True, **rates: float) -> None:
        """Switches Telegram's limits on or off. Rates: overall (30 a second), chat (1 a second), burst (3),
        group_minute (20)."""
        self.ask("set", strict=on, rates=rates)

    def latency(self, seconds: float) -> None:
        """Every answer but that of getUpdates takes that much longer."""
        self.ask("set", latency=seconds)

    def revoke_token(self, token: str) -> None:
        """From now on only *token* is good; the old one is 401."""
        self.ask("set", token=token)
        self.token = token

    def let_pass(self, seconds: float) -> None:
        """Telegram's clock moves on: presses and messages grow older, updates of more than a day are given up."""
        self.ask("age", seconds=seconds)

    # ------------ the log

    def calls(
        self, method: str | None = None, *, chat: int | None = None, code: int | None = None, after: int = 0
    ) -> list[Call]:
        """The bot's calls, oldest first; *after* is a call's number."""
        return [Call(**each) for each in self.ask("calls", method=method, chat=chat, code=code, after=after)]

    def wait_calls(
        self,
        method: str,
        n: int = 1,
        *,
        chat: int | None = None,
        code: int | None = None,
        after: int = 0,
        timeout: float = WAIT,
    ) -> None:
        """Waits until *n* calls of *method* are over (answered, or spoiled by a fault). Raises Unmet."""
        given: Json = {"method": method, "count": n, "chat": chat, "code": code, "after": after, "timeout": timeout}
        answer = self.ask("wait_calls", waits=timeout, **given)
        if not answer["met"]:
            raise Unmet(f"{answer['count']} of {n} calls of {method} after {timeout} s")

    def counts(self) -> Json:
        """`calls`, `codes` and `violations` (by code, as text; violations were not ordered by a fault), `methods`,
        `updates`, `pending`, `presses` and how many of those are `unanswered`."""
        answer: Json = self.ask("counts")
        return answer

    def violations(self, code: int) -> int:
        """How many calls were refused with *code* on their own account."""
        return int(self.counts()["violations"].get(str(code), 0))

    def profile(self) -> Json:
        """What the bot set about itself: `commands`, `description`, `short_description`, `name`; ":de" for German."""
        answer: Json = self.ask("profile")
        return answer

    def file(self, name: str) -> bytes:
        """The bytes of an uploaded file."""
        return bytes.fromhex(self.ask("file", file=name)["data"])

    def empty(self, *, strict_limits: bool = False) -> None:
        """Forgets everybody and everything, for the next test. Ids run on."""
        self.ask("empty", strict=strict_limits)
        self._people.clear()
