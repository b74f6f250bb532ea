"""The breath by a strap's ECG, through a session: planted heights and intervals."""

import math
from dataclasses import replace

import numpy as np
import pytest

from coreg.facts.arrays import Floats
from coreg.facts.events import (
    NS_PER_S,
    BreathByHeart,
    BreathSeen,
    EcgBeat,
    Ending,
    Feature,
    Partner,
    Stream,
    StreamPacket,
    StreamStarted,
)
from coreg.findings.chest_breath import ecg_breath_of
from coreg.findings.summary import SessionSummary, summarise
from coreg.findings.timeline import Span
from coreg.findings.together import together
from coreg.report.html.document import document
from coreg.report.pages.session import joint_page, own_page, therapist_page
from coreg.report.words.chest_breath import of_ecg
from coreg.sensors.decoding.polar_control import settings_wanted, start
from coreg.session.chest import Chest
from coreg.testing.polar_streams import PolarStreams
from coreg.words import say
from tests.helpers.banned import everything_said
from tests.helpers.report_sessions import opened, session

A = Partner.A
LENGTH_S = 120


def breathing_heart(rate_per_min: float, shows: float = 1.0) -> PolarStreams:
    """An ECG whose R waves are 8 % higher and whose beats come 30 ms sooner in turn."""
    rng = np.random.default_rng(7)
    beats_s, now_s = [], 0.3
    while now_s < LENGTH_S + 2:
        beats_s.append(now_s)
        swing = shows * math.sin(2 * math.pi * rate_per_min / 60 * now_s)
        now_s += 0.85 - 0.03 * swing + 0.008 * rng.standard_normal()
    at_s = np.array(beats_s)
    full = np.sin(2 * np.pi * rate_per_min / 60 * at_s)
    high_uv = 1000 * (1 + 0.08 * shows * full) + 8 * rng.standard_normal(at_s.size)

    def ecg_uv(t_s: Floats) -> Floats:
        near = np.searchsorted(at_s, t_s)
        near = np.clip(near, 1, at_s.size - 1)
        near -= t_s - at_s[near - 1] < at_s[near] - t_s
        since_s = t_s - at_s[near]
        drift = 60 * np.sin(2 * np.pi * rate_per_min / 60 * t_s)
        return np.asarray(
            high_uv[near] * np.exp(-0.5 * (since_s / 0.012) ** 2) + drift,
            dtype=np.float64,
        )

    return PolarStreams(ecg_uv=ecg_uv)


def started(
    strap: PolarStreams, stream: Stream, *, holds_breaths: bool = True
) -> StreamStarted:
    """Begin a stream of A's strap, and return what is logged of that."""
    asked = start(stream, settings_wanted(stream))
    return StreamStarted(
        t_ns=0,
        partner=A,
        stream=stream,
        asked=asked,
        answer=strap.written(asked, 0.0),
        holds_breaths=holds_breaths,
    )


def said_by(
    strap: PolarStreams, streams: list[Stream], *, holds_breaths: bool = True
) -> list[Feature]:
    chest, said = Chest(A), list[Feature]()
    for stream in streams:
        chest.started(started(strap, stream, holds_breaths=holds_breaths))
    for second in range(1, LENGTH_S):
        for stream in streams:
            going = strap.going.pop(stream)
            others, strap.going = strap.going, {stream: going}
            for data in strap.frames(float(second)):
                packet = StreamPacket(
                    t_ns=second * NS_PER_S, partner=A, stream=stream, data=data
                )
                said += chest.packet(float(second), packet)
            strap.going |= others
    return said


def short() -> SessionSummary:
    return summarise(
        opened(),
        session(blocks=(("arrive", "arrive", 5.0),), ending=Ending.FINISHED_EARLY),
    )


def by_heart(said: list[Feature]) -> list[BreathByHeart]:
    return [each for each in said if isinstance(each, BreathByHeart)]


@pytest.mark.parametrize("rate_per_min", [6.0, 9.0, 13.0, 16.0])
def test_a_planted_breath_is_told_every_five_seconds(rate_per_min: float) -> None:
    told = by_heart(said_by(breathing_heart(rate_per_min), [Stream.ECG]))
    assert np.diff([each.t_s for each in told]) == pytest.approx(5.0, abs=0.1)
    late = [each for each in told if each.t_s > 60]
    assert len(late) >= 10
    known = [each.rate_per_min for each in late if math.isfinite(each.rate_per_min)]
    assert len(known) >= 0.8 * len(late)
    assert np.abs(np.array(known) - rate_per_min).max() < 0.4


def test_a_heart_that_shows_no_breath_tells_none() -> None:
    told = by_heart(said_by(breathing_heart(13.0, shows=0.0), [Stream.ECG]))
    assert len(told) > 15
    assert all(math.isnan(each.rate_per_min) for each in told)


def test_where_the_chest_is_seen_to_move_the_heart_is_not_asked() -> None:
    streams = [Stream.ACCELERATION, Stream.ECG]
    said = said_by(breathing_heart(13.0), streams)
    assert not by_heart(said)
    assert any(isinstance(each, BreathSeen) for each in said)
    assert any(isinstance(each, EcgBeat) for each in said)


def test_a_session_from_before_tells_beats_and_no_breath() -> None:
    said = said_by(breathing_heart(13.0), [Stream.ECG], holds_breaths=False)
    assert {type(each) for each in said} == {EcgBeat}


def test_a_therapist_reads_the_planted_rate_and_a_couple_nothing() -> None:
    span = Span(start_s=0.0, end_s=float(LENGTH_S))
    said = tuple(said_by(breathing_heart(13.0), [Stream.ECG]))
    breath = ecg_breath_of(A, said, span)
    assert breath is not None
    assert abs(breath.rate_per_min - 13) < 0.2
    assert 60 < breath.known_s < LENGTH_S
    assert 0.75 <= breath.quality <= 1
    found = replace(short(), ecg_breath={A: breath})
    both = together(found, surrogates=19)
    sheet = everything_said(document(therapist_page(found, both)))
    assert of_ecg(breath).replace("\N{NO-BREAK SPACE}", " ") in sheet
    heading = say("report.chest_breath.ecg_heading")
    assert heading in sheet
    for page in (joint_page(found, both), own_page(found, A, ())):
        assert heading not in everything_said(document(page))


def test_without_an_ecg_nothing_is_said_of_it() -> None:
    assert ecg_breath_of(A, (), Span(start_s=0.0, end_s=60.0)) is None
    assert not short().ecg_breath
