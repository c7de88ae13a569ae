"""A balancer between Telegram and several replicas, as a process of its own: by turns, among those that are well.

    with balancer(8001, 8002) as origin:
        api.bring_through(origin)

It looks at /healthz of each several times a second. Who doesn't answer in time gets nothing until it does again; and a
request that got no answer goes to the next one, as with nginx's `proxy_next_upstream`: an update that comes twice is
stored once.
"""

import asyncio
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path

from aiohttp import ClientError, ClientSession, ClientTimeout, TCPConnector, web

from tests.botapi import Unmet

LOOK = 0.3
"""Seconds between two looks, and for which one waits."""

ANSWER = 5.0
"""Seconds for which an answer to an update is waited for."""

_TROUBLE = (ClientError, TimeoutError, OSError)


class _Balancer:
    """The replicas behind it, by their ports."""

    def __init__(self, ports: list[int]) -> None:
        self._ports = ports
        self._well = set(ports)
        self._turns = count()
        self._session = ClientSession(connector=TCPConnector(limit=0), auto_decompress=False)

    async def look(self) -> None:
        """Know who is well. Ends only by cancellation."""
        while True:
            await asyncio.gather(*map(self._examine, self._ports), asyncio.sleep(LOOK))

    async def _examine(self, port: int) -> None:
        well = False
        with suppress(*_TROUBLE):
            async with self._session.get(
                f"http://127.0.0.1:{port}/healthz", timeout=ClientTimeout(total=LOOK)
            ) as answer:
                well = answer.status == 200
        (self._well.add if well else self._well.discard)(port)

    async def pass_on(self, request: web.Request) -> web.Response:
        """The answer of the first replica that has one."""
        body = await request.read()
        turn = next(self._turns)
        for port in sorted(self._well, key=lambda each: (self._ports.index(each) - turn) % len(self._ports)):
            with suppress(*_TROUBLE):
                async with self._session.request(
                    request.method,
                    f"http://127.0.0.1:{port}{request.rel_url}",
                    data=body,
                    headers={name: value for name, value in request.headers.items() if name.lower() != "host"},
                    timeout=ClientTimeout(total=ANSWER),
                ) as answer:
                    return web.Response(status=answer.status, body=await answer.read())
            self._well.discard(port)
        return web.Response(status=502)


@contextmanager
def balancer(*ports: int) -> Iterator[str]:
    """The origin of a balancer before the replicas on *ports*, which need not be there yet."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "tests.balancer", str(port), *map(str, ports)]
    with subprocess.Popen(command, cwd=Path(__file__).parents[1], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        if process.stdout.readline() != b"ready\n":
            raise Unmet("the balancer did not start")
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


async def main(port: int, *ports: int) -> None:
    """Balance until terminated."""
    balancing = _Balancer(list(ports))
    app = web.Application(client_max_size=4 << 20)
    app.router.add_route("*", "/{path:.*}", balancing.pass_on)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port, backlog=1024).start()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    await balancing.look()


if __name__ == "__main__":
    asyncio.run(main(*map(int, sys.argv[1:])))
