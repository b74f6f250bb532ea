"""Real recordings that others have published; they are not part of the repository."""

import os
from pathlib import Path

import pytest

from tests.helpers.skips import RECORDINGS

SHARED = Path(
    os.environ.get("COREG_SHARED") or Path(__file__).resolve().parents[3] / "shared"
)
DATA = SHARED / "data"

needs_data = pytest.mark.skipif(not DATA.is_dir(), reason=f"{RECORDINGS} {DATA}")


def shared_file(name: str) -> Path:
    """Return one of the files, or skip the test where they are not here."""
    path = DATA / name
    if not path.is_file():
        pytest.skip(f"{RECORDINGS} {path}")
    return path
