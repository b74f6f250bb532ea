"""An hour for its therapist alone: along its time, and as a note to copy."""

import datetime as dt
from pathlib import Path

from coreg.facts.events import Partner
from coreg.findings.factual_note import factual_note
from coreg.findings.hour import hour_of, usual_chance
from coreg.findings.reading import summary_of_beginning
from coreg.findings.summary import read_in
from coreg.report.words.factual_note import note_lines
from coreg.report.words.hour import hour_lines
from coreg.store.clinic.book import Book
from coreg.store.clinic.records import Couple
from coreg.store.library_db import Library, Purpose
from coreg.store.release import shown_to_therapist


def review_lines(book: Book, couple: Couple, path: Path) -> tuple[str, ...]:
    """Return an hour along its time, with the therapist's marks and notes.

    Raises
    ------
    SessionError
        If the file cannot be read as a session.
    StorageUnusable
        If the book or the couple's library cannot be read.
    """
    library = Library(book.open_couple(couple.id_), only_reads=True)
    summary = summary_of_beginning(path)

    def agrees(partner: Partner) -> bool:
        return library.person(partner).agrees(Purpose.THERAPIST)

    hour = hour_of(
        summary,
        book.marks(couple.id_, path.stem),
        book.notes(couple.id_, path.stem),
        book.labels(),
        shown_to_therapist(summary.opened.couple.source, agrees),
        usual_chance(),
    )
    return hour_lines(hour, dict(couple.names.items()))


def copied_lines(
    couple: Couple, path: Path, home_plan: str, zone: dt.tzinfo
) -> tuple[str, ...]:
    """Return the factual note of an hour; `home_plan` is empty where there is none.

    Raises
    ------
    SessionError
        If the file cannot be read as a session.
    """
    note = factual_note(
        read_in(summary_of_beginning(path), zone),
        present=couple.names,
        home_plan=home_plan,
        seen_alone=couple.last_seen_alone(),
    )
    return note_lines(note)
