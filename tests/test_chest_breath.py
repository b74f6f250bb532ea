"""The breath in the movement of a chest: right, or said not to be known."""

import math

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from coreg.analysis.chest_breath import ChestBreath, ChestBreathing
from coreg.facts.arrays import Floats

GRAVITY = np.array([20.0, -970.0, 150.0])


def chest(
    rate_per_min: float, seconds: float, *, fs_hz: float = 50.0, tilt_mg: float = 20.0
) -> tuple[Floats, Floats]:
    """A chest that breathes at one rate, with the noise of a strap."""
    rng = np.random.default_rng(round(rate_per_min * 10))
    t_s = np.arange(0.0, seconds, 1 / fs_hz)
    axis = rng.normal(size=3)
    axis *= tilt_mg / np.linalg.norm(axis)
    lungs = np.sin(2 * np.pi * rate_per_min / 60 * t_s)
    seen = GRAVITY + lungs[:, None] * axis + rng.normal(0, 3.0, (t_s.size, 3))
    return t_s, np.round(seen)


def told(t_s: Floats, mg: Floats) -> list[ChestBreath]:
    return ChestBreathing().feed(t_s, mg)


@pytest.mark.parametrize("fs_hz", [25.0, 50.0, 200.0])
@pytest.mark.parametrize("rate", [4.0, 6.0, 9.0, 12.0, 18.0, 24.0])
def test_a_planted_rate_is_found_at_any_sampling(rate: float, fs_hz: float) -> None:
    late = [each for each in told(*chest(rate, 60.0, fs_hz=fs_hz)) if each.t_s > 35]
    assert len(late) >= 24
    assert all(each.is_known for each in late)
    assert all(abs(each.rate_per_min - rate) < 0.3 for each in late)


def test_its_size_is_half_the_swing() -> None:
    last = told(*chest(10.0, 60.0, tilt_mg=25.0))[-1]
    assert last.size_mg == pytest.approx(25.0, rel=0.05)


@settings(max_examples=20)
@given(st.lists(st.integers(1, 400), min_size=1, max_size=30))
def test_how_samples_come_changes_no_bit(sizes: list[int]) -> None:
    t_s, mg = chest(11.0, 40.0)
    whole, parts, at = told(t_s, mg), ChestBreathing(), 0
    said: list[ChestBreath] = []
    for size in [*sizes, t_s.size]:
        said += parts.feed(t_s[at : at + size], mg[at : at + size])
        at += size
    assert [repr(each) for each in said] == [repr(each) for each in whole]


def test_whoever_sits_otherwise_is_not_read_until_they_have_sat_for_a_while() -> None:
    t_s, mg = chest(12.0, 120.0)
    mg = mg + np.clip((t_s - 60) / 1.5, 0, 1)[:, None] * np.array([150.0, 90.0, -60.0])
    after = [each for each in told(t_s, mg) if 61 < each.t_s <= 70]
    assert len(after) == 9
    assert not any(each.is_known for each in after)
    assert told(t_s, mg)[-1].rate_per_min == pytest.approx(12.0, abs=0.3)


def test_laughter_is_no_breath() -> None:
    t_s, mg = chest(12.0, 60.0)
    laughing = (t_s > 20) & (t_s < 55)
    mg[laughing] += 80 * np.sin(2 * np.pi * 4.5 * t_s[laughing])[:, None]
    assert not any(each.is_known for each in told(t_s, mg) if 21 < each.t_s < 55)


def test_noise_is_no_breath() -> None:
    rng = np.random.default_rng(5)
    t_s = np.arange(0.0, 300.0, 0.02)
    seen = told(t_s, GRAVITY + rng.normal(0, 5.0, (t_s.size, 3)))
    assert len(seen) > 290
    assert not any(each.is_known for each in seen)


def test_nothing_is_fitted_across_a_hole() -> None:
    t_s, mg = chest(12.0, 90.0)
    there = (t_s < 40) | (t_s > 50)
    seen = told(t_s[there], mg[there])
    assert all(math.isnan(each.rate_per_min) for each in seen if 50 < each.t_s < 58)
    assert seen[-1].is_known


def test_a_strap_that_lies_on_a_table_does_not_breathe() -> None:
    t_s = np.arange(0.0, 60.0, 0.02)
    seen = told(t_s, np.tile(GRAVITY, (t_s.size, 1)))
    assert not any(each.is_known for each in seen)


def test_a_breath_that_was_seen_only_once_is_not_told() -> None:
    early = [each for each in told(*chest(4.0, 60.0)) if each.t_s < 25]
    assert not any(each.is_known for each in early)
