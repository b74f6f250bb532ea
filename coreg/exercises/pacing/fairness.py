"""Neither is left behind: what a rate is worth to the partner it suits less.

A rate's worth is the *smaller* of both partners' swings, each relative to its own best.
Its expectation over both beliefs is taken exactly, not drawn: the smaller one exceeds x
where both exceed x, so it is the integral over x of the product of both chances.

What could be *learned* at lower rates needs both curves whole. It is taken over 256
pairs of candidates, spread evenly over both beliefs by a low-discrepancy sequence (van
der Corput 1935; Niederreiter, *Random Number Generation and Quasi-Monte Carlo Methods*,
1992), so there is no chance in it either.
"""

from functools import cache
from typing import Final

import numpy as np

from coreg.exercises.pacing.curves import GUIDED_PER_MIN, candidates
from coreg.facts.arrays import Floats

_PAIRS: Final = 256

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


def promise_below(rate_per_min: float, weights_a: Floats, weights_b: Floats) -> float:
    """Return what knowing all rates below this one is expected to bring.

    The mean, over pairs of candidates, of how much the best of those rates exceeds the
    one that seems best by now; nothing where it does not. It is the value of perfect
    information (Howard, *IEEE Trans. Syst. Sci. Cybern.* 2 (1966) 22): going there pays
    although the average couple does worse there, as long as some do much better and
    trying shows which.

    Parameters
    ----------
    rate_per_min : float, breaths per minute
        The rate now.
    weights_a, weights_b : ndarray, shape (n,)
        Belief in each candidate, for either partner.

    Examples
    --------
    >>> nothing_known = candidates().prior
    >>> promise_below(4.5, nothing_known, nothing_known)
    0.0
    """
    below = rate_per_min - 0.15 > GUIDED_PER_MIN
    if not below.any():
        return 0.0
    worth = np.minimum(_spread(weights_a, _EVEN), _spread(weights_b, _VAN_DER_CORPUT))
    best = int(np.argmax(expected_worth(weights_a, weights_b)))
    gains = worth[:, below].max(axis=1) - worth[:, best]
    return float(np.maximum(gains, 0.0).mean())


def _spread(weights: Floats, places: Floats) -> Floats:
    """Return guided curves at these quantiles of a belief, shape (256, 26)."""
    reached = np.searchsorted(np.cumsum(weights), places)
    return candidates().guided[np.minimum(reached, weights.size - 1)]


def _van_der_corput(count: int) -> Floats:
    """Return the sequence in base 2: the bits of a number, mirrored at the point."""
    bits = count.bit_length() - 1
    numbers = np.arange(count)
    mirrored = sum(((numbers >> bit) & 1) / 2 ** (bit + 1) for bit in range(bits))
    return np.asarray(mirrored, dtype=np.float64)


_EVEN: Final[Floats] = (np.arange(_PAIRS) + 0.5) / _PAIRS
_VAN_DER_CORPUT: Final[Floats] = _van_der_corput(_PAIRS) + 0.5 / _PAIRS


def _chance_above(weights: Floats) -> Floats:
    """Return the chance that the relative swing exceeds each level, at each rate."""
    return (weights @ _is_above()).reshape(GUIDED_PER_MIN.size, _LEVELS.size)


@cache
def _is_above() -> Floats:
    guided = candidates().guided
    above = guided[:, :, None] > _LEVELS
    return np.asarray(above.reshape(guided.shape[0], -1), dtype=np.float64)
