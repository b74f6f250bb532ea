"""How far one set of figures lies from another, by ranks alone.

Few figures, of evenings that differ for many reasons: nothing is assumed of how they
scatter but what each test says. Both tests are exact, draw no chance, and their
intervals are the shifts that the same test would not refuse. Where so few figures
could not reach .05 whatever they were, there is no interval and no p.

References
----------
Wilcoxon (1945), Biometrics Bulletin 1, 80-83. Mann & Whitney (1947), Annals of
Mathematical Statistics 18, 50-60. Hodges & Lehmann (1963), ibid. 34, 598-611.
"""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from coreg.facts.arrays import Floats

_TAIL: Final = 0.025


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """How far, its 95 % interval, and how often no shift would look as far.

    NaN where there are too few figures for any of it.
    """

    estimate: float
    low: float
    high: float
    p: float


UNKNOWN: Final = Shift(estimate=math.nan, low=math.nan, high=math.nan, p=math.nan)


def paired_shift(differences: Floats) -> Shift:
    """Return how far differences within pairs lie from nothing (signed ranks).

    Parameters
    ----------
    differences : ndarray, shape (pairs,)
        Finite. What is exactly 0 says nothing and is left out.

    Returns
    -------
    Shift
        In the unit of the differences; unknown with fewer than six.

    Notes
    -----
    Exact where, without a shift, each difference could as well have had the other
    sign: where the two of a pair could be exchanged. The estimate is the median of all
    means of two (Hodges & Lehmann).

    Examples
    --------
    >>> paired_shift(np.array([1.0, 2.0, 3.0, 4.0, 5.0, 6.0]))
    Shift(estimate=3.5, low=1.0, high=6.0, p=0.03125)
    >>> math.isnan(paired_shift(np.array([1.0, 2.0, 3.0, 4.0, 5.0])).p)
    True
    """
    d = differences[differences != 0]
    ways = np.ones(1)
    for rank in range(1, d.size + 1):
        ways = _added(ways, rank)
    rows, columns = np.triu_indices(d.size)
    means = np.sort((d[rows] + d[columns]) / 2)
    return _shift(means, ways)


def unpaired_shift(one: Floats, other: Floats) -> Shift:
    """Return how far `other` lies from `one` (ranks of both together).

    Parameters
    ----------
    one, other : ndarray, shape (n,) and (m,)
        Finite.

    Returns
    -------
    Shift
        In the unit of the figures; unknown where n and m are too few, such as three
        and three.

    Notes
    -----
    Exact where, without a shift, any of them could as well have been in the other set.
    The estimate is the median of all differences of one of each.

    Examples
    --------
    >>> four = np.array([1.0, 2.0, 3.0, 4.0])
    >>> unpaired_shift(four, four + 10)
    Shift(estimate=10.0, low=7.0, high=13.0, p=0.02857142857142857)
    >>> math.isnan(unpaired_shift(four[:3], four[:3]).p)
    True
    """
    n, m = one.size, other.size
    apart = np.sort((other[:, None] - one[None, :]).ravel())
    return _shift(apart, _ways_of_both(n, m))


def _shift(apart: Floats, ways: Floats) -> Shift:
    """Return a shift from all pairs of figures, sorted, and how often each count is.

    `ways[k]` is in how many ways k of the pairs lie above 0 where there is no shift.
    """
    chance = ways / ways.sum()
    below = np.cumsum(chance)
    if not apart.size or below[0] > _TAIL:
        return UNKNOWN
    within = int(np.flatnonzero(below <= _TAIL)[-1])
    above = float(np.count_nonzero(apart > 0) + np.count_nonzero(apart == 0) / 2)
    least = min(math.floor(above), math.floor(apart.size - above))
    return Shift(
        estimate=float(np.median(apart)),
        low=float(apart[within]),
        high=float(apart[-1 - within]),
        p=min(1.0, 2 * float(below[least])),
    )


def _added(ways: Floats, rank: int) -> Floats:
    """Return in how many ways ranks add up, with one more that may count or not."""
    more = np.zeros(ways.size + rank)
    more[: ways.size] += ways
    more[rank:] += ways
    return more


def _ways_of_both(n: int, m: int) -> Floats:
    """Return in how many orders of n and m figures k pairs are in one order."""
    ways = np.zeros((n + 1, m + 1), dtype=object)
    for i in range(n + 1):
        for j in range(m + 1):
            if not i or not j:
                ways[i, j] = np.ones(1)
                continue
            # The largest is of `other`, and lies above all of `one`, or it is of `one`.
            total = np.zeros(i * j + 1)
            total[i : i + ways[i, j - 1].size] += ways[i, j - 1]
            total[: ways[i - 1, j].size] += ways[i - 1, j]
            ways[i, j] = total
    found: Floats = ways[n, m]
    return found
