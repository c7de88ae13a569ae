"""With a webhook as without: whatever dies, and whenever, no answer is lost, none is stored twice, and all keep their
order. The process is the real one and dies for real; the stand-in for Telegram brings what it isn't thanked for again.
"""

import http.client
import json
import socket
from collections.abc import Iterator
from pathlib import Path
from random import Random
from threading import Event

import pytest

from bot.channels.webhook import SECRET as HEADER
from tests.botapi import BotApi, Person
from tests.crash import POINTS
from tests.running import SECRET, WAIT, Bot, heard, met, until
from tests.test_doctor import tenfold
from tests.test_faults import calm, crowd, dies_twice, extra, nothing_is_lost
from tests.test_metrics import samples

__all__ = ["calm"]


@pytest.fixture
def bot(telegram: BotApi, tmp_path: Path) -> Iterator[Bot]:
    """A bot with a webhook that isn't started yet, on an empty database."""
    with Bot(telegram, tmp_path) as bot:
        bot.has_webhook()
        yield bot
    telegram.empty()


@pytest.fixture
def mira(telegram: BotApi) -> Person:
    """Somebody who never wrote."""
    return telegram.person(7, "Mira")


def brings(bot: Bot, body: bytes, secret: str = SECRET) -> int:
    """The status that *body* gets, however long it is; 0 if the bot hung up meanwhile."""
    url = str(bot.api.webhook()["url"])
    host, _, path = url.removeprefix("http://").partition("/")
    connection = http.client.HTTPConnection(host, timeout=WAIT)
    try:
        connection.request("POST", f"/{path}", body, {HEADER: secret})
        return connection.getresponse().status
    except (BrokenPipeError, ConnectionResetError):
        return 0
    finally:
        connection.close()


# ---- killed ----


@pytest.mark.parametrize("point", POINTS)
def test_killed_at_a_named_point(bot: Bot, mira: Person, calm: list[str], point: str) -> None:
    """Killed at any point between receiving and marking, while it has an answer in hand and again at a press, it goes
    on as if nothing had been. Only a message that was sent and not yet marked comes once more."""
    dies_twice(bot, mira, calm, point)
    bot.api.wait_confirmed(WAIT)
    assert "getUpdates" not in bot.api.counts()["methods"]


def test_killed_at_random_moments(bot: Bot) -> None:
    """Killed eight times while 30 people write: nothing is lost and nothing is stored twice."""
    seed = 20261125
    print(f"seed {seed}")  # noqa: T201 - shown if it fails
    luck, spell = Random(seed), Event()
    bot.start()
    said = crowd(bot)
    bot.api.play(said.items())
    for _kill in range(8):
        bot.api.latency(luck.choice((0, 0.001, 0.01)))
        calls = bot.api.counts()["methods"]["sendMessage"]
        bot.api.wait_calls("sendMessage", calls + luck.randrange(1, 90), timeout=WAIT)
        spell.wait(luck.uniform(0, 0.01))  # not a wait for anything: the moment is to be any moment
        bot.kill()
        bot.start()
    bot.api.latency(0)
    nothing_is_lost(bot, said)


def test_killed_while_everybody_writes_at_once(bot: Bot) -> None:
    """People who don't wait for answers keep their order: one chat's updates are brought one after the other, and each
    only once the one before is on disk."""
    bot.start()
    people = list(crowd(bot))
    said = {person: [f"/goodturn canary {person.id}-{number:02}." for number in range(10)] for person in people}
    bot.api.say_all((person, said[person][number]) for number in range(10) for person in people)
    for committed in (20, 60, 100):
        bot.api.wait_brought(200, committed + int(bot.api.webhook()["statuses"]["200"]), timeout=WAIT)
        bot.kill()
        bot.start()
    bot.settles()
    for person in people:
        assert bot.answers(person) == [line.removeprefix("/goodturn ") for line in said[person]]


# ---- stopped ----


def test_stopped_in_a_burst(bot: Bot) -> None:
    """SIGTERM while 30 people write: it leaves within 8 seconds, all that was answered with 200 is stored, the webhook
    stays set, and it goes on at the next start; not one message comes twice."""
    bot.start()
    said = crowd(bot)
    bot.api.latency(0.1)
    bot.api.play(said.items())
    url = bot.api.webhook()["url"]
    for _stop in range(2):
        bot.api.wait_calls("sendMessage", bot.api.counts()["methods"]["sendMessage"] + 100, timeout=WAIT)
        assert bot.stop() < 8
        taken = {update["id"] for update in bot.api.updates() if update["confirmed"]}
        stored = {id for (id,) in bot.rows("SELECT id FROM inbox")}
        assert taken <= stored
        assert bot.api.webhook()["url"] == url
        bot.start()
    bot.api.latency(0)
    nothing_is_lost(bot, said)
    assert {extra(bot, person) for person in said} == {0}


# ---- what comes ----


