"""When each heart beat, from packets that wait, burst and get lost."""

import csv
import itertools
import math
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter

import numpy as np
import pytest
from hypothesis import example, given, settings, strategies as st

from coreg.sensors.timing.beats import BeatClock, TimedBeat, beat_times
from coreg.sensors.timing.clock_skew import SkewHull, lower_hull, slope_under
from tests.helpers.shared import shared_file

Packets = list[tuple[float, tuple[float, ...]]]

H10 = "polar_h10_arrival_times/dhyb_10min.csv"


@dataclass
class Strap:
    """A strap of our own making, whose true beats are known."""

    beats_s: list[float]
    packets: Packets
    of_packet: list[list[int]] = field(default_factory=list)

    def without(self, lost: set[int]) -> "Strap":
        kept = [i for i in range(len(self.packets)) if i not in lost]
        return Strap(
            beats_s=[self.beats_s[b] for i in kept for b in self.of_packet[i]],
            packets=[self.packets[i] for i in kept],
            of_packet=[],
        )


def heart(seconds: float, seed: int) -> list[float]:
    """Beats at about 68 a minute, swinging with a breath of 10 s."""
    rng = np.random.default_rng(seed)
    beats = [0.0]
    while beats[-1] < seconds:
        swing = 0.05 * math.sin(2 * math.pi * beats[-1] / 10)
        beats.append(beats[-1] + 0.88 * (1 + swing) + rng.normal(0, 0.012))
    return beats


def once_a_second(
    beats_s: list[float], *, skew: float = 0.0, floor_ms: bool = False, seed: int = 0
) -> Strap:
    """Send beats with each tick of the strap's clock, over radio of 50 ms."""
    rng = np.random.default_rng(seed)
    rr_ms = 1000 * (1 + skew) * np.diff(beats_s)
    rr_ms = np.floor(rr_ms) if floor_ms else rr_ms
    ticks = [math.ceil((beat - 0.3) * (1 + skew)) for beat in beats_s[1:]]
    packets: Packets = []
    members: list[list[int]] = []
    for tick in range(min(ticks), max(ticks) + 1):
        inside = [i for i, each in enumerate(ticks) if each == tick]
        arrival_s = 0.3 + tick / (1 + skew) + rng.uniform(0, 0.05)
        packets.append((arrival_s, tuple(float(rr_ms[i]) for i in inside)))
        members.append(inside)
    return Strap(beats_s=beats_s[1:], packets=packets, of_packet=members)


def at_each_beat(beats_s: list[float], seed: int = 0) -> Strap:
    """Send each beat at once, over radio of 50 ms."""
    rng = np.random.default_rng(seed)
    packets: Packets = [
        (beat + rng.uniform(0, 0.05), (1000 * (beat - before),))
        for before, beat in itertools.pairwise(beats_s)
    ]
    return Strap(
        beats_s=beats_s[1:],
        packets=packets,
        of_packet=[[i] for i in range(len(packets))],
    )


def live(packets: Packets) -> list[TimedBeat]:
    clock = BeatClock()
    beats = [beat for packet in packets for beat in clock.feed(*packet)]
    return [*beats, *clock.flush()]


def live_t_s(packets: Packets) -> np.ndarray:
    return np.array([beat.t_s for beat in live(packets)])


def live_gaps(packets: Packets) -> list[int]:
    return [i for i, beat in enumerate(live(packets)) if beat.after_gap]


def late_gaps(packets: Packets) -> list[int]:
    return [int(i) for i in np.flatnonzero(beat_times(packets).after_gap)]


def error_sd_ms(t_s: np.ndarray, strap: Strap) -> float:
    """Standard deviation of the error after the first minute."""
    return 1000 * float(np.std((t_s - np.array(strap.beats_s))[60:]))


def h10_packets() -> Packets:
    with shared_file(H10).open(newline="") as lines:
        rows = [
            (float(r["arrival_s"]), float(r["rr_ms"])) for r in csv.DictReader(lines)
        ]
    return [
        (arrival_s, tuple(rr_ms for _, rr_ms in together))
        for arrival_s, together in groupby(rows, key=itemgetter(0))
    ]


# --- times ----------------------------------------------------------------------


@pytest.mark.parametrize("seed", [1, 2])
def test_beats_of_a_once_a_second_strap_are_timed_to_a_few_hundredths(
    seed: int,
) -> None:
    strap = once_a_second(heart(600, seed), seed=seed)

    assert error_sd_ms(beat_times(strap.packets).t_s, strap) <= 15
    assert error_sd_ms(live_t_s(strap.packets), strap) <= 25


