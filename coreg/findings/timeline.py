"""When a practice was what: its span, phases, pauses, breaks, and the pace it offered.

A *break* is where the recording broke off and went on later: nothing is known from it.
It lies in a pause, for a practice comes back paused, and so every measure that leaves
pauses out leaves it out too. Said of pauses is only of those that somebody asked for.
"""

from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from coreg.facts.arrays import Floats
from coreg.facts.events import (
    Arrived,
    AwakeWindow,
    BlockBegan,
    BlockEnded,
    Breath,
    BreathByHeart,
    BreathSeen,
    Cue,
    Ended,
    Feature,
    Gap,
    IrregularRhythm,
    NoLongerMeasured,
    OverCounted,
    PacedBreathSeen,
    PacerStopped,
    Partner,
    Paused,
    Resumed,
    SettledWindow,
    WentOn,
)

Facts = tuple[Feature | Cue, ...]

_OfPartner = TypeVar(
    "_OfPartner",
    bound=Arrived
    | AwakeWindow
    | BreathByHeart
    | BreathSeen
    | NoLongerMeasured
    | PacedBreathSeen
    | SettledWindow,
)

_PASSED_OVER_S = 0.5  # it would read as 0 s


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A stretch of the session."""

    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """Where nothing was recorded; how long that was is known only where `is_timed`."""

    start_s: float
    end_s: float
    is_timed: bool

    @property
    def length_s(self) -> float:
        """How much of the session's time it takes."""
        return self.end_s - self.start_s


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockSpan:
    """One block of the plan as it was practised, pauses included."""

    number: int
    name: str
    kind: str
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PacedBreaths:
    """The breaths that the shared pacer offered, as far as each was shown."""

    start_s: Floats
    end_s: Floats
    breaths_per_min: Floats


def of_partner(
    facts: Facts, partner: Partner, kind: type[_OfPartner]
) -> list[_OfPartner]:
    """Return the facts of one kind that are one partner's, in order."""
    return [f for f in facts if isinstance(f, kind) and f.partner is partner]


def session_span(facts: Facts) -> Span:
    """Return the practice's start and end; without blocks, all that there is."""
    times_s = [_time_s(fact) for fact in facts]
    start_s = min((f.t_s for f in facts if isinstance(f, BlockBegan)), default=0.0)
    ends_s = [f.t_s for f in facts if isinstance(f, Ended)]
    end_s = ends_s[0] if ends_s else max(times_s, default=0.0)
    return Span(start_s=start_s, end_s=max(start_s, end_s))


def _time_s(fact: Feature | Cue) -> float:
    """Return when a fact was over; a breath to come is no time of the session yet."""
    if isinstance(fact, Breath):
        return 0.0
    lasting = Gap | OverCounted | IrregularRhythm
    return fact.end_s if isinstance(fact, lasting) else fact.t_s


def phases_of(facts: Facts, session: Span) -> tuple[BlockSpan, ...]:
    """Return the blocks in their order; one that never ended lasts to the end.

    Blocks that were passed over at once are left out: nothing was measured in them.
    """
    ended_s = {f.number: f.t_s for f in facts if isinstance(f, BlockEnded)}
    phases = (
        BlockSpan(
            number=f.number,
            name=f.name,
            kind=f.kind,
            start_s=f.t_s,
            end_s=min(ended_s.get(f.number, session.end_s), session.end_s),
        )
        for f in facts
        if isinstance(f, BlockBegan)
    )
    return tuple(each for each in phases if each.end_s - each.start_s >= _PASSED_OVER_S)


def pauses_of(facts: Facts, session: Span) -> tuple[Span, ...]:
    """Return the pauses; one that nobody ended lasts to the end."""
    pauses: list[Span] = []
    began_s: float | None = None
    for fact in facts:
        if isinstance(fact, Paused) and began_s is None:
            began_s = fact.t_s
        elif isinstance(fact, Resumed) and began_s is not None:
            pauses.append(Span(start_s=began_s, end_s=fact.t_s))
            began_s = None
    if began_s is not None:
        pauses.append(Span(start_s=began_s, end_s=max(began_s, session.end_s)))
    return tuple(pauses)


def breaks_of(facts: Facts) -> tuple[Break, ...]:
    """Return where the recording broke off and went on."""
    return tuple(
        Break(start_s=f.since_s, end_s=f.t_s, is_timed=f.is_timed)
        for f in facts
        if isinstance(f, WentOn)
    )


def asked_pauses_s(
    pauses: tuple[Span, ...], breaks: tuple[Break, ...]
) -> tuple[float, ...]:
    """Return how long each pause lasted that somebody asked for, without breaks in it.

    Examples
    --------
    >>> pauses = (Span(start_s=10.0, end_s=15.0), Span(start_s=20.0, end_s=90.0))
    >>> asked_pauses_s(pauses, (Break(start_s=20.0, end_s=80.0, is_timed=True),))
    (5.0,)
    >>> asked_pauses_s(pauses, (Break(start_s=30.0, end_s=80.0, is_timed=True),))
    (5.0, 20.0)
    """
    of_a_break = {each.start_s for each in breaks}
    return tuple(
        pause.end_s
        - pause.start_s
        - sum(b.length_s for b in breaks if pause.start_s < b.start_s < pause.end_s)
        for pause in pauses
        if pause.start_s not in of_a_break
    )


def practised_s(phase: BlockSpan, pauses: tuple[Span, ...]) -> float:
    """Return how long a phase lasted without the pauses in it."""
    paused_s = sum(
        max(0.0, min(phase.end_s, pause.end_s) - max(phase.start_s, pause.start_s))
        for pause in pauses
    )
    return phase.end_s - phase.start_s - paused_s


def without(whole: Span, pauses: tuple[Span, ...]) -> list[Span]:
    """Return what the pauses leave of a span, in order."""
    parts, start_s = [], whole.start_s
    for pause in pauses:
        parts.append((start_s, min(pause.start_s, whole.end_s)))
        start_s = max(start_s, pause.end_s)
    parts.append((start_s, whole.end_s))
    return [Span(start_s=start, end_s=end) for start, end in parts if end > start]


def pace_of(facts: Facts, session: Span) -> PacedBreaths:
    """Return the breaths as shown: none after the pacer stopped, one cut by it."""
    rows: list[tuple[float, float, float]] = []
    for fact in facts:
        if isinstance(fact, Breath):
            rows.append((fact.t_s, fact.t_s + fact.period_s, 60 / fact.period_s))
        elif isinstance(fact, PacerStopped):
            rows = _cut(rows, fact.t_s)
    columns = np.array(_cut(rows, session.end_s)).reshape(-1, 3)
    return PacedBreaths(
        start_s=columns[:, 0], end_s=columns[:, 1], breaths_per_min=columns[:, 2]
    )


def _cut(
    breaths: list[tuple[float, float, float]], stop_s: float
) -> list[tuple[float, float, float]]:
    return [(start, min(end, stop_s), r) for start, end, r in breaths if start < stop_s]


def breath_s_at(pace: PacedBreaths, t_s: Floats) -> Floats:
    """Return the length of the breath under way at each time; NaN where none was."""
    breath_s = np.full(t_s.size, np.nan)
    if not pace.start_s.size:
        return breath_s
    at = np.searchsorted(pace.start_s, t_s, side="right") - 1
    under_way = (at >= 0) & (t_s < pace.end_s[at])
    breath_s[under_way] = 60 / pace.breaths_per_min[at[under_way]]
    return breath_s
