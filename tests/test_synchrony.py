"""Synchrony: planted couplings are found, what the session does to anybody is not."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from numpy.typing import NDArray

from coreg.analysis.lagged_correlation import LAGS_S, lagged_fisher_z
from coreg.analysis.likeness import likeness
from coreg.analysis.session_regressors import (
    NO_PACER,
    phase_filter,
    regressors,
    residual,
    slow_part,
)
from coreg.analysis.surrogates import phase_randomised
from coreg.analysis.synchrony import (
    Lead,
    Missing,
    Phase,
    Synchrony,
    leader,
    synchrony,
)
from coreg.analysis.synchrony_channels import ComparedHeart, channels
from tests.helpers.two_hearts import NO_GAPS, PHASES, SECONDS, couple, pacer

Floats = NDArray[np.float64]


def judged(
    pair: tuple[ComparedHeart, ComparedHeart], surrogates: int = 99, seed: int = 1
) -> Synchrony:
    return synchrony(
        *pair, phases=PHASES, pacer=pacer(), surrogates=surrogates, seed=seed
    )


def lost_between(heart: ComparedHeart, start_s: float, end_s: float) -> ComparedHeart:
    kept = (heart.beat_t_s < start_s) | (heart.beat_t_s > end_s)
    return ComparedHeart(
        beat_t_s=heart.beat_t_s[kept],
        nn_ms=heart.nn_ms[kept],
        gaps_s=np.array([[start_s, end_s]]),
    )


# --- what must be found, and what must not -------------------------------------


def test_strangers_in_one_session_are_seldom_called() -> None:
    # 60 pairs at a true .05: more than 8 calls in 1 of 500 tries.
    found = [judged(couple(seed, 0.0)) for seed in range(60)]
    assert sum(each.p_hr <= 0.05 for each in found) <= 8
    assert sum(each.p_rsa <= 0.05 for each in found) <= 8


def test_the_same_strangers_correlate_because_of_the_session() -> None:
    raw = []
    for seed in range(10):
        a, b = (channels(x, start_s=0.0, seconds=SECONDS) for x in couple(seed, 0.0))
        raw.append(np.corrcoef(a.ln_ibi, b.ln_ibi)[0, 1])
    assert min(raw) > 0.3


def test_seats_that_both_shift_make_few_couples_of_strangers() -> None:
    """Twice, hearts that share nothing else rise by a fifth for some twenty seconds."""
    found = []
    for seed in range(40):
        rng = np.random.default_rng(seed)
        at_s = rng.uniform(640.0, 820.0, 2)
        a, b = (shaken(x, at_s, rng) for x in couple(seed, 0.0))
        found.append(judged((a, b)))
    # Uncut, 29 of these 40 are called.
    assert sum(each.per_phase[2].hr.p <= 0.05 for each in found) <= 18


def shaken(
    heart: ComparedHeart, at_s: Floats, rng: np.random.Generator
) -> ComparedHeart:
    """Return a heart that answers these moments."""
    since_s = np.subtract.outer(heart.beat_t_s, at_s + rng.uniform(0, 1.5))
    after_s = np.maximum(since_s, 0.0)
    answer = np.sum(after_s / 6 * np.exp(1 - after_s / 6), axis=1)
    return replace(heart, nn_ms=heart.nn_ms * np.exp(-0.18 * answer))


@pytest.mark.parametrize(("lag_s", "sign"), [(4.0, 1), (-4.0, 1), (3.0, -1)])
def test_a_coupling_is_found_at_its_lag_and_with_its_sign(
    lag_s: float, sign: int
) -> None:
    found = judged(couple(3, sign * 0.9, lag_s), surrogates=199)
    assert found.p_hr == 1 / 200
    assert found.p_any == 2 / 200
    assert found.sign == sign
    assert found.lag_s == pytest.approx(lag_s, abs=1.0)
    assert leader(found, 0.1) is (Lead.A if lag_s > 0 else Lead.B)


def test_simultaneous_hearts_have_no_leader() -> None:
    found = judged(couple(4, 0.9), surrogates=199)
    assert found.p_hr < 0.05
    assert leader(found, 0.1) is Lead.NOBODY


def test_coupling_in_one_phase_is_shown_in_that_phase() -> None:
    a, b = couple(5, 0.9)
    _, other = couple(6, 0.0)
    after = b.beat_t_s > 600
    before = other.beat_t_s < 599
    mixed = ComparedHeart(
        beat_t_s=np.concatenate((other.beat_t_s[before], b.beat_t_s[after])),
        nn_ms=np.concatenate((other.nn_ms[before], b.nn_ms[after])),
        gaps_s=NO_GAPS,
    )
    free, paced, late = judged((a, mixed), surrogates=199).per_phase
    assert late.hr.p == 1 / 200
    assert late.p_hr_holm == 3 / 200
    assert min(free.hr.p, paced.hr.p) > 0.05


# --- exchange, chance, gaps -----------------------------------------------------


@pytest.mark.parametrize("seed", [11, 12, 13])
def test_exchanging_the_partners_turns_the_lag_round_and_changes_no_size(
    seed: int,
) -> None:
    a, b = couple(seed, 0.5, 2.0)
    straight, turned = judged((a, b)), judged((b, a))
    assert turned.lag_s == pytest.approx(-straight.lag_s, abs=1e-9)
    assert turned.sign == straight.sign
    assert turned.hr.statistic == pytest.approx(straight.hr.statistic, rel=1e-12)
    np.testing.assert_allclose(turned.hr.profile_r, straight.hr.profile_r[::-1])


def test_the_same_seed_gives_the_same_answer_and_another_one_another() -> None:
    pair = couple(21, 0.2)
    first, again, other = judged(pair), judged(pair), judged(pair, seed=2)
    np.testing.assert_array_equal(first.hr.null, again.hr.null)
    assert not np.array_equal(first.hr.null, other.hr.null)
    assert first.hr.statistic == other.hr.statistic


def test_a_lost_minute_hides_no_coupling_and_makes_none() -> None:
    a, b = couple(22, 0.9, 3.0)
    found = judged((lost_between(a, 300, 360), b))
    assert found.p_hr == 1 / 100
    assert found.lag_s == pytest.approx(3.0, abs=0.7)
    assert found.per_phase[1].shared_s == pytest.approx(350 - 60, abs=8)


def test_what_a_gap_encloses_makes_no_difference() -> None:
    a, b = couple(23, 0.3)
    gap_s = np.array([[700.0, 730.0]])
    rejected = (a.beat_t_s > 698) & (a.beat_t_s < 732)
    silent = replace(a, nn_ms=np.where(rejected, np.nan, a.nn_ms), gaps_s=gap_s)
    wild_ms = a.nn_ms.copy()
    inside = (a.beat_t_s > 702) & (a.beat_t_s < 728)
    wild_ms[inside] = np.nan
    wild = replace(a, nn_ms=np.where(rejected, np.nan, wild_ms), gaps_s=gap_s)
    np.testing.assert_array_equal(
        judged((silent, b)).hr.profile_r, judged((wild, b)).hr.profile_r
    )


# --- where nothing can be said ----------------------------------------------------


def test_a_short_phase_is_said_to_be_too_short_and_the_others_decide() -> None:
    a, b = couple(31, 0.9)
    phases = (Phase(name="short", start_s=0.0, end_s=60.0), PHASES[2])
    found = synchrony(a, b, phases=phases, pacer=NO_PACER, surrogates=99, seed=1)
    assert found.per_phase[0].missing is Missing.TOO_SHORT
    assert np.isnan(found.per_phase[0].hr.p)
    assert np.isnan(found.per_phase[0].p_hr_holm)
    assert found.missing is None
    assert found.p_hr == found.per_phase[1].hr.p == 1 / 100


def test_a_strap_lost_for_good_leaves_nothing_to_say() -> None:
    a, b = couple(32, 0.9)
    found = judged((lost_between(a, 20, 1000), b))
    assert found.missing is Missing.TOO_LITTLE_DATA
    assert np.isnan([found.p_hr, found.p_rsa, found.p_any, found.lag_s]).all()
    assert found.sign == 0
    assert leader(found, 0.1) is Lead.NOBODY


def test_a_heart_that_does_not_vary_is_not_compared() -> None:
    a, _ = couple(33, 0.0)
    steady = replace(a, nn_ms=np.full(a.nn_ms.size, 900.0))
    assert judged((a, steady)).missing is Missing.NO_MOVEMENT


@pytest.mark.parametrize(
    ("phases", "surrogates", "words"),
    [
        ((), 99, "at least one phase"),
        ((Phase(name="x", start_s=5.0, end_s=5.0),), 99, "'x' ends before"),
        (PHASES, 0, "at least one surrogate"),
    ],
)
def test_a_question_that_makes_no_sense_is_refused(
    phases: tuple[Phase, ...], surrogates: int, words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        synchrony(
            *couple(1, 0.0),
            phases=phases,
            pacer=NO_PACER,
            surrogates=surrogates,
            seed=1,
        )


@settings(max_examples=25, deadline=None)
@given(
    holes=st.lists(
        st.tuples(st.floats(0, 880), st.floats(0.1, 400), st.booleans()), max_size=4
    ),
    seed=st.integers(0, 3),
)
def test_whatever_is_lost_p_is_a_probability_or_unknown(
    holes: list[tuple[float, float, bool]], seed: int
) -> None:
    pair = list(couple(seed, 0.4))
    for start_s, length_s, of_a in holes:
        which = 0 if of_a else 1
        lost = (pair[which].beat_t_s > start_s) & (
            pair[which].beat_t_s < start_s + length_s
        )
        nn_ms = np.where(lost, np.nan, pair[which].nn_ms)
        pair[which] = replace(pair[which], nn_ms=nn_ms)
    found = judged((pair[0], pair[1]), surrogates=19)
    for p in (found.p_hr, found.p_rsa, found.p_any, found.p_direction):
        assert 0 < p <= 1 or (np.isnan(p) and found.missing is not None)
    assert np.isnan(found.lag_s) or abs(found.lag_s) <= 10


# --- the steps, against other ways to the same number ------------------------------


def test_the_statistic_is_that_of_a_plain_computation() -> None:
    """Regress with lstsq, filter wave by wave, correlate with np.corrcoef's formula."""
    a, b = couple(41, 0.6, 2.0)
    phase = PHASES[0]
    found = synchrony(a, b, phases=[phase], pacer=pacer(), surrogates=9, seed=1)
    inside = slice(5, 235)
    t_s = np.arange(240)[inside] + 0.5
    drift = [np.cos(np.pi * k * (np.arange(230) + 0.5) / 230) for k in range(5)]
    taus = [np.exp(-t_s / tau) for tau in (8, 20, 50)]
    design = np.column_stack(drift + taus)
    band = [k for k in range(230) if 0.01 <= k / 460 < 0.06]
    waves = np.column_stack(
        [np.cos(np.pi * k * (np.arange(230) + 0.5) / 230) for k in band]
    )
    waves -= design @ np.linalg.lstsq(design, waves, rcond=None)[0]
    weight = np.sqrt([k / 460 for k in band])
    x = []

    def usual(of: Floats) -> tuple[float, float]:
        far = 1.2 * 1.4826 * float(np.median(np.abs(of[::3])))
        return -far, far

    for heart in (a, b):
        level = channels(heart, start_s=0.0, seconds=240).ln_ibi[inside]
        once = waves @ (weight * (waves.T @ level))
        twice = waves @ (weight * (waves.T @ np.clip(once, *usual(once))))
        x.append(np.clip(twice, *usual(twice)))
    for lag, r in zip(LAGS_S, found.hr.profile_r, strict=True):
        early, late = (0, lag) if lag >= 0 else (-lag, 0)
        n = 230 - abs(lag)
        one, two = x[0][early : early + n], x[1][late : late + n]
        truth = one @ two / np.sqrt((one @ one) * (two @ two))
        assert r == pytest.approx(truth, abs=1e-9)


