"""Both hearts lead the breath, end to end: simulated people, real bytes, the engine."""

import io
import json
import math
import pickle
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from coreg.exercises.plan import with_fixed_pace, with_set_pace
from coreg.exercises.states.flooding import flooded_spans
from coreg.facts.codec import CUES, FACTS, decode, encode
from coreg.facts.events import (
    NS_PER_S,
    Arrived,
    Beat,
    BlockBegan,
    Breath,
    FloodingPassed,
    Intervals,
    PaceTurned,
    Pacing,
    Partner,
    Paused,
    PossibleFlooding,
    Press,
    Pressed,
    QuirkNoticed,
    SettledWindow,
    SignalBack,
    SignalLost,
    Tick,
)
from coreg.session.engine import Engine
from coreg.session.replay import compare
from coreg.store.plans import plan_text
from tests.helpers.living import (
    Lived,
    Spoil,
    Upset,
    alone,
    couple_of,
    garbled,
    live,
    opened,
    silent,
)
from tests.helpers.once import once_a_run
from tests.helpers.openings import changed
from tests.helpers.short_plans import in_short

FINDING = opened(finds_pace=True, only_in_step=True)
UPSET = Upset(
    partner=Partner.A, start_s=420.0, rise_bpm=15.0, rise_s=20.0, hold_s=120.0
)
TROUBLE_S = (400.0, 520.0)
BREATHED_S = 670.0  # of the main practice, the last breath is led


def rates(lived: Lived, from_s: float = 0.0, until_s: float = math.inf) -> list[float]:
    return [
        60 / breath.period_s
        for _, breath in lived.of(Breath)
        if isinstance(breath, Breath) and from_s <= breath.t_s < until_s
    ]


def pacing(lived: Lived) -> list[tuple[float, Pacing]]:
    return [
        (turned.t_s, turned.pacing)
        for _, turned in lived.of(PaceTurned)
        if isinstance(turned, PaceTurned)
    ]


def pacing_at(lived: Lived, t_s: float) -> Pacing:
    return [what for at_s, what in pacing(lived) if at_s <= t_s][-1]


@once_a_run
def first_evening() -> Lived:
    return live(couple_of(3), FINDING)


@once_a_run
def stirred_evening() -> Lived:
    return live(couple_of(3, upset=UPSET), FINDING, presses={470.0: Press.TOO_SLOW})


@once_a_run
def second_evening() -> Lived:
    belief = first_evening().learned.pace_belief
    return live(couple_of(3), changed(FINDING, pace_belief=belief))


# What a troubled strap does to an evening is asked by several tests; each evening is
# lived once.


@once_a_run
def silent_evening() -> Lived:
    return troubled(silent(Partner.B, *TROUBLE_S))


@once_a_run
def garbled_evening() -> Lived:
    return troubled(garbled(Partner.B, *TROUBLE_S), until_s=620.0)


@once_a_run
def evening_alone() -> Lived:
    return troubled(alone(Partner.B, *TROUBLE_S))


@once_a_run
def evening_out_of_step() -> Lived:
    return live(couple_of(3, deaf=Partner.B), FINDING)


def troubled(spoil: Spoil, until_s: float = 560.0) -> Lived:
    return live(couple_of(3), FINDING, spoil=spoil, until_s=until_s)


@once_a_run
def begun_with(belief: str) -> list[float]:
    soon = in_short("relaxed-and-alert", question=0.1, arrive=0.25)
    begins = changed(FINDING, plan_toml=soon, pace_belief=belief)
    return rates(live(couple_of(3), begins, until_s=60.0))


# --- the pace -------------------------------------------------------------------


def test_the_pace_moves_only_where_both_agreed() -> None:
    steady = live(couple_of(3), opened(), until_s=BREATHED_S)
    assert rates(steady, 330.0) == pytest.approx([6.0] * len(rates(steady, 330.0)))
    assert Pacing.FINDING not in [what for _, what in pacing(steady)]
    assert min(rates(first_evening())) < 5.9
    assert Pacing.FINDING in [what for _, what in pacing(first_evening())]


def test_the_second_evening_begins_with_what_the_first_one_taught() -> None:
    second = second_evening()
    assert Pacing.FINDING not in [what for _, what in pacing(second)]
    assert json.loads(second.learned.pace_belief)["evenings"] == 2
    assert rates(second) != rates(first_evening())


