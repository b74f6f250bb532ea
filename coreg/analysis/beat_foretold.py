"""What the beats on both sides foretell of one, as this heart has gone of late.

How intervals hang together differs from heart to heart: one swings with each breath,
one drifts, one only jitters. So what three on each side say of the one between them is
learned from the heart's own last beats, by least squares: it is the mean of the nearest
two, and some of what the further ones lie off that. Before and after weigh alike, as a
heart that quickens is one that slows, read backwards. The cubic, the mean of two and
the mean of six are among what can be learned, and a breath of any length.

An interval far shorter than that, against how far this heart's lie off, is what is
called an additive outlier in a time series; a beat that came early and set the rhythm
anew is one.

References
----------
Janssen, Veldhuis & Vries 1986, IEEE Trans Acoust 34:317: what is missing in a series
told from both its sides. Chang, Tiao & Chen 1988, Technometrics 30:193: outliers by the
size of what is left. Ours learns the weights directly, and clips what it learns from,
as early beats may be among it.
"""

from math import inf

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from coreg.facts.arrays import Flags, Floats

PAIRS = 3  # of intervals, one before and one after
ENOUGH = 15  # places to learn from
CLIPPED = 4.0  # spreads: what lies further off teaches no more than this
SPREAD_PER_MEDIAN = 1 / 0.6745  # of a normal distribution


def spreads_short(rr_ms: Floats, may_teach: Flags, at: int, pairs: int) -> float:
    """By how much an interval is shorter than foretold, in spreads of this heart.

    Parameters
    ----------
    rr_ms : ndarray, shape (n,), milliseconds
        The interval in question, and what this heart's ways are learned from.
    may_teach : ndarray of bool, shape (n,)
        Which are believed. A place teaches if it and all around it are.
    at : int
        Which interval: `pairs` at least must stand on each side of it.
    pairs : int
        How many on each side foretell it.

    Returns
    -------
    float
        The root mean square of what is left, clipped, is one spread. Below zero where
        the interval is longer; minus infinity where there is too little to learn from.
    """
    around_ms = sliding_window_view(rr_ms, 2 * pairs + 1)
    middle = np.arange(pairs, rr_ms.size - pairs)
    is_apart = np.abs(middle - at) > pairs
    teaches = is_apart & sliding_window_view(may_teach, 2 * pairs + 1).all(axis=1)
    if np.count_nonzero(teaches) < ENOUGH:
        return -inf
    means_ms = (around_ms[:, pairs - 1 :: -1] + around_ms[:, pairs + 1 :]) / 2
    short_ms = means_ms[:, 0] - around_ms[:, pairs]
    further_ms = means_ms[:, 1:] - means_ms[:, :1]
    weights = np.linalg.lstsq(
        _clipped(further_ms[teaches]), _clipped(short_ms[teaches]), rcond=None
    )[0]
    left_ms = short_ms - further_ms @ weights
    spread_ms = float(np.sqrt(np.mean(_clipped(left_ms[teaches]) ** 2)))
    in_question_ms = float(left_ms[at - pairs])
    if spread_ms == 0:
        return inf if in_question_ms > 0 else -inf
    return in_question_ms / spread_ms


def _clipped(off_ms: Floats) -> Floats:
    spread_ms = SPREAD_PER_MEDIAN * np.median(np.abs(off_ms), axis=0)
    return np.clip(off_ms, -CLIPPED * spread_ms, CLIPPED * spread_ms)
