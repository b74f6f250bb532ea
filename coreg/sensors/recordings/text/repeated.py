"""Heartbeats that stand in a list more than once, which no heart does.

A part that was exported twice, or two files that overlap and were joined, gives the
same intervals in the same order again: of 42 real recordings none has ten of them. A
value that was asked for too often, or a packet that was written twice, stands beside
itself. Equal neighbours are real in a quiet heart; but then about as many differ by the
last digit alone (in those recordings 1.7 equal ones for each of these at most).
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from coreg.facts.arrays import Floats

_RUN: Final = 20
_FEWEST_KINDS: Final = 12
_SHORTEST_LAG: Final = 40  # a shorter pattern that comes again was made up to try
_MOST_LOOKED_AT: Final = 2000  # places; so many have runs that hardly change
_SAME_SUM: Final = 1e-6

_FEWEST_EQUAL: Final = 10
_FEWEST_CHANGES: Final = 40
_EQUAL: Final = 2.5  # for each neighbour that differs by the last digit
_LEAST_DIGIT_MS: Final = 0.9
_LARGE_STEPS: Final = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeat:
    """Places at which the same intervals begin first and again, and how many."""

    first: int
    again: int
    n: int


def repeat_in(rr_ms: Floats) -> Repeat | None:
    """Return the first run of intervals that stands a second time, None without one.

    Examples
    --------
    >>> rows = np.arange(100)
    >>> once = 812.0 + rows * rows * rows % 101
    >>> repeat_in(np.concatenate((once, once[50:])))
    Repeat(first=50, again=100, n=50)
    >>> repeat_in(once) is None
    True
    """
    if rr_ms.size < 2 * _RUN:
        return None
    held = np.nan_to_num(rr_ms, nan=0.0)
    weights = np.random.default_rng(0).uniform(1, 2, _RUN)
    sums = np.convolve(held, weights, "valid")
    changes = np.convolve(np.diff(held) != 0, np.ones(_RUN - 1), "valid")
    may = np.flatnonzero(changes >= _FEWEST_KINDS)
    order = may[np.argsort(sums[may], kind="stable")]
    is_same = np.abs(np.diff(sums[order])) < _SAME_SUM
    pairs = np.sort(np.stack((order[:-1][is_same], order[1:][is_same])), axis=0)
    pairs = pairs[:, pairs[1] - pairs[0] >= _SHORTEST_LAG]
    pairs = pairs[:, np.argsort(pairs[1], kind="stable")[:_MOST_LOOKED_AT]]
    for first, again in pairs.T.tolist():
        run = held[first : first + _RUN]
        is_known = np.unique(run).size >= _FEWEST_KINDS and run.all()
        if is_known and np.array_equal(run, held[again : again + _RUN]):
            return Repeat(first=first, again=again, n=_length(held, first, again))
    return None


def _length(held: Floats, first: int, again: int) -> int:
    """Return how many intervals from two places on are the same, to the second."""
    most = min(held.size - again, again - first)
    differs = np.flatnonzero(held[first : first + most] != held[again : again + most])
    return int(differs[0]) if differs.size else most


def are_written_again(rr_ms: Floats) -> bool:
    """Whether more intervals equal the one before than a heart's do.

    Examples
    --------
    >>> rows = np.arange(200)
    >>> beats = 812.0 + rows * rows % 61
    >>> are_written_again(np.repeat(beats, np.where(rows % 4, 1, 2)))
    True
    >>> are_written_again(812.0 + rows * rows % 3)
    False
    """
    held = rr_ms[np.isfinite(rr_ms) & (rr_ms > 0)]
    steps_ms = np.abs(np.diff(held))
    changes_ms = steps_ms[steps_ms > 0]
    equal = steps_ms.size - changes_ms.size
    if equal < _FEWEST_EQUAL or changes_ms.size < _FEWEST_CHANGES:
        return False
    digit_ms = max(float(np.quantile(changes_ms, 0.02)), _LEAST_DIGIT_MS)
    by_a_digit = int(np.count_nonzero(changes_ms < 1.5 * digit_ms))
    is_large = float(np.median(changes_ms)) >= _LARGE_STEPS * digit_ms
    return is_large and equal > _EQUAL * by_a_digit + _FEWEST_EQUAL
