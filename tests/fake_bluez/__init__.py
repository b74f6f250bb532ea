"""A fake `org.bluez` on a private D-Bus: bleak's own Linux backend without a radio."""

from tests.fake_bluez.adapter import CENTRAL
from tests.fake_bluez.air import CHEST_STRAP, Abortion, FakeStrap, Refusal, without
from tests.fake_bluez.bluetoothd import FakeBluez, serving
from tests.fake_bluez.daemon import (
    NO_BLUETOOTH_FOR_USERS,
    OPEN_TO_ALL,
    is_installed,
    private_bus,
)
from tests.fake_bluez.device import Timing

__all__ = [
    "CENTRAL",
    "CHEST_STRAP",
    "NO_BLUETOOTH_FOR_USERS",
    "OPEN_TO_ALL",
    "Abortion",
    "FakeBluez",
    "FakeStrap",
    "Refusal",
    "Timing",
    "is_installed",
    "private_bus",
    "serving",
    "without",
]
