"""A practice that broke off, on Home: go on with it, look back at it, or leave it.

To go on takes two hearts in the straps that they were in before, and both of them: it
comes back paused, and each holds their own button. What each was asked alone before the
practice holds for an hour; what somebody took back since looks as on any day that is
not the day.
"""

from dataclasses import replace

from coreg.exercises.plan import Plan
from coreg.facts.both import Both
from coreg.web.evening.effects import GoOnWith, LeaveUnfinished, Stepped
from coreg.web.evening.in_place import OutOfPlace, need
from coreg.web.evening.on_gate import not_agreed
from coreg.web.evening.state import (
    FIRST_AFTERWARDS,
    INTERRUPTED,
    Chosen,
    Evening,
    Looking,
    Unfinished,
)
from coreg.web.wire.incoming import (
    Onward,
)
from coreg.web.wire.named import OnwardWay, Screen


def onward(evening: Evening, asked: Onward, server_s: float) -> Stepped:
    """Do what the couple chose of the practice that broke off."""
    unfinished = evening.unfinished
    if unfinished is None:
        raise OutOfPlace("not-now")
    need(evening.screen is Screen.HOME and not evening.is_busy, "not-now")
    match asked.way:
        case OnwardWay.LEAVE:
            return _left(evening, unfinished)
        case OnwardWay.LOOK_BACK:
            return _looking_back(evening, unfinished)
        case OnwardWay.GO_ON:
            return _going_on(evening, unfinished, server_s)


def _left(evening: Evening, unfinished: Unfinished) -> Stepped:
    leave = LeaveUnfinished(session_id=unfinished.session_id)
    return replace(evening, unfinished=None), (leave,)


def _looking_back(evening: Evening, unfinished: Unfinished) -> Stepped:
    """Look back as at any evening's end: each alone says what they want to see."""
    need(evening.is_real and unfinished.is_real, "not-now")
    looking = Looking(
        session_id=unfinished.session_id,
        kept=True,
        ending=INTERRUPTED,
        wishes=Both(None, None),
        had_quiet=unfinished.had_quiet,
    )
    after, effects = _left(evening, unfinished)
    screen = Screen.LOOK_BACK
    turn = FIRST_AFTERWARDS
    return replace(after, screen=screen, turn=turn, looking=looking), effects


def _going_on(evening: Evening, unfinished: Unfinished, server_s: float) -> Stepped:
    need(evening.is_real and unfinished.goes_on(server_s), "not-now")
    need(all(evening.worn), "two-straps")
    need(evening.both_arrive, "two-hearts")
    need(unfinished.is_worn, "other-straps")
    if evening.rests(server_s):
        return replace(evening, screen=Screen.NOT_YET), ()  # a no is not asked away
    if not _holds(evening, unfinished):
        return not_agreed(replace(evening, screen=Screen.NOT_YET), server_s)
    begun = GoOnWith(session_id=unfinished.session_id)
    return replace(evening, starting=True), (begun,)


def _holds(evening: Evening, unfinished: Unfinished) -> bool:
    """Whether everything that this practice rests on is agreed to still."""
    return (
        evening.is_set_up
        and evening.may_keep
        and (evening.by_heart or not unfinished.by_heart)
        and (evening.may_find_pace or not unfinished.finds_pace)
    )


def chosen_then(evening: Evening, plan: Plan) -> Evening:
    """Return the evening with what goes on chosen, whatever was since it broke off."""
    name = plan.name
    if name == evening.chosen.practice or name not in evening.practices:
        return evening
    chosen = Chosen(practice=name, minutes=0.0, length=None, without_breathing=False)
    return evening.choosing(chosen)
