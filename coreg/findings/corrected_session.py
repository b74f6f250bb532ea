"""One heart of a session as somebody corrected it by hand, and what follows from that.

Strategy.

1. What is corrected are the beats that the engine gave, as pages show them: an old
   session, understood by today's analysis. So corrections name the packets that were
   recorded and the beats that came of them, and whatever does not agree is refused.
2. All that a page takes from beats is taken anew from those that were corrected: heart
   rate, levels, the swing with each breath, all HRV, the test of both hearts.
3. What the evening itself decided by its beats stays as it was decided: the paces, the
   question after flooding, settled, awake. Whoever reads the page is told so.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial as given
from typing import Final

import numpy as np

from coreg.analysis.corrections import (
    Correction,
    EditableBeat,
    WhichRecording,
    beats_sha256,
    corrected,
)
from coreg.analysis.crosscorrelation import instantaneous_hr_bpm
from coreg.analysis.hrv import hrv
from coreg.analysis.rsa import lookahead_s, rsa_of_breath
from coreg.analysis.spectrum import psd_welch
from coreg.analysis.timedomain import with_gaps
from coreg.errors import BadCorrectionsError
from coreg.facts.arrays import Flags, Floats
from coreg.facts.codec import encode
from coreg.facts.events import BeatLabel, Fact, Intervals, Notification, Partner
from coreg.findings.corrected import (
    Correctable,
    CorrectedByHand,
    by_hand,
    editable,
    is_irregular,
)
from coreg.findings.hanging import with_caution
from coreg.findings.heart import (
    HeartFigures,
    Swings,
    during,
    forward,
    heard_share,
    level_of,
    merged,
    within,
)
from coreg.findings.recording import (
    CleanedRecording,
    RecordingFigures,
    hanging_in,
)
from coreg.findings.study import quietly_practised
from coreg.findings.summary import SessionSummary
from coreg.findings.timeline import Span
from coreg.words import wrong_and_do

KIND: Final = "one heart of a session"


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """Corrections of one heart; who made them, and when they were last changed."""

    corrections: tuple[Correction, ...]
    by: str
    utc: str


def heart_of_session(
    summary: SessionSummary, name: str, facts: Iterable[Fact], partner: Partner
) -> Correctable:
    """Return one heart of a session as somebody may correct it.

    `facts` are the session's own, of the same session; `name` is what it is called.

    Raises
    ------
    BadCorrectionsError
        If its beats do not follow one another in time: the strap's clock was set back.
    """
    heart = _heart(summary, partner)
    if not forward(heart.beat_t_s).all():
        raise BadCorrectionsError(*wrong_and_do("errors.corrections.clock-set-back"))
    called = f"{name}, {partner}"
    return Correctable(
        which=WhichRecording(
            name=called,
            sha256=_packets_sha256(facts, partner),
            beats=heart.rr_ms.size,
            beats_sha256=beats_sha256(heart.rr_ms.tolist()),
        ),
        cleaned=cleaned_heart(heart),
        figures=given(_figures, summary, called),
    )


def corrected_summary(
    summary: SessionSummary, of: Mapping[Partner, tuple[Correctable, Made]]
) -> SessionSummary:
    """Return a session with the hearts that somebody corrected as they corrected them.

    Raises
    ------
    BadCorrectionsError
        If a correction does not fit.
    """
    hearts = {Partner.A: summary.a, Partner.B: summary.b}
    told: dict[Partner, CorrectedByHand] = {}
    for partner, (correctable, made) in of.items():
        as_cleaned = editable(correctable.cleaned)
        editing = corrected(as_cleaned, made.corrections)
        changed_s = np.array(
            [
                beat.t_s
                for _, splice in editing.done
                for beat in (*splice.out, *splice.into)
            ]
        )
        hearts[partner] = heart_of_beats(
            summary, hearts[partner], editing.edited.beats, changed_s
        )
        told[partner] = CorrectedByHand(
            by_hand=by_hand(as_cleaned, editing), by=made.by, utc=made.utc
        )
    return replace(summary, a=hearts[Partner.A], b=hearts[Partner.B], by_hand=told)


def _heart(summary: SessionSummary, partner: Partner) -> HeartFigures:
    return summary.a if partner is Partner.A else summary.b


def _packets_sha256(facts: Iterable[Fact], partner: Partner) -> str:
    """Return what tells what one strap sent, and when, from all else.

    It stays the same where a session is locked, or the other heart erased.
    """
    digest = hashlib.sha256()
    for fact in facts:
        if isinstance(fact, Notification | Intervals) and fact.partner is partner:
            digest.update(encode(fact) + b"\n")
    return digest.hexdigest()


def cleaned_heart(heart: HeartFigures) -> CleanedRecording:
    """Return a heart as a recording that was cleaned."""
    is_untrue = within(heart.beat_t_s, heart.over_counted_s)
    labels = tuple(
        BeatLabel.EXTRA if no and label is BeatLabel.NORMAL else label
        for no, label in zip(is_untrue.tolist(), heart.labels, strict=True)
    )
    return CleanedRecording(
        t_s=heart.beat_t_s,
        rr_ms=heart.rr_ms,
        nn_ms=heart.nn_ms,
        labels=tuple(label.value for label in labels),
        corrected_ms=heart.nn_ms,
        lost_before=heart.after_gap,
        over_counted_s=heart.signal.over_counted_s,
        irregular_s=heart.signal.irregular_s,
    )


def _figures(
    summary: SessionSummary, called: str, of: CleanedRecording
) -> RecordingFigures:
    """Take every figure of one heart over the whole practice, as for research."""
    counts = quietly_practised(summary, of.t_s)
    nn_ms = np.where(counts, of.nn_ms, np.nan)
    gapped_t_s, gapped_nn_ms = with_gaps(of.t_s, nn_ms, of.lost_before)
    figures = hrv(gapped_t_s, gapped_nn_ms)
    found = hanging_in(of, nn_ms)
    enough = np.isfinite(figures.hf_ms2)
    return RecordingFigures(
        name=called,
        kind=KIND,
        t_s=of.t_s,
        rr_ms=of.rr_ms,
        nn_ms=nn_ms,
        labels=of.labels,
        hrv=with_caution(figures, found),
        spectrum=psd_welch(gapped_t_s, gapped_nn_ms) if enough else None,
        over_counted_s=of.over_counted_s,
        irregular_s=of.irregular_s,
        hangs_on=found,
        remarks=(),
    )


# --- one heart anew --------------------------------------------------------------


def heart_of_beats(
    summary: SessionSummary,
    heart: HeartFigures,
    beats: Sequence[EditableBeat],
    changed_s: Floats,
) -> HeartFigures:
    """Return a heart of these beats: all that was taken from the others, taken anew.

    `changed_s` are the times of beats that are not as they were.
    """
    t_s = np.array([beat.t_s for beat in beats])
    rr_ms = np.array([beat.rr_ms for beat in beats])
    counts = np.array([beat.counts for beat in beats], dtype=np.bool_)
    nn_ms = np.where(counts, rr_ms, np.nan)
    after_gap = np.array([beat.lost_before for beat in beats], dtype=np.bool_)
    blank_s = _blank_s(summary, heart, t_s, rr_ms, counts)
    hr_bpm = instantaneous_hr_bpm(t_s, nn_ms, blank_s, summary.grid_s)
    practised = (t_s >= summary.start_s) & (t_s <= summary.end_s)
    is_odd = np.array([is_irregular(beat) for beat in beats], dtype=np.bool_)
    return replace(
        heart,
        beat_t_s=t_s,
        rr_ms=rr_ms,
        nn_ms=nn_ms,
        labels=tuple(map(_label, beats)),
        after_gap=after_gap,
        gaps_s=blank_s,
        hr_bpm=hr_bpm,
        swings=_swings(heart, changed_s, t_s, nn_ms),
        levels=tuple(
            level_of(t_s, nn_ms, after_gap, during(t_s, phase, summary.pauses))
            for phase in summary.phases
        ),
        signal=replace(
            heart.signal,
            beats=int(practised.sum()),
            clean_beats=int((practised & counts).sum()),
            heard_share=heard_share(hr_bpm, summary.grid_s, summary.breaks),
            irregular_s=min(
                heart.signal.irregular_s, float(rr_ms[practised & is_odd].sum()) / 1000
            ),
        ),
        by_hand=frozenset(at for at, beat in enumerate(beats) if beat.did),
    )


def _label(beat: EditableBeat) -> BeatLabel:
    """Return what a page says of a beat: cleaning's word, unless it was counted."""
    if beat.lost_before:
        return BeatLabel.GAP
    return BeatLabel.NORMAL if beat.counts and beat.did else BeatLabel(beat.label)


