"""Polar `.hrm`: sections of text; intervals of one line each where it holds any.

Laps stand in `[IntTimes]`: the first of several lines of each begins with when it ended
after the start, as `h:mm:ss.t`; some have a name in `[IntNotes]`.
"""

import re
from collections.abc import Iterator
from itertools import accumulate
from typing import Final

from coreg.errors import BadRecordingError
from coreg.sensors.recordings.file_marks import FileMarks, file_marks
from coreg.sensors.recordings.lines import Lines, fault_at, lines_of
from coreg.sensors.recordings.packets import TOO_LONG_RR_MS
from coreg.sensors.recordings.recording import Kind, Recording
from coreg.sensors.recordings.source import FileSource, Reader
from coreg.sensors.recordings.text.cells import cell_in
from coreg.sensors.recordings.text.table import LOOK_THERE

_SECTIONS: Final = {"[params]", "[hrdata]"}
_INTERVALS: Final = "238"  # Polar HRM file format: "Interval=238" is beat to beat
_LAP: Final = re.compile(r"(\d{1,2}):([0-5]\d):([0-5]\d(?:\.\d)?)\b", re.ASCII)
_NAME: Final = re.compile(r"(\d{1,3})\s+(\S.*)", re.ASCII)


def _is_hrm(source: FileSource) -> bool:
    try:
        lines = lines_of(source.data)
    except BadRecordingError:
        return False
    return any(text.lower() in _SECTIONS for _, text in lines)


def _read(source: FileSource) -> Recording:
    lines = lines_of(source.data)
    rr_ms = _intervals(lines)
    ends_ms = accumulate(rr_ms)
    return Recording(
        name=source.name,
        kind=Kind.POLAR_HRM,
        packets=tuple(
            (end_ms / 1000, (rr,)) for end_ms, rr in zip(ends_ms, rr_ms, strict=True)
        ),
        has_times=False,
        has_clock=False,
        file_marks=_laps(lines),
    )


def _laps(lines: Lines) -> FileMarks:
    ends_s = [
        3600 * int(lap[1]) + 60 * int(lap[2]) + float(lap[3])
        for _, text in _section(lines, "[inttimes]")
        if (lap := _LAP.match(text))
    ]
    notes = (_NAME.match(text) for _, text in _section(lines, "[intnotes]"))
    names = {int(note[1]): note[2] for note in notes if note}
    return file_marks(
        (end_s, names.get(n, f"lap {n}")) for n, end_s in enumerate(ends_s, 1)
    )


def _section(lines: Lines, name: str) -> Iterator[tuple[int, str]]:
    """Yield the numbered lines of a section."""
    section = ""
    for number, text in lines:
        if text.startswith("["):
            section = text.lower()
        elif section == name:
            yield number, text


def _intervals(lines: Lines) -> list[float]:
    for number, text in _section(lines, "[params]"):
        _expect_intervals(text, number)
    return [_rr(text.split()[0], n) for n, text in _section(lines, "[hrdata]")]


def _rr(text: str, number: int) -> float:
    value = cell_in(text)
    if not isinstance(value, float) or not 0 <= value < TOO_LONG_RR_MS:
        raise fault_at(number, f"'{text[:40]}' is no RR interval in ms.", LOOK_THERE)
    return value


def _expect_intervals(text: str, number: int) -> None:
    key, _, value = text.partition("=")
    if key.strip().lower() == "interval" and value.strip() != _INTERVALS:
        raise fault_at(
            number,
            f"'{text[:40]}': this .hrm holds averaged heart rate, not intervals.",
            "Record with R-R data switched on.",
        )


HRM: Final = Reader(recognises=_is_hrm, read=_read)
