"""What BlueZ says when it will not: D-Bus error names and BlueZ's own words.

Names and words follow BlueZ's `src/error.c` and libdbus. "Input/output error" for an
adapter without power was measured on bluetoothd 5.66.
"""

from dbus_fast import DBusError

from coreg.testing.fake_bluez.air import Refusal

BUSY = Refusal(error="org.bluez.Error.InProgress", text="Operation already in progress")
IN_PROGRESS = Refusal(error="org.bluez.Error.InProgress", text="In Progress")
NOT_READY = Refusal(error="org.bluez.Error.NotReady", text="Resource Not Ready")
NOT_SUPPORTED = Refusal(
    error="org.bluez.Error.NotSupported", text="Operation is not supported"
)
NO_POWER = Refusal(error="org.bluez.Error.Failed", text="Input/output error")
ABORTED = Refusal(error="org.bluez.Error.Failed", text="le-connection-abort-by-local")
CANCELLED = Refusal(error="org.bluez.Error.Failed", text="br-connection-canceled")
NOT_CONNECTED = Refusal(error="org.bluez.Error.Failed", text="Not connected")
NO_DISCOVERY = Refusal(error="org.bluez.Error.Failed", text="No discovery started")
NO_SESSION = Refusal(error="org.bluez.Error.Failed", text="No notify session started")
TAKEN = Refusal(error="org.bluez.Error.NotPermitted", text="Notify acquired")
DENIED = Refusal(
    error="org.freedesktop.DBus.Error.AccessDenied", text="Rejected send message"
)
UNKNOWN_OBJECT = Refusal(
    error="org.freedesktop.DBus.Error.UnknownObject", text="No such object"
)
UNKNOWN_METHOD = Refusal(
    error="org.freedesktop.DBus.Error.UnknownMethod", text="No such method"
)


def refused(refusal: Refusal) -> DBusError:
    """Return the refusal as what is raised."""
    return DBusError(refusal.error, refusal.text)
