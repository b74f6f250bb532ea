"""A backup holds all that is kept, locked where it is, and comes back to the byte."""

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st

from coreg.base.toml_shelf import LARGEST_BYTES
from coreg.cli import main
from coreg.errors import StorageUnusable
from coreg.facts.events import Partner
from coreg.store import keys, locking
from coreg.store.backup import back_up, restore
from coreg.store.folder import data_folder, made_practices_folder
from coreg.store.library import list_sessions, session_path
from coreg.store.library_db import Library
from coreg.store.reader import State, check_session
from coreg.store.session_log import SessionLog
from tests.helpers.evening_server import CHEAP
from tests.helpers.sessions import (
    OPENED,
    QUICK_S,
    SESSION_ID,
    append_all,
    beats,
    facts_in,
    rounds,
    wait_until,
    whole_session,
)

UTC = "2026-03-01T21:05:10+00:00"
ANOTHER = "20260302-193000-7f3b"
WORDS = "four words we remember"


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    folder = data_folder(tmp_path / "data")
    Library(folder).keep_names("Adalgunde", "Bo")
    whole_session(session_path(folder, SESSION_ID))
    yield folder
    keys.let_go(folder)


def made(folder: Path, target: Path) -> Path:
    return back_up(folder, target, utc=UTC, version="0.2").path


def back_in(backup: Path, folder: Path) -> Path:
    restore(backup, data_folder(folder))
    return folder


def test_what_is_kept_comes_back_to_the_byte(folder: Path, tmp_path: Path) -> None:
    (folder / "strap-pairs.json").write_text("[]\n")
    there = back_in(made(folder, tmp_path / "b"), tmp_path / "there")
    for name in ("library.db", "library-copy.db", "strap-pairs.json"):
        assert (there / name).read_bytes() == (folder / name).read_bytes()
    assert Library(there).person(Partner.A).name == "Adalgunde"
    path = session_path(there, SESSION_ID)
    assert facts_in(path) == facts_in(session_path(folder, SESSION_ID))
    assert check_session(path).state is State.WHOLE
    for each in there.rglob("*"):
        assert each.stat().st_mode & 0o077 == 0  # for this user alone, as before


def test_practices_of_ones_own_come_back_and_are_never_written_over(
    folder: Path, tmp_path: Path
) -> None:
    practices = made_practices_folder(folder)
    (practices / "tea.toml").write_text("format = 2\n", encoding="utf-8")
    (practices / "A note.toml").write_text("of another kind", encoding="utf-8")
    (practices / "vast.toml").write_bytes(b"#" * (LARGEST_BYTES + 1))
    (practices / "folder.toml").mkdir()
    backup = made(folder, tmp_path / "b")
    there = back_in(backup, tmp_path / "there")
    (came,) = (there / "practices").iterdir()
    assert (came.name, came.read_text(encoding="utf-8")) == ("tea.toml", "format = 2\n")
    for each in (there / "practices", came):
        assert each.stat().st_mode & 0o077 == 0
    came.write_text("format = 2  # mine\n", encoding="utf-8")
    with pytest.raises(StorageUnusable, match=r"already: practices/tea\.toml"):
        restore(backup, there)


def test_any_program_can_look_into_it(folder: Path, tmp_path: Path) -> None:
    """Another one than ours reads it: `unzip`, or Python's own module."""
    backup = made(folder, tmp_path / "b")
    command = [sys.executable, "-m", "zipfile", "-l", str(backup)]
    listed = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "manifest.json" in listed.stdout
    assert f"sessions/{SESSION_ID}.coreg" in listed.stdout
    assert b"Adalgunde" in zipfile.ZipFile(backup).read("library.db")


def test_what_is_locked_is_locked_in_it_and_the_same_passphrase_opens_it(
    folder: Path, tmp_path: Path
) -> None:
    recovery_key = locking.lock(folder, WORDS, cost=CHEAP).recovery_key
    backup = made(folder, tmp_path / "b")
    held = b"".join(
        zipfile.ZipFile(backup).read(each)
        for each in zipfile.ZipFile(backup).namelist()
    )
    for text in (b"Adalgunde", b"Notification", b"Six breaths"):
        assert text not in held
    keys.let_go(folder)
    there = back_in(backup, tmp_path / "there")
    try:
        keys.hold(there, keys.recovered_with(there, recovery_key))
        assert keys.opened_with(there, WORDS) == keys.vault_of(there)
        assert Library(there).person(Partner.A).name == "Adalgunde"
        assert len(facts_in(session_path(there, SESSION_ID))) == 42
    finally:
        keys.let_go(there)


