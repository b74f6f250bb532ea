"""emWave Pro: a table whose columns have nothing to do with one another.

`HeartRate` is resampled twice a second, to which alone `Time Offset` belongs; `rawIBI`
are the intervals, one after another, and end half-way down. So only that column is
read, and no time is taken from the others.
"""

from coreg.errors import BadRecordingError
from coreg.sensors.recordings.lines import Lines, fault_at, lines_of
from coreg.sensors.recordings.packets import (
    EXPORT_AGAIN,
    LOST_MS,
    ms_per_unit,
    one_after_another,
)
from coreg.sensors.recordings.recording import Kind, Recording
from coreg.sensors.recordings.source import FileSource, Reader
from coreg.sensors.recordings.structured_text import (
    beginning_of,
    cells_in,
    number_at,
    rr_at,
)

_COLUMN = "rawibi"


def _heading(lines: list[str]) -> int | None:
    """Return which line names the column and others beside it."""
    for n, text in enumerate(lines):
        cells = _cells(text)
        if _COLUMN in map(str.casefold, cells) and len(cells) > 1:
            return n
    return None


def _cells(text: str) -> list[str]:
    delimiter = next((sign for sign in "\t;" if sign in text), ",")
    return cells_in(text, delimiter)


def _read(source: FileSource) -> Recording:
    lines = lines_of(source.data)
    at = _heading([text for _, text in lines])
    if at is None:
        raise BadRecordingError("It has no column `rawIBI`.", EXPORT_AGAIN)
    column = [each.casefold() for each in _cells(lines[at][1])].index(_COLUMN)
    rows = _column(lines[at + 1 :], column)
    values = [number_at(cell, number) for number, cell in rows if cell]
    per_unit = ms_per_unit([value for value in values if value > 0])
    return Recording(
        name=source.name,
        kind=Kind.EMWAVE,
        packets=one_after_another(
            rr_at(cell, per_unit, number) if cell else LOST_MS for number, cell in rows
        ),
        has_times=False,
        has_clock=False,
    )


def _column(lines: Lines, column: int) -> Lines:
    """Return the cells down to the last that holds something."""
    rows: Lines = []
    for number, text in lines:
        cells = _cells(text)
        if column < len(cells):
            rows.append((number, cells[column]))
        elif len(cells) == 1 and column > 0:
            raise fault_at(
                number, f"'{text[:40]}' does not belong to the table.", EXPORT_AGAIN
            )
    while rows and not rows[-1][1]:
        rows.pop()
    return rows


def _recognises(source: FileSource) -> bool:
    return _heading(beginning_of(source).splitlines()[:50]) is not None


EMWAVE = Reader(recognises=_recognises, read=_read)
