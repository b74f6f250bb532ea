"""A strap's habits are noticed where they were planted, and nowhere else."""

import math
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from coreg.facts.events import (
    NS_PER_S,
    BatteryRead,
    Notification,
    Partner,
    Quirk,
    QuirkNoticed,
    Tick,
)
from coreg.sensors.decoding.heart_rate import HeartRateMeasurement, decode, encode
from coreg.sensors.quirks.habits import QuirkWatch
from coreg.sensors.quirks.words import quirk_words
from coreg.sensors.simulation.couple import SimulatedCouple
from coreg.session.engine import Engine
from coreg.store.plans import plan_text
from tests.helpers.openings import changed
from tests.helpers.sessions import OPENED

Packets = list[tuple[float, HeartRateMeasurement]]
SOUND = HeartRateMeasurement(
    hr_bpm=70, wide_hr=False, contact=True, energy_kj=None, rr_ms=()
)


def sound(length_s: int, seed: int = 1) -> Packets:
    """Return a packet a second of a heart at 70/min that swings and wanders."""
    rng = np.random.default_rng(seed)
    made, beat_s, ready = [], 0.5, list[float]()
    for second in range(1, length_s + 1):
        while beat_s <= second:
            rr_ms = 857 + 40 * math.sin(beat_s * 0.628) + float(rng.normal(0, 15))
            ready.append(rr_ms)
            beat_s += rr_ms / 1000
        late_s = float(rng.uniform(0, 0.05))
        made.append((second + late_s, replace(SOUND, rr_ms=tuple(ready))))
        ready = []
    return made


def noticed(packets: Packets) -> list[tuple[float, Quirk]]:
    watch = QuirkWatch()
    return [
        (t_s, quirk)
        for t_s, said in packets
        # through the bytes, so that what is planted is what a strap can send
        for quirk in watch.feed(t_s, decode(encode(said)))
    ]


def kinds(packets: Packets) -> set[Quirk]:
    return {quirk for _, quirk in noticed(packets)}


def scaled(packets: Packets, factor: float) -> Packets:
    return [
        (t_s, replace(said, rr_ms=tuple(factor * rr for rr in said.rr_ms)))
        for t_s, said in packets
    ]


@pytest.mark.parametrize("seed", range(5))
def test_a_sound_strap_has_no_quirks(seed: int) -> None:
    assert noticed(sound(1200, seed)) == []


def test_a_strap_that_loses_packets_is_not_accused_of_miscounting() -> None:
    rng = np.random.default_rng(3)
    kept = [each for each in sound(1800) if rng.random() > 0.05]
    assert kinds(kept) == set()


@pytest.mark.parametrize("seed", range(3))
def test_milliseconds_sent_as_1024ths_are_noticed_within_five_minutes(
    seed: int,
) -> None:
    # 812 ms sent as the number 812 reads as 812/1024 s: 1000/1024 of the truth.
    ((t_s, quirk),) = noticed(scaled(sound(400, seed), 1000 / 1024))
    assert quirk is Quirk.RR_IN_MS
    assert t_s < 300


def test_a_count_more_than_a_tenth_too_low_is_noticed_once() -> None:
    said = noticed(scaled(sound(600), 0.85))
    assert [each for _, each in said] == [Quirk.UNDER_COUNTED]


def test_fill_values_of_500_ms_are_noticed_against_the_heart_rate() -> None:
    packets = sound(60)
    for number in (30, 32, 34):
        t_s, said = packets[number]
        packets[number] = (t_s, replace(said, rr_ms=(500.0,)))
    assert kinds(packets) == {Quirk.FILL_VALUES}


def test_a_heart_that_really_beats_at_120_fills_nothing() -> None:
    at_120 = replace(SOUND, hr_bpm=120, rr_ms=(500.0, 500.0))
    assert kinds([(float(t_s), at_120) for t_s in range(1, 200)]) == set()


