"""Pages as files: PDF, PNG, SVG, and one HTML file."""

import io
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from matplotlib.backends.backend_pdf import PdfPages
from matplotlib.figure import Figure

from coreg import __version__
from coreg.base.whole_file import write_whole
from coreg.errors import StorageUnusable
from coreg.report.charts.theme import style
from coreg.report.html.document import document
from coreg.report.html.svg import standalone
from coreg.report.page import Page, Reader
from coreg.report.page_format import PageFormat
from coreg.report.paper.sheet import sheets

PNG_DPI = 192  # twice the 96 of a screen


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
        content = _saved(draw(), format="png", dpi=PNG_DPI, metadata={"Software": None})
    _write(path, content)


def _pdf(page: Page, name: str) -> dict[str, bytes]:
    """Return one file of as many sheets as the page has."""
    facts = {
        "Title": page.document_title,
        "Author": _author(page),
        "Subject": page.limitation,
        "CreationDate": None,  # the session's date is in the title; ours is no fact
    }
    buffer = io.BytesIO()
    with PdfPages(buffer, metadata=facts) as file:
        for figure in sheets(page):
            file.savefig(figure)
    return {f"{name}.pdf": buffer.getvalue()}


def _author(page: Page) -> str:
    """Return who drew a page; by which version is nothing for a couple."""
    return "coreg" if page.reader is Reader.COUPLE else f"coreg {__version__}"


def _png(page: Page, name: str) -> dict[str, bytes]:
    facts = {
        "Title": page.document_title,
        "Author": _author(page),
        "Software": None,
    }
    return {
        f"{each}.png": _saved(figure, format="png", dpi=PNG_DPI, metadata=facts)
        for each, figure in _named(page, name)
    }


def _svg(page: Page, name: str) -> dict[str, bytes]:
    return {
        f"{each}.svg": standalone(figure, page.document_title)
        for each, figure in _named(page, name)
    }


def _html(page: Page, name: str) -> dict[str, bytes]:
    return {f"{name}.html": document(page).encode()}


def _named(page: Page, name: str) -> list[tuple[str, Figure]]:
    """Return each sheet with its file's name: the first has the page's own."""
    drawn = enumerate(sheets(page), start=1)
    return [(name if at == 1 else f"{name}-{at}", figure) for at, figure in drawn]


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
        raise StorageUnusable(
            f"The report {path.name} could not be written to {path.parent}: "
            f"{error.strerror or error}.",
            "Choose another folder, or make room in this one.",
        ) from error
