"""The shared pace in closed loop with two planted hearts, and what keeps it safe."""

import json
import math
from collections.abc import Callable, Mapping

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from coreg.exercises.pacing.follow import (
    STEP_ANSWERS,
    STEP_BY_CHANCE,
    STEP_FEWEST_ANSWERS,
    breathes_otherwise,
    is_out_of_step,
    locked_share,
    own_rate_per_min,
)
from coreg.exercises.pacing.glide import GLIDE_S, Glide
from coreg.exercises.pacing.shared_pacer import SharedPacer
from coreg.facts.events import InStep, Pacing, Partner

Curve = Callable[[float], float]  # swing from peak to trough, ms, at a breathing rate
Given = list[tuple[float, float]]  # start and rate of each breath


class Body:
    """A heart whose swing builds up over 20 s to what the rate makes of it."""

    def __init__(self, curve: Curve, seed: int, *, follows: bool = True) -> None:
        self.curve = curve
        self.follows = follows
        self.beat_s = 0.0
        self._rng = np.random.default_rng(seed)
        self._swing_ms = 10.0
        self._waves = [
            (self._rng.uniform(0.01, 0.12), self._rng.uniform(0, 6.28), 8.0)
            for _ in range(6)
        ]

    def joins(self, curve: Curve) -> None:
        """Follow from now on, with another swing."""
        self.curve, self.follows = curve, True

    def live(self, start_s: float, period_s: float) -> list[tuple[float, float]]:
        """Return the beats until the end of this breath."""
        rate_per_min = 60 / period_s
        beats = []
        while self.beat_s < start_s + period_s:
            turns = (self.beat_s - start_s) / period_s
            if not self.follows:
                turns = self.beat_s * 14 / 60
            slow_ms = sum(
                size * math.sin(2 * math.pi * hz * self.beat_s + phase)
                for hz, phase, size in self._waves
            )
            swing_ms = self._swing_ms * math.sin(2 * math.pi * turns) / 2
            rr_ms = 880 + swing_ms + slow_ms + self._rng.normal(0, 4)
            self._swing_ms += (self.curve(rate_per_min) - self._swing_ms) * (
                1 - math.exp(-rr_ms / 20_000)
            )
            self.beat_s += rr_ms / 1000
            beats.append((self.beat_s, rr_ms))
        return beats


def bump(best_per_min: float, width_per_min: float = 0.7) -> Curve:
    """A Lorentzian on a floor: a shape that no candidate has."""
    return lambda rate: 20 + 90 / (1 + ((rate - best_per_min) / width_per_min) ** 2)


Silence = Mapping[Partner, tuple[float, float]]


def session(
    pacer: SharedPacer,
    bodies: dict[Partner, Body],
    minutes: float = 12,
    *,
    silent: Silence | None = None,
    before: Callable[[float], None] = lambda _: None,
) -> Given:
    """Guide two bodies; beats arrive with the breath after them."""
    t_s, given = 0.0, []
    while t_s < 60 * minutes:
        before(t_s)
        rate = pacer.rate_per_min(t_s)
        given.append((t_s, rate))
        for partner, body in bodies.items():
            gone_s, back_s = (silent or {}).get(partner, (math.inf, math.inf))
            for beat_t_s, rr_ms in body.live(t_s, 60 / rate):
                if not gone_s <= beat_t_s < back_s:
                    pacer.observe(partner, beat_t_s, rr_ms)
        t_s += 60 / rate
    return given


def couple(one: Curve, other: Curve, seed: int = 1) -> dict[Partner, Body]:
    return {Partner.A: Body(one, seed), Partner.B: Body(other, seed + 1)}


def late(given: Given, from_s: float = 420) -> float:
    """Mean rate over the last minutes."""
    return float(np.mean([rate for t_s, rate in given if t_s >= from_s]))


# --- where it goes ------------------------------------------------------------------


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_couple_whose_hearts_swing_most_slowly_is_led_lower(seed: int) -> None:
    given = session(SharedPacer.finding(), couple(bump(4.8), bump(5.0), seed))
    assert 4.5 <= late(given) < 5.4


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_couple_whose_hearts_swing_most_near_six_stays_near_six(seed: int) -> None:
    given = session(SharedPacer.finding(), couple(bump(6.1), bump(6.0), seed))
    assert 5.7 <= late(given) <= 6.5


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_partner_it_suits_less_is_not_left_behind(seed: int) -> None:
    """Best for the one is 4.7; but the other's swing is gone there."""
    given = session(SharedPacer.finding(), couple(bump(4.7, 2.0), bump(6.2, 0.5), seed))
    assert late(given) > 5.5


def test_a_couple_that_did_not_ask_for_more_stays_at_six() -> None:
    given = session(SharedPacer.steady(), couple(bump(4.7), bump(4.7)))
    assert {rate for t_s, rate in given if t_s > GLIDE_S + 15} == {6.0}


