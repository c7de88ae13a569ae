"""What people sent, in a folder and in a database: whole or not at all, and nothing of it stays where it needn't."""

import asyncio
import io
import os
import signal
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager, AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import cast

import pytest

from bot.app import open_engine
from bot.domain import File, Incoming, Said, Sender, Sent
from bot.errors import TenfoldError
from bot.files import Files, StoredFiles, open_files
from bot.journal import Journal
from bot.pace import Pace
from bot.store import PIECE, Elsewhere, Store, Transaction, Unwritten, open_store
from tests import postgres
from tests.conversation import Clock, Room, Scene, Somebody, text_of

NOW = datetime(2026, 11, 9, 18, 0, tzinfo=UTC)
MIRA = Sender(person=7, chat=7, name="Mira")
LONG = Random(0).randbytes(2 * PIECE + 17)


class Place:
    """A database with somebody in it, and files of the kind that is tried."""

    def __init__(self, store: Store, files: Files, again: Callable[[], Files]) -> None:
        self.store = store
        self.files = files
        self.again = again

    async def wants(self, sender: Sender = MIRA) -> int:
        """The id of a new media whose bytes are to be brought."""

        def write(tx: Transaction) -> int:
            journal = Journal(tx, sender, NOW)
            media = journal.add_media(journal.add("note", reading="photo"), File(kind="photo", id="photo", size=3))
            journal.save()
            return media.id

        return await self.store.transact(write, person=sender.person)

    async def keeps(self, id: int, data: bytes, person: int = 7) -> None:
        """Its bytes come."""
        self.files.part(person, id).write_bytes(data)
        await self.files.keep(person, id)

    async def run(self, query: str, **parameters: str | int) -> int:
        return await self.store.transact(lambda tx: tx.run(query, **parameters))


async def seen(files: Files, id: int, person: int = 7) -> bytes | None:
    """The bytes of that file."""
    async with files.held(person, id) as path:
        return path.read_bytes() if path else None


KINDS = ("folder", "database", "shared database")


@asynccontextmanager
async def opened(kind: str, folder: Path) -> AsyncIterator[Place]:
    """A place of that *kind*, with all that is on this machine of it in *folder*."""
    async with AsyncExitStack() as stack:
        url = f"sqlite:///{folder / 'tenfold.db'}"
        if kind == "shared database":
            url = stack.enter_context(postgres.database())
        store = open_store(url)
        stack.push_async_callback(store.close)

        def files() -> Files:
            here = folder / "files"
            return Files(here) if kind == "folder" else StoredFiles(store, here, lambda: NOW)

        yield Place(store, files(), files)


@pytest.fixture(params=KINDS)
async def place(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Place]:
    async with opened(request.param, tmp_path) as place:
        yield place


@pytest.fixture(params=KINDS[1:])
async def kept(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Place]:
    async with opened(request.param, tmp_path) as place:
        yield place


@pytest.mark.parametrize("data", [b"", b"bread", LONG, LONG[: 2 * PIECE]], ids=["empty", "small", "long", "even"])
async def test_what_is_kept_comes_back(place: Place, data: bytes) -> None:
    """Byte by byte, also to whoever opens the files anew; before that it isn't here."""
    id = await place.wants()
    assert await place.files.has(7, id) is False
    assert await seen(place.files, id) is None
    assert await place.files.sizes(7) == {}
    await place.keeps(id, data)
    for files in (place.files, place.again()):
        assert await files.has(7, id)
        assert await seen(files, id) == data
        assert await files.sizes(7) == {id: len(data)}
        assert await files.sizes(8) == {}
        assert await seen(files, id, person=8) is None


async def test_kept_twice_is_one(place: Place) -> None:
    """Whoever was killed between a file and its mark brings it once more."""
    id = await place.wants()
    await place.keeps(id, LONG)
    await place.keeps(id, LONG)
    assert await seen(place.files, id) == LONG


async def test_half_a_file_is_none(place: Place) -> None:
    """It can't be had, and the next attempt is none the worse for it, even if that is shorter."""
    id = await place.wants()

    class Killed(BaseException):
        """As if the process were."""

    if isinstance(place.files, StoredFiles):
        whole, asked = place.store.transact, 0

        async def fails(*arguments: object, **options: object) -> object:
            nonlocal asked
            asked += 1
            if asked > 2:
                raise Killed
            return await whole(*arguments, **options)  # type: ignore[arg-type]

        place.store.transact = fails  # type: ignore[method-assign, assignment]
        with pytest.raises(Killed):
            await place.keeps(id, LONG)
        place.store.transact = whole  # type: ignore[method-assign]
        assert await place.store.read(lambda tx: tx.one("file_piece", person=7, id=id, part=1)) is not None
    else:
        place.files.part(7, id).write_bytes(LONG[:PIECE])
    files = place.again()
    assert not await files.has(7, id)
    assert await seen(files, id) is None
    assert await files.sizes(7) == {}
    files.part(7, id).write_bytes(b"short")
    await files.keep(7, id)
    assert await seen(files, id) == b"short"
    assert await files.sizes(7) == {id: 5}