def test_nothing_that_the_session_could_have_done_gets_through() -> None:
    t_s = np.arange(245.0, 595.0) + 0.5
    nuisance = regressors(pacer(), t_s, 240.0)
    known = np.ones(t_s.size, dtype=np.bool_)
    known[100:130] = False
    passed = phase_filter(nuisance, known)
    rng = np.random.default_rng(1)
    done = (nuisance @ rng.normal(size=(nuisance.shape[1], 5))).T
    assert np.abs(residual(passed, done)).max() < 1e-9 * np.abs(done).max()
    assert np.abs(slow_part(passed, done)).max() < 1e-9 * np.abs(done).max()


def test_a_wave_within_the_band_gets_through_and_one_outside_does_not() -> None:
    t_s = np.arange(5.0, 475.0)
    passed = phase_filter(regressors(NO_PACER, t_s, 0.0), np.ones(470, dtype=np.bool_))

    def kept(hz: float) -> float:
        wave = np.sin(2 * np.pi * hz * t_s)
        return float(slow_part(passed, residual(passed, wave)).std() / wave.std())

    assert kept(0.10) < 0.05  # the ends of a stretch are in every band
    assert kept(0.25) < 0.02
    assert kept(0.004) < 0.05
    # Equal say: the weight grows with the square root of frequency, 1 at 0.06 Hz.
    assert kept(0.02) == pytest.approx(np.sqrt(1 / 3), abs=0.06)
    assert kept(0.04) == pytest.approx(np.sqrt(2 / 3), abs=0.06)