def test_after_evenings_that_speak_against_six_a_steady_pace_leaves_it() -> None:
    finding = SharedPacer.finding()
    session(finding, couple(bump(4.8), bump(4.8)))
    carried = json.loads(json.dumps(finding.belief()))
    given = session(SharedPacer.steady(belief=carried), couple(bump(4.8), bump(4.8)))
    after = {rate for t_s, rate in given if t_s > GLIDE_S + 90}
    assert len(after) == 1
    assert after.pop() < 5.6


def test_a_second_evening_starts_from_what_the_first_one_found() -> None:
    first = SharedPacer.finding()
    found = late(session(first, couple(bump(4.9), bump(4.9))))
    carried = json.loads(json.dumps(first.belief()))
    second = session(SharedPacer.finding(belief=carried), couple(bump(4.9), bump(4.9)))
    early = [rate for t_s, rate in second if 120 < t_s < 240]
    assert np.mean(early) == pytest.approx(found, abs=0.5)


def test_the_same_beats_give_the_same_breaths() -> None:
    one = session(SharedPacer.finding(), couple(bump(5.2), bump(6.0)), 6)
    other = session(SharedPacer.finding(), couple(bump(5.2), bump(6.0)), 6)
    assert one == other


# --- what keeps it safe ---------------------------------------------------------------


def test_after_the_glide_steps_are_small_and_rates_are_guided_ones() -> None:
    given = session(SharedPacer.finding(), couple(bump(4.6), bump(4.6)))
    rates = np.array([rate for t_s, rate in given if t_s >= GLIDE_S])
    assert np.abs(np.diff(rates)).max() <= 0.25 + 1e-9
    assert rates.min() >= 4.5
    assert rates.max() <= 7


RR = st.floats(min_value=250, max_value=2500)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(Partner), RR), max_size=400), st.data())
def test_whatever_beats_arrive_rates_stay_within_bounds(
    beats: list[tuple[Partner, float]], data: st.DataObject
) -> None:
    pacer = SharedPacer.finding()
    beat_s = dict.fromkeys(Partner, 0.0)
    waiting = iter(beats)
    t_s, rates = 0.0, []
    for _ in range(60):
        rates.append(pacer.rate_per_min(t_s))
        t_s += 60 / rates[-1]
        for partner, rr_ms in waiting:
            beat_s[partner] += rr_ms / 1000
            pacer.observe(partner, beat_s[partner], rr_ms)
            if beat_s[partner] > t_s:
                break
        if data.draw(st.integers(0, 20)) == 0:
            pacer.too_slow(t_s)
    assert all(4.5 <= rate <= 18 for rate in rates)
    arrived = next(i for i, rate in enumerate(rates) if rate <= 7.5)
    assert all(rate <= 7.5 for rate in rates[arrived:])
    assert np.abs(np.diff(rates[arrived:])).max() <= 0.25 + 1e-9


def test_what_is_too_slow_for_one_is_not_gone_below_again_tonight() -> None:
    pacer = SharedPacer.finding()
    pressed: list[float] = []

    def press(t_s: float) -> None:
        if t_s > 250 and not pressed:
            pressed.append(t_s)
            pacer.too_slow(t_s)

    given = session(pacer, couple(bump(4.6), bump(4.6)), before=press)
    was = [rate for t_s, rate in given if t_s < pressed[0]][-1]
    after = [rate for t_s, rate in given if t_s >= pressed[0] + 30]
    assert min(after) >= was + 0.5 - 1e-9
    assert pacer.belief().keys() == {"format", "evenings", "partners"}


def test_too_slow_in_the_glide_ends_it_at_the_fastest_guided_rate() -> None:
    pacer = SharedPacer.finding()
    given = session(
        pacer,
        couple(bump(5), bump(5)),
        4,
        before=lambda t_s: pacer.too_slow(t_s) if 20 < t_s < 26 else None,
    )
    rates = [rate for _, rate in given]
    assert min(rates) == 7
    assert rates == sorted(rates, reverse=True)


def test_without_one_strap_the_pace_holds_until_it_is_back() -> None:
    given = session(
        SharedPacer.finding(),
        couple(bump(4.6), bump(4.6)),
        silent={Partner.A: (130.0, 330.0)},
    )
    held = {rate for t_s, rate in given if 200 < t_s < 330}
    assert len(held) == 1
    moved = {rate for t_s, rate in given if t_s > 380}
    assert len(moved) > 1


# --- somebody whose answers do not keep step ----------------------------------------


def one_alone(seed: int = 1) -> dict[Partner, Body]:
    """One who is moved most by 4.7/min, and one who breathes apart and hardly shows it.

    Nothing faster than the pacer gives the second one away.
    """
    alone = Body(lambda _: 12.0, seed + 6, follows=False)
    return {Partner.A: Body(bump(4.7), seed), Partner.B: alone}


