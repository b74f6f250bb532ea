"""Couples beside the same people dealt anew: what is shared is found, by whom it is."""

from collections import Counter
from statistics import fmean, quantiles

import numpy as np
import pytest
from numpy.typing import NDArray

from coreg.analysis.session_regressors import NO_PACER
from coreg.analysis.strangers import against_strangers, alike, dealt, slow_heart_rate
from coreg.analysis.synchrony import Phase, synchrony
from coreg.analysis.synchrony_channels import ComparedHeart

Floats = NDArray[np.float64]
SECONDS = 300


def waves(rng: np.random.Generator) -> Floats:
    """Slow waves of chance, as a heart rate has them."""
    t_s = np.arange(SECONDS)
    hz, at = rng.uniform(0.01, 0.05, 8), rng.uniform(0, 2 * np.pi, 8)
    every: Floats = np.sin(2 * np.pi * np.outer(hz, t_s) + at[:, np.newaxis])
    total: Floats = every.sum(axis=0)
    return total


def cohort(
    couples: int, rng: np.random.Generator, *, own: float = 0.0, common: float = 0.0
) -> tuple[list[Floats], list[Floats]]:
    """Couples who share waves of their own, and waves that everybody has."""
    everybodys = waves(rng)
    a, b = list[Floats](), list[Floats]()
    for _ in range(couples):
        theirs = own * waves(rng) + common * everybodys
        a.append(waves(rng) + theirs)
        b.append(waves(rng) + theirs)
    return a, b


def ranked(seed: int, **planted: float) -> float:
    rng = np.random.default_rng(seed)
    a, b = cohort(12, rng, **planted)
    found = against_strangers(a, b, range(12), draws=99, rng=rng)
    assert found is not None
    assert (found.couples, found.sessions, found.draws) == (12, 12, 99)
    return found.p


def test_what_couples_share_is_found() -> None:
    assert ranked(1, own=1.0) == pytest.approx(0.01)


def test_what_the_programme_does_to_everybody_is_nothing_of_a_couple() -> None:
    """Twice as strong as anybody's own waves; by surrogates all would be alike."""
    p = [ranked(seed, common=2.0) for seed in range(20)]
    assert sum(each < 0.05 for each in p) <= 3  # of 20, by chance: 97 % of the time
    assert max(p) > 0.5


def test_nobody_is_dealt_to_their_own_couple_and_each_is_dealt_once() -> None:
    for seed in range(300):
        rng = np.random.default_rng(seed)
        couples = rng.integers(0, 6, int(rng.integers(2, 30))).tolist()
        given = dealt(couples, rng)
        if given is None:
            assert 2 * max(Counter(couples).values()) > len(couples)
            continue
        assert sorted(given.tolist()) == list(range(len(couples)))
        assert all(couples[i] != couples[j] for i, j in enumerate(given.tolist()))


def test_everybody_else_can_be_dealt_to_somebody() -> None:
    rng = np.random.default_rng(1)
    couples = ["a", "a", "b", "c", "d"]
    met = set[tuple[int, int]]()
    for _ in range(500):
        given = dealt(couples, rng)
        assert given is not None
        met |= set(enumerate(given.tolist()))
    others = {
        (i, j)
        for i, one in enumerate(couples)
        for j, other in enumerate(couples)
        if one != other
    }
    assert met == others


def test_a_couple_with_many_evenings_counts_once() -> None:
    """Three couples share nothing; the fourth shares all, on two evenings of five."""
    rng = np.random.default_rng(3)
    a, b = cohort(3, rng)
    shared = waves(rng)
    found = against_strangers(
        [*a, shared, shared],
        [*b, shared, shared],
        ["one", "two", "three", "four", "four"],
        draws=19,
        rng=rng,
    )
    assert found is not None
    each = [alike(x, y) for x, y in zip(a, b, strict=True)]
    whole = alike(shared, shared)
    assert found.own == pytest.approx((sum(each) + whole) / 4)


def test_chance_lies_where_it_does_when_all_are_dealt_once_more_by_hand() -> None:
    a, b = cohort(6, np.random.default_rng(8))
    found = against_strangers(a, b, range(6), draws=199, rng=np.random.default_rng(4))
    assert found is not None
    rng, means = np.random.default_rng(4), list[float]()
    for _ in range(199):
        given = dealt(range(6), rng)
        assert given is not None
        means.append(fmean(alike(a[i], b[j]) for i, j in enumerate(given.tolist())))
    cuts = quantiles(means, n=40, method="inclusive")
    assert found.null_low == pytest.approx(cuts[0] - fmean(means))
    assert found.null_high == pytest.approx(cuts[-1] - fmean(means))
    assert found.null_low < 0 < found.null_high


def test_where_too_few_did_it_or_one_couple_is_most_of_them_nothing_is_said() -> None:
    rng = np.random.default_rng(1)
    a, b = cohort(9, rng)
    assert against_strangers(a[:3], b[:3], range(3), draws=9, rng=rng) is None
    most = [0, 0, 0, 0, 0, 1, 2, 3, 4]
    assert against_strangers(a, b, most, draws=9, rng=rng) is None


def heart(seed: int) -> ComparedHeart:
    rng = np.random.default_rng(seed)
    nn_ms = 900 + 40 * np.sin(np.arange(600) / 9) + rng.normal(0, 20, 600).cumsum() / 9
    return ComparedHeart(
        beat_t_s=np.cumsum(nn_ms) / 1000,
        nn_ms=nn_ms,
        gaps_s=np.array([[100.0, 104.0]]) if seed % 2 else np.empty((0, 2)),
    )


def test_two_hearts_are_as_alike_as_the_test_of_the_pages_counts_it() -> None:
    a, b = heart(1), heart(2)
    phases = [
        Phase(name="first", start_s=0.0, end_s=200.0),
        Phase(name="second", start_s=200.0, end_s=500.0),
        Phase(name="too short", start_s=500.0, end_s=530.0),
    ]
    told = synchrony(a, b, phases=phases, pacer=NO_PACER, surrogates=9, seed=1)
    slow_a, slow_b = (slow_heart_rate(x, phases=phases, pacer=NO_PACER) for x in (a, b))
    for at in range(2):
        counted = told.per_phase[at].hr.statistic
        # One of 20 columns is multiplied alone: the last bit may be another.
        assert alike(slow_a[at], slow_b[at]) == pytest.approx(counted, rel=1e-12)
        assert counted > 0
    assert np.isnan(slow_a[0]).any()
    assert slow_a[2].size == 0
