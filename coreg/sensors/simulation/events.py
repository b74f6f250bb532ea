"""What happens to a simulated person on an evening: upset, talk, relief, drowsiness.

Each event swells, stays and fades: a height from 0 to 1 as a function of time. What it
does to heart and lungs at its full height stands in `EFFECTS`; sizes and times that
belong to one event are its own. Without a source they are assumptions of the
simulation, as everything about an evening that nobody has measured.

Two things happen at once: heart rates add up, all else multiplies.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class EventKind(StrEnum):
    """What can happen to a person."""

    UPSET = "upset"  # within seconds, and it fades slowly
    ESCALATION = "escalation"  # the same, over minutes, so that nobody notices
    TALK = "talk"  # breath goes with the words, not with the pacer
    DROWSINESS = "drowsiness"  # slower heart, slower answers, breaths missed
    SETTLING = "settling"  # slower heart that swings wider; awake
    RELIEF = "relief"  # slower heart within half a minute, and it lasts
    DELIGHT = "delight"  # quicker heart within seconds, and it fades soon


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyEffect:
    """What a kind of event does at its full height; 1 leaves a thing as it is.

    `swing` and `slow_waves` multiply those of the heart, `followed` the share of
    breaths that are followed, `unevenness` how much own breaths differ in length.
    `slower_answers` is by what share reactions are slower.
    """

    swing: float
    slow_waves: float
    followed: float
    unevenness: float
    slower_answers: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptedEvent:
    """One event of one person; `change_bpm` is the heart rate's at full height."""

    kind: EventKind
    start_s: float
    change_bpm: float
    rise_s: float
    hold_s: float
    fade_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Influence:
    """What all events together do at one moment."""

    change_bpm: float
    swing: float
    slow_waves: float
    followed: float
    unevenness: float
    slower_answers: float


EFFECTS: Final = {
    # Stress withdraws the vagus: the swing halves.
    EventKind.UPSET: BodyEffect(
        swing=0.5, slow_waves=0.7, followed=1.0, unevenness=1.5, slower_answers=0.0
    ),
    EventKind.ESCALATION: BodyEffect(
        swing=0.5, slow_waves=0.7, followed=1.0, unevenness=1.5, slower_answers=0.0
    ),
    EventKind.TALK: BodyEffect(
        swing=0.8, slow_waves=1.0, followed=0.0, unevenness=3.0, slower_answers=0.0
    ),
    EventKind.DROWSINESS: BodyEffect(
        swing=1.0, slow_waves=1.2, followed=0.5, unevenness=1.5, slower_answers=0.4
    ),
    EventKind.SETTLING: BodyEffect(
        swing=1.35, slow_waves=1.0, followed=1.0, unevenness=1.0, slower_answers=0.0
    ),
    EventKind.RELIEF: BodyEffect(
        swing=1.2, slow_waves=1.0, followed=1.0, unevenness=1.0, slower_answers=0.0
    ),
    EventKind.DELIGHT: BodyEffect(
        swing=0.9, slow_waves=1.0, followed=1.0, unevenness=1.5, slower_answers=0.0
    ),
}

UNMOVED: Final = Influence(
    change_bpm=0.0,
    swing=1.0,
    slow_waves=1.0,
    followed=1.0,
    unevenness=1.0,
    slower_answers=0.0,
)


def usual_event(kind: EventKind, start_s: float) -> ScriptedEvent:
    """Return an event as large and as long as its kind usually is.

    +15/min within 20 s and +20/min over 8 min are what possible flooding has to notice;
    talking raises a heart at rest by a few beats (Linden 1987). The rest is assumed.

    Examples
    --------
    >>> usual_event(EventKind.UPSET, 60.0).change_bpm
    15.0
    """
    change_bpm, rise_s, hold_s, fade_s = {
        EventKind.UPSET: (15.0, 20.0, 120.0, 60.0),
        EventKind.ESCALATION: (20.0, 480.0, 120.0, 120.0),
        EventKind.TALK: (5.0, 3.0, 60.0, 10.0),
        EventKind.DROWSINESS: (-4.0, 60.0, 240.0, 20.0),
        EventKind.SETTLING: (-8.0, 60.0, 300.0, 60.0),
        EventKind.RELIEF: (-6.0, 30.0, 120.0, 120.0),
        EventKind.DELIGHT: (7.0, 10.0, 60.0, 40.0),
    }[kind]
    return ScriptedEvent(
        kind=kind,
        start_s=start_s,
        change_bpm=change_bpm,
        rise_s=rise_s,
        hold_s=hold_s,
        fade_s=fade_s,
    )


def height(event: ScriptedEvent, t_s: float) -> float:
    """Return how much of an event there is at a moment, 0 to 1.

    Examples
    --------
    >>> upset = usual_event(EventKind.UPSET, 60.0)
    >>> [round(height(upset, t_s), 2) for t_s in (59.0, 70.0, 100.0, 260.0)]
    [0.0, 0.5, 1.0, 0.37]
    """
    into_s = t_s - event.start_s
    if into_s <= 0:
        return 0.0
    if into_s < event.rise_s:
        return into_s / event.rise_s
    over_s = into_s - event.rise_s - event.hold_s
    return math.exp(-max(over_s, 0.0) / event.fade_s)


def height_of(kind: EventKind, events: Sequence[ScriptedEvent], t_s: float) -> float:
    """Return how much there is of a kind at a moment: the most of any such event."""
    return max((height(e, t_s) for e in events if e.kind is kind), default=0.0)


def influence(events: Sequence[ScriptedEvent], t_s: float) -> Influence:
    """Return what all these events together do at a moment."""
    if not events:
        return UNMOVED
    here = [(event, EFFECTS[event.kind], height(event, t_s)) for event in events]
    return Influence(
        change_bpm=sum(event.change_bpm * high for event, _, high in here),
        swing=math.prod(1 + (effect.swing - 1) * high for _, effect, high in here),
        slow_waves=math.prod(
            1 + (effect.slow_waves - 1) * high for _, effect, high in here
        ),
        followed=math.prod(
            1 + (effect.followed - 1) * high for _, effect, high in here
        ),
        unevenness=math.prod(
            1 + (effect.unevenness - 1) * high for _, effect, high in here
        ),
        slower_answers=sum(effect.slower_answers * high for _, effect, high in here),
    )


def is_settled(events: Sequence[ScriptedEvent], t_s: float) -> bool:
    """Return the truth about *settled*: past half of a settling, and not stirred."""
    stirred = max(
        height_of(EventKind.UPSET, events, t_s),
        height_of(EventKind.ESCALATION, events, t_s),
    )
    return height_of(EventKind.SETTLING, events, t_s) >= 0.5 and stirred < 0.5
