"""A practice inside a therapist's hour: the hour is left, the practice comes, and back.

Each is a session of its own, one after the other, and to the two it is one hour: what
is asked before and after it is asked once, and the light rests between. A practice that
is a harder one, or that asks something first, asks each alone as on every evening; a
no leads back to the talk, and says so to nobody.
"""

from dataclasses import replace

from coreg.exercises.open_hour import HourPart, is_as_written, is_open, open_parts
from coreg.exercises.plan import OpenedBy, Plan, Straps
from coreg.facts.both import Both
from coreg.facts.events import Partner, Press
from coreg.web.evening.effects import Begin, Do, Stepped
from coreg.web.evening.in_place import OutOfPlace, need
from coreg.web.evening.running import Running
from coreg.web.evening.state import NOBODY, Chosen, Evening, OpenHour, asked_each
from coreg.web.wire.named import HourGoes, Screen
from coreg.web.wire.of_therapist import BeginWithin, HourOn

_PART = {HourGoes.TALK: HourPart.TALK, HourGoes.REST: HourPart.REST}


def with_hour(evening: Evening, running: Running, plan: Plan | None) -> Evening:
    """Return the evening whose session just began, as the hour that it is or is of.

    `plan` is the one that it was to be.
    """
    hour = evening.hour
    if hour is not None:
        wished = replace(running, wished=hour.wished)
        return replace(evening, running=wished, hour=hour.and_kept(running))
    if not evening.with_therapist or plan is None or open_parts(plan) is None:
        return replace(evening, running=running)
    if not is_as_written(running.blocks, plan):  # a quiet one came in its place
        return replace(evening, running=running)
    began = OpenHour(
        session_id=(*running.earlier, running.session_id)[0],
        chosen=replace(evening.chosen, first=running.first),  # whoever it is later
        wished=running.wished,
        scales=Both(*(running.asks_after(partner) for partner in Partner)),
    )
    return replace(evening, running=running, hour=began.and_kept(running))


def begins_within(evening: Evening) -> tuple[str, ...]:
    """Return the practices that may begin now inside the hour; mostly none.

    None in a pause: only both together lead out of it.
    """
    hour, running = evening.hour, evening.running
    if hour is None or running is None or hour.within is not None or is_leaving(hour):
        return ()
    if running.pause or running.block is None or not is_open(running.block.of):
        return ()
    return tuple(name for name, plan in evening.plans.items() if _fits(evening, plan))


def _fits(evening: Evening, plan: Plan) -> bool:
    """Whether a practice can be had inside this hour, as they sit there."""
    running = evening.running
    if plan.name not in evening.practices or plan.straps is Straps.NONE:
        return False
    if not evening.may_offer(plan.name):
        return False
    if plan.opened_by is OpenedBy.THERAPIST and open_parts(plan) is not None:
        return False
    is_strapless = running is not None and running.strapless
    return not (is_strapless and plan.straps is Straps.WORN)


def is_leaving(hour: OpenHour) -> bool:
    """Whether it was said where the hour goes, and the session under way ends."""
    return hour.then is not None or hour.comes is not None


def ways_on(evening: Evening) -> tuple[HourGoes, ...]:
    """Return where the hour may be taken now, by a press of its therapist.

    Its end may come at any moment, and is no stop: whoever came is asked how it was.
    Only both together lead out of a pause, but it may be the end of the hour.
    """
    hour, running = evening.hour, evening.running
    if hour is None or running is None or running.block is None or is_leaving(hour):
        return ()
    if evening.screen is Screen.CONSENT:  # somebody reads their own choices
        return ()
    if running.pause is not None:
        return (HourGoes.END,)
    if hour.within is not None:
        return tuple(HourGoes)
    is_resting = hour.part is HourPart.REST
    return (HourGoes.TALK, HourGoes.END) if is_resting else (HourGoes.END,)


def begin_within(evening: Evening, asked: BeginWithin, _server_s: float) -> Stepped:
    """Have a practice come next: what is under way ends, and nobody stopped it."""
    if evening.running is None or evening.hour is None:
        raise OutOfPlace("no-session")
    need(asked.practice in begins_within(evening), "not-now")
    comes = Chosen(
        practice=asked.practice,
        minutes=0.0,
        length=asked.length,
        without_breathing=evening.hour.chosen.without_breathing,
        first=asked.first,
        without_straps=evening.running.strapless,
    )
    hour = replace(evening.hour, comes=comes)
    return replace(evening, hour=hour), (Do(press=Press.GO_OVER),)


def hour_on(evening: Evening, asked: HourOn, _server_s: float) -> Stepped:
    """Leave what is under way for another part of the hour, or end the hour."""
    if evening.running is None or evening.hour is None:
        raise OutOfPlace("no-session")
    need(asked.to in ways_on(evening), "not-now")
    hour = replace(evening.hour, then=asked.to)
    # Also to its end: a practice that somebody stopped is one that the two stopped.
    return replace(evening, hour=hour), (Do(press=Press.GO_OVER),)


def goes_on(evening: Evening) -> bool:
    """Whether something of the hour follows the session that is over.

    Nothing does where no end of it was heard: a fault broke it off. Nor where somebody
    took back that they practise here at all: no heart is heard or steers without a yes.
    """
    hour, running = evening.hour, evening.running
    if hour is None or hour.then is HourGoes.END:
        return False
    if running is None or running.ending is None:
        return False
    if evening.is_real and not evening.is_set_up:
        return False
    return is_leaving(hour) or hour.within is not None


def gone_on(evening: Evening) -> Stepped:
    """Return the evening, whose session is over, in what of the hour comes next."""
    hour = evening.hour
    if hour is None:
        return evening, ()
    evening = replace(evening, running=None, looking=None, turn=None)
    if hour.comes is None:
        return back(evening)
    evening = replace(
        evening,
        chosen=hour.comes,
        hour=replace(hour, within=hour.comes, comes=None, then=None),
    )
    plan = evening.plan
    if evening.is_real and plan is not None and (plan.is_harder or plan.before):
        return asked_each(evening), ()
    return replace(evening, starting=True), (Begin(),)


def back(evening: Evening) -> Stepped:
    """Return the evening on its way back to the hour, from a practice or before one."""
    hour = evening.hour
    if hour is None:
        return evening, ()
    part = _PART.get(hour.then or HourGoes.TALK, HourPart.TALK)
    again = replace(hour, part=part, within=None, comes=None, then=None)
    after = replace(
        evening,
        chosen=hour.chosen,
        hour=again,
        turn=None,
        gate=(),
        before=NOBODY,
        answered=(),
        unbegun=None,
        is_gentle=False,
        starting=True,
    )
    return after, (Begin(),)


def without_hour(evening: Evening) -> Evening:
    """Return the evening whose hour is over; what was chosen is the hour again."""
    if evening.hour is None:
        return evening
    chosen = replace(evening.hour.chosen, first=None)
    return replace(evening, chosen=chosen, hour=None)


def ending(evening: Evening) -> Evening:
    """Return the evening whose hour ends with the session that is under way."""
    if evening.hour is None:
        return evening
    hour = replace(evening.hour, then=HourGoes.END, comes=None)
    return replace(evening, hour=hour)
