"""A session that broke off and is left as it is: nobody is asked of it again.

That stands in the session's own file, so that it goes when the session goes.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

from coreg.base import locks
from coreg.errors import LibraryBusy, StorageUnusable
from coreg.store import rows
from coreg.store.database import connect_for_writing, in_words, transaction
from coreg.store.reader import State, lock_path, read_beginning, read_meta
from coreg.words import system_said, wrong_and_do

_LEFT = "left"


def leave(path: Path) -> None:
    """Note that a session that broke off is left as it is.

    Raises
    ------
    SessionNotFound
        If there is no such file.
    SessionDamaged
        If what it says of itself was changed.
    LibraryBusy
        If it is being recorded since a moment.
    StorageUnusable
        If it cannot be written.
    """
    if read_beginning(path).state is not State.INTERRUPTED:
        return  # a damaged file is kept as it is, and a whole one is at its end
    try:
        lock = locks.take(lock_path(path))
    except OSError as error:
        raise _unusable(path, system_said(error)) from error
    if lock is None:
        told = wrong_and_do("errors.session.recording", session=path.stem)
        raise LibraryBusy(*told)
    try:
        _note(path)
    except sqlite3.Error as error:
        raise _unusable(path, in_words(error)) from error
    finally:
        lock.remove()


def is_left(path: Path) -> bool:
    """Whether a session that broke off is left as it is.

    Raises
    ------
    SessionNotFound, SessionDamaged, StorageUnusable
        As `read_meta`.
    """
    return read_meta(path).get("state") == _LEFT


def _note(path: Path) -> None:
    with closing(connect_for_writing(path)) as connection:
        with transaction(connection):
            connection.execute(rows.PUT_META, rows.meta_row("state", _LEFT))
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        connection.execute("PRAGMA journal_mode = DELETE").fetchall()


def _unusable(path: Path, why: str) -> StorageUnusable:
    return StorageUnusable(
        *wrong_and_do("errors.session.unwritable", name=path.name, why=why)
    )
