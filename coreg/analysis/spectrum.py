"""Spectra of NN intervals, in ms^2/Hz, so that bands add up to ms^2.

Both spectra are one-sided and scaled alike: a sinusoid of amplitude A ms has power
A^2/2, wherever it lies.

* `psd_welch` goes by the 4 Hz tachogram. Where beats were lost the tachogram is NaN;
  those samples count as nothing, and the power is divided by the energy of the window
  over the samples that are there. So nothing is invented for a hole.
* `psd_lomb` goes by the beats themselves and needs no curve between them.
"""

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from coreg.analysis.lomb import lomb_powers
from coreg.analysis.tachogram import (
    MIN_BEATS,
    RATE_HZ,
    accepted,
    grid_between,
    tachogram,
)
from coreg.errors import NotEnoughBeats
from coreg.facts.arrays import Flags, Floats

SEGMENT_S: Final = 300.0
MIN_FFT: Final = 4096
MIN_COVERAGE: Final = 0.8  # of a window: below, the holes would shape the spectrum

WINDOW_S: Final = 64.0
WINDOW_STEP_S: Final = 32.0
STALE_S: Final = 5.0  # a strap may be 2.6 s late, cleaning one beat more
_SPLINE_MARGIN_S: Final = 3.0
_HALF_PEAK_HZ: Final = 0.015
_AT_ONCE: Final = 64  # segments whose tables a processor holds; a day has 575


class Band(NamedTuple):
    """Frequencies from `low_hz`, included, to `high_hz`, not included."""

    low_hz: float
    high_hz: float


VLF: Final = Band(0.0033, 0.04)
LF: Final = Band(0.04, 0.15)
HF: Final = Band(0.15, 0.40)
_PEAK_BAND: Final = Band(0.04, 0.26)
_WHOLE_BAND: Final = Band(0.0033, 0.40)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spectrum:
    """Power spectral density at equally spaced frequencies, one-sided."""

    frequency_hz: Floats
    power_ms2_per_hz: Floats


class Peak(NamedTuple):
    """The highest peak of the breathing range, and how much it stands out."""

    peak_hz: float
    peak_power_ratio: float


UNKNOWN_PEAK: Final = Peak(np.nan, np.nan)


def psd_welch(beat_t_s: Floats, nn_ms: Floats) -> Spectrum:
    """Spectrum of the tachogram by Welch's method.

    Parameters
    ----------
    beat_t_s : ndarray, shape (n,), seconds
        Time of the beat that ends each interval.
    nn_ms : ndarray, shape (n,), milliseconds
        Normal-to-normal intervals; NaN where cleaning rejected one.

    Returns
    -------
    Spectrum
        Mean over Hann-windowed segments of 300 s (or the record, where shorter), each
        less its mean, zero-padded to at least 4096 samples. Segments overlap by half,
        or by the little more that lets the last one end with the record. One that is
        less than `MIN_COVERAGE` full counts only where no other is better.

    Raises
    ------
    NotEnoughBeats
        With fewer than four accepted intervals, or none near another.

    References
    ----------
    Welch, IEEE Trans. Audio Electroacoust. 15 (1967) 70. Task Force of ESC and NASPE,
    Circulation 93 (1996) 1043.

    Examples
    --------
    >>> beat_t_s = np.arange(1.0, 301.0)
    >>> nn_ms = 1000 + 20 * np.sin(2 * np.pi * 0.1 * beat_t_s)
    >>> round(band_power_ms2(psd_welch(beat_t_s, nn_ms), LF))
    200
    """
    t_s, _ = _enough(beat_t_s, nn_ms)
    curve_ms = tachogram(beat_t_s, nn_ms, grid_between(t_s[0], t_s[-1]))
    length = min(curve_ms.size, round(SEGMENT_S * RATE_HZ))
    count = 1 + int(np.ceil(2 * (curve_ms.size - length) / length))
    starts = np.linspace(0, curve_ms.size - length, count).astype(int)
    known = np.append(0, np.cumsum(np.isfinite(curve_ms)))
    coverage = (known[starts + length] - known[starts]) / length
    if not coverage.any():
        raise _too_few(0)
    is_full = coverage >= min(MIN_COVERAGE, float(coverage.max()))
    return _periodogram(curve_ms, starts[is_full], length)