async def test_what_is_discarded_is_gone(place: Place) -> None:
    """With its part, and as often as one likes."""
    first, second = await place.wants(), await place.wants()
    await place.keeps(first, LONG)
    await place.keeps(second, b"other")
    place.files.part(7, first).write_bytes(b"half")
    await place.run("media_drop", person=7, id=first)
    for _again in range(2):
        await place.files.discard(7, first)
    assert not place.files.part(7, first).exists()
    assert await seen(place.files, first) is None
    assert await seen(place.files, second) == b"other"


async def test_what_lost_its_row_is_told(place: Place) -> None:
    """So that it can be tidied up after a process that was killed; what only passes isn't told."""
    first, second = await place.wants(), await place.wants()
    await place.keeps(first, LONG)
    await place.keeps(second, b"other")
    await place.run("media_drop", person=7, id=first)
    with place.files.passing(7):
        assert (7, first) in await place.files.everything()
        assert set(await place.files.everything()) <= {(7, first), (7, second)}
    await place.files.discard(7, first)
    assert (7, first) not in await place.files.everything()


async def test_everything_goes_with_its_person(place: Place) -> None:
    """Nothing is left of them on the disk or in the database, and nobody else misses anything."""
    mine, theirs = await place.wants(), await place.wants(Sender(person=8, chat=8))
    await place.keeps(mine, LONG)
    await place.keeps(theirs, b"other", person=8)
    place.files.part(7, 99).write_bytes(b"half")
    await place.run("person_erase", person=7)
    await place.files.discard_all(7)
    assert await place.files.sizes(7) == {}
    assert await place.files.everything() in ([], [(8, theirs)])
    assert not (place.files.part(7, 99)).exists()
    assert await seen(place.files, theirs, person=8) == b"other"


async def test_what_nobody_wants_any_more(place: Place) -> None:
    """A file that comes when its row is gone leaves nothing in a database; in a folder it is told."""
    id = await place.wants()
    await place.run("person_erase", person=7)
    await place.keeps(id, LONG)
    await place.files.discard(7, id)
    assert await place.files.everything() == []
    assert await place.files.sizes(7) == {}


async def test_uploads_by_their_age(place: Place) -> None:
    """Whoever never decides about theirs is not asked for ever."""
    await place.wants()

    def upload(tx: Transaction) -> None:
        journal = Journal(tx, MIRA, NOW)
        tx.run("media_put", person=7, id=-3, answer=0, kind="import", file="x", name="", size=1, state="asked")
        journal.save()

    await place.store.transact(upload, person=7)
    await place.keeps(-3, b"{}")
    now = datetime.now(UTC) if type(place.files) is Files else NOW
    assert await place.files.uploads(now - timedelta(minutes=5)) == []
    assert await place.files.uploads(now + timedelta(minutes=5)) == [(7, -3)]


async def test_only_its_owner_may_read_it(place: Place) -> None:
    """Not even while it is only passing."""
    id = await place.wants()
    await place.keeps(id, b"bread")
    async with place.files.held(7, id) as path:
        assert path is not None
        assert path.stat().st_mode & 0o777 == 0o600
        assert path.parent.stat().st_mode & 0o777 == 0o700
    with place.files.passing(7) as path:
        assert path.stat().st_mode & 0o777 == 0o600
    assert not path.exists()


# ---- in a database ----


def left(place: Place) -> list[Path]:
    """What is on this machine's disk now."""
    return [each for each in place.files.part(7, 1).parents[1].rglob("*") if each.is_file()]


async def test_the_disk_holds_nothing(kept: Place) -> None:
    """Only while somebody needs a path is there one."""
    id = await kept.wants()
    await kept.keeps(id, LONG)
    assert left(kept) == []
    async with kept.files.held(7, id) as path:
        assert left(kept) == [path]
    assert left(kept) == []
    assert await seen(kept.files, 99) is None
    assert left(kept) == []


async def test_small_pieces(kept: Place) -> None:
    """However large a file, a transaction carries one piece of it, so nobody waits long for it."""
    id = await kept.wants()
    await kept.keeps(id, LONG)

    def sizes(tx: Transaction) -> list[int]:
        found = (tx.one("file_piece", person=7, id=id, part=part) for part in range(4))
        return [len(row["content"]) for row in found if row]

    assert await kept.store.read(sizes) == [PIECE, PIECE, 17]