def test_lags_are_correlated_over_the_seconds_that_both_know() -> None:
    rng = np.random.default_rng(2)
    a, b = rng.normal(size=(2, 200))
    known_a, known_b = rng.random((2, 200)) > 0.2
    a, b = np.where(known_a, a, 0.0), np.where(known_b, b, 0.0)
    z = lagged_fisher_z(a, known_a, b[np.newaxis], known_b)[0]
    for lag, got in zip(LAGS_S.tolist(), z, strict=True):
        both = [
            (a[t], b[t + lag])
            for t in range(200)
            if 0 <= t + lag < 200 and known_a[t] and known_b[t + lag]
        ]
        one, two = np.array(both).T
        r = one @ two / np.sqrt((one @ one) * (two @ two))
        assert np.tanh(got) == pytest.approx(r, abs=1e-12)


def test_p_counts_the_surrogates_that_reach_the_data() -> None:
    z = np.zeros((5, LAGS_S.size))
    z[:, 10] = [0.3, 0.1, -0.5, 0.3, 0.2]  # two of four reach .3: .7 * .5 is more
    assert likeness(z).p == pytest.approx((1 + 2) / (4 + 1))


@given(
    st.lists(st.floats(-0.9, 0.9), min_size=LAGS_S.size, max_size=LAGS_S.size).filter(
        any
    )
)
def test_whatever_the_profile_a_lag_is_at_a_top_within_its_bounds(
    profile: list[float],
) -> None:
    z = np.vstack((profile, np.zeros((3, LAGS_S.size))))
    told = likeness(z)
    assert abs(told.lag_s) <= 10.5
    up = np.sign(told.r) * z[0]
    at = int(np.clip(round(told.lag_s), -10, 10)) + 10
    best = int(np.flatnonzero(np.isclose(np.tanh(z[0]), told.r))[0])
    assert max(up[max(at - 1, 0) : at + 2]) >= up[best] - 1e-12


