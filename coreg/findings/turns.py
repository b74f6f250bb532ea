"""Heart level part by part, and by who spoke: all that a spoken part may say of hearts.

Strategy.

1. Who speaks and who listens stands in the session's own plan, and who has the first
   place in its beginning. Of a plan that this coreg cannot read, nobody knows.
2. Of each part only what is left counts: not the quiet seconds that begin a turn, not
   the ten seconds after a change, no pause and not the ten seconds after it. Turning
   to somebody, drawing breath and standing up move a heart more than what is said.
3. The change is from the same evening's arriving; where a practice begins without one
   and takes steps, from the first step. Its interval says how far this
   heart's own slow waves alone move two such stretches apart (`analysis.level`).
4. Below a floor there is no number but the reason. Of a part in which people talk
   there is nothing else: breath goes with the words, and with it swing, RMSSD and all
   likeness (`need_unspoken`).
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np

from coreg.analysis.level import (
    Spans,
    WavePower,
    level_bpm,
    stretch_levels_bpm,
    wave_power_bpm2,
)
from coreg.errors import SpokenPart
from coreg.exercises.blocks import Role, Who, meaning_of
from coreg.exercises.plan import readable_plan
from coreg.exercises.plan_blocks import (
    Block,
)
from coreg.facts.arrays import Flags, Floats
from coreg.facts.events import Opened, Partner
from coreg.findings.heart import HeartFigures
from coreg.findings.summary import SessionSummary
from coreg.findings.timeline import BlockSpan, Span, without
from coreg.words import wrong_and_do

AFTER_CHANGE_S: Final = 10.0
LEAST_KEPT_S: Final = 30.0
LEAST_CLEAN_SHARE: Final = 0.6


class Silent(StrEnum):
    """Why there is no figure."""

    TOO_SHORT = "too short"
    TOO_LITTLE_CLEAN = "too little clean"
    NO_ARRIVAL = "no arrival"
    IS_ARRIVAL = "is arrival"
    TOO_FEW_STRETCHES = "too few stretches"


class Reference(StrEnum):
    """What the changes of an evening are from."""

    ARRIVAL = "arrival"
    FIRST_STEP = "first step"  # where nobody arrived


@dataclass(frozen=True, slots=True, kw_only=True)
class HeartLevel:
    """One heart's level in a stretch of time, and how far it is from the reference.

    `kept_s` is the time that counts, `clean_s` what of it lies in clean intervals. The
    change is the true one within ± `half_width_bpm`, 95 times of 100, where nothing
    but the heart's own waves hides it. NaN where `silent` or `change_silent` say why.
    """

    kept_s: float
    clean_s: float
    bpm: float
    silent: Silent | None
    change_bpm: float
    half_width_bpm: float
    change_silent: Silent | None

    @property
    def is_beyond_waves(self) -> bool:
        """Whether the change is larger than the heart's own waves would make it."""
        return abs(self.change_bpm) > self.half_width_bpm


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockLevel:
    """One heart in one part of the practice."""

    partner: Partner
    phase: BlockSpan
    role: Role
    level: HeartLevel


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleLevel:
    """One heart in all parts in which its wearer did the same."""

    partner: Partner
    role: Role
    level: HeartLevel


def need_unspoken(kind: str, figure: str) -> None:
    """Refuse a figure that breath decides of a part in which people may talk.

    Raises
    ------
    SpokenPart
        With the reason.

    Examples
    --------
    >>> need_unspoken("rest", "RSA")
    """
    if is_talked_in(kind):
        raise SpokenPart(*wrong_and_do("errors.measure.spoken", figure=figure))


def is_talked_in(kind: str) -> bool:
    """Whether people talk in a part of this kind, or may.

    Examples
    --------
    >>> is_talked_in("turn"), is_talked_in("words"), is_talked_in("breathe")
    (True, True, False)
    """
    means = meaning_of(kind)
    return means.is_spoken or means.may_talk


