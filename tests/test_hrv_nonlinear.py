"""Fluctuation analysis against plain boxes written from the paper."""

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from coreg.analysis.nonlinear import dfa_alpha1

Floats = NDArray[np.float64]


def alpha_by_boxes(nn_ms: Floats) -> float:
    """Peng 1995: integrate, fit a line to each box, slope of the log-log points."""
    finite = ~np.isnan(nn_ms)
    mean_ms = nn_ms[finite].mean()
    runs: list[list[float]] = [[]]
    for value in nn_ms:
        if math.isnan(value):
            runs.append([])
        else:
            runs[-1].append(value - mean_ms)
    log_sizes, log_spreads = [], []
    for size in range(4, 17):
        squares: list[float] = []
        for run in runs:
            profile = np.cumsum(run)
            for start in range(0, len(run) - size + 1, size):
                box, x = profile[start : start + size], np.arange(size)
                squares += list((box - np.polyval(np.polyfit(x, box, 1), x)) ** 2)
        log_sizes.append(math.log(size))
        log_spreads.append(0.5 * math.log(np.mean(squares)))
    return float(np.polyfit(log_sizes, log_spreads, 1)[0])


@pytest.mark.parametrize("rejected", [[], [50], [40, 41, 120, 150]])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_alpha_is_that_of_plain_boxes(rejected: list[int], seed: int) -> None:
    rng = np.random.default_rng(seed)
    nn_ms = 800 + np.cumsum(rng.normal(0, 5, 210)) + rng.normal(0, 20, 210)
    nn_ms[rejected] = math.nan
    assert dfa_alpha1(nn_ms) == pytest.approx(alpha_by_boxes(nn_ms), rel=1e-9)


def test_alpha_of_white_noise_and_of_a_random_walk() -> None:
    # 0.5 and 1.5 for long boxes; boxes of 4-16 lie a little higher for white noise
    # (Peng 1995, the deviation at small n).
    rng = np.random.default_rng(0)
    assert dfa_alpha1(rng.normal(800, 40, 20_000)) == pytest.approx(0.5, abs=0.15)
    walk_ms = 800 + np.cumsum(rng.normal(0, 4, 20_000))
    assert dfa_alpha1(walk_ms) == pytest.approx(1.5, abs=0.05)


def test_too_few_intervals_for_one_box_give_no_exponent() -> None:
    for count in (0, 1, 2, 3):
        assert math.isnan(dfa_alpha1(np.full(count, 800.0)))


def test_a_heart_that_does_not_vary_has_no_exponent() -> None:
    assert math.isnan(dfa_alpha1(np.full(300, 812.5)))
