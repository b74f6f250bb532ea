"""One strap as bluetoothd sees it: known, connecting, connected, forgotten."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass

from dbus_fast import Variant

from coreg.testing.fake_bluez.air import Abortion, AttFirst, FakeStrap
from coreg.testing.fake_bluez.gatt import RemoteGatt
from coreg.testing.fake_bluez.objects import ObjectTree
from coreg.testing.fake_bluez.refusals import ABORTED, CANCELLED, IN_PROGRESS, refused

DEVICE = "org.bluez.Device1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """How long things take; shorter than in life, so that a suite stays short.

    In life: an advertisement every 0.1-1 s; a connection within seconds; BlueZ waits
    2 s before it carries out a Disconnect (`DISCONNECT_TIMER`) and forgets a device
    that never was connected 30 s after its last advertisement (`TemporaryTimeout`);
    a link breaks some seconds after the last packet (supervision timeout). What is
    told over mgmt may come some `mgmt_late_s` after ATT (`AttFirst`).
    """

    advertise_every_s: float = 0.02
    connect_s: float = 0.01
    resolve_s: float = 0.01
    disconnect_s: float = 0.02
    forget_after_s: float = 0.6
    supervision_s: float = 0.2
    mgmt_late_s: float = 0.05


LIFE = Timing(
    advertise_every_s=0.5,
    connect_s=0.1,
    resolve_s=0.5,
    disconnect_s=2.0,
    forget_after_s=30.0,
    supervision_s=6.0,
    mgmt_late_s=0.1,
)
"""As long as in life, for tests in jumping time (`clockwork`)."""


class Device:
    """The D-Bus object of one strap, and the strap's link to this computer."""

    def __init__(
        self, tree: ObjectTree, path: str, strap: FakeStrap, timing: Timing
    ) -> None:
        self.path = path
        self.strap = strap
        self.is_temporary = True
        self.seen_s = 0.0
        self.heard_s = 0.0
        self.gatt = RemoteGatt(tree, self.path, strap.services)
        self._tree = tree
        self._timing = timing
        self._attempt: asyncio.Task[None] | None = None
        self._later: asyncio.Task[None] | None = None  # what is told in a moment

    @property
    def is_connected(self) -> bool:
        """Whether the link is up."""
        return self.strap.link is self

    @property
    def is_connecting(self) -> bool:
        """Whether an attempt to connect is under way."""
        return self._attempt is not None

    def show(self) -> None:
        """Appear on D-Bus."""
        strap = self.strap
        properties = {
            "Address": Variant("s", strap.address),
            "AddressType": Variant("s", "public"),
            "Name": Variant("s", strap.name),
            "Alias": Variant("s", strap.name),
            "UUIDs": Variant("as", list(strap.advertised)),
            "RSSI": Variant("n", -60),
            "Adapter": Variant("o", self.path.rpartition("/")[0]),
        }
        for name in _NOT_YET:
            properties[name] = Variant("b", False)  # noqa: FBT003
        self._tree.add(self.path, DEVICE, properties)

    def heard_advertising(self) -> None:
        """Tell of one more advertisement."""
        self._tree.change(self.path, DEVICE, {"RSSI": Variant("n", -60)})

    def scan_ended(self) -> None:
        """Take the signal strength away, as BlueZ does when a scan ends."""
        self._tree.invalidate(self.path, DEVICE, "RSSI")

    async def connect(self) -> None:
        """Carry out Connect: return when the link is up, raise what BlueZ answers."""
        if self.is_connecting:
            raise refused(IN_PROGRESS)
        self.is_temporary = False  # from now on BlueZ keeps it
        self._attempt = asyncio.create_task(self._reach())
        try:
            await asyncio.wait({self._attempt})
            if self._attempt.cancelled():
                raise refused(CANCELLED)
            self._attempt.result()
        finally:
            self._attempt.cancel()
            self._attempt = None

    def give_up(self) -> None:
        """End an attempt to connect, if one is under way."""
        if self._attempt is not None:
            self._attempt.cancel()

    async def disconnect(self) -> None:
        """Carry out Disconnect: an attempt under way ends, or else the link."""
        self.give_up()
        if self.is_connected:
            await asyncio.sleep(self._timing.disconnect_s)
            self.lost()

    def close(self) -> None:
        """End whatever is under way, without a word on the bus."""
        for task in (self._attempt, self._later):
            if task is not None:
                task.cancel()
        self.gatt.link_lost()
        self.strap.link = None

    # --- the link, as the strap knows it

    def is_subscribed(self, uuid: str) -> bool:
        """Whether notifications of this characteristic were asked for."""
        return self.gatt.is_subscribed(uuid)

    def notified(self, uuid: str, value: bytes) -> None:
        """Pass one notification on."""
        self.gatt.notified(uuid, value)

    def wrote(self, uuid: str, value: bytes) -> None:
        """Hand over what was written; the strap answers by notifications."""
        if self.strap.on_write is not None:
            self.strap.on_write(uuid, value)

    def lost(self) -> None:
        """Notice that the link is gone, whoever ended it."""
        if not self.is_connected:
            return
        self._unresolved()
        self._set("Connected", value=False)

    def att_lost(self) -> None:
        """Notice that ATT is gone; that the link is, is told over mgmt later."""
        self._unresolved()
        self._soon(self._say_disconnected())

    def _unresolved(self) -> None:
        self.strap.link = None
        if self._later is not None:
            self._later.cancel()
        self.gatt.link_lost()
        self._set("ServicesResolved", value=False)

    def _soon(self, told: Coroutine[None, None, None]) -> None:
        """Tell this in a moment, and what was to be told until now no more."""
        if self._later is not None:
            self._later.cancel()
        self._later = asyncio.create_task(told)

    async def _say_disconnected(self) -> None:
        await asyncio.sleep(self._timing.mgmt_late_s)
        self._set("Connected", value=False)

    async def _reach(self) -> None:
        """Wait for the strap, however long: only Disconnect ends the waiting."""
        while not self.strap.advertises:
            await asyncio.sleep(self._timing.advertise_every_s)
        await asyncio.sleep(self._timing.connect_s)
        if not self.strap.next_answers:
            self._link_up()
            return
        answer = self.strap.next_answers.popleft()
        if isinstance(answer, AttFirst):
            self._soon(self._told_late())
            self.strap.link = self
            return
        if isinstance(answer, Abortion):
            self._set("Connected", value=True)
            # The link breaks after the answer: bleak waits for just that.
            later = asyncio.get_running_loop().call_later
            later(self._timing.connect_s, self._set_disconnected)
            raise refused(ABORTED)
        raise refused(answer)

    def _link_up(self) -> None:
        self.strap.link = self
        self._set("Connected", value=True)
        self._soon(self._resolve())

    async def _told_late(self) -> None:
        await asyncio.sleep(self._timing.mgmt_late_s)
        self._set("Connected", value=True)
        await self._resolve()

    async def _resolve(self) -> None:
        await asyncio.sleep(self._timing.resolve_s)
        self.gatt.show()
        self._set("ServicesResolved", value=True)

    def _set_disconnected(self) -> None:
        self._set("Connected", value=False)

    def _set(self, name: str, *, value: bool) -> None:
        if self.path in self._tree:
            self._tree.change(self.path, DEVICE, {name: Variant("b", value)})


_NOT_YET = (
    "Paired",
    "Bonded",
    "Trusted",
    "Blocked",
    "LegacyPairing",
    "Connected",
    "ServicesResolved",
)
