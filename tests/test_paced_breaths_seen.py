"""Each paced breath beside each chest, in a session: planted chests, real bytes."""

import math
from collections.abc import Callable
from dataclasses import replace
from functools import cache

import numpy as np

from coreg.analysis.breath_in_step import breath_in_step, steadiness
from coreg.facts import codec
from coreg.facts.arrays import Floats
from coreg.facts.events import (
    NS_PER_S,
    Breath,
    Input,
    InStep,
    Opened,
    PacedBreathSeen,
    Partner,
    Source,
    Stream,
    StreamPacket,
    StreamStarted,
    Tick,
)
from coreg.findings.chest_breath import FEWEST_TOLD, ChestBreath
from coreg.findings.study import study_of
from coreg.findings.summary import SessionSummary, own, summarise
from coreg.findings.together import together
from coreg.report.exchange.session_table import rows_of
from coreg.report.html.document import document
from coreg.report.pages.session import joint_page, own_page, therapist_page
from coreg.report.words.chest_breath import of_chest
from coreg.sensors.decoding.polar_control import settings_wanted, start
from coreg.session.engine import Engine, Output, run
from coreg.testing.polar_streams import PolarStreams
from coreg.words import say
from tests.helpers.banned import everything_said
from tests.helpers.openings import opening

A, B = Partner.A, Partner.B
SIX = """
format = 2
name = "six"
version = 1
title = "Six"
purpose = "To try."
opened_by = "couple"

[[block]]
name = "Breathe"
kind = "breathe"
minutes = 9
words = "Breathe."
"""
LATE_S = 1.25


def opened() -> Opened:
    return opening(
        session_id="20261202-190000-0000",
        opened_utc="2026-12-02T19:00:00Z",
        source=Source.SIMULATED,
        streams=("one", "two"),
        common_clock=True,
        latency_s=(1.0, 1.0),
        lag_resolution_s=math.nan,
        seed=1,
        plan_toml=SIX,
        breathing_min=0.0,
        steps_wait=False,
        ends_with_source=False,
        consent="",
        versions=(),
    )


def with_the_pacer(said: list[Output]) -> Callable[[Floats], Floats]:
    """A chest that goes with the pacer, a little late."""

    def acceleration_mg(t_s: Floats) -> Floats:
        turns = np.zeros(t_s.size)
        for each in said:
            if isinstance(each, Breath):
                into_s = t_s - LATE_S - each.t_s
                half_in = 0.5 * into_s / each.inhale_s
                out_s = each.period_s - each.inhale_s
                half_out = 0.5 + 0.5 * (into_s - each.inhale_s) / out_s
                of_it = np.where(into_s < each.inhale_s, half_in, half_out)
                turns = np.where(into_s >= 0, of_it, turns)
        return tilted(turns)

    return acceleration_mg


def at_thirteen(t_s: Floats) -> Floats:
    return tilted(13 / 60 * t_s)


def tilted(turns: Floats) -> Floats:
    wave = 10 * np.cos(2 * np.pi * turns)
    return np.column_stack([wave, np.full(turns.size, -980.0), 150 + 0.5 * wave])


def practised() -> tuple[list[Input], list[Output]]:
    """Inputs and outputs of nine minutes: A's chest goes along, B's does not."""
    given: list[Input] = []
    said: list[Output] = []
    engine = Engine()

    def feed(each: Input) -> None:
        given.append(each)
        said.extend(engine.feed(each))

    feed(opened())
    straps = {
        A: PolarStreams(acceleration_mg=with_the_pacer(said)),
        B: PolarStreams(acceleration_mg=at_thirteen),
    }
    stream = Stream.ACCELERATION
    for partner, strap in straps.items():
        asked = start(stream, settings_wanted(stream))
        answer = strap.written(asked, 0.0)
        feed(
            StreamStarted(
                t_ns=0,
                partner=partner,
                stream=stream,
                asked=asked,
                answer=answer,
                holds_breaths=True,
            )
        )
    t_ns = 0
    while not engine.is_ended:
        t_ns += NS_PER_S // 4
        for partner, strap in straps.items():
            for data in strap.frames(t_ns / NS_PER_S):
                feed(StreamPacket(t_ns=t_ns, partner=partner, stream=stream, data=data))
        feed(Tick(t_ns=t_ns))
    return given, said


@cache
def whole() -> tuple[list[Input], list[Output]]:
    return practised()


def seen_of(partner: Partner) -> list[PacedBreathSeen]:
    return [
        each
        for each in whole()[1]
        if isinstance(each, PacedBreathSeen) and each.partner is partner
    ]


def test_each_breath_is_said_once_as_soon_as_the_chest_was_seen_beyond_it() -> None:
    paced = [each for each in whole()[1] if isinstance(each, Breath)]
    for partner in Partner:
        seen = seen_of(partner)
        starts = [each.breath_start_s for each in seen]
        assert starts == [each.t_s for each in paced][: len(seen)]
        assert len(paced) - 3 <= len(seen) < len(paced)
        for each in seen:
            out_s = each.breath_start_s + 1.25 * each.breath_period_s
            assert 0.6 < each.t_s - out_s < 3


def test_who_goes_along_is_told_from_who_breathes_at_thirteen() -> None:
    a, b = ([each.in_step for each in seen_of(partner)] for partner in Partner)
    # The glide begins near thirteen: there the two cannot be told from one another.
    slow = [each.breath_period_s > 7.5 for each in seen_of(B)]
    assert {told for told, is_slow in zip(a, slow, strict=True) if is_slow} == {
        InStep.FOLLOWED
    }
    own = [told for told, is_slow in zip(b, slow, strict=True) if is_slow]
    assert len(own) > 10
    assert set(own) == {InStep.OWN_WAY}


