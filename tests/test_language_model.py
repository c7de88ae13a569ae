"""The language model over real HTTP: whatever its server does, a proposal that keeps every rule comes within the
deadline, or nothing does."""

import asyncio
import contextlib
import dataclasses
import gc
import json
import logging
import re
import shutil
import subprocess
import sys
import time
import tracemalloc
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain import Brief, CardBrief, CardProposal, DraftBrief, DraftProposal, Proposal
from bot.errors import TenfoldError
from bot.metrics import Backlog, Prometheus, Waiting
from bot.suggest import form, prompt
from bot.suggest.language_model import Dialect, LanguageModel
from bot.suggest.tasks import first_messages
from bot.words import UnfitPrompts
from tests.modelapi import (
    KEY,
    MODEL,
    Answer,
    ModelServer,
    answers,
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
from tests.modelapi import Dialect as Kind
from tests.test_logs import WORDS, logged
from tests.test_metrics import NOW, samples

DEADLINE = 0.6
MARGIN = 0.4
"""Seconds that a busy machine may need on top of the deadline."""

BRIEF = CardBrief(
    themes=("sourdough", "being patient with new nurses"),
    places=("the ward kitchen",),
    people=("Rui", "your sister"),
    told=(("good_turn", "gave Rui some starter"), ("outcome", "handovers. did one alone tuesday!!")),
    went=(("Thank Rui for one precise thing.", "gladly"),),
    acts=("Ask Rui which step of this he'd like to try. Do it together, with his hands and not yours.",),
    recent=("Thank Rui for one precise thing.", "Ring your sister while you're on a walk. Save your own news."),
    minutes=30,
)
SAID: dict[str, Any] = {
    "theme": "sourdough",
    "person": "Rui",
    "place": None,
    "act": "Ask Rui which step he's unsure of. Do it together, his hands.",
    "minutes": 20,
    "mirror": "First “some starter”; now “did one alone”.",
}
PROPOSAL = CardProposal(**SAID)
FLAWED = SAID | {"act": "Compliment three people on their sourdough."}


class Budget:
    """Calls that may still be made, and how often that was asked."""

    def __init__(self, left: int = 100) -> None:
        self.left, self.asked = left, 0

    async def __call__(self) -> bool:
        self.asked += 1
        self.left -= 1
        return self.left >= 0


class Watch:
    """Monotonic time that is moved on by hand."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def server(model_server: ModelServer) -> ModelServer:
    """llama.cpp's server, without a key, with nothing to say yet."""
    model_server.empty("llama.cpp")
    model_server.set(key="")
    return model_server


@pytest.fixture
def watch() -> Watch:
    return Watch()


def made(url: str, watch: Watch, **given: Any) -> LanguageModel:
    usual: dict[str, Any] = {
        "model": MODEL,
        "base_url": url,
        "deadline": timedelta(seconds=DEADLINE),
        "prompts": prompt.load(),
    }
    return LanguageModel(**usual | given, monotonic=watch)


@pytest.fixture
async def model(server: ModelServer, watch: Watch) -> AsyncIterator[LanguageModel]:
    """The model of the server. openai is imported already: a process does that once, and this is not about it."""
    model = made(server.url, watch)
    await model._open()
    yield model
    await model.close()


async def proposed(model: LanguageModel, may_call: Budget | None = None, brief: Brief = BRIEF) -> Proposal | None:
    """What comes of one attempt, which keeps its deadline."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    proposal = await model.propose(brief, may_call or Budget())
    assert loop.time() - began < model.deadline.total_seconds() + MARGIN
    return proposal


# ---- what a server may do


@pytest.mark.parametrize("answer", [says(SAID), fenced(SAID), thinking(SAID), slow(0.2, says(SAID))])
async def test_a_good_answer_is_a_proposal(server: ModelServer, model: LanguageModel, answer: Answer) -> None:
    """Also in a fence, after thinking aloud, or late but in time."""
    server.answers(answer)
    assert await proposed(model) == PROPOSAL


@pytest.mark.parametrize(
    "answer",
    [
        hangs(),
        slow(5, says(SAID)),
        trickles(0.05, says(SAID)),
        status(401),
        status(403),
        status(404),
        status(429),
        status(500),
        status(503),
        foreign(),
        foreign_json(),
        Answer(body="[1, 2]"),
        Answer(body="null"),
        Answer(body=""),
        Answer(body={"choices": "none"}),
        Answer(body={"choices": [{"message": None}]}),
        Answer(status=204),
        Answer(status=307, headers={"Location": "/v1/models"}),
        Answer(body="x", headers={"Content-Encoding": "gzip", "Content-Type": "application/json"}),
        huge(10),
        Answer(status=500, body={"error": {"message": "x"}}, padding=10_000_000),
        drops(),
        empty(),
        empty(""),
        truncated(SAID),
        refuses(),
        filtered(),
        no_choices(),
    ],
    ids=lambda answer: f"{answer.status} {str(answer.body)[:40]}",
)
async def test_nothing_else_is_one(server: ModelServer, model: LanguageModel, answer: Answer) -> None:
    """A server that hangs, trickles, refuses, fails, cuts off, floods or is somebody else gives nothing, in time, and
    after one call."""
    server.answers(answer, says(SAID))
    budget = Budget()
    assert await proposed(model, budget) is None
    assert budget.asked == 1
    assert len(server.requests("")) == 1


async def test_a_server_that_is_away(server: ModelServer, model: LanguageModel) -> None:
    """A port at which nobody listens gives nothing."""
    server.refuse_connections()
    assert await proposed(model) is None


@pytest.mark.parametrize("answer", [huge(10, SAID), Answer(status=500, body="{}", padding=10_000_000)])
async def test_a_flood_is_not_read(server: ModelServer, model: LanguageModel, answer: Answer) -> None:
    """Of a body of 10 MB one is read at most, also if it says that it is an error, and the connection is closed."""
    server.answers(answer)
    gc.collect()
    tracemalloc.start()
    try:
        assert await proposed(model) is None
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 4_000_000
    await asyncio.to_thread(server.wait_gone)


async def test_whoever_gives_up_frees_the_server(server: ModelServer, model: LanguageModel) -> None:
    """Cancelled in the middle of a call, it ends at once, and the server sees that nobody listens any more."""
    server.answers(hangs())
    asking = asyncio.create_task(model.propose(BRIEF, Budget()))
    await asyncio.to_thread(server.wait_came)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    await asyncio.to_thread(server.wait_gone)


async def test_a_deadline_frees_the_server_too(server: ModelServer, model: LanguageModel) -> None:
    """A slow model stops working for somebody who has had the catalogue's card."""
    server.answers(hangs())
    assert await proposed(model) is None
    await asyncio.to_thread(server.wait_gone)


# ---- mending


@pytest.mark.parametrize(
    ("answer", "wrong"),
    [
        (says(FLAWED), "no numbers of people or times"),
        (says("I'd suggest asking Rui."), "it is not one JSON object"),
        (wrong_schema(), "missing or not one of what is allowed: theme, person, place, act, minutes, mirror"),
        (says(SAID | {"theme": "Sourdough"}), "missing or not one of what is allowed: theme."),
        (says(SAID | {"minutes": "20"}), "missing or not one of what is allowed: minutes."),
        (says(SAID | {"minutes": 60}), "missing or not one of what is allowed: minutes."),
        (says(SAID | {"reason": "because"}), "there are other fields"),
        (says(json.dumps(SAID | {"act": "Ask \ud800 Rui."})), "no unusual characters"),
        (says('{"act": ' + "[" * 50_000), "it is not one JSON object"),
        (says('{"act": "x", "minutes": ' + "9" * 5000 + "}"), "it is not one JSON object"),
    ],
)
async def test_a_flaw_is_mended_once(server: ModelServer, model: LanguageModel, answer: Answer, wrong: str) -> None:
    """The model is shown what it said and told on one line what is wrong with it, and may try once more."""
    server.answers(answer, says(SAID))
    budget = Budget()
    assert await proposed(model, budget) == PROPOSAL
    first, second = server.requests()
    assert budget.asked == 2
    assert second.body["messages"][:2] == first.body["messages"]
    said, told = second.body["messages"][2:]
    assert (said["role"], told["role"]) == ("assistant", "user")
    assert len(said["content"]) <= 800
    assert wrong in told["content"]
    assert "\n" not in told["content"]


async def test_it_is_not_mended_twice(server: ModelServer, model: LanguageModel) -> None:
    """After a second answer that can't be used the catalogue's card stays, and the third is never asked for."""
    server.answers(says(FLAWED), says(FLAWED), says(SAID))
    assert await proposed(model) is None
    assert server.left == 1
    assert await proposed(model) == PROPOSAL


async def test_a_mirror_is_not_worth_a_call(server: ModelServer, model: LanguageModel) -> None:
    """A mirror that puts words into somebody's mouth is left out, and the act is taken."""
    server.answers(says(SAID | {"mirror": "First “gave Rui bread”; now “handovers”."}))
    assert await proposed(model) == dataclasses.replace(PROPOSAL, mirror="")
    assert len(server.requests()) == 1


async def test_every_call_is_asked_for(server: ModelServer, model: LanguageModel) -> None:
    """Where no call may be made none is, also in the middle; and an error in asking is no error of anybody's."""
    assert await proposed(model, Budget(0)) is None
    assert server.requests() == []
    server.answers(says(FLAWED), says(SAID))
    assert await proposed(model, Budget(1)) is None
    assert len(server.requests()) == 1

    async def broken() -> bool:
        raise OSError("the disk is full")

    assert await model.propose(BRIEF, broken) is None


async def test_every_call_is_counted(server: ModelServer, watch: Watch) -> None:
    """By what became of it: answered, refused, away, late, or not made, since there was nothing left to spend."""
    metrics = Prometheus()
    model = made(server.url, watch, metrics=metrics)
    await model._open()
    server.answers(says(FLAWED), says(SAID), status(401), drops(), hangs())
    for _time in range(4):
        await proposed(model)
        watch.seconds += 2 * 3600
    await proposed(model, Budget(0))
    await model.close()
    nothing = Waiting(0, None)
    counted = samples(metrics.text(Backlog(updates=nothing, messages=nothing, due=nothing), NOW))
    outcomes = ("answered", "refused", "away", "slow", "over budget")
    assert [counted[f"tenfold_model_calls_total {outcome}"] for outcome in outcomes] == [2, 1, 1, 1, 1]


async def test_asking_counts_towards_the_deadline(model: LanguageModel) -> None:
    """A database that is slow to say whether a call may be made takes from the same time."""

    class Slow(Budget):
        async def __call__(self) -> bool:
            await asyncio.Event().wait()
            return True

    assert await proposed(model, Slow()) is None


# ---- what a server takes

LADDERS: dict[Kind, list[tuple[str, bool]]] = {
    "openai": [("json_schema", False)],
    "llama.cpp": [("json_schema", False)],
    "llama-cpp-python": [("json_schema", False), ("json_object", True)],
    "plain": [("json_schema", False), ("json_object", True), ("", False)],
}


def forms(server: ModelServer) -> list[tuple[str, bool]]:
    """Which form each request asked for, and whether a schema stood beside it."""
    wanted = [request.body.get("response_format", {}) for request in server.requests()]
    return [(each.get("type", ""), "schema" in each) for each in wanted]


@pytest.mark.parametrize("dialect", LADDERS)
async def test_each_server_is_spoken_to_in_its_dialect(
    server: ModelServer, watch: Watch, dialect: Kind, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first form that a server takes is found, one call a step, and remembered; OpenAI needs no step at all."""
    server.empty(dialect)
    server.answers(says(SAID), fenced(SAID))
    own = dialect == "openai"
    monkeypatch.setenv("OPENAI_BASE_URL", server.url)  # openai's own client goes there if it is told no address
    model = made("" if own else server.url, watch, api_key=KEY, deadline=timedelta(seconds=5))
    budget = Budget()
    assert await proposed(model, budget) == PROPOSAL
    assert forms(server) == LADDERS[dialect]
    assert budget.asked == len(LADDERS[dialect])
    assert await proposed(model) == PROPOSAL
    assert forms(server) == [*LADDERS[dialect], LADDERS[dialect][-1]]
    for request in server.requests():
        assert request.key == KEY
        assert ("max_completion_tokens" in request.body, "max_tokens" in request.body) == (own, not own)
    await model.close()


async def test_openai_is_never_sent_a_schema_beside_an_object(
    server: ModelServer, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its older models take json_object, and no schema with it."""
    server.empty("openai")
    server.answers(
        status(400, "Invalid parameter: 'response_format' of type 'json_schema' is not supported"), says(SAID)
    )
    monkeypatch.setenv("OPENAI_BASE_URL", server.url)
    model = made("", watch, api_key=KEY, deadline=timedelta(seconds=5))
    assert await proposed(model) == PROPOSAL
    assert forms(server) == [("json_schema", False), ("json_object", False)]
    await model.close()


async def test_a_refused_temperature_is_dropped(server: ModelServer, watch: Watch) -> None:
    """A server behind another address that takes no temperature, and wants the other name for the limit, is understood
    word for word, and that is remembered."""
    server.empty("openai")
    server.set(fixed_temperature=True)
    server.answers(says(SAID), says(SAID))
    model = made(server.url, watch, api_key=KEY, deadline=timedelta(seconds=5))
    assert await proposed(model) == PROPOSAL
    assert await proposed(model) == PROPOSAL
    last = server.requests()[-1]
    assert forms(server) == [("json_schema", False)] * 4
    assert not {"temperature", "max_tokens"} & last.body.keys()
    await model.close()


async def test_what_failed_altogether_is_not_remembered(
    server: ModelServer, model: LanguageModel, watch: Watch
) -> None:
    """One refusal of everything, whatever it was about, doesn't cost the form for ever."""
    server.answers(*[status(400, "no")] * 3, says(SAID))
    assert await proposed(model) is None
    watch.seconds += 3600
    assert await proposed(model) == PROPOSAL
    assert [kind for kind, _beside in forms(server)] == ["json_schema", "json_object", "", "json_schema"]


def test_a_dialect_gives_way_only_where_it_is_at_fault() -> None:
    """Other errors, and a refusal of what was said, change nothing; and the ladder ends."""
    dialect = Dialect(own=False)
    for code, told in ((401, "schema"), (404, "schema"), (429, "schema"), (500, "out of memory"), (503, "schema")):
        assert dialect.humbler(code, told) is None
    assert dialect.humbler(400, '{"code": "content_filter"}') is None
    steps = 0
    while humbler := dialect.humbler(422, "temperature, max_completion_tokens, schema"):
        dialect, steps = humbler, steps + 1
    assert steps == 4


# ---- a server in trouble


@pytest.mark.parametrize("code", [401, 403])
async def test_a_refused_key_is_told_once(server: ModelServer, model: LanguageModel, watch: Watch, code: int) -> None:
    """Whoever runs the bot is told what to set, once; and for an hour nobody calls."""
    server.answers(status(code), status(code), says(SAID))
    with logged() as log:
        assert await proposed(model) is None
        budget = Budget()
        assert await proposed(model, budget) is None
        assert budget.asked == 0
        watch.seconds += 3599
        assert await proposed(model) is None
        assert len(server.requests()) == 1
        watch.seconds += 2
        assert await proposed(model) is None
        watch.seconds += 3601
        assert await proposed(model) == PROPOSAL
    (warned,) = [line for line in log.lines if line["level"] == "warning" and line["logger"].startswith("bot.")]
    assert "OPENAI_API_KEY" in warned["event"]


@pytest.mark.parametrize("answer", [status(429), status(500), status(503), foreign(), drops(), hangs(), huge()])
async def test_a_server_in_trouble_is_left_alone(
    server: ModelServer, model: LanguageModel, watch: Watch, answer: Answer
) -> None:
    """It isn't asked again for each person: for half a minute first, then twice as long each time; one good answer and
    all is as before."""
    for pause in (30, 60, 120):
        server.answers(answer)
        assert await proposed(model) is None
        watch.seconds += pause - 1
        assert await proposed(model) is None
        watch.seconds += 2
    assert len(server.requests()) == 3
    server.answers(says(SAID), answer, says(SAID))
    assert await proposed(model) == PROPOSAL
    assert await proposed(model) is None
    watch.seconds += 31
    assert await proposed(model) == PROPOSAL


async def test_many_at_once_are_one_trouble(server: ModelServer, model: LanguageModel, watch: Watch) -> None:
    """Twenty calls that were under way when the server fell over are one reason to wait, not twenty."""
    server.answers(*[status(503)] * 20, says(SAID))
    assert await asyncio.gather(*[proposed(model) for _ in range(20)]) == [None] * 20
    watch.seconds += 31
    assert await proposed(model) == PROPOSAL


@pytest.mark.parametrize(("asked_for", "pause"), [(7, 7), (600, 600), (86_400, 3600), (0, 0)])
async def test_a_server_says_for_how_long(
    server: ModelServer, model: LanguageModel, watch: Watch, asked_for: float, pause: float
) -> None:
    """Retry-After counts, up to an hour."""
    server.answers(status(429, retry_after=asked_for), says(SAID))
    assert await proposed(model) is None
    if pause:
        watch.seconds += pause - 0.5
        assert await proposed(model) is None
    watch.seconds += 1
    assert await proposed(model) == PROPOSAL


async def test_a_date_to_retry_after_counts_from_the_server_s_own(
    server: ModelServer, model: LanguageModel, watch: Watch
) -> None:
    """No clock of ours is compared with one of theirs."""
    headers = {"Date": "Wed, 25 Nov 2026 07:00:00 GMT", "Retry-After": "Wed, 25 Nov 2026 07:05:00 GMT"}
    server.answers(Answer(status=503, body="{}", headers=headers), says(SAID))
    assert await proposed(model) is None
    watch.seconds += 299
    assert await proposed(model) is None
    watch.seconds += 2
    assert await proposed(model) == PROPOSAL


@pytest.mark.parametrize("answer", [truncated(SAID), refuses(), filtered(), empty(), no_choices()])
async def test_one_answer_that_came_to_nothing_is_no_trouble(
    server: ModelServer, model: LanguageModel, answer: Answer
) -> None:
    """What a model wouldn't say to one person keeps nobody else waiting."""
    server.answers(answer, says(SAID))
    assert await proposed(model) is None
    assert await proposed(model) == PROPOSAL


# ---- what is sent, and what is written down


async def test_what_they_wrote_is_in_the_data_alone(server: ModelServer, model: LanguageModel) -> None:
    """Instructions are the same for everybody; the journal stands between two fences, as quotations; the schema has the
    lists to choose from, in the order in which to think; nothing says who it is."""
    server.answers(says(SAID))
    await proposed(model)
    (request,) = server.requests()
    system, data = request.body["messages"]
    assert [system["role"], data["role"]] == ["system", "user"]
    assert system["content"] == prompt.load()["card"].instructions
    fence = re.findall(r"^=+$", data["content"], re.MULTILINE)
    assert len(fence) == 2
    before, inside, after = re.split(r"^=+$", data["content"], flags=re.MULTILINE)
    assert after == ""
    assert json.loads(inside) == {
        "themes": list(BRIEF.themes),
        "people": list(BRIEF.people),
        "places": list(BRIEF.places),
        "quotations_oldest_first": [{"asked": question, "wrote": said} for question, said in BRIEF.told],
        "earlier_acts_newest_first": [{"act": act, "became": became} for act, became in BRIEF.went],
        "fitting_acts": list(BRIEF.acts),
        "cards_not_to_repeat": [BRIEF.recent[1]],
    }
    assert "5, 10, 15, 20, 30." in before
    for told in ("Rui", "sister", "starter", "nurses", "ward"):
        assert told not in system["content"] + before
    assert set(request.body) == {"model", "messages", "max_tokens", "temperature", "response_format"}
    wanted = request.body["response_format"]["json_schema"]
    assert wanted["strict"] is True
    assert list(wanted["schema"]["properties"]) == ["theme", "person", "place", "act", "minutes", "mirror"]
    assert wanted["schema"]["required"] == list(wanted["schema"]["properties"])
    assert wanted["schema"]["additionalProperties"] is False
    assert wanted["schema"]["properties"]["place"] == {
        "anyOf": [{"enum": ["the ward kitchen"], "type": "string"}, {"type": "null"}]
    }
    assert wanted["schema"]["properties"]["minutes"] == {"enum": [5, 10, 15, 20, 30], "type": "integer"}


async def test_who_named_nobody_is_offered_nobody(server: ModelServer, model: LanguageModel) -> None:
    """Without themes, people and places all three are null, and the minutes are the fewest there are."""
    bare = CardBrief(themes=(), places=(), people=(), told=(), went=(), acts=(), recent=(), minutes=0)
    act = "Ask whoever is newest where you work which part of the day they dread. Only listen."
    said: dict[str, Any] = {"theme": None, "person": None, "place": None, "act": act, "minutes": 5, "mirror": ""}
    server.answers(says(SAID), says(said))
    assert await proposed(model, brief=dataclasses.replace(bare, minutes=5)) == CardProposal(**said)
    schema = server.requests()[0].body["response_format"]["json_schema"]["schema"]
    assert schema["properties"]["person"] == {"type": "null"}
    assert form.schema(form.form(bare))["properties"]["minutes"]["enum"] == [5]


ODD = st.text() | st.sampled_from(
    ["=" * 40, "\n=======\n", '"]}', "$acts ${told} $$", "\u2028========\u2028", "</data>"]
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(ODD, max_size=4), st.lists(ODD, max_size=4))
def test_no_quotation_ends_the_data(told: list[str], names: list[str]) -> None:
    """Whatever somebody wrote, the fence is longer than anything in it, stands there twice, and nothing comes after."""
    brief = dataclasses.replace(BRIEF, told=tuple(("good_turn", each) for each in told), people=tuple(names))
    _system, data = first_messages(prompt.load(), brief)
    lines = re.split("[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]", data["content"])
    fence = lines[-1]
    assert set(fence) == {"="}
    assert lines.count(fence) == 2
    inside = data["content"].rpartition(f"\n{fence}")[0].rpartition(f"\n{fence}\n")[2]
    assert fence not in inside
    assert len(json.loads(inside)["quotations_oldest_first"]) == len(told)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.text(), max_size=5), st.text())
