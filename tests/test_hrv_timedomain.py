"""Time-domain figures worked by hand; differences never span a rejected interval."""

import math
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from coreg.analysis import timedomain as td
from coreg.analysis.nonlinear import sd1_ms, sd2_ms

Floats = NDArray[np.float64]

# Differences +20, -60, +80: squares 400 + 3600 + 6400 = 10 400. Mean 805.
FOUR_MS = np.array([800.0, 820.0, 760.0, 840.0])


def test_four_intervals_by_hand() -> None:
    assert td.mean_nn_ms(FOUR_MS) == 805.0
    assert td.mean_hr_bpm(FOUR_MS) == pytest.approx(60_000 / 805)
    assert td.sdnn_ms(FOUR_MS) == pytest.approx(math.sqrt(3500 / 3))
    assert td.rmssd_ms(FOUR_MS) == pytest.approx(math.sqrt(10_400 / 3))
    assert td.ln_rmssd(FOUR_MS) == pytest.approx(0.5 * math.log(10_400 / 3))
    assert td.pnn50_pct(FOUR_MS) == pytest.approx(200 / 3)


def test_the_poincare_axes_by_hand() -> None:
    # Differences have mean 40/3: squares about it 400/9 + 48 400/9 + 40 000/9.
    sdsd_squared = 88_800 / 9 / 2
    assert sd1_ms(FOUR_MS) ** 2 == pytest.approx(sdsd_squared / 2)
    assert sd2_ms(FOUR_MS) ** 2 == pytest.approx(0.0, abs=1e-9)  # 2333 - 2467 < 0
    slow_ms = np.array([800.0, 810.0, 830.0, 840.0, 850.0])
    # SDNN^2 = 430; differences 10, 20, 10, 10: SDSD^2 = 25.
    assert sd2_ms(slow_ms) ** 2 == pytest.approx(860 - 12.5)


def test_the_mean_rate_and_the_mean_of_rates_differ() -> None:
    nn_ms = np.array([1000.0, 500.0])
    assert td.mean_hr_bpm(nn_ms) == 80.0
    assert td.mean_inst_hr_bpm(nn_ms) == 90.0


def test_exactly_fifty_milliseconds_is_not_beyond_fifty() -> None:
    assert td.pnn50_pct(np.array([800.0, 850.0, 901.0])) == 50.0


def test_no_difference_spans_a_rejected_interval() -> None:
    nn_ms = np.array([1000.0, 1000.0, np.nan, 600.0, 600.0])
    assert td.rmssd_ms(nn_ms) == 0.0
    assert td.sdnn_ms(nn_ms) > 0


def test_no_difference_spans_lost_beats() -> None:
    beat_t_s = np.array([1.0, 2.0, 9.0, 9.6])
    nn_ms = np.array([1000.0, 1000.0, 600.0, 600.0])
    lost_before = np.array([False, False, True, False])
    marked_s, marked_ms = td.with_gaps(beat_t_s, nn_ms, lost_before)
    assert td.rmssd_ms(marked_ms) == 0.0
    assert marked_s[np.isfinite(marked_ms)].tolist() == beat_t_s.tolist()


@pytest.mark.parametrize(
    "figure",
    [
        td.mean_nn_ms,
        td.mean_hr_bpm,
        td.mean_inst_hr_bpm,
        td.sdnn_ms,
        td.sdsd_ms,
        td.rmssd_ms,
        td.ln_rmssd,
        td.pnn50_pct,
        sd1_ms,
        sd2_ms,
    ],
)
def test_no_interval_gives_no_figure(figure: Callable[[Floats], float]) -> None:
    assert math.isnan(figure(np.array([])))
    assert math.isnan(figure(np.array([np.nan, np.nan])))


def test_the_logarithm_of_no_variation_is_no_figure() -> None:
    assert math.isnan(td.ln_rmssd(np.full(5, 800.0)))
