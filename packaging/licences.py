"""Say under which licence each package is that coreg brings, as it is installed here.

    python packaging/licences.py

Fails where a package says none, or one that is not on the list below. To be run in an
environment with `requirements/run.txt` and nothing else.
"""

import re
import runpy
import sys
from collections import Counter
from importlib.metadata import metadata
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
FAMILIES = {
    "Apache": r"apache",
    "BSD": r"\bbsd\b|0bsd",
    "MIT": r"\bmit\b|mit-cmu|hpnd",
    "ISC": r"\bisc\b",
    "MPL": r"mpl|mozilla public",
    "PSF": r"psf|python software foundation|python-2\.0",
    "Zlib": r"\bzlib\b",
}
"""Licences under which a package may come along with a program under MIT."""


def licence(package: str) -> str:
    """Return what a package says of its licence."""
    told = metadata(package)
    if told["License-Expression"]:
        return str(told["License-Expression"])
    classified = [
        each.rpartition(" :: ")[2]
        for each in told.get_all("Classifier", [])
        if each.startswith("License :: ")
    ]
    first = (told["License"] or "").strip().splitlines()[:1]
    return "; ".join(each for each in [*classified, *first] if each != "OSI Approved")


def family(words: str) -> str | None:
    """Return the family of a licence, or none that is known here."""
    for name, pattern in FAMILIES.items():
        if re.search(pattern, words, re.IGNORECASE):
            return name
    return None


def main() -> int:
    """Print a line each, and a summary last."""
    bill: Any = runpy.run_path(str(ROOT / "requirements" / "bill_of_materials.py"))
    counted: Counter[str] = Counter()
    unknown = []
    for package, (version, _) in sorted(bill["installed"]().items()):
        words = licence(package)
        found = family(words)
        sys.stdout.write(f"{package} {version}: {words}\n")
        counted[found or "?"] += 1
        if found is None:
            unknown.append(f"{package}: {words or 'says none'}")
    if unknown:
        sys.stderr.write(f"not on the list: {'; '.join(unknown)}\n")
        return 1
    said = ", ".join(f"{name} {number}" for name, number in counted.most_common())
    sys.stdout.write(f"{counted.total()} packages: {said}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
