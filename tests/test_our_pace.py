"""Our pace: comfort decides, the hearts break ties, and nobody learns what was said."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, strategies as st

from coreg.exercises import practice
from coreg.exercises.plan import parse_plan
from coreg.exercises.plan_blocks import Does
from coreg.exercises.practice import RateChosen, TimeWent, WasPressed
from coreg.facts.events import BlockBegan, Ended, Ending, Partner, Press
from coreg.store.plans import plan_text
from coreg.web.evening.comfort import Comfort, Swung, comfortable_per_min
from coreg.web.evening.effects import Do, KeepAnswer, KeepPace
from coreg.web.evening.happenings import Heard, SessionBegan, SessionOver, Warmed
from coreg.web.evening.running import SessionClock
from coreg.web.evening.state import Evening
from coreg.web.server.practice_catalogue import PracticeCatalogue
from coreg.web.server.view import state_of
from coreg.web.wire.incoming import Answer, Done
from coreg.web.wire.named import PaceWay
from coreg.web.wire.outgoing import encode
from tests.test_web_evening import HOME, SESSION, after

SHELF = PracticeCatalogue()
PLAN = parse_plan(plan_text("our-pace"))
PACES = [6.5, 6.0, 5.5, 5.0, 4.5]


def rated(**by_pace: tuple[int, int]) -> list[Comfort]:
    """What both said: p60=(A, B)."""
    return [
        Comfort(per_min=int(name[1:]) / 10, partner=partner, value=value)
        for name, values in by_pace.items()
        for partner, value in zip(Partner, values, strict=True)
    ]


# --- which pace ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "swung", "pace"),
    [
        (rated(p60=(5, 5), p55=(8, 7)), [], 5.5),
        # The lower answer counts: nobody is left behind for the other one's ten.
        (rated(p60=(6, 6), p55=(10, 3)), [], 6.0),
        # As comfortable: then the hearts, and where they are silent the usual six.
        (rated(p60=(7, 7), p50=(7, 7)), [Swung(per_min=5.0, warmth=0.6)], 5.0),
        (rated(p60=(7, 7), p50=(9, 7)), [], 6.0),
        # Hearts never decide against what somebody said.
        (rated(p60=(7, 7), p50=(6, 6)), [Swung(per_min=5.0, warmth=1.0)], 6.0),
        # Of a pace that one said nothing of, nobody knows.
        (rated(p60=(5, 5)) + rated(p50=(9, 9))[:1], [], 6.0),
        (rated(p60=(5, 5))[:1], [], None),
        # Nobody is told that a pace was comfortable for both, where it was not.
        (rated(p60=(4, 4), p55=(4, 10)), [Swung(per_min=5.5, warmth=1.0)], None),
        (rated(p60=(0, 0), p50=(0, 0)), [], None),
        ([], [Swung(per_min=5.0, warmth=1.0)], None),
    ],
)
def test_comfort_decides_and_hearts_break_ties(
    said: list[Comfort], swung: list[Swung], pace: float | None
) -> None:
    assert comfortable_per_min(said, swung) == pace


@given(st.permutations(list(Partner)), st.data())
def test_it_is_the_same_whoever_is_first(
    order: list[Partner], data: st.DataObject
) -> None:
    values = data.draw(st.lists(st.integers(0, 10), min_size=10, max_size=10))
    said = [
        Comfort(per_min=pace, partner=partner, value=values[2 * at + place])
        for at, pace in enumerate(PACES)
        for place, partner in enumerate(order)
    ]
    turned = [replace(each, partner=each.partner.other) for each in reversed(said)]
    assert comfortable_per_min(said, []) == comfortable_per_min(turned, [])


# --- in an evening ---------------------------------------------------------------


def went(evening: Evening, number: int) -> Evening:
    block = PLAN.blocks[number]
    began = BlockBegan(
        t_s=0.0,
        number=number,
        name=block.name,
        kind=block.kind,
        length_s=block.length_s,
    )
    return after(evening, Heard(cue=began))[0]


def shown(evening: Evening) -> str:
    return encode(state_of(evening, server_s=1.0, catalogue=SHELF, straps=()))


def test_each_says_alone_how_a_pace_was_and_only_the_pace_is_told() -> None:
    chosen = replace(HOME.chosen, practice="our-pace")
    tonight = replace(HOME, plans=SHELF.plans, practices=SHELF.names, chosen=chosen)
    clock = SessionClock(origin_s=0.0, speed=1.0)
    began = SessionBegan(session_id=SESSION, clock=clock, kept=True, blocks=PLAN.blocks)
    evening, _ = after(tonight, began)
    answers = {6.0: (8, 9), 5.5: (9, 8), 5.0: (3, 10)}
    for number, block in enumerate(PLAN.blocks):
        evening = went(evening, number)
        if block.means.is_led and block.breaths_per_min == 5.5:
            evening, _ = after(evening, Warmed(value=0.9))
        if not block.scales:
            continue
        pace = PLAN.blocks[number - 1].breaths_per_min
        for partner, value in zip(Partner, answers.get(pace, (2, 2)), strict=True):
            assert evening.turn is partner
            mine = Answer(partner=partner, name="comfortable", value=value)
            before = shown(evening)
            evening, effects = after(evening, mine)
            assert [type(each) for each in effects] == [KeepAnswer]
            assert shown(evening) == before  # told to nobody
            done = Done(partner=partner, does=Does.ON)
            evening, effects = after(evening, done)
        assert effects == [Do(press=Press.NEXT)]
    ended = Heard(cue=Ended(t_s=1300.0, ending=Ending.COMPLETE))
    over, effects = after(evening, ended, SessionOver())
    # 6.0 and 5.5 are as comfortable for the less comfortable one; the hearts decide.
    (kept,) = (each for each in effects if isinstance(each, KeepPace))
    assert (kept.pace.way, kept.pace.per_min) == (PaceWay.SET, 5.5)
    assert "5.5 breaths a minute" in json.loads(shown(over))["closing"]


@pytest.mark.parametrize(("lower", "is_found"), [(4, False), (5, True)])
def test_where_no_pace_was_comfortable_for_both_nothing_is_said_and_six_stays(
    lower: int, *, is_found: bool
) -> None:
    chosen = replace(HOME.chosen, practice="our-pace")
    tonight = replace(HOME, plans=SHELF.plans, practices=SHELF.names, chosen=chosen)
    clock = SessionClock(origin_s=0.0, speed=1.0)
    began = SessionBegan(session_id=SESSION, clock=clock, kept=True, blocks=PLAN.blocks)
    evening, _ = after(tonight, began)
    for number, block in enumerate(PLAN.blocks):
        evening = went(evening, number)
        for partner, value in zip(Partner, (lower, 10), strict=True):
            if block.scales:
                said = Answer(partner=partner, name="comfortable", value=value)
                done = Done(partner=partner, does=Does.ON)
                evening, _ = after(evening, said, done)
    ended = Heard(cue=Ended(t_s=1300.0, ending=Ending.COMPLETE))
    over, effects = after(evening, ended, SessionOver())
    assert any(isinstance(each, KeepPace) for each in effects) is is_found
    assert ("comfortable" in json.loads(shown(over))["closing"]) is is_found
    assert (over.pace == tonight.pace) is not is_found


def test_only_breaths_at_a_pace_that_is_asked_about_count_for_it() -> None:
    """On the way down to it nobody breathes at it yet; elsewhere nothing is counted."""
    tonight = replace(HOME, plans=SHELF.plans)
    clock = SessionClock(origin_s=0.0, speed=1.0)
    warm = Warmed(value=0.9)
    for name, counted in (("our-pace", [2, 3, 4]), ("relaxed-and-alert", [])):
        blocks = parse_plan(plan_text(name)).blocks
        began = SessionBegan(session_id=SESSION, clock=clock, kept=True, blocks=blocks)
        evening, _ = after(tonight, began)
        seen = []
        for number in range(5):
            block = blocks[number]
            cue = BlockBegan(
                t_s=0.0,
                number=number,
                name=block.name,
                kind=block.kind,
                length_s=block.length_s,
            )
            evening, _ = after(evening, Heard(cue=cue))
            before = evening.running
            evening, _ = after(evening, warm)
            assert before is not None
            assert evening.running is not None
            if len(evening.running.swung) > len(before.swung):
                seen.append(number)
        # In the part that asks, the pace's own last breath may still come.
        assert seen == counted


def test_of_a_pace_that_was_too_slow_for_somebody_nobody_is_asked_further() -> None:
    """And of the slower ones that are left out nobody is asked either."""
    state, _ = practice.begin(PLAN, t_s=0.0, steps_wait=True, ends_with_source=False)
    came, at_s = [state.number], 0.0
    while not state.ended:
        at_s += 0.5
        if practice.breath_due_s(state, at_s) <= at_s + 1:
            due_s = practice.breath_due_s(state, at_s)
            state, _ = practice.step(state, RateChosen(t_s=due_s, rate_per_min=6.0))
        state, _ = practice.step(state, TimeWent(t_s=at_s))
        came += [state.number] if state.number != came[-1] else []
        slow = state.block.means.is_led and state.block.breaths_per_min == 5.5
        if not state.ended and (state.block.waits or slow):
            press = Press.TOO_SLOW if slow else Press.NEXT
            state, _ = practice.step(state, WasPressed(t_s=at_s, press=press))
        came += [state.number] if state.number != came[-1] else []
    names = [PLAN.blocks[number].name for number in came]
    assert names == [
        "Settle in",
        "Slow down",
        *("First pace", "How was it?"),
        *("Second pace", "How was it?"),
        *("Third pace", "How was it?"),  # left early; how it was may be said
        "Words",
    ]


def test_it_is_offered_in_the_settings_from_the_fourth_evening_on() -> None:
    for practised, is_offered in ((0, False), (2, False), (3, True)):
        known = replace(HOME, plans=SHELF.plans, practised=practised)
        settings = json.loads(shown(known))["settings"]
        assert settings["our_pace"] is is_offered
        assert "our-pace" not in {
            each["name"] for each in json.loads(shown(known))["choices"]
        }
