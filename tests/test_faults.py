"""Whatever dies or fails, and whenever: no answer is lost, none is stored twice, and everybody goes on where they were.

The process is the real one and dies for real; Telegram's end is told to misbehave over real HTTP.
"""

import asyncio
import json
import socket
import threading
import time
import urllib.request
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import groupby
from pathlib import Path
from random import Random
from typing import Any

import pytest

from bot.domain import Reply, Sender
from bot.journal import Journal
from bot.store import Transaction, open_store
from bot.words import load
from tests.botapi import BotApi, Person
from tests.crash import POINTS
from tests.running import TOKEN, WAIT, Bot, heard, met, until

PLANNED = "SELECT 1 FROM due WHERE person = ? AND kind = 'check-in'"


@pytest.fixture
def mira(telegram: BotApi) -> Person:
    """Somebody who never wrote."""
    return telegram.person(7, "Mira")


@pytest.fixture
def idris(telegram: BotApi) -> Person:
    """Somebody else who never wrote."""
    return telegram.person(8, "Idris")


def answered(person: Person) -> str:
    """What the bot says next to *person*."""
    return person.waits_for(timeout=WAIT)[-1].text


def sent(bot: Bot, person: Person) -> list[str]:
    """All messages that reached *person*, as they were sent."""
    return [call.text for call in bot.api.calls("sendMessage", chat=person.id) if call.executed]


# ---- killed at every named point ----

CHECK_IN = ("/start", "canary bread", "porto", "/checkin", "canary turn", "[That's all]", "canary lift", "/history")
"""A conversation in which each line is answered by one message."""

ANSWER, PRESS = 5, 6
"""Which of its lines are the answer and the press that the process doesn't survive."""


def holds(bot: Bot, person: Person, deaths: dict[int, tuple[object, ...]]) -> list[str]:
    """The conversation, in which the process dies at the lines in *deaths* and is started again with what stands
    there. All that reached *person*."""
    for number, line in enumerate(CHECK_IN, 1):
        if line.startswith("["):
            person.presses(line[1:-1])
        else:
            person.says(line)
        if number in deaths:
            bot.dies()
            bot.start(*deaths[number])
        bot.waits_until_sent(number, person)
    return sent(bot, person)


