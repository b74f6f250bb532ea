"""Following a pacer, breathing together in free time, rising and falling together."""

import numpy as np
import pytest
from numpy.typing import NDArray

from coreg.analysis.concordance import concordance
from coreg.analysis.phase_locking import adherence, co_breathing

Floats = NDArray[np.float64]
RATE_HZ = 4.0
T_S = np.arange(0, 360, 1 / RATE_HZ)


def breath(rng: np.random.Generator) -> Floats:
    """Draw the phase of a free breath: 0.25 Hz, wandering."""
    rate_hz = 0.25 + 0.03 * np.convolve(
        rng.normal(size=T_S.size), np.exp(-np.arange(200) / 50) / 5, mode="same"
    )
    return np.asarray(2 * np.pi * np.cumsum(rate_hz) / RATE_HZ)


def test_a_heart_that_follows_a_wandering_pacer_is_locked_at_its_delay() -> None:
    turns = 2 * np.pi * np.cumsum(np.where(T_S < 180, 0.09, 0.11)) / RATE_HZ
    found = adherence(0.05 * np.cos(turns - 0.8), turns, RATE_HZ)
    assert found.locking > 0.95
    assert found.delay_rad == pytest.approx(0.8, abs=0.1)
    assert found.breaths == pytest.approx(36, abs=0.1)


def test_a_heart_that_goes_its_own_way_is_hardly_locked() -> None:
    rng = np.random.default_rng(1)
    turns = 2 * np.pi * 0.1 * T_S
    locked = [adherence(rng.normal(size=T_S.size), turns, RATE_HZ) for _ in range(20)]
    assert np.mean([each.locking for each in locked]) < 0.4


def test_too_few_breaths_say_nothing() -> None:
    found = adherence(np.zeros(40), 2 * np.pi * 0.1 * T_S[:40], RATE_HZ)
    assert np.isnan(found.locking)
    assert found.breaths < 1


def test_free_breaths_that_go_together_are_found_and_others_are_not() -> None:
    rng = np.random.default_rng(2)
    together: list[bool] = []
    apart: list[bool] = []
    for _ in range(30):
        one, other = breath(rng), breath(rng)
        a = np.sin(one) + 0.5 * rng.normal(size=T_S.size)
        half = np.where((T_S // 30) % 2 == 0, one - 0.5, other)
        for phase, found in ((half, together), (other, apart)):
            b = np.sin(phase) + 0.5 * rng.normal(size=T_S.size)
            found.append(co_breathing([(a, b)], RATE_HZ, 99, rng).p <= 0.05)
    assert np.mean(together) > 0.7
    assert sum(apart) <= 6  # a true .05: more in 1 of 500 tries


def test_co_breathing_says_nothing_of_less_than_a_minute() -> None:
    a = np.sin(T_S)
    a[200:] = np.nan
    found = co_breathing([(a, np.sin(T_S))], RATE_HZ, 9, np.random.default_rng(1))
    assert np.isnan(found.p)
    assert found.breaths == pytest.approx(200 / 4 / 4)


def test_gaps_do_not_reach_the_locking() -> None:
    rng = np.random.default_rng(3)
    a, b = np.sin(breath(rng)), np.sin(breath(rng))
    a[400:480] = np.nan
    found = co_breathing([(a, b)], RATE_HZ, 19, rng)
    assert 0 < found.p <= 1
    assert 0 <= found.locking <= 1


def test_stretches_count_by_their_length() -> None:
    rng = np.random.default_rng(7)
    one, other = np.sin(breath(rng)), np.sin(breath(rng))

    def locking(*stretches: tuple[Floats, Floats]) -> float:
        return co_breathing(stretches, RATE_HZ, 1, rng).locking

    half = one[:720], other[:720]
    pooled = (1440 * locking((one, one)) ** 2 + 720 * locking(half) ** 2) / 2160
    assert locking((one, one), half) == pytest.approx(np.sqrt(pooled))


def test_the_index_is_the_log_ratio_of_marcis_definition() -> None:
    rng = np.random.default_rng(4)
    a, b = np.cumsum(rng.normal(size=(2, 120)), axis=1)
    slopes = [
        [np.polyfit(range(5), x[i : i + 5], 1)[0] for i in range(116)] for x in (a, b)
    ]
    r = np.array(
        [
            np.corrcoef(slopes[0][i : i + 15], slopes[1][i : i + 15])[0, 1]
            for i in range(102)
        ]
    )
    found = concordance(a, b)
    np.testing.assert_allclose(found.r, r, atol=1e-9)
    assert found.index == pytest.approx(np.log(r[r > 0].sum() / -r[r < 0].sum()))
    assert found.t_s[0] == 9.0  # 19 samples: the first to the nineteenth


def test_turning_one_heart_over_turns_the_index_over() -> None:
    rng = np.random.default_rng(5)
    a, b = np.cumsum(rng.normal(size=(2, 300)), axis=1)
    assert concordance(a, -b).index == pytest.approx(-concordance(a, b).index)


def test_a_gap_blanks_the_windows_that_touch_it() -> None:
    rng = np.random.default_rng(6)
    a, b = np.cumsum(rng.normal(size=(2, 100)), axis=1)
    a[50] = np.nan
    lost = np.flatnonzero(np.isnan(concordance(a, b).r))
    assert lost.tolist() == list(range(50 - 18, 51))


@pytest.mark.parametrize("n", [0, 3, 18])
def test_too_short_a_series_has_no_index(n: int) -> None:
    rising = np.linspace(0.0, 1.0, n) ** 2
    found = concordance(rising, rising)
    assert np.isnan(found.index)
    assert found.r.size == 0
