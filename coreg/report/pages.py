"""A session's pages as files: PDF, PNG, SVG, and one HTML file."""

import io
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

from coreg import __version__
from coreg.analysis.crosscorrelation import LagSurface
from coreg.errors import StorageUnusable
from coreg.report import pace_page, words
from coreg.report.document import document
from coreg.report.look import style
from coreg.report.pace import FoundPace, found_pace
from coreg.report.page_format import PageFormat
from coreg.report.sheet import sheet
from coreg.report.summary import SessionSummary
from coreg.report.surface import lag_surface
from coreg.report.svg import standalone

PNG_DPI = 192  # twice the 96 of a screen


def write_report(
    summary: SessionSummary,
    folder: Path,
    name: str,
    formats: Iterable[PageFormat],
) -> list[Path]:
    """Draw a session and write `NAME.pdf` and so on into an existing folder.

    Each file appears whole or not at all, and the same session gives the same bytes.
    Where a pace was looked for, `NAME-pace.pdf` is a sheet of its own.

    Raises
    ------
    StorageUnusable
        If the folder cannot be written.
    """
    formats = tuple(formats)
    written: list[Path] = []
    with style():
        surface = lag_surface(summary)
        for page_format in formats:
            path = folder / f"{name}.{page_format}"
            _write_whole(path, _drawn(page_format, summary, surface))
            written.append(path)
        found = found_pace(summary)
        if found is not None:
            written += _write_pace(summary, found, folder, name, formats)
    return written


def _write_pace(
    summary: SessionSummary,
    found: FoundPace,
    folder: Path,
    name: str,
    formats: Iterable[PageFormat],
) -> list[Path]:
    """Write the sheet of the found pace, in every format that is a sheet."""
    written: list[Path] = []
    for page_format in formats:
        if page_format in _SAVE:
            path = folder / f"{name}-pace.{page_format}"
            save = _SAVE[page_format]
            _write_whole(path, save(pace_page.sheet(summary, found), summary))
            written.append(path)
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
    _write_whole(path, content)


def _pdf(figure: Figure, summary: SessionSummary) -> bytes:
    facts = {
        "Title": words.document_title(summary),
        "Author": f"coreg {__version__}",
        "Subject": words.LIMITATION,
        "CreationDate": None,  # the session's date is in the title; ours is no fact
    }
    return _saved(figure, format="pdf", metadata=facts)


def _png(figure: Figure, summary: SessionSummary) -> bytes:
    facts = {
        "Title": words.document_title(summary),
        "Author": f"coreg {__version__}",
        "Software": None,
    }
    return _saved(figure, format="png", dpi=PNG_DPI, metadata=facts)


def _svg(figure: Figure, summary: SessionSummary) -> bytes:
    return standalone(figure, words.document_title(summary))


def _saved(figure: Figure, **how: Any) -> bytes:
    buffer = io.BytesIO()
    figure.savefig(buffer, **how)
    return buffer.getvalue()


_SAVE: dict[PageFormat, Callable[[Figure, SessionSummary], bytes]] = {
    PageFormat.PDF: _pdf,
    PageFormat.PNG: _png,
    PageFormat.SVG: _svg,
}


def _drawn(
    page_format: PageFormat, summary: SessionSummary, surface: LagSurface | None
) -> bytes:
    if page_format is PageFormat.HTML:
        return document(summary, surface).encode()
    return _SAVE[page_format](sheet(summary, surface), summary)


def _write_whole(path: Path, content: bytes) -> None:
    """Write beside the place and move there: nobody ever opens half a page."""
    beside = None
    try:
        with tempfile.NamedTemporaryFile(
            dir=path.parent, prefix=f".{path.name}.", delete=False
        ) as file:
            beside = Path(file.name)
            file.write(content)
        beside.chmod(0o600)  # hearts are private: their owner's to pass on
        beside.replace(path)
    except OSError as error:
        raise StorageUnusable(
            f"The report {path.name} could not be written to {path.parent}: "
            f"{error.strerror or error}.",
            "Choose another folder, or make room in this one.",
        ) from error
    finally:
        if beside is not None:  # half a page, where there was no room for all of it
            beside.unlink(missing_ok=True)
