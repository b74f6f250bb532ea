"""On which days a couple's practices were stopped: never by whom, which nobody kept."""

import datetime as dt
from pathlib import Path

from coreg.base.local_time import local
from coreg.errors import SessionError
from coreg.facts.events import Ending, Source
from coreg.store.library import began_utc, list_session_files
from coreg.store.reader import read_head


def stopped_days(folder: Path, zone: dt.tzinfo) -> tuple[dt.date, ...]:
    """Return the days of practices with straps that somebody ended before their time.

    One that cannot be read counts as stopped: nobody knows that it was not.
    """
    days: list[dt.date] = []
    for path in list_session_files(folder):
        began = local(began_utc(path.stem) or "", zone)
        if began is not None and _was_stopped(path):
            days.append(began.date())
    return tuple(days)


def _was_stopped(path: Path) -> bool:
    try:
        head = read_head(path)
    except SessionError:
        return True
    is_real = head.opened.couple.source is Source.STRAPS
    return is_real and head.ending is Ending.FINISHED_EARLY
