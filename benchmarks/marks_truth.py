"""Does the response around marks hold a planted truth, and stay silent where none is?

    python -m benchmarks.marks_truth [--seeds N] [--first N]

Hearts of 48 minutes: a level, a drift, slow waves of power 1/f and a swing with the
breath, beating where their integral reaches whole numbers. At each mark of a kind the
level steps by a planted size for 45 s, or by nothing. Marks lie anywhere, or all in the
quarter of an hour in which the heart calms down anyway, where marks say nothing and a
comparison without chance would. Some of each heart is lost.

Exit status 1 where a 95 % interval holds the truth in less than 90 of 100, or where p
is below 0.05 in more than 10 of 100 hearts to which nothing happened.
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coreg.findings.marks import MarkResponse, response_around_marks

Floats = NDArray[np.float64]
LENGTH_S, RATE_HZ = 48 * 60.0, 4.0
STEP_S, LEAST_APART_S = 45.0, 80.0
HOLDS_AT_LEAST, MOST_FALSE = 0.90, 0.10
LOST_S = 40.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """How many marks, by how much the heart steps at each, and how it is otherwise."""

    marks: int
    step_bpm: float
    calms_bpm: float
    is_bunched: bool


CASES = tuple(
    Case(marks=marks, step_bpm=step_bpm, calms_bpm=calms_bpm, is_bunched=is_bunched)
    for calms_bpm, is_bunched in ((0.0, False), (10.0, True))
    for marks in (5, 8, 15)
    for step_bpm in (0.0, 3.0, 8.0)
    if not (is_bunched and marks > 8)
)


def heart(case: Case, rng: np.random.Generator) -> tuple[Floats, Floats, list[float]]:
    """Return beats, clean intervals (some lost), and the marks."""
    t_s = np.arange(0.0, LENGTH_S, 1 / RATE_HZ)
    marks_s = _marks(case, rng)
    rate = 70 + _slow_waves(t_s.size, rng) * rng.uniform(1.5, 4.0)
    rate -= case.calms_bpm * np.clip((t_s - 60) / 900, 0, 1)
    rate += rng.uniform(2, 6) * np.sin(2 * np.pi * 0.11 * t_s + rng.uniform(0, 6))
    for mark_s in marks_s:
        rate[(t_s >= mark_s) & (t_s < mark_s + STEP_S)] += case.step_bpm
    phase = np.cumsum(np.maximum(rate, 35) / 60) / RATE_HZ
    beat_t_s = np.interp(np.arange(1, int(phase[-1])), phase, t_s)
    nn_ms = 1000 * np.diff(beat_t_s)
    lost_s = rng.uniform(0, LENGTH_S - LOST_S)
    is_lost = (beat_t_s[1:] > lost_s) & (beat_t_s[1:] < lost_s + LOST_S)
    return beat_t_s[1:], np.where(is_lost, np.nan, nn_ms), marks_s


def _marks(case: Case, rng: np.random.Generator) -> list[float]:
    end_s = 60 + 900 if case.is_bunched else LENGTH_S - 90
    while True:
        marks = np.sort(rng.uniform(90, end_s, case.marks))
        if case.marks == 1 or np.diff(marks).min() >= LEAST_APART_S:
            return [float(mark) for mark in marks]


def _slow_waves(size: int, rng: np.random.Generator) -> Floats:
    """Return noise of power 1/f, of unit variance."""
    drawn = np.fft.rfft(rng.standard_normal(size))
    drawn[1:] /= np.sqrt(np.arange(1, drawn.size))
    drawn[0] = 0
    waves = np.fft.irfft(drawn, size)
    return np.asarray(waves / waves.std(), dtype=np.float64)


def responses(case: Case, seeds: range) -> list[MarkResponse]:
    """Return what is said of one heart a seed."""
    found = []
    for seed in seeds:
        number = CASES.index(case)
        beat_t_s, nn_ms, marks_s = heart(case, np.random.default_rng([seed, number]))
        rng = np.random.default_rng([seed, number, 1])
        found.append(
            response_around_marks(beat_t_s, nn_ms, marks_s, (0.0, LENGTH_S), rng)
        )
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a line a case; say by the exit status whether all is as it should be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=60)
    parser.add_argument("--first", type=int, default=1)
    given = parser.parse_args(arguments)
    seeds, is_well = range(given.first, given.first + given.seeds), True
    print("marks  step  calms  said  median  half width  holds  p<0.05")
    for case in CASES:
        known = [r for r in responses(case, seeds) if np.isfinite(r.change_bpm)]
        low, high, change, p = (
            np.array([getattr(r, name) for r in known])
            for name in ("low_bpm", "high_bpm", "change_bpm", "p")
        )
        holds = float(np.mean((low <= case.step_bpm) & (case.step_bpm <= high)))
        found = float(np.mean(p < 0.05))
        is_well &= holds >= HOLDS_AT_LEAST
        is_well &= case.step_bpm != 0 or found <= MOST_FALSE
        half = np.median(high - low) / 2
        print(
            f"{case.marks:5}  {case.step_bpm:4.0f}  {case.calms_bpm:5.0f}"
            f"  {len(known):4}  {np.median(change):6.2f}  {half:10.2f}"
            f"  {holds:5.2f}  {found:6.2f}"
        )
    return 0 if is_well else 1


if __name__ == "__main__":
    sys.exit(main())
