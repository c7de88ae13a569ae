"""A language model that may better what is said: asked within one deadline, trusted with nothing, and never a reason to
fail. What it is asked for is a task (`tasks`); how it is asked is the same for all of them.

What is said without it is there before anybody is asked, so all that goes wrong here ends in None and a line in the
log.
A server that refuses, fails or is away is left alone for a while by the whole process, not asked again for each person.

Servers that speak OpenAI's language differ in how they can be made to answer in a form. So there is a ladder: a JSON
schema that is kept to strictly; a JSON object, with the schema beside it; plain text, from which the object is read.
Each step down is taken when a server refuses the one before, and what it took is remembered (`Dialect`).
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final, Literal

from bot.domain import Brief, CardBrief, Proposal
from bot.errors import TenfoldError
from bot.metrics import SILENT, Metrics
from bot.suggest.prompt import Message, Prompt
from bot.suggest.tasks import TASKS, first_messages

if TYPE_CHECKING:
    from bot.suggest.wire import Answered, Wire

__all__ = ["Dialect", "LanguageModel"]

_TOKENS = 2_000
"""Of an answer at most, with what a model thinks before it. A suggestion has about 120."""

_TEMPERATURE = 0.7

_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(seconds=30), timedelta(minutes=15)
"""For how long a failing server is left alone: doubled each time, until it answers."""

_HOUR = timedelta(hours=1)

_SAMPLE: Final = CardBrief(
    themes=("sourdough", "being patient"),
    places=("the allotment",),
    people=("Rui",),
    told=(("good_turn", "gave Rui some starter"),),
    went=(),
    acts=("Ask Rui which step of this he'd like to try. Do it together, with his hands and not yours.",),
    recent=(),
    minutes=30,
)
"""Somebody made up, by whom a model is tried."""

_log = logging.getLogger(__name__)

Kind = Literal["key", "unknown", "busy", "failing", "refusing", "away", "moved", "slow", "foreign", "large", "unusable"]


class _Trouble(Exception):
    """A server gave nothing that can be read on. *kind* is what went wrong, *status* the HTTP status if there was one,
    and *pause* is for how many seconds the server asks to be left alone."""

    def __init__(self, kind: Kind, status: int = 0, pause: float | None = None) -> None:
        super().__init__(kind, status)
        self.kind = kind
        self.status = status
        self.pause = pause


class _Unspent(Exception):
    """No call may be made any more."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Dialect:
    """What a server takes. *own* is whether it is OpenAI's own, which refuses what others need; *form* is the step of
    the ladder; *temperature* is whether it may be set; *limit* is by which name an answer's length is bounded."""

    own: bool
    form: Literal["json_schema", "json_object", "text"] = "json_schema"
    temperature: bool = True
    limit: Literal["max_tokens", "max_completion_tokens"] = "max_tokens"

    def request(self, model: str, messages: Sequence[Message], schema: dict[str, Any]) -> dict[str, Any]:
        """The chat completion to ask for."""
        request: dict[str, Any] = {"model": model, "messages": list(messages), self.limit: _TOKENS}
        if self.temperature:
            request["temperature"] = _TEMPERATURE
        if self.form == "json_schema":
            wanted = {"name": "answer", "strict": True, "schema": schema}
            request["response_format"] = {"type": "json_schema", "json_schema": wanted}
        elif self.form == "json_object":
            request["response_format"] = {"type": "json_object"} | ({} if self.own else {"schema": schema})
        return request

    def humbler(self, status: int, told: str) -> "Dialect | None":
        """The dialect to try after one with this *status* was refused with what was *told*; None if it isn't the
        dialect that is at fault, or nothing is left to try."""
        told = told.casefold()
        if status in (400, 422) and "content_filter" not in told:
            if self.temperature and "temperature" in told:
                return replace(self, temperature=False)
            if self.limit == "max_tokens" and "max_completion_tokens" in told:
                return replace(self, limit="max_completion_tokens")
        elif status != 500 or not ("response_format" in told or "schema" in told):
            return None
        if self.form == "json_schema":
            return replace(self, form="json_object")
        return replace(self, form="text") if self.form == "json_object" else None


