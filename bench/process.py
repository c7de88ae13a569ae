"""A bot in a process of its own on a core of its own, and what the kernel counts of it.

CPU time is user and system time of all its threads (/proc/PID/stat, exact to 0.01 s: windows are seconds long), memory
is what is resident (VmRSS). Nothing is measured from inside, so every bot is measured the same way. A database's server
is a family of processes that share much of their memory: of those the CPU is summed, and what is theirs in proportion
(PSS).
"""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from pathlib import Path

ROOT = Path(__file__).parents[1]
_TICKS = os.sysconf("SC_CLK_TCK")


class DidNotRun(Exception):
    """A bot ended, or did not begin. The text has the last lines it wrote."""


def split_cores() -> tuple[int, int]:
    """(core of what is measured, core of the load). They are the same only where there is one."""
    cores = sorted(os.sched_getaffinity(0))
    return cores[-1], cores[0]


class Family:
    """The process *parent*, somebody else's, and its children."""

    def __init__(self, parent: int) -> None:
        self._parent = parent

    def cpu(self) -> float:
        """Seconds of CPU of all of them, those included that are gone and were waited for."""
        return sum(sum(_stat(line)) for line in self._each("stat")) / _TICKS

    def memory(self) -> float:
        """MB, what several share counted once."""
        return sum(int(text.partition("\nPss:")[2].split()[0]) for text in self._each("smaps_rollup")) / 1024

    def _each(self, name: str) -> Iterator[str]:
        """What /proc has of each under that *name*."""
        for folder in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(FileNotFoundError, ProcessLookupError):  # it has just ended
                parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
                if self._parent in (parent, int(folder.name)):
                    yield (folder / name).read_text()


def _stat(line: str) -> list[int]:
    """Ticks of CPU out of a line of /proc/PID/stat: user and system, then those of children that were waited for."""
    return [int(field) for field in line.rpartition(")")[2].split()[11:15]]


class Measured:
    """One running bot."""

    def __init__(self, process: asyncio.subprocess.Process, log: Path) -> None:
        self._process, self._log = process, log

    @classmethod
    async def start(
        cls, command: Sequence[str], *, core: int, folder: Path, environment: Mapping[str, str]
    ) -> "Measured":
        """Python with *command* as its arguments, in *folder*, on *core* from its first instruction."""
        log = folder / "log"
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
        with log.open("wb") as out:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                *command,
                cwd=folder,
                env=kept | {"PYTHONPATH": str(ROOT)} | dict(environment),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                preexec_fn=lambda: os.sched_setaffinity(0, {core}),
            )
        return cls(process, log)

    def cpu(self) -> float:
        """Seconds of CPU since it began, user and system, all threads. Raises DidNotRun."""
        return sum(_stat(self._read("stat"))[:2]) / _TICKS

    def memory(self) -> float:
        """Resident MB. Raises DidNotRun."""
        for line in self._read("status").splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
        raise self.failure()

    def _read(self, name: str) -> str:
        try:
            return Path(f"/proc/{self._process.pid}/{name}").read_text()
        except OSError:
            raise self.failure() from None

    def said(self) -> str:
        """All that it wrote."""
        return self._log.read_text(errors="replace")

    def failure(self, what: str = "it ended") -> DidNotRun:
        """What to raise when the bot does not do what it should."""
        return DidNotRun(f"{what}; the last it said:\n{self.said()[-2000:]}")

    async def ended(self) -> None:
        """Return when the process has ended."""
        await self._process.wait()

    async def stop(self, within: timedelta = timedelta(seconds=15)) -> None:
        """Ask it to end; after *within* end it."""
        if self._process.returncode is None:
            self._process.send_signal(signal.SIGTERM)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._process.wait(), within.total_seconds())
        if self._process.returncode is None:
            self._process.kill()
            await self._process.wait()