def psd_lomb(beat_t_s: Floats, nn_ms: Floats) -> Spectrum:
    """Spectrum of the intervals at the beats themselves, by Lomb and Scargle.

    Parameters
    ----------
    beat_t_s : ndarray, shape (n,), seconds
        Time of the beat that ends each interval.
    nn_ms : ndarray, shape (n,), milliseconds
        Normal-to-normal intervals; NaN where cleaning rejected one.

    Returns
    -------
    Spectrum
        Up to 0.5 Hz in steps of a quarter of 1/span, the mean removed, no window: the
        classical periodogram P of variance units, times 2 T / N, where the N
        accepted intervals last T seconds together (their holes not counted: with them
        a tenth missing would raise every power by a ninth).

    Raises
    ------
    NotEnoughBeats
        With fewer than four accepted intervals.

    Notes
    -----
    Without a window a strong peak leaks into its neighbourhood, and the mean of all
    intervals is that of the beats, not of time.

    References
    ----------
    Lomb, Astrophys. Space Sci. 39 (1976) 447. Scargle, Astrophys. J. 263 (1982) 835.

    Examples
    --------
    >>> beat_t_s = np.delete(np.arange(1.0, 301.0), slice(100, 130))
    >>> nn_ms = 1000 + 20 * np.sin(2 * np.pi * 0.1 * beat_t_s)
    >>> abs(band_power_ms2(psd_lomb(beat_t_s, nn_ms), LF) - 200) < 4
    True
    """
    t_s, kept_ms = _enough(beat_t_s, nn_ms)
    step_hz = 1 / (4 * (t_s[-1] - t_s[0]))
    frequency_hz = np.arange(1, int(0.5 / step_hz) + 1) * step_hz
    around_ms = kept_ms - kept_ms.mean()
    power_ms2 = lomb_powers(t_s - t_s[0], around_ms, step_hz, frequency_hz.size)
    return Spectrum(
        frequency_hz=frequency_hz,
        power_ms2_per_hz=power_ms2 * 2 * kept_ms.mean() / 1000,
    )


def band_power_ms2(spectrum: Spectrum, band: Band) -> float:
    """Power within a band: the sum of density times step, in ms^2.

    Examples
    --------
    >>> flat = Spectrum(
    ...     frequency_hz=np.arange(8) / 16, power_ms2_per_hz=np.full(8, 100.0)
    ... )
    >>> band_power_ms2(flat, HF)  # 3/16, 4/16, 5/16, 6/16 Hz
    25.0
    """
    step_hz = spectrum.frequency_hz[1] - spectrum.frequency_hz[0]
    return float(spectrum.power_ms2_per_hz[_within(spectrum, band)].sum() * step_hz)


def peak_hz(spectrum: Spectrum, band: Band) -> float:
    """Return the frequency of the largest density within a band.

    Examples
    --------
    >>> tilted = Spectrum(
    ...     frequency_hz=np.arange(8) / 16, power_ms2_per_hz=np.arange(8.0)
    ... )
    >>> peak_hz(tilted, HF)
    0.375
    """
    inside = np.flatnonzero(_within(spectrum, band))
    highest = inside[np.argmax(spectrum.power_ms2_per_hz[inside])]
    return float(spectrum.frequency_hz[highest])


def peak_of_window(beat_t_s: Floats, nn_ms: Floats, end_s: float) -> Peak:
    """Peak of the last `WINDOW_S` before the last accepted beat at or before `end_s`.

    Parameters
    ----------
    beat_t_s : ndarray, shape (n,), seconds
        Time of the beat that ends each interval. Beats more than three seconds older
        than the window make no difference.
    nn_ms : ndarray, shape (n,), milliseconds
        Normal-to-normal intervals; NaN where cleaning rejected one.
    end_s : float, seconds
        The moment of asking.

    Returns
    -------
    Peak
        Of the tachogram, mean removed, Hann window, zero-padded to 4096 samples: the
        highest peak in 0.04-0.26 Hz, and the power P within 0.015 Hz of it over the
        rest, P / (P of 0.0033-0.40 Hz - P). NaN where less than `MIN_COVERAGE` of
        the window is known or the last beat is more than `STALE_S` old.

    References
    ----------
    The ratio as popularised by HeartMath: McCraty & Shaffer, Glob. Adv. Health Med. 4
    (2015) 46, there called coherence, a word kept here for spectral coherence.

    Examples
    --------
    >>> beat_t_s = np.arange(1.0, 71.0)
    >>> nn_ms = 1000 + 20 * np.sin(2 * np.pi * 0.1 * beat_t_s)
    >>> round(peak_of_window(beat_t_s, nn_ms, 70.5).peak_hz, 2)
    0.1
    """
    past = (beat_t_s <= end_s) & (beat_t_s > end_s - STALE_S - oldest_needed_s())
    t_s, kept_ms = accepted(beat_t_s[past], nn_ms[past])
    if t_s.size < MIN_BEATS or end_s - t_s[-1] > STALE_S:
        return UNKNOWN_PEAK
    near = t_s > t_s[-1] - oldest_needed_s()
    count = round(WINDOW_S * RATE_HZ)
    grid_s = t_s[-1] - np.arange(count)[::-1] / RATE_HZ
    curve_ms = tachogram(t_s[near], kept_ms[near], grid_s)
    if np.isfinite(curve_ms).mean() < MIN_COVERAGE:
        return UNKNOWN_PEAK
    spectrum = _periodogram(curve_ms, np.zeros(1, dtype=int), curve_ms.size)
    centre_hz = peak_hz(spectrum, _PEAK_BAND)
    peak_ms2 = band_power_ms2(
        spectrum, Band(centre_hz - _HALF_PEAK_HZ, centre_hz + _HALF_PEAK_HZ)
    )
    rest_ms2 = band_power_ms2(spectrum, _WHOLE_BAND) - peak_ms2
    if rest_ms2 <= 0:  # a heart that does not vary at all
        return UNKNOWN_PEAK
    return Peak(centre_hz, peak_ms2 / rest_ms2)


