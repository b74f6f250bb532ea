"""Earlier evenings as pages: read, recomputed and drawn."""

import threading
from pathlib import Path

from coreg.codec import INPUTS
from coreg.engine import run
from coreg.events import Partner
from coreg.report.document import document, stylesheet
from coreg.report.look import style
from coreg.report.summary import own, summarise
from coreg.report.surface import lag_surface
from coreg.store.reader import read_session

__all__ = ["drawn", "stylesheet"]

_ONE_AT_A_TIME = threading.Lock()  # matplotlib's style is the whole process's


def drawn(path: Path, whose: Partner | None, said: tuple[str, ...]) -> str:
    """Return the page of a session as HTML: one partner's own, or (None) the joint one.

    `said` is what that partner said of the evening, a sentence each.

    Raises
    ------
    SessionError
        If the file cannot be read as a session.
    """
    stored = read_session(path)
    inputs = [event.fact for event in stored.events if isinstance(event.fact, INPUTS)]
    summary = summarise(stored.opened, run(inputs))
    with _ONE_AT_A_TIME, style():
        if whose is None:
            return document(summary, lag_surface(summary))
        return document(own(summary, whose), None, said)
