"""What a page says and shows, before it is known whether on paper or on a screen.

A page is sheets of sections; a section is a chart with all that is said about it, a
table of few numbers, or some lines. Paper (`sheet`) and screen (`document`) draw the
same page, so that neither says what the other does not.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from matplotlib.axes import Axes

from coreg.facts.events import Partner
from coreg.report.tables import Table

Draw = Callable[[Sequence[Axes]], None]


class Width(Enum):
    """How much of a printed column a chart takes; on a screen it has all of it."""

    FULL = auto()
    HALF = auto()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Chart:
    """One chart with everything that is said about it.

    Attributes
    ----------
    rows_in : callable
        Height of each of its axes (in) at a given width of them (in), one below the
        other without a space.
    gives : float
        How far paper may stretch or squeeze it: 1 as it likes, 0 not at all.
    above_in : callable
        Room above the axes at a given width of the axes, for names and keys.
    foot_in : float, inches
        Room below, for the labels of time.
    draw : callable
        Fills the axes.
    key : callable or None
        Draws a colour key into axes at the right of the heading, where there is one.
    notes : tuple of str
        What has to be read with it.
    """

    name: str
    heading: str
    caption: str
    alt: str
    rows_in: Callable[[float], tuple[float, ...]]
    gives: float
    above_in: Callable[[float], float]
    foot_in: float
    draw: Draw
    key: Callable[[Axes], None] | None
    table: Table
    notes: tuple[str, ...]
    width: Width


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """A table that is read as it stands."""

    heading: str
    table: Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line, owned by one partner or by neither; `called` names that partner."""

    partner: Partner | None
    called: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """Some lines below a heading."""

    heading: str
    lines: tuple[Line, ...]


Section = Chart | Numbers | Lines


class Reader(Enum):
    """Who reads a page.

    A couple is told what there is to say first, and then shown the picture if it asks
    for one; nothing on its page says by which versions it was made.
    """

    COUPLE = auto()
    THERAPIST = auto()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Page:
    """A whole page; each of `sheets` is one sheet of paper."""

    reader: Reader
    title: str
    tag: str
    when: str
    document_title: str
    story: tuple[str, ...]
    limitation: str
    sheets: tuple[tuple[Section, ...], ...]
    provenance: str


def nothing_above(_width_in: float) -> float:
    """Return no room above a chart."""
    return 0.0


def rows(*heights_in: float) -> Callable[[float], tuple[float, ...]]:
    """Return rows that are as high at any width."""
    return lambda _width_in: heights_in


def lines(heading: str, *texts: str) -> Lines:
    """Return unowned lines; empty ones are left out."""
    return Lines(
        heading=heading,
        lines=tuple(Line(partner=None, called="", text=text) for text in texts if text),
    )
