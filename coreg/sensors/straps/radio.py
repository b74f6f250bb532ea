"""Straps on the air: find them and connect to them. Only this package knows bleak.

A `Radio` is the computer's one adapter. All who look for a strap share one scan, and
connecting has the adapter for itself (`scan`). Every connection begins with a device
heard just now, because BlueZ forgets devices half a minute after their last word and a
bare address makes bleak scan behind our back; and with a new client. `held_strap`
decides when to connect again.

A strap that another program of this computer listens to is left alone: with two of
them BlueZ delivers every beat twice to both, and whoever disconnects first cuts off the
other. What BlueZ knows and bleak does not tell is asked of BlueZ itself (`bluez`).

What bleak and the systems below it raise becomes a `RadioError` with words (`errors`),
so that nobody above needs to know them.
"""

import asyncio
import datetime as dt
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace

from bleak import BleakAdapter, BleakClient
from bleak.backends.adapter import BaseBleakAdapter
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.client import BaseBleakClient
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData, BaseBleakScanner
from bleak.uuids import normalize_uuid_16

from coreg.base import clock
from coreg.errors import RadioError
from coreg.sensors.quirks.words import Trouble, radio_error
from coreg.sensors.straps import bluez, polar_clock
from coreg.sensors.straps.polar_streams import PolarStreams
from coreg.sensors.straps.radio_errors import in_words
from coreg.sensors.straps.scan import HEART_RATE_SERVICE, Listening, SharedScan
from coreg.sensors.straps.timings import PATIENT, StrapTimings

MEASUREMENT = normalize_uuid_16(0x2A37)
_LOCATION = normalize_uuid_16(0x2A38)
_BATTERY = normalize_uuid_16(0x2A19)
_MODEL = normalize_uuid_16(0x2A24)
_SERIAL = normalize_uuid_16(0x2A25)
_FIRMWARE = normalize_uuid_16(0x2A26)
_MAKER = normalize_uuid_16(0x2A29)

_LOCATIONS = ("other", "chest", "wrist", "finger", "hand", "ear lobe", "foot")
_LONGEST_NAME = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Backends:
    """Classes that bleak uses for the radio; None takes those of this system."""

    scanner: type[BaseBleakScanner] | None
    client: type[BaseBleakClient] | None
    adapter: type[BaseBleakAdapter] | None


