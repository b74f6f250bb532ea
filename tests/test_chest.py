"""A strap's chest: what is said of it where its own clock cannot be followed."""

from collections.abc import Iterator

import numpy as np
import pytest

from coreg.facts.events import (
    NS_PER_S,
    BreathSeen,
    EcgBeat,
    Feature,
    Partner,
    Stream,
    StreamPacket,
    StreamStarted,
)
from coreg.sensors.decoding.polar_control import settings_wanted, start
from coreg.sensors.decoding.polar_frames import decode_frame
from coreg.session.chest import Chest
from coreg.testing.polar_streams import PolarStreams

A = Partner.A
RESTART_S = 60.0
HOUR_NS = 3600 * NS_PER_S


def frames(stream: Stream) -> Iterator[tuple[float, bytes]]:
    """Two minutes of a strap whose clock is set an hour on after one; none is lost."""
    polar = PolarStreams()
    polar.written(start(stream, settings_wanted(stream)), 0.0)
    for number in range(12_001):
        t_s = number / 100
        for frame in polar.frames(t_s):
            yield t_s, frame
        if t_s == RESTART_S:
            polar.clock_ns += HOUR_NS


def said(stream: Stream) -> list[Feature]:
    chest = Chest(A)
    asked = start(stream, settings_wanted(stream))
    chest.started(
        StreamStarted(t_ns=0, partner=A, stream=stream, asked=asked, answer=b"")
    )
    return [
        each
        for t_s, data in frames(stream)
        for each in chest.packet(
            t_s,
            StreamPacket(
                t_ns=round(t_s * NS_PER_S), partner=A, stream=stream, data=data
            ),
        )
    ]


def test_no_interval_reaches_over_a_clock_that_began_anew() -> None:
    beats = [each for each in said(Stream.ECG) if isinstance(each, EcgBeat)]
    assert len(beats) > 100
    unknown = [each.t_s for each in beats if np.isnan(each.rr_ms)]
    assert len(unknown) == 2  # the first of all, and the first of the new clock
    assert RESTART_S - 1 < unknown[1] < RESTART_S + 3
    known_ms = np.array([each.rr_ms for each in beats if not np.isnan(each.rr_ms)])
    assert np.abs(known_ms - 1000).max() < 3  # its heart beats once a second
    assert np.all(np.diff([each.t_s for each in beats]) > 0.2)


def test_no_breath_is_told_across_a_clock_that_began_anew() -> None:
    seen = [each for each in said(Stream.ACCELERATION) if isinstance(each, BreathSeen)]
    before = [each for each in seen if 50 < each.t_s < RESTART_S - 1]
    soon = [each for each in seen if RESTART_S + 1 < each.t_s < RESTART_S + 14]
    later = [each for each in seen if each.t_s > RESTART_S + 45]
    assert all(np.isnan(each.rate_per_min) for each in soon)
    for few in (before, later):
        rates = [each.rate_per_min for each in few]
        assert rates
        assert rates == pytest.approx([12.0] * len(rates), abs=0.3)
    assert len(soon) > 10


def test_the_virtual_straps_frames_are_those_of_its_own_clock() -> None:
    last_ns = [decode_frame(data).last_ns for _, data in frames(Stream.ECG)]
    assert max(np.diff(last_ns)) > HOUR_NS
