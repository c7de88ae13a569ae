"""The stand-in for Telegram is as strict as Telegram: checked with python-telegram-bot's own `Bot`, and bare HTTP where
the wire matters. What these tests hold is what every other test with a bot in it relies on."""

import asyncio
import json
import re
import socket
import struct
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, Self

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from telegram import (
    Bot,
    BotCommand,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    KeyboardButton,
    MessageEntity,
    ReplyKeyboardMarkup,
    ReplyParameters,
    Update,
)
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from tests.botapi import BotApi, Unmet

PNG = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", 640, 480) + bytes(20)


def choices(*labels: str) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[InlineKeyboardButton(label, callback_data=label.lower()) for label in labels]])


def words(part: str) -> re.Pattern[str]:
    """A pattern for *part* to the letter. python-telegram-bot changes the case of descriptions."""
    return re.compile(re.escape(part), re.IGNORECASE)


def message_in(update: Update) -> Any:
    """The message of *update*, whose type the tests know better than the checker."""
    return update.effective_message


@pytest.fixture(autouse=True)
def retry_after_as_timedelta(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without it python-telegram-bot 22 warns whenever it makes a RetryAfter, and here a warning is an error."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")


@pytest.fixture(scope="module")
def server() -> Iterator[BotApi]:
    with BotApi() as api:
        yield api


@pytest.fixture
def api(server: BotApi) -> BotApi:
    server.empty()
    return server


@pytest.fixture
async def bot(api: BotApi) -> AsyncIterator[Bot]:
    async with Bot(api.token, base_url=api.base_url, base_file_url=api.base_file_url) as bot:
        yield bot


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


async def post(http: aiohttp.ClientSession, api: BotApi, method: str, **params: Any) -> tuple[int, Any]:
    async with http.post(f"{api.url}/bot{api.token}/{method}", json=params) as response:
        return response.status, await response.json(content_type=None)


# ------------ talking


async def test_conversation(api: BotApi, bot: Bot) -> None:
    """What a person writes and presses reaches the bot, and what the bot sends and changes is what the person sees."""
    mira = api.person(7, "Mira")
    mira.says("/start")
    (started,) = await bot.get_updates(timeout=5)
    assert (message_in(started).text, message_in(started).from_user.first_name) == ("/start", "Mira")
    assert [entity.type for entity in message_in(started).entities] == ["bot_command"]

    await bot.send_message(7, "Which <i>few</i> words?", parse_mode="HTML", reply_markup=choices("Later", "Skip"))
    (asked,) = mira.waits_for()
    assert (asked.text, asked.marked("italic"), asked.buttons) == ("Which few words?", ("few",), ("Later", "Skip"))

    mira.presses("Later")
    (pressed,) = await bot.get_updates(offset=started.update_id + 1, timeout=5)
    assert pressed.callback_query is not None
    assert (pressed.callback_query.data, message_in(pressed).message_id) == ("later", asked.id)
    await pressed.callback_query.answer("Noted")
    await pressed.callback_query.edit_message_text("Which few words?\n› Later")
    assert mira.hears() == []
    assert [(message.text, message.buttons) for message in mira.sees()][1:] == [("Which few words?\n› Later", ())]
    assert mira.notices() == ["Noted"]
    assert api.counts()["unanswered"] == 0


async def test_everything_a_person_can_send(api: BotApi, bot: Bot) -> None:
    """Each thing that a person does is an update that python-telegram-bot reads as exactly that."""
    idris = api.person(8, "Idris", language="de")
    written = idris.says("helo")
    idris.edits(written, "hello")
    idris.shares_location(41.15, -8.61)
    for kind in ("voice", "photo", "sticker", "document", "video", "contact", "audio", "animation", "video_note"):
        idris.sends(kind, caption="look" if kind == "photo" else "")
    idris.forwards("Thank you!", "Joana")
    idris.says("in answer", reply_to=written)
    updates = await bot.get_updates(timeout=5)
    assert updates[1].edited_message is not None
    messages = [message_in(update) for update in updates]
    assert (messages[1].text, messages[1].message_id) == ("hello", written)
    kinds = (
        "location", "voice", "photo", "sticker", "document", "video", "contact", "audio", "animation", "video_note",
        "forward_origin",
    )  # fmt: skip
    for message, kind in zip(messages[2:], kinds, strict=False):
        assert getattr(message, kind), kind
    assert messages[4].caption == "look"
    assert messages[-1].reply_to_message.text == "hello"
    assert messages[0].from_user.language_code == "de"
    voice = await bot.get_file(messages[3].voice.file_id)
    assert await voice.download_as_bytearray() == b"\0"


async def test_where_a_forwarded_message_is_from(api: BotApi, bot: Bot) -> None:
    """It tells who wrote it first: a person, one who hides, a group or a channel."""
    idris = api.person(8, "Idris")
    for kind in ("user", "hidden_user", "chat", "channel"):
        idris.forwards("Thank you!", "Joana", kind)
    origins = [message_in(update).forward_origin for update in await bot.get_updates(timeout=5)]
    assert [origin.type for origin in origins] == ["user", "hidden_user", "chat", "channel"]
    assert origins[0].sender_user.first_name == "Joana"
    assert origins[1].sender_user_name == "Joana"
    assert origins[2].sender_chat.title == origins[3].chat.title == "Joana"
    with pytest.raises(Unmet, match="nobody forwards from a bakery"):
        idris.forwards("Thank you!", "Joana", "bakery")  # type: ignore[arg-type]


async def test_an_album_is_several_messages(api: BotApi, bot: Bot) -> None:
    """Each photo of an album is a message of its own, and all of them name the album."""
    idris = api.person(8, "Idris")
    for caption in ("look", ""):
        idris.sends("photo", caption=caption, album="77")
    first, second = [message_in(update) for update in await bot.get_updates(timeout=5)]
    assert (first.media_group_id, second.media_group_id) == ("77", "77")
    assert (first.caption, second.caption) == ("look", None)
    small, large = first.photo
    assert small.file_id != large.file_id
    idris.edits(second.message_id, "and that one")
    (edited,) = await bot.get_updates(offset=-1, timeout=5)
    assert message_in(edited).caption == "and that one"


