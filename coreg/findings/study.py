"""A session as figures for research: each heart over the practice and over each part.

The same figures as on the pages, by the same functions: HRV over what was practised,
without pauses; settled over the whole; synchrony as it was tested, by parts and over
all. Whoever wants one figure a session takes the rows of the whole practice.

Of a part in which people talk there is the heart level alone: breath goes with the
words, and all other figures with the breath (`turns`). So those parts are none of what
the figures of the whole practice are of.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from coreg.analysis.hrv import FLOORS, Hrv, hrv
from coreg.analysis.synchrony import PhaseSynchrony
from coreg.analysis.timedomain import with_gaps
from coreg.exercises.plan import readable_plan
from coreg.facts.arrays import Flags, Floats
from coreg.facts.events import Partner
from coreg.findings.chest_breath import ChestBreath, EcgBreath
from coreg.findings.hanging import hanging_in_heart, with_caution
from coreg.findings.heart import HeartFigures, during, forward
from coreg.findings.settled import Settled
from coreg.findings.summary import SessionSummary
from coreg.findings.timeline import BlockSpan, practised_s
from coreg.findings.together import Stretch, Together, together
from coreg.findings.turns import is_talked_in


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyRow:
    """One heart over the whole practice (`part` is None), or over one part of it.

    `length_s` is without pauses. `settled`, and of a breath what was recorded, are of
    the whole practice alone.
    """

    partner: Partner
    part: BlockSpan | None
    length_s: float
    beats: int
    hrv: Hrv
    settled: Settled | None
    breath: ChestBreath | None
    ecg_breath: EcgBreath | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SessionStudy:
    """One session's figures; `together` is of both and the same in all rows."""

    name: str
    plan: str
    summary: SessionSummary
    rows: tuple[StudyRow, ...]
    together: Together


def study_of(
    name: str,
    summary: SessionSummary,
    *,
    test: Callable[[SessionSummary], Together] = together,
) -> SessionStudy:
    """Take every figure of one session; testing synchrony takes some seconds.

    `test` is how synchrony is tested: as on the pages, unless the caller has a test
    with other draws of chance.
    """
    plan = readable_plan(summary.opened.practice.plan_toml)
    return SessionStudy(
        name=name,
        plan=plan.name if plan else "",
        summary=summary,
        rows=tuple(row for heart in summary.hearts for row in _rows(summary, heart)),
        together=test(summary),
    )


def stretches_in(
    part: BlockSpan, found: Together
) -> list[tuple[Stretch, PhaseSynchrony]]:
    """Return what was tested of one part: more than one where a pause split it."""
    if found.found is None:
        return []
    return [
        (stretch, phase)
        for stretch, phase in zip(found.stretches, found.found.per_phase, strict=True)
        if part.start_s <= stretch.start_s < part.end_s
    ]


_LEVEL: Final = frozenset({"mean_nn_ms", "mean_hr_bpm", "mean_inst_hr_bpm"})
_SPOKEN: Final = "people talk in this part, or may: breath goes with the words"


def _rows(summary: SessionSummary, heart: HeartFigures) -> Iterator[StudyRow]:
    whole = _whole(summary)
    for part in (None, *summary.phases):
        span = whole if part is None else part
        practised = during(heart.beat_t_s, span, summary.pauses)
        is_talked = part is not None and is_talked_in(part.kind)
        figures = _hrv_of(
            summary,
            heart,
            practised if part else practised & ~_talked(summary, heart.beat_t_s),
        )
        yield StudyRow(
            partner=heart.partner,
            part=part,
            length_s=practised_s(span, summary.pauses),
            beats=int(practised.sum()),
            hrv=_level_alone(figures) if is_talked else figures,
            settled=summary.settled[heart.partner] if part is None else None,
            breath=summary.chest_breath.get(heart.partner) if part is None else None,
            ecg_breath=summary.ecg_breath.get(heart.partner) if part is None else None,
        )


def _hrv_of(summary: SessionSummary, heart: HeartFigures, practised: Flags) -> Hrv:
    counts = practised & forward(heart.beat_t_s)
    nn_ms = np.where(counts, heart.nn_ms, np.nan)
    figures = hrv(*with_gaps(heart.beat_t_s, nn_ms, heart.after_gap))
    return with_caution(figures, hanging_in_heart(heart, counts, summary.start_s))


def hrv_of_practice(summary: SessionSummary, heart: HeartFigures) -> Hrv:
    """Return the HRV of one heart over the whole practice, without pauses and talk."""
    return _hrv_of(summary, heart, quietly_practised(summary, heart.beat_t_s))


def quietly_practised(summary: SessionSummary, t_s: Floats) -> Flags:
    """Say which beats figures of the whole practice are of: no pause, and no talk."""
    practised = during(t_s, _whole(summary), summary.pauses)
    return practised & ~_talked(summary, t_s)


def _whole(summary: SessionSummary) -> BlockSpan:
    return BlockSpan(
        number=0, name="", kind="", start_s=summary.start_s, end_s=summary.end_s
    )


def _talked(summary: SessionSummary, t_s: Floats) -> Flags:
    """Say which beats lie in parts in which people talk."""
    talked = np.zeros(t_s.size, dtype=np.bool_)
    for part in summary.phases:
        if is_talked_in(part.kind):
            talked |= during(t_s, part, ())
    return talked


def _level_alone(figures: Hrv) -> Hrv:
    """Return of a spoken part what does not go with the breath."""
    gone = [name for name in FLOORS if name not in _LEVEL]
    return replace(
        figures,
        **dict.fromkeys(gone, math.nan),
        reasons={**figures.reasons, **dict.fromkeys(gone, _SPOKEN)},
        cautions={n: why for n, why in figures.cautions.items() if n in _LEVEL},
    )
