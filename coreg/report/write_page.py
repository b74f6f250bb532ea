"""Pages as files: PDF, PNG, SVG, and one HTML file."""

import io
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

from coreg.base.whole_file import write_whole
from coreg.errors import StorageUnusable
from coreg.report.charts.theme import style
from coreg.report.html.document import document
from coreg.report.page import Page
from coreg.report.page_format import PageFormat
from coreg.report.paper.typeset import PPI, Typeset
from coreg.words import system_said, wrong_and_do


def write_page(
    page: Page,
    folder: Path,
    name: str,
    formats: Iterable[PageFormat],
) -> list[Path]:
    """Draw a page and write `NAME.pdf` and so on into an existing folder.

    PNG and SVG hold one sheet a file: the second is `NAME-2.png`. Each file appears
    whole or not at all, and the same page gives the same bytes.

    Raises
    ------
    StorageUnusable
        If the folder cannot be written.
    """
    written: list[Path] = []
    with style():
        for page_format in formats:
            for file_name, content in _DRAW[page_format](page, name).items():
                _write(folder / file_name, content)
                written.append(folder / file_name)
    return written


def write_picture(draw: Callable[[], Figure], path: Path) -> None:
    """Draw one figure in coreg's look and write it as PNG, whole or not at all.

    Raises
    ------
    StorageUnusable
        If it cannot be written.
    """
    with style():
        content = _saved(draw(), format="png", dpi=PPI, metadata={"Software": None})
    _write(path, content)


def _pdf(page: Page, name: str) -> dict[str, bytes]:
    """Return one file of as many sheets as the page has."""
    with Typeset(page) as paper:
        return {f"{name}.pdf": paper.pdf()}


def _png(page: Page, name: str) -> dict[str, bytes]:
    with Typeset(page) as paper:
        return _named(paper.pngs(), name, "png")


def _svg(page: Page, name: str) -> dict[str, bytes]:
    with Typeset(page) as paper:
        return _named(paper.svgs(), name, "svg")


def _html(page: Page, name: str) -> dict[str, bytes]:
    return {f"{name}.html": document(page).encode()}


def _named(drawn: list[bytes], name: str, ending: str) -> dict[str, bytes]:
    """Return each sheet with its file's name: the first has the page's own."""
    return {
        f"{name}.{ending}" if at == 1 else f"{name}-{at}.{ending}": sheet
        for at, sheet in enumerate(drawn, start=1)
    }


def _saved(figure: Figure, **how: Any) -> bytes:
    buffer = io.BytesIO()
    figure.savefig(buffer, **how)
    return buffer.getvalue()


_DRAW: dict[PageFormat, Callable[[Page, str], dict[str, bytes]]] = {
    PageFormat.PDF: _pdf,
    PageFormat.PNG: _png,
    PageFormat.SVG: _svg,
    PageFormat.HTML: _html,
}


def _write(path: Path, content: bytes) -> None:
    try:
        write_whole(path, content)
    except OSError as error:
        told = wrong_and_do(
            "errors.page.unwritable",
            name=path.name,
            folder=path.parent,
            why=system_said(error),
        )
        raise StorageUnusable(*told) from error
