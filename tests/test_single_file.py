"""The single file for Linux: unpacked once, whole or not at all, and nowhere else.

The whole of coreg in it is tried by tests/test_web_pages_bundle.py; here a program of
one line stands for it.
"""

import os
import shutil
import signal
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from tests.helpers.disks import can_mount, mounted
from tests.helpers.sessions import wait_until
from tests.test_packaging import argv_of

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="a file for Linux")
LINUX = Path(__file__).resolve().parents[1] / "packaging" / "linux"
BEGUN = '#!/bin/sh\necho "begun with $*"\n'
A_DAY_S = 24 * 3600
NEEDED = ("tar", "gzip", "sha256sum", "mktemp")
OTHERS = ("cat", "cp", "dirname", "df", "find", "head", "ls", "mkdir", "mv", "rm")
MORE = ("sed", "sh", "sync", "tail", "touch")


def packed(
    folder: Path, version: str = "1.0", program: str | Path = BEGUN, room_kb: int = 1
) -> Path:
    """A single file, with this in the place of coreg."""
    coreg = folder / f"made-{version}" / "coreg"
    coreg.mkdir(parents=True)
    for name in ("install", "coreg.desktop"):
        shutil.copy(LINUX / name, coreg)
    (coreg / "coreg.svg").write_text("<svg/>")
    (coreg / "version").write_text(version)
    if isinstance(program, Path):
        shutil.copy(program, coreg / "coreg")
    else:
        (coreg / "coreg").write_text(program)
    (coreg / "coreg").chmod(0o755)
    archive = folder / f"{version}.tar.gz"
    with tarfile.open(archive, "w:gz") as tar:
        tar.add(coreg, "coreg")
    file = folder / f"coreg-{version}.run"
    make = LINUX / "make-single-file"
    subprocess.run([make, version, str(room_kb), archive, file], check=True)
    return file


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return packed(tmp_path_factory.mktemp("made"))


def there(home: Path, **more: str) -> dict[str, str]:
    return {"HOME": str(home), "PATH": "/usr/bin:/bin", **more}


def started(
    file: Path, home: Path, *words: str, **more: str
) -> "subprocess.CompletedProcess[str]":
    return begun([str(file), *words], home, **more)


def begun(
    command: list[str], home: Path, **more: str
) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        command,
        env=there(home, **more),
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )


def refused(file: Path, home: Path, **more: str) -> str:
    ran = started(file, home, **more)
    assert (ran.returncode, ran.stdout) == (1, "")
    return ran.stderr


def split(file: Path) -> tuple[bytes, bytes]:
    """Return the script and what lies behind it."""
    script, end, payload = file.read_bytes().partition(b"\nexit\n")
    return script + end, payload


def versions(home: Path) -> list[Path]:
    """All that lies where it unpacks, hidden or not."""
    folder = home / ".local/share/coreg-versions"
    return sorted(folder.iterdir()) if folder.is_dir() else []


def files(home: Path) -> set[str]:
    return {str(each.relative_to(home)) for each in home.rglob("*") if each.is_file()}


def of_menu(home: Path) -> list[list[str]]:
    entry = home / ".local/share/applications/coreg.desktop"
    lines = entry.read_text(encoding="utf-8").splitlines()
    return [argv_of(line[5:]) for line in lines if line.startswith("Exec=")]


def aged(folder: Path) -> None:
    """Have it last started two days ago."""
    then_s = folder.stat().st_mtime - 2 * A_DAY_S
    os.utime(folder, (then_s, then_s))


@pytest.mark.parametrize("shell", [(), ("dash",), ("bash",), ("busybox", "sh")])
def test_it_unpacks_at_its_first_start_and_starts_at_once_afterwards(
    shell: tuple[str, ...], file: Path, tmp_path: Path
) -> None:
    if shell and shutil.which(shell[0]) is None:
        shell = ("sh",)
    first = begun([*shell, str(file), "clinic", "--app", "a  b"], tmp_path)
    assert first.returncode == 0
    assert first.stdout == "begun with clinic --app a  b\n"
    assert "Unpacking" in first.stderr
    (folder,) = versions(tmp_path)
    hollow = tmp_path / "hollow.run"  # what it starts from now on is the folder
    hollow.write_bytes(split(file)[0])
    hollow.chmod(0o755)
    second = begun([*shell, str(hollow), "--version"], tmp_path)
    assert (second.stdout, second.stderr) == ("begun with --version\n", "")
    assert versions(tmp_path) == [folder]


