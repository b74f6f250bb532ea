"""The numbers behind each chart, as rows of text for the tables of the HTML page."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from coreg.analysis.crosscorrelation import LagSurface
from coreg.facts.events import Partner
from coreg.findings.rows import (
    calm_by_step,
    correlations_at,
    rates_by_step,
    step_s,
    swing_by_breath,
)
from coreg.findings.summary import SessionSummary
from coreg.report.words import couple as couple_words, session as words
from coreg.report.words.numbers import clock, figure
from coreg.words import say

_LAGS_S = (-10.0, -5.0, -2.0, 0.0, 2.0, 5.0, 10.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A caption, the names of the columns, and rows that begin with their own name.

    `owners` says whose a column is, None where it belongs to neither alone. `remarks`
    are words beside the rows, one each, or none at all.
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
    return Table(
        caption=words.hearts_table(step_s(summary)),
        columns=(say("report.session.time"), *words.rate_names(summary)),
        owners=(None, *summary.shown),
        remarks=(),
        rows=tuple(
            (
                clock(edge_s - summary.start_s),
                *(figure(bpm, 1) for bpm in bpms),
            )
            for edge_s, bpms in rates_by_step(summary)
        ),
    )


def calm_hearts_table(summary: SessionSummary) -> Table:
    """Return where each heart was beside its own average, in words and step by step."""
    return Table(
        caption=say("report.couple.hearts_table"),
        columns=(
            say("report.session.time"),
            *(summary.called[each] for each in summary.shown),
        ),
        owners=(None, *summary.shown),
        remarks=(),
        rows=tuple(
            (
                clock(t_s - summary.start_s),
                *(couple_words.beside_average(share) for share in shares),
            )
            for t_s, shares in calm_by_step(summary)
        ),
    )


def swings_table(caption: str, summary: SessionSummary) -> Table:
    """Return how far each heart swung, breath by breath."""
    pace = summary.pace
    swings = [swing_by_breath(heart) for heart in summary.hearts]
    rows = [
        (
            clock(start - summary.start_s),
            figure(float(rate), 2),
            *(figure(swing.get(start, math.nan), 1) for swing in swings),
        )
        for start, rate in zip(pace.start_s.tolist(), pace.breaths_per_min, strict=True)
    ]
    return Table(
        caption=caption,
        columns=(
            say("report.session.time"),
            say("report.session.pace_column"),
            *words.rate_names(summary),
        ),
        owners=(None, None, *summary.shown),
        remarks=(),
        rows=tuple(rows),
    )


def surface_table(summary: SessionSummary, surface: LagSurface) -> Table:
    """Return the correlation at a few shifts, step by step."""
    return table(
        say("report.session.surface_table"),
        (say("report.session.time"), *(words.shift(lag) for lag in _LAGS_S)),
        (
            (
                clock(t_s),
                *(figure(r, 2) for r in correlations),
            )
            for t_s, correlations in correlations_at(summary, surface, _LAGS_S)
        ),
    )
