"""What is served over HTTP: an update gets 200 once it is stored and not before, a stranger gets nothing, and whoever
watches over the process hears how it is. Real HTTP; what receives is a stand-in."""

import asyncio
import io
import json
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import ClientSession, ClientTimeout
from aiohttp.test_utils import unused_port

from bot.channels.updates import LONGEST
from bot.channels.webhook import SECRET, Webhook, Webserver
from bot.engine import Raw
from bot.errors import TenfoldError
from bot.health import Health
from bot.metrics import Backlog, Prometheus, Waiting
from tests.test_logs import TOKEN, WORDS, logged
from tests.test_metrics import samples

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
GOOD = "canary-Secret_0"
SHOWN = {SECRET: GOOD}
UPDATE = {"update_id": 17, "message": {"text": WORDS}}


@pytest.fixture(autouse=True)
def log() -> Iterator[io.StringIO]:
    """Everything here runs at DEBUG, and no token, no secret and no words are in the log afterwards."""
    with logged() as stream:
        yield stream
    assert "canary" not in stream.getvalue()


class Place:
    """A server, what it was given, and what a test arranged: what `receive` does, what waits, when it was polled."""

    def __init__(self, *, within: timedelta = timedelta(seconds=20), webhook: bool = True) -> None:
        self.received: list[Raw] = []
        self.receive: Callable[[], object] = lambda: None
        self.waiting = Waiting(0, None)
        self.look: Callable[[], object] = lambda: None
        self.looks = 0
        self.polled: timedelta | None = None
        self.metrics = Prometheus()
        self.health = Health(
            self._backlog, polled=lambda: self.polled, clock=lambda: NOW, within=timedelta(seconds=0.2)
        )
        hook = Webhook(GOOD, self._receive, self.health, self.metrics, within=within)
        self.server = Webserver(
            "127.0.0.1",
            0,
            health=self.health,
            metrics=self.metrics,
            clock=lambda: NOW,
            webhook=hook if webhook else None,
            path="/hook",
        )

    async def _receive(self, updates: Sequence[Raw]) -> None:
        doing = self.receive()
        if asyncio.iscoroutine(doing):
            await doing
        self.received += updates

    async def _backlog(self) -> Backlog:
        self.looks += 1
        doing = self.look()
        if asyncio.iscoroutine(doing):
            await doing
        return Backlog(updates=self.waiting, messages=Waiting(0, None), due=Waiting(0, None))

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.server.port}"

    async def bring(self, body: object, headers: dict[str, str] | None = None) -> int:
        """The status that *body* gets: bytes, or anything as JSON, or pieces that come without their length told."""
        if not hasattr(body, "__aiter__"):
            body = io.BytesIO(body if isinstance(body, bytes) else json.dumps(body).encode())
        given = SHOWN if headers is None else headers
        async with (
            ClientSession(timeout=ClientTimeout(total=10)) as http,
            http.post(f"{self.origin}/hook", data=body, headers=given) as response,
        ):
            return response.status

    async def ask(self, path: str, method: str = "GET") -> tuple[int, bytes]:
        async with ClientSession() as http, http.request(method, f"{self.origin}{path}") as response:
            return response.status, await response.read()

    async def ready(self) -> tuple[int, dict[str, object]]:
        status, body = await self.ask("/readyz")
        return status, json.loads(body)

    async def counted(self) -> dict[str, float]:
        return samples((await self.ask("/metrics"))[1])

    @property
    def ids(self) -> list[int]:
        return [raw.id for raw in self.received]


@asynccontextmanager
async def opened(**arranged: object) -> AsyncIterator[Place]:
    place = Place(**arranged)  # type: ignore[arg-type]
    async with place.server:
        yield place


@pytest.fixture
async def place() -> AsyncIterator[Place]:
    async with opened() as place:
        yield place


