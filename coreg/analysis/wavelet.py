"""Wavelet coherence of two hearts: at which pace, and when, they moved together.

For looking. A shared pacer fills its own band with coherence, whoever breathes: that
band is to be hatched. The level that chance reaches comes from phase-randomised
surrogates, never from AR(1) noise, against which every pair of paced strangers is
"significant".
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import distance_transform_edt

from coreg.analysis.surrogates import phase_randomised
from coreg.facts.arrays import Flags, Floats

Complex = NDArray[np.complex128]

OMEGA_0 = 6.0
FOURIER_FACTOR = 4 * np.pi / (OMEGA_0 + np.sqrt(2 + OMEGA_0**2))
"""Period of a sinusoid over the scale that answers it most: 1.033."""
VOICES = 12
_SCALE_WINDOW_OCTAVES = 0.6
_LEAST = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WaveletCoherence:
    """Coherence over time and frequency.

    Attributes
    ----------
    t_s : ndarray, shape (n,), seconds
        From the first sample.
    hz : ndarray, shape (frequencies,), hertz
        Increasing, 12 an octave.
    coherence : ndarray, shape (frequencies, n)
        Squared coherence, 0 to 1.
    phase_rad : ndarray, shape (frequencies, n), radians
        How far A is ahead of B within a cycle. Ahead by a little, or behind by nearly
        a cycle: it cannot be told.
    near_edge : ndarray of bool, shape (frequencies, n)
        Within the cone of influence of an end or a gap: fade it, claim nothing.
    chance : ndarray, shape (frequencies,)
        What 95 % of the surrogates' moments stay below, frequency by frequency.
    """

    t_s: Floats
    hz: Floats
    coherence: Floats
    phase_rad: Floats
    near_edge: Flags
    chance: Floats


def frequencies_hz(low_hz: float, high_hz: float) -> Floats:
    """Return frequencies evenly spaced in pitch, `VOICES` an octave.

    Parameters
    ----------
    low_hz, high_hz : float, hertz
        The lowest frequency, above 0, and the one that none goes beyond.

    Returns
    -------
    ndarray, shape (k,), hertz
        Rising; ``low_hz * 2 ** (i / VOICES)``, as wavelets are spaced (Torrence &
        Compo 1998, equation 9).

    Examples
    --------
    An octave has 12 steps and 13 ends of steps; each step is the twelfth root of 2.

    >>> hz = frequencies_hz(0.1, 0.2)
    >>> hz.size, hz[0].item(), round(hz[-1].item(), 3), round(hz[1].item(), 4)
    (13, 0.1, 0.2, 0.1059)
    """
    count = int(np.floor(VOICES * np.log2(high_hz / low_hz) + 1e-9)) + 1
    frequencies: Floats = low_hz * 2 ** (np.arange(count) / VOICES)
    return frequencies


def wavelet_coherence(
    a: Floats,
    b: Floats,
    *,
    rate_hz: float,
    hz: Floats,
    surrogates: int,
    rng: np.random.Generator,
) -> WaveletCoherence:
    """Wavelet coherence of two series, with what chance reaches.

    Parameters
    ----------
    a, b : ndarray, shape (n,)
        On one regular grid; NaN in gaps.
    rate_hz : float
        Samples a second; the highest frequency lies below half of it.
    hz : ndarray, shape (frequencies,), hertz
        From `frequencies_hz`.
    surrogates : int
        Their moments are pooled, so some 50 are enough for a level at the 95 %; with 0
        there is none (NaN).
    rng : numpy.random.Generator

    Returns
    -------
    WaveletCoherence

    Raises
    ------
    ValueError
        If the series differ in length, one has no two values, or a frequency is too
        high for the grid.

    Notes
    -----
    1. Gaps are bridged by straight lines, and everything within a cone of influence
       (sqrt(2) scales) of one is marked `near_edge`.
    2. Morlet wavelet, omega_0 = 6 (Torrence & Compo 1998).
    3. Spectra over scale, smoothed in time by exp(-t^2 / 2 s^2) and over 0.6 octaves;
       squared coherence as in Grinsted, Moore & Jevrejeva (2004), eq. 8.
    4. B's phases are drawn anew; the level is the 95 % quantile over surrogates and the
       moments outside the cone. One cell in twenty exceeds it by chance, and
       neighbouring cells do so together: a patch is no finding.

    References
    ----------
    Torrence & Compo (1998), Bull. Am. Meteorol. Soc. 79, 61-78. Grinsted, Moore &
    Jevrejeva (2004), Nonlinear Processes in Geophysics 11, 561-566.

    Examples
    --------
    B does three seconds later what A does:

    >>> rng = np.random.default_rng(1)
    >>> t_s = np.arange(300.0)
    >>> seen = wavelet_coherence(
    ...     np.sin(0.3 * t_s),
    ...     np.sin(0.3 * (t_s - 3)),
    ...     rate_hz=1.0,
    ...     hz=np.array([0.3 / (2 * np.pi)]),
    ...     surrogates=0,
    ...     rng=rng,
    ... )
    >>> round(float(seen.coherence[0, 150]), 3), round(float(seen.phase_rad[0, 150]), 1)
    (1.0, 0.9)
    """
    _check(a, b, rate_hz, hz)
    lost = ~(np.isfinite(a) & np.isfinite(b))
    a, b = _bridged(a), _bridged(b)
    scales = rate_hz / (FOURIER_FACTOR * hz)  # in samples
    wave_a, wave_b = _transform(a, scales), _transform(b, scales)
    power_a = _smoothed(np.abs(wave_a) ** 2, scales).real
    coherence, cross = _coherence(wave_a, power_a, wave_b, scales)
    near_edge = _edges(lost, scales)
    return WaveletCoherence(
        t_s=np.arange(a.size) / rate_hz,
        hz=hz,
        coherence=coherence,
        phase_rad=np.angle(cross),
        near_edge=near_edge,
        chance=_chance(
            (wave_a, power_a),
            phase_randomised(b[np.newaxis], surrogates, rng)[0],
            scales,
            near_edge,
        ),
    )


def _check(a: Floats, b: Floats, rate_hz: float, hz: Floats) -> None:
    if a.shape != b.shape:
        raise ValueError(f"series of {a.size} and {b.size} samples share no grid")
    if min(np.isfinite(a).sum(), np.isfinite(b).sum()) < 2:
        raise ValueError("wavelet coherence needs at least two values of each")
    if hz.max() >= rate_hz / 2:
        raise ValueError(f"{hz.max()} Hz needs more than {rate_hz} samples a second")


def _bridged(x: Floats) -> Floats:
    at, known = np.arange(x.size), np.isfinite(x)
    whole: Floats = np.interp(at, at[known], x[known])
    whole -= whole.mean()
    return whole


def _transform(x: Floats, scales: Floats) -> Complex:
    """Continuous Morlet transform, each scale of unit energy (T&C 1998, eq. 4, 6)."""
    size = _padded_size(x.size)
    omega = 2 * np.pi * np.fft.fftfreq(size)
    daughter = np.exp(-0.5 * (np.outer(scales, omega) - OMEGA_0) ** 2) * (omega > 0)
    daughter *= np.pi**-0.25 * np.sqrt(2 * np.pi * scales)[:, np.newaxis]
    wave: Complex = np.fft.ifft(np.fft.fft(x, size) * daughter)[:, : x.size]
    return wave


def _smoothed(x: NDArray[np.complex128] | Floats, scales: Floats) -> Complex:
    """Smooth x / scale in time, by its scale, and over 0.6 octaves of scale."""
    size = _padded_size(x.shape[1])
    omega = 2 * np.pi * np.fft.fftfreq(size)
    gauss = np.exp(-0.5 * np.outer(scales, omega) ** 2)
    in_time = np.fft.ifft(np.fft.fft(x / scales[:, np.newaxis], size) * gauss)
    in_time = in_time[:, : x.shape[1]]
    half = round(_SCALE_WINDOW_OCTAVES * VOICES) // 2
    running = np.cumsum(np.vstack((np.zeros((1, x.shape[1])), in_time)), axis=0)
    rows = np.arange(scales.size)
    low, high = np.maximum(rows - half, 0), np.minimum(rows + half + 1, rows.size)
    smooth: Complex = (running[high] - running[low]) / (high - low)[:, np.newaxis]
    return smooth


def _padded_size(n: int) -> int:
    """Return a length at which ends do not meet: twice, to a power of two."""
    return 1 << (2 * n - 1).bit_length()


def _coherence(
    wave_a: Complex, power_a: Floats, wave_b: Complex, scales: Floats
) -> tuple[Floats, Complex]:
    """Squared coherence, and the smoothed cross spectrum."""
    cross = _smoothed(wave_a * wave_b.conj(), scales)
    power = power_a * _smoothed(np.abs(wave_b) ** 2, scales).real
    known = power > _LEAST * power.max(initial=0.0)
    squared = np.divide(
        np.abs(cross) ** 2, power, out=np.zeros_like(power), where=known
    )
    return np.clip(squared, 0.0, 1.0), cross


def _edges(lost: Flags, scales: Floats) -> Flags:
    """Say which cells lie within sqrt(2) scales of an end or a gap."""
    known = np.concatenate(([False], ~lost, [False]))
    samples_away = np.asarray(distance_transform_edt(known))[1:-1]
    near: Flags = samples_away < np.sqrt(2) * scales[:, np.newaxis]
    return near


def _chance(
    of_a: tuple[Complex, Floats],
    drawn: Floats,
    scales: Floats,
    near_edge: Flags,
) -> Floats:
    """Return the 95 % level of the surrogates' coherence at each frequency."""
    level = np.full(scales.size, np.nan)
    if not len(drawn):
        return level
    seen = np.stack(
        [_coherence(*of_a, _transform(each, scales), scales)[0] for each in drawn], 1
    )
    for row, away in enumerate(~near_edge):
        if away.any():
            level[row] = np.quantile(seen[row][:, away], 0.95)
    return level
