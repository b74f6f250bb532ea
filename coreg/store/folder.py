"""The data folder: where it is, that it is ours alone, and one writer in it at a time.

::

    DATA FOLDER/                  0700
    |-- library.lock              held by the coreg that writes; says its process
    |-- library.db, -copy.db      what both said and chose, and what evenings taught
    |-- library.db-lock           held while that is written
    |-- keys.json, -copy.json     where it is locked: its key, by passphrase or recovery
    |-- strap-pairs.json          what pairs of straps were measured to differ by
    |-- erasing.json              what is being erased; gone once it is
    |-- open-coreg.html           0600, while pages are served: leads a browser there
    |-- pages/                    0700, what was drawn and told no other place
    |-- practices/                practices of one's own, NAME.toml; may be absent
    `-- sessions/                 0700
        |-- ID.coreg              one session, 0600
        |-- ID.A.corrections.toml heartbeats of A corrected by hand, and so of B
        |-- ID.coreg-wal, -shm    SQLite's, while it is recorded or after a crash
        `-- ID.coreg-lock         held while it is recorded
"""

import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import platformdirs

from coreg.base import locks
from coreg.base.whole_file import HALF_MADE_SUFFIX, sync_folder
from coreg.errors import LibraryBusy, StorageUnusable
from coreg.words import system_said, wrong_and_do

DATA_DIR_VARIABLE = "COREG_DATA_DIR"
_LOCK_NAME = "library.lock"
_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH


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
        If it cannot be made or written, or is not for this user alone to write.
    """
    folder = data_location(given)
    try:
        _make_private(folder)
        _refuse_shared(folder)
        _refuse_link(sessions_folder(folder))
        _make_private(sessions_folder(folder))
        _refuse_shared(sessions_folder(folder))
        with tempfile.TemporaryFile(dir=sessions_folder(folder)):
            pass  # only a file shows whether files can be made
    except OSError as error:
        told = wrong_and_do(
            "errors.folder.unwritable", folder=folder, why=system_said(error)
        )
        raise StorageUnusable(*told) from error
    return folder


def sessions_folder(folder: Path) -> Path:
    """Return where a data folder keeps its session files."""
    return folder / "sessions"


def practices_folder(folder: Path) -> Path:
    """Return where practices of one's own lie; only its user makes or changes it."""
    return folder / "practices"


def made_practices_folder(folder: Path) -> Path:
    """Return the folder for practices of one's own, made where it was absent.

    Raises
    ------
    StorageUnusable
        If it cannot be made.
    """
    practices = practices_folder(folder)
    try:
        _make_private(practices)
    except OSError as error:
        told = wrong_and_do(
            "errors.practice.folder-unmade", folder=practices, why=system_said(error)
        )
        raise StorageUnusable(*told) from error
    return practices


def pages_folder(folder: Path) -> Path:
    """Return where pages lie that were told no other place; it may be absent."""
    return folder / "pages"


def made_pages_folder(folder: Path) -> Path:
    """Return the folder for pages of a data folder that is made, as private as that.

    Raises
    ------
    StorageUnusable
        If it cannot be made or written.
    """
    pages = pages_folder(folder)
    try:
        _refuse_link(pages)
        _make_private(pages)
        _refuse_shared(pages)
        with tempfile.TemporaryFile(dir=pages):
            pass  # only a file shows whether files can be made
    except OSError as error:
        told = wrong_and_do(
            "errors.folder.pages-unwritable", folder=pages, why=system_said(error)
        )
        raise StorageUnusable(*told) from error
    return pages


def is_in_use(folder: Path) -> bool:
    """Say whether a coreg is writing to this data folder now."""
    return locks.is_held(folder / _LOCK_NAME)


def folder_of(session: Path) -> Path:
    """Return the data folder that a session file lies in, if it lies in one."""
    return session.parent.parent


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
    path = folder / _LOCK_NAME
    try:
        lock = locks.take(path)
        if lock is None:
            raise _busy(folder, path)
        lock.sign(f"{os.getpid()}\n")
    except OSError as error:
        told = wrong_and_do(
            "errors.folder.unlockable", folder=folder, why=system_said(error)
        )
        raise StorageUnusable(*told) from error
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


def _refuse_shared(folder: Path) -> None:
    """Stop at a folder in which somebody else may put, change or take away files.

    Reading it is another matter: the files in it are for this user alone. And where the
    folder itself is a link, whoever made that says where the data lie.
    """
    if os.name == "nt":  # whose permissions are of another kind
        return
    about = folder.stat()
    if about.st_uid != os.geteuid():
        told = wrong_and_do("errors.folder.of-another", folder=folder)
        raise StorageUnusable(*told)
    if about.st_mode & _OTHERS_WRITE:
        mode = f"{stat.S_IMODE(about.st_mode):o}"
        told = wrong_and_do("errors.folder.open-to-others", folder=folder, mode=mode)
        raise StorageUnusable(*told)


def _refuse_link(folder: Path) -> None:
    """Stop at a link in a data folder: what is tidied and erased would be elsewhere."""
    if folder.is_symlink():
        raise StorageUnusable(*wrong_and_do("errors.folder.link", folder=folder))


def _busy(folder: Path, lock: Path) -> LibraryBusy:
    """Return what says who holds a lock, as far as its file says so."""
    try:
        process = lock.read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        process = ""
    if not process.isdecimal():
        return LibraryBusy(*wrong_and_do("errors.folder.busy", folder=folder))
    told = wrong_and_do("errors.folder.busy-by", folder=folder, process=process)
    return LibraryBusy(*told)


def _sweep(sessions: Path) -> None:
    """Remove files that a coreg was killed over before they became a session."""
    with suppress(OSError):  # tidying is no reason to refuse a practice
        for half_made in sessions.glob(f".*{HALF_MADE_SUFFIX}*"):
            half_made.unlink(missing_ok=True)