def test_the_menu_leads_to_the_folder_and_both_go_again(
    file: Path, tmp_path: Path
) -> None:
    started(file, tmp_path)
    saved = tmp_path / ".local/share/coreg"
    saved.mkdir()
    (saved / "mine").touch()
    for command, words in zip(
        of_menu(tmp_path), ("--app", "clinic --app"), strict=True
    ):
        ran = subprocess.run(command, capture_output=True, text=True, check=True)
        assert ran.stdout == f"begun with {words}\n"
    assert started(file, tmp_path, "--remove").returncode == 0
    assert files(tmp_path) == {".local/share/coreg/mine"}
    again = started(file, tmp_path, "--remove")
    assert (again.returncode, "nothing to remove" in again.stderr) == (0, True)


@pytest.mark.parametrize("name", ["with spaces", "Zoë’s 家", 'q"uo`tes$and%s', "-n"])
def test_it_starts_from_and_in_folders_of_any_name(
    name: str, file: Path, tmp_path: Path
) -> None:
    home = tmp_path / name
    home.mkdir()
    own = home / f"{name}.run"
    shutil.copy(file, own)
    ran = started(own, home, name)
    assert (ran.returncode, ran.stdout) == (0, f"begun with {name}\n")
    assert of_menu(home)[0][0] == f"{versions(home)[0]}/coreg"


def test_it_writes_into_the_folder_the_menu_and_nowhere_else(
    file: Path, tmp_path: Path
) -> None:
    home, data, scratch = (tmp_path / name for name in ("home", "data", "scratch"))
    for each in (home, data, scratch):
        each.mkdir()
    more = {"XDG_DATA_HOME": str(data), "TMPDIR": str(scratch)}
    assert started(file, home, **more).returncode == 0
    (folder,) = (data / "coreg-versions").iterdir()
    inside = {
        f"coreg-versions/{folder.name}/{name}"
        for name in ("coreg", "coreg.desktop", "coreg.svg", "install", "version")
    }
    assert files(data) == inside | {
        "applications/coreg.desktop",
        "icons/hicolor/scalable/apps/coreg.svg",
    }
    assert files(home) == files(scratch) == set()
    # The specification of these folders: one that is no whole path does not count.
    assert started(file, home, XDG_DATA_HOME="data").returncode == 0
    assert len(versions(home)) == 1


@pytest.mark.parametrize("damage", ["changed", "short", "lengthened", "header alone"])
def test_a_damaged_file_is_refused_and_changes_nothing(
    damage: str, file: Path, tmp_path: Path
) -> None:
    header, payload = split(file)
    middle = len(payload) // 2
    changed = bytes([payload[middle] ^ 1])
    damaged = tmp_path / "damaged.run"
    damaged.write_bytes(
        {
            "changed": header + payload[:middle] + changed + payload[middle + 1 :],
            "short": header + payload[:-1],
            "lengthened": header + payload + b"\n",
            "header alone": header,
        }[damage]
    )
    damaged.chmod(0o755)
    home = tmp_path / "home"
    home.mkdir()
    assert "damaged" in refused(damaged, home)
    assert "beschädigt" in refused(damaged, home, LANG="de_AT.UTF-8")
    assert files(home) == set()
    assert versions(home) == []


@can_mount
@pytest.mark.parametrize("told_kb", [1, 50_000], ids=["unforeseen", "foreseen"])
def test_on_a_full_disk_it_says_so_and_leaves_no_half_of_it(
    told_kb: int, tmp_path: Path
) -> None:
    program = tmp_path / "large"
    program.write_bytes(os.urandom(2_000_000))
    large = packed(tmp_path, program=program, room_kb=told_kb)
    options = ("-t", "tmpfs", "-o", "size=1m", "tmpfs")
    with mounted(tmp_path / "home", *options) as home:
        words = refused(large, home)
        assert "enough room" in words
        assert ("Unpacking" in words) is (told_kb == 1)
        assert versions(home) == []
        assert files(home) == set()


@can_mount
def test_a_disk_that_lets_no_program_start_is_said(file: Path, tmp_path: Path) -> None:
    options = ("-t", "tmpfs", "-o", "noexec", "tmpfs")
    with mounted(tmp_path / "home", *options) as home:
        shutil.copy(file, tmp_path / "own.run")
        assert "XDG_DATA_HOME" in refused(tmp_path / "own.run", home)


@pytest.mark.parametrize("missing", NEEDED)
def test_a_missing_program_is_named(missing: str, file: Path, tmp_path: Path) -> None:
    tools = tmp_path / "tools"
    tools.mkdir()
    for name in (*NEEDED, *OTHERS, *MORE):
        found = shutil.which(name)
        if name != missing and found is not None:
            (tools / name).symlink_to(found)
    words = refused(file, tmp_path, PATH=str(tools))
    assert f"“{missing}” is missing" in words
    (tools / missing).symlink_to(str(shutil.which(missing)))
    ran = started(file, tmp_path, PATH=str(tools))
    assert ran.stdout == "begun with \n", ran.stderr


