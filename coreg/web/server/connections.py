"""Connections: each says in time what it wants, and there are never too many.

Strategy.

1. A connection waits while nothing of it is being answered: before its first request
   has come in, until all of a request is there, and between two requests. It waits for
   `ASK_WITHIN_S` at most, from when it began to and not from its last byte.
2. It waits, too, while more of an answer is ready than the other end reads, also where
   it is only to be closed after that. Where nothing at all is read for
   `READ_WITHIN_S`, it is let go; a slow reader goes on.
3. Nobody may ask on before the last answer is there: no browser does, and a heap of
   requests would never leave a connection waiting.
4. Where there is one more than there is room for, whoever has waited longest makes
   room; among phones, of the address that has most (room.py). A browser asks as soon
   as it is connected, and reads what it asked for, so what goes is what never asks or
   never reads.
5. So few are taken on at a time (`BACKLOG`) that all of them together stay far below
   the files that a program may have open, which is 256 on some systems.
6. What anybody may send is not written down, or it could fill a disk: only what has a
   traceback is.

A page's WebSocket is no longer a connection of this kind: pages are counted where they
are let in.
"""

import asyncio
import logging
import math
from collections.abc import Iterable
from enum import Enum
from typing import cast

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle
from uvicorn.protocols.websockets.websockets_sansio_impl import (
    WebSocketsSansIOProtocol,
)

from coreg.web.server.room import Here, Room, room_for_all

ASK_WITHIN_S = 10.0
READ_WITHIN_S = 10.0
MOST_CONNECTIONS = 64
BACKLOG = 32
_LONGEST_LINE_BYTES = 8000  # of what the WebSocket's own reader takes


def write_down_faults_alone() -> None:
    """Have the server write down what has a traceback, and nothing else."""
    logging.getLogger("uvicorn.error").addFilter(_has_traceback)


def _has_traceback(record: logging.LogRecord) -> bool:
    return bool(record.exc_info)


class _Reading(Enum):
    """What a connection waits for where it does not wait to be asked."""

    THE_ANSWER = "the other end reads too little of it"
    THE_LAST = "it is closed once the other end has read the rest"


class HttpConnection(H11Protocol):
    """One connection of a browser, or of whoever else connects."""

    room = room_for_all(MOST_CONNECTIONS)
    _gives_up: asyncio.TimerHandle | None = None
    _waits_for: object = None
    _unread_bytes = 0
    _is_over = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Wait for its first request, in another's place where there are too many."""
        super().connection_made(transport)
        self._heed()
        _make_room(self.connections, self.room)

    def data_received(self, data: bytes) -> None:
        """Read on; whoever asks on before being answered is let go."""
        super().data_received(data)
        if self._is_asked_too_soon:
            self.let_go()
        else:
            self._heed()

    def on_response_complete(self) -> None:
        """Wait for the next request."""
        super().on_response_complete()
        self._heed()

    def pause_writing(self) -> None:
        """Wait until the other end has read some of what is ready for it."""
        super().pause_writing()
        self._heed()

    def resume_writing(self) -> None:
        """Write on."""
        super().resume_writing()
        self._heed()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing any more."""
        self._is_over = True
        self._wait_no_more()
        super().connection_lost(exc)

    def handle_websocket_upgrade(self, event: h11.Request) -> None:
        """Hand over to a WebSocket, with cookies in lines that are not too long.

        A browser opens one on a connection of its own, where nothing is left to be
        read: from here on nobody would wait for that.
        """
        if self.transport.get_write_buffer_size():
            self.let_go()
            return
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

    @property
    def is_over(self) -> bool:
        """Whether it is gone, or let go: one that is only closed may have to wait."""
        return self._is_over

    def let_go(self) -> None:
        """Close it, whatever it was about to say."""
        self._is_over = True
        self._wait_no_more()
        self.transport.abort()

    def _heed(self) -> None:
        """Begin to wait, go on, or stop, by what it now waits for."""
        waits_for = self._is_to_come()
        if waits_for is None:
            self._wait_no_more()
        elif waits_for is not self._waits_for:
            self._wait_no_more()
            self._wait(waits_for)

    def _is_to_come(self) -> object:
        """Return what has to come from the other end; None while we are to answer."""
        if self._is_over or self.transport.get_protocol() is not self:
            return None  # or it has become a page's WebSocket
        if self.transport.is_closing():
            return _Reading.THE_LAST
        if self.flow.write_paused:
            return _Reading.THE_ANSWER
        cycle = cast("RequestResponseCycle | None", self.cycle)  # before the first
        if cycle is None:
            return self
        if cycle.response_complete or cycle.more_body:
            return cycle  # the rest of this request, or the next one
        return None

    @property
    def _is_asked_too_soon(self) -> bool:
        if self._is_over or self.transport.get_protocol() is not self:
            return False
        cycle = cast("RequestResponseCycle | None", self.cycle)
        is_answering = cycle is not None and not cycle.response_complete
        is_asked = self.conn.their_state is h11.DONE  # whole: what follows is another
        return is_answering and is_asked and bool(self.conn.trailing_data[0])

    def _wait(self, waits_for: object) -> None:
        reads = isinstance(waits_for, _Reading)
        self._waits_for = waits_for
        self._unread_bytes = self._unread()
        self._gives_up = self.loop.call_later(
            READ_WITHIN_S if reads else ASK_WITHIN_S, self._give_up
        )

    def _give_up(self) -> None:
        """Let it go, unless it reads what there still is for it, however slowly."""
        if self._unread() < self._unread_bytes:
            self._wait(self._waits_for)
        else:
            self.let_go()

    def _unread(self) -> int:
        """Return how much is ready for the other end, and not read yet.

        Python's TLS transport forgets its protocol where it is closed a second time,
        and can be asked no more: then nothing waits.
        """
        try:
            return self.transport.get_write_buffer_size()
        except AttributeError:
            return 0

    def _wait_no_more(self) -> None:
        self._waits_for = None
        if self._gives_up is not None:
            self._gives_up.cancel()
            self._gives_up = None


def _make_room(connections: Iterable[object], room: Room) -> None:
    """Let go of the one that has waited longest, where there is one too many."""
    there = sorted((each for each in connections if not _is_gone(each)), key=_gives_up)
    leaves = room.leaves(
        [
            Here(
                address=address_of(_transport(each)), may_go=_gives_up(each) < math.inf
            )
            for each in there
        ]
    )
    if leaves is not None:
        cast("HttpConnection", there[leaves]).let_go()


def _gives_up(connection: object) -> float:
    """Return when a connection has waited long enough; never while it is answered."""
    if not isinstance(connection, HttpConnection) or connection.gives_up_s is None:
        return math.inf
    return connection.gives_up_s


def address_of(transport: asyncio.BaseTransport) -> str:
    """Return where the other end is; nothing where that is not known any more."""
    peer: tuple[str, int] | None = transport.get_extra_info("peername")
    return peer[0] if peer else ""


def _is_gone(connection: object) -> bool:
    if isinstance(connection, HttpConnection):
        return connection.is_over
    return _transport(connection).is_closing()


def _transport(connection: object) -> asyncio.Transport:
    transport: asyncio.Transport = connection.transport  # type: ignore[attr-defined]
    return transport


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
