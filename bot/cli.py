"""The command `tenfold`. It reads what was typed, calls `app`, and says kindly what went wrong.

Each command imports what it needs when it runs: a conversation in the terminal has no use for Telegram's library, and
asking for the version has use for nothing.
"""

import asyncio
import contextlib
import getpass
import os
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from importlib import metadata
from pathlib import Path

import click

from bot.errors import TenfoldError

__all__ = ["main"]


class _Moment(click.ParamType[datetime]):
    """A time as ISO 8601 has it; without an offset it is this computer's."""

    name = "iso time"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        from bot.channels.terminal import LAST_YEAR

        cure = "write it like 2026-11-13T16:00 or 2026-11-13T16:00+01:00"
        try:
            at = datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} is no time: {cure}", param, ctx)
        if not 1970 <= at.year <= LAST_YEAR:
            self.fail(f"{value!r} is too far from now: choose a year from 1970 to {LAST_YEAR}, and {cure}", param, ctx)
        return at.astimezone()


def _show_version(context: click.Context, _parameter: click.Parameter, wanted: bool) -> None:
    if wanted:
        try:
            click.echo(f"tenfold {metadata.version('tenfold')}")
        except metadata.PackageNotFoundError:
            click.echo("tenfold, from a checkout that is not installed")
        context.exit()


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_show_version,
    help="Show the version and exit.",
)
def commands() -> None:
    """Once a week Tenfold asks what you did for someone, and hands you one small thing to do next."""


@commands.command()
@click.option("--db", type=click.Path(dir_okay=False), default="chat.db", show_default=True, help="Where it is kept.")
@click.option("--as", "name", help="Who you are, if more than one person talks on this file.  [default: your login]")
@click.option("--now", type=_Moment(), help="Begin at this time, like 2026-11-13T16:00, and go on from there.")
@click.option("--jsonl", is_flag=True, help="Print each reply as one JSON object.")
def chat(db: str, name: str | None, now: datetime | None, jsonl: bool) -> None:
    """Talk here, in the terminal. Needs no token.

    A number or its words pick a choice. Four commands exist only here: "/later 7d" (or 3h, 2w, 30m, or a time like
    2026-11-20T16:00) moves time on, and "/now" tells it; "/send FILE words" sends a file, and "/forward NAME: words"
    what somebody else wrote. Files that come back are put into the current folder. In a pipe, each line is something
    said.
    """
    from bot import app, logs
    from bot.text import clean

    if not db:
        raise click.BadParameter("name a file, like chat.db", param_hint="--db")
    if sys.stdout is None:
        raise TenfoldError("Standard output is closed, so nobody could read along: open it and come back.")
    if sys.stdin is None:  # closed: nobody says anything, and no other file may come to stand in its place
        sys.stdin = Path(os.devnull).open(encoding="utf-8")  # noqa: SIM115  # for as long as the process lives
    # Not from .env: what suits the bot's log would get between the lines of a conversation.
    logs.configure(os.environ.get("LOG_LEVEL") or "WARNING")
    who = clean(name or "").strip() or _login()
    with _heard(), contextlib.suppress(KeyboardInterrupt):
        asyncio.run(app.chat(database_url=f"sqlite:///{db}", name=who, start=now, jsonl=jsonl))
    if sys.stdin.isatty() and sys.stdout.isatty():
        click.secho("\n  Until next time.", dim=True)


@commands.command()
def run() -> None:
    """Be there in Telegram, until stopped."""
    from bot import app, logs
    from bot.settings import Settings, environment

    settings = Settings.read(environment())
    logs.configure(settings.log_level, log_format=settings.log_format)
    app.run(settings)


_DB = click.option("--db", type=click.Path(dir_okay=False), help="The database.  [default: DATABASE_URL]")


@commands.command()
@click.argument("file", type=click.Path(path_type=Path))
@_DB
@click.option("--replace", is_flag=True, help="Overwrite FILE if it is there already.")
def backup(file: Path, db: str | None, replace: bool) -> None:
    """Make FILE a whole copy of the database, also while the bot runs.

    What people sent lies beside it, in FILE.media/. Both are for your eyes only, and hold what people erase from now on
    until you delete them.
    """
    from bot.store.backup import back_up

    database = _database(db)
    back_up(database, file, replace=replace)
    with _heard():
        click.echo(f"{file} is a whole copy of {database} now ({file.stat().st_size / 1e6:.1f} MB).")


@commands.command()
@click.argument("file", type=click.Path(path_type=Path))
@_DB
@click.option("--replace", is_flag=True, help="Put it in the place of a database that is there; that one is kept.")
def restore(file: Path, db: str | None, replace: bool) -> None:
    """Put the backup FILE in the place of the database. The bot must not be running."""
    from bot.store.backup import restore as put_back

    database = _database(db)
    aside = put_back(file, database, replace=replace)
    with _heard():
        kept = f" The one before is kept as {aside}: delete it when you don't need it any more." if aside else ""
        click.echo(f"{database} is what {file} holds now.{kept}")


