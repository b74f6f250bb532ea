"""Correlation of one masked series with many others, over every lag at once."""

import numpy as np
from numpy.typing import NDArray

from coreg.facts.arrays import Flags, Floats

MAX_LAG_S = 10
LAGS_S: NDArray[np.int64] = np.arange(-MAX_LAG_S, MAX_LAG_S + 1)
"""Above 0: what A shows, B shows later."""
_NEAR_ONE = 1 - 1e-9
"""Where Fisher's z of a correlation would be endless."""


def lagged_fisher_z(a: Floats, known_a: Flags, b: Floats, known_b: Flags) -> Floats:
    """Fisher's z of the correlation of `a` with each `b`, at each of `LAGS_S`.

    Parameters
    ----------
    a : ndarray, shape (n,)
        One value a second, about 0 on average, 0 where unknown.
    known_a : ndarray of bool, shape (n,)
    b : ndarray, shape (count, n)
        The same of the other partner, and of surrogates.
    known_b : ndarray of bool, shape (n,)

    Returns
    -------
    ndarray, shape (count, lags)
        Over the seconds that both know at this lag; 0 where nothing varies.

    Examples
    --------
    >>> a = np.sin(np.arange(300) / 10)
    >>> yes = np.ones(300, dtype=np.bool_)
    >>> z = lagged_fisher_z(a, yes, np.roll(a, 4)[np.newaxis], yes)
    >>> int(LAGS_S[np.argmax(z)])
    4
    """
    moved_a = _moved(a)
    seen_a = _moved(known_a.astype(np.float64))
    product = b @ moved_a.T
    energy_a = (moved_a**2) @ known_b
    energy_b = (b**2) @ seen_a.T
    scale = np.sqrt(energy_a * energy_b)
    r = np.divide(product, scale, out=np.zeros_like(product), where=scale > 0)
    z: Floats = np.arctanh(np.clip(r, -_NEAR_ONE, _NEAR_ONE))
    return z


def _moved(x: Floats) -> Floats:
    """Return x(t - lag), a row for each lag, 0 where that is outside."""
    padded = np.concatenate((np.zeros(MAX_LAG_S), x, np.zeros(MAX_LAG_S)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, x.size)
    return np.ascontiguousarray(windows[::-1])
