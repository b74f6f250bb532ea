"""A pace that a block sets: led there gently, kept, and left where it is too slow."""

import itertools
import math

import pytest
from hypothesis import given, strategies as st

from coreg.exercises import practice
from coreg.exercises.pacing.glide import led_per_min
from coreg.exercises.plan import parse_plan
from coreg.exercises.practice import Said
from coreg.facts.events import BlockBegan, Breath, Ended, Ending, Press
from coreg.store.plans import plan_text

RATES = st.floats(4.5, 10)


def evening(
    name: str, length_s: float, presses: dict[float, Press] | None = None
) -> list[Said]:
    """Return what a practice says that is offered another rate all along."""
    waiting = dict(presses or {})
    plan = parse_plan(plan_text(name))
    state, said = practice.begin(plan, t_s=0, steps_wait=False, ends_with_source=False)
    everything = [*said]
    for quarter in range(int(4 * length_s)):
        t_s = quarter / 4
        events: list[practice.Event] = [practice.TimeWent(t_s=t_s)]
        if t_s in waiting:
            events.append(practice.WasPressed(t_s=t_s, press=waiting[t_s]))
        for event in events:
            state, said = practice.step(state, event)
            everything += said
        due_s = practice.breath_due_s(state, t_s)
        if not math.isnan(due_s):
            chosen = practice.RateChosen(t_s=due_s, rate_per_min=9.0)
            state, said = practice.step(state, chosen)
            everything += said
    return everything


def parts(said: list[Said]) -> list[str]:
    """Which parts came, but for being asked how a pace was."""
    began = (one.name for one in said if isinstance(one, BlockBegan))
    return [name for name in began if name != "How was it?"]


def rates_by_block(said: list[Said]) -> dict[str, list[float]]:
    rates: dict[str, list[float]] = {}
    name = ""
    for one in said:
        if isinstance(one, BlockBegan):
            name = one.name
        elif isinstance(one, Breath):
            rates.setdefault(name, []).append(60 / one.period_s)
    return rates


@pytest.mark.parametrize("name", ["our-pace", "our-pace-second-evening"])
def test_each_pace_is_kept_for_its_three_minutes_whatever_the_pacer_chose(
    name: str,
) -> None:
    plan = parse_plan(plan_text(name))
    rates = rates_by_block(evening(name, 24 * 60))
    for block in plan.blocks:
        if "curve" not in block.measured:
            continue
        pace = pytest.approx(block.breaths_per_min)
        kept = [rate for rate in rates[block.name] if rate == pace]
        assert sum(60 / rate for rate in kept) > 150
        assert len(rates[block.name]) - len(kept) <= 1  # half a breath is two steps


@pytest.mark.parametrize("name", ["our-pace", "our-pace-second-evening"])
def test_once_breathing_is_slow_no_step_is_larger_than_a_quarter(name: str) -> None:
    said = evening(name, 24 * 60)
    rates = [60 / one.period_s for one in said if isinstance(one, Breath)]
    assert rates[0] == 12
    steps = [abs(b - a) for a, b in itertools.pairwise(rates) if a <= 7.5]
    assert max(steps) <= 0.25 + 1e-9


@pytest.mark.parametrize("press", [Press.NEXT, Press.TOO_SLOW])
def test_a_pace_too_slow_for_somebody_ends_and_nothing_as_slow_comes_again(
    press: Press,
) -> None:
    # Within the third pace, 5.5: arrive 2, slow down 2, two paces of 3, and a bit.
    said = evening("our-pace", 24 * 60, {11 * 60.0: press})
    assert parts(said)[-2:] == ["Third pace", "Words"]
    assert next(o.ending for o in said if isinstance(o, Ended)) is Ending.COMPLETE


def test_on_the_way_up_a_pace_too_slow_leaves_the_faster_ones() -> None:
    said = evening("our-pace-second-evening", 24 * 60, {6 * 60.0: Press.NEXT})
    assert parts(said) == [
        *("Settle in", "Slow down", "First pace", "Second pace", "Third pace"),
        *("Fourth pace", "Fifth pace", "Words"),
    ]
    # The slow-down itself too slow: neither 4.5 nor 5.0 comes.
    earlier = evening("our-pace-second-evening", 24 * 60, {3 * 60.0: Press.NEXT})
    assert parts(earlier)[2:] == ["Third pace", "Fourth pace", "Fifth pace", "Words"]


def test_going_on_does_not_leave_a_block_whose_pace_the_hearts_set() -> None:
    said = evening("relaxed-and-alert", 12 * 60, {5 * 60.0: Press.NEXT})
    began = {o.name: o.t_s for o in said if isinstance(o, BlockBegan)}
    assert began["Rest"] > 10 * 60


@given(RATES)
def test_from_twelve_any_pace_is_reached_in_three_minutes_and_never_passed(
    set_per_min: float,
) -> None:
    rate, spent_s = led_per_min(math.nan, set_per_min), 0.0
    while rate != set_per_min:
        spent_s += 60 / rate
        following = led_per_min(rate, set_per_min)
        assert set_per_min <= following < rate
        rate = following
    assert spent_s <= 180


@given(RATES, RATES)
def test_between_slow_paces_every_step_goes_there_by_a_quarter_at_most(
    last_per_min: float, set_per_min: float
) -> None:
    rate = led_per_min(last_per_min, set_per_min)
    assert abs(rate - set_per_min) <= abs(last_per_min - set_per_min)
    if last_per_min <= 7.5:
        assert abs(rate - last_per_min) <= 0.25 + 1e-9