def levels_by_block(summary: SessionSummary) -> tuple[BlockLevel, ...]:
    """Return every shown heart's level, part by part, A's before B's."""
    blocks = _blocks(summary.opened)
    return tuple(
        BlockLevel(
            partner=heart.partner,
            phase=phase,
            role=_role(heart.partner, phase, blocks, summary.opened),
            level=heard.level(_kept(phase, blocks, summary.pauses)),
        )
        for phase in summary.phases
        for heart, heard in _heard(summary, blocks)
    )


def levels_by_role(summary: SessionSummary) -> tuple[RoleLevel, ...]:
    """Return every shown heart's level by what its wearer did; `OTHER` is left out."""
    blocks = _blocks(summary.opened)
    begins = _reference(summary)
    found: list[RoleLevel] = []
    for heart, heard in _heard(summary, blocks):
        parts: dict[Role, list[Spans]] = {}
        for phase in summary.phases:
            if phase is begins and meaning_of(phase.kind).is_step:
                continue  # what all other steps are held against is none of them
            role = _role(heart.partner, phase, blocks, summary.opened)
            kept = _kept(phase, blocks, summary.pauses)
            parts.setdefault(role, []).append(kept)
        found += [
            RoleLevel(partner=heart.partner, role=role, level=heard.mean(parts[role]))
            for role in Role
            if role in parts and role is not Role.OTHER
        ]
    return tuple(found)


def reference_of(summary: SessionSummary) -> Reference:
    """Return what changes are from; where there is neither, they would be of arriving.

    Examples are in docs/measures.md: near and far begins with a distance, not with a
    rest, and everything in it is beside its first step.
    """
    begins = _reference(summary)
    is_step = begins is not None and meaning_of(begins.kind).is_step
    return Reference.FIRST_STEP if is_step else Reference.ARRIVAL


def _reference(summary: SessionSummary) -> BlockSpan | None:
    arrivals = (each for each in summary.phases if meaning_of(each.kind).is_arrival)
    steps = (each for each in summary.phases if meaning_of(each.kind).is_step)
    return next(arrivals, None) or next(steps, None)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Level:
    """A level by itself: what counts of its time, and why it is not known."""

    kept_s: float
    clean_s: float
    bpm: float
    silent: Silent | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Heard:
    """One heart of an evening: its beats, its waves, and where it arrived."""

    beat_t_s: Floats
    nn_ms: Floats
    waves: WavePower
    arrival: Spans

    def level(self, spans: Spans) -> HeartLevel:
        return self._beside_arrival(spans, self._level(spans))

    def mean(self, parts: Sequence[Spans]) -> HeartLevel:
        """Return the mean level of several parts, weighted by their time.

        Not the median of all their beats, which jumps where one part was quicker and
        another slower. Parts without a level are left out, where any has one.
        """
        levels = [self._level(spans) for spans in parts]
        known = [at for at, level in enumerate(levels) if level.silent is None]
        if not known:
            best = max(range(len(parts)), key=lambda at: levels[at].kept_s)
            return self._beside_arrival(parts[best], levels[best])
        kept_s = [levels[at].kept_s for at in known]
        mean = _Level(
            kept_s=sum(kept_s),
            clean_s=sum(levels[at].clean_s for at in known),
            bpm=float(np.average([levels[at].bpm for at in known], weights=kept_s)),
            silent=None,
        )
        return self._beside_arrival([s for at in known for s in parts[at]], mean)

    def _beside_arrival(self, spans: Spans, of: _Level) -> HeartLevel:
        change_bpm = half_width_bpm = math.nan
        change_silent = of.silent or self._why_no_change(spans)
        if change_silent is None:
            change_bpm = of.bpm - self._level(self.arrival).bpm
            half_width_bpm = self.waves.half_width_bpm(self.arrival, spans)
        return HeartLevel(
            kept_s=of.kept_s,
            clean_s=of.clean_s,
            bpm=of.bpm,
            silent=of.silent,
            change_bpm=change_bpm,
            half_width_bpm=half_width_bpm,
            change_silent=change_silent,
        )

    def _level(self, spans: Spans) -> _Level:
        kept_s = sum(end_s - start_s for start_s, end_s in spans)
        nn_ms = self.nn_ms[_inside(self.beat_t_s, spans)]
        clean_s = float(np.nansum(nn_ms)) / 1000
        silent = None
        if kept_s < LEAST_KEPT_S:
            silent = Silent.TOO_SHORT
        elif clean_s < LEAST_CLEAN_SHARE * kept_s:
            silent = Silent.TOO_LITTLE_CLEAN
        return _Level(
            kept_s=kept_s,
            clean_s=clean_s,
            bpm=level_bpm(nn_ms) if silent is None else math.nan,
            silent=silent,
        )

    def _why_no_change(self, spans: Spans) -> Silent | None:
        if not self.arrival or self._level(self.arrival).silent is not None:
            return Silent.NO_ARRIVAL
        if set(spans) == set(self.arrival):
            return Silent.IS_ARRIVAL
        return Silent.TOO_FEW_STRETCHES if math.isnan(self.waves.bpm2) else None


