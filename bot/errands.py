"""What is done outside any transaction: files fetched and attached, the disk scrubbed, old rows brought up to date.

Everything here can be cut short at any point. What was not finished is found again at the next start, by rows that
still want something and files that belong to none.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import NamedTuple, Protocol

from bot import picture, story
from bot.domain import Brief, Bundle, File, Media, Outgoing, Proposal, Sender, StoryBrief, Trouble
from bot.errors import NotSent, Refused
from bot.export import exported
from bot.files import LARGEST, Files
from bot.importing import Unfit, read, unpack
from bot.journal import UPLOADED, Journal, media
from bot.replica import Duty
from bot.store import Elsewhere, Store, Transaction, insist, stamp
from bot.story import LENGTHS, Picture, Story
from bot.understand import folded

AT_ONCE = 256
"""Rows that are looked at in one go, so that nobody waits for it."""

SWEEP = 5000
"""Rows forgotten in one transaction, so that nobody waits for a sweep."""

SEEN_FOR = timedelta(hours=48)
"""How long update ids are remembered: Telegram keeps updates for 24 hours, and may count from anywhere after a week."""

MAPPED_FOR = timedelta(days=60)
"""How long it is remembered which check-in a message of ours asked for."""

TOLD = 32
"""Stories whose sentences by a language model are remembered while this process lives."""

UNDECIDED_FOR = timedelta(days=7)
"""How long a file is kept that may be put beside what is here, while nobody says whether."""

EVERYBODY = 0
"""Under this number stands what was spent for all together."""

_log = logging.getLogger(__name__)


class Fetches(Protocol):
    """What errands need of a channel."""

    async def fetch(self, file: File, to: Path) -> None:
        """Write the bytes of *file* to *to*. Raises NotSent if that may work later, Refused if it never will."""


class Model(Protocol):
    """A language model, and what may be spent on it: so many calls of one person's a UTC day, and of all together."""

    deadline: timedelta
    calls_each: int
    calls: int

    async def propose(self, brief: Brief, may_call: Callable[[], Awaitable[bool]]) -> Proposal | None:
        """What it would say instead, within its *deadline*; None if nothing usable came. *may_call* is asked before
        each call. Never raises."""


class _Fetching(NamedTuple):
    """A file on its way here: its *download*, which may be given up, and the end of all that is done about it."""

    download: asyncio.Task[bool]
    over: asyncio.Future[None]


class _Unspent(Exception):
    """A budget is used up. It undoes its transaction: one person's isn't spent when everybody's refuses."""


