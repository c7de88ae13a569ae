"""Telegram's updates become events, replies become messages, and nothing that goes wrong in between is lost or told.

Most of these talk to `Scripted`, which gives one prepared answer after the other, since many faults have to be exact to
the byte; the transcripts at the end talk to the strict server in tests/botapi.
"""

import asyncio
import io
import json
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Self

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer, unused_port
from telegram import Update
from telegram.error import NetworkError

from bot import picture
from bot.channels.http import AiohttpRequest, NotConnected, TooLong
from bot.channels.telegram import TelegramChannel
from bot.channels.updates import _any, _just_words
from bot.domain import Blocked, Choice, Edited, File, Incoming, Pressed, Reply, Said, Sender, Sent, Shared, Unreadable
from bot.engine import Raw
from bot.errors import Gone, Moved, NotSent, Refused, TenfoldError, TooFast, Unread, Unsure
from bot.files import LARGEST
from bot.metrics import Backlog, Prometheus, Waiting
from bot.story import Mark, Story
from bot.text import emphasised
from tests.botapi.client import BotApi
from tests.test_logs import TOKEN, WORDS, Log, logged
from tests.test_metrics import NOW, samples

Json = dict[str, Any]
Answer = Callable[[web.Request], Any]


# ---- the scripted server ----


def ok(result: object) -> Answer:
    """An answer that brings *result*."""
    return lambda request: web.json_response({"ok": True, "result": result})


def no(code: int, description: str = WORDS, **parameters: int) -> Answer:
    """A refusal, as Telegram words it."""
    refusal = {"ok": False, "error_code": code, "description": description}
    return lambda request: web.json_response(refusal | ({"parameters": parameters} if parameters else {}), status=code)


def raw(body: bytes, status: int = 200) -> Answer:
    """Any bytes at all."""
    return lambda request: web.Response(body=body, status=status)


def updates(*some: object) -> Answer:
    """What getUpdates brings."""
    return ok(list(some))


def drop(request: web.Request) -> web.Response:
    """The connection is cut and nothing answered."""
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


async def hang(request: web.Request) -> web.Response:
    """No answer until whoever asks gives up."""
    await asyncio.Event().wait()
    raise AssertionError


class Scripted:
    """A server that gives prepared answers, and, to a getUpdates beyond them, none at all."""

    def __init__(self) -> None:
        self.answers: dict[str, deque[Answer]] = defaultdict(deque)
        self.calls: list[tuple[str, Json]] = []
        self.idle = asyncio.Event()
        self.server: TestServer

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=1 << 30)
        app.router.add_route("*", "/{path:.*}", self._answer)
        self.server = TestServer(app)
        await self.server.start_server(shutdown_timeout=0)
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self.server.close()

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.server.port}"

    def asked(self, method: str) -> list[Json]:
        return [parameters for name, parameters in self.calls if name == method]

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        method = request.path.removeprefix(f"/bot{TOKEN}/")
        multipart = request.content_type == "multipart/form-data"
        given: Json = {}
        if multipart:
            for name, part in (await request.post()).items():
                given[name] = (part.filename, part.file.read()) if isinstance(part, web.FileField) else part
        elif request.can_read_body:
            given = await request.json()
        self.calls.append((method, given))
        if self.answers[method]:
            answer = self.answers[method].popleft()(request)
            response = await answer if asyncio.iscoroutine(answer) else answer
        elif method == "getUpdates":
            self.idle.set()
            response = await hang(request)
        else:
            response = ok(message(text="sent") if method == "sendMessage" else True)(request)
        assert isinstance(response, web.StreamResponse)
        return response


@pytest.fixture(autouse=True)
def log() -> Iterator[Log]:
    """Everything here runs at DEBUG, and no token and no words are in the log afterwards."""
    with logged() as stream:
        yield stream


@pytest.fixture
async def api() -> AsyncIterator[Scripted]:
    async with Scripted() as server:
        yield server


@pytest.fixture
def naps() -> list[float]:
    """The seconds that the channel slept, though it didn't."""
    return []


@pytest.fixture
async def channel(api: Scripted, naps: list[float]) -> AsyncIterator[TelegramChannel]:
    async def sleep(seconds: float) -> None:
        naps.append(seconds)
        await asyncio.sleep(0)

    async with TelegramChannel(TOKEN, api.origin, sleep=sleep) as channel:
        yield channel


def channel_to_nowhere() -> TelegramChannel:
    return TelegramChannel(TOKEN, f"http://127.0.0.1:{unused_port()}")


# ---- updates ----

MIRA: Json = {"id": 7, "is_bot": False, "first_name": "Mira\x00", "language_code": "pt"}
PRIVATE: Json = {"id": 7, "type": "private", "first_name": "Mira"}
GROUP: Json = {"id": -100, "type": "supergroup", "title": WORDS}
FILE: Json = {"file_id": "f", "file_unique_id": "u"}


def message(chat: Json = PRIVATE, /, **content: Any) -> Json:
    return {"message_id": 5, "date": 1_790_000_000, "chat": chat, "from": MIRA, **content}


def update(id: int = 1, **content: object) -> Json:
    return {"update_id": id, **content}


def said(text: str, id: int = 1) -> Json:
    return update(id, message=message(text=text))


def member(status: str, chat: Json = PRIVATE) -> Json:
    bot = {"id": 1, "is_bot": True, "first_name": "Tenfold"}
    states: Json = {
        "old_chat_member": {"user": bot, "status": "left"},
        "new_chat_member": {"user": bot, "status": status},
    }
    if status == "kicked":
        states["new_chat_member"]["until_date"] = 0
    return update(my_chat_member={"chat": chat, "from": MIRA, "date": 1_790_000_000, **states})


def pressed(action: str = "later", **content: Any) -> Json:
    keyboard = {
        "inline_keyboard": [[{"text": "Nothing", "callback_data": "no"}, {"text": "Later", "callback_data": "later"}]]
    }
    under = message(text="🙂 How was it?", reply_markup=keyboard, **content)
    return update(callback_query={"id": "99", "from": MIRA, "chat_instance": "1", "data": action, "message": under})


def read(content: Json) -> Incoming | None:
    return TelegramChannel(TOKEN).read(json.dumps(content))


def event(content: Json) -> object:
    incoming = read(content)
    return incoming and incoming.event


def test_what_someone_writes_is_said() -> None:
    """Text comes clean, with the message's id, what it replies to, and who said it in which language."""
    content = message(text="gave Rui\x00 some\ud83d starter", reply_to_message=message(text="?") | {"message_id": 3})
    assert read(update(message=content)) == Incoming(
        sender=Sender(person=7, chat=7, name="Mira", language="pt"),
        event=Said(text="gave Rui some starter", message=5, reply_to=3),
    )


@pytest.mark.parametrize(("code", "language"), [("p\ud800t", "pt"), ("\ud800", "en"), ("x" * 99, "x" * 35), ("", "en")])
@pytest.mark.parametrize("kind", ["message", "edited_message"])
def test_an_odd_language_harms_nobody(kind: str, code: str, language: str) -> None:
    """A language comes clean and no longer than a tag can be, whichever way the update is read."""
    content = message(text="hello") | {"from": MIRA | {"language_code": code}}
    incoming = read(update() | {kind: content})
    assert incoming is not None
    assert incoming.sender == Sender(person=7, chat=7, name="Mira", language=language)


def test_who_has_no_language_is_spoken_to_in_english() -> None:
    """A sender without a language gets English, and one without an account of their own the chat's name."""
    content = message(text="hi")
    content["from"] = {"id": 7, "is_bot": False, "first_name": "Mira"}
    incoming = read(update(message=content))
    assert incoming is not None
    assert incoming.sender == Sender(person=7, chat=7, name="Mira", language="en")
    del content["from"]
    assert read(update(message=content)) == incoming


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("/start", "/start"),
        ("/start abc_123", "/start"),
        ("/start@TenfoldBot abc", "/start"),
        ("/help@TenfoldBot", "/help"),
        ("/Checkin@TenfoldBot full", "/checkin full"),
        ("/later 7d", "/later 7d"),
        ("/starting over", "/starting over"),
        ("/me@home.example asked", "/me@home.example asked"),
        ("and/or", "and/or"),
        ("see /help@TenfoldBot", "see /help@TenfoldBot"),
    ],
)
def test_commands_are_what_they_mean(written: str, meant: str) -> None:
    """A bot's name behind a command and a link's addition to /start are dropped; other words stay as they are."""
    assert event(said(written)) == Said(text=meant, message=5)


