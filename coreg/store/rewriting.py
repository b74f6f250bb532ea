"""Writing a session anew: a whole file beside its place, which it takes in one step.

The old bytes are overwritten. Killed at any moment, one of both is there, whole.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from coreg.base import locks
from coreg.base.whole_file import overwritten_once_replaced, remove_half_made
from coreg.errors import SessionError, StorageUnusable
from coreg.store import rows
from coreg.store.database import connect_for_writing, in_words, new_database
from coreg.store.keys import Vault
from coreg.store.own_log import is_closed, new_mark
from coreg.store.reader import lock_path, read_meta
from coreg.words import say, system_said, wrong_and_do


@contextmanager
def taken(path: Path) -> Iterator[None]:
    """Hold a session, so that nobody records it meanwhile.

    Raises
    ------
    SessionError
        If it is being recorded.
    StorageUnusable
        If it cannot be held, or what a killed run left of it cannot be removed.
    """
    try:
        held = locks.take(lock_path(path))
        if held is None:
            told = wrong_and_do("errors.session.recording", session=path.stem)
            raise SessionError(*told)
        try:
            remove_half_made(path)
            yield
        finally:
            held.remove()
    except OSError as error:
        raise _unwritten(path, system_said(error)) from error


def write_anew(
    path: Path,
    events: Sequence[rows.Recorded],
    *,
    vault: Vault | None,
) -> None:
    """Replace a session that is held by one of these events, sealed where it should be.

    What it says of itself stays: its place among others, and what became of it.

    Raises
    ------
    StorageUnusable
        If it cannot be written; then it is as it was.
    """
    wrapped, seal = vault.new_session_key() if vault else (b"", None)
    before = read_meta(path)
    about = rows.about(
        events=len(events),
        state=before["state"],
        number=before.get("number", ""),
        wrapped=wrapped,
    )
    try:
        _fold(path)
        with (
            overwritten_once_replaced(path),
            new_database(
                path,
                rows.TABLES.values(),
                version=new_mark(),
                page_bytes=rows.PAGE_BYTES,
                has_log=before["state"] != "closed",
            ) as db,
        ):
            for each in events:
                entry = rows.entry(each.fact, each.t_ns)
                db.execute(rows.INSERT_EVENT, rows.event_row(each.seq, entry, seal))
            for key, value in about.items():
                db.execute(rows.PUT_META, rows.meta_row(key, value))
    except sqlite3.Error as error:
        raise _unwritten(path, in_words(error)) from error
    except OSError as error:
        raise _unwritten(path, system_said(error)) from error


def _fold(path: Path) -> None:
    """Bring a write-ahead log into its file: it would belong to another one soon.

    What lies beside a file that was closed in order is not its own: it is taken away.
    """
    if is_closed(path):
        for companion in ("-wal", "-shm"):
            path.with_name(path.name + companion).unlink(missing_ok=True)
        journal = path.with_name(f"{path.name}-journal")
        if journal.exists():  # a killed run's: SQLite takes back what it stands for
            with closing(connect_for_writing(path)) as db:
                db.execute("SELECT count(*) FROM meta").fetchall()
            journal.unlink(missing_ok=True)
        return
    with closing(connect_for_writing(path)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        ((mode,),) = db.execute("PRAGMA journal_mode = DELETE").fetchall()
        if mode != "delete":
            raise sqlite3.OperationalError(say("errors.disk.read-elsewhere"))


def _unwritten(path: Path, why: str) -> StorageUnusable:
    return StorageUnusable(
        *wrong_and_do("errors.session.not-anew", session=path.stem, why=why)
    )
