"""The stand-in for a language model's server is as strict as the real ones: checked with the real `openai` client, and
bare HTTP where the wire matters. What these tests hold is what every other test with a model in it relies on."""

import asyncio
import json
import re
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import openai
import pytest

from tests.botapi import Unmet
from tests.modelapi import (
    KEY,
    MODEL,
    Answer,
    Dialect,
    ModelServer,
    drops,
    empty,
    fenced,
    filtered,
    foreign,
    foreign_json,
    hangs,
    huge,
    no_choices,
    refuses,
    says,
    slow,
    status,
    thinking,
    trickles,
    truncated,
    wrong_schema,
)
from tests.modelapi.answers import BRIEF, BROKEN, GOOD, MISSHAPEN, VALID, Broken, Proposed

PROPOSAL = {"theme": "sourdough", "act": "Ask Rui how his bread came out."}

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "theme": {"type": ["string", "null"], "enum": ["sourdough", None]},
        "minutes": {"type": "integer", "minimum": 5, "maximum": 60},
        "acts": {"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": 3},
    },
    "required": ["theme", "minutes", "acts"],
    "additionalProperties": False,
}

STRICT = {"type": "json_schema", "json_schema": {"name": "proposal", "schema": SCHEMA, "strict": True}}
LOOSE = {"type": "json_object"}
LOOSE_WITH_SCHEMA = {"type": "json_object", "schema": SCHEMA}


@pytest.fixture
def server(model_server: ModelServer) -> ModelServer:
    return model_server


@pytest.fixture
async def client(server: ModelServer) -> AsyncIterator[openai.AsyncOpenAI]:
    async with openai.AsyncOpenAI(base_url=server.url, api_key=KEY, max_retries=0, timeout=20) as client:
        yield client


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


def asked(**given: Any) -> dict[str, Any]:
    """A good request, with what is *given*; None leaves something out."""
    messages = [{"role": "system", "content": "Answer in JSON."}, {"role": "user", "content": "canary bread"}]
    whole = {"model": MODEL, "messages": messages, **given}
    return {name: value for name, value in whole.items() if value is not None}


async def ask(client: openai.AsyncOpenAI, **given: Any) -> Any:
    """The first choice of a completion, whose type the tests know better than the checker."""
    completion = await client.chat.completions.create(**asked(**given))
    return completion.choices[0]


async def post(http: aiohttp.ClientSession, server: ModelServer, **given: Any) -> tuple[int, Any]:
    headers = {"Authorization": f"Bearer {KEY}"}
    async with http.post(f"{server.url}/chat/completions", json=asked(**given), headers=headers) as response:
        return response.status, await response.json(content_type=None)


# ------------ the queue


async def test_answers_come_in_order(server: ModelServer, client: openai.AsyncOpenAI) -> None:
    """Each request takes the next answer, and the test reads what each of them held."""
    server.answers(says(PROPOSAL), says("no"))
    first = await ask(client, temperature=0.7, max_completion_tokens=300)
    assert (json.loads(first.message.content), first.finish_reason) == (PROPOSAL, "stop")
    assert (await ask(client)).message.content == "no"
    one, two = server.requests()
    assert (one.path, one.status, one.key, one.refused) == ("/v1/chat/completions", 200, KEY, "")
    assert (one.body["temperature"], one.said) == (0.7, "Answer in JSON.\ncanary bread")
    assert one.headers["content-type"] == "application/json"
    assert (one.after, one.gone, one.over) == (0.0, False, True)
    assert two.after > 0
    assert server.left == 0


async def test_an_empty_queue_is_an_error(server: ModelServer, client: openai.AsyncOpenAI) -> None:
    """A request that the test has arranged nothing for fails and says so, so that nothing passes by accident."""
    with pytest.raises(openai.InternalServerError, match="queue of answers is empty"):
        await ask(client)
    assert "empty" in server.requests()[0].refused


