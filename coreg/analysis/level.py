"""A heart's level in a stretch of time, and what its own slow waves do to it.

Strategy. The level is the median interval, told as a rate: a swallow, an ectopic beat
or a laugh does not move it. What makes two levels of one heart differ though nothing
happened are its own slow waves, whose power is about h/f. For such noise

1. neighbouring stretches of any one length T differ by the same variance, 4 ln 2 h:
   so h is had from neighbours of 20 s, all evening long, by their median absolute
   difference, which a few true changes do not move;
2. two stretches that lie anywhere differ by a variance that follows from h, their
   lengths and how far apart they are (`difference_variance`).

An interval from within one stretch alone would be far too narrow: waves slower than
the stretch are not seen in it, and move it most.

References
----------
Barnes et al. (1971), IEEE Trans. Instrum. Meas. IM-20, 105-120 (Allan's variance).
Kobayashi & Musha (1982), IEEE Trans. Biomed. Eng. 29, 456-457 (1/f of heart rate).
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.special import stdtrit

from coreg.analysis.spread import MAD_TO_SD
from coreg.facts.arrays import Floats

STRETCH_S: Final = 20.0
"""Two breaths of the slowest pace: one breath more or less hardly moves its median."""
LEAST_HEARD: Final = 0.5
FEWEST_PAIRS: Final = 12
PAIRS_A_FREEDOM: Final = 3
"""A median absolute difference knows as much as 37 % of the pairs would otherwise."""
_NEIGHBOURS: Final = 4 * math.log(2)

Spans = Sequence[tuple[float, float]]


def level_bpm(nn_ms: Floats) -> float:
    """Return the median heart rate.

    Parameters
    ----------
    nn_ms : ndarray, shape (n,), milliseconds
        Clean intervals; NaN where cleaning rejected one.

    Returns
    -------
    float, beats per minute
        60 000 over the median interval; NaN where there is none.

    Examples
    --------
    >>> level_bpm(np.array([1000.0, 1000.0, 400.0]))
    60.0
    """
    known = nn_ms[np.isfinite(nn_ms)]
    return float(60_000 / np.median(known)) if known.size else math.nan


def stretch_levels_bpm(
    beat_t_s: Floats, nn_ms: Floats, start_s: float, end_s: float
) -> Floats:
    """Return the level of each whole stretch of 20 s from `start_s` on.

    Parameters
    ----------
    beat_t_s, nn_ms : ndarray, shape (n,), seconds and milliseconds
        Each beat, and the clean interval that ended with it, NaN where there is none.
    start_s, end_s : float, seconds

    Returns
    -------
    ndarray, shape (whole stretches,), beats per minute
        NaN where less than half of a stretch is heard.

    Examples
    --------
    >>> t_s = np.arange(1.0, 41.0)
    >>> stretch_levels_bpm(t_s, np.full(40, 1000.0), 0.0, 45.0).tolist()
    [60.0, 60.0]
    """
    count = max(0, int((end_s - start_s) // STRETCH_S))
    levels = np.full(count, np.nan)
    for number in range(count):
        from_s = start_s + number * STRETCH_S
        inside = (beat_t_s > from_s) & (beat_t_s <= from_s + STRETCH_S)
        if np.nansum(nn_ms[inside]) >= 1000 * LEAST_HEARD * STRETCH_S:
            levels[number] = level_bpm(nn_ms[inside])
    return levels


@dataclass(frozen=True, slots=True, kw_only=True)
class WavePower:
    """How strong a heart's own slow waves are: their power is `bpm2` / f.

    NaN with fewer than `FEWEST_PAIRS` neighbours.
    """

    bpm2: float
    pairs: int

    def half_width_bpm(self, one: Spans, other: Spans) -> float:
        """Return half of the 95 % interval of the difference of two levels.

        Parameters
        ----------
        one, other : sequence of (start, end), seconds
            Where each was taken.
        """
        if math.isnan(self.bpm2):
            return math.nan
        freedom = self.pairs / PAIRS_A_FREEDOM
        far = float(stdtrit(freedom, 0.975))
        return far * math.sqrt(self.bpm2 * difference_variance(one, other))


def wave_power_bpm2(runs: Iterable[Floats]) -> WavePower:
    """Return how strong the slow waves are, from neighbouring stretches.

    Parameters
    ----------
    runs : iterable of ndarray, beats per minute
        Levels of stretches that followed one another (`stretch_levels_bpm`); NaN where
        one is not known. Nothing is compared from one run to the next.

    Examples
    --------
    >>> steady = wave_power_bpm2([np.resize([60.0, 61.0], 20)])
    >>> round(steady.bpm2, 3), steady.pairs
    (0.793, 19)
    """
    apart = np.concatenate([np.empty(0), *(np.abs(np.diff(run)) for run in runs)])
    apart = apart[np.isfinite(apart)]
    if apart.size < FEWEST_PAIRS:
        return WavePower(bpm2=math.nan, pairs=int(apart.size))
    sd = MAD_TO_SD * float(np.median(apart))
    return WavePower(bpm2=sd**2 / _NEIGHBOURS, pairs=int(apart.size))


def difference_variance(one: Spans, other: Spans) -> float:
    """Return the variance of the difference of two means of noise of power 1/f.

    Parameters
    ----------
    one, other : sequence of (start, end), seconds
        Where each mean is taken, in one piece or several.

    Returns
    -------
    float

    Notes
    -----
    The covariance of such noise is -ln of the time between two moments, up to a
    constant that cancels in any difference.

    Examples
    --------
    >>> near = difference_variance([(0, 60)], [(60, 120)])
    >>> far = difference_variance([(0, 60)], [(600, 660)])
    >>> round(near, 2), round(far, 2)
    (2.77, 7.6)
    """
    return 2 * _mean_ln(one, other) - _mean_ln(one, one) - _mean_ln(other, other)


def _mean_ln(one: Spans, other: Spans) -> float:
    """Return the mean ln of the time between a moment of each."""
    total = sum(
        _twice(b_start - a_end)
        + _twice(b_end - a_start)
        - _twice(b_end - a_end)
        - _twice(b_start - a_start)
        for a_start, a_end in one
        for b_start, b_end in other
    )
    return total / (_length(one) * _length(other))


def _twice(x: float) -> float:
    """Return ln |x|, integrated twice."""
    return x * x * (math.log(abs(x)) / 2 - 0.75) if x else 0.0


def _length(spans: Spans) -> float:
    return sum(end - start for start, end in spans)