async def test_buttons_are_found_as_a_person_finds_them(api: BotApi, bot: Bot) -> None:
    """The newest button with a label is pressed; one that is gone only when it is asked for as stale."""
    mira = api.person(7, written=True)
    first = await bot.send_message(7, "one", reply_markup=choices("Later"))
    second = await bot.send_message(7, "two", reply_markup=choices("Later"))
    assert mira.presses("Later") == second.message_id
    assert mira.presses("later", message=first.message_id) == first.message_id
    await bot.edit_message_text("two, chosen", 7, second.message_id)
    with pytest.raises(Unmet, match=words("no button")):
        mira.presses("Later", message=second.message_id)
    assert mira.presses("Later", message=second.message_id, stale=True, times=2) == second.message_id
    updates = await bot.get_updates()
    assert [message_in(update).message_id for update in updates if update.callback_query] == [
        second.message_id,
        first.message_id,
        second.message_id,
        second.message_id,
    ]
    assert len({update.callback_query.id for update in updates if update.callback_query}) == 4
    await bot.send_message(7, "where?", reply_markup=ReplyKeyboardMarkup([[KeyboardButton("Porto")]]))
    mira.presses("Porto")
    assert message_in((await bot.get_updates(offset=-1))[0]).text == "Porto"
    asked = await bot.send_message(7, "how many?", reply_markup=ForceReply(input_field_placeholder="a number"))
    mira.says("six")
    answer = message_in((await bot.get_updates(offset=-1))[0])
    assert answer.reply_to_message.message_id == asked.message_id


async def test_waiting_says_what_was_heard_instead(api: BotApi, bot: Bot) -> None:
    """A wait that is not met raises, and tells what came."""
    mira = api.person(7, written=True)
    await bot.send_message(7, "Hello.")
    with pytest.raises(Unmet, match=words("1 message(s) with 'Goodbye' in chat 7; heard ['Hello.']")):
        mira.waits_for(text="Goodbye", timeout=0.05)
    waiting = asyncio.create_task(asyncio.to_thread(mira.waits_for, 2))
    await bot.send_message(7, "one")
    sent = await bot.send_message(7, "two")
    assert [message.text for message in await waiting] == ["one", "two"]
    waiting = asyncio.create_task(asyncio.to_thread(mira.waits_for, text="three"))
    await bot.edit_message_text("three", 7, sent.message_id)
    assert [(message.text, message.edited) for message in await waiting] == [("three", True)]
    await bot.edit_message_text("four", 7, sent.message_id)
    with pytest.raises(Unmet):
        mira.waits_for(text="four", edits=False, timeout=0)


async def test_scripts(api: BotApi, bot: Bot) -> None:
    """People on a script answer each message of the bot's with their next line, and every answer is timed."""
    api.play([(api.person(7), ["hi", "> Go", "bye"]), (api.person(8), ["hello"])])
    said: list[str] = []
    offset = 0
    while len(said) < 4:
        for update in await bot.get_updates(offset=offset, timeout=5):
            offset = update.update_id + 1
            query = update.callback_query
            said.append(f"pressed {query.data}" if query else message_in(update).text)
            await bot.send_message(message_in(update).chat.id, "next?", reply_markup=choices("Go"))
    assert sorted(said) == ["bye", "hello", "hi", "pressed go"]
    assert len(api.wait_played()) == 4


# ------------ updates


async def test_offset_confirms(api: BotApi, bot: Bot) -> None:
    """An update comes again until a later poll's offset is beyond it; a negative offset keeps only the last ones."""
    api.say_all((api.person(7), text) for text in ("one", "two", "three", "four"))
    first = await bot.get_updates(limit=2)
    assert [message_in(update).text for update in first] == ["one", "two"]
    assert await bot.get_updates(limit=2) == first
    assert api.counts()["pending"] == 4
    rest = await bot.get_updates(offset=first[-1].update_id + 1)
    assert [message_in(update).text for update in rest] == ["three", "four"]
    assert api.counts()["pending"] == 2
    assert [update["confirmed"] for update in api.updates()] == [True, True, False, False]
    assert await bot.get_updates(offset=-1) == rest[1:]
    assert await bot.get_updates(offset=rest[-1].update_id + 1) == ()
    api.wait_confirmed(timeout=0)


async def test_long_poll(api: BotApi, bot: Bot) -> None:
    """A poll is answered when something comes, or empty when its time is up."""
    assert await bot.get_updates(timeout=1) == ()
    poll = asyncio.create_task(bot.get_updates(timeout=30))
    await asyncio.to_thread(api.wait_polling)
    api.person(7).says("hello")
    assert len(await poll) == 1


async def test_second_poller(api: BotApi, bot: Bot, http: aiohttp.ClientSession) -> None:
    """A second poll ends the first with 409."""
    older = asyncio.create_task(bot.get_updates(timeout=30))
    await asyncio.to_thread(api.wait_polling)
    newer = asyncio.create_task(post(http, api, "getUpdates", timeout=30))
    with pytest.raises(Conflict, match=words("other getUpdates request")):
        await older
    await asyncio.to_thread(api.wait_polling)
    api.person(7).says("hello")
    _, answer = await newer
    assert len(answer["result"]) == 1
    assert api.violations(409) == 1


async def test_a_poller_that_died_is_no_conflict(api: BotApi, http: aiohttp.ClientSession) -> None:
    """A poll whose connection is gone neither conflicts nor swallows updates."""
    poll = asyncio.create_task(post(http, api, "getUpdates", timeout=30))
    await asyncio.to_thread(api.wait_polling)
    poll.cancel()
    with pytest.raises(asyncio.CancelledError):
        await poll
    api.person(7).says("hello")
    _, answer = await post(http, api, "getUpdates", timeout=5)
    assert len(answer["result"]) == 1
    assert api.violations(409) == 0


