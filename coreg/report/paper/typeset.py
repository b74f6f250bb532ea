"""The printed sheets of a page, A4: typst sets the text, matplotlib draws the charts.

Texts have their length and charts take the rest: a page is set once with empty charts,
to learn what room they leave, and then with charts stretched or squeezed so that each
sheet ends where its foot begins. What a sheet has no room for goes on to the next one.

typst writes tagged PDFs (PDF/UA-1) with all fonts embedded; see docs/decisions/0027.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import matplotlib as mpl
import typst
from matplotlib.font_manager import findfont, get_font

from coreg import __version__
from coreg.facts.events import Partner
from coreg.report.charts.theme import (
    HAIRLINE,
    INK,
    MARKS,
    PAPER,
    QUIET,
    SAND,
)
from coreg.report.html.figures import (
    LEFT_IN,
    RIGHT_IN,
    chart_figure,
    figure_height_in,
)
from coreg.report.html.svg import described, standalone, words_of
from coreg.report.page import Chart, Lines, Numbers, Page, Reader, Section, Width
from coreg.words import Language, say, spoken

PPI: Final = 192.0
"""Of a PNG: twice the 96 of a screen."""

FONT: Final = "DejaVu Sans"
_HEIGHT_IN, _WIDTH_IN, _MARGIN_IN = 11.69, 8.27, 0.95
_COLUMN_IN: Final = _WIDTH_IN - 2 * _MARGIN_IN
_GUTTER_IN, _BETWEEN_IN = 0.75, 0.3
_FOOT_IN: Final = 0.75
_FOOT_LINE_IN, _FOOT_LETTERS = 0.12, 130
_LEAST, _MOST = 0.55, 2.0
_SPARE_IN: Final = 0.12
_UNKNOWN: Final = "\N{WHITE SQUARE}"
_POINTS_PER_INCH: Final = 72
REGIONS: Final = {Language.ENGLISH: "GB"}

_Picture = Callable[[Chart, float, float], str | None]


class Typeset:
    """A page laid out on paper, to be written as PDF, PNG or SVG.

    Use it within `theme.style()`, as a context manager.
    """

    def __init__(self, page: Page) -> None:
        self._page = page
        self._rows = [_rows(sheet) for sheet in page.sheets]
        self._open = ExitStack()

    def __enter__(self) -> Self:
        source = files("coreg.report.paper").joinpath("page.typ")
        path = self._open.enter_context(as_file(source))
        self._typst = typst.Compiler(
            path, root=path.parent, font_paths=fonts(), ignore_system_fonts=True
        )
        scales = self._scales()
        self._inputs = self._said(scales, _picture)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._open.close()

    def pdf(self) -> bytes:
        """Return one tagged file of as many sheets as the page has."""
        (file,) = self._compiled(format="pdf", pdf_standards=["ua-1"])
        return file

    def pngs(self) -> list[bytes]:
        """Return a picture of each sheet."""
        return self._compiled(format="png", ppi=PPI)

    def svgs(self) -> list[bytes]:
        """Return a drawing of each sheet: letters are outlines, its words beside."""
        drawn = self._compiled(format="svg")
        told = json.loads(self._inputs["page"])
        head = [told[each] for each in ("title", "when", "tag", "story", "limitation")]
        said = [""] * len(drawn)
        first = 1
        for sheet, last in zip(told["sheets"], self.ends(), strict=True):
            whole = [head, sheet, told["provenance"]] if first == 1 else sheet
            said[first - 1] = " ".join(_texts(whole))
            first = last[0] + 1
        title = self._page.document_title
        return [
            described(each, title, words)
            for each, words in zip(drawn, said, strict=True)
        ]

    def _compiled(self, **how: Any) -> list[bytes]:
        files = self._typst.compile(sys_inputs=self._inputs, **how)
        assert files is not None  # noqa: S101 - without a path it returns bytes
        return [files] if isinstance(files, bytes) else files

    # --- how high the charts are ------------------------------------------------

    def _scales(self) -> list[float]:
        """Return how far the charts of each sheet are stretched or squeezed."""
        count = len(self._rows)
        natural = self._ends([1.0] * count)
        gives_in = [_gives_in(rows) for rows in self._rows]
        squeezed = (
            natural
            if all(pages == 1 for pages, _ in natural)
            else self._ends([_LEAST] * count)
        )
        return [
            _scale(*each)
            for each in zip(
                natural,
                squeezed,
                gives_in,
                [self._bottom_in] * count,
                strict=True,
            )
        ]

    def _ends(self, scales: list[float]) -> list[tuple[int, float]]:
        """Return how many pages each sheet takes, and where its last one ends (in)."""
        self._typst.compile(sys_inputs=self._said(scales, _no_picture), format="svg")
        before, ends = 0, []
        for page, y_in in self.ends():
            ends.append((page - before, y_in))
            before = page
        return ends

    def ends(self) -> list[tuple[int, float]]:
        """Return the last page of each sheet, and how far down it ends (in)."""
        told = json.loads(self._typst.query("<end>", field="value"))
        return [(each["page"], each["y"] / _POINTS_PER_INCH) for each in told]

    @property
    def _bottom_in(self) -> float:
        return _HEIGHT_IN - self._foot_in - _SPARE_IN

    @property
    def _foot_in(self) -> float:
        lines = -(-len(self._page.provenance) // _FOOT_LETTERS)
        return _FOOT_IN + _FOOT_LINE_IN * lines

    # --- what typst is told -----------------------------------------------------

    def _said(self, scales: list[float], picture: _Picture) -> dict[str, str]:
        page = self._page
        told = {
            "language": spoken().value,
            "region": REGIONS.get(spoken()),
            "document_title": page.document_title,
            "author": author(page),
            "title": page.title,
            "running_title": f"{page.title}  ·  {page.when}",
            "tag": page.tag,
            "when": page.when,
            "story": page.story,
            "limitation": page.limitation,
            "provenance": page.provenance,
            "sheet_of": say("report.session.sheet_of", n="{n}", of="{of}"),
            "notes_first": page.reader is Reader.COUPLE,
            "look": self._look(),
            "sheets": [
                [
                    [_section(each, len(row), scale, picture) for each in row]
                    for row in rows
                ]
                for rows, scale in zip(self._rows, scales, strict=True)
            ],
        }
        return {"page": json.dumps(in_type(told), ensure_ascii=False)}

    def _look(self) -> dict[str, Any]:
        return {
            "font": FONT,
            "ink": INK,
            "quiet": QUIET,
            "hairline": HAIRLINE,
            "paper": PAPER,
            "sand": SAND,
            "a": MARKS[Partner.A].text,
            "b": MARKS[Partner.B].text,
            "margin_in": _MARGIN_IN,
            "bottom_in": self._foot_in,
            "gutter_in": _GUTTER_IN,
            "between_in": _BETWEEN_IN,
        }


def _no_picture(_chart: Chart, _width_in: float, _stretch: float) -> None:
    """Leave a chart out, to learn what room the texts leave."""


def _picture(chart: Chart, width_in: float, stretch: float) -> str:
    return standalone(chart_figure(chart, width_in, stretch), chart.alt).decode()


def _texts(told: Any) -> Iterator[str]:
    """Yield what some data says: headings, sentences, cells, words of pictures."""
    if isinstance(told, list):
        for each in told:
            yield from _texts(each)
    elif isinstance(told, dict):
        for name, each in told.items():
            if name == "svg":
                yield from words_of(each)
            elif name not in {"kind", "owner", "owners"}:
                yield from _texts(each)
    elif isinstance(told, str) and told:
        yield told


def author(page: Page) -> str:
    """Return who drew a page; by which version is nothing for a couple."""
    return "coreg" if page.reader is Reader.COUPLE else f"coreg {__version__}"


def in_type(told: Any) -> Any:
    """Return what is said, with a square for each letter that the font has not.

    Examples
    --------
    >>> in_type({"title": "Für 漢"})
    {'title': 'Für □'}
    """
    if isinstance(told, str):
        return "".join(each if ord(each) in _letters() else _UNKNOWN for each in told)
    if isinstance(told, dict):
        return {name: in_type(each) for name, each in told.items()}
    if isinstance(told, list | tuple):
        return [in_type(each) for each in told]
    return told


@cache
def _letters() -> frozenset[int]:
    return frozenset(get_font(findfont(FONT)).get_charmap()) | {ord("\n")}


@cache
def fonts() -> typst.Fonts:
    """Return the fonts that come with matplotlib, and no others."""
    folder = Path(mpl.get_data_path()) / "fonts" / "ttf"
    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(folder)],
    )


def _scale(
    natural: tuple[int, float],
    squeezed: tuple[int, float],
    gives_in: float,
    bottom_in: float,
) -> float:
    """Return the stretch that lets a sheet end at its foot, 1 where none does."""
    if not gives_in:
        return 1.0
    pages, end_in = natural
    if pages == 1:
        return min(1 + max(bottom_in - end_in, 0.0) / gives_in, _MOST)
    pages, end_in = squeezed
    if pages > 1:  # it takes more than one sheet, so nothing need be squeezed
        return 1.0
    return _LEAST + max(bottom_in - end_in, 0.0) / gives_in


def _gives_in(rows: Sequence[Sequence[Section]]) -> float:
    """Return how much a sheet's charts grow for a stretch of 1 (in)."""
    return sum(
        max((_stretches_in(each, len(row)) for each in row), default=0.0)
        for row in rows
    )