class Errands:
    """Each is safe to begin again: nothing is done twice that would matter, and nothing is left undone for long."""

    def __init__(
        self,
        store: Store,
        channel: Fetches,
        files: Files,
        *,
        model: Model | None = None,
        bring: Callable[[int, Media], None],
        duty: Duty,
        clock: Callable[[], datetime],
        probe: Callable[[str], None],
    ) -> None:
        """*bring* has an upload of somebody's brought that was left from before."""
        self._store = store
        self._model = model
        self._bring = bring
        self._duty = duty
        self._reading = asyncio.Lock()
        self._channel = channel
        self._files = files
        self._clock = clock
        self._probe = probe
        self._fetching: dict[tuple[int, int], _Fetching] = {}
        self._told: dict[StoryBrief, Proposal] = {}  # turned over and back a story is told in the same words
        self._open = True

    def stop(self) -> None:
        """Begin nothing more."""
        self._open = False

    # The language model

    async def propose(self, person: int, brief: Brief) -> Proposal | None:
        """What the language model would say to *person* instead; None without one, or if nothing usable came."""
        if self._model is None:
            return None
        self._probe("proposing")
        if isinstance(brief, StoryBrief) and brief in self._told:
            return self._told[brief]
        proposal = await self._model.propose(brief, partial(self._may_spend, person))
        if isinstance(brief, StoryBrief) and proposal:
            self._told[brief] = proposal
            while len(self._told) > TOLD:
                del self._told[next(iter(self._told))]
        return proposal

    async def _may_spend(self, person: int) -> bool:
        """Whether one more call may be made for *person* today; it is spent then."""
        model, day = self._model, f"{self._clock():%Y-%m-%d}"
        if model is None or not self._open:
            return False

        def spend(tx: Transaction) -> bool:
            if tx.one("person_known", person=person) is None:
                return False
            # Everybody's comes last, since all wait for that row: it is held for the shortest time, and nobody who
            # waits for it holds another that is waited for.
            for whose, most in ((person, model.calls_each), (EVERYBODY, model.calls)):
                if not tx.run("spend", whose=whose, day=day, most=most):
                    raise _Unspent
            return True

        try:
            return await insist(self._store, spend, person=person)
        except _Unspent:
            return False

    # Files

    async def fetch(self, person: int, id: int, file: File) -> None:
        """Bring the bytes of the media *id* here. What can't be had now is tried again when things are tidied."""
        await self._fetch(person, id, file, partial(_mark, person=person, id=id))

    async def _fetch(
        self, person: int, id: int, file: File, mark: Callable[[Transaction, str], int], upload: Path | None = None
    ) -> str | None:
        """The state in which its bytes are now, once *mark* wrote that down; None if nothing is known yet. If it marks
        nothing, nobody wants them any more. *upload* is the zip that it is taken out of, if it is in one."""
        if (person, id) in self._fetching:
            return None
        loop = asyncio.get_running_loop()
        fetching = _Fetching(loop.create_task(self._download(person, id, file, upload)), loop.create_future())
        self._fetching[person, id] = fetching
        try:
            state = await self._fetched(person, id, fetching.download)
            if state is None:
                return None
            marked = await insist(self._store, lambda tx: mark(tx, state), person=person)
            if not marked:  # its answer was deleted meanwhile
                await self.discard(person, id)
            return state if marked else None
        except Elsewhere:  # then it is brought by whoever looks after them now
            await self.discard(person, id)
            return None
        finally:
            fetching.download.cancel()
            del self._fetching[person, id]
            fetching.over.set_result(None)

    async def _fetched(self, person: int, id: int, download: asyncio.Task[bool]) -> str | None:
        """What becomes of the media *id* once its *download* ends; None if nothing yet."""
        await asyncio.wait([download])
        if download.cancelled():
            return None
        try:
            if not download.result():
                return None
            self._probe("fetched")
            await self._files.keep(person, id)
            return "kept"
        except Refused:
            state: str | None = "absent"
        except (NotSent, OSError) as error:
            _log.warning(
                "media %(media)d of person %(person)d can't be fetched now (%(why)s)",
                {"media": id, "person": person, "why": type(error).__name__},
            )
            state = None
        with suppress(OSError):  # half a file is of no use, and where the disk is full it takes the room
            await self.discard(person, id)
        return state

    async def _download(self, person: int, id: int, file: File, upload: Path | None) -> bool:
        """Whether its bytes are here, though not yet in their place; else nobody wants them any more. Raises Refused,
        NotSent or OSError."""
        if file.size > LARGEST:
            raise Refused
        if not await self._store.read(partial(_has_row, person=person, id=id)):
            return False
        part = self._files.part(person, id)
        if file.id.startswith(UPLOADED):
            if upload is None:  # it is gone
                raise Refused
            name = file.id.removeprefix(UPLOADED).partition(" ")[2]
            await asyncio.to_thread(unpack, upload, name, part)
        else:
            await self._channel.fetch(file, part)
        return True

    # Uploads

    async def read(self, person: int, upload: Media) -> Bundle | Trouble | None:
        """What is in *upload*, or why that can't be taken in; None if it can't be had now. One at a time, since each
        takes some memory."""
        if not await self._files.has(person, upload.id):
            state = await self._fetch(
                person, upload.id, upload.file, partial(_mark_nothing, person=person, id=upload.id)
            )
            if state is None:
                return None
            if state == "absent":
                return Trouble(why="unreadable" if 0 < upload.file.size <= LARGEST else "large")
        row = await self._store.read(lambda tx: tx.one("person", person=person))
        async with self._reading:
            try:
                async with self._files.held(person, upload.id) as path:
                    if path is None:
                        return None
                    return await asyncio.to_thread(read, path, row["zone"] if row else None)
            except Unfit as unfit:
                return Trouble(why=unfit.why, place=unfit.place)
            except OSError:  # the disk's doing, or everything of theirs has just been erased
                return None
            except Exception as error:  # noqa: BLE001 - whatever is in it, they hear that it can't be read
                _log.error(
                    "upload %(media)d of person %(person)d can't be read (%(why)s)",
                    {"media": upload.id, "person": person, "why": type(error).__name__},
                )
                return Trouble(why="unreadable")

    async def unpack(self, person: int, upload: Media) -> None:
        """Take the files out of *upload* that are wanted from it; then it is done with."""
        begins = f"{UPLOADED}{upload.id} "

        def wanted(tx: Transaction) -> list[Media]:
            found = map(media, tx.all("media_wanted_of", person=person))
            return [each for each in found if each.file.id.startswith(begins)]

        try:
            async with self._files.held(person, upload.id) as path:
                for each in await self._store.read(wanted):
                    await self._fetch(person, each.id, each.file, partial(_mark, person=person, id=each.id), path)
        except OSError as error:
            _log.warning("upload %d of person %d can't be read now (%s)", upload.id, person, type(error).__name__)
            return
        if not await self._store.read(wanted):
            await insist(self._store, lambda tx: tx.run("media_drop", person=person, id=upload.id), person=person)
            await self.discard(person, upload.id)

    # Gone

    async def discard(self, person: int, id: int) -> None:
        """The bytes of the media *id* are gone."""
        await self._files.discard(person, id)

    async def discard_all(self, person: int) -> None:
        """Every file of *person* whose row is gone goes as well, and none of them arrives any more."""
        for (whose, id), fetching in list(self._fetching.items()):
            if whose == person and not await self._store.read(partial(_has_row, person=person, id=id)):
                fetching.download.cancel()
                await asyncio.wait([fetching.over])
        self._told.clear()
        if await self._store.read(lambda tx: tx.one("person_known", person=person)) is None:
            await self._files.discard_all(person)
        else:  # killed before the farewell, and since then they began anew
            await self._discard_orphans(person)

    async def _forget_undecided(self) -> None:
        before = self._clock() - UNDECIDED_FOR
        for person, id in await self._files.uploads(before):
            if self._duty.holds(person):
                await insist(self._store, partial(_forget_undecided, person=person, id=id), person=person)

    async def _discard_orphans(self, person: int | None = None) -> None:
        for whose, id in await self._files.everything():
            if person in (None, whose) and not await self._store.read(partial(_has_row, person=whose, id=id)):
                await self.discard(whose, id)

    async def tidy(self, mask: int) -> None:
        """Files whose row is gone go as well, and uploads that nobody decides about; what is wanted by people in the
        shards of *mask* is fetched."""
        await self._forget_undecided()
        await self._discard_orphans()
        for row in await self._store.read(lambda tx: tx.all("media_wanted", shards=mask, limit=AT_ONCE)):
            wanted = media(row)
            if not wanted.answer:
                self._bring(row["person"], wanted)
            elif self._open and not wanted.file.id.startswith(UPLOADED):  # else its upload brings it
                await self.fetch(row["person"], row["id"], wanted.file)

    @asynccontextmanager
    async def attached(self, row: Outgoing) -> AsyncIterator[File | Picture | None]:
        """What goes out with *row*; None if it is gone meanwhile."""
        sender = Sender(person=row.person, chat=row.chat)
        match row.reply.attached.split():
            case ["export"]:
                now = self._clock()
                pictures = await self._store.read(partial(_pictures, sender=sender, now=now))
                async with exported(self._store, self._files, sender, now, pictures=pictures) as file:
                    yield file
            case ["story" | "letter", *_rest]:
                look = partial(_drawn, sender=sender, recipe=row.reply.attached, now=self._clock())
                yield await self._store.read(look)
            case [_media, id]:
                found = await self._store.read(lambda tx: tx.one("media", person=row.person, id=int(id)))
                async with AsyncExitStack() as held:
                    try:
                        path = await held.enter_async_context(self._files.held(row.person, int(id)))
                    except OSError as error:
                        _log.warning("media %s can't be read now (%s)", id, type(error).__name__)
                        raise NotSent from None
                    yield replace(media(found).file, path=str(path or "")) if found else None

    # The database

    async def scrub(self) -> None:
        """Have the disk forget what was deleted, again and again until it has."""
        pause = 0.05
        while self._open and not await self._store.scrub():
            await asyncio.sleep(pause)
            pause = min(5.0, pause * 2)

    async def sweep(self, now: datetime) -> None:
        """Forget what is old, a little at a time, so that nobody waits for it."""
        for query, age in (("inbox_forget", SEEN_FOR), ("aside_forget", MAPPED_FOR), ("outbox_forget", MAPPED_FOR)):
            forget = partial(_forget, query=query, before=stamp(now - age))
            while self._open and await insist(self._store, forget) == SWEEP:
                pass
        before = f"{now - SEEN_FOR:%Y-%m-%d}"
        await insist(self._store, lambda tx: tx.run("spent_forget", before=before, limit=SWEEP))

    async def fold(self) -> None:
        """Answers from before they were folded for searching are folded now."""

        def fold(tx: Transaction) -> int:
            rows = tx.all("unfolded", limit=AT_ONCE)
            for row in rows:
                tx.run("answer_fold", person=row["person"], id=row["id"], folded=folded(row["text"]))
            return len(rows)

        while self._open and await insist(self._store, fold) == AT_ONCE:
            pass


