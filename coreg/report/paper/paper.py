"""A sheet of paper being filled from the top, in inches."""

from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from coreg.facts.events import Partner
from coreg.report.charts.theme import (
    HAIRLINE,
    INK,
    MARKS,
    QUIET,
    SAND,
    text_width_in,
    wrapped,
)
from coreg.report.tables import Table
from coreg.report.words import session as words

WIDTH_IN, HEIGHT_IN = 8.27, 11.69
LEFT_IN, RIGHT_IN = 0.95, 0.95
COLUMN_IN = WIDTH_IN - LEFT_IN - RIGHT_IN
FOOT_PT, SMALL_PT, TEXT_PT, HEADING_PT, TITLE_PT = 6.6, 7.5, 9.2, 10.0, 21.0
HEADING_SPACE_IN, CAPTION_LEADING_IN, ROW_IN = 0.33, 0.15, 0.165
MOST_ROWS = 16
_BETWEEN_IN = 0.14
_LEAST_REMARK_IN = 2.2


class Paper:
    """A sheet; `y_in` is how far down it is filled."""

    def __init__(self) -> None:
        self.figure = Figure(figsize=(WIDTH_IN, HEIGHT_IN))
        self.y_in = 0.0

    def text(self, x_in: float, text: str, size_pt: float, **how: Any) -> None:
        """Write one line whose baseline is at the place reached."""
        look = {"color": INK, "va": "baseline", "ha": "left"} | how
        self.figure.text(
            x_in / WIDTH_IN, 1 - self.y_in / HEIGHT_IN, text, fontsize=size_pt, **look
        )

    def paragraph(
        self,
        text: str,
        size_pt: float,
        leading_in: float,
        color: str,
        column: tuple[float, float] = (LEFT_IN, COLUMN_IN),
    ) -> None:
        """Write a text over a column, given by its left edge and its width."""
        left_in, width_in = column
        for line in wrapped(text, width_in, size_pt):
            self.y_in += leading_in
            self.text(left_in, line, size_pt, color=color)

    def heading(
        self,
        heading: str,
        caption: str,
        column: tuple[float, float] = (LEFT_IN, COLUMN_IN),
    ) -> None:
        """Write a heading and the quiet sentence below it."""
        self.y_in += HEADING_SPACE_IN
        self.text(column[0], heading, HEADING_PT)
        self.y_in += 0.02
        self.paragraph(caption, SMALL_PT, CAPTION_LEADING_IN, QUIET, column)

    def rule(self) -> None:
        """Draw a hairline across the column."""
        y = 1 - self.y_in / HEIGHT_IN
        x = (LEFT_IN / WIDTH_IN, 1 - RIGHT_IN / WIDTH_IN)
        self.figure.add_artist(Line2D(x, (y, y), color=HAIRLINE, linewidth=0.8))

    def tag(self, text: str) -> None:
        """Write a word or two on sand, at the right of the title."""
        self.text(
            WIDTH_IN - RIGHT_IN - 0.12,
            text,
            10.0,
            ha="right",
            bbox={
                "boxstyle": "round,pad=0.5,rounding_size=0.9",
                "facecolor": SAND,
                "edgecolor": "none",
            },
        )

    def axes(
        self, height_in: float, column: tuple[float, float] = (LEFT_IN, COLUMN_IN)
    ) -> Axes:
        """Return axes over a column, and go on below them."""
        self.y_in += height_in
        return self.figure.add_axes(
            (
                column[0] / WIDTH_IN,
                1 - self.y_in / HEIGHT_IN,
                column[1] / WIDTH_IN,
                height_in / HEIGHT_IN,
            )
        )

    def table(self, table: Table) -> None:
        """Write a table: names left, numbers right, a remark in what is left."""
        rights_in, remark_in = _stops(table)
        self.y_in += 0.2
        head = zip(table.columns[1:], table.owners[1:], rights_in, strict=True)
        self.text(LEFT_IN, table.columns[0], SMALL_PT, color=QUIET)
        for name, owner, right_in in head:
            color = MARKS[owner].text if owner else QUIET
            self.text(right_in, name, SMALL_PT, color=color, ha="right")
        remarks = table.remarks or ("",) * len(table.rows)
        shown = list(zip(table.rows, remarks, strict=True))
        for row, remark in shown if table.remarks else shown[:MOST_ROWS]:
            self._row(row, rights_in, remark, remark_in)
        left_over = 0 if table.remarks else len(table.rows) - MOST_ROWS
        if left_over > 0:
            self.y_in += ROW_IN
            self.text(LEFT_IN, words.more_rows(left_over), SMALL_PT, color=QUIET)

    def _row(
        self,
        row: tuple[str, ...],
        rights_in: list[float],
        remark: str,
        remark_in: float,
    ) -> None:
        self.y_in += ROW_IN
        self.text(LEFT_IN, row[0], SMALL_PT)
        for cell, right_in in zip(row[1:], rights_in, strict=True):
            self.text(right_in, cell, SMALL_PT, ha="right")
        room_in = WIDTH_IN - RIGHT_IN - remark_in
        for number, line in enumerate(wrapped(remark, room_in, SMALL_PT)):
            self.y_in += 0.13 if number else 0.0
            self.text(remark_in, line, SMALL_PT, color=QUIET)

    def owned_line(self, partner: Partner | None, text: str) -> None:
        """Write a line behind its owner's letter."""
        left_in = LEFT_IN
        if partner is not None:
            left_in += 0.18
        for number, line in enumerate(
            wrapped(text, LEFT_IN + COLUMN_IN - left_in, SMALL_PT)
        ):
            self.y_in += 0.15 if number else 0.17
            if partner is not None and not number:
                color = MARKS[partner].text
                self.text(LEFT_IN, partner.value, SMALL_PT, color=color)
            self.text(left_in, line, SMALL_PT)


def _stops(table: Table) -> tuple[list[float], float]:
    """Return where the columns of numbers end, and where the remarks begin."""
    cells = [table.columns, *table.rows]
    wide_in = [
        max(text_width_in(row[at], SMALL_PT) for row in cells)
        for at in range(len(table.columns))
    ]
    spare_in = COLUMN_IN - sum(wide_in)
    count = len(wide_in) - 1
    between_in = 2 * _BETWEEN_IN if table.remarks else spare_in / max(count, 1)
    stops = [
        LEFT_IN + sum(wide_in[: at + 1]) + between_in * at for at in range(1, count + 1)
    ]
    return stops, (stops[-1] if stops else LEFT_IN + wide_in[0]) + 2 * _BETWEEN_IN
