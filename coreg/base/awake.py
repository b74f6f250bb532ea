"""Keep the computer awake while two people practise, where the system allows it.

A page keeps the screen on by itself, as long as it can be seen. This is for the rest:
a computer that goes to sleep takes the straps with it. Whatever happens to this
process, the system lets go by itself.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from coreg.words import say

_ENDS_WITHIN_S = 1.0
_SESSION_BUS = "DBUS_SESSION_BUS_ADDRESS"


def kept_awake_by(platform: str, process: int) -> list[str]:
    """Return the program that keeps this kind of computer awake; none where none does.

    Each ends when its input is closed, or with this process.
    """
    if platform == "darwin":
        return ["caffeinate", "-di", "-w", str(process)]
    if platform.startswith("linux"):
        who = ("--who=coreg", f"--why={say('errors.awake.why')}")
        return ["systemd-inhibit", "--what=idle:sleep", *who, "--mode=block", "cat"]
    return []


@contextmanager
def kept_awake() -> Iterator[None]:
    """Keep the computer awake until this is left, as far as it goes.

    Nobody is told where it does not: sleep is a gap in what is recorded, no more.
    """
    if sys.platform == "win32":
        with _kept_awake_on_windows():
            yield
        return
    keeper = _keeper(kept_awake_by(sys.platform, os.getpid()))
    try:
        with _lit_by_the_desktop():
            yield
    finally:
        if keeper is not None:
            _end(keeper)


@contextmanager
def _lit_by_the_desktop() -> Iterator[None]:
    """Ask a desktop of Linux, too, where one says on the bus that it can be asked.

    systemd keeps a computer from sleeping. Whether its screen is locked is the
    desktop's own, and desktops without systemd have nobody else to be asked.
    """
    if not sys.platform.startswith("linux") or not os.environ.get(_SESSION_BUS):
        yield
        return
    # A bus takes a moment to load: pages without straps do not wait for it.
    from coreg.base.screen_saver import inhibited  # noqa: PLC0415

    with inhibited(os.environ[_SESSION_BUS], say("errors.awake.why")):
        yield


def _keeper(command: list[str]) -> "subprocess.Popen[bytes] | None":
    with suppress(OSError):
        return subprocess.Popen(  # noqa: S603 - the words are ours
            command,
            stdin=subprocess.PIPE,  # which the system closes if this process dies
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is for the practice, which ends in order
        )
    return None


def _end(keeper: "subprocess.Popen[bytes]") -> None:
    if keeper.stdin is not None:
        keeper.stdin.close()
    keeper.terminate()
    with suppress(subprocess.TimeoutExpired):
        keeper.wait(_ENDS_WITHIN_S)


if sys.platform == "win32":
    import ctypes

    _CONTINUOUS, _SYSTEM, _DISPLAY = 0x80000000, 0x1, 0x2

    @contextmanager
    def _kept_awake_on_windows() -> Iterator[None]:
        told = ctypes.windll.kernel32.SetThreadExecutionState
        told(_CONTINUOUS | _SYSTEM | _DISPLAY)
        try:
            yield
        finally:
            told(_CONTINUOUS)
