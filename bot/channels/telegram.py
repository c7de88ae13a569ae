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
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from math import ceil
from pathlib import Path
from time import monotonic
from typing import NamedTuple, Self, cast
from urllib.parse import quote

from telegram import (
    Bot,
    BotCommandScopeAllPrivateChats,
    InputFile,
)
from telegram.error import (
    BadRequest,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)
from telegram.request import RequestData
from telegram.request._requestparameter import RequestParameter  # no public way to its kind of parameters

from bot import picture
from bot.channels.http import AiohttpRequest, TooLong
from bot.channels.messages import Json, failure, formatted, keyboard, seconds
from bot.channels.updates import LONGEST, Press, owner, taken_apart, translated
from bot.domain import (
    File,
    Incoming,
    Reply,
)
from bot.engine import Raw
from bot.errors import Gone, Moved, NotSent, Refused, TenfoldError, TooFast, Unread, Unsure
from bot.files import LARGEST
from bot.metrics import SILENT, Metrics, Sent
from bot.story import Picture
from bot.text import LIMIT, plain, units
from bot.words import _

__all__ = ["TelegramChannel"]

HEART = "❤"
"""The reaction as Telegram spells it, without a variation selector (Bot API 10.0, ReactionTypeEmoji)."""

_log = logging.getLogger(__name__)

_ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")
_BATCH = 100

_NO_PREVIEW: Json = {"is_disabled": True}

_UNEDITABLE = (
    "message can't be edited",
    "message to edit not found",
    "message_id_invalid",
    "there is no text in the message to edit",  # it holds a file, and shows its words as a caption
)

_CAPTION = 1024
"""UTF-16 units of the words below a file (Bot API 10.0, sendPhoto)."""

_METHODS = {
    "voice": "sendVoice",
    "photo": "sendPhoto",
    "video": "sendVideo",
    "audio": "sendAudio",
    "document": "sendDocument",
}
_NAMES = {"voice": "voice.ogg", "photo": "photo.jpg", "video": "video.mp4", "audio": "audio.mp3", "document": "file"}
"""What a file is called that came without a name. Telegram goes by the ending."""

_OUTCOMES: Mapping[type[Exception], Sent] = {
    NotSent: "not sent",
    Unsure: "unsure",
    Refused: "refused",
    TooFast: "told to wait",
    Gone: "gone",
    Moved: "moved",
}

_CONNECTIONS = 40
"""On how many connections at once Telegram may bring updates (Bot API 10.0, setWebhook; 100 at most)."""

_WEBHOOK_LOOK = 600
"""Seconds between two looks whether Telegram still brings updates here."""

_SLOWEST = 64 << 10
"""Bytes in a second, below which a file counts as stuck on its way."""


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
_UNFIT_WEBHOOK = (
    "Telegram doesn't take WEBHOOK_URL: its host must be known everywhere, at port 443, 80, 88 or 8443, "
    "with a certificate that is valid"
)
_UNINTRODUCED = "commands and description can't be set"


def _explained(body: bytes) -> tuple[str, float]:
    """What an answer says: its description, in small letters, and the seconds it asks to wait."""
    try:
        answer = json.loads(body)
        parameters = answer.get("parameters") or {}
        return str(answer.get("description", "")).lower(), float(parameters.get("retry_after", 0))
    except (ValueError, TypeError, AttributeError, RecursionError):
        return "", 0


class _Drawing(NamedTuple):
    """A picture as a PNG."""

    png: bytes

    @classmethod
    def of(cls, shown: Picture) -> "_Drawing | None":
        """*shown*, drawn; None if that fails: the words below it must go out all the same."""
        try:
            return cls(picture.png(shown))
        except Exception as error:  # noqa: BLE001 - whatever it was, it must not keep the words from going out
            _log.error("a picture can't be drawn (%s)", type(error).__name__)
            return None

    def part(self, name: str) -> RequestParameter:
        """What is uploaded under *name*."""
        return RequestParameter(name, None, [InputFile(self.png, filename="story.png")])


