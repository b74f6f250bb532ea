# ruff: noqa: SLF001 - the fakes are looked into here
"""The real bleak and bumble still have what our fakes and our radio assume of them."""

import inspect
from importlib.metadata import version

import pytest
from bleak import BleakAdapter, BleakClient, BleakScanner, exc
from bleak.backends.adapter import BaseBleakAdapter
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.client import BaseBleakClient
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData, BaseBleakScanner
from bleak.backends.service import BleakGATTService, BleakGATTServiceCollection
from bumble import controller, device, gatt_client, gatt_server, hci, link

from coreg.testing.virtual_radio import air, computer


def parameters(function: object) -> list[str]:
    assert callable(function)
    return list(inspect.signature(function).parameters)


def test_versions_are_those_that_were_read() -> None:
    assert version("bleak").split(".")[0] == "3"
    assert tuple(map(int, version("bumble").split(".")[:3])) >= (0, 0, 236)


def test_bleak_takes_a_backend_in_all_three_places() -> None:
    for function in (BleakScanner.__init__, BleakClient.__init__, BleakAdapter.get):
        assert "backend" in parameters(function)
    assert parameters(BleakScanner.__init__)[1:3] == [
        "detection_callback",
        "service_uuids",
    ]
    assert parameters(BleakClient.__init__)[1:3] == [
        "address_or_ble_device",
        "disconnected_callback",
    ]
    assert "timeout" in parameters(BleakClient.__init__)
    assert "service_uuids" in parameters(BleakAdapter.get_connected_devices)


@pytest.mark.parametrize(
    ("fake", "real"),
    [
        (computer._Scanner, BaseBleakScanner),
        (computer._Client, BaseBleakClient),
        (computer._Adapter, BaseBleakAdapter),
        (air.Air, link.LocalLink),
        (air.Chip, controller.Controller),
    ],
    ids=lambda kind: kind.__name__,
)
def test_what_a_fake_overrides_is_there_and_takes_the_same(
    fake: type, real: type
) -> None:
    assert issubclass(fake, real)
    for name, ours in vars(fake).items():
        if name == "__init__" or not hasattr(real, name) or not callable(ours):
            continue
        theirs = parameters(getattr(real, name))
        mine = inspect.signature(ours).parameters.values()
        if any(each.kind is each.VAR_KEYWORD for each in mine):
            continue  # it takes whatever a system's own backend takes
        named = [each.name.lstrip("_") for each in mine]
        assert named == [each.lstrip("_") for each in theirs], name


def test_no_abstract_part_of_a_backend_is_left_out() -> None:
    for fake in (computer._Scanner, computer._Client, computer._Adapter):
        assert not getattr(fake, "__abstractmethods__", frozenset())


def test_bleak_has_the_errors_that_we_put_into_words() -> None:
    reasons = {each.name for each in exc.BleakBluetoothNotAvailableReason}
    assert {
        "NO_BLUETOOTH",
        "NO_BLE_CENTRAL_ROLE",
        "POWERED_OFF",
        "DENIED_BY_USER",
        "DENIED_BY_SYSTEM",
        "DENIED_BY_UNKNOWN",
        "UNKNOWN",
    } == reasons
    off = exc.BleakBluetoothNotAvailableError(
        "off", exc.BleakBluetoothNotAvailableReason.POWERED_OFF
    )
    assert off.reason is exc.BleakBluetoothNotAvailableReason.POWERED_OFF
    dbus = exc.BleakDBusError(
        "org.bluez.Error.Failed", ["le-connection-abort-by-local"]
    )
    assert str(dbus) == "[org.bluez.Error.Failed] le-connection-abort-by-local"
    assert exc.BleakGATTProtocolError(0x05).code == 0x05
    assert not issubclass(TimeoutError, exc.BleakError)
    for kind in (exc.BleakDeviceNotFoundError, exc.BleakCharacteristicNotFoundError):
        assert issubclass(kind, exc.BleakError)


def test_bleak_describes_devices_and_services_as_we_read_them() -> None:
    assert {"local_name", "service_uuids", "rssi"} <= set(AdvertisementData._fields)
    assert {"address", "name", "details"} <= set(BLEDevice.__slots__)
    for name in ("add_service", "add_characteristic", "get_characteristic"):
        assert hasattr(BleakGATTServiceCollection, name)
    assert parameters(BleakGATTService.__init__)[1:] == ["obj", "handle", "uuid"]
    assert parameters(BleakGATTCharacteristic.__init__)[1:] == [
        "obj",
        "handle",
        "uuid",
        "properties",
        "max_write_without_response_size",
        "service",
    ]


def test_bumble_still_cannot_give_up_a_connection_attempt() -> None:
    """When this fails, `Chip` can lose its override."""
    source = inspect.getsource(
        controller.Controller.on_hci_le_create_connection_cancel_command
    )
    assert "pending_le_connection" not in source


def test_bumble_has_what_the_virtual_air_builds_on() -> None:
    for kind, names in {
        controller.Controller: (
            "on_le_disconnected",
            "on_link_acl_data",
            "on_ll_advertising_pdu",
            "on_ll_control_pdu",
            "random_address",
            "send_hci_packet",
        ),
        device.Device: (
            "connect_le",
            "notify_subscribers",
            "power_on",
            "start_advertising",
            "start_scanning",
            "stop_scanning",
        ),
        device.Peer: ("discover_services", "request_mtu"),
        gatt_client.CharacteristicProxy: ("read_value", "subscribe", "unsubscribe"),
        gatt_server.Server: ("on_disconnection",),
    }.items():
        for name in names:
            assert hasattr(kind, name), (kind, name)
    for code in ("CONNECTION_TIMEOUT_ERROR", "UNKNOWN_CONNECTION_IDENTIFIER_ERROR"):
        assert hasattr(hci.HCI_ErrorCode, code)
