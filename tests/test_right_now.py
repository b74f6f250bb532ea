"""Care for right now: one press away, kept nowhere, and it runs no house."""

from dataclasses import replace
from typing import Any

import pytest

from coreg.exercises.plan import parse_plan
from coreg.exercises.plan_blocks import Does
from coreg.facts.events import Ended, Ending, Partner
from coreg.store.plans import plan_text
from coreg.web.evening.effects import Begin, Effect
from coreg.web.evening.happenings import (
    Heard,
    SessionBegan,
    SessionOver,
    SessionStopped,
)
from coreg.web.evening.running import SessionClock
from coreg.web.evening.state import Evening
from coreg.web.evening.step import step
from coreg.web.server.view import state_of
from coreg.web.wire.incoming import (
    Go,
    Start,
)
from coreg.web.wire.named import Screen
from tests.test_web_evening import HOME, SHELF, after

PLAN = parse_plan(plan_text("right-now"))
AT_HOME = replace(HOME, plans=SHELF.plans, practised=4)
MAY_NEED_MORE = (
    "This may need more than three minutes. Rest, or ring someone who’s good for you."
)
HOUR_S = 3600.0


def called(
    evening: Evening, at_s: float, ending: Ending = Ending.COMPLETE
) -> tuple[Evening, list[Effect]]:
    """One of the two calls, three minutes pass, and both go home."""
    began, effects = step(evening, Start(right_now=Partner.B), server_s=at_s)
    assert effects == (Begin(),)
    kept: list[Effect] = []
    for given in (
        SessionBegan(
            session_id="20260301-210000-00aa",
            clock=SessionClock(origin_s=at_s, speed=1.0),
            kept=False,
            blocks=PLAN.blocks,
            first=Partner.B,
            after=(),
        ),
        Heard(cue=Ended(t_s=180.0, ending=ending)),
        SessionOver(),
    ):
        began, effects = step(began, given, server_s=at_s + 180.0)
        kept += effects
    return began, kept


def closing(evening: Evening) -> str:
    return state_of(evening, server_s=0.0, catalogue=SHELF, straps=()).closing


def home(evening: Evening) -> Evening:
    return after(evening, Go(screen=Screen.HOME))[0]


def test_one_press_begins_it_and_what_was_chosen_stays_chosen() -> None:
    began, effects = after(AT_HOME, Start(right_now=Partner.B))
    assert effects == [Begin()]  # nobody is asked before it
    assert (began.chosen.practice, began.first) == ("right-now", Partner.B)
    over, kept = called(AT_HOME, 0.0)
    assert over.chosen == AT_HOME.chosen
    assert over.practised == AT_HOME.practised
    assert kept == []


def test_what_was_chosen_stays_so_where_it_could_not_begin() -> None:
    began, _ = after(AT_HOME, Start(right_now=Partner.A))
    stopped, _ = after(began, SessionStopped(words="No room."))
    assert stopped.chosen == AT_HOME.chosen


def test_it_does_not_stay_chosen_where_it_was_chosen_from_the_list() -> None:
    chosen = replace(AT_HOME.chosen, practice="right-now")
    begun, _ = after(replace(AT_HOME, chosen=chosen), Start())
    for given in (
        SessionBegan(
            session_id="20260301-210000-00aa",
            clock=SessionClock(origin_s=0.0, speed=1.0),
            kept=False,
            blocks=PLAN.blocks,
            first=Partner.A,
            after=(),
        ),
        Heard(cue=Ended(t_s=180.0, ending=Ending.COMPLETE)),
        SessionOver(),
    ):
        begun, _ = after(begun, given)
    assert begun.chosen.practice == "relaxed-and-alert"


@pytest.mark.parametrize("ending", [Ending.COMPLETE, Ending.FINISHED_EARLY])
def test_a_third_call_within_an_hour_may_need_more_than_three_minutes(
    ending: Ending,
) -> None:
    evening, said, kept = AT_HOME, list[str](), list[Any]()
    # Each is met as the one before; what is said at its end differs.
    for at_s in (0.0, 1000.0, HOUR_S - 100.0, HOUR_S + 1200.0, 5 * HOUR_S):
        evening, effects = called(evening, at_s, ending)
        said.append(closing(evening))
        kept += effects
        evening = home(evening)
    assert said == ["", "", MAY_NEED_MORE, "", ""]
    assert kept == []  # nothing of it is on any disk


TAKEN_BACK = AT_HOME.agreed.but(Partner.B, None)
NOT_THE_DAY = replace(AT_HOME, rests_until_s=9000.0, rests_as_said=True)
NOT_AGREED = replace(AT_HOME, agreed=TAKEN_BACK, was_set_up=True)


@pytest.mark.parametrize("evening", [NOT_THE_DAY, NOT_AGREED])
@pytest.mark.parametrize("asked", [Start(right_now=Partner.A), Start()])
def test_over_a_no_it_is_not_offered_and_by_no_message_begun(
    evening: Evening, asked: Start
) -> None:
    state = state_of(evening, server_s=0.0, catalogue=SHELF, straps=())
    # A no that is not told yet, and a yes that was taken back, would show in its going.
    assert "right-now" in {each.name for each in state.choices}
    if asked.right_now is None:
        chosen = replace(evening.chosen, practice="right-now")
        evening = replace(evening, chosen=chosen)
    led, effects = step(evening, asked, server_s=0.0)
    assert effects == ()
    # As of a no, so of a consent: where it leads tells nobody which of them it was.
    assert (led.screen, led.starting, led.put_by) == (Screen.NOT_YET, False, None)


def test_what_rested_is_offered_again_once_it_ran_out() -> None:
    state = state_of(NOT_THE_DAY, server_s=9000.5, catalogue=SHELF, straps=())
    assert "right-now" in {each.name for each in state.choices}
    _, effects = step(NOT_THE_DAY, Start(right_now=Partner.A), server_s=9000.5)
    assert effects == (Begin(),)


def test_not_now_ends_it_for_both_with_no_reason_asked() -> None:
    asked = PLAN.blocks[0]
    (not_now,) = (each for each in asked.choices if each.words == "Not now")
    assert not_now.does is Does.END
