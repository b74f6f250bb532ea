"""A lock that the operating system takes back by itself when its holder dies.

The file says who; the lock on it says whether. So a file left behind by a coreg that
was killed is no lock, and nothing has to guess whether a process is still alive.
"""

import os
import sys
import time
from contextlib import suppress
from pathlib import Path

from coreg.base import clock

_LOOKS_EVERY_S = 0.01
_NS_PER_S = 1_000_000_000

if sys.platform == "win32":
    import msvcrt

    _FAR_BYTE = 1 << 30  # a lock on Windows also hides what it covers: not the text

    def _is_locked_now(descriptor: int) -> bool:
        os.lseek(descriptor, _FAR_BYTE, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        finally:
            os.lseek(descriptor, 0, os.SEEK_SET)
        return True

    _is_free = _is_locked_now

else:
    import fcntl

    def _is_locked_now(descriptor: int) -> bool:
        return _has_got(descriptor, fcntl.LOCK_EX)

    def _is_free(descriptor: int) -> bool:
        return _has_got(descriptor, fcntl.LOCK_SH)  # two who ask are no holders

    def _has_got(descriptor: int, lock: int) -> bool:
        try:
            fcntl.flock(descriptor, lock | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


# No link to elsewhere, which would be written through, and no pipe that keeps whoever
# opens it waiting.
_NO_PIPE = getattr(os, "O_NONBLOCK", 0)
_NO_TRICKS = getattr(os, "O_NOFOLLOW", 0) | _NO_PIPE


class Lock:
    """A lock that is held until `release`, or until this process ends."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self._path = path
        self._descriptor = descriptor

    def sign(self, text: str) -> None:
        """Write who holds it, for the words that another one will print."""
        with suppress(OSError):  # a full disk takes the words, not the lock
            os.ftruncate(self._descriptor, 0)
            os.write(self._descriptor, text.encode())

    def release(self) -> None:
        """Give the lock back and leave its file."""
        os.close(self._descriptor)

    def remove(self) -> None:
        """Give the lock back and take its file away."""
        if sys.platform == "win32":  # an open file cannot be removed there
            os.close(self._descriptor)
            self._path.unlink(missing_ok=True)
        else:  # while it is held, or another one's new file could be taken away
            try:
                self._path.unlink(missing_ok=True)
            finally:
                os.close(self._descriptor)


def take(path: Path) -> Lock | None:
    """Return the lock at this path, or None if somebody else holds it.

    Raises
    ------
    OSError
        If the lock's file cannot be made.
    """
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | _NO_TRICKS, 0o600)
        if not _is_locked_now(descriptor):
            os.close(descriptor)
            return None
        if _is_at(descriptor, path):
            return Lock(path, descriptor)
        os.close(descriptor)  # its last holder had just removed it


def take_within(path: Path, wait_s: float) -> Lock | None:
    """Return the lock at this path once it is free; None if it is not by then (s).

    Raises
    ------
    OSError
        If the lock's file cannot be made.
    """
    asked_ns = clock.monotonic_ns()
    while (lock := take(path)) is None:
        if clock.monotonic_ns() - asked_ns > wait_s * _NS_PER_S:
            return None
        time.sleep(_LOOKS_EVERY_S)
    return lock


def take_common(path: Path) -> Lock | None:
    """Return a lock that all users share, or None if somebody else holds it.

    Its file stays for whoever comes next, and whoever made it. Others may only read it,
    which is enough to lock it.

    Raises
    ------
    OSError
        If the lock's file can be neither made nor read.
    """
    descriptor = _opened_common(path)
    if _is_locked_now(descriptor):
        return Lock(path, descriptor)
    os.close(descriptor)
    return None


def is_held(path: Path) -> bool:
    """Say whether someone, this process too, holds the lock at this path."""
    try:
        descriptor = os.open(path, os.O_RDONLY | _NO_PIPE)
    except OSError:
        return False
    try:
        return not _is_free(descriptor)
    finally:
        os.close(descriptor)


def _opened_common(path: Path) -> int:
    """Open a file that all may read, in a folder where everybody may put anything."""
    try:
        return os.open(path, os.O_RDONLY | _NO_TRICKS)
    except FileNotFoundError:
        pass
    try:  # O_CREAT alone may be refused for another one's file: proc_sys_fs(5)
        descriptor = os.open(path, os.O_RDONLY | os.O_CREAT | os.O_EXCL, 0o644)
    except FileExistsError:  # another one was quicker
        return os.open(path, os.O_RDONLY | _NO_TRICKS)
    with suppress(OSError):
        path.chmod(0o644)  # at any umask
    return descriptor


def _is_at(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False
