"""What is offered on which evening: short and warm first, then the usual one.

A first time is short, for first times are odd rather than calm; the second one begins
with something good. From then on it is the usual one, and what else may be chosen comes
little by little: each practice says itself from which evening on. What compares paces
is for the curious, from the settings or by name (`coreg practice our-pace`), and never
stands on a couple's Home: it is an experiment, not an evening. What a therapist opens
is there where a therapist is with them, who then says what comes when: nothing waits
for its evening. Pure: whoever asks has counted.
"""

from collections.abc import Iterable
from typing import Final

from coreg.exercises.plan import OpenedBy, Plan

FIRST_TIME: Final = "relaxed-and-alert-first-time"
SECOND_TIME: Final = "small-good-moment-and-breathe"
MAIN: Final = "relaxed-and-alert"
_OFFERED = (FIRST_TIME, SECOND_TIME)
OUR_PACE: Final = "our-pace"
RIGHT_NOW: Final = "right-now"
"""For whoever hurts: at any time, and one press away."""
_BY_NAME_ALONE = frozenset({OUR_PACE, "our-pace-second-evening"})


def offered(practised: int) -> str:
    """Return the practice of tonight after so many evenings.

    Examples
    --------
    >>> offered(0), offered(2), offered(9)
    ('relaxed-and-alert-first-time', 'relaxed-and-alert', 'relaxed-and-alert')
    >>> offered(1)
    'small-good-moment-and-breathe'
    """
    return _OFFERED[practised] if practised < len(_OFFERED) else MAIN


def at_home(
    plans: Iterable[Plan], practised: int, *, with_therapist: bool = False
) -> tuple[str, ...]:
    """Return which of these practices may be chosen on Home, in their order."""
    return tuple(
        plan.name for plan in plans if _may_be_chosen(plan, practised, with_therapist)
    )


def has_come(plan: Plan, practised: int, *, with_therapist: bool = False) -> bool:
    """Return whether it is evening enough for a practice; a therapist waits for none.

    Examples
    --------
    >>> from coreg.exercises.plan import parse_plan
    >>> from coreg.store.plans import plan_text
    >>> repair = parse_plan(plan_text("repair"))
    >>> has_come(repair, 2), has_come(repair, 2, with_therapist=True)
    (False, True)
    """
    return with_therapist or practised + 1 >= plan.from_evening


def _may_be_chosen(plan: Plan, practised: int, with_therapist: bool) -> bool:  # noqa: FBT001 -- private
    if plan.name in _BY_NAME_ALONE:
        return False
    if plan.opened_by is OpenedBy.THERAPIST and not with_therapist:
        return False
    if plan.name in _OFFERED:  # for their own evening, and no other
        return plan.name == offered(practised)
    return has_come(plan, practised, with_therapist=with_therapist)
