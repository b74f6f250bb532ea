"""The two slow series of a heart that the synchrony test looks at, once a second.

* `ln_ibi`: the interval between beats, as a logarithm, so that it does not matter
  whether one thinks of intervals or of rate.
* `ln_rsa`: how widely the heart swings with the breath, as a logarithm, so that one
  who swings little and one who swings much may be compared.
"""

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import gaussian_filter1d

from coreg.analysis.crosscorrelation import GRID_RATE_HZ, instantaneous_hr_bpm
from coreg.analysis.stretches import stretch_means
from coreg.facts.arrays import Flags, Floats

FREE_BREATH_HZ = (0.15, 0.40)
PACED_BREATH_HZ = (0.065, 0.40)
_PER_S = round(GRID_RATE_HZ)
_SMOOTHING_SD_S = 3.0
_SMALLEST_SWING = 1e-6
"""Of ln(IBI): a thousandth of a millisecond, where a logarithm still exists."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ComparedHeart:
    """What is known of one heart.

    Attributes
    ----------
    beat_t_s : ndarray, shape (n,), seconds
        When each beat came, on the clock of the session; strictly increasing.
    nn_ms : ndarray, shape (n,), milliseconds
        The interval that ended with it; NaN where cleaning rejected it.
    gaps_s : ndarray, shape (m, 2), seconds
        Start and end of the stretches in which beats were lost.
    """

    beat_t_s: Floats
    nn_ms: Floats
    gaps_s: Floats


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Channels:
    """The slow series of one heart, one value a second.

    Attributes
    ----------
    ln_ibi : ndarray, shape (seconds,)
        Mean of ln(IBI in ms) over each second.
    ln_free_rsa, ln_paced_rsa : ndarray, shape (seconds,)
        Logarithm of the swing of ln(IBI) in the band of free and of paced breathing.
    known : ndarray of bool, shape (seconds,)
        Where there is something to go by; elsewhere the series only bridge.
    """

    ln_ibi: Floats
    ln_free_rsa: Floats
    ln_paced_rsa: Floats
    known: Flags


def channels(heart: ComparedHeart, *, start_s: float, seconds: int) -> Channels:
    """Return the slow series of a heart, second by second from `start_s`.

    Parameters
    ----------
    heart : Heart
    start_s : float, seconds
        Where the first second begins.
    seconds : int
        How many.

    Returns
    -------
    Channels
        A second is known where all of the curve through its beats is.

    Raises
    ------
    ValueError
        If beat times do not increase strictly.

    Notes
    -----
    A monotone curve (PCHIP) through ln(IBI) at 4 Hz, averaged over each second.

    Examples
    --------
    >>> t_s = np.arange(1.0, 61.0)
    >>> heart = ComparedHeart(
    ...     beat_t_s=t_s, nn_ms=np.full(60, 1000.0), gaps_s=np.array([[20.0, 25.0]])
    ... )
    >>> seen = channels(heart, start_s=0.0, seconds=60)
    >>> np.flatnonzero(~seen.known).tolist()
    [0, 20, 21, 22, 23, 24]
    """
    grid_s = start_s + (np.arange(seconds * _PER_S) + 0.5) / _PER_S
    hr_bpm = instantaneous_hr_bpm(heart.beat_t_s, heart.nn_ms, heart.gaps_s, grid_s)
    curve = np.log(60_000 / hr_bpm)
    ok = np.isfinite(curve)
    known = np.all(ok.reshape(seconds, _PER_S), axis=1)
    if ok.any():
        curve = np.interp(grid_s, grid_s[ok], curve[ok])
    else:
        curve = np.zeros(grid_s.size)
    return Channels(
        ln_ibi=stretch_means(curve, _PER_S),
        ln_free_rsa=_ln_swing(curve, FREE_BREATH_HZ),
        ln_paced_rsa=_ln_swing(curve, PACED_BREATH_HZ),
        known=known,
    )


def _ln_swing(curve: Floats, band_hz: tuple[float, float]) -> Floats:
    """Return the logarithm of the envelope of what `curve` does within a band.

    The envelope is the length of the analytic signal; the band is cut in the spectrum
    of the whole session, less the line from its first to its last value (its ends would
    otherwise be a step, and a step is in every band). Its energy is averaged over about
    a breath: between two rhythms an envelope touches 0, where the logarithm falls
    without end, and these falls, no one's breath, drowned what couples share.
    """
    line = np.linspace(curve[0], curve[-1], curve.size)
    hz = np.fft.fftfreq(curve.size, 1 / _PER_S)
    inside = (hz >= band_hz[0]) & (hz < band_hz[1])
    analytic = np.fft.ifft(2 * np.fft.fft(curve - line) * inside)
    energy = gaussian_filter1d(np.abs(analytic) ** 2, _SMOOTHING_SD_S * _PER_S)
    return np.log(np.sqrt(stretch_means(energy, _PER_S)) + _SMALLEST_SWING)
