"""What is done with what is believed: stay at six, or find our pace.

A policy is asked once a breath where the pace should go, and told what each rate is
worth by now. It decides nothing about safety: size of steps, holds and floors are the
pacer's.
"""

from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from coreg.exercises.curves import GUIDED_PER_MIN

Floats = NDArray[np.float64]

SIX_PER_MIN: Final = 6.0

SLIDE_FROM_PER_MIN: Final = 6.5
SLIDE_TO_PER_MIN: Final = 4.6
SLIDE_S: Final = 210.0
WORTH_SLIDING: Final = 0.02
REVIEW_BREATHS: Final = 4
WORTH_MOVING: Final = 0.005
# What a rate must promise beyond six before a couple that wants a steady pace is led
# away from it: twice what the prior alone promises its best rate.
WORTH_LEAVING_SIX: Final = 0.03


class Policy(Protocol):
    """Chooses where the pace should go."""

    @property
    def glides_to_per_min(self) -> float:
        """Where the glide ends."""
        ...

    def aim_per_min(self, rate_per_min: float, worth: Floats) -> float:
        """Return where the pace should go from here.

        `worth` has the expected worth of each of `GUIDED_PER_MIN`.
        """
        ...


class Steady:
    """One rate for the whole evening: six, unless earlier evenings speak against it."""

    __slots__ = ("_rate_per_min",)

    def __init__(self, worth: Floats) -> None:
        best = int(np.argmax(worth))
        gain = worth[best] - worth_at(SIX_PER_MIN, worth)
        leaves = gain >= WORTH_LEAVING_SIX
        self._rate_per_min = float(GUIDED_PER_MIN[best]) if leaves else SIX_PER_MIN

    @property
    def glides_to_per_min(self) -> float:
        """The rate itself."""
        return self._rate_per_min

    def aim_per_min(self, rate_per_min: float, worth: Floats) -> float:  # noqa: ARG002
        """Return the rate itself, whatever tonight brings."""
        return self._rate_per_min


class Finding:
    """Slide past the likely rates, listening, then stay near the best."""

    __slots__ = ("_aim_per_min", "_breaths", "_is_sliding")

    def __init__(self) -> None:
        self._is_sliding = True
        self._aim_per_min = SLIDE_FROM_PER_MIN
        self._breaths = 0

    @property
    def glides_to_per_min(self) -> float:
        """Where the slide begins."""
        return SLIDE_FROM_PER_MIN

    def aim_per_min(self, rate_per_min: float, worth: Floats) -> float:
        """Return a rate a little lower while that promises something, then the best."""
        if self._is_sliding:
            if _is_worth_sliding(rate_per_min, worth):
                slope_per_s = (SLIDE_FROM_PER_MIN - SLIDE_TO_PER_MIN) / SLIDE_S
                next_per_min = rate_per_min - slope_per_s * 60 / rate_per_min
                self._aim_per_min = max(next_per_min, SLIDE_TO_PER_MIN)
                return self._aim_per_min
            self._is_sliding = False
        if self._breaths % REVIEW_BREATHS == 0:
            self._aim_per_min = better(self._aim_per_min, worth)
        self._breaths += 1
        return self._aim_per_min


class Found:
    """Earlier evenings found a pace: begin there, and keep listening."""

    __slots__ = ("_aim_per_min", "_breaths")

    def __init__(self, worth: Floats) -> None:
        self._aim_per_min = float(GUIDED_PER_MIN[int(np.argmax(worth))])
        self._breaths = 0

    @property
    def glides_to_per_min(self) -> float:
        """The best rate as far as is known, at most where a first evening begins."""
        return min(self._aim_per_min, SLIDE_FROM_PER_MIN)

    def aim_per_min(self, rate_per_min: float, worth: Floats) -> float:  # noqa: ARG002
        """Return the best rate, seldom changed."""
        self._breaths += 1
        if self._breaths % REVIEW_BREATHS == 0:
            self._aim_per_min = better(self._aim_per_min, worth)
        return self._aim_per_min


def better(aim_per_min: float, worth: Floats) -> float:
    """Return the best rate where it is worth moving to, else the one aimed at."""
    best = int(np.argmax(worth))
    gain = worth[best] - worth_at(aim_per_min, worth)
    return float(GUIDED_PER_MIN[best]) if gain > WORTH_MOVING else aim_per_min


def worth_at(rate_per_min: float, worth: Floats) -> float:
    """Return the worth of a rate that may lie between two guided ones."""
    return float(np.interp(rate_per_min, GUIDED_PER_MIN, worth))


def _is_worth_sliding(rate_per_min: float, worth: Floats) -> bool:
    """Whether going lower promises more than the best of what was passed."""
    lower = rate_per_min - 0.1 >= GUIDED_PER_MIN
    if rate_per_min <= SLIDE_TO_PER_MIN or not lower.any():
        return False
    passed = worth[~lower].max()
    return bool(worth[lower].max() - passed >= WORTH_SLIDING)