async def test_a_refused_request_takes_no_answer(server: ModelServer, client: openai.AsyncOpenAI) -> None:
    """What the server refuses on its own account leaves the queue as it was."""
    server.answers(says("yes"))
    with pytest.raises(openai.BadRequestError):
        await ask(client, max_tokens=9)
    assert server.left == 1
    assert (await ask(client)).message.content == "yes"
    assert [each.status for each in server.requests()] == [400, 200]


async def test_nothing_is_left_for_the_next_test(server: ModelServer, client: openai.AsyncOpenAI) -> None:
    """Emptied, it is as at its start: no answers, no requests, nobody waiting, its own key and dialect."""
    server.answers(hangs(), says("left over"))
    server.set(dialect="plain", key="sk-other", model="other", fixed_temperature=True)
    async with openai.AsyncOpenAI(base_url=server.url, api_key="sk-other", max_retries=0) as other:
        waiting = asyncio.create_task(ask(other, model="other"))
        await asyncio.to_thread(server.wait_came)
        server.empty()
        with pytest.raises(openai.APIConnectionError):
            await waiting
    assert (server.left, server.requests("")) == (0, [])
    server.answers(says("yes"))
    assert (await ask(client, response_format=STRICT, temperature=0.2)).message.content == "yes"


# ------------ what a model says


@pytest.mark.parametrize(
    ("answer", "content", "reason"),
    [
        (fenced(PROPOSAL), f"```json\n{json.dumps(PROPOSAL, indent=2)}\n```", "stop"),
        (truncated({"act": "Ask"}), '{"act":', "length"),
        (empty(), None, "stop"),
        (empty(""), "", "stop"),
        (filtered(), "", "content_filter"),
        (refuses("I won't."), None, "stop"),
    ],
    ids=["fenced", "truncated", "empty", "blank", "filtered", "refuses"],
)
async def test_completions(
    server: ModelServer, client: openai.AsyncOpenAI, answer: Answer, content: str | None, reason: str
) -> None:
    """Each manner of answering reaches the client as exactly that."""
    server.answers(answer)
    choice = await ask(client)
    assert (choice.message.content, choice.finish_reason) == (content, reason)


async def test_refusals_thoughts_and_shapes(server: ModelServer, client: openai.AsyncOpenAI) -> None:
    """A refusal is in its own place; thoughts come before the answer and look like one; a wrong shape is good JSON."""
    server.answers(refuses("I won't."), thinking(PROPOSAL), wrong_schema(), no_choices())
    assert (await ask(client)).message.refusal == "I won't."
    thought, _, said = (await ask(client)).message.content.rpartition("</think>")
    assert (thought[:7], "{" in thought, json.loads(said)) == ("<think>", True, PROPOSAL)
    assert json.loads((await ask(client)).message.content).keys() == {"suggestions"}
    assert (await client.chat.completions.create(**asked())).choices == []


async def test_whatever_a_draft_holds_arrives(server: ModelServer, client: openai.AsyncOpenAI) -> None:
    """Control characters, halves of characters and 5,000 of them come to the client as they are."""
    proposals = [each.proposal for each in BROKEN]
    server.answers(*map(says, proposals))
    assert [json.loads((await ask(client)).message.content) for _ in proposals] == proposals


async def test_foreign_answers(server: ModelServer, http: aiohttp.ClientSession) -> None:
    """With a 200 comes a page, or the JSON of something else."""
    server.answers(foreign(), foreign_json())
    async with http.post(
        f"{server.url}/chat/completions", json=asked(), headers={"Authorization": f"Bearer {KEY}"}
    ) as page:
        assert (page.status, page.content_type) == (200, "text/html")
        assert (await page.text()).startswith("<!doctype html>")
    code, body = await post(http, server)
    assert (code, body.get("choices")) == (200, None)


