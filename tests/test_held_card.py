"""A reply that a language model may better: real processes, and the model over real HTTP.

The catalogue's card is written first. Whatever the model does, a card comes by the deadline, once in the journal. So
does the answer to a draft, of which nothing stays.
"""

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.botapi import BotApi
from tests.botapi.client import Message, Person
from tests.modelapi import (
    KEY,
    MODEL,
    Answer,
    ModelServer,
    drops,
    empty,
    fenced,
    foreign,
    hangs,
    huge,
    refuses,
    says,
    slow,
    status,
    trickles,
    truncated,
    wrong_schema,
)
from tests.running import WAIT, Bot, heard, met, until

BETTER = "Ask someone at home what they'd bake first if it were up to them, and only listen."
PROPOSAL = {"theme": "canary bread", "person": None, "place": None, "act": BETTER, "minutes": 5, "mirror": ""}
CARDS = "SELECT text, source, state FROM card WHERE person = 7 ORDER BY id"


@pytest.fixture
def bot(database_kind: str, telegram: BotApi, model_server: ModelServer, tmp_path: Path) -> Iterator[Bot]:
    """A bot with a language model, on an empty database."""
    model_server.set(dialect="llama.cpp")
    settings = {"OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": model_server.url, "OPENAI_MODEL": MODEL}
    with Bot(telegram, tmp_path, **settings, MODEL_DEADLINE=30) as bot:
        yield bot
    telegram.empty()


def agreed(bot: Bot, telegram: BotApi) -> Person:
    """Somebody who agreed to the model and said no to the first card."""
    mira = telegram.person(7, "Mira")
    met(mira)
    mira.says("/settings")
    heard(mira, "No language model reads along.")
    mira.presses("Language model")
    heard(mira, "A language model may help me choose.")
    mira.says("/cancel")
    mira.waits_for(timeout=WAIT)
    mira.says("not for me")
    mira.waits_for(timeout=WAIT)
    bot.settles()
    return mira


def card(person: Person) -> Message:
    """The card that *person* was sent since they last listened."""
    return heard(person, " minutes.")


@pytest.mark.both_stores
def test_it_is_bettered(bot: Bot, telegram: BotApi, model_server: ModelServer) -> None:
    """What the model wrote is on the card and in the journal, under the theme it named, and its buttons work."""
    bot.start()
    mira = agreed(bot, telegram)
    model_server.answers(says(PROPOSAL))
    mira.says("/suggest")
    shown = card(mira)
    assert BETTER in shown.text
    assert "“canary bread”" in shown.text.splitlines()
    mira.presses("This evening")
    mira.waits_for(timeout=WAIT)
    bot.settles()
    [_first, bettered] = bot.rows(CARDS)
    assert bettered == (BETTER, "model", "taken")
    [request] = model_server.requests()
    assert "canary bread" in request.said


ONCE = {
    "slow": slow(60, says(PROPOSAL)),
    "hangs": hangs(),
    "trickles": trickles(0.05, says(PROPOSAL)),
    "wrong key": status(401),
    "too many": status(429, retry_after=1),
    "broken": status(500),
    "drops": drops(),
    "huge": huge(),
    "refuses": refuses(),
}
"""What a model's server may do, and isn't asked again after."""

TWICE = {
    "a page": foreign(),
    "empty": empty(),
    "truncated": truncated(PROPOSAL),
    "another shape": wrong_schema(),
    "a link": says({**PROPOSAL, "act": "Post about this on https://example.org today."}),
    "far too long": says({**PROPOSAL, "act": f"Ask someone at home this: {'why? ' * 1000}"}),
    "a theme of nobody": fenced({**PROPOSAL, "theme": "somebody else's theme"}),
}
"""What may be mended, and isn't."""


@pytest.mark.parametrize("answer", [pytest.param(each, id=name) for name, each in {**ONCE, **TWICE}.items()])
def test_a_card_comes_by_the_deadline(bot: Bot, telegram: BotApi, model_server: ModelServer, answer: Answer) -> None:
    """Slow, broken or hostile: the catalogue's card comes within the deadline and a second, and the model's never."""
    bot.set(MODEL_DEADLINE=2)
    bot.start()
    mira = agreed(bot, telegram)
    model_server.answers(answer, answer)
    began = time.monotonic()
    mira.says("/suggest")
    card(mira)
    took = time.monotonic() - began
    bot.settles()
    [_first, (text, source, state)] = bot.rows(CARDS)
    assert (source, state) == ("catalogue", "open")
    assert BETTER not in text
    assert took < 2 + 1 + 1  # a second for the way through two processes on a busy machine


