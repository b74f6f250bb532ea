"""Ways to ask whether two hearts were together: each from an evening to a p value.

The usual ones are written down here as their papers define them, as plainly as can be:
no one of them was tuned for better or worse. Where a paper leaves a choice open, the
common one is taken and named.
"""

import math
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import signal, stats

from benchmarks.false_synchrony.evenings import RATE_HZ, Evening
from coreg.analysis.synchrony import Synchrony, synchrony

Floats = NDArray[np.float64]
Method = Callable[[Evening], float]

SURROGATES: Final = 199
WINDOW_S: Final = 30
LONGEST_LAG_S: Final = 5
LAGS_S: Final = range(-LONGEST_LAG_S, LONGEST_LAG_S + 1)
COHERENCE_S: Final = 64
BAND_HZ: Final = (0.04, 0.15)
WARP_S: Final = 10
LEAST_OTHERS: Final = 19  # among fewer nothing can be below .05
NO_WAY: Final = 1e6  # costs more than any path, and yet can be added and taken away


def coreg_heart_rate(evening: Evening) -> float:
    """coreg's own test of heart rates over the whole evening."""
    return _by_coreg(evening).p_hr


def coreg_either(evening: Evening) -> float:
    """coreg's own test of heart rates and of the swing with the breath, by Holm."""
    return _by_coreg(evening).p_any


def correlation(evening: Evening) -> float:
    """Pearson's correlation of heart rates once a second, by its t distribution."""
    return float(
        stats.pearsonr(_each_second(evening.hr_a), _each_second(evening.hr_b)).pvalue
    )


def windowed_correlation(evening: Evening) -> float:
    """Windows of 30 s, lag 0, Fisher's z, a t test of the windows against nought."""
    z = [np.arctanh(_r(a, b)) for a, b in zip(*_windows(evening), strict=True)]
    return float(stats.ttest_1samp(z, 0.0).pvalue)


def largest_lag(evening: Evening) -> float:
    """Windows of 30 s at each lag up to 5 s: the surest t test, as if the only one.

    Windowed cross-correlation (Boker et al. 2002), read at its largest lag.
    """
    a, b = _each_second(evening.hr_a), _each_second(evening.hr_b)
    starts = range(LONGEST_LAG_S, a.size - WINDOW_S - LONGEST_LAG_S + 1, WINDOW_S)
    z = [
        [np.arctanh(_r(_from(a, at), _from(b, at + lag))) for lag in LAGS_S]
        for at in starts
    ]
    return float(np.min(stats.ttest_1samp(z, 0.0).pvalue))


def shuffled_segments(evening: Evening) -> float:
    """Mean |Fisher's z| within 5 s of lag, against segments of B in another order.

    As SUSY and rMEA do (Tschacher & Haken 2019; Kleinbub & Ramseyer 2021): segments of
    30 s, cross-correlated, and the same with segments that were not simultaneous.
    """
    rng = np.random.default_rng(evening.seed)
    a, b = _windows(evening)
    z = _z_of_all_pairs(a, b)
    count = len(a)
    real = float(np.mean(np.diag(z)))
    at = np.arange(count)
    chance = [float(np.mean(z[at, rng.permutation(count)])) for _ in range(SURROGATES)]
    return _share_at_least(real, chance)


def shifted(evening: Evening) -> float:
    """Largest |r| within 5 s of lag, against B moved round by a chance 30 s or more."""
    rng = np.random.default_rng(evening.seed)
    a, b = _each_second(evening.hr_a), _each_second(evening.hr_b)
    by = rng.integers(WINDOW_S, a.size - WINDOW_S, SURROGATES)
    chance = [_largest_r(a, np.roll(b, int(each))) for each in by]
    return _share_at_least(_largest_r(a, b), chance)


def coherence(evening: Evening) -> float:
    """Mean coherence from .04 to .15 Hz, against B with its phases drawn anew."""
    rng = np.random.default_rng(evening.seed)
    b = evening.hr_b
    hz, found = _coherence(
        evening.hr_a, np.vstack([b, *_phases_anew(b, SURROGATES, rng)])
    )
    real, *chance = found[:, (hz >= BAND_HZ[0]) & (hz <= BAND_HZ[1])].mean(axis=1)
    return _share_at_least(real, chance)


