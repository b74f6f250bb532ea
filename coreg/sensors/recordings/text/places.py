"""Columns that together hold one heart: the places of a packet, side by side."""

import re
from collections.abc import Sequence
from typing import Final

import numpy as np

from coreg.sensors.recordings.text import evidence
from coreg.sensors.recordings.text.packets import EMPTY_MARKS
from coreg.sensors.recordings.text.people import clocks
from coreg.sensors.recordings.text.table import Column, Table
from coreg.sensors.recordings.text.units import FASTEST_MS

_MOSTLY_FILLED: Final = 0.7
_NO_LETTERS: Final = re.compile(r"[\W\d_]+")
_NEARLY: Final = 0.1


def places_of_fit(numbers: Sequence[Column]) -> tuple[Column, ...]:
    """Return the places of FIT's `hrv` messages: what is empty there is 65.535.

    The last place is empty in most of them. A mark here and there stands in a column
    of its own person, whose strap lost a beat.
    """
    if len(numbers) < 2:
        return ()
    values = [each.numbers() for each in numbers]
    empty = [np.isin(each, EMPTY_MARKS) for each in values]
    if not any(each.any() for each in empty):
        return ()
    filled = ~np.array(empty)
    is_prefix = bool(np.all(filled[:-1] | ~filled[1:]))
    usual = float(np.median(np.array(values)[filled])) if filled.any() else 0.0
    likely = 0.24 <= usual <= 3 or 240 <= usual <= 3000
    is_sparse = float(filled[-1].mean()) < _MOSTLY_FILLED
    if not (is_prefix and likely and is_sparse):
        return ()
    held = [np.where(f, v, np.nan) for f, v in zip(filled, values, strict=True)]
    return tuple(numbers) if evidence.are_successive(held) else ()


def fill_the_time(columns: Sequence[Column], table: Table) -> bool:
    """Whether the times of rows say that columns hold one heart's next beats.

    `rr1,rr2` with both filled in each row: together they are as long as the time that
    goes by. Two hearts are twice as long.
    """
    if len({_NO_LETTERS.sub("", each.name) for each in columns}) > 1:
        return False
    values = np.array([each.numbers() for each in columns])
    if not evidence.are_successive(list(values)):
        return False
    sums = np.nansum(values, axis=0)
    unit_ms = 1.0 if float(np.nanmedian(values)) > FASTEST_MS else 1000.0
    shares = [evidence.coverage(t_s, unit_ms * sums) for t_s in clocks(table)]
    return any(abs(each - 1) < _NEARLY for each in shares)


def are_places(columns: Sequence[Column]) -> bool:
    """Whether columns are places in a packet: later ones filled in some rows only.

    Their names differ by a number at most. A person whose recording is shorter is
    missing at the end alone; one whose strap lost beats has a level of their own.
    """
    if len({_NO_LETTERS.sub("", each.name) for each in columns}) > 1:
        return False
    values = [each.numbers() for each in columns]
    filled = np.array([(v > 0) & ~np.isin(v, EMPTY_MARKS) for v in values])
    if not bool(np.all(filled[:-1] | ~filled[1:])):
        return False
    share = filled[1:].mean(axis=1)
    last = [int(np.flatnonzero(row)[-1]) + 1 if row.any() else 0 for row in filled[1:]]
    within = [
        row[:end].mean() if end else 0.0
        for row, end in zip(filled[1:], last, strict=True)
    ]
    sparse = np.all(share < _MOSTLY_FILLED) and max(within) < _MOSTLY_FILLED
    held = [np.where(f, v, np.nan) for f, v in zip(filled, values, strict=True)]
    return bool(sparse) and evidence.are_successive(held)