def test_no_rr_is_said_after_ten_seconds_and_again_after_it_came_back() -> None:
    mute = replace(SOUND, rr_ms=())
    packets = sound(80)
    for start in (20, 50):
        for number in range(start, start + 15):
            packets[number] = (packets[number][0], mute)
    said = noticed(packets)
    assert [quirk for _, quirk in said] == [Quirk.NO_RR, Quirk.NO_RR]
    first_s, again_s = (t_s for t_s, _ in said)
    assert 10 <= first_s - packets[20][0] < 11.1
    assert 10 <= again_s - packets[50][0] < 11.1


def test_a_heart_rate_of_0_is_no_signal_and_not_a_missing_rr() -> None:
    zero = replace(SOUND, hr_bpm=0)
    assert noticed([(float(t_s), zero) for t_s in range(30)]) == [(5, Quirk.NO_SIGNAL)]


def test_a_strap_that_does_not_sense_contact_is_not_taken_for_a_loose_one() -> None:
    # flags 0x10: what a Polar H10 sends (polar-ble-sdk #470); bit 2 is not set.
    h10 = decode(bytes([0x10, 60, 0x00, 0x04]))
    said = noticed([(float(t_s), h10) for t_s in range(30)])
    assert said == [(5, Quirk.CONTACT_UNKNOWN)]
    # flags 0x14: contact is sensed and there is none.
    loose = decode(bytes([0x14, 60, 0x00, 0x04]))
    said = noticed([(float(t_s), loose) for t_s in range(30)])
    assert said == [(5, Quirk.NO_CONTACT)]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_simulated_straps_with_artefacts_and_dropouts_are_not_accused(
    seed: int,
) -> None:
    watches = {partner: QuirkWatch() for partner in Partner}
    seen = {
        quirk
        for each in SimulatedCouple(seed=seed).advance(1500 * NS_PER_S)
        for quirk in watches[each.partner].feed(each.t_ns / NS_PER_S, decode(each.data))
    }
    assert seen <= {Quirk.CONTACT_UNKNOWN}


@given(
    st.lists(
        st.tuples(
            st.floats(0, 40),
            st.integers(0, 255),
            st.sampled_from([None, True, False]),
            st.lists(st.floats(0, 60_000), max_size=9),
        ),
        max_size=60,
    )
)
@settings(max_examples=200)
def test_no_stream_of_packets_breaks_the_watch(
    rows: list[tuple[float, int, bool | None, list[float]]],
) -> None:
    def packets() -> Iterator[tuple[float, HeartRateMeasurement]]:
        t_s = 0.0
        for pause_s, hr_bpm, contact, rr_ms in rows:
            t_s += pause_s
            said = replace(SOUND, hr_bpm=hr_bpm, contact=contact, rr_ms=tuple(rr_ms))
            yield t_s, said

    counts = [quirk for _, quirk in noticed(list(packets()))]
    for once in (Quirk.RR_IN_MS, Quirk.UNDER_COUNTED, Quirk.FILL_VALUES):
        assert counts.count(once) <= 1


def test_the_engine_says_a_quirk_and_a_low_battery_once_and_a_replay_too() -> None:
    def run() -> list[QuirkNoticed]:
        engine = Engine()
        engine.feed(changed(OPENED, plan_toml=plan_text("relaxed-and-alert")))
        said = []
        for second in range(1, 40):
            t_ns = second * NS_PER_S
            for each in (
                Notification(t_ns=t_ns, partner=Partner.B, data=bytes([0x06, 61])),
                BatteryRead(t_ns=t_ns, partner=Partner.A, percent=40 - second),
                Tick(t_ns=t_ns),
            ):
                said += engine.feed(each)
        return [each for each in said if isinstance(each, QuirkNoticed)]

    assert (
        run()
        == run()
        == [
            QuirkNoticed(t_s=11.0, partner=Partner.B, quirk=Quirk.NO_RR),
            QuirkNoticed(t_s=25.0, partner=Partner.A, quirk=Quirk.BATTERY_LOW),
        ]
    )


def test_every_quirk_has_words() -> None:
    assert all(quirk_words(quirk).endswith(".") for quirk in Quirk)
