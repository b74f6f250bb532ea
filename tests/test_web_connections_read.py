"""Connections that never read, or never say all they want, are not held for ever."""

import asyncio
import socket
from asyncio import sslproto
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from starlette.types import Receive, Scope, Send

from coreg.web.server import connections, streams
from coreg.web.server.connections import MOST_CONNECTIONS, HttpConnection
from coreg.web.server.listening import PagesServer, pages_server
from tests.helpers.evening_server import LATE_S, entered, served

ASKS = b"GET / HTTP/1.1\r\nHost: here\r\n\r\n"
ASKS_ONCE = b"GET / HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n"
HALF_SAID = b"POST /said HTTP/1.1\r\nHost: here\r\nContent-Length: 100\r\n\r\nabc"
LONG, SHORT = b"x" * 400_000, b"short"
SMALL_BYTES = 4096


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer with much where nothing was said, and wait for all that is said."""
    if scope["path"] == "/long-thought-about":
        await receive()  # that it was asked
        await receive()  # that nobody is there any more
    body = LONG if scope["method"] == "GET" and scope["path"] == "/" else SHORT
    while scope["method"] == "POST" and (await receive()).get("more_body"):
        pass
    size = str(len(body)).encode()
    headers = [(b"content-length", size)]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


@dataclass(frozen=True, slots=True)
class Answering:
    server: PagesServer
    port: int
    met: list[HttpConnection]
    held: ExitStack

    @property
    def there(self) -> int:
        return len(self.server.server_state.connections)

    async def says(self, said: bytes) -> socket.socket:
        """Connect, and say this; nothing is read by itself."""
        loop = asyncio.get_running_loop()
        one = self.held.enter_context(socket.socket())
        one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL_BYTES)
        one.settimeout(0.0)
        await loop.sock_connect(one, ("127.0.0.1", self.port))
        await loop.sock_sendall(one, said)
        return one


@asynccontextmanager
async def answering() -> AsyncIterator[Answering]:
    with socket.socket() as listens, ExitStack() as held:
        listens.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SMALL_BYTES)
        listens.bind(("127.0.0.1", 0))
        listens.listen(MOST_CONNECTIONS)
        met: list[HttpConnection] = []

        class Met(HttpConnection):
            def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
                super().connection_made(transport)
                met.append(self)  # once it is among those that are there

        server = pages_server(app, begins=Met)
        serving = asyncio.create_task(server.answer_on([listens]))
        await server.until_started()
        try:
            yield Answering(server, listens.getsockname()[1], met, held)
        finally:
            held.close()
            server.should_exit = True
            await asyncio.wait_for(serving, LATE_S)


async def comes(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(LATE_S):
        while not holds():
            await asyncio.sleep(0.01)


@pytest.mark.parametrize(
    "said",
    [ASKS, ASKS_ONCE, HALF_SAID],
    ids=["an answer", "the last answer", "half of what it says"],
)
def test_whoever_never_reads_or_never_says_all_is_let_go(
    monkeypatch: pytest.MonkeyPatch, said: bytes
) -> None:
    monkeypatch.setattr(connections, "READ_WITHIN_S", 0.1)
    monkeypatch.setattr(connections, "ASK_WITHIN_S", 0.2)

    async def go() -> None:
        async with answering() as at:
            await at.says(said)
            await comes(lambda: (len(at.met), at.there) == (1, 0))

    asyncio.run(go())


def test_whoever_asks_on_before_being_answered_is_let_go() -> None:
    """No browser does, and a heap of requests would never leave it waiting."""
    asks = ASKS.replace(b"/ ", b"/long-thought-about ", 1)

    async def go() -> None:
        async with answering() as at:
            await at.says(asks)
            hasty = await at.says(asks)
            await asyncio.get_running_loop().sock_sendall(hasty, asks)
            await comes(lambda: (len(at.met), at.there) == (2, 1))

    asyncio.run(go())


@pytest.mark.parametrize("said", [ASKS, ASKS_ONCE], ids=["goes on", "the last"])
def test_a_slow_reader_gets_its_whole_answer(
    monkeypatch: pytest.MonkeyPatch, said: bytes
) -> None:
    """Of the whole time it takes, it may take many times what one wait may last."""
    monkeypatch.setattr(connections, "READ_WITHIN_S", 0.2)

    async def go() -> None:
        loop = asyncio.get_running_loop()
        async with answering() as at:
            slow = await at.says(said)
            began_s, came = loop.time(), 0
            while came < len(LONG):
                some = await asyncio.wait_for(loop.sock_recv(slow, SMALL_BYTES), LATE_S)
                assert some, came
                came += len(some)
                await asyncio.sleep(0.02)
            assert loop.time() - began_s > 2 * connections.READ_WITHIN_S

    asyncio.run(go())


@pytest.mark.parametrize(
    "said",
    [ASKS, ASKS_ONCE, HALF_SAID],
    ids=["an answer", "the last answer", "half of what it says"],
)
def test_whoever_holds_all_connections_so_makes_room(
    monkeypatch: pytest.MonkeyPatch, said: bytes
) -> None:
    for within in ("READ_WITHIN_S", "ASK_WITHIN_S"):
        monkeypatch.setattr(connections, within, 1000.0)  # so time does not do it

    async def go() -> None:
        loop = asyncio.get_running_loop()
        async with answering() as at:
            for number in range(MOST_CONNECTIONS):
                await at.says(said)
                await comes(lambda: len(at.met) == number + 1)  # noqa: B023 - at once
            for _ in range(3):
                asks = await at.says(ASKS.replace(b"/ ", b"/short ", 1))
                answer = await asyncio.wait_for(loop.sock_recv(asks, 1000), LATE_S)
                assert b" 200 " in answer
                assert at.there <= MOST_CONNECTIONS + 1

    asyncio.run(go())


def test_a_line_of_events_that_nobody_reads_is_let_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "READ_WITHIN_S", 0.2)
    monkeypatch.setattr(streams, "SILENT_S", 1000.0)  # so silence does not do it

    async def go() -> None:
        loop = asyncio.get_running_loop()
        async with served(tmp_path) as at:
            keys = await entered(at)
            heads = "".join(f"{name}: {value}\r\n" for name, value in keys.items())
            asks = f"GET /events HTTP/1.1\r\nHost: {at.host}\r\n{heads}\r\n".encode()
            with socket.socket() as line:
                line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL_BYTES)
                line.settimeout(0.0)
                host, port = at.host.split(":")
                await loop.sock_connect(line, (host, int(port)))
                await loop.sock_sendall(line, asks)
                pages = at.hall._pages  # noqa: SLF001
                await comes(lambda: len(pages) == 1)
                (page,) = pages
                for _ in range(60):
                    page.tell("x" * 200_000)
                await comes(lambda: not pages)

    asyncio.run(go())


def test_a_tls_connection_that_was_closed_twice_is_let_go_all_the_same() -> None:
    class Shutting:
        def _start_shutdown(self) -> None:
            pass

    shutting: Any = Shutting()
    loop: Any = None
    transport: Any = sslproto._SSLProtocolTransport(loop, shutting)  # noqa: SLF001
    for _ in range(2):
        transport.close()
    connection = object.__new__(HttpConnection)
    connection.transport = transport
    connection._give_up()
    assert connection.is_over