class LanguageModel:
    """One model on one server. Nothing that it says leaves here unless it keeps every rule of its task.

    Without *base_url* it is asked at OpenAI; a server of one's own may need no *api_key*. *monotonic* tells seconds.
    *calls* and *calls_each* are how many calls may be made in a day, for all together and for one person: whoever asks
    counts them.
    """

    def __init__(
        self,
        *,
        model: str,
        api_key: str = "",
        base_url: str = "",
        deadline: timedelta,
        prompts: Mapping[str, Prompt],
        monotonic: Callable[[], float],
        calls: int = 0,
        calls_each: int = 0,
        metrics: Metrics = SILENT,
    ) -> None:
        self.deadline = deadline
        self.calls = calls
        self.calls_each = calls_each
        self._model = model
        self._api_key = api_key
        self._base_url = base_url
        self._prompts = prompts
        self._monotonic = monotonic
        self._metrics = metrics
        own = not base_url
        self._dialect = Dialect(own=own, limit="max_completion_tokens" if own else "max_tokens")
        self._opening = asyncio.Lock()
        self._opened: tuple[Wire, ModuleType] | None = None
        self._shut_until = float("-inf")
        self._failures = 0
        self._warned: set[Kind] = set()

    async def propose(self, brief: Brief, may_call: Callable[[], Awaitable[bool]]) -> Proposal | None:
        """What the model answers to *brief*, with all rules kept, within the deadline; None if nothing usable came.
        *may_call* is asked before each call, and False ends it. Never raises but for cancellation."""
        if self._monotonic() < self._shut_until:
            return None
        task = TASKS[type(brief)]
        try:
            async with asyncio.timeout(self.deadline.total_seconds()):
                proposed = await self._answered(brief, may_call, judged=task.flaws)
        except _Unspent:
            self._metrics.asked_model("over budget")
            return None
        except _Trouble as trouble:
            self._leave_alone(trouble)
            return None
        except TimeoutError:
            self._metrics.asked_model("slow")
            self._leave_alone(_Trouble("slow"))
            return None
        except Exception as error:  # noqa: BLE001 - a model is no reason to fail; what it was is in the log
            _log.warning("the language model could not be asked: %s", error, exc_info=error)
            self._pause(None)
            return None
        return task.usable(proposed, brief) if proposed else None

    async def check(self) -> None:
        """Tries the model once, with somebody made up. Raises TenfoldError with what is wrong and what helps."""

        async def always() -> bool:
            return True

        try:
            async with asyncio.timeout(self.deadline.total_seconds()):
                proposed = await self._answered(_SAMPLE, always, judged=lambda _proposal, _brief: ())
        except _Trouble as trouble:
            raise TenfoldError(self._cure(trouble)) from None
        except TimeoutError:
            raise TenfoldError(self._cure(_Trouble("slow"))) from None
        if proposed is None:
            raise TenfoldError(self._cure(_Trouble("unusable")))

    async def close(self) -> None:
        """Closes the connections. Nothing may be asked afterwards."""
        if self._opened:
            wire, _form = self._opened
            await wire.close()

    async def _answered(
        self,
        brief: Brief,
        may_call: Callable[[], Awaitable[bool]],
        *,
        judged: Callable[[Any, Any], tuple[str, ...]],
    ) -> Proposal | None:
        """The first proposal that can be read and is *judged* to have no flaws; one that isn't is mended once. None if
        that didn't help. Raises _Trouble, _Unspent and TimeoutError."""
        wire, form = await self._open()
        task, wanted = TASKS[type(brief)], form.form(brief)
        schema = form.schema(wanted)
        messages = first_messages(self._prompts, brief)
        for last in (False, True):
            said = await self._said(wire, form, messages, schema, may_call)
            try:
                proposal: Proposal = form.read(said, wanted)
                wrong = judged(proposal, brief)
                if not wrong:
                    return proposal
                told = "; ".join(task.rules[each] for each in wrong)
            except form.Unfit as error:
                wrong, told = ("unreadable",), str(error)
            _log.info("what the language model said can't be used: %s", ", ".join(wrong))
            if not last:
                messages += self._prompts[task.name].mending(said, told)
        return None

    async def _open(self) -> "tuple[Wire, ModuleType]":
        """The wire and the module of forms, imported in a thread when they are first needed: half a second."""

        def made() -> "tuple[Wire, ModuleType]":
            from bot.suggest import form, wire

            timeout = self.deadline.total_seconds()
            return wire.Wire(api_key=self._api_key, base_url=self._base_url, timeout=timeout), form

        async with self._opening:
            if self._opened is None:
                self._opened = await asyncio.to_thread(made)
            return self._opened

    async def _said(
        self,
        wire: "Wire",
        form: ModuleType,
        messages: Sequence[Message],
        schema: dict[str, Any],
        may_call: Callable[[], Awaitable[bool]],
    ) -> str:
        """What the model says to *messages*, in the first form that its server takes. Raises _Trouble, _Unspent."""
        dialect = self._dialect
        while True:
            if not await may_call():
                raise _Unspent
            answered = await self._asked(wire, dialect.request(self._model, messages, schema))
            if answered.status < 300:
                said = self._completed(form, answered)
                self._dialect = dialect
                return said
            told = answered.body.decode("utf-8", "replace")
            humbler = dialect.humbler(answered.status, told)
            if humbler is None:
                raise _trouble(answered, told)
            dialect = humbler

    async def _asked(self, wire: "Wire", request: dict[str, Any]) -> "Answered":
        from bot.suggest.wire import TooLarge

        try:
            answered = await wire.ask(request)
        except ConnectionError:
            self._metrics.asked_model("away")
            raise _Trouble("away") from None
        except TooLarge:
            self._metrics.asked_model("too large")
            raise _Trouble("large") from None
        self._metrics.asked_model("answered" if answered.status < 300 else "refused")
        return answered

    def _completed(self, form: ModuleType, answered: "Answered") -> str:
        """What the model said in a chat completion; from now on its server counts as well. Raises _Trouble."""
        try:
            said, why = form.completion(answered.body)
        except ValueError:
            raise _Trouble("foreign", answered.status) from None
        self._failures = 0
        if why in ("length", "content_filter", "refusal", "empty") or not said.strip():
            _log.info("the language model said nothing that can be used: %s", why if why != "stop" else "empty")
            raise _Trouble("unusable")
        return str(said)

    # When it went wrong

    def _leave_alone(self, trouble: _Trouble) -> None:
        """Nobody asks for a while, which depends on the trouble; whoever runs the bot is told what helps, and once."""
        match trouble.kind:
            case "unusable":
                return
            case "key" | "unknown" | "moved":
                self._shut_until = max(self._shut_until, self._monotonic() + _HOUR.total_seconds())
            case _:
                self._pause(trouble.pause)
        if trouble.kind not in self._warned:
            self._warned.add(trouble.kind)
            _log.warning("the language model %s", self._cure(trouble))
        else:
            _log.info("the language model is left alone for a while: %s, status %d", trouble.kind, trouble.status)

    def _pause(self, seconds: float | None) -> None:
        """Nobody asks for so many *seconds*, or longer each time. Calls that were under way together count once."""
        now = self._monotonic()
        if now >= self._shut_until:
            self._failures += 1
        doubled = _FIRST_PAUSE.total_seconds() * 2 ** min(max(self._failures - 1, 0), 10)
        pause = min(doubled, _LONGEST_PAUSE.total_seconds()) if seconds is None else seconds
        self._shut_until = max(self._shut_until, now + min(pause, _HOUR.total_seconds()))

    def _cure(self, trouble: _Trouble) -> str:
        """What is wrong and what helps, to be read after "the language model"; names no key and nobody's words."""
        server = self._base_url or "OpenAI"
        seconds = f"{self.deadline.total_seconds():g}"
        return {
            "key": f"is refused the key ({trouble.status}): set OPENAI_API_KEY to one that {server} takes",
            "unknown": f"{self._model} is not known at {server}: set OPENAI_MODEL to one that is there; a base URL of "
            "one's own usually ends in /v1",
            "busy": "is over its limit (429): wait, or look at the account's quota",
            "failing": f"fails at {server} ({trouble.status}): look at what that server logs",
            "refusing": f"refuses what it is asked ({trouble.status}): choose another OPENAI_MODEL",
            "away": f"can't be reached at {server}: start its server, or correct OPENAI_BASE_URL",
            "moved": f"is not at {server} but elsewhere ({trouble.status}): set OPENAI_BASE_URL to where that points",
            "slow": f"gave no answer within {seconds} s: set MODEL_DEADLINE higher, or choose a quicker OPENAI_MODEL",
            "foreign": f"is not what answers at {server}: correct OPENAI_BASE_URL, which usually ends in /v1",
            "large": f"answers with more than can be read: correct OPENAI_BASE_URL, {server} is no such server",
            "unusable": "answers, but with nothing that can be used: choose another OPENAI_MODEL",
        }[trouble.kind]


def _trouble(answered: "Answered", told: str) -> _Trouble:
    """What is wrong when a server *answered* with an error and *told* so."""
    status = answered.status
    if status in (401, 403):
        return _Trouble("key", status)
    if status == 404:
        return _Trouble("unknown", status)
    if status == 429:
        return _Trouble("busy", status, answered.retry_after)
    if status < 400:
        return _Trouble("moved", status)
    if status >= 500:
        return _Trouble("failing", status, answered.retry_after)
    if "content_filter" in told:
        return _Trouble("unusable", status)
    return _Trouble("refusing", status, answered.retry_after)
