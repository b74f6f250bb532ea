"""What bleak and the systems below it raise, as troubles that have words."""

from collections.abc import Iterator
from contextlib import contextmanager

from bleak.exc import (
    BleakBluetoothNotAvailableError,
    BleakBluetoothNotAvailableReason,
    BleakCharacteristicNotFoundError,
    BleakDBusError,
    BleakDeviceNotFoundError,
    BleakError,
    BleakGATTProtocolError,
)

from coreg.errors import RadioError
from coreg.sensors.quirks.words import Trouble, radio_error


@contextmanager
def in_words() -> Iterator[None]:
    """Turn whatever the radio raises into a `RadioError` that a person can read."""
    try:
        yield
    except RadioError:
        raise
    except Exception as error:
        # Not only BleakError: each system's backend also raises that system's own.
        trouble = trouble_of(error)
        seen = repr(error) if trouble is Trouble.UNKNOWN else ""
        raise radio_error(trouble, seen=seen) from error


_REASONS = {
    BleakBluetoothNotAvailableReason.NO_BLUETOOTH: Trouble.NO_ADAPTER,
    BleakBluetoothNotAvailableReason.NO_BLE_CENTRAL_ROLE: Trouble.NO_LOW_ENERGY,
    BleakBluetoothNotAvailableReason.POWERED_OFF: Trouble.OFF,
    BleakBluetoothNotAvailableReason.DENIED_BY_USER: Trouble.NOT_ALLOWED_BY_PERSON,
    BleakBluetoothNotAvailableReason.DENIED_BY_SYSTEM: Trouble.NOT_ALLOWED_BY_SYSTEM,
    BleakBluetoothNotAvailableReason.DENIED_BY_UNKNOWN: Trouble.NOT_ALLOWED_BY_PERSON,
}

# What BlueZ's errors have in their names or their texts.
_DBUS_SIGNS = (
    ("AccessDenied", Trouble.NOT_ALLOWED_BY_SYSTEM),
    ("ServiceUnknown", Trouble.NO_SERVICE),
    ("NameHasNoOwner", Trouble.NO_SERVICE),
    ("Spawn.", Trouble.NO_SERVICE),
    ("UnknownObject", Trouble.WENT_AWAY),
    ("InProgress", Trouble.BUSY),
    ("le-connection-abort-by-local", Trouble.INTERFERENCE),
    ("NotReady", Trouble.OFF),
    ("Input/output error", Trouble.OFF),
    ("NotConnected", Trouble.WENT_AWAY),
    ("NoReply", Trouble.NO_ANSWER),
)

# What bleak raises as a bare BleakError, with nothing but a text to tell it by.
_BARE_SIGNS = (
    ("not found", Trouble.WENT_AWAY),  # gone from BlueZ's list between scan and connect
    # bluetoothd at times tells of ATT before it tells of the link itself (over mgmt),
    # and bleak takes that for a link that broke.
    ("failed to discover services", Trouble.BROKE_OFF),
)

_PAIRING_CODES = (0x05, 0x0F)

_KINDS: tuple[tuple[type[Exception], Trouble], ...] = (
    (BleakCharacteristicNotFoundError, Trouble.NO_HEART_RATE),
    (BleakDeviceNotFoundError, Trouble.WENT_AWAY),
    (TimeoutError, Trouble.NO_ANSWER),  # a mute strap; this is no BleakError
    (PermissionError, Trouble.NOT_ALLOWED_BY_SYSTEM),
    (FileNotFoundError, Trouble.NO_SERVICE),  # there is no system bus
    (ConnectionError, Trouble.NO_SERVICE),
    (EOFError, Trouble.NO_SERVICE),  # the bus went away
)


def trouble_of(error: Exception) -> Trouble:
    """Return what an error of the radio means."""
    match error:
        case BleakBluetoothNotAvailableError():
            return _REASONS.get(error.reason, Trouble.UNKNOWN)
        case BleakGATTProtocolError() if error.code in _PAIRING_CODES:
            return Trouble.WANTS_PAIRING
        case BleakDBusError():
            signs = (each for sign, each in _DBUS_SIGNS if sign in str(error))
            return next(signs, Trouble.UNKNOWN)
    kinds = [each for kind, each in _KINDS if isinstance(error, kind)]
    if not kinds and isinstance(error, BleakError):
        kinds = [each for sign, each in _BARE_SIGNS if sign in str(error)]
    return kinds[0] if kinds else Trouble.UNKNOWN
