"""What bluetoothd and other programs do to a program that holds a strap.

Each is a habit of BlueZ that was met with a real bluetoothd (5.66), played by the fake
one, and told by bleak's own backend.
"""

import asyncio
import sys
from collections.abc import Iterator

import pytest
from bleak import BleakClient, BleakScanner
from bleak.exc import (
    BleakBluetoothNotAvailableError,
    BleakBluetoothNotAvailableReason,
    BleakDBusError,
    BleakError,
)

if sys.platform != "linux":
    pytest.skip("BlueZ is the Bluetooth of Linux", allow_module_level=True)

from coreg.testing.fake_bluez.adapter import CENTRAL
from coreg.testing.fake_bluez.air import HEART_RATE_MEASUREMENT, AttFirst
from coreg.testing.fake_bluez.bench import (
    A_MOMENT_S,
    another_program,
    bluetooth,
    drop_and_reconnect,
    found,
    packet,
    run,
    send,
    sink,
    strap_a,
    system_bus,
    until,
)
from coreg.testing.fake_bluez.daemon import OPEN_TO_ALL


@pytest.fixture
def bus(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A private bus that this process takes for the system's."""
    with system_bus(monkeypatch, OPEN_TO_ALL) as address:
        yield address


# --- other programs -----------------------------------------------------------


def test_while_another_program_listens_to_the_strap_both_hear_each_packet_twice(
    bus: str,
) -> None:
    """One PropertiesChanged for each session, and a signal goes to everybody."""

    async def scenario() -> None:
        a, ours = strap_a(), list[bytes]()
        async with bluetooth(bus) as bluez:
            bluez.put_on(a)
            async with BleakClient(await found("Strap A")) as client:
                await client.start_notify(HEART_RATE_MEASUREMENT, sink(ours))
                await send(a, 0, 1)
                async with another_program(bus, a) as theirs:
                    await send(a, 1, 3)
                await asyncio.sleep(A_MOMENT_S)  # bluetoothd has seen it leave
                await send(a, 3, 4)
        assert ours == [packet(n) for n in (0, 1, 1, 2, 2, 3)]
        assert theirs == [packet(n) for n in (1, 1, 2, 2)]

    run(scenario())


# --- a link of which bluetoothd hears twice ------------------------------------


def test_a_link_that_att_tells_before_mgmt_does_counts_as_broken_at_once(
    bus: str,
) -> None:
    async def scenario() -> None:
        a = strap_a()
        a.next_answers.append(AttFirst())
        async with bluetooth(bus) as bluez:
            bluez.put_on(a)
            device = await found("Strap A")
            with pytest.raises(BleakError, match="failed to discover services"):
                await BleakClient(device).connect()
            await until(lambda: a.link is None)  # bleak lets go of it after all
            async with BleakClient(device) as client:
                assert client.is_connected

    run(scenario())


def test_a_drop_that_att_tells_first_is_known_when_mgmt_tells_it_too(bus: str) -> None:
    async def scenario() -> None:
        a, drops, heard = strap_a(), list[BleakClient](), list[bytes]()
        async with bluetooth(bus) as bluez:
            bluez.put_on(a)
            client = BleakClient(await found("Strap A"), drops.append)
            await client.connect()
            a.drop_att_first()
            assert client.is_connected
            await until(lambda: drops == [client])
            await client.disconnect()
            client = await drop_and_reconnect(a, client, heard)
            await send(a, 0, 2)
            await client.disconnect()
        assert heard == [packet(0), packet(1)]

    run(scenario())


# --- bluetoothd itself -----------------------------------------------------------


async def reason_of_a_scan() -> BleakBluetoothNotAvailableReason:
    with pytest.raises(BleakBluetoothNotAvailableError) as caught:
        await BleakScanner.discover(0.1)
    return caught.value.reason


def test_a_service_that_is_stopped_drops_its_straps_and_looks_like_no_adapter(
    bus: str,
) -> None:
    async def scenario() -> None:
        a, heard = strap_a(), list[bytes]()
        async with bluetooth(bus) as bluez:
            bluez.put_on(a)
            client = BleakClient(await found("Strap A"))
            await client.connect()
            await bluez.stop()
            await until(lambda: not client.is_connected)
            await client.disconnect()
            assert a.link is None
            no_adapter = BleakBluetoothNotAvailableReason.NO_BLUETOOTH
            assert await reason_of_a_scan() is no_adapter
            await bluez.start()
            bluez.adapter.plug_in(CENTRAL)
            await asyncio.sleep(A_MOMENT_S)
            client = await drop_and_reconnect(a, client, heard)
            await send(a, 0, 2)
            await client.disconnect()
        assert heard == [packet(0), packet(1)]

    run(scenario())


def test_a_service_that_is_killed_says_nothing_and_its_straps_seem_connected(
    bus: str,
) -> None:
    async def scenario() -> None:
        a, heard = strap_a(), list[bytes]()
        async with bluetooth(bus) as bluez:
            bluez.put_on(a)
            client = BleakClient(await found("Strap A"))
            await client.connect()
            await bluez.die()
            await asyncio.sleep(A_MOMENT_S)
            assert client.is_connected
            with pytest.raises(BleakDBusError, match="ServiceUnknown"):
                await BleakScanner.discover(0.1)
            with pytest.raises(BleakDBusError, match="ServiceUnknown"):
                await client.disconnect()
            await bluez.start()
            bluez.adapter.plug_in(CENTRAL)
            await asyncio.sleep(A_MOMENT_S)
            client = await drop_and_reconnect(a, client, heard)
            await send(a, 0, 2)
            await client.disconnect()
        assert heard == [packet(0), packet(1)]

    run(scenario())
