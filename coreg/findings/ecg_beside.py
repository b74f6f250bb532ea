"""A strap's ECG beside its beats: what it says of them, and what follows from that.

Strategy (decision 57).

1. Whose strap sent no ECG stays as it was, to the last bit.
2. Every figure rests on the strap's own intervals. Its ECG takes some of them away
   (`coreg.analysis.cleaning_with_ecg`) and gives none back, nor any of its own: what it
   would give by itself stands beside, for whoever wants to compare (`by_ecg_alone`).
3. What the evening decided by beats stays as it was decided. A person who corrects
   beats sees them after this, and has the last word.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

import numpy as np

from coreg.analysis.cleaning import clean
from coreg.analysis.cleaning_with_ecg import labels_with_ecg, sure
from coreg.analysis.hrv import Hrv, hrv
from coreg.analysis.timedomain import with_gaps
from coreg.analysis.two_witnesses import Heard, two_witnesses
from coreg.facts.arrays import Flags, Floats
from coreg.facts.events import Fact, Partner
from coreg.findings.corrected import editable
from coreg.findings.corrected_session import cleaned_heart, heart_of_beats
from coreg.findings.ecg_seen import EcgBeside, EcgSeen, ecg_seen
from coreg.findings.heart import HeartFigures, forward, within
from coreg.findings.study import hrv_of_practice, quietly_practised
from coreg.findings.summary import SessionSummary

_APART_S: Final = 120.0


def with_ecg(summary: SessionSummary, facts: Sequence[Fact]) -> SessionSummary:
    """Return a session whose hearts were gone over with their straps' ECG."""
    beside: dict[Partner, EcgBeside] = {}
    hearts = {Partner.A: summary.a, Partner.B: summary.b}
    for partner in summary.shown:
        seen = ecg_seen(facts, partner)
        if seen is None or not seen.t_s.size:
            continue
        hearts[partner], beside[partner] = _heard_with(summary, hearts[partner], seen)
    if not beside:
        return summary
    return replace(summary, a=hearts[Partner.A], b=hearts[Partner.B], ecg=beside)


def _heard_with(
    summary: SessionSummary, heart: HeartFigures, seen: EcgSeen
) -> tuple[HeartFigures, EcgBeside]:
    at = np.flatnonzero(forward(heart.beat_t_s))
    strap = Heard(
        t_s=heart.beat_t_s[at],
        rr_ms=heart.rr_ms[at],
        after_gap=heart.after_gap[at],
        is_sure=~within(heart.beat_t_s[at], heart.over_counted_s),
    )
    ecg = Heard(
        t_s=seen.t_s,
        rr_ms=seen.rr_ms,
        after_gap=seen.after_gap,
        is_sure=sure(seen.shapes),
    )
    both = two_witnesses(strap, ecg)
    nothing = EcgBeside(seen=seen, both=both, strap_t_s=strap.t_s, taken=0)
    if both is None:
        return heart, nothing
    before = tuple(heart.labels[k].value for k in at.tolist())
    after = labels_with_ecg(before, strap, both, seen.shapes)
    changed = {
        int(at[k]): said
        for k, (was, said) in enumerate(zip(before, after, strict=True))
        if said != was
    }
    if not changed:
        return heart, nothing
    beats = [
        replace(beat, label=changed[k], counts=False) if k in changed else beat
        for k, beat in enumerate(editable(cleaned_heart(heart)).beats)
    ]
    changed_at = np.array(sorted(changed))
    taken = int(np.isfinite(heart.nn_ms[changed_at]).sum())
    return (
        heart_of_beats(summary, heart, beats, heart.beat_t_s[changed_at]),
        replace(nothing, taken=taken),
    )


class Doubt(StrEnum):
    """How a strap and its ECG differ."""

    EXTRA = "extra"  # the strap reported a beat that the ECG does not show
    MISSED = "missed"  # the ECG shows one that the strap did not report


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubted:
    """A stretch in which a strap is doubted by its ECG; seconds of the session."""

    start_s: float
    end_s: float
    what: Doubt
    beats: int


def doubted(beside: EcgBeside) -> tuple[Doubted, ...]:
    """Return where a strap and its ECG differ, beats within two minutes as one."""
    if beside.both is None:
        return ()
    extra_s = beside.strap_t_s[beside.both.only_strap]
    missed_s = beside.seen.t_s[beside.both.only_ecg] + beside.both.late_s
    found = [*_stretches(extra_s, Doubt.EXTRA), *_stretches(missed_s, Doubt.MISSED)]
    return tuple(sorted(found, key=lambda each: each.start_s))


