"""All that goes wrong with a request although it is a good one: Telegram's limits on sending, and the faults that a
test has ordered. And the log of calls, which can tell those from the refusals that a bot has earned.

A fault is queued beforehand and spent by the calls it fits. What comes of such a call is in `spoiled`.
"""

import asyncio
import json
import math
import time
from collections import Counter, defaultdict, deque
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from http import HTTPStatus

from aiohttp import web

from tests.botapi.checks import Json, Params, Refused, Upload
from tests.botapi.clock import Clock

KINDS = ("deliver_then_drop", "drop", "hang", "status", "too_many", "garbage")
LOG_LIMIT = 200_000
# A bucket that is exactly right on the sender's clock is a few milliseconds early or late on this one.
JITTER = 0.05


# ------------ limits


@dataclass(slots=True, eq=False)
class _Bucket:
    """What one chat may still be sent. *minute* holds a group's messages of the last minute, on the monotonic clock."""

    tokens: float
    filled: float
    minute: deque[float] = field(default_factory=deque)


class Limits:
    """How much may be sent while they are *on*. *rates* are overall and chat (a second), burst, group_minute."""

    def __init__(self, *, on: bool) -> None:
        self.on = on
        self.rates = {"overall": 30.0, "chat": 1.0, "burst": 3.0, "group_minute": 20.0}
        self._sends: deque[float] = deque()
        self._buckets: dict[int, _Bucket] = {}

    def spend(self, chat: int, *, group: bool) -> None:
        """Counts one message to *chat*. Raises Refused with retry_after where a limit is reached."""
        if not self.on:
            return
        now, rates, sends = time.monotonic(), self.rates, self._sends
        while sends and sends[0] <= now - 1 + JITTER:
            sends.popleft()
        bucket = self._buckets.setdefault(chat, _Bucket(rates["burst"], now))
        bucket.tokens = min(rates["burst"], bucket.tokens + (now - bucket.filled) * rates["chat"])
        bucket.filled = now
        wait = 0.0
        if len(sends) >= rates["overall"]:
            wait = sends[0] + 1 - now
        if bucket.tokens < 1 - JITTER * rates["chat"]:
            wait = max(wait, (1 - bucket.tokens) / rates["chat"])
        if group:
            while bucket.minute and bucket.minute[0] <= now - 60:
                bucket.minute.popleft()
            if len(bucket.minute) >= rates["group_minute"]:
                wait = max(wait, bucket.minute[0] + 60 - now)
        if wait > 0:
            raise too_many(max(1, math.ceil(wait)))
        bucket.tokens -= 1
        sends.append(now)
        if group:
            bucket.minute.append(now)


def too_many(seconds: int) -> Refused:
    return Refused(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)


# ------------ the log


@dataclass(slots=True, eq=False)
class Fault:
    """What goes wrong with the next calls that fit. *kind* says how, *details* how exactly."""

    method: str
    kind: str
    chat: int | None
    containing: str
    times: int
    after: int
    details: Json
    used: int = 0

    def fits(self, method: str, params: Params) -> bool:
        if self.method not in ("*", method):
            return False
        if self.chat is not None and str(self.chat) != str(params.values.get("chat_id")):
            return False
        return self.containing in str(params.values.get("text", params.values.get("caption", "")))


@dataclass(slots=True, eq=False)
class Call:
    """One request by the bot. *code* is 0 until it is answered, and stays 0 if it never is."""

    number: int
    method: str
    params: Json
    at: float
    code: int = 0
    description: str = ""
    message: int | None = None
    executed: bool = False
    fault: str = ""
    took: float = 0.0


