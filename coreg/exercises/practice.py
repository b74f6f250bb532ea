"""A practice as a pure step: state and what happened in, new state and cues out.

Strategy. The state is frozen; `step` is the only thing that changes a practice.

1. A block ends when its time is up; a breathing block not before the breath that is
   under way is breathed out.
2. The next breath is announced `LEAD_S` before it starts, so that a page has it in
   time. `breath_due_s` says when one is due; the engine asks the shared pacer for its
   rate and hands it back as `RateChosen`. Breaths follow one another without a seam.
3. A pause, from either, stops everything at once and moves the rest of the block
   back by its length. Nothing here knows who asked.
4. A block that sets a pace is led to it in small steps, whatever the shared pacer
   chose. Where it is too slow for somebody (`Press.NEXT`, from either) it ends, and
   nothing as slow comes again tonight.
5. Whoever has settled in before its time is up says so (`Press.READY`, from either).
   `Press.NEXT` does nothing there, as ever: sessions have it where a page came late.
6. Where somebody asks for once more (`Press.AGAIN`), the part that is for it comes
   next; everybody else goes past it.
7. In a block with a light that follows both, swells take the place of breaths: their
   rate is asked of the light as a breath's is of the pacer, and they lead nobody.
8. A lost strap does not stop the practice: the other partner goes on.
"""

import math
from dataclasses import dataclass, replace

from coreg.exercises.pacing.glide import led_per_min
from coreg.exercises.plan import Plan
from coreg.exercises.plan_blocks import Block
from coreg.facts.events import (
    BlockBegan,
    Breath,
    Cue,
    Ended,
    Ending,
    Glow,
    PacerStopped,
    Paused,
    Press,
    Resumed,
)

LEAD_S = 1.0
FIRST_BREATH_AFTER_S = 2.0
RISE_SHARE = 0.5  # of a swell: one that is uneven would look like a breath to follow

NEVER_S = math.inf


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeWent:
    """Time went on to this moment."""

    t_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class WasPressed:
    """The couple pressed something."""

    t_s: float
    press: Press


@dataclass(frozen=True, slots=True, kw_only=True)
class RateChosen:
    """The rate of what is due: of a breath by the pacer, of a swell by the light."""

    t_s: float
    rate_per_min: float


@dataclass(frozen=True, slots=True, kw_only=True)
class HeartsEnded:
    """No more heartbeats will come: both recordings have ended."""

    t_s: float


Event = TimeWent | WasPressed | RateChosen | HeartsEnded


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockOver:
    """A block is over; the engine adds the hash of its features."""

    t_s: float
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Practice:
    """Where a practice stands.

    `block_began_s` is moved on by pauses, so that the time in a block is always
    `t_s - block_began_s`. `next_breath_s` is `NEVER_S` where there is no breath
    and no light.
    `breathed_per_min` is the rate of the latest breath, NaN before any. A set pace is
    left out unless it is faster than `too_slow_per_min`.
    """

    plan: Plan
    steps_wait: bool
    ends_with_source: bool
    number: int
    block_began_s: float
    next_breath_s: float
    breathed_per_min: float
    too_slow_per_min: float
    paused_at_s: float
    ended: bool

    @property
    def block(self) -> Block:
        """The block under way."""
        return self.plan.blocks[self.number]

    @property
    def is_paused(self) -> bool:
        """Whether everything stands still."""
        return self.paused_at_s != NEVER_S


Said = Cue | BlockOver
Stepped = tuple[Practice, tuple[Said, ...]]


def begin(
    plan: Plan, *, t_s: float, steps_wait: bool, ends_with_source: bool
) -> Stepped:
    """Return the practice at its first block."""
    before = Practice(
        plan=plan,
        steps_wait=steps_wait,
        ends_with_source=ends_with_source,
        number=-1,
        block_began_s=t_s,
        next_breath_s=NEVER_S,
        breathed_per_min=math.nan,
        too_slow_per_min=0.0,
        paused_at_s=NEVER_S,
        ended=False,
    )
    return _enter(before, _next_number(before), t_s)


def step(state: Practice, event: Event) -> Stepped:
    """Return the practice after this event, and what it tells the couple."""
    if state.ended:
        return state, ()
    match event:
        case TimeWent(t_s=t_s):
            return _time_went(state, t_s)
        case RateChosen(t_s=t_s, rate_per_min=rate):
            return _breathe(state, t_s, rate)
        case HeartsEnded(t_s=t_s):
            return _end(state, t_s, Ending.SOURCE_ENDED)
        case WasPressed(t_s=t_s, press=press):
            return _pressed(state, t_s, press)


def breath_due_s(state: Practice, t_s: float) -> float:
    """Return when the breath starts that has to be announced by now, else NaN."""
    if state.ended or state.is_paused or not _is_moved(state.block):
        return math.nan
    if state.next_breath_s - t_s > LEAD_S or _last_breath_is_out(state):
        return math.nan
    return state.next_breath_s


def _is_moved(block: Block) -> bool:
    """Whether one breath, or one light, goes on in it."""
    return block.means.is_led or block.means.is_lit


def _last_breath_is_out(state: Practice) -> bool:
    """Whether the next breath would start after the block's time is up."""
    return state.next_breath_s - state.block_began_s >= state.block.length_s


_ENDS = {Press.FINISH: Ending.FINISHED_EARLY, Press.GO_OVER: Ending.WENT_OVER}