def oldest_needed_s() -> float:
    """Return how long before its last beat a window still looks at beats."""
    return WINDOW_S + _SPLINE_MARGIN_S


def peak_power_ratio(beat_t_s: Floats, nn_ms: Floats) -> float:
    """Ratio of a whole recording: the median over 64 s windows, one every 32 s.

    Parameters
    ----------
    beat_t_s : ndarray, shape (n,), seconds
        Time of the beat that ends each interval.
    nn_ms : ndarray, shape (n,), milliseconds
        Normal-to-normal intervals; NaN where cleaning rejected one.

    Returns
    -------
    float
        Median of `peak_of_window`, windows that are not known left out; NaN if none
        is.

    Examples
    --------
    >>> bool(np.isnan(peak_power_ratio(np.arange(1.0, 31.0), np.full(30, 1000.0))))
    True
    """
    t_s, _ = accepted(beat_t_s, nn_ms)
    if t_s.size < MIN_BEATS:
        return float("nan")
    ends_s = np.arange(t_s[0] + WINDOW_S, t_s[-1] + 1 / RATE_HZ, WINDOW_STEP_S)
    ratios = np.array(
        [peak_of_window(beat_t_s, nn_ms, float(end_s))[1] for end_s in ends_s]
    )
    known = ratios[np.isfinite(ratios)]
    return float(np.median(known)) if known.size else float("nan")


def _enough(beat_t_s: Floats, nn_ms: Floats) -> tuple[Floats, Floats]:
    t_s, kept_ms = accepted(beat_t_s, nn_ms)
    if t_s.size < MIN_BEATS:
        raise _too_few(int(t_s.size))
    return t_s, kept_ms


def _too_few(have: int) -> NotEnoughBeats:
    return NotEnoughBeats(
        f"A spectrum needs at least {MIN_BEATS} clean intervals and got {have}.",
        "Lengthen the window, or check the strap's contact.",
    )


def _within(spectrum: Spectrum, band: Band) -> Flags:
    hz = spectrum.frequency_hz
    return (hz >= band.low_hz) & (hz < band.high_hz)


def _periodogram(curve_ms: Floats, starts: NDArray[np.int_], length: int) -> Spectrum:
    """Mean Hann periodogram of a curve's segments, whose NaN samples are absent."""
    n_fft = max(MIN_FFT, 1 << (length - 1).bit_length())
    hann = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(length) / length)
    density = np.empty((starts.size, n_fft // 2 + 1))
    table = np.empty((min(starts.size, _AT_ONCE), length))
    for first in range(0, starts.size, _AT_ONCE):
        rows = density[first : first + _AT_ONCE]
        segments = table[: len(rows)]
        for segment, start in zip(segments, starts[first:].tolist(), strict=False):
            segment[:] = curve_ms[start : start + length]
        _densities(segments, hann, n_fft, rows)
    density[:, [0, -1]] /= 2  # zero and the Nyquist frequency have no mirror image
    return Spectrum(
        frequency_hz=np.arange(density.shape[1]) * RATE_HZ / n_fft,
        power_ms2_per_hz=density.mean(axis=0),
    )


def _densities(segments: Floats, hann: Floats, n_fft: int, density: Floats) -> None:
    """Put the periodogram of each segment, which is used up, into its row."""
    known = np.isfinite(segments)
    if known.all():
        segments -= segments.sum(axis=1, keepdims=True) / segments.shape[1]
        energy = (hann**2).sum()
    else:
        segments[~known] = 0.0
        segments -= segments.sum(axis=1, keepdims=True) / known.sum(
            axis=1, keepdims=True
        )
        segments *= known
        energy = (known * hann**2).sum(axis=1, keepdims=True)
    segments *= hann
    np.abs(np.fft.rfft(segments, n_fft), out=density)
    density *= density
    density /= RATE_HZ * energy / 2
