"""What a column of heart rates says of the intervals beside it.

A strap sends its heart rate in whole beats a minute and over some beats, so that a row
says little. Over a recording the middle of rate times interval is 60 000 ms or a little
less, as rates are rounded down by some: .983 to 1.006 times that, in 79 real recordings
whose rates were made over 1, 5 or 15 beats. Intervals that count 1/1024 s where they
are said to be ms are 1.024 times as long; another heart's rates differ by more.
"""

from enum import Enum
from typing import Final

import numpy as np

from coreg.facts.arrays import Floats
from coreg.sensors.recordings.recording import Remark
from coreg.sensors.recordings.text.names import Role, role_of
from coreg.sensors.recordings.text.table import Column, Table

_FEWEST: Final = 60
_MS_PER_MIN: Final = 60_000
_RATES: Final = (25.0, 240.0)
_TICKS: Final = ((1.0125, 1.031), (0.962, 0.979))  # taken for ms; ms taken for them
_EVEN: Final = 0.15  # between the quarters; an irregular rhythm says nothing
_OTHER: Final = 0.12


class Beside(Enum):
    """What heart rates beside intervals say of them."""

    UNIT = "unit"
    """One of them counts 1/1024 s, and the other took that for ms."""
    OTHER = "other"
    """They are not of this heart, or not heart rates."""


def said_by_rates(rr_ms: Floats, bpm: Floats) -> Beside | None:
    """Return what heart rates say against the intervals in the same rows, or None.

    Parameters
    ----------
    rr_ms : ndarray, shape (rows,), milliseconds
    bpm : ndarray, shape (rows,), beats a minute
        NaN where there is none, as in `rr_ms`.

    Examples
    --------
    >>> rows = np.arange(100)
    >>> rr_ms = 812.0 + rows * rows % 61
    >>> bpm = np.round(60_000 / rr_ms)
    >>> said_by_rates(rr_ms, bpm), said_by_rates(np.round(rr_ms * 1.024), bpm)
    (None, <Beside.UNIT: 'unit'>)
    """
    both = np.isfinite(rr_ms) & np.isfinite(bpm) & (rr_ms > 0)
    both &= (bpm >= _RATES[0]) & (bpm <= _RATES[1])
    if np.count_nonzero(both) < _FEWEST:
        return None
    shares = rr_ms[both] * bpm[both] / _MS_PER_MIN
    low, usual, high = np.quantile(shares, (0.25, 0.5, 0.75))
    if high - low > _EVEN * usual:
        return None
    if any(least < usual < most for least, most in _TICKS):
        return Beside.UNIT
    return Beside.OTHER if abs(usual - 1) > _OTHER else None


_REMARKS: Final = {
    Beside.UNIT: Remark.UNIT_UNLIKE_RATES,
    Beside.OTHER: Remark.RATES_OF_ANOTHER,
}


def said_against(
    rr: Column, rr_unit_ms: float, table: Table
) -> dict[Remark, dict[str, str | int]]:
    """Return what columns of heart rates say against the one of intervals, by name."""
    found: dict[Remark, dict[str, str | int]] = {}
    for column in table.columns:
        is_of_rates = role_of(column.name) is Role.HEART_RATE and column.is_number
        if column is rr or not is_of_rates:
            continue
        said = said_by_rates(rr.numbers() * rr_unit_ms, column.numbers())
        if said is not None:
            found[_REMARKS[said]] = {"column": column.name or str(column.place)}
    return found
