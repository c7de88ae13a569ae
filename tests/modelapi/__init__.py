"""A stand-in for a language model's server: OpenAI's language over real HTTP, in a process of its own.

    with ModelServer("llama.cpp") as server:
        server.answers(status(429, retry_after=1), fenced(proposal))
        ...
        assert [each.status for each in server.requests()] == [429, 200]

Each request takes the next answer; one that the server refuses on its own account takes none, and with none left it
answers 500. What a dialect takes and refuses is in `checks`; what a model may say that nobody should be told is in
`answers`.

Plain blocking calls, each under a millisecond but for those that wait: a test whose own event loop runs the client puts
those into a thread (`await asyncio.to_thread(server.wait_gone)`).
"""

import http.client
import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from http import HTTPStatus
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

from tests.botapi import Unmet
from tests.modelapi.checks import KEY, MODEL, Json

__all__ = [
    "KEY",
    "MODEL",
    "Answer",
    "Dialect",
    "ModelServer",
    "Request",
    "drops",
    "empty",
    "fenced",
    "filtered",
    "foreign",
    "foreign_json",
    "hangs",
    "huge",
    "no_choices",
    "refuses",
    "says",
    "slow",
    "status",
    "thinking",
    "trickles",
    "truncated",
    "wrong_schema",
]

Dialect = Literal["openai", "llama.cpp", "llama-cpp-python", "plain"]
WAIT = 10.0
"""Seconds after which a wait gives up, unless told otherwise."""

_HTML = "<!doctype html><html><head><title>{0}</title></head><body><h1>{0}</h1></body></html>"


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """One answer of the queue: *body* as JSON or text, followed by *padding* spaces. It begins *after* so many seconds,
    or never; goes byte by byte, *per_byte* seconds each and without an end; or is *cut* in the middle."""

    body: Json | str = ""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=lambda: {"Content-Type": "application/json"})
    padding: int = 0
    after: float | None = 0.0
    per_byte: float | None = None
    cut: bool = False


# ------------ what a model says


def _completion(content: str | None, reason: str = "stop", refusal: str | None = None) -> Answer:
    message = {"role": "assistant", "content": content, "refusal": refusal}
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": reason}
    usage = {"prompt_tokens": 300, "completion_tokens": 60, "total_tokens": 360}
    return Answer(body={"object": "chat.completion", "choices": [choice], "usage": usage})


def _text(said: str | Json) -> str:
    return said if isinstance(said, str) else json.dumps(said, ensure_ascii=False)


def says(said: str | Json) -> Answer:
    """Exactly that, and it was finished."""
    return _completion(_text(said))


def fenced(said: Json) -> Answer:
    """In a Markdown fence."""
    return _completion(f"```json\n{json.dumps(said, ensure_ascii=False, indent=2)}\n```")


def thinking(said: str | Json) -> Answer:
    """After having thought aloud, braces and all."""
    return _completion(f'<think>\nPerhaps {{"act": "..."}}? No, something smaller.\n</think>\n\n{_text(said)}')


