"""How alike two series are at their best lag, beside what chance gives.

One number is compared with chance: the largest Fisher's z over lags, where one that
comes later counts less (to 1/e at `COUNTS_LESS_S`), and an opposite one `OPPOSITE`
times as much. Hearts that share something mostly show it within seconds, and alike, so
that looking there first finds more at the same share of false calls.
"""

from dataclasses import dataclass

import numpy as np

from coreg.analysis.lagged_correlation import LAGS_S
from coreg.analysis.surrogates import p_value
from coreg.facts.arrays import Floats

COUNTS_LESS_S = 20.0
OPPOSITE = 0.7


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Likeness:
    """How alike two series were, and what chance gives.

    Attributes
    ----------
    p : float
        Share of chance that is as alike; NaN where nothing could be computed, and then
        everything else is NaN too.
    r : float
        Correlation at the best lag, signed.
    lag_s : float, seconds
        From the best lag, where `counted` is largest, up to the next top of the
        correlation itself, by a parabola through it and its neighbours; above 0: A
        before B. What counts less the later it comes would lean it towards 0.
    statistic : float
        What is counted there.
    null : ndarray, shape (surrogates,)
        The same of chance, each at its own best lag.
    z : ndarray, shape (1 + surrogates, lags)
        Fisher's z at each of `LAGS_S`, the data first: what evenings are pooled by.
    p_direction : float
        Share of chance in which either comes before the other as clearly.
    profile_r : ndarray, shape (lags,)
        Correlation at each of `LAGS_S`.
    chance_r : ndarray, shape (2, lags)
        Where the middle 95 % of chance lie, lag by lag. For drawing: at some of 21 lags
        chance leaves it more often than one time in twenty.
    """

    p: float
    r: float
    lag_s: float
    statistic: float
    null: Floats
    z: Floats
    p_direction: float
    profile_r: Floats
    chance_r: Floats


def counted(z: Floats) -> Floats:
    """Return what a Fisher's z counts for at its lag.

    Parameters
    ----------
    z : ndarray, shape (..., lags)
        At each of `LAGS_S`.

    Returns
    -------
    ndarray, shape (..., lags)
        Never below 0.

    Notes
    -----
    Both constants were chosen on couples drawn by `benchmarks.other_couples`, and hold
    on those of another generator: docs/decisions/0042.

    Examples
    --------
    >>> told = counted(np.where(LAGS_S == 10, 0.5, np.where(LAGS_S == 0, -0.5, 0.0)))
    >>> told[[10, 20]].round(3).tolist()
    [0.35, 0.303]
    """
    size = np.where(z > 0, z, -OPPOSITE * z)
    return np.asarray(size * np.exp(-np.abs(LAGS_S) / COUNTS_LESS_S), dtype=np.float64)


def likeness(z: Floats) -> Likeness:
    """Compare data with chance.

    Parameters
    ----------
    z : ndarray, shape (1 + surrogates, lags)
        Fisher's z at each of `LAGS_S`, the data first.

    Returns
    -------
    Likeness

    Examples
    --------
    >>> z = np.zeros((20, LAGS_S.size))
    >>> z[0, 12:15] = -0.4, -0.5, -0.4  # lags of 2, 3 and 4 s
    >>> alike = likeness(z)
    >>> alike.lag_s, alike.p, round(alike.r, 3)
    (3.0, 0.05, -0.462)
    """
    size = counted(z)
    best = size.max(axis=1)
    peak = int(np.argmax(size[0]))
    r = np.tanh(z)
    lead = np.abs(r[:, LAGS_S > 0].mean(axis=1) - r[:, LAGS_S < 0].mean(axis=1))
    return Likeness(
        p=p_value(best[0], best[1:]),
        r=float(r[0, peak]),
        lag_s=_top_s(np.sign(z[0, peak]) * z[0], peak),
        statistic=float(best[0]),
        null=best[1:],
        z=z,
        p_direction=p_value(lead[0], lead[1:]),
        profile_r=r[0],
        chance_r=np.quantile(r[1:], (0.025, 0.975), axis=0),
    )


def _top_s(z: Floats, at: int) -> float:
    """Return the lag of the top that one comes to by going uphill from `at`.

    What is slower than 0.06 Hz changes little in a second, so its top may be read off
    between two lags: at most half a second from the highest.
    """
    while True:
        near = max(range(max(at - 1, 0), min(at + 2, z.size)), key=lambda i: z[i])
        if z[near] <= z[at]:
            break
        at = near
    if not 0 < at < z.size - 1:
        return float(LAGS_S[at])
    before, top, after = z[at - 1 : at + 2]
    bend = before - 2 * top + after
    beside_s = 0.5 * (before - after) / bend if bend < 0 else 0.0
    return float(LAGS_S[at] + beside_s)


def unknown_likeness(surrogates: int) -> Likeness:
    """Say that nothing could be computed."""
    nan = float("nan")
    return Likeness(
        p=nan,
        r=nan,
        lag_s=nan,
        statistic=nan,
        null=np.full(surrogates, nan),
        z=np.full((1 + surrogates, LAGS_S.size), nan),
        p_direction=nan,
        profile_r=np.full(LAGS_S.size, nan),
        chance_r=np.full((2, LAGS_S.size), nan),
    )
