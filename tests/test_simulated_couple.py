"""The simulated couple, judged by its planted traits and by plain arithmetic."""

import hashlib
import itertools
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from numpy.typing import NDArray

from coreg.facts.events import (
    NS_PER_S,
    BlockBegan,
    Breath,
    Cue,
    Notification,
    PacerStopped,
    Partner,
    Paused,
)
from coreg.sensors.decoding.heart_rate import decode
from coreg.sensors.simulation.couple import (
    PersonTraits,
    SimulatedCouple,
    SimulatedPerson,
    draw_traits,
)
from coreg.sensors.simulation.strap import Artefact

A, B = Partner.A, Partner.B


def breaths(rate_per_min: float, length_s: float) -> list[Breath]:
    period_s = 60 / rate_per_min
    return [
        Breath(t_s=number * period_s, period_s=period_s, inhale_s=0.4 * period_s)
        for number in range(int(length_s / period_s))
    ]


def planted(
    *, body: Mapping[str, Any], strap: Mapping[str, Any]
) -> dict[Partner, PersonTraits]:
    """Return the couple of seed 1 with these traits changed in both."""
    return {
        partner: PersonTraits(
            body=replace(traits.body, **body), strap=replace(traits.strap, **strap)
        )
        for partner, traits in draw_traits(1).items()
    }


STILL: dict[str, Any] = {
    "slow_sd_ms": 0.0,
    "waves_sd_ms": 0.0,
    "irregularity_sd_ms": 0.0,
    "relaxation_ms": 0.0,
}
FAITHFUL: dict[str, Any] = {"artefact_share": 0.0, "dropouts_per_min": 0.0}


def breathing(**changes: float) -> dict[str, Any]:
    """Return body traits with these of its breath changed (of seed 1, partner A)."""
    return {"breath": replace(draw_traits(1)[A].body.breath, **changes)}


WILLING = breathing(adherence=1.0, lowest_comfortable_per_min=3.0)
UNWILLING = breathing(adherence=0.0, own_rate_per_min=14.0)


def lived(
    length_s: float,
    *,
    cues: Iterable[Cue] = (),
    seed: int = 1,
    traits: Mapping[Partner, PersonTraits] | None = None,
) -> tuple[SimulatedCouple, list[Notification]]:
    couple = SimulatedCouple(seed=seed, traits=traits)
    for cue in cues:
        couple.hear(cue)
    return couple, couple.advance(round(length_s * NS_PER_S))


def rr_ms_of(packets: Iterable[Notification], partner: Partner) -> list[float]:
    return [
        rr
        for packet in packets
        if packet.partner is partner
        for rr in decode(packet.data).rr_ms
    ]


def swing_ms(person: SimulatedPerson, rate_per_min: float, from_s: float) -> float:
    """Return peak to trough of the sinusoid at this rate that fits RR best."""
    t_s, rr_ms = tachogram(person)
    t_s, rr_ms = t_s[t_s > from_s], rr_ms[t_s > from_s]
    angle = 2 * np.pi * rate_per_min / 60 * t_s
    terms = np.column_stack([np.ones_like(t_s), t_s, np.cos(angle), np.sin(angle)])
    fitted = np.linalg.lstsq(terms, rr_ms, rcond=None)[0]
    return float(2 * np.hypot(fitted[2], fitted[3]))


def peak_per_min(person: SimulatedPerson, from_s: float) -> float:
    """Return the rate, of 3 to 25/min, with the most power in RR."""
    t_s, rr_ms = tachogram(person)
    grid_s = np.arange(from_s, t_s[-1], 0.25)
    even_ms = np.interp(grid_s, t_s, rr_ms)
    tapered = (even_ms - even_ms.mean()) * np.hanning(grid_s.size)
    power = np.abs(np.fft.rfft(tapered, 8192)) ** 2
    per_min = 60 * np.fft.rfftfreq(8192, 0.25)
    inside = (per_min >= 3) & (per_min <= 25)
    return float(per_min[inside][np.argmax(power[inside])])


def tachogram(
    person: SimulatedPerson,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    beats_s = np.array(person.beat_times_s)
    return beats_s[1:], 1000 * np.diff(beats_s)


# --- one seed, one evening ----------------------------------------------------


def digest(packets: Iterable[Notification]) -> str:
    return hashlib.sha256(repr(list(packets)).encode()).hexdigest()


def test_a_fresh_process_makes_the_same_evening_to_the_last_bit() -> None:
    program = (
        "import hashlib\n"
        "from coreg.facts.events import Breath\n"
        "from coreg.sensors.simulation.couple import SimulatedCouple\n"
        "couple = SimulatedCouple(seed=11)\n"
        "for n in range(6):\n"
        "    couple.hear(Breath(t_s=10.0 * n, period_s=10.0, inhale_s=4.0))\n"
        "packets = couple.advance(90_000_000_000)\n"
        "print(hashlib.sha256(repr(packets).encode()).hexdigest())\n"
    )
    elsewhere = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONHASHSEED": "5"},
        capture_output=True,
        text=True,
        check=True,
    )
    here = lived(90, cues=breaths(6, 60), seed=11)[1]
    assert elsewhere.stdout.strip() == digest(here)


