"""Is a heart that rests elsewhere alone than beside its partner found, and no other?

    python -m benchmarks.alone_truth [--couples N] [--first SEED]

Simulated people in two minutes of sitting, through their true beats: some sittings
alone, some beside, each on a day of its own whose resting rate scatters by 4 beats a
minute and whose swing by a fifth. Beside, the heart rests higher by what is planted.
Exit status 1 where the interval holds what is planted in less than nine of ten.
"""

import argparse
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace

import numpy as np

from coreg.facts.events import NS_PER_S, Partner
from coreg.findings.alone import AloneBeside, Sitting, alone_beside, sitting_alone
from coreg.findings.recording import CleanedRecording
from coreg.sensors.simulation.couple import SimulatedCouple, draw_traits

LENGTH_S = 130.0
DAY_SD_BPM, DAY_SD_LN = 4.0, 0.2
SETS = ((4, 4), (4, 12), (8, 8))
PLANTED_BPM = (0.0, 4.0, 8.0)
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
        )
    )


def couple_of(given: tuple[int, int, int, float]) -> AloneBeside:
    person, alone, beside, higher_bpm = given
    return alone_beside(
        [sitting(person, day, 0.0) for day in range(alone)],
        [sitting(person, alone + day, higher_bpm) for day in range(beside)],
        frozenset(Partner),
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
    parser.add_argument("--couples", type=int, default=100)
    parser.add_argument("--first", type=int, default=70_000)
    given = parser.parse_args(arguments)
    held = []
    with ProcessPoolExecutor() as pool:
        for alone, beside in SETS:
            print(f"{alone} alone, {beside} beside, {given.couples} people:")
            for at, planted_bpm in enumerate(PLANTED_BPM):
                first = given.first + at * given.couples
                tasks = [
                    (first + n, alone, beside, planted_bpm)
                    for n in range(given.couples)
                ]
                found = list(pool.map(couple_of, tasks, chunksize=5))
                held.append(told(found, planted_bpm))
    return 0 if min(held) >= LEAST_HELD else 1


if __name__ == "__main__":
    sys.exit(main())
