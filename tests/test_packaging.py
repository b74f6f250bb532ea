"""What is packed: bundles that hold together, a wheel that holds everything."""

import os
import re
import runpy
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from coreg import __version__
from tests.helpers import skips
from tests.helpers.thorough import THOROUGH

ROOT = Path(__file__).resolve().parents[1]
APP, LINUX = ROOT / "packaging" / "app", ROOT / "packaging" / "linux"
on_posix = pytest.mark.skipif(sys.platform == "win32", reason="a script of a shell")


def test_what_briefcase_is_told_is_of_this_coreg_and_asks_for_bluetooth() -> None:
    text = (APP / "pyproject.toml").read_text(encoding="utf-8")
    told = tomllib.loads(text)["tool"]["briefcase"]
    (app,) = told["app"].values()
    assert told["version"] == __version__
    assert [(APP / each).is_dir() for each in app["sources"]] == [True]
    assert (APP / told["license-files"][0]).samefile(ROOT / "LICENSE")
    assert app["macOS"]["entitlement"]["com.apple.security.device.bluetooth"] is True
    assert "straps" in app["macOS"]["info"]["NSBluetoothAlwaysUsageDescription"]


def test_icons_are_drawn_from_our_own_drawing_in_every_size(tmp_path: Path) -> None:
    runpy.run_path(str(APP / "draw_icons.py"))["draw_into"](tmp_path)
    with Image.open(tmp_path / "coreg.ico") as icon:
        assert {(16, 16), (32, 32), (256, 256)} <= icon.info["sizes"]
    with Image.open(tmp_path / "coreg.icns") as icon:
        assert {(128, 128), (512, 512)} <= {each[:2] for each in icon.info["sizes"]}
    with Image.open(tmp_path / "coreg-1024.png") as drawn:
        assert drawn.size == (1024, 1024)
        colours = drawn.convert("RGBA").getcolors(1 << 20)
        assert colours is not None
        assert len(colours) > 2  # a drawing, and not an empty sheet


@on_posix
@pytest.mark.parametrize("name", ["plain", "with spaces", 'q"uo`tes$and%s'])
def test_a_menu_gets_an_entry_that_begins_the_copy_whatever_a_home_is_called(
    name: str, tmp_path: Path
) -> None:
    unpacked, home = tmp_path / "coreg", tmp_path / name
    home.mkdir()
    unpacked.mkdir()
    shutil.copy(LINUX / "install", unpacked)
    shutil.copy(LINUX / "coreg.desktop", unpacked)
    (unpacked / "coreg.svg").write_text("<svg/>")
    (unpacked / "coreg").write_text('#!/bin/sh\necho "begun with $*"\n')
    (unpacked / "coreg").chmod(0o755)
    there = {"HOME": str(home), "PATH": "/usr/bin:/bin"}
    for _ in range(2):  # a newer one goes in the place of the one before
        subprocess.run([unpacked / "install"], env=there, check=True)
    shutil.rmtree(unpacked)
    entry = home / ".local/share/applications/coreg.desktop"
    lines = entry.read_text(encoding="utf-8").splitlines()
    commands = [each.removeprefix("Exec=") for each in lines if each[:5] == "Exec="]
    begun = [
        subprocess.run(
            argv_of(each), capture_output=True, text=True, env=there, check=True
        ).stdout
        for each in commands
    ]
    assert begun == ["begun with --app\n", "begun with clinic --app\n"]
    remove = home / ".local/share/coreg-app/install"
    subprocess.run([remove, "--remove"], env=there, check=True)
    assert [each for each in home.rglob("*") if each.is_file()] == []


@pytest.mark.skipif(sys.platform != "linux", reason="what runs is asked of /proc")
def test_a_folder_that_runs_is_neither_replaced_nor_removed(tmp_path: Path) -> None:
    sleeps = shutil.which("sleep")
    assert sleeps is not None
    unpacked = tmp_path / "coreg"
    unpacked.mkdir()
    for each in (LINUX / "install", LINUX / "coreg.desktop", Path(sleeps).resolve()):
        shutil.copy(each, unpacked)
    (unpacked / "coreg.svg").write_text("<svg/>")
    (unpacked / Path(sleeps).resolve().name).rename(unpacked / "coreg")
    there = {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"}
    install = unpacked / "install"
    subprocess.run([install], env=there, check=True)
    app = tmp_path / ".local/share/coreg-app"
    before = app.stat().st_ino
    running = subprocess.Popen([app / "coreg", "600"])
    try:
        for words in ([], ["--remove"]):
            ran = subprocess.run(
                [install, *words],
                env=there,
                capture_output=True,
                text=True,
                check=False,
            )
            assert ran.returncode == 1
            assert "Quit it first" in ran.stderr
            assert app.stat().st_ino == before
    finally:
        running.kill()
        running.wait()
    subprocess.run([install, "--remove"], env=there, check=True)
    assert not app.exists()


def argv_of(command: str) -> list[str]:
    """Read a command as the Desktop Entry Specification (1.5) says: two unquotings.

    First the escapes of every string in the file, then those within double quotes,
    which are a shell's; `%%` is a percent sign.
    """
    found = re.fullmatch(r'"(.*)" ([a-z -]+)', command.replace(r"\\", "\\"))
    assert found is not None
    program = re.sub(r'\\(["`$\\])', r"\1", found[1]).replace("%%", "%")
    return [program, *found[2].split()]


@pytest.mark.parametrize("before", [None, "/of/the/desktop"])
def test_what_a_bundle_begins_gets_the_libraries_that_there_were_before_it(
    before: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And begun again it finds its own, by what PyInstaller's manual names."""
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setenv("LD_LIBRARY_PATH", "/of/the/bundle")
    monkeypatch.setenv("PYINSTALLER_RESET_ENVIRONMENT", "0")
    if before is not None:
        monkeypatch.setenv("LD_LIBRARY_PATH_ORIG", before)
    runpy.run_path(str(APP / "coreg_app" / "__main__.py"))["as_before"]()
    assert os.environ.get("LD_LIBRARY_PATH") == before
    assert os.environ["PYINSTALLER_RESET_ENVIRONMENT"] == "1"


@pytest.mark.skipif(not THOROUGH, reason=skips.THOROUGH)
def test_the_wheel_holds_everything_that_is_read_and_nothing_else(
    tmp_path: Path,
) -> None:
    pip = (sys.executable, "-m", "pip", "wheel", "-q", "--no-deps")
    subprocess.run([*pip, "-w", tmp_path, ROOT], check=True)
    (made,) = tmp_path.glob("coreg-*.whl")
    with zipfile.ZipFile(made) as wheel:
        packed = {name for name in wheel.namelist() if name.startswith("coreg/")}
        (entries,) = [each for each in wheel.namelist() if "entry_points" in each]
        assert "coreg = coreg.cli:main" in wheel.read(entries).decode()
    there = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "coreg").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert packed == there
    kinds = {Path(name).suffix for name in packed}
    assert {".py", ".json", ".toml", ".js", ".css", ".html", ".svg", ".typ"} <= kinds


def test_how_to_cite_it_says_this_version_and_licence() -> None:
    told = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert f"\nversion: {__version__}\n" in told
    assert f"\nlicense: {project['project']['license']}\n" in told
    assert told.startswith("cff-version: 1.2.0\n")
