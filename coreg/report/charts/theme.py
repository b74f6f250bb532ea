"""The look of figures and pages: colours, type, and how text is measured.

Partners differ by shape and place as well as colour; there is no red and no green.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, to_hex
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path
from matplotlib.ticker import ScalarFormatter

from coreg.facts.events import Partner
from coreg.words import number

PAPER = "#fcfbf8"
INK = "#26323a"
QUIET = "#56646c"
SAND = "#efe9dd"
HAIRLINE = "#dde2e3"
CHANCE, CHANCE_MIDDLE = "#d3d8d8", "#a9b3b6"
"""What chance gives, and the middle half of it: greys, nobody's colour."""

POINTS_PER_INCH = 72
_HINTING = 1.03
"""Screens round letters to pixels, which makes lines a little wider than measured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """How one partner is drawn."""

    line: str
    text: str
    marker: str


MARKS = {
    Partner.A: Mark(line="#c4701a", text="#985209", marker="o"),
    Partner.B: Mark(line="#2a6c9c", text="#245f8a", marker="D"),
}


def _ramp(*anchors: str) -> tuple[str, ...]:
    """Return `STEPS` colours from the first anchor to the last."""
    between = LinearSegmentedColormap.from_list("", anchors)
    return tuple(to_hex(between(step / (STEPS - 1))) for step in range(STEPS))


STEPS = 4
UNRELATED = "#f4f0e7"
OPPOSITE = _ramp("#6f8b97", "#b7c6c9", "#e9ebe6")
ALIKE = _ramp("#f0e2cc", "#d6a878", "#8f5c4d", "#3a2540")
"""Cool and never darker than a middle grey for opposite, warm and down to dusk for
alike: lightness tells them apart too, for any eye and in a photocopy. What is blank
stays paper, a shade lighter than `UNRELATED`."""

NIGHT = {
    PAPER: "#121a21",
    INK: "#c9d3d6",
    QUIET: "#94a3aa",
    SAND: "#22303a",
    HAIRLINE: "#33424c",
    CHANCE: "#2e3b44",
    CHANCE_MIDDLE: "#52626c",
    MARKS[Partner.A].line: "#e9a23b",
    MARKS[Partner.A].text: "#e9a23b",
    MARKS[Partner.B].line: "#62b3e6",
    MARKS[Partner.B].text: "#62b3e6",
    UNRELATED: "#1a242c",
    **dict(zip(OPPOSITE, _ramp("#587a8c", "#354a57", "#1e2a33"), strict=True)),
    **dict(zip(ALIKE, _ramp("#2a2a2c", "#6b5140", "#c79c77", "#fae8cd"), strict=True)),
}
"""Each colour of the day and the one that takes its place at night."""

_STYLE: dict[Any, Any] = {
    "font.family": ["DejaVu Sans"],
    "font.size": 8.0,
    "text.color": INK,
    "text.parse_math": False,
    "axes.facecolor": "none",
    "axes.edgecolor": HAIRLINE,
    "axes.linewidth": 0.8,
    "axes.labelcolor": QUIET,
    "axes.labelsize": 8.0,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.unicode_minus": True,
    "xtick.color": HAIRLINE,
    "xtick.labelcolor": QUIET,
    "xtick.labelsize": 8.0,
    "xtick.major.size": 3.0,
    "xtick.major.width": 0.8,
    "ytick.color": HAIRLINE,
    "ytick.labelcolor": QUIET,
    "ytick.labelsize": 8.0,
    "ytick.major.size": 0.0,
    "figure.facecolor": PAPER,
    "savefig.facecolor": PAPER,
    "path.simplify": True,
    "path.simplify_threshold": 0.2,
    "pdf.fonttype": 42,
    "svg.fonttype": "none",
}


@contextmanager
def style() -> Iterator[None]:
    """Draw as coreg draws, whatever the reader's own matplotlib settings are."""
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(_STYLE)
        yield


@lru_cache(maxsize=4096)
def text_width_in(text: str, size_pt: float) -> float:
    """Return how wide a line of text will be, in inches."""
    font = FontProperties(family=["DejaVu Sans"], size=size_pt)
    width_pt, _, _ = text_to_path.get_text_width_height_descent(
        text, font, ismath=False
    )
    return _HINTING * float(width_pt) / POINTS_PER_INCH


def wrapped(text: str, width_in: float, size_pt: float) -> list[str]:
    """Break a text into lines no wider than this (a longer word gets its own)."""
    space_in = text_width_in(" ", size_pt)
    lines: list[str] = []
    end_in = 0.0
    for word in filter(None, text.split(" ")):  # never at a no-break space
        word_in = text_width_in(word, size_pt)
        if lines and end_in + space_in + word_in <= width_in:
            lines[-1] += f" {word}"
            end_in += space_in + word_in
        else:
            lines.append(word)
            end_in = word_in
    return lines


def fitting(text: str, room_in: float, size_pt: float) -> str:
    """Return a text, its end left out where it is too long to stand there."""
    if text_width_in(text, size_pt) <= room_in:
        return text
    kept = text
    while kept and text_width_in(f"{kept}…", size_pt) > room_in:
        kept = kept[:-1]
    return f"{kept.rstrip()}…"


class _Numbers(ScalarFormatter):
    """Numbers of an axis as people of the language that is spoken write them."""

    def __call__(self, x: float, pos: int | None = None) -> str:
        return str(super().__call__(x, pos)).replace(".", number(0.5, 1)[1:-1])


def bare(axes: Axes) -> None:
    """Leave an axes nothing but its ground line, and its numbers by locale."""
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(_Numbers())
    axes.spines["left"].set_visible(False)
    axes.set_facecolor("none")
