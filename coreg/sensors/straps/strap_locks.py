"""Which straps a coreg of this computer holds: a lock for each, common to all of them.

It lies in no data folder, because another coreg may have one of its own or belong to
another user of this computer; two of them on one strap get every beat twice, and cut
each other off. Its file says nothing, not even which strap it is for: the operating
system knows whether it is held, and lets go of it when its holder dies.

Where a system has no place for such a file, straps are held without: a practice is
worth more than this precaution.
"""

import hashlib
import os
import sys
import tempfile
from pathlib import Path

from coreg.base import locks


class StrapLock:
    """A strap that is ours until `release`, or until this process ends."""

    def __init__(self, lock: locks.Lock | None) -> None:
        self._lock = lock

    def release(self) -> None:
        """Let others have it."""
        if self._lock is not None:
            self._lock.release()
            self._lock = None


def take(address: str) -> StrapLock | None:
    """Return the lock of a strap, None where another coreg holds it."""
    try:
        lock = locks.take_common(_path(address))
    except OSError:
        return StrapLock(None)
    return StrapLock(lock) if lock is not None else None


def is_held(address: str) -> bool:
    """Say whether some coreg, this one too, holds a strap."""
    return locks.is_held(_path(address))


def common_folder() -> Path:
    """Return where all users of this computer may leave a file for one another."""
    if sys.platform == "win32":
        return Path(os.environ.get("PROGRAMDATA", tempfile.gettempdir()))
    return Path("/tmp")  # noqa: S108 - $TMPDIR may be another one for each user


def _path(address: str) -> Path:
    # An address is nobody else's business, and has colons, which Windows does not like.
    name = hashlib.blake2b(address.upper().encode(), digest_size=8).hexdigest()
    return common_folder() / f"coreg-strap-{name}.lock"
