"""What is done with what is believed: stay at six, find our pace, or keep a set one.

A policy is asked once a breath where the pace should go. It decides nothing about
safety: size of steps, holds and floors are the pacer's.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Final, Protocol

import numpy as np

from coreg.exercises.pacing.curves import GUIDED_PER_MIN
from coreg.exercises.pacing.fairness import expected_worth, promise_below
from coreg.facts.arrays import Floats

SIX_PER_MIN: Final = 6.0

SLIDE_FROM_PER_MIN: Final = 6.5
SLIDE_TO_PER_MIN: Final = 4.6
SLIDE_S: Final = 150.0
# Slide on while knowing the lower rates is expected to bring this much.
WORTH_LISTENING: Final = 0.04

REVIEW_BREATHS: Final = 4
WORTH_MOVING: Final = 0.005
# Six is where everybody starts (a trial of 88 found no difference between it and
# individual resonance: Rynkiewicz et al., Sci. Rep. 2026, doi
# 10.1038/s41598-026-53333-6): a rate half a breath away and more has to promise this
# much beyond it, a nearer one in proportion.
HOME_PER_MIN: Final = 0.5
WORTH_LEAVING_HOME: Final = 0.02
# A couple that wants a steady pace is led away from six only for more than that.
WORTH_LEAVING_SIX: Final = 0.03


@dataclass(frozen=True, kw_only=True)
class Believed:
    """What is believed of both partners: weights of the candidates."""

    weights_a: Floats
    weights_b: Floats

    @cached_property
    def worth(self) -> Floats:
        """Worth of each guided rate, less what leaving six has to bring."""
        away = np.minimum(np.abs(GUIDED_PER_MIN - SIX_PER_MIN) / HOME_PER_MIN, 1.0)
        expected = expected_worth(self.weights_a, self.weights_b)
        return np.asarray(expected - WORTH_LEAVING_HOME * away)

    @property
    def best_per_min(self) -> float:
        """The rate that is worth most."""
        return float(GUIDED_PER_MIN[int(np.argmax(self.worth))])

    def gain(self, rate_per_min: float) -> float:
        """Return what moving from this rate to the best one is expected to bring."""
        here = np.interp(rate_per_min, GUIDED_PER_MIN, self.worth)
        return float(self.worth.max() - here)

    def promise_below(self, rate_per_min: float) -> float:
        """Return what knowing all slower rates is expected to bring."""
        return promise_below(rate_per_min, self.weights_a, self.weights_b)


class Policy(Protocol):
    """Chooses where the pace should go."""

    @property
    def glides_to_per_min(self) -> float:
        """Where the glide ends."""
        ...

    @property
    def unheard_per_min(self) -> float:
        """Where the pace stays while a heart's answers cannot lead."""
        ...

    @property
    def is_looking(self) -> bool:
        """Whether it is still looking for the pace."""
        ...

    def aim_per_min(self, rate_per_min: float, believed: Believed) -> float:
        """Return where the pace should go from here."""
        ...

    def look_no_further(self, believed: Believed) -> None:
        """Stay with what is known by now: whoever does not follow teaches nothing."""
        ...


class FixedPace:
    """The rate that somebody set beforehand, for the whole evening."""

    __slots__ = ("_rate_per_min",)

    is_looking = False

    def __init__(self, rate_per_min: float) -> None:
        self._rate_per_min = rate_per_min

    @property
    def unheard_per_min(self) -> float:
        """The rate itself."""
        return self._rate_per_min

    @property
    def glides_to_per_min(self) -> float:
        """The rate itself."""
        return self._rate_per_min

    def aim_per_min(self, rate_per_min: float, believed: Believed) -> float:  # noqa: ARG002
        """Return the rate itself."""
        return self._rate_per_min

    def look_no_further(self, believed: Believed) -> None:
        """Do nothing: it does not look."""


class Steady:
    """One rate for the whole evening: six, unless earlier evenings speak against it."""

    __slots__ = ("_rate_per_min",)

    unheard_per_min = SIX_PER_MIN
    is_looking = False

    def __init__(self, believed: Believed) -> None:
        leaves = believed.gain(SIX_PER_MIN) >= WORTH_LEAVING_SIX
        self._rate_per_min = believed.best_per_min if leaves else SIX_PER_MIN

    @property
    def glides_to_per_min(self) -> float:
        """The rate itself."""
        return min(self._rate_per_min, SLIDE_FROM_PER_MIN)

    def aim_per_min(self, rate_per_min: float, believed: Believed) -> float:  # noqa: ARG002
        """Return the rate itself, whatever tonight brings."""
        return self._rate_per_min

    def look_no_further(self, believed: Believed) -> None:
        """Do nothing: it does not look."""


class StayAtBest:
    """Stay near the best rate as far as is known, and keep listening."""

    __slots__ = ("_aim_per_min", "_breaths")

    unheard_per_min = SIX_PER_MIN
    is_looking = False

    def __init__(self, believed: Believed) -> None:
        self._aim_per_min = believed.best_per_min
        self._breaths = 0

    @property
    def glides_to_per_min(self) -> float:
        """The best rate, at most where a first evening begins."""
        return min(self._aim_per_min, SLIDE_FROM_PER_MIN)

    def aim_per_min(self, rate_per_min: float, believed: Believed) -> float:  # noqa: ARG002
        """Return the best rate, reviewed seldom and moved only for a gain."""
        self._breaths += 1
        is_due = self._breaths % REVIEW_BREATHS == 0
        if is_due and believed.gain(self._aim_per_min) > WORTH_MOVING:
            self._aim_per_min = believed.best_per_min
        return self._aim_per_min

    def look_no_further(self, believed: Believed) -> None:
        """Do nothing: it does not look."""


class SearchBest:
    """Slide down past the likely rates, listening, then stay near the best."""

    __slots__ = ("_found",)

    unheard_per_min = SIX_PER_MIN

    def __init__(self) -> None:
        self._found: StayAtBest | None = None

    @property
    def is_looking(self) -> bool:
        """Whether the slide goes on."""
        return self._found is None

    @property
    def glides_to_per_min(self) -> float:
        """Where the slide begins."""
        return SLIDE_FROM_PER_MIN

    def aim_per_min(self, rate_per_min: float, believed: Believed) -> float:
        """Return a rate a little lower while listening there pays, then the best."""
        if self._found is None:
            if self._slides_on(rate_per_min, believed):
                slope_per_s = (SLIDE_FROM_PER_MIN - SLIDE_TO_PER_MIN) / SLIDE_S
                next_per_min = rate_per_min - slope_per_s * 60 / rate_per_min
                return max(next_per_min, SLIDE_TO_PER_MIN)
            self._found = StayAtBest(believed)
        return self._found.aim_per_min(rate_per_min, believed)

    def look_no_further(self, believed: Believed) -> None:
        """End the slide where it is."""
        if self._found is None:
            self._found = StayAtBest(believed)

    @staticmethod
    def _slides_on(rate_per_min: float, believed: Believed) -> bool:
        if rate_per_min <= SLIDE_TO_PER_MIN:
            return False
        return believed.promise_below(rate_per_min) >= WORTH_LISTENING
