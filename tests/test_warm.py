"""More alike after a warm practice than before: planted, refused, and silent."""

import math
from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

import coreg
from coreg.analysis.session_regressors import NO_PACER
from coreg.analysis.shift import paired_shift, unpaired_shift
from coreg.analysis.synchrony_channels import ComparedHeart
from coreg.errors import NotReleased
from coreg.exercises.plan import Plan, parse_plan, with_length
from coreg.exercises.plan_blocks import Length
from coreg.facts.events import Partner
from coreg.findings.timeline import Span
from coreg.findings.warm import (
    FEWEST_EVENINGS,
    Unanswered,
    WarmEvening,
    before_and_after,
    planned,
    warm_of,
    warm_over,
)
from tests.test_turns import PLAN, evening

BOTH = frozenset(Partner)
PLANS = Path(coreg.__file__).parent / "exercises" / "plans"


# --- ranks ------------------------------------------------------------------------


def test_signed_ranks_are_those_of_scipy_and_of_all_signs_by_hand() -> None:
    d = np.array([0.3, -0.1, 0.7, 0.2, 0.5, -0.4, 0.9])
    found = paired_shift(d)
    assert found.p == pytest.approx(float(stats.wilcoxon(d, method="exact").pvalue))
    ranks = np.argsort(np.argsort(np.abs(d))) + 1
    seen = ranks[d > 0].sum()
    sums = [
        sum(r for r, up in zip(ranks, signs, strict=True) if up)
        for signs in product((False, True), repeat=d.size)
    ]
    share = 2 * min(np.mean(np.array(sums) >= seen), np.mean(np.array(sums) <= seen))
    assert found.p == pytest.approx(share)


def test_ranks_of_two_sets_are_those_of_scipy() -> None:
    one = np.array([61.0, 64.5, 63.2, 66.1, 60.4])
    other = np.array([59.0, 60.9, 58.2, 63.9])
    right = stats.mannwhitneyu(other, one, method="exact").pvalue
    assert unpaired_shift(one, other).p == pytest.approx(float(right))


def test_an_interval_holds_what_the_test_does_not_refuse_and_nothing_else() -> None:
    rng = np.random.default_rng(4)
    d = rng.normal(0.5, 1.0, 12)
    found = paired_shift(d)
    for inside in (found.low + 1e-6, found.high - 1e-6):
        assert paired_shift(d - inside).p >= 0.05
    for outside in (found.low - 1e-6, found.high + 1e-6):
        assert paired_shift(d - outside).p < 0.05


def test_where_so_few_could_never_tell_nothing_is_told() -> None:
    assert math.isnan(paired_shift(np.arange(1.0, 6.0)).p)
    assert not math.isnan(paired_shift(np.arange(1.0, 7.0)).p)
    three, four = np.arange(3.0), np.arange(4.0)
    assert math.isnan(unpaired_shift(three, three).estimate)
    assert not math.isnan(unpaired_shift(four, four).estimate)


# --- one evening --------------------------------------------------------------------


def waves(rng: np.random.Generator, t_s: np.ndarray) -> np.ndarray:
    """Slow waves of a heart, .012 to .055 Hz."""
    hz = np.linspace(0.012, 0.055, 12)
    phases = rng.uniform(0, 2 * np.pi, hz.size)
    return np.asarray(
        np.cos(2 * np.pi * hz * t_s[:, None] + phases).sum(axis=1) / math.sqrt(6)
    )


def hearts(shared_from_s: float) -> tuple[ComparedHeart, ComparedHeart]:
    """A beat a second; from some time on both have the same slow waves."""
    rng = np.random.default_rng(11)
    t_s = np.arange(0.0, 700.0)
    a, b = waves(rng, t_s), waves(rng, t_s)
    b = np.where(t_s >= shared_from_s, a, b)
    return tuple(  # type: ignore[return-value]
        ComparedHeart(beat_t_s=t_s, nn_ms=1000 + 30 * each, gaps_s=np.empty((0, 2)))
        for each in (a, b)
    )


def compared(shared_from_s: float, *free: tuple[float, float]) -> WarmEvening:
    before, after = (Span(start_s=start, end_s=end) for start, end in free)
    a, b = hearts(shared_from_s)
    return before_and_after(a, b, (before, after), NO_PACER, surrogates=99, seed=1)


