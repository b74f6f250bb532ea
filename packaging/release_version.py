"""Say which version this is, and fail where its papers do not agree.

python packaging/release_version.py SOURCE
"""

import re
import sys
from pathlib import Path


def told(source: Path) -> dict[str, str]:
    """Return the version that each paper says."""

    def found(place: str, pattern: str) -> str:
        text = (source / place).read_text(encoding="utf-8")
        match = re.search(pattern, text, flags=re.MULTILINE)
        return match[1] if match else "none"

    return {
        "coreg/__init__.py": found("coreg/__init__.py", r'^__version__ = "([^"]+)"'),
        "CHANGELOG.md": found("CHANGELOG.md", r"^## \[(\d[^\]]*)\] - \d{4}-\d\d-\d\d$"),
        "CITATION.cff": found("CITATION.cff", r"^version: (\S+)$"),
        "packaging/app/pyproject.toml": found(
            "packaging/app/pyproject.toml", r'^version = "([^"]+)"$'
        ),
        "docs/researchers/cite.md": found(
            "docs/researchers/cite.md", r"Version (\d+\.\d+\.\d+)\."
        ),
    }


def unreleased(source: Path) -> str:
    """Return what CHANGELOG still has under Unreleased."""
    text = (source / "CHANGELOG.md").read_text(encoding="utf-8")
    after = text.partition("## [Unreleased]\n")[2]
    return re.split(r"^## ", after, maxsplit=1, flags=re.MULTILINE)[0].strip()


def main() -> int:
    """Print the version, or who says another one."""
    source = Path(sys.argv[1])
    versions = told(source)
    if len(set(versions.values())) > 1:
        sys.stderr.write(f"they differ: {versions}\n")
        return 1
    if unreleased(source):
        sys.stderr.write("CHANGELOG: there is more under Unreleased\n")
        return 1
    sys.stdout.write(f"{versions['CHANGELOG.md']} in {len(versions)} files\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