def test_beats_of_a_beat_driven_strap_are_timed_better_than_they_arrive() -> None:
    strap = at_each_beat(heart(600, 3))
    uniform_50_ms_sd = 50 / math.sqrt(12)

    assert error_sd_ms(beat_times(strap.packets).t_s, strap) < uniform_50_ms_sd / 2
    assert error_sd_ms(live_t_s(strap.packets), strap) < uniform_50_ms_sd


@pytest.mark.parametrize("skew", [-800e-6, 300e-6])
def test_a_clock_that_runs_fast_or_slow_is_followed(skew: float) -> None:
    strap = once_a_second(heart(900, 4), skew=skew)

    assert error_sd_ms(beat_times(strap.packets).t_s, strap) <= 15
    assert error_sd_ms(live_t_s(strap.packets), strap) <= 50


def test_rr_floored_to_a_millisecond_does_not_let_the_beats_fall_behind() -> None:
    strap = once_a_second(heart(900, 5), floor_ms=True)
    t_s = beat_times(strap.packets).t_s

    assert error_sd_ms(t_s, strap) <= 15


def test_two_straps_on_one_heart_agree_to_a_hundredth() -> None:
    beats_s = heart(900, 6)
    a = once_a_second(beats_s, skew=50e-6, seed=1)
    b = once_a_second(beats_s, skew=-50e-6, seed=2)
    shift_s = beat_times(a.packets).t_s - beat_times(b.packets).t_s

    assert abs(float(np.mean(shift_s[60:]))) <= 0.015


# --- losses, delays, bursts -----------------------------------------------------


@pytest.mark.parametrize("silence", [5, 40])
def test_a_dropout_is_marked_once_at_the_first_beat_after_it(silence: int) -> None:
    strap = once_a_second(heart(300, 7))
    cut = strap.without(set(range(150, 150 + silence)))
    first = sum(len(strap.of_packet[i]) for i in range(150))

    assert live_gaps(cut.packets) == [first]
    assert late_gaps(cut.packets) == [first]
    assert error_sd_ms(beat_times(cut.packets).t_s, cut) <= 60


def test_every_lost_packet_of_a_beat_driven_strap_is_found_where_we_removed_it() -> (
    None
):
    strap = at_each_beat(heart(600, 8))
    lost = {100, 180, 181, 300, 420}
    cut = strap.without(lost)
    planted = [100, 179, 297, 416]

    assert live_gaps(cut.packets) == planted
    assert late_gaps(cut.packets) == planted
    assert error_sd_ms(beat_times(cut.packets).t_s, cut) <= 20


def test_a_twentieth_of_all_packets_lost_costs_less_than_30_ms() -> None:
    strap = once_a_second(heart(1200, 9))
    rng = np.random.default_rng(9)
    cut = strap.without({i for i in range(1200) if rng.random() < 0.05})

    assert error_sd_ms(beat_times(cut.packets).t_s, cut) <= 30


@pytest.mark.parametrize("stall_s", [2.5, 6.0])
def test_a_stall_that_ends_in_a_burst_lost_nothing(stall_s: float) -> None:
    strap = once_a_second(heart(300, 10))
    begin_s = strap.packets[150][0] - 0.01
    stalled = [
        (begin_s + stall_s + 0.001 * i, rr)
        if begin_s <= arrival_s < begin_s + stall_s
        else (arrival_s, rr)
        for i, (arrival_s, rr) in enumerate(strap.packets)
    ]
    stalled.sort(key=lambda packet: packet[0])

    assert live_gaps(stalled) == []
    assert late_gaps(stalled) == []


def test_one_rr_that_spans_a_silence_means_that_nothing_was_lost() -> None:
    strap = at_each_beat(heart(200, 11))
    before, after = strap.packets[:120], strap.packets[120:]
    pause_s = 8.0
    (arrival_s, (rr_ms,)), *others = after
    spanned: Packets = [
        *before,
        (arrival_s + pause_s, (rr_ms + 1000 * pause_s,)),
        *((s + pause_s, rr) for s, rr in others),
    ]

    assert live_gaps(spanned) == []
    assert late_gaps(spanned) == []


def test_a_real_h10_lost_nothing_in_its_holes_of_two_seconds() -> None:
    packets = h10_packets()

    assert live_gaps(packets) == []
    assert late_gaps(packets) == []


@pytest.mark.parametrize("start_s", [100, 250, 500])
def test_five_seconds_cut_from_a_real_h10_are_marked_once(start_s: int) -> None:
    packets = h10_packets()
    cut = [packet for packet in packets if not start_s <= packet[0] < start_s + 5]
    first = sum(len(rr_ms) for arrival_s, rr_ms in packets if arrival_s < start_s)

    assert live_gaps(cut) == [first]
    assert late_gaps(cut) == [first]


