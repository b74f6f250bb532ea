"""Tables that say when rows were in a way of their own, made into ones that are usual.

Windows that are counted (minutes, laps) say nothing that intervals do not say: they go,
if each holds as much time as the others. Beginnings and ends of beats become intervals
at their ends; stamps of beats alone become times of beats.
"""

import re
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from coreg.errors import BadRecordingError
from coreg.facts.arrays import Floats
from coreg.sensors.recordings.text import evidence, stamps
from coreg.sensors.recordings.text.cells import Cell
from coreg.sensors.recordings.text.names import Role, role_of
from coreg.sensors.recordings.text.table import Column, Table
from coreg.sensors.recordings.text.units import FASTEST_MS, SLOWEST_MS, unit_in

_WINDOW: Final = re.compile(
    r"(?<![a-z])(?:epochs?|epoche|windows?|fenster|bins?)(?![a-z])", re.IGNORECASE
)
_MINUTE: Final = re.compile(
    r"(?<![a-z])(?:minutes?|min|minuten)(?![a-z])", re.IGNORECASE
)
# Blocks of minutes are of a protocol, and there may be pauses between them.
_BLOCK: Final = re.compile(
    r"(?<![a-z])(?:blocks?|segments?|abschnitt)(?![a-z])", re.IGNORECASE
)
_LONGEST_BLOCK_MS: Final = 61_000.0
_FEWEST_BLOCKS: Final = 5
_MINUTE_MS: Final = 60_000.0
_LAP: Final = re.compile(r"(?<![a-z])(?:laps?|runden?|km)(?![a-z])", re.IGNORECASE)
_BEATS_BETWEEN: Final = 2.5  # by which two windows of one length differ at most
_FEWEST_WINDOWS: Final = 3
_BEGINS: Final = re.compile(r"(?<![a-z])(?:start|begin\w*|onset|from|von|anfang)")
_ENDS: Final = re.compile(r"(?<![a-z])(?:end\w*|stop|offset|to|bis)(?![a-z])")
_FEWEST: Final = 8
_GOES_ON: Final = 0.8
_DAY_S: Final = 86_400.0


def in_usual_rows(table: Table) -> Table:
    """Return a table that says the same in columns of times and intervals."""
    return _of_stamped_beats(_of_begins_and_ends(_without_windows(table)))


def _without_windows(table: Table) -> Table:
    """Return a table without columns that count minutes, windows or laps."""
    rr = [c for c in table.columns if c.is_number and role_of(c.name) is Role.RR]
    if len(rr) != 1:
        return table
    rr_ms = _in_ms(rr[0].numbers())
    kept = tuple(
        each
        for each in table.columns
        if each is rr[0] or not _counts_windows(each, rr_ms)
    )
    return replace(table, columns=kept) if len(kept) < len(table.columns) else table


def _counts_windows(column: Column, rr_ms: Floats) -> bool:
    ways = (_LAP, _WINDOW, _MINUTE, _BLOCK)
    way = next((each for each in ways if each.search(column.name)), None)
    if way is None or not column.is_number:
        return False
    values = column.numbers()
    steps = np.diff(values)
    if not np.all(np.isfinite(rr_ms) & np.isfinite(values)):
        return False
    if not np.all((steps == 0) | (steps == 1)):
        return False
    starts = np.concatenate(([0], np.flatnonzero(steps) + 1))
    if way is _LAP:
        return 1 < starts.size < 0.5 * values.size
    fewest = _FEWEST_BLOCKS if way is _BLOCK else _FEWEST_WINDOWS
    return starts.size >= fewest and _are_even(rr_ms, starts, way)


def _are_even(rr_ms: Floats, starts: NDArray[np.intp], way: re.Pattern[str]) -> bool:
    """Whether windows hold as much time as one another, the outer ones no more."""
    sums_ms = np.add.reduceat(rr_ms, starts)
    whole_ms = sums_ms[1:-1]
    near_ms = _BEATS_BETWEEN * float(np.median(rr_ms))
    least_ms, most_ms = float(whole_ms.min()), float(whole_ms.max())
    if way is _MINUTE and max(most_ms - _MINUTE_MS, _MINUTE_MS - least_ms) > near_ms:
        return False
    if way is _BLOCK and most_ms > _LONGEST_BLOCK_MS:
        return False
    is_even = most_ms - least_ms <= near_ms and least_ms > 2 * near_ms
    return is_even and max(float(sums_ms[0]), float(sums_ms[-1])) <= most_ms + near_ms


def _of_begins_and_ends(table: Table) -> Table:
    """Return the intervals of a table that says when each began and ended."""
    named = [each for each in table.columns if role_of(each.name) is Role.RR]
    begins = [c for c in table.columns if _BEGINS.search(c.name.lower())]
    ends = [c for c in table.columns if _ENDS.search(c.name.lower())]
    if named or len(begins) != 1 or len(ends) != 1 or begins[0] is ends[0]:
        return table
    begin, end = begins[0], ends[0]
    if not (begin.is_number and end.is_number):
        return table
    first, last = begin.numbers(), end.numbers()
    lasted = last - first
    if lasted.size < _FEWEST or not np.all(np.isfinite(lasted) & (lasted > 0)):
        return table
    goes_on = np.abs(first[1:] - last[:-1]) < 0.01 * float(np.median(lasted))
    if np.mean(goes_on) < _GOES_ON or not evidence.rises_strictly(last):
        return table
    said = unit_in(begin.name) or unit_in(end.name)
    unit = f" [{said.name}]" if said is not None and said.ms is not None else ""
    # Differences of decimals have a tail that is nobody's.
    cells: tuple[Cell, ...] = tuple(round(float(each), 9) for each in lasted)
    rr = Column(name=f"RR{unit}", place=begin.place, cells=cells)
    times = replace(end, name=f"time{unit}")
    return replace(table, columns=(times, rr))


def _of_stamped_beats(table: Table) -> Table:
    """Return a table of one column of stamps as times of beats in seconds."""
    if len(table.columns) != 1 or not table.columns[0].is_stamp:
        return table
    column = table.columns[0]
    texts = [each for each in column.cells if isinstance(each, str)]
    at_s = [stamps.stamp_s(each) for each in texts]
    found_s = [each for each in at_s if each is not None]
    is_timed = all(map(stamps.has_time, texts))
    if len(found_s) < max(_FEWEST, len(column.cells)) or not is_timed:
        return table
    wall_s = np.array(found_s)
    days = np.concatenate(([0.0], np.cumsum(np.diff(wall_s) < -_DAY_S / 2)))
    t_s = np.round(wall_s + _DAY_S * days - wall_s[0], 6)
    usual_ms = 1000 * float(np.median(np.diff(t_s)))
    if not FASTEST_MS <= usual_ms <= SLOWEST_MS:
        return table
    if np.all(t_s == np.round(t_s)):
        raise BadRecordingError(
            "It holds times of whole seconds and nothing else: too coarse to tell one "
            "heartbeat from the next.",
            "Export times with milliseconds, or the RR intervals.",
        )
    beats = replace(column, name="beat [s]", cells=tuple(t_s.tolist()))
    return replace(table, columns=(beats,))


def _in_ms(values: Floats) -> Floats:
    held = evidence.known(values)
    usual = float(np.median(held)) if held.size else 1.0
    return values if usual > FASTEST_MS / 2 else 1000 * values
