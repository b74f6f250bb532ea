"""What a strap's accelerometer feels of a simulated chest, in thousandths of gravity.

A breath tilts the chest, the heart knocks at it, the person sways, and sometimes talks,
laughs, shifts or fidgets. A room of its own chance: nothing here draws from what bodies
and straps are made of, so every other output stays what it was.

All numbers are assumptions, held against no real chest yet: a seated breath tilts the
strap by 0.3 to 2 degrees, which is 5 to 30 mg of swing; the heart knocks at the sternum
by 5 to 15 mg within 20 to 50 Hz and by a slower 1 to 4 mg.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np

from coreg.facts.arrays import Floats

ONE_G_MG: Final = 1000.0
_STREAM: Final = 8437  # apart from the chance that hearts, straps and taps are made of
_SWAY_S: Final = 12.0


class Stir(StrEnum):
    """What disturbs a chest."""

    TALK = "talk"
    LAUGHTER = "laughter"
    SHIFT = "shift"  # another posture, for good
    FIDGET = "fidget"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptedStir:
    """One disturbance of one chest."""

    kind: Stir
    start_s: float
    length_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ChestTraits:
    """What makes one chest with its strap; `swing_mg` is peak to trough, usual depth.

    `lean_rad` is how far the strap's y axis leans back from upright, `roll_rad` to the
    side; the breath tilts about the axis from side to side, `skewed_rad` off it.
    """

    swing_mg: float
    lean_rad: float
    roll_rad: float
    skewed_rad: float
    knock_mg: float
    pulse_mg: float
    sway_mg: float
    noise_mg: float
    rate_hz: float


def draw_chest_traits(rng: np.random.Generator) -> ChestTraits:
    """Draw a chest, by the assumptions at the head of the module."""
    return ChestTraits(
        swing_mg=float(np.exp(rng.uniform(math.log(6), math.log(30)))),
        lean_rad=float(rng.uniform(0.0, 0.6)),
        roll_rad=float(rng.uniform(-0.2, 0.2)),
        skewed_rad=float(rng.uniform(-0.5, 0.5)),
        knock_mg=float(rng.uniform(5, 15)),
        pulse_mg=float(rng.uniform(1, 4)),
        sway_mg=float(rng.uniform(0.3, 1.5)),
        noise_mg=float(rng.uniform(1.0, 2.5)),
        rate_hz=float(rng.choice([25.0, 50.0, 100.0, 200.0])),
    )


def chest_chance(seed: int, place: int) -> np.random.SeedSequence:
    """Return the chance of one chest of an evening, apart from all other chance."""
    return np.random.SeedSequence([seed, _STREAM, place])


def acceleration_mg(
    traits: ChestTraits,
    seeds: np.random.SeedSequence,
    lungs_t_s: Floats,
    lungs: Floats,
    beat_times_s: Floats,
    stirs: Sequence[ScriptedStir] = (),
) -> tuple[Floats, Floats]:
    """Return what the accelerometer tells while lungs fill and empty.

    Parameters
    ----------
    traits : ChestTraits
        Whose chest, and at which rate it is sampled.
    seeds : SeedSequence
        Its chance; the same gives the same samples.
    lungs_t_s, lungs : ndarray, shape (k,), seconds and share
        How full they are: 0 empty, 1 a usual breath in. Between them a line.
    beat_times_s : ndarray, shape (b,), seconds
        When the heart beat.
    stirs : sequence of ScriptedStir
        What disturbs it. Talk shakes it a little (the voice below 25 Hz); how one
        breathes while talking is up to `lungs`.

    Returns
    -------
    t_s, mg : ndarray, shape (n,) and (n, 3), seconds and thousandths of gravity
        Whole numbers of mg, as straps send them.

    Examples
    --------
    >>> traits = draw_chest_traits(np.random.default_rng(1))
    >>> t_s, lungs = np.arange(0.0, 20.0, 0.1), np.zeros(200)
    >>> chance = chest_chance(1, 0)
    >>> at_s, mg = acceleration_mg(traits, chance, t_s, lungs, np.array([1.0, 2.0]))
    >>> mg.shape == (at_s.size, 3), bool(abs(np.linalg.norm(mg[0]) - 1000) < 30)
    (True, True)
    """
    noise, sway, stirred = (
        np.random.default_rng(np.random.SeedSequence(seeds.entropy, spawn_key=(n,)))
        for n in range(3)
    )
    count = int((lungs_t_s[-1] - lungs_t_s[0]) * traits.rate_hz)
    t_s = lungs_t_s[0] + np.arange(count) / traits.rate_hz
    tilt_rad = traits.swing_mg / ONE_G_MG * np.interp(t_s, lungs_t_s, lungs)
    lean_rad = traits.lean_rad + tilt_rad * math.cos(traits.skewed_rad)
    roll_rad = traits.roll_rad + tilt_rad * math.sin(traits.skewed_rad)
    lean_rad = lean_rad + _wander(sway, t_s, traits.sway_mg) / ONE_G_MG
    roll_rad = roll_rad + _wander(sway, t_s, traits.sway_mg) / ONE_G_MG
    shaken_mg = np.zeros((count, 3))
    for stir in stirs:
        more_lean, more_roll, shake_mg = _stirred(stir, t_s, stirred)
        lean_rad, roll_rad = lean_rad + more_lean, roll_rad + more_roll
        shaken_mg += shake_mg
    mg = ONE_G_MG * np.column_stack(
        (
            np.sin(roll_rad),
            np.cos(lean_rad) * np.cos(roll_rad),
            np.sin(lean_rad) * np.cos(roll_rad),
        )
    )
    mg += np.outer(_heart(traits, t_s, beat_times_s), [0.3, 0.6, 0.75]) + shaken_mg
    mg += traits.noise_mg * noise.standard_normal((count, 3))
    return t_s, np.round(mg)


def _heart(traits: ChestTraits, t_s: Floats, beat_times_s: Floats) -> Floats:
    """Return the knock of each beat (25 Hz, gone in a tenth) and the slower recoil."""
    moved = np.zeros_like(t_s)
    for beat_s in beat_times_s.tolist():
        first, last = np.searchsorted(t_s, [beat_s, beat_s + 0.8])
        after_s = t_s[first:last] - beat_s
        knock = np.sin(2 * np.pi * 25 * after_s) * np.exp(-after_s / 0.04)
        recoil = np.sin(2 * np.pi * 4 * after_s) * np.exp(-after_s / 0.15)
        moved[first:last] += traits.knock_mg * knock + traits.pulse_mg * recoil
    return moved


def _wander(rng: np.random.Generator, t_s: Floats, sd: float) -> Floats:
    """Return slow sway: steps once a second that are drawn back, joined by lines."""
    at_s = np.arange(math.floor(t_s[0]), math.ceil(t_s[-1]) + 2.0)
    keep = math.exp(-1 / _SWAY_S)
    level, levels = sd * float(rng.standard_normal()), []
    for normal in rng.standard_normal(at_s.size).tolist():
        levels.append(level)
        level = keep * level + sd * math.sqrt(1 - keep**2) * normal
    return np.interp(t_s, at_s, levels)


def _stirred(
    stir: ScriptedStir, t_s: Floats, rng: np.random.Generator
) -> tuple[Floats, Floats, Floats]:
    """Return what one disturbance adds: lean and roll (rad), and shaking (mg)."""
    into_s = t_s - stir.start_s
    inside = ((into_s >= 0) & (into_s < stir.length_s)).astype(np.float64)
    still = np.zeros_like(t_s)
    shake_mg = np.zeros((t_s.size, 3))
    turn = rng.uniform(0.05, 0.35, 2) * rng.choice([-1.0, 1.0], 2)
    if stir.kind is Stir.SHIFT:
        gone = np.clip(into_s / max(stir.length_s, 0.5), 0, 1)
        smooth = 0.5 - 0.5 * np.cos(np.pi * gone)
        return turn[0] * smooth, turn[1] * smooth, shake_mg
    if stir.kind is Stir.LAUGHTER:  # four to five heaves a second
        heave = np.sin(2 * np.pi * rng.uniform(4, 5) * into_s)
        shake_mg = np.outer(inside * heave * rng.uniform(30, 100), [0.2, 0.5, 0.8])
        return still, still, shake_mg
    if stir.kind is Stir.TALK:
        voice = rng.standard_normal((t_s.size, 3)) * rng.uniform(2, 8)
        nod = _wander(rng, 4 * t_s, rng.uniform(3, 12)) / ONE_G_MG
        return inside * nod, still, inside[:, None] * voice
    jerk = _wander(rng, 4 * t_s, rng.uniform(20, 80)) / ONE_G_MG
    sideways = _wander(rng, 4 * t_s, rng.uniform(20, 80)) / ONE_G_MG
    return inside * jerk, inside * sideways, shake_mg
