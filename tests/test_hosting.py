"""The files for hosting, read for what would go wrong: no container engine and no init system runs here.

Every command in them exists, every setting is one, ports and paths agree, and what the image is made of is enough to
run. Where Caddy and systemd are installed they are asked as well, and Caddy stands between real servers, of which one
dies.
"""

import configparser
import http.client
import os
import re
import shlex
import shutil
import subprocess
import sys
import sysconfig
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.app import GONE_WITHIN
from bot.cli import commands
from bot.settings import Settings
from tests.running import until

ROOT = Path(__file__).parents[1]
FILES = ("Procfile", "Dockerfile", "compose.yaml", "hosting/Caddyfile", "hosting/tenfold.service", "docs/hosting.md")
PORT = 8080

THEIRS = {
    *("POSTGRES_USER", "POSTGRES_DB", "POSTGRES_PASSWORD"),  # the image's of PostgreSQL
    "TENFOLD_HOST",  # compose.yaml's own
    *("PIP_DISABLE_PIP_VERSION_CHECK", "PIP_NO_CACHE_DIR", "PATH"),
}
"""What is set for somebody else."""


def text(name: str) -> str:
    """A file of the checkout."""
    return (ROOT / name).read_text("utf-8")


def settings() -> set[str]:
    """Every setting by its name in the environment."""
    return {name.upper() for name in Settings.__dataclass_fields__}


def dockerfile() -> list[tuple[str, str]]:
    """Its instructions and what they are given, with stages, in order."""
    lines = re.sub(r"\\\n\s*", "", text("Dockerfile")).splitlines()
    found = (line.partition(" ") for line in lines if line and not line.startswith("#"))
    return [(instruction, given.strip()) for instruction, _space, given in found]


def compose() -> dict[str, Any]:
    """What compose.yaml says."""
    read: dict[str, Any] = yaml.safe_load(text("compose.yaml"))
    return read


def unit() -> configparser.RawConfigParser:
    """The systemd unit. Of a key that stands there twice the last is kept."""
    parser = configparser.RawConfigParser(strict=False)
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read_string(text("hosting/tenfold.service"))
    return parser


# ---- what they name


@pytest.mark.parametrize("name", FILES)
def test_every_command_exists(name: str) -> None:
    """Whatever `tenfold` or `python -m bot` is told to do, it can."""
    told = re.findall(r"(?:(?:^|bin/|tenfold-1 )tenfold|python -m bot) ([a-z]+)\b", _commands_of(name), re.MULTILINE)
    assert told or name == "hosting/Caddyfile"
    assert set(told) <= set(commands.commands)


def _commands_of(name: str) -> str:
    """What is run, as far as a file says: of the guide its blocks of commands and what stands in code."""
    whole = text(name)
    if name == "compose.yaml":
        return "tenfold run"  # what the image does
    if name == "Dockerfile":
        given = dict(dockerfile())
        return " ".join([*yaml.safe_load(given["ENTRYPOINT"]), *yaml.safe_load(given["CMD"])])
    if name.endswith(".md"):
        return "\n".join(re.findall(r"```sh\n(.*?)```", whole, re.DOTALL) + re.findall(r"`([^`\n]+)`", whole))
    return "\n".join(line for line in whole.splitlines() if not line.startswith("#") and "=file:" not in line)


@pytest.mark.parametrize("name", FILES)
def test_every_setting_exists(name: str) -> None:
    """What is named like a setting is one, and does something."""
    named = set(re.findall(r"(?<![\w@.])[A-Z][A-Z0-9]*_[A-Z0-9_]+\b", text(name)))
    assert named - settings() - THEIRS - {"AF_INET", "AF_INET6", "AF_UNIX"} <= {
        "ADDRESS_OF_THIS_REPOSITORY",
        "SQLITE_URL",
        "POSTGRES_URL",
    }


def test_every_path_in_the_guide_exists() -> None:
    """Files of ours that the guide names are there, and so is everything that it has `make` do."""
    guide = text("docs/hosting.md")
    for named in re.findall(r"(?:\]\(\.\./|/opt/tenfold/|\s)(hosting/[\w.]+|\.env\.example|requirements\.txt)", guide):
        assert (ROOT / named).exists(), named
    targets = set(re.findall(r"^([a-z]+):", text("Makefile"), re.MULTILINE))
    assert set(re.findall(r"`make ([a-z]+)`", guide)) <= targets


