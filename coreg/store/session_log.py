"""The log of one running session: appended at once, durable within half a second.

How nothing is lost:

1. A session file appears under its name only when it holds its first event, so a kill
   at any moment leaves either no session or one that reads.
2. `append` only puts a fact in a queue. One thread owns the connection and commits the
   queue every 250 ms: SQLite with a write-ahead log and synchronous=FULL.
3. `acknowledged` counts what has been committed, never what is on its way.
4. A log is complete up to where it ends. When the disk is full, or another program
   holds the file, the events wait in memory and are written when that is over; after
   any other fault nothing more is written, for a log with a hole cannot be replayed.
5. What waits for the disk for more than two seconds is said to wait, and no longer once
   it is written: a disk that hangs reports no error.
6. A program that reads on and on keeps SQLite from beginning its write-ahead log
   anew. Small pages, and commits at longer intervals for as long as it reads, keep
   that log small: below 4 MB in 20 minutes, where it was 40.
7. A clean end is marked, and the file is then a plain one without companions.
"""

import os
import sqlite3
import threading
from collections import deque
from contextlib import suppress
from pathlib import Path
from typing import Self

from coreg.base import clock, locks
from coreg.errors import LibraryBusy, SessionError, StorageUnusable
from coreg.facts.events import NS_PER_S, Opened
from coreg.store import rows
from coreg.store.database import (
    connect_for_writing,
    error_code,
    in_words,
    new_database,
    transaction,
)
from coreg.store.folder import folder_of
from coreg.store.keys import vault_of
from coreg.store.locking import lock_session
from coreg.store.own_log import new_mark
from coreg.store.reader import State, lock_path, read_session, wal_path
from coreg.store.recorded_order import next_number
from coreg.store.sealing import Seal
from coreg.words import say, system_said, wrong_and_do

GROUP_COMMIT_S = 0.25
LONGEST_UNSAVED_S = 2.0
"""For longer than this no event waits in silence: a disk may hang for a minute."""
MOST_WAITING = 250_000  # about eight hours of two straps; some 100 MB
_CLOSE_WITHIN_S = 30.0
_CROWDED_BYTES = 1024 * 1024  # a write-ahead log that nobody holds up is far smaller
_CROWDED_TIMES = 3  # a crash still loses less than a second
_PASSING = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_BUSY}  # nothing was written, none lost


