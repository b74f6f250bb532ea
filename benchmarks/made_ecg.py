"""An ECG as a chest strap sends it, made from the times at which a heart beat.

Each wave is a Gaussian that never falls on a sample by intent. What a person who moves
adds: a wandering baseline, breath in the height, muscles in bursts, electrodes that
shift and settle. Its truth is the beats it was made from.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
RATE_HZ = 130.16  # what one H10 was measured to have


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Delay after the R peak (s), width (s) and height (uV) of each wave."""

    delays_s: tuple[float, ...]
    widths_s: tuple[float, ...]
    heights_uv: tuple[float, ...]
    breath: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Motion:
    """Standard deviations in uV; bursts and shifts a minute."""

    baseline_uv: float
    hiss_uv: float
    muscle_uv: float
    bursts_per_min: float
    shift_uv: float
    shifts_per_min: float


CALM = Motion(
    baseline_uv=60,
    hiss_uv=8,
    muscle_uv=0,
    bursts_per_min=0,
    shift_uv=0,
    shifts_per_min=0,
)
MOVING = Motion(
    baseline_uv=200,
    hiss_uv=15,
    muscle_uv=80,
    bursts_per_min=6,
    shift_uv=300,
    shifts_per_min=6,
)
ROUGH = Motion(
    baseline_uv=400,
    hiss_uv=30,
    muscle_uv=160,
    bursts_per_min=10,
    shift_uv=800,
    shifts_per_min=12,
)


def anybody(rng: np.random.Generator) -> Person:
    """Return somebody: R of .5 to 1.5 mV, a T wave of up to 40 % of it."""
    r_uv = rng.uniform(500, 1500)
    shares = np.array(
        [
            rng.uniform(0.05, 0.15),
            -rng.uniform(0.05, 0.2),
            1.0,
            -rng.uniform(0.1, 0.35),
            rng.uniform(0.1, 0.4),
        ]
    )
    return Person(
        delays_s=(-0.16, -0.028, 0.0, 0.030, 0.26),
        widths_s=(0.022, 0.009, rng.uniform(0.009, 0.013), 0.011, 0.045),
        heights_uv=tuple((r_uv * shares).tolist()),
        breath=rng.uniform(0.05, 0.25),
    )


def made_ecg(
    beats_s: Array, person: Person, motion: Motion, rng: np.random.Generator
) -> tuple[Array, Array]:
    """Return times (s) and voltages (uV) from 0 to 1 s after the last beat."""
    t_s = np.arange(0, beats_s[-1] + 1, 1 / RATE_HZ)
    ecg_uv = np.zeros(t_s.size)
    breath = 1 + person.breath * np.sin(2 * np.pi * 0.25 * beats_s)
    steady = breath * rng.normal(1, 0.04, beats_s.size)
    waves = zip(person.delays_s, person.widths_s, person.heights_uv, strict=True)
    for delay_s, width_s, height_uv in waves:
        # T comes sooner in a quick heart: with the root of the interval (Bazett).
        before_s = np.diff(beats_s, prepend=beats_s[0] - 0.8)
        late_s = delay_s * (np.sqrt(before_s.clip(0.25, 1.5)) if delay_s > 0.1 else 1)
        for beat_s, share in zip(beats_s + late_s, steady, strict=True):
            low, high = np.searchsorted(t_s, (beat_s - 0.3, beat_s + 0.3))
            z = (t_s[low:high] - beat_s) / width_s
            ecg_uv[low:high] += share * height_uv * np.exp(-0.5 * z**2)
    return t_s, np.round(ecg_uv + _motion_uv(t_s, motion, rng))


def _motion_uv(t_s: Array, motion: Motion, rng: np.random.Generator) -> Array:
    minutes = t_s[-1] / 60
    noise_uv = rng.normal(0, motion.hiss_uv, t_s.size)
    for rate_hz in rng.uniform(0.05, 0.6, 6):
        phase = rng.uniform(0, 2 * np.pi)
        noise_uv += (
            motion.baseline_uv / np.sqrt(3) * np.sin(2 * np.pi * rate_hz * t_s + phase)
        )
    for _ in range(rng.poisson(motion.bursts_per_min * minutes)):
        middle_s, half_s = rng.uniform(0, t_s[-1]), rng.uniform(0.2, 1.5)
        z = (t_s - middle_s) / half_s
        muscle_uv = rng.normal(0, motion.muscle_uv, t_s.size)
        noise_uv += np.where(np.abs(z) < 1, np.cos(z * np.pi / 2) ** 2, 0) * muscle_uv
    for _ in range(rng.poisson(motion.shifts_per_min * minutes)):
        after_s = t_s - rng.uniform(0, t_s[-1])
        settles = np.exp(-after_s.clip(0) / rng.uniform(0.1, 0.8))
        comes = 1 - np.exp(-after_s.clip(0) / rng.uniform(0.02, 0.06))
        noise_uv += rng.normal(0, motion.shift_uv) * comes * settles
    return noise_uv
