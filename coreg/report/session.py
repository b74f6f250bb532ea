"""From a session file to its pages: read, recompute, summarise, draw."""

from collections.abc import Iterable
from pathlib import Path

from coreg.codec import INPUTS
from coreg.engine import run
from coreg.report.page_format import PageFormat
from coreg.report.pages import write_report
from coreg.report.summary import summarise
from coreg.store.reader import read_session


def report_session(
    path: Path, out: Path, *, formats: Iterable[PageFormat]
) -> list[Path]:
    """Write a session's pages into a folder; return where they are.

    Nothing but the recorded inputs is used: a page of an old session is drawn by
    today's analysis.

    Raises
    ------
    SessionError
        If the file cannot be read as a session.
    StorageUnusable
        If a page cannot be written.
    """
    session = read_session(path)
    inputs = [event.fact for event in session.events if isinstance(event.fact, INPUTS)]
    summary = summarise(session.opened, run(inputs))
    # Named after the file, not after the id in it, which a stranger may have chosen.
    return write_report(summary, out, path.stem, formats)
