"""What the acceptance benchmarks call: coreg's own functions in their units."""

import numpy as np
from numpy.typing import NDArray

from coreg.sensors import beats


def beat_times(notifications: list[tuple[float, list[float]]]) -> NDArray[np.float64]:
    packets = [
        (arrival_s, tuple(1000 * rr for rr in rr_s))
        for arrival_s, rr_s in notifications
    ]
    return beats.beat_times(packets).t_s
