"""Ways to ask whether two hearts were together: each from an evening to a p value.

The usual ones are written down here as their papers define them, as plainly as can be:
no one of them was tuned for better or worse. Where a paper leaves a choice open, the
common one is taken and named.
"""

from collections.abc import Callable
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
COHERENCE_S: Final = 64
BAND_HZ: Final = (0.04, 0.15)
WARP_S: Final = 10


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
    real = _coherence(evening.hr_a, evening.hr_b)
    chance = [
        _coherence(evening.hr_a, _phases_anew(evening.hr_b, rng))
        for _ in range(SURROGATES)
    ]
    return _share_at_least(real, chance)


def warped(evening: Evening) -> float:
    """Dynamic time warping within 10 s once a second, against B moved round."""
    rng = np.random.default_rng(evening.seed)
    a, b = (_standard(_each_second(hr)) for hr in (evening.hr_a, evening.hr_b))
    by = rng.integers(WINDOW_S, a.size - WINDOW_S, 39)  # a slow method: fewer
    chance = [-_warping_cost(a, np.roll(b, int(each))) for each in by]
    return _share_at_least(-_warping_cost(a, b), chance)


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
    "shuffled segments (as SUSY)": shuffled_segments,
    "largest lag, B moved round": shifted,
    "coherence, phases anew": coherence,
    "time warping, B moved round": warped,
    "phase locking, B moved round": phase_locking,
}


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


def _standard(x: Floats) -> Floats:
    spread = float(x.std())
    return (x - x.mean()) / spread if spread else np.zeros(x.size)


def _r(a: Floats, b: Floats) -> float:
    return float(np.clip(np.mean(_standard(a) * _standard(b)), -0.999, 0.999))


def _largest_r(a: Floats, b: Floats) -> float:
    lags = range(-LONGEST_LAG_S, LONGEST_LAG_S + 1)
    return max(abs(_r_at(a, b, lag)) for lag in lags)


def _r_at(a: Floats, b: Floats, lag: int) -> float:
    if lag < 0:
        return _r_at(b, a, -lag)
    return _r(a[: a.size - lag], b[lag:])


def _z_of_all_pairs(a: list[Floats], b: list[Floats]) -> Floats:
    """Return the mean |z| over lags of each window of A with each of B."""
    lags = range(-LONGEST_LAG_S, LONGEST_LAG_S + 1)
    return np.array(
        [
            [
                np.mean([abs(np.arctanh(_r_at(one, other, lag))) for lag in lags])
                for other in b
            ]
            for one in a
        ]
    )


def _coherence(a: Floats, b: Floats) -> float:
    hz, found = signal.coherence(a, b, fs=RATE_HZ, nperseg=round(COHERENCE_S * RATE_HZ))
    return float(found[(hz >= BAND_HZ[0]) & (hz <= BAND_HZ[1])].mean())


def _phases_anew(x: Floats, rng: np.random.Generator) -> Floats:
    spectrum = np.fft.rfft(x - x.mean())
    turned = np.exp(2j * np.pi * rng.random(spectrum.size))
    return np.fft.irfft(np.abs(spectrum) * turned, x.size)


def _warping_cost(a: Floats, b: Floats) -> float:
    """Return the least sum of |a - b| along a path that strays at most `WARP_S`."""
    width = 2 * WARP_S + 1
    before = np.full(width + 2, np.inf)
    before[WARP_S + 1] = 0.0
    padded = np.concatenate([np.full(WARP_S, np.inf), b, np.full(WARP_S, np.inf)])
    for at, value in enumerate(a.tolist()):
        costs = np.abs(padded[at : at + width] - value)
        now = np.full(width + 2, np.inf)
        best = np.minimum(before[1:-1], before[2:])  # straight on, or A alone goes on
        left = np.inf
        for place in range(width):
            step = min(float(best[place]), left)
            left = float(costs[place]) + step if at or place >= WARP_S else np.inf
            if at == 0 and place == WARP_S:
                left = float(costs[place])
            now[place + 1] = left
        before = now
    return float(before[WARP_S + 1])


def _share_at_least(real: float, chance: list[float]) -> float:
    return (1 + sum(each >= real for each in chance)) / (1 + len(chance))