def _stretches(times_s: Floats, what: Doubt) -> list[Doubted]:
    found: list[Doubted] = []
    for t_s in times_s.tolist():
        if found and t_s - found[-1].end_s <= _APART_S:
            last = found[-1]
            found[-1] = replace(last, end_s=t_s, beats=last.beats + 1)
        else:
            found.append(Doubted(start_s=t_s, end_s=t_s, what=what, beats=1))
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Every figure of one heart over the practice, by so many intervals."""

    counted: int
    hrv: Hrv


def by_strap(summary: SessionSummary, heart: HeartFigures) -> Figures:
    """Take every figure of the practice by the strap's intervals, as all pages do."""
    practised = quietly_practised(summary, heart.beat_t_s)
    return Figures(
        counted=int((practised & np.isfinite(heart.nn_ms)).sum()),
        hrv=hrv_of_practice(summary, heart),
    )


def by_ecg_alone(summary: SessionSummary, beside: EcgBeside) -> Figures:
    """Take every figure of the practice by the ECG's own intervals.

    They are cleaned as a strap's are, and lose what a foreign shape takes from these.
    """
    seen = beside.seen
    nn_ms = clean_by_ecg(seen)
    counts = quietly_practised(summary, seen.t_s)
    nn_ms = np.where(counts, nn_ms, np.nan)
    t_s, gapped_ms = with_gaps(seen.t_s, nn_ms, seen.after_gap)
    return Figures(counted=int(np.isfinite(nn_ms).sum()), hrv=hrv(t_s, gapped_ms))


def clean_by_ecg(seen: EcgSeen) -> Floats:
    """Return the ECG's intervals, NaN where its rhythm or its shapes tell against."""
    nn_ms = clean(seen.rr_ms).nn_ms
    odd: Flags = seen.shapes.is_foreign.copy()
    odd[1:] |= seen.shapes.is_foreign[:-1]
    return np.where(odd, np.nan, nn_ms)


@dataclass(frozen=True, slots=True, kw_only=True)
class EcgTold:
    """What a page says of one strap and its ECG during the practice.

    `start_s` is when the practice began, on the clock of the session like all times.
    `beats` are those of the ECG that the strap would have had to report, `matched`
    those that it did. `difference_ms` is the median |difference| of their intervals,
    NaN of none. `foreign` beats came early and look unlike the heart's own. `taken`
    intervals do not count because of the ECG. `goes_together` is False where nothing
    is compared.
    """

    partner: Partner
    start_s: float
    goes_together: bool
    beats: int
    matched: int
    difference_ms: float
    foreign: int
    taken: int
    unreadable_s: float
    doubted: tuple[Doubted, ...]
    strap: Figures
    alone: Figures


def told_of(summary: SessionSummary, partner: Partner) -> EcgTold | None:
    """Return what is said of one heart's ECG; None where there is none."""
    beside = summary.ecg.get(partner)
    if beside is None:
        return None
    heart = summary.a if partner is Partner.A else summary.b
    seen, both = beside.seen, beside.both
    inside = (seen.t_s >= summary.start_s) & (seen.t_s <= summary.end_s)
    apart_ms = np.abs(both.difference_ms) if both else np.empty(0)
    known = apart_ms[np.isfinite(apart_ms)]
    matched = int((inside & (both.strap_of >= 0)).sum()) if both else 0
    dark_s = np.clip(seen.unreadable_s, summary.start_s, summary.end_s)
    return EcgTold(
        partner=partner,
        start_s=summary.start_s,
        goes_together=both is not None,
        beats=matched + (int((inside & both.only_ecg).sum()) if both else 0),
        matched=matched,
        difference_ms=float(np.median(known)) if known.size else math.nan,
        foreign=int((inside & seen.shapes.is_foreign).sum()),
        taken=beside.taken,
        unreadable_s=float(np.diff(dark_s, axis=1).sum()),
        doubted=tuple(
            each
            for each in doubted(beside)
            if summary.start_s <= each.start_s <= summary.end_s
        ),
        strap=by_strap(summary, heart),
        alone=by_ecg_alone(summary, beside),
    )