@pytest.mark.parametrize(
    ("code", "error"),
    [
        (401, openai.AuthenticationError),
        (403, openai.PermissionDeniedError),
        (404, openai.NotFoundError),
        (422, openai.UnprocessableEntityError),
        (429, openai.RateLimitError),
        (500, openai.InternalServerError),
        (502, openai.InternalServerError),
    ],
)
async def test_statuses(
    server: ModelServer, client: openai.AsyncOpenAI, code: int, error: type[openai.APIStatusError]
) -> None:
    """Each status is the client's own error, and Retry-After comes along."""
    server.answers(status(code, retry_after=2))
    with pytest.raises(error) as caught:
        await ask(client)
    assert caught.value.response.headers["retry-after"] == "2"
    assert caught.value.response.headers["content-type"] == ("text/html" if code == 502 else "application/json")
    assert server.requests()[0].refused == ""


# ------------ what becomes of a connection


async def test_slow(server: ModelServer, client: openai.AsyncOpenAI) -> None:
    """Nothing of a slow answer comes before its time."""
    server.answers(slow(0.1, says("late")))
    loop = asyncio.get_running_loop()
    start = loop.time()
    assert (await ask(client)).message.content == "late"
    assert loop.time() - start >= 0.1


@pytest.mark.parametrize(
    "answer", [slow(60, says("late")), hangs(), trickles(0.001, says("x"))], ids=["slow", "hangs", "trickles"]
)
async def test_a_client_that_leaves_is_noticed(server: ModelServer, client: openai.AsyncOpenAI, answer: Answer) -> None:
    """A request given up is on record as that, whether the answer had begun or not."""
    server.answers(answer)
    waiting = asyncio.create_task(ask(client))
    await asyncio.to_thread(server.wait_came)
    assert not server.requests()[0].over
    waiting.cancel()
    await asyncio.to_thread(server.wait_gone)
    assert server.requests()[0].gone


async def test_a_trickle_outlives_a_read_timeout(server: ModelServer) -> None:
    """Every read succeeds, so only a deadline over all ends it: the client's own timeout never comes."""
    server.answers(trickles(0.01, says("x")))
    async with openai.AsyncOpenAI(base_url=server.url, api_key=KEY, max_retries=0, timeout=0.2) as client:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.6):
                await ask(client)
    await asyncio.to_thread(server.wait_gone)


async def test_a_hanging_server_runs_into_the_timeout(server: ModelServer) -> None:
    """It accepts the request and never answers."""
    server.answers(hangs())
    async with openai.AsyncOpenAI(base_url=server.url, api_key=KEY, max_retries=0, timeout=0.2) as client:
        with pytest.raises(openai.APITimeoutError):
            await ask(client)
    await asyncio.to_thread(server.wait_gone)
    assert server.requests()[0].status == 0


async def test_drops(server: ModelServer, client: openai.AsyncOpenAI, http: aiohttp.ClientSession) -> None:
    """The headers and half of the body come, then the connection is closed."""
    server.answers(drops(), drops())
    with pytest.raises(openai.APIConnectionError):
        await ask(client)
    headers = {"Authorization": f"Bearer {KEY}"}
    async with http.post(f"{server.url}/chat/completions", json=asked(), headers=headers) as response:
        assert response.status == 200
        with pytest.raises(aiohttp.ClientPayloadError):
            await response.read()
    await asyncio.to_thread(server.wait_over, 2)
    assert [each.gone for each in server.requests()] == [False, False]


async def test_huge(server: ModelServer, client: openai.AsyncOpenAI) -> None:
    """Ten megabytes of good JSON arrive; a client with a limit has to have its own."""
    server.answers(huge(10, PROPOSAL))
    answer = await client.chat.completions.with_raw_response.create(**asked())
    assert len(answer.content) > 10_000_000
    assert json.loads(json.loads(answer.content)["choices"][0]["message"]["content"]) == PROPOSAL


