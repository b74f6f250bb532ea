"""The shared pacer with couples that are not as it assumes, beside six a minute.

    python -m benchmarks.pacing_others [SEED] [--couples N]

The acceptance benchmark draws its people (`bench/couple.py` in the sibling folder
`shared`, or in COREG_SHARED) much as coreg takes people to be. Here the same draws are
changed:

* narrow, broad: resonances .6 and 1.6 times as wide;
* half flat: half of those who are not flat become so, nothing but the roll-off (in all
  .56 of the people);
* six suits: everybody resonates, at 5.4 to 6.7/min.

Regret as of `benchmarks/pacing_beside.py`: the mean over couples, and the mean
difference to six of the same couples on the same evening with its standard error. On
the second evening both resonances have moved (SD .3/min) and the noise is another.
Exit status 2 without the benchmark.
"""

import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np

from benchmarks.adapter import shared_pacer
from benchmarks.pacing_beside import Figures, regret_of, run

MOVED_SD_PER_MIN = 0.3

Changes = Callable[[Any, np.random.Generator], None]


def as_drawn(_couple: Any, _rng: np.random.Generator) -> None:
    pass


def widths(scale: float) -> Changes:
    def change(couple: Any, _rng: np.random.Generator) -> None:
        for person in couple.people.values():
            person.width_scale = scale

    return change


def half_flat(couple: Any, rng: np.random.Generator) -> None:
    for person in couple.people.values():
        if rng.random() < 0.5:
            person.kind = "flat"


def six_suits(couple: Any, rng: np.random.Generator) -> None:
    for person in couple.people.values():
        person.kind = "resonant"
        person.resonance = float(rng.uniform(5.4, 6.7))


KINDS: dict[str, Changes] = {
    "as drawn": as_drawn,
    "narrow": widths(0.6),
    "broad": widths(1.6),
    "half flat": half_flat,
    "six suits": six_suits,
}


def days_later(couple: Any, rng: np.random.Generator) -> None:
    for person in couple.people.values():
        moved_per_min = person.resonance + rng.normal(0, MOVED_SD_PER_MIN)
        person.resonance = float(np.clip(moved_per_min, 4.5, 6.7))
        person.rng_seed = int(rng.integers(2**31))
    couple.__post_init__()  # its truth anew


def two_evenings(
    seed: int, change: Changes, bench: ModuleType, baselines: ModuleType
) -> list[Figures]:
    """Return the regret of six and of coreg on the first and the second evening."""
    rng = np.random.default_rng([seed, 5])
    couple = bench.make_couple(seed, bench.Scenario())
    change(couple, rng)
    couple.__post_init__()
    first = shared_pacer(seed=seed)
    figures = [
        regret_of(couple, baselines.FixedSix(), bench),
        regret_of(couple, first, bench),
    ]
    days_later(couple, rng)
    second = shared_pacer(seed=seed, belief=first.belief())
    return [
        *figures,
        regret_of(couple, baselines.FixedSix(), bench),
        regret_of(couple, second, bench),
    ]


def lines(name: str, couples: list[list[Figures]]) -> list[str]:
    """Return a row of the table for each evening."""
    told = []
    for evening, first in (("first", 0), ("second", 2)):
        cells = [f"{name:10}{evening:8}"]
        for part in ("late", "whole"):
            six, ours = (
                np.array([couple[which][part] for couple in couples])
                for which in (first, first + 1)
            )
            less = ours - six
            error = less.std(ddof=1) / np.sqrt(less.size)
            cells.append(
                f"{six.mean():6.3f}{ours.mean():8.3f}{less.mean():+9.3f} ±{error:.3f}"
            )
        told.append(" | ".join(cells))
    return told


def table(seed: int, couples: int, bench: ModuleType, baselines: ModuleType) -> None:
    """Run every kind of couple and print what six and coreg reached."""
    print(f"regret of {couples} couples each, seed {seed}")
    print("                   |  minutes 6-12                 |  minutes 1.5-12")
    print(
        "couples   evening  |   six   coreg  less six       |   six   coreg  less six"
    )
    first = 20_000 + 1_000 * seed
    for name, change in KINDS.items():
        done = []
        for number in range(first, first + couples):
            done.append(two_evenings(number, change, bench, baselines))
            if len(done) % 20 == 0:
                print(f"{name}: {len(done)} of {couples}", file=sys.stderr)
        print("\n".join(lines(name, done)), flush=True)


if __name__ == "__main__":
    raise SystemExit(run(__doc__, 80, table))
