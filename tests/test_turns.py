"""Heart level by part and by who spoke, on hearts whose every beat is known."""

import math

import numpy as np
import pytest

from coreg.errors import SpokenPart
from coreg.exercises.blocks import Role
from coreg.facts.events import (
    Beat,
    BeatLabel,
    BlockBegan,
    BlockEnded,
    Cue,
    Ended,
    Ending,
    Feature,
    Opened,
    Partner,
    Paused,
    Resumed,
)
from coreg.findings.over_time import lag_surface
from coreg.findings.research import hrv_of_phase
from coreg.findings.summary import SessionSummary, own, summarise, without
from coreg.findings.turns import (
    BlockLevel,
    Reference,
    Silent,
    is_talked_in,
    levels_by_block,
    levels_by_role,
    need_unspoken,
    quiet_hr_bpm,
    reference_of,
)
from tests.helpers.openings import changed
from tests.helpers.report_sessions import opened

A, B = Partner.A, Partner.B
PLAN = """
format = 2
name = "told"
version = 1
title = "Told"
purpose = "To be heard."
opened_by = "couple"

[[block]]
name = "Arrive"
kind = "arrive"
minutes = 2
words = "Sit."

[[block]]
name = "Tell it"
kind = "turn"
who = "first"
minutes = 2
speaker = "Tell."
listener = "Listen."

[[block]]
name = "Say it back"
kind = "turn"
who = "second"
minutes = 2
speaker = "I heard."

[[block]]
name = "Care"
kind = "care"
who = "first"
minutes = 2
words = "Do that."
choices = [{ words = "That helps" }]

[[block]]
name = "Rest"
kind = "rest"
minutes = 2
words = "Rest."
"""
# The second turn has ten quiet seconds before it.
BLOCKS = (
    ("Arrive", "arrive", 120.0),
    ("Tell it", "turn", 120.0),
    ("Say it back", "turn", 130.0),
    ("Care", "care", 120.0),
    ("Rest", "rest", 120.0),
)
Rates = tuple[tuple[float, float], ...]  # until (s), beats per minute
CALM: Rates = ((610.0, 60.0),)


def told(first: Partner = A, plan: str = PLAN) -> Opened:
    return changed(opened(), plan_toml=plan, first=first)


def heart(partner: Partner, rates: Rates, lost: Rates = ()) -> list[Feature | Cue]:
    """Beats at these rates, one after another; none between `lost` and its end."""
    facts: list[Feature | Cue] = []
    t_s = 0.0
    for until_s, bpm in rates:
        while t_s + 60 / bpm <= until_s:
            t_s += 60 / bpm
            is_lost = any(start <= t_s <= end for start, end in lost)
            facts.append(
                Beat(
                    t_s=t_s,
                    partner=partner,
                    rr_ms=60_000 / bpm,
                    nn_ms=math.nan if is_lost else 60_000 / bpm,
                    label=BeatLabel.NORMAL,
                )
            )
    return facts


def evening(
    a: Rates = CALM,
    b: Rates = CALM,
    *,
    first: Partner = A,
    plan: str = PLAN,
    blocks: tuple[tuple[str, str, float], ...] = BLOCKS,
    lost: Rates = (),
    pause: tuple[float, float] | None = None,
) -> SessionSummary:
    facts = heart(A, a, lost) + heart(B, b)
    t_s = 0.0
    for number, (name, kind, length_s) in enumerate(blocks):
        facts.append(
            BlockBegan(t_s=t_s, number=number, name=name, kind=kind, length_s=length_s)
        )
        t_s += length_s
        over = BlockEnded(t_s=t_s, number=number, features=0, features_sha256="")
        facts.append(over)
    if pause is not None:
        facts += [Paused(t_s=pause[0]), Resumed(t_s=pause[1])]
    facts.append(Ended(t_s=t_s, ending=Ending.COMPLETE))
    facts.sort(key=lambda fact: fact.t_s)  # type: ignore[union-attr]
    return summarise(told(first, plan), facts)


def of(summary: SessionSummary, partner: Partner, name: str) -> BlockLevel:
    (found,) = (
        each
        for each in levels_by_block(summary)
        if each.partner is partner and each.phase.name == name
    )
    return found


def test_each_part_has_the_level_of_its_middle_beat_and_the_change_from_arriving() -> (
    None
):
    summary = evening(a=((120.0, 60.0), (240.0, 75.0), (610.0, 66.0)))
    assert of(summary, A, "Arrive").level.bpm == pytest.approx(60)
    turn = of(summary, A, "Tell it").level
    assert turn.bpm == pytest.approx(75)
    assert turn.change_bpm == pytest.approx(15)
    assert of(summary, B, "Tell it").level.change_bpm == pytest.approx(0)