async def test_a_closed_port(server: ModelServer, client: openai.AsyncOpenAI) -> None:
    """Connections are refused, those that were open too, until the same port is opened again."""
    server.answers(says("one"), says("two"))
    assert (await ask(client)).message.content == "one"
    server.refuse_connections()
    with pytest.raises(openai.APIConnectionError):
        await ask(client)
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", server.port))
    server.accept_connections()
    assert (await ask(client)).message.content == "two"
    assert len(server.requests()) == 2


# ------------ what is refused


async def test_models(server: ModelServer, client: openai.AsyncOpenAI) -> None:
    """There is one model, and it can be asked for; any other is a 404 in OpenAI's form."""
    server.set(model="qwen/small")
    assert [each.id async for each in client.models.list()] == ["qwen/small"]
    assert (await client.models.retrieve("qwen/small")).id == "qwen/small"
    with pytest.raises(openai.NotFoundError) as caught:
        await client.models.retrieve(MODEL)
    assert caught.value.code == "model_not_found"
    with pytest.raises(openai.NotFoundError, match="does not exist"):
        await ask(client)
    assert len(server.requests("/v1/models")) == 1


async def test_keys(server: ModelServer) -> None:
    """OpenAI wants its key; the others want one only where one is set."""

    async def code(key: str) -> int:
        async with openai.AsyncOpenAI(base_url=server.url, api_key=key, max_retries=0) as client:
            try:
                await client.models.list()
            except openai.AuthenticationError as error:
                return error.status_code
        return 200

    assert [await code(key) for key in (KEY, "sk-wrong-and-long", "x")] == [200, 401, 401]
    server.set(dialect="llama.cpp")
    assert [await code(key) for key in (KEY, "sk-wrong-and-long")] == [200, 401]
    server.set(key="")
    assert await code("none-needed") == 200
    server.set(dialect="openai")
    assert await code("any") == 200


async def test_a_missing_key(server: ModelServer, http: aiohttp.ClientSession) -> None:
    """Without any key OpenAI is closed, in its own form, and the others are open."""
    async with http.get(f"{server.url}/models") as response:
        error = (await response.json())["error"]
        assert (response.status, error["type"], error["param"]) == (401, "invalid_request_error", None)
    server.set(dialect="llama-cpp-python")
    async with http.get(f"{server.url}/models") as response:
        assert response.status == 200


def wanted(change: dict[str, Any], **inner: Any) -> dict[str, Any]:
    """STRICT, with a *change* of its schema and of its property `acts`."""
    properties = {**SCHEMA["properties"], "acts": {**SCHEMA["properties"]["acts"], **inner}}
    schema = {"name": "proposal", "schema": {**SCHEMA, "properties": properties, **change}, "strict": True}
    return {"type": "json_schema", "json_schema": schema}


OPEN = {"type": "object", "properties": {}, "required": []}

