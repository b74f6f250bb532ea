"""Heart-rate variability in the time domain: the definitions, with no floor.

A NaN is an interval that cleaning rejected. Means and deviations leave it out;
differences are taken only between neighbours, so none spans it. A figure that its
definition does not give (no interval, no difference) is NaN. What is too short to be
trusted is decided in one place, `coreg.analysis.hrv`.
"""

import math

import numpy as np

from coreg.facts.arrays import Flags, Floats


def with_gaps(
    beat_t_s: Floats,
    nn_ms: Floats,
    lost_before: Flags,
) -> tuple[Floats, Floats]:
    """Beats and intervals with a NaN wherever beats were lost.

    Parameters
    ----------
    beat_t_s : ndarray, shape (n,), seconds
        Time of the beat that ends each interval.
    nn_ms : ndarray, shape (n,), milliseconds
        Normal-to-normal intervals; NaN where cleaning rejected one.
    lost_before : ndarray of bool, shape (n,)
        Whether beats were lost before this interval.

    Returns
    -------
    beat_t_s, nn_ms : ndarray, shape (n + k,)
        The same with k NaN put in, one before each such interval, so that no
        difference is taken between intervals that were not neighbours.

    Examples
    --------
    >>> t_s, nn_ms = np.array([1.0, 2.0, 9.0]), np.full(3, 1000.0)
    >>> with_gaps(t_s, nn_ms, np.array([False, False, True]))[1]
    array([1000., 1000.,   nan, 1000.])
    """
    places = np.flatnonzero(lost_before)
    return np.insert(beat_t_s, places, np.nan), np.insert(nn_ms, places, np.nan)


def successive_ms(nn_ms: Floats) -> Floats:
    """Differences of neighbouring accepted intervals.

    Parameters
    ----------
    nn_ms : ndarray, shape (n,), milliseconds
        Normal-to-normal intervals; NaN where cleaning rejected one.

    Returns
    -------
    ndarray, shape (k,), milliseconds
        Each interval less the one before it, where both are accepted.

    Examples
    --------
    >>> successive_ms(np.array([800.0, 810.0, np.nan, 790.0, 780.0]))
    array([ 10., -10.])
    """
    steps_ms = np.diff(nn_ms)
    return np.asarray(steps_ms[np.isfinite(steps_ms)], dtype=np.float64)


def mean_nn_ms(nn_ms: Floats) -> float:
    """Mean interval.

    Parameters
    ----------
    nn_ms : ndarray, shape (n,), milliseconds
        Normal-to-normal intervals; NaN where cleaning rejected one.

    Returns
    -------
    float, milliseconds

    Examples
    --------
    >>> mean_nn_ms(np.array([1000.0, np.nan, 500.0]))
    750.0
    """
    kept_ms = nn_ms[np.isfinite(nn_ms)]
    return float(kept_ms.mean()) if kept_ms.size else math.nan


def mean_hr_bpm(nn_ms: Floats) -> float:
    """Mean heart rate: beats over the time that they took.

    Parameters
    ----------
    nn_ms : ndarray, shape (n,), milliseconds
        Normal-to-normal intervals; NaN where cleaning rejected one.

    Returns
    -------
    float, beats per minute
        60 000 over the mean interval. See `mean_inst_hr_bpm` for the mean of rates.

    Examples
    --------
    >>> mean_hr_bpm(np.array([1000.0, 500.0]))
    80.0
    """
    return 60_000 / mean_nn_ms(nn_ms)


def mean_inst_hr_bpm(nn_ms: Floats) -> float:
    """Mean of the rate of each beat, which weighs fast beats more.

    Parameters
    ----------
    nn_ms : ndarray, shape (n,), milliseconds
        Normal-to-normal intervals; NaN where cleaning rejected one.

    Returns
    -------
    float, beats per minute
        Mean of 60 000 over each interval: what most other libraries call the mean
        heart rate.

    Examples
    --------
    >>> mean_inst_hr_bpm(np.array([1000.0, 500.0]))
    90.0
    """
    return mean_nn_ms(60_000 / nn_ms)


def sdnn_ms(nn_ms: Floats) -> float:
    """SD of the intervals, n - 1 in its denominator.

    Parameters
    ----------
    nn_ms : ndarray, shape (n,), milliseconds
        Normal-to-normal intervals; NaN where cleaning rejected one.

    Returns
    -------
    float, milliseconds

    References
    ----------
    Task Force of ESC and NASPE, Circulation 93 (1996) 1043.

    Examples
    --------
    >>> sdnn_ms(np.array([790.0, np.nan, 800.0, 810.0]))
    10.0
    """
    return _deviation(nn_ms[np.isfinite(nn_ms)])


def sdsd_ms(nn_ms: Floats) -> float:
    """SD of successive differences, n - 1 in its denominator.

    Parameters
    ----------
    nn_ms : ndarray, shape (n,), milliseconds
        Normal-to-normal intervals; NaN where cleaning rejected one.

    Returns
    -------
    float, milliseconds

    Examples
    --------
    >>> sdsd_ms(np.array([800.0, 810.0, 830.0, 860.0]))
    10.0
    """
    return _deviation(successive_ms(nn_ms))


def rmssd_ms(nn_ms: Floats) -> float:
    """Root mean square of successive differences.

    Parameters
    ----------
    nn_ms : ndarray, shape (n,), milliseconds
        Normal-to-normal intervals; NaN where cleaning rejected one.

    Returns
    -------
    float, milliseconds

    References
    ----------
    Task Force of ESC and NASPE, Circulation 93 (1996) 1043.

    Examples
    --------
    >>> rmssd_ms(np.array([800.0, 801.0, 808.0, np.nan, 1200.0]))
    5.0
    """
    steps_ms = successive_ms(nn_ms)
    return math.sqrt(float(np.mean(steps_ms**2))) if steps_ms.size else math.nan


def ln_rmssd(nn_ms: Floats) -> float:
    """Natural logarithm of RMSSD in milliseconds.

    Parameters
    ----------
    nn_ms : ndarray, shape (n,), milliseconds
        Normal-to-normal intervals; NaN where cleaning rejected one.

    Returns
    -------
    float
        NaN where RMSSD is zero.

    Examples
    --------
    >>> ln_rmssd(np.array([800.0, 801.0, 800.0]))
    0.0
    """
    rmssd = rmssd_ms(nn_ms)
    return math.log(rmssd) if rmssd > 0 else math.nan


def pnn50_pct(nn_ms: Floats) -> float:
    """Share of successive differences beyond 50 ms.

    Parameters
    ----------
    nn_ms : ndarray, shape (n,), milliseconds
        Normal-to-normal intervals; NaN where cleaning rejected one.

    Returns
    -------
    float, per cent
        Of the differences, not of the intervals; exactly 50 ms does not count.

    References
    ----------
    Ewing, Neilson & Travis, Br. Heart J. 52 (1984) 396; Task Force of ESC and NASPE,
    Circulation 93 (1996) 1043.

    Examples
    --------
    >>> pnn50_pct(np.array([800.0, 850.0, 910.0, 900.0, 960.0]))
    50.0
    """
    steps_ms = successive_ms(nn_ms)
    return 100 * float(np.mean(np.abs(steps_ms) > 50)) if steps_ms.size else math.nan


def _deviation(x: Floats) -> float:
    return float(np.std(x, ddof=1)) if x.size > 1 else math.nan