def test_a_press_brings_its_label() -> None:
    """A pressed button is its action, its message and what it said; unknown ones and old messages have no label."""
    assert event(pressed()) == Pressed(action="later", message=5, label="Later")
    assert event(pressed("forged\x00")) == Pressed(action="forged", message=5)
    old = {"chat": PRIVATE, "message_id": 5, "date": 0}
    query = pressed()["callback_query"] | {"message": old}
    assert event(update(callback_query=query)) == Pressed(action="later", message=5)


def test_a_shared_place_is_only_a_zone() -> None:
    """Of a location the zone is kept and nothing else; nobody is told off for sharing one off the map."""
    place = {"latitude": 41.1579, "longitude": -8.6291}
    incoming = read(update(message=message(location=place)))
    assert incoming is not None
    assert incoming.event == Shared(zone="Europe/Lisbon", message=5)
    assert "41.15" not in repr(incoming)
    assert event(update(message=message(location={"latitude": 500, "longitude": 500}))) == Sent(kind="other", message=5)


def test_an_edit_brings_the_new_words() -> None:
    """What a message or caption says now; a live location that moves says nothing."""
    assert event(update(edited_message=message(text="two loaves"))) == Edited(text="two loaves", message=5)
    photo = message(caption="the loaf", photo=[FILE | {"width": 9, "height": 9}])
    assert event(update(edited_message=photo)) == Edited(text="the loaf", message=5)
    assert event(update(edited_message=message(location={"latitude": 41.1, "longitude": -8.6}))) is None


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("voice", {"voice": FILE | {"duration": 4}}),
        ("photo", {"photo": [FILE | {"width": 9, "height": 9}]}),
        ("document", {"document": FILE}),
        (
            "sticker",
            {"sticker": FILE | {"type": "regular", "width": 9, "height": 9, "is_animated": False, "is_video": False}},
        ),
        ("video", {"video": FILE | {"width": 9, "height": 9, "duration": 4}}),
        ("video", {"animation": FILE | {"width": 9, "height": 9, "duration": 4}, "document": FILE}),
        ("video", {"video_note": FILE | {"length": 9, "duration": 4}}),
        ("audio", {"audio": FILE | {"duration": 4}}),
        ("contact", {"contact": {"phone_number": "1", "first_name": "Joana"}}),
        ("other", {"dice": {"emoji": "🎲", "value": 3}}),
        ("other", {"something_new": {"of": "next year"}}),
    ],
)
def test_what_isnt_words_is_sent(kind: str, content: Json) -> None:
    """Every kind of message reaches the dialogue, those that Telegram has yet to invent included, with its caption, and
    with the file that can be kept of it."""
    file = File(kind=kind, id="f") if kind not in ("sticker", "contact", "other") else None
    answered = message(text="?") | {"message_id": 3}
    assert event(update(message=message(caption="for\x00 later", reply_to_message=answered, **content))) == Sent(
        kind=kind, caption="for later", message=5, reply_to=3, file=file
    )


def test_a_file_is_known_by_what_telegram_says_of_it() -> None:
    """Its id, its name, clean, and its size; of a photo the largest, wherever it stands; and its album."""
    about = {"file_name": "le\x00tter.pdf", "file_size": 17}
    document = event(update(message=message(document=FILE | about, media_group_id="77")))
    assert document == Sent(
        kind="document", message=5, file=File(kind="document", id="f", name="letter.pdf", size=17), album="77"
    )
    sizes = [
        {"file_id": f"{width}", "file_unique_id": "u", "width": width, "height": 9, "file_size": width}
        for width in (90, 1280, 320)
    ]
    photo = event(update(message=message(photo=sizes)))
    assert photo == Sent(kind="photo", message=5, file=File(kind="photo", id="1280", size=1280))


@pytest.mark.parametrize(
    ("origin", "name"),
    [
        (
            {"type": "user", "sender_user": {"id": 8, "is_bot": False, "first_name": "Ru\x00i", "last_name": "S."}},
            "Rui",
        ),
        ({"type": "hidden_user", "sender_user_name": "Rui \n S."}, "Rui S."),
        ({"type": "chat", "sender_chat": {"id": -9, "type": "supergroup", "title": "Bakers"}}, "Bakers"),
        ({"type": "channel", "chat": {"id": -9, "type": "channel", "title": "Bread"}, "message_id": 4}, "Bread"),
        ({"type": "chat", "sender_chat": {"id": -9, "type": "supergroup"}}, ""),
        ({"type": "of next year"}, ""),
    ],
)
def test_whose_words_were_forwarded(origin: Json, name: str) -> None:
    """A forwarded message says who wrote it first, as far as that is known; one's own says nothing of the kind."""
    forwarded = message(text="/start thank you", forward_origin=origin | {"date": 1_790_000_000})
    assert event(update(message=forwarded)) == Said(text="/start", message=5, forwarded=name)
    assert event(said("thank you")) == Said(text="thank you", message=5)


def test_what_telegram_itself_puts_into_a_chat_is_nobodys_word() -> None:
    """A pinned message and the like get no answer."""
    assert event(update(message=message(pinned_message=message(text="x")))) is None


def test_blocking_is_heard_and_coming_back_is_not_a_word() -> None:
    """Blocking pauses; unblocking alone says nothing, since the person then writes or presses Start."""
    assert event(member("kicked")) == Blocked()
    assert event(member("member")) is None


@pytest.mark.parametrize(
    "content",
    [
        update(message=message(GROUP, text=WORDS)),
        update(edited_message=message(GROUP, text=WORDS)),
        update(message=message(GROUP, voice=FILE | {"duration": 4})),
        update(callback_query=pressed()["callback_query"] | {"message": message(GROUP, text="?")}),
        member("member", GROUP),
    ],
)
def test_a_group_is_one_person_whose_words_are_not_read(content: Json) -> None:
    """Whatever happens in a group belongs to the group, under its own number, without words or names."""
    incoming = read(content)
    assert incoming is not None
    assert incoming.sender == Sender(person=-100, chat=-100, language="pt")
    assert incoming.event == Unreadable(kind="group")


@pytest.mark.parametrize(
    "content",
    [
        member("kicked", GROUP),
        update(channel_post=message({"id": -200, "type": "channel", "title": "x"}, text=WORDS)),
        update(
            poll={"id": "1", "question": "?", "options": [], "type": "regular", "total_voter_count": 0}
            | dict.fromkeys(("is_closed", "is_anonymous", "allows_multiple_answers", "allows_revoting"), False)
            | {"members_only": False}
        ),
        update(callback_query={"id": "9", "from": MIRA, "chat_instance": "1", "data": "x", "inline_message_id": "1"}),
        update(callback_query=pressed()["callback_query"] | {"data": None, "game_short_name": "x"}),
        update(something_new={}),
        update(),
    ],
)
def test_what_concerns_nobody_is_nothing(content: Json) -> None:
    """Channels, polls, inline messages and what isn't known yet are passed over."""
    assert read(content) is None


@pytest.mark.parametrize(
    ("payload", "person"),
    [
        ("", None),
        ("[]", None),
        ("17", None),
        ('{"message": {}}', None),
        ('{"update_id": 1, "message": {"chat": 5}}', None),
        ("nul", None),
        ('{"update_id":1,"message":{"chat":{"id":7,"type":"private"},"date":"soon"}}', 7),
        ('{"update_id": 1, "message": {"chat": {"type": "private", "id": 7}, "text": "cut o', 7),
        (
            '{"update_id":1,"message":{"text":"\\"chat\\":{\\"id\\":8}","chat":{"id":7},"forward_origin":{"chat":{"id":9}}',
            7,
        ),
    ],
)
def test_what_cant_be_read_raises(payload: str, person: int | None) -> None:
    """A malformed update is an exception, which the engine sets aside; it is never taken for nothing. Whose it is is
    told if that can be seen, so that it is erased along with them; words that look like it don't count."""
    channel = TelegramChannel(TOKEN)
    with pytest.raises(Unread) as raised:
        channel.read(payload)
    assert raised.value.person == person
    assert isinstance(raised.value.__cause__, ValueError | TypeError | KeyError | AttributeError)


# ---- sending ----