@pytest.mark.parametrize(
    "belief",
    [
        "broken",
        "[" * 5000,
        '{"format": 1}',
        '{"format": 7, "partners": {}}',
        '{"format": 1, "evenings": 1e999, "partners": {"A": [1], "B": [1]}}',
        '{"format": 1, "evenings": null, "partners": {"A": ["x"], "B": 3}}',
        '{"format": 1, "evenings": 1, "partners": {"A": [NaN], "B": [NaN]}}',
    ],
)
def test_a_broken_belief_is_as_none_and_never_stops_a_practice(belief: str) -> None:
    assert begun_with(belief) == begun_with("")
    # And one that can be read makes another beginning.
    assert begun_with(first_evening().learned.pace_belief) != begun_with("")


def test_a_pace_that_was_set_is_reached_and_kept() -> None:
    plan = with_set_pace(FINDING.practice.plan_toml, 5.2)
    set_evening = live(couple_of(3), opened(plan_toml=plan), until_s=BREATHED_S)
    assert rates(set_evening, 360.0) == pytest.approx([5.2] * 26, abs=1e-9)
    unheard = live(
        couple_of(3), opened(plan_toml=plan), spoil=lambda _: None, until_s=600.0
    )
    assert rates(unheard)[-1] == pytest.approx(5.2)


def test_steps_are_small_once_the_glide_is_over() -> None:
    for evening in (first_evening(), second_evening(), stirred_evening()):
        after = rates(evening, 330.0)
        assert max(abs(b - a) for a, b in pairwise(after)) <= 0.25 + 1e-9


# --- what keeps it safe -----------------------------------------------------------


@pytest.mark.parametrize(
    "lived",
    [silent_evening, garbled_evening, evening_alone],
    ids=["a silent strap", "garbage", "somebody who does not follow"],
)
def test_the_pace_holds_while_a_heart_cannot_be_followed(
    lived: Callable[[], Lived],
) -> None:
    evening = lived()
    # What was heard before may still tell of 45 s; judging takes six breaths.
    held = rates(evening, TROUBLE_S[0] + 75.0, TROUBLE_S[1])
    assert len(held) >= 3
    assert max(held) == min(held)
    assert not any(t for t, _ in evening.of(PossibleFlooding))


def test_somebody_who_keeps_no_step_leads_nobody_away_from_six() -> None:
    lived = evening_out_of_step()
    late = rates(lived, 420.0, BREATHED_S)
    assert np.mean([rate == pytest.approx(6.0) for rate in late]) > 0.9
    assert pacing_at(lived, BREATHED_S) is Pacing.STAYING


def test_an_evening_recorded_before_that_is_led_as_it_was() -> None:
    before = changed(FINDING, only_in_step=False)
    lived = live(couple_of(3, deaf=Partner.B), before, until_s=BREATHED_S)
    assert rates(lived)[:12] == rates(evening_out_of_step())[:12]
    assert max(abs(rate - 6.0) for rate in rates(lived, 420.0, BREATHED_S)) > 0.2


@pytest.mark.parametrize("lived", [silent_evening, garbled_evening])
def test_a_heart_that_cannot_be_measured_holds_the_pace_where_it_is(
    lived: Callable[[], Lived],
) -> None:
    evening = lived()
    held = rates(evening, TROUBLE_S[0] + 60.0, TROUBLE_S[1])
    assert len(set(held)) == 1
    assert pacing_at(evening, TROUBLE_S[1] - 1) is Pacing.HOLDING


def test_a_strap_whose_beats_cannot_be_read_is_said_so_once() -> None:
    evening = garbled_evening()
    unreadable = [
        noticed
        for _, noticed in evening.of(QuirkNoticed)
        if isinstance(noticed, QuirkNoticed) and noticed.quirk == "unreadable"
    ]
    assert [noticed.partner for noticed in unreadable] == [Partner.B]
    assert TROUBLE_S[0] < unreadable[0].t_s < TROUBLE_S[0] + 40
    back = [t_s for t_s, _ in evening.of(SignalBack) if t_s > TROUBLE_S[1]]
    # Its rhythm is known to be one again once most of 60 beats are, and 30 followed.
    assert TROUBLE_S[1] < back[0] < TROUBLE_S[1] + 80


def test_a_silent_strap_is_said_and_the_breath_goes_on() -> None:
    evening = silent_evening()
    lost = [t_s for t_s, _ in evening.of(SignalLost) if t_s > TROUBLE_S[0]]
    assert lost[0] < TROUBLE_S[0] + 10
    starts = [breath.t_s for _, breath in evening.of(Breath)]  # type: ignore[union-attr]
    ends = [b.t_s + b.period_s for _, b in evening.of(Breath)]  # type: ignore[union-attr]
    assert starts[1:] == pytest.approx(ends[:-1])


