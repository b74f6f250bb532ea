"""Jumping time beside a real `dbus-daemon`: hours over D-Bus in seconds.

They are the same each time.

The loop of `virtual_radio.clockwork` may jump whenever nothing is ready, because
everything happens in its own process. Here the bus is another one, and a message may
be on its way while nothing is ready here. So before each jump we make sure that the
daemon has read all that was sent to it, and sleeps: whatever it read, it has passed on.
How long that takes does not matter, so a busy machine changes nothing.
"""

import array
import fcntl
import selectors
import socket
import struct
import termios
import time
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, TypeVar

import pytest

from coreg.testing.virtual_radio.clockwork import JumpingLoop, NoWaiting, run_in_no_time

T = TypeVar("T")
_A_BREATH_S = 0.0002


class _OnceTheBusSleeps(NoWaiting):
    """A selector that lets time pass only while no message is under way."""

    def __init__(self, daemon: int) -> None:
        super().__init__()
        self._state = Path(f"/proc/{daemon}/stat")

    def select(
        self, timeout: float | None = None
    ) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is not None and timeout <= 0:
            return super().select(timeout)
        while not self._is_settled():
            if ready := selectors.DefaultSelector.select(self, 0):
                return ready
            time.sleep(_A_BREATH_S)
        return super().select(timeout)

    def _is_settled(self) -> bool:
        """Whether the daemon has read everything; and then, whether it is done."""
        return not any(map(_unread, self._sockets())) and self._daemon_sleeps()

    def _sockets(self) -> list[int]:
        return [key.fd for key in self.get_map().values()]

    def _daemon_sleeps(self) -> bool:
        # PID (NAME) STATE ...; proc(5)
        return self._state.read_text().rpartition(")")[2].split()[0] == "S"


def _unread(descriptor: int) -> int:
    """Return how many bytes of a local socket its other end has not read yet."""
    waiting = array.array("i", [0])
    fcntl.ioctl(descriptor, termios.TIOCOUTQ, waiting)  # SIOCOUTQ; unix(7)
    return waiting[0]


def _daemon_of(address: str) -> int:
    """Return the process behind a bus: whoever listens on its socket; unix(7)."""
    path = address.removeprefix("unix:path=").partition(",")[0]
    with socket.socket(socket.AF_UNIX) as caller:
        caller.connect(path)
        size = struct.calcsize("3i")
        who = caller.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, size)
    pid: int = struct.unpack("3i", who)[0]
    return pid


def run_beside_bus(
    main: Coroutine[Any, Any, T], monkeypatch: pytest.MonkeyPatch, address: str
) -> T:
    """Run a coroutine in jumping time beside the bus at this address."""
    daemon = _daemon_of(address)
    return run_in_no_time(
        main, monkeypatch, lambda: JumpingLoop(_OnceTheBusSleeps(daemon))
    )
