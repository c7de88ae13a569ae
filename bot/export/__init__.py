"""What a person takes along: everything of theirs in one zip.

`journal.json` is for programs and lossless (docs/journal-format.md tells every field), `journal.md` is for reading,
`csv/` for spreadsheets, `story/` has pictures, and `media/` holds the files that were kept. It is read on the reading
connection in many short looks, since the clock looks there too, and goes to disk page by page (see `told`), so that
memory doesn't grow with a journal; then it is built in a thread, in a file that is gone once it was sent.
"""

import asyncio
import json
import logging
import re
import shutil
import zipfile
import zlib
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack, asynccontextmanager
from datetime import datetime
from functools import cache, partial
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, TypeVar

from bot.domain import File, Sender
from bot.errors import NotSent
from bot.export.book import book
from bot.export.sheets import sheets
from bot.export.told import Kept, Told
from bot.files import Files
from bot.store import Row, Store, Transaction, stamp
from bot.words import load, speaking

T = TypeVar("T")

FORMAT = 1
"""Of journal.json. It changes when a reader of the earlier one would misunderstand the new one."""

PAGE = 100
"""Answers that are gathered in one look: some milliseconds, even if each is as long as a message can be."""

LARGEST = 49_000_000
"""Bytes of the largest zip: a bot may upload 50 MB (Bot API 10.0, Sending files), with what surrounds the file."""

Picture = tuple[str, Callable[[], bytes]]
"""A picture's name in the zip, such as "story/26-weeks.png", and what makes its bytes, in a thread."""

_MEMBER = 256
"""Bytes that a zip needs for one more file in it besides that file's own, at most: names here are short."""

_SUFFIX = re.compile(r"\.[a-z0-9]{1,8}", re.IGNORECASE | re.ASCII)
_SUFFIXES = {"voice": ".ogg", "photo": ".jpg", "video": ".mp4", "audio": ".mp3"}

_log = logging.getLogger(__name__)
_words = cache(load)


@asynccontextmanager
async def exported(
    store: Store,
    files: Files,
    sender: Sender,
    now: datetime,
    limit: int = LARGEST,
    pictures: Sequence[Picture] = (),
) -> AsyncIterator[File | None]:
    """The zip, for as long as it is needed; None for somebody who isn't here any more. Of *pictures* and of their files
    it holds as many of the newest as fit into *limit* bytes. Raises NotSent if the disk has no room for it now."""
    short = await store.read(lambda tx: _self(tx, sender.person, now))
    if short is None:
        yield None
        return
    size = None
    with ExitStack() as held:
        try:
            path = held.enter_context(files.passing(sender.person))
            with files.passing(sender.person) as spool, spool.open("r+b") as file:
                if told := await _gathered(store, sender.person, short, file):
                    size = await _build(path, told, files, sender.person, now, limit, pictures)
            del told  # sending can take minutes
        except FileNotFoundError:  # their folder has just gone: all of theirs is being erased, and no log names them
            raise NotSent from None
        except OSError as error:
            _log.warning(
                "the export of person %(person)d can't be written now (%(why)s)",
                {"person": sender.person, "why": type(error).__name__},
            )
            raise NotSent from None
        if size is None:
            yield None
        else:
            yield File(kind="document", name=f"tenfold-{now:%Y-%m-%d}.zip", size=size, path=str(path))


# Gathering


async def _gathered(store: Store, person: int, short: dict[str, Any], file: BinaryIO) -> Told | None:
    """All that was told, in *file*, beside what is *short*; None for somebody who isn't here any more.

    Each look sees one moment, and people write on in between. Nothing begun after the first look, in which *short* was
    seen, is in it; what was changed or deleted before the look that came to it is changed or gone. An answer, its
    earlier words, its files and whom it names are of one look. What is spoken of is looked at before what speaks of it,
    and ids never come again, so nothing in here speaks of what isn't, unless that was deleted on the way.
    """
    told, upto = Told(short, file), short["tenfold"]["counter"]
    async for rows in _pages(store, "taken_cards", person, upto):
        await asyncio.to_thread(told.add_cards, [dict(row) for row in rows])
    async for rows in _pages(store, "taken_check_ins", person, upto):
        await asyncio.to_thread(told.add_check_ins, [_check_in(row) for row in rows])
    after = 0
    while answers := await store.read(partial(_answers, person=person, after=after, upto=upto)):
        await asyncio.to_thread(told.add_answers, answers)
        after = answers[-1][1]["id"]
    still = await store.read(lambda tx: tx.one("person", person=person))
    here = still is not None and still["joined_at"] == short["person"]["joined_at"]
    return told if here else None  # else everything of theirs was erased on the way