def test_a_form_is_made_of_anything(names: list[str], said: str) -> None:
    """Any names make a form, in a schema that is JSON; anything said is read or refused with a reason."""
    made = form.form(dataclasses.replace(BRIEF, people=tuple(names), themes=tuple(names)))
    if not any("\ud800" <= sign <= "\udfff" for name in names for sign in name):
        json.dumps(form.schema(made)).encode()
    with contextlib.suppress(form.Unfit):
        assert isinstance(form.read(said, made), CardProposal)


@pytest.mark.parametrize("said", answers.MISSHAPEN.values(), ids=answers.MISSHAPEN)
def test_what_is_no_proposal_is_not_read(said: object) -> None:
    """JSON of another shape is refused with a reason; of a list with a proposal in it, that one is read."""
    wanted = form.form(answers.BRIEF)
    if isinstance(said, list):
        assert form.read(json.dumps(said), wanted) == CardProposal(**said[0])
    else:
        with pytest.raises(form.Unfit, match=r"not one JSON object|missing or not one of what is allowed"):
            form.read(json.dumps(said), wanted)


async def test_long_stories_are_shown_in_part(server: ModelServer, model: LanguageModel) -> None:
    """A small model on a small machine couldn't read a whole journal in time: the latest is shown, cut at a word."""
    told = tuple(("good_turn", f"story {number} " + "and so on " * 100) for number in range(50))
    server.answers(says(SAID | {"mirror": ""}))
    await proposed(model, brief=dataclasses.replace(BRIEF, told=told))
    (request,) = server.requests()
    assert "story 49 " in request.said
    assert "story 29 " not in request.said
    assert len(request.said) < 20_000


