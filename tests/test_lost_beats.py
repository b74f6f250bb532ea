"""A strap that says that it lost beats: with an RR of 0, or with packets without any.

What was lost is planted: a heart beats on, its strap leaves beats out and says so in
one of three ways that straps have.
"""

import itertools
import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pytest

from coreg.errors import CoregError
from coreg.facts.events import (
    NS_PER_S,
    Arrived,
    Beat,
    BeatLabel,
    Gap,
    Input,
    Intervals,
    Notification,
    Partner,
    Quirk,
    QuirkNoticed,
    SignalLost,
    Tick,
)
from coreg.sensors.decoding.heart_rate import HeartRateMeasurement, encode
from coreg.sensors.recordings.inputs import to_inputs
from coreg.sensors.recordings.recognise import parse_recording
from coreg.sensors.timing.beats import beat_times
from coreg.sensors.timing.calibration import calibrate
from coreg.session.engine import Output, run
from coreg.session.live import TICK_NS
from tests.test_engine import opened

Span = tuple[float, float]
LATE_S = 0.3

EACH_LOST_BEAT = "an RR of 0 for each lost beat"
FIRST_LOST_BEAT = "an RR of 0 for the first lost beat"
NOTHING = "packets without RR"


@dataclass(frozen=True, slots=True, kw_only=True)
class Strap:
    """A strap that notifies once a second, and the beats of which it told."""

    beats_s: list[float]
    packets: list[tuple[float, tuple[float, ...]]]


def strap(lasts_s: int, lost: list[Span], says: str, seed: int = 0) -> Strap:
    """A heart at 73/min that breathes; beats within `lost` are not sensed."""
    rng = np.random.default_rng(seed)
    beats = [0.0]
    while beats[-1] < lasts_s:
        swing = 0.04 * math.sin(2 * math.pi * beats[-1] / 10)
        beats.append(beats[-1] + 0.82 * (1 + swing) + float(rng.normal(0, 0.01)))
    told, packets = list[float](), []
    ready, at, is_lost = list[float](), 1, False
    for second in range(1, lasts_s):
        while beats[at] < second:
            was_lost, is_lost = is_lost, any(s <= beats[at] < e for s, e in lost)
            if not is_lost:
                ready.append(1000 * (beats[at] - beats[at - 1]))
                told.append(beats[at])
            elif says == EACH_LOST_BEAT or (says == FIRST_LOST_BEAT and not was_lost):
                ready.append(0.0)
            at += 1
        packets.append((second + LATE_S, tuple(ready)))
        ready = []
    return Strap(beats_s=told, packets=packets)


def inputs_of(packets: list[tuple[float, tuple[float, ...]]]) -> list[Input]:
    """The session's inputs, through the bytes that a strap sends."""
    return in_order(
        Notification(
            t_ns=round(t_s * NS_PER_S),
            partner=Partner.A,
            data=encode(
                HeartRateMeasurement(
                    hr_bpm=73, wide_hr=False, contact=None, energy_kj=None, rr_ms=rr_ms
                )
            ),
        )
        for t_s, rr_ms in packets
    )


def in_order(arrivals: Iterable[Notification | Intervals]) -> list[Input]:
    """A whole session of what arrives: it begins, and time goes on beside."""
    arrived: list[Input] = list(arrivals)
    end_ns = arrived[-1].t_ns + NS_PER_S
    ticks = [Tick(t_ns=t_ns) for t_ns in range(0, end_ns, TICK_NS)]
    return [opened(), *sorted([*arrived, *ticks], key=lambda each: each.t_ns)]


def of_a(outputs: list[Output], kind: type) -> list[Output]:
    return [
        each
        for each in outputs
        if isinstance(each, kind) and getattr(each, "partner", None) is Partner.A
    ]


def beats_of(outputs: list[Output]) -> list[Beat]:
    return [each for each in of_a(outputs, Beat) if isinstance(each, Beat)]


def gaps_of(outputs: list[Output]) -> list[Gap]:
    return [
        each
        for each in of_a(outputs, Gap)
        if isinstance(each, Gap) and each.end_s > each.start_s
    ]


def test_ten_packets_of_lost_beats_do_not_end_a_practice() -> None:
    """They are all that comes while both sit and rest."""
    zeros: list[tuple[float, tuple[float, ...]]] = [
        (70.3 + second, (0.0,) * 4) for second in range(10)
    ]
    after = [(second + 0.3, (820.0,)) for second in range(180, 240)]
    outputs = list(run(inputs_of([*zeros, *after])))
    assert beats_of(outputs)[-1].t_s > 200


