"""SIGTERM: within the ten seconds that platforms give it the process is gone, whatever hangs, and nothing is lost."""

import pytest

from tests.botapi import BotApi
from tests.modelapi import KEY, MODEL, ModelServer, hangs
from tests.running import WAIT, Bot, heard, met, until

PLATFORMS_WAIT = 10.0
"""Seconds between SIGTERM and SIGKILL: Heroku gives 30, but Docker and many others 10."""


def test_telegram_and_the_model_hang(telegram: BotApi, model_server: ModelServer, bot: Bot) -> None:
    """Thirty replies, a press and a card are under way to servers that take half a minute for each. All of them come
    after the next start."""
    bot.set(OPENAI_API_KEY=KEY, OPENAI_BASE_URL=model_server.url, OPENAI_MODEL=MODEL, MODEL_DEADLINE=60)
    bot.start()
    mira, rui = telegram.person(7, "Mira"), telegram.person(8, "Rui")
    for person in (mira, rui):
        met(person)
    mira.says("/settings")
    heard(mira, "No language model reads along.")
    mira.presses("Language model")
    heard(mira, "A language model may help me choose.")
    mira.says("/cancel")
    mira.waits_for(timeout=WAIT)
    mira.says("not for me")
    mira.waits_for(timeout=WAIT)
    bot.settles()
    model_server.answers(hangs())
    mira.says("/suggest")
    until(model_server.requests, "the model to be asked")
    others = [telegram.person(100 + number, "Ana") for number in range(30)]
    for method in ("sendMessage", "answerCallbackQuery"):
        telegram.fault(method, "hang", times=len(others), seconds=30, executed=False)
    for other in others:
        other.says("/start")
        telegram.wait_calls("sendMessage", chat=other.id, timeout=WAIT)
    rui.presses("My own time")
    telegram.wait_calls("answerCallbackQuery", 2, timeout=WAIT)
    assert bot.stop() < PLATFORMS_WAIT
    telegram.clear_faults()
    bot.start()
    heard(mira, " minutes.")
    for other in others:
        heard(other, "come to you for")


@pytest.mark.parametrize(
    ("function", "asked"),
    [("bot.channels.telegram._Drawing.of", "/story"), ("bot.export._write", "/export"), ("bot.errands.read", "")],
)
def test_a_thread_goes_on(telegram: BotApi, bot: Bot, function: str, asked: str) -> None:
    """A picture that is being drawn, a zip being made or one being read can't be called off. It isn't waited for
    either, and is begun again at the next start."""
    mira = telegram.person(7, "Mira")
    bot.start()
    met(mira)
    mira.says("/goodturn")
    heard(mira, "Tell me")
    mira.says("canary bread for Rui")
    heard(mira, "Kept")
    bot.settles()
    bot.stop()
    bot.start("--dawdles-in", function)
    if asked:
        mira.says(asked)
    else:
        mira.sends("document", caption="/import", data=b"date,text\n2026-11-09,canary dawn\n", file_name="notes.csv")
    bot.waits_to_log("dawdling")
    assert bot.stop() < PLATFORMS_WAIT
    bot.start()
    mira.waits_for(text={"/story": "", "/export": "yours to keep"}.get(asked, "beside what is here"), timeout=WAIT)
    bot.settles()
