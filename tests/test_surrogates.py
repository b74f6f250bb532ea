"""Chance: p values worked by hand, and surrogates that keep what they promise."""

import numpy as np
import pytest
from hypothesis import given, strategies as st

from coreg.analysis.surrogates import holm, p_value, phase_randomised


def test_an_observation_beyond_all_chance_still_has_a_p() -> None:
    assert p_value(9.0, np.zeros(999)) == 1 / 1000


def test_an_unknown_observation_has_an_unknown_p() -> None:
    assert np.isnan(p_value(float("nan"), np.zeros(9)))


def test_holm_as_worked_by_hand() -> None:
    # Sorted .01 .03 .04 times 4 3 2 1 of (.01 .03 .04 .20): .04 .09 .08 .20, and no
    # smaller than the one before: .04 .09 .09 .20.
    assert holm([0.04, 0.01, 0.20, 0.03]) == pytest.approx((0.09, 0.04, 0.20, 0.09))


@given(st.lists(st.floats(0.001, 1.0), min_size=2, max_size=2))
def test_holm_for_two_is_twice_the_smaller(p: list[float]) -> None:
    assert min(holm(p)) == pytest.approx(min(1.0, 2 * min(p)))


@given(st.lists(st.one_of(st.floats(0.001, 1.0), st.just(float("nan"))), max_size=6))
def test_a_correction_never_makes_a_p_smaller_nor_forgets_one(p: list[float]) -> None:
    for before, after in zip(p, holm(p), strict=True):
        assert (np.isnan(before) and np.isnan(after)) or before <= after <= 1


@pytest.mark.parametrize("n", [2, 3, 10, 11])
def test_a_surrogate_has_the_mean_and_variance_of_its_series(n: int) -> None:
    x = np.random.default_rng(n).normal(5, 2, (1, n))
    drawn = phase_randomised(x, 20, np.random.default_rng(1))
    np.testing.assert_allclose(drawn.mean(axis=-1), x.mean())
    np.testing.assert_allclose(drawn.var(axis=-1), x.var())


def test_two_series_of_one_partner_stay_related_in_every_surrogate() -> None:
    x = np.random.default_rng(5).normal(size=(1, 400))
    both = np.concatenate((x, x + 0.5 * np.roll(x, 3)))
    drawn = phase_randomised(both, 10, np.random.default_rng(6))
    truth = np.corrcoef(*both)[0, 1]
    for one, other in zip(*drawn, strict=True):
        assert np.corrcoef(one, other)[0, 1] == pytest.approx(truth, abs=1e-9)
