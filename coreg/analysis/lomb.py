"""Lomb's periodogram: power of values at uneven times, with no curve between them.

At a few frequencies its sums are taken as they stand. At every frequency of a whole
recording that would be beats times frequencies, and hours for a day. There the beats
are spread over an even grid, each as a short hill; one fast Fourier transform of the
grid gives every sum, and is divided by the transform of the hill. With a hill as wide
as here what that changes is lost in the rounding of the sums themselves.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import fft, special

from coreg.facts.arrays import Floats

Complex = NDArray[np.complex128]

_HILL: Final = 14  # places of the grid that a beat is spread over
_STEEP: Final = 2.3 * _HILL  # of the hill, for a grid twice as fine as it has to be


def lomb_power(t_s: Floats, x: Floats, frequency_hz: Floats) -> Floats:
    """Lomb's periodogram at a few frequencies.

    Our own, since `scipy.signal` brings all of `scipy.stats` along: more than half of
    what every command would wait for at its start.

    Parameters
    ----------
    t_s : ndarray, shape (n,), seconds
        When each value was.
    x : ndarray, shape (n,)
        The values, their mean taken off.
    frequency_hz : ndarray, shape (k,), hertz
        Where power is asked for; none of them 0.

    Returns
    -------
    ndarray, shape (k,), unit of `x` squared
        Of white noise, its variance at every frequency; of a sinusoid of amplitude A,
        n A^2/4 at its own.

    References
    ----------
    Lomb, Astrophys. Space Sci. 39 (1976) 447; Scargle, Astrophys. J. 263 (1982) 835.

    Examples
    --------
    >>> t_s = np.arange(0.0, 80.0, 0.8)
    >>> x = 20 * np.sin(2 * np.pi * 0.25 * t_s)
    >>> lomb_power(t_s, x, np.array([0.25])).round(3)
    array([10000.])
    """
    angle = 2 * np.pi * np.outer(frequency_hz, t_s)
    delay = 0.5 * np.arctan2(np.sin(2 * angle).sum(1), np.cos(2 * angle).sum(1))
    cosine = np.cos(angle - delay[:, np.newaxis])
    sine = np.sin(angle - delay[:, np.newaxis])
    power = (cosine @ x) ** 2 / (cosine**2).sum(1) + (sine @ x) ** 2 / (sine**2).sum(1)
    return np.asarray(0.5 * power, dtype=np.float64)


def lomb_powers(t_s: Floats, x: Floats, step_hz: float, count: int) -> Floats:
    """Lomb's periodogram at every step of frequency, for any length of recording.

    Parameters
    ----------
    t_s : ndarray, shape (n,), seconds
        When each value was.
    x : ndarray, shape (n,)
        The values, their mean taken off.
    step_hz : float, hertz
    count : int
        How many frequencies: `step_hz` times 1 to `count`.

    Returns
    -------
    ndarray, shape (count,), unit of `x` squared
        As `lomb_power`. Where values come so evenly that they hold no sine at all (at
        half their rate), that part is nothing.

    References
    ----------
    As fast sums: Press & Rybicki, Astrophys. J. 338 (1989) 277; with a Kaiser-Bessel
    hill, whose transform is known: Jackson, Meyer, Nishimura & Macovski, IEEE Trans.
    Med. Imaging 10 (1991) 473.

    Examples
    --------
    >>> t_s = np.arange(0.0, 80.0, 0.8)
    >>> x = 20 * np.sin(2 * np.pi * 0.25 * t_s)
    >>> lomb_powers(t_s, x, 0.25, 1).round(3)
    array([10000.])
    """
    sums = _sums(t_s, x, step_hz, count)
    doubled = _sums(t_s, np.ones_like(t_s), 2 * step_hz, count)
    # Cosines and sines from where both are in step with the beats (Lomb's delay).
    sums *= np.exp(-0.5j * np.angle(doubled))
    cosines = 0.5 * (t_s.size + np.abs(doubled))
    sines = 0.5 * (t_s.size - np.abs(doubled))
    least = t_s.size * np.finfo(np.float64).eps
    power = sums.real**2 / cosines + sums.imag**2 / np.maximum(sines, least)
    return np.asarray(0.5 * power, dtype=np.float64)


def _sums(t_s: Floats, x: Floats, step_hz: float, count: int) -> Complex:
    """Return the sum of x exp(2 pi i k step t) for k from 1 to `count`."""
    size = fft.next_fast_len(4 * count + 2 * _HILL, real=True)
    places = (t_s * step_hz % 1.0) * size
    near = np.ceil(places - _HILL / 2)[:, np.newaxis] + np.arange(_HILL)
    off = (near - places[:, np.newaxis]) * 2 / _HILL
    hills = special.i0(_STEEP * np.sqrt(np.maximum(1 - off**2, 0.0)))
    hills *= x[:, np.newaxis]
    spread = np.bincount(
        near.astype(np.intp).ravel() % size, weights=hills.ravel(), minlength=size
    )
    turns = np.pi * _HILL * np.arange(1, count + 1) / size
    root = np.sqrt(_STEEP**2 - turns**2)
    of_a_hill = _HILL * np.sinh(root) / root
    return np.asarray(np.conj(fft.rfft(spread)[1 : count + 1]) / of_a_hill)