async def test_nothing_of_it_is_in_the_log(server: ModelServer, watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    """At DEBUG neither openai, nor what it is made of, nor we write down a key, a word of theirs or of the model's."""
    monkeypatch.setenv("OPENAI_LOG", "debug")
    brief = dataclasses.replace(BRIEF, told=(("good_turn", WORDS),), themes=(WORDS,))
    code = status(400, f"canary {WORDS}")
    answers = [
        says(SAID | {"act": WORDS}),
        drops(),
        foreign(),
        status(401, WORDS),
        status(500, f"schema {WORDS}"),
        code,
    ]
    for answer in answers:
        server.empty("openai")
        server.answers(answer, answer, answer)
        model = made(server.url, watch, api_key=KEY, deadline=timedelta(seconds=5))
        with logged() as log:
            logging.getLogger("openai").setLevel(logging.DEBUG)
            assert await proposed(model, brief=brief) is None
            await model.close()
        logging.getLogger("openai").setLevel(logging.NOTSET)
        told = [line["event"] for line in log.lines if line["logger"] == "openai._base_client"]
        assert told
        assert all(re.fullmatch(r"at _base_client\.py:\d+", event) for event in told)
        assert "httpcore2" in log.getvalue()
        assert "bot.suggest.language_model" in log.getvalue()


# ---- a draft, which is asked for in the same way

DRAFT = DraftBrief(
    text="Hi Ana, which shade dries faster? Tom's idea, by the way. Excited to announce that we open on Saturday!",
    themes=("repairing things",),
    remark="It takes part: it asks “which shade dries faster?”, and names Ana.",
    question="Whom will you answer first?",
)
REMARKED: dict[str, Any] = {
    "theme": "repairing things",
    "remark": "It asks Ana “which shade dries faster?” and gives Tom his due.",
    "question": "Who would you most like to see there?",
}


@pytest.mark.parametrize("answer", [says(REMARKED), fenced(REMARKED), thinking(REMARKED), slow(0.2, says(REMARKED))])
async def test_a_remark_on_a_draft(server: ModelServer, model: LanguageModel, answer: Answer) -> None:
    """Another task, other instructions and another form; all else is as for a card."""
    server.answers(answer)
    assert await proposed(model, brief=DRAFT) == DraftProposal(**REMARKED)
    (request,) = server.requests()
    system, data = request.body["messages"]
    assert system["content"] == prompt.load()["draft"].instructions
    _before, inside, after = re.split(r"^=+$", data["content"], flags=re.MULTILINE)
    assert after == ""
    assert json.loads(inside) == {
        "draft": DRAFT.text,
        "themes": ["repairing things"],
        "remark_by_plain_rules": DRAFT.remark,
        "question_by_plain_rules": DRAFT.question,
    }
    schema = request.body["response_format"]["json_schema"]["schema"]
    assert list(schema["properties"]) == schema["required"] == ["theme", "remark", "question"]
    assert schema["properties"]["theme"] == {
        "anyOf": [{"enum": ["repairing things"], "type": "string"}, {"type": "null"}]
    }


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"remark": "It names Ana and gives Tom his due."}, "the remark quotes a few words of the draft"),
        ({"remark": "It says “we open on Sunday”."}, "must be in the draft, word for word"),
        ({"remark": "It is boastful: “Excited to announce”."}, "speak of the draft, not of the person"),
        ({"remark": "Start with “Tom's idea” instead."}, "no other words for it"),
        ({"question": "Would you ask Ana?"}, "the question is one sentence that begins with who"),
        ({"theme": "woodwork"}, "missing or not one of what is allowed: theme."),
        ({"remark": None}, "missing or not one of what is allowed: remark."),
        ({"reason": "because"}, "there are other fields"),
    ],
)
async def test_a_remark_is_mended_once(
    server: ModelServer, model: LanguageModel, changes: dict[str, Any], wrong: str
) -> None:
    """It is told what is wrong, in the words of its own task, and after a second flaw ours stays."""
    server.answers(says(REMARKED | changes), says(REMARKED))
    assert await proposed(model, brief=DRAFT) == DraftProposal(**REMARKED)
    told = server.requests()[1].body["messages"][-1]["content"]
    assert wrong in told
    assert told.endswith("theme, remark, question.")
    server.answers(says(REMARKED | changes), says(REMARKED | changes), says(REMARKED))
    assert await proposed(model, brief=DRAFT) is None
    assert server.left == 1


