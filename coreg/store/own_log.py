"""Whether the write-ahead log beside a session is the session's own.

SQLite replays any log that lies beside a database under its name and whose sums are
right; nothing in the database says which log is meant. So one that was copied there,
of another session or of another hour of the same one, would put its pages in place of
the session's, each row with a check that fits.

Strategy.

1. A session that was closed in order is a plain file without a log. What lies beside
   it is not its own, and is not read.
2. Events are only ever added. What the file alone holds is therefore how its events
   with the log begin; where it is not, the log is another session's, or an older one.
3. Each session's file carries a number of chance on its first page. A log that makes
   the file longer holds that page, so it says whose log it is even where 2 cannot: of
   a session whose events lie on the same pages up to the same event.
4. Only a file that can be read without its log says anything: a computer that stopped
   while it folded the log in leaves one that cannot, and that its log mends.

What stays: a log of the session itself whose end was cut off reads as what a crash
would have left. Nothing in these two files tells one from the other.
"""

import secrets
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

from coreg.store.database import connect_for_reading, connect_without_log
from coreg.store.rows import BadRow
from coreg.words import say

_JOURNAL: Final = slice(18, 20)  # of SQLite's header: 2 2 with a log, or 1 1
_MARK: Final = "PRAGMA user_version"
_EVERY_ROW: Final = "SELECT * FROM event ORDER BY seq"
_SAID: Final = "SELECT value FROM meta WHERE key = 'events'"


def new_mark() -> int:
    """Return what tells one session's file from every other one's."""
    return 1 + secrets.randbelow(2**31 - 1)


def is_closed(path: Path) -> bool:
    """Whether a session was closed in order: it is a plain file then, without a log.

    Raises
    ------
    OSError
        If it cannot be read.
    """
    with path.open("rb") as file:
        return file.read(100)[_JOURNAL] == b"\x01\x01"


def connect_to_own(path: Path, log: Path) -> sqlite3.Connection:
    """Return a connection that reads a session, and no log beside a closed one."""
    if is_closed(path) and log.exists():
        return connect_without_log(path)
    return connect_for_reading(path)  # which minds that another program holds it


def refuse_foreign(connection: sqlite3.Connection, path: Path, log: Path) -> None:
    """Stop at a log that is not the session's own; `connection` reads both.

    Raises
    ------
    BadRow
        Saying that it is not.
    """
    if not log.exists() or log.stat().st_size == 0:
        return
    with closing(connect_without_log(path)) as alone:
        if not _is_continued(alone, connection):
            raise BadRow(say("errors.why.foreign-log", log=log.name))


def _is_continued(alone: sqlite3.Connection, both: sqlite3.Connection) -> bool:
    """Whether what the file holds alone, if that can be told, goes on in both."""
    try:
        (mark,) = alone.execute(_MARK).fetchone()
        found = alone.execute(_EVERY_ROW).fetchall()
        said = alone.execute(_SAID).fetchone()
    except (MemoryError, UnicodeError, sqlite3.Error):
        return True
    numbers = [row[0] for row in found]
    if numbers != list(range(1, len(found) + 1)) or said != (str(len(found)),):
        return True
    if both.execute(_MARK).fetchone() != (mark,):
        return False
    begun = both.execute(f"{_EVERY_ROW} LIMIT {len(found)}").fetchall()
    return begun == found
