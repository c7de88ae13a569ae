"""What travels: the wheel has all that a conversation needs, and the pins name everything, exactly."""

import os
import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
PIN = re.compile(r"([A-Za-z0-9._-]+)==[A-Za-z0-9.+!]+(; sys_platform != 'win32')?")


def pins(file: str) -> dict[str, str]:
    """Each pinned line of *file* by the package's name; anything else in it is an error."""
    found = {}
    for line in (ROOT / file).read_text("utf-8").splitlines():
        if not line.startswith("#"):
            match = PIN.fullmatch(line)
            assert match, f"{file}: {line!r} is no exact pin"
            found[match[1].lower().replace("_", "-")] = line
    return found


def test_everything_that_is_asked_for_is_pinned() -> None:
    """`make pins` was run after the last change to what pyproject.toml asks for."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]

    def names(wanted: list[str]) -> set[str]:
        return {re.split(r"[<>=;~! \[]", line)[0].lower().replace("_", "-") for line in wanted}

    assert names(project["dependencies"]) <= set(pins("requirements.txt"))
    assert names(project["optional-dependencies"]["dev"]) <= set(pins("requirements-dev.txt"))


def test_what_runs_is_what_was_tested() -> None:
    """Tests use the very versions that a deployment gets."""
    assert pins("requirements.txt").items() <= pins("requirements-dev.txt").items()


def test_a_wheel_holds_a_conversation(tmp_path: Path) -> None:
    """Unpacked far from the checkout, the wheel alone has the questions, the acts, the cities, schema and types."""
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        check=True,
        capture_output=True,
        timeout=60,
        cwd=ROOT,
    )
    (wheel,) = tmp_path.glob("tenfold-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "unpacked")
    assert (tmp_path / "unpacked" / "bot" / "py.typed").is_file()
    assert (tmp_path / "unpacked" / "bot" / "prompts" / "model" / "card" / "instructions.md").is_file()
    assert {file.suffix for file in (tmp_path / "unpacked" / "bot" / "picture" / "fonts").iterdir()} == {".ttf", ".txt"}
    # PYTHONPATH comes before what is installed, which may be the checkout. What runs there is not to be measured.
    elsewhere = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}
    done = subprocess.run(
        [sys.executable, "-m", "bot", "chat", "--now", "2026-11-09T18:00+00:00"],
        check=False,
        input="sourdough\nporto\n/later 5d\n",
        text=True,
        capture_output=True,
        timeout=60,
        cwd=tmp_path,
        env=elsewhere | {"PYTHONPATH": str(tmp_path / "unpacked")},
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "Porto" in done.stdout
    assert "-- Friday 13 November 2026" in done.stdout


def test_a_source_archive_holds_what_makes_it(tmp_path: Path) -> None:
    """Whoever has only the archive can run, test, check and deploy it, and make its data anew."""
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", str(tmp_path)],
        check=True,
        capture_output=True,
        timeout=60,
        cwd=ROOT,
    )
    (archive,) = tmp_path.glob("tenfold-*.tar.gz")
    with tarfile.open(archive) as opened:
        held = {name.partition("/")[2] for name in opened.getnames()}
    assert {".ci/run", "LICENSE", "Makefile", "bot/py.typed", "tools/make_cities.py"} <= held
    assert {"Dockerfile", ".dockerignore", "Procfile", "compose.yaml", "hosting/tenfold.service"} <= held
