"""The printed sheets of a page, A4: texts have their length, charts take the rest.

A sheet is laid out twice: first with every chart at its own height, then with the
charts stretched or squeezed so that they end where the foot begins.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from coreg.report.charts.theme import INK, QUIET, wrapped
from coreg.report.page import Chart, Lines, Numbers, Page, Reader, Section, Width
from coreg.report.paper.paper import (
    CAPTION_LEADING_IN,
    COLUMN_IN,
    FOOT_PT,
    HEADING_SPACE_IN,
    HEIGHT_IN,
    LEFT_IN,
    RIGHT_IN,
    SMALL_PT,
    TEXT_PT,
    TITLE_PT,
    WIDTH_IN,
    Paper,
)
from coreg.report.words import session as words

_LEAST, _MOST = 0.55, 1.35
_NOTE_PT, _NOTE_LEADING_IN = 8.0, 0.165
_BEFORE_CAPTION_IN = 0.04
_KEY_IN = 1.6
_GUTTER_IN = 0.75
_HALF_IN = (COLUMN_IN - _GUTTER_IN) / 2
_FULL = (LEFT_IN, COLUMN_IN)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Placed:
    """A chart's axes, still empty."""

    chart: Chart
    axes: tuple[Axes, ...]
    key: Axes | None


def sheets(page: Page) -> list[Figure]:
    """Lay out a page on paper; call it within `theme.style()`."""
    flowed = replace(page, sheets=tuple(_flowed(page)))
    return [_sheet(flowed, number) for number in range(len(flowed.sheets))]


def _flowed(page: Page) -> Iterator[tuple[Section, ...]]:
    """Yield the sheets; what a sheet has no room for goes on to one of its own."""
    for number in range(len(page.sheets)):
        rows = _rows(page.sheets[number])
        while rows:
            fits = _fitting(page, number, rows)
            yield tuple(section for row in rows[:fits] for section in row)
            rows = rows[fits:]


def _fitting(page: Page, number: int, rows: list[tuple[Section, ...]]) -> int:
    """Return how many rows a sheet has room for, its charts squeezed; at least one."""
    fits = len(rows)
    while fits > 1:
        sections = tuple(section for row in rows[:fits] for section in row)
        tried = list(page.sheets)
        tried[number] = sections
        paper, _ = _lay_out(replace(page, sheets=tuple(tried)), number, _LEAST)
        if paper.y_in <= _bottom_in(page):
            break
        fits -= 1
    return fits


def _bottom_in(page: Page) -> float:
    return _foot_top_in(page) - 0.22


def _sheet(page: Page, number: int) -> Figure:
    sections = page.sheets[number]
    draft, _ = _lay_out(page, number, 1.0)
    gives_in = sum(
        each.gives * sum(each.rows_in) for each in _one_of_each_row(sections)
    )
    spare_in = _bottom_in(page) - draft.y_in
    scale = min(max(1 + spare_in / gives_in, _LEAST), _MOST) if gives_in else 1.0
    paper, placed = _lay_out(page, number, scale)
    for each in placed:
        each.chart.draw(each.axes)
        if each.chart.key is not None and each.key is not None:
            each.chart.key(each.key)
    _foot(paper, page)
    return paper.figure


def _one_of_each_row(sections: tuple[Section, ...]) -> list[Chart]:
    """Return the charts that a sheet's height is made of: one of two side by side."""
    return [row[0] for row in _rows(sections) if isinstance(row[0], Chart)]


def _rows(sections: tuple[Section, ...]) -> list[tuple[Section, ...]]:
    """Put charts of half a column side by side, two and two."""
    rows: list[tuple[Section, ...]] = []
    for section in sections:
        before = rows[-1] if rows else ()
        if len(before) == 1 and _is_half(before[0]) and _is_half(section):
            rows[-1] = (before[0], section)
        else:
            rows.append((section,))
    return rows


def _is_half(section: Section) -> bool:
    return isinstance(section, Chart) and section.width is Width.HALF


def _lay_out(page: Page, number: int, scale: float) -> tuple[Paper, list[_Placed]]:
    """Write all texts and place the charts, still empty."""
    paper = Paper()
    placed: list[_Placed] = []
    _head(paper, page, number)
    for row in _rows(page.sheets[number]):
        top_in, ends_in = paper.y_in, []
        level_in = max((_above_in(page, *each) for each in _charts(row)), default=0.0)
        for column, section in zip(_columns(row), row, strict=True):
            paper.y_in = top_in
            match section:
                case Chart():
                    lower_in = level_in - _above_in(page, section, column[1])
                    placed.append(
                        _chart(paper, page.reader, section, scale, column, lower_in)
                    )
                case Numbers(heading=heading, table=table):
                    paper.heading(heading, table.caption)
                    paper.table(table)
                case Lines():
                    _lines(paper, section)
            ends_in.append(paper.y_in)
        paper.y_in = max(ends_in)
    return paper, placed


