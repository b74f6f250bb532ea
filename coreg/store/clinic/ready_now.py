"""Whether a couple may practise today, by the book and by what lies in its folder."""

from coreg.base import clock
from coreg.store.clinic.book import Book
from coreg.store.clinic.records import Couple, Ready, ready
from coreg.store.clinic.stopped import stopped_days


def ready_now(book: Book, couple: Couple) -> Ready:
    """Return how ready a couple is; its folder lies open in this process afterwards.

    Raises
    ------
    StorageUnusable
        If the book or the folder cannot be read.
    """
    if not book.is_locked(couple.id_):
        return Ready.NO_LOCK
    if couple.is_made_up:
        return Ready.READY
    folder = book.open_couple(couple.id_)
    return ready(couple, clock.today(), stopped_days(folder, clock.HERE))
