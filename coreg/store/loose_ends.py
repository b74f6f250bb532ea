"""Loose ends: that one of the two has something they would like to talk about.

What it is lies sealed among that one's own things, and only its handle is here: the
other learns that there is something, and nothing of it. There are no dates and no
counts. Each says alone that it is done; either opens it again, and its owner takes it
back at any time.
"""

import sqlite3

from coreg.facts.both import Both
from coreg.facts.events import Partner
from coreg.store.library_file import PLACES, LibraryFile
from coreg.store.release import LooseEnd

MOST_OFFERED = 3
"""So many of one person's stand open at a time: more would be a list of charges."""


class LooseEnds:
    """Those of one library.

    Raises
    ------
    StorageUnusable
        From any call: if the library cannot be read or written.
    """

    def __init__(self, file: LibraryFile) -> None:
        self._file = file

    def offer(self, partner: Partner, handle: int) -> bool:
        """Offer a line of one's own; return whether there is room for one more."""
        with self._file.transaction() as db:
            ours = [each for each in _all(db) if each.partner is partner]
            if any(each.handle == handle for each in ours):
                return True
            if sum(not each.is_over for each in ours) >= MOST_OFFERED:
                return False
            db.execute(
                "INSERT INTO loose_end (person, handle, has_room, done_a, done_b)"
                " VALUES (?, ?, 0, 0, 0)",
                (PLACES[partner], handle),
            )
        return True

    def take_back(self, partner: Partner, handle: int) -> None:
        """Take an offer back: nothing of it stays."""
        with self._file.transaction() as db:
            db.execute(
                "DELETE FROM loose_end WHERE person = ? AND handle = ?",
                (PLACES[partner], handle),
            )

    def keep_to(self, partner: Partner, handles: set[int]) -> None:
        """Take back what its owner no longer has among their own lines."""
        with self._file.transaction() as db:
            for each in _all(db):
                if each.partner is partner and each.handle not in handles:
                    db.execute(
                        "DELETE FROM loose_end WHERE loose_end = ?", (each.number,)
                    )

    def keep(self, number: int, *, has_room: bool, done: Both[bool]) -> None:
        """Keep what the two said of one; one that was taken back stays so."""
        with self._file.transaction() as db:
            db.execute(
                "UPDATE loose_end SET has_room = ?, done_a = ?, done_b = ?"
                " WHERE loose_end = ?",
                (has_room, done.a, done.b, number),
            )

    def all(self) -> tuple[LooseEnd, ...]:
        """Return what is offered, in no telling order but that it came in."""
        with self._file.reading() as db:
            return _all(db)


def _all(db: sqlite3.Connection) -> tuple[LooseEnd, ...]:
    rows = db.execute(
        "SELECT loose_end, person, handle, has_room, done_a, done_b FROM loose_end"
        " ORDER BY loose_end"
    ).fetchall()
    partners = {place: partner for partner, place in PLACES.items()}
    return tuple(
        LooseEnd(
            number=number,
            partner=partners[person],
            handle=handle,
            has_room=bool(has_room),
            done=Both(bool(done_a), bool(done_b)),
        )
        for number, person, handle, has_room, done_a, done_b in rows
    )