async def pieces(size: int, length: int = 1 << 16) -> AsyncIterator[bytes]:
    """*size* bytes, without saying beforehand how many."""
    for _piece in range(size // length):
        yield b"x" * length


async def raise_error() -> None:
    raise RuntimeError(WORDS)


# ---- updates ----


async def test_two_hundred_means_stored(place: Place) -> None:
    """An update is answered when `receive` has returned, and not a moment before."""
    gate = asyncio.Event()
    place.receive = gate.wait
    bringing = asyncio.create_task(place.bring(UPDATE))
    done, _ = await asyncio.wait([bringing], timeout=0.1)
    assert not done
    gate.set()
    assert await bringing == 200
    assert place.received == [Raw(17, json.dumps(UPDATE, separators=(",", ":")))]


async def test_many_at_once(place: Place) -> None:
    """Updates don't wait for each other."""
    gate = asyncio.Event()
    place.receive = gate.wait
    bringing = [asyncio.create_task(place.bring({"update_id": number})) for number in range(100)]
    await asyncio.wait(bringing, timeout=0.5)
    gate.set()
    assert await asyncio.gather(*bringing) == [200] * 100
    assert sorted(place.ids) == list(range(100))


@pytest.mark.parametrize(
    "headers", [{}, {SECRET: ""}, {SECRET: GOOD[:-1]}, {SECRET: f"{GOOD}0"}, {SECRET: "é"}, {"Authorization": GOOD}]
)
async def test_without_the_secret(place: Place, headers: dict[str, str], log: io.StringIO) -> None:
    """Whoever doesn't know it is turned away, however they get it wrong; it is said once in the log."""
    assert await place.bring(UPDATE, headers) == 401
    assert await place.bring(UPDATE, headers) == 401
    assert place.received == []
    assert log.getvalue().count("doesn't know the webhook's secret") == 1
    assert (await place.counted())["tenfold_updates_total wrong secret"] == 2


async def test_nothing_is_read_from_a_stranger(place: Place) -> None:
    """The secret is looked at before the body: a stranger is answered while they still have everything to send."""
    reader, writer = await asyncio.open_connection("127.0.0.1", place.server.port)
    for length, status in ((f"{LONGEST + 1}", b"413"), ("900", b"401")):
        if length == "900":
            reader, writer = await asyncio.open_connection("127.0.0.1", place.server.port)
        writer.write(f"POST /hook HTTP/1.1\r\nHost: here\r\nContent-Length: {length}\r\n\r\n".encode())
        assert (await reader.readline()).split()[1] == status
        async with asyncio.timeout(5):
            assert b"connection: close" in (await reader.read()).lower()  # to its end: the server has hung up
        writer.close()


@pytest.mark.parametrize("headers", [SHOWN, {**SHOWN, "Content-Length": f"{95 << 20}"}])
async def test_too_large(place: Place, headers: dict[str, str], log: io.StringIO) -> None:
    """What is longer than anybody writes is let go of while it comes. With the secret that is a 200, or it would come
    again for ever."""
    assert await place.bring(pieces(95 << 20), headers) == 200
    assert place.received == []
    assert "an update is passed over" in log.getvalue()
    assert (await place.counted())["tenfold_updates_total too large"] == 1


async def test_the_largest_that_is_kept(place: Place) -> None:
    """The limit is a megabyte, to the byte."""
    frame = len(json.dumps({"update_id": 1, "x": ""}))
    assert await place.bring({"update_id": 1, "x": "x" * (LONGEST - frame)}) == 200
    assert await place.bring({"update_id": 2, "x": "x" * (LONGEST - frame + 1)}) == 200
    assert place.ids == [1]


@pytest.mark.parametrize(
    "body",
    [b"", b"canary", b"{}", b"[]", b"17", b'{"update_id":"17"}', b'{"update_id":-1}', b"\xff\xfe\x00", b"[" * 100_000],
)
async def test_no_update(place: Place, body: bytes, log: io.StringIO) -> None:
    """What holds no update is let go of, and never comes again."""
    assert await place.bring(body) == 200
    assert place.received == []
    assert f"{len(body)} bytes that Telegram brought hold no update" in log.getvalue()
    assert (await place.counted())["tenfold_updates_total unusable"] == 1


async def test_an_update_that_can_not_be_parsed(place: Place) -> None:
    """What has an id but can't be parsed is kept as it is, as it is when it comes by polling."""
    broken = b'{"update_id":18,"message":{"text":"canary \\ud8'
    assert await place.bring(broken) == 200
    assert place.received == [Raw(18, broken.decode())]


async def test_what_can_not_be_stored_stays_with_telegram(place: Place, log: io.StringIO) -> None:
    """It is answered with 503, so it is brought again."""
    place.receive = raise_error
    assert await place.bring(UPDATE) == 503
    assert "updates can't be stored (RuntimeError)" in log.getvalue()
    place.receive = lambda: None
    assert await place.bring(UPDATE) == 200


async def test_what_takes_too_long_is_finished_all_the_same() -> None:
    """After 20 seconds (here a tenth) the answer is 503; storing goes on, so that nothing is on disk unknown to us."""
    async with opened(within=timedelta(seconds=0.1)) as place:
        gate, stored = asyncio.Event(), asyncio.Event()

        async def slowly() -> None:
            await gate.wait()
            stored.set()

        place.receive = slowly
        assert await place.bring(UPDATE) == 503
        assert place.received == []
        gate.set()
        async with asyncio.timeout(5):
            await stored.wait()
        assert place.ids == [17]


async def test_a_long_outage_piles_nothing_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """An update that comes again while it still waits to be stored waits for the same, however often it comes; and more
    than a thousand (here three) don't wait at once, but stay with Telegram."""
    monkeypatch.setattr("bot.channels.webhook.AT_ONCE", 3)
    async with opened(within=timedelta(seconds=0.1)) as place:
        gate, waiting = asyncio.Event(), 0

        async def outage() -> None:
            nonlocal waiting
            waiting += 1
            await gate.wait()

        place.receive = outage
        for _time in range(3):
            assert await place.bring(UPDATE) == 503
        assert waiting == 1
        assert await asyncio.gather(*(place.bring({"update_id": number}) for number in range(10))) == [503] * 10
        assert waiting == 3
        gate.set()
        assert [await place.bring({"update_id": number}) for number in range(10)] == [200] * 10
        assert set(place.ids) == {17, *range(10)}


async def test_a_body_that_does_not_end() -> None:
    """Whoever knows the secret and sends for longer than that isn't waited for."""

    async def endless() -> AsyncIterator[bytes]:
        yield b"{"
        await asyncio.sleep(5)
        yield b"}"

    async with opened(within=timedelta(seconds=0.1)) as place:
        assert await place.bring(endless()) == 503
        assert place.received == []


async def test_stopping() -> None:
    """What is being stored at the end is finished and answered; nothing new is taken in."""
    place, gate = Place(), asyncio.Event()
    await place.server.__aenter__()
    place.receive = gate.wait
    bringing = asyncio.create_task(place.bring(UPDATE))
    done, _ = await asyncio.wait([bringing], timeout=0.2)
    assert not done
    place.health.stopping = True
    assert await place.bring({"update_id": 18}) == 503
    assert (await place.ready())[0] == 503
    leaving = asyncio.create_task(place.server.__aexit__())
    await asyncio.sleep(0.05)
    gate.set()
    assert await bringing == 200
    await leaving
    assert place.ids == [17]


async def test_a_stuck_update_holds_up_no_end() -> None:
    """What can't be stored at all isn't waited for at the end, for more than a second; it is never answered."""
    place = Place()
    await place.server.__aenter__()
    place.receive = asyncio.Event().wait
    bringing = asyncio.create_task(place.bring(UPDATE))
    await asyncio.wait([bringing], timeout=0.2)
    async with asyncio.timeout(5):
        await place.server.__aexit__()
    with pytest.raises(Exception, match=r".*"):
        await bringing
    for task in list(asyncio.all_tasks() - {asyncio.current_task()}):
        task.cancel()


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "PATCH"])
async def test_only_posts(place: Place, method: str) -> None:
    """Updates are posted; nothing else has any business there."""
    assert (await place.ask("/hook", method))[0] == 405


