"""BIDS: `*_physio.tsv`, packed or not, and `*_events.tsv` of single beats.

The columns of physio are named in the JSON beside it. The table itself has no heading:
a line of names in it is against the standard, though validators let it pass, and is
refused. A column of intervals is read with the column of times beside it. Without one
its rows are samples at a steady rate, which intervals are not, so that is named; as is
a pulse or an ECG without beats.

Events have a heading, which begins with onset and duration (s). Where a column holds
intervals, each event that has one is a beat; the others are the file's own marks. Those
of physio stand in the `*_events.tsv` beside it, on the clock in which the recording
began at `StartTime`.
"""

import math
import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from coreg.base.bounds import BadText, json_of
from coreg.errors import BadRecordingError
from coreg.sensors.recordings.file_marks import (
    NO_MARKS,
    FileMarks,
    file_marks,
    untimed_marks,
)
from coreg.sensors.recordings.lines import Lines, fault_at, lines_of
from coreg.sensors.recordings.marks_beside import marks_beside
from coreg.sensors.recordings.packets import (
    EXPORT_AGAIN,
    LOST_MS,
    listed,
    ms_per_unit,
    one_of,
    stamped,
)
from coreg.sensors.recordings.recording import Kind, Recording
from coreg.sensors.recordings.source import FileSource, Reader
from coreg.sensors.recordings.structured_text import (
    beginning_of,
    is_number,
    number_at,
    rr_at,
    value_in,
)

_NAME: Final = re.compile(r"(.+_physio)\.tsv(\.gz)?", re.IGNORECASE)
_RR: Final = tuple(
    re.compile(rf"(.*[_ -])?{name}(_?interval)?s?(_ms|_s)?", re.IGNORECASE)
    for name in ("(rr|ibi)", "nn")  # as they were, and as somebody accepted them
)
_TIME: Final = ("timestamp", "onset", "time", "t_s", "arrival_s", "beat_time")
_MISSING: Final = ("n/a", "nan", "")
_MOST_CHARS: Final = 1_000_000
_RECORDED_BY: Final = re.compile(r"_recording-[a-z0-9]+", re.IGNORECASE)
_CALLED: Final = ("trial_type", "event", "label", "value")
_EVENT: Final = "event"


def _sidecar(source: FileSource) -> Path | None:
    named = _NAME.fullmatch(source.path.name) if source.path is not None else None
    if named is None or source.path is None:
        return None
    return source.path.with_name(f"{named[1]}.json")


def _recognises(source: FileSource) -> bool:
    """Whether its name is of this kind; what its columns are, the content can't say."""
    return _sidecar(source) is not None


def _read(source: FileSource) -> Recording:
    said = _said(_sidecar(source))
    columns = [str(each) for each in said["Columns"]]
    rr = _rr_columns(columns)
    if not rr:
        raise BadRecordingError(
            f"Its columns are {listed(columns)}: no RR intervals.",
            "Give the recording of intervals, or the events with the beats.",
        )
    at = one_of(rr, source.wanted.column, what="column")
    time = next((n for n, x in enumerate(columns) if x.casefold() in _TIME), None)
    if time is None:
        raise BadRecordingError(
            f"Its intervals ('{columns[at]}') have no column of times, so its rows are"
            " samples at a steady rate, in which the beats are lost.",
            "Give the RR intervals themselves, one a line, or with a column"
            " `timestamp`.",
        )
    lines = _rows(lines_of(source.data), columns)
    unit = ms_per_unit([v for _, cells in lines if (v := value_in(cells[at]))])
    rows = [
        (
            f"line {number}",
            number_at(cells[time], number),
            (_rr_ms(cells[at], unit, number),),
        )
        for number, cells in lines
    ]
    return Recording(
        name=source.name,
        kind=Kind.BIDS,
        packets=stamped(rows),
        has_times=True,
        has_clock=False,
        file_marks=_events_beside(source, said),
    )


def _events_beside(source: FileSource, said: dict[str, Any]) -> FileMarks:
    """Return what the events of the same run say, if they are there and readable."""
    named = _NAME.fullmatch(source.path.name) if source.path is not None else None
    if named is None or source.path is None:
        return NO_MARKS
    run = _RECORDED_BY.sub("", named[1].removesuffix("_physio"))
    start_s = said.get("StartTime", 0)

    def events(data: bytes) -> FileMarks:
        (_, heading), *lines = lines_of(data)
        columns = heading.split("\t")
        rows = _rows(lines, columns)
        if not isinstance(start_s, int | float) or not math.isfinite(start_s):
            return untimed_marks(label for _, label in _marks_of(rows, columns))
        return _timed_marks(rows, columns, zero_s=float(start_s))

    return marks_beside(source, f"{run}_events.tsv", events)