def test_too_slow_makes_the_breath_quicker_for_tonight() -> None:
    evening = stirred_evening()
    before = rates(evening, until_s=470.0)[-1]
    assert (470.0, Pacing.QUICKER) in pacing(evening)
    later = rates(evening, 500.0)
    assert min(later) >= before + 0.5 - 1e-9
    assert pacing_at(evening, 660.0) is not Pacing.QUICKER


def test_a_press_out_of_place_is_kept_and_changes_nothing() -> None:
    presses = {100.0: Press.TOO_SLOW, 700.0: Press.TOO_SLOW}
    pressed = live(couple_of(3), FINDING, presses=presses, until_s=720.0)
    assert rates(pressed) == rates(first_evening())
    assert pacing(pressed) == pacing(first_evening())
    assert sum(isinstance(each, Pressed) for each in pressed.inputs) == 2


# --- replay -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "evening", [first_evening, second_evening, stirred_evening, evening_out_of_step]
)
def test_a_replay_gives_every_decision_again(evening: Callable[[], Lived]) -> None:
    lived = evening()
    stored = [
        *lived.inputs,
        *(out for _, out in lived.outputs if isinstance(out, CUES)),
    ]
    again = [decode(type(fact).__name__, encode(fact)) for fact in stored]
    told = compare(again, is_whole=True)
    assert told.difference == ""
    assert told.cues > 70


def test_an_evening_of_before_is_still_an_evening() -> None:
    before = changed(opened(), by_labels=False)
    first = json.loads(encode(before))
    older = json.dumps(first[: -len(("finds_pace", "pace_belief", "rest_bpm", "taps"))])
    assert decode("Opened", older.encode()) == before


# --- possible flooding --------------------------------------------------------------


@pytest.mark.parametrize("seed", [3, 4, 5])
def test_an_upset_is_told_within_five_seconds_of_the_criteria_and_45_of_its_onset(
    seed: int,
) -> None:
    evening = live(couple_of(seed, upset=UPSET), FINDING, until_s=480.0)
    told = evening.of(PossibleFlooding)
    assert len(told) == 1
    assert UPSET.start_s < told[0][0] <= UPSET.start_s + 45
    beats = np.array(
        [
            (beat.t_s, beat.nn_ms)
            for _, beat in evening.of(Beat)
            if isinstance(beat, Beat) and beat.partner is UPSET.partner
        ]
    )
    breaths = [
        (breath.t_s, breath.period_s)
        for _, breath in evening.of(Breath)
        if isinstance(breath, Breath)
    ]
    rest_bpm = evening.learned.arrived_bpm[0]
    (held,) = flooded_spans(beats[:, 0], beats[:, 1], breaths, rest_bpm=rest_bpm)
    assert 0 <= told[0][0] - held.on_s <= 5  # a label comes three beats late


def test_what_is_told_of_flooding_names_nobody() -> None:
    for cue in (PossibleFlooding, FloodingPassed, PaceTurned):
        assert "partner" not in cue.__dataclass_fields__
    for kind in FACTS.values():
        if issubclass(kind, CUES):
            fields = set(kind.__dataclass_fields__)
            assert fields.isdisjoint({"flooded", "pressed_by", "hr_bpm", "settled"})


def test_a_flooding_that_is_over_is_told_too() -> None:
    evening = stirred_evening()
    assert len(evening.of(PossibleFlooding)) == 1
    assert len(evening.of(FloodingPassed)) == 1


def test_nobody_is_asked_while_words_are_spoken_or_written() -> None:
    early = replace(UPSET, start_s=5.0, rise_s=10.0, hold_s=40.0)
    evening = live(couple_of(3, upset=early), FINDING, until_s=300.0)
    asked = [t_s for t_s, _ in evening.of(PossibleFlooding)]
    arrive_s = evening.of(BlockBegan)[1][0]
    assert all(t_s >= arrive_s for t_s in asked)


def test_a_pause_ends_the_asking() -> None:
    presses = {430.0: Press.PAUSE}
    evening = live(couple_of(3, upset=UPSET), FINDING, presses=presses, until_s=500.0)
    assert len(evening.of(Paused)) == 1
    assert evening.of(PossibleFlooding) == []


def test_hearts_that_mislead_are_not_watched() -> None:
    plan = with_fixed_pace(FINDING.practice.plan_toml)
    evening = live(
        couple_of(3, upset=UPSET),
        opened(plan_toml=plan, finds_pace=True),
        until_s=BREATHED_S,
    )
    assert evening.of(PossibleFlooding) == []
    assert evening.of(SettledWindow) == []
    assert evening.learned.pace_belief == ""


