"""bleak's own BlueZ backend over a fake `org.bluez`: what it does, trap by trap.

Nothing of bleak is replaced: the sessions, signals and errors pass through a real
`dbus-daemon` on a private socket. Each trap says where it was read or measured.
"""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from bleak import BleakClient, BleakScanner
from bleak.backends.device import BLEDevice
from bleak.exc import (
    BleakBluetoothNotAvailableError,
    BleakBluetoothNotAvailableReason,
    BleakCharacteristicNotFoundError,
    BleakDBusError,
    BleakDeviceNotFoundError,
    BleakError,
)

if sys.platform != "linux":
    pytest.skip("BlueZ is the Bluetooth of Linux", allow_module_level=True)

from tests.fake_bluez import (
    CENTRAL,
    CHEST_STRAP,
    NO_BLUETOOTH_FOR_USERS,
    OPEN_TO_ALL,
    Abortion,
    FakeBluez,
    FakeStrap,
    Refusal,
    Timing,
    is_installed,
    private_bus,
    refusals,
    serving,
    without,
)
from tests.fake_bluez.air import (
    BATTERY_LEVEL,
    BODY_SENSOR_LOCATION,
    FIRMWARE_REVISION,
    HEART_RATE,
    HEART_RATE_MEASUREMENT,
    MANUFACTURER_NAME,
    MODEL_NUMBER,
    SERIAL_NUMBER,
)

ROOT = Path(__file__).resolve().parents[1]
A_MOMENT_S = 0.1
LONGEST_S = 20


@pytest.fixture(autouse=True)
def _dbus_daemon() -> None:
    if not is_installed():
        why = "dbus-daemon is not installed (Debian: apt-get install dbus)"
        if os.environ.get("CI") == "true":
            pytest.fail(why)
        pytest.skip(why)