def test_who_is_first_speaks_in_the_first_turn() -> None:
    for first in Partner:
        summary = evening(first=first)
        roles = {
            name: (of(summary, first, name).role, of(summary, first.other, name).role)
            for name, _, _ in BLOCKS
        }
        assert roles == {
            "Arrive": (Role.ARRIVES, Role.ARRIVES),
            "Tell it": (Role.SPEAKS, Role.LISTENS),
            "Say it back": (Role.LISTENS, Role.SPEAKS),
            "Care": (Role.CARED_FOR, Role.CARES),
            "Rest": (Role.RESTS, Role.RESTS),
        }


def test_of_a_plan_that_cannot_be_read_nobody_knows_who_spoke() -> None:
    summary = evening(plan="format = 99\n")
    assert of(summary, A, "Tell it").role is Role.OTHER
    assert of(summary, A, "Rest").role is Role.RESTS
    assert of(summary, A, "Tell it").level.bpm == pytest.approx(60)


def test_the_quiet_seconds_and_ten_after_a_change_do_not_count() -> None:
    summary = evening()
    assert of(summary, A, "Arrive").level.kept_s == pytest.approx(110)
    assert of(summary, A, "Tell it").level.kept_s == pytest.approx(110)
    assert of(summary, A, "Say it back").level.kept_s == pytest.approx(110)  # of 130
    # So what a heart does while somebody turns to somebody is in no level.
    startled = evening(a=((240.0, 60.0), (259.0, 120.0), (610.0, 60.0)))
    assert of(startled, A, "Say it back").level.bpm == pytest.approx(60)


def test_a_pause_and_ten_seconds_after_it_do_not_count() -> None:
    summary = evening(
        a=((180.0, 60.0), (209.0, 100.0), (610.0, 60.0)), pause=(180.0, 200.0)
    )
    level = of(summary, A, "Tell it").level
    assert level.kept_s == pytest.approx(80)
    assert level.bpm == pytest.approx(60)


def test_below_half_a_minute_there_is_no_level() -> None:
    blocks = (*BLOCKS[:1], ("Tell it", "turn", 39.0), *BLOCKS[2:])
    level = of(evening(blocks=blocks), A, "Tell it").level
    assert level.silent is Silent.TOO_SHORT
    assert level.change_silent is Silent.TOO_SHORT
    assert math.isnan(level.bpm)
    assert math.isnan(level.change_bpm)


def test_where_too_little_is_clean_there_is_no_level() -> None:
    level = of(evening(lost=((140.0, 240.0),)), A, "Tell it").level
    assert level.silent is Silent.TOO_LITTLE_CLEAN
    assert math.isnan(level.bpm)
    assert of(evening(lost=((140.0, 180.0),)), A, "Tell it").level.silent is None


def test_without_an_arrival_there_is_a_level_and_no_change() -> None:
    blocks = (("Sit", "rest", 120.0), *BLOCKS[1:])
    level = of(evening(blocks=blocks), A, "Tell it").level
    assert level.bpm == pytest.approx(60)
    assert level.change_silent is Silent.NO_ARRIVAL
    unheard = evening(lost=((0.0, 100.0),))
    assert of(unheard, A, "Tell it").level.change_silent is Silent.NO_ARRIVAL


def test_arriving_has_no_change_from_itself() -> None:
    assert of(evening(), A, "Arrive").level.change_silent is Silent.IS_ARRIVAL


def test_an_evening_too_short_to_know_its_waves_tells_no_change() -> None:
    blocks = (("Arrive", "arrive", 60.0), ("Tell it", "turn", 60.0))
    level = of(evening(blocks=blocks), A, "Tell it").level
    assert level.bpm == pytest.approx(60)
    assert level.change_silent is Silent.TOO_FEW_STRETCHES


def test_a_change_is_told_only_beyond_the_hearts_own_waves() -> None:
    rng = np.random.default_rng(3)

    def rates(rise_bpm: float) -> Rates:
        """A heart that wanders by two beats, with a rise in the first turn."""
        edges = np.arange(5.0, 615.0, 5.0)
        wander = 60 + rng.normal(0, 2, edges.size)
        risen = (edges > 120) & (edges <= 240)
        return tuple(zip(edges, wander + rise_bpm * risen, strict=True))

    small = of(evening(a=rates(0.5)), A, "Tell it").level
    large = of(evening(a=rates(12.0)), A, "Tell it").level
    assert 1 < small.half_width_bpm < 8
    assert not small.is_beyond_waves
    assert large.is_beyond_waves


def test_by_role_all_parts_are_one_in_which_somebody_did_the_same() -> None:
    blocks = (*BLOCKS, ("Rest", "rest", 120.0))
    plan = PLAN + '[[block]]\nname = "R"\nkind = "rest"\nminutes = 2\nwords = "R."\n'
    summary = evening(
        a=((240.0, 60.0), (370.0, 70.0), (490.0, 60.0), (740.0, 54.0)),
        plan=plan,
        blocks=blocks,
    )
    found = {(each.partner, each.role): each.level for each in levels_by_role(summary)}
    assert found[A, Role.RESTS].kept_s == pytest.approx(220)
    assert found[A, Role.RESTS].change_bpm == pytest.approx(-6)
    assert found[A, Role.LISTENS].change_bpm == pytest.approx(10)
    assert (A, Role.OTHER) not in found
    assert Role.FOLLOWS not in {role for _, role in found}