def _heard(
    summary: SessionSummary, blocks: Mapping[int, Block]
) -> tuple[tuple[HeartFigures, _Heard], ...]:
    kept = [_kept(phase, blocks, summary.pauses) for phase in summary.phases]
    begins = _reference(summary)
    arrival = next(
        (
            spans
            for phase, spans in zip(summary.phases, kept, strict=True)
            if phase is begins
        ),
        [],
    )
    return tuple((heart, _heard_of(heart, kept, arrival)) for heart in summary.hearts)


def _heard_of(heart: HeartFigures, kept: Iterable[Spans], arrival: Spans) -> _Heard:
    runs = [
        stretch_levels_bpm(heart.beat_t_s, heart.nn_ms, start_s, end_s)
        for spans in kept
        for start_s, end_s in spans
    ]
    return _Heard(
        beat_t_s=heart.beat_t_s,
        nn_ms=heart.nn_ms,
        waves=wave_power_bpm2(runs),
        arrival=arrival,
    )


def _inside(beat_t_s: Floats, spans: Spans) -> Flags:
    inside = np.zeros(beat_t_s.size, dtype=np.bool_)
    for start_s, end_s in spans:
        inside |= (beat_t_s > start_s) & (beat_t_s <= end_s)
    return inside


def _kept(
    phase: BlockSpan, blocks: Mapping[int, Block], pauses: tuple[Span, ...]
) -> list[tuple[float, float]]:
    """Return what counts of a part: all but what follows a change too soon."""
    block = blocks.get(phase.number)
    quiet_s = block.quiet_s if block is not None else 0.0
    begun = Span(start_s=phase.start_s + quiet_s, end_s=phase.end_s)
    if begun.end_s <= begun.start_s:
        return []
    return [
        (part.start_s + AFTER_CHANGE_S, part.end_s)
        for part in without(begun, pauses)
        if part.end_s - part.start_s > AFTER_CHANGE_S
    ]


def _blocks(opened: Opened) -> Mapping[int, Block]:
    plan = readable_plan(opened.practice.plan_toml)
    return {} if plan is None else dict(enumerate(plan.blocks))


def _role(
    partner: Partner, phase: BlockSpan, blocks: Mapping[int, Block], opened: Opened
) -> Role:
    """Return what one of the two does in a part, as far as the plan says it."""
    whose_it_is, the_other = meaning_of(phase.kind).roles
    if whose_it_is is the_other:  # both do the same
        return whose_it_is
    block = blocks.get(phase.number)
    if block is None or block.kind != phase.kind:
        return Role.OTHER
    place = Who.FIRST if partner is opened.practice.first else Who.SECOND
    return whose_it_is if block.who is place else the_other


def quiet_hr_bpm(
    summary: SessionSummary, heart: HeartFigures, unquiet: Sequence[Span] = ()
) -> Floats:
    """Return a heart's rate on the grid, NaN where people talk too.

    For whatever looks at both hearts over a whole practice: who talks in turn breathes
    in turn, and is alike by that. `unquiet` are further times that were not quiet.
    """
    hr_bpm = heart.hr_bpm.copy()
    talked = [
        Span(start_s=phase.start_s, end_s=phase.end_s)
        for phase in summary.phases
        if is_talked_in(phase.kind)
    ]
    for each in (*talked, *unquiet):
        inside = (summary.grid_s >= each.start_s) & (summary.grid_s < each.end_s)
        hr_bpm[inside] = np.nan
    return hr_bpm
