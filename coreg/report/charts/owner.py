"""Whose line it is: a partner's mark with a letter or a name, beside it or above."""

from collections.abc import Sequence

from matplotlib.axes import Axes

from coreg.facts.events import Partner
from coreg.report.charts.frame import LABEL_PT, height_in, width_in
from coreg.report.charts.theme import MARKS, PAPER, fitting, text_width_in

_SIZE_PT = LABEL_PT + 1
_BETWEEN_IN = 0.08
_BESIDE_IN = 0.14
_BESIDE_ROOM_IN = 0.2  # of the margin, for a letter
_ABOVE_IN = 0.2


def name_rows(rows: Sequence[Axes], owners: Sequence[tuple[Partner, str]]) -> None:
    """Name rows: letters beside their middles, names over the right ends of lines."""
    are_letters = all(
        text_width_in(name, _SIZE_PT) <= _BESIDE_ROOM_IN for _, name in owners
    )
    for axes, (partner, name) in zip(rows, owners, strict=True):
        wide_in, high_in = width_in(axes), height_in(axes)
        if are_letters:
            draw_mark(axes, partner, name, (wide_in + _BESIDE_IN, high_in / 2))
            continue
        low, high = axes.get_ylim()  # the line moves down, and never meets its name
        axes.set_ylim(low, high + (high - low) * _ABOVE_IN / (high_in - _ABOVE_IN))
        shown = fitting(name, 0.6 * wide_in, _SIZE_PT)
        left_in = wide_in - text_width_in(shown, _SIZE_PT) - _BETWEEN_IN
        draw_mark(axes, partner, shown, (left_in, high_in - _ABOVE_IN / 2))


def draw_mark(
    axes: Axes, partner: Partner, text: str, at_in: tuple[float, float]
) -> None:
    """Put a partner's mark and its text so far from the axes' lower left corner."""
    mark = MARKS[partner]
    x, y = at_in[0] / width_in(axes), at_in[1] / height_in(axes)
    axes.plot(
        [x],
        [y],
        transform=axes.transAxes,
        marker=mark.marker,
        markersize=5.5 if mark.marker == "o" else 4.6,
        markeredgewidth=0,
        color=mark.line,
        linestyle="none",
        clip_on=False,
    )
    axes.text(
        x + _BETWEEN_IN / width_in(axes),
        y,
        text,
        transform=axes.transAxes,
        va="center_baseline",
        fontsize=_SIZE_PT,
        color=mark.text,
        bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 1.0},
    )