def test_a_heart_that_is_not_shown_has_no_level() -> None:
    for summary in (own(evening(), B), without(evening(), A)):
        assert {each.partner for each in levels_by_block(summary)} == {B}
        assert {each.partner for each in levels_by_role(summary)} == {B}


def test_what_breath_decides_is_refused_of_a_part_in_which_people_talk() -> None:
    for kind in ("turn", "care", "words"):
        assert is_talked_in(kind)
        with pytest.raises(SpokenPart, match="people talk"):
            need_unspoken(kind, "RSA")
    for kind in ("arrive", "breathe", "rest"):
        need_unspoken(kind, "RSA")


def test_hrv_is_refused_of_a_turn_and_given_of_a_rest() -> None:
    summary = evening()
    turn, rest = summary.phases[1], summary.phases[4]
    with pytest.raises(SpokenPart, match="HRV"):
        hrv_of_phase(summary.a, turn, summary.pauses)
    assert hrv_of_phase(summary.a, rest, summary.pauses).mean_hr_bpm == pytest.approx(
        60
    )


def test_what_looks_at_both_hearts_over_time_is_blank_where_people_talk() -> None:
    summary = evening()
    quiet = quiet_hr_bpm(summary, summary.a)
    grid_s = summary.grid_s
    talked = (grid_s >= 120) & (grid_s < 490)
    assert np.isnan(quiet[talked]).all()
    assert np.isfinite(quiet[(grid_s > 5) & (grid_s < 119)]).all()
    assert np.isfinite(summary.a.hr_bpm[talked]).all()  # the level itself is known
    rng = np.random.default_rng(1)

    def rates(at: float) -> Rates:
        edges = np.arange(2.0, 612.0, 2.0)
        return tuple(zip(edges, at + rng.normal(0, 2, edges.size), strict=True))

    surface = lag_surface(evening(a=rates(60.0), b=rates(66.0)))
    assert surface is not None
    inside = (surface.t_s > 121) & (surface.t_s < 489)
    assert np.isnan(surface.r[:, inside]).all()
    assert np.isfinite(surface.r[:, surface.t_s < 80]).any()


def test_turns_that_went_different_ways_are_averaged_by_their_time() -> None:
    plan = PLAN.replace('who = "second"', 'who = "first"')
    summary = evening(
        a=((120.0, 60.0), (250.0, 80.0), (610.0, 50.0)),
        plan=plan,
        blocks=(BLOCKS[0], BLOCKS[1], ("Say it back", "turn", 120.0), *BLOCKS[3:]),
    )
    (speaks,) = (
        each.level
        for each in levels_by_role(summary)
        if (each.partner, each.role) == (A, Role.SPEAKS)
    )
    assert speaks.bpm == pytest.approx(65)
    assert speaks.kept_s == pytest.approx(220)


STEPS = """
format = 2
name = "steps"
version = 1
title = "Steps"
purpose = "To choose a distance."
opened_by = "therapist"
""" + "".join(
    f'[[block]]\nname = "{name}"\nkind = "{kind}"\nminutes = 1.5\nwords = "Be."\n'
    + ('who = "first"\n' if kind != "rest" else "")
    for name, kind in (
        ("The distance", "turn"),
        ("First", "step"),
        ("Second", "step"),
        ("Third", "step"),
        ("Rest", "rest"),
    )
)


def test_where_nobody_arrives_changes_are_from_the_first_step() -> None:
    kinds = ("turn", "step", "step", "step", "rest")
    summary = evening(
        a=((90.0, 80.0), (180.0, 60.0), (360.0, 66.0), (450.0, 63.0)),
        b=((450.0, 60.0),),
        plan=STEPS,
        blocks=tuple((kind, kind, 90.0) for kind in kinds),
    )
    assert reference_of(summary) is Reference.FIRST_STEP
    changes = [
        each.level.change_bpm for each in levels_by_block(summary) if each.partner is A
    ]
    assert changes[0] == pytest.approx(20.0)
    assert math.isnan(changes[1])
    assert changes[2:] == [pytest.approx(6.0), pytest.approx(6.0), pytest.approx(3.0)]
    # The first step is what the others are held against, and none of their mean.
    (chooses,) = (
        each.level
        for each in levels_by_role(summary)
        if each.partner is A and each.role is Role.CHOOSES
    )
    assert chooses.change_bpm == pytest.approx(6.0)
    assert reference_of(evening()) is Reference.ARRIVAL
