"""A packet that another program's listening brings twice is one packet.

While a second program on the same computer listens to a strap, BlueZ hands each of its
notifications to both as many times as there are listeners: 722 were sent and 1 425
came. A heart that beats evenly says the same twice too, and a radio that stalled
delivers what waited all at once: neither of them may lose a beat.
"""

import itertools
import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given, settings, strategies as st

from coreg.facts import codec
from coreg.facts.events import (
    NS_PER_S,
    BadPacket,
    Cue,
    Input,
    Link,
    LinkChanged,
    Notification,
    Partner,
    Quirk,
    QuirkNoticed,
    RepeatedPacket,
    SourceEnded,
    Tick,
)
from coreg.findings.summary import summarise
from coreg.report.words.numbers import NBSP
from coreg.report.words.signal import signal
from coreg.sensors.decoding.heart_rate import HeartRateMeasurement, decode, encode
from coreg.sensors.quirks.repeats import Repeats
from coreg.sensors.simulation.couple import SimulatedCouple
from coreg.sensors.straps.hub import _Ear
from coreg.sensors.straps.radio import FoundStrap
from coreg.session.engine import Output, run
from coreg.session.replay import compare
from tests.helpers.sessions import rounds
from tests.test_engine import opened

Packet = tuple[int, bytes]
"""When a packet arrived (ns), and its bytes."""

TICK_NS = NS_PER_S // 4
MS = NS_PER_S // 1000


# --- straps of our own making -----------------------------------------------------


def said(rr_ms: tuple[float, ...], hr_bpm: int = 60) -> bytes:
    return encode(
        HeartRateMeasurement(
            hr_bpm=hr_bpm, wide_hr=False, contact=None, energy_kj=None, rr_ms=rr_ms
        )
    )


def once_a_second(rr_ms: list[float]) -> list[Packet]:
    """Send what has beaten with each tick of the strap's clock, often nothing."""
    ends_s = list(itertools.accumulate(rr / 1000 for rr in rr_ms))
    packets = []
    for tick in range(1, math.ceil(ends_s[-1]) + 1):
        inside = zip(ends_s, rr_ms, strict=True)
        ready = tuple(rr for end, rr in inside if tick - 1 < end <= tick)
        packets.append((tick * NS_PER_S, said(ready)))
    return packets


def at_each_beat(rr_ms: list[float]) -> list[Packet]:
    ends_ms = itertools.accumulate(rr_ms)
    return [
        (round(end * MS), said((rr,))) for end, rr in zip(ends_ms, rr_ms, strict=True)
    ]


