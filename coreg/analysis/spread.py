"""How far values lie from their middle, whatever a few of them do."""

from typing import Final

import numpy as np
from numpy.typing import ArrayLike

MAD_TO_SD: Final = 1.4826  # of a normal distribution


def scaled_mad(values: ArrayLike) -> float:
    """Return the median distance from the median, scaled to be an SD of normal values.

    Parameters
    ----------
    values : array_like, shape (n,), any unit
        At least one, all of them finite.

    Returns
    -------
    float, the same unit

    References
    ----------
    Hampel, *J. Am. Stat. Assoc.* 69 (1974) 383.

    Examples
    --------
    >>> scaled_mad([70.0, 71.0, 69.0, 70.5, 48.0])
    1.4826
    """
    of = np.asarray(values, dtype=np.float64)
    return MAD_TO_SD * float(np.median(np.abs(of - np.median(of))))
