"""SQLite, made and opened the one careful way, and its faults in words."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from coreg.base.whole_file import made_whole

# "corg": SQLite's own place for saying whose file it is.
APPLICATION_ID = 0x636F7267
_CAREFUL = (
    "PRAGMA trusted_schema = OFF",  # a file from elsewhere runs nothing of its own
    "PRAGMA cell_size_check = ON",  # damage is met where it is, not further on
    "PRAGMA mmap_size = 0",  # a bad sector is an error then, not a signal
)
_DURABLE = (
    "PRAGMA synchronous = FULL",  # NORMAL lost commits at a power cut
    "PRAGMA secure_delete = ON",
    "PRAGMA journal_size_limit = 1048576",
    "PRAGMA wal_autocheckpoint = 200",  # pages of 4 KiB: the log stays below 1 MiB
)
_BUSY_S = 5.0
_LONGEST_VALUE_BYTES = 16 * 1024 * 1024

_TROUBLES = {
    sqlite3.SQLITE_FULL: "the disk is full",
    sqlite3.SQLITE_READONLY: "the session's folder cannot be written any more",
    sqlite3.SQLITE_IOERR: "the disk reported an error",
    sqlite3.SQLITE_CANTOPEN: "the session's file cannot be opened",
    sqlite3.SQLITE_BUSY: "another program holds the session's file",
    sqlite3.SQLITE_NOTADB: "it is no session file",
    sqlite3.SQLITE_CORRUPT: "the file is damaged",
}


def connect_for_reading(path: Path) -> sqlite3.Connection:
    """Return a connection that cannot change the file, not even one left by a crash."""
    return _connected(path, "ro", _CAREFUL)


def connect_for_writing(path: Path) -> sqlite3.Connection:
    """Return a connection to an existing file whose commits are on the disk."""
    return _connected(path, "rw", _CAREFUL + _DURABLE)


@contextmanager
def new_database(
    path: Path, tables: Iterable[str], *, version: int = 0
) -> Iterator[sqlite3.Connection]:
    """Give a new database of ours, its tables empty, to be filled.

    What is filled in is one transaction. The file has its name when it is whole, on the
    disk and ready to be written by one while others read.

    Raises
    ------
    sqlite3.Error, OSError
        If it cannot be made; then there is none.
    """
    with (
        made_whole(path) as half_made,
        closing(connect_for_writing(half_made)) as connection,
    ):
        with transaction(connection):
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {version}")
            for table in tables:
                connection.execute(table)
            yield connection
        # Now, while nobody knows the file: a reader later on would be in the way. And
        # after the commit: a write-ahead log would not be renamed with its file.
        connection.execute("PRAGMA journal_mode = WAL").fetchall()


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Do all that is asked of a connection, or nothing where an error leaves this."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        with suppress(sqlite3.Error):  # the first error is the one to be told
            if connection.in_transaction:  # SQLite may have rolled back by itself
                connection.execute("ROLLBACK")
        raise


def version_of(connection: sqlite3.Connection) -> int | None:
    """Return the version of a database that coreg made, None where it is another's."""
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    return int(version) if application == APPLICATION_ID else None


def error_code(error: sqlite3.Error) -> int:
    """Return SQLite's primary code for an error, 0 where it is Python's own."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def in_words(error: sqlite3.Error) -> str:
    """Return what was wrong, for a person, with SQLite's own words behind it."""
    words = _TROUBLES.get(error_code(error), "the file cannot be used")
    return f"{words} (SQLite: {error})"


def _connected(path: Path, mode: str, pragmas: tuple[str, ...]) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={mode}",
        uri=True,
        timeout=_BUSY_S,
        isolation_level=None,  # every transaction is begun and ended by name
    )
    try:
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST_VALUE_BYTES)
        for pragma in pragmas:
            connection.execute(pragma)
    except BaseException:
        connection.close()
        raise
    return connection
