"""Whether everything is tried: COREG_THOROUGH=1 is for the night, not every commit."""

import os
from collections.abc import Mapping


def is_asked_for(environment: Mapping[str, str]) -> bool:
    """Whether it is set, to anything but 0."""
    return environment.get("COREG_THOROUGH", "") not in {"", "0"}


THOROUGH = is_asked_for(os.environ)
