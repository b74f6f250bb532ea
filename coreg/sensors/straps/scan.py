"""One scan for all who look for a strap, which stands still while somebody connects.

BlueZ lets a program scan once, and connect to one device at a time: a second one of
either is InProgress (bleak #1036, #1369); and many adapters cannot scan and connect
at once. Nothing more has to wait for anything else. So whoever looks for a strap joins
the one scan that there is, and only connecting has the adapter for itself.

The scan begins anew for each who joins. An adapter tells of a device once a scan, and
a scan of more than ten seconds is interrupted for some: a new one hears what is there.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress

from bleak import BleakScanner
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData, BaseBleakScanner
from bleak.uuids import normalize_uuid_16

from coreg.base import clock
from coreg.base.supervision import whole
from coreg.errors import RadioError
from coreg.facts.events import NS_PER_S
from coreg.sensors.quirks.words import Trouble, radio_error
from coreg.sensors.straps.radio_errors import in_words

HEART_RATE_SERVICE = normalize_uuid_16(0x180D)

_COMES_WITHIN_S = 2.0

Hear = Callable[[BLEDevice, AdvertisementData], None]
Exactly = Callable[[RadioError], Awaitable[RadioError]]


class Listening:
    """One who listens, for so many seconds of scanning or until it has `heard_enough`.

    Seconds in which the scan stands still do not count: nothing could be heard in them.
    """

    def __init__(self, hear: Hear, seconds: float) -> None:
        self.hear = hear
        self._left_s = seconds
        self._began_ns = 0
        self._patience: asyncio.TimerHandle | None = None
        self._over = asyncio.Event()
        self._trouble: RadioError | None = None

    def heard_enough(self) -> None:
        """Listen no longer."""
        self._over.set()

    async def is_over(self) -> None:
        """Wait until it is.

        Raises
        ------
        RadioError
            If the scan could not go on.
        """
        await self._over.wait()
        if self._trouble is not None:
            raise self._trouble

    # --- what the scan says

    def resume(self) -> None:
        """Count the seconds from now on."""
        self._began_ns = clock.monotonic_ns()
        loop = asyncio.get_running_loop()
        self._patience = loop.call_later(self._left_s, self._over.set)

    def hold_still(self) -> None:
        """Count no seconds for now."""
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None
            self._left_s -= (clock.monotonic_ns() - self._began_ns) / NS_PER_S

    def broke(self, error: RadioError) -> None:
        """Take why there is no scan."""
        self._trouble = error
        self._over.set()


class SharedScan:
    """The scan of one adapter. `exactly` may find better words for an error.

    It is begun and ended whole: half a StartDiscovery leaves BlueZ scanning for a
    program that does not know it.

    It `has_worked` where it began at least once.
    """

    def __init__(
        self,
        backend: type[BaseBleakScanner] | None,
        patience_s: float,
        exactly: Exactly,
    ) -> None:
        self._backend = backend
        self._patience_s = patience_s
        self._exactly = exactly
        self.has_worked = False
        self._turn = asyncio.Lock()  # to begin the scan, to end it, or to do without
        self._scanner: BleakScanner | None = None
        self._listening: list[Listening] = []
        self._overhearing: list[Hear] = []

    @asynccontextmanager
    async def heard_by(self, listening: Listening) -> AsyncIterator[None]:
        """Scan for straps and hand each advertisement over."""
        self._listening.append(listening)
        try:
            async with self._turn:
                await whole("scanning", self._begin_anew)
            yield
        finally:
            listening.hold_still()
            self._listening.remove(listening)
            await self._rest()

    @contextmanager
    def overheard_by(self, hear: Hear) -> Iterator[None]:
        """Hand over what is heard while others scan; this alone begins no scan."""
        self._overhearing.append(hear)
        try:
            yield
        finally:
            self._overhearing.remove(hear)

    @asynccontextmanager
    async def standing_still(self) -> AsyncIterator[None]:
        """Take the adapter for oneself; listeners resume afterwards."""
        async with self._turn:
            try:
                await whole("scanning", self._end)
                yield
            finally:
                if self._listening:
                    await whole("scanning", self._begin_anew)

    async def _rest(self) -> None:
        """Scan no longer where nobody listens."""
        if self._listening or self._scanner is None:
            return  # where it stands still, whoever has the adapter sees to it
        async with self._turn:
            if not self._listening:
                await whole("scanning", self._end)

    async def _begin_anew(self) -> None:
        await self._end()
        trouble = await self._begun()
        if trouble and trouble.trouble == Trouble.NO_ADAPTER and self.has_worked:
            # A service that has just come back finds its adapter a moment later.
            await asyncio.sleep(_COMES_WITHIN_S)
            trouble = await self._begun()
        for each in self._listening:
            if trouble:
                each.broke(trouble)
            else:
                each.resume()

    async def _begun(self) -> RadioError | None:
        """Begin to scan; return why that cannot be."""
        try:
            self._scanner = await self._started()
        except RadioError as error:
            return await self._exactly(error)
        self.has_worked = True
        return None

    async def _started(self) -> BleakScanner:
        with in_words():
            scanner = BleakScanner(
                self._heard, [HEART_RATE_SERVICE], backend=self._backend
            )
            try:
                async with asyncio.timeout(self._patience_s):
                    await scanner.start()
            except TimeoutError as error:
                raise radio_error(Trouble.NO_SERVICE) from error
            return scanner

    async def _end(self) -> None:
        scanner, self._scanner = self._scanner, None
        if scanner is None:
            return
        for each in self._listening:
            each.hold_still()
        with suppress(Exception):  # an adapter that went off scans no more
            async with asyncio.timeout(self._patience_s):
                await scanner.stop()

    def _heard(self, device: BLEDevice, said: AdvertisementData) -> None:
        for each in self._listening:
            each.hear(device, said)
        for hear in list(self._overhearing):
            hear(device, said)
