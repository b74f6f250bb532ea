"""Lomb's periodogram of whole recordings against scipy's, which takes plain sums."""

import numpy as np
import pytest
from hypothesis import given, strategies as st
from numpy.typing import NDArray
from scipy import signal

from coreg.analysis.lomb import lomb_power, lomb_powers

Floats = NDArray[np.float64]


def by_scipy(t_s: Floats, x: Floats, step_hz: float, count: int) -> Floats:
    angular = 2 * np.pi * step_hz * np.arange(1, count + 1)
    return np.asarray(signal.lombscargle(t_s, x, angular), dtype=np.float64)


def largest_difference(ours: Floats, theirs: Floats) -> float:
    """Share of the largest power."""
    return float(np.abs(ours - theirs).max() / theirs.max())


@given(
    seed=st.integers(0, 2**32 - 1),
    n=st.integers(4, 600),
    spread_ms=st.floats(1, 200),
    lost=st.sampled_from([0.0, 0.05, 0.4]),
    over=st.sampled_from([1, 4, 7.3]),
)
def test_every_power_is_that_of_plain_sums(
    seed: int, n: int, spread_ms: float, lost: float, over: float
) -> None:
    rng = np.random.default_rng(seed)
    t_s = np.cumsum(rng.normal(800, spread_ms, n).clip(300) / 1000)
    left = rng.random(n) >= lost
    left[:4] = True
    t_s = t_s[left] - t_s[0]
    x = rng.normal(0, 40, t_s.size) + 30 * np.sin(2 * np.pi * 0.1 * t_s)
    x -= x.mean()
    step_hz = 1 / (over * t_s[-1])
    count = int(0.5 / step_hz)
    if not count:
        return
    ours = lomb_powers(t_s, x, step_hz, count)
    assert largest_difference(ours, by_scipy(t_s, x, step_hz, count)) < 1e-10


def test_an_hour_differs_from_plain_sums_by_their_own_rounding() -> None:
    rng = np.random.default_rng(2)
    t_s = np.cumsum(rng.normal(0.8, 0.04, 4500))
    x = rng.normal(0, 40, t_s.size)
    step_hz = 1 / (4 * t_s[-1])
    ours = lomb_powers(t_s, x, step_hz, 3000)
    assert largest_difference(ours, by_scipy(t_s, x, step_hz, 3000)) < 1e-12


def test_a_day_is_that_of_plain_sums_wherever_it_is_looked_at() -> None:
    rng = np.random.default_rng(3)
    t_s = np.cumsum(rng.normal(0.8, 0.04, 108_000))
    x = rng.normal(0, 40, t_s.size)
    step_hz = 1 / (4 * t_s[-1])
    count = int(0.5 / step_hz)
    ours = lomb_powers(t_s, x, step_hz, count)
    some = rng.choice(count, 40, replace=False)
    plain = signal.lombscargle(t_s, x, 2 * np.pi * step_hz * (some + 1))
    assert largest_difference(ours[some], np.asarray(plain)) < 1e-10


def test_a_few_frequencies_and_every_one_are_the_same_measure() -> None:
    rng = np.random.default_rng(4)
    t_s = np.cumsum(rng.normal(0.8, 0.04, 300))
    x = rng.normal(0, 40, t_s.size)
    every = lomb_powers(t_s, x, 0.001, 500)
    few = lomb_power(t_s, x, np.array([0.1, 0.25]))
    assert every[[99, 249]] == pytest.approx(few, rel=1e-9)


def test_beats_as_even_as_a_clock_have_half_of_it_at_half_their_rate() -> None:
    # Once a second, at 0.5 Hz, every sine is 0 and a cosine is +1, -1, +1 ...: of a
    # series like that, n A^2, halved by Lomb's definition.
    t_s = np.arange(400.0)
    x = np.tile([20.0, -20.0], 200)
    powers = lomb_powers(t_s, x, 0.125, 4)
    assert powers[3] == pytest.approx(400 * 20**2 / 2)
    assert powers[:3] == pytest.approx(0, abs=1e-9)
