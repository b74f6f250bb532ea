"""Settled, awake, together: worked by hand, and what nobody changing would score."""

import itertools
import math

import numpy as np
import pytest

from coreg.exercises.states.awake import (
    awake_gates,
    slowing,
    slowing_by_chance,
    wakefulness,
)
from coreg.exercises.states.gates import Gate, settled_gates, together
from coreg.exercises.states.settled import (
    BREATH_COUNTS,
    DEEPEST,
    DEPTHS,
    HR_SCATTER,
    REFERENCE_OFF,
    SETTLED_AT_FIRST,
    SETTLED_CUT,
    SETTLED_FOR_S,
    SETTLES_AFTER_S,
    SHALLOWEST,
    STRAY_DENSITY,
    SWING_SCATTER,
    WIDER,
    HeartReference,
    SettledBelief,
    heart_reference,
)
from coreg.facts.events import Wakefulness

CALM = HeartReference(hr_bpm=70.0, hr_sd_bpm=1.5)
NOT_KNOWN = math.nan


def believed(hr_bpm: list[float], wider: float = NOT_KNOWN) -> list[float]:
    """Return the probability after each of so many breaths of ten seconds."""
    belief = SettledBelief(CALM)
    return [belief.breath(hr_bpm=hr, wider=wider, length_s=10.0) for hr in hr_bpm]


def test_a_reference_is_the_mean_without_strays_and_a_shrunk_spread() -> None:
    # Median 70, scaled MAD 1.4826: 48 (beats were lost) is farther than 3 of them.
    # The others: mean 70, variance (1 + 1 + 4 + 4) / 7; with 12 breaths of 1.5.
    found = heart_reference([69, 71, 70, 68, 72, 70, 70, 48, math.nan])
    assert found is not None
    assert found.hr_bpm == 70
    assert found.hr_sd_bpm == pytest.approx(math.sqrt((12 * 2.25 + 10) / 19))


def test_too_few_breaths_are_no_reference() -> None:
    assert heart_reference([70.0] * 5 + [math.nan] * 7) is None


def by_every_path(hr_bpm: list[float], wider: list[float]) -> float:
    """Return the probability of being settled by adding up every way of getting there.

    The definition itself, without recursion: each path of states of each depth and each
    usual level, weighed by what it would have shown.
    """

    def likely(away: float, scatter: float) -> float:
        seen = math.exp(-0.5 * (away / scatter) ** 2) + STRAY_DENSITY
        return float(seen**BREATH_COUNTS)

    # Two states left at constant rates: Ross, Introduction to Probability Models, 6.4.
    rate, back = 1 / SETTLES_AFTER_S, 1 / SETTLED_FOR_S
    into = rate / (rate + back) * (1 - math.exp(-10 * (rate + back)))
    out = back / (rate + back) * (1 - math.exp(-10 * (rate + back)))
    moves = {(0, 1): into, (0, 0): 1 - into, (1, 0): out, (1, 1): 1 - out}
    ends = [0.0, 0.0]
    for depth in np.geomspace(SHALLOWEST, DEEPEST, DEPTHS):
        for place in np.linspace(-1.6, 1.6, 5):
            for path in itertools.product((0, 1), repeat=len(hr_bpm) + 1):
                weight = math.exp(-0.5 * place**2)
                weight *= SETTLED_AT_FIRST if path[0] else 1 - SETTLED_AT_FIRST
                for number, (before, state) in enumerate(itertools.pairwise(path)):
                    slower = (CALM.hr_bpm - hr_bpm[number]) / CALM.hr_sd_bpm
                    level = REFERENCE_OFF * place + state * depth
                    weight *= moves[before, state]
                    weight *= likely(slower - level, HR_SCATTER)
                    weight *= likely(wider[number] - state * WIDER, SWING_SCATTER)
                ends[path[-1]] += weight
    return ends[1] / sum(ends)


