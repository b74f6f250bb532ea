"""Possible flooding: planted, and seen; calm slow breathing, and left alone."""

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from benchmarks.as_live import labelled
from coreg.exercises.states.flooding import FloodedSpan, FloodingWatch, flooded_spans

SIX = [(10.0 * number, 10.0) for number in range(90)]
REST_BPM = 68.0
Beats = tuple[np.ndarray, np.ndarray]


def heart(
    above_bpm: Callable[[float], float],
    *,
    until_s: float = 720,
    swing_ms: float = 100,
    seed: int = 1,
) -> Beats:
    """A heart of 68/min that breathes at six and is stirred by a planted amount.

    Being stirred by 15/min halves the swing, as it does in a body under stress.
    """
    rng = np.random.default_rng(seed)
    t_s, beats = 0.0, []
    while t_s < until_s:
        above = above_bpm(t_s)
        swing = 0.5 * swing_ms * max(0.2, 1 - above / 30)
        calm_ms = 60_000 / 68 + swing * math.sin(2 * math.pi * t_s / 10)
        rr_ms = 60_000 / (60_000 / calm_ms + above) + rng.normal(0, 6)
        t_s += rr_ms / 1000
        beats.append((t_s, rr_ms))
    times, values = np.array(beats).T
    return times, values


def nothing(_: float) -> float:
    return 0.0


def upset(t_s: float) -> float:
    """+15/min within 20 s from 420 s, for a minute and a half, then gone in 20 s."""
    return float(np.interp(t_s, [420, 440, 530, 550], [0, 15, 15, 0]))


def creeping(t_s: float) -> float:
    """+20/min over eight minutes."""
    return float(np.interp(t_s, [120, 600], [0, 20]))


def test_an_upset_is_seen_within_forty_seconds_and_its_end_too() -> None:
    (span,) = flooded_spans(*heart(upset), SIX, rest_bpm=REST_BPM)
    assert 430 <= span.on_s <= 460
    assert 535 <= span.off_s <= 580


@pytest.mark.parametrize("swing_ms", [40, 100, 200])
def test_slow_breathing_alone_is_not_flooding_however_far_it_swings(
    swing_ms: float,
) -> None:
    beats = heart(nothing, swing_ms=swing_ms)
    assert flooded_spans(*beats, SIX, rest_bpm=REST_BPM) == ()


def settled_and_back(t_s: float) -> float:
    """10/min calmer for four minutes, then back where this heart usually is."""
    return float(np.interp(t_s, [200, 240, 480, 500], [0, -10, -10, 0]))


def test_coming_back_from_a_deep_calm_is_no_flooding() -> None:
    beats = heart(settled_and_back)
    assert flooded_spans(*beats, SIX, rest_bpm=REST_BPM) == ()


def test_an_upset_out_of_a_deep_calm_passes_at_rest_and_a_second_one_is_seen() -> None:
    """The calm before it is not what this heart has to come back to."""

    def stirred(t_s: float) -> float:
        first = float(np.interp(t_s, [500, 520, 580, 600], [0, 15, 15, 0]))
        second = float(np.interp(t_s, [780, 800, 860, 880], [0, 15, 15, 0]))
        return settled_and_back(t_s) + first + second

    first, second = flooded_spans(*heart(stirred, until_s=900), SIX, rest_bpm=REST_BPM)
    assert 500 < first.on_s <= 540
    assert 585 <= first.off_s <= 640
    assert 790 <= second.on_s <= 820


def test_a_heart_that_stays_a_little_faster_is_not_flooded_for_the_evening() -> None:
    """Up by 15/min, then 8/min above rest for good: another usual, not an alarm."""

    def above(t_s: float) -> float:
        return float(np.interp(t_s, [300, 320, 360, 400], [0, 15, 15, 8]))

    (span,) = flooded_spans(*heart(above, until_s=900), SIX, rest_bpm=REST_BPM)
    assert 310 <= span.on_s <= 340
    assert span.off_s <= span.on_s + 300 + 180  # five minutes, and a new reference


def test_without_a_pacer_an_upset_is_seen_too() -> None:
    spans = flooded_spans(*heart(upset), [], rest_bpm=REST_BPM)
    assert any(430 <= span.on_s <= 460 for span in spans)


