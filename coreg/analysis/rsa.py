"""Respiratory sinus arrhythmia: how far the heart swings with each paced breath.

1. The breaths are the pacer's: nothing has to be found in the signal.
2. NN intervals become a cubic-spline tachogram, smoothed over a quarter of the breath
   so that beat-to-beat noise does not pass for a swing. The mean of a spline over a
   stretch is exact, so no grid has to be chosen for it.
3. The swing is the largest less the smallest value within the breath, at 4 Hz. A
   moving mean over a quarter cycle keeps sin(pi/4)/(pi/4) = 0.90 of a sinusoid; the
   swing is divided by that.

A breath is measured from the beats between `SUPPORT_S` + an eighth of it before its
start and as much after its end, and from no others, however many are given. So the
live engine, which keeps a few seconds of beats, and the report, which has the whole
session, get the same number to the last bit.
"""

from typing import Final, NamedTuple

import numpy as np
from scipy.interpolate import CubicSpline

from coreg.analysis.tachogram import RATE_HZ, accepted
from coreg.facts.arrays import Floats

SUPPORT_S: Final = 3.0
MIN_COVERAGE: Final = 0.6
MIN_BEATS: Final = 4  # fewer in one breath, and the peak may lie between two beats
LONGEST_HOLE: Final = 0.3  # of a breath
_KEPT: Final = float(np.sinc(0.25))
_ROUNDING_S: Final = 1e-9


class Swing(NamedTuple):
    """Peak to trough of one breath, as intervals and as heart rate; NaN if unknown."""

    rsa_ms: float
    rsa_bpm: float


UNKNOWN: Final = Swing(np.nan, np.nan)


def lookahead_s(breath_period_s: float) -> float:
    """Return how long after a breath's end beats still count towards its swing.

    Examples
    --------
    >>> lookahead_s(10.0)
    4.25
    """
    return breath_period_s / 8 + SUPPORT_S


def rsa_of_breath(
    beat_t_s: Floats,
    nn_ms: Floats,
    breath_start_s: float,
    breath_period_s: float,
) -> Swing:
    """Swing of the heart with one breath.

    Parameters
    ----------
    beat_t_s : ndarray, shape (n,), seconds
        Time of the beat that ends each interval. Beats further than
        `lookahead_s(breath_period_s)` from the breath make no difference.
    nn_ms : ndarray, shape (n,), milliseconds
        Normal-to-normal intervals; NaN where cleaning rejected one.
    breath_start_s : float, seconds
        Start of the breath.
    breath_period_s : float, seconds
        Its length.

    Returns
    -------
    Swing
        Largest less smallest smoothed NN interval (ms) and heart rate (beats per
        minute), the smoothing undone. NaN where accepted intervals cover less than
        `MIN_COVERAGE` of the breath, where fewer than `MIN_BEATS` end in it, where
        two accepted beats lie further apart than `LONGEST_HOLE` of it, or where
        beats do not yet reach an eighth of a breath beyond both its ends.

    Notes
    -----
    A slow drift during the breath adds to the swing or takes from it, by at most what
    it changes within one breath. Noise that survives the smoothing adds to it.

    References
    ----------
    Peak to trough: Grossman, van Beek & Wientjes, Psychophysiology 27 (1990) 702;
    Quigley et al., Psychophysiology 61 (2024) e14604.

    Examples
    --------
    >>> beat_t_s = np.arange(-5.0, 16.0)
    >>> nn_ms = 1000 + 40 * np.sin(2 * np.pi * beat_t_s / 10)
    >>> round(rsa_of_breath(beat_t_s, nn_ms, 0.0, 10.0).rsa_ms)
    80
    """
    reach_s = lookahead_s(breath_period_s)
    end_s = breath_start_s + breath_period_s
    near = (beat_t_s >= breath_start_s - reach_s) & (beat_t_s <= end_s + reach_s)
    t_s, kept_ms = accepted(beat_t_s[near], nn_ms[near])
    if not _is_covered(t_s, kept_ms, breath_start_s, breath_period_s):
        return UNKNOWN
    values = np.column_stack((kept_ms, 60_000 / kept_ms))
    total = CubicSpline(t_s, values).antiderivative()
    eighth_s = breath_period_s / 8
    count = int(np.ceil(breath_period_s * RATE_HZ))
    grid_s = breath_start_s + np.arange(count) / RATE_HZ
    means = (total(grid_s + eighth_s) - total(grid_s - eighth_s)) / (2 * eighth_s)
    rsa_ms, rsa_bpm = np.ptp(means, axis=0) / _KEPT
    return Swing(float(rsa_ms), float(rsa_bpm))


