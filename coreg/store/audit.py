"""Who opened, wrote out, copied or erased what: a list that only grows.

1. Each line is chained to the one before it (SHA-256), and how the chain ends stands
   among the settings: a line that was changed, taken away or cut off shows.
2. Of what is erased, the lines say no more which it was: they are made blank, and
   keep their place in the chain. It goes as a whole with everything that is erased.
3. What somebody chose alone (consent, passcodes, wishes) is not in it: it would tell
   the other.

The chain has no key: it shows what a hand changes, not what a program counts anew.
"""

import hashlib
import json
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from coreg.facts.events import Partner
from coreg.store.library_file import LibraryFile

_FIRST = b"coreg audit 1"
END_OF_AUDIT = "end of the audit log"
"""A setting of the library, which nobody sets."""
_KEEP_END = "INSERT OR REPLACE INTO setting VALUES (?, ?)"


class What(StrEnum):
    """What was done."""

    OPENED = "opened"  # a page, in the browser
    WRITTEN = "written"  # a page, as a file
    COPIED = "copied"  # a session's file
    EXPORTED = "exported"  # all that is held about one person
    BACKED_UP = "backed up"
    RESTORED = "restored"
    ERASED = "erased"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One thing that was done.

    `whose` is a partner's letter where it is one person's, else which page or nothing;
    `session_id` and `place` are empty where there is none.
    """

    utc: str
    what: What
    whose: str = ""
    session_id: str = ""
    place: str = ""


ON_SHARED_PAGES = "on the shared pages"


def erased_by(partner: Partner | None, has_passcode: Callable[[Partner], bool]) -> str:
    """Return who proved to erase what is theirs: whose passcode it took, or nobody."""
    if partner is None or not has_passcode(partner):
        return ON_SHARED_PAGES
    return partner.value


class AuditLog:
    """The list of one library.

    Raises
    ------
    StorageUnusable
        From any call: if the library cannot be read or written, or a line of the list
        is not as it was written.
    """

    def __init__(self, file: LibraryFile) -> None:
        self._file = file

    def add(self, line: Line) -> None:
        """Add one line."""
        with self._file.transaction() as db:
            digest = _digest(line)
            chain = _chained(_end(db), digest)
            db.execute(
                "INSERT INTO audit (utc, what, whose, session_id, place, digest, chain,"
                " is_blank) VALUES (?, ?, ?, ?, ?, ?, ?, 0)",
                (*_columns(line), digest, chain),
            )
            db.execute(_KEEP_END, (END_OF_AUDIT, chain.hex()))

    def lines(self) -> list[Line]:
        """Return all of it, oldest first, each checked; blank ones say only when."""
        with self._file.reading() as db:
            return list(_checked(db))

    def blank(self, *, session_id: str = "", whose: str = "") -> None:
        """Make blank what was done with one session, or with one person's own."""
        with self._file.transaction() as db:
            db.execute(
                "UPDATE audit SET whose = '', session_id = '', place = '', is_blank = 1"
                " WHERE (session_id != '' AND session_id = ?)"
                " OR (whose != '' AND whose = ?)",
                (session_id, whose),
            )


def _checked(db: sqlite3.Connection) -> list[Line]:
    lines: list[Line] = []
    chain = _FIRST
    rows = db.execute(
        "SELECT number, utc, what, whose, session_id, place, digest, chain, is_blank"
        " FROM audit ORDER BY number"
    ).fetchall()
    for expected, (number, *told, digest, found, is_blank) in enumerate(rows, start=1):
        utc, what, whose, session_id, place = told
        line = Line(
            utc=utc, what=What(what), whose=whose, session_id=session_id, place=place
        )
        chain = _chained(chain, digest)
        is_as_it_was = is_blank == 1 or _digest(line) == digest
        if (number, found) != (expected, chain) or not is_as_it_was:
            raise ValueError("a line of the list was changed")
        lines.append(line)
    if _end(db) != chain:
        raise ValueError("the list was cut off")
    return lines


def _end(db: sqlite3.Connection) -> bytes:
    """Return how the chain ends, as it stands among the settings."""
    row = db.execute(
        "SELECT value FROM setting WHERE name = ?", (END_OF_AUDIT,)
    ).fetchone()
    return _FIRST if row is None else bytes.fromhex(row[0])


def _chained(before: bytes, digest: bytes) -> bytes:
    return hashlib.sha256(before + digest).digest()


def _digest(line: Line) -> bytes:
    return hashlib.sha256(json.dumps(_columns(line)).encode()).digest()


def _columns(line: Line) -> tuple[str, str, str, str, str]:
    return line.utc, line.what.value, line.whose, line.session_id, line.place
