"""One partner's own figures before and after, as that partner gave them."""

from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes

from coreg.findings.own_rating import OwnRating
from coreg.report.charts.frame import LABEL_PT
from coreg.report.charts.theme import HAIRLINE, INK, PAPER, QUIET, bare
from coreg.report.page import Chart, Width, nothing_above, rows
from coreg.report.tables import table
from coreg.report.words import evenings as words
from coreg.report.words.numbers import NONE, round_figure
from coreg.words import say

SCALES = {"at_ease": (0, 10), "awake": (0, 10), "myself": (0, 10)}
"""Each scale from its left end to its right one."""

_ROW_IN = 0.46
_NAME, _SCALE = 0.22, 0.68
_LEFT, _RIGHT = 0.2, 0.76


def along(name: str, value: float) -> float:
    """Return where a figure lies on its scale, 0 at the left end and 1 at the right.

    Examples
    --------
    >>> along("at_ease", 5), along("awake", 10)
    (0.5, 1.0)
    """
    left, right = SCALES[name]
    return (value - left) / (right - left)


def last_of(ratings: Sequence[OwnRating], moment: str, name: str) -> float | None:
    """Return the newest figure of this name and moment."""
    said = [getattr(each, name) for each in ratings if each.moment == moment]
    return next((value for value in reversed(said) if value is not None), None)


def ratings_chart(ratings: Sequence[OwnRating]) -> Chart:
    """Return one partner's own ratings, hollow before and filled after."""
    given = {
        name: tuple(last_of(ratings, at, name) for at in (words.BEFORE, words.AFTER))
        for name in SCALES
    }
    turned = words.turned_round(ratings)
    return Chart(
        name="ratings",
        heading=say("report.evenings.ratings"),
        caption=" ".join((say("report.evenings.ratings_caption"), *turned)),
        alt=_alt(given),
        rows_in=rows(_ROW_IN * len(SCALES)),
        gives=0.0,
        above_in=nothing_above,
        foot_in=0.08,
        draw=lambda axes: _draw(axes[0], given),
        key=None,
        table=table(
            words.rating_table(ratings),
            words.rating_columns(),
            (
                (words.rating_name(name), *map(said, values))
                for name, values in given.items()
            ),
        ),
        notes=(say("report.evenings.ratings_said"),),
        width=Width.FULL,
    )


def _alt(given: Mapping[str, tuple[float | None, ...]]) -> str:
    """Say every figure that is drawn: on paper there is no table beside it."""
    rated = (words.rated(name, *map(said, values)) for name, values in given.items())
    return " ".join(filter(None, (say("report.evenings.ratings"), *rated)))


def _across(share: float) -> float:
    return _LEFT + (_RIGHT - _LEFT) * share


def said(value: float | None) -> str:
    """Return a figure, or a dash where nothing was said."""
    return NONE if value is None else round_figure(value)


def draw_before_and_after(
    axes: Axes, places: Sequence[tuple[float, float] | None]
) -> None:
    """Draw a ring before and a dot after, joined; at one place, the dot in its ring."""
    given = [place for place in places if place is not None]
    if given:
        x, y = zip(*given, strict=True)
        axes.plot(x, y, color=QUIET, linewidth=1.0, zorder=2)
    for place, fill, size in zip(places, (PAPER, INK), (8.5, 5.4), strict=True):
        if place is not None:
            axes.plot(
                *([at] for at in place),
                marker="o",
                markersize=size,
                markeredgecolor=INK,
                markeredgewidth=1.1 if fill == PAPER else 0,
                color=fill,
                linestyle="none",
                zorder=3,
            )


def _draw(axes: Axes, given: dict[str, tuple[float | None, ...]]) -> None:
    bare(axes)
    axes.spines["bottom"].set_visible(False)
    axes.set(xticks=[], yticks=[], xlim=(0, 1), ylim=(len(given), 0))
    for row, (name, values) in enumerate(given.items()):
        low, high = words.rating_ends(name)
        y = row + _SCALE
        axes.plot((_LEFT, _RIGHT), (y, y), color=HAIRLINE, linewidth=1.0, zorder=1)
        for x, height, text, side, color in (
            (_LEFT, row + _NAME, words.rating_name(name), "left", INK),
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
        places = [None if value is None else along(name, value) for value in values]
        draw_before_and_after(
            axes,
            [None if x is None else (_across(x), y) for x in places],
        )
