"""How long a heart's intervals ordinarily are around each of them."""

from typing import Final

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from coreg.facts.arrays import Floats

_AROUND: Final = 10
_FEWEST: Final = 3


def levels_ms(rr_ms: Floats) -> Floats:
    """Return the median over the pairs of neighbouring intervals around each.

    Parameters
    ----------
    rr_ms : ndarray, shape (n,), milliseconds
        NaN where an interval is not known.

    Returns
    -------
    ndarray, shape (n,), milliseconds
        Means of pairs, so that every other beat may be early; NaN where too few pairs
        are known.

    Examples
    --------
    >>> levels_ms(np.tile([400.0, 1100.0], 4))
    array([750., 750., 750., 750., 750., 750., 750., 750.])
    """
    if rr_ms.size < 2:
        return np.full(rr_ms.size, np.nan)
    pair_ms = (rr_ms[:-1] + rr_ms[1:]) / 2
    nothing = np.full(_AROUND, np.nan)
    padded_ms = np.concatenate((nothing, pair_ms, nothing))
    windows = np.sort(sliding_window_view(padded_ms, 2 * _AROUND), axis=1)  # NaN last
    known = np.isfinite(windows).sum(axis=1)
    rows = np.arange(rr_ms.size)
    last = np.maximum(known - 1, 0)
    middle_ms = (windows[rows, last // 2] + windows[rows, (last + 1) // 2]) / 2
    levels: Floats = np.where(known >= _FEWEST, middle_ms, np.nan)
    return levels
