"""The data folder is ours alone, has one writer, and its sessions can be found."""

import datetime as dt
import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from coreg.errors import LibraryBusy, SessionNotFound, StorageUnusable
from coreg.store.folder import (
    data_folder,
    data_location,
    library_lock,
    sessions_folder,
)
from coreg.store.library import (
    copy_session,
    find_session,
    list_sessions,
    new_session_id,
    session_path,
)
from coreg.store.reader import State, check_session
from coreg.store.session_log import SessionLog
from tests.helpers.sessions import (
    ENDED,
    OPENED,
    QUICK_S,
    append_all,
    beats,
    facts_in,
    packet,
    wait_until,
    whole_session,
)

FIRST, SECOND, THIRD = (
    "20260228-080000-aaaa",
    "20260301-193000-7f3a",
    "20260301-193000-7f3b",
)
on_posix = pytest.mark.skipif(
    sys.platform == "win32", reason="Windows keeps rights elsewhere"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return data_folder(tmp_path / "data")


@pytest.fixture
def umask_0() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


# --- the folder ---------------------------------------------------------------


@on_posix
@pytest.mark.usefixtures("umask_0")
def test_every_folder_that_is_made_is_for_this_user_only(tmp_path: Path) -> None:
    folder = data_folder(tmp_path / "new" / "data")
    assert mode(folder.parent) == mode(folder) == 0o700
    assert mode(sessions_folder(folder)) == 0o700
    with library_lock(folder):
        assert mode(folder / "library.lock") == 0o600


def test_a_folder_that_is_given_goes_before_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COREG_DATA_DIR", str(tmp_path / "told"))
    assert data_location(tmp_path / "given") == tmp_path / "given"
    assert data_location(None) == tmp_path / "told"
    monkeypatch.setenv("COREG_DATA_DIR", "")
    assert data_location(None).name == "coreg"
    assert list(tmp_path.iterdir()) == []


def test_a_folder_below_a_file_is_refused_in_words(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("kept")
    for given in (file, file / "below"):
        with pytest.raises(StorageUnusable, match=r"cannot be written .*--data-dir"):
            data_folder(given)
    assert file.read_text() == "kept"


def test_a_folder_that_is_a_loop_of_links_is_refused_in_words(tmp_path: Path) -> None:
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    with pytest.raises(StorageUnusable, match="cannot be written"):
        data_folder(loop / "data")


# --- one writer ---------------------------------------------------------------

HOLDER = """
import pathlib, sys
from coreg.store.folder import library_lock
with library_lock(pathlib.Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_coreg_is_told_which_process_has_the_folder_until_it_dies(
    folder: Path,
) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(folder)],
        cwd=Path(__file__).resolve().parents[1],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        with (
            pytest.raises(LibraryBusy, match=rf"\(process {other.pid}\) is using"),
            library_lock(folder),
        ):
            pass
        other.kill()
        other.wait()
    assert (folder / "library.lock").read_text() == f"{other.pid}\n"  # it is stale
    with library_lock(folder):
        pass


def test_what_a_killed_coreg_left_half_made_is_swept_away(folder: Path) -> None:
    whole_session(session_path(folder, FIRST))
    for name in (f".{SECOND}.coreg.new", f".{SECOND}.coreg.new-wal"):
        (sessions_folder(folder) / name).write_bytes(b"half")
    with library_lock(folder):
        names = [each.name for each in sessions_folder(folder).iterdir()]
    assert names == [f"{FIRST}.coreg"]


# --- names --------------------------------------------------------------------


def test_a_session_is_named_by_its_beginning_in_utc_and_chance() -> None:
    berlin = dt.timezone(dt.timedelta(hours=2))
    began = dt.datetime(2026, 7, 1, 0, 30, 5, tzinfo=berlin)
    assert new_session_id(began, "x9z0") == "20260630-223005-x9z0"


@pytest.mark.parametrize("token", ["", "abc", "abcde", "ABCD", "../a", "a b "])
def test_a_name_holds_nothing_that_could_lead_out_of_the_folder(token: str) -> None:
    with pytest.raises(ValueError, match="four of 0-9 and a-z"):
        new_session_id(dt.datetime(2026, 7, 1, tzinfo=dt.UTC), token)


def test_a_name_needs_a_time_with_a_zone() -> None:
    with pytest.raises(ValueError, match="zone"):
        new_session_id(dt.datetime(2026, 7, 1), "abcd")  # noqa: DTZ001


# --- the list -----------------------------------------------------------------


def test_an_absent_library_has_no_sessions(tmp_path: Path) -> None:
    assert list_sessions(tmp_path / "nowhere") == []


def test_the_list_tells_whole_interrupted_running_and_damaged_the_newest_last(
    folder: Path,
) -> None:
    whole_session(session_path(folder, FIRST))
    with SessionLog.create(session_path(folder, SECOND), OPENED) as log:
        append_all(log, beats(12))
    whole_session(session_path(folder, THIRD))
    session_path(folder, "20250101-000000-dead").write_bytes(b"not a session")
    with SessionLog.create(session_path(folder, "20270101-000000-live"), OPENED):
        listed = list_sessions(folder)
    assert [(each.session_id, each.state) for each in listed] == [
        ("20250101-000000-dead", State.DAMAGED),
        (FIRST, State.WHOLE),
        (SECOND, State.INTERRUPTED),
        (THIRD, State.WHOLE),
        ("20270101-000000-live", State.RUNNING),
    ]
    damaged, _, interrupted, *_ = listed
    assert damaged.opened is None
    assert "no session file" in damaged.wrong
    assert interrupted.opened == OPENED
    assert interrupted.length_s == 0.012  # the twelfth fact comes at 12 ms
    assert interrupted.wrong == ""


# --- finding ------------------------------------------------------------------


@pytest.fixture
def library(folder: Path) -> Path:
    for name in (SECOND, FIRST, THIRD):
        whole_session(session_path(folder, name), count=1)
    return folder


@pytest.mark.parametrize(
    ("name", "session_id"),
    [
        ("last", THIRD),
        (SECOND, SECOND),
        ("20260301-193000-7f3b", THIRD),
        ("202602", FIRST),
    ],
)
def test_a_session_is_found_by_name_by_a_beginning_or_as_the_last(
    library: Path, name: str, session_id: str
) -> None:
    assert find_session(library, name) == session_path(library, session_id)


def test_a_session_is_found_by_the_path_of_its_file(
    library: Path, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "anything.coreg"
    copy_session(session_path(library, FIRST), elsewhere)
    assert find_session(library, str(elsewhere)) == elsewhere


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("20260301", "2 sessions begin with 20260301: .*7f3a, .*7f3b"),
        ("20260228-080000-aaab", f"no session '20260228-080000-aaab'.*{FIRST}"),
        ("", "no session ''"),
        ("../data", "no file ../data"),
        ("*", "no session"),
    ],
)
def test_a_name_that_fits_none_or_several_is_answered_with_what_is_near(
    library: Path, name: str, words: str
) -> None:
    with pytest.raises(SessionNotFound, match=words):
        find_session(library, name)


def test_the_last_session_of_an_empty_library_is_not_found(folder: Path) -> None:
    with pytest.raises(SessionNotFound, match="no session yet"):
        find_session(folder, "last")


# --- a clock that was set back ------------------------------------------------


def test_what_was_recorded_last_is_the_last_though_the_clock_was_set_back(
    folder: Path,
) -> None:
    for name in (SECOND, THIRD, FIRST):
        whole_session(session_path(folder, name), count=1)
    assert find_session(folder, "last") == session_path(folder, FIRST)
    assert [each.session_id for each in list_sessions(folder)] == [SECOND, THIRD, FIRST]


def test_an_interrupted_session_keeps_its_place_when_it_goes_on(folder: Path) -> None:
    for name in (THIRD, FIRST):
        with SessionLog.create(session_path(folder, name), OPENED) as log:
            append_all(log, beats(3))
    with SessionLog.reopen(session_path(folder, FIRST)) as log:
        append_all(log, [packet(4), ENDED])
    assert find_session(folder, "last") == session_path(folder, FIRST)


def test_sessions_without_a_number_come_first_and_by_name(folder: Path) -> None:
    for name in (THIRD, SECOND):
        whole_session(session_path(folder, name), count=1)
        forget_number(session_path(folder, name))
    assert find_session(folder, "last") == session_path(folder, THIRD)
    whole_session(session_path(folder, FIRST), count=1)
    assert find_session(folder, "last") == session_path(folder, FIRST)
    assert [check_session(each.path).words for each in list_sessions(folder)] == (
        3 * ["ok: 3 events"]
    )


def test_a_number_that_was_changed_is_noticed_and_hides_no_session(
    folder: Path,
) -> None:
    whole_session(session_path(folder, FIRST), count=1)
    with closing(sqlite3.connect(session_path(folder, FIRST))) as db:
        db.execute("UPDATE meta SET value = '7' WHERE key = 'number'")
        db.commit()
    (listed,) = list_sessions(folder)
    assert listed.state is State.DAMAGED
    assert "'number'" in listed.wrong
    whole_session(session_path(folder, SECOND), count=1)
    assert find_session(folder, "last") == session_path(folder, SECOND)


def forget_number(path: Path) -> None:
    """Make a file as coreg made it before sessions had numbers."""
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("DELETE FROM meta WHERE key = 'number'").rowcount == 1
        db.commit()


# --- copies -------------------------------------------------------------------


@on_posix
@pytest.mark.usefixtures("umask_0")
def test_a_copy_is_one_plain_private_file_with_everything_in_it(
    library: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    target = out / f"{FIRST}.coreg"
    copy_session(session_path(library, FIRST), target)
    assert facts_in(target) == facts_in(session_path(library, FIRST))
    assert check_session(target).words == "ok: 3 events"
    assert [each.name for each in out.iterdir()] == [target.name]
    assert mode(target) == 0o600


def test_a_session_is_copied_while_it_is_recorded(folder: Path, tmp_path: Path) -> None:
    path = session_path(folder, FIRST)
    target = tmp_path / "copy.coreg"
    with SessionLog.create(path, OPENED, commit_every_s=QUICK_S) as log:
        append_all(log, beats(50))
        wait_until(lambda: log.unsaved == 0)
        copy_session(path, target)
        append_all(log, beats(5))
    assert log.trouble is None
    assert facts_in(target) == [OPENED, *beats(50)]
    assert check_session(target).words == "ok: 51 events (interrupted)"
    assert not target.with_name("copy.coreg-wal").exists()


def test_a_copy_to_nowhere_is_refused_in_words(library: Path, tmp_path: Path) -> None:
    with pytest.raises(StorageUnusable, match="cannot be written"):
        copy_session(session_path(library, FIRST), tmp_path / "no" / "x.coreg")


def test_a_session_that_is_not_there_is_not_found(tmp_path: Path) -> None:
    for act in (check_session, lambda path: copy_session(path, tmp_path / "copy")):
        with pytest.raises(SessionNotFound, match="no session file"):
            act(tmp_path / "none.coreg")


def test_a_file_in_place_of_the_data_folder_is_not_taken_for_an_empty_one(
    tmp_path: Path,
) -> None:
    blocked = tmp_path / "file"
    blocked.touch()
    with pytest.raises(StorageUnusable, match="cannot be read"):
        list_sessions(blocked)
    assert list_sessions(tmp_path / "absent") == []
