"""A heart around a therapist's marks: after them against before.

For a therapist alone, and for one heart at a time. It says what came after a mark, not
what it did: whoever sets a mark sets it when something happens.

Strategy.

1. The *change* at a moment is the level (`analysis.level`) of the 30 s after it against
   that of the 30 s before. Where less than half of either is heard there is none.
2. The *response* is the mean change over all marks of one kind, less what chance gives.
3. *Chance* is the same marks, each moved by a random time of at most four minutes, so
   that a heart which calms down all the while has its like. Marks within a minute of
   one another share their 30 s and are moved together. The p value is the share of such
   draws as far from the middle of chance.
4. The interval is by Student's t over marks, or over runs of marks that share their
   30 s, and never narrower than chance strays. Fewer than five of them say nothing.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.special import stdtrit

from coreg.analysis.level import LEAST_HEARD, level_bpm
from coreg.analysis.surrogates import p_value
from coreg.facts.arrays import Floats

AROUND_S: Final = 30.0
FEWEST_MARKS: Final = 5
DRAWS: Final = 999
_STEP_S: Final = 2.0
_AROUND: Final = round(AROUND_S / _STEP_S)
_NEAREST_S, _FURTHEST_S = 10.0, 240.0
_FEWEST_DRAWN: Final = 0.5  # of the marks, in one draw that counts


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkResponse:
    """One heart's mean change around marks of one kind, chance taken off.

    `change_bpm` lies within `low_bpm` and `high_bpm` (95 %); all NaN below the floor.
    `p` is the share of chance that goes as far. `marks` are those that were heard on
    both sides, of `given`.
    """

    change_bpm: float
    low_bpm: float
    high_bpm: float
    p: float
    marks: int
    given: int


def response_around_marks(
    beat_t_s: Floats,
    nn_ms: Floats,
    marks_s: Sequence[float],
    span_s: tuple[float, float],
    rng: np.random.Generator,
) -> MarkResponse:
    """Return how one heart's level changed around marks of one kind.

    Parameters
    ----------
    beat_t_s, nn_ms : ndarray, shape (n,), seconds and milliseconds
        Each beat, in order, and the clean interval that ended with it, NaN where there
        is none. What is to be left out, as pauses, is NaN.
    marks_s : sequence of float, seconds
        When the marks were set, on the same clock.
    span_s : (start, end), seconds
        The practice.
    rng : numpy.random.Generator
        For what chance gives.

    Notes
    -----
    Moving events by a bounded random time is the jitter of Amarasingham, Harrison,
    Hatsopoulos & Geman (2012), Journal of Neurophysiology 107, 517-531.
    """
    change = _changes_bpm(beat_t_s, nn_ms, span_s)
    inside_s = np.sort([t for t in marks_s if span_s[0] <= t < span_s[1]])
    at = ((inside_s - span_s[0]) / _STEP_S).astype(int)
    heard = np.isfinite(change[at]) if at.size else np.zeros(0, dtype=bool)
    at, inside_s = at[heard], inside_s[heard]
    run = np.cumsum(np.diff(inside_s, prepend=-math.inf) > 2 * AROUND_S) - 1
    runs = int(run[-1]) + 1 if run.size else 0
    null = _chance_bpm(change, at, run, runs, rng) if runs >= FEWEST_MARKS else None
    if null is None or null.size < DRAWS // 2:
        return _silent(int(at.size), len(marks_s))
    middle = float(null.mean())
    response = float(change[at].mean()) - middle
    means = np.bincount(run, change[at]) / np.bincount(run)
    # Both say how far such a mean strays by itself: the wider one counts.
    error = max(float(means.std(ddof=1)) / math.sqrt(runs), float(null.std()))
    half = float(stdtrit(runs - 1, 0.975)) * error
    return MarkResponse(
        change_bpm=response,
        low_bpm=response - half,
        high_bpm=response + half,
        p=p_value(abs(response), np.abs(null - middle)),
        marks=int(at.size),
        given=len(marks_s),
    )


def _chance_bpm(
    change: Floats,
    at: np.ndarray[tuple[int], np.dtype[np.int64]],
    run: np.ndarray[tuple[int], np.dtype[np.int64]],
    runs: int,
    rng: np.random.Generator,
) -> Floats:
    """Return the mean change of marks that were moved, one a draw."""
    by_s = rng.uniform(_NEAREST_S, _FURTHEST_S, (DRAWS, runs))
    by = np.rint(by_s / _STEP_S).astype(int) * rng.choice([-1, 1], (DRAWS, runs))
    moved = at + by[:, run]
    is_there = (moved >= 0) & (moved < change.size)
    drawn = np.where(is_there, change[np.clip(moved, 0, change.size - 1)], np.nan)
    known = np.isfinite(drawn).sum(axis=1)
    enough = known >= _FEWEST_DRAWN * at.size
    means: Floats = np.nansum(drawn[enough], axis=1) / known[enough]
    return means


def _changes_bpm(
    beat_t_s: Floats, nn_ms: Floats, span_s: tuple[float, float]
) -> Floats:
    """Return the change at each moment; NaN where either side is not heard."""
    from_s = np.arange(*span_s, _STEP_S)
    first = np.searchsorted(beat_t_s, from_s, side="right")
    last = np.searchsorted(beat_t_s, from_s + AROUND_S, side="right")
    after = np.full(from_s.size, np.nan)
    for number, (a, b) in enumerate(zip(first, last, strict=True)):
        is_whole = from_s[number] + AROUND_S <= span_s[1]
        if is_whole and np.nansum(nn_ms[a:b]) >= 1000 * LEAST_HEARD * AROUND_S:
            after[number] = level_bpm(nn_ms[a:b])
    before = np.full(from_s.size, np.nan)
    before[_AROUND:] = after[:-_AROUND] if from_s.size > _AROUND else after[:0]
    change: Floats = after - before
    return change


def _silent(marks: int, given: int) -> MarkResponse:
    return MarkResponse(
        change_bpm=math.nan,
        low_bpm=math.nan,
        high_bpm=math.nan,
        p=math.nan,
        marks=marks,
        given=given,
    )
