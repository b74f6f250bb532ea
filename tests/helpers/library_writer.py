"""A program to be killed over what is kept as a whole.

`python -m tests.helpers.library_writer DATA COUNT` keeps settings in a library, and
says how many are kept; the disk hears of it, too (failing_disk.c).
`... DATA open` opens a library, which brings one of before to today's form.
`... DATA lock` locks all that lies in a data folder, and `... DATA backup` backs it up.
"""

import ctypes
import sys
from pathlib import Path

from coreg.store import locking
from coreg.store.backup import back_up
from coreg.store.folder import data_folder
from coreg.store.library_db import Library
from coreg.store.passcode import Cost

PASSPHRASE = "four words we remember"  # noqa: S105 - of a folder made for this
BACKUP = "all.coreg-backup"
_CHEAP = Cost(n=2, r=8, p=1)


def setting(number: int) -> tuple[str, str]:
    """Return a setting that can be told from all others."""
    return f"setting {number:04}", f"{number} " * 40


def main() -> None:
    folder, what = data_folder(Path(sys.argv[1])), sys.argv[2]
    match what:
        case "open":
            Library(folder)
        case "lock":
            locking.lock(folder, PASSPHRASE, cost=_CHEAP)
        case "backup":
            back_up(folder, folder / BACKUP, utc="2026-03-01", version="0")
        case _:
            keep(folder, int(what))
    print("done", flush=True)


def keep(folder: Path, count: int) -> None:
    library = Library(folder)
    tell_acknowledged = getattr(ctypes.CDLL(None), "disk_acknowledged", None)
    for number in range(count):
        library.keep_setting(*setting(number))
        print(number + 1, flush=True)
        if tell_acknowledged is not None:
            tell_acknowledged(ctypes.c_int64(number + 1))


if __name__ == "__main__":
    main()
