"""LSL where it works, and a reason where it does not."""

import os
from types import ModuleType

import pytest

from coreg.errors import LslError
from coreg.sensors.lsl import library
from coreg.sensors.lsl.library import Reach, reaching

# Tests run side by side, and streams of one name would be taken for one another.
_APART = f"[lab]\nSessionID = tests-{os.getpid()}\n"


def lsl_or_skip() -> ModuleType:
    """Return pylsl, told of on this computer only, and heard in this process alone."""
    if _APART not in library.ON_THIS_COMPUTER:
        vars(library)["ON_THIS_COMPUTER"] = library.ON_THIS_COMPUTER + _APART
    try:
        return reaching(Reach.COMPUTER)
    except LslError as error:
        pytest.skip(f"needs coreg[lsl]: {error.wrong}")