async def test_emphasis_travels_in_utf16_units(api: Scripted, channel: TelegramChannel) -> None:
    """Marks become italic entities, counted as Telegram counts; nothing in the text is markup."""
    text = f"🙂 <b>{emphasised('sour🍞dough')} & {emphasised('')}*two* {emphasised('end')}"
    assert await channel.send(7, Reply(text=text)) == 5
    [sent] = api.asked("sendMessage")
    assert sent == {
        "chat_id": 7,
        "text": "🙂 <b>sour🍞dough & *two* end",
        "entities": [{"type": "italic", "offset": 6, "length": 11}, {"type": "italic", "offset": 26, "length": 3}],
        "link_preview_options": {"is_disabled": True},
    }


CHOICES = (
    (Choice(label="Yes", action="y:1", style="primary"), Choice(label="No", action="n:1")),
    (Choice(label="Later", action="l:1", style="danger"),),
)


async def test_choices_are_buttons(api: Scripted, channel: TelegramChannel) -> None:
    """Rows stay rows and styles go through the API's own field."""
    await channel.send(7, Reply(text="?", choices=CHOICES))
    [sent] = api.asked("sendMessage")
    assert sent["reply_markup"] == {
        "inline_keyboard": [
            [{"text": "Yes", "callback_data": "y:1", "style": "primary"}, {"text": "No", "callback_data": "n:1"}],
            [{"text": "Later", "callback_data": "l:1", "style": "danger"}],
        ]
    }


async def test_bare_is_words_and_buttons_alone(api: Scripted, channel: TelegramChannel) -> None:
    """After a refusal the same is said without emphasis and styles."""
    await channel.send(7, Reply(text=emphasised("one"), choices=CHOICES), bare=True)
    [sent] = api.asked("sendMessage")
    assert sent["text"] == "one"
    assert "entities" not in sent
    assert "style" not in json.dumps(sent)


async def test_a_reply_may_replace_a_message(api: Scripted, channel: TelegramChannel) -> None:
    """An edit keeps the message's id; one that changes nothing has succeeded."""
    api.answers["editMessageText"] += [ok(message(text="new")), no(400, "Bad Request: message is not modified: same")]
    for _time in range(2):
        assert await channel.send(7, Reply(text="new", replaces=4, choices=CHOICES)) == 4
    first, second = api.asked("editMessageText")
    assert first == second
    assert (first["chat_id"], first["message_id"], first["text"]) == (7, 4, "new")
    assert not api.asked("sendMessage")


@pytest.mark.parametrize(
    "description",
    [
        "Bad Request: message can't be edited",
        "Bad Request: message to edit not found",
        "MESSAGE_ID_INVALID",
        "Bad Request: there is no text in the message to edit",
    ],
)
async def test_what_cant_be_edited_is_said_anew(api: Scripted, channel: TelegramChannel, description: str) -> None:
    """A message that is too old or was deleted doesn't keep anybody from hearing the reply."""
    api.answers["editMessageText"].append(no(400, description))
    assert await channel.send(7, Reply(text="new", replaces=4)) == 5


FAILURES = [
    (no(400, f"Bad Request: can't parse entities: {WORDS}"), Refused),
    (no(400, "Bad Request: chat not found"), Gone),
    (no(403, "Forbidden: bot was blocked by the user"), Gone),
    (no(403, "Forbidden: user is deactivated"), Gone),
    (no(401, "Unauthorized"), NotSent),
    (no(404, "Not Found"), NotSent),
    (no(400, "Bad Request: group chat was upgraded", migrate_to_chat_id=-1005), Moved),
    (no(429, "Too Many Requests: retry after 5", retry_after=5), TooFast),
    (no(429, "Too Many Requests"), TooFast),
    (no(500, "Internal Server Error"), Unsure),
    (no(502, "Bad Gateway"), Unsure),
    (raw(f"<html>{WORDS}</html>".encode(), 504), Unsure),
    (raw(f"<html>{WORDS}</html>".encode()), Unsure),
    (raw(b'{"ok": true}'), Unsure),
    (ok({"chat": 5}), Unsure),
    (lambda request: web.HTTPFound(f"http://127.0.0.1:{unused_port()}/"), Unsure),
    (drop, Unsure),
]


async def test_an_edit_answered_with_half_a_message_may_have_arrived(api: Scripted, channel: TelegramChannel) -> None:
    """Of a message sent only the id is needed; an edit's answer is read whole, and a torn one proves nothing."""
    api.answers["editMessageText"].append(ok({"message_id": 5}))
    with pytest.raises(Unsure):
        await channel.send(7, Reply(text=WORDS, replaces=4))
    api.answers["sendMessage"].append(ok({"message_id": 5}))
    assert await channel.send(7, Reply(text=WORDS)) == 5


@pytest.mark.parametrize("method", ["sendMessage", "editMessageText"])
@pytest.mark.parametrize(("answer", "failure"), FAILURES)
async def test_a_failure_says_whether_the_message_can_have_arrived(
    api: Scripted, channel: TelegramChannel, method: str, answer: Answer, failure: type[Exception]
) -> None:
    """Only what certainly didn't arrive is NotSent; what may have is Unsure; the rest says who is at fault."""
    api.answers[method].append(answer)
    with pytest.raises(failure) as raised:
        await channel.send(7, Reply(text=WORDS, replaces=4 if method == "editMessageText" else None))
    assert raised.type is failure
    if isinstance(raised.value, TooFast):
        assert raised.value.seconds in (1, 5)
    if isinstance(raised.value, Moved):
        assert raised.value.chat == -1005
    assert WORDS not in str(raised.value)
    assert raised.value.__context__ is None


async def test_no_answer_in_time_is_unsure(api: Scripted, channel: TelegramChannel) -> None:
    """A message whose answer doesn't come may have arrived."""
    api.answers["sendMessage"].append(hang)
    channel._calls._read = 0.05
    with pytest.raises(Unsure):
        await channel.send(7, Reply(text=WORDS))


async def test_who_was_never_reached_got_nothing() -> None:
    """Without a connection nothing has left this machine, and the message may be sent again without a thought."""
    async with channel_to_nowhere() as channel:
        with pytest.raises(NotSent):
            await channel.send(7, Reply(text=WORDS))


async def test_a_press_is_answered_and_shows_the_choice(api: Scripted, channel: TelegramChannel) -> None:
    """The spinner stops; under its words the message says what was chosen, its emphasis stays, its buttons are gone."""
    marks = [{"type": "italic", "offset": 0, "length": 2}, {"type": "bot_command", "offset": 3, "length": 3}]
    incoming = read(pressed(entities=marks))
    assert incoming is not None
    await channel.acknowledge(incoming)
    await channel.mark(incoming, emphasised("Later"))
    assert [name for name, _given in api.calls] == ["answerCallbackQuery", "editMessageText"]
    assert api.asked("editMessageText") == [
        {
            "chat_id": 7,
            "message_id": 5,
            "text": "🙂 How was it?\n\n› Later",
            "entities": marks[:1],
            "link_preview_options": {"is_disabled": True},
        }
    ]


async def test_only_presses_are_answered(api: Scripted, channel: TelegramChannel) -> None:
    """What isn't a press has no spinner and no buttons; a message whose words are too old to come loses its buttons."""
    incoming = read(said("hi"))
    assert incoming is not None
    await channel.acknowledge(incoming)
    await channel.mark(incoming, "Later")
    assert not api.calls
    old = {"chat": PRIVATE, "message_id": 5, "date": 0}
    incoming = read(update(callback_query=pressed()["callback_query"] | {"message": old}))
    assert incoming is not None
    await channel.acknowledge(incoming)
    await channel.mark(incoming, "Later")
    assert [name for name, _given in api.calls] == ["answerCallbackQuery", "editMessageReplyMarkup"]


@pytest.mark.parametrize("text", ["x" * 4090, "How was it?\n\n› Later"])
async def test_a_full_message_only_loses_its_buttons(api: Scripted, channel: TelegramChannel, text: str) -> None:
    """Where no line fits or it is there already, the words stay as they are."""
    query = pressed()["callback_query"]
    query["message"]["text"] = text
    incoming = read(update(callback_query=query))
    assert incoming is not None
    await channel.mark(incoming, "Later")
    assert api.asked("editMessageReplyMarkup") == [{"chat_id": 7, "message_id": 5}]
    assert not api.asked("editMessageText")