def test_a_lag_is_where_two_hearts_are_most_alike_not_where_that_counts_most() -> None:
    z = np.zeros((4, LAGS_S.size))
    z[0] = 0.5 - 0.002 * (LAGS_S - 6.3) ** 2  # counts most at a lag of 1 s
    assert likeness(z).lag_s == pytest.approx(6.3, abs=1e-9)


def test_the_swing_with_the_breath_is_followed_in_its_own_band() -> None:
    t_s = np.arange(0.9, 600.0, 0.9)
    swing = 0.03 * np.exp(0.5 * np.sin(2 * np.pi * 0.02 * t_s))
    nn_ms = 900 * np.exp(swing * np.sin(2 * np.pi * 0.25 * t_s))
    heart = ComparedHeart(beat_t_s=t_s, nn_ms=nn_ms, gaps_s=NO_GAPS)
    seen = channels(heart, start_s=0.0, seconds=600).ln_free_rsa[30:570]
    truth = np.sin(2 * np.pi * 0.02 * (np.arange(30, 570) + 0.5))
    assert np.corrcoef(seen, truth)[0, 1] > 0.95


def test_chance_keeps_the_rhythm_of_a_heart_and_forgets_when() -> None:
    x = np.cumsum(np.random.default_rng(3).normal(size=(2, 301)), axis=1)
    drawn = phase_randomised(x, 50, np.random.default_rng(4))
    assert drawn.shape == (2, 50, 301)
    power = np.abs(np.fft.rfft(x))[:, np.newaxis]
    np.testing.assert_allclose(np.abs(np.fft.rfft(drawn)), power + 0 * drawn[..., :151])
    with_data = [np.corrcoef(x[0], each)[0, 1] for each in drawn[0]]
    assert abs(np.mean(with_data)) < 0.25
