"""Windowed cross-correlation, against one np.corrcoef per cell and planted lags."""

import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from coreg.analysis.crosscorrelation import (
    LagSurface,
    instantaneous_hr_bpm,
    masked_beyond_half_breath,
    windowed_cross_correlation,
)

Floats = NDArray[np.float64]
NO_GAPS = np.empty((0, 2))


def cell_by_cell(a: Floats, b: Floats, window: int, step: int, most: int) -> Floats:
    """Boker's definition, one np.corrcoef a cell (numpy computes the truth)."""
    starts = range(0, a.size - window + 1, step)
    r = np.full((2 * most + 1, len(starts)), np.nan)
    for row, lag in enumerate(range(-most, most + 1)):
        for column, start in enumerate(starts):
            early = start - abs(lag) // 2
            late = start + abs(lag) - abs(lag) // 2
            at_a, at_b = (early, late) if lag >= 0 else (late, early)
            if early < 0 or late + window > a.size:
                continue
            pair = a[at_a : at_a + window], b[at_b : at_b + window]
            if np.isfinite(pair).all():
                r[row, column] = np.corrcoef(*pair)[0, 1]
    return r


def brownian(seed: int, size: int) -> Floats:
    rng = np.random.default_rng(seed)
    return 70 + np.cumsum(rng.normal(0, 0.5, size)) + rng.normal(0, 1, size)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_cell_is_the_correlation_that_numpy_finds(seed: int) -> None:
    a, b = brownian(seed, 900), brownian(seed + 100, 900)
    a[200:220] = np.nan
    b[500] = np.nan
    surface = windowed_cross_correlation(a, b, rate_hz=4.0)
    truth = cell_by_cell(a, b, window=120, step=4, most=40)
    np.testing.assert_allclose(surface.r, truth, rtol=0, atol=1e-9)


def test_a_far_offset_and_a_steep_drift_cost_no_digits() -> None:
    drift = np.linspace(0, 300, 4800)
    a, b = 1e4 + drift + brownian(4, 4800), 1e4 - drift + brownian(5, 4800)
    surface = windowed_cross_correlation(a, b, rate_hz=4.0, step_s=60)
    truth = cell_by_cell(a, b, window=120, step=240, most=40)
    np.testing.assert_allclose(surface.r, truth, rtol=0, atol=1e-9)


@pytest.mark.parametrize("lag_s", [-7.0, -2.5, 0.0, 0.25, 4.0])
def test_a_planted_lag_is_found_and_above_zero_means_a_came_before_b(
    lag_s: float,
) -> None:
    both = brownian(6, 2000)
    shift = round(lag_s * 4)
    a, b = both[100:-100], both[100 - shift : both.size - 100 - shift]
    surface = windowed_cross_correlation(a, b, rate_hz=4.0)
    column = surface.t_s.size // 2
    assert surface.lag_s[np.argmax(surface.r[:, column])] == lag_s
    assert surface.r[:, column].max() == pytest.approx(1.0, abs=1e-9)


def test_hearts_that_move_against_each_other_are_negative_at_no_lag() -> None:
    a = brownian(7, 600)
    surface = windowed_cross_correlation(a, 140 - a, rate_hz=4.0)
    np.testing.assert_allclose(surface.r[surface.lag_s == 0.0], -1.0, atol=1e-9)


def test_exchanging_the_partners_turns_the_surface_over_and_no_more() -> None:
    a, b = brownian(8, 700), brownian(9, 700)
    a[300:310] = np.nan
    one = windowed_cross_correlation(a, b, rate_hz=4.0).r
    other = windowed_cross_correlation(b, a, rate_hz=4.0).r
    np.testing.assert_array_equal(one, other[::-1])


def test_windows_that_hold_a_gap_are_blank_and_only_those() -> None:
    a, b = brownian(10, 1200), brownian(11, 1200)
    a[600:620] = np.nan  # 150 s to 155 s
    surface = windowed_cross_correlation(a, b, rate_hz=4.0)
    at_zero = surface.r[surface.lag_s == 0.0].ravel()
    starts_s = np.arange(at_zero.size)
    holds = (starts_s < 155) & (starts_s + 30 > 150)
    np.testing.assert_array_equal(np.isnan(at_zero), holds)


def test_the_time_of_a_column_is_the_middle_of_its_window() -> None:
    surface = windowed_cross_correlation(
        brownian(1, 240), brownian(2, 240), rate_hz=4.0
    )
    # 120 samples at 4 Hz: the first at 0 s, the last at 29.75 s.
    assert surface.t_s[0] == pytest.approx(14.875)
    assert np.diff(surface.t_s) == pytest.approx(1.0)


def test_a_heart_that_does_not_vary_has_no_correlation() -> None:
    flat = np.full(400, 0.1 + 0.2)
    surface = windowed_cross_correlation(flat, brownian(1, 400), rate_hz=4.0)
    assert np.isnan(surface.r).all()


@pytest.mark.parametrize("size", [0, 1, 119])
def test_a_record_shorter_than_a_window_has_no_columns(size: int) -> None:
    surface = windowed_cross_correlation(np.ones(size), np.ones(size), rate_hz=4.0)
    assert surface.r.shape == (81, 0)
    assert surface.t_s.size == 0


def test_series_that_share_no_grid_are_refused() -> None:
    with pytest.raises(ValueError, match="share no grid"):
        windowed_cross_correlation(np.ones(200), np.ones(201), rate_hz=4.0)
    with pytest.raises(ValueError, match="at least 3 samples"):
        windowed_cross_correlation(np.ones(9), np.ones(9), rate_hz=4.0, window_s=0.2)


