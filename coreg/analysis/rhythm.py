"""Where a heart's rhythm is no sinus rhythm, so that its variability means nothing.

Strategy. `WINDOW` intervals at a time, as the strap sent them, beat by beat. A window
is irregular if all three hold:

1. *Wide*: the median step from one interval to the next is more than `WIDE` of the
   median interval. A few early or lost beats leave that median alone.
2. *Turning*: more than `TURNING` of the steps go the other way than the one before. Of
   independent numbers two in three do; slow swings turn twice a breath.
3. *Not foretold*: the `ORDER` intervals before foretell less than `FORETOLD` of the
   variance of the next. Breathing is what the first two would mistake: a heart at 45
   a minute that swings with 15 breaths a minute turns as often and as widely, but one
   breath is like the last. So is every second beat early, which cleaning sees.

Everything in an irregular window is marked, and a stretch is over once `WINDOW` / 2
beats followed it: a mark that comes and goes would be worse than a longer one.

Nothing here names a cause. Fibrillation looks like this, and so does a strap that
slips and makes beats up; either way no figure of variability is one of the nerves that
the figures are read for.

References
----------
Tateno & Glass 2001, Med Biol Eng Comput 39:664, and Dash et al. 2009, Ann Biomed Eng
37:1701, take size of steps (over mean interval) and turning points for fibrillation.
Task Force of ESC and NASPE 1996, Circulation 93:1043: HRV is defined of sinus rhythm.
Bounds are ours; docs/measures.md has what they mark of which recordings.
"""

from bisect import bisect_left, insort
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import isnan, nan
from statistics import median
from typing import Final

import numpy as np

from coreg.analysis.beat_hypotheses import LONGEST_MS, SHORTEST_MS
from coreg.facts.arrays import Flags, Floats

WINDOW: Final = 60
WIDE: Final = 0.09
TURNING: Final = 0.5
FORETOLD: Final = 0.3
ORDER: Final = 4
FEWEST_STEPS: Final = 45  # of a window: with more lost, nothing is said
OVER_AFTER: Final = WINDOW // 2
# One lost beat must not be most of the variance.
_NEAREST, _FURTHEST = 0.5, 1.8


@dataclass(frozen=True, slots=True, kw_only=True)
class IrregularStretch:
    """From the first to the last beat of windows that were irregular."""

    start_s: float
    end_s: float


class _InOrder:
    """The last so many numbers by size, so that a median needs no sorting.

    NaN takes a place in time and none by size.
    """

    def __init__(self, most: int) -> None:
        self.by_size: list[float] = []
        self._in_time: deque[float] = deque(maxlen=most)

    def take(self, number: float) -> None:
        """Take a number, and let the oldest go where there are too many."""
        if len(self._in_time) == self._in_time.maxlen:
            oldest = self._in_time[0]
            if not isnan(oldest):
                del self.by_size[bisect_left(self.by_size, oldest)]
        self._in_time.append(number)
        if not isnan(number):
            insort(self.by_size, number)


class RhythmWatch:
    """Follows the rhythm of one heart, beat by beat.

    Of nearly every window the first rule says at once that it is regular, so the
    numbers of that rule are kept in order, and only the others are looked at whole.

    Examples
    --------
    >>> watch = RhythmWatch()
    >>> [watch.feed(t_s=float(i), rr_ms=800.0, after_gap=False) for i in range(70)][-1]
    >>> watch.holds
    False
    """

    def __init__(self) -> None:
        self.holds = False
        self._rr_ms: deque[float] = deque(maxlen=WINDOW)
        self._t_s: deque[float] = deque(maxlen=WINDOW)
        self._levels = _InOrder(WINDOW)
        self._steps = _InOrder(WINDOW - 1)
        self._start_s = self._end_s = nan
        self._regular = 0

    def feed(
        self, *, t_s: float, rr_ms: float, after_gap: bool
    ) -> IrregularStretch | None:
        """Take a beat; return a stretch that is over."""
        is_known = not after_gap and SHORTEST_MS <= rr_ms <= LONGEST_MS
        now_ms = rr_ms if is_known else nan
        if self._rr_ms:
            self._steps.take(abs(now_ms - self._rr_ms[-1]))
        self._levels.take(now_ms)
        self._rr_ms.append(now_ms)
        self._t_s.append(t_s)
        if self._is_wide() and is_irregular(self._rr_ms):
            if not self.holds:
                self.holds, self._start_s = True, self._t_s[0]
            self._end_s, self._regular = t_s, 0
            return None
        self._regular += 1
        return self.close() if self._regular >= OVER_AFTER else None

    def close(self) -> IrregularStretch | None:
        """Return the stretch that lasts, where one does: nothing more will come."""
        was, self.holds = self.holds, False
        if not was:
            return None
        return IrregularStretch(start_s=self._start_s, end_s=self._end_s)

    def _is_wide(self) -> bool:
        """Say what the first rule of `is_irregular` says, of a full window."""
        return len(self._rr_ms) == WINDOW and _is_wide(
            self._steps.by_size, self._levels.by_size
        )


