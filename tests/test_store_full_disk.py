"""A disk without room is called full, never damaged, and stops nothing for good."""

import shutil
import tempfile
from pathlib import Path

import pytest

from coreg.errors import StorageUnusable
from coreg.store.folder import data_folder
from coreg.store.library import list_sessions, session_path
from coreg.store.library_db import Library
from coreg.store.reader import State, check_session, read_head, read_session
from coreg.store.session_log import SessionLog
from tests.helpers.disks import can_mount, fill, mounted
from tests.helpers.sessions import (
    OPENED,
    QUICK_S,
    SESSION_ID,
    append_all,
    beats,
    crashed_copy,
    facts_in,
    wait_until,
)

SMALL = ("-t", "tmpfs", "-o", "size=2m", "tmpfs")
ANOTHER = "20260302-193000-7f3b"


def left_by_a_crash(path: Path, aside: Path) -> None:
    """Lay down an interrupted session of 51 events, with its log and no index."""
    with SessionLog.create(aside / path.name, OPENED, commit_every_s=QUICK_S) as log:
        append_all(log, beats(50))
        wait_until(lambda: log.unsaved == 0)
        crashed = crashed_copy(aside / path.name, aside / "crashed")
    for companion in ("", "-wal"):
        name = path.name + companion
        shutil.copyfile(crashed.with_name(name), path.with_name(name))


@can_mount
def test_an_interrupted_evening_reads_on_a_disk_that_is_full(tmp_path: Path) -> None:
    with mounted(tmp_path / "disk", *SMALL) as disk:
        folder = data_folder(disk / "data")
        path = session_path(folder, SESSION_ID)
        left_by_a_crash(path, tmp_path)
        fill(disk / "ballast")
        assert check_session(path).words == "ok: 51 events (interrupted)"
        (listed,) = list_sessions(folder)
        assert listed.state is State.INTERRUPTED


@can_mount
def test_where_there_is_no_room_to_read_a_session_the_disk_is_full_and_it_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with mounted(tmp_path / "disk", *SMALL) as disk:
        folder = data_folder(disk / "data")
        path = session_path(folder, SESSION_ID)
        left_by_a_crash(path, tmp_path)
        fill(disk / "ballast")
        monkeypatch.setattr(tempfile, "tempdir", str(disk))
        for read in (read_session, read_head, SessionLog.reopen):
            with pytest.raises(StorageUnusable, match="the disk is full"):
                read(path)
        (listed,) = list_sessions(folder)
        assert check_session(path).state is listed.state is State.UNREADABLE
        assert "the disk is full" in listed.wrong
        (disk / "ballast").unlink()
        assert check_session(path).words == "ok: 51 events (interrupted)"


@can_mount
def test_a_recording_whose_disk_fills_before_its_first_write_goes_on_once_there_is_room(
    tmp_path: Path,
) -> None:
    with mounted(tmp_path / "disk", *SMALL) as disk:
        path = session_path(data_folder(disk / "data"), ANOTHER)
        with SessionLog.create(path, OPENED, commit_every_s=QUICK_S) as log:
            fill(disk / "ballast")
            append_all(log, beats(30))
            wait_until(lambda: log.trouble is not None)
            assert "the disk is full" in str(log.trouble)
            (disk / "ballast").unlink()
            wait_until(lambda: log.unsaved == 0)
            assert log.trouble is None
        assert facts_in(path) == [OPENED, *beats(30)]


@can_mount
def test_a_library_on_a_full_disk_says_that_it_is_full_and_is_as_it_was(
    tmp_path: Path,
) -> None:
    with mounted(tmp_path / "disk", *SMALL) as disk:
        folder = data_folder(disk / "data")
        library = Library(folder)
        library.keep_setting("sound", "off")
        fill(disk / "ballast")
        with pytest.raises(StorageUnusable, match="No space left"):
            library.keep_setting("sound", "on")
        assert Library(folder).settings() == {"sound": "off"}
        (disk / "ballast").unlink()
        library.keep_setting("sound", "on")
        assert Library(folder).settings() == {"sound": "on"}
