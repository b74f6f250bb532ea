"""Figures for research: what papers report of two hearts, each named for what it is.

None of them decides anything here. Where a model of influence does not predict what it
has not seen better than the same model without a partner, its coefficients are not
given: they would be read.
"""

from dataclasses import dataclass

import numpy as np

from coreg.analysis.concordance import concordance
from coreg.analysis.coupling import (
    HeldOut,
    coupled_oscillator,
    inertia_and_coordination,
)
from coreg.analysis.crosscorrelation import GRID_RATE_HZ
from coreg.analysis.hrv import Hrv, hrv
from coreg.analysis.phase_locking import CoBreathing, co_breathing
from coreg.analysis.stretches import stretch_means
from coreg.analysis.timedomain import with_gaps
from coreg.facts.arrays import Flags, Floats
from coreg.facts.both import Both
from coreg.facts.events import Partner
from coreg.findings.followed import Followed, followed
from coreg.findings.hanging import hanging_in_heart, with_caution
from coreg.findings.heart import HeartFigures, during
from coreg.findings.summary import SessionSummary
from coreg.findings.timeline import BlockSpan, Span
from coreg.findings.together import (
    Doing,
    Stretch,
    Together,
    spans_of,
)
from coreg.findings.turns import need_unspoken, quiet_hr_bpm

STEP_S = 5
_PER_S = round(GRID_RATE_HZ)


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerInfluence:
    """What one partner's model gains from the other, and its coefficients."""

    partner: Partner
    coefficients: tuple[float, ...]
    held_out: HeldOut


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Research:
    """Everything beside the test."""

    followed: tuple[Followed, ...]
    co_breathing: CoBreathing
    concordance_index: float
    oscillators: tuple[PartnerInfluence, ...]
    growth_per_s: float
    growth_apart_per_s: float
    inertias: tuple[PartnerInfluence, ...]


def research(summary: SessionSummary, together: Together) -> Research | None:
    """Take every figure; None where the two hearts cannot be compared."""
    if together.found is None:
        return None
    unquiet = spans_of(together.left_out)
    a, b = (
        np.log(quiet_hr_bpm(summary, each, unquiet)) for each in (summary.a, summary.b)
    )
    free = [s for s in together.stretches if s.doing is Doing.FREE]
    rng = np.random.default_rng(together.seed)
    slow_a, slow_b = (_free_level(summary, x, free) for x in (a, b))
    oscillator = coupled_oscillator(slow_a, slow_b)
    inertias = inertia_and_coordination(slow_a, slow_b, STEP_S)
    return Research(
        followed=followed(summary),
        co_breathing=co_breathing(
            [(_within(summary, a, s), _within(summary, b, s)) for s in free],
            GRID_RATE_HZ,
            together.found.surrogates,
            rng,
        ),
        concordance_index=concordance(
            stretch_means(a, _PER_S), stretch_means(b, _PER_S)
        ).index,
        oscillators=tuple(
            PartnerInfluence(
                partner=partner,
                coefficients=(
                    of.eta_per_s2,
                    of.zeta_per_s,
                    of.partner_eta_per_s2,
                    of.partner_zeta_per_s,
                ),
                held_out=of.held_out,
            )
            for partner, of in Both(*(oscillator.a, oscillator.b)).items()
        ),
        growth_per_s=oscillator.growth_per_s,
        growth_apart_per_s=oscillator.growth_apart_per_s,
        inertias=tuple(
            PartnerInfluence(
                partner=partner,
                coefficients=(of.inertia, of.coordination),
                held_out=of.held_out,
            )
            for partner, of in Both(*inertias).items()
        ),
    )


def _during(summary: SessionSummary, stretch: Stretch) -> Flags:
    inside: Flags = (summary.grid_s >= stretch.start_s) & (
        summary.grid_s < stretch.end_s
    )
    return inside


def _within(summary: SessionSummary, x: Floats, stretch: Stretch) -> Floats:
    return x[_during(summary, stretch)]


def _free_level(summary: SessionSummary, x: Floats, free: list[Stretch]) -> Floats:
    """Return a level about its straight course in each free stretch, else NaN."""
    level = np.full(x.size, np.nan)
    for stretch in free:
        known = _during(summary, stretch) & np.isfinite(x)
        if np.count_nonzero(known) > 2:
            line = np.polynomial.Polynomial.fit(summary.grid_s[known], x[known], 1)
            level[known] = x[known] - line(summary.grid_s[known])
    return stretch_means(level, _PER_S)


def hrv_of_phase(
    heart: HeartFigures, phase: BlockSpan, pauses: tuple[Span, ...]
) -> Hrv:
    """Return the HRV of one heart during one phase, pauses blank in it.

    Raises
    ------
    SpokenPart
        If people talk in it, or may.
    """
    need_unspoken(phase.kind, "HRV")
    inside = (heart.beat_t_s >= phase.start_s) & (heart.beat_t_s < phase.end_s)
    practised = during(heart.beat_t_s, phase, pauses)[inside]
    t_s, nn_ms = with_gaps(
        heart.beat_t_s[inside],
        np.where(practised, heart.nn_ms[inside], np.nan),
        heart.after_gap[inside],
    )
    return hrv(t_s, nn_ms)


def rmssd_caution(
    summary: SessionSummary, heart: HeartFigures, phase: BlockSpan
) -> str | None:
    """Return why RMSSD of one part hangs on few beats; None where it does not.

    Times in it are seconds of the practice.

    Raises
    ------
    SpokenPart
        If people talk in it, or may.
    """
    counts = during(heart.beat_t_s, phase, summary.pauses)
    found = hanging_in_heart(heart, counts, summary.start_s)
    if found is None:
        return None
    figures = with_caution(hrv_of_phase(heart, phase, summary.pauses), found)
    return figures.cautions.get("rmssd_ms")
