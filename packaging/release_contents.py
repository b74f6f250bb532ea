"""Say what a wheel and an sdist hold, and fail where that is not what it should be.

    python packaging/release_contents.py SOURCE DIST

The wheel holds the package, file for file, and nothing else. The sdist holds all that
somebody needs who has nothing but it: to build the wheel, to run the tests and the
static checks, to build the site and the bundles.
"""

import sys
import tarfile
import zipfile
from pathlib import Path

LEFT_OUT_OF_SDIST = "docs/screens/"
"""Pictures of every screen are 36 MB; which of them come along, a test asks."""


def files_below(folder: Path) -> set[str]:
    """Return the files in a folder by their place in it."""
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def wrong_with_wheel(wheel: Path, source: Path) -> list[str]:
    """Return what is missing from a wheel, or should not be in it."""
    packed = set(zipfile.ZipFile(wheel).namelist())
    about = {name for name in packed if name.split("/")[0].endswith(".dist-info")}
    there = {f"coreg/{name}" for name in files_below(source / "coreg")}
    wrong = [f"{wheel.name}: not in it: {name}" for name in sorted(there - packed)]
    wrong += [f"{wheel.name}: {name}" for name in sorted(packed - about - there)]
    if not any(name.endswith("licenses/LICENSE") for name in about):
        wrong.append(f"{wheel.name}: no licence in it")
    return wrong


def wrong_with_sdist(sdist: Path, source: Path) -> list[str]:
    """Return what is missing from an sdist, or should not be in it."""
    with tarfile.open(sdist) as packed:
        names = {
            each.name.partition("/")[2] for each in packed.getmembers() if each.isfile()
        }
    there = {
        name for name in files_below(source) if not name.startswith(LEFT_OUT_OF_SDIST)
    }
    more = names - files_below(source) - {"PKG-INFO"}
    wrong = [f"{sdist.name}: not in it: {name}" for name in sorted(there - names)]
    return wrong + [f"{sdist.name}: {name}" for name in sorted(more)]


def main() -> int:
    """Print what is wrong, or how much there is."""
    source, dist = map(Path, sys.argv[1:])
    (wheel,), (sdist,) = dist.glob("*.whl"), dist.glob("*.tar.gz")
    wrong = wrong_with_wheel(wheel, source) + wrong_with_sdist(sdist, source)
    if wrong:
        sys.stderr.writelines(f"{each}\n" for each in wrong)
        return 1
    held = len(zipfile.ZipFile(wheel).namelist())
    of_wheel, of_sdist = (each.stat().st_size / 1e6 for each in (wheel, sdist))
    sys.stdout.write(
        f"wheel {held} files, {of_wheel:.1f} MB; sdist {of_sdist:.1f} MB\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