async def test_best_effort_never_raises(api: Scripted, channel: TelegramChannel, log: Log) -> None:
    """Typing, answering a press and marking the choice may fail in any way, and that is that."""
    incoming = read(pressed())
    assert incoming is not None
    api.answers["answerCallbackQuery"] += [no(400, "Bad Request: query is too old"), drop]
    api.answers["editMessageText"] += [no(400), raw(WORDS.encode())]
    api.answers["sendChatAction"] += [no(403), no(429, retry_after=9), ok(True)]
    for _time in range(2):
        await channel.acknowledge(incoming)
        await channel.mark(incoming, "Later")
    for _time in range(3):
        await channel.typing(7)
    assert api.asked("sendChatAction") == [{"chat_id": 7, "action": "typing"}] * 3
    assert log.getvalue().count("a best-effort call failed") == 6
    async with channel_to_nowhere() as nowhere:
        await nowhere.acknowledge(incoming)
        await nowhere.mark(incoming, "Later")
        await nowhere.typing(7)


# ---- receiving ----


class Inbox:
    """What came, in batches; it can be made to fail."""

    def __init__(self, api: Scripted, failures: int = 0) -> None:
        self.api, self.failures = api, failures
        self.batches: list[list[Raw]] = []
        self.polls: list[int] = []

    async def __call__(self, batch: Sequence[Raw]) -> None:
        polls = len(self.api.asked("getUpdates"))
        await asyncio.sleep(0)
        assert len(self.api.asked("getUpdates")) == polls, "Telegram was asked again before this was stored"
        if self.failures:
            self.failures -= 1
            raise OSError(WORDS)
        self.batches.append(list(batch))

    @property
    def ids(self) -> list[int]:
        return [raw.id for batch in self.batches for raw in batch]


async def poll_all(api: Scripted, channel: TelegramChannel, inbox: Inbox | None = None) -> Inbox:
    """Polls until all prepared answers are used up, then stops in the middle of the next poll."""
    inbox = inbox or Inbox(api)
    polling = asyncio.create_task(channel.poll(inbox))
    idle = asyncio.create_task(api.idle.wait())
    await asyncio.wait([polling, idle], return_when=asyncio.FIRST_COMPLETED, timeout=10)
    assert not polling.done()
    polling.cancel()
    with pytest.raises(asyncio.CancelledError):
        await polling
    assert idle.done()
    return inbox


def offsets(api: Scripted) -> list[int | None]:
    return [asked.get("offset") for asked in api.asked("getUpdates")]


async def test_telegram_forgets_only_what_is_stored(api: Scripted, channel: TelegramChannel) -> None:
    """The next poll, which lets Telegram forget, goes out after the inbox has the batch, whole and as it came."""
    first, second = said("a \ud83d b", 10), said(WORDS, 12)
    api.answers["getUpdates"] += [updates(first, second), updates(said("c", 13))]
    inbox = await poll_all(api, channel)
    assert [[raw.id for raw in batch] for batch in inbox.batches] == [[10, 12], [13]]
    assert [json.loads(raw.payload) for raw in inbox.batches[0]] == [first, second]
    assert offsets(api) == [None, 13, 14]
    assert api.asked("getUpdates")[0] == {
        "limit": 100,
        "timeout": 50,
        "allowed_updates": ["message", "edited_message", "callback_query", "my_chat_member"],
    }


async def test_ids_may_start_again_lower(api: Scripted, channel: TelegramChannel) -> None:
    """After an empty answer no offset is sent, so that a lower id after an idle week is not taken for a known one."""
    api.answers["getUpdates"] += [updates(said("a", 900)), updates(), updates(said("b", 4)), updates()]
    inbox = await poll_all(api, channel)
    assert inbox.ids == [900, 4]
    assert offsets(api) == [None, 901, None, 5, None]


async def test_what_nobody_writes_is_passed_over(api: Scripted, channel: TelegramChannel, log: Log) -> None:
    """An update over a megabyte is counted and dropped, alone or among others."""
    huge = "canary" * 200_000
    api.answers["getUpdates"] += [updates(said("a", 1), said(huge, 2), said("b", 3)), updates(said(huge, 4))]
    inbox = await poll_all(api, channel)
    assert inbox.ids == [1, 3]
    assert offsets(api) == [None, 4, 5]
    passed_over = [line for line in log.lines if "is passed over" in line["event"]]
    assert [line["update"] for line in passed_over] == [2, 4]
    assert all(line["bytes"] > 1 << 20 for line in passed_over)


@pytest.mark.parametrize(
    "broken",
    [
        b'{"update_id": 2, "message": {"text": canary}}',
        b'{"update_id":2,"message":',
        b'{"update_id":2,"message":{"text":"\x00\xff"}}',
        b'{"update_id": 2, "message": ' + b"[" * 200_000 + b"}",
        b"17",
        b'{"message": {}}',
        b'{"update_id": "nine"}',
        b'{"update_id": 99999999999999999999999999}',
    ],
)
async def test_a_broken_update_harms_nobody(api: Scripted, channel: TelegramChannel, broken: bytes) -> None:
    """Good updates around one that isn't JSON, or has no id, are received; the broken one is stored if it has an id."""
    good = [json.dumps(said(f'{{"update_id": 77}} {WORDS}', id)).encode() for id in (1, 3)]
    api.answers["getUpdates"].append(raw(b'{"ok":true,"result":[' + b",\n".join([good[0], broken, good[1]]) + b"]}"))
    inbox = await poll_all(api, channel)
    received = {raw.id: raw.payload for batch in inbox.batches for raw in batch}
    assert set(received) - {2} == {1, 3}
    assert (2 in received) == (b'"update_id": 2' in broken or b'"update_id":2' in broken)
    assert json.loads(received[1]) == json.loads(good[0])
    assert json.loads(received[3]) == json.loads(good[1])
    assert "\x00" not in received.get(2, "")
    assert offsets(api)[-1] == 4


async def test_the_loop_outlives_everything(
    api: Scripted, channel: TelegramChannel, log: Log, naps: list[float]
) -> None:
    """Refused, rivalled, ailing, cut off, talking nonsense: the loop waits longer and longer, says each once, and is
    back at work the moment Telegram is."""
    api.answers["getUpdates"] += [
        *[no(401, "Unauthorized")] * 2,
        no(404, "Not Found"),
        *[no(409, "Conflict: terminated by other getUpdates request")] * 2,
        *[no(502), raw(WORDS.encode(), 500)],
        *[drop, drop],
        *[raw(WORDS.encode()), raw(b'{"ok":true}'), raw(b"[]")],
        updates(said("at last", 1)),
        no(500),
        updates(),
    ]
    inbox = await poll_all(api, channel)
    assert inbox.ids == [1]
    assert naps == [0.5, 1, 2, 4, 8, 16, *[30] * 6, 0.5]
    said_so = [line["event"] for line in log.lines if line["logger"] == "bot.channels.telegram"]
    expected = [
        "Telegram refuses the token: paste the one from @BotFather into TELEGRAM_BOT_TOKEN",
        "another process receives for this bot: stop it",
        "Telegram has trouble (HTTP 502)",
        "Telegram can't be reached: check the network",
        "Telegram's answer can't be read",
        "all is well again",
        "Telegram has trouble (HTTP 500)",
        "all is well again",
    ]
    assert [line[: len(start)] for line, start in zip(said_so, expected, strict=True)] == expected


async def test_telegram_away_at_the_start_is_waited_for(naps: list[float], log: Log) -> None:
    """A bot that starts while Telegram can't be reached goes on trying, and says so once."""
    enough = asyncio.Event()

    async def sleep(seconds: float) -> None:
        naps.append(seconds)
        if len(naps) == 9:
            enough.set()
        await asyncio.sleep(0)

    async with TelegramChannel(TOKEN, f"http://127.0.0.1:{unused_port()}", sleep=sleep) as channel:
        polling = asyncio.create_task(channel.poll(lambda batch: asyncio.sleep(0)))
        await asyncio.wait_for(enough.wait(), 10)
        polling.cancel()
        with pytest.raises(asyncio.CancelledError):
            await polling
    assert naps[:9] == [0.5, 1, 2, 4, 8, 16, 30, 30, 30]
    assert log.getvalue().count("can't be reached") == 1
    assert "ClientConnectorError" in log.getvalue()


async def test_telegrams_own_wish_to_wait_is_kept(api: Scripted, channel: TelegramChannel, naps: list[float]) -> None:
    """Told to wait, the loop waits at least that long."""
    api.answers["getUpdates"] += [no(429, retry_after=17), no(429, retry_after=0)]
    await poll_all(api, channel)
    assert naps == [17, 1]