def _pressed(state: Practice, t_s: float, press: Press) -> Stepped:
    if press in _ENDS:
        return _end(state, t_s, _ENDS[press])
    if state.is_paused:
        return _resume(state, t_s) if press is Press.RESUME else (state, ())
    match press:
        case Press.PAUSE:
            stopped = _stop_pacer(state, t_s)
            return replace(state, paused_at_s=t_s), (*stopped, Paused(t_s=t_s))
        case Press.NEXT | Press.READY | Press.AGAIN if _is_left_by(state, press):
            return _leave(state, t_s, is_again=press is Press.AGAIN)
        case Press.NEXT | Press.TOO_SLOW:
            return _too_slow(state, t_s)
    return state, ()


def _too_slow(state: Practice, t_s: float) -> Stepped:
    """Leave a block's set pace, and every other that is as slow."""
    if math.isnan(state.block.breaths_per_min):
        return state, ()  # the pacer's to answer
    return _leave(replace(state, too_slow_per_min=state.block.breaths_per_min), t_s)


def _resume(state: Practice, t_s: float) -> Stepped:
    began_s = state.block_began_s + (t_s - state.paused_at_s)
    next_breath_s = (
        t_s + FIRST_BREATH_AFTER_S if state.next_breath_s != NEVER_S else NEVER_S
    )
    back = replace(
        state,
        block_began_s=began_s,
        next_breath_s=next_breath_s,
        paused_at_s=NEVER_S,
    )
    return back, (Resumed(t_s=t_s),)


def _waits(state: Practice) -> bool:
    """Whether this block ends by a press, not by time."""
    return state.steps_wait and state.block.waits


def _is_left_by(state: Practice, press: Press) -> bool:
    """Whether this press ends this block, and does no more."""
    if press is Press.READY:
        return state.block.means.is_arrival
    return _waits(state)


def _time_went(state: Practice, t_s: float) -> Stepped:
    if state.is_paused or _waits(state):
        return state, ()
    if _is_over(state, t_s):
        return _leave(state, t_s)
    if t_s > state.next_breath_s:
        # The computer slept or stood still: go on from now, not through every breath
        # that nobody was shown.
        return replace(state, next_breath_s=t_s + FIRST_BREATH_AFTER_S), ()
    return state, ()


def _is_over(state: Practice, t_s: float) -> bool:
    if state.ends_with_source and state.number == len(state.plan.blocks) - 1:
        return False
    if _is_moved(state.block):
        return _last_breath_is_out(state) and t_s >= state.next_breath_s
    return t_s - state.block_began_s >= state.block.length_s


def _breathe(state: Practice, t_s: float, rate_per_min: float) -> Stepped:
    if state.block.means.is_lit:
        return _swell(state, t_s, 60 / rate_per_min)
    set_per_min = state.block.breaths_per_min
    if not math.isnan(set_per_min):
        rate_per_min = led_per_min(state.breathed_per_min, set_per_min)
    period_s = 60 / rate_per_min
    inhale_s = state.plan.in_out.inhale_share * period_s
    breath = Breath(t_s=t_s, period_s=period_s, inhale_s=inhale_s)
    breathed = replace(
        state, next_breath_s=t_s + period_s, breathed_per_min=rate_per_min
    )
    return breathed, (breath,)


def _swell(state: Practice, t_s: float, period_s: float) -> Stepped:
    """Let the light rise and sink once; no breath was paced."""
    glow = Glow(t_s=t_s, period_s=period_s, rise_s=RISE_SHARE * period_s)
    return replace(state, next_breath_s=t_s + period_s), (glow,)


def _leave(state: Practice, t_s: float, *, is_again: bool = False) -> Stepped:
    """End this block and begin the next one, or end the practice."""
    number = _next_number(state, is_again=is_again)
    if number == len(state.plan.blocks):
        return _end(state, t_s, Ending.COMPLETE)
    over = (*_stop_pacer(state, t_s), BlockOver(t_s=t_s, number=state.number))
    state, began = _enter(state, number, t_s)
    return state, (*over, *began)


def _enter(state: Practice, number: int, t_s: float) -> Stepped:
    block = state.plan.blocks[number]
    paced = _is_moved(block)
    entered = replace(
        state,
        number=number,
        block_began_s=t_s,
        next_breath_s=t_s + FIRST_BREATH_AFTER_S if paced else NEVER_S,
    )
    began = BlockBegan(
        t_s=t_s,
        number=number,
        name=block.name,
        kind=block.kind.value,
        length_s=block.length_s,
    )
    return entered, (began,)


def _next_number(state: Practice, *, is_again: bool = False) -> int:
    """Return the next block; as many as there are if no other comes.

    A block for once more comes only right after what it is asked for in.
    """
    blocks, following = state.plan.blocks, state.number + 1
    is_left_out = False
    for number in range(following, len(blocks)):
        block = blocks[number]
        # A block that sets no pace (NaN) is never too slow. Of one that nobody breathed
        # nobody is asked how it was.
        is_left_out = block.breaths_per_min <= state.too_slow_per_min or (
            is_left_out and block.means.is_private
        )
        is_once_more = block.is_again and not (is_again and number == following)
        if not (is_left_out or is_once_more):
            return number
    return len(blocks)


def _end(state: Practice, t_s: float, ending: Ending) -> Stepped:
    said = (
        *(() if state.is_paused else _stop_pacer(state, t_s)),
        BlockOver(t_s=t_s, number=state.number),
        Ended(t_s=t_s, ending=ending),
    )
    return replace(state, ended=True), said


def _stop_pacer(state: Practice, t_s: float) -> tuple[Cue, ...]:
    return (PacerStopped(t_s=t_s),) if state.next_breath_s != NEVER_S else ()