class Log:
    """Every call of the bot's, the faults that wait for one, and how often each code was answered. *violations* are
    the refusals that nobody had ordered."""

    def __init__(self, clock: Clock) -> None:
        self.faults: list[Fault] = []
        self.total = 0
        self.methods: Counter[str] = Counter()
        self.codes: Counter[int] = Counter()
        self.violations: Counter[int] = Counter()
        self._clock = clock
        self._calls: deque[Call] = deque(maxlen=LOG_LIMIT)
        self._calls_of: dict[str, deque[Call]] = defaultdict(lambda: deque(maxlen=LOG_LIMIT))

    def open(self, method: str, params: Params) -> Call:
        self.total += 1
        shown = {
            key: {"file": value.name, "size": len(value.data)} if isinstance(value, Upload) else value
            for key, value in params.values.items()
        }
        call = Call(self.total, method, shown, self._clock.now())
        self._calls.append(call)
        self._calls_of[method].append(call)
        self.methods[method] += 1
        return call

    def close(self, call: Call, code: int, description: str = "", result: object = None) -> None:
        call.executed, call.code, call.description = code == 200, code, description
        call.took = self._clock.now() - call.at
        if isinstance(result, dict):
            call.message = result.get("message_id")
        self.count(code, ordered=bool(call.fault))
        self._clock.tell("calls")

    def count(self, code: int, *, ordered: bool = False) -> None:
        self.codes[code] += 1
        if code != 200 and not ordered:
            self.violations[code] += 1

    def spend(self, call: Call, params: Params) -> Fault | None:
        """The first queued fault that fits *call*, which has it on record from now on."""
        for fault in self.faults:
            if not fault.fits(call.method, params):
                continue
            if fault.after:
                fault.after -= 1
            elif fault.used < fault.times:
                fault.used += 1
                call.fault = fault.kind
                self._clock.tell("calls")
                return fault
        return None

    def fitting(self, given: Json) -> Iterator[Call]:
        """The calls, oldest first, by `method`, `chat`, `code`, and `after` a call's number."""
        method, chat, code, after = given["method"], given["chat"], given["code"], given["after"]
        for call in self._calls_of.get(method, ()) if method else self._calls:
            if call.number <= after or (code is not None and call.code != code):
                continue
            if chat is None or str(call.params.get("chat_id")) == str(chat):
                yield call


# ------------ what a fault does


class Dropped(Exception):
    """The connection is to be cut without an answer."""


def answer(code: int, text: str) -> web.Response:
    return web.Response(body=text.encode(), status=code, content_type="application/json")


def refusal(error: Refused) -> web.Response:
    body: Json = {"ok": False, "error_code": error.code, "description": error.description}
    if error.parameters:
        body["parameters"] = error.parameters
    return answer(error.code, json.dumps(body))


async def spoiled(fault: Fault, call: Call, log: Log, run: Callable[[], Awaitable[web.Response]]) -> web.Response:
    """What comes of a *call* that a fault fits, where *run* executes it and closes it in the log. Raises Dropped.

    - deliver_then_drop: it is executed, then the connection is cut
    - drop: the connection is cut, nothing is executed
    - hang: `executed` or not, answered (executed) or cut (not) after `seconds`, or never
    - status: answered with `code`, and with `description`, or with `body` as it is (HTML for 502 by default)
    - too_many: 429 with `retry_after`
    - garbage: 200 with `body`, which is no JSON
    """
    details = fault.details
    match fault.kind:
        case "deliver_then_drop":
            await run()
            raise Dropped
        case "drop":
            raise Dropped
        case "hang":
            response = await run() if details.get("executed") else None
            if details.get("seconds") is None:
                await asyncio.get_running_loop().create_future()
            await asyncio.sleep(float(details["seconds"]))
            if response is None:
                raise Dropped
            return response
        case "garbage":
            log.close(call, 200)
            call.executed = False
            body = details.get("body") or "<!doctype html><p>Log in to this wifi"
            return web.Response(text=body, content_type="text/html")
        case "too_many":
            error = too_many(int(details.get("retry_after") or 1))
            log.close(call, error.code, error.description)
            return refusal(error)
        case _:
            return _answered_with_status(details, call, log)


def _answered_with_status(details: Json, call: Call, log: Log) -> web.Response:
    code = int(details.get("code") or 502)
    reason = HTTPStatus(code).phrase
    description = details.get("description") or reason
    log.close(call, code, description)
    body = details.get("body")
    if body is None and code >= 502 and not details.get("description"):
        title = f"{code} {reason}"
        body = f"<html><head><title>{title}</title></head><body><center><h1>{title}</h1></center></body></html>"
    if body is not None:
        return web.Response(status=code, text=body, content_type="text/html")
    return refusal(Refused(code, description))
