"""Connections that never say what they want take nothing from those that do."""

import asyncio
import logging
import os
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager
from pathlib import Path

import httpx
import pytest

from coreg.web.server import connections
from coreg.web.server.connections import MOST_CONNECTIONS, cookie_lines
from tests.helpers.evening_server import LATE_S, Served, entered, page, served

ROOT = Path(__file__).resolve().parents[1]
HALF = b"GET / HTTP/1.1\r\nHost: half"
Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@asynccontextmanager
async def half_open(at: Served, said: bytes = HALF) -> AsyncIterator[Streams]:
    """A connection that began to ask for something."""
    host, port = at.host.split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(said)
    try:
        yield reader, writer
    finally:
        writer.close()


async def is_closed(reader: asyncio.StreamReader) -> bool:
    """Wait until the server has closed this connection, having said nothing."""
    try:
        return await asyncio.wait_for(reader.read(), LATE_S) == b""
    except ConnectionError:
        return True


@pytest.mark.parametrize("said", [b"", HALF], ids=["nothing", "half a request"])
def test_a_request_that_never_ends_is_closed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: bytes
) -> None:
    monkeypatch.setattr(connections, "ASK_WITHIN_S", 0.05)

    async def go() -> None:
        async with served(tmp_path) as at, half_open(at, said) as (reader, _):
            assert await is_closed(reader)

    asyncio.run(go())


def test_a_byte_now_and_then_gains_no_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "ASK_WITHIN_S", 0.1)

    async def drip(writer: asyncio.StreamWriter) -> None:
        while not writer.is_closing():
            writer.write(b"a")
            await asyncio.sleep(0.01)

    async def go() -> None:
        async with served(tmp_path) as at, half_open(at) as (reader, writer):
            dripping = asyncio.create_task(drip(writer))
            assert await is_closed(reader)
            dripping.cancel()

    asyncio.run(go())


def test_a_second_request_on_the_same_connection_has_to_come_in_time_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "ASK_WITHIN_S", 0.2)

    async def go() -> None:
        async with served(tmp_path) as at:
            whole = f"GET /healthz HTTP/1.1\r\nHost: {at.host}\r\n\r\n".encode()
            async with half_open(at, whole) as (reader, writer):
                answer = await reader.readuntil(b"\r\n\r\n")
                assert answer.split()[1] == b"204"
                writer.write(HALF)
                assert await is_closed(reader)

    asyncio.run(go())


def test_a_page_and_an_answer_under_way_may_take_as_long_as_they_like(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "ASK_WITHIN_S", 0.05)

    async def go() -> None:
        async with served(tmp_path) as at, page(at, await entered(at)) as one:
            await one.screen("welcome")
            async with half_open(at) as (reader, _):
                assert await is_closed(reader)  # so much time has gone by
            await one.say("ping", id=1)
            await one.until(lambda m: m["type"] == "pong")

    asyncio.run(go())


def test_whoever_waited_longest_without_asking_makes_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "ASK_WITHIN_S", 1000.0)  # so time does not do it

    async def go() -> None:
        async with (
            served(tmp_path) as at,
            page(at, await entered(at)) as one,
            half_open(at) as (oldest, _),
            AsyncExitStack() as others,
        ):
            await one.screen("welcome")
            for _ in range(MOST_CONNECTIONS):
                await others.enter_async_context(half_open(at))
            assert await is_closed(oldest)
            async with httpx.AsyncClient() as client:
                answer = await client.get(f"{at.origin}/healthz")
            assert answer.status_code == 204
            await one.say("ping", id=1)
            await one.until(lambda m: m["type"] == "pong")

    asyncio.run(go())


def test_whoever_was_answered_and_asks_no_more_makes_room_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "ASK_WITHIN_S", 1000.0)

    async def go() -> None:
        async with served(tmp_path) as at, AsyncExitStack() as others:
            asks = f"GET /healthz HTTP/1.1\r\nHost: {at.host}\r\n\r\n".encode()
            for _ in range(MOST_CONNECTIONS + 1):
                reader, _ = await others.enter_async_context(half_open(at, asks))
                assert b" 204 " in await reader.readuntil(b"\r\n\r\n")

    asyncio.run(go())