def stalled(packets: list[Packet], stalls_s: list[tuple[float, float]]) -> list[Packet]:
    """Hold what is sent from `start` on for `length`, then let it come all at once."""
    for start_s, length_s in stalls_s:
        start_ns, end_ns = (
            round(each * NS_PER_S) for each in (start_s, start_s + length_s)
        )
        waiting = sum(start_ns <= t_ns < end_ns for t_ns, _ in packets)
        places = itertools.count(1 - waiting)
        packets = [
            (end_ns + next(places) * MS // 2, data)
            if start_ns <= t_ns < end_ns
            else (t_ns, data)
            for t_ns, data in packets
        ]
    return packets


def repeated(packets: list[Packet], delays_ms: list[list[float]]) -> list[Packet]:
    """Let each packet come again after each of its delays."""
    copies = [
        (t_ns + round(delay * MS), data)
        for (t_ns, data), delays in zip(packets, itertools.cycle(delays_ms))
        for delay in delays
    ]
    return sorted([*packets, *copies], key=lambda packet: packet[0])


def kept(packets: list[Packet]) -> list[Packet]:
    repeats = Repeats()
    return [
        (t_ns, data)
        for t_ns, data in packets
        if not repeats.is_repeat(t_ns / NS_PER_S, data, decode(data).rr_ms)
    ]


def heard(packets: list[Packet], between: tuple[Input, ...] = ()) -> list[Output]:
    """Return what the engine makes of A's packets."""
    end_ns = (packets[-1][0] // NS_PER_S + 2) * NS_PER_S
    inputs: list[Input] = [
        *(Tick(t_ns=t_ns) for t_ns in range(0, end_ns, TICK_NS)),
        *between,
        *(Notification(t_ns=t, partner=Partner.A, data=data) for t, data in packets),
    ]
    inputs.sort(key=lambda each: each.t_ns)
    return list(run([opened(), *inputs, SourceEnded(t_ns=end_ns)]))


def without_marks(outputs: list[Output]) -> list[bytes]:
    """Return all features but those that say what was left out."""
    return [
        codec.encode(each)
        for each in outputs
        if isinstance(each, codec.FEATURES) and not isinstance(each, RepeatedPacket)
    ]


def marks(outputs: list[Output]) -> list[RepeatedPacket]:
    return [each for each in outputs if isinstance(each, RepeatedPacket)]


def cues(outputs: Iterable[Output]) -> list[Cue]:
    return [each for each in outputs if isinstance(each, codec.CUES)]


# --- what was seen: a second program listens --------------------------------------


@pytest.mark.parametrize("seed", [1, 2])
def test_a_couple_heard_twice_is_the_couple_heard_once_to_the_last_bit(
    seed: int,
) -> None:
    sent = SimulatedCouple(seed=seed).advance(200 * NS_PER_S)
    rng = np.random.default_rng(seed)
    again = [
        Notification(
            t_ns=each.t_ns + int(rng.integers(0, 20 * MS)),
            partner=each.partner,
            data=each.data,
        )
        for each in sent
    ]

    def outputs(packets: list[Notification]) -> list[Output]:
        ticks = [Tick(t_ns=t_ns) for t_ns in range(0, 200 * NS_PER_S, TICK_NS)]
        inputs: list[Input] = [*packets, *ticks]
        inputs.sort(key=lambda each: each.t_ns)
        return list(run([opened(), *inputs, SourceEnded(t_ns=200 * NS_PER_S)]))

    once, twice = outputs(sent), outputs([*sent, *again])

    assert without_marks(twice) == without_marks(once)
    assert marks(once) == []
    assert len(marks(twice)) == len(sent)


def test_that_another_program_listens_is_said_once() -> None:
    packets = once_a_second([812.0, 790.0, 845.0] * 60)
    outputs = heard(repeated(packets, [[4.0]]))
    quirks = [each for each in outputs if isinstance(each, QuirkNoticed)]

    assert [
        each.quirk for each in quirks if each.quirk is not Quirk.CONTACT_UNKNOWN
    ] == [Quirk.REPEATED]
    assert quirks[0].t_s < 5


def test_a_third_listener_adds_no_beat_either() -> None:
    packets = once_a_second([812.0, 790.0, 845.0] * 60)
    thrice = repeated(packets, [[0.0, 7.0], [19.0, 2.0]])

    assert without_marks(heard(thrice)) == without_marks(heard(packets))
    assert len(marks(heard(thrice))) == 2 * len(packets)


def test_a_program_that_begins_and_ends_to_listen_adds_nothing_and_costs_nothing() -> (
    None
):
    packets = at_each_beat([812.0, 790.0, 812.0, 812.0] * 50)
    delays = [[] if n // 40 % 2 else [3.0] for n in range(len(packets))]
    listened_to = repeated(packets, [list[float](each) for each in delays])

    assert kept(listened_to) == packets


@pytest.mark.parametrize("rr_ms", [1000.0, 930.0, 850.0, 812.0, 620.0])
def test_a_program_may_begin_to_listen_at_any_moment(rr_ms: float) -> None:
    """Also to a heart that is a little quicker than its strap's clock."""
    packets = once_a_second([rr_ms + wander for wander in (0.0, 9.0, -9.0)] * 20)
    for first in range(len(packets)):
        delays = [[3.0] if n >= first else list[float]() for n in range(len(packets))]
        assert kept(repeated(packets, delays)) == packets, first


def test_a_packet_that_cannot_be_read_is_counted_once_too() -> None:
    packets = [(NS_PER_S * n, b"\x11") for n in range(1, 10)]
    outputs = heard(repeated(packets, [[5.0]]))

    assert len([each for each in outputs if isinstance(each, BadPacket)]) == 9
    assert len(marks(outputs)) == 9


def test_the_log_keeps_what_came_and_a_replay_counts_what_was_left_out() -> None:
    packets = repeated(once_a_second([1000.0] * 60), [[2.0]])
    inputs: list[Input] = [
        opened(),
        *(Notification(t_ns=t, partner=Partner.A, data=data) for t, data in packets),
    ]
    again = compare([*inputs, *cues(run(inputs))], is_whole=True)

    assert again.difference == ""
    assert again.repeated_packets == len(packets) / 2


# --- what looks the same and is not -----------------------------------------------


EVEN_HEARTS = [[1000.0] * 120, [812.0] * 120, [500.0] * 240, [1400.0] * 90]


@pytest.mark.parametrize("rr_ms", EVEN_HEARTS)
@pytest.mark.parametrize("send", [once_a_second, at_each_beat])
@pytest.mark.parametrize("stall_s", [0.0, 1.1, 2.5, 6.0, 20.0])
def test_a_heart_that_beats_evenly_loses_nothing_also_where_the_radio_stalls(
    rr_ms: list[float], send: Callable[[list[float]], list[Packet]], stall_s: float
) -> None:
    packets = stalled(send(rr_ms), [(30.2, stall_s), (80.7, stall_s / 2)])

    assert kept(packets) == packets


@pytest.mark.parametrize("rr_ms", EVEN_HEARTS)
@pytest.mark.parametrize("send", [once_a_second, at_each_beat])
@pytest.mark.parametrize("stall_s", [1.1, 2.5, 6.0, 20.0])
def test_of_what_a_stall_held_up_and_came_twice_each_packet_is_kept_once(
    rr_ms: list[float], send: Callable[[list[float]], list[Packet]], stall_s: float
) -> None:
    packets = stalled(send(rr_ms), [(30.2, stall_s), (80.7, stall_s / 2)])
    one_by_one = repeated(packets, [[0.1]])
    in_turns = repeated(packets, [[12.0]])

    assert [data for _, data in kept(one_by_one)] == [data for _, data in packets]
    assert Counter(data for _, data in kept(in_turns)) == Counter(
        data for _, data in packets
    )


def test_what_another_connection_brings_is_no_repeat_and_gives_no_room_for_one() -> (
    None
):
    before, after = once_a_second([1000.0] * 20), once_a_second([1000.0] * 40)[25:]
    dropped = LinkChanged(
        t_ns=21 * NS_PER_S, partner=Partner.A, link=Link.LOST, detail=""
    )
    back = replace(dropped, t_ns=25 * NS_PER_S, link=Link.CONNECTED)
    twice = [*before, *repeated(after, [[4.0]])]

    assert len(marks(heard(twice, (dropped, back)))) == len(after)


def has_a_twin(packets: list[Packet]) -> Iterator[bool]:
    """Say of each packet whether an equal one came at about the same time."""
    last_ns: dict[bytes, int] = {}
    for t_ns, data in packets:
        yield t_ns - last_ns.get(data, -NS_PER_S) < NS_PER_S // 5
        last_ns[data] = t_ns


intervals_ms = st.tuples(
    st.integers(400, 1400), st.lists(st.sampled_from([0, 0, 0, 8]), min_size=60)
).map(lambda drawn: [float(drawn[0] + each) for each in drawn[1]])
senders = st.sampled_from([once_a_second, at_each_beat])
stalls = st.lists(st.tuples(st.floats(3, 60), st.floats(0.2, 6)), max_size=4)
delays = st.integers(0, 2).flatmap(
    lambda copies: st.lists(
        st.lists(st.floats(0, 20), min_size=copies, max_size=copies),
        min_size=1,
        max_size=9,
    )
)


@settings(max_examples=rounds(60, thorough=5_000), deadline=None)
@given(rr_ms=intervals_ms, send=senders, stalls_s=stalls, delays_ms=delays)
@example(  # one stall let a part go, and the next one the rest, a pause later
    rr_ms=[400.0] * 60,
    send=at_each_beat,
    stalls_s=[(4.0, 5.5), (3.0, 6.0)],
    delays_ms=[[]],
)
def test_however_often_a_stream_with_stalls_comes_it_is_heard_once(
    rr_ms: list[float],
    send: Callable[[list[float]], list[Packet]],
    stalls_s: list[tuple[float, float]],
    delays_ms: list[list[float]],
) -> None:
    packets = stalled(send(rr_ms), stalls_s)
    left = kept(repeated(packets, delays_ms))

    assert Counter(data for _, data in left) == Counter(data for _, data in packets)
    if not (delays_ms[0] and any(has_a_twin(packets))):
        assert left == packets


# --- what is said of it -----------------------------------------------------------


def test_a_page_says_how_many_packets_were_left_out() -> None:
    packets = repeated(once_a_second([1000.0] * 60), [[2.0]])
    summary = summarise(opened(), heard(packets))

    assert summary.a.signal.repeated_packets == len(packets) / 2
    assert summary.b.signal.repeated_packets == 0
    assert (
        f"{len(packets) // 2}{NBSP}repeated packets left out: another program was "
        "listening too" in signal(summary.a, summary)
    )
    assert "repeated" not in signal(summary.b, summary)


def test_a_strap_heard_twice_has_no_other_habits_at_home() -> None:
    listened_to = []
    found = FoundStrap(
        name="Strap", address="A", rssi_dbm=-50, services=(), is_in_use=False
    )
    ear = _Ear(found, lambda _address, arrived: listened_to.append(arrived))
    packets = repeated(once_a_second([1000.0] * 200), [[3.0]])
    for t_ns, data in packets:
        ear.packet(data, t_ns)

    assert ear.state.quirks == (Quirk.CONTACT_UNKNOWN,)
    assert len(listened_to) == len(packets)  # whoever keeps a log keeps all of it
