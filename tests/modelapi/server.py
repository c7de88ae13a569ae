"""A server that speaks OpenAI's language, for tests: real HTTP, one model, and a queue of answers.

It listens twice. One port is the client's: `/v1/chat/completions`, `/v1/models` and `/v1/models/<model>`; it can be
closed and opened again. The other is the tests': `/control/<verb>`. What a request may hold is in `checks`; a good one
takes the next answer of the queue, one that is refused takes none.

    python -m tests.modelapi.server [--dialect openai] [--until-eof]

prints `{"port": 40123, "control": 40124}` on one line once it listens.
"""

import argparse
import asyncio
import contextlib
import json
import os
import sys
import time
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from aiohttp import web

from tests.botapi.clock import Clock, finish
from tests.modelapi.checks import DIALECTS, Json, Manners, Refused

_TYPES = {401: "authentication_error", 403: "permission_error", 429: "rate_limit_error"}


@dataclass(kw_only=True, slots=True)
class Seen:
    """A request as it came: `tests.modelapi.Request` says what is what."""

    number: int
    method: str
    path: str
    headers: dict[str, str]
    text: str
    after: float
    status: int = 0
    refused: str = ""
    over: bool = False
    gone: bool = False


@dataclass(slots=True)
class Server:
    """All that a test can arrange, and all that it can ask afterwards."""

    manners: Manners = field(default_factory=Manners)
    queue: deque[Json] = field(default_factory=deque)
    seen: list[Seen] = field(default_factory=list)
    clock: Clock = field(default_factory=Clock)
    first: float = 0.0

    async def client(self, request: web.BaseRequest) -> web.StreamResponse:
        """Whatever the client asks for."""
        text = (await request.read()).decode("utf-8", "replace")
        now = time.monotonic()
        self.first = self.first if self.seen else now
        seen = Seen(
            number=len(self.seen) + 1,
            method=request.method,
            path=request.path,
            headers={name.casefold(): value for name, value in request.headers.items()},
            text=text,
            after=now - self.first,
        )
        self.seen.append(seen)
        self.clock.tell("seen")
        try:
            return await self._answered(request, seen)
        except (asyncio.CancelledError, ConnectionError):
            seen.gone = True
            raise
        finally:
            seen.over = True
            self.clock.tell("seen")

    async def _answered(self, request: web.BaseRequest, seen: Seen) -> web.StreamResponse:
        try:
            self.manners.check_key(request.headers.get("Authorization", ""))
            match (seen.method, seen.path.removeprefix("/v1/").split("/", 1)):
                case "POST", ["chat", "completions"]:
                    self.manners.check(_read(seen.text))
                case "GET", ["models"]:
                    return self._whole(seen, {"object": "list", "data": [self._model()]})
                case "GET", ["models", model]:
                    self.manners.check_model(model)
                    return self._whole(seen, self._model())
                case _:
                    raise Refused(404, f"Invalid URL ({seen.method} {seen.path})")
            if not self.queue:
                raise Refused(500, "The queue of answers is empty: the test has arranged none for this request")
        except Refused as error:
            seen.refused, seen.status = error.message, error.status
            return web.json_response(self._refusal(error), status=error.status)
        return await self._played(request, seen, self.queue.popleft())

    def _model(self) -> Json:
        return {"id": self.manners.model, "object": "model", "created": 1_700_000_000, "owned_by": "canary"}

    def _whole(self, seen: Seen, body: Json) -> web.Response:
        seen.status = 200
        return web.json_response(body)

    def _refusal(self, error: Refused) -> Json:
        kind = _TYPES.get(error.status, "invalid_request_error" if error.status < 500 else "server_error")
        if self.manners.dialect == "llama.cpp":
            return {"error": {"code": error.status, "message": error.message, "type": kind}}
        if error.status == 401:
            kind = "invalid_request_error"  # so OpenAI calls a wrong key
        return {"error": {"message": error.message, "type": kind, "param": error.param, "code": error.code}}

    async def _played(self, request: web.BaseRequest, seen: Seen, answer: Json) -> web.StreamResponse:
        """What comes of an *answer* of the queue: see `Answer` for what it may hold."""
        if answer["after"] is None:
            await asyncio.get_running_loop().create_future()
        await asyncio.sleep(answer["after"])
        body = answer["body"]
        if isinstance(body, dict) and "choices" in body:
            body = {"model": self.manners.model, "id": f"chatcmpl-{seen.number}", "created": int(time.time()), **body}
        text = body if isinstance(body, str) else json.dumps(body)
        data = text.encode() + b" " * answer["padding"]
        response = web.StreamResponse(status=answer["status"], headers=answer["headers"])
        seen.status = answer["status"]
        if answer["per_byte"] is not None:
            await response.prepare(request)
            return await _trickled(response, data, answer["per_byte"])
        response.content_length = len(data)
        await response.prepare(request)
        if answer["cut"]:
            await response.write(data[: len(data) // 2])
            assert request.transport is not None
            request.transport.close()
            return response
        await response.write(data)
        await response.write_eof()
        return response


async def _trickled(response: web.StreamResponse, data: bytes, per_byte: float) -> web.StreamResponse:
    """Writes *data* byte by byte, then spaces, until the client leaves."""
    at = 0
    while True:
        await response.write(data[at : at + 1] or b" ")
        at += 1
        await asyncio.sleep(per_byte)


def _read(text: str) -> Json:
    try:
        body = json.loads(text)
    except ValueError:
        body = None
    if not isinstance(body, dict):
        message = "We could not parse the JSON body of your request. (HINT: The API expects a JSON payload.)"
        raise Refused(400, message)
    return body


# ------------ the tests' side


class Doors:
    """Both ports. The client's can be closed, which also ends what is open there."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.port = 0
        self._front: tuple[asyncio.Server, web.Server] | None = None

    async def open(self) -> None:
        if self._front is None:
            handler = web.Server(self.server.client, handler_cancellation=True, access_log=None)
            listening = await asyncio.get_running_loop().create_server(handler, "127.0.0.1", self.port)
            self.port = listening.sockets[0].getsockname()[1]
            self._front = (listening, handler)

    async def close(self) -> None:
        if self._front is not None:
            self._front[0].close()
            await self.hang_up()
            self._front = None

    async def hang_up(self) -> None:
        """Closes every connection of the client's."""
        if self._front is not None:
            await self._front[1].shutdown(0.01)  # 0 would wait for them for ever

    async def control(self, request: web.BaseRequest) -> web.Response:
        """One verb of the tests'."""
        verb, given = request.path.removeprefix("/control/"), json.loads(await request.read())
        try:
            return web.json_response(await _VERBS[verb](self, given))
        except (KeyError, TypeError, ValueError) as error:
            return web.json_response({"error": f"{verb}: {error!r}"}, status=400)


async def _answer(doors: Doors, given: Json) -> None:
    doors.server.queue.extend(given["answers"])


async def _set(doors: Doors, given: Json) -> None:
    if given.get("dialect", "openai") not in DIALECTS:
        raise ValueError(f"no such dialect; there are {', '.join(DIALECTS)}")
    doors.server.manners = Manners(**{**asdict(doors.server.manners), **given})


async def _look(doors: Doors, given: Json) -> Json:
    return {"seen": [asdict(each) for each in doors.server.seen], "left": len(doors.server.queue)}


async def _wait(doors: Doors, given: Json) -> bool:
    """Whether *count* requests came, are over, or were left by their clients: as *what* says, within *within*."""
    server = doors.server

    def ready() -> bool:
        what, count = str(given["what"]), int(given["count"])
        return sum(what == "came" or bool(getattr(each, what)) for each in server.seen) >= count

    return await server.clock.wait_for("seen", ready, given["within"])


async def _door(doors: Doors, given: Json) -> None:
    await (doors.open() if given["open"] else doors.close())


async def _empty(doors: Doors, given: Json) -> None:
    """Forgets everything and hangs up on everybody, so that nothing of one test reaches the next."""
    await doors.hang_up()
    server = doors.server
    server.manners, server.first = Manners(**given), 0.0
    server.queue.clear()
    server.seen = []
    await doors.open()


_VERBS: dict[str, Callable[[Doors, Json], Awaitable[Any]]] = {
    "answer": _answer,
    "set": _set,
    "look": _look,
    "wait": _wait,
    "door": _door,
    "empty": _empty,
}


async def serve(server: Server, *, until_eof: bool) -> None:
    """Serves until the process is told to stop; with *until_eof* also until standard input ends."""
    loop = asyncio.get_running_loop()
    doors = Doors(server)
    await doors.open()
    control = await loop.create_server(web.Server(doors.control, access_log=None), "127.0.0.1", 0)
    ports = {"port": doors.port, "control": control.sockets[0].getsockname()[1]}
    sys.stdout.write(json.dumps(ports) + "\n")
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
    parser = argparse.ArgumentParser(description="A server that speaks OpenAI's language, for tests.")
    parser.add_argument("--dialect", choices=DIALECTS, default="openai")
    parser.add_argument("--until-eof", action="store_true", help="stop when standard input ends")
    options = parser.parse_args(arguments)
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(Server(Manners(dialect=options.dialect)), until_eof=options.until_eof))


if __name__ == "__main__":
    main()
