"""The library's file: made, opened and read the one careful way.

One writer: whoever holds the data folder's lock. Each transaction is on the disk when
it ends. What cannot be used, and what no coreg writes, is `StorageUnusable`, in words.
"""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from coreg.base.whole_file import remove_half_made
from coreg.errors import StorageUnusable
from coreg.facts.events import Partner
from coreg.store.database import (
    connect_for_writing,
    in_words,
    new_database,
    transaction,
    version_of,
)

SCHEMA_VERSION = 2
LIBRARY_NAME = "library.db"

_ASIDE = "CREATE TABLE aside (session_id TEXT PRIMARY KEY)"  # since version 2
_SCHEMA = (
    "CREATE TABLE couple (couple INTEGER PRIMARY KEY)",
    """CREATE TABLE person (
        person INTEGER PRIMARY KEY, couple INTEGER NOT NULL REFERENCES couple,
        partner TEXT NOT NULL CHECK (partner IN ('A', 'B')), name TEXT NOT NULL,
        heart_rhythm INTEGER NOT NULL, see_doctor INTEGER NOT NULL,
        UNIQUE (couple, partner))""",
    """CREATE TABLE consent (
        person INTEGER NOT NULL REFERENCES person, purpose TEXT NOT NULL,
        version INTEGER NOT NULL, given INTEGER NOT NULL, utc TEXT NOT NULL)""",
    """CREATE TABLE rating (
        person INTEGER NOT NULL REFERENCES person, session_id TEXT NOT NULL,
        moment TEXT NOT NULL, at_ease INTEGER, awake INTEGER, myself INTEGER,
        utc TEXT NOT NULL)""",
    """CREATE TABLE words (
        person INTEGER NOT NULL REFERENCES person, session_id TEXT NOT NULL,
        block TEXT NOT NULL, text TEXT NOT NULL, utc TEXT NOT NULL)""",
    """CREATE TABLE wish (
        person INTEGER NOT NULL REFERENCES person, session_id TEXT NOT NULL,
        whose TEXT NOT NULL, utc TEXT NOT NULL, PRIMARY KEY (person, session_id))""",
    "CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL)",
    _ASIDE,
)
PLACES = {Partner.A: 1, Partner.B: 2}
"""Each partner's place in `person`: one couple so far; the tables hold more."""


class LibraryFile:
    """The library's file in one data folder, made where there is none.

    Raises
    ------
    StorageUnusable
        From any call: if the file cannot be made, read or written, or is not ours.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / LIBRARY_NAME
        self._one_at_a_time = threading.Lock()
        if not self._path.exists():
            self._lay_down()
        with self.transaction() as db:
            version = version_of(db)
            if version == 1:
                db.execute(_ASIDE)
                db.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
                version = SCHEMA_VERSION
        if version != SCHEMA_VERSION:
            raise self._unusable("it was not made by this version of coreg")

    def leave_no_trace(self) -> None:
        """Rewrite the file and empty its log, where deleted words would live on."""
        with self._connected() as db:
            db.execute("VACUUM")
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def _lay_down(self) -> None:
        """Make the library, complete before it has its name, for this user alone."""
        try:
            remove_half_made(self._path)  # by one that was killed over it
            with new_database(self._path, _SCHEMA, version=SCHEMA_VERSION) as db:
                _make_couple(db)
        except sqlite3.Error as error:
            raise self._unusable(in_words(error)) from error
        except OSError as error:
            raise self._unusable(error.strerror or str(error)) from error

    @contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        try:
            with self._one_at_a_time, closing(connect_for_writing(self._path)) as db:
                db.execute("PRAGMA journal_mode = WAL").fetchall()
                db.execute("PRAGMA foreign_keys = ON")
                yield db
        except sqlite3.Error as error:
            raise self._unusable(in_words(error)) from error
        except UnicodeError as error:  # sqlite3 raises it for names of tables
            raise self._unusable("the file is damaged") from error

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Read and understand; what no coreg writes is damage too."""
        try:
            with self.transaction() as db:
                yield db
        except (TypeError, ValueError) as error:
            raise self._unusable("something in it is not as it was written") from error

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Write, all of it or nothing."""
        with self._connected() as db, transaction(db):
            yield db

    def _unusable(self, why: str) -> StorageUnusable:
        return StorageUnusable(
            f"The library {self._path} cannot be used: {why}.",
            "Free some space there, or choose another --data-dir.",
        )


def _make_couple(db: sqlite3.Connection) -> None:
    db.execute("INSERT INTO couple VALUES (1)")
    db.executemany(
        "INSERT INTO person VALUES (?, 1, ?, ?, 0, 0)",
        [(place, partner, partner) for partner, place in PLACES.items()],
    )
