"""The shared pace: a glide into six that waits for the slower one."""

import math

import numpy as np
import pytest

from coreg.events import Partner
from coreg.exercises import adapt
from coreg.exercises.adapt import SharedPacer, locked_share

RNG = np.random.default_rng(20)


def beats_of(
    breath_hz: float, *, until_s: float, swing_ms: float = 60, noise_ms: float = 5
) -> list[tuple[float, float]]:
    """A heart of 70/min that swings with a breath of its own."""
    beats, t_s = [], 0.0
    while t_s < until_s:
        swing = 0.5 * swing_ms * math.sin(2 * math.pi * breath_hz * t_s)
        rr_ms = 857 + swing + RNG.normal(0, noise_ms)
        t_s += rr_ms / 1000
        beats.append((t_s, rr_ms))
    return beats


def breaths_of(rate_per_min: float, count: int) -> list[tuple[float, float]]:
    period_s = 60 / rate_per_min
    return [(number * period_s, period_s) for number in range(count)]


def test_a_heart_locked_to_the_breath_is_almost_wholly_explained_by_it() -> None:
    breaths = breaths_of(6, 3)
    assert locked_share(beats_of(0.1, until_s=40), breaths) > 0.9


def test_a_heart_with_another_breath_is_not() -> None:
    breaths = breaths_of(6, 3)
    assert locked_share(beats_of(0.27, until_s=40), breaths) < 0.3


def test_of_pure_noise_the_share_is_two_degrees_of_freedom() -> None:
    # E[R^2] of 2 extra regressors on n - 2 residual degrees of freedom: 2 / (n - 2).
    breaths = breaths_of(6, 3)
    shares, sizes = [], []
    for _ in range(400):
        beats = beats_of(0.1, until_s=30, swing_ms=0)
        shares.append(locked_share(beats, breaths))
        sizes.append(sum(t_s < 30 for t_s, _ in beats))
    assert np.mean(shares) == pytest.approx(2 / (np.mean(sizes) - 2), rel=0.15)


def test_too_few_beats_judge_nobody() -> None:
    assert math.isnan(locked_share([], breaths_of(6, 3)))
    assert math.isnan(locked_share(beats_of(0.1, until_s=4), breaths_of(6, 3)))


def paced(follows: dict[Partner, bool], minutes: float) -> list[tuple[float, float]]:
    """Run a pacer in closed loop with two hearts that follow it or do not."""
    pacer, t_s, given = SharedPacer(), 0.0, []
    phase = dict.fromkeys(Partner, 0.0)
    beat_s = dict.fromkeys(Partner, 0.0)
    while t_s < 60 * minutes:
        rate = pacer.rate_per_min(t_s)
        given.append((t_s, rate))
        period_s = 60 / rate
        for partner, follower in follows.items():
            while beat_s[partner] < t_s + period_s:
                own = (beat_s[partner] - t_s) / period_s if follower else 0.0
                turn = own if follower else phase[partner]
                rr_ms = 900 + 40 * math.sin(2 * math.pi * turn) + RNG.normal(0, 4)
                beat_s[partner] += rr_ms / 1000
                phase[partner] += rr_ms / 1000 * 0.31
                pacer.observe(partner, beat_s[partner], rr_ms)
        t_s += period_s
    return given


def test_where_both_follow_the_pace_is_six_after_the_glide_and_stays() -> None:
    given = paced({Partner.A: True, Partner.B: True}, 5)
    assert given[0][1] == 12
    after = [rate for t_s, rate in given if t_s > adapt.GLIDE_S + 10]
    assert set(after) == {6.0}
    rates = [rate for _, rate in given]
    assert rates == sorted(rates, reverse=True)


def test_where_one_does_not_follow_the_glide_waits_but_not_for_ever() -> None:
    both = paced({Partner.A: True, Partner.B: True}, 5)
    one = paced({Partner.A: True, Partner.B: False}, 5)

    def at_six_s(given: list[tuple[float, float]]) -> float:
        return next(t_s for t_s, rate in given if rate == 6.0)

    waited_s = at_six_s(one) - at_six_s(both)
    assert 20 < waited_s <= adapt.LONGEST_WAIT_S + 20


def test_with_no_hearts_at_all_the_glide_goes_on() -> None:
    pacer, t_s = SharedPacer(), 0.0
    rates = []
    while t_s < 150:
        rates.append(pacer.rate_per_min(t_s))
        t_s += 60 / rates[-1]
    assert rates[-1] == 6.0
