"""Pages that were drawn into the data folder: they go with what they show.

They are copies, and can be drawn again. So nothing that is erased lives on in one, and
none lies open beside what is locked. What was drawn elsewhere is out of reach.
"""

from collections.abc import Iterable
from pathlib import Path

from coreg.base.whole_file import sync_folder
from coreg.errors import StorageUnusable
from coreg.store.folder import pages_folder
from coreg.words import system_said, wrong_and_do

_OVER_EVENINGS = "-evenings-"  # which show every session, whatever they are called


def forget_pages_of(folder: Path, sessions: Iterable[str]) -> None:
    """Remove the pages of these sessions, and those over all evenings.

    Raises
    ------
    StorageUnusable
        If one cannot be removed.
    """
    names = tuple(sessions)
    _remove(
        folder,
        [
            page
            for page in _pages(folder)
            if page.name.startswith(names) or _OVER_EVENINGS in page.name
        ],
    )


def forget_all_pages(folder: Path) -> None:
    """Remove all pages in the data folder.

    Raises
    ------
    StorageUnusable
        If one cannot be removed.
    """
    _remove(folder, _pages(folder))


def _pages(folder: Path) -> list[Path]:
    pages = pages_folder(folder)
    if pages.is_symlink() or not pages.is_dir():  # what lies elsewhere is not ours
        return []
    return [each for each in pages.iterdir() if each.is_symlink() or each.is_file()]


def _remove(folder: Path, pages: list[Path]) -> None:
    try:
        for page in pages:
            page.unlink(missing_ok=True)
        if pages:
            sync_folder(pages_folder(folder))
    except OSError as error:
        told = wrong_and_do(
            "errors.page.undeletable",
            folder=pages_folder(folder),
            why=system_said(error),
        )
        raise StorageUnusable(*told) from error
