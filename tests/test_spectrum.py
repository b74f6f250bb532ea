"""Spectra against sinusoids, white noise, and scipy's own estimators."""

import math

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import signal

from coreg.analysis.spectrum import (
    HF,
    LF,
    VLF,
    Band,
    Spectrum,
    band_power_ms2,
    peak_hz,
    peak_of_window,
    peak_power_ratio,
    psd_lomb,
    psd_welch,
)
from coreg.analysis.tachogram import grid_between, tachogram
from coreg.errors import NotEnoughBeats

Floats = NDArray[np.float64]


def beats(seconds: float, mean_ms: float = 800.0) -> Floats:
    """Times of beats that come unevenly, as beats do."""
    rng = np.random.default_rng(3)
    steps_s = rng.normal(mean_ms, 30, int(seconds * 1000 / mean_ms)) / 1000
    return np.cumsum(steps_s)


@pytest.mark.parametrize(("hz", "band"), [(0.02, VLF), (0.1, LF), (0.25, HF)])
def test_a_sinusoid_has_half_its_amplitude_squared_in_its_band(
    hz: float, band: Band
) -> None:
    beat_t_s = beats(600)
    nn_ms = 800 + 30 * np.sin(2 * np.pi * hz * beat_t_s + 0.4)
    for spectrum in (psd_welch(beat_t_s, nn_ms), psd_lomb(beat_t_s, nn_ms)):
        assert band_power_ms2(spectrum, band) == pytest.approx(450, rel=0.03)
        assert peak_hz(spectrum, band) == pytest.approx(hz, abs=0.001)


def test_lomb_spreads_white_noise_evenly_up_to_half_the_heart_rate() -> None:
    beat_t_s = np.arange(1.0, 301.0)
    rng = np.random.default_rng(4)
    powers = [
        band_power_ms2(psd_lomb(beat_t_s, rng.normal(1000, 20, 300)), Band(0.1, 0.4))
        for _ in range(30)
    ]
    assert np.mean(powers) == pytest.approx(20**2 * 0.3 / 0.5, rel=0.05)


def test_welch_agrees_with_scipy_on_a_whole_recording() -> None:
    beat_t_s = np.append(0.0, beats(620))
    rng = np.random.default_rng(8)
    nn_ms = rng.normal(800, 40, beat_t_s.size)
    last = int(np.searchsorted(beat_t_s, 600.0))
    beat_t_s = np.append(beat_t_s[:last], 599.75)
    nn_ms = nn_ms[: last + 1]
    curve_ms = tachogram(beat_t_s, nn_ms, grid_between(0.0, 599.75))
    assert curve_ms.size == 2400
    hz, density = signal.welch(
        curve_ms, 4.0, "hann", nperseg=1200, noverlap=600, nfft=4096
    )
    ours = psd_welch(beat_t_s, nn_ms)
    np.testing.assert_allclose(ours.frequency_hz, hz)
    np.testing.assert_allclose(ours.power_ms2_per_hz, density, rtol=1e-9)


def test_lomb_agrees_with_scipy_scaled_by_twice_the_time_over_the_beats() -> None:
    beat_t_s = beats(300)
    nn_ms = np.random.default_rng(9).normal(800, 40, beat_t_s.size)
    ours = psd_lomb(beat_t_s, nn_ms)
    power = signal.lombscargle(
        beat_t_s, nn_ms - nn_ms.mean(), 2 * np.pi * ours.frequency_hz
    )
    scaled = power * 2 * nn_ms.sum() / 1000 / nn_ms.size
    np.testing.assert_allclose(ours.power_ms2_per_hz, scaled, rtol=1e-6)


def test_lost_beats_take_no_power_and_bring_none() -> None:
    beat_t_s = beats(600)
    nn_ms = 800 + 30 * np.sin(2 * np.pi * 0.1 * beat_t_s)
    left = (beat_t_s < 220) | (beat_t_s > 255)
    for spectrum in (
        psd_welch(beat_t_s[left], nn_ms[left]),
        psd_lomb(beat_t_s[left], nn_ms[left]),
    ):
        assert band_power_ms2(spectrum, LF) == pytest.approx(450, rel=0.04)
        assert band_power_ms2(spectrum, HF) < 5


def test_the_end_of_a_recording_counts() -> None:
    # 440 s: a fixed half overlap would end at 300 s and never see the last 140.
    beat_t_s = beats(440)
    nn_ms = np.full(beat_t_s.size, 800.0)
    late = beat_t_s > 320
    nn_ms[late] += 30 * np.sin(2 * np.pi * 0.25 * beat_t_s[late])
    assert band_power_ms2(psd_welch(beat_t_s, nn_ms), HF) > 50


def test_a_band_holds_its_lower_edge_and_not_its_upper() -> None:
    single = np.array([0.0, 0.0, 0.0, 1000.0, 0.0])
    hz = np.linspace(0.0, 0.5, 5)  # eighths: exact in binary
    spectrum = Spectrum(frequency_hz=hz, power_ms2_per_hz=single)
    assert band_power_ms2(spectrum, Band(0.375, 0.5)) == 125.0
    assert band_power_ms2(spectrum, Band(0.25, 0.375)) == 0.0


def test_a_spectrum_of_three_beats_is_refused_in_words() -> None:
    beat_t_s = np.array([1.0, 2.0, 3.0])
    with pytest.raises(NotEnoughBeats, match="at least 4 clean intervals and got 3"):
        psd_welch(beat_t_s, np.full(3, 1000.0))
    with pytest.raises(NotEnoughBeats, match="at least 4 clean intervals and got 3"):
        psd_lomb(beat_t_s, np.full(3, 1000.0))


# --- peak power ratio ---------------------------------------------------------


def ratio(breaths_per_min: float, amplitude_ms: float) -> float:
    """Median over ten hearts that breathe at this rate in the same noise."""
    values = []
    for seed in range(10):
        rng = np.random.default_rng(seed)
        beat_t_s = beats(300)
        angle = 2 * np.pi * breaths_per_min / 60 * beat_t_s
        nn_ms = 800 + amplitude_ms * np.sin(angle) + rng.normal(0, 25, beat_t_s.size)
        values.append(peak_power_ratio(beat_t_s, nn_ms))
    return float(np.median(values))


def test_equal_breaths_score_the_same_at_every_rate() -> None:
    ratios = [ratio(rate, 40) for rate in (4.5, 5, 5.5, 6, 6.5, 7)]
    assert max(ratios) / min(ratios) < 1.15


def test_a_rhythm_scores_far_above_noise() -> None:
    assert ratio(6, 40) > 4 * ratio(6, 0)


def test_a_breath_beyond_the_range_is_no_peak() -> None:
    beat_t_s = beats(300)
    rng = np.random.default_rng(1)
    swing_ms = 40 * np.sin(2 * np.pi * 0.3 * beat_t_s)
    nn_ms = 800 + swing_ms + rng.normal(0, 10, beat_t_s.size)
    peak = peak_of_window(beat_t_s, nn_ms, 200.0)
    assert peak.peak_hz < 0.26
    assert peak.peak_power_ratio < 0.2


def test_a_heart_that_does_not_vary_has_no_peak() -> None:
    beat_t_s = np.arange(1.0, 101.0)
    peak = peak_of_window(beat_t_s, np.full(100, 1000.0), 100.0)
    assert math.isnan(peak.peak_power_ratio)
