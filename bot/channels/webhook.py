"""What this process serves over HTTP: updates that Telegram brings, and how it is.

An update is answered with 200 once it is in the inbox, and not a moment before: until then Telegram keeps it, and
brings it again. What can't be read, or is longer than anybody writes, gets a 200 as well, or it would be brought for
ever. Everything else that may go wrong is a 503, which costs a repetition.

Whoever brings one has to know the secret, and nothing of what they send is read before that was looked at. Nothing here
depends on the address that a request came from, since that may be a proxy's; and there is no log of requests, since an
address may hold anything.
"""

import asyncio
import hmac
import logging
import os
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Self

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from bot.channels.updates import LONGEST, taken_in
from bot.engine import Raw
from bot.errors import TenfoldError
from bot.health import Health
from bot.metrics import Prometheus

__all__ = ["Webhook", "Webserver"]

SECRET = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name

WITHIN = timedelta(seconds=20)
"""An update that isn't stored by then is Telegram's again: it waits for about a minute, and proxies for half of one."""

AT_ONCE = 1000
"""Updates that are being stored at once, at most. While the database is away each waits for it, and more stay with
Telegram."""

LEAVE_WITHIN = 0.5
"""Seconds in which requests under way may be finished at the end, and then be called off; those come again."""

LINGER = 1.0
"""Seconds for which the rest of a request that was refused is let go by, so that the refusal is heard."""

_log = logging.getLogger(__name__)

Receive = Callable[[Sequence[Raw]], Awaitable[None]]


class Webhook:
    """Updates as Telegram brings them, one a request. What it answers with 200 is stored, or nothing to be stored."""

    def __init__(
        self,
        secret: str,
        receive: Receive,
        health: Health,
        metrics: Prometheus,
        *,
        within: timedelta = WITHIN,
    ) -> None:
        """*receive* returns once what it was given is on disk."""
        self._secret = secret.encode()
        self._receive = receive
        self._health = health
        self._metrics = metrics
        self._within = within.total_seconds()
        self._storing: dict[tuple[int, ...], asyncio.Task[bool]] = {}
        self._warned = False

    async def answer(self, request: web.Request) -> web.Response:
        """What Telegram is answered."""
        if not self._is_telegram(request):
            return _closing(413 if (request.content_length or 0) > LONGEST else 401)
        if self._health.stopping:
            return _closing(503)
        loop = asyncio.get_running_loop()
        ends = loop.time() + self._within
        body, over = bytearray(), False
        try:
            async with asyncio.timeout_at(ends):
                async for piece in request.content.iter_any():
                    over = over or len(body) + len(piece) > LONGEST
                    if over:
                        body.clear()
                    else:
                        body += piece
        except TimeoutError:
            if not over:
                return _closing(503)
        except (web.RequestPayloadError, ConnectionError):
            return _closing(400)
        if over:
            _log.warning("an update is passed over: nobody writes more than %d bytes", LONGEST)
            self._metrics.received("too large")
            return web.Response()
        try:
            updates = taken_in(bytes(body))
        except ValueError:
            _log.warning("%d bytes that Telegram brought hold no update; they are passed over", len(body))
            self._metrics.received("unusable")
            return web.Response()
        return await self._stored(updates, ends - loop.time())

    def _is_telegram(self, request: web.Request) -> bool:
        """Whether whoever asks knows the secret."""
        given = request.headers.get(SECRET, "").encode("utf-8", "surrogateescape")
        if hmac.compare_digest(given, self._secret):
            return True
        self._metrics.received("wrong secret")
        if not self._warned:
            self._warned = True
            _log.warning("somebody who doesn't know the webhook's secret brings updates; they are turned away")
        return False

    async def _stored(self, updates: list[Raw], within: float) -> web.Response:
        """The answer to *updates*, after so many seconds at most. Storing them isn't called off: they might be on disk
        with nobody knowing. What comes again meanwhile waits for the same."""
        ids = tuple(raw.id for raw in updates)
        storing = self._storing.get(ids)
        if storing is None:
            if len(self._storing) >= AT_ONCE:
                return web.Response(status=503)
            storing = self._storing[ids] = asyncio.get_running_loop().create_task(self._store(updates))
            storing.add_done_callback(lambda _storing: self._storing.pop(ids))
        await asyncio.wait([storing], timeout=within)
        if storing.done() and not storing.cancelled() and storing.result():
            self._health.brought()
            return web.Response()
        return web.Response(status=503)

    async def _store(self, updates: list[Raw]) -> bool:
        try:
            await self._receive(updates)
        except Exception as error:  # noqa: BLE001 - whatever it was, Telegram still has them
            kind = type(error).__name__
            _log.warning("updates can't be stored (%s), so they stay with Telegram: check the database", kind)
            return False
        return True


class Webserver:
    """Serves inside `async with`: /healthz, /readyz, /metrics and, where there is one, the webhook at its path."""

    def __init__(
        self,
        bind: str,
        port: int,
        *,
        health: Health,
        metrics: Prometheus,
        clock: Callable[[], datetime],
        webhook: Webhook | None = None,
        path: str = "",
    ) -> None:
        """*bind* is the address to listen on; *path* is where the *webhook* is."""
        self._bind, self._port = bind, port
        self._health = health
        self._metrics = metrics
        self._clock = clock
        logging.getLogger("aiohttp.server").addFilter(_is_ours)
        app = web.Application()
        app.router.add_get("/healthz", self._alive)
        app.router.add_get("/readyz", self._ready)
        app.router.add_get("/metrics", self._counted)
        if webhook:
            app.router.add_post(path, webhook.answer)
        self._runner = web.AppRunner(
            app,
            access_log=None,
            auto_decompress=False,  # something small could be made of any length
            lingering_time=LINGER,
            shutdown_timeout=LEAVE_WITHIN,
        )

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, self._bind, self._port, backlog=1024).start()
        except OSError as error:
            await self._runner.cleanup()
            reason = os.strerror(error.errno) if error.errno else type(error).__name__
            raise TenfoldError(
                f"PORT can't be listened on ({reason}): set another one, end what holds it, or correct BIND"
            ) from None
        return self

    async def __aexit__(self, *_error: object) -> None:
        """Nothing new is taken in any more; what is being stored may be finished."""
        self._health.stopping = True
        await self._runner.cleanup()
        await self._health.close()

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._runner.addresses[0][1])

    async def _alive(self, _request: web.Request) -> web.Response:
        return web.Response(text="alive\n")

    async def _ready(self, _request: web.Request) -> web.Response:
        readiness = await self._health.readiness()
        return web.json_response(readiness.told(), status=200 if readiness.ready else 503)

    async def _counted(self, _request: web.Request) -> web.Response:
        text = self._metrics.text(await self._health.backlog(), self._clock())
        return web.Response(body=text, headers={"Content-Type": self._metrics.kind})


def _is_ours(record: logging.LogRecord) -> bool:
    """Whether an error is anything to look into. That a stranger sends what is no HTTP isn't: it would fill the log."""
    return not (record.exc_info and isinstance(record.exc_info[1], HttpProcessingError))


def _closing(status: int) -> web.Response:
    """An answer after which the connection is closed, whatever else was to come on it."""
    response = web.Response(status=status)
    response.force_close()
    return response
