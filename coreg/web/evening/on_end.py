"""What a session's end does to the evening: who is asked what, and what comes next."""

from dataclasses import replace
from typing import Final

from coreg.exercises import ladder
from coreg.exercises.open_hour import is_as_written
from coreg.facts.both import Both
from coreg.facts.events import Ending, Partner
from coreg.web.evening.comfort import comfortable_per_min
from coreg.web.evening.on_straps import lost_id
from coreg.web.evening.running import Running
from coreg.web.evening.sat import NOT_SAT
from coreg.web.evening.state import (
    FIRST_AFTERWARDS,
    INTERRUPTED,
    Chosen,
    Evening,
    Looking,
)
from coreg.web.wire.named import Screen

SLOW_ENOUGH: Final = "slow-enough"
QUIET_ONE: Final = "quiet-one"
QUIRK: Final = "quirk-"
MANY_CALLS: Final = 3
"""So many calls for right now within an hour need more than three minutes."""
# Where an hour went over to nothing more, its therapist ended it.
_ASKED_AFTER = {Ending.COMPLETE, Ending.SOURCE_ENDED, Ending.WENT_OVER}


def without_quirks(evening: Evening) -> Evening:
    """Return the evening without what was said of straps: quietly, and once."""
    for notice in evening.notices:
        if notice.id.startswith(QUIRK):
            evening = evening.settled(notice.id)
    return evening


def over(evening: Evening, running: Running) -> Evening:
    """Return the evening after its session: each is asked alone, or nobody is."""
    evening = without_quirks(evening).settled(SLOW_ENOUGH).settled(QUIET_ONE)
    for partner in Partner:
        evening = evening.settled(lost_id(partner))
    hour = evening.hour
    sat = running.sat if hour is None else hour.sat.and_more(running.sat)
    asks_after = Both(*(running.asks_after(partner) for partner in Partner))
    looking = Looking(
        session_id=running.session_id,
        kept=running.kept and evening.may_keep,
        ending=running.ending or INTERRUPTED,
        wishes=Both(None, None),
        is_first=evening.is_real
        and evening.practised == 0
        and not _is_for_now(evening, running),
        strapless=running.strapless,
        sat=NOT_SAT if _is_for_now(evening, running) else sat,
        scales=asks_after if hour is None else hour.scales,
        wished=running.wished,
        had_quiet=running.had_quiet and hour is None,
        needs_more=_is_for_now(evening, running)
        and len(evening.called_s) >= MANY_CALLS,
        found_per_min=comfortable_per_min(running.comfort, running.swung),
        earlier=()
        if hour is None
        else tuple(each for each in hour.kept if each != running.session_id),
    )
    # Whoever stopped is asked nothing more, nor who sat down without straps: what is
    # not recorded is not asked about.
    asks = looking.ending in _ASKED_AFTER and not running.strapless
    evening = _practised(evening, running)
    return replace(
        evening,
        chosen=_chosen_after(evening),
        put_by=None,
        screen=Screen.LOOK_BACK,
        turn=FIRST_AFTERWARDS if asks else None,
        running=None,
        looking=looking,
    )


def part_over(evening: Evening, running: Running) -> Evening:
    """Return the evening after one session of an hour that goes on: nobody is asked."""
    evening = without_quirks(evening).settled(SLOW_ENOUGH).settled(QUIET_ONE)
    for partner in Partner:
        evening = evening.settled(lost_id(partner))
    after = _practised(evening, running)
    if after.hour is None:
        return after
    sat = after.hour.sat.and_more(running.sat)
    return replace(after, hour=replace(after.hour, sat=sat))


def _is_for_now(evening: Evening, running: Running) -> bool:
    """Whether it was for right now: it counts as no evening, nor how long it took."""
    return running.strapless and evening.needs_no_gate


def _practised(evening: Evening, running: Running) -> Evening:
    """Return the evening with one more that counts: real, and gone to its last part.

    What is offered next follows it, unless something else was chosen.
    """
    is_last = evening.is_real and running.is_at_its_last
    if not is_last or _is_for_now(evening, running):
        return evening
    evening = _first_times(evening, running)
    hour = evening.hour
    if hour is not None and hour.has_counted:  # it was one evening before
        return evening
    if hour is not None:
        evening = replace(evening, hour=replace(hour, has_counted=True))
    after, chosen = evening.practised + 1, evening.chosen
    if chosen.practice == ladder.offered(evening.practised):
        chosen = replace(chosen, practice=ladder.offered(after))
    return replace(evening, practised=after, chosen=chosen)


def _first_times(evening: Evening, running: Running) -> Evening:
    """Return the evening with one more time of what says something at first.

    A quiet evening that came in its place is none.
    """
    plan = evening.plan
    if plan is None or plan.at_first_times == 0:
        return evening
    if not is_as_written(running.blocks, plan):
        return evening
    of = dict(evening.practised_of)
    of[plan.name] = of.get(plan.name, 0) + 1
    return replace(evening, practised_of=of)


def _chosen_after(evening: Evening) -> Chosen:
    """Return what is chosen once it is over.

    What somebody needed right now does not stay chosen; and whose it was tonight is
    said anew another time, or goes by turns.
    """
    if evening.put_by is not None:
        return evening.put_by
    chosen = replace(evening.chosen, first=None)
    if chosen.practice == ladder.RIGHT_NOW:
        return replace(chosen, practice=ladder.offered(evening.practised))
    return chosen
