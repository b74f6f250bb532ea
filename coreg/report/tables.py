"""The numbers behind each chart, as rows of text for the tables of the HTML page."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coreg.analysis.crosscorrelation import LagSurface
from coreg.events import Partner
from coreg.report import words
from coreg.report.heart import Heart, median_hr_bpm
from coreg.report.numbers import clock, figure
from coreg.report.summary import SessionSummary

Floats = NDArray[np.float64]

_MOST_ROWS = 60
_STEPS_S = (5.0, 10.0, 30.0, 60.0, 120.0, 300.0, 600.0)
_LAGS_S = (-10.0, -5.0, -2.0, 0.0, 2.0, 5.0, 10.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A caption, the names of the columns, and rows that begin with their own name.

    `owners` says of whom a column is, None where of nobody alone. `remarks` are words
    beside the rows, one each, or none at all.
    """

    caption: str
    columns: tuple[str, ...]
    owners: tuple[Partner | None, ...]
    rows: tuple[tuple[str, ...], ...]
    remarks: tuple[str, ...]


def table(
    caption: str, columns: tuple[str, ...], rows: Iterable[tuple[str, ...]]
) -> Table:
    """Return a table whose columns are nobody's own, without remarks."""
    return Table(
        caption=caption,
        columns=columns,
        owners=(None,) * len(columns),
        rows=tuple(rows),
        remarks=(),
    )


def hearts_table(summary: SessionSummary) -> Table:
    """Return the median heart rates, step by step."""
    step_s = _step_s(summary)
    edges_s = np.arange(summary.start_s, summary.end_s + step_s, step_s)
    rates = [median_hr_bpm(h, summary.grid_s, edges_s) for h in summary.hearts]
    return Table(
        caption=words.hearts_table(step_s),
        columns=(words.TIME, *words.rate_names(summary)),
        owners=(None, *summary.shown),
        remarks=(),
        rows=tuple(
            (
                clock(edge - summary.start_s),
                *(figure(bpm, 1) for bpm in bpms),
            )
            for edge, *bpms in zip(edges_s, *rates, strict=False)
        ),
    )


def swings_table(summary: SessionSummary) -> Table:
    """Return the swing of each heart, breath by breath."""
    pace = summary.pace
    swings = [_by_breath(heart) for heart in summary.hearts]
    rows = [
        (
            clock(start - summary.start_s),
            figure(float(rate), 2),
            *(figure(swing.get(start, np.nan), 1) for swing in swings),
        )
        for start, rate in zip(pace.start_s.tolist(), pace.breaths_per_min, strict=True)
    ]
    return Table(
        caption=words.SWINGS_TABLE,
        columns=(
            words.TIME,
            words.PACE_COLUMN,
            *words.rate_names(summary),
        ),
        owners=(None, None, *summary.shown),
        remarks=(),
        rows=tuple(rows),
    )


def surface_table(summary: SessionSummary, surface: LagSurface) -> Table:
    """Return the correlation at a few shifts, step by step."""
    step = max(1, round(_step_s(summary)))
    lags = [int(np.argmin(np.abs(surface.lag_s - lag))) for lag in _LAGS_S]
    return table(
        words.SURFACE_TABLE,
        (words.TIME, *(words.shift(lag) for lag in _LAGS_S)),
        (
            (
                clock(surface.t_s[column]),
                *(figure(float(surface.r[lag, column]), 2) for lag in lags),
            )
            for column in range(0, surface.t_s.size, step)
        ),
    )


def levels_table(summary: SessionSummary) -> Table:
    """Return the mean level of each heart in each phase."""
    return Table(
        caption=words.LEVELS_CAPTION,
        columns=(words.PHASE, *words.level_names(summary)),
        owners=(None, *(who for who in summary.shown for _ in words.LEVEL_COLUMNS)),
        remarks=(),
        rows=tuple(
            (
                words.name(phase.name),
                *(
                    figure
                    for heart in summary.hearts
                    for figure in words.level(heart.levels[index])
                ),
            )
            for index, phase in enumerate(summary.phases)
        ),
    )


def _step_s(summary: SessionSummary) -> float:
    length_s = summary.end_s - summary.start_s
    fits = (step for step in _STEPS_S if length_s / step <= _MOST_ROWS)
    return next(fits, _STEPS_S[-1])


def _by_breath(heart: Heart) -> dict[float, float]:
    swings = heart.swings
    return dict(zip(swings.start_s.tolist(), swings.rsa_bpm.tolist(), strict=True))
