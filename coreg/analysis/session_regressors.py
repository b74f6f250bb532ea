"""What a session does to any two people, taken out of both before they are compared.

Sitting down together, a pacer that begins, changes and stops: everybody's heart answers
those, and two strangers then look alike. Each phase is therefore freed of everything
that a straight sum of these can say, and only then looked at in the slow band.
"""

from dataclasses import dataclass

import numpy as np

from coreg.analysis.spread import MAD_TO_SD
from coreg.facts.arrays import Flags, Floats

SLOW_BAND_HZ = (0.01, 0.06)
"""Below the breath, also a paced one, and with cycles enough in a few minutes."""
ONSET_TAUS_S = (8.0, 20.0, 50.0)
RATE_LAGS_S = (0, 10, 20, 30, 40)
PACER_HARMONICS = (1, 2)
USUAL_SD = 1.2
"""Chosen on drawn couples, as the two constants of `likeness` were: decision 0042."""
_SAME = 1e-6
"""A regressor that has less than this share of its own is a sum of the others."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pacer:
    """What the pacer showed, as it was logged.

    Attributes
    ----------
    t_s : ndarray, shape (n,), seconds
        Increasing; several a second.
    rate_hz : ndarray, shape (n,), breaths a second
        Anything, also NaN, where it is off.
    phase_rad : ndarray, shape (n,), radians
        Unwrapped: 2 pi more with each breath.
    is_on : ndarray of bool, shape (n,)
        Where somebody was paced.
    """

    t_s: Floats
    rate_hz: Floats
    phase_rad: Floats
    is_on: Flags


NO_PACER = Pacer(
    t_s=np.empty(0),
    rate_hz=np.empty(0),
    phase_rad=np.empty(0),
    is_on=np.empty(0, dtype=np.bool_),
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PhaseFilter:
    """What a phase lets through of one partner's series, whose gaps it knows.

    Attributes
    ----------
    common : ndarray, shape (n, k)
        Orthonormal columns: all that the session alone could have done.
    slow : ndarray, shape (m, n)
        F, such that F'F x is the slow part of x at right angles to `common`.
    known : ndarray of bool, shape (n,)
    """

    common: Floats
    slow: Floats
    known: Flags


def is_paced(pacer: Pacer, t_s: Floats) -> bool:
    """Say whether the pacer was on for most of these times.

    Parameters
    ----------
    pacer : Pacer
    t_s : ndarray, shape (n,), seconds

    Examples
    --------
    >>> is_paced(NO_PACER, np.arange(3.0))
    False
    """
    if not pacer.t_s.size:
        return False
    at = np.clip(np.searchsorted(pacer.t_s, t_s, side="right") - 1, 0, None)
    within = (t_s >= pacer.t_s[0]) & (t_s <= pacer.t_s[-1] + 1.0)
    return bool(np.mean(pacer.is_on[at] & within) > 0.5)


def regressors(pacer: Pacer, t_s: Floats, onset_s: float) -> Floats:
    """Return what a phase does to anybody, as columns.

    Parameters
    ----------
    pacer : Pacer
    t_s : ndarray, shape (n,), seconds
        The seconds of the phase, one apart.
    onset_s : float, seconds
        When the phase began.

    Returns
    -------
    ndarray, shape (n, columns)
        Intercept and cosine drift below the slow band; transients after the onset;
        and where the phase is paced, the rate 0, 10 ... 40 s ago and its squares, and
        the breath itself with its second harmonic.

    Examples
    --------
    In two minutes, 3 drifts (0, 1/240 and 2/240 Hz) and 3 transients:

    >>> regressors(NO_PACER, np.arange(5.0, 125.0), 0.0).shape
    (120, 6)
    """
    _, drift = cosines(t_s.size, 0.0, SLOW_BAND_HZ[0])
    onset = np.exp(-np.subtract.outer(t_s, [onset_s]) / np.array(ONSET_TAUS_S))
    if not is_paced(pacer, t_s):
        return np.hstack((drift, onset))
    return np.hstack((drift, onset, _pacer_columns(pacer, t_s, onset_s)))


def _pacer_columns(pacer: Pacer, t_s: Floats, onset_s: float) -> Floats:
    on = pacer.is_on & np.isfinite(pacer.rate_hz)
    on &= (pacer.t_s >= onset_s) & (pacer.t_s <= t_s[-1] + 1.0)
    if not on.any():
        return np.empty((t_s.size, 0))
    # Before its first breath a pacer has no rate: it is taken to have begun as it did.
    past_s = np.subtract.outer(t_s, RATE_LAGS_S)
    rate_hz = np.interp(past_s, pacer.t_s[on], pacer.rate_hz[on])
    change_hz = rate_hz - pacer.rate_hz[on].mean()
    turns = np.multiply.outer(
        np.interp(t_s, pacer.t_s, pacer.phase_rad), PACER_HARMONICS
    )
    return np.hstack((change_hz, change_hz**2, np.cos(turns), np.sin(turns)))


def cosines(n: int, low_hz: float, high_hz: float) -> tuple[Floats, Floats]:
    """Cosine basis (DCT-II) of n samples a second apart, between two frequencies.

    Parameters
    ----------
    n : int
    low_hz, high_hz : float, hertz
        The first is included, the second is not.

    Returns
    -------
    hz : ndarray, shape (k,), hertz
    basis : ndarray, shape (n, k)
        Orthonormal columns.

    Examples
    --------
    >>> hz, basis = cosines(4, 0.0, 0.3)
    >>> hz.tolist(), np.allclose(basis.T @ basis, np.eye(3))
    ([0.0, 0.125, 0.25], True)
    """
    all_hz = np.arange(n) / (2 * n)
    order = np.flatnonzero((all_hz >= low_hz) & (all_hz < high_hz))
    basis = np.cos(np.pi * np.outer(np.arange(n) + 0.5, order) / n) * np.sqrt(2 / n)
    basis[:, order == 0] /= np.sqrt(2)
    return all_hz[order], basis


def phase_filter(nuisance: Floats, known: Flags) -> PhaseFilter:
    """Put regression and slow band into one matrix.

    Parameters
    ----------
    nuisance : ndarray, shape (n, columns)
        What to take out, from `regressors`.
    known : ndarray of bool, shape (n,)
        Where there are data.

    Returns
    -------
    PhaseFilter

    Notes
    -----
    The heart's slow fluctuation is about 1/f (Kobayashi & Musha 1982, IEEE Trans.
    Biomed. Eng. 29, 456-457), so that a plain correlation is decided by the two or
    three slowest waves. The band is weighted by the square root of frequency, which
    gives every wave an equal say: more independent looks, so more power at the same
    share of false calls. F'F applies a weight twice; F takes its root.

    Examples
    --------
    In two minutes the slow band holds 12 cosines, from 3/240 to 14/240 Hz:

    >>> passed = phase_filter(np.ones((120, 1)), np.full(120, True))
    >>> passed.common.shape, passed.slow.shape
    ((120, 1), (12, 120))
    """
    held = np.where(known[:, np.newaxis], nuisance, 0.0)
    length = np.linalg.norm(held, axis=0)
    left, size, _ = np.linalg.svd(
        held[:, length > 0] / length[length > 0], full_matrices=False
    )
    common = left[:, size > _SAME * size.max(initial=0.0)]
    hz, band = cosines(known.size, *SLOW_BAND_HZ)
    band = np.where(known[:, np.newaxis], band, 0.0)
    band -= common @ (common.T @ band)
    return PhaseFilter(
        common=common,
        slow=(band * (hz / SLOW_BAND_HZ[1]) ** 0.25).T,
        known=known,
    )


def residual(passed: PhaseFilter, x: Floats) -> Floats:
    """Return what the session alone does not explain, at every pace; 0 in gaps.

    Parameters
    ----------
    passed : PhaseFilter
    x : ndarray, shape (..., n)

    Returns
    -------
    ndarray, shape (..., n)

    Examples
    --------
    >>> level = phase_filter(np.ones((4, 1)), np.array([True, True, True, False]))
    >>> residual(level, np.array([1.0, 2.0, 6.0, 99.0])).round(9).tolist()
    [-2.0, -1.0, 3.0, 0.0]
    """
    held = np.where(passed.known, x, 0.0)
    return held - (held @ passed.common) @ passed.common.T


def slow_part(passed: PhaseFilter, x: Floats) -> Floats:
    """Keep the slow band of what the session alone does not explain; 0 in gaps.

    Parameters
    ----------
    passed : PhaseFilter
    x : ndarray, shape (..., n)

    Returns
    -------
    ndarray, shape (..., n)

    Examples
    --------
    A wave of .015 Hz comes back with the square root of .015/.06 as its weight:

    >>> hz, waves = cosines(100, 0.015, 0.016)
    >>> passed = phase_filter(np.ones((100, 1)), np.full(100, True))
    >>> np.allclose(slow_part(passed, waves[:, 0]), 0.5 * waves[:, 0])
    True
    """
    return (x @ passed.slow.T) @ passed.slow


def evened(passed: PhaseFilter, x: Floats) -> Floats:
    """Keep the slow band of `x`, and let no moment of it speak for all; 0 in gaps.

    Parameters
    ----------
    passed : PhaseFilter
    x : ndarray, shape (..., n)

    Returns
    -------
    ndarray, shape (..., n)
        The slow part, cut at `USUAL_SD` robust standard deviations; and again, because
        the band of one great move rings beside it long after.

    References
    ----------
    Robust standard deviation, the scaled median absolute value: Rousseeuw &
    Croux (1993), J. Am. Stat. Assoc. 88, 1273-1283. Correlation of what was cut:
    Huber (1981), Robust Statistics, section 8.2.

    Examples
    --------
    A move of 50 in a hundred seconds of small waves is 2 afterwards, no more:

    >>> passed = phase_filter(np.ones((600, 1)), np.full(600, True))
    >>> x = 2 * np.sin(2 * np.pi * 0.03 * np.arange(600))
    >>> x[290:310] += 50
    >>> bool(np.abs(slow_part(passed, x)).max() > 20)
    True
    >>> bool(np.abs(evened(passed, x)).max() < 3)
    True
    """
    once = _within_usual(passed, slow_part(passed, x))
    return _within_usual(passed, slow_part(passed, once))


def _within_usual(passed: PhaseFilter, x: Floats) -> Floats:
    # About 0 already; and of waves slower than .06 Hz every third second says all.
    seen = np.abs(x[..., np.flatnonzero(passed.known)[::3]])
    far = USUAL_SD * MAD_TO_SD * np.median(seen, axis=-1, keepdims=True)
    return np.clip(x, -far, far)