def test_too_large(bot: Bot, mira: Person) -> None:
    """95 MB take no memory, whether whoever brings them knows the secret or not, and nobody waits for them."""
    bot.start()
    met(mira)
    before = bot.peak
    body = b'{"update_id": 1, "message": "' + b"x" * (95 << 20)
    assert brings(bot, body) == 200
    assert brings(bot, body, "wrong") in (413, 0)
    mira.says("/goodturn canary after")
    mira.waits_for(timeout=WAIT)
    grown = bot.peak - before
    print(f"{before:.0f} MB, then {grown:.1f} MB more")  # noqa: T201 - shown if it fails
    assert grown < 16
    counted = samples(bot.shows("/metrics")[1].encode())
    assert counted["tenfold_updates_total too large"] == 1
    assert counted["tenfold_updates_total wrong secret"] == 1


def test_an_update_that_comes_again(bot: Bot, mira: Person) -> None:
    """An update whose 200 got lost on the way comes again, and is handled once; a broken one is set aside."""
    bot.start()
    met(mira)
    mira.says("/goodturn canary only once")
    mira.waits_for(timeout=WAIT)
    bot.settles()
    again = bot.api.updates()[-1]["payload"].encode()
    assert [brings(bot, again) for _time in range(3)] == [200] * 3
    bot.kill()
    bot.start()
    assert brings(bot, again) == 200
    assert brings(bot, b'{"update_id": 5, "message": {"text": "canary') == 200
    bot.waits_for_rows([(5,)], "SELECT id FROM inbox WHERE state = 'aside'")
    bot.settles()
    assert bot.answers(mira) == ["canary only once"]
    counted = samples(bot.shows("/metrics")[1].encode())
    assert counted["tenfold_updates_total seen before"] == 1
    assert counted["tenfold_updates_total set aside"] == 1


# ---- how it is set up ----


def test_the_secret_is_made_and_kept(bot: Bot, mira: Person) -> None:
    """Where none is set one is made, which Telegram is told and which is the same after every start."""
    bot.set(WEBHOOK_SECRET="")
    bot.start()
    met(mira)
    secret = bot.api.webhook()["secret"]
    assert len(secret) == 43
    bot.kill()
    assert secret not in bot.log
    bot.start()
    mira.says("/help")
    heard(mira, "/privacy")
    assert bot.rows("SELECT value FROM fact WHERE name = 'webhook secret'") == [(secret,)]
    assert bot.api.webhook()["secret"] == secret
    bot.stop()
    assert secret not in bot.log


def test_to_polling_and_back(bot: Bot, mira: Person) -> None:
    """Without WEBHOOK_URL it polls, and takes the webhook away; with it, it is brought updates again."""
    bot.start()
    met(mira)
    url = bot.api.webhook()["url"]
    bot.stop()
    bot.set(WEBHOOK_URL="", PORT="")
    bot.start()
    mira.says("/goodturn canary polled")
    mira.waits_for(timeout=WAIT)
    assert bot.api.webhook()["url"] == ""
    bot.stop()
    bot.set(WEBHOOK_URL=url, PORT=url.rpartition(":")[2].partition("/")[0])
    bot.start()
    mira.says("/goodturn canary brought")
    mira.waits_for(timeout=WAIT)
    assert bot.answers(mira) == ["canary polled", "canary brought"]


def test_telegram_is_away_at_the_start(bot: Bot, mira: Person) -> None:
    """The webhook is set once Telegram can be told so."""
    bot.api.fault("setWebhook", "status", code=502, times=2)
    bot.start()
    met(mira)
    bot.waits_to_log("Telegram has trouble (HTTP 502)")
    bot.waits_to_log("all is well again")


def test_a_port_that_is_taken(telegram: BotApi, tmp_path: Path) -> None:
    """Where nobody can listen it doesn't start, and says so in one kind line."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        where = {"TELEGRAM_BOT_TOKEN": telegram.token, "TELEGRAM_API_BASE_URL": telegram.url}
        done = tenfold("run", folder=tmp_path, **where, PORT=str(port), BIND="127.0.0.1")
    assert done.returncode == 1
    told = done.stderr.splitlines()[-1]
    assert told.startswith("PORT can't be listened on (Address already in use): set another one")


def test_how_it_is(bot: Bot, mira: Person) -> None:
    """It says that it lives and is well, and what it did; by webhook and by polling alike."""
    bot.start()
    met(mira)
    bot.settles()
    shows_it_is_well(bot, polls=False)
    bot.stop()
    bot.set(WEBHOOK_URL="")
    bot.start()
    bot.api.wait_polling(WAIT)
    mira.says("/help")
    heard(mira, "/privacy")
    bot.settles()
    shows_it_is_well(bot, polls=True)


def shows_it_is_well(bot: Bot, *, polls: bool) -> None:
    assert bot.shows("/healthz") == (200, "alive\n")
    status, text = bot.shows("/readyz")
    told = json.loads(text)
    assert (status, told["ready"], told["polls"], told["database"]) == (200, True, polls, True)
    assert told["seconds_since_update_or_poll"] < WAIT

    def counted() -> dict[str, float]:
        return samples(bot.shows("/metrics")[1].encode())

    until(lambda: counted()["tenfold_update_lag_seconds_count"] >= 1, "an update that was handled")
    shown = counted()
    assert shown["tenfold_updates_total stored"] >= 1
    assert shown["tenfold_sends_total sent"] >= 1
    assert shown["tenfold_outbox_waiting"] == 0
    assert "canary" not in bot.shows("/metrics")[1]
