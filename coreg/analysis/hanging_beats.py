"""Whether RMSSD hangs on few beats that cleaning could as well have decided otherwise.

Of intervals alone nobody can say of every beat whether it is this heart's own. Most
decisions do not matter; in a quiet heart one can move RMSSD by a third. So the figure
is taken anew with the two kept beats that look most like early ones left out, and with
the two that were left out but stand out least kept. Where either moves it by more than
`MATTERS`, whoever reads the figure is told. The figure itself stays as it is.

How far a beat stands out is how far it is displaced, or shorter than both its sides, as
a share of the bounds of `beat_evidence`, with what this heart's beats ordinarily lie
off in the 121 around it. The bounds of doubt are from trial on hearts with planted
early beats and on stretches labelled as sinus (decision 66).
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from coreg.analysis.beat_evidence import (
    CEILING,
    CLIP_MS,
    ENOUGH,
    FLOOR,
    LONE_FLOOR,
    LONE_SPREADS,
    SPREAD_PER_MEDIAN,
    SPREADS,
)
from coreg.analysis.cleaning import displacements_ms
from coreg.facts.arrays import Flags, Floats

MATTERS: Final = 0.05  # of RMSSD
FEW: Final = 2
LIKE_AN_EARLY_ONE: Final = 0.55  # of a bound: a kept beat beyond it is in doubt
LIKE_THE_HEARTS_OWN: Final = 1.7  # one left out below it is
_DOUBTED: Final = frozenset({"short", "long", "ectopic"})
_AROUND: Final = 121
_SIDE: Final = 5  # intervals on each side that give the level
_SCREEN: Final = LIKE_AN_EARLY_ONE * LONE_FLOOR / 2  # what can never be is not asked


@dataclass(frozen=True, slots=True, kw_only=True)
class InDoubt:
    """Intervals of one decision: the first and how many, and whether they count."""

    first: int
    intervals: int
    is_kept: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class HangsOn:
    """RMSSD as it would be if beats in doubt had been decided otherwise.

    `if_left_out_ms` is without those that were kept, `if_kept_ms` with those that were
    left out; NaN where that would not matter. `beats` are in order.
    """

    if_left_out_ms: float
    if_kept_ms: float
    beats: tuple[InDoubt, ...]


def hangs_on(
    rr_ms: Floats,
    nn_ms: Floats,
    labels: Sequence[str],
    lost_before: Flags,
) -> HangsOn | None:
    """Return which decisions of cleaning RMSSD hangs on; None where on none.

    Parameters
    ----------
    rr_ms : ndarray, shape (n,), milliseconds
        Raw intervals; NaN or 0 where there is none.
    nn_ms : ndarray, shape (n,), milliseconds
        The same where they count, NaN elsewhere.
    labels : sequence of str, length n
        What cleaning says of each. One that counts and is not `normal`, or is left out
        and neither `short`, `long` nor `ectopic`, is not in doubt.
    lost_before : ndarray of bool, shape (n,)
        Whether beats were lost before the interval.

    Returns
    -------
    HangsOn or None

    Examples
    --------
    A heart that varies by 10 ms, and one beat 6 % early, little enough to be kept:

    >>> rr_ms = 900 + 20 * np.sin(np.arange(100.0))
    >>> rr_ms[50] -= 54
    >>> is_none = np.zeros(100, dtype=bool)
    >>> told = hangs_on(rr_ms, rr_ms, ["normal"] * 100, is_none)
    >>> told.beats[0].first, round(told.if_left_out_ms, 1)
    (50, 13.5)
    """
    squares = _steps_ms(nn_ms, lost_before) ** 2
    if squares.size < ENOUGH or not squares.any():
        return None
    now_ms = math.sqrt(float(squares.mean()))
    kept, aside = _in_doubt(rr_ms, nn_ms, labels, lost_before)
    without_ms, with_ms = nn_ms.copy(), nn_ms.copy()
    for each in kept:
        without_ms[each.first] = np.nan
    for each in aside:
        span = slice(each.first, each.first + each.intervals)
        with_ms[span] = rr_ms[span]
    if_left_out_ms, if_kept_ms = (
        math.nan if abs(other_ms - now_ms) <= MATTERS * now_ms else other_ms
        for other_ms in (
            _rmssd_ms(without_ms, lost_before),
            _rmssd_ms(with_ms, lost_before),
        )
    )
    told = (
        *(() if math.isnan(if_left_out_ms) else kept),
        *(() if math.isnan(if_kept_ms) else aside),
    )
    if not told:
        return None
    return HangsOn(
        if_left_out_ms=if_left_out_ms,
        if_kept_ms=if_kept_ms,
        beats=tuple(sorted(told, key=lambda each: each.first)),
    )


def _steps_ms(nn_ms: Floats, lost_before: Flags) -> Floats:
    steps_ms = np.where(lost_before[1:], np.nan, np.diff(nn_ms))
    return steps_ms[np.isfinite(steps_ms)]


def _rmssd_ms(nn_ms: Floats, lost_before: Flags) -> float:
    return math.sqrt(float(np.mean(_steps_ms(nn_ms, lost_before) ** 2)))


def _in_doubt(
    rr_ms: Floats, nn_ms: Floats, labels: Sequence[str], lost_before: Flags
) -> tuple[list[InDoubt], list[InDoubt]]:
    """Return the few kept ones, and the few left out, that are most in doubt."""
    is_known = np.isfinite(rr_ms) & (rr_ms > 0)
    is_gap = lost_before | ~is_known
    is_gap[1:] |= ~is_known[:-1]
    usable_ms = np.where(is_known, np.minimum(rr_ms, CLIP_MS), 0.0)
    beats = _Beats(
        nn_ms=nn_ms,
        displaced_ms=np.abs(displacements_ms(usable_ms, is_gap)),
        depth_ms=_depths_ms(usable_ms, is_gap),
        is_sure=_all_around(np.isfinite(nn_ms) & (np.array(labels) == "normal")),
    )
    may_be_early = beats.is_sure & (beats.depth_ms > _SCREEN * usable_ms)
    if not _could_lower(_steps_ms(nn_ms, lost_before) ** 2):
        may_be_early[:] = False
    kept = [
        (-of_bound, InDoubt(first=i, intervals=1, is_kept=True))
        for i in np.flatnonzero(may_be_early).tolist()
        if (of_bound := beats.depth_of_bound(i, i + 1)) > LIKE_AN_EARLY_ONE
    ]
    aside = [
        (of_bound, InDoubt(first=first, intervals=past - first, is_kept=False))
        for first, past in _left_out(nn_ms, labels, is_gap)
        if (of_bound := beats.of_bound(first, past)) < LIKE_THE_HEARTS_OWN
    ]
    return _few(kept), _few(aside)


def _could_lower(squares: Floats) -> bool:
    """Whether RMSSD could be lower enough without the two steps around few beats.

    Of a day it never could, and then none of its thousands of dips is looked at.
    """
    largest = np.partition(squares, -2 * FEW)[-2 * FEW :]
    return bool(largest.sum() > (1 - (1 - MATTERS) ** 2) * squares.sum())


def _few(found: list[tuple[float, InDoubt]]) -> list[InDoubt]:
    """Return those most in doubt, of which the number is the smallest."""
    return [each for _, each in sorted(found, key=lambda one: one[0])[:FEW]]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Beats:
    """How far every beat lies off, in milliseconds, and how far beats here do.

    `is_sure` are intervals that count, and so do two on each side.
    """

    nn_ms: Floats
    displaced_ms: Floats
    depth_ms: Floats
    is_sure: Flags

    def of_bound(self, first: int, past: int) -> float:
        """How far intervals stand out, as a share of the bounds of cleaning."""
        level_ms, spread_ms = self._around(first, past)
        bound_ms = min(max(FLOOR * level_ms, SPREADS * spread_ms), CEILING * level_ms)
        displaced_ms = float(self.displaced_ms[first - 1 : past].max())
        depth = self.depth_of_bound(first - 1, past + 1)
        return max(displaced_ms / bound_ms, depth)

    def depth_of_bound(self, first: int, past: int) -> float:
        """How far the shortest of intervals lies below both its sides."""
        level_ms, spread_ms = self._around(first, past)
        bound_ms = max(LONE_FLOOR * level_ms, LONE_SPREADS * spread_ms)
        return float(self.depth_ms[first:past].max()) / bound_ms

    def _around(self, first: int, past: int) -> tuple[float, float]:
        """Return the level, and how far sure beats lie off; infinite if too few are."""
        near_ms = self.nn_ms[max(0, first - _SIDE) : past + _SIDE]
        level_ms = float(np.median(near_ms[np.isfinite(near_ms)]))
        start = max(0, min(first - _AROUND // 2, self.nn_ms.size - _AROUND))
        of = slice(start, start + _AROUND)
        sizes_ms = self.displaced_ms[of][self.is_sure[of]]
        if sizes_ms.size < ENOUGH:
            return level_ms, math.inf
        return level_ms, float(np.median(sizes_ms)) * SPREAD_PER_MEDIAN


def _depths_ms(rr_ms: Floats, is_gap: Flags) -> Floats:
    """Return `beat_hypotheses.lone_depth_ms` of each; 0 without two sides."""
    n = rr_ms.size
    padded_ms = np.concatenate(([np.nan] * 2, rr_ms, [np.nan] * 2))
    stretch = np.concatenate(([-1] * 2, np.cumsum(is_gap), [-1] * 2))
    earlier, before, after, later = (
        np.where(stretch[k : k + n] == stretch[2 : n + 2], padded_ms[k : k + n], np.nan)
        for k in (0, 1, 3, 4)
    )
    earlier = np.where(np.isnan(earlier), before, earlier)
    later = np.where(np.isnan(later), after, later)
    foretold = (4 * (before + after) - earlier - later) / 6
    depth_ms = np.minimum(np.minimum(before, after), foretold) - rr_ms
    return np.nan_to_num(depth_ms)


def _all_around(each: Flags) -> Flags:
    """Say of which intervals all are so: itself and two on each side, or to the end."""
    padded = np.pad(each, 2, constant_values=True)
    around: Flags = np.logical_and.reduce(sliding_window_view(padded, 5), axis=1)
    return around


def _left_out(
    nn_ms: Floats, labels: Sequence[str], is_gap: Flags
) -> Iterator[tuple[int, int]]:
    """Yield what was left out as early or displaced, between intervals that count."""
    past = 0
    for doubted, run in groupby(labels, key=lambda label: label in _DOUBTED):
        first, past = past, past + sum(1 for _ in run)
        if not doubted or first == 0 or past == nn_ms.size:
            continue
        is_between = math.isfinite(nn_ms[first - 1]) and math.isfinite(nn_ms[past])
        if is_between and not is_gap[first : past + 1].any():
            yield first, past
