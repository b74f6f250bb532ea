"""An unexpected skip fails CI: see tests/helpers/skips.py."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers import thorough

ROOT = Path(__file__).resolve().parents[1]

ONE = "import pytest\ndef test_one():\n    pytest.skip('{}')\n"
MARKED = "import pytest\n@pytest.mark.skipif(True, reason='{}')\ndef test_one(): pass\n"
WHOLE = "import pytest\npytest.skip('{}', allow_module_level=True)\n"
DOCTEST = '"""\n>>> 1  # doctest: +SKIP\n2\n"""\n'


EVERY = (ONE, MARKED, WHOLE)


def run(
    tmp_path: Path, *sources: str, ci: str, arguments: tuple[str, ...] = ()
) -> tuple[int, str]:
    """What pytest says of these modules, with our own conftest's plugin."""
    for number, source in enumerate(sources):
        (tmp_path / f"test_{number}.py").write_text(source, encoding="utf-8")
    ran = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-q", "-p", "tests.helpers.skips"),
            *("--rootdir", str(tmp_path), "-p", "no:cacheprovider", *arguments),
            str(tmp_path),
        ],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "PATH": "", "CI": ci},
        capture_output=True,
        text=True,
        check=False,
    )
    return ran.returncode, ran.stdout + ran.stderr


@pytest.mark.parametrize("arguments", [(), ("-n", "1")], ids=["alone", "xdist"])
@pytest.mark.parametrize("sources", [EVERY[:2], EVERY[2:]], ids=["tests", "a module"])
def test_in_ci_a_skip_that_nobody_expects_fails(
    sources: tuple[str, ...], arguments: tuple[str, ...], tmp_path: Path
) -> None:
    skipped = [each.format("no moon") for each in sources]
    code, said = run(tmp_path, *skipped, ci="true", arguments=arguments)
    assert code != 0
    for number in range(len(sources)):
        assert any(
            f"test_{number}.py" in line and line.startswith(("FAILED", "ERROR"))
            for line in said.splitlines()
        ), said
    assert "no moon" in said
    assert "MAY_BE_SKIPPED" in said


def test_in_ci_a_doctest_that_is_skipped_fails(tmp_path: Path) -> None:
    code, said = run(tmp_path, DOCTEST, ci="true", arguments=("--doctest-modules",))
    assert code == 1
    assert "MAY_BE_SKIPPED" in said


def test_in_ci_what_may_be_skipped_is_skipped(tmp_path: Path) -> None:
    reason = "takes six minutes; set COREG_THOROUGH to run it"
    may = [each.format(reason) for each in (ONE, MARKED)]
    code, said = run(tmp_path, *may, ci="true")
    assert (code, "2 skipped" in said) == (0, True)


def test_in_ci_an_expected_failure_is_no_skip(tmp_path: Path) -> None:
    source = "import pytest\n@pytest.mark.xfail\ndef test_one(): assert False\n"
    code, said = run(tmp_path, source, ci="true")
    assert (code, "1 xfailed" in said) == (0, True)


def test_elsewhere_a_test_may_be_skipped_for_any_reason(tmp_path: Path) -> None:
    code, said = run(tmp_path, *(each.format("no moon") for each in EVERY), ci="")
    assert code in (0, 5)  # 5: nothing was left to run
    assert "3 skipped" in said


def test_this_very_run_judges_its_skips(pytestconfig: pytest.Config) -> None:
    plugins = dict(pytestconfig.pluginmanager.list_name_plugin())
    assert any(getattr(p, "MAY_BE_SKIPPED", ()) for p in plugins.values())


@pytest.mark.parametrize(
    ("said", "is_asked"),
    [({}, False), ("", False), ("0", False), ("1", True), ("yes", True)],
)
def test_everything_is_tried_where_that_is_asked_for_and_0_asks_for_nothing(
    said: str | dict[str, str], is_asked: bool
) -> None:
    environment = said if isinstance(said, dict) else {"COREG_THOROUGH": said}
    assert thorough.is_asked_for(environment) is is_asked


def test_no_module_asks_in_a_way_of_its_own_whether_everything_is_tried() -> None:
    asking = [
        path.name
        for path in (ROOT / "tests").rglob("*.py")
        if re.search(
            r"COREG_THOROUGH\"\s*(not )?in os|get\(\"COREG_THOROUGH",
            path.read_text(encoding="utf-8"),
        )
    ]
    assert asking == ["thorough.py"]
