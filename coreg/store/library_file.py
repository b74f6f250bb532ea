"""The library's file: read whole, changed in memory, written whole.

Strategy.

1. The library is small, so it is one image of an SQLite database, kept twice and
   checked as a whole (`base.kept_twice`): what is damaged is known for it, and the
   copy is taken.
2. A transaction reads the image, changes it in memory, and writes all of it: what it
   did is on the disk when it ends, and was never half there. Nothing but that image is
   ever on the disk, no journal and no write-ahead log, so a program that reads is never
   in the way.
3. Each image is written without free pages: what was deleted is not in it.
4. Who may write takes turns with others (`library.db-lock`). Reading needs no turn,
   changes nothing, and makes no file.
5. A library of before, an SQLite file, is read as it is, and replaced by an image when
   it is first opened for writing.

What cannot be used, and what no coreg writes, is `StorageUnusable`, in words.
"""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from coreg.base import locks
from coreg.base.kept_twice import KeptTwice, NotAsWritten
from coreg.errors import StorageUnusable
from coreg.facts.events import Partner
from coreg.store.database import (
    connect_for_reading,
    connect_for_writing,
    in_memory,
    in_words,
    is_database,
    new_in_memory,
    transaction,
    version_in,
    version_of,
)
from coreg.store.keys import is_locked, vault_of
from coreg.words import say, system_said, wrong_and_do

LIBRARY_NAME = "library.db"
FORMAT = 4
"""Of the file. Formats 1 to 3 were SQLite's own, by the version of their tables."""
SCHEMA_VERSION = 7
"""Of the tables in it."""

_ASIDE = "CREATE TABLE aside (session_id TEXT PRIMARY KEY)"  # since version 2
_PRIVATE = (  # since version 3; `rating` and `words` hold what was kept before it
    """CREATE TABLE passcode (
        person INTEGER PRIMARY KEY REFERENCES person, public BLOB NOT NULL,
        salt BLOB NOT NULL, n INTEGER NOT NULL, r INTEGER NOT NULL, p INTEGER NOT NULL,
        locked BLOB NOT NULL, wrong INTEGER NOT NULL, last_utc TEXT NOT NULL,
        entered_utc TEXT NOT NULL, chosen_utc TEXT NOT NULL)""",
    """CREATE TABLE own (
        own INTEGER PRIMARY KEY AUTOINCREMENT,
        person INTEGER NOT NULL REFERENCES person,
        handle INTEGER NOT NULL UNIQUE, sealed BLOB NOT NULL)""",
)
_AUDIT = (  # since version 4
    """CREATE TABLE audit (
        number INTEGER PRIMARY KEY, utc TEXT NOT NULL, what TEXT NOT NULL,
        whose TEXT NOT NULL, session_id TEXT NOT NULL, place TEXT NOT NULL,
        digest BLOB NOT NULL, chain BLOB NOT NULL, is_blank INTEGER NOT NULL)""",
)
_LOOKING_BACK = (  # since version 5
    """CREATE TABLE line (
        line INTEGER PRIMARY KEY AUTOINCREMENT,
        person INTEGER NOT NULL REFERENCES person,
        session_id TEXT NOT NULL, text TEXT NOT NULL, utc TEXT NOT NULL)""",
    """CREATE TABLE sitting (
        session_id TEXT PRIMARY KEY, sat_s REAL NOT NULL,
        breathing_s REAL NOT NULL, breaths_per_min REAL)""",
)
_LOOSE_ENDS = (  # since version 6
    """CREATE TABLE loose_end (
        loose_end INTEGER PRIMARY KEY AUTOINCREMENT,
        person INTEGER NOT NULL REFERENCES person, handle INTEGER NOT NULL,
        has_room INTEGER NOT NULL, done_a INTEGER NOT NULL,
        done_b INTEGER NOT NULL)""",
)
_IN_QUIET = (  # since version 7
    """CREATE TABLE in_quiet (
        session_id TEXT NOT NULL, what TEXT NOT NULL,
        PRIMARY KEY (session_id, what)) WITHOUT ROWID""",
)
_SINCE = {
    2: (_ASIDE,),
    3: _PRIVATE,
    4: _AUDIT,
    5: _LOOKING_BACK,
    6: _LOOSE_ENDS,
    7: _IN_QUIET,
}
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
    *(table for tables in _SINCE.values() for table in tables),
)
PLACES = {Partner.A: 1, Partner.B: 2}
"""Each partner's place in `person`: one couple so far; the tables hold more."""
_WHAT = "library"
_OPEN, _SEALED = b"o", b"s"
_ABOUT = b"coreg library 1"
_COMPANIONS = ("-wal", "-shm", "-journal")
_TURN_WITHIN_S = 5.0
_PAGE_BYTES = 1024  # it is written whole each time


