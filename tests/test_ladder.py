"""What is offered on which evening, and what two people may choose at home."""

from dataclasses import replace

import pytest

from coreg.exercises import ladder
from coreg.exercises.plan import OpenedBy, parse_plan
from coreg.store.plans import is_taken, plan_names, plan_text
from coreg.web.evening.effects import Refuse
from coreg.web.wire.incoming import (
    Choose,
)
from tests.test_web_evening import HOME, SHELF, after

LIGHT = "the-light-follows-you-both"
PLANS = {name: parse_plan(plan_text(name)) for name in plan_names()}


def test_a_first_time_then_a_good_moment_then_the_usual_one() -> None:
    first, second, *later = (ladder.offered(practised) for practised in range(9))
    assert (first, second) == (
        "relaxed-and-alert-first-time",
        "small-good-moment-and-breathe",
    )
    assert {*later} == {"relaxed-and-alert"}


def test_whatever_is_offered_may_be_chosen_on_its_evening() -> None:
    for practised in range(12):
        assert ladder.offered(practised) in at_home(practised)


def at_home(practised: int) -> set[str]:
    return {*ladder.at_home(PLANS.values(), practised)}


# In the order of their evenings; what breathes has an equal version beside it.
@pytest.mark.parametrize(
    ("practised", "may_be_chosen"),
    [
        (0, {"relaxed-and-alert-first-time", "relaxed-and-alert", "right-now"}),
        (1, {"small-good-moment-and-breathe", "relaxed-and-alert", "right-now"}),
        (2, {"small-good-moment", "relaxed-and-alert", "right-now", LIGHT}),
        (
            3,
            {"small-good-moment", "relaxed-and-alert", "right-now", "how-we-met"}
            | {"delight", "attune", "notice", "welcome-home", LIGHT},
        ),
    ],
)
def test_a_couple_may_choose_what_their_evening_allows(
    practised: int, may_be_chosen: set[str]
) -> None:
    chosen = {name for name in at_home(practised) if "without" not in name}
    assert chosen == may_be_chosen


def test_what_stirs_much_comes_from_the_sixth_evening_on() -> None:
    new = at_home(5) - at_home(4)
    assert new == {"repair", "inner-witness", "kind-eyes"}
    assert at_home(5) == at_home(200)


def test_what_a_therapist_opens_is_never_offered_at_home() -> None:
    by_therapist = {
        name for name, plan in PLANS.items() if plan.opened_by is OpenedBy.THERAPIST
    }
    assert by_therapist == {"near-and-far", "open"}
    for practised in range(20):
        assert not by_therapist & at_home(practised)


def test_with_a_therapist_there_it_is_offered_and_nothing_waits() -> None:
    with_therapist = {*ladder.at_home(PLANS.values(), practised=0, with_therapist=True)}
    assert with_therapist >= {"near-and-far", "open", "repair", "inner-witness"}
    assert not {name for name in with_therapist if "pace" in name}


def test_what_compares_paces_is_for_whoever_asks_for_it_by_name() -> None:
    for practised in range(20):
        assert not {name for name in at_home(practised) if "pace" in name}


def test_a_name_of_before_leads_to_what_it_is_called_now() -> None:
    for evening in ("", "-second-evening"):
        now = plan_text(f"our-pace{evening}")
        assert plan_text(f"resonance{evening}") == now
        assert is_taken(f"resonance{evening}")  # by no practice of one's own


def test_a_practice_that_somebody_brings_follows_its_own_evening() -> None:
    own = replace(PLANS["notice"], name="quiet", from_evening=3)
    assert ladder.at_home([own], 1) == ()
    assert ladder.at_home([own], 2) == ("quiet",)


# --- on Home ------------------------------------------------------------------------


NEAR_AND_FAR = Choose(
    practice="near-and-far", minutes=None, length=None, without_breathing=False
)


def test_two_people_alone_neither_see_nor_get_what_a_therapist_opens() -> None:
    assert not {"near-and-far", "open"} & {each.name for each in SHELF.shown(HOME)}
    _, effects = after(HOME, NEAR_AND_FAR)
    assert effects == [Refuse(why="no-such-practice")]


def test_a_therapist_says_what_comes_when() -> None:
    home = replace(
        HOME,
        with_therapist=True,
        practices=SHELF.names_with_therapist,
        plans=SHELF.plans,
        practised=0,
        harder_until_s=1000.0,
    )
    shown = {each.name for each in SHELF.shown(home)}
    assert shown >= {"near-and-far", "open", "repair"}
    chosen, effects = after(home, NEAR_AND_FAR)
    assert (chosen.chosen.practice, effects) == ("near-and-far", [])
    assert not chosen.had_harder(0.0)
    assert replace(chosen, with_therapist=False).had_harder(0.0)
