"""Faults that the rows of a file show by themselves: refused, as no figure survives.

Intervals in another unit than they say stand in one ratio to the steps of the file's
times, row by row. Where beats were lost a step differs from its multiple of intervals
by as much as the heart varies, and that is a loss, for others to find.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np

from coreg.errors import BadRecordingError
from coreg.facts.arrays import Floats
from coreg.sensors.recordings.lines import fault_at
from coreg.sensors.recordings.text.repeated import repeat_in
from coreg.sensors.recordings.text.table import Column
from coreg.sensors.timing.stamped import steady_share

_FEWEST: Final = 20
_FEWEST_PAIRS: Final = 8
_MOST_TIMES: Final = 4
_BY_CHANCE: Final = 0.5
_UNITS: Final = np.array([r for f in (512, 256, 128) for r in (1000 / f, f / 1000)])
_NEAR: Final = 0.008
_OF_A_BEAT_S: Final = 0.005
_MOSTLY_OF_BEATS: Final = 0.8
_OFF: Final = 0.05  # below, a clock may be wrong: `counts_ticks_as_ms` warns of it
# Of the changes from row to row. A beat lost in each step leaves at least a quarter,
# also where the heart changes so slowly that neighbours are nearly alike.
_LIKE_ROUNDING: Final = 0.15


def expect_unit_of_times(t_s: Floats, rr_ms: Floats, column: Column) -> None:
    """Refuse intervals that are a steady part of the steps from time to time."""
    usual = _steady_ratio(1000 * np.diff(t_s), rr_ms[1:])
    how = "row by row"
    if usual is None:
        usual, how = _ratio_of_units(steady_share(t_s, rr_ms)), "in the sum"
    if usual is None or abs(usual - 1) < _OFF:
        return
    raise BadRecordingError(
        f"By the file's own times each interval lasts {usual:.4g} times as long as "
        f"{column.called} says, {how}: one of the two is in another unit.",
        "Write the right unit into both headings, such as `time [s]` and "
        "`RR [1/512 s]`, or leave the times out.",
    )


def _ratio_of_units(usual: float | None) -> float | None:
    """Return a ratio if it is that of two units of intervals, and of no lost beats.

    Where each second beat is lost, times are twice as long as intervals: 2, not 1.953.
    """
    if usual is None:
        return None
    return usual if np.min(np.abs(usual / _UNITS - 1)) < _NEAR else None


def _steady_ratio(steps_ms: Floats, rr_ms: Floats) -> float | None:
    """Return how much longer steps are than intervals, None where it is not steady."""
    both = np.isfinite(steps_ms) & np.isfinite(rr_ms) & (rr_ms > 0) & (steps_ms > 0)
    steps_ms, rr_ms = steps_ms[both], rr_ms[both]
    if rr_ms.size < max(_FEWEST, 0.8 * both.size):
        return None
    usual = float(np.median(steps_ms / rr_ms))
    off_ms = float(np.median(np.abs(steps_ms - usual * rr_ms)))
    changes_ms = usual * float(np.median(np.abs(np.diff(rr_ms))))
    return usual if off_ms < _LIKE_ROUNDING * changes_ms else None


def expect_no_row_again(
    t_s: Floats, rr_ms: Sequence[float], lines: Sequence[int]
) -> None:
    """Refuse a beat that stands in two rows, of a table whose times are of each beat.

    Two beats of one packet have one time as well; there no step of time is an interval.
    """
    rr_s = np.array(rr_ms, dtype=np.float64) / 1000
    steps_s = np.diff(t_s)
    is_again = (steps_s == 0) & (rr_s[1:] == rr_s[:-1])
    off_s = np.minimum(np.abs(steps_s - rr_s[1:]), np.abs(steps_s - rr_s[:-1]))
    others = off_s[~is_again]
    others = others[np.isfinite(others)]
    if not is_again.any() or others.size < _FEWEST_PAIRS:
        return
    if np.mean(others < _OF_A_BEAT_S) < _MOSTLY_OF_BEATS:
        return
    n, first = int(is_again.sum()), int(np.argmax(is_again)) + 1
    raise fault_at(
        lines[first],
        f"It has the time and the interval of the row above again, as do {n} of "
        f"{rr_s.size} rows: written twice?"
        if n > 1
        else "It has the time and the interval of the row above again: written twice?",
        "Leave one row of each beat.",
    )


def expect_each_once(rr_ms: Sequence[float | None]) -> None:
    """Refuse rows of which each stands several times, one below the other."""
    whole = np.array([np.nan if each is None else each for each in rr_ms])
    same = whole[:-1] == whole[1:]
    for times in range(2, _MOST_TIMES + 1):
        if same.size < times * _FEWEST_PAIRS:
            return
        for first in range(times):
            is_last = np.arange(1, same.size + 1) % times == first
            if same[~is_last].all() and np.mean(same[is_last]) < _BY_CHANCE:
                raise BadRecordingError(
                    f"Each interval stands in it {times} times, one row below the "
                    "other.",
                    "Leave one row of each; some programs repeat rows as they join "
                    "tables.",
                )


def expect_no_run_again(rr_ms: Sequence[float | None], lines: Sequence[int]) -> None:
    """Refuse intervals that come again in the same order; with both lines."""
    repeat = repeat_in(np.array(rr_ms, dtype=np.float64))
    if repeat is None:
        return
    raise fault_at(
        lines[repeat.again],
        f"{repeat.n} intervals that stand in the same order from line "
        f"{lines[repeat.first]} on: written twice?",
        "Leave each heartbeat once. If it was one recording all the same, say so with "
        "--column.",
    )
