"""The command `tenfold`. It reads what was typed, calls `app`, and says kindly what went wrong.

Each command imports what it needs when it runs: a conversation in the terminal has no use for Telegram's library, and
asking for the version has use for nothing.
"""

import asyncio
import getpass
import os
import sys
from datetime import datetime
from importlib import metadata

import click

from bot.errors import TenfoldError

__all__ = ["main"]


class _Moment(click.ParamType[datetime]):
    """A time as ISO 8601 has it; without an offset it is this computer's."""

    name = "iso time"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        try:
            return datetime.fromisoformat(str(value)).astimezone()
        except (ValueError, OverflowError):
            self.fail(f"{value!r} is no time: write it like 2026-11-13T16:00 or 2026-11-13T16:00+01:00", param, ctx)


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

    A number picks a choice. Two commands exist only here: "/later 7d" (or 3h, 2w, 30m, or a time like
    2026-11-20T16:00) moves time on, and "/now" tells it. In a pipe, each line is something said.
    """
    from bot import app, logs

    # Not from .env: what suits the bot's log would get between the lines of a conversation.
    logs.configure(os.environ.get("LOG_LEVEL") or "WARNING")
    try:
        asyncio.run(app.chat(database_url=f"sqlite:///{db}", name=name or _login(), start=now, jsonl=jsonl))
    except BrokenPipeError:
        # Whoever read along has left (`| head`), and so do we. Python would complain when it flushes at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return
    except KeyboardInterrupt:
        pass
    if sys.stdin.isatty() and sys.stdout.isatty():
        click.secho("\n  Until next time.", dim=True)


@commands.command()
def run() -> None:
    """Be there in Telegram, until stopped."""
    from bot import app, logs
    from bot.settings import Settings, environment

    settings = Settings.read(environment())
    logs.configure(settings.log_level)
    app.run(settings)


@commands.command()
def doctor() -> None:
    """Look whether all is well, and say what to do if it isn't."""
    from bot import doctor as office
    from bot.settings import environment

    findings = asyncio.run(office.examination(environment()))
    for finding in findings:
        click.echo(f"{click.style('ok', fg='green') if finding.well else click.style('no', fg='red')}  {finding.text}")
    if not all(finding.well for finding in findings):
        sys.exit(1)


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
