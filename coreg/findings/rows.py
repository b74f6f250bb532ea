"""The numbers behind each chart, thinned to as many as somebody can read in a table."""

import math
from collections.abc import Sequence

import numpy as np

from coreg.analysis.crosscorrelation import GRID_RATE_HZ, LagSurface
from coreg.facts.arrays import Floats
from coreg.findings.heart import (
    CALM_S,
    HeartFigures,
    around_own_mean,
    calm_hr_bpm,
    median_hr_bpm,
)
from coreg.findings.summary import SessionSummary

LEAST_REACH_BPM = 6.0
"""A heart around its mean is shown to at least so far: a steady one looks steady."""

_MOST_ROWS = 60
_STEPS_S = (5.0, 10.0, 30.0, 60.0, 120.0, 300.0, 600.0)


def step_s(summary: SessionSummary) -> float:
    """Return the shortest usual step that fills a table without overfilling it."""
    length_s = summary.end_s - summary.start_s
    fits = (step for step in _STEPS_S if length_s / step <= _MOST_ROWS)
    return next(fits, _STEPS_S[-1])


def rates_by_step(summary: SessionSummary) -> list[tuple[float, tuple[float, ...]]]:
    """Return when each step begins (s), and the median heart rates in it (bpm)."""
    each_s = step_s(summary)
    edges_s = np.arange(summary.start_s, summary.end_s + each_s, each_s)
    rates = [median_hr_bpm(h, summary.grid_s, edges_s) for h in summary.hearts]
    return [
        (float(edge_s), tuple(bpms))
        for edge_s, *bpms in zip(edges_s, *rates, strict=False)
    ]


def calm_around_mean(summary: SessionSummary) -> tuple[list[Floats], float]:
    """Return each calm heart around its own mean, and how far any went from its own.

    Nothing is left in them of which heart was the faster one.
    """
    each = [around_own_mean(calm_hr_bpm(heart.hr_bpm)) for heart in summary.hearts]
    farthest = [float(np.nanmax(np.abs(x))) for x in each if np.isfinite(x).any()]
    return each, max([LEAST_REACH_BPM, *farthest])


def calm_by_step(summary: SessionSummary) -> list[tuple[float, tuple[float, ...]]]:
    """Return when each step begins (s), and where each heart was around its mean.

    As a share of how far either went from its own, -1 to 1; NaN where it is not known
    for half of a step. No step is shorter than what a calm heart is a mean of.
    """
    each, reach_bpm = calm_around_mean(summary)
    step = round(max(step_s(summary), CALM_S) * GRID_RATE_HZ)
    return [
        (
            float(summary.grid_s[at]),
            tuple(_mean(around[at : at + step]) / reach_bpm for around in each),
        )
        for at in range(0, max(summary.grid_s.size - 1, 1), step)
    ]


def _mean(part: Floats) -> float:
    """Return the mean of what is known, NaN where that is less than half."""
    known = part[np.isfinite(part)]
    return float(known.mean()) if 2 * known.size >= part.size > 0 else math.nan


def swing_by_breath(heart: HeartFigures) -> dict[float, float]:
    """Return the swing (bpm) of each breath, by when it began (s)."""
    swings = heart.swings
    return dict(zip(swings.start_s.tolist(), swings.rsa_bpm.tolist(), strict=True))


def correlations_at(
    summary: SessionSummary, surface: LagSurface, lags_s: Sequence[float]
) -> list[tuple[float, tuple[float, ...]]]:
    """Return, step by step, a moment (s) and the correlation at each shift."""
    step = max(1, round(step_s(summary)))
    nearest = [int(np.argmin(np.abs(surface.lag_s - lag_s))) for lag_s in lags_s]
    return [
        (
            float(surface.t_s[column]),
            tuple(float(surface.r[at, column]) for at in nearest),
        )
        for column in range(0, surface.t_s.size, step)
    ]
