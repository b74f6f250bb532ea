"""A computer's Bluetooth on the virtual air, spoken to through bleak's own classes.

Some habits of BlueZ that caught others are built in, so that tests can fail over them:

* two scans or connects at once: InProgress;
* a client that was dropped and never told to disconnect keeps its subscription, and
  everything the strap sends after a reconnect arrives once more for each such client;
* `disconnected_callback` also comes after one's own `disconnect()`.
"""

import asyncio
from collections import Counter, defaultdict, deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, ClassVar, TypeVar

from bleak.backends.adapter import BaseBleakAdapter
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.client import BaseBleakClient
from bleak.backends.descriptor import BleakGATTDescriptor
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import (
    AdvertisementData,
    AdvertisementDataCallback,
    BaseBleakScanner,
)
from bleak.backends.service import BleakGATTService, BleakGATTServiceCollection
from bleak.exc import (
    BleakBluetoothNotAvailableError,
    BleakBluetoothNotAvailableReason,
    BleakDBusError,
    BleakError,
    BleakGATTProtocolError,
)
from bleak.uuids import normalize_uuid_str
from bumble import core
from bumble.att import ATT_Error
from bumble.core import AdvertisingData
from bumble.device import Advertisement, Connection, Device, Peer
from bumble.gatt_client import CharacteristicProxy

from coreg.sensors.straps.radio import Backends
from coreg.testing.virtual_radio.air import Air, device_on

ADDRESS = "F0:F0:F0:F0:F0:F0"
_MTU = 247
T = TypeVar("T")


class Computer:
    """One Bluetooth adapter; `backends` makes bleak use it."""

    def __init__(self, air: Air) -> None:
        self.is_on = True
        self.open_sessions: Counter[str] = Counter()
        self.attempts: Counter[str] = Counter()
        self._air = air
        self._failures: defaultdict[str, deque[Exception]] = defaultdict(deque)
        self._is_busy = False
        self.device: Device = device_on(air, "computer", ADDRESS)
        self.backends = Backends(
            scanner=type("Scanner", (_Scanner,), {"computer": self}),
            client=type("Client", (_Client,), {"computer": self}),
            adapter=type("Adapter", (_Adapter,), {"computer": self}),
        )

    async def start(self) -> None:
        """Switch the chip on."""
        await self.device.power_on()

    def turn_off(self) -> None:
        """Turn Bluetooth off, as a person does: every link ends."""
        self.is_on = False
        self._air.walk_away(ADDRESS)
        self._air.drop_links(ADDRESS)

    def turn_on(self) -> None:
        """Turn Bluetooth on again."""
        self.is_on = True
        self._air.come_back(ADDRESS)

    def fail_next(self, what: str, *errors: Exception) -> None:
        """Let the next scan, connect, notify, read or write raise these in turn."""
        self._failures[what].extend(errors)

    def attempt(self, what: str) -> None:
        """Count an attempt, and fail it where a test wants it."""
        self.attempts[what] += 1
        if self._failures[what]:
            raise self._failures[what].popleft()

    @asynccontextmanager
    async def one_at_a_time(self) -> AsyncIterator[None]:
        """Refuse a second scan or connect."""
        self.begin()
        try:
            yield
        finally:
            self.end()

    def begin(self) -> None:
        if self._is_busy:
            raise BleakDBusError(
                "org.bluez.Error.InProgress", ["Operation already in progress"]
            )
        self._is_busy = True

    def end(self) -> None:
        self._is_busy = False


class _Scanner(BaseBleakScanner):
    computer: ClassVar[Computer]

    def __init__(
        self,
        detection_callback: AdvertisementDataCallback | None,
        service_uuids: list[str] | None,
        _scanning_mode: str,
        **_of_systems: Any,
    ) -> None:
        super().__init__(detection_callback, service_uuids)

    async def start(self) -> None:
        self.computer.attempt("scan")
        if not self.computer.is_on:
            raise BleakBluetoothNotAvailableError(
                "No powered Bluetooth adapters found.",
                BleakBluetoothNotAvailableReason.POWERED_OFF,
            )
        self.computer.begin()
        self.seen_devices = {}
        self.computer.device.on("advertisement", self._hear)
        await self.computer.device.start_scanning()

    async def stop(self) -> None:
        self.computer.end()
        self.computer.device.remove_listener("advertisement", self._hear)
        await self.computer.device.stop_scanning()

    def _hear(self, heard: Advertisement) -> None:
        name = heard.data.get(AdvertisingData.COMPLETE_LOCAL_NAME)
        uuids = heard.data.get(
            AdvertisingData.COMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS
        )
        services = [
            normalize_uuid_str(each.to_hex_str())
            for each in (uuids if isinstance(uuids, list) else [])
        ]
        if not self.is_allowed_uuid(services):
            return
        address = str(heard.address)
        said = AdvertisementData(
            local_name=str(name),
            manufacturer_data={},
            service_data={},
            service_uuids=services,
            tx_power=None,
            rssi=heard.rssi,
            platform_data=(),
        )
        device = self.create_or_update_device(
            address, address, str(name), heard.address, said
        )
        self.call_detection_callbacks(device, said)


