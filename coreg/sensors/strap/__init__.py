"""Straps on the air: find them and connect to them. Only this package knows bleak.

A `Radio` is the computer's one adapter. Looking for a strap and connecting to it happen
behind one lock: BlueZ answers InProgress to a second (bleak #1036, #1369). Every
connection begins with a device heard just now, because BlueZ forgets devices half a
minute after their last word and a bare address makes bleak scan behind our back; and
with a new client. `held_strap` decides when to connect again.

What bleak and the systems below it raise becomes a `RadioError` with words (`errors`),
so that nobody above needs to know them.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from bleak import BleakAdapter, BleakClient, BleakScanner
from bleak.backends.adapter import BaseBleakAdapter
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.client import BaseBleakClient
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData, BaseBleakScanner
from bleak.uuids import normalize_uuid_16

from coreg import clock
from coreg.errors import RadioError
from coreg.sensors.strap.errors import in_words
from coreg.sensors.strap_words import Trouble, radio_error

HEART_RATE_SERVICE = normalize_uuid_16(0x180D)
MEASUREMENT = normalize_uuid_16(0x2A37)
_LOCATION = normalize_uuid_16(0x2A38)
_BATTERY = normalize_uuid_16(0x2A19)
_MODEL = normalize_uuid_16(0x2A24)
_SERIAL = normalize_uuid_16(0x2A25)
_FIRMWARE = normalize_uuid_16(0x2A26)
_MAKER = normalize_uuid_16(0x2A29)

_LOCATIONS = ("other", "chest", "wrist", "finger", "hand", "ear lobe", "foot")


@dataclass(frozen=True, slots=True, kw_only=True)
class Backends:
    """Classes that bleak uses for the radio; None takes those of this system."""

    scanner: type[BaseBleakScanner] | None
    client: type[BaseBleakClient] | None
    adapter: type[BaseBleakAdapter] | None


SYSTEM = Backends(scanner=None, client=None, adapter=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class StrapTimings:
    """How patient we are, in seconds; shorter in tests.

    `silence_s` without a notification ends a connection; `no_rr_s` without RR makes a
    strap wait for them again. Between attempts we wait `first_wait_s`, then twice as
    long each time, up to `longest_wait_s`.
    """

    start_s: float = 4.0
    search_s: float = 6.0
    connect_s: float = 15.0
    read_s: float = 3.0
    let_go_s: float = 5.0
    silence_s: float = 5.0
    no_rr_s: float = 10.0
    battery_s: float = 600.0
    first_wait_s: float = 0.25
    longest_wait_s: float = 30.0


PATIENT = StrapTimings()


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundStrap:
    """A strap heard on the air. On macOS the address is one that the host made up.

    `rssi_dbm` is None for a strap that this computer holds already: it is silent.
    """

    name: str
    address: str
    rssi_dbm: int | None
    services: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StrapInfo:
    """What a strap says of itself; empty or None where it says nothing."""

    maker: str
    model: str
    firmware: str
    serial: str
    location: str
    battery_percent: int | None
    services: tuple[str, ...]


Hear = Callable[[BLEDevice, AdvertisementData], None]


class Radio:
    """The computer's Bluetooth, used by one at a time."""

    def __init__(
        self, backends: Backends = SYSTEM, timings: StrapTimings = PATIENT
    ) -> None:
        self.timings = timings
        self._backends = backends
        self._lock = asyncio.Lock()

    async def find_straps(self, seconds: float) -> list[FoundStrap]:
        """Listen for straps; return those heard, strongest first, then those held.

        Raises
        ------
        RadioError
            If Bluetooth cannot be used, with what to do.
        """
        heard: dict[str, FoundStrap] = {}

        def hear(device: BLEDevice, said: AdvertisementData) -> None:
            heard[device.address] = FoundStrap(
                name=said.local_name or device.name or "",
                address=device.address,
                rssi_dbm=said.rssi,
                services=tuple(sorted(said.service_uuids)),
            )

        async with self._lock:
            async with self._scanning(hear):
                await asyncio.sleep(seconds)
            held = await self._held_by_system()
        return [
            *sorted(heard.values(), key=lambda each: each.rssi_dbm or 0, reverse=True),
            *(_held(device) for device in held if device.address not in heard),
        ]

    async def connect(
        self, address: str, dropped: Callable[[], None]
    ) -> "StrapConnection":
        """Look for a strap and connect to it; `dropped` is called when the link ends.

        Raises
        ------
        RadioError
            If it is not there, or does not answer.
        """
        holds = False

        def ended(_client: BleakClient) -> None:
            # bleak tries an aborted connection again by itself, and calls this for
            # the one that failed: no link has ended before connect() has returned.
            if holds:
                dropped()

        async with self._lock:
            device = await self._look_for(address)
            client = BleakClient(
                device,
                ended,
                timeout=self.timings.connect_s,
                backend=self._backends.client,
            )
            connection = StrapConnection(client, self.timings)
            try:
                with in_words():
                    async with asyncio.timeout(self.timings.connect_s):
                        await client.connect()
            except BaseException:
                await connection.let_go()
                raise
            holds = True
            if not client.is_connected:  # it ended before anybody was listening
                dropped()
            return connection

    async def ask(self, address: str) -> StrapInfo:
        """Connect to a strap only to read what it says of itself.

        Raises
        ------
        RadioError
            If it is not there, or does not answer.
        """
        connection = await self.connect(address, lambda: None)
        try:
            return await connection.read_info()
        finally:
            await connection.let_go()

    async def _look_for(self, address: str) -> BLEDevice:
        heard: asyncio.Future[BLEDevice] = asyncio.get_running_loop().create_future()

        def hear(device: BLEDevice, _said: AdvertisementData) -> None:
            if device.address == address and not heard.done():
                heard.set_result(device)

        async with self._scanning(hear):
            await asyncio.wait([heard], timeout=self.timings.search_s)
        if heard.done():
            return heard.result()
        # After a crash the system may still hold the strap, which is silent then.
        for device in await self._held_by_system():
            if device.address == address:
                return device
        raise radio_error(Trouble.NOTHING_FOUND)

    @asynccontextmanager
    async def _scanning(self, hear: Hear) -> AsyncIterator[None]:
        with in_words():
            scanner = BleakScanner(
                hear, [HEART_RATE_SERVICE], backend=self._backends.scanner
            )
            try:
                async with asyncio.timeout(self.timings.start_s):
                    await scanner.start()
            except TimeoutError as error:
                raise radio_error(Trouble.NO_SERVICE) from error
        try:
            yield
        finally:
            with suppress(Exception):  # an adapter that went off scans no more
                await scanner.stop()

    async def _held_by_system(self) -> list[BLEDevice]:
        try:
            with in_words():
                adapter = await BleakAdapter.get(backend=self._backends.adapter)
                return await adapter.get_connected_devices([HEART_RATE_SERVICE])
        except RadioError:
            return []  # not every system can tell, and none has to


