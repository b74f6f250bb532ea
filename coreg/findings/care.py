"""How long care took until it was said to help: for a therapist, with both consents.

Strategy.

1. Care begins where it is asked what would help, and is one with the parts of care that
   follow it. It helped where the last of them was ended by its one key, for once a
   choice among several is no word that it helped.
2. Time, a pause, a stop and a session that broke off end the waiting without an answer:
   it is censored there. Left out, those evenings would make care look quick; given the
   last second, they would invent a yes.
3. Over evenings: Kaplan-Meier, silent below its floor. Nobody is compared with anybody.
"""

import math
from collections.abc import Container, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Final

import numpy as np

from coreg.analysis.settling import Settling, settling_curve
from coreg.errors import NotReleased
from coreg.exercises.blocks import meaning_of
from coreg.exercises.plan import readable_plan
from coreg.exercises.plan_blocks import Block, Does
from coreg.facts.arrays import Floats
from coreg.facts.events import Ending, Partner
from coreg.findings.summary import SessionSummary
from coreg.findings.timeline import BlockSpan
from coreg.words import wrong_and_do

FEWEST_HELPED: Final = 8


class Until(StrEnum):
    """What ended the waiting; all but `HELPED` say no more than "at least"."""

    HELPED = "helped"
    PAUSE = "pause"
    TIME = "time"
    STOP = "stop"


@dataclass(frozen=True, slots=True, kw_only=True)
class Care:
    """One time of care, and how long it was until somebody said that it helps."""

    start_s: float
    seconds: float
    until: Until


@dataclass(frozen=True, slots=True, kw_only=True)
class CareOver:
    """All times of care of several evenings.

    `median_s` is when half had helped, within `low_s` and `high_s` (95 %); NaN where
    fewer than `FEWEST_HELPED` helped, or where fewer than half did. `high_s` is
    infinite where nothing that was seen bounds it.
    """

    median_s: float
    low_s: float
    high_s: float
    helped: int
    censored: int


def care_of(summary: SessionSummary) -> tuple[Care, ...]:
    """Return every time of care of one evening, in order."""
    plan = readable_plan(summary.opened.practice.plan_toml)
    blocks = {} if plan is None else dict(enumerate(plan.blocks))
    return tuple(_care(run, summary, blocks) for run in _runs(summary.phases))


def care_over(
    evenings: Sequence[Sequence[Care]], agreed: Container[Partner]
) -> CareOver:
    """Return how long care took over several evenings.

    Parameters
    ----------
    evenings : sequence of what `care_of` gave of each
    agreed : container of Partner
        Those who agreed that their therapist is told.

    Raises
    ------
    NotReleased
        Unless both agreed.
    """
    if not all(partner in agreed for partner in Partner):
        raise NotReleased(*wrong_and_do("errors.measure.care"))
    times = [each for evening in evenings for each in evening]
    helped = sum(each.until is Until.HELPED for each in times)
    low_s = median_s = high_s = math.nan
    if helped >= FEWEST_HELPED:
        low_s, median_s, high_s = _median_s(times)
    return CareOver(
        median_s=median_s,
        low_s=low_s,
        high_s=high_s,
        helped=helped,
        censored=len(times) - helped,
    )


def _median_s(times: Sequence[Care]) -> tuple[float, float, float]:
    """Return the median and its interval: where its curve's band crosses a half.

    Brookmeyer & Crowley (1982), Biometrics 38, 29-41, on the scale of ln(-ln).
    """
    curve = settling_curve(
        [
            Settling(seconds=each.seconds, settled=each.until is Until.HELPED)
            for each in times
        ]
    )
    if math.isnan(curve.median_s):
        return math.nan, math.nan, math.nan

    def crosses_s(band: Floats) -> float:
        below = np.flatnonzero(band <= 0.5)
        return float(curve.t_s[below[0]]) if below.size else math.inf

    return crosses_s(curve.low), curve.median_s, crosses_s(curve.high)


def _runs(phases: Sequence[BlockSpan]) -> list[list[BlockSpan]]:
    """Return the parts of care, those that followed one another as one."""
    runs: list[list[BlockSpan]] = []
    before: BlockSpan | None = None
    for phase in phases:
        if meaning_of(phase.kind).is_care:
            if before is not None and meaning_of(before.kind).is_care:
                runs[-1].append(phase)
            else:
                runs.append([phase])
        before = phase
    return runs


def _care(
    run: Sequence[BlockSpan], summary: SessionSummary, blocks: dict[int, Block]
) -> Care:
    start_s, end_s = run[0].start_s, run[-1].end_s
    stops_s = [
        *(pause.start_s for pause in summary.pauses),
        *(each.start_s for each in summary.breaks),
    ]
    paused_s = [t_s for t_s in stops_s if start_s <= t_s < end_s]
    if paused_s:
        return Care(start_s=start_s, seconds=min(paused_s) - start_s, until=Until.PAUSE)
    return Care(
        start_s=start_s,
        seconds=end_s - start_s,
        until=_until(run[-1], summary, blocks),
    )


def _until(last: BlockSpan, summary: SessionSummary, blocks: dict[int, Block]) -> Until:
    """Return what ended the last part of care, where no pause did."""
    is_end = last is summary.phases[-1]
    if is_end and summary.ending is not Ending.COMPLETE:
        return Until.STOP
    block = blocks.get(last.number)
    says_so = block is not None and block.waits and _has_one_key(block)
    goes_again = any(
        one is last and blocks[other.number].is_again
        for one, other in pairwise(summary.phases)
        if other.number in blocks
    )
    if says_so and summary.opened.practice.steps_wait and not goes_again:
        return Until.HELPED
    return Until.TIME


def _has_one_key(block: Block) -> bool:
    """Whether the only press that leads on from a part says that it helps."""
    return sum(choice.does is Does.ON for choice in block.choices) == 1
