"""What each lets their strap measure: in a file, in an evening, of a made-up couple."""

import asyncio
import json
from dataclasses import replace

import numpy as np
import pytest

from coreg.exercises.plan import parse_plan
from coreg.facts.both import Both
from coreg.facts.codec import decode, encode
from coreg.facts.events import (
    BreathSeen,
    Glow,
    Input,
    Opened,
    Partner,
    Source,
    Stream,
    StreamPacket,
    StreamStarted,
)
from coreg.facts.opened import ALWAYS_WRITTEN
from coreg.session.couple_shelf import USUAL, couple_of
from coreg.session.engine import Engine
from coreg.session.sources import hearts_of, simulated_couple
from coreg.store.one_heart import without_heart
from coreg.store.plans import plan_text
from coreg.store.rows import Recorded
from coreg.web.evening.happenings import InTheAir
from coreg.web.evening.state import Agreed, Evening, Unfinished
from coreg.web.evening.strap_seen import StrapSeen
from coreg.web.wire.incoming import Choose
from tests.helpers.openings import changed
from tests.helpers.two_chests import LIGHT_PLAN, chest, light_session, opened
from tests.test_web_evening import FREE, HOME, SHELF, after

A, B = Partner.A, Partner.B
ECG, MOVES = Stream.ECG, Stream.ACCELERATION
SEEN = replace(FREE, movement=True)
EVERYTHING = replace(FREE, movement=True, ecg=True)
THERE = replace(HOME, practised=5, plans=SHELF.plans, practices=SHELF.names)


def at_home(a: Agreed, b: Agreed) -> Evening:
    return replace(THERE, agreed=Both(a, b))


def strap(name: str, *, sees_breath: bool | None) -> StrapSeen:
    return StrapSeen(
        id=name,
        identity=name,
        has_said_who=True,
        name=name,
        model="",
        ends="",
        worn_by=None,
        jumps=(0.0,),
        signal="good",
        words="",
        sees_breath=sees_breath,
    )


def in_the_air(one: bool | None, two: bool | None) -> InTheAir:
    straps = (strap("one", sees_breath=one), strap("two", sees_breath=two))
    return InTheAir(straps=straps, trouble="")


def offered(evening: Evening) -> bool:
    return LIGHT_PLAN in {each.name for each in SHELF.shown(evening)}


# --- in a session's file ------------------------------------------------------------


def test_a_beginning_says_who_agreed_to_what_and_is_read_back() -> None:
    told = changed(opened(), measured=((MOVES,), (ECG, MOVES)))
    assert decode("Opened", encode(told)) == told


def test_a_beginning_in_which_nobody_did_is_written_as_ever() -> None:
    nobody = changed(opened(), by_labels=False)
    assert nobody.straps.measured == ((), ())
    written = encode(nobody)
    assert len(json.loads(written)) == 1 + ALWAYS_WRITTEN  # nothing new is in it
    assert decode("Opened", written) == nobody


def test_with_a_heart_goes_what_was_measured_of_it_and_the_light_of_both() -> None:
    inputs = list(light_session({A: chest(9), B: chest(12)}, 200))
    inputs[0] = changed(
        opened(), source=Source.STRAPS, measured=((MOVES,), (ECG, MOVES))
    )
    engine, facts = Engine(), list[Input | Glow]()
    for given in inputs:
        facts.append(given)
        facts += [each for each in engine.feed(given) if isinstance(each, Glow)]
    events = [Recorded(seq=n, t_ns=0, fact=each) for n, each in enumerate(facts, 1)]
    left = [each.fact for each in without_heart(events, A)]
    (begins,) = [each for each in left if isinstance(each, Opened)]
    assert begins.straps.measured == ((), (ECG, MOVES))
    streams = (StreamPacket, StreamStarted)
    assert {each.partner for each in left if isinstance(each, streams)} == {B}
    assert not [each for each in left if isinstance(each, Glow)]
    assert [each for each in facts if isinstance(each, Glow)]


