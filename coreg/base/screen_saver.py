"""A desktop of Linux that is asked to leave its screen on.

GNOME, KDE, Xfce and others answer to `org.freedesktop.ScreenSaver` (Idle Inhibition
Service, draft 0.1). The desktop lets go by itself when the line to it ends, so it is
held in a thread of its own for as long as it is needed, and whatever goes wrong there
is nobody's matter.
"""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dbus_fast.aio import MessageBus

_NAME, _PATH = "org.freedesktop.ScreenSaver", "/org/freedesktop/ScreenSaver"
_ANSWERS_WITHIN_S = 5.0
_ENDS_WITHIN_S = 1.0


@contextmanager
def inhibited(address: str, why: str) -> Iterator[None]:
    """Have the desktop on the bus at this address leave its screen on meanwhile."""
    over = threading.Event()
    holder = threading.Thread(
        target=_hold,
        args=(address, why, over),
        name="leaving the screen on",
        daemon=True,
    )
    holder.start()
    try:
        yield
    finally:
        over.set()
        holder.join(_ENDS_WITHIN_S)


def _hold(address: str, why: str, over: threading.Event) -> None:
    try:
        asyncio.run(_held(address, why, over))
    except Exception:  # noqa: BLE001 - no such desktop, or it went: it is only a screen
        return


async def _held(address: str, why: str, over: threading.Event) -> None:
    from dbus_fast.aio import MessageBus  # noqa: PLC0415 - it is there on Linux alone

    bus = await asyncio.wait_for(
        MessageBus(bus_address=address).connect(), _ANSWERS_WITHIN_S
    )
    try:
        (cookie,) = await _asked(bus, "Inhibit", "ss", ["coreg", why])
        await asyncio.to_thread(over.wait)
        await _asked(bus, "UnInhibit", "u", [cookie])
    finally:
        bus.disconnect()


async def _asked(
    bus: "MessageBus", member: str, signature: str, body: list[object]
) -> list[object]:
    from dbus_fast import Message, MessageType  # noqa: PLC0415

    call = Message(
        destination=_NAME,
        path=_PATH,
        interface=_NAME,
        member=member,
        signature=signature,
        body=body,
    )
    reply = await asyncio.wait_for(bus.call(call), _ANSWERS_WITHIN_S)
    if reply.message_type is not MessageType.METHOD_RETURN:
        raise ConnectionError(member)
    return list(reply.body)