def test_the_procfile_starts_it() -> None:
    """A web process and a worker, each of them the bot; its comments are none."""
    lines = [line for line in text("Procfile").splitlines() if not line.startswith("#")]
    assert [line.split(": ", 1) for line in lines] == [["web", "python -m bot run"], ["worker", "python -m bot run"]]
    done = subprocess.run(
        [sys.executable, *shlex.split("-m bot run --help")], cwd=ROOT, check=False, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")


# ---- the image


def allowed(path: str) -> bool:
    """Whether .dockerignore lets *path* into the image: all is kept out but what it names."""
    first, *rest = (line for line in text(".dockerignore").splitlines() if line and not line.startswith("#"))
    assert first == "*"
    return any(rule == f"!{path.split('/', maxsplit=1)[0]}" for rule in rest) and "__pycache__" not in path


def context(to: Path) -> None:
    """Put into *to* what the first stage copies."""
    for instruction, given in dockerfile():
        *sources, target = given.split()
        if instruction == "COPY" and not given.startswith("--from"):
            for source in sources:
                assert allowed(source), f"{source} is kept out by .dockerignore"
                if (ROOT / source).is_dir():
                    assert Path(target).name == Path(source).name
                    shutil.copytree(ROOT / source, to / source, ignore=shutil.ignore_patterns("__pycache__"))
                else:
                    assert target == "./"
                    shutil.copy(ROOT / source, to)


def test_what_is_private_stays_out_of_the_image() -> None:
    """Neither settings nor anybody's journal, nor the history, is sent to whoever builds it."""
    for path in (".env", "tenfold.db", "tenfold.db.media/7/1", ".git/config", "chat.db", "bot/__pycache__/app.pyc"):
        assert not allowed(path)


def test_the_image_has_enough_to_run(tmp_path: Path) -> None:
    """The first stage's steps, with what it copies and nothing else, give a bot that talks. The packages that it would
    install are those of this test, which has the same versions; the rest is done as it says there."""
    (tmp_path / "src").mkdir()
    context(tmp_path / "src")
    venv = tmp_path / "tenfold"
    steps = [given for instruction, given in dockerfile() if instruction == "RUN"]
    made, packages, ours, _certificates, _user = steps
    assert made == "python -m venv --without-pip /tenfold"
    assert packages.endswith("--only-binary :all: --requirement requirements.txt")
    install = ours.split(" && ")[0]
    assert install == "pip --python /tenfold/bin/python install --no-deps ."
    elsewhere = {name: value for name, value in os.environ.items() if not name.startswith(("COVERAGE", "PYTHONPATH"))}

    def run(*command: str, **options: Any) -> str:
        done = subprocess.run(
            command, check=False, capture_output=True, text=True, timeout=120, env=elsewhere, **options
        )
        assert done.returncode == 0, done.stderr[-2000:]
        return str(done.stdout)

    run(sys.executable, *shlex.split(made.removeprefix("python ").replace("/tenfold", str(venv))))
    library = Path(
        run(str(venv / "bin/python"), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))").strip()
    )
    (library / "tests.pth").write_text(sysconfig.get_path("purelib"))
    words = shlex.split(install.removeprefix("pip ").replace("/tenfold", str(venv)))
    # hatchling is here already, and asking a registry for it would make this a test of the network.
    run(sys.executable, "-m", "pip", *words, "--no-build-isolation", "--quiet", cwd=tmp_path / "src")
    shutil.rmtree(tmp_path / "src")
    (tmp_path / "data").mkdir()
    tenfold = str(venv / "bin/tenfold")
    said = run(tenfold, "chat", "--now", "2026-11-09T18:00+00:00", cwd=tmp_path / "data", input="bees\nporto\n")
    assert "Porto" in said
    where = run(str(venv / "bin/python"), "-c", "import bot; print(bot.__file__)", cwd=tmp_path / "data")
    assert where.startswith(str(library))


def test_the_image_looks_after_itself() -> None:
    """It runs as nobody in particular, in a folder that is kept, and says whether it is alive on the port it has."""
    given = dict(dockerfile())
    stages = [each for instruction, each in dockerfile() if instruction == "FROM"]
    assert stages == ["python:3.11-slim AS build", "python:3.11-slim"]
    assert given["USER"].split(":")[0].isdecimal()
    assert int(given["USER"].split(":")[0]) > 0
    assert given["VOLUME"] == given["WORKDIR"] == "/data"
    assert f"PORT={PORT}" in given["ENV"].split()
    assert given["EXPOSE"] == str(PORT)
    assert given["STOPSIGNAL"] == "SIGTERM"


