"""A sheet of A4 that is filled from the top, and what every such sheet carries."""

from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from coreg.report import words
from coreg.report.look import HAIRLINE, INK, QUIET, SAND, wrapped
from coreg.report.numbers import length
from coreg.report.summary import SessionSummary

WIDTH_IN, HEIGHT_IN = 8.27, 11.69
LEFT_IN, RIGHT_IN = 0.95, 0.95
COLUMN_IN = WIDTH_IN - LEFT_IN - RIGHT_IN
FOOT_PT, SMALL_PT, TEXT_PT, HEADING_PT, TITLE_PT = 6.6, 7.5, 9.2, 10.0, 21.0


class Page:
    """A page being filled from the top; `y_in` is how far down it is."""

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
        self, text: str, size_pt: float, leading_in: float, color: str
    ) -> None:
        """Write a text over the whole column."""
        for line in wrapped(text, COLUMN_IN, size_pt):
            self.y_in += leading_in
            self.text(LEFT_IN, line, size_pt, color=color)

    def rule(self) -> None:
        """Draw a hairline across the column."""
        y = 1 - self.y_in / HEIGHT_IN
        x = (LEFT_IN / WIDTH_IN, 1 - RIGHT_IN / WIDTH_IN)
        self.figure.add_artist(Line2D(x, (y, y), color=HAIRLINE, linewidth=0.8))

    def axes(self, height_in: float) -> Axes:
        """Return axes over the whole column, and go on below them."""
        self.y_in += height_in
        return self.axes_at(LEFT_IN, COLUMN_IN, height_in)

    def axes_at(self, x_in: float, width_in: float, height_in: float) -> Axes:
        """Return axes that stand on the place reached."""
        return self.figure.add_axes(
            (
                x_in / WIDTH_IN,
                1 - self.y_in / HEIGHT_IN,
                width_in / WIDTH_IN,
                height_in / HEIGHT_IN,
            )
        )


def head(page: Page, summary: SessionSummary, title: str) -> None:
    """Write the title, what these people are, and when it was."""
    page.y_in = 0.8
    page.text(LEFT_IN, title, TITLE_PT)
    tag = words.tag(summary.opened)
    if tag:
        page.text(
            WIDTH_IN - RIGHT_IN - 0.12,
            tag,
            10.0,
            ha="right",
            bbox={
                "boxstyle": "round,pad=0.5,rounding_size=0.9",
                "facecolor": SAND,
                "edgecolor": "none",
            },
        )
    page.y_in += 0.27
    took = length(summary.end_s - summary.start_s)
    page.text(LEFT_IN, f"{words.date(summary.opened)}  ·  {took}", 9.0, color=QUIET)
    page.y_in += 0.16
    page.rule()


def heading(page: Page, text: str, caption: str) -> None:
    """Write the heading of a part and what it shows."""
    page.y_in += 0.33
    page.text(LEFT_IN, text, HEADING_PT)
    page.y_in += 0.02
    page.paragraph(caption, SMALL_PT, 0.15, QUIET)


def _foot_lines(summary: SessionSummary) -> list[str]:
    return wrapped(words.provenance(summary.opened), COLUMN_IN, FOOT_PT)


def foot_top_in(summary: SessionSummary) -> float:
    """Return how far down the foot begins."""
    return HEIGHT_IN - 0.6 - 0.14 * len(_foot_lines(summary))


def foot(page: Page, summary: SessionSummary) -> None:
    """Write where the hearts and the numbers come from."""
    page.y_in = foot_top_in(summary)
    page.rule()
    page.y_in += 0.03
    for line in _foot_lines(summary):
        page.y_in += 0.14
        page.text(LEFT_IN, line, FOOT_PT, color=QUIET)
