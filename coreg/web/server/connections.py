"""Connections: each says in time what it wants, and there are never too many.

Strategy.

1. A connection waits while nothing of it is being answered: before its first request
   has come in whole, and between two requests. It waits for `ASK_WITHIN_S` at most,
   from when it began to and not from its last byte.
2. Where there is one more than `MOST_CONNECTIONS`, whoever has waited longest makes
   room. A browser asks as soon as it is connected, so what goes is what never asks.
3. So few are taken on at a time (`BACKLOG`) that all of them together stay far below
   the files that a program may have open, which is 256 on some systems.

4. What anybody may send is not written down, or it could fill a disk: only what has a
   traceback is.

A page's WebSocket is no longer a connection of this kind: pages are counted where they
are let in.
"""

import asyncio
import logging
from collections.abc import Iterable
from typing import cast

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle
from uvicorn.protocols.websockets.websockets_sansio_impl import (
    WebSocketsSansIOProtocol,
)

ASK_WITHIN_S = 10.0
MOST_CONNECTIONS = 64
BACKLOG = 32
_LONGEST_LINE_BYTES = 8000  # of what the WebSocket's own reader takes


def write_down_faults_alone() -> None:
    """Have the server write down what has a traceback, and nothing else."""
    logging.getLogger("uvicorn.error").addFilter(_has_traceback)


def _has_traceback(record: logging.LogRecord) -> bool:
    return bool(record.exc_info)


class HttpConnection(H11Protocol):
    """One connection of a browser, or of whoever else connects."""

    _gives_up: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Wait for its first request, in another's place where there are too many."""
        super().connection_made(transport)
        self._heed()
        _make_room(self.connections)

    def data_received(self, data: bytes) -> None:
        """Read on."""
        super().data_received(data)
        self._heed()

    def on_response_complete(self) -> None:
        """Wait for the next request."""
        super().on_response_complete()
        self._heed()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing any more."""
        self._wait_no_more()
        super().connection_lost(exc)

    def handle_websocket_upgrade(self, event: h11.Request) -> None:
        """Hand over to a WebSocket, with cookies in lines that are not too long."""
        self.headers = [
            (name, line)
            for name, value in self.headers
            for line in (cookie_lines(value) if name == b"cookie" else [value])
        ]
        super().handle_websocket_upgrade(event)
        socket = cast("WebSocketsSansIOProtocol", self.transport.get_protocol())
        if not socket.handshake_initiated:  # it did not understand, and waits for more
            self.transport.abort()

    @property
    def gives_up_s(self) -> float | None:
        """When, by the loop's clock, it is let go; None while it is answered."""
        return None if self._gives_up is None else self._gives_up.when()

    def let_go(self) -> None:
        """Close it, whatever it was about to say."""
        self._wait_no_more()
        self.transport.abort()

    def _heed(self) -> None:
        """Begin to wait, go on, or stop, as there is something to answer or not."""
        if self._is_answered or self.transport.is_closing():
            self._wait_no_more()
        elif self._gives_up is None:
            self._gives_up = self.loop.call_later(ASK_WITHIN_S, self.let_go)

    @property
    def _is_answered(self) -> bool:
        """Whether an answer is under way, or this has become a page's WebSocket."""
        if self.transport.get_protocol() is not self:
            return True
        cycle = cast("RequestResponseCycle | None", self.cycle)  # before the first
        return cycle is not None and not cycle.response_complete

    def _wait_no_more(self) -> None:
        if self._gives_up is not None:
            self._gives_up.cancel()
            self._gives_up = None


def _make_room(connections: Iterable[object]) -> None:
    """Let go of the one that has waited longest, where there is one too many."""
    there = [each for each in connections if not _is_closing(each)]
    if len(there) <= MOST_CONNECTIONS:
        return
    waiting = {
        each: each.gives_up_s
        for each in there
        if isinstance(each, HttpConnection) and each.gives_up_s is not None
    }
    min(waiting, key=lambda each: waiting[each]).let_go()


def _is_closing(connection: object) -> bool:
    transport: asyncio.Transport = connection.transport  # type: ignore[attr-defined]
    return transport.is_closing()


def cookie_lines(cookies: bytes) -> list[bytes]:
    """Return the cookies of one line as several, none too long to be read.

    Other programs on this computer may set many, and large ones: a browser sends them
    to every port. One that is too long by itself is none of ours, and left out.

    Examples
    --------
    >>> cookie_lines(b"a=1; b=2")
    [b'a=1; b=2']
    """
    lines: list[bytes] = []
    for cookie in filter(None, map(bytes.strip, cookies.split(b";"))):
        if len(cookie) > _LONGEST_LINE_BYTES:
            continue
        if lines and len(lines[-1]) + len(cookie) + 2 <= _LONGEST_LINE_BYTES:
            lines[-1] += b"; " + cookie
        else:
            lines.append(cookie)
    return lines
