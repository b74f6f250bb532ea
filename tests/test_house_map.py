"""What the documents for those who carry on say of the house is so."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
MAP = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
DOCUMENTS = [
    ROOT / "CONTRIBUTING.md",
    ROOT / "README.md",
    ROOT / "SECURITY.md",
    *sorted((ROOT / "docs").glob("*.md")),
]


def rooms() -> set[str]:
    """Every folder of the package that holds something."""
    folders = {path.parent for path in (ROOT / "coreg").rglob("*") if path.is_file()}
    named = {path.relative_to(ROOT).as_posix() for path in folders}
    return {name for name in named if "__pycache__" not in name} - {"coreg"}


def test_the_map_names_every_room_and_no_other() -> None:
    drawn = re.findall(r"^\| `(coreg/[^`]+)` \|", MAP, flags=re.MULTILINE)
    assert drawn == sorted(drawn)
    assert set(drawn) == rooms()


def test_the_layers_drawn_are_those_that_are_held() -> None:
    drawn = MAP.split("## Layers")[1].split("```")[1].split()
    told = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = told["tool"]["importlinter"]["contracts"]
    (layers,) = (each["layers"] for each in contracts if each["type"] == "layers")
    held = [re.sub(r" *\|? *\(\w+\)", "", layer) for layer in layers]
    assert " ".join(drawn) == " ".join(held)


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda p: p.name)
def test_a_document_names_no_file_that_is_not_there(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    linked = re.findall(r"\]\((?!http)([^)#\s]+)", text)
    for target in linked:
        assert (path.parent / target).exists(), target
    if path.parent == ROOT or path.name.startswith(("add-a", "arch", "library")):
        new = set(re.findall(r"New file `([^`]+)`", text))
        named = set(re.findall(r"`((?:coreg|tests|examples)/[\w/.-]+)`", text))
        for each in named - new:
            assert (ROOT / each).exists(), each


def test_nobody_is_sent_to_an_address_that_may_not_exist() -> None:
    for path in DOCUMENTS[:3]:
        assert not re.search(r"[\w.]+@[\w.]+\.\w+", path.read_text(encoding="utf-8"))