async def _pages(store: Store, query: str, person: int, upto: int) -> AsyncIterator[list[Row]]:
    after = 0
    while rows := await store.read(partial(_page, query=query, person=person, after=after, upto=upto)):
        yield rows
        after = rows[-1]["id"]


def _page(tx: Transaction, *, query: str, person: int, after: int, upto: int) -> list[Row]:
    return tx.all(query, person=person, after=after, upto=upto, limit=PAGE)


def _self(tx: Transaction, id: int, now: datetime) -> dict[str, Any] | None:
    """Who they are, and everything that is short."""
    row = tx.one("person", person=id)
    if row is None:
        return None
    other_names: dict[int, list[str]] = {}
    for spelling in tx.all("spellings", person=id):
        other_names.setdefault(spelling["acquaintance"], []).append(spelling["name"])
    person = {name: value for name, value in dict(row).items() if name not in ("id", "chat", "counter")}
    return {
        "tenfold": {"format": FORMAT, "made_at": stamp(now), "counter": row["counter"]},
        "person": {
            **person,
            "discreet": bool(row["discreet"]),
            "dark": bool(row["dark"]),
            "model": None if row["model"] is None else bool(row["model"]),
            "pending": json.loads(row["pending"]) if row["pending"] else None,
        },
        "themes": [{**dict(each), "paused": bool(each["paused"])} for each in tx.all("taken_themes", person=id)],
        "places": [dict(each) for each in tx.all("places", person=id)],
        "acquaintances": [
            {**dict(each), "let_be": bool(each["let_be"]), "other_names": sorted(other_names.get(each["id"], ()))}
            for each in tx.all("taken_acquaintances", person=id)
        ],
        "planned": [dict(each) for each in tx.all("taken_due", person=id)],
        "askings": [
            {**dict(each), "used": each["used"].split(), "never": bool(each["never"])}
            for each in tx.all("taken_askings", person=id)
        ],
        "searches": [dict(each) for each in tx.all("taken_searches", person=id)],
    }


def _check_in(row: Row) -> dict[str, Any]:
    return {**dict(row), "questions": row["questions"].split(), "finished": bool(row["finished"])}


def _answers(tx: Transaction, *, person: int, after: int, upto: int) -> list[tuple[int | None, dict[str, Any]]]:
    """Some answers after the id *after*, with all that belongs to them, each beside the check-in that it answers."""
    rows = tx.all("taken_answers", person=person, after=after, upto=upto, limit=PAGE)
    if not rows:
        return []
    answers = {
        row["id"]: {
            **{name: value for name, value in dict(row).items() if name != "check_in"},
            "acquaintances": [],
            "earlier": [],
            "files": [],
        }
        for row in rows
    }
    last = rows[-1]["id"]
    for row in tx.all("taken_mentions", person=person, after=after, upto=last):
        if row["answer"] in answers and row["acquaintance"] <= upto:
            answers[row["answer"]]["acquaintances"].append(row["acquaintance"])
    for query, name in (("taken_revisions", "earlier"), ("taken_media", "files")):
        for row in tx.all(query, person=person, after=after, upto=last):
            if row["answer"] in answers:
                answers[row["answer"]][name].append({key: dict(row)[key] for key in dict(row) if key != "answer"})
    return [(row["check_in"], answers[row["id"]]) for row in rows]


# Building


class _Kept(NamedTuple):
    """A file of theirs that is here, its *size* in bytes, and its place in the zip."""

    id: int
    path: str
    size: int


class _Plan(NamedTuple):
    """What goes into the zip: *files*, pictures that are *drawn*, and *texts* by their names there."""

    files: list[_Kept]
    drawn: list[tuple[str, bytes]]
    texts: dict[str, Callable[[], Iterable[str]]]


async def _build(
    path: Path, told: Told, files: Files, person: int, now: datetime, limit: int, pictures: Sequence[Picture]
) -> int:
    """Write the zip to *path*, which is there already; its bytes. One file at a time is held. Raises OSError."""
    sizes = await files.sizes(person)
    with speaking(told.short["person"]["language"]):
        plan = await _finished(partial(_planned, told, sizes, now, limit, pictures))
        with path.open("r+b") as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for each in plan.files:
                async with files.held(person, each.id) as source:
                    await _finished(partial(_copy, archive, told, each, source, now))
            await _finished(partial(_write, archive, plan, now))
        return (await asyncio.to_thread(path.stat)).st_size