async def test_allowed_updates(api: BotApi, bot: Bot) -> None:
    """Only the kinds that were asked for come; without a wish all but reactions and members; a wish lasts."""
    mira = api.person(7)
    message = mira.says("hello")
    mira.reacts(message, "👍")
    assert len(await bot.get_updates(offset=-1)) == 1
    await bot.get_updates(offset=-1, allowed_updates=[Update.MESSAGE_REACTION])
    mira.says("not for you")
    mira.reacts(message, "👎")
    assert (await bot.get_updates(offset=-1))[0].message_reaction is not None
    await bot.get_updates(allowed_updates=[])
    mira.says("again")
    assert (await bot.get_updates(offset=-1))[0].message is not None


async def test_ids_may_start_lower(api: BotApi, bot: Bot) -> None:
    """After an idle week ids may restart lower: a poll with the old offset gets them all the same."""
    mira = api.person(7)
    api.next_update_id(900_000_000)
    mira.says("before")
    offset = (await bot.get_updates())[-1].update_id + 1
    assert offset == 900_000_001
    assert await bot.get_updates(offset=offset) == ()
    api.next_update_id(5)
    mira.says("after")
    (after,) = await bot.get_updates(offset=offset)
    assert after.update_id == 5
    assert await bot.get_updates(offset=6) == ()
    with pytest.raises(Unmet, match=words("at least 12 lower")):
        api.next_update_id(1)


async def test_updates_are_kept_for_a_day(api: BotApi, bot: Bot) -> None:
    """What the bot did not fetch within 24 hours is gone."""
    mira = api.person(7)
    mira.says("yesterday")
    api.let_pass(25 * 3600)
    mira.says("today")
    assert [message_in(update).text for update in await bot.get_updates()] == ["today"]


async def test_pushed_updates(api: BotApi, http: aiohttp.ClientSession) -> None:
    """An update can be repeated under its own or a new id, and be broken in any way, without holding up the others."""
    api.person(7).says("hello")
    _, answer = await post(http, api, "getUpdates")
    (update,) = answer["result"]
    await post(http, api, "getUpdates", offset=update["update_id"] + 1)
    api.push(update)
    api.push(update, update_id=update["update_id"] + 1)
    broken = api.push({"message": {"message_id": "no number"}})
    api.push(raw='{"update_id": 7, "message": {"text": "\\ud800"}}')
    api.person(7).says("still there")
    _, answer = await post(http, api, "getUpdates", offset=update["update_id"] + 1)
    ids = [each.get("update_id") for each in answer["result"]]
    assert ids[:4] == [update["update_id"], update["update_id"] + 1, broken, 7]
    assert answer["result"][-1]["message"]["text"] == "still there"
    assert answer["result"][0]["message"] == answer["result"][1]["message"] == update["message"]
    await post(http, api, "getUpdates", offset=answer["result"][-1]["update_id"] + 1)
    api.wait_confirmed(timeout=0)


async def test_webhook(api: BotApi, bot: Bot) -> None:
    """While a webhook is set polling is a conflict."""
    await bot.set_webhook("https://example.com/hook", secret_token="a-b_c")
    with pytest.raises(Conflict, match=words("deletewebhook")):
        await bot.get_updates()
    assert (await bot.get_webhook_info()).url == "https://example.com/hook"
    api.person(7).says("hello")
    await bot.delete_webhook(drop_pending_updates=True)
    assert await bot.get_updates() == ()


@pytest.mark.parametrize(
    ("url", "options", "said"),
    [
        ("http://example.com/hook", {}, "https"),
        ("http://127.0.0.1.example.com/hook", {}, "https"),
        ("https://", {}, "invalid url"),
        ("https://example.com:8080/hook", {}, "only on ports 80, 88, 443 or 8443"),
        ("https://example.com/hook", {"secret_token": "no spaces"}, "unallowed characters"),
        ("https://example.com/hook", {"secret_token": "a" * 257}, "too long"),
    ],
)
async def test_webhooks_that_telegram_refuses(
    api: BotApi, bot: Bot, url: str, options: dict[str, str], said: str
) -> None:
    """It wants https, a port of its own, and a secret that fits into a header; then nothing has changed."""
    with pytest.raises(BadRequest, match=words(said)):
        await bot.set_webhook(url, **options)  # type: ignore[arg-type]
    assert api.webhook()["url"] == ""


async def test_webhook_again(http: aiohttp.ClientSession, api: BotApi) -> None:
    """Setting what is set already is said to be that, and changing anything is not."""
    for path, secret, said in (
        ("hook", "a", "Webhook was set"),
        ("hook", "a", "Webhook is already set"),
        ("hook", "b", "Webhook was set"),
        ("hook2", "b", "Webhook was set"),
        ("", "", "Webhook was deleted"),
        ("", "", "Webhook is already deleted"),
    ):
        url = f"https://example.com/{path}" if path else ""
        _, answer = await post(http, api, "setWebhook", url=url, secret_token=secret, allowed_updates=["message"])
        assert answer == {"ok": True, "result": True, "description": said}


class Hook:
    """Where updates are brought to: what came, and the statuses that are answered, 200 once those are used up."""

    def __init__(self) -> None:
        self.came: list[tuple[int, str]] = []
        self.headers: list[Mapping[str, str]] = []
        self.statuses: list[int] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.open = self.most = 0
        app = web.Application()
        app.router.add_post("/hook", self._take)
        self.server = TestServer(app)

    async def __aenter__(self) -> Self:
        await self.server.start_server()
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self.server.close()

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.server.port}"

    async def _take(self, request: web.Request) -> web.Response:
        message = (await request.json())["message"]
        self.headers.append(request.headers)
        self.came.append((message["chat"]["id"], message["text"]))
        self.open += 1
        self.most = max(self.most, self.open)
        await self.gate.wait()
        self.open -= 1
        return web.Response(status=self.statuses.pop(0) if self.statuses else 200)


