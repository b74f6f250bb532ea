"""GATT over D-Bus, as bluetoothd keeps it for one device.

The trap that this models, in BlueZ's `src/gatt-client.c`: a notify session belongs to
the D-Bus connection that asked for it (`notify_client.owner`) and ends with
StopNotify, with that connection, or with the device object. A lost link does not end
it: `btd_gatt_client_connected` registers every old session again. Each session then
emits its own PropertiesChanged for one and the same notification.
"""

import socket
from collections.abc import Iterator

from dbus_fast import Variant

from coreg.testing.fake_bluez.air import Characteristic, Service
from coreg.testing.fake_bluez.objects import ObjectTree, Properties
from coreg.testing.fake_bluez.refusals import (
    IN_PROGRESS,
    NO_SESSION,
    NOT_SUPPORTED,
    TAKEN,
    refused,
)

SERVICE = "org.bluez.GattService1"
CHARACTERISTIC = "org.bluez.GattCharacteristic1"
MTU = 247
_NOTIFIES = {"notify", "indicate"}


class RemoteGatt:
    """A strap's services, shown below its device, and who listens to them."""

    def __init__(
        self, tree: ObjectTree, device: str, services: tuple[Service, ...]
    ) -> None:
        self._tree = tree
        self._characteristics: dict[str, Characteristic] = {}
        self._owners: dict[str, list[str]] = {}
        self._pipes: dict[str, tuple[str, socket.socket]] = {}
        self._device = device
        self._services = services

    def show(self) -> None:
        """Show the services; shown once, they stay while the device does."""
        if self._characteristics:
            return
        handle = 0x000A
        for service in self._services:
            path = f"{self._device}/service{handle:04x}"
            self._tree.add(path, SERVICE, _service(self._device, service))
            for characteristic in service.characteristics:
                handle += 1
                self._show_characteristic(path, handle, characteristic)
                handle += 2  # its value, and room for a descriptor
            handle += 1

    def is_subscribed(self, uuid: str) -> bool:
        """Whether anybody listens."""
        return any(self._owners[p] or p in self._pipes for p in self._paths(uuid))

    def read(self, path: str) -> bytes:
        """Read a value; BlueZ tells it as a change as well."""
        value = self._characteristics[path].value
        self._tell(path, value)
        return value

    def uuid_to_write(self, path: str) -> str:
        """Return which characteristic a WriteValue is for, if it takes one."""
        characteristic = self._characteristics[path]
        if "write" not in characteristic.flags:
            raise refused(NOT_SUPPORTED)
        return characteristic.uuid

    def start(self, path: str, owner: str) -> None:
        """StartNotify: one session more, unless this connection has one."""
        if path in self._pipes:
            raise refused(TAKEN)
        if not _NOTIFIES & set(self._characteristics[path].flags):
            raise refused(NOT_SUPPORTED)
        if owner not in self._owners[path]:
            self._owners[path].append(owner)
            self._tell_notifying(path)

    def stop(self, path: str, owner: str) -> None:
        """StopNotify: this connection's session ends."""
        if owner not in self._owners[path]:
            raise refused(NO_SESSION)
        self._owners[path].remove(owner)
        self._tell_notifying(path)

    def acquire(self, path: str, owner: str) -> int:
        """AcquireNotify: notifications go into a socket; return its other end."""
        if path in self._pipes:
            raise refused(TAKEN)
        if self._owners[path]:
            raise refused(IN_PROGRESS)
        if not _NOTIFIES & set(self._characteristics[path].flags):
            raise refused(NOT_SUPPORTED)
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._pipes[path] = (owner, ours)
        return theirs.detach()

    def notified(self, uuid: str, value: bytes) -> None:
        """Pass a notification on, once for each session."""
        for path in self._paths(uuid):
            for _ in self._owners[path]:
                self._tell(path, value)
            if path in self._pipes:
                self._push(path, value)

    def owner_left(self, owner: str) -> None:
        """End the sessions of a connection that closed."""
        for path, owners in self._owners.items():
            if owner in owners:
                owners.remove(owner)
                self._tell_notifying(path)
        for path in [p for p, (who, _) in self._pipes.items() if who == owner]:
            self._close(path)

    def link_lost(self) -> None:
        """Close the sockets. The sessions of StartNotify live on: the trap."""
        for path in list(self._pipes):
            self._close(path)

    def _show_characteristic(
        self, service: str, handle: int, characteristic: Characteristic
    ) -> None:
        path = f"{service}/char{handle:04x}"
        self._characteristics[path] = characteristic
        self._owners[path] = []
        self._tree.add(path, CHARACTERISTIC, _characteristic(service, characteristic))

    def _paths(self, uuid: str) -> Iterator[str]:
        return (p for p, c in self._characteristics.items() if c.uuid == uuid)

    def _tell(self, path: str, value: bytes) -> None:
        self._tree.change(path, CHARACTERISTIC, {"Value": Variant("ay", value)})

    def _tell_notifying(self, path: str) -> None:
        notifying = Variant("b", bool(self._owners[path]))
        self._tree.change(path, CHARACTERISTIC, {"Notifying": notifying})

    def _push(self, path: str, value: bytes) -> None:
        try:
            self._pipes[path][1].send(value)
        except BrokenPipeError:  # the client closed its end: that is its StopNotify
            self._close(path)

    def _close(self, path: str) -> None:
        self._pipes.pop(path)[1].close()


def _service(device: str, service: Service) -> Properties:
    return {
        "UUID": Variant("s", service.uuid),
        "Device": Variant("o", device),
        "Primary": Variant("b", True),  # noqa: FBT003 - D-Bus has no names for these
        "Includes": Variant("ao", []),
    }


def _characteristic(service: str, characteristic: Characteristic) -> Properties:
    properties = {
        "UUID": Variant("s", characteristic.uuid),
        "Service": Variant("o", service),
        "Value": Variant("ay", b""),
        "Flags": Variant("as", list(characteristic.flags)),
        "MTU": Variant("q", MTU),
    }
    if _NOTIFIES & set(characteristic.flags):
        properties["Notifying"] = Variant("b", False)  # noqa: FBT003
        properties["NotifyAcquired"] = Variant("b", False)  # noqa: FBT003
    return properties
