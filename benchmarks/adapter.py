"""What the acceptance benchmarks in ../shared/bench call: thin, so they judge coreg."""

from dataclasses import asdict

import numpy as np
from numpy.typing import ArrayLike

from coreg.analysis import hrv as summary
from coreg.analysis import rsa, spectrum
from coreg.analysis.tachogram import elapsed_s


def hrv(rr_ms: ArrayLike) -> dict[str, float]:
    nn_ms = np.asarray(rr_ms, dtype=np.float64)
    figures = asdict(summary.hrv(elapsed_s(nn_ms), nn_ms))
    return {name: figures[name] for name in summary.FLOORS}


def rsa_ms(rr_ms: ArrayLike, period_s: float) -> float:
    nn_ms = np.asarray(rr_ms, dtype=np.float64)
    beat_t_s = elapsed_s(nn_ms)
    starts_s = np.arange(beat_t_s[0] + period_s / 8, beat_t_s[-1], period_s)
    periods_s = np.full(starts_s.size, period_s)
    return rsa.mean_rsa(beat_t_s, nn_ms, starts_s, periods_s).rsa_ms


def peak_power_ratio(rr_ms: ArrayLike) -> float:
    nn_ms = np.asarray(rr_ms, dtype=np.float64)
    return spectrum.peak_power_ratio(elapsed_s(nn_ms), nn_ms)
