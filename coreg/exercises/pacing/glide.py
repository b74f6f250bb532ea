"""The way down from a couple's own breathing to the shared pace.

Exponential in time, its last steps small. The place in the glide is time spent gliding,
not time of day, so a hold or a pause never makes the pace jump.
"""

import math
from typing import Final

UNKNOWN_START_PER_MIN: Final = 12.0
FASTEST_START_PER_MIN: Final = 18.0
GLIDE_S: Final = 90.0
STEP_PER_MIN: Final = 0.25
_SMALL_STEPS_BELOW_PER_MIN: Final = 7.5


class Glide:
    """A glide from one rate to another."""

    __slots__ = ("_from_per_min", "_glided_s", "_rate_per_min", "_to_per_min")

    def __init__(self, from_per_min: float, to_per_min: float) -> None:
        start_per_min = min(max(from_per_min, to_per_min), FASTEST_START_PER_MIN)
        self._from_per_min = start_per_min
        self._to_per_min = to_per_min
        self._rate_per_min = start_per_min
        self._glided_s = 0.0

    @property
    def rate_per_min(self) -> float:
        """The rate of the breath that starts now."""
        return self._rate_per_min

    @property
    def is_over(self) -> bool:
        """Whether the glide has arrived."""
        return self._rate_per_min <= self._to_per_min

    def go_on(self, spent_s: float) -> None:
        """Move on by the time that the last breath took.

        Examples
        --------
        >>> glide = Glide(12.0, 6.0)
        >>> glide.go_on(45.0)
        >>> round(glide.rate_per_min, 2)
        8.49
        """
        self._glided_s += spent_s
        share = min(1.0, self._glided_s / GLIDE_S)
        ratio = self._to_per_min / self._from_per_min
        wanted_per_min = self._from_per_min * math.pow(ratio, share)
        if self._rate_per_min <= _SMALL_STEPS_BELOW_PER_MIN:
            wanted_per_min = max(wanted_per_min, self._rate_per_min - STEP_PER_MIN)
        wanted_per_min = max(wanted_per_min, self._to_per_min)
        # An end that was raised on the way makes the glide slower, never turns it.
        self._rate_per_min = min(wanted_per_min, self._rate_per_min)

    def end_at(self, lowest_per_min: float) -> None:
        """Go no lower than this."""
        self._to_per_min = max(self._to_per_min, lowest_per_min)


def led_per_min(last_per_min: float, set_per_min: float) -> float:
    """Return the rate of the next breath on the way to a set pace.

    As a `Glide` from 12/min while breathing is fast, then up or down in small steps. It
    depends on the last breath alone, so it goes on anywhere. `last_per_min` is NaN
    where none was breathed yet.

    Examples
    --------
    >>> led_per_min(float("nan"), 6.5), led_per_min(6.5, 6.0), led_per_min(5.0, 5.1)
    (12.0, 6.25, 5.1)
    """
    if math.isnan(last_per_min):
        return max(UNKNOWN_START_PER_MIN, set_per_min)
    if last_per_min > max(_SMALL_STEPS_BELOW_PER_MIN, set_per_min):
        share = 60 / last_per_min / GLIDE_S
        ratio = set_per_min / UNKNOWN_START_PER_MIN
        return max(last_per_min * math.pow(ratio, share), set_per_min)
    step = min(max(set_per_min - last_per_min, -STEP_PER_MIN), STEP_PER_MIN)
    return last_per_min + step