def _blank_s(
    summary: SessionSummary,
    heart: HeartFigures,
    t_s: Floats,
    rr_ms: Floats,
    counts: Flags,
) -> Floats:
    """Return where the rate of a corrected heart is not known, whatever lies around.

    Where beats were lost, as before; where they said nothing, all but what somebody
    counts there.
    """
    session = Span(start_s=summary.start_s, end_s=summary.end_s)
    spans = heart.lost_s.tolist()
    for start_s, end_s in heart.untrue_s.tolist():
        inside = (t_s >= start_s) & (t_s <= end_s)
        if not (inside & counts).any():
            spans.append([start_s, end_s])
            continue
        for at in np.flatnonzero(inside & ~counts).tolist():
            began_s = float(t_s[at] - rr_ms[at] / 1000)
            spans.append([max(start_s, began_s), min(end_s, float(t_s[at]))])
    return merged(spans, session)


def _swings(
    heart: HeartFigures, changed_s: Floats, t_s: Floats, nn_ms: Floats
) -> Swings:
    """Return the swings, those of breaths near to what was changed measured anew."""
    swings = heart.swings
    rsa_bpm = swings.rsa_bpm.copy()
    for at, (start_s, period_s) in enumerate(
        zip(swings.start_s.tolist(), swings.period_s.tolist(), strict=True)
    ):
        reach_s = lookahead_s(period_s)
        near = (changed_s >= start_s - reach_s) & (
            changed_s <= start_s + period_s + reach_s
        )
        if near.any():
            rsa_bpm[at] = rsa_of_breath(t_s, nn_ms, start_s, period_s).rsa_bpm
    return replace(swings, rsa_bpm=rsa_bpm)
