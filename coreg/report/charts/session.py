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
from coreg.report.page import Chart, Width, nothing_above, rows
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
from coreg.words import say

_FOOT_IN = 0.32
_ROW_IN, _CALM_ROW_IN = 1.05, 1.7
_SCALE_FOOT_IN = 0.42


def hearts_chart(summary: SessionSummary) -> Chart:
    """Return both heart rates beat by beat, in full."""
    return _hearts(
        summary,
        _Said(
            heading=say("report.session.hearts"),
            caption=say("report.session.hearts_caption"),
            alt=alt_words.hearts_alt(summary),
            notes=(say("report.session.hearts_read"),),
        ),
        draw_hearts,
        hearts_table(summary),
        _ROW_IN,
    )


def own_heart_chart(mine: SessionSummary, notes: tuple[str, ...]) -> Chart:
    """Return one's own heart rate beat by beat, for nobody else."""
    return _hearts(
        mine,
        _Said(
            heading=say("report.session.own_heart"),
            caption=say("report.couple.own_caption"),
            alt=alt_words.hearts_alt(mine),
            notes=notes,
        ),
        draw_hearts,
        hearts_table(mine),
        _ROW_IN,
    )


def calm_hearts_chart(summary: SessionSummary, notes: tuple[str, ...]) -> Chart:
    """Return both hearts for both: no breath and no moment in them, and no level."""
    return _hearts(
        summary,
        _Said(
            heading=say("report.couple.together"),
            caption=say("report.couple.hearts_caption"),
            alt=say("report.couple.hearts_alt"),
            notes=notes,
        ),
        draw_calm_hearts,
        calm_hearts_table(summary),
        _CALM_ROW_IN,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """What is said about a chart."""

    heading: str
    caption: str
    alt: str
    notes: tuple[str, ...]


def _with_grey(caption: str, summary: SessionSummary) -> str:
    """Return a caption that says what grey is, where there is any."""
    return (
        f"{caption} {say('report.session.grey_is_not_recorded')}"
        if summary.breaks
        else caption
    )


def _hearts(
    summary: SessionSummary,
    said: _Said,
    draw_rows: Callable[[Sequence[Axes], SessionSummary], None],
    table: Table,
    row_in: float,
) -> Chart:
    def draw(axes: Sequence[Axes]) -> None:
        draw_rows(axes, summary)
        draw_phase_names(axes[0], summary)

    return Chart(
        name="hearts",
        heading=said.heading,
        caption=_with_grey(said.caption, summary),
        alt=" ".join((said.alt, *alt_words.breaks(summary))),
        rows_in=rows(*(row_in,) * len(summary.hearts)),
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
            heading=say("report.session.swings"),
            caption=words.swings_caption(summary.opened),
            alt=alt_words.swings_alt(summary),
            notes=(say("report.session.swings_read"),),
        ),
        swings_table(say("report.session.swings_table"), summary),
    )


def own_swings_chart(mine: SessionSummary, notes: tuple[str, ...]) -> Chart:
    """Return how far one's own heart moves with each breath, and the pace."""
    (heart,) = mine.hearts
    return _swings(
        mine,
        _Said(
            heading=say("report.couple.swings"),
            caption=couple_words.swings_caption(mine.opened),
            alt=couple_words.swings_alt(heart),
            notes=notes,
        ),
        swings_table(say("report.couple.swings_table"), mine),
    )


def _swings(summary: SessionSummary, said: _Said, table: Table) -> Chart:
    hearts = len(summary.hearts)
    return Chart(
        name="swings",
        heading=said.heading,
        caption=_with_grey(said.caption, summary),
        alt=" ".join((said.alt, *alt_words.breaks(summary))),
        rows_in=rows(*((1.2 if hearts == 1 else 0.75),) * hearts, 0.45),
        gives=1.0,
        above_in=nothing_above,
        foot_in=_FOOT_IN,
        draw=lambda axes: draw_swings(axes, summary),
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
        heading=say("report.session.surface"),
        caption=words.surface_caption(summary.opened),
        alt=say("report.alt.surface_alt"),
        rows_in=rows(1.35),
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
        heading=say("report.together.strips"),
        caption=say("report.together.strips_caption"),
        alt=together_words.strips_alt([(s.stretch, s.phase) for s in found]),
        rows_in=lambda width_in: (strips_in(found, width_in),),
        gives=0.0,
        above_in=nothing_above,
        foot_in=_SCALE_FOOT_IN,
        draw=lambda axes: draw_strips(axes[0], found),
        key=None,
        table=table(
            say("report.together.strips_table"),
            together_words.columns(
                "strips", "part", "answer", "pair", "three_quarters", "beyond"
            ),
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
        notes=(say("report.together.strips_read"),),
        width=Width.FULL,
    )


def null_chart(found: Synchrony) -> Chart:
    """Return where this pair lies beside chance."""
    below = (5, 25, 50, 75, 95)
    return Chart(
        name="null",
        heading=say("report.together.null"),
        caption=together_words.null_caption(found),
        alt=together_words.null_alt(found),
        rows_in=rows(1.35),
        gives=1.0,
        above_in=nothing_above,
        foot_in=_SCALE_FOOT_IN,
        draw=lambda axes: draw_null(axes[0], found),
        key=None,
        table=table(
            say("report.together.null_table"),
            together_words.columns("null", "below", "z"),
            (
                *(
                    (
                        f"{share}",
                        figure(float(np.quantile(found.hr.null, share / 100)), 3),
                    )
                    for share in below
                ),
                (say("report.together.null_pair"), figure(found.hr.statistic, 3)),
            ),
        ),
        notes=(say("report.together.null_read"),),
        width=Width.HALF,
    )


def profile_chart(found: Synchrony, lag_resolution_s: float) -> Chart:
    """Return the correlation shift by shift in the band of chance."""
    low, high = found.hr.chance_r
    return Chart(
        name="profile",
        heading=say("report.together.profile"),
        caption=say("report.together.profile_caption"),
        alt=together_words.profile_alt(found),
        rows_in=rows(1.35),
        gives=1.0,
        above_in=nothing_above,
        foot_in=_SCALE_FOOT_IN,
        draw=lambda axes: draw_profile(axes[0], found, lag_resolution_s),
        key=None,
        table=_profile_table(found, low.tolist(), high.tolist()),
        notes=(say("report.together.profile_read"),),
        width=Width.HALF,
    )


def _profile_table(found: Synchrony, low: list[float], high: list[float]) -> Table:
    rows = zip(LAGS_S.tolist(), found.hr.profile_r.tolist(), low, high, strict=True)
    return table(
        say("report.together.profile_table"),
        together_words.columns("profile", "shift", "r", "low", "high"),
        (
            (
                say("report.numbers.s", seconds=signed_s(lag)),
                figure(r, 2),
                figure(least, 2),
                figure(most, 2),
            )
            for lag, r, least, most in rows
        ),
    )


def scalogram_chart(summary: SessionSummary, of: WaveletCoherence) -> Chart:
    """Return at which pace, and when, both moved together beyond chance."""
    return Chart(
        name="scalogram",
        heading=say("report.together.scalogram"),
        caption=say("report.together.scalogram_caption"),
        alt=say("report.together.scalogram_alt"),
        rows_in=rows(1.5),
        gives=1.0,
        above_in=nothing_above,
        foot_in=_FOOT_IN,
        draw=lambda axes: draw_scalogram(axes[0], summary, of),
        key=None,
        table=scalogram_table(of),
        notes=(say("report.together.scalogram_read"),),
        width=Width.FULL,
    )