@pytest.mark.parametrize("path", ["/", "/hook/", "/hook2", f"/bot{TOKEN}/", "/metrics/x", "/%00"])
async def test_nothing_else_is_there(place: Place, path: str) -> None:
    """Everywhere else is nothing."""
    assert (await place.ask(path))[0] == 404
    assert (await place.ask(path, "POST"))[0] == 404


async def test_whoever_asks_first(place: Place) -> None:
    """A client that asks whether it may send its body is told so."""
    async with (
        ClientSession() as http,
        http.post(f"{place.origin}/hook", json=UPDATE, headers=SHOWN, expect100=True) as response,
    ):
        assert response.status == 200
    assert place.ids == [17]


async def test_a_stranger_who_hangs_up(place: Place, log: io.StringIO) -> None:
    """Half a request, or what isn't one, is nothing to speak of."""
    hello = "POST /hook HTTP/1.1\r\nHost: here\r\n"
    for begun in (
        b"POST /hook HT",
        b"\x16\x03\x01 canary\r\n\r\n",
        f"{hello}{SECRET}: {GOOD}\r\nContent-Length: 9\r\n\r\n{{".encode(),
    ):
        _, writer = await asyncio.open_connection("127.0.0.1", place.server.port)
        writer.write(begun)
        await writer.drain()
        writer.close()
        await writer.wait_closed()
    assert await place.bring(UPDATE) == 200
    assert place.ids == [17]
    assert "ERROR" not in log.getvalue()


