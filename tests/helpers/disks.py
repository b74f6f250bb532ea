"""Disks of a test's own: small ones that fill, read-only ones."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
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
    try:
        yield folder
    finally:
        assert ran("umount", str(folder)) == 0
