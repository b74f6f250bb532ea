"""Is a heart that rests elsewhere alone than beside its partner found, and no other?

    python -m benchmarks.alone_truth [--couples N] [--first SEED]

Simulated people who sit for 100 s, through their true beats: some sittings alone, some
beside, each on a day of its own whose resting rate scatters by 4 beats a minute and
whose scatter from beat to beat by a fifth. Beside, it rests higher by what is planted.
Exit status 1 where the interval holds what is planted in less than nine of ten.
"""

import argparse
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace

import numpy as np

from coreg.facts.events import NS_PER_S, Partner
from coreg.findings.alone import AloneBeside, Sitting, alone_beside, sitting_alone
from coreg.findings.recording import CleanedRecording
from coreg.sensors.simulation.couple import SimulatedCouple, draw_traits

LENGTH_S = 100.0
DAY_SD_BPM, DAY_SD_LN = 4.0, 0.2
SETS = ((4, 4), (4, 12), (8, 8))
PLANTED_BPM = (0.0, 6.0)
MOST_ALONE, MOST_BESIDE = 8, 12
LEAST_HELD = 0.90


def sitting(person: int, day: int, higher_bpm: float) -> Sitting:
    """One sitting of one person; what the day does comes of its own chance."""
    rng = np.random.default_rng([person, day])
    traits = dict(draw_traits(person))
    own = traits[Partner.A]
    bpm = 60_000 / own.body.mean_rr_ms + rng.normal(0, DAY_SD_BPM) + higher_bpm
    swing = float(np.exp(rng.normal(0, DAY_SD_LN)))
    body = replace(
        own.body,
        mean_rr_ms=60_000 / bpm,
        irregularity_sd_ms=own.body.irregularity_sd_ms * swing,
    )
    traits[Partner.A] = replace(own, body=body)
    couple = SimulatedCouple(seed=int(rng.integers(2**31)), traits=traits)
    for _ in couple.advance(round(LENGTH_S * NS_PER_S)):
        pass
    beats_s = np.array(couple.people[Partner.A].beat_times_s)
    beats_s = beats_s[(beats_s > 0) & (beats_s < LENGTH_S)]
    nn_ms = 1000 * np.diff(beats_s)
    return sitting_alone(
        CleanedRecording(
            t_s=beats_s[1:],
            rr_ms=nn_ms,
            nn_ms=nn_ms,
            labels=("normal",) * nn_ms.size,
            corrected_ms=nn_ms,
            lost_before=np.zeros(nn_ms.size, dtype=np.bool_),
            over_counted_s=0.0,
            irregular_s=0.0,
        )
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """All sittings of one person; those beside, by what is planted in them."""

    alone: list[Sitting]
    beside: dict[float, list[Sitting]]


def lived(person: int) -> Person:
    return Person(
        alone=[sitting(person, day, 0.0) for day in range(MOST_ALONE)],
        beside={
            planted_bpm: [
                sitting(person, MOST_ALONE + MOST_BESIDE * at + day, planted_bpm)
                for day in range(MOST_BESIDE)
            ]
            for at, planted_bpm in enumerate(PLANTED_BPM)
        },
    )


def told(found: Sequence[AloneBeside], planted_bpm: float) -> float:
    """Print how often a difference is told, and return how often the truth is held."""
    shifts = [each.bpm for each in found]
    low, high, estimate = (
        np.array([getattr(each, name) for each in shifts])
        for name in ("low", "high", "estimate")
    )
    swing_told = np.mean([each.ln_rmssd.p < 0.05 for each in found])
    holds = float(np.mean((low <= planted_bpm) & (planted_bpm <= high)))
    print(
        f"  {planted_bpm:+.0f} planted: error {np.mean(estimate) - planted_bpm:+.2f}, "
        f"SD {np.std(estimate, ddof=1):.2f}; interval holds it in {holds:.3f}, half of "
        f"it {np.median((high - low) / 2):.1f}; told of a difference "
        f"{np.mean((low > 0) | (high < 0)):.3f}, of swing {swing_told:.3f}",
        flush=True,
    )
    return holds


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--couples", type=int, default=60)
    parser.add_argument("--first", type=int, default=70_000)
    given = parser.parse_args(arguments)
    with ProcessPoolExecutor() as pool:
        seeds = range(given.first, given.first + given.couples)
        people = list(pool.map(lived, seeds))
    held = []
    for alone, beside in SETS:
        print(f"{alone} alone, {beside} beside, {given.couples} people:")
        for planted_bpm in PLANTED_BPM:
            found = [
                alone_beside(
                    each.alone[:alone],
                    each.beside[planted_bpm][:beside],
                    frozenset(Partner),
                )
                for each in people
            ]
            held.append(told(found, planted_bpm))
    return 0 if min(held) >= LEAST_HELD else 1


if __name__ == "__main__":
    sys.exit(main())