def coherence_of_breath(evening: Evening) -> float:
    """Coherence at the pacer's mean rate while it leads, by its textbook p value.

    Of k segments that do not overlap, without coherence: (1 - C)^(k - 1) (Carter 1987).
    """
    paced = slice(*_paced_samples(evening))
    hz, found = _coherence(evening.hr_a[paced], evening.hr_b[paced], overlap=0)
    pacer = evening.pacer
    at = int(np.argmin(abs(hz - pacer.rate_hz[pacer.is_on].mean())))
    segments = evening.hr_a[paced].size // round(COHERENCE_S * RATE_HZ)
    return float((1 - found[at]) ** (segments - 1))


def warped(evening: Evening) -> float:
    """Dynamic time warping within 10 s once a second, against B moved round."""
    rng = np.random.default_rng(evening.seed)
    a, b = (_each_second(hr) for hr in (evening.hr_a, evening.hr_b))
    by = rng.integers(WINDOW_S, a.size - WINDOW_S, SURROGATES)
    return _nearest(a, [b, *(np.roll(b, int(each)) for each in by)])


def warped_by_pairing(evening: Evening) -> float:
    """Dynamic time warping within 10 s, against A with the B of other evenings.

    NaN with fewer than 19 of them.
    """
    if len(evening.hr_others) < LEAST_OTHERS:
        return math.nan
    series = (evening.hr_a, evening.hr_b, *evening.hr_others)
    a, *b = (_each_second(hr) for hr in series)
    return _nearest(a, b)


def phase_locking(evening: Evening) -> float:
    """Phase locking from .04 to .15 Hz, against B moved round by 30 s or more."""
    band = signal.butter(2, BAND_HZ, "bandpass", fs=RATE_HZ, output="sos")
    a, b = (
        np.angle(signal.hilbert(signal.sosfiltfilt(band, hr)))
        for hr in (evening.hr_a, evening.hr_b)
    )
    least = round(WINDOW_S * RATE_HZ)
    rng = np.random.default_rng(evening.seed)
    by = rng.integers(least, a.size - least, SURROGATES)
    real, *chance = (
        float(abs(np.exp(1j * (a - np.roll(b, int(each)))).mean())) for each in (0, *by)
    )
    return _share_at_least(real, chance)


METHODS: Final[dict[str, Method]] = {
    "coreg: heart rate": coreg_heart_rate,
    "coreg: either channel": coreg_either,
    "correlation, t test": correlation,
    "windowed correlation, t test": windowed_correlation,
    "largest lag, t test": largest_lag,
    "shuffled segments (as SUSY)": shuffled_segments,
    "largest lag, B moved round": shifted,
    "coherence, phases anew": coherence,
    "coherence at the breath": coherence_of_breath,
    "time warping, B moved round": warped,
    "time warping, other pairs": warped_by_pairing,
    "phase locking, B moved round": phase_locking,
}


@lru_cache(maxsize=1)  # both of ours ask it of one evening, one after the other
def _by_coreg(evening: Evening) -> Synchrony:
    return synchrony(
        evening.a,
        evening.b,
        phases=evening.phases,
        pacer=evening.pacer,
        surrogates=499,
        seed=evening.seed,
    )


