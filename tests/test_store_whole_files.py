"""Whatever coreg keeps is there whole or as it was; one function sees to that."""

import errno
import os
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from matplotlib.figure import Figure

from coreg.base.whole_file import made_whole, write_whole
from coreg.errors import StorageUnusable
from coreg.report.write_page import write_picture
from coreg.store.calibrations import keep_strap_pair
from coreg.store.folder import data_folder
from coreg.store.library import copy_session
from coreg.store.library_db import Library
from coreg.store.session_log import SessionLog
from tests.helpers.sessions import OPENED, whole_session
from tests.test_strap_latency import PAIR

ROOT = Path(__file__).resolve().parents[1]
Make = Callable[[Path], object]


def copied(folder: Path) -> None:
    copy_session(folder.parent / "kept.coreg", folder / "copy.coreg")


def drawn(folder: Path) -> None:
    write_picture(Figure, folder / "picture.png")


def begun(folder: Path) -> None:
    with SessionLog.create(folder / "begun.coreg", OPENED):
        pass


def calibrated(folder: Path) -> None:
    keep_strap_pair(folder, replace(PAIR, difference_s=1.5))


# What each makes, and what lay in its place before, where that may be.
MADE: dict[str, tuple[Make, str, bytes | None]] = {
    "a session": (begun, "begun.coreg", None),
    "the library": (Library, "library.db", None),
    "a copy": (copied, "copy.coreg", b"another one"),
    "a picture": (drawn, "picture.png", b"another one"),
    "a calibration": (calibrated, "strap-pairs.json", b"[]\n"),
}


@pytest.mark.parametrize("what", MADE)
@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_where_the_disk_errs_all_is_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str, call: str
) -> None:
    make, name, before = MADE[what]
    whole_session(tmp_path / "kept.coreg")
    folder = data_folder(tmp_path / "data")
    if before is not None:
        (folder / name).write_bytes(before)
    there = sorted(folder.rglob("*"))

    def err(*_given: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    errs_in: object = os if call == "fsync" else Path
    monkeypatch.setattr(errs_in, call, err)
    with pytest.raises(StorageUnusable, match="No space left"):
        make(folder)
    monkeypatch.undo()
    left = [path for path in folder.rglob("*") if not path.name.endswith("-lock")]
    assert sorted(left) == there
    assert before is None or (folder / name).read_bytes() == before
    make(folder)
    assert (folder / name).read_bytes() != before
    assert (folder / name).stat().st_mode & 0o077 == 0


def test_what_is_written_is_on_the_disk_before_it_has_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    sync, move = os.fsync, Path.replace

    def synced(descriptor: int) -> None:
        is_folder = os.path.isdir(f"/proc/self/fd/{descriptor}")  # noqa: PTH112
        size = os.fstat(descriptor).st_size
        done.append("folder" if is_folder else f"{size} bytes")
        sync(descriptor)

    def moved(path: Path, target: Path) -> Path:
        done.append(f"named {target.name}")
        return move(path, target)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(Path, "replace", moved)
    write_whole(tmp_path / "a.json", b"12345")
    assert done == ["5 bytes", "named a.json", "folder"]


def test_a_file_that_is_left_half_made_is_nowhere(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"before")
    with suppress(KeyError), made_whole(tmp_path / "a") as half_made:
        half_made.write_bytes(b"half")
        raise KeyError
    (kept,) = tmp_path.iterdir()
    assert kept.read_bytes() == b"before"


def test_one_room_writes_files_whole_and_no_other_does_it_by_hand() -> None:
    by_hand = re.compile(
        r"\b(fsync|mkstemp|NamedTemporaryFile|O_EXCL)\b|\.replace\(path"
    )
    rooms = {
        str(path.relative_to(ROOT / "coreg"))
        for path in (ROOT / "coreg").rglob("*.py")
        if by_hand.search(path.read_text(encoding="utf-8"))
    }
    assert rooms == {"base/whole_file.py", "base/locks.py"}  # a lock is no content
