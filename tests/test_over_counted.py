"""More time in beats than on the clock is noticed, said, and never called clean.

Whatever the cause: here each beat comes again in a packet that is not equal to its
first, or half a second later, so that nothing can be told from the packets.
"""

import itertools
import math
from collections.abc import Callable, Iterator
from typing import TypeVar

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from coreg.analysis.hrv import FLOORS
from coreg.facts.events import (
    NS_PER_S,
    Beat,
    Gap,
    Input,
    Notification,
    OverCounted,
    Partner,
    Quirk,
    QuirkNoticed,
    SourceEnded,
    Tick,
)
from coreg.findings.pair import pair_summary
from coreg.findings.recording import measured
from coreg.findings.summary import summarise
from coreg.findings.together import together
from coreg.report.pages.session import therapist_page
from coreg.report.words.numbers import NBSP
from coreg.report.words.recording import untrue_lines
from coreg.report.words.signal import signal, untrue
from coreg.report.words.together import tested as told_of_test
from coreg.sensors.decoding.heart_rate import HeartRateMeasurement, decode, encode
from coreg.sensors.recordings.recognise import parse_recording
from coreg.sensors.simulation.couple import SimulatedCouple
from coreg.sensors.timing.beats import BeatClock, beat_times
from coreg.sensors.timing.surplus import LOOKED_BACK_S, SurplusStretch, overcounted
from coreg.session.engine import Engine, Output, run
from tests.helpers.once import once_a_run
from tests.test_engine import opened

Kind = TypeVar("Kind", Beat, Gap, OverCounted, QuirkNoticed)
Deliveries = list[tuple[float, tuple[float, ...]]]
"""When a packet arrived (s), and its intervals (ms)."""


def heart(length_s: float, seed: int = 1) -> list[float]:
    """Return intervals of a heart at 68 a minute that swings with a breath of 10 s."""
    rng = np.random.default_rng(seed)
    rr_ms, t_s = [], 0.0
    while t_s < length_s:
        swing = 0.05 * math.sin(2 * math.pi * t_s / 10)
        rr_ms.append(880 * (1 + swing) + float(rng.normal(0, 12)))
        t_s += rr_ms[-1] / 1000
    return rr_ms


def once_a_second(rr_ms: list[float], seed: int = 0) -> Deliveries:
    rng = np.random.default_rng(seed)
    ends_s = list(itertools.accumulate(rr / 1000 for rr in rr_ms))
    ticks = [math.ceil(end_s) for end_s in ends_s]
    return [
        (
            tick + float(rng.uniform(0, 0.05)),
            tuple(rr for rr, at in zip(rr_ms, ticks, strict=True) if at == tick),
        )
        for tick in range(1, ticks[-1] + 1)
    ]


def at_each_beat(rr_ms: list[float]) -> Deliveries:
    ends_ms = itertools.accumulate(rr_ms)
    return [(end / 1000, (rr,)) for end, rr in zip(ends_ms, rr_ms, strict=True)]


def again(
    packets: Deliveries, late_s: float, *, from_s: float = 0.0, to_s: float = math.inf
) -> Deliveries:
    """Let each packet come again so much later, but only for a while."""
    copies = [(t + late_s, rr) for t, rr in packets if from_s <= t < to_s]
    return sorted([*packets, *copies], key=lambda packet: packet[0])


def stretches(packets: Deliveries) -> list[SurplusStretch]:
    return list(overcounted(packets))


# --- the clock alone --------------------------------------------------------------


@pytest.mark.parametrize("send", [once_a_second, at_each_beat])
@pytest.mark.parametrize("late_s", [0.004, 0.25, 0.5])
def test_beats_that_come_twice_are_noticed_however_far_apart(
    send: Callable[[list[float]], Deliveries], late_s: float
) -> None:
    packets = send(heart(300))
    (stretch,) = stretches(again(packets, late_s))

    assert packets[0][0] - 2 < stretch.start_s < packets[0][0]
    assert stretch.end_s >= packets[-1][0]


def test_a_while_of_beats_that_come_twice_is_within_what_is_not_believed() -> None:
    packets = once_a_second(heart(900))
    (stretch,) = stretches(again(packets, 0.004, from_s=300, to_s=420))

    assert 300 - LOOKED_BACK_S <= stretch.start_s <= 300
    assert 420 <= stretch.end_s <= 420 + LOOKED_BACK_S