class SessionLog:
    """Writes one session; made by `create` or `reopen`, ended by `close`.

    Nothing here raises once recording has begun: a practice goes on without its log,
    and `trouble` says why.
    """

    def __init__(
        self,
        path: Path,
        lock: locks.Lock,
        *,
        written: int,
        commit_every_s: float,
        seal: Seal | None,
    ) -> None:
        self._path = path
        self._lock = lock
        self._commit_every_s = commit_every_s
        self._seal = seal
        self._identity = path.stat()
        self._connection: sqlite3.Connection | None = None
        self._waiting: deque[rows.Entry] = deque()
        self._batch: list[rows.Entry] = []
        self._acknowledged = written
        self._appended = written
        self._owed_since_ns = 0
        self._trouble: str | None = None
        self._stopped = False
        self._is_crowded = False
        self._closing = threading.Event()
        self._writer = threading.Thread(
            target=self._write_until_closed, name=f"log {path.stem}", daemon=True
        )
        self._writer.start()

    @classmethod
    def create(
        cls, path: Path, opened: Opened, *, commit_every_s: float = GROUP_COMMIT_S
    ) -> Self:
        """Begin a session file; its first event is on the disk when this returns.

        In the sessions' folder of a locked data folder it is sealed from the first on.

        Raises
        ------
        StorageLocked
            If the data folder is locked, and nobody opened it.
        StorageUnusable
            If the file cannot be made, or there is one already.
        """
        vault = vault_of(folder_of(path))
        wrapped, seal = vault.new_session_key() if vault else (b"", None)
        lock = _locked(path)
        try:
            _refuse_to_overwrite(path)
            _lay_down(path, opened, wrapped, seal)
            return cls(path, lock, written=1, commit_every_s=commit_every_s, seal=seal)
        except BaseException:
            lock.remove()
            raise

    @classmethod
    def reopen(cls, path: Path, *, commit_every_s: float = GROUP_COMMIT_S) -> Self:
        """Go on with an interrupted session.

        Raises
        ------
        SessionError
            If the session is whole, damaged, not there, or without one heart.
        LibraryBusy
            If it is being recorded.
        """
        if vault_of(folder_of(path)) is not None:
            lock_session(folder_of(path), path)  # or hearts would be written in clear
        before = read_session(path)
        if before.state is State.WHOLE:
            told = wrong_and_do("errors.session.at-end", session=path.stem)
            raise SessionError(*told)
        if before.erased is not None:  # whoever has that letter now is somebody else
            told = wrong_and_do("errors.session.one-heart", session=path.stem)
            raise SessionError(*told)
        lock = _locked(path)
        try:
            return cls(
                path,
                lock,
                written=len(before.events),
                commit_every_s=commit_every_s,
                seal=before.seal,
            )
        except BaseException:
            lock.remove()
            raise

    @property
    def path(self) -> Path:
        """The session's file."""
        return self._path

    @property
    def acknowledged(self) -> int:
        """How many events are on the disk, whatever happens next."""
        return self._acknowledged

    @property
    def unsaved(self) -> int:
        """How many events were appended and are not on the disk, or not yet."""
        return self._appended - self._acknowledged

    @property
    def commit_every_s(self) -> float:
        """How often events are brought to the disk now."""
        return self._commit_every_s * (_CROWDED_TIMES if self._is_crowded else 1)

    @property
    def trouble(self) -> str | None:
        """Why nothing is being recorded, in words; None while all is well."""
        if self._trouble is None and self._owed_s() > LONGEST_UNSAVED_S:
            return slow_disk()
        return self._trouble

    def append(self, fact: rows.Logged, t_ns: int) -> None:
        """Have a fact written soon; returns at once, and never raises for a disk."""
        entry = rows.entry(fact, t_ns)
        self._owe()
        self._appended += 1
        if not self._stopped:
            self._waiting.append(entry)

    def close(self) -> None:
        """Write what waits, mark the end and leave one plain file, as far as it goes.

        Returns within half a minute even where the disk does not answer.
        """
        if self._closing.is_set():
            return
        self._owe()
        self._closing.set()
        self._writer.join(_CLOSE_WITHIN_S)
        if self._writer.is_alive():
            self._stop(say("errors.why.disk-silent"))
            return  # the lock stays held: the writer may still be at the file
        with suppress(OSError):  # a lock's file that stays behind locks nothing
            self._lock.remove()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _owe(self) -> None:
        """Note since when the disk owes an answer, where it owed none until now."""
        if self.unsaved == 0:
            self._owed_since_ns = clock.monotonic_ns()

    def _owed_s(self) -> float:
        """Return for how long the disk has owed an answer."""
        is_closing = self._closing.is_set() and self._writer.is_alive()
        if self.unsaved == 0 and not is_closing:
            return 0.0
        return (clock.monotonic_ns() - self._owed_since_ns) / NS_PER_S

    def _write_until_closed(self) -> None:
        """Run in the one thread that touches the connection."""
        try:
            while not self._closing.wait(self.commit_every_s):
                self._commit()
            self._commit()
            self._settle()
        except BaseException:
            self._stop(say("errors.why.fault"))
            raise
        finally:
            self._disconnect()

    def _commit(self) -> None:
        """Write what waits in one transaction; on a full disk keep it for later."""
        taken_ns = clock.monotonic_ns()
        taken = range(len(self._waiting))
        self._batch.extend(self._waiting.popleft() for _ in taken)
        if self._stopped or not self._batch:
            self._batch.clear()
            return
        try:
            self._write(self._batch)
        except sqlite3.Error as error:
            self._bear(error)
        except OSError as error:
            self._stop(say("errors.why.session-gone", why=system_said(error)))
        else:
            self._is_crowded = self._wal_bytes() > _CROWDED_BYTES
            self._owed_since_ns = taken_ns  # what waits now came after that
            self._acknowledged += len(self._batch)
            self._batch.clear()
            self._trouble = None

    def _write(self, batch: list[rows.Entry]) -> None:
        if not os.path.samestat(self._path.stat(), self._identity):
            raise FileNotFoundError(0, say("errors.why.name-taken"))
        first = self._acknowledged + 1
        events = [
            rows.event_row(seq, each, self._seal)
            for seq, each in enumerate(batch, first)
        ]
        count = str(self._acknowledged + len(batch))
        connection = self._connected()
        with transaction(connection):
            connection.executemany(rows.INSERT_EVENT, events)
            connection.execute(rows.PUT_META, rows.meta_row("events", count))
            connection.execute(rows.PUT_META, rows.meta_row("state", "recording"))

    def _wal_bytes(self) -> int:
        """Return how long the write-ahead log is: a reader keeps it growing."""
        with suppress(OSError):
            return wal_path(self._path).stat().st_size
        return 0

    def _connected(self) -> sqlite3.Connection:
        if self._connection is None:
            self._connection = connect_for_writing(self._path)
            self._connection.execute("PRAGMA journal_mode = WAL")
        return self._connection

    def _bear(self, error: sqlite3.Error) -> None:
        """Roll back a partial write, and try again later where that is safe."""
        if error_code(error) in _PASSING and len(self._batch) < MOST_WAITING:
            self._trouble = _in_full(in_words(error))
        else:  # after a failed sync nobody knows what the disk holds: no second try
            self._stop(in_words(error))

    def _stop(self, why: str) -> None:
        self._stopped = True
        self._trouble = _in_full(why)

    def _settle(self) -> None:
        """Mark the end and fold the write-ahead log into the file.

        A reader at this moment, or no room, leaves the companions in place: they are
        as safe, and the file is merely not a plain one.
        """
        if self._stopped:
            return
        with suppress(sqlite3.Error):
            connection = self._connected()
            if not self._batch:
                connection.execute(rows.PUT_META, rows.meta_row("state", "closed"))
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            connection.execute("PRAGMA journal_mode = DELETE").fetchall()

    def _disconnect(self) -> None:
        if self._connection is not None:
            with suppress(sqlite3.Error):
                self._connection.close()
            self._connection = None


