"""Empatica E4: `IBI.csv`.

Its first line has the start (s since 1970) and the word IBI; below, each line has the
time of a beat (s since the start) and the interval that it ended (s). The wristband
leaves out beats that it is not sure of; the times tell where. `tags.csv` beside it has
the presses of its button.
"""

import re
from typing import Final

from coreg.sensors.recordings.file_marks import NO_MARKS
from coreg.sensors.recordings.lines import fault_at, lines_of
from coreg.sensors.recordings.marks_beside import tags_of_empatica
from coreg.sensors.recordings.packets import EXPORT_AGAIN, Row, stamped
from coreg.sensors.recordings.recording import Kind, Recording
from coreg.sensors.recordings.source import FileSource, Reader
from coreg.sensors.recordings.structured_text import (
    beginning_of,
    cells_in,
    number_at,
    rr_at,
)

_HEADING: Final = re.compile(r'\s*"?(\d{9,10}(?:\.\d+)?)"?\s*[,;]\s*"?IBI"?\s*')


def _heading(source: FileSource) -> re.Match[str] | None:
    first, *_ = beginning_of(source).lstrip().splitlines() or [""]
    return _HEADING.fullmatch(first)


def _read(source: FileSource) -> Recording:
    heading = _heading(source)
    rows: list[Row] = []
    for number, text in lines_of(source.data)[1:]:
        cells = cells_in(text, ";" if ";" in text else ",")
        if len(cells) != 2:
            raise fault_at(
                number,
                f"'{text[:40]}' is no time and interval of a beat, in s.",
                EXPORT_AGAIN,
            )
        t_s = number_at(cells[0], number)
        rows.append((f"line {number}", t_s, (rr_at(cells[1], 1000, number),)))
    begun_s = float(heading[1]) + rows[0][1] if heading and rows else None
    return Recording(
        name=source.name,
        kind=Kind.EMPATICA,
        packets=stamped(rows),
        has_times=True,
        has_clock=False,
        first_stamp_s=begun_s,
        file_marks=NO_MARKS if begun_s is None else tags_of_empatica(source, begun_s),
    )


EMPATICA = Reader(recognises=lambda source: _heading(source) is not None, read=_read)
