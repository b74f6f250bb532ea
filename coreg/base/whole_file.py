"""Write a file whole or not at all, whatever happens meanwhile.

It is made beside its place under a name that nobody looks for, brought to the disk,
and moved into its place in one step; then its new name is brought to the disk, too.
Until then, whatever was there before is there still. All of it is for this user's eyes
only.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

HALF_MADE_SUFFIX = ".new"
NO_TRICKS = (  # no link to elsewhere, no pipe that keeps one waiting, no other bytes
    getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_BINARY", 0)
)


@contextmanager
def made_whole(path: Path) -> Iterator[Path]:
    """Yield an empty file that appears at `path` once it is left.

    Where an error leaves it, nothing has changed and nothing is left behind.

    Raises
    ------
    OSError
        If it cannot be made, brought to the disk or moved.
    """
    descriptor, name = tempfile.mkstemp(
        prefix=f".{path.name}", suffix=HALF_MADE_SUFFIX, dir=path.parent
    )
    os.close(descriptor)
    half_made = Path(name)
    try:
        half_made.chmod(0o600)  # at any umask
        yield half_made
        _sync_file(half_made)
        half_made.replace(path)
        sync_folder(path.parent)
    finally:
        with suppress(OSError):
            half_made.unlink(missing_ok=True)


def write_whole(path: Path, content: bytes) -> None:
    """Write this content to `path` whole, or leave what was there before.

    Raises
    ------
    OSError
        If it cannot be written, brought to the disk or moved.
    """
    with made_whole(path) as half_made:
        half_made.write_bytes(content)


def remove_half_made(path: Path) -> None:
    """Remove the partial file that a killed run left for `path`.

    Only who alone may write there can ask for it.

    Raises
    ------
    OSError
        If it cannot be removed.
    """
    for half_made in path.parent.glob(f".{path.name}*{HALF_MADE_SUFFIX}*"):
        half_made.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Flush a folder's entries to the disk, where the system allows it."""
    if os.name == "nt":  # a folder cannot be opened there, and needs no such call
        return
    _sync(folder, os.O_RDONLY)


@contextmanager
def overwritten_once_replaced(path: Path) -> Iterator[None]:
    """Overwrite the file of this name once another one has taken its place.

    What was erased would lie on in the disk's free room. A file that has another name
    besides, as backups give it, is left.
    """
    if os.name == "nt":  # a file that is open cannot be replaced there
        yield
        return
    try:
        descriptor = os.open(path, os.O_RDWR | NO_TRICKS)
    except OSError:  # there is none, or none that could be overwritten
        yield
        return
    try:
        yield
        with suppress(OSError):  # what matters has been done
            _overwrite(descriptor)
    finally:
        os.close(descriptor)


def _overwrite(descriptor: int) -> None:
    now = os.fstat(descriptor)
    if now.st_nlink == 0:
        os.pwrite(descriptor, bytes(now.st_size), 0)
        os.fsync(descriptor)


def _sync_file(path: Path) -> None:
    _sync(path, os.O_RDWR)  # which Windows asks for


def _sync(path: Path, how: int) -> None:
    descriptor = os.open(path, how)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