async def test_a_forgotten_webhook_is_removed(api: Scripted, channel: TelegramChannel, log: Log) -> None:
    """A webhook from earlier days takes the updates: it is deleted, and what waited there is kept."""
    conflict = "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete it first"
    api.answers["getUpdates"] += [no(409, conflict), updates(said("a", 1))]
    inbox = await poll_all(api, channel)
    assert inbox.ids == [1]
    assert api.asked("deleteWebhook") == [{}]
    assert "webhook" in log.getvalue()


def described(description: str) -> Answer:
    """What setWebhook brings."""
    return lambda request: web.json_response({"ok": True, "result": True, "description": description})


async def brought(api: Scripted, looks: int) -> list[float]:
    """The seconds slept by a channel that has updates brought, until it has looked so often whether it is so."""
    naps: list[float] = []

    async def sleep(seconds: float) -> None:
        naps.append(seconds)
        if naps.count(600) == looks:
            raise asyncio.CancelledError
        await asyncio.sleep(0)

    async with TelegramChannel(TOKEN, api.origin, sleep=sleep) as channel:
        with pytest.raises(asyncio.CancelledError):
            await asyncio.wait_for(channel.have_brought("https://bot.example.org/canary", "canary-S3cret"), 10)
        assert channel.polled_since() is None
    return naps


async def test_updates_are_to_be_brought(api: Scripted, log: Log) -> None:
    """Telegram is told where to, with which secret, on how many connections, and only of the kinds that are read."""
    api.answers["setWebhook"] += [described("Webhook was set")]
    assert await brought(api, 1) == [600]
    assert api.asked("setWebhook") == [
        {
            "url": "https://bot.example.org/canary",
            "secret_token": "canary-S3cret",
            "max_connections": 40,
            "allowed_updates": ["message", "edited_message", "callback_query", "my_chat_member"],
        }
    ]
    assert "canary" not in log.getvalue()


async def test_a_webhook_is_set_until_that_has_worked(api: Scripted, log: Log) -> None:
    """Whatever Telegram says instead, it is said what helps, and tried again after a while that grows."""
    api.answers["setWebhook"] += [no(401), no(429, retry_after=9), no(400), no(502), drop, raw(b"<p>Log in")]
    api.answers["setWebhook"] += [described("Webhook was set")]
    assert await brought(api, 1) == [0.5, 9, 2, 4, 8, 16, 600]
    for said in (
        "refuses the token",
        "has trouble (HTTP 429)",
        "doesn't take WEBHOOK_URL",
        "has trouble (HTTP 502)",
        "can't be reached",
        "can't be read",
        "all is well again",
    ):
        assert said in log.getvalue()


async def test_a_webhook_that_was_taken_away_is_set_again(api: Scripted, log: Log) -> None:
    """Another process may have changed it: that is noticed and said. Nothing is said while all is as it was."""
    api.answers["setWebhook"] += [described("Webhook is already set")] * 3
    await brought(api, 3)
    assert "taken away" not in log.getvalue()
    api.answers["setWebhook"] += [described("Webhook is already set"), described("Webhook was set")]
    await brought(api, 2)
    assert "the webhook had been taken away or changed" in log.getvalue()


async def test_when_it_was_polled(api: Scripted, channel: TelegramChannel) -> None:
    """It is known how long ago a poll went well: from the beginning, and as long as it polls."""
    assert channel.polled_since() is None
    polling = asyncio.create_task(channel.poll(Inbox(api)))
    await asyncio.wait_for(api.idle.wait(), 10)
    since = channel.polled_since()
    assert since is not None
    assert since < timedelta(seconds=10)
    polling.cancel()
    with pytest.raises(asyncio.CancelledError):
        await polling
    assert channel.polled_since() is None


async def test_what_is_counted(api: Scripted) -> None:
    """Each send by what became of it, every 429 of whatever call with the time it asks for, and what is passed over."""
    metrics = Prometheus()
    nothing = Waiting(0, None)
    api.answers["sendMessage"] += [no(429, retry_after=7), no(400), no(403), no(502)]
    api.answers["setMessageReaction"] += [no(429, retry_after=2)]
    api.answers["getUpdates"] += [no(429, retry_after=1), updates(said("x" * (1 << 20), 4))]

    async def sleep(_seconds: float) -> None:
        await asyncio.sleep(0)

    async with TelegramChannel(TOKEN, api.origin, metrics=metrics, sleep=sleep) as channel:
        for error in (TooFast, Refused, Gone, Unsure):
            with pytest.raises(error):
                await channel.send(7, Reply(text="hello"))
        await channel.send(7, Reply(text="hello"))
        await channel.react(7, 5)
        await poll_all(api, channel)
    counted = samples(metrics.text(Backlog(updates=nothing, messages=nothing, due=nothing), NOW))
    sends = ("told to wait", "refused", "gone", "unsure", "sent")
    assert [counted[f"tenfold_sends_total {outcome}"] for outcome in sends] == [1] * 5
    assert (counted["tenfold_too_many_total"], counted["tenfold_too_many_wait_seconds_total"]) == (3, 10)
    assert counted["tenfold_updates_total too large"] == 1


async def test_what_cant_be_stored_stays_with_telegram(
    api: Scripted, channel: TelegramChannel, naps: list[float], log: Log
) -> None:
    """If the inbox fails nothing is confirmed, and the same updates come again until it doesn't."""
    api.answers["getUpdates"] += [updates(said("a", 4)), updates(), *[updates(said("b", 5))] * 3]
    inbox = Inbox(api)

    async def receive(batch: Sequence[Raw]) -> None:
        inbox.failures = 2 if batch[0].id == 5 and not naps else inbox.failures
        await inbox(batch)

    polling = asyncio.create_task(channel.poll(receive))
    await asyncio.wait_for(api.idle.wait(), 10)
    polling.cancel()
    with pytest.raises(asyncio.CancelledError):
        await polling
    assert inbox.ids == [4, 5]
    assert offsets(api) == [None, 5, None, None, None, 6]
    assert naps == [0.5, 1]
    assert log.getvalue().count("can't be stored") == 1


async def test_too_long_an_answer_is_asked_for_in_parts(
    api: Scripted, channel: TelegramChannel, naps: list[float]
) -> None:
    """Where a hundred updates are more than fits in memory fewer are asked for, at least one, and soon more again."""
    channel._receiving._longest = 1000
    long = updates(said("x" * 2000, 1))
    api.answers["getUpdates"] += [*[long] * 7, updates(said("a", 1)), updates(said("b", 2))]
    inbox = await poll_all(api, channel)
    assert inbox.ids == [1, 2]
    assert [asked["limit"] for asked in api.asked("getUpdates")] == [100, 50, 25, 12, 6, 3, 1, 1, 2, 4]
    assert naps == [0.5]


# ---- about itself ----

COMMANDS = [("checkin", "The week's questions, now"), ("help", "What I can do")]


async def test_the_bot_introduces_itself(api: Scripted, channel: TelegramChannel, naps: list[float]) -> None:
    """Commands and two descriptions within Telegram's limits are set; what fails is tried again, what is refused
    isn't."""
    api.answers["setMyCommands"] += [drop, no(429, retry_after=40), no(502), ok(True)]
    api.answers["setMyShortDescription"].append(no(400))
    await channel.introduce(COMMANDS)
    commands = api.asked("setMyCommands")
    assert commands[0] == commands[-1]
    assert commands[0]["scope"] == {"type": "all_private_chats"}
    assert [command["command"] for command in commands[0]["commands"]] == ["checkin", "help"]
    assert len(api.asked("setMyShortDescription")) == 1
    assert 0 < len(api.asked("setMyShortDescription")[0]["short_description"]) <= 120
    assert 0 < len(api.asked("setMyDescription")[0]["description"]) <= 512
    assert naps == [1, 40, 4]


