"""What `packaging/release_check` asks is answered rightly: it sees what is wrong."""

import json
import runpy
import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGING = ROOT / "packaging"
CONTENTS: Any = runpy.run_path(str(PACKAGING / "release_contents.py"))
VERSION: Any = runpy.run_path(str(PACKAGING / "release_version.py"))
LICENCES: Any = runpy.run_path(str(PACKAGING / "licences.py"))


def source(folder: Path) -> Path:
    there = folder / "source"
    for name in ("coreg/a.py", "coreg/words/b.json", "docs/c.md", "docs/screens/d.png"):
        (there / name).parent.mkdir(parents=True, exist_ok=True)
        (there / name).write_text("x", encoding="utf-8")
    return there


def wheel(folder: Path, *names: str) -> Path:
    made = folder / "coreg-1-py3-none-any.whl"
    with zipfile.ZipFile(made, "w") as packed:
        for name in names:
            packed.writestr(name, "x")
    return made


def sdist(folder: Path, there: Path, *names: str) -> Path:
    made = folder / "coreg-1.tar.gz"
    with tarfile.open(made, "w:gz") as packed:
        for name in names:
            packed.add(there / "coreg" / "a.py", f"coreg-1/{name}")
    return made


WHOLE = ("coreg/a.py", "coreg/words/b.json", "coreg-1.dist-info/licenses/LICENSE")


@pytest.mark.parametrize(
    ("packed", "wrong"),
    [
        (WHOLE, []),
        (WHOLE[1:], ["not in it: coreg/a.py"]),
        ((*WHOLE, "tests/test_a.py"), ["tests/test_a.py"]),
        (WHOLE[:2], ["no licence in it"]),
    ],
)
def test_a_wheel_is_the_package_and_nothing_else(
    packed: tuple[str, ...], wrong: list[str], tmp_path: Path
) -> None:
    found = CONTENTS["wrong_with_wheel"](wheel(tmp_path, *packed), source(tmp_path))
    assert [each.partition(": ")[2] for each in found] == wrong


@pytest.mark.parametrize(
    ("packed", "wrong"),
    [
        (("coreg/a.py", "coreg/words/b.json", "docs/c.md", "PKG-INFO"), []),
        (("coreg/a.py", "docs/c.md"), ["not in it: coreg/words/b.json"]),
        (
            ("coreg/a.py", "coreg/words/b.json", "docs/c.md", "evening/heart.coreg"),
            ["evening/heart.coreg"],
        ),
    ],
)
def test_an_sdist_is_what_is_committed(
    packed: tuple[str, ...], wrong: list[str], tmp_path: Path
) -> None:
    there = source(tmp_path)
    found = CONTENTS["wrong_with_sdist"](sdist(tmp_path, there, *packed), there)
    assert [each.partition(": ")[2] for each in found] == wrong


PAPERS: Mapping[str, str] = {
    "coreg/__init__.py": '__version__ = "0.2.0"\n',
    "CHANGELOG.md": "## [Unreleased]\n\n## [0.2.0] - 2026-12-02\n\n- a line\n",
    "CITATION.cff": "version: 0.2.0\n",
    "packaging/app/pyproject.toml": 'version = "0.2.0"\n',
    "docs/researchers/cite.md": "Version 0.2.0. MIT licence.\n",
}


def papers(folder: Path, **other: str) -> Path:
    for place, text in PAPERS.items():
        (folder / place).parent.mkdir(parents=True, exist_ok=True)
        (folder / place).write_text(other.get(place, text), encoding="utf-8")
    return folder


def test_all_papers_say_one_version(tmp_path: Path) -> None:
    assert set(VERSION["told"](papers(tmp_path)).values()) == {"0.2.0"}
    other = papers(tmp_path, **{"CITATION.cff": "version: 0.1.0\n"})
    assert VERSION["told"](other)["CITATION.cff"] == "0.1.0"
    unsaid = papers(tmp_path, **{"docs/researchers/cite.md": "Version two.\n"})
    assert VERSION["told"](unsaid)["docs/researchers/cite.md"] == "none"


def test_what_is_still_unreleased_is_seen(tmp_path: Path) -> None:
    assert VERSION["unreleased"](papers(tmp_path)) == ""
    more = "## [Unreleased]\n\n- new\n\n## [0.2.0] - 2026-12-02\n"
    assert VERSION["unreleased"](papers(tmp_path, **{"CHANGELOG.md": more})) == "- new"


def test_the_papers_of_this_version_say_one() -> None:
    """And the changelog says it as soon as it is released."""
    told = VERSION["told"](ROOT)
    del told["CHANGELOG.md"]
    assert len(set(told.values())) == 1
    assert "none" not in told.values()


@pytest.mark.parametrize(
    ("words", "family"),
    [
        ("MIT", "MIT"),
        ("Apache-2.0 OR BSD-3-Clause", "Apache"),
        ("GNU General Public License v3 (GPLv3)", None),
        ("AGPL-3.0-or-later", None),
        ("Permitted use only", None),
        ("", None),
    ],
)
def test_a_licence_that_is_not_on_the_list_is_seen(
    words: str, family: str | None
) -> None:
    assert LICENCES["family"](words) == family


def test_every_package_of_the_bill_has_a_licence_on_the_list() -> None:
    bill = json.loads((ROOT / "requirements" / "coreg.cdx.json").read_text("utf-8"))
    for each in bill["components"]:
        words = LICENCES["licence"](each["name"])
        assert LICENCES["family"](words), f"{each['name']}: {words}"
