"""Phones over the house's own network: off, until somebody asks for it.

Strategy.

1. While it is on, a second server answers the same pages under TLS, on this computer's
   private addresses and no other, behind a door of its own (phone_door.py). What opens
   the laptop's pages opens nothing there.
2. Each place is for one device: A's phone, B's phone, a light on another screen. The
   laptop shows a code for each place that is free; whoever scans it first has the
   place, and the laptop says that a phone took it.
3. A place is freed on the laptop. The keys of whoever had it open nothing any more, its
   pages are let go, and there is another code.
4. In a clinic all places are freed whenever a couple leaves: the next one's are theirs.
5. Where the addresses of this computer change (another network), it listens at the new
   ones, under a certificate that names them; who joined has to join again. While there
   is none, because a laptop sleeps or the network is away, everything stays.
"""

import asyncio
import secrets
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from weakref import WeakSet

from starlette.types import ASGIApp

from coreg.base import clock
from coreg.base.supervision import again, apart, ended, once
from coreg.errors import CoregError
from coreg.web.evening.happenings import PhoneCame
from coreg.web.phones.addresses import local_name, private_addresses
from coreg.web.phones.certificate import Certificate, certificate_in
from coreg.web.phones.code_picture import picture_of
from coreg.web.phones.join_codes import JoinCodes, Why
from coreg.web.server.connections import BACKLOG
from coreg.web.server.guests import Guest, Guests
from coreg.web.server.hall import Hall
from coreg.web.server.listening import PagesServer, pages_server
from coreg.web.server.phone_door import JOIN_PATH, PHONE_SEATS, PhoneDoor
from coreg.web.server.run_session import now_s
from coreg.web.server.tls import gate_of, tls_context
from coreg.web.wire.answers import PhonePlace, PhonesTold
from coreg.web.wire.named import Seat
from coreg.web.words import say
from coreg.words import wrong_and_do

_LOOKS_EVERY_S = 1.0
_ADDRESSES_EVERY = 5  # looks
_SAID_FOR_S = 30.0


