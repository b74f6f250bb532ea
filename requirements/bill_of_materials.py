"""Print what coreg is made of, as it is installed here: a CycloneDX bill of materials.

The packages are those that `pyproject.toml` asks for and whatever those ask for, on
this system. In an environment with the pinned versions, and nothing else in it:

    python requirements/bill_of_materials.py > requirements/coreg.cdx.json

Nothing in it depends on when or where it is made, so that two can be compared.
"""

import json
import re
import tomllib
from importlib.metadata import Distribution, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]


def wanted() -> list[Requirement]:
    """Return what coreg itself asks for."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return [Requirement(each) for each in project["project"]["dependencies"]]


def asked_by(package: Distribution, extras: set[str]) -> list[Requirement]:
    """Return what an installed package asks for, here and with these extras."""
    said = map(Requirement, package.requires or ())
    chosen = [{"extra": extra} for extra in ("", *extras)]
    return [
        each
        for each in said
        if each.marker is None or any(map(each.marker.evaluate, chosen))
    ]


def installed() -> dict[str, tuple[str, list[str]]]:
    """Return the version of each package coreg is made of, and what that needs."""
    found: dict[str, tuple[str, list[str]]] = {}
    waiting = wanted()
    while waiting:
        asked = waiting.pop()
        name = canonicalize_name(asked.name)
        package = distribution(name)
        needs = asked_by(package, asked.extras)
        known = set(found[name][1]) if name in found else set[str]()
        names = known | {canonicalize_name(each.name) for each in needs}
        if name in found and names == known:
            continue
        found[name] = (package.version, sorted(names))
        waiting += needs
    return found


def bill() -> dict[str, object]:
    """Return the bill of materials."""
    source = (ROOT / "coreg" / "__init__.py").read_text(encoding="utf-8")
    (version,) = re.findall('^__version__ = "(.+)"$', source, flags=re.MULTILINE)
    found = installed()
    refs = {name: f"pkg:pypi/{name}@{found[name][0]}" for name in sorted(found)}
    coreg = {
        "type": "application",
        "bom-ref": "coreg",
        "name": "coreg",
        "version": version,
        "licenses": [{"license": {"id": "MIT"}}],
    }
    needed = sorted(refs[canonicalize_name(each.name)] for each in wanted())
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": coreg},
        "components": [
            {
                "type": "library",
                "bom-ref": ref,
                "name": name,
                "version": found[name][0],
                "purl": ref,
            }
            for name, ref in refs.items()
        ],
        "dependencies": [
            {"ref": "coreg", "dependsOn": needed},
            *(
                {"ref": ref, "dependsOn": [refs[each] for each in found[name][1]]}
                for name, ref in refs.items()
            ),
        ],
    }


if __name__ == "__main__":
    print(json.dumps(bill(), indent=1))