def test_a_tenth_too_many_is_noticed_and_a_twentieth_is_not() -> None:
    def by(factor: float) -> list[SurplusStretch]:
        return stretches(
            [
                (t_s, tuple(factor * rr for rr in rr_ms))
                for t_s, rr_ms in once_a_second(heart(900))
            ]
        )

    assert by(1.15)
    assert by(1.05) == by(1.0) == by(1000 / 1024) == []


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_simulated_straps_with_artefacts_and_dropouts_count_no_beat_too_many(
    seed: int,
) -> None:
    for partner in Partner:
        packets = [
            (each.t_ns / NS_PER_S, decode(each.data).rr_ms)
            for each in SimulatedCouple(seed=seed).advance(1500 * NS_PER_S)
            if each.partner is partner
        ]
        assert stretches(packets) == []


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 99),
    stalls_s=st.lists(
        st.tuples(st.floats(0, 290), st.floats(0.5, 110), st.floats(0, 0.05)),
        max_size=3,
    ),
    lost=st.sets(st.integers(0, 299), max_size=200),
)
def test_no_stall_and_no_loss_looks_like_a_beat_too_many(
    seed: int, stalls_s: list[tuple[float, float, float]], lost: set[int]
) -> None:
    packets = [
        packet
        for number, packet in enumerate(once_a_second(heart(300, seed), seed))
        if number not in lost
    ]
    for start_s, length_s, apart_s in stalls_s:
        end_s = start_s + length_s
        late = itertools.count()
        packets = [
            (end_s + apart_s * next(late), rr) if start_s <= t_s < end_s else (t_s, rr)
            for t_s, rr in packets
        ]
        times_s = itertools.accumulate((t_s for t_s, _ in packets), max)
        packets = [(t, rr) for t, (_, rr) in zip(times_s, packets, strict=True)]
    assert stretches(packets) == []


# --- beat times -------------------------------------------------------------------


@pytest.mark.parametrize("late_s", [0.004, 0.25, 0.5])
@pytest.mark.parametrize("times", [2, 3])
def test_no_beat_is_later_than_the_clock_however_many_come(
    late_s: float, times: int
) -> None:
    packets = once_a_second(heart(300))
    for number in range(1, times):
        packets = again(packets, number * late_s / (times - 1))
    clock, ahead_s = BeatClock(), []
    for t_s, rr_ms in packets:
        ahead_s += [beat.t_s - t_s for beat in clock.feed(t_s, rr_ms)]
    times_s = beat_times(packets).t_s

    assert max(ahead_s) < 2.01
    assert times_s[-1] <= packets[-1][0] + 2.01


@pytest.mark.parametrize("late_s", [0.004, 0.25, 0.5])
def test_beats_are_where_they_were_once_they_no_longer_come_twice(
    late_s: float,
) -> None:
    packets = once_a_second(heart(600))
    twice = again(packets, late_s, from_s=100, to_s=300)
    sound = sum(len(rr_ms) for t_s, rr_ms in packets if t_s >= 400)

    def live(packets: Deliveries) -> list[float]:
        clock = BeatClock()
        return [b.t_s for each in packets for b in clock.feed(*each)][-sound:]

    def late(packets: Deliveries) -> list[float]:
        return [float(t_s) for t_s in beat_times(packets).t_s[-sound:]]

    for timed in (live, late):
        apart_s = np.subtract(timed(twice), timed(packets))
        assert np.ptp(apart_s) < 0.15
        assert np.abs(apart_s).max() < 0.3


# --- an evening -------------------------------------------------------------------

LENGTH_S = 420
B_HEART = once_a_second(heart(LENGTH_S, seed=2), seed=2)


def unequal(packets: Deliveries) -> Iterator[tuple[float, bytes]]:
    """Return packets whose heart rate counts on, so that no two are equal."""
    for number, (t_s, rr_ms) in enumerate(packets):
        said = HeartRateMeasurement(
            hr_bpm=50 + number % 40,
            wide_hr=False,
            contact=None,
            energy_kj=None,
            rr_ms=rr_ms,
        )
        yield t_s, encode(said)


