"""Poincaré plot and detrended fluctuation analysis.

A NaN is an interval that cleaning rejected. It breaks the series: no box of the
fluctuation analysis reaches across it.
"""

import math
from typing import Final

import numpy as np

from coreg.analysis.stretches import whole_stretches
from coreg.analysis.timedomain import sdnn_ms, sdsd_ms
from coreg.facts.arrays import Floats

DFA_SIZES: Final = range(4, 17)  # beats: the short-term exponent
_ROUNDING_MS2: Final = 1e-12  # what is left of a series that does not vary


def sd1_ms(nn_ms: Floats) -> float:
    """Width of the Poincaré plot across its diagonal.

    Parameters
    ----------
    nn_ms : ndarray, shape (n,), milliseconds
        Normal-to-normal intervals; NaN where cleaning rejected one.

    Returns
    -------
    float, milliseconds
        SDSD / sqrt 2, both with n - 1.

    References
    ----------
    Brennan, Palaniswami & Kamen, IEEE Trans. Biomed. Eng. 48 (2001) 1342.

    Examples
    --------
    >>> round(sd1_ms(np.array([800.0, 810.0, 830.0, 860.0])) ** 2, 9)
    50.0
    """
    return sdsd_ms(nn_ms) / math.sqrt(2)


def sd2_ms(nn_ms: Floats) -> float:
    """Length of the Poincaré plot along its diagonal.

    Parameters
    ----------
    nn_ms : ndarray, shape (n,), milliseconds
        Normal-to-normal intervals; NaN where cleaning rejected one.

    Returns
    -------
    float, milliseconds
        sqrt(2 SDNN^2 - SDSD^2 / 2); 0 where rounding would make that imaginary.

    References
    ----------
    Brennan, Palaniswami & Kamen, IEEE Trans. Biomed. Eng. 48 (2001) 1342.

    Examples
    --------
    >>> round(sd2_ms(np.array([800.0, 810.0, 830.0, 860.0])) ** 2, 6)
    1350.0
    """
    square_ms2 = 2 * sdnn_ms(nn_ms) ** 2 - sdsd_ms(nn_ms) ** 2 / 2
    return float(np.sqrt(np.maximum(square_ms2, 0.0)))


def dfa_alpha1(nn_ms: Floats) -> float:
    """Short-term scaling exponent of detrended fluctuation analysis.

    Parameters
    ----------
    nn_ms : ndarray, shape (n,), milliseconds
        Normal-to-normal intervals; NaN where cleaning rejected one.

    Returns
    -------
    float
        Slope of log F(n) over log n for n = 4 to 16 beats, every n once. F(n) is the
        root mean square of the summed intervals (less their mean) around a straight
        line in each box of n beats. Boxes do not overlap and begin where the series
        does, and again after each NaN; what is left over at an end is not used.
        White noise gives 0.5, 1/f noise 1, a random walk 1.5. NaN where a size has no
        box or nothing fluctuates.

    References
    ----------
    Peng, Havlin, Stanley & Goldberger, Chaos 5 (1995) 82.

    Examples
    --------
    >>> walk_ms = 800 + np.cumsum(np.random.default_rng(1).normal(0, 5, 2000))
    >>> round(dfa_alpha1(walk_ms), 1)
    1.5
    """
    finite = np.isfinite(nn_ms)
    if not finite.any():
        return math.nan
    centred_ms = nn_ms - nn_ms[finite].mean()
    edges = np.flatnonzero(np.diff(finite)) + 1
    profiles = [
        np.cumsum(run) for run in np.split(centred_ms, edges) if math.isfinite(run[0])
    ]
    variances = np.array([_box_variance(profiles, size) for size in DFA_SIZES])
    if not np.all(variances > _ROUNDING_MS2):
        return math.nan
    log_size = np.log(DFA_SIZES)
    log_size -= log_size.mean()
    return float(log_size @ np.log(variances) / 2 / (log_size @ log_size))


def _box_variance(profiles: list[Floats], size: int) -> float:
    """Mean square of the profiles around a line in each box; NaN without a box."""
    boxes = np.concatenate([whole_stretches(profile, size) for profile in profiles])
    if not len(boxes):
        return math.nan
    boxes = boxes - boxes.mean(axis=1, keepdims=True)
    line = np.arange(size) - (size - 1) / 2
    slopes = boxes @ line / (line @ line)
    return float(np.mean((boxes - np.outer(slopes, line)) ** 2))