@pytest.mark.parametrize("no_heart_ms", [1.0, 150.0, 9000.0])
def test_intervals_that_no_heart_has_say_nothing_of_rest(no_heart_ms: float) -> None:
    packets: list[tuple[float, tuple[float, ...]]] = [
        (70.3 + second, (no_heart_ms,) * 4) for second in range(8)
    ]
    packets += [(second + 0.3, (820.0,)) for second in range(180, 240)]
    arrived = of_a(list(run(inputs_of(packets))), Arrived)
    assert len(arrived) == 1
    assert all(
        math.isnan(each.rest_bpm) for each in arrived if isinstance(each, Arrived)
    )


@pytest.mark.parametrize("says", [EACH_LOST_BEAT, FIRST_LOST_BEAT])
def test_a_mark_of_a_lost_beat_is_no_beat(says: str) -> None:
    sent = strap(60, [(30.0, 32.0)], says)
    outputs = list(run(inputs_of(sent.packets)))
    assert any(0.0 in rr_ms for _, rr_ms in sent.packets)
    assert len(beats_of(outputs)) == len(sent.beats_s)
    assert min(beat.rr_ms for beat in beats_of(outputs)) > 600


@pytest.mark.parametrize(
    ("says", "lost"),
    [
        (EACH_LOST_BEAT, (100.0, 100.9)),
        (EACH_LOST_BEAT, (100.0, 103.0)),
        (EACH_LOST_BEAT, (100.0, 112.0)),
        (FIRST_LOST_BEAT, (100.0, 105.0)),
        (FIRST_LOST_BEAT, (100.0, 112.0)),
        (NOTHING, (100.0, 106.0)),
        (NOTHING, (100.0, 112.0)),
        (NOTHING, (100.0, 140.0)),
    ],
)
@pytest.mark.parametrize("seed", range(2))
def test_the_time_of_lost_beats_is_a_gap_and_later_beats_come_when_they_came(
    says: str, lost: Span, seed: int
) -> None:
    sent = strap(200, [lost], says, seed)
    outputs = list(run(inputs_of(sent.packets)))
    beats = beats_of(outputs)
    assert len(beats) == len(sent.beats_s)

    last_s = max(t_s for t_s in sent.beats_s if t_s < lost[0])
    next_s = min(t_s for t_s in sent.beats_s if t_s >= lost[1])
    (gap,) = gaps_of(outputs)
    assert gap.start_s == pytest.approx(last_s + LATE_S, abs=0.2)
    assert gap.end_s == pytest.approx(next_s - 0.82 + LATE_S, abs=0.7)
    labels = [beat.label for beat in beats]
    assert labels.count(BeatLabel.GAP) == 1
    at = labels.index(BeatLabel.GAP)
    assert sent.beats_s[at] == next_s

    off_s = [
        beat.t_s - LATE_S - true_s
        for beat, true_s in zip(beats, sent.beats_s, strict=True)
    ]
    assert max(map(abs, off_s[at:])) < 1.0  # no wait is longer
    assert max(map(abs, off_s[at + 25 :])) < 0.3


def test_a_mark_inside_a_packet_parts_the_beats_on_both_sides_of_it() -> None:
    packets: list[tuple[float, tuple[float, ...]]] = [
        (second + 0.3, (500.0, 500.0)) for second in range(1, 80)
    ]
    packets[40] = (41.3, (500.0, 0.0, 500.0))
    beats = beats_of(list(run(inputs_of(packets))))
    assert [beat.rr_ms for beat in beats] == [500.0] * (2 * 79)
    assert [at for at, beat in enumerate(beats) if beat.label is BeatLabel.GAP] == [81]


@pytest.mark.parametrize("made_up_ms", [2000.0, 5000.0, 20_000.0, 63_999.0])
@pytest.mark.parametrize("seed", range(2))
def test_an_interval_longer_than_the_time_that_passed_moves_no_beat_after_it(
    made_up_ms: float, seed: int
) -> None:
    """A strap sends one interval too many, between the packets of a sound heart."""
    sent = strap(300, [], NOTHING, seed)
    arrival_s, rr_ms = sent.packets[150]
    sent.packets[150] = (arrival_s, (*rr_ms, made_up_ms))
    beats = beats_of(list(run(inputs_of(sent.packets))))
    at = max(range(len(beats)), key=lambda i: beats[i].rr_ms)
    assert beats[at].t_s < arrival_s + 2
    later = zip(beats[at + 1 :], sent.beats_s[at:], strict=True)
    off_s = [beat.t_s - LATE_S - true_s for beat, true_s in later]
    assert max(map(abs, off_s)) < 2
    assert max(map(abs, off_s[25:])) < 0.3