async def _finished(work: Callable[[], T]) -> T:
    """What *work* gives, in a thread. Nothing is closed under it if nobody wants that any more."""
    working = asyncio.ensure_future(asyncio.to_thread(work))
    try:
        return await asyncio.shield(working)
    except asyncio.CancelledError:
        await asyncio.wait([working])
        raise


def _planned(told: Told, sizes: Mapping[int, int], now: datetime, limit: int, pictures: Sequence[Picture]) -> _Plan:
    kept = _kept(told, sizes)
    texts: dict[str, Callable[[], Iterable[str]]] = {
        "journal.json": told.lines,
        "journal.md": lambda: book(told, _words(), now),
        **sheets(told),
    }
    # Compressed this quickly the texts are larger than they will be: what is left is free for files.
    room = limit
    for name, pieces in list(texts.items()):
        size = _compressed(pieces()) + _MEMBER
        if name != "journal.json" and size > room:  # of words without end at least the whole
            del texts[name]
        else:
            room -= size
    drawn = [(name, data) for name, make in pictures if (data := _drawn(make))]
    room -= sum(len(data) + _MEMBER for _name, data in drawn)
    return _Plan(_chosen(told, kept, room), drawn, texts)


def _write(archive: zipfile.ZipFile, plan: _Plan, now: datetime) -> None:
    for name, data in plan.drawn:
        archive.writestr(_member(name, now, zipfile.ZIP_STORED), data)
    for name in reversed(plan.texts):
        with archive.open(_member(name, now, zipfile.ZIP_DEFLATED), "w") as member:
            for piece in plan.texts[name]():
                member.write(piece.encode())


def _drawn(make: Callable[[], bytes]) -> bytes:
    """A picture; nothing if it can't be made, since the journal is worth more than that."""
    try:
        return make()
    except Exception as error:  # noqa: BLE001 - as above
        _log.error("a picture can't be made (%s)", type(error).__name__)
        return b""


def _kept(told: Told, sizes: Mapping[int, int]) -> list[_Kept]:
    """Every file of theirs that is here, of those *sizes*, newest first, with its place in the zip."""
    kept = []
    for at, _check_in in told.every_answer():
        answer = told.answer(at)
        for entry in answer["files"]:
            if entry["state"] == "kept" and entry["id"] in sizes:
                suffix = Path(entry["name"]).suffix
                suffix = suffix if _SUFFIX.fullmatch(suffix) else _SUFFIXES.get(entry["kind"], "")
                path = f"media/{answer['said_at'][:10]}-{entry['kind']}-{entry['id']}{suffix}"
                kept.append(_Kept(entry["id"], path, sizes[entry["id"]]))
    return sorted(kept, reverse=True)


def _chosen(told: Told, kept: Iterable[_Kept], room: int) -> list[_Kept]:
    """Of *kept*, newest first, as much as there is *room* for, in bytes."""
    chosen = []
    for each in kept:
        room -= each.size + _MEMBER
        told.kept[each.id] = Kept(each.path) if room >= 0 else Kept(left_out=True)
        if room >= 0:
            chosen.append(each)
    return chosen


def _copy(archive: zipfile.ZipFile, told: Told, kept: _Kept, source: Path | None, now: datetime) -> None:
    """Put the bytes at *source* into the place of *kept*, as they are: sounds and pictures hardly get smaller."""
    try:
        if source is None:
            raise FileNotFoundError
        file = source.open("rb")
    except FileNotFoundError:  # deleted meanwhile
        told.kept[kept.id] = Kept()
        return
    with file, archive.open(_member(kept.path, now, zipfile.ZIP_STORED), "w") as member:
        shutil.copyfileobj(file, member, 1 << 16)


def _member(name: str, now: datetime, compression: int) -> zipfile.ZipInfo:
    """A file in the zip, which unpacks for its owner's eyes only."""
    member = zipfile.ZipInfo(name, now.timetuple()[:6])
    member.compress_type = compression
    member.external_attr = 0o600 << 16
    return member


def _compressed(pieces: Iterable[str]) -> int:
    """How many bytes *pieces* take, compressed quickly."""
    packer = zlib.compressobj(1)
    return sum(len(packer.compress(piece.encode())) for piece in pieces) + len(packer.flush())