def in_ticks(ticks_ms: Iterable[int], length_s: int) -> list[Notification]:
    """Live in steps; each breath is heard just before the step in which it begins."""
    couple = SimulatedCouple(seed=3)
    waiting: list[Cue] = [*breaths(7, 40), PacerStopped(t_s=33.3)]
    waiting.sort(key=lambda cue: cue.t_s)
    arrived: list[Notification] = []
    now_ms = 0
    for tick_ms in itertools.chain(ticks_ms, itertools.repeat(length_s * 1000)):
        now_ms = min(now_ms + tick_ms, length_s * 1000)
        while waiting and waiting[0].t_s * 1000 < now_ms:
            couple.hear(waiting.pop(0))
        arrived += couple.advance(now_ms * 1_000_000)
        if now_ms == length_s * 1000:
            return arrived
    raise AssertionError("unreachable")


def test_quarter_second_ticks_and_whole_seconds_give_the_same_bytes() -> None:
    quarters = in_ticks(itertools.repeat(250), 60)
    assert quarters == in_ticks(itertools.repeat(1000), 60)
    assert len(quarters) > 100


@settings(max_examples=20)
@given(st.lists(st.integers(0, 9000), max_size=30))
def test_no_way_of_cutting_time_changes_a_byte(ticks_ms: list[int]) -> None:
    assert in_ticks(ticks_ms, 45) == in_ticks([], 45)


def test_a_longer_evening_begins_like_a_shorter_one() -> None:
    short, long = lived(60)[1], lived(600)[1]
    assert short == long[: len(short)]


def test_other_seeds_are_other_couples_and_partners_are_two_people() -> None:
    evenings = [lived(30, seed=seed)[1] for seed in range(5)]
    assert len({digest(evening) for evening in evenings}) == 5
    assert rr_ms_of(evenings[0], A) != rr_ms_of(evenings[0], B)


def test_one_partners_traits_do_not_touch_the_others_evening() -> None:
    changed = {**draw_traits(1), A: planted(body=STILL, strap=FAITHFUL)[A]}
    usual, other = lived(120)[1], lived(120, traits=changed)[1]
    assert rr_ms_of(usual, B) == rr_ms_of(other, B)
    assert rr_ms_of(usual, A) != rr_ms_of(other, A)


# --- what arrives -------------------------------------------------------------


def test_packets_come_in_order_and_once_a_second_from_each() -> None:
    packets = lived(300, traits=planted(body={}, strap=FAITHFUL))[1]
    keys = [(packet.t_ns, packet.partner) for packet in packets]
    assert keys == sorted(keys)
    assert all(0 < t_ns <= 300 * NS_PER_S for t_ns, _ in keys)
    for partner in Partner:
        assert sum(who is partner for _, who in keys) == pytest.approx(300, abs=1)


def test_nothing_is_handed_over_before_it_has_arrived_or_later_than_asked() -> None:
    couple = SimulatedCouple(seed=1)
    before_ns = 0
    for until_ns in range(0, 30 * NS_PER_S, 10_000_000):
        for packet in couple.advance(until_ns):
            assert before_ns < packet.t_ns <= until_ns
        before_ns = until_ns


@pytest.mark.parametrize("skew_ppm", [-50.0, 0.0, 50.0])
def test_intervals_add_up_to_the_time_between_beats_on_the_straps_clock(
    skew_ppm: float,
) -> None:
    strap = {**FAITHFUL, "artefact_share": 0.02, "skew_ppm": skew_ppm}
    couple, packets = lived(1200, traits=planted(body={}, strap=strap))
    sent_s = sum(rr_ms_of(packets, A)) / 1000
    beats_s = np.array(couple.people[A].beat_times_s)
    elapsed_s = (beats_s - beats_s[0]) * (1 + 1e-6 * skew_ppm)
    # To a tick at both ends; an early (ectopic) last beat would shift it by more.
    assert np.abs(elapsed_s - sent_s).min() <= 2 / 1024
    assert sent_s == pytest.approx(1200, abs=12)


