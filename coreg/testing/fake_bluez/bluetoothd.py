"""A stand-in for bluetoothd: `org.bluez` on a private bus, straps instead of a radio.

It answers what bleak's BlueZ backend asks, the way BlueZ does, its traps included:
a second StartDiscovery of one connection, a second Connect under way (bleak issues
1036 and 1369), sessions that outlive a link (`gatt.py`), devices that are forgotten.
It can be stopped, killed and started again: each life is a connection of its own to
the bus, so the daemon itself says that the name is gone and answers for the dead.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from dbus_fast import DBusError, Message, MessageType
from dbus_fast.aio import MessageBus

from coreg.testing.fake_bluez.adapter import ADAPTER, Adapter, device_path
from coreg.testing.fake_bluez.air import FakeStrap
from coreg.testing.fake_bluez.device import DEVICE, Timing
from coreg.testing.fake_bluez.gatt import CHARACTERISTIC, MTU
from coreg.testing.fake_bluez.objects import ObjectTree
from coreg.testing.fake_bluez.refusals import (
    NOT_CONNECTED,
    UNKNOWN_METHOD,
    UNKNOWN_OBJECT,
    refused,
)

_MANAGER = "org.freedesktop.DBus.ObjectManager"
_BUS = "org.freedesktop.DBus"
_WATCH = f"type='signal',sender='{_BUS}',interface='{_BUS}',member='NameOwnerChanged'"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a method returns."""

    signature: str = ""
    body: tuple[Any, ...] = ()
    files: tuple[int, ...] = ()


Method = Callable[[Message], Awaitable[Answer]]


