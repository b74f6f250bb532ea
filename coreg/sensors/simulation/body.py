"""One simulated heart: it swings with the breath, wanders by itself, and beats.

RR(t) = mean + settling + slow wander + 0.1 Hz waves + irregularity + RSA/2 cos(breath)

and a beat falls wherever the integral of 1/RR passes a whole number (integral pulse
frequency modulation: Bayly 1968; Mateo & Laguna 2000). RSA follows a curve of the
breathing rate, reached slowly. Everything is made step by step on one fixed grid, and
noise is drawn in pieces of one fixed length, so that neither the length of a session
nor the calls that advance it change a single beat.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np

from coreg.facts.events import Cue
from coreg.sensors.simulation.breath import (
    STEP_S,
    Breathing,
    BreathTraits,
    draw_breath_traits,
)
from coreg.sensors.simulation.coupling import NO_PULL, Pull, pulled
from coreg.sensors.simulation.events import ScriptedEvent, influence

BEGIN_STEP: Final = -80
"""Hearts beat for 8 s before the session begins, so that its first packet has RR."""
_STEPS_A_SECOND = round(1 / STEP_S)
_NORMALS_AT_ONCE = 512
_SLOW_S = (5.0, 20.0, 80.0)
"""Three relaxations two octaves apart add up to about 1/f between 0.002 and 0.03 Hz."""
_SHORTEST_RR_MS, _LONGEST_RR_MS = 350.0, 1900.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ResonanceCurve:
    """Heart-rate swing against breathing rate, once the body has settled.

    A bump at the resonance stands on a low-pass floor. `far_share` is the floor's share
    of the peak (1: flat, no resonance at all); far above `corner_per_min` the swing
    falls by 21 dB a decade.
    """

    peak_rsa_ms: float
    resonance_per_min: float
    width_per_min: float
    far_share: float
    corner_per_min: float

    def steady_rsa_ms(self, rate_per_min: float) -> float:
        """Return the peak-to-trough swing; `peak_rsa_ms` at the resonance."""
        away = (rate_per_min - self.resonance_per_min) / self.width_per_min
        bump = self.far_share + (1 - self.far_share) * math.exp(-0.5 * away**2)
        passed = self._passed(rate_per_min) / self._passed(self.resonance_per_min)
        return self.peak_rsa_ms * bump * passed

    def _passed(self, rate_per_min: float) -> float:
        return float((1 + (rate_per_min / self.corner_per_min) ** 2) ** (-1.05 / 2))


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyTraits:
    """What makes one heart this heart; SDs are of the RR interval."""

    breath: BreathTraits
    curve: ResonanceCurve
    mean_rr_ms: float
    settle_s: float
    lag_rad: float
    slow_sd_ms: float
    waves_sd_ms: float
    irregularity_sd_ms: float
    relaxation_ms: float


def draw_body_traits(rng: np.random.Generator) -> BodyTraits:
    """Draw a person.

    Resonance between 4.5 and 6.6/min: Vaschillo, Vaschillo & Lehrer (2006). Corner at
    about 7/min and 21 dB a decade: Hirsch & Bishop (1981). Heart rate 57-83/min; swing
    of 20-200 ms at the resonance, and noise that grows with it: RMSSD at rest is then
    mostly 15-50 ms, within the norms of Nunan, Sandercock & Brodie (2010). One person
    in eight has no resonance. Width, floor, settling (15-30 s), lag, waves and
    relaxation are assumptions.
    """
    breath = draw_breath_traits(rng)
    has_resonance = rng.random() < 0.875
    peak_rsa_ms = float(np.exp(rng.uniform(np.log(20), np.log(200))))
    return BodyTraits(
        breath=breath,
        curve=ResonanceCurve(
            peak_rsa_ms=peak_rsa_ms,
            resonance_per_min=float(rng.uniform(4.5, 6.6)),
            width_per_min=float(rng.uniform(0.6, 1.5)),
            far_share=float(rng.uniform(0.4, 0.7)) if has_resonance else 1.0,
            corner_per_min=float(rng.uniform(5.7, 8.7)),
        ),
        mean_rr_ms=float(60_000 / rng.uniform(57, 83)),
        settle_s=float(rng.uniform(15, 30)),
        lag_rad=float(rng.uniform(0.1, 0.7)),
        slow_sd_ms=float(rng.uniform(12, 35)),
        waves_sd_ms=float(rng.uniform(4, 10)) + 0.04 * peak_rsa_ms,
        irregularity_sd_ms=10.0 + float(rng.uniform(0.12, 0.28)) * peak_rsa_ms,
        relaxation_ms=float(rng.uniform(0, 40)),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyMoment:
    """What a body truly did at one second; `rsa_ms` is its swing, peak to trough.

    `level_bpm` is its heart rate without breath and own waves: what the script and the
    settling of every evening make of it.
    """

    t_s: float
    hr_bpm: float
    level_bpm: float
    breaths_per_min: float
    rsa_ms: float
    follows: bool


class Body:
    """A heart and lungs that live from step to step. `beat_times_s` is the truth.

    `other` is the chance of the other partner's body, of whose waves this heart takes
    what `pull` says; `events` happen to it. `moments` has one entry a second, `lungs`
    (how full they are; a usual breath with the pacer fills them to 1) one a step.
    """

    def __init__(
        self,
        traits: BodyTraits,
        seeds: np.random.SeedSequence,
        *,
        other: np.random.SeedSequence | None = None,
        pull: Pull = NO_PULL,
        events: Sequence[ScriptedEvent] = (),
    ) -> None:
        breath, heart, *noises = _afresh(seeds).spawn(8)
        others = _afresh(other or seeds).spawn(8)[2:-1]
        self.breathing = Breathing(traits.breath, breath)
        self.beat_times_s: list[float] = []
        self.moments: list[BodyMoment] = []
        self.lungs: list[float] = []
        self._traits = traits
        self._events = tuple(events)
        self._noise_ms = _background_ms(traits, noises[:-1], others, pull)
        self._vigour = _wander(np.random.default_rng(noises[-1]), sd=0.15, tau_s=60.0)
        self._rsa_ms = self._steady_rsa_ms()
        self._pulse = float(np.random.default_rng(heart).random())
        self._step = BEGIN_STEP

    def hear(self, cue: Cue) -> None:
        """Hear a cue; it takes effect at its time, or at once where that is past."""
        self.breathing.hear(cue)

    def live_until(self, t_s: float) -> None:
        """Live until every beat up to `t_s` has fallen."""
        while self._step * STEP_S < t_s:
            self._live_one_step()

    def _live_one_step(self) -> None:
        t_s = self._step * STEP_S
        moved = influence(self._events, t_s)
        self.breathing.moved(followed=moved.followed, unevenness=moved.unevenness)
        self.breathing.step(t_s)
        self.lungs.append(self.breathing.filled)
        self._rsa_ms += (
            (self._steady_rsa_ms() - self._rsa_ms) * STEP_S / self._traits.settle_s
        )
        swing_ms = self._rsa_ms * math.exp(next(self._vigour)) * moved.swing
        rr_ms = self._rr_ms(t_s, swing_ms, next(self._noise_ms) * moved.slow_waves)
        if moved.change_bpm:
            rr_ms = _within_life(60_000 / (60_000 / rr_ms + moved.change_bpm))
        if self._step >= 0 and self._step % _STEPS_A_SECOND == 0:
            self._remember(rr_ms, swing_ms, self._level_bpm(t_s, moved.change_bpm))
        self._step += 1
        per_s = 1000 / rr_ms
        pulse = self._pulse + per_s * STEP_S
        if pulse >= 1:  # RR of 350 ms and more: one beat a step at most
            self.beat_times_s.append(t_s + (1 - self._pulse) / per_s)
            pulse -= 1
        self._pulse = pulse

    def _remember(self, rr_ms: float, swing_ms: float, level_bpm: float) -> None:
        self.moments.append(
            BodyMoment(
                t_s=float(self._step // _STEPS_A_SECOND),
                hr_bpm=60_000 / rr_ms,
                level_bpm=level_bpm,
                breaths_per_min=self.breathing.rate_per_min,
                rsa_ms=swing_ms,
                follows=self.breathing.follows,
            )
        )

    def _steady_rsa_ms(self) -> float:
        breathing = self.breathing
        return breathing.depth * self._traits.curve.steady_rsa_ms(
            breathing.rate_per_min
        )

    def _rr_ms(self, t_s: float, swing_ms: float, noise_ms: float) -> float:
        """Return the interval of the moment: long with empty lungs, short with full."""
        breath = math.cos(self.breathing.phase_rad - self._traits.lag_rad)
        return _within_life(self._calm_rr_ms(t_s) + noise_ms + 0.5 * swing_ms * breath)

    def _calm_rr_ms(self, t_s: float) -> float:
        """Return the interval without breath, waves and script."""
        relaxed = 1 - math.exp(-max(t_s, 0.0) / 180)
        return self._traits.mean_rr_ms + self._traits.relaxation_ms * relaxed

    def _level_bpm(self, t_s: float, change_bpm: float) -> float:
        rr_ms = _within_life(self._calm_rr_ms(t_s))
        return 60_000 / _within_life(60_000 / (60_000 / rr_ms + change_bpm))


def _within_life(rr_ms: float) -> float:
    return min(max(rr_ms, _SHORTEST_RR_MS), _LONGEST_RR_MS)


def _afresh(seeds: np.random.SeedSequence) -> np.random.SeedSequence:
    """Return the same chance again: a sequence that was spawned from goes on."""
    return np.random.SeedSequence(seeds.entropy, spawn_key=seeds.spawn_key)


def _background_ms(
    traits: BodyTraits,
    seeds: list[np.random.SeedSequence],
    others: list[np.random.SeedSequence],
    pull: Pull,
) -> Iterator[float]:
    """Yield what the interval does without the breath, step by step.

    The other's waves are made anew, as large as this heart's own.
    """
    share_ms = traits.slow_sd_ms / math.sqrt(len(_SLOW_S))

    def part(
        place: int, make: Callable[[np.random.Generator], Iterator[float]]
    ) -> Iterator[float]:
        own, other = (np.random.default_rng(each[place]) for each in (seeds, others))
        return pulled(make(own), lambda: make(other), pull, STEP_S, BEGIN_STEP * STEP_S)

    parts = [
        part(
            0, lambda rng: _waves(rng, sd=traits.waves_sd_ms, rate_hz=0.1, fades_s=15.0)
        ),
        _wander(
            np.random.default_rng(seeds[1]), sd=traits.irregularity_sd_ms, tau_s=0.6
        ),
        *(
            part(2 + number, partial(_wander, sd=share_ms, tau_s=tau_s))
            for number, tau_s in enumerate(_SLOW_S)
        ),
    ]
    return map(sum, zip(*parts, strict=True))


def _wander(rng: np.random.Generator, *, sd: float, tau_s: float) -> Iterator[float]:
    """Yield an Ornstein-Uhlenbeck process on the grid, stationary from the start."""
    keep = math.exp(-STEP_S / tau_s)
    kick = sd * math.sqrt(1 - keep**2)
    x = sd * float(rng.standard_normal())
    while True:
        for normal in rng.standard_normal(_NORMALS_AT_ONCE).tolist():
            yield x
            x = keep * x + kick * normal


def _waves(
    rng: np.random.Generator, *, sd: float, rate_hz: float, fades_s: float
) -> Iterator[float]:
    """Yield waves that come, fade and come again: a noise-driven damped rotation."""
    keep = math.exp(-STEP_S / fades_s)
    kick = sd * math.sqrt(1 - keep**2)
    angle_rad = 2 * math.pi * rate_hz * STEP_S
    turn = keep * complex(math.cos(angle_rad), math.sin(angle_rad))
    z = complex(*(sd * rng.standard_normal(2)))
    while True:
        for real, imag in rng.standard_normal((_NORMALS_AT_ONCE, 2)).tolist():
            yield z.real
            z = turn * z + kick * complex(real, imag)