def test_it_may_be_made_while_a_session_is_recorded(
    folder: Path, tmp_path: Path
) -> None:
    path = session_path(folder, ANOTHER)
    with SessionLog.create(path, OPENED, commit_every_s=QUICK_S) as log:
        append_all(log, beats(50))
        wait_until(lambda: log.unsaved == 0)
        backup = made(folder, tmp_path / "b")
        append_all(log, beats(70)[50:])
    assert facts_in(path) == [OPENED, *beats(70)]  # and disturbs nothing
    there = back_in(backup, tmp_path / "there")
    assert facts_in(session_path(there, ANOTHER)) == [OPENED, *beats(50)]


def test_what_cannot_be_read_is_said_and_the_rest_is_in_it(
    folder: Path, tmp_path: Path
) -> None:
    session_path(folder, ANOTHER).write_bytes(b"nothing of ours" * 99)
    done = back_up(folder, tmp_path / "b", utc=UTC, version="0.2")
    assert list(done.left) == [ANOTHER]
    assert done.sessions == 1
    there = back_in(done.path, tmp_path / "there")
    assert [each.session_id for each in list_sessions(there)] == [SESSION_ID]


# --- what is no backup ------------------------------------------------------------


def refused(backup: Path, tmp_path: Path) -> str:
    there = data_folder(tmp_path / "there")
    with pytest.raises(StorageUnusable) as caught:
        restore(backup, there)
    left = [each for each in there.rglob("*") if each.is_file()]
    assert left == []  # nothing was written
    return str(caught.value)


@settings(max_examples=rounds(40, thorough=500), deadline=None)
@given(place=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_a_flipped_bit_is_refused_or_changes_nothing(
    tmp_path_factory: pytest.TempPathFactory, place: float, bit: int
) -> None:
    tmp_path = tmp_path_factory.mktemp("flip")
    folder = data_folder(tmp_path / "data")
    Library(folder).keep_names("Ada", "Bo")
    whole_session(session_path(folder, SESSION_ID), count=9)
    backup = made(folder, tmp_path / "b")
    changed = bytearray(backup.read_bytes())
    changed[int(place * len(changed))] ^= 1 << bit
    backup.write_bytes(changed)
    there = data_folder(tmp_path / "there")
    try:
        restore(backup, there)
    except StorageUnusable:
        assert [each for each in there.rglob("*") if each.is_file()] == []
        return
    names = [Library(there).person(partner).name for partner in Partner]
    assert names == ["Ada", "Bo"]
    assert facts_in(session_path(there, SESSION_ID)) == [
        *facts_in(session_path(folder, SESSION_ID))
    ]


@pytest.mark.parametrize("content", [b"", b"PK", b"no archive at all" * 99])
def test_what_is_no_archive_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "b").write_bytes(content)
    assert "no backup" in refused(tmp_path / "b", tmp_path)


def forged(tmp_path: Path, files: dict[str, bytes], told: object) -> Path:
    path = tmp_path / "forged"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
        archive.writestr("manifest.json", json.dumps(told))
    return path


def said_of(files: dict[str, bytes]) -> list[dict[str, object]]:
    return [
        {
            "name": name,
            "bytes": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
        }
        for name, content in files.items()
    ]


@pytest.mark.parametrize(
    "name",
    [
        "../outside",
        "/etc/outside",
        "sessions/../../outside.coreg",
        "sessions/a/b.coreg",
        "sessions\\..\\x.coreg",
        "library.db-wal",
        "erasing.json",
        "open-coreg.html",
        "sessions/.hidden.coreg",
        "C:\\x.coreg",
    ],
)
def test_no_name_in_it_leads_elsewhere(tmp_path: Path, name: str) -> None:
    files = {name: b"x"}
    backup = forged(tmp_path, files, {"format": 1, "files": said_of(files)})
    assert "belongs to no data folder" in refused(backup, tmp_path)
    assert not (tmp_path / "outside").exists()


def more_than_it_says(files: dict[str, bytes]) -> object:
    return {"format": 1, "files": [{**each, "bytes": 10} for each in said_of(files)]}


LIES: dict[str, Callable[[dict[str, bytes]], object]] = {
    "swells": more_than_it_says,
    "is newer": lambda files: {"format": 2, "files": said_of(files)},
    "hides a file": lambda _: {"format": 1, "files": []},
    "twice": lambda files: {"format": 1, "files": said_of(files) * 2},
    "no list": lambda _: {"format": 1, "files": 7},
    "no object": lambda _: [],
    "huge": lambda _: {
        "format": 1,
        "files": [{"name": "library.db", "bytes": 2**60, "sha256": ""}],
    },
}