async def test_updates_are_brought(api: BotApi, bot: Bot) -> None:
    """What waited and what comes is brought with the secret, in order, and is confirmed by a 200 as by an offset."""
    async with Hook() as hook:
        api.person(7).says("before")
        await bot.set_webhook(f"{hook.origin}/hook", secret_token="a-b_c")
        await asyncio.to_thread(api.wait_confirmed)
        api.person(7).says("after")
        await asyncio.to_thread(api.wait_confirmed)
        assert hook.came == [(7, "before"), (7, "after")]
        assert {each["X-Telegram-Bot-Api-Secret-Token"] for each in hook.headers} == {"a-b_c"}
        assert [each["handed_out"] for each in api.updates()] == [1, 1]


async def test_updates_are_brought_until_they_are_taken(api: BotApi, bot: Bot) -> None:
    """Whatever isn't 2xx, a redirect too, means again; the next of the same chat waits for that, other chats don't."""
    async with Hook() as hook:
        await bot.set_webhook(f"{hook.origin}/hook")
        hook.statuses = [503, 302, 500]
        api.say_all([(api.person(7), "one"), (api.person(7), "two"), (api.person(7), "three")])
        await asyncio.to_thread(api.wait_confirmed)
        assert hook.came == [(7, "one")] * 4 + [(7, "two"), (7, "three")]
        assert api.webhook()["statuses"] == {"503": 1, "302": 1, "500": 1, "200": 3}
        told = (await bot.get_webhook_info()).last_error_message
        assert told == "Wrong response from the webhook: 500 Internal Server Error"


async def test_chats_are_brought_side_by_side(api: BotApi, bot: Bot) -> None:
    """One of each chat at a time, and of all together as many as was asked for."""
    async with Hook() as hook:
        await bot.set_webhook(f"{hook.origin}/hook", max_connections=5)
        hook.gate.clear()
        api.say_all((api.person(number), text) for text in ("one", "two") for number in range(1, 9))
        async with asyncio.timeout(10):
            while len(hook.came) < 5:  # noqa: ASYNC110 - it is looked at from the same loop
                await asyncio.sleep(0)
        assert {text for _chat, text in hook.came} == {"one"}
        hook.gate.set()
        await asyncio.to_thread(api.wait_confirmed)
        assert hook.most == 5
        assert len(hook.came) == 16
        assert all(hook.came.index((chat, "one")) < hook.came.index((chat, "two")) for chat in range(1, 9))


async def test_updates_are_brought_through_another_address(api: BotApi, bot: Bot) -> None:
    """A test may put a balancer before the bot; until then nobody is there, and this machine is never left."""
    async with Hook() as hook:
        await bot.set_webhook("https://bot.example.org/hook")
        api.person(7).says("hello")
        await asyncio.to_thread(api.wait_brought, 0)
        api.bring_through(hook.origin)
        await asyncio.to_thread(api.wait_confirmed)
        assert hook.came == [(7, "hello")]


async def test_webhook_taken_away(api: BotApi, bot: Bot) -> None:
    """What wasn't taken is there for whoever polls."""
    async with Hook() as hook:
        await bot.set_webhook(f"{hook.origin}/hook")
        hook.statuses = [503] * 1000
        api.person(7).says("hello")
        await asyncio.to_thread(api.wait_brought, 503, 2)
        await bot.delete_webhook()
        assert [update.message and update.message.text for update in await bot.get_updates()] == ["hello"]


# ------------ what Telegram refuses


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("", "message text is empty"),
        (" \n\t ", "message text is empty"),
        ("a" * 4097, "message is too long"),
        ("🙂" * 2048 + "a", "message is too long"),
        ("lone \ud800", "strings must be encoded in UTF-8"),
    ],
)
async def test_texts_refused(api: BotApi, http: aiohttp.ClientSession, text: str, answer: str) -> None:
    """A text has 1 to 4096 UTF-16 units and is UTF-8."""
    api.person(7, written=True)
    status, refusal = await post(http, api, "sendMessage", chat_id=7, text=text)
    assert (status, refusal["error_code"], refusal["description"]) == (400, 400, f"Bad Request: {answer}")
    assert api.person(7).sees() == []


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("🙂" * 2048, "🙂" * 2048),
        (" \n two lines\nhere \n", "two lines\nhere"),
        ("a\tb\x00c\rd", "a b cd"),
        ("right\u202eleft\u2028end\u200fmark", "rightleftend\u200fmark"),
    ],
)
async def test_texts_kept(api: BotApi, bot: Bot, text: str, kept: str) -> None:
    """Telegram trims a text, turns tabs and control characters into spaces, and drops line separators and bidi
    controls."""
    mira = api.person(7, written=True)
    assert (await bot.send_message(7, text)).text == kept
    assert [message.text for message in mira.hears()] == [kept]