def test_hearts_are_watched_where_the_blocks_set_the_pace() -> None:
    begins = opened(plan_toml=plan_text("our-pace"), finds_pace=True)
    evening = live(couple_of(3, upset=UPSET), begins, until_s=560.0)
    asked = [t_s for t_s, _ in evening.of(PossibleFlooding)]
    assert asked
    assert 0 < asked[0] - UPSET.start_s < 40
    assert {window.partner for window in windows(evening)} == set(Partner)
    assert any(not window.gates for window in windows(evening))
    assert all(map(math.isfinite, evening.learned.arrived_bpm))
    assert evening.learned.pace_belief == ""  # watched, and yet no pacer listens


def test_hearts_that_mislead_are_not_watched_where_the_blocks_set_the_pace() -> None:
    plan = with_fixed_pace(plan_text("our-pace"))
    evening = live(couple_of(3, upset=UPSET), opened(plan_toml=plan))
    assert evening.of(PossibleFlooding) == []
    assert evening.of(SettledWindow) == []
    assert all(map(math.isnan, evening.learned.arrived_bpm))
    kept = [60 / said.period_s for _, said in evening.of(Breath)]  # type: ignore[union-attr]
    assert kept[-1] == pytest.approx(4.5)


def test_who_arrives_stirred_is_watched_against_other_evenings() -> None:
    calm = first_evening().learned.arrived_bpm
    usual = (calm[0] - 14.0, calm[1])
    evening = live(couple_of(3), changed(FINDING, rest_bpm=usual), until_s=400.0)
    arrived = [each for _, each in evening.of(Arrived) if isinstance(each, Arrived)]
    assert {each.partner: each.is_stirred for each in arrived} == {
        Partner.A: True,
        Partner.B: False,
    }
    assert [each.rest_bpm for each in arrived] == pytest.approx(list(calm))


# --- settled ------------------------------------------------------------------------


def windows(lived: Lived) -> list[SettledWindow]:
    found = lived.of(SettledWindow)
    return [window for _, window in found if isinstance(window, SettledWindow)]


def test_nothing_is_said_of_settled_without_its_reference_or_in_an_upset() -> None:
    for window in windows(stirred_evening()):
        assert bool(window.gates) is math.isnan(window.settled)
    gates = {gate for window in windows(stirred_evening()) for gate in window.gates}
    assert {"WARMING_UP", "AROUSED"} <= gates


def test_a_silent_strap_shuts_the_gate_of_its_own_heart_alone() -> None:
    shut = {
        each.partner for each in windows(silent_evening()) if "SIGNAL" in each.gates
    }
    assert shut == {Partner.B}


def test_rest_without_a_pacer_is_judged_too() -> None:
    (rest,) = [
        began
        for _, began in first_evening().of(BlockBegan)
        if isinstance(began, BlockBegan) and began.kind == "rest"
    ]
    free = [each for each in windows(first_evening()) if each.start_s >= rest.t_s]
    assert {each.length_s for each in free} == {10.0}
    judged = [each for each in free if not each.gates]
    assert len(judged) > 40


# --- what it costs ----------------------------------------------------------------


class Weighing(pickle.Pickler):
    """Writes out all that something holds; a hash under way weighs the same always."""

    def reducer_override(self, held: object) -> Any:
        return (str, ()) if hasattr(held, "hexdigest") else NotImplemented


def weight_bytes(engine: Engine) -> int:
    written = io.BytesIO()
    Weighing(written).dump(engine)
    return len(written.getvalue())


def test_twenty_minutes_more_take_no_more_memory() -> None:
    engine, weighed = Engine(), dict[int, int]()
    engine.feed(opened(finds_pace=True, breathing_min=60.0))
    for second in range(1, 1801):
        rr_ms = 1000 + 30 * math.sin(2 * math.pi * second / 10)
        for partner in Partner:
            t_ns = second * NS_PER_S
            engine.feed(Intervals(t_ns=t_ns, partner=partner, rr_ms=(rr_ms,)))
        engine.feed(Tick(t_ns=second * NS_PER_S))
        if second in {60, 600, 1800}:
            weighed[second] = weight_bytes(engine)
    assert weighed[60] < 0.8 * weighed[600]  # it weighs what is kept
    assert weighed[1800] < 1.05 * weighed[600]


def test_a_pace_that_a_block_keeps_is_left_by_too_slow_and_no_pacer_speaks_of_it() -> (
    None
):
    begins = opened(plan_toml=plan_text("our-pace"))
    evening = live(couple_of(3), begins, presses={11 * 60.0: Press.TOO_SLOW})
    began = [said.name for _, said in evening.outputs if isinstance(said, BlockBegan)]
    assert began[-3:] == ["Third pace", "How was it?", "Words"]
    assert evening.of(PaceTurned) == []
