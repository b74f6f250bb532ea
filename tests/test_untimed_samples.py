"""Straps that are faster or slower than they said, and clocks that tell no time.

Hearts that beat once a second and chests that breathe twelve times a minute are
planted, so every figure that is told is known.
"""

from dataclasses import replace
from typing import Final

import numpy as np
import pytest

from coreg.facts.events import (
    NS_PER_S,
    BreathSeen,
    EcgBeat,
    Feature,
    Partner,
    SamplesUntimed,
    Stream,
    StreamPacket,
    StreamStarted,
)
from coreg.findings.ecg_seen import ecg_seen
from coreg.findings.summary import summarise
from coreg.report.words.signal import signal
from coreg.sensors.decoding.polar_control import settings_wanted, start
from coreg.sensors.decoding.polar_frames import (
    AccelerationFrame,
    EcgFrame,
    Form,
    encode_acceleration,
    encode_ecg,
)
from coreg.session.chest import Chest
from coreg.session.lsl_samples import samples_from
from coreg.testing.polar_streams import still_acceleration_mg, still_ecg_uv
from coreg.words import say
from tests.helpers.report_sessions import opened, session

A: Final = Partner.A
SWITCHED_ON_NS: Final = 600_000_000 * NS_PER_S
SETTLED_S: Final = 10.0


def started(stream: Stream) -> StreamStarted:
    return StreamStarted(
        t_ns=0,
        partner=A,
        stream=stream,
        asked=start(stream, settings_wanted(stream)),
        answer=b"",
        holds_breaths=True,
    )


def sent(
    stream: Stream, rate_hz: float, *, clock: float = 1.0, seconds: float = 240
) -> list[StreamPacket]:
    """Return what a strap sends that measures so fast, by a clock that runs so fast."""
    count = 73 if stream is Stream.ECG else 36
    packets = []
    for first in range(0, int(seconds * rate_hz) - count, count):
        t_s = (first + np.arange(count)) / rate_hz
        last_ns = SWITCHED_ON_NS + round(1e9 * clock * t_s[-1])
        if stream is Stream.ECG:
            uv = tuple(int(each) for each in still_ecg_uv(t_s))
            data = encode_ecg(EcgFrame(last_ns=last_ns, ecg_uv=uv))
        else:
            mg = tuple((x, y, z) for x, y, z in still_acceleration_mg(t_s).tolist())
            data = encode_acceleration(
                AccelerationFrame(
                    last_ns=last_ns, form=Form.MG_16_BIT, acceleration_mg=mg
                )
            )
        arrival_ns = round(1e9 * (t_s[-1] + 0.05))
        packets.append(
            StreamPacket(t_ns=arrival_ns, partner=A, stream=stream, data=data)
        )
    return packets


def told(stream: Stream, packets: list[StreamPacket]) -> list[Feature]:
    chest = Chest(A)
    chest.started(started(stream))
    return [
        each
        for packet in packets
        for each in chest.packet(packet.t_ns / NS_PER_S, packet)
    ]


@pytest.mark.parametrize("rate_hz", [119, 122, 126, 128, 131.5, 133, 136, 139, 142.5])
def test_an_ecg_that_is_faster_or_slower_than_asked_tells_true_intervals(
    rate_hz: float,
) -> None:
    packets = sent(Stream.ECG, rate_hz)
    live = [each for each in told(Stream.ECG, packets) if isinstance(each, EcgBeat)]
    rr_ms = np.array([each.rr_ms for each in live if each.t_s > SETTLED_S])
    assert rr_ms.size > 220
    assert np.abs(rr_ms - 1000).max() < 10
    seen = ecg_seen([started(Stream.ECG), *packets], A)
    assert seen is not None
    assert np.abs(seen.rr_ms[seen.t_s > SETTLED_S] - 1000).max() < 10


@pytest.mark.parametrize("rate_hz", [46.5, 48, 51, 52, 53, 54.5])
def test_a_chest_that_is_sampled_faster_or_slower_than_asked_breathes_as_it_does(
    rate_hz: float,
) -> None:
    said = told(Stream.ACCELERATION, sent(Stream.ACCELERATION, rate_hz))
    per_min = [each.rate_per_min for each in said if isinstance(each, BreathSeen)]
    known = np.array(per_min)[np.isfinite(per_min)]
    assert known.size > 180
    assert np.abs(known - 12).max() < 0.1


@pytest.mark.parametrize("clock", [0.87, 0.95, 1.05, 1.16])
@pytest.mark.parametrize("stream", list(Stream))
def test_a_clock_that_parts_from_the_computers_is_said_and_no_more_told_from_it(
    stream: Stream, clock: float
) -> None:
    asked_hz = 130.0 if stream is Stream.ECG else 50.0
    packets = sent(stream, asked_hz * clock, clock=1 / clock, seconds=400)
    said = told(stream, packets)
    untimed = [each for each in said if isinstance(each, SamplesUntimed)]
    assert [each.stream for each in untimed] == [stream]
    assert untimed[0].t_s < 200
    assert said[-1] is untimed[0]


def test_a_whole_ecg_by_a_clock_that_parts_is_left_out() -> None:
    packets = sent(Stream.ECG, 112, clock=112 / 130, seconds=400)
    assert ecg_seen([started(Stream.ECG), *packets], A) is None
    good = sent(Stream.ECG, 130, seconds=60)
    assert ecg_seen([started(Stream.ECG), *good], A) is not None


@pytest.mark.parametrize("rate_hz", [60, 100, 160, 260])
def test_an_ecg_at_quite_another_rate_tells_no_beat_and_that_is_said(
    rate_hz: float,
) -> None:
    said = told(Stream.ECG, sent(Stream.ECG, rate_hz))
    assert [type(each) for each in said] == [SamplesUntimed]


def test_samples_that_nobody_can_time_are_not_sent_on() -> None:
    packets = sent(Stream.ECG, 112, clock=112 / 130, seconds=400)
    samples = samples_from(started(Stream.ECG))
    assert samples is not None
    rows = [list(samples.of(each)) for each in packets]
    assert rows[0]
    assert not any(rows[-100:])


@pytest.mark.parametrize("stream", list(Stream))
def test_a_report_says_what_could_not_be_timed(stream: Stream) -> None:
    facts_said = session()
    unknown = SamplesUntimed(t_s=100.0, partner=A, stream=stream)
    before = summarise(opened(), facts_said)
    summary = summarise(opened(), [*facts_said[:-1], unknown, facts_said[-1]])
    said = say(f"report.signal.untimed.{stream.value}")
    assert said in signal(summary.a, summary)
    assert said not in signal(summary.b, summary)
    assert said not in signal(before.a, before)
    assert replace(summary.a.signal, untimed=()) == before.a.signal
