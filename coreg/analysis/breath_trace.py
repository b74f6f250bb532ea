"""Chest acceleration as a slow trace: five values a second, and where the body moved.

1. Samples are averaged over fifths of a second on a fixed grid, so that straps of 25
   and of 200 Hz give the same trace, and so that nobody's calls shape it.
2. A weighted mean over 1.4 s takes the beating heart away and leaves .75 of a breath of
   24 a minute, .98 of one of six (`kept_share`).
3. A jump of the resting vector, quick shaking and lost samples end a stretch. Nothing
   is fitted across the end of one.
"""

from collections import deque
from dataclasses import dataclass
from typing import Final

import numpy as np

from coreg.facts.arrays import Floats

BINS_A_SECOND: Final = 5
KEPT_S: Final = 64.0
# A breath of 24 a minute that tilts the chest by 2 degrees changes 75 mg in a second.
JUMP_MG: Final = 100.0
# A heart shakes the chest by 5 to 10 mg; laughter and steps by far more (assumed).
SHAKING_MG: Final = 30.0
MOST_LOST_BINS: Final = 2
_AHEAD: Final = 3
# Smoothing needs what comes after: the trace ends this long before the second.
BEHIND_S: Final = (_AHEAD + 0.5) / BINS_A_SECOND
_WEIGHTS: Final = np.hanning(2 * _AHEAD + 3)[1:-1] / np.hanning(2 * _AHEAD + 3).sum()
_ROUNDING: Final = 1e-6  # of a bin: 0.2 s is not a whole number of bits


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A trace without a break, up to `now_s`: `mg` has three axes, `t_s` five a second.

    `shaken` tells whether a movement, rather than lost samples, went before it.
    """

    now_s: float
    t_s: Floats
    mg: Floats
    shaken: bool


def kept_share(rate_per_min: float) -> float:
    """Return how much of a wave's height is left in the trace.

    Examples
    --------
    >>> round(kept_share(6.0), 3), round(kept_share(24.0), 2)
    (0.983, 0.75)
    """
    per_bin = rate_per_min / 60 / BINS_A_SECOND
    places = np.arange(-_AHEAD, _AHEAD + 1)
    smoothed = float(_WEIGHTS @ np.cos(2 * np.pi * per_bin * places))
    return smoothed * float(np.sinc(per_bin))


class ChestTrace:
    """The last minute of one chest, however its samples come.

    Examples
    --------
    >>> still_mg = np.tile([0.0, 1000.0, 0.0], (500, 1))
    >>> seconds = ChestTrace().push(np.arange(500) / 50, still_mg)
    >>> [(each.now_s, each.t_s.size) for each in seconds][-2:]
    [(8.0, 34), (9.0, 39)]
    """

    def __init__(self) -> None:
        self._open: list[Floats] = []
        self._open_bin: int | None = None
        self._last_s = -np.inf
        self._means: deque[Floats] = deque(maxlen=round(KEPT_S * BINS_A_SECOND))
        self._shaking: deque[float] = deque(maxlen=BINS_A_SECOND)
        self._shaken = False

    def push(self, t_s: Floats, mg: Floats) -> list[Stretch]:
        """Take samples and return the stretch under way at each second that ended.

        Parameters
        ----------
        t_s : ndarray, shape (n,), seconds
            Ascending; those not later than the latest are left out as repeated.
        mg : ndarray, shape (n, 3), thousandths of gravity
            Acceleration; samples that are not finite are left out as lost.
        """
        ahead = np.maximum.accumulate(np.append(self._last_s, t_s))[:-1]
        good = (t_s > ahead) & np.isfinite(mg).all(axis=1) & np.isfinite(t_s)
        t_s, mg = t_s[good], mg[good]
        if not t_s.size:
            return []
        self._last_s = float(t_s[-1])
        bins = np.floor(t_s * BINS_A_SECOND + _ROUNDING).astype(np.int64)
        ends = np.append(np.flatnonzero(np.diff(bins)) + 1, t_s.size)
        seconds: list[Stretch] = []
        begin = 0
        for end in ends.tolist():
            seconds += self._begin(int(bins[begin]))
            self._open.append(mg[begin:end])
            begin = end
        return seconds

    def _begin(self, number: int) -> list[Stretch]:
        """Go on to this bin; return the stretch at each second that ended before it."""
        closed, self._open_bin = self._open_bin, number
        if closed is None or closed == number:
            return []
        mg = np.concatenate(self._open)
        self._open = []
        seconds = self._close(closed, mg.mean(axis=0), float(mg.var(axis=0).sum()))
        if number - closed - 1 > MOST_LOST_BINS:
            self._break(shaken=False)
            return seconds
        for lost in range(closed + 1, number):
            last_mg = self._means[-1] if self._means else mg.mean(axis=0)
            seconds += self._close(lost, last_mg, 0.0)
        return seconds

    def _close(self, number: int, mean_mg: Floats, variance: float) -> list[Stretch]:
        self._means.append(mean_mg)
        self._shaking.append(variance)
        before_mg = self._means[-min(len(self._means), BINS_A_SECOND + 1)]
        jump_mg = float(np.linalg.norm(mean_mg - before_mg))
        shaking_mg = float(np.sqrt(sum(self._shaking) / BINS_A_SECOND))
        if jump_mg > JUMP_MG or shaking_mg > SHAKING_MG:
            self._break(shaken=True)
        if (number + 1) % BINS_A_SECOND:
            return []
        return [self._stretch((number + 1) / BINS_A_SECOND)]

    def _break(self, *, shaken: bool) -> None:
        self._means.clear()
        self._shaking.clear()
        self._shaken = shaken

    def _stretch(self, now_s: float) -> Stretch:
        count = len(self._means)
        size = max(0, count - 2 * _AHEAD)
        mg = np.zeros((size, 3))
        if size:
            means = np.array(self._means)
            for place, weight in enumerate(_WEIGHTS):
                mg += weight * means[place : place + size]
        last_s = now_s - BEHIND_S
        t_s = last_s - np.arange(size)[::-1] / BINS_A_SECOND
        return Stretch(now_s=now_s, t_s=t_s, mg=mg, shaken=self._shaken)
