"""The key above a chart: a mark and its name, then the next, in one line."""

from collections.abc import Sequence
from typing import NamedTuple

from matplotlib.axes import Axes

from coreg.report.charts.frame import LABEL_PT, height_in, width_in
from coreg.report.charts.theme import QUIET, text_width_in


class KeyMark(NamedTuple):
    """One mark of a chart: what it stands for, its shape and colour."""

    text: str
    shape: str
    colour: str


def draw_key(axes: Axes, marks: Sequence[KeyMark], *, above_in: float) -> None:
    """Name marks above a chart: beside each of them, names would collide."""
    wide_in, y = width_in(axes), 1 + above_in / height_in(axes)
    x_in = 0.05
    for each in marks:
        axes.plot(
            [x_in / wide_in],
            [y],
            transform=axes.transAxes,
            linestyle="none",
            marker=each.shape,
            markersize=4.5,
            color=each.colour,
            clip_on=False,
        )
        axes.text(
            (x_in + 0.09) / wide_in,
            y,
            each.text,
            transform=axes.transAxes,
            va="center_baseline",
            fontsize=LABEL_PT,
            color=QUIET,
        )
        x_in += 0.09 + text_width_in(each.text, LABEL_PT) + 0.25
