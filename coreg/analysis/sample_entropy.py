"""Sample entropy: how seldom stretches of intervals that were alike go on alike.

Every pair of stretches is asked, and none twice. Stretches are sorted by their first
interval, so that those which may be near stand side by side, and intervals are compared
by their rank among all values: small whole numbers, many at once. The counts are those
of comparing each with each.

A NaN is an interval that cleaning rejected: no stretch reaches across it.
"""

import math
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from coreg.analysis.timedomain import sdnn_ms
from coreg.facts.arrays import Flags, Floats

TOLERANCE: Final = 0.2  # of the standard deviation
LONGEST_S: Final = 3600.0
FEWEST_INTERVALS: Final = 200

_AT_ONCE: Final = 64  # rows of a table that stays in a processor's own memory
_Ranks = NDArray[np.unsignedinteger]


def sampen(nn_ms: Floats) -> float:
    """Sample entropy of the intervals, m = 2, r = 0.2 standard deviations.

    Parameters
    ----------
    nn_ms : ndarray, shape (n,), milliseconds
        Normal-to-normal intervals; NaN where cleaning rejected one.

    Returns
    -------
    float
        -ln(A / B): of the pairs of stretches that stay within r over 2 intervals (B),
        the share that stays within r over 3 (A); the same stretches for both. NaN
        where no pair does over 3.

    References
    ----------
    Richman & Moorman, Am. J. Physiol. Heart Circ. Physiol. 278 (2000) H2039.

    Examples
    --------
    >>> sampen(np.tile([800.0, 900.0], 50)) == 0  # every stretch goes on as it did
    True
    """
    two, three = alike_over_two_and_three(nn_ms, TOLERANCE * sdnn_ms(nn_ms))
    return math.log(two / three) if three else math.nan


def sampen_by_the_hour(beat_t_s: Floats, nn_ms: Floats) -> Floats:
    """Sample entropy of each part of a recording, whose median is its figure.

    Parameters
    ----------
    beat_t_s : ndarray, shape (n,), seconds
        Time of the beat that ends each interval; NaN where none is known.
    nn_ms : ndarray, shape (n,), milliseconds
        Normal-to-normal intervals; NaN where cleaning rejected one.

    Returns
    -------
    ndarray, shape (k,)
        `sampen` of each of the k `parts_of_an_hour`, with a tolerance of its own; up
        to an hour there is one, the whole. NaN for parts of fewer than
        `FEWEST_INTERVALS` and those without a figure.

    Notes
    -----
    The tolerance is a share of the SD. Over hours somebody rises, walks and sleeps;
    that widens the SD, and all else becomes alike. The median of the parts, so that
    one restless hour does not speak for a day.

    Examples
    --------
    An hour in which every stretch goes on as it did, and two that nobody can foretell:

    >>> told_ms = np.tile([800.0, 900.0], 2120)
    >>> free_ms = np.random.default_rng(1).normal(850, 50, 8460)
    >>> nn_ms = np.concatenate([told_ms, free_ms])
    >>> sampen_by_the_hour(np.cumsum(nn_ms) / 1000, nn_ms).round(1).tolist()
    [0.0, 2.2, 2.2]
    """
    parts = [nn_ms[part] for part in parts_of_an_hour(beat_t_s)]
    is_enough = [np.isfinite(part).sum() >= FEWEST_INTERVALS for part in parts]
    return np.array(
        [
            sampen(part) if enough else math.nan
            for part, enough in zip(parts, is_enough, strict=True)
        ]
    )