def truncated(said: str | Json) -> Answer:
    """The first half: the limit of tokens was reached."""
    text = _text(said)
    return _completion(text[: len(text) // 2], "length")


def empty(content: Literal[""] | None = None) -> Answer:
    """Nothing at all."""
    return _completion(content)


def refuses(why: str = "I'm sorry, I can't help with that.") -> Answer:
    """The model won't."""
    return _completion(None, refusal=why)


def filtered() -> Answer:
    """Something downstream of the model wouldn't let it."""
    return _completion("", "content_filter")


def no_choices() -> Answer:
    """A completion without any."""
    return Answer(body={"object": "chat.completion", "choices": []})


def wrong_schema() -> Answer:
    """JSON, but of a shape that nobody asked for."""
    return says({"suggestions": [{"title": "Be kind", "steps": ["Smile"]}]})


# ------------ what comes of a request otherwise


def foreign() -> Answer:
    """A page from whoever sits in between, with a 200."""
    return Answer(body=_HTML.format("Log in to this network"), headers={"Content-Type": "text/html"})


def foreign_json() -> Answer:
    """JSON of some other service, with a 200."""
    return Answer(body={"detail": "Not Found", "status": "ok"})


def status(code: int, message: str = "", *, retry_after: float | None = None) -> Answer:
    """An error in OpenAI's form; from 502 on, without a *message*, a proxy's page."""
    codes = {401: "invalid_api_key", 403: "unsupported_country", 404: "model_not_found", 429: "rate_limit_exceeded"}
    headers = {"Content-Type": "application/json"} | ({} if retry_after is None else {"Retry-After": str(retry_after)})
    if code >= 502 and not message:
        return Answer(
            status=code,
            body=_HTML.format(f"{code} {HTTPStatus(code).phrase}"),
            headers={**headers, "Content-Type": "text/html"},
        )
    kind = "server_error" if code >= 500 else "invalid_request_error"
    error = {"message": message or f"Refused with {code}", "type": kind, "param": None, "code": codes.get(code)}
    return Answer(status=code, body={"error": error}, headers=headers)


def slow(seconds: float, then: Answer) -> Answer:
    """*then*, of which nothing comes before *seconds* have gone."""
    return replace(then, after=seconds)


def trickles(seconds_per_byte: float, then: Answer) -> Answer:
    """The body of *then* byte by byte, and after it spaces for ever: each read succeeds, and it has no end."""
    return replace(then, per_byte=seconds_per_byte)


def hangs() -> Answer:
    """Nothing, ever."""
    return Answer(after=None)


def drops(then: Answer | None = None) -> Answer:
    """The connection is closed in the middle of the body of *then*."""
    return replace(then or says("the second half of this is never heard"), cut=True)


def huge(megabytes: float = 10, said: str | Json = "") -> Answer:
    """A good completion, in a body of that many megabytes."""
    return replace(says(said or "x" * 1000), padding=round(megabytes * 1_000_000))


# ------------ the server


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """A request that the server got. *headers* have small names; *status* is 0 while no answer has begun; *refused* is
    why it was, where that was its own fault or the queue was empty; *over* is whether the server is done with it, and
    *gone* whether the client left before that; *after* is in seconds since the first request."""

    number: int
    method: str
    path: str
    headers: Mapping[str, str]
    text: str
    after: float
    status: int
    refused: str
    over: bool
    gone: bool

    @property
    def body(self) -> Json:
        """The body as JSON. Raises ValueError."""
        body: Json = json.loads(self.text)
        return body

    @property
    def said(self) -> str:
        """All that the model was told, message under message."""
        return "\n".join(each["content"] for each in self.body["messages"])

    @property
    def key(self) -> str:
        """The key that came along, or nothing."""
        return self.headers.get("authorization", "").removeprefix("Bearer ")


class ModelServer:
    """A model's server in a process of its own, for as long as the `with` block lasts."""

    def __init__(self, dialect: Dialect = "openai") -> None:
        self._dialect = dialect
        self._process: subprocess.Popen[str] | None = None
        self.port = 0
        self._control = 0

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.modelapi.server", "--dialect", self._dialect, "--until-eof"],
            cwd=Path(__file__).parents[2],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"the model's server did not start (exit {self._process.wait()})")
        ready = json.loads(line)
        self.port, self._control = ready["port"], ready["control"]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
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
        """What the client calls base_url."""
        return f"http://127.0.0.1:{self.port}/v1"

    def answers(self, *answers: Answer) -> None:
        """Lays out *answers* behind those that are still left."""
        self._ask("answer", answers=[asdict(each) for each in answers])

    def set(
        self,
        *,
        dialect: Dialect | None = None,
        key: str | None = None,
        model: str | None = None,
        fixed_temperature: bool | None = None,
    ) -> None:
        """Changes what is given. An empty *key* lets everybody in; with *fixed_temperature* none but 1 is taken."""
        given: Json = {"dialect": dialect, "key": key, "model": model, "fixed_temperature": fixed_temperature}
        self._ask("set", **{name: value for name, value in given.items() if value is not None})

    def requests(self, path: str = "/v1/chat/completions") -> list[Request]:
        """Every request so far for *path*, oldest first; with "" for all there are."""
        seen = [Request(**each) for each in self._ask("look")["seen"]]
        return [each for each in seen if not path or each.path == path]

    @property
    def left(self) -> int:
        """How many answers nobody has asked for yet."""
        return int(self._ask("look")["left"])

    def wait_came(self, n: int = 1, *, timeout: float = WAIT) -> None:
        """Waits until *n* requests have come, of any path. Raises Unmet."""
        self._wait("came", n, timeout)

    def wait_over(self, n: int = 1, *, timeout: float = WAIT) -> None:
        """Waits until the server is done with *n* requests. Raises Unmet."""
        self._wait("over", n, timeout)

    def wait_gone(self, n: int = 1, *, timeout: float = WAIT) -> None:
        """Waits until the clients of *n* requests have left before the answer's end. Raises Unmet."""
        self._wait("gone", n, timeout)

    def refuse_connections(self) -> None:
        """Closes the port and every connection to it."""
        self._ask("door", open=False)

    def accept_connections(self) -> None:
        """Opens the same port again."""
        self._ask("door", open=True)

    def empty(self, dialect: Dialect | None = None) -> None:
        """Forgets everything, for the next test; every connection is closed, and what was set is as at the start."""
        self._ask("empty", dialect=dialect or self._dialect)

    def _wait(self, what: str, n: int, timeout: float) -> None:
        if not self._ask("wait", waits=timeout, what=what, count=n, within=timeout):
            raise Unmet(f"waited {timeout} s until {n} request(s) {what}; there are {self.requests('')}")

    def _ask(self, verb: str, *, waits: float = 0.0, **given: Any) -> Any:
        """The answer of `/control/<verb>`. Raises Unmet when what is asked can't be done."""
        connection = http.client.HTTPConnection("127.0.0.1", self._control, timeout=30 + waits)
        try:
            connection.request("POST", f"/control/{verb}", json.dumps(given))
            response = connection.getresponse()
            answer = json.loads(response.read())
        finally:
            connection.close()
        if response.status != 200:
            raise Unmet(answer["error"])
        return answer