def test_how_much_later_the_chest_comes_is_told_up_to_half_a_turn() -> None:
    last = seen_of(A)[-1]
    planted_rad = 2 * math.pi * LATE_S / last.breath_period_s
    off_rad = math.remainder(last.lag_rad - planted_rad, math.pi)
    assert abs(off_rad) < 0.2


def test_a_replay_gives_the_same_to_the_last_bit() -> None:
    given, said = whole()
    assert [repr(each) for each in run(given)] == [repr(each) for each in said]


def test_a_session_from_before_is_replayed_without() -> None:
    given, said = whole()
    before = [
        replace(each, holds_breaths=False) if isinstance(each, StreamStarted) else each
        for each in given
    ]
    again = list(run(before))
    assert not any(isinstance(each, PacedBreathSeen) for each in again)
    assert len(again) < len(said)


def test_a_start_written_before_says_nothing_of_it() -> None:
    started = codec.decode("StreamStarted", b'[0,"A","acceleration","0202","f0"]')
    assert isinstance(started, StreamStarted)
    assert not started.holds_breaths


def test_the_pace_waits_four_minutes_for_who_is_seen_not_to_follow() -> None:
    paced = [each for each in whole()[1] if isinstance(each, Breath)]
    longest_s = max(
        sum(each.period_s == other.period_s for other in paced) * each.period_s
        for each in paced
        if each.period_s < 60 / 6.2
    )
    assert 200 < longest_s < 260
    assert paced[-1].period_s == 10.0


# --- what a therapist reads of it ---------------------------------------------------


def summary() -> SessionSummary:
    given, said = whole()
    first = given[0]
    assert isinstance(first, Opened)
    return summarise(first, said)


def line(breath: ChestBreath) -> str:
    return of_chest(breath).replace("\N{NO-BREAK SPACE}", " ")


def test_breaths_are_counted_by_what_was_planted() -> None:
    paced = sum(isinstance(each, Breath) for each in whole()[1])
    breath = summary().chest_breath
    assert breath[A].paced == breath[B].paced == paced
    # All but those before the first movement was seen, and the last.
    assert paced - 6 <= breath[A].followed < paced
    assert breath[A].own_way == 0
    assert breath[A].steadiness > 0.95
    assert breath[B].own_way > 2 * breath[B].followed
    for each in breath.values():
        assert each.followed + each.own_way + each.untold == paced
        assert 480 < each.known_s < 540
        assert each.quality > 0.95


def test_who_breathes_twice_to_each_paced_breath_is_not_said_to_keep_step() -> None:
    t_s = np.arange(0.0, 200.0, 0.2)
    mg = np.outer(np.sin(2 * np.pi * t_s / 5), [0.0, 3.0, 10.0])
    twice = [breath_in_step(t_s, mg, 10.0 + 10 * n, 10.0, 5.0) for n in range(15)]
    assert {each.in_step for each in twice} == {InStep.OWN_WAY}
    assert math.isnan(steadiness(twice))


def test_steadiness_is_said_only_of_breaths_with_the_light() -> None:
    own_way = ChestBreath(
        paced=48,
        followed=FEWEST_TOLD - 1,
        own_way=39,
        steadiness=math.nan,
        known_s=0.0,
        quality=math.nan,
    )
    assert of_chest(own_way) == (
        "With the light: 9. At a rhythm of its own: 39. Not known: 0 of 48 paced"
        " breaths. The breathing rate was never known."
    )


def test_a_therapist_reads_each_breath_beside_the_light_and_a_couple_nothing() -> None:
    found = summary()
    heading, read = (say(f"report.chest_breath.{key}") for key in ("heading", "read"))
    both = together(found, surrogates=19)
    sheet = everything_said(document(therapist_page(found, both)))
    breath = found.chest_breath
    assert heading in sheet
    assert read in sheet
    for partner in Partner:
        assert line(breath[partner]) in sheet
    for page in (joint_page(found, both), *(own_page(found, p, ()) for p in Partner)):
        assert heading not in everything_said(document(page))


def test_of_a_heart_that_is_not_shown_no_breath_is() -> None:
    found = own(summary(), B)
    sheet = everything_said(document(therapist_page(found, together(found))))
    assert line(found.chest_breath[B]) in sheet
    assert line(found.chest_breath[A]) not in sheet


def test_a_session_without_a_chest_has_no_such_section() -> None:
    given, _ = whole()
    without = [
        each for each in given if not isinstance(each, StreamStarted | StreamPacket)
    ]
    first = given[0]
    assert isinstance(first, Opened)
    found = summarise(first, run(without))
    assert not found.chest_breath
    sheet = everything_said(document(therapist_page(found, together(found))))
    assert say("report.chest_breath.heading") not in sheet


def test_too_few_breaths_known_are_said_to_be_too_few() -> None:
    few = ChestBreath(
        paced=40,
        followed=FEWEST_TOLD - 1,
        own_way=0,
        steadiness=math.nan,
        known_s=0.0,
        quality=math.nan,
    )
    assert of_chest(few) == (
        "Too few paced breaths are known to say anything: 9 of 40. It takes 10."
        " The breathing rate was never known."
    )


def test_the_table_for_research_counts_them_for_the_whole_practice() -> None:
    rows = list(rows_of(study_of("one", summary())))
    breath = summary().chest_breath
    for row in rows:
        partner = Partner(str(row["partner"]))
        is_whole = row["scope"] == "practice"
        own_way = breath[partner].own_way if is_whole else None
        assert row["breath_own_way"] == own_way
