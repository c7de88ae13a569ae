"""Requests to the Bot API over aiohttp, behind python-telegram-bot's own interface.

Its httpx costs twice the processor time for one message at a time and ten times for many at once (its pool). What
matters besides speed is that an error says whether anything can have left this machine, because only then a message
may be sent again without a thought; and that it says nothing else: the token is part of every address, and aiohttp's
errors quote addresses. So errors raised here carry a type's name and are not chained to what caused them.

Seconds are plain numbers in this module, as in the interface that it implements.
"""

import json
import os
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from aiohttp import (
    ClientConnectorError,
    ClientResponse,
    ClientSession,
    ClientTimeout,
    ConnectionTimeoutError,
    DummyCookieJar,
    FormData,
    InvalidURL,
    TCPConnector,
)
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

__all__ = ["AiohttpRequest", "NotConnected", "TooLong"]

_JSON = {"Content-Type": "application/json"}


class NotConnected(NetworkError):
    """No connection came about: nothing has left this machine."""

    __slots__ = ()


class TooLong(NetworkError):
    """The answer is longer than we are ready to hold. What was asked for has happened."""

    __slots__ = ()


@lru_cache(maxsize=64)
def _timeout(connect: float | None, pool: float | None, write: float | None, read: float | None) -> ClientTimeout:
    """*read* holds for each piece of an answer; all of them together bound the whole, or a drip could last for ever."""
    total = None if None in (connect, pool, write, read) else sum(filter(None, (connect, pool, write, read)))
    wait = None if connect is None or pool is None else connect + pool
    return ClientTimeout(total=total, connect=wait, sock_connect=connect, sock_read=read)


def _seconds(given: object, default: float | None) -> float | None:
    """What was *given*; the *default* where the caller said nothing, which here isn't the same as None."""
    return given if given is None or isinstance(given, int | float) else default


def _form(data: RequestData) -> FormData:
    form = FormData(quote_fields=False)  # else a space in a file name arrives as %20
    for name, value in data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, kind) in data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=kind)
    return form


async def _body(response: ClientResponse, longest: int) -> bytes:
    """All of the answer, at most *longest* bytes. Raises TooLong."""
    if response.content_length is not None:
        if response.content_length > longest:
            raise TooLong(TooLong.__name__)
        return await response.read()
    body = bytearray()
    async for piece in response.content.iter_any():
        body += piece
        if len(body) > longest:
            raise TooLong(TooLong.__name__)
    return bytes(body)


class AiohttpRequest(BaseRequest):
    """Requests over connections that are kept open. One instance belongs to one event loop.

    Raises NotConnected, TimedOut, TooLong, or NetworkError for anything else; none of them tells the address."""

    __slots__ = ("_connect", "_connections", "_longest", "_read", "_session", "_write")

    def __init__(
        self,
        *,
        read_timeout: float = 15,
        write_timeout: float = 5,
        connect_timeout: float = 5,
        connections: int = 256,
        longest: int = 64 << 20,
    ) -> None:
        """Timeouts in seconds, *longest* answer in bytes."""
        self._read, self._write, self._connect = read_timeout, write_timeout, connect_timeout
        self._connections = connections
        self._longest = longest
        self._session: ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        return self._read

    async def initialize(self) -> None:
        self._open()

    def _open(self) -> ClientSession:
        """The session, made at the first use: aiohttp wants its event loop to be running."""
        if self._session is None or self._session.closed:
            self._session = ClientSession(
                # Telegram and proxies close idle connections after a minute or so. Sending on one just then is the
                # kind of failure that leaves everybody unsure, hence the shorter time.
                connector=TCPConnector(limit=self._connections, keepalive_timeout=30),
                cookie_jar=DummyCookieJar(),
                headers={"User-Agent": self.USER_AGENT, "Accept-Encoding": "identity"},
                auto_decompress=False,  # a compressed answer could be any length
            )
        return self._session

    async def shutdown(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = BaseRequest.DEFAULT_NONE,
        write_timeout: object = BaseRequest.DEFAULT_NONE,
        connect_timeout: object = BaseRequest.DEFAULT_NONE,
        pool_timeout: object = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Status and body of the answer, whatever the status is."""
        files = request_data is not None and request_data.contains_files
        limits = _timeout(
            _seconds(connect_timeout, self._connect),
            _seconds(pool_timeout, self._connect),
            _seconds(write_timeout, 4 * self._write if files else self._write),
            _seconds(read_timeout, self._read),
        )
        if request_data is None:
            return await self._exchange(method, url, None, None, limits)
        if files:
            return await self._exchange(method, url, _form(request_data), None, limits)
        return await self._exchange(method, url, json.dumps(request_data.parameters).encode(), _JSON, limits)

    async def ask(self, url: str, parameters: Mapping[str, object], *, read_timeout: float) -> tuple[int, bytes]:
        """Status and body of the answer to a call that python-telegram-bot is not to take apart."""
        limits = _timeout(self._connect, self._connect, self._write, read_timeout)
        return await self._exchange("POST", url, json.dumps(parameters).encode(), _JSON, limits)

    async def download(self, url: str, to: Path, *, longest: int, total: float) -> int:
        """The status of the answer; if that is 200 its body, at most *longest* bytes, is in *to*, for our eyes only,
        and came within *total* seconds. Raises OSError as well, if *to* can't be written."""
        limits = ClientTimeout(total=total, connect=2 * self._connect, sock_connect=self._connect, sock_read=self._read)
        unwritten: OSError | None = None
        failure: TelegramError
        try:
            async with self._open().get(url, timeout=limits, allow_redirects=False) as response:
                if response.status == 200:
                    try:
                        draft = os.fdopen(os.open(to, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")
                    except OSError as error:
                        unwritten = error
                        raise
                    with draft:
                        room = longest
                        async for piece in response.content.iter_any():
                            room -= len(piece)
                            if room < 0:
                                raise TooLong(TooLong.__name__)
                            try:
                                draft.write(piece)
                            except OSError as error:
                                unwritten = error
                                raise
                return response.status
        except Exception as error:  # noqa: BLE001 - see below
            failure = _failure(error)
        if unwritten is not None:
            raise unwritten
        raise failure

    async def _exchange(
        self,
        method: str,
        url: str,
        data: bytes | FormData | None,
        headers: dict[str, str] | None,
        limits: ClientTimeout,
    ) -> tuple[int, bytes]:
        failure: TelegramError
        try:
            async with self._open().request(
                method, url, data=data, headers=headers, timeout=limits, allow_redirects=False
            ) as response:
                return response.status, await _body(response, self._longest)
        except Exception as error:  # noqa: BLE001 - aiohttp lets errors of every layer below pass, and they hold addresses
            failure = _failure(error)
        # Out here the original is not attached as context, which a careless log could print.
        raise failure


def _failure(error: Exception) -> TelegramError:
    """What *error*, of whatever layer, comes to. It tells no address."""
    match error:
        case ClientConnectorError() | ConnectionTimeoutError() | InvalidURL():
            return NotConnected(type(error).__name__)
        case TimeoutError():
            return TimedOut()
        case TooLong():
            return error
        case _:
            return NetworkError(type(error).__name__)
