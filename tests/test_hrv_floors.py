"""No figure without enough data behind it, and a reason in words for each missing."""

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from coreg.analysis.hrv import FLOORS, Hrv, hrv
from coreg.analysis.tachogram import elapsed_s

Floats = NDArray[np.float64]


def heart(seconds: float) -> Floats:
    """Intervals of about 800 ms that breathe and wander, this long together."""
    rng = np.random.default_rng(6)
    n = np.arange(int(seconds))
    nn_ms = 800 + 40 * np.sin(2 * np.pi * 0.2 * n) + rng.normal(0, 20, n.size)
    nn_ms = np.tile(nn_ms, 2)
    kept: Floats = nn_ms[np.cumsum(nn_ms) <= 1000 * seconds]
    return kept


def figures_of(nn_ms: Floats) -> Hrv:
    return hrv(elapsed_s(nn_ms), nn_ms)


# spec: RMSSD 30 s, HF 60 s, LF 120 s, VLF 300 s
@pytest.mark.parametrize(
    ("floor_s", "names"),
    [
        (30, ["rmssd_ms", "ln_rmssd", "pnn50_pct", "sdnn_ms", "sd1_ms", "sd2_ms"]),
        (60, ["hf_ms2", "hf_peak_hz"]),
        (120, ["lf_ms2", "lf_peak_hz", "lf_hf"]),
        (300, ["vlf_ms2"]),
    ],
)
def test_a_figure_begins_at_its_floor_of_seconds(
    floor_s: int, names: list[str]
) -> None:
    below, at = figures_of(heart(floor_s * 0.9)), figures_of(heart(floor_s))
    for name in names:
        assert math.isnan(getattr(below, name))
        assert f"needs {floor_s} s of clean intervals" in below.reasons[name]
        assert math.isfinite(getattr(at, name))
        assert name not in at.reasons


@pytest.mark.parametrize("name", ["sampen", "dfa_alpha1"])
def test_entropy_and_exponent_begin_at_two_hundred_beats(name: str) -> None:
    nn_ms = heart(200)
    below, at = figures_of(nn_ms[:199]), figures_of(nn_ms[:200])
    assert math.isnan(getattr(below, name))
    assert below.reasons[name] == "needs 200 clean intervals and got 199"
    assert math.isfinite(getattr(at, name))


def test_rejected_intervals_do_not_count_towards_a_floor() -> None:
    nn_ms = heart(70)
    nn_ms[10:30] = np.nan
    assert math.isnan(figures_of(nn_ms).hf_ms2)


def test_a_recording_full_of_holes_has_no_spectrum() -> None:
    nn_ms = heart(400)
    nn_ms[::4] = np.nan
    figures = figures_of(nn_ms)
    assert math.isnan(figures.hf_ms2)
    assert "80% of the time" in figures.reasons["hf_ms2"]
    assert math.isfinite(figures.mean_hr_bpm)


def test_no_two_neighbours_are_no_basis_for_rmssd() -> None:
    nn_ms = heart(100)
    nn_ms[::2] = np.nan
    assert "pairs of neighbouring" in figures_of(nn_ms).reasons["rmssd_ms"]


def test_low_frequency_below_250_s_comes_with_a_caution() -> None:
    short, long = figures_of(heart(200)), figures_of(heart(260))
    assert "full confidence from 250 s" in short.cautions["lf_ms2"]
    assert not long.cautions


def test_the_entropy_of_most_of_an_hour_comes_with_a_caution() -> None:
    # White noise has a sample entropy of -ln erf(0.1), 2.19; beneath it this heart
    # slows down by 300 ms within the hour, and the figure speaks of that.
    noise_ms = np.random.default_rng(3).normal(0, 20, 3700)
    slows_ms = 800 + np.linspace(0, 300, noise_ms.size) + noise_ms
    hour, minutes = figures_of(slows_ms), figures_of(slows_ms[:600])
    assert minutes.sampen == pytest.approx(-math.log(math.erf(0.1)), abs=0.2)
    assert hour.sampen < 1.5
    assert "at most 2000" in hour.cautions["sampen"]
    assert "sampen" not in minutes.cautions


@pytest.mark.parametrize("count", [0, 1, 2])
def test_every_missing_figure_has_its_reason(count: int) -> None:
    figures = figures_of(np.full(count, 800.0))
    missing = {name for name in FLOORS if math.isnan(getattr(figures, name))}
    assert set(figures.reasons) == missing
    assert len(missing) >= len(FLOORS) - 3


def test_a_heart_that_does_not_vary_gives_zeros_or_reasons_and_no_warning() -> None:
    figures = figures_of(np.full(500, 800.0))
    assert figures.rmssd_ms == 0.0
    assert math.isnan(figures.ln_rmssd)
    assert figures.reasons["ln_rmssd"].startswith("its definition gives no number")


def test_an_interval_of_zero_is_refused() -> None:
    with pytest.raises(ValueError, match="clean the intervals first"):
        figures_of(np.array([800.0, 0.0, 810.0]))


def test_times_and_intervals_must_match() -> None:
    with pytest.raises(ValueError, match="3 beat times for 2 intervals"):
        hrv(np.array([1.0, 2.0, 3.0]), np.array([800.0, 800.0]))


def test_a_heart_that_does_not_vary_has_no_peak() -> None:
    figures = figures_of(np.full(400, 800.0))
    assert figures.lf_ms2 == figures.hf_ms2 == 0
    for name in ("lf_peak_hz", "hf_peak_hz", "lf_hf"):
        assert math.isnan(getattr(figures, name))
        assert figures.reasons[name]


def test_figures_from_the_lesser_part_of_a_recording_come_with_a_caution() -> None:
    # A bigeminy leaves a few neighbours here and there: more than a floor, no picture.
    nn_ms = heart(400)
    nn_ms[np.arange(nn_ms.size) % 5 > 1] = np.nan
    figures = figures_of(nn_ms)
    for name in ("rmssd_ms", "sdnn_ms", "pnn50_pct"):
        assert math.isfinite(getattr(figures, name))
        assert "40% of the time" in figures.cautions[name]
