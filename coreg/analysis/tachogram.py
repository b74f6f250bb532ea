"""The tachogram: NN intervals as a function of time, for measures that need one.

Each accepted interval stands at the time of the beat that ends it, and a cubic spline
joins them. A spline bridges a rejected beat or two well and a lost stretch badly, so
the curve is NaN in every hole longer than `MAX_HOLE_S`.
"""

from typing import Final

import numpy as np
from scipy.interpolate import CubicSpline

from coreg.facts.arrays import Floats

RATE_HZ: Final = 4.0
MAX_HOLE_S: Final = 3.0  # one ectopic beat costs two intervals: 2.5 s at 72 per minute
MIN_BEATS: Final = 4  # a cubic has four coefficients


def elapsed_s(nn_ms: Floats) -> Floats:
    """Beat times for intervals that came without any, counted from the first's start.

    Only for files that hold nothing but intervals: beats that were measured have
    times of their own, and after a loss this sum is wrong.

    Parameters
    ----------
    nn_ms : ndarray, shape (n,), milliseconds
        Intervals; a NaN is taken to have lasted as long as the median one.

    Returns
    -------
    ndarray, shape (n,), seconds
        Time of the beat that ends each interval.

    Examples
    --------
    >>> elapsed_s(np.array([1000.0, np.nan, 1000.0, 900.0])).round(3).tolist()
    [1.0, 2.0, 3.0, 3.9]
    """
    finite = np.isfinite(nn_ms)
    if finite.all():
        return np.cumsum(nn_ms) / 1000
    usual_ms = np.median(nn_ms[finite]) if finite.any() else np.nan
    return np.cumsum(np.where(finite, nn_ms, usual_ms)) / 1000


def accepted(beat_t_s: Floats, nn_ms: Floats) -> tuple[Floats, Floats]:
    """Beats whose interval cleaning accepted, in strictly increasing time.

    A beat that is not later than every beat before it has no place on a time axis and
    is left out here (an estimated beat time may be corrected by a few milliseconds).

    Parameters
    ----------
    beat_t_s : ndarray, shape (n,), seconds
        Time of the beat that ends each interval.
    nn_ms : ndarray, shape (n,), milliseconds
        Normal-to-normal intervals; NaN where cleaning rejected one.

    Returns
    -------
    t_s, nn_ms : ndarray, shape (k,), seconds and milliseconds
        The beats kept.

    Examples
    --------
    >>> t_s, _ = accepted(np.array([1.0, 2.0, 3.0]), np.array([1e3, np.nan, 1e3]))
    >>> t_s.tolist()
    [1.0, 3.0]
    """
    finite = np.isfinite(nn_ms) & np.isfinite(beat_t_s)
    t_s, kept_ms = beat_t_s[finite], nn_ms[finite]
    if (t_s[1:] > t_s[:-1]).all():
        return t_s, kept_ms
    later = np.append(True, t_s[1:] > np.maximum.accumulate(t_s)[:-1])
    return t_s[later], kept_ms[later]


def tachogram(
    beat_t_s: Floats,
    nn_ms: Floats,
    grid_s: Floats,
) -> Floats:
    """NN intervals on a time grid; nothing is extrapolated, no long hole bridged.

    Parameters
    ----------
    beat_t_s : ndarray, shape (n,), seconds
        Time of the beat that ends each interval.
    nn_ms : ndarray, shape (n,), milliseconds
        Normal-to-normal intervals; NaN where cleaning rejected one.
    grid_s : ndarray, shape (k,), seconds
        Increasing times wanted.

    Returns
    -------
    ndarray, shape (k,), milliseconds
        NaN before the first accepted beat, after the last, and in holes longer than
        `MAX_HOLE_S`; all NaN with fewer than `MIN_BEATS` accepted beats.

    References
    ----------
    Task Force of ESC and NASPE, Circulation 93 (1996) 1043; cubic spline at 4 Hz:
    Quigley et al., Psychophysiology 61 (2024) e14604.

    Examples
    --------
    >>> beat_t_s = np.arange(1.0, 6.0)
    >>> tachogram(beat_t_s, 1000 + beat_t_s**2, np.array([2.5, 9.0])).round(6)
    array([1006.25,     nan])
    """
    t_s, kept_ms = accepted(beat_t_s, nn_ms)
    if t_s.size < MIN_BEATS:
        return np.full(grid_s.shape, np.nan)
    curve_ms = CubicSpline(t_s, kept_ms, extrapolate=False)(grid_s)
    before = np.flatnonzero(np.diff(t_s) > MAX_HOLE_S)
    starts, stops = np.searchsorted(grid_s, t_s[[before, before + 1]])
    for start, stop in zip(starts.tolist(), stops.tolist(), strict=True):
        curve_ms[start:stop] = np.nan
    return np.asarray(curve_ms, dtype=np.float64)


def grid_between(first_s: float, last_s: float) -> Floats:
    """Return times, `RATE_HZ` a second, from the first moment to at most the last.

    Parameters
    ----------
    first_s, last_s : float, seconds
        On one clock, such as the first and the last beat of a recording.

    Returns
    -------
    ndarray, shape (k,), seconds
        ``first_s + i / RATE_HZ``; empty where `last_s` lies before `first_s`.

    Examples
    --------
    >>> grid_between(1.0, 1.6).tolist()
    [1.0, 1.25, 1.5]
    >>> grid_between(1.0, 0.5).size
    0
    """
    count = int(np.floor((last_s - first_s) * RATE_HZ)) + 1
    grid_s = np.arange(max(count, 0), dtype=np.float64)
    grid_s /= RATE_HZ  # in place: a day has 345 600 of them
    grid_s += first_s
    return grid_s
