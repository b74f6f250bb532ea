"""The objects that a service shows on D-Bus, and the signals that tell of changes."""

from typing import Any

from dbus_fast import Message, Variant
from dbus_fast.aio import MessageBus

Properties = dict[str, Variant]

_MANAGER = "org.freedesktop.DBus.ObjectManager"
_PROPERTIES = "org.freedesktop.DBus.Properties"


class ObjectTree:
    """Paths, their interfaces, their properties; every change is told at once."""

    def __init__(self, bus: MessageBus) -> None:
        self._bus = bus
        self._objects: dict[str, dict[str, Properties]] = {}

    def __contains__(self, path: str) -> bool:
        return path in self._objects

    def managed(self) -> dict[str, dict[str, Properties]]:
        """Return everything, as GetManagedObjects answers it."""
        return self._objects

    def value(self, path: str, interface: str, name: str) -> Any:
        """Return one property."""
        return self._objects[path][interface][name].value

    def add(self, path: str, interface: str, properties: Properties) -> None:
        """Show an object."""
        self._objects[path] = {interface: properties}
        self._tell(
            "/",
            _MANAGER,
            "InterfacesAdded",
            "oa{sa{sv}}",
            path,
            {interface: properties},
        )

    def remove(self, path: str) -> None:
        """Withdraw an object and all below it, the deepest first."""
        below = [p for p in self._objects if p == path or p.startswith(f"{path}/")]
        for each in sorted(below, reverse=True):
            interfaces = list(self._objects.pop(each))
            self._tell("/", _MANAGER, "InterfacesRemoved", "oas", each, interfaces)

    def change(self, path: str, interface: str, changed: Properties) -> None:
        """Change properties; told even where the value is the same, as BlueZ does."""
        self._objects[path][interface].update(changed)
        self._tell_changed(path, interface, changed, [])

    def invalidate(self, path: str, interface: str, name: str) -> None:
        """Take a property away."""
        if self._objects[path][interface].pop(name, None) is not None:
            self._tell_changed(path, interface, {}, [name])

    def _tell_changed(
        self, path: str, interface: str, changed: Properties, gone: list[str]
    ) -> None:
        signature = "sa{sv}as"
        body = (interface, changed, gone)
        self._tell(path, _PROPERTIES, "PropertiesChanged", signature, *body)

    def _tell(
        self, path: str, interface: str, member: str, signature: str, *body: object
    ) -> None:
        signal = Message.new_signal(path, interface, member, signature, list(body))
        self._bus.send(signal)