def _drawn(tx: Transaction, *, sender: Sender, recipe: str, now: datetime) -> Picture | None:
    """What the *recipe* on a reply ("story 26 3", "letter") says is to be drawn; None of somebody who is gone, or if
    there is nothing any more."""
    if tx.one("person_known", person=sender.person) is None:
        return None
    journal = Journal(tx, sender, now)
    match recipe.split():
        case ["story", weeks, theme]:
            told = story.past(journal, now, weeks=int(weeks), theme=int(theme))
            return story.story(told, dark=journal.person.dark) if told.turns else None
        case _:
            told = story.past(journal, now, weeks=52)
            return story.letter(told, journal.person.name, dark=journal.person.dark)


def _pictures(tx: Transaction, *, sender: Sender, now: datetime) -> list[tuple[str, Callable[[], bytes]]]:
    """What pictures are taken along, by their names there, each with what draws it. Of a journal that is younger than
    a picture goes back, longer ones would show the same."""
    recipes = {"twelve-weeks": "story 12 0", "half-a-year": "story 26 0", "a-year": "story 52 0", "letter": "letter"}
    drawn = {name: _drawn(tx, sender=sender, recipe=recipe, now=now) for name, recipe in recipes.items()}
    stories = [shown for shown in drawn.values() if isinstance(shown, Story)]
    whole = next((story.weeks for story in stories if story.began), LENGTHS[-1])
    return [
        (f"story/{name}.png", partial(picture.png, shown))
        for name, shown in drawn.items()
        if shown and not (isinstance(shown, Story) and shown.weeks > whole)
    ]


def _forget_undecided(tx: Transaction, *, person: int, id: int) -> int:
    return tx.run("upload_forget", person=person, id=id)


def _mark(tx: Transaction, state: str, *, person: int, id: int) -> int:
    return tx.run("media_fetched", person=person, id=id, state=state)


def _mark_nothing(tx: Transaction, _state: str, *, person: int, id: int) -> int:
    """An upload stays wanted until it is done with."""
    return int(_has_row(tx, person=person, id=id))


def _has_row(tx: Transaction, *, person: int, id: int) -> bool:
    return tx.one("media", person=person, id=id) is not None


def _forget(tx: Transaction, *, query: str, before: str) -> int:
    return tx.run(query, before=before, limit=SWEEP)
