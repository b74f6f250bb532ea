"""One heart on its own beside the same heart with the partner there: for a therapist.

Never for a couple: "calmer without you" is a sentence that nobody should have to read.

Strategy.

1. Of each sitting the same is taken: free time at its beginning, unpaced and not talked
   in, from ten seconds on, at most five minutes. With a partner that is the first free
   part of a session; alone it is a recording, of which coreg has to take on trust that
   nobody paced or spoke in it.
2. Two figures: the level (median rate), and how widely the heart swings in free breath
   (ln RMSSD).
3. Days differ by more than anything within them, so a sitting is one figure, and the
   sets are compared by their ranks, exactly (`analysis.shift`), from four of each on.
4. It takes both: what a heart does beside somebody is about the two of them.
"""

import math
from collections.abc import Container, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np

from coreg.analysis.level import level_bpm
from coreg.analysis.shift import UNKNOWN, Shift, unpaired_shift
from coreg.analysis.timedomain import ln_rmssd, with_gaps
from coreg.errors import NotReleased
from coreg.facts.arrays import Flags, Floats
from coreg.facts.events import Partner
from coreg.findings.recording import CleanedRecording
from coreg.findings.summary import SessionSummary
from coreg.findings.together import Doing, shown_pacer, stretches_of
from coreg.findings.turns import AFTER_CHANGE_S
from coreg.words import wrong_and_do

LONGEST_S: Final = 300.0
LEAST_S: Final = 60.0
LEAST_CLEAN_SHARE: Final = 0.8
FEWEST_OF_EACH: Final = 4
"""Ranks of three and three cannot reach .05, whatever they are."""


class NoFigure(StrEnum):
    """Why a sitting has none."""

    NO_FREE_TIME = "no free time"
    TOO_SHORT = "too short"
    TOO_LITTLE_CLEAN = "too little clean"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitting:
    """One heart in the free time at the beginning of a sitting; NaN where `silent`."""

    seconds: float
    bpm: float
    ln_rmssd: float
    silent: NoFigure | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AloneBeside:
    """How far one heart beside the partner lies from the same heart alone.

    Unknown with fewer than `FEWEST_OF_EACH` sittings of either kind that have figures;
    `silent` counts those that have none.
    """

    bpm: Shift
    ln_rmssd: Shift
    alone: int
    beside: int
    silent: int


def sitting_beside(summary: SessionSummary, partner: Partner) -> Sitting:
    """Return one heart in the first free time of a session, the partner there."""
    free = [
        each
        for each in stretches_of(summary, shown_pacer(summary))
        if each.doing is Doing.FREE
    ]
    if not free:
        return _silent(0.0, NoFigure.NO_FREE_TIME)
    heart = next(each for each in summary.hearts if each.partner is partner)
    return _sitting(
        heart.beat_t_s, heart.nn_ms, heart.after_gap, free[0].start_s, free[0].end_s
    )


def sitting_alone(of: CleanedRecording) -> Sitting:
    """Return one heart in the beginning of a recording of somebody alone."""
    if not of.t_s.size:
        return _silent(0.0, NoFigure.TOO_SHORT)
    return _sitting(
        of.t_s, of.nn_ms, of.lost_before, float(of.t_s[0]), float(of.t_s[-1])
    )


def alone_beside(
    alone: Sequence[Sitting], beside: Sequence[Sitting], agreed: Container[Partner]
) -> AloneBeside:
    """Compare the sittings of one heart alone with those beside the partner.

    Raises
    ------
    NotReleased
        Unless both agreed.
    """
    if not all(partner in agreed for partner in Partner):
        raise NotReleased(*wrong_and_do("errors.measure.alone"))
    one, other = (
        [each for each in sittings if each.silent is None]
        for sittings in (alone, beside)
    )
    few = min(len(one), len(other)) < FEWEST_OF_EACH
    bpm, swing = (
        UNKNOWN if few else unpaired_shift(np.array(a), np.array(b))
        for a, b in (
            ([each.bpm for each in one], [each.bpm for each in other]),
            ([each.ln_rmssd for each in one], [each.ln_rmssd for each in other]),
        )
    )
    return AloneBeside(
        bpm=bpm,
        ln_rmssd=swing,
        alone=len(one),
        beside=len(other),
        silent=len(alone) + len(beside) - len(one) - len(other),
    )


def _sitting(
    beat_t_s: Floats, nn_ms: Floats, after_gap: Flags, start_s: float, end_s: float
) -> Sitting:
    from_s = start_s + AFTER_CHANGE_S
    to_s = min(end_s, from_s + LONGEST_S)
    seconds = to_s - from_s
    if seconds < LEAST_S:
        return _silent(max(0.0, seconds), NoFigure.TOO_SHORT)
    inside = (beat_t_s > from_s) & (beat_t_s <= to_s)
    _, nn_ms = with_gaps(beat_t_s[inside], nn_ms[inside], after_gap[inside])
    swing = ln_rmssd(nn_ms)
    clean_s = float(np.nansum(nn_ms)) / 1000
    if clean_s < LEAST_CLEAN_SHARE * seconds or not math.isfinite(swing):
        return _silent(seconds, NoFigure.TOO_LITTLE_CLEAN)
    return Sitting(seconds=seconds, bpm=level_bpm(nn_ms), ln_rmssd=swing, silent=None)


def _silent(seconds: float, why: NoFigure) -> Sitting:
    return Sitting(seconds=seconds, bpm=math.nan, ln_rmssd=math.nan, silent=why)
