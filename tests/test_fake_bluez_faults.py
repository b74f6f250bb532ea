"""What BlueZ refuses and what a machine lacks, as bleak's own backend tells it."""

import asyncio
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from bleak import BleakClient, BleakScanner
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

from coreg.testing.fake_bluez import refusals
from coreg.testing.fake_bluez.adapter import CENTRAL
from coreg.testing.fake_bluez.air import (
    CHEST_STRAP,
    HEART_RATE,
    HEART_RATE_MEASUREMENT,
    Abortion,
    Refusal,
    without,
)
from coreg.testing.fake_bluez.bench import (
    A_MOMENT_S,
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
from coreg.testing.fake_bluez.bluetoothd import serving
from coreg.testing.fake_bluez.daemon import NO_BLUETOOTH_FOR_USERS, OPEN_TO_ALL
from coreg.testing.fake_bluez.device import Timing


@pytest.fixture
def bus(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A private bus that this process takes for the system's."""
    with system_bus(monkeypatch, OPEN_TO_ALL) as address:
        yield address


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
            a.walk_off()
            with pytest.raises(TimeoutError) as caught:
                await BleakClient(device, timeout=0.2).connect()
            assert not isinstance(caught.value, BleakError)
            a.walk_in()
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
            await until(lambda: not client.is_connected)
            await asyncio.sleep(A_MOMENT_S)  # that it is off is told after the link
            await client.disconnect()
            with pytest.raises(BleakDBusError, match="Input/output error"):
                await BleakClient(device).connect()
            with pytest.raises(BleakBluetoothNotAvailableError) as caught:
                await BleakScanner.discover(0.1)
            assert caught.value.reason is BleakBluetoothNotAvailableReason.POWERED_OFF
            bluez.adapter.power_on()
            await asyncio.sleep(A_MOMENT_S)
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
            await until(lambda: not client.is_connected)
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

    with system_bus(monkeypatch, NO_BLUETOOTH_FOR_USERS) as address:
        run(scenario(address))


def test_without_a_system_bus_there_is_no_file_to_open(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={tmp_path / 'none'}")

    async def scenario() -> None:
        with pytest.raises(FileNotFoundError):
            await BleakScanner.discover(0.1)

    run(scenario())
