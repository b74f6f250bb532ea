"""What a column of heart rates says of the intervals beside it.

A strap sends its heart rate in whole beats a minute and over some beats, so that a row
says little. Over a recording the middle of rate times interval is 60 000 ms or a little
less, as some round rates down: .983 to 1.006 times that, in 41 real recordings with
rates made over 1, 5 or 15 beats, where these were even enough. Intervals that count
1/1024 s where they are said to be ms are 1.024 times as long; another heart's rates
differ by more.
"""

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


def said_by_rates(rr_ms: Floats, bpm: Floats) -> Remark | None:
    """Return what heart rates say against the intervals in the same rows, or None.

    Either one of both counts 1/1024 s and was taken for ms, or the rates are another
    heart's, or no heart rates.

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
    >>> said_by_rates(rr_ms, bpm) is None
    True
    >>> said_by_rates(np.round(rr_ms * 1.024), bpm).value
    'unit-unlike-rates'
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
        return Remark.UNIT_UNLIKE_RATES
    return Remark.RATES_OF_ANOTHER if abs(usual - 1) > _OTHER else None


def said_against(
    rr: Column, rr_unit_ms: float, table: Table
) -> dict[Remark, dict[str, str | int]]:
    """Return what columns of heart rates say against the one of intervals, by name."""
    found: dict[Remark, dict[str, str | int]] = {}
    for column in table.columns:
        if role_of(column.name) is not Role.HEART_RATE or column.place == rr.place:
            continue
        said = said_by_rates(rr.numbers() * rr_unit_ms, column.numbers())
        if said is not None:
            found[said] = {"column": column.name}
    return found
