"""Intervals, and times where there are some -> packets, with marks for what is missing.

A place without a value is a gap. Where rows have times, the times say how long it was;
elsewhere it is marked by an interval of 0, as some straps do, so that the two sides of
it never become neighbours. Zeros that fill up packets of a fixed size are no marks.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, count
from typing import Final

import numpy as np

from coreg.errors import BadRecordingError
from coreg.sensors.recordings.lines import fault_at
from coreg.sensors.recordings.packets import TOO_LONG_RR_MS
from coreg.sensors.recordings.recording import Packet
from coreg.sensors.recordings.text.cells import Cell
from coreg.sensors.recordings.text.table import LOOK_THERE, Column

MOST_TOGETHER: Final = 100_000  # a day of heartbeats; what arrives together is one fact
EMPTY_MARKS: Final = (65.535, 65_535.0)
MARK: Final = 0.0
_MOST_PLACES: Final = 9
_FEWEST_FILLS: Final = 10

Row = tuple[float | None, ...]
"""What a row holds: intervals in ms, None where one is missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Each row's line and intervals; `is_missing` where some value is not there."""

    lines: tuple[int, ...]
    rr_ms: tuple[Row, ...]

    @property
    def is_missing(self) -> bool:
        """Whether a row holds no interval, or misses one."""
        return any(rr is None for row in self.rr_ms for rr in row)

    def each_with_line(self) -> tuple[list[float | None], list[int]]:
        """Return all intervals, and the line of each."""
        held = [
            (rr, n) for n, row in zip(self.lines, self.rr_ms, strict=True) for rr in row
        ]
        return [rr for rr, _ in held], [n for _, n in held]

    def sums_ms(self) -> list[float]:
        """Return how long the intervals of each row are together; NaN for none."""
        return [
            sum(rr for rr in row if rr) if any(row) else float("nan")
            for row in self.rr_ms
        ]


def rows_of(
    columns: Sequence[Column], lines: Sequence[int], ms_per_unit: float
) -> Rows:
    """Return the intervals of each row in ms.

    Raises
    ------
    BadRecordingError
        If a value is none that a strap can send; with the line.
    """
    several = len(columns) > 1
    rows: list[Row] = []
    for at, line in enumerate(lines):
        held: list[float | None] = []
        for column in columns:
            cell = column.cells[at]
            if several and _is_empty(cell):
                continue  # an empty place of a packet, and no lost beat
            held.extend(_intervals(cell, line, ms_per_unit))
        rows.append(tuple(held))
    return Rows(lines=tuple(lines), rr_ms=tuple(rows))


def _is_empty(cell: Cell) -> bool:
    return cell is None or cell == 0 or cell in EMPTY_MARKS


def _intervals(cell: Cell, line: int, ms_per_unit: float) -> Iterable[float | None]:
    if cell is None or cell in EMPTY_MARKS:
        return (None,)
    if isinstance(cell, tuple):
        if len(cell) > _MOST_PLACES:
            raise fault_at(
                line,
                f"{len(cell)} intervals in one cell: a recording in each row?",
                "Give each recording a file of its own.",
            )
        return [
            _in_range(ms_per_unit * each, line)
            for each in cell
            if each not in EMPTY_MARKS
        ]
    if isinstance(cell, str):
        raise fault_at(line, f"'{cell[:40]}' is no number.", LOOK_THERE)
    return (_in_range(ms_per_unit * cell, line),)


def _in_range(rr_ms: float, line: int) -> float:
    if not 0 <= rr_ms < TOO_LONG_RR_MS:
        raise fault_at(
            line, f"{rr_ms:g} ms is no RR interval (0 to 64 000 ms).", LOOK_THERE
        )
    return rr_ms


def numbered(rows: Rows) -> Rows:
    """Return rows with the number of each interval, from 1, in its place.

    What makes packets of intervals makes packets of these, so that whatever is known of
    an interval can be found again. Marks and missing ones stay what they are.
    """
    numbers = count(1)
    return replace(
        rows,
        rr_ms=tuple(
            tuple(_number(rr, next(numbers)) for rr in row) for row in rows.rr_ms
        ),
    )


def _number(rr: float | None, number: int) -> float | None:
    return rr if rr is None or rr == MARK else float(number)


def arrived(rows: Rows, t_s: Sequence[float]) -> tuple[Packet, ...]:
    """Return what came at one time as one packet; rows are in order of time.

    Zeros beside an interval only fill a packet up; a packet of zeros marks one place.
    """
    packets: list[tuple[float, list[float]]] = []
    for line, at_s, row in zip(rows.lines, t_s, rows.rr_ms, strict=True):
        if not packets or at_s != packets[-1][0]:
            packets.append((at_s, []))
        together = packets[-1][1]
        together.extend(rr for rr in row if rr is not None)
        if len(together) > MOST_TOGETHER:
            raise fault_at(
                line,
                f"time stands still at {at_s:g} s for over {MOST_TOGETHER} intervals.",
                LOOK_THERE,
            )
    return tuple((at_s, _without_fill(held)) for at_s, held in packets)


def _without_fill(held: Sequence[float]) -> tuple[float, ...]:
    beats = tuple(rr for rr in held if rr > 0)
    return beats or tuple(held[:1])


def in_sequence(rows: Rows, index: Sequence[float] | None) -> tuple[Packet, ...]:
    """Return intervals at the sum of all before, marks where some are missing.

    Parameters
    ----------
    rows : Rows
    index : sequence of float, optional
        The number of each row: where it goes on by more than one, rows are missing.
    """
    rr_ms: list[float] = []
    for at, row in enumerate(rows.rr_ms):
        if index is not None and at and index[at] - index[at - 1] > 1:
            rr_ms.append(MARK)
        rr_ms.extend(MARK if rr is None else rr for rr in row)
    rr_ms = without_places_filled(rr_ms)
    ends_ms = accumulate(rr_ms)
    return tuple(
        (end_ms / 1000, (rr,)) for end_ms, rr in zip(ends_ms, rr_ms, strict=True)
    )


def without_places_filled(rr_ms: Sequence[float]) -> list[float]:
    """Return intervals without the zeros that fill up packets of a fixed size.

    Such zeros stand at the end of each packet and nowhere else; marks of lost beats
    stand anywhere.

    Examples
    --------
    >>> without_places_filled([800, 0, 810, 0, 790, 805] * 9)[:4]
    [800.0, 810.0, 790.0, 805.0]
    >>> without_places_filled([800, 0, 810, 790, 0, 805])
    [800, 0, 810, 790, 0, 805]
    """
    values = np.array(rr_ms, dtype=np.float64)
    fills = values == 0
    if fills.sum() < _FEWEST_FILLS:
        return list(rr_ms)
    for places in range(2, _MOST_PLACES + 1):
        if values.size % places:
            continue
        packets = fills.reshape(-1, places)
        ends_filled = bool(np.all(packets[:, :-1] <= packets[:, 1:]))
        if ends_filled and not packets[:, 0].any():
            return [float(each) for each in values[~fills]]
    if fills.mean() > 0.2:
        raise BadRecordingError(
            f"{int(fills.sum())} of {values.size} values are 0: lost beats, or places "
            "that were filled up?",
            "Leave out zeros that only fill up; a lost beat keeps a line of its own.",
        )
    return list(rr_ms)
