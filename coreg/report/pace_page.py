"""The found pace on a page: as a part of the HTML page, and as a printed sheet."""

from html import escape

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from coreg.events import Partner
from coreg.report import pace_words, words
from coreg.report.figures import NARROW_IN, WIDE_IN
from coreg.report.look import INK, MARKS, QUIET, wrapped
from coreg.report.pace import (
    FoundPace,
    HeartsPace,
    curve_table,
    draw_choice,
    draw_curve,
    draw_shared,
    shared_table,
)
from coreg.report.paper import (
    COLUMN_IN,
    LEFT_IN,
    SMALL_PT,
    TEXT_PT,
    WIDTH_IN,
    Page,
    foot,
    head,
    heading,
)
from coreg.report.summary import SessionSummary
from coreg.report.svg import inline
from coreg.report.tables import Table, table_html

_LEFT_IN, _RIGHT_IN, _BOTTOM_IN, _TOP_IN = 0.62, 0.1, 0.55, 0.25
_CHART_IN = 1.9
_SHEET_CURVE_IN, _SHEET_SHARED_IN, _BETWEEN_IN = 1.7, 1.15, 0.75


def section(summary: SessionSummary, found: FoundPace | None) -> str:
    """Return the part of the page: one's own curve, or on a joint page the choice."""
    if found is None:
        return ""
    if len(summary.shown) == 1:
        return _own_section(summary.shown[0], found)
    return _shared_section(found)


def sheet(summary: SessionSummary, found: FoundPace) -> Figure:
    """Lay out the therapist's sheet: both curves and the choice; within `style()`."""
    page = Page()
    head(page, summary, pace_words.TITLE)
    page.y_in += 0.1
    told = pace_words.choice(found.shared) if found.shared else pace_words.NO_SHARED
    page.paragraph(told, TEXT_PT, 0.19, INK)
    page.paragraph(words.LIMITATION, SMALL_PT, 0.19, QUIET)
    heading(page, pace_words.EACH, pace_words.EACH_CAPTION)
    _both_curves(page, found)
    if found.shared:
        heading(page, pace_words.SHARED, pace_words.SHARED_CAPTION)
        page.y_in += 0.3
        draw_shared(page.axes(_SHEET_SHARED_IN), found.shared)
        page.y_in += _BOTTOM_IN
    heading(page, pace_words.LIMITS, "")
    for text in (pace_words.CAN_TELL, pace_words.CANNOT_TELL, pace_words.TWICE):
        page.y_in += 0.05
        page.paragraph(text, TEXT_PT - 0.7, 0.175, INK)
    foot(page, summary)
    return page.figure


def _both_curves(page: Page, found: FoundPace) -> None:
    """Draw the hearts side by side, A left, each with its sentence below."""
    page.y_in += 0.5
    top_in = page.y_in
    width_in = (COLUMN_IN - _BETWEEN_IN) / 2
    at_right_in = (WIDTH_IN + _BETWEEN_IN) / 2
    for partner, at_in in zip(Partner, (LEFT_IN, at_right_in), strict=True):
        color = MARKS[partner].text
        page.y_in = top_in - 0.28
        page.text(at_in, pace_words.heart(partner), TEXT_PT, color=color)
        of = found.hearts.get(partner)
        page.y_in = top_in + _SHEET_CURVE_IN
        if of is not None:
            axes = page.axes_at(at_in, width_in, _SHEET_CURVE_IN)
            draw_curve(axes, partner, of, found.highest)
            if found.shared:
                draw_choice(axes, found.shared)
        page.y_in += _BOTTOM_IN
        told = pace_words.best(of.curve) if of else pace_words.NO_CURVE
        for line in wrapped(told, width_in, TEXT_PT - 0.7):
            page.y_in += 0.175
            page.text(at_in, line, TEXT_PT - 0.7, color=color)


def _own_section(partner: Partner, found: FoundPace) -> str:
    of = found.hearts.get(partner)
    if of is None:
        return _part(pace_words.OWN, pace_words.NO_OWN)
    return _chart(
        pace_words.OWN,
        pace_words.OWN_CAPTION,
        pace_words.own_alt(of.curve, of.points),
        {"wide": _curve_figure(partner, of, WIDE_IN)}
        | {"narrow": _curve_figure(partner, of, NARROW_IN)},
        (
            pace_words.best(of.curve),
            pace_words.CAN_TELL,
            pace_words.CANNOT_TELL,
            pace_words.TWICE,
        ),
        curve_table(of),
    )


def _shared_section(found: FoundPace) -> str:
    of = found.shared
    if of is None:
        return _part(pace_words.SHARED, pace_words.NO_SHARED)
    figures = {}
    for name, width_in in (("wide", WIDE_IN), ("narrow", NARROW_IN)):
        figures[name], axes = _figure(width_in)
        draw_shared(axes, of)
    return _chart(
        pace_words.SHARED,
        pace_words.SHARED_CAPTION,
        pace_words.shared_alt(of),
        figures,
        (
            pace_words.choice(of),
            pace_words.CAN_TELL,
            pace_words.CANNOT_TELL,
            pace_words.TWICE,
        ),
        shared_table(of),
    )


def _chart(
    title: str,
    caption: str,
    alt: str,
    figures: dict[str, Figure],
    told: tuple[str, ...],
    table: Table,
) -> str:
    drawn = "\n".join(inline(figure, f"pace-{at}") for at, figure in figures.items())
    first, *rest = (f"<p>{escape(text)}</p>" for text in told)
    return "\n".join(
        (
            '<section aria-labelledby="pace">',
            f'<h2 id="pace">{escape(title)}</h2>',
            first,
            f'<p class="quiet">{escape(caption)}</p>',
            f'<figure role="img" aria-label="{escape(alt)}">{drawn}</figure>',
            *rest,
            f"<details><summary>{escape(words.DATA)}</summary>",
            table_html(table),
            "</details>",
            "</section>",
        )
    )


def _part(title: str, told: str) -> str:
    return "\n".join(
        (
            f"<section><h2>{escape(title)}</h2>",
            f'<p class="quiet">{escape(told)}</p></section>',
        )
    )


def _curve_figure(partner: Partner, of: HeartsPace, width_in: float) -> Figure:
    figure, axes = _figure(width_in)
    draw_curve(axes, partner, of, of.highest)
    return figure


def _figure(width_in: float) -> tuple[Figure, Axes]:
    height_in = _BOTTOM_IN + _CHART_IN + _TOP_IN
    figure = Figure(figsize=(width_in, height_in), facecolor="none")
    axes = figure.add_axes(
        (
            _LEFT_IN / width_in,
            _BOTTOM_IN / height_in,
            1 - (_LEFT_IN + _RIGHT_IN) / width_in,
            _CHART_IN / height_in,
        )
    )
    return figure, axes
