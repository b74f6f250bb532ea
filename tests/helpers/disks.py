"""Disks of a test's own: small ones that fill, read-only ones."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

can_mount = pytest.mark.skipif(
    not (sys.platform == "linux" and os.geteuid() == 0),
    reason="only root can mount a small or read-only disk",
)


def ran(*command: str) -> int:
    return subprocess.run(command, check=False).returncode


@contextmanager
def mounted(folder: Path, *arguments: str) -> Iterator[Path]:
    folder.mkdir(exist_ok=True)
    done = ran("mount", *arguments, str(folder))
    if done != 0:
        pytest.skip("this machine lets not even root mount a disk")
    with suppress(OSError):  # one that is read only stays as it is
        folder.chmod(0o700)  # in a tmpfs everybody may write
    try:
        yield folder
    finally:
        assert ran("umount", str(folder)) == 0


def fill(ballast: Path) -> None:
    """Take all the room that a disk has left."""
    with ballast.open("wb", buffering=0) as file:
        try:
            while file.write(bytes(4096)):
                pass
        except OSError:
            return


def built(folder: Path) -> Path:
    """Build the disk that fails, hangs, kills or tells; skip where there is no way."""
    compiler = shutil.which("cc")
    if sys.platform != "linux" or compiler is None:
        pytest.skip("needs Linux and a C compiler")
    source = Path(__file__).with_name("failing_disk.c")
    library = folder / "failing_disk.so"
    command = [compiler, "-shared", "-fPIC", "-o", str(library), str(source), "-ldl"]
    subprocess.run(command, check=True)
    return library
