"""Play every play again, the one in the README too, and write down how it goes: `make plays`, then read them aloud."""

import sys
import tempfile
from pathlib import Path

from tests.plays import PLAYS, played, show, shown

for file in [Path(name) for name in sys.argv[1:]] or PLAYS:
    with tempfile.TemporaryDirectory() as folder:
        file.write_text(played(file.read_text("utf-8"), Path(folder)), "utf-8")
    sys.stdout.write(f"{file.name}\n")

with tempfile.TemporaryDirectory() as folder:
    show(played(shown(), Path(folder)))
