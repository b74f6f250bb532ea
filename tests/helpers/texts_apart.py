"""Where the texts of a figure lie: none on another, none beyond the figure's edge."""

from collections.abc import Iterator
from typing import cast

from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox

_TOUCHING_PX = 1.0
"""Boxes are a little larger than their letters."""


def texts_of(figure: Figure) -> list[tuple[str, Bbox]]:
    """Return every text that is seen, with its box in pixels; it is drawn for that."""
    figure.draw_without_rendering()
    unseen = set(_ticks_elsewhere(figure))
    return [
        (text.get_text(), text.get_window_extent().padded(-_TOUCHING_PX))
        for text in _all_texts(figure)
        if text.get_visible() and text.get_text().strip() and text not in unseen
    ]


def collisions(figure: Figure) -> list[tuple[str, str]]:
    """Return the texts that lie on one another."""
    texts = texts_of(figure)
    return [
        (one, other)
        for number, (one, box) in enumerate(texts)
        for other, beside in texts[:number]
        if box.overlaps(beside)
    ]


def cut(figure: Figure) -> list[str]:
    """Return the texts that the figure's edge cuts."""
    edge = figure.bbox
    return [
        text
        for text, box in texts_of(figure)
        if box.x0 < edge.x0 or box.x1 > edge.x1 or box.y0 < edge.y0 or box.y1 > edge.y1
    ]


def _all_texts(figure: Figure) -> list[Text]:
    return cast("list[Text]", figure.findobj(Text))


def _ticks_elsewhere(figure: Figure) -> Iterator[Text]:
    """Yield labels of ticks that are not drawn, or beyond the ends of their axes."""
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            low, high = sorted(axis.get_view_interval())
            for tick in (*axis.get_major_ticks(), *axis.get_minor_ticks()):
                if not axes.axison or not low - 1e-9 <= tick.get_loc() <= high + 1e-9:
                    yield from (tick.label1, tick.label2)