def _timed_marks(
    rows: Iterable[tuple[int, list[str]]], columns: list[str], *, zero_s: float
) -> FileMarks:
    """Return events by what they are called, and count those without an onset."""
    marks = _marks_of(rows, columns)
    timed = [(t_s, label) for t_s, label in marks if t_s is not None]
    return replace(file_marks(timed, zero_s=zero_s), untimed=len(marks) - len(timed))


def _marks_of(
    rows: Iterable[tuple[int, list[str]]], columns: list[str]
) -> list[tuple[float | None, str]]:
    """Return when events began and what they are called, or what their value is."""
    names = [each.casefold() for each in columns]
    at = next((names.index(each) for each in _CALLED if each in names), None)
    return [
        (value_in(cells[0]), cells[at] if at is not None else _EVENT)
        for _, cells in rows
        if at is None or cells[at].casefold() not in _MISSING
    ]


def _read_events(source: FileSource) -> Recording:
    (_, heading), *lines = lines_of(source.data)
    columns = heading.split("\t")
    rr = _rr_columns(columns)
    at = one_of(rr, source.wanted.column, what="column")
    every = _rows(lines, columns)
    rows = [row for row in every if row[1][at].casefold() not in _MISSING]
    others = [row for row in every if row[1][at].casefold() in _MISSING]
    unit = ms_per_unit([v for _, cells in rows if (v := value_in(cells[at]))])
    zero_s = number_at(rows[0][1][0], rows[0][0]) if rows else 0.0
    return Recording(
        name=source.name,
        kind=Kind.BIDS,
        packets=stamped(
            (
                f"line {number}",
                number_at(cells[0], number),
                (rr_at(cells[at], unit, number),),
            )
            for number, cells in rows
        ),
        has_times=True,
        has_clock=False,
        file_marks=_timed_marks(others, columns, zero_s=zero_s),
    )


def _is_events(source: FileSource) -> bool:
    first, *_ = beginning_of(source).splitlines() or [""]
    columns = first.split("\t")
    return columns[:2] == ["onset", "duration"] and bool(_rr_columns(columns))


def _rr_columns(columns: list[str]) -> list[tuple[str, int]]:
    """Return the columns of intervals by name; of accepted ones if there are no raw."""
    found = (
        [(name, n) for n, name in enumerate(columns) if pattern.fullmatch(name)]
        for pattern in _RR
    )
    return next(filter(None, found), [])


def _rr_ms(cell: str, per_unit: float, line: int) -> float:
    """Return an interval; a missing one is a place without a beat."""
    return LOST_MS if cell.casefold() in _MISSING else rr_at(cell, per_unit, line)


def _rows(lines: Lines, columns: list[str]) -> list[tuple[int, list[str]]]:
    rows: list[tuple[int, list[str]]] = []
    for number, text in lines:
        cells = [cell.strip() for cell in text.split("\t")]
        if len(cells) != len(columns):
            raise fault_at(
                number,
                f"{len(cells)} cells, and its JSON names {len(columns)} columns.",
                EXPORT_AGAIN,
            )
        is_heading = not any(is_number(x) or x.casefold() in _MISSING for x in cells)
        if not rows and is_heading:
            raise fault_at(
                number,
                f"'{text[:40]}' is a heading. BIDS allows none in physio.tsv: names"
                " stand in the JSON.",
                "Take that line out, and leave all below it.",
            )
        rows.append((number, cells))
    return rows


def _said(sidecar: Path | None) -> dict[str, Any]:
    """Return what the JSON beside the table says."""
    if sidecar is None or not sidecar.is_file():
        name = sidecar.name if sidecar is not None else "its JSON"
        raise BadRecordingError(
            "This is a BIDS recording, whose columns are named in a JSON that is not"
            " beside it.",
            f"Put {name} beside it.",
        )
    try:
        with sidecar.open("rb") as file:
            said = json_of(file.read(_MOST_CHARS + 1).decode("utf-8-sig"), _MOST_CHARS)
    except (OSError, UnicodeDecodeError, BadText):
        said = None
    if not isinstance(said, dict) or not isinstance(said.get("Columns"), list):
        raise BadRecordingError(
            f"{sidecar.name} beside it names no columns.",
            'It takes `"Columns": [...]` and `"SamplingFrequency"`.',
        )
    return said


BIDS_PHYSIO = Reader(recognises=_recognises, read=_read)
BIDS_EVENTS = Reader(recognises=_is_events, read=_read_events)
