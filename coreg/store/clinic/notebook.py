"""One couple's part of the book, as a console beside their evening writes in it."""

from coreg.store.clinic.book import Book
from coreg.store.clinic.records import MARK_KEYS, Mark
from coreg.words import say


class CoupleNotebook:
    """Where a console keeps marks and notes; what the keys stand for is read once.

    Raises
    ------
    StorageLocked, StorageUnusable
        From any call: as the book does.
    """

    def __init__(self, book: Book, couple_id: str) -> None:
        self._book = book
        self._couple_id = couple_id
        labels = book.labels()
        self._marks = tuple(
            labels[key] or say("terminal.clinic.mark", key=key) for key in MARK_KEYS
        )

    @property
    def marks(self) -> tuple[str, ...]:
        """What the keys 1 to 5 stand for."""
        return self._marks

    def mark(self, session_id: str, t_s: float, key: int) -> None:
        """Keep a mark at a time of a session (s)."""
        self._book.mark(
            Mark(couple_id=self._couple_id, session_id=session_id, t_s=t_s, key=key)
        )

    def note(self, session_id: str, t_s: float, text: str) -> None:
        """Keep words for a time of a session (s)."""
        self._book.note(self._couple_id, text, session_id=session_id, t_s=t_s)