@settings(max_examples=60)
@given(
    arrays(
        np.float64,
        (2, 60),
        elements=st.one_of(st.just(np.nan), st.floats(30, 200)),
    )
)
def test_correlations_never_leave_one_and_never_come_from_a_gap(pair: Floats) -> None:
    a, b = pair
    surface = windowed_cross_correlation(
        a, b, rate_hz=4.0, window_s=3.0, max_lag_s=2.0, step_s=0.25
    )
    known = surface.r[np.isfinite(surface.r)]
    assert (np.abs(known) <= 1.0).all()
    at_zero = surface.r[surface.lag_s == 0.0].ravel()
    for start, r in enumerate(at_zero):
        if np.isnan(pair[:, start : start + 12]).any():
            assert np.isnan(r)


def test_a_whole_day_fits_into_memory() -> None:
    a = brownian(3, 86_400 * 4)
    tracemalloc.start()
    windowed_cross_correlation(a, a, rate_hz=4.0)
    _, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak_bytes < 250e6


def test_lags_beyond_half_a_breath_are_blank_only_while_breathing_is_regular() -> None:
    lag_s = np.arange(-40, 41) / 4
    surface = LagSurface(t_s=np.array([15.0, 16.0]), lag_s=lag_s, r=np.ones((81, 2)))
    masked = masked_beyond_half_breath(surface, np.array([10.0, np.nan]))
    np.testing.assert_array_equal(np.isfinite(masked.r[:, 0]), np.abs(lag_s) <= 5)
    assert np.isfinite(masked.r[:, 1]).all()
    assert np.isfinite(surface.r).all()


def test_a_steady_heart_has_its_own_rate_at_every_moment() -> None:
    beat_t_s = np.linspace(0.8, 48.0, 60)
    grid_s = np.arange(4, 180) / 4
    hr_bpm = instantaneous_hr_bpm(beat_t_s, np.full(60, 800.0), NO_GAPS, grid_s)
    np.testing.assert_allclose(hr_bpm, 75.0)


def test_the_rate_on_the_grid_follows_a_known_swing() -> None:
    # Beats of a heart at 60 + 6 sin(2 pi t / 10) beats/min, found by solving for the
    # times at which its integral passes whole numbers.
    fine_s = np.linspace(0, 120, 480_001)
    rate_hz = 1 + 0.1 * np.sin(2 * np.pi * fine_s / 10)
    turns = np.concatenate(
        ([0], np.cumsum((rate_hz[1:] + rate_hz[:-1]) / 2 * fine_s[1]))
    )
    beat_t_s = np.interp(np.arange(1, 119), turns, fine_s)
    nn_ms = 1000 * np.diff(beat_t_s, prepend=0.0)
    nn_ms[0] = np.nan
    grid_s = np.arange(20, 440) / 4
    found = instantaneous_hr_bpm(beat_t_s, nn_ms, NO_GAPS, grid_s)
    # An interval tells the mean rate over itself: it stands half an interval late.
    truth = 60 + 6 * np.sin(2 * np.pi * (grid_s - 0.5) / 10)
    assert np.max(np.abs(found - truth)) < 0.6


def test_nothing_is_known_between_the_beats_around_a_gap() -> None:
    beat_t_s = np.concatenate((np.arange(1.0, 21.0), np.arange(25.5, 40.0)))
    nn_ms = np.full(beat_t_s.size, 1000.0)
    grid_s = np.arange(0, 160) / 4
    hr_bpm = instantaneous_hr_bpm(beat_t_s, nn_ms, np.array([[20.0, 24.5]]), grid_s)
    blank = (grid_s < 1) | (grid_s > 39.5) | ((grid_s > 20) & (grid_s < 25.5))
    np.testing.assert_array_equal(np.isnan(hr_bpm), blank)


def test_a_short_gap_is_blank_even_where_the_beats_around_it_are_near() -> None:
    beat_t_s = np.arange(1.0, 21.0)
    grid_s = np.arange(4, 80) / 4
    hr_bpm = instantaneous_hr_bpm(
        beat_t_s, np.full(20, 1000.0), np.array([[10.0, 11.0]]), grid_s
    )
    np.testing.assert_array_equal(np.isnan(hr_bpm), (grid_s > 10) & (grid_s < 11))


def test_one_rejected_interval_is_bridged_and_a_rejected_stretch_is_not() -> None:
    beat_t_s = np.arange(1.0, 41.0)
    nn_ms = np.full(40, 1000.0)
    nn_ms[9] = np.nan  # the beat at 10 s
    nn_ms[19:29] = np.nan  # the beats from 20 s to 29 s
    grid_s = np.arange(4, 160) / 4
    hr_bpm = instantaneous_hr_bpm(beat_t_s, nn_ms, NO_GAPS, grid_s)
    np.testing.assert_array_equal(np.isnan(hr_bpm), (grid_s > 19) & (grid_s < 30))


def test_one_beat_or_none_makes_no_rate() -> None:
    grid_s = np.arange(8) / 4
    one = instantaneous_hr_bpm(np.array([1.0]), np.array([900.0]), NO_GAPS, grid_s)
    none = instantaneous_hr_bpm(np.empty(0), np.empty(0), NO_GAPS, grid_s)
    assert np.isnan(one).all()
    assert np.isnan(none).all()


def test_beats_out_of_order_are_refused() -> None:
    with pytest.raises(ValueError, match="increase strictly"):
        instantaneous_hr_bpm(
            np.array([1.0, 1.0]), np.array([900.0, 900.0]), NO_GAPS, np.ones(1)
        )
