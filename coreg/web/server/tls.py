"""TLS for phones: a handshake each, in time, never too many at once, nor too often.

Strategy.

1. TLS 1.3 and nothing older: every phone of the last years speaks it, and there is
   nothing to choose that could be chosen badly.
2. A connection comes to the pages once its handshake is done. Until then it waits in
   the gate: for `SHAKE_WITHIN_S` at most, and where there is one more than there is
   room for, whoever has waited longest of the address that has most makes room. So
   whoever only connects takes no file and no place from the pages of this computer, nor
   from another phone (room.py).
3. A handshake is a signature of ours, the dearest thing that a stranger can ask for
   without a word. So an address that has not joined begins one only so often, and all
   of those together (phones/budget.py); what is too often is closed before it costs
   anything. Whoever has joined is not counted.
"""

import asyncio
import ssl
from collections.abc import Callable, MutableSet
from contextlib import suppress
from pathlib import Path
from typing import Any

from coreg.base.supervision import once
from coreg.web.phones.budget import Allowance, Budget
from coreg.web.server.connections import (
    MOST_CONNECTIONS,
    HttpConnection,
    address_of,
)
from coreg.web.server.room import Here, Room

SHAKE_WITHIN_S = 5.0
MOST_SHAKING = 24
SHAKING_OF_ONE = 10  # a browser opens six at once
SHAKING_OF_STRANGERS = 16
SHAKES_OF_ONE = Allowance(at_once=36, again_s=0.5)  # a page opened six times over
SHAKES_OF_ALL = Allowance(at_once=120, again_s=0.05)
CONNECTIONS_OF_ONE = 24
CONNECTIONS_OF_STRANGERS = 40
_LARGEST_EARLY_BYTES = 64 * 1024


def tls_context(certificate: Path) -> ssl.SSLContext:
    """Return what speaks TLS 1.3 with the key and the certificate of this file.

    Raises
    ------
    OSError
        If the file cannot be read, or holds none (`ssl.SSLError`).
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.set_alpn_protocols(["http/1.1"])
    context.num_tickets = 0  # each comes by its own handshake; nothing is remembered
    context.load_cert_chain(certificate)
    return context


def gate_of(
    context: ssl.SSLContext,
    *,
    has_joined: Callable[[str], bool],
    met: MutableSet[asyncio.Transport],
    now_s: Callable[[], float],
) -> type[asyncio.Protocol]:
    """Return the protocol that a server of this context begins connections with.

    `has_joined` says of an address whether a device there has a place. `met` is told
    of every connection: one that is closed says goodbye first, and whoever never
    answers that would be waited for.
    """
    waiting: dict[_Gate, None] = {}
    shakes = Budget(SHAKES_OF_ONE, SHAKES_OF_ALL)
    before = Room(
        most=MOST_SHAKING,
        of_one=SHAKING_OF_ONE,
        of_strangers=SHAKING_OF_STRANGERS,
        has_joined=has_joined,
    )
    then = Room(
        most=MOST_CONNECTIONS,
        of_one=CONNECTIONS_OF_ONE,
        of_strangers=CONNECTIONS_OF_STRANGERS,
        has_joined=has_joined,
    )

    class OfPhone(HttpConnection):
        room = then

    class Gate(_Gate):
        def __init__(self, **of_http: Any) -> None:
            super().__init__(context, waiting, before, lambda: OfPhone(**of_http))

        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            address = address_of(transport)
            if has_joined(address) or shakes.allows(address, now_s()):
                met.add(transport)
                super().connection_made(transport)
            else:
                transport.abort()

    return Gate


class _Gate(asyncio.Protocol):
    """One connection before its handshake is done."""

    def __init__(
        self,
        context: ssl.SSLContext,
        waiting: "dict[_Gate, None]",
        room: Room,
        begins: Callable[[], HttpConnection],
    ) -> None:
        self._context = context
        self._waiting = waiting
        self._room = room
        self._begins = begins
        self._transport: asyncio.Transport | None = None
        self.address = ""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin the handshake, in another's place where too many are under way."""
        transport.pause_reading()  # the first byte is for the handshake
        self._transport = transport
        self.address = address_of(transport)
        self._waiting[self] = None
        self._make_room()
        once("a handshake", self._shake, failed=lambda _error: self.let_go())

    def _make_room(self) -> None:
        there = list(self._waiting)
        leaves = self._room.leaves(
            [Here(address=each.address, may_go=True) for each in there]
        )
        if leaves is not None:
            there[leaves].let_go()

    def let_go(self) -> None:
        """Close it, wherever its handshake is."""
        self._waiting.pop(self, None)
        if self._transport is not None:
            self._transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing any more."""
        del exc
        self._waiting.pop(self, None)

    async def _shake(self) -> None:
        transport = self._transport
        if transport is None:
            return
        early = _Early()
        loop = asyncio.get_running_loop()
        secured: asyncio.Transport | None = None
        # Whoever speaks no TLS, leaves or takes too long is nobody's fault of ours.
        with suppress(OSError, ValueError):
            secured = await loop.start_tls(
                transport,
                early,
                self._context,
                server_side=True,
                ssl_handshake_timeout=SHAKE_WITHIN_S,
            )
        self._waiting.pop(self, None)
        if secured is None or early.is_over:
            transport.abort()
        else:
            early.hand_over(secured, self._begins())


class _Early(asyncio.Protocol):
    """Keeps what comes between the handshake and who is to read it."""

    def __init__(self) -> None:
        self._came = bytearray()
        self.is_over = False

    def data_received(self, data: bytes) -> None:
        """Keep this for a moment; nobody says so much before being heard."""
        self._came += data
        self.is_over = self.is_over or len(self._came) > _LARGEST_EARLY_BYTES

    def eof_received(self) -> None:
        """Nobody is there any more."""
        self.is_over = True

    def connection_lost(self, exc: Exception | None) -> None:
        """Nobody is there any more."""
        del exc
        self.is_over = True

    def hand_over(self, transport: asyncio.Transport, to: asyncio.Protocol) -> None:
        """Let another one read, from the first byte on."""
        transport.set_protocol(to)
        to.connection_made(transport)
        if self._came:
            to.data_received(bytes(self._came))
