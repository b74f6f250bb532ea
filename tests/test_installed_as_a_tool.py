"""`pipx install` and `uv tool install` of the wheel, as README says: coreg runs there.

It fetches pipx, uv and all that coreg needs, so it is for the night.
"""

import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from coreg import __version__
from tests.helpers import skips
from tests.helpers.thorough import THOROUGH

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="where programs lie differs"),
    pytest.mark.skipif(not THOROUGH, reason=skips.THOROUGH),
]
ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    pip = (sys.executable, "-m", "pip", "wheel", "-q", "--no-deps")
    subprocess.run([*pip, "-w", out, ROOT], check=True)
    (made,) = out.glob("coreg-*.whl")
    return made


@pytest.fixture(scope="module")
def tools(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tools")
    venv.create(folder, with_pip=True)
    programs = folder / "bin"
    fetched = subprocess.run(
        [programs / "pip", "install", "-q", "pipx", "uv"], check=False
    )
    if fetched.returncode != 0:
        pytest.skip("pipx and uv cannot be fetched here")
    return programs


@pytest.mark.parametrize(
    "install",
    [
        ("pipx", "install", "--python", sys.executable),
        ("uv", "tool", "install", "--no-python-downloads", "--python", sys.executable),
    ],
    ids=lambda command: command[0],
)
def test_the_wheel_is_installed_by_it_and_a_practice_runs_to_its_report(
    install: tuple[str, ...], wheel: Path, tools: Path, tmp_path: Path
) -> None:
    own = {
        "HOME": str(tmp_path),
        "PIPX_HOME": str(tmp_path / "pipx"),
        "PIPX_BIN_DIR": str(tmp_path / "bin"),
        "PIPX_MAN_DIR": str(tmp_path / "man"),
        "UV_TOOL_DIR": str(tmp_path / "uv"),
        "UV_TOOL_BIN_DIR": str(tmp_path / "bin"),
        "UV_CACHE_DIR": str(tmp_path / "cache"),
    }
    tool, *words = install
    subprocess.run(
        [tools / tool, *words, wheel],
        env={**os.environ, **own},
        cwd=tmp_path,
        check=True,
    )
    # From here on as somebody who has no Python of ours at hand.
    bare = {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"}
    coreg = tmp_path / "bin" / "coreg"

    def told(*command: str) -> str:
        ran = subprocess.run(
            [coreg, *command],
            env=bare,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode == 0, ran.stderr
        return ran.stdout

    assert told("--version") == f"coreg {__version__}\n"
    practice = ("--simulate", "--headless", "--speed", "60", "--seed", "1")
    told("practice", *practice, "--out", "evening")
    made = {each.suffix for each in (tmp_path / "evening").iterdir()}
    assert made == {".coreg", ".pdf", ".html"}