async def test_a_token_is_checked_with_its_cure(api: Scripted, channel: TelegramChannel) -> None:
    """A good token tells the bot's name; a bad one, an unreachable server and one that isn't Telegram tell the cure."""
    api.answers["getMe"] += [
        ok({"id": 1, "is_bot": True, "first_name": "Tenfold", "username": "tenfold_bot"}),
        no(401, "Unauthorized"),
        no(404, "Not Found"),
        drop,
        raw(WORDS.encode()),
    ]
    assert await channel.check_token() == "tenfold_bot"
    for cure in ("TELEGRAM_BOT_TOKEN", "TELEGRAM_BOT_TOKEN", "network", "TELEGRAM_API_BASE_URL"):
        with pytest.raises(TenfoldError, match=cure) as raised:
            await channel.check_token()
        assert "canary" not in str(raised.value)
    with pytest.raises(TenfoldError, match=r"copy \.env\.example"):
        TelegramChannel("")


def test_a_channel_doesnt_show_its_token() -> None:
    """However it is printed, the token isn't in it."""
    channel = TelegramChannel(TOKEN)
    assert TOKEN not in f"{channel!r} {channel} {vars(channel)['_calls']!r}"


# ---- files ----

METHODS = {
    "voice": "sendVoice",
    "photo": "sendPhoto",
    "video": "sendVideo",
    "audio": "sendAudio",
    "document": "sendDocument",
}
WRONG = no(400, "Bad Request: wrong file identifier/HTTP URL specified")


@pytest.fixture
def bread(tmp_path: Path) -> File:
    """A file that is kept here, and that Telegram may have as well."""
    path = tmp_path / "17"
    path.write_bytes(b"bread")
    return File(kind="photo", id="f", name="loaf é.jpg", size=5, path=str(path))


@pytest.mark.parametrize("kind", METHODS)
async def test_a_file_goes_by_its_id(api: Scripted, channel: TelegramChannel, kind: str) -> None:
    """What Telegram has goes out by its id, as what it is, with the words below it, their emphasis and the buttons."""
    api.answers[METHODS[kind]].append(ok(message(text="sent")))
    file = File(kind=kind, id="f")
    assert await channel.send(7, Reply(text=f"A {emphasised('loaf')}", choices=CHOICES, replaces=4), attached=file) == 5
    [(method, sent)] = api.calls
    assert method == METHODS[kind]
    assert sent.pop("reply_markup")["inline_keyboard"][0][0]["text"] == "Yes"
    entities = [{"type": "italic", "offset": 2, "length": 4}]
    assert sent == {"chat_id": 7, kind: "f", "caption": "A loaf", "caption_entities": entities}


@pytest.mark.parametrize("kind", METHODS)
@pytest.mark.parametrize("refusal", [WRONG, no(400, "Bad Request: can't use file of type VideoNote as Video"), None])
async def test_what_telegram_doesnt_have_goes_up(
    api: Scripted, channel: TelegramChannel, bread: File, kind: str, refusal: Answer | None
) -> None:
    """An id that is another bot's, or of another kind, or none at all: the bytes kept here go up instead."""
    file = File(kind=kind, id="f" if refusal else "", size=5, path=bread.path)
    api.answers[METHODS[kind]] += [*([refusal] if refusal else []), ok(message(text="sent"))]
    assert await channel.send(7, Reply(text="é", choices=CHOICES), attached=file) == 5
    name, body = api.calls[-1][1][kind]
    assert (bool(name), body) == (True, b"bread")
    assert api.calls[-1][1]["caption"] == "é"
    assert json.loads(api.calls[-1][1]["reply_markup"])["inline_keyboard"][0][0]["text"] == "Yes"


async def test_a_file_keeps_its_name(api: Scripted, channel: TelegramChannel, bread: File) -> None:
    """It goes up under the name that it came with, and as a mere document where Telegram can't show it."""
    api.answers["sendPhoto"] += [WRONG, no(400, "Bad Request: IMAGE_PROCESS_FAILED")]
    api.answers["sendDocument"].append(ok(message(text="sent")))
    assert await channel.send(7, Reply(text="loaf"), attached=bread) == 5
    assert api.asked("sendDocument")[0]["document"] == ("loaf é.jpg", b"bread")


@pytest.mark.parametrize("path", ["", "/nowhere/17"])
async def test_a_file_that_is_gone_keeps_back_no_words(api: Scripted, channel: TelegramChannel, path: str) -> None:
    """Neither Telegram nor this machine has it: what was to be said is said, with its buttons."""
    api.answers["sendDocument"] += [WRONG]
    file = File(kind="document", id="f", path=path)
    assert await channel.send(7, Reply(text=emphasised("loaf"), choices=CHOICES), attached=file) == 5
    [sent] = api.asked("sendMessage")
    assert (sent["text"], len(sent["entities"]), "reply_markup" in sent) == ("loaf", 1, True)


async def test_words_that_dont_fit_below_a_file_follow_it(api: Scripted, channel: TelegramChannel, bread: File) -> None:
    """Beyond 1,024 units they are a message of their own, with the buttons; and if that fails, the file that got there
    is not sent again."""
    api.answers["sendPhoto"] += [ok(message(text="sent"))] * 2
    api.answers["sendMessage"] += [drop, no(429, "Too Many Requests: retry after 5", retry_after=5)]
    await channel.send(7, Reply(text="🍞" * 512), attached=bread)
    assert api.asked("sendPhoto")[0]["caption"] == "🍞" * 512
    long = Reply(text="🍞" * 512 + "!", choices=CHOICES)
    for failure in (Unsure, TooFast):
        with pytest.raises(failure):
            await channel.send(7, long, attached=bread)
    assert await channel.send(7, long, attached=bread) == 5
    assert [method for method, _sent in api.calls] == ["sendPhoto", "sendPhoto", *["sendMessage"] * 3]
    assert set(api.asked("sendPhoto")[1]) == {"chat_id", "photo"}
    assert "reply_markup" in api.asked("sendMessage")[-1]


STORY = Story(first=date(2026, 9, 7), weeks=12, marks=(Mark(week=3, day=2, given=True),))


async def test_a_picture_is_drawn(api: Scripted, channel: TelegramChannel) -> None:
    """A story goes up as a photo, with the words and the buttons below it."""
    api.answers["sendPhoto"].append(ok(message(text="sent")))
    assert await channel.send(7, Reply(text=emphasised("loaf"), choices=CHOICES), attached=STORY) == 5
    [(_method, sent)] = api.calls
    name, data = sent["photo"]
    assert (name, data) == ("story.png", picture.png(STORY))
    assert (sent["caption"], "reply_markup" in sent, "caption_entities" in sent) == ("loaf", True, True)


async def test_a_picture_takes_another_s_place(api: Scripted, channel: TelegramChannel) -> None:
    """Pressed below a story, a button changes that message: picture, words and buttons in one go."""
    api.answers["editMessageMedia"].append(ok(message(caption="loaf")))
    reply = Reply(text=emphasised("loaf"), choices=CHOICES, replaces=4)
    assert await channel.send(7, reply, attached=STORY) == 4
    [(method, sent)] = api.calls
    assert (method, sent["chat_id"], sent["message_id"]) == ("editMessageMedia", "7", "4")
    assert sent["picture"] == ("story.png", picture.png(STORY))
    media = json.loads(sent["media"])
    assert (media["type"], media["media"], media["caption"]) == ("photo", "attach://picture", "loaf")
    assert media["caption_entities"] == [{"type": "italic", "offset": 0, "length": 4}]
    assert "inline_keyboard" in json.loads(sent["reply_markup"])


@pytest.mark.parametrize("reason", ["message can't be edited", "message to edit not found", "MESSAGE_ID_INVALID"])
async def test_a_picture_that_cant_be_changed(api: Scripted, channel: TelegramChannel, reason: str) -> None:
    """Then it comes as a new message; one that is as it should be already is left."""
    api.answers["editMessageMedia"] += [
        no(400, f"Bad Request: {reason}"),
        no(400, "Bad Request: message is not modified"),
    ]
    api.answers["sendPhoto"].append(ok(message(text="sent")))
    reply = Reply(text="loaf", replaces=4)
    assert await channel.send(7, reply, attached=STORY) == 5
    assert await channel.send(7, reply, attached=STORY) == 4
    assert len(api.asked("sendPhoto")) == 1


