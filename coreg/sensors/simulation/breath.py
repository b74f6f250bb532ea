"""One simulated person's breathing: with the pacer when they can, else their own way.

A paced breath is followed or not as a whole, decided when it begins. Who follows is
pulled into step within a second or so, so lungs never jump; who does not falls back
into their own rhythm for that breath (talking, looking away, a sigh). Every number
here that names no source is an assumption of the simulation.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from operator import attrgetter

import numpy as np

from coreg.facts.events import Breath, Cue, Ended, PacerStopped, Paused

STEP_S = 0.1
"""Spacing of the grid on which bodies live; fixed, so that nobody's calls shape it."""

_TURN_RAD = 2 * math.pi
_CATCH_UP_S = 0.8
_OWN_INHALE_SHARE = 0.4
_OWN_DEPTH = 0.8
_SIGH_SHARE = 0.02
_SIGH_DEPTH = 1.4
_SIGH_LENGTH = 1.6
_EASY_RATIO = 1.6
"""A pace down to 1/1.6 of what one is used to comes without effort."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BreathTraits:
    """How one person breathes.

    `adherence` is the share of breaths followed at a pace that is comfortable. Below
    `lowest_comfortable_per_min` that share falls away; a pace far slower than what the
    body is used to is not managed at once either, and it gets used to it within
    `comfort_s`. `variation` is the SD of the log length of own breaths.
    """

    own_rate_per_min: float
    variation: float
    adherence: float
    lowest_comfortable_per_min: float
    comfort_s: float


def draw_breath_traits(rng: np.random.Generator) -> BreathTraits:
    """Draw a person's breathing; all five ranges are assumptions."""
    cannot_go_slow = rng.random() < 0.15
    return BreathTraits(
        own_rate_per_min=float(rng.uniform(10, 18)),
        variation=float(rng.uniform(0.05, 0.12)),
        adherence=float(rng.uniform(0.92, 0.99)),
        lowest_comfortable_per_min=float(
            rng.uniform(5.2, 5.8) if cannot_go_slow else rng.uniform(3.0, 4.2)
        ),
        comfort_s=float(rng.uniform(25, 60)),
    )


