"""Three people who talk with Tenfold for ten weeks, as transcripts of `tenfold chat`.

A play is a text: what stands behind ``>`` was typed, the rest is what was shown. `make plays` types it all again into
the real command, with a clock of its own and an empty database, and writes down what is shown then: read it aloud. The
test does the same and compares.
"""

import re
import shlex
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent.parent

PLAYS = sorted(HERE.glob("*.txt"))

README = ROOT / "README.md"

_SHOWN = re.compile(r"(?<=```text\n)Hello\..*?(?=```)", re.DOTALL)
"""The conversation in the README."""

FILES = {"bread.jpg": b"a photo of a loaf", "note.ogg": b"a voice note"}
"""What people send in a play, by name."""


def typed(play: str) -> list[str]:
    """What the person typed, line by line; a line that picks a choice by its number and label stays one."""
    return [line.removeprefix("> ") for line in play.splitlines() if line.startswith("> ")]


def command(play: str) -> list[str]:
    """The command of a play: its first line, behind the dollar sign."""
    first = play.splitlines()[0]
    assert first.startswith("$ tenfold "), f"a play begins with the command, not {first!r}"
    return shlex.split(first.removeprefix("$ tenfold "))


def played(play: str, folder: Path) -> str:
    """*play* as it goes today, with its database in the empty *folder*."""
    for name, data in FILES.items():
        (folder / name).write_bytes(data)
    run = subprocess.run(
        [sys.executable, "-m", "bot", *command(play)],
        input="\n".join(typed(play)) + "\n",
        capture_output=True,
        cwd=folder,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "TZ": "UTC", "LANG": "C.UTF-8"},
        text=True,
        timeout=120,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert not run.stderr, run.stderr
    return f"{play.splitlines()[0]}\n\n{run.stdout.rstrip()}\n"


def shown() -> str:
    """The conversation in the README, as a play."""
    command = re.search(r'make chat ARGS="(--as [^"]+)"', README.read_text("utf-8"))
    found = _SHOWN.search(README.read_text("utf-8"))
    assert command and found, "the README shows a conversation, and the command for it"  # noqa: PT018
    return f"$ tenfold chat {command[1]}\n\n{found[0]}"


def show(play: str) -> None:
    """Let the README show *play*."""
    text = play.partition("\n\n")[2]
    README.write_text(_SHOWN.sub(lambda _old: text, README.read_text("utf-8"), count=1), "utf-8")
