"""Concordance of two slopes, the "single session index": to describe, never to decide.

There is no null in it, and a shared pacer or a shared start raises it for strangers as
well. It is here because papers report it; therapists and researchers see it, couples
do not.
"""

from dataclasses import dataclass

import numpy as np

from coreg.analysis.crosscorrelation import windowed_cross_correlation
from coreg.facts.arrays import Floats

SLOPE_WINDOW_S = 5
CORRELATION_WINDOW_S = 15.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Concordance:
    """Concordance of two hearts.

    Attributes
    ----------
    index : float
        Natural logarithm of the sum of positive over the size of the sum of negative
        correlations; 0: as much with as against one another. NaN where one is absent.
    t_s : ndarray, shape (windows,), seconds
        Middle of each window, from the first sample.
    r : ndarray, shape (windows,)
        Correlation of the slopes within 15 s; NaN where a gap is near.
    """

    index: float
    t_s: Floats
    r: Floats


def concordance(a: Floats, b: Floats) -> Concordance:
    """Compare how two hearts rise and fall.

    Parameters
    ----------
    a, b : ndarray, shape (n,)
        Heart rate (or another level), one value a second; NaN in gaps.

    Returns
    -------
    Concordance

    Notes
    -----
    1. Slope: straight line through each 5 s window, every second.
    2. Pearson correlation of the slopes within successive windows of 15 s, every
       second, at lag 0.
    3. index = ln(sum of the positive r / abs(sum of the negative r)).

    Made for skin conductance. The windows overlap and are no independent looks.

    References
    ----------
    Marci, Ham, Moran & Orr (2007), Journal of Nervous and Mental Disease 195, 103-111.

    Examples
    --------
    >>> a = np.sin(np.arange(120) / 7) + np.sin(np.arange(120) / 3)
    >>> bool(np.allclose(concordance(a, a).r, 1.0))
    True
    """
    slope_a, slope_b = _slopes(a), _slopes(b)
    surface = windowed_cross_correlation(
        slope_a, slope_b, rate_hz=1.0, window_s=CORRELATION_WINDOW_S, max_lag_s=0.0
    )
    r = surface.r[0]
    with_another, against = np.nansum(r[r > 0]), -np.nansum(r[r < 0])
    both = with_another > 0 and against > 0
    return Concordance(
        index=float(np.log(with_another / against)) if both else float("nan"),
        t_s=surface.t_s + (SLOPE_WINDOW_S - 1) / 2,
        r=r,
    )


def _slopes(x: Floats) -> Floats:
    """Return the least-squares slope of each window of 5 s, per second."""
    if x.size < SLOPE_WINDOW_S:
        return np.empty(0)
    at = np.arange(SLOPE_WINDOW_S) - (SLOPE_WINDOW_S - 1) / 2
    windows = np.lib.stride_tricks.sliding_window_view(x, SLOPE_WINDOW_S)
    slopes: Floats = windows @ at / (at @ at)
    return slopes