@pytest.fixture
def bus(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A private bus that this process takes for the system's."""
    with private_bus(OPEN_TO_ALL) as address:
        monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", address)
        yield address


def run(scenario: Coroutine[None, None, None]) -> None:
    """Run a scenario, but not for ever."""
    asyncio.run(asyncio.wait_for(scenario, LONGEST_S))


@asynccontextmanager
async def bluetooth(address: str) -> AsyncIterator[FakeBluez]:
    """Serve BlueZ with an adapter that is on."""
    async with serving(address, Timing()) as bluez:
        bluez.adapter.plug_in(CENTRAL)
        yield bluez


def strap_a() -> FakeStrap:
    return FakeStrap(address="02:00:00:00:00:0A", name="Strap A")


def strap_b() -> FakeStrap:
    return FakeStrap(address="02:00:00:00:00:0B", name="Strap B")


async def found(name: str) -> BLEDevice:
    device = await BleakScanner.find_device_by_name(
        name, timeout=2, service_uuids=[HEART_RATE]
    )
    assert device is not None
    return device


def packet(number: int) -> bytes:
    """A packet of one RR interval that no other packet has."""
    return bytes([0x10, 60]) + (700 + number).to_bytes(2, "little")


def sink(heard: list[bytes]) -> Callable[[object, bytearray], None]:
    return lambda _, data: heard.append(bytes(data))


async def send(strap: FakeStrap, first: int, last: int) -> None:
    for number in range(first, last):
        strap.beat(packet(number))
    await asyncio.sleep(A_MOMENT_S)


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


async def drop_and_reconnect(
    strap: FakeStrap, old: BleakClient, heard: list[bytes]
) -> BleakClient:
    """Lose the link from the strap's side, find it again, subscribe again."""
    strap.drop()
    await asyncio.sleep(A_MOMENT_S)
    assert not old.is_connected
    client = BleakClient(await found(strap.name))
    await client.connect()
    await client.start_notify(HEART_RATE_MEASUREMENT, sink(heard))
    return client


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
    async def scenario() -> None:
        a, heard, drops = strap_a(), list[bytes](), list[BleakClient]()
        async with bluetooth(bus) as bluez:
            bluez.put_on(a)
            client = BleakClient(await found("Strap A"), drops.append)
            await client.connect()
            await client.start_notify(HEART_RATE_MEASUREMENT, sink(heard))
            a.is_in_range = False
            await send(a, 0, 2)
            assert drops == []  # until the supervision timeout
            await asyncio.sleep(4 * Timing().supervision_s)
            assert drops == [client]
            await client.disconnect()
            a.is_in_range = True
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
            await asyncio.sleep(A_MOMENT_S)
            assert not first.is_connected
            await first.disconnect()

    run(scenario())


# --- what BlueZ refuses -------------------------------------------------------


def test_a_second_scan_of_one_program_is_refused_as_in_progress(bus: str) -> None:
    async def scenario() -> None:
        async with bluetooth(bus) as bluez:
            bluez.put_on(strap_a())
            async with BleakScanner(service_uuids=[HEART_RATE]):
                with pytest.raises(BleakDBusError) as caught:
                    await BleakScanner(service_uuids=[HEART_RATE]).start()
            assert caught.value.dbus_error == "org.bluez.Error.InProgress"
            await found("Strap A")

    run(scenario())


def test_a_second_connect_under_way_is_refused_as_in_progress(bus: str) -> None:
    async def scenario() -> None:
        async with bluetooth(bus) as bluez:
            bluez.put_on(strap_a(), strap_b())
            both = [await found("Strap A"), await found("Strap B")]
            clients = [BleakClient(device) for device in both]
            ends = await asyncio.gather(
                *(client.connect() for client in clients), return_exceptions=True
            )
            for client in clients:
                await client.disconnect()
        refused = [end for end in ends if isinstance(end, BleakDBusError)]
        assert [end.dbus_error for end in refused] == ["org.bluez.Error.InProgress"]

    run(scenario())


@pytest.mark.parametrize(
    "refusal", [refusals.IN_PROGRESS, refusals.DENIED], ids=lambda r: r.error
)
def test_a_refused_connection_names_the_error_and_the_next_try_may_work(
    bus: str, refusal: Refusal
) -> None:
    async def scenario() -> None:
        a = strap_a()
        a.next_answers.append(refusal)
        async with bluetooth(bus) as bluez:
            bluez.put_on(a)
            device = await found("Strap A")
            with pytest.raises(BleakDBusError) as caught:
                await BleakClient(device).connect()
            assert caught.value.dbus_error == refusal.error
            assert caught.value.dbus_error_details == refusal.text
            async with BleakClient(device) as client:
                assert client.is_connected

    run(scenario())


def test_a_connection_aborted_by_local_is_tried_again_by_bleak_itself(bus: str) -> None:
    async def scenario() -> None:
        a, drops = strap_a(), list[BleakClient]()
        a.next_answers.extend([Abortion(), Abortion()])
        async with bluetooth(bus) as bluez:
            bluez.put_on(a)
            async with BleakClient(await found("Strap A"), drops.append) as client:
                assert client.is_connected
                assert bluez.members_called.count("Connect") == 3
                # Called for a connection that never came to be: a trap of its own.
                assert len(drops) == 2

    run(scenario())


def test_a_strap_that_does_not_answer_raises_the_builtin_timeout_error(
    bus: str,
) -> None:
    async def scenario() -> None:
        a = strap_a()
        async with bluetooth(bus) as bluez:
            bluez.put_on(a)
            device = await found("Strap A")
            a.is_in_range = False
            with pytest.raises(TimeoutError) as caught:
                await BleakClient(device, timeout=0.2).connect()
            assert not isinstance(caught.value, BleakError)
            a.is_in_range = True
            async with BleakClient(device) as client:
                assert client.is_connected

    run(scenario())


def test_bluez_forgets_a_strap_and_the_old_device_fails_at_once(bus: str) -> None:
    async def scenario() -> None:
        a = strap_a()
        async with bluetooth(bus) as bluez:
            bluez.put_on(a)
            old = await found("Strap A")
            await asyncio.sleep(2 * Timing().forget_after_s)
            before_s = asyncio.get_running_loop().time()
            with pytest.raises(BleakError, match="not found"):
                await BleakClient(old, timeout=10).connect()
            assert asyncio.get_running_loop().time() - before_s < 1
            async with BleakClient(await found("Strap A")) as client:
                assert client.is_connected

    run(scenario())


def test_a_strap_forgotten_while_we_ask_for_it_is_an_unknown_object(bus: str) -> None:
    async def scenario() -> None:
        a = strap_a()
        a.next_answers.append(refusals.UNKNOWN_OBJECT)
        async with bluetooth(bus) as bluez:
            bluez.put_on(a)
            with pytest.raises(BleakDeviceNotFoundError):
                await BleakClient(await found("Strap A")).connect()

    run(scenario())


def test_a_strap_that_was_connected_once_is_not_forgotten_by_itself(bus: str) -> None:
    async def scenario() -> None:
        a = strap_a()
        async with bluetooth(bus) as bluez:
            bluez.put_on(a)
            device = await found("Strap A")
            async with BleakClient(device):
                pass
            await asyncio.sleep(2 * Timing().forget_after_s)
            async with BleakClient(device) as client:
                assert client.is_connected
            bluez.forget(a)
            await asyncio.sleep(A_MOMENT_S)
            with pytest.raises(BleakError, match="not found"):
                await BleakClient(device).connect()

    run(scenario())


def test_a_device_without_the_measurement_says_so_when_asked_for_it(bus: str) -> None:
    async def scenario() -> None:
        a = strap_a()
        a.services = without(HEART_RATE_MEASUREMENT, CHEST_STRAP)
        async with bluetooth(bus) as bluez:
            bluez.put_on(a)
            async with BleakClient(await found("Strap A")) as client:
                with pytest.raises(BleakCharacteristicNotFoundError):
                    await client.start_notify(HEART_RATE_MEASUREMENT, sink([]))

    run(scenario())


# --- no Bluetooth -------------------------------------------------------------


def test_an_adapter_turned_off_drops_the_strap_and_works_again_when_on(
    bus: str,
) -> None:
    """Errors as measured with bleak 3.1.0 on bluetoothd 5.66."""

    async def scenario() -> None:
        a, heard = strap_a(), list[bytes]()
        async with bluetooth(bus) as bluez:
            bluez.put_on(a)
            device = await found("Strap A")
            client = BleakClient(device)
            await client.connect()
            bluez.adapter.power_off()
            await asyncio.sleep(A_MOMENT_S)
            assert not client.is_connected
            await client.disconnect()
            with pytest.raises(BleakDBusError, match="Input/output error"):
                await BleakClient(device).connect()
            with pytest.raises(BleakBluetoothNotAvailableError) as caught:
                await BleakScanner.discover(0.1)
            assert caught.value.reason is BleakBluetoothNotAvailableReason.POWERED_OFF
            bluez.adapter.power_on()
            client = await drop_and_reconnect(a, client, heard)
            await send(a, 0, 2)
            await client.disconnect()
        assert heard == a.sent == [packet(0), packet(1)]

    run(scenario())


def test_an_adapter_turned_off_in_mid_scan_lets_the_scan_end(bus: str) -> None:
    async def scenario() -> None:
        async with bluetooth(bus) as bluez:
            bluez.put_on(strap_a())
            async with BleakScanner(service_uuids=[HEART_RATE]):
                bluez.adapter.power_off()
                await asyncio.sleep(A_MOMENT_S)
            bluez.adapter.power_on()
            await asyncio.sleep(A_MOMENT_S)
            await found("Strap A")

    run(scenario())


@pytest.mark.parametrize(
    ("roles", "reason"),
    [
        (None, BleakBluetoothNotAvailableReason.NO_BLUETOOTH),
        (("peripheral",), BleakBluetoothNotAvailableReason.NO_BLE_CENTRAL_ROLE),
    ],
    ids=["none", "an old one"],
)
def test_a_computer_without_a_fit_adapter_says_which_it_is(
    bus: str,
    roles: tuple[str, ...] | None,
    reason: BleakBluetoothNotAvailableReason,
) -> None:
    async def scenario() -> None:
        async with serving(bus, Timing()) as bluez:
            if roles is not None:
                bluez.adapter.plug_in(roles)
            with pytest.raises(BleakBluetoothNotAvailableError) as caught:
                await BleakScanner.discover(0.1)
        assert caught.value.reason is reason

    run(scenario())


def test_an_adapter_pulled_out_takes_its_straps_along(bus: str) -> None:
    async def scenario() -> None:
        async with bluetooth(bus) as bluez:
            bluez.put_on(strap_a())
            client = BleakClient(await found("Strap A"))
            await client.connect()
            bluez.adapter.unplug()
            await asyncio.sleep(A_MOMENT_S)
            assert not client.is_connected
            await client.disconnect()
            bluez.adapter.plug_in(CENTRAL)
            await asyncio.sleep(A_MOMENT_S)
            async with BleakClient(await found("Strap A")) as again:
                assert again.is_connected

    run(scenario())


async def error_of_a_scan() -> str:
    with pytest.raises(BleakDBusError) as caught:
        await BleakScanner.discover(0.1)
    return caught.value.dbus_error


@pytest.mark.usefixtures("bus")
def test_without_bluetoothd_the_service_is_unknown() -> None:
    async def scenario() -> None:
        unknown = "org.freedesktop.DBus.Error.ServiceUnknown"
        assert await error_of_a_scan() == unknown

    run(scenario())


def test_a_user_without_permission_is_refused_by_the_bus_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def scenario(address: str) -> None:
        async with bluetooth(address):
            denied = "org.freedesktop.DBus.Error.AccessDenied"
            assert await error_of_a_scan() == denied

    with private_bus(NO_BLUETOOTH_FOR_USERS) as address:
        monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", address)
        run(scenario(address))


def test_without_a_system_bus_there_is_no_file_to_open(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={tmp_path / 'none'}")

    async def scenario() -> None:
        with pytest.raises(FileNotFoundError):
            await BleakScanner.discover(0.1)

    run(scenario())


# --- the bus itself -----------------------------------------------------------


def daemons(address: str) -> list[str]:
    """Command lines that hold the folder of this bus."""
    folder = address.removeprefix("unix:path=").partition("/bus")[0]
    lines = (p.read_bytes() for p in Path("/proc").glob("[0-9]*/cmdline"))
    return [line.decode() for line in lines if folder.encode() in line]


def test_the_private_bus_leaves_neither_process_nor_folder() -> None:
    with private_bus(OPEN_TO_ALL) as address:
        socket = Path(address.removeprefix("unix:path=").partition(",")[0])
        assert socket.exists()
        assert daemons(address)
    assert daemons(address) == []
    assert not socket.parent.exists()


def test_the_private_bus_dies_with_a_test_that_is_killed() -> None:
    holder = (
        "import time\n"
        "from tests.fake_bluez.daemon import OPEN_TO_ALL, private_bus\n"
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