def parts_of_an_hour(beat_t_s: Floats) -> list[slice]:
    """Cut a recording into the fewest parts of one length and at most an hour.

    Parameters
    ----------
    beat_t_s : ndarray, shape (n,), seconds
        Time of the beat that ends each interval; one of NaN goes with the beat before.

    Returns
    -------
    list of slice
        One after another, together the whole; those in which no beat is are left out.

    Examples
    --------
    Ninety minutes are two parts of 45:

    >>> [part.stop - part.start for part in parts_of_an_hour(np.arange(5401.0))]
    [2700, 2701]
    """
    known_s = beat_t_s[np.isfinite(beat_t_s)]
    if not known_s.size:
        return []
    so_far_s = np.fmax.accumulate(beat_t_s)
    first_s, last_s = float(known_s[0]), float(known_s.max())
    count = max(1, math.ceil((last_s - first_s) / LONGEST_S))
    ends_s = np.linspace(first_s, last_s, count + 1)[1:-1]
    edges = [0, *np.searchsorted(so_far_s, ends_s).tolist(), beat_t_s.size]
    return [slice(start, stop) for start, stop in pairwise(edges) if stop > start]


def alike_over_two_and_three(nn_ms: Floats, radius_ms: float) -> tuple[int, int]:
    """Count the pairs of stretches that stay near over 2 and over 3 intervals.

    Parameters
    ----------
    nn_ms : ndarray, shape (n,), milliseconds
        Intervals; NaN where one was rejected.
    radius_ms : float, milliseconds
        How far apart two intervals may be, this far included.

    Returns
    -------
    two, three : int
        Ordered pairs of different stretches, both of three accepted intervals.

    Examples
    --------
    Five stretches in turn of two kinds: three of one, two of the other.

    >>> alike_over_two_and_three(np.array([8.0, 9, 8, 9, 8, 9, 8]), 0.5)
    (8, 8)
    """
    known = np.isfinite(nn_ms)
    starts = np.flatnonzero(known[:-2] & known[1:-1] & known[2:])
    if not starts.size:
        return 0, 0
    values, places = np.unique(nn_ms[known], return_inverse=True)
    ends = _ends_of_reach(values, radius_ms)
    begins = np.searchsorted(ends, np.arange(values.size), side="right")
    kind = np.uint16 if values.size < 2**16 else np.uint32
    ranks: _Ranks = np.zeros(nn_ms.size, dtype=kind)
    ranks[known] = places
    starts = starts[np.argsort(ranks[starts], kind="stable")]
    intervals = [ranks[starts + step] for step in range(3)]
    return _pairs(intervals, begins.astype(kind), ends.astype(kind))


def _ends_of_reach(values: Floats, radius: float) -> NDArray[np.intp]:
    """Return for each of the rising values how many are no further above it."""
    ends = np.searchsorted(values, values + radius, side="right")
    # A sum is rounded otherwise than the difference that the definition asks about.
    while (over := values[ends - 1] - values > radius).any():
        ends -= over
    padded = np.append(values, math.inf)
    while (short := padded[ends] - values <= radius).any():
        ends += short
    return ends


def _pairs(intervals: list[_Ranks], begins: _Ranks, ends: _Ranks) -> tuple[int, int]:
    """Count ordered pairs of stretches, sorted by the rank of their first interval.

    A rank is near where it lies from where another's reach begins to before its end:
    in whole numbers without a sign one comparison, since what lies below wraps around.
    """
    first, second, third = intervals
    widths = ends - begins
    reached = np.searchsorted(first, ends[first])
    two = three = 0
    for start in range(0, first.size, _AT_ONCE):
        rows = slice(start, start + _AT_ONCE)
        columns = slice(start, int(reached[rows][-1]))

        def near(ranks: _Ranks, rows: slice = rows, columns: slice = columns) -> Flags:
            own = ranks[rows, np.newaxis]
            is_near: Flags = ranks[columns] - begins[own] < widths[own]
            return is_near

        over_two = near(first) & near(second)
        two += _both_ways(over_two)
        three += _both_ways(over_two & near(third))
    return two, three


def _both_ways(pairs: Flags) -> int:
    """Count pairs in either order, of a table that begins with its own rows.

    Among those each pair stands twice, and each stretch beside itself once.
    """
    rows = len(pairs)
    among = np.count_nonzero(pairs[:, :rows])
    return int(2 * np.count_nonzero(pairs) - among - rows)
