"""The breath from R heights and intervals: planted breaths, waves and disagreement."""

import math

import numpy as np
import pytest

from coreg.analysis.breath_from_heart import HeartUntold, breath_of_heart
from coreg.facts.arrays import Floats

T_S = np.cumsum(np.random.default_rng(1).normal(0.85, 0.03, 120))


def wave(rate_per_min: float) -> Floats:
    return np.sin(2 * np.pi * rate_per_min / 60 * T_S)


def noise(seed: int) -> Floats:
    return np.random.default_rng(seed).standard_normal(T_S.size)


@pytest.mark.parametrize("rate_per_min", [4.5, 6, 9, 12, 15, 20])
def test_both_together_find_a_planted_breath(rate_per_min: float) -> None:
    nn_ms = 850 + 25 * wave(rate_per_min) + 12 * noise(2)
    height_uv = 1100 + 60 * wave(rate_per_min) + 25 * noise(3)
    told = breath_of_heart(T_S, nn_ms, height_uv, 95.0)
    assert told.untold is None
    assert abs(told.rate_per_min - rate_per_min) < 0.3
    assert told.quality > max(told.by_amplitude.quality, told.by_interval.quality)


def test_slow_waves_of_a_heart_are_no_breath() -> None:
    none = np.full(T_S.size, math.nan)
    told = breath_of_heart(T_S, 850 + 30 * wave(6) + 5 * noise(2), none, 95.0)
    assert told.untold is HeartUntold.UNCLEAR
    assert math.isnan(told.rate_per_min)


def test_a_quiet_heart_leaves_it_to_the_height() -> None:
    height_uv = 1100 + 60 * wave(14) + 15 * noise(3)
    told = breath_of_heart(T_S, 850 + 12 * noise(2), height_uv, 95.0)
    assert told.untold is None
    assert abs(told.rate_per_min - 14) < 0.3


def test_two_that_disagree_tell_nothing() -> None:
    height_uv = 1100 + 60 * wave(14) + 10 * noise(3)
    told = breath_of_heart(T_S, 850 + 25 * wave(9) + 8 * noise(2), height_uv, 95.0)
    assert told.untold is HeartUntold.DISAGREE


def test_noise_tells_nothing() -> None:
    for seed in range(40):
        height_uv = 1000 + 30 * noise(100 + seed)
        told = breath_of_heart(T_S, 850 + 20 * noise(seed), height_uv, 95.0)
        assert told.untold is not None


def test_a_hole_is_not_bridged() -> None:
    height_uv = 1100 + 60 * wave(6)
    kept = (T_S < 80) | (T_S > 84)
    x = breath_of_heart(T_S[kept], 850 + wave(6)[kept], height_uv[kept], 95.0)
    assert x.untold is HeartUntold.TOO_FEW


def test_later_beats_make_no_difference() -> None:
    nn_ms, height_uv = 850 + 25 * wave(6), 1100 + 60 * wave(6)
    soon = T_S <= 70
    early = breath_of_heart(T_S[soon], nn_ms[soon], height_uv[soon], 70.0)
    assert early == breath_of_heart(T_S, nn_ms, height_uv, 70.0)