@commands.command()
@click.argument("sqlite_url")
@click.argument("postgres_url", required=False)
@click.option("--replace", is_flag=True, help="Empty the PostgreSQL database first, whatever is in it.")
def move(sqlite_url: str, postgres_url: str | None, replace: bool) -> None:
    """Carry everything over from SQLite to PostgreSQL, files too. No bot may be running on either.

    SQLITE_URL is like sqlite:///tenfold.db, POSTGRES_URL like postgresql://user:password@host/name; without the second
    it is DATABASE_URL, so that no password has to be typed. The SQLite side stays as it is. Run it again as often as
    you like, as long as nobody has talked on the other side.
    """
    from bot.settings import environment, sqlite_file
    from bot.store import POSTGRES
    from bot.store.move import move as carry

    target = postgres_url or environment().get("DATABASE_URL", "").strip()
    if not target.startswith(POSTGRES):
        where = "POSTGRES_URL" if postgres_url else "DATABASE_URL, which is used as none was given,"
        raise TenfoldError(f"{where} must be like postgresql://user:password@host/name")
    try:
        source = sqlite_file(sqlite_url)
    except ValueError as error:
        raise TenfoldError(f"SQLITE_URL {error}") from None
    with _progress() as tell:
        moved = carry(source, target, replace=replace, tell=tell)
    with _heard():
        click.echo(
            f"In PostgreSQL now: people {moved.people}, rows {moved.rows}, files {moved.files}. "
            "For each of the people all of it is the same there, to the letter."
        )
        if moved.mended:
            click.echo(f"Texts from which signs were left out that PostgreSQL can't hold: {moved.mended}.")
        click.echo(
            f"Set DATABASE_URL to it, and start the bot. {source} is as it was: delete it, and what is named after it, "
            "once you are sure. Until then it holds what people erase."
        )


@contextlib.contextmanager
def _progress() -> Iterator[Callable[[int, int], None]]:
    """Shows how many of all steps are done, on a terminal."""
    if not sys.stderr.isatty():
        yield lambda _done, _all: None
        return
    with click.progressbar(length=1, file=sys.stderr, show_pos=True) as bar:

        def tell(done: int, steps: int) -> None:
            bar.length = steps
            bar.update(done - bar.pos)

        yield tell


def _database(db: str | None) -> Path:
    """The file that *db* names, else the one that is set."""
    from bot.settings import DATABASE, environment, sqlite_file
    from bot.store import POSTGRES

    if db is not None:
        if not db:
            raise click.BadParameter("name a file, like tenfold.db", param_hint="--db")
        return Path(db)
    url = environment().get("DATABASE_URL", "").strip() or DATABASE
    if url.startswith(POSTGRES):
        raise TenfoldError(
            "DATABASE_URL leads to PostgreSQL, which has its own backups: pg_dump makes one and pg_restore brings it "
            "back (see docs/hosting.md). For a SQLite file, name it with --db"
        )
    try:
        return sqlite_file(url)
    except ValueError as error:
        raise TenfoldError(f"DATABASE_URL {error}") from None


@commands.command()
def doctor() -> None:
    """Look whether all is well, and say what to do if it isn't."""
    from bot import doctor as office
    from bot.settings import environment

    try:
        findings, variables = [], environment()
    except TenfoldError as error:
        # What is set outside the file, and all the rest, can be looked at without it.
        findings, variables = [office.Finding(well=False, text=f"settings: {error}")], environment(None)
    findings += asyncio.run(office.examination(variables))
    with _heard():
        for finding in findings:
            mark = click.style("ok", fg="green") if finding.well else click.style("no", fg="red")
            click.echo(f"{mark}  {finding.text}")
    if not all(finding.well for finding in findings):
        sys.exit(1)


@contextlib.contextmanager
def _heard() -> Iterator[None]:
    """Ends what can't be written to standard output: without a word if whoever read along has left (`| head`)."""
    try:
        yield
    except OSError as error:
        # Python would complain when it flushes at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if not isinstance(error, BrokenPipeError):
            reason = os.strerror(error.errno) if error.errno else type(error).__name__
            raise TenfoldError(f"What I say can't be written: {reason}.") from None


def _login() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a container may run under a number that has no name
        return "you"


def main() -> None:
    """Run what was typed. A TenfoldError is one kind line (settings: a line each) and exit code 1."""
    try:
        commands(prog_name="tenfold")
    except TenfoldError as error:
        click.echo(str(error), err=True)
        sys.exit(1)