@pytest.mark.parametrize("latency_s", [0.4, 1.1, 2.1])
def test_a_beat_arrives_its_latency_late_and_waits_a_second_at_most(
    latency_s: float,
) -> None:
    strap = {**FAITHFUL, "latency_s": latency_s}
    couple, packets = lived(300, traits=planted(body={}, strap=strap))
    beats_s = iter(couple.people[A].beat_times_s[1:])  # the first ends no interval
    late_s = [
        packet.t_ns / NS_PER_S - next(beats_s)
        for packet in packets
        if packet.partner is A
        for _ in decode(packet.data).rr_ms
    ][10:]  # what the strap held when it was switched on is older
    radio_s = 6 * couple.people[A].traits.strap.connection_interval_s
    assert latency_s <= min(late_s) < latency_s + 0.1
    assert max(late_s) <= latency_s + 1.001 + radio_s


def test_drawn_latencies_lie_between_the_published_medians() -> None:
    drawn = [
        traits.strap.latency_s
        for seed in range(50)
        for traits in draw_traits(seed).values()
    ]
    assert min(drawn) >= 0.4
    assert max(drawn) <= 2.1
    assert max(drawn) - min(drawn) > 1.2


def test_a_slow_heart_sends_packets_without_intervals_and_they_are_kept() -> None:
    slow = planted(body={**STILL, "mean_rr_ms": 1500.0}, strap=FAITHFUL)
    packets = lived(120, traits=slow)[1]
    contents = [decode(packet.data) for packet in packets if packet.partner is A]
    assert sum(not content.rr_ms for content in contents) > 30
    assert {content.hr_bpm for content in contents[20:]} <= {38, 39, 40, 41, 42}


@pytest.mark.parametrize(("senses_contact", "contact"), [(False, None), (True, True)])
def test_contact_is_only_told_by_a_strap_that_senses_it(
    *, senses_contact: bool, contact: bool | None
) -> None:
    strap = {"senses_contact": senses_contact}
    for packet in lived(20, traits=planted(body={}, strap=strap))[1]:
        assert decode(packet.data).contact is contact


def test_a_dropout_leaves_silence_and_its_beats_do_not_come_later() -> None:
    strap = {**FAITHFUL, "dropouts_per_min": 2.0}
    couple, packets = lived(600, traits=planted(body={}, strap=strap))
    person = couple.people[A]
    arrivals_s = [packet.t_ns / NS_PER_S for packet in packets if packet.partner is A]
    over = [gap for gap in person.dropouts_s if gap[1] < 590]
    assert len(over) > 5
    for start_s, end_s in over:
        assert 2 <= end_s - start_s <= 8
        assert not any(start_s + 0.3 <= t_s < end_s for t_s in arrivals_s)
    lost_s = sum(end_s - start_s for start_s, end_s in over)
    assert sum(rr_ms_of(packets, A)) / 1000 == pytest.approx(
        600 - lost_s, abs=2 * len(over) + 3
    )


def test_artefacts_are_where_they_were_planted() -> None:
    strap = {**FAITHFUL, "artefact_share": 0.03, "skew_ppm": 0.0}
    couple, packets = lived(1200, traits=planted(body=STILL, strap=strap))
    person = couple.people[A]
    count = {kind: sum(k is kind for _, k in person.artefacts) for kind in Artefact}
    assert all(count[kind] > 5 for kind in Artefact)
    sent, true = len(rr_ms_of(packets, A)), len(person.beat_times_s) - 1
    assert sent == pytest.approx(
        true + count[Artefact.EXTRA] - count[Artefact.MISSED], abs=6
    )
    # A missed beat doubles one interval; nothing else comes near that.
    usual_ms = np.median(rr_ms_of(packets, A))
    doubled = sum(rr > 1.7 * usual_ms for rr in rr_ms_of(packets, A))
    assert doubled == pytest.approx(count[Artefact.MISSED], abs=2)


# --- hearts and lungs ---------------------------------------------------------


def test_hearts_are_those_of_resting_adults() -> None:
    for seed in range(25):
        for person in lived(180, seed=seed)[0].people.values():
            rr_ms = tachogram(person)[1]
            assert 50 <= 60_000 / rr_ms.mean() <= 90
            assert 10 <= np.sqrt(np.mean(np.diff(rr_ms) ** 2)) <= 85
            best_ms = person.steady_rsa_ms(person.traits.body.curve.resonance_per_min)
            assert 20 <= best_ms <= 200


@pytest.mark.parametrize("rate_per_min", [4.5, 6.0, 7.5])
def test_who_breathes_at_one_rate_for_long_swings_as_their_curve_says(
    rate_per_min: float,
) -> None:
    quiet = planted(body={**STILL, **WILLING}, strap={})
    couple, _ = lived(600, cues=breaths(rate_per_min, 600), traits=quiet)
    person = couple.people[A]
    # The slow change of its size (SD 15 %) stays; ten minutes average much of it out.
    assert swing_ms(person, rate_per_min, 200) == pytest.approx(
        person.steady_rsa_ms(rate_per_min), rel=0.25
    )