def test_no_server_at_all(bot: Bot, telegram: BotApi, model_server: ModelServer) -> None:
    """With nothing behind the address the card comes all the same."""
    bot.start()
    mira = agreed(bot, telegram)
    model_server.refuse_connections()
    mira.says("/suggest")
    card(mira)
    bot.settles()
    assert bot.rows(CARDS)[-1][1] == "catalogue"


def test_what_is_said_meanwhile_lets_it_go(bot: Bot, telegram: BotApi, model_server: ModelServer) -> None:
    """Whoever writes on while the model thinks waits for nothing: the card goes first, as it is, and the model is left
    alone."""
    bot.start()
    mira = agreed(bot, telegram)
    model_server.answers(hangs())
    mira.says("/suggest")
    model_server.wait_came()
    telegram.wait_calls("sendChatAction", chat=7)  # meanwhile they see that something is being written
    mira.says("/privacy")
    messages = mira.waits_for(text="Whoever runs this bot", timeout=WAIT)
    texts = [message.text for message in messages]
    assert " minutes." in texts[-2]
    assert "Whoever runs this bot" in texts[-1]
    model_server.wait_gone()


def test_the_mirror(bot: Bot, telegram: BotApi, model_server: ModelServer) -> None:
    """At the end of a check-in the model may write the mirror as well, as long as it quotes what they wrote to the
    letter; one that quotes what nobody wrote is left out, and the act stays."""
    bot.start()
    mira = agreed(bot, telegram)
    other = "Show a friend who has never baked how to shape one, and let them shape the next."
    for told, quoted, act in (("lent Rui a drill", "lent Rui a drill", BETTER), ("fed Ana", "sang to Ana", other)):
        mirror = f"Now it is “{quoted}”, and it was bread before."
        model_server.answers(says({**PROPOSAL, "act": act, "mirror": mirror}))
        for words in ("/checkin one", told):
            mira.says(words)
            mira.waits_for(timeout=WAIT)
        mira.says("that's all")
        shown = card(mira)
        assert act in shown.text
        assert (mirror in shown.text) == (told == quoted)
        bot.settles()


def test_nobody_is_asked_for_who_did_not_agree(bot: Bot, telegram: BotApi, model_server: ModelServer) -> None:
    """Without their yes nothing of theirs goes to a model."""
    bot.start()
    mira = telegram.person(7, "Mira")
    met(mira)
    mira.says("not for me")
    mira.waits_for(timeout=WAIT)
    mira.says("/suggest")
    card(mira)
    bot.settles()
    assert model_server.requests("") == []


def test_the_budget(bot: Bot, telegram: BotApi, model_server: ModelServer) -> None:
    """What one person may spend in a day is in the database, also over a restart; beyond it the catalogue speaks."""
    bot.set(MODEL_CALLS_PER_DAY_EACH=1)
    bot.start()
    mira = agreed(bot, telegram)
    model_server.answers(says(PROPOSAL))
    mira.says("/suggest")
    assert BETTER in card(mira).text
    mira.says("not for me")
    mira.waits_for(timeout=WAIT)
    bot.settles()
    bot.kill()
    bot.start()
    mira.says("/suggest")
    card(mira)
    bot.settles()
    assert len(model_server.requests()) == 1
    assert sorted(bot.rows("SELECT whose, calls FROM spent")) == [(0, 1), (7, 1)]


def test_a_wrong_key_is_told_once(bot: Bot, telegram: BotApi, model_server: ModelServer) -> None:
    """Whoever runs the bot reads of it once in the log; the people get their cards and hear nothing of it."""
    bot.set(OPENAI_API_KEY="sk-another-key")
    bot.start()
    mira = agreed(bot, telegram)
    for _card in range(2):
        mira.says("/suggest")
        assert "OPENAI" not in card(mira).text
        mira.says("not for me")
        mira.waits_for(timeout=WAIT)
    bot.settles()
    warnings = [line for line in bot.log.splitlines() if '"warning"' in line and "OPENAI_API_KEY" in line]
    assert len(warnings) == 1
    assert len(model_server.requests()) == 1