def rsa_by_breath(
    beat_t_s: Floats,
    nn_ms: Floats,
    breath_start_s: Floats,
    breath_period_s: Floats,
) -> tuple[Floats, Floats]:
    """Swing of the heart with each of many breaths: `rsa_of_breath` for each.

    Parameters
    ----------
    beat_t_s : ndarray, shape (n,), seconds
        Time of the beat that ends each interval.
    nn_ms : ndarray, shape (n,), milliseconds
        Normal-to-normal intervals; NaN where cleaning rejected one.
    breath_start_s : ndarray, shape (k,), seconds
        Start of each breath.
    breath_period_s : ndarray, shape (k,), seconds
        Length of each breath.

    Returns
    -------
    rsa_ms, rsa_bpm : ndarray, shape (k,), milliseconds and beats per minute
        NaN for a breath that cannot be known.

    Examples
    --------
    >>> beat_t_s = np.arange(-5.0, 26.0)
    >>> nn_ms = 1000 + 40 * np.sin(2 * np.pi * beat_t_s / 10)
    >>> starts_s, periods_s = np.array([0.0, 10.0, 20.0]), np.full(3, 10.0)
    >>> rsa_by_breath(beat_t_s, nn_ms, starts_s, periods_s)[0].round()
    array([80., 80., nan])
    """
    swings = [
        rsa_of_breath(beat_t_s, nn_ms, float(start_s), float(period_s))
        for start_s, period_s in zip(breath_start_s, breath_period_s, strict=True)
    ]
    rsa_ms = np.array([swing.rsa_ms for swing in swings], dtype=np.float64)
    rsa_bpm = np.array([swing.rsa_bpm for swing in swings], dtype=np.float64)
    return rsa_ms, rsa_bpm


def mean_rsa(
    beat_t_s: Floats,
    nn_ms: Floats,
    breath_start_s: Floats,
    breath_period_s: Floats,
) -> Swing:
    """Mean swing over many breaths, those that cannot be known left out.

    Parameters
    ----------
    beat_t_s : ndarray, shape (n,), seconds
        Time of the beat that ends each interval.
    nn_ms : ndarray, shape (n,), milliseconds
        Normal-to-normal intervals; NaN where cleaning rejected one.
    breath_start_s : ndarray, shape (k,), seconds
        Start of each breath.
    breath_period_s : ndarray, shape (k,), seconds
        Length of each breath.

    Returns
    -------
    Swing
        NaN where no breath is known.

    Examples
    --------
    >>> beat_t_s = np.arange(-5.0, 26.0)
    >>> nn_ms = 1000 + 40 * np.sin(2 * np.pi * beat_t_s / 10)
    >>> starts_s, periods_s = np.array([0.0, 10.0, 20.0]), np.full(3, 10.0)
    >>> round(mean_rsa(beat_t_s, nn_ms, starts_s, periods_s).rsa_ms)
    80
    """
    rsa_ms, rsa_bpm = rsa_by_breath(beat_t_s, nn_ms, breath_start_s, breath_period_s)
    known = np.isfinite(rsa_ms)
    if not known.any():
        return UNKNOWN
    return Swing(float(rsa_ms[known].mean()), float(rsa_bpm[known].mean()))


def _is_covered(
    t_s: Floats,
    kept_ms: Floats,
    start_s: float,
    period_s: float,
) -> bool:
    """Return whether these accepted beats say enough about the breath."""
    # The last grid point lies before the end, so its mean does not quite reach here.
    first_s, last_s = start_s - period_s / 8, start_s + period_s * 9 / 8
    if t_s.size < MIN_BEATS or t_s[0] > first_s or t_s[-1] < last_s - 1 / RATE_HZ:
        return False
    steps_s = np.diff(t_s)
    needed = (t_s[1:] > first_s) & (t_s[:-1] < last_s)
    if np.any(steps_s[needed] > LONGEST_HOLE * period_s + _ROUNDING_S):
        return False
    inside = (t_s > start_s) & (t_s <= start_s + period_s)
    clean_s = kept_ms[inside].sum() / 1000
    return bool(inside.sum() >= MIN_BEATS and clean_s >= MIN_COVERAGE * period_s)