@pytest.mark.parametrize(
    "answer", [hangs(), slow(5, says(REMARKED)), trickles(0.05, says(REMARKED)), status(500), empty()]
)
async def test_no_remark_in_time(server: ModelServer, model: LanguageModel, answer: Answer) -> None:
    """A server in trouble gives nothing, in time and after one call."""
    server.answers(answer, says(REMARKED))
    budget = Budget()
    assert await proposed(model, budget, DRAFT) is None
    assert budget.asked == 1


async def test_two_tasks_share_one_server(server: ModelServer, model: LanguageModel) -> None:
    """What was learnt of a server for one task holds for the other: a pause, and what it takes."""
    server.empty("plain")
    server.set(key="")
    server.answers(fenced(SAID), fenced(REMARKED), status(500), fenced(SAID))
    assert await proposed(model) == PROPOSAL
    assert await proposed(model, brief=DRAFT) == DraftProposal(**REMARKED)
    assert len(server.requests()) == 4
    assert await proposed(model, brief=DRAFT) is None
    assert await proposed(model) is None
    assert server.left == 1


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(ODD, st.lists(ODD, max_size=3))
def test_no_draft_ends_the_data(text: str, themes: list[str]) -> None:
    """Whatever stands in a draft, the fence is longer than anything in it, and nothing comes after."""
    brief = dataclasses.replace(DRAFT, text=text, themes=tuple(themes))
    _system, data = first_messages(prompt.load(), brief)
    lines = re.split("[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]", data["content"])
    assert {*lines[-1]} == {"="}
    assert lines.count(lines[-1]) == 2


