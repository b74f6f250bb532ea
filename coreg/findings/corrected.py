"""A recording as somebody corrected it: its beats, and its figures."""

import dataclasses
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from coreg.analysis.corrections import (
    NORMAL,
    Correction,
    Did,
    EditableBeat,
    EditedBeats,
    Editing,
    WhichRecording,
    beats_sha256,
    corrected,
    kind_of,
)
from coreg.findings.recording import (
    CleanedRecording,
    RecordingFigures,
    cleaned,
    figures_of,
)
from coreg.sensors.recordings.recording import Recording


@dataclass(frozen=True, slots=True, kw_only=True)
class ByHand:
    """What corrections come to: how many of each, and what figures rest on.

    `made` are intervals that were not recorded but parted or joined by hand and count.
    `in_irregular` were accepted or made where the rhythm was found irregular.
    """

    done: Mapping[str, int]
    made: int
    in_irregular: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectedByHand:
    """What somebody did by hand to one heart; who, and when last."""

    by_hand: ByHand
    by: str
    utc: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Correctable:
    """Beats that somebody may correct: which they are, as cleaning left them, measured.

    `figures` takes all figures of them, as they are or as somebody corrected them.
    """

    which: WhichRecording
    cleaned: CleanedRecording
    figures: Callable[[CleanedRecording], RecordingFigures]


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectedFigures:
    """A recording's beats as cleaning left them and corrected, with both figures."""

    as_cleaned: EditedBeats
    editing: Editing
    by_hand: ByHand
    before: RecordingFigures
    after: RecordingFigures


def which(recording: Recording, sha256: str) -> WhichRecording:
    """Say which recording this is, of a file with these bytes."""
    rr_ms = recording.rr_ms
    return WhichRecording(
        name=recording.name,
        sha256=sha256,
        beats=len(rr_ms),
        beats_sha256=beats_sha256(rr_ms),
    )


def editable(of: CleanedRecording) -> EditedBeats:
    """Return the beats of a cleaned recording as cleaning left them."""
    rows = zip(
        of.t_s.tolist(),
        of.rr_ms.tolist(),
        of.labels,
        np.isfinite(of.nn_ms).tolist(),
        of.lost_before.tolist(),
        strict=True,
    )
    beats = tuple(
        EditableBeat(
            number=number,
            t_s=t_s,
            rr_ms=rr_ms,
            label=label,
            counts=counts,
            lost_before=lost,
            did=None,
        )
        for number, (t_s, rr_ms, label, counts, lost) in enumerate(rows, start=1)
    )
    return EditedBeats(beats=beats, next_number=len(beats) + 1)


def corrected_recording(of: CleanedRecording, edited: EditedBeats) -> CleanedRecording:
    """Return a cleaned recording with its beats as somebody corrected them."""
    beats = edited.beats
    rr_ms = np.array([beat.rr_ms for beat in beats])
    counts = np.array([beat.counts for beat in beats], dtype=np.bool_)
    nn_ms = np.where(counts, rr_ms, np.nan)
    return dataclasses.replace(
        of,
        t_s=np.array([beat.t_s for beat in beats]),
        rr_ms=rr_ms,
        nn_ms=nn_ms,
        labels=tuple(beat.verdict for beat in beats),
        corrected_ms=nn_ms,
        lost_before=np.array([beat.lost_before for beat in beats], dtype=np.bool_),
        irregular_s=sum(b.rr_ms for b in beats if is_irregular(b)) / 1000,
        by_hand=frozenset(at for at, beat in enumerate(beats) if beat.did),
    )


def correctable(recording: Recording, sha256: str) -> Correctable:
    """Return a recording, of a file with these bytes, as somebody may correct it."""
    return Correctable(
        which=which(recording, sha256),
        cleaned=cleaned(recording),
        figures=lambda of: figures_of(recording, of),
    )


def corrected_figures(
    of: Correctable, corrections: Iterable[Correction]
) -> CorrectedFigures:
    """Return the figures of beats before and after these corrections.

    Raises
    ------
    BadCorrectionsError
        If one of them does not fit.
    """
    as_cleaned = editable(of.cleaned)
    editing = corrected(as_cleaned, corrections)
    return CorrectedFigures(
        as_cleaned=as_cleaned,
        editing=editing,
        by_hand=by_hand(as_cleaned, editing),
        before=of.figures(of.cleaned),
        after=of.figures(corrected_recording(of.cleaned, editing.edited)),
    )


def is_irregular(beat: EditableBeat) -> bool:
    """Whether it is left out for the rhythm around it alone."""
    return not beat.counts and beat.did is None and beat.label == NORMAL


def by_hand(of: EditedBeats, editing: Editing) -> ByHand:
    """Return what was done by hand, and how much of it the figures rest on."""
    irregular = {beat.number for beat in of.beats if is_irregular(beat)}
    counted = [beat for beat in editing.edited.beats if beat.did and beat.counts]
    return ByHand(
        done=Counter(str(kind_of(each)) for each in editing.corrections),
        made=sum(beat.did in {Did.INSERT, Did.DELETE} for beat in counted),
        in_irregular=sum(beat.number in irregular for beat in counted),
    )
