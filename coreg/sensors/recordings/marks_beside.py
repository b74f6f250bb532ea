"""Marks that an app writes into a file of their own, beside the recording."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from coreg.errors import BadRecordingError
from coreg.sensors.recordings.file_marks import (
    NO_MARKS,
    FileMarks,
    file_marks,
    untimed_marks,
)
from coreg.sensors.recordings.lines import fault_at, lines_of
from coreg.sensors.recordings.packets import EXPORT_AGAIN
from coreg.sensors.recordings.source import FileSource
from coreg.sensors.recordings.structured_text import number_at, value_in
from coreg.sensors.recordings.text.dialect import Dialect
from coreg.sensors.recordings.text.stamps import stamp_s

_INTERVALS: Final = re.compile(r"(?<![A-Za-z])RR(?![A-Za-z])")
_WORDS, _SINCE_START_MS, _DATE = "annotation", "timestamp", "date"
_TAGS: Final = "tags.csv"


def marks_beside(
    source: FileSource, name: str, marks_of: Callable[[bytes], FileMarks]
) -> FileMarks:
    """Return the marks in a file beside a recording; its name where it can't be read.

    Parameters
    ----------
    source : FileSource
        The recording.
    name : str
        What the file of marks is called.
    marks_of : callable of bytes
        Reads what it holds; may raise BadRecordingError.
    """
    try:
        data = source.beside(name)
        return NO_MARKS if data is None else marks_of(data)
    except (OSError, BadRecordingError):
        return FileMarks(unread=name)


# --- HRV Logger -----------------------------------------------------------------


def events_of_hrv_logger(source: FileSource, first_stamp_s: float | None) -> FileMarks:
    """Return what stands in HRV Logger's file of events.

    It is called as the file of intervals is, with `Events` for `RR`, and its columns
    are `date`, `timestamp` (ms since the start), `annotation` and `manual`.
    `first_stamp_s` is None where the intervals have times since the start, else the
    date of the first, in seconds since 1970.
    """
    path = source.path
    if path is None or not _INTERVALS.search(path.name):
        return NO_MARKS
    name = _INTERVALS.sub("Events", path.name)
    return marks_beside(source, name, lambda data: _events(data, first_stamp_s))


def _events(data: bytes, first_stamp_s: float | None) -> FileMarks:
    (_, heading), *lines = lines_of(data)
    dialect = Dialect(delimiter=";" if ";" in heading else ",")
    columns = [each.casefold() for each in dialect.cells(heading)]
    of_time = _SINCE_START_MS if first_stamp_s is None else _DATE
    if _WORDS not in columns or of_time not in columns:
        raise BadRecordingError("It holds no events.", EXPORT_AGAIN)
    at, words = columns.index(of_time), columns.index(_WORDS)
    if at > words:
        raise BadRecordingError("Its times stand behind its words.", EXPORT_AGAIN)
    timed: list[tuple[float, str]] = []
    untimed: list[str] = []
    for number, text in lines:
        cells = dialect.cells(text)
        more = len(cells) - len(columns)  # of what was written without quotes
        if more < 0:
            raise fault_at(number, "a cell is missing.", EXPORT_AGAIN)
        label = f"{dialect.delimiter} ".join(cells[words : words + more + 1])
        t_s = _since_start_s(cells[at], first_stamp_s)
        if t_s is None:
            untimed.append(label)
        else:
            timed.append((t_s, label))
    return replace(file_marks(timed), untimed=untimed_marks(untimed).untimed)


def _since_start_s(cell: str, first_stamp_s: float | None) -> float | None:
    if first_stamp_s is None:
        value = value_in(cell)
        return None if value is None else value / 1000
    t_s = stamp_s(cell)
    return None if t_s is None else t_s - first_stamp_s


# --- Empatica E4 ----------------------------------------------------------------


def tags_of_empatica(source: FileSource, first_stamp_s: float) -> FileMarks:
    """Return each press of the wristband's button, in the order of their times.

    `tags.csv` has the time of one press a line, in seconds since 1970, and is empty
    where the button was not pressed. `first_stamp_s` is that of the first interval.
    """

    def presses(data: bytes) -> FileMarks:
        if not data.strip():
            return NO_MARKS
        times_s = sorted(number_at(text, line) for line, text in lines_of(data))
        told = [(t_s, f"tag {n}") for n, t_s in enumerate(times_s, 1)]
        return file_marks(told, zero_s=first_stamp_s)

    return marks_beside(source, _TAGS, presses)
