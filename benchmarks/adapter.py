"""What the acceptance benchmarks call: coreg itself, in the units of the contract."""

from dataclasses import asdict

import numpy as np
from numpy.typing import ArrayLike, NDArray

from coreg.analysis import cleaning, rsa, spectrum
from coreg.analysis import hrv as summary
from coreg.analysis.tachogram import elapsed_s
from coreg.sensors import beats


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


def clean(
    rr_ms: ArrayLike, beat_t_s: ArrayLike | None = None
) -> tuple[list[str], NDArray[np.float64]]:
    times_s = None if beat_t_s is None else np.asarray(beat_t_s, dtype=np.float64)
    cleaned = cleaning.clean(np.asarray(rr_ms, dtype=np.float64), times_s)
    return list(cleaned.labels), cleaned.corrected_ms


def beat_times(notifications: list[tuple[float, list[float]]]) -> NDArray[np.float64]:
    packets = [
        (arrival_s, tuple(1000 * rr for rr in rr_s))
        for arrival_s, rr_s in notifications
    ]
    return beats.beat_times(packets).t_s
