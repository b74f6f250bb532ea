"""Times of beats alone -> intervals, and holes where a step is far too long for one.

Nothing but the length of a step tells of a loss. Twice the usual is one beat that was
not seen, and cleaning says so; three times or more is a hole, as in a file with times.
A heart that paused as long looks the same: then no figure goes across its pause.
"""

from typing import Final

import numpy as np

from coreg.facts.arrays import Flags, Floats
from coreg.sensors.recordings.recording import Packet

_TOO_LONG: Final = 2.5  # times the usual step around it
_LONGEST_MS: Final = 3000.0  # cleaning's longest interval: beyond it beats are missing
_AROUND: Final = 5


def is_hole(steps_ms: Floats) -> Flags:
    """Say of each step whether it is far longer than those around it.

    Examples
    --------
    >>> is_hole(np.array([800.0, 810, 790, 5000, 805, 1600, 800])).nonzero()[0].tolist()
    [3]
    """
    if not steps_ms.size:
        return np.zeros(0, dtype=np.bool_)
    padded_ms = np.pad(steps_ms, _AROUND, constant_values=np.nan)
    around_ms = np.lib.stride_tricks.sliding_window_view(padded_ms, 2 * _AROUND + 1)
    known = np.isfinite(steps_ms)
    usual_ms = np.full(steps_ms.size, np.inf)
    if known.any():
        usual_ms[known] = np.nanmedian(around_ms[known], axis=1)
    found: Flags = known & (
        (steps_ms > _TOO_LONG * usual_ms) | (steps_ms > _LONGEST_MS)
    )
    return found


def between_holes(t_ms: Floats) -> tuple[Packet, ...]:
    """Return each beat at its time, without an interval where one is not known.

    Examples
    --------
    >>> t_ms = np.array([0.0, 800, 1600, 9600, 10400, 11200, 12000])
    >>> [rr_ms for _, rr_ms in between_holes(t_ms)]
    [(), (800.0,), (800.0,), (), (800.0,), (800.0,), (800.0,)]
    """
    steps_ms = np.concatenate(([np.nan], np.diff(t_ms)))
    steps_ms[1:][is_hole(steps_ms[1:])] = np.nan
    begun_ms = float(t_ms[np.isfinite(t_ms)][0])
    return tuple(
        ((at_ms - begun_ms) / 1000, (rr_ms,) if np.isfinite(rr_ms) else ())
        for at_ms, rr_ms in zip(t_ms.tolist(), steps_ms.tolist(), strict=True)
        if np.isfinite(at_ms)
    )