@pytest.mark.parametrize(
    ("point", "times"),
    [
        ("committed", 1),
        ("handling", 1),
        ("handled", 1),
        ("proposing", 1),
        ("proposed", 1),
        ("handling", 2),
        ("handled", 2),
        ("sending", 1),
        ("sent", 1),
    ],
)
def test_killed_on_the_way(bot: Bot, telegram: BotApi, model_server: ModelServer, point: str, times: int) -> None:
    """Killed between the answer, the wish, the model's reply and the card: the card still comes, once in the journal,
    and what was sent is what the journal holds."""
    bot.start()
    mira = agreed(bot, telegram)
    bot.stop()
    model_server.answers(says(PROPOSAL), says(PROPOSAL))
    bot.start(point, times, wait=False)
    mira.says("/suggest")
    bot.dies()
    bot.start()
    bot.settles()
    cards = [message.text for message in mira.waits_for(text=" minutes.", timeout=WAIT) if " minutes." in message.text]
    rows = bot.rows(CARDS)
    assert len(rows) == 2
    assert 1 <= len(cards) <= 2
    assert all(rows[-1][0] in text for text in cards)
    mira.presses("This evening")
    until(lambda: bot.rows(CARDS)[-1][2] == "taken", "the card is taken")


# ---- a draft

WORD = "zwetschgendatschi"
DRAFT = f"Hi Ana, which shade dries faster for the {WORD} stand? Tom's idea, by the way."
REMARK = "It asks Ana “which shade dries faster” and gives Tom his due."
REMARKED = {"theme": None, "remark": REMARK, "question": "Who would you most like to see there?"}


def holds(bot: Bot) -> list[str]:
    """The tables in which anything of the draft stands."""
    rows = {each: str(bot.rows(f"SELECT * FROM {each}")) for each in bot.database.tables()}
    return [each for each, text in rows.items() if WORD in text or "which shade" in text]


def test_a_draft_is_remarked_on(bot: Bot, telegram: BotApi, model_server: ModelServer) -> None:
    """What the model says of it stands in the answer, with our line about its themes; the button works, and once it is
    let go nothing of it is in the database."""
    bot.start()
    mira = agreed(bot, telegram)
    model_server.answers(says(REMARKED))
    mira.says("/draft")
    assert "The language model will see it, as you agreed." in heard(mira, "Paste it here").text
    mira.says(DRAFT)
    shown = heard(mira, REMARK)
    assert shown.text.splitlines()[1:3] == [
        "It goes with none of your themes, which may be just right.",
        "Who would you most like to see there?",
    ]
    bot.settles()
    assert holds(bot) == ["person"]
    mira.presses("Done")
    mira.waits_for(timeout=WAIT)
    bot.settles()
    assert holds(bot) == []
    [request] = model_server.requests()
    assert WORD in request.said


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(slow(60, says(REMARKED)), id="slow"),
        pytest.param(hangs(), id="hangs"),
        pytest.param(status(500), id="broken"),
        pytest.param(truncated(REMARKED), id="truncated"),
        pytest.param(says({**REMARKED, "remark": f"Try “{WORD}” instead."}), id="rewrites"),
        pytest.param(says({**REMARKED, "remark": "It says “thank you all so much”."}), id="misquotes"),
        pytest.param(says({**REMARKED, "theme": "somebody else's theme"}), id="a theme of nobody"),
    ],
)
def test_a_draft_is_answered_by_the_deadline(
    bot: Bot, telegram: BotApi, model_server: ModelServer, answer: Answer
) -> None:
    """Slow, broken or against the rules: what our own reading says comes within the deadline and a second."""
    bot.set(MODEL_DEADLINE=2)
    bot.start()
    mira = agreed(bot, telegram)
    model_server.answers(answer, answer)
    began = time.monotonic()
    mira.says(f"/draft {DRAFT}")
    shown = heard(mira, "asks “which shade dries faster")
    assert time.monotonic() - began < 2 + 1 + 1
    assert REMARK not in shown.text
    bot.settles()
    mira.presses("Keep it")
    mira.waits_for(timeout=WAIT)
    bot.settles()
    assert bot.rows("SELECT question, text FROM answer WHERE person = 7 AND question = 'draft'") == [("draft", DRAFT)]