async def test_no_picture_keeps_back_the_words(
    api: Scripted, channel: TelegramChannel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that Telegram refuses, or that can't be drawn: what is to be said is said all the same."""
    api.answers["sendPhoto"].append(no(400, "Bad Request: IMAGE_PROCESS_FAILED"))
    assert await channel.send(7, Reply(text="loaf", choices=CHOICES), attached=STORY) == 5
    monkeypatch.setattr(picture, "png", lambda _picture: 1 / 0)
    assert await channel.send(7, Reply(text="loaf", choices=CHOICES), attached=STORY) == 5
    assert [method for method, _sent in api.calls] == ["sendPhoto", "sendMessage", "sendMessage"]
    assert all("reply_markup" in sent for sent in api.asked("sendMessage"))


@pytest.mark.parametrize(("answer", "failure"), [each for each in FAILURES if each[1] is not Refused])
async def test_a_picture_fails_like_any_message(
    api: Scripted, channel: TelegramChannel, answer: Answer, failure: type[Exception]
) -> None:
    """Only what certainly didn't arrive is NotSent, as a new message and in another's place."""
    for method, replaces in (("sendPhoto", None), ("editMessageMedia", 4)):
        api.calls.clear()
        api.answers[method].append(answer)
        with pytest.raises(failure):
            await channel.send(7, Reply(text=WORDS, replaces=replaces), attached=STORY)
        assert len(api.calls) == 1


@pytest.mark.parametrize(("answer", "failure"), [each for each in FAILURES if each[1] is not Refused])
async def test_a_file_fails_like_any_message(
    api: Scripted, channel: TelegramChannel, bread: File, answer: Answer, failure: type[Exception]
) -> None:
    """By its id and as an upload: only what certainly didn't arrive is NotSent, and nothing goes on to the next way
    that may have arrived."""
    for file in (bread, File(kind="photo", path=bread.path)):
        api.calls.clear()
        api.answers["sendPhoto"].append(answer)
        with pytest.raises(failure) as raised:
            await channel.send(7, Reply(text=WORDS), attached=file)
        assert raised.value.__context__ is None
        assert len(api.calls) == 1


async def test_a_reply_that_is_refused_with_and_without_its_file(api: Scripted, channel: TelegramChannel) -> None:
    """If it is the words that Telegram won't have, that is told, so that they are said plainly."""
    api.answers["sendPhoto"].append(no(400, "Bad Request: can't parse entities"))
    api.answers["sendMessage"].append(no(400, "Bad Request: can't parse entities"))
    with pytest.raises(Refused):
        await channel.send(7, Reply(text=emphasised("x")), attached=File(kind="photo", id="f"))


def getting(api: Scripted, *answers: Answer, path: str = "voice/file 1.ogg") -> None:
    """What the next getFile says, and what is there to be downloaded."""
    api.answers["getFile"].append(ok(FILE | {"file_path": path}))
    api.answers[f"/file/bot{TOKEN}/{path}"] += answers


async def test_a_file_is_fetched(api: Scripted, channel: TelegramChannel, tmp_path: Path) -> None:
    """Its bytes are written for our eyes only, over whatever an earlier try left."""
    to = tmp_path / "draft"
    getting(api, raw(b"OggS"))
    await channel.fetch(File(kind="voice", id="f"), to)
    assert api.asked("getFile") == [{"file_id": "f"}]
    assert (to.read_bytes(), to.stat().st_mode & 0o777) == (b"OggS", 0o600)
    getting(api, raw(b"Og"))
    await channel.fetch(File(kind="voice", id="f"), to)
    assert to.read_bytes() == b"Og"


async def test_no_more_is_fetched_than_is_kept(api: Scripted, channel: TelegramChannel, tmp_path: Path) -> None:
    """A file that is larger than it was said to be is refused while it comes, wherever it would have ended."""
    written = 0

    async def endless(request: web.Request) -> web.StreamResponse:
        nonlocal written
        response = web.StreamResponse()
        await response.prepare(request)
        with suppress(ConnectionError):
            while True:
                await response.write(b"x" * (1 << 20))
                written += 1
        return response

    getting(api, endless)
    with pytest.raises(Refused) as raised:
        await channel.fetch(File(kind="voice", id="f"), tmp_path / "draft")
    assert raised.value.__context__ is None
    assert (tmp_path / "draft").stat().st_size <= LARGEST
    assert written < 64


@pytest.mark.parametrize(
    ("answer", "failure"),
    [
        (no(400, "Bad Request: file is too big"), Refused),
        (no(400, "Bad Request: invalid file_id"), Refused),
        (no(400, "Bad Request: wrong file_id or the file is temporarily unavailable"), NotSent),
        (no(401, "Unauthorized"), NotSent),
        (no(429, "Too Many Requests: retry after 5", retry_after=5), NotSent),
        (no(502, "Bad Gateway"), NotSent),
        (raw(b"<html>"), NotSent),
        (ok(FILE), NotSent),
        (drop, NotSent),
    ],
)
async def test_a_file_that_cant_be_fetched(
    api: Scripted, channel: TelegramChannel, tmp_path: Path, answer: Answer, failure: type[Exception]
) -> None:
    """Only what will never be handed out is given up; and no error holds the address, which holds the token."""
    api.answers["getFile"].append(answer)
    with pytest.raises(failure) as raised:
        await channel.fetch(File(kind="voice", id="f"), tmp_path / "draft")
    assert raised.value.__context__ is None
    assert TOKEN not in repr(raised.value)


async def torn(request: web.Request) -> web.StreamResponse:
    """Less than was promised."""
    response = web.StreamResponse(headers={"Content-Length": "1000"})
    await response.prepare(request)
    await response.write(b"OggS")
    assert request.transport is not None
    request.transport.abort()
    return response


@pytest.mark.parametrize("answer", [drop, torn, no(404, "Not Found"), no(500, "x"), raw(b"", 302)])
async def test_a_download_that_fails(api: Scripted, channel: TelegramChannel, tmp_path: Path, answer: Answer) -> None:
    """It is tried again another time, whatever went wrong on the way."""
    getting(api, answer, answer)  # a connection that is cut is tried once more by aiohttp
    with pytest.raises(NotSent) as raised:
        await channel.fetch(File(kind="voice", id="f"), tmp_path / "draft")
    assert raised.value.__context__ is None
    assert TOKEN not in repr(raised.value)


async def test_a_download_that_stops(api: Scripted, channel: TelegramChannel, tmp_path: Path) -> None:
    """Nothing more comes: that is given up for now."""
    getting(api, hang)
    channel._calls._read = 0.05
    with pytest.raises(NotSent):
        await channel.fetch(File(kind="voice", id="f"), tmp_path / "draft")


async def test_a_disk_that_cant_be_written_is_told(api: Scripted, channel: TelegramChannel, tmp_path: Path) -> None:
    """That is no fault of Telegram's."""
    getting(api, raw(b"OggS"))
    with pytest.raises(FileNotFoundError):
        await channel.fetch(File(kind="voice", id="f"), tmp_path / "no folder" / "draft")


# ---- requests ----


async def test_files_go_out_as_multipart(api: Scripted, channel: TelegramChannel) -> None:
    """What python-telegram-bot wants uploaded arrives as a file, beside the other parameters."""
    api.answers["sendDocument"].append(ok(message(document=FILE)))
    await channel._bot.send_document(7, io.BytesIO(b"a,b\n"), filename="jour nal.csv", caption='"hé"')
    assert api.asked("sendDocument") == [
        {"chat_id": "7", "document": ("jour nal.csv", b"a,b\n"), "caption": '"hé"'},
    ]


async def test_answers_are_bounded(api: Scripted) -> None:
    """An answer that is longer than allowed isn't held in memory, whether or not it says how long it is."""

    async def endless(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        with suppress(ConnectionError):
            while True:
                await response.write(b"x" * 10_000)
        return response

    async def in_pieces(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        for piece in (b"one ", b"two"):
            await response.write(piece)
        return response

    request = AiohttpRequest(longest=50_000)
    api.answers["/file"] += [raw(b"x" * 50_001), endless, raw(b"x" * 50_000), in_pieces]
    async with request:
        for _time in range(2):
            with pytest.raises(TooLong):
                await request.retrieve(f"{api.origin}/file")
        assert len(await request.retrieve(f"{api.origin}/file")) == 50_000
        assert await request.retrieve(f"{api.origin}/file") == b"one two"


async def test_a_drip_ends(api: Scripted) -> None:
    """An answer that comes in drops, each in time, still has to end in time."""

    async def drip(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        with suppress(ConnectionError):
            while True:
                await response.write(b"x")
                await asyncio.sleep(0.01)
        return response

    api.answers["/file"].append(drip)
    async with AiohttpRequest(read_timeout=0.05, write_timeout=0.05, connect_timeout=0.05) as request:
        with pytest.raises(NetworkError, match="Timed out"):
            await request.retrieve(f"{api.origin}/file")


async def test_connections_are_used_again_and_can_be_opened_again(api: Scripted) -> None:
    """Many calls share a connection; after a shutdown the next call opens a new one; no timeout is possible too."""
    ports = []

    def note(request: web.Request) -> web.Response:
        assert request.transport is not None
        ports.append(request.transport.get_extra_info("peername")[1])
        return web.Response(body=b"here")

    api.answers["/file"] += [note] * 4
    request = AiohttpRequest()
    assert request.read_timeout == 15
    await request.shutdown()
    for _time in range(3):
        assert await request.retrieve(f"{api.origin}/file", read_timeout=None) == b"here"
    await request.shutdown()
    assert await request.retrieve(f"{api.origin}/file", 1, 1, 1, 1) == b"here"
    await request.shutdown()
    assert len(set(ports)) == 2


@pytest.mark.parametrize("url", [f"http://127.0.0.1:1/bot{TOKEN}/x", f"http:///bot{TOKEN}/x", f"http://[/bot{TOKEN}/x"])
async def test_no_address_is_ever_in_an_error(url: str) -> None:
    """Addresses hold the token, so errors tell a type and carry nothing along that could tell more."""
    async with AiohttpRequest() as request:
        with pytest.raises(NotConnected) as raised:
            await request.ask(url, {}, read_timeout=1)
    assert TOKEN not in f"{raised.value!r}"
    assert raised.value.__context__ is None


# ---- with the strict server ----


class Talk:
    """A channel at work: it polls, and what came is read one by one."""

    def __init__(self, channel: TelegramChannel) -> None:
        self.channel = channel
        self._came: asyncio.Queue[Raw] = asyncio.Queue()

    async def receive(self, batch: Sequence[Raw]) -> None:
        for one in batch:
            self._came.put_nowait(one)

    async def next(self) -> Incoming:
        incoming = self.channel.read((await asyncio.wait_for(self._came.get(), 10)).payload)
        assert incoming is not None
        return incoming


@pytest.fixture(scope="module")
def strict() -> Iterator[BotApi]:
    with BotApi(token=TOKEN) as server:
        yield server


@pytest.fixture
async def talk(strict: BotApi) -> AsyncIterator[Talk]:
    strict.empty()
    async with TelegramChannel(TOKEN, strict.url, long_poll=timedelta(seconds=2)) as channel:
        talk = Talk(channel)
        polling = asyncio.create_task(channel.poll(talk.receive))
        await asyncio.to_thread(strict.wait_polling)
        yield talk
        polling.cancel()
        with pytest.raises(asyncio.CancelledError):
            await polling


async def test_a_conversation_over_a_strict_server(strict: BotApi, talk: Talk) -> None:
    """What people do arrives, and what is said reaches them looking as it was meant."""
    mira = strict.person(7, "Mira")
    mira.says("/start abc")
    came = (await talk.next()).event
    assert isinstance(came, Said)
    assert came.message is not None
    await talk.channel.react(7, came.message)
    assert [call.code for call in strict.calls("setMessageReaction", chat=7)] == [200]

    text = f"Hello <Mira> 🙂 {emphasised('sourdough')}"
    id = await talk.channel.send(7, Reply(text=text, choices=CHOICES))
    [heard] = await asyncio.to_thread(mira.waits_for)
    assert (heard.id, heard.text) == (id, "Hello <Mira> 🙂 sourdough")
    assert heard.marked("italic") == ("sourdough",)
    assert heard.buttons == ("Yes", "No", "Later")

    mira.presses("Later")
    press = await talk.next()
    assert press.event == Pressed(action="l:1", message=id, label="Later")
    await talk.channel.typing(7)
    await talk.channel.acknowledge(press)
    await talk.channel.mark(press, "Later")
    [shown] = await asyncio.to_thread(lambda: mira.waits_for(text="› Later"))
    assert shown.marked("italic") == ("sourdough",)
    assert not shown.buttons
    assert await talk.channel.send(7, Reply(text="Again", replaces=id)) == id
    assert await talk.channel.send(7, Reply(text="Again", replaces=id)) == id
    assert await talk.channel.send(7, Reply(text="Elsewhere", replaces=4000)) not in (None, id)
    await asyncio.to_thread(strict.wait_confirmed)


async def test_files_over_a_strict_server(strict: BotApi, talk: Talk, tmp_path: Path) -> None:
    """Whatever people send comes back: by its id, or from here if Telegram wouldn't show it under that id."""
    mira = strict.person(7, "Mira")
    jpeg = b"\xff\xd8\xff" + b"loaf" * 100
    sent = (("voice", b"OggS"), ("photo", jpeg), ("video", b"ftyp"), ("audio", b"ID3"), ("document", b"%PDF"))
    for kind, data in (*sent, ("video_note", b"round"), ("animation", b"GIF")):
        mira.sends(kind, data=data)
        incoming = await talk.next()
        assert isinstance(incoming.event, Sent)
        file = incoming.event.file
        assert file is not None
        path = tmp_path / file.id
        await talk.channel.fetch(file, path)
        assert path.read_bytes() == data
        back = File(kind=file.kind, id=file.id, name=file.name, size=file.size, path=str(path))
        await talk.channel.send(7, Reply(text="yours", choices=CHOICES), attached=back)
        [heard] = mira.hears()
        assert (heard.kind, heard.text, heard.buttons) == (file.kind, "yours", ("Yes", "No", "Later"))
        assert heard.file is not None
        assert strict.file(heard.file) == data
        assert (heard.file == file.id) is (kind in METHODS)
    mira.sends("document", size=LARGEST + 1)
    incoming = await talk.next()
    assert isinstance(incoming.event, Sent)
    assert incoming.event.file is not None
    with pytest.raises(Refused):
        await talk.channel.fetch(incoming.event.file, tmp_path / "large")
    await talk.channel.send(7, Reply(text="yours"), attached=incoming.event.file)
    assert mira.hears()[0].kind == "document"


async def test_a_strict_server_may_fail_too(strict: BotApi, talk: Talk) -> None:
    """A lost answer is unsure, the limit is too fast, and blocking is heard once and felt after."""
    mira = strict.person(7, "Mira", written=True)
    strict.fault("sendMessage", "deliver_then_drop")
    strict.fault("sendMessage", "too_many", retry_after=3)
    for failure in (Unsure, TooFast):
        with pytest.raises(failure):
            await talk.channel.send(7, Reply(text=WORDS))
    with pytest.raises(Gone):
        await talk.channel.send(8, Reply(text=WORDS))
    mira.blocks()
    assert (await talk.next()).event == Blocked()
    with pytest.raises(Gone):
        await talk.channel.send(7, Reply(text=WORDS))


async def test_a_strict_server_takes_the_introduction(strict: BotApi, talk: Talk) -> None:
    """Commands and descriptions are to Telegram's taste, and the token is good."""
    await talk.channel.introduce(COMMANDS)
    profile = strict.profile()
    assert profile["description"]
    assert profile["short_description"]
    assert await talk.channel.check_token()


@pytest.mark.parametrize(
    ("text", "more"),
    [
        ("hello", {}),
        ("/Help@TenfoldBot now", {}),
        ("/start deep-link", {}),
        ("nul \x00 and emoji \U0001f600", {"entities": [{"type": "bold", "offset": 0, "length": 3}]}),
    ],
)
def test_words_read_the_short_way_mean_what_they_mean_the_long_way(text: str, more: dict[str, object]) -> None:
    """Plain words are read without the library's objects, to the same event."""
    user = {"id": 7, "is_bot": False, "first_name": "Mira", "language_code": "pt"}
    chat = {"id": 7, "type": "private", "first_name": "Mira"}
    message = {"message_id": 3, "date": 1, "chat": chat, "from": user, "text": text, **more}
    update = {"update_id": 1, "message": message}
    short = _just_words(update)
    assert short is not None
    assert short == _any(Update.de_json(update, None))


@pytest.mark.parametrize(
    "more",
    [
        {"forward_origin": {"type": "hidden_user", "sender_user_name": "Rui", "date": 1}},
        {"reply_to_message": message(text="?")},
    ],
)
def test_words_that_are_more_are_read_the_long_way(more: Json) -> None:
    """What was forwarded, or answers a message, is not just words."""
    assert _just_words(update(message=message(text="thank you", **more))) is None
