"""LSL where it works, and a reason where it does not."""

from types import ModuleType

import pytest

from coreg.errors import LslError
from coreg.sensors.lsl.library import Reach, reaching


def lsl_or_skip() -> ModuleType:
    """Return pylsl, told of on this computer only."""
    try:
        return reaching(Reach.COMPUTER)
    except LslError as error:
        pytest.skip(f"needs coreg[lsl]: {error.wrong}")
