"""A practice is a pure step: blocks, breaths without a seam, a pause for both."""

import itertools
import math

import pytest
from hypothesis import given, strategies as st

from coreg.exercises import practice
from coreg.exercises.pacing.pacer import fullness
from coreg.exercises.plan import parse_plan
from coreg.exercises.practice import BlockOver, Practice, Said
from coreg.facts.events import (
    BlockBegan,
    Breath,
    Ended,
    Ending,
    PacerStopped,
    Paused,
    Press,
    Resumed,
)
from coreg.store.plans import plan_text

PLAN = parse_plan(plan_text("relaxed-and-alert"))
TICK_S = 0.25


class Evening:
    """A practice driven by ticks, at six breaths a minute, and all that it said."""

    def __init__(self, *, steps_wait: bool = False, with_source: bool = False) -> None:
        self.state, said = practice.begin(
            PLAN, t_s=0.0, steps_wait=steps_wait, ends_with_source=with_source
        )
        self.said: list[Said] = [*said]
        self.t_s = 0.0

    def until(self, t_s: float) -> "Evening":
        while self.t_s < t_s:
            self.t_s += TICK_S
            self.happens(practice.TimeWent(t_s=self.t_s))
            due_s = practice.breath_due_s(self.state, self.t_s)
            if not math.isnan(due_s):
                self.happens(practice.RateChosen(t_s=due_s, rate_per_min=6.0))
        return self

    def press(self, press: Press) -> "Evening":
        self.happens(practice.WasPressed(t_s=self.t_s, press=press))
        return self

    def happens(self, event: practice.Event) -> None:
        self.state, said = practice.step(self.state, event)
        self.said += said

    def of(self, kind: type) -> list[Said]:
        return [one for one in self.said if isinstance(one, kind)]


def began(evening: Evening) -> list[tuple[float, str]]:
    return [(b.t_s, b.kind) for b in evening.said if isinstance(b, BlockBegan)]


def breaths(evening: Evening) -> list[Breath]:
    return [b for b in evening.said if isinstance(b, Breath)]


def test_a_whole_evening_goes_through_its_blocks_and_ends() -> None:
    evening = Evening().until(20 * 60)
    assert [kind for _, kind in began(evening)] == [
        "question",
        "arrive",
        "breathe",
        "rest",
        "words",
    ]
    assert began(evening)[1][0] == 60
    assert began(evening)[2][0] == 180
    assert evening.of(Ended) == [
        Ended(t_s=evening.said[-1].t_s, ending=Ending.COMPLETE)
    ]


def test_breaths_follow_one_another_without_a_seam() -> None:
    paced = breaths(Evening().until(15 * 60))
    assert len(paced) == 48  # 8 minutes at six a minute
    for one, after in itertools.pairwise(paced):
        assert after.t_s == one.t_s + one.period_s


def test_a_breath_is_announced_before_it_starts_and_the_last_is_breathed_out() -> None:
    evening = Evening().until(15 * 60)
    last = breaths(evening)[-1]
    rest_began_s = began(evening)[3][0]
    assert 0 <= rest_began_s - (last.t_s + last.period_s) < TICK_S
    first = Evening().until(180 + practice.FIRST_BREATH_AFTER_S - practice.LEAD_S)
    assert breaths(first)[0].t_s == 180 + practice.FIRST_BREATH_AFTER_S


def test_a_pause_stops_the_breath_at_once_and_lengthens_nothing_else() -> None:
    evening = Evening().until(300).press(Press.PAUSE).until(400)
    assert isinstance(evening.said[-2], PacerStopped)
    assert isinstance(evening.said[-1], Paused)
    evening.press(Press.RESUME).until(25 * 60)
    assert evening.of(Resumed) == [Resumed(t_s=400)]
    after = [b for b in breaths(evening) if b.t_s > 300]
    assert after[0].t_s == 400 + practice.FIRST_BREATH_AFTER_S
    began_at = {kind: t_s for t_s, kind in began(evening)}
    assert began_at["rest"] - began_at["breathe"] == pytest.approx(480 + 100, abs=10)
    assert began_at["words"] - began_at["rest"] == 360


