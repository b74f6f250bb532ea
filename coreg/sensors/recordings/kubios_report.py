"""Kubios HRV: results saved as text or CSV, at whose end the intervals stand.

Below `RR INTERVAL DATA and SPECTRUM ESTIMATES` each sample that was analysed has a
column `Time` and one `RR interval` beside it, with a line of units; spectra follow to
the right. The intervals are those that Kubios analysed: its corrections are in them.
"""

import re
from typing import Final

from coreg.errors import BadRecordingError
from coreg.sensors.recordings.lines import Lines, fault_at, lines_of
from coreg.sensors.recordings.packets import EXPORT_AGAIN, ms_per_unit, one_of, stamped
from coreg.sensors.recordings.recording import Kind, Recording
from coreg.sensors.recordings.source import FileSource, Reader
from coreg.sensors.recordings.structured_text import (
    cells_in,
    number_at,
    rr_at,
    value_in,
)

_REPORT: Final = re.compile(
    rb"^[ \t\"\xef\xbb\xbf]{0,8}(Kubios HRV (\w{1,20} )?(\(?ver|results|analysis)"
    rb"|RR Interval Samples Selected for Analysis|RR INTERVAL DATA and SPECTRUM)",
    re.IGNORECASE | re.MULTILINE,
)
_DATA: Final = re.compile(r'"?RR INTERVAL DATA', re.IGNORECASE)
_RR: Final = re.compile(r"RR( interval)?s?( \(.*\))?", re.IGNORECASE)
_UNIT: Final = re.compile(r"\((s|ms|h+:mm:ss.*)\)", re.IGNORECASE)
_HEAD_LINES = 8


def _read(source: FileSource) -> Recording:
    lines = lines_of(source.data)
    at = next((n for n, (_, text) in enumerate(lines) if _DATA.match(text)), None)
    if at is None:
        raise BadRecordingError(
            "This is a report of Kubios, without the RR intervals.",
            "Give the recording itself, or save the results with the RR intervals.",
        )
    delimiter, heading = _heading(lines[at + 1 : at + 1 + _HEAD_LINES])
    cells = cells_in(lines[at + 1 + heading][1], delimiter)
    above = [cells_in(text, delimiter) for _, text in lines[at + 1 : at + 1 + heading]]
    pairs = [
        n
        for n in range(len(cells) - 1)
        if cells[n].casefold() == "time" and _RR.fullmatch(cells[n + 1])
    ]
    named = [(_sample_name(above, n, k), n) for k, n in enumerate(pairs, 1)]
    column = one_of(named, source.wanted.column, what="column")
    rows = _column(lines[at + 2 + heading :], column, delimiter)
    per_unit = ms_per_unit([v for _, _, rr in rows if (v := value_in(rr) or 0) > 0])
    return Recording(
        name=source.name,
        kind=Kind.KUBIOS_REPORT,
        packets=stamped(
            (f"line {number}", number_at(time, number), (rr_at(rr, per_unit, number),))
            for number, time, rr in rows
        ),
        has_times=True,
        has_clock=False,
    )


def _heading(lines: Lines) -> tuple[str, int]:
    """Return what parts the columns, and which line names them."""
    for n, (_, text) in enumerate(lines):
        for delimiter in "\t;,":
            cells = [cell.casefold() for cell in cells_in(text, delimiter)]
            if "time" in cells and any(map(_RR.fullmatch, cells)):
                return delimiter, n
    raise BadRecordingError(
        "The RR intervals of this Kubios report have no columns `Time` and `RR`.",
        EXPORT_AGAIN,
    )


def _sample_name(above: list[list[str]], at: int, number: int) -> str:
    """Return what stands over a pair of columns, if it names a sample."""
    over = (cells[at] for cells in above if at < len(cells))
    named = (cell for cell in over if cell.casefold().startswith("sample"))
    return next(named, f"sample {number}")


def _column(lines: Lines, at: int, delimiter: str) -> list[tuple[int, str, str]]:
    rows: list[tuple[int, str, str]] = []
    for number, text in lines:
        cells = [*cells_in(text, delimiter), "", ""]
        if at + 1 >= len(cells):
            continue
        time, rr = cells[at], cells[at + 1]
        if not rows and (_UNIT.fullmatch(time) or _UNIT.fullmatch(rr)):
            continue
        if bool(time) != bool(rr):
            raise fault_at(
                number, f"'{text[:40]}' has a time or an interval alone.", EXPORT_AGAIN
            )
        if rr:
            rows.append((number, time, rr))
    return rows


KUBIOS_REPORT = Reader(
    recognises=lambda source: bool(_REPORT.search(source.data[:65_536])),
    read=_read,
)