@dataclass(frozen=True, slots=True, kw_only=True)
class _Loaded:
    """A library as it was found; `is_as_it_should_be` where nothing is to be mended."""

    image: bytes
    is_mended: bool
    is_as_it_should_be: bool


class LibraryFile:
    """The library's file in one data folder, made where there is none.

    Where the folder is locked (`keys`), so is what is written. With `only_reads`,
    nothing is made, mended or written.

    Raises
    ------
    StorageLocked
        From any call: if it is locked, and this is not its key.
    StorageUnusable
        From any call: if the file cannot be made, read or written, or is not ours.
    """

    def __init__(self, folder: Path, *, only_reads: bool = False) -> None:
        self._folder = folder
        self._path = folder / LIBRARY_NAME
        self._kept = KeptTwice(self._path, _WHAT)
        self._only_reads = only_reads
        self._one_at_a_time = threading.Lock()
        self.is_mended = False
        if only_reads:
            self.is_mended = self._load().is_mended
        else:
            with self._turn():
                self._settle()

    @property
    def folder(self) -> Path:
        """Return the data folder that it lies in."""
        return self._folder

    def lay_open(self, then: Callable[[], None]) -> None:
        """Write the library so that it opens without a key, and do this next.

        In one turn: nobody writes it locked again before its keys are gone.
        """
        with self._turn():
            image = self._load().image
            self._write(_OPEN + image)
            then()

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Read and understand; what no coreg writes is damage too."""
        with (
            self.understanding(),
            self._troubles_in_words(),
            in_memory(self._load().image) as db,
        ):
            yield db

    @contextmanager
    def understanding(self) -> Iterator[None]:
        """Understand what was read."""
        try:
            yield
        except (TypeError, ValueError) as error:
            raise self._broken(say("errors.why.not-as-written")) from error

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Write, all of it or nothing; what no coreg writes is damage too."""
        with (
            self.understanding(),
            self._turn(),
            in_memory(self._load().image) as db,
        ):
            before = db.total_changes
            with transaction(db):
                yield db
            if db.total_changes != before:
                self._save(db)

    def _settle(self) -> None:
        """Make the library where there is none; mend what can be mended."""
        if not self._kept.is_there():
            with new_in_memory(_SCHEMA, SCHEMA_VERSION, _PAGE_BYTES) as db:
                with transaction(db):
                    _make_couple(db)
                self._save(db)
            return
        is_of_before = is_database(self._path)
        loaded = self._load(folded=is_of_before)
        self.is_mended = loaded.is_mended
        if not loaded.is_as_it_should_be:
            with in_memory(loaded.image) as db:
                self._save(db)
        if not is_database(self._path):
            for companion in _COMPANIONS:  # which nothing reads any more
                self._path.with_name(LIBRARY_NAME + companion).unlink(missing_ok=True)

    def _load(self, *, folded: bool = False) -> _Loaded:
        """Return the library as its file, or the copy, has it.

        `folded` brings a write-ahead log of before into its file on the way.
        """
        try:
            if is_database(self._path):
                image = self._image_of_before(folded=folded)
                return _Loaded(
                    image=self._with_tables_of_today(image),
                    is_mended=False,
                    is_as_it_should_be=False,
                )
            found = self._kept.read()
        except FileNotFoundError as error:
            raise self._unusable("gone") from error
        except OSError as error:
            raise self._unusable("unreadable", why=system_said(error)) from error
        except NotAsWritten as error:
            raise self._broken(str(error)) from error
        if found.format_ != FORMAT:
            raise self._unusable("newer", found=found.format_, known=FORMAT)
        is_sealed = found.content[:1] == _SEALED
        kept = self._opened(found.content)
        image = self._with_tables_of_today(kept)
        is_right = found.is_twice and is_sealed == is_locked(self._folder)
        return _Loaded(
            image=image,
            is_mended=found.is_mended,
            is_as_it_should_be=is_right and image is kept,
        )

    def _opened(self, content: bytes) -> bytes:
        """Return the image in what was kept."""
        if content[:1] == _OPEN:
            return content[1:]
        vault = vault_of(self._folder)
        if vault is None:
            raise self._unusable("keys-gone")
        try:
            return vault.library_seal().unsealed(content[1:], _ABOUT)
        except ValueError as error:
            raise self._unusable("other-key") from error

    def _save(self, db: sqlite3.Connection) -> None:
        """Bring the library to the disk as it is in memory now, and its copy."""
        db.execute(f"PRAGMA page_size = {_PAGE_BYTES}")
        db.execute("VACUUM")
        image = db.serialize()
        vault = vault_of(self._folder)
        if vault is None:
            content = _OPEN + image
        else:
            content = _SEALED + vault.library_seal().sealed(image, _ABOUT)
        self._write(content)

    def _write(self, content: bytes) -> None:
        try:
            self._kept.write(FORMAT, content)
        except OSError as error:
            raise self._unusable("no-room", why=system_said(error)) from error

    # --- a library of before ----------------------------------------------------

    def _image_of_before(self, *, folded: bool) -> bytes:
        """Return an SQLite file as an image."""
        connect = connect_for_writing if folded else connect_for_reading
        with closing(connect(self._path)) as db:
            self._need_version(version_of(db))
            if folded:
                db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            return db.serialize()

    def _with_tables_of_today(self, image: bytes) -> bytes:
        """Return an image with the tables that came since it was made."""
        version = self._need_version(version_in(image))
        if version == SCHEMA_VERSION:
            return image
        with in_memory(image) as db:
            with transaction(db):
                for newer in range(version + 1, SCHEMA_VERSION + 1):
                    for table in _SINCE[newer]:
                        db.execute(table)
                db.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
            return db.serialize()

    def _need_version(self, version: int | None) -> int:
        """Return the version of tables that this coreg knows."""
        if version is None:
            raise self._unusable("foreign")
        if not 1 <= version <= SCHEMA_VERSION:
            raise self._unusable("newer-tables", found=version)
        return version

    # --- turns and words --------------------------------------------------------

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Be the only one who writes to this library."""
        if self._only_reads:
            raise self._unusable("only-read")
        with self._troubles_in_words(), self._one_at_a_time:
            lock = self._locked()
            try:
                yield
            finally:
                lock.release()

    def _locked(self) -> locks.Lock:
        path = self._path.with_name(f"{LIBRARY_NAME}-lock")
        try:
            lock = locks.take_within(path, _TURN_WITHIN_S)
        except OSError as error:
            raise self._unusable("no-room", why=system_said(error)) from error
        if lock is None:
            raise self._unusable("busy")
        return lock

    @contextmanager
    def _troubles_in_words(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise self._broken(in_words(error)) from error
        except (UnicodeError, MemoryError, OverflowError) as error:
            # sqlite3 raises them for names of tables, and for sizes that cannot be
            raise self._broken(say("errors.why.damaged")) from error

    def _broken(self, why: str) -> StorageUnusable:
        return self._unusable(
            "broken",
            why=why,
            name=self._kept.path.name,
            copy=self._kept.copy_path.name,
        )

    def _unusable(self, what: str, **blanks: str | int) -> StorageUnusable:
        told = wrong_and_do(f"errors.library.{what}", path=self._path, **blanks)
        return StorageUnusable(*told)


class Written(Enum):
    """What became of the library's file and its copy."""

    TWICE = "both are as they were written"
    ONCE = "the copy is not"
    MENDED = "the file is not, and the copy stands in for it"


def how_written(folder: Path) -> Written:
    """Return what became of a library's file and its copy, without any key.

    Raises
    ------
    NotAsWritten, OSError
        If neither can be read.
    """
    path = folder / LIBRARY_NAME
    if is_database(path):  # of before: there was no copy
        return Written.TWICE
    found = KeptTwice(path, _WHAT).read()
    if found.is_mended:
        return Written.MENDED
    return Written.TWICE if found.is_twice else Written.ONCE


def is_library_in(folder: Path) -> bool:
    """Whether a data folder has a library, whatever became of it."""
    return KeptTwice(folder / LIBRARY_NAME, _WHAT).is_there()


def _make_couple(db: sqlite3.Connection) -> None:
    db.execute("INSERT INTO couple VALUES (1)")
    db.executemany(
        "INSERT INTO person VALUES (?, 1, ?, ?, 0, 0)",
        [(place, partner, partner) for partner, place in PLACES.items()],
    )
