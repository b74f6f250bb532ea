"""Settled, awake, together: worked by hand, and what nobody changing would score."""

import math

import numpy as np
import pytest

from coreg.events import Wakefulness
from coreg.exercises.awake import (
    awake_gates,
    slowing,
    slowing_by_chance,
    wakefulness,
)
from coreg.exercises.state import (
    SETTLED_CUT,
    Gate,
    HeartReference,
    heart_reference,
    settled,
    settled_by_heart_rate,
    settled_gates,
    together,
)

CALM = HeartReference(hr_bpm=70.0, hr_sd_bpm=2.0)


def test_a_reference_is_the_median_and_the_scaled_mad() -> None:
    # Median 70; deviations 4 2 0 1 3 5 2, their median 2; 1.4826 * 2.
    found = heart_reference([74, 72, 70, 69, 67, 65, 72, math.nan])
    assert found is not None
    assert found.hr_bpm == 70
    assert found.hr_sd_bpm == pytest.approx(2.9652)


def test_a_steady_heart_gets_the_smallest_spread_and_few_breaths_no_reference() -> None:
    found = heart_reference([70.0] * 8)
    assert found is not None
    assert found.hr_sd_bpm == 1.5
    assert heart_reference([70.0] * 5) is None


def test_settled_is_the_logistic_of_both_weights() -> None:
    # 0.7 * (70 - 68) / 2 + 0.3 * ln(66 / 60) / 0.25 = 0.7 + 0.11437...
    by_hand = 1 / (1 + math.exp(-(0.7 + 0.3 * math.log(1.1) / 0.25)))
    assert settled([68.0] * 6, [66.0] * 6, [60.0] * 6, CALM) == pytest.approx(by_hand)


def test_without_an_expected_swing_heart_rate_has_all_the_weight() -> None:
    alone = settled([68.0] * 6, [66.0] * 6, [math.nan] * 6, CALM)
    assert alone == settled_by_heart_rate([68.0] * 6, CALM)
    assert alone == pytest.approx(1 / (1 + math.exp(-1)))


def test_a_swing_that_only_follows_the_rate_settles_nobody() -> None:
    assert settled([70.0] * 6, [40.0] * 6, [40.0] * 6, CALM) == 0.5


def test_fewer_than_half_of_the_breaths_say_nothing() -> None:
    rates = [68.0, 68.0] + [math.nan] * 4
    assert math.isnan(settled_by_heart_rate(rates, CALM))


def test_somebody_unchanging_is_seldom_called_settled() -> None:
    """A tenth of the time by the cut, on hearts unlike those it was chosen on."""
    rng = np.random.default_rng(3)
    called = []
    for _ in range(300):
        # First-order waves with a time constant of 5 breaths, SD 2/min.
        hr_bpm, noise = (
            [rng.normal(70, 2)],
            rng.normal(0, 2 * math.sqrt(1 - 0.8**2), 72),
        )
        for step in noise:
            hr_bpm.append(70 + 0.8 * (hr_bpm[-1] - 70) + step)
        reference = heart_reference(hr_bpm[:12])
        assert reference is not None
        called += [
            settled_by_heart_rate(hr_bpm[end - 6 : end], reference) > SETTLED_CUT
            for end in range(18, 73)
        ]
    assert 0.02 < np.mean(called) <= 0.15


def test_the_slowest_fifth_of_taps_is_dropped() -> None:
    recent = [0.33] * 8 + [0.9, 1.4]
    reference = [0.30] * 8 + [0.8, 1.2]
    assert slowing(recent, reference) == pytest.approx(0.1)
    # A fifth of six is 1.2 answers: of the last but one .8 counts, of 4.8 in all.
    recent = [0.30] * 4 + [0.33, 0.9]
    assert slowing(recent, [0.30] * 8) == pytest.approx(1.1 ** (0.8 / 4.8) - 1)


@pytest.mark.parametrize(
    ("reaction_s", "band"),
    [
        ([0.30] * 8, Wakefulness.AWAKE),
        ([0.36] * 8, Wakefulness.BETWEEN),  # 20 % slower: 1 - .2 / .3 = .33
        ([0.39] * 8, Wakefulness.DROWSY),  # 30 % slower: 0
        ([0.30] * 6 + [1.5, 2.0], Wakefulness.DROWSY),  # two misses in a row
        ([2.0, *[0.30] * 6, 1.5], Wakefulness.AWAKE),  # two misses apart
        ([0.30] * 5, Wakefulness.UNKNOWN),
    ],
)
def test_awake_is_shown_in_three_bands(
    reaction_s: list[float], band: Wakefulness
) -> None:
    assert wakefulness(reaction_s, [0.30] * 10) is band


def test_a_slowing_counts_only_beyond_what_chance_gives_so_few_answers() -> None:
    # SD of ln .2 and 8 of either: .2 * sqrt(1/8 + 1/8) = .1; Student's t of 7 degrees
    # passes 1.415 one time in ten (printed tables): exp(.1415) - 1 = .152.
    apart = 0.2 * math.sqrt(7 / 8)  # so that the SD with n - 1 is .2
    reference = [0.3 * math.exp(apart), 0.3 * math.exp(-apart)] * 4
    found = slowing_by_chance([0.3] * 8, reference)
    assert found == pytest.approx(0.152, abs=0.001)
    # Another evening's mean differs besides: hypot(.1, .05) = .1118.
    later = slowing_by_chance([0.3] * 8, reference, evenings_sd=0.05)
    assert later == pytest.approx(math.expm1(1.415 * 0.1118), abs=0.001)
    for factor, band in ((1.14, Wakefulness.AWAKE), (1.17, Wakefulness.BETWEEN)):
        recent = [factor * tap_s for tap_s in reference]
        assert wakefulness(recent, reference) is band


def test_together_counts_only_minutes_that_could_be_judged() -> None:
    found = together([1, 1, 0, np.nan, 1], [1, 0, 1, 1, np.nan])
    assert (found.judged_min, found.together_min) == (3, 1)
    assert found.by_chance_min == pytest.approx(3 * 0.10 * 0.10)


def test_every_gate_that_is_closed_is_named() -> None:
    closed = settled_gates(
        is_flooded=True, covered_share=0.69, paced_for_s=119.0, is_talking=True
    )
    assert closed == (Gate.AROUSED, Gate.SIGNAL, Gate.WARMING_UP, Gate.TALKING)
    open_ = settled_gates(
        is_flooded=False, covered_share=0.7, paced_for_s=120.0, is_talking=False
    )
    assert open_ == ()
    few = awake_gates(reference_taps=7, recent_taps=6, is_talking=False)
    assert few == (Gate.FEW_TAPS,)


def test_coverage_that_is_not_known_closes_the_gate() -> None:
    closed = settled_gates(
        is_flooded=False, covered_share=math.nan, paced_for_s=300.0, is_talking=False
    )
    assert closed == (Gate.SIGNAL,)
