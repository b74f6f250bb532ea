"""What a console says of a heart: planted hearts, and silence below floors."""

import math

import numpy as np
import pytest

from coreg.facts.events import (
    Arrived,
    Beat,
    BeatLabel,
    BreathSwing,
    Partner,
    Tick,
    WentOn,
)
from coreg.session.hearts_watched import HeartNow, HeartsWatched


def beats(
    rate_bpm: float, start_s: float, end_s: float, *, of: Partner = Partner.A
) -> list[Beat]:
    """A heart that beats evenly."""
    rr_s = 60 / rate_bpm
    return [
        Beat(
            t_s=float(t_s),
            partner=of,
            rr_ms=1000 * rr_s,
            nn_ms=1000 * rr_s,
            label=BeatLabel.NORMAL,
        )
        for t_s in np.arange(start_s, end_s, rr_s)
    ]


def arrived(rest_bpm: float) -> Arrived:
    return Arrived(t_s=120.0, partner=Partner.A, rest_bpm=rest_bpm, is_stirred=False)


def swing(t_s: float, rsa_bpm: float) -> BreathSwing:
    return BreathSwing(
        t_s=t_s,
        partner=Partner.A,
        breath_start_s=t_s - 10,
        breath_period_s=10.0,
        rsa_ms=50.0,
        rsa_bpm=rsa_bpm,
    )


Heard = Beat | Arrived | BreathSwing | WentOn


def heart(
    *given: Heard, at_s: float, after_s: float = -math.inf, of: Partner = Partner.A
) -> HeartNow:
    watched = HeartsWatched()
    watched(Tick(t_ns=round(at_s * 1e9)), list(given))
    return watched.now(of, after_s=after_s)


def test_a_level_is_the_last_minute_against_where_that_heart_arrived() -> None:
    given: list[Heard] = [*beats(60, 0, 120), arrived(60.0), *beats(66, 120, 200)]
    assert heart(*given, at_s=200.0).level_bpm == pytest.approx(6.0)


@pytest.mark.parametrize("heard_s", [0.0, 20.0, 29.0])
def test_below_half_a_minute_there_is_no_level(heard_s: float) -> None:
    given: list[Heard] = [arrived(60.0), *beats(60, 200 - heard_s, 200)]
    assert math.isnan(heart(*given, at_s=200.0).level_bpm)


def test_without_an_arrival_there_is_no_level() -> None:
    assert math.isnan(heart(*beats(60, 0, 200), at_s=200.0).level_bpm)


def test_a_swing_is_the_middle_of_three_and_none_once_no_breath_leads() -> None:
    given = [
        swing(t_s, bpm) for t_s, bpm in ((100, 30.0), (110, 6), (120, 7), (130, 9))
    ]
    assert heart(*given, at_s=135.0).swing_bpm == 7.0
    assert math.isnan(heart(*given, at_s=191.0).swing_bpm)
    assert math.isnan(heart(swing(130, 7.0), at_s=135.0).swing_bpm)


def test_a_signal_is_good_unsteady_silent_or_still_to_come() -> None:
    good = beats(60, 0, 100)
    assert heart(*good, at_s=101.0).signal == "good"
    assert heart(*good, at_s=105.1).signal == "silent"
    assert heart(at_s=5.0).signal == "awaited"
    assert heart(at_s=5.1).signal == "silent"
    odd = [
        Beat(
            t_s=90.0 + number,
            partner=Partner.A,
            rr_ms=400.0,
            nn_ms=math.nan,
            label=BeatLabel.EXTRA,
        )
        for number in range(3)
    ]
    mixed = sorted([*good, *odd], key=lambda beat: beat.t_s)
    assert heart(*mixed, at_s=101.0).signal == "unsteady"


def test_no_rhythm_goes_on_across_a_break() -> None:
    rng = np.random.default_rng(1)
    rr_ms = 700 * rng.gamma(25.0, 1 / 25.0, 120)
    wild = [
        Beat(
            t_s=float(t_s),
            partner=Partner.A,
            rr_ms=float(rr),
            nn_ms=float(rr),
            label=BeatLabel.NORMAL,
        )
        for t_s, rr in zip(np.cumsum(rr_ms) / 1000, rr_ms, strict=True)
    ]
    calm = beats(60, 200, 240)
    broke_off = WentOn(t_s=199.0, since_s=wild[-1].t_s, is_timed=True)
    assert heart(*wild, *calm[:20], at_s=220.0).signal == "unreadable"
    assert heart(*wild, broke_off, *calm, at_s=240.0).signal == "good"


def test_a_line_holds_what_is_new_and_a_gap_where_a_beat_was_rejected() -> None:
    rejected = Beat(
        t_s=50.5,
        partner=Partner.A,
        rr_ms=500.0,
        nn_ms=math.nan,
        label=BeatLabel.EXTRA,
    )
    given = sorted([*beats(60, 0, 100), rejected], key=lambda beat: beat.t_s)
    line = heart(*given, at_s=100.0, after_s=48.0).line
    assert [t_s for t_s, _ in line][:4] == [49.0, 50.0, 50.5, 51.0]
    assert math.isnan(dict(line)[50.5])
    assert dict(line)[51.0] == 60.0
    old = heart(*beats(60, 0, 1000), at_s=1000.0).line
    assert old[0][0] == 1000.0 - 180.0 + 1


def test_a_beat_that_is_known_late_is_told_all_the_same() -> None:
    watched, (first, *late) = HeartsWatched(), beats(60, 0, 4)
    watched(Tick(t_ns=5_000_000_000), [first])
    told = watched.now(Partner.A).line
    watched(Tick(t_ns=6_000_000_000), list(late))
    assert [t_s for t_s, _ in watched.now(Partner.A, after_s=told[-1][0]).line] == [
        1.0,
        2.0,
        3.0,
    ]


def test_one_heart_says_nothing_of_the_other() -> None:
    given: list[Heard] = [*beats(60, 0, 120), arrived(60.0)]
    other = heart(*given, at_s=120.0, of=Partner.B)
    assert other.line == ()
    assert math.isnan(other.level_bpm)
    assert other.signal == "silent"