@pytest.mark.parametrize("lie", LIES)
def test_one_that_lies_about_itself_is_refused(tmp_path: Path, lie: str) -> None:
    files = {"library.db": bytes(5_000_000)}  # which packs into five kilobytes
    refused(forged(tmp_path, files, LIES[lie](files)), tmp_path)


def test_it_is_brought_back_into_an_empty_folder_alone(
    folder: Path, tmp_path: Path
) -> None:
    backup = made(folder, tmp_path / "b")
    Library(folder).keep_names("Eve", "Bo")
    with pytest.raises(StorageUnusable, match="already"):
        restore(backup, folder)
    assert Library(folder).person(Partner.A).name == "Eve"


def test_what_is_there_already_is_never_overwritten(
    folder: Path, tmp_path: Path
) -> None:
    backup = made(folder, tmp_path / "b")
    for name in ("library-copy.db", f"sessions/{ANOTHER}.coreg", "keys-copy.json"):
        there = data_folder(tmp_path / name.replace("/", "-"))
        (there / name).write_bytes(b"something of its own")
        with pytest.raises(StorageUnusable, match="already"):
            restore(backup, there)
        assert (there / name).read_bytes() == b"something of its own"


def test_a_lock_that_comes_in_the_middle_of_it_is_no_backup_without_its_keys(
    folder: Path, tmp_path: Path
) -> None:
    def lock_now(done: int, _of: int) -> None:
        if done == 0:
            locking.lock(folder, WORDS, cost=CHEAP)

    with pytest.raises(StorageUnusable, match="lock was changed"):
        back_up(folder, tmp_path / "b", utc=UTC, version="0", tell=lock_now)
    assert not (tmp_path / "b").exists()


def test_stopped_half_way_it_is_done_again(folder: Path, tmp_path: Path) -> None:
    for number in range(5):
        whole_session(session_path(folder, f"2026030{number + 3}-193000-7f3a"))
    backup = made(folder, tmp_path / "b")
    there = data_folder(tmp_path / "there")
    code = (
        "import os, sys; from pathlib import Path;"
        "from coreg.store.backup import restore;"
        "restore(Path(sys.argv[1]), Path(sys.argv[2]),"
        f" tell=lambda done, _: done == 4 and os.kill(os.getpid(), {signal.SIGKILL}))"
    )
    command = [sys.executable, "-c", code, str(backup), str(there)]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL
    assert 0 < len(list_sessions(there)) < 6
    assert restore(backup, there) == 6
    assert len(list_sessions(there)) == 6
    assert Library(there).person(Partner.A).name == "Adalgunde"


def test_where_there_is_no_room_there_is_no_half_backup(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_given: object) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(zipfile.ZipFile, "writestr", full)
    with pytest.raises(StorageUnusable, match="No space left"):
        made(folder, tmp_path / "b")
    assert not (tmp_path / "b").exists()
    assert [each.name for each in tmp_path.iterdir()] == ["data"]


# --- the command line -------------------------------------------------------------


def test_the_commands_make_one_name_it_in_the_log_and_bring_it_back(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "stick"
    out.mkdir()
    assert main(["backup", "--out", str(out), "--data-dir", str(folder)]) == 0
    said = capsys.readouterr()
    assert "This backup isn't locked" in said.err
    (backup,) = out.iterdir()
    assert said.out.strip() == str(backup)
    assert main(["log", "--data-dir", str(folder)]) == 0
    assert str(backup) in capsys.readouterr().out
    there = tmp_path / "there"
    assert main(["restore", str(backup), "--data-dir", str(there)]) == 0
    assert main(["check", "--data-dir", str(there)]) == 0
    assert main(["restore", str(backup), "--data-dir", str(folder)]) == 1
    shutil.rmtree(there)


def test_a_folder_of_sessions_alone_is_not_called_empty_by_the_log(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """As after an import: nobody opened the pages yet, so there is no library."""
    there = data_folder(tmp_path / "there")
    (session,) = list_sessions(folder)
    shutil.copy(session.path, session_path(there, session.session_id))
    assert main(["log", "--data-dir", str(there)]) == 0
    assert "Nothing has been done yet" in capsys.readouterr().out
    assert main(["log", "--json", "--data-dir", str(there)]) == 0
    assert json.loads(capsys.readouterr().out) == {"log": []}
    assert main(["log", "--data-dir", str(tmp_path / "nowhere")]) == 1
    assert "Nothing saved yet" in capsys.readouterr().err


def test_where_nothing_is_kept_there_is_nothing_to_back_up(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["backup", "--data-dir", str(tmp_path / "nowhere")]) == 1
    assert "Nothing saved yet" in capsys.readouterr().err
