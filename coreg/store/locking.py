"""Locking a data folder with a passphrase, and giving that up: all that lies in it.

Strategy.

1. The keys come first, on the disk and twice; then the library, then one session after
   another. Whatever is locked says so itself, so a folder that is half done opens like
   any other, and the rest is done when it is opened next (`finish`).
2. A session is written anew (`rewriting`), every row of it. Its rows say the same, so a
   replay of it is equal to the bit.
3. What is being recorded, and what is so damaged that it cannot be read whole, stays as
   it is, and is said.
4. Pages that were drawn into the folder lie open, so they go.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from coreg.errors import CoregError, StorageUnusable
from coreg.store import keys, rows
from coreg.store.library import list_session_files
from coreg.store.library_file import LibraryFile
from coreg.store.page_copies import forget_all_pages
from coreg.store.passcode import USUAL_COST, Cost
from coreg.store.reader import State, read_meta, read_session
from coreg.store.rewriting import taken, write_anew
from coreg.store.session_corrections import write_corrections_anew
from coreg.words import say

Tell = Callable[[int, int], None]
"""Hears how many sessions are done, and of how many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Locked:
    """What came of locking: the recovery key, to be shown once, and what stays open.

    `left` says, by file, why a session could not be locked.
    """

    recovery_key: str
    left: dict[str, str]


def _nobody(_done: int, _all: int) -> None:
    """Tell nobody."""


def _unseen(_recovery_key: str) -> None:
    """Show it to nobody yet."""


def lock(
    folder: Path,
    passphrase: str,
    *,
    tell: Tell = _nobody,
    shown: Callable[[str], None] = _unseen,
    cost: Cost = USUAL_COST,
) -> Locked:
    """Lock a data folder, and all that lies in it; it stays open in this process.

    `shown` is told the recovery key as soon as it is needed, before the evenings are
    locked. Where the library cannot be locked, nothing is. Only who alone writes to
    this data folder can ask for it.

    Raises
    ------
    PassphraseRefused
        If the passphrase is too short or too easy, or there is one already.
    StorageUnusable
        If the keys or the library cannot be written.
    """
    vault, recovery_key = keys.lock_with(folder, passphrase, cost=cost)
    keys.hold(folder, vault)
    try:
        LibraryFile(folder)  # which writes it as it should be
    except StorageUnusable:
        keys.forget_keys(folder)  # nothing is locked with them
        raise
    shown(recovery_key)
    left = _all_anew(folder, tell, is_locked=True)
    return Locked(recovery_key=recovery_key, left=left)


def finish(folder: Path, *, tell: Tell = _nobody) -> dict[str, str]:
    """Lock what still lies open in a locked folder; return what could not be, and why.

    Raises
    ------
    StorageLocked
        If nobody opened it.
    StorageUnusable
        If the library cannot be written.
    """
    keys.mend_keys(folder)
    LibraryFile(folder)  # which writes it as it should be
    return _all_anew(folder, tell, is_locked=True)


def unlock_for_good(folder: Path, *, tell: Tell = _nobody) -> dict[str, str]:
    """Give the lock up: all lies open again; return what could not be, and why.

    Where something cannot be laid open, nothing is. The keys go last, and only where
    nothing needs them any more.

    Raises
    ------
    StorageLocked
        If nobody opened it.
    StorageUnusable
        If the library or the keys cannot be written.
    """
    if left := _unreadable(folder):
        return left
    # Listed once more afterwards: what came meanwhile would go with the keys.
    left = _all_anew(folder, tell, is_locked=False) or _sealed(folder)
    if left:
        finish(folder)
    else:
        LibraryFile(folder).lay_open(lambda: keys.forget_keys(folder))
    return left


def _unreadable(folder: Path) -> dict[str, str]:
    """Return the sessions that could not be written anew, and why."""
    left: dict[str, str] = {}
    for path in list_session_files(folder):
        try:
            if read_session(path).state is State.RUNNING:
                left[path.stem] = say("errors.why.recording")
        except CoregError as error:
            left[path.stem] = error.wrong
    return left


def _sealed(folder: Path) -> dict[str, str]:
    """Return the sessions that are locked, each with words that say so."""
    files = list_session_files(folder)
    return {path.stem: say("errors.why.locked") for path in files if _is_sealed(path)}


def _is_sealed(path: Path) -> bool:
    """Whether a session is locked, by what it says of itself; unknown counts as so."""
    try:
        return read_meta(path).get("schema") == rows.SEALED_VERSION
    except CoregError:
        return True


def _all_anew(folder: Path, tell: Tell, *, is_locked: bool) -> dict[str, str]:
    if is_locked:
        forget_all_pages(folder)
    left: dict[str, str] = {}
    files = list_session_files(folder)
    for done, path in enumerate(files):
        tell(done, len(files))
        try:
            _anew(folder, path, is_locked=is_locked)
        except CoregError as error:
            left[path.stem] = error.wrong
    tell(len(files), len(files))
    return left


def lock_session(folder: Path, path: Path) -> None:
    """Lock one session of a locked folder that is open, unless it is locked already.

    Raises
    ------
    CoregError
        If it cannot be read whole, is being recorded, or cannot be written.
    """
    _anew(folder, path, is_locked=True)


def _anew(folder: Path, path: Path, *, is_locked: bool) -> None:
    """Write a session and its corrections anew, locked or open, unless they are so."""
    write_corrections_anew(folder, path, is_locked=is_locked)
    if is_locked and read_meta(path).get("schema") == rows.SEALED_VERSION:
        return  # which is seen without reading all of it
    if (read_session(path).seal is not None) == is_locked:
        return
    with taken(path):
        # Once more: whoever recorded it may have gone on meanwhile.
        session = read_session(path)
        write_anew(
            path,
            session.events,
            vault=keys.vault_of(folder) if is_locked else None,
        )
