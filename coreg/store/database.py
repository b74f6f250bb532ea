"""SQLite, made and opened the one careful way, and its faults in words."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from coreg.base.whole_file import made_whole
from coreg.words import say

# "corg": SQLite's own place for saying whose file it is.
APPLICATION_ID = 0x636F7267
USUAL_PAGE_BYTES = 4096
_CAREFUL = (
    "PRAGMA trusted_schema = OFF",  # a file from elsewhere runs nothing of its own
    "PRAGMA cell_size_check = ON",  # damage is met where it is, not further on
    "PRAGMA mmap_size = 0",  # a bad sector is an error then, not a signal
)
_DURABLE = (
    "PRAGMA synchronous = FULL",  # NORMAL lost commits at a power cut
    "PRAGMA secure_delete = ON",
    "PRAGMA journal_size_limit = 1048576",
    "PRAGMA wal_autocheckpoint = 200",  # pages of 4 KiB at most: a log below 1 MiB
)
_IN_MEMORY = (
    "PRAGMA trusted_schema = OFF",
    "PRAGMA cell_size_check = ON",
    "PRAGMA foreign_keys = ON",
    "PRAGMA temp_store = MEMORY",  # VACUUM would copy everything into a file otherwise
)
_FIRST_BYTES = b"SQLite format 3\0"
_JOURNAL_BYTES = slice(18, 20)  # of SQLite's header: 2 2 with a write-ahead log, or 1 1
_BUSY_S = 5.0
_NO_ROOM_FOR_INDEX = sqlite3.SQLITE_IOERR_SHMSIZE
_LONGEST_VALUE_BYTES = 16 * 1024 * 1024

_TROUBLES = {
    sqlite3.SQLITE_FULL: "full",
    sqlite3.SQLITE_READONLY: "readonly",
    sqlite3.SQLITE_IOERR: "ioerr",
    sqlite3.SQLITE_CANTOPEN: "cantopen",
    sqlite3.SQLITE_BUSY: "busy",
    sqlite3.SQLITE_NOTADB: "notadb",
    sqlite3.SQLITE_CORRUPT: "corrupt",
}


class LinkedElsewhere(sqlite3.OperationalError):
    """A link in the place of a file that would be written through it."""


def is_database(path: Path) -> bool:
    """Whether a file is a database, by its first bytes."""
    with suppress(OSError), path.open("rb") as file:
        return file.read(len(_FIRST_BYTES)) == _FIRST_BYTES
    return False


def database_bytes(path: Path) -> bytes:
    """Return a database as the bytes of one plain file, its write-ahead log folded in.

    Raises
    ------
    sqlite3.Error
        If it cannot be read.
    """
    with closing(connect_for_reading(path)) as connection:
        return _without_log(connection.serialize())


def connect_for_reading(path: Path) -> sqlite3.Connection:
    """Return a connection that cannot change the file, not even one left by a crash."""
    return _connected(path, "ro", _CAREFUL)


def connect_without_log(path: Path) -> sqlite3.Connection:
    """Return a connection that reads the file alone, whatever lies beside it."""
    return _connected(path, "ro&immutable=1", _CAREFUL)


def connect_for_writing(path: Path) -> sqlite3.Connection:
    """Return a connection to an existing file whose commits are on the disk.

    Raises
    ------
    LinkedElsewhere
        If the file is a link. Of links beside it SQLite follows none.
    """
    if path.is_symlink():
        raise LinkedElsewhere(say("errors.disk.link", name=path.name))
    return _connected(path, "rw", _CAREFUL + _DURABLE)


@contextmanager
def new_database(
    path: Path,
    tables: Iterable[str],
    *,
    version: int = 0,
    page_bytes: int = USUAL_PAGE_BYTES,
    has_log: bool = True,
) -> Iterator[sqlite3.Connection]:
    """Give a new database of ours, its tables empty, to be filled.

    What is filled in is one transaction. The file has its name when it is whole, on the
    disk and, with `has_log`, ready to be written by one while others read.

    Raises
    ------
    sqlite3.Error, OSError
        If it cannot be made; then there is none.
    """
    with (
        made_whole(path) as half_made,
        closing(connect_for_writing(half_made)) as connection,
    ):
        connection.execute(f"PRAGMA page_size = {page_bytes}")
        with transaction(connection):
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {version}")
            for table in tables:
                connection.execute(table)
            yield connection
        # Now, while nobody knows the file: a reader later on would be in the way. And
        # after the commit: a write-ahead log would not be renamed with its file.
        if has_log:
            connection.execute("PRAGMA journal_mode = WAL").fetchall()


@contextmanager
def in_memory(image: bytes) -> Iterator[sqlite3.Connection]:
    """Open the image of a database in memory; nothing of it is put on the disk."""
    with _connected_in_memory() as connection:
        connection.deserialize(_without_log(image))
        yield connection


@contextmanager
def new_in_memory(
    tables: Iterable[str], version: int, page_bytes: int
) -> Iterator[sqlite3.Connection]:
    """Open a new database of ours in memory, its tables empty."""
    with _connected_in_memory() as connection:
        connection.execute(f"PRAGMA page_size = {page_bytes}")
        with transaction(connection):
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {version}")
            for table in tables:
                connection.execute(table)
        yield connection


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


def version_in(image: bytes) -> int | None:
    """Return the version of a database's image, None where it is another's.

    As `version_of`, by the header (SQLite's file format: bytes 60 and 68).
    """
    if int.from_bytes(image[68:72]) != APPLICATION_ID:
        return None
    return int.from_bytes(image[60:64])


def error_code(error: sqlite3.Error) -> int:
    """Return SQLite's primary code for an error, 0 where it is Python's own.

    No room for the index of a write-ahead log is a full disk. SQLite calls it an error
    of the disk, after which nobody would know what the disk holds; but that index holds
    nothing of its own, and is made anew.
    """
    code = getattr(error, "sqlite_errorcode", 0)
    return sqlite3.SQLITE_FULL if code == _NO_ROOM_FOR_INDEX else code & 0xFF


def in_words(error: sqlite3.Error) -> str:
    """Return what was wrong, for a person, with SQLite's own words behind it."""
    if isinstance(error, LinkedElsewhere):  # and SQLite was never asked
        return str(error)
    trouble = _TROUBLES.get(error_code(error), "unusable")
    return f"{say(f'errors.disk.{trouble}')} (SQLite: {error})"


@contextmanager
def _connected_in_memory() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST_VALUE_BYTES)
        for pragma in _IN_MEMORY:
            connection.execute(pragma)
        yield connection


def _without_log(image: bytes) -> bytes:
    """Return an image that says of itself that no write-ahead log belongs to it."""
    if image[_JOURNAL_BYTES] != b"\x02\x02":
        return image
    said = bytearray(image)
    said[_JOURNAL_BYTES] = b"\x01\x01"
    return bytes(said)


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
