"""At a terminal: what needs no straps has nothing to record there."""

from pathlib import Path

import pytest

from coreg.cli import main
from tests.helpers.two_chests import LIGHT_PLAN


@pytest.mark.parametrize("name", ["right-now", "welcome-home", "kind-eyes"])
def test_what_needs_no_straps_is_not_recorded_at_a_terminal(
    name: str, tmp_path: object, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ["practice", name, "--headless", "--data-dir", str(tmp_path)]
    assert main(given) == 1
    said = capsys.readouterr()
    assert "needs no straps" in said.err
    assert "Leave out --headless" in said.err


def test_a_light_that_follows_breaths_is_refused_where_nothing_measures_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["practice", LIGHT_PLAN, "--headless", "--data-dir", str(tmp_path)]
    assert main(command) == 1
    assert "Add --measure acceleration" in capsys.readouterr().err
    assert not (tmp_path / "sessions").exists()
