"""Each threat that the documents name is tried by a test that there is."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ROWS = [
    line
    for line in (ROOT / "docs" / "threats.md").read_text("utf-8").splitlines()
    if line.startswith("| ") and not line.startswith(("| who |", "| ---"))
]


def named_in(module: str) -> set[str]:
    """The names of the tests of a module, read from its source."""
    tree = ast.parse((ROOT / "tests" / module).read_text("utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_every_threat_is_tried_by_a_test_that_there_is() -> None:
    assert len(ROWS) > 20
    for row in ROWS:
        tried = re.findall(r"`(test_\w+\.py)::(test_\w+)`", row)
        assert tried, row
        for module, name in tried:
            assert name in named_in(module), f"{module}::{name}"
