"""Two straps on one person: how much later one delivers than the other.

Both see the same heart, so their intervals are the same numbers at different times.
Shift one stretch of intervals over the other until they agree, then take the times of
the beats that fell together. A heart that beats like a clock fits at every beat, so the
best place has to be clearly better than one a beat away.
"""

import numpy as np
from numpy.typing import NDArray

from coreg.analysis.spread import scaled_mad
from coreg.errors import CoregError, NotEnoughBeats
from coreg.facts.arrays import Floats
from coreg.sensors.decoding.heart_rate import is_beat
from coreg.sensors.timing.beats import Delivery, beat_times
from coreg.sensors.timing.latency import Calibration
from coreg.words import wrong_and_do

_WIDEST_S = 5.0
_STEP_S = 0.02
_TOGETHER_S = 0.15
_SHARE = 0.7
_HOLE = 1.7
_NEEDED = 40
_CLEARLY = 2.0
_ONE_HEART_MS = 15.0
_FINEST_S = 0.03
"""Beat times of two straps differ by up to 25 ms without any reason (beats.py)."""


def calibrate(a: list[Delivery], b: list[Delivery]) -> Calibration:
    """Return A's delay less B's, from a minute with both straps on one person.

    Parameters
    ----------
    a, b : list of (arrival in seconds, RR intervals in ms)
        What both straps sent, on one clock.

    Raises
    ------
    NotEnoughBeats
        If a strap sent fewer than 40 beats.
    CoregError
        If the two do not show one heart, it beats too evenly to tell, or packets or
        beats were lost.
    """
    (a_s, a_ms), (b_s, b_ms) = _beats(a), _beats(b)
    lags_s = np.arange(-_WIDEST_S, _WIDEST_S + _STEP_S / 2, _STEP_S)
    misfit_ms = np.array([_misfit_ms(a_s, a_ms, b_s + lag, b_ms) for lag in lags_s])
    best = int(np.nanargmin(misfit_ms)) if np.isfinite(misfit_ms).any() else 0
    beat_away = np.abs(lags_s - lags_s[best]) > 0.4 * np.median(a_ms) / 1000
    other_ms = np.nanmin(misfit_ms[beat_away], initial=np.inf)
    clear = max(misfit_ms[best], 1.0) * _CLEARLY < other_ms
    if not (misfit_ms[best] < _ONE_HEART_MS and clear):
        raise CoregError(*wrong_and_do("errors.calibration.not-one-heart"))
    apart_s = _pairs_apart_s(a_s, b_s + lags_s[best]) + lags_s[best]
    middle_s = float(np.median(apart_s))
    halves = np.array_split(apart_s, 2)
    drift_s = abs(float(np.median(halves[0]) - np.median(halves[1])))
    error_s = 2 * scaled_mad(apart_s) / float(np.sqrt(apart_s.size))
    return Calibration(
        difference_s=middle_s, uncertainty_s=max(_FINEST_S, drift_s, error_s)
    )


def _beats(packets: list[Delivery]) -> tuple[Floats, Floats]:
    """Return when the beats came, and the intervals that ended with them.

    A minute is too short to find one's way back into time after a lost packet: beats
    would be off by up to half a second, which is what is to be measured here.
    """
    rr_ms = np.array([rr for _, each in packets for rr in each], dtype=np.float64)
    if rr_ms.size < _NEEDED:
        told = wrong_and_do("errors.calibration.too-few", need=_NEEDED, have=rr_ms.size)
        raise NotEnoughBeats(*told)
    pauses_s = np.diff([arrival_s for arrival_s, _ in packets])
    if pauses_s.max() > _HOLE * np.median(pauses_s):
        raise CoregError(*wrong_and_do("errors.calibration.lost"))
    if not all(map(is_beat, rr_ms)):
        raise CoregError(*wrong_and_do("errors.calibration.missed"))
    return beat_times(packets).t_s, rr_ms


def _nearest(a_s: Floats, b_s: Floats) -> NDArray[np.intp]:
    """Return, for each A, which B is nearest in time."""
    right = np.clip(np.searchsorted(b_s, a_s), 1, b_s.size - 1)
    left_is_nearer = a_s - b_s[right - 1] < b_s[right] - a_s
    return np.asarray(right - left_is_nearer, dtype=np.intp)


def _misfit_ms(a_s: Floats, a_ms: Floats, b_s: Floats, b_ms: Floats) -> float:
    """Return by how much intervals that end together differ; NaN where few do."""
    at = _nearest(a_s, b_s)
    together = np.abs(a_s - b_s[at]) < _TOGETHER_S
    if np.count_nonzero(together) < _SHARE * min(a_s.size, b_s.size):
        return float("nan")
    off_ms = np.sort(np.abs(a_ms - b_ms[at])[together])
    # An interval that one strap got wrong says nothing of the others.
    return float(np.mean(off_ms[: max(1, int(0.9 * off_ms.size))]))


def _pairs_apart_s(a_s: Floats, b_s: Floats) -> Floats:
    apart_s = a_s - b_s[_nearest(a_s, b_s)]
    return apart_s[np.abs(apart_s) < _TOGETHER_S]
