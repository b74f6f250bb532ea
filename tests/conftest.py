"""What several tests share."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def shared_folder() -> Path:
    """The reference recordings' folder: beside the repository, or as told."""
    told = os.environ.get("COREG_SHARED")
    return Path(told) if told else ROOT.parent / "shared"


@pytest.fixture(scope="session")
def recordings() -> Path:
    """Real recordings; they are not part of the repository."""
    folder = shared_folder() / "data"
    if not folder.is_dir():
        pytest.skip(f"the reference recordings are not in {folder}")
    return folder