def test_the_search_is_over_once_somebody_does_not_keep_step() -> None:
    pacer, was = SharedPacer.finding(), list[tuple[float, Pacing]]()
    session(pacer, one_alone(), before=lambda t_s: was.append((t_s, pacer.pacing)))
    assert Pacing.FINDING in {pacing for t_s, pacing in was if t_s < 300}
    assert {pacing for t_s, pacing in was if t_s > 310} == {Pacing.STAYING}


@pytest.mark.parametrize("seed", [1, 4, 9])
def test_nobody_is_led_by_a_heart_that_does_not_keep_step(seed: int) -> None:
    given = session(SharedPacer.finding(), one_alone(seed))
    six = [rate == 6.0 for t_s, rate in given if t_s > 300]
    assert np.mean(six) > 0.9


def test_nobody_is_led_by_a_heart_whose_chest_is_seen_to_go_its_own_way() -> None:
    # Hearts that swing most at 4.8; from three minutes on one chest goes its own way.
    seen = SharedPacer.finding()

    def chest(t_s: float) -> None:
        if t_s >= 180:
            seen.see_beside(Partner.B, t_s, InStep.OWN_WAY)

    unseen = session(SharedPacer.finding(), couple(bump(4.8), bump(4.8)))
    given = session(seen, couple(bump(4.8), bump(4.8)), before=chest)
    assert late(unseen) < 5.4
    assert {rate for t_s, rate in given if t_s > 300} == {6.0}


def test_a_chest_that_goes_along_changes_nothing_of_who_leads() -> None:
    seen = SharedPacer.finding()

    def chest(t_s: float) -> None:
        for partner in Partner:
            seen.see_beside(partner, t_s, InStep.FOLLOWED)

    unseen = session(SharedPacer.finding(), couple(bump(4.8), bump(4.8)))
    assert session(seen, couple(bump(4.8), bump(4.8)), before=chest) == unseen


def test_who_comes_into_step_leads_again() -> None:
    bodies = one_alone()

    def join(t_s: float) -> None:
        if t_s > 300:
            bodies[Partner.B].joins(bump(4.7))

    given = session(SharedPacer.finding(), bodies, 20, before=join)
    assert {rate for t_s, rate in given if 310 < t_s < 480} == {6.0}
    assert late(given, 1000) < 5.6


def test_a_set_pace_stays_what_was_set_whoever_follows() -> None:
    given = session(SharedPacer.at(5.5), one_alone())
    assert {rate for t_s, rate in given if t_s > 180} == {5.5}


def test_answers_by_chance_are_out_of_step_as_often_as_theory_has_it() -> None:
    """Of complex normal noise n |mean|² / mean square is exponential: 1 - exp(-3)."""
    drawn = np.random.default_rng(3).normal(size=(4000, STEP_ANSWERS, 2))
    noise = drawn[..., 0] + 1j * drawn[..., 1]
    share = np.mean([is_out_of_step(each.tolist()) for each in noise])
    assert share == pytest.approx(1 - math.exp(-STEP_BY_CHANCE), abs=0.015)


def test_fewer_answers_than_it_takes_say_nothing_of_anybody() -> None:
    turning = [1j**n for n in range(STEP_FEWEST_ANSWERS)]
    assert is_out_of_step(turning)
    assert not is_out_of_step(turning[1:])


def test_with_no_hearts_at_all_the_pace_is_six() -> None:
    given = session(SharedPacer.finding(), {}, 6)
    assert given[-1][1] == 6.0


@pytest.mark.parametrize("who", list(Partner))
def test_the_glide_waits_for_somebody_who_breathes_otherwise_but_not_for_ever(
    who: Partner,
) -> None:
    def slow_from_s(bodies: dict[Partner, Body]) -> float:
        given = session(SharedPacer.finding(), bodies, 6)
        return next(t_s for t_s, rate in given if rate <= 6.6)

    both = couple(bump(5.5), bump(5.5))
    one = couple(bump(5.5), bump(5.5))
    one[who] = Body(lambda _: 80.0, 5, follows=False)
    waited_s = slow_from_s(one) - slow_from_s(both)
    assert 20 < waited_s < 80


def test_nothing_gets_slower_while_one_breathes_otherwise() -> None:
    bodies = couple(bump(4.6), bump(4.6))
    pacer = SharedPacer.finding()

    def leave(t_s: float) -> None:
        bodies[Partner.B].follows = t_s < 150
        bodies[Partner.B].curve = bump(4.6) if t_s < 150 else lambda _: 80.0

    given = session(pacer, bodies, 8, before=leave)
    rates = [rate for t_s, rate in given if t_s > 230]
    assert rates == sorted(rates)