@pytest.mark.parametrize(
    ("hr_bpm", "wider"),
    [
        ([64.0, 63.0, 66.0, 61.0, 69.0], [0.3, -0.2, 0.5, 0.1, 0.0]),
        ([70.0, 75.0, 71.0, 58.0, 57.0], [0.0, 1.5, -0.9, 0.4, 0.2]),
    ],
)
def test_the_belief_is_what_all_paths_of_states_add_up_to(
    hr_bpm: list[float], wider: list[float]
) -> None:
    belief = SettledBelief(CALM)
    for hr, w in zip(hr_bpm, wider, strict=True):
        belief.breath(hr_bpm=hr, wider=w, length_s=10.0)
    assert belief.probability == pytest.approx(by_every_path(hr_bpm, wider))


def test_without_an_expected_swing_heart_rate_counts_alone() -> None:
    slow = [65.0] * 20
    assert believed(slow)[-1] > SETTLED_CUT
    assert believed(slow, wider=0.3)[-1] > believed(slow)[-1]
    assert believed(slow, wider=-0.5)[-1] < believed(slow)[-1]


def test_a_swing_that_only_follows_the_rate_settles_nobody() -> None:
    assert max(believed([70.0] * 60, wider=0.0)) < 0.25


def test_half_a_settling_counts_and_less_than_half_of_a_deep_one_does_not() -> None:
    """3/min below: nearer to the lower level of one who settled by 4, not by 12."""
    shallow = believed([70.0] * 20 + [66.0] * 40 + [67.0] * 15)
    deep = believed([70.0] * 20 + [58.0] * 40 + [67.0] * 15)
    assert shallow[-1] > SETTLED_CUT > deep[-1]


def test_who_was_a_little_slower_all_along_has_not_settled() -> None:
    assert max(believed([69.0] * 90)) < SETTLED_CUT


def test_a_stray_breath_settles_nobody() -> None:
    assert max(believed([70.0] * 20 + [35.0] + [70.0] * 10)) < SETTLED_CUT


def test_time_without_a_breath_makes_less_certain() -> None:
    belief = SettledBelief(CALM)
    for _ in range(30):
        belief.breath(hr_bpm=62.0, wider=NOT_KNOWN, length_s=10.0)
    sure = belief.probability
    hour = belief.breath(hr_bpm=NOT_KNOWN, wider=NOT_KNOWN, length_s=3600.0)
    assert sure > 0.9
    # In the long run: how long it lasts against how often one settles.
    assert hour == pytest.approx(
        SETTLED_FOR_S / (SETTLED_FOR_S + SETTLES_AFTER_S), abs=0.001
    )


def test_somebody_unchanging_is_seldom_called_settled() -> None:
    """A tenth of the time at most, on hearts unlike those it was made on."""
    rng = np.random.default_rng(3)
    called = []
    for _ in range(200):
        # First-order waves with a time constant of 5 breaths, SD 2/min.
        hr_bpm, noise = (
            [rng.normal(70, 2)],
            rng.normal(0, 2 * math.sqrt(1 - 0.8**2), 72),
        )
        for step in noise:
            hr_bpm.append(70 + 0.8 * (hr_bpm[-1] - 70) + step)
        reference = heart_reference(hr_bpm[:12])
        assert reference is not None
        belief = SettledBelief(reference)
        called += [
            belief.breath(hr_bpm=hr, wider=NOT_KNOWN, length_s=10.0) >= SETTLED_CUT
            for hr in hr_bpm[12:]
        ]
    assert 0.01 < np.mean(called) <= 0.10


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
    closed = settled_gates(is_flooded=True, covered_share=0.69, since_reference_s=119.0)
    assert closed == (Gate.AROUSED, Gate.SIGNAL, Gate.WARMING_UP)
    open_ = settled_gates(is_flooded=False, covered_share=0.7, since_reference_s=120.0)
    assert open_ == ()
    few = awake_gates(reference_taps=7, recent_taps=6)
    assert few == (Gate.FEW_TAPS,)


def test_coverage_that_is_not_known_closes_the_gate() -> None:
    closed = settled_gates(
        is_flooded=False, covered_share=math.nan, since_reference_s=300.0
    )
    assert closed == (Gate.SIGNAL,)
