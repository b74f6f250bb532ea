"""What is believed of a heart: answers to a breath, curves, and what is fair to two."""

import math

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.integrate import quad

from benchmarks.as_live import labelled
from coreg.exercises.pacing.belief import FADE, Belief, RateMemory
from coreg.exercises.pacing.curves import ALL_PER_MIN, GUIDED_PER_MIN, candidates
from coreg.exercises.pacing.fairness import expected_worth, promise_below
from coreg.exercises.pacing.response import plausible, response_ms

PRIOR = candidates().prior
Floats = NDArray[np.float64]
Beats = tuple[Floats, Floats]


def heart(swing_ms: float, *, rate_per_min: float = 6, noise_ms: float = 0) -> Beats:
    """Beats, as rows of time and interval, of a heart that swings with the breath."""
    noise, beats, t_s = np.random.default_rng(11), [], -20.0
    while t_s < 40:
        middle_s = t_s + 0.45
        phase_rad = 2 * math.pi * rate_per_min / 60 * middle_s
        rr_ms = 900 + swing_ms / 2 * math.sin(phase_rad) + noise.normal(0, noise_ms)
        t_s += rr_ms / 1000
        beats.append((t_s, rr_ms))
    times_s, values_ms = np.array(beats).T
    return times_s, values_ms


# --- one answer -----------------------------------------------------------------


@pytest.mark.parametrize("rate_per_min", [4.5, 6.0, 7.0])
@pytest.mark.parametrize("swing_ms", [30.0, 150.0])
def test_an_answer_is_half_the_planted_swing(
    swing_ms: float, rate_per_min: float
) -> None:
    beats = heart(swing_ms, rate_per_min=rate_per_min)
    answer = response_ms(*beats, 0.0, 60 / rate_per_min)
    assert 2 * abs(answer) == pytest.approx(swing_ms, rel=0.06)


def test_a_slow_wave_beneath_hardly_changes_an_answer() -> None:
    t_s, rr_ms = heart(60)
    drift_ms = 40 * np.sin(2 * np.pi * t_s / 120)
    plain = response_ms(t_s, rr_ms, 0.0, 10.0)
    assert response_ms(t_s, rr_ms + drift_ms, 0.0, 10.0) == pytest.approx(plain, abs=2)


def test_the_argument_is_the_phase_of_the_longest_interval() -> None:
    """Sine from the breath's start, longest after a quarter: minus a quarter turn."""
    answer = response_ms(*heart(80), 0.0, 10.0)
    assert np.angle(answer) == pytest.approx(-np.pi / 2, abs=0.1)


def test_a_heart_with_another_breath_answers_nothing_on_the_whole() -> None:
    beats = heart(80, rate_per_min=9.7)
    answers = [response_ms(*beats, 10.0 * k - 10, 10.0) for k in range(4)]
    assert abs(np.mean(answers)) < 10


def test_too_few_beats_give_no_answer() -> None:
    t_s, rr_ms = heart(60)
    lost = (t_s < 2) | (t_s > 8)
    assert np.isnan(response_ms(t_s[lost], rr_ms[lost], 0.0, 10.0))
    early = t_s < 11  # the half breath after it is not known yet
    assert np.isnan(response_ms(t_s[early], rr_ms[early], 0.0, 10.0))
    assert np.isnan(response_ms(t_s[:0], rr_ms[:0], 0.0, 10.0))


def test_planted_missed_and_extra_beats_are_left_out() -> None:
    t_s, rr_ms = heart(120)
    clean = response_ms(t_s, rr_ms, 0.0, 10.0)
    k = int(np.searchsorted(t_s, 4.0))
    missed_ms = np.delete(rr_ms, k)
    missed_ms[k] += rr_ms[k]
    missed_s = np.delete(t_s, k)
    missed = plausible(missed_s, labelled(missed_s, missed_ms))
    assert response_ms(*missed, 0.0, 10.0) == pytest.approx(clean, abs=4)
    halves_ms = np.insert(rr_ms, k, 0.45 * rr_ms[k])
    halves_ms[k + 1] *= 0.55
    extra_s = np.insert(t_s, k, t_s[k] - 0.55 * rr_ms[k] / 1000)
    extra = plausible(extra_s, labelled(extra_s, halves_ms))
    assert response_ms(*extra, 0.0, 10.0) == pytest.approx(clean, abs=4)


def test_what_cleaning_rejected_counts_nowhere_and_what_it_let_pass_not_always() -> (
    None
):
    t_s = np.arange(40.0)
    rr_ms = 1000 + 30 * np.sin(2 * np.pi * t_s / 10)
    nn_ms = rr_ms.copy()
    nn_ms[20] = math.nan  # rejected, though as long as any
    nn_ms[30] *= 0.7  # accepted, though no beat of this heart
    kept_s, kept_ms = plausible(t_s, nn_ms)
    assert kept_s.tolist() == np.delete(t_s, [20, 30]).tolist()
    assert kept_ms.tolist() == np.delete(rr_ms, [20, 30]).tolist()


# --- candidates -------------------------------------------------------------------


def test_shares_add_up_and_most_resonances_lie_where_adults_have_them() -> None:
    assert PRIOR.sum() == pytest.approx(1)
    rates = candidates().resonance_per_min
    resonant = np.isfinite(rates)
    usual = (rates >= 4.5) & (rates <= 6.6)  # Vaschillo 2006
    assert PRIOR[usual].sum() / PRIOR[resonant].sum() > 0.75


