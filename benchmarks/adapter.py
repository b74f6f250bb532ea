"""What the acceptance benchmarks in ../shared/bench call."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from coreg.analysis import cleaning


def clean(
    rr_ms: Sequence[float], beat_t_s: Sequence[float] | None = None
) -> tuple[list[str], NDArray[np.float64]]:
    cleaned = cleaning.clean(rr_ms, beat_t_s)
    return list(cleaned.labels), cleaned.corrected_ms
