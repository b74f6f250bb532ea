"""At a terminal: what needs no straps has nothing to record there."""

import pytest

from coreg.cli import main


@pytest.mark.parametrize("name", ["right-now", "welcome-home", "kind-eyes"])
def test_what_needs_no_straps_is_not_recorded_at_a_terminal(
    name: str, tmp_path: object, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ["practice", name, "--headless", "--data-dir", str(tmp_path)]
    assert main(given) == 1
    said = capsys.readouterr()
    assert "needs no straps" in said.err
    assert "Leave out --headless" in said.err
