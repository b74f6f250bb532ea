"""Where a clinic keeps what.

::

    DATA FOLDER/clinic/           0700
    |-- therapist.book, -copy     the therapist's own, sealed: couples, marks, notes
    |-- therapist.book-lock       held while that is written
    |-- keys.json, -copy.json     its key, by the therapist's passphrase
    `-- couples/
        `-- ID/                   one couple's whole data folder, with keys of its own

A couple's folder is a data folder like any other: every command works on it with
`--data-dir`, and nothing in it leads to another couple's. Its name is chance: a folder
called by a name would tell who comes here.
"""

import re
import secrets
from pathlib import Path

from coreg.store.folder import data_location

_ID = re.compile(r"[0-9a-f]{8}")


def clinic_location(data_dir: Path | None) -> Path:
    """Return where the clinic of a data folder is or would be; nothing is made."""
    return data_location(data_dir) / "clinic"


def couples_folder(clinic: Path) -> Path:
    """Return where the couples' folders lie."""
    return clinic / "couples"


def couple_folder(clinic: Path, couple_id: str) -> Path:
    """Return one couple's data folder.

    Raises
    ------
    ValueError
        If it is no id of a couple: a name never becomes a path.

    Examples
    --------
    >>> couple_folder(Path("clinic"), "0f3a99c1").as_posix()
    'clinic/couples/0f3a99c1'
    """
    if not is_id(couple_id):
        raise ValueError(f"no id of a couple: {couple_id!r}")
    return couples_folder(clinic) / couple_id


def new_id() -> str:
    """Return an id that says nothing of whose it is."""
    return secrets.token_hex(4)


def is_id(text: str) -> bool:
    """Whether this can be an id of a couple."""
    return _ID.fullmatch(text) is not None