def _stretches_in(section: Section, beside: int) -> float:
    if not isinstance(section, Chart):
        return 0.0
    return section.gives * sum(section.rows_in(_column_in(beside)))


def _column_in(beside: int) -> float:
    return (_COLUMN_IN - _GUTTER_IN * (beside - 1)) / beside


def _rows(sections: Iterable[Section]) -> list[tuple[Section, ...]]:
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


def _section(
    section: Section, beside: int, scale: float, picture: _Picture
) -> dict[str, Any]:
    match section:
        case Chart():
            return _chart(section, beside, scale, picture)
        case Numbers(heading=heading, table=table):
            return {
                "kind": "table",
                "heading": heading,
                "table": asdict(table),
                "definition": say("report.session.definition") if table.remarks else "",
            }
        case Lines(heading=heading):
            return {
                "kind": "lines",
                "heading": heading,
                "lines": [
                    {"owner": each.partner, "called": each.called, "text": each.text}
                    for each in section.lines
                ],
            }


def _chart(
    chart: Chart, beside: int, scale: float, picture: _Picture
) -> dict[str, Any]:
    width_in = LEFT_IN + _column_in(beside) + RIGHT_IN
    stretch = 1 + chart.gives * (scale - 1)
    return {
        "kind": "chart",
        "heading": chart.heading,
        "caption": chart.caption,
        "notes": chart.notes,
        "alt": chart.alt,
        "svg": picture(chart, width_in, stretch),
        "left_in": LEFT_IN,
        "width_in": width_in,
        "height_in": figure_height_in(chart, width_in, stretch),
    }