def test_a_pause_forgets_the_breath_that_was_cut_and_keeps_the_pace() -> None:
    pacer = SharedPacer.finding()
    bodies = couple(bump(5.5), bump(5.5))
    last_s, last = session(pacer, bodies, 3)[-1]
    pacer.stopped(last_s + 2)
    assert abs(pacer.rate_per_min(last_s + 60) - last) <= 0.25


def test_a_belief_of_another_making_is_refused() -> None:
    with pytest.raises(ValueError, match="format"):
        SharedPacer.finding(belief={"format": 99})
    broken = {"format": 1, "evenings": 1, "partners": {"A": [1.0], "B": [1.0]}}
    with pytest.raises(ValueError, match="weights"):
        SharedPacer.finding(belief=broken)


# --- the glide, and following ---------------------------------------------------------


def test_a_glide_ends_with_small_steps() -> None:
    glide, rates = Glide(18.0, 6.0), []
    while not glide.is_over:
        rates.append(glide.rate_per_min)
        glide.go_on(60 / glide.rate_per_min)
    rates.append(glide.rate_per_min)
    slow = [rate for rate in rates if rate <= 7.5]
    assert rates[0] == 18
    assert rates[-1] == 6
    assert max(-np.diff(slow)) <= 0.25 + 1e-9


def free_breathing(rate_per_min: float, swing_ms: float, seed: int) -> Given:
    rng = np.random.default_rng(seed)
    t_s, beats = 0.0, []
    while t_s < 110:
        turn = 2 * math.pi * (rate_per_min / 60 * t_s + 0.2 * math.sin(t_s / 9))
        slow_ms = 25 * math.sin(0.55 * t_s) + 20 * math.sin(0.1 * t_s)
        rr_ms = 850 + swing_ms / 2 * math.sin(turn) + slow_ms + rng.normal(0, 5)
        t_s += rr_ms / 1000
        beats.append((t_s, rr_ms))
    return beats


@pytest.mark.parametrize("rate_per_min", [11.0, 14.0, 17.0])
def test_ones_own_rate_is_found_in_free_breathing(rate_per_min: float) -> None:
    t_s, rr_ms = np.array(free_breathing(rate_per_min, 60, 1)).T
    assert own_rate_per_min(t_s, rr_ms) == pytest.approx(rate_per_min, abs=1)


def test_where_no_breath_shows_the_own_rate_is_not_known() -> None:
    unknown = []
    for seed in range(40):
        t_s, rr_ms = np.array(free_breathing(14, 0, seed)).T
        unknown.append(math.isnan(own_rate_per_min(t_s, rr_ms)))
    assert np.mean(unknown) > 0.9


def test_a_slow_wave_does_not_pass_for_a_breath_of_ones_own() -> None:
    t_s = np.cumsum(np.full(130, 0.8))
    assert math.isnan(own_rate_per_min(t_s, 800 + 30 * np.sin(0.2 * np.pi * t_s)))


def test_the_glide_starts_at_the_slower_partners_own_rate() -> None:
    pacer = SharedPacer.steady()
    for partner, rate in ((Partner.A, 16.0), (Partner.B, 11.0)):
        for beat_t_s, rr_ms in free_breathing(rate, 60, 2):
            pacer.observe(partner, beat_t_s, rr_ms)
    assert pacer.rate_per_min(112.0) == pytest.approx(11, abs=1)
    assert SharedPacer.steady().rate_per_min(0.0) == 12


def test_of_pure_noise_the_locked_share_is_two_degrees_of_freedom() -> None:
    # E[R^2] of 2 extra regressors on n - 2 residual degrees of freedom: 2 / (n - 2).
    rng = np.random.default_rng(20)
    t_s = np.arange(0.4, 30, 0.86)
    starts_s, periods_s = np.array([0.0, 10.0, 20.0]), np.full(3, 10.0)
    shares = [
        locked_share(t_s, rng.normal(900, 20, t_s.size), starts_s, periods_s)
        for _ in range(600)
    ]
    assert np.mean(shares) == pytest.approx(2 / (t_s.size - 2), rel=0.15)


def test_noise_alone_seldom_passes_for_another_breath() -> None:
    rng = np.random.default_rng(21)
    t_s = np.arange(0.4, 60, 0.86)
    starts_s, periods_s = np.arange(0.0, 60.0, 10.0), np.full(6, 10.0)
    called = [
        breathes_otherwise(t_s, rng.normal(900, 20, t_s.size), starts_s, periods_s)
        for _ in range(300)
    ]
    assert np.mean(called) < 0.02


def test_too_few_beats_judge_nobody() -> None:
    few = np.array([1.0, 2.0, 3.0])
    starts_s, periods_s = np.array([0.0]), np.array([10.0])
    assert math.isnan(locked_share(few, 900 + few, starts_s, periods_s))
    assert not breathes_otherwise(few, 900 + few, starts_s, periods_s)
