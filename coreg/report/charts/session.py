"""The charts of a session, each with its heading, its words and its numbers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes

from coreg.analysis.crosscorrelation import LagSurface
from coreg.analysis.lagged_correlation import LAGS_S
from coreg.analysis.synchrony import Synchrony
from coreg.analysis.wavelet import WaveletCoherence
from coreg.findings.summary import SessionSummary
from coreg.findings.together import Together
from coreg.report.charts.frame import PHASE_ROW_IN, draw_phase_names, phase_rows
from coreg.report.charts.hearts import (
    SWINGS_KEY_IN,
    draw_calm_hearts,
    draw_hearts,
    draw_swings,
)
from coreg.report.charts.scalogram import draw_scalogram, scalogram_table
from coreg.report.charts.surface import draw_key, draw_surface
from coreg.report.charts.together import (
    draw_null,
    draw_profile,
    draw_strips,
    strips,
    strips_in,
)
from coreg.report.page import Chart, Width, nothing_above
from coreg.report.tables import (
    Table,
    calm_hearts_table,
    hearts_table,
    surface_table,
    swings_table,
    table,
)
from coreg.report.words import (
    alt as alt_words,
    couple as couple_words,
    session as words,
    together as together_words,
)
from coreg.report.words.numbers import figure, signed_s

_FOOT_IN = 0.3
_SCALE_FOOT_IN = 0.38


def hearts_chart(summary: SessionSummary) -> Chart:
    """Return both heart rates beat by beat, in full."""
    return _hearts(
        summary,
        _Said(
            heading=words.HEARTS,
            caption=words.HEARTS_CAPTION,
            alt=alt_words.hearts_alt(summary),
            notes=(),
        ),
        draw_hearts,
        hearts_table(summary),
    )


def own_heart_chart(mine: SessionSummary, notes: tuple[str, ...]) -> Chart:
    """Return one's own heart rate beat by beat, for nobody else."""
    return _hearts(
        mine,
        _Said(
            heading=words.OWN_HEART,
            caption=couple_words.OWN_CAPTION,
            alt=alt_words.hearts_alt(mine),
            notes=notes,
        ),
        draw_hearts,
        hearts_table(mine),
    )


