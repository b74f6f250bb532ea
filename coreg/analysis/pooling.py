"""The couple's answer over several evenings, and the second opinion of pseudo-pairs.

Six minutes of one evening have little power. What evenings have in common is found by
adding them up lag by lag, with their signs: what is alike at about the same lag grows,
and what chance did one evening is undone by another. Chance is as many surrogates added
up in the same way, one of each evening.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import t as student

from coreg.analysis.likeness import Likeness, likeness
from coreg.analysis.surrogates import p_value
from coreg.facts.arrays import Floats

EVENINGS_FOR_AN_ANSWER = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class PooledLikeness:
    """One channel over several evenings.

    Attributes
    ----------
    p : float
        Of the likeness of all evenings added up, against surrogates added up; NaN
        where no evening could be computed.
    sign : int
        1 where the hearts moved alike at the lag that counts most over all evenings, -1
        where oppositely, 0 where unknown.
    excess_z : float
        Mean over evenings of the statistic less the mean of its surrogates: Fisher's z
        beyond chance.
    low_z, high_z : float
        Its 95 % interval over evenings (Student's t): where the mean of many more
        such evenings would lie. NaN with fewer than two.
    evenings : int
        How many could be computed; the couple is told from six.
    """

    p: float
    sign: int
    excess_z: float
    low_z: float
    high_z: float
    evenings: int


def pooled(evenings: Sequence[Likeness]) -> PooledLikeness:
    """Pool one channel, of a phase or of whole sessions, over evenings.

    Parameters
    ----------
    evenings : sequence of Likeness
        Of different seeds: with one seed for all, chance would repeat itself. Those
        that could not be computed are left out.

    Returns
    -------
    PooledLikeness

    Raises
    ------
    ValueError
        If evenings have different numbers of surrogates.

    References
    ----------
    Sum of Fisher's z over independent studies: Stouffer et al. (1949), The American
    Soldier I, 45, with the sum's own surrogates in place of the normal distribution.

    Examples
    --------
    >>> pooled([]).evenings
    0
    """
    known = [each for each in evenings if np.isfinite(each.statistic)]
    nan = float("nan")
    if not known:
        return PooledLikeness(
            p=nan, sign=0, excess_z=nan, low_z=nan, high_z=nan, evenings=0
        )
    if len({each.null.size for each in known}) > 1:
        raise ValueError("evenings pool only with equally many surrogates each")
    seen = np.array([each.statistic for each in known])
    null = np.stack([each.null for each in known])
    excess_z = seen - null.mean(axis=1)
    half_z = _half_interval(excess_z)
    together = likeness(np.mean([each.z for each in known], axis=0))
    return PooledLikeness(
        p=together.p,
        sign=int(np.sign(together.r)),
        excess_z=float(excess_z.mean()),
        low_z=float(excess_z.mean()) - half_z,
        high_z=float(excess_z.mean()) + half_z,
        evenings=len(known),
    )


def _half_interval(x: Floats) -> float:
    if x.size < 2:
        return float("nan")
    return float(student.ppf(0.975, x.size - 1) * x.std(ddof=1) / np.sqrt(x.size))


def pseudo_pair_p(own: float, others: Floats) -> float:
    """Rank a couple among pairs of people who were never together.

    Parameters
    ----------
    own : float
        Statistic of the couple.
    others : ndarray, shape (pairs,)
        The same statistic of A of one couple with B of another. All must have done the
        identical programme; NaN is left out.

    Returns
    -------
    float
        (1 + how many reach it) / (pairs + 1); NaN without pairs.

    Notes
    -----
    Unlike surrogates these are strangers in fact, so what the programme does to
    everybody is in both sides. With n couples the finest p is 1 / (n (n - 1) + 1), and
    pairs that share a person are not independent. Not valid where the pacer followed
    the couple itself: then no two couples did the same.

    References
    ----------
    Bernieri & Rosenthal (1991), in Fundamentals of Nonverbal Behavior, 401-432.

    Examples
    --------
    >>> pseudo_pair_p(0.5, np.array([0.1, 0.2, 0.6, np.nan]))
    0.5
    """
    known = others[np.isfinite(others)]
    return p_value(own, known) if known.size else float("nan")