class StrapConnection:
    """One connection to one strap; never used again once it is let go."""

    def __init__(self, client: BleakClient, timings: StrapTimings) -> None:
        self._client = client
        self._timings = timings

    async def listen(self, hear: Callable[[bytes, int], None]) -> None:
        """Have every notification handed over, stamped before anything else.

        Raises
        ------
        RadioError
            If the device measures no heart rate, or does not answer.
        """

        def stamped(_sender: BleakGATTCharacteristic, data: bytearray) -> None:
            t_ns = clock.monotonic_ns()
            hear(bytes(data), t_ns)

        with in_words():
            async with asyncio.timeout(self._timings.connect_s):
                await self._client.start_notify(MEASUREMENT, stamped)

    async def let_go(self) -> None:
        """Disconnect, whatever state the client is in.

        Also after the strap dropped the link: else bleak leaves this connection's
        D-Bus session open, bluetoothd subscribes it again at the next one, and every
        packet arrives twice (measured with bleak 3.1.0 on bluetoothd 5.66).
        """
        # Nothing is left to be done about a client that will not even let go.
        with suppress(Exception):
            async with asyncio.timeout(self._timings.let_go_s):
                await self._client.disconnect()

    async def read_info(self) -> StrapInfo:
        """Read what the strap says of itself; each part is optional."""
        place = await self._read(_LOCATION)
        return StrapInfo(
            maker=_text(await self._read(_MAKER)),
            model=_text(await self._read(_MODEL)),
            firmware=_text(await self._read(_FIRMWARE)),
            serial=_text(await self._read(_SERIAL)),
            location=dict(enumerate(_LOCATIONS)).get(place[0], "") if place else "",
            battery_percent=await self.read_battery(),
            services=self._services(),
        )

    async def read_battery(self) -> int | None:
        """Return how full the battery is in percent, None where nobody knows."""
        level = await self._read(_BATTERY)
        return level[0] if level and level[0] <= 100 else None

    def _services(self) -> tuple[str, ...]:
        try:
            with in_words():
                return tuple(sorted(each.uuid for each in self._client.services))
        except RadioError:
            return ()

    async def _read(self, uuid: str) -> bytes:
        try:
            with in_words():
                async with asyncio.timeout(self._timings.read_s):
                    return bytes(await self._client.read_gatt_char(uuid))
        except RadioError:
            return b""


def _held(device: BLEDevice) -> FoundStrap:
    return FoundStrap(
        name=device.name or "",
        address=device.address,
        rssi_dbm=None,
        services=(HEART_RATE_SERVICE,),
    )


def _text(data: bytes) -> str:
    """Return a Device Information string; some straps pad it with zeros."""
    return data.decode(errors="replace").strip("\0 ")
