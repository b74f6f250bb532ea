"""A strap's ECG beside its beats: what it says of them, and what follows from that.

Strategy (decision 57).

1. Whose strap sent no ECG stays as it was, to the last bit.
2. Every figure rests on the strap's own intervals. Its ECG takes some of them away
   (`coreg.analysis.cleaning_with_ecg`) and gives none back, nor any of its own: what it
   would give by itself stands beside, for whoever wants to compare (`by_ecg_alone`).
3. What the evening decided by beats stays as it was decided. A person who corrects
   beats sees them after this, and has the last word.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
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
from coreg.findings.study import quietly_practised
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
    nothing = EcgBeside(seen=seen, both=both, at=at, renamed=0, taken=0)
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
        replace(nothing, renamed=len(changed), taken=taken),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubted:
    """A stretch in which a strap and its ECG differ; seconds of the session.

    `extra` beats the strap reported and the ECG does not show, `missed` the ECG shows
    and the strap did not report.
    """

    start_s: float
    end_s: float
    extra: int
    missed: int


def doubted(beside: EcgBeside, heart: HeartFigures) -> tuple[Doubted, ...]:
    """Return where a strap and its ECG differ, beats within two minutes as one."""
    if beside.both is None:
        return ()
    extra_s = heart.beat_t_s[beside.at][beside.both.only_strap]
    missed_s = beside.seen.t_s[beside.both.only_ecg] + beside.both.late_s
    times = sorted([(t, 1, 0) for t in extra_s] + [(t, 0, 1) for t in missed_s])
    found: list[Doubted] = []
    for t_s, extra, missed in times:
        if found and t_s - found[-1].end_s <= _APART_S:
            last = found[-1]
            found[-1] = replace(
                last, end_s=t_s, extra=last.extra + extra, missed=last.missed + missed
            )
        else:
            found.append(Doubted(start_s=t_s, end_s=t_s, extra=extra, missed=missed))
    return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class ByEcgAlone:
    """Every figure of one heart by the beats of its ECG, and how many were clean."""

    beats: int
    clean: int
    hrv: Hrv


def by_ecg_alone(summary: SessionSummary, beside: EcgBeside) -> ByEcgAlone:
    """Take every figure of the practice by the ECG's own intervals.

    They are cleaned as a strap's are, and lose what a foreign shape takes from these.
    """
    seen = beside.seen
    nn_ms = clean_by_ecg(seen)
    counts = quietly_practised(summary, seen.t_s)
    nn_ms = np.where(counts, nn_ms, np.nan)
    t_s, gapped_ms = with_gaps(seen.t_s, nn_ms, seen.after_gap)
    return ByEcgAlone(
        beats=int(counts.sum()),
        clean=int(np.isfinite(nn_ms).sum()),
        hrv=hrv(t_s, gapped_ms),
    )


def clean_by_ecg(seen: EcgSeen) -> Floats:
    """Return the ECG's intervals, NaN where its rhythm or its shapes tell against."""
    nn_ms = clean(seen.rr_ms).nn_ms
    odd: Flags = seen.shapes.is_foreign.copy()
    odd[1:] |= seen.shapes.is_foreign[:-1]
    return np.where(odd, np.nan, nn_ms)