async def test_a_body_in_pieces_that_make_no_sense(place: Place) -> None:
    """A body whose own framing is broken is refused, without a fuss."""
    reader, writer = await asyncio.open_connection("127.0.0.1", place.server.port)
    writer.write(f"POST /hook HTTP/1.1\r\nHost: here\r\n{SECRET}: {GOOD}\r\n".encode())
    writer.write(b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n")
    async with asyncio.timeout(5):
        assert (await reader.readline()).split()[1] == b"400"
    writer.close()


# ---- how it is ----


async def test_alive(place: Place) -> None:
    """It is alive whatever else is the matter, and nobody is asked."""
    place.look = asyncio.Event().wait
    place.health.stopping = True
    assert (await place.ask("/healthz"))[0] == 200
    assert place.looks == 0


async def test_ready(place: Place) -> None:
    """By webhook it is ready also when nobody has written yet, and then tells when somebody did."""
    assert await place.ready() == (
        200,
        {
            "ready": True,
            "stopping": False,
            "database": True,
            "polls": False,
            "seconds_since_update_or_poll": None,
            "oldest_update_seconds": 0.0,
        },
    )
    await place.bring(UPDATE)
    _, told = await place.ready()
    assert isinstance(told["seconds_since_update_or_poll"], float)
    assert told["seconds_since_update_or_poll"] < 5


@pytest.mark.parametrize(("seconds", "status"), [(119, 200), (121, 503)])
async def test_ready_while_polling(seconds: int, status: int) -> None:
    """A process that polls is not ready once the last good poll is over two minutes old."""
    async with opened(webhook=False) as place:
        place.polled = timedelta(seconds=seconds)
        got, told = await place.ready()
        assert (got, told["polls"], told["seconds_since_update_or_poll"]) == (status, True, seconds)
        assert (await place.ask("/hook", "POST"))[0] == 404


@pytest.mark.parametrize(("seconds", "status"), [(59, 200), (61, 503)])
async def test_ready_with_a_backlog(place: Place, seconds: int, status: int) -> None:
    """It is not ready while an update has waited for over a minute."""
    place.waiting = Waiting(3, NOW - timedelta(seconds=seconds))
    got, told = await place.ready()
    assert (got, told["oldest_update_seconds"]) == (status, seconds)


async def test_a_database_that_hangs(place: Place) -> None:
    """It is not ready then, says so in time, and asks again only once the last question is answered."""
    gate = asyncio.Event()
    place.look = gate.wait
    for _time in range(3):
        status, told = await place.ready()
        assert (status, told["database"], told["oldest_update_seconds"]) == (503, False, None)
    assert (await place.counted())["tenfold_database_up"] == 0
    assert place.looks == 1
    gate.set()
    assert (await place.ready())[0] == 200


async def test_a_database_that_fails(place: Place) -> None:
    """What the database raises is no trouble of whoever asks how things are."""
    place.look = raise_error
    assert (await place.ready())[0] == 503
    place.look = lambda: None
    assert (await place.ready())[0] == 200


async def test_metrics(place: Place) -> None:
    """They are there for Prometheus, with what waits at that moment, and nothing of anybody."""
    place.waiting = Waiting(3, NOW - timedelta(seconds=8))
    await place.bring(UPDATE)
    shown = await place.counted()
    assert (shown["tenfold_inbox_waiting"], shown["tenfold_inbox_oldest_seconds"]) == (3, 8)
    _, text = await place.ask("/metrics")
    assert WORDS.encode() not in text
    assert b"canary" not in text


async def test_a_port_that_is_taken() -> None:
    """That is told at the start, with what to do."""
    port = unused_port()
    taken = await asyncio.start_server(lambda _reader, _writer: None, "127.0.0.1", port)
    place = Place()
    place.server._port = port
    async with taken:
        with pytest.raises(TenfoldError, match="PORT can't be listened on"):
            await place.server.__aenter__()
