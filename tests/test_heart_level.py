"""A heart's level in a stretch, and how far its own waves alone would move it."""

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from coreg.analysis.level import (
    difference_variance,
    level_bpm,
    stretch_levels_bpm,
    wave_power_bpm2,
)

Floats = NDArray[np.float64]


def waves(n: int, rng: np.random.Generator, *, power: float) -> Floats:
    """One value a second whose power is `power` / f, made in the frequency domain."""
    many = 16 * n  # far slower waves than are ever looked at
    hz = np.fft.rfftfreq(many)
    size = np.zeros(hz.size)
    size[1:] = np.sqrt(power / hz[1:] * many / 4)
    drawn = size * (rng.standard_normal(hz.size) + 1j * rng.standard_normal(hz.size))
    return np.fft.irfft(drawn, many)[:n]


def test_the_level_is_sixty_thousand_over_the_middle_interval() -> None:
    assert level_bpm(np.array([1000.0, np.nan, 800.0, 500.0])) == 75.0
    assert math.isnan(level_bpm(np.array([np.nan])))


def test_two_neighbouring_stretches_of_one_length_differ_as_allan_worked_out() -> None:
    # 2 sigma_A^2 = 4 ln 2 h for noise of power h / f (Barnes et al. 1971).
    one, next_one = ((0.0, 20.0),), ((20.0, 40.0),)
    assert difference_variance(one, next_one) == pytest.approx(4 * math.log(2))


def test_it_does_not_depend_on_the_unit_of_time() -> None:
    a, b = ((0.0, 60.0),), ((100.0, 190.0),)
    longer = [tuple((7 * s, 7 * e) for s, e in each) for each in (a, b)]
    assert difference_variance(*longer) == pytest.approx(difference_variance(a, b))


def test_a_stretch_in_two_pieces_is_one_where_they_touch() -> None:
    whole, halves = ((0.0, 60.0),), ((0.0, 20.0), (20.0, 60.0))
    later = ((100.0, 190.0),)
    assert difference_variance(halves, later) == pytest.approx(
        difference_variance(whole, later)
    )


def test_drawn_noise_differs_as_much_as_is_said() -> None:
    rng = np.random.default_rng(5)
    arrive, turn = ((10.0, 120.0),), ((400.0, 500.0), (520.0, 560.0))
    found = []
    for _ in range(1500):
        x = waves(600, rng, power=2.0)
        parts = (
            np.concatenate([x[int(s) : int(e)] for s, e in w]) for w in (arrive, turn)
        )
        a, b = (part.mean() for part in parts)
        found.append(b - a)
    said = 2.0 * difference_variance(arrive, turn)
    assert np.var(found) == pytest.approx(said, rel=0.12)


def test_the_power_of_the_waves_is_found_and_one_jump_does_not_move_it() -> None:
    rng = np.random.default_rng(6)
    found, jumped = [], []
    for _ in range(200):
        x = waves(1200, rng, power=2.0)
        x[600:] += 12.0  # an upset
        each = x.reshape(-1, 20).mean(axis=1)
        calm = [each[:30] + 0.0, each[30:]]
        found.append(wave_power_bpm2(calm).bpm2)
        jumped.append(wave_power_bpm2([each]).bpm2)
    assert np.mean(found) == pytest.approx(2.0, rel=0.1)
    assert np.mean(jumped) == pytest.approx(np.mean(found), rel=0.1)


def test_stretches_are_cut_from_the_beginning_and_known_where_half_is_heard() -> None:
    beat_t_s = np.arange(1.0, 61.0)
    nn_ms = np.full(60, 1000.0)
    nn_ms[20:32] = np.nan  # 12 of the second twenty
    levels = stretch_levels_bpm(beat_t_s, nn_ms, 0.0, 55.0)
    assert levels.tolist()[0] == 60.0
    assert np.isnan(levels[1])
    assert levels.size == 2  # what is left over is no stretch


def test_of_few_pairs_nothing_is_known() -> None:
    few = wave_power_bpm2([np.array([60.0, 61.0, 60.0])])
    assert few.pairs == 2
    assert math.isnan(few.half_width_bpm(((0.0, 60.0),), ((60.0, 120.0),)))
