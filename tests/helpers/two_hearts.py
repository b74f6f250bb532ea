"""Two hearts made by hand: slow waves of known coupling, and what a session does."""

import numpy as np
from numpy.typing import NDArray

from coreg.analysis.session_regressors import Pacer
from coreg.analysis.synchrony import Phase
from coreg.analysis.synchrony_channels import ComparedHeart

Floats = NDArray[np.float64]

SECONDS = 900
PHASES = (
    Phase(name="free", start_s=0.0, end_s=240.0),
    Phase(name="paced", start_s=240.0, end_s=600.0),
    Phase(name="after", start_s=600.0, end_s=900.0),
)
NO_GAPS = np.empty((0, 2))
GRID_S = np.arange(-30.0, SECONDS + 30.0, 0.25)


def slow_wave(rng: np.random.Generator) -> Floats:
    """Draw noise of 0.01-0.06 Hz, unit variance, on the grid."""
    hz = np.fft.rfftfreq(GRID_S.size, 0.25)
    drawn = rng.normal(size=hz.size) + 1j * rng.normal(size=hz.size)
    wave = np.fft.irfft(drawn * ((hz > 0.01) & (hz < 0.06)), GRID_S.size)
    return np.asarray(wave / wave.std())


def pacer() -> Pacer:
    """Six a minute for a while, then seven, while the second phase lasts."""
    is_on = (GRID_S >= 240) & (GRID_S < 600)
    rate_hz = np.where(GRID_S < 420, 0.1, 0.117)
    phase_rad = 2 * np.pi * np.cumsum(np.where(is_on, rate_hz, 0)) / 4
    return Pacer(t_s=GRID_S, rate_hz=rate_hz, phase_rad=phase_rad, is_on=is_on)


def session_response() -> Floats:
    """Return what the session does to both, in ln(IBI): settling, breath, its rate."""
    shown = pacer()
    paced = np.where(shown.is_on, 0.05 * np.sin(shown.phase_rad), 0.0)
    rate = np.where(shown.is_on, 2.0 * (shown.rate_hz - 0.1), 0.0)
    settling = -0.06 * np.exp(-np.maximum(GRID_S - 240, 0) / 30) * (GRID_S > 240)
    return np.asarray(paced + rate + settling - 0.05 * np.exp(-(GRID_S + 30) / 100))


def heart(wave: Floats) -> ComparedHeart:
    """Return a heart whose ln(IBI) is that of 0.9 s plus this wave."""
    t_s, beats_s = -20.0, []
    while t_s < SECONDS + 20:
        t_s += 0.9 * float(np.exp(np.interp(t_s, GRID_S, wave)))
        beats_s.append(t_s)
    beat_t_s = np.array(beats_s)
    return ComparedHeart(
        beat_t_s=beat_t_s[1:], nn_ms=1000 * np.diff(beat_t_s), gaps_s=NO_GAPS
    )


def couple(
    seed: int, coupling: float, lag_s: float = 0.0
) -> tuple[ComparedHeart, ComparedHeart]:
    """Return two hearts in one session; above 0 of `lag_s`: A before B."""
    rng = np.random.default_rng(seed)
    of_a, own = slow_wave(rng), slow_wave(rng)
    of_b = np.interp(GRID_S - lag_s, GRID_S, of_a)
    of_b = coupling * of_b + np.sqrt(1 - coupling**2) * own
    breaths = [
        0.02 * np.sin(2 * np.pi * hz * GRID_S) * (1 + 0.3 * slow_wave(rng))
        for hz in (0.23, 0.27)
    ]
    waves = (0.03 * of_a, 0.03 * of_b)
    a, b = (
        heart(wave + breath + session_response() + 0.005 * rng.normal(size=GRID_S.size))
        for wave, breath in zip(waves, breaths, strict=True)
    )
    return a, b