def test_what_creeps_is_seen_against_the_resting_heart_rate() -> None:
    spans = flooded_spans(*heart(creeping), SIX, rest_bpm=REST_BPM)
    assert 400 < spans[0].on_s < 600


def test_a_livelier_heart_that_varies_more_is_not_called_flooded() -> None:
    """Delight lifts a heart and its variability; 8/min more, swing doubled."""
    calm_s, calm_ms = heart(nothing, until_s=400, swing_ms=50)
    lively_s, lively_ms = heart(lambda _: 8.0, until_s=200, swing_ms=150, seed=2)
    t_s = np.concatenate((calm_s, calm_s[-1] + lively_s))
    rr_ms = np.concatenate((calm_ms, lively_ms))
    assert flooded_spans(t_s, rr_ms, SIX, rest_bpm=REST_BPM) == ()


def test_a_minute_without_the_strap_is_no_flooding() -> None:
    t_s, rr_ms = heart(nothing)
    there = (t_s < 300) | (t_s > 360)
    assert flooded_spans(t_s[there], rr_ms[there], SIX, rest_bpm=REST_BPM) == ()


def test_every_tenth_beat_missed_or_doubled_is_no_flooding() -> None:
    t_s, rr_ms = heart(nothing)
    kept = []
    for number, (at_s, rr) in enumerate(zip(t_s, rr_ms, strict=True)):
        match number % 20:
            case 5:
                continue
            case 6:
                kept.append((at_s, rr + rr_ms[number - 1]))
            case 15:
                kept += [(at_s - 0.4 * rr / 1000, 0.6 * rr), (at_s, 0.4 * rr)]
            case _:
                kept.append((at_s, rr))
    times_s, values_ms = np.array(kept).T
    nn_ms = labelled(times_s, values_ms)
    assert np.isnan(nn_ms).sum() > 60  # the planted ones are found
    found = flooded_spans(times_s, nn_ms, SIX, rest_bpm=REST_BPM)
    assert found == ()


def test_no_change_is_taken_across_a_beat_that_cleaning_rejected() -> None:
    """Every third beat rejected: what is left steps by 2, never by the 100 between."""
    watch = FloodingWatch(rest_bpm=REST_BPM)
    t_s = 0.0
    for number in range(60):
        nn_ms = (800.0, 802.0, 900.0)[number % 3]
        t_s += nn_ms / 1000
        watch.beat(t_s, math.nan if number % 3 == 2 else nn_ms)
    assert watch._rmssd_ms(t_s) == pytest.approx(2.0)  # noqa: SLF001


def test_without_a_known_rest_there_is_no_fixed_reference() -> None:
    stirred = heart(lambda _: 18.0, until_s=300)
    assert flooded_spans(*stirred, SIX, rest_bpm=math.nan) == ()
    (span,) = flooded_spans(*stirred, SIX, rest_bpm=REST_BPM)
    assert span.off_s == math.inf


@settings(max_examples=15, deadline=None)
@given(st.integers(min_value=0, max_value=700))
def test_a_start_uses_nothing_that_comes_after_it(until_s: int) -> None:
    t_s, rr_ms = heart(upset)
    whole = flooded_spans(t_s, rr_ms, SIX, rest_bpm=REST_BPM)
    part = t_s <= until_s
    seen = flooded_spans(t_s[part], rr_ms[part], SIX, rest_bpm=REST_BPM)
    last_s = t_s[part][-1] if part.any() else 0.0
    assert [s.on_s for s in seen] == [s.on_s for s in whole if s.on_s < last_s]


def test_the_live_watch_says_so_while_it_lasts() -> None:
    watch = FloodingWatch(rest_bpm=REST_BPM)
    flooded_at_s = []
    for breath in SIX:
        watch.breathe(*breath)
    for t_s, rr_ms in zip(*heart(upset), strict=True):
        watch.beat(float(t_s), float(rr_ms))
        if watch.is_flooded:
            flooded_at_s.append(float(t_s))
    assert isinstance(watch.spans[0], FloodedSpan)
    assert watch.spans[0].on_s < flooded_at_s[0] < watch.spans[0].on_s + 2
