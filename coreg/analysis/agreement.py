"""How far two raters agree beyond what chance alone would give."""

import math
from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """Cohen's kappa of two raters, and what it is made of.

    `observed` is the share of things given the same category by both, `expected` the
    share if each kept to how often it gives each category, whatever the thing is.
    `kappa` is NaN where both gave everything one and the same category: then nothing
    could have told agreement from chance.
    """

    things: int
    same: int
    observed: float
    expected: float
    kappa: float


def cohens_kappa(one: Sequence[Hashable], other: Sequence[Hashable]) -> Agreement:
    """Return how far two raters agree on what each thing is.

    Parameters
    ----------
    one, other : sequence of n categories
        What either rater took each thing for, in the same order.

    Returns
    -------
    Agreement

    Raises
    ------
    ValueError
        If they do not speak of the same number of things, or of none.

    Notes
    -----
    kappa = (observed - expected) / (1 - expected). Unweighted: any two categories are
    as far apart as any others. Neighbouring beats are not independent, so no standard
    error is given.

    References
    ----------
    Cohen 1960, Educational and Psychological Measurement 20:37.

    Examples
    --------
    Fifty proposals; both say yes to 20 and no to 15, only the first to 5, only the
    second to 10:

    >>> one = ["yes"] * 25 + ["no"] * 25
    >>> other = ["yes"] * 20 + ["no"] * 5 + ["yes"] * 10 + ["no"] * 15
    >>> agreed = cohens_kappa(one, other)
    >>> round(agreed.observed, 3), round(agreed.expected, 3), round(agreed.kappa, 3)
    (0.7, 0.5, 0.4)
    """
    things = len(one)
    if things != len(other) or not things:
        raise ValueError(f"Both rate the same things; got {things} and {len(other)}.")
    same = sum(a == b for a, b in zip(one, other, strict=True))
    often, often_too = Counter(one), Counter(other)
    by_chance = sum(n * often_too[category] for category, n in often.items())
    beyond = things * things - by_chance  # whole numbers: no rounding decides on none
    kappa = (things * same - by_chance) / beyond if beyond else math.nan
    return Agreement(
        things=things,
        same=same,
        observed=same / things,
        expected=by_chance / things**2,
        kappa=kappa,
    )