def _charts(row: tuple[Section, ...]) -> list[tuple[Chart, float]]:
    """Return the charts of a row and how wide each is."""
    columns = zip(row, _columns(row), strict=True)
    return [(each, width) for each, (_, width) in columns if isinstance(each, Chart)]


def _above_in(page: Page, chart: Chart, width_in: float) -> float:
    """Return how high the texts above a chart are: axes side by side begin level."""
    high_in = CAPTION_LEADING_IN * len(wrapped(chart.caption, width_in, SMALL_PT))
    if page.reader is Reader.COUPLE:
        high_in += _BEFORE_CAPTION_IN + _notes_in(chart, width_in)
    return high_in


def _notes_in(chart: Chart, width_in: float) -> float:
    lines = sum(len(wrapped(note, width_in, _NOTE_PT)) for note in chart.notes)
    return _NOTE_LEADING_IN * lines


def _columns(row: tuple[Section, ...]) -> list[tuple[float, float]]:
    if len(row) == 1:
        return [_FULL]
    return [(LEFT_IN, _HALF_IN), (LEFT_IN + _HALF_IN + _GUTTER_IN, _HALF_IN)]


def _head(paper: Paper, page: Page, number: int) -> None:
    paper.y_in = 0.8
    paper.text(LEFT_IN, page.title, TITLE_PT)
    if page.tag:
        paper.tag(page.tag)
    paper.y_in += 0.27
    paper.text(LEFT_IN, page.when, 9.0, color=QUIET)
    if len(page.sheets) > 1:
        right_in = WIDTH_IN - RIGHT_IN
        which = words.sheet_number(number + 1, len(page.sheets))
        paper.text(right_in, which, SMALL_PT, color=QUIET, ha="right")
    paper.y_in += 0.16
    paper.rule()
    if number:
        return
    paper.y_in += 0.1
    for paragraph in page.story:
        paper.paragraph(paragraph, TEXT_PT, 0.19, INK)
    paper.paragraph(page.limitation, SMALL_PT, 0.19, QUIET)


def _chart(
    paper: Paper,
    reader: Reader,
    chart: Chart,
    scale: float,
    column: tuple[float, float],
    lower_in: float,
) -> _Placed:
    key_in = paper.y_in + HEADING_SPACE_IN
    if reader is Reader.COUPLE:  # what there is to say comes before the picture
        paper.heading(chart.heading, "", column)
        _notes(paper, chart, column)
        paper.y_in += _BEFORE_CAPTION_IN
        paper.paragraph(chart.caption, SMALL_PT, CAPTION_LEADING_IN, QUIET, column)
    else:
        paper.heading(chart.heading, chart.caption, column)
    paper.y_in += lower_in + 0.08 + chart.above_in(column[1])
    stretch = 1 + chart.gives * (scale - 1)
    axes = tuple(paper.axes(stretch * row_in, column) for row_in in chart.rows_in)
    paper.y_in += chart.foot_in
    if reader is Reader.THERAPIST:
        _notes(paper, chart, column)
    return _Placed(chart=chart, axes=axes, key=_key(paper, chart, key_in))


def _notes(paper: Paper, chart: Chart, column: tuple[float, float]) -> None:
    for note in chart.notes:
        paper.paragraph(note, _NOTE_PT, _NOTE_LEADING_IN, INK, column)


def _key(paper: Paper, chart: Chart, key_in: float) -> Axes | None:
    if chart.key is None:
        return None
    return paper.figure.add_axes(
        (
            1 - (RIGHT_IN + _KEY_IN) / WIDTH_IN,
            1 - key_in / HEIGHT_IN,
            _KEY_IN / WIDTH_IN,
            0.07 / HEIGHT_IN,
        )
    )


def _lines(paper: Paper, section: Lines) -> None:
    paper.heading(section.heading, "")
    for line in section.lines:
        paper.owned_line(line.partner, line.text)


def _foot_lines(page: Page) -> list[str]:
    return wrapped(page.provenance, COLUMN_IN, FOOT_PT)


def _foot_top_in(page: Page) -> float:
    return HEIGHT_IN - 0.6 - 0.14 * len(_foot_lines(page))


def _foot(paper: Paper, page: Page) -> None:
    paper.y_in = _foot_top_in(page)
    paper.rule()
    paper.y_in += 0.03
    for line in _foot_lines(page):
        paper.y_in += 0.14
        paper.text(LEFT_IN, line, FOOT_PT, color=QUIET)