class _Client(BaseBleakClient):
    computer: ClassVar[Computer]

    def __init__(
        self,
        address_or_ble_device: BLEDevice | str,
        *,
        disconnected_callback: Callable[[], None] | None,
        timeout: float,
        **_of_systems: Any,
    ) -> None:
        super().__init__(
            address_or_ble_device,
            disconnected_callback=disconnected_callback,
            timeout=timeout,
        )
        assert isinstance(address_or_ble_device, BLEDevice), "scan, then connect"
        self._connection: Connection | None = None
        self._sessions: set[str] = set()

    @property
    def name(self) -> str:
        return self.address

    @property
    def mtu_size(self) -> int:
        return _MTU

    @property
    def is_connected(self) -> bool:
        return self._connection is not None

    async def connect(self, pair: bool, **_of_systems: Any) -> None:  # noqa: ARG002
        self.computer.attempt("connect")
        if not self.computer.is_on:
            raise BleakDBusError("org.bluez.Error.Failed", ["Input/output error"])
        connection = self._held() or await self._attempt()
        self._connection = connection
        connection.on(connection.EVENT_DISCONNECTION, self._ended)
        try:
            self.services = await self._ask(_discovered(Peer(connection)))
        except BaseException:
            await self.disconnect()
            raise

    def _held(self) -> Connection | None:
        """A link that this computer has already; BlueZ takes it, whosever it is."""
        links = self.computer.device.connections.values()
        return next(
            (each for each in links if str(each.peer_address) == self.address), None
        )

    async def _attempt(self) -> Connection:
        async with self.computer.one_at_a_time():
            try:
                return await self.computer.device.connect_le(
                    self.address, timeout=self._timeout
                )
            except core.TimeoutError as error:
                raise TimeoutError from error

    def _ended(self, _reason: int) -> None:
        self._connection = None
        self.services = None
        if self._disconnected_callback is not None:
            self._disconnected_callback()

    async def disconnect(self) -> None:
        for session in self._sessions:
            self.computer.open_sessions[session] -= 1
        self._sessions.clear()
        if self._connection is not None:
            await self._connection.disconnect()

    async def _ask(self, asking: Awaitable[T]) -> T:
        """Ask the strap; bumble cancels an answer that a lost link cannot bring."""
        try:
            return await asking
        except ATT_Error as error:
            raise BleakGATTProtocolError(error.error_code) from error
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if task is not None and task.cancelling():
                raise
            raise BleakError("disconnected") from None

    async def read_gatt_char(
        self, characteristic: BleakGATTCharacteristic, **_of_systems: Any
    ) -> bytearray:
        self.computer.attempt("read")
        proxy: CharacteristicProxy[bytes] = characteristic.obj
        return bytearray(await self._ask(proxy.read_value()))

    async def start_notify(
        self,
        characteristic: BleakGATTCharacteristic,
        callback: Callable[[bytearray], None],
        **_of_systems: Any,
    ) -> None:
        self.computer.attempt("notify")
        sessions, session = self.computer.open_sessions, self._session(characteristic)
        sessions[session] += 1
        self._sessions.add(session)

        def deliver(value: bytes) -> None:
            for _ in range(sessions[session]):
                callback(bytearray(value))

        proxy: CharacteristicProxy[bytes] = characteristic.obj
        await self._ask(proxy.subscribe(deliver))

    def _session(self, characteristic: BleakGATTCharacteristic) -> str:
        return f"{self.address} {characteristic.uuid}"

    async def stop_notify(self, characteristic: BleakGATTCharacteristic) -> None:
        session = self._session(characteristic)
        if session in self._sessions:
            self._sessions.remove(session)
            self.computer.open_sessions[session] -= 1
        proxy: CharacteristicProxy[bytes] = characteristic.obj
        await self._ask(proxy.unsubscribe())

    async def pair(self, *_args: Any, **_kwargs: Any) -> None:
        raise NotImplementedError

    async def unpair(self) -> None:
        raise NotImplementedError

    async def read_gatt_descriptor(
        self, descriptor: BleakGATTDescriptor, **_of_systems: Any
    ) -> bytearray:
        raise NotImplementedError

    async def write_gatt_char(
        self, characteristic: BleakGATTCharacteristic, data: Any, response: bool
    ) -> None:
        self.computer.attempt("write")
        proxy: CharacteristicProxy[bytes] = characteristic.obj
        await self._ask(proxy.write_value(bytes(data), with_response=response))

    async def write_gatt_descriptor(
        self, descriptor: BleakGATTDescriptor, data: Any
    ) -> None:
        raise NotImplementedError


class _Adapter(BaseBleakAdapter):
    computer: ClassVar[Computer]

    @classmethod
    async def get(cls, **_of_systems: Any) -> "_Adapter":
        return cls()

    async def get_connected_devices(
        self,
        service_uuids: frozenset[str],  # noqa: ARG002
    ) -> list[BLEDevice]:
        return [
            BLEDevice(str(each.peer_address), None, each.peer_address)
            for each in self.computer.device.connections.values()
        ]


async def _discovered(peer: Peer) -> BleakGATTServiceCollection:
    """Return what the strap offers, as bleak describes it."""
    await peer.request_mtu(_MTU)
    found = BleakGATTServiceCollection()
    for service in await peer.discover_services():
        ours = BleakGATTService(service, service.handle, _uuid(service.uuid))
        found.add_service(ours)
        for each in await service.discover_characteristics():
            found.add_characteristic(
                BleakGATTCharacteristic(
                    each, each.handle, _uuid(each.uuid), [], lambda: _MTU - 3, ours
                )
            )
    return found


def _uuid(uuid: core.UUID) -> str:
    return normalize_uuid_str(uuid.to_hex_str())
