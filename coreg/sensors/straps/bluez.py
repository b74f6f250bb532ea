"""What bleak does not tell of BlueZ: whether it is there, and who listens to whom.

bleak keeps what bluetoothd showed it last. Of a service that was stopped, that is a
computer without an adapter; and of a device that is connected, it does not say whether
another program hears it or a program that died left it so. BlueZ knows: a
characteristic is `Notifying` while somebody has a session on it, and a session ends
with its program. Here it is only asked.
"""

import asyncio
from collections.abc import Mapping
from typing import Any

_SERVICE = "org.bluez"
_DEVICE = "org.bluez.Device1"
_CHARACTERISTIC = "org.bluez.GattCharacteristic1"
_LISTENED_TO = ("Notifying", "NotifyAcquired")
_BUS = "org.freedesktop.DBus"
_PATIENCE_S = 2.0


async def is_gone() -> bool:
    """Say whether it is certain that there is no bluetoothd at the moment."""
    path = "/org/freedesktop/DBus"
    return await _answer(_BUS, path, _BUS, "NameHasOwner", _SERVICE) is False


async def connected() -> dict[str, bool]:
    """Return the addresses of connected devices, and whether one is listened to."""
    manager = f"{_BUS}.ObjectManager"
    shown: Mapping[str, Mapping[str, Any]] = (
        await _answer(_SERVICE, "/", manager, "GetManagedObjects") or {}
    )
    devices = {
        path: about[_DEVICE]["Address"].value
        for path, about in shown.items()
        if _DEVICE in about and about[_DEVICE]["Connected"].value
    }
    heard = [path for path, about in shown.items() if _is_listened_to(about)]
    return {
        address: any(each.startswith(f"{path}/") for each in heard)
        for path, address in devices.items()
    }


def _is_listened_to(about: Mapping[str, Any]) -> bool:
    said = about.get(_CHARACTERISTIC, {})
    return any(name in said and said[name].value for name in _LISTENED_TO)


async def _answer(
    destination: str, path: str, interface: str, member: str, *given: str
) -> Any:
    """Return what the system's bus answers, None where nobody does."""
    # Only Linux has it: there bleak brings it along.
    from dbus_fast import BusType, Message, MessageType  # noqa: PLC0415
    from dbus_fast.aio import MessageBus  # noqa: PLC0415

    question = Message(
        destination=destination,
        path=path,
        interface=interface,
        member=member,
        signature="s" * len(given),
        body=list(given),
    )
    try:
        bus = MessageBus(bus_type=BusType.SYSTEM)
        try:
            async with asyncio.timeout(_PATIENCE_S):
                reply = await (await bus.connect()).call(question)
        finally:
            bus.disconnect()
    except Exception:  # noqa: BLE001 - no bus, or a service that hangs: no answer
        return None
    if reply.message_type is not MessageType.METHOD_RETURN:
        return None
    return reply.body[0]
