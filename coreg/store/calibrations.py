"""What pairs of straps were measured to differ by: one small JSON file.

`strap-pairs.json` in the data folder is a list of objects with the fields of
`StrapPair`; the last one about a pair counts. Straps are named by what stays the same
from evening to evening, so nothing here says who wore them.
"""

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from coreg.base.bounds import BadText, json_of, shown
from coreg.base.text_files import text_of
from coreg.base.toml_table import TomlTable
from coreg.base.whole_file import remove_half_made, sync_folder, write_whole
from coreg.errors import StorageUnusable
from coreg.words import system_said, wrong_and_do

STRAP_PAIRS_NAME = "strap-pairs.json"
_LARGEST_BYTES = 1_000_000
_LARGEST_S = 60.0  # no strap keeps a heartbeat for longer


@dataclass(frozen=True, slots=True, kw_only=True)
class StrapPair:
    """A's delay less B's, and what that may be off by."""

    a: str
    b: str
    difference_s: float
    uncertainty_s: float
    measured_utc: str


def strap_pair(folder: Path, a: str, b: str) -> StrapPair | None:
    """Return what is kept of these two, as A and B; None where nothing is.

    Raises
    ------
    StorageUnusable
        If the file is there and cannot be read.
    """
    for pair in reversed(_pairs(folder)):
        if (pair.a, pair.b) == (a, b):
            return pair
        if (pair.b, pair.a) == (a, b):
            return replace(pair, a=a, b=b, difference_s=-pair.difference_s)
    return None


def keep_strap_pair(folder: Path, pair: StrapPair) -> None:
    """Keep a pair, in place of what was kept of it; whole or not at all.

    Raises
    ------
    StorageUnusable
        If the file cannot be read or written.
    """
    others = [each for each in _pairs(folder) if {each.a, each.b} != {pair.a, pair.b}]
    _write(folder, [*others, pair])


def forget_strap(folder: Path, strap: str) -> None:
    """Forget every pair that a strap is one of; all, where they cannot be read.

    Raises
    ------
    StorageUnusable
        If the file cannot be written.
    """
    try:
        pairs = _pairs(folder)
    except StorageUnusable:  # what it holds of this strap would stay
        forget_strap_pairs(folder)
        return
    others = [each for each in pairs if strap not in {each.a, each.b}]
    if others:
        _write(folder, others)
    else:
        forget_strap_pairs(folder)


def forget_strap_pairs(folder: Path) -> None:
    """Forget every pair.

    Raises
    ------
    StorageUnusable
        If the file cannot be removed.
    """
    path = folder / STRAP_PAIRS_NAME
    try:
        path.unlink(missing_ok=True)
        remove_half_made(path)
        sync_folder(folder)
    except OSError as error:
        raise _unwritten(path, error) from error


def _write(folder: Path, pairs: list[StrapPair]) -> None:
    text = json.dumps([asdict(each) for each in pairs], indent=1)
    path = folder / STRAP_PAIRS_NAME
    try:
        remove_half_made(path)
        write_whole(path, f"{text}\n".encode())
    except OSError as error:
        raise _unwritten(path, error) from error


def _unwritten(path: Path, error: OSError) -> StorageUnusable:
    return StorageUnusable(
        *wrong_and_do(
            "errors.strap-pairs.unwritable", path=path, why=system_said(error)
        )
    )


def _pairs(folder: Path) -> list[StrapPair]:
    path = folder / STRAP_PAIRS_NAME
    try:
        listed = json_of(text_of(path, _LARGEST_BYTES), _LARGEST_BYTES)
    except FileNotFoundError:
        return []
    except OSError as error:
        told = wrong_and_do(
            "errors.strap-pairs.unreadable", path=path, why=system_said(error)
        )
        raise StorageUnusable(*told) from error
    except BadText as error:
        raise _broken(path, f"it {error}") from error
    if not isinstance(listed, list):
        raise _broken(path, shown(listed))
    return [_pair(path, n, each) for n, each in enumerate(listed, 1)]


def _pair(path: Path, number: int, given: object) -> StrapPair:
    if not isinstance(given, dict):
        raise _broken(path, shown(given))

    def refused(wrong: str, _right: str) -> StorageUnusable:
        return _broken(path, wrong.removesuffix("."))  # nobody writes it by hand

    table = TomlTable(f"pair {number} of {path}", given, refused)
    return StrapPair(
        a=table.text("a"),
        b=table.text("b"),
        difference_s=table.number("difference_s", -_LARGEST_S, _LARGEST_S, "seconds"),
        uncertainty_s=table.number("uncertainty_s", 0.0, _LARGEST_S, "seconds"),
        measured_utc=table.text("measured_utc"),
    )


def _broken(path: Path, detail: str) -> StorageUnusable:
    return StorageUnusable(
        *wrong_and_do("errors.strap-pairs.broken", path=path, detail=detail)
    )