REFUSED: tuple[tuple[Dialect, dict[str, Any], int, str], ...] = (
    ("openai", {"max_tokens": 9}, 400, "Use 'max_completion_tokens' instead"),
    ("openai", {"max_tokens": 9, "max_completion_tokens": 9}, 400, "at the same time is not supported"),
    ("openai", {"max_completion_tokens": 0}, 400, "below minimum value"),
    ("openai", {"max_completion_tokens": "9"}, 400, "expected an integer, but got a string"),
    ("openai", {"temperature": 3}, 400, "between 0 and 2"),
    ("openai", {"stream": True}, 400, "'stream' does not support true"),
    ("openai", {"guided_json": {}}, 400, "Unknown parameter: 'guided_json'"),
    ("openai", {"model": None}, 400, "must provide a model"),
    ("openai", {"messages": None}, 400, "Missing required parameter: 'messages'"),
    ("openai", {"messages": []}, 400, "empty array"),
    ("openai", {"messages": [{"role": "narrator", "content": "x"}]}, 400, "Invalid value: 'narrator'"),
    ("openai", {"messages": [{"role": "user", "content": None}]}, 400, "messages[0].content"),
    ("openai", {"messages": [{"role": "user", "content": "x", "id": 1}]}, 400, "messages[0].id"),
    ("openai", {"response_format": "json"}, 400, "expected an object, but got a string"),
    ("openai", {"response_format": LOOSE_WITH_SCHEMA}, 400, "Unknown parameter: 'response_format.schema'"),
    ("openai", {"response_format": LOOSE, "messages": [{"role": "user", "content": "x"}]}, 400, "the word 'json'"),
    ("openai", {"response_format": {"type": "json_schema"}}, 400, "'response_format.json_schema'"),
    ("openai", {"response_format": wanted({"required": ["theme", "acts"]})}, 400, "Missing 'minutes'"),
    ("openai", {"response_format": wanted({"additionalProperties": True})}, 400, "In context=(), 'additionalProp"),
    ("openai", {"response_format": wanted({}, items=OPEN)}, 400, "In context=('properties', 'acts', 'items'), 'add"),
    ("openai", {"response_format": wanted({}, uniqueItems=True)}, 400, "'uniqueItems' is not permitted"),
    ("openai", {"response_format": wanted({"type": "array"})}, 400, "got 'type: \"array\"'"),
    ("llama.cpp", {"max_completion_tokens": 9}, 400, "max_completion_tokens"),
    ("llama.cpp", {"max_tokens": 9, "max_completion_tokens": 9}, 400, "at the same time"),
    ("llama.cpp", {"messages": [{"role": "developer", "content": "x"}]}, 400, "Invalid value: 'developer'"),
    ("llama.cpp", {"response_format": {"type": "xml"}}, 400, "but got: xml"),
    ("llama-cpp-python", {"response_format": STRICT}, 500, "response_format"),
    ("plain", {"response_format": STRICT}, 400, "response_format"),
    ("plain", {"response_format": LOOSE}, 400, "response_format"),
    ("plain", {"response_format": {"type": "text"}}, 400, "response_format"),
)


@pytest.mark.parametrize(("dialect", "given", "code", "part"), REFUSED)
async def test_refused(
    server: ModelServer,
    http: aiohttp.ClientSession,
    dialect: Dialect,
    given: dict[str, Any],
    code: int,
    part: str,
) -> None:
    """What a server doesn't take it refuses in OpenAI's form, saying why, and the test can read that too."""
    server.set(dialect=dialect)
    body = {"messages": asked()["messages"], **given} if "messages" not in given else given
    got, answer = await post(http, server, **body)
    assert (got, part in answer["error"]["message"]) == (code, True), answer
    assert server.requests()[0].refused == answer["error"]["message"]


TAKEN: tuple[tuple[Dialect, dict[str, Any]], ...] = (
    ("openai", {"response_format": STRICT, "max_completion_tokens": 300, "temperature": 0.8}),
    ("openai", {"response_format": LOOSE}),
    ("openai", {"response_format": {"type": "text"}}),
    ("openai", {"messages": [{"role": "developer", "content": "x"}]}),
    ("llama.cpp", {"response_format": STRICT, "max_tokens": 300, "temperature": 0.8}),
    ("llama.cpp", {"response_format": LOOSE_WITH_SCHEMA}),
    ("llama-cpp-python", {"response_format": LOOSE_WITH_SCHEMA, "max_tokens": 300}),
    ("llama-cpp-python", {"response_format": LOOSE}),
    ("plain", {"max_tokens": 300, "temperature": 0.8}),
)


@pytest.mark.parametrize(("dialect", "given"), TAKEN)
async def test_taken(server: ModelServer, http: aiohttp.ClientSession, dialect: Dialect, given: dict[str, Any]) -> None:
    """What a server takes reaches the queue."""
    server.set(dialect=dialect)
    server.answers(says("taken"))
    code, answer = await post(http, server, **given)
    assert code == 200, answer


