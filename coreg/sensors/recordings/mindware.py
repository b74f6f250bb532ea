"""MindWare HRV: an IBI series in columns, one for each segment of equal length.

Columns are parted by tabs; the first two entries of the first column are the sample
rate (1/s) and the length of a segment (s), all others intervals. As a table of numbers
it could be anything, so it is recognised by what must hold: each segment's intervals
add up to its length, but for the beat that reaches over its end. That tells their unit,
too: ms, s or samples.
"""

import math
from typing import Final

from coreg.errors import BadRecordingError
from coreg.sensors.recordings.lines import lines_of
from coreg.sensors.recordings.packets import one_after_another, rr_in_range
from coreg.sensors.recordings.recording import Kind, Recording
from coreg.sensors.recordings.source import FileSource, Reader
from coreg.sensors.recordings.structured_text import beginning_of, is_number, value_in

# Rates at which people sample an ECG; two intervals are hardly ever two of these.
_RATES_HZ: Final = frozenset(
    {100, 125, 128, 200, 250, 256, 300, 400, 500, 512, 600, 1000, 1024}
    | {2000, 2048, 4000, 5000, 8000, 10_000}
)
_SEGMENTS_S: Final = frozenset(range(10, 3601, 5))
_LONGEST_BEAT_S: Final = 2.5


def _columns(text: str) -> list[list[float]]:
    """Return the numbers of each column; none where anything else stands there."""
    columns: list[list[float]] = []
    for line in text.splitlines():
        if not line.strip():
            continue
        for n, cell in enumerate(map(str.strip, line.rstrip("\r\n").split("\t"))):
            value = value_in(cell)
            if cell and value is None:
                return []
            if n == len(columns):
                columns.append([])
            if value is not None:
                columns[n].append(value)
    return [column for column in columns if column]


def _ms_per_unit(columns: list[list[float]]) -> float | None:
    """Return the unit in which every segment is as long as the file says, if any."""
    if len(columns) < 2 or len(columns[0]) < 4:
        return None
    rate_hz, segment_s, *first = columns[0]
    if rate_hz not in _RATES_HZ or segment_s not in _SEGMENTS_S:
        return None
    segments = [first, *columns[1:]]
    fitting = [
        per_unit
        for per_unit in (1.0, 1000.0, 1000.0 / rate_hz)
        if all(
            abs(per_unit * math.fsum(each) / 1000 - segment_s) <= _LONGEST_BEAT_S
            for each in segments[:-1]
        )
        and per_unit * math.fsum(segments[-1]) / 1000 <= segment_s + _LONGEST_BEAT_S
    ]
    return fitting[0] if fitting else None


def _read(source: FileSource) -> Recording:
    text = "\n".join(text for _, text in lines_of(source.data))
    columns = _columns(text)
    per_unit = _ms_per_unit(columns)
    if per_unit is None:
        raise BadRecordingError(
            "Its segments are not as long as its second number says (MindWare IBI).",
            "Export the IBI series again, or give one RR interval a line.",
        )
    in_order = [*columns[0][2:], *(rr for column in columns[1:] for rr in column)]
    return Recording(
        name=source.name,
        kind=Kind.MINDWARE,
        packets=one_after_another(
            rr_in_range(round(per_unit * rr, 9), f"interval {n}")
            for n, rr in enumerate(in_order, 1)
        ),
        has_times=False,
        has_clock=False,
    )


def _recognises(source: FileSource) -> bool:
    first, *_ = beginning_of(source).splitlines() or [""]
    if "\t" not in first or not all(
        is_number(cell.strip()) for cell in first.split("\t") if cell.strip()
    ):
        return False
    try:
        text = source.data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return _ms_per_unit(_columns(text)) is not None


MINDWARE = Reader(recognises=_recognises, read=_read)