class FakeBluez:
    """The service. `members_called` holds what clients asked, in order."""

    def __init__(self, address: str, timing: Timing) -> None:
        self.members_called: list[str] = []
        self.address = address
        self._timing = timing
        self._straps: list[FakeStrap] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._faults: list[BaseException] = []
        self._bus: MessageBus
        self._tree: ObjectTree
        self.adapter: Adapter
        self._methods: dict[tuple[str | None, str | None], Method] = {
            (_MANAGER, "GetManagedObjects"): self._managed_objects,
            (ADAPTER, "SetDiscoveryFilter"): self._set_discovery_filter,
            (ADAPTER, "StartDiscovery"): self._start_discovery,
            (ADAPTER, "StopDiscovery"): self._stop_discovery,
            (DEVICE, "Connect"): self._connect,
            (DEVICE, "Disconnect"): self._disconnect,
            (CHARACTERISTIC, "ReadValue"): self._read_value,
            (CHARACTERISTIC, "WriteValue"): self._write_value,
            (CHARACTERISTIC, "StartNotify"): self._start_notify,
            (CHARACTERISTIC, "StopNotify"): self._stop_notify,
            (CHARACTERISTIC, "AcquireNotify"): self._acquire_notify,
        }

    @property
    def is_running(self) -> bool:
        """Whether there is such a service at the moment."""
        return bool(self._bus.connected)

    def put_on(self, *straps: FakeStrap) -> None:
        """Bring straps into the air."""
        self._straps.extend(straps)

    def forget(self, strap: FakeStrap) -> None:
        """Remove a strap, as `bluetoothctl remove` does."""
        self.adapter.forget(self.adapter.device(device_path(strap)))

    async def start(self) -> None:
        """Take the name and answer from now on; nothing is plugged in yet."""
        bus = MessageBus(bus_address=self.address, negotiate_unix_fd=True)
        self._bus = await bus.connect()
        self._tree = ObjectTree(self._bus)
        self.adapter = Adapter(self._tree, self._timing, self._straps)
        self._bus.add_message_handler(self._take)
        await self._ask_bus("AddMatch", _WATCH)
        await self._bus.request_name("org.bluez")
        self._in_background(self.adapter.listen())

    async def stop(self) -> None:
        """Stop in good order: all objects are withdrawn, then the name is gone."""
        if self.adapter.is_plugged_in:
            self.adapter.unplug()
        await self._ask_bus("GetNameOwner", _BUS)  # what was told is on its way now
        await self.die()

    async def die(self) -> None:
        """Be killed in the middle of whatever is under way, without a word."""
        self._bus.remove_message_handler(self._take)
        self.adapter.close()
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._bus.disconnect()
        await self._bus.wait_for_disconnect()  # type: ignore[no-untyped-call]

    def check(self) -> None:
        """Raise what went wrong inside the stand-in itself, if anything did."""
        if self._faults:
            raise self._faults[0]

    async def _ask_bus(self, member: str, text: str) -> None:
        await self._bus.call(
            Message(
                destination=_BUS,
                path="/org/freedesktop/DBus",
                interface=_BUS,
                member=member,
                signature="s",
                body=[text],
            )
        )

    def _take(self, message: Message) -> bool:
        if message.message_type is MessageType.SIGNAL:
            if message.member == "NameOwnerChanged" and not message.body[2]:
                self.adapter.owner_left(message.body[0])
            return False
        if message.message_type is not MessageType.METHOD_CALL:
            return False
        self._in_background(self._answer(message))
        return True

    async def _answer(self, message: Message) -> None:
        self.members_called.append(str(message.member))
        try:
            answer = await self._called(message)
        except DBusError as refusal:
            self._bus.send(Message.new_error(message, refusal.type, refusal.text))
            return
        reply = Message.new_method_return(
            message, answer.signature, list(answer.body), list(answer.files)
        )
        try:
            await self._bus.send(reply)
        finally:
            for file in answer.files:
                os.close(file)

    async def _called(self, message: Message) -> Answer:
        method = self._methods.get((message.interface, message.member))
        if method is None:
            raise refused(UNKNOWN_METHOD)
        if _path(message) != "/" and _path(message) not in self._tree:
            raise refused(UNKNOWN_OBJECT)
        return await method(message)

    def _in_background(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (fault := task.exception()) is not None:
            self._faults.append(fault)

    # --- one method of D-Bus each

    async def _managed_objects(self, _: Message) -> Answer:
        return Answer(signature="a{oa{sa{sv}}}", body=(self._tree.managed(),))

    async def _set_discovery_filter(self, message: Message) -> Answer:
        given = message.body[0].get("UUIDs")
        uuids = frozenset(given.value) if given is not None else frozenset()
        self.adapter.filter_scans(_owner(message), uuids)
        return Answer()

    async def _start_discovery(self, message: Message) -> Answer:
        self.adapter.start_scan(_owner(message))
        return Answer()

    async def _stop_discovery(self, message: Message) -> Answer:
        self.adapter.stop_scan(_owner(message))
        return Answer()

    async def _connect(self, message: Message) -> Answer:
        await self.adapter.connect(_path(message))
        return Answer()

    async def _disconnect(self, message: Message) -> Answer:
        await self.adapter.device(_path(message)).disconnect()
        return Answer()

    async def _read_value(self, message: Message) -> Answer:
        device = self.adapter.device(_path(message))
        if not device.is_connected:
            raise refused(NOT_CONNECTED)
        return Answer(signature="ay", body=(device.gatt.read(_path(message)),))

    async def _write_value(self, message: Message) -> Answer:
        device = self.adapter.device(_path(message))
        if not device.is_connected:
            raise refused(NOT_CONNECTED)
        uuid = device.gatt.uuid_to_write(_path(message))
        device.wrote(uuid, bytes(message.body[0]))
        return Answer()

    async def _start_notify(self, message: Message) -> Answer:
        gatt = self.adapter.device(_path(message)).gatt
        gatt.start(_path(message), _owner(message))
        return Answer()

    async def _stop_notify(self, message: Message) -> Answer:
        gatt = self.adapter.device(_path(message)).gatt
        gatt.stop(_path(message), _owner(message))
        return Answer()

    async def _acquire_notify(self, message: Message) -> Answer:
        device = self.adapter.device(_path(message))
        if not device.is_connected:
            raise refused(NOT_CONNECTED)
        file = device.gatt.acquire(_path(message), _owner(message))
        return Answer(signature="hq", body=(0, MTU), files=(file,))


def _path(message: Message) -> str:
    return str(message.path)


def _owner(message: Message) -> str:
    """Return the connection that asks: sessions belong to connections in BlueZ."""
    return str(message.sender)


@asynccontextmanager
async def serving(address: str, timing: Timing) -> AsyncIterator[FakeBluez]:
    """Serve `org.bluez` on the bus at this address, with nothing plugged in yet."""
    bluez = FakeBluez(address, timing)
    await bluez.start()
    try:
        yield bluez
    finally:
        if bluez.is_running:
            await bluez.die()
    bluez.check()
