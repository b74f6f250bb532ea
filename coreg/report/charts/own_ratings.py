"""One partner's own figures before and after, as that partner gave them."""

from collections.abc import Sequence

from matplotlib.axes import Axes

from coreg.findings.own_rating import OwnRating
from coreg.report.charts.frame import LABEL_PT
from coreg.report.charts.theme import HAIRLINE, INK, PAPER, QUIET, bare
from coreg.report.page import Chart, Width, nothing_above
from coreg.report.tables import table
from coreg.report.words import evenings as words
from coreg.report.words.numbers import NONE

SCALES = {"at_ease": (0, 10), "awake": (9, 1), "myself": (0, 10)}
"""Each scale from its left end to its right one; Karolinska's 1 is very alert."""

_ROW_IN = 0.46
_NAME, _SCALE = 0.25, 0.68
_LEFT, _RIGHT = 0.2, 0.82


def along(name: str, value: int) -> float:
    """Return where a figure lies on its scale, 0 at the left end and 1 at the right.

    Examples
    --------
    >>> along("at_ease", 5), along("awake", 1)
    (0.5, 1.0)
    """
    left, right = SCALES[name]
    return (value - left) / (right - left)


def last_of(ratings: Sequence[OwnRating], moment: str, name: str) -> int | None:
    """Return the newest figure of this name and moment."""
    said = [getattr(each, name) for each in ratings if each.moment == moment]
    return next((value for value in reversed(said) if value is not None), None)


def ratings_chart(ratings: Sequence[OwnRating]) -> Chart:
    """Return one partner's own ratings, hollow before and filled after."""
    rows = {
        name: tuple(last_of(ratings, at, name) for at in (words.BEFORE, words.AFTER))
        for name in SCALES
    }
    return Chart(
        name="ratings",
        heading=words.RATINGS,
        caption=words.RATINGS_CAPTION,
        alt=words.RATINGS_CAPTION,
        rows_in=(_ROW_IN * len(rows),),
        gives=0.0,
        above_in=nothing_above,
        foot_in=0.08,
        draw=lambda axes: _draw(axes[0], rows),
        key=None,
        table=table(
            words.RATING_TABLE,
            words.RATING_COLUMNS,
            (
                (words.RATING_NAMES[name], *map(said, values))
                for name, values in rows.items()
            ),
        ),
        notes=(words.RATINGS_SAID,),
        width=Width.FULL,
    )


def said(value: int | None) -> str:
    """Return a figure, or a dash where nothing was said."""
    return NONE if value is None else f"{value}"


def _draw(axes: Axes, rows: dict[str, tuple[int | None, ...]]) -> None:
    bare(axes)
    axes.spines["bottom"].set_visible(False)
    axes.set(xticks=[], yticks=[], xlim=(0, 1), ylim=(len(rows), 0))
    for row, (name, (before, after)) in enumerate(rows.items()):
        low, high = words.RATING_ENDS[name]
        y = row + _SCALE
        axes.plot((_LEFT, _RIGHT), (y, y), color=HAIRLINE, linewidth=1.0)
        for x, height, text, side, color in (
            (_LEFT, row + _NAME, words.RATING_NAMES[name], "left", INK),
            (_LEFT - 0.02, y, low, "right", QUIET),
            (_RIGHT + 0.02, y, high, "left", QUIET),
        ):
            axes.text(
                x,
                height,
                text,
                ha=side,
                va="center_baseline",
                fontsize=LABEL_PT,
                color=color,
            )
        for value, fill, size in ((before, PAPER, 7.0), (after, INK, 5.5)):
            if value is not None:
                axes.plot(
                    [_LEFT + (_RIGHT - _LEFT) * along(name, value)],
                    [y],
                    marker="o",
                    markersize=size,
                    markeredgecolor=INK,
                    color=fill,
                    linestyle="none",
                )