async def test_erased_in_the_middle(kept: Place) -> None:
    """Neither who keeps a file nor who reads it ends up with a part of it when its person goes meanwhile."""
    id = await kept.wants()
    await kept.keeps(id, LONG)
    whole, looks = kept.store.read, 0

    async def read(work: Callable[[Transaction], object]) -> object:
        nonlocal looks
        looks += 1
        if looks == 3:
            await kept.run("person_erase", person=7)
        return await whole(work)

    kept.store.read = read  # type: ignore[method-assign, assignment]
    assert await seen(kept.files, id) is None
    assert looks == 3
    assert left(kept) == []


async def test_a_broken_connection(kept: Place) -> None:
    """What may or may not have been written is written again, once."""
    id = await kept.wants()
    whole, number = kept.store.transact, 0

    async def unsure(work: Callable[[Transaction], object], *, person: int | None = None) -> object:
        nonlocal number
        number += 1
        result = await whole(work, person=person)
        if number % 2:
            raise Unwritten
        return result

    kept.store.transact = unsure  # type: ignore[method-assign, assignment]
    await kept.keeps(id, LONG)
    assert await seen(kept.files, id) == LONG


async def test_another_process_has_them_now(kept: Place) -> None:
    """Whoever lost the person writes nothing of theirs and deletes nothing: somebody else brings it."""
    id = await kept.wants()
    await kept.keeps(id, b"theirs")
    other = await kept.wants()

    async def elsewhere(_work: object, *, person: int | None = None) -> object:
        assert person == 7
        raise Elsewhere

    whole = kept.store.transact
    kept.store.transact = elsewhere  # type: ignore[method-assign, assignment]
    with pytest.raises(Elsewhere):
        await kept.keeps(other, b"mine")
    await kept.files.discard(7, other)
    await kept.files.discard(7, id)
    kept.store.transact = whole  # type: ignore[method-assign]
    assert await seen(kept.files, id) == b"theirs"
    assert await seen(kept.files, other) is None
    assert left(kept) == []


async def test_what_is_kept_is_not_discarded(kept: Place) -> None:
    """A download that failed late takes nothing away that came by another way meanwhile."""
    id = await kept.wants()
    await kept.keeps(id, b"bread")
    await kept.run("media_fetched", person=7, id=id, state="kept")
    await kept.files.discard(7, id)
    assert await seen(kept.files, id) == b"bread"


# ---- a bot that keeps them there ----


class SharedScene(Scene):
    """A bot on PostgreSQL."""

    def __init__(self, url: str, clock: Clock) -> None:
        super().__init__(Path(), clock, frozenset())
        self._url = url

    async def open(self) -> None:
        opening = open_engine(self._url, self.room, clock=self.clock, pace=Pace(0, 0, 1))
        self.engine = await self._running.enter_async_context(opening)


@pytest.fixture
async def shared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[SharedScene]:
    """What it writes on this machine is in a folder of the test's."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with postgres.database() as url:
        scene = SharedScene(url, Clock(NOW))
        await scene.open()
        try:
            yield scene
        finally:
            await scene.close()
        assert list(tmp_path.iterdir()) == []


async def sends_files(mira: Somebody) -> None:
    """Somebody who sends a voice note and a large picture."""
    await mira.talks(("/start", "come to you for"), ("bees", "In which city?"), ("porto", "No need to wait"))
    await mira.sends("voice", data=b"OggS hello")
    await mira.presses("It's fine as it is")
    await mira.sends("photo", "the swarm", data=LONG)
    await mira.presses("Just a note")


def lying_about(tmp_path: Path) -> list[Path]:
    return [each for each in tmp_path.rglob("*") if each.is_file() and each.suffix != ".lock"]


async def test_sent_back_taken_along_and_brought(shared: SharedScene, tmp_path: Path) -> None:
    """Everything that is done with files is done as beside SQLite, and in between nothing of them is on the disk."""
    mira, idris = shared.person(7), shared.person(8, "Idris")
    await sends_files(mira)
    assert lying_about(tmp_path) == []
    await shared.restart()
    await mira.says("/history")
    await mira.presses("Send me the file")
    ((_file, data),) = shared.room.attached
    assert data == LONG
    await mira.says("/export")
    (_file, taken) = shared.room.attached[-1]
    archive = zipfile.ZipFile(io.BytesIO(taken))
    media = sorted(archive.read(name) for name in archive.namelist() if name.startswith("media/"))
    assert media == sorted([b"OggS hello", LONG])
    heard = await idris.sends("document", "/import", data=taken)
    assert "It's all here" in text_of(heard)
    await idris.says("/export")
    (_file, again) = shared.room.attached[-1]
    back = zipfile.ZipFile(io.BytesIO(again))
    assert sorted(back.read(name) for name in back.namelist() if name.startswith("media/")) == media
    assert lying_about(tmp_path) == []
    files = shared.engine._errands._files
    assert [sorted((await files.sizes(person)).values()) for person in (7, 8)] == [[10, len(LONG)]] * 2
    await mira.talks(("/erase", "erase everything"), ("erase everything", "Everything of yours is gone."))
    assert await files.sizes(7) == {}
    assert len(await files.sizes(8)) == 2
    assert await files.everything() == []
    assert lying_about(tmp_path) == []


class Slow(Room):
    """A channel whose files come when they may."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self.asked, self.may = asyncio.Event(), asyncio.Event()

    async def fetch(self, file: File, to: Path) -> None:
        to.write_bytes(b"half of it")
        self.asked.set()
        await self.may.wait()
        await super().fetch(file, to)


