"""A strap that notifies by its own clock: beats timed by its ticks, live."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest

from coreg.facts.events import Partner
from coreg.sensors.timing.beats import BeatClock, TickClock, TimedBeat
from coreg.session.heart import Heart

SEEDS = (0, 1, 2, 3)
MINUTES = 10
OUT_OF_RANGE_S = ((120.0, 140.0), (360.0, 380.0))


@dataclass(frozen=True, kw_only=True)
class Delivered:
    """What arrived of planted beats; `None` in a packet's place: the link came back."""

    packets: list[tuple[float, tuple[float, ...]] | None]
    beats_s: list[float]  # of those that arrived


def planted(rng: np.random.Generator) -> list[float]:
    """A heart that breathes at six a minute."""
    t_s, beats_s, usual_s = 0.0, [0.0], rng.uniform(0.7, 1.0)
    while t_s < 60 * MINUTES:
        t_s += usual_s + 0.05 * np.sin(2 * np.pi * t_s / 10) + rng.normal(0, 0.02)
        beats_s.append(float(t_s))
    return beats_s


def once_a_second(seed: int, loss: float = 0.02) -> Delivered:
    """A strap's clock, radio of 50 ms, packets lost, and twice out of range."""
    rng = np.random.default_rng(seed)
    beats_s, tick_s = planted(rng), float(rng.uniform(0, 1))
    packets: list[tuple[float, tuple[float, ...]] | None] = []
    arrived, said, was_near = [], 1, True
    while tick_s < beats_s[-1]:
        until = int(np.searchsorted(beats_s, tick_s))
        rr_ms = tuple((1000 * np.diff(beats_s[said - 1 : until])).tolist())
        is_near = not any(a <= tick_s < b for a, b in OUT_OF_RANGE_S)
        if is_near and not was_near:
            packets.append(None)
        if is_near and rng.random() >= loss:
            packets.append((tick_s + float(rng.uniform(0, 0.05)), rr_ms))
            arrived += beats_s[said:until]
        said, was_near, tick_s = until, is_near, tick_s + 1 + 30e-6
    return Delivered(packets=packets, beats_s=arrived)


def timed(clock: BeatClock, of: Delivered) -> list[TimedBeat]:
    beats: list[TimedBeat] = []
    for packet in of.packets:
        if packet is None:
            clock.reconnected()
        else:
            beats += clock.feed(*packet)
    return [*beats, *clock.flush()]


def sd_ms(new: Callable[[], BeatClock], of: Delivered) -> float:
    off_s = [
        beat.t_s - true_s
        for beat, true_s in zip(timed(new(), of), of.beats_s, strict=True)
    ]
    return 1000 * float(np.std(off_s))


@pytest.mark.parametrize("seed", SEEDS)
def test_after_drop_outs_ticks_time_beats_closer_than_arrivals_alone(seed: int) -> None:
    of = once_a_second(seed)
    assert sd_ms(TickClock, of) < 0.75 * sd_ms(BeatClock, of)


def test_on_average_beats_are_within_a_twentieth_of_a_second() -> None:
    assert np.mean([sd_ms(TickClock, once_a_second(seed)) for seed in SEEDS]) < 50


def test_lost_notifications_are_gaps_and_nothing_else_is() -> None:
    right, lost, told = 0, 0, 0
    for seed in SEEDS:
        of = once_a_second(seed)
        beats = timed(TickClock(), of)
        pairs = zip(itertools.pairwise(of.beats_s), beats[1:], strict=True)
        for (before_s, true_s), beat in pairs:
            is_lost = true_s - before_s - beat.rr_ms / 1000 > 0.2
            right += is_lost and beat.after_gap
            lost += is_lost
            told += beat.after_gap
    assert lost > 40
    assert right >= 0.97 * lost
    assert told - right <= 1


def test_a_strap_that_notifies_at_each_beat_is_timed_as_before() -> None:
    beats_s = planted(np.random.default_rng(5))
    rng = np.random.default_rng(6)
    of = Delivered(
        packets=[
            (b + float(rng.uniform(0, 0.05)), (1000 * (b - a),))
            for a, b in itertools.pairwise(beats_s)
        ],
        beats_s=beats_s[1:],
    )
    late = [beat.t_s for beat in timed(TickClock(), of)][120:]
    before = [beat.t_s for beat in timed(BeatClock(), of)][120:]
    assert np.abs(np.subtract(late, before)).max() < 0.006  # one step of its grid


def test_a_link_of_half_a_second_is_found_out() -> None:
    rng, beats_s = np.random.default_rng(7), planted(np.random.default_rng(8))
    packets: list[tuple[float, tuple[float, ...]] | None] = []
    said, tick_s = 1, 0.3
    while tick_s < beats_s[-1]:
        until = int(np.searchsorted(beats_s, tick_s))
        events = np.ceil(tick_s / 0.501) + rng.geometric(0.9) - 1
        rr_ms = tuple((1000 * np.diff(beats_s[said - 1 : until])).tolist())
        packets.append((float(0.501 * events), rr_ms))
        said, tick_s = until, tick_s + 1
    of = Delivered(packets=packets, beats_s=beats_s[1:said])
    assert sd_ms(TickClock, of) < 150  # arrivals themselves are 330 off


def test_times_only_grow_and_no_beat_comes_after_it_arrived() -> None:
    clock = TickClock()
    last_s = -1.0
    for packet in once_a_second(3).packets:
        if packet is None:
            clock.reconnected()
            continue
        for beat in clock.feed(*packet):
            assert last_s < beat.t_s <= packet[0] + 0.02
            last_s = beat.t_s


def test_a_session_of_before_is_timed_as_it_was() -> None:
    of = once_a_second(1)

    def told(*, by_ticks: bool) -> list[float]:
        heart = Heart(Partner.A, 0.0, by_labels=False, by_ticks=by_ticks)
        return [
            beat.t_s
            for packet in of.packets
            if packet is not None
            for beat in heart.intervals(*packet).beats
        ]

    def by(clock: BeatClock) -> list[float]:
        fed = [clock.feed(*packet) for packet in of.packets if packet is not None]
        return [beat.t_s for beats in fed for beat in beats]

    assert told(by_ticks=False) == by(BeatClock())
    assert told(by_ticks=True) == by(TickClock())
    assert by(BeatClock()) != by(TickClock())
