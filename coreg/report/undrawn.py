"""A page that could not be drawn says so in its place, and no other goes with it."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from coreg.errors import CoregError, StorageUnusable
from coreg.facts.events import Opened
from coreg.report.page import Page, Reader, lines
from coreg.report.page_format import FOR_THERAPIST, Whose
from coreg.report.words import (
    session as words,
)
from coreg.words import say


@dataclass(frozen=True, slots=True, kw_only=True)
class Undrawn:
    """A page that could not be drawn, or not in every format, and why."""

    whose: Whose
    error: Exception

    @property
    def is_of_coreg(self) -> bool:
        """Whether it is a fault of coreg's own, and nothing that a person can mend."""
        return not isinstance(self.error, CoregError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What became of the pages of one session: where they are, and which failed."""

    pages: tuple[Path, ...]
    undrawn: tuple[Undrawn, ...]


def drawn(
    whose: Whose, draw: Callable[[], list[Path]], instead: Callable[[], list[Path]]
) -> Report:
    """Draw one page; where coreg itself is at fault, write another in its place.

    Raises
    ------
    StorageUnusable
        If it cannot be written: then no other can.
    """
    try:
        return Report(pages=tuple(draw()), undrawn=())
    except StorageUnusable:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, other pages go on
        failed = Undrawn(whose=whose, error=error)
    pages = instead() if failed.is_of_coreg else []
    return Report(pages=tuple(pages), undrawn=(failed,))


def gathered(reports: Iterable[Report]) -> Report:
    """Merge reports, listing each failure once."""
    each = list(reports)
    undrawn = {
        (failed.whose, repr(failed.error)): failed
        for report in each
        for failed in report.undrawn
    }
    return Report(
        pages=tuple(page for report in each for page in report.pages),
        undrawn=tuple(undrawn.values()),
    )


def page_of_words(opened: Opened, whose: Whose, zone: dt.tzinfo) -> Page:
    """Return what stands in the place of a page that could not be drawn."""
    is_therapists = whose in FOR_THERAPIST
    return Page(
        reader=Reader.THERAPIST if is_therapists else Reader.COUPLE,
        title=say("report.progress.undrawn"),
        tag=words.tag(opened),
        when=words.date(opened, zone),
        document_title=say("report.progress.undrawn"),
        story=(),
        limitation=say("report.session.limitation")
        if is_therapists
        else say("report.couple.limitation"),
        sheets=((lines(say("report.progress.why"), say("report.progress.not_lost")),),),
        provenance=words.provenance(opened, {}) if is_therapists else "",
    )
