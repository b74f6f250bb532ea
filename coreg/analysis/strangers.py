"""What hearts have in common that did the same and never met.

Strategy.

1. Of each heart and phase the slow heart rate that `synchrony` compares is kept by
   itself (`slow_heart_rate`): what is left once the session is taken out of it.
2. Two of them, of whichever people, are compared by the statistic that a couple is
   compared by (`alike`).
3. Each heart A of a cohort is given the B of another couple, all at once, so that each
   is in a draw once (`dealt`). The couples' mean is ranked among the means of many
   such draws (`against_strangers`). A couple with many sessions counts once.

Unlike surrogates these are strangers in fact: what the programme does to everybody is
on both sides. It is valid only of sessions whose programme was the same, and says
nothing of why people who were in one room were alike.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import t as student

from coreg.analysis.lagged_correlation import lagged_fisher_z
from coreg.analysis.likeness import counted
from coreg.analysis.session_regressors import Pacer, PhaseFilter, evened
from coreg.analysis.surrogates import p_value
from coreg.analysis.synchrony import (
    LEAST_MOVE,
    LEAST_SHARED_S,
    Phase,
    channels_over,
    left_in_phase,
    seconds_over,
)
from coreg.analysis.synchrony_channels import ComparedHeart
from coreg.facts.arrays import Floats

FEWEST_COUPLES = 4
"""Fewer can be dealt anew in too few ways to rank anybody among them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AmongStrangers:
    """A cohort beside the same people dealt anew.

    Attributes
    ----------
    p : float
        Rank of the couples' mean among the draws, itself counted as one.
    own, strangers : float
        Mean over couples of the statistic; the same over all draws.
    excess, low, high : float
        Own less strangers, the mean over couples and its 95 % interval (Student's t).
    null_low, null_high : float
        Between which the middle 95 % of draws lie, less their mean.
    couples, sessions, draws : int
    """

    p: float
    own: float
    strangers: float
    excess: float
    low: float
    high: float
    null_low: float
    null_high: float
    couples: int
    sessions: int
    draws: int


def slow_heart_rate(
    heart: ComparedHeart, *, phases: Sequence[Phase], pacer: Pacer
) -> list[Floats]:
    """Return what `synchrony` compares of one heart's rate, phase by phase.

    Parameters
    ----------
    heart : ComparedHeart
    phases : sequence of Phase
        All that the session is compared over, as in `synchrony`.
    pacer : Pacer

    Returns
    -------
    list of ndarray, shape (n,)
        One value a second, NaN where this heart is not known. Empty where the phase is
        too short, too little of it is known, or the heart does not move in it.
    """
    of, t_s = channels_over(heart, phases), seconds_over(phases)
    return [_slow(left_in_phase(of, phase, t_s, pacer)) for phase in phases]


def _slow(seen: tuple[PhaseFilter, Floats]) -> Floats:
    passed, left = seen
    if np.count_nonzero(passed.known) < LEAST_SHARED_S or left[0].std() < LEAST_MOVE:
        return np.empty(0)
    return np.where(passed.known, evened(passed, left[0]), np.nan)


def alike(a: Floats, b: Floats) -> float:
    """Return how alike two slow heart rates are, as `Likeness.statistic` counts it.

    Parameters
    ----------
    a, b : ndarray, shape (n,), shape (m,)
        From `slow_heart_rate`; the longer one is cut at its end.

    Returns
    -------
    float
        NaN where both know too little at once.

    Examples
    --------
    >>> a = np.sin(np.arange(200) / 5)
    >>> bool(alike(a, a) > alike(a, np.sin(np.arange(200) / 3)))
    True
    >>> alike(a[:50], a)
    nan
    """
    n = min(a.size, b.size)
    known_a, known_b = np.isfinite(a[:n]), np.isfinite(b[:n])
    if np.count_nonzero(known_a & known_b) < LEAST_SHARED_S:
        return float("nan")
    held_a, held_b = np.where(known_a, a[:n], 0.0), np.where(known_b, b[:n], 0.0)
    z = lagged_fisher_z(held_a, known_a, held_b[np.newaxis], known_b)
    return float(counted(z[0]).max())