SYSTEM = Backends(scanner=None, client=None, adapter=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundStrap:
    """A strap heard on the air. On macOS the address is one that the host made up.

    `rssi_dbm` is None for a strap that this computer is connected to already; it
    `is_in_use` where it is known that some program listens to it.
    """

    name: str
    address: str
    rssi_dbm: int | None
    is_in_use: bool
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


class Radio:
    """The computer's Bluetooth."""

    def __init__(
        self, backends: Backends = SYSTEM, timings: StrapTimings = PATIENT
    ) -> None:
        self.timings = timings
        self._backends = backends
        self._is_bluez = backends.scanner is None and sys.platform == "linux"
        self._scan = SharedScan(backends.scanner, timings.start_s, self._exactly)

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
                name=_in_one_line(said.local_name or device.name or ""),
                address=device.address,
                rssi_dbm=said.rssi,
                is_in_use=False,
                services=tuple(sorted(said.service_uuids)),
            )

        await self._listen(Listening(hear, seconds))
        held = await self._held_by_system()
        in_use = await self._in_use()
        silent = {device.address: _silent(device) for device in held}
        for address in in_use.keys() & heard.keys():
            silent.setdefault(address, replace(heard[address], rssi_dbm=None))
        audible = [each for each in heard.values() if each.address not in silent]
        return [
            *sorted(audible, key=lambda each: each.rssi_dbm or 0, reverse=True),
            *(
                replace(each, is_in_use=in_use.get(each.address, False))
                for each in silent.values()
            ),
        ]

    async def connect(
        self, address: str, heard: Callable[[], None], dropped: Callable[[], None]
    ) -> "StrapConnection":
        """Look for a strap and connect to it.

        `heard` is called once it is known to be there, `dropped` when the link ends.

        Raises
        ------
        RadioError
            If it is not there, does not answer, or is in use by another program.
        """
        holds = False

        def ended(_client: BleakClient) -> None:
            # bleak tries an aborted connection again by itself, and calls this for
            # the one that failed: no link has ended before connect() has returned.
            if holds:
                dropped()

        device = await self._look_for(address)
        heard()
        async with self._scan.standing_still():
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
            except RadioError as error:
                await connection.let_go()
                raise await self._exactly(error) from error
            except BaseException:
                await connection.let_go()
                raise
            holds = True
            if not client.is_connected:  # it ended before anybody was listening
                dropped()
            return connection

    async def until_heard(self, address: str, at_most_s: float) -> None:
        """Wait so long, or until a search of somebody else hears this strap."""
        heard = asyncio.Event()

        def hear(device: BLEDevice, _said: AdvertisementData) -> None:
            if device.address == address:
                heard.set()

        with self._scan.overheard_by(hear), suppress(TimeoutError):
            async with asyncio.timeout(at_most_s):
                await heard.wait()

    async def ask(self, address: str) -> StrapInfo:
        """Connect to a strap only to read what it says of itself.

        Raises
        ------
        RadioError
            If it is not there, does not answer, or this computer holds it already:
            letting go of it would cut off whoever does.
        """
        if any(device.address == address for device in await self._held_by_system()):
            raise radio_error(Trouble.IN_USE)
        connection = await self.connect(address, lambda: None, lambda: None)
        try:
            return await connection.read_info()
        finally:
            await connection.let_go()

    async def _look_for(self, address: str) -> BLEDevice:
        found: list[BLEDevice] = []

        def hear(device: BLEDevice, _said: AdvertisementData) -> None:
            if device.address == address:
                found.append(device)
                listening.heard_enough()

        listening = Listening(hear, self.timings.search_s)
        await self._listen(listening)
        # After a crash the system may still hold the strap, which is silent then.
        held = [] if found else await self._held_by_system()
        found.extend(device for device in held if device.address == address)
        if not found:
            raise radio_error(Trouble.NOTHING_FOUND)
        if (await self._in_use()).get(address):
            raise radio_error(Trouble.IN_USE)
        return found[0]

    async def _listen(self, listening: Listening) -> None:
        async with self._scan.heard_by(listening):
            await listening.is_over()

    async def _held_by_system(self) -> list[BLEDevice]:
        try:
            with in_words():
                adapter = await BleakAdapter.get(backend=self._backends.adapter)
                return await adapter.get_connected_devices([HEART_RATE_SERVICE])
        except RadioError:
            return []  # not every system can tell, and none has to

    async def _in_use(self) -> dict[str, bool]:
        """Return what this computer is connected to, and whether a program listens."""
        return await bluez.connected() if self._is_bluez else {}

    async def _exactly(self, error: RadioError) -> RadioError:
        """Return what an error means, where more is known than bleak knows."""
        trouble = error.trouble
        if trouble == Trouble.NO_ADAPTER and self._is_bluez:
            # What bleak makes of a service that was stopped and took all with it.
            trouble = Trouble.NO_SERVICE if await bluez.is_gone() else trouble
        if trouble == Trouble.NO_SERVICE and self._scan.has_worked:
            trouble = Trouble.SERVICE_STOPPED
        return error if trouble == error.trouble else radio_error(Trouble(trouble))


class StrapConnection:
    """One connection to one strap; never used again once it is let go."""

    def __init__(self, client: BleakClient, timings: StrapTimings) -> None:
        self.streams = PolarStreams(client, timings.read_s)
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

    async def set_clock(self, now: Callable[[], dt.datetime]) -> None:
        """Tell the strap what time it is.

        Raises
        ------
        RadioError
            If the strap cannot be told, or does not take it.
        """
        await polar_clock.set_clock(self._client, now, self._timings.read_s)

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


def _silent(device: BLEDevice) -> FoundStrap:
    return FoundStrap(
        name=_in_one_line(device.name or ""),
        address=device.address,
        rssi_dbm=None,
        is_in_use=False,
        services=(HEART_RATE_SERVICE,),
    )


def _text(data: bytes) -> str:
    """Return a Device Information string; some straps pad it with zeros."""
    return _in_one_line(data.decode(errors="replace").strip("\0 "))


def _in_one_line(said: str) -> str:
    """Return what a device calls itself, with nothing that a terminal would obey.

    Whoever is near may call a device anything; it is printed, and written into files.
    """
    return "".join(
        each if each.isprintable() else "\N{REPLACEMENT CHARACTER}"
        for each in said[:_LONGEST_NAME]
    )