def test_after_a_sleeping_computer_no_missed_breath_is_caught_up() -> None:
    evening = Evening().until(300)
    before = len(breaths(evening))
    evening.t_s = 500.0  # nobody ticked for 200 s
    evening.until(530)
    after = breaths(evening)[before:]
    assert [b.t_s for b in after] == [
        500.25 + practice.FIRST_BREATH_AFTER_S + 10 * n for n in range(len(after))
    ]
    assert len(after) == 3


def test_a_second_pause_and_a_resume_without_pause_change_nothing() -> None:
    evening = Evening().until(70).press(Press.RESUME).press(Press.PAUSE)
    before = evening.state
    evening.press(Press.PAUSE)
    assert evening.state is before
    assert len(evening.of(Paused)) == 1
    assert evening.of(Resumed) == []


def test_either_may_finish_at_any_time_also_from_the_pause() -> None:
    evening = Evening().until(300).press(Press.PAUSE).until(310).press(Press.FINISH)
    assert evening.said[-1] == Ended(t_s=310, ending=Ending.FINISHED_EARLY)
    assert isinstance(evening.said[-2], BlockOver)
    told = len(evening.said)
    evening.until(400).press(Press.RESUME)
    assert len(evening.said) == told


def test_a_question_waits_for_a_press_where_steps_wait() -> None:
    evening = Evening(steps_wait=True).until(30 * 60)
    assert [kind for _, kind in began(evening)] == ["question"]
    evening.press(Press.NEXT)
    assert began(evening)[-1] == (30 * 60, "arrive")
    evening.press(Press.NEXT)  # only blocks that wait are ended by a press
    assert began(evening)[-1] == (30 * 60, "arrive")


def test_with_recordings_the_last_block_lasts_until_they_end() -> None:
    evening = Evening(with_source=True).until(60 * 60)
    assert evening.of(Ended) == []
    evening.happens(practice.HeartsEnded(t_s=3600))
    assert evening.said[-1] == Ended(t_s=3600, ending=Ending.SOURCE_ENDED)


def test_a_step_leaves_the_state_it_was_given_as_it_was() -> None:
    state, _ = practice.begin(PLAN, t_s=0, steps_wait=False, ends_with_source=False)
    copy = Practice(**{name: getattr(state, name) for name in state.__slots__})
    practice.step(state, practice.WasPressed(t_s=3, press=Press.PAUSE))
    assert state == copy


presses = st.lists(
    st.tuples(st.floats(0.25, 300), st.sampled_from(list(Press))), max_size=12
)


@given(presses, st.booleans())
def test_whatever_is_pressed_the_evening_stays_in_order(
    pressed: list[tuple[float, Press]], steps_wait: bool
) -> None:
    evening = Evening(steps_wait=steps_wait)
    for wait_s, press in pressed:
        evening.until(evening.t_s + wait_s).press(press)
    evening.until(evening.t_s + 60)
    times = [one.t_s for one in evening.said if not isinstance(one, Breath)]
    assert times == sorted(times)
    assert len(evening.of(BlockBegan)) - len(evening.of(BlockOver)) in (0, 1)
    assert len(evening.of(Paused)) - len(evening.of(Resumed)) in (0, 1)
    assert all(b.period_s == 10 and b.inhale_s == 4 for b in breaths(evening))
    if evening.of(Ended):
        assert isinstance(evening.said[-1], Ended)


@given(st.floats(0, 1, exclude_max=True), st.floats(4, 20), st.floats(0.2, 0.8))
def test_the_lungs_fill_and_empty_without_a_jump(
    share: float, rate_per_min: float, inhale_share: float
) -> None:
    period_s = 60 / rate_per_min
    breath = Breath(t_s=50.0, period_s=period_s, inhale_s=inhale_share * period_s)
    here = fullness(breath, 50.0 + share * period_s)
    soon = fullness(breath, 50.0 + share * period_s + 0.001)
    assert 0 <= here <= 1
    assert abs(soon - here) < 0.01
