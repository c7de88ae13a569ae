"""Ten years of somebody who writes a lot, and what it takes to hand them out, measured in a process of its own.

    python -m tests.ten_years FOLDER build
    python -m tests.ten_years FOLDER export

520 weekly check-ins of twenty answers each, as long as a message can be, in words that compress as badly as words do;
who was in them, what came of it, what was taken on, and files. `export` prints the peak of its memory in MB, the
seconds that it took, and the bytes of the zip.
"""

import asyncio
import sys
import time
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from pathlib import Path
from random import Random

from bot.domain import File, Sender
from bot.errands import _pictures
from bot.export import exported
from bot.files import Files
from bot.journal import Journal
from bot.store import Store, Transaction, open_store, stamp

BEGAN = datetime(2016, 11, 11, 16, 0, tzinfo=UTC)
NOW = BEGAN + timedelta(weeks=521)
WEEKS, TURNS, LONG = 520, 20, 4096
MIRA = Sender(person=7, chat=7, name="Mira")


@cache
def _book() -> str:
    """A megabyte of made-up words, with the apostrophes that telephones write: two bytes for every letter in memory."""
    random = Random(1)
    vocabulary = [
        "".join(random.choices("abcdefghijklmnoprstuvz", k=random.randint(2, 9))) + random.choice(("", "", "", "’s"))
        for _number in range(5000)
    ]
    return " ".join(random.choices(vocabulary, k=180_000))


def words(random: Random, length: int) -> str:
    """Some text of *length* characters."""
    at = random.randrange(len(_book()) - length)
    return f"{_book()[at : at + length - 1]}’"


def week(tx: Transaction, number: int, *, length: int) -> int:
    """One week of it; the id of its picture."""
    random, at = Random(number), BEGAN + timedelta(weeks=number)
    journal = Journal(tx, MIRA, at)
    if not number:
        journal.change(state="here", zone="Europe/Lisbon", city="Porto")
        for theme in ("sourdough", "being patient with new nurses"):
            journal.add_theme(theme)
    check_in = journal.start_check_in("planned", ("good_turn", "received"), f"{at:%Y-%m-%d}")
    assert check_in
    first = journal.add("good_turn", text=words(random, 40), check_in=check_in)
    journal.mention(first, [f"Somebody {chr(65 + number % 26)}"])
    journal.add("outcome", text=words(random, 100), about=first.id)
    for _turn in range(TURNS - 1):
        text = words(random, length)  # `add` would look for themes in it and fold it: what takes long isn't the point
        tx.run(
            "answer_add", person=MIRA.person, id=journal._next(), check_in=check_in.id, question="good_turn", text=text,
            folded=text, reading=None, theme=None, about=None, message=None, said_at=stamp(at),
        )  # fmt: skip
    card = journal.add_card(act="listen-1", text="Ask how it went.", minutes=10, theme="sourdough")
    journal.set_card(card, state="done")
    media = journal.add_media(first, File(kind="photo", id=f"photo-{number}", size=20_000))
    tx.run("media_fetched", person=MIRA.person, id=media.id, state="kept")
    journal.close(check_in, finished=True)
    journal.save()
    return media.id


async def build(store: Store, files: Files, *, length: int = LONG, media: int = 20_000) -> None:
    """All of it, texts of so many characters, and a picture of so many bytes each week."""

    def write(tx: Transaction) -> list[int]:
        return [week(tx, number, length=length) for number in range(WEEKS)]

    for id in await store.transact(write):
        files.part(MIRA.person, id).write_bytes(Random(id).randbytes(media))
        await files.keep(MIRA.person, id)


async def main(folder: Path, what: str) -> None:
    """Do *what* in *folder*."""
    store, files = open_store(f"sqlite:///{folder / 'tenfold.db'}"), Files(folder / "tenfold.db.media")
    try:
        if what == "build":
            await build(store, files)
            return
        began = time.monotonic()
        pictures = await store.read(partial(_pictures, sender=MIRA, now=NOW))
        assert len(pictures) > 2
        async with exported(store, files, MIRA, NOW, pictures=pictures) as file:
            assert file
            seconds, size = time.monotonic() - began, file.size
        # Not getrusage's: on Linux that begins with what whoever started this process had in memory.
        status = Path("/proc/self/status").read_text("ascii")
        peak = int(status.partition("VmHWM:")[2].split()[0]) // 1024
        sys.stdout.write(f"{peak} {seconds:.1f} {size}\n")
    finally:
        await store.close()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2]))
