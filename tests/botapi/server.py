"""A Bot API server for tests: real HTTP, one bot, strict where Telegram is strict.

It has two faces. The bot's is `/bot<token>/<method>` and `/file/bot<token>/<path>`; the people's is `/control/<verb>`.
Here is only what stands between HTTP and them; imports point one way, downwards in this list:

- `control`: the people's face, all its verbs
- `methods`: the bot's face, the Bot API's methods
- `people`: what people do
- `world`: what there is, what everybody sees, and the updates that wait
- `webhook`: how those are brought to a bot that asked for that
- `faults`: limits, faults and the log of calls
- `checks`: what Telegram takes, and what it keeps of it
- `clock`: time that can be moved on, and waits that end when something happens

    python -m tests.botapi.server --port 0 [--strict-limits] [--token TOKEN] [--until-eof]

prints `{"port": 40123, "token": "..."}` on one line once it listens.
"""

import argparse
import asyncio
import contextlib
import json
import os
import re
import secrets
import string
import sys
from collections.abc import Awaitable, Sequence
from typing import Any
from urllib.parse import parse_qsl, unquote

from aiohttp import web

from tests.botapi.checks import Json, Params, Refused, Upload, bad
from tests.botapi.clock import finish
from tests.botapi.control import VERBS
from tests.botapi.faults import Call, Dropped, answer, refusal, spoiled
from tests.botapi.methods import METHODS, UPLOAD_LIMIT, Described, Method
from tests.botapi.people import Misused
from tests.botapi.world import Telegram

_PATH = re.compile(r"/bot([^/]+)/([^/]+)$")
_TOKEN = re.compile(r"\d{1,16}:[A-Za-z0-9_-]{35}$")


class Front:
    """HTTP to `Telegram` and back."""

    def __init__(self, telegram: Telegram) -> None:
        self.telegram = telegram

    async def __call__(self, request: web.BaseRequest) -> web.StreamResponse:
        path, _, query = request.raw_path.partition("?")
        if "%" in path:
            path = unquote(path)
        try:
            if path.startswith("/control/"):
                return await self.control(request, path.removeprefix("/control/"))
            if path.startswith("/file/bot"):
                return await self.download(path.removeprefix("/file/bot"))
            return await self.bot(request, path, query)
        except Dropped:
            if request.transport is not None:
                request.transport.abort()
            return web.Response()

    async def control(self, request: web.BaseRequest, verb: str) -> web.Response:
        given = json.loads(await request.read())
        try:
            if verb not in VERBS:
                raise Misused(f"no such verb: {verb}")
            result = VERBS[verb](self.telegram, given)
            if isinstance(result, Awaitable):
                result = await result
        except Misused as error:
            return web.json_response({"error": str(error)}, status=400)
        return answer(200, json.dumps(result))

    async def download(self, rest: str) -> web.Response:
        """The bytes of a file. In the log it is a call of "download", which no method is named."""
        telegram = self.telegram
        token, _, path = rest.partition("/")
        upload = next((each for each in telegram.files.values() if each.path == path), None)
        if token != telegram.token or upload is None:
            return refusal(Refused(404, "Not Found"))
        params = Params({"path": path}, {}, lambda: True)
        call = telegram.log.open("download", params)

        async def run() -> web.Response:
            telegram.log.close(call, 200)
            return web.Response(body=upload.data, content_type="application/octet-stream")

        fault = telegram.log.spend(call, params)
        return await (spoiled(fault, call, telegram.log, run) if fault else run())

    async def bot(self, request: web.BaseRequest, path: str, query: str) -> web.Response:
        telegram, match = self.telegram, _PATH.match(path)
        if not match or not _TOKEN.match(match.group(1)):
            return refusal(Refused(404, "Not Found"))
        if match.group(1) != telegram.token:
            return refusal(Refused(401, "Unauthorized"))
        try:
            params = await _params(request, query)
        except Refused as error:
            telegram.log.count(error.code)
            return refusal(error)
        name, function = METHODS.get(match.group(2).lower(), (match.group(2), None))
        call = telegram.log.open(name, params)
        fault = telegram.log.spend(call, params)
        if fault:
            return await spoiled(fault, call, telegram.log, lambda: self.run(call, params, function))
        response = await self.run(call, params, function)
        if telegram.latency and name != "getUpdates":
            await asyncio.sleep(telegram.latency)
        return response

    async def run(self, call: Call, params: Params, function: Method | None) -> web.Response:
        """Executes a call and closes it in the log."""
        telegram = self.telegram
        try:
            if telegram.logged_out:
                raise Refused(400, "Logged out")
            if function is None:
                raise Refused(404, "Not Found: method not found")
            result, told = function(telegram, params), ""
            if isinstance(result, Described):
                result, told = result.result, f',"description":{json.dumps(result.description)}'
            body = await result if isinstance(result, Awaitable) else json.dumps(result)
        except Refused as error:
            telegram.log.close(call, error.code, error.description)
            return refusal(error)
        telegram.log.close(call, 200, result=result)
        return answer(200, f'{{"ok":true,"result":{body}{told}}}')