def test_a_long_draft_is_shown_in_part() -> None:
    """A small model couldn't read all of it in time; what it quotes is held against all."""
    _system, data = first_messages(prompt.load(), dataclasses.replace(DRAFT, text="and so on " * 1000))
    assert len(data["content"]) < 3_000


# ---- what it costs, and trying it


def test_nobody_pays_for_a_model_that_isn_t_there(tmp_path: Path) -> None:
    """openai, half a second and 25 MB, is imported with the first call, and by nothing before it."""
    code = (
        "import sys; from bot import app, doctor; from bot.suggest import language_model, prompt; prompt.load();"
        "print([name for name in ('openai', 'pydantic', 'httpx2') if name in sys.modules])"
    )
    root = Path(__file__).parent.parent
    done = subprocess.run(
        [sys.executable, "-c", code], check=True, text=True, capture_output=True, timeout=60, cwd=root
    )
    assert done.stdout == "[]\n"


async def test_the_first_call_stops_nobody(server: ModelServer, watch: Watch) -> None:
    """While openai is imported in its thread, the loop goes on; two who come first share it."""
    model = made(server.url, watch, deadline=timedelta(seconds=20))
    server.answers(says(SAID), says(SAID))
    assert {*await asyncio.gather(proposed(model), proposed(model))} == {PROPOSAL}
    await model.close()


