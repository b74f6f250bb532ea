"""Times of samples from a strap's stamps: every truth here was planted."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pytest
from hypothesis import example, given, strategies as st
from numpy.typing import NDArray

from coreg.sensors.timing.device_clock import (
    FrameTimes,
    SampleClock,
    host_less_strap_s,
)

Array = NDArray[np.float64]
COUNT: Final = 73  # samples in a frame of an H10
ONE_SAMPLE_S: Final = 1 / 130


@dataclass(frozen=True, kw_only=True)
class Sent:
    """A frame, and when its samples were truly taken, on both clocks."""

    t_s: Array
    host_s: Array
    last_ns: int
    arrival_s: float


def sent(
    seed: int, *, frames: int = 1000, rate_hz: float = 130.16, skew: float = 40e-6
) -> list[Sent]:
    """Return what a strap sends: stamps jitter by ±2 ms, delays have a long tail."""
    rng = np.random.default_rng(seed)
    result = []
    for k in range(frames):
        host_s = (np.arange(COUNT) + k * COUNT) / rate_hz
        t_s = host_s * (1 - skew)
        late_s = 0.03 + rng.exponential(0.04) + 1.5 * (rng.random() < 0.02)
        stamp_s = 800_000_000 + t_s[-1] + rng.uniform(-0.002, 0.002)
        result.append(
            Sent(
                t_s=t_s,
                host_s=host_s,
                last_ns=round(1e9 * stamp_s),
                arrival_s=float(host_s[-1] + 7000 + late_s),
            )
        )
    return result


def timed(frames: list[Sent]) -> list[FrameTimes]:
    clock = SampleClock(130.0)
    return [
        clock.feed(arrival_s=each.arrival_s, last_ns=each.last_ns, count=each.t_s.size)
        for each in frames
    ]


def errors_s(frames: list[Sent], times: list[FrameTimes]) -> Array:
    """Return how far each time is off, less the constant that a clock begins with."""
    off_s = np.concatenate(
        [ours.t_s - each.t_s for each, ours in zip(frames, times, strict=True)]
    )
    centred: Array = off_s - np.median(off_s)
    return centred


@pytest.mark.parametrize("seed", range(3))
def test_every_sample_is_timed_to_less_than_a_sample(seed: int) -> None:
    frames = sent(seed)
    times = timed(frames)
    assert [each.after_gap for each in times] == [True] + [False] * 999
    off_s = errors_s(frames, times)
    assert np.abs(off_s).max() < ONE_SAMPLE_S / 2
    assert np.abs(off_s[20_000:]).max() < ONE_SAMPLE_S / 5


@pytest.mark.parametrize("seed", range(3))
def test_lost_frames_leave_gaps_of_their_own_length(seed: int) -> None:
    rng = np.random.default_rng(seed)
    whole = sent(seed)
    kept = [k for k in range(1000) if rng.random() > 0.05 and not 400 <= k < 430]
    frames = [whole[k] for k in kept]
    times = timed(frames)
    assert [each.after_gap for each in times[1:]] == (np.diff(kept) > 1).tolist()
    assert not any(each.new_clock for each in times[1:])
    assert np.abs(errors_s(frames, times)).max() < ONE_SAMPLE_S
    assert np.all(np.diff(np.concatenate([each.t_s for each in times])) > 0)


def test_samples_that_a_small_mtu_cut_off_are_gaps_too() -> None:
    whole = sent(0, frames=50)
    clock = SampleClock(130.0)
    gaps = [
        clock.feed(arrival_s=each.arrival_s, last_ns=each.last_ns, count=15).after_gap
        for each in whole
    ]
    assert all(gaps)


def test_a_frame_that_comes_twice_is_timed_once() -> None:
    frames = sent(0, frames=20)
    times = timed([frames[0], *frames])
    assert times[0].t_s.size == COUNT
    assert times[1].t_s.size == 0
    assert not times[2].after_gap


@pytest.mark.parametrize("by_s", [-25_000_000.0, -300.0, 3600.0, 25_000_000.0])
def test_a_clock_that_began_anew_is_said_and_time_goes_on_by_the_hosts(
    by_s: float,
) -> None:
    frames = sent(1, frames=400)
    clock = SampleClock(130.0)
    times = [
        clock.feed(
            arrival_s=each.arrival_s + 20 * (k >= 200),
            last_ns=each.last_ns + round(1e9 * by_s) * (k >= 200),
            count=COUNT,
        )
        for k, each in enumerate(frames)
    ]
    assert [k for k, each in enumerate(times) if each.new_clock] == [0, 200]
    assert times[200].after_gap
    hole_s = times[200].t_s[0] - times[199].t_s[-1]
    assert hole_s == pytest.approx(20, abs=2)  # as late as frames can be
    assert np.all(np.diff(np.concatenate([each.t_s for each in times])) > 0)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("skew", [-60e-6, 60e-6])
def test_samples_of_the_strap_are_put_on_the_hosts_clock(
    seed: int, skew: float
) -> None:
    frames = sent(seed, frames=2000, skew=skew)
    times = timed(frames)
    least_s = 7000.03  # the host's clock, and the least that a frame waits
    live_s = np.array(
        [
            ours.t_s[-1] + ours.host_less_strap_s - each.host_s[-1] - least_s
            for each, ours in zip(frames, times, strict=True)
        ]
    )
    assert np.abs(live_s[100:]).max() < 0.015
    last_s = [float(each.t_s[-1]) for each in times]
    add_s = host_less_strap_s(last_s, [each.arrival_s for each in frames])
    whole_s = last_s + add_s - [each.host_s[-1] for each in frames] - least_s
    assert np.abs(whole_s).max() < 0.02


def test_a_frame_held_up_before_a_hole_makes_no_new_clock() -> None:
    frames = sent(0, frames=200)
    late = frames[99]
    held = Sent(
        t_s=late.t_s,
        host_s=late.host_s,
        last_ns=late.last_ns,
        arrival_s=late.arrival_s + 3.5,  # of the 10 s that are lost after it
    )
    kept = [*frames[:99], held, *frames[118:]]
    times = timed(kept)
    assert not any(each.new_clock for each in times[1:])
    assert np.abs(errors_s(kept, times)).max() < ONE_SAMPLE_S


STEPS = st.one_of(
    st.floats(-2, 2),  # frames that overlap, stand still and go back
    st.floats(0.9, 1.1).map(lambda share: share * COUNT / 130),  # about as they should
    st.floats(-1e6, 1e6),
)
LYING = st.lists(
    st.tuples(STEPS, st.floats(0, 30), st.integers(1, 2 * COUNT)), max_size=80
)


@given(LYING)
@example([(0.0, 0.5, COUNT), (COUNT / 130 - 0.3, 0.5, COUNT)])  # 39 samples overlap
@example([(0.0, 0.5, COUNT), (COUNT / 130 - 3 / 130, 0.5, COUNT)])  # as jitter would
def test_times_only_ever_ascend_whatever_stamps_a_strap_gives(
    frames: list[tuple[float, float, int]],
) -> None:
    clock, last_ns, arrival_s = SampleClock(130.0), 10**18, 7000.0
    told: list[Array] = []
    for step_s, waited_s, count in frames:
        last_ns += round(1e9 * step_s)
        arrival_s += waited_s
        timed = clock.feed(arrival_s=arrival_s, last_ns=last_ns, count=count)
        assert np.isfinite(timed.host_less_strap_s)
        assert timed.t_s.size in (0, count)
        told.append(timed.t_s)
    if told:
        assert np.all(np.diff(np.concatenate(told)) > 0)


def test_frames_that_overlap_are_a_clock_that_cannot_be_followed() -> None:
    whole = sent(0, frames=100)
    clock = SampleClock(130.0)
    times = [
        clock.feed(
            arrival_s=each.arrival_s,
            last_ns=each.last_ns - 300_000_000 * (k >= 50),  # more than half a frame
            count=COUNT,
        )
        for k, each in enumerate(whole)
    ]
    assert [k for k, each in enumerate(times) if each.new_clock] == [0, 50]
    assert [k for k, each in enumerate(times) if each.after_gap] == [0, 50]
    assert np.all(np.diff(np.concatenate([each.t_s for each in times])) > 0)


def test_a_rate_that_creeps_away_from_the_one_asked_for_is_not_followed() -> None:
    clock, last_ns, step_s = SampleClock(130.0), 10**18, COUNT / 130
    rates_hz, gaps = [], 0
    for k in range(400):
        timed = clock.feed(
            arrival_s=7000.0 + k * COUNT / 130, last_ns=last_ns, count=COUNT
        )
        gaps += timed.after_gap
        rates_hz.append((COUNT - 1) / (timed.t_s[-1] - timed.t_s[0]))
        step_s *= 1.002
        last_ns += round(1e9 * step_s)
    assert min(rates_hz) >= 130 / 1.1 - 1e-6
    assert gaps > 100  # what does not fit is said, each time


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize(
    "rate_hz", [119.5, 121, 123, 126, 128, 131.5, 133, 134, 136, 138, 140, 143]
)
def test_a_strap_that_is_faster_or_slower_than_it_said_is_timed_by_its_stamps(
    rate_hz: float, seed: int
) -> None:
    frames = sent(seed, frames=300, rate_hz=rate_hz)
    times = timed(frames)
    assert not any(each.after_gap for each in times[8:])
    off_s = errors_s(frames, times)[20 * COUNT :]
    assert np.abs(off_s - np.median(off_s)).max() < ONE_SAMPLE_S
    whole_s = np.concatenate([each.t_s for each in times[20:]])
    assert 1 / np.diff(whole_s).mean() == pytest.approx(rate_hz, rel=1e-3)
    assert np.all(np.diff(np.concatenate([each.t_s for each in times])) > 0)


@pytest.mark.parametrize("rate_hz", [123, 136, 140])
def test_a_rate_is_learnt_among_frames_that_are_lost(rate_hz: float) -> None:
    rng = np.random.default_rng(0)
    whole = sent(0, rate_hz=rate_hz)
    kept = [k for k in range(1000) if rng.random() > 0.1]
    times = timed([whole[k] for k in kept])
    lost = np.diff(kept) > 1
    assert [each.after_gap for each in times[40:]] == lost[39:].tolist()
    off_s = errors_s([whole[k] for k in kept[40:]], times[40:])
    assert np.abs(off_s).max() < ONE_SAMPLE_S


@pytest.mark.parametrize("faster", [0.87, 0.9, 0.97, 1.03, 1.1, 1.16])
def test_a_clock_that_parts_from_the_hosts_is_off_time(faster: float) -> None:
    clock = SampleClock(130.0)
    times = [
        clock.feed(
            arrival_s=each.arrival_s,
            last_ns=800_000_000 * 10**9
            + round((each.last_ns - 800_000_000 * 10**9) * faster),
            count=COUNT,
        )
        for each in sent(0, frames=600, rate_hz=130.16 * faster)
    ]
    assert not any(each.off_time for each in times[:60])
    assert all(each.off_time for each in times[-60:])


@pytest.mark.parametrize("seed", range(20))
def test_a_bad_link_makes_no_clock_off_time(seed: int) -> None:
    """Frames queue up for seconds and come at once; a fifth is lost; an hour long."""
    rng = np.random.default_rng(seed)
    clock, queue_until_s, told = SampleClock(130.0), 0.0, []
    for k, each in enumerate(sent(seed, frames=6400, skew=rng.uniform(-1, 1) * 2e-4)):
        if rng.random() < 0.01:
            queue_until_s = each.arrival_s + rng.exponential(3)
        arrival_s = max(each.arrival_s, queue_until_s)
        if k and rng.random() < 0.2:
            continue
        told.append(
            clock.feed(arrival_s=arrival_s, last_ns=each.last_ns, count=COUNT).off_time
        )
    assert not any(told)


def test_a_computer_that_slept_or_a_queue_that_stays_is_no_clock_that_parts() -> None:
    clock = SampleClock(130.0)
    times = [
        clock.feed(
            arrival_s=each.arrival_s + 4 * (k > 300), last_ns=each.last_ns, count=COUNT
        )
        for k, each in enumerate(sent(0))
    ]
    assert not any(each.off_time or each.new_clock for each in times[1:])


def test_a_frame_without_a_sample_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="0 samples"):
        SampleClock(130.0).feed(arrival_s=0, last_ns=1, count=0)


def test_a_recording_without_frames_needs_nothing_added() -> None:
    assert host_less_strap_s([], []).size == 0