async def _params(request: web.BaseRequest, query: str) -> Params:
    """The parameters of a call out of its query and its body. Raises Refused."""
    values: Json = dict(parse_qsl(query, keep_blank_values=True)) if query else {}
    files: dict[str, Upload] = {}
    kind = request.content_type
    try:
        if kind == "multipart/form-data":
            for name, value in (await request.post()).items():
                if isinstance(value, web.FileField):
                    upload = Upload(value.filename, value.file.read())
                    values[name] = files[name] = upload
                else:
                    values[name] = value if isinstance(value, str) else bytes(value).decode()
        elif body := await request.read():
            if kind == "application/json":
                given = json.loads(body)
                if not isinstance(given, dict):
                    raise bad("can't parse JSON object")
                values |= given
            else:
                values |= parse_qsl(body.decode(), keep_blank_values=True, errors="strict")
    except web.HTTPRequestEntityTooLarge:
        raise Refused(413, "Request Entity Too Large") from None
    except UnicodeDecodeError:
        raise bad("strings must be encoded in UTF-8") from None
    except ValueError:
        raise bad("can't parse JSON object") from None
    return Params(values, files, lambda: request.transport is not None and not request.transport.is_closing())


async def serve(telegram: Telegram, port: int, *, until_eof: bool) -> None:
    """Serves until the process is told to stop; with *until_eof* also until standard input ends."""
    loop = asyncio.get_running_loop()

    def whole(message: Any, payload: Any, protocol: Any, writer: Any, task: Any) -> web.BaseRequest:
        return web.BaseRequest(message, payload, protocol, writer, task, loop, client_max_size=UPLOAD_LIMIT + (1 << 20))

    server = web.Server(Front(telegram), request_factory=whole, handler_cancellation=True, access_log=None)
    listening = await loop.create_server(server, "127.0.0.1", port, backlog=1024)
    address = listening.sockets[0].getsockname()
    sys.stdout.write(json.dumps({"port": address[1], "token": telegram.token}) + "\n")
    sys.stdout.flush()
    over: asyncio.Future[None] = loop.create_future()

    def read() -> None:
        if not os.read(0, 1024):
            finish(over)

    if until_eof:
        # The parent holds the other end: however it dies, this process does not outlive it.
        loop.add_reader(0, read)
    await over


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="A Bot API server for tests.")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--strict-limits", action="store_true")
    parser.add_argument("--token", default="")
    parser.add_argument("--until-eof", action="store_true", help="stop when standard input ends")
    options = parser.parse_args(arguments)
    alphabet = string.ascii_letters + string.digits + "_-"
    token = options.token or "7000000001:" + "".join(secrets.choice(alphabet) for _ in range(35))
    if not _TOKEN.match(token):
        sys.exit("--token must look like Telegram's: digits, a colon, 35 of A-Z a-z 0-9 _ -")
    with contextlib.suppress(ImportError):
        import uvloop

        asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(
            serve(Telegram(token, strict_limits=options.strict_limits), options.port, until_eof=options.until_eof)
        )


if __name__ == "__main__":
    main()