def test_hearts_that_share_their_waves_only_afterwards_are_more_alike_there() -> None:
    found = compared(300.0, (0, 120), (480, 660))
    assert found.unanswered is None
    assert found.seconds == 120  # both equally long
    assert found.change_z > 1.0
    other_way = compared(300.0, (480, 660), (0, 120))
    assert other_way.change_z == pytest.approx(-found.change_z, abs=0.15)


def test_a_minute_of_arriving_is_too_short_to_say_anything() -> None:
    found = compared(300.0, (0, 60), (480, 660))
    assert found.unanswered is Unanswered.TOO_SHORT
    assert math.isnan(found.change_z)


def test_a_practice_that_does_not_say_it_is_warm_is_none() -> None:
    assert warm_of(evening()).unanswered is Unanswered.NOT_WARM
    warm = PLAN.replace('opened_by = "couple"', 'opened_by = "couple"\nwarm = true')
    assert warm_of(evening(plan=warm)).unanswered is Unanswered.TOO_LITTLE_DATA
    talked = warm.replace('kind = "arrive"', 'kind = "words"')
    blocks = (("Talk", "words", 120.0), ("Tell it", "turn", 120.0))
    found = warm_of(evening(plan=talked, blocks=blocks))
    assert found.unanswered is Unanswered.NO_BEFORE


# --- over evenings ------------------------------------------------------------------


def one(change_z: float, unanswered: Unanswered | None = None) -> WarmEvening:
    return WarmEvening(
        before_z=0.0, after_z=change_z, seconds=120, unanswered=unanswered
    )


def test_it_takes_six_evenings_and_says_how_many_cannot_tell() -> None:
    short = one(math.nan, Unanswered.TOO_SHORT)
    few = warm_over([one(0.1 * n) for n in range(1, 6)] + [short], BOTH)
    assert (few.evenings, few.unanswered) == (5, {Unanswered.TOO_SHORT: 1})
    assert math.isnan(few.change_z.estimate)
    six = warm_over([one(0.1 * n) for n in range(1, FEWEST_EVENINGS + 1)], BOTH)
    assert six.change_z.estimate == pytest.approx(0.35)
    assert six.change_z.low == pytest.approx(0.1)
    cold = one(math.nan, Unanswered.NOT_WARM)
    assert warm_over([cold], BOTH).unanswered == {}


def test_it_takes_both() -> None:
    nobody: frozenset[Partner] = frozenset()
    for agreed in (nobody, {Partner.A}, {Partner.B}):
        with pytest.raises(NotReleased, match="haven’t both agreed"):
            warm_over([one(0.1)], agreed)


# --- which plans can say it ---------------------------------------------------------


def plan(name: str, length: Length = Length.USUAL) -> Plan:
    return parse_plan(with_length((PLANS / f"{name}.toml").read_text(), length))


@pytest.mark.parametrize(
    ("name", "length", "why"),
    [
        ("delight", Length.USUAL, Unanswered.TOO_SHORT),
        ("delight", Length.LONGER, None),
        ("small-good-moment", Length.LONGER, None),
        ("how-we-met", Length.LONGER, None),
        ("small-good-moment-and-breathe", Length.USUAL, Unanswered.TOO_SHORT),
        ("attune", Length.USUAL, Unanswered.NO_BEFORE),
        ("repair", Length.USUAL, Unanswered.NOT_WARM),
        ("relaxed-and-alert", Length.USUAL, Unanswered.NOT_WARM),
    ],
)
def test_docs_say_of_each_plan_whether_it_can_be_answered(
    name: str, length: Length, why: Unanswered | None
) -> None:
    assert planned(plan(name, length)) is why


def test_a_pair_without_warmth_is_told_of_once_in_twenty_and_no_more() -> None:
    rng = np.random.default_rng(2)
    told = [paired_shift(rng.normal(0.0, 1.0, 8)).p < 0.05 for _ in range(2000)]
    assert 0.02 < np.mean(told) < 0.055
    assert replace(one(0.2), before_z=0.5).change_z == pytest.approx(-0.3)