@pytest.mark.parametrize(("status", "code"), [(200, 0), (503, 1), (None, 1)])
def test_the_image_is_well_if_healthz_says_so(status: int | None, code: int) -> None:
    """Its health check is a command of Python's that asks /healthz, also where a proxy is set; no answer is no."""
    command = yaml.safe_load(dict(dockerfile())["HEALTHCHECK"].partition("CMD ")[2])
    assert command[:2] == ["python", "-c"]
    with server(status or 200) as answering:
        port = answering.server_port
        if status is None:
            answering.shutdown()
            answering.server_close()
        done = subprocess.run(
            [sys.executable, *command[1:]],
            check=False,
            capture_output=True,
            env={"PORT": str(port), "http_proxy": "http://127.0.0.1:9"},
        )
        assert done.returncode == code
        assert answering.asked == ([] if status is None else ["/healthz"])


# ---- compose.yaml


def test_the_services_fit_together() -> None:
    """Whom a service waits for, and every volume and profile that is named, is there; nothing but the proxy is open to
    the world, and nothing is stopped before it had its time."""
    services = compose()["services"]
    profiles = {name: set(each.get("profiles", ())) for name, each in services.items()}
    assert profiles == {
        "tenfold-1": {"webhook"},
        "tenfold-2": {"webhook"},
        "tenfold-polling": {"polling"},
        "caddy": {"webhook"},
        "postgres": set(),
    }
    for name, service in services.items():
        for other, how in service.get("depends_on", {}).items():
            assert profiles[other] <= profiles[name], f"{name} waits for {other}, which isn't there"
            assert how["condition"] in {"service_healthy", "service_started"}
            assert how["condition"] == "service_started" or "healthcheck" in services[other]
        for volume in service.get("volumes", ()):
            source = volume.split(":")[0]
            assert source in compose()["volumes"] or (ROOT / source).is_file()
        assert ("ports" in service) == (name == "caddy")
        assert service["restart"] == "unless-stopped"
        assert re.fullmatch(r"tenfold|caddy:2|postgres:18", service["image"])
    assert "postgres:/var/lib/postgresql" in services["postgres"]["volumes"]


def test_every_replica_is_the_bot() -> None:
    """They share the database and the webhook's address; the one that polls has no address, whatever .env says."""
    services = compose()["services"]
    replicas = {name: each for name, each in services.items() if name.startswith("tenfold")}
    for name, replica in replicas.items():
        assert int(replica["stop_grace_period"].removesuffix("s")) > GONE_WITHIN
        assert replica["environment"]["PORT"] == str(PORT)
        url = replica["environment"]["DATABASE_URL"]
        assert url.startswith("postgresql://tenfold:${POSTGRES_PASSWORD:?")
        assert url.endswith("@postgres/tenfold")
        assert replica["environment"]["WEBHOOK_URL"] == (
            "" if name == "tenfold-polling" else "https://${TENFOLD_HOST:-}/telegram"
        )
    database = services["postgres"]["environment"]
    assert (database["POSTGRES_USER"], database["POSTGRES_DB"]) == ("tenfold", "tenfold")


# ---- Caddy


def test_the_proxy_knows_the_replicas() -> None:
    """Caddy speaks to the services that compose.yaml starts, on their port, and lets the webhook's path through."""
    written = text("hosting/Caddyfile")
    services = compose()["services"]
    behind = re.findall(r"([\w-]+):(\d+)", re.search(r"reverse_proxy (.*) {", written)[1])  # type: ignore[index]
    assert behind == [("tenfold-1", str(PORT)), ("tenfold-2", str(PORT))]
    assert {name for name, _port in behind} <= set(services)
    path = re.search(r"handle (/\w+) {", written)[1]  # type: ignore[index]
    assert services["tenfold-1"]["environment"]["WEBHOOK_URL"].endswith(f"}}{path}")
    assert "health_uri /readyz" in written


class Server(ThreadingHTTPServer):
    """Answers everything with one status, and remembers what it was asked for."""

    daemon_threads = True
    status: int
    asked: list[str]


