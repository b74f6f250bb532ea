"""What tests over the fake BlueZ share."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import pytest
from bleak import BleakClient, BleakScanner
from bleak.backends.device import BLEDevice
from dbus_fast import Message, MessageType
from dbus_fast.aio import MessageBus

from coreg.testing.fake_bluez.adapter import ADAPTER, ADAPTER_PATH, CENTRAL, device_path
from coreg.testing.fake_bluez.air import HEART_RATE, HEART_RATE_MEASUREMENT, FakeStrap
from coreg.testing.fake_bluez.bluetoothd import FakeBluez, serving
from coreg.testing.fake_bluez.daemon import is_installed, private_bus
from coreg.testing.fake_bluez.device import DEVICE, Timing
from coreg.testing.fake_bluez.gatt import CHARACTERISTIC

A_MOMENT_S = 0.1
"""Long enough for a signal to pass the bus."""

_FAST = Timing()
_LONGEST_S = 60
_BUS = "org.freedesktop.DBus"


@contextmanager
def system_bus(monkeypatch: pytest.MonkeyPatch, policy: str) -> Iterator[str]:
    """Run a private bus that this process takes for the system's; yield its address."""
    if not is_installed():
        pytest.skip("dbus-daemon is not installed (Debian: apt-get install dbus)")
    with private_bus(policy) as address:
        monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", address)
        yield address


@asynccontextmanager
async def bluetooth(address: str, timing: Timing = _FAST) -> AsyncIterator[FakeBluez]:
    """Serve BlueZ with an adapter that is on."""
    async with serving(address, timing) as bluez:
        bluez.adapter.plug_in(CENTRAL)
        yield bluez


def run(scenario: Coroutine[None, None, None]) -> None:
    """Run a scenario, but not for ever."""
    asyncio.run(asyncio.wait_for(scenario, _LONGEST_S))


def strap_a() -> FakeStrap:
    """Return one strap."""
    return FakeStrap(address="02:00:00:00:00:0A", name="Strap A")


def strap_b() -> FakeStrap:
    """Return the other one."""
    return FakeStrap(address="02:00:00:00:00:0B", name="Strap B")


def packet(number: int) -> bytes:
    """Return a Heart Rate Measurement whose one RR interval no other packet has."""
    return bytes([0x10, 60]) + (700 + number).to_bytes(2, "little")


async def found(name: str) -> BLEDevice:
    """Return a strap that a scan finds by its service and name."""
    device = await BleakScanner.find_device_by_name(
        name, timeout=10, service_uuids=[HEART_RATE]
    )
    assert device is not None
    return device


def sink(heard: list[bytes]) -> Callable[[object, bytearray], None]:
    """Return a callback for notifications that keeps them."""
    return lambda _, data: heard.append(bytes(data))


@asynccontextmanager
async def another_program(address: str, strap: FakeStrap) -> AsyncIterator[list[bytes]]:
    """Listen to a connected strap as any program of this computer may; yield it."""
    heard = list[bytes]()
    async with _on_bus(address) as bus:
        path = await _measurement_of(bus, strap)

        def take(message: Message) -> None:
            if message.path == path and message.member == "PropertiesChanged":
                value = message.body[1].get("Value")
                heard.extend([] if value is None else [value.value])

        bus.add_message_handler(take)
        rule = f"type='signal',path='{path}'"
        await _call(bus, _BUS, "/org/freedesktop/DBus", "AddMatch", rule)
        await _call(bus, CHARACTERISTIC, path, "StartNotify")
        yield heard


@asynccontextmanager
async def connected_by_another(address: str, strap: FakeStrap) -> AsyncIterator[None]:
    """Connect to a strap as another program does, which dies when this is left.

    BlueZ keeps a link whose program died.
    """
    async with _on_bus(address) as bus:
        await _call(bus, ADAPTER, ADAPTER_PATH, "StartDiscovery")
        await asyncio.sleep(1)
        await _call(bus, ADAPTER, ADAPTER_PATH, "StopDiscovery")
        await _call(bus, DEVICE, device_path(strap), "Connect")
        await asyncio.sleep(1)
        yield


@asynccontextmanager
async def _on_bus(address: str) -> AsyncIterator[MessageBus]:
    bus = await MessageBus(bus_address=address).connect()
    try:
        yield bus
    finally:
        bus.disconnect()
        await bus.wait_for_disconnect()  # type: ignore[no-untyped-call]


async def _measurement_of(bus: MessageBus, strap: FakeStrap) -> str:
    """Return where the service shows a strap's Heart Rate Measurement."""
    shown = await _call(bus, f"{_BUS}.ObjectManager", "/", "GetManagedObjects")
    for path, interfaces in shown.items():
        about = interfaces.get(CHARACTERISTIC)
        is_of_strap = path.startswith(f"{device_path(strap)}/")
        if about and is_of_strap and about["UUID"].value == HEART_RATE_MEASUREMENT:
            return str(path)
    raise LookupError(f"{strap.name} shows no measurement")


async def _call(
    bus: MessageBus, interface: str, path: str, member: str, *given: str
) -> Any:
    reply = await bus.call(
        Message(
            destination=_BUS if interface == _BUS else "org.bluez",
            interface=interface,
            path=path,
            member=member,
            signature="s" * len(given),
            body=list(given),
        )
    )
    assert reply is not None
    assert reply.message_type is MessageType.METHOD_RETURN, reply.body
    return reply.body[0] if reply.body else None


async def until(holds: Callable[[], bool]) -> None:
    """Wait for what has to come; the scenario's own limit ends a vain wait."""
    while not holds():
        await asyncio.sleep(A_MOMENT_S / 10)


async def send(strap: FakeStrap, first: int, last: int) -> None:
    """Send packets of these numbers and wait until they are there."""
    for number in range(first, last):
        strap.beat(packet(number))
    await asyncio.sleep(A_MOMENT_S)


async def drop_and_reconnect(
    strap: FakeStrap, old: BleakClient, heard: list[bytes]
) -> BleakClient:
    """Lose the link from the strap's side, find it again, subscribe again."""
    strap.drop()
    await until(lambda: not old.is_connected)
    client = BleakClient(await found(strap.name))
    await client.connect()
    await client.start_notify(HEART_RATE_MEASUREMENT, sink(heard))
    return client