@pytest.fixture(scope="module")
def calm(telegram: BotApi, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What is heard in that conversation if nothing dies."""
    with Bot(telegram, tmp_path_factory.mktemp("calm")) as bot:
        bot.start()
        told = holds(bot, telegram.person(7, "Mira"), {})
    telegram.empty()
    return told


# How often the second process passes a point until it handles the press: it may have to finish the answer before.
AGAIN = {"received": 2, "committed": 2, "handling": 2, "handled": 1, "sending": 2, "sent": 2, "marked": 1}


def dies_twice(bot: Bot, mira: Person, calm: list[str], point: str) -> None:
    """Killed at *point* with an answer in hand and again at a press, it goes on as in the *calm* conversation."""
    bot.start(point, ANSWER)
    told = holds(bot, mira, {ANSWER: (point, AGAIN[point]), PRESS: ()})
    once = [text for text, _again in groupby(told)]
    assert once == calm
    assert len(told) - len(once) == (2 if point == "sent" else 0)
    assert bot.answers(mira) == ["canary turn", "canary lift"]
    assert bot.rows("SELECT state, COUNT(*) FROM inbox GROUP BY state") == [("done", len(CHECK_IN))]
    assert Counter(told[-1].split())["canary"] == 2


@pytest.mark.both_stores
@pytest.mark.parametrize("point", POINTS)
def test_killed_at_a_named_point(bot: Bot, mira: Person, calm: list[str], point: str) -> None:
    """Killed at any point between receiving and marking, while it has an answer in hand and again at a press, it goes
    on as if nothing had been. Only a message that was sent and not yet marked comes once more."""
    dies_twice(bot, mira, calm, point)


# ---- files ----

VOICE = b"OggS" + bytes(range(256)) * 2_000
"""Half a megabyte, so that it doesn't come in one piece."""


def has_file(bot: Bot, data: bytes) -> None:
    """The one file that was sent is kept, complete, once, and for the owner's eyes only."""
    bot.waits_for_rows([("kept",)], "SELECT state FROM media")
    assert list(bot.database.files().values()) == [data]
    for file in (each for each in bot.database.media.rglob("*") if each.is_file()):
        assert file.stat().st_mode & 0o777 == 0o600
        folder = bot.database.media
        assert folder.stat().st_mode & 0o777 == file.parent.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("method", ["getFile", "download", "fetched"])
def test_killed_before_a_file_is_here(bot: Bot, mira: Person, method: str) -> None:
    """A voice note whose answer was written down and whose bytes were still to come is fetched at the next start:
    whether nothing of them was here, a part, or all of them but not in their place."""
    arranged = ("fetched", 1) if method == "fetched" else ()
    bot.start(*arranged)
    met(mira)
    if not arranged:
        bot.api.fault(method, "hang", seconds=None)
    mira.sends("voice", data=VOICE)
    if arranged:
        bot.dies()
    else:
        assert "A few words" in answered(mira)
        bot.api.wait_calls(method, timeout=WAIT)
        bot.settles()
        bot.kill()
    assert bot.rows("SELECT state FROM media") == [("wanted",)]
    bot.start()
    has_file(bot, VOICE)
    mira.says("canary song")
    bot.settles()
    assert bot.answers(mira) == ["canary song"]
    assert bot.rows("SELECT COUNT(*) FROM answer WHERE reading IS NULL") == [(1,)]


def test_telegrams_storage_is_away(bot: Bot, mira: Person) -> None:
    """What can't be had now is had later, and one that is too large is known by its name alone; nobody waits."""
    bot.start_with_clock()
    met(mira)
    bot.api.fault("getFile", "status", code=502)
    mira.sends("voice", data=VOICE)
    answered(mira)
    bot.waits_to_log("can't be fetched now")
    assert bot.rows("SELECT state FROM media") == [("wanted",)]
    bot.comes_to(datetime.now(UTC) + timedelta(hours=2))
    has_file(bot, VOICE)
    mira.sends("document", size=(20 << 20) + 1, caption="canary film")
    answered(mira)
    bot.waits_for_rows([("kept",), ("absent",)], "SELECT state FROM media ORDER BY id")
    assert bot.answers(mira) == ["canary film"]


def sends_back(bot: Bot, person: Person) -> None:
    """Let the file of *person* be on its way back, while the bot is down."""
    ((media,),) = bot.rows("SELECT id FROM media")

    def write(tx: Transaction) -> None:
        journal = Journal(tx, Sender(person=person.id, chat=person.id), datetime.now(UTC))
        journal.send(Reply(text="A canary voice note.", attached=f"media {media}"))
        journal.save()

    async def written() -> None:
        store = open_store(bot.database.url)
        await store.transact(write)
        await store.close()

    asyncio.run(written())


@pytest.mark.parametrize(("point", "copies"), [("sending", 1), ("sent", 2), ("marked", 1)])
def test_killed_while_a_file_goes_back(bot: Bot, mira: Person, point: str, copies: int) -> None:
    """A file that is sent back comes once, or once more if it was sent and that not yet marked; an id that is of no use
    any more is no hindrance, since the bytes are here."""
    bot.start()
    met(mira)
    mira.sends("voice", data=VOICE)
    answered(mira)
    has_file(bot, VOICE)
    bot.stop()
    sends_back(bot, mira)
    bot.database.change("UPDATE media SET file = 'of another bot'")
    bot.start(point, 1, wait=False)
    bot.dies()
    bot.start()
    bot.settles()
    back = [each for each in mira.sees() if each.by_bot and each.kind == "voice"]
    assert len(back) == copies
    for each in back:
        assert (each.text, bot.api.file(str(each.file))) == ("A canary voice note.", VOICE)


# ---- a burst ----

CROWD = 30
LINES = 70


def crowd(bot: Bot, size: int = CROWD) -> dict[Person, list[str]]:
    """People who are being asked for a good turn, and all that each of them is about to say."""
    people = [bot.api.person(100 + number) for number in range(size)]
    bot.api.play((person, ("/start", "canary bread", "porto", "/checkin full")) for person in people)
    bot.api.wait_played(WAIT)
    return {person: [f"canary {person.id}-{number:02}." for number in range(LINES)] for person in people}


def nothing_is_lost(bot: Bot, said: dict[Person, list[str]]) -> None:
    """Everything is stored once and in order, /history shows it once, and the next question is the next question."""
    bot.api.wait_played(2 * WAIT)
    bot.settles()
    assert bot.rows("SELECT 1 FROM outbox WHERE state <> 'sent'") == []
    assert bot.rows("SELECT 1 FROM inbox WHERE state <> 'done'") == []
    second = load().questions["people"].wordings
    for person, lines in said.items():
        assert bot.answers(person) == lines
        person.hears()
        person.says("/history")
        shown = answered(person).splitlines()
        assert [line for line in shown if line.startswith("canary")] == lines
        person.presses("That's all")
        asked = answered(person)
        assert any(wording in asked for wording in second), asked


def extra(bot: Bot, person: Person) -> int:
    """How many more messages reached *person* than were written."""
    ((written,),) = bot.rows("SELECT COUNT(*) FROM outbox WHERE person = ?", person.id)
    return len(sent(bot, person)) - int(written)


def test_killed_at_random_moments(bot: Bot) -> None:
    """Killed 25 times while 30 people write: nothing is lost, nothing is stored twice, and no more messages come twice
    than were on their way."""
    seed = 20261113
    print(f"seed {seed}")  # noqa: T201 - shown if it fails
    luck, spell = Random(seed), threading.Event()
    bot.start()
    said = crowd(bot)
    bot.api.play(said.items())
    under_way: Counter[int] = Counter()
    for _kill in range(25):
        # With Telegram near by most people are being handled at any moment, with Telegram far off most sends under way.
        bot.api.latency(luck.choice((0, 0.001, 0.01)))
        calls = bot.api.counts()["methods"]["sendMessage"]
        bot.api.wait_calls("sendMessage", calls + luck.randrange(1, 90), timeout=WAIT)
        spell.wait(luck.uniform(0, 0.01))  # not a wait for anything: the moment is to be any moment
        bot.kill()
        # A send that is under way has a row that isn't marked, and a chat has one send under way at a time.
        under_way.update(person for (person,) in bot.rows("SELECT DISTINCT person FROM outbox WHERE state = 'waiting'"))
        bot.start()
    assert len(bot.rows("SELECT 1 FROM answer")) < CROWD * LINES, "the burst was over before the last kill"
    bot.api.latency(0)
    nothing_is_lost(bot, said)
    twice = {person.id: extra(bot, person) for person in said}
    print(f"{sum(twice.values())} messages came twice, {sum(under_way.values())} were on their way")  # noqa: T201
    assert all(0 <= twice[person] <= under_way[person] for person in twice)


@pytest.mark.both_stores
def test_stopped_in_a_burst(bot: Bot) -> None:
    """SIGTERM while 30 people write: it leaves within 10 seconds with nothing half done, and goes on at the next
    start; not one message comes twice."""
    bot.start()
    said = crowd(bot)
    bot.api.latency(0.1)
    bot.api.play(said.items())
    for _stop in range(2):
        bot.api.wait_calls("sendMessage", bot.api.counts()["methods"]["sendMessage"] + 100, timeout=WAIT)
        assert bot.stop() < 10
        bot.start()
    bot.api.latency(0)
    nothing_is_lost(bot, said)
    assert {extra(bot, person) for person in said} == {0}


# ---- updates ----


def update(person: Person, text: str) -> dict[str, Any]:
    """An update in which *person* says *text*."""
    about = {"id": person.id, "first_name": person.name}
    sender = {**about, "is_bot": False, "language_code": "en"}
    chat = {**about, "type": "private"}
    now = int(time.time())
    return {"message": {"message_id": 900_000 + now % 1000, "date": now, "text": text, "from": sender, "chat": chat}}


@pytest.mark.both_stores
def test_same_update_three_times(bot: Bot, mira: Person) -> None:
    """An update that comes again, at once or after a restart, is handled once."""
    bot.start()
    met(mira)
    mira.says("/goodturn canary only once")
    answered(mira)
    again = json.loads(bot.api.updates()[-1]["payload"])
    bot.api.push(again)
    bot.api.push(again)
    bot.settles()
    bot.kill()
    bot.api.push(again)
    bot.start()
    bot.settles()
    mira.says("/history")
    assert answered(mira).count("canary only once") == 1
    assert bot.answers(mira) == ["canary only once"]
    bot.waits_until_sent(5, mira)


def test_button_pressed_twice(bot: Bot, mira: Person) -> None:
    """A button pressed twice comes as two updates, and counts once."""
    bot.start()
    met(mira)
    mira.says("/checkin one")
    answered(mira)
    mira.presses("Nothing this week", times=2)
    answered(mira)
    mira.presses("Skip", times=3)
    answered(mira)
    bot.settles()
    mira.says("/help")
    heard(mira, "/privacy")
    assert bot.rows("SELECT question, reading FROM answer") == [("good_turn", "nothing"), ("received", "skip")]
    assert len(sent(bot, mira)) == 3 + 1 + 2 + 1


def test_updates_out_of_order(bot: Bot, mira: Person) -> None:
    """Ids say which update it is and nothing about the order: whatever comes is handled, in the order it comes."""
    bot.start()
    met(mira)
    bot.stop()
    number = bot.api.updates()[-1]["id"]
    for step in (30, 10, 20):
        bot.api.push(update(mira, f"/goodturn canary {step}"), update_id=number + step)
    bot.start()
    bot.settles()
    bot.api.push(update(mira, "/goodturn canary 5"), update_id=number + 5)
    bot.waits_until_sent(7, mira)
    assert bot.answers(mira) == ["canary 30", "canary 10", "canary 20", "canary 5"]


def test_lower_ids_after_an_idle_week(bot: Bot, mira: Person) -> None:
    """After a week without updates Telegram may count from anywhere: lower ids are as good as higher ones."""
    bot.start_with_clock()
    met(mira)
    mira.says("/pause")
    heard(mira, "quiet until you call")
    bot.comes_to(datetime.now(UTC) + timedelta(days=8))
    bot.api.next_update_id(bot.api.updates()[0]["id"] - 1000)
    mira.says("/goodturn canary after a week")
    answered(mira)
    bot.settles()
    bot.kill()
    bot.start_with_clock()
    mira.says("/goodturn canary and another")
    answered(mira)
    assert bot.answers(mira) == ["canary after a week", "canary and another"]


def test_unreadable_update_among_good_ones(bot: Bot, mira: Person) -> None:
    """What can't be read is set aside, named by its id in the log, and is in nobody's way."""
    bot.start()
    met(mira)
    bot.stop()
    bot.api.push(update(mira, "/goodturn canary before"))
    odd = bot.api.push({"message": {"message_id": "canary", "chat": ["canary"], "date": "soon", "text": 7}})
    bot.api.push(update(mira, "/goodturn canary between"))
    broken = bot.api.push(raw=f'{{"update_id":{odd + 2},"message":{{"text":"canary \\ud800"', update_id=odd + 2)
    bot.api.push(update(mira, "/goodturn canary after"))
    bot.start()
    bot.waits_until_sent(6, mira)
    assert bot.answers(mira) == ["canary before", "canary between", "canary after"]
    assert bot.rows("SELECT id, payload IS NULL FROM inbox WHERE state = 'aside' ORDER BY id") == [
        (odd, 0),
        (broken, 0),
    ]
    for number in (odd, broken):
        bot.waits_to_log(f"update {number} can't be read")


@pytest.mark.both_stores
def test_dialogue_that_raises(bot: Bot, mira: Person, idris: Person) -> None:
    """What a dialogue can't handle is tried three times and then kept as a note. The person is told, what the dialogue
    wrote is undone, and they and everybody else go on."""
    bot.start("--stumbles-over", "/goodturn canary stone")
    met(mira)
    bot.api.say_all([(mira, "/goodturn canary stone"), (mira, "/goodturn canary next"), (idris, "/start")])
    heard(idris, "come to you for")
    heard(mira, "I stumbled over that one, sorry.")
    bot.waits_until_sent(5, mira)
    assert bot.rows("SELECT question, text FROM answer ORDER BY id") == [
        ("note", "/goodturn canary stone"),
        ("good_turn", "canary next"),
    ]
    assert [bot.log.count(f"attempt {number} of 3") for number in (1, 2, 3)] == [1, 1, 1]
    assert bot.rows("SELECT COUNT(*) FROM inbox WHERE state = 'aside'") == [(1,)]
    mira.says("/history")
    heard(mira, "canary next")
    mira.presses("‹ Older")
    heard(mira, "/goodturn canary stone")


# ---- receiving ----


def rival(telegram: BotApi) -> None:
    """Another process asks for the same bot's updates."""
    with urllib.request.urlopen(f"{telegram.base_url}{telegram.token}/getUpdates?timeout=0", timeout=WAIT) as answer:
        assert json.load(answer) == {"ok": True, "result": []}


def test_trouble_while_receiving(bot: Bot, mira: Person) -> None:
    """Whatever getUpdates says or doesn't, it is said in the log, nobody has to do anything, and nothing is lost."""
    bot.start()
    met(mira)
    troubles: Sequence[tuple[str, dict[str, Any], str]] = (
        ("status", {"code": 401}, "refuses the token"),
        ("status", {"code": 404}, "refuses the token"),
        ("status", {"code": 409, "description": "Conflict: terminated by other getUpdates"}, "another process"),
        ("status", {"code": 500}, "Telegram has trouble (HTTP 500)"),
        ("status", {"code": 502}, "Telegram has trouble (HTTP 502)"),
        ("too_many", {"retry_after": 1}, "Telegram has trouble (HTTP 429)"),
        ("garbage", {}, "can't be read"),
        ("drop", {}, "can't be reached"),
        ("hang", {"seconds": 0.5}, "can't be reached"),
    )
    said = []
    for number, (kind, details, words) in enumerate(troubles, 1):
        bot.api.wait_polling(WAIT)
        bot.api.fault("getUpdates", kind, **details)  # type: ignore[arg-type]
        begun = bot.log.count(words)
        for when in ("before", "after"):
            said.append(f"canary {when} {number}")
            mira.says(f"/goodturn {said[-1]}")
            answered(mira)
            until(lambda: bot.log.count(words) > begun, words)  # noqa: B023 - it ends within this round
        until(lambda: bot.log.count("all is well again") == number, "all is well again")  # noqa: B023 - as above
    assert bot.answers(mira) == said


def test_rival_and_webhook(bot: Bot, mira: Person) -> None:
    """While another process receives for this bot it says so and goes on; a webhook that was set is taken away."""
    bot.start()
    met(mira)
    bot.api.wait_polling(WAIT)
    rival(bot.api)
    bot.waits_to_log("another process receives for this bot")
    mira.says("/goodturn canary one")
    answered(mira)
    with urllib.request.urlopen(f"{bot.api.base_url}{TOKEN}/setWebhook?url=https://example.org/", timeout=WAIT):
        pass
    bot.waits_to_log("a webhook was set for this bot")
    mira.says("/goodturn canary two")
    answered(mira)
    assert bot.answers(mira) == ["canary one", "canary two"]


def test_revoked_token(bot: Bot, mira: Person) -> None:
    """With a token that is no good any more it stays and says what to do; with the new one everything is there."""
    bot.start()
    met(mira)
    bot.api.wait_polling(WAIT)
    fresh = TOKEN.replace("AA", "BB")
    bot.api.revoke_token(fresh)
    mira.says("/goodturn canary meanwhile")
    bot.waits_to_log("paste the one from @BotFather into TELEGRAM_BOT_TOKEN")
    assert bot.alive
    bot.stop()
    bot.set(TELEGRAM_BOT_TOKEN=fresh)
    bot.start()
    until(lambda: bot.answers(mira) == ["canary meanwhile"], "what was said meanwhile")
    bot.api.revoke_token(TOKEN)


def test_telegram_unreachable_at_start(tmp_path: Path) -> None:
    """Started while Telegram is away it says so and waits, and once Telegram is there it is, too."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    api = BotApi(token=TOKEN, port=port)
    with Bot(api, tmp_path, TELEGRAM_API_BASE_URL=f"http://127.0.0.1:{port}") as bot:
        bot.start()
        bot.waits_to_log("Telegram can't be reached: check the network")
        assert bot.alive
        with api:
            mira = api.person(7, "Mira")
            met(mira)
            api.wait_calls("setMyDescription", code=200, timeout=WAIT)
            bot.stop()


# ---- sending ----


def test_unsure_sends(bot: Bot, telegram: BotApi, idris: Person) -> None:
    """A send that may or may not have arrived is made once more, so there is at most one message too many and none too
    few. Meanwhile everybody else is answered."""
    bot.start()
    met(idris)
    faults: Sequence[tuple[str, dict[str, Any], int]] = (
        ("deliver_then_drop", {}, 2),
        ("drop", {}, 1),
        ("hang", {"seconds": 1}, 1),
        ("hang", {"seconds": 1, "executed": True}, 1),
        ("status", {"code": 500}, 1),
        ("status", {"code": 502}, 1),
        ("garbage", {}, 1),
    )
    people = []
    for number, (kind, details, _copies) in enumerate(faults, 20):
        people.append(telegram.person(number))
        telegram.fault("sendMessage", kind, chat=number, **details)  # type: ignore[arg-type]
    telegram.say_all((person, "/start") for person in people)
    idris.says("/help")
    heard(idris, "/privacy")
    assert bot.rows("SELECT COUNT(*) FROM outbox WHERE state = 'waiting' AND person >= 20") != [(0,)]
    # All but the one whose answer was only late.
    bot.waits_for_rows([(len(faults) - 1,)], "SELECT COUNT(*) FROM outbox WHERE person >= 20 AND unsure = 1")
    idris.says("/help")  # another message gets through: the channel is well again
    for person, (kind, _details, copies) in zip(people, faults, strict=True):
        bot.waits_until_sent(1, person)
        assert len(sent(bot, person)) == copies, kind
        assert bot.rows("SELECT unsure <= 1, message IS NULL FROM outbox WHERE person = ?", person.id) == [(1, 0)]
    telegram.say_all((person, "canary bread") for person in people)
    for person in people:
        heard(person, "In which city?")


def test_an_outage_of_some_seconds_costs_nobody_a_message(bot: Bot, telegram: BotApi, idris: Person) -> None:
    """While Telegram answers every send with 502 nobody's second and last try is spent; all is said once it is over."""
    bot.start()
    met(idris)
    people = [telegram.person(number) for number in range(20, 60)]
    for person in people:
        telegram.fault("sendMessage", "status", chat=person.id, code=502)
    telegram.say_all((person, "/start") for person in people)
    bot.waits_for_rows([(40,)], "SELECT COUNT(*) FROM outbox WHERE person BETWEEN 20 AND 59 AND unsure = 1")
    idris.says("/help")
    for person in people:
        heard(person, "come to you for")
    bot.settles()  # what is heard is marked a moment later
    assert bot.rows("SELECT COUNT(*) FROM outbox WHERE person >= 20 AND (unsure > 1 OR message IS NULL)") == [(0,)]


def test_twice_unsure_counts_as_sent(bot: Bot, telegram: BotApi, mira: Person, idris: Person) -> None:
    """After two sends that may have arrived it lets it be: the chat goes on, and nobody is flooded."""
    bot.start()
    telegram.fault("sendMessage", "deliver_then_drop", chat=mira.id, times=5)
    mira.says("/start")
    bot.waits_for_rows([(1,)], "SELECT unsure FROM outbox WHERE person = ?", mira.id)
    met(idris)
    bot.waits_to_log("counts as sent after 2 unsure sends")
    bot.waits_until_sent(1, mira)
    telegram.clear_faults()
    mira.says("canary bread")
    heard(mira, "In which city?")
    assert len(sent(bot, mira)) == 2 + 1


def test_one_chat_told_to_wait(bot: Bot, telegram: BotApi, mira: Person, idris: Person) -> None:
    """A chat that is told to wait waits as long as it was told, and nobody waits with it."""
    bot.start()
    telegram.fault("sendMessage", "too_many", retry_after=2, chat=mira.id)
    mira.says("/start")
    telegram.wait_calls("sendMessage", chat=mira.id, code=429, timeout=WAIT)
    met(idris)
    heard(mira, "come to you for")
    refused, delivered = telegram.calls("sendMessage", chat=mira.id)
    assert delivered.at - refused.at >= 2
    assert all(refused.number < call.number < delivered.number for call in telegram.calls("sendMessage", chat=idris.id))


def test_refused_message(bot: Bot, telegram: BotApi, mira: Person) -> None:
    """A message that Telegram refuses is sent once more, plainly; refused again it is set aside, and the chat goes
    on."""
    bot.start()
    mira.says("/start")
    heard(mira, "Hello.")
    refusal: dict[str, Any] = {"code": 400, "description": "Bad Request: can't parse entities", "chat": mira.id}
    telegram.fault("sendMessage", "status", times=1, **refusal)
    mira.says("canary bread")
    assert heard(mira, "In which city?").marked("italic") == ()
    telegram.fault("sendMessage", "status", times=2, **refusal)
    mira.says("porto")
    bot.waits_for_rows([(1,)], "SELECT COUNT(*) FROM outbox WHERE state = 'aside'")
    bot.waits_to_log("is refused by the channel; it is set aside")
    mira.says("/history")
    heard(mira, "Nothing in your journal yet.")
    assert bot.rows("SELECT city FROM person") == [("Porto",)]


def resumes(bot: Bot, mira: Person) -> None:
    """/start brings back somebody who had blocked the bot: everything is there, and the next check-in is planned."""
    mira.says("/start")
    welcome = heard(mira, "Good to see you.")
    assert "I'll come by" in welcome.text
    assert bot.rows("SELECT state FROM person") == [("here",)]
    assert len(bot.rows(PLANNED, mira.id)) == 1
    mira.says("/history")
    heard(mira, "canary kept")


@pytest.mark.both_stores
def test_blocked(bot: Bot, mira: Person) -> None:
    """Who blocks the bot is left alone and loses nothing; /start resumes, and plans again."""
    bot.start_with_clock()
    met(mira)
    mira.says("/goodturn canary kept")
    answered(mira)
    mira.blocks()
    bot.waits_for_rows([("blocked",)], "SELECT state FROM person")
    bot.comes_to(bot.planned(mira))
    bot.waits_for_rows([], PLANNED, mira.id)
    assert bot.api.calls("sendMessage", code=403) == []
    mira.unblocks()
    resumes(bot, mira)


def test_forbidden(bot: Bot, mira: Person, idris: Person) -> None:
    """When Telegram says that somebody can't be written to, they are left alone, and what waited for them is dropped;
    all they wrote is kept."""
    bot.start()
    met(mira)
    bot.api.fault("sendMessage", "status", code=403, description="Forbidden: bot was blocked by the user", chat=mira.id)
    mira.says("/goodturn canary kept")
    bot.waits_for_rows([("blocked",)], "SELECT state FROM person")
    assert bot.rows("SELECT COUNT(*) FROM outbox WHERE state = 'dropped'") == [(1,)]
    met(idris)
    bot.waits_for_rows([(7, "blocked"), (8, "here")], "SELECT id, state FROM person ORDER BY id")
    mira.hears()
    mira.says("/start")
    heard(mira, "Good to see you.")
    bot.waits_for_rows([("here",)], "SELECT DISTINCT state FROM person")
    assert bot.answers(mira) == ["canary kept"]
    assert len(bot.rows(PLANNED, mira.id)) == 1


# ---- limits ----


def test_three_hundred_at_once(bot: Bot, telegram: BotApi) -> None:
    """300 people write at once while 100 check-ins are going out, under Telegram's limits: nothing is lost, Telegram
    never has to say 429, and whoever wrote is answered before anybody else is asked."""
    bot.start()
    asked = [telegram.person(1000 + number) for number in range(100)]
    telegram.play((person, ("/start", "canary bread", "porto")) for person in asked)
    telegram.wait_played(WAIT)
    bot.stop()
    bot.set(SENDS_PER_SECOND="", SENDS_PER_SECOND_PER_CHAT="")
    bot.start_with_clock()
    telegram.limits()
    before = telegram.calls("sendMessage")[-1].number
    bot.comes_to(max(bot.planned(person) for person in asked))
    telegram.wait_calls("sendMessage", 5, after=before, timeout=WAIT)
    writers = [telegram.person(2000 + number) for number in range(300)]
    telegram.say_all((person, "/start") for person in writers)
    telegram.wait_calls("sendMessage", 400, after=before, code=200, timeout=2 * WAIT)
    bot.settles()
    assert bot.rows("SELECT 1 FROM outbox WHERE state <> 'sent'") == []
    assert telegram.violations(429) == 0
    chats = [int(call.params["chat_id"]) for call in telegram.calls("sendMessage", after=before)]
    assert sorted(chats) == sorted(person.id for person in [*asked, *writers])
    replies = [at for at, chat in enumerate(chats) if chat >= 2000]
    assert replies[-1] - replies[0] == 299, "a check-in came between the replies"
    assert replies[-1] < 370, "the replies waited for the check-ins"