async def test_a_model_can_be_tried(server: ModelServer, watch: Watch) -> None:
    """Whoever answers in the form is well, and good taste isn't asked for."""
    model = made(server.url, watch, deadline=timedelta(seconds=5))
    server.answers(says({"theme": None, "person": "Rui", "place": None, "act": "Bake.", "minutes": 5, "mirror": ""}))
    await model.check()
    assert "starter" in server.requests()[0].said
    await model.close()


@pytest.mark.parametrize(
    ("answers", "cure"),
    [
        ([status(401)], "OPENAI_API_KEY"),
        ([status(403)], "OPENAI_API_KEY"),
        ([status(404)], "OPENAI_MODEL"),
        ([status(429)], "quota"),
        ([status(500)], "logs"),
        ([status(400), status(400), status(400)], "OPENAI_MODEL"),
        ([hangs()], "MODEL_DEADLINE"),
        ([foreign()], "/v1"),
        ([huge()], "OPENAI_BASE_URL"),
        ([Answer(status=301, headers={"Location": "http://127.0.0.1:9/"})], "OPENAI_BASE_URL"),
        ([drops()], "OPENAI_BASE_URL"),
        ([refuses()], "OPENAI_MODEL"),
        ([wrong_schema(), wrong_schema()], "OPENAI_MODEL"),
    ],
)
async def test_a_trial_that_failed_names_the_cure(
    server: ModelServer, model: LanguageModel, answers: list[Answer], cure: str
) -> None:
    """Each trouble has its line for whoever runs the bot, without the key."""
    server.answers(*answers)
    with pytest.raises(TenfoldError, match=cure) as caught:
        await model.check()
    assert KEY not in str(caught.value)