@pytest.mark.parametrize("patient", [True, False], ids=["here", "elsewhere"])
async def test_erased_while_a_file_comes_in(shared: SharedScene, tmp_path: Path, patient: bool) -> None:
    """Nothing of it stays, whether this process erases them or another one does."""
    await shared.close()
    shared.room = room = Slow(shared.clock)
    await shared.open()
    mira = shared.person(7)
    await mira.talks(("/start", "come to you for"), ("bees", "In which city?"), ("porto", "No need to wait"))
    room.kept_by_channel["photo"] = LONG
    photo = Sent(kind="photo", message=50, file=File(kind="photo", id="photo", size=9))
    await shared.engine.receive([room.write(Incoming(sender=mira.sender, event=photo))])
    await room.asked.wait()
    files, store = shared.engine._errands._files, shared.engine._store
    if patient:
        for text in ("/erase", "erase everything"):
            said = Said(text=text, message=51)
            await shared.engine.receive([room.write(Incoming(sender=mira.sender, event=said))])
        await shared.engine.settle()
        assert "Everything of yours is gone." in text_of(mira.hears())
    else:
        await store.transact(lambda tx: tx.run("person_erase", person=7), person=7)
    room.may.set()
    await shared.engine.settle()
    assert await files.sizes(7) == {}
    assert await store.read(lambda tx: tx.one("file_piece", person=7, id=1, part=0)) is None
    assert await files.everything() == []
    assert lying_about(tmp_path) == []


# ---- the folder of a process ----

URL = "postgresql://nobody@127.0.0.1/none"


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def opening() -> AbstractContextManager[Files]:
    """The files of a process; no test here asks their database for anything."""
    return open_files(URL, cast("Store", None), lambda: NOW)


def test_it_goes_with_the_process(temporary: Path) -> None:
    """A folder of its own while it runs, nothing afterwards."""
    with opening() as files:
        files.part(7, 1).write_bytes(b"bread")
        assert (folder := files.part(7, 1).parents[1]).parent == temporary
        assert folder.stat().st_mode & 0o777 == 0o700
    assert list(temporary.iterdir()) == []


def test_what_a_killed_process_left(temporary: Path) -> None:
    """The next one removes it; what belongs to one that lives stays."""
    program = (
        "import tempfile, sys; tempfile.tempdir = sys.argv[1]\n"
        "from bot.files import open_files\n"
        f"with open_files({URL!r}, None, None) as files:\n"
        "    files.part(7, 1).write_bytes(b'bread'); print('there', flush=True); sys.stdin.read()\n"
    )
    other = subprocess.Popen(
        [sys.executable, "-c", program, str(temporary)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert other.stdout is not None
    assert other.stdin is not None
    assert other.stdout.readline() == b"there\n"

    def breads() -> list[Path]:
        return [each for each in temporary.rglob("*") if each.is_file() and each.read_bytes() == b"bread"]

    with opening():
        assert len(breads()) == 1
    os.kill(other.pid, signal.SIGKILL)
    other.wait()
    other.stdin.close()
    other.stdout.close()
    assert len(breads()) == 1
    with opening():
        assert breads() == []
    assert list(temporary.iterdir()) == []


def test_no_place_for_it(temporary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is said what to set."""
    (temporary / "file").write_bytes(b"")
    monkeypatch.setattr(tempfile, "tempdir", str(temporary / "file"))
    with pytest.raises(TenfoldError, match="TMPDIR"), opening():
        pass