# --- in an evening ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("agreed", "with_therapist", "measured"),
    [
        (FREE, False, set()),
        (FREE, True, set()),
        (SEEN, False, {MOVES}),
        (EVERYTHING, False, {MOVES}),
        (EVERYTHING, True, {MOVES, ECG}),
        (replace(FREE, ecg=True), True, {ECG}),
    ],
)
def test_a_strap_measures_what_its_wearer_agreed_to_and_ecg_with_a_therapist_alone(
    agreed: Agreed, with_therapist: bool, measured: set[Stream]
) -> None:
    evening = replace(at_home(agreed, FREE), with_therapist=with_therapist)
    assert evening.measured == (frozenset(measured), frozenset())
    other = replace(at_home(FREE, agreed), with_therapist=with_therapist)
    assert other.measured == (frozenset(), frozenset(measured))


@pytest.mark.parametrize(
    ("a", "b", "one", "two", "is_offered"),
    [
        (SEEN, SEEN, True, True, True),
        (SEEN, FREE, True, True, False),
        (FREE, SEEN, True, True, False),
        (SEEN, SEEN, True, False, False),
        (SEEN, SEEN, None, True, False),
    ],
)
def test_the_light_is_offered_where_both_agreed_and_both_straps_can(
    a: Agreed, b: Agreed, one: bool | None, two: bool | None, is_offered: bool
) -> None:
    evening, _ = after(at_home(a, b), in_the_air(one, two))
    assert offered(evening) is is_offered


def test_what_is_not_offered_cannot_be_chosen_by_a_message() -> None:
    evening, _ = after(at_home(SEEN, FREE), in_the_air(one=True, two=True))
    asked = Choose(
        practice=LIGHT_PLAN,
        minutes=None,
        length=None,
        without_breathing=False,
        first=None,
    )
    same, _ = after(evening, asked)
    assert same.chosen == evening.chosen


def test_one_strap_that_is_away_for_a_moment_does_not_unlearn() -> None:
    evening, _ = after(at_home(SEEN, SEEN), in_the_air(one=True, two=True))
    evening, _ = after(evening, InTheAir(straps=(), trouble=""))
    assert offered(evening)


def test_where_another_strap_comes_it_is_the_usual_practice_and_both_read_why() -> None:
    evening, _ = after(at_home(SEEN, SEEN), in_the_air(one=True, two=True))
    evening = evening.choosing(replace(evening.chosen, practice=LIGHT_PLAN))
    waits, _ = after(evening, in_the_air(one=True, two=None))
    assert waits.chosen.practice == LIGHT_PLAN
    back, _ = after(evening, in_the_air(one=True, two=False))
    assert back.chosen.practice == "relaxed-and-alert"
    assert "breaths-unseen" in {each.id for each in back.notices}


def test_what_broke_off_goes_on_with_no_more_than_it_began_with() -> None:
    broke = Unfinished(
        session_id="20260301-193000-7f3a",
        source=Source.STRAPS,
        why_not=None,
        until_server_s=None,
        by_heart=True,
        finds_pace=False,
        worn=Both("one", "two"),
        measured=Both(frozenset({MOVES}), frozenset()),
    )
    evening = replace(at_home(SEEN, SEEN), unfinished=broke)
    assert evening.measured_on == (frozenset({MOVES}), frozenset())
    fewer = replace(at_home(FREE, SEEN), unfinished=broke)
    assert fewer.measured_on == (frozenset(), frozenset())


# --- a made-up couple ---------------------------------------------------------------


def test_a_made_up_couple_is_seen_to_breathe_as_it_does() -> None:
    described, seen = (
        couple_of(USUAL),
        parse_plan(plan_text(LIGHT_PLAN)).measured_of_each,
    )
    couple = simulated_couple(seed=1, described=described)
    hearts = hearts_of(
        couple, described=described, seed=1, speed=1e9, measured=Both(seen, seen)
    )
    engine, told = Engine(), list[BreathSeen]()

    async def live() -> None:
        engine.feed(opened())
        async for given in hearts.source.inputs():
            told.extend(o for o in engine.feed(given) if isinstance(o, BreathSeen))
            if given.t_ns > 240e9:
                return

    asyncio.run(live())
    for partner in Partner:
        of_one = [s for s in told if s.partner is partner]
        known = [s for s in of_one if np.isfinite(s.rate_per_min)]
        assert len(known) > 0.6 * len(of_one) > 0
        moments = couple.people[partner].moments
        t_s = np.array([m.t_s for m in moments])
        true = np.array([m.breaths_per_min for m in moments])
        off = [
            s.rate_per_min - true[(t_s > s.t_s - s.seen_s) & (t_s <= s.t_s)].mean()
            for s in known
        ]
        assert np.median(np.abs(off)) < 0.5
