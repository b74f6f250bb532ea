"""A data folder is its user's alone, and nothing in it leads coreg elsewhere."""

import os
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from coreg.cli import main
from coreg.cli.launch_file import launch_file
from coreg.errors import StorageUnusable
from coreg.store.calibrations import StrapPair, forget_strap_pairs, keep_strap_pair
from coreg.store.erasing import INTENTS_NAME, erase_everything, erase_session
from coreg.store.folder import data_folder, library_lock, sessions_folder
from coreg.store.library import session_path
from coreg.store.library_db import Library
from coreg.store.session_log import SessionLog
from tests.helpers.sessions import OPENED, SESSION_ID

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="owners and modes are another thing there"
)
MINE = b"dear diary\n" * 4000


# --- whose it is -------------------------------------------------------------------


@pytest.mark.parametrize("mode", [0o770, 0o777, 0o722, 0o1777, 0o702])
@pytest.mark.parametrize("inner", ["", "sessions"])
def test_where_others_may_write_nothing_is_kept(
    mode: int, inner: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shared = tmp_path / "shared"
    (shared / inner).mkdir(parents=True, mode=0o700)
    shared.chmod(0o700)
    (shared / inner).chmod(mode)
    before = sorted(shared.rglob("*"))
    with pytest.raises(StorageUnusable, match=f"mode is {mode:o}") as refused:
        data_folder(shared)
    assert f"chmod go-w {shared / inner}" in str(refused.value)
    said = ("practice", "--simulate", "--headless", "--data-dir", str(shared))
    assert main(said) == 1
    assert capsys.readouterr().err.startswith("coreg: Others may write")
    assert sorted(shared.rglob("*")) == before
    (shared / inner).chmod(0o755)  # as these words say
    assert data_folder(shared) == shared


@pytest.mark.parametrize("mode", [0o700, 0o755, 0o2750])
def test_where_others_may_only_read_it_is_as_it_was(mode: int, tmp_path: Path) -> None:
    tmp_path.chmod(mode)
    data_folder(tmp_path)
    assert tmp_path.stat().st_mode & 0o7777 == mode


def test_a_folder_of_another_user_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also to root, whose files would lie there, and follow what its owner laid."""
    ours = os.geteuid()
    monkeypatch.setattr(os, "geteuid", lambda: ours + 1)
    with pytest.raises(StorageUnusable, match="belongs to another user"):
        data_folder(tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_data_folder_may_lie_behind_a_link(tmp_path: Path) -> None:
    """Somebody keeps theirs on another disk."""
    (tmp_path / "disk").mkdir(mode=0o700)
    (tmp_path / "data").symlink_to(tmp_path / "disk")
    data_folder(tmp_path / "data")
    assert (tmp_path / "disk" / "sessions").is_dir()


# --- links in it --------------------------------------------------------------------


def everything_in(folder: Path) -> None:
    """Keep, tidy and erase whatever coreg keeps in a data folder."""
    pair = StrapPair(
        a="x", b="y", difference_s=0.1, uncertainty_s=0.1, measured_utc="today"
    )
    data_folder(folder)
    with library_lock(folder):
        library = Library(folder)
        library.keep_setting("a", "b")
        path = session_path(folder, SESSION_ID)
        SessionLog.create(path, OPENED).close()
        keep_strap_pair(folder, pair)
        with launch_file(folder) as file:
            file.keep("http://127.0.0.1:1/?launch=x")
        erase_session(folder, library, SESSION_ID)
        forget_strap_pairs(folder)
        erase_everything(folder, library)


def laid_out(folder: Path) -> Path:
    data_folder(folder)
    Library(folder).keep_names("Ada", "Bo")
    return folder


@pytest.mark.parametrize(
    "name",
    [
        *("library.db", "library.db-wal", "library.db-shm", "library.db-journal"),
        *("library.lock", "strap-pairs.json", INTENTS_NAME, "open-coreg.html"),
        *(f"sessions/{SESSION_ID}.coreg{end}" for end in ("", "-wal", "-shm", "-lock")),
    ],
)
def test_nothing_is_written_or_erased_through_a_link(name: str, tmp_path: Path) -> None:
    folder = laid_out(tmp_path / "data")
    mine = tmp_path / "mine.txt"
    link = folder / name
    mine.write_bytes(link.read_bytes() if name == "library.db" else MINE)
    before = mine.read_bytes()
    link.unlink(missing_ok=True)
    link.symlink_to(mine)
    refused = ""
    try:
        everything_in(folder)
    except StorageUnusable as error:
        refused = str(error)
    assert mine.read_bytes() == before
    if name == "library.lock":
        assert refused  # the others of the library are replaced, and its copy is used


def test_what_lies_behind_a_link_in_place_of_the_sessions_is_left_alone(
    tmp_path: Path,
) -> None:
    folder = laid_out(tmp_path / "data")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir(mode=0o700)
    names = (".thesis.new", f"{SESSION_ID}.coreg", f"{SESSION_ID}.coreg-wal")
    for each in names:
        (elsewhere / each).write_bytes(MINE)
    sessions_folder(folder).rmdir()
    sessions_folder(folder).symlink_to(elsewhere)
    with pytest.raises(StorageUnusable, match="is a link to another folder"):
        everything_in(folder)
    assert sorted(each.name for each in elsewhere.iterdir()) == sorted(names)


def test_a_link_of_which_the_end_is_missing_is_no_free_place(tmp_path: Path) -> None:
    """Else whoever laid it would have coreg make a file where they wish."""
    for name in ("library.lock", f"sessions/{SESSION_ID}.coreg"):
        folder = laid_out(tmp_path / name.replace("/", "-"))
        made = tmp_path / "made"
        (folder / name).unlink(missing_ok=True)
        (folder / name).symlink_to(made)
        with suppress(StorageUnusable):
            everything_in(folder)
        assert not made.exists(), name
