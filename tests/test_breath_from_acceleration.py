"""The breath from chest acceleration: planted breaths, planted disturbances."""

import math
from itertools import pairwise

import numpy as np
import pytest

from coreg.analysis.breath_from_acceleration import (
    BreathMoment,
    BreathWatch,
    Untold,
    breath_of_acceleration,
    known,
)
from coreg.facts.arrays import Floats


def chest(
    rate_per_min: float, length_s: float, rate_hz: float = 50.0, swing_mg: float = 10.0
) -> tuple[Floats, Floats]:
    """A chest that leans back a little, tilts with the breath and is sampled."""
    t_s = np.arange(round(length_s * rate_hz)) / rate_hz
    noise = np.random.default_rng(5).standard_normal((t_s.size, 3))
    wave_mg = swing_mg * np.sin(2 * np.pi * rate_per_min / 60 * t_s)
    tilt = np.outer(wave_mg, [0.1, -0.3, 0.95])
    return t_s, np.round(np.array([20.0, 950.0, 300.0]) + tilt + 2 * noise)


def after(moments: list[BreathMoment], t_s: float) -> list[BreathMoment]:
    return [moment for moment in moments if moment.t_s >= t_s]


@pytest.mark.parametrize("rate_per_min", [4, 5, 6, 7.5, 9, 12, 15, 18, 22])
@pytest.mark.parametrize("rate_hz", [25, 200])
def test_a_steady_breath_is_found_within_a_third_of_a_breath_a_minute(
    rate_per_min: float, rate_hz: float
) -> None:
    moments = after(breath_of_acceleration(*chest(rate_per_min, 80, rate_hz)), 45)
    told = known(moments)
    assert len(told) >= 0.9 * len(moments) > 0
    assert max(abs(each.rate_per_min - rate_per_min) for each in told) < 0.3
    assert all(abs(each.amplitude_mg - 10) < 1 for each in told)


def test_live_gives_what_the_review_gives_to_the_last_bit() -> None:
    t_s, mg = chest(7, 70, 130)
    mg[3000:3010] = np.nan
    whole = breath_of_acceleration(t_s, mg)
    watch = BreathWatch()
    cuts = [0, 1, 2, 77, 78, 1500, 1501, 4000, t_s.size]
    pieces = [m for a, b in pairwise(cuts) for m in watch.push(t_s[a:b], mg[a:b])]
    assert repr(pieces) == repr(whole)


def test_the_phase_turns_with_the_breath_and_is_nothing_at_its_lowest() -> None:
    told = after(breath_of_acceleration(*chest(6, 90)), 60)
    # sin is lowest three quarters into each breath of 10 s; z points along the axis.
    for each in told:
        expected = 2 * math.pi * (each.t_s / 10 - 0.75)
        assert abs(math.remainder(each.phase_rad - expected, 2 * math.pi)) < 0.15


def test_after_another_posture_nothing_is_known_until_it_lasted() -> None:
    t_s, mg = chest(12, 120)
    turned = t_s >= 60
    mg[turned] = mg[turned] @ np.array([[0.8, 0.6, 0], [-0.6, 0.8, 0], [0, 0, 1.0]])
    moments = breath_of_acceleration(t_s, mg)
    soon = [each for each in moments if 61 < each.t_s < 78]
    assert {each.untold for each in soon} == {Untold.MOVED}
    late = known(after(moments, 90))
    assert len(late) > 20
    assert max(abs(each.rate_per_min - 12) for each in late) < 0.3


def test_laughter_is_refused() -> None:
    t_s, mg = chest(12, 100)
    laughs = (t_s > 50) & (t_s < 58)
    mg[laughs] += np.outer(60 * np.sin(2 * np.pi * 4.5 * t_s[laughs]), [0.2, 0.5, 0.8])
    moments = breath_of_acceleration(t_s, mg)
    refused = [each for each in moments if 52 <= each.t_s <= 70]
    assert all(each.untold is Untold.MOVED for each in refused)


def test_lost_samples_are_not_bridged() -> None:
    t_s, mg = chest(12, 80)
    kept = (t_s < 40) | (t_s > 41)
    moments = breath_of_acceleration(t_s[kept], mg[kept])
    soon = [each for each in moments if 42 < each.t_s < 56]
    assert {each.untold for each in soon} == {Untold.TOO_SHORT}


def test_a_strap_on_a_chair_has_no_breath() -> None:
    t_s, mg = chest(6, 100, swing_mg=0.0)
    assert not known(breath_of_acceleration(t_s, mg))


@pytest.mark.parametrize("rate_per_min", [2, 2.5, 3, 28, 35])
def test_a_breath_outside_of_the_band_is_never_given_a_rate_inside(
    rate_per_min: float,
) -> None:
    assert not known(breath_of_acceleration(*chest(rate_per_min, 120)))


def test_packets_that_come_again_change_nothing() -> None:
    t_s, mg = chest(6, 60)
    watch = BreathWatch()
    twice = watch.push(t_s[:2000], mg[:2000]) + watch.push(t_s[1900:], mg[1900:])
    assert repr(twice) == repr(breath_of_acceleration(t_s, mg))
