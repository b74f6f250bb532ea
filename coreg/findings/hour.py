"""An hour along its time, as its therapist goes over it: parts, pauses, marks, notes.

The therapist's own, and shown to nobody else. Of hearts there is only what came after
marks, and only of who agreed to be seen by a therapist. Who paused is not known here.
"""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from coreg.facts.arrays import Floats
from coreg.facts.events import NS_PER_S, Partner
from coreg.findings.heart import HeartFigures, forward
from coreg.findings.marks import MarkResponse, response_around_marks
from coreg.findings.summary import SessionSummary
from coreg.store.clinic.records import Mark, Note


class Moments(StrEnum):
    """What a moment of an hour is."""

    PART = "part"
    PAUSE = "pause"
    MARK = "mark"
    NOTE = "note"
    FILE_MARK = "file-mark"


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One moment; `t_s` counts from the beginning of the practice.

    `words` are what a part is called, what a mark's key stands for, what was noted, or
    what an imported file says there; of a pause there are none. `key` is a mark's, 0
    elsewhere; `partner` is whose file it is, None elsewhere.
    """

    t_s: float
    what: Moments
    words: str = ""
    key: int = 0
    partner: Partner | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AroundMarks:
    """One heart around the marks of one key."""

    partner: Partner
    key: int
    words: str
    response: MarkResponse


@dataclass(frozen=True, slots=True, kw_only=True)
class Hour:
    """One hour: its moments in order, notes of no moment, and hearts around marks."""

    moments: tuple[Moment, ...]
    notes: tuple[str, ...]
    around: tuple[AroundMarks, ...]


def usual_chance() -> np.random.Generator:
    """Return the chance of every hour: the same one is told the same twice."""
    return np.random.default_rng(1)


def hour_of(
    summary: SessionSummary,
    marks: Sequence[Mark],
    notes: Sequence[Note],
    labels: Mapping[int, str],
    seen: Container[Partner],
    rng: np.random.Generator,
) -> Hour:
    """Return an hour along its time.

    Parameters
    ----------
    summary : SessionSummary
    marks, notes : sequence of Mark, of Note
        Those of this session, on its own clock.
    labels : mapping of int to str
        What each mark's key stands for.
    seen : container of Partner
        Who agreed to be seen by a therapist.
    rng : numpy.random.Generator
        For what chance gives around marks.
    """
    start_s = summary.start_s
    moments = [
        *(
            Moment(t_s=each.start_s - start_s, what=Moments.PART, words=each.name)
            for each in summary.phases
        ),
        *(
            Moment(t_s=each.start_s - start_s, what=Moments.PAUSE)
            for each in summary.pauses
        ),
        *(
            Moment(
                t_s=each.t_s - start_s,
                what=Moments.MARK,
                words=labels.get(each.key, ""),
                key=each.key,
            )
            for each in marks
        ),
        *(
            Moment(t_s=each.t_s - start_s, what=Moments.NOTE, words=each.text)
            for each in notes
            if each.t_s is not None
        ),
        *(
            Moment(
                t_s=each.t_ns / NS_PER_S - start_s,
                what=Moments.FILE_MARK,
                words=each.label,
                partner=each.partner,
            )
            for each in summary.file_marks
            if each.partner in seen
        ),
    ]
    order = list(Moments)
    return Hour(
        moments=tuple(sorted(moments, key=lambda m: (m.t_s, order.index(m.what)))),
        notes=tuple(each.text for each in notes if each.t_s is None),
        around=tuple(
            AroundMarks(
                partner=heart.partner,
                key=key,
                words=labels.get(key, ""),
                response=_around(heart, marks, key, summary, rng),
            )
            for key in sorted({each.key for each in marks})
            for heart in summary.hearts
            if heart.partner in seen
        ),
    )


def _around(
    heart: HeartFigures,
    marks: Sequence[Mark],
    key: int,
    summary: SessionSummary,
    rng: np.random.Generator,
) -> MarkResponse:
    in_order = forward(heart.beat_t_s)
    beat_t_s: Floats = heart.beat_t_s[in_order]
    nn_ms = np.where(_paused(beat_t_s, summary), np.nan, heart.nn_ms[in_order])
    marks_s = [each.t_s for each in marks if each.key == key]
    span_s = (summary.start_s, summary.end_s)
    return response_around_marks(beat_t_s, nn_ms, marks_s, span_s, rng)


def _paused(
    beat_t_s: Floats, summary: SessionSummary
) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    paused = np.zeros(beat_t_s.size, dtype=np.bool_)
    for pause in summary.pauses:
        paused |= (beat_t_s >= pause.start_s) & (beat_t_s < pause.end_s)
    return paused
