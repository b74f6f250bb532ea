"""One couple's part of the book, as a console beside their evening writes in it."""

import datetime as dt
from dataclasses import replace

from coreg.facts.both import Both
from coreg.facts.events import Partner
from coreg.store.clinic.book import Book
from coreg.store.clinic.records import MARK_KEYS, About, Heard, Mark
from coreg.words import say


class CoupleNotebook:
    """Where marks and notes are kept, and what the two tell their therapist.

    What the keys stand for is read once, and what was told whenever more is.

    Raises
    ------
    StorageLocked, StorageUnusable
        From any call: as the book does.
    """

    def __init__(self, book: Book, couple_id: str) -> None:
        self._book = book
        self._couple_id = couple_id
        self._seen_alone = _seen_alone(book, couple_id)
        labels = book.labels()
        self._marks = tuple(
            labels[key] or say("terminal.clinic.mark", key=key) for key in MARK_KEYS
        )
        self._heard = book.heard(couple_id)

    @property
    def marks(self) -> tuple[str, ...]:
        """What the keys 1 to 5 stand for."""
        return self._marks

    @property
    def heard(self) -> tuple[Heard, ...]:
        """What the two told, as it came."""
        return self._heard

    @property
    def seen_alone(self) -> Both[dt.date | None]:
        """When each of the two was seen alone last."""
        return self._seen_alone

    def mark(self, session_id: str, t_s: float, key: int) -> None:
        """Keep a mark at a time of a session (s)."""
        self._book.mark(
            Mark(couple_id=self._couple_id, session_id=session_id, t_s=t_s, key=key)
        )

    def note(self, session_id: str, t_s: float, text: str) -> None:
        """Keep words for a time of a session (s)."""
        self._book.note(self._couple_id, text, session_id=session_id, t_s=t_s)

    def hear(self, *heard: Heard) -> None:
        """Keep what one of the two told."""
        self._book.hear(*(replace(one, couple_id=self._couple_id) for one in heard))
        self._heard = self._book.heard(self._couple_id)

    def retell(self, partner: Partner, about: About, *heard: Heard) -> None:
        """Keep these in the place of all that one told of something."""
        anew = [replace(one, couple_id=self._couple_id) for one in heard]
        self._book.retell(self._couple_id, partner, about, anew)
        self._heard = self._book.heard(self._couple_id)


def _seen_alone(book: Book, couple_id: str) -> Both[dt.date | None]:
    """Return when each was seen alone; nobody was of a couple that is not entered."""
    for couple in book.couples():
        if couple.id_ == couple_id:
            return couple.last_seen_alone()
    return Both(None, None)
