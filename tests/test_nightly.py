"""What is asked at night: both checks, and what they say together."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PYTHON = """#!/bin/sh
mkdir -p "$3/bin"
printf '#!/bin/sh\\nexit %s\\n' {install} > "$3/bin/pip"
printf '#!/bin/sh\\nexit %s\\n' {performance} > "$3/bin/python"
chmod +x "$3/bin/pip" "$3/bin/python"
"""
RUN = '#!/bin/sh\necho "thorough: $COREG_THOROUGH"\nexit {tests}\n'


def program(path: Path, text: str) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    path.chmod(0o755)


@pytest.mark.skipif(sys.platform == "win32", reason="a script of a Unix shell")
@pytest.mark.parametrize(
    ("install", "performance", "tests", "together"),
    [
        (0, 0, 0, 0),
        (0, 3, 0, 3),
        (0, 1, 0, 1),
        (0, 0, 1, 1),
        (0, 3, 1, 1),
        (0, 0, 3, 1),  # a 3 of the tests is none of the performance
        (2, 0, 0, 2),  # what could not be installed was not measured
    ],
)
def test_both_are_asked_and_either_fails_the_night(
    tmp_path: Path, install: int, performance: int, tests: int, together: int
) -> None:
    ci = tmp_path / ".ci"
    ci.mkdir()
    shutil.copy(ROOT / ".ci" / "nightly", ci / "nightly")
    program(ci / "run", RUN.format(tests=tests))
    stand_in = PYTHON.format(install=install, performance=performance)
    program(tmp_path / "bin" / "python3", stand_in)
    ran = subprocess.run(
        [ci / "nightly"],
        env={"PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == together, ran.stderr
    assert "thorough: 1" in ran.stdout
    said = f"performance ended with {install or performance}, the tests with {tests}"
    assert said in ran.stdout