def irregular_stretches(
    t_s: Iterable[float], rr_ms: Iterable[float], after_gap: Iterable[bool]
) -> tuple[IrregularStretch, ...]:
    """Return the stretches of a recording, one entry a beat in each row."""
    watch = RhythmWatch()
    found = [
        watch.feed(t_s=at_s, rr_ms=rr, after_gap=lost)
        for at_s, rr, lost in zip(t_s, rr_ms, after_gap, strict=True)
    ]
    return tuple(each for each in (*found, watch.close()) if each is not None)


def within_any(stretches: Iterable[IrregularStretch], t_s: Floats) -> Flags:
    """Say of each time whether it lies within one of these stretches.

    Examples
    --------
    >>> stretch = IrregularStretch(start_s=2.0, end_s=3.0)
    >>> within_any([stretch], np.array([1.0, 2.0, 3.0, 4.0])).tolist()
    [False, True, True, False]
    """
    within = np.zeros(t_s.size, dtype=np.bool_)
    for each in stretches:
        within |= (t_s >= each.start_s) & (t_s <= each.end_s)
    return within


def is_irregular(rr_ms: Iterable[float]) -> bool:
    """Say whether these neighbouring intervals are irregular.

    Parameters
    ----------
    rr_ms : iterable of float, milliseconds
        As the strap sent them; NaN where beats were lost.

    Examples
    --------
    >>> is_irregular([800.0, 900.0] * 30)  # every second beat late: it is foretold
    False
    >>> rng = np.random.default_rng(0)
    >>> is_irregular(rng.uniform(500.0, 1000.0, 60))
    True
    """
    row = list(rr_ms)
    steps = [b - a for a, b in pairwise(row)]  # NaN from and to where beats were lost
    known = [rr for rr in row if not isnan(rr)]
    if not _is_wide([abs(step) for step in steps if not isnan(step)], known):
        return False
    turns = [a * b for a, b in pairwise(steps) if not isnan(a * b)]
    if sum(turn < 0 for turn in turns) <= TURNING * len(turns):
        return False
    return foretold_share(row, median(known)) < FORETOLD


def _is_wide(sizes_ms: Sequence[float], levels_ms: Sequence[float]) -> bool:
    """Say it of the sizes of steps and of the intervals that are known."""
    enough = len(sizes_ms) >= FEWEST_STEPS
    return enough and median(sizes_ms) > WIDE * median(levels_ms)


def foretold_share(rr_ms: Sequence[float], level_ms: float) -> float:
    """Share of the variance of an interval that the `ORDER` before it foretell.

    Least squares, so of independent numbers about `ORDER` over their count.

    Examples
    --------
    >>> swing = 1000 + 200 * np.sin(2 * np.pi * np.arange(60) / 3.3)
    >>> round(foretold_share(swing, 1000.0), 6)
    1.0
    """
    near = np.clip(rr_ms, _NEAREST * level_ms, _FURTHEST * level_ms)
    around = near - np.nanmean(near)
    rows = np.lib.stride_tricks.sliding_window_view(around, ORDER + 1)
    rows = rows[np.isfinite(rows).all(axis=1)]
    before, now = rows[:, :-1], rows[:, -1]
    weights = np.linalg.lstsq(before, now, rcond=None)[0]
    variance = float(now @ now)
    if not variance:
        return 1.0
    left = now - before @ weights
    return 1 - float(left @ left) / variance
