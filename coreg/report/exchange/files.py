"""From rows to files, whichever format was asked for; and onto the disk."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from coreg.base.whole_file import write_whole
from coreg.errors import StorageUnusable
from coreg.findings.beat_rows import SessionRows
from coreg.report.exchange import beats_table, bids, edf, fit, lists, xdf
from coreg.report.exchange.file_format import FileFormat
from coreg.words import system_said, wrong_and_do

Files = Mapping[str, bytes]
"""Whole files by name; a name may have folders in it, parted by `/`."""

_FILES: Final[Mapping[FileFormat, Callable[[SessionRows], Files]]] = {
    FileFormat.RR_TEXT: lists.rr_text_files,
    FileFormat.CSV: beats_table.csv_files,
    FileFormat.KUBIOS: lists.kubios_files,
    FileFormat.BIDS: bids.bids_files,
    FileFormat.EDF: edf.edf_files,
    FileFormat.PARQUET: beats_table.parquet_files,
    FileFormat.XDF: xdf.xdf_files,
    FileFormat.FIT: fit.fit_files,
}


def files_of(rows: SessionRows, file_format: FileFormat) -> Files:
    """Return a session's files in one format.

    Raises
    ------
    MissingPackageError
        If the format takes a package that is not installed.
    SessionError
        If the format takes what the session does not say.
    """
    return _FILES[file_format](rows)


def refuse_taken(folder: Path, names: Mapping[str, bytes]) -> None:
    """Raise unless none of these files is there already.

    Raises
    ------
    StorageUnusable
        If one is.
    """
    for name in names:
        path = folder / name
        if path.exists() or path.is_symlink():
            raise StorageUnusable(*wrong_and_do("errors.export.taken", path=path))


def write_files(folder: Path, files: Files) -> list[Path]:
    """Write files into an existing folder, each whole and for this user alone.

    Raises
    ------
    StorageUnusable
        If one cannot be written.
    """
    written: list[Path] = []
    for name, content in files.items():
        path = folder / name
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_whole(path, content)
        except OSError as error:
            told = wrong_and_do(
                "terminal.file-unwritable", path=path, why=system_said(error)
            )
            raise StorageUnusable(*told) from error
        written.append(path)
    return written
