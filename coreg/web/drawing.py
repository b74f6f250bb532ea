"""Earlier evenings as pages: read, recomputed and drawn."""

import threading
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path

from coreg.events import Partner
from coreg.report.document import document, stylesheet
from coreg.report.look import style
from coreg.report.page_format import OwnRating, Whose
from coreg.report.session import page_of, summary_of
from coreg.report.summary import named

__all__ = ["drawn", "stylesheet"]

_ONE_AT_A_TIME = threading.Lock()  # matplotlib's style is the whole process's


def drawn(
    path: Path,
    whose: Partner | None,
    ratings: Sequence[OwnRating],
    called: Mapping[Partner, str],
) -> str:
    """Return the page of a session as HTML: one partner's own, or (None) the joint one.

    `ratings` are how that partner was around it; `called` is what the two are called
    on the screens, which no session file knows.

    Raises
    ------
    SessionError
        If the file cannot be read as a session.
    """
    summary = named(summary_of(path), called)
    page = page_of(summary, Whose(whose) if whose else Whose.JOINT, ratings)
    with _ONE_AT_A_TIME, style(), warnings.catch_warnings():
        # Names come in all scripts: a browser has the letters that DejaVu Sans lacks.
        warnings.filterwarnings("ignore", "Glyph .* missing", UserWarning)
        return document(page)
