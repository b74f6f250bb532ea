"""The printed sheet: one A4 page, laid out from the top in inches."""

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from coreg.analysis.crosscorrelation import LagSurface
from coreg.report import words
from coreg.report.charts import SWINGS_KEY_IN, Rows, draw_hearts, draw_swings
from coreg.report.frame import PHASE_ROW_IN, draw_phase_names, phase_rows
from coreg.report.look import INK, MARKS, QUIET
from coreg.report.paper import (
    COLUMN_IN,
    HEADING_PT,
    HEIGHT_IN,
    LEFT_IN,
    RIGHT_IN,
    SMALL_PT,
    TEXT_PT,
    WIDTH_IN,
    Page,
    foot,
    foot_top_in,
    head,
    heading,
)
from coreg.report.summary import SessionSummary
from coreg.report.surface import draw_key, draw_surface, why_none

CHARTS_IN = np.array([2.1, 1.15, 1.3])
KEY_IN = 1.6
LEVELS_AT_IN = ((3.1, 4.1), (5.3, 6.3))
MOST_LEVEL_ROWS = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class _Laid:
    """A page with its texts, and its charts still empty."""

    page: Page
    hearts: Rows
    swings: Axes
    surface: Axes | None
    charts_in: float


def sheet(summary: SessionSummary, surface: LagSurface | None) -> Figure:
    """Lay out the therapist's sheet; call it within `look.style()`.

    Texts are as long as they are; the charts share what the page has left.
    """
    bottom_in = foot_top_in(summary) - 0.22
    draft = _lay_out(summary, surface, CHARTS_IN)
    scale = 1 + (bottom_in - draft.page.y_in) / draft.charts_in
    laid = _lay_out(summary, surface, CHARTS_IN * np.clip(scale, 0.55, 1.25))
    draw_hearts(laid.hearts, summary)
    draw_phase_names(laid.hearts[0], summary)
    draw_swings(laid.swings, summary)
    if surface is not None and laid.surface is not None:
        draw_surface(laid.surface, summary, surface)
        laid.swings.tick_params(labelbottom=False)
    laid.hearts[1].tick_params(labelbottom=False)
    foot(laid.page, summary)
    return laid.page.figure


def _lay_out(
    summary: SessionSummary, surface: LagSurface | None, charts_in: NDArray[np.float64]
) -> _Laid:
    """Write all texts and place the charts, still empty."""
    hearts_in, swings_in, surface_in = (float(height) for height in charts_in)
    page = Page()
    head(page, summary, words.title(summary))
    _story(page, summary)
    heading(page, words.HEARTS, words.HEARTS_CAPTION)
    page.y_in += 0.1 + PHASE_ROW_IN * phase_rows(summary, COLUMN_IN)
    hearts = page.axes(hearts_in / 2), page.axes(hearts_in / 2)
    heading(page, words.SWINGS, words.swings_caption(summary.opened))
    page.y_in += 0.05 + SWINGS_KEY_IN
    swings = page.axes(swings_in)
    page.y_in += 0.0 if surface else 0.2
    where = _surface(page, summary, surface, surface_in)
    _levels(page, summary)
    _signal(page, summary)
    used_in = hearts_in + swings_in + (surface_in if surface else 0.0)
    return _Laid(
        page=page, hearts=hearts, swings=swings, surface=where, charts_in=used_in
    )


def _story(page: Page, summary: SessionSummary) -> None:
    page.y_in += 0.1
    page.paragraph(" ".join(words.what_happened(summary)), TEXT_PT, 0.19, INK)
    page.paragraph(" ".join(words.caveats(summary)), TEXT_PT, 0.19, INK)
    page.paragraph(words.LIMITATION, SMALL_PT, 0.19, QUIET)


def _surface(
    page: Page, summary: SessionSummary, surface: LagSurface | None, height_in: float
) -> Axes | None:
    """Place the surface with its key and its warning, or say why it is left out."""
    if surface is None:
        heading(page, words.SURFACE, why_none(summary))
        return None
    key_in = page.y_in + 0.33
    heading(page, words.SURFACE, words.surface_caption(summary.opened))
    page.y_in += 0.15
    axes = page.axes(height_in)
    draw_key(
        page.figure.add_axes(
            (
                1 - (RIGHT_IN + KEY_IN) / WIDTH_IN,
                1 - key_in / HEIGHT_IN,
                KEY_IN / WIDTH_IN,
                0.07 / HEIGHT_IN,
            )
        )
    )
    page.y_in += 0.27
    page.paragraph(words.SHARED_BREATH, 8.0, 0.165, INK)
    return axes


def _levels(page: Page, summary: SessionSummary) -> None:
    if not summary.phases:
        return
    heading(page, words.LEVELS, words.LEVELS_CAPTION)
    page.y_in += 0.2
    for heart, at_in in zip(summary.hearts, LEVELS_AT_IN, strict=True):
        _cells(page, words.level_names(heart.partner), at_in, MARKS[heart.partner].text)
    for index, phase in enumerate(summary.phases[:MOST_LEVEL_ROWS]):
        page.y_in += 0.165
        page.text(LEFT_IN, words.name(phase.name), SMALL_PT)
        for heart, at_in in zip(summary.hearts, LEVELS_AT_IN, strict=True):
            _cells(page, words.level(heart.levels[index]), at_in, INK)
    left_over = len(summary.phases) - MOST_LEVEL_ROWS
    if left_over > 0:
        page.y_in += 0.165
        page.text(LEFT_IN, words.more_phases(left_over), SMALL_PT, color=QUIET)


def _cells(
    page: Page, cells: tuple[str, str], at_in: tuple[float, float], color: str
) -> None:
    for cell, offset_in in zip(cells, at_in, strict=True):
        page.text(LEFT_IN + offset_in, cell, SMALL_PT, color=color, ha="right")


def _signal(page: Page, summary: SessionSummary) -> None:
    page.y_in += 0.33
    page.text(LEFT_IN, words.SIGNAL, HEADING_PT)
    page.y_in += 0.02
    for heart in summary.hearts:
        page.y_in += 0.17
        color = MARKS[heart.partner].text
        page.text(LEFT_IN, heart.partner.value, SMALL_PT, color=color)
        page.text(LEFT_IN + 0.18, words.signal(heart, summary), SMALL_PT)
