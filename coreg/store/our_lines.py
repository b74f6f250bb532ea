"""Our lines: what one of the two wrote and chose to read to the other.

They are of both from then on: both see them, and either removes any. So they lie in
clear in the library, and behind its lock where there is one. Whoever goes takes their
own along; an evening that is erased leaves its lines, which forget of which evening
they were.
"""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from coreg.facts.events import Partner
from coreg.store.library_file import PLACES, LibraryFile


@dataclass(frozen=True, slots=True, kw_only=True)
class OurLine:
    """A line of both, and who wrote it; `session_id` is empty once that is erased."""

    number: int
    partner: Partner
    session_id: str
    text: str
    utc: str


class OurLines:
    """The lines of one library.

    Raises
    ------
    StorageUnusable
        From any call: if the library cannot be read or written.
    """

    def __init__(self, file: LibraryFile) -> None:
        self._file = file

    def keep(self, partner: Partner, session_id: str, text: str, *, utc: str) -> None:
        """Keep a line, one a person and evening: the last that was said."""
        with self._file.transaction() as db:
            same = (PLACES[partner], session_id, text)
            db.execute(
                "DELETE FROM line WHERE person = ? AND session_id = ? AND text != ?",
                same,
            )
            found = db.execute(
                "SELECT 1 FROM line WHERE person = ? AND session_id = ? AND text = ?",
                same,
            ).fetchone()
            if found is None:
                db.execute(
                    "INSERT INTO line (person, session_id, text, utc)"
                    " VALUES (?, ?, ?, ?)",
                    (*same, utc),
                )

    def all(self) -> list[OurLine]:
        """Return every line, newest first."""
        with self._file.reading() as db:
            rows = db.execute(
                "SELECT line, person, session_id, text, utc FROM line"
                " ORDER BY line DESC"
            ).fetchall()
        return [_line(row) for row in rows]

    def remove(self, number: int) -> None:
        """Remove a line for good; one that the other removed before is gone, too."""
        with self._file.transaction() as db:
            db.execute("DELETE FROM line WHERE line = ?", (number,))

    def take_back(
        self, partner: Partner, session_id: str, texts: Iterable[str]
    ) -> None:
        """Remove what one person wrote on an evening and no longer shows the other."""
        with self._file.transaction() as db:
            db.executemany(
                "DELETE FROM line WHERE person = ? AND session_id = ? AND text = ?",
                [(PLACES[partner], session_id, text) for text in texts],
            )


def forget_evening(db: sqlite3.Connection, session_id: str) -> None:
    """Let the lines of an evening stay, and no longer say of which."""
    db.execute("UPDATE line SET session_id = '' WHERE session_id = ?", (session_id,))


def _line(row: tuple[int, int, str, str, str]) -> OurLine:
    number, person, session_id, text, utc = row
    (partner,) = (partner for partner, place in PLACES.items() if place == person)
    return OurLine(
        number=number,
        partner=partner,
        session_id=str(session_id),
        text=str(text),
        utc=str(utc),
    )
