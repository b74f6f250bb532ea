"""Methods of the false-synchrony table, on heart rates whose truth is planted."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from benchmarks.false_synchrony.evenings import RATE_HZ, Evening, beside_others
from benchmarks.false_synchrony.methods import (
    METHODS,
    Method,
    coherence_of_breath,
    largest_lag,
    warped,
    warped_by_pairing,
    warping_costs,
    windowed_correlation,
)
from coreg.analysis.session_regressors import Pacer
from coreg.analysis.synchrony_channels import ComparedHeart

Floats = NDArray[np.float64]
LENGTH_S, FIRST_S, LAST_S = 960, 120, 600
PACE_HZ = 6 / 64  # lies on a frequency of segments of 64 s
NOBODY = ComparedHeart(beat_t_s=np.empty(0), nn_ms=np.empty(0), gaps_s=np.empty((0, 2)))


def evening(
    a: Floats,
    b: Floats,
    *,
    seed: int = 0,
    people: tuple[str, str] | None = None,
    others: Sequence[Floats] = (),
) -> Evening:
    """Return an evening of heart rates alone, paced from 2 to 10 minutes."""
    t_s = np.arange(a.size) / RATE_HZ
    rate_hz = np.full(t_s.size, PACE_HZ)
    pacer = Pacer(
        t_s=t_s,
        rate_hz=rate_hz,
        phase_rad=2 * np.pi * PACE_HZ * t_s,
        is_on=(t_s >= FIRST_S) & (t_s < LAST_S),
    )
    return Evening(
        a=NOBODY,
        b=NOBODY,
        hr_a=a,
        hr_b=b,
        pacer=pacer,
        phases=(),
        seed=seed,
        people=people,
        hr_others=tuple(others),
    )


def each_second(x: Floats) -> Floats:
    """Return a value a second as a heart rate, which methods average to that second."""
    return np.repeat(x, round(RATE_HZ))


def noise(rng: np.random.Generator) -> Floats:
    return each_second(rng.standard_normal(LENGTH_S))


def swing(hz: float, ahead_rad: float = 0.0) -> Floats:
    t_s = np.arange(LENGTH_S * round(RATE_HZ)) / RATE_HZ
    return np.sin(2 * np.pi * hz * t_s + ahead_rad)


def test_largest_lag_finds_who_comes_three_seconds_later_and_lag_nought_does_not() -> (
    None
):
    rng = np.random.default_rng(21)
    a, other = noise(rng), noise(rng)
    b = np.roll(a, 3 * round(RATE_HZ)) + other
    assert largest_lag(evening(a, b)) < 1e-12
    assert windowed_correlation(evening(a, b)) > 0.001


def test_largest_lag_is_not_corrected_for_the_lags_it_looks_at() -> None:
    """Of eleven tests of nothing one is below .05 with .43, were they independent."""
    rng = np.random.default_rng(22)
    called = [largest_lag(evening(noise(rng), noise(rng))) < 0.05 for _ in range(200)]
    assert np.mean(called) == pytest.approx(1 - 0.95**11, abs=0.1)


def test_coherence_at_the_breath_holds_its_level_where_nothing_is_shared() -> None:
    rng = np.random.default_rng(23)
    length = LENGTH_S * round(RATE_HZ)
    drawn = rng.standard_normal((600, 2, length))
    called = [coherence_of_breath(evening(a, b)) < 0.05 for a, b in drawn]
    assert np.mean(called) == pytest.approx(0.05, abs=3 * np.sqrt(0.05 * 0.95 / 600))


def test_coherence_at_the_breath_sees_a_wave_at_that_rate_and_at_no_other() -> None:
    rng = np.random.default_rng(24)
    one, other = noise(rng), noise(rng)

    def p(hz: float) -> float:
        a, b = one + 3 * swing(hz), other + 3 * swing(hz, 1.0)
        return coherence_of_breath(evening(a, b))

    assert p(PACE_HZ) < 1e-6
    assert p(0.25) > 0.05


def test_coherence_at_the_breath_does_not_look_at_when_nobody_is_led() -> None:
    rng = np.random.default_rng(24)
    one, other = noise(rng), noise(rng)
    t_s = np.arange(one.size) / RATE_HZ
    free = 3 * swing(PACE_HZ) * ((t_s < FIRST_S) | (t_s >= LAST_S))
    assert coherence_of_breath(evening(one + free, other + free)) == pytest.approx(
        coherence_of_breath(evening(one, other))
    )


def test_the_cost_of_a_warp_as_worked_by_hand() -> None:
    """A waits for B's 3 twice and B for A's second 1; 2 against 3 costs one."""
    a = np.array([0.0, 1.0, 1.0, 3.0, 3.0, 0.0])
    b = np.array([0.0, 1.0, 3.0, 0.0, 0.0, 0.0])
    assert warping_costs(a, b[None])[0] == pytest.approx(0.0, abs=1e-6)
    a[4] = 2.0
    assert warping_costs(a, b[None])[0] == pytest.approx(1.0, abs=1e-6)
    assert warping_costs(b, a[None])[0] == pytest.approx(1.0, abs=1e-6)


def test_a_warp_strays_ten_seconds_and_no_more() -> None:
    rise, *later = ((np.arange(60) >= at).astype(float) for at in (20, 30, 31, 33))
    for rise_later, cost in zip(later, (0.0, 1.0, 3.0), strict=True):
        found = warping_costs(rise, rise_later[None])
        assert found[0] == pytest.approx(cost, abs=1e-6)


def test_each_of_many_warps_costs_what_it_costs_alone() -> None:
    a, *b = np.random.default_rng(25).standard_normal((6, 80))
    alone = [warping_costs(a, each[None])[0] for each in b]
    assert warping_costs(a, np.array(b)) == pytest.approx(alone)


@pytest.mark.parametrize(("method", "least"), [(warped, 200), (warped_by_pairing, 99)])
def test_warping_finds_who_hurries_and_lags_within_ten_seconds(
    method: Method, least: int
) -> None:
    rng = np.random.default_rng(26)
    a, *others = (
        each_second(np.convolve(rng.standard_normal(LENGTH_S), np.ones(8), "same"))
        for _ in range(100)
    )
    t_s = np.arange(LENGTH_S)
    b = each_second(np.interp(t_s + 5 * np.sin(t_s / 80), t_s, a[:: round(RATE_HZ)]))
    found = method(evening(a, b, others=others[1:]))
    assert found == pytest.approx(1 / least)
    assert method(evening(a, others[0], others=others[1:])) > 0.05


def test_pairing_anew_says_nothing_with_too_few_others() -> None:
    rng = np.random.default_rng(27)
    a, *others = (noise(rng) for _ in range(20))
    alone = evening(a, a, others=others[:18])
    assert np.isnan(warped_by_pairing(alone))
    assert warped_by_pairing(replace(alone, hr_others=tuple(others))) == 1 / 20


def test_an_evening_is_paired_anew_with_nobody_who_is_in_it() -> None:
    people = [(a, b) for a in "pqr" for b in "xyz"]
    level = dict(zip("xyz", range(3), strict=True))
    evenings = [
        evening(np.zeros(8), np.full(8, level[b]), seed=at, people=(a, b))
        for at, (a, b) in enumerate(people)
    ]
    for (_, b), each in zip(people, beside_others(evenings), strict=True):
        levels = [hr[0] for hr in each.hr_others]
        assert len(levels) == 4  # two other A by two other B
        assert level[b] not in levels


def test_two_simulated_for_one_evening_are_beside_all_others() -> None:
    evenings = [evening(np.zeros(8), np.full(8, at), seed=at) for at in range(5)]
    for at, each in enumerate(beside_others(evenings)):
        assert {hr[0] for hr in each.hr_others} == set(range(5)) - {at}


USUAL = [name for name in METHODS if not name.startswith("coreg")]


@pytest.mark.parametrize("name", USUAL)
def test_each_usual_method_calls_one_heart_heard_twice(name: str) -> None:
    rng = np.random.default_rng(28)
    a, *others = (
        each_second(np.convolve(rng.standard_normal(LENGTH_S), np.ones(6), "same"))
        for _ in range(40)
    )
    heard_twice = evening(a, a + 0.1 * others[0], others=others[1:])
    assert METHODS[name](heard_twice) < 0.05