def evening(of_a: Deliveries, of_b: Deliveries = B_HEART) -> list[Output]:
    inputs: list[Input] = [
        *(Tick(t_ns=t) for t in range(0, LENGTH_S * NS_PER_S, NS_PER_S // 4)),
        *(
            Notification(t_ns=round(t_s * NS_PER_S), partner=partner, data=data)
            for partner, packets in zip(Partner, (of_a, of_b), strict=True)
            for t_s, data in unequal(packets)
            if t_s < LENGTH_S
        ),
    ]
    inputs.sort(key=lambda each: each.t_ns)
    return list(run([opened(), *inputs, SourceEnded(t_ns=LENGTH_S * NS_PER_S)]))


def of_a(outputs: list[Output], kind: type[Kind]) -> list[Kind]:
    return [o for o in outputs if isinstance(o, kind) and o.partner is Partner.A]


A_HEART = once_a_second(heart(LENGTH_S))


@once_a_run
def once() -> list[Output]:
    return evening(A_HEART)


@once_a_run
def twice() -> list[Output]:
    return evening(again(A_HEART, 0.004))


@once_a_run
def for_a_while() -> list[Output]:
    return evening(again(A_HEART, 0.004, from_s=150, to_s=200))


def test_it_is_said_once_and_its_beats_are_clean_no_more() -> None:
    quirks = of_a(twice(), QuirkNoticed)
    over = [each for each in quirks if each.quirk is Quirk.OVER_COUNTED]
    (stretch,) = of_a(twice(), OverCounted)

    assert len(over) == 1
    assert over[0].t_s < 90
    assert Quirk.UNREADABLE not in {each.quirk for each in quirks}
    assert stretch.start_s < 2
    assert stretch.end_s > LENGTH_S - 2
    after_s = over[0].t_s
    assert not [
        beat
        for beat in of_a(twice(), Beat)
        if beat.t_s > after_s and math.isfinite(beat.nn_ms)
    ]
    assert of_a(once(), OverCounted) == []


def test_no_beat_and_no_gap_of_an_evening_lies_beyond_its_end() -> None:
    for outputs in (once(), twice(), for_a_while()):
        assert max(beat.t_s for beat in of_a(outputs, Beat)) <= LENGTH_S
        assert all(gap.end_s <= LENGTH_S for gap in of_a(outputs, Gap))


def test_a_page_of_it_says_so_first_calls_nothing_clean_and_gives_no_p() -> None:
    summary = summarise(opened(), twice())
    compared = together(summary, surrogates=99)
    (warning,) = untrue(summary)
    page = therapist_page(summary, compared)

    assert "more heartbeats than there was time for" in warning
    assert warning in " ".join(page.story)
    assert signal(summary.a, summary).startswith(f"0.0{NBSP}% of")
    assert "more heartbeats than there was time for" in signal(summary.a, summary)
    assert compared.found is not None
    assert math.isnan(compared.found.p_any)
    assert not any("p " in each for each in told_of_test(compared, summary.opened))
    for level in summary.a.levels:
        assert math.isnan(level.mean_hr_bpm)
        assert math.isnan(level.rmssd_ms)
    assert np.isnan(summary.a.hr_bpm).all()
    # The other heart is as it was.
    assert signal(summary.b, summary) == signal(summarise(opened(), once()).b, summary)
    assert untrue(summarise(opened(), once())) == ()


def test_a_strap_that_makes_up_a_tenth_of_its_beats_is_said_to_once() -> None:
    more = [(t_s, tuple(1.15 * rr for rr in rr_ms)) for t_s, rr_ms in A_HEART]
    quirks = [each.quirk for each in of_a(evening(more), QuirkNoticed)]

    assert quirks == [Quirk.CONTACT_UNKNOWN, Quirk.OVER_COUNTED]


def test_of_a_while_only_that_while_is_left_out() -> None:
    (stretch,) = of_a(for_a_while(), OverCounted)
    summary = summarise(opened(), for_a_while())
    known_s = summary.grid_s[np.isfinite(summary.a.hr_bpm)]

    assert known_s.min() < 10
    assert known_s.max() > LENGTH_S - 10
    assert not ((known_s > stretch.start_s) & (known_s < stretch.end_s)).any()
    assert stretch.start_s <= 150
    assert 200 <= stretch.end_s <= 320


def test_hearts_that_cannot_all_have_beaten_steer_nothing() -> None:
    engine = Engine()
    heard: list[int] = []
    engine.feed(opened())
    heart = engine._hearts[Partner.A]  # noqa: SLF001 - what the pacer goes by
    for t_s, data in unequal(again(A_HEART, 0.004)):
        heard.append(len(heart.packet(t_s, data).beats))
    assert sum(heard[:100]) > 0
    assert sum(heard[200:]) == 0


# --- recordings -------------------------------------------------------------------


def written(packets: Deliveries) -> bytes:
    rows = [f"{t_s:.3f},{rr:.0f}" for t_s, rr_ms in packets for rr in rr_ms]
    return "\n".join(["arrival_s,rr_ms", *rows]).encode()


def in_ms(packets: Deliveries) -> bytes:
    """Return the same as Polar Sensor Logger writes it: stamps of the phone's clock."""
    rows = [
        f"2026-03-01T19:{int(t_s) // 60:02d}:{t_s % 60:06.3f};{rr:.0f}"
        for t_s, rr_ms in packets
        for rr in rr_ms
    ]
    return "\n".join(["Phone timestamp;RR-interval [ms]", *rows]).encode()


@pytest.mark.parametrize("as_file", [written, in_ms])
def test_a_recording_of_beats_written_twice_has_no_figures_and_says_why(
    as_file: Callable[[Deliveries], bytes],
) -> None:
    sound = measured(parse_recording(as_file(A_HEART), name="once"))
    doubled = measured(parse_recording(as_file(again(A_HEART, 0.004)), name="twice"))

    assert untrue_lines(sound.over_counted_s) == []
    assert sound.hrv.rmssd_ms > 0
    assert doubled.over_counted_s > LENGTH_S - 5
    assert "more time in the intervals than on the" in untrue_lines(
        doubled.over_counted_s
    )[0].replace(NBSP, " ")
    assert set(doubled.labels) <= {"extra", "gap", "short", "ectopic"}
    for name in FLOORS:
        assert math.isnan(getattr(doubled.hrv, name)), name


def test_two_recordings_of_which_one_was_written_twice_are_not_compared() -> None:
    a, b = (
        parse_recording(written(packets), name=name)
        for name, packets in (("a", again(A_HEART, 0.004)), ("b", B_HEART))
    )
    summary = pair_summary(a, b)
    compared = together(summary, surrogates=99)

    assert len(untrue(summary)) == 1
    assert compared.found is not None
    assert math.isnan(compared.found.p_any)
