"""What coreg is made of: pinned, above what is known to be unsafe, and written down."""

import json
import re
import runpy
import sys
import tomllib
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[1]
REQUIREMENTS = ROOT / "requirements"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
KEPT = REQUIREMENTS / "coreg.cdx.json"
EXTRAS = {
    extra: [Requirement(each) for each in asked]
    for extra, asked in PROJECT["project"]["optional-dependencies"].items()
}
PINNED_FOR = ("linux", 3, 11)
ASKED = [Requirement(each) for each in PROJECT["project"]["dependencies"]]
# From the advisories, each with the first version that has its fix; read in 2026-11.
FIXED_IN = {
    "anyio": "4.14.2",  # CVE-2026-63349
    "click": "8.3.3",  # CVE-2026-7246
    "cryptography": "50.0.0",  # CVE-2026-69247
    "fonttools": "4.60.2",  # CVE-2025-66034
    "h11": "0.16.0",  # CVE-2025-43859
    "idna": "3.15",  # CVE-2026-45409
    "pillow": "12.3.0",  # CVE-2026-54058
    "starlette": "1.3.1",  # CVE-2026-54283
    "uvicorn": "0.11.7",  # CVE-2020-7695
    "websockets": "10.0",  # a denial of service
}


def pins(name: str) -> dict[str, tuple[str, int]]:
    """What a list pins: of each package the version, and how many files it may be."""
    text = (REQUIREMENTS / name).read_text(encoding="utf-8").replace("\\\n", " ")
    found: dict[str, tuple[str, int]] = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        pinned = re.match(
            r"([\w.-]+)==(\S+)((?: +;[^-]+)?)((?: +--hash=sha256:\w{64})+)$", line
        )
        assert pinned, line
        found[canonicalize_name(pinned[1])] = (pinned[2], line.count("--hash="))
    return found


def components(bill: dict[str, Any]) -> dict[str, str]:
    return {each["name"]: each["version"] for each in bill["components"]}


def made_here() -> dict[str, Any]:
    script = runpy.run_path(str(REQUIREMENTS / "bill_of_materials.py"))
    bill: dict[str, Any] = script["bill"]()
    return bill


@pytest.mark.parametrize("package", FIXED_IN)
def test_nothing_older_than_a_known_fix_is_taken(package: str) -> None:
    (asked,) = [each for each in ASKED if canonicalize_name(each.name) == package]
    fixed = Version(FIXED_IN[package])
    floors = [
        Version(each.version) for each in asked.specifier if each.operator == ">="
    ]
    assert floors
    assert min(floors) >= fixed
    assert Version(version(package)) >= fixed  # and what is tried here is none either


def test_what_is_bundled_is_what_is_run() -> None:
    bundled = pins("bundle.txt")
    assert {name: bundled.get(name) for name in pins("run.txt")} == pins("run.txt")


@pytest.mark.parametrize("name", ["run.txt", "test.txt", "dev.txt", "bundle.txt"])
def test_what_is_pinned_is_what_the_project_asks_for_to_the_byte(name: str) -> None:
    pinned = pins(name)
    for asked in ASKED:
        found, hashes = pinned[canonicalize_name(asked.name)]
        assert asked.specifier.contains(found), asked
        assert hashes >= 1
    assert all(hashes >= 1 for _, hashes in pinned.values())


@pytest.mark.parametrize(
    ("name", "extras"),
    [
        ("test.txt", ["test"]),
        ("dev.txt", ["test", "dev"]),
        ("bundle.txt", ["bundle"]),
    ],
)
def test_what_an_extra_asks_for_is_pinned_with_it(name: str, extras: list[str]) -> None:
    """A package that is asked for and not pinned stops `pip --require-hashes`."""
    pinned = pins(name)
    for asked in (each for extra in extras for each in EXTRAS[extra]):
        found, _ = pinned.get(canonicalize_name(asked.name), ("", 0))
        assert found, asked
        assert asked.specifier.contains(found), asked


def test_the_bill_of_materials_is_that_of_the_pinned_versions() -> None:
    bill = json.loads(KEPT.read_text(encoding="utf-8"))
    pinned = {name: found for name, (found, _) in pins("run.txt").items()}
    assert components(bill) == pinned
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")


def test_a_bill_made_here_has_what_is_installed_here_and_nothing_else() -> None:
    bill = made_here()
    kept = json.loads(KEPT.read_text(encoding="utf-8"))
    if (sys.platform, *sys.version_info[:2]) == PINNED_FOR:
        assert components(bill).keys() == components(kept).keys()
    assert {canonicalize_name(each.name) for each in ASKED} <= components(bill).keys()
    assert components(bill) == {name: version(name) for name in components(bill)}
    assert "pytest" not in components(bill)  # which is here, and no part of coreg


@pytest.mark.parametrize("whose", ["kept", "made here"])
def test_every_package_of_a_bill_is_needed_by_something_in_it(whose: str) -> None:
    bill = json.loads(KEPT.read_text("utf-8")) if whose == "kept" else made_here()
    refs = {each["bom-ref"] for each in bill["components"]}
    assert len(refs) == len(bill["components"]) > 20
    needs = {each["ref"]: each["dependsOn"] for each in bill["dependencies"]}
    assert set(needs) == refs | {"coreg"}
    reached, waiting = set[str](), ["coreg"]
    while waiting:
        at = waiting.pop()
        if at not in reached:
            reached.add(at)
            waiting += needs[at]
    assert reached == refs | {"coreg"}


def test_no_registry_is_named_in_the_repository() -> None:
    """Whoever installs says from where; no file of ours sends them elsewhere."""
    hosts = re.compile(
        r"(pypi|pythonhosted|npmjs|anaconda|jsdelivr|unpkg)\.(org|com|net)"
        r"|--(extra-)?index-url[ =]|--find-links[ =]|--trusted-host[ =]"
    )
    kept = ("coreg", "tests", "docs", "examples", "benchmarks", "requirements", ".ci")
    files = [each for folder in kept for each in (ROOT / folder).rglob("*")]
    files += ROOT.glob("*.*")
    looked_at = 0
    for path in files:
        if path.is_file() and path != Path(__file__) and path.suffix != ".pyc":
            text = path.read_bytes().decode(errors="replace")
            assert not hosts.search(text), path
            looked_at += 1
    assert looked_at > 500


def test_nobody_is_told_to_have_coreg_itself_sent_by_its_name() -> None:
    """Another project's package is called coreg where pip asks: a folder is named."""
    by_name = re.compile(r"(pip|pipx|uv tool) install (-\S+ )*['\"]?coreg\b")
    texts = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")]
    for folder, kinds in (("docs", ("md",)), ("coreg", ("py", "json"))):
        texts += [each for kind in kinds for each in (ROOT / folder).rglob(f"*.{kind}")]
    assert len(texts) > 500
    for path in texts:
        assert not by_name.search(path.read_text(encoding="utf-8")), path