def slow_disk() -> str:
    """Return what is said where a disk keeps everybody waiting."""
    return say("errors.recording.slow")


def _in_full(why: str) -> str:
    return say("errors.recording.stopped", why=why)


def _locked(path: Path) -> locks.Lock:
    try:
        lock = locks.take(lock_path(path))
    except OSError as error:
        raise _unusable(path, system_said(error)) from error
    if lock is None:
        told = wrong_and_do("errors.session.recording", session=path.stem)
        raise LibraryBusy(*told)
    return lock


def _refuse_to_overwrite(path: Path) -> None:
    if path.exists():
        raise StorageUnusable(*wrong_and_do("errors.session.there-already", path=path))


def _lay_down(path: Path, opened: Opened, wrapped: bytes, seal: Seal | None) -> None:
    """Make a session file with its first event, complete before it has its name."""
    try:
        number = next_number(path.parent)
        tables = rows.TABLES.values()
        with new_database(
            path, tables, version=new_mark(), page_bytes=rows.PAGE_BYTES
        ) as connection:
            about = rows.about(
                events=1, state="recording", number=str(number), wrapped=wrapped
            )
            _write_first(connection, opened, about, seal)
    except sqlite3.Error as error:
        raise _unusable(path, in_words(error)) from error
    except OSError as error:
        raise _unusable(path, system_said(error)) from error


def _write_first(
    connection: sqlite3.Connection,
    opened: Opened,
    about: dict[str, str],
    seal: Seal | None,
) -> None:
    first = rows.event_row(1, rows.entry(opened, opened.t_ns), seal)
    connection.execute(rows.INSERT_EVENT, first)
    for key, value in about.items():
        connection.execute(rows.PUT_META, rows.meta_row(key, value))


def _unusable(path: Path, why: str) -> StorageUnusable:
    return StorageUnusable(
        say("faults.not-recorded.wrong", folder=str(path.parent), why=why),
        say("faults.not-recorded.do"),
    )