def test_the_swing_is_larger_at_the_resonance_than_far_from_it() -> None:
    curve = replace(
        draw_traits(1)[A].body.curve, resonance_per_min=5.5, far_share=0.4,
        width_per_min=0.8, peak_rsa_ms=100.0,
    )  # fmt: skip
    traits = planted(body={**WILLING, "curve": curve}, strap={})
    at = lived(300, cues=breaths(5.5, 300), traits=traits)[0].people
    far = lived(300, cues=breaths(9.0, 300), traits=traits)[0].people
    for partner in Partner:
        at_ms = swing_ms(at[partner], 5.5, 100)
        assert at_ms > 1.7 * swing_ms(far[partner], 9.0, 100)


def test_the_swing_builds_up_over_the_settling_time() -> None:
    traits = planted(body={**STILL, **WILLING, "settle_s": 30.0}, strap={})
    couple, _ = lived(400, cues=breaths(6, 400), traits=traits)
    t_s, rr_ms = tachogram(couple.people[A])
    first = np.ptp(rr_ms[(t_s > 10) & (t_s <= 20)])
    third = np.ptp(rr_ms[(t_s > 30) & (t_s <= 40)])
    settled = np.mean(
        [np.ptp(rr_ms[(t_s > s) & (t_s <= s + 10)]) for s in range(150, 390, 10)]
    )
    assert first < 0.8 * settled
    assert first < third


@pytest.mark.parametrize("rate_per_min", [5.0, 6.0, 7.0])
def test_the_heart_of_a_follower_peaks_at_the_pace(rate_per_min: float) -> None:
    traits = planted(body=WILLING, strap={})
    couple, _ = lived(420, cues=breaths(rate_per_min, 420), traits=traits)
    for person in couple.people.values():
        used_to_it = person.followed[int(120 * rate_per_min / 60) :]
        assert np.mean(used_to_it) > 0.9
        assert peak_per_min(person, 120) == pytest.approx(rate_per_min, abs=0.3)


def test_who_does_not_follow_keeps_their_own_rate() -> None:
    traits = planted(body={**STILL, **UNWILLING}, strap={})
    couple, _ = lived(420, cues=breaths(6, 420), traits=traits)
    for person in couple.people.values():
        assert not any(person.followed)
        assert peak_per_min(person, 60) == pytest.approx(14, abs=1.5)


def test_a_pace_too_slow_for_someone_is_mostly_not_followed() -> None:
    slow = breathing(adherence=1.0, lowest_comfortable_per_min=6.0)
    couple, _ = lived(600, cues=breaths(5, 600), traits=planted(body=slow, strap={}))
    assert np.mean(couple.people[A].followed) < 0.1


def test_after_the_pacer_has_stopped_breathing_goes_back_to_its_own_rate() -> None:
    own = breathing(adherence=1.0, own_rate_per_min=15.0, comfort_s=30.0)
    cues: list[Cue] = [*breaths(6, 180), PacerStopped(t_s=180.0)]
    traits = planted(body={**STILL, **own}, strap={})
    couple, _ = lived(480, cues=cues, traits=traits)
    assert peak_per_min(couple.people[A], 300) == pytest.approx(15, abs=1.5)


@pytest.mark.parametrize("stop", [PacerStopped(t_s=60.0), Paused(t_s=60.0)])
def test_breaths_announced_for_after_a_stop_are_void(stop: Cue) -> None:
    couple, _ = lived(200, cues=[*breaths(6, 180), stop])
    assert len(couple.people[A].followed) == 6
    resumed: list[Cue] = [*breaths(6, 180), stop]
    resumed.append(Breath(t_s=100.0, period_s=10.0, inhale_s=4.0))
    assert len(lived(200, cues=resumed)[0].people[A].followed) == 7


def test_a_new_block_alone_moves_no_lungs() -> None:
    block = BlockBegan(t_s=10.0, number=0, name="arrive", kind="rest", length_s=120.0)
    assert lived(60, cues=[block])[1] == lived(60)[1]


# --- the caller's mistakes ----------------------------------------------------


def test_time_does_not_go_back() -> None:
    couple = SimulatedCouple(seed=1)
    couple.advance(NS_PER_S)
    with pytest.raises(ValueError, match="time went back"):
        couple.advance(NS_PER_S - 1)


def test_a_negative_seed_is_refused_in_words() -> None:
    with pytest.raises(ValueError, match="a seed is 0 or more"):
        SimulatedCouple(seed=-1)
