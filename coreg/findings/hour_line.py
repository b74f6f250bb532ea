"""An hour as a picture: parts, pauses, pace, marks, notes, and hearts that may be seen.

An hour may be several sessions, one after the other: each is a line of its own, and
`joined` lays them along one time. Between two of them nothing was recorded, and nothing
is drawn.
"""

from collections.abc import Container, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from coreg.analysis.crosscorrelation import GRID_RATE_HZ
from coreg.facts.arrays import Floats
from coreg.facts.events import Partner
from coreg.findings.hour import Hour, Moment, Moments
from coreg.findings.summary import SessionSummary

BIN_S: Final = 5.0
"""A heart is drawn as its mean rate over so long: an hour is wider than a page."""
_FEWEST_KNOWN: Final = 0.5
_PACE_STEP_PER_MIN: Final = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A stretch of an hour; `words` say which part it is, and nothing of a pause."""

    start_s: float
    end_s: float
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaceStretch:
    """A stretch in which breaths came at one pace, to a tenth."""

    start_s: float
    end_s: float
    breaths_per_min: float


@dataclass(frozen=True, slots=True, kw_only=True)
class HeartLine:
    """One heart's mean rate at these times; NaN where too little of it is known."""

    partner: Partner
    t_s: tuple[float, ...]
    bpm: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HourLine:
    """All that is drawn of an hour; times count from its beginning."""

    length_s: float
    parts: tuple[Stretch, ...]
    pauses: tuple[Stretch, ...]
    paces: tuple[PaceStretch, ...]
    moments: tuple[Moment, ...]
    hearts: tuple[HeartLine, ...]


def hour_line(
    summary: SessionSummary, hour: Hour, seen: Container[Partner]
) -> HourLine:
    """Return one session as it is drawn.

    Parameters
    ----------
    summary : SessionSummary
    hour : Hour
        Its moments; marks and notes are drawn.
    seen : container of Partner
        Who agreed to be seen by a therapist: nobody else's heart is in it.
    """
    start_s = summary.start_s
    return HourLine(
        length_s=summary.end_s - start_s,
        parts=tuple(
            Stretch(
                start_s=each.start_s - start_s,
                end_s=each.end_s - start_s,
                words=each.name,
            )
            for each in summary.phases
        ),
        pauses=tuple(
            Stretch(start_s=each.start_s - start_s, end_s=each.end_s - start_s)
            for each in summary.pauses
        ),
        paces=_paces(summary),
        moments=tuple(
            each for each in hour.moments if each.what in {Moments.MARK, Moments.NOTE}
        ),
        hearts=tuple(
            _heart(heart.partner, summary.grid_s - start_s, heart.hr_bpm)
            for heart in summary.hearts
            if heart.partner in seen
        ),
    )


def joined(lines: Sequence[tuple[float, HourLine]]) -> HourLine:
    """Return lines along one time, each beginning so many seconds into the hour."""
    moved = [_moved(line, by_s) for by_s, line in lines]
    hearts: dict[Partner, HeartLine] = {}
    for heart in (each for line in moved for each in line.hearts):
        before = hearts.get(heart.partner)
        hearts[heart.partner] = heart if before is None else _one_after(before, heart)
    return HourLine(
        length_s=max(by_s + line.length_s for by_s, line in lines),
        parts=tuple(each for line in moved for each in line.parts),
        pauses=tuple(each for line in moved for each in line.pauses),
        paces=tuple(each for line in moved for each in line.paces),
        moments=tuple(each for line in moved for each in line.moments),
        hearts=tuple(hearts[each] for each in Partner if each in hearts),
    )


def _one_after(before: HeartLine, heart: HeartLine) -> HeartLine:
    """Return two lines of one heart as one, with a gap where they meet."""
    met_s = heart.t_s[:1]
    return replace(
        heart,
        t_s=(*before.t_s, *met_s, *heart.t_s),
        bpm=(*before.bpm, *(float("nan") for _ in met_s), *heart.bpm),
    )


def _moved(line: HourLine, by_s: float) -> HourLine:
    def later(each: Stretch) -> Stretch:
        return replace(each, start_s=each.start_s + by_s, end_s=each.end_s + by_s)

    return HourLine(
        length_s=line.length_s,
        parts=tuple(map(later, line.parts)),
        pauses=tuple(map(later, line.pauses)),
        paces=tuple(
            replace(each, start_s=each.start_s + by_s, end_s=each.end_s + by_s)
            for each in line.paces
        ),
        moments=tuple(replace(each, t_s=each.t_s + by_s) for each in line.moments),
        hearts=tuple(
            replace(each, t_s=tuple(t_s + by_s for t_s in each.t_s))
            for each in line.hearts
        ),
    )


def _paces(summary: SessionSummary) -> tuple[PaceStretch, ...]:
    """Return the paces that breaths were offered at, breaths of one pace together."""
    stretches: list[PaceStretch] = []
    pace = summary.pace
    rows = zip(pace.start_s, pace.end_s, pace.breaths_per_min, strict=True)
    for start_s, end_s, per_min in rows:
        tenth = round(round(float(per_min) / _PACE_STEP_PER_MIN) * 0.1, 1)
        new = PaceStretch(
            start_s=float(start_s) - summary.start_s,
            end_s=float(end_s) - summary.start_s,
            breaths_per_min=tenth,
        )
        last = stretches[-1] if stretches else None
        follows = last is not None and new.start_s - last.end_s < 1.0
        if last is not None and follows and last.breaths_per_min == tenth:
            stretches[-1] = replace(last, end_s=new.end_s)
        else:
            stretches.append(new)
    return tuple(stretches)


def _heart(partner: Partner, t_s: Floats, hr_bpm: Floats) -> HeartLine:
    per_bin = round(BIN_S * GRID_RATE_HZ)
    times: list[float] = []
    means: list[float] = []
    for at in range(0, hr_bpm.size, per_bin):
        piece = hr_bpm[at : at + per_bin]
        known = piece[np.isfinite(piece)]
        is_known = known.size >= _FEWEST_KNOWN * per_bin
        times.append(float(t_s[at : at + per_bin].mean()))
        means.append(float(known.mean()) if is_known else float("nan"))
    return HeartLine(partner=partner, t_s=tuple(times), bpm=tuple(means))