async def test_a_fixed_temperature(server: ModelServer, client: openai.AsyncOpenAI) -> None:
    """A model may refuse any temperature but its own."""
    server.set(fixed_temperature=True)
    server.answers(says("one"), says("none"))
    with pytest.raises(openai.BadRequestError) as caught:
        await ask(client, temperature=0.2)
    assert (caught.value.param, caught.value.code) == ("temperature", "unsupported_value")
    await ask(client, temperature=1)
    await ask(client)


async def test_no_json_at_all(server: ModelServer, http: aiohttp.ClientSession) -> None:
    """A body that is no JSON object is a 400."""
    headers = {"Authorization": f"Bearer {KEY}"}
    for body in (b"{", b"[]", b"\xff"):
        async with http.post(f"{server.url}/chat/completions", data=body, headers=headers) as response:
            assert response.status == 400


async def test_other_paths(server: ModelServer, http: aiohttp.ClientSession) -> None:
    """Nothing else is served: not the other API, nor the path without its version."""
    headers = {"Authorization": f"Bearer {KEY}"}
    for path in ("/v1/responses", "/chat/completions", "/v1/chat/completions/"):
        url = server.url.removesuffix("/v1") + path
        async with http.post(url, json=asked(), headers=headers) as response:
            assert response.status == 404, path


# ------------ what a model may say


@pytest.mark.parametrize("proposal", GOOD.values(), ids=GOOD)
def test_good_drafts(proposal: Proposed) -> None:
    """What is held to be good chooses from the brief, names whom it chose, and quotes what they wrote."""
    act, minutes, mirror = str(proposal["act"]), proposal["minutes"], str(proposal["mirror"])
    assert proposal["theme"] in (None, *BRIEF.themes)
    for chosen, among in ((proposal["person"], BRIEF.people), (proposal["place"], BRIEF.places)):
        assert chosen is None or (chosen in among and str(chosen) in act)
    assert proposal["person"] or proposal["place"]
    assert minutes in (5, 10, 15, 20, 30)
    assert len(act) <= 280
    assert act not in BRIEF.recent
    written = " ".join(answer for _, answer in BRIEF.told)
    assert all(quote in written for quote in re.findall("“([^”]*)”", mirror))


@pytest.mark.parametrize("broken", BROKEN, ids=str)
def test_broken_drafts(broken: Broken) -> None:
    """Each has the shape of a good one, and differs from all of them."""
    assert broken.proposal not in GOOD.values()
    assert broken.proposal.keys() == VALID.keys()
    assert isinstance(broken.proposal["minutes"], int)
    assert all(isinstance(broken.proposal[name], str) for name in ("act", "mirror"))


def test_tables_have_no_doubles() -> None:
    """Every line of the tables is another case."""
    assert len({each.name for each in BROKEN}) == len(BROKEN)
    assert len({json.dumps(each.proposal) for each in BROKEN}) == len(BROKEN)
    assert len({json.dumps(each) for each in MISSHAPEN.values()}) == len(MISSHAPEN)


# ------------ the tests' side


def test_a_wait_that_ends_in_vain_says_so(server: ModelServer) -> None:
    """A test that waits for what never happens is told what there was instead."""
    with pytest.raises(Unmet, match=r"1 request\(s\) came; there are \[\]"):
        server.wait_came(timeout=0)


def test_what_cannot_be_arranged(server: ModelServer) -> None:
    """A slip in a test is an error there, not an odd server."""
    with pytest.raises(Unmet, match="no such dialect"):
        server.set(dialect="klingon")  # type: ignore[arg-type]


def test_the_server_does_not_outlive_its_test() -> None:
    """It ends when the process that started it is gone, however that came about."""
    script = (
        "import os; from tests.modelapi import ModelServer; "
        "print(ModelServer('plain').__enter__().port, flush=True); os._exit(1)"
    )
    root = Path(__file__).parents[1]
    # This returns when nobody holds the other end of the pipes any more, and the server holds standard error.
    ended = subprocess.run([sys.executable, "-c", script], cwd=root, capture_output=True, timeout=20, check=False)
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", int(ended.stdout)))
