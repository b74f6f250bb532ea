"""Moving windows for the live engine: one beat in, one number out.

The sums are kept as whole picoseconds in Python's integers. A float sum that adds each
new beat and takes away the old one gathers rounding errors, so that its last bits tell
how long the session has lasted; a whole number gathers none. A picosecond because a
strap's unit, 1/1024 s, is a whole number of them, and so is a millisecond: both enter
exactly, and the only rounding is that of the final division and root. The same beats in
the window therefore give the same bits, whatever came before them.

A window takes what happened in its last seconds and says NaN where that is too little:
never a stale number.
"""

import math
from collections import deque
from typing import Final

import numpy as np

from coreg.analysis.hrv import FLOORS
from coreg.analysis.spectrum import (
    STALE_S,
    UNKNOWN_PEAK,
    Peak,
    oldest_needed_s,
    peak_of_window,
)

HR_WINDOW_S: Final = 10.0
HR_FLOOR_S: Final = 5.0
RMSSD_WINDOW_S: Final = 60.0
RMSSD_FLOOR: Final = FLOORS["rmssd_ms"]

_PS_PER_MS: Final = 1_000_000_000
_PS_PER_MIN: Final = 60_000 * _PS_PER_MS
_HR_FLOOR_PS: Final = round(1000 * HR_FLOOR_S) * _PS_PER_MS
_RMSSD_FLOOR_PS: Final = round(1000 * RMSSD_FLOOR.clean_s) * _PS_PER_MS
_RMSSD_FLOOR_DIFFERENCES: Final = RMSSD_FLOOR.differences


class HeartRateWindow:
    """Mean heart rate of the intervals that ended in the last `HR_WINDOW_S`.

    Examples
    --------
    >>> window = HeartRateWindow()
    >>> [window.push(t_s, 1000.0) for t_s in (1.0, 2.0, 3.0, 4.0, 5.0)]
    [nan, nan, nan, nan, 60.0]
    """

    __slots__ = ("_beats", "_total_ps")

    def __init__(self) -> None:
        self._beats: deque[tuple[float, int]] = deque()
        self._total_ps = 0

    def push(self, t_s: float, nn_ms: float) -> float:
        """Take one beat; return beats per minute, 60 000 over the mean interval.

        `nn_ms` is NaN where cleaning rejected the interval. NaN is returned while the
        accepted intervals in the window last less than `HR_FLOOR_S` together.
        """
        beats = self._beats
        total_ps = self._total_ps
        if not math.isnan(nn_ms):
            nn_ps = round(nn_ms * _PS_PER_MS)
            beats.append((t_s, nn_ps))
            total_ps += nn_ps
        left_s = t_s - HR_WINDOW_S
        while beats and beats[0][0] <= left_s:
            total_ps -= beats.popleft()[1]
        self._total_ps = total_ps
        if total_ps < _HR_FLOOR_PS:
            return math.nan
        return _PS_PER_MIN * len(beats) / total_ps


class RmssdWindow:
    """RMSSD of the intervals that ended in the last `RMSSD_WINDOW_S`.

    It equals RMSSD over the same intervals taken as a recording: a difference counts
    while both its intervals are in the window, and none is taken across a rejected
    interval or a gap.

    Examples
    --------
    >>> window = RmssdWindow()
    >>> beats = [(float(n), 1000.0 + 20 * (n % 2)) for n in range(1, 31)]
    >>> [window.push(t_s, nn_ms, adjacent=True) for t_s, nn_ms in beats][28:]
    [nan, 20.0]
    """

    __slots__ = ("_beats", "_last_ps", "_n_differences", "_squares_ps2", "_total_ps")

    def __init__(self) -> None:
        # One row a beat: its time, its interval, and the square of the difference to
        # the beat before, -1 where there is none. That square leaves the sum together
        # with the *earlier* of its two intervals, so the first row's is never in it.
        self._beats: deque[tuple[float, int, int]] = deque()
        self._last_ps: int | None = None
        self._total_ps = 0
        self._squares_ps2 = 0
        self._n_differences = 0

    def push(self, t_s: float, nn_ms: float, *, adjacent: bool) -> float:
        """Take one beat; return RMSSD in milliseconds.

        `nn_ms` is NaN where cleaning rejected the interval; `adjacent` says that no
        beat was lost since the one before. NaN is returned while the window holds less
        than `RMSSD_FLOOR`, the same that a recording needs.
        """
        if math.isnan(nn_ms):
            self._last_ps = None
        else:
            self._add(t_s, round(nn_ms * _PS_PER_MS), adjacent=adjacent)
        self._forget(t_s - RMSSD_WINDOW_S)
        count = self._n_differences
        if self._total_ps < _RMSSD_FLOOR_PS or count < _RMSSD_FLOOR_DIFFERENCES:
            return math.nan
        return math.sqrt(self._squares_ps2 / count) / _PS_PER_MS

    def _add(self, t_s: float, nn_ps: int, *, adjacent: bool) -> None:
        square_ps2 = -1
        if adjacent and self._last_ps is not None:
            square_ps2 = (nn_ps - self._last_ps) ** 2
            self._squares_ps2 += square_ps2
            self._n_differences += 1
        self._beats.append((t_s, nn_ps, square_ps2))
        self._total_ps += nn_ps
        self._last_ps = nn_ps

    def _forget(self, left_s: float) -> None:
        beats = self._beats
        while beats and beats[0][0] <= left_s:
            self._total_ps -= beats.popleft()[1]
            if beats and beats[0][2] >= 0:
                self._squares_ps2 -= beats[0][2]
                self._n_differences -= 1


class SpectrumWindow:
    """The rhythm of the last 64 s; every beat goes in, an answer costs a spectrum.

    Examples
    --------
    >>> window = SpectrumWindow()
    >>> for t_s in range(1, 71):
    ...     window.push(t_s, 1000 + 20 * math.sin(2 * math.pi * 0.1 * t_s))
    >>> round(window.at(70.5).peak_hz, 2)
    0.1
    """

    __slots__ = ("_beats",)

    def __init__(self) -> None:
        self._beats: deque[tuple[float, float]] = deque()

    def push(self, t_s: float, nn_ms: float) -> None:
        """Take one beat; `nn_ms` is NaN where cleaning rejected the interval."""
        self._beats.append((t_s, nn_ms))
        # A beat may come before the question of a moment that is already past.
        left_s = t_s - 2 * STALE_S - oldest_needed_s()
        while self._beats[0][0] <= left_s:
            self._beats.popleft()

    def at(self, t_s: float) -> Peak:
        """Return `peak_of_window` of the beats so far, as seen at `t_s`."""
        if not self._beats:
            return UNKNOWN_PEAK
        beat_t_s, nn_ms = np.array(self._beats).T
        return peak_of_window(beat_t_s, nn_ms, t_s)