@pytest.mark.slow
def test_five_seconds_cut_anywhere_from_a_real_h10_are_marked_at_the_right_beat() -> (
    None
):
    packets = h10_packets()
    once = once_late = 0
    for start_s in range(20, 590, 10):
        cut = [packet for packet in packets if not start_s <= packet[0] < start_s + 5]
        gaps, gaps_late = live_gaps(cut), late_gaps(cut)
        first = sum(len(rr_ms) for arrival_s, rr_ms in packets if arrival_s < start_s)
        assert first in gaps
        assert first in gaps_late
        once += len(gaps) == 1
        once_late += len(gaps_late) == 1
    # This recording leaves out notifications without RR: one of its own holes, soon
    # after the cut, is now and then taken for a second loss.
    assert once >= 0.8 * 57
    assert once_late >= 0.9 * 57


# --- live -----------------------------------------------------------------------


def test_beats_come_out_with_their_packet_while_nothing_is_missing() -> None:
    clock = BeatClock()
    for packet in once_a_second(heart(120, 12)).packets:
        assert tuple(beat.rr_ms for beat in clock.feed(*packet)) == packet[1]


def test_after_a_hole_no_beat_is_held_longer_than_three_and_a_half_seconds() -> None:
    strap = once_a_second(heart(600, 13))
    cut = strap.without(set(range(40, 600, 23)))
    clock, fed, waiting = BeatClock(), 0, []
    for arrival_s, rr_ms in cut.packets:
        waiting += [arrival_s] * len(rr_ms)
        fed = len(clock.feed(arrival_s, rr_ms))
        del waiting[:fed]
        assert not waiting or arrival_s - waiting[0] <= 3.5


def test_the_same_packets_give_the_same_beats_to_the_last_bit() -> None:
    packets = once_a_second(heart(200, 14), skew=200e-6).packets

    assert live(packets) == live(packets)


def test_live_and_afterwards_agree_once_the_strap_is_known() -> None:
    strap = once_a_second(heart(600, 15))
    apart_s = live_t_s(strap.packets) - beat_times(strap.packets).t_s

    assert float(np.std(apart_s[120:])) <= 0.025


finite = st.floats(allow_nan=False, allow_infinity=False)
arrivals_s = st.one_of(finite, st.floats(0, 60), st.sampled_from([0.0, 1.0, 2.0, 9.0]))
intervals_ms = st.one_of(
    finite, st.floats(300, 2000), st.sampled_from([0.0, -5.0, 800.0, 5000.0, 64000.0])
)
any_packets = st.lists(
    st.tuples(arrivals_s, st.lists(intervals_ms, max_size=4).map(tuple)), max_size=30
)


@given(packets=any_packets)
def test_whatever_arrives_each_rr_becomes_one_beat_in_order(packets: Packets) -> None:
    beats = live(packets)

    sent = [rr for _, rrs in packets for rr in rrs]
    assert [beat.rr_ms for beat in beats] == [rr for rr in sent if 0 < rr <= 64_000]
    for before, beat in itertools.pairwise(beats):
        assert beat.t_s > before.t_s


# Every packet at once: no wait is shorter than the longest usual one.
AT_ONCE: Packets = [
    (0.0, (0.0,)),
    (0.0, (0.0,)),
    (0.0, (0.0, 334.0, 1626.0)),
    (0.0, (301.0,)),
    (0.0, (0.0,)),
    (0.0, (285.0, 1378.0)),
]


@settings(max_examples=50)
@given(packets=any_packets)
@example(packets=AT_ONCE)
def test_afterwards_too_each_rr_has_one_time_in_order(packets: Packets) -> None:
    times = beat_times(packets)
    rr_ms = np.array([rr for _, rrs in packets for rr in rrs])

    assert times.t_s.shape == times.after_gap.shape == rr_ms.shape
    steps_s = np.diff(times.t_s)
    is_beat = (rr_ms > 0) & (rr_ms <= 64_000)
    assert np.all((steps_s > 0) | (~is_beat[1:] & (steps_s == 0)))


# --- skew -----------------------------------------------------------------------


def test_a_line_under_points_touches_the_lowest_of_them() -> None:
    points = [(0.0, 1.0), (1.0, 5.0), (2.0, 2.0), (3.0, 7.0), (4.0, 3.0)]

    assert lower_hull(points) == [(0.0, 1.0), (4.0, 3.0)]
    assert slope_under(points) == 0.5


def test_no_strap_is_believed_to_be_off_by_more_than_1500_ppm() -> None:
    hull = SkewHull()
    for i in range(3000):
        hull.add(float(i), 0.02 * i)

    assert hull.skew == 1500e-6
