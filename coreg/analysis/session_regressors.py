"""What a session does to any two people, taken out of both before they are compared.

Sitting down together, a pacer that begins, changes and stops: everybody's heart answers
those, and two strangers then look alike. Each phase is therefore freed of everything
that a straight sum of these can say, and only then looked at in the slow band.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

SLOW_BAND_HZ = (0.01, 0.06)
"""Below the breath, also a paced one, and with cycles enough in a few minutes."""
ONSET_TAUS_S = (8.0, 20.0, 50.0)
RATE_LAGS_S = (0, 10, 20, 30, 40)
PACER_HARMONICS = (1, 2)
_SAME = 1e-6
"""A regressor that has less than this share of its own is a sum of the others."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pacer:
    """What the pacer showed, as it was logged.

    Attributes
    ----------
    t_s : ndarray, shape (n,), seconds
        Increasing.
    rate_hz : ndarray, shape (n,), breaths a second
        Whatever, where it is off.
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


def is_paced(pacer: Pacer, t_s: Floats) -> bool:
    """Say whether the pacer was on for most of these times.

    Examples
    --------
    >>> is_paced(NO_PACER, np.arange(3.0))
    False
    """
    return bool(pacer.t_s.size and np.mean(_on_at(pacer, t_s)) > 0.5)


def _on_at(pacer: Pacer, t_s: Floats) -> Flags:
    at = np.clip(np.searchsorted(pacer.t_s, t_s, side="right") - 1, 0, None)
    return np.asarray(pacer.is_on[at] & (t_s <= pacer.t_s[-1] + 1.0))


def regressors(pacer: Pacer, t_s: Floats, onset_s: float) -> Floats:
    """What a phase does to anybody, as columns.

    Parameters
    ----------
    pacer : Pacer
    t_s : ndarray, shape (n,), seconds
        The seconds of the phase, evenly spaced by one.
    onset_s : float, seconds
        When the phase began.

    Returns
    -------
    ndarray, shape (n, columns)
        Intercept and cosine drift below the slow band; transients after the onset;
        and where the phase is paced, the rate up to 40 s ago, its square, and the
        breath itself with its first harmonic.
    """
    drift = cosines(t_s.size)[:, frequencies_hz(t_s.size) < SLOW_BAND_HZ[0]]
    onset = np.exp(-np.subtract.outer(t_s, [onset_s]) / np.array(ONSET_TAUS_S))
    if not is_paced(pacer, t_s):
        return np.hstack((drift, onset))
    return np.hstack((drift, onset, _pacer_columns(pacer, t_s, onset_s)))


def _pacer_columns(pacer: Pacer, t_s: Floats, onset_s: float) -> Floats:
    on = pacer.is_on & np.isfinite(pacer.rate_hz)
    rate_hz, rate_t_s = pacer.rate_hz[on], pacer.t_s[on]
    usual_hz = rate_hz[rate_t_s >= onset_s].mean() if on.any() else 0.0
    # Before its first breath a pacer has no rate: it is taken to have begun as it did.
    past_s = np.maximum(np.subtract.outer(t_s, RATE_LAGS_S), onset_s)
    rate = np.interp(past_s, rate_t_s, rate_hz) - usual_hz
    phase_rad = np.interp(t_s, pacer.t_s, pacer.phase_rad)
    turns = np.multiply.outer(phase_rad, PACER_HARMONICS)
    return np.hstack((rate, rate**2, np.cos(turns), np.sin(turns)))


def frequencies_hz(n: int) -> Floats:
    """Return the frequencies of `cosines`, of n samples a second apart."""
    return np.arange(n) / (2 * n)


def cosines(n: int) -> Floats:
    """Return the cosine basis (DCT-II), orthonormal, one frequency a column.

    Examples
    --------
    >>> np.allclose(cosines(5).T @ cosines(5), np.eye(5))
    True
    """
    basis = np.cos(np.pi * np.outer(np.arange(n) + 0.5, np.arange(n)) / n)
    basis *= np.sqrt(2 / n)
    basis[:, 0] /= np.sqrt(2)
    return basis


def slow_filter(nuisance: Floats, known: Flags) -> Floats:
    """Regress out and keep the slow band, as one matrix.

    Parameters
    ----------
    nuisance : ndarray, shape (n, columns)
        What to take out, from `regressors`.
    known : ndarray of bool, shape (n,)
        Where there are data.

    Returns
    -------
    ndarray, shape (coefficients, n)
        F, such that F'F x is the series wanted. Its rows are 0 where nothing is
        known and at right angles to every regressor.
    """
    nuisance = np.where(known[:, np.newaxis], nuisance, 0.0)
    length = np.linalg.norm(nuisance, axis=0)
    left, size, _ = np.linalg.svd(
        nuisance[:, length > 0] / length[length > 0], full_matrices=False
    )
    common = left[:, size > _SAME * size[0]] if size.size else left
    hz = frequencies_hz(known.size)
    in_band = (hz >= SLOW_BAND_HZ[0]) & (hz <= SLOW_BAND_HZ[1])
    band = np.where(known[:, np.newaxis], cosines(known.size)[:, in_band], 0.0)
    band -= common @ (common.T @ band)
    rows: Floats = (band * weight(hz[in_band])).T
    return rows

def weight(hz):
    return np.ones(hz.size)
