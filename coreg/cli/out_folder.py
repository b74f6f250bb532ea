"""Where the files of a command go."""

import argparse
from pathlib import Path

from coreg.cli.common import make_out_folder
from coreg.errors import StorageLocked
from coreg.store import keys
from coreg.store.folder import data_folder, made_pages_folder
from coreg.words import wrong_and_do


def wanted_folder(given: argparse.Namespace) -> Path | None:
    """Return the folder for what is drawn beside figures; None with `--json` alone."""
    return None if given.json and given.out is None else out_folder(given)


def out_folder(given: argparse.Namespace) -> Path:
    """Return the folder for a command's files, made where it was absent.

    Without `--out` that is `pages` in the data folder: it is this user's alone, is not
    sent anywhere as a documents folder may be, and what is deleted goes from it, too.

    Raises
    ------
    StorageLocked
        If it would be there, beside what is locked.
    StorageUnusable
        If it cannot be made or written.
    """
    if given.out is not None:
        out: Path = given.out
        make_out_folder(out)
        return out
    folder = data_folder(given.data_dir)
    if keys.is_locked(folder):
        raise StorageLocked(*wrong_and_do("terminal.out-beside-locked"))
    return made_pages_folder(folder)