def dealt(
    couples: Sequence[object], rng: np.random.Generator
) -> NDArray[np.int64] | None:
    """Give each session the partner of a session of another couple.

    Parameters
    ----------
    couples : sequence
        Which couple each session is of.
    rng : numpy.random.Generator

    Returns
    -------
    ndarray of int, shape (sessions,), or None
        By session, whose partner it is given; each is given once. None where one couple
        has more than half of all sessions: then some would get their own.

    Notes
    -----
    Sessions are laid in a ring, couple by couple in a random order, and the ring is
    turned by at least the largest couple and at most all the others.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> given = dealt(["a", "a", "b", "c"], rng)
    >>> sorted(given.tolist()), min(given[:2].tolist()) > 1
    ([0, 1, 2, 3], True)
    >>> dealt(["a", "a", "b"], rng) is None
    True
    """
    names = sorted(set(couples), key=repr)
    number = {name: at for at, name in enumerate(names)}
    of = np.array([number[each] for each in couples], dtype=np.int64)
    largest = int(np.bincount(of).max(initial=0))
    if not 0 < largest <= of.size - largest:
        return None
    place = rng.permutation(len(names))
    ring = np.lexsort((rng.random(of.size), place[of]))
    turn = int(rng.integers(largest, of.size - largest + 1))
    given = np.empty(of.size, dtype=np.int64)
    given[ring] = np.roll(ring, -turn)
    return given


def against_strangers(
    a: Sequence[Floats],
    b: Sequence[Floats],
    couples: Sequence[object],
    *,
    draws: int,
    rng: np.random.Generator,
) -> AmongStrangers | None:
    """Rank couples among the same people dealt anew.

    Parameters
    ----------
    a, b : sequence of ndarray
        The slow heart rate of either partner, session by session, of one programme.
    couples : sequence
        Which couple each session is of.
    draws : int
        How often all are dealt anew.
    rng : numpy.random.Generator

    Returns
    -------
    AmongStrangers or None
        None where fewer than `FEWEST_COUPLES` can be compared, or one couple has more
        than half of the sessions.

    References
    ----------
    Bernieri & Rosenthal (1991), in Fundamentals of Nonverbal Behavior, 401-432.
    Ranks among permutations: Phipson & Smyth (2010), Stat. Appl. Genet. Mol. Biol. 9,
    article 39.
    """
    own = np.array([alike(x, y) for x, y in zip(a, b, strict=True)])
    told: list[int] = np.flatnonzero(np.isfinite(own)).tolist()
    of = [couples[at] for at in told]
    names = sorted(set(of), key=repr)
    if len(names) < FEWEST_COUPLES:
        return None
    drawn = list[Floats]()
    for _ in range(draws):
        given = dealt(of, rng)
        if given is None:
            return None
        drawn.append(
            np.array(
                [
                    alike(a[i], b[told[j]])
                    for i, j in zip(told, given.tolist(), strict=True)
                ]
            )
        )
    by_couple = _couple_means(own[told], of, names)
    null = np.array([_couple_means(each, of, names) for each in drawn])
    compared = np.isfinite(null).any(axis=0)  # others know too little beside anybody
    if np.count_nonzero(compared) < FEWEST_COUPLES:
        return None
    by_couple, null = by_couple[compared], null[:, compared]
    excess = by_couple - np.nanmean(null, axis=0)
    half = float(
        student.ppf(0.975, excess.size - 1) * excess.std(ddof=1) / np.sqrt(excess.size)
    )
    means = np.nanmean(null, axis=1)
    null_low, null_high = np.quantile(means - means.mean(), (0.025, 0.975)).tolist()
    return AmongStrangers(
        p=p_value(float(by_couple.mean()), means),
        own=float(by_couple.mean()),
        strangers=float(means.mean()),
        excess=float(excess.mean()),
        low=float(excess.mean()) - half,
        high=float(excess.mean()) + half,
        null_low=null_low,
        null_high=null_high,
        couples=by_couple.size,
        sessions=sum(compared[names.index(each)] for each in of),
        draws=draws,
    )


def _couple_means(x: Floats, of: Sequence[object], names: Sequence[object]) -> Floats:
    """Return the mean of each couple's sessions; NaN where none is known."""
    number = {name: at for at, name in enumerate(names)}
    at = np.array([number[each] for each in of])
    known = np.isfinite(x)
    count = np.bincount(at[known], minlength=len(names))
    total = np.bincount(at[known], weights=x[known], minlength=len(names))
    means: Floats = np.full(len(names), np.nan)
    np.divide(total, count, out=means, where=count > 0)
    return means