def calm_hearts_chart(summary: SessionSummary, notes: tuple[str, ...]) -> Chart:
    """Return both hearts for both: no breath and no moment in them, and no level."""
    return _hearts(
        summary,
        _Said(
            heading=couple_words.TOGETHER,
            caption=couple_words.HEARTS_CAPTION,
            alt=couple_words.HEARTS_ALT,
            notes=notes,
        ),
        draw_calm_hearts,
        calm_hearts_table(summary),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """What is said about a chart."""

    heading: str
    caption: str
    alt: str
    notes: tuple[str, ...]


def _hearts(
    summary: SessionSummary,
    said: _Said,
    draw_rows: Callable[[Sequence[Axes], SessionSummary], None],
    table: Table,
) -> Chart:
    def draw(axes: Sequence[Axes]) -> None:
        draw_rows(axes, summary)
        draw_phase_names(axes[0], summary)

    return Chart(
        name="hearts",
        heading=said.heading,
        caption=said.caption,
        alt=said.alt,
        rows_in=(1.05,) * len(summary.hearts),
        gives=1.0,
        above_in=lambda width: 0.05 + PHASE_ROW_IN * phase_rows(summary, width),
        foot_in=_FOOT_IN,
        draw=draw,
        key=None,
        table=table,
        notes=said.notes,
        width=Width.FULL,
    )


def swings_chart(summary: SessionSummary) -> Chart:
    """Return how far both hearts swing with each breath, and the pace."""
    return _swings(
        summary,
        _Said(
            heading=words.SWINGS,
            caption=words.swings_caption(summary.opened),
            alt=alt_words.swings_alt(summary),
            notes=(),
        ),
        swings_table(words.SWINGS_TABLE, summary),
    )


def own_swings_chart(mine: SessionSummary, notes: tuple[str, ...]) -> Chart:
    """Return how far one's own heart moves with each breath, and the pace."""
    (heart,) = mine.hearts
    return _swings(
        mine,
        _Said(
            heading=couple_words.SWINGS,
            caption=couple_words.swings_caption(mine.opened),
            alt=couple_words.swings_alt(heart),
            notes=notes,
        ),
        swings_table(couple_words.SWINGS_TABLE, mine),
    )


def _swings(summary: SessionSummary, said: _Said, table: Table) -> Chart:
    def draw(axes: Sequence[Axes]) -> None:
        draw_swings(axes[0], summary)

    return Chart(
        name="swings",
        heading=said.heading,
        caption=said.caption,
        alt=said.alt,
        rows_in=(1.25,),
        gives=1.0,
        above_in=lambda _: SWINGS_KEY_IN,
        foot_in=_FOOT_IN,
        draw=draw,
        key=None,
        table=table,
        notes=said.notes,
        width=Width.FULL,
    )


def surface_chart(
    summary: SessionSummary, surface: LagSurface, notes: tuple[str, ...]
) -> Chart:
    """Return the surface of how alike both rates move, with what was tested of it."""
    return Chart(
        name="surface",
        heading=words.SURFACE,
        caption=words.surface_caption(summary.opened),
        alt=alt_words.SURFACE_ALT,
        rows_in=(1.35,),
        gives=1.0,
        above_in=nothing_above,
        foot_in=_FOOT_IN,
        draw=lambda axes: draw_surface(axes[0], summary, surface),
        key=draw_key,
        table=surface_table(summary, surface),
        notes=notes,
        width=Width.FULL,
    )


def strips_chart(together: Together) -> Chart:
    """Return the parts of the practice beside chance, for the therapist alone."""
    found = strips(together)
    return Chart(
        name="strips",
        heading=together_words.STRIPS,
        caption=together_words.STRIPS_CAPTION,
        alt=together_words.strips_alt([(s.stretch, s.phase) for s in found]),
        rows_in=(strips_in(found),),
        gives=0.0,
        above_in=nothing_above,
        foot_in=_SCALE_FOOT_IN,
        draw=lambda axes: draw_strips(axes[0], found),
        key=None,
        table=table(
            together_words.STRIPS_TABLE,
            together_words.STRIP_COLUMNS,
            (
                (
                    together_words.stretch_name(strip.stretch),
                    together_words.told(strip.phase),
                    figure(strip.seen, 2),
                    figure(strip.three_quarters, 2),
                    figure(strip.edge, 2),
                )
                for strip in found
            ),
        ),
        notes=(),
        width=Width.FULL,
    )


def null_chart(found: Synchrony) -> Chart:
    """Return where this pair lies among unrelated ones."""
    below = (5, 25, 50, 75, 95)
    return Chart(
        name="null",
        heading=together_words.NULL,
        caption=together_words.null_caption(found),
        alt=together_words.null_alt(found),
        rows_in=(1.35,),
        gives=1.0,
        above_in=nothing_above,
        foot_in=_SCALE_FOOT_IN,
        draw=lambda axes: draw_null(axes[0], found),
        key=None,
        table=table(
            together_words.NULL_TABLE,
            together_words.NULL_COLUMNS,
            (
                *(
                    (
                        f"{share}",
                        figure(float(np.quantile(found.hr.null, share / 100)), 3),
                    )
                    for share in below
                ),
                (together_words.NULL_PAIR, figure(found.hr.statistic, 3)),
            ),
        ),
        notes=(),
        width=Width.HALF,
    )


def profile_chart(found: Synchrony, lag_resolution_s: float) -> Chart:
    """Return the correlation shift by shift in the band of chance."""
    low, high = found.hr.chance_r
    return Chart(
        name="profile",
        heading=together_words.PROFILE,
        caption=together_words.PROFILE_CAPTION,
        alt=together_words.profile_alt(found),
        rows_in=(1.35,),
        gives=1.0,
        above_in=nothing_above,
        foot_in=_SCALE_FOOT_IN,
        draw=lambda axes: draw_profile(axes[0], found, lag_resolution_s),
        key=None,
        table=_profile_table(found, low.tolist(), high.tolist()),
        notes=(),
        width=Width.HALF,
    )


def _profile_table(found: Synchrony, low: list[float], high: list[float]) -> Table:
    rows = zip(LAGS_S.tolist(), found.hr.profile_r.tolist(), low, high, strict=True)
    return table(
        together_words.PROFILE_TABLE,
        together_words.LAG_COLUMNS,
        (
            (f"{signed_s(lag)} s", figure(r, 2), figure(least, 2), figure(most, 2))
            for lag, r, least, most in rows
        ),
    )


def scalogram_chart(summary: SessionSummary, of: WaveletCoherence) -> Chart:
    """Return at which pace, and when, both moved together beyond chance."""
    return Chart(
        name="scalogram",
        heading=together_words.SCALOGRAM,
        caption=together_words.SCALOGRAM_CAPTION,
        alt=together_words.SCALOGRAM_ALT,
        rows_in=(1.5,),
        gives=1.0,
        above_in=nothing_above,
        foot_in=_FOOT_IN,
        draw=lambda axes: draw_scalogram(axes[0], summary, of),
        key=None,
        table=scalogram_table(of),
        notes=(),
        width=Width.FULL,
    )