def test_no_draft_is_shown_without_a_yes(bot: Bot, telegram: BotApi, model_server: ModelServer) -> None:
    """Who didn't agree is answered by our own reading alone."""
    bot.start()
    mira = telegram.person(7, "Mira")
    met(mira)
    mira.says(f"/draft {DRAFT}")
    heard(mira, "asks “which shade dries faster")
    bot.settles()
    assert model_server.requests("") == []


@pytest.mark.parametrize(
    ("point", "times"), [("handled", 1), ("proposing", 1), ("proposed", 1), ("handling", 2), ("sending", 1)]
)
def test_killed_on_the_way_to_a_remark(
    bot: Bot, telegram: BotApi, model_server: ModelServer, point: str, times: int
) -> None:
    """Killed anywhere on the way the answer still comes, and its buttons work."""
    bot.start()
    mira = agreed(bot, telegram)
    bot.stop()
    model_server.answers(says(REMARKED), says(REMARKED))
    bot.start(point, times, wait=False)
    mira.says(f"/draft {DRAFT}")
    bot.dies()
    bot.start()
    bot.settles()
    heard(mira, "which shade dries faster")
    mira.presses("Done")
    mira.waits_for(timeout=WAIT)
    bot.settles()
    assert holds(bot) == []


def test_a_card_that_an_older_version_held(bot: Bot, telegram: BotApi) -> None:
    """What was written before an update, with the card that it held, is sent after it."""
    bot.start()
    mira = agreed(bot, telegram)
    bot.stop()
    old: dict[str, object] = {
        "text": "one from before",
        "choices": [],
        "replaces": None,
        "unasked": False,
        "about": None,
        "attached": "",
    }
    bot.database.change(
        "INSERT INTO outbox (person, id, chat, written_at, payload, unsure, bare, farewell, state)"
        " VALUES (7, 9000, 7, '2026-11-09T18:00:00.000000Z', ?, 0, 0, 0, 'waiting')",
        json.dumps({**old, "card": 17}),
    )
    bot.start()
    heard(mira, "one from before")


# ---- a story

TURN = "gave Rui some sourdough starter on Friday"
CAPTION = {
    "caption": "These weeks begin with “gave Rui some sourdough starter”. It was on “Friday”, and it was for Rui."
}


def test_a_story_is_told(bot: Bot, telegram: BotApi, model_server: ModelServer) -> None:
    """What the model says stands below the picture; turned over and back it is the same, and isn't asked for again."""
    bot.start()
    mira = agreed(bot, telegram)
    mira.says(f"/goodturn {TURN}")
    mira.waits_for(timeout=WAIT)
    model_server.answers(says(CAPTION))
    mira.says("/story")
    shown = heard(mira, CAPTION["caption"])
    assert shown.kind == "photo"
    mira.presses("Dark")
    bot.settles()
    turned = mira.sees()[-1]
    assert (turned.id, turned.text, turned.edited) == (shown.id, shown.text, True)
    [request] = model_server.requests()
    assert TURN in request.said


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(slow(60, says(CAPTION)), id="slow"),
        pytest.param(hangs(), id="hangs"),
        pytest.param(status(500), id="broken"),
        pytest.param(says({"caption": "You gave “Rui a whole loaf”. It was for Rui."}), id="misquotes"),
        pytest.param(says({"caption": f"{CAPTION['caption']} That is a streak."}), id="scores"),
    ],
)
def test_a_story_comes_by_the_deadline(bot: Bot, telegram: BotApi, model_server: ModelServer, answer: Answer) -> None:
    """Slow, broken or against the rules: our own sentences come within the deadline and a second."""
    bot.set(MODEL_DEADLINE=2)
    bot.start()
    mira = agreed(bot, telegram)
    mira.says(f"/goodturn {TURN}")
    mira.waits_for(timeout=WAIT)
    model_server.answers(answer, answer)
    began = time.monotonic()
    mira.says("/story")
    shown = heard(mira, f"“{TURN}”")
    assert time.monotonic() - began < 2 + 1 + 1
    assert shown.kind == "photo"