class _Answers(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        server = self.server
        assert isinstance(server, Server)
        server.asked.append(self.path)
        length = int(self.headers.get("Content-Length", 0))
        self.rfile.read(length)
        self.send_response(server.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_POST = do_GET  # noqa: N815 - the name is theirs

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is theirs
        pass


@contextmanager
def server(status: int) -> Iterator[Server]:
    """A server on a port of its own."""
    made = Server(("127.0.0.1", 0), _Answers)
    made.status, made.asked = status, []
    thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield made
    finally:
        made.shutdown()
        made.server_close()
        thread.join()


def asked(port: int, method: str, path: str) -> int:
    """The status of the answer; 0 if there is none."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request(method, path, body=b"{}" if method == "POST" else None)
        return connection.getresponse().status
    except OSError:
        return 0
    finally:
        connection.close()


# Caddy and systemd come with a system and not by pip: where one isn't there, nobody could be asked.
@pytest.mark.skipif(not shutil.which("caddy"), reason="Caddy is not installed")
def test_caddy_gives_everything_to_whoever_is_ready(tmp_path: Path) -> None:
    """The real proxy with the real file: one that isn't ready gets nothing, and nor does one that died, once that was
    noticed (until then an older Caddy refuses some, and Telegram brings those again); nothing but the webhook's path
    is to be seen from outside."""
    with server(200) as first, server(200) as second, server(404) as free, ExitStack() as held:
        front = free.server_port
        free.shutdown()
        free.server_close()
        written = text("hosting/Caddyfile")
        for name, each in (("tenfold-1", first), ("tenfold-2", second)):
            written = written.replace(f"{name}:{PORT}", f"127.0.0.1:{each.server_port}")
        written = written.replace("health_interval 2s", "health_interval 100ms")
        # No certificate, and no door of Caddy's own that another Caddy on this machine may have.
        (tmp_path / "Caddyfile").write_text(f"{{\n\tadmin off\n\tauto_https off\n}}\n{written}")
        log = held.enter_context((tmp_path / "log").open("wb"))
        caddy = subprocess.Popen(
            ["caddy", "run", "--adapter", "caddyfile", "--config", str(tmp_path / "Caddyfile")],
            env={**os.environ, "TENFOLD_HOST": f"http://127.0.0.1:{front}", "HOME": str(tmp_path)},
            stdout=subprocess.DEVNULL,
            stderr=log,
        )
        try:
            until(lambda: asked(front, "POST", "/telegram") == 200, lambda: (tmp_path / "log").read_text()[-2000:])
            assert [asked(front, "GET", path) for path in ("/", "/metrics", "/readyz", "/healthz")] == [404] * 4
            until(lambda: asked(front, "POST", "/telegram") and first.asked and second.asked, "both to be asked")
            second.status = 503

            def gets_nothing() -> bool:
                before = second.asked.count("/telegram")
                statuses = {asked(front, "POST", "/telegram") for _each in range(20)}
                return statuses == {200} and second.asked.count("/telegram") == before

            until(gets_nothing, "the one that isn't ready to get nothing")
            second.status = 200
            until(lambda: not gets_nothing(), "it to be asked again")
            first.shutdown()
            first.server_close()
            until(lambda: {asked(front, "POST", "/telegram") for _each in range(20)} == {200}, "it to be noticed")
        finally:
            caddy.terminate()
            caddy.wait(20)


# ---- systemd


def test_the_unit_gives_it_its_time_and_its_folder() -> None:
    """Whoever stops it waits for longer than it takes; where it may write is where the guide puts things."""
    service, guide = unit()["Service"], text("docs/hosting.md")
    assert int(service["TimeoutStopSec"]) > GONE_WITHIN
    assert service["KillSignal"] == "SIGTERM"
    assert service["ExecStart"].endswith("/tenfold run")
    assert service["ExecStart"].removesuffix("/bin/tenfold run") in guide
    assert service["WorkingDirectory"] == f"/var/lib/{service['StateDirectory']}"
    assert f"--home {service['WorkingDirectory']} {service['User']}" in guide
    assert service["ReadWritePaths"].removeprefix("-") in guide


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed")  # as Caddy above
def test_systemd_understands_the_unit(tmp_path: Path) -> None:
    """It has no complaint, and counts it among the services that could do little harm."""
    here = tmp_path / "tenfold.service"
    here.write_text(text("hosting/tenfold.service").replace("/opt/tenfold/.venv/bin/tenfold", sys.executable))
    verified = subprocess.run(
        ["systemd-analyze", "verify", str(here)], check=False, capture_output=True, text=True, timeout=60
    )
    assert (verified.returncode, verified.stderr) == (0, "")
    exposed = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--threshold=20", str(here)],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert exposed.returncode == 0, exposed.stdout[-300:]