def _tell_nobody(_trouble: str) -> None:
    """Say nothing: nobody asked from a terminal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """The network that phones are in, and whether they may come in from the start.

    `addresses` are this computer's there, `name` what it is called. Without a port it
    is one that the system gives. `began` hears why they may not, where they were to
    come in from the start; no words where they may.
    """

    addresses: Callable[[], tuple[str, ...]] = private_addresses
    name: str = field(default_factory=lambda: local_name(socket.gethostname()))
    port: int | None = None
    is_on: bool = False
    began: Callable[[str], None] = _tell_nobody


@dataclass(frozen=True, slots=True, kw_only=True)
class _Open:
    """What is there while phones may come."""

    addresses: tuple[str, ...]
    port: int
    certificate: Certificate
    server: PagesServer
    sockets: tuple[socket.socket, ...]
    serving: asyncio.Task[None]


class Lan:
    """Lets phones in, or nobody."""

    def __init__(self, hall: Hall, guests: Guests, house: House) -> None:
        self._hall = hall
        self._folder = hall.folder  # of the launch: a hall may go to a couple's
        self._guests = guests
        self._house = house
        self._codes: JoinCodes[Seat] = JoinCodes(secrets.token_urlsafe)
        self._taken: dict[Seat, float] = {}
        """Which places phones have, and until when the laptop says that one came."""
        self._met: WeakSet[asyncio.Transport] = WeakSet()
        """Every connection of a phone that may still be there."""
        self._addresses: dict[Seat, str] = {}
        """Where the device was that took a place."""
        self._open: _Open | None = None
        self._one_at_a_time = asyncio.Lock()
        self._app: ASGIApp | None = None
        self._looked = 0
        self.trouble = ""

    @asynccontextmanager
    async def living(self, app: ASGIApp) -> AsyncIterator[None]:
        """Serve this app to phones, whenever and as long as it is on."""
        self._app = app
        watching = again(
            "watching the network", self._watch, failed=_is_said, after_s=_LOOKS_EVERY_S
        )
        try:
            if self._house.is_on:
                await self.turn(on=True)
                self._house.began(self.trouble)
            yield
        finally:
            await ended(watching)
            await self._close()

    async def turn(self, *, on: bool) -> None:
        """Let phones in from now on, or nobody; why not is told with the rest."""
        async with self._one_at_a_time:
            if on is (self._open is not None):
                return
            self.trouble = ""
            if not on:
                for seat in PHONE_SEATS:
                    self._free(seat)
                self._codes.withdraw_all()
                await self._close()
                return
            try:
                await self._begin()
            except CoregError as error:
                self.trouble = str(error)

    def free(self, seat: Seat) -> None:
        """Have whoever has a place let in no more."""
        if seat in PHONE_SEATS:
            self._free(seat)

    def send_all_away(self) -> None:
        """Have nobody let in by what they had so far, but the seat in front.

        It stays on: whoever comes next scans a code of their own.
        """
        for seat in PHONE_SEATS:
            self._free(seat)
        self._codes.withdraw_all()
        self._guests.send_all_away()

    def join(self, code: str, address: str) -> Guest | Why:
        """Give the place that a code is for, or say why not."""
        given = self._codes.use(code, address=address, now_s=now_s())
        if isinstance(given, Why):
            return given
        self._taken[given] = now_s() + _SAID_FOR_S
        self._addresses[given] = address
        self._say(given, is_said=True)
        return self._guests.from_elsewhere(given)

    def told(self) -> PhonesTold:
        """Return what the laptop shows of it: how a phone comes in, and who is here."""
        is_open = self._open
        if is_open is None:
            return PhonesTold(
                on=False, words=self.trouble, address="", fingerprint="", places=()
            )
        front = f"https://{is_open.addresses[0]}:{is_open.port}"
        return PhonesTold(
            on=True,
            words="",
            address=front,
            fingerprint=is_open.certificate.fingerprint,
            places=tuple(self._place(seat, front) for seat in PHONE_SEATS),
        )

    def _place(self, seat: Seat, front: str) -> PhonePlace:
        if seat in self._taken:
            is_here = self._hall.is_here(seat)
            return PhonePlace(
                seat=seat, taken=True, here=is_here, address="", picture=""
            )
        code = self._codes.code_for(seat, now_s())
        # A fragment is sent to nobody: it is in no log and no history of a proxy.
        address = f"{front}{JOIN_PATH}#{code.text}"
        return PhonePlace(
            seat=seat,
            taken=False,
            here=False,
            address=address,
            picture=picture_of(address),
        )

    def _free(self, seat: Seat) -> None:
        self._codes.withdraw(seat)
        self._addresses.pop(seat, None)
        if self._taken.pop(seat, None) is None:
            return
        self._guests.send_away(seat)
        self._hall.send_away(seat)
        self._say(seat, is_said=False)

    def _has_joined(self, address: str) -> bool:
        """Whether a device that has a place came from there."""
        return address in self._addresses.values()

    def _say(self, seat: Seat, *, is_said: bool) -> None:
        """Have the laptop say that a phone took a place, or no more."""
        if self._hall.service is not None:
            self._hall.service.take(PhoneCame(seat=seat, is_said=is_said))

    # --- listening --------------------------------------------------------------

    async def _begin(self) -> None:
        addresses = self._house.addresses()
        if not addresses:
            raise CoregError(*wrong_and_do("errors.phones.no-network"))
        certificate = await apart(
            "a certificate for phones", partial(self._certificate, addresses)
        )
        sockets = _listening(addresses, self._house.port)
        port: int = sockets[0].getsockname()[1]
        hosts = tuple(
            f"{each}:{port}" for each in (*addresses, self._house.name) if each
        )
        if self._app is None:
            raise RuntimeError("nothing to be served yet")
        door = PhoneDoor(
            self._app, hosts=hosts, guests=self._guests, join=self.join, now_s=now_s
        )
        context = tls_context(certificate.path)
        gate = gate_of(context, has_joined=self._has_joined, met=self._met, now_s=now_s)
        server = pages_server(door, begins=gate)
        serving = once(
            "answering phones", partial(server.answer_on, sockets), failed=self._fell
        )
        self._open = _Open(
            addresses=addresses,
            port=port,
            certificate=certificate,
            server=server,
            sockets=tuple(sockets),
            serving=serving,
        )
        await server.until_started()

    def _fell(self, _error: Exception) -> None:
        """Say that phones are answered no more; this computer's pages go on."""
        is_open, self._open = self._open, None
        self.trouble = say("fault")
        if is_open is not None:
            for each in is_open.sockets:
                each.close()

    def _certificate(self, addresses: tuple[str, ...]) -> Certificate:
        try:
            return certificate_in(
                self._folder,
                addresses=addresses,
                name=self._house.name,
                now=clock.utc_now(),
            )
        except OSError as error:
            why = error.strerror or type(error).__name__
            told = wrong_and_do("errors.phones.no-certificate", why=why)
            raise CoregError(*told) from None

    async def _close(self) -> None:
        is_open, self._open = self._open, None
        if is_open is not None:
            is_open.server.should_exit = True
            await asyncio.wait([is_open.serving])
            for each in self._met:  # it waits for a goodbye that may never come
                each.abort()
            await asyncio.sleep(0)  # until they are closed

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(_LOOKS_EVERY_S)
            self._say_no_longer()
            self._looked += 1
            if self._looked % _ADDRESSES_EVERY == 0:
                await self._move()

    def _say_no_longer(self) -> None:
        for seat, until_s in self._taken.items():
            if now_s() >= until_s:
                self._say(seat, is_said=False)

    async def _move(self) -> None:
        """Listen at other addresses, where this computer has others now."""
        is_open = self._open
        if is_open is None:
            return
        now = self._house.addresses()
        if now and now != is_open.addresses:
            await self.turn(on=False)
            await self.turn(on=True)


def _listening(addresses: tuple[str, ...], port: int | None) -> list[socket.socket]:
    """Return a socket at each of these addresses, all at one port.

    Raises
    ------
    CoregError
        If the port is taken.
    """
    sockets: list[socket.socket] = []
    try:
        for address in addresses:
            listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
            sockets.append(listening)
            if port:  # as after a restart; one that is free needs no such thing
                listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listening.bind((address, port or 0))
            listening.listen(BACKLOG)
            port = listening.getsockname()[1]
    except OSError:
        for each in sockets:
            each.close()
        told = wrong_and_do("errors.phones.port", port=str(port or ""))
        raise CoregError(*told) from None
    return sockets


def _is_said(_error: Exception) -> None:
    """Do no more: its traceback is written, and this computer's pages go on."""