def test_a_flat_heart_rolls_off_by_21_db_a_decade() -> None:
    """Hirsch & Bishop 1981: ten times the frequency, 10 ** (-21 / 20) of the swing."""
    flat = candidates().swing[-8]  # corner 5.7, no limit of comfort
    fast = np.searchsorted(ALL_PER_MIN, [10.0, 20.0])
    octave = 10 ** (-21 / 20 * math.log10(2))
    assert flat[fast[1]] / flat[fast[0]] == pytest.approx(octave, rel=0.05)


# --- belief -----------------------------------------------------------------------


def believed_after(
    true: int, rates: list[float], noise_ms: float, *, draw: int = 11
) -> Belief:
    """Belief about a candidate's own answers, 80 ms at its best, phase unknown."""
    belief, memory = Belief.of_anybody(), RateMemory()
    noise = np.random.default_rng(draw)
    for rate in rates:
        swing = memory.breathe(rate)
        off = noise.normal(0, noise_ms / math.sqrt(2), 2)
        answer = 40 * swing[true] * np.exp(0.7j) + complex(*off)
        belief.take(answer, swing, 60 / rate)
    return belief


SLIDE = list(np.linspace(6.8, 4.6, 24))


def resonant(rate_per_min: float) -> int:
    """The middling candidate that resonates nearest here, without a limit."""
    away = np.abs(candidates().resonance_per_min - rate_per_min)
    return int(np.flatnonzero(away == np.nanmin(away))[8])


def test_nothing_heard_leaves_the_prior() -> None:
    assert Belief.of_anybody().weights == pytest.approx(PRIOR)
    assert not Belief.of_anybody().is_informative


@pytest.mark.parametrize("resonance_per_min", [4.8, 5.5, 6.3])
def test_a_slide_with_little_noise_finds_the_resonance(
    resonance_per_min: float,
) -> None:
    belief = believed_after(resonant(resonance_per_min), SLIDE, noise_ms=2)
    near = np.abs(candidates().resonance_per_min - resonance_per_min) < 0.4
    assert belief.weights[near].sum() > 0.75 > 2 * PRIOR[near].sum()
    assert belief.is_informative


def test_more_noise_means_less_belief() -> None:
    true = resonant(5.5)
    for draw in range(10):
        sure, unsure = (
            believed_after(true, SLIDE, noise_ms, draw=draw).weights[true]
            for noise_ms in (2, 25)
        )
        assert sure > unsure, draw


def test_the_expected_swing_is_the_planted_one() -> None:
    belief = believed_after(resonant(5.5), [*SLIDE, *[5.5] * 20], noise_ms=3)
    assert belief.expected_swing_ms(5.5) == pytest.approx(80, rel=0.1)


def test_the_body_remembers_the_rates_it_comes_from() -> None:
    """After one breath of 10 s with a memory of 20 s, by hand."""
    memory = RateMemory()
    before, here = (
        candidates().swing[:, np.searchsorted(ALL_PER_MIN, r)] for r in (12.0, 6.0)
    )
    mean, _ = quad(lambda s: math.exp(-s / 20) / 10, 0, 10)
    assert memory.breathe(6.0) == pytest.approx(here + (before - here) * mean)


def test_between_evenings_a_belief_fades_towards_the_prior() -> None:
    true = resonant(5.5)
    certain = np.zeros_like(PRIOR)
    certain[true] = 1.0
    faded = Belief.carried_over(certain.tolist()).weights
    rates = candidates().resonance_per_min
    near = np.abs(rates - rates[true]) <= 0.61
    assert faded[near].sum() == pytest.approx(
        1 - FADE + FADE * PRIOR[near].sum(), abs=0.05
    )
    assert faded[np.isnan(rates)] == pytest.approx(FADE * PRIOR[np.isnan(rates)])


@pytest.mark.parametrize("bad", [[1.0], [0.0] * PRIOR.size, [math.nan] * PRIOR.size])
def test_weights_that_cannot_be_a_belief_are_refused(bad: list[float]) -> None:
    with pytest.raises(ValueError, match="belief"):
        Belief.carried_over(bad)


# --- fair to two --------------------------------------------------------------------


def only(candidate: int) -> Floats:
    weights = np.zeros_like(PRIOR)
    weights[candidate] = 1.0
    return weights


def test_of_two_known_curves_the_worth_is_the_smaller() -> None:
    low, high = resonant(4.8), resonant(6.3)
    smaller = np.minimum(candidates().guided[low], candidates().guided[high])
    worth = expected_worth(only(low), only(high))
    assert worth == pytest.approx(smaller, abs=0.0126)  # half of one of 40 levels
    assert 5.2 < GUIDED_PER_MIN[worth.argmax()] < 6.0


def test_neither_partner_counts_more() -> None:
    weights = np.random.default_rng(11).dirichlet(np.ones(PRIOR.size))
    assert expected_worth(weights, PRIOR) == pytest.approx(
        expected_worth(PRIOR, weights)
    )


def test_expected_worth_agrees_with_drawing_pairs() -> None:
    rng = np.random.default_rng(5)
    guided = candidates().guided
    one, other = (rng.choice(PRIOR.size, size=20_000, p=PRIOR) for _ in "AB")
    drawn = np.minimum(guided[one], guided[other]).mean(axis=0)
    assert expected_worth(PRIOR, PRIOR) == pytest.approx(drawn, abs=0.01)


def test_lower_rates_promise_nothing_once_the_best_is_known_and_passed() -> None:
    known = only(resonant(6.3))
    assert promise_below(6.0, known, known) == pytest.approx(0, abs=1e-9)
    assert promise_below(6.0, PRIOR, PRIOR) > 0.05
    assert promise_below(4.5, PRIOR, PRIOR) == 0