class TelegramChannel:
    """One bot's account. Its connections are open inside `async with`."""

    def __init__(
        self,
        token: str,
        origin: str = "https://api.telegram.org",
        *,
        long_poll: timedelta = timedelta(seconds=50),
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        metrics: Metrics = SILENT,
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
        self._metrics = metrics
        self._polled: float | None = None  # monotonic, while it polls
        self._pen = asyncio.Lock()
        self._halves: dict[int, Reply] = {}  # a reply by its chat, of which the file was sent and the words not yet

    async def __aenter__(self) -> Self:
        # Not Bot.initialize: that calls getMe first, and a bot must start while Telegram is away.
        await self._calls.initialize()
        await self._receiving.initialize()
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self._receiving.shutdown()
        await self._calls.shutdown()

    def read(self, payload: str) -> Incoming | None:
        """The event in one update, None if it concerns nobody. Raises Unread."""
        try:
            return translated(payload)
        except Exception as error:
            raise Unread(owner(payload)) from error

    async def send(
        self, chat: int, reply: Reply, *, bare: bool = False, attached: File | Picture | None = None
    ) -> int | None:
        """The id of the message that says *reply*, and shows what is *attached*: a picture, or a file if that can still
        be had from Telegram or from here. Raises NotSent, Unsure, Refused, TooFast, Gone or Moved."""
        text, entities = formatted(reply.text)
        options: Json = {}
        if entities and not bare:
            options["entities"] = entities
        if reply.choices:
            options["reply_markup"] = keyboard(reply.choices, bare)
        try:
            shown = await self._drawn(attached) if isinstance(attached, Picture) else attached
            if shown is not None:
                message = await self._shown(chat, reply, shown, text, options)
            elif reply.replaces is not None and await self._edited(chat, reply.replaces, text, options):
                message = reply.replaces
            else:
                message = await self._said(chat, text, options)
        except Exception as error:  # noqa: BLE001 - an answer can be wrong in any way; each means something here
            meant = failure(error)
        else:
            self._metrics.sent("sent")
            return message
        self._metrics.sent(_OUTCOMES[type(meant)])
        if isinstance(meant, TooFast):
            self._metrics.told_to_wait(timedelta(seconds=meant.seconds))
        # Out here the original, which may quote anything, is not attached as context.
        raise meant

    async def _drawn(self, shown: Picture) -> "_Drawing | None":
        """*shown* as a PNG; None if it can't be drawn. One at a time: while it renders, nothing else is done here."""
        async with self._pen:
            return await asyncio.to_thread(_Drawing.of, shown)

    async def _said(self, chat: int, text: str, options: Json) -> int:
        """Send words alone; the id of the message. Raises TelegramError."""
        return await self._sent({"chat_id": chat, "text": text, "link_preview_options": _NO_PREVIEW, **options})

    async def _shown(self, chat: int, reply: Reply, file: "File | _Drawing", text: str, options: Json) -> int:
        """Send *file* with *text* below it, a drawing in the place of the one that it replaces; the id of the message
        with the keyboard. Raises TelegramError.

        Words that don't fit below a file follow it. If it is they that fail, what is sent again is they alone, as long
        as this process lives; after a crash both may come twice, like any message.
        """
        if units(text) <= _CAPTION:
            captioned = {"caption_entities" if name == "entities" else name: value for name, value in options.items()}
            below: Json = {"caption": text, **captioned}
            older = reply.replaces
            if isinstance(file, _Drawing) and older is not None and await self._redrawn(chat, older, file, below):
                return older
            message = await self._filed(chat, file, below)
            return message or await self._said(chat, text, options)
        if self._halves.get(chat) != reply:
            await self._filed(chat, file, {})
            self._halves[chat] = reply
        message = await self._said(chat, text, options)
        del self._halves[chat]
        return message

    async def _filed(self, chat: int, file: "File | _Drawing", options: Json) -> int | None:
        """Send *file* with *options*; the id of the message, None if it can't be had any more. Raises TelegramError.

        What Telegram holds already costs it and us nothing. It refuses the id of another bot's file, and of a round
        video or an animation when it is to be a video; then the bytes that are kept here go up, if need be as a mere
        document, for some people take no voice messages, and not every picture is one that Telegram can show.
        """
        if isinstance(file, _Drawing):
            return await self._hung(chat, file, options)
        ways = dict.fromkeys(((file.kind, file.id), (file.kind, None), ("document", None)))
        for kind, value in ways:
            try:
                if value:
                    parameters: Json = {"chat_id": chat, kind: value, **options}
                    return await self._sent(parameters, _METHODS[kind])
                if value is None and file.path:
                    return await self._uploaded(chat, kind, file, options)
            except BadRequest as error:
                if not isinstance(failure(error), Refused):
                    raise
            except OSError as error:  # it was here a moment ago
                _log.warning("a file can't be read (%s)", type(error).__name__)
        return None

    async def _hung(self, chat: int, drawing: "_Drawing", options: Json) -> int | None:
        """Send *drawing* with *options*; the id of the message, None if it is refused. Raises TelegramError."""
        try:
            return await self._sent({"chat_id": chat, **options}, _METHODS["photo"], drawing.part("photo"))
        except BadRequest as error:
            if not isinstance(failure(error), Refused):
                raise
            return None

    async def _uploaded(self, chat: int, kind: str, file: File, options: Json) -> int:
        """Send the bytes of *file* as a *kind*, read as they go; the message's id. Raises TelegramError or OSError."""
        with await asyncio.to_thread(Path(file.path).open, "rb") as content:
            upload = InputFile(content, filename=file.name or _NAMES[file.kind], read_file_handle=False)
            part = RequestParameter(kind, None, [upload])
            within = 20 + file.size / _SLOWEST
            return await self._sent({"chat_id": chat, **options}, _METHODS[kind], part, write_timeout=within)

    async def fetch(self, file: File, to: Path) -> None:
        """Write the bytes of *file* to *to*. Raises NotSent if that may work later, Refused if it never will, OSError
        if *to* can't be written."""
        failure: Exception
        try:
            data = RequestData([RequestParameter("file_id", file.id, None)])
            found = cast("dict[str, str]", await self._calls.post(f"{self._bot.base_url}/getFile", data))
            url = f"{self._bot.base_file_url}/{quote(found['file_path'])}"
            within = 20 + LARGEST / _SLOWEST
            if await self._calls.download(url, to, longest=LARGEST, total=within) == 200:
                return
            failure = NotSent()  # the address is good for an hour or so: next time there is another one
        except OSError:
            raise
        except TooLong:
            failure = Refused()
        except BadRequest as error:
            # Telegram says the same of a wrong id and of a storage that is away for a while. Asking again costs little.
            failure = NotSent() if "temporarily unavailable" in error.message.lower() else Refused()
        except Exception:  # noqa: BLE001 - an answer can be wrong in any way
            failure = NotSent()
        # Out here the original, which may hold the address and with it the token, is not attached as context.
        raise failure

    async def _sent(
        self,
        parameters: Json,
        method: str = "sendMessage",
        *parts: RequestParameter,
        write_timeout: float | None = None,
    ) -> int:
        """Send a message with what is uploaded in *parts*, within *write_timeout* seconds; its id. Raises
        TelegramError, as all that the library's request does.

        Not Bot.send_message: that builds a Message of the answer, of which only the id is needed, and costs a quarter
        of all the processor time that a check-in step takes.
        """
        data = RequestData([*(RequestParameter(name, value, None) for name, value in parameters.items()), *parts])
        timeout = {} if write_timeout is None else {"write_timeout": write_timeout}
        url = f"{self._bot.base_url}/{method}"
        message = cast("dict[str, int]", await self._calls.post(url, data, **timeout))
        return message["message_id"]

    async def _redrawn(self, chat: int, message: int, drawing: "_Drawing", options: Json) -> bool:
        """Whether *message* shows *drawing* now; False if Telegram doesn't let it be changed. Raises TelegramError."""
        keyboard = {"reply_markup": options["reply_markup"]} if "reply_markup" in options else {}
        media = {"type": "photo", "media": "attach://picture"} | {
            name: value for name, value in options.items() if name != "reply_markup"
        }
        try:
            where = {"chat_id": chat, "message_id": message}
            await self._sent({**where, "media": media, **keyboard}, "editMessageMedia", drawing.part("picture"))
        except BadRequest as error:
            return self._is_as_wanted(error)
        return True

    async def _edited(self, chat: int, message: int, text: str, options: Json) -> bool:
        """Whether *message* says *text* now; False if Telegram doesn't let it be changed. Raises TelegramError."""
        more = {"link_preview_options": _NO_PREVIEW, **options}
        try:
            await self._bot.edit_message_text(text, chat_id=chat, message_id=message, api_kwargs=more)
        except BadRequest as error:
            return self._is_as_wanted(error)
        return True

    @staticmethod
    def _is_as_wanted(error: BadRequest) -> bool:
        """Whether a message that Telegram would not change is as it should be; False if it can't be changed. Raises
        *error* if it says anything else."""
        said = error.message.lower()
        if "message is not modified" in said:
            return True
        if any(reason in said for reason in _UNEDITABLE):
            return False
        raise error

    async def acknowledge(self, incoming: Incoming) -> None:
        """Stop the spinner on a pressed button. Best effort."""
        if isinstance(incoming.handle, Press):
            await self._try(self._bot.answer_callback_query(incoming.handle.callback))

    async def mark(self, incoming: Incoming, chosen: str) -> None:
        """Let the pressed message show what was *chosen*, without its buttons. Best effort."""
        press = incoming.handle
        if not isinstance(press, Press) or press.message is None:
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

    async def react(self, chat: int, message: int) -> None:
        """Put a heart to the person's own *message*. Best effort."""
        reaction = [{"type": "emoji", "emoji": HEART}]
        parameters = {"chat_id": chat, "message_id": message, "reaction": reaction}
        data = RequestData([RequestParameter(name, value, None) for name, value in parameters.items()])
        await self._try(self._calls.post(f"{self._bot.base_url}/setMessageReaction", data))

    async def typing(self, chat: int) -> None:
        """Show that something is being written. Best effort."""
        await self._try(self._bot.send_chat_action(chat, "typing", read_timeout=5))

    async def _try(self, call: Awaitable[object]) -> None:
        try:
            await call
        except Exception as error:  # noqa: BLE001 - nothing hangs on it, and the person can't do anything about it
            if isinstance(error, RetryAfter):
                self._metrics.told_to_wait(timedelta(seconds=seconds(error)))
            _log.debug("a best-effort call failed: %s", type(error).__name__)

    async def poll(self, receive: Callable[[Sequence[Raw]], Awaitable[None]]) -> None:
        """Hand batches to *receive* for ever. When it returns they are safe and Telegram may forget them; if it raises,
        the same come again. Ends only by cancellation."""
        patience = _Patience(self._sleep)
        offset: int | None = None
        limit = _BATCH
        self._polled = monotonic()
        while True:
            try:
                batch = await self._updates(offset, limit)
                await self._store(batch, receive)
            except TooLong:
                limit = max(1, limit // 2)
            except _Trouble as trouble:
                await patience.wait(trouble)
            except asyncio.CancelledError:
                self._polled = None
                raise
            else:
                self._polled = monotonic()
                patience.end()
                limit = min(2 * limit, _BATCH)
                # Ids may start again lower after a week without updates, so an offset isn't kept longer than it is
                # needed: an empty answer says that all before it are forgotten.
                offset = max(raw.id for raw in batch) + 1 if batch else None

    def polled_since(self) -> timedelta | None:
        """How long ago the last poll went well, or the first began; None while it doesn't poll."""
        return None if self._polled is None else timedelta(seconds=monotonic() - self._polled)

    async def have_brought(self, url: str, secret: str) -> None:
        """Have Telegram bring updates to *url* itself, each with the *secret*, for ever: tries until that has worked,
        and looks again now and then, since another process may have changed it. Ends only by cancellation."""
        patience = _Patience(self._sleep)
        asked: dict[str, object] = {"url": url, "secret_token": secret, "max_connections": _CONNECTIONS}
        begun = False
        while True:
            try:
                fresh = await self._set_webhook({**asked, "allowed_updates": _ALLOWED_UPDATES})
            except _Trouble as trouble:
                await patience.wait(trouble)
                continue
            patience.end()
            if not begun:
                _log.info("Telegram brings updates by webhook")
            elif fresh:
                _log.warning("the webhook had been taken away or changed: let no other process receive for this bot")
            begun = True
            await self._sleep(_WEBHOOK_LOOK)

    async def _set_webhook(self, asked: Mapping[str, object]) -> bool:
        """Whether it was not yet as *asked*. Raises _Trouble."""
        try:
            status, body = await self._calls.ask(f"{self._bot.base_url}/setWebhook", asked, read_timeout=15)
        except TelegramError as error:
            raise _Trouble(_UNREACHABLE, error.message) from None
        description, least = self._told(status, body)
        if status == 200 and description.startswith("webhook"):
            return "already" not in description
        if status == 200:
            raise _Trouble(_GARBLED, f"{len(body)} bytes")
        said = _REFUSED if status in (401, 404) else _UNFIT_WEBHOOK if status == 400 else _AILING
        raise _Trouble(said, f"HTTP {status}", least)

    def _told(self, status: int, body: bytes) -> tuple[str, float]:
        """What an answer says: its description, in small letters, and the seconds it asks to wait."""
        description, least = _explained(body)
        if status == 429:
            self._metrics.told_to_wait(timedelta(seconds=least))
        return description, least

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
                return taken_apart(body)
            except ValueError:
                raise _Trouble(_GARBLED, f"{len(body)} bytes") from None
        description, least = self._told(status, body)
        if status in (401, 404):
            said = _REFUSED
        elif status == 409 and "webhook" in description:
            said = _WEBHOOK
            await self._try(self._bot.delete_webhook())
        else:
            said = _RIVAL if status == 409 else _AILING
        raise _Trouble(said, f"HTTP {status}", least)

    async def _store(self, batch: list[Raw], receive: Callable[[Sequence[Raw]], Awaitable[None]]) -> None:
        """Give *receive* all of the batch that may be real. Raises _Trouble if it fails."""
        fit = []
        for raw in batch:
            if len(raw.payload) <= LONGEST:
                fit.append(raw)
            else:
                self._metrics.received("too large")
                _log.warning(
                    "update %(update)d is passed over: nobody writes %(bytes)d bytes",
                    {"update": raw.id, "bytes": len(raw.payload)},
                )
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
                    least = seconds(error) if isinstance(error, RetryAfter) else 0
                    if least:
                        self._metrics.told_to_wait(timedelta(seconds=least))
                    await patience.wait(_Trouble(_UNINTRODUCED, type(error).__name__, least))
                    continue
                break
            patience.end()

    async def check_webhook(self, url: str, now: datetime) -> str:
        """How it stands with updates that are to be brought to *url*, at *now* (aware). Raises TenfoldError, with the
        cure, if Telegram brings them elsewhere, or failed at it within the hour."""
        try:
            about = await self._bot.get_webhook_info()
        except Exception as error:  # noqa: BLE001 - an answer can be wrong in any way
            raise TenfoldError(f"Telegram can't be asked about it ({type(error).__name__}): see the token.") from None
        waiting = f"{about.pending_update_count} updates wait"
        if not about.url:
            return "none is set yet; a running bot sets it"
        if about.url != url:
            raise TenfoldError(
                "Telegram brings updates elsewhere: a running bot changes that within ten minutes; let no other "
                "process receive for this bot, and no other WEBHOOK_URL be set for it."
            )
        failed = about.last_error_date
        if failed and now - failed < timedelta(hours=1):
            raise TenfoldError(
                f"Telegram's last attempt failed at {failed:%H:%M} UTC ({about.last_error_message}), {waiting}: see "
                "that the bot is running, and that whatever does the https passes WEBHOOK_URL on to PORT."
            )
        return f"Telegram brings updates, {waiting}"

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