class Breathing:
    """Breathing, step by step; `phase_rad` is 0 where an inhale begins, pi at its end.

    `followed` tells of every paced breath so far whether the person went along.
    """

    def __init__(self, traits: BreathTraits, seeds: np.random.SeedSequence) -> None:
        paced, own = map(np.random.default_rng, seeds.spawn(2))
        self._traits = traits
        self._luck = paced
        self._own_breaths = _own_breaths(traits, own)
        self._length, self._depth = next(self._own_breaths)
        self._heard: list[Breath | PacerStopped | Paused | Ended] = []
        self._pace: Breath | None = None
        self._used_to_per_min = traits.own_rate_per_min
        self._followed_share = 1.0
        self._unevenness = 1.0
        self.followed: list[bool] = []
        self.phase_rad = float(own.uniform(0, _TURN_RAD))
        self.rate_per_min = traits.own_rate_per_min
        self.depth = _OWN_DEPTH

    def hear(self, cue: Cue) -> None:
        """Take note of what the pacer will do; other cues leave the breath alone."""
        if isinstance(cue, PacerStopped | Paused | Ended):
            self._heard = [each for each in self._heard if each.t_s < cue.t_s]
        elif not isinstance(cue, Breath):
            return
        self._heard = sorted([*self._heard, cue], key=attrgetter("t_s"))

    @property
    def follows(self) -> bool:
        """Whether the breath under way is the pacer's."""
        return self._pace is not None and self.followed[-1]

    @property
    def filled(self) -> float:
        """How full the lungs are: 0 empty, 1 at the end of a breath of depth 1."""
        return self.depth * (0.5 - 0.5 * math.cos(self.phase_rad))

    def moved(self, *, followed: float, unevenness: float) -> None:
        """Be moved by what happens, from the next breath on.

        `followed` multiplies the share of breaths that are followed, `unevenness` how
        much own breaths differ in length.
        """
        self._followed_share, self._unevenness = followed, unevenness

    def step(self, t_s: float) -> None:
        """Breathe on to `t_s`, one step of the grid after the last."""
        while self._heard and self._heard[0].t_s <= t_s:
            self._begin(self._heard.pop(0))
        if self._pace is not None and t_s >= self._pace.t_s + self._pace.period_s:
            self._pace = None
        if self._pace is None:
            self._get_used_to(self._traits.own_rate_per_min)
            self._go_own_way(self._used_to_per_min)
        elif self.follows:
            self._get_used_to(60 / self._pace.period_s)
            self._go_with(self._pace, t_s)
        else:
            self._go_own_way(self._traits.own_rate_per_min)

    def _begin(self, cue: Breath | PacerStopped | Paused | Ended) -> None:
        if not isinstance(cue, Breath):
            self._pace = None
            return
        self._pace = cue
        chance = self._chance_to_follow(60 / cue.period_s)
        self.followed.append(bool(self._luck.random() < chance))

    def _chance_to_follow(self, rate_per_min: float) -> float:
        lowest_per_min = self._traits.lowest_comfortable_per_min
        comfortable = comfortable_share(rate_per_min, lowest_per_min)
        managed = min(1.0, _EASY_RATIO * rate_per_min / self._used_to_per_min)
        share = self._traits.adherence * self._followed_share
        return share * comfortable * managed

    def _get_used_to(self, rate_per_min: float) -> None:
        share = STEP_S / self._traits.comfort_s
        self._used_to_per_min += share * (rate_per_min - self._used_to_per_min)

    def _go_with(self, pace: Breath, t_s: float) -> None:
        target_rad, speed = _phase(t_s - pace.t_s, pace.period_s, pace.inhale_s)
        ahead_rad = self.phase_rad + speed * STEP_S
        slip_rad = math.remainder(target_rad - ahead_rad, _TURN_RAD)
        # A breath may be held while waiting for the pacer; it never runs backwards.
        onward_rad = speed * STEP_S + slip_rad * STEP_S / _CATCH_UP_S
        self.phase_rad = (self.phase_rad + max(0.0, onward_rad)) % _TURN_RAD
        self.rate_per_min, self.depth = 60 / pace.period_s, 1.0

    def _go_own_way(self, rate_per_min: float) -> None:
        period_s = 60 / rate_per_min * self._length
        inhaling = self.phase_rad < math.pi
        share = _OWN_INHALE_SHARE if inhaling else 1 - _OWN_INHALE_SHARE
        self.phase_rad += math.pi * STEP_S / (share * period_s)
        self.rate_per_min, self.depth = 60 / period_s, self._depth
        if self.phase_rad >= _TURN_RAD:
            self.phase_rad -= _TURN_RAD
            length, self._depth = next(self._own_breaths)
            self._length = length**self._unevenness


def comfortable_share(rate_per_min: float, lowest_per_min: float) -> float:
    """Return the share of breaths that are comfortable enough to be followed.

    Examples
    --------
    >>> comfortable_share(5.0, 5.0)
    0.5
    """
    return 0.5 * (1 + math.tanh((rate_per_min - lowest_per_min) / 0.3))


def _own_breaths(
    traits: BreathTraits, rng: np.random.Generator
) -> Iterator[tuple[float, float]]:
    """Yield length (1 is usual) and depth of one own breath after the other."""
    while True:
        sighs, spread = rng.random() < _SIGH_SHARE, rng.standard_normal()
        length = math.exp(traits.variation * spread)
        if sighs:
            yield length * _SIGH_LENGTH, _SIGH_DEPTH
        else:
            yield length, _OWN_DEPTH


def _phase(into_s: float, period_s: float, inhale_s: float) -> tuple[float, float]:
    """Return the pacer's phase and its speed (rad/s), this far into its breath."""
    if into_s < inhale_s:
        speed = math.pi / inhale_s
        return speed * into_s, speed
    speed = math.pi / (period_s - inhale_s)
    return math.pi + speed * (into_s - inhale_s), speed
