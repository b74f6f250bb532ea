"""Taking a session away for good."""

from contextlib import suppress
from pathlib import Path

from coreg.base import locks
from coreg.base.whole_file import remove_half_made, sync_folder
from coreg.errors import SessionError, StorageUnusable
from coreg.facts.events import Partner
from coreg.store.reader import lock_path
from coreg.store.session_corrections import forget_corrections
from coreg.words import system_said, wrong_and_do

_COMPANIONS = ("-wal", "-shm", "-journal", "-lock")


def erase_session_file(path: Path) -> None:
    """Remove a session, its corrections, and everything SQLite left beside it.

    Copies made elsewhere (`--out`, backups) are out of reach; so may be what a disk
    keeps of removed files.

    Raises
    ------
    SessionError
        If the session is being recorded.
    StorageUnusable
        If the file cannot be removed.
    """
    if locks.is_held(lock_path(path)):
        told = wrong_and_do("errors.session.recording", session=path.stem)
        raise SessionError(*told)
    try:
        path.unlink(missing_ok=True)
        for companion in _COMPANIONS:
            with suppress(FileNotFoundError):
                path.with_name(f"{path.name}{companion}").unlink()
        remove_half_made(path)
        sync_folder(path.parent)
        forget_corrections(path, tuple(Partner))
    except OSError as error:
        told = wrong_and_do(
            "errors.session.unerasable", session=path.stem, why=system_said(error)
        )
        raise StorageUnusable(*told) from error