@pytest.mark.parametrize(
    ("source", "answer"),
    [
        ("a < b", "Unclosed start tag at byte offset 2"),
        ("é <h1>b</h1>", 'Unsupported start tag "h1" at byte offset 3'),
        ("<b>never closed", 'Can\'t find end tag corresponding to start tag "b"'),
        ("<b><i>x</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ('<span class="red">x</span>', 'Unsupported start tag "span" at byte offset 0'),
    ],
)
async def test_html_refused(api: BotApi, http: aiohttp.ClientSession, source: str, answer: str) -> None:
    """Markup that isn't Telegram's is refused with the place where it went wrong."""
    api.person(7, written=True)
    status, refusal = await post(http, api, "sendMessage", chat_id=7, text=source, parse_mode="HTML")
    assert (status, refusal["description"]) == (400, f"Bad Request: can't parse entities: {answer}")


async def test_html_kept(api: BotApi, bot: Bot) -> None:
    """Markup becomes entities, counted in UTF-16 units, and its length does not count."""
    mira = api.person(7, written=True)
    source = (
        '🙂 <b>bold <i>both</i></b> &lt;b&gt; &amp; &copy; <a href="https://example.com/?a=1&amp;b=2">link</a> '
        '<pre><code class="language-python">x</code></pre><blockquote expandable>q</blockquote>'
        "<tg-spoiler>s</tg-spoiler> /privacy"
    )
    await bot.send_message(7, source, parse_mode="HTML")
    (message,) = mira.hears()
    assert message.text == "🙂 bold both <b> & &copy; link xqs /privacy"
    assert message.marked("bold") == ("bold both",)
    assert message.marked("italic") == ("both",)
    assert message.marked("bot_command") == ("/privacy",)
    assert [entity["url"] for entity in message.entities if entity["type"] == "text_link"] == [
        "https://example.com/?a=1&b=2"
    ]
    assert [entity["language"] for entity in message.entities if entity["type"] == "pre"] == ["python"]
    assert message.marked("expandable_blockquote") == ("q",)
    assert message.marked("spoiler") == ("s",)
    await bot.send_message(7, f"<b>{'a' * 4096}</b>", parse_mode="HTML")


@pytest.mark.parametrize(("offset", "length"), [(3, 3), (-1, 2), (0, 0), (0, 1), (1, 2)])
async def test_entities_refused(api: BotApi, bot: Bot, offset: int, length: int) -> None:
    """An entity outside the text, or that cuts a character in two, is refused."""
    api.person(7, written=True)
    with pytest.raises(BadRequest, match=words("can't parse entities")):
        await bot.send_message(7, "🙂abc", entities=[MessageEntity("italic", offset, length)])


async def test_entities_kept(api: BotApi, bot: Bot) -> None:
    """Entities follow the text when its ends are trimmed and characters taken out."""
    mira = api.person(7, written=True)
    await bot.send_message(7, "  \u202e🙂 kept  ", entities=[MessageEntity("italic", 6, 6)])
    assert [(message.text, message.marked("italic")) for message in mira.hears()] == [("🙂 kept", ("kept",))]


@pytest.mark.parametrize(
    ("markup", "answer"),
    [
        ([[{"text": "", "callback_data": "a"}]], "text must be non-empty"),
        ([[{"text": "Go"}]], "Text buttons are unallowed in the inline keyboard"),
        ([[{"text": "Go", "callback_data": "a", "url": "https://example.com"}]], "exactly one action"),
        ([[{"text": "Go", "callback_data": "é" * 33}]], "BUTTON_DATA_INVALID"),
        ([[{"text": "Go", "callback_data": ""}]], "BUTTON_DATA_INVALID"),
        ([[{"text": "Go", "callback_data": "a", "style": "red"}]], "style must be one of"),
        ([[{"text": "Go", "url": "go:1"}]], "Wrong HTTP URL"),
        ([[{"text": "Go", "callback_data": "a"}]] * 101, "too many buttons"),
        ([{"text": "Go", "callback_data": "a"}], "expected an Array of Array"),
    ],
)
async def test_keyboards_refused(api: BotApi, http: aiohttp.ClientSession, markup: Any, answer: str) -> None:
    """A button has a text and one action, data of 1 to 64 bytes, and a style that exists; 100 are the most."""
    api.person(7, written=True)
    status, refusal = await post(
        http, api, "sendMessage", chat_id=7, text="?", reply_markup={"inline_keyboard": markup}
    )
    assert status == 400
    assert answer in refusal["description"]


async def test_keyboards_kept(api: BotApi, http: aiohttp.ClientSession) -> None:
    """The most that is allowed is taken as it is."""
    mira = api.person(7, written=True)
    row = [{"text": "Go", "callback_data": "é" * 32, "style": "success"}]
    await post(http, api, "sendMessage", chat_id=7, text="?", reply_markup={"inline_keyboard": [row] * 100})
    (message,) = mira.hears()
    assert (len(message.rows), message.rows[0][0].style, message.rows[0][0].data) == (100, "success", "é" * 32)


async def test_edits(api: BotApi, bot: Bot) -> None:
    """A change must change something, and only a message of the bot's own that is there; buttons go unless given."""
    mira = api.person(7)
    theirs = mira.says("hello")
    sent = await bot.send_message(7, "one", reply_markup=choices("Later"))
    with pytest.raises(BadRequest, match=words("message is not modified")):
        await bot.edit_message_text("one", 7, sent.message_id, reply_markup=choices("Later"))
    await bot.edit_message_text("one", 7, sent.message_id)
    assert mira.sees()[-1].buttons == ()
    await bot.edit_message_reply_markup(7, sent.message_id, reply_markup=choices("Skip"))
    assert (mira.sees()[-1].text, mira.sees()[-1].buttons) == ("one", ("Skip",))
    with pytest.raises(BadRequest, match=words("message is not modified")):
        await bot.edit_message_reply_markup(7, sent.message_id, reply_markup=choices("Skip"))
    with pytest.raises(BadRequest, match=words("message to edit not found")):
        await bot.edit_message_text("two", 7, 999_999)
    with pytest.raises(BadRequest, match=words("message can't be edited")):
        await bot.edit_message_text("two", 7, theirs)
    with pytest.raises(BadRequest, match=words("message text is empty")):
        await bot.edit_message_text(" ", 7, sent.message_id)
    with pytest.raises(BadRequest, match=words("no caption in the message")):
        await bot.edit_message_caption(7, sent.message_id, caption="two")
    with pytest.raises(BadRequest, match=words("message to be replied not found")):
        await bot.send_message(7, "two", reply_parameters=ReplyParameters(999_999))
    await bot.send_message(7, "two", reply_parameters=ReplyParameters(999_999, allow_sending_without_reply=True))


async def test_deleting(api: BotApi, bot: Bot) -> None:
    """A message can be deleted for 48 hours, once."""
    mira = api.person(7, written=True)
    sent = await bot.send_message(7, "one")
    await bot.delete_message(7, sent.message_id)
    assert mira.sees() == []
    with pytest.raises(BadRequest, match=words("message to delete not found")):
        await bot.delete_message(7, sent.message_id)
    old = await bot.send_message(7, "two")
    api.let_pass(49 * 3600)
    with pytest.raises(BadRequest, match=words("can't be deleted")):
        await bot.delete_message(7, old.message_id)


async def test_presses_grow_old(api: BotApi, bot: Bot) -> None:
    """A press can be answered for 15 seconds, and only one that there was."""
    mira = api.person(7, written=True)
    await bot.send_message(7, "?", reply_markup=choices("Go"))
    mira.presses("Go")
    query = (await bot.get_updates())[-1].callback_query
    assert query is not None
    with pytest.raises(BadRequest, match=words("message_too_long")):
        await query.answer("a" * 201)
    api.let_pass(14)
    await query.answer()
    api.let_pass(2)
    with pytest.raises(BadRequest, match=words("query is too old and response timeout expired or query id is invalid")):
        await query.answer()
    with pytest.raises(BadRequest, match=words("query is too old")):
        await bot.answer_callback_query("123")


async def test_who_can_be_written_to(api: BotApi, bot: Bot) -> None:
    """The bot may write to who wrote to it, until they block it or leave; it is told of a block."""
    with pytest.raises(BadRequest, match=words("chat not found")):
        await bot.send_message(7, "hello")
    mira = api.person(7)
    with pytest.raises(Forbidden, match=words("bot can't initiate conversation with a user")):
        await bot.send_message(7, "hello")
    mira.says("hello")
    mira.blocks()
    for call in (bot.send_message(7, "?"), bot.send_chat_action(7, "typing")):
        with pytest.raises(Forbidden, match=words("bot was blocked by the user")):
            await call
    with pytest.raises(Unmet, match=words("nothing can be written here")):
        mira.says("are you there?")
    mira.unblocks()
    await bot.send_message(7, "hello again")
    states = [update.my_chat_member for update in await bot.get_updates() if update.my_chat_member]
    assert [state.new_chat_member.status for state in states] == ["kicked", "member"]
    mira.vanishes()
    with pytest.raises(Forbidden, match=words("user is deactivated")):
        await bot.send_message(7, "?")


async def test_groups(api: BotApi, bot: Bot) -> None:
    """In a group the bot is told that it was added, sees only what is meant for it, and can be thrown out."""
    mira = api.person(7, "Mira")
    ward = api.group(-5, "Night ward", mira)
    ward.says(mira, "not for the bot")
    ward.says(mira, "/start@stand_in_bot")
    updates = await bot.get_updates()
    assert updates[0].my_chat_member is not None
    assert [update.message.text for update in updates if update.message] == [None, "/start@stand_in_bot"]
    hint = await bot.send_message(-5, "I talk in private.", reply_markup=choices("Go"))
    ward.presses(mira, "Go")
    assert message_in((await bot.get_updates(offset=-1))[0]).chat.id == -5
    ward.says(mira, "fine", reply_to=hint.message_id)
    assert message_in((await bot.get_updates(offset=-1))[0]).text == "fine"
    assert [message.text for message in ward.hears()] == ["I talk in private."]
    with pytest.raises(Forbidden, match=words("can't initiate")):
        await bot.send_message(7, "hello")
    ward.moves_to(-1005)
    with pytest.raises(ChatMigrated) as moved:
        await bot.send_message(-5, "?")
    assert moved.value.new_chat_id == -1005
    other = api.group(-6, "Choir", mira, sees_all=True)
    other.says(mira, "for everybody")
    assert message_in((await bot.get_updates(offset=-1))[0]).text == "for everybody"
    other.removes_bot(mira)
    with pytest.raises(Forbidden, match=words("kicked")):
        await bot.send_message(-6, "?")


async def test_limits(api: BotApi, bot: Bot) -> None:
    """With limits on: three at once in one chat, thirty a second in all, twenty a minute in a group, each refusal
    saying for how long. Without, none."""
    people = [api.person(number, written=True) for number in range(1, 32)]
    await asyncio.gather(*(bot.send_message(1, "free") for _ in range(40)))
    api.limits()
    refused = []
    for _ in range(4):
        try:
            await bot.send_message(1, "one chat")
        except RetryAfter as error:
            refused.append(error.retry_after)
    assert refused == [timedelta(seconds=1)]
    api.limits(overall=5)
    await bot.send_message(2, "in all")
    await bot.send_message(3, "in all")
    with pytest.raises(RetryAfter):
        await bot.send_message(4, "in all")
    assert sum(len(person.sees()) for person in people[1:]) == 2
    api.limits(overall=100, burst=100)
    group = api.group(-5, "Choir", people[0])
    for _ in range(20):
        await bot.send_message(-5, "la")
    with pytest.raises(RetryAfter) as many:
        await bot.send_message(-5, "la")
    assert many.value.retry_after in (timedelta(seconds=59), timedelta(seconds=60))
    assert len(group.hears()) == 20
    assert api.violations(429) == 3
    api.limits(on=False)
    await bot.send_message(-5, "la")


async def test_tokens(api: BotApi, http: aiohttp.ClientSession) -> None:
    """A token of the wrong shape is 404, a wrong one 401, a method that isn't there 404."""
    for token, method, status, description in (
        ("nonsense", "getMe", 404, "Not Found"),
        ("1:" + "a" * 35, "getMe", 401, "Unauthorized"),
        (api.token, "getMoney", 404, "Not Found: method not found"),
        (api.token, "GETME", 200, None),
    ):
        async with http.get(f"{api.url}/bot{token}/{method}") as response:
            answer = await response.json()
            assert (response.status, answer.get("description")) == (status, description)
    async with http.get(f"{api.url}/file/bot{api.token}/nothing.png") as response:
        assert response.status == 404


async def test_a_token_can_be_revoked() -> None:
    """After a token is replaced the old one is refused."""
    token = "42:" + "c" * 35
    with BotApi(token=token) as api:
        async with Bot(api.token, base_url=api.base_url) as bot:
            assert bot.id == 42
            api.revoke_token("42:" + "d" * 35)
            with pytest.raises(InvalidToken):
                await bot.get_me()


async def test_bodies(api: BotApi, http: aiohttp.ClientSession) -> None:
    """Parameters come by query, form, multipart or JSON, and nested ones as JSON text or as themselves."""
    mira = api.person(7, written=True)
    url = f"{api.url}/bot{api.token}/sendMessage"
    markup = {"inline_keyboard": [[{"text": "Go", "callback_data": "go"}]]}
    plain = {"chat_id": "7", "text": "é 🙂 & <b>", "reply_markup": json.dumps(markup)}
    form = aiohttp.FormData(plain, default_to_multipart=True)
    for arguments in (
        {"params": plain},
        {"data": plain},
        {"data": form},
        {"json": {**plain, "chat_id": 7, "reply_markup": markup}},
    ):
        async with http.post(url, **arguments) as response:
            assert response.status == 200, await response.text()
    assert [(message.text, message.buttons) for message in mira.hears()] == [("é 🙂 & <b>", ("Go",))] * 4
    for body, kind in ((b"{", "application/json"), (b"chat_id=7&text=%FF", "application/x-www-form-urlencoded")):
        async with http.post(url, data=body, headers={"Content-Type": kind}) as response:
            assert response.status == 400


async def test_files(api: BotApi, bot: Bot) -> None:
    """Uploads arrive, can be fetched and sent again; captions have 1024 units; a photo must be a picture."""
    mira = api.person(7, written=True)
    sent = await bot.send_photo(7, PNG, caption="Your <b>months</b>", parse_mode="HTML", reply_markup=choices("Older"))
    await bot.send_document(7, b"{}", filename="tenfold.json", caption="Everything")
    photo, document = mira.hears()
    assert (photo.kind, photo.text, photo.buttons, photo.marked("bold")) == (
        "photo",
        "Your months",
        ("Older",),
        ("months",),
    )
    assert (document.kind, document.raw["document"]["file_name"]) == ("document", "tenfold.json")
    assert photo.file is not None
    assert document.file is not None
    assert (api.file(photo.file), api.file(document.file)) == (PNG, b"{}")
    assert await (await bot.get_file(document.file)).download_as_bytearray() == b"{}"
    await bot.edit_message_caption(7, sent.message_id, caption="Older months")
    await bot.edit_message_media(InputMediaPhoto(PNG, caption="Oldest"), 7, sent.message_id)
    assert mira.sees()[0].text == "Oldest"
    await bot.send_photo(7, photo.file)
    for call, answer in (
        (bot.send_photo(7, PNG, caption="a" * 1025), "caption is too long"),
        (bot.send_photo(7, b"no picture"), "image_process_failed"),
        (bot.send_document(7, b""), "file must be non-empty"),
        (bot.send_document(7, "never-seen"), "wrong file identifier"),
        (bot.edit_message_text("words", 7, sent.message_id), "there is no text"),
        (bot.get_file("never-seen"), "file"),
    ):
        with pytest.raises(BadRequest, match=words(answer)):
            await call


async def test_every_kind_of_file(api: BotApi, bot: Bot) -> None:
    """Voice, audio and video go out by upload and by id like the rest, each only as what it is."""
    mira = api.person(7, written=True)
    await bot.send_voice(7, b"OggS", caption="hear", reply_markup=choices("Older"))
    await bot.send_audio(7, b"ID3", filename="song.mp3")
    await bot.send_video(7, b"ftyp", filename="walk.mp4", caption="see")
    voice, audio, video = mira.hears()
    assert [each.kind for each in (voice, audio, video)] == ["voice", "audio", "video"]
    assert (voice.text, voice.buttons, video.text) == ("hear", ("Older",), "see")
    assert voice.file
    assert audio.file
    assert video.file
    assert (await bot.send_voice(7, voice.file)).voice.file_id == voice.file  # type: ignore[union-attr]
    assert (await bot.send_audio(7, audio.file)).audio.file_id == audio.file  # type: ignore[union-attr]
    await bot.edit_message_reply_markup(7, voice.id)
    assert mira.sees()[0].kind == "voice"
    for call, answer in (
        (bot.send_video(7, voice.file), "can't use file of type VoiceNote as Video"),
        (bot.send_document(7, video.file), "can't use file of type Video as Document"),
        (bot.send_voice(7, b""), "file must be non-empty"),
        (bot.send_audio(7, "never-seen"), "wrong file identifier"),
    ):
        with pytest.raises(BadRequest, match=words(answer)):
            await call


async def test_what_is_too_big_is_not_handed_out(api: BotApi, bot: Bot) -> None:
    """A bot gets files of 20 MB and no byte more; larger ones it can only send on. Downloads are in the log."""
    mira = api.person(7)
    for size in (20 << 20, (20 << 20) + 1):
        mira.sends("document", size=size, file_name="long.bin")
    fits, too_big = [message_in(update).document for update in await bot.get_updates(timeout=5)]
    assert (fits.file_size, too_big.file_size) == (20 << 20, (20 << 20) + 1)
    assert len(await (await bot.get_file(fits)).download_as_bytearray()) == 20 << 20
    with pytest.raises(BadRequest, match=words("file is too big")):
        await bot.get_file(too_big)
    await bot.send_document(7, too_big)
    assert [call.code for call in api.calls("download")] == [200]
    api.fault("download", "status", code=404)
    with pytest.raises((BadRequest, InvalidToken, NetworkError)):
        await (await bot.get_file(fits)).download_as_bytearray()


async def test_profile(api: BotApi, bot: Bot) -> None:
    """Commands and descriptions are kept per language, within Telegram's limits."""
    await bot.set_my_commands([BotCommand("goodturn", "Keep a good turn")])
    await bot.set_my_commands([BotCommand("goodturn", "Etwas behalten")], language_code="de")
    await bot.set_my_description("d" * 512)
    await bot.set_my_short_description("s" * 120)
    await bot.set_my_name("Tenfold")
    assert [command.description for command in await bot.get_my_commands(language_code="de")] == ["Etwas behalten"]
    assert (await bot.get_my_description("de")).description == "d" * 512
    assert (await bot.get_my_name()).name == "Tenfold"
    assert api.profile()["commands"] == [{"command": "goodturn", "description": "Keep a good turn"}]
    command = BotCommand("a", "b")
    for call in (
        bot.set_my_commands([BotCommand("Good", "b")]),
        bot.set_my_commands([BotCommand("a" * 33, "b")]),
        bot.set_my_commands([BotCommand("a", "b" * 257)]),
        bot.set_my_commands([command] * 101),
        bot.set_my_description("d" * 513),
        bot.set_my_short_description("s" * 121),
        bot.set_my_commands([command], language_code="german"),
    ):
        with pytest.raises(BadRequest):
            await call
    await bot.delete_my_commands()
    assert await bot.get_my_commands() == ()


async def test_the_rest(api: BotApi, bot: Bot) -> None:
    """Actions, reactions and drafts are checked; after logOut nothing goes."""
    mira = api.person(7)
    said = mira.says("hello")
    await bot.send_chat_action(7, "typing")
    with pytest.raises(BadRequest, match=words("wrong parameter action")):
        await bot.send_chat_action(7, "thinking")
    await bot.set_message_reaction(7, said, "👍")
    assert mira.sees()[0].reaction == "👍"
    with pytest.raises(BadRequest, match=words("reaction_invalid")):
        await bot.set_message_reaction(7, said, "🥕")
    await bot.send_message_draft(7, 1, "Let me thi")
    assert mira.hears() == []
    assert (await bot.get_chat(7)).first_name == "Person 7"
    await bot.log_out()
    with pytest.raises(TelegramError, match=words("logged out")):
        await bot.get_me()


# ------------ faults and the log


async def test_faults(api: BotApi, bot: Bot) -> None:
    """Each fault does what its name says, to the calls it fits, and the log tells which."""
    mira = api.person(7, written=True)
    api.fault("sendMessage", "deliver_then_drop")
    with pytest.raises(NetworkError):
        await bot.send_message(7, "arrived")
    api.fault("sendMessage", "drop")
    with pytest.raises(NetworkError):
        await bot.send_message(7, "lost")
    api.fault("sendMessage", "status", code=502)
    with pytest.raises(NetworkError, match=words("bad gateway")):
        await bot.send_message(7, "lost")
    api.fault("sendMessage", "status", code=403, description="Forbidden: bot was blocked by the user")
    with pytest.raises(Forbidden):
        await bot.send_message(7, "lost")
    api.fault("sendMessage", "too_many", retry_after=35)
    with pytest.raises(RetryAfter) as wait:
        await bot.send_message(7, "lost")
    assert wait.value.retry_after == timedelta(seconds=35)
    api.fault("sendMessage", "garbage")
    with pytest.raises(TelegramError):
        await bot.send_message(7, "lost")
    api.fault("sendMessage", "hang", executed=True)
    with pytest.raises(TimedOut):
        await bot.send_message(7, "arrived late", read_timeout=0.1)
    api.fault("sendMessage", "hang", seconds=0.05)
    with pytest.raises(NetworkError):
        await bot.send_message(7, "lost")
    api.fault("sendMessage", "hang", seconds=0.05, executed=True)
    await bot.send_message(7, "slow")
    assert [message.text for message in mira.hears()] == ["arrived", "arrived late", "slow"]
    calls = api.calls("sendMessage")
    assert [(call.fault, call.executed, call.code) for call in calls] == [
        ("deliver_then_drop", True, 200),
        ("drop", False, 0),
        ("status", False, 502),
        ("status", False, 403),
        ("too_many", False, 429),
        ("garbage", False, 200),
        ("hang", True, 200),
        ("hang", False, 0),
        ("hang", True, 200),
    ]
    assert calls[0].text == "arrived"
    assert api.counts()["violations"] == {}


async def test_faults_choose(api: BotApi, bot: Bot) -> None:
    """A fault waits for its method, chat, words and turn."""
    api.person(7, written=True)
    api.person(8, written=True)
    api.fault("sendMessage", "drop", chat=8, containing="ouch", after=1, times=2)
    await bot.send_chat_action(8, "typing")
    await bot.send_message(7, "ouch")
    await bot.send_message(8, "fine")
    await bot.send_message(8, "ouch, but the first goes through")
    assert api.faults_left() == 2
    for _ in range(2):
        with pytest.raises(NetworkError):
            await bot.send_message(8, "ouch")
    await bot.send_message(8, "ouch")
    assert api.faults_left() == 0
    api.fault("*", "drop")
    api.clear_faults()
    await bot.send_message(8, "fine")
    assert [call.text for call in api.calls("sendMessage", chat=7, code=200)] == ["ouch"]


async def test_faulty_polls(api: BotApi, bot: Bot) -> None:
    """A poll whose answer is lost loses nothing: the updates come again."""
    api.person(7).says("hello")
    api.fault("getUpdates", "deliver_then_drop")
    with pytest.raises(NetworkError):
        await bot.get_updates(timeout=5)
    assert api.updates()[0]["handed_out"] == 1
    assert len(await bot.get_updates(timeout=5)) == 1


async def test_waiting_for_calls(api: BotApi, bot: Bot) -> None:
    """A test can wait for the n-th call instead of sleeping."""
    api.person(7, written=True)
    waiting = asyncio.create_task(asyncio.to_thread(api.wait_calls, "sendMessage", 2, chat=7))
    await bot.send_message(7, "one")
    last = api.calls()[-1].number
    await bot.send_message(7, "two")
    await waiting
    api.wait_calls("sendMessage", after=last, timeout=0)
    with pytest.raises(Unmet, match=words("1 of 2 calls")):
        api.wait_calls("sendMessage", 2, after=last, timeout=0)


async def test_latency(api: BotApi, bot: Bot) -> None:
    """Latency delays the answer, not the effect."""
    mira = api.person(7, written=True)
    api.latency(0.05)
    loop = asyncio.get_running_loop()
    start = loop.time()
    await bot.send_message(7, "slow")
    assert loop.time() - start >= 0.05
    assert len(mira.hears()) == 1


def test_the_server_does_not_outlive_its_test() -> None:
    """It ends when the process that started it is gone, however that came about."""
    script = (
        "import os, sys; from tests.botapi import BotApi; print(BotApi().__enter__().port, flush=True); os._exit(1)"
    )
    root = Path(__file__).parents[1]
    # This returns when nobody holds the other end of the pipes any more, and the server holds standard error.
    ended = subprocess.run([sys.executable, "-c", script], cwd=root, capture_output=True, timeout=20, check=False)
    with pytest.raises(OSError, match=words("Connection refused")):
        socket.create_connection(("127.0.0.1", int(ended.stdout)))
