"""A strap has one holder on a computer, and a holder that dies has it no longer."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from coreg.sensors.straps import strap_locks

ADDRESS = "C0:00:00:00:00:0A"
HOLDER = """\
import sys
from pathlib import Path
from coreg.sensors.straps import strap_locks
strap_locks.common_folder = lambda: Path(sys.argv[1])
assert strap_locks.take(sys.argv[2]) is not None
print("mine", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def common(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder that stands for the one that all users of a computer share."""
    monkeypatch.setattr(strap_locks, "common_folder", lambda: tmp_path)
    return tmp_path


def files(folder: Path) -> list[Path]:
    return sorted(folder.iterdir())


@pytest.mark.usefixtures("common")
def test_a_strap_is_held_once_until_it_is_released() -> None:
    ours = strap_locks.take(ADDRESS)
    assert ours is not None
    assert strap_locks.is_held(ADDRESS)
    assert strap_locks.take(ADDRESS) is None
    assert strap_locks.take(ADDRESS.lower()) is None  # systems write it either way
    other = strap_locks.take("C0:00:00:00:00:0B")
    assert other is not None
    ours.release()
    assert not strap_locks.is_held(ADDRESS)
    again = strap_locks.take(ADDRESS)
    assert again is not None
    again.release()
    other.release()


def test_a_process_that_is_killed_holds_no_strap(common: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, common, ADDRESS],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "mine\n"
        assert strap_locks.is_held(ADDRESS)
        assert strap_locks.take(ADDRESS) is None
        holder.kill()
    assert not strap_locks.is_held(ADDRESS)
    ours = strap_locks.take(ADDRESS)
    assert ours is not None
    ours.release()


def test_the_file_tells_other_users_neither_the_strap_nor_who_has_it(
    common: Path,
) -> None:
    ours = strap_locks.take(ADDRESS)
    assert ours is not None
    (file,) = files(common)
    assert file.read_bytes() == b""
    assert "000A" not in file.name.upper().replace(":", "")
    ours.release()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no modes")
def test_another_user_may_read_the_file_at_any_umask_and_reading_is_enough(
    common: Path,
) -> None:
    before = os.umask(0o077)
    try:
        ours = strap_locks.take(ADDRESS)
    finally:
        os.umask(before)
    assert ours is not None
    (file,) = files(common)
    assert stat.S_IMODE(file.stat().st_mode) == 0o644
    ours.release()
    file.chmod(0o444)
    again = strap_locks.take(ADDRESS)
    assert again is not None
    assert strap_locks.take(ADDRESS) is None
    again.release()


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_where_no_lock_can_be_made_a_strap_is_held_without(
    common: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A trap laid there by another user is not stepped into either."""
    ours = strap_locks.take(ADDRESS)
    assert ours is not None
    ours.release()
    (file,) = files(common)
    file.unlink()
    file.symlink_to(common / "of another user")
    without = strap_locks.take(ADDRESS)
    assert without is not None
    without.release()
    assert not (common / "of another user").exists()
    monkeypatch.setattr(strap_locks, "common_folder", lambda: common / "nowhere")
    without = strap_locks.take(ADDRESS)
    assert without is not None
    without.release()


@pytest.mark.skipif(os.name == "nt", reason="$TMPDIR is a thing of Unix")
def test_the_place_is_the_same_for_all_users(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    probe = (
        "from coreg.sensors.straps import strap_locks;"
        "print(strap_locks.common_folder())"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", probe],
            env={**os.environ, "TMPDIR": folder, "HOME": folder},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for folder in ("/", "/usr")
    }
    assert len(told) == 1
