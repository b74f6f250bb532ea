"""bleak's own BlueZ backend over a fake `org.bluez`: what it does, trap by trap.

Nothing of bleak is replaced: the sessions, signals and errors pass through a real
`dbus-daemon` on a private socket. Each trap says where it was read or measured.
"""

import asyncio
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from bleak import BleakClient, BleakScanner

if sys.platform != "linux":
    pytest.skip("BlueZ is the Bluetooth of Linux", allow_module_level=True)

from coreg.testing.fake_bluez.air import (
    BATTERY_LEVEL,
    BODY_SENSOR_LOCATION,
    FIRMWARE_REVISION,
    HEART_RATE,
    HEART_RATE_MEASUREMENT,
    MANUFACTURER_NAME,
    MODEL_NUMBER,
    SERIAL_NUMBER,
    FakeStrap,
)
from coreg.testing.fake_bluez.bench import (
    bluetooth,
    drop_and_reconnect,
    found,
    packet,
    run,
    send,
    sink,
    strap_a,
    strap_b,
    system_bus,
    until,
)
from coreg.testing.fake_bluez.daemon import OPEN_TO_ALL
from coreg.testing.fake_bluez.device import Timing

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def bus(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A private bus that this process takes for the system's."""
    with system_bus(monkeypatch, OPEN_TO_ALL) as address:
        yield address


# --- the plain way ------------------------------------------------------------


def test_a_scan_by_service_finds_straps_and_nothing_else(bus: str) -> None:
    async def scenario() -> None:
        speaker = FakeStrap(
            address="02:00:00:00:00:0C",
            name="A speaker",
            advertised=("0000110b-0000-1000-8000-00805f9b34fb",),
        )
        async with bluetooth(bus) as bluez:
            bluez.put_on(strap_a(), strap_b(), speaker)
            seen = await BleakScanner.discover(0.2, service_uuids=[HEART_RATE])
        assert sorted(str(device.name) for device in seen) == ["Strap A", "Strap B"]

    run(scenario())


def test_two_straps_are_heard_each_for_itself(bus: str) -> None:
    async def scenario() -> None:
        a, b = strap_a(), strap_b()
        async with bluetooth(bus) as bluez:
            bluez.put_on(a, b)
            heard: dict[str, list[bytes]] = {"Strap A": [], "Strap B": []}
            first, second = await found("Strap A"), await found("Strap B")
            async with BleakClient(first) as one, BleakClient(second) as two:
                for client in (one, two):
                    await client.start_notify(
                        HEART_RATE_MEASUREMENT, sink(heard[client.name])
                    )
                a.beat(packet(0))
                b.beat(packet(1))
                await send(a, 2, 5)
        assert heard["Strap A"] == a.sent == [packet(n) for n in (0, 2, 3, 4)]
        assert heard["Strap B"] == b.sent == [packet(1)]

    run(scenario())


def test_a_strap_tells_who_it_is_and_how_full(bus: str) -> None:
    async def scenario() -> None:
        async with bluetooth(bus) as bluez:
            bluez.put_on(strap_a())
            async with BleakClient(await found("Strap A")) as client:
                read = client.read_gatt_char
                assert await read(BATTERY_LEVEL) == bytes([87])
                assert await read(BODY_SENSOR_LOCATION) == b"\x01"
                assert await read(MANUFACTURER_NAME) == b"Example Straps"
                assert await read(MODEL_NUMBER) == b"ES-1"
                assert await read(SERIAL_NUMBER) == b"0042"
                assert await read(FIRMWARE_REVISION) == b"1.2.3"

    run(scenario())


def test_notifications_come_through_a_socket_where_the_client_wants_one(
    bus: str,
) -> None:
    async def scenario() -> None:
        a, heard = strap_a(), list[bytes]()
        async with bluetooth(bus) as bluez:
            bluez.put_on(a)
            async with BleakClient(await found("Strap A")) as client:
                await client.start_notify(
                    HEART_RATE_MEASUREMENT,
                    sink(heard),
                    bluez={"use_start_notify": False},
                )
                await send(a, 0, 3)
                await client.stop_notify(HEART_RATE_MEASUREMENT)
                await send(a, 3, 5)
            assert "AcquireNotify" in bluez.members_called
            assert "StartNotify" not in bluez.members_called
        assert heard == [packet(0), packet(1), packet(2)]

    run(scenario())


def test_after_stop_notify_the_strap_is_silent(bus: str) -> None:
    async def scenario() -> None:
        a, heard = strap_a(), list[bytes]()
        async with bluetooth(bus) as bluez:
            bluez.put_on(a)
            async with BleakClient(await found("Strap A")) as client:
                await client.start_notify(HEART_RATE_MEASUREMENT, sink(heard))
                await send(a, 0, 2)
                await client.stop_notify(HEART_RATE_MEASUREMENT)
                await send(a, 2, 4)
        assert heard == a.sent == [packet(0), packet(1)]

    run(scenario())


# --- losing a strap -----------------------------------------------------------


def test_a_strap_that_dropped_is_found_again_and_nothing_comes_twice(bus: str) -> None:
    async def scenario() -> None:
        a, heard, drops = strap_a(), list[bytes](), list[BleakClient]()
        async with bluetooth(bus) as bluez:
            bluez.put_on(a)
            client = BleakClient(await found("Strap A"), drops.append)
            await client.connect()
            await client.start_notify(HEART_RATE_MEASUREMENT, sink(heard))
            await send(a, 0, 3)
            for first in (3, 6):
                a.drop()
                await client.disconnect()  # closes the D-Bus connection: the cure
                client = await drop_and_reconnect(a, client, heard)
                await send(a, first, first + 3)
            await client.disconnect()
        assert heard == a.sent == [packet(n) for n in range(9)]
        assert len(drops) == 1

    run(scenario())


def test_without_disconnect_bluez_resubscribes_the_dead_client_and_all_comes_twice(
    bus: str,
) -> None:
    """Measured with bleak 3.1.0 on bluetoothd 5.66: twice, then three times."""

    async def scenario() -> None:
        a, heard = strap_a(), list[bytes]()
        async with bluetooth(bus) as bluez:
            bluez.put_on(a)
            clients = [BleakClient(await found("Strap A"))]
            await clients[0].connect()
            await clients[0].start_notify(HEART_RATE_MEASUREMENT, sink(heard))
            await send(a, 0, 1)
            for number in (1, 2):
                clients.append(await drop_and_reconnect(a, clients[-1], heard))
                await send(a, number, number + 1)
            for client in clients:
                await client.disconnect()
        assert a.sent == [packet(0), packet(1), packet(2)]
        assert heard == [packet(n) for n in (0, 1, 1, 2, 2, 2)]

    run(scenario())


def test_our_own_disconnect_calls_back_as_a_drop_does(bus: str) -> None:
    async def scenario() -> None:
        drops = list[BleakClient]()
        async with bluetooth(bus) as bluez:
            bluez.put_on(strap_a())
            async with BleakClient(await found("Strap A"), drops.append):
                assert drops == []
        assert len(drops) == 1

    run(scenario())


def test_a_strap_out_of_range_is_lost_and_comes_back(bus: str) -> None:
    patient = Timing(supervision_s=2.0)  # a busy computer takes long over the sending

    async def scenario() -> None:
        a, heard, drops = strap_a(), list[bytes](), list[BleakClient]()
        async with bluetooth(bus, patient) as bluez:
            bluez.put_on(a)
            client = BleakClient(await found("Strap A"), drops.append)
            await client.connect()
            await client.start_notify(HEART_RATE_MEASUREMENT, sink(heard))
            a.walk_off()
            await send(a, 0, 2)
            assert drops == []  # until the supervision timeout
            await until(lambda: drops == [client])
            await client.disconnect()
            a.walk_in()
            client = await drop_and_reconnect(a, client, heard)
            await send(a, 2, 4)
            await client.disconnect()
        assert a.lost == [packet(0), packet(1)]
        assert heard == a.sent == [packet(2), packet(3)]

    run(scenario())


def test_a_second_client_connects_at_once_and_its_disconnect_drops_the_first(
    bus: str,
) -> None:
    async def scenario() -> None:
        async with bluetooth(bus) as bluez:
            bluez.put_on(strap_a())
            device = await found("Strap A")
            first, second = BleakClient(device), BleakClient(device)
            await first.connect()
            await second.connect()
            assert bluez.members_called.count("Connect") == 1
            await second.disconnect()
            await until(lambda: not first.is_connected)
            await first.disconnect()

    run(scenario())


# --- the bus itself -----------------------------------------------------------


def daemons(address: str) -> list[str]:
    """Command lines that hold the folder of this bus."""
    folder = address.removeprefix("unix:path=").partition("/bus")[0]
    lines = (p.read_bytes() for p in Path("/proc").glob("[0-9]*/cmdline"))
    return [line.decode() for line in lines if folder.encode() in line]


def test_the_private_bus_leaves_neither_process_nor_folder(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with system_bus(monkeypatch, OPEN_TO_ALL) as address:
        socket = Path(address.removeprefix("unix:path=").partition(",")[0])
        assert socket.exists()
        assert daemons(address)
    assert daemons(address) == []
    assert not socket.parent.exists()


@pytest.mark.usefixtures("bus")  # so that it is skipped where there is no daemon
def test_the_private_bus_dies_with_a_test_that_is_killed() -> None:
    holder = (
        "import time\n"
        "from coreg.testing.fake_bluez.daemon import OPEN_TO_ALL, private_bus\n"
        "with private_bus(OPEN_TO_ALL) as address:\n"
        "    print(address, flush=True)\n"
        "    time.sleep(60)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", holder], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        assert daemons(address)
        process.send_signal(signal.SIGKILL)
    socket = Path(address.removeprefix("unix:path=").partition(",")[0])
    try:
        for _ in range(50):
            if not daemons(address):
                break
            asyncio.run(asyncio.sleep(0.1))
        assert daemons(address) == []
    finally:
        shutil.rmtree(socket.parent)