def test_where_no_folder_is_known_or_writable_it_says_what_to_do(
    file: Path, tmp_path: Path
) -> None:
    assert "Set HOME" in refused(file, tmp_path, HOME="")
    (tmp_path / ".local").write_text("no folder")
    assert "can’t write" in refused(file, tmp_path)


def test_without_a_terminal_a_window_says_what_is_wrong(
    file: Path, tmp_path: Path
) -> None:
    tools, told = tmp_path / "tools", tmp_path / "told"
    tools.mkdir()
    window = tools / "zenity"
    window.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" >"{told}"\n')
    window.chmod(0o755)
    (tmp_path / ".local").write_text("no folder")
    refused(file, tmp_path, PATH=f"{tools}:/usr/bin:/bin")
    assert "can’t write" in told.read_text(encoding="utf-8")


def test_of_many_starts_at_once_all_start_and_one_unpacks(
    file: Path, tmp_path: Path
) -> None:
    starts = [
        subprocess.Popen(
            [file, str(number)],
            env=there(tmp_path),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for number in range(6)
    ]
    said = [each.communicate() for each in starts]
    assert [out for out, _ in said] == [f"begun with {n}\n" for n in range(6)]
    assert all("couldn’t" not in err for _, err in said)
    (folder,) = versions(tmp_path)
    names = {each.name for each in folder.iterdir()}
    assert names == {"coreg", "coreg.desktop", "coreg.svg", "install", "version"}
    assert of_menu(tmp_path)[0][0] == f"{folder}/coreg"


@pytest.mark.parametrize("with_signal", [signal.SIGTERM, signal.SIGKILL])
def test_a_start_that_is_killed_while_it_unpacks_harms_no_later_one(
    with_signal: signal.Signals, file: Path, tmp_path: Path
) -> None:
    tools = tmp_path / "tools"
    tools.mkdir()
    slow = tools / "sync"  # all lies there, and has no name yet
    slow.write_text(f'#!/bin/sh\ntouch "{tmp_path}/waits"\nexec sleep 60\n')
    slow.chmod(0o755)
    program = subprocess.Popen(
        [file],
        env=there(tmp_path, PATH=f"{tools}:/usr/bin:/bin"),
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    wait_until((tmp_path / "waits").exists)
    os.killpg(program.pid, with_signal)
    program.wait()
    left = versions(tmp_path)
    assert all(each.name.startswith(".new.") for each in left)
    assert len(left) == (with_signal is signal.SIGKILL)
    assert started(file, tmp_path).stdout == "begun with \n"
    assert len(versions(tmp_path)) == 1 + len(left)  # it may be at work still
    for each in left:
        aged(each)
    started(file, tmp_path)
    assert len(versions(tmp_path)) == 1


def test_an_older_version_goes_a_day_after_its_last_start_and_never_while_it_runs(
    tmp_path: Path,
) -> None:
    sleeps = shutil.which("sleep")
    assert sleeps is not None
    older = packed(tmp_path, "1.0", Path(sleeps).resolve())
    newer = packed(tmp_path, "1.1")
    running = subprocess.Popen([older, "600"], env=there(tmp_path))
    try:
        wait_until(lambda: any("/1.0" in exe for exe in executables()))
        (old,) = versions(tmp_path)
        aged(old)
        started(newer, tmp_path)
        assert len(versions(tmp_path)) == 2
        refusal = started(newer, tmp_path, "--remove")
        assert refusal.returncode == 1
        assert "Quit it first" in refusal.stderr
        assert len(versions(tmp_path)) == 2
    finally:
        running.kill()
        running.wait()
    started(older, tmp_path, "0")  # used today: it stays, though nobody runs it
    started(newer, tmp_path)
    assert len(versions(tmp_path)) == 2
    aged(old)
    started(newer, tmp_path)
    (left,) = versions(tmp_path)
    assert left.name.startswith("1.1-")


def executables() -> list[str]:
    found = []
    for each in Path("/proc").glob("[0-9]*/exe"):
        try:
            found.append(str(each.readlink()))
        except OSError:
            continue  # it ended, or is not ours
    return found


def test_the_menu_never_leads_to_a_version_that_went(tmp_path: Path) -> None:
    older, newer = packed(tmp_path, "1.0"), packed(tmp_path, "1.1")
    started(older, tmp_path)
    started(newer, tmp_path)  # the menu leads to it
    (new,) = (each for each in versions(tmp_path) if each.name.startswith("1.1-"))
    aged(new)
    started(older, tmp_path)
    (left,) = versions(tmp_path)
    assert of_menu(tmp_path)[0][0] == f"{left}/coreg"