# ---- the texts


def test_the_texts_say_the_form_in_words() -> None:
    """llama.cpp doesn't show a model the schema, so the instructions name each field and what it may be."""
    fields = {
        "card": ("theme", "person", "place", "act", "minutes", "mirror"),
        "draft": ("theme", "remark", "question"),
        "story": ("caption",),
    }
    prompts = prompt.load()
    assert fields.keys() == prompts.keys()
    for name, each in prompts.items():
        for field in fields[name]:
            assert f'- "{field}":' in each.instructions


def test_a_slip_in_a_text_stops_the_start(tmp_path: Path) -> None:
    """A placeholder that is missing, mistyped or behind the data is told with its file and what to do."""
    files = Path(__file__).parent.parent / "prompts" / "model"

    def slip(name: str, old: str, new: str) -> str:
        folder = tmp_path / "model"
        shutil.copytree(files, folder, dirs_exist_ok=True)
        text = (folder / name).read_text("utf-8")
        assert old in text
        (folder / name).write_text(text.replace(old, new), "utf-8")
        with pytest.raises(UnfitPrompts) as caught:
            prompt.load(tmp_path)
        assert f"model/{name}: " in str(caught.value)
        return str(caught.value)

    assert "$told is missing" in slip("card/data.md", "$told", "")
    assert "nothing is put for $tolled" in slip("card/data.md", "$told", "$told $tolled")
    assert "write $$" in slip("card/repair.md", "$wrong", "$wrong, 5 $")
    assert "nothing is put for $themes" in slip("card/instructions.md", "# The act", "# The act $themes")
    assert "$draft is missing" in slip("draft/data.md", "$draft", "")
    assert "end with $fence" in slip("card/data.md", "}\n$fence", "}\n$fence\nThank you.")
    (tmp_path / "model" / "card" / "data.md").write_bytes(b"\xff")
    with pytest.raises(UnfitPrompts, match="can't be read"):
        prompt.load(tmp_path)
    (tmp_path / "model" / "card" / "instructions.md").write_text(" \n")
    with pytest.raises(UnfitPrompts, match="is empty"):
        prompt.load(tmp_path)
    (tmp_path / "model" / "card" / "instructions.md").unlink()
    with pytest.raises(UnfitPrompts, match="the file is missing"):
        prompt.load(tmp_path)


def test_making_a_form_is_quick() -> None:
    """A form of its own for each person costs a few thousandths of a second."""
    brief = dataclasses.replace(BRIEF, people=tuple(f"Person {number}" for number in range(50)))
    form.schema(form.form(brief))
    began = time.process_time()
    for _ in range(10):
        form.schema(form.form(brief))
    assert (time.process_time() - began) / 10 < 0.02
