"""Several evenings, and pairs of people who never met."""

import numpy as np
import pytest

from coreg.analysis.lagged_correlation import LAGS_S, MAX_LAG_S
from coreg.analysis.likeness import Likeness, likeness, unknown_likeness
from coreg.analysis.pooling import pooled, pseudo_pair_p


def evening(sizes: list[float]) -> Likeness:
    """Return an evening whose statistic, then surrogates, are these."""
    z = np.zeros((len(sizes), LAGS_S.size))
    z[:, MAX_LAG_S] = sizes  # at lag 0, where nothing counts less
    return likeness(z)


def drawn(rng: np.random.Generator, excess: float) -> Likeness:
    z = rng.normal(0, 0.1, (100, LAGS_S.size))
    z[0, 10] += excess
    return likeness(z)


def test_sums_are_compared_with_sums_as_worked_by_hand() -> None:
    # .5 + .4 = .9 against .3 + .7 = 1.0, .2 + .1 = .3, .1 + .2 = .3: one of three.
    found = pooled([evening([0.5, 0.3, 0.2, 0.1]), evening([0.4, 0.7, 0.1, 0.2])])
    assert found.p == pytest.approx(2 / 4)
    # Excess .5 - .2 = .3 and .4 - 1/3 = .0667: mean .1833, sd .165, t(1) = 12.706.
    assert found.excess_z == pytest.approx(0.18333, abs=1e-4)
    assert found.high_z - found.excess_z == pytest.approx(12.706 * 0.11667, rel=1e-3)
    assert found.evenings == 2


def test_evenings_that_contradict_one_another_undo_one_another() -> None:
    alike, opposite = evening([0.5, 0.1, 0.1, 0.1]), evening([-0.5, 0.1, 0.1, 0.1])
    assert pooled([alike, opposite]).p == pytest.approx(4 / 4)
    assert pooled([alike, alike]).p == pytest.approx(1 / 4)
    assert pooled([alike, alike]).sign == 1
    assert pooled([opposite, opposite]).sign == -1


def test_evenings_at_other_lags_are_no_evenings_at_one_lag() -> None:
    def at(lag: int) -> Likeness:
        z = np.zeros((4, LAGS_S.size))
        z[0, MAX_LAG_S + lag], z[1:, MAX_LAG_S] = 0.5, 0.3
        return likeness(z)

    assert pooled([at(0), at(1)]).p == 1.0  # the mean at each is .25
    assert pooled([at(1), at(1)]).p == pytest.approx(1 / 4)


def test_an_evening_that_could_not_be_computed_is_left_out() -> None:
    known = evening([0.5, 0.3, 0.2, 0.1])
    both = pooled([known, unknown_likeness(3), known])
    assert both == pooled([known, known])
    assert pooled([unknown_likeness(3)]).evenings == 0
    assert np.isnan(pooled([unknown_likeness(3)]).p)


def test_six_evenings_find_what_one_mostly_misses() -> None:
    rng = np.random.default_rng(1)
    couples = [[drawn(rng, 0.3) for _ in range(6)] for _ in range(40)]
    alone = np.mean([couple[0].p <= 0.05 for couple in couples])
    together = np.mean([pooled(couple).p <= 0.05 for couple in couples])
    assert together > 0.85
    assert together - alone > 0.25


def test_evenings_of_strangers_are_called_as_often_as_promised() -> None:
    rng = np.random.default_rng(2)
    p = [pooled([drawn(rng, 0.0) for _ in range(6)]).p for _ in range(200)]
    assert 0.01 <= np.mean(np.array(p) <= 0.05) <= 0.10


def test_the_interval_holds_the_truth_about_as_often_as_it_says() -> None:
    rng = np.random.default_rng(3)
    truth = np.mean([pooled([drawn(rng, 0.3)]).excess_z for _ in range(500)])
    found = [pooled([drawn(rng, 0.3) for _ in range(6)]) for _ in range(200)]
    held = np.mean([each.low_z <= truth <= each.high_z for each in found])
    assert 0.90 <= held <= 0.99


def test_one_evening_has_no_interval() -> None:
    assert np.isnan(pooled([evening([0.5, 0.3])]).low_z)


def test_evenings_with_unequal_chance_are_refused() -> None:
    with pytest.raises(ValueError, match="equally many"):
        pooled([evening([0.5, 0.3]), evening([0.5, 0.3, 0.1])])


def test_a_couple_is_ranked_among_pairs_who_never_met() -> None:
    assert pseudo_pair_p(0.9, np.array([0.1, 0.2, 0.3])) == 1 / 4
    assert np.isnan(pseudo_pair_p(0.9, np.array([np.nan])))