def test_no_beat_lies_beyond_its_arrival_however_much_time_a_strap_makes_up() -> None:
    packets: list[tuple[float, tuple[float, ...]]] = [
        (float(second), (3000.0,) * 9) for second in range(1, 120)
    ]
    beats = beats_of(list(run(inputs_of(packets))))
    assert len(beats) == 9 * 119
    for number, beat in enumerate(beats):
        assert beat.t_s < packets[number // 9][0] + 0.1


def test_text_with_a_zero_in_it_loses_no_time_because_it_has_none() -> None:
    """Written down beat by beat, nobody knows how long the lost beats took."""
    text = "\n".join(["800"] * 60 + ["0"] + ["800"] * 60)
    recording = parse_recording(text.encode(), name="kept.txt")
    beats = beats_of(list(run(in_order(to_inputs(recording, Partner.A)))))
    assert [beat.rr_ms for beat in beats] == [800.0] * 120
    assert [at for at, beat in enumerate(beats) if beat.label is BeatLabel.GAP] == [60]
    steps_s = [after.t_s - before.t_s for before, after in itertools.pairwise(beats)]
    assert steps_s[30:] == pytest.approx([0.8] * 89, abs=0.02)


@pytest.mark.parametrize("no_beat_ms", [0.0, -820.0, math.nan, math.inf, 1e300])
def test_what_is_no_interval_never_becomes_a_beat(no_beat_ms: float) -> None:
    """A session file may hold what no strap and no recording of ours can."""
    arrived = (
        Intervals(
            t_ns=round(0.82 * n * NS_PER_S),
            partner=Partner.A,
            rr_ms=(no_beat_ms,) if n % 3 == 0 else (820.0,),
        )
        for n in range(1, 300)
    )
    beats = beats_of(list(run(in_order(arrived))))
    assert {beat.rr_ms for beat in beats} == {820.0}
    assert len(beats) == 200


def test_a_strap_that_sends_nothing_but_marks_is_silent_and_counts_no_beats() -> None:
    sound = strap(20, [], NOTHING).packets
    packets = [*sound, *((20.3 + n, (0.0,)) for n in range(20))]
    outputs = list(run(inputs_of(packets)))
    lost = [each for each in of_a(outputs, SignalLost) if isinstance(each, SignalLost)]
    assert [each.t_s for each in lost] == [pytest.approx(24.5, abs=0.5)]
    quirks = [
        each.quirk
        for each in of_a(outputs, QuirkNoticed)
        if isinstance(each, QuirkNoticed)
    ]
    assert Quirk.NO_RR in quirks


@pytest.mark.parametrize(
    ("sends", "habit"),
    [
        ((820.0, 820.0, 820.0, 820.0, 0.0), Quirk.UNDER_COUNTED),
        ((0.0, 0.0, 820.0), Quirk.UNREADABLE),
    ],
)
def test_a_strap_that_marks_many_beats_as_lost_is_said_to_miss_them(
    sends: tuple[float, ...], habit: Quirk
) -> None:
    packets: list[tuple[float, tuple[float, ...]]] = [
        (0.82 * number, (sends[number % len(sends)],)) for number in range(1, 180)
    ]
    outputs = list(run(inputs_of(packets)))
    noticed = [
        each.quirk
        for each in of_a(outputs, QuirkNoticed)
        if isinstance(each, QuirkNoticed)
    ]
    assert noticed.count(habit) == 1


def test_afterwards_too_beats_after_a_mark_come_when_they_came() -> None:
    lost = (100.0, 100.8), (150.0, 162.0)
    sent = strap(260, list(lost), EACH_LOST_BEAT)
    times = beat_times(sent.packets)
    rr_ms = [rr for _, each in sent.packets for rr in each]
    assert times.t_s.shape == (len(rr_ms),)
    assert np.all(np.diff(times.t_s) >= 0)
    t_s = times.t_s[np.array(rr_ms) > 0]
    assert np.abs(t_s - LATE_S - np.array(sent.beats_s))[30:].max() < 0.3
    first_after = [min(t for t in sent.beats_s if t >= end_s) for _, end_s in lost]
    assert t_s[times.after_gap[np.array(rr_ms) > 0]] == pytest.approx(
        np.array(first_after) + LATE_S, abs=0.3
    )


def test_a_calibration_is_not_made_of_a_strap_that_missed_beats() -> None:
    marked, sound = (strap(70, [], NOTHING, seed=5) for _ in range(2))
    arrival_s, rr_ms = marked.packets[30]
    marked.packets[30] = (arrival_s, (*rr_ms, 0.0))
    with pytest.raises(CoregError, match="missed beats"):
        calibrate(marked.packets, sound.packets)
