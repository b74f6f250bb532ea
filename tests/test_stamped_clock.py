"""Beats that their sender stamps: at their stamps where those are theirs, else not."""

import numpy as np
import pytest
from hypothesis import given, strategies as st

from coreg.facts.codec import decode, encode
from coreg.sensors.timing.beats import BeatClock, Delivery
from coreg.sensors.timing.stamped_clock import StampedClock, are_beat_times
from tests.helpers.openings import opening


def planted(seed: int, count: int = 300) -> list[Delivery]:
    """Beats at their own times, each with the interval that ends with it."""
    rng = np.random.default_rng(seed)
    swing = 60 * np.sin(np.arange(count) / 2)
    rr_ms = np.round(850 + swing + rng.normal(0, 15, count), 1)
    t_s = 5 + np.cumsum(rr_ms) / 1000
    return [(float(t), (float(rr),)) for t, rr in zip(t_s, rr_ms, strict=True)]


def once_a_second(beats: list[Delivery]) -> list[Delivery]:
    """What a strap makes of them: a packet a second, stamped when it came."""
    packets = []
    for now_s in range(6, int(beats[-1][0])):
        of = [rr for t_s, (rr,) in beats if now_s - 1 < t_s <= now_s]
        packets.append((float(now_s), tuple(of)))
    return packets


@pytest.mark.parametrize("seed", range(3))
def test_a_beat_stands_at_its_stamp_from_the_first_on(seed: int) -> None:
    beats, clock = planted(seed), StampedClock()
    timed = [beat for each in beats for beat in clock.feed(*each)]
    assert [beat.t_s for beat in timed] == [t_s for t_s, _ in beats]
    assert not any(beat.after_gap for beat in timed)
    assert clock.flush() == ()


def test_a_stamp_that_is_off_by_some_ms_is_still_that_of_its_beat() -> None:
    rng, clock = np.random.default_rng(1), StampedClock()
    beats = [(t_s + rng.uniform(-0.008, 0.008), rr) for t_s, rr in planted(1)]
    assert are_beat_times(beats[:5])
    timed = [beat for each in beats for beat in clock.feed(*each)]
    assert [beat.t_s for beat in timed] == [t_s for t_s, _ in beats]


def test_each_beat_that_is_lost_leaves_a_gap_where_it_was() -> None:
    beats, clock = planted(2), StampedClock()
    lost = {40, 41, 100, 207}
    kept = [each for n, each in enumerate(beats) if n not in lost]
    timed = [beat for each in kept for beat in clock.feed(*each)]
    assert [beat.t_s for beat in timed] == [t_s for t_s, _ in kept]
    after = {beat.t_s for beat in timed if beat.after_gap}
    assert after == {beats[n][0] for n in (42, 101, 208)}


def test_a_beat_that_is_marked_as_lost_leaves_a_gap() -> None:
    beats, clock = planted(3, 20), StampedClock()
    marked = [
        (t_s, (0.0,)) if n == 9 else (t_s, rr) for n, (t_s, rr) in enumerate(beats)
    ]
    timed = [beat for each in marked for beat in clock.feed(*each)]
    assert len(timed) == 19
    assert [n for n, beat in enumerate(timed) if beat.after_gap] == [9]


def test_beats_that_come_together_stand_one_interval_apart() -> None:
    clock = StampedClock()
    timed = clock.feed(10.0, (800.0, 750.0, 500.0))
    assert [beat.t_s for beat in timed] == pytest.approx([8.75, 9.5, 10.0])


@pytest.mark.parametrize("seed", range(3))
def test_stamps_of_arrivals_are_not_taken_for_those_of_beats(seed: int) -> None:
    assert not are_beat_times(once_a_second(planted(seed))[:8])


@pytest.mark.parametrize("seed", range(3))
def test_where_stamps_turn_out_to_be_arrivals_they_are_treated_as_such(
    seed: int,
) -> None:
    packets = once_a_second(planted(seed))
    clock, by_arrival = StampedClock(), BeatClock()
    timed = [beat for each in packets for beat in clock.feed(*each)]
    wanted = [beat for each in packets for beat in by_arrival.feed(*each)]
    assert timed[-200:] == wanted[-200:]
    assert np.all(np.diff([beat.t_s for beat in timed]) > 0)


@given(
    st.lists(
        st.tuples(st.floats(0, 3), st.lists(st.floats(0, 3000), max_size=4).map(tuple)),
        max_size=60,
    )
)
def test_beats_only_ever_ascend_whatever_is_stamped(
    given_: list[tuple[float, tuple[float, ...]]],
) -> None:
    clock, stamp_s, told = StampedClock(), 100.0, list[float]()
    for step_s, rr_ms in given_:
        stamp_s += step_s
        told += [beat.t_s for beat in clock.feed(stamp_s, rr_ms)]
    told += [beat.t_s for beat in clock.flush()]
    assert np.all(np.diff(told) > 0)


def test_what_is_known_of_stamps_is_kept_with_the_session_and_of_old_ones_is_not() -> (
    None
):
    opened = opening(stamped=(True, False))
    assert decode("Opened", encode(opened)) == opened
    assert opening().straps.stamped == (False, False)
    assert encode(opening()) == encode(opening(stamped=(False, False)))
