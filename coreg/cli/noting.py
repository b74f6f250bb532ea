"""Noting in the library's log what was done at the command line."""

from pathlib import Path

from coreg.base import clock
from coreg.cli.common import tell
from coreg.errors import StorageUnusable
from coreg.store.audit import Line, What
from coreg.store.library_db import Library, is_library_in
from coreg.words import say


def now_utc() -> str:
    """Return now, as lines of the log say it."""
    return clock.utc_now().isoformat(timespec="seconds")


def note(
    folder: Path, what: What, *, whose: str = "", session_id: str = "", place: str = ""
) -> None:
    """Note what was done; where that cannot be kept, it is said."""
    if not is_library_in(folder):
        return
    line = Line(
        utc=now_utc(), what=what, whose=whose, session_id=session_id, place=place
    )
    try:
        Library(folder).audit.add(line)
    except StorageUnusable as error:
        tell(say("terminal.not-noted", why=str(error)))
