"""Numbers that are times, whatever their column is called: what one of them counts.

Samples, frames, nanoseconds, days of a spreadsheet: where each step goes with the
interval beside it, the intervals themselves say how long one unit is. It has to be one
that is in use: any other steady ratio is a fault of units, and nobody's clock.
"""

from typing import Final

import numpy as np

from coreg.facts.arrays import Floats
from coreg.sensors.recordings.text import evidence

DAY_S: Final = 86_400.0
_RATES_HZ: Final = (
    *(25, 30, 50, 60, 64, 100, 120, 125, 128, 130, 150, 180, 200, 240, 250, 256, 300),
    *(333, 360, 400, 480, 500, 512, 600, 720, 800, 1024, 1200, 1250, 2000, 2048),
    *(2500, 4000, 4096, 5000, 8000, 10_000, 20_000, 30_000, 32_768, 44_100, 48_000),
)
_UNITS_S: Final = np.array(
    [1, 1e-3, 1e-6, 1e-7, 1e-9, 60, 3600, DAY_S, *(1 / rate for rate in _RATES_HZ)]
)
_NEAR: Final = 0.01
_SPREAD: Final = 0.1
_FEWEST_MINUTES: Final = 2
_FEWEST_ROWS: Final = 20  # of fewer rows any number may pass for a clock by chance
_MOST_TOGETHER: Final = 6.0  # rows of one time: it is that of a whole block


def steady_unit_s(values: Floats, rr_ms: Floats) -> float | None:
    """Return how many seconds one unit is, by steps that go with the intervals.

    Examples
    --------
    >>> rr_ms = np.array([800.0, 812.0, 828.0] * 5)
    >>> steady_unit_s(np.cumsum(rr_ms) / 4, rr_ms)
    0.004
    >>> steady_unit_s(np.cumsum(rr_ms) / 512, rr_ms) is None
    True
    """
    usual, spread = evidence.step_ratio(values, rr_ms)
    if not usual > 0 or spread > _SPREAD * usual:
        return None
    off = np.abs(_UNITS_S * usual - 1)
    nearest = int(np.argmin(off))
    return float(_UNITS_S[nearest]) if off[nearest] < _NEAR else None


def clock_digits_s(values: Floats) -> Floats | None:
    """Return seconds since midnight of numbers such as 100159.4, 10:01:59.4.

    Seconds that are counted pass through 60 to 99 on their way to the next hundred.

    Examples
    --------
    >>> clock_digits_s(np.array([100058.5, 100100.0, 100201.5, *[100300] * 20]))[:3]
    array([36058.5, 36060. , 36121.5])
    >>> clock_digits_s(np.arange(58.5, 300)) is None
    True
    """
    if (
        values.size < _FEWEST_ROWS
        or np.any(~(values >= 0))
        or np.any(values >= 240_000)
    ):
        return None
    hundreds = np.floor(values / 100)
    seconds, minutes = values - 100 * hundreds, hundreds % 100
    if np.any(seconds >= 60) or np.any(minutes >= 60):
        return None
    if np.count_nonzero(np.diff(hundreds)) < _FEWEST_MINUTES:
        return None
    clock_s: Floats = 3600 * np.floor(values / 10_000) + 60 * minutes + seconds
    return clock_s


def is_of_blocks(t_s: Floats) -> bool:
    """Whether so many rows have one time that a hole between them would not show."""
    return t_s.size >= 2 * _MOST_TOGETHER and (
        t_s.size > _MOST_TOGETHER * np.unique(t_s).size
    )