def test_a_long_request_may_come_in_pieces(tmp_path: Path) -> None:
    """Other programs' cookies make it long, and a busy computer sends it so."""

    async def go() -> None:
        async with served(tmp_path) as at:
            good = await entered(at)
            others = "; ".join(f"other{number}={'x' * 3900}" for number in range(12))
            begins = f"GET / HTTP/1.1\r\nHost: {at.host}\r\nCookie: {others}; "
            async with half_open(at, begins.encode()) as (reader, writer):
                await writer.drain()
                await asyncio.sleep(0.1)
                writer.write(f"{good['Cookie']}\r\n\r\n".encode())
                answer = await reader.readuntil(b"\r\n\r\n")
            assert b" 200 " in answer

    asyncio.run(go())


FEW_FILES = 256  # as some systems allow
PROGRAM = f"""
import resource, sys
resource.setrlimit(resource.RLIMIT_NOFILE, ({FEW_FILES}, {FEW_FILES}))
from coreg.cli import main
sys.exit(main(["--no-browser", "--port", "0"]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="it has no such limit of files")
def test_more_half_open_connections_than_files_may_be_open_freeze_nothing(
    tmp_path: Path,
) -> None:
    """Once: no answer for ever, and a traceback a moment on standard error."""
    with (
        subprocess.Popen(
            [sys.executable, "-c", PROGRAM],
            cwd=ROOT,
            env={**os.environ, "COREG_DATA_DIR": str(tmp_path)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as running,
        ExitStack() as half,
    ):
        assert running.stdout is not None
        origin = running.stdout.readline().split("/?")[0]
        port = int(origin.rsplit(":", maxsplit=1)[1])
        for _ in range(FEW_FILES + 50):
            each = half.enter_context(socket.socket())
            each.connect(("127.0.0.1", port))
            each.send(HALF)
        answer = httpx.get(f"{origin}/healthz", timeout=LATE_S)
        assert answer.status_code == 204
        running.terminate()
        _, errors = running.communicate(timeout=LATE_S)
    assert "Traceback" not in errors
    assert len(errors.splitlines()) < 5


TO_A_SOCKET = "GET /ws HTTP/1.1\r\nHost: HOST\r\nUpgrade: websocket\r\n"
RUBBISH = {
    "no HTTP": "\x16\x03\x01 rubbish\r\n\r\n",
    "a body that never comes": "POST / HTTP/1.1\r\nHost: HOST\r\n"
    "Content-Length: 100000\r\n\r\nabc",
    "another protocol": "GET / HTTP/1.1\r\nHost: HOST\r\nConnection: upgrade\r\n"
    "Upgrade: h2c\r\n\r\n",
    "a socket without a key": f"{TO_A_SOCKET}Connection: upgrade\r\n\r\n",
    "a socket of a stranger": f"{TO_A_SOCKET}Connection: upgrade\r\n"
    "Sec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
    "a line too long for a socket": f"{TO_A_SOCKET}Connection: upgrade\r\n"
    f"X: {'x' * 9000}\r\n\r\n",
    "a socket asked for by a post": TO_A_SOCKET.replace("GET", "POST")
    + "Connection: upgrade\r\nContent-Length: 5\r\n\r\n",
    "too many lines for a socket": f"{TO_A_SOCKET}Connection: upgrade\r\n"
    + "X: x\r\n" * 300
    + "\r\n",
}


@pytest.mark.parametrize("rubbish", RUBBISH.values(), ids=list(RUBBISH))
def test_rubbish_is_closed_and_not_written_down(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, rubbish: str
) -> None:
    """Whoever connects could fill a disk with it, or hold a connection for ever."""

    async def go() -> None:
        async with served(tmp_path) as at:
            said = rubbish.replace("HOST", at.host).encode("latin-1")
            async with half_open(at, said) as (reader, _):
                answer = await asyncio.wait_for(reader.read(), LATE_S)
            # Which refusal it is, the library decides: 400, or 431 where it is newer.
            assert answer == b"" or answer.startswith(b"HTTP/1.1 4")

    asyncio.run(go())
    assert [each for each in caplog.records if each.levelno >= logging.WARNING] == []


def test_long_cookies_are_told_in_lines_that_a_websocket_takes() -> None:
    short, long = b"a=1", b"b=" + b"x" * 4000
    assert cookie_lines(short) == [short]
    assert cookie_lines(b"; ".join([short, long, long])) == [
        short + b"; " + long,
        long,
    ]
    assert cookie_lines(b"c=" + b"x" * 9000 + b"; " + short) == [short]
    assert cookie_lines(b"") == []
    assert cookie_lines(b" ; ;a=1;") == [b"a=1"]
