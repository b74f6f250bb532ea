"""The data folder: where it is, that it is ours alone, and one writer in it at a time.

::

    DATA FOLDER/                  0700
    |-- library.lock              held by the coreg that writes; says its process
    `-- sessions/                 0700
        |-- ID.coreg              one session, 0600
        |-- ID.coreg-wal, -shm    SQLite's, while it is recorded or after a crash
        `-- ID.coreg-lock         held while it is recorded
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import platformdirs

from coreg.base import locks
from coreg.base.whole_file import HALF_MADE_SUFFIX, sync_folder
from coreg.errors import LibraryBusy, StorageUnusable

DATA_DIR_VARIABLE = "COREG_DATA_DIR"
ELSEWHERE = f"Choose another one with --data-dir or {DATA_DIR_VARIABLE}."


def data_location(given: Path | None) -> Path:
    """Return where the data folder is or would be; for reading, nothing is made."""
    if given is not None:
        return given
    if told := os.environ.get(DATA_DIR_VARIABLE):
        return Path(told)
    return platformdirs.user_data_path("coreg", appauthor=False)


def data_folder(given: Path | None) -> Path:
    """Return the data folder, made where it was absent, for this user's eyes only.

    Raises
    ------
    StorageUnusable
        If it cannot be made or written.
    """
    folder = data_location(given)
    try:
        _make_private(folder)
        _make_private(sessions_folder(folder))
        with tempfile.TemporaryFile(dir=sessions_folder(folder)):
            pass  # only a file shows whether files can be made
    except OSError as error:
        raise StorageUnusable(
            f"The data folder {folder} cannot be written ({error.strerror}).",
            ELSEWHERE,
        ) from error
    return folder


def sessions_folder(folder: Path) -> Path:
    """Return where a data folder keeps its session files."""
    return folder / "sessions"


@contextmanager
def library_lock(folder: Path) -> Iterator[None]:
    """Be the only coreg that writes to this data folder. Readers need no lock.

    Raises
    ------
    LibraryBusy
        If another coreg is writing to it.
    StorageUnusable
        If the lock's file cannot be made.
    """
    path = folder / "library.lock"
    try:
        lock = locks.take(path)
        if lock is None:
            raise LibraryBusy(
                f"Another coreg{_signed(path)} is using the data folder {folder}.",
                "Finish it first, or give this one a --data-dir and straps of its own.",
            )
        lock.sign(f"{os.getpid()}\n")
    except OSError as error:
        raise StorageUnusable(
            f"The data folder {folder} cannot be locked ({error.strerror}).",
            ELSEWHERE,
        ) from error
    try:
        _sweep(sessions_folder(folder))
        yield
    finally:
        lock.release()


def _make_private(folder: Path) -> None:
    """Make a folder, and each one above that is absent, mode 0700 at any umask."""
    if folder.is_dir():
        return
    _make_private(folder.parent)
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        if not folder.is_dir():  # a file; otherwise another coreg was quicker
            raise
    sync_folder(folder.parent)


def _signed(path: Path) -> str:
    """Return who holds a lock, as far as its file says so."""
    try:
        text = path.read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        return ""
    return f" (process {text})" if text.isdecimal() else ""


def _sweep(sessions: Path) -> None:
    """Remove files that a coreg was killed over before they became a session."""
    with suppress(OSError):  # tidying is no reason to refuse a practice
        for half_made in sessions.glob(f".*{HALF_MADE_SUFFIX}*"):
            half_made.unlink(missing_ok=True)
