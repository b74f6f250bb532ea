"""Breath-by-breath swing against hearts whose swing is known."""

import math

import numpy as np
import pytest
from hypothesis import given, strategies as st
from numpy.typing import NDArray

from coreg.analysis.rsa import (
    lookahead_s,
    mean_rsa,
    rsa_by_breath,
    rsa_of_breath,
)

Floats = NDArray[np.float64]


def swinging(
    *,
    period_s: float = 10.0,
    amplitude_ms: float = 40.0,
    phase_rad: float = 0.0,
    mean_ms: float = 900.0,
    noise_ms: float = 0.0,
) -> tuple[Floats, Floats]:
    """Beats of five minutes whose intervals lie on a sinusoid of time."""
    rng = np.random.default_rng(11)
    times_s, intervals_ms, t_s = [], [], 0.0
    while t_s < 300:
        angle = 2 * np.pi * t_s / period_s + phase_rad
        nn_ms = mean_ms + amplitude_ms * math.sin(angle)
        times_s.append(t_s)
        intervals_ms.append(nn_ms + rng.normal(0, noise_ms))
        t_s += nn_ms / 1000
    return np.array(times_s), np.array(intervals_ms)


@given(
    period_s=st.floats(8.0, 15.0),
    phase_rad=st.floats(0, 2 * math.pi),
    amplitude_ms=st.floats(5, 120),
)
def test_a_sinusoid_swings_by_twice_its_amplitude(
    period_s: float, phase_rad: float, amplitude_ms: float
) -> None:
    beat_t_s, nn_ms = swinging(
        period_s=period_s, phase_rad=phase_rad, amplitude_ms=amplitude_ms
    )
    swing = rsa_of_breath(beat_t_s, nn_ms, 100.0, period_s)
    assert swing.rsa_ms == pytest.approx(2 * amplitude_ms, rel=0.02)


def test_the_swing_in_heart_rate_is_that_of_the_rate_not_of_the_interval() -> None:
    beat_t_s = np.arange(0.0, 60.0, 0.8)
    nn_ms = 60_000 / (75 + 6 * np.sin(2 * np.pi * beat_t_s / 10))
    assert rsa_of_breath(beat_t_s, nn_ms, 20, 10).rsa_bpm == pytest.approx(12, rel=0.01)


def test_a_swing_of_120_ms_survives_15_ms_of_beat_noise() -> None:
    beat_t_s, nn_ms = swinging(amplitude_ms=60, noise_ms=15)
    starts_s = np.arange(10.0, 280.0, 10.0)
    swing = mean_rsa(beat_t_s, nn_ms, starts_s, np.full(starts_s.size, 10.0))
    assert swing.rsa_ms == pytest.approx(120, rel=0.08)  # "sign change" rules read 66


def test_one_breath_live_is_the_recordings_to_the_last_bit() -> None:
    beat_t_s, nn_ms = swinging(noise_ms=20)
    starts_s, periods_s = np.array([100.0, 110.0]), np.array([10.0, 9.2])
    offline_ms, offline_bpm = rsa_by_breath(beat_t_s, nn_ms, starts_s, periods_s)
    known = (beat_t_s > 80) & (beat_t_s <= 110 + lookahead_s(10.0))
    live = rsa_of_breath(beat_t_s[known], nn_ms[known], 100.0, 10.0)
    assert live == (offline_ms[0], offline_bpm[0])


def test_a_breath_is_unknown_until_beats_reach_beyond_its_end() -> None:
    beat_t_s, nn_ms = swinging()
    early = beat_t_s < 110.5
    assert math.isnan(rsa_of_breath(beat_t_s[early], nn_ms[early], 100, 10).rsa_ms)


def test_a_gap_takes_the_breath_it_is_in_and_no_other() -> None:
    beat_t_s, nn_ms = swinging(noise_ms=10)
    starts_s = np.arange(50.0, 250.0, 10.0)
    periods_s = np.full(starts_s.size, 10.0)
    whole_ms, _ = rsa_by_breath(beat_t_s, nn_ms, starts_s, periods_s)
    left = (beat_t_s < 153) | (beat_t_s > 157)
    holed_ms, _ = rsa_by_breath(beat_t_s[left], nn_ms[left], starts_s, periods_s)
    assert np.flatnonzero(np.isnan(holed_ms)).tolist() == [10]
    changed_ms = np.abs(np.delete(holed_ms - whole_ms, 10))
    assert changed_ms.max() < 0.5  # a neighbour's curve feels the hole beyond its end
    assert np.flatnonzero(changed_ms).tolist() in ([], [9], [9, 10], [10])


def test_one_rejected_interval_is_bridged() -> None:
    beat_t_s, nn_ms = swinging()
    nn_ms[(beat_t_s > 102.5) & (beat_t_s < 103.4)] = np.nan  # at the crest
    assert np.isnan(nn_ms).sum() == 1
    swing = rsa_of_breath(beat_t_s, nn_ms, 100.0, 10.0)
    assert swing.rsa_ms == pytest.approx(80, rel=0.02)


def test_a_breath_less_than_sixty_per_cent_covered_is_unknown() -> None:
    beat_t_s, nn_ms = swinging()
    nn_ms[::2] = np.nan  # no hole is long, but half of the time is missing
    assert math.isnan(rsa_of_breath(beat_t_s, nn_ms, 100.0, 10.0).rsa_ms)


def test_a_breath_with_three_beats_is_unknown() -> None:
    beat_t_s = np.arange(0.0, 60.0, 1.5)
    nn_ms = np.full(beat_t_s.size, 1500.0)
    assert math.isnan(rsa_of_breath(beat_t_s, nn_ms, 20.0, 4.5).rsa_ms)
    assert rsa_of_breath(beat_t_s, nn_ms, 20.0, 6.0).rsa_ms == 0.0


def test_the_mean_leaves_out_breaths_that_are_unknown() -> None:
    beat_t_s, nn_ms = swinging()
    starts_s, periods_s = np.array([100.0, 295.0]), np.full(2, 10.0)
    swing = mean_rsa(beat_t_s, nn_ms, starts_s, periods_s)
    assert swing == rsa_of_breath(beat_t_s, nn_ms, 100.0, 10.0)
    assert math.isnan(mean_rsa(beat_t_s, nn_ms, starts_s[1:], periods_s[1:]).rsa_ms)


def test_a_beat_time_corrected_backwards_does_no_harm() -> None:
    beat_t_s, nn_ms = swinging()
    late = int(np.searchsorted(beat_t_s, 105.0))
    beat_t_s[late] = beat_t_s[late - 1] - 0.002
    swing = rsa_of_breath(beat_t_s, nn_ms, 100.0, 10.0)
    assert swing.rsa_ms == pytest.approx(80, rel=0.02)


def test_no_argument_is_written_into() -> None:
    beat_t_s, nn_ms = swinging()
    beat_t_s.flags.writeable = nn_ms.flags.writeable = False
    assert rsa_of_breath(beat_t_s, nn_ms, 100.0, 10.0).rsa_ms > 0
