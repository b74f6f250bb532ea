"""An hour for its therapist alone: along its time, and as a note to copy."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from coreg.facts.events import Partner
from coreg.findings.factual_note import factual_note
from coreg.findings.hour import Hour, hour_of, usual_chance
from coreg.findings.reading import summary_of_beginning
from coreg.findings.summary import SessionSummary, read_in
from coreg.report.words.factual_note import note_lines
from coreg.report.words.hour import hour_lines
from coreg.store.clinic.book import Book
from coreg.store.clinic.records import Couple
from coreg.store.library_db import Library, Purpose
from coreg.store.release import shown_to_therapist


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Reviewed:
    """One session as its therapist goes over it: recomputed once, told in many ways."""

    summary: SessionSummary
    hour: Hour
    seen: frozenset[Partner]


def reviewed(book: Book, couple: Couple, path: Path) -> Reviewed:
    """Recompute a session, with the therapist's marks and notes.

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

    seen = shown_to_therapist(summary.opened.couple.source, agrees)
    hour = hour_of(
        summary,
        book.marks(couple.id_, path.stem),
        book.notes(couple.id_, path.stem),
        book.labels(),
        seen,
        usual_chance(),
    )
    return Reviewed(summary=summary, hour=hour, seen=seen)


def lines_of(of: Reviewed, couple: Couple, *, from_s: float = 0.0) -> tuple[str, ...]:
    """Return a session that was recomputed along its time.

    Of an hour that it is a part of, it began `from_s` into it.
    """
    return hour_lines(of.hour, dict(couple.names.items()), from_s=from_s)


def note_of(
    summary: SessionSummary, couple: Couple, home_plan: str, zone: dt.tzinfo
) -> tuple[str, ...]:
    """Return the factual note of a session that was recomputed."""
    note = factual_note(
        read_in(summary, zone),
        present=couple.names,
        home_plan=home_plan,
        seen_alone=couple.last_seen_alone(),
    )
    return note_lines(note)