def _each_second(hr: Floats) -> Floats:
    step = round(RATE_HZ)
    seconds: Floats = hr[: hr.size // step * step].reshape(-1, step).mean(axis=1)
    return seconds


def _windows(evening: Evening) -> tuple[list[Floats], list[Floats]]:
    """Return both heart rates once a second, in windows that do not overlap."""
    series = [_each_second(hr) for hr in (evening.hr_a, evening.hr_b)]
    a, b = (
        [
            each[at : at + WINDOW_S]
            for at in range(0, each.size - WINDOW_S + 1, WINDOW_S)
        ]
        for each in series
    )
    return a, b


def _from(x: Floats, at: int) -> Floats:
    return x[at : at + WINDOW_S]


def _standard(x: Floats) -> Floats:
    """Return each series (the last axis) with mean 0 and variance 1; one at rest, 0."""
    spread = x.std(axis=-1, keepdims=True)
    rest = spread == 0
    standard: Floats = (x - x.mean(axis=-1, keepdims=True)) / np.where(rest, 1, spread)
    return standard


def _r(a: Floats, b: Floats) -> float:
    return float(np.clip(np.mean(_standard(a) * _standard(b)), -0.999, 0.999))


def _largest_r(a: Floats, b: Floats) -> float:
    return max(abs(_r_at(a, b, lag)) for lag in LAGS_S)


def _r_at(a: Floats, b: Floats, lag: int) -> float:
    if lag < 0:
        return _r_at(b, a, -lag)
    return _r(a[: a.size - lag], b[lag:])


def _z_of_all_pairs(a: Sequence[Floats], b: Sequence[Floats]) -> Floats:
    """Return the mean |z| over lags of each window of A with each of B."""
    all_a, all_b = np.array(a), np.array(b)
    z = []
    for lag in LAGS_S:
        first, second = max(-lag, 0), max(lag, 0)
        kept = WINDOW_S - abs(lag)
        one = _standard(all_a[:, first : first + kept])
        other = _standard(all_b[:, second : second + kept])
        z.append(abs(np.arctanh(np.clip(one @ other.T / kept, -0.999, 0.999))))
    mean: Floats = np.mean(z, axis=0)
    return mean


def _coherence(
    a: Floats, b: Floats, overlap: int | None = None
) -> tuple[Floats, Floats]:
    """Return frequencies (Hz), and the coherence of A with each B (the last axis)."""
    hz, found = signal.coherence(
        a, b, fs=RATE_HZ, nperseg=round(COHERENCE_S * RATE_HZ), noverlap=overlap
    )
    return hz, found


def _paced_samples(evening: Evening) -> tuple[int, int]:
    """Return where in heart rates the pacer begins and ends."""
    on_s = evening.pacer.t_s[evening.pacer.is_on]
    return round(on_s[0] * RATE_HZ), round(on_s[-1] * RATE_HZ) + 1


def _phases_anew(x: Floats, count: int, rng: np.random.Generator) -> Floats:
    spectrum = np.fft.rfft(x - x.mean())
    turned = np.exp(2j * np.pi * rng.random((count, spectrum.size)))
    return np.fft.irfft(np.abs(spectrum) * turned, x.size)


def _nearest(a: Floats, b: Sequence[Floats]) -> float:
    """Return how often one of the later B warps to A for as little as the first."""
    real, *chance = -warping_costs(_standard(a), _standard(np.array(b)))
    return _share_at_least(float(real), chance)


def warping_costs(a: Floats, b: Floats) -> Floats:
    """Return the least sum of |a - b| along a path that strays at most `WARP_S`.

    `a` has shape (n,), `b` (k, n); what returns, (k,).
    """
    width = 2 * WARP_S + 1
    padded = np.pad(b, ((0, 0), (WARP_S, WARP_S)), constant_values=NO_WAY)
    before = np.full((len(b), width + 1), NO_WAY)
    before[:, WARP_S] = 0.0
    for at, value in enumerate(a.tolist()):
        costs = np.minimum(abs(padded[:, at : at + width] - value), NO_WAY)
        best = np.minimum(before[:, :-1], before[:, 1:])  # both go on, or A alone does
        so_far = np.cumsum(costs, axis=1)
        # B alone goes on: the sum of costs since the place where it began to.
        before[:, :-1] = so_far + np.minimum.accumulate(best - so_far + costs, axis=1)
    ends: Floats = before[:, WARP_S].copy()
    return ends


def _share_at_least(real: float, chance: Sequence[float]) -> float:
    return float((1 + sum(each >= real for each in chance)) / (1 + len(chance)))
