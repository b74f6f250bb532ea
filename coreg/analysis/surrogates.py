"""What chance would give: data with the coupling broken, and p values against them.

A surrogate keeps how strongly each partner's heart moves at each pace and forgets when.
Nothing here draws from a hidden source: chance is an argument.
"""

from collections.abc import Sequence

import numpy as np

from coreg.facts.arrays import Floats


def phase_randomised(x: Floats, count: int, rng: np.random.Generator) -> Floats:
    """Surrogates with the spectrum of `x` and phases drawn anew.

    Parameters
    ----------
    x : ndarray, shape (channels, n)
        Evenly sampled series without NaN.
    count : int
        How many surrogates.
    rng : numpy.random.Generator

    Returns
    -------
    ndarray, shape (channels, count, n)
        Each with the mean and the Fourier amplitudes of its channel. All channels
        of a surrogate are turned by the same angles, so that what one series has to do
        with another of the same partner is kept too (Prichard & Theiler 1994).

    References
    ----------
    Theiler, Eubank, Longtin, Galdrikian & Farmer (1992), Physica D 58, 77-94.
    Prichard & Theiler (1994), Physical Review Letters 73, 951-954.

    Examples
    --------
    >>> x = np.array([[1.0, 4.0, 2.0, 3.0, 0.0]])
    >>> drawn = phase_randomised(x, 2, np.random.default_rng(1))
    >>> np.allclose(np.abs(np.fft.rfft(drawn)), np.abs(np.fft.rfft(x))[:, np.newaxis])
    True
    """
    n = x.shape[-1]
    spectrum = np.fft.rfft(x)
    turned = np.ones((count, spectrum.shape[-1]), dtype=np.complex128)
    free = slice(
        1, (n - 1) // 2 + 1
    )  # the mean and the Nyquist frequency have no phase
    angle = rng.uniform(0.0, 2 * np.pi, turned[:, free].shape)
    turned[:, free].real, turned[:, free].imag = np.cos(angle), np.sin(angle)
    surrogates: Floats = np.fft.irfft(spectrum[:, np.newaxis] * turned, n)
    return surrogates


def p_value(observed: float, null: Floats) -> float:
    """Share of chance that reaches what was seen, the observation counted as one.

    Parameters
    ----------
    observed : float
        The statistic of the data: the larger, the less like chance.
    null : ndarray, shape (count,)
        The same statistic of the surrogates.

    Returns
    -------
    float
        (1 + how many reach it) / (count + 1), so never 0; NaN if nothing was observed.

    References
    ----------
    Davison & Hinkley (1997), Bootstrap Methods and their Application, section 4.2.

    Examples
    --------
    >>> p_value(3.0, np.array([1.0, 2.0, 3.0, 4.0]))
    0.6
    """
    if not np.isfinite(observed):
        return float("nan")
    return float((1 + np.count_nonzero(null >= observed)) / (null.size + 1))


def holm(p: Sequence[float]) -> tuple[float, ...]:
    """P values corrected for having looked more than once.

    Parameters
    ----------
    p : sequence of float
        NaN where a test could not be made; such a one does not count as a look.

    Returns
    -------
    tuple of float
        In the same order, each at most 1.

    References
    ----------
    Holm (1979), Scandinavian Journal of Statistics 6, 65-70.

    Examples
    --------
    >>> holm([0.04, float("nan"), 0.01])
    (0.04, nan, 0.02)
    """
    made = sorted((value, i) for i, value in enumerate(p) if np.isfinite(value))
    corrected = [float("nan")] * len(p)
    least = 0.0
    for rank, (value, i) in enumerate(made):
        least = max(least, min(1.0, (len(made) - rank) * value))
        corrected[i] = least
    return tuple(corrected)
