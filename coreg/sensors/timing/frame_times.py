"""When each sample of a strap's frames was measured, by the strap's own clock.

A frame says when its last sample was taken, on a clock that began whenever the strap
did. Waiting only ever adds to an arrival, so the least that arrivals lag behind that
clock puts it onto the host's; it is looked for in the last `LOOK_BACK_S`, for clocks
drift apart. Samples stand evenly between the last one of the frame before and their
own; where a frame was lost, they stand as far apart as they did before.
"""

from collections import deque
from typing import Final

import numpy as np

from coreg.facts.arrays import Floats

LOOK_BACK_S: Final = 60.0
_NS_PER_S: Final = 1e9
_FIRST_RATE_HZ: Final = 50.0
_SPACING_OFF: Final = 0.25
_CLOCK_JUMPED_S: Final = 30.0


class FrameTimes:
    """Frames of one stream, in the order in which they came.

    Examples
    --------
    >>> times = FrameTimes()
    >>> times.of(10.0, 5_000_000_000, 2).round(6).tolist()
    [9.98, 10.0]
    >>> times.of(10.2, 5_100_000_000, 2).round(6).tolist()
    [10.05, 10.1]
    """

    def __init__(self) -> None:
        self._last_ns: int | None = None
        self._first_ns = 0
        self._spacing_s = 1 / _FIRST_RATE_HZ
        self._is_measured = False
        self._lags: deque[tuple[float, float]] = deque()

    def of(self, arrival_s: float, last_ns: int, count: int) -> Floats:
        """Return when each of a frame's samples was taken.

        Parameters
        ----------
        arrival_s : float, seconds
            When the frame arrived, on the host's clock.
        last_ns : int, nanoseconds
            When its last sample was taken, on the strap's.
        count : int
            How many samples it holds.

        Returns
        -------
        ndarray, shape (count,), seconds
            On the host's clock, ascending.
        """
        if self._last_ns is not None:
            step_s = (last_ns - self._last_ns) / _NS_PER_S
            if not 0 < step_s < _CLOCK_JUMPED_S:
                self._lags.clear()
            else:
                self._learn(step_s / count)
        self._last_ns = last_ns
        taken_s = self._on_host(arrival_s, last_ns)
        back_s = self._spacing_s * np.arange(count - 1, -1, -1)
        return np.asarray(taken_s - back_s, dtype=np.float64)

    def _learn(self, spacing_s: float) -> None:
        """Take how far samples stand apart, unless a frame was lost between."""
        is_near = abs(spacing_s / self._spacing_s - 1) < _SPACING_OFF
        if is_near or not self._is_measured or spacing_s < self._spacing_s:
            self._spacing_s, self._is_measured = spacing_s, True

    def _on_host(self, arrival_s: float, last_ns: int) -> float:
        if not self._lags:
            self._first_ns = last_ns
        own_s = (last_ns - self._first_ns) / _NS_PER_S
        lag_s = arrival_s - own_s
        while self._lags and self._lags[-1][1] >= lag_s:
            self._lags.pop()
        self._lags.append((arrival_s, lag_s))
        while self._lags[0][0] < arrival_s - LOOK_BACK_S:
            self._lags.popleft()
        return own_s + self._lags[0][1]
