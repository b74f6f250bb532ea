"""Neither is left behind: what a rate is worth to the partner it suits less.

A rate's worth is the *smaller* of both partners' swings, each relative to the own best.
Its expectation over both beliefs is taken exactly, not drawn: the smaller one exceeds x
where both exceed x, so it is the integral over x of the product of both chances.
"""

from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from coreg.exercises.curves import GUIDED_PER_MIN, candidates

Floats = NDArray[np.float64]

_LEVELS: Final[Floats] = (np.arange(40) + 0.5) / 40


def expected_worth(weights_a: Floats, weights_b: Floats) -> Floats:
    """Return the expected worth of each guided rate to two people.

    Parameters
    ----------
    weights_a, weights_b : ndarray, shape (n,)
        Belief in each candidate, for either partner.

    Returns
    -------
    ndarray, shape (26,)
        At each of `GUIDED_PER_MIN`, 0 to 1.

    Examples
    --------
    >>> nothing_known = candidates().prior
    >>> worth = expected_worth(nothing_known, nothing_known)
    >>> float(GUIDED_PER_MIN[worth.argmax()])
    5.8
    """
    both = _chance_above(weights_a) * _chance_above(weights_b)
    return np.asarray(both.mean(axis=1))


def _chance_above(weights: Floats) -> Floats:
    """Return the chance that the relative swing exceeds each level, at each rate."""
    return (weights @ _is_above()).reshape(GUIDED_PER_MIN.size, _LEVELS.size)


@cache
def _is_above() -> Floats:
    guided = candidates().guided
    above = guided[:, :, None] > _LEVELS
    return np.asarray(above.reshape(guided.shape[0], -1), dtype=np.float64)
