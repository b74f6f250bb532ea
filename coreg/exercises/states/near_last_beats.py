"""Possible flooding as it was watched for on beats as sent: for sessions recorded so.

A replay has to ask where the two were asked. Until a session's beginning says
`by_labels`, flooding went by beats near the median of the last nine; nothing that is
begun now comes here (docs/decisions/0043).
"""

import math
from collections import deque
from typing import Final

import numpy as np

from coreg.exercises.states.flooding import FloodingWatch

_NEAR: Final = 0.3
_LAST: Final = 9


class NearLastBeats(FloodingWatch):
    """The watch over one heart whose beats nobody has labelled.

    Examples
    --------
    >>> watch = NearLastBeats(rest_bpm=60.0)
    >>> for t_s, rr_ms in ((1.0, 1000.0), (2.0, 1000.0), (2.4, 400.0)):
    ...     watch.beat(t_s, rr_ms)
    >>> watch.is_flooded
    False
    """

    __slots__ = ("_last_rr_ms",)

    def __init__(self, *, rest_bpm: float) -> None:
        super().__init__(rest_bpm=rest_bpm)
        self._last_rr_ms: deque[float] = deque(maxlen=_LAST)

    def _keep(self, t_s: float, nn_ms: float) -> None:
        if math.isnan(nn_ms):
            return
        self._last_rr_ms.append(nn_ms)
        usual_ms = float(np.median(self._last_rr_ms))
        if abs(nn_ms - usual_ms) <= _NEAR * usual_ms:
            super()._keep(t_s, nn_ms)
