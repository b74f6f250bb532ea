"""Whether each heart followed the paced breath, as far as that can be told.

A heart that was never paced has slow waves of its own near six a minute, and a few of
them in a row look like following. So what it does at the pace is held beside what it
does at paces a little slower and faster (`chance_of_step`).
"""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from coreg.analysis.crosscorrelation import GRID_RATE_HZ
from coreg.analysis.phase_locking import (
    FEWEST_ANSWERS,
    Adherence,
    adherence,
    chance_of_step,
)
from coreg.exercises.pacing.pace_limits import FASTEST_BY_THERAPIST_PER_MIN
from coreg.exercises.pacing.response import responses_ms
from coreg.facts.arrays import Flags, Floats
from coreg.facts.events import Partner, Source
from coreg.findings.heart import HeartFigures, forward
from coreg.findings.summary import SessionSummary
from coreg.findings.together import Doing, Stretch, pacer_at, shown_pacer, stretches_of

BEYOND_CHANCE: Final = 0.05
_ROUNDING_S: Final = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """How one heart moved with the pacer, over all paced stretches.

    `answers` is how many breaths could be measured, `p` how often a heart that does not
    follow would keep step like this: NaN where there were too few of them.
    """

    partner: Partner
    of: Adherence
    answers: int
    p: float

    @property
    def is_told(self) -> bool:
        """Whether there were enough breaths to say anything."""
        return self.answers >= FEWEST_ANSWERS

    @property
    def beyond_chance(self) -> bool:
        """Whether it followed; that it did not is never known."""
        return self.p <= BEYOND_CHANCE


def followed(summary: SessionSummary) -> tuple[Followed, ...]:
    """Return how each shown heart moved with the pacer; none where nobody was paced."""
    if summary.opened.couple.source is Source.RECORDINGS:
        return ()
    stretches = stretches_of(summary, shown_pacer(summary))
    paced = [each for each in stretches if each.doing is Doing.PACED]
    if not paced:
        return ()
    return tuple(_followed(summary, heart, paced) for heart in summary.hearts)


def _followed(
    summary: SessionSummary, heart: HeartFigures, paced: list[Stretch]
) -> Followed:
    answers_ms = _answers_ms(summary, heart, paced)
    return Followed(
        partner=heart.partner,
        of=_adherence(summary, heart, paced),
        answers=int(np.isfinite(answers_ms).sum()),
        p=chance_of_step(answers_ms),
    )


def _answers_ms(
    summary: SessionSummary, heart: HeartFigures, paced: list[Stretch]
) -> NDArray[np.complex128]:
    """Return the answers to all breaths that were shown whole and can be measured."""
    pace = summary.pace
    period_s = 60 / pace.breaths_per_min
    whole = pace.end_s - pace.start_s >= period_s - _ROUNDING_S
    slow = pace.breaths_per_min <= FASTEST_BY_THERAPIST_PER_MIN
    inside = np.zeros(pace.start_s.size, dtype=np.bool_)
    for stretch in paced:
        begins = pace.start_s >= stretch.start_s - _ROUNDING_S
        inside |= begins & (pace.end_s <= stretch.end_s + _ROUNDING_S)
    asked = whole & slow & inside
    known = forward(heart.beat_t_s) & np.isfinite(heart.nn_ms)
    return responses_ms(
        heart.beat_t_s[known], heart.nn_ms[known], pace.start_s[asked], period_s[asked]
    )


def _adherence(
    summary: SessionSummary, heart: HeartFigures, paced: list[Stretch]
) -> Adherence:
    """Pool the paced stretches: mean direction, each by its breaths."""
    pacer = pacer_at(summary.pace, summary.grid_s)
    total, breaths = 0j, 0.0
    for stretch in paced:
        paced_here = _during(summary.grid_s, stretch) & pacer.is_on
        of = adherence(
            np.log(heart.hr_bpm[paced_here]), pacer.phase_rad[paced_here], GRID_RATE_HZ
        )
        if np.isfinite(of.locking):
            total += of.breaths * of.locking * np.exp(1j * of.delay_rad)
            breaths += of.breaths
    mean = total / breaths if breaths else complex(math.nan)
    return Adherence(
        locking=abs(mean), delay_rad=float(np.angle(mean)), breaths=breaths
    )


def _during(grid_s: Floats, stretch: Stretch) -> Flags:
    inside: Flags = (grid_s >= stretch.start_s) & (grid_s < stretch.end_s)
    return inside
