"""The Bluetooth adapter: power, scans, and the straps that it can hear."""

import asyncio

from dbus_fast import Variant

from coreg.testing.fake_bluez.air import FakeStrap
from coreg.testing.fake_bluez.device import Device, Timing
from coreg.testing.fake_bluez.objects import ObjectTree
from coreg.testing.fake_bluez.refusals import (
    BUSY,
    IN_PROGRESS,
    NO_DISCOVERY,
    NO_POWER,
    NOT_READY,
    UNKNOWN_OBJECT,
    refused,
)

ADAPTER = "org.bluez.Adapter1"
ADAPTER_PATH = "/org/bluez/hci0"

CENTRAL = ("central", "peripheral")
"""The roles of an adapter that can talk to straps."""


def device_path(strap: FakeStrap) -> str:
    """Return where BlueZ shows a strap."""
    return f"{ADAPTER_PATH}/dev_{strap.address.replace(':', '_')}"


class Adapter:
    """hci0, what it knows, and who asked it to scan."""

    def __init__(
        self, tree: ObjectTree, timing: Timing, straps: list[FakeStrap]
    ) -> None:
        self._straps = straps
        self._tree = tree
        self._timing = timing
        self._devices: dict[str, Device] = {}
        self._filters: dict[str, frozenset[str]] = {}
        self._scans: dict[str, frozenset[str]] = {}

    @property
    def is_plugged_in(self) -> bool:
        """Whether the computer has the adapter."""
        return ADAPTER_PATH in self._tree

    @property
    def is_powered(self) -> bool:
        """Whether it is there and on."""
        if not self.is_plugged_in:
            return False
        return bool(self._tree.value(ADAPTER_PATH, ADAPTER, "Powered"))

    @property
    def is_scanning(self) -> bool:
        """Whether anybody has it scan."""
        return bool(self._scans)

    def plug_in(self, roles: tuple[str, ...]) -> None:
        """Appear, powered."""
        properties = {
            "Address": Variant("s", "02:00:00:00:00:01"),
            "Name": Variant("s", "fake"),
            "Alias": Variant("s", "fake"),
            "Powered": Variant("b", True),  # noqa: FBT003 - D-Bus has no names for these
            "Discovering": Variant("b", False),  # noqa: FBT003
            "Roles": Variant("as", list(roles)),
            "UUIDs": Variant("as", []),
        }
        self._tree.add(ADAPTER_PATH, ADAPTER, properties)

    def unplug(self) -> None:
        """Vanish, with every device."""
        self._links_down()
        self._devices.clear()
        self._scans.clear()
        self._tree.remove(ADAPTER_PATH)

    def power_on(self) -> None:
        """Turn on."""
        self._set("Powered", value=True)

    def power_off(self) -> None:
        """Turn off: links break, scans end; what is known stays known."""
        self._links_down()
        self._end_scans()
        self._set("Powered", value=False)

    def forget(self, device: Device) -> None:
        """Remove a device and the notify sessions on it."""
        device.give_up()
        device.lost()
        device.close()
        del self._devices[device.path]
        self._tree.remove(device.path)

    # --- what clients ask

    def filter_scans(self, owner: str, uuids: frozenset[str]) -> None:
        """SetDiscoveryFilter: what the next scan of this connection is to show."""
        self._need_power()
        self._filters[owner] = uuids

    def start_scan(self, owner: str) -> None:
        """StartDiscovery: one for each connection."""
        self._need_power()
        if owner in self._scans:
            raise refused(BUSY)
        self._scans[owner] = self._filters.get(owner, frozenset())
        self._set("Discovering", value=True)

    def stop_scan(self, owner: str) -> None:
        """StopDiscovery."""
        self._need_power()
        if owner not in self._scans:
            raise refused(NO_DISCOVERY)
        del self._scans[owner]
        if not self._scans:
            self._end_scans()

    async def connect(self, path: str) -> None:
        """Connect, one at a time."""
        device = self.device(path)
        if not self.is_powered:
            raise refused(NO_POWER)
        if device.is_connected:
            return
        if any(other.is_connecting for other in self._devices.values()):
            raise refused(IN_PROGRESS)
        await device.connect()

    def device(self, path: str) -> Device:
        """Return the device at this path or above it."""
        for known, device in self._devices.items():
            if path == known or path.startswith(f"{known}/"):
                return device
        raise refused(UNKNOWN_OBJECT)

    def owner_left(self, owner: str) -> None:
        """End what a closed connection had asked for."""
        self._filters.pop(owner, None)
        if self._scans.pop(owner, None) is not None and not self._scans:
            self._end_scans()
        for device in self._devices.values():
            device.gatt.owner_left(owner)

    def close(self) -> None:
        """End whatever is under way."""
        for device in self._devices.values():
            device.close()

    # --- what is in the air

    async def listen(self) -> None:
        """Hear advertisements, forget who is not heard, miss who walked off."""
        now_s = asyncio.get_running_loop().time
        while True:
            if self.is_powered:
                for strap in self._straps:
                    self._hear(strap, now_s())
            for device in list(self._devices.values()):
                self._miss(device, now_s())
            await asyncio.sleep(self._timing.advertise_every_s)

    def _hear(self, strap: FakeStrap, now_s: float) -> None:
        if not strap.advertises or not self._is_wanted(strap):
            return
        path = device_path(strap)
        if path not in self._devices:
            self._devices[path] = Device(self._tree, path, strap, self._timing)
            self._devices[path].show()
        device = self._devices[path]
        device.seen_s = now_s
        device.heard_advertising()

    def _miss(self, device: Device, now_s: float) -> None:
        if device.is_connected:
            if device.strap.is_in_range:
                device.heard_s = now_s
            elif now_s - device.heard_s > self._timing.supervision_s:
                device.lost()
        elif (
            device.is_temporary and now_s - device.seen_s > self._timing.forget_after_s
        ):
            self.forget(device)

    def _is_wanted(self, strap: FakeStrap) -> bool:
        wanted = self._scans.values()
        return any(not uuids or uuids & set(strap.advertised) for uuids in wanted)

    def _end_scans(self) -> None:
        self._scans.clear()
        self._set("Discovering", value=False)
        for device in self._devices.values():
            device.scan_ended()

    def _links_down(self) -> None:
        for device in self._devices.values():
            device.give_up()
            device.lost()

    def _need_power(self) -> None:
        if not self.is_powered:
            raise refused(NOT_READY)

    def _set(self, name: str, *, value: bool) -> None:
        self._tree.change(ADAPTER_PATH, ADAPTER, {name: Variant("b", value)})
